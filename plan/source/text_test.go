package source_test

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/plan/source"
)

// gb encodes a text in GB18030.
func gb(t testing.TB, s string) []byte {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEncodings(t *testing.T) {
	long := strings.Repeat("全市新增一刻钟便民生活圈，提升消费环境。", 20)
	cases := []struct {
		name, file string
		data       []byte
		encoding   string
		text       string
		warnings   int
	}{
		{"ascii", "a.txt", []byte("2026"), "UTF-8", "2026", 0},
		{"utf-8 with mark", "a.txt", []byte("\xef\xbb\xbf甲"), "UTF-8", "甲", 0},
		{"utf-16 little", "a.txt", []byte{0xFF, 0xFE, 0x32, 0x75}, "UTF-16LE", "甲", 0},
		{"utf-16 half a character", "a.txt", []byte{0xFF, 0xFE, 0x32, 0x75, 0x32}, "UTF-16LE", "甲\uFFFD", 2},
		{"gb18030", "a.txt", gb(t, "全市新增 500 家"), "GB18030", "全市新增 500 家", 0},
		{"gb18030 with rare names", "a.txt", gb(t, "聊城市东昌府区、临清市、冠县、莘县、阳谷县、东阿县、茌平区、高唐县"), "GB18030", "聊城市东昌府区、临清市、冠县、莘县、阳谷县、东阿县、茌平区、高唐县", 0},
		{"four-byte gb18030", "a.txt", gb(t, long+"㐀"), "GB18030", long + "㐀", 0},
		{"utf-8 with one damaged byte", "a.txt", []byte(long + "\xff" + long), "UTF-8", long + "\uFFFD" + long, 1},
		{"gb page declared", "a.html", append([]byte(`<html><meta charset=gbk><p>`), gb(t, "莘县")...), "GB18030", "莘县", 0},
		{"page declared gb2312 but utf-8", "a.html", []byte(`<html><meta charset="gb2312"><p>全市新增一刻钟便民生活圈</p>`), "UTF-8", "全市新增一刻钟便民生活圈", 0},
		{"page declared utf-8 but gb", "a.html", append([]byte(`<html><meta charset="utf-8"><p>`), gb(t, "全市新增一刻钟便民生活圈")...), "GB18030", "全市新增一刻钟便民生活圈", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := load(t, c.file, c.data)
			if d.Encoding != c.encoding || d.Text != c.text || len(d.Warnings) != c.warnings {
				t.Errorf("got %s, %.80q, warnings %q", d.Encoding, d.Text, d.Warnings)
			}
		})
	}
}

func TestFormatByContent(t *testing.T) {
	word := docx(t, []string{"甲"})
	cases := []struct {
		name, file string
		data       []byte
		format     source.Format
		warning    string
	}{
		{"page named txt", "a.txt", []byte("<!DOCTYPE html><p>甲</p>"), source.HTML, "文件名的后缀是 .txt，内容是网页（HTML），已按内容读取"},
		{"page named pdf", "a.pdf", []byte("<html><body>甲</body></html>"), source.HTML, "文件名的后缀是 .pdf，内容是网页（HTML），已按内容读取"},
		{"page named doc", "a.doc", []byte("<html><body>甲</body></html>"), source.HTML, "文件名的后缀是 .doc，内容是网页（HTML），已按内容读取"},
		{"word named txt", "a.txt", word, source.Word, "文件名的后缀是 .txt，内容是Word 文档（.docx），已按内容读取"},
		{"pdf named html", "a.html", file(t, testPDFs+"small.pdf"), source.PDF, "文件名的后缀是 .html，内容是PDF，已按内容读取"},
		{"text named html", "a.html", []byte("5 < 6，甲"), source.Plain, "文件名的后缀是 .html，内容是纯文本，已按内容读取"},
		{"piece of a page", "a.htm", []byte("<p>甲</p>"), source.HTML, ""},
		{"no name", "", word, source.Word, ""},
		{"markdown", "A.MD", []byte("# 甲"), source.Markdown, ""},
		{"text with a tag", "a.md", []byte("甲<br>乙"), source.Markdown, ""},
		{"unknown ending", "a.dat", []byte("甲"), source.Plain, "文件名的后缀是 .dat，内容是纯文本，已按内容读取"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := load(t, c.file, c.data)
			if d.Format != c.format || strings.Join(d.Warnings, "\n") != c.warning {
				t.Errorf("got %s, %q", d.Format, d.Warnings)
			}
		})
	}
}

func TestPlainText(t *testing.T) {
	d := load(t, "a.txt", []byte("甲\r\n乙\r丙\u00a0丁\u200b戊\x00\n\u3000己\u2028庚"))
	if want := "甲\n乙\n丙 丁戊\n\u3000己\n庚"; d.Text != want {
		t.Errorf("got %q, want %q", d.Text, want)
	}
}

