package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// indicatorView is one indicator of published statistics.
type indicatorView struct {
	ID             string   `json:"id" doc:"指标代码"`
	Name           string   `json:"name" doc:"全称"`
	Short          string   `json:"short" doc:"简称"`
	Unit           string   `json:"unit" doc:"计量单位"`
	Kind           string   `json:"kind" doc:"level 总量，rate 增速"`
	Frequency      string   `json:"frequency" doc:"month 月度，quarter 季度，year 年度"`
	Sector         string   `json:"sector,omitempty" doc:"四个行业之一"`
	LevelOf        string   `json:"level_of,omitempty" doc:"增速：对应的总量指标"`
	Calibers       []string `json:"calibers" doc:"公布所用的口径"`
	Provincial     bool     `json:"provincial" doc:"全省是否也公布"`
	Parts          bool     `json:"parts" doc:"县区和园区是否也公布"`
	Owner          string   `json:"owner" doc:"录入单位"`
	Publisher      string   `json:"publisher" doc:"公布机构"`
	DefinitionText string   `json:"definition" doc:"含义"`
	Territories    []string `json:"territories" doc:"为哪些地区公布；province 为全省"`
}

// figureView is one figure with all its versions.
type figureView struct {
	Territory   string               `json:"territory" doc:"地区代码；province 为全省"`
	Period      string               `json:"period" doc:"时期，如 2026-03、2026-01~03、2026"`
	PeriodLabel string               `json:"period_label" doc:"时期名称"`
	Caliber     string               `json:"caliber,omitempty" doc:"口径；各口径相同则没有"`
	Value       *quantity.Quantity   `json:"value,omitempty" doc:"现行的数（给出 at 时为该日已公布的数）；已撤回则没有"`
	Revision    int                  `json:"revision,omitempty" doc:"现行版本（给出 at 时为该日的版本），修订时带上"`
	Versions    []observationVersion `json:"versions" doc:"各版本，旧的在前，不覆盖"`
}

type observationVersion struct {
	ID         string             `json:"id" doc:"编号"`
	Revision   int                `json:"revision" doc:"第几版"`
	Value      *quantity.Quantity `json:"value,omitempty" doc:"公布的数；没有表示撤回"`
	Released   string             `json:"released" doc:"发布日期"`
	Source     string             `json:"source" doc:"公布的文件或网页"`
	Confidence string             `json:"confidence,omitempty" doc:"随城市包提供的数的可信程度"`
	Reason     string             `json:"reason,omitempty" doc:"修订或撤回的原因"`
	EnteredBy  string             `json:"entered_by" doc:"录入人"`
	EnteredAt  *time.Time         `json:"entered_at,omitempty" doc:"录入时间"`
}

// gapView compares the city's growth with the province's.
type gapView struct {
	Indicator   string              `json:"indicator" doc:"指标代码"`
	At          string              `json:"at" doc:"按哪一天已公布的数"`
	Period      string              `json:"period,omitempty" doc:"双方都已公布的最近时期；没有时为任一方公布的"`
	PeriodLabel string              `json:"period_label,omitempty" doc:"时期名称"`
	City        *observationVersion `json:"city,omitempty" doc:"全市的数"`
	Province    *observationVersion `json:"province,omitempty" doc:"全省的数"`
	Points      *quantity.Quantity  `json:"points,omitempty" doc:"全市减全省，百分点；不能比较则没有"`
	Missing     string              `json:"missing,omitempty" doc:"为什么不能比较"`
	Waiting     string              `json:"waiting,omitempty" doc:"只有一方公布的更近时期"`
	Stale       bool                `json:"stale" doc:"是否应有更近时期的数而没有录入"`
}

