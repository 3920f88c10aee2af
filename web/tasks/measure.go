package tasks

import (
	"context"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// courses are the values of a task's targets at the ends of past months and today.
type courses struct {
	days   []calendar.Date
	values map[string][]*quantity.Quantity
}

// coursesOf reads the course of each target with a number; targets that left the
// list have none.
func coursesOf(ctx context.Context, c *frame.Ctx, t *supervise.TaskLight, today calendar.Date) (courses, error) {
	if t == nil {
		return courses{}, nil
	}
	start := calendar.Of(today.Year(), 1, 1)
	var rows []supervise.TargetRow
	for i := range t.Targets {
		g := &t.Targets[i]
		if !g.Quantified() {
			continue
		}
		rows = append(rows, supervise.TargetRow{Task: t, Target: g})
		if !g.Curve.Start.IsZero() && g.Curve.Start.Before(start) {
			start = g.Curve.Start
		}
	}
	days := supervise.MonthEnds(start, today)
	values, err := c.App.Supervise.Courses(ctx, c.P, rows, days)
	return courses{days, values}, err
}

// at is the value of a target at the end of a month, or today within the month
// that runs; nil when nothing was known.
func (c courses) at(target string, end calendar.Date) *quantity.Quantity {
	values := c.values[target]
	for i, day := range c.days {
		if i < len(values) && day.Year() == end.Year() && day.Month() == end.Month() && (day == end || i == len(c.days)-1) {
			return values[i]
		}
	}
	return nil
}

// forecastFact is the forecast of a target's end; false where there is none.
func forecastFact(l *supervise.TargetLight, c courses) (ui.Fact, bool) {
	values := c.values[l.ID]
	asOf, err := calendar.ParseDate(l.Actual.AsOf)
	if err != nil || len(values) != len(c.days) {
		return ui.Fact{}, false
	}
	f := supervise.Project(l.Target, c.days, values, asOf)
	if f == nil {
		return ui.Fact{}, false
	}
	return ui.Fact{Term: "测算到期末", Text: "约 " + plan.Amount(f.Mid, l.Unit),
		Sub: plan.Amount(f.Low, "") + " 至 " + plan.Amount(f.High, l.Unit) + "，约八成把握；按至今 " + itoa(f.Periods) + " 段进度与序时之比推算，是测算，不是核定数"}, true
}

// sourceFact says in words where the value of a target comes from, with the pages under it.
func (t taskParts) sourceFact(l *supervise.TargetLight) ui.Fact {
	f := ui.Fact{Term: "数据来源", Text: "单位填报，另一人核验"}
	switch l.Measure.Kind {
	case plan.Register:
		f.Sub = "已核验的记录按佐证生效日期计数，每天更新；截至今天"
	case plan.Series:
		f.Sub = "全市与全省同期同指标已发布增速之差；截至最近一期"
	case plan.Ledger:
		f.Sub = "已入账的金额，每天更新；截至今天"
	case plan.Reported:
		f.Sub = "截至填报人写明的日期"
	}
	if l.Measure.Bound() {
		f.Text = l.Measure.Kind.Label()
		if places := t.c.App.Supervise.Behind(l.Target, t.today, t.d.Territory); len(places) > 0 {
			f.Node = behindTempl(measureID(l.ID), places, f.Sub)
		}
	}
	return f
}

// valueURL is where a value of a target opens: the records behind it, or what was reported.
func (t taskParts) valueURL(g plan.Target, territory city.TerritoryID) string {
	if territory == "" {
		territory = t.d.Territory
	}
	switch places := t.c.App.Supervise.Behind(g, t.today, territory); len(places) {
	case 0:
		return "#entries-" + g.ID
	case 1:
		return places[0].URL
	default: // a sum opens to its parts
		return "#" + measureID(g.ID)
	}
}

// measureID is where a target's page names what its value is counted from.
func measureID(target string) string { return "measure-" + target }

// refuseBound tells who would report what is counted where to go instead.
func refuseBound(c *frame.Ctx, t plan.Target) error {
	if !t.Measure.Bound() {
		return nil
	}
	var names []string
	for _, p := range c.App.Supervise.Behind(t, c.Today(), "") {
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		names = []string{t.Measure.Kind.Label()}
	}
	return errs.New(errs.Conflict, "“%s”的数由%s自动得出，不用填报：请到那里登记，核验后自动计入", t.Subject, strings.Join(names, "、"))
}

func bindForm(c *frame.Ctx) error {
	d, t, err := bindTarget(c)
	if err != nil {
		return err
	}
	return showForm(c, bindView(c, d, t))
}

func bindSave(c *frame.Ctx) error {
	d, t, err := bindTarget(c)
	if err != nil {
		return err
	}
	to := plan.Binding{Kind: plan.MeasureKind(c.Form("kind")), Ref: c.Form("ref")}
	if err := c.App.Plan.Bind(c.R.Context(), c.P, t.ID, c.Int("revision", 0), to, c.Form("reason")); err != nil {
		v := bindView(c, d, t)
		v.Fields = typed(c, v.Fields)
		return redraw(c, v, err)
	}
	return c.Done(targetAnchor(d.ID, t.ID), "数据来源已更换，进度和灯色按新的来源计算。")
}

func bindTarget(c *frame.Ctx) (plan.Detail, plan.TargetDetail, error) {
	d, t, err := targetFor(c.R.Context(), c)
	if err != nil {
		return d, t, err
	}
	return d, t, c.P.May(org.PlanCorrect, org.Scope{})
}

func bindView(c *frame.Ctx, d plan.Detail, t plan.TargetDetail) formView {
	v := aboutTask(c, d, "更换数据来源", targetAnchor(d.ID, t.ID))
	v.Facts = ui.Facts{Items: []ui.Fact{{Term: "目标", Text: t.Pledge()}, {Term: "现在的来源", Text: t.Measure.Kind.Label(), Sub: t.Measure.Ref}}}
	v.Note = ui.Alert{Kind: ui.Info, Text: "换成自动计数后，不再填报；此前填报的数保留，不再计入。"}
	v.Form = ui.Form{Action: targetURL(t.ID) + "/measure", Guard: true, NoValid: true, Hidden: []ui.HiddenPair{revisionField(d)}}
	v.Fields = []ui.Field{
		{Kind: ui.Select, Name: "kind", Label: "数据来源", Value: string(t.Measure.Kind), Required: true, Size: ui.Short, Options: termOptions(plan.MeasureKinds)},
		{Name: "ref", Label: "编号", Value: t.Measure.Ref, Optional: true, Size: ui.Full, MaxLength: 200, Hint: "台账写成 台账/计数，几个相加用 +；统计数据写指标编号；单位填报不写。"},
		{Kind: ui.TextArea, Name: "reason", Label: "理由", Required: true, Rows: 2, Size: ui.Full, MaxLength: 300},
	}
	v.Submit = ui.Buttons{{Label: "更换", Kind: ui.Primary}}
	return v
}
