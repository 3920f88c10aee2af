package matters

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// group is the heading of the registers of supervision.
const group = "督导"

// draftURL shows and begins the documents of a record.
func draftURL(record string) string { return home + "/draft/" + url.PathEscape(record) }

// tablePage is a page of one or more tables under the area's tabs.
type tablePage struct {
	ui.Base
	Tabs   ui.Tabs
	Tables []titled
	Draft  *ui.Form // begins the next document of a record
	Button string
}

type titled struct {
	Title   string
	ID      string // anchor; may be empty
	Note    string
	Table   ui.Table
	Actions templ.Component // nil for none
}

// lists draws a page of tables, which can also be had as a workbook.
func lists(c *frame.Ctx, v tablePage) error {
	v.Actions = c.WithBook(v.Actions)
	tables := make([]ui.Table, len(v.Tables))
	for i, t := range v.Tables {
		tables[i] = t.Table
	}
	return c.Lists(tablesView(v), v.Title, tables...)
}

// tabs are the parts of supervision; who may not draft sees no proposals.
func tabs(c *frame.Ctx, at string) ui.Tabs {
	t := ui.Tabs{Label: group}
	for _, x := range []struct{ label, path string }{{"文书", ""}, {"建议发单", "/proposals"}, {"督导事项", "/registers"}, {"减负", "/burden"}, {"依据与限制", "/rules"}} {
		if x.path == "/proposals" && !c.P.MayAnywhere(org.MatterIssue) {
			continue
		}
		t.Items = append(t.Items, ui.Tab{Label: x.label, URL: home + x.path, Current: x.path == at})
	}
	return t
}

// papers shows which documents a record has, and begins the next.
func (a area) papers(c *frame.Ctx) error {
	r, err := a.room.Papers(c.R.Context(), c.P, c.R.PathValue("record"))
	if err != nil {
		return err
	}
	v := tablePage{Base: c.Base(r.View.No+" 的文书", ui.Crumb{Label: "督导", URL: home}, ui.Crumb{Label: r.View.No, URL: "/records/" + r.View.ID})}
	v.Lede, v.AsOf = r.View.Title, ""
	t := table(r.Papers, matter.Query{})
	t.Empty = ui.Empty{Title: "这条记录还没有文书", Icon: "doc"}
	v.Tables = []titled{{Title: "文书", Table: t}}
	if r.View.Register == "meeting" {
		last, err := a.lastTime(c, r.View.Record)
		if err != nil {
			return err
		}
		v.Tables = append(v.Tables, last)
	}
	if r.Next != "" && r.Open() == nil && c.P.MayAnywhere(org.MatterIssue) {
		v.Draft = &ui.Form{Action: draftURL(r.View.ID), Label: "起草", Inline: true}
		v.Button = "起草" + r.Next.Label()
	}
	return lists(c, v)
}

// draft writes the document of a record; one that is open already is shown.
func (a area) draft(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	id, err := a.room.DraftFor(c.R.Context(), c.P, c.R.PathValue("record"))
	switch {
	case errs.Is(err, errs.Conflict) && id != "":
		return c.Done(paperURL(id), "这条记录已有一份文书正在办理，就是这一份")
	case err != nil:
		return err
	}
	return c.Done(paperURL(id), "文书已起草，请核对文字")
}

// lastTime shows what the meeting begins with, so that its agenda can say so before it is held.
func (a area) lastTime(c *frame.Ctx, meeting register.Record) (t titled, err error) {
	last, err := a.room.LastTime(c.R.Context(), c.P, meeting)
	if err != nil {
		return t, err
	}
	t = titled{Title: "上次议定事项", Note: "会议议程从这里开始，纪要自动写入", Table: ui.NewTable("上次议定事项", ui.Column{Label: "议定事项"}, ui.Column{Label: "牵头单位", Narrow: true}, ui.Column{Label: "完成时限", Narrow: true}, ui.Column{Label: "落实情况"})}
	t.Table.Empty = ui.Empty{Title: "此前没有议定事项", Icon: "check"}
	kinds := map[string]ui.Kind{"已办结": ui.Success, "逾期未办结": ui.Danger, "落实中": ui.Info}
	for i, x := range append(last.Decisions, last.Older...) {
		meant := "上次会议"
		if i >= len(last.Decisions) {
			meant = "更早的会议"
		}
		url := "/records/" + x.ID
		t.Table.Rows = append(t.Table.Rows, ui.Row{URL: url, Cells: []ui.Cell{ui.Link(x.Values["matter"], url).With(meant), ui.Text(x.Lead.Short), ui.Text(x.Due.String()), ui.Node(ui.Badge{Text: x.State, Kind: kinds[x.State]}).With(x.Said())}})
	}
	return t, nil
}

