package monitor

import (
	"bihuan/indicator"
	"bihuan/kit/calendar"
	"bihuan/kit/office"
	"bihuan/org"
	"bihuan/web/frame"
)

// export sends a series as a workbook: the figures as they stand, under the
// headings of an import, and every version.
func (a area) export(c *frame.Ctx) error {
	if !c.P.MayAnywhere(org.ListExport) {
		return c.P.May(org.ListExport, org.Scope{})
	}
	s, err := a.ind.SeriesOf(c.R.Context(), c.P, indicator.ID(c.R.PathValue("id")))
	if err != nil {
		return err
	}
	note := c.P.UnitName + " " + c.P.Name + " 导出于 " + c.App.DB.Now().In(calendar.Zone()).Format("2006-01-02 15:04") + "；单位：" + s.Indicator.Unit + "；" + s.Indicator.Publisher + "公布"
	if c.App.Demo {
		note = "演示数据，不代表真实情况。" + note
	}
	return c.SendBook(office.Book{Title: s.Indicator.Name, Author: c.P.UnitName, Created: c.App.DB.Now(),
		Sheets: []office.Sheet{a.currentSheet(s, note), a.versionSheet(s, note)}}, s.Indicator.Name+"（"+c.Today().String()+"）.xlsx")
}

func (a area) currentSheet(s indicator.Series, note string) office.Sheet {
	sheet := tableSheet("现行数", s.Indicator.Name, note)
	var rows [][]office.Cell
	for _, k := range s.Keys() {
		if o, ok := s.Now(k); ok {
			rows = append(rows, append(a.cells(s.Indicator, o), office.TextCell(o.Reason)))
		}
	}
	sheet.Rows = office.SliceRows(rows)
	return sheet
}

func (a area) versionSheet(s indicator.Series, note string) office.Sheet {
	sheet := tableSheet("修订记录", s.Indicator.Name+"：修订记录", note)
	sheet.Columns = append(sheet.Columns, office.Column{Header: "版次", Kind: office.KindInteger, Width: 8}, office.Column{Header: "录入人", Width: 20}, office.Column{Header: "录入时间", Width: 18})
	var rows [][]office.Cell
	for _, k := range s.Keys() {
		for _, o := range s.Versions(k) {
			reason := o.Reason
			if o.Withdrawn() {
				reason = "撤回：" + reason
			}
			rows = append(rows, append(a.cells(s.Indicator, o), office.TextCell(reason), office.IntegerCell(int64(o.Revision)), office.TextCell(o.ByUnit+" "+o.ByName),
				office.TextCell(o.At.In(calendar.Zone()).Format("2006-01-02 15:04"))))
		}
	}
	sheet.Rows = office.SliceRows(rows)
	return sheet
}

// tableSheet has the columns of an import.
func tableSheet(name, title, note string) office.Sheet {
	sheet := office.Sheet{Name: name, Title: title, Note: note}
	widths := map[string]float64{"indicator": 26, "territory": 24, "period": 16, "caliber": 16, "source": 40, "reason": 30}
	for _, c := range indicator.Columns() {
		col := office.Column{Header: c.Header, Width: widths[c.Field]}
		switch c.Field {
		case "value":
			col.Kind, col.Decimals, col.Width = office.KindNumber, 2, 14
		case "released":
			col.Kind = office.KindDate
		}
		sheet.Columns = append(sheet.Columns, col)
	}
	return sheet
}

// cells are the columns of an import but the reason.
func (a area) cells(ind indicator.Indicator, o indicator.Observation) []office.Cell {
	value := office.Cell{}
	if o.Value != nil {
		value = office.NumberCell(int64(*o.Value), 4)
	}
	return []office.Cell{office.TextCell(ind.Name), office.TextCell(a.name(o.Territory)), office.TextCell(ind.Label(o.Period)), office.TextCell(string(o.Caliber)), value,
		office.DateCell(o.Released.Year(), o.Released.Month(), o.Released.Day()), office.TextCell(o.Source)}
}

// importTemplate is an empty table for an import.
func (a area) importTemplate(c *frame.Ctx) error {
	if err := c.P.May(org.IndicatorEdit, org.Scope{}); err != nil {
		return err
	}
	sheet := tableSheet("统计数据", "统计数据导入表", "只填已公布的数；一行一个数")
	sheet.Rows = office.SliceRows(nil)
	return c.SendBook(office.Book{Title: sheet.Title, Author: c.P.UnitName, Created: c.App.DB.Now(), Sheets: []office.Sheet{sheet}}, "统计数据导入表.xlsx")
}
