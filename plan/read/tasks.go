package read

// reader turns the outline into tasks.
type reader struct {
	d         *doc
	cal       calendar
	plan      *Plan
	following []Unit // units named for this and all following tasks
}

// place is where a node stands: the headings above it and what they say.
type place struct {
	path    []string
	section Section
	units   []Unit // units of the headings above, for items without their own
	depth   int
}

// goalsTitle is the title of the task that holds the figures of a goals section.
const goalsTitle = "总体目标"

// document reads the whole outline.
func (r *reader) document(o *outline) {
	r.frontGoals(o)
	for _, k := range o.root.kids {
		r.walk(k, place{section: SectionTasks})
	}
	r.rootText(o)
}

// frontGoals reads figures of goals that stand before the first heading.
func (r *reader) frontGoals(o *outline) {
	d := r.d
	var ps []piece
	for _, b := range o.front {
		if b.row || b.b-b.a < 20 {
			continue
		}
		if x := d.r[b.a:b.b]; goalWords.in(x) || x[0] == '到' && r.goalText(piece{b.a, b.b}) {
			ps = append(ps, piece{b.a, b.b})
		}
	}
	r.goals(ps, place{})
}

// rootText makes each paragraph of a text without headings a task.
func (r *reader) rootText(o *outline) {
	for _, p := range o.root.body {
		if r.goalText(p) {
			r.goals([]piece{p}, place{})
			continue
		}
		if !o.noHeads || p.b-p.a < 20 {
			continue
		}
		it := item{title: firstSentence(r.d, p), whole: p, text: []piece{p}}
		if subs := r.inline(&it); len(subs) > 0 {
			q := place{section: SectionTasks, path: []string{r.d.words(it.title.a, it.title.b, true)}}
			for i := range subs {
				r.emit(&subs[i], q)
			}
			continue
		}
		r.emit(&it, place{section: SectionTasks})
	}
}

// goalWords mark a paragraph that states goals.
var goalWords = listOf(`目标是 预期目标 主要目标 总体目标 工作目标 奋斗目标 目标为 发展目标 目标如下 总目标 行动目标`)

// goalText says whether paragraph p states goals: it names them or begins with
// a time to reach them by.
func (r *reader) goalText(p piece) bool {
	x := r.d.r[p.a:p.b]
	if m := markerAt(r.d, p.a, p.b); m.style != styleNone {
		x = r.d.r[m.b:p.b]
	}
	head := x[:min(len(x), 600)]
	if goalWords.in(head) {
		return true
	}
	for _, w := range []string{"力争", "力争到", "总体目标:", "——"} {
		if startsWith(x, w) {
			x = x[len([]rune(w)):]
		}
	}
	if len(x) < 7 || x[0] != '到' && !isDigit(x[0]) {
		return false
	}
	m, ok := r.cal.at(x, 0, true)
	return ok && !m.past && m.b < len(x) && (x[0] == '到' || x[m.b] == ',')
}

// walk reads a node and everything below it.
func (r *reader) walk(n *node, p place) {
	title := r.d.r[n.title.a:n.title.b]
	if s := sectionOf(title); s != "" && p.section != SectionGoals && p.section != sectionReview && !(p.section == SectionDuties && s == SectionSafeguards) {
		if !(p.depth > 0 && (s == SectionTasks || s == SectionSafeguards || s == sectionReview && n.mark.style > styleCnParen)) || p.section == sectionFrame {
			p.section = s
		}
	}
	switch p.section {
	case sectionReview:
		return
	case SectionGoals:
		if kids := n.items(); len(kids) > 1 && r.goalsWithUnits(n) {
			r.branch(n, kids, place{path: p.path, section: SectionTasks, depth: p.depth + 1})
			return
		}
		if !r.goals(r.allText(n), r.below(n, p)) && goalTasks.is(title) && len(n.items()) > 0 {
			r.branch(n, n.items(), place{path: p.path, section: SectionTasks, depth: p.depth + 1})
		}
		return
	case sectionFrame:
		r.frame(n, p)
		return
	}
	kids := n.items()
	if len(kids) == 0 {
		r.leaf(n, p)
		return
	}
	r.branch(n, kids, p)
}

// goalsWithUnits says that the goals of a section are shared out to units, so
// that each of its items is a task.
func (r *reader) goalsWithUnits(n *node) bool {
	with := 0
	for _, k := range n.kids {
		var us unitSet
		for _, t := range append(r.allText(k), k.block) {
			us.labelled(r.d, t)
		}
		if len(us.units) > 0 {
			with++
		}
	}
	return with*2 > len(n.kids)
}

