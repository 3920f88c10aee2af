package tasks

import (
	"strings"

	"bihuan/city"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/ui"
)

// targetView is one target on its task's page.
type targetView struct {
	ID      string
	Title   string
	Badges  []ui.Badge
	Meaning string
	Light   ui.Light
	HasLit  bool // the target stands on the list and has a light
	Bar     ui.Progress
	HasBar  bool
	Facts   ui.Facts
	Actions ui.Buttons
	Chart   ui.PaceChart
	HasPace bool
	Shares  ui.Table
	Shared  bool
	Note    string   // what happens with the remainder of shares
	Entries ui.Table // the newest
	Older   ui.Table // the rest, folded away
	Gone    bool
	Counted bool // the value comes from records; nobody reports it
	Promise bool // there is no number yet to report against
}

func (t taskParts) target(g *plan.TargetDetail) targetView {
	l := t.lightOfTarget(g.ID)
	v := targetView{ID: "item-" + g.ID, Title: g.Pledge(), Meaning: g.Meaning(), Gone: g.VersionGone > 0, Shared: len(g.Shares) > 0, Note: g.ShareNote, Promise: !g.Quantified(), Counted: g.Measure.Bound()}
	v.Badges = badges(g.Target)
	if quote := bare(g.Quote); quote != "" && quote != bare(v.Title) {
		v.Meaning += "。原文：“" + quote + "”"
	}
	v.Facts = targetFacts(t, g, l)
	v.Entries = t.entries(g)
	if rows := v.Entries.Rows; len(rows) > newestEntries {
		v.Older = v.Entries
		v.Entries.Rows, v.Older.Rows = rows[:newestEntries], rows[newestEntries:]
	}
	v.Chart, v.HasPace = paceChart(*g, l, t.today, t.past)
	if l == nil {
		v.HasPace = v.HasPace && len(g.Entries) > 0
		return v
	}
	v.HasLit, v.Light = true, ui.Light{Level: levelOf(l.Level), Reason: l.Reason}
	v.Bar, v.HasBar = barOf(l, false, t.valueURL(g.Target, ""))
	v.Actions = t.targetActions(g)
	if v.Shared {
		v.Shares = t.shares(g, l)
	}
	return v
}

// newestEntries is how many entries of a target are shown unfolded.
const newestEntries = 8

func badges(t plan.Target) []ui.Badge {
	bs := []ui.Badge{{Text: t.Kind.Label()}}
	if t.Kind == plan.Qualitative {
		bs[0].Kind = ui.Warning
	}
	add := func(on bool, b ui.Badge) {
		if on {
			bs = append(bs, b)
		}
	}
	add(t.Aspirational, ui.Badge{Text: "力争", Kind: ui.Info, Title: "不因数量亮红灯"})
	add(t.Cumulative, ui.Badge{Text: "累计", Kind: ui.Info})
	add(t.VersionGone > 0, ui.Badge{Text: "已不在现行文件中", Kind: ui.Warning})
	return bs
}

