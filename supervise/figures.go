package supervise

import (
	"context"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
)

// figures are the actual values of targets: those of bound ones as their sources
// gave them, those of reported ones as they were verified by the ends of earlier
// periods (the newest stand with the target itself).
type figures struct {
	readings map[readingKey]Reading
	parts    map[calendar.Date]map[string][]plan.Standing // by day and target
	days     map[calendar.Date]bool                       // the ends of earlier periods that were asked for
}

type readingKey struct {
	kind plan.MeasureKind
	ref  string
	day  calendar.Date
}

func newFigures() figures {
	return figures{map[readingKey]Reading{}, map[calendar.Date]map[string][]plan.Standing{}, map[calendar.Date]bool{}}
}

// ask reads the values of bound targets at a day: one question to each source,
// however many targets there are.
func (s *Service) ask(ctx context.Context, f figures, targets []plan.TargetFacts, day calendar.Date) error {
	refs := map[plan.MeasureKind][]string{}
	for _, g := range targets {
		if s.sources[g.Measure.Kind] == nil {
			continue
		}
		for _, ref := range g.Measure.Refs() {
			key := readingKey{g.Measure.Kind, ref, day}
			if _, asked := f.readings[key]; !asked {
				f.readings[key] = Reading{}
				refs[key.kind] = append(refs[key.kind], ref)
			}
		}
	}
	for kind, list := range refs {
		got, err := s.sources[kind].At(ctx, list, day)
		if err != nil {
			return err
		}
		for ref, r := range got {
			f.readings[readingKey{kind, ref, day}] = r
		}
	}
	return nil
}

// sum adds up the references of a bound target at a day. Without any value known
// it is empty.
func (f figures) sum(t plan.Target, day calendar.Date) (total Reading) {
	total = Reading{Values: map[city.TerritoryID]quantity.Quantity{}, AsOf: day}
	for _, ref := range t.Measure.Refs() {
		r := f.readings[readingKey{t.Measure.Kind, ref, day}]
		for id, v := range r.Values {
			sum, err := total.Values[id].Add(v)
			if err != nil {
				return Reading{} // beyond what a quantity holds: nothing can be said
			}
			total.Values[id] = sum
		}
		if !r.AsOf.IsZero() && r.AsOf.Before(total.AsOf) {
			total.AsOf = r.AsOf
		}
	}
	return total
}

// at is the value of a bound target at a day, with the parts of the territories
// that carry a share. The whole is the sum over all territories, each of which is
// counted once: a zone apart from the district that holds it. A list of a county
// or zone counts that territory alone. Once anything has been counted, a
// territory without records is known to have none, which is zero and not silence;
// before that nothing is known.
func (f figures) at(territory city.TerritoryID, g plan.TargetFacts, day calendar.Date) (plan.Actual, []plan.Standing) {
	r := f.sum(g.Target, day)
	if len(r.Values) == 0 {
		return plan.Actual{}, nil
	}
	asOf := r.AsOf.String()
	whole := r.Values[territory]
	if territory == "" {
		whole = 0
		for _, v := range r.Values {
			sum, err := whole.Add(v)
			if err != nil {
				return plan.Actual{}, nil
			}
			whole = sum
		}
	}
	parts := make([]plan.Standing, 0, len(g.Shares))
	for _, sh := range g.Shares {
		v := r.Values[sh.Territory]
		parts = append(parts, plan.Standing{TargetID: g.ID, Territory: sh.Territory, AsOf: asOf, Value: &v})
	}
	return plan.Actual{Value: &whole, AsOf: asOf}, parts
}

// now is the newest value of a target with its parts.
func (f figures) now(t plan.Task, g plan.TargetFacts, today calendar.Date) (plan.Actual, []plan.Standing) {
	if g.Measure.Bound() {
		return f.at(t.Territory, g, today)
	}
	return plan.Combine(g.Target, g.Shares, g.Parts), g.Parts
}

// lookFrom is the day from which earlier periods are counted back. A figure of a
// series is published after its period: it is asked for by what was public on a
// day, so that counting back begins today.
func lookFrom(t plan.Target, judged, today calendar.Date) calendar.Date {
	if t.Measure.Kind == plan.Series {
		return today
	}
	return judged
}

// publicationLag is how many periods of a series may pass before its figure is there.
const publicationLag = 2

// daysBack are the ends of the earlier periods at which a yellow target is looked at again.
func daysBack(g TargetLight, rule city.LightRule, today calendar.Date, quarterly bool) (days []calendar.Date) {
	n := periodsBefore(g.Target, rule, g.Day, quarterly)
	if n > 0 && g.Measure.Kind == plan.Series {
		n += publicationLag
	}
	day := lookFrom(g.Target, g.Day, today)
	for range n {
		day = PeriodBefore(day, quarterly)
		days = append(days, day)
	}
	return days
}

// before gives what was known of a target at the ends of the periods before a
// day, the nearest first, as far back as was asked for. One published figure is
// one period, however long no other one comes.
func (f figures) before(t plan.Task, g plan.TargetFacts, newest plan.Actual, day calendar.Date) (all []plan.Actual) {
	for {
		day = PeriodBefore(day, quarterly(t))
		if !f.days[day] {
			return all
		}
		a := plan.Combine(g.Target, g.Shares, f.parts[day][g.ID])
		if g.Measure.Bound() {
			a, _ = f.at(t.Territory, g, day)
		}
		if g.Measure.Kind == plan.Series && a.AsOf == newest.AsOf {
			continue
		}
		all, newest = append(all, a), a
	}
}

// Figure is the value of a measure by itself, whether or not a target is bound to it.
type Figure struct {
	Value *quantity.Quantity // over all territories; nil when nothing is known
	AsOf  calendar.Date      // the last day that the value speaks for
	URL   string             // where it opens
}

// Figures gives the values of measures at a day, in their order, with one question
// to each source. A measure that no source serves has no value.
func (s *Service) Figures(ctx context.Context, p org.Principal, measures []plan.Binding, day calendar.Date) (all []Figure, err error) {
	defer errs.Wrap(&err, "supervise.Figures(%s)", day)
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, err
	}
	targets := make([]plan.TargetFacts, len(measures))
	for i, m := range measures {
		targets[i].Measure = m
	}
	f := newFigures()
	if err := s.ask(ctx, f, targets, day); err != nil {
		return nil, err
	}
	for _, g := range targets {
		a, _ := f.at("", g, day)
		x := Figure{Value: a.Value}
		if a.Value != nil {
			x.AsOf, _ = calendar.ParseDate(a.AsOf) // written by at
			x.URL = s.sources[g.Measure.Kind].Link(g.Measure.Refs()[0], day, "")
		}
		all = append(all, x)
	}
	return all, nil
}
