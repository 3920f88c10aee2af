package cockpit_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
	"bihuan/web/cockpit"
	"bihuan/web/frame"
	"bihuan/web/ui"
	"bihuan/web/webtest"
)

// pages are all pages of the area, with a county and a unit that exist.
var pages = []string{"/", "/targets", "/targets?tab=open", "/targets.xlsx", "/territories", "/territories/dongchangfu", "/units", "/units/commerce", "/units/none"}

func open(t *testing.T) *webtest.Site {
	t.Helper()
	return webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		measuredBy(f, a)
		cockpit.Routes(f)
	})
}

// target finds a target of the pack's plan by its subject.
func target(t *testing.T, s *webtest.Site, p org.Principal, subject string) (*supervise.TaskLight, *supervise.TargetLight) {
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

// report has a value reported by one person and, when asked, verified by another.
func report(t *testing.T, s *webtest.Site, reporter, verifier org.Principal, in plan.Report, verify bool) {
	t.Helper()
	ctx := context.Background()
	in.Proof = plantest.Proof(in.Value)
	id, err := s.App.Plan.Report(ctx, reporter, in)
	if err != nil {
		t.Fatal(err)
	}
	if !verify {
		return
	}
	if err := s.App.Plan.Verify(ctx, verifier, id); err != nil {
		t.Fatal(err)
	}
}

// person is somebody who acts behind the pages.
func person(s *webtest.Site, unit city.UnitID, role org.Role) org.Principal {
	u, _ := s.App.Pack.Unit(unit)
	p := org.Principal{ID: string(role) + "-" + string(unit), Name: "某人", UnitID: string(unit), UnitName: u.Short, Roles: []org.Role{role}, Via: org.ViaPage}
	if u.Kind.IsGovernment() {
		p.TerritoryID = string(u.Territory)
	}
	return p
}

func TestNotSignedIn(t *testing.T) {
	nobody := open(t).Nobody()
	for _, path := range pages {
		if a := nobody.Get(path); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/signin") {
			t.Errorf("%s: %d to %q", path, a.Status, a.Location)
		}
	}
}

