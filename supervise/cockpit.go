package supervise

import (
	"cmp"
	"slices"

	"bihuan/city"
	"bihuan/kit/quantity"
	"bihuan/plan"
)

// Tally counts lights by level.
type Tally map[Level]int

// Total is the number of lights counted.
func (t Tally) Total() int {
	n := 0
	for _, c := range t {
		n += c
	}
	return n
}

// Group is a row of the cockpit: a unit or a territory with its lights.
type Group struct {
	ID    string
	Name  string
	Tally Tally
	Worst Level
	// Share is how far the territory is with what was given out to it, in basis
	// points of the pace: the mean over its parts with data; -1 without data.
	Share int
	Parts []TerritoryPart
}

// TerritoryPart is one part of a target that a territory carries.
type TerritoryPart struct {
	Task   *TaskLight
	Target *TargetLight
	Part   *PartLight
}

// Cockpit is one page about everything: what is behind, why, and whose turn it is.
type Cockpit struct {
	Board       *Board
	Plan        *plan.Ruled // the list it is about; nil for all standing lists of the city
	Tally       Tally       // tasks by shown level
	Behind      []*TaskLight
	Owed        []*TaskLight // grey because something is owed: a number, a report, a verification
	Targets     []TargetRow
	Units       []Group // by lead unit, the worst first
	Territories []Group // in the order of the pack
	Actions     []ActionRow
}

// TargetRow is one quantified target with its task.
type TargetRow struct {
	Task   *TaskLight
	Target *TargetLight
}

// ActionRow is one action of the plan with its tasks: a row of the matrix.
type ActionRow struct {
	Title string
	Tasks []*TaskLight
}

// View draws the board together for one list ("" for all of the city's lists).
// Tasks of counties' own lists count for their county, not for the city.
func (b *Board) View(pack *city.Pack, planID string) Cockpit {
	c := Cockpit{Board: b, Tally: Tally{}}
	if planID != "" {
		c.Plan = b.Plan(planID)
	}
	units := map[city.UnitID]*Group{}
	territories := map[city.TerritoryID]*Group{}
	for _, t := range b.Tasks {
		switch {
		case c.covers(t, planID):
			c.add(t, units)
			c.addParts(t, territories)
		case t.Territory != "" && t.Plan != nil && (planID == "" || t.Plan.ParentID == planID):
			groupOf(territories, t.Territory).count(t.Shown())
		}
	}
	c.finish(pack, units, territories)
	return c
}

func (c *Cockpit) covers(t *TaskLight, planID string) bool {
	if planID != "" {
		return t.PlanID == planID
	}
	return t.Territory == "" && t.Plan != nil && t.Plan.Active
}

func groupOf[K ~string](groups map[K]*Group, id K) *Group {
	g := groups[id]
	if g == nil {
		g = &Group{ID: string(id), Tally: Tally{}, Worst: Grey, Share: -1}
		groups[id] = g
	}
	return g
}

func (g *Group) count(l Level) {
	g.Tally[l]++
	g.Worst = Worst(g.Worst, l)
}

func (c *Cockpit) add(t *TaskLight, units map[city.UnitID]*Group) {
	level := t.Shown()
	c.Tally[level]++
	groupOf(units, t.LeadUnit).count(level)
	if level == Red || level == Yellow || level == Blue {
		c.Behind = append(c.Behind, t)
	} else if level == Grey && t.Turn.What != "" {
		c.Owed = append(c.Owed, t)
	}
	for i := range t.Targets {
		if t.Targets[i].Quantified() {
			c.Targets = append(c.Targets, TargetRow{t, &t.Targets[i]})
		}
	}
	title := SectionTitle(t.Path)
	if n := len(c.Actions); n == 0 || c.Actions[n-1].Title != title || c.Actions[n-1].Tasks[0].PlanID != t.PlanID {
		c.Actions = append(c.Actions, ActionRow{Title: title})
	}
	row := &c.Actions[len(c.Actions)-1]
	row.Tasks = append(row.Tasks, t)
}

// SectionTitle is the heading right above a task.
func SectionTitle(path []string) string {
	if len(path) < 2 {
		return ""
	}
	return path[len(path)-2]
}

func (c *Cockpit) addParts(t *TaskLight, territories map[city.TerritoryID]*Group) {
	for i := range t.Targets {
		g := &t.Targets[i]
		for j := range g.ByPart {
			part := &g.ByPart[j]
			group := groupOf(territories, part.Territory)
			group.count(part.Level)
			group.Parts = append(group.Parts, TerritoryPart{t, g, part})
		}
	}
}

func (c *Cockpit) finish(pack *city.Pack, units map[city.UnitID]*Group, territories map[city.TerritoryID]*Group) {
	slices.SortStableFunc(c.Behind, func(a, b *TaskLight) int {
		return cmp.Or(cmp.Compare(b.Shown().rank(), a.Shown().rank()), cmp.Compare(worstDeviation(a), worstDeviation(b)))
	})
	for id, g := range units {
		u, ok := pack.Unit(id)
		if g.Name = u.Short; !ok {
			g.Name = "未确定牵头单位"
		}
		c.Units = append(c.Units, *g)
	}
	slices.SortFunc(c.Units, func(a, b Group) int {
		behind := func(g Group) int { return 10_000*g.Tally[Red] + 100*g.Tally[Yellow] + g.Tally[Blue] }
		return cmp.Or(cmp.Compare(behind(b), behind(a)), cmp.Compare(b.Tally.Total(), a.Tally.Total()), cmp.Compare(a.ID, b.ID))
	})
	for _, tr := range pack.TerritoriesFor(city.CaliberZonesApart) {
		g := groupOf(territories, tr.ID)
		g.Name, g.Share = tr.Short, meanShare(g.Parts)
		c.Territories = append(c.Territories, *g)
	}
}

// worstDeviation is the largest shortfall of a task's targets, for sorting.
func worstDeviation(t *TaskLight) city.BasisPoints {
	worst := city.BasisPoints(0)
	for _, g := range t.Targets {
		if g.Level != Grey {
			worst = min(worst, g.Deviation)
		}
	}
	return worst
}

func meanShare(parts []TerritoryPart) int {
	sum, n := 0, 0
	for _, p := range parts {
		if p.Part.Actual.Value == nil || p.Part.Expected == nil || *p.Part.Expected <= 0 {
			continue
		}
		share := Ratio(*p.Part.Actual.Value, *p.Part.Expected)
		sum += min(share, 20_000)
		n++
	}
	if n == 0 {
		return -1
	}
	return sum / n
}

// Ratio is a ÷ b in basis points, 0 when b is not positive.
func Ratio(a, b quantity.Quantity) int {
	if b <= 0 {
		return 0
	}
	r, err := a.MulDiv(10_000, int64(b))
	if err != nil {
		return 0
	}
	return int(r)
}
