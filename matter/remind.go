package matter

import (
	"context"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/notice"
	"bihuan/org"
	"bihuan/register"
	"bihuan/supervise"
)

// Dues is the part of the register room that reminders look at.
type Dues interface {
	List(ctx context.Context, p org.Principal, q register.Query) ([]register.Record, int, error)
	OwnerUnit(r register.Record) city.UnitID
}

// Remind puts the notices of a day: for tasks, their steps and records that come
// due or are late, each step of the ladder once. Nothing is put on a day off, and no
// step sends a sheet: the last one proposes it to the lead unit.
func (s *Service) Remind(ctx context.Context, p org.Principal, dues Dues) (put int, err error) {
	defer errs.Wrap(&err, "matter.Remind")
	board, err := s.Supervise.Board(ctx, p)
	if err != nil || !s.Pack.Calendar.IsWorkday(board.Today) {
		return 0, err
	}
	var all []notice.Notice
	for _, r := range board.Reminders(s.Pack) {
		all = append(all, s.reminder(r.Action, r.Task.LeadUnit, r.What, r.Due, "/tasks/"+r.Task.ID, "task/"+r.Task.ID+"/"+r.What+"/"+board.Today.String()))
	}
	records, err := s.dueRecords(ctx, p, dues, board.Today)
	if err != nil {
		return 0, err
	}
	all = append(all, records...)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, n := range all {
			if err := notice.Put(tx, n); err != nil {
				return err
			}
		}
		return nil
	})
	return len(all), err
}

// dueRecords are the reminders of records, whose day can be some weeks ahead.
func (s *Service) dueRecords(ctx context.Context, p org.Principal, dues Dues, today calendar.Date) (all []notice.Notice, err error) {
	const page, ahead = 500, 30
	for offset := 0; ; offset += page {
		records, total, err := dues.List(ctx, p, register.Query{DueBy: today.AddDays(ahead), Offset: offset, Limit: page})
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			unit := dues.OwnerUnit(r)
			step, now := supervise.Ladder(r.Due, today, s.Pack.Calendar, s.Pack.Defaults.Reminders)
			if unit == "" || !now {
				continue
			}
			all = append(all, s.reminder(step.Action, unit, r.Title, r.Due, "/records/"+r.ID, "record/"+r.ID+"/"+r.Stage+"/"+today.String()))
		}
		if offset+page >= total {
			return all, nil
		}
	}
}

// reminder is the notice of one step of the ladder; key names the thing and the day.
func (s *Service) reminder(action city.ReminderAction, unit city.UnitID, what string, due calendar.Date, url, key string) notice.Notice {
	n := notice.Notice{To: notice.Unit(unit), Kind: notice.Reminder, Title: "临近期限：" + what, Body: "期限 " + due.String(), URL: url, Key: "due/" + key}
	switch action {
	case city.ActionRemind:
	case city.ActionUrge:
		n.Kind, n.Title = notice.Urge, "已过期限："+what
	case city.ActionPropose:
		n.To, n.Kind, n.Title = notice.Unit(s.Pack.LeadUnit().ID), notice.Todo, "建议发督办单："+what
		n.Body += " 已过五个工作日以上，请决定是否发单"
	}
	return n
}
