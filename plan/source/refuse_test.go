package source_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/traditionalchinese"

	"bihuan/kit/errs"
	"bihuan/plan/source"
)

const testPDFs = "../../kit/office/testdata/"

// oleFile is the beginning of an old office file that has the stream.
func oleFile(stream string) []byte {
	b := []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}
	for _, r := range stream {
		b = append(b, byte(r), 0)
	}
	return append(b, make([]byte, 512)...)
}

// junk is a run of bytes without sense, the same every time.
func junk(n int) []byte {
	out, x := make([]byte, n), uint32(1)
	for i := range out {
		x = x*1664525 + 1013904223
		out[i] = byte(x >> 24)
	}
	return out
}

func TestRefusals(t *testing.T) {
	good := docx(t, []string{"关于印发行动计划的通知"})
	big5, err := traditionalchinese.Big5.NewEncoder().Bytes([]byte("各縣市區人民政府，為深入貫徹落實提振消費專項行動，現將行動計劃印發給你們，請認真組織實施。"))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		file string
		data []byte
		code errs.Code
		want string
	}{
		{"empty file", "a.txt", nil, errs.Invalid, "文件是空的（0 字节），请重新上传"},
		{"white space only", "a.txt", []byte(" \n\u3000\n\ufeff"), errs.Invalid, "文件里没有文字，请检查是否选错了文件"},
		{"byte order mark only", "a.txt", []byte("\xef\xbb\xbf"), errs.Invalid, "文件里没有文字，请检查是否选错了文件"},
		{"junk", "a.txt", junk(5000), errs.Invalid, "这不是文字文件（内容是二进制数据），请上传 Word、PDF、网页或文本文件"},
		{"utf-16 junk", "a.txt", append([]byte{0xFF, 0xFE}, bytes.Repeat([]byte{1, 0, 2, 0}, 100)...), errs.Invalid, "这不是文字文件（内容是二进制数据），请上传 Word、PDF、网页或文本文件"},
		{"big5", "a.txt", big5, errs.Invalid, "无法识别文字编码，请另存为 UTF-8 或 GB18030（GBK）编码的文本后上传"},
		{"latin", "a.txt", []byte("caf\xe9 d\xe9j\xe0 vu \xfc\xf6\xe4"), errs.Invalid, "无法识别文字编码，请另存为 UTF-8 或 GB18030（GBK）编码的文本后上传"},
		{"docx cut off", "a.docx", good[:len(good)-40], errs.Invalid, "文件不完整或已损坏，请重新保存后上传"},
		{"docx by name only", "a.docx", []byte("plain text"), errs.Invalid, "文件名是 .docx，内容却不是 Word 文档，可能没有下载完整，请重新下载后上传"},
		{"docx without text", "a.docx", docx(t, []string{" "}), errs.Invalid, "文件里没有文字，请检查是否选错了文件"},
		{"doc named docx", "a.docx", oleFile("WordDocument"), errs.Invalid, "这是旧版 Word 或 WPS 文档（.doc、.wps），请用 Word 或 WPS 另存为 .docx 或 PDF 后上传"},
		{"doc", "a.doc", oleFile("WordDocument"), errs.Invalid, "这是旧版 Word 或 WPS 文档（.doc、.wps），请用 Word 或 WPS 另存为 .docx 或 PDF 后上传"},
		{"docx with password", "a.docx", oleFile("EncryptedPackage"), errs.Invalid, "文件设有打开密码，请去掉密码后上传"},
		{"xls", "a.xls", oleFile("Workbook"), errs.Invalid, "这是旧版 Excel 表格（.xls），请上传计划原文（Word、PDF、网页或文本）"},
		{"xlsx", "a.xlsx", zipped(t, "xl/workbook.xml", ""), errs.Invalid, "这是 Excel 表格（.xlsx），请上传计划原文（Word、PDF、网页或文本）"},
		{"pptx", "a.pptx", zipped(t, "ppt/presentation.xml", ""), errs.Invalid, "这是演示文稿（.pptx），请另存为 PDF 后上传"},
		{"ofd", "a.ofd", zipped(t, "OFD.xml", ""), errs.Invalid, "这是 OFD 版式文件，请用 OFD 阅读器另存为 PDF 或 Word 后上传"},
		{"odt", "a.odt", zipped(t, "mimetype", "application/vnd.oasis.opendocument.text"), errs.Invalid, "这是 ODF 文档（.odt），请用 Word 或 WPS 另存为 .docx 或 PDF 后上传"},
		{"zip", "a.zip", zipped(t, "a.txt", "x"), errs.Invalid, "这是压缩包，里面没有 Word 正文，请解压后上传其中的文件"},
		{"rar", "a.rar", []byte("Rar!\x1a\x07\x01\x00"), errs.Invalid, "这是 RAR 压缩包，请解压后上传其中的文件"},
		{"gzip", "a.gz", []byte("\x1f\x8b\x08"), errs.Invalid, "这是 GZIP 压缩包，请解压后上传其中的文件"},
		{"rtf named doc", "a.doc", []byte(`{\rtf1\ansi}`), errs.Invalid, "这是 RTF 文档，请用 Word 或 WPS 另存为 .docx 或 PDF 后上传"},
		{"picture", "a.jpg", []byte("\xff\xd8\xff\xe0"), errs.Invalid, "这是图片，里面没有文字，请上传 Word、PDF、网页或文本文件"},
		{"web archive", "a.mht", []byte("MIME-Version: 1.0\n"), errs.Invalid, "这是网页归档（.mht），请用浏览器打开后另存为网页（.html）或 PDF 再上传"},
		{"pdf by name only", "a.pdf", []byte("not found"), errs.Invalid, "文件名是 .pdf，内容却不是 PDF，可能没有下载完整，请重新下载后上传"},
		{"pdf cut off", "a.pdf", file(t, testPDFs+"truncated.pdf"), errs.Invalid, "PDF 文件不完整（后半部分缺失），请重新下载后再上传"},
		{"pdf with password", "a.pdf", file(t, testPDFs+"encrypted.pdf"), errs.Invalid, "这份PDF需要密码才能打开，请去掉密码后上传"},
		{"scanned pdf", "a.pdf", file(t, testPDFs+"scanned.pdf"), errs.Invalid, "这份PDF是扫描件，没有文字层，请上传Word或带文字的PDF"},
		{"page without text", "a.html", []byte(`<html><body><script>load()</script></body></html>`), errs.Invalid, "网页里没有正文文字（正文可能由脚本载入），请用浏览器打开后另存为 PDF，或复制文字保存为 .txt 后上传"},
		{"page of pictures", "a.html", []byte(`<html><body><img src="1.jpg"></body></html>`), errs.Invalid, "网页正文只有图片，没有文字，请上传 Word 或带文字的 PDF"},
		{"page with too many tags", "a.html", []byte("<html>" + strings.Repeat("<b>", 400_001)), errs.TooLarge, "网页过大或结构异常，请用浏览器打开后另存为 PDF，或复制文字保存为 .txt 后上传"},
		{"too large", "a.txt", make([]byte, 60<<20), errs.TooLarge, "文件 60 MB，超过 50 MB 的上限，请删去图片或拆成几份后上传"},
	}
	use := tools(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, err := source.Load(context.Background(), c.file, c.data, use)
			if message(err) != c.want || !errs.Is(err, c.code) {
				t.Errorf("got %v, text %.60q; want %s: %s", err, d.Text, c.code, c.want)
			}
		})
	}
}

