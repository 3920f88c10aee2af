package plan

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
)

func day(s string) calendar.Date { return calendar.MustParseDate(s) }

func year2026(kind CurveKind) Curve {
	return Curve{Kind: kind, Start: day("2026-01-01"), End: day("2026-12-31")}
}

// drawCurve draws a curve that Validate lets through.
func drawCurve(t *rapid.T) Curve {
	start := day("2026-01-01").AddDays(rapid.IntRange(0, 300).Draw(t, "start"))
	c := Curve{Kind: rapid.SampledFrom(CurveKinds).Draw(t, "kind").Code, Start: start, End: start.AddDays(rapid.IntRange(0, 500).Draw(t, "length"))}
	rise := func(n int) []int {
		shares := rapid.SliceOfN(rapid.IntRange(0, whole), n, n).Draw(t, "shares")
		for i := 1; i < n; i++ {
			shares[i] = max(shares[i], shares[i-1])
		}
		shares[n-1] = whole
		return shares
	}
	switch c.Kind {
	case Stepped:
		on := c.Start
		for _, share := range rise(rapid.IntRange(1, 5).Draw(t, "steps")) {
			if on.After(c.End) {
				break
			}
			c.Steps = append(c.Steps, Step{on, share})
			on = on.AddDays(rapid.IntRange(1, 90).Draw(t, "gap"))
		}
		c.Steps[len(c.Steps)-1].Share = whole
	case Monthly:
		c.Points = rise(12)
	case Linear, Flat:
	}
	return c
}

func TestCurveRisesFromNothingToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCurve(t)
		if err := c.Validate(); err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		last := 0
		for d := c.Start.AddDays(-40); !d.After(c.End.AddDays(40)); d = d.AddDays(1) {
			share := c.ShareAt(d)
			if share < last || share > whole {
				t.Fatalf("%s: %d on %s after %d", c, share, d, last)
			}
			if d.Before(c.Start) && c.Kind != Flat && share != 0 {
				t.Fatalf("%s: %d before the start, on %s", c, share, d)
			}
			if !d.Before(c.End) && share != whole {
				t.Fatalf("%s: %d from the deadline on, on %s", c, share, d)
			}
			last = share
		}
	})
}

func TestCurveTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCurve(t)
		back, err := ParseCurve(c.String(), c.Start, c.End)
		if err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		stored, err := decodeCurve(c.encode())
		if err != nil || stored.String() != c.String() || back.encode() != c.encode() {
			t.Fatalf("%s came back as %s and, stored, as %s (%v)", c.encode(), back.encode(), stored.encode(), err)
		}
	})
}

func TestCurveCases(t *testing.T) {
	stepped := year2026(Stepped)
	stepped.Steps = []Step{{day("2026-06-30"), 4000}, {day("2026-09-30"), whole}}
	monthly := year2026(Monthly)
	monthly.Points = []int{500, 1000, 1500, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, whole}
	short := monthly
	short.End = day("2026-09-30")
	for _, c := range []struct {
		name  string
		curve Curve
		on    string
		want  int
	}{
		{"linear: first day", year2026(Linear), "2026-01-01", 27}, // 1 of 365 days
		{"linear: midyear", year2026(Linear), "2026-07-01", 4986}, // 182 of 365
		{"linear: day before the end", year2026(Linear), "2026-12-30", 9972},
		{"linear: end", year2026(Linear), "2026-12-31", whole},
		{"flat: long before", year2026(Flat), "2020-01-01", whole},
		{"stepped: day before the first step", stepped, "2026-06-29", 0},
		{"stepped: on the step", stepped, "2026-06-30", 4000},
		{"stepped: between", stepped, "2026-09-29", 4000},
		{"stepped: last step", stepped, "2026-09-30", whole},
		{"monthly: end of January", monthly, "2026-01-31", 500},
		{"monthly: half of April", monthly, "2026-04-15", 1750},
		{"monthly: end of June", monthly, "2026-06-30", 4000},
		{"monthly: end of November", monthly, "2026-11-30", 9000},
		{"monthly: year before", monthly, "2025-12-31", 0},
		{"monthly: earlier deadline asks for the whole", short, "2026-09-30", whole},
		{"monthly: day before an earlier deadline", short, "2026-09-29", 6966},
	} {
		if got := c.curve.ShareAt(day(c.on)); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	for m := time.January; m <= time.December; m++ {
		if end := calendar.Of(2026, m+1, 0); monthly.ShareAt(end) != monthly.Points[m-1] {
			t.Errorf("end of month %d: %d, want %d", m, monthly.ShareAt(end), monthly.Points[m-1])
		}
	}
}

func TestParseCurveRefusals(t *testing.T) {
	for _, c := range []struct{ in, says string }{
		{"", "请选择序时进度"},
		{"weekly", "不认识的序时进度类型"},
		{"linear 50", "放在这里看不懂"},
		{"flat 2026-06-30=50", "放在这里看不懂"},
		{"stepped", "至少写一个日期"},
		{"stepped 2026-06-30=50", "最后一个累计百分比应为 100"},
		{"stepped 2026-12-31=100 2026-06-30=50", "从早到晚"},
		{"stepped 2026-06-30=50 2026-06-30=100", "不能重复"},
		{"stepped 2025-12-31=50 2026-06-30=100", "应在 2026-01-01 至 2026-12-31 之间"},
		{"stepped 2026-06-30=50 2027-01-01=100", "应在 2026-01-01 至 2026-12-31 之间"},
		{"stepped 06-30=50", "不是日期"},
		{"stepped 2026-06-30=abc", "不是百分比"},
		{"stepped 2026-06-30=33.333", "最多两位小数"},
		{"stepped 50", "放在这里看不懂"},
		{"monthly 1 2 3", "需要 12 个数，现有 3 个"},
		{"monthly 10 5 20 30 40 50 60 70 80 90 95 100", "第 2 个累计百分比是 5%"},
		{"monthly -1 5 20 30 40 50 60 70 80 90 95 100", "第 1 个"},
		{"monthly 1 5 20 30 40 50 60 70 80 90 95 101", "第 12 个"},
	} {
		_, err := ParseCurve(c.in, day("2026-01-01"), day("2026-12-31"))
		if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want %q", c.in, err, c.says)
		}
	}
	if _, err := ParseCurve("linear", day("2026-12-31"), day("2026-01-01")); !errs.Is(err, errs.Invalid) {
		t.Errorf("end before start: %v", err)
	}
	for _, in := range []string{
		"monthly 5％，10％ 20 30、40 50 60 70 80 90 95 100", "stepped ２０２６-06-30＝５０ 2026-12-31=100", "monthly 5.25 10 20 30 40 50 60 70 80 90 95 100",
	} {
		if _, err := ParseCurve(in, day("2026-01-01"), day("2026-12-31")); err != nil {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzParseCurve(f *testing.F) {
	f.Add("monthly 5 10 20 30 40 50 60 70 80 90 95 100")
	f.Add("stepped 2026-06-30=50 2026-12-31=100")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCurve(s, day("2026-01-01"), day("2026-12-31"))
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if back, err := ParseCurve(c.String(), c.Start, c.End); err != nil || back.encode() != c.encode() {
			t.Fatalf("%q: %s came back as %s, %v", s, c, back, err)
		}
	})
}
