package office

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// choiceSheet holds what the drop-downs offer: a list written into a cell's rule
// ends at 255 characters and cannot hold a comma.
const choiceSheet = "选项"

// choiceLists gives each distinct list a column of the hidden sheet.
type choiceLists struct {
	name    string
	columns [][]string
	at      map[string]int
}

// newChoiceLists gathers the lists of all forms; the hidden sheet gets a name that
// no other sheet has.
func newChoiceLists(sheets []Sheet, names []string) (*choiceLists, error) {
	l := &choiceLists{name: choiceSheet, at: map[string]int{}}
	for _, n := range names {
		if strings.EqualFold(n, l.name) {
			l.name += "表"
		}
	}
	for _, s := range sheets {
		for _, c := range s.Columns {
			if len(c.Choices) >= maxRows {
				return nil, fmt.Errorf("column %q offers %d choices", c.Header, len(c.Choices))
			}
			key := strings.Join(c.Choices, "\x00")
			if _, known := l.at[key]; s.Form && len(c.Choices) > 0 && !known {
				l.at[key] = len(l.columns)
				l.columns = append(l.columns, c.Choices)
			}
		}
	}
	return l, nil
}

// source is the range that a drop-down takes its list from.
func (l *choiceLists) source(choices []string) (string, error) {
	letter, err := excelize.ColumnNumberToName(l.at[strings.Join(choices, "\x00")] + 1)
	return fmt.Sprintf("'%s'!$%s$1:$%s$%d", l.name, letter, letter, len(choices)), err
}

// write makes the hidden sheet, when a form needs one.
func (l *choiceLists) write(f *excelize.File) error {
	if len(l.columns) == 0 {
		return nil
	}
	if _, err := f.NewSheet(l.name); err != nil {
		return err
	}
	for i, choices := range l.columns {
		at, err := excelize.CoordinatesToCellName(i+1, 1)
		if err != nil {
			return err
		}
		texts := make([]string, len(choices))
		for j, c := range choices {
			texts[j] = sheetText(c)
		}
		if err := f.SetSheetCol(l.name, at, &texts); err != nil {
			return err
		}
	}
	return f.SetSheetVisible(l.name, false)
}

// keys writes the hidden row of a form.
func (w *sheetWriter) keys() error {
	if !w.sheet.Form {
		return nil
	}
	w.row++
	cells := make([]any, len(w.sheet.Columns))
	for i, c := range w.sheet.Columns {
		cells[i] = excelize.Cell{Value: sheetText(c.Key)}
	}
	return w.stream.SetRow(fmt.Sprintf("A%d", w.row), cells, excelize.RowOpts{Hidden: true})
}

// form gives the columns of a form their drop-downs, down to the last row that a
// sheet can have, and their headers the notes.
func (w *sheetWriter) form() error {
	if !w.sheet.Form {
		return nil
	}
	for i, c := range w.sheet.Columns {
		if err := w.note(i, w.headRows(), c.Hint); err != nil {
			return err
		}
		if len(c.Choices) == 0 {
			continue
		}
		letter, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		source, err := w.lists.source(c.Choices)
		if err != nil {
			return err
		}
		rule := excelize.NewDataValidation(true)
		rule.Sqref = fmt.Sprintf("%s%d:%s%d", letter, w.headRows()+1, letter, maxRows)
		rule.SetSqrefDropList(source)
		if !c.Free {
			rule.SetError(excelize.DataValidationErrorStyleStop, "不在选项中", "请从下拉列表中选择一项")
		}
		if err := w.f.AddDataValidation(w.name, rule); err != nil {
			return err
		}
	}
	return nil
}

// mostNotes is how many notes a sheet gets: programs slow down with more. Cells to
// be mended are coloured all the same.
const mostNotes = 2000

// note puts a note on a cell; columns count from 0, rows from 1.
func (w *sheetWriter) note(column, row int, text string) error {
	if text == "" || w.notes >= mostNotes {
		return nil
	}
	w.notes++
	at, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		return err
	}
	lines := 1 + strings.Count(text, "\n") + printedWidth(text)/30
	return w.f.AddComment(w.name, excelize.Comment{Cell: at, Author: "填表说明", Width: 240, Height: uint(30 + 20*lines),
		Paragraph: []excelize.RichTextRun{{Text: sheetText(text), Font: &excelize.Font{Family: bodyFont, Size: 10, Color: "000000"}}}})
}
