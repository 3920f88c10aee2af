package indicator

import (
	"context"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// Figure writes a value with its unit: 1085.28亿元, 6.7%.
func (i Indicator) Figure(q quantity.Quantity) string { return q.String() + i.Unit }

// SeriesOf reads all versions of all figures of an indicator.
func (s *Service) SeriesOf(ctx context.Context, p org.Principal, id ID) (_ Series, err error) {
	defer errs.Wrap(&err, "indicator.SeriesOf(%s)", id)
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return Series{}, err
	}
	all, err := s.series(ctx, []ID{id})
	if err != nil {
		return Series{}, err
	}
	return all[0], nil
}

// All reads the series of all indicators, in the order of the pack: of the
// territories named, or of all when none is.
func (s *Service) All(ctx context.Context, p org.Principal, only ...city.TerritoryID) (_ []Series, err error) {
	defer errs.Wrap(&err, "indicator.All")
	if err := p.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, err
	}
	ids := make([]ID, len(s.catalogue.Indicators))
	for i, ind := range s.catalogue.Indicators {
		ids[i] = ind.ID
	}
	return s.series(ctx, ids, only...)
}

// series reads several series at one moment.
func (s *Service) series(ctx context.Context, ids []ID, only ...city.TerritoryID) ([]Series, error) {
	all := make([]Series, 0, len(ids))
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		for _, id := range ids {
			ind, err := s.catalogue.Indicator(id)
			if err != nil {
				return err
			}
			list, err := versions(tx, id, only)
			if err != nil {
				return err
			}
			all = append(all, NewSeries(ind, list))
		}
		return nil
	})
	return all, err
}

// GapAt compares the city's growth rate with the province's by what was public on
// a day. An indicator that is no rate, or that the province does not publish, is Invalid.
func (s *Service) GapAt(ctx context.Context, id ID, day calendar.Date) (_ Gap, err error) {
	defer errs.Wrap(&err, "indicator.GapAt(%s)", id)
	all, err := s.series(ctx, []ID{id}, s.pack.Root().ID, Province)
	if err != nil {
		return Gap{}, err
	}
	if ind := all[0].Indicator; ind.Kind != Rate || !ind.Provincial {
		return Gap{}, errs.New(errs.Invalid, "“%s”不能与全省比较：只有全省也公布的增速可以", ind.Name)
	}
	return s.Gap(all[0], day), nil
}

// Gap compares by a series that was read; see GapAt.
func (s *Service) Gap(series Series, day calendar.Date) Gap {
	return gapAt(series, s.pack.Root().ID, day)
}

// ValueAt is the newest cumulative figure of a territory that was public on a day,
// in the first caliber in which it is published; false when there is none.
func (s *Service) ValueAt(ctx context.Context, id ID, territory city.TerritoryID, day calendar.Date) (_ Observation, found bool, err error) {
	defer errs.Wrap(&err, "indicator.ValueAt(%s, %s)", id, territory)
	all, err := s.series(ctx, []ID{id}, territory)
	if err != nil {
		return Observation{}, false, err
	}
	o, found := s.Newest(all[0], Cumulative, territory, day)
	return o, found, nil
}

// Newest is the figure of a territory for the newest period of a span that was
// public on the day, in the first caliber that has one; no date asks for now.
func (s *Service) Newest(series Series, span Span, territory city.TerritoryID, day calendar.Date) (Observation, bool) {
	periods := series.Periods(span, day)
	for i := len(periods) - 1; i >= 0; i-- {
		for _, c := range CalibersOf(s.pack, series.Indicator, territory) {
			if o, ok := series.At(Key{Territory: territory, Period: periods[i], Caliber: c}, day); ok {
				return o, true
			}
		}
	}
	return Observation{}, false
}

// Expected is one release that a year should bring.
type Expected struct {
	Indicator Indicator
	Period    Period
	From, To  calendar.Date // the window
	City      *Observation  // nil while not entered
	Province  *Observation  // nil while not entered, or when the province does not publish it
	Passed    bool          // the window has passed by the day
	Open      bool          // the day lies in the window
}

// Missing reports whether a figure of the release is not here.
func (e Expected) Missing() bool {
	return e.City == nil || (e.Indicator.Provincial && e.Province == nil)
}

// Calendar lists the releases of a series for the periods of a year, as of a day.
func (s *Service) Calendar(series Series, year int, day calendar.Date) []Expected {
	var list []Expected
	root := s.pack.Root().ID
	for _, p := range series.Indicator.Due(year) {
		from, to := series.Indicator.Window(p)
		list = append(list, Expected{Indicator: series.Indicator, Period: p, From: from, To: to,
			City: series.public(root, p, calendar.Date{}), Province: series.public(Province, p, calendar.Date{}),
			Passed: to.Before(day), Open: !from.After(day) && !to.Before(day)})
	}
	return list
}
