package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
)

type rawJSON = json.RawMessage

var clerk = Actor{ID: "u1", Name: "张三", Unit: "市商务局", Via: Page}

// fill appends n entries, one transaction each, a minute apart.
func fill(t *testing.T, d *db.DB, clock *dbtest.Clock, l *Log, n int) {
	t.Helper()
	for i := range n {
		write(t, d, func(tx *db.Tx) error {
			return l.Append(tx, clerk, Entry{Action: "task.report", ObjectKind: "task", ObjectID: "t" + string(rune('0'+i%10)), ObjectName: "任务", Before: i, After: i + 1})
		})
		clock.Add(time.Minute)
	}
}

func write(t *testing.T, d *db.DB, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, d *db.DB, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Read(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func verify(t *testing.T, d *db.DB, l *Log) (r Report) {
	t.Helper()
	read(t, d, func(tx *db.Tx) (err error) { r, err = l.Verify(tx); return err })
	return r
}

func TestChainOfManyWriters(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		l := New(Key("k"))
		if r := verify(t, d, l); !r.Sound() || r.Count != 0 || r.Head != (Head{0, Genesis}) {
			t.Fatalf("the empty chain: %+v", r)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 10 {
					err := d.Write(context.Background(), func(tx *db.Tx) error { return l.Append(tx, clerk, Entry{Action: "a.b"}) })
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if r := verify(t, d, l); !r.Sound() || r.Count != 40 || r.Head.Seq != 40 {
			t.Errorf("%+v %+v", r, r.Fault)
		}
	})
}

func TestEntryGoesWithItsChange(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		l := New(Key("k"))
		fill(t, d, clock, l, 1)
		refuse := errors.New("refused")
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			if err := l.Append(tx, clerk, Entry{Action: "a.b"}); err != nil {
				return err
			}
			return refuse
		})
		if !errors.Is(err, refuse) {
			t.Fatal(err)
		}
		err = d.Write(context.Background(), func(tx *db.Tx) error { return l.Append(tx, Actor{}, Entry{Action: "a.b"}) })
		if !errors.Is(err, ErrIncomplete) {
			t.Errorf("without an actor: %v", err)
		}
		fill(t, d, clock, l, 1)
		if r := verify(t, d, l); !r.Sound() || r.Count != 2 {
			t.Errorf("%+v", r)
		}
	})
}

func TestBatch(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		l := New(Key("k"))
		fill(t, d, clock, l, 1)
		write(t, d, func(tx *db.Tx) error {
			b, err := l.Batch(tx)
			if err != nil {
				return err
			}
			for range 5 {
				if err := b.Append(clerk, Entry{Action: "voucher.redeem"}); err != nil {
					return err
				}
			}
			return nil
		})
		fill(t, d, clock, l, 1)
		if r := verify(t, d, l); !r.Sound() || r.Count != 7 {
			t.Errorf("%+v", r)
		}
	})
}

func TestAwkwardTextSurvives(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		l := New(Key("k"))
		write(t, d, func(tx *db.Tx) error {
			return l.Append(tx, Actor{ID: "u", Name: "a\x00b\xffc", Via: API}, Entry{Action: "x.y", ObjectName: "龘𠮷\u2028<&>", Before: rawJSON("{\"a\":\"\xff\"}"), After: "\x00"})
		})
		if r := verify(t, d, l); !r.Sound() {
			t.Errorf("%+v", r.Fault)
		}
		if r := exported(t, d, l, 0); !r.Sound() || r.Count != 1 {
			t.Errorf("%+v %+v", r, r.Fault)
		}
	})
}

