package plan

import (
	"context"
	"fmt"
	"strings"

	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// taskScope says whose business a task is: the units in its list, or the
// territory on whose own list it stands.
func (s *Service) taskScope(tx *db.Tx, t Task) (org.Scope, error) {
	scope := org.Scope{Territory: string(t.Territory)}
	err := tx.Each(func(r db.Scanner) error {
		var id string
		if err := r.Scan(&id); err != nil {
			return err
		}
		scope.Units = append(scope.Units, id)
		return nil
	}, "SELECT DISTINCT unit_id FROM task_unit WHERE task_id = $1 AND unit_id <> '' ORDER BY unit_id", t.ID)
	return scope, err
}

// mayEdit checks a permission on a task.
func (s *Service) mayEdit(tx *db.Tx, p org.Principal, id string, a org.Action) error {
	t, err := taskByID(tx, id)
	if err != nil {
		return err
	}
	scope, err := s.taskScope(tx, t)
	if err != nil {
		return err
	}
	return p.May(a, scope)
}

// editTask is the frame of a change to a task: permission, revision, state.
func (s *Service) editTask(ctx context.Context, p org.Principal, id string, revision int, a org.Action, f func(tx *db.Tx, t Task) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.mayEdit(tx, p, id, a); err != nil {
			return err
		}
		t, err := taskByID(tx, id)
		if err != nil {
			return err
		}
		if t.Gone() {
			return errs.New(errs.Conflict, "这项任务已移出清单，不能再改")
		}
		if revision != t.Revision {
			return errs.New(errs.Conflict, "页面打开后别人已改过这项任务：请刷新页面，再改一次")
		}
		if err := f(tx, t); err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE task SET revision = revision + 1, updated_at = $2 WHERE id = $1", id, tx.NowMilli())
		return err
	})
}

// editTarget is the frame of a change to a target: that of its task, and the target still stands.
func (s *Service) editTarget(ctx context.Context, p org.Principal, id string, revision int, a org.Action, f func(tx *db.Tx, task Task, t Target) error) error {
	taskID := ""
	if err := s.db.Read(ctx, func(tx *db.Tx) error {
		t, _, err := targetWithTask(tx, id)
		taskID = t.TaskID
		return err
	}); err != nil {
		return err
	}
	return s.editTask(ctx, p, taskID, revision, a, func(tx *db.Tx, task Task) error {
		t, _, err := targetWithTask(tx, id)
		if err != nil {
			return err
		}
		if t.VersionGone > 0 {
			return errs.New(errs.Conflict, "这项目标已不在现行清单中")
		}
		return f(tx, task, t)
	})
}

// TaskForm are the fields of a task that people fill in after publication. What
// the document says (title, units, targets) changes only with a new version of it.
type TaskForm struct {
	Category, Leader, Owner, Handler, Verification, EvidenceSpec, ReportCycle, Openness, StartOn string
}

