package sheet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/seal"
	"bihuan/org"
	"bihuan/register"
)

// withRoom puts the register room itself behind the desk.
func (d *desk) withRoom() *register.Service {
	d.Helper()
	ring, err := seal.New(d.clock.Now(), d.DB.Entropy())
	if err != nil {
		d.Fatal(err)
	}
	room := register.New(register.Parts{DB: d.DB, Log: d.Service.Log, Box: ring, Pack: d.Pack, Catalog: d.Catalog, Blobs: d.Blobs.(*blob.Folder)})
	d.Records = room
	return room
}

// TestWithTheRegisterRoom: what this package calls good the register room takes,
// what stands there already is named at its cell, and a list comes out masked.
func TestWithTheRegisterRoom(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		room := d.withRoom()
		file := sample(d, 12, func(i int) map[string]string {
			r := goodRow(i)
			if i == 3 {
				r["filing"], r["phone"], r["longitude"], r["area"] = "１２３４５６７８９０１２", "138-0000-1234", "115.98537212345", "1,200平方米"
			}
			if i == 5 {
				r["@territory"] = ""
			}
			return r
		})
		first := d.upload(clerk, file)
		d.run()
		if err := d.Start(ctx, clerk, first); err != nil {
			t.Fatalf("%v: %+v", err, d.cells(clerk, first))
		}
		d.run()
		if s := d.state(clerk, first); s.State != Done || s.Entered != 12 || s.Refused != 0 {
			t.Fatalf("%+v %+v", s, d.cells(clerk, first))
		}
		again := d.upload(clerk, file)
		d.run()
		bad := d.cells(clerk, again)
		if len(bad) != 12 || bad[0].Column != "A" || !strings.HasPrefix(bad[0].Reason, "同一备案号已登记（首店-2026-") {
			t.Errorf("%+v", bad)
		}
		records, total, err := room.List(ctx, clerk, register.Query{Register: shopReg, Limit: 50})
		if err != nil || total != 12 || slices.ContainsFunc(records, func(r register.Record) bool { return r.Territory != "dongan" }) {
			t.Errorf("%d %v", total, err)
		}
		d.page = 5
		var out bytes.Buffer
		if err := d.Export(ctx, clerk, register.Query{Register: shopReg}, &out); err != nil {
			t.Fatal(err)
		}
		rows := exported(t, out.Bytes())
		if len(rows) != 15 || !strings.HasPrefix(rows[2], "编号|属地|阶段|店名|统一社会信用代码") {
			t.Fatalf("%q", rows)
		}
		for _, row := range rows[3:] {
			if strings.Contains(row, "13800001234") || strings.Contains(row, "11010519491231002X") || strings.Contains(row, "张三丰") || !strings.Contains(row, "|市商务局|") || !strings.Contains(row, "138****1234") {
				t.Errorf("%q", row)
			}
		}
		cityWide := d.upload(bureau, sample(d, 1, func(int) map[string]string { r := goodRow(500); r["@territory"] = "云河市"; return r }))
		d.run()
		if s := d.state(bureau, cityWide); s.Good != 1 {
			t.Errorf("a record of the whole city: %+v %+v", s, d.cells(bureau, cityWide))
		}
	})
}

// TestImportLarge measures one file with 500 bad cells of 20 kinds through the register
// room: time, the most memory, and what comes back. BIHUAN_IMPORT_ROWS names its rows,
// for example 100000; it has 1000 when unset.
func TestImportLarge(t *testing.T) {
	rows, _ := strconv.Atoi(os.Getenv("BIHUAN_IMPORT_ROWS"))
	rows = max(rows, 1000)
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) { measureImport(t, engine, rows) })
	}
}

func measureImport(t *testing.T, engine db.Engine, rows int) {
	clock := dbtest.NewClock("2026-07-01T09:00:00+08:00")
	d := newDesk(t, dbtest.Open(t, engine, clock), clock)
	room := d.withRoom()
	const bad = 500
	every := rows / bad
	path := t.TempDir() + "/large.xlsx"
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	writeSample(t, f, d, rows, func(i int) map[string]string {
		r := goodRow(i)
		if i%every == every/2 {
			x := faults[i/every%len(faults)]
			r[x.field] = x.value
		}
		return r
	})
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	m := newMeter(t, fmt.Sprintf("%s, %d rows, %.1f MB", engine, rows, float64(size)/(1<<20)))
	var id string
	m.step("upload", func() error { id, err = d.Upload(ctx, clerk, shopReg, "large.xlsx", f); return err })
	m.step("dry run", func() error { _, err := d.runner.RunDue(ctx); return err })
	if s := d.state(clerk, id); s.Good != rows-bad || s.Cells != bad {
		t.Fatalf("%+v", s)
	}
	m.step("start", func() error { return d.Start(ctx, clerk, id) })
	m.step("entry", func() error { _, err := d.runner.RunDue(ctx); return err })
	if s := d.state(clerk, id); s.State != Done || s.Entered != rows-bad {
		t.Fatalf("%+v", s)
	}
	var back bytes.Buffer
	m.step("file to mend", func() error { return d.Mend(ctx, clerk, id, &back) })
	if got := exported(t, back.Bytes()); len(got) != bad+4 {
		t.Errorf("%d rows to mend", len(got)-4)
	}
	m.step("export", func() error { return d.Export(ctx, clerk, register.Query{Register: shopReg}, io.Discard) })
	if _, total, err := room.List(ctx, org.Job("count"), register.Query{Register: shopReg, Limit: 1}); err != nil || total != rows-bad {
		t.Errorf("%d records, %v", total, err)
	}
	kinds := map[string]int{}
	for _, b := range d.cells(clerk, id) {
		kinds[b.Label+"："+b.Reason]++
	}
	for _, k := range slices.Sorted(keys(kinds)) {
		t.Logf("%4d × %s", kinds[k], k)
	}
}

func keys(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// meter prints time and the most heap of each step.
type meter struct {
	testing.TB
	what string
}

func newMeter(tb testing.TB, what string) meter { return meter{tb, what} }

func (m meter) step(name string, f func() error) {
	m.Helper()
	runtime.GC()
	var most atomic.Uint64
	watching, end := context.WithCancel(context.Background())
	go func() {
		for watching.Err() == nil {
			most.Store(max(most.Load(), heap()))
			time.Sleep(20 * time.Millisecond)
		}
	}()
	start := time.Now()
	err := f()
	end()
	if err != nil {
		m.Fatalf("%s: %v", name, err)
	}
	m.Logf("%s: %-13s %6.1f s, heap at most %d MB", m.what, name, time.Since(start).Seconds(), most.Load()>>20)
}

func heap() uint64 {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}
