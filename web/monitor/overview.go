package monitor

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"bihuan/indicator"
	"bihuan/kit/calendar"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// overview is the page 统计监测.
type overview struct {
	Base     ui.Base
	Stats    ui.Stats
	Newest   ui.Table
	Calendar ui.Table
	Years    ui.Tabs
	Notes    ui.Facts
}

func (a area) overviewPage(c *frame.Ctx) error {
	all, err := a.ind.All(c.R.Context(), c.P, c.App.Pack.Root().ID, indicator.Province)
	if err != nil {
		return err
	}
	today := c.Today()
	page := overview{Base: c.Base("统计监测"), Stats: a.headline(c, all, today), Newest: a.newestTable(c, all, today), Notes: notes()}
	page.Base.Lede = "只收已公布的统计数据。没有公布或没有录入的显示“未发布”，不推算。"
	page.Base.Actions = c.WithBook(actions(c))
	year := today.Year()
	if c.Int("year", year) == year-1 {
		year--
	}
	for _, y := range []int{today.Year() - 1, today.Year()} {
		page.Years.Items = append(page.Years.Items, ui.Tab{Label: strconv.Itoa(y) + "年", URL: address("/monitor", "year", strconv.Itoa(y)) + "#calendar", Current: y == year})
	}
	page.Years.Label = "年份"
	page.Calendar = a.calendarTable(c, all, year, today)
	return c.Lists(overviewView(page), page.Base.Title, page.Newest, page.Calendar)
}

// actions are the buttons beside the title.
func actions(c *frame.Ctx) ui.Buttons {
	list := ui.Buttons{{Label: "批零住餐", URL: "/monitor/sectors", Icon: "chart"}}
	if mayEdit(c) {
		list = append(ui.Buttons{{Label: "录入", Kind: ui.Primary, URL: "/monitor/entry", Icon: "edit"}, {Label: "导入", URL: "/monitor/import", Icon: "upload"}}, list...)
	}
	return list
}

// headline shows the gap of the first rate that is compared with the province.
func (a area) headline(c *frame.Ctx, all []indicator.Series, today calendar.Date) ui.Stats {
	i := slices.IndexFunc(all, func(s indicator.Series) bool {
		return s.Indicator.Kind == indicator.Rate && s.Indicator.Provincial
	})
	if i < 0 {
		return nil
	}
	s, g := all[i], a.ind.Gap(all[i], today)
	stat := func(label string, o *indicator.Observation) ui.Stat {
		if o == nil {
			return ui.Stat{Label: label, Value: nothing, Sub: unpublished, Level: ui.Grey}
		}
		return ui.Stat{Label: label, Value: figure(s.Indicator, *o.Value), Unit: s.Indicator.Unit, Sub: s.Indicator.Label(o.Period) + "，" + o.Released.String() + " 发布", URL: figureURL(s.Indicator.ID, o.Key, "figure")}
	}
	gap := ui.Stat{Label: "与全省之差", Value: nothing, Sub: cmp.Or(g.Missing(), unpublished), Level: ui.Grey, Hint: "同一时期、同一指标的已公布增速之差"}
	if g.Known {
		gap = ui.Stat{Label: "与全省之差", Value: points(g.Points), Unit: "个百分点", Sub: against(g.Points), URL: address(seriesURL(s.Indicator.ID), "territory", string(c.App.Pack.Root().ID)), Hint: gap.Hint}
	}
	return ui.Stats{stat("全市"+s.Indicator.Short, g.City), stat("全省"+s.Indicator.Short, g.Province), gap}
}

func (a area) newestTable(c *frame.Ctx, all []indicator.Series, today calendar.Date) ui.Table {
	t := ui.NewTable("各指标最新一期", ui.Column{Label: "指标"}, ui.Column{Label: "时期"}, ui.Column{Label: "全市", Num: true}, ui.Column{Label: "全省", Num: true},
		ui.Column{Label: "差距", Unit: "百分点", Num: true, Hint: "全市增速减全省增速，同一时期"}, ui.Column{Label: "发布日期", Narrow: true, Hidden: true})
	t.Empty = ui.Empty{Title: "城市包里没有统计指标", Text: "在城市包的 indicator 文件夹中定义指标后，会列在这里。"}
	for _, s := range all {
		t.Rows = append(t.Rows, a.newestRow(c, s, today))
	}
	return t
}

func (a area) newestRow(c *frame.Ctx, s indicator.Series, today calendar.Date) ui.Row {
	ind := s.Indicator
	row := ui.Row{URL: seriesURL(ind.ID)}
	g := a.ind.Gap(s, today)
	if ind.Kind == indicator.Level || !ind.Provincial {
		g = a.newestLevel(c, s, today)
	}
	when := ui.Text(ind.Label(g.Period))
	switch {
	case g.Period.IsZero():
		when = ui.Node(grey(unpublished))
	case g.Waiting != indicator.Period{}:
		when = when.With(ind.Label(g.Waiting) + "尚缺全市或全省")
	case g.Stale:
		when = when.With("其后各期未录入")
	}
	name := ui.Text(ind.Short).With(ind.Frequency.Label() + " · " + ind.Unit)
	if g.Period.IsZero() { // one sign for the row is enough
		row.Cells = []ui.Cell{name, when, ui.Text(nothing), ui.Text(nothing), ui.Text(nothing), ui.Text(nothing)}
		return row
	}
	gap, province := ui.Text(nothing), ui.Text(nothing)
	switch {
	case g.Known:
		gap = ui.Text(points(g.Points))
	case ind.Kind == indicator.Rate && ind.Provincial:
		gap = ui.Node(grey(unpublished))
	}
	if ind.Provincial {
		province = value(ind, g.Province)
	}
	row.Cells = []ui.Cell{name, when, value(ind, g.City), province, gap, released(g)}
	return row
}

