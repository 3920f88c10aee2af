package plan_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
)

// life walks one task through its life.
type life struct {
	t    *testing.T
	r    *plantest.Room
	task string
}

func (l life) detail() plan.Detail {
	l.t.Helper()
	d, err := l.r.Plan.Task(context.Background(), l.r.Dispatcher(), l.task)
	if err != nil {
		l.t.Fatal(err)
	}
	return d
}

func (l life) try(p org.Principal, in plan.MoveForm) error {
	l.t.Helper()
	return l.r.Plan.MoveTask(context.Background(), p, l.task, l.detail().Revision, in)
}

func (l life) do(p org.Principal, in plan.MoveForm) {
	l.t.Helper()
	if err := l.try(p, in); err != nil {
		l.t.Fatalf("%s: %v %v", in.Move, err, errs.FieldMessages(err))
	}
}

func (l life) refused(what string, p org.Principal, in plan.MoveForm, want errs.Code) {
	l.t.Helper()
	if err := l.try(p, in); !errs.Is(err, want) {
		l.t.Errorf("%s: %v, want %s", what, err, want)
	}
}

func lives(t *testing.T, f func(l life, clerk org.Principal)) {
	t.Helper()
	onBoth(t, func(t *testing.T, r *plantest.Room) {
		r.PackPlan(t)
		task, _ := bound(t, r, "社区托育驿站")
		f(life{t, r, task.ID}, r.Clerk(task.LeadUnit))
	})
}

var allChecks = []string{"facts", "solved", "done", "exact", "lawful", "form"}

// started brings a task to where it is worked on.
func (l life) started(clerk org.Principal) {
	l.t.Helper()
	l.do(l.r.Dispatcher(), plan.MoveForm{Move: plan.MoveAssign})
	l.do(clerk, plan.MoveForm{Move: plan.MoveSign})
	l.do(clerk, plan.MoveForm{Move: plan.MoveStart, Words: "分三批建设"})
}

func TestALifeFromAssignmentToArchive(t *testing.T) {
	lives(t, func(l life, clerk org.Principal) {
		desk, approver := l.r.Dispatcher(), l.r.Approver()
		other := l.r.Clerk("finance")
		l.refused("the lead assigns itself", clerk, plan.MoveForm{Move: plan.MoveAssign}, errs.Forbidden)
		l.refused("signed before it was assigned", clerk, plan.MoveForm{Move: plan.MoveSign}, errs.Conflict)
		l.do(desk, plan.MoveForm{Move: plan.MoveAssign, Words: "按月调度"})
		if d := l.detail(); d.State != plan.Assigned || d.StateDue() != "2026-07-02" {
			t := l.t
			t.Errorf("%s, to be signed by %q", d.State, d.StateDue())
		}
		l.refused("another unit signs", other, plan.MoveForm{Move: plan.MoveSign}, errs.Forbidden)
		l.refused("an objection without a ground", clerk, plan.MoveForm{Move: plan.MoveObject}, errs.Invalid)
		l.do(clerk, plan.MoveForm{Move: plan.MoveObject, Words: "三定方案未列此职责"})
		l.refused("an answer without words", desk, plan.MoveForm{Move: plan.MoveReassign}, errs.Invalid)
		l.do(desk, plan.MoveForm{Move: plan.MoveReassign, Words: "职责明确"})
		l.do(clerk, plan.MoveForm{Move: plan.MoveSign})
		l.refused("no plan of action", clerk, plan.MoveForm{Move: plan.MoveStart}, errs.Invalid)
		l.do(clerk, plan.MoveForm{Move: plan.MoveStart, Words: "分三批建设"})
		l.refused("no evidence", clerk, plan.MoveForm{Move: plan.MoveSubmit, Words: "已建成"}, errs.Invalid)
		l.do(clerk, plan.MoveForm{Move: plan.MoveSubmit, Words: "已建成", Proof: plantest.Proof("result")})
		l.do(desk, plan.MoveForm{Move: plan.MoveReview})
		l.refused("sent back without a day", desk, plan.MoveForm{Move: plan.MoveReturn, Words: "佐证不足"}, errs.Invalid)
		l.refused("sent back to yesterday", desk, plan.MoveForm{Move: plan.MoveReturn, Words: "佐证不足", Day: "2026-06-30"}, errs.Invalid)
		l.do(desk, plan.MoveForm{Move: plan.MoveReturn, Words: "佐证不足", Day: "2026-07-20"})
		if d := l.detail(); d.StateDue() != "2026-07-20" {
			l.t.Errorf("to be done again by %q", d.StateDue())
		}
		l.do(clerk, plan.MoveForm{Move: plan.MoveSubmit, Words: "已补", Proof: plantest.Proof("more")})
		l.do(desk, plan.MoveForm{Move: plan.MoveReview})
		l.refused("five of six", approver, plan.MoveForm{Move: plan.MoveClose, Words: "同意", Checks: allChecks[:5]}, errs.Invalid)
		l.refused("the dispatcher closes", desk, plan.MoveForm{Move: plan.MoveClose, Words: "同意", Checks: allChecks}, errs.Forbidden)
		l.do(approver, plan.MoveForm{Move: plan.MoveClose, Words: "同意", Checks: allChecks})
		l.do(desk, plan.MoveForm{Move: plan.MoveCrossOff})
		l.do(desk, plan.MoveForm{Move: plan.MoveArchive})
		d := l.detail()
		if d.State != plan.Archived || len(d.Moved) != 13 || len(d.MovesFor(desk)) != 0 || d.Moved[10].Checks[5] != "form" {
			l.t.Errorf("%s after %d moves, then %v", d.State, len(d.Moved), d.MovesFor(desk))
		}
		if d.History[0].Action != "task.archive" {
			l.t.Errorf("log ends with %s", d.History[0].Action)
		}
	})
}

