package cockpit_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/webtest"
)

// shared publishes the plan and gives 25 stations out to two counties and a zone;
// the first has verified 10 of 10, the second reported 5 that nobody has verified.
func shared(t *testing.T) (s *webtest.Site, planID, targetID string, places []city.TerritoryID) {
	t.Helper()
	s = open(t)
	planID = s.PackPlan()
	ctx := context.Background()
	task, g := target(t, s, person(s, s.App.Pack.LeadUnit().ID, org.Dispatcher), "社区托育驿站")
	places = []city.TerritoryID{"dongchangfu", "linqing", "jingkai"}
	typed := map[city.TerritoryID]string{places[0]: "10", places[1]: "10", places[2]: "5"}
	if err := s.App.Plan.ShareOut(ctx, person(s, task.LeadUnit, org.UnitClerk), g.ID, task.Revision, typed, ""); err != nil {
		t.Fatal(err)
	}
	for i, verify := range []bool{true, false} {
		gov, _ := s.App.Pack.Government(places[i])
		report(t, s, person(s, gov.ID, org.CountyClerk), person(s, gov.ID, org.CountyHead),
			plan.Report{TargetID: g.ID, Territory: places[i], AsOf: "2026-06-30", Value: []string{"10", "5"}[i]}, verify)
	}
	return s, planID, g.ID, places
}

func TestTerritory(t *testing.T) {
	s, planID, targetID, places := shared(t)
	gov, _ := s.App.Pack.Government(places[0])
	own, reader := s.As("own", gov.ID, org.CountyClerk), s.As("leader", "", org.Leader)
	path := "/territories/" + string(places[0])
	a := own.Get(path)
	for _, want := range []string{
		"东昌府区", "对比组：区", "社区托育驿站", `href="/targets/` + targetID + `"`, "10个", "已达到目标",
		"行政区划口径的东昌府区包括经开区、高新区、度假区", "两种口径的数不相加",
		"/targets/" + targetID + "/report?territory=dongchangfu", "还没有报送本地区的任务清单", "/imports/new?kind=county&amp;parent=" + planID + "&amp;territory=dongchangfu",
		"1,008,594 人", "《聊城市第七次全国人口普查公报》", "可信度 B（据公开报道）", "功能区单列口径",
	} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
	seen := reader.Get(path)
	for _, hidden := range []string{"/report?territory=", "/imports/new", `href="/report"`} {
		if seen.Has(hidden) {
			t.Errorf("a reader is offered %q", hidden)
		}
	}
	other := own.Get("/territories/" + string(places[1]))
	if other.Has("/report?territory=") || other.Has("/imports/new") {
		t.Error("a neighbour is offered what the use case refuses")
	}
	if !other.Has("待核验 5个") || !other.Has("已填报，尚未核验") {
		t.Error("an unverified value is not shown as such")
	}
	zone := reader.Get("/territories/" + string(places[2]))
	for _, want := range []string{"内部代码 Z-01", "位于东昌府区内", "没有已核验的数"} {
		if !zone.Has(want) {
			t.Errorf("zone: missing %q", want)
		}
	}
	if narrowed := reader.Get(path + "?light=red"); narrowed.Has(`href="/targets/`+targetID) || !narrowed.Has("没有符合条件的指标") {
		t.Error("the light does not narrow the parts")
	}
}

func TestTerritoriesStandInGroups(t *testing.T) {
	s, _, _, _ := shared(t)
	c := s.Dispatcher()
	a := c.Get("/territories")
	for _, g := range s.App.Pack.Groups {
		i := strings.Index(a.Body, `<caption class="sr">`+g.Name+"</caption>")
		if i < 0 {
			t.Fatalf("no table for %s", g.Name)
		}
		table, _, _ := strings.Cut(a.Body[i:], "</table>")
		for _, tr := range s.App.Pack.TerritoriesFor(city.CaliberZonesApart) {
			inside := false
			for _, id := range g.Territories {
				inside = inside || id == tr.ID
			}
			if got := strings.Contains(table, `href="/territories/`+string(tr.ID)+`"`); got != inside {
				t.Errorf("%s in the table of %s: %v", tr.Name, g.Name, got)
			}
		}
	}
	for _, want := range []string{"1/1 项有已核验数", "0/1 项有已核验数", "没有分解指标", "未报送", "示意图", `aria-sort="ascending"`} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
	home := c.Get("/")
	if !home.Has(`href="/territories/dongchangfu"`) || home.Has("目标还没有分解到县区") || !home.Has("核验已填报的数") {
		t.Error("the overview does not show the counties")
	}
}

