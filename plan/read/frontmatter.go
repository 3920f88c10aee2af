package read

// frontMatter reads title, number, issuing units, date and years into p.
func frontMatter(d *doc, o *outline, bs []block, opt Options, p *Plan) {
	f := front{d: d, bs: o.front, all: bs, p: p}
	title := f.title()
	f.number()
	f.issuers(title)
	f.date()
	f.years(opt)
}

// front reads the blocks before the first heading.
type front struct {
	d   *doc
	bs  []block
	all []block
	p   *Plan
}

// titleTails end the title of a plan.
var titleTails = listOf(`行动计划 实施方案 工作方案 行动方案 实施意见 实施计划 工作计划 工作要点 工作报告 实施细则 方案 计划 规划 意见 要点 措施 政策措施 若干措施 分工 任务分工 责任分解 分解表 分工表 任务清单 责任清单 清单 报告 办法 纲要 决定 通知 分工方案 重点任务 主要任务 目标任务`)

// title finds the plan's own title: the last title line before the first
// heading, or the name inside 关于印发《…》的通知. It returns its block number.
func (f *front) title() int {
	found, named := -1, piece{}
	for i, b := range f.bs {
		x := f.titleRunes(b)
		if len(x) < 4 || len(x) > 140 || b.row {
			continue
		}
		if n, ok := quotedName(f.d, b.a, b.a+len(x)); ok {
			if named.a == named.b {
				named = n
			}
			continue
		}
		if len(x) <= 70 && titleTails.before(x) > 0 && !has(x, '。') && x[0] != '(' && !startsWith(x, "附件") && !startsWith(x, "关于公开") {
			found = i
		}
	}
	var t piece
	switch {
	case found >= 0:
		b := f.bs[found]
		t = piece{b.a, b.a + len(f.titleRunes(b))}
		t = f.joinLines(found, t)
	case named.a < named.b:
		t = named
	default:
		for i, b := range f.bs {
			if b.md == 1 || i == 0 && b.b-b.a <= 50 && !has(f.d.r[b.a:b.b], '日') && !has(f.d.r[b.a:b.b], '。') && !endsWith(f.d.r[b.a:b.b], ":") {
				t, found = piece{b.a, b.b}, i
				break
			}
		}
	}
	if t.a < t.b {
		f.p.Title = f.d.words(t.a, t.b, true)
		f.p.Front = append(f.p.Front, Field{"title", f.d.span(t.a, t.b)})
	}
	return found
}

// titleRunes are the runes of a block without a year in brackets at the end and
// without the label of a metadata line (title: …).
func (f *front) titleRunes(b block) []rune {
	x := f.d.r[b.a:b.b]
	for len(x) > 8 && x[len(x)-1] == ')' {
		k := lastIndex(x, '(')
		if k < 4 {
			break
		}
		x = x[:k]
	}
	return x
}

// joinLines puts the lines of a title that was set on several lines together.
func (f *front) joinLines(i int, t piece) piece {
	for i > 0 {
		x := f.d.r[t.a:t.b]
		open := count(x, '》') > count(x, '《')
		if !open && len(x) > 7 {
			break
		}
		prev := f.bs[i-1]
		if prev.b-prev.a > 40 || prev.row {
			break
		}
		t.a = prev.a
		i--
	}
	return t
}

// quotedName finds the plan's name in 关于印发《…》的通知.
func quotedName(d *doc, a, b int) (piece, bool) {
	x := d.r[a:b]
	k := index(x, "印发")
	if k < 0 {
		return piece{}, false
	}
	o, c := indexRune(x[k:], '《'), lastIndex(x, '》')
	if o >= 0 && c > k+o {
		return piece{a + k + o + 1, a + c}, true
	}
	if e := index(x, "的通知"); e > k+4 {
		return piece{a + k + 2, a + e}, true
	}
	return piece{}, false
}

// number finds 某发〔2026〕7号.
func (f *front) number() {
	for _, b := range f.bs {
		x := f.d.r[b.a:b.b]
		for i := 0; i+6 < len(x); i++ {
			y, n := yearAt(x, i+1)
			if x[i] != '(' || y == 0 || n+2 >= len(x) || x[n] != ')' {
				continue
			}
			e := n + 1
			for e < len(x) && e < n+7 && (isDigit(x[e]) || x[e] == '第') {
				e++
			}
			if e >= len(x) || x[e] != '号' || e == n+1 {
				continue
			}
			s := i
			for s > 0 && i-s < 14 && isHan(x[s-1]) && !(f.d.gap(b.a+s) && i-s > 2 && len(x) > 24) {
				s--
			}
			if s == i || s > 0 && (x[s-1] == '(' || x[s-1] == '》') || len(x) > 120 {
				continue
			}
			f.p.Number = f.d.text(b.a+s, b.a+e+1)
			f.p.Front = append(f.p.Front, Field{"number", f.d.span(b.a+s, b.a+e+1)})
			return
		}
	}
}