// Who asked for a task to be closed neither reviews, returns nor closes it.
func TestNobodyReviewsTheirOwnResult(t *testing.T) {
	lives(t, func(l life, clerk org.Principal) {
		everything := l.r.Person("all", "health", org.Dispatcher, org.Approver, org.UnitClerk)
		l.started(clerk)
		l.do(everything, plan.MoveForm{Move: plan.MoveSubmit, Words: "已建成", Proof: plantest.Proof("x")})
		l.refused("reviews", everything, plan.MoveForm{Move: plan.MoveReview}, errs.Forbidden)
		for _, m := range l.detail().MovesFor(everything) {
			if m.Apart {
				l.t.Errorf("is offered %s", m.Label)
			}
		}
		l.do(l.r.Dispatcher(), plan.MoveForm{Move: plan.MoveReview})
		l.refused("returns", everything, plan.MoveForm{Move: plan.MoveReturn, Words: "x", Day: "2026-08-01"}, errs.Forbidden)
		l.refused("closes", everything, plan.MoveForm{Move: plan.MoveClose, Words: "x", Checks: allChecks}, errs.Forbidden)
	})
}

func TestAsideMovesAreTheApprovers(t *testing.T) {
	lives(t, func(l life, clerk org.Principal) {
		approver := l.r.Approver()
		l.refused("a clerk suspends", clerk, plan.MoveForm{Move: plan.MoveSuspend, Words: "x"}, errs.Forbidden)
		l.refused("no reason", approver, plan.MoveForm{Move: plan.MoveSuspend}, errs.Invalid)
		l.do(approver, plan.MoveForm{Move: plan.MoveSuspend, Words: "上级政策调整"})
		l.do(approver, plan.MoveForm{Move: plan.MoveResume, Words: "政策明确"})
		no := l.detail().No
		l.refused("into itself", approver, plan.MoveForm{Move: plan.MoveMerge, Words: "同一事项", Into: no}, errs.Invalid)
		l.refused("into nothing", approver, plan.MoveForm{Move: plan.MoveMerge, Words: "同一事项", Into: "2026-99-999"}, errs.Invalid)
		other, _ := bound(l.t, l.r, "电商零售企业")
		l.do(approver, plan.MoveForm{Move: plan.MoveMerge, Words: "同一事项", Into: other.No})
		l.refused("an end", approver, plan.MoveForm{Move: plan.MoveCancel, Words: "x"}, errs.Conflict)
		if m := l.detail().Moved; m[len(m)-1].Into != other.ID {
			l.t.Errorf("merged into %q", m[len(m)-1].Into)
		}
	})
}

func TestReassignmentGivesTheLeadToAnother(t *testing.T) {
	lives(t, func(l life, clerk org.Principal) {
		l.do(l.r.Dispatcher(), plan.MoveForm{Move: plan.MoveAssign})
		l.do(clerk, plan.MoveForm{Move: plan.MoveObject, Words: "依据"})
		l.refused("to nobody", l.r.Dispatcher(), plan.MoveForm{Move: plan.MoveReassign, Words: "改由", Unit: "nobody"}, errs.Invalid)
		l.do(l.r.Dispatcher(), plan.MoveForm{Move: plan.MoveReassign, Words: "改由民政局牵头", Unit: "civil"})
		l.refused("the old lead signs", clerk, plan.MoveForm{Move: plan.MoveSign}, errs.Forbidden)
		l.do(l.r.Clerk("civil"), plan.MoveForm{Move: plan.MoveSign})
		leads := 0
		for _, u := range l.detail().Units {
			if u.Role == "lead" {
				leads++
			}
		}
		if leads != 1 || l.detail().LeadUnit != "civil" {
			l.t.Errorf("%d leads, %s", leads, l.detail().LeadUnit)
		}
	})
}