func TestTampering(t *testing.T) {
	other := New(Key("another key"))
	cases := []struct {
		name string
		do   func(tx *db.Tx) error
		seq  int64
		kind FaultKind
	}{
		{"a field changed", func(tx *db.Tx) error { return exec(tx, `UPDATE audit_entry SET reason = 'x' WHERE seq = 3`) }, 3, FaultHash},
		{"a time moved", func(tx *db.Tx) error { return exec(tx, `UPDATE audit_entry SET at = at + 1 WHERE seq = 5`) }, 5, FaultHash},
		{"state rewritten", func(tx *db.Tx) error { return exec(tx, `UPDATE audit_entry SET after_json = '9' WHERE seq = 2`) }, 2, FaultHash},
		{"an entry deleted", func(tx *db.Tx) error { return exec(tx, `DELETE FROM audit_entry WHERE seq = 4`) }, 5, FaultGap},
		{"the first deleted", func(tx *db.Tx) error { return exec(tx, `DELETE FROM audit_entry WHERE seq = 1`) }, 2, FaultGap},
		{"link changed", func(tx *db.Tx) error { return exec(tx, `UPDATE audit_entry SET prev_hash = hash WHERE seq = 4`) }, 4, FaultLink},
		{"mac changed", func(tx *db.Tx) error { return exec(tx, `UPDATE audit_entry SET mac = '00' WHERE seq = 6`) }, 6, FaultMAC},
		{"entry added without the key", func(tx *db.Tx) error { return other.Append(tx, clerk, Entry{Action: "a.b"}) }, 7, FaultMAC},
		{"field changed and hash computed anew", func(tx *db.Tx) error { return rehash(tx, 3) }, 3, FaultMAC},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
				l := New(Key("k"))
				fill(t, d, clock, l, 6)
				write(t, d, c.do)
				r := verify(t, d, l)
				if r.Sound() || r.Fault.Seq != c.seq || r.Fault.Kind != c.kind {
					t.Errorf("%+v, fault %+v", r, r.Fault)
				}
			})
		})
	}
}

func exec(tx *db.Tx, query string) error {
	return tx.Must(errors.New("no row"), query)
}

// rehash is the forger who knows the format but not the key.
func rehash(tx *db.Tx, seq int64) error {
	r, err := New(nil).Get(tx, seq)
	if err != nil {
		return err
	}
	r.Reason = "forged"
	_, err = tx.Exec(`UPDATE audit_entry SET reason = $1, hash = $2 WHERE seq = $3`, r.Reason, hashOf(&r), seq)
	return err
}

func TestCutTailShowsAgainstTheKeptHead(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		l := New(Key("k"))
		fill(t, d, clock, l, 4)
		kept := verify(t, d, l).Head
		check := func() (err error) {
			read(t, d, func(tx *db.Tx) error { err = l.CheckHead(tx, kept); return nil })
			return err
		}
		fill(t, d, clock, l, 1)
		if err := check(); err != nil {
			t.Errorf("a grown chain: %v", err)
		}
		write(t, d, func(tx *db.Tx) error { _, err := tx.Exec(`DELETE FROM audit_entry WHERE seq >= 4`); return err })
		if r := verify(t, d, l); !r.Sound() {
			t.Errorf("the cut chain by itself: %+v", r.Fault)
		}
		if err := check(); !errs.Is(err, errs.Conflict) {
			t.Errorf("cut: %v", err)
		}
		fill(t, d, clock, l, 1)
		if err := check(); !errs.Is(err, errs.Conflict) {
			t.Errorf("written anew: %v", err)
		}
		read(t, d, func(tx *db.Tx) error { return l.CheckHead(tx, Head{Hash: Genesis}) })
	})
}

func TestListPages(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		l := New(Key("k"))
		start := clock.Now()
		fill(t, d, clock, l, 12)
		write(t, d, func(tx *db.Tx) error {
			return l.Append(tx, Program("digest"), Entry{Action: "tasks.sum", ObjectKind: "unit", ObjectID: "t1"})
		})
		cases := []struct {
			name string
			f    Filter
			want []int64
		}{
			{"newest first", Filter{Limit: 3}, []int64{13, 12, 11}},
			{"next page", Filter{Limit: 3, Before: 11}, []int64{10, 9, 8}},
			{"one object", Filter{ObjectKind: "task", ObjectID: "t1"}, []int64{12, 2}},
			{"one actor", Filter{ActorID: "system:digest"}, []int64{13}},
			{"one action", Filter{Action: "tasks.sum"}, []int64{13}},
			{"family of actions", Filter{Action: "task.", Limit: 2}, []int64{12, 11}},
			{"time, end excluded", Filter{From: start.Add(time.Minute), To: start.Add(3 * time.Minute)}, []int64{3, 2}},
			{"none", Filter{Action: "no.such"}, nil},
		}
		for _, c := range cases {
			var got []int64
			read(t, d, func(tx *db.Tx) error {
				records, err := l.List(tx, c.f)
				for _, r := range records {
					got = append(got, r.Seq)
				}
				return err
			})
			if len(got) != len(c.want) {
				t.Errorf("%s: %v", c.name, got)
				continue
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("%s: %v", c.name, got)
				}
			}
		}
		read(t, d, func(tx *db.Tx) error {
			if _, err := l.Get(tx, 99); !errs.Is(err, errs.NotFound) {
				t.Errorf("get 99: %v", err)
			}
			return nil
		})
	})
}

