package tasks

import (
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/office"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/supervise"
)

// listBook is the workbook of the list: tasks, targets, and the counties' parts.
func listBook(pack *city.Pack, b *supervise.Board, ts []*supervise.TaskLight, head bookHead) office.Book {
	note := head.note(b)
	book := office.Book{Title: head.Title, Author: strings.TrimSpace(head.Who), Sheets: []office.Sheet{
		taskSheet(pack, ts), targetSheet(pack, ts),
	}}
	if parts := partSheet(pack, ts); parts.Rows != nil {
		book.Sheets = append(book.Sheets, parts)
	}
	for i := range book.Sheets {
		s := &book.Sheets[i]
		s.Title, s.Note = head.Title+"　"+s.Name, note
	}
	return book
}

// grid collects the rows of a sheet.
type grid struct {
	columns []office.Column
	rows    [][]office.Cell
}

// sheet finishes a grid: columns of quantities get as many decimals as their
// longest figure, so that whole numbers stay whole.
func (g *grid) sheet(name string) office.Sheet {
	for i := range g.columns {
		if g.columns[i].Kind == office.KindNumber && g.columns[i].Decimals == 0 {
			g.columns[i].Kind = office.KindInteger
		}
	}
	s := office.Sheet{Name: name, Columns: g.columns}
	if len(g.rows) > 0 {
		s.Rows = office.SliceRows(g.rows)
	}
	return s
}

// number is the cell of a figure in column i; nil is an empty cell.
func (g *grid) number(i int, q *quantity.Quantity) office.Cell {
	if q == nil {
		return office.Cell{}
	}
	units, decimals := int64(*q), 4
	for decimals > 0 && units%10 == 0 {
		units, decimals = units/10, decimals-1
	}
	g.columns[i].Decimals = max(g.columns[i].Decimals, decimals)
	return office.NumberCell(units, decimals)
}

// reported is the cell of a target's figure. A gap of percentages is written out:
// its decimals would spread over the whole column.
func (g *grid) reported(i int, l *supervise.TargetLight, q *quantity.Quantity) office.Cell {
	if gap(l.Target) {
		return office.TextCell(figure(l.Target, q))
	}
	return g.number(i, q)
}

// computed is number for a figure that the program worked out, rounded as pages show it.
func (g *grid) computed(i int, q *quantity.Quantity) office.Cell {
	if q == nil {
		return office.Cell{}
	}
	r := shown(*q)
	return g.number(i, &r)
}

func dateCell(s string) office.Cell {
	d, err := calendar.ParseDate(s)
	if err != nil {
		return office.TextCell(s)
	}
	return office.DateCell(d.Year(), d.Month(), d.Day())
}

// deviationOf is a share as a percentage; a gap of percentages stays in words.
func deviationOf(g *supervise.TargetLight) office.Cell {
	words := deviationWords(g)
	if words == "" {
		return office.Cell{}
	}
	if gap(g.Target) {
		return office.TextCell(words)
	}
	return office.NumberCell(int64(g.Deviation), 4)
}

func taskSheet(pack *city.Pack, ts []*supervise.TaskLight) office.Sheet {
	g := grid{columns: []office.Column{
		{Header: "编号", Width: 15}, {Header: "行动", Width: 26}, {Header: "任务", Width: 32}, {Header: "牵头单位", Width: 14}, {Header: "责任单位", Width: 28},
		{Header: "目标", Width: 34}, {Header: "期限", Kind: office.KindDate}, {Header: "灯色", Width: 10}, {Header: "原因", Width: 34},
		{Header: "已核验", Width: 14}, {Header: "序时应达", Width: 14}, {Header: "偏差", Kind: office.KindPercent, Decimals: 1}, {Header: "下一步", Width: 22},
	}}
	for _, t := range ts {
		var pledges, actual, expected []string
		for i := range t.Targets {
			l := &t.Targets[i]
			pledges = append(pledges, l.Pledge())
			actual = append(actual, orDash(figure(l.Target, l.Actual.Value)))
			expected = append(expected, orDash(expectedWords(l)))
		}
		deviation := office.Cell{}
		if w := worstTarget(t); w != nil {
			deviation = deviationOf(w)
		}
		light := lightOf(t)
		lead, _ := leadOf(pack, t)
		g.rows = append(g.rows, []office.Cell{
			office.TextCell(t.No), office.TextCell(headings(t.Path)), office.TextCell(t.Title), office.TextCell(lead), office.TextCell(printedUnits(t.Units)),
			office.TextCell(strings.Join(pledges, "\n")), dateCell(t.DueOn), office.TextCell(t.Shown().Label()), office.TextCell(light.Reason),
			office.TextCell(strings.Join(actual, "\n")), office.TextCell(strings.Join(expected, "\n")), deviation, office.TextCell(turnOf(pack, t.Turn)),
		})
	}
	return g.sheet("任务清单")
}

