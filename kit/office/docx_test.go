package office

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"bihuan/kit/errs"
)

// docxOf packs a body, and further parts as name, content pairs, into a document.
func docxOf(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	const ns = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="mc" xmlns:wps="wps" xmlns:v="v" xmlns:a="a" xmlns:m="m"`
	parts := append([]string{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document` + ns + `><w:body>` + body + `</w:body></w:document>`}, more...)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		content := parts[i+1]
		if strings.HasSuffix(parts[i], "numbering.xml") || strings.HasSuffix(parts[i], "styles.xml") {
			content = `<w:root` + ns + `>` + content + `</w:root>`
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// para is a paragraph with one run.
func para(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

// numPara is a paragraph with an automatic number.
func numPara(id, level int, text string) string {
	return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, id, text)
}

func TestDocxText(t *testing.T) {
	cell := func(s string) string { return `<w:tc>` + para(s) + `</w:tc>` }
	cases := []struct{ name, body, want string }{
		{"paragraphs", para("一、甲") + para("乙"), "一、甲\n乙"},
		{"runs, tab, break, hyphens", `<w:p><w:r><w:t>2</w:t><w:noBreakHyphen/><w:t xml:space="preserve">3 </w:t></w:r><w:r><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:softHyphen/><w:t>丁</w:t></w:r></w:p>`, "2-3 \t乙\n丙丁"},
		{"insertions kept, deletions dropped", `<w:p><w:ins><w:r><w:t>新增</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:t>500家</w:t></w:r></w:p>`, "新增500家"},
		{"deleted paragraph mark joins", `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>` + para("乙"), "甲乙"},
		{"moved text once", `<w:p><w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom><w:r><w:t>甲</w:t></w:r><w:moveTo><w:r><w:t>移</w:t></w:r></w:moveTo></w:p>`, "甲移"},
		{"link, field, content control", `<w:p><w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>码</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:sdt><w:sdtContent><w:r><w:t>控</w:t></w:r></w:sdtContent></w:sdt></w:p>`, "链7控"},
		{"hidden text", `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>见</w:t></w:r></w:p>`, "见"},
		{"table", `<w:tbl><w:tr>` + cell("序号") + cell("任务") + `</w:tr><w:tr>` + cell("1") + `<w:tc>` + para("甲") + para("乙") + `</w:tc></w:tr></w:tbl>`, "序号\t任务\n1\t甲 乙"},
		{"merged cells keep columns", `<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>` + para("合") + `</w:tc>` + cell("丙") + `</w:tr><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>` + cell("乙") + cell("丙") + `</w:tr></w:tbl>`, "合\t\t丙\n\t乙\t丙"},
		{"frame of one cell", `<w:tbl><w:tr><w:tc>` + para("甲") + para("乙") + `</w:tc></w:tr></w:tbl>`, "甲\n乙"},
		{"nested table", `<w:tbl><w:tr>` + cell("甲") + `<w:tc><w:tbl><w:tr>` + cell("乙") + cell("丙") + `</w:tr></w:tbl></w:tc></w:tr></w:tbl>`, "甲\t乙 丙"},
		{"text box once, after its paragraph", `<w:p><w:r><w:t>主</w:t><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>` + para("框") + `</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>` + para("框") + `</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`, "主\n框"},
		{"ruby and formula", `<w:p><w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby></w:r><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>`, "拼x=1"},
		{"entities", para("A&amp;B&lt;5%&gt;"), "A&B<5%>"},
		{"tick boxes", `<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t><w:sym w:font="Wingdings" w:char="A8"/><w:t>否</w:t><w:sym w:char="zz"/></w:r></w:p>`, "☑是□否"},
		{"footnote left out", `<w:p><w:r><w:t>甲</w:t><w:footnoteReference w:id="1"/></w:r></w:p>`, "甲"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := DocxText(docxOf(t, c.body))
			if err != nil || got.Text != c.want {
				t.Errorf("got %q, %v; want %q", got.Text, err, c.want)
			}
		})
	}
}

