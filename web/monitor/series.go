package monitor

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// shownPeriods bounds the chart. shownRows is how many periods the table shows at
// once; older ones fold away.
const (
	shownPeriods = 18
	shownRows    = 8
)

// seriesView is the page of one indicator.
type seriesView struct {
	Base   ui.Base
	Spans  ui.Tabs
	Filter ui.FilterBar
	Chart  *trend // nil while nothing is published
	Figs   ui.Table
	Older  ui.Table // the periods before those, folded away
	Parts  ui.Table
	PartsT string // heading of Parts; empty when there are none
	PartsN string // what to mind when reading Parts
	Total  string // the sum of the parts beside the published total; may be empty
	Facts  ui.Facts
}

// view is what a request asks to see of a series.
type view struct {
	indicator.Series
	pack      *city.Pack
	territory city.TerritoryID
	caliber   city.Caliber // of the parts, and of a district that holds zones
	span      indicator.Span
	today     calendar.Date
}

// look reads the series and the choices of the request; an unknown choice is NotFound.
func (a area) look(c *frame.Ctx) (v view, err error) {
	if v.Series, err = a.ind.SeriesOf(c.R.Context(), c.P, indicator.ID(c.R.PathValue("id"))); err != nil {
		return v, err
	}
	v.pack, v.today, v.span = c.App.Pack, c.Today(), indicator.Cumulative
	v.territory = city.TerritoryID(cmp.Or(c.Form("territory"), string(v.pack.Root().ID)))
	if c.Form("span") == string(indicator.Single) && v.Indicator.Frequency != indicator.Yearly {
		v.span = indicator.Single
	}
	v.caliber = city.Caliber(cmp.Or(c.Form("caliber"), string(v.Indicator.Calibers[0])))
	if !slices.Contains(v.Indicator.Calibers, v.caliber) || len(indicator.CalibersOf(v.pack, v.Indicator, v.territory)) == 0 {
		return v, errs.New(errs.NotFound, "这项指标没有这个地区或口径的数")
	}
	return v, nil
}

// key is the figure of a territory in the chosen caliber; a zone stands in its only one.
func (v view) key(id city.TerritoryID, p indicator.Period) indicator.Key {
	k := indicator.Key{Territory: id, Period: p}
	may := indicator.CalibersOf(v.pack, v.Indicator, id)
	switch {
	case slices.Contains(may, v.caliber):
		k.Caliber = v.caliber
	case len(may) > 0:
		k.Caliber = may[0]
	}
	return k
}

func (v view) at(id city.TerritoryID, p indicator.Period) *indicator.Observation {
	if o, ok := v.Now(v.key(id, p)); ok {
		return &o
	}
	return nil
}

// compared reports whether the territory's figures are set beside the province's.
func (v view) compared() bool {
	return v.Indicator.Kind == indicator.Rate && v.Indicator.Provincial && v.territory != indicator.Province
}

// periods are those of the span for which the territory, or the province beside it, has a figure; newest last.
func (v view) periods() (list []indicator.Period) {
	for _, p := range v.Periods(v.span, calendar.Date{}) {
		if v.at(v.territory, p) != nil || (v.compared() && v.at(indicator.Province, p) != nil) {
			list = append(list, p)
		}
	}
	return list
}

func (a area) seriesPage(c *frame.Ctx) error {
	v, err := a.look(c)
	if err != nil {
		return err
	}
	ind := v.Indicator
	page := seriesView{Base: c.Base(ind.Name, home()), Facts: a.facts(c, ind)}
	page.Base.Eyebrow = ind.Frequency.Label() + ind.Kind.Label() + " · 单位：" + ind.Unit
	page.Base.Actions = seriesActions(c, v)
	page.Spans, page.Filter = a.spanTabs(v), a.filter(v)
	page.Chart = a.chart(v)
	page.Figs = a.figures(c, v)
	page.Older = page.Figs
	page.Older.Rows = page.Figs.Rows[min(shownRows, len(page.Figs.Rows)):]
	page.Figs.Rows = page.Figs.Rows[:min(shownRows, len(page.Figs.Rows))]
	if ind.Parts {
		page.PartsT, page.Parts, page.Total = a.parts(v)
		page.PartsN = string(v.caliber)
		if len(ind.Calibers) > 1 {
			page.PartsN += calibersApart
		}
	}
	return c.Render(http.StatusOK, seriesTempl(page))
}

