package plan

// The fixed vocabularies of a task. Each value is stored under its English code
// and shown with its Chinese label; the order of a list is the order in forms.

// Term is a code with its label.
type Term[T ~string] struct {
	Code  T
	Label string
}

// Verification says how a reported fact is checked.
type Verification string

// Verifications lists the ways of checking.
var Verifications = []Term[Verification]{
	{"system", "系统比对"}, {"sample", "抽样核查"}, {"site", "现场核查"}, {"third_party", "第三方"}, {"higher", "上级认定"},
}

// Label is the way of checking in the words of officials.
func (v Verification) Label() string { return labelOf(Verifications, v) }

// ReportCycle says when a unit is asked; "on event" is preferred, for it asks least.
type ReportCycle string

// ReportCycles lists the cycles.
var ReportCycles = []Term[ReportCycle]{{"event", "节点"}, {"month", "月"}, {"quarter", "季"}}

// Label is the cycle in the words of officials.
func (c ReportCycle) Label() string { return labelOf(ReportCycles, c) }

// Openness says who may read about a task outside the government.
type Openness string

// Opennesses lists the classes of disclosure.
var Opennesses = []Term[Openness]{{"open", "主动公开"}, {"on_request", "依申请公开"}, {"closed", "不予公开"}}

// Label is the class in the words of officials.
func (o Openness) Label() string { return labelOf(Opennesses, o) }

// SourceKind says what kind of paper a task comes from.
type SourceKind string

// SourceKinds lists the kinds of source.
var SourceKinds = []Term[SourceKind]{
	{"plan", "行动计划"}, {"work_report", "政府工作报告"}, {"livelihood", "民生实事"},
	{"minutes", "会议纪要"}, {"instruction", "领导批示"}, {"county_plan", "县区实施方案"}, {"other", "其他"},
}

// Label is the kind in the words of officials.
func (k SourceKind) Label() string { return labelOf(SourceKinds, k) }

func labelOf[T ~string](terms []Term[T], code T) string {
	for _, t := range terms {
		if t.Code == code {
			return t.Label
		}
	}
	return string(code)
}

func known[T ~string](terms []Term[T], code T) bool {
	for _, t := range terms {
		if t.Code == code {
			return true
		}
	}
	return false
}
