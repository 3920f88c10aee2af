package cockpit

import (
	"net/http"
	"slices"
	"strconv"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// noLead is the id under which the tasks without a lead unit are listed.
const noLead = "none"

// Values of the parameter role.
const (
	roleLead    = "lead"
	roleSupport = "support"
)

// load is what one unit has to do with the list in view.
type load struct {
	Lead    []*supervise.TaskLight
	Support []*supervise.TaskLight // in the unit list, not leading
	Turn    []*supervise.TaskLight // it is this unit's turn
	Waiting []supervise.TargetRow  // reported for the whole and not verified, of tasks it leads
}

// loads reads what every unit has to do; the key "" holds tasks without a lead unit.
func (s *scene) loads() map[city.UnitID]*load {
	all := map[city.UnitID]*load{}
	of := func(u city.UnitID) *load {
		if all[u] == nil {
			all[u] = &load{}
		}
		return all[u]
	}
	for _, t := range s.tasks() {
		lead := of(t.LeadUnit)
		lead.Lead = append(lead.Lead, t)
		for i := range t.Targets {
			if g := &t.Targets[i]; len(g.Shares) == 0 && g.Actual.Pending != nil {
				lead.Waiting = append(lead.Waiting, supervise.TargetRow{Task: t, Target: g})
			}
		}
		for _, u := range others(t) {
			of(u).Support = append(of(u).Support, t)
		}
		if t.Turn.What != "" && t.Turn.Unit != "" {
			of(t.Turn.Unit).Turn = append(of(t.Turn.Unit).Turn, t)
		}
	}
	return all
}

// others lists the units of a task besides the leading one, each once.
func others(t *supervise.TaskLight) []city.UnitID {
	var ids []city.UnitID
	for _, tu := range t.Units {
		for _, u := range tu.Units {
			if u != t.LeadUnit && !slices.Contains(ids, u) {
				ids = append(ids, u)
			}
		}
	}
	return ids
}

func tallyOf(tasks []*supervise.TaskLight) supervise.Tally {
	tally := supervise.Tally{}
	for _, t := range tasks {
		tally[t.Shown()]++
	}
	return tally
}

// units is the page 部门.
type units struct {
	Base   ui.Base
	Start  *ui.Empty
	Choose ui.FilterBar
	Groups []groupTable
}

func unitsPage(c *frame.Ctx) error {
	s, err := look(c)
	if err != nil {
		return err
	}
	page := units{Base: s.base("部门")}
	page.Base.Lede = "各单位牵头和配合的任务、灯色，以及现在轮到谁。"
	if s.none() {
		start := s.start()
		page.Start = &start
		return c.Render(http.StatusOK, unitsView(page))
	}
	page.Choose = s.chooser("/units")
	loads := s.loads()
	bureaus := s.unitTable("市直单位", loads, func(u city.Unit) bool { return !u.Kind.IsGovernment() })
	if l := loads[""]; l != nil {
		bureaus.Rows = append(bureaus.Rows, s.unitRow("", "未确定牵头单位", l))
	}
	page.Groups = []groupTable{{"市直单位", bureaus}, {"县（市、区）人民政府和开发区管委会", s.governmentTable(loads)}}
	c.BookOf(org.Scope{})
	page.Base.Actions = c.WithBook(nil)
	return c.Lists(unitsView(page), page.Base.Title, tablesOf(page.Groups)...)
}

func (s *scene) unitTable(caption string, loads map[city.UnitID]*load, in func(city.Unit) bool) ui.Table {
	t := ui.NewTable(caption, ui.Column{Label: "单位"}, ui.Column{Label: "牵头", Num: true, Narrow: true}, ui.Column{Label: "牵头任务灯色"},
		ui.Column{Label: "配合", Num: true, Narrow: true}, ui.Column{Label: "轮到办理", Num: true, Narrow: true}, ui.Column{Label: "待核验", Num: true, Narrow: true})
	for _, u := range s.pack.Units {
		if !in(u) {
			continue
		}
		l := loads[u.ID]
		if l == nil {
			l = &load{}
		}
		t.Rows = append(t.Rows, s.unitRow(u.ID, u.Short, l))
	}
	return t
}

// governmentTable lists who governs the counties and zones: they rarely lead, so
// the pace of their territory stands beside their tasks.
func (s *scene) governmentTable(loads map[city.UnitID]*load) ui.Table {
	t := ui.NewTable("县（市、区）人民政府和开发区管委会", ui.Column{Label: "单位"}, ui.Column{Label: "牵头和配合", Num: true, Narrow: true},
		ui.Column{Label: "本地区序时完成", Num: true}, ui.Column{Label: "本地区灯色"})
	for _, u := range s.pack.Units {
		if !u.Kind.IsGovernment() {
			continue
		}
		n := 0
		if l := loads[u.ID]; l != nil {
			n = len(l.Lead) + len(l.Support)
		}
		g := s.groupOf(u.Territory)
		t.Rows = append(t.Rows, ui.Row{URL: s.unitURL(u.ID), Cells: []ui.Cell{ui.Text(u.Short), ui.Num(strconv.Itoa(n), s.unitURL(u.ID)), s.paceCell(g), s.countsCell(g)}})
	}
	return t
}

func (s *scene) unitRow(id city.UnitID, name string, l *load) ui.Row {
	to := s.unitURL(id)
	number := func(n int, url string) ui.Cell {
		if n == 0 {
			return ui.Text("0")
		}
		return ui.Num(strconv.Itoa(n), url)
	}
	lights := ui.Text(nothing)
	if len(l.Lead) > 0 {
		lights = ui.Node(tallyCounts(name, tallyOf(l.Lead), func(level supervise.Level) string {
			return s.unitURL(id, "role", roleLead, "light", string(level))
		}))
	}
	return ui.Row{URL: to, Cells: []ui.Cell{ui.Text(name), number(len(l.Lead), s.unitURL(id, "role", roleLead)), lights,
		number(len(l.Support), s.unitURL(id, "role", roleSupport)), number(len(l.Turn), to+"#turn"), number(len(l.Waiting), to+"#waiting")}}
}

// unit is the page of one unit.
type unit struct {
	Base    ui.Base
	Choose  ui.FilterBar
	Stats   ui.Stats
	Turn    ui.Table
	Waiting ui.Table
	Tabs    ui.Tabs
	Lights  ui.Tabs
	Tasks   ui.Table
}

func unitPage(c *frame.Ctx) error {
	id := city.UnitID(c.R.PathValue("id"))
	u, ok := c.App.Pack.Unit(id)
	if !ok && id != noLead {
		return errs.New(errs.NotFound, "没有这个单位")
	}
	s, err := look(c)
	if err != nil {
		return err
	}
	if !ok {
		u = city.Unit{Name: "未确定牵头单位", Short: "未确定牵头单位"}
	}
	page := unit{Base: s.base(u.Name, ui.Crumb{Label: "部门", URL: s.to("/units")}), Choose: s.chooser("/units/" + escape(string(id)))}
	page.Base.Eyebrow = u.Kind.Label()
	page.Base.Actions = s.unitActions(u)
	l := s.loads()[u.ID]
	if l == nil {
		l = &load{}
	}
	page.fill(s, u, l)
	c.BookOf(org.Scope{Units: []string{string(u.ID)}})
	page.Base.Actions = c.WithBook(page.Base.Actions)
	return c.Lists(unitView(page), page.Base.Title, page.Turn, page.Waiting, page.Tasks)
}

func (s *scene) unitActions(u city.Unit) ui.Buttons {
	var b ui.Buttons
	own := org.Scope{Units: []string{string(u.ID)}}
	if u.ID != "" && s.c.P.UnitID == string(u.ID) && s.c.P.May(org.ProgressReport, own) == nil {
		b = append(b, ui.Button{Label: "去填报", Kind: ui.Primary, Icon: "edit", URL: "/report"})
	}
	if u.Kind.IsGovernment() {
		b = append(b, ui.Button{Label: "看本地区进度", URL: s.territoryURL(u.Territory)})
	}
	return b
}

func (p *unit) fill(s *scene, u city.Unit, l *load) {
	p.Stats = ui.Stats{
		{Label: "牵头任务", Value: strconv.Itoa(len(l.Lead)), Unit: "项", URL: s.unitURL(u.ID, "role", roleLead) + "#tasks"},
		{Label: "配合任务", Value: strconv.Itoa(len(l.Support)), Unit: "项", URL: s.unitURL(u.ID, "role", roleSupport) + "#tasks"},
		{Label: "轮到办理", Value: strconv.Itoa(len(l.Turn)), Unit: "项", URL: "#turn"},
		{Label: "待核验", Value: strconv.Itoa(len(l.Waiting)), Unit: "项", URL: "#waiting"},
	}
	p.Turn = turnTable(l.Turn)
	p.Waiting = s.waitingTable(l.Waiting)
	role := s.c.Form("role")
	tasks := append(slices.Clone(l.Lead), l.Support...)
	switch role {
	case roleLead:
		tasks = l.Lead
	case roleSupport:
		tasks = l.Support
	}
	p.Tabs = ui.Tabs{Label: "牵头与配合"}
	for _, tab := range []struct {
		label, role string
		n           int
	}{{"全部", "", len(l.Lead) + len(l.Support)}, {"牵头", roleLead, len(l.Lead)}, {"配合", roleSupport, len(l.Support)}} {
		p.Tabs.Items = append(p.Tabs.Items, ui.Tab{Label: tab.label, URL: s.unitURL(u.ID, "role", tab.role) + "#tasks", Count: strconv.Itoa(tab.n), Current: role == tab.role})
	}
	p.Lights = s.lightTabs(tallyOf(tasks), func(light string) string { return s.unitURL(u.ID, "role", role, "light", light) + "#tasks" })
	p.Tasks = s.roleTable(u, tasks, wantedLight(s.c.Form("light")))
}

// turnTable lists what a unit has to do now.
func turnTable(tasks []*supervise.TaskLight) ui.Table {
	t := ui.NewTable("现在轮到办理", ui.Column{Label: "任务"}, ui.Column{Label: "要做什么", Narrow: true}, ui.Column{Label: "灯色与原因"}, ui.Column{Label: "时限", Narrow: true, Hidden: true})
	t.Empty = ui.Empty{Title: "现在没有要办的事", Text: "需要填报、核验、量化或赶进度时，会列在这里。", Icon: "check"}
	for _, task := range tasks {
		t.Rows = append(t.Rows, ui.Row{URL: taskURL(task.ID), Cells: []ui.Cell{titleCell(task), ui.Link(task.Turn.What, taskURL(task.ID)), ui.Node(taskLight(task)), dueCell(task)}})
	}
	return t
}

// waitingTable lists reported values that nobody has verified.
func (s *scene) waitingTable(rows []supervise.TargetRow) ui.Table {
	t := ui.NewTable("待核验的填报", ui.Column{Label: "目标"}, ui.Column{Label: "已填报", Num: true}, ui.Column{Label: "截至", Narrow: true}, ui.Column{Label: "已核验", Num: true})
	t.Empty = ui.Empty{Title: "没有待核验的填报"}
	for _, r := range rows {
		g, to := r.Target, targetURL(r.Target.ID)
		t.Rows = append(t.Rows, ui.Row{URL: to, Cells: []ui.Cell{ui.Link(g.Pledge(), to).With(r.Task.No + " " + r.Task.Title),
			ui.Num(figure(g.Target, g.Actual.Pending), to), ui.Text(g.Actual.PendingAsOf), ui.Text(orNothing(figure(g.Target, g.Actual.Value)))}})
	}
	return t
}

// roleTable lists a unit's tasks with the part it has in them.
func (s *scene) roleTable(u city.Unit, tasks []*supervise.TaskLight, only lightChoice) ui.Table {
	t := ui.NewTable(u.Short+"的任务", ui.Column{Label: "任务"}, ui.Column{Label: "职责", Narrow: true}, ui.Column{Label: "灯色与原因"}, ui.Column{Label: "轮到谁", Narrow: true},
		ui.Column{Label: "时限", Narrow: true, Hidden: true})
	t.Empty = ui.Empty{Title: "没有符合条件的任务"}
	for _, task := range tasks {
		if only.has(task.Shown()) {
			t.Rows = append(t.Rows, ui.Row{URL: taskURL(task.ID), Cells: []ui.Cell{titleCell(task), ui.Text(roleIn(task, u.ID)), ui.Node(taskLight(task)), s.turnCell(task), dueCell(task)}})
		}
	}
	return t
}

// roleIn is the part a unit has in a task, in words.
func roleIn(t *supervise.TaskLight, u city.UnitID) string {
	if t.LeadUnit == u {
		return "牵头"
	}
	for _, tu := range t.Units {
		if slices.Contains(tu.Units, u) {
			return plan.RoleLabel(tu.Role)
		}
	}
	return nothing
}
