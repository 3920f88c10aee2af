package registers

import (
	"io"
	"net/http"
	"net/url"

	"bihuan/kit/errs"
	"bihuan/register"
	"bihuan/register/sheet"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// mostBadCells is how many bad cells a page shows; the file to mend holds all.
const mostBadCells = 200

// importView is where a workbook is handed in, with the earlier ones.
type importView struct {
	ui.Base
	Template ui.Buttons
	Form     ui.Form
	File     ui.Field
	Earlier  ui.Table
}

// runView is one import on its way.
type runView struct {
	ui.Base
	URL      string
	Running  bool // works in the background: the page asks again by itself
	Alert    ui.Alert
	Steps    ui.Steps
	Percent  string
	Progress string
	Stats    ui.Stats
	Start    string // the button's words; empty when there is nothing to start
	Cancel   string // the button's words; empty when there is nothing to cancel
	Sure     string // asked before cancelling
	Mend     ui.Buttons
	Cells    ui.Table
	More     int
}

func importURL(id register.ID) string { return registerURL(id) + "/import" }

func runURL(i sheet.Import) string { return importURL(i.Register) + "/" + url.PathEscape(i.ID) }

// importable reads the register of the address and refuses who may not enter records.
func (a area) importable(c *frame.Ctx) (*register.Definition, error) {
	d, err := a.definition(c)
	if err != nil {
		return nil, err
	}
	if len(a.entryPlaces(c.P, d)) == 0 {
		return nil, a.mayNotEnter(d)
	}
	return d, nil
}

func (a area) importForm(c *frame.Ctx) error {
	d, err := a.importable(c)
	if err != nil {
		return err
	}
	return a.drawImport(c, d, nil)
}

func (a area) drawImport(c *frame.Ctx, d *register.Definition, problem error) error {
	earlier, err := a.sheets.List(c.R.Context(), c.P, d.ID)
	if err != nil {
		return err
	}
	v := importView{Base: c.Base("导入表格", indexCrumb(), registerCrumb(d))}
	v.Lede, v.AsOf = "先下载模板填写，再上传。系统逐格检查，不合格的格子列出原因；您确认后才导入。导入的记录和逐条登记的一样，要经核验才计入。", ""
	v.Template = ui.Buttons{{Label: "下载模板", Icon: "download", URL: importURL(d.ID) + "/template.xlsx", Download: true}}
	v.Form = ui.Form{Action: importURL(d.ID), Upload: true, NoValid: true, Label: "上传填好的表格", Problems: ui.Problems(problem)}
	v.File = ui.Field{Kind: ui.File, Name: "file", Label: "填好的表格", Required: true, Accept: ".xlsx", Size: ui.Full, MaxBytes: sheet.MaxFile, Hint: "Excel 工作簿（.xlsx），用本台账的模板", Error: errs.FieldMessages(problem)["file"]}
	v.Earlier = earlierTable(earlier)
	status := http.StatusOK
	if problem != nil {
		status = frame.StatusOf(errs.CodeOf(problem))
	}
	return c.Render(status, importTempl(v))
}

func earlierTable(earlier []sheet.Import) ui.Table {
	t := ui.NewTable("以前的导入", ui.Column{Label: "文件"}, ui.Column{Label: "状态", Narrow: true}, ui.Column{Label: "合格行", Num: true}, ui.Column{Label: "不合格行", Num: true}, ui.Column{Label: "已成记录", Num: true}, ui.Column{Label: "经手", Narrow: true})
	for _, i := range earlier {
		t.Rows = append(t.Rows, ui.Row{URL: runURL(i), Muted: i.State == sheet.Cancelled, Cells: []ui.Cell{ui.Text(i.Name).With(ui.Moment(i.CreatedAt)),
			ui.Node(ui.Badge{Text: i.State.Label(), Kind: runKind(i.State)}), ui.Text(itoa(i.Good)), ui.Text(itoa(i.Bad)), ui.Text(itoa(i.Entered)), ui.Text(i.ByName)}})
	}
	return t
}

func runKind(s sheet.State) ui.Kind {
	switch s {
	case sheet.Done:
		return ui.Success
	case sheet.Failed:
		return ui.Danger
	case sheet.Checked:
		return ui.Warning
	case sheet.Cancelled:
		return ui.Plain
	default:
		return ui.Info
	}
}

func (a area) importTemplate(c *frame.Ctx) error {
	d, err := a.importable(c)
	if err != nil {
		return err
	}
	return sendBook(c, d.Name+"-模板.xlsx", func(w io.Writer) error { return a.sheets.Template(c.R.Context(), c.P, d.ID, w) })
}

func (a area) importUpload(c *frame.Ctx) error {
	d, err := a.importable(c)
	if err != nil {
		return err
	}
	if err := c.Parse(); err != nil {
		return err
	}
	file, err := c.File("file")
	if err != nil {
		return err
	}
	if file.Data == nil {
		return a.drawImport(c, d, badField("file", "请选择填好的表格"))
	}
	id, err := a.sheets.Upload(c.R.Context(), c.P, d.ID, file.Name, io.NewSectionReader(file.Data, 0, file.Size))
	if err == nil {
		return c.Done(runURL(sheet.Import{ID: id, Register: d.ID}), "表格已收到，正在逐格检查。")
	}
	if !mendable(err) {
		return err
	}
	return a.drawImport(c, d, err)
}

// run reads the import that the address names; it must belong to the register of the address.
func (a area) run(c *frame.Ctx) (d *register.Definition, i sheet.Import, err error) {
	if d, err = a.definition(c); err != nil {
		return nil, i, err
	}
	if i, err = a.sheets.Get(c.R.Context(), c.P, c.R.PathValue("run")); err != nil {
		return nil, i, err
	}
	if i.Register != d.ID {
		return nil, i, errs.New(errs.NotFound, "这本台账没有这次导入")
	}
	return d, i, nil
}

func (a area) runPage(c *frame.Ctx) error {
	d, i, err := a.run(c)
	if err != nil {
		return err
	}
	cells, all, err := a.sheets.Cells(c.R.Context(), c.P, i.ID, 0, mostBadCells)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, runTempl(runViewOf(c, d, i, cells, all-len(cells))))
}