func exported(t *testing.T, d *db.DB, l *Log, after int64) Report {
	t.Helper()
	r, err := VerifyExport(bytes.NewReader(export(t, d, l, after)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func export(t *testing.T, d *db.DB, l *Log, after int64) []byte {
	t.Helper()
	var b bytes.Buffer
	read(t, d, func(tx *db.Tx) error { _, err := l.Export(tx, after, &b); return err })
	return b.Bytes()
}

func TestExportsJoin(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		l := New(Key("k"))
		if r := exported(t, d, l, 0); !r.Sound() || r.Count != 0 {
			t.Errorf("empty: %+v", r)
		}
		fill(t, d, clock, l, 3)
		first := exported(t, d, l, 0)
		fill(t, d, clock, l, 4)
		second := exported(t, d, l, first.Head.Seq)
		if !first.Sound() || !second.Sound() || second.Count != 4 || second.After != first.Head {
			t.Errorf("%+v then %+v", first, second)
		}
	})
}

func TestExportTampering(t *testing.T) {
	clock := dbtest.NewClock("2026-07-01T09:00:00+08:00")
	d := dbtest.Open(t, db.SQLite, clock)
	l := New(Key("k"))
	fill(t, d, clock, l, 5)
	whole := string(export(t, d, l, 0))
	lines := strings.SplitAfter(whole, "\n")
	cases := []struct {
		name string
		file string
		kind FaultKind
	}{
		{"untouched", whole, ""},
		{"field changed", strings.Replace(whole, "任务", "任務", 1), FaultHash},
		{"line left out", strings.Join(append(append([]string{}, lines[:3]...), lines[4:]...), ""), FaultGap},
		{"lines exchanged", lines[0] + lines[2] + lines[1] + strings.Join(lines[3:], ""), FaultGap},
		{"tail cut", strings.Join(lines[:4], ""), FaultHead},
		{"second key of one name", strings.Replace(whole, `"via":"page"`, `"via":"api","via":"page"`, 1), FaultForm},
		{"key unknown", strings.Replace(whole, `"via":"page"`, `"note":"x","via":"page"`, 1), FaultForm},
		{"line is rubbish", lines[0] + "rubbish\n", FaultForm},
	}
	for _, c := range cases {
		r, err := VerifyExport(strings.NewReader(c.file))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.kind == "" != r.Sound() || c.kind != "" && r.Fault.Kind != c.kind {
			t.Errorf("%s: %+v, fault %+v", c.name, r, r.Fault)
		}
	}
	for _, file := range []string{"", "{}\n", strings.Replace(whole, Format, "other", 1), "\x00"} {
		if _, err := VerifyExport(strings.NewReader(file)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%.20q: %v", file, err)
		}
	}
}

func FuzzVerifyExport(f *testing.F) {
	f.Add([]byte(`{"format":"bihuan-audit-1","algorithm":"SM3","after":{"seq":0,"hash":"` + Genesis + `"},"count":0,"head":{"seq":0,"hash":"` + Genesis + `"}}` + "\n{}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := VerifyExport(bytes.NewReader(b))
		if err == nil && r.Sound() && r.Head.Seq != r.After.Seq+r.Count {
			t.Errorf("%+v", r)
		}
	})
}
