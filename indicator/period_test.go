package indicator

import (
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/calendar"
)

func TestParsePeriod(t *testing.T) {
	for in, want := range map[string]string{
		"2026-03": "2026-03", "2026年3月": "2026-03", "2026年03月份": "2026-03", "2026/3": "2026-03", "2026 年 12 月": "2026-12",
		"2026年1—2月": "2026-01~02", "2026年1-2月": "2026-01~02", "2026年1月至2月": "2026-01~02", "2026-01~02": "2026-01~02", "2026年1—3月累计": "2026-01~03",
		"2026": "2026", "2026年": "2026", "2026年全年": "2026", "2026年1—12月": "2026",
		"2025年一季度": "2025-01~03", "2025年第二季度": "2025-04~06", "2025Q3": "2025-07~09", "2025-q4": "2025-10~12", "2025年4季度": "2025-10~12",
		"2025年上半年": "2025-01~06", "2025年前三季度": "2025-01~09",
		// January and February are one period; a text like a date is not guessed at.
		"2026-01": "", "2026年2月": "", "2026-01-02": "", "2026-01-03": "", "2026年2—4月": "", "2026年3—2月": "", "2026年13月": "", "1900年": "", "上半年": "", "2026年五季度": "", "": "", "20251": "", "2026年1—1月": "",
	} {
		p, err := ParsePeriod(in)
		if (err != nil) != (want == "") || p.Code() != want {
			t.Errorf("%q gives %q %v, want %q", in, p.Code(), err, want)
		}
	}
}

func periods() *rapid.Generator[Period] {
	return rapid.Custom(func(t *rapid.T) Period {
		year := rapid.IntRange(1949, 2199).Draw(t, "year")
		switch rapid.IntRange(0, 2).Draw(t, "form") {
		case 0:
			m := rapid.IntRange(3, 12).Draw(t, "month")
			return Period{year, m, m}
		case 1:
			return Period{year, 1, rapid.IntRange(2, 12).Draw(t, "to")}
		}
		q := rapid.IntRange(1, 4).Draw(t, "quarter")
		return Period{year, 3*q - 2, 3 * q}
	})
}

func TestPeriodsReadBack(t *testing.T) {
	quarterly := Indicator{Frequency: Quarterly}
	rapid.Check(t, func(t *rapid.T) {
		p := periods().Draw(t, "p")
		for _, text := range []string{p.Code(), p.Label(), quarterly.Label(p)} {
			if got, err := ParsePeriod(text); err != nil || got != p {
				t.Fatalf("%s gives %v %v", text, got, err)
			}
		}
		q := periods().Draw(t, "q")
		if p.Compare(q) != -q.Compare(p) || (p.Compare(q) == 0) != (p == q) {
			t.Fatal("no order")
		}
	})
}

func TestSpans(t *testing.T) {
	month, quarter, year := Indicator{Frequency: Monthly}, Indicator{Frequency: Quarterly}, Indicator{Frequency: Yearly}
	for _, c := range []struct {
		ind                Indicator
		code               string
		single, cumulative bool
	}{
		{month, "2026-01~02", true, true}, {month, "2026-03", true, false}, {month, "2026-01~03", false, true}, {month, "2026", false, true}, {month, "2026-04~06", false, false},
		{quarter, "2026-01~03", true, true}, {quarter, "2026-04~06", true, false}, {quarter, "2026-01~06", false, true}, {quarter, "2026-03", false, false}, {quarter, "2026-01~02", false, false}, {quarter, "2026", false, true},
		{year, "2026", true, true}, {year, "2026-01~09", false, false},
	} {
		p, err := ParsePeriod(c.code)
		if err != nil {
			t.Fatal(err)
		}
		if c.ind.In(Single, p) != c.single || c.ind.In(Cumulative, p) != c.cumulative || c.ind.Allows(p) != (c.single || c.cumulative) {
			t.Errorf("%s %s: single %v, cumulative %v", c.ind.Frequency, c.code, c.ind.In(Single, p), c.ind.In(Cumulative, p))
		}
	}
}

func TestReleaseWindow(t *testing.T) {
	ind := Indicator{Frequency: Monthly, Release: Release{Months: 1, From: 15, To: 31}}
	if n := len(ind.Due(2026)); n != 11 {
		t.Errorf("%d releases a year: January and February are one", n)
	}
	for code, want := range map[string]string{"2026-01~02": "2026-03-15 2026-03-31", "2026-01~03": "2026-04-15 2026-04-30", "2026": "2027-01-15 2027-01-31"} {
		p, _ := ParsePeriod(code)
		from, to := ind.Window(p)
		if got := from.String() + " " + to.String(); got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
	may, _ := ParsePeriod("2026-01~05")
	announced := ind
	announced.Release.Dates = map[Period]calendar.Date{may: calendar.MustParseDate("2026-06-17")}
	if from, to := announced.Window(may); from != to || from.String() != "2026-06-17" {
		t.Errorf("announced for 17 June, expected %s to %s", from, to)
	}
	if got := announced.Overdue(calendar.MustParseDate("2026-06-18")); got != may {
		t.Errorf("the announced day has passed, but %s is the newest due", got.Code())
	}
	for day, want := range map[string]string{"2026-07-01": "2026-01~05", "2026-06-30": "2026-01~04", "2026-03-31": "2025", "2026-04-01": "2026-01~02", "2026-02-20": "2025"} {
		if got := ind.Overdue(calendar.MustParseDate(day)).Code(); got != want {
			t.Errorf("on %s %s should be there, got %s", day, want, got)
		}
	}
}
