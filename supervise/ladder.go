package supervise

import (
	"slices"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/plan"
)

// Ladder tells what to remind of today for something due on a day: the step of
// the ladder whose working day it is, counted from the due date. On days off there
// is none, nor between steps; a step whose day has passed is not made up for. No
// step sends a sheet: the last one proposes it to a person.
func Ladder(due, today calendar.Date, cal *calendar.Calendar, steps []city.Reminder) (city.Reminder, bool) {
	if due.IsZero() || !cal.IsWorkday(today) {
		return city.Reminder{}, false
	}
	for _, s := range steps {
		if cal.AddWorkdays(due, s.Workdays) == today {
			return s, true
		}
	}
	return city.Reminder{}, false
}

// Reminder is a step of the ladder that falls on the day of the board.
type Reminder struct {
	Task   *TaskLight
	What   string // the task, or a dated step of it
	Due    calendar.Date
	Action city.ReminderAction
}

// Reminders lists what the board's day asks to remind of: running tasks that are
// not done, the steps of their lives, and their dated steps without anything reported.
func (b *Board) Reminders(pack *city.Pack) (all []Reminder) {
	after := slices.DeleteFunc(slices.Clone(pack.Defaults.Reminders), func(s city.Reminder) bool { return s.Workdays < 0 })
	add := func(t *TaskLight, what, day string, steps []city.Reminder) {
		due, err := calendar.ParseDate(day)
		if err != nil {
			return
		}
		if s, now := Ladder(due, b.Today, pack.Calendar, steps); now {
			all = append(all, Reminder{t, what, due, s.Action})
		}
	}
	for _, t := range b.Tasks {
		if !t.State.Running() {
			continue
		}
		if !t.done() {
			add(t, t.Title, t.DueOn, pack.Defaults.Reminders)
		}
		// A step of the life has a few days only: nobody is reminded before it is late.
		add(t, "本环节："+t.State.Label(), t.StateDue, after)
		for _, m := range t.Steps {
			if m.ActualOn == "" && m.PlannedOn != t.DueOn {
				add(t, m.Name, m.PlannedOn, pack.Defaults.Reminders)
			}
		}
	}
	return all
}

// done reports whether all that a task promised was reached: nothing is left to
// remind of but the words.
func (t *TaskLight) done() bool {
	for i := range t.Targets {
		if !t.Targets[i].Verdict.Met {
			return false
		}
	}
	for _, m := range t.Steps {
		if !m.Met() {
			return false
		}
	}
	return len(t.Targets)+len(t.Steps) > 0
}

// Reason says why a sheet is proposed.
type Reason string

// The reasons.
const (
	ReasonPace    Reason = "pace"    // a target is behind its pace
	ReasonLate    Reason = "late"    // a dated step is late
	ReasonOverdue Reason = "overdue" // the task itself is late by the last step of the ladder
)

// Reasons lists the reasons with their labels.
var Reasons = []plan.Term[Reason]{{Code: ReasonPace, Label: "落后序时进度"}, {Code: ReasonLate, Label: "节点逾期"}, {Code: ReasonOverdue, Label: "任务逾期未办结"}}

// Label is the reason in the words of officials.
func (r Reason) Label() string {
	for _, t := range Reasons {
		if t.Code == r {
			return t.Label
		}
	}
	return string(r)
}

// Proposal suggests a supervision sheet to the clerk, who decides. Task, Reason
// and Period together come once: they are the key of a sheet.
type Proposal struct {
	Task   *TaskLight
	Reason Reason
	Period string // 2026-06; of what is reported by the quarter, the quarter's last month
	Light  Level  // Blue, Yellow or Red: what the light shows
	Level  Level  // of the sheet: the light's, as long as no sheets are looked at
	Words  string // the light's reason
}

// Key tells proposals apart.
func (p Proposal) Key() string { return p.Task.ID + " " + string(p.Reason) + " " + p.Period }

// Proposals lists the sheets that the lights of a board suggest, in the order of
// the lists. A light set by hand that is better than yellow suggests none.
func Proposals(b *Board, pack *city.Pack) (all []Proposal) {
	for _, t := range b.Tasks {
		if !t.State.Running() || t.Override != nil && t.Override.Level.rank() < Yellow.rank() {
			continue
		}
		if p, found := paceProposal(t); found {
			all = append(all, p)
		}
		if l := t.StepLight; l.Level.rank() >= Yellow.rank() {
			all = append(all, Proposal{t, ReasonLate, periodOf(b.Today, quarterly(t.Task)), l.Level, l.Level, l.Reason})
		}
		if p, found := overdueProposal(t, b.Today, pack); found {
			all = append(all, p)
		}
	}
	return all
}

// paceProposal speaks of the target that is furthest behind.
func paceProposal(t *TaskLight) (worst Proposal, found bool) {
	for i := range t.Targets {
		g := &t.Targets[i]
		if g.Level.rank() < Yellow.rank() || found && g.Level.rank() <= worst.Level.rank() {
			continue
		}
		worst, found = Proposal{t, ReasonPace, periodOf(g.Day, quarterly(t.Task)), g.Level, g.Level, g.Subject + "：" + g.Reason}, true
	}
	return worst, found
}

// overdueProposal comes from the day of the ladder's last step on.
func overdueProposal(t *TaskLight, today calendar.Date, pack *city.Pack) (Proposal, bool) {
	due, err := calendar.ParseDate(t.DueOn)
	if err != nil || t.done() {
		return Proposal{}, false
	}
	for _, s := range pack.Defaults.Reminders {
		if s.Action == city.ActionPropose && !today.Before(pack.Calendar.AddWorkdays(due, s.Workdays)) {
			return Proposal{t, ReasonOverdue, periodOf(due, quarterly(t.Task)), Blue, Blue, "期限 " + t.DueOn + " 已过，任务处于“" + t.State.Label() + "”"}, true
		}
	}
	return Proposal{}, false
}

// periodOf names the month that a day belongs to, or the last one of its quarter.
func periodOf(day calendar.Date, quarterly bool) string {
	if quarterly {
		day = calendar.Of(day.Year(), time.Month(3*day.Quarter()), 1)
	}
	return day.String()[:len("2026-06")]
}
