package registers

import (
	"net/http"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// reasonForm is a small form of one reason about a record.
func reasonForm(c *frame.Ctx, r register.View, title, action, label, hint string, problem error) formPage {
	v := aboutRecord(c, r, title, recordURL(r.ID))
	v.Form = ui.Form{Action: action, NoValid: true, Label: title, Hidden: revisionField(r)}
	v.Fields = []ui.Field{{Kind: ui.TextArea, Name: "reason", Label: label, Required: true, Size: ui.Full, Rows: 3, MaxLength: 500, Hint: hint, Value: c.Form("reason"), Error: errs.FieldMessages(problem)["reason"], Focus: problem == nil}}
	v.Submit = ui.Buttons{{Label: title, Kind: ui.Primary}}
	return v
}

// personalField reads the record and the personal field that a request names.
func (a area) personalField(c *frame.Ctx) (r register.View, f register.Field, err error) {
	if r, err = a.reg.Get(c.R.Context(), c.P, c.R.PathValue("id")); err != nil {
		return r, f, err
	}
	f, ok := r.Definition.Field(c.Form("field"))
	if !ok || !f.Personal || r.Values[f.Name] == "" {
		return r, f, errs.New(errs.NotFound, "这条记录没有这一项个人信息")
	}
	return r, f, c.P.May(org.RegisterReveal, scopeOf(r))
}

func revealView(c *frame.Ctx, r register.View, f register.Field, problem error) formPage {
	v := reasonForm(c, r, "查看"+f.Label+"原文", recordURL(r.ID)+"/reveal", "查看的理由", "写明办理什么事项需要。谁、何时、为何查看，都记入审计日志。", problem)
	v.Form.Hidden = append(v.Form.Hidden, ui.HiddenPair{Name: "field", Value: f.Name})
	v.Facts = ui.Facts{Items: []ui.Fact{{Term: f.Label, Text: r.Values[f.Name]}}}
	return v
}

func (a area) revealForm(c *frame.Ctx) error {
	r, f, err := a.personalField(c)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, formTempl(revealView(c, r, f, nil)))
}

// reveal answers with the value itself: it stands in no address and in no cookie.
func (a area) reveal(c *frame.Ctx) error {
	r, f, err := a.personalField(c)
	if err != nil {
		return err
	}
	text, err := a.reg.Reveal(c.R.Context(), c.P, r.ID, f.Name, c.Form("reason"))
	if err != nil {
		if !mendable(err) {
			return err
		}
		return redraw(c, revealView(c, r, f, err), err)
	}
	v := aboutRecord(c, r, f.Label+"原文", "")
	v.Note = ui.Alert{Kind: ui.Info, Text: "本次查看已记入审计日志。请勿转抄、外传；离开本页后需要重新写明理由才能再看。"}
	v.Facts = ui.Facts{Items: []ui.Fact{{Term: f.Label, Text: text}}}
	v.Actions = ui.Buttons{{Label: "返回记录", URL: recordURL(r.ID)}}
	return c.Render(http.StatusOK, revealedTempl(v))
}
