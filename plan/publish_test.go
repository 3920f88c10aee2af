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
	"bihuan/supervise"
)

// must and refused keep the steps of a story on one line each.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, code errs.Code, err error) {
	t.Helper()
	if !errs.Is(err, code) {
		t.Errorf("got %v, want %s", err, code)
	}
}

func review(t *testing.T, r *plantest.Room, p org.Principal, id string) plan.Review {
	t.Helper()
	v, err := r.Plan.Review(context.Background(), p, id)
	must(t, err)
	return v
}

func TestFromUploadToList(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		dispatcher, approver := r.Dispatcher(), r.Approver()
		id := r.Import(t, dispatcher, plan.Upload{}, plantest.CityText)
		v := review(t, r, dispatcher, id)
		if v.State != plan.ImportDraft || len(v.Draft.Tasks) != 5 || len(v.Problems) != 0 {
			t.Fatalf("%s, %d tasks, %v", v.State, len(v.Draft.Tasks), v.Problems)
		}
		title := plan.Correction{Op: plan.OpSet, Item: "t1", Fields: map[string]string{"title": "增加托育服务"}}
		must(t, r.Plan.Correct(ctx, dispatcher, id, 0, title))
		refused(t, errs.Conflict, r.Plan.Correct(ctx, dispatcher, id, 0, title))
		refused(t, errs.Invalid, r.Plan.Correct(ctx, dispatcher, id, 1, plan.Correction{Op: plan.OpSet, Item: v.Draft.Tasks[0].Units[0].ID, Fields: map[string]string{"as": "nobody"}}))
		at := v.Draft.Tasks[0].Span.Start + 4
		refused(t, errs.Invalid, r.Plan.Correct(ctx, dispatcher, id, 1, plan.Correction{Op: plan.OpSplit, Item: "t1", At: at, Fields: map[string]string{"title": "半个字"}}))
		refused(t, errs.Conflict, r.Plan.Submit(ctx, dispatcher, id, 0))
		_, err := r.Plan.Publish(ctx, approver, id, "")
		refused(t, errs.Conflict, err)
		must(t, r.Plan.Submit(ctx, dispatcher, id, 1))
		refused(t, errs.Conflict, r.Plan.Correct(ctx, dispatcher, id, 1, title))
		_, err = r.Plan.Publish(ctx, dispatcher, id, "")
		refused(t, errs.Forbidden, err)
		both := r.Person("both", r.Pack.LeadUnit().ID, org.Dispatcher, org.Approver)
		refused(t, errs.Invalid, r.Plan.Return(ctx, approver, id, " "))
		must(t, r.Plan.Return(ctx, approver, id, "标题不完整"))
		must(t, r.Plan.Submit(ctx, both, id, 1))
		_, err = r.Plan.Publish(ctx, both, id, "")
		refused(t, errs.Forbidden, err)
		refused(t, errs.Forbidden, r.Plan.Return(ctx, both, id, "自己"))
		planID, err := r.Plan.Publish(ctx, approver, id, "同意")
		must(t, err)
		_, err = r.Plan.Publish(ctx, approver, id, "再来")
		refused(t, errs.Conflict, err)
		refused(t, errs.Conflict, r.Plan.Discard(ctx, dispatcher, id))
		d, err := r.Plan.Plan(ctx, dispatcher, planID)
		must(t, err)
		if d.Version != 1 || len(d.Versions) != 1 || d.Versions[0].Summary.Added != 5 || d.Code != "2026-01" {
			t.Errorf("%+v", d)
		}
		task, target := taskWith(t, r, "社区托育驿站")
		if task.Title != "增加托育服务" || task.No != "2026-01-001" || task.LeadUnit == "" || len(task.Sources) != 1 || target.Curve.Kind != plan.Linear || task.DueOn != "2026-12-31" {
			t.Errorf("%+v", task.Task)
		}
	})
}

func TestDiscardAndFailedReading(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		dispatcher := r.Dispatcher()
		upload := func(name, text string) string {
			t.Helper()
			id, err := r.Plan.Import(ctx, dispatcher, plan.Upload{Name: name, Data: strings.NewReader(text), Kind: plan.KindCity})
			must(t, err)
			return id
		}
		id := upload("计划.txt", plantest.CityText)
		must(t, r.Plan.Discard(ctx, dispatcher, id))
		must(t, r.Plan.RunRead(ctx, id)) // the job comes too late
		all, n, err := r.Plan.Imports(ctx, dispatcher, plan.ImportDiscarded, 10, 0)
		if err != nil || n != 1 || all[0].ID != id {
			t.Errorf("%v %d %v", all, n, err)
		}
		id = upload("乱.txt", "\x00\x01\x02 这不是文字 \x00")
		must(t, r.Plan.RunRead(ctx, id))
		must(t, r.Plan.RunRead(ctx, id)) // and a second time
		b, err := r.Plan.Background(ctx, dispatcher, id)
		must(t, err)
		if b.Import.State == plan.ImportReading || b.Import.State == plan.ImportFailed && len(b.Audit) != 2 {
			t.Errorf("%s %q, %d entries", b.Import.State, b.Import.Problem, len(b.Audit))
		}
		_, err = r.Plan.Import(ctx, dispatcher, plan.Upload{Name: "空.txt", Data: strings.NewReader(""), Kind: plan.KindCity})
		refused(t, errs.Invalid, err)
		_, err = r.Plan.Import(ctx, dispatcher, plan.Upload{Name: strings.Repeat("长", 300), Data: strings.NewReader("x"), Kind: plan.KindCity})
		refused(t, errs.Invalid, err)
		_, err = r.Plan.Import(ctx, dispatcher, plan.Upload{Name: "x.txt", Data: strings.NewReader("x"), Kind: plan.KindCounty, Territory: r.Pack.TerritoriesFor(city.CaliberZonesApart)[0].ID, ParentID: "nowhere"})
		refused(t, errs.Invalid, err)
	})
}

