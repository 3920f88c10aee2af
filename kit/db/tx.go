package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"bihuan/kit/errs"
)

// Tx is one transaction: it carries its context, one fixed moment, and the SQL.
// It must not outlive the function that received it.
type Tx struct {
	ctx     context.Context //nolint:containedctx // a transaction lives exactly as long as its context
	tx      *sql.Tx
	engine  Engine
	now     time.Time
	entropy io.Reader
}

// Now is the moment of the transaction, the same for all its rows (UTC, whole milliseconds).
func (t *Tx) Now() time.Time { return t.now }

// NowMilli is Now as the database keeps it.
func (t *Tx) NowMilli() int64 { return t.now.UnixMilli() }

// Context is the transaction's context.
func (t *Tx) Context() context.Context { return t.ctx }

// Engine tells which engine serves.
func (t *Tx) Engine() Engine { return t.engine }

// NewID makes an identifier: sortable by time, unguessable, 26 characters.
func (t *Tx) NewID() (string, error) { return NewID(t.now, t.entropy) }

// Exec runs a statement and returns the number of rows it touched.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	r, err := t.tx.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, translate(err, query)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("rows affected: %w", err)
	}
	return n, nil
}

// Must runs a statement that has to touch exactly one row; otherwise it gives notFound.
func (t *Tx) Must(notFound error, query string, args ...any) error {
	n, err := t.Exec(query, args...)
	if err != nil {
		return err
	}
	if n != 1 {
		return notFound
	}
	return nil
}

// Scanner is the part of a row that reads its columns.
type Scanner interface{ Scan(dest ...any) error }

// One reads the first row of a query with scan; notFound is returned when there is none.
func (t *Tx) One(notFound error, scan func(Scanner) error, query string, args ...any) error {
	err := scan(t.tx.QueryRowContext(t.ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return notFound
	}
	if err != nil {
		return translate(err, query)
	}
	return nil
}

// Each calls scan for every row of a query, in order.
func (t *Tx) Each(scan func(Scanner) error, query string, args ...any) error {
	rows, err := t.tx.QueryContext(t.ctx, query, args...)
	if err != nil {
		return translate(err, query)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return translate(err, query)
	}
	return nil
}

// Prepare makes a statement for many executions within the transaction.
func (t *Tx) Prepare(query string) (*Stmt, error) {
	s, err := t.tx.PrepareContext(t.ctx, query)
	if err != nil {
		return nil, translate(err, query)
	}
	return &Stmt{tx: t, stmt: s, query: query}, nil
}

// Stmt is a prepared statement of one transaction.
type Stmt struct {
	tx    *Tx
	stmt  *sql.Stmt
	query string
}

// Exec runs the statement.
func (s *Stmt) Exec(args ...any) error {
	if _, err := s.stmt.ExecContext(s.tx.ctx, args...); err != nil {
		return translate(err, s.query)
	}
	return nil
}

// Close frees the statement.
func (s *Stmt) Close() error { return s.stmt.Close() }

// Unique is the cause of a conflict with a unique index. Constraint holds the
// index's name on PostgreSQL and on SQLite its columns, "table.a, table.b" (for
// an index on an expression "index 'name'"): match on both forms.
type Unique struct{ Constraint string }

// Error describes the conflict for the log.
func (u *Unique) Error() string { return "unique violation: " + u.Constraint }

// translate recognises the driver errors that callers act on, by code and never
// by text; all others come back unchanged with the statement's head for the log.
func translate(err error, query string) error {
	const uniqueSQLite, primaryKeySQLite, fullSQLite = 2067, 1555, 13
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		return errs.New(errs.Conflict, "已有相同的记录").Because(&Unique{pg.ConstraintName})
	}
	if errors.As(err, &pg) && strings.HasPrefix(pg.Code, "53") {
		return errs.New(errs.Unavailable, "数据库资源不足，请联系运维人员").Because(err)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case uniqueSQLite, primaryKeySQLite:
			return errs.New(errs.Conflict, "已有相同的记录").Because(&Unique{columnsOf(lite.Error())})
		case fullSQLite:
			return errs.New(errs.Unavailable, "磁盘已满，请联系运维人员").Because(err)
		}
	}
	head := strings.Join(strings.Fields(query), " ")
	if len(head) > 80 {
		head = head[:80]
	}
	return fmt.Errorf("%s: %w", head, err)
}

// columnsOf takes the columns out of SQLite's text, which is the only place that has
// them: "constraint failed: UNIQUE constraint failed: t.a, t.b (2067)".
func columnsOf(text string) string {
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	columns, _, _ := strings.Cut(text, " (")
	return columns
}

// In gives "($k,$k+1,…)" for n arguments that start at number first; for n = 0
// it gives a list that matches nothing.
func In(first, n int) string {
	if n == 0 {
		return "(NULL)"
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return "(" + b.String() + ")"
}

// Like makes a pattern that finds text anywhere; use it with LIKE … ESCAPE '\'.
func Like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}