// lvl writes one level of a list.
func lvl(i int, format, text, more string) string {
	return fmt.Sprintf(`<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/>%s</w:lvl>`, i, format, text, more)
}

func TestDocxNumbers(t *testing.T) {
	lists := `<w:abstractNum w:abstractNumId="0">` + lvl(0, "chineseCounting", "%1、", "") + lvl(1, "chineseCountingThousand", "（%2）", "") + lvl(2, "decimal", "%3.", "") + lvl(3, "decimalEnclosedCircle", "%4", "") + `</w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="1">` + lvl(0, "decimal", "%1", "") + lvl(1, "decimal", "%1.%2", `<w:pStyle w:val="H2"/>`) + `</w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="2">` + lvl(0, "bullet", "\uf0b7", "") + `</w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>` +
		`<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`
	styles := `<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="2"/></w:numPr></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="H1b"><w:basedOn w:val="H1"/></w:style>`
	styled := func(style, text string) string {
		return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	body := numPara(1, 0, "甲") + numPara(1, 1, "乙") + numPara(1, 1, "丙") + numPara(1, 2, "5万家") + numPara(1, 3, "丁") +
		para("无号") + numPara(1, 0, "戊") + numPara(1, 1, "重新起") + numPara(3, 0, "点") +
		styled("H1", "2026年") + styled("H2", "节") + styled("H1b", "承") + styled("H2", "再") +
		numPara(4, 0, "另起") + numPara(4, 0, "续") + numPara(0, 0, "取消") + numPara(1, 0, "") + numPara(1, 0, "空段占号")
	want := []string{"一、甲", "（一）乙", "（二）丙", "1. 5万家", "①丁", "无号", "二、戊", "（一）重新起", "• 点",
		"1 2026年", "1.1 节", "2 承", "2.1 再", "一、另起", "二、续", "取消", "", "四、空段占号"}
	got, err := DocxText(docxOf(t, body, "word/numbering.xml", lists, "word/styles.xml", styles))
	if err != nil {
		t.Fatal(err)
	}
	if got.Text != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got.Text, strings.Join(want, "\n"))
	}
}

func TestFormatNumber(t *testing.T) {
	cases := []struct {
		format string
		n      int
		want   string
	}{
		{"chineseCounting", 1, "一"}, {"chineseCounting", 10, "十"}, {"chineseCounting", 12, "十二"}, {"chineseCounting", 20, "二十"},
		{"chineseCountingThousand", 105, "一百零五"}, {"chineseCountingThousand", 110, "一百一十"}, {"chineseCountingThousand", 1001, "一千零一"},
		{"japaneseCounting", 21, "二十一"}, {"chineseLegalSimplified", 12, "拾贰"}, {"ideographTraditional", 3, "丙"}, {"ideographZodiac", 12, "亥"},
		{"ideographDigital", 2026, "二〇二六"}, {"decimalEnclosedCircle", 3, "③"}, {"decimalEnclosedCircleChinese", 21, "㉑"}, {"decimalEnclosedCircle", 51, "51"},
		{"decimalEnclosedParen", 2, "⑵"}, {"decimalFullWidth", 12, "１２"}, {"upperLetter", 27, "AA"}, {"lowerLetter", 2, "b"},
		{"upperRoman", 14, "XIV"}, {"lowerRoman", 4, "iv"}, {"decimalZero", 7, "07"}, {"none", 7, ""}, {"unknown", 7, "7"}, {"decimal", 0, "0"},
	}
	for _, c := range cases {
		if got := formatNumber(c.format, c.n); got != c.want {
			t.Errorf("%s %d: got %q, want %q", c.format, c.n, got, c.want)
		}
	}
}

