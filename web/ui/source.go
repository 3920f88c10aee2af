package ui

import (
	"context"
	"io"
)

// Segment is a run of a source document's text. A run with an Item is marked and
// pairs with the row, branch or fact of that item: pointing at one shows both.
type Segment struct {
	Text string
	Item string // id of what was read from these words; empty for plain text
	Kind string // what the words are: task, unit, target, date, quantity, doubt
	Note string // said on hover: what was read
	ID   string // anchor of the mark; "span-" + Item when empty and First
	Lead bool   // the first run of its item: carries the anchor
}

func (s Segment) class() string {
	switch s.Kind {
	case "task", "unit", "target", "date", "quantity", "doubt":
		return "mark mark-" + s.Kind
	}
	return "mark"
}

func (s Segment) anchor() string {
	if s.ID != "" {
		return s.ID
	}
	if s.Lead {
		return "span-" + s.Item
	}
	return ""
}

// SourceBlock is a paragraph or a heading of a source document.
type SourceBlock struct {
	ID       string // anchor
	Number   string // number in the margin: line or paragraph
	Heading  int    // 1 to 4 for headings, 0 for text
	Segments []Segment
}

func (b SourceBlock) class() string {
	if b.Heading >= 1 && b.Heading <= 4 {
		return "src-block src-h" + string(rune('0'+b.Heading))
	}
	return "src-block"
}

// SourceText is a document as it was read, with the words that became tasks,
// units and targets marked.
type SourceText struct {
	Label  string
	Blocks []SourceBlock
	Legend bool // explains the marks above the text
}

// Render draws the text.
func (s SourceText) Render(ctx context.Context, w io.Writer) error {
	return sourceView(s).Render(ctx, w)
}

// markKind is one line of the legend.
type markKind struct{ Kind, Label string }

func markKinds() []markKind {
	return []markKind{
		{"task", "任务"}, {"unit", "责任单位"}, {"target", "目标"},
		{"quantity", "数量"}, {"date", "时限"}, {"doubt", "待确认"},
	}
}
