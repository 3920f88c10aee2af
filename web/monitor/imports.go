package monitor

import (
	"net/http"
	"strconv"
	"strings"

	"bihuan/indicator"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// importView is the page that takes a table: pasted or uploaded, checked, then taken in.
type importView struct {
	Base     ui.Base
	Form     ui.Form
	Fields   []ui.Field
	Columns  ui.Table
	Checked  bool
	Summary  ui.Alert
	Problems ui.Table
	Good     ui.Table
	Buttons  ui.Buttons
}

func (a area) importView(c *frame.Ctx) importView {
	v := importView{Base: c.Base("导入统计数据", home())}
	v.Base.Lede, v.Base.AsOf = "粘贴或上传带表头的表格。先检查，逐格指出问题；更正后再导入，好的行可以先进。", ""
	v.Base.Actions = ui.Buttons{{Label: "下载模板", Icon: "download", URL: "/monitor/import/template.xlsx", Download: true}}
	v.Form = ui.Form{Action: "/monitor/import", Upload: true, NoValid: true}
	v.Fields = []ui.Field{
		{Kind: ui.File, Name: "file", Label: "表格文件", Optional: true, Accept: accepted, MaxBytes: indicator.MaxImport, Size: ui.Full, Hint: fileHint},
		{Kind: ui.TextArea, Name: "table", Label: "或粘贴表格", Optional: true, Size: ui.Full, Rows: 8, Value: c.Form("table"), Hint: "从电子表格复制后直接粘贴，第一行是表头。选了文件时以文件为准。"},
	}
	v.Buttons = ui.Buttons{{Label: "检查", Kind: ui.Primary, Name: "do", Value: "check"}}
	v.Columns = columnTable()
	return v
}

func columnTable() ui.Table {
	t := ui.NewTable("表头", ui.Column{Label: "列"}, ui.Column{Label: "必填", Narrow: true}, ui.Column{Label: "写法"})
	how := map[string]string{"indicator": "指标名称或简称，如 社零增速", "territory": "全省、全市或县区名称", "period": "2026年1—3月、2026年4月、2026年一季度、2026年；1月和2月合写 1—2月",
		"caliber": "行政区划口径或功能区单列口径；只有功能区和含功能区的区要写", "value": "公布的数，不带单位", "released": "2026-04-18", "source": "公布数据的文件或网页", "reason": "已有的数改了才写"}
	for _, col := range indicator.Columns() {
		must := ""
		if col.Required {
			must = "是"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(col.Header), ui.Text(must), ui.Text(how[col.Field])}})
	}
	return t
}

func (a area) importForm(c *frame.Ctx) error {
	if err := c.P.May(org.IndicatorEdit, org.Scope{}); err != nil {
		return err
	}
	return c.Render(http.StatusOK, importTempl(a.importView(c)))
}

// importRun checks the table or takes it in, as the button says. What was read
// from a file comes back in the text field, so that the second step needs no file.
func (a area) importRun(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	if err := c.P.May(org.IndicatorEdit, org.Scope{}); err != nil {
		return err
	}
	v := a.importView(c)
	rows, err := tableOf(c)
	if err != nil {
		return importAgain(c, v, err)
	}
	v.Fields[1].Value = plain(rows)
	if c.Form("do") == "import" {
		done, err := a.ind.Import(c.R.Context(), c.P, rows)
		if err != nil {
			return importAgain(c, v, err)
		}
		text := "已导入 " + counts(done)
		if bad := done.BadRows(); bad > 0 {
			text += "；有问题的 " + strconv.Itoa(bad) + " 行没有导入"
		}
		return c.Done("/monitor", text+"。")
	}
	check, err := a.ind.CheckImport(c.R.Context(), c.P, rows)
	if err != nil {
		return importAgain(c, v, err)
	}
	a.fill(&v, check)
	return c.Render(http.StatusOK, importTempl(v))
}

