package matter_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/register"
)

// dues are records that come due on given days.
type dues struct {
	records []register.Record
	unit    city.UnitID
}

func (d dues) List(_ context.Context, _ org.Principal, q register.Query) (all []register.Record, total int, err error) {
	for _, r := range d.records {
		if !r.Due.After(q.DueBy) {
			all = append(all, r)
		}
	}
	return all, len(all), nil
}

func (d dues) OwnerUnit(register.Record) city.UnitID { return d.unit }

// TestLadderOfRecords: each step once, on its working day; the last one to the lead
// unit as a proposal; none on a day off.
func TestLadderOfRecords(t *testing.T) {
	both(t, func(b bench) {
		ctx := context.Background()
		d := dues{[]register.Record{{ID: "r1", Title: "整改门头照片", Stage: "rectifying", Due: calendar.MustParseDate("2026-07-15")}}, "civil"}
		count := func() (titles []string) {
			b.ok(b.DB.Read(ctx, func(tx *db.Tx) error {
				titles = nil
				return tx.Each(func(r db.Scanner) error {
					var title, unit string
					err := r.Scan(&title, &unit)
					titles = append(titles, unit+" "+title)
					return err
				}, "SELECT title, unit_id FROM notice ORDER BY id")
			}))
			return titles
		}
		for day := calendar.MustParseDate("2026-07-01"); day.Before(calendar.MustParseDate("2026-08-01")); day = day.AddDays(1) {
			b.Clock.Set(day.At(7, 30))
			for range 2 { // a job that runs twice tells once
				_, err := b.s.Remind(ctx, org.Job("提醒"), d)
				b.ok(err)
			}
		}
		got := strings.Join(count(), "\n")
		want := "civil 临近期限：整改门头照片\ncivil 临近期限：整改门头照片\ncivil 已过期限：整改门头照片\ncommerce 建议发督办单：整改门头照片"
		if got != want {
			b.Errorf("%s", got)
		}
	})
}

// filed are the records of registers that a task may have open.
type filed map[register.ID][]register.Record

func (f filed) Get(context.Context, org.Principal, string) (register.View, error) {
	return register.View{}, nil
}

func (f filed) List(_ context.Context, _ org.Principal, q register.Query) ([]register.Record, int, error) {
	all := slices.DeleteFunc(slices.Clone(f[q.Register]), func(r register.Record) bool {
		return q.Having["task"] != "" && r.Values["task"] != q.Having["task"]
	})
	return all, len(all), nil
}

func TestOpenMattersHoldATask(t *testing.T) {
	pack, err := city.LoadBuiltin(city.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := register.LoadCatalog(pack, matter.Known)
	if err != nil {
		t.Fatal(err)
	}
	of := func(no, task, stage string, falsified bool) register.Record {
		return register.Record{No: no, Stage: stage, Falsified: falsified, Values: map[string]string{"task": task}}
	}
	records := filed{"supervision-sheet": {of("a", "t", "handling", false), of("b", "t", "closed", false), of("c", "u", "handling", false), of("d", "t", "handling", true)},
		"rectification": {of("e", "t", "issued", false)}}
	open, err := matter.Open(t.Context(), records, catalog, "t")
	if got := strings.Join(open, "，"); err != nil || got != "督办单 a，整改通知 e" {
		t.Errorf("%s %v", got, err)
	}
}
