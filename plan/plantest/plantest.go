// Package plantest builds a plan room with people for tests: a city pack, a
// database on one engine, and principals of every role.
package plantest

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/source"
	"bihuan/schema"
)

// Room is a plan room under test.
type Room struct {
	DB    *db.DB
	Clock *dbtest.Clock
	Log   *audit.Log
	Pack  *city.Pack
	Blobs *blob.Folder
	Plan  *plan.Service
	// Measures is what Measured set; nil while every target is reported.
	Measures plan.Measures
	// Broken is set by a test that damages the data on purpose: otherwise the end
	// of each test checks that everything stored is sound.
	Broken bool
}

// New opens a room on an engine with the first built-in pack. When the test ends,
// what is stored is checked to be sound.
func New(tb testing.TB, engine db.Engine) *Room {
	tb.Helper()
	clock := dbtest.NewClock(moment)
	r := assemble(tb, dbtest.Open(tb, engine, clock), clock, tb.TempDir())
	tb.Cleanup(func() {
		if !r.Broken {
			r.Sound(tb)
		}
	})
	return r
}

// At opens a room on the SQLite database and blob store in a folder, created when
// missing: for tests whose program is killed and whose data is opened again. The
// caller closes the database.
func At(tb testing.TB, folder string) *Room {
	tb.Helper()
	ctx := context.Background()
	clock := dbtest.NewClock(moment)
	d, err := db.Open(ctx, filepath.Join(folder, "room.db"), db.Options{Now: clock.Now})
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := d.Migrate(ctx, schema.FS); err != nil {
		tb.Fatal(err)
	}
	return assemble(tb, d, clock, filepath.Join(folder, "blobs"))
}

const moment = "2026-07-01T09:00:00+08:00"

func assemble(tb testing.TB, d *db.DB, clock *dbtest.Clock, blobs string) *Room {
	tb.Helper()
	pack, err := city.LoadBuiltin(city.Names()[0])
	if err != nil {
		tb.Fatal(err)
	}
	store, err := blob.OpenFolder(blobs, clock.Now())
	if err != nil {
		tb.Fatal(err)
	}
	r := &Room{DB: d, Clock: clock, Log: audit.New(audit.Key("the key of a test")), Pack: pack, Blobs: store}
	r.Plan = r.Another()
	return r
}

// Another makes a second plan room on the same data, as a second process has it.
func (r *Room) Another() *plan.Service {
	return plan.New(plan.Parts{DB: r.DB, Log: r.Log, Pack: r.Pack, Blobs: r.Blobs, Measures: r.Measures, Load: func(ctx context.Context, name string, data []byte) (source.Document, error) {
		return source.Load(ctx, name, data, source.Tools{})
	}})
}

// Measured opens the plan room anew with measures that other rooms serve.
func (r *Room) Measured(m plan.Measures) {
	r.Measures = m
	r.Plan = r.Another()
}

// Sound fails the test when what is stored contradicts itself: a standing that its
// entries do not give, a broken audit chain, a file that is not there.
func (r *Room) Sound(tb testing.TB) {
	tb.Helper()
	ctx := context.Background()
	if wrong, _, err := r.Plan.CheckStandings(ctx); err != nil || len(wrong) > 0 {
		tb.Errorf("standings: %v %v", wrong, err)
	}
	if missing, _, err := r.Plan.MissingFiles(ctx); err != nil || len(missing) > 0 {
		tb.Errorf("files: %v %v", missing, err)
	}
	if err := r.DB.Read(ctx, func(tx *db.Tx) error {
		report, err := r.Log.Verify(tx)
		if err == nil && !report.Sound() {
			tb.Errorf("audit log: %+v", report.Fault)
		}
		return err
	}); err != nil {
		tb.Error(err)
	}
}

// Person makes somebody with roles, in a unit of the pack ("" for none).
func (r *Room) Person(id string, unit city.UnitID, roles ...org.Role) org.Principal {
	u, _ := r.Pack.Unit(unit)
	territory := string(u.Territory)
	if !u.Kind.IsGovernment() {
		territory = ""
	}
	return org.Principal{ID: id, Name: id, UnitID: string(unit), UnitName: u.Short, TerritoryID: territory, Roles: roles, Via: org.ViaPage}
}

// Dispatcher imports and corrects lists.
func (r *Room) Dispatcher() org.Principal {
	return r.Person("dispatcher", r.Pack.LeadUnit().ID, org.Dispatcher)
}

// Approver publishes lists.
func (r *Room) Approver() org.Principal {
	return r.Person("approver", r.Pack.LeadUnit().ID, org.Approver)
}

// Clerk reports for a unit.
func (r *Room) Clerk(unit city.UnitID) org.Principal {
	return r.Person("clerk-"+string(unit), unit, org.UnitClerk)
}

// Head verifies for a unit.
func (r *Room) Head(unit city.UnitID) org.Principal {
	return r.Person("head-"+string(unit), unit, org.UnitHead)
}

// County makes a clerk or head of a county's government.
func (r *Room) County(id city.TerritoryID, role org.Role) org.Principal {
	gov, _ := r.Pack.Government(id)
	return r.Person(string(role)+"-"+string(id), gov.ID, role)
}

// Import brings in a text and reads it; it returns the import.
func (r *Room) Import(tb testing.TB, p org.Principal, u plan.Upload, text string) string {
	tb.Helper()
	if u.Name == "" {
		u.Name = "plan.txt"
	}
	if u.Kind == "" {
		u.Kind = plan.KindCity
	}
	u.Data = bytes.NewReader([]byte(text))
	id, err := r.Plan.Import(context.Background(), p, u)
	if err != nil {
		tb.Fatal(err)
	}
	if err := r.Plan.RunRead(context.Background(), id); err != nil {
		tb.Fatal(err)
	}
	return id
}

// Publish submits an import and publishes it by the approver; it returns the plan.
func (r *Room) Publish(tb testing.TB, id string) string {
	tb.Helper()
	ctx := context.Background()
	review, err := r.Plan.Review(ctx, r.Dispatcher(), id)
	if err != nil {
		tb.Fatal(err)
	}
	if review.Draft.Title == "" {
		if err := r.Plan.Correct(ctx, r.Dispatcher(), id, review.Revision, plan.Correction{Op: plan.OpSet, Fields: map[string]string{"title": "计划"}}); err != nil {
			tb.Fatal(err)
		}
		review.Revision++
	}
	if err := r.Plan.Submit(ctx, r.Dispatcher(), id, review.Revision); err != nil {
		tb.Fatal(err)
	}
	planID, err := r.Plan.Publish(ctx, r.Approver(), id, "")
	if err != nil {
		tb.Fatal(err)
	}
	return planID
}

// PackPlan imports and publishes the pack's own plan.
func (r *Room) PackPlan(tb testing.TB) string {
	tb.Helper()
	return r.Publish(tb, r.Import(tb, r.Dispatcher(), plan.Upload{}, r.Pack.Documents[0].Text))
}

// Proof is a small text file.
func Proof(name string) plan.File {
	b := []byte("佐证材料：" + name + "\n")
	return plan.File{Name: name + ".txt", Data: bytes.NewReader(b), Size: int64(len(b))}
}
