package plan

import (
	"context"
	"io"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// MoveForm is one move of a task with what it carries, as typed.
type MoveForm struct {
	Move   MoveID
	Words  string
	Unit   city.UnitID // MoveReassign: the unit that leads from now on; "" leaves it
	Day    string      // MoveReturn: by when the work is to be done again
	Into   string      // MoveMerge: the number of the task that goes on
	Checks []string    // MoveClose: what was looked at
	Proof  File        // MoveSubmit: the result's evidence, where the task holds none yet
}

// MoveTask brings a task to its next state: the person may do it, the state has
// such a way out, and what the move asks for is there. The step, its timer and the
// audit entry are written together.
func (s *Service) MoveTask(ctx context.Context, p org.Principal, id string, revision int, in MoveForm) (err error) {
	defer errs.Wrap(&err, "plan.MoveTask(%s, %s)", id, in.Move)
	m, ok := moveByID(in.Move)
	if !ok || m.ID == MoveExtend || m.ID == MoveAnswer {
		return errs.New(errs.Invalid, "没有“%s”这一步", in.Move)
	}
	// Who may not is told so before a file is stored.
	if err := s.db.Read(ctx, func(tx *db.Tx) error { return s.mayMove(tx, p, id, m) }); err != nil {
		return err
	}
	var holds []string
	if m.ID == MoveCrossOff && s.holds != nil {
		if holds, err = s.holds(ctx, id); err != nil {
			return err
		}
	}
	moved := Moved{Move: m.ID, Unit: in.Unit}
	if in.Proof.Data != nil && in.Proof.Size > 0 {
		ref, err := s.keepProof(ctx, in.Proof)
		if err != nil {
			return err
		}
		moved.ProofHash, moved.ProofName = ref.Hash, in.Proof.Name
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
		if err := s.checkStep(tx, t, m, in, &moved, holds); err != nil {
			return err
		}
		return s.step(tx, p, t, m, moved)
	})
}

// check refuses a move of a task that is not where the person saw it.
func (m Move) check(t Task, revision int) error {
	switch {
	case t.Gone():
		return errs.New(errs.Conflict, "这项任务已移出清单，不能再办")
	case revision != t.Revision:
		return errs.New(errs.Conflict, "页面打开后别人已改过这项任务：请刷新页面，再办一次")
	case !slices.Contains(m.From, t.State):
		return errs.New(errs.Conflict, "任务处于“%s”，不能“%s”", t.State.Label(), m.Label)
	}
	return CheckMove(t.State, m.To)
}

func (s *Service) mayMove(tx *db.Tx, p org.Principal, id string, m Move) error {
	t, err := taskByID(tx, id)
	if err != nil {
		return err
	}
	units, err := unitsOf(tx, "WHERE u.task_id = $1", id)
	if err != nil {
		return err
	}
	if err := p.May(m.By, scopeOfMove(t, units[id])); err != nil {
		return err
	}
	if !m.Apart {
		return nil
	}
	moved, err := movedOf(tx, id)
	if err != nil {
		return err
	}
	if (Detail{Moved: moved}).submitter() == p.ID {
		return errs.New(errs.Forbidden, "申请办结的人不能审核自己的结果：请另一位同事办理")
	}
	return nil
}

// checkStep holds what a step carries against what its move asks for.
func (s *Service) checkStep(tx *db.Tx, t Task, m Move, in MoveForm, moved *Moved, holds []string) error {
	var c errs.Check
	words, err := short(strings.TrimSpace(in.Words), 1000)
	c.Add("words", err)
	c.Require(!m.Must || words != "", "words", "请填写%s", m.Words)
	moved.Words = words
	switch m.ID {
	case MoveReassign:
		if in.Unit != "" {
			_, known := s.pack.Unit(in.Unit)
			c.Require(known, "unit", "请选择单位名录中的单位")
		}
	case MoveReturn:
		day, err := calendar.ParseDate(in.Day)
		c.Require(err == nil && !day.Before(calendar.Today(tx.Now())), "day", "请填写重办的期限，不早于今天")
		moved.DueOn = in.Day
	case MoveSubmit:
		found, err := evidence(tx, t.ID)
		if err != nil {
			return err
		}
		c.Require(found || moved.ProofHash != "", "proof", "请附佐证材料：这项任务还没有已核验的数或节点")
	case MoveClose:
		for _, check := range CloseChecks {
			c.Require(slices.Contains(in.Checks, check.Code), "checks", "“%s”没有勾选：不具备的请退回重办", check.Label)
		}
		moved.Checks = in.Checks
	case MoveMerge:
		into, err := taskByNo(tx, strings.TrimSpace(in.Into))
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		c.Require(err == nil && into.ID != t.ID && into.State.Running() && !into.Gone(), "into", "请填写并入的任务编号：它应在现行清单中且正在办理")
		moved.Into = into.ID
	case MoveCrossOff, MoveArchive:
		open, err := s.unfinished(tx, t, m.ID)
		if err != nil {
			return err
		}
		for _, what := range slices.Concat(open, holds) {
			return errs.New(errs.Conflict, "不能%s：%s", m.Label, what)
		}
	case MoveAssign, MoveSign, MoveObject, MoveStart, MoveExtend, MoveAnswer, MoveReview, MoveSuspend, MoveResume, MoveCancel:
	}
	return c.Err()
}

