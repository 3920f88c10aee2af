package tasks

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// listView is the task list.
type listView struct {
	ui.Base
	Filter  ui.FilterBar
	Tabs    ui.Tabs
	Bar     ui.LightBar
	Table   ui.Table
	Pager   ui.Pager
	Printed bool // all on one page, to print
}

// targetLine is one target in a task's row.
type targetLine struct {
	Pledge string
	URL    string
	Bar    ui.Progress
	HasBar bool
	Figure string
}

func listPage(c *frame.Ctx) error {
	ctx := c.R.Context()
	q := parseQuery(c)
	board, err := c.App.Supervise.Board(ctx, c.P)
	if err != nil {
		return err
	}
	// The bar above the list counts what the other conditions let through.
	all := q
	all.Light = ""
	found, err := find(ctx, c.App, c.P, board, all)
	if err != nil {
		return err
	}
	counts := tally(found)
	if q.Light != "" {
		found = slices.DeleteFunc(found, func(t *supervise.TaskLight) bool { return t.Shown() != q.Light })
	}
	v := listView{Base: c.Base("任务清单"), Printed: q.Print, Bar: lightBar("任务", counts, func(l supervise.Level) string {
		only := q
		only.Light = l
		return only.address()
	})}
	v.Wide = true
	v.Lede = scopeWords(c.App.Pack, board, q)
	v.Actions = listActions(c.P, q)
	v.Filter = listFilter(c.App.Pack, board, q)
	v.Tabs = listTabs(q)
	rows := found
	if !q.Print {
		from, to, pager := pageOf(len(found), q.Page, q.page)
		rows, v.Pager = found[from:to], pager
	}
	v.Table = ui.NewTable("任务清单", listColumns(q)...)
	v.Table.Rows = listRows(c.App.Pack, rows, q)
	v.Table.Empty = listEmpty(c.P, board, q)
	return c.Render(http.StatusOK, listTempl(v))
}

// pageOf says which rows stand on a page of a long list, and where its neighbours
// are; a page beyond the end is the last one.
func pageOf(total, page int, to func(page int) string) (from, end int, pager ui.Pager) {
	pages := max(1, (total+perPage-1)/perPage)
	page = min(page, pages)
	from = (page - 1) * perPage
	end = min(from+perPage, total)
	pager = ui.Pager{From: int64(from + 1), To: int64(end), Total: int64(total)}
	if page > 1 {
		pager.Prev = to(page - 1)
	}
	if page < pages {
		pager.Next = to(page + 1)
	}
	return from, end, pager
}

// lightBar counts lights with a link to the tasks behind each.
func lightBar(label string, counts supervise.Tally, to func(supervise.Level) string) ui.LightBar {
	b := ui.LightBar{Label: label}
	for _, l := range supervise.Levels {
		b.Counts = append(b.Counts, ui.LightCount{Level: levelOf(l), Count: counts[l], URL: to(l)})
	}
	return b
}

func scopeWords(pack *city.Pack, b *supervise.Board, q query) string {
	if p := b.Plan(q.Plan); p != nil {
		return p.Title
	}
	if q.County != "" {
		return nameOfTerritory(pack, q.County) + "自己的清单，以及全市目标中由它承担的部分"
	}
	switch q.Scope {
	case scopeAll:
		return "全部清单：市级和各县（市、区）、开发区"
	case scopeCounty:
		return "各县（市、区）和开发区的清单"
	}
	return "市级清单"
}

func listActions(p org.Principal, q query) ui.Buttons {
	if q.Print {
		return ui.Buttons{{Label: "打印", Icon: "print", Kind: ui.Primary, Do: "print"}, {Label: "返回清单", URL: q.address()}}
	}
	var bs ui.Buttons
	if p.MayAnywhere(org.ListExport) {
		bs = append(bs, ui.Button{Label: "导出 Excel", Icon: "download", URL: q.export(), Download: true})
	}
	return append(bs, ui.Button{Label: "打印", Icon: "print", URL: q.printed()})
}

func listTabs(q query) ui.Tabs {
	tree, flat := q, q
	tree.Flat, tree.Sort, flat.Flat = false, orderList, true
	return ui.Tabs{Label: "清单的样式", Items: []ui.Tab{
		{Label: "按行动分组", URL: tree.address(), Current: q.tree()},
		{Label: "平铺列表", URL: flat.address(), Current: !q.tree()},
	}}
}

// tree reports whether headings are shown: they mean something in the order of the list only.
func (q query) tree() bool { return !q.Flat && q.Sort == orderList }

func listColumns(q query) []ui.Column {
	sorted := func(by string) (string, ui.Sort) {
		next := q
		next.Sort = by
		if q.Sort == by {
			return next.address(), ui.Ascending
		}
		return next.address(), ui.Unsorted
	}
	cols := []ui.Column{{Label: "任务"}, {Label: "牵头单位", Narrow: true}, {Label: "目标与进度", Hint: "实心为已核实，斜线为已上报待核实，竖线为序时应达"},
		{Label: "偏差", Num: true, Hidden: true, Hint: "（已核实－序时应达）÷序时应达；增速类为百分点"}, {Label: "灯色"}, {Label: "期限", Narrow: true}, {Label: "下一步", Narrow: true}}
	cols[0].SortURL, cols[0].Sort = sorted(orderList)
	cols[3].SortURL, cols[3].Sort = sorted(orderDeviation)
	cols[4].SortURL, cols[4].Sort = sorted(orderLight)
	cols[5].SortURL, cols[5].Sort = sorted(orderDue)
	if !q.Print {
		return cols
	}
	for i := range cols {
		cols[i].SortURL, cols[i].Sort, cols[i].Narrow = "", ui.Unsorted, cols[i].Label == "期限"
	}
	return []ui.Column{cols[0], cols[2], cols[4], cols[5], cols[6]}
}

