package office

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Fonts that every Chinese office program has.
const (
	bodyFont  = "宋体"
	titleFont = "黑体"
)

// styles are the numbers of the styles of one sheet.
type styles struct {
	title, note, header int
	formTitle, formNote int
	required, wrong     int // a header that must be filled in; a cell to be mended
	mark, longText      int // a text in a column of another kind; a text of many lines
	date, number        int // a date, a number in a column of another kind
	column              []int
	kinds               []Kind
}

// newStyles makes the styles for the columns.
func newStyles(f *excelize.File, columns []Column) (styles, error) {
	var s styles
	var err error
	add := func(family string, size float64, across string, bordered bool, format string, fill string) int {
		style := &excelize.Style{
			Font:      &excelize.Font{Family: family, Size: size},
			Alignment: &excelize.Alignment{Horizontal: across, Vertical: "center", WrapText: true},
		}
		if bordered {
			for _, side := range []string{"left", "right", "top", "bottom"} {
				style.Border = append(style.Border, excelize.Border{Type: side, Color: "9AA0A6", Style: 1})
			}
		}
		if fill != "" {
			style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}
		}
		switch format {
		case "":
		case "@":
			style.NumFmt = 49
		default:
			style.CustomNumFmt = &format
		}
		id, addErr := f.NewStyle(style)
		if err == nil {
			err = addErr
		}
		return id
	}
	s.title = add(titleFont, 16, "center", false, "", "")
	s.note = add(bodyFont, 10, "right", false, "", "")
	s.formTitle = add(titleFont, 16, "left", false, "", "")
	s.formNote = add(bodyFont, 10, "left", false, "", "")
	s.header = add(titleFont, 11, "center", true, "@", "E8EDF3")
	s.required = add(titleFont, 11, "center", true, "@", "FCE4D6")
	s.wrong = add(bodyFont, 11, "left", true, "@", "FFC7CE")
	s.mark = add(bodyFont, 11, "center", true, "@", "")
	s.longText = add(bodyFont, 11, "left", true, "", "")
	s.date = add(bodyFont, 11, "center", true, "yyyy-mm-dd", "")
	s.number = add(bodyFont, 11, "right", true, "#,##0.##########", "")
	for _, c := range columns {
		s.kinds = append(s.kinds, c.Kind)
		across := "right"
		switch c.Kind {
		case KindText:
			across = "left"
		case KindDate:
			across = "center"
		}
		s.column = append(s.column, add(bodyFont, 11, across, true, c.format(), ""))
	}
	if err != nil {
		return styles{}, fmt.Errorf("make styles: %w", err)
	}
	return s, nil
}

// format is the number format of the column.
func (c Column) format() string {
	point := ""
	if c.Decimals > 0 {
		point = "." + strings.Repeat("0", min(c.Decimals, 10))
	}
	switch c.Kind {
	case KindInteger:
		return "#,##0"
	case KindNumber:
		return "#,##0" + point
	case KindPercent:
		return "0" + point + "%"
	case KindDate:
		return "yyyy-mm-dd"
	case KindAny:
		return "General"
	}
	return "@"
}

// longestFormatted is the length above which some programs show #### for a cell
// that is formatted as text.
const longestFormatted = 250

// cell gives a value the look of its column, or of its own kind where the two
// differ: a number in a text column must not become a text.
func (s styles) cell(column int, c Cell) excelize.Cell {
	style, kind := s.column[column], s.kinds[column]
	switch v := c.value.(type) {
	case date:
		if kind != KindDate {
			style = s.date
		}
		return excelize.Cell{StyleID: style, Value: int(v)}
	case string:
		switch {
		case len(v) > longestFormatted:
			style = s.longText
		case kind != KindText:
			style = s.mark
		}
	case int64, float64:
		if kind == KindText || kind == KindDate {
			style = s.number
		}
	}
	if c.wrong {
		style = s.wrong
	}
	return excelize.Cell{StyleID: style, Value: c.value}
}

// Heights of rows in points: a line of the body font, and the space around it.
const (
	lineHeight = 14.5
	rowPadding = 5
	maxHeight  = 409 // the highest that a workbook allows
)

// rowHeight estimates the height at which all wrapped text of a row is seen.
// Programs do not find it themselves for every file, and a line that is cut off
// in print is a line lost.
func rowHeight(columns []Column, row []Cell) float64 {
	lines := 1
	for i, c := range row {
		text, ok := c.value.(string)
		if !ok {
			continue
		}
		usable := max(1, int(columns[i].width())-1)
		n := 0
		for line := range strings.SplitSeq(text, "\n") {
			n += max(1, (printedWidth(line)+usable-1)/usable)
		}
		lines = max(lines, n)
	}
	return min(maxHeight, float64(lines)*lineHeight+rowPadding)
}

// printedWidth is the width of a text in characters; a Chinese one counts two.
func printedWidth(s string) int {
	n := 0
	for _, r := range s {
		if n++; r >= 0x1100 {
			n++
		}
	}
	return n
}
