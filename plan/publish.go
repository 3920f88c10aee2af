package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan/read"
)

// Publish turns a submitted draft into a list, or into the next version of one:
// everything in one transaction, by a second person. It returns the plan's id.
func (s *Service) Publish(ctx context.Context, p org.Principal, id, note string) (planID string, err error) {
	defer errs.Wrap(&err, "plan.Publish(%s)", id)
	if note, err = short(strings.TrimSpace(note), 500); err != nil {
		return "", fieldError("note", "说明太长")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.review(tx, p, id)
		if err != nil {
			return err
		}
		if err := s.mayPublish(p, r.Import); err != nil {
			return err
		}
		if err := r.check(ImportSubmitted, r.Revision); err != nil {
			return err
		}
		if len(r.Problems) > 0 {
			return errs.New(errs.Conflict, "不能发布：%s", r.Problems[0].Text)
		}
		pub := publication{s: s, tx: tx, p: p, r: &r}
		planID, err = pub.run(note)
		return err
	})
	return planID, err
}

// publication is one publishing under way.
type publication struct {
	s        *Service
	tx       *db.Tx
	p        org.Principal
	r        *Review
	plan     Plan
	tell     summary
	bindings []PackBinding // of the city pack, for this list
}

// summary counts what a publication did; it is kept with the version.
type summary struct {
	Kept, Changed, Added, Dropped, Refused int
}

func (b *publication) run(note string) (string, error) {
	if err := b.openPlan(); err != nil {
		return "", err
	}
	var err error
	if b.r.Old == nil {
		for _, t := range b.r.Draft.LiveTasks() {
			if err := b.insertTask(&t); err != nil {
				return "", err
			}
			b.tell.Added++
		}
	} else {
		err = b.renew()
	}
	if err != nil {
		return "", err
	}
	return b.plan.ID, b.closePlan(note)
}

// openPlan makes the plan or takes the next version of the old one.
func (b *publication) openPlan() error {
	d := &b.r.Draft
	if b.r.Old != nil {
		b.plan = *b.r.Old
		b.plan.Version++
	} else {
		id, err := b.tx.NewID()
		if err != nil {
			return err
		}
		b.plan = Plan{ID: id, Kind: b.r.Kind, ParentID: b.r.ParentID, Territory: b.r.Territory, Unit: b.r.Unit, Version: 1, Active: true}
		n := 0
		// By code, not by year: a later version may move a plan to another year, and its code stays.
		if err := b.tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, "SELECT count(*) FROM plan WHERE code LIKE $1", fmt.Sprintf("%d-%%", d.Year)); err != nil {
			return err
		}
		b.plan.Code = fmt.Sprintf("%d-%02d", d.Year, n+1)
	}
	b.plan.Title, b.plan.DocNo, b.plan.IssuedOn, b.plan.Year, b.plan.YearEnd, b.plan.Issuers = d.Title, d.Number, d.Date, d.Year, d.YearEnd, d.Issuers
	b.plan.Goals = nil
	for _, g := range d.Goals {
		b.plan.Goals = append(b.plan.Goals, g.Text)
	}
	var err error
	if b.bindings, err = b.s.bindings(b.plan); err != nil {
		return err
	}
	rules, err := json.Marshal(b.s.pack.Thresholds)
	if err != nil {
		return fmt.Errorf("encode the thresholds: %w", err)
	}
	return savePlan(b.tx, b.plan, string(rules))
}

