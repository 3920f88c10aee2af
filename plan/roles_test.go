package plan_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

// onBoth runs a test on a fresh room on each engine.
func onBoth(t *testing.T, f func(t *testing.T, r *plantest.Room)) {
	t.Helper()
	for _, e := range dbtest.Engines(t) {
		t.Run(string(e), func(t *testing.T) { f(t, plantest.New(t, e)) })
	}
}

// taskWith finds the standing task of a plan that has a target about a subject.
func taskWith(t *testing.T, r *plantest.Room, subject string) (plan.Detail, plan.TargetDetail) {
	t.Helper()
	ctx := context.Background()
	ids, err := r.Plan.TaskIDs(ctx, r.Dispatcher(), plan.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		d, err := r.Plan.Task(ctx, r.Dispatcher(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range d.Targets {
			if g.Subject == subject && g.VersionGone == 0 {
				return d, g
			}
		}
	}
	t.Fatalf("no target %q", subject)
	return plan.Detail{}, plan.TargetDetail{}
}

func cityPlan(t *testing.T, r *plantest.Room) string {
	t.Helper()
	return r.Publish(t, r.Import(t, r.Dispatcher(), plan.Upload{}, plantest.CityText))
}

// need is a permission that lets a person do a use case: one of several is enough.
type need struct {
	action org.Action
	scope  org.Scope
}

// useCase is one of the room's doors. run is made to fail for another reason than
// the permission (a stale revision, a state) wherever it would change something,
// so that it can be knocked at by everybody in turn.
type useCase struct {
	name  string
	needs []need
	run   func(p org.Principal) error
}

func TestEveryDoorAsksForItsPermission(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		county := r.Pack.TerritoriesFor(city.CaliberZonesApart)[4].ID
		people := everybody(r, county)
		for _, u := range doors(t, r, county) {
			for _, p := range people {
				allowed := false
				for _, n := range u.needs {
					allowed = allowed || p.May(n.action, n.scope) == nil
				}
				err := u.run(p)
				refused := errs.Is(err, errs.Forbidden) || errs.Is(err, errs.Unauthenticated)
				if refused == allowed {
					t.Errorf("%s by %s: allowed %v, answer %v", u.name, p.ID, allowed, err)
				}
			}
			if err := u.run(org.Principal{}); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%s by nobody: %v", u.name, err)
			}
		}
	})
}

// everybody is each role in the lead bureau, in the unit that leads the task, in
// the county and in another county.
func everybody(r *plantest.Room, county city.TerritoryID) []org.Principal {
	var people []org.Principal
	gov, _ := r.Pack.Government(county)
	other, _ := r.Pack.Government(r.Pack.TerritoriesFor(city.CaliberZonesApart)[5].ID)
	health := r.Pack.Directory().Resolve("市卫生健康委").Units[0]
	for _, info := range org.Roles() {
		for _, unit := range []city.UnitID{r.Pack.LeadUnit().ID, health, gov.ID, other.ID} {
			p := r.Person(string(info.Role)+" of "+string(unit), unit, info.Role)
			people = append(people, p)
		}
	}
	reader := r.Dispatcher()
	reader.ID, reader.ReadOnly = "a read-only token", true
	return append(people, reader)
}