func seriesActions(c *frame.Ctx, v view) ui.Buttons {
	var list ui.Buttons
	if mayEdit(c) {
		list = append(list, ui.Button{Label: "录入", Kind: ui.Primary, Icon: "edit", URL: address("/monitor/entry", "indicator", string(v.Indicator.ID), "territory", string(v.territory))})
	}
	if c.P.MayAnywhere(org.ListExport) {
		list = append(list, ui.Button{Label: "导出", Icon: "download", URL: seriesURL(v.Indicator.ID) + "/export.xlsx", Download: true})
	}
	return list
}

func (v view) url(territory city.TerritoryID, span indicator.Span) string {
	s, cal := "", ""
	if span == indicator.Single {
		s = string(span)
	}
	if v.caliber != v.Indicator.Calibers[0] {
		cal = string(v.caliber)
	}
	return address(seriesURL(v.Indicator.ID), "territory", string(territory), "span", s, "caliber", cal)
}

func (a area) spanTabs(v view) ui.Tabs {
	t := ui.Tabs{Label: "累计或当期"}
	if v.Indicator.Frequency == indicator.Yearly {
		return t
	}
	for _, s := range []indicator.Span{indicator.Cumulative, indicator.Single} {
		t.Items = append(t.Items, ui.Tab{Label: s.Label(), URL: v.url(v.territory, s), Current: s == v.span})
	}
	return t
}

func (a area) filter(v view) ui.FilterBar {
	places := ui.Field{Kind: ui.Select, Name: "territory", Label: "地区", Required: true, Value: string(v.territory)}
	for _, id := range a.ind.Catalogue().Territories(v.Indicator) {
		places.Options = append(places.Options, ui.Option{Value: string(id), Label: a.name(id)})
	}
	bar := ui.FilterBar{Action: seriesURL(v.Indicator.ID), Fields: []ui.Field{places}}
	if len(v.Indicator.Calibers) > 1 {
		f := ui.Field{Kind: ui.Select, Name: "caliber", Label: "口径", Required: true, Value: string(v.caliber)}
		for _, cal := range v.Indicator.Calibers {
			f.Options = append(f.Options, ui.Option{Value: string(cal), Label: string(cal)})
		}
		bar.Fields = append(bar.Fields, f)
	}
	if v.span == indicator.Single {
		bar.Hidden = []ui.HiddenPair{{Name: "span", Value: string(v.span)}}
	}
	return bar
}

func (a area) chart(v view) *trend {
	all := v.periods()
	all = all[max(0, len(all)-shownPeriods):]
	if len(all) == 0 {
		return nil
	}
	own := trendLine{Name: a.shortName(v.pack, v.territory)}
	other := trendLine{Name: "全省"}
	t := &trend{Title: v.Indicator.Name + "（" + v.span.Label() + "）", Unit: v.Indicator.Unit, Yearly: v.Indicator.Kind == indicator.Level && v.span == indicator.Cumulative}
	for _, p := range all {
		t.Labels = append(t.Labels, fmt.Sprintf("%02d.%02d", p.Year()%100, int(p.Ends().Month())))
		own.Values = append(own.Values, chartValue(v.Indicator, v.at(v.territory, p)))
		other.Values = append(other.Values, chartValue(v.Indicator, v.at(indicator.Province, p)))
	}
	t.Lines = []trendLine{own}
	if v.compared() {
		t.Lines = append(t.Lines, other)
	}
	return t
}

