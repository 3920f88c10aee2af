package plan_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
)

func TestReportRules(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		cityPlan(t, r)
		task, target := taskWith(t, r, "社区托育驿站")
		_, promise := promiseOf(t, r)
		clerk, head := r.Clerk(task.LeadUnit), r.Head(task.LeadUnit)
		try := func(in plan.Report) (string, error) {
			if in.TargetID == "" {
				in.TargetID = target.ID
			}
			if in.AsOf == "" {
				in.AsOf = "2026-06-30"
			}
			if in.Proof.Data == nil && in.Note != "no proof" {
				in.Proof = plantest.Proof(in.AsOf + in.Value)
			}
			return r.Plan.Report(ctx, clerk, in)
		}
		for _, c := range []struct {
			name, field string
			in          plan.Report
		}{
			{"no value", "value", plan.Report{}},
			{"no number", "value", plan.Report{Value: "十二"}},
			{"negative", "value", plan.Report{Value: "-1"}},
			{"tomorrow", "as_of", plan.Report{Value: "1", AsOf: "2026-07-02"}},
			{"no date", "as_of", plan.Report{Value: "1", AsOf: "6月"}},
			{"before the task began", "as_of", plan.Report{Value: "1", AsOf: "2025-12-31"}},
			{"no proof", "proof", plan.Report{Value: "1", Note: "no proof"}},
			{"a long note", "note", plan.Report{Value: "1", Note: strings.Repeat("长", 501)}},
			{"a part that nobody gave out", "territory", plan.Report{Value: "1", Territory: r.Pack.TerritoriesFor(city.CaliberZonesApart)[0].ID}},
		} {
			_, err := try(c.in)
			if msg := errs.FieldMessages(err); !errs.Is(err, errs.Invalid) || msg[c.field] == "" {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if promise.TaskID == task.ID {
			t.Fatal("the sample has the promise in another task")
		}
		promised, _ := promiseOf(t, r)
		_, err := r.Plan.Report(ctx, r.Clerk(promised.LeadUnit), plan.Report{TargetID: promise.ID, AsOf: "2026-06-30", Value: "1", Proof: plantest.Proof("p")})
		refused(t, errs.Invalid, err)

		first, err := try(plan.Report{Value: "12"})
		must(t, err)
		_, err = try(plan.Report{Value: "13"}) // the same day waits already
		refused(t, errs.Invalid, err)
		refused(t, errs.Forbidden, r.Plan.Verify(ctx, clerk, first))
		both := r.Person(clerk.ID, task.LeadUnit, org.UnitClerk, org.UnitHead)
		refused(t, errs.Forbidden, r.Plan.Verify(ctx, both, first)) // nobody verifies what they reported
		must(t, r.Plan.Verify(ctx, head, first))
		refused(t, errs.Conflict, r.Plan.Verify(ctx, head, first))
		refused(t, errs.Conflict, r.Plan.ReturnEntry(ctx, head, first, "晚了"))
		_, err = try(plan.Report{Value: "10", AsOf: "2026-07-01"}) // less than verified
		if errs.FieldMessages(err)["note"] == "" {
			t.Errorf("a falling total without a note: %v", err)
		}
		_, err = try(plan.Report{Value: "10", AsOf: "2026-07-01", Note: "  "})
		refused(t, errs.Invalid, err)
		down, err := try(plan.Report{Value: "10", AsOf: "2026-07-01", Note: "两处停办"})
		must(t, err)
		refused(t, errs.Invalid, r.Plan.ReturnEntry(ctx, head, down, "  "))
		must(t, r.Plan.ReturnEntry(ctx, head, down, "请附停办决定"))
		again, err := try(plan.Report{Value: "10", AsOf: "2026-07-01", Note: "已附"})
		must(t, err)
		must(t, r.Plan.Verify(ctx, head, again))
		standing := func(want string) {
			t.Helper()
			if _, g := taskWith(t, r, "社区托育驿站"); g.Actual.Value == nil || g.Actual.Value.String() != want {
				t.Errorf("stands at %v, want %s", g.Actual.Value, want)
			}
		}
		standing("10")
		refused(t, errs.Forbidden, r.Plan.WithdrawEntry(ctx, clerk, again, "写错了")) // verified: not by its reporter
		must(t, r.Plan.WithdrawEntry(ctx, head, again, "核验有误"))
		refused(t, errs.Conflict, r.Plan.WithdrawEntry(ctx, head, again, "再来"))
		standing("12")
		own, err := try(plan.Report{Value: "14", AsOf: "2026-07-01"})
		must(t, err)
		refused(t, errs.Conflict, r.Plan.WithdrawEntry(ctx, head, own, "应退回"))
		must(t, r.Plan.WithdrawEntry(ctx, clerk, own, "填早了"))
		correction, err := try(plan.Report{Value: "13"}) // the verified day again
		must(t, err)
		must(t, r.Plan.Verify(ctx, head, correction))
		standing("13")
	})
}

