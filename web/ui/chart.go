package ui

import (
	"context"
	"io"
	"math"
	"strconv"
)

// Progress is a bar that shows how far a target is: verified part solid,
// reported but unverified part hatched, a mark where the plan should be now.
// The numbers place the marks; the texts are what people read.
type Progress struct {
	Actual       float64 // verified
	Unverified   float64 // reported beyond Actual, not yet verified
	Expected     float64 // what the pace asks for now; see NoPace
	Target       float64 // full length of the bar; 0 or less draws an empty bar
	ActualText   string
	PendingText  string
	ExpectedText string
	TargetText   string
	Unit         string
	Level        Level // colour of the solid part
	NoPace       bool  // no expected value at this time
	Slim         bool  // the bar alone, for table cells
	URL          string
}

// Render draws the bar.
func (p Progress) Render(ctx context.Context, w io.Writer) error {
	return progressView(p).Render(ctx, w)
}

// share places a value on the bar, 0 to 100.
func (p Progress) share(v float64) float64 {
	if p.Target <= 0 {
		return 0
	}
	return clamp(100*v/p.Target, 0, 100)
}

func (p Progress) solid() string { return percent(p.share(p.Actual)) }

// hatched gives where the unverified part begins and how long it is.
func (p Progress) hatched() (x, width string) {
	from := p.share(p.Actual)
	to := p.share(math.Max(p.Actual, 0) + math.Max(p.Unverified, 0))
	return percent(from), percent(math.Max(to-from, 0))
}

func (p Progress) hatchX() string { x, _ := p.hatched(); return x }

func (p Progress) hatchWidth() string { _, w := p.hatched(); return w }

func (p Progress) mark() string { return percent(clamp(p.share(p.Expected), 0.4, 99.6)) }

func (p Progress) summary() string {
	or := func(s string) string {
		if s == "" {
			return textNoData
		}
		return s + p.Unit
	}
	s := textVerified + " " + or(p.ActualText)
	if p.PendingText != "" {
		s += "，" + textReported + " " + p.PendingText + p.Unit
	}
	if !p.NoPace {
		s += "，" + textExpected + " " + or(p.ExpectedText)
	}
	return s + "，" + textTarget + " " + or(p.TargetText)
}

// Value is a number that may be missing. Zero is a number; missing is not.
type Value struct {
	V     float64
	Text  string // as people read it
	Known bool
}

// Val is a known value.
func Val(v float64, text string) Value { return Value{V: v, Text: text, Known: true} }

func (v Value) text() string {
	if !v.Known {
		return textNoValue
	}
	return v.Text
}

// PacePoint is one period of a PaceChart. Reported is verified and unverified
// together; leave it unknown when nothing is waiting.
type PacePoint struct {
	Label    string // "3月"
	Expected Value
	Verified Value
	Reported Value
}

// PaceChart is the course of one target over the year: what the pace asks for
// (dashed), what is verified (solid), what is only reported (dotted, hollow
// points), the target itself, and where today is. The data stands below it as
// a table.
type PaceChart struct {
	Title      string
	Unit       string
	Target     Value
	Points     []PacePoint
	Now        int // index of the present period; below zero for none
	Level      Level
	HideNumber bool // leaves out the table of data when the page shows it anyway
}

// Render draws the chart.
func (c PaceChart) Render(ctx context.Context, w io.Writer) error {
	return paceChartView(c).Render(ctx, w)
}

// The drawing's measures in pixels: it is as wide as its place and this high.
const (
	chartHeight = 248.0
	chartTop    = 22.0
	chartBottom = 30.0
	chartLeft   = 7.0  // percent
	chartRight  = 96.0 // percent
)

// stroke is a straight piece of a line: x in percent, y in pixels.
type stroke struct{ X1, Y1, X2, Y2 string }

// dot is a point of a line with what it says on hover.
type dot struct{ X, Y, Title string }

// tick is a mark of an axis.
type tick struct {
	At    string
	Label string
	Odd   bool
}

// line collects the strokes and dots of one series; a gap stays a gap.
type line struct {
	Strokes []stroke
	Dots    []dot
}

func (c PaceChart) top() float64 {
	m := 0.0
	see := func(v Value) {
		if v.Known && !math.IsInf(v.V, 0) && !math.IsNaN(v.V) {
			m = math.Max(m, v.V)
		}
	}
	see(c.Target)
	for _, p := range c.Points {
		see(p.Expected)
		see(p.Verified)
		see(p.Reported)
	}
	return niceTop(m)
}

// niceTop rounds an axis's end up so that a quarter of it is a round number.
func niceTop(m float64) float64 {
	if m <= 0 {
		return 4
	}
	unit := math.Pow(10, math.Floor(math.Log10(m)))
	for _, k := range []float64{1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10} {
		if k*unit >= m*1.02 {
			return k * unit
		}
	}
	return 20 * unit
}

