package read

// scanner reads the figures of one task, paragraph by paragraph.
type scanner struct {
	d     *doc
	x     []rune
	cal   calendar
	goals bool    // every figure of a goals section is a target unless it is clearly none
	carry *moment // time expression of a lead-in that ends with a colon

	targets     []Target
	commitments []Commitment
	marks       []mention // figures of the sentence being read; reused
}

// longClause bounds how far back and forth the words around a figure matter,
// so that a text without punctuation is read in linear time.
const longClause = 160

// paragraph reads the runes a..b.
func (s *scanner) paragraph(a, b int) {
	start, depth := a, 0
	lead := s.carry
	s.carry = nil
	for i := a; i < b; i++ {
		switch s.x[i] {
		case '“', '(', '《':
			depth++
		case '”', ')', '》':
			depth = max(depth-1, 0)
		case '。', '!', '?', '\t':
			if depth == 0 || s.x[i] == '。' {
				s.sentence(start, i, lead)
				start, lead, depth = i+1, nil, 0
			}
		}
	}
	if start < b {
		s.sentence(start, b, lead)
	}
}

// sentence reads the figures between two full stops.
func (s *scanner) sentence(a, b int, lead *moment) {
	if b-a < 2 {
		return
	}
	s.marks = s.marks[:0]
	s.collect(a, b, lead)
	s.judge(b)
	s.promises(a, b)
}

// stroll is the state of one pass over a sentence.
type stroll struct {
	when, lasting *moment // lasting: without a 每季度 inside a clause, which holds for it alone
	clause, left  int     // where the clause and the text after the last figure, time or 、 begin
	quote, paren  int     // depth
}

// collect finds time expressions and figures in order.
func (s *scanner) collect(a, b int, lead *moment) {
	w := stroll{when: lead, lasting: lead, clause: a, left: a}
	for i := a; i < b; {
		c := s.x[i]
		if c == '“' || c == '《' {
			if m, ok := s.quotedPeriod(i, b); ok {
				w.when, w.lasting, i = m, m, m.b
				if w.left == m.a {
					w.left = m.b
				}
				continue
			}
		}
		w.border(c, i)
		if c == ':' && i == b-1 {
			s.carry = w.when
		}
		if w.quote == 0 && startsMoment.has(c) {
			if m, ok := s.momentAt(i, b, w.clause); ok {
				w.time(s.x[:b], &m)
				i = m.b
				continue
			}
		}
		if w.quote > 0 || !isNumeral(c) && c != '翻' {
			i++
			continue
		}
		m, next, ok := s.mentionAt(i, a, b)
		if !ok {
			i = next
			continue
		}
		s.found(&w, &m, i)
		i = m.end
		w.left = max(w.left, m.end)
	}
}

// border notes brackets and the ends of clauses.
func (w *stroll) border(c rune, i int) {
	switch c {
	case '“', '《':
		w.quote++
	case '”', '》':
		w.quote = max(w.quote-1, 0)
	case '(':
		w.paren++
	case ')':
		w.paren = max(w.paren-1, 0)
	case ',', ';', ':':
		if w.quote == 0 && w.paren == 0 {
			w.clause, w.left = i+1, i+1
			if c != ':' {
				w.when = w.lasting
			}
		}
	case '、':
		if w.quote == 0 && w.paren == 0 {
			w.left = i + 1
		}
	}
}

// time notes the time expression m; what figures are compared with is passed over.
func (w *stroll) time(x []rune, m *moment) {
	if m.base {
		return
	}
	m.past = m.past || m.date == "" && w.when != nil && w.when.past // 据统计，每日近200吨
	w.when = m
	if m.date != "" || m.past || m.a == w.clause {
		w.lasting = m
	}
	if w.left == m.a || onlyModal(x[w.left:m.a]) {
		w.left = m.b
		if w.left < len(x) && x[w.left] == ',' {
			w.left++
			w.clause = w.left
		}
	}
}

// found notes figure m at rune i with its surroundings.
func (s *scanner) found(w *stroll, m *mention, i int) {
	m.phrase, m.clause, m.left, m.when = w.clause, max(w.clause, i-longClause), max(w.left, i-longClause), w.when
	m.quoted, m.paren = w.quote > 0, w.paren > 0
	k := len(s.marks)
	if k > 0 && (s.marks[k-1].phrase == w.clause || w.left <= s.marks[k-1].end) {
		s.marks[k-1].stop = m.left
	}
	if k > 0 && s.marks[k-1].end >= m.left {
		m.left = s.marks[k-1].end
		s.marks[k-1].stop = m.f.a
	}
	s.before(m)
	s.marks = append(s.marks, *m)
}

// quotedPeriod reads “十四五”末.
func (s *scanner) quotedPeriod(i, b int) (*moment, bool) {
	n, date, ok := s.cal.period(s.x[:b], i, false)
	if !ok {
		return nil, false
	}
	return &moment{a: i, b: n, date: date}, true
}

// momentAt reads a time expression in its surroundings.
func (s *scanner) momentAt(i, b, clause int) (moment, bool) {
	x := s.x[:b]
	if i > clause && (isDigit(x[i-1]) && isDigit(x[i]) || isLatin(x[i-1]) && isLatin(x[i])) {
		return moment{}, false
	}
	start := i == clause || onlyModal(x[clause:i]) || x[i-1] == '于' || x[i-1] == '在' || x[i-1] == '到'
	m, ok := s.cal.at(x, i, start)
	if !ok || m.b <= i {
		return m, false
	}
	if i > clause {
		switch x[i-1] {
		case '比', '较', '以', '自', '从', '同', '与', '和':
			m.base = x[i-1] != '和' || m.past
		}
	}
	if m.past && m.b < b && (x[m.b] == '比' || startsWith(x[m.b:], "相比") || startsWith(x[m.b:], "同期")) {
		m.base = true
	}
	if startsWith(x[m.b:], "以来") {
		m.past, m.base = true, false
		return m, true
	}
	if startsWith(x[m.b:], "工作") || m.b < b && x[m.b] == '的' {
		m.base = true
	}
	return m, true
}

// onlyModal says that x holds nothing but words such as 力争, 确保.
func onlyModal(x []rune) bool {
	if len(x) > 30 {
		return false
	}
	for len(x) > 0 {
		n := modalWords.at(x)
		if n == 0 {
			return false
		}
		x = x[n:]
	}
	return true
}
