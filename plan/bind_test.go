package plan_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
)

// served are measures of a test: the kinds that there are.
type served map[plan.MeasureKind]bool

func (s served) Check(kind plan.MeasureKind, ref string, _ plan.TargetKind) error {
	switch {
	case !s[kind]:
		return errs.New(errs.Unavailable, "“%s”还没有接入", kind.Label())
	case strings.HasPrefix(ref, "no-"):
		return errs.New(errs.Invalid, "没有台账“%s”", ref)
	}
	return nil
}

func (s served) Where(_ plan.MeasureKind, ref string) string { return "台账“" + ref + "”" }

var registers = served{plan.Register: true}

// bound finds a standing target of the published lists.
func bound(t *testing.T, r *plantest.Room, subject string) (plan.Task, plan.Target) {
	t.Helper()
	_, facts, _, err := r.Plan.Snapshot(context.Background(), r.Dispatcher(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range facts {
		for _, g := range f.Targets {
			if g.Subject == subject {
				return f.Task, g.Target
			}
		}
	}
	t.Fatalf("no target %s", subject)
	return plan.Task{}, plan.Target{}
}

func TestThePackBindsOnlyWhatIsServed(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		r.Measured(registers)
		r.PackPlan(t)
		for subject, want := range map[string]plan.MeasureKind{
			"社区托育驿站": plan.Register, "绿色食品、有机食品、名特优新产品": plan.Register, "电商零售企业": plan.Register,
			"全市社会消费品零售总额": plan.Reported, // no room serves series here
			"养老服务消费券":     plan.Reported, "相关消费": plan.Reported,
		} {
			if _, g := bound(t, r, subject); g.Measure.Kind != want {
				t.Errorf("%s: %s, want %s", subject, g.Measure.Kind, want)
			}
		}
		if _, g := bound(t, r, "绿色食品、有机食品、名特优新产品"); len(g.Measure.Refs()) != 3 {
			t.Errorf("refs %v", g.Measure.Refs())
		}
	})
}

func TestAListFromBeforeIsBoundLater(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		r.PackPlan(t)
		task, g := bound(t, r, "社区托育驿站")
		if g.Measure.Bound() {
			t.Fatal("bound without a register")
		}
		// What a unit reported already goes on being reported.
		if _, err := r.Plan.Report(ctx, r.Clerk(task.LeadUnit), plan.Report{TargetID: g.ID, AsOf: "2026-06-30", Value: "3", Proof: plantest.Proof("a")}); err != nil {
			t.Fatal(err)
		}
		r.Measured(registers)
		if _, err := r.Plan.BindPack(ctx, r.Approver()); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an approver binds: %v", err)
		}
		n, err := r.Plan.BindPack(ctx, r.Dispatcher())
		if err != nil || n < 10 {
			t.Fatalf("%d bound, %v", n, err)
		}
		if _, g := bound(t, r, "社区托育驿站"); g.Measure.Bound() {
			t.Error("the measure of a reported target was changed behind its unit")
		}
		if again, err := r.Plan.BindPack(ctx, r.Dispatcher()); err != nil || again != 0 {
			t.Errorf("twice: %d %v", again, err)
		}
	})
}

func TestNobodyReportsWhatIsCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		r.Measured(registers)
		r.PackPlan(t)
		task, g := bound(t, r, "社区托育驿站")
		_, err := r.Plan.Report(context.Background(), r.Clerk(task.LeadUnit), plan.Report{TargetID: g.ID, AsOf: "2026-06-30", Value: "3", Proof: plantest.Proof("a")})
		if !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "台账") || !strings.Contains(err.Error(), "登记") {
			t.Errorf("%v", err)
		}
	})
}

