package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"bihuan/kit/errs"
)

// sampleBook holds every kind of column and hostile text.
func sampleBook() Book {
	columns := []Column{
		{Header: "序号", Width: 6, Kind: KindInteger}, {Header: "任务", Width: 40}, {Header: "责任单位"},
		{Header: "目标值", Kind: KindNumber, Decimals: 2}, {Header: "完成率", Kind: KindPercent, Decimals: 1}, {Header: "截止日期", Kind: KindDate},
	}
	rows := [][]Cell{
		{IntegerCell(1), TextCell("新增一刻钟便民生活圈，" + strings.Repeat("提升城市商业体系，", 12)), TextCell("市商务局"), NumberCell(1234567, 2), NumberCell(125, 3), DateCell(2026, 12, 31)},
		{IntegerCell(2), TextCell("=HYPERLINK(\"http://x\",\"点我\")"), TextCell("+1"), TextCell("—"), Cell{}, DateCell(2026, 3, 1)},
		{IntegerCell(3), TextCell("-1+1"), TextCell("@SUM(A1)"), NumberCell(-5, 1)},
	}
	for i := range 40 {
		rows = append(rows, []Cell{IntegerCell(int64(i + 4)), TextCell("任务"), TextCell("单位"), NumberCell(int64(i)*1000, 2), NumberCell(int64(i), 2), DateCell(2026, 6, 30)})
	}
	return Book{Title: "任务清单", Author: "聊城市商务局", Created: time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC), Sheets: []Sheet{
		{Name: "任务/清单", Title: "2026年提振消费任务清单", Note: "单位：个、万元", Columns: columns, Rows: SliceRows(rows)},
		{Name: "任务:清单", Columns: columns[:1]},
	}}
}

func TestWriteXlsx(t *testing.T) {
	var b bytes.Buffer
	if err := WriteXlsx(&b, sampleBook()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if got := f.GetSheetList(); len(got) != 2 || got[0] != "任务_清单" || got[1] != "任务_清单(2)" {
		t.Errorf("sheets %q", got)
	}
	sheet := "任务_清单"
	shown := map[string]string{"A1": "2026年提振消费任务清单", "A2": "单位：个、万元", "B3": "任务", "D4": "12,345.67", "E4": "12.5%", "F4": "2026-12-31",
		"B5": "=HYPERLINK(\"http://x\",\"点我\")", "C5": "+1", "D5": "—", "E5": "", "B6": "-1+1", "C6": "@SUM(A1)", "D6": "-0.50", "F6": ""}
	for at, want := range shown {
		if got, err := f.GetCellValue(sheet, at); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", at, got, err, want)
		}
		if formula, err := f.GetCellFormula(sheet, at); err != nil || formula != "" {
			t.Errorf("%s holds the formula %q, %v", at, formula, err)
		}
	}
	for at, want := range map[string]string{"D4": "12345.67", "E4": "0.125", "F4": "46387"} {
		if got, err := f.GetCellValue(sheet, at, excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("%s: raw %q, %v; want %q", at, got, err, want)
		}
	}
	for at, want := range map[string]int{"B4": 0, "B5": 49} { // a long text is general, a short one is text
		id, err := f.GetCellStyle(sheet, at)
		if err != nil {
			t.Fatal(err)
		}
		if style, err := f.GetStyle(id); err != nil || style.NumFmt != want {
			t.Errorf("%s has the format %d, %v; want %d", at, style.NumFmt, err, want)
		}
	}
	xml := partOf(t, b.Bytes(), "xl/worksheets/sheet1.xml")
	for _, want := range []string{`state="frozen"`, `ySplit="3"`, `<autoFilter ref="$A$3:$F$46"`, `fitToPage="true"`, `orientation="landscape"`, `fitToHeight="0"`, `第 &amp;P 页，共 &amp;N 页`} {
		if !strings.Contains(xml, want) {
			t.Errorf("the sheet lacks %s", want)
		}
	}
	if book := partOf(t, b.Bytes(), "xl/workbook.xml"); !strings.Contains(book, "$3:$3") {
		t.Error("the header row is not repeated in print")
	}
	if props := partOf(t, b.Bytes(), "docProps/core.xml"); !strings.Contains(props, "聊城市商务局") || !strings.Contains(props, "2026-03-01T01:00:00Z") {
		t.Errorf("properties %s", props)
	}
}

