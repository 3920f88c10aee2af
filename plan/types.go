package plan

import (
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

// Kind says whose list a plan is.
type Kind string

// The kinds of plan.
const (
	KindCity    Kind = "city"    // the city's action plan: the master list
	KindCounty  Kind = "county"  // a county's or zone's own list under it (各县实施方案)
	KindSpecial Kind = "special" // a lead department's special plan under it (专项工作方案)
)

// Label is the kind in the words of officials.
func (k Kind) Label() string {
	switch k {
	case KindCity:
		return "市级总清单"
	case KindCounty:
		return "县区清单"
	case KindSpecial:
		return "专项工作方案"
	}
	return string(k)
}

// TargetKind says what a target's number measures; it decides what reaching it means.
type TargetKind string

// The kinds of target.
const (
	Flow        TargetKind = "flow"        // counted within the period: 新增、建成、发放
	Stock       TargetKind = "stock"       // level at the cut-off date: 突破、达到
	Rate        TargetKind = "rate"        // percent or percentage points
	Comparison  TargetKind = "comparison"  // against another's figure: 高于全省平均; the value is the gap in percentage points
	Qualitative TargetKind = "qualitative" // 一批、稳步提升: a number or an acceptance sentence is still owed
)

// Label is the kind in the words of officials.
func (k TargetKind) Label() string {
	switch k {
	case Flow:
		return "当年新增量"
	case Stock:
		return "期末总量"
	case Rate:
		return "比率"
	case Comparison:
		return "比较指标"
	case Qualitative:
		return "待量化"
	}
	return string(k)
}

// TargetKinds lists the kinds in the order in which forms offer them.
var TargetKinds = []TargetKind{Flow, Stock, Rate, Comparison, Qualitative}

// Comparators lists the comparators in the order in which forms offer them.
var Comparators = []read.Comparator{read.Equal, read.AtLeast, read.Above, read.Range, read.About, read.AtMost, read.Below}

// ComparatorLabel is a comparator in words.
func ComparatorLabel(c read.Comparator) string {
	switch c {
	case read.Equal:
		return "达到"
	case read.AtLeast:
		return "不少于"
	case read.Above:
		return "超过"
	case read.Range:
		return "区间"
	case read.About:
		return "左右"
	case read.AtMost:
		return "不超过"
	case read.Below:
		return "低于"
	}
	return string(c)
}

// RoleLabel is a unit's role in the words of officials.
func RoleLabel(r read.Role) string {
	switch r {
	case read.RoleLead:
		return "牵头"
	case read.RoleSupport:
		return "配合"
	case read.RoleResponsible:
		return "责任"
	}
	return string(r)
}

// Plan is a published list.
type Plan struct {
	ID        string
	Kind      Kind
	Code      string // year and running number, the head of its tasks' numbers
	Title     string
	DocNo     string
	IssuedOn  string
	Year      int
	YearEnd   int
	Issuers   []string
	Goals     []string
	ParentID  string // the city's plan a county list or special plan hangs under; "" for the city's plan
	Territory city.TerritoryID
	Unit      city.UnitID
	Version   int
	Active    bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Task is one matter of a list (一事一项).
type Task struct {
	ID           string
	PlanID       string
	No           string // year-plan-number, never used twice
	Seq          int
	Path         []string
	Number       string
	Title        string
	Body         string
	Section      read.Section
	Category     city.TaskCategory
	State        State
	Openness     Openness
	StartOn      string
	DueOn        string
	OriginalDue  string // never changes; punctuality shows both
	DueUnit      calendar.Unit
	LeadUnit     city.UnitID
	Territory    city.TerritoryID // whose list it is on; "" for the city's
	ParentTaskID string           // the city's task that a county's task carries out
	Leader       string           // 分管领导
	Owner        string           // 责任人
	Handler      string           // 经办人
	Verification Verification
	EvidenceSpec string
	ReportCycle  ReportCycle
	DocumentID   string
	Span         read.Span
	VersionAdded int
	VersionGone  int // the version that no longer has it; 0 while it stands
	Revision     int
	UpdatedAt    time.Time
}

// Gone reports whether a later version of the document dropped the task.
func (t Task) Gone() bool { return t.VersionGone > 0 }

// TaskUnit is a name in a task's unit list and the units it means.
type TaskUnit struct {
	Name  string
	Role  read.Role
	Span  read.Span
	Units []city.UnitID // empty when the name is not in the directory; several for a collective
}

// Source is a document or instruction that a task comes from.
type Source struct {
	ID         string
	Kind       SourceKind
	Title      string
	Clause     string
	Quote      string
	DocumentID string
	Span       read.Span
	Version    int
}

// Target is a number the city committed itself to, or (Qualitative) a promise without one yet.
type Target struct {
	ID           string
	TaskID       string
	Seq          int
	Subject      string
	Kind         TargetKind
	Comparator   read.Comparator
	Value        *quantity.Quantity // nil for Comparison and for Qualitative
	ValueMax     *quantity.Quantity // only for a range
	Unit         string
	Change       read.Change
	Aspirational bool
	Cumulative   bool
	Words        string // the cue of a promise without a number
	Deadline     string
	DeadlineText string
	QuantifyBy   string
	Baseline     *quantity.Quantity
	BaselineOn   string
	Curve        Curve
	Measure      Binding
	Quote        string
	Span         read.Span
	ShareNote    string
	VersionGone  int
}

// Quantified reports whether progress can be held against the target.
func (t Target) Quantified() bool { return t.Value != nil || t.Kind == Comparison }

// Share is the part of a target that one county or zone carries.
type Share struct {
	Territory city.TerritoryID
	Value     quantity.Quantity
	Note      string
}

// Milestone is a dated step of a task with something to show for it.
type Milestone struct {
	ID          string
	TaskID      string
	Seq         int
	Name        string
	PlannedOn   string
	Deliverable string
	Acceptance  string
	Weight      int
	Evidence    string
	ActualOn    string
	ProofHash   string
	ProofName   string
	ReportedBy  string
	VerifiedBy  string
	SlipReason  string
}

// Met reports whether the milestone was reached and somebody checked it.
func (m Milestone) Met() bool { return m.ActualOn != "" && m.VerifiedBy != "" }
