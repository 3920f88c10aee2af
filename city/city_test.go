package city_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
)

func first(t testing.TB) *city.Pack {
	t.Helper()
	p, err := city.LoadBuiltin("liaocheng")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBuiltinPacks(t *testing.T) {
	if len(city.Names()) == 0 {
		t.Fatal("no packs")
	}
	for _, name := range city.Names() {
		for _, p := range city.Check(city.Builtin(name)) {
			t.Errorf("%s: %s", name, p)
		}
		p, err := city.LoadBuiltin(name)
		if err != nil {
			t.Fatal(err)
		}
		if p.ID != name || len(p.Digest) != 64 || p.LeadUnit().ID == "" || p.Directory() == nil {
			t.Errorf("%s: %s %s %v", name, p.ID, p.Digest, p.LeadUnit())
		}
	}
	if _, err := city.LoadBuiltin("atlantis"); !errs.Is(err, errs.NotFound) {
		t.Errorf("an unknown pack: %v", err)
	}
	_, err := city.Load(city.Builtin("atlantis"))
	var problems city.Errors
	if !errs.Is(err, errs.Invalid) || !errors.As(err, &problems) || len(problems) < 6 {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestFirstPack(t *testing.T) {
	p := first(t)
	kinds := map[city.UnitKind]int{}
	for _, u := range p.Units {
		kinds[u.Kind]++
	}
	want := map[city.UnitKind]int{city.KindBureau: 12, city.KindParty: 1, city.KindMass: 2, city.KindBank: 1,
		city.KindCountyGovernment: 8, city.KindZoneCommittee: 3}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("units by kind:\n%s", diff)
	}
	if p.LeadUnit().Short != "市商务局" || p.Root().Code != "371500" {
		t.Errorf("lead %v, root %v", p.LeadUnit(), p.Root())
	}
	sizes := map[city.CollectiveID]int{}
	for _, c := range p.Collectives {
		sizes[c.ID] = len(c.Units)
	}
	if diff := cmp.Diff(map[city.CollectiveID]int{"county-governments": 8, "zone-committees": 3, "departments": 16, "everybody": 11}, sizes); diff != "" {
		t.Errorf("collectives:\n%s", diff)
	}
	if diff := cmp.Diff(calendar.Default().Years(), p.Calendar.Years(), cmp.Comparer(func(a, b calendar.Date) bool { return a == b })); diff != "" {
		t.Errorf("calendar against the built-in notices:\n%s", diff)
	}
	d, ok := p.Document("consumption-2026")
	if !ok || d.Year != 2026 || d.Issued.String() != "2026-03-25" || len(d.Text) < 10_000 {
		t.Errorf("document %v %d %v, %d bytes", ok, d.Year, d.Issued, len(d.Text))
	}
}

func TestFirstPackRules(t *testing.T) {
	p := first(t)
	light := p.Thresholds.LightFor(city.CategoryBinding)
	light.Basis = city.Basis{}
	if want := (city.LightRule{Green: 0, Blue: -500, Yellow: -1500, LateWorkdays: 10, NearWorkdays: 10, YellowsToRed: 2}); light != want {
		t.Errorf("light %+v", light)
	}
	if g := p.Thresholds.Growth; g.Green != 0 || g.Yellow != -50 || g.Confidence != city.ConfidenceChosen || g.Confidence.Printable() {
		t.Errorf("growth %+v", g)
	}
	var steps []int
	for _, r := range p.Defaults.Reminders {
		steps = append(steps, r.Workdays)
	}
	if !slices.Equal(steps, []int{-10, -3, 1, 5}) {
		t.Errorf("reminders %v", steps)
	}
	timers := p.Defaults.Timers
	for _, c := range []struct {
		name string
		got  city.Limit
		days int
		unit calendar.Unit
	}{
		{"register", timers.Register, 2, calendar.Workdays}, {"sign", timers.Sign, 1, calendar.Workdays},
		{"plan", timers.Plan, 5, calendar.Workdays}, {"quantify", timers.Quantify, 20, calendar.Workdays},
		{"dispute", timers.Dispute, 30, calendar.NaturalDays}, {"look back", timers.LookBack, 90, calendar.NaturalDays},
	} {
		if c.got.N != c.days || c.got.Unit != c.unit || c.got.Source == "" || c.got.Confidence == "" {
			t.Errorf("%s: %+v", c.name, c.got)
		}
	}
	if !timers.Dispute.Confidence.Printable() || timers.Sign.Confidence.Printable() {
		t.Error("only what a text prescribes may be printed")
	}
}

// Zones lie inside a district: no caliber may count anybody twice.
func TestCalibers(t *testing.T) {
	p := first(t)
	if n := len(p.TerritoriesFor(city.CaliberAdministrative)); n != 8 {
		t.Errorf("%d divisions", n)
	}
	if n := len(p.TerritoriesFor(city.CaliberZonesApart)); n != 11 {
		t.Errorf("%d parts with zones apart", n)
	}
	if p.TerritoriesFor("") != nil {
		t.Error("an unknown caliber has territories")
	}
	for _, part := range p.TerritoriesFor(city.CaliberAdministrative) {
		if part.Kind == city.TerritoryZone || part.Kind == city.TerritoryPrefecture || part.Caliber != city.CaliberAdministrative {
			t.Errorf("%s is no division", part.Name)
		}
	}
	for _, zone := range p.TerritoriesFor(city.CaliberZonesApart) {
		if zone.Kind != city.TerritoryZone {
			continue
		}
		if zone.Caliber != city.CaliberZonesApart || zone.InsideOf != "dongchangfu" {
			t.Errorf("zone %+v", zone)
		}
		if _, ok := zone.PopulationIn(city.CaliberAdministrative, 2020); ok {
			t.Errorf("%s has residents of its own in the caliber that counts them elsewhere", zone.Name)
		}
	}
	host, _ := p.Territory("dongchangfu")
	with, ok1 := host.PopulationIn(city.CaliberAdministrative, 2023)
	without, ok2 := host.PopulationIn(city.CaliberZonesApart, 2023)
	if !ok1 || !ok2 || with.Persons <= without.Persons {
		t.Errorf("with zones %v, without %v", with, without)
	}
	if _, ok := host.PopulationIn(city.CaliberAdministrative, 2020); ok {
		t.Error("a number that was not published was made up")
	}
	if len(p.ZonesIn("dongchangfu")) != 3 || p.ZonesIn("chiping") != nil || p.ZonesIn("") != nil {
		t.Error("zones inside")
	}
}

// The five urban parts of the 2020 census add up to the published 200.65 万.
func TestCensusAddsUp(t *testing.T) {
	var sum int64
	for _, id := range []city.TerritoryID{"dongchangfu", "chiping", "jingkai", "gaoxin", "dujia"} {
		part, _ := first(t).Territory(id)
		n, _ := part.PopulationIn(city.CaliberZonesApart, 2020)
		sum += n.Persons
	}
	if (sum+50)/100 != 20_065 {
		t.Errorf("the sum is %d", sum)
	}
}

func TestEveryPartIsGovernedAndCompared(t *testing.T) {
	p := first(t)
	groups := map[city.GroupID]int{}
	for _, part := range p.TerritoriesFor(city.CaliberZonesApart) {
		u, ok := p.Government(part.ID)
		if !ok || !u.Kind.IsGovernment() || u.Kind.Label() == "" || part.Kind.Label() == "" {
			t.Errorf("%s: %v", part.Name, u)
		}
		if len(p.UnitsOf(part.ID)) != 1 {
			t.Errorf("%s has units %v", part.Name, p.UnitsOf(part.ID))
		}
		g, ok := p.GroupOf(part.ID)
		if again, _ := p.Group(g.ID); !ok || again.Name != g.Name {
			t.Errorf("%s is in no group", part.Name)
		}
		groups[g.ID]++
	}
	if diff := cmp.Diff(map[city.GroupID]int{"districts": 2, "counties": 6, "zones": 3}, groups); diff != "" {
		t.Error(diff)
	}
	if _, ok := p.Government(p.Root().ID); ok {
		t.Error("the city as a whole has a county government")
	}
	if _, ok := p.GroupOf(p.Root().ID); ok {
		t.Error("the city as a whole is ranked")
	}
}

func TestUnknownIDs(t *testing.T) {
	p := first(t)
	_, unit := p.Unit("x")
	_, territory := p.Territory("x")
	_, group := p.Group("x")
	_, document := p.Document("x")
	if unit || territory || group || document {
		t.Error("something unknown was found")
	}
}
