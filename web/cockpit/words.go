package cockpit

import (
	"net/url"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/supervise"
	"bihuan/web/ui"
)

// nothing stands where there is no figure.
const nothing = "—"

func escape(id string) string { return url.PathEscape(id) }

func taskURL(id string) string { return "/tasks/" + escape(id) }

func targetURL(id string) string { return "/targets/" + escape(id) }

// address builds a path with a query from name, value, …; empty values are left out.
func address(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// chineseDay writes a stored date as 2026年7月1日; what is no date stays as it is.
func chineseDay(s string) string {
	d, err := calendar.ParseDate(s)
	if err != nil {
		return s
	}
	return d.Chinese()
}

// dayOr is a stored date for a table cell.
func dayOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// taskLight is the light that counts for a task: the one set by hand while it
// holds, with the computed one in its reason.
func taskLight(t *supervise.TaskLight) ui.Light {
	if o := t.Override; o != nil {
		return ui.Light{Level: ui.Level(o.Level), URL: taskURL(t.ID),
			Reason: "人工改判至 " + o.Until.Chinese() + "：" + o.Reason + "（系统计算：" + t.Computed.Level.Label() + "）"}
	}
	return ui.Light{Level: ui.Level(t.Computed.Level), Reason: t.Computed.Reason, URL: taskURL(t.ID)}
}

// lightOf draws a computed light that opens to the target it belongs to.
func lightOf(l supervise.Light, to string) ui.Light {
	return ui.Light{Level: ui.Level(l.Level), Reason: l.Reason, URL: to}
}

// tallyBar draws counted lights, the worst first; to gives the address under a count.
func tallyBar(label string, t supervise.Tally, all bool, to func(supervise.Level) string) ui.LightBar {
	bar := ui.LightBar{Label: label}
	for _, l := range supervise.Levels {
		if n := t[l]; n > 0 || all {
			bar.Counts = append(bar.Counts, ui.LightCount{Level: ui.Level(l), Count: n, URL: to(l)})
		}
	}
	return bar
}

// tallyCounts is tallyBar for a table cell: the counts alone.
func tallyCounts(label string, t supervise.Tally, to func(supervise.Level) string) ui.LightCounts {
	return ui.LightCounts{Label: label, Counts: tallyBar(label, t, false, to).Counts}
}

// behind is how many lights of a tally say that something is behind.
func behind(t supervise.Tally) int {
	return t[supervise.Red] + t[supervise.Yellow] + t[supervise.Blue]
}

// figure writes a value of a target in its unit; "" when it is missing.
func figure(t plan.Target, q *quantity.Quantity) string {
	switch {
	case q == nil:
		return ""
	case t.Kind == plan.Comparison && *q > 0:
		return "+" + q.String() + "个百分点"
	case t.Kind == plan.Comparison:
		return q.String() + "个百分点"
	}
	return plan.Amount(*q, t.Unit)
}

// expectedOf is what the pace asks for, without the decimals that a reader does not need.
func expectedOf(t plan.Target, q *quantity.Quantity) string {
	if q == nil {
		return ""
	}
	r := rounded(*q)
	return figure(t, &r)
}

// rounded keeps whole units from a hundred on, and one decimal below.
func rounded(q quantity.Quantity) quantity.Quantity {
	step := quantity.Quantity(quantity.Scale / 10)
	if q >= quantity.Of(100) || q <= -quantity.Of(100) {
		step = quantity.Scale
	}
	half := step / 2
	if q < 0 {
		half = -half
	}
	return (q + half) / step * step
}

// inPoints reports whether a target's deviation is a difference of percentages
// and not a share of the expected value.
func inPoints(t plan.Target) bool {
	return t.Kind == plan.Comparison || t.Kind == plan.Rate && t.Change == read.ChangeUp
}

// deviation is a deviation with its sign; "" where nothing can be compared.
func deviation(t plan.Target, actual plan.Actual, o supervise.Outcome) string {
	if actual.Value == nil || o.Expected == nil && t.Kind != plan.Comparison {
		return ""
	}
	words := o.Deviation.String()
	if o.Deviation > 0 {
		words = "+" + words
	}
	if inPoints(t) {
		return strings.TrimSuffix(words, "%") + "个百分点"
	}
	return words
}

// progress draws how far a target or a part of it is.
func progress(t plan.Target, whole *quantity.Quantity, actual plan.Actual, o supervise.Outcome, to string) ui.Progress {
	p := ui.Progress{Level: ui.Level(o.Level), Slim: true, URL: to, NoPace: o.Expected == nil || t.Kind == plan.Comparison,
		ActualText: figure(t, actual.Value), ExpectedText: expectedOf(t, o.Expected), TargetText: figure(t, whole)}
	if whole != nil {
		p.Target = whole.Float()
	}
	if o.Expected != nil {
		p.Expected = o.Expected.Float()
	}
	if actual.Value != nil {
		p.Actual = actual.Value.Float()
	}
	if actual.Pending != nil {
		p.PendingText = figure(t, actual.Pending)
		p.Unverified = max(actual.Pending.Float()-p.Actual, 0)
	}
	return p
}

// pendingNote says that a reported value waits for verification.
func pendingNote(t plan.Target, actual plan.Actual) string {
	if actual.Pending == nil {
		return ""
	}
	return "待核验 " + figure(t, actual.Pending)
}

// share is a share in basis points, a dash without data.
func share(bp int) string {
	if bp < 0 {
		return nothing
	}
	return city.BasisPoints((bp + 5) / 10 * 10).String()
}

// unitName is a unit's short name.
func unitName(pack *city.Pack, id city.UnitID) string {
	if id == "" {
		return "未确定牵头单位"
	}
	if u, ok := pack.Unit(id); ok {
		return u.Short
	}
	return string(id)
}

// territoryNames joins the short names of territories; of many only the first ones.
func territoryNames(pack *city.Pack, ids []city.TerritoryID) string {
	const most = 4
	names := make([]string, 0, most)
	for _, id := range ids[:min(most, len(ids))] {
		t, _ := pack.Territory(id)
		names = append(names, t.Short)
	}
	text := strings.Join(names, "、")
	if len(ids) > most {
		text += "等"
	}
	return text
}
