package plan

import (
	"context"
	"strings"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Bind changes where the value of a target comes from, with a reason. Values that
// were reported before stay on record and count no more while another measure holds.
func (s *Service) Bind(ctx context.Context, p org.Principal, targetID string, revision int, to Binding, reason string) (err error) {
	defer errs.Wrap(&err, "plan.Bind(%s)", targetID)
	if reason, err = filled(strings.TrimSpace(reason), 300); err != nil {
		return fieldError("reason", "请写明更换数据来源的理由（300 字以内）")
	}
	to.Ref, to.Chosen = strings.TrimSpace(to.Ref), true
	return s.editTarget(ctx, p, targetID, revision, org.PlanCorrect, func(tx *db.Tx, task Task, t Target) error {
		if t.Measure.Kind == to.Kind && t.Measure.Ref == to.Ref {
			return errs.New(errs.Conflict, "“%s”现在就是这个数据来源", t.Subject)
		}
		if err := s.checkBinding(t, to); err != nil {
			var c errs.Check
			c.Add("ref", err)
			return c.Err()
		}
		return s.bind(tx, p, task, t, to, reason)
	})
}

func (s *Service) bind(tx *db.Tx, p org.Principal, task Task, t Target, to Binding, reason string) error {
	if _, err := tx.Exec("UPDATE target SET measure = $2 WHERE id = $1", t.ID, to.encode()); err != nil {
		return err
	}
	return s.record(tx, p, audit.Entry{Action: "target.bind", ObjectKind: "task", ObjectID: task.ID, ObjectName: task.Title, Reason: reason,
		Before: bindingFacts(t, t.Measure), After: bindingFacts(t, to)})
}

func bindingFacts(t Target, b Binding) map[string]string {
	return map[string]string{"目标": t.Subject, "数据来源": b.Kind.Label(), "编号": b.Ref}
}

// BindPack gives the targets of standing lists the measures that the city pack
// has for them, where they are still reported and nothing was reported yet. It is
// for lists that were published before their registers were there.
func (s *Service) BindPack(ctx context.Context, p org.Principal) (bound int, err error) {
	defer errs.Wrap(&err, "plan.BindPack")
	if err := p.May(org.PlanCorrect, org.Scope{}); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		bound = 0
		plans, err := ruledPlans(tx)
		if err != nil {
			return err
		}
		for _, pl := range plans {
			n, err := s.bindPlan(tx, p, pl.Plan)
			if err != nil {
				return err
			}
			bound += n
		}
		return nil
	})
	return bound, err
}

func (s *Service) bindPlan(tx *db.Tx, p org.Principal, pl Plan) (bound int, err error) {
	lines, err := s.bindings(pl)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	views, err := taskViews(tx, pl.ID)
	if err != nil {
		return 0, err
	}
	used, err := texts(tx, "SELECT DISTINCT target_id FROM progress")
	if err != nil {
		return 0, err
	}
	reported := map[string]bool{}
	for _, id := range used {
		reported[id] = true
	}
	for _, v := range views {
		for _, t := range v.Targets {
			to := s.measureFor(lines, v.Title, t)
			if t.Measure.Bound() || t.Measure.Chosen || !to.Bound() || reported[t.ID] {
				continue
			}
			if err := s.bind(tx, p, v.Task, t, to, "城市包为这项目标指定了数据来源"); err != nil {
				return 0, err
			}
			bound++
		}
	}
	return bound, nil
}
