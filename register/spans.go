package register

import (
	"fmt"
	"slices"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

// EffectiveOn is the day from which a record counts: the effective date of its
// proof, not the day on which somebody uploaded it. Zero when it is not filled in.
func (d *Definition) EffectiveOn(values map[string]string) calendar.Date {
	day, err := calendar.ParseDate(values[d.Effective])
	if err != nil {
		return calendar.Date{}
	}
	return day
}

// EndsOn is the first day on which the proof does not hold any more; zero for never.
func (d *Definition) EndsOn(values map[string]string) calendar.Date {
	from := d.EffectiveOn(values)
	ends := calendar.Date{}
	sooner := func(day calendar.Date) {
		if !day.IsZero() && (ends.IsZero() || day.Before(ends)) {
			ends = day
		}
	}
	if last, err := calendar.ParseDate(values[d.Expiry.Field]); err == nil {
		sooner(last.AddDays(1))
	}
	if d.Expiry.Years > 0 && !from.IsZero() {
		sooner(from.AddMonths(12 * d.Expiry.Years))
	}
	if d.Expiry.Confirm != "" && !from.IsZero() {
		since := from
		if day, err := calendar.ParseDate(values[d.Expiry.Confirm]); err == nil && day.After(since) {
			since = day
		}
		sooner(since.AddMonths(12))
	}
	return ends
}

// Deltas are what a record adds to the counts of its register. A record that was
// found false adds nothing. Stock counts what stands. Flow counts a record once, in the
// year in which it first counts: what interrupts it in that year takes it out while it
// lasts, and whatever comes after that year changes nothing.
func (d *Definition) Deltas(r Record) (all []Delta) {
	if r.Falsified {
		return nil
	}
	for _, c := range d.Counts {
		v, ok := c.worth(d, r)
		if !ok {
			continue
		}
		year := r.Spans[0].From.Year()
		for _, s := range r.Spans {
			if c.Mode == Flow && s.From.Year() != year {
				break // a record that comes back in a later year is not new again
			}
			all = append(all, Delta{c.ID, r.Territory, s.From, v})
			if !s.To.IsZero() && (c.Mode == Stock || s.To.Year() == year) {
				all = append(all, Delta{c.ID, r.Territory, s.To, -v})
			}
		}
	}
	return all
}

// worth is what one record is worth to a count, and whether it is counted at all.
func (c Count) worth(d *Definition, r Record) (quantity.Quantity, bool) {
	if len(r.Spans) == 0 || c.New && !d.Baseline.IsZero() && !r.Spans[0].From.After(d.Baseline) {
		return 0, false
	}
	if !holds(c.Where, r.Values) {
		return 0, false
	}
	if c.Sum == "" {
		return quantity.Of(1), true
	}
	q, err := quantity.Parse(r.Values[c.Sum])
	return q, err == nil && q != 0
}

func holds(where []Condition, values map[string]string) bool {
	for _, w := range where {
		if !slices.Contains(w.In, values[w.Field]) {
			return false
		}
	}
	return true
}

// spansAfter gives the spans of a record that moves between stages on a day: one
// begins when it comes to a stage that counts, and ends when it leaves it.
func (d *Definition) spansAfter(r Record, from, to Stage, day calendar.Date) []Span {
	spans := slices.Clone(r.Spans)
	switch {
	case !from.Counts && to.Counts:
		begin := d.EffectiveOn(r.Values)
		if len(spans) > 0 || begin.IsZero() {
			begin = day
		}
		spans = append(spans, Span{From: begin, To: d.EndsOn(r.Values)})
	case from.Counts && !to.Counts && len(spans) > 0:
		last := &spans[len(spans)-1]
		if last.To.IsZero() || day.Before(last.To) {
			last.To = day
		}
		if !last.From.Before(last.To) {
			spans = spans[:len(spans)-1] // it never stood for a day
		}
	}
	return spans
}

// respan gives the spans of a record whose dates were corrected: the first begins on
// the new effective day, none outlasts the proof, and what lies before or is empty
// falls away. Of a counting record the last span runs on with the proof; a yearly
// confirmation that came late begins a new one, and the gap stays a gap.
func (d *Definition) respan(spans []Span, values map[string]string, running bool) (kept []Span) {
	begin, ends := d.EffectiveOn(values), d.EndsOn(values)
	if begin.IsZero() {
		return spans
	}
	for i, s := range spans {
		if i == 0 || s.From.Before(begin) {
			s.From = begin
		}
		confirmed, err := calendar.ParseDate(values[d.Expiry.Confirm])
		last := running && i == len(spans)-1
		switch {
		case last && err == nil && !s.To.IsZero() && confirmed.After(s.To):
			kept = append(kept, s)
			s = Span{From: confirmed, To: ends}
		case last:
			s.To = ends
		case !ends.IsZero() && ends.Before(s.To):
			s.To = ends
		}
		if s.To.IsZero() || s.From.Before(s.To) {
			kept = append(kept, s)
		}
	}
	return kept
}

// runs reports whether a record counts for as long as its proof holds: its last span
// ends with the proof, or never.
func (d *Definition) runs(r Record) bool {
	st, _ := d.Stage(r.Stage)
	n := len(r.Spans)
	return st.Counts && (n == 0 || r.Spans[n-1].To == d.EndsOn(r.Values))
}

// Lapsed tells since which day a record that counted does not any more, and why; zero
// when it counts on the day, or never did. Nobody moves a record on the day on which its
// proof ends, so that the stage alone would not say it.
func (d *Definition) Lapsed(r Record, day calendar.Date) (since calendar.Date, why string) {
	n := len(r.Spans)
	if n == 0 || r.Falsified {
		return since, ""
	}
	ended := r.Spans[n-1].To
	if ended.IsZero() || ended.After(day) {
		return since, ""
	}
	st, _ := d.Stage(r.Stage)
	switch {
	case !st.Counts:
		return ended, "现处于“" + st.Label + "”"
	case !d.runs(r):
		return ended, "佐证不实"
	}
	return ended, d.endWords()
}

// endWords says in words by which rule a proof of the register ended.
func (d *Definition) endWords() string {
	from, _ := d.Field(d.Effective)
	switch {
	case d.Expiry.Field != "":
		f, _ := d.Field(d.Expiry.Field)
		return "“" + f.Label + "”已过"
	case d.Expiry.Years > 0:
		return fmt.Sprintf("自“%s”起满 %d 年", from.Label, d.Expiry.Years)
	}
	f, _ := d.Field(d.Expiry.Confirm)
	return "“" + f.Label + "”满一年没有再次确认"
}

// mayCount refuses to count what would end before it begins: totals would run below
// what is there.
func (d *Definition) mayCount(spans []Span) error {
	if n := len(spans); n > 0 && !spans[n-1].To.IsZero() && !spans[n-1].From.Before(spans[n-1].To) {
		return errs.New(errs.Conflict, "佐证的有效期到 %s 为止，不能从 %s 起计入：请核对生效日期和有效期", spans[n-1].To.AddDays(-1), spans[n-1].From)
	}
	return nil
}

// weighs reports whether a field decides when, whether or how much a record counts,
// or what makes it the only one. A yearly confirmation does not: it comes while the
// record counts.
func (d *Definition) weighs(name string) bool {
	if name == d.Effective || name == d.Expiry.Field {
		return true
	}
	for _, c := range d.Counts {
		if c.Sum == name || slices.ContainsFunc(c.Where, func(x Condition) bool { return x.Field == name }) {
			return true
		}
	}
	return slices.ContainsFunc(d.Unique, func(u Unique) bool { return slices.Contains(u.Fields, name) })
}
