package audit

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

const columns = `seq, at, actor_id, actor_name, actor_unit, via, action, object_kind, object_id, object_name, before_json, after_json, reason, prev_hash, hash, mac`

func scan(s db.Scanner, r *Record) error {
	return s.Scan(&r.Seq, &r.At, &r.ActorID, &r.ActorName, &r.ActorUnit, &r.Via, &r.Action, &r.ObjectKind, &r.ObjectID,
		&r.ObjectName, &r.Before, &r.After, &r.Reason, &r.PrevHash, &r.Hash, &r.MAC)
}

func insert(tx *db.Tx, r *Record) error {
	_, err := tx.Exec(`INSERT INTO audit_entry (`+columns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
		r.Seq, r.At, r.ActorID, r.ActorName, r.ActorUnit, string(r.Via), r.Action, r.ObjectKind, r.ObjectID,
		r.ObjectName, r.Before, r.After, r.Reason, r.PrevHash, r.Hash, r.MAC)
	return err
}

// Head returns the present end of the chain.
func (l *Log) Head(tx *db.Tx) (Head, error) {
	h := Head{Hash: Genesis}
	err := tx.Each(func(s db.Scanner) error { return s.Scan(&h.Seq, &h.Hash) },
		`SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1`)
	return h, err
}

// Get returns one entry, or NotFound.
func (l *Log) Get(tx *db.Tx, seq int64) (Record, error) {
	var r Record
	err := tx.One(errs.New(errs.NotFound, "没有第 %d 条审计记录", seq), func(s db.Scanner) error { return scan(s, &r) },
		`SELECT `+columns+` FROM audit_entry WHERE seq = $1`, seq)
	return r, err
}

// walk calls f for every entry after a seq, in order.
func walk(tx *db.Tx, after int64, f func(*Record) error) error {
	return tx.Each(func(s db.Scanner) error {
		var r Record
		if err := scan(s, &r); err != nil {
			return err
		}
		return f(&r)
	}, `SELECT `+columns+` FROM audit_entry WHERE seq > $1 ORDER BY seq`, after)
}

// Filter selects entries; empty fields select all.
type Filter struct {
	ActorID    string
	ObjectKind string
	ObjectID   string
	Action     string    // a whole action, or with a full stop at the end a family: "plan."
	From, To   time.Time // From ≤ at < To
	Before     int64     // entries with a smaller seq: the last seq of the page before; 0 starts at the end
	Limit      int       // entries in a page: 50 when 0, at most 1000
}

// List returns a page of entries, the newest first. The next page has Before
// set to the seq of the last entry of this one.
func (l *Log) List(tx *db.Tx, f Filter) (_ []Record, err error) {
	defer errs.Wrap(&err, "audit.List")
	where, args := f.where()
	args = append(args, f.limit())
	var out []Record
	err = tx.Each(func(s db.Scanner) error {
		var r Record
		if err := scan(s, &r); err != nil {
			return err
		}
		out = append(out, r)
		return nil
	}, fmt.Sprintf(`SELECT %s FROM audit_entry WHERE %s ORDER BY seq DESC LIMIT $%d`, columns, where, len(args)), args...)
	return out, err
}

func (f Filter) limit() int {
	switch {
	case f.Limit <= 0:
		return 50
	case f.Limit > 1000:
		return 1000
	}
	return f.Limit
}

func (f Filter) where() (string, []any) {
	conditions, args := []string{"1 = 1"}, []any{}
	add := func(use bool, condition string, arg any) {
		if use {
			args = append(args, arg)
			conditions = append(conditions, fmt.Sprintf(condition, len(args)))
		}
	}
	add(f.ActorID != "", "actor_id = $%d", f.ActorID)
	add(f.ObjectKind != "", "object_kind = $%d", f.ObjectKind)
	add(f.ObjectID != "", "object_id = $%d", f.ObjectID)
	family := strings.HasSuffix(f.Action, ".")
	add(f.Action != "" && !family, "action = $%d", f.Action)
	add(family, fmt.Sprintf("substr(action, 1, %d) = $%%d", utf8.RuneCountInString(f.Action)), f.Action)
	add(!f.From.IsZero(), "at >= $%d", f.From.UnixMilli())
	add(!f.To.IsZero(), "at < $%d", f.To.UnixMilli())
	add(f.Before > 0, "seq < $%d", f.Before)
	return strings.Join(conditions, " AND "), args
}
