package db

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"bihuan/kit/errs"
)

// Migrate brings the tables to the newest version in files and returns it.
// A database that a newer program has already changed is refused.
func (d *DB) Migrate(ctx context.Context, files fs.FS) (version int64, err error) {
	return d.MigrateTo(ctx, files, 0)
}

// MigrateTo is Migrate up to one version; 0 means the newest.
func (d *DB) MigrateTo(ctx context.Context, files fs.FS, version int64) (_ int64, err error) {
	defer errs.Wrap(&err, "db.Migrate")
	p, err := d.provider(files)
	if err != nil {
		return 0, err
	}
	current, newest, err := p.GetVersions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the schema version: %w", err)
	}
	if current > newest {
		return 0, errs.New(errs.Unavailable, "数据库版本 %d 比程序认识的 %d 新：请使用新版程序，不要用旧版程序打开", current, newest)
	}
	if version == 0 {
		version = newest
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return 0, err
	}
	return version, nil
}

// SchemaVersion tells which migration the database has reached.
func (d *DB) SchemaVersion(ctx context.Context, files fs.FS) (int64, error) {
	p, err := d.provider(files)
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}

func (d *DB) provider(files fs.FS) (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	if d.engine == PostgreSQL {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, d.write, files)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}
