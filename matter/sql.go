package matter

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
)

const issueColumns = "id, kind, state, period, record_id, title, number, addressee, hash, demo, revision, drafted_by, drafter, drafted_at, decided_by, decider, decided_at, reason"

func scanIssue(in *Issue, more ...any) func(db.Scanner) error {
	return func(r db.Scanner) error {
		var to string
		var drafted, decided int64
		err := r.Scan(append([]any{&in.ID, &in.Kind, &in.State, &in.Period, &in.RecordID, &in.Title, &in.Number, &to, &in.Hash, &in.Demo, &in.Revision,
			&in.DraftedBy, &in.Drafter, &drafted, &in.DecidedBy, &in.Decider, &decided, &in.Reason}, more...)...)
		in.DraftedAt = time.UnixMilli(drafted).UTC()
		if decided != 0 {
			in.DecidedAt = time.UnixMilli(decided).UTC()
		}
		in.To = nil
		for _, k := range strings.Fields(to) {
			in.To = append(in.To, city.UnitKind(k))
		}
		return err
	}
}

func issueByID(tx *db.Tx, id string) (in Issue, err error) {
	var body string
	if err := tx.One(errs.New(errs.NotFound, "没有这份文书"), scanIssue(&in, &body), "SELECT "+issueColumns+", body FROM paper WHERE id = $1", id); err != nil {
		return in, err
	}
	if err := json.Unmarshal([]byte(body), &in.Document); err != nil {
		return in, fmt.Errorf("stored document %s: %w", id, err)
	}
	return in, nil
}

func insertIssue(tx *db.Tx, in Issue) error {
	body, err := json.Marshal(in.Document)
	if err != nil {
		return fmt.Errorf("store a document: %w", err)
	}
	kinds := make([]string, len(in.To))
	for i, k := range in.To {
		kinds[i] = string(k)
	}
	demo := 0
	if in.Demo {
		demo = 1
	}
	_, err = tx.Exec("INSERT INTO paper ("+issueColumns+", body) VALUES "+db.In(1, 19), in.ID, string(in.Kind), string(in.State), in.Period, in.RecordID, in.Title, in.Number,
		strings.Join(kinds, " "), in.Hash, demo, 0, in.DraftedBy, in.Drafter, in.DraftedAt.UnixMilli(), "", "", 0, "", string(body))
	return err
}

func updateIssue(tx *db.Tx, in Issue) error {
	body, err := json.Marshal(in.Document)
	if err != nil {
		return fmt.Errorf("store a document: %w", err)
	}
	decided := int64(0)
	if !in.DecidedAt.IsZero() {
		decided = in.DecidedAt.UnixMilli()
	}
	return tx.Must(errs.New(errs.Conflict, "文书刚被他人改过，请看过新的内容再办理"), `UPDATE paper SET state = $1, title = $2, number = $3, hash = $4, revision = revision + 1,
		decided_by = $5, decider = $6, decided_at = $7, reason = $8, body = $9 WHERE id = $10 AND revision = $11`,
		string(in.State), in.Title, in.Number, in.Hash, in.DecidedBy, in.Decider, decided, in.Reason, string(body), in.ID, in.Revision)
}

// openOf finds the document of a record that is not finished; "" for none.
func openOf(tx *db.Tx, record string) (id string, err error) {
	if record == "" {
		return "", nil
	}
	err = tx.Each(func(r db.Scanner) error { return r.Scan(&id) }, "SELECT id FROM paper WHERE record_id = $1 AND state IN ('draft', 'submitted')", record)
	return id, err
}

func listIssues(tx *db.Tx, q Query) (all []Issue, total int, err error) {
	var where []string
	var args []any
	add := func(cond string, v any) {
		args = append(args, v)
		where = append(where, fmt.Sprintf(cond, len(args)))
	}
	if q.Kind != "" {
		add("kind = $%d", string(q.Kind))
	}
	if q.State != "" {
		add("state = $%d", string(q.State))
	} else {
		add("state <> $%d", string(Discarded))
	}
	if q.RecordID != "" {
		add("record_id = $%d", q.RecordID)
	}
	if q.Text != "" {
		add(`title || ' ' || number LIKE $%d ESCAPE '\'`, db.Like(q.Text))
	}
	cond := " FROM paper WHERE " + strings.Join(where, " AND ")
	if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&total) }, "SELECT COUNT(*)"+cond, args...); err != nil {
		return nil, 0, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	n := len(args)
	err = tx.Each(func(r db.Scanner) error {
		var in Issue
		if err := scanIssue(&in)(r); err != nil {
			return err
		}
		all = append(all, in)
		return nil
	}, fmt.Sprintf("SELECT %s%s ORDER BY drafted_at DESC, id DESC LIMIT $%d OFFSET $%d", issueColumns, cond, n+1, n+2), append(args, limit, q.Offset)...)
	return all, total, err
}

// nextNumber gives the next document number of a year, after those stored and those known: 聊商务字〔2026〕8号.
func nextNumber(tx *db.Tx, prefix string, year int, known []string) (string, error) {
	head := fmt.Sprintf("%s〔%d〕", prefix, year)
	most := 0
	see := func(number string) {
		var n int
		if rest, ok := strings.CutPrefix(number, head); ok {
			if _, err := fmt.Sscanf(rest, "%d号", &n); err == nil {
				most = max(most, n)
			}
		}
	}
	for _, number := range known {
		see(number)
	}
	err := tx.Each(func(r db.Scanner) error {
		var number string
		err := r.Scan(&number)
		see(number)
		return err
	}, `SELECT number FROM paper WHERE number LIKE $1 ESCAPE '\'`, db.Like(head))
	return fmt.Sprintf("%s%d号", head, most+1), err
}

// issuedBetween reads what was issued from one moment to before another, in order.
func issuedBetween(tx *db.Tx, from, to time.Time) (all []Issue, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var in Issue
		if err := scanIssue(&in)(r); err != nil {
			return err
		}
		all = append(all, in)
		return nil
	}, "SELECT "+issueColumns+" FROM paper WHERE state = 'issued' AND decided_at >= $1 AND decided_at < $2 ORDER BY decided_at, id", from.UnixMilli(), to.UnixMilli())
	return all, err
}
