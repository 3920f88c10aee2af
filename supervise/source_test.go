package supervise_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

// counter is a source of a test: a running total for each reference, territory
// and day, whatever number of records made it.
type counter struct {
	kind    plan.MeasureKind
	deltas  map[string][]delta
	changes []string                              // references in the order of their changes
	asked   []string                              // references that were read, in order
	asOf    func(day calendar.Date) calendar.Date // nil: the day itself
	whole   bool                                  // changes cannot be named one by one
}

type delta struct {
	territory city.TerritoryID
	day       calendar.Date
	value     quantity.Quantity
}

func (c *counter) Kind() plan.MeasureKind { return c.kind }

func (c *counter) At(_ context.Context, refs []string, day calendar.Date) (map[string]supervise.Reading, error) {
	got := map[string]supervise.Reading{}
	for _, ref := range refs {
		c.asked = append(c.asked, ref)
		values := map[city.TerritoryID]quantity.Quantity{}
		for _, d := range c.deltas[ref] {
			if !d.day.After(day) {
				values[d.territory] += d.value
			}
		}
		reading := supervise.Reading{Values: values}
		if c.asOf != nil {
			reading.AsOf = c.asOf(day)
		}
		got[ref] = reading
	}
	return got, nil
}

func (c *counter) Changes(_ context.Context, n int64) (int64, []string, bool, error) {
	now := int64(len(c.changes))
	return now, c.changes[n:], c.whole && n < now, nil
}

func (c *counter) Check(ref string, _ plan.TargetKind) error {
	if strings.HasPrefix(ref, "no-") {
		return errs.New(errs.Invalid, "没有“%s”", ref)
	}
	return nil
}

func (c *counter) Name(ref string) string { return "台账“" + ref + "”" }

func (c *counter) Link(ref string, day calendar.Date, territory city.TerritoryID) string {
	return "/registers/" + ref + "?at=" + day.String() + "&territory=" + string(territory)
}

func (c *counter) add(ref string, territory city.TerritoryID, day string, value int64) {
	c.deltas[ref] = append(c.deltas[ref], delta{territory, calendar.MustParseDate(day), quantity.Of(value)})
	c.changes = append(c.changes, ref)
}

// counted runs a test on both engines with a counter of records behind the pack's plan.
func counted(t *testing.T, kind plan.MeasureKind, f func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter)) {
	t.Helper()
	onBoth(t, func(t *testing.T, r *plantest.Room, _ *supervise.Service) {
		c := &counter{kind: kind, deltas: map[string][]delta{}}
		r.Measured(supervise.NewSources(c))
		r.PackPlan(t)
		f(t, r, supervise.New(r.DB, r.Log, r.Plan, c), c)
	})
}

func lights(t *testing.T, r *plantest.Room, s *supervise.Service) *supervise.Board {
	t.Helper()
	b, err := s.Board(context.Background(), r.Dispatcher())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refOf is the only reference behind a target.
func refOf(t *testing.T, b *supervise.Board, subject string) string {
	t.Helper()
	_, g := targetOf(t, b, subject)
	if len(g.Measure.Refs()) != 1 {
		t.Fatalf("%s: %v", subject, g.Measure)
	}
	return g.Measure.Refs()[0]
}

func TestACountedTargetFollowsItsRecords(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		b := lights(t, r, s)
		ref := refOf(t, b, "社区托育驿站")
		if task, g := targetOf(t, b, "社区托育驿站"); g.Level != supervise.Grey || g.Actual.Value != nil || !strings.Contains(g.Reason, "台账") || task.Turn.What != "登记台账" {
			t.Errorf("no record: %s %s, %v", g.Level, g.Reason, task.Turn)
		}
		c.add(ref, "guanxian", "2026-03-01", 5)
		c.add(ref, "jingkai", "2026-06-30", 7)
		c.add(ref, "dongchangfu", "2026-07-02", 9) // tomorrow: not yet
		_, g := targetOf(t, lights(t, r, s), "社区托育驿站")
		if g.Level != supervise.Blue || g.Actual.Value.String() != "12" || g.Actual.AsOf != "2026-07-01" || g.Day.String() != "2026-07-01" {
			t.Errorf("12 of 25 at midyear: %s %s, %v as of %s", g.Level, g.Reason, g.Actual.Value, g.Actual.AsOf)
		}
		// A record that no longer counts leaves by itself on the next day, and one that begins enters.
		c.deltas[ref] = append(c.deltas[ref], delta{"guanxian", calendar.MustParseDate("2026-07-02"), quantity.Of(-2)})
		r.Clock.Add(24 * time.Hour)
		if _, g = targetOf(t, lights(t, r, s), "社区托育驿站"); g.Actual.Value.String() != "19" {
			t.Errorf("the next day: %s", g.Actual.Value)
		}
	})
}