// newestLevel puts the city's newest level beside the province's of the same period; nothing is compared.
func (a area) newestLevel(c *frame.Ctx, s indicator.Series, today calendar.Date) indicator.Gap {
	g := indicator.Gap{Indicator: s.Indicator}
	o, ok := a.ind.Newest(s, indicator.Cumulative, c.App.Pack.Root().ID, today)
	if !ok {
		return g
	}
	g.Period, g.City = o.Period, &o
	g.Stale = o.Period.Compare(s.Indicator.Overdue(today)) < 0
	if p, ok := s.Now(indicator.Key{Territory: indicator.Province, Period: o.Period}); ok {
		g.Province = &p
	}
	return g
}

func value(ind indicator.Indicator, o *indicator.Observation) ui.Cell {
	if o == nil {
		return ui.Node(grey("未发布"))
	}
	return ui.Num(figure(ind, *o.Value), figureURL(ind.ID, o.Key, "figure"))
}

func released(g indicator.Gap) ui.Cell {
	switch {
	case g.City != nil:
		return ui.Text(g.City.Released.String())
	case g.Province != nil:
		return ui.Text(g.Province.Released.String())
	}
	return ui.Text(nothing)
}

// month is one line of the calendar: all indicators that are expected for one period.
type month struct {
	expected []indicator.Expected
	missing  []string // indicators of which a figure is not here
}

func (a area) calendarTable(c *frame.Ctx, all []indicator.Series, year int, today calendar.Date) ui.Table {
	t := ui.NewTable("发布日历", ui.Column{Label: "时期"}, ui.Column{Label: "预计发布", Hint: "预计窗口，以公布的发布日程为准"}, ui.Column{Label: "已录入", Num: true}, ui.Column{Label: "还缺"}, ui.Column{Label: "状态"})
	t.Empty = ui.Empty{Title: "没有要发布的指标"}
	for _, m := range a.months(all, year, today) {
		first := m.expected[0]
		row := ui.Row{Cells: []ui.Cell{ui.Text(first.Period.Label()), ui.Text(window(first)),
			ui.Text(strconv.Itoa(len(m.expected)-len(m.missing)) + "/" + strconv.Itoa(len(m.expected))), ui.Text(shortList(m.missing)), m.state()}}
		if len(m.missing) > 0 && mayEdit(c) && today.After(first.Period.Ends()) {
			row.Cells[0] = ui.Link(first.Period.Label(), address("/monitor/entry", "period", first.Period.Code()))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// window is when a release is expected: some days of one month, or the announced day.
func window(e indicator.Expected) string {
	if e.From == e.To {
		return e.From.Chinese()
	}
	return e.From.Chinese() + "至" + strconv.Itoa(e.To.Day()) + "日"
}

// months gathers the releases of a year by period and window.
func (a area) months(all []indicator.Series, year int, today calendar.Date) []month {
	var list []month
	for _, s := range all {
		for _, e := range a.ind.Calendar(s, year, today) {
			i := slices.IndexFunc(list, func(m month) bool {
				return m.expected[0].Period == e.Period && m.expected[0].From == e.From && m.expected[0].To == e.To
			})
			if i < 0 {
				list = append(list, month{})
				i = len(list) - 1
			}
			list[i].expected = append(list[i].expected, e)
			if e.Missing() {
				list[i].missing = append(list[i].missing, e.Indicator.Short)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b month) int { return a.expected[0].Period.Compare(b.expected[0].Period) })
	return list
}

func (m month) state() ui.Cell {
	first := m.expected[0]
	switch {
	case len(m.missing) == 0:
		return ui.Node(ui.Badge{Text: "已录齐", Kind: ui.Success})
	case first.Passed:
		return ui.Node(grey("未发布或未录入"))
	case first.Open:
		return ui.Node(ui.Badge{Text: "发布窗口内", Kind: ui.Info})
	}
	return ui.Node(ui.Badge{Text: "未到"})
}

// shortList names a few and counts the rest.
func shortList(names []string) string {
	const shown = 3
	if len(names) == 0 {
		return nothing
	}
	if len(names) <= shown {
		return strings.Join(names, "、")
	}
	return strings.Join(names[:shown], "、") + " 等 " + strconv.Itoa(len(names)) + " 项"
}

// notes are the rules of reading these figures.
func notes() ui.Facts {
	return ui.Facts{Items: []ui.Fact{
		{Term: "1—2月", Text: "1月和2月合并为一个时期，2月不发布。"},
		{Term: "增速", Text: "增速按可比口径公布，不一定等于两个公布总量之比。系统算出的一律标“" + indicator.ComputedLabel + "”，不能录入。"},
		{Term: "与全省比", Text: "只比同一指标、同一时期已公布的增速，差距以百分点计。"},
		{Term: "口径", Text: "功能区在行政区划口径中计入所在的区，在功能区单列口径中单列；两种口径的数不相加。"},
		{Term: "修订", Text: "公布机构修订后新增一版并写明原因，原来的数保留。"},
	}}
}
