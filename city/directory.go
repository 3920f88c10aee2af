package city

import (
	"cmp"
	"maps"
	"slices"

	"bihuan/kit/errs"
)

// Resolution is what a name printed in a document stands for.
//
// Units is empty when the name is unknown or ambiguous; Candidates then lists
// what a person may choose from, most likely first, and may be empty too.
type Resolution struct {
	Units        []UnitID
	Collective   bool         // the name stands for several units together
	CollectiveID CollectiveID // "" unless Collective
	// Exact is true when the pack lists the name or a person has confirmed it,
	// apart from typography and the name of the city before it; false when a
	// general rule of shortening was needed.
	Exact      bool
	Ambiguous  bool // several units fit equally well
	Candidates []UnitID
}

// Found reports whether the name stands for some unit.
func (r Resolution) Found() bool { return len(r.Units) > 0 }

// Directory knows the names of a pack's units and territories. It does not
// change after it was made and may be used by several goroutines.
type Directory struct {
	pack        *Pack
	learned     map[string]UnitID
	listed      index                    // as the pack spells them
	prefixed    index                    // with and without the city before them
	loosened    index                    // shortened by customary rules
	territories map[string][]TerritoryID // names, aliases and codes, with and without the city
	names       []looseName              // for likeness
}

type target struct {
	unit       UnitID
	collective CollectiveID
}

type index map[string][]target

type looseName struct {
	text string
	unit UnitID
}

func (ix index) add(k string, t target) {
	if k != "" && !slices.Contains(ix[k], t) {
		ix[k] = append(ix[k], t)
	}
}

// NewDirectory makes the directory of the pack. Load has made one already:
// see Pack.Directory.
func NewDirectory(p *Pack) *Directory {
	d := &Directory{pack: p, listed: index{}, prefixed: index{}, loosened: index{},
		territories: map[string][]TerritoryID{}}
	before := prefixesOf(p)
	for _, u := range p.Units {
		for _, s := range u.spellings() {
			d.enter(s, target{unit: u.ID}, before)
			d.names = append(d.names, looseName{loose(key(s)), u.ID})
		}
	}
	for _, c := range p.Collectives {
		for _, s := range append([]string{c.Name}, c.Aliases...) {
			d.enter(s, target{collective: c.ID}, before)
		}
	}
	for _, t := range p.Territories {
		d.enterTerritory(t, before)
	}
	return d
}

func (d *Directory) enter(spelling string, t target, before prefixes) {
	k := key(spelling)
	d.listed.add(k, t)
	for _, v := range before.variants(k) {
		d.prefixed.add(v, t)
		d.loosened.add(loose(v), t)
	}
}

func (d *Directory) enterTerritory(t Territory, before prefixes) {
	enter := func(k string) {
		if k != "" && !slices.Contains(d.territories[k], t.ID) {
			d.territories[k] = append(d.territories[k], t.ID)
		}
	}
	enter(key(t.Code))
	for _, s := range append([]string{t.Name, t.Short}, t.Aliases...) {
		if t.Kind == TerritoryPrefecture {
			enter(key(s))
			continue
		}
		for _, v := range before.variants(key(s)) {
			enter(v)
		}
	}
}

func (u Unit) spellings() []string { return append([]string{u.Name, u.Short}, u.Aliases...) }

// Directory returns the names of the pack's units as they were when it was loaded.
func (p *Pack) Directory() *Directory { return p.directory }

