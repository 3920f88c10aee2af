package imports

import (
	"strconv"
	"strings"

	"bihuan/plan"
	"bihuan/web/ui"
)

// card is a task of a draft as the review page shows it.
type card struct {
	ID       string
	No       string // its place among the tasks that will be published; "" when it will not
	Number   string
	Title    string
	Path     string
	Section  string
	Category string
	Due      string
	Parent   string
	ByHand   bool
	Out      bool // will not be published
	Changes  []was
	Remarks  []string
	Units    []unitLine
	Targets  []targetLine
	Source   string // anchor of its words in the text; "" without any
	First    bool   // nothing before it to merge into
	Edit     string // address of its form
	Split    string
	AddTask  string
	AddUnit  string
	AddGoal  string
	Act      string // base of the addresses of its actions
}

// was is a field that differs from what was read.
type was struct{ Label, Read, Now string }

// unitLine is a unit of a task.
type unitLine struct {
	ID      string
	Name    string
	Role    string
	Means   string // the units of the directory; "" when not known
	Known   bool
	ByHand  bool
	Out     bool
	Changes []was
	Source  string
	Edit    string
	Act     string
}

// targetLine is a target or a promise of a task.
type targetLine struct {
	ID       string
	Pledge   string
	Kind     string
	Promise  bool
	Deadline string
	Curve    string
	Flags    []string
	Quote    string
	ByHand   bool
	Out      bool
	Changes  []was
	Source   string
	Edit     string
	Act      string
}

// newCards makes the cards of all tasks.
func newCards(l *loaded, show string) []card {
	remarks := map[string][]string{}
	for _, f := range append(append([]plan.Finding(nil), l.Problems...), l.Warnings...) {
		if f.Item != "" {
			remarks[f.Item] = append(remarks[f.Item], f.Text)
		}
	}
	no, out := 0, make([]card, 0, len(l.Draft.Tasks))
	for i := range l.Draft.Tasks {
		t := &l.Draft.Tasks[i]
		k := l.newCard(t, show)
		k.Remarks = remarks[t.ID]
		if !t.Deleted {
			no++
			k.No, k.First = strconv.Itoa(no), no == 1
		}
		out = append(out, k)
	}
	return out
}

func (l *loaded) newCard(t *plan.DraftTask, show string) card {
	k := card{
		ID: t.ID, Number: t.Number, Title: t.Title, Section: plan.SectionLabel(t.Section), Category: string(t.Category),
		Due: dateText(t.Due), ByHand: t.Origin == plan.ByHand, Out: t.Deleted, Changes: l.changes(t.Changed, t.AsRead(), t.Values()),
		Parent: l.words.value("parent", t.Parent),
	}
	if n := len(t.Path); n > 1 {
		k.Path = strings.Join(t.Path[:n-1], " › ")
	}
	if l.editable() {
		back := ""
		if show != "" {
			back = "?show=" + show
		}
		k.Edit, k.Act = l.itemURL(t.ID, back)
		k.Split = importURL(l.ID, "items", t.ID, "split") + back
		add := func(kind string) string { return importURL(l.ID, "add", kind) + "?item=" + t.ID + "&show=" + show }
		k.AddTask, k.AddUnit, k.AddGoal = add("task"), add("unit"), add("target")
	}
	for i := range t.Units {
		k.Units = append(k.Units, l.newUnitLine(&t.Units[i], show))
	}
	for i := range t.Targets {
		k.Targets = append(k.Targets, l.newTargetLine(&t.Targets[i], show))
	}
	return k
}

func (l *loaded) itemURL(item, query string) (edit, act string) {
	return importURL(l.ID, "items", item) + query, importURL(l.ID, "items", item)
}

func (l *loaded) newUnitLine(u *plan.DraftUnit, show string) unitLine {
	ids := l.unitIDs(u)
	line := unitLine{ID: u.ID, Name: u.Name, Role: plan.RoleLabel(u.Role), Known: len(ids) > 0, ByHand: u.Origin == plan.ByHand, Out: u.Deleted,
		Changes: l.changes(u.Changed, u.AsRead(), u.Values()), Means: l.words.units(ids)}
	if l.editable() {
		line.Edit, line.Act = l.itemURL(u.ID, query(show))
	}
	return line
}

