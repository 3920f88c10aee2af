package indicator

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/city"
	"bihuan/kit/quantity"
)

func testPack(t testing.TB) *city.Pack {
	t.Helper()
	pack, err := city.LoadBuiltin("liaocheng")
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func testCatalogue(t testing.TB) *Catalogue {
	t.Helper()
	c, err := Load(testPack(t))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBuiltinPacksAreSound(t *testing.T) {
	for _, name := range city.Names() {
		pack, err := city.LoadBuiltin(name)
		if err != nil {
			t.Fatal(err)
		}
		if problems := Check(pack); len(problems) > 0 {
			t.Error(problems)
		}
	}
}

// Only figures that were found published come with the pack, each with a source; nothing is expected.
func TestKnownFigures(t *testing.T) {
	c := testCatalogue(t)
	got := map[string]string{}
	for _, o := range c.Known {
		if o.Source == "" || o.Confidence == "" || !o.Released.After(o.Period.Ends()) {
			t.Errorf("%s %s: no source, no confidence or published too early", o.Indicator, o.Period.Code())
		}
		got[string(o.Indicator)+" "+string(o.Territory)+" "+o.Period.Code()] = o.Value.String()
	}
	want := map[string]string{"retail city 2024": "1085.28", "gdp city 2025-01~03": "752.1", "gdp-rate city 2025-01~03": "6.7"}
	if len(got) != len(want) {
		t.Errorf("known figures: %v", got)
	}
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s is %q, want %s", k, got[k], v)
		}
	}
	for _, s := range Sectors() {
		var kinds []Kind
		for _, ind := range c.Indicators {
			if ind.Sector == s {
				kinds = append(kinds, ind.Kind)
			}
		}
		if !slices.Equal(kinds, []Kind{Level, Rate}) {
			t.Errorf("%s has %v", s, kinds)
		}
	}
}

const soundIndicator = `indicators:
  - id: sales
    name: 销售额
    unit: 亿元
    kind: level
    frequency: month
    calibers: [行政区划口径]
    owner: commerce
    publisher: 统计部门
    definition: 销售额
    release: {months: 1, from: 15, to: 31, confidence: D, source: 设定}
    confidence: D
    source: 设定
`

// withFiles is the pack with other files in this room's folder.
func withFiles(t *testing.T, files map[string]string) *city.Pack {
	t.Helper()
	pack := *testPack(t)
	m := fstest.MapFS{}
	for name, text := range files {
		m[Folder+"/"+name] = &fstest.MapFile{Data: []byte(text), Mode: fs.ModePerm}
	}
	pack.Files = m
	return &pack
}

