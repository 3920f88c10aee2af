package city

import (
	"fmt"

	"bihuan/kit/calendar"
)

// BasisPoints is a share in hundredths of a percent, or a difference of two
// percentages in hundredths of a percentage point. -5 % is -500.
type BasisPoints int

// Of is that share of n things, rounded up.
func (b BasisPoints) Of(n int) int { return (n*int(b) + 9_999) / 10_000 }

// String gives the share with its sign: "-5%", "0.25%".
func (b BasisPoints) String() string {
	sign, n := "", int(b)
	if n < 0 {
		sign, n = "-", -n
	}
	switch {
	case n%100 == 0:
		return fmt.Sprintf("%s%d%%", sign, n/100)
	case n%10 == 0:
		return fmt.Sprintf("%s%d.%d%%", sign, n/100, n%100/10)
	}
	return fmt.Sprintf("%s%d.%02d%%", sign, n/100, n%100)
}

// TaskCategory is the kind of a task in the task list. The value is the wording of lists.
type TaskCategory string

// Categories of task.
const (
	CategoryBinding       TaskCategory = "约束性指标"
	CategoryExpected      TaskCategory = "预期性指标"
	CategoryProject       TaskCategory = "项目"
	CategoryActivity      TaskCategory = "活动"
	CategoryMechanism     TaskCategory = "机制"
	CategoryRectification TaskCategory = "整改"
	CategoryDecision      TaskCategory = "议定事项"
	CategoryInstruction   TaskCategory = "批示"
)

// TaskCategories lists all categories in the order of lists.
func TaskCategories() []TaskCategory {
	return []TaskCategory{CategoryBinding, CategoryExpected, CategoryProject, CategoryActivity,
		CategoryMechanism, CategoryRectification, CategoryDecision, CategoryInstruction}
}

// Thresholds decide the light of a task. They are frozen with a plan when it
// is approved; a later change of the pack does not recolour that plan.
type Thresholds struct {
	Light      LightRule      // for every category without an own rule
	Categories []CategoryRule // in the order of the pack
	Growth     GrowthRule
}

// LightFor returns the rule for tasks of the category.
func (t Thresholds) LightFor(c TaskCategory) LightRule {
	for _, r := range t.Categories {
		if r.Category == c {
			return r.Light
		}
	}
	return t.Light
}

// LightRule turns the deviation from the pace, (verified − planned) ÷ planned,
// and the lateness of milestones into a light.
//
//	green:  deviation ≥ Green and nothing late
//	blue:   Blue ≤ deviation < Green, or a milestone nearer than NearWorkdays without evidence
//	yellow: Yellow ≤ deviation < Blue, or 1 to LateWorkdays working days late
//	red:    deviation < Yellow, or later than LateWorkdays, or YellowsToRed yellow periods in a row
//
// Without data there is no light, whatever the thresholds say.
type LightRule struct {
	Green, Blue, Yellow BasisPoints // Green ≥ Blue ≥ Yellow
	LateWorkdays        int
	NearWorkdays        int
	YellowsToRed        int  // 0: never
	AspirationalRed     bool // whether a target worded 力争 can turn red by quantity alone
	Basis
}

// CategoryRule is the rule for the tasks of one category.
type CategoryRule struct {
	Category TaskCategory
	Light    LightRule
}

// GrowthRule judges a growth rate against another one published for the same
// period and indicator: gap = own rate − other rate, in percentage points.
//
//	green: gap ≥ Green;  blue: Blue ≤ gap < Green;  yellow: Yellow ≤ gap < Blue;  red: gap < Yellow
type GrowthRule struct {
	Green, Blue, Yellow BasisPoints // hundredths of a percentage point; Green ≥ Blue ≥ Yellow
	Basis
}

// Limit is a time limit and what it rests on.
type Limit struct {
	calendar.Limit
	Basis
}

// ReminderAction is what happens at a step of the reminder ladder.
type ReminderAction string

// Actions of the ladder. None of them sends a sheet: a person decides that.
const (
	ActionRemind  ReminderAction = "remind"  // 提醒: quiet note to the handler
	ActionUrge    ReminderAction = "urge"    // 催办: to handler and owner of the unit
	ActionPropose ReminderAction = "propose" // 建议发单: a proposal to the supervision clerk
)

// Reminder is one step of the ladder.
type Reminder struct {
	Workdays int // relative to the due date: -10 is ten working days before, 1 the working day after
	Action   ReminderAction
	Basis
}

// Defaults are the parameters of the business besides the lights. They are
// copied into a plan when it is approved, as thresholds are.
type Defaults struct {
	Timers    Timers
	Reminders []Reminder // earliest first
	Extension Extension
	Sampling  Sampling
	Scoring   Scoring
	Documents DocumentLimits
	Forms     FormLimits
	Privacy   Privacy
}

// FormLimits keep forms from asking for what is known.
type FormLimits struct {
	KnownShare BasisPoints // of a form's fields that the registers may have already
	Basis
}

// Timers are the limits for the steps of a task's life, of a rectification and
// of an objection, and the due dates of matters that came without one.
type Timers struct {
	Register  Limit // 拟办 → 立项
	Sign      Limit // 交办 → 签收
	Objection Limit // 退回申请 → answer
	Plan      Limit // 签收 → 办理方案
	Extension Limit // 延期审批
	Accept    Limit // 反馈 → 审核 begins
	Review    Limit // 审核
	Quantify  Limit // 立项 → a number for a target without one
	Report    Limit // end of a period → its figures are due; until then the figures of the period before are the newest that can be asked for

	DueDocument    Limit // matter from a document that states no date
	DueMinutes     Limit // matter from minutes that state no date
	DueInstruction Limit // ordinary instruction of a leader
	MeetingReport  Limit // 议定事项 → first report

	Dispute         Limit // conclusion received → 申请复核
	DisputeDecision Limit // 申请复核 → decision
	LookBack        Limit // 销号 → 回头看
	Notice          Limit // shortest notice for a request outside the rhythm
}

// Extension limits the putting off of due dates.
type Extension struct {
	Max   int         // times per task
	Share BasisPoints // all extensions together, of the original duration
	Basis
}

// Sampling says how many records of a batch are checked: all up to AllUpTo,
// else the larger of Min and Share of the batch.
type Sampling struct {
	AllUpTo       int
	Min           int
	Share         BasisPoints
	LookBackShare BasisPoints // of the problems crossed off, for 回头看
	Basis
}

// Size returns how many of n records are checked.
func (s Sampling) Size(n int) int {
	if n <= s.AllUpTo {
		return max(n, 0)
	}
	return min(n, max(s.Min, s.Share.Of(n)))
}

// Scoring holds the weights of the yearly score; the four weights add up to 100.
type Scoring struct {
	Result, Process, Rectification, Service int
	Cap                                     BasisPoints // a target counts at most this much of itself
	YellowTwice, Red                        int         // points off for a task
	Basis
}

// DocumentLimits are the lengths from which a document is called long, in
// characters, counted without white space.
type DocumentLimits struct {
	Task    int // on a special task
	General int
	Basis
}

// Privacy holds what statistics about people must observe.
type Privacy struct {
	MinCell int // a cell counting fewer people is not shown
	Basis
}
