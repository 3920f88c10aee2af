package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"bihuan/plan/read"
)

// TestReadFiveFormats wants the same list from the plan in every format, and in both encodings.
func TestReadFiveFormats(t *testing.T) {
	const folder = "../../plan/source/testdata/"
	text, err := os.ReadFile(folder + "liaocheng-2026.txt")
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := os.ReadFile(folder + "liaocheng-2026.pdf")
	if err != nil {
		t.Fatal(err)
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(text)
	if err != nil {
		t.Fatal(err)
	}
	var paragraphs []string
	for _, line := range strings.Split(string(text), "\n") {
		if strings.TrimSpace(line) != "" {
			paragraphs = append(paragraphs, line)
		}
	}
	dir := t.TempDir()
	want := list(t, write(t, dir, "plan.txt", text))
	if len(strings.Split(want, "\n")) < 60 {
		t.Fatalf("the list is short:\n%s", want)
	}
	for name, data := range map[string][]byte{
		"gb18030.txt": gb, "plan.md": []byte("# " + strings.Join(paragraphs, "\n\n")), "plan.html": html(paragraphs), "plan.docx": docx(t, paragraphs), "plan.pdf": pdf,
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(list(t, write(t, dir, name, data)), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// list is what was read without the places, which differ between formats.
func list(t *testing.T, path string) string {
	t.Helper()
	var p read.Plan
	if err := json.Unmarshal([]byte(must(t, "read", "--json", path)), &p); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	squeeze := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, "*", "")), "") }
	fmt.Fprintf(&b, "%s %s %s %d\n", p.Title, p.Number, p.Date, p.Year)
	for _, i := range p.Issuers {
		fmt.Fprintln(&b, i.Text)
	}
	for _, task := range p.Tasks {
		fmt.Fprintf(&b, "%s %s %s\n", task.Number, strings.Join(task.Path, "/"), task.Section)
		for _, u := range task.Units {
			fmt.Fprintf(&b, "  %s %s\n", u.Role, u.Name)
		}
		for _, g := range task.Targets {
			most := ""
			if g.ValueMax != nil {
				most = g.ValueMax.String()
			}
			fmt.Fprintf(&b, "  %s %s %s %s %s %s %s %s\n", g.Subject, g.Comparator, g.Value, most, g.Unit, g.Deadline, g.Kind, squeeze(g.Quote))
		}
		for _, c := range task.Commitments {
			fmt.Fprintf(&b, "  %s %s %s\n", c.Kind, c.Subject, c.Words)
		}
	}
	return b.String()
}

func html(paragraphs []string) []byte {
	var b bytes.Buffer
	b.WriteString(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知</title></head><body><div class="nav"><a href="/">首页</a> <a href="/x">政务公开</a></div><div id="zoom">`)
	for _, p := range paragraphs {
		b.WriteString("<p>")
		_ = xml.EscapeText(&b, []byte(p))
		b.WriteString("</p>\n")
	}
	b.WriteString(`</div><div class="footer">打印 关闭</div></body></html>`)
	return b.Bytes()
}

func docx(t *testing.T, paragraphs []string) []byte {
	t.Helper()
	var body bytes.Buffer
	body.WriteString(`<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for _, p := range paragraphs {
		body.WriteString(`<w:p><w:r><w:t xml:space="preserve">`)
		_ = xml.EscapeText(&body, []byte(p))
		body.WriteString(`</w:t></w:r></w:p>`)
	}
	body.WriteString(`</w:body></w:document>`)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{
		"[Content_Types].xml": `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"word/document.xml":   body.String(),
	} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestReadRefusals shows what a person at the terminal is told about files that cannot be read.
func TestReadRefusals(t *testing.T) {
	dir := t.TempDir()
	big, err := os.Create(dir + "/big.txt")
	if err != nil {
		t.Fatal(err)
	}
	if err := big.Truncate(200 << 20); err != nil {
		t.Fatal(err)
	}
	if err := big.Close(); err != nil {
		t.Fatal(err)
	}
	const pdfs = "../../kit/office/testdata/"
	for path, want := range map[string]string{
		big.Name():                      "超过",
		dir + "/none.txt":               "none.txt",
		dir:                             "",
		write(t, dir, "empty.txt", nil): "空",
		pdfs + "encrypted.pdf":          "密码",
		pdfs + "truncated.pdf":          "PDF",
		pdfs + "scanned.pdf":            "扫描",
		write(t, dir, "x.exe", []byte("MZ\x90\x00\x03\x00\x00\x00")): "",
	} {
		_, err := run(t, "read", path)
		if err == nil || !strings.Contains(publicText(err), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
			continue
		}
		t.Logf("%s: %s", path[strings.LastIndex(path, "/")+1:], publicText(err))
	}
}
