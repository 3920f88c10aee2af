package tasks

import (
	"net/http"
	"net/url"

	"bihuan/city"
	"bihuan/org"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// sheetForm is where a supervision sheet is drawn up.
const sheetForm = "/registers/supervision-sheet/new"

// proposalsView is what the lights suggest today, for the clerk to decide.
type proposalsView struct {
	ui.Base
	Sheets    ui.Table
	Reminders ui.Table
}

func proposalsPage(c *frame.Ctx) error {
	if err := c.P.May(org.MatterIssue, org.Scope{}); err != nil {
		return err
	}
	board, err := c.App.Supervise.Board(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	v := proposalsView{Base: c.Base("督办建议", ui.Crumb{Label: "任务清单", URL: "/tasks"})}
	v.Lede = "系统按灯色和期限提出建议，是否发单由人决定；同一任务、同一原因、同一所属期只建议一次，也只能发一张单。"
	v.Sheets = sheetTable(c, supervise.Proposals(board, c.App.Pack))
	v.Reminders = reminderTable(c, board.Reminders(c.App.Pack))
	return c.Render(http.StatusOK, proposalsTempl(v))
}

// colours are the levels of sheets as their register calls them.
var colours = map[supervise.Level]string{supervise.Blue: "蓝色", supervise.Yellow: "黄色", supervise.Red: "红色"}

func sheetTable(c *frame.Ctx, all []supervise.Proposal) ui.Table {
	t := ui.NewTable("建议发单", ui.Column{Label: "任务"}, ui.Column{Label: "原因"}, ui.Column{Label: "所属期", Narrow: true}, ui.Column{Label: "承办单位", Narrow: true}, ui.Column{Label: "办理", Narrow: true})
	t.Empty = ui.Empty{Title: "今天没有建议发单的任务", Icon: "check"}
	for _, p := range all {
		lead, _ := leadOf(c.App.Pack, p.Task)
		t.Rows = append(t.Rows, ui.Row{URL: taskURL(p.Task.ID), Cells: []ui.Cell{ui.Text(p.Task.Title).With(p.Task.No),
			ui.Node(ui.Light{Level: levelOf(p.Level), Reason: p.Reason.Label() + "：" + p.Words}), ui.Text(p.Period), ui.Text(lead),
			ui.Node(ui.Button{Label: "拟" + colours[p.Level] + "督办单", Small: true, URL: sheetURL(p)})}})
	}
	return t
}

// sheetURL opens the form of a sheet with what the proposal knows.
func sheetURL(p supervise.Proposal) string {
	q := url.Values{"v-task": {p.Task.ID}, "v-matter": {p.Task.Title}, "v-level": {colours[p.Level]}, "v-reason": {p.Reason.Label()}, "v-period": {p.Period},
		"v-addressee": {string(p.Task.LeadUnit)}, "v-present": {p.Words}}
	return sheetForm + "?" + q.Encode()
}

func reminderTable(c *frame.Ctx, all []supervise.Reminder) ui.Table {
	t := ui.NewTable("今天的提醒", ui.Column{Label: "事项"}, ui.Column{Label: "到期", Narrow: true}, ui.Column{Label: "提醒", Narrow: true}, ui.Column{Label: "对象"})
	t.Empty = ui.Empty{Title: "今天没有到期前后的提醒", Text: "提醒只在工作日发出。", Icon: "check"}
	for _, r := range all {
		lead, _ := leadOf(c.App.Pack, r.Task)
		who := lead
		if r.Action == city.ActionRemind && r.Task.Handler != "" {
			who += " " + r.Task.Handler
		}
		t.Rows = append(t.Rows, ui.Row{URL: taskURL(r.Task.ID), Cells: []ui.Cell{ui.Text(r.What).With(r.Task.No + " " + r.Task.Title), ui.Text(r.Due.String()), ui.Text(reminderWord(r.Action)), ui.Text(who)}})
	}
	return t
}

// reminderWord is what a step of the ladder does, in words.
func reminderWord(a city.ReminderAction) string {
	switch a {
	case city.ActionRemind:
		return "提醒"
	case city.ActionUrge:
		return "催办"
	case city.ActionPropose:
		return "建议发单"
	}
	return string(a)
}
