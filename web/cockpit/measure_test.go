package cockpit_test

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
	"bihuan/web/cockpit"
	"bihuan/web/frame"
	"bihuan/web/webtest"
)

// register counts the same in a district, a zone and a county, a little more each day.
type register struct{}

func (register) Kind() plan.MeasureKind { return plan.Register }

func (register) At(_ context.Context, refs []string, day calendar.Date) (map[string]supervise.Reading, error) {
	got := map[string]supervise.Reading{}
	for _, ref := range refs {
		n := quantity.Of(int64(day.Sub(calendar.Of(2026, 1, 0))) / 30)
		got[ref] = supervise.Reading{Values: map[city.TerritoryID]quantity.Quantity{"dongchangfu": n, "jingkai": n, "guanxian": n}}
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

// countedSite is a site with the pack's plan whose registers serve measures.
func countedSite(t *testing.T) *webtest.Site {
	t.Helper()
	s := webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		measuredBy(f, a, register{})
		cockpit.Routes(f)
	})
	s.PackPlan()
	return s
}

// givenOut gives a target out to a district, one of its zones and a county.
func givenOut(t *testing.T, s *webtest.Site, p org.Principal, subject string) {
	t.Helper()
	task, g := target(t, s, p, subject)
	lead := person(s, task.LeadUnit, org.UnitClerk)
	parts := map[city.TerritoryID]string{"dongchangfu": "10", "jingkai": "10", "guanxian": "5"}
	if err := s.App.Plan.ShareOut(context.Background(), lead, g.ID, task.Revision, parts, "演示"); err != nil {
		t.Fatal(err)
	}
}

func TestTargetsSayWhereTheirValuesComeFrom(t *testing.T) {
	s := countedSite(t)
	c := s.Dispatcher()
	_, g := target(t, s, c.P, "社区托育驿站")
	a := c.Get("/targets")
	for _, want := range []string{"/registers/" + g.Measure.Ref + "?at=2026-07-01", "· 台账计数", "测算约", "不是核定数"} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
}

func TestBothCalibers(t *testing.T) {
	s := countedSite(t)
	c := s.Dispatcher()
	givenOut(t, s, c.P, "社区托育驿站")
	apart, admin := c.Get("/territories"), c.Get("/territories?caliber=admin")
	for _, a := range []webtest.Answer{apart, admin} {
		if a.Status != http.StatusOK || !a.Has("功能区单列口径") || !a.Has("行政区划口径") || !a.Has("不相加") {
			t.Errorf("%d", a.Status)
		}
	}
	if !apart.Has("/territories/jingkai") || admin.Has("/territories/jingkai") {
		t.Error("a zone stands in the wrong caliber")
	}
	if admin.Has("示意图") {
		t.Error("the map of zones is drawn in a caliber without zones")
	}
	if a := c.Get("/territories/dongchangfu"); !a.Has("caliber=admin") {
		t.Error("a district with zones does not lead to the other caliber")
	}
	clerk := s.As("clerk", "guanxian-gov", org.CountyClerk)
	a := clerk.Get("/territories/guanxian")
	_, g := target(t, s, c.P, "社区托育驿站")
	if !a.Has("/registers/"+g.Measure.Ref) || !a.Has("territory=guanxian") || a.Has("/targets/"+g.ID+"/report") {
		t.Error("a county's part does not lead to its records")
	}
}

func TestRankingPage(t *testing.T) {
	s := countedSite(t)
	boss, clerk := s.Approver(), s.As("clerk", "guanxian-gov", org.CountyClerk)
	for _, subject := range []string{"社区托育驿站", "巾帼好物", "村级快递服务站点"} {
		givenOut(t, s, boss.P, subject)
	}
	if a := clerk.Get("/ranking"); a.Status != http.StatusForbidden || !a.Has("内部参考") {
		t.Errorf("internal: %d", a.Status)
	}
	a := boss.Get("/ranking")
	for _, want := range []string{"公布范围：内部", "区", "县（市）", "市属开发区", "一概不计", "样本", "差 ", "单项最高 110%", "更改公布范围"} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
	if a := clerk.Post("/ranking", "level", "bulletin", "reason", "x"); a.Status != http.StatusForbidden {
		t.Errorf("a clerk decides: %d", a.Status)
	}
	if a := boss.Post("/ranking", "level", "bulletin"); a.Status == http.StatusSeeOther || !a.Has("请写明理由") {
		t.Errorf("without a reason: %d", a.Status)
	}
	if a := boss.Post("/ranking", "level", "bulletin", "reason", "季度通报"); a.Status != http.StatusSeeOther {
		t.Errorf("%d", a.Status)
	}
	if a := clerk.Get("/ranking"); a.Status != http.StatusOK || !a.Has("季度通报") || a.Has("更改公布范围") {
		t.Errorf("told: %d", a.Status)
	}
	if n := strings.Count(a.Body, "<table"); n < 6 {
		t.Error(strconv.Itoa(n) + " tables")
	}
}
