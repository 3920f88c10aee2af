package plantest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/quantity"
	"bihuan/plan"
)

// Size says how much Load puts into a room.
type Size struct {
	Plans, Tasks, Targets, Entries int
	Waiting                        int // of the entries: reported and not verified
	Busy                           int // of the entries: for the first target alone
	Imports                        int
}

// Large is more than a city of ten years has.
var Large = Size{Plans: 200, Tasks: 5_000, Targets: 10_000, Entries: 100_000, Waiting: 2_000, Busy: 500, Imports: 500}

// Load fills a room directly with lists, tasks, targets and entries as use cases
// would have left them, standings included: many rows to a statement, since it is
// the reading of much data that is measured. It returns the tasks' ids; the first
// task has the busy target.
func (r *Room) Load(tb testing.TB, s Size) (tasks []string) {
	tb.Helper()
	l := &loader{r: r, size: s, counties: r.Pack.TerritoriesFor(city.CaliberZonesApart)}
	for _, u := range r.Pack.UnitsOf(r.Pack.Root().ID) {
		l.units = append(l.units, u.ID)
	}
	for _, part := range []func(*db.Tx) error{l.plans, l.tasks, l.targets, l.entries, l.imports} {
		if err := r.DB.Write(context.Background(), part); err != nil {
			tb.Fatal(err)
		}
	}
	return l.taskIDs
}

type loader struct {
	r         *Room
	size      Size
	units     []city.UnitID
	counties  []city.Territory
	planIDs   []string
	taskIDs   []string
	targetIDs []string
}

// bulk inserts rows, several to a statement.
func bulk(tx *db.Tx, table, columns string, rows [][]any) error {
	const most = 20 // SQLite looks parameters up one by one, so that long statements cost more than many
	for start := 0; start < len(rows); start += most {
		part := rows[start:min(start+most, len(rows))]
		var values strings.Builder
		var args []any
		for i, row := range part {
			if i > 0 {
				values.WriteByte(',')
			}
			values.WriteString(db.In(len(args)+1, len(row)))
			args = append(args, row...)
		}
		if _, err := tx.Exec("INSERT INTO "+table+" ("+columns+") VALUES "+values.String(), args...); err != nil {
			return err
		}
	}
	return nil
}

// plans makes a city's plan for each eleven county lists under it.
func (l *loader) plans(tx *db.Tx) error {
	rules, err := json.Marshal(l.r.Pack.Thresholds)
	if err != nil {
		return err
	}
	if err := bulk(tx, "document", "id, blob_hash, name, format, encoding, size, body, pages, warnings, uploaded_by, uploaded_at",
		[][]any{{"doc", "", "计划.txt", "txt", "utf-8", 1, "正文", 1, "", "loader", 0}}); err != nil {
		return err
	}
	var rows [][]any
	parent := ""
	for i := range l.size.Plans {
		id := fmt.Sprintf("plan%05d", i)
		kind, territory := "county", ""
		if k := i % (len(l.counties) + 1); k == 0 {
			kind, parent = "city", ""
		} else {
			territory = string(l.counties[k-1].ID)
		}
		rows = append(rows, []any{id, kind, fmt.Sprintf("2026-%02d", i+1), "清单" + id, "", "2026-03-25", 2026, 2026, "[]", "[]", parent, territory, "", 1, "active", 10_000, string(rules), 0, 0})
		if kind == "city" {
			parent = id
		}
		l.planIDs = append(l.planIDs, id)
	}
	return bulk(tx, "plan", "id, kind, code, title, doc_no, issued_on, year, year_end, issuers, goals, parent_id, territory_id, unit_id, version, state, next_task, rules, created_at, updated_at", rows)
}

