package db

import (
	"fmt"
	"regexp"
	"strings"
)

// The functions here let a backup read and fill every table without knowing it.

// identifier keeps names that are put into SQL text to what our tables use.
var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Tables lists the program's tables in the order in which they were created, so
// that a table comes after those its foreign keys point to.
func (t *Tx) Tables() (names []string, err error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version' ORDER BY rowid`
	if t.engine == PostgreSQL {
		query = `SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> 'goose_db_version' ORDER BY c.oid`
	}
	err = t.Each(func(r Scanner) error {
		var n string
		if err := r.Scan(&n); err != nil {
			return err
		}
		names = append(names, n)
		return nil
	}, query)
	return names, err
}

// Columns lists a table's columns in order.
func (t *Tx) Columns(table string) (names []string, err error) {
	if !identifier.MatchString(table) {
		return nil, fmt.Errorf("not a table name: %q", table)
	}
	rows, err := t.tx.QueryContext(t.ctx, "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		return nil, translate(err, "columns of "+table)
	}
	defer func() { _ = rows.Close() }()
	if names, err = rows.Columns(); err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	return names, rows.Err()
}

// EachRow calls f with every row of a table, by its first column. Values are int64, string or nil.
func (t *Tx) EachRow(table string, columns []string, f func(values []any) error) error {
	if !identifier.MatchString(table) {
		return fmt.Errorf("not a table name: %q", table)
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	return t.Each(func(r Scanner) error {
		if err := r.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i] = string(b)
			}
		}
		return f(values)
	}, "SELECT "+strings.Join(columns, ", ")+" FROM "+table+" ORDER BY 1")
}

// Refill empties a table and prepares the insertion of whole rows.
func (t *Tx) Refill(table string, columns []string) (*Stmt, error) {
	for _, name := range append([]string{table}, columns...) {
		if !identifier.MatchString(name) {
			return nil, fmt.Errorf("not a name of a table or column: %q", name)
		}
	}
	if _, err := t.Exec("DELETE FROM " + table); err != nil {
		return nil, err
	}
	return t.Prepare("INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " + In(1, len(columns)))
}