func TestNotCrossedOffWhileSomethingIsOpen(t *testing.T) {
	lives(t, func(l life, clerk org.Principal) {
		ctx := context.Background()
		l.started(clerk)
		_, g := bound(l.t, l.r, "社区托育驿站")
		id, err := l.r.Plan.Report(ctx, clerk, plan.Report{TargetID: g.ID, AsOf: "2026-06-30", Value: "25", Proof: plantest.Proof("25")})
		if err != nil {
			l.t.Fatal(err)
		}
		l.do(clerk, plan.MoveForm{Move: plan.MoveSubmit, Words: "已建成", Proof: plantest.Proof("x")})
		l.do(l.r.Dispatcher(), plan.MoveForm{Move: plan.MoveReview})
		l.do(l.r.Approver(), plan.MoveForm{Move: plan.MoveClose, Words: "同意", Checks: allChecks})
		err = l.try(l.r.Dispatcher(), plan.MoveForm{Move: plan.MoveCrossOff})
		if !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "还没有核验") {
			l.t.Errorf("a value waits: %v", err)
		}
		if err := l.r.Plan.Verify(ctx, l.r.Head(l.detail().LeadUnit), id); err != nil {
			l.t.Fatal(err)
		}
		holding := plan.New(plan.Parts{DB: l.r.DB, Log: l.r.Log, Pack: l.r.Pack, Blobs: l.r.Blobs,
			Holds: func(context.Context, string) ([]string, error) { return []string{"整改未销号"}, nil }})
		err = holding.MoveTask(ctx, l.r.Dispatcher(), l.task, l.detail().Revision, plan.MoveForm{Move: plan.MoveCrossOff})
		if !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "整改未销号") {
			l.t.Errorf("another room holds it: %v", err)
		}
		l.do(l.r.Dispatcher(), plan.MoveForm{Move: plan.MoveCrossOff})
	})
}

func TestAStaleOrUnknownMoveIsRefused(t *testing.T) {
	lives(t, func(l life, clerk org.Principal) {
		rev := l.detail().Revision
		l.do(l.r.Dispatcher(), plan.MoveForm{Move: plan.MoveAssign})
		err := l.r.Plan.MoveTask(context.Background(), clerk, l.task, rev, plan.MoveForm{Move: plan.MoveSign})
		if !errs.Is(err, errs.Conflict) {
			l.t.Errorf("a stale page: %v", err)
		}
		l.refused("no such move", clerk, plan.MoveForm{Move: "fly"}, errs.Invalid)
		l.refused("an extension has its own use case", clerk, plan.MoveForm{Move: plan.MoveExtend}, errs.Invalid)
	})
}

// Each move of the table is one of §3.3, and every way of §3.3 has a move.
func TestTheTableOfMovesIsTheLifeCycle(t *testing.T) {
	reached := map[[2]plan.State]bool{{plan.InProgress, plan.ExtensionPending}: true, {plan.ExtensionPending, plan.InProgress}: true}
	for _, m := range plan.Moves {
		for _, from := range m.From {
			if err := plan.CheckMove(from, m.To); err != nil {
				t.Errorf("%s: %v", m.Label, err)
			}
			reached[[2]plan.State{from, m.To}] = true
		}
	}
	for _, from := range plan.States {
		if from.Code == plan.Drafted { // a list is published with its tasks registered
			continue
		}
		for _, to := range from.Code.Next() {
			if !reached[[2]plan.State{from.Code, to}] {
				t.Errorf("no move from %s to %s", from.Label, to.Label())
			}
		}
	}
}

