package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/schema"
)

var ctx = context.Background()

const insert = `INSERT INTO idempotency (token_id, key, input_hash, status, answer, at) VALUES ($1, $2, '', 200, '', $3)`

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.Read(ctx, func(tx *db.Tx) error { n = countIn(t, tx); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func countIn(t *testing.T, tx *db.Tx) (n int) {
	t.Helper()
	if err := tx.One(errors.New("no row"), func(s db.Scanner) error { return s.Scan(&n) }, `SELECT count(*) FROM idempotency`); err != nil {
		t.Error(err)
	}
	return n
}

func TestWriteCommitsOrLeavesNothing(t *testing.T) {
	refuse := errors.New("refused")
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		put := func(tx *db.Tx) error { _, err := tx.Exec(insert, "t", "k", 1); return err }
		if err := d.Write(ctx, func(tx *db.Tx) error { return errors.Join(put(tx), refuse) }); !errors.Is(err, refuse) || count(t, d) != 0 {
			t.Errorf("an error: %v, %d rows", err, count(t, d))
		}
		func() {
			defer func() {
				if recover() != "boom" {
					t.Error("the panic was swallowed")
				}
			}()
			_ = d.Write(ctx, func(tx *db.Tx) error { _ = put(tx); panic("boom") })
		}()
		if count(t, d) != 0 {
			t.Error("a panic committed")
		}
		// After an error and a panic the one writer is free again.
		if err := d.Write(ctx, put); err != nil || count(t, d) != 1 {
			t.Errorf("%v, %d rows", err, count(t, d))
		}
	})
}

func TestNestedTransactionsAreRefused(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		nothing := func(*db.Tx) error { return nil }
		outer := map[string]func(context.Context, func(*db.Tx) error) error{"write": d.Write, "read": d.Read}
		for a, open := range outer {
			for b, inner := range outer {
				err := open(ctx, func(tx *db.Tx) error { return inner(tx.Context(), nothing) })
				if err == nil {
					t.Errorf("%s within %s", b, a)
				}
			}
		}
	})
}

func TestReadSeesOneMoment(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := d.Read(ctx, func(tx *db.Tx) error {
			before := countIn(t, tx)
			if err := d.Write(ctx, func(w *db.Tx) error { _, err := w.Exec(insert, "t", "k", 1); return err }); err != nil {
				return err
			}
			if after := countIn(t, tx); after != before {
				t.Errorf("a reader saw %d rows, then %d", before, after)
			}
			return nil
		})
		if err != nil || count(t, d) != 1 {
			t.Errorf("%v, %d rows", err, count(t, d))
		}
	})
}

func TestReadCannotWrite(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := d.Read(ctx, func(tx *db.Tx) error { _, err := tx.Exec(insert, "t", "k", 1); return err })
		if err == nil || count(t, d) != 0 {
			t.Errorf("%v, %d rows", err, count(t, d))
		}
	})
}

// TestOneWriterAtATime: read, decide, write without any lock of one's own.
func TestOneWriterAtATime(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		var inside, most atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 5 {
					err := d.Write(ctx, func(tx *db.Tx) error {
						most.Store(max(most.Load(), inside.Add(1)))
						defer inside.Add(-1)
						_, err := tx.Exec(insert, "t", string(rune('a'+countIn(t, tx))), 1)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if most.Load() != 1 || count(t, d) != 40 {
			t.Errorf("%d writers at once, %d rows", most.Load(), count(t, d))
		}
	})
}

func TestUniqueViolation(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(insert, "t", "k", 1); err != nil {
				return err
			}
			_, err := tx.Exec(insert, "t", "k", 2)
			return err
		})
		var unique *db.Unique
		want := map[db.Engine]string{db.SQLite: "idempotency.token_id, idempotency.key", db.PostgreSQL: "idempotency_pkey"}[d.Engine()]
		if !errs.Is(err, errs.Conflict) || !errors.As(err, &unique) || unique.Constraint != want {
			t.Errorf("%v, %+v", err, unique)
		}
	})
}

