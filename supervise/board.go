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
	n     int64 // the plan room's count of changes
	o     int64 // the count of overrides
}

// Task gives one task's lights; nil when the task is not on a standing list.
func (b *Board) Task(id string) *TaskLight { return b.byID[id] }

// Plan gives one plan; nil when there is none.
func (b *Board) Plan(id string) *plan.Ruled {
	for i := range b.Plans {
		if b.Plans[i].ID == id {
			return &b.Plans[i]
		}
	}
	return nil
}

// Service computes boards and keeps the newest.
type Service struct {
	db   *db.DB
	log  Recorder
	plan *plan.Service
	pack *city.Pack
	// place is each territory's place in the pack.
	place map[city.TerritoryID]int

	mu   sync.Mutex
	last *Board
}

// New makes the room's service.
func New(d *db.DB, log Recorder, p *plan.Service) *Service {
	s := &Service{db: d, log: log, plan: p, pack: p.Pack(), place: map[city.TerritoryID]int{}}
	for i, t := range s.pack.Territories {
		s.place[t.ID] = i
	}
	return s
}

// Board gives the lights of now. It is computed once and then brought up to date
// task by task, so that a page after a change pays for the change only.
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
	if s.last != nil && s.last.Today == today && s.last.o == count {
		now, changed, all, err := s.plan.Changes(ctx, s.last.n)
		if err != nil {
			return nil, err
		}
		if now == s.last.n {
			return s.last, nil
		}
		if !all {
			return s.renew(ctx, p, changed, overrides)
		}
	}
	plans, facts, n, err := s.plan.Snapshot(ctx, p, nil)
	if err != nil {
		return nil, err
	}
	b = &Board{Today: today, Plans: plans, byID: make(map[string]*TaskLight, len(facts)), n: n, o: count}
	if err := s.fill(ctx, b, facts, overrides); err != nil {
		return nil, err
	}
	s.last = b
	return b, nil
}

// renew makes the next board from the last one and the tasks that changed.
func (s *Service) renew(ctx context.Context, p org.Principal, changed []string, overrides map[string]*Override) (*Board, error) {
	plans, facts, n, err := s.plan.Snapshot(ctx, p, append([]string{}, changed...))
	if err != nil {
		return nil, err
	}
	b := &Board{Today: s.last.Today, Plans: plans, byID: make(map[string]*TaskLight, len(s.last.byID)+len(facts)), n: n, o: s.last.o}
	for _, t := range s.last.Tasks {
		if !slices.Contains(changed, t.ID) {
			b.byID[t.ID] = t
			b.Tasks = append(b.Tasks, t)
		}
	}
	if err := s.fill(ctx, b, facts, overrides); err != nil {
		return nil, err
	}
	order := make(map[string]int, len(plans))
	for i := range plans {
		order[plans[i].ID] = i
	}
	slices.SortStableFunc(b.Tasks, func(x, y *TaskLight) int {
		return cmp.Or(cmp.Compare(order[x.PlanID], order[y.PlanID]), cmp.Compare(x.Seq, y.Seq))
	})
	s.last = b
	return b, nil
}

// fill judges the facts and adds them to the board.
func (s *Service) fill(ctx context.Context, b *Board, facts []plan.Facts, overrides map[string]*Override) error {
	fresh := make([]*TaskLight, 0, len(facts))
	for i := range facts {
		t := s.judge(b, &facts[i], nil)
		t.Override = overrides[t.ID]
		fresh = append(fresh, t)
		b.byID[t.ID] = t
		b.Tasks = append(b.Tasks, t)
	}
	return s.lookBack(ctx, b, fresh)
}

