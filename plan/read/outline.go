package read

// piece is a range of runes of the document.
type piece struct{ a, b int }

// node is a heading or item with the text and the items below it.
type node struct {
	mark     marker
	md       int8
	plain    bool
	known    bool      // without a number, but the usual name of a section
	row      *rowCells // set for a row of a table
	title    piece
	block    piece   // the block that holds the number and title
	body     []piece // paragraphs below the title, before and between children
	kids     []*node
	parent   *node
	afterKid []piece // unit lines of their own that stand after the last child
	end      int     // last rune of the node
}

// outline holds the tree of a document and the text before its first heading.
type outline struct {
	root    *node
	front   []block // everything before the first heading: covers, titles, salutation
	noHeads bool    // no numbered headings in the document
}

// buildOutline arranges the blocks as a tree by the styles of their numbers.
func buildOutline(d *doc, bs []block) *outline {
	o := &outline{root: &node{}}
	bs = dropFragments(d, bs)
	first := firstHeading(d, bs)
	o.noHeads = !anyNumbers(bs)
	if first < 0 {
		first = titleEnd(d, bs)
	}
	o.front = bs[:first]
	top := o.root
	var cols []column // of the table read last
	for i := first; i < len(bs); i++ {
		b := bs[i]
		switch {
		case b.row:
			j := i
			for j < len(bs) && bs[j].row {
				j++
			}
			cols = addTable(d, top, bs[i:j], cols)
			i = j - 1
			continue
		case flatTable(d, bs[i:]) > 0:
			if n := addFlatTable(d, top, bs[i:]); n > 0 {
				i += n - 1
				continue
			}
		}
		if b.mark.style == styleNone && !b.plain && !b.bullet {
			addParagraph(d, top, b)
			continue
		}
		top = addHeading(d, top, bs, i)
	}
	finish(o.root, len(d.r))
	return o
}

// addHeading opens a node below the right ancestor of top.
func addHeading(d *doc, top *node, bs []block, i int) *node {
	b := bs[i]
	n := &node{mark: b.mark, md: b.md, plain: b.plain && b.mark.style == styleNone, block: piece{b.a, b.b}}
	if b.bullet && n.mark.style == styleNone {
		n.mark = marker{style: styleBullet, a: b.a, na: b.a, nb: b.a, b: b.a}
	}
	if n.plain {
		n.mark = marker{style: stylePlain, a: b.a, na: b.a, nb: b.a, b: b.a}
	}
	n.known = n.plain && knownHeading(d.r[b.a:b.b])
	n.parent = parentFor(top, n)
	n.parent.kids = append(n.parent.kids, n)
	last := i+1 >= len(bs) || bs[i+1].mark.style != styleNone && bs[i+1].mark.style <= n.mark.style || unitLine(d.r[bs[i+1].a:bs[i+1].b])
	splitTitle(d, n, n.mark.b, b.b, !last)
	return n
}

// parentFor walks up from top to the node that n belongs under.
func parentFor(top, n *node) *node {
	if n.md > 0 {
		for top.parent != nil && (top.md == 0 || top.md >= n.md) {
			top = top.parent
		}
		return top
	}
	s := n.mark.style
	if n.known {
		return plainRoot(top)
	}
	for p := top; p.parent != nil; p = p.parent {
		if p.mark.style == s && !p.known {
			return p.parent
		}
	}
	if s == stylePlain || s == styleWord {
		for top.parent != nil && top.mark.style >= styleDec1 && s == styleWord && !(top.mark.style == styleDec1 && top.parent.parent == nil) {
			top = top.parent
		}
		for top.parent != nil && (top.mark.style == styleBullet || top.mark.style == styleIs) {
			top = top.parent
		}
		return top
	}
	// a style not open yet goes below every style that ranks above it
	for p := top; p.parent != nil; p = p.parent {
		if ps := p.mark.style; ps > s && ps != stylePlain && ps != styleWord && p.md == 0 {
			top = p.parent
		}
	}
	return top
}

// plainRoot finds where a well-known heading without a number belongs: above
// all other headings without numbers.
func plainRoot(top *node) *node {
	at := top
	for p := top; p.parent != nil; p = p.parent {
		if p.plain {
			at = p.parent
		} else if p.md > 0 {
			break
		}
	}
	return at
}

func addParagraph(d *doc, n *node, b block) {
	if n.parent != nil && n.plainUnits(d, b) {
		n.parent.afterKid = append(n.parent.afterKid, piece{b.a, b.b})
	}
	n.body = append(n.body, piece{b.a, b.b})
}

// plainUnits says whether block b is a unit list on a line of its own that may
// belong to all items of the parent.
func (n *node) plainUnits(d *doc, b block) bool { return unitLine(d.r[b.a:b.b]) }

// finish sets where each node ends.
func finish(n *node, end int) {
	n.end = end
	for i, k := range n.kids {
		e := end
		if i+1 < len(n.kids) {
			e = n.kids[i+1].block.a
		}
		finish(k, e)
	}
}

// firstHeading finds the first numbered or well-known heading that starts the
// body of the document; -1 if there is none.
func firstHeading(d *doc, bs []block) int {
	for i, b := range bs {
		switch {
		case b.row:
			if headerRow(d, b) {
				return i
			}
		case b.mark.style >= styleBook && b.mark.style <= styleIs && b.mark.style != styleWord:
			if tocEntry(d, bs, i) {
				continue
			}
			return firstPlainAbove(bs, i)
		case b.mark.style == styleWord && b.b-b.mark.b > 3:
			return i
		case b.plain && knownHeading(d.r[b.a:b.b]):
			return i
		case flatTable(d, bs[i:]) > 0:
			return i
		}
	}
	for i, b := range bs {
		if b.plain && (b.md > 1 || b.md == 0 && i > 0 && bs[i-1].b-bs[i-1].a > 60) || b.bullet {
			return i
		}
	}
	return -1
}

// firstPlainAbove includes a markdown heading of depth two or more right above
// the first number.
func firstPlainAbove(bs []block, i int) int {
	if i > 0 && bs[i-1].plain && bs[i-1].md > 1 && bs[i].md != bs[i-1].md {
		return i - 1
	}
	return i
}

// tocEntry says that block i is a line of a table of contents: the same
// heading comes again further down.
func tocEntry(d *doc, bs []block, i int) bool {
	x := bareTitle(d.r[bs[i].a:bs[i].b])
	if len(x) > 60 || i+1 >= len(bs) || bs[i+1].mark.style == styleNone {
		return false
	}
	for j := i + 1; j < len(bs) && j < i+80; j++ {
		y := bareTitle(d.r[bs[j].a:bs[j].b])
		if len(x) > 4 && len(y) >= len(x) && hasPrefix(y, x) && bs[j].mark.style == bs[i].mark.style {
			return true
		}
	}
	return false
}

// bareTitle cuts leader dots and the page number off a line.
func bareTitle(x []rune) []rune {
	for len(x) > 0 {
		switch c := x[len(x)-1]; {
		case isDigit(c), c == '.', c == '…', c == '·', c == '-', c == '。', c == '(', c == ')':
			x = x[:len(x)-1]
		default:
			return x
		}
	}
	return x
}

// titleEnd skips the title lines of a text that has no headings.
func titleEnd(d *doc, bs []block) int {
	i := 0
	for i < len(bs) && bs[i].b-bs[i].a < 45 && !has(d.r[bs[i].a:bs[i].b], '。') {
		i++
	}
	return i
}

func anyNumbers(bs []block) bool {
	for _, b := range bs {
		if b.mark.style != styleNone && b.mark.style < styleBullet || b.row {
			return true
		}
	}
	return false
}
