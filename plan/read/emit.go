package read

import "sort"

// emit writes one task with its units, targets and commitments.
func (r *reader) emit(it *item, p place) {
	d := r.d
	us := unitSet{units: it.units}
	if it.row != nil {
		for i, c := range it.row.units {
			us.parseList(d, c.a, c.b, it.row.roles[i])
		}
		us.due, us.dueText = it.row.due, d.text(it.row.due.a, it.row.due.b)
	}
	for _, t := range it.text {
		us.read(d, t)
	}
	whole := trimWhole(d, it.whole)
	t := Task{
		Title: d.words(it.title.a, it.title.b, true), TitleSpan: d.span(it.title.a, it.title.b),
		Number: d.text(it.mark.na, it.mark.nb), Span: d.span(whole.a, whole.b), Section: p.section,
		Units: us.units, DueText: us.dueText,
	}
	if t.Title == "" || closingWords.in(d.r[whole.a:min(whole.b, whole.a+80)]) {
		return
	}
	if m, ok := r.cal.at(d.r[:us.due.b], us.due.a, true); us.due.a < us.due.b && ok {
		t.Due = m.date
	}
	t.Path = append(append([]string{}, p.path...), t.Title)
	if len(t.Units) == 0 {
		t.Units = append(t.Units, p.units...)
	}
	r.addFollowing(&t, it.text)
	s := r.scan(it.text, us.ranges, false)
	t.Targets, t.Commitments = s.targets, s.commitments
	r.plan.Tasks = append(r.plan.Tasks, fill(t))
}

// closingWords stand in the last clauses of a document, which hold no tasks.
var closingWords = listOf(`自发布之日起 自印发之日起 自公布之日起 自下发之日起 之日起施行 之日起执行 之日起实施 负责解释 此前规定与本 有效期至`)

// addFollowing keeps units that a notice names for all following tasks
// (此项及以下任务均需…) and adds them to t.
func (r *reader) addFollowing(t *Task, text []piece) {
	for _, p := range text {
		if a, b, ok := followingNotice(r.d, p); ok {
			var us unitSet
			us.parseList(r.d, a, b, RoleResponsible)
			r.following = us.units
			sp := r.d.span(p.a, p.b)
			r.plan.Notes = append(r.plan.Notes, Text{Text: r.d.words(a, b, true), Span: sp})
			for i := 0; i < len(t.Units); i++ { // the notice itself is no unit
				if t.Units[i].Span.Start >= sp.Start && contains([]rune(t.Units[i].Name), "以下") {
					t.Units = append(t.Units[:i], t.Units[i+1:]...)
					i--
				}
			}
		}
	}
	if len(r.following) == 0 {
		return
	}
	have := unitSet{units: t.Units}
	for _, u := range r.following {
		have.addUnit(u)
	}
	t.Units = have.units
}

func (u *unitSet) addUnit(n Unit) {
	for _, k := range u.units {
		if k.Name == n.Name {
			return
		}
	}
	u.units = append(u.units, n)
}

// followingNotice finds the units of 此项及以下任务均需各县（市、区）政府落实.
func followingNotice(d *doc, p piece) (a, b int, ok bool) {
	x := d.r[p.a:p.b]
	i := index(x, "以下")
	if i < 0 {
		return 0, 0, false
	}
	for k := i + 2; k+2 < len(x) && k < i+14; k++ {
		if x[k] != '均' || x[k+1] != '需' && x[k+1] != '须' && x[k+1] != '由' && x[k+1] != '涉' {
			continue
		}
		s := k + 2
		if x[k+1] == '涉' {
			s++
		}
		e := s
		depth := 0
		for e < len(x) && e < s+80 {
			c := x[e]
			if c == '(' {
				depth++
			} else if c == ')' {
				depth--
			}
			if depth < 0 || depth == 0 && (c == '。' || c == ',' || c == ';' || ownWords.at(x[e:]) > 0 || supportWords.at(x[e:]) > 0) {
				break
			}
			e++
		}
		return p.a + s, p.a + e, e > s+1
	}
	return 0, 0, false
}

// fill gives empty lists instead of null.
func fill(t Task) Task {
	if t.Units == nil {
		t.Units = []Unit{}
	}
	if t.Targets == nil {
		t.Targets = []Target{}
	}
	if t.Commitments == nil {
		t.Commitments = []Commitment{}
	}
	return t
}

func trimWhole(d *doc, p piece) piece {
	for p.b > p.a && d.r[p.b-1] == '\t' {
		p.b--
	}
	return p
}

// scan reads the figures of the given text without the unit lists in it.
func (r *reader) scan(text, leave []piece, goals bool) *scanner {
	s := &scanner{d: r.d, x: r.d.r, cal: r.cal, goals: goals}
	for _, t := range text {
		for _, p := range without(t, leave) {
			s.paragraph(p.a, p.b)
		}
	}
	return s
}

// figures are the targets in some paragraphs.
func (r *reader) figures(text, leave []piece) []Target {
	return r.scan(text, leave, false).targets
}

// without cuts the ranges out of p; ranges may overlap.
func without(p piece, ranges []piece) []piece {
	out := []piece{}
	if len(ranges) == 0 {
		return append(out, p)
	}
	for _, c := range sortPieces(ranges) {
		if c.b <= p.a || c.a >= p.b {
			continue
		}
		if c.a > p.a {
			out = append(out, piece{p.a, c.a})
		}
		p.a = max(p.a, c.b)
	}
	if p.a < p.b {
		out = append(out, p)
	}
	return out
}

func sortPieces(ps []piece) []piece {
	sorted := true
	for i := 1; i < len(ps); i++ {
		sorted = sorted && ps[i-1].a <= ps[i].a
	}
	if sorted {
		return ps
	}
	q := append([]piece{}, ps...)
	sort.SliceStable(q, func(i, k int) bool { return q[i].a < q[k].a })
	return q
}

// goals writes the figures of goal paragraphs as one task without units and
// says whether there are any.
func (r *reader) goals(ps []piece, p place) bool {
	if len(ps) == 0 {
		return false
	}
	d := r.d
	for _, g := range ps {
		if g.b-g.a >= 8 {
			r.plan.Goals = append(r.plan.Goals, Text{Text: d.words(g.a, g.b, true), Span: d.span(g.a, g.b)})
		}
	}
	s := r.scan(ps, nil, true)
	if len(s.targets) == 0 {
		r.plan.Open = append(r.plan.Open, s.commitments...)
		return false
	}
	whole := piece{ps[0].a, ps[len(ps)-1].b}
	t := Task{
		Title: goalsTitle, TitleSpan: d.span(whole.a, whole.a), Span: d.span(whole.a, whole.b), Section: SectionGoals,
		Path: append(append([]string{}, p.path...), goalsTitle), Targets: s.targets, Commitments: s.commitments,
	}
	r.plan.Tasks = append(r.plan.Tasks, fill(t))
	return true
}
