package tasks

import (
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

func reportForm(c *frame.Ctx) error {
	d, t, err := targetFor(c.R.Context(), c)
	if err != nil {
		return err
	}
	v, err := reportView(c, d, t)
	if err != nil {
		return err
	}
	return showForm(c, v)
}

func reportSave(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	d, t, err := targetFor(c.R.Context(), c)
	if err != nil {
		return err
	}
	proof, err := c.File("proof")
	if err != nil {
		return err
	}
	_, err = c.App.Plan.Report(c.R.Context(), c.P, plan.Report{TargetID: t.ID, Territory: city.TerritoryID(c.Form("territory")), AsOf: c.Form("as_of"),
		Value: c.Form("value"), Note: c.Form("note"), Proof: proof, Demo: c.App.Demo})
	if err != nil {
		v, viewErr := reportView(c, d, t)
		if viewErr != nil {
			return viewErr
		}
		v.Fields = typed(c, v.Fields)
		if proof.Size > 0 {
			v.Note = ui.Alert{Kind: ui.Warning, Text: "浏览器不会保留已选的文件：更正后请重新选择佐证材料。"}
		}
		return redraw(c, v, err)
	}
	return c.Done(back(c, targetAnchor(d.ID, t.ID)), "已填报，等另一位同事核验后计入。")
}

// partsFor lists the parts of a target for which the person may report; "" is the whole.
func partsFor(p org.Principal, d plan.Detail, t plan.TargetDetail) []city.TerritoryID {
	scope := scopeOf(d.Units, d.Territory)
	if len(t.Shares) == 0 {
		if p.May(org.ProgressReport, scope) != nil {
			return nil
		}
		return []city.TerritoryID{""}
	}
	var parts []city.TerritoryID
	for _, sh := range t.Shares {
		if p.May(org.ProgressReport, partScope(scope, sh.Territory)) == nil {
			parts = append(parts, sh.Territory)
		}
	}
	return parts
}

// mayReport gives the refusal for somebody who may report for no part of a target.
func mayReport(p org.Principal, d plan.Detail, t plan.TargetDetail) error {
	if len(partsFor(p, d, t)) > 0 {
		return nil
	}
	if len(t.Shares) > 0 && p.MayAnywhere(org.ProgressReport) {
		return errs.New(errs.Forbidden, "这项目标已分解到县区，由承担的县（市、区）、开发区填报，全市数自动汇总")
	}
	return p.May(org.ProgressReport, scopeOf(d.Units, d.Territory))
}

func reportView(c *frame.Ctx, d plan.Detail, t plan.TargetDetail) (formView, error) {
	if err := mayReport(c.P, d, t); err != nil {
		return formView{}, err
	}
	if err := refuseBound(c, t.Target); err != nil {
		return formView{}, err
	}
	if !t.Quantified() {
		return formView{}, errs.New(errs.Conflict, "这项目标还没有量化：请先由牵头单位补充目标值")
	}
	pack, parts := c.App.Pack, partsFor(c.P, d, t)
	chosen := city.TerritoryID(c.Form("territory"))
	if len(parts) == 1 {
		chosen = parts[0]
	}
	v := aboutTask(c, d, "填报进展", back(c, targetAnchor(d.ID, t.ID)))
	v.Facts = ui.Facts{Items: reportFacts(c, t, chosen)}
	v.Form = ui.Form{Action: targetURL(t.ID) + "/report", Upload: true, Guard: true, NoValid: true, Hidden: keepReturn(c)}
	if len(t.Shares) > 0 {
		f := ui.Field{Kind: ui.Select, Name: "territory", Label: "县（市、区）、开发区", Required: true, Value: string(chosen)}
		for _, id := range parts {
			f.Options = append(f.Options, ui.Option{Value: string(id), Label: nameOfTerritory(pack, id)})
		}
		v.Fields = append(v.Fields, f)
	}
	v.Fields = append(v.Fields,
		ui.Field{Kind: ui.Number, Name: "value", Label: valueLabel(t.Target), Unit: unitOf(t.Target), Required: true, Focus: true, Hint: valueHint(t.Target)},
		ui.Field{Kind: ui.Date, Name: "as_of", Label: "截至日期", Value: c.Today().String(), Max: c.Today().String(), Required: true, Size: ui.Short},
		ui.Field{Kind: ui.File, Name: "proof", Label: "佐证材料", Required: true, Size: ui.Full, MaxBytes: plan.MaxProof, Hint: proofHint(d)},
		ui.Field{Kind: ui.TextArea, Name: "note", Label: "说明", Optional: true, Size: ui.Full, Rows: 2, MaxLength: 500, Hint: "累计数比上次少时必须说明原因。"},
	)
	v.Submit = ui.Buttons{{Label: "提交填报", Kind: ui.Primary}}
	return v, nil
}

// reportFacts tells what is known of the part before it is reported again.
func reportFacts(c *frame.Ctx, t plan.TargetDetail, part city.TerritoryID) []ui.Fact {
	facts := []ui.Fact{{Term: "目标", Text: t.Pledge(), Sub: t.Meaning()}}
	for _, sh := range t.Shares {
		if sh.Territory == part {
			facts = append(facts, ui.Fact{Term: "承担", Text: nameOfTerritory(c.App.Pack, part) + " " + plan.Amount(sh.Value, t.Unit)})
		}
	}
	if v, ok := t.ExpectedAt(c.Today()); ok && t.Value != nil && (len(t.Shares) == 0 || part == "") {
		v = shown(v)
		facts = append(facts, ui.Fact{Term: "今日序时", Text: plan.Amount(v, t.Unit)})
	}
	last := ui.Fact{Term: "上次已核验", Text: "还没有"}
	for _, s := range t.Parts {
		if s.Territory != part {
			continue
		}
		if s.Value != nil {
			last = ui.Fact{Term: "上次已核验", Text: figure(t.Target, s.Value), Sub: "截至 " + s.AsOf}
		}
		if s.Pending != nil {
			facts = append(facts, ui.Fact{Term: "待核验", Text: figure(t.Target, s.Pending), Sub: "截至 " + s.PendingAsOf})
		}
	}
	return append(facts, last)
}

func valueLabel(t plan.Target) string {
	switch t.Kind {
	case plan.Flow:
		return "截至日的累计数"
	case plan.Comparison:
		return "与对比对象的差"
	}
	return "截至日的数"
}

func unitOf(t plan.Target) string {
	if t.Kind == plan.Comparison {
		return "个百分点"
	}
	return t.Unit
}

func valueHint(t plan.Target) string {
	switch {
	case t.Kind == plan.Comparison:
		return "本市的增速减去对比对象的增速，低于对方写负数，如 -0.3。"
	case t.Kind == plan.Flow:
		return "写从年初到截至日的累计数，不是本月新增。可写 1300、1.5、4万。"
	}
	return "可写 1300、1.5、4万。"
}

func proofHint(d plan.Detail) string {
	s := "文件、照片或表格"
	if d.EvidenceSpec != "" {
		s = strings.TrimRight(d.EvidenceSpec, "。；") + "；文件、照片或表格"
	}
	return s
}