func TestExtensionRule(t *testing.T) {
	rule := struct{ granted, refused plan.Extension }{plan.Extension{State: plan.ExtensionGranted}, plan.Extension{State: plan.ExtensionRefused}}
	r := builtin(t)
	task := plan.Task{StartOn: "2026-01-01", DueOn: "2026-06-30", OriginalDue: "2026-06-30"} // 181 days, half of it 90
	for _, c := range []struct {
		name, law, today, wanted, due string
		before                        []plan.Extension
		ok                            bool
	}{
		{"the day before it is due", "", "2026-06-29", "2026-07-10", "", nil, true},
		{"on the due date", "", "2026-06-30", "2026-07-10", "", nil, false},
		{"late", "", "2026-07-05", "2026-07-10", "", nil, false},
		{"no later than now", "", "2026-06-01", "2026-06-30", "", nil, false},
		{"half of the term", "", "2026-06-01", "2026-09-28", "", nil, true},
		{"more than half", "", "2026-06-01", "2026-09-29", "", nil, false},
		{"the half counts from the first due date", "", "2026-06-01", "2026-09-29", "2026-08-30", []plan.Extension{rule.granted}, false},
		{"a second time", "", "2026-06-01", "2026-09-28", "2026-08-30", []plan.Extension{rule.granted, rule.refused}, true},
		{"a third time", "", "2026-06-01", "2026-09-28", "2026-08-30", []plan.Extension{rule.granted, rule.granted}, false},
		{"a law", "《条例》第十七条", "2026-06-01", "2026-07-10", "", nil, false},
	} {
		at := task
		if c.due != "" {
			at.DueOn = c.due
		}
		err := plan.CheckExtension(at, c.law, c.before, calendar.MustParseDate(c.wanted), calendar.MustParseDate(c.today), r.Defaults.Extension)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestAnExtensionIsAskedForAndAnswered(t *testing.T) {
	lives(t, func(l life, clerk org.Principal) {
		ctx := context.Background()
		l.started(clerk)
		ask := func(p org.Principal, in plan.Ask) error {
			return l.r.Plan.AskExtension(ctx, p, l.task, l.detail().Revision, in)
		}
		good := plan.Ask{Reason: "用地手续未完", Progress: "已建成 10 个", SignedBy: "王某", Due: "2027-02-28"}
		if err := ask(l.r.Clerk("finance"), good); !errs.Is(err, errs.Forbidden) {
			l.t.Errorf("another unit: %v", err)
		}
		if err := ask(clerk, plan.Ask{}); len(errs.FieldNames(err)) != 4 {
			l.t.Errorf("nothing filled in: %v", errs.FieldNames(err))
		}
		if err := l.r.Plan.MarkStatutory(ctx, l.r.Dispatcher(), l.task, l.detail().Revision, "《条例》第十七条"); err != nil {
			l.t.Fatal(err)
		}
		if err := ask(clerk, good); !errs.Is(err, errs.Conflict) {
			l.t.Errorf("a statutory date: %v", err)
		}
		if err := l.r.Plan.MarkStatutory(ctx, l.r.Dispatcher(), l.task, l.detail().Revision, ""); err != nil {
			l.t.Fatal(err)
		}
		if err := ask(clerk, good); err != nil {
			l.t.Fatal(err)
		}
		if d := l.detail(); d.State != plan.ExtensionPending || d.StateDue() != "2026-07-03" || d.DueOn != "2026-12-31" {
			l.t.Errorf("%s until %s, due %s", d.State, d.StateDue(), d.DueOn)
		}
		answer := func(p org.Principal, grant bool, due, words string) error {
			return l.r.Plan.DecideExtension(ctx, p, l.task, l.detail().Revision, grant, due, words)
		}
		if err := answer(clerk, true, "2027-02-28", "同意"); !errs.Is(err, errs.Forbidden) {
			l.t.Errorf("a clerk grants: %v", err)
		}
		if err := answer(l.r.Approver(), true, "", "同意"); !errs.Is(err, errs.Invalid) {
			l.t.Errorf("no exact date: %v", err)
		}
		if err := answer(l.r.Approver(), true, "2027-07-30", "同意"); !errs.Is(err, errs.Invalid) {
			l.t.Errorf("beyond half of the term: %v", err)
		}
		if err := answer(l.r.Approver(), false, "", " "); !errs.Is(err, errs.Invalid) {
			l.t.Errorf("no words: %v", err)
		}
		// Asked for in time and answered late: still as of the day of the application.
		l.r.Clock.Add(200 * 24 * time.Hour)
		if err := answer(l.r.Approver(), true, "2027-01-31", "同意延至一月底"); err != nil {
			l.t.Fatal(err)
		}
		d := l.detail()
		if d.State != plan.InProgress || d.DueOn != "2027-01-31" || d.OriginalDue != "2026-12-31" || d.Extensions[0].State != plan.ExtensionGranted {
			l.t.Errorf("%s due %s, originally %s, %s", d.State, d.DueOn, d.OriginalDue, d.Extensions[0].State)
		}
		if err := answer(l.r.Approver(), true, "2027-02-10", "再同意"); !errs.Is(err, errs.Conflict) {
			l.t.Errorf("answered twice: %v", err)
		}
	})
}
