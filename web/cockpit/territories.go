package cockpit

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"bihuan/city"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// Ways to sort the counties within their group.
const (
	byOrder  = ""       // the official order
	byPace   = "pace"   // the slowest first
	byBehind = "behind" // those with most behind first
)

// territories is the page 县区.
type territories struct {
	Base    ui.Base
	Start   *ui.Empty
	Choose  ui.FilterBar
	Caliber ui.Tabs
	Tiles   ui.TileGrid
	Groups  []groupTable
	Apart   bool      // zones stand apart: the map is drawn
	None    *ui.Empty // set while nothing is shared out and no county list is handed in
}

// groupTable is one comparison group: only its members stand beside each other.
type groupTable struct {
	Name  string
	Table ui.Table
}

func territoriesPage(c *frame.Ctx) error {
	s, err := look(c)
	if err != nil {
		return err
	}
	page := territories{Base: s.base("县区")}
	page.Base.Lede = "同类地区放在一起看：区、县（市）、市属开发区分别列表，互不排名。"
	if s.none() {
		start := s.start()
		page.Start = &start
		return c.Render(http.StatusOK, territoriesView(page))
	}
	page.Choose = s.chooser("/territories")
	page.Tiles = s.tiles()
	if len(s.territoryTallies().Rows) == 0 {
		none := s.noShares()
		page.None = &none
	}
	caliber := s.caliber()
	page.Apart, page.Caliber = caliber == city.CaliberZonesApart, s.caliberTabs(caliber)
	members := c.App.Supervise.InCaliber(s.view, caliber)
	for _, g := range s.pack.Groups {
		if t := s.groupTable(g, members, c.Form("sort")); len(t.Rows) > 0 {
			page.Groups = append(page.Groups, groupTable{g.Name, t})
		}
	}
	if c.P.May(org.ListExport, org.Scope{}) == nil {
		page.Base.Actions = ui.Buttons{{Label: "县区评分", Icon: "scale", URL: "/ranking"}}
	}
	c.BookOf(org.Scope{})
	page.Base.Actions = c.WithBook(page.Base.Actions)
	return c.Lists(territoriesView(page), page.Base.Title, tablesOf(page.Groups)...)
}

func tablesOf(groups []groupTable) []ui.Table {
	tables := make([]ui.Table, len(groups))
	for i, g := range groups {
		tables[i] = g.Table
	}
	return tables
}

// adminCaliber is the value of the parameter caliber that counts zones inside their district.
const adminCaliber = "admin"

// caliber is the one that the address asks for; zones stand apart unless it says otherwise.
func (s *scene) caliber() city.Caliber {
	if s.c.Form("caliber") == adminCaliber {
		return city.CaliberAdministrative
	}
	return city.CaliberZonesApart
}

func (s *scene) caliberTabs(now city.Caliber) ui.Tabs {
	return ui.Tabs{Label: "口径", Items: []ui.Tab{
		{Label: string(city.CaliberZonesApart), URL: s.to("/territories"), Current: now == city.CaliberZonesApart},
		{Label: string(city.CaliberAdministrative), URL: s.to("/territories", "caliber", adminCaliber), Current: now == city.CaliberAdministrative},
	}}
}

// groupTable compares the members of one group.
func (s *scene) groupTable(g city.Group, all []supervise.Group, sorted string) ui.Table {
	column := func(label, key, hint string) ui.Column {
		c := ui.Column{Label: label, Hint: hint, SortURL: s.to("/territories", "sort", key, "caliber", s.c.Form("caliber"))}
		if sorted == key {
			c.Sort = ui.Ascending
		}
		return c
	}
	t := ui.NewTable(g.Name, column("地区", byOrder, "按行政区划顺序"), column("序时完成", byPace, "有已核验数的指标，已核验数与序时应达之比的平均"),
		column("落后", byBehind, "提醒、滞后、严重滞后的指标和本级任务"), ui.Column{Label: "灯色"}, ui.Column{Label: "县区清单"})
	members := slices.DeleteFunc(slices.Clone(all), func(v supervise.Group) bool {
		return !slices.Contains(g.Territories, city.TerritoryID(v.ID))
	})
	switch sorted {
	case byPace:
		slices.SortStableFunc(members, func(a, b supervise.Group) int { return cmp.Compare(paceKey(a), paceKey(b)) })
	case byBehind:
		slices.SortStableFunc(members, func(a, b supervise.Group) int { return cmp.Compare(behind(b.Tally), behind(a.Tally)) })
	}
	for _, m := range members {
		id := city.TerritoryID(m.ID)
		t.Rows = append(t.Rows, ui.Row{URL: s.territoryURL(id), Cells: []ui.Cell{
			ui.Text(m.Name), s.paceCell(m), s.behindCell(m), s.tallyCell(m), s.listCell(id)}})
	}
	return t
}

// paceKey sorts the slowest first and those without data last.
func paceKey(g supervise.Group) int {
	if g.Share < 0 {
		return 1 << 30
	}
	return g.Share
}

