package sheet

import (
	"context"
	"errors"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/org"
	"bihuan/register"
)

// mostCells is how many bad cells an import keeps. A file with more was filled in
// by another template or for another register.
const mostCells = 20_000

// limits on what is handed in.
func limits() office.XlsxLimits { return office.XlsxLimits{Rows: 200_000, Columns: 200} }

// errDry rolls back what the dry run entered.
var errDry = errors.New("dry run")

// waiting is a row that is read and not yet held against the store.
type waiting struct {
	row   office.Row
	draft register.Draft
	bad   []BadCell
}

// checking is a dry run.
type checking struct {
	*reading
	i    Import
	rows []waiting
}

// check is the background dry run. It may run again after a crash, and then begins
// anew: nothing of it is visible before its end but progress.
func (s *Service) check(ctx context.Context, id string) (err error) {
	defer errs.Wrap(&err, "sheet.check(%s)", id)
	i, err := s.restart(ctx, id)
	if err != nil || i.State != Checking {
		return err
	}
	err = s.checkFile(ctx, i)
	if errors.Is(err, errStopped) {
		return nil
	}
	return s.fail(ctx, i, err)
}

// restart sets an import that waits for its dry run to the beginning of it.
func (s *Service) restart(ctx context.Context, id string) (i Import, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if i, err = importByID(tx, id); err != nil || i.State != Uploaded && i.State != Checking {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM register_import_cell WHERE import_id = $1`, id); err != nil {
			return err
		}
		if err := move(tx, id, i.State, Checking); err != nil {
			return err
		}
		from := i.Row
		i.State, i.Total, i.Row, i.LastRow, i.Good, i.Bad, i.Cells = Checking, 0, 0, 0, 0, 0, 0
		return save(tx, i, from)
	})
	return i, err
}

// fail keeps a refusal that the person can act on with the import; a fault of ours
// goes back to the job runner, which tries again.
func (s *Service) fail(ctx context.Context, i Import, cause error) error {
	var e *errs.Error
	if !errors.As(cause, &e) || e.Code == errs.Internal || e.Code == errs.Unavailable || ctx.Err() != nil {
		return cause
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(`UPDATE register_import SET state = 'failed', problem = $3, updated_at = $4 WHERE id = $1 AND state = $2`,
			i.ID, string(i.State), e.Message, tx.NowMilli())
		if err != nil || n == 0 {
			return err
		}
		return s.Log.Append(tx, org.Job("导入台账").Actor(), audit.Entry{Action: "register.import_failed", ObjectKind: "register_import", ObjectID: i.ID,
			ObjectName: i.Name, Reason: e.Message})
	})
}

// open prepares the reading of an import's file.
func (s *Service) open(i Import) (*reading, *office.Workbook, error) {
	d, err := s.definition(i.Register)
	if err != nil {
		return nil, nil, err
	}
	data, err := s.file(i)
	if err != nil {
		return nil, nil, err
	}
	book, err := office.ReadTable(data, data.Size(), limits())
	if err != nil {
		return nil, nil, err
	}
	r := s.newReading(i.principal, d)
	r.layout, err = s.find(book, d, r.columns)
	return r, book, err
}

func (s *Service) checkFile(ctx context.Context, i Import) error {
	r, book, err := s.open(i)
	if err != nil {
		return err
	}
	c := &checking{reading: r, i: i}
	for _, name := range r.ignored {
		if c.i.Ignored != "" {
			c.i.Ignored += "、"
		}
		c.i.Ignored += name
	}
	if c.i.LastRow, err = lastRow(ctx, book, r.layout); err != nil {
		return err
	}
	for row, err := range book.Rows(r.sheet) {
		if err != nil {
			return err
		}
		if row.Number <= r.header || r.blank(row) {
			continue
		}
		if err := c.take(ctx, row); err != nil {
			return err
		}
	}
	if err := c.settle(ctx); err != nil {
		return err
	}
	return c.finish(ctx)
}

// lastRow reads the sheet once, so that a file that breaks off is found before any
// work, and progress has an end.
func lastRow(ctx context.Context, book *office.Workbook, l layout) (last int, err error) {
	for row, err := range book.Rows(l.sheet) {
		if err != nil {
			return 0, err
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if row.Number > l.header && !l.blank(row) {
			last = row.Number
		}
	}
	if last == 0 {
		return 0, errs.New(errs.Invalid, "表头下面没有内容：请填好后再上传")
	}
	return last, nil
}

// take reads a row, and settles a chunk when it is full.
func (c *checking) take(ctx context.Context, row office.Row) error {
	draft, bad, err := c.draft(ctx, row)
	if err != nil {
		return err
	}
	bad = append(bad, c.twice(row, draft)...)
	c.sort(bad)
	c.i.Total++
	row.Cells = append([]office.Value(nil), row.Cells...)
	c.rows = append(c.rows, waiting{row, draft, bad})
	if len(c.rows) < c.chunk {
		return nil
	}
	return c.settle(ctx)
}

// settle holds the rows that were read against the store and keeps what is wrong.
func (c *checking) settle(ctx context.Context) error {
	if len(c.rows) == 0 {
		return nil
	}
	if err := c.try(ctx); err != nil {
		return err
	}
	var all []BadCell
	from := c.i.Row
	for _, w := range c.rows {
		c.i.Row = w.row.Number
		if len(w.bad) == 0 {
			c.i.Good++
			continue
		}
		c.i.Bad++
		c.i.Cells += len(w.bad)
		all = append(all, w.bad...)
	}
	c.rows = c.rows[:0]
	if c.i.Cells > mostCells {
		return errs.New(errs.Invalid, "到第 %d 行已有 %d 处错误，请先对照模板整理文件；例如第 %d 行“%s”：%s", c.i.Row, c.i.Cells, all[0].Row, all[0].Label, all[0].Reason)
	}
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		if err := save(tx, c.i, from); err != nil {
			return err
		}
		return insertCells(tx, c.i.ID, all)
	})
}

// try enters the good rows and takes them back: what the store refuses now it would
// refuse later.
func (c *checking) try(ctx context.Context) error {
	var drafts []register.Draft
	var at []int
	for i, w := range c.rows {
		if len(w.bad) == 0 {
			drafts, at = append(drafts, w.draft), append(at, i)
		}
	}
	if len(drafts) == 0 {
		return nil
	}
	var refused []error
	err := c.Records.Enter(ctx, c.p, drafts, func(_ *db.Tx, each []error) error { refused = each; return errDry })
	if !errors.Is(err, errDry) {
		return err
	}
	for i, refusal := range refused {
		if refusal == nil {
			continue
		}
		w := &c.rows[at[i]]
		if w.bad, err = c.refusal(w.row, refusal); err != nil {
			return err
		}
	}
	return nil
}

// finish ends the dry run.
func (c *checking) finish(ctx context.Context) error {
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		if err := save(tx, c.i, c.i.Row); err != nil {
			return err
		}
		if err := move(tx, c.i.ID, Checking, Checked); err != nil {
			return err
		}
		return c.Log.Append(tx, org.Job("导入台账").Actor(), audit.Entry{Action: "register.import_checked", ObjectKind: "register_import", ObjectID: c.i.ID,
			ObjectName: c.i.Name, After: map[string]any{"行": c.i.Total, "可导入": c.i.Good, "有问题": c.i.Bad, "问题": c.i.Cells}})
	})
}
