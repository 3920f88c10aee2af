package supervise

import (
	"cmp"
	"slices"

	"bihuan/city"
	"bihuan/kit/quantity"
	"bihuan/plan"
)

// Result is one verified indicator of a territory's score.
type Result struct {
	Task      *TaskLight
	Subject   string
	Unit      string
	Value     quantity.Quantity
	Target    quantity.Quantity
	Baseline  *quantity.Quantity // to tell how much of a stock was there before; nil without one
	Measure   plan.Binding       // what it is counted from
	Falsified bool               // records behind it were found false this year: counts as nothing
}

// Share is how much of the target was reached, in basis points, at most the cap.
func (r Result) Share(most city.BasisPoints) int {
	if r.Falsified || r.Target <= 0 || r.Value <= 0 {
		return 0
	}
	return min(Ratio(r.Value, r.Target), int(most))
}

// Gap is what is missing to the target; negative beyond it.
func (r Result) Gap() quantity.Quantity { return r.Target - r.Value }

// Ontime counts things that were done in time among all that were due.
type Ontime struct {
	Met, Due int
	Cases    []Case // the records that are counted, those not met first; nil for steps of tasks
}

// Line is one share that a part of a score is drawn from.
type Line struct {
	Name string
	Ontime
}

// Rating is how enterprises and consumers are served by a territory: the mean of
// the shares that rest on enough cases, 0 to 10000, and how many cases those are.
type Rating struct {
	Points, Asked int
	Lines         []Line // all shares, also those with too few cases
}

// Performance is what a territory is scored by. Log-ins, uploads, reports,
// meetings, likes and the speed of clicking stand nowhere in it, and have no field
// to stand in.
type Performance struct {
	Territory      city.TerritoryID
	Results        []Result
	Milestones     Ontime
	Rectifications Ontime
	Service        Rating
	YellowTwice    int    // tasks that were yellow several periods in a row
	Red            int    // tasks that are red for another reason
	False          []Case // records of this year that were found false
}

// Part is one part of a score. Without anything to measure it is not known, and
// neither good nor bad.
type Part struct {
	Points quantity.Quantity
	Weight int
	Known  bool
}

// Score is the score of a territory by the rules of the pack (§4.8). Parts that
// are not known are left out and the others weighed up to a hundred: the rule book
// does not say what becomes of them, and what nothing is known of is neither good
// nor bad.
type Score struct {
	Performance
	Name          string
	Result        Part
	Process       Part
	Rectification Part
	Service       Part
	Deducted      quantity.Quantity
	Total         quantity.Quantity
	Rank          int    // within its group; ties share one; 0 for none
	Why           string // there is no rank
}

// ScoreOf scores one territory. least is the smallest number of indicators and of
// people asked from which a figure says something.
func ScoreOf(p Performance, rule city.Scoring, least int) Score {
	s := Score{Performance: p}
	if n := len(p.Results); n > 0 {
		sum := 0
		for _, r := range p.Results {
			sum += r.Share(rule.Cap)
		}
		s.Result = part(sum/n, rule.Result)
	}
	s.Result.Weight, s.Process.Weight, s.Rectification.Weight, s.Service.Weight = rule.Result, rule.Process, rule.Rectification, rule.Service
	if p.Milestones.Due > 0 {
		s.Process = part(10_000*p.Milestones.Met/p.Milestones.Due, rule.Process)
	}
	if p.Rectifications.Due > 0 {
		s.Rectification = part(10_000*p.Rectifications.Met/p.Rectifications.Due, rule.Rectification)
	}
	if p.Service.Asked >= max(least, 1) {
		s.Service = part(p.Service.Points, rule.Service)
	}
	s.Deducted = quantity.Of(int64(p.YellowTwice*rule.YellowTwice + p.Red*rule.Red))
	sum, weight := quantity.Quantity(0), 0
	for _, x := range []Part{s.Result, s.Process, s.Rectification, s.Service} {
		if x.Known {
			sum, weight = sum+x.Points, weight+x.Weight
		}
	}
	if weight > 0 {
		s.Total = max(0, sum*100/quantity.Quantity(weight)-s.Deducted)
	}
	switch {
	case !s.Result.Known:
		s.Why = "没有已核验的指标"
	case len(p.Results) < least:
		s.Why = "样本不足：已核验指标少于 " + quantity.Of(int64(least)).String() + " 项"
	}
	return s
}

