package read

import (
	"sort"
	"strings"
)

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

// classify sets what the figure measures.
func (s *scanner) classify(t *Target, m *mention, quote piece) {
	x := s.x
	left := x[quote.a:m.f.a]
	if m.clause < quote.a {
		left = x[m.clause:m.f.a]
	}
	t.Aspirational = aspireWords.in(left)
	t.Cumulative = contains(left, "累计")
	unit := x[m.unit.a:m.unit.b]
	near := x[max(m.pre-6, m.clause):m.f.a]
	if levelTo.in(near) {
		t.Change = ""
	} else if upWords.in(near) && !contains(near, "新增") {
		t.Change = ChangeUp
	} else if downWords.in(near) {
		t.Change = ChangeDown
	}
	switch {
	case rateUnits.is(unit) || m.f.percent:
		t.Kind = KindRate
	case flowWords.in(left):
		t.Kind = KindFlow
	case stockWords.in(left):
		t.Kind = KindStock
	default:
		t.Kind = KindFlow
	}
}
