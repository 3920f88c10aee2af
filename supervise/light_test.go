package supervise

import (
	"testing"

	"pgregory.net/rapid"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/plan/read"
)

func day(s string) calendar.Date { return calendar.MustParseDate(s) }

func num(s string) *quantity.Quantity {
	if s == "" {
		return nil
	}
	q, err := quantity.Parse(s)
	if err != nil {
		panic(err)
	}
	return &q
}

func rules() city.Thresholds {
	return city.Thresholds{
		Light:  city.LightRule{Green: 0, Blue: -500, Yellow: -1500, LateWorkdays: 10, NearWorkdays: 10, YellowsToRed: 2},
		Growth: city.GrowthRule{Green: 0, Blue: -25, Yellow: -50},
	}
}

// half is a pace that asks for half on 30 June and for all at the end of the year.
func half() plan.Curve {
	c := plan.Curve{Kind: plan.Stepped, Start: day("2026-01-01"), End: day("2026-12-31")}
	for m, share := range []int{0, 0, 0, 0, 4000, 5000, 6000, 7000, 8000, 9000, 9500, 10000} {
		c.Steps = append(c.Steps, plan.Step{On: calendar.Of(2026, 1, 1).AddMonths(m + 1).AddDays(-1), Share: share})
	}
	return c
}

func flow(value string) plan.Target {
	return plan.Target{Subject: "目标", Kind: plan.Flow, Comparator: read.AtLeast, Value: num(value), Unit: "家", Curve: half()}
}

// on is a target on a day with a verified value ("" for none).
func on(t plan.Target, today, actual string) Facts {
	return Facts{Target: t, Actual: plan.Actual{Value: num(actual), AsOf: today}, Today: day(today), Rules: rules(), Category: city.CategoryExpected}
}

