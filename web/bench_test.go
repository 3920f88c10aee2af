package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/org"
	"bihuan/plan/plantest"
	"bihuan/web"
)

// BenchmarkPages draws every page over 200 lists, 5,000 tasks, 10,000 targets and
// 100,000 progress entries, through the whole handler with a real session, and
// reports the 50th and 99th percentile of the server's time. BIHUAN_BENCH_PAGES
// sets how often each page is drawn (100).
func BenchmarkPages(b *testing.B) {
	for _, engine := range dbtest.Engines(b) {
		b.Run(string(engine), func(b *testing.B) { benchmarkPages(b, engine) })
	}
}

func benchmarkPages(b *testing.B, engine db.Engine) {
	ctx := context.Background()
	clock := dbtest.NewClock("2026-07-20T09:00:00+08:00")
	config := app.Config{Data: b.TempDir(), City: city.Names()[0], Now: clock.Now}
	if engine == db.PostgreSQL {
		config.DB = dbtest.DSN(b)
	}
	a, err := app.Open(ctx, config)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = a.Close() })
	room := &plantest.Room{DB: a.DB, Clock: clock, Log: a.Log, Pack: a.Pack, Blobs: a.Blobs.(*blob.Folder), Plan: a.Plan}
	ids := room.Load(b, plantest.Large)
	h, err := web.New(a, web.Options{})
	if err != nil {
		b.Fatal(err)
	}
	session := benchSession(b, a)
	if err := a.Warm(ctx); err != nil {
		b.Fatal(err)
	}
	for _, path := range []string{
		"/", "/tasks", "/tasks?page=40", "/tasks?light=red&sort=deviation", "/tasks?q=1234", "/tasks/" + ids[len(ids)/2], "/targets", "/territories",
		"/territories/" + string(a.Pack.Territories[1].ID), "/units", "/units/" + string(a.Pack.LeadUnit().ID), "/plans", "/imports", "/verify", "/report", "/search?q=12", "/account", "/directory", "/help",
	} {
		b.Run(path, func(b *testing.B) { timed(b, h, session, path) })
	}
}

func benchSession(b *testing.B, a *app.App) string {
	ctx, operator := context.Background(), org.CommandLine("bench")
	inv, err := a.Org.CreatePerson(ctx, operator, org.PersonInput{Login: "bench", Name: "测试", UnitID: string(a.Pack.LeadUnit().ID)})
	if err != nil {
		b.Fatal(err)
	}
	if err := a.Org.GrantRole(ctx, operator, inv.PersonID, org.Dispatcher); err != nil {
		b.Fatal(err)
	}
	link, err := a.Org.IssueLoginLink(ctx, operator, inv.PersonID, time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	in, err := a.Org.RedeemLoginLink(ctx, link, org.From{Address: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	return in.Token
}

func timed(b *testing.B, h http.Handler, session, path string) {
	n, err := strconv.Atoi(os.Getenv("BIHUAN_BENCH_PAGES"))
	if err != nil {
		n = 100
	}
	var took []time.Duration
	for b.Loop() {
		took = took[:0]
		for range n {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.AddCookie(&http.Cookie{Name: "bihuan_session", Value: session})
			w := httptest.NewRecorder()
			begin := time.Now()
			h.ServeHTTP(w, r)
			took = append(took, time.Since(begin))
			if w.Code != http.StatusOK {
				b.Fatalf("%s: %d %s", path, w.Code, w.Header().Get("Location"))
			}
		}
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
}
