package city

import (
	"fmt"
	"slices"
	"time"
)

// calendarYear is one year of calendar.yaml as it was written.
type calendarYear struct {
	year     int
	source   string
	holidays []time.Time // each day off, in order; midnight UTC stands for the civil date
	workdays []time.Time // days worked although they fall on a weekend
}

// readCalendar reads the yearly holiday notices of the State Council.
func (r *reader) readCalendar(v value) []calendarYear {
	f := v.mapping("years")
	var years []calendarYear
	seen := map[int]int{}
	for _, item := range f.must("years", "逐年的节假日安排").items() {
		y := readYear(item)
		if line, twice := seen[y.year]; twice && y.year != 0 {
			item.problem(fmt.Sprintf("重复的年份 %d", y.year), "每年一项（第 %d 行已有）", line)
		}
		seen[y.year] = item.node.Line
		years = append(years, y)
	}
	if len(years) > 0 {
		r.checkYears(seen)
	}
	return years
}

func (r *reader) checkYears(known map[int]int) {
	for i, d := range r.pack.Documents {
		if _, ok := known[d.Year]; !ok && d.Year != 0 {
			r.whole(fileCalendar).problem(fmt.Sprintf("缺少 %d 年", d.Year),
				"包含文件“%s”所属年份（%s 第 %d 行）的节假日安排", d.Title, filePack, r.yearAt[i].line())
		}
	}
}

func readYear(v value) calendarYear {
	f := v.mapping("year", "source", "holidays")
	y := calendarYear{
		year:   int(f.must("year", "年份").whole(2000, 2100)),
		source: f.must("source", "国务院办公厅通知的文号").text(),
	}
	for _, item := range f.must("holidays", "节日列表").items() {
		y.readHoliday(item)
	}
	return y
}

// maxHoliday is longer than any holiday the notices give in one piece.
const maxHoliday = 15 * 24 * time.Hour

func (y *calendarYear) readHoliday(v value) {
	f := v.mapping("name", "from", "to", "workdays")
	f.must("name", "节日名称").text()
	from, to := f.must("from", "放假首日"), f.must("to", "放假末日")
	first, last := from.date(), to.date()
	switch {
	case first.IsZero() || last.IsZero():
	case last.Before(first) || last.Sub(first) > maxHoliday:
		to.problem(describe(to.node), "不早于 from、至多 15 天的末日")
	default:
		for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
			y.add(&y.holidays, from, d)
		}
	}
	for _, item := range f.may("workdays").items() {
		d := item.date()
		if d.IsZero() {
			continue
		}
		if wd := d.Weekday(); wd != time.Saturday && wd != time.Sunday {
			item.problem(describe(item.node)+"（不是周末）", "调休上班的周六或周日")
			continue
		}
		y.add(&y.workdays, item, d)
	}
}

// add notes a day outside the year, and a day that was named before. A notice
// may reach a few days into the years beside its own.
func (y *calendarYear) add(to *[]time.Time, at value, d time.Time) {
	day := d.Format(time.DateOnly)
	if y.year != 0 && (d.Before(time.Date(y.year-1, 12, 20, 0, 0, 0, 0, time.UTC)) || d.After(time.Date(y.year+1, 1, 10, 0, 0, 0, 0, time.UTC))) {
		at.problem(quote(day), "%d 年的日期", y.year)
		return
	}
	if slices.Contains(y.holidays, d) || slices.Contains(y.workdays, d) {
		at.problem("重复的日期"+quote(day), "每天只列一次")
		return
	}
	*to = append(*to, d)
}

// date reads a civil date, YYYY-MM-DD; midnight UTC stands for it.
func (v value) date() time.Time {
	s := v.text()
	if s == "" {
		return time.Time{}
	}
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		v.problem(quote(s), "日期，如 2026-03-25")
		return time.Time{}
	}
	return d
}

// day reads a civil date as text, "" if there is none.
func (v value) day() string {
	if d := v.date(); !d.IsZero() {
		return d.Format(time.DateOnly)
	}
	return ""
}
