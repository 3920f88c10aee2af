package plan

import (
	"testing"

	"pgregory.net/rapid"

	"bihuan/city"
	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

func TestSplitAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := quantity.Quantity(rapid.Int64Range(0, 1<<52).Draw(t, "total"))
		if rapid.Bool().Draw(t, "whole") {
			total = total / quantity.Scale * quantity.Scale
		}
		weights := rapid.SliceOfN(rapid.Int64Range(0, 10_000_000), 1, 20).Draw(t, "weights")
		weights[0]++
		parts, err := Split(total, weights)
		if err != nil {
			t.Fatal(err)
		}
		sum, all := quantity.Quantity(0), int64(0)
		for _, w := range weights {
			all += w
		}
		step := quantity.Quantity(1)
		if total%quantity.Scale == 0 {
			step = quantity.Scale
		}
		for i, p := range parts {
			sum += p
			exact := total.Float() * float64(weights[i]) / float64(all)
			if p < 0 || p%step != 0 || p.Float()-exact > 1.001*step.Float()+1e-9*exact || exact-p.Float() > 1.001*step.Float()+1e-9*exact {
				t.Fatalf("part %d of %s by %v is %s, exact %f", i, total, weights, p, exact)
			}
		}
		if sum != total {
			t.Fatalf("parts of %s by %v give %s", total, weights, sum)
		}
	})
}

func TestSplitCases(t *testing.T) {
	for _, c := range []struct {
		name    string
		total   quantity.Quantity
		weights []int64
		want    []string
	}{
		{"even with a rest", quantity.Of(25), []int64{1, 1, 1}, []string{"9", "8", "8"}},
		{"largest remainder", quantity.Of(10), []int64{6, 3, 2}, []string{"5", "3", "2"}},
		{"decimals stay exact", quantity.Of(1) / 2, []int64{1, 1, 1}, []string{"0.1667", "0.1667", "0.1666"}},
		{"nothing for no weight", quantity.Of(7), []int64{0, 1}, []string{"0", "7"}},
	} {
		parts, err := Split(c.total, c.weights)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		for i, p := range parts {
			if p.String() != c.want[i] {
				t.Errorf("%s: part %d is %s, want %s", c.name, i, p, c.want[i])
			}
		}
	}
	for name, bad := range map[string][]int64{"no weights": nil, "zero weights": {0, 0}, "negative": {1, -1}} {
		if _, err := Split(quantity.Of(5), bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Split(quantity.Of(-5), []int64{1}); err == nil {
		t.Error("negative total: no error")
	}
}

func TestSplitSuggestions(t *testing.T) {
	pack, err := city.LoadBuiltin(city.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	even, err := SplitEven(pack, quantity.Of(25))
	if err != nil || len(even) != len(pack.TerritoriesFor(city.CaliberZonesApart)) {
		t.Fatalf("%d parts, %v", len(even), err)
	}
	shares, year, missing, err := SplitByPopulation(pack, quantity.Of(1000))
	if err != nil || year == 0 || len(shares)+len(missing) != len(even) {
		t.Fatalf("%d shares in %d, missing %v, %v", len(shares), year, missing, err)
	}
	sum := quantity.Quantity(0)
	for _, s := range shares {
		tr, _ := pack.Territory(s.Territory)
		if _, ok := tr.PopulationIn(city.CaliberZonesApart, year); !ok {
			t.Errorf("%s has no number for %d", tr.Name, year)
		}
		sum += s.Value
	}
	if sum != quantity.Of(1000) {
		t.Errorf("sum %s", sum)
	}
	bare := *pack
	bare.Territories = []city.Territory{{ID: "a", Kind: city.TerritoryCounty}}
	if _, _, _, err := SplitByPopulation(&bare, quantity.Of(3)); err == nil {
		t.Error("no population: no error")
	}
}

func TestMeaning(t *testing.T) {
	two, three, hundred := quantity.Of(2), quantity.Of(3), quantity.Of(100)
	for _, c := range []struct {
		name string
		t    Target
		want string
	}{
		{"flow", Target{Kind: Flow, Comparator: read.Equal, Value: &two, Unit: "家"}, "当年累计达到 2家 为完成"},
		{"range", Target{Kind: Flow, Comparator: read.Range, Value: &two, ValueMax: &three, Unit: "家"}, "当年累计达到 2家 为完成，3家 为争取"},
		{"strictly above", Target{Kind: Stock, Comparator: read.Above, Value: &hundred, Unit: "亿元"}, "期末总量超过 100亿元 为完成，正好 100亿元 不算"},
		{"about", Target{Kind: Flow, Comparator: read.About, Value: &hundred, Unit: "场"}, "当年累计达到 100场 左右为完成（不少于 95场）"},
		{"ceiling", Target{Kind: Rate, Comparator: read.AtMost, Value: &two, Unit: "%"}, "不超过 2% 为完成"},
		{"below", Target{Kind: Rate, Comparator: read.Below, Value: &two, Unit: "%"}, "低于 2% 为完成，正好 2% 不算"},
		{"growth, aspirational", Target{Kind: Rate, Comparator: read.AtLeast, Value: &two, Unit: "%", Change: read.ChangeUp, Aspirational: true},
			"增幅达到 2% 为完成；力争目标，不因数量亮红灯"},
		{"cumulative", Target{Kind: Flow, Cumulative: true, Comparator: read.AtLeast, Value: &two, Unit: "家"}, "历年累计达到 2家 为完成"},
		{"comparison", Target{Kind: Comparison}, "与对比对象相差大于 0 个百分点为完成"},
		{"promise", Target{Kind: Qualitative, QuantifyBy: "2026-05-01"}, "还没有数值，应于 2026-05-01 前补充目标值"},
		{"promise without a day", Target{Kind: Qualitative}, "还没有数值，补充目标值以后才能比对进度"},
	} {
		if got := c.t.Meaning(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