func targetFacts(t taskParts, g *plan.TargetDetail, l *supervise.TargetLight) ui.Facts {
	var items []ui.Fact
	add := func(on bool, f ui.Fact) {
		if on {
			items = append(items, f)
		}
	}
	actual := g.Actual
	if l != nil {
		actual = l.Actual
	}
	value := ui.Fact{Term: "已核验", Text: figure(g.Target, actual.Value)}
	if actual.AsOf != "" {
		value.Sub = "截至 " + day(actual.AsOf)
	}
	if value.Text == "" {
		value.Text = "还没有"
	} else {
		value.URL = t.valueURL(g.Target, "")
	}
	add(g.Quantified(), value)
	add(g.Actual.Pending != nil, ui.Fact{Term: "待核验", Text: figure(g.Target, g.Actual.Pending), URL: "#entries-" + g.ID, Sub: "截至 " + day(g.Actual.PendingAsOf)})
	if l != nil {
		dev := deviationWords(l)
		add(l.Expected != nil, ui.Fact{Term: "序时应达", Text: expectedWords(l), Sub: "按 " + l.Day.Chinese() + "计"})
		deviation := ui.Fact{Term: "偏差", Text: dev}
		if l.Actual.Covered != nil {
			deviation.Sub = "只比有已核验数的县区，它们承担 " + plan.Amount(*l.Actual.Covered, g.Unit)
		}
		add(dev != "", deviation)
		forecast, likely := forecastFact(l, t.past)
		add(likely, forecast)
		add(g.Quantified(), t.sourceFact(l))
		add(len(l.Actual.Silent) > 0, ui.Fact{Term: "尚无已核验数", Text: t.silent(l.Actual.Silent)})
	}
	due := g.Deadline
	if due == "" {
		due = t.d.DueOn
	}
	add(true, ui.Fact{Term: "期限", Text: day(due), Sub: g.DeadlineText})
	add(g.Baseline != nil, ui.Fact{Term: "期初数", Text: amountOf(g.Baseline, g.Unit), Sub: day(g.BaselineOn)})
	add(g.Quantified() && g.Value != nil, ui.Fact{Term: "序时进度", Text: g.Curve.Explain()})
	return ui.Facts{Items: items, Columns: true}
}

// silent names the counties from which nothing verified has come.
func (t taskParts) silent(ids []city.TerritoryID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = nameOfTerritory(t.c.App.Pack, id)
	}
	return strings.Join(names, "、")
}

// targetActions are the things this person may do with the target.
func (t taskParts) targetActions(g *plan.TargetDetail) ui.Buttons {
	var bs ui.Buttons
	to := targetURL(g.ID)
	if g.Quantified() && !g.Measure.Bound() && t.d.State.Running() && len(partsFor(t.c.P, t.d, *g)) > 0 {
		bs = append(bs, ui.Button{Label: "填报", Kind: ui.Primary, Icon: "edit", Small: true, URL: to + "/report", Dialog: true})
	}
	if g.Kind == plan.Qualitative && t.may(org.TaskEdit) {
		bs = append(bs, ui.Button{Label: "补充量化目标", Kind: ui.Primary, Icon: "target", Small: true, URL: to + "/quantify", Dialog: true})
	}
	if g.Summable() && g.Value != nil && t.d.Territory == "" && t.may(org.ShareEdit) {
		label := "分解到县区"
		if len(g.Shares) > 0 {
			label = "调整分解"
		}
		bs = append(bs, ui.Button{Label: label, Icon: "map", Small: true, URL: to + "/shares"})
	}
	if g.Quantified() && t.c.P.May(org.PlanCorrect, org.Scope{}) == nil {
		bs = append(bs, ui.Button{Label: "更换数据来源", Kind: ui.Quiet, Small: true, URL: to + "/measure", Dialog: true})
	}
	return bs
}

func (t taskParts) shares(g *plan.TargetDetail, l *supervise.TargetLight) ui.Table {
	pack := t.c.App.Pack
	table := ui.NewTable("县区分解", ui.Column{Label: "县（市、区）、开发区"}, ui.Column{Label: "承担", Num: true}, ui.Column{Label: "已核验", Num: true},
		ui.Column{Label: "进度"}, ui.Column{Label: "灯色"}, ui.Column{Label: "填报", Narrow: true})
	sum := quantity.Quantity(0)
	for i := range l.ByPart {
		p := &l.ByPart[i]
		sum += p.Share
		bar := ui.Cell{}
		if b, ok := partBar(g.Target, p); ok {
			bar = ui.Node(b)
		}
		value := ui.Text(noWord)
		if p.Actual.Value != nil {
			value = ui.Num(plan.Amount(*p.Actual.Value, g.Unit), t.valueURL(g.Target, p.Territory)).With("截至 " + p.Actual.AsOf)
		} else if p.Actual.Pending != nil {
			value = ui.Text("待核验").With(plan.Amount(*p.Actual.Pending, g.Unit))
		}
		report := ui.Text("")
		if !g.Measure.Bound() && t.d.State.Running() && t.c.P.May(org.ProgressReport, partScope(t.scope, p.Territory)) == nil {
			report = ui.Node(ui.Button{Label: "填报", Small: true, URL: targetURL(g.ID) + "/report?territory=" + string(p.Territory), Dialog: true})
		}
		table.Rows = append(table.Rows, ui.Row{Cells: []ui.Cell{territoryCell(pack, p.Territory), ui.Text(plan.Amount(p.Share, g.Unit)), value, bar,
			ui.Node(ui.Light{Level: levelOf(p.Level), Reason: p.Reason}), report}})
	}
	total := ui.Text(noWord)
	if l.Actual.Value != nil {
		total = ui.Num(plan.Amount(*l.Actual.Value, g.Unit), t.valueURL(g.Target, ""))
	}
	table.Foot = []ui.Cell{ui.Text("合计"), ui.Text(plan.Amount(sum, g.Unit)), total, {}, {}, {}}
	return table
}

