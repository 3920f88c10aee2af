package imports

import (
	"net/http"
	"strconv"
	"strings"

	"bihuan/kit/errs"
	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// addKinds are the things that can be added to a draft.
var addKinds = map[string]struct {
	op    plan.Op
	title string
}{"task": {plan.OpAddTask, "补充任务"}, "unit": {plan.OpAddUnit, "补充责任单位"}, "target": {plan.OpAddTarget, "补充目标"}}

// addForm asks for a new task, unit or target: ?item= says where, ?text= holds
// words selected in the source.
func (a area) addForm(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	text := oneLine(c.Form("text"))
	typed := plan.Values{}
	switch c.R.PathValue("kind") {
	case "task":
		typed = plan.Values{"title": text, "category": "项目", "section": string(read.SectionTasks)}
	case "unit":
		typed = plan.Values{"name": text, "role": string(read.RoleResponsible)}
	case "target":
		typed = plan.Values{"quote": text, "subject": text, "kind": string(plan.Flow), "comparator": string(read.AtLeast)}
	}
	return a.drawAdd(c, http.StatusOK, &l, typed, nil)
}

// oneLine brings selected words onto one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), "") }

// add adds a task, unit or target to the draft.
func (a area) add(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	what, ok := addKinds[c.R.PathValue("kind")]
	if !ok {
		return frame.NoPage()
	}
	names := map[string]plan.Values{"task": new(plan.DraftTask).Values(), "unit": new(plan.DraftUnit).Values(), "target": new(plan.DraftTarget).Values()}[c.R.PathValue("kind")]
	typed := formValues(c, names)
	if c.Form("preview") != "" {
		return a.drawAdd(c, http.StatusOK, &l, typed, nil)
	}
	fields := map[string]string{}
	for name, text := range typed {
		if text != "" {
			fields[name] = text
		}
	}
	revision := c.Int("revision", -1)
	err = a.app.Plan.Correct(c.R.Context(), c.P, l.ID, revision, plan.Correction{Op: what.op, Item: c.Form("item"), Fields: fields})
	if err == nil {
		return c.Done(reviewURL(l.ID, c.Form("show"), "a"+strconv.Itoa(revision+1)), "已补充")
	}
	if !mendable(err) {
		return err
	}
	if l, reload := a.loadDraft(c); reload == nil {
		return a.drawAdd(c, frame.StatusOf(errs.CodeOf(err)), &l, typed, err)
	}
	return err
}

func (a area) drawAdd(c *frame.Ctx, status int, l *loaded, typed plan.Values, cause error) error {
	kind := c.R.PathValue("kind")
	what, ok := addKinds[kind]
	if !ok {
		return frame.NoPage()
	}
	item, show := c.Form("item"), c.Form("show")
	v := formPage{Base: c.Base(what.title, importCrumbs(l.Import)...), Save: what.title, Back: reviewURL(l.ID, show, item)}
	v.AsOf = ""
	v.Form = form(l, importURL(l.ID, "add", kind), show, cause)
	p, _ := find(&l.Draft, item)
	where := ui.Field{Kind: ui.Select, Name: "item", Label: "所属任务", Required: true, Value: item, Options: taskOptions(l), Size: ui.Full}
	switch kind {
	case "task":
		where.Label, where.Required, where.Blank = "排在哪项任务之后", false, "最后"
		v.Fields = append([]ui.Field{where}, a.taskFields(l, typed)...)
	case "unit":
		v.Fields = append([]ui.Field{where}, a.unitFields(c, l, typed, typed["name"])...)
	case "target":
		fields, more := targetFields(typed, true)
		v.Fields, v.More, v.Preview = append([]ui.Field{where}, fields...), more, true
		v.Chart = paceOf(l, p.task, typed)
	}
	explain(v.Fields, cause)
	explain(v.More, cause)
	if p.task != nil {
		v.Excerpt = a.excerpt(l, p)
	}
	return c.Render(status, formView(v))
}
