package register

import (
	"context"
	"io"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// File is an evidence file as handed in.
type File struct {
	Kind string // a ProofKind of the register
	Name string
	Data io.Reader
	Size int64
}

// Draft is a record to be entered.
type Draft struct {
	Register  ID
	Territory city.TerritoryID
	Values    map[string]string // as typed
	Parent    string
	Proofs    []File
	Demo      bool
}

// Step is one move of a record.
type Step struct {
	ID       string
	Move     string
	Revision int64             // of the record as the person saw it
	Values   map[string]string // fields filled on the way, as typed
	Reason   string
	Day      calendar.Date // for a move that ends the count: from this day on
}

// View is a record with everything a page shows.
type View struct {
	Record
	Definition *Definition
	Events     []Event
	Moves      []Move   // those that the person may make now
	Children   []Record // records that belong to it
	MayEdit    bool
	MayFalsify bool // the person may mark the record as found false

	// MayFalsifyProof tells, by the id of each file, whether the person may mark it.
	MayFalsifyProof map[string]bool
}

// Query asks for a page of records. Empty fields ask for everything.
type Query struct {
	Register  ID
	Territory city.TerritoryID
	Stage     string
	Text      string // in number, title and the searchable fields
	Unit      city.UnitID
	Parent    string
	Assignee  city.UnitID
	Having    map[string]string // fields with exactly these values, as stored
	Flagged   bool
	Lapsed    bool // only what stands where it counts, and counts no more
	Late      bool
	DueBy     calendar.Date // only what is due up to this day
	Falsified bool          // only what was found false
	Under     CountRef      // only what this count counts …
	At        calendar.Date // … at this day
	Owed      bool          // only what the person has to move on
	Uncounted bool          // the total is not asked for: the search ends with the last record shown
	Offset    int
	Limit     int
}

// CountRef names a count of a register.
type CountRef struct {
	Register ID
	Count    string
}

// String is the reference as a measure keeps it: "parcel-point/open".
func (c CountRef) String() string { return string(c.Register) + "/" + c.Count }

// Guard is a rule in code that a move's definition names. It may refuse with a
// message that says which rule stands against it.
type Guard func(ctx context.Context, p org.Principal, v View, step Step) error

// Values are the value of a count at a day, by territory as entered (a zone apart
// from its district). Territories without any are absent.
type Values map[city.TerritoryID]quantity.Quantity
