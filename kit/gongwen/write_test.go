package gongwen

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/kit/quantity"
)

// written is the document as a file.
func written(t interface {
	Helper()
	Fatal(...any)
}, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// partsOf unpacks a file and wants every part of it well formed.
func partsOf(t interface {
	Helper()
	Fatal(...any)
}, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(content)
		if strings.HasSuffix(f.Name, ".png") {
			continue
		}
		for d := xml.NewDecoder(bytes.NewReader(content)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(f.Name, err)
			}
		}
	}
	return parts
}

// TestFacts looks for what the standard demands in the parts of the file.
func TestFacts(t *testing.T) {
	bulletin := partsOf(t, written(t, sampleBulletin()))
	letter := partsOf(t, written(t, sampleLetter()))
	minutes := partsOf(t, written(t, sampleMinutes()))
	joint := partsOf(t, written(t, sampleJoint()))
	cases := []struct {
		what  string
		parts map[string]string
		part  string
		want  string
	}{
		{"A4", bulletin, "document", `<w:pgSz w:w="11906" w:h="16838"/>`},
		{"margins of 37, 26, 35 and 28 mm", bulletin, "document", `w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"`},
		{"the grid of 22 lines and 28 characters", bulletin, "document", `<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-853"/>`},
		{"fixed lines", bulletin, "styles", `w:line="579" w:lineRule="exact"`},
		{"body in 三号仿宋", bulletin, "styles", `w:eastAsia="仿宋_GB2312" w:cs="仿宋_GB2312"/><w:spacing w:val="-6"/><w:sz w:val="32"/>`},
		{"title in 二号小标宋", bulletin, "styles", `w:eastAsia="方正小标宋简体" w:cs="方正小标宋简体"/><w:spacing w:val="0"/><w:sz w:val="44"/>`},
		{"一、 in 黑体", bulletin, "styles", `<w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="黑体"`},
		{"（一） in 楷体", bulletin, "styles", `<w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="楷体_GB2312"`},
		{"1. in 仿宋", bulletin, "styles", `<w:outlineLvl w:val="2"/></w:pPr><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="仿宋_GB2312"`},
		{"（1） in 仿宋", bulletin, "styles", `<w:outlineLvl w:val="3"/></w:pPr><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="仿宋_GB2312"`},
		{"first lines two characters in", bulletin, "document", `w:firstLineChars="200" w:firstLine="628"`},
		{"names for machines without the GB2312 fonts", bulletin, "fontTable", `<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>`},
		{"red mark", bulletin, "document", `<w:color w:val="FF0000"/><w:spacing w:val="0"/><w:sz w:val="100"/><w:szCs w:val="100"/></w:rPr><w:t xml:space="preserve">云河市商务局文件</w:t>`},
		{"red line", bulletin, "document", `<w:bottom w:val="single" w:sz="10" w:space="0" w:color="FF0000"/>`},
		{"odd and even feet", bulletin, "settings", `<w:evenAndOddHeaders/>`},
		{"odd numbers on the right", bulletin, "footer1", `<w:ind w:left="0" w:right="280"/><w:jc w:val="right"/>`},
		{"even numbers on the left", bulletin, "footer2", `<w:ind w:left="280" w:right="0"/><w:jc w:val="left"/>`},
		{"number between dashes", bulletin, "footer1", `<w:t xml:space="preserve">— </w:t>`},
		{"number in 四号宋体", bulletin, "footer1", `w:eastAsia="宋体" w:cs="宋体"/><w:spacing w:val="0"/><w:sz w:val="28"/>`},
		{"repeated header row", bulletin, "document", `<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`},
		{"reference as bookmark", bulletin, "document", `w:name="ref0001"/>`},
		{"picture with words for those who cannot see it", bulletin, "document", `descr="东河区：96%"`},
		{"note in brackets", bulletin, "document", `（此件主动公开）`},
		{"imprint's thick line", bulletin, "document", `<w:top w:val="single" w:sz="8"`},
		{"imprint's thin line", bulletin, "document", `<w:tcBorders><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/><w:bottom w:val="single" w:sz="8"`},
		{"copies end with a stop", bulletin, "document", `抄送：市委办公室，市人大常委会办公室，市政府办公室，市政协办公室，各县（区）人民政府，高新技术产业开发区管委会。`},
		{"attachment on a new page in 黑体", bulletin, "document", `<w:pageBreakBefore/>`},
		{"title property", bulletin, "core", `<dc:title>关于2026年第三季度提振消费行动计划任务进展情况的通报</dc:title>`},
		{"a letter's first page apart", letter, "document", `<w:titlePg/>`},
		{"a letter's rules 170 mm wide", letter, "document", `<wp:extent cx="6120130" cy="19050"/>`},
		{"a letter's thin line above the thick one at the foot", letter, "footer3", `<wp:extent cx="6120130" cy="6350"/>`},
		{"attendance in 黑体", minutes, "document", `w:cs="黑体"/></w:rPr><w:t xml:space="preserve">出席：</w:t>`},
		{"signers in 楷体", joint, "document", `w:cs="楷体_GB2312"/></w:rPr><w:t xml:space="preserve">张三</w:t>`},
		{"文件 beside joint names", joint, "document", `<w:vMerge w:val="restart"/>`},
		{"rows of seals of 45 mm", joint, "document", `<w:trHeight w:val="2551" w:hRule="exact"/>`},
	}
	for _, c := range cases {
		name := "word/" + c.part + ".xml"
		if c.part == "core" {
			name = "docProps/core.xml"
		}
		if !strings.Contains(c.parts[name], c.want) {
			t.Errorf("%s: %s lacks %s", c.what, name, c.want)
		}
	}
	for what, gone := range map[string][2]string{
		"a letter's imprint has no lines":  {letter["word/document.xml"], "tcBorders"},
		"a letter has no number on page 1": {letter["word/footer3.xml"], "PAGE"},
		"minutes have no seal or names":    {minutes["word/document.xml"], ">云河市商务局<"},
	} {
		if strings.Contains(gone[0], gone[1]) {
			t.Errorf("%s, but it holds %s", what, gone[1])
		}
	}
}

