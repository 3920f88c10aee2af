package sheet

import (
	"context"
	"fmt"
	"io"
	"iter"
	"strings"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/register"
)

// Export writes the records of a query as a spreadsheet. Personal fields are masked.
func (s *Service) Export(ctx context.Context, p org.Principal, q register.Query, w io.Writer) (err error) {
	defer errs.Wrap(&err, "sheet.Export(%s)", q.Register)
	d, err := s.definition(q.Register)
	if err != nil {
		return err
	}
	if !p.MayAnywhere(org.ListExport) {
		return p.May(org.ListExport, org.Scope{})
	}
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return err
	}
	now := s.DB.Now()
	q.Offset, q.Limit = 0, 1
	_, total, err := s.Records.List(ctx, p, q)
	if err != nil {
		return err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Log.Append(tx, p.Actor(), audit.Entry{Action: "register.export", ObjectKind: "register", ObjectID: string(d.ID), ObjectName: d.Name,
			After: map[string]any{"条数": total}})
	})
	if err != nil {
		return err
	}
	sheet := office.Sheet{Name: d.Name, Title: d.Name, Note: fmt.Sprintf("%s导出，共 %d 条；个人信息已遮蔽", calendar.Today(now).Chinese(), total),
		Columns: exportColumns(d), Rows: s.exportRows(ctx, p, d, q)}
	return office.WriteXlsx(w, office.Book{Title: d.Name, Author: s.institution(), Created: now, Sheets: []office.Sheet{sheet}})
}

func exportColumns(d *register.Definition) []office.Column {
	columns := []office.Column{{Header: "编号", Width: 20}, {Header: "属地", Width: 12}, {Header: "阶段", Width: 12}}
	for _, f := range d.Fields {
		c := office.Column{Header: header(column{f}), Width: width(column{f})}
		switch f.Type {
		case register.Number:
			c.Kind = office.KindAny
		case register.Date:
			c.Kind = office.KindDate
		}
		columns = append(columns, c)
	}
	return append(columns, office.Column{Header: "填报单位", Width: 20}, office.Column{Header: "登记日期", Kind: office.KindDate}, office.Column{Header: "核查提示", Width: 36})
}

func (s *Service) exportRows(ctx context.Context, p org.Principal, d *register.Definition, q register.Query) iter.Seq2[[]office.Cell, error] {
	return func(yield func([]office.Cell, error) bool) {
		for q.Offset, q.Limit = 0, s.page; ; q.Offset += s.page {
			records, _, err := s.Records.List(ctx, p, q)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, rec := range records {
				if !yield(s.exportRow(d, rec), nil) {
					return
				}
			}
			if len(records) < s.page {
				return
			}
		}
	}
}

func (s *Service) exportRow(d *register.Definition, rec register.Record) []office.Cell {
	territory, _ := s.Pack.Territory(rec.Territory)
	stage, _ := d.Stage(rec.Stage)
	unit, _ := s.Pack.Unit(rec.Unit)
	row := []office.Cell{office.TextCell(rec.No), office.TextCell(territory.Short), office.TextCell(stage.Label)}
	for _, f := range d.Fields {
		row = append(row, s.exportCell(f, rec.Values[f.Name]))
	}
	flags := make([]string, len(rec.Flags))
	for i, f := range rec.Flags {
		flags[i] = f.Says
	}
	return append(row, office.TextCell(unit.Short), dateCell(calendar.Today(rec.ReportedAt)), office.TextCell(strings.Join(flags, "；")))
}

func dateCell(d calendar.Date) office.Cell { return office.DateCell(d.Year(), d.Month(), d.Day()) }

func (s *Service) exportCell(f register.Field, v string) office.Cell {
	switch {
	case v == "":
		return office.Cell{}
	case f.Personal:
		return office.TextCell(v) // masked by List
	case f.Type == register.Number:
		if q, err := quantity.Parse(v); err == nil {
			return numberCell(q)
		}
	case f.Type == register.Date:
		if d, err := calendar.ParseDate(v); err == nil {
			return dateCell(d)
		}
	case f.Type == register.UnitRef:
		if u, ok := s.Pack.Unit(city.UnitID(v)); ok {
			return office.TextCell(u.Short)
		}
	}
	return office.TextCell(v)
}

func numberCell(q quantity.Quantity) office.Cell {
	if q%quantity.Scale == 0 {
		return office.IntegerCell(int64(q / quantity.Scale))
	}
	return office.NumberCell(int64(q), 4)
}
