package read

// column is what a table column holds.
type column int8

const (
	colOther column = iota
	colNumber
	colCategory // groups of tasks
	colTask
	colUnits
	colLead
	colSupport
	colDue
)

// rowCells is one row of a table of duties, sorted by what the cells hold.
type rowCells struct {
	number  piece
	above   []piece // category cells and task cells left of the detailed one
	text    []piece // task cells
	units   []piece
	roles   []Role
	due     piece
	hasUnit bool
}

// Header words, by column. The first list that a header cell fits decides.
var headerWords = []struct {
	kind column
	all  *words // the cell is one of these
	part *words // or holds one of these
}{
	{colNumber, listOf(`序号 编号 序 号 NO No 项次`), listOf(`序号`)},
	{colOther, listOf(`责任人 备注 联系人 责任领导 分管领导 牵头领导 市领导 联系电话 进展情况 完成情况 责任科室负责人`), listOf(`领导 责任人 联系人 备注 电话 进展 完成情况`)},
	{colSupport, listOf(`配合 协办 参与`), listOf(`配合单位 配合部门 参与单位 参加单位 协办单位 协同单位 协助单位 支撑单位 支持单位 参与部门`)},
	{colLead, listOf(`牵头 主办`), listOf(`牵头单位 牵头部门 牵头责任单位 主责单位 主办单位 主责部门`)},
	{colUnits, listOf(`部门 单位 责任`), listOf(`责任单位 责任部门 责任主体 实施单位 落实单位 承办单位 主管部门 分工 实施主体 负责单位`)},
	{colDue, listOf(`时间 时限`), listOf(`时限 完成时间 时间节点 时间安排 完成期限 进度安排 时间要求 完成年限 实施时间`)},
	{colCategory, listOf(`类别 分类 领域 板块 方面 类型 维度`), listOf(`类别 一级指标 分类 领域 板块`)},
	{colTask, listOf(`任务 内容 事项 措施 举措 项目 工作 目标 指标 名称 要点`), listOf(`任务 内容 事项 措施 举措 项目 目标 指标 名称 要求 行动 工程 清单 工作`)},
}

// headerKind classifies one header cell; colOther with ok == false if it is none.
func headerKind(x []rune) (column, bool) {
	if len(x) == 0 || len(x) > 14 {
		return colOther, false
	}
	for _, h := range headerWords {
		if h.all.is(x) || h.part.in(x) {
			return h.kind, true
		}
	}
	return colOther, false
}

// splitCells divides a row at its borders.
func splitCells(d *doc, a, b int) []piece {
	var out []piece
	s := a
	for i := a; i <= b; i++ {
		if i == b || d.r[i] == '\t' {
			out = append(out, piece{s, i})
			s = i + 1
		}
	}
	return out
}

// headerRow says whether a row names its columns.
func headerRow(d *doc, b block) bool { return columnsOf(d, b) != nil }

// columnsOf reads a header row; nil if the row is none.
func columnsOf(d *doc, b block) []column {
	cs := splitCells(d, b.a, b.b)
	out := make([]column, len(cs))
	known, duty := 0, false
	for i, c := range cs {
		k, ok := headerKind(d.r[c.a:c.b])
		if !ok {
			continue
		}
		out[i] = k
		known++
		duty = duty || k >= colTask
	}
	if known < 2 || known*2 < len(cs) || !duty {
		return nil
	}
	return out
}

// addTable turns consecutive rows into children of n; cols are known columns
// and returns the columns, which hold for the rows after a heading in between.
func addTable(d *doc, n *node, rows []block, cols []column) []column {
	lastAbove := []piece{}
	for i := 0; i < len(rows); i++ {
		b := rows[i]
		if c := columnsOf(d, b); c != nil {
			cols = c
			continue
		}
		cs := splitCells(d, b.a, b.b)
		for i+1 < len(rows) && len(cs) < len(cols) { // a cell with a line end inside
			next := splitCells(d, rows[i+1].a, rows[i+1].b)
			if len(cs)+len(next) != len(cols)+1 {
				break
			}
			cs[len(cs)-1].b = next[0].b
			cs = append(cs, next[1:]...)
			b.b = rows[i+1].b
			i++
		}
		r := sortCells(d, cols, cs)
		if r == nil {
			n.body = append(n.body, piece{b.a, b.b})
			continue
		}
		if len(r.above) == 0 {
			r.above = lastAbove
		}
		lastAbove = r.above
		addRow(d, n, r, piece{b.a, b.b})
	}
	return cols
}

// addRow makes a node of a sorted row.
func addRow(d *doc, n *node, r *rowCells, whole piece) {
	title := firstClause(d, rowTitle(d, r.text[0]))
	num := r.number
	k := &node{row: r, block: whole, title: title, parent: n, body: r.text,
		mark: marker{style: styleDec1, a: num.a, na: num.a, nb: num.b, b: num.b}}
	n.kids = append(n.kids, k)
}

// rowTitle leaves a number at the head of a task cell out.
func rowTitle(d *doc, p piece) piece {
	if m := markerAt(d, p.a, p.b); m.style != styleNone {
		p.a = m.b
	}
	return p
}

