package tasks

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
)

// perPage is how many tasks one page of the list shows.
const perPage = 50

// The scopes of a list that is not narrowed to one plan or county.
const (
	scopeCity   = ""       // the city's own lists
	scopeCounty = "county" // the lists of counties and zones
	scopeAll    = "all"
)

// The orders of the list.
const (
	orderList      = ""
	orderDue       = "due"
	orderLight     = "light"
	orderDeviation = "deviation"
)

// query is what the list's address asks for. Unknown values fall back to the defaults.
type query struct {
	Plan     string
	Unit     city.UnitID
	Lead     bool // with Unit: only tasks it leads
	County   city.TerritoryID
	State    plan.State
	Light    supervise.Level
	Category city.TaskCategory
	Text     string
	Scope    string
	Sort     string
	Flat     bool
	Print    bool
	Page     int
}

func parseQuery(c *frame.Ctx) query {
	q := query{
		Plan: c.Form("plan"), Unit: city.UnitID(c.Form("unit")), Lead: c.Form("lead") == "1", County: city.TerritoryID(c.Form("county")),
		State: plan.State(c.Form("state")), Light: supervise.Level(c.Form("light")), Category: city.TaskCategory(c.Form("category")),
		Text: c.Form("q"), Scope: c.Form("scope"), Sort: c.Form("sort"), Flat: c.Form("view") == "flat", Print: c.Form("print") == "1",
		Page: max(1, c.Int("page", 1)),
	}
	if !slices.Contains([]string{orderDue, orderLight, orderDeviation}, q.Sort) {
		q.Sort = orderList
	}
	if q.Scope != scopeCounty && q.Scope != scopeAll {
		q.Scope = scopeCity
	}
	if !slices.Contains(supervise.Levels, q.Light) {
		q.Light = ""
	}
	if r := []rune(q.Text); len(r) > 100 {
		q.Text = string(r[:100])
	}
	return q
}

// values are the query as an address carries it, without the page.
func (q query) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("plan", q.Plan)
	set("unit", string(q.Unit))
	set("county", string(q.County))
	set("state", string(q.State))
	set("light", string(q.Light))
	set("category", string(q.Category))
	set("q", q.Text)
	set("scope", q.Scope)
	set("sort", q.Sort)
	if q.Lead && q.Unit != "" {
		v.Set("lead", "1")
	}
	if q.Flat {
		v.Set("view", "flat")
	}
	return v
}

// address is the list under a query.
func (q query) address() string { return "/tasks" + suffix(q.values()) }

// export is the same list as a workbook.
func (q query) export() string { return "/tasks.xlsx" + suffix(q.values()) }

// printed is the same list on one page.
func (q query) printed() string {
	v := q.values()
	v.Set("print", "1")
	return "/tasks" + suffix(v)
}

// page is the address of another page of the same list.
func (q query) page(n int) string {
	v := q.values()
	if n > 1 {
		v.Set("page", itoa(n))
	}
	return "/tasks" + suffix(v)
}

func suffix(v url.Values) string {
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// narrowed reports whether any condition is in force.
func (q query) narrowed() bool {
	return q.Plan != "" || q.Unit != "" || q.County != "" || q.State != "" || q.Light != "" || q.Category != "" || q.Text != "" || q.Scope != ""
}

// find gives the tasks that the query lets through, in its order. Texts are looked
// up in the database, everything else on the board.
func find(ctx context.Context, a *frame.App, p org.Principal, b *supervise.Board, q query) ([]*supervise.TaskLight, error) {
	var hits map[string]bool
	if q.Text != "" {
		ids, err := a.Plan.TaskIDs(ctx, p, plan.Filter{PlanID: q.Plan, Text: q.Text})
		if err != nil {
			return nil, err
		}
		hits = make(map[string]bool, len(ids))
		for _, id := range ids {
			hits[id] = true
		}
	}
	var found []*supervise.TaskLight
	for _, t := range b.Tasks {
		if q.lets(t) && (hits == nil || hits[t.ID]) {
			found = append(found, t)
		}
	}
	q.order(found)
	return found, nil
}

// lets reports whether a task passes everything but the text.
func (q query) lets(t *supervise.TaskLight) bool {
	switch {
	case q.Plan != "" && t.PlanID != q.Plan,
		q.Unit != "" && q.Lead && t.LeadUnit != q.Unit,
		q.Unit != "" && !q.Lead && !t.Concerns(q.Unit),
		q.County != "" && !carriedBy(t, q.County),
		q.State != "" && t.State != q.State,
		q.Light != "" && t.Shown() != q.Light,
		q.Category != "" && t.Category != q.Category:
		return false
	}
	if q.Plan != "" || q.County != "" {
		return true
	}
	switch q.Scope {
	case scopeCounty:
		return t.Territory != ""
	case scopeAll:
		return true
	}
	return t.Territory == "" && t.Plan != nil && t.Plan.Active
}

// carriedBy reports whether a county has to do with a task: it stands on the
// county's own list, or the county carries a part of one of its targets.
func carriedBy(t *supervise.TaskLight, county city.TerritoryID) bool {
	if t.Territory == county {
		return true
	}
	return slices.ContainsFunc(t.Targets, func(g supervise.TargetLight) bool {
		return slices.ContainsFunc(g.ByPart, func(p supervise.PartLight) bool { return p.Territory == county })
	})
}

// order sorts in place; the order of the lists decides between equals.
func (q query) order(ts []*supervise.TaskLight) {
	switch q.Sort {
	case orderDue:
		slices.SortStableFunc(ts, func(a, b *supervise.TaskLight) int { return strings.Compare(a.DueOn, b.DueOn) })
	case orderLight:
		slices.SortStableFunc(ts, func(a, b *supervise.TaskLight) int {
			return cmp.Or(cmp.Compare(badness(a.Shown()), badness(b.Shown())), cmp.Compare(worstDeviation(a), worstDeviation(b)))
		})
	case orderDeviation:
		slices.SortStableFunc(ts, func(a, b *supervise.TaskLight) int { return cmp.Compare(worstDeviation(a), worstDeviation(b)) })
	}
}

// badness is the place of a level in the order from worst to best, grey last.
func badness(l supervise.Level) int { return slices.Index(supervise.Levels, l) }

// noDeviation sorts tasks without any figure behind all others.
const noDeviation = city.BasisPoints(1 << 30)

// worstTarget is the target with the largest shortfall; nil when none has a figure.
func worstTarget(t *supervise.TaskLight) *supervise.TargetLight {
	var worst *supervise.TargetLight
	for i := range t.Targets {
		g := &t.Targets[i]
		if deviationWords(g) != "" && (worst == nil || g.Deviation < worst.Deviation) {
			worst = g
		}
	}
	return worst
}

func worstDeviation(t *supervise.TaskLight) city.BasisPoints {
	if w := worstTarget(t); w != nil {
		return w.Deviation
	}
	return noDeviation
}

// tally counts the lights of tasks.
func tally(ts []*supervise.TaskLight) supervise.Tally {
	n := supervise.Tally{}
	for _, t := range ts {
		n[t.Shown()]++
	}
	return n
}
