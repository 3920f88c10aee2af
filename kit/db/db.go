// Package db opens the program's database and runs its transactions.
//
// Two engines serve one SQL text: SQLite, embedded, the default, and PostgreSQL
// 15 or newer. Both behave alike here: one writer at a time, and readers that
// see one moment. Where the engines differ, the difference lives in this package.
//
// Writers are serialised on purpose. A use case reads, decides and writes in one
// transaction, and nobody else decides meanwhile, so that no rule depends on
// isolation levels and the audit chain has one order. Work that needs more
// commits per second batches many decisions into one transaction.
package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"bihuan/kit/errs"
)

// Engine names a database engine.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgresql"
)

// writerLock is the key of the advisory lock that makes PostgreSQL's writers queue as SQLite's do.
const writerLock = 0x6269_6875_616e // "bihuan"

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine  Engine
	write   *sql.DB
	read    *sql.DB
	now     func() time.Time
	entropy io.Reader
}

// Options inject time and chance; the zero value uses the real ones.
type Options struct {
	Now     func() time.Time
	Entropy io.Reader
}

// Open opens the database that dsn names: "postgres://…" or the path of a SQLite
// file, created when missing with its folder. It does not migrate.
func Open(ctx context.Context, dsn string, opt Options) (_ *DB, err error) {
	defer errs.Wrap(&err, "db.Open")
	d := &DB{now: opt.Now, entropy: opt.Entropy}
	if d.now == nil {
		d.now = time.Now
	}
	if d.entropy == nil {
		d.entropy = rand.Reader
	}
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		err = d.openPostgres(dsn)
	} else {
		err = d.openSQLite(strings.TrimPrefix(dsn, "sqlite://"))
	}
	if err != nil {
		return nil, err
	}
	if err := d.write.PingContext(ctx); err != nil {
		_ = d.Close()
		return nil, errs.New(errs.Unavailable, "无法打开数据库，请检查地址、账号与权限").Because(err)
	}
	return d, nil
}

func (d *DB) openPostgres(dsn string) error {
	d.engine = PostgreSQL
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(4 * runtime.GOMAXPROCS(0))
	pool.SetMaxIdleConns(2 * runtime.GOMAXPROCS(0))
	pool.SetConnMaxIdleTime(5 * time.Minute)
	d.write, d.read = pool, pool
	return nil
}

// openSQLite opens one connection for writing and a pool for reading. The
// pragmas stand in the connection string, so that every connection has them.
func (d *DB) openSQLite(path string) (err error) {
	d.engine = SQLite
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	common := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-16000)", "temp_store(MEMORY)"}}
	common.Set("_txlock", "immediate")
	file := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String()
	if d.write, err = sql.Open("sqlite", file+"?"+common.Encode()); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(1)
	common.Set("_txlock", "deferred")
	common.Add("_pragma", "query_only(1)")
	if d.read, err = sql.Open("sqlite", file+"?"+common.Encode()); err != nil {
		return err
	}
	d.read.SetMaxOpenConns(2 * runtime.GOMAXPROCS(0))
	d.read.SetMaxIdleConns(2 * runtime.GOMAXPROCS(0))
	return nil
}

// Engine tells which engine serves.
func (d *DB) Engine() Engine { return d.engine }

// Now is the injected clock in UTC, cut to the millisecond that the database keeps.
func (d *DB) Now() time.Time { return d.now().UTC().Truncate(time.Millisecond) }

// Entropy is the injected source of chance.
func (d *DB) Entropy() io.Reader { return d.entropy }

// Close ends all connections.
func (d *DB) Close() error {
	var err error
	if d.read != nil && d.read != d.write {
		err = d.read.Close()
	}
	if d.write != nil {
		err = errors.Join(err, d.write.Close())
	}
	return err
}

type inTx struct{}

// Write runs f in the one writing transaction and commits when f returns nil.
// On an error or a panic of f everything is rolled back. f may run again after
// a serialisation failure, so it has no effect outside the transaction. A Write
// or Read inside a Write is refused: it would wait for itself or see the past.
func (d *DB) Write(ctx context.Context, f func(tx *Tx) error) error {
	const attempts = 3
	for i := 1; ; i++ {
		err := d.once(ctx, d.write, nil, f)
		if i == attempts || !isRetryable(err) {
			return err
		}
	}
}

// Read runs f in a read-only transaction that sees one moment of the database.
func (d *DB) Read(ctx context.Context, f func(tx *Tx) error) error {
	opt := &sql.TxOptions{ReadOnly: true}
	if d.engine == PostgreSQL {
		opt.Isolation = sql.LevelRepeatableRead
	}
	return d.once(ctx, d.read, opt, f)
}

func (d *DB) once(ctx context.Context, pool *sql.DB, opt *sql.TxOptions, f func(tx *Tx) error) (err error) {
	if ctx.Value(inTx{}) != nil {
		return errors.New("db: a transaction inside a transaction")
	}
	ctx = context.WithValue(ctx, inTx{}, true)
	stx, err := pool.BeginTx(ctx, opt)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	done := false
	defer func() {
		if !done {
			_ = stx.Rollback()
		}
	}()
	tx := &Tx{ctx: ctx, tx: stx, engine: d.engine, now: d.Now(), entropy: d.entropy}
	if opt == nil && d.engine == PostgreSQL {
		if _, err := tx.Exec("SELECT pg_advisory_xact_lock($1)", int64(writerLock)); err != nil {
			return err
		}
		tx.now = d.Now() // the wait for the lock is over: time stamps follow the order of commits
	}
	if err := f(tx); err != nil {
		return err
	}
	done = true
	if err := stx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func isRetryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
