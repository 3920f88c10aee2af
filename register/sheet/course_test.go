package sheet

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// TestKilledAnywhere: the machine dies in each chunk of the entry, and goes on.
func TestKilledAnywhere(t *testing.T) {
	const rows, chunk = 25, 4
	both(t, func(t *testing.T, d *desk) {
		d.chunk = chunk
		for died := 1; died <= 7; died++ {
			base := died * 1000
			id := d.upload(clerk, sample(d, rows, func(i int) map[string]string {
				r := goodRow(base + i)
				if i%5 == 2 {
					r["area"] = ""
				}
				return r
			}))
			d.run()
			if err := d.Start(ctx, clerk, id); err != nil {
				t.Fatal(err)
			}
			before := len(d.stored())
			d.shelf.entered, d.shelf.broken = 0, died
			d.run()
			d.shelf.broken = 0
			s := d.state(clerk, id)
			if kept := len(d.stored()) - before; kept != s.Entered || s.State == Importing && kept != (died-1)*chunk {
				t.Fatalf("died in chunk %d: %d records, %+v", died, kept, s)
			}
			d.retry()
			if s := d.state(clerk, id); s.State != Done || s.Entered != 20 || s.Refused != 0 || s.Cells != 5 || len(d.stored()) != before+20 {
				t.Fatalf("after chunk %d: %+v, %d records", died, s, len(d.stored())-before)
			}
		}
		if got := d.stored(); len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Error("a row went in twice")
		}
	})
}

// TestCheckIsKilled: a dry run that was cut off begins anew.
func TestCheckIsKilled(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		d.chunk = 4
		d.shelf.broken = 3
		id := d.upload(clerk, sample(d, 20, func(i int) map[string]string {
			r := goodRow(i)
			if i%5 == 0 {
				r["kind"] = "娱乐"
			}
			return r
		}))
		d.run()
		if s := d.state(clerk, id); s.State != Checking || s.Row == 0 {
			t.Fatalf("%+v", s)
		}
		d.retry()
		if s := d.state(clerk, id); s.State != Checked || s.Good != 16 || s.Cells != 4 || len(d.cells(clerk, id)) != 4 || len(d.stored()) != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// TestCancel: between two chunks; what is in stays in, and a cancelled import does
// not go on.
func TestCancel(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		d.chunk = 4
		id := d.upload(clerk, sample(d, 20, goodRow))
		d.run()
		if err := d.Start(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		d.shelf.entered, d.shelf.broken = 0, 3
		d.run()
		if err := d.Cancel(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		d.retry()
		if s := d.state(clerk, id); s.State != Cancelled || s.Entered != 8 || len(d.stored()) != 8 {
			t.Errorf("%+v", s)
		}
		if err := d.Cancel(ctx, clerk, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("cancelled twice: %v", err)
		}
		if err := d.Start(ctx, clerk, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("started after its end: %v", err)
		}
	})
}

// TestCancelledDuringAChunk: the chunk that is on its way is taken back.
func TestCancelledDuringAChunk(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		id := d.upload(clerk, sample(d, 6, goodRow))
		d.run()
		if err := d.Start(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		i := d.state(clerk, id)
		if err := d.Cancel(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		if err := d.enterFile(ctx, i, nil); !errors.Is(err, errStopped) || len(d.stored()) != 0 {
			t.Errorf("%v, %d records", err, len(d.stored()))
		}
	})
}

// TestTwoWorkers: one that was thought dead comes back while another has gone on.
func TestTwoWorkers(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		d.chunk = 4
		id := d.upload(clerk, sample(d, 20, func(i int) map[string]string { r := goodRow(i); r["filing"] = fmt.Sprintf("%012d", i); return r }))
		d.run()
		if err := d.Start(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		late := d.state(clerk, id)
		d.shelf.entered, d.shelf.broken = 0, 3
		d.run()
		err := d.DB.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(`DELETE FROM shelf_key`); return err }) // nothing but the kept row stands in the way
		if err != nil {
			t.Fatal(err)
		}
		if err := d.enterFile(ctx, late, nil); !errors.Is(err, errStopped) || len(d.stored()) != 8 {
			t.Errorf("%v, %d records", err, len(d.stored()))
		}
	})
}
