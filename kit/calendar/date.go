package calendar

import (
	"bytes"
	"database/sql/driver"
	"fmt"
	"time"

	"bihuan/kit/errs"
)

// Date is a civil date without a time or a zone. Dates compare with == and serve
// as map keys. The zero value means "no date": it is before every other date,
// its text is empty, and moving it gives no date again.
type Date struct{ day int32 } // days since the end of the year 0: 0001-01-01 is 1

// epochDay is the number of 1970-01-01.
const epochDay = 719163

// lastDay is the number of 9999-12-31, the last date with a text of ten characters.
const lastDay = 3652059

// Zone is the one time zone of the country, fixed at eight hours before UTC, so
// that no zone file is needed.
func Zone() *time.Location { return time.FixedZone("CST", 8*60*60) }

// Today gives the date in China at a moment.
func Today(now time.Time) Date {
	y, m, d := now.In(Zone()).Date()
	return Of(y, m, d)
}

// Of makes a date; days and months beyond their end roll over as in time.Date.
// Years outside 1 to 9999 give no date.
func Of(year int, month time.Month, day int) Date {
	if year < 1 || year > 9999 {
		return Date{}
	}
	days := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
	return fromDay(days + epochDay)
}

func fromDay(n int64) Date {
	if n < 1 || n > lastDay {
		return Date{}
	}
	return Date{int32(n)}
}

// ParseDate reads "2026-07-01". Nothing else is taken: no missing zeros, no
// spaces, no 30 February, no year before 1000. The error is Invalid.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1000 {
		return Date{}, errs.New(errs.Invalid, "“%s”不是日期，应写作 2026-07-01 的样子", clip(s))
	}
	return Of(t.Year(), t.Month(), t.Day()), nil
}

// clip shortens a text that is quoted in a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// MustParseDate is ParseDate for dates that stand in the program text; it panics.
func MustParseDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d.day == 0 }

// time is midnight UTC of the date, for the standard library's arithmetic.
func (d Date) time() time.Time {
	return time.Unix((int64(d.day)-epochDay)*24*60*60, 0).UTC()
}

// Year gives the year, 0 for no date.
func (d Date) Year() int {
	if d.IsZero() {
		return 0
	}
	return d.time().Year()
}

// Month gives the month, 0 for no date.
func (d Date) Month() time.Month {
	if d.IsZero() {
		return 0
	}
	return d.time().Month()
}

// Day gives the day of the month, 0 for no date.
func (d Date) Day() int {
	if d.IsZero() {
		return 0
	}
	return d.time().Day()
}

// Quarter gives the quarter, 1 to 4; 0 for no date.
func (d Date) Quarter() int { return (int(d.Month()) + 2) / 3 }

// Weekday gives the day of the week; 0001-01-01 is a Monday.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.day % 7) }

// AddDays moves by n natural days. Out of the years 1 to 9999 there is no date.
func (d Date) AddDays(n int) Date {
	if d.IsZero() || n > lastDay || n < -lastDay {
		return Date{}
	}
	return fromDay(int64(d.day) + int64(n))
}

// AddMonths moves by n months and stays in the month: 31 January and one month
// give 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	const all = 9999 * 12
	if d.IsZero() || n > all || n < -all {
		return Date{}
	}
	months := d.Year()*12 + int(d.Month()) - 1 + n
	if months < 12 {
		return Date{}
	}
	first := Of(months/12, time.Month(months%12+1), 1)
	return first.AddDays(min(d.Day(), first.EndOfMonth().Day()) - 1)
}

// EndOfMonth gives the last day of d's month.
func (d Date) EndOfMonth() Date {
	if d.IsZero() {
		return d
	}
	return Of(d.Year(), d.Month()+1, 0)
}

// Sub gives the natural days from e to d: d.Sub(d.AddDays(-3)) is 3. With no
// date on one side it gives 0.
func (d Date) Sub(e Date) int {
	if d.IsZero() || e.IsZero() {
		return 0
	}
	return int(d.day) - int(e.day)
}

// Compare gives -1, 0 or 1 as d is before, equal to or after e.
func (d Date) Compare(e Date) int {
	switch {
	case d.day < e.day:
		return -1
	case d.day > e.day:
		return 1
	}
	return 0
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.day < e.day }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.day > e.day }

// Start is the moment at which the date begins in China; no date gives the zero time.
func (d Date) Start() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return d.At(0, 0)
}

// At is a time of the date in China.
func (d Date) At(hour, minute int) time.Time {
	t := d.time()
	return time.Date(t.Year(), t.Month(), t.Day(), hour, minute, 0, 0, Zone())
}

// String gives "2026-07-01", or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.time().Format(time.DateOnly)
}

// Chinese gives the form of official documents, "2026年7月1日" (GB/T 9704-2012
// 7.3.5.4: Arabic figures, no leading zeros), or "".
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	t := d.time()
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

// MarshalText writes String, for JSON and YAML.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes; an empty text is no date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(bytes.TrimSpace(b)) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value writes the date as a column of type TEXT.
func (d Date) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads a column of type TEXT; NULL and "" are no date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	}
	return fmt.Errorf("a date cannot be read from %T", src)
}
