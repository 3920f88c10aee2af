package registers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// aboutRecord is a form page under a record.
func aboutRecord(c *frame.Ctx, r register.View, title, back string) formPage {
	v := formPage{Base: c.Base(title, indexCrumb(), registerCrumb(r.Definition), ui.Crumb{Label: r.No, URL: recordURL(r.ID)}), Cancel: back}
	v.Lede, v.AsOf = r.Title, ""
	return v
}

// revisionField carries the revision that the person saw, so that a stale page is refused.
func revisionField(r register.View) []ui.HiddenPair {
	return []ui.HiddenPair{{Name: "revision", Value: strconv.FormatInt(r.Revision, 10)}}
}

// revision reads what revisionField carried; what is no number matches no record.
func revision(c *frame.Ctx) int64 {
	n, err := strconv.ParseInt(c.Form("revision"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// step reads the record and the move that an address names.
func (a area) step(c *frame.Ctx) (r register.View, m register.Move, err error) {
	if r, err = a.reg.Get(c.R.Context(), c.P, c.R.PathValue("id")); err != nil {
		return r, m, err
	}
	id := c.R.PathValue("move")
	if i := slices.IndexFunc(r.Moves, func(m register.Move) bool { return m.ID == id }); i >= 0 {
		return r, r.Moves[i], nil
	}
	if s, ok := r.Definition.Stage(r.Stage); ok {
		if i := slices.IndexFunc(s.Moves, func(m register.Move) bool { return m.ID == id }); i >= 0 {
			return r, s.Moves[i], errs.New(errs.Forbidden, "%s", whoMoves(r.Definition, s.Moves[i]))
		}
	}
	if knownMove(r.Definition, id) {
		return r, m, errs.New(errs.Conflict, "这条记录现在是“%s”，不能这样办理：请刷新后再看", stageLabel(r.Definition, r.Stage))
	}
	return r, m, errs.New(errs.NotFound, "没有这种办理方式：可能地址有误")
}

// whoMoves says who makes a move, for somebody who may not.
func whoMoves(d *register.Definition, m register.Move) string {
	s := "“" + m.Label + "”由" + actorsOf(m.By) + "办理"
	if len(m.NotBy) > 0 {
		s += "，不能是" + strings.Join(labelsOf(d, m.NotBy), "、") + "的同一人"
	}
	return s
}

func knownMove(d *register.Definition, id string) bool {
	return slices.ContainsFunc(d.Stages, func(s register.Stage) bool {
		return slices.ContainsFunc(s.Moves, func(m register.Move) bool { return m.ID == id })
	})
}

// moveView is the form of a move with everything that it asks for.
func (a area) moveView(c *frame.Ctx, r register.View, m register.Move, values map[string]string, problem error) (formPage, error) {
	v := aboutRecord(c, r, m.Label, back(c, recordURL(r.ID)))
	fields, proofs := askedFields(r, m), missingProofs(r, m)
	messages := errs.FieldMessages(problem)
	v.Facts = ui.Facts{Items: []ui.Fact{{Term: "现在", Text: stageLabel(r.Definition, r.Stage)}, {Term: "办理后", Text: stageLabel(r.Definition, m.To)}}}
	v.Form = ui.Form{Action: recordURL(r.ID) + "/moves/" + m.ID, Upload: len(proofs) > 0, NoValid: true, Label: m.Label, Hidden: append(revisionField(r), keepReturn(c)...)}
	inputs, err := a.inputs(c, fields, values, messages)
	if err != nil {
		return formPage{}, err
	}
	v.Fields = inputs
	if m.Ends {
		day := c.Form("day")
		if day == "" {
			day = c.Today().String()
		}
		v.Fields = append(v.Fields, ui.Field{Kind: ui.Date, Name: "day", Label: "从哪天起不再计入", Value: day, Required: true, Size: ui.Short, Hint: "这一天起退出计数；以前各日的数不变。", Error: messages["day"]})
	}
	if m.Reason {
		v.Fields = append(v.Fields, ui.Field{Kind: ui.TextArea, Name: "reason", Label: "理由", Value: c.Form("reason"), Required: true, Size: ui.Full, Rows: 3, MaxLength: 500, Hint: "写明依据和要求，登记单位会看到。", Error: messages["reason"], Focus: len(fields) == 0 && problem == nil})
	}
	if len(proofs) > 0 && !mayAttach(c.P, r) {
		v.Fields = nil
		v.Note = ui.Alert{Kind: ui.Warning, Title: "还不能" + m.Label, Text: "缺少佐证：" + lacking(proofs) + "。佐证由登记单位补充，请先退回。"}
		return v, nil
	}
	v.Proofs = proofInputs(proofs, proofCounts(r), messages)
	v.Submit = ui.Buttons{{Label: m.Label, Kind: ui.Primary}}
	return v, nil
}

// lacking names kinds of evidence.
func lacking(kinds []register.ProofKind) string {
	labels := make([]string, len(kinds))
	for i, k := range kinds {
		labels[i] = k.Label
	}
	return strings.Join(labels, "、")
}

func (a area) moveForm(c *frame.Ctx) error {
	r, m, err := a.step(c)
	if err != nil {
		return err
	}
	v, err := a.moveView(c, r, m, openValues(r), nil)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, formTempl(v))
}

func (a area) moveSave(c *frame.Ctx) error {
	r, m, err := a.step(c)
	if err != nil {
		return err
	}
	if err := c.Parse(); err != nil {
		return err
	}
	got, err := files(c, missingProofs(r, m))
	if err != nil {
		return err
	}
	defer got.close()
	values, err := a.typed(c, askedFields(r, m))
	if err != nil {
		return err
	}
	err = a.move(c, r, m, values, got)
	if err == nil {
		return c.Done(back(c, recordURL(r.ID)), r.No+" 已"+m.Label+"。")
	}
	if !mendable(err) {
		return err
	}
	// Files before the refused one are attached; who came too late is told so.
	r, _, late := a.step(c)
	if late != nil {
		return err
	}
	v, viewErr := a.moveView(c, r, m, values, err)
	if viewErr != nil {
		return viewErr
	}
	v.Note = chooseAgain(got)
	return redraw(c, v, err)
}

func (a area) move(c *frame.Ctx, r register.View, m register.Move, values map[string]string, got *received) error {
	step := register.Step{ID: r.ID, Move: m.ID, Revision: revision(c), Values: values, Reason: c.Form("reason")}
	if m.Ends {
		day, err := calendar.ParseDate(c.Form("day"))
		if err != nil {
			return badField("day", "请填写日期，如 "+c.Today().String())
		}
		step.Day = day
	}
	for _, f := range got.files {
		if err := a.reg.Attach(c.R.Context(), c.P, r.ID, f); err != nil {
			return err
		}
	}
	return a.reg.Move(c.R.Context(), c.P, step)
}

// badField is a refusal of one input.
func badField(name, message string) error {
	var check errs.Check
	check.Require(false, name, "%s", message)
	return check.Err()
}
