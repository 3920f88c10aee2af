package registers

import (
	"slices"
	"strings"

	"bihuan/kit/calendar"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// indexView is the overview of all registers.
type indexView struct {
	ui.Base
	Filter  ui.FilterBar
	Table   ui.Table
	Found   ui.Table // records under the search
	Search  string
	Records int
}

// figure is one count of a register with its value.
type figure struct {
	Name  string
	Value string
	Unit  string
	Mode  string // 累计 or 存量
	URL   string
	Hint  string
}

// mostFound is how many records the search of the overview shows.
const mostFound = 20

func (a area) index(c *frame.Ctx) error {
	if err := c.P.May(org.RegisterRead, org.Scope{}); err != nil {
		return err
	}
	q := c.Form("q")
	v := indexView{Base: c.Base("台账"), Search: q}
	v.Wide = true
	v.Lede = "计划里的每个数，都由这里的记录逐条加总；点开数字就是记录，点开记录就是佐证。"
	v.Filter = ui.FilterBar{Action: "/registers", Reset: "/registers", Target: "#registers",
		Search: &ui.Field{Kind: ui.SearchInput, Name: "q", Label: "台账名称，或记录的编号、名称", Value: q}}
	if q != "" {
		v.Filter.Chips = []ui.FilterChip{{Label: "文字：" + q, Remove: "/registers"}}
	}
	defs := a.found(q)
	waiting, err := a.waiting(c)
	if err != nil {
		return err
	}
	if n := total(waiting); n > 0 {
		v.Actions = ui.Buttons{{Label: "待我办理 " + itoa(n) + " 条", Icon: "check", Kind: ui.Primary, URL: queueURL("", "")}}
	}
	values, err := a.valuesOf(c, defs, c.Today())
	if err != nil {
		return err
	}
	v.Table = ui.NewTable("台账", ui.Column{Label: "台账"}, ui.Column{Label: "现在的数"}, ui.Column{Label: "待我办理", Num: true}, ui.Column{Label: "主管部门", Narrow: true})
	v.Table.Rows = a.indexRows(defs, waiting, values, c.Today())
	v.Table.Empty = ui.Empty{Title: "没有名称相符的台账"}
	if len(a.catalog().All()) == 0 {
		v.Table.Empty = ui.Empty{Title: "这座城市还没有台账", Text: "台账的定义在城市包的 registers 目录里，一个文件一本台账。"}
	}
	if q != "" {
		if err := a.searchRecords(c, q, &v); err != nil {
			return err
		}
	}
	v.Actions = c.WithBook(v.Actions)
	return c.Lists(indexTempl(v), v.Title, v.Table)
}

// found are the definitions whose name or words hold the text, by group in the
// order in which groups first come.
func (a area) found(text string) []*register.Definition {
	var groups []string
	var out []*register.Definition
	for _, d := range a.catalog().All() {
		if !slices.Contains(groups, d.Group) {
			groups = append(groups, d.Group)
		}
		if strings.Contains(d.Name+d.About+d.Group+d.Clause, text) {
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(x, y *register.Definition) int {
		return slices.Index(groups, x.Group) - slices.Index(groups, y.Group)
	})
	return out
}

// valuesOf reads the value of every count of some registers at a day.
func (a area) valuesOf(c *frame.Ctx, defs []*register.Definition, at calendar.Date) (map[register.CountRef]register.Values, error) {
	var refs []register.CountRef
	for _, d := range defs {
		for _, n := range d.Counts {
			refs = append(refs, register.CountRef{Register: d.ID, Count: n.ID})
		}
	}
	if len(refs) == 0 {
		return nil, nil
	}
	return a.reg.At(c.R.Context(), refs, at)
}

func total(waiting map[register.ID]int) int {
	sum := 0
	for _, n := range waiting {
		sum += n
	}
	return sum
}

func (a area) indexRows(defs []*register.Definition, waiting map[register.ID]int, values map[register.CountRef]register.Values, today calendar.Date) []ui.Row {
	rows := make([]ui.Row, len(defs))
	for i, d := range defs {
		var lines []figure
		for _, n := range d.Counts {
			q := query{Register: d.ID, Count: n.ID, At: today}
			f := figure{Name: n.Name, Value: noWord, Unit: n.Unit, Mode: shortMode[n.Mode], URL: q.address(), Hint: modeWords(n.Mode, today)}
			if total, err := sum(values[register.CountRef{Register: d.ID, Count: n.ID}]); err == nil {
				f.Value = amount(total)
			}
			lines = append(lines, f)
		}
		wait := ui.Text("0")
		if n := waiting[d.ID]; n > 0 {
			wait = ui.Num(itoa(n), queueURL(d.ID, ""))
		}
		numbers := ui.Text("只办理，不计数")
		if len(lines) > 0 {
			numbers = ui.Node(figureLines(lines))
		}
		rows[i] = ui.Row{ID: "register-" + string(d.ID), URL: registerURL(d.ID), Cells: []ui.Cell{
			ui.Text(d.Name).With(d.About), numbers, wait, ui.Text(unitName(a.app.Pack, d.Lead))}}
		if i == 0 || defs[i-1].Group != d.Group {
			rows[i].Over = []string{d.Group}
		}
	}
	return rows
}

func (a area) searchRecords(c *frame.Ctx, text string, v *indexView) error {
	records, total, err := a.reg.List(c.R.Context(), c.P, register.Query{Text: text, Limit: mostFound})
	if err != nil {
		return err
	}
	v.Records = total
	v.Found = ui.NewTable("记录", ui.Column{Label: "记录"}, ui.Column{Label: "台账", Narrow: true}, ui.Column{Label: "地区", Narrow: true}, ui.Column{Label: "状态"})
	v.Found.Empty = ui.Empty{Title: "没有编号或名称相符的记录"}
	for _, r := range records {
		d, ok := a.catalog().Get(r.Register)
		if !ok {
			continue
		}
		v.Found.Rows = append(v.Found.Rows, ui.Row{URL: recordURL(r.ID), Muted: r.Falsified, Cells: []ui.Cell{
			ui.Text(orDash(r.Title)).With(r.No), ui.Link(d.Name, registerURL(d.ID)), ui.Text(placeName(a.app.Pack, r.Territory)), a.stageCell(d, r, c.Today())}})
	}
	return nil
}
