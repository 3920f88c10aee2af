package supervise_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

// world does random things to a room, the way people with every permission would.
type world struct {
	t        *testing.T
	r        *plantest.Room
	s        *supervise.Service
	rnd      *rand.Rand
	planID   string
	county   city.TerritoryID
	versions int
	records  *counter // behind the targets that are bound
	done     map[string]int
}

// people are four who may do everything, so that the second-person rules are met by chance and broken by chance.
func (w *world) someone() org.Principal {
	p := w.r.Person(fmt.Sprint("p", w.rnd.IntN(4)), w.r.Pack.LeadUnit().ID, org.Dispatcher, org.Approver, org.UnitClerk, org.UnitHead, org.CountyClerk, org.CountyHead)
	p.TerritoryID = string(w.county)
	return p
}

// as gives someone the unit that leads a task, so that they may report for it.
func (w *world) as(task *supervise.TaskLight) org.Principal {
	p := w.someone()
	p.UnitID = string(task.LeadUnit)
	return p
}

func (w *world) board() *supervise.Board {
	w.t.Helper()
	b, err := w.s.Board(context.Background(), w.r.Dispatcher())
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// compare holds the board that was brought up to date step by step against one from scratch.
func (w *world) compare(after string) {
	w.t.Helper()
	kept := w.board()
	fresh, err := supervise.New(w.r.DB, w.r.Log, w.r.Another(), w.records).Board(context.Background(), w.r.Dispatcher())
	if err != nil {
		w.t.Fatal(err)
	}
	if reflect.DeepEqual(kept, fresh) {
		return
	}
	if len(kept.Tasks) != len(fresh.Tasks) {
		w.t.Fatalf("after %s: %d tasks, from scratch %d", after, len(kept.Tasks), len(fresh.Tasks))
	}
	for i := range kept.Tasks {
		if !reflect.DeepEqual(kept.Tasks[i], fresh.Tasks[i]) {
			w.t.Fatalf("after %s: task %d\nkept  %+v\nfresh %+v", after, i, *kept.Tasks[i], *fresh.Tasks[i])
		}
	}
	w.t.Fatalf("after %s: the boards differ", after)
}

// pick chooses where step k happens: for what is rare, a place where it can.
func (w *world) pick(b *supervise.Board, k int) (*supervise.TaskLight, *supervise.TargetLight) {
	var fit []*supervise.TaskLight
	for _, t := range b.Tasks {
		promised := slices.ContainsFunc(t.Targets, func(g supervise.TargetLight) bool { return g.Kind == plan.Qualitative })
		if k >= 68 && k < 78 && len(t.Steps) > 0 || k >= 78 && k < 81 && promised || k >= 87 && k < 91 && t.Override != nil {
			fit = append(fit, t)
		}
	}
	if len(fit) == 0 {
		fit = b.Tasks[:min(len(b.Tasks), 3+w.rnd.IntN(8))] // the first ones more often, so that things meet
	}
	task := fit[w.rnd.IntN(len(fit))]
	if len(task.Targets) == 0 {
		return task, nil
	}
	target := &task.Targets[w.rnd.IntN(len(task.Targets))]
	for i := range task.Targets {
		if k >= 78 && k < 81 && task.Targets[i].Kind == plan.Qualitative {
			target = &task.Targets[i]
		}
	}
	return task, target
}

func (w *world) step() string {
	ctx := context.Background()
	b := w.board()
	k := w.rnd.IntN(100)
	task, target := w.pick(b, k)
	p := w.as(task)
	detail, err := w.r.Plan.Task(ctx, p, task.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	var milestone plan.Milestone
	if n := len(detail.Milestones); n > 0 {
		milestone = detail.Milestones[w.rnd.IntN(n)]
	}
	var entries []plan.Entry
	for _, g := range detail.Targets {
		entries = append(entries, g.Entries...)
	}
	today := calendar.Today(w.r.Clock.Now())
	day := func(span int) string { return today.AddDays(w.rnd.IntN(2*span) - span).String() }
	name := ""
	switch {
	case w.rnd.IntN(4) == 0:
		name, err = w.beyond(detail, target)
	case k < 35 && target != nil:
		name = "report"
		in := plan.Report{TargetID: target.ID, AsOf: day(40), Value: fmt.Sprint(w.rnd.IntN(40)), Note: "说明", Proof: plantest.Proof(fmt.Sprint(w.rnd.IntN(9)))}
		if len(target.Shares) > 0 {
			in.Territory = w.county
		}
		_, err = w.r.Plan.Report(ctx, p, in)
	case k < 60 && len(entries) > 0:
		e := entries[w.rnd.IntN(len(entries))]
		switch w.rnd.IntN(4) {
		case 0:
			name, err = "return", w.r.Plan.ReturnEntry(ctx, p, e.ID, "理由")
		case 1:
			name, err = "withdraw", w.r.Plan.WithdrawEntry(ctx, p, e.ID, "理由")
		default:
			name, err = "verify", w.r.Plan.Verify(ctx, p, e.ID)
		}
	case k < 66 && target != nil:
		name = "share"
		typed := map[city.TerritoryID]string{w.county: fmt.Sprint(w.rnd.IntN(20)), w.r.Pack.TerritoriesFor(city.CaliberZonesApart)[1].ID: fmt.Sprint(w.rnd.IntN(3))}
		if w.rnd.IntN(3) == 0 {
			typed = nil
		}
		err = w.r.Plan.ShareOut(ctx, p, target.ID, task.Revision, typed, "差额由市本级承担")
	case k < 68:
		name, err = "milestone", w.r.Plan.AddMilestone(ctx, p, task.ID, task.Revision, plan.MilestoneForm{Name: "节点", PlannedOn: day(30)})
	case k < 73 && milestone.ID != "":
		name, err = "reach", w.r.Plan.ReachMilestone(ctx, p, task.ID, task.Revision, milestone.ID, day(20), plan.File{}, "说明")
	case k < 78 && milestone.ID != "":
		name, err = "verify milestone", w.r.Plan.VerifyMilestone(ctx, p, task.ID, task.Revision, milestone.ID, w.rnd.IntN(3) > 0, "理由")
	case k < 81 && target != nil:
		name, err = "quantify", w.r.Plan.Quantify(ctx, p, target.ID, task.Revision, map[string]string{"value": "7", "unit": "个"})
	case k < 83:
		name = "edit"
		cycle := []string{"month", "quarter", "event"}[w.rnd.IntN(3)]
		err = w.r.Plan.EditTask(ctx, p, task.ID, task.Revision, plan.TaskForm{Category: string(city.CategoryProject), Verification: "site", ReportCycle: cycle, Openness: "open"})
	case k < 87:
		name, err = "set light", w.s.SetLight(ctx, p, task.ID, []supervise.Level{supervise.Red, supervise.Green}[w.rnd.IntN(2)], "理由", day(20))
	case k < 91:
		name, err = "lift light", w.s.LiftLight(ctx, p, task.ID)
	case k < 95:
		name = "time passes"
		w.r.Clock.Add(time.Duration(w.rnd.IntN(15*24)) * time.Hour)
	default:
		name, err = w.bigStep(ctx)
	}
	if err != nil && errs.Is(err, errs.Internal) {
		w.t.Fatalf("%s: %v", name, err)
	}
	if err == nil {
		w.done[name]++
	}
	return name
}

// beyond does what is not reported: records, measures, moves of a task.
func (w *world) beyond(d plan.Detail, target *supervise.TargetLight) (string, error) {
	ctx, p := context.Background(), w.someone()
	ref := fmt.Sprintf("r/%d", w.rnd.IntN(3))
	switch w.rnd.IntN(5) {
	case 0:
		territory := []city.TerritoryID{w.county, "jingkai", ""}[w.rnd.IntN(3)]
		w.records.add(ref, territory, calendar.Today(w.r.Clock.Now()).AddDays(20-w.rnd.IntN(90)).String(), int64(w.rnd.IntN(20))-2)
		return "record", nil
	case 1:
		if target == nil {
			return "", nil
		}
		to := []plan.Binding{{Kind: plan.Reported}, {Kind: plan.Register, Ref: ref}, {Kind: plan.Register, Ref: "r/0+r/1"}}[w.rnd.IntN(3)]
		return "bind", w.r.Plan.Bind(ctx, w.r.Dispatcher(), target.ID, d.Revision, to, "理由")
	}
	p.UnitID = string(d.LeadUnit)
	moves := d.MovesFor(p)
	moves = slices.DeleteFunc(moves, func(m plan.Move) bool { return m.To == plan.Cancelled || m.To == plan.Merged })
	if len(moves) == 0 {
		return "", nil
	}
	m := moves[w.rnd.IntN(len(moves))]
	due := calendar.MustParseDate(d.DueOn).AddDays(5).String()
	switch m.ID {
	case plan.MoveExtend:
		return "extend", w.r.Plan.AskExtension(ctx, p, d.ID, d.Revision, plan.Ask{Reason: "理由", Progress: "进展", SignedBy: "某人", Due: due})
	case plan.MoveAnswer:
		return "answer", w.r.Plan.DecideExtension(ctx, p, d.ID, d.Revision, w.rnd.IntN(2) == 0, due, "意见")
	}
	form := plan.MoveForm{Move: m.ID, Words: "说明", Day: "2027-12-31", Checks: []string{"facts", "solved", "done", "exact", "lawful", "form"}, Proof: plantest.Proof("x")}
	return "move", w.r.Plan.MoveTask(ctx, p, d.ID, d.Revision, form)
}

// bigStep publishes: the next version of the city's plan, or a county's list.
func (w *world) bigStep(ctx context.Context) (string, error) {
	clerk := w.r.County(w.county, org.CountyClerk)
	if w.rnd.IntN(3) == 0 {
		id := w.r.Import(w.t, clerk, plan.Upload{Kind: plan.KindCounty, Territory: w.county, ParentID: w.planID}, plantest.CountyText)
		if err := w.r.Plan.Submit(ctx, clerk, id, 0); err != nil {
			return "county list", err
		}
		_, err := w.r.Plan.Publish(ctx, w.r.County(w.county, org.CountyHead), id, "")
		return "county list", err
	}
	w.versions++
	text := plantest.CityText
	if w.versions%2 == 1 {
		text = strings.NewReplacer("新增25个", "新增30个", "4.加强宣传引导。开展主题宣传。（责任单位：市委宣传部）\n", "").Replace(text)
	}
	id := w.r.Import(w.t, w.r.Dispatcher(), plan.Upload{PlanID: w.planID}, text)
	n, err := w.r.Plan.DecideRest(ctx, w.r.Dispatcher(), id, 0, "", []plan.Choice{plan.TakeNew, plan.TakeNew, plan.KeepOld}[w.rnd.IntN(3)])
	if err != nil && !errs.Is(err, errs.Conflict) {
		return "new version", err
	}
	if err := w.r.Plan.Submit(ctx, w.r.Dispatcher(), id, n); err != nil {
		return "new version", err
	}
	_, err = w.r.Plan.Publish(ctx, w.r.Approver(), id, "")
	return "new version", err
}

// TestBoardStepByStepIsTheBoardFromScratch does random things and compares after
// each; the room's own check at the end finds standings, files and log sound.
func TestBoardStepByStepIsTheBoardFromScratch(t *testing.T) {
	done := map[string]int{}
	onBoth(t, func(t *testing.T, r *plantest.Room, s *supervise.Service) {
		for seed := range uint64(2) { // the same on both engines
			county := r.Pack.TerritoriesFor(city.CaliberZonesApart)[4].ID
			c := &counter{kind: plan.Register, deltas: map[string][]delta{}}
			r.Measured(supervise.NewSources(c))
			s = supervise.New(r.DB, r.Log, r.Plan, c)
			w := &world{t: t, r: r, s: s, records: c, rnd: rand.New(rand.NewPCG(seed, 1)), county: county, done: done}
			w.planID = r.Publish(t, r.Import(t, r.Dispatcher(), plan.Upload{}, plantest.CityText))
			for i := range 160 {
				w.compare(fmt.Sprintf("seed %d, step %d, %s", seed, i, w.step()))
			}
		}
	})
	for _, name := range []string{"report", "verify", "return", "withdraw", "share", "milestone", "reach", "verify milestone", "quantify", "edit", "set light", "lift light", "time passes", "county list", "new version", "record", "bind", "move"} {
		if done[name] == 0 {
			t.Errorf("%q never happened: %v", name, done)
		}
	}
	t.Logf("%v", done)
}
