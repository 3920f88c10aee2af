package checks_test

import (
	"net/http"
	"testing"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/web/checks"
	"bihuan/web/frame"
	"bihuan/web/webtest"
)

func site(t *testing.T) *webtest.Site {
	t.Helper()
	return webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) { checks.Routes(f, a.Register) })
}

func TestWhoMay(t *testing.T) {
	s := site(t)
	if a := s.Nobody().Get("/checks"); a.Status != http.StatusSeeOther {
		t.Errorf("nobody: %d", a.Status)
	}
	places := s.App.Pack.TerritoriesFor(city.CaliberZonesApart)
	gov, _ := s.App.Pack.Government(places[0].ID)
	clerk := s.As("clerk", gov.ID, org.CountyClerk)
	if a := clerk.Get("/checks"); a.Status != http.StatusOK || a.Has("公布承诺") {
		t.Errorf("clerk: %d", a.Status)
	}
	form := []string{"register", "parcel-point", "territory", string(places[0].ID), "start", "2026-01-01", "end", "2026-06-01"}
	if a := clerk.Post("/checks", form...); a.Status != http.StatusForbidden {
		t.Errorf("clerk opens: %d", a.Status)
	}
	boss := s.Dispatcher()
	if a := boss.Get("/checks/nothing"); a.Status != http.StatusNotFound {
		t.Errorf("unknown: %d", a.Status)
	}
	if a := boss.Post("/checks", "register", "parcel-point", "start", "x"); a.Status != http.StatusUnprocessableEntity || !a.Has("请填写开始日期") || !a.Has("一个登记单位或一个地区") {
		t.Errorf("bad form: %d", a.Status)
	}
	a := boss.Post("/checks", form...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("open: %d %s", a.Status, a.Body)
	}
	at := a.Header.Get("Location")
	if a := boss.Get(at); a.Status != http.StatusOK || !a.Has("承诺") || !a.Has("封存清单") {
		t.Errorf("draw: %d", a.Status)
	}
	for step, want := range map[string]int{"close": http.StatusConflict, "draw": http.StatusConflict, "result": http.StatusConflict, "finish": http.StatusConflict, "else": http.StatusNotFound} {
		if a := boss.Post(at + "/" + step); a.Status != want {
			t.Errorf("%s: %d", step, a.Status)
		}
		if a := clerk.Post(at + "/" + step); step != "else" && a.Status != http.StatusForbidden {
			t.Errorf("clerk %s: %d", step, a.Status)
		}
	}
	if a := boss.Get(at + "/draw.json"); a.Status != http.StatusConflict {
		t.Errorf("file: %d", a.Status)
	}
}
