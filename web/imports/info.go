package imports

import (
	"net/http"

	"bihuan/kit/errs"
	"bihuan/plan"
	"bihuan/web/frame"
)

// infoForm shows the form of the plan's particulars.
func (a area) infoForm(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	return a.drawInfo(c, http.StatusOK, &l, l.Draft.Values(), nil)
}

// saveInfo corrects the plan's particulars.
func (a area) saveInfo(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	now := l.Draft.Values()
	typed := formValues(c, now)
	back := reviewURL(l.ID, c.Form("show"), planItem)
	fields := now.Differing(typed)
	if len(fields) == 0 {
		return c.Done(back, "没有改动")
	}
	err = a.app.Plan.Correct(c.R.Context(), c.P, l.ID, c.Int("revision", -1), plan.Correction{Op: plan.OpSet, Fields: fields})
	if err == nil {
		return c.Done(back, "已保存计划信息")
	}
	if !mendable(err) {
		return err
	}
	if l, reload := a.loadDraft(c); reload == nil {
		return a.drawInfo(c, frame.StatusOf(errs.CodeOf(err)), &l, typed, err)
	}
	return err
}

func (a area) drawInfo(c *frame.Ctx, status int, l *loaded, typed plan.Values, cause error) error {
	v := formPage{Base: c.Base("计划信息", importCrumbs(l.Import)...), Save: "保存", Back: reviewURL(l.ID, "", planItem), Fields: infoFields(typed)}
	v.AsOf = ""
	v.Form = form(l, importURL(l.ID, "info"), c.Form("show"), cause)
	explain(v.Fields, cause)
	doc := newSource(l, nil)
	for _, f := range l.back.Front {
		v.Excerpt = append(v.Excerpt, doc.excerpt(f.Span, planItem)...)
	}
	v.Excerpt = once(v.Excerpt)
	return c.Render(status, formView(v))
}

// once drops lines that are there already.
func once(blocks []sourceBlock) []sourceBlock {
	seen := map[int]bool{}
	var out []sourceBlock
	for _, b := range blocks {
		if !seen[b.At] {
			seen[b.At] = true
			out = append(out, b)
		}
	}
	return out
}
