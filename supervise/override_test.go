package supervise_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bihuan/kit/errs"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

func TestLightSetByHand(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room, s *supervise.Service) {
		ctx := context.Background()
		r.Publish(t, r.Import(t, r.Dispatcher(), plan.Upload{}, plantest.CityText))
		approver := r.Approver()
		task := func() *supervise.TaskLight {
			t.Helper()
			b, err := s.Board(ctx, r.Dispatcher())
			if err != nil {
				t.Fatal(err)
			}
			return b.Tasks[0]
		}
		id := task().ID
		for _, c := range []struct {
			name, reason, until string
			level               supervise.Level
			field               string
		}{
			{"grey", "理由", "2026-07-10", supervise.Grey, "level"},
			{"no level", "理由", "2026-07-10", "", "level"},
			{"no reason", "  ", "2026-07-10", supervise.Green, "reason"},
			{"a long reason", strings.Repeat("长", 301), "2026-07-10", supervise.Green, "reason"},
			{"no end", "理由", "", supervise.Green, "until"},
			{"an end in the past", "理由", "2026-06-30", supervise.Green, "until"},
			{"for ever", "理由", "2026-12-31", supervise.Green, "until"},
		} {
			if err := s.SetLight(ctx, approver, id, c.level, c.reason, c.until); errs.FieldMessages(err)[c.field] == "" {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if err := s.SetLight(ctx, approver, "nothing", supervise.Green, "理由", "2026-07-10"); !errs.Is(err, errs.NotFound) {
			t.Errorf("no such task: %v", err)
		}
		if err := s.LiftLight(ctx, approver, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("nothing to lift: %v", err)
		}
		set := func(l supervise.Level, until string) {
			t.Helper()
			if err := s.SetLight(ctx, approver, id, l, "已有替代措施", until); err != nil {
				t.Fatal(err)
			}
		}
		set(supervise.Red, "2026-07-10")
		if got := task(); got.Shown() != supervise.Red || got.Computed.Level != supervise.Grey || got.Override.ByName != approver.Name {
			t.Errorf("shown %s, computed %s", got.Shown(), got.Computed.Level)
		}
		set(supervise.Green, "2026-07-05") // the newer one counts
		if got := task(); got.Shown() != supervise.Green {
			t.Errorf("set anew: %s", got.Shown())
		}
		r.Clock.Add(4 * 24 * time.Hour) // its last day
		if got := task(); got.Shown() != supervise.Green {
			t.Errorf("on its last day: %s", got.Shown())
		}
		r.Clock.Add(24 * time.Hour)
		if got := task(); got.Override != nil || got.Shown() != got.Computed.Level {
			t.Errorf("after its end: %s; the older one must not come back", got.Shown())
		}
		set(supervise.Yellow, "2026-07-31")
		if err := s.LiftLight(ctx, approver, id); err != nil || task().Override != nil {
			t.Errorf("lifted: %v", err)
		}
	})
}

// A target that is yellow at the end of two months running is red; a board reads
// the month before by itself.
func TestYellowTwiceOnTheBoard(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room, s *supervise.Service) {
		ctx := context.Background()
		r.Publish(t, r.Import(t, r.Dispatcher(), plan.Upload{}, plantest.CityText))
		level := func() supervise.Level {
			t.Helper()
			b, err := s.Board(ctx, r.Dispatcher())
			if err != nil {
				t.Fatal(err)
			}
			_, g := targetOf(t, b, "社区托育驿站")
			return g.Level
		}
		report := func(asOf, value string) string {
			t.Helper()
			b, err := s.Board(ctx, r.Dispatcher())
			if err != nil {
				t.Fatal(err)
			}
			task, g := targetOf(t, b, "社区托育驿站")
			id, err := r.Plan.Report(ctx, r.Clerk(task.LeadUnit), plan.Report{TargetID: g.ID, AsOf: asOf, Value: value, Proof: plantest.Proof(value)})
			if err == nil {
				err = r.Plan.Verify(ctx, r.Head(task.LeadUnit), id)
			}
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		may := report("2026-05-31", "9.3") // 10.3 were due: 10 % behind
		if got := level(); got != supervise.Yellow {
			t.Fatalf("May: %s", got)
		}
		report("2026-06-30", "11") // 12.4 were due: 11 % behind
		if got := level(); got != supervise.Red {
			t.Errorf("May and June: %s", got)
		}
		b, err := s.Board(ctx, r.Dispatcher())
		if err != nil {
			t.Fatal(err)
		}
		task, _ := targetOf(t, b, "社区托育驿站")
		if err := r.Plan.WithdrawEntry(ctx, r.Head(task.LeadUnit), may, "数字有误"); err != nil {
			t.Fatal(err)
		}
		if got := level(); got != supervise.Yellow {
			t.Errorf("June alone: %s", got)
		}
	})
}
