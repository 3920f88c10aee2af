package register

import (
	"context"
	"slices"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

func moment(milli int64) time.Time { return time.UnixMilli(milli).UTC() }

func revealEntry(d *Definition, r Record, f Field, reason string) audit.Entry {
	return audit.Entry{Action: "record.reveal", ObjectKind: "record", ObjectID: r.ID, ObjectName: r.No, After: map[string]any{"台账": d.Name, "项目": f.Label}, Reason: strings.TrimSpace(reason)}
}

// Move makes one move of a record's life.
func (s *Service) Move(ctx context.Context, p org.Principal, step Step) (err error) {
	defer errs.Wrap(&err, "register.Move(%s)", step.ID)
	if step, err = s.prepared(ctx, p, step); err != nil {
		return err
	}
	return s.change(ctx, p, step.ID, step.Revision, func(tx *db.Tx, d *Definition, r *Record) (Event, error) {
		return s.move(tx, p, d, r, step)
	})
}

// prepared asks other rooms about a step, outside the transaction.
func (s *Service) prepared(ctx context.Context, p org.Principal, step Step) (_ Step, err error) {
	if step.Values, err = s.namedOf(ctx, p, step.ID, step.Values); err != nil {
		return step, err
	}
	return step, s.guard(ctx, p, step)
}

// guarded reports whether any move of that name asks a rule in code.
func (s *Service) guarded(move string) bool {
	for _, d := range s.parts.Catalog.All() {
		for _, st := range d.Stages {
			if slices.ContainsFunc(st.Moves, func(m Move) bool { return m.ID == move && m.Guard != "" }) {
				return true
			}
		}
	}
	return false
}

// guard asks the rule in code that the move names, outside the transaction: it may
// look at other records.
func (s *Service) guard(ctx context.Context, p org.Principal, step Step) error {
	if !s.guarded(step.Move) {
		return nil
	}
	v, err := s.Get(ctx, p, step.ID)
	if err != nil {
		return err
	}
	m, ok := moveOf(v.Definition, v.Stage, step.Move)
	if !ok || m.Guard == "" {
		return nil
	}
	rule, ok := s.parts.Guards[m.Guard]
	if !ok {
		return errs.New(errs.Internal, "城市包引用了程序没有的规则“%s”", m.Guard)
	}
	return rule(ctx, p, v, step)
}

// moveOf finds a move of a stage.
func moveOf(d *Definition, stage, move string) (Move, bool) {
	st, _ := d.Stage(stage)
	i := slices.IndexFunc(st.Moves, func(m Move) bool { return m.ID == move })
	if i < 0 {
		return Move{}, false
	}
	return st.Moves[i], true
}

func (s *Service) move(tx *db.Tx, p org.Principal, d *Definition, r *Record, step Step) (Event, error) {
	from, _ := d.Stage(r.Stage)
	m, ok := moveOf(d, r.Stage, step.Move)
	if !ok {
		return Event{}, errs.New(errs.Conflict, "记录处于“%s”，不能这样办理", from.Label)
	}
	history, err := events(tx, r.ID)
	if err != nil {
		return Event{}, err
	}
	if err := s.mayMove(p, d, *r, m, history); err != nil {
		return Event{}, err
	}
	changes, err := s.fill(tx, p, d, r, m, step)
	if err != nil {
		return Event{}, err
	}
	day := calendar.Today(tx.Now())
	if m.Ends && !step.Day.IsZero() {
		if step.Day.After(day) {
			return Event{}, errs.New(errs.Invalid, "退出计数的日期不能晚于今天")
		}
		day = step.Day
	}
	to, _ := d.Stage(m.To)
	r.Spans = d.spansAfter(*r, from, to, day)
	if to.Counts {
		if err := d.mayCount(r.Spans); err != nil {
			return Event{}, err
		}
	}
	r.Stage, r.StageAt = to.ID, tx.Now()
	r.Due = s.dueOf(d, *r, to, history, calendar.Today(tx.Now()))
	return Event{Move: m.ID, From: from.ID, To: to.ID, Reason: strings.TrimSpace(step.Reason), Changes: changes}, nil
}

// mayMove refuses who may not make a move, and who made one that stands against it.
func (s *Service) mayMove(p org.Principal, d *Definition, r Record, m Move, history []Event) error {
	if r.Falsified {
		return errs.New(errs.Conflict, "已认定不实的记录不能再办理")
	}
	if !holds(m.Where, r.Values) {
		return errs.New(errs.Conflict, "这条记录不适用“%s”", m.Label)
	}
	if !slices.ContainsFunc(m.By, func(a Actor) bool { return s.is(p, d, r, a) }) {
		return errs.New(errs.Forbidden, "“%s”由%s办理", m.Label, actorNames(m.By))
	}
	for i := len(history) - 1; i >= 0; i-- {
		e := history[i]
		// Whoever wrote a part of a record entered it, in this sense.
		made := slices.Contains(m.NotBy, e.Move) || e.Move == "edit" && slices.Contains(m.NotBy, "create")
		if e.By == p.ID && made {
			return errs.New(errs.Forbidden, "“%s”须由另一人办理：您办过这条记录的“%s”", m.Label, d.moveLabel(e.Move))
		}
	}
	return nil
}

func actorNames(by []Actor) string {
	names := map[Actor]string{ByReporter: "登记单位", ByCounty: "属地审核人员", ByLead: "牵头单位核验人员", ByAssignee: "承办单位", ByDispatch: "调度员", ByApprover: "审批人"}
	all := make([]string, len(by))
	for i, a := range by {
		all[i] = names[a]
	}
	return strings.Join(all, "、")
}

func (d *Definition) moveLabel(id string) string {
	switch id {
	case "create":
		return "登记"
	case "edit":
		return "更正"
	case moveFalsifyProof:
		return "认定佐证不实"
	}
	for _, st := range d.Stages {
		for _, m := range st.Moves {
			if m.ID == id {
				return m.Label
			}
		}
	}
	return id
}

// fill takes the fields that are filled on the way and refuses what is missing.
func (s *Service) fill(tx *db.Tx, p org.Principal, d *Definition, r *Record, m Move, step Step) (map[string][2]string, error) {
	var c errs.Check
	before := cloned(r.Values)
	for name, typed := range step.Values {
		f, ok := d.Field(name)
		if !ok || !slices.Contains(m.Needs, name) && name != m.Assigns {
			c.Require(false, name, "“%s”不在这一步填写", or(f.Label, name))
			continue
		}
		v, err := f.Canonical(typed)
		c.Add(name, err)
		if old := before[name]; err == nil && old != "" && v != old && (f.Required || d.weighs(name)) && !s.is(p, d, *r, ByReporter) {
			c.Require(false, name, "“%s”由登记的单位填写，不能代改；有误请退回核实", f.Label)
			continue
		}
		if v == "" {
			delete(r.Values, name)
		} else if err == nil {
			r.Values[name] = v
		}
	}
	needs := m.Needs
	if m.Assigns != "" && !slices.Contains(needs, m.Assigns) {
		needs = append(slices.Clone(needs), m.Assigns)
	}
	for _, name := range needs {
		f, _ := d.Field(name)
		c.Require(r.Values[name] != "", name, "请填写“%s”", f.Label)
	}
	for _, kind := range m.Proof {
		i := slices.IndexFunc(d.Proof, func(k ProofKind) bool { return k.ID == kind })
		has := slices.ContainsFunc(r.Proofs, func(x Proof) bool { return x.Kind == kind && !x.Falsified })
		c.Require(i < 0 || has, "proof-"+kind, "请先附上佐证：%s", d.proofLabel(kind))
	}
	c.Require(!m.Reason || strings.TrimSpace(step.Reason) != "", "reason", "请写明理由")
	if err := c.Err(); err != nil {
		return nil, err
	}
	if err := s.references(tx, d, r.Values); err != nil {
		return nil, err
	}
	if m.Assigns != "" {
		u, ok := s.parts.Pack.Unit(city.UnitID(r.Values[m.Assigns]))
		if !ok {
			return nil, errs.New(errs.Invalid, "请选择承办单位")
		}
		r.Assignee = u.ID
	}
	if v := r.Values[d.Title]; v != "" {
		r.Title = v
	}
	return d.changes(before, r.Values), nil
}

func (d *Definition) proofLabel(kind string) string {
	for _, k := range d.Proof {
		if k.ID == kind {
			return k.Label
		}
	}
	return kind
}

// moves lists what the person may do with a record now.
func (s *Service) moves(p org.Principal, d *Definition, r Record, history []Event) (all []Move) {
	st, _ := d.Stage(r.Stage)
	for _, m := range st.Moves {
		if s.mayMove(p, d, r, m, history) == nil {
			all = append(all, m)
		}
	}
	return all
}

// Get reads a record with everything a page shows, personal values masked.
func (s *Service) Get(ctx context.Context, p org.Principal, id string) (v View, err error) {
	defer errs.Wrap(&err, "register.Get(%s)", id)
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return v, err
	}
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if v.Record, v.Definition, err = s.load(tx, id); err != nil {
			return err
		}
		v.Definition.mask(&v.Record)
		if v.Events, err = events(tx, id); err != nil {
			return err
		}
		v.Children, err = s.list(tx, p, Query{Parent: id, Limit: 500}, nil)
		return err
	})
	if err != nil {
		return View{}, err
	}
	v.Moves = s.moves(p, v.Definition, v.Record, v.Events)
	v.MayEdit = s.mayEdit(p, v.Definition, v.Record)
	v.MayFalsify, v.MayFalsifyProof = s.mayFalsify(p, v.Definition, v.Record) == nil, s.falsifiable(p, v)
	return v, nil
}

