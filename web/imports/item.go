package imports

import (
	"net/http"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// formPage is the form of one item of a draft, or of a new one.
type formPage struct {
	ui.Base
	Form    ui.Form
	Fields  []ui.Field
	More    []ui.Field // folded away: rarely needed
	Save    string
	Excerpt []sourceBlock
	Diff    ui.Diff
	Chart   *ui.PaceChart
	Preview bool // the pace can be previewed
	Back    string
	Act     string // base of the addresses of its actions; "" for a new item
	Out     bool
}

// place is an item found in a draft: exactly one of the pointers is set.
type place struct {
	task   *plan.DraftTask // the task, or the one that holds the item
	unit   *plan.DraftUnit
	target *plan.DraftTarget
}

// find looks an item up by its id.
func find(d *plan.Draft, id string) (p place, ok bool) {
	for i := range d.Tasks {
		t := &d.Tasks[i]
		if t.ID == id {
			return place{task: t}, true
		}
		for j := range t.Units {
			if t.Units[j].ID == id {
				return place{task: t, unit: &t.Units[j]}, true
			}
		}
		for j := range t.Targets {
			if t.Targets[j].ID == id {
				return place{task: t, target: &t.Targets[j]}, true
			}
		}
	}
	return place{}, false
}

func noItem() error {
	return errs.New(errs.NotFound, "没有这个条目：可能已被并入别的任务，或更正已撤销")
}

// item is the item itself.
func (p place) item() *plan.Item {
	switch {
	case p.unit != nil:
		return &p.unit.Item
	case p.target != nil:
		return &p.target.Item
	}
	return &p.task.Item
}

// values are the item's fields as they are and as they were read.
func (p place) values() (now, read plan.Values) {
	switch {
	case p.unit != nil:
		return p.unit.Values(), p.unit.AsRead()
	case p.target != nil:
		return p.target.Values(), p.target.AsRead()
	}
	return p.task.Values(), p.task.AsRead()
}

// itemForm shows the form of a task, unit or target.
func (a area) itemForm(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	p, ok := find(&l.Draft, c.R.PathValue("item"))
	if !ok {
		return noItem()
	}
	now, _ := p.values()
	return a.drawItem(c, http.StatusOK, &l, p, now, nil)
}

// saveItem corrects an item. With preview it only shows the pace that was typed.
func (a area) saveItem(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	id := c.R.PathValue("item")
	p, ok := find(&l.Draft, id)
	if !ok {
		return noItem()
	}
	now, _ := p.values()
	typed := formValues(c, now)
	if c.Form("preview") != "" {
		return a.drawItem(c, http.StatusOK, &l, p, typed, nil)
	}
	back := reviewURL(l.ID, c.Form("show"), id)
	learn := p.unit != nil && c.Form("learn") != "" && typed["as"] != ""
	fields := now.Differing(typed)
	if len(fields) == 0 && !learn {
		return c.Done(back, "没有改动")
	}
	if len(fields) > 0 {
		err = a.app.Plan.Correct(c.R.Context(), c.P, l.ID, c.Int("revision", -1), plan.Correction{Op: plan.OpSet, Item: id, Fields: fields})
		if err != nil {
			return a.refusedItem(c, id, typed, err)
		}
	}
	if learn {
		return a.learn(c, typed, back)
	}
	return c.Done(back, "已保存更正")
}

// learn remembers how documents write a unit's name, after the correction was saved.
func (a area) learn(c *frame.Ctx, typed plan.Values, back string) error {
	printed, unit := typed["name"], city.UnitID(typed["as"])
	if err := a.app.Plan.LearnAlias(c.R.Context(), c.P, printed, unit); err != nil {
		if errs.CodeOf(err) == errs.Internal {
			return err
		}
		c.Redirect(back, ui.Flash{Kind: ui.Warning, Text: "更正已保存，但不能记住这个写法：" + messageOf(err)})
		return nil
	}
	return c.Done(back, "已保存更正，今后“"+printed+"”都识别为"+reader{pack: a.app.Pack}.unit(unit))
}

// refusedItem draws the form again with what was typed and why it was refused.
// The draft is read anew, so that after a conflict the form can be sent again.
func (a area) refusedItem(c *frame.Ctx, id string, typed plan.Values, cause error) error {
	if !mendable(cause) {
		return cause
	}
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	p, ok := find(&l.Draft, id)
	if !ok {
		return noItem()
	}
	return a.drawItem(c, frame.StatusOf(errs.CodeOf(cause)), &l, p, typed, cause)
}

// mendable reports whether a person can do something about a refusal on the form itself.
func mendable(err error) bool {
	code := errs.CodeOf(err)
	return code == errs.Invalid || code == errs.Conflict
}

func (a area) drawItem(c *frame.Ctx, status int, l *loaded, p place, typed plan.Values, cause error) error {
	item := p.item()
	show := c.Form("show")
	v := formPage{Save: "保存更正", Back: reviewURL(l.ID, show, item.ID), Act: importURL(l.ID, "items", item.ID), Out: item.Deleted}
	title := "编辑任务"
	switch {
	case p.unit != nil:
		title = "编辑责任单位"
		v.Fields = a.unitFields(c, l, typed, p.unit.Name)
	case p.target != nil:
		title = "编辑目标"
		v.Fields, v.More = targetFields(typed, p.target.Origin == plan.ByHand)
		v.Chart, v.Preview = paceOf(l, p.task, typed), true
	default:
		v.Fields = a.taskFields(l, typed)
	}
	v.Base = c.Base(title, importCrumbs(l.Import)...)
	v.Eyebrow, v.AsOf = orTitle(p.task.Title, "（没有标题）"), ""
	v.Form = form(l, v.Act, show, cause)
	explain(v.Fields, cause)
	explain(v.More, cause)
	v.Excerpt = a.excerpt(l, p)
	now, was := p.values()
	v.Diff = diffOf(l, item.Changed, was, now)
	return c.Render(status, formView(v))
}

// form is the frame of a form that corrects a draft.
func form(l *loaded, action, show string, cause error) ui.Form {
	f := ui.Form{Action: action, Guard: true, NoValid: true, Problems: ui.Problems(cause),
		Hidden: []ui.HiddenPair{{Name: "revision", Value: strconv.Itoa(l.Revision)}, {Name: "show", Value: show}}}
	if errs.Is(cause, errs.Conflict) {
		f.Problems = append(f.Problems, ui.Problem{Text: "您填写的内容保留在下面，核对后可以再次保存"})
	}
	return f
}

// explain puts the messages of a refusal at their fields.
func explain(fields []ui.Field, cause error) {
	messages := errs.FieldMessages(cause)
	for i := range fields {
		fields[i].Error = messages[fields[i].Name]
	}
}

// excerpt is the part of the text that the item's task was read from.
func (a area) excerpt(l *loaded, p place) []sourceBlock {
	span := p.task.Span
	if span.End <= span.Start {
		span = p.item().Span
	}
	if span.End <= span.Start {
		return nil
	}
	doc := newSource(l, nil)
	return doc.excerpt(span, p.item().ID)
}

// diffOf sets what was read beside what it is now.
func diffOf(l *loaded, changed []string, was, now plan.Values) ui.Diff {
	d := ui.Diff{Caption: "识别结果与更正"}
	for _, w := range l.changes(changed, was, now) {
		d.Changes = append(d.Changes, ui.Change{Name: w.Label, Before: w.Read, After: w.Now})
	}
	return d
}

// formValues reads the fields that an item has from the form.
func formValues(c *frame.Ctx, names plan.Values) plan.Values {
	typed := plan.Values{}
	for name := range names {
		if name == "quote" && c.R.PostForm["quote"] == nil || name == "parent" && c.R.PostForm["parent"] == nil {
			typed[name] = names[name] // not on every form
			continue
		}
		typed[name] = strings.ReplaceAll(c.Form(name), "\r\n", "\n")
	}
	if _, ok := names["curve"]; ok {
		typed["curve"] = joinCurve(c.Form("curve_kind"), c.Form("curve"))
	}
	return typed
}

// joinCurve puts the shape and its numbers into the one line that a correction takes.
func joinCurve(kind, numbers string) string {
	if kind == "" {
		return ""
	}
	if plan.CurveKind(kind) == plan.Linear || plan.CurveKind(kind) == plan.Flat {
		numbers = ""
	}
	return strings.TrimSpace(kind + " " + strings.Join(strings.Fields(numbers), " "))
}

// mayLearn reports whether the person may teach the directory a spelling.
func mayLearn(p org.Principal) bool { return p.May(org.AliasLearn, org.Scope{}) == nil }