func TestUnknownErrorsComeBack(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		calls := map[string]func(tx *db.Tx) error{
			"exec": func(tx *db.Tx) error { _, err := tx.Exec(`UPDATE no_such_table SET a = 1`); return err },
			"one": func(tx *db.Tx) error {
				return tx.One(errors.New("none"), func(s db.Scanner) error { return s.Scan(new(int)) }, `SELECT a FROM no_such_table`)
			},
			"each": func(tx *db.Tx) error {
				return tx.Each(func(db.Scanner) error { return nil }, `SELECT a FROM no_such_table`)
			},
			"prepare": func(tx *db.Tx) error { _, err := tx.Prepare(`SELECT a FROM no_such_table`); return err },
			"check": func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO job (id, kind, payload, state, run_at, lease_until, attempts, max_attempts, unique_key, last_error, created_at, finished_at)
					VALUES ('no_such_table', '', '', 'lost', 0, 0, 0, 0, '', '', 0, 0)`)
				return err
			},
		}
		for name, call := range calls {
			err := d.Write(ctx, call)
			if !errs.Is(err, errs.Internal) || errors.Unwrap(err) == nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestMustAndOne(t *testing.T) {
	none := errs.New(errs.NotFound, "没有")
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := tx.Must(none, `UPDATE idempotency SET at = 1 WHERE key = $1`, "k"); !errors.Is(err, none) {
				t.Errorf("must, no row: %v", err)
			}
			if err := tx.One(none, func(s db.Scanner) error { return s.Scan(new(string)) }, `SELECT key FROM idempotency WHERE key = $1`, "k"); !errors.Is(err, none) {
				t.Errorf("one, no row: %v", err)
			}
			stmt, err := tx.Prepare(insert)
			if err != nil {
				return err
			}
			for _, k := range []string{"k", "l"} {
				if err := stmt.Exec("t", k, 1); err != nil {
					return err
				}
			}
			if err := stmt.Close(); err != nil {
				return err
			}
			if err := tx.Must(none, `UPDATE idempotency SET at = 2 WHERE key = $1`, "k"); err != nil {
				t.Errorf("must, one row: %v", err)
			}
			if err := tx.Must(none, `UPDATE idempotency SET at = 2`); !errors.Is(err, none) {
				t.Errorf("must, two rows: %v", err)
			}
			stop := errors.New("stop")
			if err := tx.Each(func(db.Scanner) error { return stop }, `SELECT key FROM idempotency`); !errors.Is(err, stop) {
				t.Errorf("each: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestTimeOfATransaction(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		clock.Add(1234567 * time.Nanosecond)
		start := clock.Now()
		err := d.Write(ctx, func(tx *db.Tx) error {
			clock.Add(time.Hour)
			if tx.NowMilli() != start.UnixMilli() || tx.Now().Location() != time.UTC || tx.Now().Nanosecond()%1e6 != 0 {
				t.Errorf("%v, want %v", tx.Now(), start)
			}
			id, err := tx.NewID()
			if !db.ValidID(id) {
				t.Errorf("id %q", id)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestEndedContextEndsTheTransaction(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		ending, cancel := context.WithCancel(ctx)
		err := d.Write(ending, func(tx *db.Tx) error {
			if _, err := tx.Exec(insert, "t", "k", 1); err != nil {
				return err
			}
			cancel()
			return nil
		})
		if err == nil || count(t, d) != 0 {
			t.Errorf("%v, %d rows", err, count(t, d))
		}
	})
}

func TestInAndLike(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		keys := []string{"50%", "500", "a_b", "axb", `c\d`, "东昌府"}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			for _, k := range keys {
				if _, err := tx.Exec(insert, "t", k, 1); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		find := func(condition string, args ...any) (found []string) {
			err := d.Read(ctx, func(tx *db.Tx) error {
				return tx.Each(func(s db.Scanner) error {
					var k string
					err := s.Scan(&k)
					found = append(found, k)
					return err
				}, `SELECT key FROM idempotency WHERE `+condition+` ORDER BY key`, args...)
			})
			if err != nil {
				t.Errorf("%s: %v", condition, err)
			}
			return found
		}
		cases := []struct {
			name string
			got  []string
			want []string
		}{
			{"in", find(`token_id = $1 AND key IN `+db.In(2, 2), "t", "500", "axb"), []string{"500", "axb"}},
			{"in nothing", find(`key IN ` + db.In(1, 0)), nil},
			{"percent sign", find(`key LIKE $1 ESCAPE '\'`, db.Like("0%")), []string{"50%"}},
			{"underscore", find(`key LIKE $1 ESCAPE '\'`, db.Like("a_b")), []string{"a_b"}},
			{"backslash", find(`key LIKE $1 ESCAPE '\'`, db.Like(`\`)), []string{`c\d`}},
			{"Chinese", find(`key LIKE $1 ESCAPE '\'`, db.Like("昌")), []string{"东昌府"}},
		}
		for _, c := range cases {
			if d := cmp.Diff(c.want, c.got); d != "" {
				t.Errorf("%s: %s", c.name, d)
			}
		}
	})
}

func TestPragmasHoldOnEveryConnection(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, dbtest.NewClock("2026-07-01T09:00:00+08:00"))
	read := func(tx *db.Tx) map[string]string {
		got := map[string]string{}
		for _, name := range []string{"journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only"} {
			var v string
			if err := tx.One(errors.New("none"), func(s db.Scanner) error { return s.Scan(&v) }, `PRAGMA `+name); err != nil {
				t.Error(err)
			}
			got[name] = v
		}
		return got
	}
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000", "query_only": "0"}
	if err := d.Write(ctx, func(tx *db.Tx) error {
		if diff := cmp.Diff(want, read(tx)); diff != "" {
			t.Error("the writer:", diff)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	want["query_only"] = "1"
	var nested func(depth int)
	nested = func(depth int) { // readers within readers, so that each has a connection of its own
		err := d.Read(ctx, func(tx *db.Tx) error {
			if diff := cmp.Diff(want, read(tx)); diff != "" {
				t.Errorf("reader %d: %s", depth, diff)
			}
			if depth < 3 {
				nested(depth + 1)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	nested(1)
}

func TestMigrate(t *testing.T) {
	newer := fstest.MapFS{"9999_newer.sql": {Data: []byte("-- +goose Up\nCREATE TABLE newer (a BIGINT);\n")}}
	dbtest.Both(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		version, err := d.SchemaVersion(ctx, schema.FS)
		if err != nil || version < 1 {
			t.Fatalf("%d, %v", version, err)
		}
		if again, err := d.Migrate(ctx, schema.FS); err != nil || again != version {
			t.Errorf("a second time: %d, %v", again, err)
		}
		all := fstest.MapFS{"9999_newer.sql": newer["9999_newer.sql"]}
		entries, err := schema.FS.ReadDir(".")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			b, err := schema.FS.ReadFile(e.Name())
			if err != nil {
				t.Fatal(err)
			}
			all[e.Name()] = &fstest.MapFile{Data: b}
		}
		if v, err := d.Migrate(ctx, all); err != nil || v != 9999 {
			t.Fatalf("%d, %v", v, err)
		}
		if _, err := d.Migrate(ctx, schema.FS); !errs.Is(err, errs.Unavailable) {
			t.Errorf("an older program on a newer schema: %v", err)
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	for name, dsn := range map[string]string{
		"a folder":           t.TempDir(),
		"no database server": "postgres://nobody@127.0.0.1:1/none?connect_timeout=1",
		"no address":         "postgres://%zz",
	} {
		if d, err := db.Open(ctx, dsn, db.Options{}); err == nil {
			t.Errorf("%s opened", name)
			_ = d.Close()
		}
	}
	path := filepath.Join(t.TempDir(), "空 格?#%41", "data.db")
	d, err := db.Open(ctx, path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if files, _ := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(path)), "*", "data.db")); len(files) != 1 || files[0] != path {
		t.Errorf("opened another file: %v", files)
	}
}
