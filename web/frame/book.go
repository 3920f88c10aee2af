package frame

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"bihuan/kit/blob"
	"bihuan/kit/office"
	"bihuan/org"
	"bihuan/web/ui"
)

// asBook in an address asks for the lists of a page as a workbook.
const asBook = "xlsx"

// AsBook reports whether the lists of the page are asked for as a workbook: whole,
// and not a page of them.
func (c *Ctx) AsBook() bool { return c.Form("as") == asBook }

// BookOf says what the lists of the page are about, where that narrows who may have
// them as a workbook: who exports only the own unit or territory gets no more here.
func (c *Ctx) BookOf(s org.Scope) { c.bookOf = &s }

func (c *Ctx) mayBook() error {
	switch {
	case c.bookOf != nil:
		return c.P.May(org.ListExport, *c.bookOf)
	case c.P.MayAnywhere(org.ListExport):
		return nil
	}
	return c.P.May(org.ListExport, org.Scope{})
}

// WithBook adds to the actions of a page that its lists can be had as a workbook, for
// who may export.
func (c *Ctx) WithBook(actions templ.Component) templ.Component {
	if c.mayBook() != nil {
		return actions
	}
	q := c.R.URL.Query()
	q.Del("page")
	q.Set("as", asBook)
	b := ui.Button{Label: "导出 Excel", Icon: "download", URL: c.R.URL.Path + "?" + q.Encode(), Download: true}
	switch before := actions.(type) {
	case nil:
		return ui.Buttons{b}
	case ui.Buttons:
		return append(slices.Clone(before), b)
	}
	return templ.Join(actions, b)
}

// Lists draws a page, or hands out its lists as a workbook with one sheet for each.
func (c *Ctx) Lists(page templ.Component, title string, tables ...ui.Table) error {
	if !c.AsBook() {
		return c.Render(http.StatusOK, page)
	}
	if err := c.mayBook(); err != nil {
		return err
	}
	note := "数据截至 " + c.Today().Chinese()
	if c.App.Demo {
		note += "，演示数据"
	}
	book := office.Book{Title: title, Author: c.P.UnitName, Created: c.App.DB.Now()}
	for _, t := range tables {
		s, err := c.sheet(t, note)
		if err != nil {
			return err
		}
		book.Sheets = append(book.Sheets, s)
	}
	return c.SendBook(book, title+"-"+c.Today().String()+".xlsx")
}

func (c *Ctx) sheet(t ui.Table, note string) (office.Sheet, error) {
	head, lines, err := t.Plain(c.R.Context())
	s := office.Sheet{Name: t.Caption, Title: t.Caption, Note: note}
	for i, h := range head {
		width := wide(h)
		for _, line := range lines {
			width = max(width, wide(line[i]))
		}
		s.Columns = append(s.Columns, office.Column{Header: h, Width: float64(min(width+2, 44))})
	}
	rows := make([][]office.Cell, len(lines))
	for i, line := range lines {
		for _, text := range line {
			rows[i] = append(rows[i], figureOrText(text))
		}
	}
	s.Rows = office.SliceRows(rows)
	return s, err
}

// wide is how much room a text takes, two for a Chinese character.
func wide(text string) (n int) {
	for _, r := range text {
		if n++; r > 0x2e80 {
			n++
		}
	}
	return n
}

// figureOrText keeps whole numbers numbers, so that they can be added up.
func figureOrText(text string) office.Cell {
	if n, err := strconv.ParseInt(strings.ReplaceAll(text, ",", ""), 10, 64); err == nil && (text == "0" || !strings.HasPrefix(text, "0")) && len(text) < 12 {
		return office.IntegerCell(n)
	}
	return office.TextCell(text)
}

// SendBook hands out a workbook made for this request; it is whole before the first
// byte leaves, so that a refusal becomes a page.
func (c *Ctx) SendBook(book office.Book, name string) error {
	var b bytes.Buffer
	if err := office.WriteXlsx(&b, book); err != nil {
		return err
	}
	return c.SendFile(b.Bytes(), blob.XLSX, name)
}

// SendFile hands out a file made for this request.
func (c *Ctx) SendFile(data []byte, kind blob.Kind, name string) error {
	h := c.W.Header()
	for k, v := range blob.ServeHeaders(kind, name) {
		h[k] = v
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	c.wrote = true
	c.W.WriteHeader(http.StatusOK)
	if _, err := c.W.Write(data); err != nil {
		c.App.Logger.Debug("client went away", "path", c.R.URL.Path, "error", err)
	}
	return nil
}