func TestDocxRefuses(t *testing.T) {
	zipOf := func(parts ...string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, p := range parts {
			if _, err := z.Create(p); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	oleWith := func(stream string) []byte {
		b := append([]byte{}, ole...)
		for _, r := range stream {
			b = append(b, byte(r), 0)
		}
		return append(b, make([]byte, 512)...)
	}
	good := docxOf(t, para("甲"))
	many := make([]string, maxEntries+1)
	for i := range many {
		many[i] = fmt.Sprintf("e%d", i)
	}
	cases := []struct {
		name string
		data []byte
		code errs.Code
		want string
	}{
		{"empty", nil, errs.Invalid, "文件是空的（0 字节），请重新上传"},
		{"text", []byte("plain"), errs.Invalid, "这不是 Word 文档（.docx），请用 Word 或 WPS 另存为 .docx 或 PDF 后上传"},
		{"doc", oleWith("WordDocument"), errs.Invalid, "这是旧版 Word 或 WPS 文档（.doc、.wps），请用 Word 或 WPS 另存为 .docx 或 PDF 后上传"},
		{"xls", oleWith("Workbook"), errs.Invalid, "这是旧版 Excel 表格（.xls），请上传计划原文（Word、PDF、网页或文本）"},
		{"password", oleWith("EncryptedPackage"), errs.Invalid, "文件设有打开密码，请去掉密码后上传"},
		{"cut off", good[:len(good)/2], errs.Invalid, "文件不完整或已损坏，请重新保存后上传"},
		{"xlsx", zipOf("xl/workbook.xml"), errs.Invalid, "这是 Excel 表格（.xlsx），请上传计划原文（Word、PDF、网页或文本）"},
		{"ofd", zipOf("OFD.xml"), errs.Invalid, "这是 OFD 版式文件，请用 OFD 阅读器另存为 PDF 或 Word 后上传"},
		{"other zip", zipOf("a.txt"), errs.Invalid, "这是压缩包，里面没有 Word 正文，请解压后上传其中的文件"},
		{"same part twice", zipOf("word/document.xml", "Word/Document.xml"), errs.Invalid, "文件内部结构异常（同名部件重复），请用 Word 或 WPS 打开后另存再上传"},
		{"too many entries", zipOf(many...), errs.TooLarge, "文件解压后过大，可能是恶意文件，请用 Word 或 WPS 打开后另存再上传"},
		{"bomb", docxOf(t, strings.Repeat(" ", maxPart+1)), errs.TooLarge, "文件解压后过大，可能是恶意文件，请用 Word 或 WPS 打开后另存再上传"},
		{"packed too well", docxOf(t, strings.Repeat(" ", ratioFrom+1)), errs.TooLarge, "文件解压后过大，可能是恶意文件，请用 Word 或 WPS 打开后另存再上传"},
		{"deep", docxOf(t, strings.Repeat("<w:sdt>", maxDepth)+para("甲")+strings.Repeat("</w:sdt>", maxDepth)), errs.Invalid, "文件不完整或已损坏，请重新保存后上传"},
		{"xml cut off", docxOf(t, "<w:p>"), errs.Invalid, "文件不完整或已损坏，请重新保存后上传"},
		{"entities", docxRaw(t, `<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document xmlns:w="w"><w:body/></w:document>`), errs.Invalid, "文件里有不允许的实体声明，可能是恶意文件，请用 Word 或 WPS 打开后另存再上传"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := DocxText(c.data)
			if message(err) != c.want || !errs.Is(err, c.code) {
				t.Errorf("got %v, want %s: %s", err, c.code, c.want)
			}
		})
	}
}

func TestDocxRestart(t *testing.T) {
	cases := []struct{ name, restart, want string }{
		{"after any higher level", "", "1. 甲\n1. 乙\n1. 丙\n2. 丁\n1. 戊\n2. 己\n1. 庚"},
		{"never", `<w:lvlRestart w:val="0"/>`, "1. 甲\n1. 乙\n1. 丙\n2. 丁\n2. 戊\n2. 己\n3. 庚"},
		{"after the first level only", `<w:lvlRestart w:val="1"/>`, "1. 甲\n1. 乙\n1. 丙\n2. 丁\n2. 戊\n2. 己\n1. 庚"},
	}
	for _, c := range cases {
		lists := `<w:abstractNum w:abstractNumId="0">` + lvl(0, "decimal", "%1.", "") + lvl(1, "decimal", "%2.", "") + lvl(2, "decimal", "%3.", c.restart) + `</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`
		body := numPara(1, 0, "甲") + numPara(1, 1, "乙") + numPara(1, 2, "丙") + numPara(1, 1, "丁") + numPara(1, 2, "戊") + numPara(1, 0, "己") + numPara(1, 2, "庚")
		got, err := DocxText(docxOf(t, body, "word/numbering.xml", lists))
		if err != nil || got.Text != c.want {
			t.Errorf("%s: got %q, %v", c.name, got.Text, err)
		}
	}
}

// TestDocxJoinsWithinBounds joins very many deleted paragraph marks. Joining must
// not copy what was joined before: four times the paragraphs may take about four
// times the memory, and not sixteen.
func TestDocxJoinsWithinBounds(t *testing.T) {
	small, large := joined(t, 15_000), joined(t, 60_000)
	if large > 6*small {
		t.Errorf("%d bytes for 15,000 paragraphs, %d for 60,000", small, large)
	}
}

// joined reads n paragraphs whose marks are deleted and returns the bytes that it allocated.
func joined(t *testing.T, n int) uint64 {
	t.Helper()
	deleted := `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>ab</w:t></w:r></w:p>`
	var body strings.Builder
	for i := range n {
		body.WriteString(deleted)
		fmt.Fprintf(&body, "<!--%d-->", i*7919) // keeps the packing ratio honest
	}
	data := docxOf(t, body.String())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := DocxText(data)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if found := strings.Count(got.Text, "ab"); found != n {
		t.Errorf("%d of %d pieces of text are left", found, n)
	}
	return after.TotalAlloc - before.TotalAlloc
}

func TestArchiveCountsWhatItUnpacked(t *testing.T) {
	a, err := openArchive(docxOf(t, para("甲")))
	if err != nil {
		t.Fatal(err)
	}
	a.read = maxAllParts
	if _, err := a.part("word/document.xml"); !errs.Is(err, errs.TooLarge) {
		t.Errorf("got %v", err)
	}
}

// docxRaw packs a main part as it is.
func docxRaw(t testing.TB, xml string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, xml); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDocxWarns(t *testing.T) {
	body := `<w:p><w:ins><w:r><w:t>甲</w:t></w:r></w:ins><w:r><w:drawing><a:blip/></w:drawing></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r></w:p>`
	got, err := DocxText(docxOf(t, body))
	if err != nil || len(got.Warnings) != 3 || got.Images != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func FuzzDocx(f *testing.F) {
	f.Add(para("甲") + `<w:tbl><w:tr><w:tc>` + para("乙") + `</w:tc></w:tr></w:tbl>`)
	f.Add(numPara(1, 0, "甲") + `<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`)
	f.Add(`<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p><w:tbl/>`)
	lists := `<w:abstractNum w:abstractNumId="0">` + lvl(0, "decimal", "%1.%9%", "") + `</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`
	f.Fuzz(func(t *testing.T, body string) {
		got, err := DocxText(docxOf(t, body, "word/numbering.xml", lists))
		if err != nil && errs.CodeOf(err) == errs.Internal {
			t.Errorf("an internal error for %q: %v", body, err)
		}
		if err == nil && len(got.Text) > 20*len(body)+1000 {
			t.Errorf("%d bytes of text from %d", len(got.Text), len(body))
		}
	})
}

func FuzzDocxBytes(f *testing.F) {
	f.Add(docxOf(f, para("甲")))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := DocxText(data); err != nil && errs.CodeOf(err) == errs.Internal {
			t.Errorf("an internal error: %v", err)
		}
	})
}
