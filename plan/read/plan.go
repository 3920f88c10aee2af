// Package read turns the plain text of a government action plan, work report
// or division of duties into tasks with their responsible units and targets.
//
// It belongs here if it is a rule of how such documents are written: layout,
// numbering, unit lists, figures, dates. The package is pure: it opens no
// files and knows no database; extraction of text from PDF, Word or HTML is
// done elsewhere. Every item found carries the byte range of the input it was
// read from, so that a person can check it against the document.
//
// The stages, in order, and their files:
//
//	characters            normalise, html, furniture
//	lines to blocks       blocks, inline, marker, attach
//	blocks to a tree      fragments, outline, titles, sections, tables
//	tree to tasks         tasks, items, emit
//	responsible units     units, unitlist, lexicon_units
//	figures and times     numbers, dates, targets, mention
//	figures to targets    judge, subject, modal, origin, reject, write, lexicon
//	promises              commitments
//	title, number, years  frontmatter, years
package read

import "bihuan/kit/quantity"

// Span is a byte range of the input text: text[Start:End].
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Text is a piece of the document with white space and bold marks removed,
// and where it stands.
type Text struct {
	Text string `json:"text"`
	Span Span   `json:"span"`
}

// Plan is what was read from one document.
type Plan struct {
	Title   string       `json:"title"`
	Issuers []Text       `json:"issuers"`               // issuing units as printed, each once
	Number  string       `json:"number"`                // document number, such as 聊商务字〔2026〕7号
	Date    string       `json:"date"`                  // date of issue, YYYY-MM-DD, or ""
	Year    int          `json:"year"`                  // first year the plan covers; 0 if the text does not say
	YearEnd int          `json:"year_end"`              // last year the plan covers; equals Year for an annual plan
	Goals   []Text       `json:"goals"`                 // paragraphs that state overall goals
	Tasks   []Task       `json:"tasks"`                 // in document order
	Open    []Commitment `json:"commitments,omitempty"` // promises without a figure in goals sections that hold no figures
	Front   []Field      `json:"front,omitempty"`       // where title, number and date were found
	Notes   []Text       `json:"notices,omitempty"`     // sentences about all following tasks (此项及以下任务均需…)
}

// Field says where a part of the front matter was found.
type Field struct {
	Name string `json:"name"` // "title", "number", "date"
	Span Span   `json:"span"`
}

// Section is the kind of section a task stands in.
type Section string

// Kinds of section.
const (
	SectionGoals      Section = "goals"      // 总体目标, 工作目标, 主要预期目标
	SectionTasks      Section = "tasks"      // 重点任务, 主要措施, and every section not known as another kind
	SectionSafeguards Section = "safeguards" // 保障措施, 组织实施, 工作要求
	SectionDuties     Section = "duties"     // 职责分工: the unit is the heading
)

// Task is the smallest numbered or bulleted item that carries actions, one row
// of a table of duties, or the figures of a goals section (title 总体目标).
type Task struct {
	Path        []string     `json:"path"`   // headings above and the own title, innermost last, without numbers
	Number      string       `json:"number"` // as printed without the trailing mark: 1, （一）, 一是; may be empty
	Title       string       `json:"title"`
	TitleSpan   Span         `json:"title_span"`
	Span        Span         `json:"span"` // the whole task with its unit list
	Section     Section      `json:"section"`
	Units       []Unit       `json:"units"`
	Targets     []Target     `json:"targets"`
	Commitments []Commitment `json:"commitments"`
	Due         string       `json:"due,omitempty"`      // YYYY-MM-DD from 完成时限, if stated for the whole task
	DueText     string       `json:"due_text,omitempty"` // the words of 完成时限
}

// Role is what a unit does for a task.
type Role string

// Roles. A unit is responsible unless the text says that it leads or supports.
const (
	RoleLead        Role = "lead"        // 牵头
	RoleSupport     Role = "support"     // 配合, 参与, 支撑
	RoleResponsible Role = "responsible" // 责任单位 and lists without a word
)

// Unit is one entry of a task's unit list, its name kept as printed.
type Unit struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
	Span Span   `json:"span"`
}

// Comparator says how a measured value is held against a target.
type Comparator string

// Comparators.
const (
	Equal   Comparator = "="
	AtLeast Comparator = ">="
	Above   Comparator = ">"
	About   Comparator = "~"
	AtMost  Comparator = "<="
	Below   Comparator = "<"
	Range   Comparator = "range" // from value to value_max
)

// Kind says what a target's number measures.
type Kind string

// Kinds of target.
const (
	KindFlow  Kind = "flow"  // counted within the period: 新增, 建成, 发放
	KindStock Kind = "stock" // level at the cut-off date: 达到, 保有, 突破, 总量
	KindRate  Kind = "rate"  // percent or percentage points
)

// Change tells a growth figure from a level.
type Change string

// Changes. The empty value is a level, or not said.
const (
	ChangeUp   Change = "up"   // 增长, 提高, 增加: the figure is the increase
	ChangeDown Change = "down" // 下降, 降低, 减少: the figure is the decrease
)

// Target is a number that the issuer commits to reach, do or stay below.
// Value is in the plain unit: 4万张 is 40000 张, 1亿元 is 100000000 元, 12% is
// 12 %. Deadline is a civil date or "" where no time expression governs the
// clause or where it names none (每年); DeadlineText keeps the words.
type Target struct {
	Subject      string             `json:"subject"`
	SubjectSpan  Span               `json:"subject_span"`
	Comparator   Comparator         `json:"comparator"`
	Value        quantity.Quantity  `json:"value"`
	ValueMax     *quantity.Quantity `json:"value_max,omitempty"` // only for Range
	Unit         string             `json:"unit"`
	Deadline     string             `json:"deadline"`
	DeadlineText string             `json:"deadline_text"`
	Quote        string             `json:"quote"` // text[Span.Start:Span.End], verbatim
	Span         Span               `json:"span"`
	NumberSpan   Span               `json:"number_span"` // the figure itself
	Kind         Kind               `json:"kind"`
	Change       Change             `json:"change,omitempty"`
	Aspirational bool               `json:"aspirational,omitempty"` // 力争, 努力, 争取
	Cumulative   bool               `json:"cumulative,omitempty"`   // 累计
}

// CommitmentKind says why a commitment has no figure.
type CommitmentKind string

// Kinds of commitment.
const (
	CommitBatch      CommitmentKind = "batch"      // 一批, 一系列: a number is owed
	CommitTrend      CommitmentKind = "trend"      // 稳步提升, 持续扩大: a direction without a figure
	CommitDynamic    CommitmentKind = "dynamic"    // 动态培育: no end value
	CommitComparison CommitmentKind = "comparison" // 高于全省平均水平: held against somebody else's figure
	CommitComplete   CommitmentKind = "complete"   // 全覆盖, 应保尽保: all of an unstated total
)

// Commitment is a promise that is not quantified yet.
type Commitment struct {
	Kind    CommitmentKind `json:"kind"`
	Words   string         `json:"words"`   // the cue: 一批, 稳步提升
	Subject string         `json:"subject"` // what is promised; may be empty
	Quote   string         `json:"quote"`   // text[Span.Start:Span.End], verbatim
	Span    Span           `json:"span"`
}

// Options holds what the caller knows about a document besides its text.
type Options struct {
	Name string // file name or title; a year in it is used where the text names none
	Year int    // the plan's year if known; overrides what the text says
}
