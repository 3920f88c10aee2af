package supervise

import (
	"context"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
)

// Courses gives for each target what was known of it up to each of the days,
// which rise: what was verified of reported targets, what sources counted of bound
// ones. Nil stands for a day of which nothing is known; a target without any value
// is absent. Each source is asked once for each day.
func (s *Service) Courses(ctx context.Context, p org.Principal, rows []TargetRow, days []calendar.Date) (courses map[string][]*quantity.Quantity, err error) {
	defer errs.Wrap(&err, "supervise.Courses")
	var reported, texts []string
	var counted []TargetRow
	var facts []plan.TargetFacts
	for _, r := range rows {
		if r.Target.Measure.Bound() {
			counted, facts = append(counted, r), append(facts, r.Target.TargetFacts)
		} else {
			reported = append(reported, r.Target.ID)
		}
	}
	for _, d := range days {
		texts = append(texts, d.String())
	}
	if courses, err = s.plan.Courses(ctx, p, reported, texts); err != nil || len(counted) == 0 {
		return courses, err
	}
	f := newFigures()
	for i, day := range days {
		if err := s.ask(ctx, f, facts, day); err != nil {
			return nil, err
		}
		for _, r := range counted {
			a, _ := f.at(r.Task.Territory, r.Target.TargetFacts, day)
			if a.Value == nil {
				continue
			}
			if courses[r.Target.ID] == nil {
				courses[r.Target.ID] = make([]*quantity.Quantity, len(days))
			}
			courses[r.Target.ID][i] = a.Value
		}
	}
	return courses, nil
}

// MonthEnds lists the ends of the months of a target's term that are over on a
// day, and the day itself: at most the newest twelve.
func MonthEnds(start, today calendar.Date) (days []calendar.Date) {
	const most = 12
	for end := start.EndOfMonth(); end.Before(today); end = end.AddDays(1).EndOfMonth() {
		days = append(days, end)
	}
	days = append(days, today)
	return days[max(0, len(days)-most):]
}
