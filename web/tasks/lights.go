package tasks

import (
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// lightTask reads the task whose light somebody wants to set by hand.
func lightTask(c *frame.Ctx) (plan.Detail, *supervise.TaskLight, error) {
	ctx := c.R.Context()
	d, err := c.App.Plan.Task(ctx, c.P, c.R.PathValue("id"))
	if err != nil {
		return d, nil, err
	}
	if err := c.P.May(org.LightOverride, org.Scope{}); err != nil {
		return d, nil, err
	}
	board, err := c.App.Supervise.Board(ctx, c.P)
	if err != nil {
		return d, nil, err
	}
	t := board.Task(d.ID)
	if t == nil {
		return d, nil, errs.New(errs.Conflict, "这项任务已移出清单，不能再改判")
	}
	return d, t, nil
}

func lightForm(c *frame.Ctx) error {
	d, t, err := lightTask(c)
	if err != nil {
		return err
	}
	return showForm(c, lightView(c, d, t))
}

func lightSave(c *frame.Ctx) error {
	d, t, err := lightTask(c)
	if err != nil {
		return err
	}
	if err := c.App.Supervise.SetLight(c.R.Context(), c.P, d.ID, supervise.Level(c.Form("level")), c.Form("reason"), c.Form("until")); err != nil {
		v := lightView(c, d, t)
		v.Fields = typed(c, v.Fields)
		return redraw(c, v, err)
	}
	return c.Done(taskURL(d.ID), "灯色已改判，计算的灯色仍在旁边显示。")
}

func lightLift(c *frame.Ctx) error {
	d, _, err := lightTask(c)
	if err != nil {
		return err
	}
	if err := c.App.Supervise.LiftLight(c.R.Context(), c.P, d.ID); err != nil {
		return err
	}
	return c.Done(taskURL(d.ID), "已取消改判，恢复计算的灯色。")
}

func lightView(c *frame.Ctx, d plan.Detail, t *supervise.TaskLight) formView {
	v := aboutTask(c, d, "人工改判灯色", taskURL(d.ID))
	v.Facts = ui.Facts{Items: []ui.Fact{{Term: "系统计算", Node: ui.Light{Level: levelOf(t.Computed.Level), Reason: t.Computed.Reason}}}}
	v.Note = ui.Alert{Kind: ui.Info, Text: "改判只改变显示的灯色，计算的灯色始终并列显示；到期自动恢复；理由记入审计日志。"}
	v.Form = ui.Form{Action: taskURL(d.ID) + "/light", NoValid: true}
	level := ui.Field{Kind: ui.Radio, Name: "level", Label: "改判为", Required: true}
	for _, l := range supervise.Levels {
		if l != supervise.Grey {
			level.Options = append(level.Options, ui.Option{Value: string(l), Label: l.Label()})
		}
	}
	v.Fields = []ui.Field{level,
		{Kind: ui.TextArea, Name: "reason", Label: "理由", Required: true, Rows: 3, Size: ui.Full, MaxLength: 300, Hint: "写明事实和依据。"},
		{Kind: ui.Date, Name: "until", Label: "失效日期", Required: true, Size: ui.Short, Min: c.Today().String()},
	}
	v.Submit = ui.Buttons{{Label: "改判", Kind: ui.Primary}}
	return v
}
