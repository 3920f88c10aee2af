package city

import (
	"fmt"
	"regexp"
	"slices"

	"bihuan/kit/strictyaml"
)

func (r *reader) readTerritories(v strictyaml.Value) {
	f := v.Mapping("territories", "groups")
	seen := map[TerritoryID]int{}
	for _, item := range f.Must("territories", "区划列表").Items() {
		r.readTerritory(item, seen)
	}
	groups := map[GroupID]int{}
	for _, item := range f.Must("groups", "对比组列表").Items() {
		r.readGroup(item, groups)
	}
}

func (r *reader) readTerritory(v strictyaml.Value, seen map[TerritoryID]int) {
	f := v.Mapping("id", "name", "short", "aliases", "kind", "code", "inside_of", "population", "grid")
	id := f.Must("id", "区划编号")
	t := Territory{
		ID:       TerritoryID(id.ID()),
		Name:     f.Must("name", "区划全称").Text(),
		Short:    f.May("short").Text(),
		Aliases:  f.May("aliases").Texts(),
		Kind:     strictyaml.Choice(f.Must("kind", "区划类别"), TerritoryPrefecture, TerritoryDistrict, TerritoryCountyCity, TerritoryCounty, TerritoryZone),
		Code:     f.Must("code", "区划代码").Text(),
		InsideOf: TerritoryID(f.May("inside_of").Text()),
		Caliber:  CaliberAdministrative,
	}
	if t.Short == "" {
		t.Short = t.Name
	}
	if t.Kind == TerritoryZone {
		t.Caliber = CaliberZonesApart
	}
	for _, item := range f.May("population").Items() {
		t.Population = append(t.Population, readPopulation(item))
	}
	t.Grid = readGrid(f.May("grid"))
	if strictyaml.Once(id, t.ID, seen) {
		r.territoryAt[t.ID] = v
		r.pack.Territories = append(r.pack.Territories, t)
	}
}

func readPopulation(v strictyaml.Value) Population {
	f := v.Mapping("year", "persons", "caliber", "confidence", "source")
	p := Population{
		Year:     int(f.Must("year", "年份").Whole(1949, 2100)),
		Persons:  f.Must("persons", "人数（人）").Whole(1, 2_000_000_000),
		Calibers: []Caliber{CaliberAdministrative, CaliberZonesApart},
		Basis:    ReadBasis(f),
	}
	if c := strictyaml.Choice(f.May("caliber"), CaliberAdministrative, CaliberZonesApart); c != "" {
		p.Calibers = []Caliber{c}
	}
	return p
}

func readGrid(v strictyaml.Value) Grid {
	if !v.Present() {
		return Grid{}
	}
	f := v.Mapping("row", "col")
	return Grid{Row: int(f.Must("row", "行号").Whole(1, 40)), Col: int(f.Must("col", "列号").Whole(1, 40))}
}

func (r *reader) readGroup(v strictyaml.Value, seen map[GroupID]int) {
	f := v.Mapping("id", "name", "territories")
	id := f.Must("id", "对比组编号")
	g := Group{ID: GroupID(id.ID()), Name: f.Must("name", "对比组名称").Text()}
	members := f.Must("territories", "区划编号列表")
	for _, item := range members.Items() {
		t := TerritoryID(item.Text())
		switch {
		case t == "":
		case r.territory(item, t) == nil:
		case slices.Contains(g.Territories, t):
			item.Problem("重复的区划“"+string(t)+"”", "只列一次")
		default:
			if had, ok := r.pack.GroupOf(t); ok {
				item.Problem("已在对比组“"+had.Name+"”中的区划“"+string(t)+"”", "只在一个对比组中的区划")
			}
			g.Territories = append(g.Territories, t)
		}
	}
	strictyaml.Once(id, g.ID, seen)
	r.pack.Groups = append(r.pack.Groups, g)
}

// territory returns the territory that a place in a file refers to, or notes
// that there is none and returns nil.
func (r *reader) territory(at strictyaml.Value, id TerritoryID) *Territory {
	i := slices.IndexFunc(r.pack.Territories, func(t Territory) bool { return t.ID == id })
	if i >= 0 {
		return &r.pack.Territories[i]
	}
	if len(r.pack.Territories) > 0 || !r.incomplete {
		ids := make([]string, len(r.pack.Territories))
		for i, t := range r.pack.Territories {
			ids[i] = string(t.ID)
		}
		at.Problem("不存在的区划“"+string(id)+"”", "%s", strictyaml.OneOf("territories.yaml 中的区划编号", string(id), ids))
	}
	return nil
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
			at.Problem("不在任何对比组中的“"+t.Name+"”", "在 groups 的一个对比组中")
		} else if t.Kind == TerritoryPrefecture && grouped {
			at.Problem("在对比组中的全市", "只有县、市、区和功能区可以对比")
		}
	}
	if roots != 1 {
		r.folder.File(fileTerritories).Problem(fmt.Sprintf("%d 个 kind 为 prefecture 的区划", roots), "恰好 1 个，代表全市")
		return
	}
	r.checkSums()
}