// partOf unpacks one part of a package.
func partOf(t testing.TB, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestWriteXlsxFails(t *testing.T) {
	broken := errors.New("disk on fire")
	columns := []Column{{Header: "甲"}}
	cases := []struct {
		name string
		book Book
		want error
	}{
		{"no sheet", Book{}, nil},
		{"no columns", Book{Sheets: []Sheet{{}}}, nil},
		{"a row too wide", Book{Sheets: []Sheet{{Columns: columns, Rows: SliceRows([][]Cell{{{}, {}}})}}}, nil},
		{"rows fail", Book{Sheets: []Sheet{{Columns: columns, Rows: func(yield func([]Cell, error) bool) { yield(nil, broken) }}}}, broken},
	}
	for _, c := range cases {
		err := WriteXlsx(io.Discard, c.book)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

func TestCells(t *testing.T) {
	cases := []struct {
		name string
		cell Cell
		want any
	}{
		{"number", NumberCell(12345, 4), 1.2345},
		{"number without decimals", NumberCell(7, 0), int64(7)},
		{"small negative", NumberCell(-5, 3), -0.005},
		{"too many digits stay exact", NumberCell(1234567890123456789, 4), "123456789012345.6789"},
		{"long integer stays exact", IntegerCell(-9007199254740993), "-9007199254740993"},
		{"date", DateCell(2026, 1, 1), date(46023)},
		{"leap day", DateCell(2024, 2, 29), date(45351)},
		{"old date", DateCell(1899, 5, 4), "1899-05-04"},
		{"control signs", TextCell("a\x00b\r\nc"), "ab\nc"},
		{"empty", TextCell(""), nil},
	}
	for _, c := range cases {
		if c.cell.value != c.want {
			t.Errorf("%s: got %v, want %v", c.name, c.cell.value, c.want)
		}
	}
	if s, ok := TextCell(strings.Repeat("甲", maxCellText+1)).value.(string); !ok || len([]rune(s)) > maxCellText || !strings.HasSuffix(s, "已截断）") {
		t.Error("a long text is not cut with a mark")
	}
	if s, ok := TextCell(strings.Repeat("甲", maxCellText)).value.(string); !ok || len([]rune(s)) != maxCellText {
		t.Error("a text that fits is cut")
	}
}

func TestNumberCellIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units, decimals := rapid.Int64().Draw(t, "units"), rapid.IntRange(0, 6).Draw(t, "decimals")
		var b bytes.Buffer
		book := Book{Sheets: []Sheet{{Columns: []Column{{Header: "数"}}, Rows: SliceRows([][]Cell{{NumberCell(units, decimals)}})}}}
		if err := WriteXlsx(&b, book); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.GetCellValue("Sheet1", "A2", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		want := decimalText(units, decimals)
		if trim(got) != trim(want) {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func TestRowHeight(t *testing.T) {
	columns := []Column{{Width: 21}, {Width: 11}}
	cases := []struct {
		name  string
		row   []Cell
		lines float64
	}{
		{"no text", []Cell{IntegerCell(1)}, 1},
		{"fits", []Cell{TextCell(strings.Repeat("甲", 10))}, 1},
		{"wraps", []Cell{TextCell(strings.Repeat("甲", 11))}, 2},
		{"the narrow column decides", []Cell{TextCell("甲"), TextCell(strings.Repeat("a", 31))}, 4},
		{"line breaks", []Cell{TextCell("甲\n乙\n" + strings.Repeat("丙", 11))}, 4},
	}
	for _, c := range cases {
		if got, want := rowHeight(columns, c.row), c.lines*lineHeight+rowPadding; got != want {
			t.Errorf("%s: got %v, want %v", c.name, got, want)
		}
	}
	if got := rowHeight(columns, []Cell{TextCell(strings.Repeat("甲", 5000))}); got != maxHeight {
		t.Errorf("an endless text: %v", got)
	}
}

// trim removes the zeros that do not change a decimal number.
func trim(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

func TestTooManyRows(t *testing.T) {
	rows := func(yield func([]Cell, error) bool) {
		for yield([]Cell{{}}, nil) {
		}
	}
	err := WriteXlsx(io.Discard, Book{Sheets: []Sheet{{Columns: []Column{{Header: "甲"}}, Rows: rows}}})
	if !errs.Is(err, errs.TooLarge) {
		t.Errorf("got %v", err)
	}
}
