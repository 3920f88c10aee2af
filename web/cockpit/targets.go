package cockpit

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// targetsPerPage is how many targets one page lists.
const targetsPerPage = 50

// tabOpen is the value of the parameter tab that shows the promises without a number.
const tabOpen = "open"

// Orders of the list of targets.
const (
	orderList  = ""      // as in the document
	orderLight = "light" // the worst light first
	orderDue   = "due"   // the nearest deadline first
)

// targetFilter narrows the list of targets; an empty field does not narrow.
type targetFilter struct {
	Unit  city.UnitID // stands in the task's unit list
	Light lightChoice
	Text  string // words in the target's or the task's name or number
	Order string
}

func readTargetFilter(c *frame.Ctx) targetFilter {
	return targetFilter{city.UnitID(c.Form("unit")), wantedLight(c.Form("light")), c.Form("q"), c.Form("sort")}
}

// pairs writes the filter as name, value, … for an address; without leaves one name out.
func (f targetFilter) pairs(without string) []string {
	var kept []string
	for _, p := range [][2]string{{"unit", string(f.Unit)}, {"light", string(f.Light)}, {"q", f.Text}, {"sort", f.Order}} {
		if p[0] != without {
			kept = append(kept, p[0], p[1])
		}
	}
	return kept
}

// lets reports whether a target passes; lights do not narrow promises without a number.
func (f targetFilter) lets(r supervise.TargetRow) bool {
	if f.Unit != "" && r.Task.LeadUnit != f.Unit && !r.Task.Concerns(f.Unit) {
		return false
	}
	if r.Target.Quantified() && !f.Light.has(r.Target.Level) {
		return false
	}
	text := r.Target.Subject + r.Target.Words + r.Task.Title + r.Task.No
	for _, word := range strings.Fields(f.Text) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// sorted puts targets in the order asked for.
func (f targetFilter) sorted(rows []supervise.TargetRow) []supervise.TargetRow {
	switch f.Order {
	case orderLight:
		return worstFirst(rows)
	case orderDue:
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, func(a, b supervise.TargetRow) int {
			return cmp.Compare(dayOr(dueOf(a), "9999-12-31"), dayOr(dueOf(b), "9999-12-31"))
		})
	}
	return rows
}

// dueOf is the day by which a target must be reached, or a promise quantified.
func dueOf(r supervise.TargetRow) string {
	if !r.Target.Quantified() {
		return r.Target.QuantifyBy
	}
	return r.Target.Deadline
}

// goals splits the targets in view that pass the filter: those with a number and the promises without.
func (s *scene) goals(f targetFilter) (quantified, open []supervise.TargetRow) {
	for _, t := range s.tasks() {
		for i := range t.Targets {
			r := supervise.TargetRow{Task: t, Target: &t.Targets[i]}
			switch {
			case !f.lets(r):
			case r.Target.Quantified():
				quantified = append(quantified, r)
			default:
				open = append(open, r)
			}
		}
	}
	return f.sorted(quantified), f.sorted(open)
}

// targets is the page 目标.
type targets struct {
	Base   ui.Base
	Start  *ui.Empty
	Filter ui.FilterBar
	Tally  ui.LightBar
	Tabs   ui.Tabs
	Open   bool // the tab with the promises is shown
	Table  ui.Table
	Pager  ui.Pager
}

func targetsPage(c *frame.Ctx) error {
	s, err := look(c)
	if err != nil {
		return err
	}
	page := targets{Base: s.base("目标"), Open: c.Form("tab") == tabOpen}
	page.Base.Lede = "计划里写明数量的承诺，和已核验的数、序时应达的数放在一起看；没有写明数量的，列出应补充量化的期限。自动计数的截至今天，单位填报的截至填报人写明的日期；测算按至今进度推算，不是核定数。"
	if s.none() {
		start := s.start()
		page.Start = &start
		return c.Render(http.StatusOK, targetsView(page))
	}
	f := readTargetFilter(c)
	quantified, open := s.goals(f)
	page.Filter = s.targetFilterBar(f, page.Open)
	page.Base.Actions = s.targetActions(f)
	page.Tabs = ui.Tabs{Label: "有没有数量", Items: []ui.Tab{
		{Label: "量化目标", URL: s.to("/targets", f.pairs("")...), Count: strconv.Itoa(len(quantified)), Current: !page.Open},
		{Label: "待量化", URL: s.to("/targets", append(f.pairs("light"), "tab", tabOpen)...), Count: strconv.Itoa(len(open)), Current: page.Open},
	}}
	if page.Open {
		rows, pager := s.cut(open, f, tabOpen)
		page.Table, page.Pager = s.openTable(rows), pager
		return c.Render(http.StatusOK, targetsView(page))
	}
	page.Tally = s.targetTally(f)
	rows, pager := s.cut(quantified, f, "")
	if page.Table, err = s.quantifiedTable(rows, f); err != nil {
		return err
	}
	page.Pager = pager
	return c.Render(http.StatusOK, targetsView(page))
}

