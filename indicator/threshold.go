package indicator

import (
	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

// Sector is one of the four sectors of trade and catering.
type Sector string

// The four sectors 批零住餐.
const (
	Wholesale     Sector = "wholesale"
	Retail        Sector = "retail"
	Accommodation Sector = "accommodation"
	Catering      Sector = "catering"
)

// Sectors lists the four in the order of statistics.
func Sectors() []Sector { return []Sector{Wholesale, Retail, Accommodation, Catering} }

// Label is the Chinese name of the sector, "" for none.
func (s Sector) Label() string {
	return map[Sector]string{Wholesale: "批发业", Retail: "零售业", Accommodation: "住宿业", Catering: "餐饮业"}[s]
}

// Limit is the yearly main-business revenue from which a legal unit of a sector
// is above the limit (限额以上).
type Limit struct {
	Sector Sector
	Yuan   quantity.Quantity
	city.Basis
}

// Admission holds the limits of the four sectors, and the share of a limit from
// which a unit is watched as about to reach it.
type Admission struct {
	Limits    []Limit
	Near      city.BasisPoints
	NearBasis city.Basis
}

// Standing says where a revenue stands against the limit of its sector.
type Standing struct {
	Limit   Limit
	Share   city.BasisPoints // revenue ÷ limit, rounded, for display
	Near    bool             // the early-warning share is reached, the limit not yet
	Reached bool
}

// Threshold judges the revenue in yuan of twelve months against the sector's limit.
// Reaching the limit is not admission: the statistics bureau of the country decides that.
func (a Admission) Threshold(sector Sector, revenue quantity.Quantity) (Standing, error) {
	for _, l := range a.Limits {
		if l.Sector != sector {
			continue
		}
		if revenue < 0 {
			return Standing{}, errs.New(errs.Invalid, "主营业务收入不能为负数")
		}
		share, err := revenue.MulDiv(10_000, int64(l.Yuan))
		if err != nil {
			return Standing{}, err
		}
		from, err := l.Yuan.MulDiv(int64(a.Near), 10_000)
		if err != nil {
			return Standing{}, err
		}
		reached := revenue >= l.Yuan
		return Standing{Limit: l, Share: city.BasisPoints(share), Reached: reached, Near: !reached && revenue >= from}, nil
	}
	return Standing{}, errs.New(errs.Invalid, "“%s”没有限额标准", sector)
}
