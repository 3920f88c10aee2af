package tasks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// plansView is all lists, by kind.
type plansView struct {
	ui.Base
	Groups []hits
	Empty  ui.Empty
	Bind   string // address that binds targets as the city pack says; "" for who may not, or without a list
}

func years(p plan.Plan) string {
	if p.YearEnd > p.Year {
		return fmt.Sprintf("%d—%d 年", p.Year, p.YearEnd)
	}
	if p.Year == 0 {
		return noWord
	}
	return fmt.Sprintf("%d 年", p.Year)
}

func plansPage(c *frame.Ctx) error {
	ctx := c.R.Context()
	board, err := c.App.Supervise.Board(ctx, c.P)
	if err != nil {
		return err
	}
	v := plansView{Base: c.Base("清单与版本")}
	v.Lede = "市级总清单、部门专项工作方案和县（市、区）、开发区清单。"
	v.Actions = importButtons(c.P, "/imports/new")
	byPlan := tasksByPlan(board)
	for _, kind := range []plan.Kind{plan.KindCity, plan.KindSpecial, plan.KindCounty} {
		h := hits{Title: kind.Label(), Table: planTable(kind.Label())}
		for _, p := range board.Plans {
			if p.Kind == kind {
				h.Table.Rows = append(h.Table.Rows, planRow(c.App.Pack, p.Plan, byPlan[p.ID]))
			}
		}
		if n := len(h.Table.Rows); n > 0 {
			h.Note = itoa(n) + " 份"
			v.Groups = append(v.Groups, h)
		}
	}
	v.Empty = ui.Empty{Title: "还没有清单", Text: "导入计划文件，核对识别结果，发布后就成为清单。"}
	if c.P.MayAnywhere(org.PlanImport) {
		v.Empty.Label, v.Empty.URL = "导入计划文件", "/imports/new"
	}
	if len(v.Groups) > 0 && c.P.May(org.PlanCorrect, org.Scope{}) == nil {
		v.Bind = "/plans/measures"
	}
	return c.Render(http.StatusOK, plansTempl(v))
}

