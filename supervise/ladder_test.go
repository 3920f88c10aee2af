package supervise_test

import (
	"context"
	"testing"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

func TestLadder(t *testing.T) {
	pack := packOf(t)
	for _, c := range []struct {
		name, due, today string
		want             city.ReminderAction
	}{
		{"ten working days before", "2026-07-15", "2026-07-01", city.ActionRemind},
		{"nine", "2026-07-15", "2026-07-02", ""},
		{"three before", "2026-07-15", "2026-07-10", city.ActionRemind},
		{"the day itself", "2026-07-15", "2026-07-15", ""},
		{"one after", "2026-07-15", "2026-07-16", city.ActionUrge},
		{"one after over a weekend", "2026-07-17", "2026-07-20", city.ActionUrge},
		{"the weekend itself", "2026-07-17", "2026-07-18", ""},
		{"five after", "2026-07-15", "2026-07-22", city.ActionPropose},
		{"six after", "2026-07-15", "2026-07-23", ""},
		{"one after, over the National Day", "2026-09-30", "2026-10-08", city.ActionUrge},
		{"within the National Day", "2026-09-30", "2026-10-01", ""},
	} {
		s, now := supervise.Ladder(calendar.MustParseDate(c.due), calendar.MustParseDate(c.today), pack.Calendar, pack.Defaults.Reminders)
		if now != (c.want != "") || s.Action != c.want {
			t.Errorf("%s: %v %q, want %q", c.name, now, s.Action, c.want)
		}
	}
	if _, now := supervise.Ladder(calendar.Date{}, calendar.MustParseDate("2026-07-01"), pack.Calendar, pack.Defaults.Reminders); now {
		t.Error("without a due date")
	}
}

// In a year each step of the ladder comes exactly once, always on a working day.
func TestEachStepComesOnce(t *testing.T) {
	pack := packOf(t)
	for due := calendar.MustParseDate("2026-03-01"); due.Before(calendar.MustParseDate("2026-11-01")); due = due.AddDays(1) {
		seen := map[int]int{}
		for day := due.AddDays(-40); day.Before(due.AddDays(40)); day = day.AddDays(1) {
			if s, now := supervise.Ladder(due, day, pack.Calendar, pack.Defaults.Reminders); now {
				seen[s.Workdays]++
				if !pack.Calendar.IsWorkday(day) {
					t.Fatalf("due %s: reminded on %s", due, day)
				}
			}
		}
		for _, s := range pack.Defaults.Reminders {
			if seen[s.Workdays] != 1 {
				t.Fatalf("due %s: step %d came %d times", due, s.Workdays, seen[s.Workdays])
			}
		}
	}
}

func packOf(t *testing.T) *city.Pack {
	t.Helper()
	pack, err := city.LoadBuiltin(city.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func TestProposals(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		ctx := context.Background()
		b := lights(t, r, s)
		if got := supervise.Proposals(b, r.Pack); len(got) != 0 {
			t.Errorf("without any figure: %v", got)
		}
		ref := refOf(t, b, "社区托育驿站")
		c.add(ref, "guanxian", "2026-03-01", 4)
		b = lights(t, r, s)
		task, _ := targetOf(t, b, "社区托育驿站")
		got := supervise.Proposals(b, r.Pack)
		if len(got) != 1 || got[0].Task != task || got[0].Reason != supervise.ReasonPace || got[0].Period != "2026-07" || got[0].Level != supervise.Red {
			t.Fatalf("%+v", got)
		}
		if err := s.SetLight(ctx, r.Approver(), task.ID, supervise.Green, "已完工待验收", "2026-07-20"); err != nil {
			t.Fatal(err)
		}
		if got := supervise.Proposals(lights(t, r, s), r.Pack); len(got) != 0 {
			t.Errorf("over a light set by hand: %v", got)
		}
		// From five working days after the end of the year on, what is open is proposed once for each reason.
		r.Clock.Add(192 * 24 * time.Hour) // 9 January
		b = lights(t, r, s)
		keys, overdue := map[string]bool{}, 0
		for _, p := range supervise.Proposals(b, r.Pack) {
			if keys[p.Key()] {
				t.Errorf("twice: %s", p.Key())
			}
			keys[p.Key()] = true
			if p.Reason == supervise.ReasonOverdue {
				overdue++
			}
		}
		if overdue != len(b.Tasks) {
			t.Errorf("%d of %d tasks are overdue", overdue, len(b.Tasks))
		}
	})
}

func TestRemindersOfADay(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room, s *supervise.Service) {
		r.PackPlan(t)
		b := lights(t, r, s)
		task, _ := targetOf(t, b, "社区托育驿站")
		if err := r.Plan.AddMilestone(context.Background(), r.Dispatcher(), task.ID, task.Revision, plan.MilestoneForm{Name: "首批开放", PlannedOn: "2026-07-06", Deliverable: "验收单", Acceptance: "现场"}); err != nil {
			t.Fatal(err)
		}
		got := lights(t, r, s).Reminders(r.Pack)
		if len(got) != 1 || got[0].What != "首批开放" || got[0].Action != city.ActionRemind {
			t.Errorf("three working days before: %+v", got)
		}
		// To be signed by tomorrow, Thursday: nothing before, urged on Friday.
		other, _ := targetOf(t, b, "电商零售企业")
		if err := r.Plan.MoveTask(context.Background(), r.Dispatcher(), other.ID, other.Revision, plan.MoveForm{Move: plan.MoveAssign}); err != nil {
			t.Fatal(err)
		}
		if got := lights(t, r, s).Reminders(r.Pack); len(got) != 1 {
			t.Errorf("reminded of a signature before it is late: %+v", got)
		}
		r.Clock.Add(2 * 24 * time.Hour)
		got = lights(t, r, s).Reminders(r.Pack)
		if len(got) != 1 || got[0].Task.ID != other.ID || got[0].Action != city.ActionUrge || got[0].Task.Turn.What != "签收" {
			t.Errorf("a signature is late: %+v", got)
		}
		r.Clock.Add(24 * time.Hour) // a Saturday
		if got := lights(t, r, s).Reminders(r.Pack); len(got) != 0 {
			t.Errorf("on a day off: %+v", got)
		}
	})
}