func TestSeveralRegistersAddUp(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		const subject = "绿色食品、有机食品、名特优新产品"
		_, g := targetOf(t, lights(t, r, s), subject)
		refs := g.Measure.Refs()
		if len(refs) != 3 {
			t.Fatalf("%v", refs)
		}
		for i, ref := range refs {
			c.add(ref, "guanxian", "2026-05-01", int64(i+1))
			c.add(ref, "shenxian", "2026-05-01", 10)
		}
		if _, g = targetOf(t, lights(t, r, s), subject); g.Actual.Value.String() != "36" {
			t.Errorf("%s", g.Actual.Value)
		}
		links := s.Behind(g.Target, calendar.MustParseDate("2026-07-01"), "guanxian")
		if len(links) != 3 || !strings.Contains(links[0].URL, "territory=guanxian") || !strings.Contains(links[0].Name, refs[0]) {
			t.Errorf("%v", links)
		}
	})
}

// A district's part is the district alone, a zone's the zone alone, and the whole
// counts each of them once, also those that carry no part.
func TestZonesAreNeverCountedTwice(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		b := lights(t, r, s)
		task, g := targetOf(t, b, "社区托育驿站")
		typed := map[city.TerritoryID]string{"dongchangfu": "10", "jingkai": "10", "guanxian": "5"}
		if err := r.Plan.ShareOut(context.Background(), r.Clerk(task.LeadUnit), g.ID, task.Revision, typed, ""); err != nil {
			t.Fatal(err)
		}
		ref := refOf(t, b, "社区托育驿站")
		c.add(ref, "dongchangfu", "2026-05-01", 4)
		c.add(ref, "jingkai", "2026-05-01", 3)
		c.add(ref, "gaoxin", "2026-05-01", 2) // carries no part
		_, g = targetOf(t, lights(t, r, s), "社区托育驿站")
		if g.Actual.Value.String() != "9" || len(g.Actual.Silent) != 0 {
			t.Errorf("the whole is %v, silent %v", g.Actual.Value, g.Actual.Silent)
		}
		got := map[city.TerritoryID]string{}
		for _, p := range g.ByPart {
			got[p.Territory] = p.Actual.Value.String()
			if p.Territory == "guanxian" && p.Level != supervise.Red {
				t.Errorf("none where others have some: %s %s", p.Level, p.Reason)
			}
		}
		if got["dongchangfu"] != "4" || got["jingkai"] != "3" || got["guanxian"] != "0" {
			t.Errorf("%v", got)
		}
	})
}

func TestOnlyWhatMovedIsRenewed(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		first := lights(t, r, s)
		if lights(t, r, s) != first {
			t.Error("nothing changed, and the board was drawn anew")
		}
		moving, resting := refOf(t, first, "社区托育驿站"), refOf(t, first, "巾帼好物")
		c.asked = nil
		c.add(moving, "guanxian", "2026-05-01", 4)
		second := lights(t, r, s)
		before, _ := targetOf(t, first, "社区托育驿站")
		after, _ := targetOf(t, second, "社区托育驿站")
		still, _ := targetOf(t, first, "巾帼好物")
		same, _ := targetOf(t, second, "巾帼好物")
		if before == after || still != same {
			t.Error("renewed the wrong tasks")
		}
		for _, ref := range c.asked {
			if ref == resting {
				t.Error("what did not move was read")
			}
		}
		if lights(t, r, s) != second {
			t.Error("one change was seen twice")
		}
		c.whole = true
		c.add(resting, "guanxian", "2026-05-01", 4)
		if same, _ = targetOf(t, lights(t, r, s), "巾帼好物"); same == still {
			t.Error("a change that cannot be named was overlooked")
		}
	})
}

func TestYellowTwiceLooksAtTheRecordsOfThen(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		ref := refOf(t, lights(t, r, s), "群众性体育赛事")
		// Yellow against the paces of 31 May, 30 June and today, 1 July, which begins a period and is none.
		c.add(ref, "guanxian", "2026-01-10", 1_150)
		c.add(ref, "guanxian", "2026-06-20", 200)
		_, g := targetOf(t, lights(t, r, s), "群众性体育赛事")
		if g.Level != supervise.Red || !strings.Contains(g.Reason, "连续 2 期") {
			t.Errorf("%s %s", g.Level, g.Reason)
		}
		c.add(ref, "guanxian", "2026-05-20", 60) // blue at the end of May
		if _, g = targetOf(t, lights(t, r, s), "群众性体育赛事"); g.Level != supervise.Yellow {
			t.Errorf("%s %s", g.Level, g.Reason)
		}
	})
}

