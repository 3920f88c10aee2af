package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
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

// editTask is the frame of a change to a task: permission, revision, state.
func (s *Service) editTask(ctx context.Context, p org.Principal, id string, revision int, a org.Action, f func(tx *db.Tx, t Task) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, err := taskByID(tx, id)
		if err != nil {
			return err
		}
		scope, err := s.taskScope(tx, t)
		if err != nil {
			return err
		}
		if err := p.May(a, scope); err != nil {
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
	t.StartOn, err = dateOrEmpty(in.StartOn)
	c.Add("start_on", err)
	c.Require(t.StartOn <= t.DueOn, "start_on", "开始日期晚于完成期限 %s", t.DueOn)
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

// ShareOut gives parts of a target to counties. The parts add up to the target,
// or a note says what happens with the remainder.
func (s *Service) ShareOut(ctx context.Context, p org.Principal, targetID string, revision int, typed map[city.TerritoryID]string, note string) (err error) {
	defer errs.Wrap(&err, "plan.ShareOut(%s)", targetID)
	var taskID string
	if err := s.db.Read(ctx, func(tx *db.Tx) error {
		t, _, err := targetWithTask(tx, targetID)
		taskID = t.TaskID
		return err
	}); err != nil {
		return err
	}
	return s.editTask(ctx, p, taskID, revision, org.ShareEdit, func(tx *db.Tx, task Task) error {
		t, _, err := targetWithTask(tx, targetID)
		if err != nil {
			return err
		}
		before, err := sharesOf(tx, targetID)
		if err != nil {
			return err
		}
		shares, err := s.parseShares(t, typed, note)
		if err != nil {
			return err
		}
		if err := refuseOrphans(tx, s.pack, targetID, shares); err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM share WHERE target_id = $1", targetID); err != nil {
			return err
		}
		for _, sh := range shares {
			if _, err := tx.Exec("INSERT INTO share (target_id, territory_id, value, note) VALUES ($1, $2, $3, '')", targetID, string(sh.Territory), int64(sh.Value)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec("UPDATE target SET share_note = $2 WHERE id = $1", targetID, strings.TrimSpace(note)); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "target.share", ObjectKind: "task", ObjectID: taskID, ObjectName: task.Title, Reason: note,
			Before: s.shareFacts(t, before), After: s.shareFacts(t, shares)})
	})
}

func (s *Service) shareFacts(t Target, shares []Share) map[string]string {
	m := map[string]string{"目标": t.Pledge()}
	for _, sh := range shares {
		tr, _ := s.pack.Territory(sh.Territory)
		m[tr.Name] = Amount(sh.Value, t.Unit)
	}
	return m
}

func (s *Service) parseShares(t Target, typed map[city.TerritoryID]string, note string) ([]Share, error) {
	if !t.Summable() || t.Value == nil {
		return nil, errs.New(errs.Invalid, "“%s”是%s，不能按县区分解", t.Subject, t.Kind.Label())
	}
	var c errs.Check
	var shares []Share
	sum := quantity.Quantity(0)
	for _, tr := range s.pack.Territories {
		v, given := typed[tr.ID]
		q, err := amount(v)
		c.Add(string(tr.ID), err)
		if !given || q == nil {
			continue
		}
		c.Require(tr.Kind != city.TerritoryPrefecture, string(tr.ID), "全市不能作为分解对象")
		shares = append(shares, Share{Territory: tr.ID, Value: *q})
		if sum, err = sum.Add(*q); err != nil {
			c.Add(string(tr.ID), errs.New(errs.Invalid, "数字太大"))
		}
	}
	for id := range typed {
		_, ok := s.pack.Territory(id)
		c.Require(ok, string(id), "没有这个地区")
	}
	if len(shares) > 0 && sum != *t.Value {
		c.Require(strings.TrimSpace(note) != "", "note", "分解合计 %s，与目标 %s 相差 %s：请说明差额由谁承担或为何多分",
			Amount(sum, t.Unit), Amount(*t.Value, t.Unit), (*t.Value-sum).String()+t.Unit)
	}
	_, err := short(note, 300)
	c.Add("note", err)
	return shares, c.Err()
}

// refuseOrphans keeps a territory that already reported from losing its part unnoticed.
func refuseOrphans(tx *db.Tx, pack *city.Pack, targetID string, shares []Share) error {
	var c errs.Check
	err := tx.Each(func(r db.Scanner) error {
		var id string
		if err := r.Scan(&id); err != nil {
			return err
		}
		kept := slices.ContainsFunc(shares, func(sh Share) bool { return string(sh.Territory) == id })
		if id == "" {
			c.Require(len(shares) == 0, "note", "全市数已经填报过：请先撤回，再分解到县区")
			return nil
		}
		tr, _ := pack.Territory(city.TerritoryID(id))
		c.Require(kept, id, "%s已填报进展，不能取消分解：请先撤回", tr.Name)
		return nil
	}, "SELECT DISTINCT territory_id FROM progress WHERE target_id = $1 AND state IN ('reported', 'verified')", targetID)
	if err != nil {
		return err
	}
	return c.Err()
}

// Quantify gives a promise the number that was owed for it. The pace begins with it and is fixed.
func (s *Service) Quantify(ctx context.Context, p org.Principal, targetID string, revision int, fields map[string]string) (err error) {
	defer errs.Wrap(&err, "plan.Quantify(%s)", targetID)
	var taskID string
	if err := s.db.Read(ctx, func(tx *db.Tx) error {
		t, _, err := targetWithTask(tx, targetID)
		taskID = t.TaskID
		return err
	}); err != nil {
		return err
	}
	return s.editTask(ctx, p, taskID, revision, org.TaskEdit, func(tx *db.Tx, task Task) error {
		t, _, err := targetWithTask(tx, targetID)
		if err != nil {
			return err
		}
		if t.Kind != Qualitative {
			return errs.New(errs.Conflict, "这项目标已经量化：改动要随文件的新版本发布")
		}
		g := DraftTarget{Subject: t.Subject, Kind: Flow, Comparator: t.Comparator, Unit: t.Unit}
		if err := g.set(fields); err != nil {
			return err
		}
		if g.Kind == Qualitative || g.Kind == Comparison {
			return fieldError("kind", "请选择有数值的目标类型")
		}
		before := t.Pledge()
		t.Subject, t.Kind, t.Comparator, t.Value, t.ValueMax, t.Unit = g.Subject, g.Kind, g.Comparator, g.Value, g.ValueMax, g.Unit
		t.Deadline, t.Baseline, t.QuantifyBy = g.Deadline, g.Baseline, ""
		end, err := calendar.ParseDate(g.Deadline)
		if err != nil {
			if end, err = calendar.ParseDate(task.DueOn); err != nil {
				return fmt.Errorf("stored due date %q: %w", task.DueOn, err)
			}
		}
		start, err := calendar.ParseDate(task.StartOn)
		if err != nil || end.Before(start) {
			start = end
		}
		t.Curve = DefaultCurve(t, start, end)
		if g.Curve != "" {
			if t.Curve, err = ParseCurve(g.Curve, start, end); err != nil {
				return err
			}
		}
		if err := updateTarget(tx, t); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "target.quantify", ObjectKind: "task", ObjectID: taskID, ObjectName: task.Title,
			Before: map[string]string{"目标": before}, After: map[string]string{"目标": t.Pledge(), "期限": end.String()}})
	})
}

