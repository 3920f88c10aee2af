package monitor

import (
	"context"
	"io"
	"math"
	"strconv"

	"bihuan/web/ui"
)

// trend is a line chart of one or two series. Unlike the chart of a target it
// knows no pace, may go below zero, and leaves a gap where nothing was published.
type trend struct {
	Title  string
	Unit   string
	Labels []string
	Lines  []trendLine // the first one drawn through, the second one dashed
	Yearly bool        // totals that begin anew each year: no line leads from December to the next year
}

type trendLine struct {
	Name   string
	Values []ui.Value // one for each label
}

// Render draws the chart.
func (t trend) Render(ctx context.Context, w io.Writer) error { return trendView(t).Render(ctx, w) }

// The drawing's measures: x in percent of its place, y in pixels.
const (
	trendHeight = 248.0
	trendTop    = 22.0
	trendBottom = 30.0
	trendLeft   = 8.0
	trendRight  = 96.0
)

type stroke struct{ X1, Y1, X2, Y2 string }

type dot struct{ X, Y, Title string }

type tick struct {
	At, Label string
	Odd       bool
}

func (t trend) known() (values []float64) {
	for _, l := range t.Lines {
		for _, v := range l.Values {
			if v.Known {
				values = append(values, v.V)
			}
		}
	}
	return values
}

// scale gives the ends of the axis and the distance of its lines: round numbers
// around all values and zero.
func (t trend) scale() (lo, hi, step float64) {
	for _, v := range t.known() {
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	step = niceStep((hi - lo) / 4)
	return math.Floor(lo/step) * step, math.Ceil(hi/step) * step, step
}

// niceStep rounds a distance up to 1, 2, 2.5 or 5 times a power of ten.
func niceStep(d float64) float64 {
	if d <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(d)))
	for _, k := range []float64{1, 2, 2.5, 5} {
		if k*unit >= d*0.999 {
			return k * unit
		}
	}
	return 10 * unit
}

func (t trend) x(i int) string {
	at := (trendLeft + trendRight) / 2
	if n := len(t.Labels) - 1; n > 0 {
		at = trendLeft + 4 + (trendRight-trendLeft-4)*float64(i)/float64(n)
	}
	return strconv.FormatFloat(at, 'f', 2, 64) + "%"
}

func (t trend) y(v float64) string {
	lo, hi, _ := t.scale()
	if hi <= lo {
		hi = lo + 1
	}
	return strconv.FormatFloat(trendTop+(trendHeight-trendTop-trendBottom)*(hi-v)/(hi-lo), 'f', 1, 64)
}

func (t trend) height() string { return strconv.FormatFloat(trendHeight, 'f', 0, 64) }

func (t trend) base() string { return strconv.FormatFloat(trendHeight-10, 'f', 0, 64) }

func (t trend) yTicks() (ticks []tick) {
	lo, hi, step := t.scale()
	for i := 0; lo+float64(i)*step <= hi+step/2; i++ {
		v := lo + float64(i)*step
		text := strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
		ticks = append(ticks, tick{At: t.y(v), Label: ui.GroupDigits(text)})
	}
	return ticks
}

func (t trend) xTicks() (ticks []tick) {
	for i, l := range t.Labels {
		ticks = append(ticks, tick{At: t.x(i), Label: l, Odd: i%2 == 1 && len(t.Labels) > 6})
	}
	return ticks
}

// strokes joins neighbours; over a gap nothing is drawn.
func (t trend) strokes(l trendLine) (list []stroke) {
	for i := 1; i < len(l.Values); i++ {
		a, b := l.Values[i-1], l.Values[i]
		anew := t.Yearly && t.Labels[i][:2] != t.Labels[i-1][:2] // labels begin with the year
		if a.Known && b.Known && !anew {
			list = append(list, stroke{t.x(i - 1), t.y(a.V), t.x(i), t.y(b.V)})
		}
	}
	return list
}

func (t trend) dots(l trendLine) (list []dot) {
	for i, v := range l.Values {
		if v.Known {
			list = append(list, dot{t.x(i), t.y(v.V), t.Labels[i] + " " + l.Name + " " + v.Text + t.Unit})
		}
	}
	return list
}

// class is how the line at an index is drawn.
func (t trend) class(i int) string {
	if i == 0 {
		return "line-verified"
	}
	return "line-expected"
}

func (t trend) dotClass(i int) string {
	if i == 0 {
		return "dot-verified"
	}
	return "dot-reported"
}

// summary says the newest value of each line in one sentence.
func (t trend) summary() string {
	s := t.Title
	for _, l := range t.Lines {
		for i := len(l.Values) - 1; i >= 0; i-- {
			if v := l.Values[i]; v.Known {
				s += "，" + l.Name + " " + t.Labels[i] + " " + v.Text + t.Unit
				break
			}
		}
	}
	return s
}