func importAgain(c *frame.Ctx, v importView, err error) error {
	if code := errs.CodeOf(err); code != errs.Invalid && code != errs.TooLarge {
		return err
	}
	v.Form.Problems = ui.Problems(err)
	return c.Render(frame.StatusOf(errs.CodeOf(err)), importTempl(v))
}

// tableOf reads the uploaded file, or else the pasted text.
func tableOf(c *frame.Ctx) ([][]string, error) {
	f, err := c.File("file")
	if err != nil {
		return nil, err
	}
	if f.Size == 0 {
		return indicator.ReadText([]byte(c.R.FormValue("table")))
	}
	return readFile(f)
}

// plain writes rows as text that can be pasted again.
func plain(rows [][]string) string {
	var b strings.Builder
	flat := strings.NewReplacer("\t", " ", "\n", " ", "\r", "", `"`, "”")
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(flat.Replace(cell))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func counts(check indicator.ImportCheck) string {
	s := strconv.Itoa(check.Count(indicator.RowNew)) + " 个新数"
	if n := check.Count(indicator.RowRevision); n > 0 {
		s += "、" + strconv.Itoa(n) + " 个修订"
	}
	if n := check.Count(indicator.RowSame); n > 0 {
		s += "，" + strconv.Itoa(n) + " 行已有、略过"
	}
	return s
}

// fill shows what the check found.
func (a area) fill(v *importView, check indicator.ImportCheck) {
	v.Checked = true
	ready := check.Count(indicator.RowNew) + check.Count(indicator.RowRevision)
	v.Summary = ui.Alert{Kind: ui.Success, Title: "检查完毕", Text: counts(check) + "可以导入。"}
	if len(check.Problems) > 0 {
		v.Summary.Kind = ui.Warning
		v.Summary.Text = counts(check) + "可以导入；" + strconv.Itoa(check.BadRows()) + " 行有问题。可以在下面更正后重新检查，也可以先导入好的行。"
	}
	if ready > 0 {
		v.Buttons = ui.Buttons{{Label: "导入 " + strconv.Itoa(ready) + " 行", Kind: ui.Primary, Name: "do", Value: "import"}, {Label: "重新检查", Name: "do", Value: "check"}}
	}
	v.Problems = ui.NewTable("有问题的单元格", ui.Column{Label: "行", Narrow: true}, ui.Column{Label: "列", Narrow: true}, ui.Column{Label: "内容"}, ui.Column{Label: "问题"})
	for _, p := range check.Problems {
		v.Problems.Rows = append(v.Problems.Rows, ui.Row{Cells: []ui.Cell{ui.Text("第" + strconv.Itoa(p.Row) + "行"), ui.Text(strings.TrimSpace(p.Column + " " + p.Header)), ui.Text(p.Text), ui.Text(p.Reason)}})
	}
	v.Good = ui.NewTable("可以导入的行", ui.Column{Label: "行", Narrow: true}, ui.Column{Label: "指标"}, ui.Column{Label: "地区"}, ui.Column{Label: "时期"}, ui.Column{Label: "数值", Num: true}, ui.Column{Label: "处理"})
	states := map[indicator.RowState]string{indicator.RowNew: "新增", indicator.RowRevision: "修订", indicator.RowSame: "已有，略过"}
	for _, r := range check.Rows {
		ind, err := a.ind.Catalogue().Indicator(r.Indicator)
		if err != nil {
			continue // cannot be: the check knew it
		}
		v.Good.Rows = append(v.Good.Rows, ui.Row{Muted: r.State == indicator.RowSame, Cells: []ui.Cell{ui.Text("第" + strconv.Itoa(r.Row) + "行"), ui.Text(ind.Short), ui.Text(a.name(r.Territory)).With(string(r.Caliber)),
			ui.Text(ind.Label(r.Period)), ui.Text(figure(ind, *r.Value) + " " + ind.Unit), ui.Text(states[r.State]).With(r.Reason)}})
	}
}
