package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// Facts are what the lights of one task are computed from.
type Facts struct {
	Task       Task // without its text
	Units      []TaskUnit
	Targets    []TargetFacts
	Milestones []Milestone
	StateDue   string // the day by which the present state must be left; "" for none
}

// TargetFacts are a target with its parts and its newest values.
type TargetFacts struct {
	Target
	Shares []Share
	Parts  []Standing
}

// Ruled is a plan with the thresholds that were frozen when it was published.
type Ruled struct {
	Plan
	Rules city.Thresholds
}

// Changes tells which tasks changed after count n of this room's changes, and the
// count now. all is true when too much changed to name it: read everything anew.
func (s *Service) Changes(ctx context.Context, n int64) (now int64, tasks []string, all bool, err error) {
	defer errs.Wrap(&err, "plan.Changes")
	const most = 500
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var oldest int64
		if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&oldest, &now) }, "SELECT COALESCE(MIN(n), 0), COALESCE(MAX(n), 0) FROM plan_change"); err != nil {
			return err
		}
		// A count from the future belongs to another database: a backup was put back meanwhile.
		if all = n < oldest || n > now || now-n > most; all || n == now {
			return nil
		}
		if tasks, err = texts(tx, `SELECT task_id FROM plan_change WHERE n > $1 AND task_id <> '' AND task_id NOT LIKE $2
			UNION SELECT id FROM task WHERE plan_id IN (SELECT SUBSTR(task_id, $3) FROM plan_change WHERE n > $1 AND task_id LIKE $2)`, n, wholePlan+"%", len(wholePlan)+1); err != nil {
			return err
		}
		all = len(tasks) > 5*most
		return nil
	})
	return now, tasks, all, err
}

// texts reads a column of texts.
func texts(tx *db.Tx, query string, args ...any) (all []string, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var s string
		err := r.Scan(&s)
		all = append(all, s)
		return err
	}, query, args...)
	return all, err
}

// Snapshot reads the facts of the given tasks, or of all standing ones when ids
// is nil, and all plans, at one moment. The count of changes belongs to that moment.
func (s *Service) Snapshot(ctx context.Context, p org.Principal, ids []string) (plans []Ruled, facts []Facts, n int64, err error) {
	defer errs.Wrap(&err, "plan.Snapshot")
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, nil, 0, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, "SELECT COALESCE(MAX(n), 0) FROM plan_change"); err != nil {
			return err
		}
		if plans, err = ruledPlans(tx); err != nil {
			return err
		}
		if ids == nil {
			facts, err = factsWhere(tx, "t.version_gone = 0")
			return err
		}
		for _, part := range batches(ids) {
			more, err := factsWhere(tx, "t.version_gone = 0 AND t.id IN "+db.In(1, len(part)), part...)
			if err != nil {
				return err
			}
			facts = append(facts, more...)
		}
		return nil
	})
	return plans, facts, n, err
}

func ruledPlans(tx *db.Tx) (plans []Ruled, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var pl Ruled
		var rules string
		if err := scanPlan(&pl.Plan)(extra{r, &rules}); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(rules), &pl.Rules); err != nil {
			return fmt.Errorf("stored thresholds of %s: %w", pl.ID, err)
		}
		plans = append(plans, pl)
		return nil
	}, "SELECT "+planColumns+", rules FROM plan p ORDER BY "+planOrder)
	return plans, err
}

// extra scans one more column after those that the wrapped scan asks for.
type extra struct {
	db.Scanner
	last *string
}

// Scan reads the columns and the extra one.
func (e extra) Scan(dest ...any) error { return e.Scanner.Scan(append(dest, e.last)...) }

