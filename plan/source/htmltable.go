package source

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on merged cells: a page can claim that a cell covers a million rows.
const (
	maxColSpan = 100
	maxRowSpan = 1000
	maxColumns = 256
)

// table writes a table of data as lines of cells joined by tabs. A cell covered
// by a merged one is empty, so that columns keep their place and no text is
// there twice. A table that only lays out the page is written as blocks.
func (w *lineWriter) table(t *html.Node) {
	if isLayout(t) {
		w.children(t, false)
		w.flush()
		return
	}
	if caption := childOf(t, atom.Caption); caption != nil {
		w.children(caption, false)
		w.flush()
	}
	var covered [maxColumns]int // rows that a cell above still covers, by column
	for _, row := range rowsOf(t) {
		var cells []string
		fill := func() {
			for len(cells) < maxColumns && covered[len(cells)] > 0 {
				covered[len(cells)]--
				cells = append(cells, "")
			}
		}
		for _, c := range cellsOf(row) {
			fill()
			down := min(span(c, "rowspan"), maxRowSpan) - 1
			for i := range min(span(c, "colspan"), maxColSpan) {
				if len(cells) >= maxColumns {
					break
				}
				covered[len(cells)] = max(covered[len(cells)], down)
				text := ""
				if i == 0 {
					text = cellText(c)
				}
				cells = append(cells, text)
			}
		}
		fill()
		for i := len(cells); i < maxColumns; i++ {
			covered[i] = max(0, covered[i]-1) // a short row uses up its covers too
		}
		if line := strings.Join(cells, "\t"); strings.TrimSpace(line) != "" {
			w.lines = append(w.lines, line)
		}
	}
}

// cellText is the text of a cell on one line.
func cellText(c *html.Node) string {
	return strings.Join(strings.Fields(tidy(strings.Join(render(c), " "))), " ")
}

// span reads colspan or rowspan; anything unreadable is 1, and 0 too.
func span(n *html.Node, name string) int {
	if v, err := strconv.Atoi(strings.TrimSpace(attrOf(n, name))); err == nil && v > 0 {
		return v
	}
	return 1
}

// childOf returns the first child with the tag, or nil.
func childOf(n *html.Node, tag atom.Atom) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == tag {
			return c
		}
	}
	return nil
}

// rowsOf returns the rows of a table, not those of tables inside it.
func rowsOf(t *html.Node) []*html.Node {
	var rows []*html.Node
	for c := t.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Tr:
			rows = append(rows, c)
		case atom.Thead, atom.Tbody, atom.Tfoot:
			rows = append(rows, rowsOf(c)...)
		}
	}
	return rows
}

// cellsOf returns the cells of a row.
func cellsOf(row *html.Node) []*html.Node {
	var cells []*html.Node
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			cells = append(cells, c)
		}
	}
	return cells
}

// layoutText is the length from which one cell that holds most of a table's
// text shows that the table only arranges the page.
const layoutText = 300

// isLayout reports whether a table arranges the page and holds no data: it has
// a table inside, or never two cells beside each other, or one cell with nearly
// everything.
func isLayout(t *html.Node) bool {
	if find(t, func(n *html.Node) bool { return n.DataAtom == atom.Table }) != nil {
		return true
	}
	widest, total, longest := 0, 0, 0
	for _, row := range rowsOf(t) {
		cells := cellsOf(row)
		widest = max(widest, len(cells))
		for _, c := range cells {
			n := len([]rune(squeeze(allText(c))))
			total, longest = total+n, max(longest, n)
		}
	}
	return widest <= 1 || longest > layoutText && longest*10 > total*7
}
