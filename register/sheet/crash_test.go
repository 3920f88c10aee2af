package sheet

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/job"
	"bihuan/kit/seal"
	"bihuan/register"
	"bihuan/schema"
)

// These tell a copy of this test program that it is one to be killed, and when it lives.
const crashFolder, crashTime = "BIHUAN_SHEET_CRASH_FOLDER", "BIHUAN_SHEET_CRASH_TIME"

// TestMain either runs the tests or, in a copy started by TestKilled, imports until it is killed.
func TestMain(m *testing.M) {
	folder := os.Getenv(crashFolder)
	if folder == "" {
		os.Exit(m.Run())
	}
	d := deskAt(&testing.T{}, folder, os.Getenv(crashTime))
	fmt.Println("importing")
	if _, err := d.runner.RunDue(ctx); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println("imported")
}

// deskAt opens a folder with the register room itself.
func deskAt(tb testing.TB, folder, at string) *desk {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	clock := dbtest.NewClock(at)
	store, err := db.Open(ctx, filepath.Join(folder, "test.db"), db.Options{Now: clock.Now})
	must(err)
	_, err = store.Migrate(ctx, schema.FS)
	must(err)
	blobs, err := blob.OpenFolder(filepath.Join(folder, "blobs"), clock.Now())
	must(err)
	keys := filepath.Join(folder, "keys")
	if _, err := os.Stat(keys); err != nil {
		_, err = seal.Create(keys, clock.Now(), store.Entropy())
		must(err)
	}
	ring, err := seal.OpenFile(keys, store.Entropy())
	must(err)
	pack, catalog := testPack(tb)
	log := audit.New(audit.Key("test"))
	room := register.New(register.Parts{DB: store, Log: log, Box: ring, Pack: pack, Catalog: catalog, Blobs: blobs})
	s := New(Parts{DB: store, Log: log, Pack: pack, Catalog: catalog, Records: room, Blobs: blobs, Box: ring})
	s.chunk = 20
	registry := job.NewRegistry()
	s.Handle(registry)
	return &desk{tb, s, nil, job.NewRunner(store, registry, job.Config{}), clock}
}

// TestKilled: the process is killed while it enters rows, again and again; at last
// every good row is one record.
func TestKilled(t *testing.T) {
	const rows = 1500
	folder := t.TempDir()
	at := time.Date(2026, 7, 1, 1, 0, 0, 0, time.UTC)
	d := deskAt(t, folder, at.Format(time.RFC3339))
	defer func() { _ = d.DB.Close() }()
	id := d.upload(clerk, sample(d, rows, func(i int) map[string]string {
		r := goodRow(i)
		if i%100 == 50 {
			r["area"] = "一百"
		}
		return r
	}))
	d.run()
	if err := d.Start(ctx, clerk, id); err != nil {
		t.Fatal(err)
	}
	halves := 0
	for n := range 5 { // an operator would be asked after the sixth attempt
		at = at.Add(time.Hour)
		runUntil(t, folder, at, time.Duration(n+1)*40*time.Millisecond)
		s := d.state(clerk, id)
		if got := entered(d); got != s.Entered {
			t.Fatalf("%d records, and the import says %+v", got, s)
		}
		if s.State == Importing && s.Entered > 0 {
			halves++
		}
	}
	runUntil(t, folder, at.Add(time.Hour), time.Minute)
	if s := d.state(clerk, id); s.State != Done || s.Entered != rows-rows/100 || entered(d) != s.Entered {
		t.Errorf("%+v, %d records", s, entered(d))
	}
	if halves == 0 {
		t.Log("no process was killed half way: this machine is too slow or too fast")
	}
	list, _, err := d.Records.List(ctx, clerk, register.Query{Register: shopReg, Limit: 2 * rows})
	var numbers []string
	for _, r := range list {
		numbers = append(numbers, r.Values["filing"])
	}
	slices.Sort(numbers)
	if err != nil || len(slices.Compact(numbers)) != rows-rows/100 {
		t.Errorf("%d different rows of %d, %v", len(slices.Compact(numbers)), len(list), err)
	}
}

// entered counts the records in the register room.
func entered(d *desk) int {
	d.Helper()
	_, total, err := d.Records.List(ctx, clerk, register.Query{Register: shopReg, Limit: 1})
	if err != nil {
		d.Fatal(err)
	}
	return total
}

// runUntil lets a process of its own import for a while after it has begun.
func runUntil(t *testing.T, folder string, at time.Time, patience time.Duration) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashFolder+"="+folder, crashTime+"="+at.Format(time.RFC3339))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if line := lines.Text(); strings.HasPrefix(line, "failed") {
			t.Error(line)
		} else if line == "importing" {
			time.AfterFunc(patience, func() { _ = child.Process.Kill() })
		}
	}
	_ = child.Wait() // killed, or at its end
}
