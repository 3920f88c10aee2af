package ui

import (
	"context"
	"io"
	"strconv"

	"github.com/a-h/templ"
)

// Alert is a message that belongs to a part of the page. Children of AlertBox
// may hold more than text.
type Alert struct {
	Kind  Kind
	Title string
	Text  string
	URL   string
	Label string // the link's words
}

// Render draws the alert.
func (a Alert) Render(ctx context.Context, w io.Writer) error { return alertView(a).Render(ctx, w) }

// icon is the shape that goes with a tone.
func (k Kind) icon() string {
	switch k {
	case Success:
		return "check"
	case Warning:
		return "warn"
	case Danger:
		return "stop"
	}
	return "info"
}

func (k Kind) known() Kind {
	switch k {
	case Info, Success, Warning, Danger:
		return k
	}
	return Plain
}

// role is what screen readers are told: bad news interrupts, the rest waits.
func (k Kind) role() string {
	if k == Danger || k == Warning {
		return "alert"
	}
	return "status"
}

// Badge is a small chip with a state or a kind in it.
type Badge struct {
	Text  string
	Kind  Kind
	Title string // said on hover; may be empty
}

// Render draws the badge.
func (b Badge) Render(ctx context.Context, w io.Writer) error { return badgeView(b).Render(ctx, w) }

// Stat is one figure that opens to what is under it.
type Stat struct {
	Label string
	Value string
	Unit  string
	Sub   string // comparison, caliber or date
	URL   string
	Level Level           // draws the light's shape beside the figure; empty for none
	Spark templ.Component // a Sparkline; may be nil
	Hint  string          // explains how the figure is computed
}

// Stats is a row of figures.
type Stats []Stat

// Render draws the figures side by side.
func (s Stats) Render(ctx context.Context, w io.Writer) error { return statsView(s).Render(ctx, w) }

// Fact is one line of a Facts list. Node is drawn instead of Text when given.
type Fact struct {
	Term string
	Text string
	URL  string
	Sub  string
	Node templ.Component
}

// Facts is a list of terms and what they are, in two columns where there is room.
type Facts struct {
	Items   []Fact
	Columns bool // lay out several pairs in a line on wide screens
}

// Render draws the list; an empty text is shown as a dash.
func (f Facts) Render(ctx context.Context, w io.Writer) error { return factsView(f).Render(ctx, w) }

// Change is one thing that differs between two states. An empty Before is an
// addition, an empty After a removal.
type Change struct{ Name, Before, After string }

func (c Change) word() string {
	switch {
	case c.Before == "" && c.After != "":
		return textAdded
	case c.After == "" && c.Before != "":
		return textRemoved
	}
	return textChanged
}

// Diff shows changes side by side.
type Diff struct {
	Caption string
	Changes []Change
}

// Render draws the changes.
func (d Diff) Render(ctx context.Context, w io.Writer) error { return diffView(d).Render(ctx, w) }

// Tab is one of several views of the same thing; each has its own address.
type Tab struct {
	Label   string
	URL     string
	Count   string // beside the label; may be empty
	Current bool
}

// Tabs is a row of tabs.
type Tabs struct {
	Label string // what the tabs choose, for screen readers
	Items []Tab
}

// Render draws the tabs.
func (t Tabs) Render(ctx context.Context, w io.Writer) error { return tabsView(t).Render(ctx, w) }

// Event is one entry of a Timeline.
type Event struct {
	When  string
	Title string
	Text  string
	Who   string
	URL   string
	Kind  Kind            // colours the mark
	Next  bool            // lies ahead: drawn hollow
	Node  templ.Component // more content under the text; may be nil
	Item  string          // anchor; may be empty
}

// Timeline tells what happened, newest or oldest first as the page gives it.
type Timeline struct {
	Label  string
	Events []Event
	Empty  Empty
}

// Render draws the timeline.
func (t Timeline) Render(ctx context.Context, w io.Writer) error {
	return timelineView(t).Render(ctx, w)
}

// Branch is a node of a Tree. Children are folded away when Open is false.
type Branch struct {
	Label    string
	URL      string
	Note     string // after the label, smaller
	Node     templ.Component
	Open     bool
	Current  bool
	Item     string // pairs it with marked words of a SourceText
	Children []Branch
}

// Tree is a hierarchy that folds, without scripts.
type Tree struct {
	Label    string
	Branches []Branch
}

// Render draws the tree.
func (t Tree) Render(ctx context.Context, w io.Writer) error { return treeView(t).Render(ctx, w) }

// Dialog is a window over the page; its content is children of DialogBox. A
// link to "#"+ID or a Button with Opens shows it; without scripts it is a part
// of the page that appears when linked to.
type Dialog struct {
	ID    string
	Title string
	Wide  bool
}

// Step is one stage of Steps.
type Step struct {
	Label   string
	Sub     string
	Done    bool
	Current bool
}

// Steps shows where in a fixed course of stages a thing stands.
type Steps struct {
	Label string
	Items []Step
}

// Render draws the stages.
func (s Steps) Render(ctx context.Context, w io.Writer) error { return stepsView(s).Render(ctx, w) }

func (s Step) class() string {
	switch {
	case s.Current:
		return "step step-now"
	case s.Done:
		return "step step-done"
	}
	return "step"
}

// Key is one keyboard shortcut, for KeyHelp.
type Key struct {
	Keys  []string
	Label string
}

// keysOf lists the shortcuts of a page: the fixed ones and those of its navigation.
func keysOf(nav []NavItem) []Key {
	keys := []Key{
		{[]string{"?"}, "打开本帮助"},
		{[]string{"/"}, "跳到搜索框"},
		{[]string{"j"}, "下一行"},
		{[]string{"k"}, "上一行"},
		{[]string{"Enter"}, "打开选中的行"},
		{[]string{"Esc"}, "关闭窗口"},
	}
	for _, n := range nav {
		if n.Key != "" {
			keys = append(keys, Key{[]string{"g", n.Key}, n.Label})
		}
	}
	return keys
}

// Signature is the block for signing and sealing at the end of a printed page;
// it does not show on screen.
type Signature struct {
	Unit  string
	Date  string
	Roles []string // 经办人, 审核人, 负责人
}

// Render draws the block.
func (s Signature) Render(ctx context.Context, w io.Writer) error {
	return signatureView(s).Render(ctx, w)
}

// Tile is one territory of a TileGrid. Row and Col count from one, up to 10.
type Tile struct {
	Row, Col int
	Name     string // short: 东昌府, 开发区
	Text     string // the figure
	Label    string // the whole sentence for hover and screen readers
	Level    Level
	URL      string
}

// TileGrid is a schematic map: every territory the same size, roughly where it
// lies.
type TileGrid struct {
	Label string
	Tiles []Tile
}

// Render draws the map.
func (g TileGrid) Render(ctx context.Context, w io.Writer) error {
	return tileGridView(g).Render(ctx, w)
}

// class places a tile; a place off the grid is left to flow.
func (t Tile) class() string {
	c := "tile tile-" + string(t.Level.known())
	if t.Row >= 1 && t.Row <= 10 && t.Col >= 1 && t.Col <= 10 {
		c += " r" + strconv.Itoa(t.Row) + " c" + strconv.Itoa(t.Col)
	}
	return c
}

func (t Tile) label() string {
	if t.Label != "" {
		return t.Label
	}
	return t.Name + " " + t.Level.Word() + " " + t.Text
}