// targetTally counts the lights of what passes the filter but for its light.
func (s *scene) targetTally(f targetFilter) ui.LightBar {
	all := f
	all.Light = ""
	rows, _ := s.goals(all)
	tally := supervise.Tally{}
	for _, r := range rows {
		tally[r.Target.Level]++
	}
	return tallyBar("量化目标", tally, true, func(l supervise.Level) string {
		return s.to("/targets", append(f.pairs("light"), "light", string(l))...)
	})
}

// cut takes one page out of a list.
func (s *scene) cut(rows []supervise.TargetRow, f targetFilter, tab string) ([]supervise.TargetRow, ui.Pager) {
	pages := max(1, (len(rows)+targetsPerPage-1)/targetsPerPage)
	page := min(max(s.c.Int("page", 1), 1), pages)
	from := (page - 1) * targetsPerPage
	to := min(from+targetsPerPage, len(rows))
	at := func(n int) string {
		if n < 1 || n > pages {
			return ""
		}
		return s.to("/targets", append(f.pairs(""), "tab", tab, "page", strconv.Itoa(n))...)
	}
	return rows[from:to], ui.Pager{From: int64(from + 1), To: int64(to), Total: int64(len(rows)), Prev: at(page - 1), Next: at(page + 1)}
}

func (s *scene) targetFilterBar(f targetFilter, open bool) ui.FilterBar {
	bar := ui.FilterBar{Action: "/targets", Target: "#goals", Search: &ui.Field{Kind: ui.SearchInput, Name: "q", Label: "关键词", Value: f.Text}}
	if field, ok := s.planField(); ok {
		bar.Fields = append(bar.Fields, field)
	}
	unit := ui.Field{Kind: ui.Select, Name: "unit", Label: "责任单位", Blank: "全部单位", Value: string(f.Unit)}
	for _, u := range s.pack.Units {
		unit.Options = append(unit.Options, ui.Option{Value: string(u.ID), Label: u.Short})
	}
	bar.Fields = append(bar.Fields, unit)
	tab := ""
	if open {
		tab = tabOpen
		bar.Hidden = append(bar.Hidden, ui.HiddenPair{Name: "tab", Value: tab})
	} else {
		bar.Fields = append(bar.Fields, ui.Field{Kind: ui.Select, Name: "light", Label: "灯色", Blank: "全部灯色", Value: string(f.Light), Options: lightOptions()})
	}
	if f.Order != "" {
		bar.Hidden = append(bar.Hidden, ui.HiddenPair{Name: "sort", Value: f.Order})
	}
	chip := func(on bool, label, name string) {
		if on {
			bar.Chips = append(bar.Chips, ui.FilterChip{Label: label, Remove: s.to("/targets", append(f.pairs(name), "tab", tab)...)})
		}
	}
	chip(f.Text != "", "关键词："+f.Text, "q")
	chip(f.Unit != "", "责任单位："+unitName(s.pack, f.Unit), "unit")
	chip(f.Light != "" && !open, "灯色："+f.Light.label(), "light")
	if len(bar.Chips) > 0 {
		bar.Reset = s.to("/targets", "tab", tab, "sort", f.Order)
	}
	return bar
}

func (s *scene) targetActions(f targetFilter) ui.Buttons {
	b := ui.Buttons{{Label: "打印", Icon: "print", Do: "print"}}
	if s.c.P.MayAnywhere(org.ListExport) {
		b = append(b, ui.Button{Label: "导出 Excel", Icon: "download", URL: s.to("/targets.xlsx", f.pairs("")...), Download: true})
	}
	return b
}

