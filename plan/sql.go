package plan

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
)

func noImport() error { return errs.New(errs.NotFound, "没有这份导入：可能地址有误") }
func noPlan() error   { return errs.New(errs.NotFound, "没有这份清单：可能地址有误") }
func noTask() error   { return errs.New(errs.NotFound, "没有这项任务：可能地址有误") }
func noTarget() error { return errs.New(errs.NotFound, "没有这项目标：可能地址有误") }
func noEntry() error  { return errs.New(errs.NotFound, "没有这条进展：可能地址有误") }

func encodeList(l []string) string {
	if l == nil {
		l = []string{}
	}
	b, err := json.Marshal(l)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(b)
}

func decodeList(s string) (l []string, err error) {
	if err := json.Unmarshal([]byte(s), &l); err != nil {
		return nil, fmt.Errorf("stored list: %w", err)
	}
	return l, nil
}

// batches cuts ids into arguments of queries: both engines take 500 at once.
func batches(ids []string) [][]any {
	var all [][]any
	for part := range slices.Chunk(ids, 500) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		all = append(all, args)
	}
	return all
}

func milli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// optional converts between a nullable BIGINT and a quantity.
func optional(n sql.NullInt64) *quantity.Quantity {
	if !n.Valid {
		return nil
	}
	q := quantity.Quantity(n.Int64)
	return &q
}

func nullable(q *quantity.Quantity) sql.NullInt64 {
	if q == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: int64(*q), Valid: true}
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

const importColumns = `i.id, i.document_id, i.kind, i.state, i.title, d.name, i.plan_id, i.parent_id, i.territory_id, i.unit_id, i.problem,
	i.revision, i.created_by, i.creator_name, i.created_at, i.submitted_by, i.decided_by, i.note`

func scanImport(i *Import) func(db.Scanner) error {
	return func(r db.Scanner) error {
		var at int64
		err := r.Scan(&i.ID, &i.DocumentID, &i.Kind, &i.State, &i.Title, &i.FileName, &i.PlanID, &i.ParentID, &i.Territory, &i.Unit, &i.Problem,
			&i.Revision, &i.CreatedBy, &i.CreatorName, &at, &i.SubmittedBy, &i.DecidedBy, &i.Note)
		i.CreatedAt = milli(at)
		return err
	}
}

func importByID(tx *db.Tx, id string) (i Import, err error) {
	err = tx.One(noImport(), scanImport(&i), "SELECT "+importColumns+" FROM import i JOIN document d ON d.id = i.document_id WHERE i.id = $1", id)
	return i, err
}

func documentHash(tx *db.Tx, id string) (hash string, err error) {
	err = tx.One(noImport(), func(r db.Scanner) error { return r.Scan(&hash) }, "SELECT blob_hash FROM document WHERE id = $1", id)
	return hash, err
}

func correctionsOf(tx *db.Tx, importID string) (all []Correction, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var c Correction
		var op string
		var at int64
		if err := r.Scan(&c.Seq, &op, &c.By, &c.ByName, &at); err != nil {
			return err
		}
		c.When = milli(at)
		if err := json.Unmarshal([]byte(op), &c); err != nil {
			return fmt.Errorf("stored correction: %w", err)
		}
		all = append(all, c)
		return nil
	}, "SELECT seq, op, by_id, by_name, at FROM correction WHERE import_id = $1 ORDER BY seq", importID)
	return all, err
}

func insertCorrection(tx *db.Tx, p org.Principal, importID string, c Correction) error {
	op, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode correction: %w", err)
	}
	if _, err := tx.Exec("INSERT INTO correction (import_id, seq, op, by_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6)",
		importID, c.Seq, string(op), p.ID, p.Name, tx.NowMilli()); err != nil {
		return err
	}
	return tx.Must(noImport(), "UPDATE import SET revision = $2 WHERE id = $1", importID, c.Seq)
}

const planColumns = `id, kind, code, title, doc_no, issued_on, year, year_end, issuers, goals, parent_id, territory_id, unit_id, version, state, created_at, updated_at`

// planOrder is the order of lists everywhere, for a query whose plan table is "p":
// the newest year first, the city's list before those under it, then as published
// (codes of one year count up; a longer one is later).
const planOrder = "p.year DESC, CASE p.kind WHEN 'city' THEN 0 WHEN 'special' THEN 1 ELSE 2 END, LENGTH(p.code), p.code"

