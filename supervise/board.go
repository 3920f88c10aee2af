package supervise

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
)

// PartLight is the light of the part of a target that one territory carries.
type PartLight struct {
	Territory city.TerritoryID
	Share     quantity.Quantity
	Actual    plan.Actual
	Outcome
}

// TargetLight is a target with its light.
type TargetLight struct {
	plan.TargetFacts
	Actual plan.Actual
	Outcome
	Day    calendar.Date // the day against whose pace it was judged
	ByPart []PartLight   // in the order of the pack
}

// Turn says who has to act next, and what for.
type Turn struct {
	Unit city.UnitID // "" when nobody in particular
	What string      // "" when nothing is owed
}

// TaskLight is a task with its lights.
type TaskLight struct {
	plan.Task
	Plan      *plan.Plan
	Units     []plan.TaskUnit
	Targets   []TargetLight
	Steps     []plan.Milestone
	StateDue  string // the day by which the present state of the task must be left; "" for none
	StepLight Light
	Computed  Light
	Override  *Override // set by hand and not expired; the computed light stays beside it
	Turn      Turn
}

// Shown is the level that lists and counts use: the one set by hand while it holds, else the computed one.
func (t *TaskLight) Shown() Level {
	if t.Override != nil {
		return t.Override.Level
	}
	return t.Computed.Level
}

// Concerns reports whether a unit stands in the task's unit list.
func (t *TaskLight) Concerns(u city.UnitID) bool {
	for _, tu := range t.Units {
		if slices.Contains(tu.Units, u) {
			return true
		}
	}
	return false
}

// Board is the lights of all standing tasks at one moment. It is read only and shared.
type Board struct {
	Today calendar.Date
	Plans []plan.Ruled
	Tasks []*TaskLight // in the order of the lists
	byID  map[string]*TaskLight
	plans map[string]int // places in Plans
	n     int64          // the plan room's count of changes
	o     int64          // the count of overrides
	seen  counts         // how far the changes of the sources had come
}

// Task gives one task's lights; nil when the task is not on a standing list.
func (b *Board) Task(id string) *TaskLight { return b.byID[id] }

// Plan gives one plan; nil when there is none.
func (b *Board) Plan(id string) *plan.Ruled {
	if i, ok := b.plans[id]; ok {
		return &b.Plans[i]
	}
	return nil
}

func newBoard(today calendar.Date, plans []plan.Ruled, n, o int64, seen counts) *Board {
	b := &Board{Today: today, Plans: plans, byID: map[string]*TaskLight{}, plans: make(map[string]int, len(plans)), n: n, o: o, seen: seen}
	for i := range plans {
		b.plans[plans[i].ID] = i
	}
	return b
}

// Service computes boards and keeps the newest.
type Service struct {
	db      *db.DB
	log     Recorder
	plan    *plan.Service
	pack    *city.Pack
	sources Sources
	// place is each territory's place in the pack.
	place map[city.TerritoryID]int

	mu   sync.Mutex
	last *Board

	conduct conduct
}

// New makes the room's service. The sources are those that the plan room was told
// of as its Measures.
func New(d *db.DB, log Recorder, p *plan.Service, sources ...Source) *Service {
	s := &Service{db: d, log: log, plan: p, pack: p.Pack(), sources: NewSources(sources...), place: map[city.TerritoryID]int{}}
	for i, t := range s.pack.Territories {
		s.place[t.ID] = i
	}
	return s
}

