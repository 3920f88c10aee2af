package cockpit

import (
	"strings"

	"bihuan/kit/calendar"
	"bihuan/kit/office"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
)

// targetsExport sends the list of targets as a workbook, under the filter of the
// page and as far as the person may export.
func targetsExport(c *frame.Ctx) error {
	if !c.P.MayAnywhere(org.ListExport) {
		return c.P.May(org.ListExport, org.Scope{})
	}
	s, err := look(c)
	if err != nil {
		return err
	}
	quantified, open := s.goals(readTargetFilter(c))
	quantified, open = s.exportable(quantified), s.exportable(open)
	title := "量化目标清单"
	if s.plan != nil {
		title = s.plan.Title + title
	}
	note := s.exportNote()
	book := office.Book{Title: title, Author: c.P.UnitName, Created: c.App.DB.Now(), Sheets: []office.Sheet{
		s.quantifiedSheet(title, note, quantified), s.partSheet(title, note, quantified), s.openSheet(title, note, open)}}
	return c.SendBook(book, title+"（"+s.view.Board.Today.String()+"）.xlsx")
}

// exportable keeps what the person's permission to export reaches: everything, or
// what concerns the own unit or territory.
func (s *scene) exportable(rows []supervise.TargetRow) []supervise.TargetRow {
	var kept []supervise.TargetRow
	for _, r := range rows {
		if s.mayExport(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

func (s *scene) mayExport(r supervise.TargetRow) bool {
	if s.c.P.May(org.ListExport, scopeOf(r.Task)) == nil {
		return true
	}
	for _, part := range r.Target.ByPart {
		if s.c.P.May(org.ListExport, org.Scope{Territory: string(part.Territory)}) == nil {
			return true
		}
	}
	return false
}

// exportNote says on every sheet who took the figures out, when, and what they rest on.
func (s *scene) exportNote() string {
	now := s.c.App.DB.Now().In(calendar.Zone()).Format("2006-01-02 15:04")
	note := s.c.P.UnitName + " " + s.c.P.Name + " 导出于 " + now + "；灯色计算至 " + s.view.Board.Today.String()
	if day := s.newest(); day != "" {
		note += "；最新已核验数截至 " + day
	}
	if s.c.App.Demo {
		note = "演示数据，不代表真实情况。" + note
	}
	if !s.c.P.Extent(org.ListExport).All {
		note += "；仅含与本单位或本地区有关的目标"
	}
	return strings.TrimSpace(note)
}

func (s *scene) quantifiedSheet(title, note string, rows []supervise.TargetRow) office.Sheet {
	var values, maxima, verified, pending, expected []*quantity.Quantity
	for _, r := range rows {
		values, maxima = append(values, r.Target.Value), append(maxima, r.Target.ValueMax)
		verified, pending = append(verified, r.Target.Actual.Value), append(pending, r.Target.Actual.Pending)
		expected = append(expected, roundedOrNil(r.Target.Expected))
	}
	sheet := office.Sheet{Name: "量化目标", Title: title, Note: note, Columns: []office.Column{
		{Header: "编号", Width: 14}, {Header: "任务", Width: 28}, {Header: "目标", Width: 26}, {Header: "牵头单位", Width: 18}, {Header: "性质", Width: 12}, {Header: "要求", Width: 9},
		numbers("目标值", values), numbers("区间上限", maxima), {Header: "单位", Width: 8}, {Header: "时限", Kind: office.KindDate},
		numbers("已核验", verified), {Header: "截至", Kind: office.KindDate}, numbers("待核验", pending), numbers("序时应达", expected),
		{Header: "偏差", Kind: office.KindPercent, Decimals: 1}, {Header: "灯色", Width: 10}, {Header: "原因", Width: 36},
	}}
	cells := make([][]office.Cell, len(rows))
	for i, r := range rows {
		g := r.Target
		cells[i] = []office.Cell{
			office.TextCell(r.Task.No), office.TextCell(r.Task.Title), office.TextCell(g.Subject), office.TextCell(unitName(s.pack, r.Task.LeadUnit)),
			office.TextCell(g.Kind.Label()), office.TextCell(plan.ComparatorLabel(g.Comparator)), number(g.Value), number(g.ValueMax), office.TextCell(unitOf(g.Target)), dateCell(g.Deadline),
			number(g.Actual.Value), dateCell(g.Actual.AsOf), number(g.Actual.Pending), number(roundedOrNil(g.Expected)),
			deviationCell(g.Target, g.Actual, g.Outcome), office.TextCell(g.Level.Label()), office.TextCell(g.Reason),
		}
	}
	sheet.Rows = office.SliceRows(cells)
	return sheet
}

func (s *scene) partSheet(title, note string, rows []supervise.TargetRow) office.Sheet {
	var shares, verified, expected []*quantity.Quantity
	var cells [][]office.Cell
	for _, r := range rows {
		for _, p := range r.Target.ByPart {
			whole := p.Share
			shares, verified, expected = append(shares, &whole), append(verified, p.Actual.Value), append(expected, roundedOrNil(p.Expected))
			tr, _ := s.pack.Territory(p.Territory)
			cells = append(cells, []office.Cell{
				office.TextCell(r.Task.No), office.TextCell(r.Target.Subject), office.TextCell(tr.Name), number(&whole), office.TextCell(unitOf(r.Target.Target)),
				number(p.Actual.Value), dateCell(p.Actual.AsOf), number(roundedOrNil(p.Expected)), deviationCell(r.Target.Target, p.Actual, p.Outcome),
				office.TextCell(p.Level.Label()), office.TextCell(p.Reason)})
		}
	}
	return office.Sheet{Name: "县区分解", Title: title + "：县区分解（功能区单列口径）", Note: note, Rows: office.SliceRows(cells), Columns: []office.Column{
		{Header: "编号", Width: 14}, {Header: "目标", Width: 28}, {Header: "地区", Width: 24}, numbers("分解数", shares), {Header: "单位", Width: 8},
		numbers("已核验", verified), {Header: "截至", Kind: office.KindDate}, numbers("序时应达", expected), {Header: "偏差", Kind: office.KindPercent, Decimals: 1},
		{Header: "灯色", Width: 10}, {Header: "原因", Width: 40}}}
}

func (s *scene) openSheet(title, note string, rows []supervise.TargetRow) office.Sheet {
	cells := make([][]office.Cell, len(rows))
	for i, r := range rows {
		cells[i] = []office.Cell{office.TextCell(r.Task.No), office.TextCell(r.Task.Title), office.TextCell(r.Target.Pledge()), office.TextCell(unitName(s.pack, r.Task.LeadUnit)),
			dateCell(r.Target.QuantifyBy), office.TextCell(r.Target.Quote)}
	}
	return office.Sheet{Name: "待量化", Title: title + "：待量化", Note: note, Rows: office.SliceRows(cells), Columns: []office.Column{
		{Header: "编号", Width: 14}, {Header: "任务", Width: 28}, {Header: "承诺", Width: 30}, {Header: "牵头单位", Width: 18},
		{Header: "量化期限", Kind: office.KindDate}, {Header: "原文", Width: 60}}}
}

// numbers is a column with as many decimals as its values need.
func numbers(header string, values []*quantity.Quantity) office.Column {
	decimals := 0
	for _, v := range values {
		if v == nil {
			continue
		}
		_, frac, _ := strings.Cut(v.String(), ".")
		decimals = max(decimals, len(frac))
	}
	return office.Column{Header: header, Kind: office.KindNumber, Decimals: decimals, Width: 14}
}

func number(q *quantity.Quantity) office.Cell {
	if q == nil {
		return office.Cell{}
	}
	return office.NumberCell(int64(*q), 4)
}

func roundedOrNil(q *quantity.Quantity) *quantity.Quantity {
	if q == nil {
		return nil
	}
	r := rounded(*q)
	return &r
}

// unitOf is the unit of a target's figures.
func unitOf(t plan.Target) string {
	if t.Kind == plan.Comparison {
		return "百分点"
	}
	return t.Unit
}

// deviationCell is a deviation as a share, or in words where it is a difference of percentages.
func deviationCell(t plan.Target, actual plan.Actual, o supervise.Outcome) office.Cell {
	words := deviation(t, actual, o)
	if words == "" || inPoints(t) {
		return office.TextCell(words)
	}
	return office.NumberCell(int64(o.Deviation), 4)
}

func dateCell(day string) office.Cell {
	d, err := calendar.ParseDate(day)
	if err != nil {
		return office.TextCell(day)
	}
	return office.DateCell(d.Year(), d.Month(), d.Day())
}