// MilestoneForm is a milestone as typed.
type MilestoneForm struct {
	Name, PlannedOn, Deliverable, Acceptance, Evidence string
}

// AddMilestone adds a dated step to a task.
func (s *Service) AddMilestone(ctx context.Context, p org.Principal, taskID string, revision int, in MilestoneForm) (err error) {
	defer errs.Wrap(&err, "plan.AddMilestone(%s)", taskID)
	return s.editTask(ctx, p, taskID, revision, org.TaskEdit, func(tx *db.Tx, t Task) error {
		var c errs.Check
		name, err := filled(strings.TrimSpace(in.Name), 80)
		c.Add("name", err)
		day, err := calendar.ParseDate(in.PlannedOn)
		c.Require(err == nil, "planned_on", "请填写计划日期，写成 2026-06-30")
		c.Require(err != nil || day.String() >= t.StartOn && day.String() <= t.DueOn, "planned_on", "应在任务起止日期 %s 至 %s 之间", t.StartOn, t.DueOn)
		for field, v := range map[string]string{"deliverable": in.Deliverable, "acceptance": in.Acceptance, "evidence": in.Evidence} {
			_, err := short(v, 300)
			c.Add(field, err)
		}
		if err := c.Err(); err != nil {
			return err
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO milestone (id, task_id, seq, name, planned_on, deliverable, acceptance, weight, evidence, actual_on, proof_hash, proof_name,
				reported_by, verified_by, verified_at, slip_reason)
			VALUES ($1, $2, (SELECT count(*) + 1 FROM milestone WHERE task_id = $2), $3, $4, $5, $6, 1, $7, '', '', '', '', '', 0, '')`,
			id, taskID, name, day.String(), strings.TrimSpace(in.Deliverable), strings.TrimSpace(in.Acceptance), strings.TrimSpace(in.Evidence)); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "milestone.add", ObjectKind: "task", ObjectID: taskID, ObjectName: t.Title, After: map[string]string{"节点": name, "计划": day.String()}})
	})
}

// ReachMilestone reports that a milestone was reached, with proof; a slip needs a reason.
func (s *Service) ReachMilestone(ctx context.Context, p org.Principal, taskID string, revision int, id, actualOn string, proof File, slipReason string) (err error) {
	defer errs.Wrap(&err, "plan.ReachMilestone(%s)", id)
	day, err := calendar.ParseDate(actualOn)
	if err != nil || day.After(calendar.Today(s.db.Now())) {
		return fieldError("actual_on", "请填写实际完成日期，不晚于今天")
	}
	ref := blob.Ref{}
	if proof.Size > 0 {
		if ref, err = s.keepProof(ctx, proof); err != nil {
			return err
		}
	}
	return s.editTask(ctx, p, taskID, revision, org.ProgressReport, func(tx *db.Tx, t Task) error {
		m, err := milestoneByID(tx, taskID, id)
		if err != nil {
			return err
		}
		if m.ActualOn != "" {
			return errs.New(errs.Conflict, "这个节点已填报完成")
		}
		if m.Evidence != "" && ref.Hash == "" {
			return fieldError("proof", "这个节点要求佐证："+m.Evidence)
		}
		if day.String() > m.PlannedOn && strings.TrimSpace(slipReason) == "" {
			return fieldError("slip_reason", "晚于计划日期，请说明原因")
		}
		if _, err := tx.Exec("UPDATE milestone SET actual_on = $2, proof_hash = $3, proof_name = $4, reported_by = $5, slip_reason = $6 WHERE id = $1",
			id, day.String(), ref.Hash, proof.Name, p.ID, strings.TrimSpace(slipReason)); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "milestone.reach", ObjectKind: "task", ObjectID: taskID, ObjectName: t.Title, Reason: slipReason,
			After: map[string]string{"节点": m.Name, "实际": day.String(), "佐证": proof.Name}})
	})
}

// VerifyMilestone accepts a reached milestone, or sends it back when accept is false.
func (s *Service) VerifyMilestone(ctx context.Context, p org.Principal, taskID string, revision int, id string, accept bool, reason string) (err error) {
	defer errs.Wrap(&err, "plan.VerifyMilestone(%s)", id)
	return s.editTask(ctx, p, taskID, revision, org.ProgressVerify, func(tx *db.Tx, t Task) error {
		m, err := milestoneByID(tx, taskID, id)
		if err != nil {
			return err
		}
		if m.ActualOn == "" || m.VerifiedBy != "" {
			return errs.New(errs.Conflict, "这个节点现在不需要核验：请刷新页面")
		}
		if m.ReportedBy == p.ID {
			return errs.New(errs.Forbidden, "填报人不能核验自己的节点：请另一位同事办理")
		}
		action, query := "milestone.verify", "UPDATE milestone SET verified_by = $2, verified_at = $3 WHERE id = $1"
		if !accept {
			if strings.TrimSpace(reason) == "" {
				return fieldError("reason", "请写明退回的理由")
			}
			action, query = "milestone.return", "UPDATE milestone SET actual_on = '', reported_by = '', proof_hash = '', proof_name = '', verified_by = '', verified_at = 0 WHERE id = $1 AND $2 <> '' AND $3 > 0"
		}
		if _, err := tx.Exec(query, id, p.Name, tx.NowMilli()); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: action, ObjectKind: "task", ObjectID: taskID, ObjectName: t.Title, Reason: reason,
			After: map[string]string{"节点": m.Name, "实际": m.ActualOn}})
	})
}

const milestoneColumns = "id, task_id, seq, name, planned_on, deliverable, acceptance, weight, evidence, actual_on, proof_hash, proof_name, reported_by, verified_by, slip_reason"

func scanMilestone(m *Milestone) func(db.Scanner) error {
	return func(r db.Scanner) error {
		return r.Scan(&m.ID, &m.TaskID, &m.Seq, &m.Name, &m.PlannedOn, &m.Deliverable, &m.Acceptance, &m.Weight, &m.Evidence, &m.ActualOn, &m.ProofHash,
			&m.ProofName, &m.ReportedBy, &m.VerifiedBy, &m.SlipReason)
	}
}

func milestonesOf(tx *db.Tx, taskID string) (all []Milestone, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var m Milestone
		if err := scanMilestone(&m)(r); err != nil {
			return err
		}
		all = append(all, m)
		return nil
	}, "SELECT "+milestoneColumns+" FROM milestone WHERE task_id = $1 ORDER BY planned_on, seq", taskID)
	return all, err
}

func milestoneByID(tx *db.Tx, taskID, id string) (m Milestone, err error) {
	err = tx.One(errs.New(errs.NotFound, "没有这个节点"), scanMilestone(&m), "SELECT "+milestoneColumns+" FROM milestone WHERE id = $1 AND task_id = $2", id, taskID)
	return m, err
}
