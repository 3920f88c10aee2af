package read

import "bihuan/kit/quantity"

// mention is a figure with its unit and surroundings, all as runes of the document.
type mention struct {
	f          figure
	unit       piece // the unit's words; empty where there is none
	end        int   // after the words that follow the unit (以上)
	clause     int   // where its clause begins, at most longClause runes back
	phrase     int   // where its clause really begins: equal for figures of one clause
	left       int   // where the text that belongs to it begins: after the last figure, time or 、
	pre        int   // where the words before the figure (不少于) begin
	stop       int   // where its clause ends, or the next figure's text begins
	when       *moment
	quoted     bool
	paren      bool
	atLeast    bool
	comparator Comparator
	word       bool // a word such as 超, 以上 holds it
}

// mentionAt reads the figure at rune i with its unit and the words after it.
// Without a figure it returns where to go on.
func (s *scanner) mentionAt(i, a, b int) (mention, int, bool) {
	x := s.x[:b]
	if x[i] == '翻' {
		return s.doubling(i, b)
	}
	if i > a && (isLatin(x[i-1]) || x[i-1] == '.' || x[i-1] == '第' || x[i-1] == '每' || x[i-1] == '-' && i-1 > a && isLatin(x[i-2])) {
		return mention{}, skipDigits(x, i), false
	}
	f, ok := numberAt(x, i)
	if !ok {
		return mention{}, skipDigits(x, i), false
	}
	m := mention{f: f, end: f.b, stop: b}
	if f.bare && f.b < b && (x[f.b] == '兆' || x[f.b] == '分' || x[f.b] == '里') {
		return mention{}, f.b, false
	}
	if f.percent {
		m.unit = piece{f.a, f.a + 3}
	} else if n := s.unitAt(f.b, b); n > 0 {
		m.unit = piece{f.b, f.b + n}
		m.end = f.b + n
	} else if !f.arabic || f.b < b && !endsFigure(x[f.b]) && afterAtLeast.at(x[f.b:])+afterAbout.at(x[f.b:])+afterAtMost.at(x[f.b:]) == 0 {
		return mention{}, f.b, false
	}
	if m.end < b {
		switch c := x[m.end]; {
		case c == '级' || c == '型' || c == '版' || c == '代' || c == '号' || c == '+' || c == '×' || isLatin(c) && m.unit.a == m.unit.b:
			return mention{}, m.end, false
		case c == ':' && m.end+1 < b && isDigit(x[m.end+1]):
			return mention{}, m.end, false
		}
	}
	if u := x[m.unit.a:m.unit.b]; f.bare && (sizeUnits.is(u) || moneyUnits.is(u)) && !closesClause(x[m.end:]) && (i == a || beforeNumber.before(x[a:i]) == 0) {
		return mention{}, m.end, false // 千亩示范片
	}
	s.after(&m, b)
	if durationUnits.is(x[m.unit.a:m.unit.b]) && !closesClause(x[m.end:]) && !startsWith(x[m.end:], "办结") {
		return mention{}, m.end, false // 3岁以下婴幼儿, 15分钟生活圈
	}
	if u := x[m.unit.a:m.unit.b]; (m.atLeast || m.comparator == AtMost) && !closesClause(x[m.end:]) &&
		(moneyUnits.is(u) || sizeUnits.is(u) && !lengthUnit(u)) {
		return mention{}, m.end, false // 亿元以上项目, 500平方米以上门店
	}
	return m, m.end, true
}

// doubling reads 翻一番 (two times the level) and 翻两番 (four times).
func (s *scanner) doubling(i, b int) (mention, int, bool) {
	x := s.x[:b]
	for _, w := range []struct {
		s string
		n int64
	}{{"翻一番", 2}, {"翻番", 2}, {"翻两番", 4}} {
		if startsWith(x[i:], w.s) {
			e := i + len([]rune(w.s))
			q := quantity.Of(w.n)
			return mention{f: figure{a: i, b: e, lo: q, hi: q, arabic: true, percent: true}, unit: piece{i, i}, end: e, stop: b, comparator: Equal}, e, true
		}
	}
	return mention{}, i + 1, false
}

func endsFigure(c rune) bool {
	return c == ',' || c == '。' || c == ';' || c == '、' || c == ')'
}

func skipDigits(x []rune, i int) int {
	i++
	for i < len(x) && (isLatin(x[i]) || x[i] == '.' || isNumeral(x[i])) {
		i++
	}
	return i
}

