package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Filter narrows the task list; a zero field does not narrow.
type Filter struct {
	PlanID    string
	Kind      Kind             // whose lists
	Territory city.TerritoryID // a county's own list
	Unit      city.UnitID      // tasks in whose unit list the unit stands, alone or within a collective
	LeadOnly  bool             // with Unit: only tasks that it leads
	State     State
	Category  city.TaskCategory
	Text      string // in number, title or text; white space and punctuation do not matter
	Gone      bool   // also tasks that a later version dropped
}

func (f Filter) where() (string, []any) {
	var conds []string
	var args []any
	add := func(cond string, v any) {
		args = append(args, v)
		conds = append(conds, fmt.Sprintf(cond, len(args)))
	}
	if !f.Gone {
		conds = append(conds, "t.version_gone = 0")
	}
	if f.PlanID != "" {
		add("t.plan_id = $%d", f.PlanID)
	}
	if f.Kind != "" {
		add("p.kind = $%d", string(f.Kind))
	}
	if f.Territory != "" {
		add("t.territory_id = $%d", string(f.Territory))
	}
	if f.Unit != "" && f.LeadOnly {
		add("t.lead_unit = $%d", string(f.Unit))
	} else if f.Unit != "" {
		add("EXISTS (SELECT 1 FROM task_unit u WHERE u.task_id = t.id AND u.unit_id = $%d)", string(f.Unit))
	}
	if f.State != "" {
		add("t.state = $%d", string(f.State))
	}
	if f.Category != "" {
		add("t.category = $%d", string(f.Category))
	}
	for _, word := range strings.Fields(f.Text) {
		add(`t.search LIKE $%d ESCAPE '\'`, db.Like(squeeze(word)))
	}
	if len(conds) == 0 {
		return "", nil
	}
	return "WHERE " + strings.Join(conds, " AND "), args
}

// TaskIDs lists the tasks that a filter lets through, in the order of the lists.
func (s *Service) TaskIDs(ctx context.Context, p org.Principal, f Filter) (ids []string, err error) {
	defer errs.Wrap(&err, "plan.TaskIDs")
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, err
	}
	where, args := f.where()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(r db.Scanner) error {
			var id string
			if err := r.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
			return nil
		}, "SELECT t.id FROM task t JOIN plan p ON p.id = t.plan_id "+where+" ORDER BY "+planOrder+", t.seq", args...)
	})
	return ids, err
}

// Views gives tasks with their units and targets, in the order of the ids.
func (s *Service) Views(ctx context.Context, p org.Principal, ids []string) (views []TaskView, err error) {
	defer errs.Wrap(&err, "plan.Views")
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		views, err = viewsByID(tx, ids)
		return err
	})
	return views, err
}

func viewsByID(tx *db.Tx, ids []string) ([]TaskView, error) {
	byID := make(map[string]*TaskView, len(ids))
	for _, part := range batches(ids) {
		in := db.In(1, len(part))
		if err := tx.Each(func(r db.Scanner) error {
			v := &TaskView{}
			if err := scanTask(&v.Task)(r); err != nil {
				return err
			}
			byID[v.ID] = v
			return nil
		}, "SELECT "+taskColumns+" FROM task t WHERE t.id IN "+in, part...); err != nil {
			return nil, err
		}
		units, err := unitsOf(tx, "WHERE u.task_id IN "+in, part...)
		if err != nil {
			return nil, err
		}
		targets, err := targetsOf(tx, "WHERE g.version_gone = 0 AND g.task_id IN "+in, part...)
		if err != nil {
			return nil, err
		}
		for id, us := range units {
			byID[id].Units = us
		}
		for id, ts := range targets {
			byID[id].Targets = ts
		}
	}
	views := make([]TaskView, 0, len(ids))
	for _, id := range ids {
		if v := byID[id]; v != nil {
			views = append(views, *v)
		}
	}
	return views, nil
}

// Plans lists the published lists, the city's newest first, then those under them.
func (s *Service) Plans(ctx context.Context, p org.Principal) (plans []Plan, err error) {
	defer errs.Wrap(&err, "plan.Plans")
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(r db.Scanner) error {
			var pl Plan
			if err := scanPlan(&pl)(r); err != nil {
				return err
			}
			plans = append(plans, pl)
			return nil
		}, "SELECT "+planColumns+" FROM plan p ORDER BY "+planOrder)
	})
	return plans, err
}

// Version is one publication of a plan.
type Version struct {
	Version     int
	ImportID    string
	DocumentID  string
	PublishedBy string
	PublishedAt time.Time
	Summary     summary
}

// PlanDetail is a plan with its versions.
type PlanDetail struct {
	Plan
	Versions []Version
}

// Plan gives one plan.
func (s *Service) Plan(ctx context.Context, p org.Principal, id string) (d PlanDetail, err error) {
	defer errs.Wrap(&err, "plan.Plan(%s)", id)
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return d, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if d.Plan, err = planByID(tx, id); err != nil {
			return err
		}
		return tx.Each(func(r db.Scanner) error {
			var v Version
			var at int64
			var told string
			if err := r.Scan(&v.Version, &v.ImportID, &v.DocumentID, &v.PublishedBy, &at, &told); err != nil {
				return err
			}
			v.PublishedAt = milli(at)
			if err := json.Unmarshal([]byte(told), &v.Summary); err != nil {
				return fmt.Errorf("stored summary: %w", err)
			}
			d.Versions = append(d.Versions, v)
			return nil
		}, "SELECT version, import_id, document_id, published_by, published_at, summary FROM plan_version WHERE plan_id = $1 ORDER BY version DESC", id)
	})
	return d, err
}