// issuers reads the list of units in front of the number or title, or the
// signature if there is none.
func (f *front) issuers(title int) {
	run, best := []piece{}, []piece{}
	flush := func() {
		if len(best) == 0 && len(run) > 0 {
			best = run
		}
		run = nil
	}
	for i, b := range f.bs {
		names := f.unitNames(b)
		if len(names) == 0 || i == title {
			flush()
			continue
		}
		run = append(run, names...)
	}
	flush()
	if len(best) == 0 {
		best = f.signature()
	}
	have := map[string]bool{}
	for _, n := range best {
		t := f.d.words(n.a, n.b, true)
		if !have[t] {
			have[t] = true
			f.p.Issuers = append(f.p.Issuers, Text{Text: t, Span: f.d.span(n.a, n.b)})
		}
	}
}

// signature looks for names right above a date that stands alone.
func (f *front) signature() []piece {
	for i := len(f.all) - 1; i > 0 && i > len(f.all)-400; i-- {
		if !f.dateOnly(f.all[i]) {
			continue
		}
		var out []piece
		for j := i - 1; j >= 0; j-- {
			names := f.unitNames(f.all[j])
			if len(names) == 0 {
				break
			}
			out = append(names, out...)
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// unitNames are the names on a line that holds nothing else.
func (f *front) unitNames(b block) []piece {
	if b.row || b.mark.style != styleNone || b.b-b.a > 160 {
		return nil
	}
	var out []piece
	s := b.a
	for i := b.a; i <= b.b; i++ {
		if i < b.b && !(i > s+3 && f.d.gap(i)) && f.d.r[i] != '、' {
			continue
		}
		p := piece{s, i}
		if endsWith(f.d.r[p.a:p.b], "文件") {
			p.b -= 2
		}
		if !issuerName(f.d.r[p.a:p.b]) {
			if len(out) > 0 && i < b.b { // a blank inside a name
				continue
			}
			if i < b.b && s == b.a {
				continue
			}
			return nil
		}
		out = append(out, p)
		s = i
		if i < b.b && f.d.r[i] == '、' {
			s++
		}
	}
	return out
}

// issuerName says whether x may be the name of an issuing unit.
func issuerName(x []rune) bool {
	if len(x) < 4 || len(x) > 30 || hasVerb(x) || notUnits.before(x) > 0 {
		return false
	}
	for _, c := range x {
		if !isHan(c) && c != '(' && c != ')' {
			return false
		}
	}
	return strongTails.before(x) > 0 || issuerTails.before(x) > 0
}

// issuerTails end names of issuing units beside strongTails.
var issuerTails = listOf(`委员会 妇女联合会 共青团 市委 区委 县委 省委 州委 办公室 办公厅 中心 公司 集团 协会 联合会 社 宣传部 署 院 部`)

// dateOnly says that a block is nothing but a civil date.
func (f *front) dateOnly(b block) bool { return f.dateOf(f.d.r[b.a:b.b]) != "" }

func (f *front) dateOf(x []rune) string {
	if len(x) < 8 || len(x) > 14 {
		return ""
	}
	n, date, ok := calendar{}.civil(x, 0, false)
	if !ok || n < len(x)-2 || indexRune(x, '日') < 0 {
		return ""
	}
	return date
}

// date takes the first date that stands alone, or the one after 时间：.
func (f *front) date() {
	for _, list := range [][]block{f.bs, f.all} {
		for _, b := range list {
			if v := f.dateOf(f.d.r[b.a:b.b]); v != "" {
				f.p.Date = v
				f.p.Front = append(f.p.Front, Field{"date", f.d.span(b.a, b.b)})
				return
			}
		}
	}
	for _, b := range f.bs {
		x := f.d.r[b.a:b.b]
		for _, w := range []string{"成文日期:", "发文日期:", "发布日期:", "发布时间:", "时间:", "date:", "日期:", "生成日期:\t", "成文日期:\t"} {
			if k := index(x, w); k >= 0 {
				if v, e := isoDate(x, k+len([]rune(w))); v != "" {
					f.p.Date = v
					f.p.Front = append(f.p.Front, Field{"date", f.d.span(b.a+k+len([]rune(w)), b.a+e)})
					return
				}
			}
		}
	}
}

// isoDate reads 2026-02-02 or 2026年2月2日 at rune i.
func isoDate(x []rune, i int) (string, int) {
	y, n := yearAt(x, i)
	if y == 0 || n >= len(x) {
		return "", 0
	}
	if x[n] == '年' {
		e, v, ok := calendar{}.civil(x, i, false)
		if ok {
			return v, e
		}
		return "", 0
	}
	m, k := ordinal(x[n+1:])
	if x[n] != '-' && x[n] != '/' && x[n] != '.' || m < 1 || m > 12 || n+1+k >= len(x) {
		return "", 0
	}
	j := n + 2 + k
	if j > len(x) {
		return "", 0
	}
	day := 0
	e := j
	for e < len(x) && e < j+2 && isDigit(x[e]) {
		day = day*10 + int(x[e]-'0')
		e++
	}
	if day < 1 || day > 31 {
		return "", 0
	}
	return calendar{}.date(y, m, day), e
}

func lastIndex(x []rune, c rune) int {
	for i := len(x) - 1; i >= 0; i-- {
		if x[i] == c {
			return i
		}
	}
	return -1
}

func count(x []rune, c rune) int {
	n := 0
	for _, y := range x {
		if y == c {
			n++
		}
	}
	return n
}