func chartValue(ind indicator.Indicator, o *indicator.Observation) ui.Value {
	if o == nil {
		return ui.Value{}
	}
	return ui.Val(o.Value.Float(), figure(ind, *o.Value))
}

// figures lists the territory's figures, newest first.
func (a area) figures(c *frame.Ctx, v view) ui.Table {
	t := ui.NewTable("各期数据", ui.Column{Label: "时期"}, ui.Column{Label: a.shortName(v.pack, v.territory), Unit: v.Indicator.Unit, Num: true})
	switch {
	case v.compared():
		t.Columns = append(t.Columns, ui.Column{Label: "全省", Unit: v.Indicator.Unit, Num: true}, ui.Column{Label: "差距", Unit: "百分点", Num: true})
	case v.Indicator.Kind == indicator.Level:
		t.Columns = append(t.Columns, ui.Column{Label: "同比（" + indicator.Computed{}.Label() + "）", Unit: "%", Num: true, Hint: "由两期公布的总量算出，不是公布的增速"})
	}
	t.Columns = append(t.Columns, ui.Column{Label: "发布日期", Narrow: true, Hidden: true}, ui.Column{Label: "来源", Hidden: true}, ui.Column{Label: "版次", Narrow: true, Hidden: true})
	t.Empty = ui.Empty{Title: noFigures, Text: a.name(v.territory) + "的" + v.span.Label() + "数还没有录入。统计部门公布后，由有权限的人员据公布文件录入。"}
	if mayEdit(c) {
		t.Empty.Label, t.Empty.URL = "录入", address("/monitor/entry", "indicator", string(v.Indicator.ID), "territory", string(v.territory))
	}
	for _, p := range slices.Backward(v.periods()) {
		t.Rows = append(t.Rows, a.figureRow(v, p))
	}
	return t
}

func (a area) figureRow(v view, p indicator.Period) ui.Row {
	o := v.at(v.territory, p)
	row := ui.Row{Cells: []ui.Cell{ui.Text(v.Indicator.Label(p)), value(v.Indicator, o)}}
	switch {
	case v.compared():
		other := v.at(indicator.Province, p)
		row.Cells = append(row.Cells, value(v.Indicator, other), gapCell(v.Indicator, o, other))
	case v.Indicator.Kind == indicator.Level:
		row.Cells = append(row.Cells, growthCell(v.Indicator, o, v.at(v.territory, p.YearBefore())))
	}
	if o == nil {
		return ui.Row{Cells: append(row.Cells, ui.Text(nothing), ui.Text(nothing), ui.Text(nothing))}
	}
	row.Cells = append(row.Cells, ui.Text(o.Released.String()), ui.Text(o.Source).With(confidence(o.Confidence)),
		ui.Link("第"+strconv.Itoa(o.Revision)+"版", figureURL(v.Indicator.ID, o.Key, "figure")))
	return row
}

func gapCell(ind indicator.Indicator, own, other *indicator.Observation) ui.Cell {
	if own == nil || other == nil {
		return ui.Node(grey(unpublished))
	}
	p, err := indicator.Points(ind, *own, *other)
	if err != nil {
		return ui.Text(nothing)
	}
	return ui.Text(points(p))
}

func growthCell(ind indicator.Indicator, now, base *indicator.Observation) ui.Cell {
	if now == nil || base == nil {
		return ui.Text(nothing)
	}
	g, err := indicator.Growth(ind, *now, *base)
	if err != nil {
		return ui.Text(nothing)
	}
	return ui.Text(decimal(g.Value))
}

// confidence says how well a figure that came with the pack is founded.
func confidence(c city.Confidence) string {
	switch c {
	case city.ConfidenceText:
		return "已对照原文"
	case city.ConfidenceReported:
		return "据报道，未对照原文"
	case city.ConfidenceCommon, city.ConfidenceChosen:
		return "待核实"
	}
	return ""
}

