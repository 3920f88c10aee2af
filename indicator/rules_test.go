package indicator

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

// obs makes a version: "retail city 2026-01~03 12.5 2026-04-16", with a caliber at the end where there is one.
func obs(t testing.TB, line string) Observation {
	t.Helper()
	f := strings.Fields(line)
	p, err := ParsePeriod(f[2])
	if err != nil {
		t.Fatal(err)
	}
	v, err := quantity.Parse(f[3])
	if err != nil {
		t.Fatal(err)
	}
	o := Observation{Indicator: ID(f[0]), Key: Key{Territory: city.TerritoryID(f[1]), Period: p}, Revision: 1, Value: &v, Released: calendar.MustParseDate(f[4])}
	if len(f) > 5 {
		o.Caliber = city.Caliber(f[5])
	}
	return o
}

func indicatorOf(t testing.TB, id ID) Indicator {
	t.Helper()
	ind, err := testCatalogue(t).Indicator(id)
	if err != nil {
		t.Fatal(err)
	}
	return ind
}

func TestGrowthIsOnlyComputed(t *testing.T) {
	level, rate := indicatorOf(t, "retail"), indicatorOf(t, "retail-rate")
	now, base := obs(t, "retail city 2026-01~03 262.5 2026-04-16"), obs(t, "retail city 2025-01~03 250 2025-04-16")
	c, err := Growth(level, now, base)
	if err != nil || c.Value.String() != "5" || c.Label() != "测算" || len(c.From) != 2 {
		t.Errorf("%+v %v", c, err)
	}
	less := obs(t, "retail city 2026-01~03 249.99 2026-04-16")
	if c, err := Growth(level, less, base); err != nil || c.Value != 0 {
		t.Errorf("-0.004 %% rounds to %v %v", c.Value, err)
	}
	gone := base
	gone.Value = nil
	for name, pair := range map[string][2]Observation{
		"another period":    {now, obs(t, "retail city 2025-01~02 250 2025-03-16")},
		"another territory": {now, obs(t, "retail province 2025-01~03 250 2025-04-16")},
		"another caliber":   {now, obs(t, "retail city 2025-01~03 250 2025-04-16 行政区划口径")},
		"withdrawn":         {now, gone},
		"nothing before":    {now, obs(t, "retail city 2025-01~03 0 2025-04-16")},
		"another indicator": {now, obs(t, "gdp city 2025-01~03 250 2025-04-16")},
	} {
		if _, err := Growth(level, pair[0], pair[1]); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := obs(t, "retail-rate city 2026-01~03 5 2026-04-16")
	if _, err := Growth(rate, r, obs(t, "retail-rate city 2025-01~03 4 2025-04-16")); err == nil {
		t.Error("growth of a rate")
	}
}

func TestPoints(t *testing.T) {
	rate := indicatorOf(t, "retail-rate")
	own := obs(t, "retail-rate city 2026-01~03 5.3 2026-04-20")
	for value, want := range map[string]city.BasisPoints{"5.8": -50, "5.3": 0, "4.95": 35, "-1.2": 650} {
		got, err := Points(rate, own, obs(t, "retail-rate province 2026-01~03 "+value+" 2026-04-18"))
		if err != nil || got != want {
			t.Errorf("5.3 − %s = %v %v, want %v", value, got, err, want)
		}
	}
	gone := own
	gone.Value = nil
	for name, b := range map[string]Observation{
		"another period":    obs(t, "retail-rate province 2026-01~02 5 2026-03-18"),
		"one month alone":   obs(t, "retail-rate province 2026-03 5 2026-04-18"),
		"another indicator": obs(t, "gdp-rate province 2026-01~03 5 2026-04-18"),
		"withdrawn":         gone,
	} {
		if _, err := Points(rate, own, b); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Points(indicatorOf(t, "retail"), obs(t, "retail city 2026-01~03 5 2026-04-20"), obs(t, "retail province 2026-01~03 5 2026-04-20")); err == nil {
		t.Error("a gap between two levels")
	}
}

func TestSumsKeepCalibersApart(t *testing.T) {
	pack, level := testPack(t), indicatorOf(t, "retail")
	at := func(id, value string, caliber city.Caliber) Observation {
		return obs(t, strings.TrimSpace("retail "+id+" 2026-01~03 "+value+" 2026-04-20 "+string(caliber)))
	}
	whole := at("dongchangfu", "10", city.CaliberAdministrative)
	rest := at("dongchangfu", "6", city.CaliberZonesApart)
	zone := at("jingkai", "4", city.CaliberZonesApart)
	county := at("donge", "1.5", "")
	if c, err := Sum(pack, level, city.CaliberAdministrative, []Observation{whole, county}); err != nil || c.Value.String() != "11.5" || c.Label() != ComputedLabel {
		t.Errorf("%v %v", c, err)
	}
	if c, err := Sum(pack, level, city.CaliberZonesApart, []Observation{rest, zone, county}); err != nil || c.Value.String() != "11.5" {
		t.Errorf("%v %v", c, err)
	}
	for name, parts := range map[string][]Observation{
		"a zone beside its whole district": {whole, zone},
		"both calibers of a district":      {whole, rest},
		"the city among its parts":         {at("city", "100", ""), county},
		"the province":                     {at("province", "100", "")},
		"one part twice":                   {county, county},
		"two periods":                      {county, obs(t, "retail chiping 2026-01~02 1 2026-03-20")},
		"another indicator":                {obs(t, "gdp donge 2026-01~03 1 2026-04-20")},
	} {
		for _, c := range level.Calibers {
			if _, err := Sum(pack, level, c, parts); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s, %s: %v", name, c, err)
			}
		}
	}
	if _, err := Sum(pack, indicatorOf(t, "retail-rate"), city.CaliberZonesApart, nil); err == nil {
		t.Error("rates are added")
	}
}

func TestCalibersOf(t *testing.T) {
	pack, both, one := testPack(t), indicatorOf(t, "retail"), indicatorOf(t, "gdp")
	for id, want := range map[city.TerritoryID]string{"city": "[]", Province: "[]", "donge": "[]", "dongchangfu": "[行政区划口径 功能区单列口径]", "jingkai": "[功能区单列口径]"} {
		if got := fmt.Sprint(CalibersOf(pack, both, id)); got != want {
			t.Errorf("%s: %s", id, got)
		}
	}
	if got := CalibersOf(pack, one, "jingkai"); len(got) != 0 {
		t.Errorf("a zone in an indicator without zones: %v", got)
	}
	own := both
	own.Parts, own.Provincial = false, false
	if len(CalibersOf(pack, own, "donge")) != 0 || len(CalibersOf(pack, own, Province)) != 0 || len(CalibersOf(pack, own, "atlantis")) != 0 {
		t.Error("figures for territories that are not published")
	}
}

func TestGap(t *testing.T) {
	rate := indicatorOf(t, "retail-rate")
	revised := obs(t, "retail-rate city 2026-01~03 5.9 2026-05-20")
	revised.Revision = 2
	gone := obs(t, "retail-rate city 2026-01~02 1 2026-03-20")
	gone.Revision, gone.Value = 2, nil
	s := NewSeries(rate, []Observation{revised, gone,
		obs(t, "retail-rate city 2026-01~02 5 2026-03-20"), obs(t, "retail-rate province 2026-01~02 5.2 2026-03-18"),
		obs(t, "retail-rate city 2026-01~03 5.3 2026-04-21"), obs(t, "retail-rate province 2026-01~03 5.5 2026-04-18"),
		obs(t, "retail-rate province 2026-01~04 5.6 2026-05-18"),
		obs(t, "retail-rate city 2026-04 9 2026-05-18"), obs(t, "retail-rate province 2026-04 1 2026-05-18"),
	})
	for _, c := range []struct {
		day, period string
		known       bool
		points      city.BasisPoints
		waiting     string
		stale       bool
		missing     string
	}{
		{"2026-03-17", "", false, 0, "", true, "数据未发布"},
		{"2026-03-18", "2026-01~02", false, 0, "", false, "2026年1—2月全市数据未发布"},
		{"2026-04-20", "2026-01~03", false, 0, "", false, "2026年1—3月全市数据未发布"}, // the city's first figure was withdrawn
		{"2026-04-21", "2026-01~03", true, -20, "", false, ""},
		{"2026-05-18", "2026-01~03", true, -20, "2026-01~04", false, ""}, // the single month is no gap
		{"2026-05-20", "2026-01~03", true, 40, "2026-01~04", false, ""},
		{"2026-07-01", "2026-01~03", true, 40, "2026-01~04", true, ""},
	} {
		g := gapAt(s, "city", calendar.MustParseDate(c.day))
		if g.Period.Code() != c.period || g.Known != c.known || g.Points != c.points || g.Waiting.Code() != c.waiting || g.Stale != c.stale || g.Missing() != c.missing {
			t.Errorf("%s: %s known %v points %v waiting %s stale %v %q", c.day, g.Period.Code(), g.Known, g.Points, g.Waiting.Code(), g.Stale, g.Missing())
		}
	}
}

// Whatever is published in whatever order, a gap is the difference of two figures of one period.
func TestGapComparesOnePeriod(t *testing.T) {
	rate := indicatorOf(t, "retail-rate")
	rapid.Check(t, func(t *rapid.T) {
		var all []Observation
		for i := range rapid.IntRange(0, 12).Draw(t, "n") {
			v := quantity.Quantity(rapid.Int64Range(-3000, 3000).Draw(t, "v") * 100)
			all = append(all, Observation{Indicator: rate.ID, Revision: i + 1, Value: &v, Released: calendar.Of(2026, 4, rapid.IntRange(1, 30).Draw(t, "day")),
				Key: Key{Territory: rapid.SampledFrom([]city.TerritoryID{"city", Province, "donge"}).Draw(t, "where"), Period: Period{2026, 1, rapid.IntRange(2, 4).Draw(t, "to")}}})
		}
		day := calendar.Of(2026, 4, rapid.IntRange(1, 30).Draw(t, "on"))
		g := gapAt(NewSeries(rate, all), "city", day)
		if g.Known != (g.City != nil && g.Province != nil) {
			t.Fatal("known without both figures")
		}
		if !g.Known {
			return
		}
		if g.City.Period != g.Province.Period || g.City.Released.After(day) || g.Province.Released.After(day) {
			t.Fatalf("%+v", g)
		}
		if quantity.Quantity(g.Points)*100 != *g.City.Value-*g.Province.Value {
			t.Fatalf("%v of %v and %v", g.Points, g.City.Value, g.Province.Value)
		}
	})
}
