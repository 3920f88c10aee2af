package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"bihuan/kit/errs"
)

func newFile(t *testing.T) (*Keyring, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys", "keyring.json")
	k, err := Create(path, start, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k, path
}

func TestFileKeepsTheKeys(t *testing.T) {
	k, path := newFile(t)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	sealed, _ := k.Seal([]byte("x"), "c")
	again, err := OpenFile(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(sealed, "c"); err != nil || string(got) != "x" {
		t.Errorf("%q, %v", got, err)
	}
	if again.BlindIndex("p", "v") != k.BlindIndex("p", "v") || !again.Signer("audit").Check([]byte("m"), k.Signer("audit").Sum([]byte("m"))) {
		t.Error("index or signature differ")
	}
	if _, err := Create(path, start, rand.Reader); !errs.Is(err, errs.Conflict) {
		t.Errorf("created over a file: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".keyring-*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestRotate(t *testing.T) {
	k, path := newFile(t)
	other, err := OpenFile(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	old, _ := k.Seal([]byte("x"), "c")
	if k.NeedsReseal(old) || !k.NeedsReseal("plain") {
		t.Error("before")
	}
	key, err := k.Rotate(start.AddDate(1, 0, 0))
	if err != nil || key.ID != "k2" || !key.Active {
		t.Fatalf("%+v, %v", key, err)
	}
	fresh, _ := k.Seal([]byte("y"), "c")
	if !k.NeedsReseal(old) || k.NeedsReseal(fresh) || !strings.HasPrefix(fresh, "sm4gcm.k2.") {
		t.Error("after", fresh)
	}
	if got, err := k.Open(old, "c"); err != nil || string(got) != "x" {
		t.Errorf("the older key: %q, %v", got, err)
	}
	if _, err := other.Open(fresh, "c"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("another instance before it reloads: %v", err)
	}
	if err := other.Reload(); err != nil {
		t.Fatal(err)
	}
	if got, err := other.Open(fresh, "c"); err != nil || string(got) != "y" {
		t.Errorf("another instance: %q, %v", got, err)
	}
	if keys := other.Keys(); len(keys) != 2 || keys[0].Active || !keys[1].Active || !keys[0].Created.Equal(start) {
		t.Errorf("%+v", keys)
	}
}

func TestRotateFailsWhole(t *testing.T) {
	k, path := newFile(t)
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Rotate(start); err == nil {
		t.Error("rotated without a file")
	}
	if keys := k.Keys(); len(keys) != 1 || !keys[0].Active {
		t.Errorf("a key that is not in the file is in use: %+v", keys)
	}
}

func TestOpenFileRefuses(t *testing.T) {
	spoil := func(f func(path string) error) func(*testing.T) string {
		return func(t *testing.T) string {
			_, path := newFile(t)
			if err := f(path); err != nil {
				t.Fatal(err)
			}
			return path
		}
	}
	rewrite := func(old, new string) func(*testing.T) string {
		return spoil(func(path string) error {
			b, err := os.ReadFile(path)
			if err == nil && !bytes.Contains(b, []byte(old)) {
				err = errors.New(old + " is not in the file")
			}
			return errors.Join(err, os.WriteFile(path, bytes.Replace(b, []byte(old), []byte(new), 1), 0o600))
		})
	}
	cases := []struct {
		name string
		path func(*testing.T) string
		code errs.Code
	}{
		{"missing", func(t *testing.T) string { return filepath.Join(t.TempDir(), "none") }, errs.NotFound},
		{"readable by the group", spoil(func(p string) error { return os.Chmod(p, 0o640) }), errs.Unavailable},
		{"readable by all", spoil(func(p string) error { return os.Chmod(p, 0o604) }), errs.Unavailable},
		{"folder", func(t *testing.T) string { return t.TempDir() }, errs.Unavailable},
		{"empty", spoil(func(p string) error { return os.Truncate(p, 0) }), errs.Unavailable},
		{"cut", spoil(func(p string) error { return os.Truncate(p, 100) }), errs.Unavailable},
		{"other format", rewrite(fileFormat, "other"), errs.Unavailable},
		{"active key unknown", rewrite(`"active": "k1"`, `"active": "k2"`), errs.Unavailable},
		{"field unknown", rewrite(`"active"`, `"extra": 1, "active"`), errs.Unavailable},
		{"key id not allowed", rewrite(`"id": "k1"`, `"id": "k.1"`), errs.Unavailable},
		{"secret too short", rewrite(`"secret": "`, `"secret": "AAAA", "created": "2026-07-01T01:00:00Z", "id": "k1"}, {"secret": "`), errs.Unavailable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := OpenFile(c.path(t), rand.Reader); !errs.Is(err, c.code) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestNoChanceNoKeys(t *testing.T) {
	if _, err := New(start, iotest.ErrReader(errors.New("no entropy"))); err == nil {
		t.Error("made keys of nothing")
	}
	k := newRing(t)
	k.entropy = bytes.NewReader(nil)
	if _, err := k.Seal([]byte("x"), "c"); err == nil {
		t.Error("sealed without a nonce")
	}
}

func FuzzParse(f *testing.F) {
	k, _ := New(start, rand.Reader)
	text, _ := k.state.text()
	f.Add(text)
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := parse(b)
		if err != nil {
			return
		}
		text, err := s.text()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := parse(text); err != nil || again.active != s.active || len(again.keys) != len(s.keys) {
			t.Errorf("%+v, %v", again, err)
		}
	})
}
