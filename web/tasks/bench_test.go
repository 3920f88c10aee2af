package tasks_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/tasks"
	"bihuan/web/webtest"
)

// who is a fixed person, so that the benchmark measures pages and not sessions.
type who struct {
	p      org.Principal
	policy org.Policy
}

func (w who) Authenticate(context.Context, string, bool) (org.Principal, error) { return w.p, nil }
func (w who) Policy() org.Policy                                                { return w.policy }

// BenchmarkPages draws the pages of this area over 5,000 tasks in 20 lists and
// reports the 50th and 99th percentile.
func BenchmarkPages(b *testing.B) {
	const lists, each = 20, 250
	s := webtest.New(b, db.SQLite, func(f *frame.App, a *app.App) {
		measuredBy(f, a)
		tasks.Routes(f)
	})
	lead := s.App.Pack.LeadUnit()
	author := org.Principal{ID: "author", Name: "author", UnitID: string(lead.ID), UnitName: lead.Short, Roles: []org.Role{org.Dispatcher, org.Approver}, Via: org.ViaPage}
	second := author
	second.ID = "second"
	for n := range lists {
		publish(b, s, author, second, bigPlan(s, n, each))
	}
	s.Frame.People = who{author, s.App.Org.Policy()}
	board, err := s.App.Supervise.Board(context.Background(), author)
	if err != nil {
		b.Fatal(err)
	}
	if len(board.Tasks) < lists*each {
		b.Fatalf("%d tasks", len(board.Tasks))
	}
	for _, c := range []struct{ name, path string }{
		{"list", "/tasks"}, {"filtered", "/tasks?light=grey&unit=" + string(lead.ID) + "&sort=deviation&page=3"}, {"text", "/tasks?q=服务站+77"},
		{"task", "/tasks/" + board.Tasks[700].ID}, {"report", "/report"}, {"search", "/search?q=服务站"}, {"plans", "/plans"}, {"export", "/tasks.xlsx"},
	} {
		b.Run(c.name, func(b *testing.B) { measure(b, s, c.path) })
	}
}

func measure(b *testing.B, s *webtest.Site, path string) {
	var took []time.Duration
	for b.Loop() {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.AddCookie(&http.Cookie{Name: "bihuan_session", Value: "x"})
		w := httptest.NewRecorder()
		begin := time.Now()
		s.Frame.Mux.ServeHTTP(w, r)
		took = append(took, time.Since(begin))
		if w.Code != http.StatusOK {
			b.Fatalf("%s: %d", path, w.Code)
		}
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
}

// bigPlan is the text of an invented plan.
func bigPlan(s *webtest.Site, n, tasks int) string {
	var t strings.Builder
	fmt.Fprintf(&t, "2026年第%d批促进消费行动计划\n一、重点任务\n", n+1)
	units := s.App.Pack.Units
	for i := range tasks {
		if i%10 == 0 {
			fmt.Fprintf(&t, "（%d）第%d组行动\n", i/10+1, i/10+1)
		}
		fmt.Fprintf(&t, "%d.建设第%d类服务站。年内建成%d个服务站，培育%d家企业。（责任单位：%s、%s）\n", i%10+1, i+1, 20+i, 5+i%7, units[(i+n)%10].Short, units[(i+n+3)%10].Short)
	}
	return t.String()
}

func publish(b *testing.B, s *webtest.Site, author, second org.Principal, text string) {
	b.Helper()
	ctx := context.Background()
	id, err := s.App.Plan.Import(ctx, author, plan.Upload{Name: "plan.txt", Kind: plan.KindCity, Data: strings.NewReader(text)})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.App.Plan.RunRead(ctx, id); err != nil {
		b.Fatal(err)
	}
	r, err := s.App.Plan.Review(ctx, author, id)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.App.Plan.Submit(ctx, author, id, r.Revision); err != nil {
		b.Fatal(err)
	}
	if _, err := s.App.Plan.Publish(ctx, second, id, ""); err != nil {
		b.Fatal(err)
	}
}
