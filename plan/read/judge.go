package read

import (
	"sort"
	"strings"
)

// judge decides which figures of the sentence are targets and writes them.
func (s *scanner) judge(b int) {
	s.dropAttributes()
	for i := 0; i < len(s.marks); i++ {
		if n := s.listLength(i); n > 1 {
			if s.list(i, n, b) {
				i += n - 1
				continue
			}
		}
		s.single(i, b)
	}
}

// dropAttributes leaves out figures that describe the thing that the next
// figure counts: 500个以上泊位的停车楼3座.
func (s *scanner) dropAttributes() {
	out := s.marks[:0]
	for i, m := range s.marks {
		if i+1 < len(s.marks) && s.marks[i+1].phrase == m.phrase &&
			(m.atLeast && s.describes(m.end, s.marks[i+1].pre) || s.shareOf(&m, &s.marks[i+1])) {
			s.marks[i+1].left = m.left
			if len(out) > 0 && out[len(out)-1].phrase == m.phrase {
				out[len(out)-1].stop = m.left
			}
			continue
		}
		out = append(out, m)
	}
	s.marks = out
}

// shareOf says that the share q is one of the things that m counts:
// 74个城市平均浓度下降23.6%.
func (s *scanner) shareOf(m, q *mention) bool {
	if !rateUnits.is(s.x[q.unit.a:q.unit.b]) || rateUnits.is(s.x[m.unit.a:m.unit.b]) || q.pre-m.end < 4 {
		return false
	}
	p := s.cutTail(piece{m.end, q.pre})
	y := s.x[p.a:p.b]
	return len(y) > 3 && len(y) < 40 && !has(y, '、') && !has(y, ',') && !actionWords.in(y[1:])
}

// describes says that the runes a..b are one noun phrase with 的.
func (s *scanner) describes(a, b int) bool {
	y := s.x[a:b]
	return len(y) > 2 && len(y) < 20 && has(y, '的') && y[0] != '的' && !has(y, '、') && !has(y, '和') && actionWords.before(y) == 0
}

// listLength counts the figures that follow one another with the same unit and
// nothing but 、 or 和 between: 80%、50%以上.
func (s *scanner) listLength(i int) int {
	n := 1
	for i+n < len(s.marks) && n < 12 {
		p, q := s.marks[i+n-1], s.marks[i+n]
		gap := s.x[p.end:q.f.a]
		if len(gap) == 0 || len(gap) > 2 || !(gap[0] == '、' || gap[0] == '和' || gap[0] == ',') || len(gap) == 2 && gap[1] != '和' {
			break
		}
		if s.unitText(p) != s.unitText(q) {
			break
		}
		n++
	}
	return n
}

// list writes n figures that share one clause: the nouns before them are
// divided among them.
func (s *scanner) list(i, n, b int) bool {
	m := s.marks[i]
	lo := m.clause
	if m.when != nil && m.when.b > lo && m.when.a < m.f.a {
		lo = m.when.b
	}
	nouns := s.nouns(lo, m.pre, n)
	if len(nouns) != n || s.rejected(&m, lo, true) {
		return false
	}
	last := s.marks[i+n-1]
	for k := 0; k < n; k++ {
		q := s.marks[i+k]
		if q.comparator == Equal {
			q.comparator = last.comparator
			if m.comparator != Equal && last.comparator == Equal {
				q.comparator = m.comparator
			}
		}
		q.when, q.clause, q.left = m.when, m.clause, m.left
		s.write(&q, nouns[k], piece{m.clause, last.end})
	}
	return true
}

