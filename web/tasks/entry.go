package tasks

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"time"

	"bihuan/kit/blob"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// decision is a way of refusing a reported value: it always needs a reason.
type decision struct {
	path, title, hint, button, done string
	act                             func(c *frame.Ctx, id, reason string) error
}

// returning sends a value back to its unit; withdrawing takes it out of the count.
var (
	returning = decision{path: "return", title: "退回核实", hint: "写明哪里不符、需要补什么，填报人会看到。", button: "退回", done: "已退回填报单位。",
		act: func(c *frame.Ctx, id, reason string) error {
			return c.App.Plan.ReturnEntry(c.R.Context(), c.P, id, reason)
		}}
	withdrawing = decision{path: "withdraw", title: "撤回填报", hint: "撤回后这个数不再计入，记录仍保留。", button: "撤回", done: "已撤回，这个数不再计入。",
		act: func(c *frame.Ctx, id, reason string) error {
			return c.App.Plan.WithdrawEntry(c.R.Context(), c.P, id, reason)
		}}
)

func entryVerify(c *frame.Ctx) error {
	ctx := c.R.Context()
	w, err := c.App.Plan.Entry(ctx, c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	if err := c.App.Plan.Verify(ctx, c.P, w.Entry.ID); err != nil {
		return err
	}
	return c.Done(back(c, targetAnchor(w.Task.ID, w.Target.ID)), "已核验："+w.Target.Subject+" "+figure(w.Target, &w.Value)+"。")
}

func entryForm(kind decision) frame.Handler {
	return func(c *frame.Ctx) error {
		v, err := kind.view(c)
		if err != nil {
			return err
		}
		return showForm(c, v)
	}
}

func entrySave(kind decision) frame.Handler {
	return func(c *frame.Ctx) error {
		v, err := kind.view(c)
		if err != nil {
			return err
		}
		if err := kind.act(c, c.R.PathValue("id"), c.Form("reason")); err != nil {
			v.Fields = typed(c, v.Fields)
			return redraw(c, v, err)
		}
		return c.Done(v.Cancel, kind.done)
	}
}

func (k decision) view(c *frame.Ctx) (formView, error) {
	w, err := c.App.Plan.Entry(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return formView{}, err
	}
	d, err := c.App.Plan.Task(c.R.Context(), c.P, w.Task.ID)
	if err != nil {
		return formView{}, err
	}
	own := k.path == withdrawing.path && w.State == plan.EntryReported && w.ReportedBy == c.P.ID
	if !own {
		if err := c.P.May(org.ProgressVerify, partScope(scopeOf(d.Units, d.Territory), w.Territory)); err != nil {
			return formView{}, err
		}
	}
	v := aboutTask(c, d, k.title, back(c, targetAnchor(d.ID, w.Target.ID)))
	v.Facts = ui.Facts{Items: []ui.Fact{
		{Term: "目标", Text: w.Target.Pledge()},
		{Term: "填报", Text: figure(w.Target, &w.Value), Sub: nameOfTerritory(c.App.Pack, w.Territory) + "，截至 " + w.AsOf},
		{Term: "填报人", Text: w.ReporterUnit + " " + w.ReporterName, Sub: ui.Moment(w.ReportedAt)},
		{Term: "状态", Text: w.State.Label()},
	}}
	v.Form = ui.Form{Action: "/entries/" + w.Entry.ID + "/" + k.path, NoValid: true, Hidden: keepReturn(c)}
	v.Fields = []ui.Field{{Kind: ui.TextArea, Name: "reason", Label: "理由", Required: true, Size: ui.Full, Rows: 3, MaxLength: 500, Hint: k.hint, Focus: true}}
	v.Submit = ui.Buttons{{Label: k.button, Kind: ui.Primary}}
	return v, nil
}

func entryProof(c *frame.Ctx) error {
	f, name, err := c.App.Plan.Proof(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	return serve(c, f, name)
}

func milestoneProof(c *frame.Ctx) error {
	f, name, err := c.App.Plan.MilestoneProof(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	return serve(c, f, name)
}

// serve hands a stored proof out as what its bytes say it is.
func serve(c *frame.Ctx, f io.ReadSeekCloser, name string) error {
	defer func() { _ = f.Close() }() // read only
	data, err := io.ReadAll(io.LimitReader(f, plan.MaxProof+1))
	if err != nil {
		return fmt.Errorf("read proof %q: %w", name, err)
	}
	kind, err := blob.Sniff(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	h := c.W.Header()
	for k, v := range blob.ServeHeaders(kind, name) {
		h[k] = v
	}
	c.Wrote()
	http.ServeContent(c.W, c.R, "", time.Time{}, bytes.NewReader(data))
	return nil
}

func targetRedirect(c *frame.Ctx) error {
	id := c.R.PathValue("id")
	taskID, err := c.App.Plan.TaskOf(c.R.Context(), c.P, id)
	if err != nil {
		return err
	}
	c.Redirect(targetAnchor(taskID, id), ui.Flash{})
	return nil
}
