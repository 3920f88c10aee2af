package imports

import (
	"io"
	"net/http"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// accept are the names of files that can be read; what a file is decides its content.
const accept = ".docx,.pdf,.txt,.md,.html,.htm"

// uploadPage is the form for handing in a document.
type uploadPage struct {
	ui.Base
	Form                                     ui.Form
	Kind, Plan, Parent, Territory, Unit, Doc ui.Field
	Renews                                   bool // there is a list of which this could be a new version
}

// uploadInput is the form as it was sent.
type uploadInput struct{ Kind, Plan, Parent, Territory, Unit string }

// newForm asks for a document. ?plan= prefills the list of which it is a new
// version, ?kind= and ?territory= a county's own list.
func (a area) newForm(c *frame.Ctx) error {
	if !mayImport(c.P) {
		return c.P.May(org.PlanImport, org.Scope{})
	}
	in := uploadInput{Kind: c.Form("kind"), Plan: c.Form("plan"), Territory: c.Form("territory"), Unit: c.Form("unit"), Parent: c.Form("parent")}
	return a.drawUpload(c, http.StatusOK, in, nil)
}

// upload hands a document in.
func (a area) upload(c *frame.Ctx) error {
	if !mayImport(c.P) {
		return c.P.May(org.PlanImport, org.Scope{})
	}
	if err := c.Parse(); err != nil {
		return err
	}
	in := uploadInput{Kind: c.Form("kind"), Plan: c.Form("plan"), Territory: c.Form("territory"), Unit: c.Form("unit"), Parent: c.Form("parent")}
	file, err := c.File("file")
	if err != nil {
		return err
	}
	u := plan.Upload{Name: file.Name, Kind: plan.Kind(in.Kind), PlanID: in.Plan, ParentID: in.Parent, Territory: city.TerritoryID(in.Territory), Unit: city.UnitID(in.Unit)}
	if u.Kind != plan.KindCounty {
		u.Territory = ""
	}
	if u.Kind != plan.KindSpecial {
		u.Unit = ""
	}
	if file.Data != nil {
		u.Data = io.NewSectionReader(file.Data, 0, file.Size)
	}
	if u.PlanID != "" {
		// A new version is of the same kind, place and unit as the list it renews.
		old, err := a.app.Plan.Plan(c.R.Context(), c.P, u.PlanID)
		if err != nil {
			return err
		}
		u.Kind, u.Territory, u.Unit = old.Kind, old.Territory, old.Unit
	}
	id, err := a.app.Plan.Import(c.R.Context(), c.P, u)
	switch errs.CodeOf(err) {
	case "":
		return c.Done(importURL(id), "文件已收到，正在识别")
	case errs.Invalid, errs.TooLarge:
		return a.drawUpload(c, frame.StatusOf(errs.CodeOf(err)), in, err)
	}
	return err
}

func (a area) drawUpload(c *frame.Ctx, status int, in uploadInput, problem error) error {
	plans, err := a.app.Plan.Plans(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	v := uploadPage{Base: c.Base("导入文件", listCrumb())}
	v.Lede, v.AsOf = "上传后自动识别任务、责任单位和目标。识别结果须经核对、由另一人发布后才成为清单。", ""
	v.Form = ui.Form{Action: "/imports/new", Upload: true, Label: "导入文件", Problems: ui.Problems(problem), NoValid: true}
	messages := errs.FieldMessages(problem)
	kinds := kindsFor(c.P)
	if in.Kind == "" && len(kinds) > 0 {
		in.Kind = kinds[0].Value
	}
	v.Kind = ui.Field{Kind: ui.Radio, Name: "kind", Label: "清单类型", Required: true, Value: in.Kind, Error: messages["kind"], Options: kinds}
	v.Territory = ui.Field{Kind: ui.Select, Name: "territory", Label: "县（市、区）或开发区", Value: in.Territory, Error: messages["territory"], Options: a.territories(c.P)}
	if len(v.Territory.Options) == 1 && in.Territory == "" {
		v.Territory.Value = v.Territory.Options[0].Value
	}
	v.Unit = ui.Field{Kind: ui.Select, Name: "unit", Label: "牵头部门", Value: in.Unit, Error: messages["unit"], Options: unitOptions(a.app.Pack, nil)}
	v.Parent = ui.Field{Kind: ui.Select, Name: "parent", Label: "所属市级总清单", Value: in.Parent, Error: messages["parent"], Size: ui.Full,
		Options: planOptions(a.app.Pack, plans, func(p plan.Plan) bool { return p.Kind == plan.KindCity })}
	if in.Parent == "" && len(v.Parent.Options) > 0 {
		v.Parent.Value = v.Parent.Options[0].Value
	}
	if len(v.Parent.Options) == 0 {
		v.Parent.Hint = "还没有发布市级总清单：请先导入并发布市级行动计划。"
	}
	v.Plan = ui.Field{Kind: ui.Select, Name: "plan", Label: "是哪份清单的新版本", Optional: true, Value: in.Plan, Error: messages["plan"], Size: ui.Full, Blank: "不是新版本，是一份新的清单",
		Hint: "选了原清单，类型、地区和部门都以原清单为准；识别后与原清单逐条比较，由您决定采用哪一个。", Options: planOptions(a.app.Pack, plans, func(p plan.Plan) bool { return mayRenew(c.P, p) })}
	v.Renews = len(v.Plan.Options) > 0
	v.Doc = ui.Field{Kind: ui.File, Name: "file", Label: "计划文件", Required: true, Accept: accept, MaxBytes: plan.MaxDocument, Error: messages["file"], Size: ui.Full,
		Hint: "Word（.docx）、PDF、网页、纯文本或 Markdown；扫描成图片的 PDF 无法识别"}
	if problem != nil && v.Doc.Error == "" {
		v.Doc.Hint = "请重新选择文件：浏览器不保留已选的文件。" + v.Doc.Hint
	}
	return c.Render(status, uploadView(v))
}

// kindsFor lists the kinds of list that the person may bring in.
func kindsFor(p org.Principal) []ui.Option {
	var out []ui.Option
	if p.MayAnywhere(org.PlanImport) {
		out = append(out,
			ui.Option{Value: string(plan.KindCity), Label: plan.KindCity.Label(), Hint: "全市行动计划正文"})
	}
	if p.MayAnywhere(org.CountyListImport) {
		out = append(out, ui.Option{Value: string(plan.KindCounty), Label: plan.KindCounty.Label(), Hint: "县（市、区）、开发区的实施方案"})
	}
	if p.MayAnywhere(org.PlanImport) {
		out = append(out, ui.Option{Value: string(plan.KindSpecial), Label: plan.KindSpecial.Label(), Hint: "牵头部门的专项工作方案"})
	}
	return out
}

// mayRenew reports whether the person may bring in a new version of a list.
func mayRenew(p org.Principal, old plan.Plan) bool {
	if old.Kind == plan.KindCounty {
		return p.May(org.CountyListImport, org.Scope{Territory: string(old.Territory)}) == nil
	}
	return p.May(org.PlanImport, org.Scope{}) == nil
}

// territories lists the counties and zones whose list the person may bring in.
func (a area) territories(p org.Principal) []ui.Option {
	var out []ui.Option
	for _, t := range a.app.Pack.Territories {
		if t.Kind != city.TerritoryPrefecture && p.May(org.CountyListImport, org.Scope{Territory: string(t.ID)}) == nil {
			out = append(out, ui.Option{Value: string(t.ID), Label: t.Name, Group: t.Kind.Label()})
		}
	}
	return out
}

// planOptions lists published plans as choices of a form.
func planOptions(pack *city.Pack, plans []plan.Plan, fits func(plan.Plan) bool) []ui.Option {
	var out []ui.Option
	for _, p := range plans {
		if !fits(p) {
			continue
		}
		label := p.Title
		if t, ok := pack.Territory(p.Territory); ok {
			label = t.Short + "：" + label
		}
		out = append(out, ui.Option{Value: p.ID, Label: label, Group: p.Kind.Label()})
	}
	return out
}

// unitOptions lists the units of the directory as choices of a form, the likely ones first.
func unitOptions(pack *city.Pack, likely []city.UnitID) []ui.Option {
	var out []ui.Option
	for _, id := range likely {
		if u, ok := pack.Unit(id); ok {
			out = append(out, ui.Option{Value: string(id), Label: u.Name, Group: "名称相近"})
		}
	}
	for _, u := range pack.Units {
		out = append(out, ui.Option{Value: string(u.ID), Label: u.Name, Group: u.Kind.Label()})
	}
	return out
}