// Board gives the lights of now. It is computed once and then brought up to date
// task by task, so that a page after a change pays for the change only, and the
// first page of a day for judging anew what is known.
func (s *Service) Board(ctx context.Context, p org.Principal) (b *Board, err error) {
	defer errs.Wrap(&err, "supervise.Board")
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	today := calendar.Today(s.db.Now())
	overrides, count, err := s.overrides(ctx, today)
	if err != nil {
		return nil, err
	}
	var since counts
	if s.last != nil {
		since = s.last.seen
	}
	// Before the values are read: what changes meanwhile is renewed the next time.
	seen, moved, err := s.look(ctx, since)
	if err != nil {
		return nil, err
	}
	var changed []string // nil asks for everything
	if s.last != nil {
		now, tasks, all, err := s.plan.Changes(ctx, s.last.n)
		if err != nil {
			return nil, err
		}
		if !all && now == s.last.n && s.last.Today == today && s.last.o == count && maps.Equal(seen, since) && len(moved) == 0 {
			return s.last, nil
		}
		if !all {
			changed = append([]string{}, tasks...)
		}
	}
	plans, facts, n, err := s.plan.Snapshot(ctx, p, changed)
	if err != nil {
		return nil, err
	}
	b = newBoard(today, plans, n, count, seen)
	if changed != nil {
		facts = append(facts, s.keep(b, changed, moved, overrides)...)
	}
	if err := s.fill(ctx, b, facts, overrides); err != nil {
		return nil, err
	}
	// Plans stand in the order of the lists, and so do the tasks of a whole board.
	slices.SortStableFunc(b.Tasks, func(x, y *TaskLight) int {
		return cmp.Or(cmp.Compare(b.plans[x.PlanID], b.plans[y.PlanID]), cmp.Compare(x.Seq, y.Seq))
	})
	s.last = b
	return b, nil
}

// keep takes over from the last board the tasks that did not change. Those of
// another day, and those whose source moved, are given back to be judged anew.
func (s *Service) keep(b *Board, changed []string, m moved, overrides map[string]*Override) (stale []plan.Facts) {
	fresh := make(map[string]bool, len(changed))
	for _, id := range changed {
		fresh[id] = true
	}
	for _, t := range s.last.Tasks {
		switch {
		case fresh[t.ID]:
		case b.Today != s.last.Today, m.touches(t):
			stale = append(stale, factsOf(t))
		default:
			b.add(t.under(overrides[t.ID]))
		}
	}
	return stale
}

// under is the task with the light set by hand that holds now, or none.
func (t *TaskLight) under(o *Override) *TaskLight {
	if t.Override == nil && o == nil || t.Override != nil && o != nil && *t.Override == *o {
		return t
	}
	copied := *t
	copied.Override = o
	return &copied
}

func (b *Board) add(t *TaskLight) {
	b.byID[t.ID] = t
	b.Tasks = append(b.Tasks, t)
}

// fill judges the facts and adds them to the board.
func (s *Service) fill(ctx context.Context, b *Board, facts []plan.Facts, overrides map[string]*Override) error {
	f := newFigures()
	var targets []plan.TargetFacts
	for i := range facts {
		targets = append(targets, facts[i].Targets...)
	}
	if err := s.ask(ctx, f, targets, b.Today); err != nil {
		return err
	}
	fresh := make([]*TaskLight, 0, len(facts))
	for i := range facts {
		t := s.judge(b, &facts[i], f)
		t.Override = overrides[t.ID]
		fresh = append(fresh, t)
		b.add(t)
	}
	return s.lookBack(ctx, b, f, fresh)
}

// lookBack asks for the values of the periods before of what is yellow today:
// several in a row are red.
func (s *Service) lookBack(ctx context.Context, b *Board, f figures, fresh []*TaskLight) error {
	yellow := map[calendar.Date][]plan.TargetFacts{} // by the end of a period before
	var again []*TaskLight
	for _, t := range fresh {
		rule := b.rules(s.pack, t.PlanID).LightFor(t.Category)
		found := false
		for _, g := range t.Targets {
			if g.Level != Yellow {
				continue
			}
			for _, day := range daysBack(g, rule, b.Today, quarterly(t.Task)) {
				found = true
				yellow[day] = append(yellow[day], g.TargetFacts)
			}
		}
		if found {
			again = append(again, t)
		}
	}
	for day, targets := range yellow {
		if err := s.past(ctx, f, targets, day); err != nil {
			return err
		}
	}
	for _, t := range again {
		override := t.Override
		facts := factsOf(t)
		*t = *s.judge(b, &facts, f)
		t.Override = override
	}
	return nil
}

// past adds to the figures what was known of targets at the end of an earlier period.
func (s *Service) past(ctx context.Context, f figures, targets []plan.TargetFacts, day calendar.Date) (err error) {
	f.days[day] = true
	var reported []string
	for _, g := range targets {
		if !g.Measure.Bound() {
			reported = append(reported, g.ID)
		}
	}
	if f.parts[day], err = s.plan.PartsAt(ctx, reported, day.String()); err != nil {
		return err
	}
	return s.ask(ctx, f, targets, day)
}

