package supervise_test

import (
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/supervise"
)

func flowTarget(value int64) plan.Target {
	q := quantity.Of(value)
	return plan.Target{Kind: plan.Flow, Comparator: read.AtLeast, Value: &q, Unit: "个", Measure: plan.Binding{Kind: plan.Register, Ref: "a/b"},
		Curve: plan.Curve{Kind: plan.Linear, Start: calendar.MustParseDate("2026-01-01"), End: calendar.MustParseDate("2026-12-31")}}
}

// months are the ends of the first months of 2026.
func months(n int) (days []calendar.Date) {
	for m := range n {
		days = append(days, calendar.Of(2026, 1, 1).AddMonths(m).EndOfMonth())
	}
	return days
}

func amounts(values ...int64) (all []*quantity.Quantity) {
	for _, v := range values {
		if v < 0 {
			all = append(all, nil)
			continue
		}
		q := quantity.Of(v)
		all = append(all, &q)
	}
	return all
}

func TestProject(t *testing.T) {
	days := months(6)
	even := amounts(31, 59, 90, 120, 151, 181) // one a day
	f := supervise.Project(flowTarget(365), days, even, days[5])
	if f == nil || f.Mid.String() != "365" || f.Low != f.Mid || f.High != f.Mid || f.On.String() != "2026-12-31" || f.Periods != 6 {
		t.Fatalf("a steady year: %+v", f)
	}
	uneven := supervise.Project(flowTarget(365), days, amounts(10, 59, 70, 120, 130, 181), days[5])
	if uneven == nil || uneven.Mid.String() != "365" || uneven.Low >= f.Low || uneven.High <= f.High || uneven.Low < quantity.Of(181) {
		t.Errorf("an uneven year: %+v", uneven)
	}
	// Nobody renewed the figure after March: the months after it are no stretches.
	if stale := supervise.Project(flowTarget(365), days, amounts(31, 59, 90, 90, 90, 90), days[2]); stale == nil || stale.Mid.String() != "365" {
		t.Errorf("a figure that stands still: %+v", stale)
	}
	for name, g := range map[string]func(*plan.Target){
		"official statistics": func(t *plan.Target) { t.Measure = plan.Binding{Kind: plan.Series, Ref: "x"} },
		"a rate":              func(t *plan.Target) { t.Kind = plan.Rate },
		"a comparison":        func(t *plan.Target) { t.Kind = plan.Comparison },
		"a ceiling":           func(t *plan.Target) { t.Comparator = read.AtMost },
		"no number":           func(t *plan.Target) { t.Value = nil },
		"flat":                func(t *plan.Target) { t.Curve.Kind = plan.Flat },
	} {
		target := flowTarget(365)
		g(&target)
		if f := supervise.Project(target, days, even, days[5]); f != nil {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if f := supervise.Project(flowTarget(365), months(2), amounts(31, 59), days[1]); f != nil {
		t.Errorf("two months: %+v", f)
	}
	if f := supervise.Project(flowTarget(365), months(12), amounts(31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365), calendar.MustParseDate("2026-12-31")); f != nil {
		t.Errorf("at the end: %+v", f)
	}
}

func TestProjectAStock(t *testing.T) {
	target := flowTarget(10_000)
	target.Kind = plan.Stock
	base := quantity.Of(8_000)
	target.Baseline = &base
	days := months(6)
	if f := supervise.Project(target, days, amounts(8_031, 8_059, 8_090, 8_120, 8_151, 8_181), days[5]); f == nil || f.Mid.String() != "8365" {
		t.Errorf("from its baseline: %+v", f)
	}
	target.Baseline = nil
	if f := supervise.Project(target, days, amounts(8_031, 8_059, 8_090, 8_120, 8_151, 8_181), days[5]); f == nil || f.Mid.String() != "8365" || f.Periods != 5 {
		t.Errorf("from its first value: %+v", f)
	}
}

// A forecast is never below what is counted, its middle lies within its interval,
// and more at the same days never forecasts less.
func TestProjectHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 11).Draw(t, "months")
		gains := rapid.SliceOfN(rapid.Int64Range(0, 500), n, n).Draw(t, "gains")
		sum := int64(0)
		var values, more []int64
		for _, g := range gains {
			sum += g
			values, more = append(values, sum), append(more, 2*sum)
		}
		days := months(n)
		f := supervise.Project(flowTarget(1000), days, amounts(values...), days[n-1])
		if f == nil || f.Low > f.Mid || f.Mid > f.High || f.Low < quantity.Of(sum) {
			t.Fatalf("%v: %+v", values, f)
		}
		if g := supervise.Project(flowTarget(1000), days, amounts(more...), days[n-1]); g.Mid < f.Mid {
			t.Fatalf("%v forecasts %s, twice of it %s", values, f.Mid, g.Mid)
		}
	})
}
