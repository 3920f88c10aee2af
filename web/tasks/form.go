package tasks

import (
	"context"
	"net/http"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// formView is a page with one form: a page of its own without scripts, a window
// over the task with them.
type formView struct {
	ui.Base
	Facts  ui.Facts // what the form is about
	Note   ui.Alert // drawn when it has a text
	Form   ui.Form
	Fields []ui.Field
	Submit ui.Buttons
	Cancel string
}

// redraw shows a form again after the use case refused what was typed: the input
// stays, each message stands at its field. Refusals that no typing mends are
// given back to the caller.
func redraw(c *frame.Ctx, v formView, err error) error {
	code := errs.CodeOf(err)
	if code != errs.Invalid && code != errs.Conflict && code != errs.TooLarge {
		return err
	}
	v.Form.Problems = ui.Problems(err)
	for i := range v.Fields {
		v.Fields[i].Error = errs.FieldMessages(err)[v.Fields[i].Name]
		v.Fields[i].Focus = false
	}
	return c.Render(frame.StatusOf(code), formTempl(v))
}

// typed fills fields with what the request carries.
func typed(c *frame.Ctx, fields []ui.Field) []ui.Field {
	for i := range fields {
		if fields[i].Kind != ui.File {
			fields[i].Value = c.Form(fields[i].Name)
		}
	}
	return fields
}

// showForm draws a form for the first time.
func showForm(c *frame.Ctx, v formView) error { return c.Render(http.StatusOK, formTempl(v)) }

// taskFor reads the task that a form is about and refuses who may not do the action on it.
func taskFor(c *frame.Ctx, a org.Action) (plan.Detail, error) {
	d, err := c.App.Plan.Task(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return d, err
	}
	return d, c.P.May(a, scopeOf(d.Units, d.Territory))
}

// targetFor reads the target that a form is about, with its task.
func targetFor(ctx context.Context, c *frame.Ctx) (d plan.Detail, t plan.TargetDetail, err error) {
	id := c.R.PathValue("id")
	taskID, err := c.App.Plan.TaskOf(ctx, c.P, id)
	if err != nil {
		return d, t, err
	}
	if d, err = c.App.Plan.Task(ctx, c.P, taskID); err != nil {
		return d, t, err
	}
	for _, g := range d.Targets {
		if g.ID == id {
			return d, g, nil
		}
	}
	return d, t, errs.New(errs.NotFound, "没有这项目标：可能地址有误")
}

// aboutTask is a form page under a task.
func aboutTask(c *frame.Ctx, d plan.Detail, title, back string) formView {
	v := formView{Base: c.Base(title, ui.Crumb{Label: "任务清单", URL: "/tasks"}, ui.Crumb{Label: d.No, URL: taskURL(d.ID)}), Cancel: back}
	v.Lede, v.AsOf = d.Title, ""
	return v
}

// revisionField carries the revision that the person saw, so that a stale page is refused.
func revisionField(d plan.Detail) ui.HiddenPair {
	return ui.HiddenPair{Name: "revision", Value: itoa(d.Revision)}
}

// back is where a small form returns to: a page of ours named by the request, else the other one.
func back(c *frame.Ctx, otherwise string) string {
	if to := c.Form("return"); to != "" {
		return frame.LocalPath(to, otherwise)
	}
	return otherwise
}

func keepReturn(c *frame.Ctx) []ui.HiddenPair {
	if to := c.Form("return"); to != "" {
		return []ui.HiddenPair{{Name: "return", Value: to}}
	}
	return nil
}
