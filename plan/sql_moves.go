package plan

import (
	"database/sql"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// Moved is a move that was made.
type Moved struct {
	Move      MoveID
	From, To  State
	Words     string
	Checks    []string // of CloseChecks
	Unit      city.UnitID
	Into      string // the task that goes on after a merge
	ProofHash string
	ProofName string
	ByID      string
	ByName    string
	ByUnit    string
	At        time.Time
	DueOn     string // by when To must be left; "" for none
}

func quantityOf(n int) quantity.Quantity { return quantity.Of(int64(n)) }

func insertMoved(tx *db.Tx, p org.Principal, taskID string, m Moved) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO task_move (id, task_id, seq, move, from_state, to_state, words, checks, unit_id, into_task, proof_hash, proof_name, by_id, by_name, by_unit, at, due_on)
		VALUES ($1, $2, (SELECT COALESCE(MAX(seq), 0) + 1 FROM task_move WHERE task_id = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		id, taskID, string(m.Move), string(m.From), string(m.To), m.Words, strings.Join(m.Checks, " "), string(m.Unit), m.Into, m.ProofHash, m.ProofName,
		p.ID, p.Name, p.UnitName, tx.NowMilli(), m.DueOn)
	return err
}

// movedOf lists the moves of a task, the first one first.
func movedOf(tx *db.Tx, taskID string) (all []Moved, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var m Moved
		var checks string
		var at int64
		if err := r.Scan(&m.Move, &m.From, &m.To, &m.Words, &checks, &m.Unit, &m.Into, &m.ProofHash, &m.ProofName, &m.ByID, &m.ByName, &m.ByUnit, &at, &m.DueOn); err != nil {
			return err
		}
		m.Checks, m.At = strings.Fields(checks), milli(at)
		all = append(all, m)
		return nil
	}, `SELECT move, from_state, to_state, words, checks, unit_id, into_task, proof_hash, proof_name, by_id, by_name, by_unit, at, due_on
		FROM task_move WHERE task_id = $1 ORDER BY seq`, taskID)
	return all, err
}

// evidence reports whether a task holds something verified: a value, a step, or a
// target that is counted elsewhere.
func evidence(tx *db.Tx, taskID string) (bool, error) {
	n := 0
	err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, `SELECT
		(SELECT count(*) FROM progress e JOIN target g ON g.id = e.target_id WHERE g.task_id = $1 AND e.state = 'verified') +
		(SELECT count(*) FROM milestone WHERE task_id = $1 AND verified_at > 0) +
		(SELECT count(*) FROM target WHERE task_id = $1 AND version_gone = 0 AND measure NOT LIKE '%"reported"%')`, taskID)
	return n > 0, err
}

func taskByNo(tx *db.Tx, no string) (t Task, err error) {
	err = tx.One(noTask(), scanTask(&t), "SELECT "+taskColumns+" FROM task t WHERE t.no = $1", no)
	return t, err
}

const extensionColumns = `id, task_id, reason, progress, signed_by, old_due, wanted_due, state, new_due, answer, asked_by, asker_name, asked_at, decided_by, decider_name, decided_at`

func scanExtension(e *Extension) func(db.Scanner) error {
	return func(r db.Scanner) error {
		var asked, decided int64
		err := r.Scan(&e.ID, &e.TaskID, &e.Reason, &e.Progress, &e.SignedBy, &e.OldDue, &e.WantedDue, &e.State, &e.NewDue, &e.Answer, &e.AskedBy, &e.AskerName, &asked,
			&e.DecidedBy, &e.DeciderName, &decided)
		e.AskedAt, e.DecidedAt = milli(asked), milli(decided)
		return err
	}
}

// extensionsOf lists what was asked for a task, the first one first.
func extensionsOf(tx *db.Tx, taskID string) (all []Extension, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var e Extension
		if err := scanExtension(&e)(r); err != nil {
			return err
		}
		all = append(all, e)
		return nil
	}, "SELECT "+extensionColumns+" FROM extension WHERE task_id = $1 ORDER BY asked_at, id", taskID)
	return all, err
}

// statutory is the law that sets a task's due date; "" for none.
func statutory(tx *db.Tx, taskID string) (basis string, err error) {
	var found sql.NullString
	err = tx.One(nil, func(r db.Scanner) error { return r.Scan(&found) }, "SELECT MAX(basis) FROM statutory_due WHERE task_id = $1", taskID)
	return found.String, err
}
