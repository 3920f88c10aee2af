package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan/read"
)

// Publish turns a submitted draft into a list, or into the next version of one:
// everything in one transaction, by a second person. It returns the plan's id.
func (s *Service) Publish(ctx context.Context, p org.Principal, id, note string) (planID string, err error) {
	defer errs.Wrap(&err, "plan.Publish(%s)", id)
	if note, err = short(note, 500); err != nil {
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
	s    *Service
	tx   *db.Tx
	p    org.Principal
	r    *Review
	plan Plan
	tell summary
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
			if _, err := b.insertTask(&t); err != nil {
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
		if err := b.tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, "SELECT count(*) FROM plan WHERE year = $1", d.Year); err != nil {
			return err
		}
		b.plan.Code = fmt.Sprintf("%d-%02d", d.Year, n+1)
	}
	b.plan.Title, b.plan.DocNo, b.plan.IssuedOn, b.plan.Year, b.plan.YearEnd, b.plan.Issuers = d.Title, d.Number, d.Date, d.Year, d.YearEnd, d.Issuers
	b.plan.Goals = nil
	for _, g := range d.Goals {
		b.plan.Goals = append(b.plan.Goals, g.Text)
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
	return b.s.record(b.tx, b.p, audit.Entry{Action: "plan.publish", ObjectKind: "plan", ObjectID: b.plan.ID, ObjectName: b.plan.Title, Reason: note,
		After: map[string]any{"版本": b.plan.Version, "新增": b.tell.Added, "修改": b.tell.Changed, "不变": b.tell.Kept, "移出": b.tell.Dropped, "保持原样": b.tell.Refused}})
}

// renew carries out what was decided about each difference.
func (b *publication) renew() error {
	for _, diff := range b.r.Differences {
		take := diff.Choice == TakeNew
		switch {
		case diff.Kind == DiffNew && take:
			if _, err := b.insertTask(diff.New); err != nil {
				return err
			}
			b.tell.Added++
		case diff.Kind == DiffGone && take:
			if err := b.dropTask(diff.Old); err != nil {
				return err
			}
			b.tell.Dropped++
		case diff.Kind == DiffChanged && take:
			if err := b.changeTask(diff); err != nil {
				return err
			}
			b.tell.Changed++
		case diff.Kind == DiffKept:
			if err := b.moveSource(diff.Old, diff.New); err != nil {
				return err
			}
			b.tell.Kept++
		default:
			b.tell.Refused++
		}
	}
	return nil
}

func (b *publication) dropTask(old *TaskView) error {
	if _, err := b.tx.Exec("UPDATE task SET version_gone = $2, updated_at = $3, revision = revision + 1 WHERE id = $1", old.ID, b.plan.Version, b.tx.NowMilli()); err != nil {
		return err
	}
	return b.s.record(b.tx, b.p, audit.Entry{Action: "task.drop", ObjectKind: "task", ObjectID: old.ID, ObjectName: old.Title, Reason: "新版文件中没有此项"})
}

// moveSource points an unchanged task at its words in the new document.
func (b *publication) moveSource(old *TaskView, fresh *DraftTask) error {
	if fresh.Span.End <= fresh.Span.Start {
		return nil
	}
	if _, err := b.tx.Exec("UPDATE task SET document_id = $2, span_start = $3, span_end = $4, body = $5, search = $6 WHERE id = $1", old.ID, b.r.DocumentID, fresh.Span.Start, fresh.Span.End,
		bodyOf(b.r.Text, fresh.Span), searchText(old.No, old.Title, bodyOf(b.r.Text, fresh.Span))); err != nil {
		return err
	}
	targets := fresh.LiveTargets()
	for i, j := range matchTargets(old.Targets, targets) {
		g := targets[j]
		if _, err := b.tx.Exec("UPDATE target SET span_start = $2, span_end = $3 WHERE id = $1", old.Targets[i].ID, g.Span.Start, g.Span.End); err != nil {
			return err
		}
	}
	return b.insertSource(old.ID, fresh)
}

// insertTask adds a task of the draft to the list.
func (b *publication) insertTask(d *DraftTask) (id string, err error) {
	if id, err = b.tx.NewID(); err != nil {
		return "", err
	}
	var seq int
	if err := b.tx.One(noPlan(), func(r db.Scanner) error { return r.Scan(&seq) },
		"UPDATE plan SET next_task = next_task + 1 WHERE id = $1 RETURNING next_task - 1", b.plan.ID); err != nil {
		return "", err
	}
	t := Task{
		ID: id, PlanID: b.plan.ID, No: fmt.Sprintf("%s-%03d", b.plan.Code, seq), Seq: seq,
		Path: d.Path, Number: d.Number, Title: d.Title, Body: bodyOf(b.r.Text, d.Span), Section: d.Section, Category: d.Category,
		State: Registered, Openness: "open", DueUnit: calendar.NaturalDays, Territory: b.plan.Territory, ParentTaskID: d.Parent,
		Verification: "system", ReportCycle: "event", DocumentID: b.r.DocumentID, Span: d.Span, VersionAdded: b.plan.Version,
	}
	start, due := b.term(d)
	t.StartOn, t.DueOn, t.OriginalDue = start.String(), due.String(), due.String()
	if lead := d.Lead(); lead != nil {
		if us := b.units(lead); len(us) == 1 {
			t.LeadUnit = us[0]
		}
	}
	if err := insertTask(b.tx, t); err != nil {
		return "", err
	}
	if err := b.insertUnits(id, d); err != nil {
		return "", err
	}
	for i, g := range d.LiveTargets() {
		target := b.target(id, i+1, g, start, due)
		if target.ID, err = b.tx.NewID(); err != nil {
			return "", err
		}
		if err := insertTarget(b.tx, target); err != nil {
			return "", err
		}
	}
	if err := b.insertSource(id, d); err != nil {
		return "", err
	}
	return id, b.s.record(b.tx, b.p, audit.Entry{Action: "task.register", ObjectKind: "task", ObjectID: id, ObjectName: t.Title,
		After: map[string]any{"编号": t.No, "目标": pledges(d)}})
}

func pledges(d *DraftTask) []string {
	var out []string
	for _, g := range d.LiveTargets() {
		out = append(out, g.Pledge())
	}
	return out
}

// term is when a task begins and is due: the last deadline of its targets, else the end of the plan.
func (b *publication) term(d *DraftTask) (start, due calendar.Date) {
	start = calendar.Of(b.plan.Year, 1, 1)
	due = calendar.Of(b.plan.YearEnd, 12, 31)
	var last calendar.Date
	for _, g := range d.LiveTargets() {
		if day, err := calendar.ParseDate(g.Deadline); err == nil && day.After(last) {
			last = day
		}
	}
	if day, err := calendar.ParseDate(d.Due); err == nil {
		last = day
	}
	if !last.IsZero() {
		due = last
	}
	return start, due
}

func (b *publication) units(u *DraftUnit) []city.UnitID {
	if u.As != "" {
		return []city.UnitID{u.As}
	}
	return b.r.Resolved[u.Name]
}

func (b *publication) insertUnits(taskID string, d *DraftTask) error {
	lead := d.Lead()
	for i, u := range d.LiveUnits() {
		unit := TaskUnit{Name: u.Name, Role: u.Role, Span: u.Span, Units: b.units(&u)}
		if lead != nil && lead.ID == u.ID && len(unit.Units) == 1 {
			unit.Role = read.RoleLead
		}
		if err := insertUnit(b.tx, taskID, i+1, unit); err != nil {
			return err
		}
	}
	return nil
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
func (b *publication) target(taskID string, seq int, g DraftTarget, start, due calendar.Date) Target {
	t := Target{
		TaskID: taskID, Seq: seq, Subject: g.Subject, Kind: g.Kind, Comparator: g.Comparator, Value: g.Value, ValueMax: g.ValueMax,
		Unit: g.Unit, Change: g.Change, Aspirational: g.Aspirational, Cumulative: g.Cumulative, Words: g.Words,
		Deadline: g.Deadline, DeadlineText: g.DeadlineText, Baseline: g.Baseline, Quote: g.Quote, Span: g.Span,
		Measure: Binding{Kind: Reported},
	}
	if g.Kind == Qualitative {
		t.Value, t.ValueMax = nil, nil
		limit := b.s.pack.Defaults.Timers.Quantify
		t.QuantifyBy = b.s.pack.Calendar.DueAfter(calendar.Today(b.tx.Now()), limit.Limit).String()
	}
	if t.Baseline != nil || (t.Kind == Flow && g.Change == "") {
		t.BaselineOn = calendar.Of(b.plan.Year-1, 12, 31).String()
	}
	end := due
	if day, err := calendar.ParseDate(g.Deadline); err == nil {
		end = day
	}
	if end.Before(start) {
		start = end
	}
	t.Curve = DefaultCurve(t, start, end)
	if g.Curve != "" {
		if c, err := ParseCurve(g.Curve, start, end); err == nil {
			t.Curve = c
		}
	}
	return t
}

// changeTask brings a task to what the new document says. Targets that are
// still there keep their identity, and with it their progress.
func (b *publication) changeTask(diff Difference) error {
	old, d := diff.Old, diff.New
	start, due := b.term(d)
	if _, err := b.tx.Exec(`UPDATE task SET path = $2, number = $3, title = $4, body = $5, section = $6, category = $7, due_on = $8, document_id = $9,
		span_start = $10, span_end = $11, search = $12, updated_at = $13, revision = revision + 1 WHERE id = $1`,
		old.ID, encodeList(d.Path), d.Number, d.Title, bodyOf(b.r.Text, d.Span), string(d.Section), string(d.Category), due.String(), b.r.DocumentID,
		d.Span.Start, d.Span.End, searchText(old.No, d.Title, bodyOf(b.r.Text, d.Span)), b.tx.NowMilli()); err != nil {
		return err
	}
	if _, err := b.tx.Exec("DELETE FROM task_unit WHERE task_id = $1", old.ID); err != nil {
		return err
	}
	if err := b.insertUnits(old.ID, d); err != nil {
		return err
	}
	if lead := d.Lead(); lead != nil {
		if us := b.units(lead); len(us) == 1 {
			if _, err := b.tx.Exec("UPDATE task SET lead_unit = $2 WHERE id = $1", old.ID, string(us[0])); err != nil {
				return err
			}
		}
	}
	if err := b.changeTargets(old, d, start, due); err != nil {
		return err
	}
	if err := b.insertSource(old.ID, d); err != nil {
		return err
	}
	before, after := map[string]string{}, map[string]string{}
	for i, part := range diff.Parts {
		name := fmt.Sprintf("%d %s", i+1, part.Name)
		before[name], after[name] = part.Before, part.After
	}
	return b.s.record(b.tx, b.p, audit.Entry{Action: "task.change", ObjectKind: "task", ObjectID: old.ID, ObjectName: d.Title, Before: before, After: after, Reason: "按新版文件修改"})
}

func (b *publication) changeTargets(old *TaskView, d *DraftTask, start, due calendar.Date) error {
	fresh := d.LiveTargets()
	pairs := matchTargets(old.Targets, fresh)
	used := map[int]bool{}
	for i := range old.Targets {
		j, ok := pairs[i]
		if !ok {
			if _, err := b.tx.Exec("UPDATE target SET version_gone = $2 WHERE id = $1", old.Targets[i].ID, b.plan.Version); err != nil {
				return err
			}
			continue
		}
		used[j] = true
		t := b.target(old.ID, j+1, fresh[j], start, due)
		t.ID, t.Measure = old.Targets[i].ID, old.Targets[i].Measure
		if samePledge(old.Targets[i], t) {
			t.Curve = old.Targets[i].Curve // the pace stays as it was fixed
		}
		if err := updateTarget(b.tx, t); err != nil {
			return err
		}
	}
	for j := range fresh {
		if used[j] {
			continue
		}
		t := b.target(old.ID, j+1, fresh[j], start, due)
		var err error
		if t.ID, err = b.tx.NewID(); err != nil {
			return err
		}
		if err := insertTarget(b.tx, t); err != nil {
			return err
		}
	}
	return nil
}

func samePledge(a, b Target) bool {
	same := func(x, y *quantity.Quantity) bool { return sameAmount(x, y) }
	return same(a.Value, b.Value) && same(a.ValueMax, b.ValueMax) && a.Unit == b.Unit && a.Deadline == b.Deadline && a.Kind == b.Kind
}
