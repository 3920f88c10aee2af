package supervise_test

import (
	"context"
	"testing"

	"bihuan/city"
	"bihuan/kit/db/dbtest"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

func onBoth(t *testing.T, f func(t *testing.T, r *plantest.Room, s *supervise.Service)) {
	t.Helper()
	for _, e := range dbtest.Engines(t) {
		t.Run(string(e), func(t *testing.T) {
			r := plantest.New(t, e)
			f(t, r, supervise.New(r.DB, r.Log, r.Plan))
		})
	}
}

func targetOf(t *testing.T, b *supervise.Board, subject string) (*supervise.TaskLight, *supervise.TargetLight) {
	t.Helper()
	for _, task := range b.Tasks {
		for i := range task.Targets {
			if task.Targets[i].Subject == subject {
				return task, &task.Targets[i]
			}
		}
	}
	t.Fatalf("no target %s", subject)
	return nil, nil
}

func TestFromDocumentToLight(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room, s *supervise.Service) {
		ctx := context.Background()
		r.PackPlan(t)
		board := func() *supervise.Board {
			t.Helper()
			b, err := s.Board(ctx, r.Dispatcher())
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		b := board()
		if len(b.Tasks) != 24 {
			t.Fatalf("%d tasks", len(b.Tasks))
		}
		task, g := targetOf(t, b, "社区托育驿站")
		if g.Level != supervise.Grey {
			t.Errorf("without data: %s %s", g.Level, g.Reason)
		}
		clerk, head := r.Clerk(task.LeadUnit), r.Head(task.LeadUnit)
		report := func(value, asOf, note string) string {
			t.Helper()
			id, err := r.Plan.Report(ctx, clerk, plan.Report{TargetID: g.ID, AsOf: asOf, Value: value, Note: note, Proof: plantest.Proof(value)})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		id := report("12", "2026-06-30", "")
		if _, g := targetOf(t, board(), "社区托育驿站"); g.Level != supervise.Grey || g.Actual.Pending == nil {
			t.Errorf("unverified: %s %s", g.Level, g.Reason)
		}
		if err := r.Plan.Verify(ctx, head, id); err != nil {
			t.Fatal(err)
		}
		if _, g := targetOf(t, board(), "社区托育驿站"); g.Level != supervise.Blue {
			t.Errorf("12 of 25 at midyear: %s %s", g.Level, g.Reason)
		}
		id = report("25", "2026-07-01", "")
		if err := r.Plan.Verify(ctx, head, id); err != nil {
			t.Fatal(err)
		}
		if _, g := targetOf(t, board(), "社区托育驿站"); g.Level != supervise.Green || !g.Verdict.Met {
			t.Errorf("done: %s %s", g.Level, g.Reason)
		}
		if wrong, n, err := r.Plan.CheckStandings(ctx); err != nil || len(wrong) > 0 || n != 1 {
			t.Errorf("standings: %v %d %v", wrong, n, err)
		}
		view := board().View(r.Pack, "")
		if view.Tally.Total() != 24 || len(view.Territories) != 11 {
			t.Errorf("tally %v, %d territories", view.Tally, len(view.Territories))
		}
	})
}

func TestSharesAddUpAndCountiesReport(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room, s *supervise.Service) {
		ctx := context.Background()
		r.PackPlan(t)
		b, err := s.Board(ctx, r.Dispatcher())
		if err != nil {
			t.Fatal(err)
		}
		task, g := targetOf(t, b, "社区托育驿站")
		parts := r.Pack.TerritoriesFor(city.CaliberZonesApart)
		typed := map[city.TerritoryID]string{parts[0].ID: "10", parts[1].ID: "10"}
		lead := r.Clerk(task.LeadUnit)
		if err := r.Plan.ShareOut(ctx, lead, g.ID, task.Revision, typed, ""); err == nil {
			t.Fatal("a remainder of 5 needs an explanation")
		}
		typed[parts[2].ID] = "5"
		if err := r.Plan.ShareOut(ctx, lead, g.ID, task.Revision, typed, ""); err != nil {
			t.Fatal(err)
		}
		county := r.County(parts[0].ID, org.CountyClerk)
		in := plan.Report{TargetID: g.ID, Territory: parts[1].ID, AsOf: "2026-06-30", Value: "5", Proof: plantest.Proof("x")}
		if _, err := r.Plan.Report(ctx, county, in); err == nil {
			t.Fatal("a county reported for its neighbour")
		}
		in.Territory = parts[0].ID
		id, err := r.Plan.Report(ctx, county, in)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Plan.Verify(ctx, r.County(parts[0].ID, org.CountyHead), id); err != nil {
			t.Fatal(err)
		}
		b, err = s.Board(ctx, r.Dispatcher())
		if err != nil {
			t.Fatal(err)
		}
		_, g = targetOf(t, b, "社区托育驿站")
		if g.Actual.Value == nil || g.Actual.Value.String() != "5" || len(g.Actual.Silent) != 2 || g.ByPart[0].Level == supervise.Grey {
			t.Errorf("actual %+v, part %+v", g.Actual, g.ByPart[0])
		}
	})
}
