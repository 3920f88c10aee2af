package read

// block is a heading, a paragraph or a table row: the runes a..b.
type block struct {
	a, b   int
	mark   marker
	md     int8
	row    bool // cells divided by '\t'
	plain  bool // a heading without a number
	bullet bool // a markdown bullet
	gap    bool // an empty line stands before it
	stop   bool // holds a full stop
	comma  bool // holds a comma
}

// blocks joins the lines that belong together. Texts come with hard line ends
// at the page's width, with paragraphs broken by a page, or with one paragraph
// a line.
func blocks(d *doc) []block {
	width := wrapWidth(d)
	out := make([]block, 0, len(d.lines))
	last := 0 // display width of the last line of the open block
	for k, l := range d.lines {
		cur := block{a: l.a, b: l.b, md: l.md, row: l.row, bullet: l.bullet, gap: l.blank}
		if !l.row {
			cur.mark = markerAt(d, l.a, l.b)
		}
		if len(out) > 0 && !l.row && continues(d, &out[len(out)-1], cur, l, last, width) && !serialCell(d, k) {
			out[len(out)-1].b = l.b
		} else {
			out = append(out, cur)
		}
		p := &out[len(out)-1]
		p.stop, p.comma = p.stop || has(d.r[l.a:l.b], '。'), p.comma || has(d.r[l.a:l.b], ',')
		last = l.width
	}
	out = dropAttachmentList(d, splitBlocks(d, out))
	for i := range out {
		markPlain(d, out, i)
	}
	return out
}

// serialCell says that line k is a bare serial number between other short
// lines, as in a table flattened to one cell a line.
func serialCell(d *doc, k int) bool {
	l := d.lines[k]
	v, n := ordinal(d.r[l.a:l.b])
	return v > 0 && n == l.b-l.a && isDigit(d.r[l.a])
}

// continues says whether line cur goes on with the open block p.
func continues(d *doc, p *block, cur block, l line, last, width int) bool {
	if p.row || p.md > 0 || l.md > 0 || l.bullet {
		return false
	}
	x := d.r[p.a:p.b]
	end := x[len(x)-1]
	if openEnd(x) {
		return cur.mark.style == styleNone || cur.mark.style == styleIs
	}
	if cur.mark.style != styleNone {
		return false
	}
	head := d.r[cur.a]
	if closers.has(head) && head != '—' {
		return !sentenceEnd(end) || head == ')' || head == '”'
	}
	if sentenceEnd(end) || unitLine(d.r[cur.a:cur.b]) || nameAtEnd(d.r[cur.a:cur.b]) && allUnits(d, cur.a, cur.b) || dueCell(d.r[cur.a:cur.b]) {
		return false
	}
	if l.indent && width > 0 {
		return false
	}
	if width > 0 && last >= width-4 && last <= width+2 {
		return true
	}
	body := len(x) - (p.mark.b - p.mark.a)
	switch {
	case p.stop && body > 12:
		return true // a paragraph that was cut
	case p.mark.style != styleNone:
		return body > 45
	case p.comma && body >= 18:
		return true
	}
	return body > 50
}

// nameAtEnd says that x ends like the name of a unit.
func nameAtEnd(x []rune) bool { return strongTails.before(x) > 0 || weakTails.before(x) > 0 }

// openEnd says that x ends where no sentence can: after a comma or inside a
// bracket or quotation.
func openEnd(x []rune) bool {
	switch x[len(x)-1] {
	case ',', '、', '(', '“', '《', '-':
		return true
	}
	depth, n := 0, 0
	for i := len(x) - 1; i >= 0 && n < 300; i, n = i-1, n+1 {
		switch x[i] {
		case ')', '”', '》':
			depth++
		case '(', '“', '《':
			depth--
			if depth < 0 {
				return true
			}
		case '。':
			if depth == 0 {
				return false
			}
		}
	}
	return false
}

func sentenceEnd(c rune) bool {
	switch c {
	case '。', '!', '?', ';', ':', '…':
		return true
	}
	return false
}

var closers = func() (b runeSet) {
	for _, c := range ",。、;:!?)”》%…—" {
		b.add(c)
	}
	return b
}()

// wrapWidth gives the display width at which the text is hard wrapped, or 0.
func wrapWidth(d *doc) int {
	var hist [256]int
	open, all := 0, 0
	for _, l := range d.lines {
		if l.row || l.b-l.a < 15 {
			continue
		}
		all++
		w := l.width
		if w < len(hist) && !sentenceEnd(d.r[l.b-1]) {
			open++
			hist[w]++
		}
	}
	if open < 4 || open*3 < all {
		return 0
	}
	best, at := 0, 0
	for w := 30; w+3 < len(hist); w++ {
		if s := hist[w] + hist[w+1] + hist[w+2] + hist[w+3]; s >= best {
			best, at = s, w+3
		}
	}
	if best < 4 || best*2 < open || best*3 < all {
		return 0
	}
	return at
}

// markPlain decides whether block i is a heading without a number.
func markPlain(d *doc, bs []block, i int) {
	b := &bs[i]
	x := d.r[b.a:b.b]
	if b.row || b.bullet || b.mark.style != styleNone {
		return
	}
	if b.md > 0 {
		b.plain = true
		return
	}
	if startsWith(x, "附件") || startsWith(x, "附表") {
		return
	}
	n := len(x)
	if x[n-1] == '。' {
		n--
	}
	if n < 2 || n > 40 || i+1 >= len(bs) || bs[i+1].row {
		return
	}
	for _, c := range x[:n] {
		if c == '。' || c == ';' || c == ':' || c == '!' || c == '?' {
			return
		}
	}
	next := bs[i+1]
	nx := next.b - next.a
	switch {
	case knownHeading(x[:n]):
		b.plain = n == len(x) || n <= 12
	case x[n-1] == ',' || x[n-1] == '、':
	case n < len(x): // a sentence of its own: 大力提振消费。
		b.plain = n <= 16 && next.mark.style == styleNone && nx > 40 && !has(x, ',')
	default:
		b.plain = next.mark.style == styleNone && nx > 30 && contains(d.r[next.a:next.b], "。") || next.mark.style != styleNone && nx > 30
	}
}