func TestAGapIsTheLightOfAComparison(t *testing.T) {
	counted(t, plan.Series, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		const subject = "全市社会消费品零售总额"
		b := lights(t, r, s)
		ref := refOf(t, b, subject)
		if task, g := targetOf(t, b, subject); g.Level != supervise.Grey || g.Reason != "数据未发布" || task.Turn.What != "" {
			t.Errorf("nothing published: %s %s %v", g.Level, g.Reason, task.Turn)
		}
		// The figure of a month is published in the middle of the next one.
		c.asOf = func(day calendar.Date) calendar.Date { return supervise.PeriodBefore(day.AddDays(-14), false) }
		for _, step := range []struct {
			april, may string
			want       supervise.Level
		}{{"1", "0.3", supervise.Green}, {"1", "0", supervise.Green}, {"1", "-0.2", supervise.Blue}, {"1", "-0.4", supervise.Yellow},
			{"1", "-0.6", supervise.Red}, {"-0.4", "-0.4", supervise.Red}, {"-0.2", "-0.4", supervise.Yellow}} {
			april, may := parsed(t, step.april), parsed(t, step.may)
			c.deltas[ref] = []delta{{"", calendar.MustParseDate("2026-05-15"), april}, {"", calendar.MustParseDate("2026-06-15"), may - april}}
			c.changes = append(c.changes, ref)
			if _, g := targetOf(t, lights(t, r, s), subject); g.Level != step.want || g.Actual.AsOf != "2026-05-31" {
				t.Errorf("gaps %s, %s: %s %s as of %s", step.april, step.may, g.Level, g.Reason, g.Actual.AsOf)
			}
		}
	})
}

func parsed(t *testing.T, s string) quantity.Quantity {
	t.Helper()
	q, err := quantity.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// A measure whose room is gone is grey, and the page still comes.
func TestWithoutItsSourceATargetIsGrey(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		b := lights(t, r, supervise.New(r.DB, r.Log, r.Plan))
		if _, g := targetOf(t, b, "社区托育驿站"); g.Level != supervise.Grey {
			t.Errorf("%s %s", g.Level, g.Reason)
		}
		if err := (supervise.Sources{}).Check(plan.Ledger, "x", plan.Flow); !errs.Is(err, errs.Unavailable) {
			t.Errorf("%v", err)
		}
	})
}

// What a county's own list promises is counted in the county alone.
func TestACountysListCountsTheCountyAlone(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		ctx := context.Background()
		county := r.County("guanxian", org.CountyHead)
		r.Publish(t, r.Import(t, r.Dispatcher(), plan.Upload{Kind: plan.KindCounty, Territory: "guanxian", ParentID: lights(t, r, s).Plans[0].ID}, plantest.CountyText))
		_ = county
		var own *supervise.TaskLight
		for _, task := range lights(t, r, s).Tasks {
			if task.Territory == "guanxian" && len(task.Targets) > 0 && task.Targets[0].Subject == "社区托育驿站" {
				own = task
			}
		}
		if own == nil {
			t.Fatal("no own list")
		}
		if err := r.Plan.Bind(ctx, r.Dispatcher(), own.Targets[0].ID, own.Revision, plan.Binding{Kind: plan.Register, Ref: "childcare/x"}, "同一台账"); err != nil {
			t.Fatal(err)
		}
		c.add("childcare/x", "guanxian", "2026-05-01", 2)
		c.add("childcare/x", "shenxian", "2026-05-01", 8)
		if g := lights(t, r, s).Task(own.ID).Targets[0]; g.Actual.Value == nil || g.Actual.Value.String() != "2" {
			t.Errorf("%v", g.Actual.Value)
		}
	})
}

func TestATaskThatIsSetAsideHasNoLight(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		b := lights(t, r, s)
		c.add(refOf(t, b, "社区托育驿站"), "guanxian", "2026-05-01", 1)
		task, g := targetOf(t, lights(t, r, s), "社区托育驿站")
		if g.Level != supervise.Red {
			t.Fatal(g.Level)
		}
		if err := r.Plan.MoveTask(context.Background(), r.Approver(), task.ID, task.Revision, plan.MoveForm{Move: plan.MoveSuspend, Words: "政策调整"}); err != nil {
			t.Fatal(err)
		}
		task, g = targetOf(t, lights(t, r, s), "社区托育驿站")
		if task.Shown() != supervise.Grey || g.Level != supervise.Grey || g.Actual.Value.String() != "1" || task.Turn.What != "" {
			t.Errorf("%s %s %v", task.Shown(), g.Level, task.Turn)
		}
	})
}
