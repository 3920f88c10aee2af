package city

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"bihuan/kit/strictyaml"
)

func TestFictionalCity(t *testing.T) {
	p, err := Load(os.DirFS("testdata/yunhe"))
	if err != nil {
		t.Fatal(err)
	}
	if p.ID != "yunhe" || len(p.Units) != 3 || len(p.TerritoriesFor(CaliberZonesApart)) != 2 {
		t.Errorf("%+v", p)
	}
	if got := p.Collectives[0].Units; !slices.Equal(got, []UnitID{"dongan-gov", "bandao-com"}) {
		t.Errorf("a collective is in the order of the pack, not %v", got)
	}
	binding, project := p.Thresholds.LightFor(CategoryBinding), p.Thresholds.LightFor(CategoryProject)
	want := project
	want.Yellow, want.Source = -1000, "虚构：约束性指标从严"
	if binding != want || project.Yellow != -1250 || !project.AspirationalRed {
		t.Errorf("binding %+v, others %+v", binding, project)
	}
	if !p.Calendar.Known(2026) || p.Calendar.Known(2025) {
		t.Error("calendar years")
	}
	if !strings.HasPrefix(p.Documents[0].Text, "云河市2026年") {
		t.Errorf("text %.40q", p.Documents[0].Text)
	}
}

func TestDigest(t *testing.T) {
	digest := func(change func(fstest.MapFS)) string {
		pack := fictional(t)
		change(pack)
		p, err := Load(pack)
		if err != nil {
			t.Fatal(err)
		}
		return p.Digest
	}
	same := digest(func(fstest.MapFS) {})
	for name, c := range map[string]struct {
		change  func(fstest.MapFS)
		differs bool
	}{
		"nothing":     {func(fstest.MapFS) {}, false},
		"editor file": {func(p fstest.MapFS) { p["plans/.swp"] = &fstest.MapFile{Data: []byte("x")} }, false},
		"comment":     {func(p fstest.MapFS) { p["pack.yaml"].Data = append(p["pack.yaml"].Data, "# x\n"...) }, true},
		"sub-folder":  {func(p fstest.MapFS) { p["registers/a.yaml"] = &fstest.MapFile{Data: []byte("x: 1")} }, true},
	} {
		if got := digest(c.change); (got != same) != c.differs {
			t.Errorf("%s: differs %v", name, got != same)
		}
	}
}

// What a file may contain besides YAML that is merely wrong.
func TestUnreadableFiles(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"not UTF-8":      {[]byte("units: \xb5\xa5"), "不是 UTF-8 编码的文件“units.yaml”"},
		"empty":          {[]byte(" \n"), "空文件“units.yaml”"},
		"comment only":   {[]byte("# 无\n"), "没有内容的文件"},
		"too large":      {bytes.Repeat([]byte("#\n"), strictyaml.MaxFile/2+1), "过大的文件“units.yaml”"},
		"an alias bomb":  {[]byte("a: &a [x]\nb: [*a, *a]\n"), "引用（& 或 *）"},
		"a bare list":    {[]byte("- 1\n"), "列表"},
		"a bare word":    {[]byte("units\n"), "“units”"},
		"a control mark": {[]byte("units: \x00\n"), "无法解析的内容"},
	} {
		pack := fictional(t)
		pack["units.yaml"] = &fstest.MapFile{Data: c.content}
		problems := Check(pack)
		if len(problems) == 0 || !slices.ContainsFunc(problems, func(p Problem) bool { return p.File == "units.yaml" && p.Found == c.want }) {
			t.Errorf("%s: %v", name, problems)
		}
	}
	pack := fictional(t)
	pack["units.yaml"].Data = append([]byte("\uFEFF"), pack["units.yaml"].Data...)
	if problems := Check(pack); len(problems) > 0 {
		t.Errorf("a byte order mark: %v", problems)
	}
}

