package register

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Create enters a record.
func (s *Service) Create(ctx context.Context, p org.Principal, in Draft) (id string, err error) {
	defer errs.Wrap(&err, "register.Create(%s)", in.Register)
	d, err := s.definition(in.Register)
	if err != nil {
		return "", err
	}
	if err := s.mayEnter(p, d, in.Territory); err != nil {
		return "", err
	}
	if in.Values, err = s.tasks(ctx, p).named(d, in.Values); err != nil {
		return "", err
	}
	files, err := s.keep(ctx, d, in.Proofs)
	if err != nil {
		return "", err
	}
	err = s.parts.DB.Write(ctx, func(tx *db.Tx) (err error) { id, err = s.create(tx, p, d, in, files); return err })
	return id, err
}

// Enter makes records of the drafts in one transaction. also runs in it after them
// with the refusal of each draft, nil for one that was entered; when it fails
// nothing is written. A refused draft leaves nothing behind.
func (s *Service) Enter(ctx context.Context, p org.Principal, drafts []Draft, also func(tx *db.Tx, refused []error) error) (err error) {
	defer errs.Wrap(&err, "register.Enter")
	drafts = slices.Clone(drafts)
	files := make([][]keptFile, len(drafts))
	kept := make([]error, len(drafts))
	known := s.tasks(ctx, p)
	for i := range drafts {
		if d, ok := s.parts.Catalog.Get(drafts[i].Register); ok {
			if drafts[i].Values, kept[i] = known.named(d, drafts[i].Values); kept[i] == nil {
				files[i], kept[i] = s.keep(ctx, d, drafts[i].Proofs)
			}
		}
	}
	return s.parts.DB.Write(ctx, func(tx *db.Tx) error {
		refused := make([]error, len(drafts))
		for i, in := range drafts {
			d, err := s.definition(in.Register)
			if err == nil {
				if err = cmp.Or(s.mayEnter(p, d, in.Territory), kept[i]); err == nil {
					_, err = s.create(tx, p, d, in, files[i])
				}
			}
			if err != nil && errs.CodeOf(err) == errs.Internal {
				return err
			}
			refused[i] = err
		}
		return also(tx, refused)
	})
}

// mayEnter asks whether the person may enter records of a register for a territory.
func (s *Service) mayEnter(p org.Principal, d *Definition, territory city.TerritoryID) error {
	if territory != "" {
		t, ok := s.parts.Pack.Territory(territory)
		if !ok {
			return errs.New(errs.Invalid, "没有这个地区")
		}
		if t.Kind == city.TerritoryPrefecture {
			return errs.New(errs.Invalid, "全市的记录不用选地区")
		}
	}
	refusal := p.May(org.RegisterEdit, org.Scope{})
	for _, e := range d.Entry {
		var scope org.Scope
		switch e {
		case EntrantLead:
			scope.Units = unitIDs(append([]city.UnitID{d.Lead}, d.Partners...))
		case EntrantUnit:
			scope = p.Self()
			scope.Territory = ""
		case EntrantCounty:
			scope.Territory = string(territory)
		}
		err := p.May(org.RegisterEdit, scope)
		if err == nil {
			return nil
		}
		refusal = err
	}
	if d.Lead != "" && slices.Contains(p.Self().Units, string(d.Lead)) && p.May(org.MatterIssue, org.Scope{}) == nil {
		return nil
	}
	return refusal
}