// nouns divides the noun phrase a..b into n parts at 、 和 与 及.
func (s *scanner) nouns(a, b, n int) []piece {
	x := s.x
	p := s.cutLead(piece{a, b}, false)
	p = s.cutTail(p)
	var out []piece
	start, depth := p.a, 0
	for i := p.a; i < p.b && len(out) < n-1; i++ {
		switch c := x[i]; {
		case c == '(' || c == '“':
			depth++
		case c == ')' || c == '”':
			depth = max(depth-1, 0)
		case depth > 0:
		case c == '、' || c == '和' || c == '与' || c == '及':
			if i-start >= 2 {
				out = append(out, piece{start, i})
			}
			start = i + 1
		}
	}
	rest := piece{start, p.b}
	for i := start + 1; i < p.b; i++ {
		if x[i] == '在' || x[i] == '的' && i-start > 2 {
			rest.b = i
			break
		}
	}
	return append(out, s.cutTail(rest))
}

// single judges one figure by itself.
func (s *scanner) single(i, b int) {
	m := &s.marks[i]
	x := s.x
	end := s.clauseEnd(m.end, min(m.stop, b))
	if s.isStart(i, end) { // 从15个…到57个: the first is the present figure
		return
	}
	lo := s.reach(i)
	before := piece{lo, m.pre}
	rate := rateUnits.is(x[m.unit.a:m.unit.b]) || m.f.percent
	noun := s.cutTail(s.cutLead(before, rate))
	hasNoun := noun.b-noun.a >= 2 && !s.onlyVerb(noun)
	after := s.nounAfter(m, end)
	hasAfter := after.b-after.a >= 2 || after.b-after.a == 1 && isHan(x[after.a])
	verbNext := hasAfter && (nounStops.at(x[after.a:after.b]) > 0 || startsWith(x[after.a:after.b], "用于"))
	useAfter := hasAfter && !verbNext
	if (rate && !startsWith(x[m.end:], "的") || m.unit.a == m.unit.b) && hasNoun {
		useAfter = false
	}
	if rate && useAfter && hasNoun && rateTails.before(x[noun.a:noun.b]) > 0 {
		return // 效率不低于60%的设施
	}
	if rate && hasNoun && !useAfter && x[noun.a] == '占' && i > 0 {
		if p, ok := s.inherited(i); ok {
			noun = p
		}
	}
	if origin := s.originOf(i); origin >= 0 { // …从15个县扩大到57个县
		if p := s.cutTail(s.cutLead(piece{s.marks[origin].clause, s.fromWord(&s.marks[origin])}, rate)); p.b-p.a >= 2 {
			noun, hasNoun, useAfter = p, true, false
			lo = s.marks[origin].clause
		}
	}
	subject := noun
	if useAfter {
		subject = after
	}
	if !useAfter && !hasNoun {
		p, ok := s.inherited(i)
		if !ok {
			p, ok = s.clauseBefore(m)
		}
		if !ok {
			return
		}
		subject = p
	}
	if s.rejected(m, lo, useAfter) || s.rejectedNoun(m, subject, useAfter, lo, end) || !s.promised(i, lo, useAfter) {
		return
	}
	quote := piece{s.quoteStart(m, lo, subject), max(end, m.end)}
	for quote.a < m.pre && (x[quote.a] == ')' || x[quote.a] == '、') {
		quote.a++
	}
	if useAfter {
		quote.b = max(quote.b, subject.b)
	}
	for quote.b > max(m.end, subject.b) && (x[quote.b-1] == '和' || x[quote.b-1] == '与' || x[quote.b-1] == '及') {
		quote.b--
	}
	if rate && !useAfter {
		if parts := s.rateParts(lo, subject); len(parts) > 1 {
			quote.a = min(quote.a, parts[0].a)
			for _, p := range parts {
				s.write(m, p, quote)
			}
			return
		}
	}
	s.write(m, subject, quote)
}

// reach gives where the words before a figure begin: its clause, or the end of
// the figure before it in the same clause; a time expression is passed over.
func (s *scanner) reach(i int) int {
	m := &s.marks[i]
	lo := m.clause
	if i > 0 && s.marks[i-1].end > lo {
		p := &s.marks[i-1]
		lo = p.end
		for k := p.end; k < m.f.a; k++ { // pass the noun of the figure before
			if s.x[k] == '、' || s.x[k] == '和' && k+1 < m.f.a {
				lo = k + 1
				break
			}
		}
	}
	if w := m.when; w != nil && w.b > lo && w.b <= m.pre && (w.date != "" || onlyModal(s.x[lo:max(lo, w.a)])) {
		lo = w.b
	}
	for lo < m.pre && (s.x[lo] == '、' || s.x[lo] == ',' || s.x[lo] == '和' || s.x[lo] == '及') {
		lo++
	}
	return lo
}

