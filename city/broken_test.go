package city

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
)

var update = flag.Bool("update", false, "write what was found into the golden files")

// golden separates the changes of a case from the problems they must cause.
const golden = "----\n"

// TestBrokenPacks takes the fictional city, makes the changes of each case and
// compares the problems. A case is a file: a comment, then for each file of the
// pack its name and lines to take out (-) and to put in (+), or "delete name";
// a name that is not in the pack makes a new file.
func TestBrokenPacks(t *testing.T) {
	cases, err := filepath.Glob("testdata/broken/*.txt")
	if err != nil || len(cases) < 20 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changes, want, _ := strings.Cut(string(content), golden)
			pack := fictional(t)
			if err := change(pack, changes); err != nil {
				t.Fatal(err)
			}
			got := Errors(Check(pack)).Error() + "\n"
			if *update {
				if err := os.WriteFile(path, []byte(changes+golden+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if _, err := Load(pack); err == nil {
				t.Error("the broken pack was loaded")
			}
		})
	}
}

// fictional reads testdata/yunhe into a folder that may be changed.
func fictional(t testing.TB) fstest.MapFS {
	t.Helper()
	pack := fstest.MapFS{}
	folder := os.DirFS("testdata/yunhe")
	err := fs.WalkDir(folder, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := fs.ReadFile(folder, path)
		pack[path] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func change(pack fstest.MapFS, changes string) error {
	file, out, in := "", "", ""
	apply := func() error {
		if out == "" && in == "" {
			return nil
		}
		had := ""
		if f := pack[file]; f != nil {
			had = string(f.Data)
		}
		if !strings.Contains(had, out) {
			return fmt.Errorf("%s does not contain %q", file, out)
		}
		pack[file] = &fstest.MapFile{Data: []byte(strings.Replace(had, out, in, 1))}
		out, in = "", ""
		return nil
	}
	for line := range strings.Lines(changes) {
		switch name, deleted := strings.CutPrefix(line, "delete "); {
		case strings.HasPrefix(line, "#"):
		case deleted:
			delete(pack, strings.TrimSpace(name))
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