func TestLightTable(t *testing.T) {
	flat := plan.Curve{Kind: plan.Flat, Start: day("2026-01-01"), End: day("2026-12-31")}
	with := func(t plan.Target, change func(*plan.Target)) plan.Target { change(&t); return t }
	growth := plan.Target{Kind: plan.Rate, Change: read.ChangeUp, Comparator: read.AtLeast, Value: num("6"), Unit: "%", Curve: flat}
	gap := plan.Target{Kind: plan.Comparison, Comparator: read.Above, Curve: flat}
	capped := with(flow("100"), func(t *plan.Target) { t.Comparator, t.Curve = read.AtMost, flat })
	stock := with(flow("10000"), func(t *plan.Target) { t.Kind, t.Comparator, t.Baseline = plan.Stock, read.Above, num("8000") })
	for _, c := range []struct {
		name  string
		facts Facts
		want  Level
	}{
		{"exactly on pace", on(flow("20000"), "2026-06-30", "10000"), Green},
		{"ahead", on(flow("20000"), "2026-06-30", "12000"), Green},
		{"a hair behind", on(flow("20000"), "2026-06-30", "9999.9999"), Blue},
		{"exactly −5 %", on(flow("20000"), "2026-06-30", "9500"), Blue},
		{"just below −5 %", on(flow("20000"), "2026-06-30", "9499.9999"), Yellow},
		{"exactly −15 %", on(flow("20000"), "2026-06-30", "8500"), Yellow},
		{"just below −15 %", on(flow("20000"), "2026-06-30", "8499.9999"), Red},
		{"nothing done", on(flow("20000"), "2026-06-30", "0"), Red},
		{"done early", on(flow("20000"), "2026-02-01", "20000"), Green},
		{"nothing due and nothing reported", on(flow("20000"), "2026-02-01", ""), Grey},
		{"nothing due, nothing done", on(flow("20000"), "2026-02-01", "0"), Green},
		{"due and not reported", on(flow("20000"), "2026-06-30", ""), Grey},
		{"long past the end and not reported", on(flow("20000"), "2027-06-30", ""), Grey},
		{"not quantified", on(plan.Target{Kind: plan.Qualitative, Words: "一批"}, "2026-06-30", ""), Grey},
		{"not quantified, with a number", on(plan.Target{Kind: plan.Qualitative, Words: "一批"}, "2026-06-30", "7"), Grey},
		{"reported, not verified", Facts{Target: flow("20000"), Actual: plan.Actual{Pending: num("0")}, Today: day("2026-06-30"), Rules: rules()}, Grey},
		{"aspirational, far behind", on(with(flow("20000"), func(t *plan.Target) { t.Aspirational = true }), "2026-06-30", "0"), Yellow},
		{"aspirational, behind", on(with(flow("20000"), func(t *plan.Target) { t.Aspirational = true }), "2026-06-30", "9600"), Blue},
		{"about: within what 左右 allows, at the end", on(with(flow("100"), func(t *plan.Target) { t.Comparator, t.Kind = read.About, plan.Stock }), "2026-12-31", "95"), Green},
		{"about: below", on(with(flow("100"), func(t *plan.Target) { t.Comparator, t.Kind = read.About, plan.Stock }), "2026-12-31", "94"), Yellow},
		{"stock from its baseline: on pace", on(stock, "2026-06-30", "9000"), Green},
		{"stock from its baseline: behind", on(stock, "2026-06-30", "8999"), Blue},
		{"突破: exactly the number at the end is not above it", on(stock, "2026-12-31", "10000"), Blue},
		{"突破: above it", on(stock, "2026-12-31", "10001"), Green},
		{"range: lower end", on(with(flow("2"), func(t *plan.Target) { t.Comparator, t.ValueMax = read.Range, num("3") }), "2026-12-31", "2"), Green},
		{"range: below", on(with(flow("2"), func(t *plan.Target) { t.Comparator, t.ValueMax = read.Range, num("3") }), "2026-12-31", "1"), Red},
		{"gap over the province: 0", on(gap, "2026-06-30", "0"), Green},
		{"gap: a hair below 0", on(gap, "2026-06-30", "-0.0001"), Blue},
		{"gap: −0.25", on(gap, "2026-06-30", "-0.25"), Blue},
		{"gap: just below −0.25", on(gap, "2026-06-30", "-0.2501"), Yellow},
		{"gap: −0.5", on(gap, "2026-06-30", "-0.5"), Yellow},
		{"gap: just below −0.5", on(gap, "2026-06-30", "-0.5001"), Red},
		{"gap not published", on(gap, "2026-06-30", ""), Grey},
		{"growth on target", on(growth, "2026-03-31", "6"), Green},
		{"growth 0.2 points short", on(growth, "2026-03-31", "5.8"), Blue},
		{"growth 0.6 points short", on(growth, "2026-03-31", "5.4"), Red},
		{"growth held to a ceiling: within", on(with(growth, func(t *plan.Target) { t.Comparator = read.AtMost }), "2026-03-31", "3"), Green},
		{"growth held to a ceiling: beyond", on(with(growth, func(t *plan.Target) { t.Comparator = read.AtMost }), "2026-03-31", "9"), Red},
		{"ceiling: within", on(capped, "2026-06-30", "100"), Green},
		{"ceiling: 4 % beyond", on(capped, "2026-06-30", "104"), Blue},
		{"ceiling: 10 % beyond", on(capped, "2026-06-30", "110"), Yellow},
		{"ceiling: far beyond", on(capped, "2026-06-30", "200"), Red},
		{"低于: exactly at the limit", on(with(capped, func(t *plan.Target) { t.Comparator = read.Below }), "2026-06-30", "100"), Blue},
	} {
		o := Judge(c.facts)
		if o.Level != c.want {
			t.Errorf("%s: %s (%s)", c.name, o.Level, o.Reason)
		}
		if o.Reason == "" {
			t.Errorf("%s: no reason", c.name)
		}
	}
}

func TestYellowInARow(t *testing.T) {
	was := func(values ...string) []plan.Actual {
		var all []plan.Actual
		for _, v := range values {
			all = append(all, plan.Actual{Value: num(v)})
		}
		return all
	}
	for _, c := range []struct {
		name     string
		actual   string
		previous []plan.Actual
		yellows  int
		want     Level
	}{
		{"first yellow", "9000", nil, 2, Yellow},
		{"yellow a month ago too", "9000", was("7200"), 2, Red}, // 8000 were due on 31 May
		{"blue a month ago", "9000", was("7700"), 2, Yellow},
		{"red a month ago", "9000", was("100"), 2, Yellow},
		{"no data a month ago", "9000", was(""), 2, Yellow},
		{"now blue", "9600", was("7200"), 2, Blue},
		{"never red by repetition", "9000", was("7200"), 0, Yellow},
		{"three in a row asked, two known", "9000", was("7200"), 3, Yellow},
		{"three in a row", "9000", was("7200", "0"), 3, Yellow}, // nothing was due on 30 April: that was green
	} {
		f := on(flow("20000"), "2026-06-30", c.actual)
		f.Rules.Light.YellowsToRed, f.Previous = c.yellows, c.previous
		if o := Judge(f); o.Level != c.want {
			t.Errorf("%s: %s (%s)", c.name, o.Level, o.Reason)
		}
	}
	f := on(flow("20000"), "2026-06-30", "9000")
	f.Target.Aspirational, f.Previous = true, was("7200")
	if o := Judge(f); o.Level != Yellow {
		t.Errorf("an aspirational target, yellow twice: %s", o.Level)
	}
}

