package office

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"bihuan/kit/errs"
)

// Docx is what a Word document says.
type Docx struct {
	Text     string   // a line for each paragraph and table row; \n between, none at the end
	Images   int      // pictures in the text
	Warnings []string // what was left out, in the user's language
}

// DocxText reads the body of a Word document (ECMA-376, both namespaces).
//
// A paragraph is a line, with the automatic number that Word would print before
// it; a line break in it begins a new line. A table row is a line of cells
// joined by tabs, paragraphs in a cell joined by a space; a cell covered by a
// merged one is empty, so that columns keep their place and no text appears
// twice. A row of one cell is a frame, not a table: its paragraphs are lines.
// Text boxes follow their paragraph. Tracked changes are read as if accepted.
// Headers, footers, notes, comments, hidden text and field codes are left out.
//
// errs.Invalid: not a Word document (with the way out for .doc, .wps, .ofd and
// others), damaged, protected. errs.TooLarge: unpacks past the limits.
func DocxText(data []byte) (Docx, error) {
	if err := notDocx(data); err != nil {
		return Docx{}, err
	}
	a, err := openArchive(data)
	if err != nil {
		return Docx{}, err
	}
	main, err := mainPart(a)
	if err != nil {
		return Docx{}, err
	}
	numbers, err := readNumbering(a, path.Dir(main))
	if err != nil {
		return Docx{}, err
	}
	body, err := a.part(main)
	if err != nil {
		return Docx{}, err
	}
	x, err := newXMLReader(body)
	if err != nil {
		return Docx{}, xmlFailure(main, err)
	}
	w := &docxWalk{x: x, numbers: numbers}
	if err := w.document(); err != nil {
		return Docx{}, xmlFailure(main, err)
	}
	return w.result(), nil
}

// mainPart finds the part that holds the body: where the package's relations
// say, or where Word puts it.
func mainPart(a *archive) (string, error) {
	rels, err := a.part("_rels/.rels")
	if err != nil {
		return "", err
	}
	if target := relationTarget(rels, "/officeDocument"); target != "" && a.has(target) {
		return target, nil
	}
	if a.has("word/document.xml") {
		return "word/document.xml", nil
	}
	return "", foreignArchive(a)
}

// relationTarget returns the target of the first relation whose type ends so,
// without a leading slash, or "". An unreadable part has no relations.
func relationTarget(rels []byte, typeEnd string) string {
	x, err := newXMLReader(rels)
	if err != nil {
		return ""
	}
	if _, err := x.root(); err != nil {
		return ""
	}
	target := ""
	_ = x.children(func(e xml.StartElement) error {
		if target == "" && strings.HasSuffix(attr(e, "Type"), typeEnd) {
			target = strings.TrimPrefix(attr(e, "Target"), "/")
		}
		return x.skip()
	})
	return target
}

// readNumbering reads the lists and the styles beside the main part; both are
// optional, and a document whose lists cannot be read is refused, because its
// text would lack its numbers.
func readNumbering(a *archive, dir string) (*numbering, error) {
	n := newNumbering()
	for _, p := range []struct {
		name string
		read func([]byte) error
	}{{"numbering.xml", n.readLists}, {"styles.xml", n.readStyles}} {
		name := path.Join(dir, p.name)
		data, err := a.part(name)
		if err != nil {
			return nil, err
		}
		if len(data) == 0 {
			continue
		}
		if err := p.read(data); err != nil && !errors.Is(err, io.EOF) {
			return nil, xmlFailure(name, err)
		}
	}
	return n, nil
}

