package cockpit

import (
	"slices"
	"strconv"

	"bihuan/supervise"
	"bihuan/web/ui"
)

// lightChoice is which lights a list shows.
type lightChoice string

// behindOnly stands for the three lights that say something is behind.
const behindOnly lightChoice = "behind"

// wantedLight reads the parameter light; what is no light shows all.
func wantedLight(s string) lightChoice {
	if s == string(behindOnly) || slices.Contains(supervise.Levels, supervise.Level(s)) {
		return lightChoice(s)
	}
	return ""
}

func (w lightChoice) has(l supervise.Level) bool {
	switch w {
	case "":
		return true
	case behindOnly:
		return l != supervise.Green && l != supervise.Grey
	}
	return supervise.Level(w) == l
}

// label names the choice; "" when all lights are shown.
func (w lightChoice) label() string {
	switch w {
	case "":
		return ""
	case behindOnly:
		return "落后"
	}
	return supervise.Level(w).Label()
}

// lightOptions offers the choices in a filter.
func lightOptions() []ui.Option {
	options := []ui.Option{{Value: string(behindOnly), Label: behindOnly.label()}}
	for _, l := range supervise.Levels {
		options = append(options, ui.Option{Value: string(l), Label: l.Label()})
	}
	return options
}

// lightTabs offers all lights and each that occurs in the tally.
func (s *scene) lightTabs(t supervise.Tally, to func(light string) string) ui.Tabs {
	now := wantedLight(s.c.Form("light"))
	tabs := ui.Tabs{Label: "按灯色", Items: []ui.Tab{{Label: "全部", URL: to(""), Count: strconv.Itoa(t.Total()), Current: now == ""}}}
	if n := behind(t); n > 0 || now == behindOnly {
		tabs.Items = append(tabs.Items, ui.Tab{Label: behindOnly.label(), URL: to(string(behindOnly)), Count: strconv.Itoa(n), Current: now == behindOnly})
	}
	for _, l := range supervise.Levels {
		if n := t[l]; n > 0 || now == lightChoice(l) {
			tabs.Items = append(tabs.Items, ui.Tab{Label: l.Label(), URL: to(string(l)), Count: strconv.Itoa(n), Current: now == lightChoice(l)})
		}
	}
	return tabs
}
