package source_test

import (
	"html"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"bihuan/plan/source"
)

// page wraps paragraphs as a government site does: banner, path, menu, title,
// buttons, text, foot.
func page(paragraphs []string) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>行动计划_聊城市人民政府</title><meta name="PubDate" content="2026-03-01 09:00"><script>var a="<p>不要</p>";</script><style>p{}</style></head>
<body><div class="top"><a href="/">首页</a> <a href="/zw">政务公开</a> <a href="/hd">互动交流</a></div>
<div class="wz">当前位置：<a href="/">首页</a> &gt; <a href="/zw">政策文件</a></div>
<div class="wrap"><table width="1000"><tr><td><div class="tools">【字体：<a>大</a> <a>中</a> <a>小</a>】　【<a>打印</a>】　【<a>关闭</a>】</div>
<div id="zoom" class="TRS_Editor">`)
	for i, p := range paragraphs {
		switch {
		case i%3 == 0:
			b.WriteString(`<p style="text-indent: 2em;">　　` + html.EscapeString(p) + "</p>\n")
		case i%3 == 1:
			b.WriteString(`<div><span>` + html.EscapeString(p) + "</span></div>")
		default:
			b.WriteString(html.EscapeString(p) + "<br>\n")
		}
	}
	b.WriteString(`</div><div style="display: none">隐藏的文字</div><div>扫一扫在手机打开当前页</div></td></tr></table></div>
<div class="foot">版权所有：聊城市人民政府　主办单位：聊城市人民政府办公室　鲁ICP备00000000号　网站标识码：0000000000</div></body></html>`)
	return b.String()
}

func TestSameTextInFiveFormats(t *testing.T) {
	plain := file(t, "testdata/liaocheng-2026.txt")
	var paragraphs []string
	for _, line := range strings.Split(string(plain), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			paragraphs = append(paragraphs, line)
		}
	}
	gb := func(s string) []byte {
		out, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	wide, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes(plain)
	if err != nil {
		t.Fatal(err)
	}
	want := squeeze(string(plain))
	cases := []struct {
		name     string
		data     []byte
		format   source.Format
		encoding string
	}{
		{"utf-8.txt", plain, source.Plain, "UTF-8"},
		{"gb18030.txt", gb(string(plain)), source.Plain, "GB18030"},
		{"utf-16.txt", wide, source.Plain, "UTF-16BE"},
		{"plan.md", []byte("# " + strings.ReplaceAll(strings.Join(paragraphs, "\n\n"), "*", `\*`)), source.Markdown, "UTF-8"},
		{"plan.html", gb(page(paragraphs)), source.HTML, "GB18030"},
		{"plan.docx", docx(t, paragraphs), source.Word, ""},
		{"plan.pdf", file(t, "testdata/liaocheng-2026.pdf"), source.PDF, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := load(t, c.name, c.data)
			if d.Format != c.format || d.Encoding != c.encoding || len(d.Warnings) != 0 {
				t.Errorf("got format %s, encoding %q, warnings %q", d.Format, d.Encoding, d.Warnings)
			}
			got := squeeze(d.Text)
			if got == want {
				return
			}
			a, b := []rune(got), []rune(want)
			i := 0
			for i < len(a) && i < len(b) && a[i] == b[i] {
				i++
			}
			t.Errorf("%d characters, want %d; they part at %d: got %q, want %q", len(a), len(b), i,
				string(a[max(0, i-10):min(len(a), i+30)]), string(b[max(0, i-10):min(len(b), i+30)]))
		})
	}
}

func TestPagesOfPDF(t *testing.T) {
	d := load(t, "plan.pdf", file(t, "testdata/liaocheng-2026.pdf"))
	if d.Pages < 5 || len(d.PageStart) != d.Pages {
		t.Fatalf("%d pages, %d starts", d.Pages, len(d.PageStart))
	}
	if first, last := d.PageOf(0), d.PageOf(len(d.Text)-1); first != 1 || last != d.Pages {
		t.Errorf("text runs from page %d to %d of %d", first, last, d.Pages)
	}
	for i := range d.PageStart {
		if got := d.PageOf(d.PageStart[i]); got != i+1 {
			t.Errorf("page %d begins on page %d", i+1, got)
		}
	}
	if strings.Contains(d.Text, "— 2 —") || strings.Contains(d.Text, "—2—") {
		t.Error("page numbers stand in the text")
	}
}
