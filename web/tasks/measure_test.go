package tasks_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/source"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/tasks"
	"bihuan/web/webtest"
)

// register counts one a day in one county since the year began, for every reference.
type register struct{}

func (register) Kind() plan.MeasureKind { return plan.Register }

func (register) At(_ context.Context, refs []string, day calendar.Date) (map[string]supervise.Reading, error) {
	got := map[string]supervise.Reading{}
	for _, ref := range refs {
		got[ref] = supervise.Reading{Values: map[city.TerritoryID]quantity.Quantity{"guanxian": quantity.Of(int64(day.Sub(calendar.Of(2026, 1, 0))) / 12)}}
	}
	return got, nil
}

func (register) Changes(context.Context, int64) (int64, []string, bool, error) {
	return 1, nil, false, nil
}
func (register) Check(string, plan.TargetKind) error { return nil }
func (register) Name(ref string) string              { return "台账“" + ref + "”" }

func (register) Link(ref string, day calendar.Date, territory city.TerritoryID) string {
	return "/registers/" + ref + "?at=" + day.String() + "&territory=" + string(territory)
}

// measuredBy gives a site the rooms of a program whose only measures are those of
// the sources; without any, every target is reported.
func measuredBy(f *frame.App, a *app.App, sources ...supervise.Source) {
	load := func(ctx context.Context, name string, data []byte) (source.Document, error) {
		return source.Load(ctx, name, data, source.Tools{})
	}
	a.Plan = plan.New(plan.Parts{DB: a.DB, Log: a.Log, Pack: a.Pack, Blobs: a.Blobs, Load: load, Measures: supervise.NewSources(sources...)})
	a.Supervise = supervise.New(a.DB, a.Log, a.Plan, sources...)
	f.Plan, f.Supervise = a.Plan, a.Supervise
}

// countedSite is a site whose registers serve measures.
func countedSite(t *testing.T) *webtest.Site {
	t.Helper()
	return webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		measuredBy(f, a, register{})
		tasks.Routes(f)
	})
}

func TestACountedTargetOpensToItsRecords(t *testing.T) {
	s := countedSite(t)
	s.PackPlan()
	c := s.Dispatcher()
	task, g := find(t, s, c.P, "社区托育驿站")
	clerk := s.As("clerk", task.LeadUnit, org.UnitClerk)
	a := clerk.Get("/tasks/" + task.ID)
	ref := g.Measure.Ref
	for _, want := range []string{"台账“" + ref + "”", "/registers/" + ref + "?at=2026-07-01", "测算到期末", "不是核定数", "每天更新", "办理进程"} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
	if a.Has("/targets/"+g.ID+"/report") || a.Has("/targets/"+g.ID+"/measure") {
		t.Error("a clerk is offered to report what is counted, or to change its measure")
	}
	if a := clerk.Get("/targets/" + g.ID + "/report"); a.Status != http.StatusConflict || !a.Has("不用填报") {
		t.Errorf("the form: %d", a.Status)
	}
	if a := clerk.Get("/report"); a.Has(g.ID) {
		t.Error("what is counted stands among what has to be reported")
	}
	// A sum of several registers opens to its parts.
	many, sum := find(t, s, c.P, "绿色食品、有机食品、名特优新产品")
	a = c.Get("/tasks/" + many.ID)
	for _, r := range sum.Measure.Refs() {
		if !a.Has("/registers/" + r + "?") {
			t.Errorf("%s does not open", r)
		}
	}
	if !a.Has(`href="#measure-`+sum.ID) || !a.Has(`id="measure-`+sum.ID) {
		t.Error("the sum does not open to its parts")
	}
}

