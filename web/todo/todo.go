// Package todo draws 我的待办: one list over everything that waits for the person who
// looks, with what, since why and by when, whichever room it comes from. It keeps
// nothing: each line is read where it stands, and its link is where it is done.
package todo

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"

	"bihuan/kit/calendar"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .

// most is how many lines of one room are shown; the rest is behind the room's own list.
const most = 50

// Item is one thing that waits.
type Item struct {
	Kind string // 核验进展, 文书, 任务, or the group of a register
	Of   string // the register, or the kind of document
	What string
	Why  string
	Due  calendar.Date // zero when nothing sets a day
	URL  string
}

// Rooms are what the list is read from.
type Rooms struct {
	Register *register.Service
	Matter   *matter.Service
}

type area struct {
	app *frame.App
	Rooms
}

// Routes registers the page.
func Routes(f *frame.App, r Rooms) {
	a := area{f, r}
	f.Handle("GET /todo", a.page)
}

type page struct {
	ui.Base
	Tabs  ui.Tabs
	Table ui.Table
}

func (a area) page(c *frame.Ctx) error {
	if err := c.P.May(org.PlanRead, org.Scope{}); err != nil {
		return err
	}
	items, more, err := a.items(c.R.Context(), c)
	if err != nil {
		return err
	}
	kind := c.Form("kind")
	if !slices.ContainsFunc(items, func(it Item) bool { return it.Kind == kind }) {
		kind = "" // all of that kind is done
	}
	v := page{Base: c.Base("我的待办"), Tabs: tabs(items, kind)}
	v.Lede = "等我办理的事，最急的在前。办完的事自己消失；不在这里的事不欠。"
	if more {
		v.Lede += "每类最多列出 " + strconv.Itoa(most) + " 件。"
	}
	v.Table = table(items, kind, c.Today())
	v.Actions = c.WithBook(nil)
	return c.Lists(view(v), v.Title, v.Table)
}

// items collects what waits, the most urgent first; more says that a room holds further ones.
func (a area) items(ctx context.Context, c *frame.Ctx) (all []Item, more bool, err error) {
	for _, source := range []func(context.Context, *frame.Ctx) ([]Item, bool, error){a.verifications, a.records, a.papers, a.tasks} {
		items, cut, err := source(ctx, c)
		if err != nil {
			return nil, false, err
		}
		all, more = append(all, items...), more || cut
	}
	slices.SortStableFunc(all, func(x, y Item) int {
		if x.Due.IsZero() != y.Due.IsZero() {
			return cmp.Compare(bit(x.Due.IsZero()), bit(y.Due.IsZero()))
		}
		return x.Due.Compare(y.Due)
	})
	return all, more, nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// verifications are reported values that the person may verify.
func (a area) verifications(ctx context.Context, c *frame.Ctx) (all []Item, more bool, err error) {
	waiting, total, err := a.app.Plan.ToDecide(ctx, c.P, most)
	for _, w := range waiting {
		all = append(all, Item{Kind: "核验进展", What: w.Task.Title, Why: w.Entry.ReporterName + "填报了 " + plan.Amount(w.Entry.Value, w.Target.Unit) + "，待核验", URL: "/verify"})
	}
	return all, total > len(waiting), err
}

// records are those of registers that the person has to move on.
func (a area) records(ctx context.Context, c *frame.Ctx) (all []Item, more bool, err error) {
	records, total, err := a.Register.List(ctx, c.P, register.Query{Owed: true, Limit: most})
	for _, r := range records {
		d, ok := a.Register.Catalog().Get(r.Register)
		if !ok {
			continue
		}
		why := r.Stage
		if s, ok := d.Stage(r.Stage); ok {
			why = "处于“" + s.Label + "”，等您办理"
		}
		all = append(all, Item{Kind: d.Group, Of: d.Name, What: cmp.Or(r.Title, r.No), Why: why, Due: r.Due, URL: "/records/" + r.ID})
	}
	return all, total > len(records), err
}

// papers are drafts to finish and documents to approve.
func (a area) papers(ctx context.Context, c *frame.Ctx) (all []Item, more bool, err error) {
	for _, x := range []struct {
		needs org.Action
		state matter.State
		why   string
	}{{org.MatterApprove, matter.Submitted, "待审批"}, {org.MatterIssue, matter.Drafting, "草稿，核对后送审"}} {
		if !c.P.MayAnywhere(x.needs) {
			continue
		}
		papers, total, err := a.Matter.List(ctx, c.P, matter.Query{State: x.state, Limit: most})
		if err != nil {
			return nil, false, err
		}
		for _, in := range papers {
			all = append(all, Item{Kind: "文书", Of: in.Kind.Label(), What: in.Title, Why: x.why, URL: "/matters/papers/" + in.ID})
		}
		more = more || total > len(papers)
	}
	return all, more, nil
}

// tasks are those whose turn is with the person's unit.
func (a area) tasks(ctx context.Context, c *frame.Ctx) (all []Item, more bool, err error) {
	board, err := a.app.Supervise.Board(ctx, c.P)
	if err != nil || c.P.UnitID == "" {
		return nil, false, err
	}
	for _, t := range board.Tasks {
		if string(t.Turn.Unit) != c.P.UnitID || t.Turn.What == "" || !t.State.Running() {
			continue
		}
		due, _ := calendar.ParseDate(t.DueOn)
		if level := t.Shown(); level != supervise.Red && level != supervise.Yellow {
			due = calendar.Date{} // the year's end presses nobody who is on pace
		}
		if len(all) == most {
			return all, true, nil
		}
		all = append(all, Item{Kind: "任务", What: t.Title, Why: t.Turn.What, Due: due, URL: "/tasks/" + t.ID})
	}
	return all, false, nil
}

func tabs(items []Item, now string) ui.Tabs {
	counts := map[string]int{}
	var order []string
	for _, it := range items {
		if counts[it.Kind]++; counts[it.Kind] == 1 {
			order = append(order, it.Kind)
		}
	}
	t := ui.Tabs{Label: "按类别查看", Items: []ui.Tab{{Label: "全部", URL: "/todo", Count: strconv.Itoa(len(items)), Current: now == ""}}}
	for _, k := range order {
		t.Items = append(t.Items, ui.Tab{Label: k, URL: "/todo?kind=" + url.QueryEscape(k), Count: strconv.Itoa(counts[k]), Current: k == now})
	}
	return t
}

func table(items []Item, kind string, today calendar.Date) ui.Table {
	t := ui.NewTable("我的待办", ui.Column{Label: "事项"}, ui.Column{Label: "类别"}, ui.Column{Label: "为什么"}, ui.Column{Label: "期限", Narrow: true})
	t.Empty = ui.Empty{Title: "现在没有等您办理的事", Text: "轮到您的记录、文书、填报和任务会出现在这里。", Label: "看任务清单", URL: "/tasks", Icon: "check"}
	for _, it := range items {
		if kind != "" && it.Kind != kind {
			continue
		}
		due := ui.Text("—")
		switch {
		case it.Due.IsZero():
		case it.Due.Before(today):
			due = ui.Node(ui.Badge{Text: "已逾期", Kind: ui.Danger}).With(it.Due.Chinese())
		default:
			due = ui.Text(it.Due.Chinese())
		}
		t.Rows = append(t.Rows, ui.Row{URL: it.URL, Cells: []ui.Cell{ui.Link(it.What, it.URL), ui.Text(it.Kind).With(it.Of), ui.Text(it.Why), due}})
	}
	return t
}