func scanPlan(p *Plan) func(db.Scanner) error {
	return func(r db.Scanner) error {
		var issuers, goals, state string
		var created, updated int64
		if err := r.Scan(&p.ID, &p.Kind, &p.Code, &p.Title, &p.DocNo, &p.IssuedOn, &p.Year, &p.YearEnd, &issuers, &goals, &p.ParentID,
			&p.Territory, &p.Unit, &p.Version, &state, &created, &updated); err != nil {
			return err
		}
		p.Active, p.CreatedAt, p.UpdatedAt = state == "active", milli(created), milli(updated)
		var err error
		if p.Issuers, err = decodeList(issuers); err != nil {
			return err
		}
		p.Goals, err = decodeList(goals)
		return err
	}
}

func planByID(tx *db.Tx, id string) (p Plan, err error) {
	err = tx.One(noPlan(), scanPlan(&p), "SELECT "+planColumns+" FROM plan WHERE id = $1", id)
	return p, err
}

// savePlan inserts a plan or brings it to its next version.
func savePlan(tx *db.Tx, p Plan, rules string) error {
	_, err := tx.Exec(`INSERT INTO plan (id, kind, code, title, doc_no, issued_on, year, year_end, issuers, goals, parent_id, territory_id, unit_id, version, state,
			next_task, rules, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'active', 1, $15, $16, $16)
		ON CONFLICT (id) DO UPDATE SET title = $4, doc_no = $5, issued_on = $6, year = $7, year_end = $8, issuers = $9, goals = $10, version = $14, rules = $15, updated_at = $16`,
		p.ID, string(p.Kind), p.Code, p.Title, p.DocNo, p.IssuedOn, p.Year, p.YearEnd, encodeList(p.Issuers), encodeList(p.Goals), p.ParentID,
		string(p.Territory), string(p.Unit), p.Version, rules, tx.NowMilli())
	return err
}

const taskColumns = `t.id, t.plan_id, t.no, t.seq, t.path, t.number, t.title, t.body, t.section, t.category, t.state, t.openness, t.start_on, t.due_on, t.original_due,
	t.due_unit, t.lead_unit, t.territory_id, t.parent_task_id, t.leader, t.owner, t.handler, t.verification, t.evidence_spec, t.report_cycle, t.document_id,
	t.span_start, t.span_end, t.version_added, t.version_gone, t.revision, t.updated_at`

// taskFacts are the columns of a task without its text, for lists and boards.
var taskFacts = strings.Replace(taskColumns, "t.body", "''", 1)

func scanTask(t *Task) func(db.Scanner) error {
	return func(r db.Scanner) error {
		var path string
		var updated int64
		if err := r.Scan(&t.ID, &t.PlanID, &t.No, &t.Seq, &path, &t.Number, &t.Title, &t.Body, &t.Section, &t.Category, &t.State, &t.Openness, &t.StartOn, &t.DueOn,
			&t.OriginalDue, &t.DueUnit, &t.LeadUnit, &t.Territory, &t.ParentTaskID, &t.Leader, &t.Owner, &t.Handler, &t.Verification, &t.EvidenceSpec,
			&t.ReportCycle, &t.DocumentID, &t.Span.Start, &t.Span.End, &t.VersionAdded, &t.VersionGone, &t.Revision, &updated); err != nil {
			return err
		}
		t.UpdatedAt = milli(updated)
		var err error
		t.Path, err = decodeList(path)
		return err
	}
}

func taskByID(tx *db.Tx, id string) (t Task, err error) {
	err = tx.One(noTask(), scanTask(&t), "SELECT "+taskColumns+" FROM task t WHERE t.id = $1", id)
	return t, err
}

// searchText is what the list's search box looks through: squeezed, so in lower case and without white space.
func searchText(no, title, body string) string { return squeeze(no) + " " + squeeze(title+body) }

