package gongwen

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
)

// writer puts the main part of the file together.
type writer struct {
	doc                 Document
	body                strings.Builder
	pictures            [][]byte
	bookmarks, drawings int
}

// add writes a piece of the main part.
func (w *writer) add(xml string) { w.body.WriteString(xml) }

// Write writes the document as .docx: the same bytes for the same document. It
// refuses only a form that it does not know; whether the document may go out is
// for Check to say.
func Write(out io.Writer, d Document) (err error) {
	defer errs.Wrap(&err, "write document %q", d.Number)
	if d.Form != File && d.Form != Letter && d.Form != Minutes {
		return errs.New(errs.Invalid, "不支持公文格式“%s”，请选择文件格式、信函格式或纪要格式", d.Form)
	}
	w := &writer{doc: d}
	w.all()
	return w.pack(out)
}

// all writes the elements in the order of the standard.
func (w *writer) all() {
	for _, i := range w.head() {
		w.add(i.xml)
	}
	w.blocks(w.doc.Body, w.signs() && len(w.doc.AttachmentNote) == 0)
	w.attachmentNote()
	w.signature()
	w.attendance()
	w.note()
	w.attachments()
	w.imprint()
}

// part is a file of the package.
type part struct {
	name string
	data []byte
}

// pack writes all parts with one fixed time.
func (w *writer) pack(out io.Writer) error {
	z := zip.NewWriter(out)
	at := stamp(w.doc.Date)
	for _, p := range w.parts() {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: at})
		if err != nil {
			return err
		}
		if _, err := f.Write(p.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// stamp is the time of the file's parts: the date of the document, and one that
// the format can hold when there is none.
func stamp(d calendar.Date) time.Time {
	if d.Year() < 1980 || d.Year() > 2100 {
		return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return d.Start().UTC()
}

// parts are all files of the package in a fixed order.
func (w *writer) parts() []part {
	letter := w.doc.Form == Letter
	all := []part{
		{"[Content_Types].xml", []byte(contentTypes(letter))},
		{"_rels/.rels", []byte(xmlHead + packageRels)},
		{"docProps/core.xml", []byte(w.core())},
		{"word/_rels/document.xml.rels", []byte(w.rels(letter))},
		{"word/document.xml", []byte(w.main(letter))},
		{"word/styles.xml", []byte(xmlHead + styles())},
		{"word/settings.xml", []byte(xmlHead + settings)},
		{"word/fontTable.xml", []byte(xmlHead + fontTable())},
		{"word/footer1.xml", []byte(pageFooter("right"))},
		{"word/footer2.xml", []byte(pageFooter("left"))},
	}
	if letter {
		all = append(all, part{"word/footer3.xml", []byte(w.letterFooter())})
	}
	for i, p := range w.pictures {
		all = append(all, part{fmt.Sprintf("word/media/bar%d.png", i+1), p})
	}
	return all
}

// main is the part with the text.
func (w *writer) main(letter bool) string {
	first, titlePage := "", ""
	if letter {
		first, titlePage = `<w:footerReference w:type="first" r:id="rIdFoot3"/>`, "<w:titlePg/>"
	}
	section := fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="rIdFoot1"/><w:footerReference w:type="even" r:id="rIdFoot2"/>%s`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/>%s`+
		`<w:docGrid w:type="linesAndChars" w:linePitch="%d" w:charSpace="%d"/></w:sectPr>`,
		first, pageWidth, pageHeight, marginTop, marginRight, marginBottom, marginLeft, footerDistance, titlePage, linePitch, charSpace)
	return xmlHead + `<w:document ` + namespaces + `><w:body>` + w.body.String() + section + `</w:body></w:document>`
}

// letterFooter is the foot of a letter's first page: the lower double line, no number.
func (w *writer) letterFooter() string {
	return xmlHead + `<w:ftr ` + namespaces + `>` + paragraph(layout{line: 20}, w.doubleRule(pageHeight-letterFoot-57, false)) + `</w:ftr>`
}

// core are the properties that file managers show.
func (w *writer) core() string {
	created := ""
	if !w.doc.Date.IsZero() {
		at := w.doc.Date.Start().UTC().Format(time.RFC3339)
		created = fmt.Sprintf(`<dcterms:created xsi:type="dcterms:W3CDTF">%[1]s</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">%[1]s</dcterms:modified>`, at)
	}
	title := strings.ReplaceAll(w.doc.Title, "\n", "")
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(title) + `</dc:title><dc:creator>` + escape(strings.Join(w.doc.Issuers, "、")) + `</dc:creator>` + created + `</cp:coreProperties>`
}
