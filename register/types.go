package register

import (
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
)

// ID names a register of the pack, such as "parcel-point".
type ID string

// Definition is one register as the pack describes it. It is read only.
type Definition struct {
	ID        ID
	Name      string        // 村级快递服务站点
	Short     string        // word before the numbers of records: 站点
	Group     string        // heading under which lists of registers show it
	About     string        // what one item is, in a sentence
	Clause    string        // the clause of the plan it serves, "" for none
	Unit      string        // what items are counted in: 个, 场次
	Lead      city.UnitID   // the unit whose people verify
	Partners  []city.UnitID // units that may enter and verify beside the lead
	Entry     []Entrant     // who enters records
	Fields    []Field       // in the order of forms
	Unique    []Unique
	Stages    []Stage // the first one is where a new record stands
	Counts    []Count
	Expiry    Expiry
	Proof     []ProofKind
	Method    string // how a record is verified: 系统比对, 抽样核查, 现场核查, 第三方, 上级认定
	Checks    []Check
	Columns   []string      // field names shown in lists, beside number, title, territory and stage
	Title     string        // the field that names a record
	Effective string        // the date field from which a record counts
	Baseline  calendar.Date // items effective up to here are on the frozen list and never count as 新增; zero for none
	Place     Place
	Sampled   bool     // verified records are drawn for spot checks
	Under     ID       // the register to whose records these belong; "" for none
	Anonymous bool     // who entered a record is not kept
	Pending   []string // what the lead unit has to settle before counting starts, in words
	city.Basis
}

// Entrant is a kind of body that may enter records of a register.
type Entrant string

// The kinds of entrant.
const (
	EntrantLead   Entrant = "lead"   // the register's lead unit and its partners
	EntrantUnit   Entrant = "unit"   // any unit, for itself
	EntrantCounty Entrant = "county" // counties and zones, for themselves
)

// FieldType says what a field holds and how it is typed.
type FieldType string

// The types of field. Values are kept as text in the canonical form named here.
const (
	Text      FieldType = "text"      // one line
	LongText  FieldType = "long"      // several lines
	Number    FieldType = "number"    // plain decimal, at most four places
	Date      FieldType = "date"      // 2026-06-30
	Choice    FieldType = "choice"    // one of Options
	Many      FieldType = "many"      // several of Options, joined by 、 in the order of Options
	Truth     FieldType = "truth"     // 是 or 否
	USCC      FieldType = "uscc"      // 统一社会信用代码, check digit verified
	Phone     FieldType = "phone"     // mobile or land line
	IDNumber  FieldType = "id-number" // 居民身份证号, check digit verified
	Longitude FieldType = "longitude" // WGS-84 degrees
	Latitude  FieldType = "latitude"
	Link      FieldType = "link"   // https address
	UnitRef   FieldType = "unit"   // a unit of the pack, by id
	TaskRef   FieldType = "task"   // a task of the list, by id
	RecordRef FieldType = "record" // a record of register Of, by id
)

// Field is one column of a register.
type Field struct {
	Name     string // key in stored data: lower-case letters, digits, hyphens
	Label    string
	Type     FieldType
	Required bool
	Unit     string   // 平方米, 元
	Options  []string // for Choice and Many
	Pattern  string   // regular expression for Text, anchored by the loader
	Format   string   // what the pattern asks for, in words
	Min, Max *quantity.Quantity
	Personal bool   // sealed at rest, masked on pages
	Help     string // one line under the field
	Source   string // system that already holds the value: it is asked there first
	Of       ID     // for RecordRef
}

// Unique is a key that no two standing records may share, across counties and years.
type Unique struct {
	Name   string
	Fields []string
	Yearly bool   // the same key may come again in another year of Effective
	Local  bool   // the same key may come again in another territory
	Says   string // what the second one is told: 同一证书编号已登记
}

// Actor is who may make a move.
type Actor string

// The actors of moves.
const (
	ByReporter Actor = "reporter" // the unit or county that entered the record
	ByCounty   Actor = "county"   // the head of the record's county
	ByLead     Actor = "lead"     // verifiers of the register's lead unit or partners
	ByAssignee Actor = "assignee" // the unit that the record was handed to
	ByDispatch Actor = "dispatch" // the dispatcher of the plan's lead unit
	ByApprover Actor = "approver"
)

// Stage is a place in a record's life.
type Stage struct {
	ID     string
	Label  string
	Counts bool // a record in this stage enters totals
	Ends   bool // nothing is owed any more
	Owner  Actor
	Limit  *city.Limit // how long a record may stand here; nil for ever
	Until  string      // or: the Date field with the last day on which it may stand here
	Pauses bool        // the limit of the stage that a record came from stands still meanwhile
	Late   string      // what happens when it stands longer, in words
	Moves  []Move
}

// Move is one way out of a stage.
type Move struct {
	ID       string // approve, return, withdraw, …
	Label    string // 通过
	To       string // a stage
	By       []Actor
	NotBy    []string    // moves whose actor must be somebody else; "create" is the entry itself
	Where    []Condition // the values that the record must hold; it is not offered to others
	Needs    []string    // fields that must be filled
	Proof    []string    // kinds of proof that must be attached
	Reason   bool        // a reason is asked for
	Ends     bool        // the record leaves the count on the day given
	Assigns  string      // a UnitRef field that names who is handed the record
	Guard    string      // a rule in code that is asked first, by name; "" for none
	Document string      // an official document that the move makes, by name; "" for none
}

