package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"bihuan/kit/errs"
)

// Ref names a kept file.
type Ref struct {
	Hash string // SHA-256 of the bytes, 64 lower-case hexadecimal digits
	Size int64  // bytes
}

// Store keeps files by content. Folder is the implementation for a local disk;
// the interface is here because an object store may take its place in a cluster.
type Store interface {
	// Put reads r to its end and keeps it. More than limit bytes give TooLarge and
	// keep nothing. Putting the same bytes again gives the same Ref.
	Put(ctx context.Context, r io.Reader, limit int64) (Ref, error)
	// Open reads a kept file; NotFound when there is none. The caller closes it.
	Open(hash string) (io.ReadSeekCloser, Ref, error)
	// Has reports whether a file is kept.
	Has(hash string) (bool, error)
	// Walk calls f for every kept file, in the order of hashes, until f gives an error.
	Walk(ctx context.Context, f func(Ref) error) error
}

var _ Store = (*Folder)(nil)

// Folder is a store in a folder: "ab/abcdef…" holds the files, "incoming" the
// ones that are being written. Several processes may share it.
type Folder struct{ root string }

// incoming is the folder of unfinished files, on the same file system as the finished.
const incoming = "incoming"

// staleAfter is the age at which an unfinished file belongs to nobody any more.
const staleAfter = 24 * time.Hour

