package read

// splitTitle divides the text a..b of an item into its title and first
// paragraph. more says that text without a number follows, so that a sentence
// standing alone is a heading.
func splitTitle(d *doc, n *node, a, b int, more bool) {
	x := d.r[a:b]
	t, body := titleLength(d, a, x, more)
	n.title = piece{a, a + t}
	if a+body < b {
		n.body = append(n.body, piece{a + body, b})
	}
	n.title = trimTitle(d, n.title)
}

// titleLength gives the length of the title and where the body starts.
func titleLength(d *doc, a int, x []rune, more bool) (title, body int) {
	if len(x) == 0 {
		return 0, 0
	}
	if e := closing(x[:min(len(x), 40)], 0, min(len(x), 40)); x[0] == '(' && e > 2 && e+1 < len(x) {
		return e, e + 1 // 第七条【信息公示】…
	}
	if g := wideGap(d, a, x); g > 0 {
		return g, g
	}
	stop := -1 // first full stop outside brackets and quotation
	comma, colon, bracket := -1, -1, -1
	depth := 0
	for i, c := range x {
		switch c {
		case '(', '“', '《':
			if c == '(' && depth == 0 && bracket < 0 && i > 0 && unitsInside(x[i:]) {
				bracket = i
			}
			depth++
		case ')', '”', '》':
			depth = max(depth-1, 0)
		case '。', '!', '?':
			if depth == 0 {
				stop = i
			}
		case ';', ',':
			if depth == 0 && comma < 0 {
				comma = i
			}
		case ':':
			if depth == 0 && colon < 0 {
				colon = i
			}
		}
		if stop >= 0 || bracket >= 0 {
			break
		}
	}
	first := len(x)
	switch {
	case stop >= 0:
		first = stop
	case bracket >= 0:
		first = bracket
	}
	next := first
	if stop >= 0 {
		next = stop + 1
	}
	alone := next >= len(x)
	switch {
	case colon > 0 && colon < first && colon <= 30 && (comma < 0 || colon < comma):
		return colon, colon + 1
	case alone && stop >= 0 && !more && comma > 0, alone && x[len(x)-1] == ';' && comma > 0:
		return comma, 0
	case first <= 45 || comma < 0 || comma > first:
		if alone && stop >= 0 && !more {
			return first, 0
		}
		if bracket >= 0 && stop < 0 && comma > 0 && comma < first && figureIn(x[:comma]) {
			return comma, 0
		}
		if bracket >= 0 && stop < 0 {
			return first, titleBody(comma, first)
		}
		return first, next
	}
	return comma, 0
}

// figureIn says that x holds a number, so that it is a clause and no title.
func figureIn(x []rune) bool {
	for _, c := range x {
		if isDigit(c) {
			return true
		}
	}
	return false
}

// titleBody keeps the whole text as body where the title is a full clause with
// commas, so that its figures are read.
func titleBody(comma, first int) int {
	if comma > 0 && comma < first || first > 20 {
		return 0
	}
	return first
}

// wideGap finds a wide blank between a short heading and its text.
func wideGap(d *doc, a int, x []rune) int {
	for i := 1; i < len(x) && i < 40; i++ {
		switch x[i-1] {
		case '。', ';', '(', ',', ':':
			return 0
		}
		if i < 4 || len(x)-i < 20 || !d.gap(a+i) {
			continue
		}
		from := int(d.off[a+i-1])
		s := d.src[from:d.off[a+i]]
		blanks := 0
		for _, c := range s {
			if c == ' ' || c == 0xa0 {
				blanks++
			} else if c == 0x3000 {
				blanks += 2
			} else if c == '\n' {
				blanks = -100
			}
		}
		if blanks == 1 && i <= 14 && startsClause(x[i:]) && isHan(x[i-1]) {
			return i
		}
		if blanks >= 2 && isHan(x[i]) && isHan(x[i-1]) {
			return i
		}
	}
	return 0
}

// startsClause says that a sentence with a verb begins at x and does not end
// at once.
func startsClause(x []rune) bool {
	if actionWords.at(x) < 2 && modalWords.at(x) < 2 {
		return false
	}
	for i, c := range x {
		if c == '。' || c == ';' {
			return i > 14
		}
		if c == ',' || c == '、' {
			return i > 6
		}
	}
	return false
}

// trimTitle drops marks around a title.
func trimTitle(d *doc, p piece) piece {
	for p.a < p.b && (d.r[p.a] == '(' && closing(d.r, p.a, p.b) < 0 || d.r[p.a] == ':' || d.r[p.a] == '、' || d.r[p.a] == '.' || d.r[p.a] == ',' || d.r[p.a] == '\t') {
		p.a++
	}
	for p.a < p.b {
		switch d.r[p.b-1] {
		case '。', ';', ':', ',', '、', '\t', '.':
			p.b--
			continue
		}
		break
	}
	return p
}

// firstClause is the part of p before the first comma, semicolon or stop.
func firstClause(d *doc, p piece) piece {
	depth := 0
	for i := p.a; i < p.b; i++ {
		switch d.r[i] {
		case '(', '“', '《':
			depth++
		case ')', '”', '》':
			depth = max(depth-1, 0)
		case ',', ';', '。', ':', '!':
			if depth == 0 && i > p.a {
				return trimTitle(d, piece{p.a, i})
			}
		}
	}
	return trimTitle(d, p)
}

// firstSentence is the part of p before the first full stop.
func firstSentence(d *doc, p piece) piece {
	for i := p.a; i < p.b; i++ {
		if d.r[i] == '。' {
			return piece{p.a, i}
		}
	}
	return p
}