func quarterly(t plan.Task) bool { return t.ReportCycle == "quarter" }

// rules are the thresholds that were frozen with a plan.
func (b *Board) rules(pack *city.Pack, planID string) city.Thresholds {
	if ruled := b.Plan(planID); ruled != nil {
		return ruled.Rules
	}
	return pack.Thresholds
}

// factsOf is what a task was judged from.
func factsOf(t *TaskLight) plan.Facts {
	f := plan.Facts{Task: t.Task, Units: t.Units, Milestones: t.Steps, StateDue: t.StateDue}
	for i := range t.Targets {
		f.Targets = append(f.Targets, t.Targets[i].TargetFacts)
	}
	return f
}

// judge computes all lights of one task.
func (s *Service) judge(b *Board, f *plan.Facts, known figures) *TaskLight {
	t := &TaskLight{Task: f.Task, Units: f.Units, Steps: f.Milestones, StateDue: f.StateDue}
	if ruled := b.Plan(f.Task.PlanID); ruled != nil {
		t.Plan = &ruled.Plan
	}
	rules := b.rules(s.pack, f.Task.PlanID)
	due := LastDue(b.Today, quarterly(f.Task), s.pack.Calendar, s.pack.Defaults.Timers.Report.Limit)
	for _, g := range f.Targets {
		actual, parts := known.now(f.Task, g, b.Today)
		facts := Facts{Target: g.Target, Actual: actual, Today: b.Today, Due: due,
			Quarterly: quarterly(f.Task), Rules: rules, Category: f.Task.Category}
		day := facts.day()
		facts.Previous = known.before(f.Task, g, actual, lookFrom(g.Target, day, b.Today))
		tl := TargetLight{TargetFacts: g, Actual: facts.Actual, Outcome: Judge(facts), Day: day}
		tl.ByPart = judgeParts(facts, g.Shares, parts)
		slices.SortStableFunc(tl.ByPart, func(x, y PartLight) int { return cmp.Compare(s.place[x.Territory], s.place[y.Territory]) })
		t.Targets = append(t.Targets, tl)
	}
	t.StepLight = JudgeMilestones(f.Milestones, b.Today, s.pack.Calendar, rules.LightFor(f.Task.Category))
	t.Computed = taskLight(t)
	t.setAside()
	t.Turn = turnOf(t, s.pack.LeadUnit().ID)
	return t
}

func judgeParts(whole Facts, shares []plan.Share, known []plan.Standing) []PartLight {
	var parts []PartLight
	for _, sh := range shares {
		f := whole
		value := sh.Value
		f.Target.Value, f.Target.ValueMax, f.Target.Baseline, f.Previous = &value, nil, nil, nil
		f.Actual = plan.Actual{}
		for _, p := range known {
			if p.Territory == sh.Territory {
				f.Actual = plan.Actual{Value: p.Value, AsOf: p.AsOf, Pending: p.Pending, PendingAsOf: p.PendingAsOf}
			}
		}
		parts = append(parts, PartLight{Territory: sh.Territory, Share: sh.Value, Actual: f.Actual, Outcome: Judge(f)})
	}
	return parts
}

// setAside puts out the lights of a task that is worked on no more: suspended,
// cancelled or merged. What was counted stays to be read.
func (t *TaskLight) setAside() {
	if t.State != plan.Suspended && t.State != plan.Cancelled && t.State != plan.Merged {
		return
	}
	out := Light{Grey, "任务已" + t.State.Label() + "，不亮灯"}
	t.StepLight, t.Computed = out, out
	for i := range t.Targets {
		t.Targets[i].Light = out
		for j := range t.Targets[i].ByPart {
			t.Targets[i].ByPart[j].Light = out
		}
	}
}

// taskLight is the worst of a task's lights, with its reason.
func taskLight(t *TaskLight) Light {
	worst := Light{Grey, "没有量化目标和时间节点"}
	if len(t.Targets) > 0 {
		worst.Reason = t.Targets[0].Reason
	}
	consider := func(l Light) {
		if l.Level.rank() > worst.Level.rank() {
			worst = l
		}
	}
	for _, g := range t.Targets {
		consider(Light{g.Level, g.Subject + "：" + g.Reason})
	}
	consider(t.StepLight)
	return worst
}
