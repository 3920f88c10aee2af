package city

import (
	"io/fs"

	"bihuan/kit/calendar"
)

// ID names one thing of a pack: lower-case letters, digits and hyphens, such
// as "commerce". It is chosen by the pack's author and never changes.
type (
	// UnitID names a unit of the pack.
	UnitID string
	// TerritoryID names a territory of the pack.
	TerritoryID string
	// GroupID names a comparison group of the pack.
	GroupID string
	// CollectiveID names a collective of the pack.
	CollectiveID string
	// DocumentID names a document of the pack.
	DocumentID string
)

// Level is the rank of the government whose plan the pack describes.
type Level string

// Levels of a pack.
const (
	LevelProvince   Level = "province"
	LevelPrefecture Level = "prefecture"
	LevelCounty     Level = "county"
)

// UnitKind says what a unit is, which decides how one may write to it: a
// department does not give directives to a government.
type UnitKind string

// Kinds of unit.
const (
	KindBureau           UnitKind = "bureau"            // 政府工作部门, 垂直管理部门
	KindParty            UnitKind = "party"             // 党委部门
	KindMass             UnitKind = "mass"              // 群团组织
	KindBank             UnitKind = "bank"              // 人民银行分支机构
	KindCountyGovernment UnitKind = "county_government" // 县（市、区）人民政府
	KindZoneCommittee    UnitKind = "zone_committee"    // 开发区管委会
	KindOffice           UnitKind = "office"            // 政府办公室, 专班
)

// Label is the Chinese name of the kind, "" for an unknown one.
func (k UnitKind) Label() string { return unitKindLabels[k] }

var unitKindLabels = map[UnitKind]string{
	KindBureau: "政府部门", KindParty: "党委部门", KindMass: "群团组织", KindBank: "人民银行",
	KindCountyGovernment: "县（市、区）人民政府", KindZoneCommittee: "开发区管委会", KindOffice: "办公室",
}

// IsGovernment reports whether the unit governs a territory below the city.
func (k UnitKind) IsGovernment() bool {
	return k == KindCountyGovernment || k == KindZoneCommittee
}

// TerritoryKind says what a territory is.
type TerritoryKind string

// Kinds of territory.
const (
	TerritoryPrefecture TerritoryKind = "prefecture"  // the city as a whole
	TerritoryDistrict   TerritoryKind = "district"    // 市辖区
	TerritoryCountyCity TerritoryKind = "county_city" // 县级市
	TerritoryCounty     TerritoryKind = "county"      // 县
	TerritoryZone       TerritoryKind = "zone"        // 功能区: no administrative division
)

// Label is the Chinese name of the kind, "" for an unknown one.
func (k TerritoryKind) Label() string { return territoryKindLabels[k] }

var territoryKindLabels = map[TerritoryKind]string{
	TerritoryPrefecture: "设区的市", TerritoryDistrict: "市辖区", TerritoryCountyCity: "县级市",
	TerritoryCounty: "县", TerritoryZone: "功能区",
}

// Caliber says how zones are counted in a territorial series. Figures of the
// two calibers are never added or compared with each other.
type Caliber string

// Calibers. The value is the wording printed beside a series.
const (
	// CaliberAdministrative counts zones inside the district that holds them.
	CaliberAdministrative Caliber = "行政区划口径"
	// CaliberZonesApart counts zones on their own; their district stands for the rest.
	CaliberZonesApart Caliber = "功能区单列口径"
)

// Confidence says how well a figure or rule of the pack is founded. Figures
// with C and D must not be printed as if a regulation prescribed them.
type Confidence string

// Confidence letters.
const (
	ConfidenceText     Confidence = "A" // the law, standard or notice itself was read
	ConfidenceReported Confidence = "B" // reported by an official site or the press
	ConfidenceCommon   Confidence = "C" // professional knowledge or arithmetic, not checked
	ConfidenceChosen   Confidence = "D" // set by this project or this city, prescribed by no rule
)

// Printable reports whether the figure may stand in an official document
// without a person having confirmed it as the plan's own parameter.
func (c Confidence) Printable() bool { return c == ConfidenceText || c == ConfidenceReported }

// Basis says what a rule or figure rests on.
type Basis struct {
	Confidence Confidence
	Source     string // law and article, notice, publication, or the reason of a choice
}

// Pack is one city as data. It is made by Load, is complete and consistent,
// and is read only: callers share one value and change nothing in it.
type Pack struct {
	ID       string // name of the pack's folder
	Version  string // set by the author, raised with every change of content
	Digest   string // SHA-256 (hex) over all files; stored with what was decided by them
	Name     string // full name of the city
	Short    string // name without its last character where people leave it out
	Level    Level
	Word     string // what documents put before a unit instead of the name: 市, 省, 县, 区
	Province Province

	Territories []Territory // the city first, then in official order
	Units       []Unit      // in the order in which documents list them
	Groups      []Group     // comparison groups; ranking happens within one only
	Collectives []Collective
	Documents   []PlanDocument
	Calendar    *calendar.Calendar
	Thresholds  Thresholds
	Defaults    Defaults

	// Files is the pack's folder, for the rooms that keep their own data in a
	// sub-folder of it.
	Files fs.FS

	directory *Directory
}

// Province is where the city lies; documents often leave it out.
type Province struct {
	Name  string // full name
	Short string
	Code  string // first two digits of GB/T 2260
}

// Unit is a body that can be responsible for a task.
type Unit struct {
	ID        UnitID
	Name      string   // full official name
	Short     string   // what pages print
	Aliases   []string // other spellings found in documents
	Kind      UnitKind
	Territory TerritoryID // what it is responsible for: the city, or its county or zone
	Lead      bool        // the unit that leads the plan; exactly one in a pack
}

// Territory is an area that is reported on.
type Territory struct {
	ID      TerritoryID
	Name    string // full official name
	Short   string
	Aliases []string
	Kind    TerritoryKind
	// Code is the GB/T 2260 code (six digits) of an administrative division, or
	// the pack's own code of a zone, which cannot be mistaken for one ("Z-01").
	Code string
	// Caliber is the first caliber in which the territory appears: a zone stands
	// on its own only in CaliberZonesApart, all others appear in both.
	Caliber    Caliber
	InsideOf   TerritoryID // the district that holds a zone; "" for all others
	Population []Population
	Grid       Grid // zero for the city as a whole
}

// Population is one published number of residents. Years that were not found
// are absent: nothing is interpolated.
type Population struct {
	Year     int
	Persons  int64
	Calibers []Caliber // the calibers the number holds in; both unless the territory holds zones or is one
	Basis
}

// Grid is a place in the schematic map of equal tiles; rows and columns count
// from 1, north and west first.
type Grid struct{ Row, Col int }

// Group is a set of territories that may be ranked against each other.
type Group struct {
	ID          GroupID
	Name        string
	Territories []TerritoryID
}

// Collective is a name in documents that stands for several units.
type Collective struct {
	ID      CollectiveID
	Name    string
	Aliases []string
	Units   []UnitID // in the order of the pack
}

// PlanDocument is a document that comes with the pack.
type PlanDocument struct {
	ID     DocumentID
	File   string // path inside the pack
	Year   int    // the year the plan is for
	Title  string
	Number string        // document number, "" if it has none
	Issued calendar.Date // zero if not known
	Text   string        // the whole text, UTF-8
}
