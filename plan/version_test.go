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

// secondText changes two targets, drops a task, adds one and renumbers; a promise stays as it was.
func secondText() string {
	return strings.NewReplacer(
		"新增25个社区托育驿站", "新增30个社区托育驿站", "突破1万家", "突破1.2万家",
		"4.加强宣传引导。开展主题宣传。（责任单位：市委宣传部）\n", "",
		"5.稳定消费增长", "4.稳定消费增长",
	).Replace(plantest.CityText) + "5.发展银发经济。建设老年助餐点30个。（责任单位：市民政局）\n"
}

// renew imports a text as the next version of a plan.
func renew(t *testing.T, r *plantest.Room, planID, text string) plan.Review {
	t.Helper()
	return review(t, r, r.Dispatcher(), r.Import(t, r.Dispatcher(), plan.Upload{PlanID: planID}, text))
}

// publishNext decides the rest in one way, submits and publishes.
func publishNext(t *testing.T, r *plantest.Room, v plan.Review, choice plan.Choice) {
	t.Helper()
	ctx := context.Background()
	revision := v.Revision
	if plan.Undecided(v.Differences) > 0 {
		n, err := r.Plan.DecideRest(ctx, r.Dispatcher(), v.ID, revision, "", choice)
		must(t, err)
		revision += n
	}
	must(t, r.Plan.Submit(ctx, r.Dispatcher(), v.ID, revision))
	_, err := r.Plan.Publish(ctx, r.Approver(), v.ID, "")
	must(t, err)
}

func kinds(v plan.Review) map[plan.DiffKind]int {
	m := map[plan.DiffKind]int{}
	for _, d := range v.Differences {
		m[d.Kind]++
	}
	return m
}

func TestSameDocumentAgainChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		for _, text := range []string{plantest.CityText, r.Pack.Documents[0].Text} {
			planID := r.Publish(t, r.Import(t, r.Dispatcher(), plan.Upload{}, text))
			v := renew(t, r, planID, text)
			for _, d := range v.Differences {
				if d.Kind != plan.DiffKept {
					t.Errorf("%s: %+v", d.Kind, d.Parts)
				}
			}
			publishNext(t, r, v, plan.TakeNew)
			d, err := r.Plan.Plan(context.Background(), r.Dispatcher(), planID)
			must(t, err)
			if s := d.Versions[0].Summary; d.Version != 2 || s.Kept != len(v.Differences) || s.Changed+s.Added+s.Dropped+s.Refused != 0 {
				t.Errorf("version %d: %+v", d.Version, s)
			}
		}
	})
}

