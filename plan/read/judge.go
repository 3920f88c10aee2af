package read

// judge decides which figures of the sentence are targets and writes them.
func (s *scanner) judge(b int) {
	s.dropAttributes()
	for i := 0; i < len(s.marks); i++ {
		if n := s.listLength(i); n > 1 {
			if s.list(i, n) {
				i += n - 1
				continue
			}
		}
		s.single(i, b)
	}
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
func (s *scanner) list(i, n int) bool {
	m := s.marks[i]
	lo := m.clause
	if m.when != nil && m.when.b > lo && m.when.a < m.f.a {
		lo = m.when.b
	}
	nouns := s.nouns(lo, m.pre, n, s.rate(&m))
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

// single judges one figure by itself.
func (s *scanner) single(i, b int) {
	m := &s.marks[i]
	end := s.clauseEnd(m.end, min(m.stop, b))
	if s.isStart(i) { // 从15个…到57个: the first is the present figure
		return
	}
	c, ok := s.counted(i, end)
	if !ok || s.rejected(m, c.lo, c.after) || s.rejectedNoun(m, c.noun, c.after, c.lo) || !s.promised(i, c.lo, c.after) {
		return
	}
	quote := s.quote(m, c, end)
	if s.rate(m) && !c.after {
		if parts := s.rateParts(c.noun); len(parts) > 1 {
			quote.a = min(quote.a, parts[0].a)
			for _, p := range parts {
				s.write(m, p, quote)
			}
			return
		}
	}
	s.write(m, c.noun, quote)
}

// rate says that the figure is a share or a growth rate.
func (s *scanner) rate(m *mention) bool {
	return rateUnits.is(s.x[m.unit.a:m.unit.b]) || m.f.percent
}

// countedNoun is what a figure counts.
type countedNoun struct {
	noun  piece
	after bool // it stands after the figure
	lo    int  // where the words before the figure begin
}

// counted finds what figure i counts: the noun after it (25个驿站), the noun
// before it (驿站25个), or a noun further back. ok is false where the figure
// counts nothing or only describes a thing.
func (s *scanner) counted(i, end int) (c countedNoun, ok bool) {
	m := &s.marks[i]
	x := s.x
	rate := s.rate(m)
	c.lo = s.reach(i)
	c.noun = s.cutTail(s.cutLead(piece{c.lo, m.pre}, rate))
	before := c.noun.b-c.noun.a >= 2 && !s.onlyVerb(c.noun)
	after := s.nounAfter(m, end)
	c.after = s.usable(after)
	if before && (m.unit.a == m.unit.b || rate && !startsWith(x[m.end:], "的")) {
		c.after = false
	}
	if rate && c.after && before && rateTails.before(x[c.noun.a:c.noun.b]) > 0 {
		return c, false // 效率不低于60%的设施
	}
	if rate && before && !c.after && x[c.noun.a] == '占' {
		if p, ok := s.inherited(i); ok {
			c.noun = p
		}
	}
	if origin := s.originOf(i); origin >= 0 { // …从15个县扩大到57个县
		from := &s.marks[origin]
		if p := s.cutTail(s.cutLead(piece{from.clause, s.fromWord(from)}, rate)); p.b-p.a >= 2 {
			return countedNoun{p, false, from.clause}, true
		}
	}
	if c.after {
		c.noun = after
		return c, true
	}
	if !before {
		c.noun, ok = s.elsewhere(i, c)
		return c, ok
	}
	return c, true
}

// usable says that the words after a figure are a noun and not what happens.
func (s *scanner) usable(p piece) bool {
	y := s.x[p.a:p.b]
	if len(y) == 0 || len(y) == 1 && !isHan(y[0]) {
		return false
	}
	return nounStops.at(y) == 0 && !startsWith(y, "用于")
}

// elsewhere finds the noun of a figure that has none in its own clause.
func (s *scanner) elsewhere(i int, c countedNoun) (piece, bool) {
	m := &s.marks[i]
	if p, ok := s.inherited(i); ok {
		return p, true
	}
	if p, ok := s.clauseBefore(m); ok {
		return p, true
	}
	if p, ok := s.cellBefore(m); ok {
		return p, true
	}
	if n := c.noun.b - c.noun.a; n >= 4 || n >= 2 && c.noun.a > c.lo { // 完成改造120处
		return piece{c.noun.b - 2, c.noun.b}, true
	}
	return piece{}, false
}

// quote bounds the verbatim clause of a figure.
func (s *scanner) quote(m *mention, c countedNoun, end int) piece {
	q := piece{s.quoteStart(m, c.lo, c.noun), max(end, m.end)}
	for q.a < m.pre && (s.x[q.a] == ')' || s.x[q.a] == '、') {
		q.a++
	}
	least := m.end
	if c.after {
		least = max(least, c.noun.b)
		q.b = max(q.b, least)
	}
	for q.b > least && (s.x[q.b-1] == '和' || s.x[q.b-1] == '与' || s.x[q.b-1] == '及') {
		q.b--
	}
	return q
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
