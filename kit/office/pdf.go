package office

import (
	"bytes"
	"context"
	"time"

	"bihuan/kit/errs"
)

// PDFLimits bounds one extraction. The zero value of a field means its default.
type PDFLimits struct {
	Time   time.Duration // wall clock from start of the child to its end; 60 s
	Memory int64         // resident bytes of the child; 512 MiB
	Pages  int           // pages of the document; 2,000
	Output int64         // bytes of text; 32 MiB
}

// withDefaults fills the fields that were left zero.
func (l PDFLimits) withDefaults() PDFLimits {
	if l.Time <= 0 {
		l.Time = time.Minute
	}
	if l.Memory <= 0 {
		l.Memory = 512 << 20
	}
	if l.Pages <= 0 {
		l.Pages = 2000
	}
	if l.Output <= 0 {
		l.Output = 32 << 20
	}
	return l
}

// Page is the text of one page, with line breaks as found in the page.
type Page struct {
	Text   string
	Images int // pictures on the page, counted only where the page has little text
}

// Text is what a PDF says, page by page. A page without text is kept, empty.
type Text struct{ Pages []Page }

// PDFExtractor reads PDF files in child processes. It is safe for concurrent
// use and runs at most as many children at once as it was made for; further
// callers wait for a place or for the end of their context.
type PDFExtractor struct {
	exe, cacheDir string
	limits        PDFLimits
	places        chan struct{}
}

// NewPDFExtractor makes an extractor that starts "<exe> internal pdf-extract",
// which must run PDFChild. The cache directory holds the compiled engine (about
// 21 MB, made on first use, a start of 0.2 s instead of 4 s); it must be
// writable by this program only, because what lies in it is executed. An empty
// cacheDir means no cache. Parallel below 1 means 1.
func NewPDFExtractor(exe, cacheDir string, limits PDFLimits, parallel int) *PDFExtractor {
	return &PDFExtractor{exe: exe, cacheDir: cacheDir, limits: limits, places: make(chan struct{}, max(1, parallel))}
}

// Extract reads one file; the errors are those of ExtractPDF.
func (x *PDFExtractor) Extract(ctx context.Context, data []byte) (Text, error) {
	select {
	case x.places <- struct{}{}:
		defer func() { <-x.places }()
	case <-ctx.Done():
		return Text{}, ctx.Err()
	}
	return ExtractPDF(ctx, x.exe, x.cacheDir, data, x.limits)
}

// blankPDF is the least document that the engine opens.
const blankPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

// Warm fills the engine cache, or finds it filled, by reading a blank page. The
// first compilation takes some seconds and 320 MB, so a server calls Warm when
// it starts, and limits under 400 MB of memory need it done before.
func (x *PDFExtractor) Warm(ctx context.Context) error {
	_, err := runPDFChild(ctx, x.exe, x.cacheDir, []byte(blankPDF), PDFLimits{Time: 3 * time.Minute, Memory: 1 << 30}.withDefaults())
	return err
}

// ExtractPDF starts the child, feeds it the file and collects the text.
//
// errs.Invalid: empty, not a PDF, cut off, damaged, password needed, no pages,
// no text in it (scanned), text unreadable. errs.TooLarge: a limit was reached.
// The error of ctx is returned as it is. Anything else is a fault of ours.
func ExtractPDF(ctx context.Context, exe, cacheDir string, data []byte, limits PDFLimits) (Text, error) {
	limits = limits.withDefaults()
	if err := checkPDFBytes(data); err != nil {
		return Text{}, err
	}
	text, err := runPDFChild(ctx, exe, cacheDir, data, limits)
	if err != nil {
		return Text{}, err
	}
	if err := checkPDFText(text); err != nil {
		return Text{}, err
	}
	return text, nil
}

// IsPDF reports whether data begins as a PDF does: the mark may stand anywhere
// in the first 1,024 bytes (ISO 32000-1, implementation note 13).
func IsPDF(data []byte) bool {
	return bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-"))
}

// checkPDFBytes refuses what needs no engine to be refused. A whole file ends
// with a trailer; pdfium would quietly rebuild a file that was cut off and
// return part of its text, which is worse than no text.
func checkPDFBytes(data []byte) error {
	switch {
	case len(data) == 0:
		return errs.New(errs.Invalid, "文件是空的（0 字节），请重新上传")
	case !IsPDF(data):
		return errs.New(errs.Invalid, "这不是 PDF 文件，请检查后重新上传")
	}
	tail := data[max(0, len(data)-4096):]
	if !bytes.Contains(tail, []byte("%%EOF")) && !bytes.Contains(tail, []byte("startxref")) {
		return errs.New(errs.Invalid, "PDF 文件不完整（后半部分缺失），请重新下载后再上传")
	}
	return nil
}

// checkPDFText refuses a document that was read but says nothing readable.
func checkPDFText(t Text) error {
	visible, images, odd := 0, 0, 0
	for _, p := range t.Pages {
		v, o := countVisible(p.Text)
		visible, odd, images = visible+v, odd+o, images+p.Images
	}
	switch {
	case images > 0 && visible < 10*len(t.Pages):
		return errs.New(errs.Invalid, "这份PDF是扫描件，没有文字层，请上传Word或带文字的PDF")
	case visible == 0:
		return errs.New(errs.Invalid, "这份PDF里没有文字（页面是空白或图形），请上传Word或带文字的PDF")
	case odd*5 > visible:
		return errs.New(errs.Invalid, "这份PDF的文字层是乱码（字体没有编码表），请上传Word文件")
	}
	return nil
}

// ImagePages returns the numbers, from 1, of the pages that hold pictures and
// almost no text: scanned pages inside a document that has text elsewhere.
func (t Text) ImagePages() []int {
	var pages []int
	for i, p := range t.Pages {
		if v, _ := countVisible(p.Text); p.Images > 0 && v < 10 {
			pages = append(pages, i+1)
		}
	}
	return pages
}
