package matter_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/city"
	"bihuan/matter"
	"bihuan/register"
)

// TestCheckPack: what a pack measures by is named when it is not there.
func TestCheckPack(t *testing.T) {
	for _, name := range city.Names() {
		pack, err := city.LoadBuiltin(name)
		if err != nil {
			t.Fatal(err)
		}
		catalog, err := register.LoadCatalog(pack, matter.Known)
		if err != nil {
			t.Fatal(err)
		}
		if wrong := matter.CheckPack(pack, catalog); len(wrong) > 0 {
			t.Errorf("%s: %v", name, wrong)
		}
		files := fstest.MapFS{}
		if err := fs.WalkDir(pack.Files, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(pack.Files, path)
			files[path] = &fstest.MapFile{Data: data}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for file, change := range map[string][2]string{
			"measures/ranking.yaml":  {"register: enterprise-problem", "register: nothing"},
			"measures/dispatch.yaml": {"ref: ", "ref: no-"},
			"measures/bindings.yaml": {"ref: childcare-station/new", "ref: childcare-station/old"},
		} {
			whole := files[file]
			text := strings.Replace(string(whole.Data), change[0], change[1], 1)
			files[file] = &fstest.MapFile{Data: []byte(text)}
			broken := *pack
			broken.Files = files
			if wrong := matter.CheckPack(&broken, catalog); len(wrong) == 0 {
				t.Errorf("%s: a fault in %s is not named", name, file)
			} else {
				t.Log(errors.Join(wrong...))
			}
			files[file] = whole
		}
	}
}
