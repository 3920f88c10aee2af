package supervise_test

import (
	"context"
	"fmt"
	"testing"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

// totals is a source that keeps sums, as rooms do: each record is added to its
// territory's total once, and a reading looks at totals only.
type totals struct {
	counter
	sums map[string]map[city.TerritoryID]quantity.Quantity
}

func (s *totals) At(_ context.Context, refs []string, _ calendar.Date) (map[string]supervise.Reading, error) {
	got := make(map[string]supervise.Reading, len(refs))
	for _, ref := range refs {
		got[ref] = supervise.Reading{Values: s.sums[ref]}
	}
	return got, nil
}

func (s *totals) record(ref string, territory city.TerritoryID) {
	if s.sums[ref] == nil {
		s.sums[ref] = map[city.TerritoryID]quantity.Quantity{}
	}
	s.sums[ref][territory] += quantity.Of(1)
}

// BenchmarkRecords measures boards over the pack's plan with more and more
// records behind its targets; the cost must not grow with them:
// go test -bench Records -benchtime 1x -run none ./supervise
func BenchmarkRecords(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := plantest.New(b, dbtest.Engines(b)[0])
			src := &totals{counter{kind: plan.Register}, map[string]map[city.TerritoryID]quantity.Quantity{}}
			r.Measured(supervise.NewSources(src))
			r.PackPlan(b)
			ctx, p := context.Background(), r.Dispatcher()
			s := supervise.New(r.DB, r.Log, r.Plan, src)
			board, err := s.Board(ctx, p)
			if err != nil {
				b.Fatal(err)
			}
			var refs []string
			for _, t := range board.Tasks {
				for i := range t.Targets {
					refs = append(refs, t.Targets[i].Measure.Refs()...)
				}
			}
			parts := r.Pack.TerritoriesFor(city.CaliberZonesApart)
			for i := range n {
				src.record(refs[i%len(refs)], parts[i/len(refs)%len(parts)].ID)
			}
			times(b, "FromScratch", func() error {
				_, err := supervise.New(r.DB, r.Log, r.Plan, src).Board(ctx, p)
				return err
			})
			timesAfter(b, "AfterARecord", func() error {
				src.record(refs[0], parts[0].ID)
				src.changes = append(src.changes, refs[0])
				return nil
			}, func() error { _, err := s.Board(ctx, p); return err })
		})
	}
}