// Histories reads what many records did, by their ids, in one question; up to 1000.
func (s *Service) Histories(ctx context.Context, p org.Principal, ids []string) (all map[string][]Event, err error) {
	defer errs.Wrap(&err, "register.Histories")
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, err
	}
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error { all, err = histories(tx, ids); return err })
	return all, err
}

// MoveAll makes many moves in one transaction, for a batch that a person decides
// at once. Each that is refused keeps its reason and leaves its record as it was.
func (s *Service) MoveAll(ctx context.Context, p org.Principal, steps []Step) (refused []error, err error) {
	defer errs.Wrap(&err, "register.MoveAll")
	refused = make([]error, len(steps))
	steps = slices.Clone(steps)
	for i, step := range steps {
		steps[i], refused[i] = s.prepared(ctx, p, step)
	}
	err = s.parts.DB.Write(ctx, func(tx *db.Tx) error {
		for i, step := range steps {
			if refused[i] != nil {
				continue
			}
			err := s.changeIn(tx, p, step.ID, step.Revision, func(tx *db.Tx, d *Definition, r *Record) (Event, error) {
				return s.move(tx, p, d, r, step)
			})
			if err != nil && errs.CodeOf(err) == errs.Internal {
				return err
			}
			refused[i] = err
		}
		return nil
	})
	return refused, err
}
