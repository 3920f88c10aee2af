package tasks

import (
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/ui"
)

// barOf is the bar of a target: verified, reported beyond it, and the pace mark.
// It is false for targets that have no length to fill: gaps, growth and promises.
func barOf(g *supervise.TargetLight, slim bool, to string) (ui.Progress, bool) {
	if g.Value == nil || g.Kind == plan.Rate && g.Change != "" || g.Cap() || *g.Value <= 0 {
		return ui.Progress{}, false
	}
	p := barFrom(g.Target, g.Actual, g.Outcome, *g.Value)
	p.Slim, p.URL = slim, to
	return p, true
}

// partBar is the bar of the part of a target that one territory carries.
func partBar(t plan.Target, part *supervise.PartLight) (ui.Progress, bool) {
	if part.Share <= 0 {
		return ui.Progress{}, false
	}
	p := barFrom(t, part.Actual, part.Outcome, part.Share)
	p.Slim = true
	return p, true
}

func barFrom(t plan.Target, a plan.Actual, o supervise.Outcome, full quantity.Quantity) ui.Progress {
	p := ui.Progress{Target: full.Float(), TargetText: plan.Amount(full, t.Unit), Level: levelOf(o.Level), NoPace: o.Expected == nil}
	if o.Expected != nil {
		p.Expected, p.ExpectedText = o.Expected.Float(), plan.Amount(shown(*o.Expected), t.Unit)
	}
	if a.Value != nil {
		p.Actual, p.ActualText = a.Value.Float(), plan.Amount(*a.Value, t.Unit)
	}
	if a.Pending != nil {
		p.PendingText = plan.Amount(*a.Pending, t.Unit)
		p.Unverified = max(0, a.Pending.Float()-p.Actual)
	}
	return p
}

// valueOf is a figure for a chart; missing stays missing.
func valueOf(q *quantity.Quantity) ui.Value {
	if q == nil {
		return ui.Value{}
	}
	return ui.Val(q.Float(), plan.Amount(shown(*q), ""))
}