// TestHead adds the heights above the body to where the body begins.
func TestHead(t *testing.T) {
	used := func(d Document) int {
		w := &writer{doc: d}
		n := 0
		for _, i := range w.head() {
			n += i.height
		}
		return n
	}
	d := sampleBulletin()
	base := used(d)
	for what, c := range map[string]struct {
		doc  Document
		more int
	}{
		"a line of title":              {with(d, func(d *Document) { d.Title = "关于\n任务\n的通报" }), linePitch},
		"份号 stands beside empty lines": {with(d, func(d *Document) { d.CopyNo, d.Urgency = "000001", "特急" }), 0},
		"no addressee":                 {with(d, func(d *Document) { d.Addressee = "" }), -2 * linePitch},
		"a second row of signers":      {with(d, func(d *Document) { d.Signers = []string{"甲", "乙", "丙"} }), linePitch},
	} {
		if got := used(c.doc) - base; got != c.more {
			t.Errorf("%s takes %d twips more, want %d", what, got, c.more)
		}
	}
}

// TestIndents are the places of names and dates, in half characters.
func TestIndents(t *testing.T) {
	for _, c := range []struct{ name, date, nameRight, dateRight int }{
		{12, 14, 8 + 1, 8}, {14, 14, 8, 8}, {20, 14, 5, 8}, {40, 14, 0, 8 + 5},
	} {
		n, d := sealIndents(c.name, c.date)
		if n != c.nameRight*halfPitch || d != c.dateRight*halfPitch {
			t.Errorf("sealed %d and %d: %d and %d", c.name, c.date, n, d)
		}
		if 2*n+c.name*halfPitch != 2*d+c.date*halfPitch {
			t.Errorf("sealed %d and %d: the name is not centred", c.name, c.date)
		}
	}
	for _, c := range []struct{ name, date, nameRight, dateRight int }{
		{20, 14, 4, 6}, {16, 14, 4, 2}, {14, 14, 4, 0}, {12, 14, 10, 4},
	} {
		n, d := plainIndents(c.name, c.date)
		if n != c.nameRight*halfPitch || d != c.dateRight*halfPitch {
			t.Errorf("without seal %d and %d: %d and %d", c.name, c.date, n, d)
		}
		if begin := n + c.name*halfPitch - d - c.date*halfPitch; begin != 4*halfPitch {
			t.Errorf("without seal %d and %d: the date begins %d further right", c.name, c.date, begin)
		}
	}
}

// TestChartWidths keeps room for the bars beside long names, which are narrowed.
func TestChartWidths(t *testing.T) {
	short := chartWidths([]Bar{{Label: "东河区", Shown: "96%"}})
	long := chartWidths([]Bar{{Label: strings.Repeat("长", 40), Shown: "96%"}})
	if short[0] < 3*sizeTable*10 || long[0] != typeWidth*2/5 || long[1] < typeWidth/3 || short[1] <= long[1] {
		t.Errorf("widths %v and %v", short, long)
	}
	if labelLook("东河区", short[0]).scale != 0 || labelLook(strings.Repeat("长", 20), long[0]).scale == 0 {
		t.Error("only names that are too long are narrowed")
	}
}