// ObservationInput is a published figure as typed.
type ObservationInput struct {
	Territory string `json:"territory" maxLength:"80" doc:"地区代码或名称；province 为全省" example:"province"`
	Period    string `json:"period" maxLength:"40" doc:"时期：2026-03、2026年1—3月、2026年一季度、2026年" example:"2026年1—3月"`
	Caliber   string `json:"caliber,omitempty" maxLength:"40" doc:"口径，两种口径的数不同时必填"`
	Value     string `json:"value" maxLength:"40" doc:"公布的数，最多四位小数；增速不写百分号" example:"5.5"`
	Released  string `json:"released" maxLength:"10" doc:"发布日期，晚于时期末日，不晚于今天" example:"2026-04-18"`
	Source    string `json:"source" maxLength:"200" doc:"公布的文件或网页" example:"统计月报"`
}

type enterInput struct {
	ByCode
	Keyed
	Body struct {
		ObservationInput
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"曾经撤回的数重新录入的原因"`
	}
}

type reviseInput struct {
	ByCode
	Keyed
	Body struct {
		ObservationInput
		Revision int    `json:"revision" minimum:"1" doc:"看到的版本"`
		Reason   string `json:"reason" maxLength:"500" doc:"修订的原因"`
	}
}

type withdrawInput struct {
	ByCode
	Keyed
	Body struct {
		Territory string `json:"territory" maxLength:"80" doc:"地区代码；province 为全省" example:"province"`
		Period    string `json:"period" maxLength:"40" doc:"时期：2026-03、2026年1—3月、2026年一季度、2026年" example:"2026年1—3月"`
		Caliber   string `json:"caliber,omitempty" maxLength:"40" doc:"口径，两种口径的数不同时必填"`
		Revision  int    `json:"revision" minimum:"1" doc:"看到的版本"`
		Reason    string `json:"reason" maxLength:"500" doc:"撤回的原因"`
	}
}

// withdrawnMark is the answer to a figure that was taken back.
type withdrawnMark struct {
	Revision int `json:"revision" doc:"现在的版本，没有数"`
}

// observationMark is the answer to a figure that was stored.
type observationMark struct {
	ID string `json:"id" doc:"新版本的编号"`
}

type figureQuery struct {
	ByCode
	Paging
	Territory string `query:"territory" maxLength:"80" doc:"地区代码；province 为全省"`
	Period    string `query:"period" maxLength:"40" doc:"时期，如 2026-01~03"`
	AtDay
}

func (s *server) indicatorRoutes() {
	missing := []int{http.StatusNotFound}
	const example = `-H 'Content-Type: application/json' -d '{"territory":"province","period":"2026年1—3月","value":"5.5","released":"2026-04-18","source":"统计月报"`
	add(s, route{id: "list-indicators", method: http.MethodGet, path: "/indicators", tag: tagIndicator, summary: "统计指标"}, s.listIndicators)
	add(s, route{
		id: "list-observations", method: http.MethodGet, path: "/indicators/{id}/observations", tag: tagIndicator, summary: "一个指标的数及其修订", errors: missing,
		about: "新的时期在前。给出 at 则只列该日已公布的版本。", curl: "territory=province&at=2026-06-30",
	}, s.listObservations)
	add(s, route{
		id: "get-gap", method: http.MethodGet, path: "/indicators/{id}/gap", tag: tagIndicator, summary: "全市与全省增速的差距", errors: missing,
		about: "按某日已公布的数比较；只有全省也公布的增速可以比较。", curl: "at=2026-06-30",
	}, s.gap)
	add(s, route{
		id: "enter-observation", method: http.MethodPost, path: "/indicators/{id}/observations", tag: tagIndicator, summary: "录入一个已公布的数",
		about: "已经录入的数答复 409：公布机构作了修订的，办理修订。", errors: []int{http.StatusBadRequest, http.StatusNotFound}, curl: example + `}'`, created: true,
	}, s.enterObservation)
	add(s, route{
		id: "revise-observation", method: http.MethodPost, path: "/indicators/{id}/revisions", tag: tagIndicator, summary: "修订一个已公布的数",
		about: "增加一个版本，原来的保留。revision 与现在的不同则答复 409：请重新读取后再办。", errors: []int{http.StatusBadRequest, http.StatusNotFound},
		curl: example + `,"revision":1,"reason":"公布机构修订"}'`, created: true,
	}, s.reviseObservation)
	add(s, route{
		id: "withdraw-observation", method: http.MethodPost, path: "/indicators/{id}/withdrawals", tag: tagIndicator, summary: "撤回一个录错的数",
		about: "增加一个没有数的版本，原来的保留。revision 与现在的不同则答复 409：请重新读取后再办。", errors: []int{http.StatusBadRequest, http.StatusNotFound},
		curl: `-H 'Content-Type: application/json' -d '{"territory":"province","period":"2026年1—3月","revision":1,"reason":"录错时期"}'`,
	}, s.withdrawObservation)
}

func (s *server) listIndicators(_ context.Context, who org.Principal, in *struct{ Paging }) (*body[page[indicatorView]], error) {
	if err := who.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, err
	}
	all := s.Indicator.Catalogue().Indicators
	return pageOf(in.Paging, len(all), each(cut(in.Paging, all), s.indicatorOf)), nil
}

