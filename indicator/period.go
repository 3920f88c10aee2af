package indicator

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
)

// Span says whether figures stand for one period alone or from January on.
type Span string

// Spans.
const (
	Cumulative Span = "cumulative" // 累计
	Single     Span = "single"     // 当期
)

// Label is the Chinese name of the span.
func (s Span) Label() string {
	if s == Single {
		return "当期"
	}
	return "累计"
}

// Period is a run of months of one year. January and February are published
// together: neither is a period alone, and both together are the first period of
// the single as well as of the cumulative figures. The zero value is no period.
type Period struct{ year, from, to int }

// NewPeriod makes a period of the months from to to. Only those that statistics
// are published for are taken: a month from March on, from January to a month, a quarter.
func NewPeriod(year, from, to int) (Period, error) {
	month := from == to && from >= 3
	cumulative := from == 1 && to >= 2
	quarter := from%3 == 1 && to == from+2
	switch {
	case year < 1949 || year > 2199 || from < 1 || to > 12 || from > to:
		return Period{}, errs.New(errs.Invalid, "没有这个时期")
	case from == to && from < 3:
		return Period{}, errs.New(errs.Invalid, "1月和2月合并发布，请写 %d年1—2月", year)
	case !month && !cumulative && !quarter:
		return Period{}, errs.New(errs.Invalid, "不是统计时期：应为某月、1月至某月、某季度或全年")
	}
	return Period{year, from, to}, nil
}

