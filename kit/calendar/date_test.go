package calendar

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bihuan/kit/errs"
)

func TestParseDate(t *testing.T) {
	cases := []struct {
		name, in string
		ok       bool
	}{
		{"plain", "2026-07-01", true},
		{"leap day", "2028-02-29", true},
		{"no leap day", "2026-02-29", false},
		{"30 February", "2026-02-30", false},
		{"no zeros", "2026-7-1", false},
		{"slashes", "2026/07/01", false},
		{"with a time", "2026-07-01T00:00:00Z", false},
		{"space", " 2026-07-01", false},
		{"year 0", "0000-01-01", false},
		{"year of three digits", "0999-01-01", false},
		{"empty", "", false},
		{"Chinese", "2026年7月1日", false},
		{"wide digits", "２０２６-07-01", false},
	}
	for _, c := range cases {
		d, err := ParseDate(c.in)
		if (err == nil) != c.ok || c.ok && d.String() != c.in || !c.ok && (!errs.Is(err, errs.Invalid) || !d.IsZero()) {
			t.Errorf("%s: %v, %v", c.name, d, err)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-07-01", "", "9999-12-31", "2026-00-10"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDate(s); err == nil && d.String() != s {
			t.Errorf("%q became %q", s, d)
		}
	})
}

// TestAgainstTheStandardLibrary compares with package time over random dates.
func TestAgainstTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		std := time.Date(rapid.IntRange(1000, 9000).Draw(t, "y"), time.Month(rapid.IntRange(1, 12).Draw(t, "m")), rapid.IntRange(1, 31).Draw(t, "d"), 0, 0, 0, 0, time.UTC)
		d := Of(std.Date())
		n := rapid.IntRange(-100_000, 100_000).Draw(t, "n")
		moved := std.AddDate(0, 0, n)
		got := d.AddDays(n)
		if d.Year() != std.Year() || d.Month() != std.Month() || d.Day() != std.Day() || d.Weekday() != std.Weekday() || d.String() != std.Format(time.DateOnly) {
			t.Fatalf("%v against %v", d, std)
		}
		if got.String() != moved.Format(time.DateOnly) || got.Sub(d) != n || got.Compare(d) != std.AddDate(0, 0, n).Compare(std) {
			t.Fatalf("%v + %d is %v", d, n, got)
		}
		if again, err := ParseDate(d.String()); err != nil || again != d {
			t.Fatalf("%v does not come back: %v, %v", d, again, err)
		}
		if Today(d.Start()) != d || Today(d.Start().Add(-1)) != d.AddDays(-1) {
			t.Fatalf("%v does not begin at %v", d, d.Start())
		}
	})
}

func TestMonths(t *testing.T) {
	cases := []struct {
		name, from string
		n          int
		want       string
	}{
		{"plain", "2026-07-15", 1, "2026-08-15"},
		{"into the next year", "2026-12-15", 1, "2027-01-15"},
		{"back over the year", "2026-01-15", -1, "2025-12-15"},
		{"end stays in February", "2026-01-31", 1, "2026-02-28"},
		{"end stays in a leap February", "2028-01-31", 1, "2028-02-29"},
		{"back to a short month", "2026-07-31", -1, "2026-06-30"},
		{"many", "2026-01-31", 25, "2028-02-29"},
		{"out of the calendar", "2026-01-01", -99999, ""},
		{"beyond the calendar", "9999-12-01", 1, ""},
	}
	for _, c := range cases {
		if got := MustParseDate(c.from).AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	ends := map[string]string{"2026-02-01": "2026-02-28", "2028-02-10": "2028-02-29", "2026-12-31": "2026-12-31", "2026-04-30": "2026-04-30"}
	for in, want := range ends {
		if got := MustParseDate(in).EndOfMonth().String(); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
	for in, want := range map[string]int{"2026-01-01": 1, "2026-03-31": 1, "2026-04-01": 2, "2026-12-31": 4} {
		if got := MustParseDate(in).Quarter(); got != want {
			t.Errorf("%s: quarter %d", in, got)
		}
	}
}

func TestNoDate(t *testing.T) {
	var d Date
	if !d.IsZero() || d.String() != "" || d.Chinese() != "" || d.Year() != 0 || d.Month() != 0 || d.Day() != 0 || d.Quarter() != 0 || !d.Start().IsZero() {
		t.Error("the zero value shows as a date")
	}
	if !d.AddDays(1).IsZero() || !d.AddMonths(1).IsZero() || !d.EndOfMonth().IsZero() || d.Sub(MustParseDate("2026-01-01")) != 0 {
		t.Error("the zero value moves")
	}
	if !d.Before(MustParseDate("1000-01-01")) || !Of(10000, 1, 1).IsZero() || !MustParseDate("9999-12-31").AddDays(1).IsZero() || !MustParseDate("2026-01-01").AddDays(1<<60).IsZero() {
		t.Error("the ends of the calendar")
	}
}

func TestTodayIsInChina(t *testing.T) {
	cases := []struct{ now, want string }{
		{"2026-06-30T15:59:59Z", "2026-06-30"},
		{"2026-06-30T16:00:00Z", "2026-07-01"},
		{"2026-07-01T00:00:00+08:00", "2026-07-01"},
		{"2026-06-30T12:00:00-04:00", "2026-07-01"},
	}
	for _, c := range cases {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := Today(now).String(); got != c.want {
			t.Errorf("%s: %s", c.now, got)
		}
	}
	if got := MustParseDate("2026-07-01").At(9, 30).UTC().Format(time.RFC3339); got != "2026-07-01T01:30:00Z" {
		t.Error(got)
	}
}

func TestTextForms(t *testing.T) {
	type form struct{ From, To Date }
	b, err := json.Marshal(form{From: MustParseDate("2026-07-01")})
	if err != nil || string(b) != `{"From":"2026-07-01","To":""}` {
		t.Errorf("%s, %v", b, err)
	}
	var f form
	if err := json.Unmarshal(b, &f); err != nil || f.From.Chinese() != "2026年7月1日" || !f.To.IsZero() {
		t.Errorf("%+v, %v", f, err)
	}
	var bad form
	if err := json.Unmarshal([]byte(`{"From":"1.7.2026"}`), &bad); err == nil {
		t.Error("took a date of another form")
	}
	var invalid *errs.Error
	if err := new(Date).UnmarshalText([]byte("x")); !errors.As(err, &invalid) {
		t.Errorf("%v", err)
	}
	for _, src := range []any{"2026-07-01", []byte("2026-07-01")} {
		var d Date
		if err := d.Scan(src); err != nil || d != f.From {
			t.Errorf("%T: %v, %v", src, d, err)
		}
	}
	d := f.From
	if err := d.Scan(nil); err != nil || !d.IsZero() {
		t.Errorf("NULL: %v, %v", d, err)
	}
	if err := d.Scan(7); err == nil {
		t.Error("took a number")
	}
	if v, err := f.From.Value(); err != nil || v != "2026-07-01" {
		t.Errorf("%v, %v", v, err)
	}
}
