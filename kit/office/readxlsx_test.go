package office

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"bihuan/kit/errs"
)

// tableRows reads a sheet whole: the row's number and the cells, told by kind.
func tableRows(w *Workbook, sheet int) (rows []string, err error) {
	for row, err := range w.Rows(sheet) {
		if err != nil {
			return rows, err
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%d:", row.Number)
		for i, c := range row.Cells {
			if i > 0 {
				b.WriteByte('|')
			}
			b.WriteString([]string{"", "", "#", "?", "@", "!"}[c.Kind] + c.Text)
		}
		rows = append(rows, b.String())
	}
	return rows, nil
}

func readTable(data string, limits XlsxLimits) ([]string, error) {
	w, err := ReadTable(strings.NewReader(data), int64(len(data)), limits)
	if err != nil {
		return nil, err
	}
	return tableRows(w, 0)
}

// pack makes an .xlsx file of parts; sheet is the content of the first sheet's part.
func packXlsx(sheet string, parts map[string]string) string {
	all := map[string]string{
		"[Content_Types].xml":        `<Types/>`,
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="甲" sheetId="1" r:id="r1"/><sheet name="藏" state="hidden" sheetId="2" r:id="r2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="t" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="t" Target="/xl/worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
	for name, text := range parts {
		all[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps(all)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(all[name]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func maps(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func sheetOf(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet><dimension ref="A1"/><sheetData>` + rows + `</sheetData></worksheet>`
}

// TestReadXlsxCells is the table of what cells hold.
func TestReadXlsxCells(t *testing.T) {
	styles := map[string]string{
		"xl/sharedStrings.xml": `<sst><si><t>甲</t></si><si><r><t>红</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 星</t></r><rPh sb="0" eb="1"><t>ホン</t></rPh></si></sst>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="200" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="201" formatCode="0.00&quot;day&quot;"/>
			<numFmt numFmtId="202" formatCode="[$-804]0\d"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
			<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/><xf numFmtId="201"/><xf numFmtId="202"/><xf numFmtId="57"/></cellXfs></styleSheet>`,
	}
	for _, c := range []struct{ cell, want string }{
		{`<c t="s"><v>0</v></c>`, "甲"},
		{`<c t="s"><v>1</v></c>`, "红 星"},
		{`<c t="inlineStr"><is><t>行内</t></is></c>`, "行内"},
		{`<c t="str"><f>A1&amp;"x"</f><v>算出</v></c>`, "算出"},
		{`<c t="str"><f>""</f><v></v></c>`, ""},
		{`<c><f>1+1</f><v>2</v></c>`, "#2"},
		{`<c><f>NOW()</f></c>`, "!"},
		{`<c t="e"><v>#N/A</v></c>`, "!#N/A"},
		{`<c t="b"><v>1</v></c>`, "?TRUE"},
		{`<c t="b"><v>0</v></c>`, "?FALSE"},
		{`<c><v>0.30000000000000004</v></c>`, "#0.3"},
		{`<c><v>1.2E+3</v></c>`, "#1200"},
		{`<c><v>123456789012</v></c>`, "#123456789012"},
		{`<c><v>3.71502199001011E+17</v></c>`, "#371502199001011000"},
		{`<c s="1"><v>46203</v></c>`, "@2026-06-30"},
		{`<c s="2"><v>46203.354166667</v></c>`, "@2026-06-30 08:30:00"},
		{`<c s="3"><v>46203</v></c>`, "#46203"},
		{`<c s="4"><v>46203</v></c>`, "#46203"},
		{`<c s="5"><v>1</v></c>`, "@1900-01-01"},
		{`<c s="1"><v>61</v></c>`, "@1900-03-01"},
		{`<c s="1"><v>0.5</v></c>`, "#0.5"},
		{`<c s="99"><v>46203</v></c>`, "#46203"},
		{`<c t="d"><v>2026-06-30</v></c>`, "@2026-06-30"},
		{`<c s="1"/>`, ""},
		{`<x:c xmlns:x="x"><x:v>1</x:v></x:c>`, "#1"},
	} {
		got, err := readTable(packXlsx(sheetOf(`<row>`+c.cell+`<c t="inlineStr"><is><t>尾</t></is></c></row>`), styles), XlsxLimits{})
		want := "1:" + c.want + "|尾"
		if c.want == "" && !strings.Contains(c.cell, "尾") {
			want = "1:尾" // an empty cell without a place of its own
		}
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, %v; want %q", c.cell, got, err, want)
		}
	}
	in1904 := packXlsx(sheetOf(`<row><c s="1"><v>44741</v></c></row>`), map[string]string{"xl/styles.xml": styles["xl/styles.xml"],
		"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="甲" r:id="r1"/></sheets></workbook>`})
	if got, err := readTable(in1904, XlsxLimits{}); err != nil || got[0] != "1:@2026-06-30" {
		t.Errorf("1904: %q %v", got, err)
	}
}

func TestReadXlsxPlaces(t *testing.T) {
	data := packXlsx(`<worksheet><sheetData><row r="2"><c r="C2"><v>1</v></c></row><row r="3"><c r="A3" s="1"/></row><row r="5"><c r="AB5"><v>2</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row></sheetData></worksheet>`, nil)
	w, err := ReadXlsx(strings.NewReader(data), int64(len(data)), XlsxLimits{})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Sheets(); len(got) != 2 || got[0] != (SheetInfo{"甲", false}) || got[1] != (SheetInfo{"藏", true}) {
		t.Errorf("%+v", got)
	}
	want := []string{"2:||#1", "5:" + strings.Repeat("|", 27) + "#2", "6:#3|#4"}
	for range 2 { // a sheet can be read again
		if got, err := tableRows(w, 0); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q %v", got, err)
		}
	}
	for row, err := range w.Rows(0) {
		if err != nil || row.Number != 2 {
			t.Errorf("%v %v", row, err)
		}
		break
	}
	if _, err := tableRows(w, 2); !errs.Is(err, errs.Invalid) {
		t.Errorf("a sheet that is not there: %v", err)
	}
}

// TestReadXlsxMerged: the words of a merged header stand above each of its columns;
// further down merged cells stay as they are.
func TestReadXlsxMerged(t *testing.T) {
	var b bytes.Buffer
	f := excelize.NewFile()
	set := func(at string, v any) {
		if err := f.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	set("A1", "名称")
	set("B1", "面积")
	set("B2", "建筑")
	set("C2", "使用")
	set("A30", "远")
	for _, m := range [][2]string{{"A1", "A2"}, {"B1", "C1"}, {"A30", "B31"}} {
		if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := readTable(b.String(), XlsxLimits{})
	if want := []string{"1:名称|面积|面积", "2:名称|建筑|使用", "30:远"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q %v", got, err)
	}
}

func TestReadXlsxRefuses(t *testing.T) {
	long := strings.Repeat("长", 100)
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `<row r="%d"><c><v>1</v></c></row>`, i+1)
		}
		return sheetOf(b.String())
	}
	whole := packXlsx(many(20), nil)
	var twice bytes.Buffer
	z := zip.NewWriter(&twice)
	for _, name := range []string{"xl/workbook.xml", "XL/Workbook.xml"} {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	bomb := packXlsx(sheetOf(strings.Repeat(" ", 64<<20)), nil)
	for _, c := range []struct {
		name, data string
		limits     XlsxLimits
		code       errs.Code
		says       string
	}{
		{"empty", "", XlsxLimits{}, errs.Invalid, "文件是空的"},
		{"old or encrypted", string(ole) + strings.Repeat("\x00", 512), XlsxLimits{}, errs.Invalid, "旧版 .xls 文件或设有打开密码"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", XlsxLimits{}, errs.Invalid, "请上传 .xlsx 或 .csv"},
		{"cut off", whole[:len(whole)/2], XlsxLimits{}, errs.Invalid, "不是完整的 .xlsx"},
		{"another archive", packXlsx("", map[string]string{"_rels/.rels": `<Relationships/>`, "xl/workbook.xml": `<workbook/>`}), XlsxLimits{}, errs.Invalid, "没有工作表"},
		{"a part twice", twice.String(), XlsxLimits{}, errs.Invalid, "同名部件重复"},
		{"entities", packXlsx(`<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>`, nil), XlsxLimits{}, errs.Invalid, "实体声明"},
		{"entities in shared texts", packXlsx(sheetOf(""), map[string]string{"xl/sharedStrings.xml": `<!DOCTYPE x [<!ENTITY a "aaaa">]><sst/>`}), XlsxLimits{}, errs.Invalid, "实体声明"},
		{"broken XML", packXlsx(`<worksheet><sheetData><row></sheetData>`, nil), XlsxLimits{}, errs.Invalid, "不完整或已损坏"},
		{"ends early", packXlsx(`<worksheet><sheetData><row><c><v>1</v></c></row>`, nil), XlsxLimits{}, errs.Invalid, "不完整或已损坏"},
		{"deep", packXlsx(`<worksheet><sheetData><row><c>`+strings.Repeat("<x>", 500), nil), XlsxLimits{}, errs.Invalid, "不完整或已损坏"},
		{"shared text that is not there", packXlsx(sheetOf(`<row><c t="s"><v>7</v></c></row>`), nil), XlsxLimits{}, errs.Invalid, "不完整或已损坏"},
		{"not a number", packXlsx(sheetOf(`<row><c><v>NaN</v></c></row>`), nil), XlsxLimits{}, errs.Invalid, "不完整或已损坏"},
		{"rows backwards", packXlsx(sheetOf(`<row r="2"/><row r="1"/>`), nil), XlsxLimits{}, errs.Invalid, "不完整或已损坏"},
		{"a row beyond the last", packXlsx(sheetOf(`<row r="1048577"/>`), nil), XlsxLimits{}, errs.Invalid, "不完整或已损坏"},
		{"cells backwards", packXlsx(sheetOf(`<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>`), nil), XlsxLimits{}, errs.Invalid, "不完整或已损坏"},
		{"bomb", bomb, XlsxLimits{}, errs.TooLarge, "解压后过大"},
		{"unpacked", whole, XlsxLimits{Unpacked: 100}, errs.TooLarge, "解压后过大"},
		{"rows", whole, XlsxLimits{Rows: 19}, errs.TooLarge, "超过 19 行"},
		{"columns", packXlsx(sheetOf(`<row><c r="D1"><v>1</v></c></row>`), nil), XlsxLimits{Columns: 3}, errs.TooLarge, "超过 3 列"},
		{"cell", packXlsx(sheetOf(`<row><c t="inlineStr"><is><t>`+long+`</t></is></c></row>`), nil), XlsxLimits{CellText: 100}, errs.TooLarge, "文字过长"},
		{"shared texts", packXlsx(sheetOf(""), map[string]string{"xl/sharedStrings.xml": `<sst>` + strings.Repeat(`<si><t>`+long+`</t></si>`, 20) + `</sst>`}), XlsxLimits{SharedText: 3000}, errs.TooLarge, "请分成几个文件"},
		{"rows of text", "a\nb\nc\n", XlsxLimits{Rows: 2}, errs.TooLarge, "超过 2 行"},
		{"columns of text", "a,b,c\n", XlsxLimits{Columns: 2}, errs.TooLarge, "超过 2 列"},
		{"cell of text", long, XlsxLimits{CellText: 100}, errs.TooLarge, "文字过长"},
	} {
		_, err := readTable(c.data, c.limits)
		if !errs.Is(err, c.code) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %q", c.name, err, c.says)
		}
	}
}

func TestReadCSV(t *testing.T) {
	const plain = "名称,面积\n\n\"红\n星\",\"1,200\"\n 蓝 ,\n,\n末,2\n"
	want := []string{"1:名称|面积", "3:红\n星|1,200", "4: 蓝 |", "6:末|2"}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"UTF-8": plain, "with its mark": "\ufeff" + plain, "GB18030": gb, "UTF-16": utf16,
		"tabs":             strings.NewReplacer("名称,面积", "名称\t面积", `","`, `"`+"\t"+`"`, "\",\"", "\"\t\"", " 蓝 ,", " 蓝 \t", "\n,\n", "\n\t\n", "末,2", "末\t2").Replace(plain),
		"lines of Windows": strings.ReplaceAll(plain, "\n", "\r\n")} {
		got, err := readTable(data, XlsxLimits{})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}

// TestFormGoesRound: what WriteXlsx writes of a form is read again, and has the
// drop-downs, notes and marks.
func TestFormGoesRound(t *testing.T) {
	var b bytes.Buffer
	yes := []string{"是", "否"}
	err := WriteXlsx(&b, Book{Sheets: []Sheet{{Name: "选项", Title: "题", Note: "注", Form: true, Columns: []Column{
		{Header: "名称", Key: "k/name", Required: true, Hint: "必填\n店名"}, {Header: "连锁", Key: "k/chain", Choices: yes}, {Header: "普惠", Key: "k/x", Choices: yes},
		{Header: "业态", Key: "k/kind", Choices: []string{"零售, 批发", strings.Repeat("长", 200), "餐饮"}, Free: true}, {Header: "日期", Kind: KindDate}, {Header: "数", Kind: KindAny}},
		Rows: SliceRows([][]Cell{{TextCell("=1+1"), TextCell("也许").Wrong("请填“是”或“否”"), {}, {}, DateCell(2026, 6, 30), NumberCell(125, 1)}})}}})
	if err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	w, err := ReadXlsx(bytes.NewReader(data), int64(len(data)), XlsxLimits{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := tableRows(w, 0)
	want := []string{"1:题|题|题|题|题|题", "2:注|注|注|注|注|注", "3:k/name|k/chain|k/x|k/kind", "4:名称|连锁|普惠|业态|日期|数", "5:=1+1|也许|||@2026-06-30|#12.5"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q %v", got, err)
	}
	if s := w.Sheets(); len(s) != 2 || s[1] != (SheetInfo{"选项表", true}) {
		t.Errorf("%+v", s)
	}
	lists, err := tableRows(w, 1)
	if err != nil || len(lists) != 3 || lists[0] != "1:是|零售, 批发" || lists[2] != "3:|餐饮" {
		t.Errorf("%q %v", lists, err)
	}
	xml := partOf(t, data, "xl/worksheets/sheet1.xml")
	for _, part := range []string{`<row r="3" hidden="1"`, `sqref="B5:B1048576"`, `'选项表'!$A$1:$A$2`, `'选项表'!$B$1:$B$3`, `ySplit="4"`, `<legacyDrawing `} {
		if !strings.Contains(xml, part) {
			t.Errorf("the sheet lacks %s", part)
		}
	}
	if n := strings.Count(xml, `showErrorMessage="1"`) + strings.Count(xml, `showErrorMessage="true"`); n != 2 {
		t.Errorf("%d of 3 lists are binding; want 2", n)
	}
	notes := partOf(t, data, "xl/comments1.xml")
	for _, part := range []string{`ref="A4"`, "店名", `ref="B5"`, "请填“是”或“否”"} {
		if !strings.Contains(notes, part) {
			t.Errorf("the notes lack %s", part)
		}
	}
}

// FuzzReadTable: whatever is handed in is read or refused, with rows that go up.
func FuzzReadTable(f *testing.F) {
	f.Add([]byte(packXlsx(sheetOf(`<row r="1"><c r="B1" t="s"><v>0</v></c></row>`), map[string]string{"xl/sharedStrings.xml": `<sst><si><t>甲</t></si></sst>`})))
	f.Add([]byte("a,b\n\"c\nd\",e\n"))
	f.Add([]byte("\xff\xfea\x00,\x00"))
	f.Add(append([]byte{}, ole...))
	f.Fuzz(func(t *testing.T, data []byte) { readAny(t, data) })
}

// FuzzReadSheet looks inside a sound file.
func FuzzReadSheet(f *testing.F) {
	f.Add(sheetOf(`<row r="1"><c r="B1" t="s"><v>0</v></c><c s="1"><v>46203</v></c></row><row r="3"/>`)+`<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`, `<sst><si><t>甲</t></si></sst>`, `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`)
	f.Fuzz(func(t *testing.T, sheet, shared, styles string) {
		readAny(t, []byte(packXlsx(sheet, map[string]string{"xl/sharedStrings.xml": shared, "xl/styles.xml": styles})))
	})
}

func readAny(t *testing.T, data []byte) {
	w, err := ReadTable(bytes.NewReader(data), int64(len(data)), XlsxLimits{Rows: 1000})
	for sheet := 0; err == nil && sheet < len(w.Sheets()); sheet++ {
		last := 0
		for row, rowErr := range w.Rows(sheet) {
			if rowErr != nil {
				err = rowErr
				break
			}
			if row.Number <= last {
				t.Fatalf("row %d after %d", row.Number, last)
			}
			last = row.Number
			for _, c := range row.Cells {
				if c.Kind == ValueEmpty && c.Text != "" || c.Kind == ValueDate && c.Date.Equal(time.Time{}) {
					t.Fatalf("%+v", c)
				}
			}
		}
	}
	if err != nil && errs.CodeOf(err) == errs.Internal {
		t.Fatalf("not a refusal: %v", err)
	}
}
