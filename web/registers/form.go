package registers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// formPage is a page with one form: a page of its own without scripts, a window
// over the record with them.
type formPage struct {
	ui.Base
	Facts  ui.Facts
	Note   ui.Alert // drawn when it has a text
	Form   ui.Form
	Fields []ui.Field
	Proofs []ui.Field // under a heading of their own
	Submit ui.Buttons
	Cancel string
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

// mendable reports whether typing can mend what a use case refused; all else is
// given back to the caller.
func mendable(err error) bool {
	code := errs.CodeOf(err)
	return code == errs.Invalid || code == errs.Conflict || code == errs.TooLarge
}

// redraw shows a form again after a refusal: the input stays, each message stands
// at its field.
func redraw(c *frame.Ctx, v formPage, err error) error {
	v.Form.Problems = problemsOf(err, append(append([]ui.Field{}, v.Fields...), v.Proofs...))
	return c.Render(frame.StatusOf(errs.CodeOf(err)), formTempl(v))
}

// problemsOf leads each message to the input of the field that it names.
func problemsOf(err error, inputs []ui.Field) []ui.Problem {
	problems := ui.Problems(err)
	for i, p := range problems {
		for _, in := range inputs {
			if in.Name == valuePrefix+p.Field || proofPrefix+strings.TrimPrefix(p.Field, "proof-") == in.Name {
				problems[i].Field = in.Name
			}
		}
	}
	return problems
}

// place is the territory field of a new record.
func (a area) place(c *frame.Ctx, places []city.TerritoryID, problem string) ui.Field {
	f := ui.Field{Kind: ui.Select, Name: "territory", Label: "县（市、区）、开发区", Required: true, Value: c.Form("territory"), Error: problem}
	for _, id := range places {
		if id == "" {
			f.Required, f.Blank = false, "全市（不分县区）"
			continue
		}
		f.Options = append(f.Options, ui.Option{Value: string(id), Label: placeName(a.app.Pack, id)})
	}
	if len(places) == 1 {
		f.Value = string(places[0])
	}
	return f
}

// newView is the form for a new record, filled with what was typed.
func (a area) newView(c *frame.Ctx, d *register.Definition, values map[string]string, problem error) (formPage, error) {
	places := a.entryPlaces(c.P, d)
	if len(places) == 0 {
		return formPage{}, a.mayNotEnter(d)
	}
	messages := errs.FieldMessages(problem)
	v := formPage{Base: c.Base("登记"+d.Name, indexCrumb(), registerCrumb(d)), Cancel: registerURL(d.ID)}
	v.Lede, v.AsOf = strings.TrimRight(d.About, "。")+"。一条记录只登记一件；同一件事已在别处登记的，系统会提示，不用再填。", ""
	v.Form = ui.Form{Action: registerURL(d.ID) + "/new", Upload: len(d.Proof) > 0, Guard: true, NoValid: true, Label: v.Title}
	first, err := a.belongs(c, d, messages["parent"])
	if err != nil {
		return formPage{}, err
	}
	inputs, err := a.inputs(c, d.Fields, values, messages)
	if err != nil {
		return formPage{}, err
	}
	v.Fields = append(append(first, a.place(c, places, messages["territory"])), inputs...)
	v.Proofs = proofInputs(later(d.Proof), nil, messages)
	v.Submit = ui.Buttons{{Label: "登记", Kind: ui.Primary}}
	return v, nil
}

// later are kinds of evidence that may still be brought before the next step.
func later(kinds []register.ProofKind) []register.ProofKind {
	out := slices.Clone(kinds)
	for i, k := range out {
		if k.Required {
			out[i].Required, out[i].Label = false, k.Label+"（必备，可以稍后补充）"
		}
	}
	return out
}

// belongs asks to which record the new one belongs, where its register says that it does.
func (a area) belongs(c *frame.Ctx, d *register.Definition, problem string) ([]ui.Field, error) {
	of, ok := a.catalog().Get(d.Under)
	if !ok {
		return nil, nil
	}
	in := ui.Field{Name: "parent", Label: "所属" + of.Name, Value: c.Form("parent"), Required: true, Size: ui.Full, Error: problem}
	err := a.referred(c, d.Under, &in)
	return []ui.Field{in}, err
}

// parentID is the record that belongs asked for.
func (a area) parentID(c *frame.Ctx, d *register.Definition) (string, error) {
	if d.Under == "" || c.Form("parent") == "" {
		return "", nil
	}
	return a.numbered(c, d.Under, c.Form("parent"))
}

// mostPrefilled is how many characters of a value a link may bring along.
const mostPrefilled = 1000

// prefilled are the values that a link brings for a new record, canonical where
// they can be; whoever follows it still looks at them and enters them. Personal
// values are not taken from an address.
func prefilled(sent url.Values, fields []register.Field) map[string]string {
	values := map[string]string{}
	for _, f := range fields {
		typed := []rune(strings.TrimSpace(sent.Get(valuePrefix + f.Name)))
		if len(typed) == 0 || f.Personal {
			continue
		}
		text := string(typed[:min(len(typed), mostPrefilled)])
		if v, err := f.Canonical(text); err == nil {
			text = v
		}
		values[f.Name] = text
	}
	return values
}

func (a area) newForm(c *frame.Ctx) error {
	d, err := a.definition(c)
	if err != nil {
		return err
	}
	v, err := a.newView(c, d, prefilled(c.R.URL.Query(), d.Fields), nil)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, formTempl(v))
}