func (b *publication) closePlan(note string) error {
	told, err := json.Marshal(b.tell)
	if err != nil {
		return fmt.Errorf("encode the summary: %w", err)
	}
	if _, err := b.tx.Exec(`INSERT INTO plan_version (plan_id, version, import_id, document_id, published_by, published_at, summary)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, b.plan.ID, b.plan.Version, b.r.ID, b.r.DocumentID, b.p.Name, b.tx.NowMilli(), string(told)); err != nil {
		return err
	}
	if _, err := b.tx.Exec("UPDATE import SET state = 'published', plan_id = $2, decided_by = $3, decided_at = $4, note = $5 WHERE id = $1",
		b.r.ID, b.plan.ID, b.p.ID, b.tx.NowMilli(), note); err != nil {
		return err
	}
	if err := touch(b.tx, wholePlan+b.plan.ID); err != nil { // the plan's rules and title bear on each of its tasks
		return err
	}
	return b.s.record(b.tx, b.p, audit.Entry{Action: "plan.publish", ObjectKind: "plan", ObjectID: b.plan.ID, ObjectName: b.plan.Title, Reason: note,
		After: map[string]any{"版本": b.plan.Version, "新增": b.tell.Added, "修改": b.tell.Changed, "不变": b.tell.Kept, "移出": b.tell.Dropped, "保持原样": b.tell.Refused}})
}

// insertTask adds a task of the draft to the list.
func (b *publication) insertTask(d *DraftTask) error {
	id, err := b.tx.NewID()
	if err != nil {
		return err
	}
	var seq int
	if err := b.tx.One(noPlan(), func(r db.Scanner) error { return r.Scan(&seq) },
		"UPDATE plan SET next_task = next_task + 1 WHERE id = $1 RETURNING next_task - 1", b.plan.ID); err != nil {
		return err
	}
	t := Task{
		ID: id, PlanID: b.plan.ID, No: fmt.Sprintf("%s-%03d", b.plan.Code, seq), Seq: seq,
		Path: d.Path, Number: d.Number, Title: d.Title, Body: bodyOf(b.r.Text, d.Span), Section: d.Section, Category: d.Category,
		State: Registered, Openness: "open", DueUnit: calendar.NaturalDays, Territory: b.plan.Territory, ParentTaskID: parentID(d.Parent),
		Verification: "system", ReportCycle: "event", DocumentID: b.r.DocumentID, Span: d.Span, VersionAdded: b.plan.Version,
	}
	start, due := d.term(b.plan.Year, b.plan.YearEnd)
	t.StartOn, t.DueOn, t.OriginalDue = start.String(), due.String(), due.String()
	t.LeadUnit = b.leadUnit(d, nil)
	if err := insertTask(b.tx, t); err != nil {
		return err
	}
	if err := b.insertUnits(id, d, nil); err != nil {
		return err
	}
	for i, g := range d.LiveTargets() {
		if err := b.insertTarget(id, t.Title, i+1, &g, start, due); err != nil {
			return err
		}
	}
	if err := b.insertSource(id, d); err != nil {
		return err
	}
	return b.s.record(b.tx, b.p, audit.Entry{Action: "task.register", ObjectKind: "task", ObjectID: id, ObjectName: t.Title,
		After: map[string]any{"编号": t.No, "目标": pledges(d)}})
}

func pledges(d *DraftTask) []string {
	var out []string
	for _, g := range d.LiveTargets() {
		out = append(out, g.Pledge())
	}
	return out
}

// units are what a printed name means: the unit that a person chose, else those
// that the directory knows. In a new version of a list, a name that nobody knows
// keeps meaning what it meant in the old one.
func (b *publication) units(u *DraftUnit, old []TaskUnit) []city.UnitID {
	if u.As != "" {
		return []city.UnitID{u.As}
	}
	if known := b.r.Resolved[u.Name]; len(known) > 0 {
		return known
	}
	for _, o := range old {
		if o.Name == u.Name {
			return o.Units
		}
	}
	return nil
}

// leadUnit is the one unit that leads a task; "" when the name of its lead means none or several.
func (b *publication) leadUnit(d *DraftTask, old []TaskUnit) city.UnitID {
	lead := d.Lead()
	if lead == nil {
		return b.wholeLead(d).ID
	}
	if us := b.units(lead, old); len(us) == 1 {
		return us[0]
	}
	return ""
}

func (b *publication) insertUnits(taskID string, d *DraftTask, old []TaskUnit) error {
	lead := d.Lead()
	for i, u := range d.LiveUnits() {
		unit := TaskUnit{Name: u.Name, Role: u.Role, Span: u.Span, Units: b.units(&u, old)}
		if lead != nil && lead.ID == u.ID && len(unit.Units) == 1 {
			unit.Role = read.RoleLead
		}
		if err := insertUnit(b.tx, taskID, i+1, unit); err != nil {
			return err
		}
	}
	if lead := b.wholeLead(d); lead.ID != "" {
		return insertUnit(b.tx, taskID, 1, TaskUnit{Name: lead.Name, Role: read.RoleLead, Units: []city.UnitID{lead.ID}})
	}
	return nil
}

// wholeLead is the unit that leads the whole plan, for the overall goals of the
// city's own plan, which name no unit.
func (b *publication) wholeLead(d *DraftTask) city.Unit {
	if b.plan.Kind != KindCity || d.Section != read.SectionGoals || len(d.LiveUnits()) > 0 {
		return city.Unit{}
	}
	return b.s.pack.LeadUnit()
}

func (b *publication) insertSource(taskID string, d *DraftTask) error {
	kind := SourceKind("plan")
	if b.plan.Kind == KindCounty {
		kind = "county_plan"
	}
	id, err := b.tx.NewID()
	if err != nil {
		return err
	}
	clause := d.Number
	for _, h := range slices.Backward(above(d.Path)) {
		clause = h + " / " + clause
	}
	return insertSource(b.tx, taskID, b.tx.NowMilli(), Source{ID: id, Kind: kind, Title: b.plan.Title, Clause: clause,
		Quote: d.Title, DocumentID: b.r.DocumentID, Span: d.Span, Version: b.plan.Version})
}

// target makes the published form of a draft target: its curve fixed, its measure bound.
func (b *publication) target(taskID, task string, seq int, g *DraftTarget, start, due calendar.Date) (Target, error) {
	t := Target{
		TaskID: taskID, Seq: seq, Subject: g.Subject, Kind: g.Kind, Comparator: g.Comparator, Value: g.Value, ValueMax: g.ValueMax,
		Unit: g.Unit, Change: g.Change, Aspirational: g.Aspirational, Cumulative: g.Cumulative, Words: g.Words,
		Deadline: g.Deadline, DeadlineText: g.DeadlineText, Baseline: g.Baseline, Quote: g.Quote, Span: g.Span,
	}
	if g.Kind == Qualitative || g.Kind == Comparison {
		t.Value, t.ValueMax = nil, nil
	}
	if g.Kind == Qualitative {
		limit := b.s.pack.Defaults.Timers.Quantify
		t.QuantifyBy = b.s.pack.Calendar.DueAfter(calendar.Today(b.tx.Now()), limit.Limit).String()
	}
	if t.Baseline != nil || t.Kind == Flow {
		t.BaselineOn = calendar.Of(b.plan.Year-1, 12, 31).String()
	}
	var err error
	if t.Curve, err = g.curve(start, due); err != nil {
		return Target{}, fmt.Errorf("pace of %s: %w", g.ID, err) // a draft with a wrong pace is not published
	}
	t.Measure = b.s.measureFor(b.bindings, task, t)
	return t, nil
}

func (b *publication) insertTarget(taskID, task string, seq int, g *DraftTarget, start, due calendar.Date) error {
	t, err := b.target(taskID, task, seq, g, start, due)
	if err != nil {
		return err
	}
	if t.ID, err = b.tx.NewID(); err != nil {
		return err
	}
	return insertTarget(b.tx, t)
}
