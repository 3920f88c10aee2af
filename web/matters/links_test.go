package matters_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/matters"
	"bihuan/web/registers"
	"bihuan/web/webtest"
)

// Every number of 督导事项 opens to exactly as many records.
func TestNumbersOfRegistersOpenToTheirRecords(t *testing.T) {
	s := webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		matters.Routes(f, a.Matter, a.Register)
		registers.Routes(f, a.Register, a.Sheets)
	})
	s.PackPlan()
	d, r, ctx := s.Dispatcher(), s.App.Register, t.Context()
	for range 3 {
		if _, err := r.Create(ctx, d.P, register.Draft{Register: "reminder-letter", Values: map[string]string{"name": "消费券发放", "addressee": "civil", "facts": "发放滞后", "standard": "计划要求按期发放", "request": "请加快", "due": "2026-07-20", "contact": "张三"}}); err != nil {
			t.Fatal(err)
		}
	}
	all, _, err := r.List(ctx, d.P, register.Query{Register: "reminder-letter"})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Move(ctx, d.P, register.Step{ID: all[0].ID, Move: "submit"}); err != nil {
		t.Fatal(err)
	}
	s.Clock.Add(30 * 24 * time.Hour) // what waits for approval is late by now
	d = s.As("later", s.App.Pack.LeadUnit().ID, org.Dispatcher)
	page := d.Get("/matters/registers").Body
	number := regexp.MustCompile(`href="(/registers/reminder-letter\?[^"]*)"[^>]*>\s*(\d+)`)
	row := regexp.MustCompile(`href="/records/[^"]+"`)
	seen := map[string]string{}
	for _, m := range number.FindAllStringSubmatch(page, -1) {
		a := d.Get(strings.ReplaceAll(m[1], "&amp;", "&"))
		unique := map[string]bool{}
		for _, link := range row.FindAllString(a.Body, -1) {
			unique[link] = true
		}
		if a.Status != http.StatusOK || len(unique) != int(m[2][0]-'0') {
			t.Errorf("%s says %s and lists %d", m[1], m[2], len(unique))
		}
		seen[m[1]] = m[2]
	}
	for url, n := range map[string]string{"owed=1": "2", "late=1": "1", "stage=draft": "2", "stage=proposed": "1"} {
		if seen["/registers/reminder-letter?"+url] != n {
			t.Errorf("%s: %v", url, seen)
		}
	}
}

// The page of articles is one of the tabs, and who audits may open it.
func TestArticlesAreATab(t *testing.T) {
	s := site(t)
	if a := s.As("auditor", "", org.Auditor).Get("/matters/rules"); a.Status != http.StatusOK || !a.Has(`href="/matters/burden"`) || !a.Has(`aria-current="page"`) || !a.Has("1.10") {
		t.Errorf("%d", a.Status)
	}
}

// What somebody reports without a name is answered for everybody to read.
func TestAskedTwiceFromReportToAnswer(t *testing.T) {
	s := webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		matters.Routes(f, a.Matter, a.Register)
		registers.Routes(f, a.Register, a.Sheets)
	})
	clerk, desk, other := s.As("clerk", "civil", org.UnitClerk), s.Dispatcher(), s.As("auditor", "", org.Auditor)
	if a := clerk.Get("/matters/burden"); !a.Has(`href="/registers/asked-twice/new"`) || !a.Has("减负守则") {
		t.Fatalf("the way to report: %d", a.Status)
	}
	made := clerk.Post("/registers/asked-twice/new", "v-what", "同一张床位表一周要了三次", "v-channel", "工作群", "v-times", "3", "v-asked", "2026-06-30")
	if made.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	all, _, err := s.App.Register.List(t.Context(), desk.P, register.Query{Register: "asked-twice", Owed: true})
	if err != nil || len(all) != 1 {
		t.Fatalf("nobody has it: %v", err)
	}
	for _, c := range []*webtest.Client{clerk, desk, other} {
		if a := c.Get("/records/" + all[0].ID); a.Status != http.StatusOK || strings.Contains(a.Body, "测试clerk") && c != clerk {
			t.Errorf("the record names its reporter: %d", a.Status)
		}
	}
	if a := desk.Post("/records/"+all[0].ID+"/moves/answer", "revision", "0", "v-outcome", "改由系统取数", "v-answer", "床位数改由系统取"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := other.Get("/matters/burden"); !a.Has("改由系统取数") || !a.Has("床位数改由系统取") {
		t.Errorf("the answer: %d", a.Status)
	}
	if a := other.Get("/registers/form"); a.Status != http.StatusOK {
		t.Errorf("the registry of forms: %d", a.Status)
	}
}

// The page says how much of the look-back is still to be done, and where it is drawn.
func TestLookBackIsProposed(t *testing.T) {
	s := site(t)
	if a := s.Dispatcher().Get("/matters/proposals"); a.Status != http.StatusOK || !a.Has("销号满 90 天的问题，抽 10% 回头看") || a.Has("/registers/rectification-problem/checks") {
		t.Errorf("%d", a.Status)
	}
}
