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
				if err := sources.Check(l.Kind, ref); err != nil {
					t.Errorf("%s %s: %v", name, l.Subject, err)
				} else if sources.Where(l.Kind, ref) == "" {
					t.Errorf("%s has no name", ref)
				}
			}
		}
	}
}

// catalogueOnly is the statistics room without figures.
type catalogueOnly struct {
	supervise.Gaps
	known *indicator.Catalogue
}

func (c catalogueOnly) Catalogue() *indicator.Catalogue { return c.known }
