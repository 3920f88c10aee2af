package read

import (
	"fmt"
	"time"
)

// moment is a time expression in the text, runes a..b.
type moment struct {
	a, b int
	date string // YYYY-MM-DD, "" where it names no end
	past bool   // lies before the plan's year, or states the present
	base bool   // what a figure is compared with: 比2020年
}

// calendar reads time expressions of a plan that starts in year.
type calendar struct{ year int }

// planPeriods are the five-year plans by their printed names and last years.
var planPeriods = []struct {
	name string
	last int
}{{"十四五", 2025}, {"十五五", 2030}, {"十三五", 2020}, {"十二五", 2015}, {"十六五", 2035}, {"十一五", 2010}}

// yearWords are whole-year expressions of the plan's year.
var yearWords = listOf(`全年 年内 今年内 今年底 今年年底 今年底前 今年 本年度 本年 当年 年底前 年底 年末 年终 到年底 至年底 到年末 年度内`)

// everyWords recur and name no date.
var everyWords = listOf(`每年度 每年 每季度 每季 每半年 每月 每周 每天 每日 每学期 每学年 每两年 每三年 年度`)

// nowWords make the figures after them facts.
var nowWords = listOf(`去年 上年末 上年底 上年度 上年 上一年 前年 目前 截至目前 截止目前 当前 近年来 近五年 近三年 近两年 过去五年 过去一年 现已 据统计 据测算 据调查 据初步统计 据不完全统计 经统计 经测算 经排查`)

// startsMoment says whether a time expression may begin with c.
var startsMoment = func() (b runeSet) {
	for _, c := range "全年今本当到至每去上前目近过截明力未十“下第两一二三四五六七八九1234567890现用据经" {
		b.add(c)
	}
	return b
}()

// at reads a time expression at rune i of x; clauseStart says that nothing
// stands before it in its clause.
func (c calendar) at(x []rune, i int, clauseStart bool) (moment, bool) {
	m := moment{a: i}
	j := i
	lead := false
	for j < len(x) && (x[j] == '到' || x[j] == '至') && j == i {
		j, lead = j+1, true
	}
	if startsWith(x[j:], "截至") || startsWith(x[j:], "截止") {
		if n, _, ok := c.civil(x, j+2, true); ok {
			m.b, m.past = n, true
			return m, true
		}
	}
	if n := nowWords.at(x[j:]); n > 0 {
		m.b, m.past = j+n, true
		return m, true
	}
	if n := everyWords.at(x[j:]); n > 0 {
		if x[j] == '年' && n == 2 {
			return m, false
		}
		m.b = j + n
		return m, true
	}
	if n := yearWords.at(x[j:]); n > 0 {
		if x[j] == '年' && i > 0 && (isDigit(x[i-1]) || isCnDigit(x[i-1]) || x[i-1] == '半') {
			return m, false
		}
		m.b, m.date = j+n, c.date(c.year, 12, 31)
		return m, true
	}
	if n, d, ok := c.halves(x, j); ok {
		m.b, m.date = n, d
		return m, true
	}
	if n, d, ok := c.period(x, j, clauseStart); ok {
		m.b, m.date = n, d
		c.markPast(&m)
		return m, true
	}
	n, d, ok := c.civil(x, j, lead || clauseStart)
	if !ok {
		return m, false
	}
	m.b, m.date = n, d
	c.markPast(&m)
	return m, true
}

// markPast says that a time before the plan's first year is past.
func (c calendar) markPast(m *moment) {
	if c.year > 0 && m.date != "" && m.date < fmt.Sprintf("%04d", c.year) {
		m.past, m.date = true, ""
	}
}

