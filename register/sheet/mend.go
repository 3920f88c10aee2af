package sheet

import (
	"context"
	"errors"
	"io"
	"strings"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// errNothing ends a file to mend that would be empty.
var errNothing = errs.New(errs.Conflict, "没有需要修改的行")

// Mend writes a spreadsheet of the bad rows as they stood, the bad cells marked
// with the reason, ready to be mended and handed in again.
func (s *Service) Mend(ctx context.Context, p org.Principal, id string, w io.Writer) (err error) {
	defer errs.Wrap(&err, "sheet.Mend(%s)", id)
	var i Import
	bad := map[int][]BadCell{}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if i, err = own(tx, p, id); err != nil {
			return err
		}
		cells, err := cellsOf(tx, id, 0, 0)
		for _, c := range cells {
			bad[c.Row] = append(bad[c.Row], c)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(bad) == 0 || i.State.Running() && i.State != Importing {
		return errNothing
	}
	r, book, err := s.open(i)
	if err != nil {
		return err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Log.Append(tx, p.Actor(), audit.Entry{Action: "register.import_mend", ObjectKind: "register_import", ObjectID: id, ObjectName: i.Name,
			After: map[string]any{"行": len(bad)}})
	})
	if err != nil {
		return err
	}
	sheet := office.Sheet{Name: r.d.Name, Title: r.d.Name + "：需要修改的行", Note: "标红的单元格需要修改，原因见单元格批注和最后一列；改好后直接上传本文件",
		Form: true, Columns: append(s.form(p, r.d, r.columns), office.Column{Header: reasonLabel, Width: 60}), Rows: r.badRows(ctx, book, bad)}
	return office.WriteXlsx(w, office.Book{Title: sheet.Title, Author: s.institution(), Created: s.DB.Now(), Sheets: []office.Sheet{sheet, s.instructions(r.d, r.columns)}})
}

// badRows gives the bad rows in the columns of the template.
func (r *reading) badRows(ctx context.Context, book *office.Workbook, bad map[int][]BadCell) func(func([]office.Cell, error) bool) {
	return func(yield func([]office.Cell, error) bool) {
		left := len(bad)
		for row, err := range book.Rows(r.sheet) {
			if err = errors.Join(err, ctx.Err()); err != nil {
				yield(nil, err)
				return
			}
			wrong := bad[row.Number]
			if len(wrong) == 0 {
				continue
			}
			if left--; !yield(r.badRow(row, wrong), nil) || left == 0 {
				return
			}
		}
	}
}

func (r *reading) badRow(row office.Row, wrong []BadCell) []office.Cell {
	cells := make([]office.Cell, 0, len(r.columns)+1)
	for i, c := range r.columns {
		cell := asStood(r.cell(row, i))
		var reasons []string
		for _, b := range wrong {
			if b.Field == c.Name {
				reasons = append(reasons, b.Reason)
			}
		}
		if len(reasons) > 0 {
			cell = cell.Wrong(strings.Join(reasons, "；"))
		}
		cells = append(cells, cell)
	}
	reasons := make([]string, len(wrong))
	for i, b := range wrong {
		reasons[i] = b.Label + "：" + b.Reason
	}
	return append(cells, office.TextCell(strings.Join(reasons, "\n")))
}

// asStood writes a value as it was found.
func asStood(v office.Value) office.Cell {
	switch v.Kind {
	case office.ValueDate:
		if v.Date.Hour() == 0 && v.Date.Minute() == 0 {
			return office.DateCell(v.Date.Year(), v.Date.Month(), v.Date.Day())
		}
	case office.ValueNumber:
		if q, err := quantity.Parse(v.Text); err == nil {
			return numberCell(q)
		}
	}
	return office.TextCell(v.Text)
}
