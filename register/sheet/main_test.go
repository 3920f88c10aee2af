package sheet

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/kit/seal"
	"bihuan/org"
	"bihuan/register"
)

// testPack is the fictional city with the registers of this package's tests.
func testPack(tb testing.TB) (*city.Pack, *register.Catalog) {
	tb.Helper()
	files := fstest.MapFS{}
	gather := func(root, skip string) {
		err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || skip != "" && strings.HasPrefix(path, skip) {
				return err
			}
			data, err := fs.ReadFile(os.DirFS(root), path)
			files[path] = &fstest.MapFile{Data: data}
			return err
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	gather("../../city/testdata/yunhe", "registers")
	gather("testdata", "fuzz")
	pack, err := city.Load(files)
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range register.Problems(pack.Files, pack) {
		tb.Error(p)
	}
	catalog, err := register.LoadCatalog(pack)
	if err != nil {
		tb.Fatal(err)
	}
	return pack, catalog
}

// shelf stands for the register room: it keeps records in a table of its own and
// refuses a second record with a unique key.
type shelf struct {
	db      *db.DB
	catalog *register.Catalog
	entered int // calls that committed or rolled back
	broken  int // the call at which the machine dies, after its rows were written; 0 for never
}

func newShelf(tb testing.TB, d *db.DB, c *register.Catalog) *shelf {
	tb.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, q := range []string{
			`CREATE TABLE shelf_record (id TEXT PRIMARY KEY, register_id TEXT NOT NULL, no TEXT NOT NULL, territory TEXT NOT NULL, parent TEXT NOT NULL, vals TEXT NOT NULL)`,
			`CREATE TABLE shelf_key (register_id TEXT NOT NULL, k TEXT NOT NULL, PRIMARY KEY (register_id, k))`} {
			if _, err := tx.Exec(q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return &shelf{db: d, catalog: c}
}

// errDied stands for the end of the machine.
var errDied = fmt.Errorf("the machine died")

func (s *shelf) Enter(ctx context.Context, p org.Principal, drafts []register.Draft, also func(*db.Tx, []error) error) error {
	s.entered++
	return s.db.Write(ctx, func(tx *db.Tx) error {
		refused := make([]error, len(drafts))
		for i, d := range drafts {
			if err := s.one(tx, d); errs.CodeOf(err) != errs.Internal {
				refused[i] = err
			} else if err != nil {
				return err
			}
		}
		if s.entered == s.broken {
			return errDied
		}
		return also(tx, refused)
	})
}

func (s *shelf) one(tx *db.Tx, d register.Draft) error {
	def, _ := s.catalog.Get(d.Register)
	var keys []string
	for _, u := range def.Unique {
		k, whole := uniqueKey(def, u, d)
		if !whole {
			continue
		}
		text := fmt.Sprintf("%x", k)
		n := 0
		if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, `SELECT COUNT(*) FROM shelf_key WHERE register_id = $1 AND k = $2`, string(d.Register), text); err != nil {
			return err
		}
		if n > 0 {
			e := errs.New(errs.Invalid, "有 1 处需要更正")
			e.Fields = []errs.Field{{Name: u.Fields[0], Message: u.Says}}
			return e
		}
		keys = append(keys, text)
	}
	for _, k := range keys {
		if _, err := tx.Exec(`INSERT INTO shelf_key (register_id, k) VALUES ($1, $2)`, string(d.Register), k); err != nil {
			return err
		}
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	vals, _ := json.Marshal(d.Values)
	_, err = tx.Exec(`INSERT INTO shelf_record (id, register_id, no, territory, parent, vals) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, string(d.Register), "首店-"+id[20:], string(d.Territory), d.Parent, string(vals))
	return err
}

func (s *shelf) List(ctx context.Context, _ org.Principal, q register.Query) (list []register.Record, total int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(r db.Scanner) error {
			var rec register.Record
			var vals string
			if err := r.Scan(&rec.ID, &rec.Register, &rec.No, &rec.Territory, &rec.Parent, &vals); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(vals), &rec.Values); err != nil {
				return err
			}
			rec.Title, rec.Stage, rec.Unit, rec.ReportedAt = rec.Values["name"], "entered", "dongan-gov", tx.Now()
			if q.Text == "" || strings.Contains(rec.No+rec.Title, q.Text) {
				list = append(list, rec)
			}
			return nil
		}, `SELECT id, register_id, no, territory, parent, vals FROM shelf_record WHERE register_id = $1 ORDER BY id`, string(q.Register))
	})
	slices.SortFunc(list, func(a, b register.Record) int { return strings.Compare(a.Values["filing"], b.Values["filing"]) })
	total = len(list)
	from := min(q.Offset, total)
	to := total
	if q.Limit > 0 {
		to = min(total, from+q.Limit)
	}
	return list[from:to], total, err
}

// desk is one test's service with its runner.
type desk struct {
	testing.TB
	*Service
	shelf  *shelf
	runner *job.Runner
	clock  *dbtest.Clock
}

var ctx = context.Background()

// The people of the tests.
var (
	clerk   = org.Principal{ID: "p1", Name: "东岸经办", UnitID: "dongan-gov", TerritoryID: "dongan", Roles: []org.Role{org.CountyClerk}, Via: org.ViaPage}
	bureau  = org.Principal{ID: "p2", Name: "市局经办", UnitID: "trade", TerritoryID: "city", Roles: []org.Role{org.UnitClerk}, Via: org.ViaPage}
	other   = org.Principal{ID: "p3", Name: "半岛经办", UnitID: "bandao-com", TerritoryID: "bandao", Roles: []org.Role{org.CountyClerk}, Via: org.ViaPage}
	leader  = org.Principal{ID: "p4", Name: "领导", UnitID: "trade", TerritoryID: "city", Roles: []org.Role{org.Leader}, Via: org.ViaPage}
	nobody  = org.Principal{}
	shopReg = register.ID("shop")
)

func newDesk(tb testing.TB, d *db.DB, clock *dbtest.Clock) *desk {
	tb.Helper()
	pack, catalog := testPack(tb)
	blobs, err := blob.OpenFolder(tb.TempDir(), clock.Now())
	if err != nil {
		tb.Fatal(err)
	}
	ring, err := seal.New(clock.Now(), d.Entropy())
	if err != nil {
		tb.Fatal(err)
	}
	shelf := newShelf(tb, d, catalog)
	s := New(Parts{DB: d, Log: audit.New(audit.Key("test")), Pack: pack, Catalog: catalog, Records: shelf, Blobs: blobs, Box: ring})
	registry := job.NewRegistry()
	s.Handle(registry)
	return &desk{tb, s, shelf, job.NewRunner(d, registry, job.Config{Logger: slog.New(slog.DiscardHandler)}), clock}
}

// both runs a test on each engine.
func both(t *testing.T, f func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { f(t, newDesk(t, d, clock)) })
}

func (d *desk) run() {
	d.Helper()
	if _, err := d.runner.RunDue(ctx); err != nil {
		d.Fatal(err)
	}
}

// retry lets the time pass after which a failed job is tried again.
func (d *desk) retry() {
	d.Helper()
	d.clock.Add(time.Hour)
	d.run()
}

func (d *desk) upload(p org.Principal, data string) string {
	d.Helper()
	id, err := d.Upload(ctx, p, shopReg, "首店.xlsx", strings.NewReader(data))
	if err != nil {
		d.Fatal(err)
	}
	return id
}

func (d *desk) state(p org.Principal, id string) Import {
	d.Helper()
	i, err := d.Get(ctx, p, id)
	if err != nil {
		d.Fatal(err)
	}
	return i
}

func (d *desk) cells(p org.Principal, id string) []BadCell {
	d.Helper()
	bad, total, err := d.Cells(ctx, p, id, 0, 0)
	if err != nil || len(bad) != total {
		d.Fatalf("%d bad cells of %d, %v", len(bad), total, err)
	}
	return bad
}

// stored gives the filing numbers of the records in the store, sorted.
func (d *desk) stored() []string {
	d.Helper()
	list, _, err := d.shelf.List(ctx, nobody, register.Query{Register: shopReg})
	if err != nil {
		d.Fatal(err)
	}
	var numbers []string
	for _, r := range list {
		numbers = append(numbers, r.Values["filing"])
	}
	slices.Sort(numbers)
	return numbers
}