func TestNewVersion(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		planID := cityPlan(t, r)
		task, target := taskWith(t, r, "社区托育驿站")
		promised, promise := promiseOf(t, r)
		lead := r.Clerk(promised.LeadUnit)
		must(t, r.Plan.Quantify(ctx, lead, promise.ID, promised.Revision, map[string]string{"value": "5", "unit": "个", "baseline": "2"}))
		must(t, r.Plan.EditTask(ctx, r.Clerk(task.LeadUnit), task.ID, task.Revision, plan.TaskForm{Category: string(city.CategoryBinding), Verification: "site", ReportCycle: "month",
			Openness: "open", StartOn: "2026-02-01", Owner: "张三"}))
		clerk, head := r.Clerk(task.LeadUnit), r.Head(task.LeadUnit)
		id, err := r.Plan.Report(ctx, clerk, plan.Report{TargetID: target.ID, AsOf: "2026-06-30", Value: "12", Proof: plantest.Proof("12")})
		must(t, err)
		must(t, r.Plan.Verify(ctx, head, id))

		v := renew(t, r, planID, secondText())
		if k := kinds(v); k[plan.DiffChanged] != 2 || k[plan.DiffGone] != 1 || k[plan.DiffNew] != 1 || k[plan.DiffKept] != 2 {
			t.Fatalf("%v", k)
		}
		refused(t, errs.Invalid, r.Plan.Submit(ctx, r.Dispatcher(), v.ID, 0)) // undecided
		publishNext(t, r, v, plan.TakeNew)

		again, err := r.Plan.Task(ctx, r.Dispatcher(), task.ID)
		must(t, err)
		g := again.Targets[0]
		if g.ID != target.ID || g.Value.String() != "30" || g.Actual.Value.String() != "12" || len(again.Sources) != 2 {
			t.Errorf("the changed target: %s, actual %v, %d sources", g.Pledge(), g.Actual.Value, len(again.Sources))
		}
		if again.Category != city.CategoryBinding || again.StartOn != "2026-02-01" || again.Owner != "张三" || again.No != task.No || again.Verification != "site" {
			t.Errorf("what people filled in is lost: %+v", again.Task)
		}
		if other := again.Targets[1]; other.Curve.String() != task.Targets[1].Curve.String() || other.Curve.Start != task.Targets[1].Curve.Start {
			t.Error("the pace of an unchanged pledge moved")
		}
		if kept, err := r.Plan.Task(ctx, r.Dispatcher(), promised.ID); err != nil || !answered(kept, promise.ID) {
			t.Errorf("the number put to a promise is lost (%v)", err)
		}
		ids, err := r.Plan.TaskIDs(ctx, r.Dispatcher(), plan.Filter{PlanID: planID, Gone: true})
		must(t, err)
		numbers := map[string]bool{}
		gone := 0
		for _, id := range ids {
			d, err := r.Plan.Task(ctx, r.Dispatcher(), id)
			must(t, err)
			if numbers[d.No] {
				t.Errorf("the number %s is used twice", d.No)
			}
			numbers[d.No] = true
			if d.Gone() {
				gone++
				refused(t, errs.Conflict, r.Plan.EditTask(ctx, r.Clerk(d.LeadUnit), d.ID, d.Revision, plan.TaskForm{}))
			}
		}
		if gone != 1 || !numbers["2026-01-006"] {
			t.Errorf("%d gone, numbers %v", gone, numbers)
		}
		backAgain(t, r, planID)
	})
}

func answered(d plan.Detail, targetID string) bool {
	for _, g := range d.Targets {
		if g.ID == targetID {
			return g.Kind == plan.Flow && g.Value != nil && g.Value.String() == "5" && g.Baseline != nil && g.VersionGone == 0
		}
	}
	return false
}

// backAgain publishes the first text as a third version: the dropped task gets a new number.
func backAgain(t *testing.T, r *plantest.Room, planID string) {
	t.Helper()
	publishNext(t, r, renew(t, r, planID, plantest.CityText), plan.TakeNew)
	ids, err := r.Plan.TaskIDs(context.Background(), r.Dispatcher(), plan.Filter{PlanID: planID, Text: "2026-01-007"})
	if err != nil || len(ids) != 1 {
		t.Errorf("the returned task: %v %v", ids, err)
	}
}

// promiseOf finds the task with a promise that owes a number.
func promiseOf(t *testing.T, r *plantest.Room) (plan.Detail, plan.TargetDetail) {
	t.Helper()
	return ofKind(t, r, plan.Qualitative)
}

// ofKind finds the first task with a target of a kind.
func ofKind(t *testing.T, r *plantest.Room, kind plan.TargetKind) (plan.Detail, plan.TargetDetail) {
	t.Helper()
	ctx := context.Background()
	ids, err := r.Plan.TaskIDs(ctx, r.Dispatcher(), plan.Filter{})
	must(t, err)
	for _, id := range ids {
		d, err := r.Plan.Task(ctx, r.Dispatcher(), id)
		must(t, err)
		for _, g := range d.Targets {
			if g.Kind == kind {
				return d, g
			}
		}
	}
	t.Fatalf("no target is %s", kind)
	return plan.Detail{}, plan.TargetDetail{}
}

func TestKeepingTheOldList(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		planID := cityPlan(t, r)
		publishNext(t, r, renew(t, r, planID, secondText()), plan.KeepOld)
		_, target := taskWith(t, r, "社区托育驿站")
		ids, err := r.Plan.TaskIDs(ctx, r.Dispatcher(), plan.Filter{PlanID: planID})
		if err != nil || len(ids) != 5 || target.Value.String() != "25" {
			t.Errorf("%d tasks, %s (%v)", len(ids), target.Pledge(), err)
		}
		d, err := r.Plan.Plan(ctx, r.Dispatcher(), planID)
		must(t, err)
		if s := d.Versions[0].Summary; s.Refused != 4 || s.Kept != 2 {
			t.Errorf("%+v", s)
		}
	})
}