// demoNote marks figures that were made up to show the program.
const demoNote = "演示数据"

// entries is the history of a target's figures.
func (t taskParts) entries(g *plan.TargetDetail) ui.Table {
	pack := t.c.App.Pack
	table := ui.NewTable("填报记录", ui.Column{Label: "数值"}, ui.Column{Label: "截至", Narrow: true}, ui.Column{Label: "地区", Narrow: true}, ui.Column{Label: "状态"},
		ui.Column{Label: "填报"}, ui.Column{Label: "佐证"}, ui.Column{Label: "办理", Narrow: true})
	table.Empty = ui.Empty{Title: "还没有填报", Text: "责任单位填报并附佐证，另一位同事核验后计入。"}
	for _, e := range g.Entries {
		state := e.State.Label()
		decided := strings.TrimSpace(e.DeciderName + " " + ui.Moment(e.DecidedAt))
		if e.Reason != "" {
			decided = strings.TrimSpace(decided + "：" + e.Reason)
		}
		note := e.Note
		if e.Demo && note != demoNote {
			note = strings.TrimSpace(demoNote + " " + note)
		}
		proof := ui.Text(noWord)
		if e.ProofHash != "" {
			proof = ui.Link(orDash(e.ProofName), "/proofs/"+e.ID)
		}
		table.Rows = append(table.Rows, ui.Row{ID: "entry-" + e.ID, Muted: !counts(e.State), Cells: []ui.Cell{
			ui.Text(figure(g.Target, &e.Value)).With(note), ui.Text(e.AsOf), ui.Text(nameOfTerritory(pack, e.Territory)),
			ui.Node(ui.Badge{Text: state, Kind: entryKind(e.State)}).With(decided),
			ui.Text(strings.TrimSpace(e.ReporterUnit + " " + e.ReporterName)).With(ui.Moment(e.ReportedAt)), proof, t.entryCell(g, e)}})
	}
	return table
}

func entryKind(s plan.ProgressState) ui.Kind {
	switch s {
	case plan.EntryVerified:
		return ui.Success
	case plan.EntryReported:
		return ui.Info
	case plan.EntryReturned:
		return ui.Warning
	case plan.EntryWithdrawn:
	}
	return ui.Plain
}

// entryCell offers what this person may do with a value.
func (t taskParts) entryCell(g *plan.TargetDetail, e plan.Entry) ui.Cell {
	part := partScope(t.scope, e.Territory)
	own := e.ReportedBy == t.c.P.ID
	verifies := !own && t.c.P.May(org.ProgressVerify, part) == nil
	to := "/entries/" + e.ID
	switch {
	case e.State == plan.EntryReported && verifies:
		return ui.Node(entryDecision(to, e, figure(g.Target, &e.Value)))
	case e.State == plan.EntryReported && own, e.State == plan.EntryVerified && verifies:
		return ui.Node(ui.Button{Label: "撤回", Kind: ui.Quiet, Small: true, URL: to + "/withdraw", Dialog: true})
	}
	return ui.Text("")
}
