// Package backup writes the whole of the program's data into one file and reads
// it back: every table, every stored file, and a manifest with hashes.
//
// The file is a gzipped tar that any tool opens: manifest.json first, then
// tables/NAME.jsonl with one row a line, then blobs/HASH. It does not depend on
// the engine: what was saved from SQLite restores into PostgreSQL and back. The
// keys are not in it: keep them apart from the data that they open.
//
// Writing reads the tables in one transaction, so the copy shows one moment
// while the program goes on working. Nothing half written is ever under the
// final name. Restoring fills an empty database in one transaction.
package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// format names the layout of the file; a reader refuses any other.
const format = "bihuan-backup-1"

// Manifest tells what a backup holds.
type Manifest struct {
	Format  string    `json:"format"`
	Created time.Time `json:"created"`
	Engine  db.Engine `json:"engine"` // where it came from; it restores anywhere
	Schema  int64     `json:"schema"`
	Tables  []Table   `json:"tables"`
	Files   int       `json:"files"`
}

// Table is one table of a backup. SHA256 is over its lines as they stand in the file.
type Table struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

// Files is the part of the blob store that a backup needs.
type Files interface {
	Walk(ctx context.Context, f func(blob.Ref) error) error
	Open(hash string) (io.ReadSeekCloser, blob.Ref, error)
	Put(ctx context.Context, r io.Reader, limit int64) (blob.Ref, error)
}

// Write saves everything under path. The file appears when it is complete.
func Write(ctx context.Context, d *db.DB, migrations fs.FS, files Files, path string) (m Manifest, err error) {
	defer errs.Wrap(&err, "backup.Write(%s)", path)
	if _, err := os.Stat(path); err == nil {
		return m, errs.New(errs.Conflict, "文件 %s 已存在：请换一个文件名", path)
	}
	version, err := d.SchemaVersion(ctx, migrations)
	if err != nil {
		return m, err
	}
	spool, err := os.MkdirTemp(filepath.Dir(path), ".bihuan-backup-*")
	if err != nil {
		return m, err
	}
	defer func() { _ = os.RemoveAll(spool) }()
	m = Manifest{Format: format, Created: d.Now(), Engine: d.Engine(), Schema: version}
	if err := d.Read(ctx, func(tx *db.Tx) error { m.Tables, err = spoolTables(tx, spool); return err }); err != nil {
		return m, err
	}
	// Files are never changed or removed, so those written after the tables were read do no harm.
	if err := files.Walk(ctx, func(blob.Ref) error { m.Files++; return nil }); err != nil {
		return m, err
	}
	partial := filepath.Join(spool, "backup.partial")
	if err := pack(ctx, partial, m, spool, files); err != nil {
		return m, err
	}
	if err := os.Rename(partial, path); err != nil {
		return m, err
	}
	return m, syncDir(filepath.Dir(path))
}

func spoolTables(tx *db.Tx, dir string) ([]Table, error) {
	names, err := tx.Tables()
	if err != nil {
		return nil, err
	}
	var tables []Table
	for _, name := range names {
		t, err := spoolTable(tx, name, filepath.Join(dir, name+".jsonl"))
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// spoolTable writes a header line with the column names, then one array a row.
func spoolTable(tx *db.Tx, name, path string) (t Table, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	buf := bufio.NewWriterSize(io.MultiWriter(f, sum), 1<<20)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	columns, err := tx.Columns(name)
	if err != nil {
		return t, err
	}
	if err := enc.Encode(columns); err != nil {
		return t, err
	}
	t.Name = name
	err = tx.EachRow(name, columns, func(values []any) error {
		t.Rows++
		return enc.Encode(values)
	})
	if err != nil {
		return t, err
	}
	if err := buf.Flush(); err != nil {
		return t, err
	}
	t.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return t, f.Sync()
}

func pack(ctx context.Context, path string, m Manifest, spool string, files Files) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	zip, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return err
	}
	out := tar.NewWriter(zip)
	head, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: "manifest.json", Mode: 0o600, Size: int64(len(head)), ModTime: m.Created}); err != nil {
		return err
	}
	if _, err := out.Write(head); err != nil {
		return err
	}
	for _, t := range m.Tables {
		if err := addFile(out, "tables/"+t.Name+".jsonl", filepath.Join(spool, t.Name+".jsonl"), m.Created); err != nil {
			return err
		}
	}
	left := m.Files // those stored since they were counted wait for the next backup
	err = files.Walk(ctx, func(ref blob.Ref) error {
		if left--; left < 0 {
			return nil
		}
		r, _, err := files.Open(ref.Hash)
		if err != nil {
			return err
		}
		defer func() { _ = r.Close() }()
		return add(out, "blobs/"+ref.Hash, ref.Size, r, m.Created)
	})
	if err != nil {
		return err
	}
	if err := errors.Join(out.Close(), zip.Close()); err != nil {
		return err
	}
	return f.Sync()
}

func addFile(out *tar.Writer, name, path string, at time.Time) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return add(out, name, info.Size(), f, at)
}

func add(out *tar.Writer, name string, size int64, r io.Reader, at time.Time) error {
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: at}); err != nil {
		return err
	}
	if _, err := io.Copy(out, r); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