// unfinished says what still has to end before a task is crossed off or archived.
func (s *Service) unfinished(tx *db.Tx, t Task, m MoveID) (open []string, err error) {
	count := func(what, query string) error {
		n := 0
		if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, query, t.ID); err != nil {
			return err
		}
		if n > 0 {
			open = append(open, Amount(quantityOf(n), "")+what)
		}
		return nil
	}
	if m == MoveCrossOff {
		if err := count(" 项县区任务还没有办结", `SELECT count(*) FROM task WHERE parent_task_id = $1 AND version_gone = 0
			AND state NOT IN ('closed', 'crossed_off', 'archived', 'cancelled', 'merged')`); err != nil {
			return nil, err
		}
	}
	if err := count(" 个填报的数还没有核验", "SELECT count(*) FROM progress e JOIN target g ON g.id = e.target_id WHERE g.task_id = $1 AND g.version_gone = 0 AND e.state = 'reported'"); err != nil {
		return nil, err
	}
	return open, count(" 个时间节点还没有核验", "SELECT count(*) FROM milestone WHERE task_id = $1 AND verified_at = 0")
}

// step writes a move that was found right.
func (s *Service) step(tx *db.Tx, p org.Principal, t Task, m Move, moved Moved) error {
	if m.Timer != nil {
		moved.DueOn = s.pack.Calendar.DueAfter(calendar.Today(tx.Now()), m.Timer(s.pack.Defaults.Timers).Limit).String()
	}
	moved.From, moved.To = t.State, m.To
	if err := insertMoved(tx, p, t.ID, moved); err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE task SET state = $2, revision = revision + 1, updated_at = $3 WHERE id = $1", t.ID, string(m.To), tx.NowMilli()); err != nil {
		return err
	}
	if moved.Unit != "" && moved.Unit != t.LeadUnit {
		if err := s.lead(tx, t, moved.Unit); err != nil {
			return err
		}
	}
	return s.record(tx, p, audit.Entry{Action: "task." + string(m.ID), ObjectKind: "task", ObjectID: t.ID, ObjectName: t.Title, Reason: moved.Words,
		Before: map[string]string{"状态": t.State.Label()}, After: s.movedFacts(moved)})
}

// lead gives a task to another unit, which joins its unit list.
func (s *Service) lead(tx *db.Tx, t Task, unit city.UnitID) error {
	u, _ := s.pack.Unit(unit)
	if _, err := tx.Exec("UPDATE task_unit SET role = 'support' WHERE task_id = $1 AND role = 'lead'", t.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO task_unit (task_id, seq, name, role, span_start, span_end, unit_id)
		SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, 'lead', 0, 0, $3 FROM task_unit WHERE task_id = $1`, t.ID, u.Name, string(unit)); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE task SET lead_unit = $2 WHERE id = $1", t.ID, string(unit))
	return err
}

func (s *Service) movedFacts(m Moved) map[string]string {
	facts := map[string]string{"状态": m.To.Label()}
	add := func(name, v string) {
		if v != "" {
			facts[name] = v
		}
	}
	add("办理期限", m.DueOn)
	add("佐证", m.ProofName)
	add("SHA-256", m.ProofHash)
	add("并入", m.Into)
	if u, ok := s.pack.Unit(m.Unit); ok {
		add("牵头单位", u.Short)
	}
	for _, c := range CloseChecks {
		if slices.Contains(m.Checks, c.Code) {
			add(c.Label, "是")
		}
	}
	return facts
}

// MoveProof opens the evidence file of the n-th move of a task, from 0.
func (s *Service) MoveProof(ctx context.Context, p org.Principal, id string, n int) (_ io.ReadSeekCloser, name string, err error) {
	defer errs.Wrap(&err, "plan.MoveProof(%s)", id)
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, "", err
	}
	var all []Moved
	if err := s.db.Read(ctx, func(tx *db.Tx) (err error) { all, err = movedOf(tx, id); return err }); err != nil {
		return nil, "", err
	}
	if n < 0 || n >= len(all) || all[n].ProofHash == "" {
		return nil, "", errs.New(errs.NotFound, "没有这份佐证：可能地址有误")
	}
	f, _, err := s.blobs.Open(all[n].ProofHash)
	return f, all[n].ProofName, err
}