// create enters a record in a transaction. Everything that can be refused is
// refused before the first write, so that a batch can go on after a refusal.
func (s *Service) create(tx *db.Tx, p org.Principal, d *Definition, in Draft, files []keptFile) (id string, err error) {
	values, err := d.Parse(in.Values, true)
	if err != nil {
		return "", err
	}
	if err := s.references(tx, d, values); err != nil {
		return "", err
	}
	if in.Parent != "" || d.Under != "" {
		parent, err := recordByID(tx, in.Parent)
		if err != nil || parent.Register != d.Under {
			return "", errs.New(errs.Invalid, "请从所属的记录里登记")
		}
		if in.Territory == "" {
			in.Territory = parent.Territory
		}
	}
	if id, err = tx.NewID(); err != nil {
		return "", err
	}
	stage := d.Stages[0]
	r := Record{ID: id, Register: d.ID, Title: or(values[d.Title], d.Name), Territory: in.Territory, Stage: stage.ID, Values: values, Unit: city.UnitID(p.UnitID), Parent: in.Parent,
		Demo: in.Demo, ReportedBy: p.ID, Reporter: p.Name, ReportedAt: tx.Now(), StageAt: tx.Now()}
	if d.Anonymous {
		r.Unit, r.ReportedBy, r.Reporter = "", "", ""
	}
	if err := s.freeKeys(tx, d, r); err != nil {
		return "", err
	}
	if r.No, err = nextNo(tx, d, calendar.Today(tx.Now()).Year()); err != nil {
		return "", err
	}
	r.Due = s.dueOf(d, r, stage, nil, calendar.Today(tx.Now()))
	if stage.Counts {
		r.Spans = d.spansAfter(r, Stage{}, stage, calendar.Today(tx.Now()))
	}
	if err := s.insert(tx, d, r); err != nil {
		return "", err
	}
	for _, f := range files {
		if err := addProof(tx, p, r.ID, f); err != nil {
			return "", err
		}
	}
	if r.Proofs, err = proofs(tx, id); err != nil {
		return "", err
	}
	if err := s.reflag(tx, d, nil, r); err != nil {
		return "", err
	}
	return id, s.event(tx, p, d, r, Event{Move: "create", To: stage.ID})
}

// freeKeys refuses a record whose keys another one holds, before anything is written.
func (s *Service) freeKeys(tx *db.Tx, d *Definition, r Record) error {
	for _, u := range d.Unique {
		key, personal := u.key(d, r)
		if key == "" {
			continue
		}
		if personal {
			key = s.parts.Box.BlindIndex("register "+string(d.ID)+" "+u.Name, key)
		}
		var no string
		err := tx.One(errNone, func(row db.Scanner) error { return row.Scan(&no) },
			"SELECT r.no FROM record_key k JOIN record r ON r.id = k.record_id WHERE k.register = $1 AND k.name = $2 AND k.value = $3 AND k.record_id <> $4", string(d.ID), u.Name, key, r.ID)
		if err == nil {
			return errs.New(errs.Conflict, "%s（%s）", or(u.Says, "已有相同的记录"), no)
		}
		if !errors.Is(err, errNone) {
			return err
		}
	}
	return nil
}

// Edit changes values of a record. Only the side that entered it may: an upper level
// sends a record back and never writes over it (统计法 art. 40). A record that counts
// is changed with a reason.
func (s *Service) Edit(ctx context.Context, p org.Principal, id string, revision int64, typed map[string]string, reason string) (err error) {
	defer errs.Wrap(&err, "register.Edit(%s)", id)
	if typed, err = s.namedOf(ctx, p, id, typed); err != nil {
		return err
	}
	return s.change(ctx, p, id, revision, func(tx *db.Tx, d *Definition, r *Record) (Event, error) {
		if !s.mayEdit(p, d, *r) {
			return Event{}, s.editRefusal(p, d, *r)
		}
		st, _ := d.Stage(r.Stage)
		if reason = strings.TrimSpace(reason); st.Counts && reason == "" {
			return Event{}, errs.New(errs.Invalid, "已计数的记录更正时须写明理由")
		}
		all := make(map[string]string, len(r.Values)+len(typed))
		for name, v := range r.Values {
			all[name] = v
		}
		for name, v := range typed {
			all[name] = v
		}
		values, err := d.Parse(all, true)
		if err != nil {
			return Event{}, err
		}
		if err := s.references(tx, d, values); err != nil {
			return Event{}, err
		}
		changes := d.changes(r.Values, values)
		if len(changes) == 0 {
			return Event{}, errs.New(errs.Conflict, "没有改动")
		}
		for _, f := range d.Fields {
			if _, changed := changes[f.Name]; changed && st.Counts && d.weighs(f.Name) {
				return Event{}, errs.New(errs.Conflict, "已计数的记录不能自行更正“%s”：它决定怎么计数，请核验单位暂停或退回后再改，改后重新认定", f.Label)
			}
		}
		r.Spans = d.respan(r.Spans, values, d.runs(*r))
		r.Values, r.Title = values, or(values[d.Title], d.Name)
		if err := d.mayCount(r.Spans); err != nil {
			return Event{}, err
		}
		if st.Until != "" {
			r.Due = s.dueOf(d, *r, st, nil, calendar.Today(tx.Now()))
		}
		return Event{Move: "edit", From: r.Stage, To: r.Stage, Reason: reason, Changes: changes}, nil
	})
}

