package plan

import (
	"fmt"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

// Origin says where an item of a draft comes from.
type Origin string

// The origins.
const (
	FromText Origin = "read"  // found in the document by the reader
	ByHand   Origin = "added" // added by a person
)

// Draft is a reading as people have corrected it so far. It is computed by Fold
// and never stored. Deleted items stay in it, marked, so that they can be restored.
type Draft struct {
	Title   string
	Number  string
	Date    string
	Year    int
	YearEnd int
	Issuers []string
	Goals   []read.Text
	Tasks   []DraftTask
	Choices map[string]Choice // by difference key, for a new version of a published list
	Seq     int               // the last correction applied
}

// Item is what all items of a draft have in common.
type Item struct {
	ID      string // t3, t3.u1, t3.g2; a7 for what correction 7 added
	Origin  Origin
	Changed []string // the fields that differ from what was read
	Deleted bool
	Span    read.Span // empty for what a person added without pointing at the text
}

// DraftTask is a task of a draft.
type DraftTask struct {
	Item
	Read     *read.Task // as it was read; nil for a task added by hand
	Path     []string
	Number   string
	Title    string
	Section  read.Section
	Category city.TaskCategory
	Due      string
	Parent   string // the city's task it carries out, for county lists; a task id
	Units    []DraftUnit
	Targets  []DraftTarget
}

// DraftUnit is one name of a unit list.
type DraftUnit struct {
	Item
	Read *read.Unit
	Name string
	Role read.Role
	As   city.UnitID // chosen by a person where the directory does not know the name
}

// DraftTarget is a target, or (kind Qualitative or Comparison) a promise without a number of its own.
type DraftTarget struct {
	Item
	Read         *read.Target     // as it was read, when it was read as a target
	Promise      *read.Commitment // as it was read, when it was read as a promise
	Subject      string
	Kind         TargetKind
	Comparator   read.Comparator
	Value        *quantity.Quantity
	ValueMax     *quantity.Quantity
	Unit         string
	Change       read.Change
	Aspirational bool
	Cumulative   bool
	Words        string
	Deadline     string
	DeadlineText string
	Baseline     *quantity.Quantity
	Curve        string // one line as ParseCurve reads it; "" means the default
	Quote        string
}

// Fold applies the corrections to what was read and gives the draft. A
// correction that cannot be applied (its item is gone) is an error: corrections
// are checked before they are stored, so it means damaged data.
func Fold(p read.Plan, corrections []Correction) (Draft, error) {
	d := newDraft(p)
	for _, c := range effective(corrections) {
		if err := d.apply(c); err != nil {
			return Draft{}, fmt.Errorf("correction %d: %w", c.Seq, err)
		}
	}
	if n := len(corrections); n > 0 {
		d.Seq = corrections[n-1].Seq
	}
	return d, nil
}

func newDraft(p read.Plan) Draft {
	d := Draft{Title: p.Title, Number: p.Number, Date: p.Date, Year: p.Year, YearEnd: p.YearEnd, Goals: p.Goals}
	for _, i := range p.Issuers {
		d.Issuers = append(d.Issuers, i.Text)
	}
	if goals := overallGoals(p); goals != nil {
		d.Tasks = append(d.Tasks, newDraftTask("t0", goals))
	}
	for i := range p.Tasks {
		d.Tasks = append(d.Tasks, newDraftTask(fmt.Sprintf("t%d", i+1), &p.Tasks[i]))
	}
	return d
}

// overallGoals makes a task of what the goals section pledges against somebody
// else's figure (增速高于全省平均水平): it is a target of the whole plan, stands in no
// task, and would otherwise be held by nobody. Vague goals stay with the plan's text.
func overallGoals(p read.Plan) *read.Task {
	t := read.Task{Path: []string{"总体目标"}, Title: "总体目标", Section: read.SectionGoals}
	for _, c := range p.Open {
		if c.Kind == read.CommitComparison {
			t.Commitments = append(t.Commitments, c)
		}
	}
	if len(t.Commitments) == 0 {
		return nil
	}
	t.Span = t.Commitments[0].Span
	for _, g := range p.Goals {
		if g.Span.Start <= t.Span.Start && t.Span.End <= g.Span.End {
			t.Span = g.Span
		}
	}
	t.TitleSpan = read.Span{Start: t.Span.Start, End: t.Span.Start}
	return &t
}

func newDraftTask(id string, t *read.Task) DraftTask {
	d := DraftTask{
		Item: Item{ID: id, Origin: FromText, Span: t.Span}, Read: t,
		Path: t.Path, Number: t.Number, Title: t.Title, Section: t.Section, Due: t.Due, Category: defaultCategory(t),
	}
	for i := range t.Units {
		u := &t.Units[i]
		d.Units = append(d.Units, DraftUnit{
			Item: Item{ID: fmt.Sprintf("%s.u%d", id, i+1), Origin: FromText, Span: u.Span},
			Read: u, Name: u.Name, Role: u.Role,
		})
	}
	for i := range t.Targets {
		d.Targets = append(d.Targets, newDraftTarget(fmt.Sprintf("%s.g%d", id, i+1), &t.Targets[i]))
	}
	for i := range t.Commitments {
		d.Targets = append(d.Targets, newPromise(fmt.Sprintf("%s.c%d", id, i+1), &t.Commitments[i]))
	}
	return d
}

func newDraftTarget(id string, t *read.Target) DraftTarget {
	value := t.Value
	return DraftTarget{
		Item: Item{ID: id, Origin: FromText, Span: t.Span}, Read: t,
		Subject: t.Subject, Kind: TargetKind(t.Kind), Comparator: t.Comparator, Value: &value, ValueMax: t.ValueMax, Unit: t.Unit,
		Change: t.Change, Aspirational: t.Aspirational, Cumulative: t.Cumulative,
		Deadline: t.Deadline, DeadlineText: t.DeadlineText, Quote: t.Quote,
	}
}

func newPromise(id string, c *read.Commitment) DraftTarget {
	kind, comparator, unit := Qualitative, read.AtLeast, ""
	if c.Kind == read.CommitComparison {
		kind, comparator, unit = Comparison, read.Above, "个百分点"
	}
	return DraftTarget{
		Item: Item{ID: id, Origin: FromText, Span: c.Span}, Promise: c,
		Subject: c.Subject, Kind: kind, Comparator: comparator, Unit: unit, Words: c.Words, Quote: c.Quote,
	}
}

// defaultCategory guesses from what a task holds; a person corrects it.
func defaultCategory(t *read.Task) city.TaskCategory {
	switch {
	case t.Section == read.SectionSafeguards:
		return city.CategoryMechanism
	case len(t.Targets) > 0, t.Section == read.SectionGoals:
		return city.CategoryExpected
	}
	return city.CategoryProject
}

// LiveTasks are the tasks that will be published.
func (d *Draft) LiveTasks() []DraftTask {
	var live []DraftTask
	for _, t := range d.Tasks {
		if !t.Deleted {
			live = append(live, t)
		}
	}
	return live
}

// LiveUnits are the units that will be published.
func (t *DraftTask) LiveUnits() []DraftUnit {
	var live []DraftUnit
	for _, u := range t.Units {
		if !u.Deleted {
			live = append(live, u)
		}
	}
	return live
}

// LiveTargets are the targets that will be published.
func (t *DraftTask) LiveTargets() []DraftTarget {
	var live []DraftTarget
	for _, g := range t.Targets {
		if !g.Deleted {
			live = append(live, g)
		}
	}
	return live
}

// Lead picks the unit that leads: the one named as lead, else the first
// responsible one, as documents list the lead first.
func (t *DraftTask) Lead() *DraftUnit {
	var first *DraftUnit
	for i := range t.Units {
		u := &t.Units[i]
		if u.Deleted {
			continue
		}
		if u.Role == read.RoleLead {
			return u
		}
		if first == nil && u.Role == read.RoleResponsible {
			first = u
		}
	}
	return first
}

// term is when a task begins and is due: its own date, else the last deadline of
// its targets, else the end of the plan. What is due before the plan's first day
// (a date misread, or a plan issued late) begins on that day.
func (t *DraftTask) term(year, yearEnd int) (start, due calendar.Date) {
	start, due = calendar.Of(year, 1, 1), calendar.Of(yearEnd, 12, 31)
	var last calendar.Date
	for _, g := range t.LiveTargets() {
		if day, err := calendar.ParseDate(g.Deadline); err == nil && day.After(last) {
			last = day
		}
	}
	if day, err := calendar.ParseDate(t.Due); err == nil {
		last = day
	}
	if !last.IsZero() {
		due = last
	}
	if due.Before(start) {
		start = due
	}
	return start, due
}

// curve is the pace of a target within its task's term: the one a person chose,
// else the usual one for its kind.
func (g *DraftTarget) curve(start, due calendar.Date) (Curve, error) {
	end := due
	if day, err := calendar.ParseDate(g.Deadline); err == nil {
		end = day
	}
	if end.Before(start) {
		start = end
	}
	if g.Curve != "" {
		return ParseCurve(g.Curve, start, end)
	}
	return DefaultCurve(Target{Kind: g.Kind, Comparator: g.Comparator}, start, end), nil
}

// CheckDraft lists, in the user's words, what keeps a draft from being published.
// Warnings do not stop it but are shown to the person who decides.
func CheckDraft(d *Draft, text string, known func(name string) bool) (problems, warnings []Finding) {
	live := d.LiveTasks()
	if len(live) == 0 {
		problems = append(problems, Finding{"", "没有任务：请补充任务，或确认上传的是行动计划正文"})
	}
	if strings.TrimSpace(d.Title) == "" {
		problems = append(problems, Finding{"", "没有标题：请在“计划信息”中填写"})
	}
	if d.Year < 2000 || d.Year > 2100 || d.YearEnd < d.Year {
		problems = append(problems, Finding{"", "计划年份不清楚：请在“计划信息”中填写起止年份"})
	}
	for i := range live {
		t := &live[i]
		problems = append(problems, t.checkCurves(d.Year, d.YearEnd)...)
		if strings.TrimSpace(t.Title) == "" {
			problems = append(problems, Finding{t.ID, "有一项任务没有标题"})
		}
		if len(t.LiveUnits()) == 0 && t.Section != read.SectionGoals {
			warnings = append(warnings, Finding{t.ID, "“" + t.Title + "”没有责任单位"})
		}
		for _, u := range t.LiveUnits() {
			if u.As == "" && !known(u.Name) {
				warnings = append(warnings, Finding{u.ID, "“" + u.Name + "”不在单位名录中：请对应到单位，或保留原文"})
			}
		}
		for _, g := range t.LiveTargets() {
			if g.Kind == Qualitative {
				warnings = append(warnings, Finding{g.ID, "“" + g.Subject + g.Words + "”尚未量化：发布后由牵头单位限期补充"})
			}
		}
	}
	return problems, warnings
}

func (t *DraftTask) checkCurves(year, yearEnd int) (problems []Finding) {
	start, due := t.term(year, yearEnd)
	for _, g := range t.LiveTargets() {
		if _, err := g.curve(start, due); err != nil {
			problems = append(problems, Finding{g.ID, "“" + g.Subject + "”的序时进度有误：" + messageOf(err)})
		}
	}
	return problems
}

// Finding is one remark about an item of a draft; Item is "" for the whole.
type Finding struct{ Item, Text string }
