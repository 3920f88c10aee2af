package register_test

import (
	"testing"

	"bihuan/city"
	"bihuan/register"
)

func catalog(t testing.TB, name string) *register.Catalog {
	t.Helper()
	pack, err := city.LoadBuiltin(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range register.Problems(pack.Files, pack) {
		t.Error(p)
	}
	c, err := register.LoadCatalog(pack)
	if err != nil {
		t.FailNow()
	}
	return c
}

func TestBuiltinCatalogs(t *testing.T) {
	for _, name := range city.Names() {
		if len(catalog(t, name).All()) == 0 {
			t.Errorf("%s has no registers", name)
		}
	}
}
