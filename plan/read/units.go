package read

// unitSet collects the units of one task and the runes that name them.
type unitSet struct {
	units   []Unit
	ranges  []piece // lists, to be left out when figures are read
	due     piece
	dueText string
}

// mostUnits bounds the list of one task.
const mostUnits = 300

func (u *unitSet) add(d *doc, a, b int, r Role) {
	name := d.words(a, b, true)
	for i, k := range u.units {
		if k.Name == name {
			if k.Role == RoleResponsible {
				u.units[i].Role = r
			}
			return
		}
	}
	if len(u.units) >= mostUnits {
		return
	}
	u.units = append(u.units, Unit{Name: name, Role: r, Span: d.span(a, b)})
}

// read finds the unit lists of paragraph p.
func (u *unitSet) read(d *doc, p piece) {
	u.labelled(d, p)
	u.bracketed(d, p)
	u.bareTail(d, p)
	u.inSentence(d, p)
}

// cover tells for growing positions whether they lie in one of some ranges.
type cover struct {
	ranges []piece
	k      int
}

func (u *unitSet) cover() cover { return cover{ranges: sortPieces(u.ranges)} }

// has says whether rune i lies in a range; i must not go back.
func (c *cover) has(i int) bool {
	for c.k < len(c.ranges) && c.ranges[c.k].b <= i {
		c.k++
	}
	return c.k < len(c.ranges) && c.ranges[c.k].a <= i
}

// labelRole gives the role that a label before a colon stands for and the
// length of the label; ok is false if x does not end with a label of units.
func labelRole(x []rune) (role Role, n int, ok bool) {
	if n := supportLabels.before(x); n > 0 {
		return RoleSupport, n, true
	}
	lead, own := leadLabels.before(x), ownLabels.before(x)
	switch {
	case lead >= own && lead > 0:
		return RoleLead, lead, true
	case own > 0:
		return RoleResponsible, own, true
	}
	return "", 0, false
}

// labelled reads 责任单位：…, in brackets or not, up to the end of the bracket,
// the paragraph or the next label.
func (u *unitSet) labelled(d *doc, p piece) {
	x := d.r
	for i := p.a; i < p.b; i++ {
		if x[i] != ':' || i == p.a {
			continue
		}
		lo := max(p.a, i-12)
		if n := dueLabels.before(x[lo:i]); n > 0 {
			e := fieldEnd(x, i+1, p.b)
			if u.dueText == "" {
				u.due, u.dueText = piece{i + 1, e}, d.text(i+1, e)
			}
			u.ranges = append(u.ranges, piece{i - n, e})
			continue
		}
		role, n, ok := labelRole(x[lo:i])
		if !ok || n < 4 && i-n > p.a && !labelStart(x[i-n-1]) {
			continue
		}
		a := i - n
		e := listEnd(x, i+1, p.b)
		if a > p.a && x[a-1] == '(' {
			a--
		}
		u.parseList(d, i+1, e, role)
		if e < p.b && x[e] == ')' {
			e++
		}
		u.ranges = append(u.ranges, piece{a, e})
		i = e - 1
	}
}

func labelStart(c rune) bool {
	return c == '(' || c == ',' || c == ';' || c == '。' || c == '\t' || c == ')'
}

// listEnd finds where the list that starts at i ends: the closing bracket that
// was open before, a full stop, the end of the paragraph, or the next label.
func listEnd(x []rune, i, end int) int {
	depth := 0
	for k := i; k < end; k++ {
		switch x[k] {
		case '(':
			depth++
		case ')':
			depth--
			if depth < 0 {
				return k
			}
		case '。', '\t':
			return k
		case ':':
			lo := max(i, k-12)
			n := max(otherLabels.before(x[lo:k]), dueLabels.before(x[lo:k]))
			if n > 0 {
				return k - n
			}
			if _, n, ok := labelRole(x[lo:k]); ok {
				return k - n
			}
		}
	}
	return end
}

// fieldEnd ends the value of another label.
func fieldEnd(x []rune, i, end int) int {
	depth := 0
	for k := i; k < end; k++ {
		switch x[k] {
		case '(':
			depth++
		case ')':
			depth--
			if depth < 0 {
				return k
			}
		case '。', ';', '\t':
			return k
		}
	}
	return end
}

// bracketed reads lists in brackets that carry no label: （市人社局）.
func (u *unitSet) bracketed(d *doc, p piece) {
	x := d.r
	known := u.cover()
	for i := p.a; i < p.b; i++ {
		if x[i] != '(' {
			continue
		}
		e := closing(x, i, p.b)
		if e < 0 {
			return
		}
		if known.has(i) {
			i = e
			continue
		}
		atEnd := e+1 >= p.b || x[e+1] == '。' || x[e+1] == ';' || x[e+1] == '\t'
		if atEnd && allUnits(d, i+1, e) {
			u.parseList(d, i+1, e, RoleResponsible)
			u.ranges = append(u.ranges, piece{i, e + 1})
			i = e
		}
	}
}

