package city_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/city"
	"bihuan/kit/errs"
)

func TestResolve(t *testing.T) {
	d := first(t).Directory()
	for _, c := range []struct {
		printed string
		want    city.UnitID
		exact   bool
	}{
		// as the plan prints them, in unit lists and over the signatures
		{"市商务局", "commerce", true}, {"聊城市商务局", "commerce", true}, {"商务局", "commerce", true},
		{"聊城市委宣传部", "publicity", true}, {"市委宣传部", "publicity", true},
		{"聊城市妇联", "women", true}, {"市妇联", "women", true}, {"聊城市妇女联合会", "women", true},
		{"聊城市共青团", "youth", true}, {"团市委", "youth", true}, {"共青团聊城市委聊城市委员会", "", false},
		{"市教育体育局", "education", true}, {"市教育和体育局", "education", true},
		{"市教育和体育局、市住\n房和城乡建设局", "", false},
		{"市住\n房和城乡建设局", "housing", true}, {"市住建局", "housing", true},
		{"市卫生健康委", "health", true}, {"聊城市卫生健康委员会", "health", true}, {"卫健委", "health", true},
		{"市市场监管局", "market", true}, {"聊城市市场监督管理局", "market", true}, {"市场监管局", "market", true},
		{"聊城市场监管局", "market", true},
		{"市邮政管理局", "post", true}, {"中国人民银行聊城市分行", "pboc", true}, {"人行聊城市分行", "pboc", true},
		{"市人力资源和社会保障局", "labour", true}, {"市人社局", "labour", true},
		// typography
		{"市 商 务 局", "commerce", true}, {"**市商务局**", "commerce", true}, {"市文化和旅游局（", "culture", true},
		{"市⽂化和旅游局", "culture", true}, {"⼈⾏聊城市分⾏", "pboc", true}, // radicals, as text from PDF has them
		// the province before the city
		{"山东省聊城市商务局", "commerce", true}, {"山东聊城市商务局", "commerce", true},
		// customary shortenings that the pack does not list
		{"聊城市教体局", "education", true}, {"市卫健委员会", "health", false}, {"市住房与城乡建设局", "housing", false},
		{"中国人行聊城市分行", "", false},
		// governments
		{"东昌府区人民政府", "dongchangfu-gov", true}, {"聊城市东昌府区政府", "dongchangfu-gov", true},
		{"临清市人民政府", "linqing-gov", true}, {"冠县", "guanxian-gov", true}, {"茌平", "chiping-gov", false},
		{"聊城经济技术开发区管委会", "jingkai-com", true}, {"市经济技术开发区管理委员会", "jingkai-com", true},
		{"高新区管委会", "gaoxin-com", true}, {"聊城江北水城旅游度假区管委会", "dujia-com", true},
		// not units of the plan
		{"聊城市人民政府", "", false}, {"茌平区商务局", "", false}, {"济南市商务局", "", false}, {"省商务厅", "", false},
		{"聊城市委员会", "", false}, {"", "", false}, {"、（）", "", false}, {"局", "", false}, {"市", "", false},
	} {
		got := d.Resolve(c.printed)
		if c.want == "" {
			if got.Found() {
				t.Errorf("%q became %v", c.printed, got.Units)
			}
			continue
		}
		if !slices.Equal(got.Units, []city.UnitID{c.want}) || got.Exact != c.exact || got.Collective || got.Ambiguous {
			t.Errorf("%q: %+v, want %s exact %v", c.printed, got, c.want, c.exact)
		}
	}
}

func TestResolveCollective(t *testing.T) {
	d := first(t).Directory()
	for printed, want := range map[string]int{
		"各县〔市、区〕人民政府": 8, "各县（市、区）人民政府": 8, "各县(市、区)人民政府": 8, "各县市区政府": 8, "各县（市、区）": 8,
		"市属开发区管委会": 3, "市属开发区": 3, "各部门": 16, "各有关部门": 16, "市直有关部门": 16,
		"各县〔市、区〕人民政府、市属开发区管委会": 11, "各县（市、区）、市属开发区": 11,
	} {
		got := d.Resolve(printed)
		if !got.Collective || got.CollectiveID == "" || len(got.Units) != want {
			t.Errorf("%q: %+v, want %d units", printed, got, want)
		}
	}
	got := d.Resolve("各部门")
	got.Units[0] = "spoilt"
	if d.Resolve("各部门").Units[0] == "spoilt" {
		t.Error("the caller can change the pack")
	}
}

// Every unit named in a unit list of the plan is known.
func TestResolvePlan(t *testing.T) {
	p := first(t)
	doc, _ := p.Document("consumption-2026")
	lists := 0
	for rest := doc.Text; ; {
		_, after, found := strings.Cut(rest, "（责任单位：")
		if !found {
			break
		}
		list, tail, _ := strings.Cut(after, "）")
		rest = tail
		lists++
		list = strings.NewReplacer("市、区", "市区", "牵头", "", "参与", "").Replace(list)
		for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == '、' || r == '，' }) {
			if got := p.Directory().Resolve(name); !got.Found() || !got.Exact {
				t.Errorf("%q: %+v", name, got)
			}
		}
	}
	if lists != 23 {
		t.Errorf("%d unit lists", lists)
	}
}

