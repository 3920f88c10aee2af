package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/org"
	"bihuan/plan/plantest"
	"bihuan/register"
	"bihuan/web"
)

// BenchmarkRollUp measures the cockpit while records change: with so many records in
// 25 registers, one record leaves its count, and then the page is
// asked for; so are a register's list, a record and the to-do list. They must not cost
// more with more records. BIHUAN_BENCH_RECORDS names the largest size (100000 when unset).
func BenchmarkRollUp(b *testing.B) {
	largest, err := strconv.Atoi(os.Getenv("BIHUAN_BENCH_RECORDS"))
	if err != nil {
		largest = 100_000
	}
	for _, e := range dbtest.Engines(b) {
		for _, n := range []int{10_000, 100_000, 1_000_000} {
			if n <= largest {
				b.Run(fmt.Sprintf("%s/%d", e, n), func(b *testing.B) { rollUp(b, e, n) })
			}
		}
	}
}

func rollUp(b *testing.B, e db.Engine, n int) {
	ctx := context.Background()
	clock := dbtest.NewClock("2026-07-01T09:00:00+08:00")
	dsn := ""
	if e == db.PostgreSQL {
		dsn = dbtest.DSN(b)
	}
	policy := org.DefaultPolicy()
	policy.Hash = org.HashParams{MemoryKiB: 64, Passes: 1, Lanes: 1}
	a, err := app.Open(ctx, app.Config{Data: b.TempDir(), DB: dsn, City: city.Names()[0], Now: clock.Now, Policy: &policy})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	room := &plantest.Room{DB: a.DB, Clock: clock, Log: a.Log, Pack: a.Pack, Plan: a.Plan}
	room.PackPlan(b)
	registers := fillRecords(b, a, n)
	h, err := web.New(a, web.Options{Version: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	session := benchSession(b, a)
	lead := room.Head("post")
	if err := a.Warm(ctx); err != nil {
		b.Fatal(err)
	}
	rounds := 100
	if testing.Short() {
		rounds = 5
	}
	pages := map[string]string{"cockpit": "/", "list": "/registers/parcel-point", "record": "/records/r-parcel-point-1", "todo": "/todo"}
	took := map[string][]time.Duration{}
	timing := func(name string, f func()) {
		begin := time.Now()
		f()
		took[name] = append(took[name], time.Since(begin))
	}
	done := 0
	for b.Loop() {
		clear(took)
		for range rounds {
			done++
			timing("change", func() { suspend(b, a, lead, done) })
			for name, path := range pages {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.AddCookie(&http.Cookie{Name: "bihuan_session", Value: session})
				w := httptest.NewRecorder()
				timing(name, func() { h.ServeHTTP(w, r) })
				if w.Code != http.StatusOK {
					b.Fatal(path, w.Code)
				}
			}
			timing("allcounts", func() {
				if _, err := a.Register.At(ctx, registers, calendar.Today(clock.Now())); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
	for name, all := range took {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, name+"-p50-ms")
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, name+"-p99-ms")
	}
}

// suspend takes a parcel point out of the count.
func suspend(b *testing.B, a *app.App, lead org.Principal, i int) {
	err := a.Register.Move(context.Background(), lead, register.Step{ID: fmt.Sprintf("r-parcel-point-%d", i), Move: "suspend", Reason: "bench"})
	if err != nil {
		b.Fatal(err)
	}
}

// fillRecords puts n counting records into 25 registers, by statements of the
// database: entering a million one by one would take longer than what is measured.
func fillRecords(b *testing.B, a *app.App, n int) (refs []register.CountRef) {
	ctx := context.Background()
	var chosen []*register.Definition
	for _, d := range a.Register.Catalog().All() {
		plain := slices.IndexFunc(d.Counts, func(c register.Count) bool { return c.Sum == "" && len(c.Where) == 0 })
		if plain >= 0 && d.Effective != "" && len(chosen) < 25 {
			chosen = append(chosen, d)
			refs = append(refs, register.CountRef{Register: d.ID, Count: d.Counts[plain].ID})
		}
	}
	if len(chosen) < 20 {
		b.Fatalf("%d registers", len(chosen))
	}
	places := a.Pack.TerritoriesFor(city.CaliberZonesApart)
	for _, d := range chosen {
		counting := d.Stages[slices.IndexFunc(d.Stages, func(s register.Stage) bool { return s.Counts })].ID
		if err := a.DB.Write(ctx, func(tx *db.Tx) error {
			const series = "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < CAST($1 AS BIGINT)) "
			const day = "'2026-0' || CAST(1 + i % 6 AS TEXT) || '-' || CAST(10 + i % 18 AS TEXT)"
			place := "CASE i % " + strconv.Itoa(len(places))
			for k, t := range places {
				place += fmt.Sprintf(" WHEN %d THEN '%s'", k, t.ID)
			}
			place += " END"
			if _, err := tx.Exec(`INSERT INTO record (id, register, no, title, territory_id, stage, stage_at, body, unit_id, assignee, parent_id, spans, flags, due_on, falsified, demo, revision,
					reported_by, reporter, reported_at, updated_at, search, place) `+series+`SELECT CAST($2 AS TEXT) || CAST(i AS TEXT), CAST($3 AS TEXT), CAST($3 AS TEXT) || '-' || CAST(i AS TEXT), 'x', `+place+`, CAST($4 AS TEXT), 0,
					'{"' || CAST($5 AS TEXT) || '":"' || `+day+` || '"}', '', '', '', `+day+` || '/', '', '', 0, 0, 0, 'someone', 'someone', 0, 0, 'x', '' FROM s`,
				n/len(chosen), "r-"+string(d.ID)+"-", string(d.ID), counting, d.Effective); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO record_span (record_id, seq, from_on, to_on) SELECT id, 0, SUBSTR(spans, 1, 10), '' FROM record WHERE register = $1`, string(d.ID))
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	if err := a.Register.Rebuild(ctx, org.Job("bench")); err != nil {
		b.Fatal(err)
	}
	if a.DB.Engine() != db.PostgreSQL {
		return refs
	}
	// A server that runs has statistics of what stands in its tables.
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec("ANALYZE"); return err }); err != nil {
		b.Fatal(err)
	}
	return refs
}
