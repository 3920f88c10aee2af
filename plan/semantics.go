package plan

import (
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

// Verdict says what an actual value means for a target.
type Verdict struct {
	Met     bool // the pledge is kept
	Stretch bool // the upper end of a range is reached too
}

// nearly is what 左右 allows to be missing, in basis points of the value.
const nearly = 500

// Judge holds an actual value against a target's own words (§6.1 of the
// supervision rules): 突破 and 超 need strictly more; of a range the lower end
// is the pledge and the upper end the stretch; a gap over the province's figure
// must be positive. A target without a number is never met by a number.
func Judge(t Target, actual quantity.Quantity) Verdict {
	if t.Kind == Comparison {
		return Verdict{Met: actual > 0, Stretch: actual > 0}
	}
	if t.Value == nil {
		return Verdict{}
	}
	v := *t.Value
	met := false
	switch t.Comparator {
	case read.Above:
		met = actual > v
	case read.AtMost:
		met = actual <= v
	case read.Below:
		met = actual < v
	case read.About:
		slack, err := v.MulDiv(nearly, whole)
		met = err == nil && actual >= v-slack
	case read.Equal, read.AtLeast, read.Range:
		met = actual >= v
	}
	stretch := met
	if t.Comparator == read.Range && t.ValueMax != nil {
		stretch = actual >= *t.ValueMax
	}
	return Verdict{Met: met, Stretch: stretch}
}

// Cap reports whether less is better: 不超过, 低于, and decreases held to a ceiling.
func (t Target) Cap() bool { return t.Comparator == read.AtMost || t.Comparator == read.Below }

// Summable reports whether the parts of counties add up to the whole; rates and gaps do not.
func (t Target) Summable() bool { return t.Kind == Flow || t.Kind == Stock }

// ExpectedAt is the value that the pace curve asks for on day d. A stock with a
// known baseline is expected to move from the baseline to the target; everything
// else from zero. It is false when the target has no number.
func (t Target) ExpectedAt(d calendar.Date) (quantity.Quantity, bool) {
	if t.Value == nil {
		return 0, t.Kind == Comparison
	}
	from := quantity.Quantity(0)
	if t.Kind == Stock && t.Baseline != nil {
		from = *t.Baseline
	}
	step, err := (*t.Value - from).MulDiv(int64(t.Curve.ShareAt(d)), whole)
	if err != nil {
		return 0, false
	}
	return from + step, true
}

// DefaultCurve is the pace a target gets unless somebody chooses another: even
// for what is counted, the full value for rates and ceilings.
func DefaultCurve(t Target, start, end calendar.Date) Curve {
	if t.Kind == Rate || t.Kind == Comparison || t.Cap() {
		return Curve{Kind: Flat, Start: start, End: end}
	}
	return Curve{Kind: Linear, Start: start, End: end}
}
