package tasks

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"bihuan/city"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// owedView is what the person's unit or territory has to report.
type owedView struct {
	ui.Base
	Tabs  ui.Tabs
	Table ui.Table
	Pager ui.Pager
	Steps ui.Table
}

// owedPart is one target, or one territory's part of it, for which the person reports.
type owedPart struct {
	task   *supervise.TaskLight
	target *supervise.TargetLight
	part   city.TerritoryID
	shared *supervise.PartLight // nil for a whole target
}

func (o owedPart) light() supervise.Light {
	if o.shared != nil {
		return o.shared.Light
	}
	return o.target.Light
}

func (o owedPart) actual() plan.Actual {
	if o.shared != nil {
		return o.shared.Actual
	}
	return o.target.Actual
}

func (o owedPart) deviation() city.BasisPoints {
	if o.shared != nil {
		return o.shared.Deviation
	}
	return o.target.Deviation
}

// The groups of the page.
const (
	owedAll     = ""
	owedBehind  = "behind"
	owedSilent  = "silent"
	owedPending = "pending"
)

// in reports whether a part belongs to a group.
func (o owedPart) in(group string) bool {
	level, a := o.light().Level, o.actual()
	switch group {
	case owedBehind:
		return level == supervise.Red || level == supervise.Yellow || level == supervise.Blue
	case owedSilent:
		return a.Value == nil && a.Pending == nil
	case owedPending:
		return a.Pending != nil
	}
	return true
}

