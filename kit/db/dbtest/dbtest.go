// Package dbtest gives each test a fresh, migrated database on every engine.
//
// SQLite is a file in the test's temporary folder. PostgreSQL is a server named
// by the environment variable BIHUAN_TEST_POSTGRES (a "postgres://…" address with
// the right to create databases): one migrated template for each schema, cloned
// for each test. Without it only SQLite is tested, unless BIHUAN_TEST_COMPLETE is set, which
// makes the absence a failure.
package dbtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"bihuan/kit/db"
	"bihuan/schema"
)

// Clock is a clock that a test moves by hand. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at the given moment, "2026-07-01T09:00:00+08:00".
func NewClock(rfc3339 string) *Clock {
	t, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		panic(err)
	}
	return &Clock{now: t}
}

// Now returns the moment.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// Add moves the moment on.
func (c *Clock) Add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// Set moves the moment.
func (c *Clock) Set(t time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.now = t }

// Both runs f once on each engine, each time with a fresh database at the program's schema.
func Both(t *testing.T, f func(t *testing.T, d *db.DB, clock *Clock)) {
	t.Helper()
	for _, engine := range Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			clock := NewClock("2026-07-01T09:00:00+08:00")
			f(t, Open(t, engine, clock), clock)
		})
	}
}

// Engines lists the engines that can be tested here.
func Engines(tb testing.TB) []db.Engine {
	tb.Helper()
	if os.Getenv("BIHUAN_TEST_POSTGRES") != "" {
		return []db.Engine{db.SQLite, db.PostgreSQL}
	}
	if os.Getenv("BIHUAN_TEST_COMPLETE") != "" {
		tb.Fatal("BIHUAN_TEST_POSTGRES is not set: the PostgreSQL half of the tests cannot run")
	}
	return []db.Engine{db.SQLite}
}

// Open gives a fresh migrated database on one engine; it goes with the test.
func Open(tb testing.TB, engine db.Engine, clock *Clock) *db.DB {
	tb.Helper()
	ctx := context.Background()
	dsn := filepath.Join(tb.TempDir(), "test.db")
	if engine == db.PostgreSQL {
		dsn = clone(tb)
	}
	d, err := db.Open(ctx, dsn, db.Options{Now: clock.Now})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	if _, err := d.Migrate(ctx, schema.FS); err != nil {
		tb.Fatal(err)
	}
	return d
}

// DSN gives the address of a fresh PostgreSQL database without any table, as a
// program finds it at its first start; it goes with the test.
func DSN(tb testing.TB) string {
	tb.Helper()
	return create(tb, "template0")
}

// Blank gives a database on one engine without any table, as an operator restores into.
func Blank(tb testing.TB, engine db.Engine) *db.DB {
	tb.Helper()
	dsn := filepath.Join(tb.TempDir(), "blank.db")
	if engine == db.PostgreSQL {
		dsn = DSN(tb)
	}
	d, err := db.Open(context.Background(), dsn, db.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	return d
}

// clone copies the migrated template into a database of its own and returns its address.
func clone(tb testing.TB) string {
	tb.Helper()
	base := os.Getenv("BIHUAN_TEST_POSTGRES")
	admin, err := sql.Open("pgx", base)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = admin.Close() })
	template := "bihuan_tpl_" + schemaHash(tb)
	ensureTemplate(tb, admin, base, template)
	return create(tb, template)
}

// create makes a database from a template and drops it with the test.
func create(tb testing.TB, template string) string {
	tb.Helper()
	base := os.Getenv("BIHUAN_TEST_POSTGRES")
	admin, err := sql.Open("pgx", base)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = admin.Close() })
	name := fmt.Sprintf("bihuan_t_%d_%d", os.Getpid(), time.Now().UnixNano())
	if _, err := admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + template); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _, _ = admin.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)") })
	return withDatabase(tb, base, name)
}

// ensureTemplate makes the template once for a schema; test processes queue on an advisory lock.
func ensureTemplate(tb testing.TB, admin *sql.DB, base, template string) {
	tb.Helper()
	ctx := context.Background()
	conn, err := admin.Conn(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	const lock = 0x7465_7374
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		tb.Fatal(err)
	}
	defer func() { _, _ = conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", lock) }()
	var n int
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM pg_database WHERE datname = $1", template).Scan(&n); err != nil {
		tb.Fatal(err)
	}
	if n > 0 {
		return
	}
	half := template + "_making"
	if _, err := conn.ExecContext(ctx, "DROP DATABASE IF EXISTS "+half+" WITH (FORCE)"); err != nil {
		tb.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, "CREATE DATABASE "+half); err != nil {
		tb.Fatal(err)
	}
	d, err := db.Open(ctx, withDatabase(tb, base, half), db.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	_, err = d.Migrate(ctx, schema.FS)
	_ = d.Close()
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, "ALTER DATABASE "+half+" RENAME TO "+template); err != nil {
		tb.Fatal(err)
	}
}

func schemaHash(tb testing.TB) string {
	tb.Helper()
	h := sha256.New()
	names, err := fs.Glob(schema.FS, "*.sql")
	if err != nil {
		tb.Fatal(err)
	}
	for _, n := range names {
		b, err := fs.ReadFile(schema.FS, n)
		if err != nil {
			tb.Fatal(err)
		}
		fmt.Fprintf(h, "%s %d ", n, len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func withDatabase(tb testing.TB, base, name string) string {
	tb.Helper()
	u, err := url.Parse(base)
	if err != nil {
		tb.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}
