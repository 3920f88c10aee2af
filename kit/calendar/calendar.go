// Package calendar counts civil dates and working days.
//
// Working days are Monday to Friday, changed by the State Council's yearly
// notice, which takes weekdays off (放假) and makes weekend days working days
// (调休上班). The notices are data: a city pack brings its own, and the notices of
// 2025 and 2026 are built in. A year without a notice counts weekends only, and
// Known tells so, because a deadline computed for such a year may still move.
package calendar

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Year is the State Council's arrangement of one year.
type Year struct {
	Year     int
	Source   string  // number of the notice, 国办发明电〔2025〕7号
	Holidays []Range // days off, in order
	Workdays []Date  // Saturdays and Sundays that are worked, in order
}

// Range is a run of days off, both ends included.
type Range struct {
	Name     string // 春节
	From, To Date
}

// Calendar knows the working days. It does not change after it was made and is
// safe for concurrent use; the zero value knows weekends only.
type Calendar struct {
	years  map[int]Year
	off    map[Date]string // days off by the notices, with the name
	worked map[Date]bool
}

// New makes a calendar. It refuses two notices for one year, a make-up day that
// is no Saturday or Sunday, a day that is both off and worked, and days that lie
// outside the notice's year and the December before it.
func New(years ...Year) (*Calendar, error) {
	c := &Calendar{years: map[int]Year{}, off: map[Date]string{}, worked: map[Date]bool{}}
	for _, y := range years {
		if err := c.add(y); err != nil {
			return nil, err
		}
	}
	for d := range c.worked {
		if c.off[d] != "" {
			return nil, fmt.Errorf("%s 既放假又上班", d)
		}
	}
	return c, nil
}

func (c *Calendar) add(y Year) error {
	if _, double := c.years[y.Year]; double {
		return fmt.Errorf("%d 年有两份安排", y.Year)
	}
	within := func(d Date) bool {
		return d.Year() == y.Year || d.Year() == y.Year-1 && d.Month() == time.December
	}
	for _, r := range y.Holidays {
		if r.Name == "" || !within(r.From) || !within(r.To) || r.To.Before(r.From) {
			return fmt.Errorf("%d 年的假期“%s”%s 至 %s 有误", y.Year, r.Name, r.From, r.To)
		}
		for d := r.From; !d.After(r.To); d = d.AddDays(1) {
			if c.off[d] != "" {
				return fmt.Errorf("%s 重复放假", d)
			}
			c.off[d] = r.Name
		}
	}
	for _, d := range y.Workdays {
		if !within(d) || !weekend(d) || c.worked[d] {
			return fmt.Errorf("%d 年的上班日 %s 有误：应是当年的周六或周日，且不重复", y.Year, d)
		}
		c.worked[d] = true
	}
	c.years[y.Year] = y
	return nil
}

//go:embed state-council.yaml
var stateCouncil []byte

// Default is the calendar of the built-in notices, 2025 and 2026.
func Default() *Calendar {
	c, err := Parse(stateCouncil)
	if err != nil {
		panic(fmt.Sprintf("the built-in notices: %v", err)) // a fault of the program itself; a test reads them
	}
	return c
}

// Years lists the notices, the earliest first.
func (c *Calendar) Years() []Year {
	out := make([]Year, 0, len(c.years))
	for _, y := range slices.Sorted(maps.Keys(c.years)) {
		out = append(out, c.years[y])
	}
	return out
}

// Known reports whether there is a notice for the year. Without one a page shows
// that the working days of that year are provisional.
func (c *Calendar) Known(year int) bool {
	_, ok := c.years[year]
	return ok
}

// Holiday gives the name of the holiday to which the notice assigns the day, "" for none.
func (c *Calendar) Holiday(d Date) string { return c.off[d] }

// IsWorkday reports whether the day is worked. No date is no workday.
func (c *Calendar) IsWorkday(d Date) bool {
	switch {
	case d.IsZero() || c.off[d] != "":
		return false
	case c.worked[d]:
		return true
	}
	return !weekend(d)
}

func weekend(d Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// NextWorkday gives d itself when it is worked, else the first workday after it.
func (c *Calendar) NextWorkday(d Date) Date {
	for !d.IsZero() && !c.IsWorkday(d) {
		d = d.AddDays(1)
	}
	return d
}

// AddWorkdays gives the n-th workday after d, or before d for negative n. d
// itself never counts; n = 0 gives d, worked or not.
func (c *Calendar) AddWorkdays(d Date, n int) Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 && !d.IsZero() {
		d = d.AddDays(step)
		if c.IsWorkday(d) {
			n--
		}
	}
	return d
}

// WorkdaysBetween counts the workdays after a up to and with b. When b is
// earlier it gives the workdays from b to the day before a as a negative number,
// so that AddWorkdays(a, WorkdaysBetween(a, b)) is b whenever b is worked.
func (c *Calendar) WorkdaysBetween(a, b Date) int {
	if a.IsZero() || b.IsZero() {
		return 0
	}
	n := 0
	for d := a; d.Before(b); {
		d = d.AddDays(1)
		if c.IsWorkday(d) {
			n++
		}
	}
	for d := b; d.Before(a); d = d.AddDays(1) {
		if c.IsWorkday(d) {
			n--
		}
	}
	return n
}

// Unit is the unit of a time limit, in the words of the rules.
type Unit string

// The units.
const (
	NaturalDays Unit = "自然日"
	Workdays    Unit = "工作日"
)

// Valid reports whether u is one of the units.
func (u Unit) Valid() bool { return u == NaturalDays || u == Workdays }

// Limit is a time limit as a rule states it.
type Limit struct {
	N      int  // number of days
	Unit   Unit // NaturalDays or Workdays; another value counts natural days
	MoveOn bool // a limit in natural days that ends on a day off ends on the next workday instead
}

// DueAfter gives the last day of a limit. The day of the event does not count
// (Civil Code art. 201); whether an end on a day off moves on (art. 203) is for
// the rule to say, because periods inside the administration are not bound to it.
func (c *Calendar) DueAfter(event Date, l Limit) Date {
	if l.Unit == Workdays {
		return c.AddWorkdays(event, l.N)
	}
	due := event.AddDays(l.N)
	if l.MoveOn {
		due = c.NextWorkday(due)
	}
	return due
}
