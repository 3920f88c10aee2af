package calendar

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/errs"
)

// TestBuiltInNotices counts what the notices say in words ("共9天") and the
// working days of the year: 365 days, less 104 days of weekends, less the 13
// statutory days of 全国年节及纪念日放假办法 (2024), are 248.
func TestBuiltInNotices(t *testing.T) {
	c := Default()
	days := map[string]int{
		"2025 元旦": 1, "2025 春节": 8, "2025 清明节": 3, "2025 劳动节": 5, "2025 端午节": 3, "2025 国庆节、中秋节": 8,
		"2026 元旦": 3, "2026 春节": 9, "2026 清明节": 3, "2026 劳动节": 5, "2026 端午节": 3, "2026 中秋节": 3, "2026 国庆节": 7,
	}
	seen := 0
	for _, y := range c.Years() {
		for _, r := range y.Holidays {
			seen++
			name := r.From.String()[:4] + " " + r.Name
			if got := r.To.Sub(r.From) + 1; got != days[name] {
				t.Errorf("%s: %d days", name, got)
			}
		}
	}
	if seen != len(days) {
		t.Errorf("%d holidays", seen)
	}
	for year, want := range map[string]int{"2025": 248, "2026": 248} {
		from, to := MustParseDate(year+"-01-01"), MustParseDate(year+"-12-31")
		if got := c.WorkdaysBetween(from.AddDays(-1), to); got != want {
			t.Errorf("%s: %d working days", year, got)
		}
	}
	if !c.Known(2025) || !c.Known(2026) || c.Known(2027) {
		t.Error("known years")
	}
}

func TestIsWorkday(t *testing.T) {
	c := Default()
	cases := []struct {
		name, day string
		want      bool
		holiday   string
	}{
		{"ordinary Wednesday", "2026-07-01", true, ""},
		{"ordinary Saturday", "2026-07-04", false, ""},
		{"weekday off", "2026-02-16", false, "春节"},
		{"Sunday worked", "2026-01-04", true, ""},
		{"Saturday worked", "2026-10-10", true, ""},
		{"weekend within a holiday", "2026-10-03", false, "国庆节"},
		{"New Year of a year without a notice", "2027-01-01", true, ""},
		{"Saturday of a year without a notice", "2027-01-02", false, ""},
	}
	for _, k := range cases {
		d := MustParseDate(k.day)
		if c.IsWorkday(d) != k.want || c.Holiday(d) != k.holiday {
			t.Errorf("%s: %v %q", k.name, c.IsWorkday(d), c.Holiday(d))
		}
	}
	if c.IsWorkday(Date{}) || !new(Calendar).IsWorkday(MustParseDate("2026-02-16")) {
		t.Error("zero values")
	}
}

func TestDueAfter(t *testing.T) {
	c := Default()
	cases := []struct {
		name, event string
		limit       Limit
		want        string
	}{
		{"5 working days", "2026-07-01", Limit{N: 5, Unit: Workdays}, "2026-07-08"},
		{"over the Spring Festival and its make-up Saturday", "2026-02-13", Limit{N: 2, Unit: Workdays}, "2026-02-24"},
		{"make-up Saturday counts", "2026-02-27", Limit{N: 1, Unit: Workdays}, "2026-02-28"},
		{"from a day off", "2026-10-01", Limit{N: 1, Unit: Workdays}, "2026-10-08"},
		{"30 natural days", "2026-07-01", Limit{N: 30, Unit: NaturalDays}, "2026-07-31"},
		{"ends within a holiday, stays", "2026-09-20", Limit{N: 15, Unit: NaturalDays}, "2026-10-05"},
		{"ends within a holiday, moves on", "2026-09-20", Limit{N: 15, Unit: NaturalDays, MoveOn: true}, "2026-10-08"},
		{"ends on a make-up Sunday, stays", "2026-09-05", Limit{N: 15, Unit: NaturalDays, MoveOn: true}, "2026-09-20"},
		{"same day", "2026-07-04", Limit{N: 0, Unit: NaturalDays}, "2026-07-04"},
		{"3 working days before", "2026-07-08", Limit{N: -3, Unit: Workdays}, "2026-07-03"},
		{"no event", "", Limit{N: 5, Unit: Workdays}, ""},
	}
	for _, k := range cases {
		var event Date
		if err := event.UnmarshalText([]byte(k.event)); err != nil {
			t.Fatal(err)
		}
		if got := c.DueAfter(event, k.limit).String(); got != k.want {
			t.Errorf("%s: %s, want %s", k.name, got, k.want)
		}
	}
	if !Workdays.Valid() || !NaturalDays.Valid() || Unit("周").Valid() {
		t.Error("units")
	}
}

