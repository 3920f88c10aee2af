package indicator

import (
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

// ComputedLabel stands beside every figure that nobody published.
const ComputedLabel = "测算"

// Computed is a figure worked out here from published ones. It is of another type
// than Observation, so that it can be shown and never entered.
type Computed struct {
	Value quantity.Quantity
	From  []Observation
}

// Label is ComputedLabel.
func (Computed) Label() string { return ComputedLabel }

// Growth works out the growth in percent, rounded to two decimals, of a level on
// the year before. It is no published rate: those are on a comparable basis.
func Growth(ind Indicator, now, base Observation) (Computed, error) {
	switch {
	case ind.Kind != Level || now.Indicator != ind.ID || base.Indicator != ind.ID:
		return Computed{}, errs.New(errs.Invalid, "只有同一总量指标的两个数可以测算增速")
	case now.Territory != base.Territory || now.Caliber != base.Caliber || base.Period != now.Period.YearBefore():
		return Computed{}, errs.New(errs.Invalid, "测算增速要求同一地区、同一口径、上年同期")
	case now.Withdrawn() || base.Withdrawn() || *base.Value <= 0:
		return Computed{}, errs.New(errs.Invalid, "没有可以测算的上年同期数")
	}
	diff, err := now.Value.Add(-*base.Value)
	if err != nil {
		return Computed{}, err
	}
	points, err := diff.MulDiv(10_000, int64(*base.Value)) // hundredths of a percent
	if err != nil {
		return Computed{}, err
	}
	return Computed{Value: points * (quantity.Scale / 100), From: []Observation{now, base}}, nil
}

// Points is the difference a − b of two growth rates in hundredths of a percentage
// point. They must be of one indicator and one period.
func Points(ind Indicator, a, b Observation) (city.BasisPoints, error) {
	switch {
	case ind.Kind != Rate || a.Indicator != ind.ID || b.Indicator != ind.ID:
		return 0, errs.New(errs.Invalid, "只有同一增速指标的数可以比较")
	case a.Period != b.Period:
		return 0, errs.New(errs.Invalid, "时期不同的增速不能比较")
	case a.Withdrawn() || b.Withdrawn():
		return 0, errs.New(errs.Invalid, "数据未发布")
	}
	diff, err := a.Value.Add(-*b.Value)
	if err != nil {
		return 0, err
	}
	return city.BasisPoints(diff / (quantity.Scale / 100)), nil
}

// Sum adds levels of parts of the city for one period. It refuses rates, two
// calibers, a part given twice, and the city or the province among the parts.
func Sum(pack *city.Pack, ind Indicator, caliber city.Caliber, parts []Observation) (Computed, error) {
	if ind.Kind != Level {
		return Computed{}, errs.New(errs.Invalid, "增速不能相加")
	}
	inside := pack.TerritoriesFor(caliber)
	var sum quantity.Quantity
	for i, o := range parts {
		part := slices.ContainsFunc(inside, func(t city.Territory) bool { return t.ID == o.Territory })
		twice := slices.ContainsFunc(parts[:i], func(b Observation) bool { return b.Territory == o.Territory })
		switch {
		case !part || (o.Caliber != "" && o.Caliber != caliber):
			return Computed{}, errs.New(errs.Invalid, "两种口径的数不能相加：功能区已计入所在的区")
		case twice || o.Indicator != ind.ID || o.Period != parts[0].Period:
			return Computed{}, errs.New(errs.Invalid, "只有同一指标、同一时期、不同地区的数可以相加")
		case o.Withdrawn():
			return Computed{}, errs.New(errs.Invalid, "数据未发布")
		}
		var err error
		if sum, err = sum.Add(*o.Value); err != nil {
			return Computed{}, err
		}
	}
	return Computed{Value: sum, From: parts}, nil
}

// CalibersOf lists the calibers in which figures of a territory are kept: "" alone
// where both count the same area, none when the indicator is not published for it.
func CalibersOf(pack *city.Pack, ind Indicator, id city.TerritoryID) []city.Caliber {
	if id == Province {
		if ind.Provincial {
			return []city.Caliber{""}
		}
		return nil
	}
	t, ok := pack.Territory(id)
	switch {
	case !ok || (t.Kind != city.TerritoryPrefecture && !ind.Parts):
		return nil
	case t.Kind == city.TerritoryZone && slices.Contains(ind.Calibers, city.CaliberZonesApart):
		return []city.Caliber{city.CaliberZonesApart}
	case t.Kind == city.TerritoryZone:
		return nil
	case len(pack.ZonesIn(id)) > 0:
		return ind.Calibers
	}
	return []city.Caliber{""}
}

// Gap compares the city's growth rate with the province's.
type Gap struct {
	Indicator Indicator
	Period    Period           // the newest period that both published, else the newest of either
	City      *Observation     // nil: not published
	Province  *Observation     // nil: not published
	Points    city.BasisPoints // city − province; of no meaning unless Known
	Known     bool             // both have published: false is grey, 数据未发布
	// Waiting is a newer period of which only one of the two has published; zero for none.
	Waiting Period
	// Stale says that by the day a newer period should have been published and is not here.
	Stale bool
}

// Missing says in words why there is no gap; "" when there is one.
func (g Gap) Missing() string {
	switch {
	case g.Known:
		return ""
	case g.City == nil && g.Province == nil:
		return "数据未发布"
	case g.City == nil:
		return g.Indicator.Label(g.Period) + "全市数据未发布"
	}
	return g.Indicator.Label(g.Period) + "全省数据未发布"
}

// gapAt compares by what was public on the day.
func gapAt(s Series, root city.TerritoryID, day calendar.Date) Gap {
	g := Gap{Indicator: s.Indicator}
	for _, p := range slices.Backward(s.Periods(Cumulative, day)) {
		own, other := s.public(root, p, day), s.public(Province, p, day)
		if own != nil && other != nil {
			points, err := Points(s.Indicator, *own, *other)
			if err != nil {
				continue // cannot be: one indicator, one period, both there
			}
			g.Waiting, g.Period, g.City, g.Province, g.Points, g.Known = g.Period, p, own, other, points, true
			break
		}
		if g.Period.IsZero() && (own != nil || other != nil) {
			g.Period, g.City, g.Province = p, own, other
		}
	}
	g.Stale = g.Period.Compare(s.Indicator.Overdue(day)) < 0
	return g
}

func (s Series) public(id city.TerritoryID, p Period, day calendar.Date) *Observation {
	if o, ok := s.At(Key{Territory: id, Period: p}, day); ok {
		return &o
	}
	return nil
}

// Label is a period as the indicator's publisher calls it: 2025年一季度, 2025年1—3月.
func (i Indicator) Label(p Period) string {
	if i.Frequency != Quarterly || p.IsZero() {
		return p.Label()
	}
	names := map[[2]int]string{{1, 3}: "一季度", {4, 6}: "二季度", {7, 9}: "三季度", {10, 12}: "四季度", {1, 6}: "上半年", {1, 9}: "前三季度"}
	if n := names[[2]int{p.from, p.to}]; n != "" {
		return p.Label()[:len("2025年")] + n
	}
	return p.Label()
}

// notPublished are words of sources that are no publication.
var notPublished = []string{"测算", "推算", "估算", "估计", "预计", "预测", "初步判断", "目标值", "期望"}

// publishedSource refuses a source that says itself that the figure was not published.
func publishedSource(source string) error {
	for _, w := range notPublished {
		if strings.Contains(source, w) {
			return errs.New(errs.Invalid, "只录入已发布的数据，来源不能是“%s”的数", w)
		}
	}
	return nil
}