// items are the children of n that make it a branch: numbered items, bullets
// and rows. Headings without numbers alone do not.
func (n *node) items() []*node {
	for _, k := range n.kids {
		if !k.plain || k.md > 0 {
			return n.kids
		}
		if len(k.items()) > 0 {
			return n.kids
		}
	}
	if n.plain && len(n.kids) > 0 {
		return n.kids
	}
	return nil
}

// below is the place of the children of n.
func (r *reader) below(n *node, p place) place {
	q := p
	q.depth++
	q.path = append(append([]string{}, p.path...), r.d.words(n.title.a, n.title.b, true))
	return q
}

// frame reads a section of principles: only goals in it count.
func (r *reader) frame(n *node, p place) {
	q := r.below(n, p)
	var ps []piece
	for _, b := range n.body {
		if r.goalText(b) || r.pledge(b) {
			ps = append(ps, b)
		}
	}
	r.goals(ps, q)
	for _, k := range n.kids {
		if k.row != nil {
			q.section = SectionTasks
		}
		r.walk(k, q)
		q.section = sectionFrame
	}
}

// pledge says that a paragraph of principles ends in a promise with a figure:
// 确保事故起数下降5%.
func (r *reader) pledge(p piece) bool {
	x := r.d.r[p.a:p.b]
	for i := range x {
		n := aspireWords.at(x[i:])
		if n == 0 && startsWith(x[i:], "确保") {
			n = 2
		}
		for k := i + n; n > 0 && k < len(x) && k < i+40 && x[k] != '。'; k++ {
			if isDigit(x[k]) {
				return true
			}
		}
	}
	return false
}

// branch reads a heading with items below it.
func (r *reader) branch(n *node, kids []*node, p place) {
	d := r.d
	q := r.below(n, p)
	var us unitSet
	var intro, goals []piece
	for _, b := range append([]piece{{n.title.b, n.title.b}}, n.body...) {
		us.read(d, b)
		switch {
		case b.a >= b.b:
		case r.goalText(b):
			goals = append(goals, b)
		default:
			intro = append(intro, b)
		}
	}
	us.read(d, piece{n.title.a, min(n.block.b, n.title.b+200)})
	if len(us.units) > 0 {
		q.units = us.units
	}
	r.goals(goals, q)
	if found := r.figures(intro, us.ranges); len(found) > 0 || r.ownTask(n, intro, us.ranges) {
		if n.mark.style <= styleCn && p.depth == 0 || n.plain {
			r.goals(intro, q)
		} else {
			r.emit(&item{title: n.title, mark: n.mark, whole: piece{n.block.a, kids[0].block.a}, text: intro}, p)
		}
	}
	first := len(r.plan.Tasks)
	for _, k := range kids {
		r.walk(k, q)
	}
	if len(n.afterKid) == 1 {
		r.share(first, n.afterKid[0])
	}
}

// ownTask says that a heading with items below it is a task itself: it says
// what to do, names units, and its items name others.
func (r *reader) ownTask(n *node, intro, lists []piece) bool {
	words := 0
	for _, t := range intro {
		for _, p := range without(t, lists) {
			words += p.b - p.a
		}
	}
	if len(lists) == 0 || words < 20 || n.mark.style <= styleCn || n.plain {
		return false
	}
	for _, k := range n.kids {
		var us unitSet
		for _, t := range append(r.allText(k), k.block) {
			us.read(r.d, t)
		}
		if len(us.units) == 0 {
			return false
		}
	}
	return true
}

// share gives the units of a list that closes a whole section to all its
// tasks, where only the last of them has any.
func (r *reader) share(first int, list piece) {
	ts := r.plan.Tasks[first:]
	if len(ts) < 2 || len(ts[len(ts)-1].Units) == 0 {
		return
	}
	last := ts[len(ts)-1].Units
	if last[0].Span.Start < int(r.d.off[list.a]) {
		return
	}
	for i := range ts[:len(ts)-1] {
		if len(ts[i].Units) > 0 {
			return
		}
	}
	for i := range ts[:len(ts)-1] {
		ts[i].Units = append([]Unit{}, last...)
	}
}

// allText is the text of n and everything below it, titles included.
func (r *reader) allText(n *node) []piece {
	ps := append([]piece{}, n.body...)
	for _, k := range n.kids {
		if k.row != nil {
			ps = append(ps, k.row.text...)
			continue
		}
		if len(k.body) == 0 || k.body[0].a > k.title.a {
			ps = append(ps, k.title)
		}
		ps = append(ps, r.allText(k)...)
	}
	return ps
}