// registers lists the registers of supervision with what stands in them.
func (a area) registers(c *frame.Ctx) error {
	waiting, err := a.reg.Waiting(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	v := tablePage{Base: c.Base(group), Tabs: tabs(c, "/registers")}
	t := ui.NewTable("督导事项", ui.Column{Label: "台账"}, ui.Column{Label: "各阶段"}, ui.Column{Label: "等我办理", Narrow: true}, ui.Column{Label: "逾期", Narrow: true})
	for _, d := range a.reg.Catalog().All() {
		if d.Group != group {
			continue
		}
		stages, err := a.stages(c, d)
		if err != nil {
			return err
		}
		late, err := a.count(c, register.Query{Register: d.ID, Late: true})
		if err != nil {
			return err
		}
		at := "/registers/" + string(d.ID)
		t.Rows = append(t.Rows, ui.Row{URL: at, Cells: []ui.Cell{ui.Link(d.Name, at).With(d.About), stages, number(waiting[d.ID], at+"?owed=1"), number(late, at+"?late=1")}})
	}
	v.Tables = []titled{{Title: "督导事项", Table: t}}
	return lists(c, v)
}

// number opens to its records; nothing opens to nothing.
func number(n int, url string) ui.Cell {
	if n == 0 {
		return ui.Text("0")
	}
	return ui.Num(strconv.Itoa(n), url)
}

func (a area) count(c *frame.Ctx, q register.Query) (int, error) {
	q.Limit = 1
	_, n, err := a.reg.List(c.R.Context(), c.P, q)
	return n, err
}

// stages tells how many records stand where; each number opens to them.
func (a area) stages(c *frame.Ctx, d *register.Definition) (ui.Cell, error) {
	var all []stageCount
	for _, st := range d.Stages {
		n, err := a.count(c, register.Query{Register: d.ID, Stage: st.ID})
		if err != nil {
			return ui.Cell{}, err
		}
		if n > 0 {
			all = append(all, stageCount{st.Label, strconv.Itoa(n), "/registers/" + string(d.ID) + "?stage=" + st.ID})
		}
	}
	if len(all) == 0 {
		return ui.Text("没有记录"), nil
	}
	return ui.Node(stageCounts(all)), nil
}

// stageCount is how many records of a register stand in one stage.
type stageCount struct{ Label, N, URL string }

// burden shows what guards against forms for their own sake.
func (a area) burden(c *frame.Ctx) error {
	if err := c.P.May(org.RegisterRead, org.Scope{}); err != nil {
		return err
	}
	v := tablePage{Base: c.Base(group), Tabs: tabs(c, "/burden")}
	v.Lede = "系统从不统计、也不评价：登录次数、在线时长、上传数量、点赞转发、报告份数、会议次数和签收快慢。"
	forms, err := a.formsTable(c)
	if err != nil {
		return err
	}
	asked, err := a.askedTable(c)
	if err != nil {
		return err
	}
	v.Tables = []titled{{Title: "减负守则", Note: "每一条由什么把关", Table: burdenTable(c.App.Pack.Defaults)}, {Title: "表单登记", Note: "未经登记和批准不得下发；统计调查须有文号和有效期", Table: forms},
		{Title: "重复要数反映", Note: "匿名，不记录反映人", Table: asked}, {Title: "已有的项目", ID: "held", Note: "两本以上台账都有的项目：下发新表前先看这里，重复超过 " + c.App.Pack.Defaults.Forms.KnownShare.String() + " 的不能下发", Table: a.twiceTable()}}
	return lists(c, v)
}

func burdenTable(limits city.Defaults) ui.Table {
	t := ui.NewTable("减负守则", ui.Column{Label: "编号", Narrow: true}, ui.Column{Label: "要求"}, ui.Column{Label: "怎样把关"})
	for _, x := range matter.BurdenRules(limits) {
		kept := ui.Text(x.Kept)
		if x.URL != "" {
			kept = ui.Link(x.Kept, x.URL)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(x.No), ui.Text(x.Says).With(x.Law), kept}})
	}
	return t
}

