package cockpit

import (
	"slices"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// territory is the page of one county or zone.
type territory struct {
	Base    ui.Base
	Choose  ui.FilterBar
	Stats   ui.Stats
	Caliber ui.Alert // without text when the territory neither holds zones nor is one
	Lights  ui.Tabs
	Parts   ui.Table
	List    ui.Alert
	Tasks   ui.Table
	Facts   ui.Facts
}

func territoryPage(c *frame.Ctx) error {
	tr, ok := c.App.Pack.Territory(city.TerritoryID(c.R.PathValue("id")))
	if !ok {
		return errs.New(errs.NotFound, "没有这个县（市、区）或开发区")
	}
	if tr.Kind == city.TerritoryPrefecture {
		c.Redirect("/", ui.Flash{})
		return nil
	}
	s, err := look(c)
	if err != nil {
		return err
	}
	page := territory{Base: s.base(tr.Name, ui.Crumb{Label: "县区", URL: s.to("/territories")}), Choose: s.chooser("/territories/" + escape(string(tr.ID)))}
	page.Base.Eyebrow = tr.Kind.Label()
	if g, ok := s.pack.GroupOf(tr.ID); ok {
		page.Base.Eyebrow += " · 对比组：" + g.Name
	}
	if s.mayReport(tr) {
		page.Base.Actions = ui.Buttons{{Label: "去填报", Kind: ui.Primary, Icon: "edit", URL: "/report"}}
	}
	page.fill(s, tr)
	c.BookOf(org.Scope{Territory: string(tr.ID)})
	page.Base.Actions = c.WithBook(page.Base.Actions)
	return c.Lists(territoryView(page), page.Base.Title, page.Parts, page.Tasks)
}

func (p *territory) fill(s *scene, tr city.Territory) {
	group := s.groupOf(tr.ID)
	only := wantedLight(s.c.Form("light"))
	p.Caliber = s.caliberNote(tr)
	p.Stats = s.territoryStats(tr, group)
	p.Lights = s.lightTabs(group.Tally, func(l string) string { return s.territoryURL(tr.ID, "light", l) })
	p.Parts = s.partTable(tr, group.Parts, only)
	own := s.ownTasks(tr.ID)
	p.List = s.listNote(tr)
	p.Tasks = s.taskTable("本地区清单", slices.DeleteFunc(slices.Clone(own), func(t *supervise.TaskLight) bool { return !only.has(t.Shown()) }),
		ui.Empty{Title: "没有符合条件的任务", Text: "去掉灯色条件，可看本地区清单的全部任务。"})
	if len(own) == 0 {
		p.Tasks.Empty = ui.Empty{}
	}
	p.Facts = s.territoryFacts(tr)
}

func (s *scene) groupOf(id city.TerritoryID) supervise.Group {
	i := slices.IndexFunc(s.view.Territories, func(g supervise.Group) bool { return g.ID == string(id) })
	if i < 0 {
		return supervise.Group{ID: string(id), Tally: supervise.Tally{}, Worst: supervise.Grey, Share: -1}
	}
	return s.view.Territories[i]
}

func (s *scene) territoryStats(tr city.Territory, g supervise.Group) ui.Stats {
	waiting := 0
	for _, p := range g.Parts {
		if p.Part.Actual.Pending != nil {
			waiting++
		}
	}
	pace := s.paceCell(g)
	return ui.Stats{
		{Label: "承担指标", Value: strconv.Itoa(len(g.Parts)), Unit: "项", URL: "#parts"},
		{Label: "序时完成", Value: share(g.Share), Sub: pace.Sub, Level: ui.Level(g.Worst), URL: "#parts", Hint: "有已核验数的指标，已核验数与序时应达之比的平均；单项最高按 200% 计"},
		{Label: "落后", Value: strconv.Itoa(behind(g.Tally)), Unit: "项", URL: s.territoryURL(tr.ID, "light", "behind")},
		{Label: "待核验", Value: strconv.Itoa(waiting), Unit: "项", URL: "#parts"},
	}
}

// partTable lists the parts of the city's targets that a territory carries.
func (s *scene) partTable(tr city.Territory, parts []supervise.TerritoryPart, only lightChoice) ui.Table {
	t := ui.NewTable(tr.Name+"承担的指标", ui.Column{Label: "指标"}, ui.Column{Label: "分解数", Num: true}, ui.Column{Label: "进度", Hint: "实心为已核验，斜线为已填报未核验，竖线为序时应达"},
		ui.Column{Label: "已核验", Num: true}, ui.Column{Label: "灯色与原因"})
	if s.mayReport(tr) {
		t.Columns = append(t.Columns, ui.Column{Label: "填报", Narrow: true})
	}
	t.Empty = ui.Empty{Title: "没有分解到" + tr.Short + "的指标", Text: "牵头单位把目标分解到县区后，这里列出本地区承担的数、进度和灯色。"}
	if len(parts) > 0 {
		t.Empty = ui.Empty{Title: "没有符合条件的指标"}
	}
	for _, part := range parts {
		if only.has(part.Part.Level) {
			t.Rows = append(t.Rows, s.partRow(tr, part))
		}
	}
	return t
}

func (s *scene) partRow(tr city.Territory, part supervise.TerritoryPart) ui.Row {
	g, p, to := part.Target.Target, part.Part, targetURL(part.Target.ID)
	whole := p.Share
	row := ui.Row{URL: to, Cells: []ui.Cell{
		ui.Link(g.Subject, to).With(part.Task.No + " " + part.Task.Title),
		ui.Num(figure(g, &whole), to),
		progressCell(g, &whole, p.Actual, p.Outcome, to),
		verifiedCell(g, p.Actual, s.valueURL(g, tr.ID)),
		ui.Node(lightOf(p.Light, to)),
	}}
	if s.mayReport(tr) {
		if g.Measure.Bound() {
			row.Cells = append(row.Cells, ui.Link("台账", s.valueURL(g, tr.ID)))
			return row
		}
		row.Cells = append(row.Cells, ui.Node(ui.Button{Label: "填报", Small: true, URL: address(to+"/report", "territory", string(tr.ID))}))
	}
	return row
}

// mayReport hides the way to the form from those whom the use case would refuse.
func (s *scene) mayReport(tr city.Territory) bool {
	return s.c.P.May(org.ProgressReport, org.Scope{Territory: string(tr.ID)}) == nil
}

// listNote says whether the territory has handed in its own list, and who can do it.
func (s *scene) listNote(tr city.Territory) ui.Alert {
	lists := s.ownLists(tr.ID)
	if len(lists) > 0 {
		p := lists[0]
		return ui.Alert{Kind: ui.Success, Text: "已报送：" + p.Title + "，第 " + strconv.Itoa(p.Version) + " 版，更新于 " + ui.Moment(p.UpdatedAt) + "。", URL: planURL(p.ID), Label: "查看清单"}
	}
	a := ui.Alert{Kind: ui.Warning, Text: tr.Short + "还没有报送本地区的任务清单。"}
	if s.c.P.May(org.CountyListImport, org.Scope{Territory: string(tr.ID)}) == nil {
		parent := ""
		if s.plan != nil && s.plan.Kind == plan.KindCity {
			parent = s.plan.ID
		}
		a.Label, a.URL = "报送清单", address("/imports/new", "kind", string(plan.KindCounty), "territory", string(tr.ID), "parent", parent)
	}
	return a
}

// caliberNote explains the two calibers where they differ for the territory.
func (s *scene) caliberNote(tr city.Territory) ui.Alert {
	const never = "两种口径的数不相加，也不互相比较。本页按功能区单列口径。"
	if outer, ok := s.pack.Territory(tr.InsideOf); ok && tr.InsideOf != "" {
		return ui.Alert{Kind: ui.Info, Title: "口径说明", Text: tr.Name + "位于" + outer.Name + "内：行政区划口径计入" + outer.Name + "，功能区单列口径单独计列。" + never}
	}
	zones := s.pack.ZonesIn(tr.ID)
	if len(zones) == 0 {
		return ui.Alert{}
	}
	names := make([]string, len(zones))
	for i, z := range zones {
		names[i] = z.Short
	}
	return ui.Alert{Kind: ui.Info, Title: "口径说明", Text: "行政区划口径的" + tr.Name + "包括" + strings.Join(names, "、") + "；功能区单列口径不包括。" + never, URL: s.to("/territories", "caliber", adminCaliber), Label: "看行政区划口径"}
}

// territoryFacts is what the city pack knows about the territory.
func (s *scene) territoryFacts(tr city.Territory) ui.Facts {
	code := tr.Code
	if tr.Kind == city.TerritoryZone {
		code = "内部代码 " + code + "（功能区没有国标代码）"
	}
	f := ui.Facts{Items: []ui.Fact{{Term: "代码", Text: code}}}
	if u, ok := s.pack.Government(tr.ID); ok {
		f.Items = append(f.Items, ui.Fact{Term: "责任单位", Text: u.Name, URL: s.unitURL(u.ID)})
	}
	for _, p := range slices.Backward(tr.Population) {
		f.Items = append(f.Items, ui.Fact{Term: strconv.Itoa(p.Year) + "年常住人口", Text: ui.Int(p.Persons) + " 人",
			Sub: calibersOf(p) + "；" + confidence(p.Confidence) + "；来源：" + p.Source})
	}
	if len(tr.Population) == 0 {
		f.Items = append(f.Items, ui.Fact{Term: "常住人口", Text: "没有查到公布数"})
	}
	return f
}

func calibersOf(p city.Population) string {
	words := make([]string, len(p.Calibers))
	for i, c := range p.Calibers {
		words[i] = string(c)
	}
	if len(words) > 1 {
		return "两种口径相同"
	}
	return strings.Join(words, "、")
}

// confidence is a confidence letter in words.
func confidence(c city.Confidence) string {
	words := map[city.Confidence]string{
		city.ConfidenceText: "已核对原文", city.ConfidenceReported: "据公开报道",
		city.ConfidenceCommon: "推算，未与公报核对", city.ConfidenceChosen: "本项目设定",
	}
	return "可信度 " + string(c) + "（" + words[c] + "）"
}
