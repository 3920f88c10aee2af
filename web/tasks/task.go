package tasks

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// taskView is everything about one task.
type taskView struct {
	ui.Base
	Gone     ui.Alert // the task left the list; empty while it stands
	Override *ui.LightOverride
	Lift     string // address that ends the override; empty for who may not
	Head     ui.Facts
	Life     lifeView
	Targets  []targetView
	Steps    ui.Table
	NewStep  ui.Buttons
	Text     ui.SourceText
	Document ui.Buttons
	Units    ui.Table
	Sources  ui.Table
	AddSrc   ui.Buttons
	Ledgers  ui.Table // registers that serve the task's clause
	Matters  ui.Table // records that name the task: sheets, rectifications
	Children ui.Table
	HasKids  bool
	Work     ui.Facts
	Edit     ui.Buttons
	History  ui.Timeline
	Earlier  ui.Timeline // folded away
}

// taskParts carries what the parts of a task's page need.
type taskParts struct {
	c     *frame.Ctx
	d     plan.Detail
	light *supervise.TaskLight // nil when the task has left the list
	scope org.Scope
	today calendar.Date
	board *supervise.Board
	past  courses
}

func (t taskParts) may(a org.Action) bool { return t.light != nil && t.c.P.May(a, t.scope) == nil }

