package matters

import (
	"net/http"
	"net/url"
	"strconv"

	"bihuan/kit/calendar"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// perPage is how many documents stand on a page, mostListed how many in a workbook.
const (
	perPage    = 30
	mostListed = 5000
)

// dash stands where nothing is known yet.
const dash = "—"

// listPage is the list of official documents with what can be begun from it.
type listPage struct {
	ui.Base
	Tabs     ui.Tabs
	Filter   ui.FilterBar
	Table    ui.Table
	Pager    ui.Pager
	May      bool // draft
	Bulletin ui.Form
	Period   ui.Field
	Archive  ui.Form
	Month    ui.Field
	Exports  bool
}

func paperURL(id string) string { return home + "/papers/" + url.PathEscape(id) }

func (a area) list(c *frame.Ctx) error { return a.drawList(c, http.StatusOK, nil) }

func (a area) drawList(c *frame.Ctx, status int, cause error) error {
	q := matter.Query{Kind: matter.Kind(c.Form("kind")), State: matter.State(c.Form("state")), Text: c.Form("q"), Limit: perPage}
	page := max(c.Int("page", 1), 1)
	q.Offset = (page - 1) * perPage
	if c.AsBook() {
		q.Limit, q.Offset = mostListed, 0
	}
	rows, total, err := a.room.List(c.R.Context(), c.P, q)
	if err != nil {
		return err
	}
	v := listPage{Base: c.Base(group), Tabs: tabs(c, ""), May: c.P.MayAnywhere(org.MatterIssue), Exports: c.P.MayAnywhere(org.ListExport)}
	v.AsOf = ""
	v.Lede = "通报、督办单、提醒函、整改通知、会议纪要和复核意见：程序按台账和清单填好数字，核对文字，另一人审批后编号印发。"
	v.Filter = filterBar(q)
	v.Table = table(rows, q)
	if !v.May && len(rows) == 0 && q == (matter.Query{Limit: perPage, Offset: q.Offset}) {
		v.Table.Empty.Text = "印发以后的文书会列在这里。"
	}
	v.Pager = pager(c, page, len(rows), total)
	today := c.Today()
	v.Bulletin = ui.Form{Action: home + "/bulletins", Label: "起草通报", Inline: true, Problems: ui.Problems(cause), Autofocus: cause != nil}
	v.Period = ui.Field{Kind: ui.Select, Name: "period", Label: "期间", Required: true, Options: periods(today), Value: c.R.PostFormValue("period"), Blank: "请选择"}
	v.Archive = ui.Form{Action: home + "/archive", Method: "get", Label: "下载月度归档", Inline: true}
	v.Month = ui.Field{Kind: ui.Month, Name: "month", Label: "月份", Required: true, Value: today.String()[:7], Hint: "已印发的文书、任务和目标清单，附散列清单"}
	v.Actions = c.WithBook(nil)
	if cause == nil {
		return c.Lists(listView(v), "督导文书", v.Table)
	}
	return c.Render(status, listView(v))
}

// periods are the months and quarters that a bulletin can be for: the present one and
// the one before, whose figures are still those of today.
func periods(today calendar.Date) (all []ui.Option) {
	month := calendar.Of(today.Year(), today.Month(), 1)
	for _, m := range []calendar.Date{month, month.AddMonths(-1)} {
		all = append(all, ui.Option{Value: m.String()[:7], Label: strconv.Itoa(m.Year()) + " 年 " + strconv.Itoa(int(m.Month())) + " 月", Group: "月调度"})
	}
	for _, d := range []calendar.Date{month, month.AddMonths(-3)} {
		q := strconv.Itoa(d.Quarter())
		all = append(all, ui.Option{Value: strconv.Itoa(d.Year()) + "-Q" + q, Label: strconv.Itoa(d.Year()) + " 年第 " + q + " 季度", Group: "季通报"})
	}
	return all
}

func options[T ~string](terms []plan.Term[T]) (all []ui.Option) {
	for _, t := range terms {
		all = append(all, ui.Option{Value: string(t.Code), Label: t.Label})
	}
	return all
}

func filterBar(q matter.Query) ui.FilterBar {
	return ui.FilterBar{Action: home, Search: &ui.Field{Kind: ui.SearchInput, Name: "q", Label: "标题或文号", Value: q.Text, Placeholder: "标题或文号"},
		Fields: []ui.Field{{Kind: ui.Select, Name: "kind", Label: "文种", Options: options(matter.Kinds), Value: string(q.Kind), Blank: "全部文种"},
			{Kind: ui.Select, Name: "state", Label: "状态", Options: options(matter.States), Value: string(q.State), Blank: "全部状态"}}, Reset: home}
}

func stateKind(s matter.State) ui.Kind {
	switch s {
	case matter.Submitted:
		return ui.Warning
	case matter.Issued:
		return ui.Success
	case matter.Drafting, matter.Discarded:
	}
	return ui.Info
}

func table(rows []matter.Issue, q matter.Query) ui.Table {
	t := ui.NewTable("督导文书", ui.Column{Label: "标题"}, ui.Column{Label: "文种", Narrow: true}, ui.Column{Label: "文号"}, ui.Column{Label: "状态"}, ui.Column{Label: "起草"}, ui.Column{Label: "审批"})
	for _, in := range rows {
		state := ui.Node(ui.Badge{Text: in.State.Label(), Kind: stateKind(in.State)})
		if in.State == matter.Drafting && in.Reason != "" {
			state = state.With("已退回：" + in.Reason)
		}
		t.Rows = append(t.Rows, ui.Row{URL: paperURL(in.ID), Muted: in.State == matter.Discarded, Cells: []ui.Cell{ui.Link(in.Title, paperURL(in.ID)), ui.Text(in.Kind.Label()), ui.Text(or(in.Number, dash)), state,
			ui.Text(in.Drafter).With(day(in.DraftedAt)), ui.Text(or(in.Decider, dash)).With(day(in.DecidedAt))}})
	}
	t.Empty = ui.Empty{Title: "还没有文书", Text: "在下面选择月份或季度，程序按已核验的数起草通报；督办单、整改通知等从各自的台账记录起草。", Icon: "doc"}
	if q.Kind != "" || q.State != "" || q.Text != "" {
		t.Empty = ui.Empty{Title: "没有符合条件的文书", Text: "可放宽条件再查。", Label: "查看全部", URL: home}
	}
	return t
}

func pager(c *frame.Ctx, page, shown, total int) ui.Pager {
	from := (page - 1) * perPage
	p := ui.Pager{From: int64(from + 1), To: int64(from + shown), Total: int64(total)}
	at := func(n int) string {
		q := c.R.URL.Query()
		q.Set("page", strconv.Itoa(n))
		return home + "?" + q.Encode()
	}
	if page > 1 {
		p.Prev = at(page - 1)
	}
	if from+shown < total && shown > 0 {
		p.Next = at(page + 1)
	}
	return p
}

// bulletin drafts the bulletin of a period.
func (a area) bulletin(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	id, err := a.room.DraftBulletin(c.R.Context(), c.P, c.Form("period"), c.App.Demo)
	if err != nil {
		if expected(err) {
			return a.drawList(c, frame.StatusOf(codeOf(err)), err)
		}
		return err
	}
	return c.Done(paperURL(id), "通报已起草，请核对文字")
}
