package monitor

import (
	"slices"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// sectors is the page 批零住餐: the four sectors side by side.
type sectors struct {
	Base   ui.Base
	Newest ui.Table
	Charts []trend
	Parts  ui.Table
	PartsT string
	PartsN string
	Tabs   ui.Tabs
	Limits ui.Table
	Near   string
}

func (a area) sectorsPage(c *frame.Ctx) error {
	all, err := a.ind.All(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	page := sectors{Base: c.Base("批零住餐", home())}
	page.Base.Lede = "批发、零售业看销售额，住宿、餐饮业看营业额；增速为已公布的累计增速。"
	page.Newest, page.Charts = a.sectorTable(c, all), a.sectorCharts(c, all)
	caliber := city.Caliber(c.Form("caliber"))
	if caliber != city.CaliberZonesApart {
		caliber = city.CaliberAdministrative
	}
	for _, cal := range []city.Caliber{city.CaliberAdministrative, city.CaliberZonesApart} {
		page.Tabs.Items = append(page.Tabs.Items, ui.Tab{Label: string(cal), URL: address("/monitor/sectors", "caliber", string(cal)) + "#parts", Current: cal == caliber})
	}
	page.Tabs.Label = "口径"
	page.PartsT, page.Parts = a.sectorParts(c, all, caliber)
	page.PartsN = string(caliber) + calibersApart
	page.Limits, page.Near = a.limits()
	page.Base.Actions = c.WithBook(page.Base.Actions)
	return c.Lists(sectorsTempl(page), page.Base.Title, page.Newest, page.Parts, page.Limits)
}

// ofSector finds the series of a sector and kind; false when the pack has none.
func ofSector(all []indicator.Series, s indicator.Sector, k indicator.Kind) (indicator.Series, bool) {
	i := slices.IndexFunc(all, func(x indicator.Series) bool { return x.Indicator.Sector == s && x.Indicator.Kind == k })
	if i < 0 {
		return indicator.Series{}, false
	}
	return all[i], true
}

// sectorTable puts the newest figures of the four sectors into four columns.
func (a area) sectorTable(c *frame.Ctx, all []indicator.Series) ui.Table {
	t := ui.NewTable("四行业最新一期", ui.Column{Label: "全市累计"})
	names := []string{"销售额、营业额", "全市增速", "全省增速", "与全省之差"}
	for _, n := range names {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(n)}})
	}
	for _, s := range indicator.Sectors() {
		t.Columns = append(t.Columns, ui.Column{Label: s.Label(), Num: true})
		for i, cell := range a.sectorCells(c, s, all) {
			t.Rows[i].Cells = append(t.Rows[i].Cells, cell)
		}
	}
	return t
}

// sectorCells are level, own rate, the province's rate and the gap of a sector.
func (a area) sectorCells(c *frame.Ctx, s indicator.Sector, all []indicator.Series) [4]ui.Cell {
	missing := ui.Node(grey(unpublished))
	cells := [4]ui.Cell{missing, missing, missing, missing}
	shown := func(ind indicator.Indicator, o indicator.Observation) ui.Cell {
		return ui.Num(figure(ind, *o.Value)+" "+ind.Unit, seriesURL(ind.ID)).With(ind.Label(o.Period))
	}
	if level, ok := ofSector(all, s, indicator.Level); ok {
		if o, ok := a.ind.Newest(level, indicator.Cumulative, c.App.Pack.Root().ID, c.Today()); ok {
			cells[0] = shown(level.Indicator, o)
		}
	}
	rate, ok := ofSector(all, s, indicator.Rate)
	if !ok {
		return cells
	}
	g := a.ind.Gap(rate, c.Today())
	if g.City != nil {
		cells[1] = shown(rate.Indicator, *g.City)
	}
	if g.Province != nil {
		cells[2] = shown(rate.Indicator, *g.Province)
	}
	if g.Known {
		cells[3] = ui.Text(points(g.Points)).With(against(g.Points))
	}
	return cells
}

// sectorCharts draws the growth rate of each sector that has one.
func (a area) sectorCharts(c *frame.Ctx, all []indicator.Series) (list []trend) {
	for _, s := range indicator.Sectors() {
		rate, ok := ofSector(all, s, indicator.Rate)
		if !ok {
			continue
		}
		v := view{Series: rate, pack: c.App.Pack, territory: c.App.Pack.Root().ID, caliber: rate.Indicator.Calibers[0], span: indicator.Cumulative}
		if t := a.chart(v); t != nil {
			list = append(list, *t)
		}
	}
	return list
}

// sectorParts sets the four growth rates of each county and zone beside each other,
// all for the newest period of which one of the four has a figure.
func (a area) sectorParts(c *frame.Ctx, all []indicator.Series, caliber city.Caliber) (string, ui.Table) {
	t := ui.NewTable("各县区四行业增速", ui.Column{Label: "地区"})
	t.Empty = ui.Empty{Title: noFigures, Text: "各县区的四行业增速还没有录入。"}
	var views []view
	var period indicator.Period
	for _, s := range indicator.Sectors() {
		rate, ok := ofSector(all, s, indicator.Rate)
		if !ok || !slices.Contains(rate.Indicator.Calibers, caliber) {
			continue
		}
		v := view{Series: rate, pack: c.App.Pack, territory: c.App.Pack.Root().ID, caliber: caliber, span: indicator.Cumulative}
		views = append(views, v)
		t.Columns = append(t.Columns, ui.Column{Label: s.Label(), Unit: "%", Num: true})
		if p := v.newestOfParts(); p.Compare(period) > 0 {
			period = p
		}
	}
	if period.IsZero() {
		return "各县区四行业增速", t
	}
	places := []city.TerritoryID{indicator.Province, c.App.Pack.Root().ID}
	for _, p := range c.App.Pack.TerritoriesFor(caliber) {
		places = append(places, p.ID)
	}
	for _, id := range places {
		row := ui.Row{Cells: []ui.Cell{ui.Text(a.shortName(c.App.Pack, id))}}
		for _, v := range views {
			row.Cells = append(row.Cells, value(v.Indicator, v.at(id, period)))
		}
		t.Rows = append(t.Rows, row)
	}
	return "各县区四行业增速 " + views[0].Indicator.Label(period), t
}

// limits shows from which revenue a unit is above the limit, and what that rests on.
func (a area) limits() (ui.Table, string) {
	adm := a.ind.Catalogue().Admission
	t := ui.NewTable("限额以上单位标准", ui.Column{Label: "行业"}, ui.Column{Label: "年主营业务收入", Unit: "万元", Num: true}, ui.Column{Label: "预警线", Unit: "万元", Num: true}, ui.Column{Label: "依据"})
	t.Empty = ui.Empty{Title: "城市包里没有限额标准"}
	for _, l := range adm.Limits {
		near, err := l.Yuan.MulDiv(int64(adm.Near), 10_000*10_000)
		whole, errWhole := l.Yuan.MulDiv(1, 10_000)
		if err != nil || errWhole != nil {
			continue // cannot be: limits are small
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(l.Sector.Label()), ui.Text(ui.GroupDigits(whole.String())), ui.Text(ui.GroupDigits(near.String())), ui.Text(l.Source).With(confidence(l.Confidence))}})
	}
	if len(t.Rows) == 0 {
		return t, ""
	}
	return t, "预警线为限额的 " + adm.Near.String() + "：" + adm.NearBasis.Source + "。达到限额不等于入库，入库由国家统计局批准。"
}
