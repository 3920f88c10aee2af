package demo

import (
	"fmt"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/notice"
	"bihuan/register"
	"bihuan/supervise"
)

// story is one record of supervision: where it rests, and what it says. Of what a
// pack's register does not have, nothing is said.
type story struct {
	of    int    // the record to which it belongs, by its place among its register's stories
	goal  string // "" where it counts or has ended
	fixed map[string]string
}

// stories are what a demonstration shows of supervision, by the ids under which packs keep it.
func (f *filler) stories() map[register.ID][]story {
	day := func(n int) string { return f.today.AddDays(n).String() }
	praised := f.a.Pack.Units[len(f.a.Pack.Units)-1]
	crossed := map[string]string{"checked": day(-101), "level": "蓝色", "crossed": day(-100), "due": day(-98)}
	concluded := map[string]string{}
	if campaigns := f.refs["campaign"]; len(campaigns) > 0 {
		concluded["campaign"] = campaigns[len(campaigns)-1] // the one that was fed back
	}
	return map[register.ID][]story{
		"campaign": {{goal: "running", fixed: map[string]string{"authority": "部门调度", "methods": "听取汇报", "start": day(-3)}},
			{goal: "fed-back", fixed: map[string]string{"authority": "部门调度", "methods": "检查访谈暗访", "start": day(-30), "finish": day(-8), "fed-back": day(-6)}}},
		"supervision-sheet": {{goal: "handling", fixed: map[string]string{"level": "蓝色", "special": "否", "reason": "落后序时进度", "period": day(0)[:7]}},
			{goal: "draft", fixed: map[string]string{"level": "蓝色", "special": "否", "reason": "质量不高", "period": day(0)[:7]}}},
		"rectification": {{goal: "issued", fixed: concluded}, {goal: "issued", fixed: concluded}},
		"rectification-problem": {{goal: "plan-filed", fixed: map[string]string{"level": "蓝色"}}, {goal: "rectifying", fixed: map[string]string{"level": "蓝色"}},
			{of: 1, goal: "looking-back", fixed: crossed}},
		"meeting":      {{goal: "issued", fixed: map[string]string{"date": day(-3), "level": "分管负责人"}}},
		"decision":     {{goal: "assigned"}, {goal: "handling"}, {goal: "done"}},
		"commendation": {{goal: "published", fixed: map[string]string{"kind": "通报表扬", "unit": string(praised.ID), "verified": "是", "cut-off": day(-1)}}},
		"good-case":    {{goal: "published", fixed: map[string]string{"effect-verified": "是", "openness": "主动公开"}}},
		"form":         {{goal: "published", fixed: map[string]string{"survey": "否", "written": "否", "photos": "否", "issued": day(0), "due": day(14), "valid-until": day(300)}}},
		"objection":    {{goal: "reviewing", fixed: map[string]string{"received": day(-5), "applied": day(-2), "campaign": concluded["campaign"]}}},
		"talk":         {{goal: "proposed", fixed: concluded}},
	}
}

// supervised reports whether a register is of supervision: it has a story, or a rule
// in code stands over it.
func (f *filler) supervised(d *register.Definition) bool {
	_, told := f.stories()[d.ID]
	return told || guarded(d)
}

