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
	stop   bool // holds a full stop or a semicolon
	comma  bool // holds a comma
}

// blocks joins the lines that belong together. Texts come with hard line ends
// at the page's width, with paragraphs broken by a page, or with one paragraph
// a line.
func blocks(d *doc) []block {
	width := wrapWidth(d)
	out := make([]block, 0, len(d.lines))
	last := 0 // display width of the last line of the open block
	var number numbering
	for k, l := range d.lines {
		cur := block{a: l.a, b: l.b, md: l.md, row: l.row, bullet: l.bullet, gap: l.blank}
		if !l.row {
			cur.mark = markerAt(d, l.a, l.b)
		}
		if len(out) > 0 && !l.row && !serialCell(d, k) &&
			(midSentence(d, &out[len(out)-1], cur, last, width, &number) || continues(d, &out[len(out)-1], cur, l, last, width)) {
			out[len(out)-1].b = l.b
		} else {
			number.open(cur.mark)
			out = append(out, cur)
		}
		p := &out[len(out)-1]
		p.stop, p.comma = p.stop || has(d.r[l.a:l.b], '。') || has(d.r[l.a:l.b], ';'), p.comma || has(d.r[l.a:l.b], ',')
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

// numbering is the last number of each style at the head of a block.
type numbering [stylePlain + 1]int

func (n *numbering) open(m marker) { n[m.style] = m.value }

// follows says that m may open a block: it counts on, or from one.
// Excerpts leave items out, so a sure mark may skip two.
func (n *numbering) follows(m marker) bool {
	last := n[m.style]
	return m.value == 1 || m.value == last+1 || m.nb < m.b && m.value > last && m.value <= last+3
}

// midSentence says that a line of a text wrapped at a fixed width goes on in
// the middle of a sentence, though it may begin like an item: 第 / 一、….
func midSentence(d *doc, p *block, cur block, last, width int, number *numbering) bool {
	end := d.r[p.b-1]
	least := width - 10
	if end == ';' {
		least = width * 4 / 5
	}
	if width == 0 || last < least || last > width+2 || p.row || cur.md > 0 || cur.bullet || p.md > 0 || sentenceEnd(end) && end != ';' || end == ')' {
		return false
	}
	if end == ';' {
		return cur.mark.style == styleNone && !cur.gap && p.comma && !labelLine(d.r[cur.a:cur.b])
	}
	switch style := cur.mark.style; {
	case isDigit(end) && isDigit(d.r[cur.a]), end == '第' && style != styleNone:
		return true
	case style == styleBullet:
		return false
	case p.stop && p.b-p.a > 40:
		return style == styleNone || !number.follows(cur.mark) || cur.mark.value == 1 && style != styleIs
	case style == styleNone:
		return p.comma && p.mark.style == styleNone && !labelLine(d.r[cur.a:cur.b])
	}
	return p.comma && p.b-p.a > 45 && !unitLine(d.r[p.a:p.b]) && !number.follows(cur.mark)
}

// labelLine says that x begins with a label such as 责任单位：.
func labelLine(x []rune) bool {
	if x[0] == '(' {
		x = x[1:]
	}
	k := indexRune(x[:min(len(x), 14)], ':')
	return k > 1 && (unitLine(x) || dueLabels.is(x[:k]) || otherLabels.is(x[:k]))
}

// continues says whether line cur goes on with the open block p.
func continues(d *doc, p *block, cur block, l line, last, width int) bool {
	if p.row || p.md > 0 || l.md > 0 || l.bullet {
		return false
	}
	x := d.r[p.a:p.b]
	end := x[len(x)-1]
	if openEnd(x) {
		return cur.mark.style == styleNone || cur.mark.style == styleIs || cur.mark.style == styleHalf && count(x, '(') > count(x, ')')
	}
	if cur.mark.style != styleNone {
		return false
	}
	if isDigit(end) && isDigit(d.r[cur.a]) && len(x) > 12 && cur.b-cur.a > 8 {
		return true
	}
	head := d.r[cur.a]
	if closers.has(head) && head != '—' {
		return !sentenceEnd(end) || head == ')' || head == '”'
	}
	if sentenceEnd(end) || !cutName(d, p, cur) && ownLine(d, cur) {
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
		return body > 45 || p.comma && body >= 18 && figureIn(d.r[p.mark.b:p.b])
	case p.comma && body >= 18:
		return true
	}
	return body > 50
}

// ownLine says that a line is a list of units or a date, which stands alone.
func ownLine(d *doc, cur block) bool {
	y := d.r[cur.a:cur.b]
	return unitLine(y) || nameAtEnd(y) && allUnits(d, cur.a, cur.b) || dueCell(y)
}

// cutName says that a line goes on with a name that the line end cut in two:
// 由区教 / 育局、区委组织部负责。
func cutName(d *doc, p *block, cur block) bool {
	y := d.r[cur.a:cur.b]
	return p.stop && !cur.gap && afterStop(d.r[p.a:p.b]) > 0 && !looksUnit(y) && isHan(y[0]) && !labelLine(y) && !dueCell(y)
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
	if len(x) > 8 && openWords.before(x) > 0 {
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

// openWords cannot end a line that is complete.
var openWords = listOf(`不少于 不低于 不超过 达到 超过 控制在 提高到 提升到 的 和 与 及`)

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
	if startsWith(x, "附件") || startsWith(x, "附表") || x[0] == '(' && unitLine(x) {
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