func TestBindRefusals(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		r.PackPlan(t)
		r.Measured(registers)
		lead := r.Pack.LeadUnit().ID
		for _, c := range []struct {
			name, subject string
			who           org.Principal
			to            plan.Binding
			reason        string
			want          errs.Code
		}{
			{"a clerk", "社区托育驿站", r.Clerk(lead), plan.Binding{Kind: plan.Register, Ref: "a/b"}, "x", errs.Forbidden},
			{"no reason", "社区托育驿站", r.Dispatcher(), plan.Binding{Kind: plan.Register, Ref: "a/b"}, " ", errs.Invalid},
			{"unknown kind", "社区托育驿站", r.Dispatcher(), plan.Binding{Kind: "x", Ref: "a/b"}, "x", errs.Invalid},
			{"unknown ref", "社区托育驿站", r.Dispatcher(), plan.Binding{Kind: plan.Register, Ref: "a/b+no-such/x"}, "x", errs.Invalid},
			{"no ref", "社区托育驿站", r.Dispatcher(), plan.Binding{Kind: plan.Register}, "x", errs.Invalid},
			{"the same", "社区托育驿站", r.Dispatcher(), plan.Binding{Kind: plan.Reported}, "x", errs.Conflict},
			{"ledger is not there yet", "养老服务消费券", r.Dispatcher(), plan.Binding{Kind: plan.Ledger, Ref: "a"}, "x", errs.Invalid},
			{"a count for a comparison", "全市社会消费品零售总额", r.Dispatcher(), plan.Binding{Kind: plan.Register, Ref: "a/b"}, "x", errs.Invalid},
			{"a series for a count", "社区托育驿站", r.Dispatcher(), plan.Binding{Kind: plan.Series, Ref: "a"}, "x", errs.Invalid},
			{"a promise without a number", "消费吸引力", r.Dispatcher(), plan.Binding{Kind: plan.Register, Ref: "a/b"}, "x", errs.Invalid},
		} {
			task, g := bound(t, r, c.subject)
			if err := r.Plan.Bind(ctx, c.who, g.ID, task.Revision, c.to, c.reason); !errs.Is(err, c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		task, g := bound(t, r, "养老服务消费券")
		err := r.Plan.Bind(ctx, r.Dispatcher(), g.ID, task.Revision, plan.Binding{Kind: plan.Ledger, Ref: "a"}, "x")
		if msg := errs.FieldMessages(err)["ref"]; !strings.Contains(msg, "没有接入") {
			t.Errorf("the ledger: %q", msg)
		}
	})
}

func TestAChosenMeasureStaysAndIsOnRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		r.Measured(registers)
		r.PackPlan(t)
		task, g := bound(t, r, "社区托育驿站")
		if err := r.Plan.Bind(ctx, r.Dispatcher(), g.ID, task.Revision, plan.Binding{Kind: plan.Reported}, "台账尚未启用"); err != nil {
			t.Fatal(err)
		}
		if n, err := r.Plan.BindPack(ctx, r.Dispatcher()); err != nil || n != 0 {
			t.Errorf("the pack overruled a person: %d %v", n, err)
		}
		d, err := r.Plan.Task(ctx, r.Dispatcher(), task.ID)
		if err != nil || d.History[0].Action != "target.bind" || d.History[0].Reason != "台账尚未启用" || d.Revision != task.Revision+1 {
			t.Errorf("%+v %v", d.History[0], err)
		}
		if err := r.Plan.Bind(ctx, r.Dispatcher(), g.ID, task.Revision, plan.Binding{Kind: plan.Register, Ref: "a/b"}, "x"); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale page: %v", err)
		}
	})
}

func TestBrokenBindingsSayWhatIsWrong(t *testing.T) {
	copied := *builtin(t)
	for name, text := range map[string]string{
		"documents": "- {document: other, subject: x, kind: register, ref: a/b}",
		"bogus":     "- {document: consumption-2026, subject: x, kind: bogus, ref: a/b}",
		"ref":       "- {document: consumption-2026, subject: x, kind: register}",
		"单位填报不写":    "- {document: consumption-2026, subject: x, kind: reported, ref: a}",
		"subjekt":   "- {document: consumption-2026, subjekt: x, kind: reported}",
		"目标的对象":     "- {document: consumption-2026, kind: reported}",
	} {
		copied.Files = fstest.MapFS{"measures/bindings.yaml": {Data: []byte(text + "\n")}}
		if _, err := plan.PackBindings(&copied); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	copied.Files = fstest.MapFS{}
	if all, err := plan.PackBindings(&copied); err != nil || all != nil {
		t.Errorf("no file: %v %v", all, err)
	}
}

// Every number of the plan has a line that says where its value comes from.
func TestEveryNumberOfThePlanHasALine(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		lines, err := plan.PackBindings(r.Pack)
		if err != nil {
			t.Fatal(err)
		}
		r.PackPlan(t)
		_, facts, _, err := r.Plan.Snapshot(context.Background(), r.Dispatcher(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			for _, g := range f.Targets {
				n := 0
				for _, l := range lines {
					if l.Fits(f.Task.Title, g.Target) {
						n++
					}
				}
				if g.Quantified() && n != 1 {
					t.Errorf("%s: %d lines", g.Subject, n)
				}
			}
		}
	})
}

