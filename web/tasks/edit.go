package tasks

import (
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

func editForm(c *frame.Ctx) error {
	d, err := taskFor(c, org.TaskEdit)
	if err != nil {
		return err
	}
	return showForm(c, editView(c, d))
}

func editSave(c *frame.Ctx) error {
	d, err := taskFor(c, org.TaskEdit)
	if err != nil {
		return err
	}
	in := plan.TaskForm{Category: c.Form("category"), Leader: c.Form("leader"), Owner: c.Form("owner"), Handler: c.Form("handler"),
		Verification: c.Form("verification"), EvidenceSpec: c.Form("evidence_spec"), ReportCycle: c.Form("report_cycle"),
		Openness: c.Form("openness"), StartOn: c.Form("start_on")}
	if err := c.App.Plan.EditTask(c.R.Context(), c.P, d.ID, c.Int("revision", 0), in); err != nil {
		v := editView(c, d)
		v.Fields = typed(c, v.Fields)
		return redraw(c, v, err)
	}
	return c.Done(taskURL(d.ID)+"#work", "办理信息已保存。")
}

func editView(c *frame.Ctx, d plan.Detail) formView {
	v := aboutTask(c, d, "修改办理信息", taskURL(d.ID)+"#work")
	v.Note = ui.Alert{Kind: ui.Info, Text: "任务名称、责任单位和目标随文件的新版本修改，不在这里改。"}
	v.Form = ui.Form{Action: taskURL(d.ID) + "/edit", Guard: true, NoValid: true, Hidden: []ui.HiddenPair{revisionField(d)}}
	v.Fields = []ui.Field{
		{Name: "leader", Label: "分管领导", Value: d.Leader, Optional: true, Size: ui.Short, MaxLength: 30},
		{Name: "owner", Label: "责任人", Value: d.Owner, Optional: true, Size: ui.Short, MaxLength: 30},
		{Name: "handler", Label: "经办人", Value: d.Handler, Optional: true, Size: ui.Short, MaxLength: 30},
		{Kind: ui.Select, Name: "verification", Label: "核验方式", Value: string(d.Verification), Required: true, Size: ui.Short, Options: termOptions(plan.Verifications)},
		{Kind: ui.TextArea, Name: "evidence_spec", Label: "佐证要求", Value: d.EvidenceSpec, Optional: true, Rows: 2, Size: ui.Full, MaxLength: 300, Hint: "填报时要附什么，如：验收文件和现场照片。"},
		{Kind: ui.Select, Name: "report_cycle", Label: "报送周期", Value: string(d.ReportCycle), Required: true, Size: ui.Short, Options: termOptions(plan.ReportCycles), Hint: "能按节点报的不按月报。"},
		{Kind: ui.Select, Name: "openness", Label: "公开属性", Value: string(d.Openness), Required: true, Size: ui.Short, Options: termOptions(plan.Opennesses)},
		{Kind: ui.Select, Name: "category", Label: "类别", Value: string(d.Category), Required: true, Size: ui.Short, Options: categoryOptions()},
		{Kind: ui.Date, Name: "start_on", Label: "开始日期", Value: d.StartOn, Max: d.DueOn, Size: ui.Short},
	}
	v.Submit = ui.Buttons{{Label: "保存", Kind: ui.Primary}}
	return v
}

func sourceForm(c *frame.Ctx) error {
	d, err := taskFor(c, org.TaskEdit)
	if err != nil {
		return err
	}
	return showForm(c, sourceView(c, d))
}

func sourceSave(c *frame.Ctx) error {
	d, err := taskFor(c, org.TaskEdit)
	if err != nil {
		return err
	}
	in := plan.Source{Kind: plan.SourceKind(c.Form("kind")), Title: c.Form("title"), Clause: c.Form("clause"), Quote: c.Form("quote")}
	if err := c.App.Plan.AddSource(c.R.Context(), c.P, d.ID, c.Int("revision", 0), in); err != nil {
		v := sourceView(c, d)
		v.Fields = typed(c, v.Fields)
		return redraw(c, v, err)
	}
	return c.Done(taskURL(d.ID)+"#sources", "来源已添加：同一件事只报一次。")
}

func sourceView(c *frame.Ctx, d plan.Detail) formView {
	v := aboutTask(c, d, "添加来源", taskURL(d.ID)+"#sources")
	v.Note = ui.Alert{Kind: ui.Info, Text: "同一件事出现在多份文件时，都记在同一项任务下，各单位只填报一次。"}
	v.Form = ui.Form{Action: taskURL(d.ID) + "/sources", Guard: true, NoValid: true, Hidden: []ui.HiddenPair{revisionField(d)}}
	v.Fields = []ui.Field{
		{Kind: ui.Select, Name: "kind", Label: "来源类型", Required: true, Size: ui.Short, Options: termOptions(plan.SourceKinds)},
		{Name: "title", Label: "文件名称", Required: true, Size: ui.Full, MaxLength: 100},
		{Name: "clause", Label: "条款", Optional: true, MaxLength: 200, Hint: "如：第三部分第（二）项"},
		{Kind: ui.TextArea, Name: "quote", Label: "原文摘录", Optional: true, Rows: 3, Size: ui.Full, MaxLength: 500},
	}
	v.Submit = ui.Buttons{{Label: "添加", Kind: ui.Primary}}
	return v
}

func quantifyForm(c *frame.Ctx) error {
	d, t, err := targetFor(c.R.Context(), c)
	if err != nil {
		return err
	}
	v, err := quantifyView(c, d, t)
	if err != nil {
		return err
	}
	return showForm(c, v)
}

// quantifyFields are the names that the use case takes.
var quantifyFields = []string{"subject", "kind", "comparator", "value", "value_max", "unit", "deadline", "baseline", "curve"}

func quantifySave(c *frame.Ctx) error {
	d, t, err := targetFor(c.R.Context(), c)
	if err != nil {
		return err
	}
	v, err := quantifyView(c, d, t)
	if err != nil {
		return err
	}
	fields := map[string]string{}
	for _, name := range quantifyFields {
		fields[name] = c.Form(name)
	}
	if err := c.App.Plan.Quantify(c.R.Context(), c.P, t.ID, c.Int("revision", 0), fields); err != nil {
		v.Fields = typed(c, v.Fields)
		return redraw(c, v, err)
	}
	return c.Done(targetAnchor(d.ID, t.ID), "目标已量化，序时进度从此固定。")
}

func quantifyView(c *frame.Ctx, d plan.Detail, t plan.TargetDetail) (formView, error) {
	if err := c.P.May(org.TaskEdit, scopeOf(d.Units, d.Territory)); err != nil {
		return formView{}, err
	}
	v := aboutTask(c, d, "补充量化目标", targetAnchor(d.ID, t.ID))
	v.Facts = ui.Facts{Items: []ui.Fact{{Term: "文件的说法", Text: t.Pledge(), Sub: t.Quote}}}
	if t.QuantifyBy != "" {
		v.Facts.Items = append(v.Facts.Items, ui.Fact{Term: "应于此前补充", Text: day(t.QuantifyBy)})
	}
	v.Note = ui.Alert{Kind: ui.Info, Text: "提交后目标值和序时进度固定，以后只随文件的新版本修改。"}
	v.Form = ui.Form{Action: targetURL(t.ID) + "/quantify", Guard: true, NoValid: true, Hidden: []ui.HiddenPair{revisionField(d)}}
	kinds := []ui.Option{}
	for _, k := range []plan.TargetKind{plan.Flow, plan.Stock, plan.Rate} {
		kinds = append(kinds, ui.Option{Value: string(k), Label: k.Label()})
	}
	comparators := []ui.Option{}
	for _, k := range plan.Comparators {
		comparators = append(comparators, ui.Option{Value: string(k), Label: plan.ComparatorLabel(k)})
	}
	v.Fields = []ui.Field{
		{Name: "subject", Label: "目标对象", Value: t.Subject, Required: true, Size: ui.Full, MaxLength: 100},
		{Kind: ui.Radio, Name: "kind", Label: "类型", Value: string(plan.Flow), Required: true, Options: kinds},
		{Kind: ui.Select, Name: "comparator", Label: "比较方式", Value: string(plan.Comparators[1]), Required: true, Size: ui.Short, Options: comparators},
		{Kind: ui.Number, Name: "value", Label: "目标值", Required: true, Size: ui.Short, Hint: "可写 1300、1.5、4万"},
		{Kind: ui.Number, Name: "value_max", Label: "上限", Optional: true, Size: ui.Short, Hint: "只在比较方式为“区间”时填"},
		{Name: "unit", Label: "计量单位", Value: t.Unit, Required: true, Size: ui.Short, MaxLength: 20},
		{Kind: ui.Date, Name: "deadline", Label: "期限", Value: d.DueOn, Size: ui.Short},
		{Kind: ui.Number, Name: "baseline", Label: "期初数", Optional: true, Size: ui.Short, Hint: "期末总量类：起点是多少"},
		{Name: "curve", Label: "序时进度", Optional: true, Size: ui.Long,
			Hint: "不填为均衡推进（比率类为全程达标）。也可写 flat，或 stepped 2026-06-30=40 2026-12-31=100"},
	}
	v.Submit = ui.Buttons{{Label: "提交", Kind: ui.Primary}}
	return v, nil
}
