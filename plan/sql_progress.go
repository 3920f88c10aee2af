package plan

import (
	"database/sql"
	"errors"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

const entryColumns = `e.id, e.target_id, e.territory_id, e.as_of, e.value, e.note, e.proof_hash, e.proof_name, e.state, e.reported_by, e.reporter_name, e.reporter_unit,
	e.reported_at, e.decided_by, e.decider_name, e.decided_at, e.reason, e.demo`

func scanEntry(e *Entry) func(db.Scanner) error {
	return func(r db.Scanner) error {
		var reported, decided int64
		err := r.Scan(&e.ID, &e.TargetID, &e.Territory, &e.AsOf, &e.Value, &e.Note, &e.ProofHash, &e.ProofName, &e.State, &e.ReportedBy, &e.ReporterName,
			&e.ReporterUnit, &reported, &e.DecidedBy, &e.DeciderName, &decided, &e.Reason, &e.Demo)
		e.ReportedAt, e.DecidedAt = milli(reported), milli(decided)
		return err
	}
}

func entryByID(tx *db.Tx, id string) (e Entry, err error) {
	err = tx.One(noEntry(), scanEntry(&e), "SELECT "+entryColumns+" FROM progress e WHERE e.id = $1", id)
	return e, err
}

func insertEntry(tx *db.Tx, e Entry) error {
	_, err := tx.Exec(`INSERT INTO progress (id, target_id, territory_id, as_of, value, note, proof_hash, proof_name, state, reported_by, reporter_name, reporter_unit,
			reported_at, decided_by, decider_name, decided_at, decided_n, reason, demo)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '', 0, 0, '', $14)`,
		e.ID, e.TargetID, string(e.Territory), e.AsOf, int64(e.Value), e.Note, e.ProofHash, e.ProofName, string(e.State), e.ReportedBy, e.ReporterName, e.ReporterUnit,
		tx.NowMilli(), bit(e.Demo))
	return err
}

// openEntry reports whether a value up to the same day waits for verification.
func openEntry(tx *db.Tx, targetID string, territory city.TerritoryID, asOf string) (bool, error) {
	var n int
	err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) },
		"SELECT count(*) FROM progress WHERE target_id = $1 AND territory_id = $2 AND as_of = $3 AND state = 'reported'", targetID, string(territory), asOf)
	return n > 0, err
}

// lastVerified is the newest verified value up to a day; nil when there is none.
func lastVerified(tx *db.Tx, targetID string, territory city.TerritoryID, asOf string) (*quantity.Quantity, error) {
	_, v, err := newest(tx, targetID, territory, EntryVerified, asOf)
	return v, err
}

// newest is the entry with the latest as_of up to a day; of several for one day the last decided counts.
func newest(tx *db.Tx, targetID string, territory city.TerritoryID, state ProgressState, upTo string) (asOf string, v *quantity.Quantity, err error) {
	none := errs.New(errs.NotFound, "")
	err = tx.One(none, func(r db.Scanner) error {
		var n sql.NullInt64
		if err := r.Scan(&asOf, &n); err != nil {
			return err
		}
		v = optional(n)
		return nil
	}, `SELECT as_of, value FROM progress WHERE target_id = $1 AND territory_id = $2 AND state = $3 AND as_of <= $4
		ORDER BY as_of DESC, decided_n DESC, id DESC LIMIT 1`, targetID, string(territory), string(state), upTo)
	if errors.Is(err, none) {
		return "", nil, nil
	}
	return asOf, v, err
}

// derive gives the standing of one part of a target from its entries. A pending
// value shows only while it is not older than what is verified.
func derive(tx *db.Tx, targetID string, territory city.TerritoryID) (st Standing, err error) {
	const ever = "9999-12-31"
	st = Standing{TargetID: targetID, Territory: territory}
	if st.AsOf, st.Value, err = newest(tx, targetID, territory, EntryVerified, ever); err != nil {
		return st, err
	}
	if st.PendingAsOf, st.Pending, err = newest(tx, targetID, territory, EntryReported, ever); err != nil {
		return st, err
	}
	if st.PendingAsOf < st.AsOf {
		st.PendingAsOf, st.Pending = "", nil
	}
	return st, nil
}

// refreshStanding keeps the standing of one part of a target in step with its entries.
func refreshStanding(tx *db.Tx, targetID string, territory city.TerritoryID) error {
	st, err := derive(tx, targetID, territory)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO standing (target_id, territory_id, as_of, value, pending_as_of, pending) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (target_id, territory_id) DO UPDATE SET as_of = $3, value = $4, pending_as_of = $5, pending = $6`,
		targetID, string(territory), st.AsOf, nullable(st.Value), st.PendingAsOf, nullable(st.Pending))
	return err
}

// Standing is the newest verified and pending value of one part of a target.
type Standing struct {
	TargetID    string
	Territory   city.TerritoryID
	AsOf        string
	Value       *quantity.Quantity
	PendingAsOf string
	Pending     *quantity.Quantity
}

func (s Standing) equal(o Standing) bool {
	return s.TargetID == o.TargetID && s.Territory == o.Territory && s.AsOf == o.AsOf && sameAmount(s.Value, o.Value) &&
		s.PendingAsOf == o.PendingAsOf && sameAmount(s.Pending, o.Pending)
}

// standingOrder makes the order of parts the same on each reading.
const standingOrder = " ORDER BY s.target_id, s.territory_id"

func standings(tx *db.Tx, where string, args ...any) (map[string][]Standing, error) {
	all := map[string][]Standing{}
	err := tx.Each(func(r db.Scanner) error {
		var s Standing
		var v, p sql.NullInt64
		if err := r.Scan(&s.TargetID, &s.Territory, &s.AsOf, &v, &s.PendingAsOf, &p); err != nil {
			return err
		}
		s.Value, s.Pending = optional(v), optional(p)
		all[s.TargetID] = append(all[s.TargetID], s)
		return nil
	}, "SELECT s.target_id, s.territory_id, s.as_of, s.value, s.pending_as_of, s.pending FROM standing s "+where, args...)
	return all, err
}

// Combine adds the parts of a target up to its actual value. Without shares the
// part of the whole is the value. With shares the whole is the sum over the
// territories that carry one; those without a verified value are named.
func Combine(t Target, shares []Share, parts []Standing) Actual {
	var a Actual
	if len(shares) == 0 {
		for _, p := range parts {
			if p.Territory == "" {
				return Actual{Value: p.Value, AsOf: p.AsOf, Pending: p.Pending, PendingAsOf: p.PendingAsOf}
			}
		}
		return a
	}
	byTerritory := map[city.TerritoryID]Standing{}
	for _, p := range parts {
		byTerritory[p.Territory] = p
	}
	covered := true
	var of *quantity.Quantity
	for _, sh := range shares {
		p := byTerritory[sh.Territory]
		a.Value = plus(a.Value, p.Value)
		a.AsOf = max(a.AsOf, p.AsOf)
		if p.Value == nil {
			a.Silent = append(a.Silent, sh.Territory)
			covered = false
		} else {
			of = plus(of, &sh.Value)
		}
		newest := p.Pending
		if newest == nil {
			newest = p.Value
		} else {
			a.PendingAsOf = max(a.PendingAsOf, p.PendingAsOf)
		}
		a.Pending = plus(a.Pending, newest)
	}
	if a.PendingAsOf == "" {
		a.Pending = nil
	}
	if !covered {
		a.Covered = of
	}
	return a
}

func plus(a, b *quantity.Quantity) *quantity.Quantity {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	sum, err := a.Add(*b)
	if err != nil {
		return a
	}
	return &sum
}