// builtin is the first pack that comes with the program.
func builtin(t *testing.T) *city.Pack {
	t.Helper()
	pack, err := city.LoadBuiltin(city.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// renewed publishes the pack's plan again with words changed.
func renewed(t *testing.T, r *plantest.Room, planID string, words ...string) {
	t.Helper()
	ctx := context.Background()
	text := strings.NewReplacer(words...).Replace(r.Pack.Documents[0].Text)
	id := r.Import(t, r.Dispatcher(), plan.Upload{PlanID: planID}, text)
	n, err := r.Plan.DecideRest(ctx, r.Dispatcher(), id, 0, "", plan.TakeNew)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Plan.Submit(ctx, r.Dispatcher(), id, n); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Plan.Publish(ctx, r.Approver(), id, ""); err != nil {
		t.Fatal(err)
	}
}

func TestANewVersionKeepsWhatPeopleChoseAndBindsTheRest(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		ctx := context.Background()
		planID := r.PackPlan(t) // before there were registers
		reported, g := bound(t, r, "巾帼好物")
		if _, err := r.Plan.Report(ctx, r.Clerk("women"), plan.Report{TargetID: g.ID, AsOf: "2026-06-30", Value: "3", Proof: plantest.Proof("a")}); err != nil {
			t.Fatal(err)
		}
		r.Measured(registers)
		chosen, g := bound(t, r, "村级快递服务站点")
		if err := r.Plan.Bind(ctx, r.Dispatcher(), g.ID, chosen.Revision, plan.Binding{Kind: plan.Register, Ref: "parcel-point/chosen"}, "口径已定"); err != nil {
			t.Fatal(err)
		}
		renewed(t, r, planID, "**25**个社区托育驿站", "**30**个社区托育驿站", "1300", "1400", "100**个“巾帼好物”", "120**个“巾帼好物”")
		if _, g := bound(t, r, "社区托育驿站"); g.Value.String() != "30" || g.Measure.Kind != plan.Register {
			t.Errorf("a changed target is not bound: %s %v", g.Value, g.Measure)
		}
		if _, g := bound(t, r, "村级快递服务站点"); g.Measure.Ref != "parcel-point/chosen" {
			t.Errorf("what a person chose is gone: %v", g.Measure)
		}
		if task, g := bound(t, r, "巾帼好物"); task.ID != reported.ID || g.Measure.Kind != plan.Reported {
			t.Errorf("what is being reported was bound: %v", g.Measure)
		}
	})
}

func TestAPromiseIsBoundOnceItHasANumber(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		r.Measured(registers)
		r.PackPlan(t)
		task, g := bound(t, r, "3A级以上旅游景区")
		if g.Measure.Bound() {
			t.Fatal("a promise without a number is bound")
		}
		if err := r.Plan.Quantify(context.Background(), r.Dispatcher(), g.ID, task.Revision, map[string]string{"value": "3", "unit": "个"}); err != nil {
			t.Fatal(err)
		}
		if _, g := bound(t, r, "3A级以上旅游景区"); g.Measure.Ref != "scenic-area/new" {
			t.Errorf("%v", g.Measure)
		}
	})
}

func TestANewVersionLeavesADueDateThatWasPutOff(t *testing.T) {
	lives(t, func(l life, clerk org.Principal) {
		ctx := context.Background()
		l.started(clerk)
		if err := l.r.Plan.AskExtension(ctx, clerk, l.task, l.detail().Revision, plan.Ask{Reason: "用地", Progress: "过半", SignedBy: "王某", Due: "2027-01-31"}); err != nil {
			t.Fatal(err)
		}
		if err := l.r.Plan.DecideExtension(ctx, l.r.Approver(), l.task, l.detail().Revision, true, "2027-01-31", "同意"); err != nil {
			t.Fatal(err)
		}
		renewed(l.t, l.r, l.detail().PlanID, "**25**个社区托育驿站", "**30**个社区托育驿站")
		if d := l.detail(); d.DueOn != "2027-01-31" || d.OriginalDue != "2026-12-31" || d.State != plan.InProgress {
			l.t.Errorf("due %s, originally %s, %s", d.DueOn, d.OriginalDue, d.State)
		}
	})
}
