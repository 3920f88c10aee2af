package gongwen

import (
	"fmt"
	"strings"
)

// Heights in tables, whose lines stand closer than those of the text.
const (
	tableLine   = 380
	cellSide    = 80 // space on both sides of a cell's text
	borderThin  = 6  // eighths of a point: 0.26 mm
	borderThick = 8  // 0.35 mm
)

// look and layout of the text of tables.
var (
	tableText   = look{font: fontBody, size: sizeTable}
	tableHeader = look{font: fontHei, size: sizeTable}
)

// cellLayout is a line in a table; keep ties it to the next one.
func cellLayout(a Align, keep bool) layout {
	align := "center"
	if a != AlignCenter {
		align = string(a)
	}
	return layout{line: tableLine, align: align, keepNext: keep}
}

// table writes a table with its caption and unit above it.
func (w *writer) table(t *Table) {
	if t == nil || len(t.Columns) == 0 {
		return
	}
	w.caption(t.Caption, t.Unit)
	widths := columnWidths(t.Columns)
	var b strings.Builder
	b.WriteString(tableStart(widths, tableBorders(borderThin), cellSide))
	b.WriteString(`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, c := range t.Columns {
		b.WriteString(cell(widths[i], "", paragraph(cellLayout(AlignCenter, true), run(c.Header, tableHeader))))
	}
	b.WriteString("</w:tr>")
	for _, row := range t.Rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i, c := range t.Columns {
			var runs []Run
			if i < len(row) {
				runs = row[i]
			}
			b.WriteString(cell(widths[i], "", paragraph(cellLayout(c.Align, false), w.runs(runs, tableText))))
		}
		b.WriteString("</w:tr>")
	}
	w.add(b.String() + "</w:tbl>" + gap(inset).xml)
}

// caption writes the name of a table or chart and the unit of its values.
func (w *writer) caption(caption, unit string) {
	if caption != "" {
		w.add(paragraph(layout{keepNext: true, align: "center"}, run(caption, look{font: fontHei, size: sizeFour})))
	}
	if unit != "" {
		l := cellLayout(AlignRight, true)
		l.right = cellSide
		w.add(paragraph(l, run(unit, tableText)))
	}
}

// columnWidths shares the type area among the columns.
func columnWidths(columns []Column) []int {
	sum := 0
	for _, c := range columns {
		sum += max(1, c.Width)
	}
	widths := make([]int, len(columns))
	left := typeWidth
	for i, c := range columns {
		widths[i] = typeWidth * max(1, c.Width) / sum
		left -= widths[i]
	}
	widths[len(widths)-1] += left
	return widths
}

// tableStart opens a table of fixed widths.
func tableStart(widths []int, borders string, side int) string {
	sum, grid := 0, ""
	for _, n := range widths {
		sum += n
		grid += fmt.Sprintf(`<w:gridCol w:w="%d"/>`, n)
	}
	return fmt.Sprintf(`<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/>%s<w:tblLayout w:type="fixed"/>%s</w:tblPr><w:tblGrid>%s</w:tblGrid>`,
		sum, borders, cellMargins(side), grid)
}

// tableBorders draws all lines of a table.
func tableBorders(size int) string {
	b := "<w:tblBorders>"
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		b += border(side, size)
	}
	return b + "</w:tblBorders>"
}

// border is one black line.
func border(side string, size int) string {
	return fmt.Sprintf(`<w:%s w:val="single" w:sz="%d" w:space="0" w:color="000000"/>`, side, size)
}

// cellMargins sets the space on both sides of the text in all cells.
func cellMargins(side int) string {
	return fmt.Sprintf(`<w:tblCellMar><w:left w:w="%[1]d" w:type="dxa"/><w:right w:w="%[1]d" w:type="dxa"/></w:tblCellMar>`, side)
}

// cell writes one cell; borders is the inside of tcBorders.
func cell(width int, borders, content string) string {
	if borders != "" {
		borders = "<w:tcBorders>" + borders + "</w:tcBorders>"
	}
	return fmt.Sprintf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s<w:vAlign w:val="center"/></w:tcPr>%s</w:tc>`, width, borders, content)
}
