package plan_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
)

func TestDecideRest(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		planID := r.PackPlan(t)
		text := strings.NewReplacer("25", "30", "1300", "1500").Replace(r.Pack.Documents[0].Text)
		p := r.Dispatcher()
		id := r.Import(t, p, plan.Upload{PlanID: planID}, text)
		v := review(t, r, p, id)
		open := plan.Undecided(v.Differences)
		if open < 2 {
			t.Fatalf("%d differences", open)
		}
		_, err := r.Plan.DecideRest(ctx, p, id, 0, "", "perhaps")
		refused(t, errs.Invalid, err)
		_, err = r.Plan.DecideRest(ctx, r.Approver(), id, 0, "", plan.TakeNew)
		refused(t, errs.Forbidden, err)
		_, err = r.Plan.DecideRest(ctx, p, id, 5, "", plan.TakeNew)
		refused(t, errs.Conflict, err)
		_, err = r.Plan.DecideRest(ctx, p, id, 0, plan.DiffGone, plan.TakeNew)
		refused(t, errs.Conflict, err) // none of that kind is open

		first := v.Differences[0].Key
		must(t, r.Plan.Correct(ctx, p, id, 0, plan.Correction{Op: plan.OpDecide, Item: first, Fields: map[string]string{"choice": string(plan.KeepOld)}}))
		n, err := r.Plan.DecideRest(ctx, p, id, 1, "", plan.TakeNew)
		must(t, err)
		v = review(t, r, p, id)
		if n != open-1 || plan.Undecided(v.Differences) != 0 || v.Revision != open || len(v.Corrections) != open {
			t.Errorf("%d of %d decided, %d left, revision %d", n, open, plan.Undecided(v.Differences), v.Revision)
		}
		for _, d := range v.Differences {
			if d.Key == first && d.Choice != plan.KeepOld {
				t.Error("what was decided before was decided anew")
			}
		}
		_, err = r.Plan.DecideRest(ctx, p, id, open, "", plan.KeepOld)
		refused(t, errs.Conflict, err)
		must(t, r.Plan.Correct(ctx, p, id, open, plan.Correction{Op: plan.OpUndo}))
		if v = review(t, r, p, id); plan.Undecided(v.Differences) != 1 {
			t.Error("one of the decisions cannot be taken back alone")
		}
	})
}

func TestBackgroundAndAllowed(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		p := r.Dispatcher()
		text := r.Pack.Documents[0].Text
		id := r.Import(t, p, plan.Upload{Name: "计划.txt"}, text)
		must(t, r.Plan.Correct(ctx, p, id, 0, plan.Correction{Op: plan.OpSet, Item: "t1", Fields: map[string]string{"title": "改过的名称"}}))
		b, err := r.Plan.Background(ctx, p, id)
		must(t, err)
		if !b.Read || b.Paper.Name != "计划.txt" || b.Paper.Size != int64(len(text)) || b.Import.ID != id {
			t.Errorf("%+v", b.Paper)
		}
		if len(b.Log) != 1 || b.Log[0].Changes[0].After != "改过的名称" || b.Log[0].ByName == "" || len(b.Front) == 0 {
			t.Errorf("log %+v, front %v", b.Log, b.Front)
		}
		if len(b.Audit) != 3 || b.Audit[0].Action != "plan.correct" || b.Audit[2].Action != "plan.import" {
			t.Errorf("%d entries", len(b.Audit))
		}
		_, err = r.Plan.Background(ctx, r.Clerk(r.Pack.LeadUnit().ID), id)
		refused(t, errs.Forbidden, err)
		_, err = r.Plan.Background(ctx, p, "none")
		refused(t, errs.NotFound, err)

		may := r.Plan.Allowed(p, b.Import)
		if !may.Correct || !errs.Is(may.Publish, errs.Forbidden) {
			t.Errorf("dispatcher: %+v", may)
		}
		may = r.Plan.Allowed(r.Approver(), b.Import)
		if may.Correct || may.Publish != nil {
			t.Errorf("approver: %+v", may)
		}
		b.Import.SubmittedBy = r.Approver().ID
		if may = r.Plan.Allowed(r.Approver(), b.Import); may.Publish == nil {
			t.Error("who submitted may publish")
		}
		place := r.Pack.TerritoriesFor(city.CaliberZonesApart)[0].ID
		if may = r.Plan.Allowed(r.County(place, org.CountyClerk), plan.Import{Kind: plan.KindCounty, Territory: place}); !may.Correct || may.Publish == nil {
			t.Errorf("county clerk: %+v", may)
		}
	})
}

// An import that is given up before it was read has a background and no draft.
func TestBackgroundOfAnUnreadDocument(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		p := r.Dispatcher()
		id, err := r.Plan.Import(ctx, p, plan.Upload{Name: "a.txt", Kind: plan.KindCity, Data: strings.NewReader("一、任务")})
		must(t, err)
		must(t, r.Plan.Discard(ctx, p, id))
		b, err := r.Plan.Background(ctx, p, id)
		must(t, err)
		if b.Read || b.Import.State != plan.ImportDiscarded || len(b.Log) != 0 || b.Paper.Name != "a.txt" {
			t.Errorf("%+v", b)
		}
	})
}
