package read

// entry is one name of a list with what followed it.
type entry struct {
	a, b int
	role Role // "" if no word followed
	mark bool // a word of duty followed, which closes the group
	sep  rune // the separator after the entry
}

// entries splits a list at 、 ， ； outside brackets and at blanks between names.
func entries(d *doc, a, b int) []entry {
	out := make([]entry, 0, 16)
	var joined [4]entry
	b = cutNotice(d, a, b)
	depth, s := 0, a
	add := func(e int, sep rune) {
		for _, v := range cutJoined(d, joined[:0], s, e) {
			v = trimEntry(d, v)
			v.sep = '、'
			if v.a < v.b || v.mark {
				out = append(out, v)
			}
		}
		if len(out) > 0 {
			out[len(out)-1].sep = sep
		}
	}
	for i := a; i < b; i++ {
		switch c := d.r[i]; {
		case c == '(':
			depth++
		case c == ')':
			depth = max(depth-1, 0)
		case depth > 0:
		case c == '、' || c == ',' || c == ';' || c == '。' || c == '\t' || c == '/':
			add(i, c)
			s = i + 1
		case d.off != nil && i > s+2 && d.blankBefore(i) && strictUnit(d.r[s:i]) && looksUnit(d.r[i:min(b, i+14)]):
			add(i, '、')
			s = i
		}
	}
	add(b, ',')
	return out
}

// cutNotice gives the end of a list before a remark such as 下同 or
// 此项及以下任务均需….
func cutNotice(d *doc, a, b int) int {
	k := noticeWords.find(d.r[a:b])
	if k < 0 {
		return b
	}
	e := a + k
	for e > a {
		switch d.r[e-1] {
		case '。', ';', ',', '(', ' ':
			e--
			continue
		}
		break
	}
	if open := lastOpen(d.r[a:e]); open >= 0 { // 市税务局(…下同)
		e = a + open
	}
	return e
}

