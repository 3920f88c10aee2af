package sheet

import (
	"context"
	"errors"
	"slices"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/org"
	"bihuan/register"
)

// entering is the entry of an import's good rows.
type entering struct {
	*reading
	i       Import
	barred  map[int]bool // rows that the dry run found bad
	rows    []waiting
	passed  int // the last row that was read
	drafted []register.Draft
}

// enter is the background work that makes records of the good rows. Rows up to the
// kept place are records already; the next chunk and the new place are one
// transaction, so that a crash leaves no row twice and none half.
func (s *Service) enter(ctx context.Context, id string) (err error) {
	defer errs.Wrap(&err, "sheet.enter(%s)", id)
	var i Import
	var bad []BadCell
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if i, err = importByID(tx, id); err != nil {
			return err
		}
		bad, err = cellsOf(tx, id, 0, 0)
		return err
	})
	if err != nil || i.State != Importing {
		return err
	}
	err = s.enterFile(ctx, i, bad)
	if errors.Is(err, errStopped) {
		return nil
	}
	return s.fail(ctx, i, err)
}

func (s *Service) enterFile(ctx context.Context, i Import, bad []BadCell) error {
	r, book, err := s.open(i)
	if err != nil {
		return err
	}
	e := &entering{reading: r, i: i, barred: map[int]bool{}}
	for _, b := range bad {
		e.barred[b.Row] = true
	}
	for row, err := range book.Rows(r.sheet) {
		if err != nil {
			return err
		}
		if row.Number <= max(r.header, i.Row) || r.blank(row) {
			continue
		}
		if err := e.take(ctx, row); err != nil {
			return err
		}
	}
	if err := e.commit(ctx); err != nil {
		return err
	}
	return e.finish(ctx)
}

func (e *entering) take(ctx context.Context, row office.Row) error {
	e.passed = row.Number
	if e.barred[row.Number] {
		return nil
	}
	draft, bad, err := e.draft(ctx, row)
	if err != nil {
		return err
	}
	row.Cells = append([]office.Value(nil), row.Cells...)
	e.rows = append(e.rows, waiting{row, draft, bad})
	if len(e.rows) < e.chunk {
		return nil
	}
	return e.commit(ctx)
}

// commit makes records of a chunk and moves the kept place, in one transaction. A
// row that is refused now, because something changed since the dry run, joins the
// bad ones.
func (e *entering) commit(ctx context.Context) error {
	if e.passed == 0 {
		return nil
	}
	e.drafted = e.drafted[:0]
	var late []BadCell
	var rows []office.Row
	refused := 0
	for _, w := range e.rows {
		if len(w.bad) > 0 {
			late, refused = append(late, w.bad...), refused+1
			continue
		}
		e.drafted, rows = append(e.drafted, w.draft), append(rows, w.row)
	}
	next := e.i
	also := func(tx *db.Tx, each []error) error {
		bad := slices.Clip(late)
		next = e.i
		next.Row, next.Refused = e.passed, e.i.Refused+refused
		for i, refusal := range each {
			if refusal == nil {
				next.Entered++
				continue
			}
			next.Refused++
			cells, err := e.refusal(rows[i], refusal)
			if err != nil {
				return err
			}
			bad = append(bad, cells...)
		}
		next.Cells = e.i.Cells + len(bad)
		if err := insertCells(tx, e.i.ID, bad); err != nil {
			return err
		}
		return save(tx, next, e.i.Row)
	}
	if err := e.store(ctx, also); err != nil {
		return err
	}
	e.i, e.rows, e.passed = next, e.rows[:0], 0
	return nil
}

func (e *entering) store(ctx context.Context, also func(*db.Tx, []error) error) error {
	if len(e.drafted) == 0 {
		return e.DB.Write(ctx, func(tx *db.Tx) error { return also(tx, nil) })
	}
	return e.Records.Enter(ctx, e.p, e.drafted, also)
}

func (e *entering) finish(ctx context.Context) error {
	return e.DB.Write(ctx, func(tx *db.Tx) error {
		if err := move(tx, e.i.ID, Importing, Done); err != nil {
			return err
		}
		return e.Log.Append(tx, org.Job("导入台账").Actor(), audit.Entry{Action: "register.import_done", ObjectKind: "register_import", ObjectID: e.i.ID,
			ObjectName: e.i.Name, After: map[string]any{"已导入": e.i.Entered, "未导入": e.i.Bad + e.i.Refused}})
	})
}
