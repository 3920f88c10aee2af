package read

// item is a task before it is written.
type item struct {
	mark  marker
	title piece
	whole piece
	text  []piece
	row   *rowCells
	units []Unit // units already known, such as a heading that names one
}

// leaf reads a node without items: one task, or one for each 一是, 二是 in it.
func (r *reader) leaf(n *node, p place) {
	d := r.d
	text := append([]piece{}, n.body...)
	if e := headEnd(n); e > n.title.a {
		text = append([]piece{{n.title.a, e}}, text...)
	}
	if n.row != nil {
		r.row(n, p)
		return
	}
	for _, k := range n.kids {
		text = append(text, k.block)
		for _, b := range r.allText(k) {
			if b.a >= k.block.b {
				text = append(text, b)
			}
		}
	}
	it := item{mark: n.mark, title: n.title, whole: piece{n.block.a, n.end}, text: text}
	if n.plain || n.mark.style == styleBullet {
		it.mark = marker{}
	}
	if n.plain && len(n.body) == 0 && n.md == 0 {
		return // a line by itself
	}
	if parts := r.parts(n); len(parts) > 1 {
		q := r.below(n, p)
		for _, k := range parts {
			r.emit(&k, q)
		}
		return
	}
	if allUnits(d, n.title.a, n.title.b) && n.title.b-n.title.a <= 40 && n.title.b > n.title.a {
		var us unitSet
		us.parseList(d, n.title.a, n.title.b, RoleResponsible)
		it.units = us.units
		p.section = SectionDuties
		r.emit(&it, p)
		return
	}
	if subs := r.inline(&it); len(subs) > 0 {
		q := r.below(n, p)
		var us unitSet
		for _, t := range text {
			us.read(d, t)
		}
		if len(us.units) > 0 {
			q.units = us.units
		}
		for i := range subs {
			r.emit(&subs[i], q)
		}
		return
	}
	r.emit(&it, p)
}

// headEnd is where the part of a heading's block that is not yet body ends.
func headEnd(n *node) int {
	e := n.block.b
	if len(n.body) > 0 && n.body[0].a < e {
		e = n.body[0].a
	}
	return e
}

// parts divides a section without items whose paragraphs each close with a
// unit list: each part is a task of its own.
func (r *reader) parts(n *node) []item {
	if len(n.body)+len(n.kids) < 2 {
		return nil
	}
	d := r.d
	var out []item
	var cur *item
	closed := true
	add := func(b piece, title piece) {
		if closed {
			out = append(out, item{title: title, whole: b})
			cur, closed = &out[len(out)-1], false
		}
		cur.text = append(cur.text, b)
		cur.whole.b = b.b
		var us unitSet
		us.read(d, b)
		closed = len(us.ranges) > 0
	}
	for _, b := range n.body {
		if b.a <= n.title.a {
			return nil
		}
		if closed && cur != nil && unitLine(d.r[b.a:b.b]) {
			closed = false // a second list of the same part
		}
		add(b, firstClause(d, b))
	}
	for _, k := range n.kids {
		closed = true
		add(k.block, k.title)
		for _, b := range k.body {
			if b.a >= k.block.b {
				closed = false
				add(b, piece{})
			}
		}
	}
	withUnits := 0
	for _, it := range out {
		var us unitSet
		for _, t := range it.text {
			us.read(d, t)
		}
		if len(us.units) > 0 {
			withUnits++
		}
	}
	if withUnits < 2 || withUnits < len(out)-1 {
		return nil
	}
	return out
}

// inline finds items numbered inside paragraphs: 一是…；二是….
func (r *reader) inline(it *item) []item {
	d := r.d
	var out []item
	for _, t := range it.text {
		marks := inlineMarks(d, t)
		for i, m := range marks {
			e := t.b
			if i+1 < len(marks) {
				e = marks[i+1].a
			}
			whole := piece{m.a, e}
			title := firstSentence(d, piece{m.b, e})
			if title.b-title.a > 24 || title.b+1 >= e {
				title = firstClause(d, piece{m.b, e})
			}
			out = append(out, item{mark: m, title: trimTitle(d, title), whole: whole, text: []piece{{m.b, e}}})
		}
	}
	return out
}

// inlineMarks finds a run of markers of one style that count up from one and
// stand where a sentence or clause begins; nil if there are fewer than two.
func inlineMarks(d *doc, p piece) []marker {
	var best []marker
	runs := map[style][]marker{}
	depth := 0
	for i := p.a; i < p.b; i++ {
		c := d.r[i]
		switch c {
		case '“', '《':
			depth++
		case '”', '》':
			depth = max(depth-1, 0)
		}
		if depth > 0 || !inlineStart.has(c) || i > p.a && !sentenceEnd(d.r[i-1]) && d.r[i-1] != ')' {
			continue
		}
		m := markerAt(d, i, p.b)
		switch m.style {
		case styleIs, styleParen, styleCircle, styleOrdinal, styleHalf:
		default:
			continue
		}
		run := runs[m.style]
		if m.value == len(run)+1 {
			runs[m.style] = append(run, m)
			if len(runs[m.style]) > len(best) {
				best = runs[m.style]
			}
		}
	}
	if len(best) < 2 {
		return nil
	}
	return best
}

var inlineStart = func() (b runeSet) {
	for _, c := range "一二三四五六七八九十(①②③④⑤⑥⑦⑧⑨⑩第123456789⑴⑵⑶⑷⑸" {
		b.add(c)
	}
	return b
}()

// row writes a row of a table.
func (r *reader) row(n *node, p place) {
	d := r.d
	for _, c := range n.row.above {
		p.path = append(p.path[:len(p.path):len(p.path)], d.words(c.a, c.b, true))
	}
	it := item{mark: n.mark, title: n.title, whole: n.block, text: n.row.text, row: n.row}
	r.emit(&it, p)
}
