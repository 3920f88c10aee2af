package plan

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

// ExtensionState is where an application for an extension stands.
type ExtensionState string

// The states of an application.
const (
	ExtensionAsked   ExtensionState = "asked"
	ExtensionGranted ExtensionState = "granted"
	ExtensionRefused ExtensionState = "refused"
)

// ExtensionStates lists the states with their labels.
var ExtensionStates = []Term[ExtensionState]{{ExtensionAsked, "待审批"}, {ExtensionGranted, "同意"}, {ExtensionRefused, "不同意"}}

// Label is the state in the words of officials.
func (s ExtensionState) Label() string { return labelOf(ExtensionStates, s) }

// Extension is an application to put a due date off, with its answer.
type Extension struct {
	ID          string
	TaskID      string
	Reason      string
	Progress    string // what was done so far
	SignedBy    string // the leader of the unit who signed it off
	OldDue      string
	WantedDue   string
	State       ExtensionState
	NewDue      string // the exact date that the answer names
	Answer      string
	AskedBy     string
	AskerName   string
	AskedAt     time.Time
	DecidedBy   string
	DeciderName string
	DecidedAt   time.Time
}

// CheckExtension refuses what §4.2 does not allow: only before the due date, only
// so many times, together no longer than a share of the original term, never for a
// due date that a law sets. before are the task's earlier applications.
func CheckExtension(t Task, law string, before []Extension, wanted, today calendar.Date, rule city.Extension) error {
	start, err1 := calendar.ParseDate(t.StartOn)
	due, err2 := calendar.ParseDate(t.DueOn)
	original, err3 := calendar.ParseDate(t.OriginalDue)
	if err1 != nil || err2 != nil || err3 != nil {
		return errs.New(errs.Conflict, "这项任务没有起止日期，不能延期")
	}
	if law != "" {
		return errs.New(errs.Conflict, "期限由%s规定，法定时限不延期", law)
	}
	if !today.Before(due) {
		return errs.New(errs.Conflict, "延期应在 %s 前申请：已到期的不再受理，请在进展说明中写明原因", due)
	}
	granted := 0
	for _, e := range before {
		if e.State == ExtensionGranted {
			granted++
		}
	}
	if granted >= rule.Max {
		return errs.New(errs.Conflict, "已延期 %d 次：每项任务至多延期 %d 次", granted, rule.Max)
	}
	most := (original.Sub(start) + 1) * int(rule.Share) / 10_000
	last := original.AddDays(most)
	if !wanted.After(due) || wanted.After(last) {
		return fieldError("due", "请填写 "+due.AddDays(1).String()+" 至 "+last.String()+" 之间的日期：累计延期不超过原时长的 "+rule.Share.String())
	}
	return nil
}

// Ask is an application for an extension as typed.
type Ask struct{ Reason, Progress, SignedBy, Due string }

