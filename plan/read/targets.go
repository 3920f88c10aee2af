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

// collect finds time expressions and figures in order.
func (s *scanner) collect(a, b int, lead *moment) {
	x := s.x
	when, lasting := lead, lead // lasting: without a 每季度 inside a clause, which holds for it alone
	clause, left := a, a
	quote, paren := 0, 0
	for i := a; i < b; {
		c := x[i]
		switch c {
		case '“', '《':
			if m, ok := s.quotedPeriod(i, b); ok {
				when, lasting, i = m, m, m.b
				if left == m.a {
					left = m.b
				}
				continue
			}
			quote++
		case '”', '》':
			quote = max(quote-1, 0)
		case '(':
			paren++
		case ')':
			paren = max(paren-1, 0)
		case ',', ';', ':':
			if quote == 0 && paren == 0 {
				clause, left = i+1, i+1
				if c != ':' {
					when = lasting
				}
			}
			if c == ':' && i == b-1 {
				s.carry = when
			}
		case '、':
			if quote == 0 && paren == 0 {
				left = i + 1
			}
		}
		if quote == 0 && startsMoment.has(c) {
			if m, ok := s.momentAt(i, b, clause); ok {
				if m.base {
					i = m.b
					continue
				}
				m.past = m.past || m.date == "" && when != nil && when.past // 据统计，每日近200吨
				when = &m
				if m.date != "" || m.past || m.a == clause {
					lasting = when
				}
				if left == m.a || onlyModal(x[left:m.a]) {
					left = m.b
					if left < b && x[left] == ',' {
						left++
						clause = left
					}
				}
				i = m.b
				continue
			}
		}
		if quote > 0 || !isNumeral(c) && c != '翻' {
			i++
			continue
		}
		m, next, ok := s.mentionAt(i, a, b)
		if !ok {
			i = next
			continue
		}
		m.phrase, m.clause, m.left, m.when = clause, max(clause, i-longClause), max(left, i-longClause), when
		m.quoted, m.paren = quote > 0, paren > 0
		if k := len(s.marks); k > 0 && s.marks[k-1].phrase == clause || k > 0 && left <= s.marks[k-1].end {
			s.marks[k-1].stop = m.left
		}
		if k := len(s.marks); k > 0 && s.marks[k-1].end >= m.left {
			m.left = s.marks[k-1].end
			s.marks[k-1].stop = m.f.a
		}
		s.before(&m)
		s.marks = append(s.marks, m)
		i = m.end
		left = max(left, m.end)
	}
	if b > a && x[b-1] == ':' {
		s.carry = when
	}
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