// EditTask changes the working fields of a task.
func (s *Service) EditTask(ctx context.Context, p org.Principal, id string, revision int, in TaskForm) (err error) {
	defer errs.Wrap(&err, "plan.EditTask(%s)", id)
	return s.editTask(ctx, p, id, revision, org.TaskEdit, func(tx *db.Tx, t Task) error {
		next, err := in.apply(t)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE task SET category = $2, leader = $3, owner = $4, handler = $5, verification = $6, evidence_spec = $7, report_cycle = $8,
			openness = $9, start_on = $10 WHERE id = $1`, id, string(next.Category), next.Leader, next.Owner, next.Handler, string(next.Verification),
			next.EvidenceSpec, string(next.ReportCycle), string(next.Openness), next.StartOn); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "task.edit", ObjectKind: "task", ObjectID: id, ObjectName: t.Title, Before: t.facts(), After: next.facts()})
	})
}

func (in TaskForm) apply(t Task) (Task, error) {
	var c errs.Check
	text := func(field, v string, most int) string {
		v, err := short(strings.TrimSpace(v), most)
		c.Add(field, err)
		return v
	}
	var err error
	t.Category, err = category(in.Category)
	c.Add("category", err)
	t.Verification, err = oneOf(Verifications, Verification(in.Verification))
	c.Add("verification", err)
	t.ReportCycle, err = oneOf(ReportCycles, ReportCycle(in.ReportCycle))
	c.Add("report_cycle", err)
	t.Openness, err = oneOf(Opennesses, Openness(in.Openness))
	c.Add("openness", err)
	if in.StartOn != "" { // a form without the day leaves it
		t.StartOn, err = dateOrEmpty(strings.TrimSpace(in.StartOn))
		c.Add("start_on", err)
		c.Require(t.StartOn <= t.DueOn, "start_on", "开始日期晚于完成期限 %s", t.DueOn)
	}
	t.Leader, t.Owner, t.Handler = text("leader", in.Leader, 30), text("owner", in.Owner, 30), text("handler", in.Handler, 30)
	t.EvidenceSpec = text("evidence_spec", in.EvidenceSpec, 300)
	return t, c.Err()
}

func (t Task) facts() map[string]string {
	return map[string]string{"类别": string(t.Category), "分管领导": t.Leader, "责任人": t.Owner, "经办人": t.Handler, "核验方式": t.Verification.Label(),
		"佐证要求": t.EvidenceSpec, "报送周期": t.ReportCycle.Label(), "公开属性": t.Openness.Label(), "开始": t.StartOn}
}

// AddSource notes another paper that asks for the same matter, so that it is reported once.
func (s *Service) AddSource(ctx context.Context, p org.Principal, taskID string, revision int, in Source) (err error) {
	defer errs.Wrap(&err, "plan.AddSource(%s)", taskID)
	var c errs.Check
	_, err = oneOf(SourceKinds, in.Kind)
	c.Add("kind", err)
	in.Title, err = filled(strings.TrimSpace(in.Title), 100)
	c.Add("title", err)
	in.Clause, err = short(strings.TrimSpace(in.Clause), 200)
	c.Add("clause", err)
	in.Quote, err = short(strings.TrimSpace(in.Quote), 500)
	c.Add("quote", err)
	if err := c.Err(); err != nil {
		return err
	}
	return s.editTask(ctx, p, taskID, revision, org.TaskEdit, func(tx *db.Tx, t Task) error {
		if in.ID, err = tx.NewID(); err != nil {
			return err
		}
		if err := insertSource(tx, taskID, tx.NowMilli(), in); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "task.add_source", ObjectKind: "task", ObjectID: taskID, ObjectName: t.Title,
			After: map[string]string{"来源": in.Kind.Label(), "文件": in.Title, "条款": in.Clause}})
	})
}

// Quantify gives a promise the number that was owed for it. The pace begins with it and is fixed.
func (s *Service) Quantify(ctx context.Context, p org.Principal, targetID string, revision int, fields map[string]string) (err error) {
	defer errs.Wrap(&err, "plan.Quantify(%s)", targetID)
	return s.editTarget(ctx, p, targetID, revision, org.TaskEdit, func(tx *db.Tx, task Task, t Target) error {
		if t.Kind != Qualitative {
			return errs.New(errs.Conflict, "这项目标已经量化：改动要随文件的新版本发布")
		}
		g := DraftTarget{Subject: t.Subject, Kind: Flow, Comparator: t.Comparator, Unit: t.Unit, Deadline: t.Deadline}
		if err := g.set(fields); err != nil {
			return err
		}
		if g.Kind == Qualitative || g.Kind == Comparison {
			return fieldError("kind", "请选择有数值的目标类型")
		}
		before := t.Pledge()
		t.Subject, t.Kind, t.Comparator, t.Value, t.ValueMax, t.Unit = g.Subject, g.Kind, g.Comparator, g.Value, g.ValueMax, g.Unit
		t.Deadline, t.Baseline, t.QuantifyBy = g.Deadline, g.Baseline, ""
		due, err := calendar.ParseDate(task.DueOn)
		if err != nil {
			return fmt.Errorf("stored due date %q: %w", task.DueOn, err)
		}
		start, err := calendar.ParseDate(task.StartOn)
		if err != nil {
			start = due
		}
		if t.Curve, err = g.curve(start, due); err != nil {
			return fieldError("curve", messageOf(err))
		}
		if t.Baseline != nil {
			t.BaselineOn = calendar.Of(start.Year()-1, 12, 31).String()
		}
		list, err := planByID(tx, task.PlanID)
		if err != nil {
			return err
		}
		lines, err := s.bindings(list)
		if err != nil {
			return err
		}
		t.Measure = s.measureFor(lines, task.Title, t)
		if err := updateTarget(tx, t); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "target.quantify", ObjectKind: "task", ObjectID: task.ID, ObjectName: task.Title,
			Before: map[string]string{"目标": before}, After: map[string]string{"目标": t.Pledge(), "期限": t.Curve.End.String()}})
	})
}