func doors(t *testing.T, r *plantest.Room, county city.TerritoryID) []useCase {
	t.Helper()
	ctx := context.Background()
	planID := cityPlan(t, r)
	draft := r.Import(t, r.Dispatcher(), plan.Upload{}, plantest.CityText)
	countyDraft := r.Import(t, r.County(county, org.CountyClerk), plan.Upload{Kind: plan.KindCounty, Territory: county, ParentID: planID}, plantest.CountyText)
	whole, wholeTarget := taskWith(t, r, "社区托育驿站")
	_, shared := taskWith(t, r, "便民生活圈服务站")
	revision := whole.Revision
	lead := r.Clerk(whole.LeadUnit)
	if err := r.Plan.ShareOut(ctx, lead, shared.ID, revision, map[city.TerritoryID]string{county: "15"}, ""); err != nil {
		t.Fatal(err)
	}
	report := func(p org.Principal, in plan.Report) string {
		in.AsOf, in.Value, in.Proof = "2026-06-30", "5", plantest.Proof(in.TargetID)
		id, err := r.Plan.Report(ctx, p, in)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	// Entries that somebody outside the table reported, so that "own" is nobody's.
	someone := r.Person("someone", whole.LeadUnit, org.UnitClerk)
	entry := report(someone, plan.Report{TargetID: wholeTarget.ID})
	part := report(r.County(county, org.CountyClerk), plan.Report{TargetID: shared.ID, Territory: county})
	anywhere, inCounty := org.Scope{}, org.Scope{Territory: string(county)}
	inTask := org.Scope{}
	for _, u := range whole.Units {
		for _, id := range u.Units {
			inTask.Units = append(inTask.Units, string(id))
		}
	}
	one := func(a org.Action, s org.Scope) []need { return []need{{a, s}} }
	upload := func(u plan.Upload) plan.Upload { u.Data = bytes.NewReader(nil); return u } // no name: refused after the permission
	bad := plan.Correction{Op: "nonsense"}
	seeing := []need{{org.PlanPublish, anywhere}, {org.PlanImport, anywhere}}
	seeingCounty := []need{{org.PlanPublish, anywhere}, {org.CountyListImport, inCounty}}
	correctingCounty := []need{{org.PlanCorrect, anywhere}, {org.CountyListImport, inCounty}}
	sup := supervise.New(r.DB, r.Log, r.Plan)
	const stale = 999
	return []useCase{
		{"import a city's plan", one(org.PlanImport, anywhere), func(p org.Principal) error {
			_, err := r.Plan.Import(ctx, p, upload(plan.Upload{Kind: plan.KindCity}))
			return err
		}},
		{"import a special plan", one(org.PlanImport, anywhere), func(p org.Principal) error {
			_, err := r.Plan.Import(ctx, p, upload(plan.Upload{Kind: plan.KindSpecial}))
			return err
		}},
		{"import a county's list", one(org.CountyListImport, inCounty), func(p org.Principal) error {
			_, err := r.Plan.Import(ctx, p, upload(plan.Upload{Kind: plan.KindCounty, Territory: county}))
			return err
		}},
		{"review", seeing, func(p org.Principal) error { _, err := r.Plan.Review(ctx, p, draft); return err }},
		{"review a county's", seeingCounty, func(p org.Principal) error { _, err := r.Plan.Review(ctx, p, countyDraft); return err }},
		{"correct", one(org.PlanCorrect, anywhere), func(p org.Principal) error { return r.Plan.Correct(ctx, p, draft, stale, bad) }},
		{"correct a county's", correctingCounty, func(p org.Principal) error { return r.Plan.Correct(ctx, p, countyDraft, stale, bad) }},
		{"submit", one(org.PlanCorrect, anywhere), func(p org.Principal) error {
			if _, err := r.Plan.Review(ctx, p, draft); err != nil { // who may not see it is refused already
				return err
			}
			return r.Plan.Submit(ctx, p, draft, stale)
		}},
		{"publish or return", one(org.PlanPublish, anywhere), func(p org.Principal) error { return r.Plan.Return(ctx, p, draft, "理由") }},
		{"read plans", one(org.PlanRead, anywhere), func(p org.Principal) error { _, err := r.Plan.Plans(ctx, p); return err }},
		{"read a plan", one(org.PlanRead, anywhere), func(p org.Principal) error { _, err := r.Plan.Plan(ctx, p, planID); return err }},
		{"read tasks", one(org.PlanRead, anywhere), func(p org.Principal) error { _, err := r.Plan.TaskIDs(ctx, p, plan.Filter{}); return err }},
		{"view tasks", one(org.PlanRead, anywhere), func(p org.Principal) error { _, err := r.Plan.Views(ctx, p, []string{whole.ID}); return err }},
		{"read a task", one(org.PlanRead, anywhere), func(p org.Principal) error { _, err := r.Plan.Task(ctx, p, whole.ID); return err }},
		{"open a document", one(org.PlanRead, anywhere), func(p org.Principal) error {
			f, _, err := r.Plan.Document(ctx, p, whole.DocumentID)
			if err == nil {
				_ = f.Close()
			}
			return err
		}},
		{"open a proof", one(org.PlanRead, anywhere), func(p org.Principal) error {
			f, _, err := r.Plan.Proof(ctx, p, entry)
			if err == nil {
				_ = f.Close()
			}
			return err
		}},
		{"read the board", one(org.PlanRead, anywhere), func(p org.Principal) error { _, err := sup.Board(ctx, p); return err }},
		{"edit a task", one(org.TaskEdit, inTask), func(p org.Principal) error { return r.Plan.EditTask(ctx, p, whole.ID, stale, plan.TaskForm{}) }},
		{"add a source", one(org.TaskEdit, inTask), func(p org.Principal) error {
			return r.Plan.AddSource(ctx, p, whole.ID, stale, plan.Source{Kind: "minutes", Title: "纪要"})
		}},
		{"add a milestone", one(org.TaskEdit, inTask), func(p org.Principal) error { return r.Plan.AddMilestone(ctx, p, whole.ID, stale, plan.MilestoneForm{}) }},
		{"quantify", one(org.TaskEdit, inTask), func(p org.Principal) error { return r.Plan.Quantify(ctx, p, wholeTarget.ID, stale, nil) }},
		{"share out", one(org.ShareEdit, inTask), func(p org.Principal) error { return r.Plan.ShareOut(ctx, p, wholeTarget.ID, stale, nil, "") }},
		{"report", one(org.ProgressReport, inTask), func(p org.Principal) error {
			_, err := r.Plan.Report(ctx, p, plan.Report{TargetID: wholeTarget.ID})
			return err
		}},
		{"report a county's part", one(org.ProgressReport, inCounty), func(p org.Principal) error {
			_, err := r.Plan.Report(ctx, p, plan.Report{TargetID: shared.ID, Territory: county})
			return err
		}},
		{"take back a value", one(org.ProgressVerify, inTask), func(p org.Principal) error { return r.Plan.WithdrawEntry(ctx, p, entry, "理由") }},
		{"take back a county's value", one(org.ProgressVerify, inCounty), func(p org.Principal) error {
			return r.Plan.WithdrawEntry(ctx, p, part, "理由")
		}},
		{"reach a milestone", one(org.ProgressReport, inTask), func(p org.Principal) error {
			return r.Plan.ReachMilestone(ctx, p, whole.ID, stale, "none", "2026-06-30", plan.File{}, "")
		}},
		{"verify a milestone", one(org.ProgressVerify, inTask), func(p org.Principal) error { return r.Plan.VerifyMilestone(ctx, p, whole.ID, stale, "none", true, "") }},
		{"learn an alias", one(org.AliasLearn, anywhere), func(p org.Principal) error { return r.Plan.LearnAlias(ctx, p, "", "") }},
		{"set a light", one(org.LightOverride, anywhere), func(p org.Principal) error { return sup.SetLight(ctx, p, whole.ID, "", "", "") }},
		{"lift a light", one(org.LightOverride, anywhere), func(p org.Principal) error {
			if err := p.May(org.PlanRead, anywhere); err != nil {
				return err
			}
			return sup.LiftLight(ctx, p, whole.ID)
		}},
	}
}

// A unit named in the list of another task has no say in this one.
func TestDoorsOfAnotherTask(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		cityPlan(t, r)
		task, target := taskWith(t, r, "社区托育驿站")
		stranger := r.Pack.Directory().Resolve("市委宣传部").Units[0]
		for name, err := range map[string]error{
			"edit": r.Plan.EditTask(ctx, r.Clerk(stranger), task.ID, task.Revision, plan.TaskForm{}),
			"report": func() error {
				_, err := r.Plan.Report(ctx, r.Clerk(stranger), plan.Report{TargetID: target.ID, AsOf: "2026-06-30", Value: "5", Proof: plantest.Proof("x")})
				return err
			}(),
		} {
			if !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		var files int
		if err := r.DB.Read(ctx, func(tx *db.Tx) error {
			return tx.One(nil, func(s db.Scanner) error { return s.Scan(&files) }, "SELECT count(*) FROM progress")
		}); err != nil || files != 0 {
			t.Errorf("%s entries, %v", fmt.Sprint(files), err)
		}
	})
}