func (r *reader) checkCode(at strictyaml.Value, t Territory, codes map[string]int) {
	if t.Code == "" || t.Kind == "" {
		return
	}
	at = at.Child("code")
	if line, twice := codes[t.Code]; twice {
		at.Problem("重复的代码“"+t.Code+"”", "另一个代码（第 %d 行已用）", line)
	}
	codes[t.Code] = at.Line()
	if t.Kind == TerritoryZone {
		if !zoneForm.MatchString(t.Code) {
			at.Problem(strictyaml.Quote(t.Code), "功能区的内部代码：大写字母、连字符、至多四位数字，如 Z-01（功能区没有 GB/T 2260 代码，不能像它）")
		}
		return
	}
	if !divisionForm.MatchString(t.Code) {
		at.Problem(strictyaml.Quote(t.Code), "GB/T 2260 六位数字代码")
		return
	}
	if expected := r.codeRule(t); expected != "" {
		at.Problem(strictyaml.Quote(t.Code), "%s", expected)
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

func (r *reader) checkInside(at strictyaml.Value, t Territory) {
	if t.Kind == "" {
		return
	}
	if t.Kind != TerritoryZone {
		if t.InsideOf != "" {
			at.Child("inside_of").Problem(strictyaml.Quote(string(t.InsideOf)), "空缺：只有功能区位于另一个区划之内")
		}
		return
	}
	if t.InsideOf == "" {
		at.Problem("缺少“inside_of”", "inside_of: 功能区所在的县、市、区")
		return
	}
	host := r.territory(at.Child("inside_of"), t.InsideOf)
	if host != nil && (host.Kind == TerritoryZone || host.Kind == TerritoryPrefecture) {
		at.Child("inside_of").Problem(strictyaml.Quote(string(t.InsideOf)), "一个县、市、区")
	}
}

func (r *reader) checkTile(at strictyaml.Value, t Territory, tiles map[Grid]int) {
	if t.Kind == TerritoryPrefecture {
		if t.Grid != (Grid{}) {
			at.Child("grid").Problem("全市的格位", "空缺：只有各部分有格位")
		}
		return
	}
	if t.Grid == (Grid{}) {
		if !at.Child("grid").Present() {
			at.Problem("缺少“grid”", "grid: {row: 行号, col: 列号}")
		}
		return
	}
	if line, taken := tiles[t.Grid]; taken {
		at.Child("grid").Problem(fmt.Sprintf("第 %d 行第 %d 列", t.Grid.Row, t.Grid.Col), "空着的格位（文件第 %d 行已用）", line)
		return
	}
	tiles[t.Grid] = at.Child("grid").Line()
}

// checkPopulation notes a second number for the same year and caliber, and a
// number without a caliber where the calibers differ.
func (r *reader) checkPopulation(at strictyaml.Value, t Territory) {
	differ := len(r.pack.ZonesIn(t.ID)) > 0
	type cell struct {
		year    int
		caliber Caliber
	}
	seen := map[cell]bool{}
	items := at.Child("population").Content()
	for i, p := range t.Population {
		v := items[i]
		if t.Kind == TerritoryZone && !slices.Equal(p.Calibers, []Caliber{CaliberZonesApart}) {
			v.Problem("功能区人口", "caliber: %s", CaliberZonesApart)
		}
		if differ && len(p.Calibers) != 1 {
			v.Problem("没有口径的人口（境内有功能区）", "caliber: %s 或 %s", CaliberAdministrative, CaliberZonesApart)
		}
		for _, c := range p.Calibers {
			if seen[cell{p.Year, c}] {
				v.Problem(fmt.Sprintf("重复的 %d 年人口", p.Year), "每年每个口径一个数")
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
				r.territoryAt[root.ID].Child("population").Problem(
					fmt.Sprintf("%d 年各部分之和 %d（%s）大于全市 %d", whole.Year, sum, c, whole.Persons), "各部分之和不大于全市")
				return
			}
		}
	}
}
