package notices

import (
	"net/http"
	"net/url"
	"strconv"

	"bihuan/kit/errs"
	"bihuan/notice"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// perPage is how many notices a page lists.
const perPage = 30

// inboxView is a person's inbox.
type inboxView struct {
	Filter notice.Filter
	Items  []notice.Item
	More   bool // there are older ones
	Unread int
}

func (p pages) inbox(c *frame.Ctx) error {
	v := inboxView{Filter: notice.Filter{Unread: c.Form("show") != "all", Kind: notice.Kind(c.Form("kind")), Before: number(c.Form("before")), Limit: perPage + 1}}
	var err error
	if v.Items, err = p.notice.Inbox(c.R.Context(), c.P, v.Filter); err != nil {
		return err
	}
	if v.Unread, err = p.notice.Count(c.R.Context(), c.P); err != nil {
		return err
	}
	if len(v.Items) > perPage {
		v.Items, v.More = v.Items[:perPage], true
	}
	b := c.Base("消息")
	b.AsOf, b.Lede = "", "给您本人和本单位的消息。同一件事只提醒一次；本单位的消息每个工作日最多汇总发送一次，节假日不发。"
	return c.Render(http.StatusOK, inboxPage(b, v))
}

// number reads an id; what is none gives 0, which is no notice.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (p pages) open(c *frame.Ctx) error {
	n, err := p.notice.Read(c.R.Context(), c.P, number(c.R.PathValue("id")))
	if err != nil {
		return err
	}
	c.Redirect(frame.LocalPath(n.URL, "/notices"), ui.Flash{})
	return nil
}

func (p pages) readAll(c *frame.Ctx) error {
	upTo := number(c.Form("up_to"))
	if upTo <= 0 {
		return errs.New(errs.Invalid, "没有指明到哪一条为止：请回到消息页重试")
	}
	if err := p.notice.ReadAll(c.R.Context(), c.P, upTo); err != nil {
		return err
	}
	return c.Done("/notices", "已全部标为已读")
}

func (v inboxView) tabs() ui.Tabs {
	return ui.Tabs{Label: "显示", Items: []ui.Tab{
		{Label: "未读", URL: v.address(true, v.Filter.Kind, 0), Count: unreadText(v.Unread), Current: v.Filter.Unread},
		{Label: "全部", URL: v.address(false, v.Filter.Kind, 0), Current: !v.Filter.Unread},
	}}
}

func unreadText(n int) string {
	switch {
	case n == 0:
		return ""
	case n >= notice.MostCounted:
		return strconv.Itoa(notice.MostCounted-1) + "+"
	}
	return strconv.Itoa(n)
}

func (v inboxView) filter() ui.FilterBar {
	f := ui.Field{Kind: ui.Select, Name: "kind", Label: "类别", Value: string(v.Filter.Kind), Blank: "全部"}
	for _, k := range notice.Kinds() {
		f.Options = append(f.Options, ui.Option{Value: string(k), Label: k.Label()})
	}
	bar := ui.FilterBar{Action: "/notices", Target: "#notices", Fields: []ui.Field{f}}
	if !v.Filter.Unread {
		bar.Hidden = []ui.HiddenPair{{Name: "show", Value: "all"}}
	}
	if label := v.Filter.Kind.Label(); label != "" {
		bar.Reset = v.address(v.Filter.Unread, "", 0)
		bar.Chips = []ui.FilterChip{{Label: "类别：" + label, Remove: bar.Reset}}
	}
	return bar
}

// address is the inbox under conditions; before 0 is its first page.
func (v inboxView) address(unread bool, kind notice.Kind, before int64) string {
	q := url.Values{}
	if !unread {
		q.Set("show", "all")
	}
	if kind != "" {
		q.Set("kind", string(kind))
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	if len(q) == 0 {
		return "/notices"
	}
	return "/notices?" + q.Encode()
}

func (v inboxView) table() ui.Table {
	t := ui.NewTable("消息", ui.Column{Label: "事项"}, ui.Column{Label: "类别", Narrow: true}, ui.Column{Label: "时间", Narrow: true}, ui.Column{Label: "状态", Narrow: true}, ui.Column{Label: "办理", Narrow: true})
	t.Empty = ui.Empty{Title: "没有未读消息", Text: "有事需要您或本单位办理时，会出现在这里。", Label: "查看全部消息", URL: v.address(false, "", 0), Icon: "check"}
	if !v.Filter.Unread {
		t.Empty = ui.Empty{Title: "没有消息", Text: "有事需要您或本单位办理时，会出现在这里。"}
	}
	for _, i := range v.Items {
		state := ui.Badge{Text: "未读", Kind: ui.Info}
		if i.Read {
			state = ui.Badge{Text: "已读"}
		}
		t.Rows = append(t.Rows, ui.Row{Muted: i.Read, Cells: []ui.Cell{ui.Text(i.Title).With(i.Body), ui.Node(kindBadge(i.Kind)), ui.Text(ui.Moment(i.At)), ui.Node(state), ui.Node(openButton(i))}})
	}
	return t
}

func kindBadge(k notice.Kind) ui.Badge {
	kinds := map[notice.Kind]ui.Kind{notice.Urge: ui.Danger, notice.Reminder: ui.Warning, notice.Todo: ui.Info}
	return ui.Badge{Text: k.Label(), Kind: kinds[k]}
}

func (v inboxView) pager() ui.Pager {
	pg := ui.Pager{Total: -1}
	if v.More {
		pg.Next = v.address(v.Filter.Unread, v.Filter.Kind, v.Items[len(v.Items)-1].ID)
	}
	if v.Filter.Before > 0 {
		pg.Prev = v.address(v.Filter.Unread, v.Filter.Kind, 0)
	}
	return pg
}

// shownUpTo is the newest notice on the first page: all up to it can be marked as read.
func (v inboxView) shownUpTo() string {
	if v.Filter.Before > 0 || v.Filter.Kind != "" || v.Unread == 0 || len(v.Items) == 0 {
		return ""
	}
	return strconv.FormatInt(v.Items[0].ID, 10)
}