func (l *loader) tasks(tx *db.Tx) error {
	var rows, units [][]any
	words := []string{"增加托育服务供给", "培育电商企业", "推进放心消费", "完善寄递网络", "发展银发经济", "建设便民生活圈"}
	for i := range l.size.Tasks {
		id, p := fmt.Sprintf("task%06d", i), i%len(l.planIDs)
		territory := ""
		if k := p % (len(l.counties) + 1); k > 0 {
			territory = string(l.counties[k-1].ID)
		}
		lead := l.units[i%len(l.units)]
		title := words[i%len(words)] + fmt.Sprint(i)
		body := title + strings.Repeat("，落实具体措施，明确时间节点，形成工作合力", 12)
		rows = append(rows, []any{id, l.planIDs[p], fmt.Sprintf("2026-%02d-%03d", p+1, i), i, `["重点任务","` + title + `"]`, "1", title, body, "tasks", string(city.CategoryExpected),
			"registered", "open", "2026-01-01", "2026-12-31", "2026-12-31", "自然日", string(lead), territory, "", "", "", "", "system", "", "month", "doc", 0, 0, 1, 0, 1,
			fmt.Sprintf("2026-%02d-%03d ", p+1, i) + body, 0, 0})
		units = append(units, []any{id, 1, "牵头", "lead", 0, 0, string(lead)}, []any{id, 2, "配合", "support", 0, 0, string(l.units[(i+1)%len(l.units)])})
		l.taskIDs = append(l.taskIDs, id)
	}
	if err := bulk(tx, "task", `id, plan_id, no, seq, path, number, title, body, section, category, state, openness, start_on, due_on, original_due, due_unit, lead_unit, territory_id,
		parent_task_id, leader, owner, handler, verification, evidence_spec, report_cycle, document_id, span_start, span_end, version_added, version_gone, revision, search, created_at, updated_at`, rows); err != nil {
		return err
	}
	return bulk(tx, "task_unit", "task_id, seq, name, role, span_start, span_end, unit_id", units)
}

func (l *loader) targets(tx *db.Tx) error {
	var rows [][]any
	curve := `{"kind":"linear","start":"2026-01-01","end":"2026-12-31"}`
	for i := range l.size.Targets {
		id := fmt.Sprintf("target%06d", i)
		rows = append(rows, []any{id, l.taskIDs[i%len(l.taskIDs)], i/len(l.taskIDs) + 1, "社区托育驿站", "flow", ">=", int64(quantity.Of(1000)), nil, "个", "", 0, 0, "", "", "", "", nil, "2025-12-31",
			curve, `{"kind":"reported"}`, "新增1000个社区托育驿站", 0, 0, "", 0})
		l.targetIDs = append(l.targetIDs, id)
	}
	return bulk(tx, "target", `id, task_id, seq, subject, kind, comparator, value, value_max, unit, change_dir, aspirational, cumulative, words, deadline, deadline_text, quantify_by,
		baseline, baseline_on, curve, measure, quote, span_start, span_end, share_note, version_gone`, rows)
}

// entries gives each target a rising series that ends around the middle of the
// year; the last value of some targets still waits.
func (l *loader) entries(tx *db.Tx) error {
	var rows, standing [][]any
	first := calendar.Of(2026, 1, 1)
	each := (l.size.Entries - l.size.Busy) / (len(l.targetIDs) - 1)
	n := 0
	for i, target := range l.targetIDs {
		count := each
		if i == 0 {
			count = l.size.Busy
		}
		waits := i > 0 && i <= l.size.Waiting
		asOf, value := "", int64(0)
		for k := range count {
			n++
			state, decided := "verified", n
			day := first.AddDays(179 * (k + 1) / count).String()
			v := int64(quantity.Of(int64((k + 1) * (380 + i%130) / count)))
			if waits && k == count-1 {
				state, decided = "reported", 0
				standing = append(standing, []any{target, "", asOf, value, day, v})
			} else {
				asOf, value = day, v
			}
			rows = append(rows, []any{fmt.Sprintf("entry%07d", n), target, "", day, v, "", "", "佐证.txt", state, "loader", "填报人", "单位", n, "", "", 0, decided, "", 1})
		}
		if !waits {
			standing = append(standing, []any{target, "", asOf, value, "", nil})
		}
	}
	if err := bulk(tx, "progress", `id, target_id, territory_id, as_of, value, note, proof_hash, proof_name, state, reported_by, reporter_name, reporter_unit, reported_at,
		decided_by, decider_name, decided_at, decided_n, reason, demo`, rows); err != nil {
		return err
	}
	return bulk(tx, "standing", "target_id, territory_id, as_of, value, pending_as_of, pending", standing)
}

func (l *loader) imports(tx *db.Tx) error {
	states := []plan.ImportState{plan.ImportDraft, plan.ImportPublished, plan.ImportDiscarded}
	var rows [][]any
	for i := range l.size.Imports {
		rows = append(rows, []any{fmt.Sprintf("import%05d", i), "doc", "city", string(states[i%len(states)]), "计划", "", "", "", "", "", "", 0, "loader", "填报人", i, "", 0, "", 0, ""})
	}
	return bulk(tx, "import", `id, document_id, kind, state, title, plan_id, parent_id, territory_id, unit_id, reading, problem, revision, created_by, creator_name, created_at,
		submitted_by, submitted_at, decided_by, decided_at, note`, rows)
}