func TestCountyListOnItsPage(t *testing.T) {
	s, planID, _, _ := shared(t)
	ctx := context.Background()
	gov, _ := s.App.Pack.Government("linqing")
	clerk, head := person(s, gov.ID, org.CountyClerk), person(s, gov.ID, org.CountyHead)
	id, err := s.App.Plan.Import(ctx, clerk, plan.Upload{Name: "实施方案.txt", Kind: plan.KindCounty, Territory: "linqing", ParentID: planID,
		Data: strings.NewReader("临清市2026年提振消费实施方案\n\n一、重点任务\n\n1.建设托育驿站。新建社区托育驿站10个。（责任单位：市卫生健康局）\n")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.App.Plan.RunRead(ctx, id); err != nil {
		t.Fatal(err)
	}
	r, err := s.App.Plan.Review(ctx, clerk, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.App.Plan.Submit(ctx, clerk, id, r.Revision); err != nil {
		t.Fatal(err)
	}
	countyPlan, err := s.App.Plan.Publish(ctx, head, id, "")
	if err != nil {
		t.Fatal(err)
	}
	c := s.Dispatcher()
	a := c.Get("/territories/linqing")
	for _, want := range []string{"已报送：临清市2026年提振消费实施方案", `href="/plans/` + countyPlan + `"`, "建设托育驿站"} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
	if list := c.Get("/territories"); !list.Has(`href="/plans/` + countyPlan + `"`) {
		t.Error("the comparison does not say who has handed in")
	}
	home := c.Get("/")
	if !home.Has("换一份清单") || home.Has("建设托育驿站") {
		t.Error("a county's tasks count for the county, and its list can be chosen")
	}
	if own := c.Get("/?plan=" + countyPlan); own.Status != http.StatusOK || !own.Has("建设托育驿站") {
		t.Errorf("the county's list: %d", own.Status)
	}
}

func TestUnits(t *testing.T) {
	s, _, _, _ := shared(t)
	c := s.Dispatcher()
	task, _ := target(t, s, c.P, "社区托育驿站")
	counted, g := target(t, s, c.P, "养老服务消费券")
	report(t, s, person(s, counted.LeadUnit, org.UnitClerk), org.Principal{}, plan.Report{TargetID: g.ID, AsOf: "2026-06-30", Value: "1.9万"}, false)
	list := c.Get("/units")
	for _, u := range s.App.Pack.Units {
		if !list.Has(`href="/units/` + string(u.ID) + `"`) {
			t.Errorf("%s is not listed", u.Short)
		}
	}
	a := c.Get("/units/" + string(counted.LeadUnit))
	for _, want := range []string{counted.Title, "核验已填报的数", "1.9万张", "2026-06-30", `href="/targets/` + g.ID + `"`, "牵头"} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
	lead := c.Get("/units/" + string(task.LeadUnit) + "?role=support")
	if _, list, found := strings.Cut(lead.Body, `id="tasks"`); !found || strings.Contains(list, task.Title) {
		t.Error("a task that the unit leads stands among those it supports")
	}
	if gov := c.Get("/units/" + string(s.App.Pack.UnitsOf("jingkai")[0].ID)); !gov.Has(`href="/territories/jingkai"`) {
		t.Error("a government does not lead to its territory")
	}
	own := s.As("own", counted.LeadUnit, org.UnitClerk)
	if a := own.Get("/units/" + string(counted.LeadUnit)); !a.Has(`href="/report"`) {
		t.Error("a clerk is not led to the form")
	}
	if a := own.Get("/units/" + string(task.LeadUnit)); a.Has(`class="btn btn-primary" href="/report"`) {
		t.Error("a clerk is sent to report for another unit")
	}
}
