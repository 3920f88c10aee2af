package city

import (
	"fmt"
	"slices"
	"strings"

	"bihuan/kit/strictyaml"
)

var unitKinds = []UnitKind{KindBureau, KindParty, KindMass, KindBank, KindCountyGovernment, KindZoneCommittee, KindOffice}

func (r *reader) readUnits(v strictyaml.Value) {
	f := v.Mapping("units", "collectives")
	seen := map[UnitID]int{}
	for _, item := range f.Must("units", "单位列表").Items() {
		r.readUnit(item, seen)
	}
	collectives := map[CollectiveID]int{}
	for _, item := range f.May("collectives").Items() {
		r.readCollective(item, collectives)
	}
}

func (r *reader) readUnit(v strictyaml.Value, seen map[UnitID]int) {
	f := v.Mapping("id", "name", "short", "aliases", "kind", "territory", "lead")
	id := f.Must("id", "单位编号")
	u := Unit{
		ID:        UnitID(id.ID()),
		Name:      f.Must("name", "单位全称").Text(),
		Short:     f.Must("short", "单位简称").Text(),
		Aliases:   f.May("aliases").Texts(),
		Kind:      strictyaml.Choice(f.Must("kind", "单位类别"), unitKinds...),
		Territory: TerritoryID(f.May("territory").Text()),
		Lead:      f.May("lead").Truth(),
	}
	if u.Territory == "" && !u.Kind.IsGovernment() {
		u.Territory = r.pack.Root().ID
	}
	if strictyaml.Once(id, u.ID, seen) {
		r.unitAt[u.ID] = v
		r.pack.Units = append(r.pack.Units, u)
	}
}

func (r *reader) readCollective(v strictyaml.Value, seen map[CollectiveID]int) {
	f := v.Mapping("id", "name", "aliases", "kinds", "units")
	id := f.Must("id", "合称编号")
	c := Collective{
		ID:      CollectiveID(id.ID()),
		Name:    f.Must("name", "合称").Text(),
		Aliases: f.May("aliases").Texts(),
	}
	kinds, units := f.May("kinds"), f.May("units")
	if kinds.Present() == units.Present() && f.Present() {
		f.Problem("kinds 与 units 不是恰好一个", "kinds: 单位类别列表，或 units: 单位编号列表")
	}
	for _, item := range kinds.Items() {
		k := strictyaml.Choice(item, unitKinds...)
		for _, u := range r.pack.Units {
			if u.Kind == k && u.Kind != "" {
				c.Units = append(c.Units, u.ID)
			}
		}
	}
	for _, item := range units.Items() {
		u := UnitID(item.Text())
		if _, ok := r.pack.Unit(u); ok {
			c.Units = append(c.Units, u)
		} else if u != "" {
			item.Problem("不存在的单位“"+string(u)+"”", "%s", strictyaml.OneOf("units 中的单位编号", string(u), r.unitIDs()))
		}
	}
	c.Units = r.inOrder(c.Units)
	if len(c.Units) == 0 && kinds.Present() && len(r.pack.Units) > 0 {
		kinds.Problem("没有单位的合称", "至少有一个单位的类别")
	}
	strictyaml.Once(id, c.ID, seen)
	r.collectiveAt = append(r.collectiveAt, v)
	r.pack.Collectives = append(r.pack.Collectives, c)
}

func (r *reader) unitIDs() []string {
	ids := make([]string, len(r.pack.Units))
	for i, u := range r.pack.Units {
		ids[i] = string(u.ID)
	}
	return ids
}

// inOrder returns the units each once in the order of the pack.
func (r *reader) inOrder(ids []UnitID) []UnitID {
	var ordered []UnitID
	for _, u := range r.pack.Units {
		if slices.Contains(ids, u.ID) {
			ordered = append(ordered, u.ID)
		}
	}
	return ordered
}

// checkUnits notes what is wrong between units and territories.
func (r *reader) checkUnits() {
	if len(r.pack.Units) == 0 {
		return
	}
	var leads []string
	governed := map[TerritoryID]string{}
	for _, u := range r.pack.Units {
		if u.Lead {
			leads = append(leads, u.Short)
		}
		r.checkTerritoryOf(u, governed)
	}
	if len(leads) != 1 {
		r.folder.File(fileUnits).Problem(strings.TrimSpace(fmt.Sprintf("%d 个牵头单位 %s", len(leads), strings.Join(leads, "、"))), "恰好 1 个单位写 lead: true")
	}
	for _, t := range r.pack.Territories {
		if t.Kind != TerritoryPrefecture && t.Kind != "" && governed[t.ID] == "" {
			r.territoryAt[t.ID].Problem("没有政府或管委会的“"+t.Name+"”", "units.yaml 中有一个 territory: %s 的单位", t.ID)
		}
	}
}

func (r *reader) checkTerritoryOf(u Unit, governed map[TerritoryID]string) {
	at := r.unitAt[u.ID]
	if u.Kind.IsGovernment() && u.Territory == "" {
		at.Problem("缺少“territory”", "territory: 所管辖的区划编号")
		return
	}
	if u.Territory == "" {
		return
	}
	t := r.territory(at.Child("territory"), u.Territory)
	if t == nil || !u.Kind.IsGovernment() || t.Kind == "" {
		return
	}
	zone := t.Kind == TerritoryZone
	switch {
	case t.Kind == TerritoryPrefecture, zone != (u.Kind == KindZoneCommittee):
		at.Child("territory").Problem(strictyaml.Quote(string(t.ID)), "county_government 对应县、市、区，zone_committee 对应功能区")
	case governed[t.ID] != "":
		at.Child("territory").Problem("“"+t.Name+"”的第二个政府或管委会", "每个区划一个（已有%s）", governed[t.ID])
	default:
		governed[t.ID] = u.Name
	}
}

// spelling is where a name was written.
type spelling struct {
	whose string
	line  int
}

// checkNames notes a spelling that is written twice: for two units it is
// ambiguous, for one it is needless. Typography is not a difference.
func (r *reader) checkNames() {
	units := map[string]spelling{}
	for _, u := range r.pack.Units {
		r.checkSpellings(r.unitAt[u.ID], u.Short, units)
	}
	for i, c := range r.pack.Collectives {
		r.checkSpellings(r.collectiveAt[i], c.Name, units)
	}
	territories := map[string]spelling{}
	for _, t := range r.pack.Territories {
		r.checkSpellings(r.territoryAt[t.ID], t.Name, territories)
	}
}

func (r *reader) checkSpellings(at strictyaml.Value, whose string, seen map[string]spelling) {
	own := map[string]bool{}
	note := func(v strictyaml.Value, alias bool) {
		if !v.Present() || key(v.Raw()) == "" {
			return
		}
		k := key(v.Raw())
		had, taken := seen[k]
		switch {
		case own[k] && alias:
			v.Problem("重复的别名"+strictyaml.Quote(v.Raw()), "不同于名称、简称和其他别名")
		case !own[k] && taken:
			v.Problem(strictyaml.Quote(v.Raw()), "不同于%s的名称和别名（第 %d 行）", had.whose, had.line)
		}
		own[k] = true
		if !taken {
			seen[k] = spelling{whose, v.Line()}
		}
	}
	note(at.Child("name"), false)
	note(at.Child("short"), false)
	for _, v := range at.Child("aliases").Content() {
		note(v, true)
	}
}
