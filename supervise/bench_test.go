package supervise_test

import (
	"context"
	"flag"
	"slices"
	"testing"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

var runs = flag.Int("runs", 200, "how often each question of the large benchmark is asked")

// times runs f as often as asked, 200 times unless told, and reports the median and the 99th hundredth.
func times(b *testing.B, name string, f func() error) { timesAfter(b, name, nil, f) }

// timesAfter does something before each run that does not count.
func timesAfter(b *testing.B, name string, before, f func() error) {
	b.Helper()
	b.Run(name, func(b *testing.B) {
		took := make([]time.Duration, max(b.N, *runs))
		for i := range took {
			if before != nil {
				if err := before(); err != nil {
					b.Fatal(err)
				}
			}
			began := time.Now()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			took[i] = time.Since(began)
		}
		slices.Sort(took)
		at := func(share int) float64 { return float64(took[(len(took)-1)*share/100].Microseconds()) / 1000 }
		b.ReportMetric(at(50), "p50-ms")
		b.ReportMetric(at(99), "p99-ms")
		b.ReportMetric(0, "ns/op")
	})
}

// BenchmarkLarge measures the pages' questions over 200 plans, 5,000 tasks, 10,000
// targets and 100,000 entries: go test -bench Large -benchtime 1x ./supervise
func BenchmarkLarge(b *testing.B) {
	for _, e := range dbtest.Engines(b) {
		b.Run(string(e), func(b *testing.B) {
			r := plantest.New(b, e)
			r.Broken = true // what was loaded has no files and no log
			tasks := r.Load(b, plantest.Large)
			analyze(b, r)
			measure(b, r, tasks)
		})
	}
}

// analyze gives the engines the statistics that they gather by themselves in time.
func analyze(b *testing.B, r *plantest.Room) {
	b.Helper()
	if err := r.DB.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec("ANALYZE")
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

func measure(b *testing.B, r *plantest.Room, tasks []string) {
	ctx := context.Background()
	p := r.Dispatcher()
	kept := supervise.New(r.DB, r.Log, r.Plan)
	board := func(s *supervise.Service) error { _, err := s.Board(ctx, p); return err }
	times(b, "BoardFromScratch", func() error { return board(supervise.New(r.DB, r.Log, r.Plan)) })
	if err := board(kept); err != nil {
		b.Fatal(err)
	}
	night := func() error { r.Clock.Add(24 * time.Hour); return nil }
	timesAfter(b, "BoardOfANewDay", night, func() error { return board(kept) })
	times(b, "BoardUnchanged", func() error { return board(kept) })
	lead := r.Pack.UnitsOf(r.Pack.Root().ID)[0].ID
	timesAfter(b, "BoardAfterAChange", func() error {
		d, err := r.Plan.Views(ctx, p, tasks[:1])
		if err != nil {
			return err
		}
		return r.Plan.AddSource(ctx, r.Clerk(lead), tasks[0], d[0].Revision, plan.Source{Kind: "minutes", Title: "纪要"})
	}, func() error { return board(kept) })
	current, err := kept.Board(ctx, p)
	if err != nil {
		b.Fatal(err)
	}
	times(b, "ViewAll", func() error { current.View(r.Pack, ""); return nil })
	times(b, "ViewOnePlan", func() error { current.View(r.Pack, current.Plans[0].ID); return nil })
	times(b, "ListWithText", func() error {
		ids, err := r.Plan.TaskIDs(ctx, p, plan.Filter{Text: "寄递 时间节点"})
		if err != nil {
			return err
		}
		_, err = r.Plan.Views(ctx, p, ids[:50])
		return err
	})
	times(b, "ListOfAUnit", func() error {
		ids, err := r.Plan.TaskIDs(ctx, p, plan.Filter{Unit: lead})
		if err != nil {
			return err
		}
		_, err = r.Plan.Views(ctx, p, ids[:50])
		return err
	})
	times(b, "TaskWith500Entries", func() error { _, err := r.Plan.Task(ctx, p, tasks[0]); return err })
	times(b, "Imports", func() error { _, _, err := r.Plan.Imports(ctx, p, "", 50, 0); return err })
	times(b, "ToDecide2000", func() error { _, _, err := r.Plan.ToDecide(ctx, p, 50); return err })
	times(b, "Plans", func() error { _, err := r.Plan.Plans(ctx, p); return err })
}

// What Load leaves is what use cases would have left.
func TestLoadedRoomIsSound(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room, s *supervise.Service) {
		ctx := context.Background()
		r.Load(t, plantest.Size{Plans: 13, Tasks: 40, Targets: 80, Entries: 800, Waiting: 20, Busy: 50, Imports: 6})
		b, err := s.Board(ctx, r.Dispatcher())
		if err != nil || len(b.Tasks) != 40 {
			t.Fatalf("%v", err)
		}
		if _, n, err := r.Plan.ToDecide(ctx, r.Dispatcher(), 5); err != nil || n != 20 {
			t.Errorf("%d waiting, %v", n, err)
		}
		if wrong, n, err := r.Plan.CheckStandings(ctx); err != nil || n != 80 || len(wrong) > 0 {
			t.Errorf("%d standings, %v wrong, %v", n, wrong, err)
		}
		r.Broken = true // the document has no file
	})
}
