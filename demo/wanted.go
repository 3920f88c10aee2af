package demo

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
)

// Sizes of a demonstration. A register behind a very large target gets as many
// records as a start of a few seconds allows, and says so.
const (
	fewRecords  = 10
	mostRecords = 800 // up to here a register has all
	manyRecords = 120 // and else so many
)

// records makes those of every register that is no one's supervision.
func (f *filler) records() error {
	b, err := f.board()
	if err != nil {
		return err
	}
	f.today = b.Today
	wanted := f.wanted(b)
	for _, later := range []bool{false, true} {
		var all []*made
		for _, d := range f.a.Register.Catalog().All() {
			if f.supervised(d) || refers(d) != later {
				continue
			}
			records, err := f.intended(d, wanted[d.ID])
			if err != nil {
				return err
			}
			all = append(all, records...)
		}
		if err := f.makeRecords(all); err != nil {
			return err
		}
	}
	return nil
}

// refers reports whether records of a register speak of other records, which must be
// there first.
func refers(d *register.Definition) bool {
	return d.Under != "" || slices.ContainsFunc(d.Fields, func(x register.Field) bool { return x.Type == register.RecordRef })
}

// guarded reports whether a rule in code stands over a register: supervision.
func guarded(d *register.Definition) bool {
	return slices.ContainsFunc(d.Stages, func(s register.Stage) bool {
		return slices.ContainsFunc(s.Moves, func(m register.Move) bool { return m.Guard != "" })
	})
}

// want is how much of a count there shall be, and where.
type want struct {
	count     register.Count
	territory city.TerritoryID // "" for anywhere
	n         int
	late      bool // behind only lately
}

// wanted are the sums that show the bound targets at their paces.
func (f *filler) wanted(b *supervise.Board) map[register.ID][]want {
	wanted := map[register.ID][]want{}
	n := 0
	for _, t := range b.Tasks {
		for _, g := range t.Targets {
			if g.Quantified() {
				n++
			}
			if g.Measure.Kind != plan.Register {
				continue
			}
			refs := g.Measure.Refs()
			for i, ref := range refs {
				id, count, _ := strings.Cut(ref, "/")
				d, ok := f.a.Register.Catalog().Get(register.ID(id))
				if !ok {
					continue
				}
				if c, ok := d.Count(count); ok {
					wanted[d.ID] = append(wanted[d.ID], f.parts(g, c, n, i, len(refs), b.Today)...)
				}
			}
		}
	}
	return wanted
}

// sharePaces are how the parts of a shared target run: together about as expected.
var sharePaces = []int64{104, 101, 97, 103, 94, 106, 98, 102, 85, 100, 108}

// parts are what one count adds to a target: one of several, shared out or not.
func (f *filler) parts(g supervise.TargetLight, c register.Count, n, i, of int, today calendar.Date) (all []want) {
	part := func(t plan.Target, pace int64, territory city.TerritoryID) {
		expected, _ := t.ExpectedAt(today)
		sum, err := expected.MulDiv(pace, 100)
		if err != nil || t.Value == nil {
			sum = quantity.Of(fewRecords)
		}
		whole := int((sum + quantity.Scale/2) / quantity.Scale)
		n := (whole + of - 1 - i) / of // parts of several references add up to the whole
		all = append(all, want{count: c, territory: territory, n: n, late: pace >= 85 && pace < 95})
	}
	if len(g.Shares) == 0 {
		part(g.Target, paces[n%len(paces)], "")
	}
	for j, sh := range g.Shares {
		t, value := g.Target, sh.Value
		t.Value, t.ValueMax, t.Baseline = &value, nil, nil
		part(t, sharePaces[(n+j)%len(sharePaces)], sh.Territory)
	}
	return all
}