func insertTask(tx *db.Tx, t Task) error {
	_, err := tx.Exec(`INSERT INTO task (id, plan_id, no, seq, path, number, title, body, section, category, state, openness, start_on, due_on, original_due, due_unit,
			lead_unit, territory_id, parent_task_id, leader, owner, handler, verification, evidence_spec, report_cycle, document_id, span_start, span_end,
			version_added, version_gone, revision, search, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, 0, 1, $30, $31, $31)`,
		t.ID, t.PlanID, t.No, t.Seq, encodeList(t.Path), t.Number, t.Title, t.Body, string(t.Section), string(t.Category), string(t.State), string(t.Openness),
		t.StartOn, t.DueOn, t.OriginalDue, string(t.DueUnit), string(t.LeadUnit), string(t.Territory), t.ParentTaskID, t.Leader, t.Owner, t.Handler,
		string(t.Verification), t.EvidenceSpec, string(t.ReportCycle), t.DocumentID, t.Span.Start, t.Span.End, t.VersionAdded,
		searchText(t.No, t.Title, t.Body), tx.NowMilli())
	return err
}

// insertUnit stores one printed name: a row for each unit it means, or one row without a unit.
func insertUnit(tx *db.Tx, taskID string, seq int, u TaskUnit) error {
	ids := u.Units
	if len(ids) == 0 {
		ids = []city.UnitID{""}
	}
	for _, id := range ids {
		if _, err := tx.Exec("INSERT INTO task_unit (task_id, seq, name, role, span_start, span_end, unit_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			taskID, seq, u.Name, string(u.Role), u.Span.Start, u.Span.End, string(id)); err != nil {
			return err
		}
	}
	return nil
}

func unitsOf(tx *db.Tx, where string, args ...any) (map[string][]TaskUnit, error) {
	units := map[string][]TaskUnit{}
	last := 0
	lastTask := ""
	err := tx.Each(func(r db.Scanner) error {
		var task, unit string
		var seq int
		var u TaskUnit
		if err := r.Scan(&task, &seq, &u.Name, &u.Role, &u.Span.Start, &u.Span.End, &unit); err != nil {
			return err
		}
		if task != lastTask || seq != last {
			units[task] = append(units[task], u)
			lastTask, last = task, seq
		}
		if unit != "" {
			l := &units[task][len(units[task])-1]
			l.Units = append(l.Units, city.UnitID(unit))
		}
		return nil
	}, "SELECT u.task_id, u.seq, u.name, u.role, u.span_start, u.span_end, u.unit_id FROM task_unit u "+where+" ORDER BY u.task_id, u.seq, u.unit_id", args...)
	return units, err
}

