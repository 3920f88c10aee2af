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
	"strings"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// Restore fills an empty database and blob store from a backup file. Every hash
// is checked; on any fault the database stays empty.
func Restore(ctx context.Context, d *db.DB, migrations fs.FS, files Files, path string) (m Manifest, err error) {
	defer errs.Wrap(&err, "backup.Restore(%s)", path)
	f, err := os.Open(path)
	if err != nil {
		return m, errs.New(errs.NotFound, "打不开备份文件 %s", path).Because(err)
	}
	defer func() { _ = f.Close() }()
	zip, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		return m, notBackup(err)
	}
	in := tar.NewReader(zip)
	if m, err = readManifest(in); err != nil {
		return m, err
	}
	if err := prepare(ctx, d, migrations, m); err != nil {
		return m, err
	}
	r := restorer{ctx: ctx, in: in, files: files, m: m}
	if err := d.Write(ctx, r.run); err != nil {
		return m, err
	}
	_, err = d.Migrate(ctx, migrations)
	return m, err
}

func notBackup(cause error) error {
	return errs.New(errs.Invalid, "这不是本系统的备份文件，或文件已损坏").Because(cause)
}

func readManifest(in *tar.Reader) (m Manifest, err error) {
	h, err := in.Next()
	if err != nil || h.Name != "manifest.json" || h.Size > 1<<20 {
		return m, notBackup(err)
	}
	if err := json.NewDecoder(in).Decode(&m); err != nil || m.Format != format {
		return m, notBackup(err)
	}
	return m, nil
}

// prepare brings the target to the backup's schema and refuses one that holds data.
func prepare(ctx context.Context, d *db.DB, migrations fs.FS, m Manifest) error {
	version, err := d.SchemaVersion(ctx, migrations)
	if err != nil {
		return err
	}
	if version > 0 {
		return errs.New(errs.Conflict, "目标数据库不是空的：请恢复到新的数据目录或新的数据库")
	}
	reached, err := d.MigrateTo(ctx, migrations, m.Schema)
	if err != nil {
		return err
	}
	if reached != m.Schema {
		return errs.New(errs.Unavailable, "备份来自数据库版本 %d，本程序最高支持 %d：请使用新版程序恢复", m.Schema, reached)
	}
	return nil
}

type restorer struct {
	ctx   context.Context //nolint:containedctx // lives as long as the call that made it
	in    *tar.Reader
	files Files
	m     Manifest
}

// run loads the tables in the order in which they were created, then the files.
// The archive has them in that order, since foreign keys point to earlier tables.
func (r *restorer) run(tx *db.Tx) error {
	for _, t := range r.m.Tables {
		h, err := r.in.Next()
		if err != nil || h.Name != "tables/"+t.Name+".jsonl" {
			return notBackup(errors.Join(err, fmt.Errorf("expected table %s", t.Name)))
		}
		if err := r.table(tx, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	for n := 0; ; n++ {
		h, err := r.in.Next()
		if errors.Is(err, io.EOF) {
			if n != r.m.Files {
				return notBackup(fmt.Errorf("%d files instead of %d", n, r.m.Files))
			}
			return nil
		}
		if err != nil {
			return notBackup(err)
		}
		hash, ok := strings.CutPrefix(h.Name, "blobs/")
		if !ok {
			return notBackup(fmt.Errorf("unexpected entry %q", h.Name))
		}
		ref, err := r.files.Put(r.ctx, r.in, h.Size)
		if err != nil {
			return err
		}
		if ref.Hash != hash {
			return errs.New(errs.Invalid, "备份中的文件 %s 内容不符：备份已损坏", hash)
		}
	}
}

func (r *restorer) table(tx *db.Tx, t Table) error {
	sum := sha256.New()
	dec := json.NewDecoder(io.TeeReader(r.in, sum))
	dec.UseNumber()
	var columns []string
	if err := dec.Decode(&columns); err != nil {
		return notBackup(err)
	}
	// A new database has rows of its own (counters); the backup's replace them.
	insert, err := tx.Refill(t.Name, columns)
	if err != nil {
		return err
	}
	defer func() { _ = insert.Close() }()
	rows := int64(0)
	for {
		var values []any
		if err := dec.Decode(&values); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return notBackup(err)
		}
		if err := numbers(values); err != nil {
			return notBackup(err)
		}
		if err := insert.Exec(values...); err != nil {
			return err
		}
		rows++
	}
	if rows != t.Rows || hex.EncodeToString(sum.Sum(nil)) != t.SHA256 {
		return errs.New(errs.Invalid, "备份中的表 %s 与清单不符：文件已损坏", t.Name)
	}
	return nil
}

// numbers turns JSON numbers into the integers that the tables hold.
func numbers(values []any) error {
	for i, v := range values {
		if n, ok := v.(json.Number); ok {
			whole, err := n.Int64()
			if err != nil {
				return fmt.Errorf("not a whole number: %s", n)
			}
			values[i] = whole
		}
	}
	return nil
}
