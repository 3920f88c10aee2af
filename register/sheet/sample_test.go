package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"bihuan/kit/office"
)

// sampleColumns are the columns of the test files, in another order than the template's.
var sampleColumns = []string{"filing", "@territory", "name", "code", "kind", "brands", "chain", "area", "opened", "head", "phone", "id-no", "longitude", "latitude", "link", "unit", "note"}

// goodRow is row n of a file, without a fault.
func goodRow(n int) map[string]string {
	return map[string]string{"filing": fmt.Sprintf("%012d", n), "@territory": "东岸", "name": fmt.Sprintf("第%d号店", n), "code": "91110000600037341L", "kind": "餐饮",
		"brands": "甲、乙", "chain": "是", "area": "120.5", "opened": "2026-06-30", "head": "张三丰", "phone": "13800001234", "id-no": "11010519491231002X",
		"longitude": "115.985372", "latitude": "36.45", "link": "https://www.example.cn/", "unit": "市商务局", "note": "无"}
}

// fault is one kind of bad cell.
type fault struct{ field, value, reason string }

// faults are the 20 kinds of bad cells; the twice and the taken number are given by
// the test that makes the file.
var faults = []fault{
	{"name", "", "必填"}, {"code", "91110000600037341A", "不是有效的统一社会信用代码"}, {"code", "9111", "应为 18 位"},
	{"filing", "12AB", "应为12位数字"}, {"kind", "娱乐", "没有这个选项"}, {"brands", "甲、丁", "没有“丁”"}, {"chain", "也许", "请填“是”或“否”"},
	{"area", "一百", "不是数"}, {"area", "1.23456", "数值过大，或小数超过四位"}, {"area", "5", "不能小于 10"}, {"area", "200000", "不能大于 100000"},
	{"opened", "2026-02-30", "没有这一天"}, {"opened", "去年", "不是日期"}, {"phone", "12345", "应为手机号码"}, {"id-no", "110105194912310021", "不是有效的居民身份证号"},
	{"longitude", "36.45", "应为 73 到 136 之间"}, {"link", "www.example.cn", "应为 https://"}, {"unit", "火星局", "不认识的单位"},
	{"@territory", "火星县", "不认识的地区"}, {"@territory", "半岛", "您只能导入东岸区的记录"},
}

// writeSample writes a file like one that was made from the template.
func writeSample(tb testing.TB, w io.Writer, d *desk, rows int, row func(n int) map[string]string) {
	tb.Helper()
	def, _ := d.Catalog.Get(shopReg)
	columns := make([]office.Column, len(sampleColumns))
	for i, name := range sampleColumns {
		columns[i] = office.Column{Header: name, Key: key(def, name)}
	}
	each := func(yield func([]office.Cell, error) bool) {
		cells := make([]office.Cell, len(columns))
		for n := range rows {
			values := row(n)
			for i, name := range sampleColumns {
				cells[i] = office.TextCell(values[name])
			}
			if !yield(cells, nil) {
				return
			}
		}
	}
	if err := office.WriteXlsx(w, office.Book{Sheets: []office.Sheet{{Name: "首店", Form: true, Columns: columns, Rows: each}}}); err != nil {
		tb.Fatal(err)
	}
}

func sample(d *desk, rows int, row func(n int) map[string]string) string {
	var b bytes.Buffer
	writeSample(d, &b, d, rows, row)
	return b.String()
}

// csvOf makes a text table with labels as headers.
func csvOf(header string, lines ...string) string {
	return header + "\n" + strings.Join(lines, "\n") + "\n"
}

// exported reads the first sheet of a file, its cells joined by |.
func exported(t *testing.T, data []byte) (rows []string) {
	t.Helper()
	book, err := office.ReadXlsx(bytes.NewReader(data), int64(len(data)), office.XlsxLimits{})
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range book.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			texts[i] = c.Text
		}
		rows = append(rows, strings.Join(texts, "|"))
	}
	return rows
}