// TestLetterMark shows the lead alone.
func TestLetterMark(t *testing.T) {
	d := with(sampleLetter(), func(d *Document) { d.Issuers = []string{"云河市商务局", "云河市财政局"} })
	if got := Preview(d)[0].Runs; len(got) != 1 || got[0].Text != "云河市商务局" {
		t.Errorf("mark %v", got)
	}
}

// TestUnsealedJoint puts one date below all names.
func TestUnsealedJoint(t *testing.T) {
	d := with(sampleLetter(), func(d *Document) { d.Sealed, d.Issuers = false, []string{"云河市商务局", "云河市财政局"} })
	main := partsOf(t, written(t, d))["word/document.xml"]
	name, date := strings.LastIndex(main, ">云河市财政局<"), strings.Index(main, ">2026年10月12日<")
	if name < 0 || date < name || strings.Count(main, ">2026年10月12日<") != 1 {
		t.Errorf("the last name is at %d, the date at %d", name, date)
	}
}

// TestLetterImprint leaves 印发 out of a letter.
func TestLetterImprint(t *testing.T) {
	d := with(sampleLetter(), func(d *Document) { d.Printed = Printed{"云河市商务局办公室", d.Date} })
	if strings.Contains(partsOf(t, written(t, d))["word/document.xml"], "印发") {
		t.Error("the letter shows 印发")
	}
	for _, e := range Preview(d) {
		if e.Role == RolePrinted {
			t.Error("the preview of the letter shows 印发")
		}
	}
}

// TestStamp gives the parts of the file the date of the document, never today's.
func TestStamp(t *testing.T) {
	for _, d := range []Document{sampleLetter(), with(sampleLetter(), func(d *Document) { d.Date = calendar.Date{} })} {
		data := written(t, d)
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			if want := stamp(d.Date); !f.Modified.Equal(want) {
				t.Errorf("%s is of %v", f.Name, f.Modified)
			}
		}
	}
}