// intended says which records of a register shall be.
func (f *filler) intended(d *register.Definition, wanted []want) (records []*made, err error) {
	places := f.a.Pack.TerritoriesFor(city.CaliberZonesApart)
	if len(wanted) == 0 {
		places = places[:min(3, len(places))]
	}
	add := func(r made) error {
		if r.territory == "" {
			r.territory = places[len(records)%len(places)].ID
		}
		if r.day.IsZero() {
			r.day = f.dayOf(false)
		}
		if parents := f.refs[d.Under]; d.Under != "" && len(parents) > 0 {
			r.parent = parents[len(records)%len(parents)]
		}
		by, err := f.entrant(d, r.territory)
		if r.d, r.by = d, by; by.ID != "" && (d.Under == "" || r.parent != "") {
			records = append(records, &r)
		}
		return err
	}
	whole := 0
	for _, w := range wanted {
		whole += w.n
	}
	for _, w := range wanted {
		for i, fixed := range w.each(d, whole) {
			r := made{territory: w.territory, day: f.dayOf(w.late), fixed: fixed, steps: mostMoves}
			if i == 0 {
				r.note = w.short(d, whole)
			}
			if err := add(r); err != nil {
				return nil, err
			}
		}
	}
	various := variety(d, len(wanted) == 0)
	if len(wanted) > 0 && !f.wrong && slices.Contains(d.Entry, register.EntrantCounty) {
		f.wrong = true
		various = append(various, made{steps: mostMoves, then: aside}, made{steps: mostMoves, then: falsified})
	}
	served, err := f.served(d)
	if err != nil {
		return nil, err
	}
	for _, r := range append(various, served...) {
		if err := add(r); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// variety are records that wait at each of their stages, and one that was returned.
// Some that count are among them unless the register's numbers are given.
func variety(d *register.Definition, counting bool) (records []made) {
	way, ok := (&made{d: d}).way(d.Stages[0].ID, nil)
	most := len(way)
	if !ok {
		most = fewRecords
	}
	for i := range most {
		records = append(records, made{steps: i})
	}
	if counting {
		records = append(records, made{steps: mostMoves}, made{steps: mostMoves}, made{steps: mostMoves})
	}
	return append(records, made{steps: min(1, most-1), then: aside})
}

// served are records that the counties' scores of service are made of: each government
// has a few, most of them of today and handled at once, one of them late.
func (f *filler) served(d *register.Definition) (records []made, err error) {
	rules, err := supervise.ReadRankingRules(f.a.Pack.Files)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rules.Service, func(x supervise.CaseRule) bool { return x.Register == d.ID && x.Since != "" })
	if i < 0 {
		return nil, nil
	}
	rule, handler := rules.Service[i], assignedIn(d)
	for k, place := range f.a.Pack.TerritoriesFor(city.CaliberZonesApart) {
		government, ok := f.a.Pack.Government(place.ID)
		if !ok {
			continue
		}
		for n := range rules.Least + 1 {
			day := f.today
			if (k+n)%(rules.Least+1+k%2) == 0 {
				day = f.today.AddDays(-20)
			}
			fixed := map[string]string{rule.Since: day.String(), handler: string(government.ID)}
			for _, c := range rule.Where {
				fixed[c.Field] = c.In[0]
			}
			records = append(records, made{territory: place.ID, day: day, fixed: fixed, steps: mostMoves})
		}
	}
	return records, nil
}

// assignedIn is the field that names who is handed a record; "" for none.
func assignedIn(d *register.Definition) string {
	for _, s := range d.Stages {
		for _, m := range s.Moves {
			if m.Assigns != "" {
				return m.Assigns
			}
		}
	}
	return ""
}

// size is how many records make up what is wanted of a whole.
func (w want) size(d *register.Definition, whole int) int {
	switch {
	case w.count.Sum != "":
		return min(w.n, max(fewRecords/2, w.n/largest(d, w.count.Sum)+1))
	case whole > mostRecords:
		return min(w.n, max(1, w.n*manyRecords/whole))
	}
	return w.n
}

// largest is the most that one record may have of a number without being noted.
func largest(d *register.Definition, field string) int {
	for _, c := range d.Checks {
		if than, err := quantity.Parse(c.Than); c.Kind == register.CheckMaximum && c.Field == field && err == nil {
			return max(1, int(than/quantity.Scale))
		}
	}
	return math.MaxInt
}

// short says on the first record that not all are there.
func (w want) short(d *register.Definition, whole int) string {
	if n := w.size(d, whole); w.count.Sum == "" && n < w.n {
		return fmt.Sprintf("（台账应有%d条，演示只列%d条）", w.n, n)
	}
	return ""
}

// each are the given values of the records that make up what is wanted.
func (w want) each(d *register.Definition, whole int) (records []map[string]string) {
	n := w.size(d, whole)
	for i := range n {
		fixed := map[string]string{}
		for _, c := range w.count.Where {
			fixed[c.Field] = c.In[i%len(c.In)]
		}
		if w.count.Sum != "" {
			fixed[w.count.Sum] = fmt.Sprint((w.n + i) / n) // adds up to what is asked
		}
		records = append(records, fixed)
	}
	return records
}

// dayOf is a day of the plan's year up to today; when something is late only
// lately, nothing came in the last weeks.
func (f *filler) dayOf(late bool) calendar.Date {
	first, last := calendar.Of(f.a.Pack.Documents[0].Year, time.January, 1), calendar.Of(f.a.Pack.Documents[0].Year, time.December, 31)
	if f.today.Before(last) {
		last = f.today
	}
	if late && last.Sub(first) > 60 {
		last = last.AddDays(-last.Sub(first) / 10)
	}
	return first.AddDays(f.rng.IntN(max(1, last.Sub(first)+1)))
}

// entrant is who enters records of a register for a territory; nobody where there
// is no government.
func (f *filler) entrant(d *register.Definition, territory city.TerritoryID) (org.Principal, error) {
	if slices.Contains(d.Entry, register.EntrantCounty) {
		if u, ok := f.a.Pack.Government(territory); ok {
			return f.clerk(u)
		}
	}
	if u, ok := f.a.Pack.Unit(d.Lead); ok && !slices.Equal(d.Entry, []register.Entrant{register.EntrantCounty}) {
		return f.clerk(u)
	}
	return org.Principal{}, nil
}