func TestShareOutRules(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		cityPlan(t, r)
		task, target := taskWith(t, r, "社区托育驿站")
		counties := r.Pack.TerritoriesFor(city.CaliberZonesApart)
		a, b, c := counties[0].ID, counties[1].ID, counties[2].ID
		lead := r.Clerk(task.LeadUnit)
		type typed = map[city.TerritoryID]string
		share := func(v typed, note string) error {
			d, err := r.Plan.Task(ctx, lead, task.ID)
			must(t, err)
			return r.Plan.ShareOut(ctx, lead, target.ID, d.Revision, v, note)
		}
		for name, err := range map[string]error{
			"a remainder unexplained": share(typed{a: "10", b: "10"}, " "),
			"too much unexplained":    share(typed{a: "20", b: "10"}, ""),
			"no number":               share(typed{a: "十"}, "注"),
			"negative":                share(typed{a: "-1", b: "26"}, ""),
			"the city itself":         share(typed{r.Pack.Root().ID: "25"}, ""),
			"nowhere":                 share(typed{a: "25", "nowhere": "1"}, ""),
		} {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		refused(t, errs.Conflict, r.Plan.ShareOut(ctx, lead, target.ID, 99, typed{a: "25"}, ""))
		growth, gap := ofKind(t, r, plan.Comparison)
		refused(t, errs.Invalid, r.Plan.ShareOut(ctx, r.Clerk(growth.LeadUnit), gap.ID, growth.Revision, typed{a: "1"}, "注"))

		must(t, share(typed{a: "10", b: "15", c: "0"}, ""))
		if _, g := taskWith(t, r, "社区托育驿站"); len(g.Shares) != 2 {
			t.Errorf("%d shares: a part of zero is no part", len(g.Shares))
		}
		_, err := r.Plan.Report(ctx, lead, plan.Report{TargetID: target.ID, AsOf: "2026-06-30", Value: "1", Proof: plantest.Proof("w")})
		refused(t, errs.Invalid, err) // the whole is added up
		in := plan.Report{TargetID: target.ID, Territory: a, AsOf: "2026-06-30", Value: "4", Proof: plantest.Proof("a")}
		_, err = r.Plan.Report(ctx, lead, in)
		refused(t, errs.Forbidden, err) // an upper level does not write a county's figure
		id, err := r.Plan.Report(ctx, r.County(a, org.CountyClerk), in)
		must(t, err)
		must(t, r.Plan.Verify(ctx, r.County(a, org.CountyHead), id))
		refused(t, errs.Invalid, share(typed{b: "25"}, "")) // a has reported
		refused(t, errs.Invalid, share(nil, ""))
		must(t, share(typed{a: "8", b: "12"}, "余下 5 个由市本级承担"))
		_, g := taskWith(t, r, "社区托育驿站")
		if g.Actual.Value.String() != "4" || len(g.Actual.Silent) != 1 || g.Actual.Covered.String() != "8" || g.ShareNote == "" {
			t.Errorf("%+v", g.Actual)
		}
		must(t, r.Plan.WithdrawEntry(ctx, r.County(a, org.CountyHead), id, "误报"))
		must(t, share(nil, ""))
		if _, g := taskWith(t, r, "社区托育驿站"); len(g.Shares) != 0 || g.Actual.Value != nil {
			t.Errorf("taken back: %+v", g.Actual)
		}
	})
}