// Territories without data make a shared-out target neither red nor green.
func TestSilentTerritories(t *testing.T) {
	for _, c := range []struct {
		name, value, covered string
		target               plan.Target
		want                 Level
	}{
		{"those who spoke are on pace", "2000", "4000", flow("20000"), Grey},
		{"those who spoke are behind", "1950", "4000", flow("20000"), Blue},
		{"those who spoke are far behind", "100", "4000", flow("20000"), Red},
		{"those who spoke already have the whole", "20000", "4000", flow("20000"), Green},
		{"a ceiling not reached yet", "50", "4000", func() plan.Target { g := flow("100"); g.Comparator = read.AtMost; return g }(), Grey},
		{"a ceiling exceeded already", "500", "4000", func() plan.Target { g := flow("100"); g.Comparator = read.AtMost; return g }(), Red},
	} {
		f := on(c.target, "2026-06-30", c.value)
		f.Actual.Covered, f.Actual.Silent = num(c.covered), []city.TerritoryID{"x", "y"}
		if o := Judge(f); o.Level != c.want {
			t.Errorf("%s: %s (%s)", c.name, o.Level, o.Reason)
		}
	}
}

// Whatever the thresholds, the pace and the words: no data is grey, more is never
// a worse light, and what was only reported changes nothing.
func TestLightProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := flow("20000")
		g.Comparator = rapid.SampledFrom([]read.Comparator{read.Equal, read.AtLeast, read.Above, read.Range, read.About}).Draw(t, "comparator")
		g.Kind = rapid.SampledFrom([]plan.TargetKind{plan.Flow, plan.Stock, plan.Rate, plan.Comparison}).Draw(t, "kind")
		g.Change = rapid.SampledFrom([]read.Change{"", read.ChangeUp}).Draw(t, "change")
		g.Aspirational = rapid.Bool().Draw(t, "aspirational")
		f := on(g, day("2026-01-01").AddDays(rapid.IntRange(0, 500).Draw(t, "day")).String(), "")
		f.Rules.Light.Blue = city.BasisPoints(rapid.IntRange(-2000, 0).Draw(t, "blue"))
		f.Rules.Light.Yellow = f.Rules.Light.Blue - city.BasisPoints(rapid.IntRange(0, 3000).Draw(t, "yellow"))
		f.Actual.Pending = rapid.SampledFrom([]*quantity.Quantity{nil, num("1"), num("99999")}).Draw(t, "pending")
		if o := Judge(f); o.Level != Grey {
			t.Fatalf("no verified data: %s", o.Level)
		}
		less := quantity.Quantity(rapid.Int64Range(0, 300_000_000).Draw(t, "less"))
		more := less + quantity.Quantity(rapid.Int64Range(0, 300_000_000).Draw(t, "more"))
		f.Actual.Value = &less
		low := Judge(f)
		f.Actual.Value = &more
		high := Judge(f)
		if low.Level == Grey || high.Level == Grey || high.Level.rank() > low.Level.rank() {
			t.Fatalf("%s is %s, %s is %s", less, low.Level, more, high.Level)
		}
		f.Actual.Pending = nil
		if o := Judge(f); o.Level != high.Level {
			t.Fatalf("a pending value changed the light from %s to %s", o.Level, high.Level)
		}
		if g.Aspirational && low.Level == Red {
			t.Fatal("an aspirational target is red")
		}
	})
}

func TestDeviationIsRoundedDown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		actual := rapid.Int64Range(-1<<62, 1<<62).Draw(t, "actual")
		expected := rapid.Int64Range(1, 1<<62).Draw(t, "expected")
		d := deviation(quantity.Quantity(actual), quantity.Quantity(expected))
		if d > 1_000_000 || d < -1_000_000 {
			t.Fatalf("%d", d)
		}
		if actual < expected && d >= 0 || actual >= expected && d < 0 {
			t.Fatalf("%d of %d deviates by %d", actual, expected, d)
		}
	})
}

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		in   []Level
		want Level
	}{
		{nil, Grey}, {[]Level{Grey, Grey}, Grey}, {[]Level{Grey, Green}, Green}, {[]Level{Green, Blue, Grey}, Blue},
		{[]Level{Yellow, Blue}, Yellow}, {[]Level{Green, Red, Yellow}, Red},
	} {
		if got := Worst(c.in...); got != c.want {
			t.Errorf("%v: %s", c.in, got)
		}
	}
}