func TestCountyListUnderTheCitys(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		planID := cityPlan(t, r)
		counties := r.Pack.TerritoriesFor(city.CaliberZonesApart)
		here, there := counties[4].ID, counties[5].ID
		clerk, head := r.County(here, org.CountyClerk), r.County(here, org.CountyHead)
		up := plan.Upload{Kind: plan.KindCounty, Territory: here, ParentID: planID}
		_, err := r.Plan.Import(ctx, r.County(there, org.CountyClerk), up)
		refused(t, errs.Forbidden, err)
		id := r.Import(t, clerk, up, plantest.CountyText)
		_, err = r.Plan.Review(ctx, r.County(there, org.CountyHead), id)
		refused(t, errs.Forbidden, err)
		parentTask, _ := taskWith(t, r, "社区托育驿站")
		v := review(t, r, clerk, id)
		if v.Draft.Tasks[0].Parent != parentTask.ID || v.Draft.Tasks[1].Parent != "" {
			t.Errorf("suggested %q and %q", v.Draft.Tasks[0].Parent, v.Draft.Tasks[1].Parent)
		}
		must(t, r.Plan.Correct(ctx, clerk, id, 0, plan.Correction{Op: plan.OpSet, Item: "t1", Fields: map[string]string{"parent": "nowhere"}}))
		refused(t, errs.Invalid, r.Plan.Submit(ctx, clerk, id, 1))
		must(t, r.Plan.Correct(ctx, clerk, id, 1, plan.Correction{Op: plan.OpSet, Item: "t1", Fields: map[string]string{"parent": plan.NoParent}}))
		if v = review(t, r, clerk, id); v.Draft.Tasks[0].Parent != plan.NoParent || len(v.Problems) != 0 {
			t.Errorf("none chosen: %q %v", v.Draft.Tasks[0].Parent, v.Problems)
		}
		must(t, r.Plan.Correct(ctx, clerk, id, 2, plan.Correction{Op: plan.OpUndo}))
		must(t, r.Plan.Correct(ctx, clerk, id, 3, plan.Correction{Op: plan.OpUndo}))
		must(t, r.Plan.Submit(ctx, clerk, id, 4))
		for _, p := range []org.Principal{clerk, r.County(there, org.CountyHead), r.Dispatcher(), r.Head(r.Pack.LeadUnit().ID)} {
			_, err = r.Plan.Publish(ctx, p, id, "")
			refused(t, errs.Forbidden, err)
		}
		_, err = r.Plan.Publish(ctx, head, id, "")
		must(t, err)
		parent, err := r.Plan.Task(ctx, r.Dispatcher(), parentTask.ID)
		must(t, err)
		if len(parent.Children) != 1 || parent.Children[0].Territory != here {
			t.Fatalf("children %+v", parent.Children)
		}
		child, err := r.Plan.Task(ctx, r.Dispatcher(), parent.Children[0].ID)
		must(t, err)
		if child.Parent == nil || child.Parent.ID != parentTask.ID || child.No != "2026-02-001" {
			t.Errorf("child %+v", child.Task)
		}
		refused(t, errs.Conflict, shareErr(r, child))
		countyOnBoard(t, r, planID, here, child)
	})
}

// shareErr shares a county's own target out to counties.
func shareErr(r *plantest.Room, child plan.Detail) error {
	return r.Plan.ShareOut(context.Background(), r.Person("super", child.LeadUnit, org.UnitClerk, org.Dispatcher), child.Targets[0].ID, child.Revision, nil, "")
}