func TestUnknownForm(t *testing.T) {
	if err := Write(io.Discard, Document{Form: "便笺"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("got %v", err)
	}
}

func TestEmptyDocument(t *testing.T) {
	for _, form := range []Form{File, Letter, Minutes} {
		partsOf(t, written(t, Document{Form: form, Body: []Block{{Kind: KindTable}, {Kind: KindChart}, {Kind: KindHeading}, {Kind: KindTable, Table: &Table{}}, {Kind: KindChart, Chart: &Chart{Bars: []Bar{{}}}}}}))
	}
}

func TestBarPicture(t *testing.T) {
	s := spanOf([]Bar{{Value: quantity.Of(-50)}, {Value: quantity.Of(100), Target: quantity.Of(150), HasTarget: true}})
	if s.low != quantity.Of(-50) || s.high != quantity.Of(150) {
		t.Fatalf("span %v", s)
	}
	dark := func(b Bar) (from, to int) {
		m, err := png.Decode(bytes.NewReader(barPicture(b, s)))
		if err != nil {
			t.Fatal(err)
		}
		from = -1
		for x := range barWide {
			if r, _, _, _ := m.At(x, barHigh/2).RGBA(); r < 0xFFFF {
				if from < 0 {
					from = x
				}
				to = x
			}
		}
		return from, to
	}
	zero, quarter := s.at(0), (barWide-6)/4
	if zero != quarter {
		t.Errorf("zero is at %d of %d", zero, barWide)
	}
	if from, to := dark(Bar{Value: quantity.Of(100)}); from != zero || to < 3*quarter-2 || to > 3*quarter+2 {
		t.Errorf("100 goes from %d to %d", from, to)
	}
	if from, to := dark(Bar{Value: quantity.Of(-50)}); from != 0 || to != zero+1 {
		t.Errorf("-50 goes from %d to %d", from, to)
	}
	if _, to := dark(Bar{Value: quantity.Of(1), Target: quantity.Of(150), HasTarget: true}); to != barWide-6+3 {
		t.Errorf("the target's mark ends at %d", to)
	}
}

// TestAnyText writes any words at all and reads them again.
func TestAnyText(t *testing.T) {
	text := rapid.StringOfN(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune("政府通报。《》<>&\"'\x00\x07\n\t12%"))), 0, 30, -1)
	rapid.Check(t, func(t *rapid.T) {
		word := text.Draw(t, "word")
		block := rapid.SampledFrom([]Kind{KindHeading, KindParagraph, KindTable, KindChart, "other"})
		d := Document{Form: rapid.SampledFrom([]Form{File, Letter, Minutes}).Draw(t, "form"), Issuers: rapid.SliceOfN(text, 0, 5).Draw(t, "issuers"), Number: word, Title: word, Addressee: word,
			Signers: rapid.SliceOfN(text, 0, 3).Draw(t, "signers"), Sealed: rapid.Bool().Draw(t, "sealed"), Note: word, Copies: []string{word}, Printed: Printed{Organ: word}, AttachmentNote: []string{word}, Date: calendar.Of(2026, 1, rapid.IntRange(1, 31).Draw(t, "day")),
			Attachments: []Attachment{{Name: word, Body: []Block{Heading(1, word)}}}, Attendance: Attendance{Present: []string{word}}}
		for range rapid.IntRange(0, 4).Draw(t, "blocks") {
			runs := []Run{{Text: text.Draw(t, "text"), Ref: word}}
			d.Body = append(d.Body, Block{Kind: block.Draw(t, "kind"), Level: rapid.IntRange(-1, 6).Draw(t, "level"), Runs: runs, Then: runs,
				Table: &Table{Caption: word, Columns: []Column{{Header: word}, {}}, Rows: [][]Cell{{runs, runs, runs}, {}}}, Chart: &Chart{Bars: []Bar{{Label: word, Shown: word, Value: quantity.Quantity(rapid.Int64().Draw(t, "value"))}}}})
		}
		data := written(t, d)
		if !bytes.Equal(data, written(t, d)) {
			t.Fatal("the same document gives other bytes")
		}
		main := partsOf(t, data)["word/document.xml"]
		for i := 1; strings.Contains(main, fmt.Sprintf(`"ref%04d"`, i)); i++ {
			if n := strings.Count(main, fmt.Sprintf(`w:name="ref%04d"`, i)); n != 1 {
				t.Fatalf("bookmark %d stands %d times", i, n)
			}
		}
		read, err := office.DocxText(data)
		if err != nil {
			t.Fatal(err)
		}
		got := letters(read.Text)
		for _, e := range Preview(d) {
			for _, r := range e.Runs {
				if e.Table == nil && e.Chart == nil && !strings.Contains(got, letters(r.Text)) && e.Role != RoleMark && e.Role != RoleCopies && e.Role != RolePrinted && e.Role != RoleAttachment {
					t.Fatalf("%s %q is not in the file:\n%q", e.Role, r.Text, got)
				}
			}
		}
		Check(d, Rules{})
	})
}

// letters are the letters and figures of a text, which no file may lose.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func TestPreview(t *testing.T) {
	d := sampleBulletin()
	all := Preview(d)
	var roles []string
	for _, e := range all {
		if n := len(roles); n == 0 || roles[n-1] != string(e.Role) {
			roles = append(roles, string(e.Role))
		}
	}
	want := "发文机关标志 发文字号 标题 主送机关 正文 层次 正文 层次 正文 表 层次 图 层次 正文 层次 正文 层次 正文 层次 正文 附件说明 署名 成文日期 附注 附件 表 附件 正文 抄送 印发"
	if got := strings.Join(roles, " "); got != want {
		t.Errorf("roles\n%s\nwant\n%s", got, want)
	}
	refs := 0
	for _, e := range all {
		for _, r := range e.Runs {
			if r.Ref != "" {
				refs++
			}
		}
		if e.In == "正文" && e.Paragraph < 1 {
			t.Errorf("%+v is not numbered", e)
		}
	}
	if refs < 5 || all[0].Runs[0].Text != "云河市商务局文件" {
		t.Errorf("%d references, mark %q", refs, all[0].Runs[0].Text)
	}
	if d.Issuers[0] != "云河市商务局" {
		t.Error("the preview changed the document")
	}
	for _, e := range Preview(sampleMinutes()) {
		if e.Role == RoleIssuer || e.Role == RoleDate {
			t.Errorf("minutes show %s", e.Role)
		}
	}
	if marks := Preview(sampleJoint())[3]; len(marks.Runs) != 5 || marks.Runs[4].Text != "文件" {
		t.Errorf("joint mark %+v", marks)
	}
}