// WithAliases returns a directory that also knows spellings learned while the
// program ran: what a person decided a printed name stands for. It refuses an
// unknown unit, an empty spelling and a spelling that the pack lists for
// something else. The receiver does not change.
func (d *Directory) WithAliases(aliases map[string]UnitID) (*Directory, error) {
	learned := maps.Clone(d.learned)
	if learned == nil {
		learned = map[string]UnitID{}
	}
	for _, printed := range slices.Sorted(maps.Keys(aliases)) {
		id, k := aliases[printed], key(printed)
		unit, ok := d.pack.Unit(id)
		if !ok {
			return nil, errs.New(errs.NotFound, "“%s”指向的单位不存在：%s", printed, id)
		}
		if k == "" {
			return nil, errs.New(errs.Invalid, "%s的别名是空的", unit.Short)
		}
		if had := d.listed[k]; len(had) > 0 && !slices.Contains(had, target{unit: id}) {
			return nil, errs.New(errs.Conflict, "“%s”已是%s的名称，不能再作为%s的别名", printed, d.label(had[0]), unit.Short)
		}
		if other, taken := learned[k]; taken && other != id {
			had, _ := d.pack.Unit(other)
			return nil, errs.New(errs.Conflict, "“%s”已是%s的别名，不能再作为%s的别名", printed, had.Short, unit.Short)
		}
		learned[k] = id
	}
	copied := *d
	copied.learned = learned
	return &copied, nil
}

func (d *Directory) label(t target) string {
	if t.collective != "" {
		c := d.pack.collective(t.collective)
		return c.Name
	}
	u, _ := d.pack.Unit(t.unit)
	return u.Short
}

// Resolve says which units a printed name stands for. It tries, in this order:
// spellings learned and listed; the same with or without the city before them;
// customary shortenings; the name of a county or zone, for its government. The
// first step at which anything fits decides; if several units fit there, none
// is chosen. A name of the whole city's government is not a unit of the plan.
func (d *Directory) Resolve(printed string) Resolution {
	k := key(printed)
	if k == "" {
		return Resolution{}
	}
	if id, ok := d.learned[k]; ok {
		return Resolution{Units: []UnitID{id}, Exact: true}
	}
	steps := []struct {
		fits  []target
		exact bool
	}{
		{d.listed[k], true}, {d.prefixed[k], true}, {d.loosened[loose(k)], false}, {d.governments(k), false},
	}
	for _, step := range steps {
		if len(step.fits) > 0 {
			return d.decide(step.fits, step.exact)
		}
	}
	return Resolution{Candidates: d.similar(loose(k))}
}

func (d *Directory) decide(fits []target, exact bool) Resolution {
	if len(fits) > 1 {
		r := Resolution{Ambiguous: true}
		for _, t := range fits {
			for _, id := range d.unitsOf(t) {
				if !slices.Contains(r.Candidates, id) {
					r.Candidates = append(r.Candidates, id)
				}
			}
		}
		return r
	}
	t := fits[0]
	return Resolution{Units: d.unitsOf(t), Collective: t.collective != "", CollectiveID: t.collective, Exact: exact}
}

func (d *Directory) unitsOf(t target) []UnitID {
	if t.collective == "" {
		return []UnitID{t.unit}
	}
	c := d.pack.collective(t.collective)
	return slices.Clone(c.Units)
}

func (d *Directory) governments(k string) []target {
	var fits []target
	for _, id := range d.territories[k] {
		if u, ok := d.pack.Government(id); ok {
			fits = append(fits, target{unit: u.ID})
		}
	}
	return fits
}

// similar returns at most three units whose names share at least half of their
// pairs of characters with the name, best first.
func (d *Directory) similar(name string) []UnitID {
	best := map[UnitID]float64{}
	for _, n := range d.names {
		if l := likeness(name, n.text); l >= 0.5 && l > best[n.unit] {
			best[n.unit] = l
		}
	}
	ids := slices.SortedFunc(maps.Keys(best), func(a, b UnitID) int {
		return cmp.Or(cmp.Compare(best[b], best[a]), cmp.Compare(a, b))
	})
	return ids[:min(3, len(ids))]
}

// ResolveTerritory says which territory a printed name or code stands for; the
// second result is false when it is unknown or ambiguous.
func (d *Directory) ResolveTerritory(printed string) (TerritoryID, bool) {
	if ids := d.territories[key(printed)]; len(ids) == 1 {
		return ids[0], true
	}
	return "", false
}
