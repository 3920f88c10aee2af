package cockpit_test

import (
	"context"
	"net/http"
	"testing"

	"bihuan/app"
	"bihuan/kit/db"
	"bihuan/org"
	room "bihuan/register"
	"bihuan/web/cockpit"
	"bihuan/web/frame"
	"bihuan/web/webtest"
)

// What a county's score of service consists of opens to its records.
func TestRankingOpensToItsRecords(t *testing.T) {
	s := webtest.New(t, db.SQLite, func(f *frame.App, _ *app.App) { cockpit.Routes(f) })
	s.PackPlan()
	boss, desk := s.As("boss", "", org.Leader), s.Dispatcher()
	clerk := s.As("county", "guanxian-gov", org.CountyClerk)
	ctx := context.Background()
	last := ""
	for range 3 {
		id, err := s.App.Register.Create(ctx, clerk.P, room.Draft{Register: "enterprise-problem", Territory: "guanxian", Values: map[string]string{"problem": "招工难", "detail": "缺20人",
			"enterprise": "某食品公司", "uscc": "91371500MA3C0YMT1D", "category": "用工", "received": "2026-06-01"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.App.Register.Move(ctx, desk.P, room.Step{ID: id, Move: "assign", Values: map[string]string{"handler": "guanxian-gov", "level": "县级解决"}}); err != nil {
			t.Fatal(err)
		}
		last = id
	}
	if a := boss.Get("/ranking"); a.Status != http.StatusOK || !a.Has(`href="/ranking/guanxian"`) || !a.Has("12315投诉按时告知") || !a.Has("0/3 件，满分 10") {
		t.Errorf("the ranking: %d", a.Status)
	}
	a := boss.Get("/ranking/guanxian")
	for _, want := range []string{"0 分（满分 10）", "应计 3 件，按期 0 件", "未完成，已逾期", "/records/" + last, "没有应计的记录", "少于 3 件，不计入"} {
		if !a.Has(want) {
			t.Errorf("%d: no %q", a.Status, want)
		}
	}
	if a := boss.Get("/ranking/nowhere"); a.Status != http.StatusNotFound {
		t.Errorf("an unknown county: %d", a.Status)
	}
	if a := clerk.Get("/ranking/guanxian"); a.Status != http.StatusForbidden {
		t.Errorf("internal: %d", a.Status)
	}
}