func (a area) formsTable(c *frame.Ctx) (t ui.Table, err error) {
	t = ui.NewTable("表单登记", ui.Column{Label: "表名"}, ui.Column{Label: "阶段", Narrow: true}, ui.Column{Label: "制定机关"}, ui.Column{Label: "批准或备案文号"}, ui.Column{Label: "有效期至", Narrow: true})
	t.Empty = ui.Empty{Title: "没有登记的表单", Icon: "check"}
	d, ok := a.reg.Catalog().Get("form")
	if !ok {
		return t, nil
	}
	all, _, err := a.reg.List(c.R.Context(), c.P, register.Query{Register: d.ID, Limit: 200})
	for _, r := range all {
		st, _ := d.Stage(r.Stage)
		number := r.Values["filing-no"]
		if r.Values["survey"] == "否" {
			number = "不是统计调查"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(r.Title, "/records/"+r.ID), ui.Text(st.Label), ui.Text(or(r.Values["survey-maker"], dash)), ui.Text(or(number, dash)), ui.Text(r.Values["valid-until"])}})
	}
	return t, err
}

func (a area) askedTable(c *frame.Ctx) (t ui.Table, err error) {
	t = ui.NewTable("重复要数反映", ui.Column{Label: "内容"}, ui.Column{Label: "方式", Narrow: true}, ui.Column{Label: "次数", Narrow: true}, ui.Column{Label: "处理"})
	t.Empty = ui.Empty{Title: "还没有反映", Text: "被重复要数、要表的，可以匿名反映。", Label: "我要反映", URL: "/registers/asked-twice/new"}
	all, _, err := a.reg.List(c.R.Context(), c.P, register.Query{Register: "asked-twice", Limit: 200})
	for _, r := range all {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Link(r.Title, "/records/"+r.ID), ui.Text(r.Values["channel"]), ui.Text(r.Values["times"]), ui.Text(or(r.Values["outcome"], "处理中")).With(r.Values["answer"])}})
	}
	return t, err
}

// twiceTable lists the items that several registers hold already, with the system
// that each is taken from, if any.
func (a area) twiceTable() ui.Table {
	t := ui.NewTable("已有的项目", ui.Column{Label: "项目"}, ui.Column{Label: "现成来源"}, ui.Column{Label: "台账", Hidden: true}, ui.Column{Label: "台账数", Narrow: true})
	t.Cards = false
	type known struct {
		source string
		names  []string
	}
	all := map[string]*known{}
	var order []string
	for _, d := range a.reg.Catalog().All() {
		if d.Group == group {
			continue
		}
		for _, f := range d.Fields {
			k := all[f.Label]
			if k == nil {
				k = &known{}
				all[f.Label] = k
				order = append(order, f.Label)
			}
			k.source, k.names = or(k.source, f.Source), append(k.names, d.Name)
		}
	}
	for _, label := range order {
		if k := all[label]; len(k.names) > 1 {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(label), ui.Text(or(k.source, "台账")), ui.Text(some(k.names)), ui.Text(strconv.Itoa(len(k.names)))}})
		}
	}
	t.Empty = ui.Empty{Title: "没有重复的项目", Icon: "check"}
	return t
}

// some names the first of many.
func some(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, "、")
	}
	return strings.Join(names[:most], "、") + "等"
}
