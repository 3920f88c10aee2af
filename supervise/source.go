package supervise

import (
	"context"
	"slices"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/plan"
)

// Source is a room that holds the values of bound targets. The board asks it for
// sums and never for what they are sums of, so that a light costs the same
// however many records stand behind it.
type Source interface {
	// Kind is the kind of measure that it serves.
	Kind() plan.MeasureKind
	// At gives the values of references at a day. What it does not know is absent.
	At(ctx context.Context, refs []string, day calendar.Date) (map[string]Reading, error)
	// Changes tells which references changed after count n of the room's changes,
	// and the count now. all is true when too much changed to name it.
	Changes(ctx context.Context, n int64) (now int64, refs []string, all bool, err error)
	// Check refuses a reference that the room does not have, or that does not count
	// what targets of the kind ask for.
	Check(ref string, target plan.TargetKind) error
	// Name says in words what a reference counts: 台账“村级快递服务站点”已开通.
	Name(ref string) string
	// Link is the page with what lies under a value, of the whole for territory "".
	Link(ref string, day calendar.Date, territory city.TerritoryID) string
}

// Reading is a value of a source: by territory as entered, a zone apart from its
// district, "" for what is the city's alone. Empty means that nothing is known.
type Reading struct {
	Values map[city.TerritoryID]quantity.Quantity
	AsOf   calendar.Date // the last day that the value speaks for; zero for the day asked about
}

// Sources are the rooms that serve measures, by kind. They tell the plan room
// what can be measured (plan.Measures).
type Sources map[plan.MeasureKind]Source

// NewSources puts sources together; of one kind the last counts.
func NewSources(all ...Source) Sources {
	s := make(Sources, len(all))
	for _, src := range all {
		s[src.Kind()] = src
	}
	return s
}

// Check refuses a kind that no room serves and a reference that its room refuses.
func (s Sources) Check(kind plan.MeasureKind, ref string, target plan.TargetKind) error {
	src, ok := s[kind]
	if !ok {
		return errs.New(errs.Unavailable, "“%s”还没有接入本系统：这项目标暂由单位填报", kind.Label())
	}
	return src.Check(ref, target)
}

// Where says where the records behind a reference are entered.
func (s Sources) Where(kind plan.MeasureKind, ref string) string {
	if src, ok := s[kind]; ok {
		return src.Name(ref)
	}
	return kind.Label()
}

// Behind is one of the records that a value is made of, with its page.
type Behind struct{ Name, URL string }

// Behind names what the value of a bound target is counted from, and the pages
// where a value of a day and a territory ("" for the whole) opens. A reported
// target has none.
func (s *Service) Behind(t plan.Target, day calendar.Date, territory city.TerritoryID) (all []Behind) {
	src, ok := s.sources[t.Measure.Kind]
	if !ok {
		return nil
	}
	for _, ref := range t.Measure.Refs() {
		all = append(all, Behind{src.Name(ref), src.Link(ref, day, territory)})
	}
	return all
}

// counts are how far the changes of each source had come.
type counts map[plan.MeasureKind]int64

// moved is what changed in the sources since a board was drawn.
type moved map[plan.MeasureKind]map[string]bool // by reference; a nil set stands for all of them

// touches reports whether a task reads something that changed.
func (m moved) touches(t *TaskLight) bool {
	for i := range t.Targets {
		b := t.Targets[i].Measure
		refs, some := m[b.Kind]
		if some && (refs == nil || slices.ContainsFunc(b.Refs(), func(r string) bool { return refs[r] })) {
			return true
		}
	}
	return false
}

// look asks each source what changed since the counts of the last board.
func (s *Service) look(ctx context.Context, since counts) (now counts, m moved, err error) {
	now, m = counts{}, moved{}
	for kind, src := range s.sources {
		n, refs, all, err := src.Changes(ctx, since[kind])
		if err != nil {
			return nil, nil, err
		}
		now[kind] = n
		last, known := since[kind]
		switch {
		case known && n == last:
		case all:
			m[kind] = nil
		case len(refs) > 0:
			m[kind] = make(map[string]bool, len(refs))
			for _, r := range refs {
				m[kind][r] = true
			}
		}
	}
	return now, m, nil
}
