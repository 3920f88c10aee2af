package supervise

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
)

// Records is the part of the register room that rectification and service are
// scored from.
type Records interface {
	Get(ctx context.Context, p org.Principal, id string) (register.View, error)
	List(ctx context.Context, p org.Principal, q register.Query) ([]register.Record, int, error)
	Histories(ctx context.Context, p org.Principal, ids []string) (map[string][]register.Event, error)
}

// conduct keeps the cases of this year's scores in memory. Every change of a record
// has an entry in the audit log, made in the same transaction: only what was
// changed since the entry last seen is read again, so that a page costs the same
// however many records there are.
type conduct struct {
	mu    sync.Mutex
	seen  int64                      // the last entry of the audit log that was looked at
	year  int                        // of the cases
	cases map[register.ID]recordSets // nil before the first reading
	false map[string]falseRecord     // by record: what was found false this year
}

// falseRecord is a record that was found false.
type falseRecord struct {
	register register.ID
	Case
}

// recordSets are the cases of a register's records: by record, then by the place of the rule.
type recordSets map[string]map[int]Case

// mostChanges is from how many entries on everything is read anew.
const mostChanges = 5_000

// caseReader reads records for one renewal.
type caseReader struct {
	ctx     context.Context //nolint:containedctx // lives for one renewal
	s       *Service
	records Records
	find    func(register.ID) (*register.Definition, bool)
	rules   []CaseRule // those of rectification, then those of service
}

// fillConduct adds to performances what the records of rectification and service say.
// Without a room of registers, or without rules, these parts stay unknown.
func (s *Service) fillConduct(ctx context.Context, all []Performance, rules RankingRules, b *Board) error {
	src, ok := s.sources[plan.Register].(registers)
	if !ok {
		return nil
	}
	records, ok := src.counter.(Records)
	if !ok {
		return nil
	}
	r := caseReader{ctx, s, records, src.definition, slices.Concat(rules.Rectification, rules.Service)}
	for _, x := range r.rules {
		if err := x.Check(src.definition); err != nil {
			return err
		}
	}
	s.conduct.mu.Lock()
	defer s.conduct.mu.Unlock()
	if err := s.conduct.renew(r, b.Today.Year()); err != nil {
		return err
	}
	for i := range all {
		p := &all[i]
		lines := s.conduct.lines(r.rules, p.Territory, b)
		n := len(rules.Rectification)
		for _, l := range lines[:n] {
			p.Rectifications.Met, p.Rectifications.Due = p.Rectifications.Met+l.Met, p.Rectifications.Due+l.Due
			p.Rectifications.Cases = append(p.Rectifications.Cases, l.Cases...)
		}
		p.Service = RatingOf(lines[n:], rules.Least)
		s.conduct.falsify(p)
	}
	return nil
}

// falsify takes the results to nothing whose records were found false (§4.8).
func (c *conduct) falsify(p *Performance) {
	registers := map[string]bool{}
	for _, x := range c.false {
		if x.Territory == p.Territory {
			p.False = append(p.False, x.Case)
			registers[string(x.register)] = true
		}
	}
	slices.SortFunc(p.False, func(x, y Case) int { return cmp.Compare(x.No, y.No) })
	for i := range p.Results {
		r := &p.Results[i]
		r.Falsified = r.Measure.Kind == plan.Register && slices.ContainsFunc(r.Measure.Refs(), func(ref string) bool { return registers[string(countRef(ref).Register)] })
	}
}

// RatingOf is the mean of the shares that rest on enough cases; the others are left out.
func RatingOf(lines []Line, least int) (r Rating) {
	known := 0
	for _, l := range lines {
		r.Lines = append(r.Lines, l)
		if l.Due < max(least, 1) {
			continue
		}
		r.Points += 10_000 * l.Met / l.Due
		r.Asked += l.Due
		known++
	}
	if known > 0 {
		r.Points /= known
	}
	return r
}

// lines counts the cases of a territory up to today, those that are not met first.
func (c *conduct) lines(rules []CaseRule, territory city.TerritoryID, b *Board) []Line {
	all := make([]Line, len(rules))
	for i, x := range rules {
		l := &all[i]
		l.Name = x.Name
		for _, set := range c.cases[x.Register] {
			k, ok := set[i]
			if !ok || k.Territory != territory || !k.Counts(b.Today) {
				continue
			}
			l.Due++
			if k.Met() {
				l.Met++
			}
			l.Cases = append(l.Cases, k)
		}
		slices.SortFunc(l.Cases, func(x, y Case) int {
			if x.Met() != y.Met() {
				return map[bool]int{false: -1, true: 1}[x.Met()]
			}
			return cmp.Compare(x.No, y.No)
		})
	}
	return all
}

// renew brings the cases up to date with the records.
func (c *conduct) renew(r caseReader, year int) error {
	head, changed, all, err := r.changes(c.seen)
	if err != nil {
		return err
	}
	if c.cases == nil || all || c.year != year {
		fresh, err := r.everything(year)
		if err != nil {
			return err
		}
		if c.false, err = r.foundFalse(year); err != nil {
			return err
		}
		c.cases, c.year, c.seen = fresh, year, head
		return nil
	}
	for id := range changed {
		v, err := r.records.Get(r.ctx, org.Job("评分"), id)
		if err != nil {
			return err
		}
		r.put(c.cases, v)
		c.putFalse(v.Record)
	}
	c.seen = head
	return nil
}

