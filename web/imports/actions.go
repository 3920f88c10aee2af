package imports

import (
	"net/http"
	"strconv"

	"bihuan/kit/errs"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// ops are the corrections that need no form, by the last part of their address.
var ops = map[string]struct {
	op   plan.Op
	done string
}{
	"delete":  {plan.OpDelete, "已改为不列入，可随时恢复"},
	"restore": {plan.OpRestore, "已恢复列入"},
	"merge":   {plan.OpMerge, "已并入上一项"},
}

// act deletes, restores or merges an item.
func (a area) act(c *frame.Ctx) error {
	what, ok := ops[c.R.PathValue("action")]
	if !ok {
		return frame.NoPage()
	}
	item := c.R.PathValue("item")
	back := item
	if what.op == plan.OpMerge {
		back = ""
	}
	return a.correct(c, plan.Correction{Op: what.op, Item: item}, back, what.done)
}

// undo takes back the last correction that holds.
func (a area) undo(c *frame.Ctx) error {
	return a.correct(c, plan.Correction{Op: plan.OpUndo}, "", "已撤销上一步更正")
}

// correct makes a correction from the review page. A refusal is shown on that
// page, drawn with what holds now.
func (a area) correct(c *frame.Ctx, what plan.Correction, item, done string) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	if what.Item != "" {
		if _, ok := find(&l.Draft, what.Item); !ok {
			return noItem()
		}
	}
	if what.Op == plan.OpMerge {
		item = before(&l.Draft, what.Item)
	}
	err = a.app.Plan.Correct(c.R.Context(), c.P, l.ID, c.Int("revision", -1), what)
	if err == nil {
		return c.Done(reviewURL(l.ID, c.Form("show"), item), done)
	}
	return a.refused(c, err)
}

// before is the live task before another: the one that a merged task ends up in.
func before(d *plan.Draft, id string) string {
	last := ""
	for i := range d.Tasks {
		if d.Tasks[i].ID == id {
			return last
		}
		if !d.Tasks[i].Deleted {
			last = d.Tasks[i].ID
		}
	}
	return ""
}

// refused shows on the review page why an action was refused.
func (a area) refused(c *frame.Ctx, cause error) error {
	if !mendable(cause) {
		return cause
	}
	l, err := a.load(c)
	if err != nil || !l.back.Read {
		return cause
	}
	return a.drawReview(c, frame.StatusOf(errs.CodeOf(cause)), &l, cause)
}

// submit hands the draft to a second person.
func (a area) submit(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	if err := a.app.Plan.Submit(c.R.Context(), c.P, l.ID, c.Int("revision", -1)); err != nil {
		return a.refused(c, err)
	}
	return c.Done(importURL(l.ID), "已提交，等待另一人复核发布")
}

// discard gives the import up.
func (a area) discard(c *frame.Ctx) error {
	l, err := a.load(c)
	if err != nil {
		return err
	}
	if err := a.app.Plan.Discard(c.R.Context(), c.P, l.ID); err != nil {
		return err
	}
	return c.Done(listURL, "已放弃“"+l.Title+"”")
}

// splitPage asks where a task ends and a second one begins.
type splitPage struct {
	ui.Base
	Form  ui.Form
	Where ui.Field
	Title ui.Field
	Back  string
}

func (a area) splitForm(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	return a.drawSplit(c, http.StatusOK, &l, nil)
}

// split cuts a task in two at the beginning of a sentence.
func (a area) split(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	item, revision := c.R.PathValue("item"), c.Int("revision", -1)
	if p, ok := find(&l.Draft, item); !ok || p.unit != nil || p.target != nil {
		return noItem()
	}
	if _, err := strconv.Atoi(c.Form("at")); err != nil {
		var check errs.Check
		check.Require(false, "at", "请选择第二项任务从哪一句开始")
		return a.drawSplit(c, http.StatusUnprocessableEntity, &l, check.Err())
	}
	err = a.app.Plan.Correct(c.R.Context(), c.P, l.ID, revision, plan.Correction{Op: plan.OpSplit, Item: item, At: c.Int("at", 0), Fields: map[string]string{"title": c.Form("title")}})
	if err == nil {
		return c.Done(reviewURL(l.ID, c.Form("show"), "a"+strconv.Itoa(revision+1)), "已拆分为两项")
	}
	if !mendable(err) {
		return err
	}
	if l, reload := a.loadDraft(c); reload == nil {
		return a.drawSplit(c, frame.StatusOf(errs.CodeOf(err)), &l, err)
	}
	return err
}

func (a area) drawSplit(c *frame.Ctx, status int, l *loaded, cause error) error {
	p, ok := find(&l.Draft, c.R.PathValue("item"))
	if !ok || p.unit != nil || p.target != nil {
		return noItem()
	}
	v := splitPage{Base: c.Base("拆分任务", importCrumbs(l.Import)...), Back: reviewURL(l.ID, c.Form("show"), p.task.ID)}
	v.Eyebrow, v.AsOf = p.task.Title, ""
	v.Lede = "前一项任务到所选句子之前为止；所选句子及以后的目标归第二项，责任单位两项都有。"
	v.Form = form(l, importURL(l.ID, "items", p.task.ID, "split"), c.Form("show"), cause)
	messages := errs.FieldMessages(cause)
	v.Where = ui.Field{Kind: ui.Radio, Name: "at", Label: "第二项任务从哪一句开始", Required: true, Value: c.Form("at"), Error: messages["at"], Options: options(sentencesOf(l.Text, p.task))}
	v.Title = ui.Field{Name: "title", Label: "第二项任务的名称", Required: true, Value: c.Form("title"), Error: messages["title"], Size: ui.Full, MaxLength: 200}
	return c.Render(status, splitView(v))
}