// lookBack asks for last month's value of what is yellow today: two in a row are red.
func (s *Service) lookBack(ctx context.Context, b *Board, fresh []*TaskLight) error {
	yellow := map[calendar.Date][]string{} // by the end of the period before
	for _, t := range fresh {
		for _, g := range t.Targets {
			if g.Level == Yellow {
				before := PeriodBefore(g.Day)
				yellow[before] = append(yellow[before], g.ID)
			}
		}
	}
	values := map[string]quantity.Quantity{}
	for day, ids := range yellow {
		found, err := s.plan.ValuesAt(ctx, ids, day.String())
		if err != nil {
			return err
		}
		maps.Copy(values, found)
	}
	for _, t := range fresh {
		if !slices.ContainsFunc(t.Targets, func(g TargetLight) bool { return g.Level == Yellow }) {
			continue
		}
		again := s.judge(b, &plan.Facts{Task: t.Task, Units: t.Units, Targets: factsOf(t), Milestones: t.Steps}, values)
		again.Override = t.Override
		*t = *again
	}
	return nil
}

func factsOf(t *TaskLight) []plan.TargetFacts {
	fs := make([]plan.TargetFacts, len(t.Targets))
	for i := range t.Targets {
		fs[i] = t.Targets[i].TargetFacts
	}
	return fs
}

// judge computes all lights of one task.
func (s *Service) judge(b *Board, f *plan.Facts, previous map[string]quantity.Quantity) *TaskLight {
	t := &TaskLight{Task: f.Task, Units: f.Units, Steps: f.Milestones}
	rules := s.pack.Thresholds
	if ruled := b.Plan(f.Task.PlanID); ruled != nil {
		t.Plan, rules = &ruled.Plan, ruled.Rules
	}
	levels := []Level{}
	for _, g := range f.Targets {
		facts := Facts{Target: g.Target, Actual: plan.Combine(g.Target, g.Shares, g.Parts), Today: b.Today, Rules: rules, Category: f.Task.Category,
			Due: LastDue(b.Today, f.Task.ReportCycle == "quarter", s.pack.Calendar, s.pack.Defaults.Timers.Report.Limit)}
		if v, ok := previous[g.ID]; ok {
			facts.Previous = &v
		}
		tl := TargetLight{TargetFacts: g, Actual: facts.Actual, Outcome: Judge(facts), Day: facts.day()}
		tl.ByPart = judgeParts(facts, g)
		slices.SortStableFunc(tl.ByPart, func(x, y PartLight) int { return cmp.Compare(s.place[x.Territory], s.place[y.Territory]) })
		t.Targets = append(t.Targets, tl)
		levels = append(levels, tl.Level)
	}
	t.StepLight = JudgeMilestones(f.Milestones, b.Today, s.pack.Calendar, rules.LightFor(f.Task.Category))
	t.Computed = taskLight(t)
	t.Turn = turnOf(t)
	return t
}

func judgeParts(whole Facts, g plan.TargetFacts) []PartLight {
	var parts []PartLight
	for _, sh := range g.Shares {
		f := whole
		value := sh.Value
		f.Target.Value, f.Target.ValueMax, f.Target.Baseline, f.Previous = &value, nil, nil, nil
		f.Actual = plan.Actual{}
		for _, p := range g.Parts {
			if p.Territory == sh.Territory {
				f.Actual = plan.Actual{Value: p.Value, AsOf: p.AsOf, Pending: p.Pending, PendingAsOf: p.PendingAsOf}
			}
		}
		parts = append(parts, PartLight{Territory: sh.Territory, Share: sh.Value, Actual: f.Actual, Outcome: Judge(f)})
	}
	return parts
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

// turnOf says who acts next: a pending figure waits for its verifier, anything
// else that is not green for the lead unit.
func turnOf(t *TaskLight) Turn {
	unit := t.LeadUnit
	for _, g := range t.Targets {
		if g.Actual.Pending != nil {
			return Turn{unit, "核验已填报的数"}
		}
	}
	for _, g := range t.Targets {
		switch {
		case g.Kind == plan.Qualitative:
			return Turn{unit, "补充量化目标"}
		case len(g.Actual.Silent) > 0:
			return Turn{"", "县区填报进展"}
		case g.Level == Grey && g.Quantified():
			return Turn{unit, "填报进展"}
		}
	}
	switch t.Computed.Level {
	case Red, Yellow:
		return Turn{unit, "赶上序时进度"}
	case Blue:
		return Turn{unit, "留意进度"}
	case Green, Grey:
	}
	return Turn{}
}