// runViewOf puts an import into words; more is how many bad cells are not shown.
func runViewOf(c *frame.Ctx, d *register.Definition, i sheet.Import, cells []sheet.BadCell, more int) runView {
	v := runView{Base: c.Base(i.Name, indexCrumb(), registerCrumb(d), ui.Crumb{Label: "导入表格", URL: importURL(d.ID)}), URL: runURL(i), Running: i.State.Running()}
	v.Eyebrow, v.Lede, v.AsOf = "导入"+d.Name, i.ByName+"，"+ui.Moment(i.CreatedAt), ""
	v.Steps = ui.Steps{Label: "导入的步骤", Items: runSteps(i.State)}
	v.Percent, v.Progress = itoa(i.Percent()), runWords(i)
	v.Alert = runAlert(i)
	v.Stats = runStats(d, i)
	if i.State == sheet.Checked && i.Good > 0 {
		v.Start = "导入合格的 " + itoa(i.Good) + " 行"
	}
	switch {
	case i.State == sheet.Importing:
		v.Cancel, v.Sure = "停止导入", "停止导入？已成为记录的保留，其余的不再导入。"
	case i.State == sheet.Checked || i.State.Running():
		v.Cancel, v.Sure = "取消", "取消这次导入？没有任何行会成为记录。"
	}
	if !v.Running && i.Cells+i.Refused > 0 {
		v.Mend = ui.Buttons{{Label: "下载不合格的行", Icon: "download", URL: v.URL + "/mend.xlsx", Download: true}}
	}
	v.Cells, v.More = badCells(cells), more
	return v
}

// runSteps is the course of an import with the place of this one in it.
func runSteps(s sheet.State) []ui.Step {
	steps := []ui.Step{{Label: "上传"}, {Label: "检查"}, {Label: "确认"}, {Label: "导入"}, {Label: "完成"}}
	at := map[sheet.State]int{sheet.Uploaded: 0, sheet.Checking: 1, sheet.Failed: 1, sheet.Checked: 2, sheet.Cancelled: 2, sheet.Importing: 3, sheet.Done: 4}[s]
	for i := range steps {
		steps[i].Done, steps[i].Current = i < at, i == at
	}
	steps[at].Sub = s.Label()
	return steps
}

