package city

import (
	"fmt"
	"regexp"
	"slices"
)

func (r *reader) readTerritories(v value) {
	f := v.mapping("territories", "groups")
	seen := map[TerritoryID]int{}
	for _, item := range f.must("territories", "区划列表").items() {
		r.readTerritory(item, seen)
	}
	groups := map[GroupID]int{}
	for _, item := range f.must("groups", "对比组列表").items() {
		r.readGroup(item, groups)
	}
}

func (r *reader) readTerritory(v value, seen map[TerritoryID]int) {
	f := v.mapping("id", "name", "short", "aliases", "kind", "code", "inside_of", "population", "grid")
	id := f.must("id", "区划编号")
	t := Territory{
		ID:       TerritoryID(id.id()),
		Name:     f.must("name", "区划全称").text(),
		Short:    f.may("short").text(),
		Aliases:  f.may("aliases").texts(),
		Kind:     choice(f.must("kind", "区划类别"), TerritoryPrefecture, TerritoryDistrict, TerritoryCountyCity, TerritoryCounty, TerritoryZone),
		Code:     f.must("code", "区划代码").text(),
		InsideOf: TerritoryID(f.may("inside_of").text()),
		Caliber:  CaliberAdministrative,
	}
	if t.Short == "" {
		t.Short = t.Name
	}
	if t.Kind == TerritoryZone {
		t.Caliber = CaliberZonesApart
	}
	for _, item := range f.may("population").items() {
		t.Population = append(t.Population, readPopulation(item))
	}
	t.Grid = readGrid(f.may("grid"))
	if once(id, t.ID, seen) {
		r.territoryAt[t.ID] = v
		r.pack.Territories = append(r.pack.Territories, t)
	}
}

func readPopulation(v value) Population {
	f := v.mapping("year", "persons", "caliber", "confidence", "source")
	p := Population{
		Year:     int(f.must("year", "年份").whole(1949, 2100)),
		Persons:  f.must("persons", "人数（人）").whole(1, 2_000_000_000),
		Calibers: []Caliber{CaliberAdministrative, CaliberZonesApart},
		Basis:    readBasis(f),
	}
	if c := choice(f.may("caliber"), CaliberAdministrative, CaliberZonesApart); c != "" {
		p.Calibers = []Caliber{c}
	}
	return p
}

func readGrid(v value) Grid {
	if !v.present() {
		return Grid{}
	}
	f := v.mapping("row", "col")
	return Grid{Row: int(f.must("row", "行号").whole(1, 40)), Col: int(f.must("col", "列号").whole(1, 40))}
}

func (r *reader) readGroup(v value, seen map[GroupID]int) {
	f := v.mapping("id", "name", "territories")
	id := f.must("id", "对比组编号")
	g := Group{ID: GroupID(id.id()), Name: f.must("name", "对比组名称").text()}
	members := f.must("territories", "区划编号列表")
	for _, item := range members.items() {
		t := TerritoryID(item.text())
		switch {
		case t == "":
		case r.territory(item, t) == nil:
		case slices.Contains(g.Territories, t):
			item.problem("重复的区划“"+string(t)+"”", "只列一次")
		default:
			if had, ok := r.pack.GroupOf(t); ok {
				item.problem("已在对比组“"+had.Name+"”中的区划“"+string(t)+"”", "只在一个对比组中的区划")
			}
			g.Territories = append(g.Territories, t)
		}
	}
	once(id, g.ID, seen)
	r.pack.Groups = append(r.pack.Groups, g)
}

// territory returns the territory that a place in a file refers to, or notes
// that there is none and returns nil.
func (r *reader) territory(at value, id TerritoryID) *Territory {
	i := slices.IndexFunc(r.pack.Territories, func(t Territory) bool { return t.ID == id })
	if i >= 0 {
		return &r.pack.Territories[i]
	}
	if len(r.pack.Territories) > 0 || !r.incomplete {
		ids := make([]string, len(r.pack.Territories))
		for i, t := range r.pack.Territories {
			ids[i] = string(t.ID)
		}
		at.problem("不存在的区划“"+string(id)+"”", "%s", oneOf("territories.yaml 中的区划编号", string(id), ids))
	}
	return nil
}

func oneOf(what, s string, known []string) string {
	if near := nearest(s, known); near != "" {
		return fmt.Sprintf("%s（是不是“%s”？）", what, near)
	}
	return what
}

var (
	divisionForm = regexp.MustCompile(`^[1-9][0-9]{5}$`)
	zoneForm     = regexp.MustCompile(`^[A-Z]{1,3}-[0-9]{1,4}$`)
)

// checkTerritories notes what is wrong between the territories.
func (r *reader) checkTerritories() {
	if len(r.pack.Territories) == 0 {
		return
	}
	roots, codes, tiles := 0, map[string]int{}, map[Grid]int{}
	for _, t := range r.pack.Territories {
		at := r.territoryAt[t.ID]
		if t.Kind == TerritoryPrefecture {
			roots++
		}
		r.checkCode(at, t, codes)
		r.checkInside(at, t)
		r.checkTile(at, t, tiles)
		r.checkPopulation(at, t)
		if _, grouped := r.pack.GroupOf(t.ID); t.Kind != TerritoryPrefecture && !grouped && len(r.pack.Groups) > 0 {
			at.problem("不在任何对比组中的“"+t.Name+"”", "在 groups 的一个对比组中")
		} else if t.Kind == TerritoryPrefecture && grouped {
			at.problem("在对比组中的全市", "只有县、市、区和功能区可以对比")
		}
	}
	if roots != 1 {
		r.whole(fileTerritories).problem(fmt.Sprintf("%d 个 kind 为 prefecture 的区划", roots), "恰好 1 个，代表全市")
		return
	}
	r.checkSums()
}

