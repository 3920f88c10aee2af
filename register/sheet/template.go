package sheet

import (
	"context"
	"fmt"
	"io"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/org"
	"bihuan/register"
)

// Template writes the empty spreadsheet of a register: a form with drop-downs and
// notes, and a sheet that says how each column is filled in.
func (s *Service) Template(_ context.Context, p org.Principal, id register.ID, w io.Writer) (err error) {
	defer errs.Wrap(&err, "sheet.Template(%s)", id)
	d, err := s.definition(id)
	if err != nil {
		return err
	}
	if err := s.mayImport(p, d); err != nil {
		return err
	}
	columns := s.columnsOf(d)
	form := office.Sheet{Name: d.Name, Title: d.Name + "导入模板", Note: formNote, Form: true, Columns: s.form(p, d, columns)}
	return office.WriteXlsx(w, office.Book{Title: form.Title, Author: s.institution(), Created: s.DB.Now(), Sheets: []office.Sheet{form, s.instructions(d, columns)}})
}

const formNote = "橙色表头必填；从表头下一行填起，一行一条；鼠标停在表头上看填写说明"

func (s *Service) institution() string { return s.Pack.LeadUnit().Name }

// form gives the columns of a spreadsheet that is to be filled in.
func (s *Service) form(p org.Principal, d *register.Definition, columns []column) []office.Column {
	form := make([]office.Column, len(columns))
	for i, c := range columns {
		form[i] = office.Column{Header: header(c), Width: width(c), Key: key(d, c.Name), Required: c.Required, Hint: hint(c), Choices: c.Options, Free: c.Type == register.Many}
		switch {
		case c.Name == territoryColumn:
			form[i].Choices = s.territories(p, d)
		case c.Type == register.Truth:
			form[i].Choices = []string{"是", "否"}
		case c.Type == register.Number:
			form[i].Kind = office.KindAny
		case c.Type == register.Date:
			form[i].Kind = office.KindDate
		}
	}
	return form
}

// territories are those whose records the person may enter, by short name.
func (s *Service) territories(p org.Principal, d *register.Definition) []string {
	var names []string
	for _, t := range s.Pack.Territories {
		if t.Kind != city.TerritoryPrefecture && mayEnter(p, d, t.ID) {
			names = append(names, t.Short)
		}
	}
	return names
}

// enteredBelow reports whether only counties and zones enter records.
func enteredBelow(d *register.Definition) bool {
	return len(d.Entry) == 1 && d.Entry[0] == register.EntrantCounty
}

// width is how wide a column must be for what it takes, in characters.
func width(c column) float64 {
	fits := map[register.FieldType]float64{register.LongText: 36, register.Number: 12, register.Date: 13, register.Choice: 14, register.Truth: 8, register.USCC: 21,
		register.Phone: 14, register.IDNumber: 21, register.Longitude: 13, register.Latitude: 13, register.Many: 26}[c.Type]
	if fits == 0 {
		fits = 22
	}
	if c.Name == territoryColumn {
		fits = 12
	}
	return max(fits, min(30, float64(2*len([]rune(header(c)))+3)))
}

func header(c column) string {
	if c.Unit != "" {
		return c.Label + "（" + c.Unit + "）"
	}
	return c.Label
}

// hint is the note on a header.
func hint(c column) string {
	lines := []string{"选填"}
	if c.Required {
		lines[0] = "必填"
	}
	for _, line := range []string{howTo(c), c.Help} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	if c.Source != "" {
		lines = append(lines, "来自："+c.Source)
	}
	return strings.Join(lines, "\n")
}

// howTo says what a column takes.
func howTo(c column) string {
	switch c.Type {
	case register.Number:
		return "数，最多四位小数" + bounds(c.Field)
	case register.Date:
		return "日期，如 2026-06-30"
	case register.Choice:
		return "从下拉列表中选一项：" + offered(c.Options)
	case register.Many:
		return "可选几项，用顿号隔开：" + offered(c.Options)
	case register.Truth:
		return "是或否"
	case register.USCC:
		return "统一社会信用代码，18 位"
	case register.Phone:
		return "手机 11 位；座机带区号"
	case register.IDNumber:
		return "身份证号码，18 位"
	case register.Longitude, register.Latitude:
		return "十进制的度（WGS-84），如 115.985372"
	case register.Link:
		return "以 https:// 开头的网址"
	case register.UnitRef:
		return "单位全称或简称，只填一个"
	case register.RecordRef:
		return "记录的编号或名称"
	case register.TaskRef:
		return "任务的编号"
	}
	return c.Format
}

func bounds(f register.Field) string {
	s := ""
	if f.Min != nil {
		s += "，不小于 " + f.Min.String()
	}
	if f.Max != nil {
		s += "，不大于 " + f.Max.String()
	}
	return s
}

// instructions is the sheet that says how to fill in the form.
func (s *Service) instructions(d *register.Definition, columns []column) office.Sheet {
	rows := make([][]office.Cell, 0, len(columns)+8)
	for _, c := range columns {
		must := "选填"
		if c.Required {
			must = "必填"
		}
		about := c.Help
		if c.Source != "" {
			about = strings.TrimPrefix(about+"；来自"+c.Source, "；")
		}
		if c.Personal {
			about = strings.TrimPrefix(about+"；个人信息，加密保存，页面上遮蔽", "；")
		}
		rows = append(rows, []office.Cell{office.TextCell(header(c)), office.TextCell(must), office.TextCell(howTo(c)), office.TextCell(about)})
	}
	for i, line := range []string{
		"上传后先检查，不写入任何数据；检查结果列出每一处问题的行、列和原因。",
		"没有问题的行可以先导入，有问题的行可以下载成文件，改好标红的单元格后重新上传。",
		"列的次序可以调换，可以增加自己的列（不会导入）；请不要删除表头上方的隐藏行。",
		"同一条记录不要填两行；已经登记过的记录不会重复导入。",
		fmt.Sprintf("一个文件最多 %d 行、%d MB；也可以上传 .csv 文件。", limits().Rows, MaxFile>>20),
		"佐证材料在导入后到记录页面上传。",
	} {
		rows = append(rows, []office.Cell{office.TextCell(fmt.Sprintf("说明 %d", i+1)), {}, office.TextCell(line)})
	}
	return office.Sheet{Name: "填写说明", Title: d.Name + "填写说明", Note: d.About, Plain: true, Rows: office.SliceRows(rows), Columns: []office.Column{
		{Header: "列", Width: 24}, {Header: "要求", Width: 8}, {Header: "怎么填", Width: 50}, {Header: "说明", Width: 44}}}
}
