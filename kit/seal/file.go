package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"bihuan/kit/errs"
)

// fileFormat names the form of the keyring file.
const fileFormat = "bihuan-keyring-1"

type fileForm struct {
	Format string    `json:"format"`
	Active string    `json:"active"`
	Index  string    `json:"index"`
	Keys   []keyForm `json:"keys"`
}

type keyForm struct {
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
	Secret  string    `json:"secret"`
}

// Create makes a ring with fresh random keys in a new file with mode 0600. A
// file that exists is never overwritten: the error is then a Conflict.
func Create(path string, now time.Time, entropy io.Reader) (_ *Keyring, err error) {
	defer errs.Wrap(&err, "seal.Create")
	s, err := fresh(now, entropy)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	err = save(path, s, create)
	if errors.Is(err, fs.ErrExist) {
		return nil, errs.New(errs.Conflict, "密钥文件 %s 已存在，不会覆盖", path)
	}
	if err != nil {
		return nil, err
	}
	return &Keyring{path: path, entropy: entropy, state: s}, nil
}

// OpenFile reads the ring at path. NotFound means that there is no file; a file
// that others may read is refused as Unavailable. It does not create: a caller
// whose database already holds sealed data must not go on with new keys.
func OpenFile(path string, entropy io.Reader) (_ *Keyring, err error) {
	defer errs.Wrap(&err, "seal.OpenFile")
	s, err := load(path)
	if err != nil {
		return nil, err
	}
	return &Keyring{path: path, entropy: entropy, state: s}, nil
}

func load(path string) (state, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return state{}, errs.New(errs.NotFound, "找不到密钥文件 %s", path).Because(err)
	}
	if err != nil {
		return state{}, errs.New(errs.Unavailable, "无法读取密钥文件 %s", path).Because(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return state{}, err
	}
	if !info.Mode().IsRegular() {
		return state{}, errs.New(errs.Unavailable, "密钥文件 %s 不是普通文件", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return state{}, errs.New(errs.Unavailable, "密钥文件 %s 的权限为 %04o，其他用户可以访问；请改为 0600", path, mode)
	}
	const enough = 1 << 20
	b, err := io.ReadAll(io.LimitReader(f, enough))
	if err != nil {
		return state{}, err
	}
	s, err := parse(b)
	if err != nil {
		return state{}, errs.New(errs.Unavailable, "密钥文件 %s 已损坏，请从备份恢复", path).Because(err)
	}
	return s, nil
}

// parse reads the keyring file's text.
func parse(b []byte) (state, error) {
	var form fileForm
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&form); err != nil {
		return state{}, fmt.Errorf("read the keyring: %w", err)
	}
	if form.Format != fileFormat {
		return state{}, fmt.Errorf("the format is %q instead of %q", form.Format, fileFormat)
	}
	s := state{active: form.Active}
	var err error
	if s.index, err = decode(form.Index); err != nil {
		return state{}, fmt.Errorf("index key: %w", err)
	}
	for _, k := range form.Keys {
		secret, err := decode(k.Secret)
		if err != nil {
			return state{}, fmt.Errorf("key %q: %w", k.ID, err)
		}
		s.keys = append(s.keys, rootKey{k.ID, k.Created, secret})
	}
	return s.prepare()
}

func (s state) text() ([]byte, error) {
	form := fileForm{Format: fileFormat, Active: s.active, Index: encode(s.index)}
	for _, k := range s.keys {
		form.Keys = append(form.Keys, keyForm{k.id, k.created, encode(k.secret)})
	}
	return json.MarshalIndent(form, "", "  ")
}

// place puts a finished temporary file at its final path.
type place func(temp, path string) error

// replace overwrites what is there; create fails with fs.ErrExist when something is.
func replace(temp, path string) error { return os.Rename(temp, path) }

func create(temp, path string) error { return os.Link(temp, path) }

// save writes the ring so that a crash leaves either the old file or the new one, whole.
func save(path string, s state, put place) (err error) {
	text, err := s.text()
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".keyring-*") // CreateTemp gives mode 0600
	if err != nil {
		return fmt.Errorf("write the keyring: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return fmt.Errorf("write the keyring: %w", err)
	}
	if err := put(f.Name(), path); err != nil {
		return fmt.Errorf("put the keyring in place: %w", err)
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
