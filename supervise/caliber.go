package supervise

import (
	"slices"

	"bihuan/city"
	"bihuan/kit/quantity"
	"bihuan/plan"
)

// InCaliber gives the territories of a cockpit in a caliber. In the one that counts
// zones apart they are those of the cockpit itself. In the administrative one a
// district takes in the zones that lie inside it: parts of the same target are
// added and judged anew, and the lists of its zones are counted with it. Each part
// stands in exactly one territory of a caliber, and the calibers are never added.
func (s *Service) InCaliber(c Cockpit, caliber city.Caliber) []Group {
	if caliber == city.CaliberZonesApart {
		return c.Territories
	}
	groups := make([]Group, 0, len(c.Territories))
	for _, tr := range s.pack.TerritoriesFor(caliber) {
		members := []city.TerritoryID{tr.ID}
		for _, z := range s.pack.ZonesIn(tr.ID) {
			members = append(members, z.ID)
		}
		groups = append(groups, s.joined(c, tr, members))
	}
	return groups
}

// joined is one territory with those inside it.
func (s *Service) joined(c Cockpit, tr city.Territory, members []city.TerritoryID) Group {
	if len(members) == 1 {
		i := slices.IndexFunc(c.Territories, func(g Group) bool { return g.ID == string(tr.ID) })
		if i >= 0 {
			return c.Territories[i]
		}
	}
	g := Group{ID: string(tr.ID), Name: tr.Short, Tally: Tally{}, Worst: Grey, Share: -1}
	seen := map[*TargetLight]bool{}
	for _, member := range c.Territories {
		if !slices.Contains(members, city.TerritoryID(member.ID)) {
			continue
		}
		for _, p := range member.Parts {
			if seen[p.Target] {
				continue
			}
			seen[p.Target] = true
			part := s.together(c.Board, p, tr.ID, members)
			g.Parts = append(g.Parts, TerritoryPart{p.Task, p.Target, part})
			g.count(part.Level)
		}
		g.lists(member)
	}
	g.Share = meanShare(g.Parts)
	return g
}

// lists takes over the lights of a member's own lists: its lights without those of its parts.
func (g *Group) lists(member Group) {
	own := Tally{}
	for l, n := range member.Tally {
		own[l] = n
	}
	for _, p := range member.Parts {
		own[p.Part.Level]--
	}
	for l, n := range own {
		g.Tally[l] += n
		if n > 0 {
			g.Worst = Worst(g.Worst, l)
		}
	}
}

// together adds the parts that members carry of one target and judges the sum.
// Members of which nothing is known are silent, as counties are for the city.
func (s *Service) together(b *Board, p TerritoryPart, id city.TerritoryID, members []city.TerritoryID) *PartLight {
	t, g := p.Task, p.Target
	var shares []plan.Share
	var known []plan.Standing
	sum := quantity.Quantity(0)
	for _, part := range g.ByPart {
		if !slices.Contains(members, part.Territory) {
			continue
		}
		shares = append(shares, plan.Share{Territory: part.Territory, Value: part.Share})
		known = append(known, plan.Standing{Territory: part.Territory, AsOf: part.Actual.AsOf, Value: part.Actual.Value,
			PendingAsOf: part.Actual.PendingAsOf, Pending: part.Actual.Pending})
		sum += part.Share // parts of one target, which add up to no more than it
	}
	f := Facts{Target: g.Target, Actual: plan.Combine(g.Target, shares, known), Today: b.Today, Due: g.Day, Quarterly: quarterly(t.Task),
		Rules: b.rules(s.pack, t.PlanID), Category: t.Category}
	f.Target.Value, f.Target.ValueMax, f.Target.Baseline = &sum, nil, nil
	return &PartLight{Territory: id, Share: sum, Actual: f.Actual, Outcome: Judge(f)}
}
