package city

import (
	"fmt"
	"slices"
	"time"

	"bihuan/kit/calendar"
	"bihuan/kit/strictyaml"
)

// readCalendar reads the yearly holiday notices of the State Council. It says
// of each day what is wrong with it; calendar.New has the last word.
func (r *reader) readCalendar(v strictyaml.Value) *calendar.Calendar {
	f := v.Mapping("years")
	before := len(r.folder.Problems)
	var years []calendar.Year
	seen := map[int]int{}
	list := f.Must("years", "逐年的节假日安排")
	for _, item := range list.Items() {
		y := readYear(item)
		if line, twice := seen[y.Year]; twice && y.Year != 0 {
			item.Problem(fmt.Sprintf("重复的年份 %d", y.Year), "每年一项（第 %d 行已有）", line)
		}
		seen[y.Year] = item.Line()
		years = append(years, y)
	}
	if len(years) == 0 {
		return nil
	}
	r.checkYears(seen)
	if len(r.folder.Problems) > before {
		return nil
	}
	c, err := calendar.New(years...)
	if err != nil {
		list.Problem(err.Error(), "可用的节假日安排")
	}
	return c
}

func (r *reader) checkYears(known map[int]int) {
	for i, d := range r.pack.Documents {
		if _, ok := known[d.Year]; !ok && d.Year != 0 {
			r.folder.File(fileCalendar).Problem(fmt.Sprintf("缺少 %d 年", d.Year),
				"包含文件“%s”所属年份（%s 第 %d 行）的节假日安排", d.Title, filePack, r.yearAt[i].Line())
		}
	}
}

func readYear(v strictyaml.Value) calendar.Year {
	f := v.Mapping("year", "source", "holidays", "workdays")
	y := calendar.Year{
		Year:   int(f.Must("year", "年份").Whole(2000, 2100)),
		Source: f.Must("source", "国务院办公厅通知的文号").Text(),
	}
	off := map[calendar.Date]bool{}
	for _, item := range f.Must("holidays", "节日列表").Items() {
		if h, ok := readHoliday(item, y.Year, off); ok {
			y.Holidays = append(y.Holidays, h)
		}
	}
	for _, item := range f.May("workdays").Items() {
		d := item.Date()
		wd := d.Weekday()
		switch {
		case d.IsZero() || !inNotice(item, y.Year, d):
		case wd != time.Saturday && wd != time.Sunday:
			item.Problem(item.Describe()+"（不是周末）", "调休上班的周六或周日")
		case off[d] || slices.Contains(y.Workdays, d):
			item.Problem("重复的日期"+strictyaml.Quote(d.String()), "每天只列一次，放假或者上班")
		default:
			y.Workdays = append(y.Workdays, d)
		}
	}
	return y
}

// maxHoliday is longer in days than any holiday the notices give in one piece.
const maxHoliday = 15

// readHoliday reads one holiday and marks its days as off.
func readHoliday(v strictyaml.Value, year int, off map[calendar.Date]bool) (calendar.Range, bool) {
	f := v.Mapping("name", "from", "to")
	from, to := f.Must("from", "放假首日"), f.Must("to", "放假末日")
	h := calendar.Range{Name: f.Must("name", "节日名称").Text(), From: from.Date(), To: to.Date()}
	if h.From.IsZero() || h.To.IsZero() || !inNotice(from, year, h.From) || !inNotice(to, year, h.To) {
		return h, false
	}
	if h.To.Before(h.From) || h.To.Sub(h.From) >= maxHoliday {
		to.Problem(to.Describe(), "不早于 from、至多 %d 天的末日", maxHoliday)
		return h, false
	}
	for d := h.From; !d.After(h.To); d = d.AddDays(1) {
		if off[d] {
			from.Problem("重复的放假日"+strictyaml.Quote(d.String()), "每天只列一次")
			return h, false
		}
		off[d] = true
	}
	return h, true
}

// inNotice notes a day that the notice of the year cannot arrange: one outside
// the year and the December before it.
func inNotice(at strictyaml.Value, year int, d calendar.Date) bool {
	if year == 0 || d.Year() == year || d.Year() == year-1 && d.Month() == time.December {
		return true
	}
	at.Problem(strictyaml.Quote(d.String()), "%d 年（或上年 12 月）的日期", year)
	return false
}
