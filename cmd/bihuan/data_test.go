package main

import (
	"context"
	"strings"
	"testing"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
)

// TestRebuildMendsTotals: verify names a total that its records do not give, rebuild
// computes it anew, and verify is content.
func TestRebuildMendsTotals(t *testing.T) {
	dir := t.TempDir()
	a, err := app.Open(context.Background(), app.Config{Data: dir, City: city.Names()[0]})
	if err != nil {
		t.Fatal(err)
	}
	err = a.DB.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO record_total (register, count_id, day, territory_id, value) VALUES ('parcel-point', 'open', '2026-03-01', 'shenxian', 70000)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := run(t, "verify", "--data", dir); err == nil || !strings.Contains(out, "✗ 台账汇总") {
		t.Errorf("a wrong total is not named: %v\n%s", err, out)
	}
	must(t, "admin", "rebuild", "--data", dir)
	if out := must(t, "verify", "--data", dir); !strings.Contains(out, "✓ 台账汇总") {
		t.Error(out)
	}
}
