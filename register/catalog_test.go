package register_test

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/register"
)

// fictional is the folder of a city that is not there.
const fictional = "../city/testdata/yunhe"

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

func TestFictionalCatalog(t *testing.T) {
	pack, err := city.Load(os.DirFS(fictional))
	if err != nil {
		t.Fatal(err)
	}
	c, err := register.LoadCatalog(pack, register.Known{Guards: []string{"authority"}, Documents: []string{"review"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.All()) != 2 || c.All()[0].ID != "night-stall" || len(c.Under("night-stall")) != 1 || len(c.Under("")) != 0 {
		t.Fatalf("%+v", c.All())
	}
	if _, ok := c.Get("nothing"); ok {
		t.Error("a register that is not there")
	}
	stall, _ := c.Get("night-stall")
	claim := stall.Stages[0].Moves[0]
	if !slices.Equal(claim.Needs, []string{"licensed"}) || !slices.Equal(claim.Proof, []string{"licence"}) {
		t.Errorf("proven asks for %v and %v", claim.Needs, claim.Proof)
	}
	if l := stall.Stages[1].Limit; l == nil || *l != pack.Defaults.Timers.Review {
		t.Errorf("a limit by name: %+v", l)
	}
	licence, _ := stall.Field("licence")
	phone, _ := stall.Field("phone")
	want := register.Place{Address: "address", Longitude: "longitude", Latitude: "latitude"}
	if licence.Pattern != "^(?:YH[0-9]{6})$" || !phone.Personal || stall.Title != "name" || stall.Place != want || !stall.Sampled {
		t.Errorf("%+v %+v %+v", licence, phone, stall)
	}
	kase, _ := c.Get("stall-case")
	if kase.Sampled || kase.Under != "night-stall" || !slices.Equal(kase.Stages[0].Moves[0].Needs, []string{"handler"}) || kase.Stages[1].Until != "due" {
		t.Errorf("%+v", kase)
	}
	empty := *pack
	empty.Files = fstest.MapFS{}
	if c, err := register.LoadCatalog(&empty); err != nil || len(c.All()) != 0 {
		t.Errorf("a pack without registers: %v", err)
	}
}

// closed is a folder that cannot be read.
type closed struct{}

// Open fails.
func (closed) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestUnreadableFolder(t *testing.T) {
	pack, err := city.Load(os.DirFS(fictional))
	if err != nil {
		t.Fatal(err)
	}
	problems := register.Problems(closed{}, pack)
	if len(problems) != 1 || problems[0].File != "registers" {
		t.Error(problems)
	}
	pack.Files = closed{}
	var all city.Errors
	if _, err := register.LoadCatalog(pack); !errs.Is(err, errs.Invalid) || !errors.As(err, &all) {
		t.Error(err)
	}
}
