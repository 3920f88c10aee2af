package plan

import (
	"context"
	"strings"

	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

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
		for _, f := range []errs.Field{{Name: "deliverable", Message: in.Deliverable}, {Name: "acceptance", Message: in.Acceptance}, {Name: "evidence", Message: in.Evidence}} {
			_, err := short(f.Message, 300)
			c.Add(f.Name, err)
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
	slipReason = strings.TrimSpace(slipReason)
	// Who may not report is told so before anything is checked or stored.
	if err := s.db.Read(ctx, func(tx *db.Tx) error { return s.mayEdit(tx, p, taskID, org.ProgressReport) }); err != nil {
		return err
	}
	if _, err := short(slipReason, 300); err != nil {
		return fieldError("slip_reason", "说明太长：最多 300 个字")
	}
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
		if day.String() > m.PlannedOn && slipReason == "" {
			return fieldError("slip_reason", "晚于计划日期，请说明原因")
		}
		if _, err := tx.Exec("UPDATE milestone SET actual_on = $2, proof_hash = $3, proof_name = $4, reported_by = $5, slip_reason = $6 WHERE id = $1",
			id, day.String(), ref.Hash, proof.Name, p.ID, slipReason); err != nil {
			return err
		}
		return s.record(tx, p, audit.Entry{Action: "milestone.reach", ObjectKind: "task", ObjectID: taskID, ObjectName: t.Title, Reason: slipReason,
			After: map[string]string{"节点": m.Name, "实际": day.String(), "佐证": proof.Name}})
	})
}

// VerifyMilestone accepts a reached milestone, or sends it back when accept is false.
func (s *Service) VerifyMilestone(ctx context.Context, p org.Principal, taskID string, revision int, id string, accept bool, reason string) (err error) {
	defer errs.Wrap(&err, "plan.VerifyMilestone(%s)", id)
	reason = strings.TrimSpace(reason)
	if _, long := short(reason, 500); long != nil || !accept && reason == "" {
		return fieldError("reason", "请写明退回的理由，最多 500 个字")
	}
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
		action := "milestone.verify"
		if accept {
			_, err = tx.Exec("UPDATE milestone SET verified_by = $2, verified_at = $3 WHERE id = $1", id, p.Name, tx.NowMilli())
		} else {
			action = "milestone.return"
			_, err = tx.Exec("UPDATE milestone SET actual_on = '', reported_by = '', proof_hash = '', proof_name = '', slip_reason = '' WHERE id = $1", id)
		}
		if err != nil {
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