func (c *conduct) putFalse(r register.Record) {
	if r.Falsified && r.ReportedAt.Year() == c.year {
		c.false[r.ID] = falseRecord{r.Register, Case{ID: r.ID, No: r.No, Title: r.Title, Territory: r.Territory, Falsified: true}}
	}
}

// foundFalse reads what of a year was found false, in all registers.
func (r caseReader) foundFalse(year int) (map[string]falseRecord, error) {
	c := conduct{year: year, false: map[string]falseRecord{}}
	const page = 500
	for offset := 0; ; offset += page {
		list, total, err := r.records.List(r.ctx, org.Job("评分"), register.Query{Falsified: true, Offset: offset, Limit: page})
		if err != nil {
			return nil, err
		}
		for _, rec := range list {
			c.putFalse(rec)
		}
		if offset+page >= total {
			return c.false, nil
		}
	}
}

// changes names the records of the rules' registers that changed after an entry of
// the audit log. all is true when there are too many to name.
func (r caseReader) changes(since int64) (now int64, ids map[string]bool, all bool, err error) {
	ids = map[string]bool{}
	err = r.s.db.Read(r.ctx, func(tx *db.Tx) error {
		head, err := r.s.log.Head(tx)
		if err != nil {
			return err
		}
		now = head.Seq
		if all = now < since || now-since > mostChanges; all {
			return nil
		}
		for before := now + 1; before > since+1; {
			page, err := r.s.log.List(tx, audit.Filter{Before: before, Limit: int(min(before-since, 1000))})
			if err != nil || len(page) == 0 {
				return err
			}
			for _, e := range page {
				if e.Seq > since && e.ObjectKind == "record" && (e.Action == "record.falsify" || r.watched(e.ObjectName)) {
					ids[e.ObjectID] = true
				}
			}
			before = page[len(page)-1].Seq
		}
		return nil
	})
	return now, ids, all, err
}

// watched tells by a record's number, with which its name begins, whether a rule looks at its register.
func (r caseReader) watched(name string) bool {
	return slices.ContainsFunc(r.rules, func(x CaseRule) bool {
		d, _ := r.find(x.Register)
		return strings.HasPrefix(name, d.Short+"-")
	})
}

// everything reads the records of this year and the one before: older ones were due
// before the year began.
func (r caseReader) everything(year int) (map[register.ID]recordSets, error) {
	fresh := map[register.ID]recordSets{}
	for _, x := range r.rules {
		if fresh[x.Register] != nil {
			continue
		}
		fresh[x.Register] = recordSets{}
		const page = 500
		for offset := 0; ; offset += page {
			list, total, err := r.records.List(r.ctx, org.Job("评分"), register.Query{Register: x.Register, Offset: offset, Limit: page})
			if err != nil {
				return nil, err
			}
			old, err := r.putAll(fresh, x.Register, list, year)
			if err != nil {
				return nil, err
			}
			if old || offset+page >= total {
				break
			}
		}
	}
	return fresh, nil
}

// putAll puts the cases of records of one register, the newest first; old tells that
// those of a year that does not matter any more were reached.
func (r caseReader) putAll(all map[register.ID]recordSets, id register.ID, list []register.Record, year int) (old bool, err error) {
	d, _ := r.find(id)
	var kept []register.Record
	var ids []string
	for _, rec := range list {
		if old = rec.ReportedAt.Year() < year-1; old {
			break
		}
		if r.territory(rec) == "" || rec.Assignee == "" && rec.Revision == 0 {
			continue // a department's, or nobody has it yet
		}
		kept, ids = append(kept, rec), append(ids, rec.ID)
	}
	if len(ids) == 0 {
		return old, nil
	}
	histories, err := r.records.Histories(r.ctx, org.Job("评分"), ids)
	for _, rec := range kept {
		r.put(all, register.View{Record: rec, Definition: d, Events: histories[rec.ID]})
	}
	return old, err
}

// territory is whose case a record is: that of the unit it was handed to, else that
// of the record itself. What a city department handles is nobody's here.
func (r caseReader) territory(rec register.Record) city.TerritoryID {
	if rec.Assignee == "" {
		return rec.Territory
	}
	if u, _ := r.s.pack.Unit(rec.Assignee); u.Territory != r.s.pack.Root().ID {
		return u.Territory
	}
	return ""
}

// put replaces the cases of one record.
func (r caseReader) put(all map[register.ID]recordSets, v register.View) {
	sets, ok := all[v.Register]
	if !ok {
		return
	}
	delete(sets, v.ID)
	territory := r.territory(v.Record)
	for i, x := range r.rules {
		if x.Register != v.Register || territory == "" {
			continue
		}
		k, ok := x.caseOf(v, r.s.pack.Calendar)
		if !ok || v.Assignee == "" && k.Done.IsZero() {
			continue // nobody has it yet
		}
		k.Territory = territory
		if sets[v.ID] == nil {
			sets[v.ID] = map[int]Case{}
		}
		sets[v.ID][i] = k
	}
}
