package ui

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/a-h/templ"
)

// Sort is how a column is sorted at present.
type Sort int

// The states of a sortable column.
const (
	Unsorted Sort = iota
	Ascending
	Descending
)

// Column is one column of a table.
type Column struct {
	Label   string
	Hint    string // explains the figure: caliber, source; may be empty
	Unit    string // after the label, smaller; may be empty
	Num     bool   // figures: right-aligned with even digits
	Narrow  bool   // as narrow as its content, on one line
	Hidden  bool   // left out on phones
	SortURL string // link that sorts by this column; empty when it cannot be sorted
	Sort    Sort
}

// Cell is the content of one field. Make it with Text, Num, Link or Node.
type Cell struct {
	Text string
	Sub  string // second line, smaller
	URL  string
	Node templ.Component // drawn instead of Text
}

// Text is a cell of plain text.
func Text(s string) Cell { return Cell{Text: s} }

// Num is a figure that opens to what is under it.
func Num(s, url string) Cell { return Cell{Text: s, URL: url} }

// Link is a cell of text that leads somewhere.
func Link(s, url string) Cell { return Cell{Text: s, URL: url} }

// Node is a cell holding another piece, such as a Light.
func Node(c templ.Component) Cell { return Cell{Node: c} }

// With adds a second line to a cell.
func (c Cell) With(sub string) Cell { c.Sub = sub; return c }

// blank tells whether a cell holds nothing at all.
func (c Cell) blank() bool { return c.Text == "" && c.Node == nil }

// Row is one line of a table. When URL is set the first cell's text leads there,
// and the keys j, k and Enter walk the rows.
type Row struct {
	ID    string // anchor and id of the row; may be empty
	Item  string // pairs the row with marked words of a SourceText
	URL   string
	Cells []Cell
	Muted bool     // withdrawn or of no effect now
	Over  []string // headings drawn over this row and those that follow, the widest first
}

// Table is a list of like things. On a phone each row becomes a card.
type Table struct {
	Caption     string // what the table lists; always given
	ShowCaption bool
	Columns     []Column
	Rows        []Row
	Foot        []Cell // a line of totals; may be nil
	Empty       Empty  // shown instead of a table without rows
	Wide        bool   // scrolls sideways in its own box instead of squeezing
	Cards       bool   // false keeps a table on phones too; see NewTable
}

// NewTable makes a table that turns into cards on a phone.
func NewTable(caption string, columns ...Column) Table {
	return Table{Caption: caption, Columns: columns, Cards: true}
}

// Render draws the table, or its Empty when it has no rows.
func (t Table) Render(ctx context.Context, w io.Writer) error { return tableView(t).Render(ctx, w) }

// column returns the column of a cell; a row longer than the head gets blank ones.
func (t Table) column(i int) Column {
	if i < len(t.Columns) {
		return t.Columns[i]
	}
	return Column{}
}

// ariaSort is the value of aria-sort, empty for a column that is not sorted.
func (c Column) ariaSort() string {
	switch c.Sort {
	case Ascending:
		return "ascending"
	case Descending:
		return "descending"
	}
	return ""
}

func (c Column) sortIcon() string {
	switch c.Sort {
	case Ascending:
		return "sort-up"
	case Descending:
		return "sort-down"
	}
	return "sort"
}

func (c Column) sortTitle() string { return fmt.Sprintf(textSortBy, c.Label) }

// classes are the CSS classes shared by head and body cells of the column.
func (c Column) classes() string {
	s := ""
	for _, p := range []struct {
		on   bool
		name string
	}{{c.Num, " num"}, {c.Narrow, " narrow"}, {c.Hidden, " phone-off"}} {
		if p.on {
			s += p.name
		}
	}
	if s == "" {
		return ""
	}
	return s[1:]
}

// Pager leads through the pages of a long list. From and To count from one.
type Pager struct {
	From, To, Total int64  // Total below zero: not counted
	Prev, Next      string // addresses; empty at the ends
}

// Render draws the pager; a list that fits on one page shows only its total.
func (p Pager) Render(ctx context.Context, w io.Writer) error { return pagerView(p).Render(ctx, w) }

// Empty tells a person that there is nothing and what to do about it.
type Empty struct {
	Title string
	Text  string // why, or what to do; may be empty
	Label string // the button's words
	URL   string // where the button leads; empty for no button
	Icon  string // a name from Icons; "empty" by default
}

// Render draws the empty state.
func (e Empty) Render(ctx context.Context, w io.Writer) error { return emptyView(e).Render(ctx, w) }

func (e Empty) title() string {
	if e.Title == "" {
		return textNothing
	}
	return e.Title
}

func (e Empty) icon() string {
	if e.Icon == "" {
		return "empty"
	}
	return e.Icon
}

// FilterBar narrows a list by a GET form. Its children are not used: all fields
// are given as data. With scripts the list is replaced in place; without them
// the button sends the form.
type FilterBar struct {
	Action string       // address of the list
	Search *Field       // the free-text field; may be nil
	Fields []Field      // selects, dates
	More   []Field      // seldom needed: folded away until one of them is in force
	Hidden []HiddenPair // kept when the form is sent, such as the sort order
	Chips  []FilterChip // the conditions now in force
	Reset  string       // address without any condition; empty hides it
	Target string       // CSS selector of the part to replace, holding bar and list; empty loads the page
}

// HiddenPair is a name and a value that a form carries unseen.
type HiddenPair struct{ Name, Value string }

// FilterChip is one condition in force; Remove is the list's address without it.
type FilterChip struct{ Label, Remove string }

// moreOpen reports whether a folded field is in force.
func (f FilterBar) moreOpen() bool {
	return slices.ContainsFunc(f.More, func(field Field) bool { return field.Value != "" })
}

// Render draws the filter bar.
func (f FilterBar) Render(ctx context.Context, w io.Writer) error {
	return filterView(f).Render(ctx, w)
}