func taskPage(c *frame.Ctx) error {
	ctx := c.R.Context()
	d, err := c.App.Plan.Task(ctx, c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	board, err := c.App.Supervise.Board(ctx, c.P)
	if err != nil {
		return err
	}
	t := taskParts{c: c, d: d, light: board.Task(d.ID), scope: scopeOf(d.Units, d.Territory), today: board.Today, board: board}
	if t.past, err = coursesOf(ctx, c, t.light, t.today); err != nil {
		return err
	}
	v := taskView{Base: c.Base(d.Title, ui.Crumb{Label: "任务清单", URL: "/tasks?plan=" + d.PlanID}), Text: quoted(d)}
	v.History, v.Earlier = history(d.History)
	v.Eyebrow, v.Lede = d.No, headings(d.Path)
	v.Actions = t.actions()
	t.lights(&v)
	v.Head = t.head()
	v.Life = lifeOf(t)
	for i := range d.Targets {
		v.Targets = append(v.Targets, t.target(&d.Targets[i]))
	}
	v.Steps, v.NewStep = t.steps()
	v.Document = t.document()
	v.Units = t.units()
	v.Sources = t.sources()
	v.Ledgers = t.ledgers()
	if v.Matters, err = t.matters(ctx); err != nil {
		return err
	}
	v.Children, v.HasKids = t.children(), len(d.Children) > 0
	v.Work = t.work()
	if t.may(org.TaskEdit) {
		v.Edit = ui.Buttons{{Label: "修改", Icon: "edit", Small: true, URL: taskURL(d.ID) + "/edit", Dialog: true}}
		v.AddSrc = ui.Buttons{{Label: "添加来源", Icon: "plus", Small: true, URL: taskURL(d.ID) + "/sources/new", Dialog: true}}
	}
	return c.Render(http.StatusOK, taskTempl(v))
}

// ledgers are the registers whose records show what becomes of the task.
func (t taskParts) ledgers() ui.Table {
	table := ui.NewTable("相关台账", ui.Column{Label: "台账"}, ui.Column{Label: "什么算一条"}, ui.Column{Label: "主管部门"})
	if t.light == nil || t.c.App.Register == nil || t.d.Territory != "" {
		return table
	}
	clause := t.board.Clause(t.light)
	for _, d := range t.c.App.Register.Catalog().All() {
		if d.Clause == "" || d.Clause != clause {
			continue
		}
		url := "/registers/" + string(d.ID)
		table.Rows = append(table.Rows, ui.Row{URL: url, Cells: []ui.Cell{ui.Link(d.Name, url), ui.Text(d.About), ui.Text(nameOfUnit(t.c.App.Pack, d.Lead))}})
	}
	return table
}

// mostMatters of one register are shown with a task, the newest first.
const mostMatters = 50

// matters are the records that name the task, of every register that has a field for
// it: what supervision did about it, and where that stands.
func (t taskParts) matters(ctx context.Context) (ui.Table, error) {
	table := ui.NewTable("督导事项", ui.Column{Label: "事项"}, ui.Column{Label: "承办单位"}, ui.Column{Label: "办到哪一步"}, ui.Column{Label: "本环节期限", Narrow: true})
	if t.c.App.Register == nil || !t.c.P.MayAnywhere(org.RegisterRead) {
		return table, nil
	}
	for _, d := range t.c.App.Register.Catalog().All() {
		i := slices.IndexFunc(d.Fields, func(f register.Field) bool { return f.Type == register.TaskRef })
		if i < 0 {
			continue
		}
		records, _, err := t.c.App.Register.List(ctx, t.c.P, register.Query{Register: d.ID, Having: map[string]string{d.Fields[i].Name: t.d.ID}, Limit: mostMatters})
		if err != nil {
			return table, err
		}
		for _, r := range records {
			url, stage := "/records/"+r.ID, r.Stage
			if st, ok := d.Stage(r.Stage); ok {
				stage = st.Label
			}
			due := ""
			if !r.Due.IsZero() {
				due = r.Due.Chinese()
			}
			table.Rows = append(table.Rows, ui.Row{URL: url, Cells: []ui.Cell{ui.Link(r.Title, url).With(r.No), ui.Text(nameOfUnit(t.c.App.Pack, r.Assignee)), ui.Text(stage), ui.Text(due)}})
		}
	}
	return table, nil
}

func (t taskParts) actions() ui.Buttons {
	bs := ui.Buttons{{Label: "打印", Icon: "print", Do: "print"}, {Label: "复制链接", Icon: "link", Do: "copy"}}
	if t.light != nil && t.c.P.May(org.LightOverride, org.Scope{}) == nil {
		bs = append(bs, ui.Button{Label: "人工改判灯色", Icon: "scale", URL: taskURL(t.d.ID) + "/light", Dialog: true})
	}
	return bs
}

// lights shows the computed light, and beside it the one set by hand.
func (t taskParts) lights(v *taskView) {
	if t.light == nil {
		v.Gone = ui.Alert{Kind: ui.Warning, Title: "这项任务已移出清单", Text: "第 " + itoa(t.d.VersionGone) + " 版文件不再有这一项，以下是保留的记录。"}
		return
	}
	if o := t.light.Override; o != nil {
		v.Override = &ui.LightOverride{Computed: ui.Light{Level: levelOf(t.light.Computed.Level), Reason: t.light.Computed.Reason},
			Manual: ui.Light{Level: levelOf(o.Level)}, By: o.ByName + " " + ui.Moment(o.At), Reason: o.Reason, Until: o.Until.Chinese()}
		if t.c.P.May(org.LightOverride, org.Scope{}) == nil {
			v.Lift = taskURL(t.d.ID) + "/light/lift"
		}
	}
}

func (t taskParts) head() ui.Facts {
	d, pack := t.d, t.c.App.Pack
	var items []ui.Fact
	if t.light != nil {
		if t.light.Override == nil {
			items = append(items, ui.Fact{Term: "灯色", Node: lightOf(t.light)})
		}
		items = append(items, ui.Fact{Term: "下一步", Text: orDash(turnOf(pack, t.light.Turn))})
	}
	due := ui.Fact{Term: "完成期限", Text: day(d.DueOn)}
	if d.OriginalDue != d.DueOn {
		due.Sub = "原定 " + day(d.OriginalDue)
	}
	lead := ui.Fact{Term: "牵头单位", Text: "未确定"}
	if d.LeadUnit != "" {
		lead.Text, lead.URL = nameOfUnit(pack, d.LeadUnit), "/units/"+string(d.LeadUnit)
	}
	items = append(items, due, lead, ui.Fact{Term: "状态", Text: d.State.Label()}, ui.Fact{Term: "类别", Text: string(d.Category)},
		ui.Fact{Term: "清单", Text: d.Plan.Title, URL: planURL(d.PlanID), Sub: d.Plan.Kind.Label()})
	if d.Territory != "" {
		items = append(items, ui.Fact{Term: "地区", Text: nameOfTerritory(pack, d.Territory), URL: "/territories/" + string(d.Territory)})
	}
	if d.Parent != nil {
		items = append(items, ui.Fact{Term: "落实的市级任务", Text: d.Parent.Title, URL: taskURL(d.Parent.ID), Sub: d.Parent.No})
	}
	return ui.Facts{Items: items, Columns: true}
}

func (t taskParts) steps() (ui.Table, ui.Buttons) {
	table := ui.NewTable("时间节点", ui.Column{Label: "节点"}, ui.Column{Label: "计划", Narrow: true}, ui.Column{Label: "实际", Narrow: true}, ui.Column{Label: "灯色"}, ui.Column{Label: "佐证"}, ui.Column{Label: "办理", Narrow: true})
	table.Empty = ui.Empty{Title: "没有时间节点", Text: "有量化目标的任务可以不设节点；没有的，请设几个看得见成果的日期。"}
	rule := t.c.App.Pack.Thresholds
	if p := t.board.Plan(t.d.PlanID); p != nil {
		rule = p.Rules
	}
	for _, m := range t.d.Milestones {
		l := supervise.JudgeMilestones([]plan.Milestone{m}, t.today, t.c.App.Pack.Calendar, rule.LightFor(t.d.Category))
		actual := ui.Text(plainDay(m.ActualOn))
		if m.SlipReason != "" {
			actual = actual.With(m.SlipReason)
		}
		proof := ui.Text(orDash(m.Evidence))
		if m.ProofHash != "" {
			proof = ui.Link(m.ProofName, "/milestones/"+m.ID+"/proof")
		}
		table.Rows = append(table.Rows, ui.Row{ID: "step-" + m.ID, Cells: []ui.Cell{
			ui.Text(m.Name).With(m.Deliverable), ui.Text(m.PlannedOn), actual, ui.Node(ui.Light{Level: levelOf(l.Level), Reason: l.Reason}), proof, t.stepCell(m)}})
	}
	var add ui.Buttons
	if t.may(org.TaskEdit) {
		add = ui.Buttons{{Label: "增加节点", Icon: "plus", Small: true, URL: taskURL(t.d.ID) + "/milestones/new", Dialog: true}}
	}
	return table, add
}

func (t taskParts) stepCell(m plan.Milestone) ui.Cell {
	switch {
	case m.VerifiedBy != "":
		return ui.Text("已核验").With(m.VerifiedBy)
	case m.ActualOn == "" && t.may(org.ProgressReport):
		return ui.Node(ui.Button{Label: "报完成", Small: true, URL: stepURL(t.d.ID, m.ID, "reach"), Dialog: true})
	case m.ActualOn == "":
		return ui.Text("未到")
	case m.ReportedBy != t.c.P.ID && t.may(org.ProgressVerify):
		return ui.Node(ui.Button{Label: "核验", Small: true, URL: stepURL(t.d.ID, m.ID, "verify"), Dialog: true})
	}
	return ui.Text("待核验")
}

func (t taskParts) document() ui.Buttons {
	if t.d.DocumentID == "" {
		return nil
	}
	return ui.Buttons{{Label: "打开文件", Icon: "doc", Small: true, URL: "/documents/" + t.d.DocumentID}}
}

func (t taskParts) units() ui.Table {
	table := ui.NewTable("责任单位", ui.Column{Label: "文件中的名称"}, ui.Column{Label: "分工", Narrow: true}, ui.Column{Label: "单位"})
	table.Empty = ui.Empty{Title: "文件没有写明责任单位"}
	for i, u := range t.d.Units {
		item := unitItem(i)
		table.Rows = append(table.Rows, ui.Row{ID: "item-" + item, Item: item, Cells: []ui.Cell{ui.Text(u.Name), ui.Text(plan.RoleLabel(u.Role)), t.unitCell(u)}})
	}
	return table
}

func (t taskParts) unitCell(u plan.TaskUnit) ui.Cell {
	switch len(u.Units) {
	case 0:
		return ui.Text("不在单位名录中")
	case 1:
		return ui.Link(nameOfUnit(t.c.App.Pack, u.Units[0]), "/units/"+string(u.Units[0]))
	}
	names := make([]string, len(u.Units))
	for i, id := range u.Units {
		names[i] = nameOfUnit(t.c.App.Pack, id)
	}
	return ui.Text(itoa(len(names)) + " 个单位").With(strings.Join(names, "、"))
}

func (t taskParts) sources() ui.Table {
	table := ui.NewTable("来源", ui.Column{Label: "文件"}, ui.Column{Label: "类型", Narrow: true}, ui.Column{Label: "条款"}, ui.Column{Label: "版本", Narrow: true})
	table.Empty = ui.Empty{Title: "没有记录来源"}
	for _, s := range t.d.Sources {
		title := ui.Text(s.Title)
		if s.DocumentID != "" {
			title = ui.Link(s.Title, "/documents/"+s.DocumentID)
		}
		version := noWord
		if s.Version > 0 {
			version = "第 " + itoa(s.Version) + " 版"
		}
		table.Rows = append(table.Rows, ui.Row{Cells: []ui.Cell{title.With(s.Quote), ui.Text(s.Kind.Label()), ui.Text(orDash(s.Clause)), ui.Text(version)}})
	}
	return table
}

func (t taskParts) children() ui.Table {
	pack := t.c.App.Pack
	table := ui.NewTable("县区的任务", ui.Column{Label: "任务"}, ui.Column{Label: "地区", Narrow: true}, ui.Column{Label: "目标"}, ui.Column{Label: "灯色"}, ui.Column{Label: "期限", Narrow: true})
	for _, ch := range t.d.Children {
		light, targets := ui.Cell{}, ui.Text(noWord)
		if l := t.board.Task(ch.ID); l != nil {
			light, targets = ui.Node(lightOf(l)), targetsCell(l)
		}
		table.Rows = append(table.Rows, ui.Row{URL: taskURL(ch.ID), Cells: []ui.Cell{ui.Text(ch.Title).With(ch.No),
			ui.Link(nameOfTerritory(pack, ch.Territory), "/territories/"+string(ch.Territory)), targets, light, ui.Text(ch.DueOn)}})
	}
	return table
}

func (t taskParts) work() ui.Facts {
	d := t.d
	return ui.Facts{Columns: true, Items: []ui.Fact{
		{Term: "分管领导", Text: d.Leader}, {Term: "责任人", Text: d.Owner}, {Term: "经办人", Text: d.Handler},
		{Term: "核验方式", Text: d.Verification.Label()}, {Term: "报送周期", Text: d.ReportCycle.Label()}, {Term: "公开属性", Text: d.Openness.Label()},
		{Term: "开始日期", Text: day(d.StartOn)}, {Term: "佐证要求", Text: d.EvidenceSpec},
	}}
}

// lightOfTarget finds a target on the board; nil for one that left the list.
func (t taskParts) lightOfTarget(id string) *supervise.TargetLight {
	if t.light == nil {
		return nil
	}
	i := slices.IndexFunc(t.light.Targets, func(g supervise.TargetLight) bool { return g.ID == id })
	if i < 0 {
		return nil
	}
	return &t.light.Targets[i]
}

func territoryCell(pack *city.Pack, id city.TerritoryID) ui.Cell {
	if id == "" {
		return ui.Text(nameOfTerritory(pack, id))
	}
	return ui.Link(nameOfTerritory(pack, id), "/territories/"+string(id))
}