func TestLoadWithoutPDFTool(t *testing.T) {
	_, err := source.Load(context.Background(), "a.pdf", file(t, testPDFs+"small.pdf"), source.Tools{})
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("got %v", err)
	}
}

func TestLoadFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	huge := write("huge.pdf", nil)
	if err := os.Truncate(huge, 200<<20); err != nil { // a sparse file: no disk is used
		t.Fatal(err)
	}
	good := write("计划.txt", []byte("新增500家"))
	cases := []struct {
		name, path string
		code       errs.Code
		want       string
	}{
		{"huge", huge, errs.TooLarge, "文件 200 MB，超过 50 MB 的上限，请删去图片或拆成几份后上传"},
		{"missing", filepath.Join(dir, "none.txt"), errs.NotFound, "找不到文件 " + filepath.Join(dir, "none.txt") + "，请检查路径"},
		{"folder", dir, errs.Invalid, dir + " 是文件夹，请指定其中的一个文件"},
		{"device", os.DevNull, errs.Invalid, os.DevNull + " 不是普通文件"},
	}
	for _, c := range cases {
		_, err := source.LoadFile(context.Background(), c.path, source.Tools{})
		if message(err) != c.want || !errs.Is(err, c.code) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	d, err := source.LoadFile(context.Background(), good, source.Tools{})
	if err != nil || d.Name != "计划.txt" || d.Text != "新增500家" {
		t.Errorf("got %+v, %v", d, err)
	}
	if n := testing.AllocsPerRun(1, func() { _, _ = source.LoadFile(context.Background(), huge, source.Tools{}) }); n > 200 {
		t.Errorf("%v allocations to refuse a huge file", n)
	}
}

func TestLoadEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := source.Load(ctx, "a.txt", []byte("甲"), source.Tools{}); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}