// AskExtension applies for a later due date; the task waits for the answer.
func (s *Service) AskExtension(ctx context.Context, p org.Principal, id string, revision int, in Ask) (err error) {
	defer errs.Wrap(&err, "plan.AskExtension(%s)", id)
	m, _ := moveByID(MoveExtend)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.mayMove(tx, p, id, m); err != nil {
			return err
		}
		t, err := taskByID(tx, id)
		if err != nil {
			return err
		}
		if err := m.check(t, revision); err != nil {
			return err
		}
		var c errs.Check
		text := func(field, v, what string, most int) string {
			v = strings.TrimSpace(v)
			c.Require(v != "" && len([]rune(v)) <= most, field, "请填写%s（%d 字以内）", what, most)
			return v
		}
		e := Extension{TaskID: id, OldDue: t.DueOn, State: ExtensionAsked, Reason: text("reason", in.Reason, "延期的理由", 500),
			Progress: text("progress", in.Progress, "目前的进展", 500), SignedBy: text("signed_by", in.SignedBy, "签批的本单位负责人", 30)}
		wanted, dateErr := calendar.ParseDate(strings.TrimSpace(in.Due))
		c.Require(dateErr == nil, "due", "请填写预计完成的日期")
		if err := c.Err(); err != nil {
			return err
		}
		e.WantedDue = wanted.String()
		if err := s.mayExtend(tx, t, wanted); err != nil {
			return err
		}
		if e.ID, err = tx.NewID(); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO extension (id, task_id, reason, progress, signed_by, old_due, wanted_due, state, new_due, answer, asked_by, asker_name, asked_at, decided_by, decider_name, decided_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 'asked', '', '', $8, $9, $10, '', '', 0)`,
			e.ID, id, e.Reason, e.Progress, e.SignedBy, e.OldDue, e.WantedDue, p.ID, p.Name, tx.NowMilli()); err != nil {
			return err
		}
		return s.step(tx, p, t, m, Moved{Move: m.ID, Words: e.Reason + "；拟延至 " + e.WantedDue + "；签批：" + e.SignedBy})
	})
}

func (s *Service) mayExtend(tx *db.Tx, t Task, wanted calendar.Date) error {
	law, err := statutory(tx, t.ID)
	if err != nil {
		return err
	}
	before, err := extensionsOf(tx, t.ID)
	if err != nil {
		return err
	}
	return CheckExtension(t, law, before, wanted, calendar.Today(tx.Now()), s.pack.Defaults.Extension)
}

// DecideExtension answers an application: with an exact new date when it is
// granted, with a reason always. The due date changes, the original one never does.
func (s *Service) DecideExtension(ctx context.Context, p org.Principal, id string, revision int, grant bool, due, answer string) (err error) {
	defer errs.Wrap(&err, "plan.DecideExtension(%s)", id)
	m, _ := moveByID(MoveAnswer)
	if answer, err = filled(strings.TrimSpace(answer), 500); err != nil {
		return fieldError("answer", "请写明答复意见（500 字以内）")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.mayMove(tx, p, id, m); err != nil {
			return err
		}
		t, err := taskByID(tx, id)
		if err != nil {
			return err
		}
		if err := m.check(t, revision); err != nil {
			return err
		}
		all, err := extensionsOf(tx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(e Extension) bool { return e.State == ExtensionAsked })
		if i < 0 {
			return errs.New(errs.Conflict, "没有待审批的延期申请：请刷新页面")
		}
		e := all[i]
		if e.AskedBy == p.ID {
			return errs.New(errs.Forbidden, "申请延期的人不能审批自己的申请：请另一位同事办理")
		}
		e.State, e.Answer = ExtensionRefused, answer
		if grant {
			if e.NewDue, err = s.grant(tx, t, e, due); err != nil {
				return err
			}
			e.State = ExtensionGranted
		}
		if _, err := tx.Exec("UPDATE extension SET state = $2, new_due = $3, answer = $4, decided_by = $5, decider_name = $6, decided_at = $7 WHERE id = $1",
			e.ID, string(e.State), e.NewDue, e.Answer, p.ID, p.Name, tx.NowMilli()); err != nil {
			return err
		}
		words := e.State.Label() + "：" + answer
		if e.NewDue != "" {
			words += "；期限由 " + t.DueOn + " 改为 " + e.NewDue
		}
		return s.step(tx, p, t, m, Moved{Move: m.ID, Words: words})
	})
}

// grant sets the date that an answer names. What was asked for in time is
// answered as of the day on which it was asked.
func (s *Service) grant(tx *db.Tx, t Task, e Extension, due string) (string, error) {
	day, err := calendar.ParseDate(strings.TrimSpace(due))
	if err != nil {
		return "", fieldError("due", "请填写同意延至的日期")
	}
	law, err := statutory(tx, t.ID)
	if err != nil {
		return "", err
	}
	before, err := extensionsOf(tx, t.ID)
	if err != nil {
		return "", err
	}
	if err := CheckExtension(t, law, before, day, calendar.Today(e.AskedAt), s.pack.Defaults.Extension); err != nil {
		return "", err
	}
	_, err = tx.Exec("UPDATE task SET due_on = $2 WHERE id = $1", t.ID, day.String())
	return day.String(), err
}

// MarkStatutory says which law sets a task's due date, so that it is never put
// off; an empty basis takes the mark away.
func (s *Service) MarkStatutory(ctx context.Context, p org.Principal, id string, revision int, basis string) (err error) {
	defer errs.Wrap(&err, "plan.MarkStatutory(%s)", id)
	if basis, err = short(strings.TrimSpace(basis), 100); err != nil {
		return fieldError("basis", "依据太长：请写法规名称和条款（100 字以内）")
	}
	return s.editTask(ctx, p, id, revision, org.MatterIssue, func(tx *db.Tx, t Task) error {
		before, err := statutory(tx, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM statutory_due WHERE task_id = $1", id); err != nil {
			return err
		}
		if basis != "" {
			if _, err := tx.Exec("INSERT INTO statutory_due (task_id, basis) VALUES ($1, $2)", id, basis); err != nil {
				return err
			}
		}
		return s.record(tx, p, audit.Entry{Action: "task.statutory", ObjectKind: "task", ObjectID: id, ObjectName: t.Title,
			Before: map[string]string{"法定时限依据": before}, After: map[string]string{"法定时限依据": basis}})
	})
}
