package monitor

import (
	"net/http"

	"bihuan/kit/errs"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// formView is a page with one form.
type formView struct {
	Base   ui.Base
	Facts  ui.Facts // what the form is about
	Form   ui.Form
	Fields []ui.Field
	Submit ui.Buttons
	Cancel string
}

func showForm(c *frame.Ctx, v formView) error { return c.Render(http.StatusOK, formTempl(v)) }

// redraw shows a form again with what was typed and each message at its field.
// Refusals that no typing mends are given back.
func redraw(c *frame.Ctx, v formView, err error) error {
	code := errs.CodeOf(err)
	if code != errs.Invalid && code != errs.Conflict && code != errs.TooLarge {
		return err
	}
	v.Form.Problems = ui.Problems(err)
	for i := range v.Fields {
		f := &v.Fields[i]
		f.Value, f.Error, f.Focus = c.Form(f.Name), errs.FieldMessages(err)[f.Name], false
	}
	return c.Render(frame.StatusOf(code), formTempl(v))
}