// printedUnits are the names of a task's unit list as the document prints them.
func printedUnits(units []plan.TaskUnit) string {
	names := make([]string, len(units))
	for i, u := range units {
		names[i] = u.Name
	}
	return strings.Join(names, "、")
}

func expectedWords(g *supervise.TargetLight) string {
	if g.Expected == nil {
		return ""
	}
	v := shown(*g.Expected)
	return amountOf(&v, g.Unit)
}

func targetSheet(pack *city.Pack, ts []*supervise.TaskLight) office.Sheet {
	const value, most, actual, pending, expected = 6, 7, 9, 11, 12
	g := grid{columns: []office.Column{
		{Header: "编号", Width: 15}, {Header: "任务", Width: 30}, {Header: "牵头单位", Width: 14}, {Header: "目标对象", Width: 24}, {Header: "类型", Width: 11},
		{Header: "含义", Width: 10}, {Header: "目标值", Kind: office.KindNumber}, {Header: "争取值", Kind: office.KindNumber}, {Header: "计量单位", Width: 10},
		{Header: "已核验", Kind: office.KindNumber}, {Header: "截至", Kind: office.KindDate}, {Header: "已报待核验", Kind: office.KindNumber},
		{Header: "序时应达", Kind: office.KindNumber}, {Header: "偏差", Kind: office.KindPercent, Decimals: 1}, {Header: "灯色", Width: 10}, {Header: "原因", Width: 32},
		{Header: "期限", Kind: office.KindDate},
	}}
	for _, t := range ts {
		lead, _ := leadOf(pack, t)
		for i := range t.Targets {
			l := &t.Targets[i]
			comparator := ""
			if l.Value != nil {
				comparator = plan.ComparatorLabel(l.Comparator)
			}
			due := l.Deadline
			if due == "" {
				due = t.DueOn
			}
			g.rows = append(g.rows, []office.Cell{
				office.TextCell(t.No), office.TextCell(t.Title), office.TextCell(lead), office.TextCell(strings.TrimSpace(l.Subject + " " + l.Words)), office.TextCell(l.Kind.Label()),
				office.TextCell(comparator), g.number(value, l.Value), g.number(most, l.ValueMax), office.TextCell(l.Unit),
				g.reported(actual, l, l.Actual.Value), dateCell(l.Actual.AsOf), g.reported(pending, l, l.Actual.Pending),
				g.computed(expected, l.Expected), deviationOf(l), office.TextCell(l.Level.Label()), office.TextCell(l.Reason), dateCell(due),
			})
		}
	}
	return g.sheet("目标")
}

func partSheet(pack *city.Pack, ts []*supervise.TaskLight) office.Sheet {
	const share, actual, pending, expected = 4, 6, 8, 9
	g := grid{columns: []office.Column{
		{Header: "编号", Width: 15}, {Header: "任务", Width: 30}, {Header: "目标对象", Width: 24}, {Header: "县（市、区）、开发区", Width: 18},
		{Header: "分解数", Kind: office.KindNumber}, {Header: "计量单位", Width: 10}, {Header: "已核验", Kind: office.KindNumber}, {Header: "截至", Kind: office.KindDate},
		{Header: "已报待核验", Kind: office.KindNumber}, {Header: "序时应达", Kind: office.KindNumber}, {Header: "偏差", Kind: office.KindPercent, Decimals: 1},
		{Header: "灯色", Width: 10}, {Header: "原因", Width: 34},
	}}
	for _, t := range ts {
		for i := range t.Targets {
			l := &t.Targets[i]
			for j := range l.ByPart {
				p := &l.ByPart[j]
				deviation := office.Cell{}
				if deviates(p.Actual, p.Outcome, l.Target) {
					deviation = office.NumberCell(int64(p.Deviation), 4)
				}
				g.rows = append(g.rows, []office.Cell{
					office.TextCell(t.No), office.TextCell(t.Title), office.TextCell(l.Subject), office.TextCell(nameOfTerritory(pack, p.Territory)),
					g.number(share, &p.Share), office.TextCell(l.Unit), g.number(actual, p.Actual.Value), dateCell(p.Actual.AsOf),
					g.number(pending, p.Actual.Pending), g.computed(expected, p.Expected), deviation, office.TextCell(p.Level.Label()), office.TextCell(p.Reason),
				})
			}
		}
	}
	return g.sheet("县区分解")
}