// clauseEnd finds the end of the clause from i on, at most limit.
func (s *scanner) clauseEnd(i, limit int) int {
	depth := 0
	limit = min(limit, i+longClause)
	for k := i; k < limit; k++ {
		switch s.x[k] {
		case '(', '“', '《':
			depth++
		case ')', '”', '》':
			depth--
			if depth < 0 {
				return k
			}
		case ',', ';', '。', ':':
			if depth <= 0 {
				return k
			}
		case '\t':
			return k
		}
	}
	for limit > i && (s.x[limit-1] == '、' || s.x[limit-1] == ',') {
		limit--
	}
	return limit
}

// isStart says that figure i is where a change starts: 从15个…, 由5%….
func (s *scanner) isStart(i, end int) bool {
	m := &s.marks[i]
	if s.fromWord(m) < 0 {
		return false
	}
	for k := m.end; k < len(s.x) && k < m.end+40 && s.x[k] != '。' && s.x[k] != ';'; k++ {
		switch s.x[k] {
		case '到', '至', '为', '升', '降', '增', '扩':
			return true
		}
	}
	return false
}

// originOf gives the figure that figure i changes from, or -1.
func (s *scanner) originOf(i int) int {
	if i == 0 {
		return -1
	}
	p := &s.marks[i-1]
	if p.f.a == 0 || p.phrase != s.marks[i].phrase {
		return -1
	}
	if s.fromWord(p) >= 0 {
		return i - 1
	}
	return -1
}

// fromWord finds 从 or 由 shortly before figure m, as in 由上年的30%; -1 if
// there is none.
func (s *scanner) fromWord(m *mention) int {
	for k := m.f.a - 1; k >= m.clause && k >= m.f.a-10; k-- {
		switch s.x[k] {
		case '从', '由':
			if k == m.f.a-1 || originWords.at(s.x[k+1:m.f.a]) > 0 {
				return k
			}
			return -1
		case '、', '(', '”':
			return -1
		}
	}
	return -1
}

// originWords stand between 由 and the figure of the start.
var originWords = listOf(`原 历史 上年 去年 目前 现 当前 之前 此前 20 19 最初 最高`)

// nounAfter is the noun phrase that follows figure m up to end.
func (s *scanner) nounAfter(m *mention, end int) piece {
	x := s.x
	a := m.end
	if a < end && x[a] == '的' {
		a++
	}
	if a < end && (x[a] == '、' || x[a] == '和' && a+1 < end && isNumeral(x[a+1])) {
		return piece{a, a}
	}
	b := end
	depth, least := 0, 2
	if a < end && stateHeads.at(x[a:end]) > 0 {
		least = 6
	}
scan:
	for k := a; k < end; k++ {
		switch c := x[k]; {
		case c == '“' || c == '(' || c == '《':
			depth++
		case c == '”' || c == ')' || c == '》':
			depth--
		case depth > 0:
		case c == '、':
			if actionWords.at(x[k+1:end]) > 1 && k-a >= 2 {
				b = k
				break scan
			}
		case (c == '和' || c == '与' || c == '及') && k+1 < end && isNumeral(x[k+1]):
			b = k
			break scan
		case k-a >= least && nounStops.at(x[k:end]) > 0 && !keepsNoun(x, k, end):
			b = k
			break scan
		}
	}
	for {
		n := nounTails.before(x[a:b])
		if n == 0 || b-a-n < 2 {
			break
		}
		b -= n
	}
	for b-a > 2 && (x[b-1] == '和' || x[b-1] == '与' || x[b-1] == '及' || x[b-1] == '、') {
		b--
	}
	p := piece{a, b}
	if k := index(x[a:b], "的"); k > 0 && k+2 < b-a && adjectiveHead.at(x[a:b]) > 0 {
		p.a = a + k + 1
	}
	return p
}