func TestCandidates(t *testing.T) {
	d := first(t).Directory()
	for printed, want := range map[string]city.UnitID{
		"市商务委": "commerce", "市农村农业局": "agriculture", "市文化旅游厅": "culture", "高唐县人民政俯": "gaotang-gov",
	} {
		got := d.Resolve(printed)
		if got.Found() || got.Ambiguous || len(got.Candidates) == 0 || len(got.Candidates) > 3 || got.Candidates[0] != want {
			t.Errorf("%q: %+v, want first %s", printed, got, want)
		}
	}
}

func TestNoCandidatesForStrangers(t *testing.T) {
	for _, printed := range []string{"高铁建设指挥部", "省商务厅", "电力公司", "市发展改革委"} {
		if got := first(t).Directory().Resolve(printed); got.Found() || len(got.Candidates) > 0 {
			t.Errorf("%q: %+v", printed, got)
		}
	}
}

func TestAmbiguous(t *testing.T) {
	p := &city.Pack{Name: "云河市", Short: "云河", Word: "市", Units: []city.Unit{
		{ID: "a", Name: "云河市教育和体育局", Short: "市教育和体育局"},
		{ID: "b", Name: "云河市教育体育局", Short: "市教育体育局"},
	}}
	got := city.NewDirectory(p).Resolve("市教体局")
	if got.Found() || !got.Ambiguous || !slices.Equal(got.Candidates, []city.UnitID{"a", "b"}) {
		t.Errorf("%+v", got)
	}
}

func TestWithAliases(t *testing.T) {
	d := first(t).Directory()
	learned, err := d.WithAliases(map[string]city.UnitID{"市商务委": "commerce", "大数据 中心": "finance"})
	if err != nil {
		t.Fatal(err)
	}
	if got := learned.Resolve("市商务委"); !got.Exact || !slices.Equal(got.Units, []city.UnitID{"commerce"}) {
		t.Errorf("%+v", got)
	}
	if !learned.Resolve("大数据中心").Found() || d.Resolve("市商务委").Found() {
		t.Error("typography matters, or the receiver changed")
	}
	more, err := learned.WithAliases(map[string]city.UnitID{"市财金局": "finance"})
	if err != nil || !more.Resolve("市商务委").Found() || learned.Resolve("市财金局").Found() {
		t.Errorf("a second step: %v", err)
	}
	for name, c := range map[string]struct {
		printed string
		unit    city.UnitID
		want    errs.Code
	}{
		"unknown unit":   {"市商务委", "nobody", errs.NotFound},
		"empty spelling": {"（）", "commerce", errs.Invalid},
		"listed":         {"市财政局", "commerce", errs.Conflict},
		"collective":     {"各有关部门", "commerce", errs.Conflict},
		"learned":        {"大数据中心", "commerce", errs.Conflict},
	} {
		if _, err := learned.WithAliases(map[string]city.UnitID{c.printed: c.unit}); !errs.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := learned.WithAliases(map[string]city.UnitID{"市财政局": "finance", "大数据中心": "finance"}); err != nil {
		t.Errorf("what is known already: %v", err)
	}
}

func TestResolveTerritory(t *testing.T) {
	d := first(t).Directory()
	for printed, want := range map[string]city.TerritoryID{
		"东昌府区": "dongchangfu", "聊城市东昌府区": "dongchangfu", "371502": "dongchangfu", "临清": "linqing",
		"茌平县": "chiping", "Z-01": "jingkai", "Ｚ－０１": "jingkai", "经开区": "jingkai", "全市": "city", "聊城市": "city", "济南市": "", "": "", "市": "",
	} {
		if got, ok := d.ResolveTerritory(printed); got != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", printed, got, ok, want)
		}
	}
}

// However a listed spelling is set in type, it stands for its unit.
func TestResolveIgnoresTypography(t *testing.T) {
	p := first(t)
	noise := []string{"", " ", "　", "**", "\n", "（", "）", "〔", "〕", "(", ")", "、"}
	rapid.Check(t, func(t *rapid.T) {
		u := rapid.SampledFrom(p.Units).Draw(t, "unit")
		spelling := rapid.SampledFrom(append([]string{u.Name, u.Short}, u.Aliases...)).Draw(t, "spelling")
		var b strings.Builder
		for _, r := range spelling {
			b.WriteString(rapid.SampledFrom(noise).Draw(t, "noise"))
			b.WriteRune(r)
		}
		got := p.Directory().Resolve(b.String())
		if !got.Exact || !slices.Equal(got.Units, []city.UnitID{u.ID}) {
			t.Fatalf("%q: %+v, want %s", b.String(), got, u.ID)
		}
	})
}

func FuzzResolve(f *testing.F) {
	for _, s := range []string{"市商务局", "各县〔市、区〕人民政府", "\xff", "局", "聊城市聊城市", "⼈⾏"} {
		f.Add(s)
	}
	p, err := city.Load(os.DirFS("testdata/yunhe"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, printed string) {
		got := p.Directory().Resolve(printed)
		if got.Found() && (got.Ambiguous || len(got.Candidates) > 0) {
			t.Errorf("%q is both decided and open: %+v", printed, got)
		}
		for _, id := range append(got.Units, got.Candidates...) {
			if _, ok := p.Unit(id); !ok {
				t.Errorf("%q became the unknown unit %s", printed, id)
			}
		}
	})
}