func (c calendar) date(y, m, d int) string {
	if y <= 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

// monthEnd is the last day of a month.
func (c calendar) monthEnd(y, m int) string {
	if y <= 0 {
		return ""
	}
	return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// halves reads 上半年, 前三季度, 一季度 of the plan's year.
func (c calendar) halves(x []rune, i int) (int, string, bool) {
	month, n := partOfYear(x[i:])
	if month == 0 {
		return 0, "", false
	}
	return tailOfDate(x, i+n), c.monthEnd(c.year, month), true
}

// partOfYear gives the last month of a half or quarter and the runes it takes.
func partOfYear(x []rune) (month, n int) {
	switch {
	case startsWith(x, "上半年"):
		return 6, 3
	case startsWith(x, "下半年"):
		return 12, 3
	case startsWith(x, "前三季度"), startsWith(x, "前3季度"):
		return 9, 4
	}
	k := 0
	if len(x) > 0 && x[0] == '第' {
		k = 1
	}
	if v, w := ordinal(x[k:]); v >= 1 && v <= 4 && startsWith(x[k+w:], "季度") {
		return v * 3, k + w + 2
	}
	return 0, 0
}

// period reads “十四五”末, 三年内, 未来三年, 明年.
func (c calendar) period(x []rune, i int, clauseStart bool) (int, string, bool) {
	j := i
	if j < len(x) && x[j] == '“' {
		j++
	}
	for _, p := range planPeriods {
		if startsWith(x[j:], p.name) {
			j += 3
			if j < len(x) && x[j] == '”' {
				j++
			}
			for _, w := range []string{"时期末", "期末", "末期", "末", "期间", "时期", "规划期内", "规划期末", "期内"} {
				if startsWith(x[j:], w) {
					return j + len([]rune(w)), c.date(p.last, 12, 31), true
				}
			}
			return 0, "", false
		}
	}
	if startsWith(x[i:], "明年") {
		return i + 2, c.date(c.next(1), 12, 31), true
	}
	for _, w := range []string{"未来", "今后", "用", "力争用", "通过"} {
		if startsWith(x[i:], w) {
			k := i + len([]rune(w))
			if v, n := yearCount(x[k:]); v > 0 && v <= 20 && k+n < len(x) && x[k+n] == '年' {
				e := k + n + 1
				for _, t := range []string{"左右时间", "左右的时间", "时间", "左右", "的时间", "内", "努力", "的努力"} {
					if startsWith(x[e:], t) {
						e += len([]rune(t))
						break
					}
				}
				return e, c.date(c.next(v-1), 12, 31), true
			}
		}
	}
	if v, n := yearCount(x[i:]); clauseStart && v > 1 && v <= 10 && i+n+1 < len(x) && x[i+n] == '年' && actionWords.at(x[i+n+1:]) > 1 {
		return i + n + 1, c.date(c.next(v-1), 12, 31), true // 三年新增…
	}
	if v, n := yearCount(x[i:]); v > 0 && v <= 20 && startsWith(x[i+n:], "年内") && (i == 0 || x[i-1] != '第') {
		return i + n + 2, c.date(c.next(v-1), 12, 31), true
	}
	return 0, "", false
}

// yearCount reads the number in 三年内, also 两.
func yearCount(x []rune) (int, int) {
	if len(x) > 0 && x[0] == '两' {
		return 2, 1
	}
	return ordinal(x)
}

func (c calendar) next(n int) int {
	if c.year == 0 {
		return 0
	}
	return c.year + n
}

// civil reads 2026年, 2026年6月底前, 6月30日前, 2026-2028年. A year alone, or a
// month without 底 or 前, counts only where bare is set: elsewhere it is part
// of a name (2026年实施细则).
func (c calendar) civil(x []rune, i int, bare bool) (int, string, bool) {
	y, n := yearAt(x, i)
	if n == 0 {
		return c.month(x, i, c.year, bare)
	}
	j := n
	if j < len(x) && (x[j] == '-' || x[j] == '—' || x[j] == '至' || x[j] == '~') {
		k := j + 1
		if k < len(x) && x[k] == '—' {
			k++
		}
		if y2, n2 := yearAt(x, k); n2 > 0 && y2 >= y && n2 < len(x) && x[n2] == '年' {
			return tailOfDate(x, n2+1), c.date(y2, 12, 31), true
		}
	}
	if j >= len(x) || x[j] != '年' {
		return 0, "", false
	}
	j++
	if j < len(x) && (x[j] == '-' || x[j] == '—' || x[j] == '至' || x[j] == '~') {
		if y2, n2 := yearAt(x, j+1); n2 > 0 && y2 >= y && n2 < len(x) && x[n2] == '年' {
			return tailOfDate(x, n2+1), c.date(y2, 12, 31), true
		}
	}
	if m, n2 := partOfYear(x[j:]); m > 0 {
		return tailOfDate(x, j+n2), c.monthEnd(y, m), true
	}
	if e, d, ok := c.month(x, j, y, true); ok {
		return e, d, true
	}
	e := tailOfDate(x, j)
	if e == j && !bare {
		return 0, "", false
	}
	if e == j && e < len(x) && (x[e] == '度' || x[e] == '来') {
		e++
	}
	return e, c.date(y, 12, 31), true
}

// yearAt reads a year of four digits and returns where it ends.
func yearAt(x []rune, i int) (int, int) {
	y, n := 0, i
	for n < len(x) && n < i+5 {
		c := x[n]
		d := int(c - '0')
		if !isDigit(c) {
			if d = cnDigit(c); d == 0 {
				if c != '〇' && c != '○' && c != '零' && c != 'O' {
					break
				}
			}
		}
		y = y*10 + d
		n++
	}
	if n != i+4 || y < 1990 || y > 2099 || i > 0 && isDigit(x[i-1]) {
		return 0, 0
	}
	return y, n
}

// month reads 6月, 6月底前, 6月30日 of year y.
func (c calendar) month(x []rune, i, y int, bare bool) (int, string, bool) {
	if i > 0 && isDigit(x[max(i-1, 0)]) {
		return 0, "", false
	}
	v, n := ordinal(x[i:])
	if v < 1 || v > 12 || i+n >= len(x) || x[i+n] != '月' {
		return 0, "", false
	}
	j := i + n + 1
	if d, k := ordinal(x[j:]); d >= 1 && d <= 31 && j+k < len(x) && (x[j+k] == '日' || x[j+k] == '号') {
		return tailOfDate(x, j+k+1), c.date(y, v, d), true
	}
	if j < len(x) && x[j] == '份' {
		j++
		bare = true
	}
	e := tailOfDate(x, j)
	if e == j && !bare {
		return 0, "", false
	}
	return e, c.monthEnd(y, v), true
}

// tailOfDate takes 底, 底前, 前, 末, 年底, 之前, 期间.
func tailOfDate(x []rune, i int) int {
	for _, w := range dateTails {
		if hasPrefix(x[i:], w) {
			return i + len(w)
		}
	}
	return i
}

var dateTails = func() (l [][]rune) {
	for _, s := range []string{"年底之前", "年底前", "年底", "年末", "年前", "底之前", "底以前", "底前", "底", "末前", "末", "之前", "以前", "前", "期间", "上旬", "中旬", "下旬", "内"} {
		l = append(l, []rune(s))
	}
	return l
}()
