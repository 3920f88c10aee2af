package registers

import (
	"net/http"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// listView is the list of a register.
type listView struct {
	ui.Base
	Stats   ui.Stats
	Note    string // on paper: how many, under which conditions
	Filter  ui.FilterBar
	Batch   batchForm
	Pager   ui.Pager
	Printed bool
}

// mostPrinted is how many records stand on one printed list.
const mostPrinted = 1000

func (a area) list(c *frame.Ctx) error {
	d, err := a.definition(c)
	if err != nil {
		return err
	}
	q := parseQuery(c, d)
	asked := q.asked(c.Today())
	asked.Limit, asked.Offset = perPage, (q.Page-1)*perPage
	if q.Print {
		asked.Limit, asked.Offset = mostPrinted, 0
	}
	records, total, err := a.reg.List(c.R.Context(), c.P, asked)
	if err != nil {
		return err
	}
	if len(records) == 0 && total > 0 && !q.Print {
		c.Redirect(q.page((total+perPage-1)/perPage), ui.Flash{}) // beyond the end is the last page
		return nil
	}
	v := listView{Base: c.Base(d.Name, indexCrumb()), Printed: q.Print, Filter: a.listFilter(d, q, c.Today()), Pager: pagerOf(q.Page, total, q.page)}
	v.Wide, v.Lede, v.Eyebrow, v.Actions = true, d.About, d.Group, a.listActions(c, d, q)
	if v.Stats, err = a.stats(c, d, q); err != nil {
		return err
	}
	if q.Print {
		v.Note = printNote(v.Filter.Chips, len(records), total)
	}
	if v.Batch, err = a.listBatch(c, d, q, records); err != nil {
		return err
	}
	return c.Render(http.StatusOK, listTempl(v))
}

// listBatch is the list with the moves that its ticked records may make at once; a
// printed list has none.
func (a area) listBatch(c *frame.Ctx, d *register.Definition, q query, records []register.Record) (batchForm, error) {
	t := a.recordTable(d, records, c.Today(), q.Count)
	t.Empty = a.listEmpty(c, d, q)
	if q.Print {
		return batchForm{Table: t}, nil
	}
	return a.batchOf(c, t, records, stageWords, q.page(q.Page))
}

// stats are the counts of the register for the chosen territory and day; each
// leads to the records under it.
func (a area) stats(c *frame.Ctx, d *register.Definition, q query) (ui.Stats, error) {
	at := q.day(c.Today())
	values, err := a.valuesOf(c, []*register.Definition{d}, at)
	if err != nil {
		return nil, err
	}
	var out ui.Stats
	for _, n := range d.Counts {
		of := values[register.CountRef{Register: d.ID, Count: n.ID}]
		total, err := sum(of)
		if err != nil {
			return nil, err
		}
		if q.Territory != "" && q.Territory != c.App.Pack.Root().ID {
			total = of[q.Territory]
		}
		under := query{Register: d.ID, Territory: q.Territory, Count: n.ID, At: at}
		out = append(out, ui.Stat{Label: n.Name, Value: amount(total), Unit: n.Unit, URL: under.address(), Sub: placeName(c.App.Pack, q.Territory) + "，" + modeWords(n.Mode, at), Hint: countWords(d, n)})
	}
	return out, nil
}

func (a area) listActions(c *frame.Ctx, d *register.Definition, q query) ui.Buttons {
	if q.Print {
		return ui.Buttons{{Label: "打印", Icon: "print", Kind: ui.Primary, Do: "print"}, {Label: "返回列表", URL: q.address()}}
	}
	to := registerURL(d.ID)
	var bs ui.Buttons
	if len(a.entryPlaces(c.P, d)) > 0 {
		bs = append(bs, ui.Button{Label: "登记", Icon: "plus", Kind: ui.Primary, URL: to + "/new"})
		if !d.Anonymous { // an import names who brought it
			bs = append(bs, ui.Button{Label: "导入表格", Icon: "upload", URL: to + "/import"})
		}
	}
	if c.P.MayAnywhere(org.ListExport) {
		bs = append(bs, ui.Button{Label: "导出 Excel", Icon: "download", URL: q.export(), Download: true})
	}
	bs = append(bs, ui.Button{Label: "打印", Icon: "print", URL: q.printed()})
	if d.Sampled {
		bs = append(bs, ui.Button{Label: "抽查", Icon: "scale", URL: to + "/checks"})
	}
	return append(bs, ui.Button{Label: "口径说明", Icon: "help", URL: to + "/about"})
}

// recordTable lists records in the columns of their register.
func (a area) recordTable(d *register.Definition, records []register.Record, today calendar.Date, count string) ui.Table {
	fields := listFields(d, count)
	cols := []ui.Column{{Label: d.Name}, {Label: "地区", Narrow: true}}
	for _, f := range fields {
		cols = append(cols, columnOf(f))
	}
	cols = append(cols, ui.Column{Label: "状态"})
	table := ui.NewTable(d.Name, cols...)
	for _, r := range records {
		cells := []ui.Cell{ui.Text(orDash(r.Title)).With(r.No), ui.Text(placeName(a.app.Pack, r.Territory))}
		for _, f := range fields {
			cells = append(cells, cellOf(a.app.Pack, f, r.Values[f.Name]))
		}
		table.Rows = append(table.Rows, ui.Row{ID: "record-" + r.ID, URL: recordURL(r.ID), Muted: r.Falsified, Cells: append(cells, a.stageCell(d, r, today))})
	}
	return table
}

// listFields are the fields shown in a list: those of the definition, and the one
// that the count under which the list stands adds up.
func listFields(d *register.Definition, count string) []register.Field {
	names := slices.DeleteFunc(slices.Clone(d.Columns), func(n string) bool { return n == d.Title })
	if n, ok := d.Count(count); ok && n.Sum != "" && !slices.Contains(names, n.Sum) {
		names = append(names, n.Sum)
	}
	var out []register.Field
	for _, n := range names {
		if f, ok := d.Field(n); ok {
			out = append(out, f)
		}
	}
	return out
}

// stageCell says where a record stands, when that is late, and what the checks hit.
func (a area) stageCell(d *register.Definition, r register.Record, today calendar.Date) ui.Cell {
	s, ok := d.Stage(r.Stage)
	if !ok {
		return ui.Text(r.Stage)
	}
	badges := []ui.Badge{{Text: s.Label, Kind: stageKind(s)}}
	if r.Falsified {
		badges = []ui.Badge{{Text: "经查不实", Kind: ui.Danger, Title: "不计入任何数"}}
	}
	if n := len(r.Flags); n > 0 {
		badges = append(badges, ui.Badge{Text: "疑点 " + itoa(n), Kind: ui.Warning, Title: r.Flags[0].Says})
	}
	if r.Demo && !a.app.Demo {
		badges = append(badges, ui.Badge{Text: "演示"})
	}
	if since, why := d.Lapsed(r, today); s.Counts && !since.IsZero() {
		badges = append(badges, ui.Badge{Text: "已不计入", Kind: ui.Warning, Title: since.Chinese() + "起：" + why})
	}
	words, late := dueWords(r.Due, today)
	if r.Falsified {
		words, late = "", false // nobody has to move it on
	}
	if late {
		badges = append(badges, ui.Badge{Text: words, Kind: ui.Danger})
		words = ""
	} else if words != "" {
		words = "限" + r.Due.Chinese() + "，" + words
	}
	return ui.Node(stageMarks(badges, words))
}

// listEmpty says why nothing is listed and what to do next.
func (a area) listEmpty(c *frame.Ctx, d *register.Definition, q query) ui.Empty {
	if q.narrowed() {
		return ui.Empty{Title: "没有符合条件的记录", Text: "请放宽条件再试。", Label: "清除全部条件", URL: registerURL(d.ID)}
	}
	e := ui.Empty{Title: "还没有记录", Text: "登记一条，或导入表格；经核验后计入。"}
	if d.Anonymous {
		e.Text = "登记不留姓名。"
	}
	if len(a.entryPlaces(c.P, d)) > 0 {
		e.Label, e.URL = "登记", registerURL(d.ID)+"/new"
	}
	return e
}

func (a area) listFilter(d *register.Definition, q query, today calendar.Date) ui.FilterBar {
	var stages, counts []ui.Option
	for _, s := range d.Stages {
		stages = append(stages, ui.Option{Value: s.ID, Label: s.Label})
	}
	for _, n := range d.Counts {
		counts = append(counts, ui.Option{Value: n.ID, Label: n.Name})
	}
	f := ui.FilterBar{Action: registerURL(d.ID), Reset: registerURL(d.ID), Target: "#records", Chips: a.chips(d, q, today),
		Search: &ui.Field{Kind: ui.SearchInput, Name: "q", Label: "编号、名称或文字", Value: q.Text},
		Fields: []ui.Field{
			{Kind: ui.Select, Name: "territory", Label: "县（市、区）、开发区", Blank: "不限", Value: string(q.Territory), Options: placeOptions(a.app.Pack)},
			{Kind: ui.Select, Name: "stage", Label: "状态", Blank: "全部", Value: q.Stage, Options: stages},
			{Kind: ui.Check, Name: "owed", Label: "待我办理", Value: flag(q.Owed)},
			{Kind: ui.Check, Name: "late", Label: "已超期", Value: flag(q.Late)},
		},
		More: []ui.Field{{Kind: ui.Check, Name: "flagged", Label: "有疑点", Value: flag(q.Flagged)}}}
	if len(counts) > 0 {
		f.More = append(f.More, ui.Field{Kind: ui.Check, Name: "lapsed", Label: "已不计入", Value: flag(q.Lapsed)}, ui.Field{Kind: ui.Select, Name: "count", Label: "只看计入", Blank: "不限", Value: q.Count, Options: counts},
			ui.Field{Kind: ui.Date, Name: "at", Label: "统计日期", Value: q.At.String()})
	}
	return f
}

// chips names each condition in force, with the list's address without it.
func (a area) chips(d *register.Definition, q query, today calendar.Date) []ui.FilterChip {
	var chips []ui.FilterChip
	add := func(on bool, label string, without func(*query)) {
		if on {
			rest := q
			without(&rest)
			chips = append(chips, ui.FilterChip{Label: label, Remove: rest.address()})
		}
	}
	name := ""
	if n, ok := d.Count(q.Count); ok {
		name = n.Name
	}
	add(q.Count != "", "计入“"+name+"”，"+q.day(today).Chinese(), func(r *query) { r.Count, r.At = "", calendar.Date{} })
	add(q.Count == "" && !q.At.IsZero(), "统计日期："+q.At.Chinese(), func(r *query) { r.At = calendar.Date{} })
	add(q.Text != "", "文字："+q.Text, func(r *query) { r.Text = "" })
	add(q.Territory != "", "地区："+placeName(a.app.Pack, q.Territory), func(r *query) { r.Territory = city.TerritoryID("") })
	add(q.Stage != "", "状态："+stageLabel(d, q.Stage), func(r *query) { r.Stage = "" })
	add(q.Owed, "待我办理", func(r *query) { r.Owed = false })
	add(q.Late, "已超期", func(r *query) { r.Late = false })
	add(q.Flagged, "有疑点", func(r *query) { r.Flagged = false })
	add(q.Lapsed, "已不计入", func(r *query) { r.Lapsed = false })
	return chips
}

// printNote says over a printed list under which conditions it stands, and when it
// is not the whole of it.
func printNote(chips []ui.FilterChip, n, total int) string {
	labels := make([]string, len(chips))
	for i, c := range chips {
		labels[i] = c.Label
	}
	note := "共 " + itoa(total) + " 条。"
	if n < total {
		note = "共 " + itoa(total) + " 条，只打印前 " + itoa(n) + " 条：请加条件，或导出 Excel。"
	}
	if len(labels) > 0 {
		note += "条件：" + strings.Join(labels, "；") + "。"
	}
	return note
}