func TestMilestonesOfTask(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		cityPlan(t, r)
		task, _ := taskWith(t, r, "社区托育驿站")
		clerk, head := r.Clerk(task.LeadUnit), r.Head(task.LeadUnit)
		rev := task.Revision
		add := func(in plan.MilestoneForm) error { return r.Plan.AddMilestone(ctx, clerk, task.ID, rev, in) }
		refused(t, errs.Invalid, add(plan.MilestoneForm{PlannedOn: "2026-06-15"}))
		refused(t, errs.Invalid, add(plan.MilestoneForm{Name: "开工", PlannedOn: "2027-06-15"}))
		must(t, add(plan.MilestoneForm{Name: "开工", PlannedOn: "2026-06-15", Evidence: "开工照片"}))
		rev++
		reload := func() plan.Milestone {
			t.Helper()
			d, err := r.Plan.Task(ctx, clerk, task.ID)
			must(t, err)
			if d.Revision != rev {
				t.Errorf("revision %d, want %d", d.Revision, rev)
			}
			return d.Milestones[0]
		}
		m := reload()
		reach := func(on string, proof plan.File, slip string) error {
			return r.Plan.ReachMilestone(ctx, clerk, task.ID, rev, m.ID, on, proof, slip)
		}
		refused(t, errs.Invalid, reach("2026-07-02", plantest.Proof("m"), ""))                     // tomorrow
		refused(t, errs.Invalid, reach("2026-06-15", plan.File{}, ""))                             // asks for proof
		refused(t, errs.Invalid, reach("2026-06-20", plantest.Proof("m"), " "))                    // late without a reason
		refused(t, errs.Conflict, r.Plan.VerifyMilestone(ctx, head, task.ID, rev, m.ID, true, "")) // nothing to verify
		must(t, reach("2026-06-20", plantest.Proof("m"), "连日降雨"))
		rev++
		refused(t, errs.Conflict, reach("2026-06-20", plantest.Proof("m"), "又一次"))
		if m = reload(); m.Met() || m.ActualOn != "2026-06-20" {
			t.Errorf("%+v", m)
		}
		both := r.Person(clerk.ID, task.LeadUnit, org.UnitClerk, org.UnitHead)
		refused(t, errs.Forbidden, r.Plan.VerifyMilestone(ctx, both, task.ID, rev, m.ID, true, ""))
		refused(t, errs.Invalid, r.Plan.VerifyMilestone(ctx, head, task.ID, rev, m.ID, false, " "))
		must(t, r.Plan.VerifyMilestone(ctx, head, task.ID, rev, m.ID, false, "照片不清"))
		rev++
		if m = reload(); m.ActualOn != "" || m.ProofHash != "" || m.SlipReason != "" {
			t.Errorf("sent back: %+v", m)
		}
		must(t, reach("2026-06-20", plantest.Proof("m2"), "连日降雨"))
		rev++
		must(t, r.Plan.VerifyMilestone(ctx, head, task.ID, rev, m.ID, true, ""))
		rev++
		if m = reload(); !m.Met() {
			t.Errorf("verified: %+v", m)
		}
		refused(t, errs.NotFound, r.Plan.VerifyMilestone(ctx, head, task.ID, rev, "none", true, ""))
	})
}

func TestQuantifyPromise(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		cityPlan(t, r)
		task, g := promiseOf(t, r)
		if g.QuantifyBy != "2026-07-29" { // 20 working days after 1 July
			t.Errorf("owed by %s", g.QuantifyBy)
		}
		lead := r.Clerk(task.LeadUnit)
		try := func(fields map[string]string) error { return r.Plan.Quantify(ctx, lead, g.ID, task.Revision, fields) }
		for name, fields := range map[string]map[string]string{
			"no number":            {"unit": "个"},
			"no unit":              {"value": "5"},
			"still a promise":      {"kind": "qualitative"},
			"pace outside":         {"value": "5", "unit": "个", "curve": "stepped 2027-03-31=100"},
			"range without an end": {"value": "5", "unit": "个", "comparator": "range"},
		} {
			if err := try(fields); !errs.Is(err, errs.Invalid) || len(errs.FieldMessages(err)) == 0 {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, try(map[string]string{"value": "5", "unit": "个", "curve": "stepped 2026-12-31=100"}))
		d, err := r.Plan.Task(ctx, lead, task.ID)
		must(t, err)
		for _, now := range d.Targets {
			if now.ID == g.ID && (now.Kind != plan.Flow || now.Comparator != ">=" || now.QuantifyBy != "" || now.Curve.Kind != plan.Stepped || now.Curve.End.String() != "2026-12-31") {
				t.Errorf("%+v", now.Target)
			}
		}
		refused(t, errs.Conflict, r.Plan.Quantify(ctx, lead, g.ID, d.Revision, map[string]string{"value": "6", "unit": "个"}))
	})
}