// closing finds the bracket that closes the one at i, not too far away.
func closing(x []rune, i, end int) int {
	depth := 0
	for k := i; k < end && k < i+1200; k++ {
		switch x[k] {
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				return k
			}
		}
	}
	return -1
}

// unitsInside says whether x begins with a bracket that holds units.
func unitsInside(x []rune) bool {
	e := closing(x, 0, len(x))
	if e < 0 {
		return false
	}
	in := x[1:e]
	if k := indexRune(in, ':'); k > 0 && k < 14 {
		if _, _, ok := labelRole(in[:k]); ok {
			return true
		}
	}
	return allUnits(&doc{r: in, off: nil}, 0, len(in))
}

func indexRune(x []rune, c rune) int {
	for i, y := range x {
		if y == c {
			return i
		}
	}
	return -1
}

// bareTail reads a last sentence, or a whole paragraph, that is only a list:
// 省商务厅牵头，省财政厅按职责分工负责.
func (u *unitSet) bareTail(d *doc, p piece) {
	b := p.b
	if b > p.a && d.r[b-1] == '。' {
		b--
	}
	a := b
	for a > p.a && d.r[a-1] != '。' && d.r[a-1] != '\t' && b-a < 400 {
		a--
	}
	if a >= b || b-a >= 400 {
		return
	}
	if known := u.cover(); known.has(b - 1) {
		return
	}
	if isUnitSentence(d, a, b) {
		u.parseList(d, a, b, RoleResponsible)
		u.ranges = append(u.ranges, piece{a, p.b})
	}
}

// isUnitSentence says whether the runes a..b are a list of units and nothing
// else, with a word of duty or more than one name.
func isUnitSentence(d *doc, a, b int) bool {
	x := d.r[a:b]
	if !has(x, '、') && !contains(x, "牵头") && !contains(x, "负责") && !contains(x, "落实") && !contains(x, "配合") {
		return false
	}
	return allUnits(d, a, b)
}

// unitLine says whether a whole line is a unit list.
func unitLine(x []rune) bool {
	y := x
	if len(y) > 1 && y[0] == '(' {
		y = y[1:]
	}
	if k := indexRune(y, ':'); k > 1 && k < 14 {
		if _, n, ok := labelRole(y[:k]); ok && n == k {
			return true
		}
	}
	if x[0] == '(' {
		if e := closing(x, 0, len(x)); e == len(x)-1 {
			return allUnits(&doc{r: x[1:e]}, 0, e-1)
		}
	}
	return len(x) < 400 && (contains(x, "牵头") || contains(x, "职责") || contains(x, "负责")) && isUnitSentence(&doc{r: x}, 0, len(x))
}

// inSentence reads 由市科委牵头 and 由X、Y负责 inside running text, and the
// supporting units that follow.
func (u *unitSet) inSentence(d *doc, p piece) {
	x := d.r
	known := u.cover()
	for i := p.a; i+1 < p.b; i++ {
		if x[i] != '由' {
			continue
		}
		e := i + 1
		for e < p.b && e < i+160 && x[e] != '。' && x[e] != ',' && x[e] != ';' && x[e] != ':' {
			e++
		}
		cut, role := dutyVerb(x[i+1 : e])
		if cut < 0 || known.has(i) || !allUnits(d, i+1, i+1+cut) {
			continue
		}
		u.parseList(d, i+1, i+1+cut, role)
		for e+1 < p.b && x[e] == ',' { // …，市财政局、市统计局配合
			f := e + 1
			for f < p.b && f < e+160 && x[f] != '。' && x[f] != ',' && x[f] != ';' {
				f++
			}
			if supportWords.before(x[e+1:f]) == 0 || !looseUnits(d, e+1, f) {
				break
			}
			u.parseList(d, e+1, f, RoleResponsible)
			e = f
		}
		i = e - 1
	}
}

// dutyVerb finds 牵头 or 负责 right after the names.
func dutyVerb(x []rune) (int, Role) {
	for i := 2; i+1 < len(x); i++ {
		switch {
		case x[i] == '牵' && x[i+1] == '头':
			return i, RoleLead
		case x[i] == '会' && x[i+1] == '同':
			return i, RoleLead
		case x[i] == '负' && x[i+1] == '责':
			return i, RoleResponsible
		}
	}
	return -1, ""
}