func TestTheDispatcherChangesAMeasure(t *testing.T) {
	s := countedSite(t)
	s.PackPlan()
	c := s.Dispatcher()
	task, g := find(t, s, c.P, "社区托育驿站")
	to := "/targets/" + g.ID + "/measure"
	if a := s.As("other", task.LeadUnit, org.UnitClerk).Get(to); a.Status != http.StatusForbidden {
		t.Errorf("a clerk: %d", a.Status)
	}
	if a := c.Get(to); a.Status != http.StatusOK || !a.Has("更换数据来源") {
		t.Errorf("the form: %d", a.Status)
	}
	rev := strconv.Itoa(task.Revision)
	if a := c.Post(to, "kind", "reported", "ref", "", "revision", rev); a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusBadRequest || !a.Has("理由") {
		t.Errorf("without a reason: %d", a.Status)
	}
	if a := c.Post(to, "kind", "reported", "ref", "", "reason", "台账尚未启用", "revision", rev); a.Status != http.StatusSeeOther {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	a := c.Get("/tasks/" + task.ID)
	if !a.Has("单位填报，另一人核验") || !a.Has("台账尚未启用") {
		t.Error("the page does not say where the value comes from now")
	}
}

func find(t *testing.T, s *webtest.Site, p org.Principal, subject string) (*supervise.TaskLight, *supervise.TargetLight) {
	t.Helper()
	b, err := s.App.Supervise.Board(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
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

func TestATaskGoesThroughItsLifeOnPages(t *testing.T) {
	w := newWorld(t)
	desk := w.Site.As("desk", w.App.Pack.LeadUnit().ID, org.Dispatcher)
	task := "/tasks/" + w.task.ID
	step := func(c *webtest.Client, move string, pairs ...string) webtest.Answer {
		t.Helper()
		if a := c.Get(task + "/moves/" + move); a.Status != http.StatusOK {
			t.Fatalf("the form of %s: %d\n%s", move, a.Status, a.Body)
		}
		d, err := w.App.Plan.Task(context.Background(), desk.P, w.task.ID)
		if err != nil {
			t.Fatal(err)
		}
		return c.Post(task+"/moves/"+move, append(pairs, "revision", strconv.Itoa(d.Revision))...)
	}
	done := func(c *webtest.Client, move string, pairs ...string) {
		t.Helper()
		if a := step(c, move, pairs...); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d\n%s", move, a.Status, a.Body)
		}
	}
	if a := w.other.Get(task); a.Has(task + "/moves/") {
		t.Error("a stranger is offered a move")
	}
	if a := w.clerk.Get(task + "/moves/assign"); a.Status != http.StatusConflict {
		t.Errorf("a clerk assigns: %d", a.Status)
	}
	done(desk, "assign", "words", "按月调度")
	done(w.clerk, "sign")
	done(w.clerk, "start", "words", "分三批建设")
	if a := step(w.clerk, "extend", "reason", "用地"); a.Status == http.StatusSeeOther || !a.Has("目前的进展") {
		t.Errorf("half an application: %d", a.Status)
	}
	done(w.clerk, "extend", "reason", "用地手续", "progress", "过半", "signed_by", "王某", "due", "2027-01-31")
	if a := step(w.boss, "answer", "due", "2027-01-31", "answer", "同意"); a.Status == http.StatusSeeOther || !a.Has("请选择同意或不同意") || !a.Has("用地手续") {
		t.Errorf("neither granted nor refused: %d", a.Status)
	}
	done(w.boss, "answer", "grant", "1", "due", "2027-01-31", "answer", "同意")
	a := w.clerk.Get(task)
	for _, want := range []string{"2027年1月31日", "原定 2026年12月31日", "用地手续", "王某签批", task + "/moves/submit"} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
	if a := w.clerk.Upload(task+"/moves/submit", "proof", "结果.txt", []byte("验收单\n"), "words", "已建成", "revision", w.revision()); a.Status != http.StatusSeeOther {
		t.Fatalf("submit: %d\n%s", a.Status, a.Body)
	}
	if a := w.clerk.Get(task + "/moves/proof/5"); a.Status != http.StatusOK || !a.Has("验收单") {
		t.Errorf("the proof: %d", a.Status)
	}
	for _, n := range []string{"0", "99", "-1", "x"} {
		if a := w.clerk.Get(task + "/moves/proof/" + n); a.Status != http.StatusNotFound {
			t.Errorf("proof %s: %d", n, a.Status)
		}
	}
	done(desk, "review")
	if a := step(w.boss, "close", "words", "同意", "checks", "facts"); a.Status == http.StatusSeeOther || !a.Has("没有勾选") {
		t.Errorf("one check of six: %d", a.Status)
	}
	done(w.boss, "close", "words", "同意", "checks", "facts", "checks", "solved", "checks", "done", "checks", "exact", "checks", "lawful", "checks", "form")
	if a := w.clerk.Get(task); !a.Has("同意办结") || strings.Contains(a.Body, task+"/moves/close") {
		t.Error("the page does not show that it is closed")
	}
}

func TestAListFromBeforeIsBoundOnAPage(t *testing.T) {
	w := newWorld(t) // nothing is measured here: no target is bound
	desk := w.Site.As("desk", w.App.Pack.LeadUnit().ID, org.Dispatcher)
	if a := w.clerk.Get("/plans"); a.Has("指定数据来源") {
		t.Error("a clerk is offered to bind targets")
	}
	if a := w.clerk.Post("/plans/measures"); a.Status != http.StatusForbidden {
		t.Errorf("a clerk binds: %d", a.Status)
	}
	measuredBy(w.Frame, w.App, register{})
	if a := desk.Get("/plans"); !a.Has("指定数据来源") {
		t.Error("a dispatcher finds no way to bind")
	}
	if a := desk.Post("/plans/measures"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	if _, g := find(t, w.Site, desk.P, "社区托育驿站"); !g.Measure.Bound() {
		t.Error("not bound")
	}
}
