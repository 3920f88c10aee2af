package source

import (
	"context"
	"sort"

	"bihuan/kit/errs"
	"bihuan/kit/office"
)

// Format is a kind of file that can be read.
type Format string

// The formats.
const (
	Plain    Format = "txt"
	Markdown Format = "md"
	HTML     Format = "html"
	Word     Format = "docx"
	PDF      Format = "pdf"
)

// title is the format as a person calls it.
func (f Format) title() string {
	switch f {
	case Markdown:
		return "Markdown 文本"
	case HTML:
		return "网页（HTML）"
	case Word:
		return "Word 文档（.docx）"
	case PDF:
		return "PDF"
	}
	return "纯文本"
}

// Document is a document that was read.
type Document struct {
	Name      string // as given by the caller
	Format    Format
	Encoding  string            // UTF-8, UTF-16LE, UTF-16BE, GB18030 or another; "" for docx and pdf
	Text      string            // UTF-8 with \n line ends, without NUL, byte order marks and invisible signs
	Pages     int               // pages of a PDF, else 0
	PageStart []int             // byte offset in Text at which each page of a PDF begins
	Meta      map[string]string // of a web page or the head of a Markdown file: title, ArticleTitle, PubDate …
	Warnings  []string          // in the user's language
}

// PageOf returns the page, from 1, that holds the byte offset of Text, or 0 when
// the document has no pages.
func (d Document) PageOf(offset int) int {
	return sort.Search(len(d.PageStart), func(i int) bool { return d.PageStart[i] > offset })
}

// DefaultMaxBytes is the size above which a file is refused unread.
const DefaultMaxBytes = 50 << 20

// PDFReader takes the text out of a PDF; office.PDFExtractor is one.
type PDFReader interface {
	Extract(ctx context.Context, data []byte) (office.Text, error)
}

// Tools is what reading needs from outside. The zero value reads everything but PDF.
type Tools struct {
	PDF      PDFReader
	MaxBytes int64 // 0 means DefaultMaxBytes
}

// limit returns the size limit in force.
func (t Tools) limit() int64 {
	if t.MaxBytes > 0 {
		return t.MaxBytes
	}
	return DefaultMaxBytes
}

// tooLarge is the refusal of a file by its size.
func (t Tools) tooLarge(size int64) error {
	return errs.New(errs.TooLarge, "文件 %s，超过 %s 的上限，请删去图片或拆成几份后上传", office.Bytes(size), office.Bytes(t.limit()))
}

// Load reads a document from its bytes. The name helps to choose the format and
// is kept; it may be empty. Errors are errs.Invalid and errs.TooLarge with what
// to do, errs.Unavailable when a PDF comes and no tool for it was given, the
// error of ctx, or a fault of ours.
func Load(ctx context.Context, name string, data []byte, tools Tools) (Document, error) {
	if int64(len(data)) > tools.limit() {
		return Document{}, tools.tooLarge(int64(len(data)))
	}
	if err := ctx.Err(); err != nil {
		return Document{}, err
	}
	kind, err := detect(name, data)
	if err != nil {
		return Document{}, err
	}
	d := Document{Name: name, Format: kind.format, Encoding: kind.encoding, Warnings: kind.warnings}
	switch kind.format {
	case PDF:
		err = d.fromPDF(ctx, data, tools.PDF)
	case Word:
		err = d.fromWord(data)
	case HTML:
		err = d.fromHTML(kind.text)
	case Markdown:
		d.fromMarkdown(kind.text)
	default:
		d.Text = tidy(kind.text)
	}
	if err != nil {
		return Document{}, err
	}
	if !hasText(d.Text) {
		return Document{}, errs.New(errs.Invalid, "文件里没有文字，请检查是否选错了文件")
	}
	return d, nil
}

// fromWord fills the document from a Word file.
func (d *Document) fromWord(data []byte) error {
	word, err := office.DocxText(data)
	if err != nil {
		return err
	}
	d.Text = tidy(word.Text)
	if !hasText(d.Text) && word.Images > 0 {
		return errs.New(errs.Invalid, "这份 Word 文档里只有图片，没有文字，请上传带文字的文件")
	}
	d.Warnings = append(d.Warnings, word.Warnings...)
	return nil
}
