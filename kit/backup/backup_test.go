package backup_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/kit/audit"
	"bihuan/kit/backup"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/schema"
)

// store is a database with some rows and a blob store with two files.
type store struct {
	db    *db.DB
	blobs *blob.Folder
}

func filled(t *testing.T, engine db.Engine) store {
	t.Helper()
	clock := dbtest.NewClock("2026-07-01T09:00:00+08:00")
	s := store{dbtest.Open(t, engine, clock), empty(t)}
	log := audit.New(audit.Key("k"))
	err := s.db.Write(context.Background(), func(tx *db.Tx) error {
		for _, name := range []string{"一", "quote \" and \n break", strings.Repeat("长", 5000)} {
			if err := log.Append(tx, audit.Program("test"), audit.Entry{Action: "test.write", ObjectName: name}); err != nil {
				return err
			}
		}
		_, err := tx.Exec("UPDATE plan_change SET n = 42")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"first", "second file"} {
		if _, err := s.blobs.Put(context.Background(), strings.NewReader(text), 100); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func empty(t *testing.T) *blob.Folder {
	t.Helper()
	f, err := blob.OpenFolder(t.TempDir(), dbtest.NewClock("2026-07-01T09:00:00+08:00").Now())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// blank gives an unmigrated database: what an operator restores into.
func blank(t *testing.T, engine db.Engine) *db.DB {
	t.Helper()
	d := dbtest.Blank(t, engine)
	return d
}

func TestEveryEngineRestoresIntoEvery(t *testing.T) {
	ctx := context.Background()
	for _, from := range dbtest.Engines(t) {
		for _, to := range dbtest.Engines(t) {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				src := filled(t, from)
				path := filepath.Join(t.TempDir(), "b.tar.gz")
				m, err := backup.Write(ctx, src.db, schema.FS, src.blobs, path)
				if err != nil {
					t.Fatal(err)
				}
				if m.Files != 2 || len(m.Tables) < 5 {
					t.Errorf("manifest %+v", m)
				}
				if _, err := backup.Write(ctx, src.db, schema.FS, src.blobs, path); !errs.Is(err, errs.Conflict) {
					t.Errorf("an old backup was overwritten: %v", err)
				}
				d, blobs := blank(t, to), empty(t)
				if _, err := backup.Restore(ctx, d, schema.FS, blobs, path); err != nil {
					t.Fatal(err)
				}
				check(t, d, blobs)
				if _, err := backup.Restore(ctx, d, schema.FS, blobs, path); !errs.Is(err, errs.Conflict) {
					t.Errorf("restored over data: %v", err)
				}
			})
		}
	}
}

func check(t *testing.T, d *db.DB, blobs *blob.Folder) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		r, err := audit.New(audit.Key("k")).Verify(tx)
		if err != nil || !r.Sound() || r.Count != 3 {
			t.Errorf("audit %+v %v", r, err)
		}
		var n int64
		err = tx.One(errors.New("no row"), func(s db.Scanner) error { return s.Scan(&n) }, "SELECT n FROM plan_change")
		if n != 42 {
			t.Errorf("plan_change %d", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	files := 0
	if err := blobs.Walk(context.Background(), func(blob.Ref) error { files++; return nil }); err != nil || files != 2 {
		t.Errorf("%d files, %v", files, err)
	}
}

func TestDamagedBackupRestoresNothing(t *testing.T) {
	ctx := context.Background()
	src := filled(t, db.SQLite)
	path := filepath.Join(t.TempDir(), "b.tar.gz")
	if _, err := backup.Write(ctx, src.db, schema.FS, src.blobs, path); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string][]byte{
		"empty": {}, "not gzip": []byte("hello"), "cut": good[:len(good)/2], "cut near the end": good[:len(good)-20],
		"flipped": append(append(bytes.Clone(good[:len(good)/2]), good[len(good)/2]^0x40), good[len(good)/2+1:]...),
	}
	for name, data := range cases {
		t.Run(name, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad.tar.gz")
			if err := os.WriteFile(bad, data, 0o600); err != nil {
				t.Fatal(err)
			}
			d := blank(t, db.SQLite)
			if _, err := backup.Restore(ctx, d, schema.FS, empty(t), bad); err == nil {
				t.Fatal("restored")
			}
			_ = d.Read(ctx, func(tx *db.Tx) error {
				var n int
				_ = tx.One(nil, func(s db.Scanner) error { return s.Scan(&n) }, "SELECT count(*) FROM audit_entry")
				if n != 0 {
					t.Errorf("%d rows were kept", n)
				}
				return nil
			})
		})
	}
}
