package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// area is what the pages of this area share.
type area struct {
	app *frame.App
	reg *register.Service
}

// Routes registers the pages of this area.
func Routes(f *frame.App, reg *register.Service) {
	a := area{f, reg}
	f.Handle("GET /checks", a.list)
	f.Handle("POST /checks", a.open)
	f.Handle("GET /checks/{id}", a.draw)
	f.Handle("POST /checks/{id}/{step}", a.step)
	f.Handle("GET /checks/{id}/draw.json", a.file)
}

func drawURL(id string) string { return "/checks/" + id }

const pageSize = 50

type listView struct {
	ui.Base
	Table  ui.Table
	Pager  ui.Pager
	Form   ui.Form
	Fields []ui.Field
}

func (a area) list(c *frame.Ctx) error {
	v, err := a.listView(c, nil)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, listTempl(v))
}

func (a area) listView(c *frame.Ctx, problem error) (listView, error) {
	from := max(0, c.Int("from", 0))
	draws, total, err := a.reg.Draws(c.R.Context(), c.P, pageSize, from)
	v := listView{Base: c.Base("抽查")}
	if err != nil {
		return v, err
	}
	v.Lede = "先公布种子的承诺，再封存清单，最后公开种子抽取：抽到谁，谁也不能事先知道，谁都能事后重算。"
	v.Table = ui.NewTable("抽查", ui.Column{Label: "范围"}, ui.Column{Label: "状态", Narrow: true}, ui.Column{Label: "已核验", Num: true}, ui.Column{Label: "检查", Num: true}, ui.Column{Label: "不实", Num: true}, ui.Column{Label: "开始", Narrow: true})
	v.Table.Empty = ui.Empty{Title: "还没有抽查"}
	for _, x := range draws {
		name := string(x.Register)
		if d, ok := a.reg.Catalog().Get(x.Register); ok {
			name = d.Name
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{URL: drawURL(x.ID), Cells: []ui.Cell{ui.Text(name).With(a.batch(x.Batch)), ui.Text(stateWord(x.State)),
			ui.Text(strconv.Itoa(x.Population)), ui.Text(fmt.Sprintf("%d / %d", x.Outcome.Settled, x.Outcome.Chosen)), ui.Text(strconv.Itoa(x.Outcome.False)), ui.Text(ui.Moment(x.CreatedAt)).With(x.Creator)}})
	}
	v.Pager = ui.Pager{From: int64(from + 1), To: int64(from + len(draws)), Total: int64(total)}
	if from > 0 {
		v.Pager.Prev = "/checks?from=" + strconv.Itoa(max(0, from-pageSize))
	}
	if from+len(draws) < total {
		v.Pager.Next = "/checks?from=" + strconv.Itoa(from+pageSize)
	}
	v.Form, v.Fields = ui.Form{Action: "/checks", Label: "开始抽查", NoValid: true, Columns: true, Problems: ui.Problems(problem)}, a.fields(c, problem)
	return v, nil
}

// fields are the inputs for a new draw; none for who may hold none.
func (a area) fields(c *frame.Ctx, problem error) []ui.Field {
	var registers, units, places []ui.Option
	for _, d := range a.reg.Catalog().All() {
		if a.reg.MayDraw(c.P, d) {
			registers = append(registers, ui.Option{Value: string(d.ID), Label: d.Name, Group: d.Group})
		}
	}
	if len(registers) == 0 {
		return nil
	}
	for _, u := range a.app.Pack.Units {
		units = append(units, ui.Option{Value: string(u.ID), Label: u.Name})
	}
	for _, t := range a.app.Pack.TerritoriesFor(city.CaliberZonesApart) {
		places = append(places, ui.Option{Value: string(t.ID), Label: t.Name})
	}
	m := errs.FieldMessages(problem)
	from, to := c.Form("start"), c.Form("end")
	if from == "" && problem == nil {
		from, to = fmt.Sprintf("%04d-01-01", c.Today().Year()), c.Today().String()
	}
	return []ui.Field{
		{Kind: ui.Select, Name: "register", Label: "台账", Required: true, Options: registers, Value: c.Form("register"), Error: m["register"]},
		{Kind: ui.Select, Name: "territory", Label: "地区", Hint: "地区和登记单位选一个", Options: places, Value: c.Form("territory"), Error: m["territory"]},
		{Kind: ui.Select, Name: "unit", Label: "登记单位", Options: units, Value: c.Form("unit"), Error: m["unit"]},
		{Kind: ui.Date, Name: "start", Label: "生效日期从", Required: true, Value: from, Error: m["from"]},
		{Kind: ui.Date, Name: "end", Label: "到", Required: true, Value: to, Error: m["to"]},
	}
}

func (a area) open(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	from, _ := calendar.ParseDate(c.Form("start")) // a day that is none is refused as missing
	to, _ := calendar.ParseDate(c.Form("end"))
	id, err := a.reg.OpenDraw(c.R.Context(), c.P, register.Batch{Register: register.ID(c.Form("register")), Unit: city.UnitID(c.Form("unit")), Territory: city.TerritoryID(c.Form("territory")), From: from, To: to})
	if err == nil {
		return c.Done(drawURL(id), "承诺已公布，下一步封存清单。")
	}
	if !errs.Is(err, errs.Invalid) {
		return err
	}
	v, viewErr := a.listView(c, err)
	if viewErr != nil {
		return viewErr
	}
	return c.Render(frame.StatusOf(errs.CodeOf(err)), listTempl(v))
}

func (a area) batch(b register.Batch) string {
	name := ""
	if u, ok := a.app.Pack.Unit(b.Unit); ok {
		name = u.Name
	} else if t, ok := a.app.Pack.Territory(b.Territory); ok {
		name = t.Name
	}
	return fmt.Sprintf("%s，%s 至 %s 生效", name, b.From, b.To)
}

// step does what a form of a draw asks.
func (a area) step(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	ctx, id, done := c.R.Context(), c.R.PathValue("id"), ""
	var err error
	switch c.R.PathValue("step") {
	case "close":
		done, err = "清单已封存，下一步公开种子抽取。", a.reg.CloseList(ctx, c.P, id)
	case "draw":
		done, err = "种子已公开，抽中的记录列在下面。", a.reg.Draw(ctx, c.P, id)
	case "result":
		done, err = "结果已登记。", a.reg.Judge(ctx, c.P, register.Judgement{Draw: id, Seq: int64(c.Int("seq", 0)), Finding: register.Finding(c.Form("finding")), Note: c.Form("note")})
	case "finish":
		done, err = "抽查已办结。", a.reg.FinishDraw(ctx, c.P, id)
	default:
		err = frame.NoPage()
	}
	if err != nil {
		return err
	}
	return c.Done(drawURL(id), done)
}

func (a area) file(c *frame.Ctx) error {
	f, err := a.reg.DrawFile(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="draw-`+f.ID+`.json"`)
	c.Wrote()
	_, _ = c.W.Write(data) // the client went away
	return nil
}
