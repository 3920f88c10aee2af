package archtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const module = "bihuan/"

// floors orders the rooms: a package may import only what stands on a lower line.
// Packages of one line do not know each other unless they are parts of one room.
var floors = [][]string{
	{"schema", "third_party/web"},
	{"kit"},
	{"city"},
	{"org"},
	{"notice"},
	{"plan/read", "plan/source"},
	{"register", "indicator"},
	{"plan"},
	{"supervise"},
	{"matter"},
	{"app"},
	{"demo"},
	{"web/ui", "web/assets"},
	{"api"},
	{"web/frame"},
	{"web"}, // serves the API beside its pages
	{"cmd"},
}

const reason = "arrows point one way: cmd → web → api → rooms as the data flows → kit (docs/design.md)"

// pure packages open no database, no network and no page.
var pure = map[string][]string{
	"plan/read": {"bihuan/kit/db", "database/sql", "net/http", "os", "bihuan/plan/source"},
	"kit/errs":  {"database/sql", "net/http"},
}

func TestArrows(t *testing.T) {
	root := moduleRoot(t)
	for pkg, imports := range importsOf(t, root) {
		for _, imp := range imports {
			target, ours := strings.CutPrefix(imp, module)
			for _, banned := range pure[pkg] {
				if imp == banned {
					t.Errorf("%s imports %s: it must stay pure", pkg, imp)
				}
			}
			if !ours || pkg == target {
				continue
			}
			from, to := floorOf(t, pkg), floorOf(t, target)
			if from > to || (from == to && sameRoom(pkg, target)) {
				continue
			}
			t.Errorf("%s imports %s: %s", pkg, target, reason)
		}
	}
}

// sameRoom lets the parts of one room, and the tools of the ground floor, know each other.
func sameRoom(a, b string) bool {
	return strings.Split(a, "/")[0] == strings.Split(b, "/")[0]
}

// floorOf finds the line with the longest name that the package stands under.
func floorOf(t *testing.T, pkg string) int {
	best, floor := -1, -1
	for i, names := range floors {
		for _, n := range names {
			if (pkg == n || strings.HasPrefix(pkg, n+"/")) && len(n) > best {
				best, floor = len(n), i
			}
		}
	}
	if floor < 0 {
		t.Fatalf("package %s stands on no floor: add it to the list", pkg)
	}
	return floor
}

// TestPackageComments wants every package to say what belongs in it.
func TestPackageComments(t *testing.T) {
	root := moduleRoot(t)
	said := map[string]bool{}
	walk(t, root, func(dir, path string, f *ast.File) {
		if f.Doc != nil && len(f.Doc.Text()) > 40 {
			said[dir] = true
		} else if _, ok := said[dir]; !ok {
			said[dir] = false
		}
	})
	for dir, ok := range said {
		if !ok {
			t.Errorf("package %s has no comment that says what belongs there", dir)
		}
	}
}

func importsOf(t *testing.T, root string) map[string][]string {
	all := map[string][]string{}
	walk(t, root, func(dir, _ string, f *ast.File) {
		for _, imp := range f.Imports {
			all[dir] = append(all[dir], strings.Trim(imp.Path.Value, `"`))
		}
	})
	if len(all) < 10 {
		t.Fatalf("found only %d packages", len(all))
	}
	return all
}

// walk parses every file of the program but tests, whose helpers may reach further.
func walk(t *testing.T, root string, f func(dir, path string, file *ast.File)) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == "dbtest" || d.Name() == "plantest" || d.Name() == "webtest") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		f(filepath.ToSlash(dir), path, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func moduleRoot(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

// TestNotices wants every required module named among the third-party notices.
func TestNotices(t *testing.T) {
	root := moduleRoot(t)
	notices, err := os.ReadFile(filepath.Join(root, "THIRD_PARTY_NOTICES.txt"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, line := range strings.Split(string(mod), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 || !strings.Contains(fields[0], ".") || !strings.HasPrefix(fields[1], "v") {
			continue
		}
		n++
		if !strings.Contains(string(notices), "\n"+fields[0]+" "+fields[1]) {
			t.Errorf("%s %s is not in THIRD_PARTY_NOTICES.txt: run scripts/notices.sh", fields[0], fields[1])
		}
	}
	if n < 10 {
		t.Errorf("found only %d modules in go.mod", n)
	}
}

// TestRulesTable wants every test that docs/rules.md names to exist where it says.
func TestRulesTable(t *testing.T) {
	root := moduleRoot(t)
	table, err := os.ReadFile(filepath.Join(root, "docs", "rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z/]+)` (Test[A-Za-z]+)").FindAllStringSubmatch(string(table), -1)
	if len(named) < 40 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, m := range named {
		files, err := filepath.Glob(filepath.Join(root, m[1], "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			found = found || strings.Contains(string(text), "func "+m[2]+"(")
		}
		if !found {
			t.Errorf("docs/rules.md names %s in %s, which is not there", m[2], m[1])
		}
	}
}
