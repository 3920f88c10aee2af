package tasks

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/supervise"
	"bihuan/web/ui"
)

// noWord stands where there is nothing to say.
const noWord = "—"

// Addresses of this area's pages.
func taskURL(id string) string   { return "/tasks/" + url.PathEscape(id) }
func planURL(id string) string   { return "/plans/" + url.PathEscape(id) }
func targetURL(id string) string { return "/targets/" + url.PathEscape(id) }

// targetAnchor is where a target stands on its task's page.
func targetAnchor(taskID, targetID string) string {
	return taskURL(taskID) + "#item-" + url.PathEscape(targetID)
}

// day writes a stored civil date as 2026年7月1日; what is no date comes back unchanged.
func day(s string) string {
	d, err := calendar.ParseDate(s)
	if err != nil {
		return s
	}
	return d.Chinese()
}

// shown drops decimals that nobody reads from a computed figure.
func shown(q quantity.Quantity) quantity.Quantity {
	unit := quantity.Quantity(quantity.Scale / 10)
	if q >= quantity.Of(100) || q <= quantity.Of(-100) {
		unit = quantity.Scale
	}
	half := unit / 2
	if q < 0 {
		half = -half
	}
	return (q + half) / unit * unit
}

// amountOf writes a figure that may be missing.
func amountOf(q *quantity.Quantity, unit string) string {
	if q == nil {
		return ""
	}
	return plan.Amount(*q, unit)
}

// figure is the figure of a target in its own unit; a comparison's is a gap.
func figure(t plan.Target, q *quantity.Quantity) string {
	if q == nil {
		return ""
	}
	if t.Kind == plan.Comparison {
		sign := ""
		if *q > 0 {
			sign = "+"
		}
		return sign + q.String() + " 个百分点"
	}
	return plan.Amount(*q, t.Unit)
}

// gap reports whether a target's deviation is a difference of percentages.
func gap(t plan.Target) bool {
	return t.Kind == plan.Comparison || t.Kind == plan.Rate && t.Change == read.ChangeUp
}

// deviates reports whether a figure was held against a pace. What has reached its
// goal already is not measured any more.
func deviates(a plan.Actual, o supervise.Outcome, t plan.Target) bool {
	return a.Value != nil && (o.Expected != nil || t.Kind == plan.Comparison) && (!o.Verdict.Met || o.Deviation != 0)
}

// deviationWords is a deviation with its sign, "" where there is none.
func deviationWords(g *supervise.TargetLight) string {
	if !deviates(g.Actual, g.Outcome, g.Target) {
		return ""
	}
	if gap(g.Target) {
		return strings.TrimSuffix(signed(g.Deviation), "%") + " 个百分点"
	}
	return signed(g.Deviation)
}

func signed(b city.BasisPoints) string {
	if b > 0 {
		return "+" + b.String()
	}
	return b.String()
}

// levelOf is the design system's light for a level.
func levelOf(l supervise.Level) ui.Level { return ui.Level(l) }

// lightOf is the light that a list shows for a task.
func lightOf(t *supervise.TaskLight) ui.Light {
	if o := t.Override; o != nil {
		return ui.Light{Level: levelOf(o.Level), Reason: "人工改判至 " + o.Until.String() + "：" + o.Reason}
	}
	return ui.Light{Level: levelOf(t.Computed.Level), Reason: t.Computed.Reason}
}

// nameOfUnit is a unit's short name.
func nameOfUnit(pack *city.Pack, id city.UnitID) string {
	if u, ok := pack.Unit(id); ok {
		return u.Short
	}
	return string(id)
}

// nameOfTerritory is a territory's short name, "全市" for the whole.
func nameOfTerritory(pack *city.Pack, id city.TerritoryID) string {
	if id == "" {
		return "全市"
	}
	if t, ok := pack.Territory(id); ok {
		return t.Short
	}
	return string(id)
}

// leadOf names a task's lead unit and how many others stand beside it.
func leadOf(pack *city.Pack, t *supervise.TaskLight) (lead string, others int) {
	seen := map[city.UnitID]bool{t.LeadUnit: true}
	for _, u := range t.Units {
		for _, id := range u.Units {
			if !seen[id] {
				seen[id] = true
				others++
			}
		}
	}
	lead = nameOfUnit(pack, t.LeadUnit)
	if t.LeadUnit == "" {
		lead = "未确定"
	}
	return lead, others
}

// turnOf says whose turn it is and what for, "" when nothing is owed.
func turnOf(pack *city.Pack, t supervise.Turn) string {
	if t.What == "" {
		return ""
	}
	if t.Unit == "" {
		return t.What
	}
	return nameOfUnit(pack, t.Unit) + "：" + t.What
}

// scopeOf says whose business a task is, as the plan room decides it: the units in
// its list and the territory whose list it stands on. Pages use it to hide what a
// person may not do.
func scopeOf(units []plan.TaskUnit, territory city.TerritoryID) org.Scope {
	scope := org.Scope{Territory: string(territory)}
	for _, u := range units {
		for _, id := range u.Units {
			scope.Units = append(scope.Units, string(id))
		}
	}
	return scope
}

// partScope is whose business the figures of one part of a target are.
func partScope(task org.Scope, part city.TerritoryID) org.Scope {
	if part == "" {
		return task
	}
	return org.Scope{Territory: string(part)}
}

// within reports whether a reach covers a scope: May for many things at once.
func within(v org.Visible, s org.Scope) bool {
	return v.All || v.Territory != "" && v.Territory == s.Territory || slices.ContainsFunc(v.Units, func(u string) bool { return slices.Contains(s.Units, u) })
}

// headings is the path above a task, one heading after another.
func headings(path []string) string {
	if len(path) < 2 {
		return ""
	}
	return strings.Join(path[:len(path)-1], " › ")
}

func itoa(n int) string { return strconv.Itoa(n) }

// plainDay is a date for a table cell, a dash when it is not set.
func plainDay(s string) string {
	if s == "" {
		return noWord
	}
	return s
}