// stateHeads begin a noun with a verb inside: 拟竣工投产项目, 已建成自然村.
var stateHeads = listOf(`已 拟 续 待 在建 未 新`)

// adjectiveHead begin a phrase that only describes the noun after 的.
var adjectiveHead = listOf(`具有 有 带 符合 能够 可 以 由 富有 特色鲜明 主题鲜明 设施 功能 环境 管理 高质量 高水平 叫得响`)

// keepsNoun protects words that begin like a stop word: 以旧换新, 对外, 为民.
func keepsNoun(x []rune, k, end int) bool {
	if k+1 >= end {
		return false
	}
	switch x[k] {
	case '以':
		return x[k+1] == '旧' || x[k+1] == '上' || x[k+1] == '下' || x[k+1] == '内'
	case '对':
		return x[k+1] == '外' || x[k+1] == '口' || x[k+1] == '接' || k > 0 && x[k-1] == '结'
	case '为':
		return x[k+1] == '民' || x[k+1] == '老' || k > 0 && x[k-1] == '行'
	case '在':
		return x[k+1] == '线' || x[k+1] == '建' || x[k+1] == '校' || x[k+1] == '园'
	case '与':
		return k > 0 && x[k-1] == '参'
	case '到':
		return x[k+1] == '店'
	case '由':
		return k > 0 && (x[k-1] == '自' || x[k-1] == '理')
	}
	return false
}

// cutLead takes 力争, 推动 and the verb off the head of a phrase.
// Before a share only some verbs are taken off.
func (s *scanner) cutLead(p piece, rate bool) piece {
	x := s.x
	light := true
	for p.a < p.b {
		y := x[p.a:p.b]
		if y[0] == '、' {
			light = true
		}
		if y[0] == ',' || y[0] == '、' || y[0] == ')' || y[0] == ':' || y[0] == ';' || y[0] == '的' {
			p.a++
			continue
		}
		if k := mannerWords.at(y); k > 0 && actionWords.at(y[k:])+modalWords.at(y[k:])+mannerWords.at(y[k:]) > 1 && !isNominal(y[k:]) {
			p.a += k
			continue
		}
		n, a := modalWords.at(y), actionWords.at(y)
		if a >= n && a > 0 {
			if rate && !rateLeads.is(y[:a]) {
				break
			}
			if len(y)-a < 2 || !light && !joinVerbs.is(y[:a]) || isNominal(y[a:]) {
				break
			}
			p.a += a
			light = lightVerbs.is(y[:a])
			continue
		}
		if n == 0 || len(y)-n < 2 || n == 1 && (!light || keepsNoun(x, p.a, p.b)) {
			break
		}
		p.a += n
	}
	return s.afterJoinVerb(p)
}

// mannerWords are taken off only before a verb: 高标准建设, but 高标准农田.
var mannerWords = listOf(`高质量 高标准 高水平 高效 全市 全区 全县 全省 全州 全旗 全盟 全镇 全域 累计 共 合计 总计 年均 全部 各地 各区 各县 我市 我省 我区 我县 本市 本区 同比`)

// lightVerbs may be followed by the verb that counts: 推动建成, 支持开展.
var lightVerbs = listOf(`推动 推进 支持 引导 组织 完成 实施 带动 实现 开展 争取 加快 动员 确保 发动 谋划 策划 提供 抓好 新增`)

// nominal words after a verb make it part of a noun: 培训人数, 服务站.
var nominal = listOf(`数量 人数 规模 总数 总量 率 额 面积 比例 占比 网点 机构 设施 平台 中心 站 点 量 体系 能力 水平 强度 指数 对象 基地 总额 企业 人才 人员 收入 业 者 券 品 费用 成本 周期 时间 时限 总值 价格 指标 次数 覆盖率 合格率 项目 活动 资金 主体 用地 房 园 区 岗位 公司`)

