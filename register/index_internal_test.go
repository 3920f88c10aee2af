package register

import (
	"context"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/plan/plantest"
)

// TestQueriesUseIndexes: what pages ask for all day never reads every record. An index
// that holds only filled values serves no query that leaves open whether they are.
func TestQueriesUseIndexes(t *testing.T) {
	r := plantest.New(t, db.SQLite)
	catalog, err := LoadCatalog(r.Pack, Known{})
	if err != nil {
		t.Fatal(err)
	}
	s := New(Parts{DB: r.DB, Log: r.Log, Pack: r.Pack, Catalog: catalog, Blobs: r.Blobs})
	head := org.Principal{ID: "p", UnitID: "civil", Roles: []org.Role{org.UnitHead}, Via: org.ViaPage}
	for name, q := range map[string]Query{
		"children":  {Parent: "x"},
		"handed on": {Assignee: "civil"},
		"register":  {Register: "parcel-point"},
		"stage":     {Register: "parcel-point", Stage: "claimed"},
		"place":     {Register: "parcel-point", Territory: "shenxian"},
		"due":       {DueBy: calendar.MustParseDate("2026-07-01")},
		"late":      {Late: true},
		"owed":      {Owed: true},
		"false":     {Unit: city.UnitID("civil"), Falsified: true},
	} {
		err := r.DB.Read(context.Background(), func(tx *db.Tx) error {
			w := &where{}
			if err := s.conditions(w, tx, head, q); err != nil {
				return err
			}
			return tx.Each(func(row db.Scanner) error {
				var id, parent, unused int
				var step string
				err := row.Scan(&id, &parent, &unused, &step)
				if strings.HasPrefix(step, "SCAN r") && !strings.Contains(step, "INDEX") {
					t.Errorf("%s: %s (%s)", name, step, w)
				}
				return err
			}, "EXPLAIN QUERY PLAN SELECT r.body FROM record r WHERE "+w.String(), w.args...)
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
