package registers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/kit/blob"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// checksView is the list of a register's spot checks.
type checksView struct {
	ui.Base
	May    bool
	Form   ui.Form
	Fields []ui.Field
	Table  ui.Table
	Pager  ui.Pager
}

func checksURL(id register.ID) string { return registerURL(id) + "/checks" }

func checkURL(x register.Draw) string { return checksURL(x.Register) + "/" + url.PathEscape(x.ID) }

func (a area) checks(c *frame.Ctx) error {
	d, err := a.definition(c)
	if err != nil {
		return err
	}
	return a.drawChecks(c, d, nil)
}

func (a area) drawChecks(c *frame.Ctx, d *register.Definition, problem error) error {
	page := max(1, c.Int("page", 1))
	size := perPage
	if c.AsBook() {
		page, size = 1, mostPrinted
	}
	shown, total, err := a.reg.Draws(c.R.Context(), c.P, d.ID, size, (page-1)*size)
	if err != nil {
		return err
	}
	to := checksURL(d.ID)
	if len(shown) == 0 && total > 0 { // beyond the end is the last page
		c.Redirect(to+suffix(pageValue(nil, (total+perPage-1)/perPage)), ui.Flash{})
		return nil
	}
	pager := pagerOf(page, total, func(n int) string { return to + suffix(pageValue(nil, n)) })
	v := checksView{Base: c.Base("抽查", indexCrumb(), registerCrumb(d)), May: a.reg.MayDraw(c.P, d)}
	v.Lede, v.AsOf = "以抽查代替全部留痕：抽谁由事先封存的种子决定，查的人不是登记、核验的人。", ""
	v.Form = ui.Form{Action: checksURL(d.ID), NoValid: true, Label: "组织抽查", Problems: ui.Problems(problem)}
	v.Fields = a.batchFields(c, errs.FieldMessages(problem))
	v.Table = ui.NewTable("历次抽查", ui.Column{Label: "抽查的范围"}, ui.Column{Label: "状态", Narrow: true}, ui.Column{Label: "已核验", Num: true}, ui.Column{Label: "检查", Num: true}, ui.Column{Label: "不实或未找到", Num: true}, ui.Column{Label: "组织", Narrow: true})
	v.Table.Empty, v.Pager = checksEmpty(v.May), pager
	for _, x := range shown {
		v.Table.Rows = append(v.Table.Rows, a.checkRow(x))
	}
	if problem == nil {
		v.Actions = c.WithBook(nil)
		return c.Lists(checksTempl(v), d.Name+"抽查", v.Table)
	}
	return c.Render(frame.StatusOf(errs.CodeOf(problem)), checksTempl(v))
}

// checkRow is one spot check in the list of them. What is not known yet is a dash.
func (a area) checkRow(x register.Draw) ui.Row {
	population, chosen, wrong := ui.Text(noWord), ui.Text(noWord), ui.Text(noWord)
	if x.State != register.DrawOpen {
		population = ui.Text(itoa(x.Population))
	}
	if x.Seed != "" {
		chosen, wrong = ui.Text(itoa(x.Outcome.Chosen)), ui.Text(itoa(x.Outcome.False))
	}
	return ui.Row{URL: checkURL(x), Cells: []ui.Cell{ui.Text(a.batchOwner(x.Batch)).With(batchDays(x.Batch)), ui.Node(ui.Badge{Text: checkStates[x.State], Kind: checkKind(x)}),
		population, chosen, wrong, ui.Text(x.Creator).With(ui.Moment(x.CreatedAt))}}
}

// checksEmpty says who may begin the first spot check.
func checksEmpty(may bool) ui.Empty {
	e := ui.Empty{Title: "还没有抽查过", Text: "抽查由主管部门组织；组织以后，范围、凭据和结果都在这里公开。"}
	if may {
		e.Text, e.Label, e.URL = "在下面选定范围，系统封存种子后公布承诺值，就开始一次抽查。", "组织抽查", "#new"
	}
	return e
}

