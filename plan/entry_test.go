package plan_test

import (
	"context"
	"io"
	"testing"

	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
)

// firstNumber finds a task with a target that has a number.
func firstNumber(t *testing.T, r *plantest.Room, planID string) (plan.Detail, plan.Target) {
	t.Helper()
	ids, err := r.Plan.TaskIDs(context.Background(), r.Dispatcher(), plan.Filter{PlanID: planID})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		d, err := r.Plan.Task(context.Background(), r.Dispatcher(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range d.Targets {
			if g.Summable() && g.Value != nil && d.LeadUnit != "" {
				return d, g.Target
			}
		}
	}
	t.Fatal("the plan has no target with a number")
	return plan.Detail{}, plan.Target{}
}

func TestEntryAndMilestoneProof(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			ctx := context.Background()
			r := plantest.New(t, engine)
			d, g := firstNumber(t, r, r.PackPlan(t))
			clerk := r.Clerk(d.LeadUnit)
			id, err := r.Plan.Report(ctx, clerk, plan.Report{TargetID: g.ID, AsOf: "2026-06-30", Value: "1", Proof: plantest.Proof("a")})
			if err != nil {
				t.Fatal(err)
			}
			w, err := r.Plan.Entry(ctx, r.Dispatcher(), id)
			if err != nil || w.Entry.ID != id || w.Target.ID != g.ID || w.Task.ID != d.ID {
				t.Fatalf("%+v, %v", w, err)
			}
			if got, err := r.Plan.TaskOf(ctx, clerk, g.ID); err != nil || got != d.ID {
				t.Errorf("task of target: %s, %v", got, err)
			}
			nobody := r.Person("sec", "", org.SecAdmin)
			for name, call := range map[string]func(p org.Principal, id string) error{
				"entry":  func(p org.Principal, id string) error { _, err := r.Plan.Entry(ctx, p, id); return err },
				"taskof": func(p org.Principal, id string) error { _, err := r.Plan.TaskOf(ctx, p, id); return err },
				"proof":  func(p org.Principal, id string) error { _, _, err := r.Plan.MilestoneProof(ctx, p, id); return err },
			} {
				if err := call(nobody, id); !errs.Is(err, errs.Forbidden) {
					t.Errorf("%s without permission: %v", name, err)
				}
				if err := call(clerk, "no-such-id"); !errs.Is(err, errs.NotFound) {
					t.Errorf("%s of an unknown id: %v", name, err)
				}
			}
			milestoneProof(t, r, d, clerk)
		})
	}
}

func milestoneProof(t *testing.T, r *plantest.Room, d plan.Detail, clerk org.Principal) {
	t.Helper()
	ctx := context.Background()
	if err := r.Plan.AddMilestone(ctx, clerk, d.ID, d.Revision, plan.MilestoneForm{Name: "方案印发", PlannedOn: "2026-06-15"}); err != nil {
		t.Fatal(err)
	}
	d, err := r.Plan.Task(ctx, clerk, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	m := d.Milestones[0]
	if _, _, err := r.Plan.MilestoneProof(ctx, clerk, m.ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("no proof yet: %v", err)
	}
	if err := r.Plan.ReachMilestone(ctx, clerk, d.ID, d.Revision, m.ID, "2026-06-14", plantest.Proof("印发"), ""); err != nil {
		t.Fatal(err)
	}
	f, name, err := r.Plan.MilestoneProof(ctx, clerk, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(f)
	if err != nil || name != "印发.txt" || len(b) == 0 {
		t.Errorf("%s: %q, %v", name, b, err)
	}
}