// TargetDetail is a target with its parts and what was reported for it.
type TargetDetail struct {
	Target
	Shares  []Share
	Actual  Actual // of a reported target; the board has those that are counted
	Parts   []Standing
	Entries []Entry // newest first
}

// Detail is everything about one task.
type Detail struct {
	Task
	Plan       Plan
	Units      []TaskUnit
	Targets    []TargetDetail // standing ones first
	Milestones []Milestone
	Sources    []Source
	Children   []TaskView // the counties' tasks that carry it out
	Parent     *Task      // the city's task that it carries out
	History    []audit.Record
	Moved      []Moved     // through its life, the first move first
	Extensions []Extension // asked for, the first one first
	Statutory  string      // the law that sets the due date; "" for none
}

// Task gives everything about one task.
func (s *Service) Task(ctx context.Context, p org.Principal, id string) (d Detail, err error) {
	defer errs.Wrap(&err, "plan.Task(%s)", id)
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return d, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error { return s.detail(tx, id, &d) })
	return d, err
}

func (s *Service) detail(tx *db.Tx, id string, d *Detail) (err error) {
	if d.Task, err = taskByID(tx, id); err != nil {
		return err
	}
	if d.Plan, err = planByID(tx, d.PlanID); err != nil {
		return err
	}
	units, err := unitsOf(tx, "WHERE u.task_id = $1", id)
	if err != nil {
		return err
	}
	d.Units = units[id]
	if d.Sources, err = sourcesOf(tx, id); err != nil {
		return err
	}
	if d.Milestones, err = milestonesOf(tx, id); err != nil {
		return err
	}
	if err := targetDetails(tx, id, d); err != nil {
		return err
	}
	if d.Moved, err = movedOf(tx, id); err != nil {
		return err
	}
	if d.Extensions, err = extensionsOf(tx, id); err != nil {
		return err
	}
	if d.Statutory, err = statutory(tx, id); err != nil {
		return err
	}
	var children []string
	if err := tx.Each(func(r db.Scanner) error {
		var c string
		if err := r.Scan(&c); err != nil {
			return err
		}
		children = append(children, c)
		return nil
	}, "SELECT id FROM task WHERE parent_task_id = $1 AND version_gone = 0 ORDER BY territory_id, seq", id); err != nil {
		return err
	}
	if d.Children, err = viewsByID(tx, children); err != nil {
		return err
	}
	if d.ParentTaskID != "" {
		parent, err := taskByID(tx, d.ParentTaskID)
		if err != nil {
			return err
		}
		d.Parent = &parent
	}
	d.History, err = s.log.List(tx, audit.Filter{ObjectKind: "task", ObjectID: id, Limit: 200})
	return err
}

func targetDetails(tx *db.Tx, taskID string, d *Detail) error {
	targets, err := targetsOf(tx, "WHERE g.task_id = $1", taskID)
	if err != nil {
		return err
	}
	parts, err := standings(tx, "JOIN target g ON g.id = s.target_id WHERE g.task_id = $1", taskID)
	if err != nil {
		return err
	}
	for _, t := range targets[taskID] {
		td := TargetDetail{Target: t, Parts: parts[t.ID]}
		if td.Shares, err = sharesOf(tx, t.ID); err != nil {
			return err
		}
		if !t.Measure.Bound() { // else the board knows
			td.Actual = Combine(t, td.Shares, td.Parts)
		}
		if td.Entries, err = entriesOf(tx, t.ID); err != nil {
			return err
		}
		d.Targets = append(d.Targets, td)
	}
	return nil
}

func entriesOf(tx *db.Tx, targetID string) (all []Entry, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var e Entry
		if err := scanEntry(&e)(r); err != nil {
			return err
		}
		all = append(all, e)
		return nil
	}, "SELECT "+entryColumns+" FROM progress e WHERE e.target_id = $1 ORDER BY e.as_of DESC, e.reported_at DESC, e.id DESC LIMIT 500", targetID)
	return all, err
}

// Document opens the bytes that a task or plan was read from.
func (s *Service) Document(ctx context.Context, p org.Principal, id string) (_ io.ReadSeekCloser, name string, err error) {
	defer errs.Wrap(&err, "plan.Document(%s)", id)
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, "", err
	}
	var hash string
	if err := s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.One(errs.New(errs.NotFound, "没有这份文件"), func(r db.Scanner) error { return r.Scan(&hash, &name) }, "SELECT blob_hash, name FROM document WHERE id = $1", id)
	}); err != nil {
		return nil, "", err
	}
	f, _, err := s.blobs.Open(hash)
	return f, name, err
}

// Imports lists the imports that the person may see, newest first.
func (s *Service) Imports(ctx context.Context, p org.Principal, state ImportState, limit, offset int) (all []Import, total int, err error) {
	defer errs.Wrap(&err, "plan.Imports")
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(r db.Scanner) error {
			var im Import
			if err := scanImport(&im)(r); err != nil {
				return err
			}
			if s.maySee(p, im) != nil {
				return nil //nolint:nilerr // what one may not see is left out of the list
			}
			if total++; total > offset && len(all) < limit {
				all = append(all, im)
			}
			return nil
		}, "SELECT "+importColumns+" FROM import i JOIN document d ON d.id = i.document_id WHERE $1 = '' OR i.state = $1 ORDER BY i.created_at DESC, i.id DESC", string(state))
	})
	return all, total, err
}