// Two new versions were prepared from one list: the second sees what the first did.
func TestTwoVersionsPrepared(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		planID := cityPlan(t, r)
		a, b := renew(t, r, planID, secondText()), renew(t, r, planID, secondText())
		n, err := r.Plan.DecideRest(ctx, r.Dispatcher(), b.ID, 0, "", plan.TakeNew)
		must(t, err)
		must(t, r.Plan.Submit(ctx, r.Dispatcher(), b.ID, n))
		publishNext(t, r, a, plan.TakeNew)
		if v := review(t, r, r.Approver(), b.ID); kinds(v)[plan.DiffKept] != 5 || len(v.Differences) != 5 {
			t.Errorf("%v", kinds(v))
		}
		_, err = r.Plan.Publish(ctx, r.Approver(), b.ID, "")
		must(t, err)
	})
}

func TestNewVersionOfSharedTargets(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		planID := cityPlan(t, r)
		task, target := taskWith(t, r, "社区托育驿站")
		counties := r.Pack.TerritoriesFor(city.CaliberZonesApart)
		must(t, r.Plan.ShareOut(ctx, r.Clerk(task.LeadUnit), target.ID, task.Revision, map[city.TerritoryID]string{counties[0].ID: "25"}, ""))
		publishNext(t, r, renew(t, r, planID, secondText()), plan.TakeNew)
		_, target = taskWith(t, r, "社区托育驿站")
		if len(target.Shares) != 1 || !strings.Contains(target.ShareNote, "待重新分解") {
			t.Errorf("%d shares, %q", len(target.Shares), target.ShareNote)
		}
	})
}

// A county's list renewed: the chosen parents stay, a new task gets a suggestion.
func TestNewVersionOfCountyList(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		planID := cityPlan(t, r)
		here := r.Pack.TerritoriesFor(city.CaliberZonesApart)[4].ID
		clerk, head := r.County(here, org.CountyClerk), r.County(here, org.CountyHead)
		other, _ := taskWith(t, r, "标准")
		id := r.Import(t, clerk, plan.Upload{Kind: plan.KindCounty, Territory: here, ParentID: planID}, plantest.CountyText)
		must(t, r.Plan.Correct(ctx, clerk, id, 0, plan.Correction{Op: plan.OpSet, Item: "t2", Fields: map[string]string{"parent": other.ID}}))
		must(t, r.Plan.Submit(ctx, clerk, id, 1))
		countyPlan, err := r.Plan.Publish(ctx, head, id, "")
		must(t, err)
		text := plantest.CountyText + "3.培育电商企业。培育电商零售企业5家。（责任单位：县商务局）\n"
		id = r.Import(t, clerk, plan.Upload{Kind: plan.KindCounty, Territory: here, PlanID: countyPlan}, text)
		v := review(t, r, clerk, id)
		if k := kinds(v); k[plan.DiffKept] != 2 || k[plan.DiffNew] != 1 {
			t.Fatalf("%v", k)
		}
		must(t, r.Plan.Correct(ctx, clerk, id, 0, plan.Correction{Op: plan.OpDecide, Item: v.Differences[0].Key, Fields: map[string]string{"choice": "take"}}))
		must(t, r.Plan.Submit(ctx, clerk, id, 1))
		_, err = r.Plan.Publish(ctx, head, id, "")
		must(t, err)
		ids, err := r.Plan.TaskIDs(ctx, clerk, plan.Filter{PlanID: countyPlan})
		must(t, err)
		views, err := r.Plan.Views(ctx, clerk, ids)
		must(t, err)
		companies, err := r.Plan.TaskIDs(ctx, clerk, plan.Filter{PlanID: planID, Text: "培育电商企业"})
		must(t, err)
		if len(views) != 3 || views[0].ParentTaskID == "" || views[1].ParentTaskID != other.ID || views[2].ParentTaskID != companies[0] {
			t.Errorf("parents %q %q %q, want %q and %q", views[0].ParentTaskID, views[1].ParentTaskID, views[2].ParentTaskID, other.ID, companies)
		}
	})
}