func TestAdministratorsSeeNoBusiness(t *testing.T) {
	s := open(t)
	admin := s.As("admin", "", org.AuditAdmin)
	for _, path := range pages {
		if a := admin.Get(path); a.Status != http.StatusForbidden {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	s.Frame.Nav = func(*frame.Ctx) []ui.NavItem { return []ui.NavItem{{URL: "/"}, {URL: "/admin/audit"}} }
	if a := admin.Get("/"); a.Status != http.StatusSeeOther || a.Location != "/admin/audit" {
		t.Errorf("home of an administrator: %d %q", a.Status, a.Location)
	}
}

func TestUnknownThings(t *testing.T) {
	s := open(t)
	s.PackPlan()
	c := s.Dispatcher()
	for _, path := range []string{"/territories/nowhere", "/units/nobody", "/?plan=nothing", "/targets?plan=%00", "/targets.xlsx?plan=x", "/units/commerce?plan=x", "/territories/%3Cscript%3E"} {
		if a := c.Get(path); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := c.Get("/territories/city"); a.Status != http.StatusSeeOther || a.Location != "/" {
		t.Errorf("the city as a whole: %d %q", a.Status, a.Location)
	}
	// What a filter does not know shows everything; a page beyond the end is the last one.
	for _, path := range []string{"/targets?light=pink&sort=x&page=999", "/units/commerce?role=x&light=y", "/territories?sort=zz"} {
		if a := c.Get(path); a.Status != http.StatusOK {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

func TestBeforeAnyPlan(t *testing.T) {
	s := open(t)
	for _, c := range []struct {
		name string
		who  *webtest.Client
		want string
		not  string
	}{
		{"who imports", s.Dispatcher(), `href="/imports/new"`, ""},
		{"who publishes", s.Approver(), `href="/imports?state=submitted"`, `href="/imports/new"`},
		{"who reads", s.As("leader", "", org.Leader), "由" + s.App.Pack.LeadUnit().Short + "导入", `href="/imports`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, path := range []string{"/", "/targets", "/territories", "/units"} {
				a := c.who.Get(path)
				if a.Status != http.StatusOK || !a.Has("还没有发布任务清单") || !a.Has(c.want) || c.not != "" && a.Has(c.not) {
					t.Errorf("%s: %d\n%s", path, a.Status, a.Body)
				}
			}
			if a := c.who.Get("/territories/jingkai"); a.Status != http.StatusOK {
				t.Errorf("a county: %d", a.Status)
			}
			if a := c.who.Get("/units/commerce"); a.Status != http.StatusOK {
				t.Errorf("a unit: %d", a.Status)
			}
		})
	}
}

func TestWithoutDataNothingIsCalledWell(t *testing.T) {
	s := open(t)
	planID := s.PackPlan()
	clerk := s.As("clerk", "health", org.UnitClerk)
	a := clerk.Get("/")
	for _, want := range []string{"还没有已核验的数据", "没有数据不等于正常", `href="/report"`, "尚无可以亮灯的已核验数据", "/tasks?light=grey&amp;plan=" + planID, "目标还没有分解到县区", "尚无已核验数据"} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
	if a.Has("没有落后的任务") {
		t.Error("no data is called well")
	}
	if leader := s.As("leader", "", org.Leader).Get("/"); leader.Has(`href="/report"`) {
		t.Error("a leader is sent to report")
	}
}

func TestOverview(t *testing.T) {
	s := open(t)
	planID := s.PackPlan()
	c := s.Dispatcher()
	task, g := target(t, s, c.P, "社区托育驿站")
	clerk, head := person(s, task.LeadUnit, org.UnitClerk), person(s, task.LeadUnit, org.UnitHead)
	report(t, s, clerk, head, plan.Report{TargetID: g.ID, AsOf: "2026-05-31", Value: "3"}, true)
	report(t, s, clerk, head, plan.Report{TargetID: g.ID, AsOf: "2026-06-30", Value: "4"}, true)
	a := c.Get("/")
	_, g = target(t, s, c.P, "社区托育驿站")
	if g.Level != supervise.Red {
		t.Fatalf("4 of 25 at midyear: %s", g.Level)
	}
	for _, want := range []string{
		"数据截至 2026年6月30日", "1 项需要关注，其中严重滞后 1 项",
		`href="/tasks/` + task.ID + `"`, `href="/targets/` + g.ID + `"`, "/tasks?light=red&amp;plan=" + planID,
		`href="/units/` + string(task.LeadUnit), "补充量化目标", task.Title, g.Reason,
		"各月末已核验：2026-05-31 3个，2026-06-30 4个", "已达到目标 0 个",
	} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
	if all := c.Get("/?plan=all"); all.Status != http.StatusOK || !all.Has(task.Title) {
		t.Errorf("all lists: %d", all.Status)
	}
	if same := c.Get("/?plan=" + planID); same.Status != http.StatusOK || !same.Has(`href="/units"`) {
		t.Error("the usual list, chosen by hand, needs no choice in the addresses")
	}
}

func TestOverrideStandsBesideTheComputedLight(t *testing.T) {
	s := open(t)
	s.PackPlan()
	c := s.Dispatcher()
	task, _ := target(t, s, c.P, "社区托育驿站")
	if err := s.App.Supervise.SetLight(context.Background(), person(s, s.App.Pack.LeadUnit().ID, org.Approver), task.ID, supervise.Yellow, "验收材料不实", "2026-07-20"); err != nil {
		t.Fatal(err)
	}
	a := c.Get("/")
	for _, want := range []string{"人工改判至 2026年7月20日：验收材料不实（系统计算：无数据）", "滞后 1 项"} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
}