// isNominal says that x is little more than such a word.
func isNominal(x []rune) bool {
	n := nominal.at(x)
	return n > 0 && len(x)-n <= 2
}

// afterJoinVerb moves to what follows the last 开展 inside a long phrase.
func (s *scanner) afterJoinVerb(p piece) piece {
	x := s.x
	depth := 0
	for i := p.b - 3; i > p.a; i-- {
		switch x[i] {
		case '”', ')':
			depth++
		case '“', '(':
			depth--
		}
		if depth == 0 {
			if n := joinVerbs.at(x[i:p.b]); n > 0 && p.b-i-n >= 2 && x[i+n] != '的' && !isNominal(x[i+n:p.b]) {
				return piece{i + n, p.b}
			}
		}
	}
	return p
}

// cutTail takes 增长, 达到, 比上年 and the like off the end of a phrase.
func (s *scanner) cutTail(p piece) piece {
	x := s.x
	for p.b > p.a {
		n := tailWords.before(x[p.a:p.b])
		if n == 0 || p.b-p.a-n < 2 || keepTail.before(x[p.a:p.b]) > 0 {
			break
		}
		p.b -= n
	}
	for i := p.a + 2; i < p.b; i++ { // …由20个月
		if (x[i] == '由' || x[i] == '从') && i+1 < p.b && (isDigit(x[i+1]) || originWords.at(x[i+1:p.b]) > 0) {
			p.b = i
			return s.cutTail(p)
		}
	}
	for i := p.a + 2; i < p.b; i++ { // …比上年提高
		if (x[i] == '比' && i+1 < p.b && x[i+1] != '例' && x[i+1] != '重' && x[i+1] != '率' && x[i+1] != '赛' && x[i-1] != '占' && x[i-1] != '之' && x[i-1] != '对') || x[i] == '较' && i+1 < p.b && x[i+1] != '大' && x[i+1] != '高' && x[i+1] != '长' && x[i-1] != '比' {
			p.b = i
			return s.cutTail(p)
		}
	}
	if p.b-p.a >= 3 && x[p.a] == '“' && x[p.b-1] == '”' && index(x[p.a+1:p.b-1], "”") < 0 {
		p.a, p.b = p.a+1, p.b-1
	}
	return p
}

// onlyVerb says that a phrase is a verb without a noun: 竣工.
func (s *scanner) onlyVerb(p piece) bool {
	y := s.x[p.a:p.b]
	if outputWords.is(y) {
		return false
	}
	n := actionWords.at(y)
	return n == len(y) || tailWords.is(y)
}

// inherited gives the noun of the target right before in the sentence:
// 项目新开工43个、竣工38个; 总额突破700亿元，同比增长8%.
func (s *scanner) inherited(i int) (piece, bool) {
	if i == 0 {
		return piece{}, false
	}
	if !s.afterTarget(i) {
		p := piece{s.reach(i - 1), s.marks[i-1].pre}
		if k := lastIndex(s.x[p.a:max(p.a, p.b)], '已'); k >= 0 {
			p.a += k + 1
		}
		p = s.cutTail(s.cutLead(p, false))
		return p, p.b-p.a >= 2 && !s.onlyVerb(p) && s.marks[i].clause-s.marks[i-1].end <= 12
	}
	from := max(s.marks[0].clause, s.marks[i-1].clause-longClause)
	return s.runesOf(s.targets[len(s.targets)-1].SubjectSpan, from, s.marks[i].f.a)
}

// clauseBefore gives the noun of the clause before a figure that stands alone:
// 组织专项检查，每月不少于2次.
func (s *scanner) clauseBefore(m *mention) (piece, bool) {
	x := s.x
	b := m.clause - 1
	if b < 1 || x[b] != ',' || !m.word && m.when == nil {
		return piece{}, false
	}
	a := b
	for a > 0 && b-a < 40 && x[a-1] != ',' && x[a-1] != '。' && x[a-1] != ';' && x[a-1] != '\t' && !isDigit(x[a-1]) {
		a--
	}
	p := s.cutTail(s.cutLead(piece{a, b}, false))
	return p, p.b-p.a >= 2 && p.b-p.a < 30 && (a == 0 || !isDigit(x[a-1]))
}

