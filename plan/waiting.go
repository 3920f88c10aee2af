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
	reach := p.Extent(org.ProgressVerify)
	if reach.None() {
		return nil, 0, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, total = nil, 0
		ofUnit, err := tasksWaiting(tx, reach.Units)
		if err != nil {
			return err
		}
		var ids []string
		if err := tx.Each(func(r db.Scanner) error {
			var id, territory, taskID, list string
			if err := r.Scan(&id, &territory, &taskID, &list); err != nil {
				return err
			}
			// As partScope says: a county's part is the county's business, the whole that of its units or list.
			mine := reach.All || reach.Territory != "" && reach.Territory == territory
			if territory == "" {
				mine = mine || ofUnit[taskID] || reach.Territory != "" && reach.Territory == list
			}
			if !mine {
				return nil
			}
			if total++; len(ids) < limit {
				ids = append(ids, id)
			}
			return nil
		}, "SELECT e.id, e.territory_id, t.id, t.territory_id "+waitingRows+" AND e.reported_by <> $1 ORDER BY e.reported_at, e.id", p.ID); err != nil {
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

// tasksWaiting names the tasks in whose unit list one of the units stands and for which a value waits.
func tasksWaiting(tx *db.Tx, units []string) (map[string]bool, error) {
	tasks := map[string]bool{}
	for _, part := range batches(units) {
		if err := tx.Each(func(r db.Scanner) error {
			var id string
			err := r.Scan(&id)
			tasks[id] = true
			return err
		}, "SELECT DISTINCT u.task_id FROM task_unit u WHERE u.unit_id IN "+db.In(1, len(part))+" AND u.task_id IN (SELECT t.id "+waitingRows+")", part...); err != nil {
			return nil, err
		}
	}
	return tasks, nil
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