// batchFields ask whose records of which days are checked.
func (a area) batchFields(c *frame.Ctx, problems map[string]string) []ui.Field {
	var owners []ui.Option
	for _, o := range placeOptions(a.app.Pack) {
		owners = append(owners, ui.Option{Value: "t:" + o.Value, Label: o.Label, Group: "地区"})
	}
	for _, u := range a.app.Pack.Units {
		owners = append(owners, ui.Option{Value: "u:" + string(u.ID), Label: u.Short, Group: "登记单位"})
	}
	from, to := c.Form("from"), c.Form("to")
	if from == "" && to == "" {
		from, to = calendar.Of(c.Today().Year(), 1, 1).String(), c.Today().String()
	}
	return []ui.Field{
		{Kind: ui.Select, Name: "owner", ID: "f-unit", Label: "哪个地区或单位的记录", Required: true, Value: c.Form("owner"), Options: owners, Error: problems["unit"] + problems["territory"]},
		{Kind: ui.Date, Name: "from", Label: "生效日期从", Required: true, Value: from, Size: ui.Short, Error: problems["from"]},
		{Kind: ui.Date, Name: "to", Label: "到", Required: true, Value: to, Size: ui.Short, Error: problems["to"]},
	}
}

func (a area) openCheck(c *frame.Ctx) error {
	d, err := a.definition(c)
	if err != nil {
		return err
	}
	b := register.Batch{Register: d.ID}
	kind, id, _ := strings.Cut(c.Form("owner"), ":")
	switch kind {
	case "t":
		b.Territory = city.TerritoryID(id)
	case "u":
		b.Unit = city.UnitID(id)
	}
	b.From, _ = calendar.ParseDate(c.Form("from")) // what is no date is asked for again
	b.To, _ = calendar.ParseDate(c.Form("to"))
	draw, err := a.reg.OpenDraw(c.R.Context(), c.P, b)
	if err == nil {
		return c.Done(checkURL(register.Draw{ID: draw, Batch: b}), "种子已封存，承诺值已公布。下一步封存名单。")
	}
	if !mendable(err) {
		return err
	}
	return a.drawChecks(c, d, err)
}

// batchOwner names whose records a spot check is about.
func (a area) batchOwner(b register.Batch) string {
	if b.Unit != "" {
		return unitName(a.app.Pack, b.Unit) + "登记的"
	}
	return placeName(a.app.Pack, b.Territory)
}

func batchDays(b register.Batch) string {
	return b.From.Chinese() + "至" + b.To.Chinese() + "生效的"
}

var checkStates = map[register.DrawState]string{register.DrawOpen: "待封存名单", register.DrawClosed: "待抽取", register.DrawDrawn: "正在检查", register.DrawDone: "已办结"}

func checkKind(x register.Draw) ui.Kind {
	switch {
	case x.Outcome.False > 0:
		return ui.Danger
	case x.State == register.DrawDone:
		return ui.Success
	}
	return ui.Info
}

// check reads the spot check that the address names; it must be of the register of the address.
func (a area) check(c *frame.Ctx) (register.DrawView, error) {
	d, err := a.definition(c)
	if err != nil {
		return register.DrawView{}, err
	}
	x, err := a.reg.DrawView(c.R.Context(), c.P, c.R.PathValue("check"))
	if err != nil {
		return x, err
	}
	if x.Register != d.ID {
		return x, errs.New(errs.NotFound, "这本台账没有这次抽查")
	}
	return x, nil
}

// checkStep takes one step of a spot check.
func (a area) checkStep(step func(c *frame.Ctx, id string) error, done string) frame.Handler {
	return func(c *frame.Ctx) error {
		x, err := a.check(c)
		if err != nil {
			return err
		}
		if err := step(c, x.ID); err != nil {
			return err
		}
		return c.Done(checkURL(x.Draw), done)
	}
}

func (a area) closeCheck(c *frame.Ctx, id string) error {
	return a.reg.CloseList(c.R.Context(), c.P, id)
}

func (a area) drawCheck(c *frame.Ctx, id string) error { return a.reg.Draw(c.R.Context(), c.P, id) }

func (a area) finishCheck(c *frame.Ctx, id string) error {
	return a.reg.FinishDraw(c.R.Context(), c.P, id)
}