func (r *reader) checkCode(at value, t Territory, codes map[string]int) {
	if t.Code == "" || t.Kind == "" {
		return
	}
	at = at.child("code")
	if line, twice := codes[t.Code]; twice {
		at.problem("重复的代码“"+t.Code+"”", "另一个代码（第 %d 行已用）", line)
	}
	codes[t.Code] = at.node.Line
	if t.Kind == TerritoryZone {
		if !zoneForm.MatchString(t.Code) {
			at.problem(quote(t.Code), "功能区的内部代码：大写字母、连字符、至多四位数字，如 Z-01（功能区没有 GB/T 2260 代码，不能像它）")
		}
		return
	}
	if !divisionForm.MatchString(t.Code) {
		at.problem(quote(t.Code), "GB/T 2260 六位数字代码")
		return
	}
	if expected := r.codeRule(t); expected != "" {
		at.problem(quote(t.Code), "%s", expected)
	}
}

// codeRule says what the code of a division should be, "" if it is that.
// GB/T 2260: two digits each for province, prefecture and county; in the last
// two, 01–20 are districts and county-level cities under a prefecture or
// league, 21–80 counties (districts in municipalities), 81–99 county-level cities.
func (r *reader) codeRule(t Territory) string {
	if p := r.pack.Province.Code; p != "" && t.Code[:2] != p {
		return fmt.Sprintf("以省级代码 %s 开头的代码", p)
	}
	last := t.Code[4:]
	if t.Kind == TerritoryPrefecture {
		if last != "00" || t.Code[2:4] == "00" {
			return "以 00 结尾的地级代码"
		}
		return ""
	}
	if root := r.pack.Root(); len(root.Code) == 6 && t.Code[:4] != root.Code[:4] {
		return fmt.Sprintf("以 %s 开头的代码（与全市一致）", root.Code[:4])
	}
	switch {
	case last == "00":
		return "县级代码，末两位不是 00"
	case t.Kind == TerritoryDistrict && last > "80":
		return "市辖区代码，末两位为 01–80"
	case t.Kind == TerritoryCounty && (last < "21" || last > "80"):
		return "县代码，末两位为 21–80"
	case t.Kind == TerritoryCountyCity && last > "20" && last < "81":
		return "县级市代码，末两位为 81–99（自治州等所辖为 01–20）"
	}
	return ""
}

func (r *reader) checkInside(at value, t Territory) {
	if t.Kind == "" {
		return
	}
	if t.Kind != TerritoryZone {
		if t.InsideOf != "" {
			at.child("inside_of").problem(quote(string(t.InsideOf)), "空缺：只有功能区位于另一个区划之内")
		}
		return
	}
	if t.InsideOf == "" {
		at.problem("缺少“inside_of”", "inside_of: 功能区所在的县、市、区")
		return
	}
	host := r.territory(at.child("inside_of"), t.InsideOf)
	if host != nil && (host.Kind == TerritoryZone || host.Kind == TerritoryPrefecture) {
		at.child("inside_of").problem(quote(string(t.InsideOf)), "一个县、市、区")
	}
}

func (r *reader) checkTile(at value, t Territory, tiles map[Grid]int) {
	if t.Kind == TerritoryPrefecture {
		if t.Grid != (Grid{}) {
			at.child("grid").problem("全市的格位", "空缺：只有各部分有格位")
		}
		return
	}
	if t.Grid == (Grid{}) {
		if !at.child("grid").present() {
			at.problem("缺少“grid”", "grid: {row: 行号, col: 列号}")
		}
		return
	}
	if line, taken := tiles[t.Grid]; taken {
		at.child("grid").problem(fmt.Sprintf("第 %d 行第 %d 列", t.Grid.Row, t.Grid.Col), "空着的格位（文件第 %d 行已用）", line)
		return
	}
	tiles[t.Grid] = at.child("grid").node.Line
}

// checkPopulation notes a second number for the same year and caliber, and a
// number without a caliber where the calibers differ.
func (r *reader) checkPopulation(at value, t Territory) {
	differ := len(r.pack.ZonesIn(t.ID)) > 0
	type cell struct {
		year    int
		caliber Caliber
	}
	seen := map[cell]bool{}
	items := at.child("population").content()
	for i, p := range t.Population {
		v := items[i]
		if t.Kind == TerritoryZone && !slices.Equal(p.Calibers, []Caliber{CaliberZonesApart}) {
			v.problem("功能区人口", "caliber: %s", CaliberZonesApart)
		}
		if differ && len(p.Calibers) != 1 {
			v.problem("没有口径的人口（境内有功能区）", "caliber: %s 或 %s", CaliberAdministrative, CaliberZonesApart)
		}
		for _, c := range p.Calibers {
			if seen[cell{p.Year, c}] {
				v.problem(fmt.Sprintf("重复的 %d 年人口", p.Year), "每年每个口径一个数")
				break
			}
			seen[cell{p.Year, c}] = true
		}
	}
}

// checkSums notes a year in which the parts have more residents than the whole.
// Published figures are rounded: 0.5 % more is tolerated.
func (r *reader) checkSums() {
	root := r.pack.Root()
	for _, whole := range root.Population {
		for _, c := range whole.Calibers {
			var sum int64
			for _, t := range r.pack.TerritoriesFor(c) {
				if p, ok := t.PopulationIn(c, whole.Year); ok {
					sum += p.Persons
				}
			}
			if sum > whole.Persons+whole.Persons/200 {
				r.territoryAt[root.ID].child("population").problem(
					fmt.Sprintf("%d 年各部分之和 %d（%s）大于全市 %d", whole.Year, sum, c, whole.Persons), "各部分之和不大于全市")
				return
			}
		}
	}
}