// quantifiedTable is targetRow for each, with the lead unit and the deadline.
func (s *scene) quantifiedTable(rows []supervise.TargetRow, f targetFilter) (ui.Table, error) {
	sortURL := func(order string) string { return s.to("/targets", append(f.pairs("sort"), "sort", order)...) }
	columns := targetColumns()
	columns[0].SortURL, columns[3].SortURL = sortURL(orderList), sortURL(orderLight)
	columns = slices.Insert(columns, 1, ui.Column{Label: "牵头单位", Narrow: true})
	columns = append(columns, ui.Column{Label: "时限", Narrow: true, SortURL: sortURL(orderDue)})
	for i, order := range map[int]string{0: orderList, 4: orderLight, 6: orderDue} {
		if f.Order == order {
			columns[i].Sort = ui.Ascending
		}
	}
	t := ui.NewTable("量化目标", columns...)
	t.Empty = ui.Empty{Title: "没有符合条件的量化目标", Text: "换一个条件，或清除全部条件。", Label: "清除条件", URL: s.to("/targets")}
	lines, err := s.courses(rows)
	if err != nil {
		return t, err
	}
	for _, r := range rows {
		row := s.targetRow(r, lines[r.Target.ID].Line)
		if likely := lines[r.Target.ID].likely(r.Target.Target); likely != "" && row.Cells[1].Sub == "" {
			row.Cells[1] = row.Cells[1].With(likely)
		}
		row.Cells = slices.Insert(row.Cells, 1, s.leadCell(r.Task))
		row.Cells = append(row.Cells, dueText(r.Target.Target))
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// dueText is a target's deadline; a vague one in the document's own words.
func dueText(t plan.Target) ui.Cell {
	if t.Deadline == "" {
		return ui.Text(orNothing(t.DeadlineText))
	}
	return ui.Text(t.Deadline)
}

func (s *scene) leadCell(t *supervise.TaskLight) ui.Cell {
	c := ui.Link(unitName(s.pack, t.LeadUnit), s.unitURL(t.LeadUnit))
	if n := len(others(t)); n > 0 {
		return c.With("另有 " + strconv.Itoa(n) + " 个单位")
	}
	return c
}

// openTable lists promises without a number, with the day by which they need one.
func (s *scene) openTable(rows []supervise.TargetRow) ui.Table {
	t := ui.NewTable("待量化的承诺", ui.Column{Label: "承诺"}, ui.Column{Label: "原文"}, ui.Column{Label: "牵头单位", Narrow: true},
		ui.Column{Label: "应于此日前量化", Narrow: true}, ui.Column{Label: "办理", Narrow: true})
	t.Empty = ui.Empty{Title: "没有待量化的承诺", Text: "计划里的承诺都有数量或验收标准。", Icon: "check"}
	for _, r := range rows {
		g := r.Target
		due := ui.Text(dayOr(g.QuantifyBy, "未定"))
		if g.QuantifyBy != "" && g.QuantifyBy < s.view.Board.Today.String() {
			due = due.With("已超过期限")
		}
		do := ui.Text(nothing)
		if s.mayQuantify(r.Task) {
			do = ui.Node(ui.Button{Label: "补充数量", Small: true, URL: targetURL(g.ID) + "/quantify"})
		}
		t.Rows = append(t.Rows, ui.Row{URL: targetURL(g.ID), Cells: []ui.Cell{
			ui.Link(g.Pledge(), targetURL(g.ID)).With(r.Task.No + " " + r.Task.Title), ui.Text(shortened(g.Quote)), s.leadCell(r.Task), due, do}})
	}
	return t
}

// mayQuantify hides the button from those whom the use case would refuse.
func (s *scene) mayQuantify(t *supervise.TaskLight) bool {
	return s.c.P.May(org.TaskEdit, scopeOf(t)) == nil
}

// scopeOf is whose business a task is.
func scopeOf(t *supervise.TaskLight) org.Scope {
	scope := org.Scope{Territory: string(t.Territory)}
	for _, tu := range t.Units {
		for _, u := range tu.Units {
			scope.Units = append(scope.Units, string(u))
		}
	}
	return scope
}

// shortened keeps a quotation to what a table cell can hold.
func shortened(quote string) string {
	const most = 60
	r := []rune(quote)
	if len(r) <= most {
		return quote
	}
	return string(r[:most]) + "…"
}
