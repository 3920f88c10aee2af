package indicator

import (
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

// Entry is a published figure as typed. The names of the messages of a refusal are
// indicator, territory, period, caliber, value, released, source and reason.
type Entry struct {
	Indicator ID
	Territory string // id, name or other spelling; Province for the province
	Period    string
	Caliber   string
	Value     string
	Released  string // date of publication
	Source    string // the document
	Reason    string // of a revision
	Revision  int    // of a revision: the version that the person saw
}

// maxSource and maxReason bound the texts of an entry in characters.
const (
	maxSource = 200
	maxReason = 500
)

// parse reads an entry; today is the last possible day of publication (no date for no bound).
// The error has a message for every field that is wrong.
func (c *Catalogue) parse(e Entry, today calendar.Date) (o Observation, err error) {
	var check errs.Check
	ind, err := c.Indicator(e.Indicator)
	check.Require(err == nil, "indicator", "没有这个指标")
	o.Indicator = e.Indicator
	o.Period, err = ParsePeriod(e.Period)
	check.Add("period", err)
	check.Require(err != nil || ind.ID == "" || ind.Allows(o.Period), "period", "%s数据没有这样的时期", ind.Frequency.Label())
	o.Territory, err = c.territory(e.Territory)
	check.Add("territory", err)
	if err == nil && ind.ID != "" {
		o.Caliber, err = c.caliber(ind, o.Territory, e.Caliber)
		check.Add("caliber", err)
	}
	value, err := parseValue(ind, e.Value)
	check.Add("value", err)
	o.Value = &value
	o.Released, err = parseReleased(e.Released, o.Period, today)
	check.Add("released", err)
	o.Source, err = text(e.Source, "请写明公布数据的文件或网页", maxSource)
	check.Add("source", err)
	check.Add("source", publishedSource(o.Source))
	o.Reason = strings.TrimSpace(e.Reason)
	check.Require(utf8.RuneCountInString(o.Reason) <= maxReason, "reason", "最多 %d 个字", maxReason)
	return o, check.Err()
}

func (c *Catalogue) territory(s string) (city.TerritoryID, error) {
	s = strings.TrimSpace(s)
	switch s {
	case "":
		return "", errs.New(errs.Invalid, "请选择地区")
	case string(Province), c.pack.Province.Name, c.pack.Province.Short, "全省":
		return Province, nil
	case "全市":
		return c.pack.Root().ID, nil
	}
	if t, ok := c.pack.Territory(city.TerritoryID(s)); ok {
		return t.ID, nil
	}
	for _, t := range c.pack.Territories {
		if t.Name == s || t.Short == s || slices.Contains(t.Aliases, s) {
			return t.ID, nil
		}
	}
	return "", errs.New(errs.Invalid, "没有名为“%s”的地区", clip(s))
}

// caliber checks what was typed against the calibers of the territory. Where both
// count the same area nothing need be typed and nothing is kept.
func (c *Catalogue) caliber(ind Indicator, id city.TerritoryID, typed string) (city.Caliber, error) {
	may, name := CalibersOf(c.pack, ind, id), c.TerritoryName(id)
	want := city.Caliber(strings.TrimSpace(typed))
	known := want == "" || want == city.CaliberAdministrative || want == city.CaliberZonesApart
	switch {
	case !known:
		return "", errs.New(errs.Invalid, "口径应为%s或%s", city.CaliberAdministrative, city.CaliberZonesApart)
	case len(may) == 0:
		return "", errs.New(errs.Invalid, "%s不公布%s的这项指标", ind.Publisher, name)
	case may[0] == "":
		return "", nil
	case want == "" && len(may) == 1:
		return may[0], nil
	case want == "":
		return "", errs.New(errs.Invalid, "请选择口径：%s两种口径的数不同", name)
	case !slices.Contains(may, want):
		return "", errs.New(errs.Invalid, "%s没有%s的数", name, want)
	}
	return want, nil
}

func parseValue(ind Indicator, s string) (quantity.Quantity, error) {
	s = strings.TrimSuffix(strings.TrimSpace(s), "%")
	v, err := quantity.Parse(strings.TrimSpace(s))
	switch {
	case strings.TrimSpace(s) == "":
		return 0, errs.New(errs.Invalid, "请填写公布的数；没有公布就不录入")
	case err != nil:
		return 0, errs.New(errs.Invalid, "“%s”不是数，至多四位小数", clip(s))
	case ind.Kind == Level && v < 0:
		return 0, errs.New(errs.Invalid, "总量不能为负数")
	case ind.Kind == Rate && v%(quantity.Scale/100) != 0:
		return 0, errs.New(errs.Invalid, "增速至多两位小数")
	case ind.Kind == Rate && (v < quantity.Of(-100) || v > quantity.Of(1000)):
		return 0, errs.New(errs.Invalid, "增速应在 -100%% 到 1000%% 之间")
	}
	return v, nil
}

// parseReleased refuses what cannot have been published: before the period has
// ended there are only expectations.
func parseReleased(s string, p Period, today calendar.Date) (calendar.Date, error) {
	d, err := calendar.ParseDate(strings.TrimSpace(s))
	switch {
	case err != nil:
		return d, err
	case !p.IsZero() && !d.After(p.Ends()):
		return d, errs.New(errs.Invalid, "发布日期应晚于时期末日 %s：时期结束前没有统计数据", p.Ends())
	case !today.IsZero() && d.After(today):
		return d, errs.New(errs.Invalid, "发布日期不能晚于今天")
	}
	return d, nil
}

func text(s, missing string, limit int) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "", errs.New(errs.Invalid, "%s", missing)
	}
	if utf8.RuneCountInString(s) > limit {
		return "", errs.New(errs.Invalid, "最多 %d 个字", limit)
	}
	return s, nil
}
