package blob

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"mime"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"bihuan/kit/errs"
)

func archive(t testing.TB, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, n := range names {
		f, err := w.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(strings.Repeat("content ", 20_000))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func workbook(t testing.TB) string {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// compound makes a compound file with sectors of 512 bytes whose directory has
// the given names, four in a sector: sector 0 is the allocation table.
func compound(names ...string) string {
	sectors := (len(names) + 3) / 4
	b := make([]byte, 512*(2+sectors))
	copy(b, oleMagic)
	binary.LittleEndian.PutUint16(b[0x1e:], 9)
	binary.LittleEndian.PutUint32(b[0x30:], 1)
	table := b[512:1024]
	for i := 1; i <= sectors; i++ {
		next := uint32(i + 1)
		if i == sectors {
			next = 0xfffffffe
		}
		binary.LittleEndian.PutUint32(table[4*i:], next)
	}
	for i, n := range names {
		entry := b[1024+128*i:]
		units := utf16.Encode([]rune(n))
		for j, u := range units {
			binary.LittleEndian.PutUint16(entry[2*j:], u)
		}
		binary.LittleEndian.PutUint16(entry[64:], uint16(2*len(units)+2))
	}
	return string(b)
}

func TestSniff(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("姓名,金额\n张三,100\n李四,200\n")
	if err != nil {
		t.Fatal(err)
	}
	const ct = "[Content_Types].xml"
	doc := compound("Root Entry", "1Table", "Data", "CompObj", "WordDocument")
	cases := []struct {
		name, content string
		want          Kind // the zero value: refused
	}{
		{"pdf", "%PDF-1.7\n…", PDF},
		{"jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF\x00", JPEG},
		{"png", "\x89PNG\r\n\x1a\n\x00\x00", PNG},
		{"webp", "RIFF\x10\x00\x00\x00WEBPVP8 ", WebP},
		{"docx", archive(t, ct, "_rels/.rels", "docProps/app.xml", "word/media/image1.png", "word/document.xml"), DOCX},
		{"xlsx of the library", workbook(t), XLSX},
		{"doc", doc, DOC},
		{"xls", compound("Root Entry", "Workbook"), XLS},
		{"xls of Excel 5", compound("Root Entry", "Book"), XLS},
		{"text", "今天完成三项。\n", text("utf-8")},
		{"text with BOM", "\ufeff今天\n", text("utf-8")},
		{"csv", "姓名,金额\n张三,100\n", csvKind("utf-8")},
		{"csv in GB 18030", gbk, csvKind("gb18030")},
		{"commas in prose are no csv", "第一,办好。\n第二,办快,办实。\n", text("utf-8")},
		{"long text cut inside a character", "a" + strings.Repeat("长", headLen), text("utf-8")},
		{"long csv cut inside a line", strings.Repeat("一,二\n", headLen), csvKind("utf-8")},
		{"page", "<!DOCTYPE html><html><script>alert(1)</script></html>", HTML},
		{"page after a comment", "<!-- x -->\n<html></html>", HTML},

		{"empty", "", Kind{}},
		{"zip", archive(t, "a.txt"), Kind{}},
		{"empty zip", "PK\x05\x06" + strings.Repeat("\x00", 18), Kind{}},
		{"zip that is broken", "PK\x03\x04rubbish", Kind{}},
		{"jar", archive(t, "META-INF/MANIFEST.MF"), Kind{}},
		{"pptx", archive(t, ct, "ppt/presentation.xml"), Kind{}},
		{"word with macros", archive(t, ct, "word/document.xml", "word/vbaProject.bin"), Kind{}},
		{"document cut off", doc[:1024], Kind{}},
		{"ole of another program", compound("Root Entry", "PowerPoint Document"), Kind{}},
		{"document with a password", compound("Root Entry", "EncryptedPackage", "Workbook"), Kind{}},
		{"svg", `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, Kind{}},
		{"svg after XML", `<?xml version="1.0"?><svg/>`, Kind{}},
		{"svg after a comment", `<!-- <html> --><svg/>`, Kind{}},
		{"svg after text", `x <SVG onload=alert(1)>`, Kind{}},
		{"script element", `<script>alert(1)</script>`, Kind{}},
		{"php", "<?php system('id');", Kind{}},
		{"shell", "#!/bin/sh\nid\n", Kind{}},
		{"batch", "@echo off\n", Kind{}},
		{"postscript", "%!PS-Adobe", Kind{}},
		{"exe", "MZ\x90\x00\x03", Kind{}},
		{"elf", "\x7fELF\x02", Kind{}},
		{"gif", "GIF89a\x01\x00", Kind{}},
		{"pdf with something before", "\x00%PDF-1.7", Kind{}},
		{"control characters", "a\x1b[31mb", Kind{}},
		{"comment without an end", "<!-- ", Kind{}},
		{"random", "\xfe\xdc\xba\x98\x00", Kind{}},
	}
	for _, c := range cases {
		got, err := Sniff(strings.NewReader(c.content), int64(len(c.content)))
		if got != c.want || (c.want == Kind{}) != errs.Is(err, errs.Invalid) || (c.want != Kind{}) != (err == nil) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
	if _, err := Sniff(strings.NewReader("%PDF-"), 99); !errs.Is(err, errs.Invalid) {
		t.Errorf("a file shorter than announced: %v", err)
	}
}

func FuzzSniff(f *testing.F) {
	for _, s := range []string{"%PDF-", "a,b\nc,d\n", compound("Root Entry", "Workbook"), archive(f, "[Content_Types].xml", "xl/workbook.xml"), "<html>", "姓名"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := Sniff(bytes.NewReader(b), int64(len(b)))
		if (err == nil) != (k != Kind{}) || err != nil && !errs.Is(err, errs.Invalid) {
			t.Errorf("%+v, %v", k, err)
		}
		if k.Inline && bytes.Contains(bytes.ToLower(b), []byte("<script")) && strings.HasPrefix(k.MIME, "text/") {
			t.Errorf("a script is shown inline: %q", b)
		}
	})
}

func TestServeHeaders(t *testing.T) {
	cases := []struct {
		name     string
		kind     Kind
		filename string
		want     string
	}{
		{"plain", PNG, "a.png", `inline; filename="a.png"; filename*=UTF-8''a.png`},
		{"Chinese", DOCX, "工作方案 (1).docx", `attachment; filename="____ (1).docx"; filename*=UTF-8''%E5%B7%A5%E4%BD%9C%E6%96%B9%E6%A1%88%20%281%29.docx`},
		{"extension of another kind", PDF, "page.html", `inline; filename="page.pdf"; filename*=UTF-8''page.pdf`},
		{"quotes and line breaks", PDF, "a\"\r\nSet-Cookie: x=1.pdf", `inline; filename="aSet-Cookie x=1.pdf"; filename*=UTF-8''aSet-Cookie%20x%3D1.pdf`},
		{"path", XLS, `..\..\etc/x.xls`, `attachment; filename="x.xls"; filename*=UTF-8''x.xls`},
		{"no name", HTML, "", `attachment; filename="__.html"; filename*=UTF-8''%E9%99%84%E4%BB%B6.html`},
	}
	for _, c := range cases {
		h := ServeHeaders(c.kind, c.filename)
		if got := h.Get("Content-Disposition"); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Type") != c.kind.MIME || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v", c.name, h)
		}
		if sandbox := strings.Contains(h.Get("Content-Security-Policy"), "sandbox"); sandbox == (c.kind == PDF) {
			t.Errorf("%s: sandbox is %v", c.name, sandbox)
		}
	}
}

// TestSafeName: whatever the name, the header can be read back and holds no path,
// no control character and the right extension.
func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{"合同.pdf.exe": "合同.pdf.pdf", "cod\u202efdp.exe": "codfdp.pdf", ".htaccess": "htaccess.pdf", "第3.2节": "第3.2节.pdf", "方案1.5": "方案1.5.pdf", "...": "附件.pdf", "a. .pdf": "a.pdf"} {
		if got := SafeName(in, ".pdf"); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "name")
		name := SafeName(in, ".pdf")
		if strings.ContainsAny(name, "/\\\r\n\x00\"") || !strings.HasSuffix(name, ".pdf") || len([]rune(name)) > 104 || !utf8.ValidString(name) {
			t.Fatalf("%q gives %q", in, name)
		}
		_, params, err := mime.ParseMediaType(ServeHeaders(PDF, in).Get("Content-Disposition"))
		if err != nil || params["filename"] != name {
			t.Fatalf("%q: %v, %v", in, params, err)
		}
	})
}