func (a area) create(c *frame.Ctx) error {
	d, err := a.definition(c)
	if err != nil {
		return err
	}
	if err := c.Parse(); err != nil {
		return err
	}
	got, err := files(c, d.Proof)
	if err != nil {
		return err
	}
	defer got.close()
	values, err := a.typed(c, d.Fields)
	if err != nil {
		return err
	}
	id, err := a.enter(c, d, register.Draft{Register: d.ID, Values: values, Proofs: got.files, Demo: a.app.Demo})
	if err == nil {
		return c.Done(recordURL(id), "已登记，等另一位同事核验后计入。")
	}
	if !mendable(err) {
		return err
	}
	v, viewErr := a.newView(c, d, values, err)
	if viewErr != nil {
		return viewErr
	}
	v.Note = chooseAgain(got)
	return redraw(c, v, err)
}

// enter adds to a draft where it lies and to what it belongs, and enters it.
func (a area) enter(c *frame.Ctx, d *register.Definition, in register.Draft) (id string, err error) {
	places := a.entryPlaces(c.P, d)
	in.Territory = city.TerritoryID(c.Form("territory"))
	switch {
	case in.Territory == "" && len(places) == 1:
		in.Territory = places[0]
	case in.Territory == "" && len(places) > 0 && places[0] != "":
		return "", badField("territory", "请选择县（市、区）、开发区")
	}
	if in.Parent, err = a.parentID(c, d); err != nil {
		return "", err
	}
	return a.reg.Create(c.R.Context(), c.P, in)
}

func (a area) editForm(c *frame.Ctx) error {
	r, err := a.reg.Get(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := a.editView(c, r, openValues(r), nil)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, formTempl(v))
}

// openValues are the values that a form may be filled with: personal ones are not.
func openValues(r register.View) map[string]string {
	values := map[string]string{}
	for _, f := range r.Definition.Fields {
		if !f.Personal {
			values[f.Name] = r.Values[f.Name]
		}
	}
	return values
}

func (a area) editView(c *frame.Ctx, r register.View, values map[string]string, problem error) (formPage, error) {
	if !r.MayEdit {
		return formPage{}, errs.New(errs.Forbidden, "这条记录由登记它的单位更正；已办结的不再更正，发现问题请退回核实")
	}
	messages := errs.FieldMessages(problem)
	v := aboutRecord(c, r, "更正记录", recordURL(r.ID))
	v.Form = ui.Form{Action: recordURL(r.ID) + "/edit", Guard: true, NoValid: true, Hidden: revisionField(r)}
	inputs, err := a.inputs(c, r.Definition.Fields, values, messages)
	if err != nil {
		return formPage{}, err
	}
	for i, f := range r.Definition.Fields {
		if f.Personal && r.Values[f.Name] != "" {
			inputs[i].Required = false
			inputs[i].Hint = "已登记 " + r.Values[f.Name] + "；不改请留空。" + inputs[i].Hint
		}
	}
	counts := stageOf(r).Counts
	v.Fields = inputs
	v.Fields = append(v.Fields, ui.Field{Kind: ui.TextArea, Name: "reason", Label: "更正的原因", Value: c.Form("reason"), Required: counts, Optional: !counts, Size: ui.Full, Rows: 2, MaxLength: 500, Hint: "写明改了什么、为什么，核验人会看到。", Error: messages["reason"]})
	v.Submit = ui.Buttons{{Label: "保存更正", Kind: ui.Primary}}
	return v, nil
}

func (a area) editSave(c *frame.Ctx) error {
	r, err := a.reg.Get(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	if err := c.Parse(); err != nil {
		return err
	}
	values, err := a.typed(c, r.Definition.Fields)
	if err != nil {
		return err
	}
	for _, f := range r.Definition.Fields {
		if f.Personal && values[f.Name] == "" {
			delete(values, f.Name) // left as it is
		}
	}
	err = a.reg.Edit(c.R.Context(), c.P, r.ID, revision(c), values, c.Form("reason"))
	if err == nil {
		return c.Done(recordURL(r.ID), "已更正。")
	}
	if !mendable(err) {
		return err
	}
	v, viewErr := a.editView(c, r, values, err)
	if viewErr != nil {
		return viewErr
	}
	return redraw(c, v, err)
}
