package office

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"bihuan/kit/errs"
)

// maxRows is how many rows a sheet can have.
const maxRows = 1 << 20

// WriteXlsx writes the book as an .xlsx file. Each sheet has its title, a header
// row that stays in view and is repeated on every printed page, a filter, real
// numbers and dates, and is set to print on A4 across, all columns on one page
// width, with page numbers. Rows are streamed: memory does not grow with them.
func WriteXlsx(w io.Writer, book Book) (err error) {
	defer errs.Wrap(&err, "write workbook %q", book.Title)
	if len(book.Sheets) == 0 {
		return fmt.Errorf("a workbook needs a sheet")
	}
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // removes temporary files; the data is in w by then
	if err := f.SetDocProps(&excelize.DocProperties{Title: sheetText(book.Title), Creator: sheetText(book.Author), Created: stamp(book.Created), Modified: stamp(book.Created), Language: "zh-CN"}); err != nil {
		return err
	}
	names := sheetNames(book.Sheets)
	lists, err := newChoiceLists(book.Sheets, names)
	if err != nil {
		return err
	}
	for i, name := range names {
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			return err
		}
		if err := writeSheet(f, name, book.Sheets[i], lists); err != nil {
			return fmt.Errorf("sheet %q: %w", name, err)
		}
	}
	if err := lists.write(f); err != nil {
		return err
	}
	return f.Write(w)
}

// stamp writes a time for the file's properties, "" for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// sheetWriter writes one sheet from top to bottom.
type sheetWriter struct {
	f       *excelize.File
	stream  *excelize.StreamWriter
	sheet   Sheet
	name    string
	styles  styles
	row     int    // last row written
	lastCol string // letter of the last column
	lists   *choiceLists
	notes   int // written so far
}

// writeSheet writes a sheet whose tab exists.
func writeSheet(f *excelize.File, name string, sheet Sheet, lists *choiceLists) error {
	if len(sheet.Columns) == 0 {
		return fmt.Errorf("a sheet needs columns")
	}
	last, err := excelize.ColumnNumberToName(len(sheet.Columns))
	if err != nil {
		return err
	}
	w := &sheetWriter{f: f, sheet: sheet, name: name, lastCol: last, lists: lists}
	// What the stream writes first must be set before it is made.
	fit := true
	if err := f.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if w.styles, err = newStyles(f, sheet.Columns); err != nil {
		return err
	}
	if w.stream, err = f.NewStreamWriter(name); err != nil {
		return err
	}
	for _, step := range []func() error{w.layout, w.head, w.body, w.form, w.foot, w.stream.Flush} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// headRows is how many rows stand above the data.
func (w *sheetWriter) headRows() int {
	n := 1
	if w.sheet.Title != "" {
		n++
	}
	if w.sheet.Note != "" {
		n++
	}
	if w.sheet.Form {
		n++
	}
	return n
}

// layout sets the widths and what stays in view.
func (w *sheetWriter) layout() error {
	for i, c := range w.sheet.Columns {
		if err := w.stream.SetColWidth(i+1, i+1, c.width()); err != nil {
			return err
		}
		if w.sheet.Form {
			if err := w.stream.SetColStyle(i+1, i+1, w.styles.column[i]); err != nil {
				return err
			}
		}
	}
	n := w.headRows()
	return w.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: n, TopLeftCell: fmt.Sprintf("A%d", n+1), ActivePane: "bottomLeft"})
}

// width is the column's own width or one by kind, at least as wide as the header.
func (c Column) width() float64 {
	if c.Width > 0 {
		return min(c.Width, 255)
	}
	width := map[Kind]float64{KindText: 24, KindInteger: 12, KindNumber: 14, KindPercent: 10, KindDate: 13, KindAny: 14}[c.Kind]
	return max(width, min(30, float64(2*len([]rune(c.Header))+3)))
}

