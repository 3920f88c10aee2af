package app

import (
	"context"
	"testing"
	"time"

	"bihuan/city"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/register"
)

var ctx = context.Background()

// opened is the program on an empty folder with the pack's plan published.
func opened(t *testing.T) (*App, *plantest.Room) {
	t.Helper()
	clock := dbtest.NewClock("2026-07-01T09:00:00+08:00")
	a, err := Open(ctx, Config{Data: t.TempDir(), City: city.Names()[0], Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	r := &plantest.Room{DB: a.DB, Clock: clock, Log: a.Log, Pack: a.Pack, Plan: a.Plan}
	r.PackPlan(t)
	return a, r
}

// TestTaskNamed: a record names a task by its id or by its number, and nothing else.
func TestTaskNamed(t *testing.T) {
	a, r := opened(t)
	p := r.Dispatcher()
	ids, err := a.Plan.TaskIDs(ctx, p, plan.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	views, err := a.Plan.Views(ctx, p, ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		for _, name := range []string{v.ID, v.No} {
			if id, err := a.taskNamed(ctx, p, name); err != nil || id != v.ID {
				t.Errorf("%s: %q %v", name, id, err)
			}
		}
	}
	for _, name := range []string{"2099-01-001", views[0].No + "0", views[0].Title, "%", "' OR 1=1"} {
		if id, err := a.taskNamed(ctx, p, name); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %q %v", name, id, err)
		}
	}
	if _, err := a.taskNamed(ctx, org.Principal{ID: "nobody"}, views[0].No); !errs.Is(err, errs.Forbidden) {
		t.Errorf("%v", err)
	}
}

// TestShares: what counties are to reach of a target that a register counts is what the
// register compares claims with.
func TestShares(t *testing.T) {
	a, r := opened(t)
	if _, err := a.Plan.BindPack(ctx, r.Dispatcher()); err != nil {
		t.Fatal(err)
	}
	ref := register.CountRef{Register: "parcel-point", Count: "open"}
	ids, err := a.Plan.TaskIDs(ctx, r.Dispatcher(), plan.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	views, err := a.Plan.Views(ctx, r.Dispatcher(), ids)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, v := range views {
		for _, g := range v.Targets {
			if g.Measure.Kind != plan.Register || g.Measure.Ref != ref.String() {
				continue
			}
			found = true
			if err := a.Plan.ShareOut(ctx, r.Dispatcher(), g.ID, v.Revision, map[city.TerritoryID]string{"shenxian": "300", "yanggu": "200"}, "其余由市级统筹"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !found {
		t.Fatalf("no target is counted by %s", ref)
	}
	shares, err := a.shares(ctx)
	if err != nil || len(shares[ref]) != 2 || shares[ref]["shenxian"] != quantity.Of(300) || shares[ref]["yanggu"] != quantity.Of(200) {
		t.Errorf("%v %v", shares[ref], err)
	}
	r.Clock.Add(365 * 24 * time.Hour)
	if shares, err = a.shares(ctx); err != nil || len(shares[ref]) != 0 {
		t.Errorf("another year: %v %v", shares[ref], err)
	}
	if _, err := a.Register.Review(ctx, org.Job("核查")); err != nil {
		t.Error(err)
	}
}