func (s *Service) mayEdit(p org.Principal, d *Definition, r Record) bool {
	st, _ := d.Stage(r.Stage)
	return !d.Anonymous && !r.Falsified && (!st.Ends || st.Counts) && s.is(p, d, r, ByReporter)
}

func (s *Service) editRefusal(p org.Principal, d *Definition, r Record) error {
	if s.is(p, d, r, ByReporter) {
		return errs.New(errs.Conflict, "记录已办结，不能更正")
	}
	if err := p.May(org.RegisterEdit, s.scope(r)); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "只有登记的单位可以更正；发现问题请退回核实")
}

// changes lists what differs, personal values masked.
func (d *Definition) changes(before, after map[string]string) map[string][2]string {
	all := map[string][2]string{}
	for _, f := range d.Fields {
		if b, a := before[f.Name], after[f.Name]; a != b {
			all[f.Name] = [2]string{f.Masked(b), f.Masked(a)}
		}
	}
	return all
}

// change is the frame of everything that changes a record.
func (s *Service) change(ctx context.Context, p org.Principal, id string, revision int64, f func(tx *db.Tx, d *Definition, r *Record) (Event, error)) error {
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return err
	}
	return s.parts.DB.Write(ctx, func(tx *db.Tx) error { return s.changeIn(tx, p, id, revision, f) })
}

// changeIn changes a record within a transaction. Whatever is refused is refused
// before the first write.
func (s *Service) changeIn(tx *db.Tx, p org.Principal, id string, revision int64, f func(tx *db.Tx, d *Definition, r *Record) (Event, error)) error {
	r, d, err := s.load(tx, id)
	if err != nil {
		return err
	}
	before := r
	before.Values, before.Spans = cloned(r.Values), slices.Clone(r.Spans)
	e, err := f(tx, d, &r)
	if err != nil {
		return err
	}
	if r.Revision != revision {
		return errChanged()
	}
	if err := s.freeKeys(tx, d, r); d.standing(r) && err != nil {
		return err
	}
	if err := s.update(tx, d, before, r); err != nil {
		return err
	}
	if err := s.reflag(tx, d, &before, r); err != nil {
		return err
	}
	if err := s.tell(tx, d, r, e); err != nil {
		return err
	}
	return s.event(tx, p, d, r, e)
}

func cloned(m map[string]string) map[string]string {
	c := make(map[string]string, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// load reads a record with its personal values open, and its definition.
func (s *Service) load(tx *db.Tx, id string) (r Record, d *Definition, err error) {
	if r, err = recordByID(tx, id); err != nil {
		return r, nil, err
	}
	if d, err = s.definition(r.Register); err != nil {
		return r, nil, err
	}
	if err = s.unseal(d, &r); err != nil {
		return r, nil, err
	}
	r.Proofs, err = proofs(tx, id)
	return r, d, err
}

// Reveal opens one personal value, with a reason that the audit log keeps.
func (s *Service) Reveal(ctx context.Context, p org.Principal, id, field, reason string) (text string, err error) {
	defer errs.Wrap(&err, "register.Reveal(%s)", id)
	if strings.TrimSpace(reason) == "" {
		return "", errs.New(errs.Invalid, "请写明查看的理由")
	}
	err = s.parts.DB.Write(ctx, func(tx *db.Tx) error {
		r, d, err := s.load(tx, id)
		if err != nil {
			return err
		}
		scope := s.scope(r)
		scope.Units = append(scope.Units, unitIDs(append([]city.UnitID{d.Lead}, d.Partners...))...)
		if err := p.May(org.RegisterReveal, scope); err != nil {
			return err
		}
		f, ok := d.Field(field)
		if !ok || !f.Personal {
			return errs.New(errs.NotFound, "这一项没有遮盖")
		}
		text = r.Values[field]
		return s.parts.Log.Append(tx, p.Actor(), revealEntry(d, r, f, reason))
	})
	return text, err
}