func (l *loaded) newTargetLine(g *plan.DraftTarget, show string) targetLine {
	line := targetLine{ID: g.ID, Pledge: g.Pledge(), Kind: g.Kind.Label(), Promise: !quantified(g), ByHand: g.Origin == plan.ByHand, Out: g.Deleted,
		Quote: g.Quote, Changes: l.changes(g.Changed, g.AsRead(), g.Values())}
	if line.Deadline = dateText(g.Deadline); line.Deadline == "" {
		line.Deadline = g.DeadlineText
	}
	if g.Curve != "" {
		line.Curve = curveWords(g.Curve)
	}
	if g.Aspirational {
		line.Flags = append(line.Flags, "力争")
	}
	if g.Cumulative {
		line.Flags = append(line.Flags, "累计")
	}
	if line.Pledge == "" {
		line.Pledge = "（未写明对象）"
	}
	if l.editable() {
		line.Edit, line.Act = l.itemURL(g.ID, query(show))
	}
	return line
}

func query(show string) string {
	if show == "" {
		return ""
	}
	return "?show=" + show
}

// changes tells for each field that was corrected what was read and what stands now.
func (l *loaded) changes(fields []string, read, now plan.Values) []was {
	var out []was
	for _, name := range fields {
		if name == "span" || read[name] == now[name] {
			continue
		}
		out = append(out, was{fieldLabel(name), orNone(l.words.value(name, read[name])), orNone(l.words.value(name, now[name]))})
	}
	return out
}

func orNone(s string) string {
	if s == "" {
		return "（空）"
	}
	return s
}

// locate finds the words of the card's items in the text.
func (k *card) locate(s *sourceDoc) {
	k.Source = s.anchor(k.ID)
	for i := range k.Units {
		k.Units[i].Source = s.anchor(k.Units[i].ID)
	}
	for i := range k.Targets {
		k.Targets[i].Source = s.anchor(k.Targets[i].ID)
	}
}

// shown tells whether a filter lets the card through.
func (k *card) shown(show string) bool {
	switch show {
	case showAll:
		return true
	case showDoubt:
		return !k.Out && (len(k.Remarks) > 0 || k.doubtfulUnit())
	case showUnits:
		return !k.Out && k.doubtfulUnit()
	case showPromise:
		return !k.Out && k.anyTarget(func(g targetLine) bool { return g.Promise && !g.Out })
	case showChanged:
		return k.ByHand || len(k.Changes) > 0 || k.anyUnit(func(u unitLine) bool { return u.ByHand || len(u.Changes) > 0 }) ||
			k.anyTarget(func(g targetLine) bool { return g.ByHand || len(g.Changes) > 0 })
	case showOut:
		return k.Out || k.anyUnit(func(u unitLine) bool { return u.Out }) || k.anyTarget(func(g targetLine) bool { return g.Out })
	}
	return false
}

func (k *card) doubtfulUnit() bool {
	return k.anyUnit(func(u unitLine) bool { return !u.Known && !u.Out })
}

func (k *card) anyUnit(is func(unitLine) bool) bool {
	for _, u := range k.Units {
		if is(u) {
			return true
		}
	}
	return false
}

func (k *card) anyTarget(is func(targetLine) bool) bool {
	for _, g := range k.Targets {
		if is(g) {
			return true
		}
	}
	return false
}

// actions are the buttons of a card that change it at once; they send the page's one form.
func (k *card) actions() ui.Buttons {
	button := func(label, action, confirm string) ui.Button {
		return ui.Button{Label: label, Small: true, Kind: ui.Quiet, FormID: opForm, Action: k.Act + "/" + action, Confirm: confirm}
	}
	if k.Out {
		return ui.Buttons{button("恢复列入", "restore", "")}
	}
	b := ui.Buttons{
		{Label: "补充单位", Small: true, Kind: ui.Quiet, URL: k.AddUnit, Dialog: true},
		{Label: "补充目标", Small: true, Kind: ui.Quiet, URL: k.AddGoal, Dialog: true},
		{Label: "在后面补充任务", Small: true, Kind: ui.Quiet, URL: k.AddTask, Dialog: true},
	}
	if k.Source != "" {
		b = append(b, ui.Button{Label: "拆分", Small: true, Kind: ui.Quiet, URL: k.Split, Dialog: true})
	}
	if !k.First {
		b = append(b, button("并入上一项", "merge", "把“"+k.Title+"”并入上一项任务？可以撤销。"))
	}
	return append(b, button("不列入", "delete", ""))
}

// opForm is the id of the form that the buttons of all cards send.
const opForm = "op"

// numberHint says what the number on a card counts.
func numberHint(k *card) string {
	if k.No == "" {
		return "不列入清单，不编号"
	}
	return "第 " + k.No + " 项"
}

// orDash shows a missing text as a dash.
func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// whySubmit says why a draft cannot be submitted.
func whySubmit(problems int) string {
	if problems == 0 {
		return ""
	}
	return "还有必须处理的事项"
}