// paceCell is how far a county is, and on how many of its parts that rests.
func (s *scene) paceCell(g supervise.Group) ui.Cell {
	to := s.territoryURL(city.TerritoryID(g.ID))
	if len(g.Parts) == 0 {
		return ui.Text(nothing).With("没有分解指标")
	}
	known := 0
	for _, p := range g.Parts {
		if p.Part.Actual.Value != nil {
			known++
		}
	}
	return ui.Num(share(g.Share), to).With(strconv.Itoa(known) + "/" + strconv.Itoa(len(g.Parts)) + " 项有已核验数")
}

func (s *scene) behindCell(g supervise.Group) ui.Cell {
	n := behind(g.Tally)
	if n == 0 {
		return ui.Text("0")
	}
	return ui.Num(strconv.Itoa(n), s.territoryURL(city.TerritoryID(g.ID), "light", "behind"))
}

func (s *scene) tallyCell(g supervise.Group) ui.Cell {
	if g.Tally.Total() == 0 {
		return ui.Text(nothing)
	}
	return ui.Node(tallyBar(g.Name, g.Tally, false, func(l supervise.Level) string {
		return s.territoryURL(city.TerritoryID(g.ID), "light", string(l))
	}))
}

// countsCell is tallyCell without the bar.
func (s *scene) countsCell(g supervise.Group) ui.Cell {
	if g.Tally.Total() == 0 {
		return ui.Text(nothing)
	}
	return ui.Node(tallyCounts(g.Name, g.Tally, func(l supervise.Level) string {
		return s.territoryURL(city.TerritoryID(g.ID), "light", string(l))
	}))
}

// listCell says whether a county has handed in its own list.
func (s *scene) listCell(id city.TerritoryID) ui.Cell {
	lists := s.ownLists(id)
	if len(lists) == 0 {
		return ui.Text("未报送")
	}
	p := lists[0]
	return ui.Link("已报送", planURL(p.ID)).With(strconv.Itoa(len(s.ownTasks(id))) + " 项任务")
}

func planURL(id string) string { return "/plans/" + escape(id) }

// ownLists are the published lists of a county under the list in view, the newest first.
func (s *scene) ownLists(id city.TerritoryID) []*plan.Plan {
	var own []*plan.Plan
	for i := range s.view.Board.Plans {
		p := &s.view.Board.Plans[i].Plan
		if p.Kind == plan.KindCounty && p.Territory == id && (s.plan == nil || p.ParentID == s.plan.ID || p.ID == s.plan.ID) {
			own = append(own, p)
		}
	}
	return own
}

// ownTasks are the tasks of a county's own lists under the list in view.
func (s *scene) ownTasks(id city.TerritoryID) []*supervise.TaskLight {
	var own []*supervise.TaskLight
	for _, t := range s.view.Board.Tasks {
		if t.Territory == id && t.Plan != nil && (s.plan == nil || t.Plan.ParentID == s.plan.ID || t.PlanID == s.plan.ID) {
			own = append(own, t)
		}
	}
	return own
}

// tiles is the schematic map of the counties.
func (s *scene) tiles() ui.TileGrid {
	grid := ui.TileGrid{Label: "各县（市、区）和开发区示意图，不代表行政区划界线"}
	for _, g := range s.view.Territories {
		tr, ok := s.pack.Territory(city.TerritoryID(g.ID))
		if !ok {
			continue
		}
		label := tr.Name + "：最重灯色" + g.Worst.Label() + "，序时完成 " + share(g.Share)
		if g.Tally.Total() == 0 {
			label = tr.Name + "：没有分解指标，也没有报送清单"
		}
		grid.Tiles = append(grid.Tiles, ui.Tile{Row: tr.Grid.Row, Col: tr.Grid.Col, Name: tr.Short, Text: share(g.Share), Label: label,
			Level: ui.Level(g.Worst), URL: s.territoryURL(tr.ID)})
	}
	return grid
}

// territoryTallies is the table beside the map, in official order; without rows
// while no county carries anything.
func (s *scene) territoryTallies() ui.Table {
	t := ui.Table{Caption: "各地区序时完成与灯色", Columns: []ui.Column{{Label: "地区", Narrow: true}, {Label: "序时完成", Num: true, Narrow: true}, {Label: "灯色"}}}
	total := 0
	for _, g := range s.view.Territories {
		total += g.Tally.Total()
		to := s.territoryURL(city.TerritoryID(g.ID))
		t.Rows = append(t.Rows, ui.Row{URL: to, Cells: []ui.Cell{ui.Text(g.Name), ui.Num(share(g.Share), to), s.countsCell(g)}})
	}
	if total == 0 {
		t.Rows = nil
	}
	return t
}

// noShares tells what brings the counties onto the page.
func (s *scene) noShares() ui.Empty {
	e := ui.Empty{Title: "目标还没有分解到县区", Icon: "map", Text: "牵头单位在目标下“分解到县区”，或县区报送自己的清单后，这里显示各地进度。"}
	switch p := s.c.P; {
	case p.MayAnywhere(org.ShareEdit):
		e.Label, e.URL = "选择要分解的目标", s.to("/targets")
	case p.MayAnywhere(org.CountyListImport):
		e.Label, e.URL = "报送县区清单", "/imports/new"
	}
	return e
}