// countyOnBoard checks that a county's task counts for its county and not for the city.
func countyOnBoard(t *testing.T, r *plantest.Room, planID string, here city.TerritoryID, child plan.Detail) {
	t.Helper()
	ctx := context.Background()
	clerk := r.County(here, org.CountyClerk)
	id, err := r.Plan.Report(ctx, clerk, plan.Report{TargetID: child.Targets[0].ID, AsOf: "2026-06-30", Value: "3", Proof: plantest.Proof("child")})
	must(t, err)
	must(t, r.Plan.Verify(ctx, r.County(here, org.CountyHead), id))
	b, err := supervise.New(r.DB, r.Log, r.Plan).Board(ctx, r.Dispatcher())
	must(t, err)
	for _, scope := range []string{"", planID} {
		view := b.View(r.Pack, scope)
		if view.Tally.Total() != 5 {
			t.Errorf("the city counts %d tasks", view.Tally.Total())
		}
		for _, g := range view.Territories {
			want := 0
			if g.ID == string(here) {
				want = 2
			}
			if g.Tally.Total() != want {
				t.Errorf("%s counts %v", g.Name, g.Tally)
			}
		}
	}
	if l := b.Task(child.ID); l == nil || l.Computed.Level != supervise.Green {
		t.Errorf("child %+v", l)
	}
}

func TestAliasTeachesTheNextReading(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		text := strings.Replace(plantest.CityText, "市委宣传部", "市传播中心", 1)
		unit := r.Pack.Directory().Resolve("市委宣传部").Units[0]
		id := r.Import(t, r.Dispatcher(), plan.Upload{}, text)
		unknown := func() bool {
			t.Helper()
			for _, w := range review(t, r, r.Dispatcher(), id).Warnings {
				if strings.Contains(w.Text, "市传播中心") {
					return true
				}
			}
			return false
		}
		if !unknown() {
			t.Fatal("the name was known already")
		}
		refused(t, errs.Conflict, r.Plan.LearnAlias(ctx, r.Dispatcher(), "市民政局", unit))
		refused(t, errs.Invalid, r.Plan.LearnAlias(ctx, r.Dispatcher(), "  ", unit))
		must(t, r.Plan.LearnAlias(ctx, r.Dispatcher(), "市传播中心", r.Pack.Directory().Resolve("市民政局").Units[0]))
		must(t, r.Plan.LearnAlias(ctx, r.Dispatcher(), " 市传播中心 ", unit)) // taught wrongly before
		if unknown() {
			t.Error("the open draft does not know the name")
		}
		r.Publish(t, id)
		ids, err := r.Plan.TaskIDs(ctx, r.Dispatcher(), plan.Filter{Unit: unit, LeadOnly: true})
		if err != nil || len(ids) != 1 {
			t.Errorf("tasks led: %v %v", ids, err)
		}
	})
}

func TestTaskFilters(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		planID := cityPlan(t, r)
		county := r.Pack.TerritoriesFor(city.CaliberZonesApart)[4].ID
		id := r.Import(t, r.County(county, org.CountyClerk), plan.Upload{Kind: plan.KindCounty, Territory: county, ParentID: planID}, strings.Replace(plantest.CountyText, "文旅活动", "VR 文旅活动", 1))
		must(t, r.Plan.Submit(ctx, r.County(county, org.CountyClerk), id, 0))
		_, err := r.Plan.Publish(ctx, r.County(county, org.CountyHead), id, "")
		must(t, err)
		market := r.Pack.Directory().Resolve("市市场监管局").Units[0]
		for _, c := range []struct {
			name   string
			filter plan.Filter
			want   int
		}{
			{"all", plan.Filter{}, 7},
			{"one list", plan.Filter{PlanID: planID}, 5},
			{"county lists", plan.Filter{Kind: plan.KindCounty}, 2},
			{"a county", plan.Filter{Territory: county}, 2},
			{"a unit's", plan.Filter{Unit: market}, 2},
			{"led by a unit", plan.Filter{Unit: market, LeadOnly: true}, 1},
			{"a state", plan.Filter{State: plan.Registered}, 7},
			{"another state", plan.Filter{State: plan.Closed}, 0},
			{"words with spaces in the text", plan.Filter{Text: "托育 驿站"}, 2},
			{"a number", plan.Filter{Text: "2026-01-003"}, 1},
			{"letter case", plan.Filter{Text: "vr文旅"}, 1},
			{"upper case", plan.Filter{Text: "VR"}, 1},
			{"full-width digits", plan.Filter{Text: "２５个"}, 1},
			{"a wildcard is a letter", plan.Filter{Text: "%"}, 0},
			{"punctuation alone", plan.Filter{Text: "，"}, 7},
			{"nothing fits", plan.Filter{Text: "不存在的词"}, 0},
		} {
			ids, err := r.Plan.TaskIDs(ctx, r.Dispatcher(), c.filter)
			if err != nil || len(ids) != c.want {
				t.Errorf("%s: %d tasks, want %d (%v)", c.name, len(ids), c.want, err)
			}
			views, err := r.Plan.Views(ctx, r.Dispatcher(), ids)
			if err != nil || len(views) != len(ids) {
				t.Errorf("%s: %d views, %v", c.name, len(views), err)
			}
			for i := range views {
				if views[i].ID != ids[i] {
					t.Errorf("%s: views stand in another order", c.name)
				}
			}
		}
	})
}