// Nothing in a pack is written for nobody: without any one of its lines the
// pack is refused or is another one.
func TestEveryLineMatters(t *testing.T) {
	meaning := func(p *Pack) Pack {
		m := *p
		m.Digest, m.Files, m.directory = "", nil, nil
		return m
	}
	base, err := Load(fictional(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range packFiles {
		lines := strings.SplitAfter(string(fictional(t)[name].Data), "\n")
		for i, line := range lines {
			if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
				continue
			}
			pack := fictional(t)
			pack[name].Data = []byte(strings.Join(slices.Delete(slices.Clone(lines), i, i+1), ""))
			p, err := Load(pack)
			if err == nil && reflect.DeepEqual(meaning(base), meaning(p)) {
				t.Errorf("%s:%d %q is read by nobody", name, i+1, line)
			}
		}
	}
}

func TestCodes(t *testing.T) {
	for _, c := range []struct {
		kind TerritoryKind
		code string
		ok   bool
	}{
		{TerritoryPrefecture, "339900", true}, {TerritoryPrefecture, "339901", false}, {TerritoryPrefecture, "330000", false},
		{TerritoryDistrict, "339902", true}, {TerritoryDistrict, "339955", true}, {TerritoryDistrict, "339981", false},
		{TerritoryDistrict, "339900", false}, {TerritoryDistrict, "339802", false}, {TerritoryDistrict, "349902", false},
		{TerritoryCounty, "339921", true}, {TerritoryCounty, "339980", true}, {TerritoryCounty, "339920", false}, {TerritoryCounty, "339981", false},
		{TerritoryCountyCity, "339981", true}, {TerritoryCountyCity, "339901", true}, {TerritoryCountyCity, "339921", false}, {TerritoryCountyCity, "339980", false},
	} {
		r := &reader{pack: &Pack{Province: Province{Code: "33"}, Territories: []Territory{{Kind: TerritoryPrefecture, Code: "339900"}}}}
		if got := r.codeRule(Territory{Kind: c.kind, Code: c.code}); (got == "") != c.ok {
			t.Errorf("%s %s: %q", c.kind, c.code, got)
		}
	}
}

func TestShares(t *testing.T) {
	for v, want := range map[BasisPoints]string{0: "0%", -500: "-5%", 25: "0.25%", -50: "-0.5%", 11000: "110%", -1: "-0.01%"} {
		if v.String() != want {
			t.Errorf("%d: %s, want %s", v, v, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		b := BasisPoints(rapid.IntRange(-9_999_999, 9_999_999).Draw(t, "share"))
		folder := &strictyaml.Folder{}
		v, ok := folder.Parse("x", []byte("s: "+b.String()))
		if got := share(v.Child("s")); !ok || got != b || len(folder.Problems) > 0 {
			t.Fatalf("%s became %s, %v", b, got, folder.Problems)
		}
	})
}

func TestSampleSize(t *testing.T) {
	s := Sampling{AllUpTo: 10, Min: 10, Share: 500}
	for n, want := range map[int]int{-1: 0, 0: 0, 9: 9, 10: 10, 11: 10, 200: 10, 201: 11, 1000: 50, 1001: 51} {
		if got := s.Size(n); got != want {
			t.Errorf("%d records: %d, want %d", n, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := Sampling{AllUpTo: rapid.IntRange(0, 50).Draw(t, "all"), Min: rapid.IntRange(1, 50).Draw(t, "min"), Share: BasisPoints(rapid.IntRange(0, 10_000).Draw(t, "share"))}
		n := rapid.IntRange(0, 100_000).Draw(t, "n")
		if got := s.Size(n); got > n || (n > 0 && got < 1) || (n > s.AllUpTo && n >= s.Min && got < s.Min) {
			t.Fatalf("%+v of %d: %d", s, n, got)
		}
	})
}

// FuzzLoad puts arbitrary bytes in the place of one file: the loader must
// answer, with a place for each problem.
func FuzzLoad(f *testing.F) {
	whole := fictional(f)
	for i, name := range packFiles {
		f.Add(uint8(i), string(whole[name].Data))
	}
	f.Add(uint8(2), "units: [{id: [a]}, 3, {aliases: {}}]\ncollectives: [{units: [[]]}]")
	f.Add(uint8(1), "territories:\n - {id: a, kind: zone, code: \"\", inside_of: a, population: [{}], grid: {}}\ngroups: [{territories: [a, a]}]")
	f.Add(uint8(4), "light: {category: 项目}\ncategories: [[]]")
	f.Add(uint8(5), "timers: {sign: 1}\nreminders: [{workdays: -1}, 3]\nscoring: {result: 101}")
	f.Fuzz(func(t *testing.T, which uint8, content string) {
		pack := maps.Clone(whole)
		pack[packFiles[int(which)%len(packFiles)]] = &fstest.MapFile{Data: []byte(content)}
		for _, p := range Check(pack) {
			if p.File == "" || p.Found == "" || p.Expected == "" || strings.ContainsAny(p.String(), "\n") {
				t.Errorf("problem %+v", p)
			}
		}
	})
}

// No program text knows a city: packs are data. A face may name the pack it
// uses when none is asked for; tests may use a pack as their example.
func TestNoCityInCode(t *testing.T) {
	names := map[string]bool{}
	for _, id := range Names() {
		p, err := LoadBuiltin(id)
		if err != nil {
			t.Fatal(err)
		}
		names[p.Short], names[id] = true, true
	}
	files := 0
	err := filepath.WalkDir("..", func(path string, e os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "testdata" || e.Name() == ".git" || e.Name() == "node_modules" || e.Name() == "data"):
			return filepath.SkipDir
		case e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		face := strings.HasPrefix(filepath.ToSlash(path), "../cmd/")
		for name := range names {
			if face && slices.Contains(Names(), name) {
				continue
			}
			if i := strings.Index(strings.ToLower(string(content)), name); i >= 0 {
				t.Errorf("%s:%d names the city %s", path, 1+strings.Count(string(content[:i]), "\n"), name)
			}
		}
		return nil
	})
	if err != nil || files < 10 {
		t.Fatalf("%d files, %v", files, err)
	}
}