func runWords(i sheet.Import) string {
	switch i.State {
	case sheet.Uploaded:
		return "排队等待检查"
	case sheet.Checking:
		return "正在逐格检查，已到第 " + itoa(i.Row) + " 行"
	case sheet.Importing:
		return "正在导入，已有 " + itoa(i.Entered) + " 行成为记录"
	default:
		return i.State.Label()
	}
}

// runAlert says what came of an import, or what is to be decided.
func runAlert(i sheet.Import) ui.Alert {
	switch i.State {
	case sheet.Failed:
		return ui.Alert{Kind: ui.Danger, Title: "没有导入", Text: i.Problem}
	case sheet.Cancelled:
		return ui.Alert{Kind: ui.Warning, Text: "已取消。已成为记录的有 " + itoa(i.Entered) + " 行，其余没有导入。"}
	case sheet.Done:
		text := itoa(i.Entered) + " 行已成为记录，等核验后计入。"
		if i.Bad+i.Refused > 0 {
			return ui.Alert{Kind: ui.Warning, Text: text + "另有 " + itoa(i.Bad+i.Refused) + " 行没有导入：请下载后更正，再作为新的表格上传。"}
		}
		return ui.Alert{Kind: ui.Success, Text: text}
	case sheet.Checked:
		switch {
		case i.Good == 0:
			return ui.Alert{Kind: ui.Danger, Text: "没有一行合格：请下载不合格的行，按原因更正后重新上传。"}
		case i.Bad > 0:
			return ui.Alert{Kind: ui.Warning, Text: "检查完毕，还没有导入。可以先导入合格的行，不合格的下载更正后再传；也可以取消，全部更正后重传。"}
		}
		return ui.Alert{Kind: ui.Success, Text: "全部合格，还没有导入：请确认导入。"}
	default:
		return ui.Alert{}
	}
}

func runStats(d *register.Definition, i sheet.Import) ui.Stats {
	if i.State == sheet.Failed || i.State == sheet.Uploaded {
		return nil // nothing has been counted
	}
	s := ui.Stats{{Label: "有内容的行", Value: itoa(i.Total), Unit: "行"}, {Label: "合格", Value: itoa(i.Good), Unit: "行"}, {Label: "不合格", Value: itoa(i.Bad), Unit: "行", Sub: itoa(i.Cells) + " 个格子"}}
	if i.State == sheet.Importing || i.Entered > 0 {
		s = append(s, ui.Stat{Label: "已成记录", Value: itoa(i.Entered), Unit: "条", URL: registerURL(d.ID)})
	}
	if i.Refused > 0 {
		s = append(s, ui.Stat{Label: "导入时被拒", Value: itoa(i.Refused), Unit: "行", Sub: "检查后情况有变，如别人先登记了"})
	}
	return s
}

func badCells(cells []sheet.BadCell) ui.Table {
	t := ui.NewTable("不合格的格子", ui.Column{Label: "行", Narrow: true}, ui.Column{Label: "列", Narrow: true}, ui.Column{Label: "登记项"}, ui.Column{Label: "填的是"}, ui.Column{Label: "原因"})
	for _, b := range cells {
		label, column := b.Label, b.Column
		if b.Field == "" {
			label, column = "整行", noWord
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text("第 " + itoa(b.Row) + " 行"), ui.Text(column), ui.Text(label), ui.Text(orDash(cut(b.Found, 40))), ui.Text(b.Reason)}})
	}
	return t
}

func (a area) runStart(c *frame.Ctx) error {
	_, i, err := a.run(c)
	if err != nil {
		return err
	}
	if err := a.sheets.Start(c.R.Context(), c.P, i.ID); err != nil {
		return err
	}
	return c.Done(runURL(i), "已开始导入。可以离开本页，导入在后台进行。")
}

func (a area) runCancel(c *frame.Ctx) error {
	_, i, err := a.run(c)
	if err != nil {
		return err
	}
	if err := a.sheets.Cancel(c.R.Context(), c.P, i.ID); err != nil {
		return err
	}
	return c.Done(runURL(i), "已取消。")
}

func (a area) runMend(c *frame.Ctx) error {
	d, i, err := a.run(c)
	if err != nil {
		return err
	}
	return sendBook(c, d.Name+"-待更正.xlsx", func(w io.Writer) error { return a.sheets.Mend(c.R.Context(), c.P, i.ID, w) })
}