func (s *server) indicatorOf(i indicator.Indicator) indicatorView {
	return indicatorView{
		ID: string(i.ID), Name: i.Name, Short: i.Short, Unit: i.Unit, Kind: string(i.Kind), Frequency: string(i.Frequency), Sector: string(i.Sector), LevelOf: string(i.LevelOf),
		Calibers: each(i.Calibers, func(c city.Caliber) string { return string(c) }), Provincial: i.Provincial, Parts: i.Parts, Owner: string(i.Owner), Publisher: i.Publisher,
		DefinitionText: i.Definition, Territories: each(s.Indicator.Catalogue().Territories(i), func(t city.TerritoryID) string { return string(t) }),
	}
}

func (s *server) listObservations(ctx context.Context, who org.Principal, in *figureQuery) (*body[page[figureView]], error) {
	series, err := s.Indicator.SeriesOf(ctx, who, indicator.ID(in.ID))
	if err != nil {
		return nil, err
	}
	keep, day, err := s.figures(in, series.Indicator)
	if err != nil {
		return nil, err
	}
	var all []figureView
	for _, k := range slices.Backward(series.Keys()) {
		if !keep(k) {
			continue
		}
		if f := publishedOf(series, k, day); len(f.Versions) > 0 {
			all = append(all, f)
		}
	}
	return pageOf(in.Paging, len(all), cut(in.Paging, all)), nil
}

// figures reads which figures are asked for, and as of which day; no date for now.
func (s *server) figures(in *figureQuery, ind indicator.Indicator) (keep func(indicator.Key) bool, day calendar.Date, err error) {
	if in.At != "" {
		if day, err = s.day(in.AtDay); err != nil {
			return nil, day, err
		}
	}
	if in.Territory != "" && !slices.Contains(s.Indicator.Catalogue().Territories(ind), city.TerritoryID(in.Territory)) {
		return nil, day, wrong("query.territory", "这个指标不公布这个地区的数")
	}
	var period indicator.Period
	if in.Period != "" {
		if period, err = indicator.ParsePeriod(in.Period); err != nil {
			return nil, day, wrong("query.period", "不是时期：写成 2026-03、2026-01~03 或 2026")
		}
	}
	return func(k indicator.Key) bool {
		return (in.Territory == "" || string(k.Territory) == in.Territory) && (period.IsZero() || k.Period == period)
	}, day, nil
}

// publishedOf draws a figure with the versions that were public on the day.
func publishedOf(series indicator.Series, k indicator.Key, day calendar.Date) figureView {
	v := figureView{Territory: string(k.Territory), Period: k.Period.Code(), PeriodLabel: series.Indicator.Label(k.Period), Caliber: string(k.Caliber), Versions: []observationVersion{}}
	for _, o := range series.Versions(k) {
		if day.IsZero() || !o.Released.After(day) {
			v.Versions = append(v.Versions, observationOf(o))
		}
	}
	o, _ := series.At(k, day)
	v.Value, v.Revision = o.Value, o.Revision
	return v
}