// sortCells assigns the cells of a row to its columns, by header where there
// is one and the row is complete, else by what they hold. It returns nil for a
// row without a task.
func sortCells(d *doc, cols []column, cs []piece) *rowCells {
	r := &rowCells{}
	shift := len(cols) - len(cs) // merged cells at the left are missing
	for i, c := range cs {
		if c.a >= c.b {
			continue
		}
		k, known := colOther, false
		if cols != nil && i+shift >= 0 && i+shift < len(cols) {
			k, known = cols[i+shift], true
		}
		r.put(cellKind(d, c, k, known), c)
	}
	if len(r.text) == 0 {
		return nil
	}
	r.settle()
	return r
}

// cellKind corrects the header's kind by what the cell holds.
func cellKind(d *doc, c piece, k column, known bool) column {
	x := d.r[c.a:c.b]
	v, n := ordinal(x)
	number := v > 0 && n == len(x)
	switch {
	case number && (k == colNumber || !known || k == colCategory):
		return colNumber
	case known && (k == colLead || k == colSupport || k == colUnits || k == colDue):
		return k
	case allUnits(d, c.a, c.b) && k != colTask && k != colCategory:
		return colUnits
	case known && k != colNumber:
		return k
	case number:
		return colNumber
	case dueCell(x):
		return colDue
	case len(x) < 2:
		return colOther
	}
	return colTask
}

// dueCell says whether a cell holds only a time.
func dueCell(x []rune) bool {
	if len(x) > 16 || len(x) < 2 {
		return false
	}
	if startsWith(x, "长期") || startsWith(x, "持续") || startsWith(x, "全年") || startsWith(x, "常态") {
		return true
	}
	m, ok := calendar{2000}.at(x, 0, true)
	return ok && m.b >= len(x)-2
}

func (r *rowCells) put(k column, c piece) {
	switch k {
	case colNumber:
		if r.number.a == r.number.b {
			r.number = c
		}
	case colCategory:
		r.above = append(r.above, c)
	case colTask:
		r.text = append(r.text, c)
	case colDue:
		r.due = c
	case colUnits, colLead, colSupport:
		role := RoleResponsible
		if k == colLead {
			role = RoleLead
		} else if k == colSupport {
			role = RoleSupport
		}
		r.units = append(r.units, c)
		r.roles = append(r.roles, role)
		r.hasUnit = true
	}
}

// settle decides which task cell names the task: with several, a short first
// cell is a heading above unless it is the name and the next its content.
func (r *rowCells) settle() {
	for len(r.text) > 1 {
		first, next := r.text[0], r.text[1]
		if first.b-first.a <= 14 && next.b-next.a >= 20 && len(r.above) == 0 && len(r.text) > 2 {
			r.above = append(r.above, first)
			r.text = r.text[1:]
			continue
		}
		break
	}
}

// flatTable says whether bs begins with the header of a table whose cells were
// written one a line; it returns the number of header cells.
func flatTable(d *doc, bs []block) int {
	n, duty := 0, false
	for n < len(bs) && n < 9 {
		b := bs[n]
		if b.b-b.a > 10 || b.mark.style != styleNone || b.md > 0 {
			break
		}
		k, ok := headerKind(d.r[b.a:b.b])
		if !ok {
			break
		}
		duty = duty || k == colUnits || k == colLead || k == colSupport
		n++
	}
	if n < 3 || !duty {
		return 0
	}
	return n
}

// addFlatTable reads the rows of a table flattened to one cell a line and
// returns the number of blocks it took.
func addFlatTable(d *doc, n *node, bs []block) int {
	h := flatTable(d, bs)
	var cols []column
	for _, b := range bs[:h] {
		k, _ := headerKind(d.r[b.a:b.b])
		cols = append(cols, k)
	}
	serial := cols[0] == colNumber
	var r *rowCells
	var start, last int
	flush := func(end int) {
		if r != nil && len(r.text) > 0 {
			r.settle()
			addRow(d, n, r, piece{start, end})
		}
		r = nil
	}
	i := h
	for ; i < len(bs); i++ {
		b := bs[i]
		x := d.r[b.a:b.b]
		v, w := ordinal(x)
		isNumber := v > 0 && w == len(x)
		if serial && isNumber && (v == last+1 || last == 0) {
			flush(b.a)
			r, start, last = &rowCells{number: piece{b.a, b.b}}, b.a, v
			continue
		}
		complete := r != nil && r.hasUnit && len(r.text) > 0
		if complete && (b.md > 0 || b.mark.style != styleNone && b.mark.style <= styleCnParen || b.b-b.a > 60 && serial) {
			break
		}
		k := flatKind(d, cols, r, b)
		if !serial && (r == nil || complete && k == colTask) {
			flush(b.a)
			r, start = &rowCells{}, b.a
		}
		if r != nil {
			r.put(k, piece{b.a, b.b})
		}
	}
	end := len(d.r)
	if i < len(bs) {
		end = bs[i].a
	}
	flush(end)
	return i
}

// flatKind classifies a cell of a flattened table by what it holds; two unit
// cells are lead and support where the header names both.
func flatKind(d *doc, cols []column, r *rowCells, b block) column {
	k := cellKind(d, piece{b.a, b.b}, colOther, false)
	if k != colUnits {
		return k
	}
	var order []column
	for _, c := range cols {
		if c == colUnits || c == colLead || c == colSupport {
			order = append(order, c)
		}
	}
	seen := 0
	if r != nil {
		seen = len(r.units)
	}
	if seen < len(order) {
		return order[seen]
	}
	return order[len(order)-1]
}