func TestToDecide(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		planID := cityPlan(t, r)
		task, target := taskWith(t, r, "社区托育驿站")
		_, shared := taskWith(t, r, "便民生活圈服务站")
		county := r.Pack.TerritoriesFor(city.CaliberZonesApart)[0].ID
		must(t, r.Plan.ShareOut(ctx, r.Clerk(task.LeadUnit), shared.ID, task.Revision, map[city.TerritoryID]string{county: "15"}, ""))
		_, err := r.Plan.Report(ctx, r.Clerk(task.LeadUnit), plan.Report{TargetID: target.ID, AsOf: "2026-06-30", Value: "5", Proof: plantest.Proof("a")})
		must(t, err)
		r.Clock.Add(time.Minute)
		_, err = r.Plan.Report(ctx, r.County(county, org.CountyClerk), plan.Report{TargetID: shared.ID, Territory: county, AsOf: "2026-06-30", Value: "5", Proof: plantest.Proof("b")})
		must(t, err)
		stranger := r.Pack.Directory().Resolve("市委宣传部").Units[0]
		waits := func(name string, p org.Principal, want int) {
			t.Helper()
			all, n, err := r.Plan.ToDecide(ctx, p, 10)
			if err != nil || n != want || len(all) != want {
				t.Errorf("%s: %d and %d, want %d (%v)", name, n, len(all), want, err)
			}
			for _, w := range all {
				if w.Target.ID != w.TargetID || w.Task.ID != w.Target.TaskID || w.Task.Title == "" {
					t.Errorf("%s: %+v", name, w)
				}
			}
		}
		waits("the unit's head", r.Head(task.LeadUnit), 1)
		waits("the county's head", r.County(county, org.CountyHead), 1)
		waits("the dispatcher", r.Dispatcher(), 2)
		waits("another unit's head", r.Head(stranger), 0)
		waits("a clerk", r.Clerk(task.LeadUnit), 0)
		waits("who reported it", r.Person("clerk-"+string(task.LeadUnit), task.LeadUnit, org.UnitHead), 0)
		if all, n, err := r.Plan.ToDecide(ctx, r.Dispatcher(), 1); err != nil || len(all) != 1 || n != 2 || all[0].TargetID != target.ID {
			t.Errorf("limited: %d of %d, %v", len(all), n, err)
		}
		text := strings.Replace(plantest.CityText, "新增25个社区托育驿站，", "", 1)
		publishNext(t, r, renew(t, r, planID, text), plan.TakeNew)
		waits("after the target was dropped", r.Head(task.LeadUnit), 0)
	})
}

func TestCheckStandingsFindsDamage(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		cityPlan(t, r)
		task, target := taskWith(t, r, "社区托育驿站")
		id, err := r.Plan.Report(ctx, r.Clerk(task.LeadUnit), plan.Report{TargetID: target.ID, AsOf: "2026-06-30", Value: "5", Proof: plantest.Proof("a")})
		must(t, err)
		must(t, r.Plan.Verify(ctx, r.Head(task.LeadUnit), id))
		_, err = r.Plan.Report(ctx, r.Clerk(task.LeadUnit), plan.Report{TargetID: target.ID, AsOf: "2026-07-01", Value: "6", Proof: plantest.Proof("b")})
		must(t, err)
		r.Broken = true
		for _, c := range []struct{ name, damage, mend string }{
			{"value", "UPDATE standing SET value = value + 1", "UPDATE standing SET value = value - 1"},
			{"day", "UPDATE standing SET as_of = '2026-06-29'", "UPDATE standing SET as_of = '2026-06-30'"},
			{"pending", "UPDATE standing SET pending = NULL", "UPDATE standing SET pending = 60000"},
			{"an entry behind its back", "UPDATE progress SET value = value + 1", "UPDATE progress SET value = value - 1"},
			{"missing", "DELETE FROM standing", ""},
		} {
			run(t, r, c.damage)
			if wrong, _, err := r.Plan.CheckStandings(ctx); err != nil || len(wrong) != 1 || !strings.HasPrefix(wrong[0], target.ID) {
				t.Errorf("%s: %v %v", c.name, wrong, err)
			}
			if c.mend != "" {
				run(t, r, c.mend)
			}
		}
	})
}

func run(t *testing.T, r *plantest.Room, query string) {
	t.Helper()
	must(t, r.DB.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(query)
		return err
	}))
}
