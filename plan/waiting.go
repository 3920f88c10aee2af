package plan

import (
	"context"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Waiting is a reported value that waits for verification.
type Waiting struct {
	Entry
	Target Target
	Task   Task // without its text in lists
}

// ToDecide lists the reported values that the person may verify, oldest first,
// at most limit of them; total counts all. What a later version of a list dropped
// waits for nobody.
func (s *Service) ToDecide(ctx context.Context, p org.Principal, limit int) (all []Waiting, total int, err error) {
	defer errs.Wrap(&err, "plan.ToDecide")
	if !p.MayAnywhere(org.ProgressVerify) {
		return nil, 0, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, total = nil, 0
		units, err := unitsWaiting(tx)
		if err != nil {
			return err
		}
		var ids []string
		if err := tx.Each(func(r db.Scanner) error {
			var e Entry
			var taskID, territory string
			if err := r.Scan(&e.ID, &e.Territory, &e.State, &e.ReportedBy, &taskID, &territory); err != nil {
				return err
			}
			scope := org.Scope{Territory: string(e.Territory)}
			if e.Territory == "" {
				scope = org.Scope{Territory: territory, Units: units[taskID]}
			}
			if decidable(p, e, scope, EntryVerified) != nil {
				return nil
			}
			if total++; len(ids) < limit {
				ids = append(ids, e.ID)
			}
			return nil
		}, "SELECT e.id, e.territory_id, e.state, e.reported_by, t.id, t.territory_id "+waitingRows+" ORDER BY e.reported_at, e.id"); err != nil {
			return err
		}
		all, err = waitingByID(tx, ids)
		return err
	})
	return all, total, err
}

// waitingRows are the reported values of standing targets.
const waitingRows = `FROM progress e JOIN target g ON g.id = e.target_id AND g.version_gone = 0 JOIN task t ON t.id = g.task_id AND t.version_gone = 0
	WHERE e.state = 'reported'`

// unitsWaiting gives the units of the tasks for which a value waits.
func unitsWaiting(tx *db.Tx) (map[string][]string, error) {
	units := map[string][]string{}
	err := tx.Each(func(r db.Scanner) error {
		var task, unit string
		if err := r.Scan(&task, &unit); err != nil {
			return err
		}
		units[task] = append(units[task], unit)
		return nil
	}, "SELECT DISTINCT u.task_id, u.unit_id FROM task_unit u WHERE u.unit_id <> '' AND u.task_id IN (SELECT t.id "+waitingRows+") ORDER BY u.task_id, u.unit_id")
	return units, err
}

// waitingByID reads entries with their targets and tasks, in the order of the ids.
func waitingByID(tx *db.Tx, ids []string) ([]Waiting, error) {
	entries, targets, tasks := map[string]Entry{}, map[string]Target{}, map[string]Task{}
	for _, part := range batches(ids) {
		in := " IN " + db.In(1, len(part))
		if err := tx.Each(func(r db.Scanner) error {
			var e Entry
			err := scanEntry(&e)(r)
			entries[e.ID] = e
			return err
		}, "SELECT "+entryColumns+" FROM progress e WHERE e.id"+in, part...); err != nil {
			return nil, err
		}
		where := "WHERE g.id IN (SELECT target_id FROM progress WHERE id" + in + ")"
		of, err := targetsOf(tx, where, part...)
		if err != nil {
			return nil, err
		}
		for _, list := range of {
			for _, t := range list {
				targets[t.ID] = t
			}
		}
		if err := tx.Each(func(r db.Scanner) error {
			var t Task
			err := scanTask(&t)(r)
			tasks[t.ID] = t
			return err
		}, "SELECT "+taskFacts+" FROM task t WHERE t.id IN (SELECT g.task_id FROM target g "+where+")", part...); err != nil {
			return nil, err
		}
	}
	all := make([]Waiting, 0, len(ids))
	for _, id := range ids {
		t := targets[entries[id].TargetID]
		all = append(all, Waiting{entries[id], t, tasks[t.TaskID]})
	}
	return all, nil
}
