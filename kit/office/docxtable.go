package office

import (
	"encoding/xml"
	"strings"
)

// maxColumns bounds the empty cells that stand for merged ones.
const maxColumns = 256

// cell is one cell of a row: its lines, and the columns it covers to its right.
type cell struct {
	lines []string
	span  int
}

// table reads w:tbl and adds a line for each row.
func (w *docxWalk) table() error {
	w.joined = false
	return w.rows()
}

// rows reads rows through the elements that may wrap them.
func (w *docxWalk) rows() error {
	return w.x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "tr":
			return w.row()
		case "ins", "sdt", "sdtContent", "customXml":
			return w.rows()
		}
		return w.x.skip()
	})
}

// row reads w:tr and adds its line, unless the row is a tracked deletion.
func (w *docxWalk) row() error {
	var cells []cell
	deleted := false
	if err := w.cells(&cells, &deleted); err != nil {
		return err
	}
	if deleted {
		w.revised = true
		return nil
	}
	w.lines = append(w.lines, rowLines(cells)...)
	return nil
}

// cells reads the cells of a row through the elements that may wrap them.
func (w *docxWalk) cells(cells *[]cell, deleted *bool) error {
	return w.x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "trPr":
			return w.x.children(func(c xml.StartElement) error {
				switch c.Name.Local {
				case "del":
					*deleted = true
				case "gridBefore":
					for range min(number(attr(c, "val"), 0), maxColumns) {
						*cells = append(*cells, cell{span: 1})
					}
				}
				return w.x.skip()
			})
		case "tc":
			c, err := w.cell()
			*cells = append(*cells, c)
			return err
		case "sdt", "sdtContent", "customXml":
			return w.cells(cells, deleted)
		}
		return w.x.skip()
	})
}

// cell reads w:tc as a document of its own.
func (w *docxWalk) cell() (cell, error) {
	lines, joined := w.lines, w.joined
	w.lines, w.joined = nil, false
	c := cell{span: 1}
	err := w.x.children(func(e xml.StartElement) error {
		if e.Name.Local != "tcPr" {
			return w.block(e)
		}
		return w.x.children(func(p xml.StartElement) error {
			if p.Name.Local == "gridSpan" {
				c.span = max(1, min(number(attr(p, "val"), 1), maxColumns))
			}
			return w.x.skip()
		})
	})
	c.lines = w.lines
	w.lines, w.joined = lines, joined
	return c, err
}

// rowLines writes a row: one line of cells, or the lines of its only cell.
func rowLines(cells []cell) []string {
	if len(cells) == 1 {
		return cells[0].lines
	}
	var texts []string
	for _, c := range cells {
		texts = append(texts, oneLine(strings.Join(c.lines, " ")))
		for range c.span - 1 {
			texts = append(texts, "")
		}
	}
	line := strings.Join(texts, "\t")
	if strings.TrimSpace(line) == "" {
		return nil
	}
	return []string{line}
}

// oneLine replaces tabs and line breaks by single spaces.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\t' || r == '\n' || r == ' ' }), " ")
}