func (c PaceChart) x(i int) float64 {
	if len(c.Points) < 2 {
		return (chartLeft + chartRight) / 2
	}
	return chartLeft + (chartRight-chartLeft)*float64(i)/float64(len(c.Points)-1)
}

func (c PaceChart) y(v float64) float64 {
	return chartTop + (chartHeight-chartTop-chartBottom)*(1-clamp(v/c.top(), 0, 1))
}

// series turns one value of every point into a line.
func (c PaceChart) series(name string, of func(PacePoint) Value) line {
	var out line
	last := -1
	for i, p := range c.Points {
		v := of(p)
		if !v.Known {
			continue
		}
		at := dot{percent(c.x(i)), px(c.y(v.V)), p.Label + " " + name + " " + v.Text + c.Unit}
		if last == i-1 && last >= 0 {
			from := of(c.Points[last])
			out.Strokes = append(out.Strokes, stroke{percent(c.x(last)), px(c.y(from.V)), at.X, at.Y})
		}
		out.Dots = append(out.Dots, at)
		last = i
	}
	return out
}

func (c PaceChart) expected() line {
	return c.series(textExpected, func(p PacePoint) Value { return p.Expected })
}

func (c PaceChart) verified() line {
	return c.series(textVerified, func(p PacePoint) Value { return p.Verified })
}

func (c PaceChart) reported() line {
	return c.series(textReported, func(p PacePoint) Value { return p.Reported })
}

// yTicks are the four grid lines.
func (c PaceChart) yTicks() []tick {
	var out []tick
	for i := range 5 {
		v := c.top() * float64(i) / 4
		text := strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
		out = append(out, tick{At: px(c.y(v)), Label: GroupDigits(text)})
	}
	return out
}

func (c PaceChart) xTicks() []tick {
	var out []tick
	for i, p := range c.Points {
		out = append(out, tick{At: percent(c.x(i)), Label: p.Label, Odd: i%2 == 1 && len(c.Points) > 6})
	}
	return out
}

func (c PaceChart) targetY() string { return px(c.y(c.Target.V)) }

func (c PaceChart) nowX() string { return percent(c.x(c.Now)) }

func (c PaceChart) hasNow() bool { return c.Now >= 0 && c.Now < len(c.Points) }

func (c PaceChart) hasReported() bool { return len(c.reported().Dots) > 0 }

// table is the chart's data in words.
func (c PaceChart) table() Table {
	t := Table{Caption: c.Title, Columns: []Column{
		{Label: textPeriod}, {Label: textExpected, Num: true, Unit: c.Unit},
		{Label: textVerified, Num: true, Unit: c.Unit}, {Label: textReported, Num: true, Unit: c.Unit},
	}}
	for _, p := range c.Points {
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			Text(p.Label), Text(p.Expected.text()), Text(p.Verified.text()), Text(p.Reported.text()),
		}})
	}
	return t
}

// summary says the chart in one sentence.
func (c PaceChart) summary() string {
	s := c.Title
	if c.hasNow() {
		p := c.Points[c.Now]
		s += "：" + p.Label + " " + textVerified + " " + p.Verified.text() + c.Unit +
			"，" + textExpected + " " + p.Expected.text() + c.Unit
	}
	if c.Target.Known {
		s += "，" + textTarget + " " + c.Target.Text + c.Unit
	}
	return s
}

// Sparkline is a small line without axes for a table cell or beside a Stat.
type Sparkline struct {
	Label  string // what it shows, for screen readers
	Values []Value
}

// Render draws the line.
func (s Sparkline) Render(ctx context.Context, w io.Writer) error {
	return sparklineView(s).Render(ctx, w)
}

const (
	sparkWidth  = 96.0
	sparkHeight = 24.0
)

// line places the known values; equal values lie in the middle.
func (s Sparkline) line() line {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range s.Values {
		if v.Known {
			lo, hi = math.Min(lo, v.V), math.Max(hi, v.V)
		}
	}
	at := func(i int, v float64) (float64, float64) {
		x, y := sparkWidth/2, sparkHeight/2
		if n := len(s.Values) - 1; n > 0 {
			x = 3 + (sparkWidth-6)*float64(i)/float64(n)
		}
		if hi > lo {
			y = 3 + (sparkHeight-6)*(1-(v-lo)/(hi-lo))
		}
		return x, y
	}
	var out line
	last := -1
	for i, v := range s.Values {
		if !v.Known {
			continue
		}
		x, y := at(i, v.V)
		if last == i-1 && last >= 0 {
			fx, fy := at(last, s.Values[last].V)
			out.Strokes = append(out.Strokes, stroke{px(fx), px(fy), px(x), px(y)})
		}
		out.Dots = append(out.Dots, dot{px(x), px(y), v.Text})
		last = i
	}
	return out
}

// orDash shows a missing text as a dash.
func orDash(s string) string {
	if s == "" {
		return textNoValue
	}
	return s
}