// checkFile hands out what anybody needs to draw again.
func (a area) checkFile(c *frame.Ctx) error {
	x, err := a.check(c)
	if err != nil {
		return err
	}
	f, err := a.reg.DrawFile(c.R.Context(), c.P, x.ID)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return c.SendFile(append(data, '\n'), blob.Kind{Name: "抽查文件", MIME: "application/json", Ext: ".json"}, x.Definition.Name+"-抽查-"+x.CreatedAt.In(calendar.Zone()).Format("20060102")+".json")
}

// item reads a record of a spot check that is checked.
func (a area) item(c *frame.Ctx) (register.DrawView, register.DrawItem, error) {
	x, err := a.check(c)
	if err != nil {
		return x, register.DrawItem{}, err
	}
	seq, err := strconv.ParseInt(c.R.PathValue("seq"), 10, 64)
	for _, item := range x.Items {
		if err == nil && item.Seq == seq {
			return x, item, nil
		}
	}
	return x, register.DrawItem{}, errs.New(errs.NotFound, "这次抽查没有这一条")
}

var findingWords = map[register.Finding]string{register.FoundTrue: "属实", register.FoundFalse: "不实", register.FoundMissing: "未找到"}

// judgeView is the form of one person's result. What was typed stays after a refusal,
// also when there is nothing left to enter: it can be copied then.
func judgeView(c *frame.Ctx, x register.DrawView, item register.DrawItem, problem error) (formPage, error) {
	if item.Hindrance != "" && problem == nil {
		return formPage{}, errs.New(errs.Forbidden, "%s", item.Hindrance)
	}
	messages := errs.FieldMessages(problem)
	v := formPage{Base: c.Base("登记检查结果", indexCrumb(), registerCrumb(x.Definition), ui.Crumb{Label: "抽查", URL: checksURL(x.Register)}, ui.Crumb{Label: "本次抽查", URL: checkURL(x.Draw)}), Cancel: back(c, checkURL(x.Draw))}
	v.Lede, v.AsOf = item.No+" "+item.Title, ""
	v.Form = ui.Form{Action: checkURL(x.Draw) + "/items/" + strconv.FormatInt(item.Seq, 10), NoValid: true, Hidden: keepReturn(c)}
	v.Facts = ui.Facts{Items: []ui.Fact{{Term: "记录", Text: item.Title, URL: recordURL(item.RecordID), Sub: item.No}}}
	v.Fields = []ui.Field{
		{Kind: ui.Radio, Name: "finding", Label: "您亲自查看的结果", Required: true, Value: c.Form("finding"), Error: messages["finding"], Options: []ui.Option{
			{Value: string(register.FoundTrue), Label: "属实"}, {Value: string(register.FoundFalse), Label: "不实", Hint: "记录与实际不符"}, {Value: string(register.FoundMissing), Label: "未找到", Hint: "登记的地点没有"}}},
		{Kind: ui.TextArea, Name: "note", Label: "怎样查的、看到什么", Value: c.Form("note"), Size: ui.Full, Rows: 3, MaxLength: 500, Error: messages["note"], Hint: "不实或未找到的必须写明。两人都认定不实的，记录当即退出计数。"},
	}
	v.Submit = ui.Buttons{{Label: "登记结果", Kind: ui.Primary}}
	if item.Hindrance != "" {
		v.Submit = nil
		v.Note = ui.Alert{Kind: ui.Warning, Text: "这一条不再登记结果；您写的还在下面，需要的话请复制留存。"}
	}
	return v, nil
}

func (a area) judgeForm(c *frame.Ctx) error {
	x, item, err := a.item(c)
	if err != nil {
		return err
	}
	v, err := judgeView(c, x, item, nil)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, formTempl(v))
}

func (a area) judge(c *frame.Ctx) error {
	x, item, err := a.item(c)
	if err != nil {
		return err
	}
	err = a.reg.Judge(c.R.Context(), c.P, register.Judgement{Draw: x.ID, Seq: item.Seq, Finding: register.Finding(c.Form("finding")), Note: c.Form("note")})
	if err == nil {
		return c.Done(back(c, checkURL(x.Draw))+"#items", "已登记您的结果。两人一致才有结论。")
	}
	if !mendable(err) {
		return err
	}
	v, viewErr := judgeView(c, x, item, err)
	if viewErr != nil {
		return viewErr
	}
	return redraw(c, v, err)
}