// part is a share of a weight, in hundredths of a point.
func part(share, weight int) Part {
	const hundredth = quantity.Scale / 100
	return Part{Points: (quantity.Quantity(share)*quantity.Quantity(weight)*quantity.Scale/10_000 + hundredth/2) / hundredth * hundredth, Weight: weight, Known: true}
}

// RankedGroup is a comparison group with its scores, the best first; those
// without a rank stand last, in the order of the pack.
type RankedGroup struct {
	city.Group
	Scores []Score
}

// RankAll scores and ranks territories within the groups of the pack and never
// across them. A territory without any performance stands there without a rank.
func RankAll(pack *city.Pack, all []Performance, least int) (groups []RankedGroup) {
	for _, g := range pack.Groups {
		group := RankedGroup{Group: g}
		for _, id := range g.Territories {
			p := Performance{Territory: id}
			if i := slices.IndexFunc(all, func(p Performance) bool { return p.Territory == id }); i >= 0 {
				p = all[i]
			}
			s := ScoreOf(p, pack.Defaults.Scoring, least)
			tr, _ := pack.Territory(id)
			s.Name = tr.Short
			group.Scores = append(group.Scores, s)
		}
		rank(group.Scores)
		groups = append(groups, group)
	}
	return groups
}

// rank sorts and numbers scores: 1, 2, 2, 4.
func rank(scores []Score) {
	slices.SortStableFunc(scores, func(a, b Score) int {
		if c := cmp.Compare(len(a.Why), len(b.Why)); (a.Why == "") != (b.Why == "") {
			return c
		}
		if a.Why != "" {
			return 0
		}
		return cmp.Compare(b.Total, a.Total)
	})
	for i := range scores {
		switch {
		case scores[i].Why != "":
		case i > 0 && scores[i].Total == scores[i-1].Total:
			scores[i].Rank = scores[i-1].Rank
		default:
			scores[i].Rank = i + 1
		}
	}
}

// Performances draws from a board what territories are scored by: the parts of the
// city's targets that they carry, the steps and lights of their own lists. Lights
// set by hand do not change a score. Rectification, service and what was found
// false are filled in from their records by Service.Ranking.
func Performances(b *Board, pack *city.Pack) []Performance {
	var all []Performance
	for _, tr := range pack.TerritoriesFor(city.CaliberZonesApart) {
		p := Performance{Territory: tr.ID}
		for _, t := range b.Tasks {
			p.add(t, b)
		}
		all = append(all, p)
	}
	return all
}

// add takes over what one task says about the territory.
func (p *Performance) add(t *TaskLight, b *Board) {
	own, worst, again := t.Territory == p.Territory, Grey, false
	for i := range t.Targets {
		g := &t.Targets[i]
		for _, part := range g.ByPart {
			if part.Territory != p.Territory {
				continue
			}
			worst = Worst(worst, part.Level)
			p.result(t, g.Target, part.Actual, part.Share)
		}
		if own && g.Value != nil {
			again = again || g.Repeated
			p.result(t, g.Target, g.Actual, *g.Value)
		}
	}
	if own {
		worst = Worst(worst, t.Computed.Level)
		for _, m := range t.Steps {
			p.step(m, b.Today.String())
		}
	}
	switch {
	case worst == Red && again:
		p.YellowTwice++
	case worst == Red:
		p.Red++
	}
}

// result counts a verified indicator; missing data is neither good nor bad.
func (p *Performance) result(t *TaskLight, g plan.Target, a plan.Actual, target quantity.Quantity) {
	if a.Value == nil || !g.Summable() || g.Cap() || target <= 0 {
		return
	}
	p.Results = append(p.Results, Result{Task: t, Subject: g.Subject, Unit: g.Unit, Value: *a.Value, Target: target, Baseline: g.Baseline, Measure: g.Measure})
}

func (p *Performance) step(m plan.Milestone, today string) {
	if m.PlannedOn >= today && !m.Met() {
		return
	}
	p.Milestones.Due++
	if m.Met() && m.ActualOn <= m.PlannedOn {
		p.Milestones.Met++
	}
}
