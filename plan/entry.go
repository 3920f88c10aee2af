package plan

import (
	"context"
	"io"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// TaskOf tells which task a target belongs to, also when a later version of the
// document dropped it. NotFound for an unknown target.
func (s *Service) TaskOf(ctx context.Context, p org.Principal, targetID string) (taskID string, err error) {
	defer errs.Wrap(&err, "plan.TaskOf(%s)", targetID)
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return "", err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		t, _, err := targetWithTask(tx, targetID)
		taskID = t.TaskID
		return err
	})
	return taskID, err
}

// Entry gives one reported value, in whatever state, with its target and task.
func (s *Service) Entry(ctx context.Context, p org.Principal, id string) (w Waiting, err error) {
	defer errs.Wrap(&err, "plan.Entry(%s)", id)
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return w, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if w.Entry, err = entryByID(tx, id); err != nil {
			return err
		}
		w.Target, w.Task, err = targetWithTask(tx, w.TargetID)
		return err
	})
	return w, err
}

// MilestoneProof opens the proof file of a reached milestone; NotFound when it has none.
func (s *Service) MilestoneProof(ctx context.Context, p org.Principal, id string) (_ io.ReadSeekCloser, name string, err error) {
	defer errs.Wrap(&err, "plan.MilestoneProof(%s)", id)
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, "", err
	}
	none := errs.New(errs.NotFound, "没有这份佐证：可能地址有误")
	var hash string
	if err := s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.One(none, func(r db.Scanner) error { return r.Scan(&hash, &name) }, "SELECT proof_hash, proof_name FROM milestone WHERE id = $1", id)
	}); err != nil {
		return nil, "", err
	}
	if hash == "" {
		return nil, "", none
	}
	f, _, err := s.blobs.Open(hash)
	return f, name, err
}
