package registers

import (
	"bytes"
	"io"

	"bihuan/kit/blob"
	"bihuan/web/frame"
)

// export hands out the list under a filter as a workbook.
func (a area) export(c *frame.Ctx) error {
	d, err := a.definition(c)
	if err != nil {
		return err
	}
	q := parseQuery(c, d).asked(c.Today())
	return sendBook(c, d.Name+"-"+c.Today().String()+".xlsx", func(w io.Writer) error { return a.sheets.Export(c.R.Context(), c.P, q, w) })
}

// sendBook hands out a workbook made for this request; it is whole before the
// first byte leaves, so that a refusal becomes a page.
func sendBook(c *frame.Ctx, name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return c.SendFile(b.Bytes(), blob.XLSX, name)
}
