// Package schema holds the tables of the program: numbered, forward-only SQL
// files, one text for SQLite and PostgreSQL, applied in order by kit/db.
//
// Column types are BIGINT and TEXT only (instants are UTC milliseconds, civil
// dates are YYYY-MM-DD, quantities are ten-thousandths, yes/no is 0 or 1), so
// that every row can be backed up from one engine and restored into the other.
// A foreign key points only to a table created earlier: creation order is the
// order in which a restore loads the tables.
package schema

import "embed"

// FS holds the migrations, NNNN_name.sql.
//
//go:embed *.sql
var FS embed.FS