// runesOf finds the runes of a span between two runes.
func (s *scanner) runesOf(sp Span, from, to int) (piece, bool) {
	for a := from; a < to && int(s.d.off[a]) < sp.End; a++ {
		if int(s.d.off[a]) == sp.Start {
			b := a
			for b < len(s.d.off) && int(s.d.off[b]) < sp.End {
				b++
			}
			return piece{a, b}, true
		}
	}
	return piece{}, false
}

// rateParts divides A率、B率 before one percentage.
func (s *scanner) rateParts(lo int, p piece) []piece {
	x := s.x
	var out []piece
	start, depth := p.a, 0
	for i := p.a; i < p.b; i++ {
		switch c := x[i]; {
		case c == '(' || c == '“':
			depth++
		case c == ')' || c == '”':
			depth--
		case depth == 0 && (c == '、' || c == '和' || c == '及'):
			if rateTails.before(x[start:i]) > 0 {
				out = append(out, piece{start, i})
				start = i + 1
			}
		}
	}
	if rateTails.before(x[start:p.b]) == 0 {
		return nil
	}
	return append(out, piece{start, p.b})
}

// rateTails end the names of shares.
var rateTails = listOf(`率 占比 比例 比重 增速 满意度`)

// quoteStart is where the verbatim clause begins.
func (s *scanner) quoteStart(m *mention, lo int, subject piece) int {
	q := min(lo, m.pre)
	if w := m.when; w != nil && w.a >= m.clause && w.b <= lo && onlyModal(s.x[m.clause:w.a]) && !s.figureBefore(m, w.b) {
		q = m.clause
	}
	if subject.a < q && subject.a >= m.clause {
		q = subject.a
	}
	return q
}

// figureBefore says that another figure lies between rune a and figure m.
func (s *scanner) figureBefore(m *mention, a int) bool {
	k := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].f.a >= a })
	return k < len(s.marks) && s.marks[k].f.a < m.f.a
}

// unitText is the unit as printed.
func (s *scanner) unitText(m mention) string {
	if m.f.percent && m.unit.a == m.unit.b {
		return "倍"
	}
	if m.f.percent {
		return "%"
	}
	if m.unit.b-m.unit.a == 1 && s.x[m.unit.a] == '%' {
		return "%"
	}
	return s.d.text(m.unit.a, m.unit.b)
}

// write records a target.
func (s *scanner) write(m *mention, subject, quote piece) {
	if subject.b-subject.a < 1 {
		return
	}
	d := s.d
	if subject.b-subject.a >= 3 && s.x[subject.a] == '“' && s.x[subject.b-1] == '”' && indexRune(s.x[subject.a:subject.b], '”') == subject.b-subject.a-1 {
		subject = piece{subject.a + 1, subject.b - 1}
	}
	quote.a, quote.b = min(quote.a, subject.a), max(quote.b, subject.b, m.end)
	t := Target{
		Subject: d.words(subject.a, subject.b, true), SubjectSpan: d.span(subject.a, subject.b),
		Comparator: m.comparator, Value: m.f.lo, Unit: s.unitText(*m),
		Span: d.span(quote.a, quote.b), NumberSpan: d.span(m.f.a, max(m.f.b, m.unit.b)),
	}
	if rest := d.src[t.Span.End:]; strings.HasPrefix(rest, "**") && strings.Count(d.src[t.Span.Start:t.Span.End], "**")%2 == 1 {
		t.Span.End += 2
	}
	t.Quote = d.src[t.Span.Start:t.Span.End]
	if m.f.isRange {
		hi := m.f.hi
		t.ValueMax = &hi
	}
	if m.when != nil {
		t.Deadline, t.DeadlineText = m.when.date, d.text(m.when.a, m.when.b)
	}
	s.classify(&t, m, quote)
	s.targets = append(s.targets, t)
}