// bindPack binds the targets of lists from before there were registers.
func bindPack(c *frame.Ctx) error {
	n, err := c.App.Plan.BindPack(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	return c.Done("/plans", "已为 "+itoa(n)+" 项目标指定数据来源。")
}

func importButtons(p org.Principal, to string) ui.Buttons {
	if !p.MayAnywhere(org.PlanImport) && !p.MayAnywhere(org.CountyListImport) {
		return nil
	}
	return ui.Buttons{{Label: "导入文件", Icon: "upload", URL: to}}
}

func tasksByPlan(b *supervise.Board) map[string][]*supervise.TaskLight {
	m := map[string][]*supervise.TaskLight{}
	for _, t := range b.Tasks {
		m[t.PlanID] = append(m[t.PlanID], t)
	}
	return m
}

func planTable(caption string) ui.Table {
	return ui.NewTable(caption, ui.Column{Label: "清单"}, ui.Column{Label: "年度", Narrow: true}, ui.Column{Label: "单位或地区"}, ui.Column{Label: "版本", Narrow: true},
		ui.Column{Label: "任务", Num: true}, ui.Column{Label: "灯色"})
}

func planRow(pack *city.Pack, p plan.Plan, ts []*supervise.TaskLight) ui.Row {
	of := ui.Text(strings.Join(p.Issuers, "、"))
	switch {
	case p.Territory != "":
		of = ui.Link(nameOfTerritory(pack, p.Territory), "/territories/"+string(p.Territory))
	case p.Unit != "":
		of = ui.Link(nameOfUnit(pack, p.Unit), "/units/"+string(p.Unit))
	case len(p.Issuers) > 2:
		of = ui.Text(p.Issuers[0]).With("等 " + itoa(len(p.Issuers)) + " 个单位")
	}
	all := query{Plan: p.ID}
	return ui.Row{URL: planURL(p.ID), Cells: []ui.Cell{ui.Text(p.Title).With(p.DocNo), ui.Text(years(p)), of, ui.Text("第 " + itoa(p.Version) + " 版"),
		ui.Num(itoa(len(ts)), all.address()), ui.Node(planBar(p, ts))}}
}

func planBar(p plan.Plan, ts []*supervise.TaskLight) ui.LightBar {
	b := lightBar(p.Title, tally(ts), func(l supervise.Level) string { return query{Plan: p.ID, Light: l}.address() })
	b.Counts = slices.DeleteFunc(b.Counts, func(n ui.LightCount) bool { return n.Count == 0 })
	return b
}

// planView is one list.
type planView struct {
	ui.Base
	Facts    ui.Facts
	Issuers  ui.Facts
	Bar      ui.LightBar
	Tasks    string // address of its tasks
	Goals    []string
	Versions ui.Table
	Special  ui.Table
	Counties ui.Table
	HasUnder bool // a city's list: counties' lists hang under it
	Note     string
}

func planPage(c *frame.Ctx) error {
	ctx := c.R.Context()
	d, err := c.App.Plan.Plan(ctx, c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	board, err := c.App.Supervise.Board(ctx, c.P)
	if err != nil {
		return err
	}
	published, err := publications(c, d.ID)
	if err != nil {
		return err
	}
	byPlan := tasksByPlan(board)
	v := planView{Base: c.Base(d.Title, ui.Crumb{Label: "清单与版本", URL: "/plans"}), Bar: planBar(d.Plan, byPlan[d.ID]), Tasks: query{Plan: d.ID}.address(), Goals: d.Goals}
	v.Eyebrow = d.DocNo
	v.Issuers = ui.Facts{Items: []ui.Fact{{Term: "印发单位", Text: strings.Join(d.Issuers, "、")}}}
	v.Actions = planActions(c.P, d.Plan)
	v.Facts = planFacts(c.App.Pack, board, d.Plan, len(byPlan[d.ID]))
	v.Versions = versionTable(c.P, d, published)
	if d.Kind == plan.KindCity {
		v.HasUnder = true
		v.Special, v.Counties, v.Note = under(c, board, d.Plan, byPlan)
	}
	return c.Render(http.StatusOK, planTempl(v))
}

func planActions(p org.Principal, d plan.Plan) ui.Buttons {
	bs := ui.Buttons{{Label: "查看任务", Kind: ui.Primary, Icon: "list", URL: query{Plan: d.ID}.address()}}
	may := p.May(org.PlanImport, org.Scope{}) == nil
	if d.Kind == plan.KindCounty {
		may = p.May(org.CountyListImport, org.Scope{Territory: string(d.Territory)}) == nil
	}
	if may {
		bs = append(bs, ui.Button{Label: "导入新版本", Icon: "upload", URL: "/imports/new?plan=" + url.QueryEscape(d.ID)})
	}
	return append(bs, ui.Button{Label: "打印", Icon: "print", Do: "print"})
}

func planFacts(pack *city.Pack, b *supervise.Board, p plan.Plan, tasks int) ui.Facts {
	items := []ui.Fact{
		{Term: "类型", Text: p.Kind.Label()}, {Term: "文号", Text: p.DocNo}, {Term: "印发日期", Text: day(p.IssuedOn)}, {Term: "年度", Text: years(p)},
		{Term: "任务", Text: itoa(tasks) + " 项", URL: query{Plan: p.ID}.address()}, {Term: "现行版本", Text: "第 " + itoa(p.Version) + " 版", Sub: "更新于 " + ui.Moment(p.UpdatedAt)},
		{Term: "编号", Text: p.Code, Sub: "任务编号以此开头"},
	}
	if p.Territory != "" {
		items = append(items, ui.Fact{Term: "地区", Text: nameOfTerritory(pack, p.Territory), URL: "/territories/" + string(p.Territory)})
	}
	if p.Unit != "" {
		items = append(items, ui.Fact{Term: "单位", Text: nameOfUnit(pack, p.Unit), URL: "/units/" + string(p.Unit)})
	}
	if parent := b.Plan(p.ParentID); parent != nil {
		items = append(items, ui.Fact{Term: "上级清单", Text: parent.Title, URL: planURL(parent.ID)})
	}
	return ui.Facts{Items: items, Columns: true}
}

// published is who published a version, as the audit log keeps it.
type published struct{ who, note string }

// publications reads by version who published a list and with what remark.
func publications(c *frame.Ctx, planID string) (map[int]published, error) {
	found := map[int]published{}
	err := c.App.DB.Read(c.R.Context(), func(tx *db.Tx) error {
		records, err := c.App.Log.List(tx, audit.Filter{ObjectKind: "plan", ObjectID: planID, Action: "plan.publish", Limit: 200})
		for _, r := range records {
			var after struct {
				Version int `json:"版本"`
			}
			if json.Unmarshal([]byte(r.After), &after) == nil {
				found[after.Version] = published{strings.TrimSpace(r.ActorUnit + " " + r.ActorName), r.Reason}
			}
		}
		return err
	})
	return found, err
}

func versionTable(p org.Principal, d plan.PlanDetail, by map[int]published) ui.Table {
	table := ui.NewTable("版本", ui.Column{Label: "版本", Narrow: true}, ui.Column{Label: "发布"}, ui.Column{Label: "变化"}, ui.Column{Label: "文件", Narrow: true}, ui.Column{Label: "核对记录", Narrow: true})
	seesImport := p.MayAnywhere(org.PlanPublish) || p.MayAnywhere(org.PlanImport) || d.Kind == plan.KindCounty && p.May(org.CountyListImport, org.Scope{Territory: string(d.Territory)}) == nil
	for _, ver := range d.Versions {
		who := by[ver.Version]
		review := ui.Text(noWord)
		if seesImport {
			review = ui.Link("打开", "/imports/"+ver.ImportID)
		}
		changes := ui.Text(summaryWords(ver))
		if who.note != "" {
			changes = changes.With("说明：" + who.note)
		}
		table.Rows = append(table.Rows, ui.Row{Cells: []ui.Cell{ui.Text("第 " + itoa(ver.Version) + " 版"), ui.Text(ui.Moment(ver.PublishedAt)).With(who.who), changes,
			ui.Link("打开文件", "/documents/"+ver.DocumentID), review}})
	}
	return table
}

// summaryWords says what a version changed.
func summaryWords(v plan.Version) string {
	var parts []string
	for _, p := range []struct {
		label string
		n     int
	}{{"新增", v.Summary.Added}, {"修改", v.Summary.Changed}, {"不变", v.Summary.Kept}, {"移出", v.Summary.Dropped}, {"保持原样", v.Summary.Refused}} {
		if p.n > 0 {
			parts = append(parts, p.label+" "+itoa(p.n)+" 项")
		}
	}
	return orDash(strings.Join(parts, "，"))
}

// under lists what hangs under a city's list: special plans, and every county with
// its own list or the lack of one.
func under(c *frame.Ctx, b *supervise.Board, top plan.Plan, byPlan map[string][]*supervise.TaskLight) (special, counties ui.Table, note string) {
	pack := c.App.Pack
	special = planTable("专项工作方案")
	special.Empty = ui.Empty{Title: "没有专项工作方案", Text: "牵头单位的专项工作方案可以作为下级清单导入。"}
	counties = ui.NewTable("县区清单", ui.Column{Label: "县（市、区）、开发区"}, ui.Column{Label: "清单"}, ui.Column{Label: "任务", Num: true},
		ui.Column{Label: "落实市级任务", Num: true, Hint: "市级任务中有县区任务对应的项数"}, ui.Column{Label: "灯色"})
	lists := map[city.TerritoryID][]plan.Plan{}
	for _, p := range b.Plans {
		if p.ParentID != top.ID {
			continue
		}
		if p.Kind == plan.KindSpecial {
			special.Rows = append(special.Rows, planRow(pack, p.Plan, byPlan[p.ID]))
		} else {
			lists[p.Territory] = append(lists[p.Territory], p.Plan)
		}
	}
	handed := 0
	for _, tr := range pack.TerritoriesFor(city.CaliberZonesApart) {
		if len(lists[tr.ID]) > 0 {
			handed++
		}
		counties.Rows = append(counties.Rows, countyRows(c.P, top, tr, lists[tr.ID], byPlan)...)
	}
	return special, counties, fmt.Sprintf("已报 %d 个，未报 %d 个", handed, len(pack.TerritoriesFor(city.CaliberZonesApart))-handed)
}

func countyRows(p org.Principal, top plan.Plan, tr city.Territory, lists []plan.Plan, byPlan map[string][]*supervise.TaskLight) []ui.Row {
	name := ui.Link(tr.Short, "/territories/"+string(tr.ID))
	if len(lists) == 0 {
		list := ui.Node(ui.Badge{Text: "未报清单", Kind: ui.Warning})
		if p.May(org.CountyListImport, org.Scope{Territory: string(tr.ID)}) == nil {
			v := url.Values{"kind": {string(plan.KindCounty)}, "parent": {top.ID}, "territory": {string(tr.ID)}}
			list = ui.Link("未报，导入清单", "/imports/new?"+v.Encode())
		}
		return []ui.Row{{Muted: true, Cells: []ui.Cell{name, list, ui.Text(noWord), ui.Text(noWord), ui.Text(noWord)}}}
	}
	rows := make([]ui.Row, len(lists))
	for i, l := range lists {
		ts := byPlan[l.ID]
		carried := map[string]bool{}
		for _, t := range ts {
			if t.ParentTaskID != "" {
				carried[t.ParentTaskID] = true
			}
		}
		rows[i] = ui.Row{Cells: []ui.Cell{name, ui.Link(l.Title, planURL(l.ID)).With("第 " + itoa(l.Version) + " 版，" + ui.Moment(l.UpdatedAt)),
			ui.Num(itoa(len(ts)), query{Plan: l.ID}.address()), ui.Text(itoa(len(carried))), ui.Node(planBar(l, ts))}}
	}
	return rows
}