// OpenFolder opens the store at root and creates what is missing. Unfinished
// files that are older than a day before now are swept away: a crash left them.
func OpenFolder(root string, now time.Time) (_ *Folder, err error) {
	defer errs.Wrap(&err, "blob.OpenFolder")
	f := &Folder{root: root}
	if err := os.MkdirAll(filepath.Join(root, incoming), 0o700); err != nil {
		return nil, errs.New(errs.Unavailable, "无法使用附件目录 %s", root).Because(err)
	}
	if err := f.sweep(now); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *Folder) sweep(now time.Time) error {
	entries, err := os.ReadDir(filepath.Join(f.root, incoming))
	if err != nil {
		return fmt.Errorf("sweep unfinished files: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // finished meanwhile by another process
		}
		if err != nil {
			return fmt.Errorf("sweep unfinished files: %w", err)
		}
		if now.Sub(info.ModTime()) > staleAfter {
			if err := os.Remove(filepath.Join(f.root, incoming, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("sweep unfinished files: %w", err)
			}
		}
	}
	return nil
}

// ValidHash reports whether s has the form of a hash, so that no path can be smuggled in.
func ValidHash(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

func (f *Folder) path(hash string) string { return filepath.Join(f.root, hash[:2], hash) }

// Put implements Store. The bytes go to a temporary file, are synced, and get
// their name by a rename: a file under its hash is always whole.
func (f *Folder) Put(ctx context.Context, r io.Reader, limit int64) (_ Ref, err error) {
	defer errs.Wrap(&err, "blob.Put")
	temp, err := os.CreateTemp(filepath.Join(f.root, incoming), "put-*")
	if err != nil {
		return Ref{}, errs.New(errs.Unavailable, "无法写入附件目录").Because(err)
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	ref, err := receive(ctx, temp, r, limit)
	err = errors.Join(err, temp.Close())
	if err != nil {
		return Ref{}, err
	}
	if err := f.place(temp.Name(), ref); err != nil {
		return Ref{}, err
	}
	return ref, nil
}

// receive copies r to the file, hashing, and syncs it.
func receive(ctx context.Context, temp *os.File, r io.Reader, limit int64) (Ref, error) {
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(temp, hash), io.LimitReader(reader{ctx, r}, limit+1))
	if err != nil {
		return Ref{}, fmt.Errorf("receive a file: %w", err)
	}
	if n > limit {
		return Ref{}, errs.New(errs.TooLarge, "文件超过 %s 的上限", size(limit))
	}
	if err := temp.Sync(); err != nil {
		return Ref{}, errs.New(errs.Unavailable, "附件没有写成，请检查磁盘").Because(err)
	}
	return Ref{hex.EncodeToString(hash.Sum(nil)), n}, nil
}

// reader ends with the context.
type reader struct {
	ctx context.Context //nolint:containedctx // lives for one Put only
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d 字节", n)
}

// place gives a finished file its name. One that is there with the right size
// stays; one with another size was damaged and is replaced.
func (f *Folder) place(temp string, ref Ref) error {
	path := f.path(ref.Hash)
	if info, err := os.Stat(path); err == nil && info.Size() == ref.Size {
		return nil
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("place a file: %w", err)
	}
	if err := os.Chmod(temp, 0o400); err != nil {
		return fmt.Errorf("place a file: %w", err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("place a file: %w", err)
	}
	return errors.Join(syncDir(dir), syncDir(f.root))
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync a folder: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

func notFound() error { return errs.New(errs.NotFound, "没有这个附件") }

// Open implements Store.
func (f *Folder) Open(hash string) (io.ReadSeekCloser, Ref, error) {
	file, ref, err := f.open(hash)
	if err != nil {
		return nil, Ref{}, err // a nil *os.File in the interface would not be nil
	}
	return file, ref, nil
}

func (f *Folder) open(hash string) (_ *os.File, _ Ref, err error) {
	defer errs.Wrap(&err, "blob.Open")
	if !ValidHash(hash) {
		return nil, Ref{}, notFound()
	}
	file, err := os.Open(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Ref{}, notFound()
	}
	if err != nil {
		return nil, Ref{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, Ref{}, errors.Join(err, file.Close())
	}
	return file, Ref{hash, info.Size()}, nil
}

// Has implements Store.
func (f *Folder) Has(hash string) (bool, error) {
	if !ValidHash(hash) {
		return false, nil
	}
	_, err := os.Stat(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Remove deletes a file; one that is not there is no error. The caller knows that
// nothing refers to it any more: equal files of two records are one file here.
func (f *Folder) Remove(hash string) error {
	if !ValidHash(hash) {
		return notFound()
	}
	if err := os.Remove(f.path(hash)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob.Remove: %w", err)
	}
	return nil
}

// Walk implements Store. Anything in the folder that is no kept file is passed over.
func (f *Folder) Walk(ctx context.Context, visit func(Ref) error) (err error) {
	defer errs.Wrap(&err, "blob.Walk")
	dirs, err := os.ReadDir(f.root)
	if err != nil {
		return err
	}
	for _, d := range dirs {
		if !d.IsDir() || len(d.Name()) != 2 {
			continue
		}
		files, err := os.ReadDir(filepath.Join(f.root, d.Name()))
		if err != nil {
			return err
		}
		for _, e := range files {
			if err := ctx.Err(); err != nil {
				return err
			}
			if !ValidHash(e.Name()) || !strings.HasPrefix(e.Name(), d.Name()) {
				continue
			}
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // removed meanwhile
			}
			if err != nil {
				return err
			}
			if err := visit(Ref{e.Name(), info.Size()}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Report is the outcome of Verify.
type Report struct {
	Files  int
	Bytes  int64
	Broken []string // hashes whose bytes have changed or cannot be read
}

// Verify hashes every file anew and names those that are not what their name
// says. progress, if not nil, is called after every file. The error is for a
// store that cannot be walked.
func Verify(ctx context.Context, s Store, progress func(Report)) (Report, error) {
	var report Report
	err := s.Walk(ctx, func(ref Ref) error {
		report.Files++
		report.Bytes += ref.Size
		if !intact(ctx, s, ref.Hash) {
			if err := ctx.Err(); err != nil {
				return err
			}
			report.Broken = append(report.Broken, ref.Hash)
		}
		if progress != nil {
			progress(report)
		}
		return nil
	})
	return report, err
}

func intact(ctx context.Context, s Store, hash string) bool {
	file, _, err := s.Open(hash)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, reader{ctx, file}); err != nil {
		return false
	}
	return hex.EncodeToString(h.Sum(nil)) == hash
}
