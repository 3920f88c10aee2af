package read

// Texts taken from web pages often come without line ends. splitBlocks finds
// the headings inside long paragraphs and makes blocks of them.
func splitBlocks(d *doc, bs []block) []block {
	var out []block
	var last numbering
	for k, b := range bs {
		last.open(b.mark)
		marks := innerMarks(d, b, &last)
		if g := gluedItem(d, b); g.style != styleNone && (len(marks) == 0 || marks[0].a > g.a) {
			marks = append([]marker{g}, marks...)
		}
		if len(marks) == 0 {
			if out != nil {
				out = append(out, b)
			}
			continue
		}
		if out == nil {
			out = append(make([]block, 0, len(bs)+len(marks)), bs[:k]...)
		}
		head := b
		head.b = marks[0].a
		if head.b > head.a {
			out = append(out, head)
		}
		for i, m := range marks {
			e := b.b
			if i+1 < len(marks) {
				e = marks[i+1].a
			}
			out = append(out, block{a: m.a, b: e, mark: m})
		}
	}
	if out == nil {
		return bs
	}
	return out
}

// longestHeading is how far a heading may reach before an item glued to it.
const longestHeading = 40

// gluedItem finds the first item of a section on the line of its heading:
// 二、重点任务（一）建设平台。…. It has to follow the words of the heading at
// once and to rank below it.
func gluedItem(d *doc, b block) marker {
	a := b.mark.b
	switch {
	case b.row:
		return marker{}
	case b.mark.style == styleNone:
		a = b.a
	case b.mark.style > styleCnParen:
		return marker{}
	}
	for i := a; i < b.b-leastItem && i < a+longestHeading; i++ {
		if c := d.r[i]; c == '“' || c == '《' || c == '。' || c == ';' || c == ':' {
			return marker{}
		}
		if i < a+4 || !glues(d.r[i-1]) || !inlineStart.has(d.r[i]) {
			continue
		}
		m := markerAt(d, i, b.b)
		fits := m.style == styleCnParen || m.style == styleDec1 && m.value == 1 && d.r[m.nb] != ','
		if fits && m.style > b.mark.style && (b.mark.style != styleNone || knownHeading(d.r[b.a:i])) && isHan(d.r[m.b]) {
			return m
		}
	}
	return marker{}
}

// glues says that a heading may end with c; 款（一） and 第（一） are references.
func glues(c rune) bool {
	return (isHan(c) || c == ')' || c == '”') && c != '第' && c != '款' && c != '条' && c != '项' && c != '的' && c != '和'
}

// leastItem is the least length of an item, so that 一、二、三级 is no list.
const leastItem = 5

// Lengths in runes: a paragraph shorter than shortParagraph is not searched,
// one longer than wholeDocument may be a document without line ends.
const (
	shortParagraph = 60
	wholeDocument  = 200
)

// innerMarks finds the markers inside block b that count up from one or from
// the last number of their style before the block.
func innerMarks(d *doc, b block, last *numbering) []marker {
	if b.row || b.b-b.a < shortParagraph && (b.mark.style != styleIs || b.b-b.a < shortParagraph/2) {
		return nil
	}
	whole := b.b-b.a > wholeDocument
	var cand []marker
	depth := 0
	for i := b.a + 1; i < b.b; i++ {
		c := d.r[i]
		if depth > 0 {
			if c == '”' || c == '》' || c == ')' || c == '。' {
				depth--
			}
		}
		if c == '“' || c == '《' || c == '(' && !isCnDigit(d.r[min(i+1, b.b-1)]) {
			depth++
			continue
		}
		if depth > 0 || !inlineStart.has(c) {
			continue
		}
		after := sentenceEnd(d.r[i-1]) || d.r[i-1] == ')' || d.gap(i)
		glued := len(cand) > 0 && cand[len(cand)-1].style < styleCnParen && i-cand[len(cand)-1].b < longestHeading && glues(d.r[i-1])
		if !after && !whole && !glued {
			continue
		}
		m := markerAt(d, i, b.b)
		next := after && m.style == styleCn && m.value > 1 && m.value == last[styleCn]+1
		if innerStyle(d, m, b.mark.style, whole || next, after) {
			cand = append(cand, m)
		}
	}
	return inSequence(d, cand, b.mark, last)
}

// innerStyle says whether a marker may stand inside a paragraph.
func innerStyle(d *doc, m marker, head style, whole, after bool) bool {
	if m.style != styleNone && m.style == head {
		return after
	}
	switch m.style {
	case styleCn:
		c := d.r[m.nb]
		return whole && (c == '、' || c == '.' && after)
	case styleCnParen:
		return true
	case styleBook, styleChapter, stylePart, styleArticle, styleDec2:
		return whole && after
	case styleDec1:
		if !after {
			return whole && d.r[m.nb] == '.' && isHan(d.r[m.b]) && isHan(d.r[m.a-1]) && d.r[m.a-1] != '第'
		}
		return d.r[m.nb] == '.' || d.r[m.nb] == '、'
	}
	return false
}

// inSequence keeps the candidates that continue the numbering of their style;
// a style starts again below a higher one. Fewer than two are an accident.
func inSequence(d *doc, cand []marker, head marker, last *numbering) []marker {
	total := map[style]int{}
	var out []marker
	for k, m := range cand {
		want := last[m.style] + 1
		if len(out) > 0 && m.a-out[len(out)-1].b < leastItem && !(m.style > out[len(out)-1].style && m.a-out[len(out)-1].b >= 2) || m.a > 0 && prevIsOrdinal(d, m) {
			continue
		}
		if m.value != want && !(want > 1 && m.value == want+1) && !(m.value == 1 && followed(cand[k+1:], m.style, last)) {
			continue
		}
		last[m.style] = m.value
		total[m.style]++
		if len(out) > 0 && out[len(out)-1].style < m.style && m.a-out[len(out)-1].b < longestHeading || m.value > 1 && m.value == want && (sentenceEnd(d.r[m.a-1]) || d.r[m.a-1] == ')') {
			total[m.style]++ // counts on from before
		}
		out = append(out, m)
	}
	kept := out[:0]
	for _, m := range out {
		if total[m.style] >= 2 || m.style == head.style {
			kept = append(kept, m)
		}
	}
	return kept
}

// prevIsOrdinal says that the number is part of 第一、第二.
func prevIsOrdinal(d *doc, m marker) bool { return d.r[m.a-1] == '第' }

// followed says that number two of a style comes before a heading above it.
func followed(rest []marker, s style, last *numbering) bool {
	for _, m := range rest {
		if m.style == s {
			return m.value == 2
		}
		if m.style < s && m.value == last[m.style]+1 {
			return false
		}
	}
	return false
}