// readStyles reads which paragraph styles carry numbers.
func (n *numbering) readStyles(data []byte) error {
	x, err := newXMLReader(data)
	if err != nil {
		return err
	}
	if _, err := x.root(); err != nil {
		return err
	}
	return x.children(func(e xml.StartElement) error {
		if e.Name.Local != "style" || attr(e, "type") != "paragraph" {
			return x.skip()
		}
		id := attr(e, "styleId")
		if attr(e, "default") == "1" || attr(e, "default") == "true" {
			n.fallback = id
		}
		s := paragraphStyle{num: numRef{level: -1}}
		err := x.children(func(c xml.StartElement) error {
			switch c.Name.Local {
			case "basedOn":
				s.basedOn = attr(c, "val")
			case "pPr":
				props, err := readParagraphProps(x)
				s.num = props.num
				return err
			}
			return x.skip()
		})
		n.styles[id] = s
		return err
	})
}

// ole is how the file of an old office program begins.
var ole = []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}

// IsOLE reports whether data is a compound file: .doc, .xls, .ppt, .wps, or a
// new document with a password to open it.
func IsOLE(data []byte) bool { return bytes.HasPrefix(data, ole) }

// IsZip reports whether data begins as a zip archive does.
func IsZip(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06"))
}

// notDocx refuses what is no zip archive, and says what to do with it.
func notDocx(data []byte) error {
	switch {
	case len(data) == 0:
		return errs.New(errs.Invalid, "文件是空的（0 字节），请重新上传")
	case IsOLE(data):
		return oleRefusal(data)
	case !IsZip(data):
		return errs.New(errs.Invalid, "这不是 Word 文档（.docx），请用 Word 或 WPS 另存为 .docx 或 PDF 后上传")
	}
	return nil
}

// oleRefusal looks at the names of the streams in a compound file.
func oleRefusal(data []byte) error {
	holds := func(stream string) bool {
		var wide []byte
		for i := range len(stream) {
			wide = append(wide, stream[i], 0)
		}
		return bytes.Contains(data, wide)
	}
	switch {
	case holds("EncryptedPackage"):
		return errs.New(errs.Invalid, "文件设有打开密码，请去掉密码后上传")
	case holds("WordDocument"):
		return errs.New(errs.Invalid, "这是旧版 Word 或 WPS 文档（.doc、.wps），请用 Word 或 WPS 另存为 .docx 或 PDF 后上传")
	case holds("Workbook"), holds("Book"):
		return errs.New(errs.Invalid, "这是旧版 Excel 表格（.xls），请上传计划原文（Word、PDF、网页或文本）")
	case holds("PowerPoint Document"):
		return errs.New(errs.Invalid, "这是旧版演示文稿（.ppt），请另存为 PDF 后上传")
	}
	return errs.New(errs.Invalid, "这是旧版办公文档，请用 Word 或 WPS 另存为 .docx 或 PDF 后上传")
}

// foreignArchive says what a zip archive without a Word body is.
func foreignArchive(a *archive) error {
	kinds := []struct{ part, message string }{
		{"xl/workbook.xml", "这是 Excel 表格（.xlsx），请上传计划原文（Word、PDF、网页或文本）"},
		{"ppt/presentation.xml", "这是演示文稿（.pptx），请另存为 PDF 后上传"},
		{"OFD.xml", "这是 OFD 版式文件，请用 OFD 阅读器另存为 PDF 或 Word 后上传"},
		{"mimetype", "这是 ODF 文档（.odt），请用 Word 或 WPS 另存为 .docx 或 PDF 后上传"},
	}
	for _, k := range kinds {
		if a.has(k.part) {
			return errs.New(errs.Invalid, "%s", k.message)
		}
	}
	return errs.New(errs.Invalid, "这是压缩包，里面没有 Word 正文，请解压后上传其中的文件")
}

// result joins the lines and says what was left out.
func (w *docxWalk) result() Docx {
	d := Docx{Text: strings.Join(w.lines, "\n"), Images: w.images}
	if w.revised {
		d.Warnings = append(d.Warnings, "文档有修订痕迹，已按“接受全部修订”后的内容读取")
	}
	if w.hidden {
		d.Warnings = append(d.Warnings, "文档有隐藏文字，没有读取")
	}
	if w.images > 0 {
		d.Warnings = append(d.Warnings, fmt.Sprintf("文档里有 %d 张图片，图片中的文字没有读取", w.images))
	}
	return d
}