func TestMarkdown(t *testing.T) {
	in := "---\ntitle: \"行动计划\"\ndate: 2026-03-01\n---\n# 一、总体要求 #\n\n> 引用\n\n**（一）加强。** 新增 **25** 个[站点](http://a.cn/(1))，见 *附件*、2\\*3。<br>下一行\n\n| 序号 | 任务 |\n| :-- | --- |\n| 1 | 新增  5 家 |\n\n---\n1. 编号\n- 点\n```\n# 不是标题\n```\n<!-- 注释\n--><div align=\"right\">落款</div>"
	want := "一、总体要求\n\n引用\n\n（一）加强。 新增 25 个站点，见 *附件*、2*3。\n下一行\n\n序号\t任务\n1\t新增 5 家\n\n1. 编号\n- 点\n# 不是标题\n落款"
	d := load(t, "a.md", []byte(in))
	if d.Text != want {
		t.Errorf("got\n%s\nwant\n%s", d.Text, want)
	}
	if d.Meta["title"] != "行动计划" || d.Meta["date"] != "2026-03-01" {
		t.Errorf("meta %v", d.Meta)
	}
}

// fakePDF answers with fixed pages.
type fakePDF []office.Page

func (f fakePDF) Extract(context.Context, []byte) (office.Text, error) {
	return office.Text{Pages: f}, nil
}

func TestPageNumbers(t *testing.T) {
	cases := []struct {
		name  string
		pages []string
		want  string
	}{
		{"dashed", []string{"甲\n— 1 —\n", "— 2 —\n乙", "丙\n-3-"}, "甲\n乙\n丙\n"},
		{"of so many", []string{"甲\n第 1 页 共 2 页", "乙\n第 2 页"}, "甲\n乙\n"},
		{"bare and rising", []string{"甲\n1", "乙\n2", "丙\n3"}, "甲\n乙\n丙\n"},
		{"bare on a shifted count", []string{"封面", "甲\n1", "乙\n2", "丙\n3"}, "封面\n甲\n乙\n丙\n"},
		{"bare and not rising", []string{"甲\n100", "乙\n7", "丙\n20"}, "甲\n100\n乙\n7\n丙\n20\n"},
		{"two pages are too few", []string{"甲\n1", "乙\n2"}, "甲\n1\n乙\n2\n"},
		{"a number inside stays", []string{"甲\n— 1 —\n乙", "丙"}, "甲\n— 1 —\n乙\n丙\n"},
		{"a Chinese one is no dash", []string{"一 1 一", "甲"}, "一 1 一\n甲\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var pages fakePDF
			for _, p := range c.pages {
				pages = append(pages, office.Page{Text: p})
			}
			d, err := source.Load(context.Background(), "a.pdf", []byte("%PDF-1.4"), source.Tools{PDF: pages})
			if err != nil || d.Text != c.want || d.Pages != len(c.pages) {
				t.Errorf("got %q, %d pages, %v", d.Text, d.Pages, err)
			}
		})
	}
}

func TestScannedPagesAmongText(t *testing.T) {
	pages := fakePDF{{Text: "第一页的文字有很多很多很多"}, {Images: 1}, {Text: "第三页的文字也有很多很多"}}
	d, err := source.Load(context.Background(), "a.pdf", []byte("%PDF-1.4"), source.Tools{PDF: pages})
	if err != nil || len(d.Warnings) != 1 || d.Warnings[0] != "第 2 页是图片，没有文字，没有读取" {
		t.Errorf("got %q, %v", d.Warnings, err)
	}
	if len(d.PageStart) != 3 || d.PageOf(len(d.Text)-1) != 3 {
		t.Errorf("pages %v", d.PageStart)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("a.txt", []byte("甲"))
	f.Add("a.txt", gb(f, "全市新增500家"))
	f.Add("a.md", []byte("---\n---\n**甲** | \\*\n|-|"))
	f.Add("a.html", []byte("<table><tr><td rowspan=9>甲<td>乙<tr><td>丙</table><ol><li>丁"))
	f.Add("a.htm", []byte("\xff\xfe<\x00p\x00>\x00"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		d, err := source.Load(context.Background(), name, data, source.Tools{})
		if err != nil {
			if errs.CodeOf(err) == errs.Internal {
				t.Errorf("an internal error: %v", err)
			}
			return
		}
		if strings.ContainsAny(d.Text, "\r\x00\ufeff") {
			t.Errorf("untidy text %q", d.Text)
		}
		again := load(t, "again.txt", []byte(d.Text+"\n甲"))
		if d.Format == source.Plain && again.Format == source.Plain && again.Text != d.Text+"\n甲" {
			t.Errorf("reading twice changes %q to %q", d.Text, again.Text)
		}
	})
}