// head writes title, note and header row.
func (w *sheetWriter) head() error {
	title, note := w.styles.title, w.styles.note
	if w.sheet.Form { // wider than a screen: begins where it is seen
		title, note = w.styles.formTitle, w.styles.formNote
	}
	for _, line := range []struct {
		text   string
		style  int
		height float64
	}{{w.sheet.Title, title, 32}, {w.sheet.Note, note, 18}} {
		if line.text == "" {
			continue
		}
		w.row++
		at := fmt.Sprintf("A%d", w.row)
		cells := make([]any, len(w.sheet.Columns)) // all of them, or the rest would look like their columns
		for i := range cells {
			cells[i] = excelize.Cell{StyleID: line.style}
		}
		cells[0] = excelize.Cell{StyleID: line.style, Value: sheetText(line.text)}
		if err := w.stream.SetRow(at, cells, excelize.RowOpts{Height: line.height}); err != nil {
			return err
		}
		if len(w.sheet.Columns) > 1 {
			if err := w.stream.MergeCell(at, fmt.Sprintf("%s%d", w.lastCol, w.row)); err != nil {
				return err
			}
		}
	}
	if err := w.keys(); err != nil {
		return err
	}
	w.row++
	cells := make([]any, len(w.sheet.Columns))
	for i, c := range w.sheet.Columns {
		style := w.styles.header
		if c.Required {
			style = w.styles.required
		}
		cells[i] = excelize.Cell{StyleID: style, Value: sheetText(c.Header)}
	}
	return w.stream.SetRow(fmt.Sprintf("A%d", w.row), cells, excelize.RowOpts{Height: 24})
}

// body writes the rows.
func (w *sheetWriter) body() error {
	if w.sheet.Rows == nil {
		return nil
	}
	cells := make([]any, len(w.sheet.Columns))
	for row, err := range w.sheet.Rows {
		if err != nil {
			return err
		}
		if len(row) > len(cells) {
			return fmt.Errorf("row %d has %d cells for %d columns", w.row+1, len(row), len(cells))
		}
		if w.row++; w.row > maxRows {
			return errs.New(errs.TooLarge, "记录超过表格能容纳的 %d 行，请缩小范围后分次导出", maxRows-w.headRows())
		}
		for i := range cells {
			cells[i] = w.styles.cell(i, Cell{})
			if i < len(row) {
				cells[i] = w.styles.cell(i, row[i])
				if err := w.note(i, w.row, row[i].note); err != nil {
					return err
				}
			}
		}
		height := excelize.RowOpts{Height: rowHeight(w.sheet.Columns, row)}
		if err := w.stream.SetRow(fmt.Sprintf("A%d", w.row), cells, height); err != nil {
			return err
		}
	}
	return nil
}

// foot sets the filter and the print settings, which are written after the rows.
func (w *sheetWriter) foot() error {
	head := w.headRows()
	if !w.sheet.Plain {
		if err := w.f.AutoFilter(w.name, fmt.Sprintf("A%d:%s%d", head, w.lastCol, max(w.row, head+1)), nil); err != nil {
			return err
		}
	}
	quoted := "'" + strings.ReplaceAll(w.name, "'", "''") + "'"
	if err := w.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("%s!$%d:$%d", quoted, head, head), Scope: w.name}); err != nil {
		return err
	}
	a4, across, one, many := 9, "landscape", 1, 0
	if err := w.f.SetPageLayout(w.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &across, FitToWidth: &one, FitToHeight: &many}); err != nil {
		return err
	}
	side, end, edge := 0.5, 0.75, 0.3
	centred := true
	if err := w.f.SetPageMargins(w.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &end, Bottom: &end, Header: &edge, Footer: &edge, Horizontally: &centred}); err != nil {
		return err
	}
	return w.f.SetHeaderFooter(w.name, &excelize.HeaderFooterOptions{OddFooter: "&C第 &P 页，共 &N 页"})
}
