package sheet

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/register"
)

func noImport() error { return errs.New(errs.NotFound, "没有这次导入") }

const importColumns = `id, register_id, name, blob_hash, state, problem, ignored, total, row_at, last_row, good, bad, cells, entered, refused,
	principal, by_id, by_name, unit_id, created_at, updated_at`

func scanImport(r db.Scanner) (i Import, err error) {
	var principal string
	var created, updated int64
	if err := r.Scan(&i.ID, &i.Register, &i.Name, &i.hash, &i.State, &i.Problem, &i.Ignored, &i.Total, &i.Row, &i.LastRow, &i.Good, &i.Bad, &i.Cells,
		&i.Entered, &i.Refused, &principal, &i.ByID, &i.ByName, &i.Unit, &created, &updated); err != nil {
		return i, err
	}
	i.CreatedAt, i.UpdatedAt = time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
	if err := json.Unmarshal([]byte(principal), &i.principal); err != nil {
		return i, fmt.Errorf("read the principal of import %s: %w", i.ID, err)
	}
	return i, nil
}

func insertImport(tx *db.Tx, i Import) error {
	principal, err := json.Marshal(i.principal)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO register_import (`+importColumns+`)
		VALUES ($1, $2, $3, $4, $5, '', '', 0, 0, 0, 0, 0, 0, 0, 0, $6, $7, $8, $9, $10, $10)`,
		i.ID, string(i.Register), i.Name, i.hash, string(i.State), string(principal), i.ByID, i.ByName, string(i.Unit), tx.NowMilli())
	return err
}

func importByID(tx *db.Tx, id string) (i Import, err error) {
	err = tx.One(noImport(), func(r db.Scanner) error { i, err = scanImport(r); return err },
		`SELECT `+importColumns+` FROM register_import WHERE id = $1`, id)
	return i, err
}

// importsOf lists a person's imports, the newest first.
func importsOf(tx *db.Tx, person string, id register.ID) (list []Import, err error) {
	const most = 100
	err = tx.Each(func(r db.Scanner) error {
		i, err := scanImport(r)
		list = append(list, i)
		return err
	}, `SELECT `+importColumns+` FROM register_import WHERE by_id = $1 AND ($2 = '' OR register_id = $2) ORDER BY created_at DESC, id DESC LIMIT $3`,
		person, string(id), most)
	return list, err
}

// errStopped says that the import is not in the state in which the work began.
var errStopped = errs.New(errs.Conflict, "导入的状态已经改变，请刷新页面")

// move brings an import from one state to another.
func move(tx *db.Tx, id string, from, to State) error {
	return tx.Must(errStopped, `UPDATE register_import SET state = $3, updated_at = $4 WHERE id = $1 AND state = $2`, id, string(from), string(to), tx.NowMilli())
}

// save writes the numbers of the work in progress, as long as the import is in the
// same state and at the row where this worker left it: of two workers, when one
// was thought dead, only one goes on.
func save(tx *db.Tx, i Import, from int) error {
	return tx.Must(errStopped, `UPDATE register_import SET total = $3, row_at = $4, last_row = $5, good = $6, bad = $7, cells = $8, entered = $9, refused = $10,
		ignored = $11, updated_at = $12 WHERE id = $1 AND state = $2 AND row_at = $13`,
		i.ID, string(i.State), i.Total, i.Row, i.LastRow, i.Good, i.Bad, i.Cells, i.Entered, i.Refused, i.Ignored, tx.NowMilli(), from)
}

// savePrincipal notes with which rights the rows are entered.
func savePrincipal(tx *db.Tx, i Import) error {
	principal, err := json.Marshal(i.principal)
	if err != nil {
		return err
	}
	return tx.Must(noImport(), `UPDATE register_import SET principal = $2 WHERE id = $1`, i.ID, string(principal))
}

func insertCells(tx *db.Tx, id string, bad []BadCell) error {
	if len(bad) == 0 {
		return nil
	}
	stmt, err := tx.Prepare(`INSERT INTO register_import_cell (import_id, row_no, seq, letter, field, label, found, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Close() }()
	row, seq := 0, 0
	for _, b := range bad {
		if b.Row != row {
			row, seq = b.Row, 0
		}
		seq++
		if err := stmt.Exec(id, b.Row, seq, b.Column, b.Field, b.Label, b.Found, b.Reason); err != nil {
			return err
		}
	}
	return nil
}

// cellsOf gives bad cells in the order of the file; limit 0 means all.
func cellsOf(tx *db.Tx, id string, offset, limit int) (bad []BadCell, err error) {
	if limit <= 0 {
		limit = mostCells + 1
	}
	err = tx.Each(func(r db.Scanner) error {
		var b BadCell
		if err := r.Scan(&b.Row, &b.Column, &b.Field, &b.Label, &b.Found, &b.Reason); err != nil {
			return err
		}
		bad = append(bad, b)
		return nil
	}, `SELECT row_no, letter, field, label, found, reason FROM register_import_cell WHERE import_id = $1 ORDER BY row_no, seq LIMIT $2 OFFSET $3`, id, limit, offset)
	return bad, err
}

// MissingFiles names the imports whose file is not in the blob store, and tells how
// many were checked. A sound store has none missing.
func (s *Service) MissingFiles(ctx context.Context) (missing []string, checked int, err error) {
	defer errs.Wrap(&err, "sheet.MissingFiles")
	var refs [][2]string
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(r db.Scanner) error {
			var ref [2]string
			err := r.Scan(&ref[0], &ref[1])
			refs = append(refs, ref)
			return err
		}, `SELECT id, blob_hash FROM register_import ORDER BY id`)
	})
	for _, ref := range refs {
		there, hasErr := s.Blobs.Has(ref[1])
		if err == nil {
			err = hasErr
		}
		if !there {
			missing = append(missing, "register_import "+ref[0])
		}
	}
	return missing, len(refs), err
}