func insertSource(tx *db.Tx, taskID string, at int64, s Source) error {
	_, err := tx.Exec(`INSERT INTO task_source (id, task_id, kind, title, clause, quote, document_id, span_start, span_end, version, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, s.ID, taskID, string(s.Kind), s.Title, s.Clause, s.Quote, s.DocumentID, s.Span.Start, s.Span.End, s.Version, at)
	return err
}

func sourcesOf(tx *db.Tx, taskID string) (all []Source, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var s Source
		if err := r.Scan(&s.ID, &s.Kind, &s.Title, &s.Clause, &s.Quote, &s.DocumentID, &s.Span.Start, &s.Span.End, &s.Version); err != nil {
			return err
		}
		all = append(all, s)
		return nil
	}, "SELECT id, kind, title, clause, quote, document_id, span_start, span_end, version FROM task_source WHERE task_id = $1 ORDER BY created_at, id", taskID)
	return all, err
}

const targetColumns = `g.id, g.task_id, g.seq, g.subject, g.kind, g.comparator, g.value, g.value_max, g.unit, g.change_dir, g.aspirational, g.cumulative, g.words,
	g.deadline, g.deadline_text, g.quantify_by, g.baseline, g.baseline_on, g.curve, g.measure, g.quote, g.span_start, g.span_end, g.share_note, g.version_gone`

func scanTarget(t *Target) func(db.Scanner) error {
	return func(r db.Scanner) error {
		var value, most, baseline sql.NullInt64
		var curve, measure string
		if err := r.Scan(&t.ID, &t.TaskID, &t.Seq, &t.Subject, &t.Kind, &t.Comparator, &value, &most, &t.Unit, &t.Change, &t.Aspirational, &t.Cumulative, &t.Words,
			&t.Deadline, &t.DeadlineText, &t.QuantifyBy, &baseline, &t.BaselineOn, &curve, &measure, &t.Quote, &t.Span.Start, &t.Span.End, &t.ShareNote, &t.VersionGone); err != nil {
			return err
		}
		t.Value, t.ValueMax, t.Baseline = optional(value), optional(most), optional(baseline)
		var err error
		if t.Curve, err = decodeCurve(curve); err != nil {
			return err
		}
		t.Measure, err = decodeBinding(measure)
		return err
	}
}

func (t Target) values(withID string) []any {
	return []any{withID, t.TaskID, t.Seq, t.Subject, string(t.Kind), string(t.Comparator), nullable(t.Value), nullable(t.ValueMax), t.Unit, string(t.Change),
		bit(t.Aspirational), bit(t.Cumulative), t.Words, t.Deadline, t.DeadlineText, t.QuantifyBy, nullable(t.Baseline), t.BaselineOn, t.Curve.encode(),
		t.Measure.encode(), t.Quote, t.Span.Start, t.Span.End}
}

func insertTarget(tx *db.Tx, t Target) error {
	_, err := tx.Exec(`INSERT INTO target (id, task_id, seq, subject, kind, comparator, value, value_max, unit, change_dir, aspirational, cumulative, words, deadline,
			deadline_text, quantify_by, baseline, baseline_on, curve, measure, quote, span_start, span_end, share_note, version_gone)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, '', 0)`, t.values(t.ID)...)
	return err
}

// updateTarget changes all of a target but its shares.
func updateTarget(tx *db.Tx, t Target) error {
	return tx.Must(noTarget(), `UPDATE target SET seq = $3, subject = $4, kind = $5, comparator = $6, value = $7, value_max = $8, unit = $9, change_dir = $10,
			aspirational = $11, cumulative = $12, words = $13, deadline = $14, deadline_text = $15, quantify_by = $16, baseline = $17, baseline_on = $18, curve = $19,
			measure = $20, quote = $21, span_start = $22, span_end = $23
		WHERE id = $1 AND task_id = $2`, t.values(t.ID)...)
}

func targetsOf(tx *db.Tx, where string, args ...any) (map[string][]Target, error) {
	targets := map[string][]Target{}
	err := tx.Each(func(r db.Scanner) error {
		var t Target
		if err := scanTarget(&t)(r); err != nil {
			return err
		}
		targets[t.TaskID] = append(targets[t.TaskID], t)
		return nil
	}, "SELECT "+targetColumns+" FROM target g "+where+" ORDER BY g.task_id, g.seq, g.id", args...)
	return targets, err
}

func targetWithTask(tx *db.Tx, id string) (t Target, task Task, err error) {
	if err = tx.One(noTarget(), scanTarget(&t), "SELECT "+targetColumns+" FROM target g WHERE g.id = $1", id); err != nil {
		return t, task, err
	}
	task, err = taskByID(tx, t.TaskID)
	return t, task, err
}

// taskViews gives the standing tasks of a plan with units and targets, in order.
func taskViews(tx *db.Tx, planID string) ([]TaskView, error) {
	var views []TaskView
	err := tx.Each(func(r db.Scanner) error {
		var v TaskView
		if err := scanTask(&v.Task)(r); err != nil {
			return err
		}
		views = append(views, v)
		return nil
	}, "SELECT "+taskColumns+" FROM task t WHERE t.plan_id = $1 AND t.version_gone = 0 ORDER BY t.seq", planID)
	if err != nil {
		return nil, err
	}
	units, err := unitsOf(tx, "JOIN task t ON t.id = u.task_id WHERE t.version_gone = 0 AND t.plan_id = $1", planID)
	if err != nil {
		return nil, err
	}
	targets, err := targetsOf(tx, "JOIN task t ON t.id = g.task_id WHERE t.version_gone = 0 AND g.version_gone = 0 AND t.plan_id = $1", planID)
	if err != nil {
		return nil, err
	}
	for i := range views {
		views[i].Units, views[i].Targets = units[views[i].ID], targets[views[i].ID]
	}
	return views, nil
}

func sharesOf(tx *db.Tx, targetID string) (all []Share, err error) {
	err = tx.Each(func(r db.Scanner) error {
		var s Share
		if err := r.Scan(&s.Territory, &s.Value, &s.Note); err != nil {
			return err
		}
		all = append(all, s)
		return nil
	}, "SELECT territory_id, value, note FROM share WHERE target_id = $1 ORDER BY territory_id", targetID)
	return all, err
}