func TestProblemsNameTheirPlace(t *testing.T) {
	change := func(old, new string) map[string]string {
		if !strings.Contains(soundIndicator, old) {
			t.Fatalf("%q does not stand in the sound file", old)
		}
		return map[string]string{"indicators.yaml": strings.Replace(soundIndicator, old, new, 1)}
	}
	known := func(line string) map[string]string {
		return map[string]string{"indicators.yaml": soundIndicator, "known.yaml": "known:\n  - " + line + "\n"}
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"unknown key":         {change("unit: 亿元", "units: 亿元"), "indicators.yaml:4:5 indicators[1]：未知的键“units”，应为“unit”"},
		"unknown kind":        {change("kind: level", "kind: levels"), "indicators.yaml:5:11 indicators[1].kind：“levels”，应为下列之一：level、rate"},
		"a rate in yuan":      {change("kind: level", "kind: rate"), "indicators[1].unit：“亿元”，应为“%”"},
		"unknown owner":       {change("owner: commerce", "owner: statistics"), "indicators[1].owner：“statistics”，应为单位名录"},
		"unknown caliber":     {change("[行政区划口径]", "[辖区口径]"), "calibers[1]：“辖区口径”，应为下列之一"},
		"window upside down":  {change("from: 15, to: 31", "from: 15, to: 9"), "release.to：9，应为不早于 from 的日子"},
		"announced too early": {change("to: 31,", "to: 31, dates: [{period: 2026年1—3月, on: 2026-03-31}],"), "release.dates[1].on：2026-03-31，应为晚于时期末日"},
		"announced for what":  {change("to: 31,", "to: 31, dates: [{period: 2026年1月, on: 2026-03-31}],"), "release.dates[1].period：“2026年1月”，应为时期"},
		"level of a level":    {change("    kind: level", "    level: sales\n    kind: level"), "indicators[1].level：总量指标的“level”"},
		"no confidence":       {change("    confidence: D\n    source: 设定\n", "    source: 设定\n"), "缺少“confidence”"},
		"id twice":            {map[string]string{"indicators.yaml": soundIndicator + strings.TrimPrefix(soundIndicator, "indicators:\n")}, "重复的编号“sales”，应为另一个编号（第 2 行已用）"},
		"unknown file":        {map[string]string{"indicator.yaml": soundIndicator}, "indicator/indicator.yaml：未知的文件"},
		"a sector is missing": {map[string]string{"admission.yaml": "limits:\n  - {sector: retail, yuan: 5000000, confidence: B, source: 附注}\nnear: {share: 70%, confidence: D, source: 设定}\n"}, "不全的限额标准，应为批发、零售、住宿、餐饮各一项"},
		"share without sign":  {map[string]string{"admission.yaml": "limits: []\nnear: {share: 70, confidence: D, source: 设定}\n"}, "near.share：“70”，应为百分数"},
		"unknown indicator":   {known("{indicator: sale, territory: city, period: 2024年, value: 1, released: 2025-02-01, confidence: B, source: 公报}"), "known[1].indicator：“sale”，应为没有这个指标"},
		"before the end":      {known("{indicator: sales, territory: city, period: 2024年, value: 1, released: 2024-12-31, confidence: B, source: 公报}"), "known[1].released：“2024-12-31”，应为发布日期应晚于时期末日"},
		"only expected":       {known("{indicator: sales, territory: city, period: 2024年, value: 1, released: 2025-02-01, confidence: B, source: 年度预计数}"), "known[1].source"},
		"figure twice": {known("{indicator: sales, territory: city, period: 2024年, value: 1, released: 2025-02-01, confidence: B, source: 公报}\n" +
			"  - {indicator: sales, territory: 聊城市, period: 2024, value: 2, released: 2025-02-01, confidence: B, source: 公报}"), "known.yaml:3:5 known[2]：重复的数"},
	} {
		t.Run(name, func(t *testing.T) {
			pack := withFiles(t, c.files)
			problems := Check(pack)
			if !strings.Contains(problems.Error(), c.want) {
				t.Errorf("got\n%v\nwant %s", problems, c.want)
			}
			if _, err := Load(pack); err == nil {
				t.Error("the pack is loaded all the same")
			}
		})
	}
}

func TestNoFolderNoIndicators(t *testing.T) {
	c, err := Load(withFiles(t, nil))
	if err != nil || len(c.Indicators) != 0 {
		t.Errorf("%v %v", c, err)
	}
}

func TestThreshold(t *testing.T) {
	a := testCatalogue(t).Admission
	for _, c := range []struct {
		sector        Sector
		yuan          int64
		near, reached bool
	}{
		{Wholesale, 13_999_999, false, false}, {Wholesale, 14_000_000, true, false}, {Wholesale, 19_999_999, true, false}, {Wholesale, 20_000_000, false, true},
		{Retail, 3_499_999, false, false}, {Retail, 3_500_000, true, false}, {Retail, 5_000_000, false, true},
		{Accommodation, 1_400_000, true, false}, {Accommodation, 2_000_000, false, true}, {Catering, 1_399_999, false, false}, {Catering, 2_000_001, false, true},
		{Catering, 0, false, false},
	} {
		s, err := a.Threshold(c.sector, quantity.Of(c.yuan))
		if err != nil || s.Near != c.near || s.Reached != c.reached || s.Limit.Sector != c.sector || s.Limit.Source == "" {
			t.Errorf("%s %d: %+v %v", c.sector, c.yuan, s, err)
		}
	}
	if s, err := a.Threshold(Retail, quantity.Of(4_000_000)); err != nil || s.Share != 8000 {
		t.Errorf("share %v %v", s.Share, err)
	}
	if _, err := a.Threshold(Retail, -1); err == nil {
		t.Error("a negative revenue is judged")
	}
	if _, err := a.Threshold("mining", 1); err == nil {
		t.Error("an unknown sector is judged")
	}
}
