package read

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
			p, ok = s.cellBefore(m)
		}
		if n := noun.b - noun.a; !ok && (n >= 4 || n >= 2 && noun.a > lo) { // 完成改造120处
			p, ok = piece{noun.b - 2, noun.b}, true
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
