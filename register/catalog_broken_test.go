package register_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"bihuan/city"
	"bihuan/register"
)

var update = flag.Bool("update", false, "write what was found into the golden files")

// golden separates the changes of a case from the problems they must cause.
const golden = "----\n"

// inCode is what the fictional city's moves may name.
var inCode = register.Known{Guards: []string{"authority"}, Documents: []string{"review"}}

// TestBrokenDefinitions takes the registers of the fictional city, makes the changes
// of each case and compares the problems. A case is a file: a comment, then for each
// file its name and lines to take out (-) and to put in (+), or "delete name"; a name
// that is not there makes a new file.
func TestBrokenDefinitions(t *testing.T) {
	cases, err := filepath.Glob("testdata/definitions/*.txt")
	if err != nil || len(cases) < 30 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	pack, err := city.Load(os.DirFS(fictional))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changes, want, _ := strings.Cut(string(content), golden)
			files := registers(t)
			if err := change(files, changes); err != nil {
				t.Fatal(err)
			}
			got := city.Errors(register.Problems(files, pack, inCode)).Error() + "\n"
			if *update {
				if err := os.WriteFile(path, []byte(changes+golden+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			broken := *pack
			broken.Files = files
			if _, err := register.LoadCatalog(&broken, inCode); err == nil {
				t.Error("the broken registers were loaded")
			}
		})
	}
}

// registers reads the fictional city into a folder that may be changed.
func registers(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	folder := os.DirFS(fictional)
	err := fs.WalkDir(folder, "registers", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := fs.ReadFile(folder, path)
		files[path] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func change(files fstest.MapFS, changes string) error {
	file, out, in := "", "", ""
	apply := func() error {
		if out == "" && in == "" {
			return nil
		}
		had := ""
		if f := files[file]; f != nil {
			had = string(f.Data)
		}
		if !strings.Contains(had, out) {
			return fmt.Errorf("%s does not contain %q", file, out)
		}
		files[file] = &fstest.MapFile{Data: []byte(strings.Replace(had, out, in, 1))}
		out, in = "", ""
		return nil
	}
	for line := range strings.Lines(changes) {
		switch name, deleted := strings.CutPrefix(line, "delete "); {
		case strings.HasPrefix(line, "#"):
		case deleted:
			delete(files, strings.TrimSpace(name))
		case strings.HasPrefix(line, "-"):
			if in != "" {
				if err := apply(); err != nil {
					return err
				}
			}
			out += line[1:]
		case strings.HasPrefix(line, "+"):
			in += line[1:]
		default:
			if err := apply(); err != nil {
				return err
			}
			file = strings.TrimSpace(line)
		}
	}
	return apply()
}

// FuzzDefinition puts arbitrary bytes in the place of one file: the loader must
// answer, with a place for each problem.
func FuzzDefinition(f *testing.F) {
	pack, err := city.Load(os.DirFS(fictional))
	if err != nil {
		f.Fatal(err)
	}
	names := []string{"registers/night-stall.yaml", "registers/stall-case.yaml", "registers/_stages.yaml", "registers/_shared.yaml"}
	whole := registers(f)
	for i, name := range names {
		f.Add(uint8(i), string(whole[name].Data))
	}
	f.Add(uint8(0), "id: [a]\nfields: [{set: {}}, 3, {name: a, type: choice, options: [[]]}]\nstages: {a: 1}")
	f.Add(uint8(1), "stages: [{id: a, moves: [{to: a, by: [], not_by: [[]], where: {a: 1, a: 2}}], moves: 1}]\ncounts: [{where: []}]\nchecks: [{kind: rush, than: x}]")
	f.Add(uint8(2), "item: {}\nitem: []\n? [a]\n: b")
	f.Fuzz(func(t *testing.T, which uint8, content string) {
		files := registers(t)
		files[names[int(which)%len(names)]] = &fstest.MapFile{Data: []byte(content)}
		for _, p := range register.Problems(files, pack, inCode) {
			if p.File == "" || p.Found == "" || p.Expected == "" || strings.ContainsAny(p.String(), "\n") {
				t.Errorf("problem %+v", p)
			}
		}
	})
}
