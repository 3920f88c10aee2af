package plan

import (
	"context"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// Courses gives for each target what was verified up to each of the days, in
// the order of the days ("2026-06-30", rising): the sum over the territories that
// carry a share of it now, or the value of the whole when none does. Nil stands
// for a day up to which nothing had been verified; a target without any verified
// value is absent. On the last day it agrees with Combine.
func (s *Service) Courses(ctx context.Context, p org.Principal, targetIDs, days []string) (courses map[string][]*quantity.Quantity, err error) {
	defer errs.Wrap(&err, "plan.Courses")
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, err
	}
	courses = map[string][]*quantity.Quantity{}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		const batch = 500 // both engines take that many arguments
		for start := 0; start < len(targetIDs); start += batch {
			part := targetIDs[start:min(start+batch, len(targetIDs))]
			shared, err := sharedAmong(tx, part)
			if err != nil {
				return err
			}
			entries, err := verifiedOf(tx, part)
			if err != nil {
				return err
			}
			for id, of := range entries {
				if h := course(of, shared[id], days); h != nil {
					courses[id] = h
				}
			}
		}
		return nil
	})
	return courses, err
}

// dated is a verified value of one part of a target.
type dated struct {
	territory city.TerritoryID
	asOf      string
	value     quantity.Quantity
}

// course walks the verified values, which rise by day (of one day the deciding
// one last), and adds up at each day what counts then. Nil when nothing counts.
func course(entries []dated, shared map[city.TerritoryID]bool, days []string) []*quantity.Quantity {
	parts := map[city.TerritoryID]quantity.Quantity{}
	out := make([]*quantity.Quantity, len(days))
	known := false
	for i, day := range days {
		for len(entries) > 0 && entries[0].asOf <= day {
			e := entries[0]
			entries = entries[1:]
			if len(shared) == 0 && e.territory == "" || shared[e.territory] {
				parts[e.territory] = e.value
			}
		}
		for _, v := range parts {
			out[i], known = plus(out[i], &v), true
		}
	}
	if !known {
		return nil
	}
	return out
}

func sharedAmong(tx *db.Tx, targetIDs []string) (map[string]map[city.TerritoryID]bool, error) {
	shared := map[string]map[city.TerritoryID]bool{}
	err := tx.Each(func(r db.Scanner) error {
		var id string
		var territory city.TerritoryID
		if err := r.Scan(&id, &territory); err != nil {
			return err
		}
		if shared[id] == nil {
			shared[id] = map[city.TerritoryID]bool{}
		}
		shared[id][territory] = true
		return nil
	}, "SELECT target_id, territory_id FROM share WHERE target_id IN "+db.In(1, len(targetIDs)), anys(targetIDs)...)
	return shared, err
}

func verifiedOf(tx *db.Tx, targetIDs []string) (map[string][]dated, error) {
	entries := map[string][]dated{}
	err := tx.Each(func(r db.Scanner) error {
		var id string
		var d dated
		if err := r.Scan(&id, &d.territory, &d.asOf, &d.value); err != nil {
			return err
		}
		entries[id] = append(entries[id], d)
		return nil
	}, "SELECT target_id, territory_id, as_of, value FROM progress WHERE state = 'verified' AND target_id IN "+db.In(1, len(targetIDs))+
		" ORDER BY as_of, decided_n, id", anys(targetIDs)...)
	return entries, err
}

func anys(ids []string) []any {
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return args
}
