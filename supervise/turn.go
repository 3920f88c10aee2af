package supervise

import (
	"bihuan/city"
	"bihuan/plan"
)

// turnOf says who acts next: a pending figure waits for its verifier, then the
// step of its life that the task waits for, then what is behind, then what is owed. Anything
// of the whole is for the lead unit, parts are for the counties that carry them.
func turnOf(t *TaskLight, desk city.UnitID) Turn {
	unit := t.LeadUnit
	for _, g := range t.Targets {
		switch {
		case g.Actual.Pending == nil:
		case len(g.Shares) > 0:
			return Turn{"", "县区核验已填报的数"}
		default:
			return Turn{unit, "核验已填报的数"}
		}
	}
	if turn, waits := stateTurn(t, desk); waits {
		return turn
	}
	if t.Computed.Level == Red || t.Computed.Level == Yellow {
		return Turn{unit, "赶上序时进度"}
	}
	for _, g := range t.Targets {
		switch {
		case g.Kind == plan.Qualitative:
			return Turn{unit, "补充量化目标"}
		case len(g.Actual.Silent) > 0:
			return Turn{"", "县区填报进展"}
		case g.Level == Grey && g.Measure.Kind == plan.Series:
		case g.Level == Grey && g.Measure.Bound() && !g.notDue():
			return Turn{unit, "登记台账"}
		case g.Level == Grey && g.Quantified() && !g.notDue():
			return Turn{unit, "填报进展"}
		}
	}
	if t.Computed.Level == Blue {
		return Turn{unit, "留意进度"}
	}
	return Turn{}
}

// stateTurn says who has to move a task on in its life; false while it is worked on
// or was not handed out yet. desk is the unit that dispatches.
func stateTurn(t *TaskLight, desk city.UnitID) (Turn, bool) {
	switch t.State {
	case plan.Assigned:
		return Turn{t.LeadUnit, "签收"}, true
	case plan.Objected:
		return Turn{desk, "答复退回申请"}, true
	case plan.Signed:
		return Turn{t.LeadUnit, "报办理方案"}, true
	case plan.ExtensionPending:
		return Turn{desk, "审批延期"}, true
	case plan.Submitted:
		return Turn{desk, "开始审核"}, true
	case plan.UnderReview:
		return Turn{desk, "审核办结"}, true
	case plan.Returned:
		return Turn{t.LeadUnit, "重办"}, true
	case plan.Closed:
		return Turn{desk, "销号"}, true
	case plan.CrossedOff:
		return Turn{desk, "归档"}, true
	case plan.Archived, plan.Suspended, plan.Cancelled, plan.Merged:
		return Turn{}, true
	case plan.Drafted, plan.Registered, plan.InProgress:
	}
	return Turn{}, false
}
