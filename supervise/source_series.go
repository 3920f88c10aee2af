package supervise

import (
	"context"
	"net/url"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
)

// Gaps is the part of the statistics room that lights are computed from.
type Gaps interface {
	GapAt(ctx context.Context, id indicator.ID, day calendar.Date) (indicator.Gap, error)
	Changes(ctx context.Context, n int64) (ids []indicator.ID, now int64, err error)
	Catalogue() *indicator.Catalogue
}

// series serves comparisons: the city's published growth held against the
// province's of the same period and indicator, in percentage points.
type series struct{ gaps Gaps }

// FromIndicators makes the statistics room a source.
func FromIndicators(g Gaps) Source { return series{g} }

// Kind is plan.Series.
func (series) Kind() plan.MeasureKind { return plan.Series }

// At gives the gap of the newest period that both had published by the day.
func (s series) At(ctx context.Context, refs []string, day calendar.Date) (map[string]Reading, error) {
	got := map[string]Reading{}
	for _, ref := range refs {
		gap, err := s.gaps.GapAt(ctx, indicator.ID(ref), day)
		if err != nil {
			return nil, err
		}
		if gap.Known {
			const point = quantity.Scale / 100 // a hundredth of a percentage point
			got[ref] = Reading{Values: map[city.TerritoryID]quantity.Quantity{"": quantity.Quantity(gap.Points) * point}, AsOf: gap.Period.Ends()}
		}
	}
	return got, nil
}

// Changes names the indicators with new or revised figures.
func (s series) Changes(ctx context.Context, n int64) (now int64, refs []string, all bool, err error) {
	ids, now, err := s.gaps.Changes(ctx, n)
	for _, id := range ids {
		refs = append(refs, string(id))
	}
	return now, refs, now < n, err // a count from the future belongs to another database
}

// Check refuses an indicator that the pack does not have.
func (s series) Check(ref string, _ plan.TargetKind) error {
	_, err := s.gaps.Catalogue().Indicator(indicator.ID(ref))
	return err
}

// Name is the indicator's.
func (s series) Name(ref string) string {
	ind, err := s.gaps.Catalogue().Indicator(indicator.ID(ref))
	if err != nil {
		return "统计数据“" + ref + "”"
	}
	return "统计数据“" + ind.Name + "”"
}

// Link is the indicator's page, which has the figures of all days.
func (series) Link(ref string, _ calendar.Date, _ city.TerritoryID) string {
	return "/monitor/series/" + url.PathEscape(ref)
}
