package registers

import (
	"net/http"
	"slices"
	"strings"

	"bihuan/kit/calendar"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// recordView is one record with everything about it.
type recordView struct {
	ui.Base
	Alerts   []ui.Alert
	Steps    ui.Steps
	Head     ui.Facts
	Moves    []moveOption
	MovesFor string // whose turn it is when it is not the person's
	Values   ui.Facts
	Edit     ui.Buttons
	Proofs   ui.Table
	AddProof ui.Buttons
	Children []childList
	History  ui.Timeline
	Earlier  ui.Timeline
}

// moveOption is a move that the person may make: at once, or by a form.
type moveOption struct {
	Label   string
	URL     string
	Direct  bool // nothing is asked for
	Primary bool
	Hidden  []ui.HiddenPair
}

// childList are the records of one register that belong to this one.
type childList struct {
	Title   string
	Note    string
	Table   ui.Table
	Actions ui.Buttons
}

func (a area) record(c *frame.Ctx) error {
	r, err := a.reg.Get(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	d := r.Definition
	v := recordView{Base: c.Base(orDash(r.Title), indexCrumb(), registerCrumb(d))}
	v.Eyebrow = r.No
	v.Actions = a.recordActions(c, r)
	v.Alerts = a.alerts(c, r)
	v.Steps = ui.Steps{Label: "办理阶段", Items: stageBar(d, r.Stage)}
	v.Head = a.head(c, r)
	v.Moves, v.MovesFor = moveOptions(r), turn(r)
	v.Values = a.values(c, r)
	if len(d.Proof)+len(r.Proofs) > 0 {
		v.Proofs = proofTable(r)
	}
	if r.MayEdit {
		v.Edit = ui.Buttons{{Label: "更正", Icon: "edit", Small: true, URL: recordURL(r.ID) + "/edit"}}
	}
	if mayAttach(c.P, r) && len(r.Definition.Proof) > 0 {
		v.AddProof = ui.Buttons{{Label: "补充佐证", Icon: "plus", Small: true, URL: recordURL(r.ID) + "/proofs", Dialog: true}}
	}
	v.Children = a.children(c, r)
	v.History, v.Earlier = a.history(c, d, r.Events)
	return c.Render(http.StatusOK, recordTempl(v))
}

func (a area) recordActions(c *frame.Ctx, r register.View) ui.Buttons {
	bs := ui.Buttons{{Label: "打印", Icon: "print", Do: "print"}, {Label: "复制链接", Icon: "link", Do: "copy"}}
	if c.P.MayAnywhere(org.MatterIssue) && makesPaper(r.Definition) {
		bs = append(bs, ui.Button{Label: "督导文书", Icon: "doc", URL: "/matters/draft/" + r.ID})
	}
	if r.MayFalsify {
		bs = append(bs, ui.Button{Label: "认定不实", Icon: "stop", Kind: ui.Destroy, URL: recordURL(r.ID) + "/falsify", Dialog: true})
	}
	return bs
}

// makesPaper reports whether any move of a register makes an official document.
func makesPaper(d *register.Definition) bool {
	return slices.ContainsFunc(d.Stages, func(s register.Stage) bool {
		return slices.ContainsFunc(s.Moves, func(m register.Move) bool { return m.Document != "" })
	})
}

// alerts are what a reader must see first.
func (a area) alerts(c *frame.Ctx, r register.View) []ui.Alert {
	var out []ui.Alert
	if r.Demo && !a.app.Demo {
		out = append(out, ui.Alert{Kind: ui.Info, Text: "演示数据，不是真实记录。"})
	}
	if r.Falsified {
		return append(out, falsified(r)) // nothing else is to be done about it
	}
	if lapsed, ok := lapsed(r, c.Today()); ok {
		out = append(out, lapsed)
	}
	if words, late := dueWords(r.Due, c.Today()); late {
		text := "应在" + r.Due.Chinese() + "前办理"
		if s := stageOf(r); s.Late != "" {
			text += "；" + s.Late
		}
		out = append(out, ui.Alert{Kind: ui.Warning, Title: "“" + stageLabel(r.Definition, r.Stage) + "”" + words, Text: text + "。"})
	}
	if back, ok := sentBack(r); ok {
		out = append(out, back)
	}
	for _, f := range r.Flags {
		out = append(out, ui.Alert{Kind: ui.Info, Title: "系统提示的疑点", Text: f.Says + "。疑点供核验和抽查参考，不自动退回。"})
	}
	return out
}

// falsified says that a record counts for nothing, and why.
func falsified(r register.View) ui.Alert {
	a := ui.Alert{Kind: ui.Danger, Title: "经查不实", Text: "这条记录及其佐证已认定不实：保留备查，不计入任何数。"}
	for _, e := range slices.Backward(r.Events) {
		if e.Move == "falsify" {
			a.Text += "依据：" + strings.TrimRight(e.Reason, "。") + byWhom(e) + "。"
			break
		}
	}
	return a
}

func byWhom(e register.Event) string {
	return "（" + strings.TrimSpace(e.Unit+" "+e.Name) + "，" + ui.Moment(e.At) + "）"
}

// lapsed says since when a record that counted does not any more.
func lapsed(r register.View, today calendar.Date) (ui.Alert, bool) {
	since, why := r.Definition.Lapsed(r.Record, today)
	if since.IsZero() {
		return ui.Alert{}, false
	}
	a := ui.Alert{Kind: ui.Info, Title: "已不计入", Text: "自" + since.Chinese() + "起不再计入：" + why + "。以前各日的数不变。"}
	if stageOf(r).Counts {
		a.Kind = ui.Warning
		a.Text += again(r.Definition)
	}
	return a, true
}

// again says how a record whose proof ended comes to count again.
func again(d *register.Definition) string {
	if d.Expiry.Confirm != "" {
		return "再次确认以后，请登记单位更正“" + fieldLabel(d, d.Expiry.Confirm) + "”。"
	}
	return "续办以后，由主管部门暂停或退回，登记单位更正并附上新的佐证，再重新认定。"
}

// sentBack says why a record was sent back to where it stands.
func sentBack(r register.View) (ui.Alert, bool) {
	for i := len(r.Events) - 1; i >= 0; i-- {
		e := r.Events[i]
		if e.From == e.To {
			continue // an edit or a further file
		}
		s := stageOf(r)
		if e.To != r.Stage || e.Reason == "" || s.Ends || s.Counts {
			break
		}
		return ui.Alert{Kind: ui.Warning, Title: moveLabel(r.Definition, e), Text: e.Reason + byWhom(e)}, true
	}
	return ui.Alert{}, false
}

// stageBar is the straight course of a register with the place of a record in it.
// Stages beside the course are shown only while the record stands in one.
func stageBar(d *register.Definition, now string) []ui.Step {
	course := courseOf(d)
	at := slices.Index(course, now)
	if at < 0 {
		course = append(course, now)
	}
	steps := make([]ui.Step, len(course))
	for i, id := range course {
		s, _ := d.Stage(id)
		steps[i] = ui.Step{Label: stageLabel(d, id), Current: id == now, Done: i < at}
		if s.Counts {
			steps[i].Sub = "计入"
		} else if s.Limit != nil {
			steps[i].Sub = "限" + limitWords(s.Limit.Limit)
		}
	}
	return steps
}

// courseOf follows the first move of each stage from where a new record stands.
func courseOf(d *register.Definition) []string {
	if len(d.Stages) == 0 {
		return nil
	}
	var course []string
	for next := d.Stages[0].ID; next != "" && !slices.Contains(course, next); {
		s, ok := d.Stage(next)
		if !ok {
			break
		}
		course = append(course, next)
		next = ""
		if len(s.Moves) > 0 && !s.Counts {
			next = s.Moves[0].To
		}
	}
	return course
}

func (a area) head(c *frame.Ctx, r register.View) ui.Facts {
	pack := a.app.Pack
	due := ui.Fact{Term: "办理期限", Text: "没有期限"}
	if !r.Due.IsZero() && !r.Falsified {
		due.Text = r.Due.Chinese()
		due.Sub, _ = dueWords(r.Due, c.Today())
	}
	items := []ui.Fact{
		{Term: "状态", Node: ui.Badge{Text: stageLabel(r.Definition, r.Stage), Kind: stageKindOf(r.Definition, r.Stage)}, Sub: ui.Moment(r.StageAt)},
		due,
		{Term: "地区", Text: placeName(pack, r.Territory)},
		a.entryFact(r),
	}
	if r.Assignee != "" {
		items = append(items, ui.Fact{Term: "承办单位", Text: unitName(pack, r.Assignee)})
	}
	if r.Parent != "" {
		items = append(items, a.parentFact(c, r.Parent))
	}
	counts := ui.Fact{Term: "计入统计", Text: "现在不计入"}
	if len(r.Spans) > 0 && !r.Falsified {
		counts.Text = ""
		for i, s := range r.Spans {
			if i > 0 {
				counts.Text += "；"
			}
			counts.Text += spanWords(s)
		}
		if !countsOn(r.Spans, c.Today()) {
			counts.Sub = "今日不计入"
		}
	}
	if len(r.Definition.Counts) > 0 || len(r.Spans) > 0 {
		items = append(items, counts)
	}
	return ui.Facts{Items: items, Columns: true}
}

// stageOf is the stage in which a record stands.
func stageOf(r register.View) register.Stage {
	s, _ := r.Definition.Stage(r.Stage)
	return s
}

func stageKindOf(d *register.Definition, id string) ui.Kind {
	s, _ := d.Stage(id)
	return stageKind(s)
}

// entryFact says who entered a record and when.
func (a area) entryFact(r register.View) ui.Fact {
	who := strings.TrimSpace(unitName(a.app.Pack, r.Unit) + " " + r.Reporter)
	if who == "" {
		who = "匿名登记"
	}
	return ui.Fact{Term: "登记", Text: who, Sub: ui.Moment(r.ReportedAt)}
}

// parentFact names the record to which this one belongs, as far as the person may see it.
func (a area) parentFact(c *frame.Ctx, id string) ui.Fact {
	of, err := a.reg.Get(c.R.Context(), c.P, id)
	if err != nil {
		return ui.Fact{Term: "所属", Text: "另一条记录"}
	}
	return ui.Fact{Term: "所属", Text: orDash(of.Title), URL: recordURL(id), Sub: of.Definition.Name + " " + of.No}
}

// moveOptions are the moves of a record: those that ask for nothing are made at once.
func moveOptions(r register.View) []moveOption {
	out := make([]moveOption, len(r.Moves))
	for i, m := range r.Moves {
		out[i] = moveOption{Label: m.Label, URL: recordURL(r.ID) + "/moves/" + m.ID, Direct: direct(r, m), Primary: i == 0 && !m.Reason, Hidden: revisionField(r)}
	}
	return out
}

// direct reports whether a move asks for nothing.
func direct(r register.View, m register.Move) bool {
	return !m.Reason && !m.Ends && m.Assigns == "" && len(askedFields(r, m)) == 0 && len(missingProofs(r, m)) == 0
}

// askedFields are the fields that are filled on the way of a move. What is filled
// already is shown again, for a move that is made a second time has something new to
// say; only what is personal and the date that proves a record are not asked for twice.
func askedFields(r register.View, m register.Move) []register.Field {
	var out []register.Field
	for _, f := range r.Definition.Fields {
		if slices.Contains(m.Needs, f.Name) && (r.Values[f.Name] == "" || f.Name != r.Definition.Effective && !f.Personal) {
			f.Required = true
			out = append(out, f)
		}
	}
	return out
}

// missingProofs are the kinds of evidence that a move needs and the record has not.
func missingProofs(r register.View, m register.Move) []register.ProofKind {
	have := proofCounts(r)
	var out []register.ProofKind
	for _, k := range r.Definition.Proof {
		if slices.Contains(m.Proof, k.ID) && have[k.ID] == 0 {
			k.Required = true
			out = append(out, k)
		}
	}
	return out
}

// proofCounts are how many standing files of each kind a record has.
func proofCounts(r register.View) map[string]int {
	have := map[string]int{}
	for _, p := range r.Proofs {
		if !p.Falsified {
			have[p.Kind]++
		}
	}
	return have
}

// turn says whose turn it is with a record, in a sentence.
func turn(r register.View) string {
	s := stageOf(r)
	switch {
	case r.Falsified:
		return "已认定不实，不再办理。"
	case s.Ends || len(s.Moves) == 0:
		return "已办结，没有需要办理的事项。"
	}
	if s.Owner != "" {
		return "等" + actorWords[s.Owner] + "办理。"
	}
	return "等" + actorsOf(s.Moves[0].By) + "办理。"
}

// values are the fields of a record in the order of the definition.
func (a area) values(c *frame.Ctx, r register.View) ui.Facts {
	var items []ui.Fact
	for _, f := range r.Definition.Fields {
		value := r.Values[f.Name]
		fact := ui.Fact{Term: f.Label, Text: shown(a.app.Pack, f, value)}
		switch {
		case value == "":
		case f.Personal:
			fact.Node = personal(value, a.revealURL(c.P, r, f))
		case f.Type == register.Link:
			fact.URL = webLink(value)
		case f.Type == register.TaskRef:
			fact.URL, fact.Text = "/tasks/"+value, a.taskTitle(c, value)
		case f.Type == register.RecordRef:
			of := a.parentFact(c, value)
			fact.Text, fact.URL, fact.Sub = of.Text, of.URL, of.Sub
		}
		items = append(items, fact)
	}
	return ui.Facts{Items: items, Columns: true}
}

func (a area) taskTitle(c *frame.Ctx, id string) string {
	board, err := a.app.Supervise.Board(c.R.Context(), c.P)
	if err != nil {
		return id
	}
	if t := board.Task(id); t != nil {
		return t.Title
	}
	return id
}

// revealURL is where a personal value may be opened with a reason, "" for who may not.
func (a area) revealURL(p org.Principal, r register.View, f register.Field) string {
	if p.May(org.RegisterReveal, scopeOf(r)) != nil {
		return ""
	}
	return recordURL(r.ID) + "/reveal?field=" + f.Name
}

// mayAttach reports whether a page offers to add evidence.
func mayAttach(p org.Principal, r register.View) bool {
	return r.MayEdit || r.Assignee != "" && string(r.Assignee) == p.UnitID && p.MayAnywhere(org.MatterAnswer) || p.May(org.MatterIssue, org.Scope{}) == nil
}

// scopeOf says whose business a record is: of the unit that entered it, of the
// register's lead and partners, and of the territory. Pages use it to hide what a
// person may not do.
func scopeOf(r register.View) org.Scope {
	s := org.Scope{Units: []string{string(r.Unit), string(r.Definition.Lead)}, Territory: string(r.Territory)}
	for _, u := range r.Definition.Partners {
		s.Units = append(s.Units, string(u))
	}
	return s
}

// children lists what belongs to a record, one table for each register whose
// records belong to this one's.
func (a area) children(c *frame.Ctx, r register.View) []childList {
	var out []childList
	for _, d := range a.catalog().Under(r.Definition.ID) {
		own := slices.DeleteFunc(slices.Clone(r.Children), func(ch register.Record) bool { return ch.Register != d.ID })
		list := childList{Title: d.Name, Note: itoa(len(own)) + " 条", Table: a.recordTable(d, own, c.Today(), "")}
		list.Table.Empty = ui.Empty{Title: "还没有" + d.Name}
		if len(a.entryPlaces(c.P, d)) > 0 {
			list.Actions = ui.Buttons{{Label: "登记", Icon: "plus", Small: true, URL: registerURL(d.ID) + "/new?parent=" + r.ID + "&territory=" + string(r.Territory)}}
		}
		out = append(out, list)
	}
	return out
}
