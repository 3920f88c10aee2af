package monitor

import (
	"net/url"
	"strings"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// nothing stands where there is no figure; unpublished where one is awaited.
const (
	nothing     = "—"
	unpublished = "数据未发布"
	noFigures   = "数据未发布或未录入"
)

// calibersApart follows the name of a caliber over a table of counties.
const calibersApart = "；两种口径的数不能相加，也不能互相比较"

// address builds a path with a query from name, value, …; empty values are left out.
func address(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func seriesURL(id indicator.ID) string { return "/monitor/series/" + url.PathEscape(string(id)) }

// figureURL is the page, or with a tail a form, of one figure.
func figureURL(id indicator.ID, k indicator.Key, tail string) string {
	return address(seriesURL(id)+"/"+tail, "territory", string(k.Territory), "period", k.Period.Code(), "caliber", string(k.Caliber))
}

// figure writes a figure without its unit: rates with a decimal, as they are
// published, levels with their digits grouped.
func figure(ind indicator.Indicator, q quantity.Quantity) string {
	if ind.Kind == indicator.Rate {
		return decimal(q)
	}
	return ui.GroupDigits(q.String())
}

// decimal writes at least one decimal.
func decimal(q quantity.Quantity) string {
	s := q.String()
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// points writes a difference of growth rates in percentage points with its sign.
func points(p city.BasisPoints) string {
	s := decimal(quantity.Quantity(p) * (quantity.Scale / 100))
	if p > 0 {
		return "+" + s
	}
	return s
}

// against says a gap in words.
func against(p city.BasisPoints) string {
	switch {
	case p > 0:
		return "高于全省 " + points(p)[1:] + " 个百分点"
	case p < 0:
		return "低于全省 " + points(-p)[1:] + " 个百分点"
	}
	return "与全省持平"
}

// grey is the sign for what is not published: no data is neither good nor bad.
func grey(label string) ui.Light { return ui.Light{Level: ui.Grey, Label: label} }

// mayEdit reports whether the person may enter figures.
func mayEdit(c *frame.Ctx) bool { return c.P.MayAnywhere(org.IndicatorEdit) }

func home() ui.Crumb { return ui.Crumb{Label: "统计监测", URL: "/monitor"} }

func (a area) name(id city.TerritoryID) string { return a.ind.Catalogue().TerritoryName(id) }

// shortName is the name of a territory for a column: 全市, 全省, or its own.
func (a area) shortName(pack *city.Pack, id city.TerritoryID) string {
	switch id {
	case indicator.Province:
		return "全省"
	case pack.Root().ID:
		return "全市"
	}
	return a.name(id)
}
