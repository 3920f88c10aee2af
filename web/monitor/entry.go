package monitor

import (
	"cmp"
	"slices"
	"strconv"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// entryOf reads what was typed.
func entryOf(c *frame.Ctx) indicator.Entry {
	return indicator.Entry{Indicator: indicator.ID(c.Form("indicator")), Territory: c.Form("territory"), Period: c.Form("period"), Caliber: c.Form("caliber"),
		Value: c.Form("value"), Released: c.Form("released"), Source: c.Form("source"), Reason: c.Form("reason"), Revision: c.Int("revision", 0)}
}

func (a area) entryForm(c *frame.Ctx) error {
	if err := c.P.May(org.IndicatorEdit, org.Scope{}); err != nil {
		return err
	}
	v := a.entryView(c)
	for i := range v.Fields {
		f := &v.Fields[i]
		f.Value = cmp.Or(c.Form(f.Name), f.Value)
		if p, err := indicator.ParsePeriod(f.Value); f.Name == "period" && err == nil {
			f.Value = p.Label()
		}
	}
	return showForm(c, v)
}

func (a area) entrySave(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	e := entryOf(c)
	if _, err := a.ind.Enter(c.R.Context(), c.P, e); err != nil {
		return redraw(c, a.entryView(c), err)
	}
	return c.Done(address(seriesURL(e.Indicator), "territory", e.Territory), "已录入。")
}

func (a area) entryView(c *frame.Ctx) formView {
	v := formView{Base: c.Base("录入统计数据", home()), Cancel: "/monitor"}
	v.Base.Lede, v.Base.AsOf = "只录入统计部门已经公布的数，写明来源文件。测算、预计的数不能录入。", ""
	v.Form = ui.Form{Action: "/monitor/entry", Guard: true, NoValid: true}
	ind := ui.Field{Kind: ui.Select, Name: "indicator", Label: "指标", Required: true, Blank: "请选择", Focus: true}
	for _, i := range a.ind.Catalogue().Indicators {
		ind.Options = append(ind.Options, ui.Option{Value: string(i.ID), Label: i.Name + "（" + i.Unit + "，" + i.Frequency.Label() + "）"})
	}
	place := ui.Field{Kind: ui.Select, Name: "territory", Label: "地区", Required: true, Value: string(c.App.Pack.Root().ID)}
	place.Options = append(place.Options, ui.Option{Value: string(indicator.Province), Label: c.App.Pack.Province.Name})
	for _, t := range c.App.Pack.Territories {
		place.Options = append(place.Options, ui.Option{Value: string(t.ID), Label: t.Name})
	}
	v.Fields = append([]ui.Field{ind, place,
		{Name: "period", Label: "时期", Required: true, Size: ui.Short, Placeholder: "2026年1—3月", Hint: "2026年1—3月（累计）、2026年4月（当月）、2026年一季度或 2026年；1月和2月写 2026年1—2月。"},
		{Kind: ui.Select, Name: "caliber", Label: "口径", Blank: "不区分", Options: caliberOptions(), Hint: "只有功能区和含功能区的区要选：行政区划口径含功能区，功能区单列口径不含。"}},
		figureFields(c)...)
	v.Fields = append(v.Fields, ui.Field{Kind: ui.TextArea, Name: "reason", Label: "原因", Optional: true, Size: ui.Full, Rows: 2, MaxLength: 500, Hint: "曾经撤回的数重新录入时必须写明。"})
	v.Submit = ui.Buttons{{Label: "录入", Kind: ui.Primary}}
	return v
}

func caliberOptions() []ui.Option {
	var list []ui.Option
	for _, c := range []city.Caliber{city.CaliberAdministrative, city.CaliberZonesApart} {
		list = append(list, ui.Option{Value: string(c), Label: string(c)})
	}
	return list
}

// figureFields are the fields of a version: the figure, its date and its document.
func figureFields(c *frame.Ctx) []ui.Field {
	return []ui.Field{
		{Kind: ui.Number, Name: "value", Label: "公布的数", Required: true, Size: ui.Short, Hint: "按公布的单位填写；增速写百分数，如 5.3，下降写负数。"},
		{Kind: ui.Date, Name: "released", Label: "发布日期", Required: true, Size: ui.Short, Max: c.Today().String()},
		{Name: "source", Label: "来源文件", Required: true, Size: ui.Full, MaxLength: 200, Placeholder: "如：市统计局《2026年3月统计月报》"},
	}
}

// editable is figureFor for those who may edit; a withdrawn figure is not revised.
func (a area) editable(c *frame.Ctx) (found, error) {
	if err := c.P.May(org.IndicatorEdit, org.Scope{}); err != nil {
		return found{}, err
	}
	return a.figureFor(c)
}

// keyFields carry unseen which figure a form is about and which version the person saw.
func keyFields(c *frame.Ctx, f found) []ui.HiddenPair {
	return []ui.HiddenPair{{Name: "territory", Value: string(f.Key.Territory)}, {Name: "period", Value: f.Key.Period.Code()}, {Name: "caliber", Value: string(f.Key.Caliber)},
		{Name: "revision", Value: cmp.Or(c.Form("revision"), strconv.Itoa(f.last().Revision))}}
}

func (a area) reviseView(c *frame.Ctx, f found) formView {
	v := formView{Base: c.Base("修订", a.crumbs(f)...), Facts: a.figureFacts(f), Cancel: figureURL(f.Indicator.ID, f.Key, "figure")}
	v.Base.Lede, v.Base.AsOf = a.name(f.Key.Territory)+" "+f.Indicator.Label(f.Key.Period)+" "+f.Indicator.Name, ""
	v.Form = ui.Form{Action: seriesURL(f.Indicator.ID) + "/revise", Guard: true, NoValid: true, Hidden: keyFields(c, f)}
	v.Fields = append(figureFields(c), ui.Field{Kind: ui.TextArea, Name: "reason", Label: "修订原因", Required: true, Size: ui.Full, Rows: 2, MaxLength: 500, Hint: "如：公布机构按普查结果修订。"})
	v.Submit = ui.Buttons{{Label: "保存为新的一版", Kind: ui.Primary}}
	return v
}

func (a area) reviseForm(c *frame.Ctx) error {
	f, err := a.editable(c)
	if err != nil {
		return err
	}
	v, o := a.reviseView(c, f), f.last()
	values := map[string]string{"released": o.Released.String(), "source": o.Source}
	if !o.Withdrawn() {
		values["value"] = o.Value.String()
	}
	for i := range v.Fields {
		v.Fields[i].Value = values[v.Fields[i].Name]
	}
	return showForm(c, v)
}

func (a area) reviseSave(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	f, err := a.editable(c)
	if err != nil {
		return err
	}
	e := entryOf(c)
	e.Indicator = f.Indicator.ID
	if _, err := a.ind.Revise(c.R.Context(), c.P, e); err != nil {
		return redraw(c, a.reviseView(c, f), err)
	}
	return c.Done(figureURL(f.Indicator.ID, f.Key, "figure"), "已保存为新的一版，原来的数保留在修订记录中。")
}

func (a area) withdrawView(c *frame.Ctx, f found) formView {
	v := a.reviseView(c, f)
	v.Base.Title, v.Form.Action = "撤回", seriesURL(f.Indicator.ID)+"/withdraw"
	reason := slices.IndexFunc(v.Fields, func(f ui.Field) bool { return f.Name == "reason" })
	v.Fields = v.Fields[reason:]
	v.Fields[0].Label, v.Fields[0].Hint = "撤回原因", "录错地区、时期等情况才撤回；公布机构改了数，请办理修订。"
	v.Submit = ui.Buttons{{Label: "撤回这个数", Kind: ui.Destroy}}
	return v
}

func (a area) withdrawForm(c *frame.Ctx) error {
	f, err := a.editable(c)
	if err != nil {
		return err
	}
	return showForm(c, a.withdrawView(c, f))
}

func (a area) withdrawSave(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	f, err := a.editable(c)
	if err != nil {
		return err
	}
	if err := a.ind.Withdraw(c.R.Context(), c.P, f.Indicator.ID, f.Key, c.Int("revision", 0), c.Form("reason")); err != nil {
		return redraw(c, a.withdrawView(c, f), err)
	}
	return c.Done(figureURL(f.Indicator.ID, f.Key, "figure"), "已撤回，记录保留。")
}