var (
	datelike     = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}$`)
	yearForm     = regexp.MustCompile(`^(\d{4})年?(?:全年|1-12月)?$`)
	monthForm    = regexp.MustCompile(`^(\d{4})[年-](\d{1,2})月?份?$`)
	rangeForm    = regexp.MustCompile(`^(\d{4})[年-](\d{1,2})月?[-~](\d{1,2})月?份?$`)
	quarterForm  = regexp.MustCompile(`^(\d{4})(?:[年-]?[Qq]([1-4])|年?第?([1-4一二三四])季度)$`)
	quarterDigit = strings.NewReplacer("一", "1", "二", "2", "三", "3", "四", "4")
	typography   = strings.NewReplacer(" ", "", "\u3000", "", "—", "-", "–", "-", "－", "-", "至", "-", "到", "-", "～", "~", "．", ".", "累计", "", "／", "-", "/", "-")
)

// ParsePeriod reads 2026-03, 2026年3月, 2026年1—3月, 2026-01~03, 2025年一季度,
// 2025Q1, 2025年上半年, 2025年前三季度 and 2025年. A text that looks like a date is refused.
func ParsePeriod(s string) (Period, error) {
	t := typography.Replace(strings.TrimSpace(s))
	bad := errs.New(errs.Invalid, "“%s”不是时期，应写作 2026年3月、2026年1—3月、2026年一季度或 2026年", clip(s))
	if datelike.MatchString(t) {
		return Period{}, errs.New(errs.Invalid, "“%s”像一个日期，时期应写作 2026年1—2月 的样子", clip(s))
	}
	if m := yearForm.FindStringSubmatch(t); m != nil {
		return NewPeriod(number(m[1]), 1, 12)
	}
	if m := monthForm.FindStringSubmatch(t); m != nil {
		return NewPeriod(number(m[1]), number(m[2]), number(m[2]))
	}
	if m := rangeForm.FindStringSubmatch(t); m != nil {
		return NewPeriod(number(m[1]), number(m[2]), number(m[3]))
	}
	if m := quarterForm.FindStringSubmatch(t); m != nil {
		q := number(quarterDigit.Replace(m[2] + m[3]))
		return NewPeriod(number(m[1]), 3*q-2, 3*q)
	}
	for suffix, to := range map[string]int{"年上半年": 6, "年前三季度": 9} {
		if year, ok := strings.CutSuffix(t, suffix); ok && len(year) == 4 && number(year) > 0 {
			return NewPeriod(number(year), 1, to)
		}
	}
	return Period{}, bad
}

// number reads digits that a form matched; anything else is 0.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func clip(s string) string {
	if r := []rune(s); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return s
}

// IsZero reports whether it is no period.
func (p Period) IsZero() bool { return p == Period{} }

// Year is the year of the period.
func (p Period) Year() int { return p.year }

// Ends is the last day of the period.
func (p Period) Ends() calendar.Date {
	if p.IsZero() {
		return calendar.Date{}
	}
	return calendar.Of(p.year, time.Month(p.to), 1).EndOfMonth()
}

// YearBefore is the same months of the year before.
func (p Period) YearBefore() Period { return Period{p.year - 1, p.from, p.to} }

// Compare orders by end; of periods with one end the longer one comes later.
func (p Period) Compare(q Period) int {
	return cmp.Or(cmp.Compare(p.year, q.year), cmp.Compare(p.to, q.to), cmp.Compare(q.from, p.from))
}

// Code is the form that is stored and stands in addresses: "2026-03", "2026-01~03", "2026".
func (p Period) Code() string {
	switch {
	case p.IsZero():
		return ""
	case p.from == 1 && p.to == 12:
		return strconv.Itoa(p.year)
	case p.from == p.to:
		return fmt.Sprintf("%d-%02d", p.year, p.to)
	}
	return fmt.Sprintf("%d-%02d~%02d", p.year, p.from, p.to)
}

// Label is the period in words: 2026年1—3月.
func (p Period) Label() string {
	if p.IsZero() {
		return ""
	}
	return strconv.Itoa(p.year) + "年" + p.Months()
}

// Months is the period without its year: 1—3月; 全年 for the whole year.
func (p Period) Months() string {
	switch {
	case p.IsZero():
		return ""
	case p.from == 1 && p.to == 12:
		return "全年"
	case p.from == p.to:
		return strconv.Itoa(p.to) + "月"
	}
	return fmt.Sprintf("%d—%d月", p.from, p.to)
}

// Allows reports whether figures of the indicator are published for the period.
func (i Indicator) Allows(p Period) bool {
	return i.In(Cumulative, p) || i.In(Single, p)
}

// In reports whether the period belongs to the indicator's figures of a span.
func (i Indicator) In(span Span, p Period) bool {
	if p.IsZero() {
		return false
	}
	whole := p.from == 1 && p.to == 12
	switch {
	case i.Frequency == Yearly:
		return whole
	case i.Frequency == Quarterly && span == Single:
		return p.to-p.from == 2 && p.to%3 == 0
	case i.Frequency == Quarterly:
		return p.from == 1 && p.to%3 == 0
	case span == Single:
		return p.from == p.to || (p.from == 1 && p.to == 2)
	}
	return p.from == 1
}

// Due lists the cumulative periods of a year, one for each release.
func (i Indicator) Due(year int) []Period {
	var list []Period
	for to := 2; to <= 12; to++ {
		if p := (Period{year, 1, to}); i.In(Cumulative, p) {
			list = append(list, p)
		}
	}
	return list
}

// Window is when figures of the period are expected.
func (i Indicator) Window(p Period) (from, to calendar.Date) {
	if d, announced := i.Release.Dates[p]; announced {
		return d, d
	}
	month := calendar.Of(p.year, time.Month(p.to), 1).AddMonths(i.Release.Months)
	last := month.EndOfMonth()
	return month.AddDays(i.Release.From - 1), month.AddDays(min(i.Release.To, last.Day()) - 1)
}

// Overdue is the newest period whose release window has passed by the day.
func (i Indicator) Overdue(day calendar.Date) Period {
	for year := day.Year(); year >= day.Year()-3; year-- {
		due := i.Due(year)
		for n := len(due) - 1; n >= 0; n-- {
			if _, to := i.Window(due[n]); to.Before(day) {
				return due[n]
			}
		}
	}
	return Period{}
}

func compareKeys(a, b Key) int {
	return cmp.Or(a.Period.Compare(b.Period), cmp.Compare(a.Territory, b.Territory), cmp.Compare(a.Caliber, b.Caliber))
}