// parts compares the counties and zones in the chosen caliber for the newest period of the span.
func (a area) parts(v view) (title string, t ui.Table, total string) {
	period := v.newestOfParts()
	t = ui.NewTable("各县区", ui.Column{Label: "地区"}, ui.Column{Label: "数值", Unit: v.Indicator.Unit, Num: true})
	rate := v.Indicator.Kind == indicator.Rate && v.Indicator.Provincial
	if rate {
		t.Columns = append(t.Columns, ui.Column{Label: "与全省差", Unit: "百分点", Num: true})
	}
	t.Columns = append(t.Columns, ui.Column{Label: "发布日期", Narrow: true, Hidden: true})
	t.Empty = ui.Empty{Title: noFigures, Text: "各县区的数还没有录入。"}
	if period.IsZero() {
		return "各县区", t, ""
	}
	var found []indicator.Observation
	places := v.pack.TerritoriesFor(v.caliber)
	for _, place := range places {
		o := v.at(place.ID, period)
		row := ui.Row{URL: v.url(place.ID, v.span), Cells: []ui.Cell{ui.Text(place.Name), value(v.Indicator, o)}}
		if rate {
			row.Cells = append(row.Cells, gapCell(v.Indicator, o, v.at(indicator.Province, period)))
		}
		day := nothing
		if o != nil {
			day = o.Released.String()
			found = append(found, *o)
		}
		row.Cells = append(row.Cells, ui.Text(day))
		t.Rows = append(t.Rows, row)
	}
	if len(found) == len(places) {
		total = v.total(period, found)
	}
	return "各县区 " + v.Indicator.Label(period), t, total
}

// newestOfParts is the newest period of the span for which some part has a figure.
func (v view) newestOfParts() indicator.Period {
	for _, p := range slices.Backward(v.Periods(v.span, calendar.Date{})) {
		for _, place := range v.pack.TerritoriesFor(v.caliber) {
			if v.at(place.ID, p) != nil {
				return p
			}
		}
	}
	return indicator.Period{}
}

// total sets the sum of all parts beside the city's published figure.
func (v view) total(p indicator.Period, found []indicator.Observation) string {
	sum, err := indicator.Sum(v.pack, v.Indicator, v.caliber, found)
	if err != nil {
		return ""
	}
	s := "各县区合计（" + sum.Label() + "）" + v.figure(sum.Value)
	if own := v.at(v.pack.Root().ID, p); own != nil {
		s += "，公布的全市数 " + v.figure(*own.Value)
	}
	return s + "。"
}

func (v view) figure(q quantity.Quantity) string {
	return figure(v.Indicator, q) + " " + v.Indicator.Unit
}

func (a area) facts(c *frame.Ctx, ind indicator.Indicator) ui.Facts {
	owner, _ := c.App.Pack.Unit(ind.Owner)
	window := fmt.Sprintf("时期结束后第%d个月的%d日至%d日（预计）", ind.Release.Months, ind.Release.From, ind.Release.To)
	f := ui.Facts{Items: []ui.Fact{
		{Term: "含义", Text: ind.Definition},
		{Term: "公布", Text: ind.Publisher, Sub: ind.Frequency.Label()},
		{Term: "录入", Text: owner.Name},
		{Term: "发布窗口", Text: window, Sub: ind.Release.Source},
		{Term: "依据", Text: ind.Source, Sub: confidence(ind.Confidence)},
	}}
	cat := a.ind.Catalogue()
	for _, other := range cat.Indicators {
		if other.LevelOf == ind.ID {
			f.Items = append(f.Items, ui.Fact{Term: "对应增速", Text: other.Name, URL: seriesURL(other.ID)})
		}
		if other.ID == ind.LevelOf {
			f.Items = append(f.Items, ui.Fact{Term: "对应总量", Text: other.Name, URL: seriesURL(other.ID)})
		}
	}
	return f
}