// printRow is a row on paper, where there is less width: the unit stands under the
// title, and the deviation is in the reason of the light.
func printRow(pack *city.Pack, t *supervise.TaskLight, r ui.Row) ui.Row {
	lead, others := leadOf(pack, t)
	if others > 0 {
		lead += fmt.Sprintf("等 %d 个单位", others+1)
	}
	r.Cells[0].Sub += " · " + lead
	r.Cells = []ui.Cell{r.Cells[0], r.Cells[2], r.Cells[4], r.Cells[5], r.Cells[6]}
	return r
}

// listRows turns tasks into rows, under their headings where the list keeps its order.
func listRows(pack *city.Pack, ts []*supervise.TaskLight, q query) []ui.Row {
	plans := map[string]bool{}
	for _, t := range ts {
		plans[t.PlanID] = true
	}
	rows := make([]ui.Row, len(ts))
	for i, t := range ts {
		rows[i] = listRow(pack, t, !q.tree())
		if q.Print {
			rows[i] = printRow(pack, t, rows[i])
		}
		if !q.tree() {
			continue
		}
		newPlan := i == 0 || ts[i-1].PlanID != t.PlanID
		if newPlan && len(plans) > 1 && t.Plan != nil {
			rows[i].Over = append(rows[i].Over, t.Plan.Title)
		}
		if h := headings(t.Path); h != "" && (newPlan || headings(ts[i-1].Path) != h) {
			rows[i].Over = append(rows[i].Over, h)
		}
	}
	return rows
}

func listRow(pack *city.Pack, t *supervise.TaskLight, withPath bool) ui.Row {
	sub := t.No
	if h := headings(t.Path); withPath && h != "" {
		sub += " · " + h
	}
	lead, others := leadOf(pack, t)
	unit := ui.Text(lead)
	if t.LeadUnit != "" {
		unit = ui.Link(lead, "/units/"+string(t.LeadUnit))
	}
	if others > 0 {
		unit = unit.With(fmt.Sprintf("等 %d 个单位", others+1))
	}
	due := ui.Text(plainDay(t.DueOn))
	if t.OriginalDue != t.DueOn {
		due = due.With("原 " + t.OriginalDue)
	}
	return ui.Row{ID: "task-" + t.ID, URL: taskURL(t.ID), Cells: []ui.Cell{
		ui.Text(t.Title).With(sub), unit, targetsCell(t), deviationCell(t), ui.Node(lightOf(t)), due, turnCell(pack, t.Turn),
	}}
}

// turnCell says what is to be done next, and under it whose turn it is.
func turnCell(pack *city.Pack, t supervise.Turn) ui.Cell {
	if t.What == "" {
		return ui.Text(noWord)
	}
	c := ui.Text(t.What)
	if t.Unit != "" {
		c = c.With(nameOfUnit(pack, t.Unit))
	}
	return c
}

func orDash(s string) string {
	if s == "" {
		return noWord
	}
	return s
}

func targetsCell(t *supervise.TaskLight) ui.Cell {
	if len(t.Targets) == 0 {
		return ui.Text(noWord)
	}
	lines := make([]targetLine, len(t.Targets))
	for i := range t.Targets {
		lines[i] = lineOf(t, &t.Targets[i])
	}
	return ui.Node(targetLines(lines))
}

func lineOf(t *supervise.TaskLight, g *supervise.TargetLight) targetLine {
	l := targetLine{Pledge: g.Pledge(), URL: targetAnchor(t.ID, g.ID)}
	l.Bar, l.HasBar = barOf(g, true, "")
	switch {
	case g.Kind == plan.Qualitative:
		l.Figure = "待量化"
	case g.Actual.Value != nil:
		l.Figure = figure(g.Target, g.Actual.Value)
	case g.Actual.Pending != nil:
		l.Figure = "待核验"
	default:
		l.Figure = "未报"
	}
	return l
}

// deviationCell shows the largest shortfall and leads to its target.
func deviationCell(t *supervise.TaskLight) ui.Cell {
	worst := worstTarget(t)
	if worst == nil {
		return ui.Text(noWord)
	}
	number, unit, _ := strings.Cut(deviationWords(worst), " ")
	return ui.Num(number, targetAnchor(t.ID, worst.ID)).With(unit)
}

// listEmpty says why nothing is listed and what to do next.
func listEmpty(p org.Principal, b *supervise.Board, q query) ui.Empty {
	if q.narrowed() {
		wider := query{Text: q.Text, Scope: scopeAll}
		if q.Text != "" && q.Scope != scopeAll {
			return ui.Empty{Title: "没有符合条件的任务", Text: "可以放宽条件，或在全部清单中查找。", Label: "在全部清单中查找", URL: wider.address()}
		}
		return ui.Empty{Title: "没有符合条件的任务", Text: "请放宽条件再试。", Label: "清除全部条件", URL: "/tasks"}
	}
	if len(b.Tasks) > 0 {
		return ui.Empty{Title: "没有市级清单", Text: "县（市、区）已有清单。", Label: "查看全部清单", URL: query{Scope: scopeAll}.address()}
	}
	e := ui.Empty{Title: "还没有任务", Text: "任务来自计划文件：导入文件，核对识别结果，发布后就在这里。"}
	if p.MayAnywhere(org.PlanImport) {
		e.Label, e.URL = "导入计划文件", "/imports/new"
	}
	return e
}