func TestMilestones(t *testing.T) {
	cal := calendar.Default()
	step := func(planned string, change ...func(*plan.Milestone)) plan.Milestone {
		m := plan.Milestone{Name: "开工", PlannedOn: planned}
		for _, f := range change {
			f(&m)
		}
		return m
	}
	reported := func(m *plan.Milestone) { m.ActualOn, m.ReportedBy = "2026-06-01", "a" }
	verified := func(m *plan.Milestone) { m.ActualOn, m.VerifiedBy = "2026-06-01", "b" }
	for _, c := range []struct {
		name  string
		step  plan.Milestone
		today string
		want  Level
	}{
		{"far away", step("2026-09-30"), "2026-06-01", Green},
		{"10 workdays away", step("2026-06-15"), "2026-06-01", Green},
		{"9 workdays away", step("2026-06-12"), "2026-06-01", Blue},
		{"near, reported", step("2026-06-12", reported), "2026-06-01", Green},
		{"on the day", step("2026-06-12"), "2026-06-12", Blue},
		{"Saturday after a Friday", step("2026-06-12"), "2026-06-13", Blue},
		{"one workday late", step("2026-06-12"), "2026-06-15", Yellow},
		{"one workday late, reported and not verified", step("2026-06-12", reported), "2026-06-15", Yellow},
		{"verified", step("2026-06-12", verified), "2026-09-01", Green},
		{"10 workdays late (端午 is no workday)", step("2026-06-12"), "2026-06-29", Yellow},
		{"11 workdays late", step("2026-06-12"), "2026-06-30", Red},
		{"国庆: seven days off are not late", step("2026-09-30"), "2026-10-07", Blue},
		{"国庆: first workday after", step("2026-09-30"), "2026-10-08", Yellow},
		{"春节: the make-up Saturday is a workday", step("2026-02-13"), "2026-02-14", Yellow},
		{"春节: near over the holiday", step("2026-03-03"), "2026-02-11", Green},
	} {
		if l := judgeMilestone(c.step, day(c.today), cal, rules().Light); l.Level != c.want {
			t.Errorf("%s: %s (%s)", c.name, l.Level, l.Reason)
		}
	}
	all := []plan.Milestone{step("2026-06-12", verified), step("2026-06-12"), step("2026-12-31")}
	if l := JudgeMilestones(all, day("2026-06-15"), cal, rules().Light); l.Level != Yellow {
		t.Errorf("the worst of three: %s", l.Level)
	}
	if l := JudgeMilestones(nil, day("2026-06-15"), cal, rules().Light); l.Level != Grey {
		t.Errorf("none: %s", l.Level)
	}
}

func TestDayOfJudgement(t *testing.T) {
	cal := calendar.Default()
	for _, c := range []struct {
		name      string
		today     string
		quarterly bool
		want      string
	}{
		{"July's first day: June is not due yet", "2026-07-01", false, "2026-05-31"},
		{"five workdays later it still is not", "2026-07-07", false, "2026-05-31"},
		{"then it is", "2026-07-08", false, "2026-06-30"},
		{"a quarter", "2026-07-08", true, "2026-06-30"},
		{"within a quarter", "2026-09-20", true, "2026-06-30"},
		{"a quarter not due yet", "2026-10-05", true, "2026-06-30"},
	} {
		limit := calendar.Limit{N: 5, Unit: calendar.Workdays}
		if got := LastDue(day(c.today), c.quarterly, cal, limit); got.String() != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	for _, c := range []struct {
		on        string
		quarterly bool
		want      string
	}{
		{"2026-07-31", false, "2026-06-30"}, {"2026-07-01", false, "2026-06-30"}, {"2026-01-15", false, "2025-12-31"},
		{"2026-06-30", true, "2026-03-31"}, {"2026-02-01", true, "2025-12-31"}, {"2026-12-31", true, "2026-09-30"},
	} {
		if got := PeriodBefore(day(c.on), c.quarterly); got.String() != c.want {
			t.Errorf("before %s (%v): %s", c.on, c.quarterly, got)
		}
	}
	for _, c := range []struct{ name, today, due, asOf, want string }{
		{"no period: today", "2026-07-10", "", "2026-06-30", "2026-07-10"},
		{"the figures of the due period", "2026-07-10", "2026-06-30", "2026-06-30", "2026-06-30"},
		{"newer figures speak of their own day", "2026-07-10", "2026-06-30", "2026-07-05", "2026-07-05"},
		{"old figures are held against the due period", "2026-07-10", "2026-06-30", "2026-03-31", "2026-06-30"},
		{"nothing reported", "2026-07-10", "2026-06-30", "", "2026-06-30"},
	} {
		f := Facts{Today: day(c.today), Actual: plan.Actual{AsOf: c.asOf}}
		if c.due != "" {
			f.Due = day(c.due)
		}
		if got := f.day(); got.String() != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}
