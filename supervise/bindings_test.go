package supervise_test

import (
	"testing"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
)

// Every reference of the packs' bindings is there, and in the unit of its target's kind.
func TestEveryBindingOfThePacksExists(t *testing.T) {
	for _, name := range city.Names() {
		pack, err := city.LoadBuiltin(name)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := plan.PackBindings(pack)
		if err != nil {
			t.Fatal(err)
		}
		catalog, err := register.LoadCatalog(pack)
		if err != nil {
			t.Fatal(err)
		}
		statistics, err := indicator.Load(pack)
		if err != nil {
			t.Fatal(err)
		}
		sources := supervise.NewSources(supervise.FromRegisters(nil, catalog.Get), supervise.FromIndicators(catalogueOnly{known: statistics}))
		for _, l := range lines {
			for _, ref := range (plan.Binding{Kind: l.Kind, Ref: l.Ref}).Refs() {
				if err := sources.Check(l.Kind, ref, plan.Qualitative); err != nil {
					t.Errorf("%s %s: %v", name, l.Subject, err)
				} else if sources.Where(l.Kind, ref) == "" {
					t.Errorf("%s has no name", ref)
				}
			}
		}
	}
}

// What stands is not what is new: a target is bound to a count of its own kind.
func TestACountFitsItsTarget(t *testing.T) {
	catalog, err := register.LoadCatalog(packOf(t))
	if err != nil {
		t.Fatal(err)
	}
	sources := supervise.NewSources(supervise.FromRegisters(nil, catalog.Get))
	for _, c := range []struct {
		ref    string
		target plan.TargetKind
		ok     bool
	}{
		{"parcel-point/open", plan.Flow, true}, {"parcel-point/standing", plan.Flow, false}, {"parcel-point/standing", plan.Stock, true},
		{"online-retailer/active", plan.Stock, true}, {"parcel-point/open", plan.Stock, false}, {"parcel-point/none", plan.Flow, false}, {"none/open", plan.Flow, false}, {"parcel-point", plan.Flow, false},
	} {
		if err := sources.Check(plan.Register, c.ref, c.target); (err == nil) != c.ok {
			t.Errorf("%s for %s: %v", c.ref, c.target, err)
		}
	}
}

// catalogueOnly is the statistics room without figures.
type catalogueOnly struct {
	supervise.Gaps
	known *indicator.Catalogue
}

func (c catalogueOnly) Catalogue() *indicator.Catalogue { return c.known }
