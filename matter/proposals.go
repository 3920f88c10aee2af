package matter

import (
	"context"
	"slices"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
	"bihuan/supervise"
)

// Proposals lists the sheets that the lights suggest and that nobody has drawn up
// yet, each at the level that the sheets of its task allow: a light may turn red at
// once, sheets rise one step at a time (§4.3).
func (s *Service) Proposals(ctx context.Context, p org.Principal, b *supervise.Board) (all []supervise.Proposal, err error) {
	defer errs.Wrap(&err, "matter.Proposals")
	if err := p.May(org.MatterIssue, org.Scope{}); err != nil {
		return nil, err
	}
	for _, x := range supervise.Proposals(b, s.Pack) {
		before, drawn, err := sheetsOf(ctx, p, s.Records, x.Task.ID)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(drawn, func(d Sheet) bool { return d.Reason == x.Reason.Label() && d.Period == x.Period }) {
			continue
		}
		x.Level = allowed(x.Level, before)
		all = append(all, x)
	}
	return all, nil
}

// sheetsOf reads the sheets of a task, the newest last: those that were sent, and all
// that were drawn up and not given up.
func sheetsOf(ctx context.Context, p org.Principal, records Records, task string) (sent, drawn []Sheet, err error) {
	all, _, err := records.List(ctx, p, register.Query{Register: sheets, Having: map[string]string{"task": task}, Limit: 1000})
	for _, r := range slices.Backward(all) { // the list has the newest first
		if r.Stage == "cancelled" {
			continue
		}
		x := sheetOf(r, r.Values)
		drawn = append(drawn, x)
		if r.Stage != "draft" && r.Stage != "proposed" {
			sent = append(sent, x)
		}
	}
	return sent, drawn, err
}
