package sheet

import (
	"time"

	"bihuan/city"
	"bihuan/org"
	"bihuan/register"
)

// State is where an import stands.
type State string

// The states of an import.
const (
	Uploaded  State = "uploaded"  // waiting for the dry run
	Checking  State = "checking"  // the dry run reads the file
	Checked   State = "checked"   // the person decides whether the good rows go in
	Importing State = "importing" // the good rows go in
	Done      State = "done"
	Cancelled State = "cancelled" // what had gone in stays in
	Failed    State = "failed"    // the file cannot be read, see Problem
)

// Label is the state in the words of officials.
func (s State) Label() string { return labels[s] }

var labels = map[State]string{Uploaded: "待检查", Checking: "正在检查", Checked: "检查完毕，待导入",
	Importing: "正在导入", Done: "导入完成", Cancelled: "已取消", Failed: "无法读取"}

// Running reports whether a background job works on the import or will.
func (s State) Running() bool { return s == Uploaded || s == Checking || s == Importing }

// Import is one file on its way into a register.
type Import struct {
	ID        string
	Register  register.ID
	Name      string // of the file
	State     State
	Problem   string // why the file could not be read
	Total     int    // rows with anything in them; before the dry run has ended those found so far
	Row       int    // the last row of the file that the present work has passed
	LastRow   int    // of the file, 0 while not known
	Good      int    // rows without a bad cell
	Bad       int    // rows with one
	Cells     int    // bad cells
	Entered   int    // rows that have become records
	Refused   int    // rows that were good in the dry run and were refused on entry
	Ignored   string // columns of the file that the register does not have, joined by 、
	ByID      string
	ByName    string
	Unit      city.UnitID
	CreatedAt time.Time
	UpdatedAt time.Time

	hash      string
	principal org.Principal
}

// Percent is how far the present work is, 0 to 100.
func (i Import) Percent() int {
	switch {
	case i.State == Checked || i.State == Done:
		return 100
	case i.LastRow <= 0:
		return 0
	}
	return min(99, i.Row*100/i.LastRow)
}

// BadCell is one cell that keeps its row out. A row that is refused as a whole has
// one without a column.
type BadCell struct {
	Row    int    // as the spreadsheet counts, from 1
	Column string // its letter: C
	Field  string // name of the field; "" for the whole row
	Label  string // of the column
	Found  string // what stood there; empty for personal fields
	Reason string
}
