package matters

import (
	"net/url"
	"strconv"

	"bihuan/city"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// sheetForm is where a supervision sheet is drawn up.
const sheetForm = "/registers/supervision-sheet/new"

// colours are the levels of sheets as their register calls them.
var colours = map[supervise.Level]string{supervise.Blue: "蓝色", supervise.Yellow: "黄色", supervise.Red: "红色"}

// proposals are the sheets that the lights suggest, and whom the day reminds; a
// person decides.
func (a area) proposals(c *frame.Ctx) error {
	if err := c.P.May(org.MatterIssue, org.Scope{}); err != nil {
		return err
	}
	board, err := c.App.Supervise.Board(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	sheets, err := a.room.Proposals(c.R.Context(), c.P, board)
	if err != nil {
		return err
	}
	v := tablePage{Base: c.Base(group), Tabs: tabs(c, "/proposals")}
	again, err := a.room.LookBack(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	v.Lede = "系统按灯色和期限提出建议，是否发单由人决定；同一任务、同一原因、同一所属期只发一张单，等级每次只升一级。"
	v.Tables = []titled{{Title: "建议发单", Table: sheetTable(c, board, sheets)},
		{Title: "今天的提醒", Note: "到期前后按工作日提醒，不催第二遍", Table: reminderTable(c, board.Reminders(c.App.Pack))},
		{Title: "回头看", Note: lookBackNote(again), Table: lookBackTable(c, again)}}
	if again.Wanted > 0 {
		v.Tables[2].Actions = ui.Buttons{{Label: "抽查", Small: true, URL: "/registers/rectification-problem/checks"}}
	}
	return lists(c, v)
}

func sheetTable(c *frame.Ctx, b *supervise.Board, all []supervise.Proposal) ui.Table {
	t := ui.NewTable("建议发单", ui.Column{Label: "任务"}, ui.Column{Label: "原因"}, ui.Column{Label: "所属期", Narrow: true}, ui.Column{Label: "承办单位", Narrow: true}, ui.Column{Label: "办理", Narrow: true})
	t.Empty = ui.Empty{Title: "今天没有建议发单的任务", Icon: "check"}
	for _, p := range all {
		url := "/tasks/" + p.Task.ID
		t.Rows = append(t.Rows, ui.Row{URL: url, Cells: []ui.Cell{ui.Link(p.Task.Title, url).With(p.Task.No),
			ui.Node(ui.Light{Level: ui.Level(p.Light), Reason: p.Reason.Label() + "：" + p.Words}), ui.Text(p.Period), ui.Text(unitName(c.App.Pack, p.Task.LeadUnit)),
			ui.Node(ui.Button{Label: "拟" + colours[p.Level] + "督办单", Small: true, URL: sheetURL(b, p)})}})
	}
	return t
}

// sheetURL opens the form of a sheet with what the proposal knows.
func sheetURL(b *supervise.Board, p supervise.Proposal) string {
	q := url.Values{"v-task": {p.Task.ID}, "v-matter": {p.Task.Title}, "v-level": {colours[p.Level]}, "v-reason": {p.Reason.Label()}, "v-period": {p.Period},
		"v-addressee": {string(p.Task.LeadUnit)}, "v-present": {p.Words}, "v-clause": {b.Clause(p.Task)}}
	return sheetForm + "?" + q.Encode()
}

func reminderTable(c *frame.Ctx, all []supervise.Reminder) ui.Table {
	t := ui.NewTable("今天的提醒", ui.Column{Label: "事项"}, ui.Column{Label: "到期", Narrow: true}, ui.Column{Label: "提醒", Narrow: true}, ui.Column{Label: "对象"})
	t.Empty = ui.Empty{Title: "今天没有到期前后的提醒", Text: "提醒只在工作日发出。", Icon: "check"}
	for _, r := range all {
		who := unitName(c.App.Pack, r.Task.LeadUnit)
		if r.Action == city.ActionRemind && r.Task.Handler != "" {
			who += " " + r.Task.Handler
		}
		url := "/tasks/" + r.Task.ID
		t.Rows = append(t.Rows, ui.Row{URL: url, Cells: []ui.Cell{ui.Link(r.What, url).With(r.Task.No + " " + r.Task.Title), ui.Text(r.Due.String()), ui.Text(reminderWord(r.Action)), ui.Text(who)}})
	}
	return t
}

// unitName is what people call a unit.
func unitName(pack *city.Pack, id city.UnitID) string {
	if u, ok := pack.Unit(id); ok {
		return u.Short
	}
	return "未定"
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

// lookBackNote tells how many problems are due for the look-back.
func lookBackNote(l matter.LookBack) string {
	if len(l.Due)+l.Looked == 0 {
		return "销号满 " + strconv.Itoa(l.Days) + " 天的问题，抽 " + l.Share.String() + " 回头看"
	}
	return "销号满 " + strconv.Itoa(l.Days) + " 天的 " + strconv.Itoa(len(l.Due)) + " 个，已看 " + strconv.Itoa(l.Looked) + " 个，按 " + l.Share.String() + " 还应看 " + strconv.Itoa(l.Wanted) + " 个；看哪些由抽查决定"
}

// lookBackTable lists what is due.
func lookBackTable(c *frame.Ctx, l matter.LookBack) ui.Table {
	t := ui.NewTable("回头看", ui.Column{Label: "问题"}, ui.Column{Label: "整改单位", Narrow: true}, ui.Column{Label: "销号日期", Narrow: true})
	t.Empty = ui.Empty{Title: "没有到期应回头看的问题", Icon: "check"}
	for _, r := range l.Due[:min(len(l.Due), perPage)] {
		url := "/records/" + r.ID
		t.Rows = append(t.Rows, ui.Row{URL: url, Cells: []ui.Cell{ui.Link(r.Title, url).With(r.No), ui.Text(unitName(c.App.Pack, r.Assignee)), ui.Text(r.Values["crossed"])}})
	}
	return t
}
