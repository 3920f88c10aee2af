package plan

import (
	"slices"

	"bihuan/city"
	"bihuan/org"
)

// MoveID names a way from one state of a task to another.
type MoveID string

// The moves. An extension has use cases of its own.
const (
	MoveAssign   MoveID = "assign"
	MoveSign     MoveID = "sign"
	MoveObject   MoveID = "object"
	MoveReassign MoveID = "reassign"
	MoveStart    MoveID = "start"
	MoveExtend   MoveID = "extend" // made by AskExtension
	MoveAnswer   MoveID = "answer" // made by DecideExtension
	MoveSubmit   MoveID = "submit"
	MoveReview   MoveID = "review"
	MoveReturn   MoveID = "return"
	MoveClose    MoveID = "close"
	MoveCrossOff MoveID = "cross_off"
	MoveArchive  MoveID = "archive"
	MoveSuspend  MoveID = "suspend"
	MoveResume   MoveID = "resume"
	MoveCancel   MoveID = "cancel"
	MoveMerge    MoveID = "merge"
)

// Move is a way from one state to another (§3.3 of the supervision rules): who
// may make it and what it asks for.
type Move struct {
	ID    MoveID
	Label string
	From  []State
	To    State
	By    org.Action // MatterAnswer is the lead unit's, the others the dispatcher's and the approver's
	Words string     // what the person writes; "" for nothing
	Must  bool       // the words are required
	// Apart says that it is made by somebody else than who submitted the result.
	Apart bool
	// Timer is the limit of the state that is entered; nil for none.
	Timer func(city.Timers) city.Limit
}

// running are the states in which a registered task is worked on.
var running = []State{Registered, Assigned, Objected, Signed, InProgress, ExtensionPending, Submitted, UnderReview, Returned}

// Moves lists the moves in the order of a task's life.
var Moves = []Move{
	{ID: MoveAssign, Label: "交办", From: []State{Registered}, To: Assigned, By: org.MatterIssue, Words: "交办要求", Timer: func(t city.Timers) city.Limit { return t.Sign }},
	{ID: MoveSign, Label: "签收", From: []State{Assigned}, To: Signed, By: org.MatterAnswer, Timer: func(t city.Timers) city.Limit { return t.Plan }},
	{ID: MoveObject, Label: "退回申请", From: []State{Assigned}, To: Objected, By: org.MatterAnswer, Words: "不属于本单位职责的法定依据", Must: true, Timer: func(t city.Timers) city.Limit { return t.Objection }},
	{ID: MoveReassign, Label: "答复并重新交办", From: []State{Objected}, To: Assigned, By: org.MatterIssue, Words: "答复意见", Must: true, Timer: func(t city.Timers) city.Limit { return t.Sign }},
	{ID: MoveStart, Label: "报办理方案", From: []State{Signed}, To: InProgress, By: org.MatterAnswer, Words: "办理方案：措施、责任人和时间安排", Must: true},
	{ID: MoveSubmit, Label: "申请办结", From: []State{InProgress, Returned}, To: Submitted, By: org.MatterAnswer, Words: "办理结果", Must: true, Timer: func(t city.Timers) city.Limit { return t.Accept }},
	{ID: MoveReview, Label: "开始审核", From: []State{Submitted}, To: UnderReview, By: org.MatterIssue, Apart: true, Timer: func(t city.Timers) city.Limit { return t.Review }},
	{ID: MoveReturn, Label: "退回重办", From: []State{Submitted, UnderReview}, To: Returned, By: org.MatterIssue, Words: "退回的理由：哪些不清楚、没解决或佐证不足", Must: true, Apart: true},
	{ID: MoveClose, Label: "同意办结", From: []State{UnderReview}, To: Closed, By: org.MatterApprove, Words: "办结意见", Must: true, Apart: true},
	{ID: MoveCrossOff, Label: "销号", From: []State{Closed}, To: CrossedOff, By: org.MatterIssue},
	{ID: MoveArchive, Label: "归档", From: []State{CrossedOff}, To: Archived, By: org.MatterIssue, Words: "案卷说明"},
	{ID: MoveSuspend, Label: "中止", From: running, To: Suspended, By: org.MatterApprove, Words: "中止的理由", Must: true},
	{ID: MoveResume, Label: "恢复办理", From: []State{Suspended}, To: InProgress, By: org.MatterApprove, Words: "恢复的理由", Must: true},
	{ID: MoveCancel, Label: "撤销", From: running, To: Cancelled, By: org.MatterApprove, Words: "撤销的理由", Must: true},
	{ID: MoveMerge, Label: "并案", From: running, To: Merged, By: org.MatterApprove, Words: "并案的理由", Must: true},
}

// extensionMoves are made by the use cases of extensions.
var extensionMoves = []Move{
	{ID: MoveExtend, Label: "申请延期", From: []State{InProgress}, To: ExtensionPending, By: org.MatterAnswer, Timer: func(t city.Timers) city.Limit { return t.Extension }},
	{ID: MoveAnswer, Label: "答复延期", From: []State{ExtensionPending}, To: InProgress, By: org.MatterApprove},
}

// Label is the move in the words of officials.
func (m MoveID) Label() string {
	if found, ok := moveByID(m); ok {
		return found.Label
	}
	return string(m)
}

func moveByID(id MoveID) (Move, bool) {
	all := slices.Concat(Moves, extensionMoves)
	i := slices.IndexFunc(all, func(m Move) bool { return m.ID == id })
	if i < 0 {
		return Move{}, false
	}
	return all[i], true
}

// CloseChecks are what a reviewer looks at before a task is closed; anything
// missing sends it back.
var CloseChecks = []Term[string]{
	{"facts", "事实清楚"}, {"solved", "问题真正解决"}, {"done", "任务真正完成"},
	{"exact", "结论准确"}, {"lawful", "措施合法"}, {"form", "文书格式正确"},
}

// scopeOfMove is whose business a move of a task is: the lead unit's, or of a
// county's own list the county's. A task whose lead is not known is the business
// of all units in its list.
func scopeOfMove(t Task, units []TaskUnit) org.Scope {
	scope := org.Scope{Territory: string(t.Territory)}
	if t.LeadUnit != "" {
		scope.Units = []string{string(t.LeadUnit)}
		return scope
	}
	for _, u := range units {
		for _, id := range u.Units {
			scope.Units = append(scope.Units, string(id))
		}
	}
	return scope
}

// MovesFor lists the moves that a person may make now on a task; what a move asks
// for beside is checked when it is made.
func (d Detail) MovesFor(p org.Principal) (all []Move) {
	if d.Gone() {
		return nil
	}
	for _, m := range slices.Concat(Moves, extensionMoves) {
		if slices.Contains(m.From, d.State) && p.May(m.By, scopeOfMove(d.Task, d.Units)) == nil && !(m.Apart && d.submitter() == p.ID) {
			all = append(all, m)
		}
	}
	return all
}

// submitter is who last asked for the task to be closed; "" for nobody.
func (d Detail) submitter() string {
	for _, m := range slices.Backward(d.Moved) {
		if m.Move == MoveSubmit {
			return m.ByID
		}
	}
	return ""
}

// StateDue is the day by which the present state must be left; "" for none.
func (d Detail) StateDue() string {
	if n := len(d.Moved); n > 0 && d.Moved[n-1].To == d.State {
		return d.Moved[n-1].DueOn
	}
	return ""
}
