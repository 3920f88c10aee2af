package tasks

import (
	"fmt"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/ui"
)

// longestChart is how many months a chart shows; of longer targets the last ones.
const longestChart = 24

// paceChart draws the course of a target month by month: what the pace asks for,
// what was verified by the end of each month, and what waits for verification.
// It is false for targets without a number.
func paceChart(d plan.TargetDetail, l *supervise.TargetLight, today calendar.Date, past courses) (ui.PaceChart, bool) {
	if d.Value == nil || d.Curve.Start.IsZero() || d.Curve.End.IsZero() {
		return ui.PaceChart{}, false
	}
	c := ui.PaceChart{Title: d.Subject, Unit: d.Unit, Target: valueOf(d.Value), Now: -1, Level: ui.Grey}
	if l != nil {
		c.Level = levelOf(l.Level)
	}
	ends := monthEnds(d.Curve.Start, d.Curve.End)
	last := lastReported(d.Entries)
	for i, end := range ends {
		if end.Year() == today.Year() && end.Month() == today.Month() {
			c.Now = i
		}
		p := ui.PacePoint{Label: monthLabel(ends, end)}
		if v, ok := d.ExpectedAt(end); ok {
			p.Expected = valueOf(&v)
		}
		if d.Measure.Bound() {
			p.Verified = valueOf(past.at(d.ID, end))
			c.Points = append(c.Points, p)
			continue
		}
		// Figures stand from month to month until the next report, and never past the last.
		if !calendar.Of(end.Year(), end.Month(), 1).After(last) {
			p.Verified = valueOf(sumAt(d, end, plan.EntryVerified))
			if pending := sumAt(d, end, plan.EntryReported); pending != nil {
				p.Reported = valueOf(pending)
			}
		}
		c.Points = append(c.Points, p)
	}
	return c, true
}

// monthEnds lists the last days of the months from start to end.
func monthEnds(start, end calendar.Date) []calendar.Date {
	var ends []calendar.Date
	for m := calendar.Of(start.Year(), start.Month(), 1).EndOfMonth(); ; m = m.AddDays(1).EndOfMonth() {
		ends = append(ends, m)
		if !m.Before(end) {
			break
		}
	}
	return ends[max(0, len(ends)-longestChart):]
}

func monthLabel(ends []calendar.Date, m calendar.Date) string {
	if ends[0].Year() != ends[len(ends)-1].Year() && (m.Month() == 1 || m == ends[0]) {
		return fmt.Sprintf("%02d年%d月", m.Year()%100, m.Month())
	}
	return fmt.Sprintf("%d月", m.Month())
}

// lastReported is the newest day for which something was reported and counts.
func lastReported(entries []plan.Entry) calendar.Date {
	var last calendar.Date
	for _, e := range entries {
		d, err := calendar.ParseDate(e.AsOf)
		if err == nil && counts(e.State) && d.After(last) {
			last = d
		}
	}
	return last
}

func counts(s plan.ProgressState) bool {
	return s == plan.EntryVerified || s == plan.EntryReported
}

// sumAt adds up the newest figures of all parts by a day. With EntryReported it
// takes reported figures where they are newer than verified ones, and is nil
// when no part has such.
func sumAt(d plan.TargetDetail, by calendar.Date, state plan.ProgressState) *quantity.Quantity {
	newest := map[city.TerritoryID]plan.Entry{}
	waiting := false
	for _, e := range d.Entries { // newest first
		use := e.State == plan.EntryVerified || e.State == state
		if _, have := newest[e.Territory]; have || !use || e.AsOf > by.String() {
			continue
		}
		newest[e.Territory] = e
		waiting = waiting || e.State == plan.EntryReported
	}
	if len(newest) == 0 || state == plan.EntryReported && !waiting {
		return nil
	}
	sum := quantity.Quantity(0)
	for _, e := range newest {
		s, err := sum.Add(e.Value)
		if err != nil {
			return nil
		}
		sum = s
	}
	return &sum
}
