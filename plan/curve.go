package plan

import (
	"encoding/json"
	"fmt"
	"strings"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

// whole is the full share of a curve: basis points.
const whole = 10_000

// CurveKind names a shape of the expected progress over the year (序时进度).
type CurveKind string

// The shapes.
const (
	Linear  CurveKind = "linear"  // even from start to end
	Stepped CurveKind = "stepped" // jumps on given days
	Monthly CurveKind = "monthly" // twelve cumulative percentages, even within a month
	Flat    CurveKind = "flat"    // the full value is expected at any time: rates and caps
)

// CurveKinds lists the shapes in the order in which forms offer them.
var CurveKinds = []Term[CurveKind]{{Linear, "均衡推进"}, {Stepped, "分段到点"}, {Monthly, "逐月百分比"}, {Flat, "全程达标"}}

// Label is the shape in the words of officials.
func (k CurveKind) Label() string { return labelOf(CurveKinds, k) }

// Step is one jump of a stepped curve: from On the cumulative share is Share basis points.
type Step struct {
	On    calendar.Date `json:"on"`
	Share int           `json:"share"`
}

// Curve says which share of a target is expected on a day. It is fixed when the
// list is published, so that nobody can move the mark after falling behind.
type Curve struct {
	Kind   CurveKind     `json:"kind"`
	Start  calendar.Date `json:"start"`
	End    calendar.Date `json:"end"`
	Steps  []Step        `json:"steps,omitempty"`  // Stepped, by day
	Points []int         `json:"points,omitempty"` // Monthly: share at the end of each month of End's year
}

// ShareAt gives the expected share on day d in basis points, 0 to 10000. It never
// falls as d grows, is 0 before the start and the whole from the end on: the end is
// the deadline, whatever the points between say.
func (c Curve) ShareAt(d calendar.Date) int {
	switch {
	case c.Kind == Flat || !d.Before(c.End):
		return whole
	case d.Before(c.Start):
		return 0
	}
	switch c.Kind {
	case Stepped:
		share := 0
		for _, s := range c.Steps {
			if !d.Before(s.On) {
				share = s.Share
			}
		}
		return share
	case Monthly:
		return c.monthlyAt(d)
	case Linear, Flat:
	}
	return between(d, c.Start, c.End, 0, whole)
}

func (c Curve) monthlyAt(d calendar.Date) int {
	if len(c.Points) != 12 || d.Year() < c.End.Year() {
		return 0
	}
	m := int(d.Month())
	before := 0
	if m > 1 {
		before = c.Points[m-2]
	}
	first := calendar.Of(d.Year(), d.Month(), 1)
	return between(d, first, calendar.Of(d.Year(), d.Month()+1, 0), before, c.Points[m-1])
}

// between spreads low…high evenly over the days start…end, both of which count.
func between(d, start, end calendar.Date, low, high int) int {
	switch {
	case d.Before(start):
		return low
	case !d.Before(end):
		return high
	}
	return low + (high-low)*(d.Sub(start)+1)/(end.Sub(start)+1)
}

// Validate reports in the user's words what is wrong with the curve.
func (c Curve) Validate() error {
	bad := func(format string, args ...any) error { return errs.New(errs.Invalid, format, args...) }
	if c.Kind != Flat && (c.Start.IsZero() || c.End.IsZero() || c.End.Before(c.Start)) {
		return bad("序时进度需要起止日期，且结束不早于开始")
	}
	switch c.Kind {
	case Linear, Flat:
		return nil
	case Stepped:
		return c.checkSteps()
	case Monthly:
		if len(c.Points) != 12 {
			return bad("逐月百分比需要 12 个数，现有 %d 个", len(c.Points))
		}
		return rising(c.Points)
	}
	return bad("不认识的序时进度类型“%s”", c.Kind)
}

func (c Curve) checkSteps() error {
	if len(c.Steps) == 0 {
		return errs.New(errs.Invalid, "分段到点至少写一个日期和百分比，例如 2026-06-30=50")
	}
	shares := make([]int, len(c.Steps))
	for i, s := range c.Steps {
		if i > 0 && !c.Steps[i-1].On.Before(s.On) {
			return errs.New(errs.Invalid, "分段到点的日期应从早到晚，不能重复")
		}
		if s.On.Before(c.Start) || s.On.After(c.End) {
			return errs.New(errs.Invalid, "分段到点的日期 %s 应在 %s 至 %s 之间", s.On, c.Start, c.End)
		}
		shares[i] = s.Share
	}
	return rising(shares)
}

func rising(shares []int) error {
	last := 0
	for i, s := range shares {
		if s < last || s > whole {
			return errs.New(errs.Invalid, "第 %d 个累计百分比是 %s%%：应在 0 到 100 之间且不小于前一个", i+1, percentText(s))
		}
		last = s
	}
	if last != whole {
		return errs.New(errs.Invalid, "最后一个累计百分比应为 100，现为 %s", percentText(last))
	}
	return nil
}

func percentText(bp int) string { return (quantity.Of(int64(bp)) / 100).String() }

// ParseCurve reads the one-line form that String writes: "均衡推进"'s code
// "linear", "flat", "stepped 2026-06-30=50 2026-12-31=100" or "monthly 5 10 … 100".
// Start and end come from the target.
func ParseCurve(s string, start, end calendar.Date) (Curve, error) {
	words := strings.Fields(strings.NewReplacer("，", " ", ",", " ", "、", " ", "％", "", "%", "", "＝", "=").Replace(narrow(s)))
	if len(words) == 0 {
		return Curve{}, errs.New(errs.Invalid, "请选择序时进度")
	}
	c := Curve{Kind: CurveKind(words[0]), Start: start, End: end}
	for _, w := range words[1:] {
		day, share, dated := strings.Cut(w, "=")
		if !dated {
			share = w
		}
		bp, err := quantity.Parse(share)
		if err != nil || bp%100 != 0 {
			return Curve{}, errs.New(errs.Invalid, "“%s”不是百分比：最多两位小数", w)
		}
		points := int(bp / 100)
		switch {
		case dated && c.Kind == Stepped:
			on, err := calendar.ParseDate(day)
			if err != nil {
				return Curve{}, errs.New(errs.Invalid, "“%s”不是日期：请写成 2026-06-30=50", w)
			}
			c.Steps = append(c.Steps, Step{on, points})
		case !dated && c.Kind == Monthly:
			c.Points = append(c.Points, points)
		default:
			return Curve{}, errs.New(errs.Invalid, "“%s”放在这里看不懂", w)
		}
	}
	return c, c.Validate()
}

// String writes the one-line form that ParseCurve reads.
func (c Curve) String() string {
	var b strings.Builder
	b.WriteString(string(c.Kind))
	for _, s := range c.Steps {
		fmt.Fprintf(&b, " %s=%s", s.On, percentText(s.Share))
	}
	for _, p := range c.Points {
		b.WriteString(" " + percentText(p))
	}
	return b.String()
}

func (c Curve) encode() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // dates and integers always marshal
	}
	return string(b)
}

func decodeCurve(s string) (c Curve, err error) {
	if err := json.Unmarshal([]byte(s), &c); err != nil {
		return Curve{}, fmt.Errorf("stored curve: %w", err)
	}
	return c, nil
}
