package office

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bihuan/kit/errs"
)

// engineCache is shared by the tests of one machine: compiling takes seconds.
func engineCache(t testing.TB) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return t.TempDir()
	}
	return filepath.Join(dir, "bihuan-test", "pdf-engine")
}

// extract reads data with the test binary as the child.
func extract(t testing.TB, data []byte, limits PDFLimits) (Text, error) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if limits.Memory == 0 {
		limits.Memory = 6 << 30 // the child is this test binary; built with the race detector it needs far more than the program
	}
	return ExtractPDF(context.Background(), exe, engineCache(t), data, limits)
}

// file reads a file of testdata.
func file(t testing.TB, name string) []byte {
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// message returns the user's message of err, or its text when it has none.
func message(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return fmt.Sprint(err)
}

func TestExtractPDF(t *testing.T) {
	for _, name := range []string{"small.pdf", "owner-only.pdf"} {
		got, err := extract(t, file(t, name), PDFLimits{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := "关于印发行动计划的通知\n各县（市、区）人民政府：\n新增一刻钟便民生活圈 2-3 个。"
		if len(got.Pages) != 1 || strings.TrimSpace(got.Pages[0].Text) != want {
			t.Errorf("%s: got %q", name, got.Pages[0].Text)
		}
	}
}

// makePDF writes a PDF with the given number of pages, each with the content
// stream, in Helvetica.
func makePDF(pages int, content string) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	var kids strings.Builder
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 5+i)
	}
	object("<</Type/Pages/Count %d/Kids[%s]>>", pages, kids.String())
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	object("<</Length %d>>\nstream\n%s\nendstream", len(content), content)
	for range pages {
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>")
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

// flateBomb is a page whose content stream unpacks to n spaces and a little text.
func flateBomb(t testing.TB, n int) []byte {
	var packed bytes.Buffer
	w, err := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range n >> 20 {
		if _, err := w.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write([]byte(longPage(100))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	plain := makePDF(1, packed.String())
	return bytes.Replace(plain, []byte("<</Length"), []byte("<</Filter/FlateDecode/Length"), 1)
}

// longPage is a content stream with n letters.
func longPage(n int) string {
	return "BT /F 1 Tf 10 400 Td (" + strings.Repeat("abcdefghi ", n/10) + ") Tj ET"
}

func TestExtractPDFRefuses(t *testing.T) {
	whole := file(t, "small.pdf")
	cases := []struct {
		name   string
		data   []byte
		limits PDFLimits
		code   errs.Code
		want   string
	}{
		{"empty", nil, PDFLimits{}, errs.Invalid, "文件是空的（0 字节），请重新上传"},
		{"not a pdf", []byte("hello"), PDFLimits{}, errs.Invalid, "这不是 PDF 文件，请检查后重新上传"},
		{"truncated", file(t, "truncated.pdf"), PDFLimits{}, errs.Invalid, "PDF 文件不完整（后半部分缺失），请重新下载后再上传"},
		{"damaged inside", append([]byte("%PDF-1.4\n"), append(bytes.Repeat([]byte("x\n"), 3000), "startxref\n0\n%%EOF"...)...), PDFLimits{}, errs.Invalid, "PDF 文件已损坏，无法读取，请重新导出后上传"},
		{"encrypted", file(t, "encrypted.pdf"), PDFLimits{}, errs.Invalid, "这份PDF需要密码才能打开，请去掉密码后上传"},
		{"scanned", file(t, "scanned.pdf"), PDFLimits{}, errs.Invalid, "这份PDF是扫描件，没有文字层，请上传Word或带文字的PDF"},
		{"no pages", makePDF(0, ""), PDFLimits{}, errs.Invalid, "这份PDF没有任何页面，请检查后重新上传"},
		{"blank page", makePDF(1, ""), PDFLimits{}, errs.Invalid, "这份PDF里没有文字（页面是空白或图形），请上传Word或带文字的PDF"},
		{"too many pages", makePDF(5, longPage(100)), PDFLimits{Pages: 4}, errs.TooLarge, "这份PDF的页数超过 4 页的上限，请拆成几份后上传"},
		{"too much text", makePDF(20, longPage(10_000)), PDFLimits{Output: 64 << 10}, errs.TooLarge, "PDF 的文字超过 64 KB 的上限，请拆成几份后上传"},
		{"too slow", makePDF(1500, longPage(50_000)), PDFLimits{Time: time.Second, Output: 1 << 30}, errs.TooLarge, "读取这份PDF超过 1 秒仍未完成，请拆成几份或上传Word文件"},
		{"too hungry", makePDF(1, strings.Repeat("BT /F 1 Tf 10 400 Td (abcdefghi) Tj ET\n", 400_000)), PDFLimits{Memory: 150 << 20}, errs.TooLarge, "读取这份PDF需要的内存超过 150 MB 的上限，请拆成几份或上传Word文件"},
		{"bomb", flateBomb(t, 300<<20), PDFLimits{Memory: 200 << 20}, errs.TooLarge, "读取这份PDF需要的内存超过 200 MB 的上限，请拆成几份或上传Word文件"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := extract(t, c.data, c.limits)
			if message(err) != c.want || !errs.Is(err, c.code) {
				t.Errorf("got %v, want %s: %s", err, c.code, c.want)
			}
		})
	}
	if _, err := extract(t, whole, PDFLimits{Time: 30 * time.Second}); err != nil {
		t.Errorf("a good file after the bad ones: %v", err)
	}
}

func TestExtractPDFEndsWithContext(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err = ExtractPDF(ctx, exe, engineCache(t), makePDF(1500, longPage(50_000)), PDFLimits{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("the child was waited for %v", d)
	}
}

func TestExtractPDFWithoutChild(t *testing.T) {
	_, err := ExtractPDF(context.Background(), filepath.Join(t.TempDir(), "missing"), "", file(t, "small.pdf"), PDFLimits{})
	if errs.CodeOf(err) != errs.Internal {
		t.Errorf("a missing program is the user's fault: %v", err)
	}
	if truth, lookErr := exec.LookPath("true"); lookErr == nil {
		_, err = ExtractPDF(context.Background(), truth, "", file(t, "small.pdf"), PDFLimits{})
		if err == nil {
			t.Error("a child that says nothing was believed")
		}
	}
}

func TestCleanPDFText(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"line ends", "甲\r\n乙", "甲\n乙"},
		{"hyphen at a line's end", "2\x023个", "2-3个"},
		{"kangxi radical", "⼈⺠⻓⻋", "人民长车"},
		{"bullet of a symbol font", "\uf0b7 甲", "• 甲"},
		{"control", "a\x00\x1fb", "ab"},
	}
	for _, c := range cases {
		if got := cleanPDFText(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCheckPDFText(t *testing.T) {
	long := strings.Repeat("文字", 50)
	cases := []struct {
		name string
		text Text
		want string
	}{
		{"text", Text{Pages: []Page{{Text: "甲"}}}, ""},
		{"a scanner's stamp on each page", Text{Pages: []Page{{Text: "扫描王", Images: 1}, {Text: "扫描王", Images: 1}}}, "这份PDF是扫描件，没有文字层，请上传Word或带文字的PDF"},
		{"one scanned page among text", Text{Pages: []Page{{Text: long}, {Images: 1}}}, ""},
		{"private characters", Text{Pages: []Page{{Text: long + strings.Repeat("\ue001", 30)}}}, "这份PDF的文字层是乱码（字体没有编码表），请上传Word文件"},
		{"a few private characters", Text{Pages: []Page{{Text: long + "\ue001"}}}, ""},
	}
	for _, c := range cases {
		err := checkPDFText(c.text)
		if c.want == "" && err != nil || c.want != "" && message(err) != c.want {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

func TestSpoiltCache(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := NewPDFExtractor(exe, engineCache(t), PDFLimits{}, 1).Warm(context.Background()); err != nil {
		t.Fatal(err)
	}
	spoilt, files := t.TempDir(), map[string]int64{}
	err = filepath.WalkDir(engineCache(t), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".tmp") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(engineCache(t), path)
		if err != nil {
			return err
		}
		files[rel] = int64(len(data))
		if err := os.MkdirAll(filepath.Dir(filepath.Join(spoilt, rel)), 0o700); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(spoilt, rel), data[:len(data)/2], 0o600)
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in the cache: %v", len(files), err)
	}
	got, err := ExtractPDF(context.Background(), exe, spoilt, file(t, "small.pdf"), PDFLimits{Memory: 1 << 30})
	if err != nil || len(got.Pages) != 1 {
		t.Errorf("got %d pages, %v", len(got.Pages), err)
	}
	for rel, size := range files {
		if info, err := os.Stat(filepath.Join(spoilt, rel)); err != nil || info.Size() != size {
			t.Errorf("the cache was not mended: %v", err)
		}
	}
}

func TestExtractorWaitsForItsPlace(t *testing.T) {
	x := NewPDFExtractor("missing", "", PDFLimits{}, 0)
	x.places <- struct{}{}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := x.Extract(ctx, file(t, "small.pdf")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-x.places
	for range 3 { // a place is given back after a failure
		if _, err := x.Extract(context.Background(), file(t, "small.pdf")); errs.CodeOf(err) != errs.Internal {
			t.Errorf("got %v", err)
		}
	}
}

func BenchmarkExtractPDF(b *testing.B) {
	data := makePDF(10, longPage(2000))
	for b.Loop() {
		if _, err := extract(b, data, PDFLimits{}); err != nil {
			b.Fatal(err)
		}
	}
}