// supervision tells the stories of supervision about the task that is most behind,
// one that another unit leads than the one that supervises where there is any.
func (f *filler) supervision() error {
	b, err := f.board()
	if err != nil {
		return err
	}
	f.task = mostBehind(b, func(t *supervise.TaskLight) bool { return t.LeadUnit != f.a.Pack.LeadUnit().ID })
	if f.task == nil {
		f.task = mostBehind(b, func(*supervise.TaskLight) bool { return true })
	}
	for _, d := range f.a.Register.Catalog().All() {
		parent, ok := f.a.Register.Catalog().Get(d.Under)
		if f.supervised(d) && !(ok && f.supervised(parent)) {
			if err := f.tell(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// mostBehind is the first task at the worst light, nil when none is behind.
func mostBehind(b *supervise.Board, may func(*supervise.TaskLight) bool) *supervise.TaskLight {
	for _, l := range []supervise.Level{supervise.Red, supervise.Yellow, supervise.Blue} {
		for _, t := range b.Tasks {
			if t.Shown() == l && t.LeadUnit != "" && may(t) {
				return t
			}
		}
	}
	return nil
}

// tell makes the records of a register of supervision and those under them. What
// belongs to a record is listed before the record moves.
func (f *filler) tell(d *register.Definition) error {
	records, err := f.told(d)
	if err != nil {
		return err
	}
	parts := [][]*made{records}
	for _, child := range f.a.Register.Catalog().Under(d.ID) {
		records, err := f.told(child)
		if err != nil {
			return err
		}
		parts = append(parts, records)
	}
	for _, records := range parts {
		if err := f.advance(records); err != nil {
			return err
		}
	}
	return nil
}

// told enters the records of a register's stories, or one where none is told.
func (f *filler) told(d *register.Definition) ([]*made, error) {
	all, ok := f.stories()[d.ID]
	if !ok {
		all = []story{{}}
	}
	var records []*made
	for _, s := range all {
		territory := city.TerritoryID("")
		if len(d.Entry) == 1 && d.Entry[0] == register.EntrantCounty {
			territory = f.a.Pack.TerritoriesFor(city.CaliberZonesApart)[0].ID
		}
		by, err := f.entrant(d, territory)
		if err != nil {
			return nil, err
		}
		r := &made{d: d, by: by, territory: territory, day: f.today.AddDays(-10), goal: s.goal, steps: mostMoves, fixed: s.fixed}
		if d.Under != "" {
			if parents := f.refs[d.Under]; s.of < len(parents) {
				r.parent = parents[s.of]
			}
		}
		if by.ID != "" && (d.Under == "" || r.parent != "") {
			records = append(records, r)
		}
	}
	if len(records) == 0 {
		return nil, nil
	}
	return f.enter(records)
}

// figures enters the growth of the plan's year as far as it would be published, for
// what the plan compares and for the sectors.
func (f *filler) figures() error {
	year := f.a.Pack.Documents[0].Year
	for i, ind := range f.a.Indicator.Catalogue().Indicators {
		if ind.Kind != indicator.Rate || !ind.Provincial {
			continue
		}
		for j, p := range ind.Due(year) {
			released, _ := ind.Window(p)
			if released.After(f.today) {
				break
			}
			if err := f.figure(ind, p, f.a.Pack.Root().ID, 58+i%3+j%2, released); err != nil {
				return err
			}
			if err := f.figure(ind, p, indicator.Province, 57+j%2, released); err != nil {
				return err
			}
		}
	}
	return nil
}

// figure enters a growth in tenths of a percent.
func (f *filler) figure(ind indicator.Indicator, p indicator.Period, territory city.TerritoryID, tenths int, released calendar.Date) error {
	e := indicator.Entry{Indicator: ind.ID, Territory: string(territory), Period: p.Code(), Value: fmt.Sprintf("%d.%d", tenths/10, tenths%10), Released: released.String(), Source: "演示数据，不是公布数"}
	if calibers := indicator.CalibersOf(f.a.Pack, ind, territory); len(calibers) > 0 {
		e.Caliber = string(calibers[0])
	}
	_, err := f.a.Indicator.Enter(f.ctx, f.people["dispatcher"], e)
	return err
}

// bulletins issues that of the month before and drafts that of this month.
func (f *filler) bulletins() error {
	dispatcher := f.people["dispatcher"]
	before := calendar.Of(f.today.Year(), f.today.Month(), 0)
	id, err := f.a.Matter.DraftBulletin(f.ctx, dispatcher, before.String()[:7], true)
	if err != nil {
		return err
	}
	if err := f.a.Matter.Submit(f.ctx, dispatcher, id, 0); err != nil {
		return err
	}
	if err := f.a.Matter.Approve(f.ctx, f.people["approver"], id, 1, ""); err != nil {
		return err
	}
	_, err = f.a.Matter.DraftBulletin(f.ctx, dispatcher, f.today.String()[:7], true)
	return err
}

// notices tells two people what waits for them.
func (f *filler) notices() error {
	if f.task == nil {
		return nil
	}
	all := []notice.Notice{
		{To: notice.Person(f.people["dispatcher"].ID), Kind: notice.Todo, Title: "演示：" + f.task.Title + "进度落后，请考虑是否发督办单"},
		{To: notice.Unit(f.task.LeadUnit), Kind: notice.Reminder, Title: "演示：" + f.task.Title + "进度落后，请查找原因"},
	}
	return f.a.DB.Write(f.ctx, func(tx *db.Tx) error {
		for i, n := range all {
			n.URL, n.ObjectKind, n.ObjectID, n.Key = "/tasks/"+f.task.ID, "task", f.task.ID, fmt.Sprintf("demo/%d", i)
			if err := notice.Put(tx, n); err != nil {
				return err
			}
		}
		return nil
	})
}