func observationOf(o indicator.Observation) observationVersion {
	return observationVersion{
		ID: o.ID, Revision: o.Revision, Value: o.Value, Released: o.Released.String(), Source: o.Source, Confidence: string(o.Confidence), Reason: o.Reason,
		EnteredBy: o.ByName, EnteredAt: instant(o.At),
	}
}

func (s *server) gap(ctx context.Context, who org.Principal, in *struct {
	ByCode
	AtDay
}) (*body[gapView], error) {
	if err := who.May(org.PlanRead, org.Scope{}); err != nil {
		return nil, err
	}
	day, err := s.day(in.AtDay)
	if err != nil {
		return nil, err
	}
	g, err := s.Indicator.GapAt(ctx, indicator.ID(in.ID), day)
	if err != nil {
		return nil, err
	}
	v := gapView{Indicator: in.ID, At: day.String(), Period: g.Period.Code(), Missing: g.Missing(), Waiting: g.Waiting.Code(), Stale: g.Stale}
	if !g.Period.IsZero() {
		v.PeriodLabel = g.Indicator.Label(g.Period)
	}
	if g.City != nil {
		o := observationOf(*g.City)
		v.City = &o
	}
	if g.Province != nil {
		o := observationOf(*g.Province)
		v.Province = &o
	}
	if g.Known {
		p := percent(int(g.Points))
		v.Points = &p
	}
	return &body[gapView]{v}, nil
}

// entry is the input as the room takes it.
func (o ObservationInput) entry(id string) indicator.Entry {
	return indicator.Entry{Indicator: indicator.ID(id), Territory: o.Territory, Period: o.Period, Caliber: o.Caliber, Value: o.Value, Released: o.Released, Source: o.Source}
}

func (s *server) enterObservation(ctx context.Context, who org.Principal, in *enterInput) (*made[observationMark], error) {
	e := in.Body.entry(in.ID)
	e.Reason = in.Body.Reason
	return s.storeObservation(ctx, who, e, s.Indicator.Enter)
}

func (s *server) reviseObservation(ctx context.Context, who org.Principal, in *reviseInput) (*made[observationMark], error) {
	e := in.Body.entry(in.ID)
	e.Reason, e.Revision = in.Body.Reason, in.Body.Revision
	return s.storeObservation(ctx, who, e, s.Indicator.Revise)
}

func (s *server) withdrawObservation(ctx context.Context, who org.Principal, in *withdrawInput) (*body[withdrawnMark], error) {
	if err := who.May(org.IndicatorEdit, org.Scope{}); err != nil {
		return nil, err
	}
	ind, err := s.Indicator.Catalogue().Indicator(indicator.ID(in.ID))
	if err != nil {
		return nil, err
	}
	k := indicator.Key{Territory: city.TerritoryID(in.Body.Territory), Caliber: city.Caliber(in.Body.Caliber)}
	if !slices.Contains(s.Indicator.Catalogue().Territories(ind), k.Territory) {
		return nil, wrong("body.territory", "这个指标不公布这个地区的数")
	}
	if k.Period, err = indicator.ParsePeriod(in.Body.Period); err != nil {
		return nil, wrong("body.period", "不是时期：写成 2026-03、2026-01~03 或 2026")
	}
	if err := s.Indicator.Withdraw(ctx, who, ind.ID, k, in.Body.Revision, in.Body.Reason); err != nil {
		return nil, err
	}
	return &body[withdrawnMark]{withdrawnMark{in.Body.Revision + 1}}, nil
}

func (s *server) storeObservation(ctx context.Context, who org.Principal, e indicator.Entry, store func(context.Context, org.Principal, indicator.Entry) (string, error)) (*made[observationMark], error) {
	if _, err := s.Indicator.Catalogue().Indicator(e.Indicator); err != nil {
		return nil, err
	}
	id, err := store(ctx, who, e)
	if err != nil {
		return nil, err
	}
	return &made[observationMark]{Prefix + "/indicators/" + string(e.Indicator) + "/observations", observationMark{id}}, nil
}
