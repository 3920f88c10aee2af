package plan

import (
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

func num(s string) *quantity.Quantity {
	q, err := quantity.Parse(s)
	if err != nil {
		panic(err)
	}
	return &q
}

// TestWordsOfTargets holds each row of the plan's wording (and each quantified
// target of it) against what reaching it means.
func TestWordsOfTargets(t *testing.T) {
	const no, met, stretch = 0, 1, 2
	flow := func(c read.Comparator, v string) Target {
		return Target{Kind: Flow, Comparator: c, Value: num(v), Unit: "家"}
	}
	ranged := func(low, high string) Target {
		t := flow(read.Range, low)
		t.ValueMax = num(high)
		return t
	}
	stock := func(c read.Comparator, v string) Target {
		t := flow(c, v)
		t.Kind = Stock
		return t
	}
	for _, c := range []struct {
		name   string
		target Target
		actual string
		want   int
	}{
		{"新增 25 社区托育驿站: one short", flow(read.Equal, "25"), "24", no},
		{"新增 25 社区托育驿站", flow(read.Equal, "25"), "25", stretch},
		{"新增 25: more is met too", flow(read.Equal, "25"), "26", stretch},
		{"不少于 1300: one short", flow(read.AtLeast, "1300"), "1299", no},
		{"不少于 1300", flow(read.AtLeast, "1300"), "1300", stretch},
		{"建成 8000 台以上: a fraction short", flow(read.AtLeast, "8000"), "7999.9999", no},
		{"突破 1万: exactly is not above", stock(read.Above, "10000"), "10000", no},
		{"突破 1万: strictly more", stock(read.Above, "10000"), "10000.0001", stretch},
		{"2–3 家: below", ranged("2", "3"), "1", no},
		{"2–3 家: lower end passes", ranged("2", "3"), "2", met},
		{"4–5 家: upper end is the stretch", ranged("4", "5"), "5", stretch},
		{"4–5 家: beyond", ranged("4", "5"), "6", stretch},
		{"15 个左右: 5% may be missing", flow(read.About, "100"), "95", stretch},
		{"15 个左右: more may not", flow(read.About, "100"), "94.99", no},
		{"不超过 10", flow(read.AtMost, "10"), "10", stretch},
		{"不超过 10: beyond", flow(read.AtMost, "10"), "10.01", no},
		{"低于 10: exactly is not below", flow(read.Below, "10"), "10", no},
		{"低于 10", flow(read.Below, "10"), "9.99", stretch},
		{"高于全省平均: equal is not above", Target{Kind: Comparison, Comparator: read.Above}, "0", no},
		{"高于全省平均", Target{Kind: Comparison, Comparator: read.Above}, "0.0001", stretch},
		{"高于全省平均: below", Target{Kind: Comparison, Comparator: read.Above}, "-0.5", no},
		{"一批: a number never meets it", Target{Kind: Qualitative, Words: "一批"}, "1000", no},
		{"带动 1亿元", Target{Kind: Flow, Comparator: read.Above, Value: num("100000000"), Unit: "元"}, "100000001", stretch},
	} {
		v := Judge(c.target, *num(c.actual))
		if v != (Verdict{Met: c.want >= met, Stretch: c.want == stretch}) {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}

func TestExpectedAt(t *testing.T) {
	linear := year2026(Linear)
	for _, c := range []struct {
		name   string
		target Target
		on     string
		want   string // "" for none
	}{
		{"flow at midyear", Target{Kind: Flow, Value: num("25"), Curve: linear}, "2026-07-01", "12.465"},
		{"flow at the end", Target{Kind: Flow, Value: num("25"), Curve: linear}, "2026-12-31", "25"},
		{"flow of the whole years counts no baseline", Target{Kind: Flow, Value: num("25"), Baseline: num("20"), Curve: linear}, "2026-01-01", "0.0675"},
		{"stock from its baseline", Target{Kind: Stock, Value: num("10000"), Baseline: num("8000"), Curve: linear}, "2026-07-01", "8997.2"},
		{"stock at the end", Target{Kind: Stock, Value: num("10000"), Baseline: num("8000"), Curve: linear}, "2026-12-31", "10000"},
		{"falling stock", Target{Kind: Stock, Value: num("100"), Baseline: num("200"), Curve: linear}, "2026-07-01", "150.14"},
		{"rate at any time", Target{Kind: Rate, Value: num("95"), Curve: year2026(Flat)}, "2026-01-02", "95"},
		{"comparison", Target{Kind: Comparison, Curve: year2026(Flat)}, "2026-01-02", "0"},
		{"promise", Target{Kind: Qualitative, Curve: linear}, "2026-07-01", ""},
	} {
		got, ok := c.target.ExpectedAt(day(c.on))
		if ok != (c.want != "") || ok && got.String() != c.want {
			t.Errorf("%s: %s %v, want %s", c.name, got, ok, c.want)
		}
	}
}

func TestDefaultCurveByKind(t *testing.T) {
	for _, c := range []struct {
		target Target
		want   CurveKind
	}{
		{Target{Kind: Flow, Comparator: read.AtLeast}, Linear}, {Target{Kind: Stock, Comparator: read.Above}, Linear},
		{Target{Kind: Qualitative, Comparator: read.AtLeast}, Linear}, {Target{Kind: Rate, Comparator: read.AtLeast}, Flat},
		{Target{Kind: Comparison}, Flat}, {Target{Kind: Flow, Comparator: read.AtMost}, Flat}, {Target{Kind: Stock, Comparator: read.Below}, Flat},
	} {
		if got := DefaultCurve(c.target, day("2026-01-01"), day("2026-12-31")); got.Kind != c.want {
			t.Errorf("%s %s: %s", c.target.Kind, c.target.Comparator, got.Kind)
		}
	}
}

// More of a thing never breaks a pledge that less of it kept, and a ceiling is the mirror.
func TestJudgeIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := Target{Kind: Flow, Comparator: rapid.SampledFrom(Comparators).Draw(t, "comparator"), Value: num("100"), ValueMax: num("150")}
		less := quantity.Quantity(rapid.Int64Range(-2_000_000, 2_000_000).Draw(t, "less"))
		more := less + quantity.Quantity(rapid.Int64Range(0, 2_000_000).Draw(t, "more"))
		a, b := Judge(g, less), Judge(g, more)
		if g.Cap() {
			a, b = b, a
		}
		if a.Met && !b.Met || a.Stretch && !b.Stretch {
			t.Fatalf("%s: %s %+v, %s %+v", g.Comparator, less, a, more, b)
		}
	})
}