// CountMode says how the value of a count at a day is found.
type CountMode string

// The modes.
const (
	Flow  CountMode = "flow"  // what became effective since the year began
	Stock CountMode = "stock" // what stands on the day
)

// Count is a rule that turns records into a number.
type Count struct {
	ID    string
	Name  string
	Unit  string
	Mode  CountMode
	Sum   string // the Number field that is added up; "" counts records
	Where []Condition
	New   bool // only what is not on the baseline list
}

// Condition keeps records whose field holds one of the values.
type Condition struct {
	Field string
	In    []string
}

// Expiry tells when the proof of a record ends.
type Expiry struct {
	Field   string // a Date field: the last day of validity; "" for none
	Years   int    // or: so many years after Effective; 0 for none
	Confirm string // or: a Date field of the last yearly confirmation; the proof ends a year after it
}

// ProofKind is a kind of evidence that a record carries.
type ProofKind struct {
	ID       string
	Label    string
	Required bool
	Photo    bool // pictures are wanted; asked for only where the register says so
	Most     int  // files at most
}

// Check is a plausibility rule of §7.0. A hit flags the record for the sampler and rejects nothing.
type Check struct {
	Kind  string // one of those below
	Field string
	Than  string // a second field or a number, as the kind asks
	Days  int    // natural days, for late-filing and repeat
	Says  string
	city.Basis
}

// The kinds of check and what they ask for.
const (
	CheckNearDuplicate = "near-duplicate" // another standing record within Than metres; needs Place
	CheckPhotoReused   = "photo-reused"   // a photo that is in another record too, of whatever register
	CheckPhoneMany     = "phone-many"     // the Phone in more than Than standing records of the register
	CheckAreaCode      = "area-code"      // six digits of Field, after Than characters, are not the code of the record's territory (or the district around a zone)
	CheckLateFiling    = "late-filing"    // date Field later than Days after date Than
	CheckOrder         = "order"          // date Field before date Than
	CheckExpired       = "expired"        // the proof has ended already; needs Expiry
	CheckBaseline      = "baseline"       // effective up to Baseline
	CheckLinkOnly      = "link-only"      // a Link and no evidence file
	CheckMinimum       = "minimum"        // number Field below Than
	CheckMaximum       = "maximum"        // number Field above Than
	CheckRush          = "rush"           // more than Than percent of a territory's claims of the month in its last five days, and at least five
	CheckEqualTarget   = "equal-target"   // claims of the year of at least Than territories are exactly their shares of a target
	CheckRepeat        = "repeat"         // another unit's record with the same Field within Days
)

// Place names the fields that put a record on a map.
type Place struct{ Address, Longitude, Latitude string }

// Field gives a field by name.
func (d *Definition) Field(name string) (Field, bool) {
	for _, f := range d.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Stage gives a stage by id.
func (d *Definition) Stage(id string) (Stage, bool) {
	for _, s := range d.Stages {
		if s.ID == id {
			return s, true
		}
	}
	return Stage{}, false
}

// Count gives a counting rule by id.
func (d *Definition) Count(id string) (Count, bool) {
	for _, c := range d.Counts {
		if c.ID == id {
			return c, true
		}
	}
	return Count{}, false
}

// Record is one item, event or case of a register.
type Record struct {
	ID         string
	Register   ID
	No         string // 站点-2026-000123: given once, never reused
	Title      string
	Territory  city.TerritoryID
	Stage      string
	Values     map[string]string // by field name, canonical; personal ones opened only by Reveal
	Unit       city.UnitID       // that entered it
	Assignee   city.UnitID       // that it was handed to; "" for nobody
	Parent     string            // the record it belongs to; "" for none
	Spans      []Span            // when it counts; empty for never
	Flags      []Flag
	Due        calendar.Date // by when it must leave its stage; zero for never
	Proofs     []Proof
	Falsified  bool // found false: marked, kept, counts for nothing
	Demo       bool
	Revision   int64
	ReportedBy string
	Reporter   string
	ReportedAt time.Time
	StageAt    time.Time
	UpdatedAt  time.Time
}

// Span is a time in which a record counts: From its effective day on, To the first
// day on which it does not any more; zero for open.
type Span struct{ From, To calendar.Date }

// Flag is a hit of a plausibility check.
type Flag struct{ Kind, Says string }

// Proof is one evidence file of a record. The bytes lie in the blob store, once for each content.
type Proof struct {
	ID        string
	Kind      string
	Hash      string
	Name      string
	Media     string // type by content
	Size      int64
	Falsified bool
	AddedBy   string
	AddedAt   time.Time
}

// Event is one line of a record's history.
type Event struct {
	Seq      int64
	At       time.Time
	By, Name string
	Unit     string
	Move     string // create, edit, proof, or a move's id
	From, To string
	Reason   string
	Changes  map[string][2]string // field → before, after; personal ones masked
}

// Delta is what a record adds to a count on a day; the value of a count at a day
// is a sum of deltas, so that past and future days cost the same as today.
type Delta struct {
	Count     string
	Territory city.TerritoryID
	Day       calendar.Date
	Value     quantity.Quantity
}
