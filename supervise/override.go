package supervise

import (
	"context"
	"slices"
	"strings"
	"time"

	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Recorder is the part of the audit log that this room uses.
type Recorder interface {
	Append(tx *db.Tx, a audit.Actor, e audit.Entry) error
	Head(tx *db.Tx) (audit.Head, error)
	List(tx *db.Tx, f audit.Filter) ([]audit.Record, error)
}

// Override is a light that a person set by hand. The computed light stays visible beside it.
type Override struct {
	ID     string
	TaskID string
	Level  Level
	Reason string
	ByName string
	At     time.Time
	Until  calendar.Date // the last day on which it holds
}

// longestOverride keeps a light set by hand from becoming permanent.
const longestOverride = 92

// SetLight shows a level set by hand until a day. It needs a reason and an end.
func (s *Service) SetLight(ctx context.Context, p org.Principal, taskID string, level Level, reason, until string) (err error) {
	defer errs.Wrap(&err, "supervise.SetLight(%s)", taskID)
	if err := p.May(org.LightOverride, org.Scope{}); err != nil {
		return err
	}
	today := calendar.Today(s.db.Now())
	var c errs.Check
	c.Require(slices.Contains(Levels, level) && level != Grey, "level", "请选择灯色")
	reason = strings.TrimSpace(reason)
	c.Require(reason != "" && len([]rune(reason)) <= 300, "reason", "请写明理由（300 字以内）")
	end, dateErr := calendar.ParseDate(until)
	c.Require(dateErr == nil && !end.Before(today) && end.Sub(today) <= longestOverride, "until", "请填写失效日期：今天起 %d 天之内", longestOverride)
	if err := c.Err(); err != nil {
		return err
	}
	b, err := s.Board(ctx, p)
	if err != nil {
		return err
	}
	t := b.Task(taskID)
	if t == nil {
		return errs.New(errs.NotFound, "没有这项任务：可能已移出清单")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := lift(tx, p, taskID); err != nil {
			return err
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO light_override (id, task_id, level, reason, by_id, by_name, at, until_on, lifted_by, lifted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0)`,
			id, taskID, string(level), reason, p.ID, p.Name, tx.NowMilli(), end.String()); err != nil {
			return err
		}
		return s.log.Append(tx, p.Actor(), audit.Entry{Action: "light.override", ObjectKind: "task", ObjectID: taskID, ObjectName: t.Title, Reason: reason,
			Before: map[string]string{"计算灯色": t.Computed.Level.Label(), "显示灯色": t.Shown().Label()},
			After:  map[string]string{"显示灯色": level.Label(), "有效至": end.String()}})
	})
}

// LiftLight ends a light set by hand before its day.
func (s *Service) LiftLight(ctx context.Context, p org.Principal, taskID string) (err error) {
	defer errs.Wrap(&err, "supervise.LiftLight(%s)", taskID)
	if err := p.May(org.LightOverride, org.Scope{}); err != nil {
		return err
	}
	b, err := s.Board(ctx, p)
	if err != nil {
		return err
	}
	t := b.Task(taskID)
	if t == nil {
		return errs.New(errs.NotFound, "没有这项任务：可能已移出清单")
	}
	if t.Override == nil {
		return errs.New(errs.Conflict, "这项任务现在没有人工改判：请刷新页面")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := lift(tx, p, taskID)
		if err != nil {
			return err
		}
		if n == 0 { // somebody else lifted it since the board was drawn
			return errs.New(errs.Conflict, "这项任务现在没有人工改判：请刷新页面")
		}
		return s.log.Append(tx, p.Actor(), audit.Entry{Action: "light.lift", ObjectKind: "task", ObjectID: taskID, ObjectName: t.Title,
			Before: map[string]string{"显示灯色": t.Shown().Label()}, After: map[string]string{"显示灯色": t.Computed.Level.Label()}})
	})
}

// lift ends what was set by hand for a task; it tells how many lights that were.
func lift(tx *db.Tx, p org.Principal, taskID string) (int64, error) {
	return tx.Exec("UPDATE light_override SET lifted_by = $2, lifted_at = $3 WHERE task_id = $1 AND lifted_at = 0", taskID, p.ID, tx.NowMilli())
}

// overrides gives those that hold today by task, and a count that changes with every change of them.
func (s *Service) overrides(ctx context.Context, today calendar.Date) (byTask map[string]*Override, count int64, err error) {
	byTask = map[string]*Override{}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&count) },
			"SELECT 2 * COUNT(*) - COALESCE(SUM(CASE WHEN lifted_at = 0 THEN 1 ELSE 0 END), 0) FROM light_override"); err != nil {
			return err
		}
		return tx.Each(func(r db.Scanner) error {
			o := &Override{}
			var at int64
			if err := r.Scan(&o.ID, &o.TaskID, &o.Level, &o.Reason, &o.ByName, &at, &o.Until); err != nil {
				return err
			}
			o.At = time.UnixMilli(at)
			byTask[o.TaskID] = o
			return nil
		}, "SELECT id, task_id, level, reason, by_name, at, until_on FROM light_override WHERE lifted_at = 0 AND until_on >= $1 ORDER BY at", today.String())
	})
	return byTask, count, err
}