// lastOpen finds a bracket in x that is not closed, or -1.
func lastOpen(x []rune) int {
	depth := 0
	for i := len(x) - 1; i >= 0; i-- {
		switch x[i] {
		case ')':
			depth++
		case '(':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

// looksUnit says that a name begins at x: 市, 区, 省, 各 and the like.
func looksUnit(x []rune) bool { return unitHeads.at(x) > 0 }

// cutJoined splits 市商务局和市财政局, 市商务局会同市财政局 and takes a label off.
func cutJoined(d *doc, into []entry, a, b int) []entry {
	x := d.r[a:b]
	if k := indexRune(x, ':'); k > 1 {
		if role, n, ok := labelRole(x[:k]); ok && n == k {
			rest := cutJoined(d, into, a+k+1, b)
			for i := range rest {
				if rest[i].role == "" {
					rest[i].role = role
				}
			}
			return rest
		}
	}
	for i := 2; i+2 < len(x); i++ {
		n := 0
		switch {
		case x[i] == '会' && x[i+1] == '同':
			n = 2
		case x[i] == '和' || x[i] == '与' || x[i] == '及':
			n = 1
		case x[i] == '以' && x[i+1] == '及':
			n = 2
		}
		if n > 0 && strictUnit(x[:i]) && strictUnit(entryCore(x[i+n:])) {
			left := entry{a: a, b: a + i}
			if n == 2 && x[i] == '会' {
				left.role, left.mark = RoleLead, true
			}
			return append(append(into, left), cutJoined(d, nil, a+i+n, b)...)
		}
	}
	return append(into, entry{a: a, b: b})
}

// entryCore is x without the words of duty at its end.
func entryCore(x []rune) []rune {
	t := &doc{r: x}
	e := trimEntry(t, entry{a: 0, b: len(x)})
	return x[e.a:e.b]
}

// trimEntry takes words of duty, 等 and the like off an entry and notes the role.
func trimEntry(d *doc, e entry) entry {
	x := d.r
	for e.a < e.b && (x[e.a] == '由' || x[e.a] == ':' || x[e.a] == '请' || x[e.a] == '(' && closing(x, e.a, e.b) < 0) {
		e.a++
	}
	for e.a < e.b {
		y := x[e.a:e.b]
		if c := y[len(y)-1]; c == '。' || c == ':' || c == '.' || c == ' ' || c == '\t' {
			e.b--
			continue
		}
		if k := dutyPhrase(y); k >= 0 {
			rest := y[k:]
			e.mark = true
			if supportWords.before(rest) > 0 {
				e.role = RoleSupport
			}
			e.b = e.a + k
			continue
		}
		if n := supportWords.before(y); n > 0 {
			e.b, e.mark, e.role = e.b-n, true, RoleSupport
			continue
		}
		if n := leadWords.before(y); n > 0 {
			e.b, e.mark = e.b-n, true
			if e.role == "" {
				e.role = RoleLead
			}
			continue
		}
		if n := ownWords.before(y); n > 0 {
			e.b, e.mark = e.b-n, true
			continue
		}
		if n := etcWords.before(y); n > 0 && n < len(y) {
			e.b -= n
			continue
		}
		if n := etcPhrase(y); n > 0 {
			e.b -= n
			continue
		}
		break
	}
	return e
}

// etcPhrase gives the length of 等国务院相关部门 at the end of a name, or 0.
func etcPhrase(x []rune) int {
	if !endsWith(x, "部门") && !endsWith(x, "单位") {
		return 0
	}
	for i := len(x) - 3; i >= 2 && i >= len(x)-14; i-- {
		if x[i] == '等' {
			return len(x) - i
		}
	}
	return 0
}

// dutyPhrase finds where 按职责分工负责 begins in x, or -1.
func dutyPhrase(x []rune) int {
	k := byDuty.find(x)
	return k
}

// parseList adds the names of a list; def is the role that the label gives.
func (u *unitSet) parseList(d *doc, a, b int, def Role) {
	es := entries(d, a, b)
	role := def
	group := 0 // first entry whose role is still open
	for i := range es {
		e := &es[i]
		if e.role != "" && !e.mark {
			role = e.role // a label inside the list
		}
		if e.mark {
			r := e.role
			if r == "" {
				r = role
			}
			for k := group; k <= i; k++ {
				es[k].role = r
			}
			group = i + 1
		} else if i == len(es)-1 || e.sep != '、' && !sharesSupport(es, i) {
			for k := group; k <= i; k++ {
				if es[k].role == "" {
					es[k].role = role
				}
			}
			group = i + 1
		}
	}
	for _, e := range es {
		if e.role == "" {
			e.role = role
		}
		if e.b-e.a >= 2 && e.b-e.a <= 60 {
			u.add(d, e.a, e.b, e.role)
		}
	}
}

// sharesSupport says that the names up to i belong to a later 配合 or 参与:
// a牵头，b、c，d参与.
func sharesSupport(es []entry, i int) bool {
	lead := false
	for _, e := range es[:i+1] {
		lead = lead || e.mark && e.role == RoleLead
	}
	for _, e := range es[i+1:] {
		if e.mark {
			return lead && e.role == RoleSupport
		}
	}
	return false
}

// allUnits says whether every entry of a list looks like a unit.
func allUnits(d *doc, a, b int) bool {
	if b-a < 2 || b-a > 1000 {
		return false
	}
	if !firstIsUnit(d, a, b) {
		return false
	}
	es := entries(d, a, b)
	names := 0
	for _, e := range es {
		if e.a >= e.b {
			continue
		}
		if !strictUnit(d.r[e.a:e.b]) {
			return false
		}
		names++
	}
	return names > 0
}

// firstIsUnit looks only at the first name of a list, to turn ordinary
// sentences away quickly.
func firstIsUnit(d *doc, a, b int) bool {
	depth, e := 0, b
	for i := a; i < b; i++ {
		switch d.r[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '、', ',', ';', '。', '\t', '/':
			if depth <= 0 {
				e = i
			}
		}
		if e < b {
			break
		}
		if i-a > 80 {
			return false
		}
	}
	first := trimEntry(d, entry{a: a, b: e})
	if first.a >= first.b || strictUnit(d.r[first.a:first.b]) {
		return true
	}
	var buf [4]entry
	for _, v := range cutJoined(d, buf[:0], a, e) {
		if v = trimEntry(d, v); v.a < v.b && !strictUnit(d.r[v.a:v.b]) {
			return d.off != nil && d.gapIn(v.a, v.b)
		}
	}
	return true
}

// gapIn says whether a blank stands among the runes a..b.
func (d *doc) gapIn(a, b int) bool {
	for i := a + 1; i < b; i++ {
		if d.gap(i) {
			return true
		}
	}
	return false
}

// looseUnits says whether every entry of a short list ends like a unit; it is
// for places where the words around leave no doubt.
func looseUnits(d *doc, a, b int) bool {
	if b-a < 2 || b-a > 200 {
		return false
	}
	for _, e := range entries(d, a, b) {
		x := d.r[e.a:e.b]
		if len(x) > 0 && !strictUnit(x) && (len(x) > 14 || weakTails.before(x) == 0 || hasVerb(x) || notUnits.before(x) > 0) {
			return false
		}
	}
	return true
}

// strictUnit says whether x has the form of a unit's name.
func strictUnit(x []rune) bool {
	if len(x) < 2 || len(x) > 30 {
		return false
	}
	depth := 0
	for _, c := range x {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case '“', '《', ':', '。', '%', '的', '+':
			return false
		case ',', ';':
			if depth == 0 {
				return false
			}
		}
		if isDigit(c) {
			return false
		}
	}
	if notUnits.before(x) > 0 {
		return false
	}
	for n := len(x); n > 0 && x[n-1] == ')'; n = len(x) { // 各县(市、区), 市教育局(市体育局)
		k := n - 1
		for k > 0 && x[k] != '(' {
			k--
		}
		if k < 2 {
			return false
		}
		x = x[:k]
	}
	if hasVerb(x) {
		return false
	}
	if strongTails.before(x) > 0 {
		return true
	}
	return unitHeads.at(x) > 0 && weakTails.before(x) > 0 && len(x) <= 20
}

// hasVerb finds words that no unit's name holds, so that a clause that ends
// like a unit is not taken for one.
func hasVerb(x []rune) bool {
	if k := index(x, "行政审批"); k >= 0 {
		return nameBreakers.in(x[:k]) || nameBreakers.in(x[k+4:])
	}
	return nameBreakers.in(x)
}

var nameBreakers = listOf(`推动 推进 加强 负责 牵头 鼓励 支持各 引导 开展 实施 组织实施 制定 落实 加快 完善 建设好 做好 会同 配合 按照 根据 结合 报送 印发 审批 批准 协调 督促 指导 参与 确保 提升 强化 依托 联合各 通过 向各 对各 由各 要求 定期 及时`)
