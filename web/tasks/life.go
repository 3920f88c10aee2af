package tasks

import (
	"slices"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// station is one part of a task's life as the bar shows it, with the states that stand at it.
type station struct {
	label  string
	states []plan.State
}

// stages are the stations in their order.
var stages = []station{
	{"立项", []plan.State{plan.Registered}}, {"交办", []plan.State{plan.Assigned, plan.Objected}}, {"签收", []plan.State{plan.Signed}},
	{"办理", []plan.State{plan.InProgress, plan.ExtensionPending, plan.Returned}}, {"反馈", []plan.State{plan.Submitted}},
	{"审核", []plan.State{plan.UnderReview}}, {"办结", []plan.State{plan.Closed}}, {"销号", []plan.State{plan.CrossedOff}}, {"归档", []plan.State{plan.Archived}},
}

// lifeView is where a task stands in its life and what may be done with it now.
type lifeView struct {
	Bar   ui.Steps
	Aside ui.Alert // the task left the ordinary way; empty while it is on it
	Facts ui.Facts
	Moves ui.Buttons
	Made  ui.Table // the moves that were made
	Asked ui.Table // extensions asked for; without rows when none was
}

func lifeOf(t taskParts) lifeView {
	d := t.d
	v := lifeView{Bar: ui.Steps{Label: "办理进程"}, Made: movesMade(t), Asked: extensionsAsked(d)}
	now := slices.IndexFunc(stages, func(s station) bool { return slices.Contains(s.states, d.State) })
	for i, s := range stages {
		step := ui.Step{Label: s.label, Done: i < now, Current: i == now, Sub: reachedOn(d, s.states)}
		if i == now && d.State.Label() != s.label {
			step.Sub = d.State.Label()
		}
		v.Bar.Items = append(v.Bar.Items, step)
	}
	if now < 0 {
		v.Aside = ui.Alert{Kind: ui.Warning, Title: "任务已" + d.State.Label()}
		if n := len(d.Moved); n > 0 {
			last := d.Moved[n-1]
			v.Aside.Text = last.Words + "（" + last.ByName + "，" + ui.Moment(last.At) + "）"
			if last.Into != "" {
				v.Aside.URL, v.Aside.Label = taskURL(last.Into), "查看并入的任务"
			}
		}
	}
	if due := d.StateDue(); due != "" {
		f := ui.Fact{Term: "本环节期限", Text: day(due)}
		if due < t.today.String() && d.State.Running() {
			f.Sub = "已超过"
		}
		v.Facts.Items = append(v.Facts.Items, f)
	}
	if d.Statutory != "" {
		v.Facts.Items = append(v.Facts.Items, ui.Fact{Term: "法定时限", Text: d.Statutory, Sub: "不延期"})
	}
	v.Facts.Columns = true
	if t.light != nil {
		v.Moves = moveButtons(t)
	}
	return v
}

// reachedOn is the day on which a task came to a station for the last time.
func reachedOn(d plan.Detail, states []plan.State) string {
	for _, m := range slices.Backward(d.Moved) {
		if slices.Contains(states, m.To) {
			return calendar.Today(m.At).String()
		}
	}
	return ""
}

// moveButtons offers the moves that lead on first, then those that lead aside.
func moveButtons(t taskParts) ui.Buttons {
	var on, aside ui.Buttons
	for _, m := range t.d.MovesFor(t.c.P) {
		b := ui.Button{Label: m.Label, Small: true, URL: moveURL(t.d.ID, m.ID), Dialog: true}
		switch m.ID {
		case plan.MoveSuspend, plan.MoveCancel, plan.MoveMerge, plan.MoveExtend, plan.MoveObject, plan.MoveReturn:
			b.Kind = ui.Quiet
			aside = append(aside, b)
		default:
			if len(on) == 0 {
				b.Kind = ui.Primary
			}
			on = append(on, b)
		}
	}
	if t.may(org.MatterIssue) && t.d.State.Running() {
		aside = append(aside, ui.Button{Label: "法定时限", Kind: ui.Quiet, Small: true, URL: taskURL(t.d.ID) + "/statutory", Dialog: true})
	}
	return append(on, aside...)
}

func moveURL(task string, m plan.MoveID) string { return taskURL(task) + "/moves/" + string(m) }

func lifeURL(task string) string { return taskURL(task) + "#life" }

func movesMade(t taskParts) ui.Table {
	table := ui.NewTable("办理记录", ui.Column{Label: "时间", Narrow: true}, ui.Column{Label: "办理", Narrow: true}, ui.Column{Label: "办理人"}, ui.Column{Label: "内容"}, ui.Column{Label: "佐证"})
	table.Empty = ui.Empty{Title: "还没有办理记录", Text: "任务已列入清单，由调度员交办后开始办理。"}
	for i, m := range slices.Backward(t.d.Moved) {
		proof := ui.Text(noWord)
		if m.ProofHash != "" {
			proof = ui.Link(m.ProofName, taskURL(t.d.ID)+"/moves/proof/"+itoa(i))
		}
		words := m.Words
		for _, c := range plan.CloseChecks {
			if slices.Contains(m.Checks, c.Code) {
				words += "；" + c.Label
			}
		}
		due := ""
		if m.DueOn != "" {
			due = "期限 " + m.DueOn
		}
		table.Rows = append(table.Rows, ui.Row{Cells: []ui.Cell{ui.Text(ui.Moment(m.At)), ui.Text(m.Move.Label()).With(m.To.Label()),
			ui.Text(strings.TrimSpace(m.ByUnit + " " + m.ByName)), ui.Text(orDash(strings.TrimPrefix(words, "；"))).With(due), proof}})
	}
	return table
}

func extensionsAsked(d plan.Detail) ui.Table {
	table := ui.NewTable("延期", ui.Column{Label: "申请"}, ui.Column{Label: "理由"}, ui.Column{Label: "拟延至", Narrow: true}, ui.Column{Label: "答复"})
	for _, e := range slices.Backward(d.Extensions) {
		answer := ui.Text(e.State.Label())
		if e.State != plan.ExtensionAsked {
			answer = ui.Text(strings.TrimSpace(e.State.Label() + " " + e.NewDue)).With(e.Answer + "（" + e.DeciderName + " " + ui.Moment(e.DecidedAt) + "）")
		}
		table.Rows = append(table.Rows, ui.Row{Cells: []ui.Cell{ui.Text(e.AskerName).With(ui.Moment(e.AskedAt) + "，" + e.SignedBy + "签批"),
			ui.Text(e.Reason).With("进展：" + e.Progress), ui.Text(e.WantedDue).With("原为 " + e.OldDue), answer}})
	}
	return table
}

// moveFor reads the task and the move that a form is about, and refuses who may not make it.
func moveFor(c *frame.Ctx) (plan.Detail, plan.Move, error) {
	d, err := c.App.Plan.Task(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return d, plan.Move{}, err
	}
	id := plan.MoveID(c.R.PathValue("move"))
	for _, m := range d.MovesFor(c.P) {
		if m.ID == id {
			return d, m, nil
		}
	}
	return d, plan.Move{}, errs.New(errs.Conflict, "任务处于“%s”，您现在不能办理“%s”：请刷新页面", d.State.Label(), id.Label())
}

func moveForm(c *frame.Ctx) error {
	d, m, err := moveFor(c)
	if err != nil {
		return err
	}
	return showForm(c, moveView(c, d, m))
}

func moveSave(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	d, m, err := moveFor(c)
	if err != nil {
		return err
	}
	if err := makeMove(c, d, m); err != nil {
		v := moveView(c, d, m)
		v.Fields = typed(c, v.Fields)
		for i := range v.Fields {
			if v.Fields[i].Kind == ui.Checks {
				v.Fields[i].Values = c.R.Form[v.Fields[i].Name]
			}
		}
		return redraw(c, v, err)
	}
	return c.Done(lifeURL(d.ID), "“"+m.Label+"”已办理。")
}

func makeMove(c *frame.Ctx, d plan.Detail, m plan.Move) error {
	ctx, revision := c.R.Context(), c.Int("revision", 0)
	switch m.ID {
	case plan.MoveExtend:
		return c.App.Plan.AskExtension(ctx, c.P, d.ID, revision, plan.Ask{Reason: c.Form("reason"), Progress: c.Form("progress"), SignedBy: c.Form("signed_by"), Due: c.Form("due")})
	case plan.MoveAnswer:
		var said errs.Check
		said.Require(c.Form("grant") != "", "grant", "请选择同意或不同意")
		if err := said.Err(); err != nil {
			return err
		}
		return c.App.Plan.DecideExtension(ctx, c.P, d.ID, revision, c.Form("grant") == "1", c.Form("due"), c.Form("answer"))
	default:
		proof, err := c.File("proof")
		if err != nil {
			return err
		}
		return c.App.Plan.MoveTask(ctx, c.P, d.ID, revision, plan.MoveForm{Move: m.ID, Words: c.Form("words"), Unit: city.UnitID(c.Form("unit")), Day: c.Form("day"),
			Into: c.Form("into"), Checks: c.R.Form["checks"], Proof: proof})
	}
}

func moveView(c *frame.Ctx, d plan.Detail, m plan.Move) formView {
	v := aboutTask(c, d, m.Label, lifeURL(d.ID))
	v.Facts = ui.Facts{Items: []ui.Fact{{Term: "现在", Text: d.State.Label()}, {Term: "办理后", Text: m.To.Label()}, {Term: "完成期限", Text: day(d.DueOn)}}}
	if e, ok := waitingExtension(d); ok && m.ID == plan.MoveAnswer {
		v.Facts.Items = append(v.Facts.Items, ui.Fact{Term: "申请", Text: e.AskerName, Sub: e.SignedBy + "签批，" + ui.Moment(e.AskedAt)},
			ui.Fact{Term: "理由", Text: e.Reason}, ui.Fact{Term: "目前的进展", Text: e.Progress}, ui.Fact{Term: "拟延至", Text: day(e.WantedDue)})
	}
	v.Form = ui.Form{Action: moveURL(d.ID, m.ID), Guard: true, NoValid: true, Upload: m.ID == plan.MoveSubmit, Hidden: []ui.HiddenPair{revisionField(d)}}
	v.Fields = moveFields(c, d, m)
	v.Submit = ui.Buttons{{Label: m.Label, Kind: ui.Primary}}
	return v
}

// moveFields are what a move asks for.
func moveFields(c *frame.Ctx, d plan.Detail, m plan.Move) (fields []ui.Field) {
	switch m.ID {
	case plan.MoveExtend:
		return extendFields(c, d)
	case plan.MoveAnswer:
		return answerFields(d)
	case plan.MoveReassign:
		unit := ui.Field{Kind: ui.Select, Name: "unit", Label: "改由牵头", Blank: "仍由原单位", Optional: true}
		for _, u := range c.App.Pack.Units {
			unit.Options = append(unit.Options, ui.Option{Value: string(u.ID), Label: u.Short})
		}
		fields = append(fields, unit)
	case plan.MoveReturn:
		fields = append(fields, ui.Field{Kind: ui.Date, Name: "day", Label: "重办期限", Required: true, Size: ui.Short, Min: c.Today().String()})
	case plan.MoveMerge:
		fields = append(fields, ui.Field{Name: "into", Label: "并入的任务编号", Required: true, Size: ui.Short, Hint: "如 2026-01-005"})
	case plan.MoveClose:
		checks := ui.Field{Kind: ui.Checks, Name: "checks", Label: "审核要点", Required: true, Hint: "逐项核对；有一项不具备，请退回重办。"}
		for _, check := range plan.CloseChecks {
			checks.Options = append(checks.Options, ui.Option{Value: check.Code, Label: check.Label})
		}
		fields = append(fields, checks)
	case plan.MoveSubmit:
		fields = append(fields, ui.Field{Kind: ui.File, Name: "proof", Label: "佐证材料", Optional: true, Size: ui.Full, MaxBytes: plan.MaxProof,
			Hint: "已有核验过的数或节点的，不用再附；没有的必须附。"})
	default:
	}
	if m.Words != "" {
		fields = append(fields, ui.Field{Kind: ui.TextArea, Name: "words", Label: m.Words, Required: m.Must, Optional: !m.Must, Rows: 3, Size: ui.Full, MaxLength: 1000})
	}
	return fields
}

func extendFields(c *frame.Ctx, d plan.Detail) []ui.Field {
	rule := c.App.Pack.Defaults.Extension
	return []ui.Field{
		{Kind: ui.TextArea, Name: "reason", Label: "延期的理由", Required: true, Rows: 2, Size: ui.Full, MaxLength: 500},
		{Kind: ui.TextArea, Name: "progress", Label: "目前的进展", Required: true, Rows: 2, Size: ui.Full, MaxLength: 500},
		{Kind: ui.Date, Name: "due", Label: "预计完成日期", Required: true, Size: ui.Short, Min: d.DueOn,
			Hint: "每项任务至多延期 " + itoa(rule.Max) + " 次，累计不超过原时长的 " + rule.Share.String() + "；应在到期前申请。"},
		{Name: "signed_by", Label: "签批的本单位负责人", Required: true, Size: ui.Short, MaxLength: 30},
	}
}

// waitingExtension is the application that waits for an answer.
func waitingExtension(d plan.Detail) (plan.Extension, bool) {
	for _, e := range d.Extensions {
		if e.State == plan.ExtensionAsked {
			return e, true
		}
	}
	return plan.Extension{}, false
}

func answerFields(d plan.Detail) []ui.Field {
	e, _ := waitingExtension(d)
	return []ui.Field{
		{Kind: ui.Radio, Name: "grant", Label: "答复", Required: true, Options: []ui.Option{{Value: "1", Label: "同意"}, {Value: "0", Label: "不同意"}}},
		{Kind: ui.Date, Name: "due", Label: "同意延至", Value: e.WantedDue, Size: ui.Short, Hint: "同意时必须写明确切日期。"},
		{Kind: ui.TextArea, Name: "answer", Label: "答复意见", Required: true, Rows: 2, Size: ui.Full, MaxLength: 500},
	}
}

func statutoryForm(c *frame.Ctx) error {
	d, err := taskFor(c, org.MatterIssue)
	if err != nil {
		return err
	}
	return showForm(c, statutoryView(c, d))
}

func statutorySave(c *frame.Ctx) error {
	d, err := taskFor(c, org.MatterIssue)
	if err != nil {
		return err
	}
	if err := c.App.Plan.MarkStatutory(c.R.Context(), c.P, d.ID, c.Int("revision", 0), c.Form("basis")); err != nil {
		v := statutoryView(c, d)
		v.Fields = typed(c, v.Fields)
		return redraw(c, v, err)
	}
	return c.Done(lifeURL(d.ID), "已保存。")
}

func statutoryView(c *frame.Ctx, d plan.Detail) formView {
	v := aboutTask(c, d, "法定时限", lifeURL(d.ID))
	v.Note = ui.Alert{Kind: ui.Info, Text: "期限由法律法规规定的任务不能延期。依据留空表示期限不是法定的。"}
	v.Form = ui.Form{Action: taskURL(d.ID) + "/statutory", Guard: true, NoValid: true, Hidden: []ui.HiddenPair{revisionField(d)}}
	v.Fields = []ui.Field{{Name: "basis", Label: "依据", Value: d.Statutory, Optional: true, Size: ui.Full, MaxLength: 100, Hint: "如：《政府督查工作条例》第十七条"}}
	v.Submit = ui.Buttons{{Label: "保存", Kind: ui.Primary}}
	return v
}

func moveProof(c *frame.Ctx) error {
	n, err := strconv.Atoi(c.R.PathValue("n"))
	if err != nil {
		return frame.NoPage()
	}
	f, name, err := c.App.Plan.MoveProof(c.R.Context(), c.P, c.R.PathValue("id"), n)
	if err != nil {
		return err
	}
	return serve(c, f, name)
}
