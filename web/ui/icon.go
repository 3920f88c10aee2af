package ui

import (
	"context"
	"io"
	"sort"
)

// Icon is a small drawing that goes with a word; it never stands for one alone.
// An unknown name draws nothing.
type Icon string

// Render draws the icon.
func (i Icon) Render(ctx context.Context, w io.Writer) error {
	path, ok := iconPaths()[string(i)]
	if !ok {
		return nil
	}
	return iconView(path).Render(ctx, w)
}

// Icons lists the names of all icons, sorted.
func Icons() []string {
	var names []string
	for name := range iconPaths() {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// iconPaths gives each icon as the path of a 20 by 20 line drawing.
func iconPaths() map[string]string {
	return map[string]string{
		"home":      "M3 9.2 10 3.5l7 5.7V16.5h-4.8v-4.6H7.8v4.6H3z",
		"list":      "M7 5h10M7 10h10M7 15h10M3.2 5h.6M3.2 10h.6M3.2 15h.6",
		"target":    "M10 3a7 7 0 1 0 7 7M10 6.6a3.4 3.4 0 1 0 3.4 3.4M10 10l6.6-6.6M13.4 3.4h3.2v3.2",
		"unit":      "M3 17h14M4.5 17V8.5L10 4l5.5 4.5V17M8 17v-4.5h4V17",
		"flag":      "M4.5 17.5v-14M4.5 4h10.5l-2.4 3.6L15 11.2H4.5",
		"chart":     "M3 17h14M5.5 14V9.5M10 14V4.5M14.5 14V7.5",
		"map":       "M3 5.2 7.5 3.4l5 2 4.5-1.8v11.2l-4.5 1.8-5-2L3 16.4zM7.5 3.4v11.2M12.5 5.4v11.2",
		"doc":       "M5 2.8h6.8L15.5 6.5v10.7H5zM11.5 3v3.8h3.8M7.5 10.2h5.5M7.5 13.2h5.5",
		"bell":      "M10 3a4.6 4.6 0 0 1 4.6 4.6c0 4 1.6 5.2 1.6 6.4H3.8c0-1.2 1.6-2.4 1.6-6.4A4.6 4.6 0 0 1 10 3zM8.2 16.6h3.6",
		"user":      "M10 3.4a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4zM3.6 17c.6-3.2 3-4.8 6.4-4.8s5.8 1.6 6.4 4.8",
		"people":    "M7.4 4.2a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4zM2.2 16.2c.4-2.8 2.4-4.2 5.2-4.2s4.8 1.4 5.2 4.2M13 4.6a2.6 2.6 0 0 1 0 4.9M14.4 12.2c2 .5 3.1 1.8 3.4 4",
		"search":    "M8.8 3.4a5.4 5.4 0 1 1 0 10.8 5.4 5.4 0 0 1 0-10.8zM12.8 12.8l4 4",
		"upload":    "M10 13V3.8M6.4 7.2 10 3.6l3.6 3.6M3.4 12.6v3.8h13.2v-3.8",
		"download":  "M10 3.6v9.2M6.4 9.4 10 13l3.6-3.6M3.4 12.6v3.8h13.2v-3.8",
		"print":     "M6 7V3.4h8V7M6 14H3.4V7h13.2v7H14M6 11.6h8v5H6z",
		"link":      "M8.4 11.6 11.6 8.4M9 6.2l2.3-2.3a3.3 3.3 0 0 1 4.7 4.7L13.8 11M11 13.8l-2.3 2.3a3.3 3.3 0 0 1-4.7-4.7L6.2 9",
		"gear":      "M10 7.4a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2zM10 2.8v2.4M10 14.8v2.4M2.8 10h2.4M14.8 10h2.4M4.9 4.9l1.7 1.7M13.4 13.4l1.7 1.7M15.1 4.9l-1.7 1.7M6.6 13.4l-1.7 1.7",
		"money":     "M6 3.6 10 9l4-5.4M10 9v7.6M6.4 9.6h7.2M6.4 12.6h7.2",
		"shield":    "M10 2.8 16 5v4.6c0 3.8-2.4 6.2-6 7.6-3.6-1.4-6-3.8-6-7.6V5zM7.4 9.8l1.9 1.9 3.4-3.6",
		"menu":      "M3 5.5h14M3 10h14M3 14.5h14",
		"help":      "M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4zM7.8 8a2.2 2.2 0 1 1 3.3 1.9c-.8.5-1.1.9-1.1 1.8M10 14.1v.2",
		"plus":      "M10 4v12M4 10h12",
		"check":     "M4 10.6 8.2 14.8 16 6",
		"close":     "M5 5l10 10M15 5 5 15",
		"edit":      "M4 16l.8-3.4L13.4 4l2.6 2.6-8.6 8.6zM11.6 5.8l2.6 2.6",
		"trash":     "M4 5.6h12M8 5.4V3.6h4v1.8M5.6 5.6l.7 11h7.4l.7-11M8.4 8.4v5.4M11.6 8.4v5.4",
		"info":      "M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4zM10 9.2v4.6M10 6.2v.2",
		"warn":      "M10 3 17.6 16.4H2.4zM10 8v4M10 14.1v.2",
		"stop":      "M7 2.8h6L17.2 7v6L13 17.2H7L2.8 13V7zM7.4 7.4l5.2 5.2M12.6 7.4l-5.2 5.2",
		"clock":     "M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4zM10 5.8V10l2.8 2",
		"calendar":  "M3.4 5h13.2v12H3.4zM3.4 8.6h13.2M7 3v3.4M13 3v3.4",
		"sheet":     "M3.4 3.4h13.2v13.2H3.4zM3.4 7.8h13.2M3.4 12.2h13.2M8 7.8v8.8",
		"voucher":   "M2.8 5.4h14.4v3a1.7 1.7 0 0 0 0 3.3v3H2.8v-3a1.7 1.7 0 0 0 0-3.3zM12.2 5.6v1.6M12.2 9.2v1.6M12.2 12.8v1.6",
		"scale":     "M10 3.2v13.6M6 16.8h8M4 5.4h12M4 5.4l-2 5a2.2 2.2 0 0 0 4 0zM16 5.4l-2 5a2.2 2.2 0 0 0 4 0z",
		"empty":     "M3 11.4 5.2 4.6h9.6L17 11.4v4.4H3zM3 11.4h4.2c.3 1.5 1.3 2.2 2.8 2.2s2.5-.7 2.8-2.2H17",
		"sort":      "M6.6 8 10 4.4 13.4 8M6.6 12 10 15.6 13.4 12",
		"sort-up":   "M10 15.6V4.6M5.6 9 10 4.4 14.4 9",
		"sort-down": "M10 4.4v11M5.6 11l4.4 4.6 4.4-4.6",
		"prev":      "M12.4 4.4 6.8 10l5.6 5.6",
		"next":      "M7.6 4.4 13.2 10l-5.6 5.6",
		"type":      "M2.6 15.6 6.6 5l4 10.6M4 12h5.2M12.4 15.6l2.6-6.8 2.6 6.8M13.3 13.4h3.4",
		"out":       "M8.4 3.6H4v12.8h4.4M8 10h9M13.6 6.4 17.2 10l-3.6 3.6",
	}
}