// TestCountingAndMovingAgree: adding workdays and counting them are inverse.
func TestCountingAndMovingAgree(t *testing.T) {
	c := Default()
	day := rapid.Custom(func(t *rapid.T) Date {
		return MustParseDate("2024-11-01").AddDays(rapid.IntRange(0, 900).Draw(t, "day"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := day.Draw(t, "a"), day.Draw(t, "b")
		n := rapid.IntRange(-60, 60).Draw(t, "n")
		moved := c.AddWorkdays(a, n)
		if n != 0 && (!c.IsWorkday(moved) || c.WorkdaysBetween(a, moved) != n) {
			t.Fatalf("%v and %d give %v, counted %d", a, n, moved, c.WorkdaysBetween(a, moved))
		}
		// Whole spans add up where they meet in order.
		if mid := day.Draw(t, "mid"); !mid.Before(a) && !b.Before(mid) && c.WorkdaysBetween(a, mid)+c.WorkdaysBetween(mid, b) != c.WorkdaysBetween(a, b) {
			t.Fatalf("%v, %v, %v do not add up", a, mid, b)
		}
		if next := c.NextWorkday(a); next.Before(a) || !c.IsWorkday(next) || next != a && c.IsWorkday(a) {
			t.Fatalf("next after %v is %v", a, next)
		}
	})
}

func TestParseNamesTheLine(t *testing.T) {
	file := func(holiday, workdays string) string {
		return "years:\n  - year: 2026\n    source: 通知\n    holidays:\n      - " + holiday + "\n    workdays: " + workdays + "\n"
	}
	const good = "{name: 元旦, from: 2026-01-01, to: 2026-01-03}"
	cases := []struct{ name, file, want string }{
		{"good", file(good, "[2026-01-04]"), ""},
		{"December before", file("{name: 元旦, from: 2025-12-31, to: 2026-01-01}", "[]"), ""},
		{"no date", file("{name: 元旦, from: 1月1日, to: 2026-01-03}", "[]"), "第 5 行"},
		{"end missing", file("{name: 元旦, from: 2026-01-01}", "[]"), "第 2 行"},
		{"end before start", file("{name: 元旦, from: 2026-01-03, to: 2026-01-01}", "[]"), "第 5 行"},
		{"other year", file("{name: 元旦, from: 2027-01-01, to: 2027-01-03}", "[]"), "第 5 行"},
		{"no name", file("{from: 2026-01-01, to: 2026-01-03}", "[]"), "第 5 行"},
		{"misspelt key", file("{name: 元旦, form: 2026-01-01, to: 2026-01-03}", "[]"), "第 5 行：不认识的项“form”"},
		{"workday on a weekday", file(good, "[2026-01-05]"), "第 6 行"},
		{"workday twice", file(good, "[2026-01-04, 2026-01-04]"), "第 6 行"},
		{"worked and off", file(good, "[2026-01-03]"), "第 6 行"},
		{"year no number", "years:\n  - year: soon\n    source: x\n", "第 2 行"},
		{"no source", "years:\n  - year: 2026\n", "第 2 行"},
		{"year twice", "years:\n  - {year: 2026, source: x}\n  - {year: 2026, source: y}\n", "两份"},
		{"overlap", file(good+"\n      - {name: 补, from: 2026-01-02, to: 2026-01-02}", "[]"), "重复放假"},
		{"no years", "years: []\n", "没有年份"},
		{"no YAML", "\t:", "YAML"},
		{"alias", "years:\n  - &a {year: 2026, source: x}\n  - *a\n", "第 3 行"},
	}
	for _, c := range cases {
		_, err := Parse([]byte(c.file))
		if c.want == "" && err != nil || c.want != "" && (!errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(stateCouncil)
	f.Add([]byte("years:\n  - {year: 2026, source: x, workdays: [2026-01-04]}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Parse(b)
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%v", err)
			}
			return
		}
		for _, y := range c.Years() {
			for _, d := range y.Workdays {
				if !c.IsWorkday(d) {
					t.Errorf("%v is not worked", d)
				}
			}
		}
	})
}