func factsWhere(tx *db.Tx, cond string, args ...any) ([]Facts, error) {
	where := "JOIN task t ON t.id = %s.task_id WHERE " + cond
	units, err := unitsOf(tx, fmt.Sprintf(where, "u"), args...)
	if err != nil {
		return nil, err
	}
	targets, err := targetsOf(tx, fmt.Sprintf(where, "g")+" AND g.version_gone = 0", args...)
	if err != nil {
		return nil, err
	}
	viaTarget := "JOIN target g ON g.id = %s.target_id JOIN task t ON t.id = g.task_id WHERE " + cond
	parts, err := standings(tx, fmt.Sprintf(viaTarget, "s")+standingOrder, args...)
	if err != nil {
		return nil, err
	}
	shares := map[string][]Share{}
	if err := tx.Each(func(r db.Scanner) error {
		var id string
		var sh Share
		if err := r.Scan(&id, &sh.Territory, &sh.Value); err != nil {
			return err
		}
		shares[id] = append(shares[id], sh)
		return nil
	}, "SELECT sh.target_id, sh.territory_id, sh.value FROM share sh "+fmt.Sprintf(viaTarget, "sh")+" ORDER BY sh.target_id, sh.territory_id", args...); err != nil {
		return nil, err
	}
	milestones := map[string][]Milestone{}
	if err := tx.Each(func(r db.Scanner) error {
		var m Milestone
		if err := scanMilestone(&m)(r); err != nil {
			return err
		}
		milestones[m.TaskID] = append(milestones[m.TaskID], m)
		return nil
	}, "SELECT m."+strings.ReplaceAll(milestoneColumns, ", ", ", m.")+" FROM milestone m "+fmt.Sprintf(where, "m")+" ORDER BY m.planned_on, m.seq", args...); err != nil {
		return nil, err
	}
	dues := map[string]string{}
	if err := tx.Each(func(r db.Scanner) error {
		var id, due string
		err := r.Scan(&id, &due)
		dues[id] = due
		return err
	}, "SELECT m.task_id, m.due_on FROM task_move m "+fmt.Sprintf(where, "m")+" AND m.seq = (SELECT MAX(seq) FROM task_move x WHERE x.task_id = m.task_id)", args...); err != nil {
		return nil, err
	}
	var all []Facts
	err = tx.Each(func(r db.Scanner) error {
		var f Facts
		if err := scanTask(&f.Task)(r); err != nil {
			return err
		}
		f.Units, f.Milestones, f.StateDue = units[f.Task.ID], milestones[f.Task.ID], dues[f.Task.ID]
		for _, t := range targets[f.Task.ID] {
			f.Targets = append(f.Targets, TargetFacts{Target: t, Shares: shares[t.ID], Parts: parts[t.ID]})
		}
		all = append(all, f)
		return nil
	}, "SELECT "+taskFacts+" FROM task t JOIN plan p ON p.id = t.plan_id WHERE "+cond+" ORDER BY "+planOrder+", t.seq", args...)
	return all, err
}

// PartsAt gives what was verified of the parts of each target up to a day, for
// Combine. Parts with nothing verified by then are absent.
func (s *Service) PartsAt(ctx context.Context, targetIDs []string, day string) (parts map[string][]Standing, err error) {
	defer errs.Wrap(&err, "plan.PartsAt(%s)", day)
	parts = map[string][]Standing{}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		for _, part := range batches(targetIDs) {
			if err := tx.Each(func(r db.Scanner) error {
				var st Standing
				var v quantity.Quantity
				if err := r.Scan(&st.TargetID, &st.Territory, &st.AsOf, &v); err != nil {
					return err
				}
				st.Value = &v
				parts[st.TargetID] = append(parts[st.TargetID], st)
				return nil
			}, `SELECT target_id, territory_id, as_of, value FROM (
					SELECT target_id, territory_id, as_of, value,
						ROW_NUMBER() OVER (PARTITION BY target_id, territory_id ORDER BY as_of DESC, decided_n DESC, id DESC) AS k
					FROM progress WHERE state = 'verified' AND as_of <= $1 AND target_id IN `+db.In(2, len(part))+`) x
				WHERE k = 1 ORDER BY target_id, territory_id`, append([]any{day}, part...)...); err != nil {
				return err
			}
		}
		return nil
	})
	return parts, err
}

// CheckStandings names the parts of targets whose stored standing is not what
// their entries give, and those without one; checked counts the standings. A sound
// database has none.
func (s *Service) CheckStandings(ctx context.Context) (wrong []string, checked int, err error) {
	defer errs.Wrap(&err, "plan.CheckStandings")
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		wrong, checked = nil, 0
		stored, err := standings(tx, standingOrder)
		if err != nil {
			return err
		}
		seen := map[[2]string]bool{}
		for _, id := range slices.Sorted(maps.Keys(stored)) {
			for _, st := range stored[id] {
				checked++
				seen[[2]string{id, string(st.Territory)}] = true
				right, err := derive(tx, id, st.Territory)
				if err != nil {
					return err
				}
				if !right.equal(st) {
					wrong = append(wrong, id+" "+string(st.Territory))
				}
			}
		}
		return tx.Each(func(r db.Scanner) error {
			var part [2]string
			if err := r.Scan(&part[0], &part[1]); err != nil {
				return err
			}
			if !seen[part] {
				wrong = append(wrong, part[0]+" "+part[1])
			}
			return nil
		}, "SELECT DISTINCT target_id, territory_id FROM progress ORDER BY target_id, territory_id")
	})
	return wrong, checked, err
}
