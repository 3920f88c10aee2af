package tasks

import (
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

func milestoneForm(c *frame.Ctx) error {
	d, err := taskFor(c, org.TaskEdit)
	if err != nil {
		return err
	}
	return showForm(c, milestoneView(c, d))
}

func milestoneSave(c *frame.Ctx) error {
	d, err := taskFor(c, org.TaskEdit)
	if err != nil {
		return err
	}
	in := plan.MilestoneForm{Name: c.Form("name"), PlannedOn: c.Form("planned_on"), Deliverable: c.Form("deliverable"), Acceptance: c.Form("acceptance"), Evidence: c.Form("evidence")}
	if err := c.App.Plan.AddMilestone(c.R.Context(), c.P, d.ID, c.Int("revision", 0), in); err != nil {
		v := milestoneView(c, d)
		v.Fields = typed(c, v.Fields)
		return redraw(c, v, err)
	}
	return c.Done(stepsURL(d.ID), "时间节点已增加。")
}

func stepsURL(taskID string) string { return taskURL(taskID) + "#steps" }

func milestoneView(c *frame.Ctx, d plan.Detail) formView {
	v := aboutTask(c, d, "增加时间节点", stepsURL(d.ID))
	v.Form = ui.Form{Action: taskURL(d.ID) + "/milestones", Guard: true, NoValid: true, Hidden: []ui.HiddenPair{revisionField(d)}}
	v.Fields = []ui.Field{
		{Name: "name", Label: "节点", Required: true, Size: ui.Full, MaxLength: 80, Hint: "到时要办成的一件事，如：完成选址并开工。", Focus: true},
		{Kind: ui.Date, Name: "planned_on", Label: "计划日期", Required: true, Size: ui.Short, Min: d.StartOn, Max: d.DueOn},
		{Name: "deliverable", Label: "成果", Optional: true, Size: ui.Full, MaxLength: 300},
		{Name: "acceptance", Label: "验收标准", Optional: true, Size: ui.Full, MaxLength: 300},
		{Name: "evidence", Label: "佐证要求", Optional: true, Size: ui.Full, MaxLength: 300, Hint: "写了就必须附佐证才能报完成。"},
	}
	v.Submit = ui.Buttons{{Label: "增加", Kind: ui.Primary}}
	return v
}

// stepFor reads the task and milestone that a form is about.
func stepFor(c *frame.Ctx, a org.Action) (plan.Detail, plan.Milestone, error) {
	d, err := taskFor(c, a)
	if err != nil {
		return d, plan.Milestone{}, err
	}
	for _, m := range d.Milestones {
		if m.ID == c.R.PathValue("m") {
			return d, m, nil
		}
	}
	return d, plan.Milestone{}, errs.New(errs.NotFound, "没有这个节点：可能地址有误")
}

func reachForm(c *frame.Ctx) error {
	d, m, err := stepFor(c, org.ProgressReport)
	if err != nil {
		return err
	}
	return showForm(c, reachView(c, d, m))
}

func reachSave(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	d, m, err := stepFor(c, org.ProgressReport)
	if err != nil {
		return err
	}
	proof, err := c.File("proof")
	if err != nil {
		return err
	}
	if err := c.App.Plan.ReachMilestone(c.R.Context(), c.P, d.ID, c.Int("revision", 0), m.ID, c.Form("actual_on"), proof, c.Form("slip_reason")); err != nil {
		v := reachView(c, d, m)
		v.Fields = typed(c, v.Fields)
		if proof.Size > 0 {
			v.Note = ui.Alert{Kind: ui.Warning, Text: "浏览器不会保留已选的文件：更正后请重新选择佐证材料。"}
		}
		return redraw(c, v, err)
	}
	return c.Done(stepsURL(d.ID), "节点已报完成，等另一位同事核验。")
}

func stepURL(taskID, id, verb string) string {
	return taskURL(taskID) + "/milestones/" + id + "/" + verb
}

func stepFacts(m plan.Milestone) []ui.Fact {
	facts := []ui.Fact{{Term: "节点", Text: m.Name}, {Term: "计划日期", Text: day(m.PlannedOn)}}
	for _, f := range []ui.Fact{{Term: "成果", Text: m.Deliverable}, {Term: "验收标准", Text: m.Acceptance}} {
		if f.Text != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func reachView(c *frame.Ctx, d plan.Detail, m plan.Milestone) formView {
	v := aboutTask(c, d, "报节点完成", stepsURL(d.ID))
	v.Facts = ui.Facts{Items: stepFacts(m)}
	v.Form = ui.Form{Action: stepURL(d.ID, m.ID, "reach"), Upload: true, Guard: true, NoValid: true, Hidden: []ui.HiddenPair{revisionField(d)}}
	v.Fields = []ui.Field{
		{Kind: ui.Date, Name: "actual_on", Label: "实际完成日期", Value: c.Today().String(), Max: c.Today().String(), Required: true, Size: ui.Short},
		{Kind: ui.File, Name: "proof", Label: "佐证材料", Required: m.Evidence != "", Optional: m.Evidence == "", Hint: m.Evidence, Size: ui.Full, MaxBytes: plan.MaxProof},
		{Kind: ui.TextArea, Name: "slip_reason", Label: "晚于计划的原因", Optional: true, Rows: 2, Size: ui.Full, MaxLength: 300, Hint: "实际日期晚于计划日期时必填。"},
	}
	v.Submit = ui.Buttons{{Label: "提交", Kind: ui.Primary}}
	return v
}

func stepVerifyForm(c *frame.Ctx) error {
	d, m, err := stepFor(c, org.ProgressVerify)
	if err != nil {
		return err
	}
	return showForm(c, stepVerifyView(c, d, m))
}

func stepVerifySave(c *frame.Ctx) error {
	d, m, err := stepFor(c, org.ProgressVerify)
	if err != nil {
		return err
	}
	accept := c.Form("decision") == "accept"
	if err := c.App.Plan.VerifyMilestone(c.R.Context(), c.P, d.ID, c.Int("revision", 0), m.ID, accept, c.Form("reason")); err != nil {
		v := stepVerifyView(c, d, m)
		v.Fields = typed(c, v.Fields)
		return redraw(c, v, err)
	}
	done := "节点已核验。"
	if !accept {
		done = "节点已退回。"
	}
	return c.Done(back(c, stepsURL(d.ID)), done)
}

func stepVerifyView(c *frame.Ctx, d plan.Detail, m plan.Milestone) formView {
	v := aboutTask(c, d, "核验节点", back(c, stepsURL(d.ID)))
	v.Facts = ui.Facts{Items: append(stepFacts(m), ui.Fact{Term: "实际完成", Text: day(m.ActualOn), Sub: m.SlipReason})}
	if m.ProofHash != "" {
		v.Facts.Items = append(v.Facts.Items, ui.Fact{Term: "佐证", Text: m.ProofName, URL: "/milestones/" + m.ID + "/proof"})
	}
	v.Form = ui.Form{Action: stepURL(d.ID, m.ID, "verify"), NoValid: true, Hidden: append(keepReturn(c), revisionField(d))}
	v.Fields = []ui.Field{{Kind: ui.TextArea, Name: "reason", Label: "退回的理由", Optional: true, Rows: 2, Size: ui.Full, MaxLength: 300, Hint: "退回时必填。"}}
	v.Submit = ui.Buttons{{Label: "核验通过", Kind: ui.Primary, Name: "decision", Value: "accept"}, {Label: "退回", Name: "decision", Value: "return"}}
	return v
}