func owedPage(c *frame.Ctx) error {
	if !c.P.MayAnywhere(org.ProgressReport) {
		return c.P.May(org.ProgressReport, org.Scope{})
	}
	board, err := c.App.Supervise.Board(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	parts := owedParts(c.P, board)
	group := c.Form("show")
	v := owedView{Base: c.Base("填报进展")}
	v.Wide = true
	v.Lede = "能由我填报的目标，落后的在前。按节点报送的，有了新进展再报；同一件事只报一次。"
	v.Tabs = owedTabs(parts, group)
	chosen := slices.DeleteFunc(slices.Clone(parts), func(o owedPart) bool { return !o.in(group) })
	from, to, pager := pageOf(len(chosen), max(1, c.Int("page", 1)), func(n int) string { return owedURL(group, n) })
	v.Pager = pager
	v.Table = owedTable(c, chosen[from:to])
	if group != owedAll && len(parts) > 0 {
		v.Table.Empty = ui.Empty{Title: "这一类现在没有", Label: "查看全部", URL: owedURL(owedAll, 1), Icon: "check"}
	}
	v.Steps = owedSteps(c, board)
	return c.Render(http.StatusOK, owedTempl(v))
}

// owedParts lists what the person may report, the most behind first.
func owedParts(p org.Principal, b *supervise.Board) []owedPart {
	var parts []owedPart
	may := p.Extent(org.ProgressReport)
	for _, t := range b.Tasks {
		if !t.State.Running() {
			continue
		}
		scope := scopeOf(t.Units, t.Territory)
		for i := range t.Targets {
			g := &t.Targets[i]
			if !g.Quantified() || g.Measure.Bound() {
				continue
			}
			if len(g.Shares) == 0 {
				if within(may, scope) {
					parts = append(parts, owedPart{task: t, target: g})
				}
				continue
			}
			for j := range g.ByPart {
				if within(may, partScope(scope, g.ByPart[j].Territory)) {
					parts = append(parts, owedPart{t, g, g.ByPart[j].Territory, &g.ByPart[j]})
				}
			}
		}
	}
	slices.SortStableFunc(parts, func(a, b owedPart) int {
		return cmp.Or(cmp.Compare(urgency(a), urgency(b)), cmp.Compare(a.deviation(), b.deviation()), cmp.Compare(a.task.DueOn, b.task.DueOn))
	})
	return parts
}

// urgency puts what is behind first, then what is silent, then the rest.
func urgency(o owedPart) int {
	switch o.light().Level {
	case supervise.Red:
		return 0
	case supervise.Yellow:
		return 1
	case supervise.Blue:
		return 2
	case supervise.Grey:
		return 3
	case supervise.Green:
	}
	return 4
}

func owedTabs(parts []owedPart, group string) ui.Tabs {
	tabs := ui.Tabs{Label: "填报的范围"}
	for _, g := range []struct{ code, label string }{{owedAll, "全部"}, {owedBehind, "落后"}, {owedSilent, "未报"}, {owedPending, "待核验"}} {
		n := 0
		for _, p := range parts {
			if p.in(g.code) {
				n++
			}
		}
		tabs.Items = append(tabs.Items, ui.Tab{Label: g.label, URL: owedURL(g.code, 1), Count: itoa(n), Current: g.code == group})
	}
	return tabs
}

// owedURL is the address of a page of a group.
func owedURL(group string, page int) string {
	v := url.Values{}
	if group != owedAll {
		v.Set("show", group)
	}
	if page > 1 {
		v.Set("page", itoa(page))
	}
	return "/report" + suffix(v)
}

func owedTable(c *frame.Ctx, parts []owedPart) ui.Table {
	table := ui.NewTable("由我填报的目标", ui.Column{Label: "目标"}, ui.Column{Label: "地区", Narrow: true}, ui.Column{Label: "已核验", Num: true},
		ui.Column{Label: "进度"}, ui.Column{Label: "灯色"}, ui.Column{Label: "期限", Narrow: true}, ui.Column{Label: "填报", Narrow: true})
	table.Empty = ui.Empty{Title: "没有需要填报的目标", Text: "本单位、本地区承担的量化目标会列在这里。", Label: "查看任务清单", URL: "/tasks"}
	for _, o := range parts {
		a, g := o.actual(), o.target
		value := ui.Text("未报")
		if a.Value != nil {
			value = ui.Num(figure(g.Target, a.Value), targetAnchor(o.task.ID, g.ID)).With("截至 " + a.AsOf)
		}
		if a.Pending != nil {
			value.Sub = "待核验 " + figure(g.Target, a.Pending)
		}
		bar, has := barOf(g, true, "")
		if o.shared != nil {
			bar, has = partBar(g.Target, o.shared)
		}
		progress := ui.Text(noWord)
		if has {
			progress = ui.Node(bar)
		}
		pledge := g.Pledge()
		if o.shared != nil {
			pledge = g.Subject + " " + plan.Amount(o.shared.Share, g.Unit)
		}
		to := targetURL(g.ID) + "/report?return=/report"
		if o.part != "" {
			to += "&territory=" + string(o.part)
		}
		light := o.light()
		table.Rows = append(table.Rows, ui.Row{URL: targetAnchor(o.task.ID, g.ID), Cells: []ui.Cell{ui.Text(pledge).With(o.task.Title), ui.Text(nameOfTerritory(c.App.Pack, o.part)), value, progress,
			ui.Node(ui.Light{Level: levelOf(light.Level), Reason: light.Reason}), ui.Text(o.task.DueOn), ui.Node(ui.Button{Label: "填报", Small: true, URL: to, Dialog: true})}})
	}
	return table
}

// owedSteps lists the open milestones that the person may report, the earliest first.
func owedSteps(c *frame.Ctx, b *supervise.Board) ui.Table {
	table := ui.NewTable("由我填报的时间节点", ui.Column{Label: "节点"}, ui.Column{Label: "计划", Narrow: true}, ui.Column{Label: "灯色"}, ui.Column{Label: "填报", Narrow: true})
	may := c.P.Extent(org.ProgressReport)
	for _, t := range b.Tasks {
		if len(t.Steps) == 0 || !t.State.Running() || !within(may, scopeOf(t.Units, t.Territory)) {
			continue
		}
		for _, m := range t.Steps {
			if m.ActualOn != "" {
				continue
			}
			rules := c.App.Pack.Thresholds
			if p := b.Plan(t.PlanID); p != nil {
				rules = p.Rules
			}
			l := supervise.JudgeMilestones([]plan.Milestone{m}, b.Today, c.App.Pack.Calendar, rules.LightFor(t.Category))
			table.Rows = append(table.Rows, ui.Row{ID: m.PlannedOn + m.ID, URL: stepsURL(t.ID), Cells: []ui.Cell{ui.Text(m.Name).With(t.Title), ui.Text(m.PlannedOn),
				ui.Node(ui.Light{Level: levelOf(l.Level), Reason: l.Reason}), ui.Node(ui.Button{Label: "报完成", Small: true, URL: stepURL(t.ID, m.ID, "reach"), Dialog: true})}})
		}
	}
	slices.SortFunc(table.Rows, func(a, b ui.Row) int { return cmp.Compare(a.ID, b.ID) })
	return table
}
