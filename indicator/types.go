package indicator

import (
	"slices"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
)

// ID names an indicator of the pack: "retail-rate".
type ID string

// Province is the territory of the province's own figures, which stand beside the city's.
const Province city.TerritoryID = "province"

// Kind says what the figures of an indicator are.
type Kind string

// Kinds of indicator.
const (
	Level Kind = "level" // an amount or a number of units; levels of parts may be added
	Rate  Kind = "rate"  // growth on the year before in percent, as published
)

// Label is the Chinese name of the kind.
func (k Kind) Label() string {
	if k == Rate {
		return "增速"
	}
	return "总量"
}

// Frequency says how often an indicator is published.
type Frequency string

// Frequencies.
const (
	Monthly   Frequency = "month"
	Quarterly Frequency = "quarter"
	Yearly    Frequency = "year"
)

// Label is the Chinese name of the frequency.
func (f Frequency) Label() string {
	return map[Frequency]string{Monthly: "月度", Quarterly: "季度", Yearly: "年度"}[f]
}

// Indicator is one series of statistics as the pack defines it.
type Indicator struct {
	ID         ID
	Name       string
	Short      string
	Unit       string
	Kind       Kind
	Frequency  Frequency
	Sector     Sector         // "" unless it is about one of the four sectors
	LevelOf    ID             // of a rate: the level that it is the growth of; may be ""
	Calibers   []city.Caliber // the calibers in which parts of the city are published
	Provincial bool           // the province publishes it too
	Parts      bool           // it is published for counties and zones
	Owner      city.UnitID    // the unit that enters it
	Publisher  string         // who publishes it
	Definition string
	Release    Release
	city.Basis
}

// Release is the window in which figures are expected: days of the month that
// lies Months after the end of the period. Where the publisher has announced the
// day of a period, Dates has it and the window is that day.
type Release struct {
	Months   int
	From, To int
	Dates    map[Period]calendar.Date
	city.Basis
}

// Key names one figure of an indicator.
type Key struct {
	Territory city.TerritoryID
	Period    Period
	Caliber   city.Caliber // "" where both calibers count the same area
}

// Observation is one version of a published figure.
type Observation struct {
	ID        string
	Indicator ID
	Key
	Revision   int
	Value      *quantity.Quantity // nil: this version withdraws the figure
	Released   calendar.Date      // when this version was published
	Source     string             // the document
	Confidence city.Confidence    // "" for what an authorised person entered from the document
	Reason     string             // why it was revised or withdrawn
	ByID       string
	ByName     string
	ByUnit     string
	At         time.Time
}

// Withdrawn reports whether this version takes the figure back.
func (o Observation) Withdrawn() bool { return o.Value == nil }

// Series are all versions of all figures of one indicator.
type Series struct {
	Indicator Indicator
	versions  map[Key][]Observation // by revision
}

// NewSeries groups versions by figure; the order in which they come does not matter.
func NewSeries(ind Indicator, all []Observation) Series {
	s := Series{Indicator: ind, versions: map[Key][]Observation{}}
	for _, o := range all {
		s.versions[o.Key] = append(s.versions[o.Key], o)
	}
	for _, list := range s.versions {
		slices.SortFunc(list, func(a, b Observation) int { return a.Revision - b.Revision })
	}
	return s
}

// Versions are all versions of a figure, the first one first.
func (s Series) Versions(k Key) []Observation { return s.versions[k] }

// Now is the figure as it stands; false when there is none or it was withdrawn.
func (s Series) Now(k Key) (Observation, bool) { return s.At(k, calendar.Date{}) }

// At is the figure as it was public on a day; no date asks for the newest version.
func (s Series) At(k Key, day calendar.Date) (Observation, bool) {
	list := s.versions[k]
	for _, o := range slices.Backward(list) {
		if day.IsZero() || !o.Released.After(day) {
			return o, !o.Withdrawn()
		}
	}
	return Observation{}, false
}

// Keys lists the figures that have a version, by period, then territory and caliber.
func (s Series) Keys() []Key {
	keys := make([]Key, 0, len(s.versions))
	for k := range s.versions {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareKeys)
	return keys
}

// Periods lists, oldest first, the periods of a span in which some territory has a figure on the day.
func (s Series) Periods(span Span, day calendar.Date) []Period {
	var list []Period
	for k := range s.versions {
		if _, ok := s.At(k, day); ok && s.Indicator.In(span, k.Period) && !slices.Contains(list, k.Period) {
			list = append(list, k.Period)
		}
	}
	slices.SortFunc(list, Period.Compare)
	return list
}
