package ui

import (
	"context"
	"io"
	"strconv"
)

// Level is the colour of a light. Its word and its shape go with it always.
type Level string

// The five lights. Grey means that nothing is known, never that all is well.
const (
	Green  Level = "green"
	Blue   Level = "blue"
	Yellow Level = "yellow"
	Red    Level = "red"
	Grey   Level = "grey"
)

// Levels lists the lights from good to bad, grey last.
func Levels() []Level { return []Level{Green, Blue, Yellow, Red, Grey} }

// known returns the level itself, or Grey when it is none of the five.
func (l Level) known() Level {
	switch l {
	case Green, Blue, Yellow, Red:
		return l
	}
	return Grey
}

// Word returns the fixed word of the light: 正常 提醒 滞后 严重滞后 无数据.
func (l Level) Word() string {
	for i, v := range Levels() {
		if v == l.known() {
			return levelLabels[i]
		}
	}
	return textNoData
}

// Light is a traffic light: shape, word and, when given, the reason it shows.
type Light struct {
	Level  Level
	Label  string // replaces the level's word; may be empty
	Reason string // one line, such as "较序时低 12.4%"; may be empty
	Small  bool   // the shape alone; word and reason stay for screen readers and hover
	URL    string // where the light opens to; may be empty
}

func (l Light) word() string {
	if l.Label != "" {
		return l.Label
	}
	return l.Level.Word()
}

func (l Light) full() string {
	if l.Reason == "" {
		return l.word()
	}
	return l.word() + "：" + l.Reason
}

// Render draws the light.
func (l Light) Render(ctx context.Context, w io.Writer) error { return lightView(l).Render(ctx, w) }

// LightOverride shows a light that a person changed, with the computed one
// beside it: who, why, and until when.
type LightOverride struct {
	Computed Light
	Manual   Light
	By       string // who changed it
	Reason   string
	Until    string // the day it lapses, as shown
}

// Render draws both lights and the reason.
func (o LightOverride) Render(ctx context.Context, w io.Writer) error {
	return lightOverrideView(o).Render(ctx, w)
}

// LightCount is how many things show one light; URL opens to them.
type LightCount struct {
	Level Level
	Count int
	URL   string
}

// LightBar is a stacked bar of counted lights with its legend.
type LightBar struct {
	Label  string // what is counted, "全部任务"
	Counts []LightCount
	Slim   bool // the bar without legend, for table cells
}

// Render draws the bar.
func (b LightBar) Render(ctx context.Context, w io.Writer) error {
	return lightBarView(b).Render(ctx, w)
}

func (b LightBar) total() int {
	n := 0
	for _, c := range b.Counts {
		n += max(c.Count, 0)
	}
	return n
}

// barPart is one coloured stretch, in percent of the whole.
type barPart struct {
	Level    Level
	X, Width string
}

// parts lays the counts side by side; a bar of nothing has none.
func (b LightBar) parts() []barPart {
	total := b.total()
	var out []barPart
	done := 0
	for _, c := range b.Counts {
		if c.Count <= 0 {
			continue
		}
		from := 100 * float64(done) / float64(total)
		done += c.Count
		to := 100 * float64(done) / float64(total)
		out = append(out, barPart{c.Level.known(), percent(from), percent(to - from)})
	}
	return out
}

// summary says the bar in words.
func (b LightBar) summary() string {
	s := b.Label
	for _, c := range b.Counts {
		s += " " + c.Level.Word() + " " + strconv.Itoa(c.Count)
	}
	return s
}

// MatrixCell is one cell of a matrix of lights, such as unit by task.
type MatrixCell struct {
	Level Level
	Text  string // a short figure or word; the level's word when empty
	Label string // the whole sentence for hover and screen readers
	URL   string
	Blank bool // nothing belongs here; drawn empty
}

// MatrixRow is one line of a Matrix.
type MatrixRow struct {
	Label string
	URL   string
	Cells []MatrixCell
}

// Matrix is a table of lights: rows of one kind against columns of another.
type Matrix struct {
	Caption string
	Corner  string // the word over the row labels
	Columns []string
	Rows    []MatrixRow
}

// Render draws the matrix.
func (m Matrix) Render(ctx context.Context, w io.Writer) error { return matrixView(m).Render(ctx, w) }

// title is the sentence a cell says on hover.
func (c MatrixCell) title() string {
	if c.Label != "" {
		return c.Label
	}
	return c.Level.Word() + " " + c.Text
}
