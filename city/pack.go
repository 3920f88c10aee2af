package city

import "slices"

// Unit returns the unit with the id; the second result is false if there is none.
func (p *Pack) Unit(id UnitID) (Unit, bool) {
	i := slices.IndexFunc(p.Units, func(u Unit) bool { return u.ID == id })
	if i < 0 {
		return Unit{}, false
	}
	return p.Units[i], true
}

// Territory returns the territory with the id; the second result is false if there is none.
func (p *Pack) Territory(id TerritoryID) (Territory, bool) {
	i := slices.IndexFunc(p.Territories, func(t Territory) bool { return t.ID == id })
	if i < 0 {
		return Territory{}, false
	}
	return p.Territories[i], true
}

// Group returns the comparison group with the id; the second result is false if there is none.
func (p *Pack) Group(id GroupID) (Group, bool) {
	i := slices.IndexFunc(p.Groups, func(g Group) bool { return g.ID == id })
	if i < 0 {
		return Group{}, false
	}
	return p.Groups[i], true
}

// collective gives the collective with the id; the zero one if there is none.
func (p *Pack) collective(id CollectiveID) Collective {
	i := slices.IndexFunc(p.Collectives, func(c Collective) bool { return c.ID == id })
	if i < 0 {
		return Collective{}
	}
	return p.Collectives[i]
}

// Document returns the document with the id; the second result is false if there is none.
func (p *Pack) Document(id DocumentID) (PlanDocument, bool) {
	i := slices.IndexFunc(p.Documents, func(d PlanDocument) bool { return d.ID == id })
	if i < 0 {
		return PlanDocument{}, false
	}
	return p.Documents[i], true
}

// LeadUnit returns the unit that leads the plan.
func (p *Pack) LeadUnit() Unit {
	i := slices.IndexFunc(p.Units, func(u Unit) bool { return u.Lead })
	if i < 0 {
		return Unit{}
	}
	return p.Units[i]
}

// Root returns the territory that is the city as a whole.
func (p *Pack) Root() Territory {
	i := slices.IndexFunc(p.Territories, func(t Territory) bool { return t.Kind == TerritoryPrefecture })
	if i < 0 {
		return Territory{}
	}
	return p.Territories[i]
}

// TerritoriesFor returns the parts of the city in the caliber, in the order of
// the pack: each resident and each shop stands in exactly one of them, so
// their figures may be added. In CaliberAdministrative there are no zones; in
// CaliberZonesApart a district that holds zones stands for its rest. An unknown
// caliber has no territories.
func (p *Pack) TerritoriesFor(c Caliber) []Territory {
	if c != CaliberAdministrative && c != CaliberZonesApart {
		return nil
	}
	var parts []Territory
	for _, t := range p.Territories {
		if t.Kind == TerritoryPrefecture || (t.Kind == TerritoryZone && c == CaliberAdministrative) {
			continue
		}
		parts = append(parts, t)
	}
	return parts
}

// ZonesIn returns the zones that lie inside the territory, in the order of the pack.
func (p *Pack) ZonesIn(id TerritoryID) []Territory {
	var zones []Territory
	for _, t := range p.Territories {
		if t.InsideOf == id && id != "" {
			zones = append(zones, t)
		}
	}
	return zones
}

// UnitsOf returns the units that are responsible for the territory, in the order of the pack.
func (p *Pack) UnitsOf(id TerritoryID) []Unit {
	var units []Unit
	for _, u := range p.Units {
		if u.Territory == id {
			units = append(units, u)
		}
	}
	return units
}

// Government returns the unit that governs a part of the city: the county
// government or the zone committee. The second result is false for the city as
// a whole and for an unknown territory.
func (p *Pack) Government(id TerritoryID) (Unit, bool) {
	for _, u := range p.Units {
		if u.Territory == id && u.Kind.IsGovernment() {
			return u, true
		}
	}
	return Unit{}, false
}

// GroupOf returns the comparison group of the territory; the second result is
// false for the city as a whole and for an unknown territory.
func (p *Pack) GroupOf(id TerritoryID) (Group, bool) {
	i := slices.IndexFunc(p.Groups, func(g Group) bool { return slices.Contains(g.Territories, id) })
	if i < 0 {
		return Group{}, false
	}
	return p.Groups[i], true
}

// PopulationIn returns the published number of residents of the year in the
// caliber; the second result is false if the pack has none. Other years and
// the other caliber are never used in its place.
func (t Territory) PopulationIn(c Caliber, year int) (Population, bool) {
	i := slices.IndexFunc(t.Population, func(p Population) bool {
		return p.Year == year && slices.Contains(p.Calibers, c)
	})
	if i < 0 {
		return Population{}, false
	}
	return t.Population[i], true
}
