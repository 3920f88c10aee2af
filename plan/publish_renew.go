package plan

import (
	"fmt"
	"slices"

	"bihuan/kit/audit"
	"bihuan/kit/calendar"
)

// Publishing the next version of a list: what was decided about each difference is carried out.

// renew carries out what was decided about each difference.
func (b *publication) renew() error {
	for _, diff := range b.r.Differences {
		take := diff.Choice == TakeNew
		switch {
		case diff.Kind == DiffNew && take:
			if err := b.insertTask(diff.New); err != nil {
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
	body := bodyOf(b.r.Text, fresh.Span)
	if _, err := b.tx.Exec("UPDATE task SET document_id = $2, span_start = $3, span_end = $4, body = $5, search = $6, number = $7 WHERE id = $1",
		old.ID, b.r.DocumentID, fresh.Span.Start, fresh.Span.End, body, searchText(old.No, old.Title, body), fresh.Number); err != nil {
		return err
	}
	targets := fresh.LiveTargets()
	for i, j := range matchTargets(old.Targets, targets) {
		g := targets[j]
		if _, err := b.tx.Exec("UPDATE target SET span_start = $2, span_end = $3, quote = $4 WHERE id = $1", old.Targets[i].ID, g.Span.Start, g.Span.End, g.Quote); err != nil {
			return err
		}
	}
	return b.insertSource(old.ID, fresh)
}

// changeTask brings a task to what the new document says. What people filled in
// since (start, contacts, milestones) stays.
func (b *publication) changeTask(diff Difference) error {
	old, d := diff.Old, diff.New
	start, due := d.term(b.plan.Year, b.plan.YearEnd)
	if day, err := calendar.ParseDate(old.StartOn); err == nil && !day.After(due) {
		start = day
	}
	dueOn := due.String()
	if dueOn == old.OriginalDue {
		dueOn = old.DueOn // what was put off stays put off while the document asks for the same day
	}
	category := old.Category
	if d.Read == nil || slices.Contains(d.Changed, "category") {
		category = d.Category // said by a person; what the reader guesses does not count against the list
	}
	body := bodyOf(b.r.Text, d.Span)
	if _, err := b.tx.Exec(`UPDATE task SET path = $2, number = $3, title = $4, body = $5, section = $6, category = $7, start_on = $8, due_on = $9, document_id = $10,
		span_start = $11, span_end = $12, search = $13, lead_unit = $14, parent_task_id = $15, updated_at = $16, revision = revision + 1 WHERE id = $1`,
		old.ID, encodeList(d.Path), d.Number, d.Title, body, string(d.Section), string(category), start.String(), dueOn, b.r.DocumentID,
		d.Span.Start, d.Span.End, searchText(old.No, d.Title, body), string(b.leadUnit(d, old.Units)), parentID(d.Parent), b.tx.NowMilli()); err != nil {
		return err
	}
	if _, err := b.tx.Exec("DELETE FROM task_unit WHERE task_id = $1", old.ID); err != nil {
		return err
	}
	if err := b.insertUnits(old.ID, d, old.Units); err != nil {
		return err
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

// changeTargets keeps the identity of the targets that are still there, and with it their progress.
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
		if err := b.changeTarget(&old.Targets[i], d.Title, j+1, &fresh[j], start, due); err != nil {
			return err
		}
	}
	for j := range fresh {
		if used[j] {
			continue
		}
		if err := b.insertTarget(old.ID, d.Title, j+1, &fresh[j], start, due); err != nil {
			return err
		}
	}
	return nil
}

// changeTarget brings one target to the new words. What the document never says
// stays: the measure, a baseline, the number put to a promise and its deadline.
// The pace stays as it was fixed while the pledge is the same.
func (b *publication) changeTarget(old *Target, task string, seq int, fresh *DraftTarget, start, due calendar.Date) error {
	t, err := b.target(old.TaskID, task, seq, fresh, start, due)
	if err != nil {
		return err
	}
	if stillPromised(*old, *fresh) {
		kept := *old
		kept.Seq, kept.Quote, kept.Span = seq, t.Quote, t.Span
		return updateTarget(b.tx, kept)
	}
	t.ID = old.ID
	if t.Measure, err = b.keptMeasure(*old, t); err != nil {
		return err
	}
	if t.Baseline == nil && old.Baseline != nil {
		t.Baseline, t.BaselineOn = old.Baseline, old.BaselineOn
	}
	if samePledge(*old, t) {
		t.Curve = old.Curve
	}
	if err := updateTarget(b.tx, t); err != nil {
		return err
	}
	return b.reviewShares(old, &t)
}

// reviewShares keeps the parts that counties carry and notes that they have to be
// given out anew; a target that no longer adds up over counties has no parts.
func (b *publication) reviewShares(old, t *Target) error {
	if !t.Summable() || t.Value == nil {
		_, err := b.tx.Exec("DELETE FROM share WHERE target_id = $1", t.ID)
		return err
	}
	if sameAmount(old.Value, t.Value) {
		return nil
	}
	_, err := b.tx.Exec("UPDATE target SET share_note = $2 WHERE id = $1 AND EXISTS (SELECT 1 FROM share WHERE target_id = $1)",
		t.ID, "目标由“"+old.Pledge()+"”改为“"+t.Pledge()+"”，待重新分解")
	return err
}

// samePledge reports whether two forms of a target ask for the same amount by the same day.
func samePledge(a, b Target) bool {
	return sameAmount(a.Value, b.Value) && sameAmount(a.ValueMax, b.ValueMax) && a.Unit == b.Unit && a.Deadline == b.Deadline && a.Kind == b.Kind
}