// unitAt gives the length of the unit at rune i, with 台（套） and 元/人.
func (s *scanner) unitAt(i, b int) int {
	x := s.x[:b]
	n := unitWords.at(x[i:])
	if n == 0 {
		return 0
	}
	e := i + n
	if n == 1 && e < b {
		switch { // a noun that only begins like a measure word
		case x[i] == '部' && x[e] == '门', x[i] == '项' && x[e] == '目', x[i] == '个' && x[e] == '人',
			x[i] == '户' && (x[e] == '外' || x[e] == '籍'), x[i] == '件' && x[e] == '套', x[i] == '条' && x[e] == '件',
			x[i] == '人' && (x[e] == '工' || x[e] == '口' || x[e] == '均'), x[i] == '米' && x[e] == '粉', x[i] == '村' && x[e] == '镇',
			x[i] == '分' && x[e] == '类', x[i] == '类' && x[e] == '型', x[i] == '名' && x[e] == '录',
			x[i] == '方' && x[e] == '面', x[i] == '期' && x[e] == '间', x[i] == '兆' && x[e] == '赫', x[i] == '班' && x[e] == '子',
			x[i] == '位' && x[e] == '一', x[i] == '处' && x[e] == '理', x[i] == '片' && x[e] == '区', x[i] == '车' && x[e] == '道',
			x[i] == '站' && x[e] == '式', x[i] == '张' && x[e] == '网', x[i] == '体', x[i] == '节' && (x[e] == '日' || x[e] == '点' || x[e] == '能' || x[e] == '假' || x[e] == '庆' || x[e] == '气' || x[e] == '水' || x[e] == '目'), x[i] == '杆' && x[e] == '塔':
			return 0
		}
	}
	if isLatin(x[i]) && e < b && isLatin(x[e]) {
		return 0
	}
	if e+2 < b && x[e] == '(' { // 台（套）, 条（个）
		for k := e + 2; k < b && k <= e+4; k++ {
			if x[k] == ')' {
				if unitWords.is(x[e+1:k]) || startsWith(x[e+1:k], "次") {
					e = k + 1
				}
				break
			}
		}
	}
	if e+1 < b && x[e] == '/' {
		if k := max(unitWords.at(x[e+1:]), perWords.at(x[e+1:])); k > 0 {
			e += 1 + k
		} else if magnitude(x[e+1]) > 0 {
			if k := unitWords.at(x[min(e+2, b):]); k > 0 {
				e += 2 + k
			}
		}
	}
	return e - i
}

// after reads the words behind the unit: 以上, 左右, 以内.
func (s *scanner) after(m *mention, b int) {
	x := s.x[:b]
	m.comparator = Equal
	if m.f.more {
		m.comparator, m.word = Above, true
	}
	rest := x[m.end:]
	switch {
	case afterAtLeast.at(rest) > 0:
		m.end += afterAtLeast.at(rest)
		m.comparator, m.word, m.atLeast = AtLeast, true, true
	case afterAbout.at(rest) > 0:
		m.end += afterAbout.at(rest)
		m.comparator, m.word = About, true
	case afterAtMost.at(rest) > 0 && !startsWith(rest, "内地") && !startsWith(rest, "内部"):
		m.end += afterAtMost.at(rest)
		m.comparator, m.word = AtMost, true
	}
}

// before reads the words in front of the figure and settles the comparator.
func (s *scanner) before(m *mention) {
	x := s.x
	m.pre = m.f.a
	held := m.comparator != Equal
	if m.pre > m.left {
		if c, ok := signs[x[m.pre-1]]; ok {
			m.comparator, m.word, held = c, true, true
			m.pre--
		}
	}
	for m.pre > m.left {
		n := beforeNumber.before(x[m.left:m.pre])
		if n == 0 {
			break
		}
		w := x[m.pre-n : m.pre]
		if n == 1 && m.pre-n > m.left && protects(x[m.pre-n-1], w[0]) {
			break
		}
		if c, ok := comparatorOf(w); ok && (!held || m.f.more && m.comparator == Above) {
			m.comparator, held = c, true
			m.word = true
		}
		if startsWith(w, "控制") && m.comparator == Equal {
			m.comparator = AtMost
		}
		if n >= 2 || w[0] == '达' {
			m.word = true
		}
		m.pre -= n
	}
	if m.comparator == Equal && !m.word && leastWords.in(x[m.left:m.pre]) { // 至少开展1次
		m.comparator, m.word = AtLeast, true
	}
	if m.f.isRange {
		m.comparator = Range
	}
}

// leastWords may stand before the verb of the figure that they bound.
var leastWords = listOf(`至少 最少`)

// signs are comparators written as signs.
var signs = map[rune]Comparator{'≥': AtLeast, '≧': AtLeast, '≤': AtMost, '≦': AtMost, '>': Above, '<': Below, '=': Equal}

// protects says that c before w makes a word of its own: 附近, 经过, 作为.
func protects(c, w rune) bool {
	switch w {
	case '近':
		return c == '附' || c == '最' || c == '邻' || c == '相'
	case '过':
		return c == '经' || c == '通' || c == '不'
	case '为':
		return c == '作' || c == '成' || c == '行'
	case '在':
		return c == '现' || c == '存' || c == '潜'
	case '到':
		return c == '收' || c == '得'
	case '约':
		return c == '节' || c == '集' || c == '签'
	case '达':
		return c == '到' || c == '发' || c == '下'
	case '至':
		return c == '甚'
	case '破':
		return c == '打'
	case '超':
		return c == '高'
	}
	return false
}

// comparatorOf reads one word before a figure.
func comparatorOf(w []rune) (Comparator, bool) {
	for _, p := range [...]string{"达到", "分别", "均"} {
		if n := len([]rune(p)); startsWith(w, p) && len(w) > n {
			w = w[n:]
		}
	}
	switch {
	case wordsAtLeast.is(w):
		return AtLeast, true
	case wordsAbove.is(w):
		return Above, true
	case wordsAtMost.is(w):
		return AtMost, true
	case wordsBelow.is(w):
		return Below, true
	case wordsAbout.is(w):
		return About, true
	}
	return Equal, false
}
