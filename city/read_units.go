package city

import (
	"fmt"
	"slices"
	"strings"
)

var unitKinds = []UnitKind{KindBureau, KindParty, KindMass, KindBank, KindCountyGovernment, KindZoneCommittee, KindOffice}

func (r *reader) readUnits(v value) {
	f := v.mapping("units", "collectives")
	seen := map[UnitID]int{}
	for _, item := range f.must("units", "单位列表").items() {
		r.readUnit(item, seen)
	}
	collectives := map[CollectiveID]int{}
	for _, item := range f.may("collectives").items() {
		r.readCollective(item, collectives)
	}
}

func (r *reader) readUnit(v value, seen map[UnitID]int) {
	f := v.mapping("id", "name", "short", "aliases", "kind", "territory", "lead")
	id := f.must("id", "单位编号")
	u := Unit{
		ID:        UnitID(id.id()),
		Name:      f.must("name", "单位全称").text(),
		Short:     f.must("short", "单位简称").text(),
		Aliases:   f.may("aliases").texts(),
		Kind:      choice(f.must("kind", "单位类别"), unitKinds...),
		Territory: TerritoryID(f.may("territory").text()),
		Lead:      f.may("lead").truth(),
	}
	if u.Territory == "" && !u.Kind.IsGovernment() {
		u.Territory = r.pack.Root().ID
	}
	if once(id, u.ID, seen) {
		r.unitAt[u.ID] = v
		r.pack.Units = append(r.pack.Units, u)
	}
}

func (r *reader) readCollective(v value, seen map[CollectiveID]int) {
	f := v.mapping("id", "name", "aliases", "kinds", "units")
	id := f.must("id", "合称编号")
	c := Collective{
		ID:      CollectiveID(id.id()),
		Name:    f.must("name", "合称").text(),
		Aliases: f.may("aliases").texts(),
	}
	kinds, units := f.may("kinds"), f.may("units")
	if kinds.present() == units.present() && f.present() {
		f.problem("kinds 与 units 不是恰好一个", "kinds: 单位类别列表，或 units: 单位编号列表")
	}
	for _, item := range kinds.items() {
		k := choice(item, unitKinds...)
		for _, u := range r.pack.Units {
			if u.Kind == k && u.Kind != "" {
				c.Units = append(c.Units, u.ID)
			}
		}
	}
	for _, item := range units.items() {
		u := UnitID(item.text())
		if _, ok := r.pack.Unit(u); ok {
			c.Units = append(c.Units, u)
		} else if u != "" {
			item.problem("不存在的单位“"+string(u)+"”", "%s", oneOf("units 中的单位编号", string(u), r.unitIDs()))
		}
	}
	c.Units = r.inOrder(c.Units)
	if len(c.Units) == 0 && kinds.present() && len(r.pack.Units) > 0 {
		kinds.problem("没有单位的合称", "至少有一个单位的类别")
	}
	once(id, c.ID, seen)
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
		r.whole(fileUnits).problem(strings.TrimSpace(fmt.Sprintf("%d 个牵头单位 %s", len(leads), strings.Join(leads, "、"))), "恰好 1 个单位写 lead: true")
	}
	for _, t := range r.pack.Territories {
		if t.Kind != TerritoryPrefecture && t.Kind != "" && governed[t.ID] == "" {
			r.territoryAt[t.ID].problem("没有政府或管委会的“"+t.Name+"”", "units.yaml 中有一个 territory: %s 的单位", t.ID)
		}
	}
}

func (r *reader) checkTerritoryOf(u Unit, governed map[TerritoryID]string) {
	at := r.unitAt[u.ID]
	if u.Kind.IsGovernment() && u.Territory == "" {
		at.problem("缺少“territory”", "territory: 所管辖的区划编号")
		return
	}
	if u.Territory == "" {
		return
	}
	t := r.territory(at.child("territory"), u.Territory)
	if t == nil || !u.Kind.IsGovernment() || t.Kind == "" {
		return
	}
	zone := t.Kind == TerritoryZone
	switch {
	case t.Kind == TerritoryPrefecture, zone != (u.Kind == KindZoneCommittee):
		at.child("territory").problem(quote(string(t.ID)), "county_government 对应县、市、区，zone_committee 对应功能区")
	case governed[t.ID] != "":
		at.child("territory").problem("“"+t.Name+"”的第二个政府或管委会", "每个区划一个（已有%s）", governed[t.ID])
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

func (r *reader) checkSpellings(at value, whose string, seen map[string]spelling) {
	own := map[string]bool{}
	note := func(v value, alias bool) {
		if !v.present() || key(v.node.Value) == "" {
			return
		}
		k := key(v.node.Value)
		had, taken := seen[k]
		switch {
		case own[k] && alias:
			v.problem("重复的别名"+quote(v.node.Value), "不同于名称、简称和其他别名")
		case !own[k] && taken:
			v.problem(quote(v.node.Value), "不同于%s的名称和别名（第 %d 行）", had.whose, had.line)
		}
		own[k] = true
		if !taken {
			seen[k] = spelling{whose, v.node.Line}
		}
	}
	note(at.child("name"), false)
	note(at.child("short"), false)
	for _, v := range at.child("aliases").content() {
		note(v, true)
	}
}
