package plan

import (
	"slices"

	"bihuan/kit/errs"
)

// State is where a task stands in its life (§3.3 of the supervision rules).
type State string

// The states.
const (
	Drafted          State = "draft"
	Registered       State = "registered"
	Assigned         State = "assigned"
	Objected         State = "objected"
	Signed           State = "signed"
	InProgress       State = "in_progress"
	ExtensionPending State = "extension_pending"
	Submitted        State = "submitted"
	UnderReview      State = "under_review"
	Returned         State = "returned"
	Closed           State = "closed"
	CrossedOff       State = "crossed_off"
	Archived         State = "archived"
	Suspended        State = "suspended"
	Cancelled        State = "cancelled"
	Merged           State = "merged"
)

// States lists the states in the order of a task's life.
var States = []Term[State]{
	{Drafted, "拟办"}, {Registered, "立项"}, {Assigned, "交办"}, {Objected, "退回申请"}, {Signed, "签收"},
	{InProgress, "办理"}, {ExtensionPending, "延期审批"}, {Submitted, "反馈"}, {UnderReview, "审核"},
	{Returned, "退回重办"}, {Closed, "办结"}, {CrossedOff, "销号"}, {Archived, "归档"},
	{Suspended, "中止"}, {Cancelled, "撤销"}, {Merged, "并案"},
}

// Label is the state in the words of officials.
func (s State) Label() string { return labelOf(States, s) }

// moves says which state may follow which. Merged, cancelled and archived are ends.
var moves = map[State][]State{
	Drafted:          {Registered, Cancelled},
	Registered:       {Assigned},
	Assigned:         {Signed, Objected},
	Objected:         {Assigned},
	Signed:           {InProgress},
	InProgress:       {Submitted, ExtensionPending},
	ExtensionPending: {InProgress},
	Submitted:        {UnderReview, Returned},
	UnderReview:      {Closed, Returned},
	Returned:         {Submitted},
	Closed:           {CrossedOff},
	CrossedOff:       {Archived},
	Suspended:        {InProgress},
}

// aside are the states an approver may set, with a reason, while a registered task is running.
var aside = []State{Suspended, Cancelled, Merged}

// Running reports whether the task is still to be worked on.
func (s State) Running() bool {
	return !slices.Contains([]State{Closed, CrossedOff, Archived, Cancelled, Merged, Suspended}, s)
}

// Next lists the states that may follow s, the ordinary ones first.
func (s State) Next() []State {
	next := slices.Clone(moves[s])
	if s.Running() && s != Drafted {
		for _, a := range aside {
			if !slices.Contains(next, a) {
				next = append(next, a)
			}
		}
	}
	return next
}

// CheckMove refuses a step that §3.3 does not have.
func CheckMove(from, to State) error {
	if slices.Contains(from.Next(), to) {
		return nil
	}
	return errs.New(errs.Conflict, "任务处于“%s”，不能直接转为“%s”", from.Label(), to.Label())
}
