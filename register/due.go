package register

import (
	"slices"

	"bihuan/kit/calendar"
)

// dueOf is the day by which a record that enters a stage today must leave it; zero
// when nothing sets one. history is what the record did before.
func (s *Service) dueOf(d *Definition, r Record, st Stage, history []Event, today calendar.Date) calendar.Date {
	if st.Until != "" {
		if day, err := calendar.ParseDate(r.Values[st.Until]); err == nil {
			return day
		}
	}
	if st.Limit == nil {
		return calendar.Date{}
	}
	limit := st.Limit.Limit
	days := func(from, to calendar.Date) int {
		if limit.Unit == calendar.Workdays {
			return s.parts.Pack.Calendar.WorkdaysBetween(from, to)
		}
		return to.Sub(from)
	}
	since, paused := d.stood(st, history, today, days)
	limit.N += paused
	return s.parts.Pack.Calendar.DueAfter(since, limit)
}

// stood tells since when a record that enters a stage today has stood in it, when it
// comes back from stages that pause the limit, and how many days those took: time for
// testing and appraisal does not count (消费者权益保护法实施条例 art. 46).
func (d *Definition) stood(st Stage, history []Event, today calendar.Date, days func(from, to calendar.Date) int) (since calendar.Date, paused int) {
	since, end, waiting := today, today, 0
	for _, e := range slices.Backward(history) {
		if e.From == e.To {
			continue
		}
		at := calendar.Today(e.At)
		entered, _ := d.Stage(e.To)
		switch {
		case entered.Pauses:
			waiting += days(at, end)
		case entered.ID == st.ID:
			since, paused, waiting = at, paused+waiting, 0
		default:
			return since, paused
		}
		end = at
	}
	return since, paused
}
