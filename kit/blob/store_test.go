package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"bihuan/kit/errs"
)

var ctx = context.Background()

func newFolder(t testing.TB) *Folder {
	t.Helper()
	f, err := OpenFolder(filepath.Join(t.TempDir(), "files"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func put(t testing.TB, f *Folder, content string) Ref {
	t.Helper()
	ref, err := f.Put(ctx, strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// unfinished lists what Put left behind.
func unfinished(t testing.TB, f *Folder) []os.DirEntry {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(f.root, incoming))
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestPutAndOpen(t *testing.T) {
	f := newFolder(t)
	rapid.Check(t, func(t *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 5000).Draw(t, "content")
		ref, err := f.Put(ctx, iotest.OneByteReader(bytes.NewReader(content)), int64(len(content)))
		sum := sha256.Sum256(content)
		if err != nil || ref.Hash != hex.EncodeToString(sum[:]) || ref.Size != int64(len(content)) {
			t.Fatalf("%+v, %v", ref, err)
		}
		again, err := f.Put(ctx, bytes.NewReader(content), 1<<20)
		if err != nil || again != ref {
			t.Fatalf("%+v, %v", again, err)
		}
		file, info, err := f.Open(ref.Hash)
		if err != nil || info != ref {
			t.Fatalf("%+v, %v", info, err)
		}
		got, err := io.ReadAll(file)
		if err = errors.Join(err, file.Close()); err != nil || !bytes.Equal(got, content) {
			t.Fatalf("%q, %v", got, err)
		}
	})
	if left := unfinished(t, f); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestKnownHash(t *testing.T) {
	// SHA-256 of "abc", FIPS 180-4 example.
	if ref := put(t, newFolder(t), "abc"); ref.Hash != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" || ref.Size != 3 {
		t.Errorf("%+v", ref)
	}
}

func TestPutRefusesAndLeavesNothing(t *testing.T) {
	broken := errors.New("line is down")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	cases := []struct {
		name string
		ctx  context.Context
		r    io.Reader
		is   func(error) bool
	}{
		{"one byte too many", ctx, strings.NewReader("12345678901"), func(err error) bool { return errs.Is(err, errs.TooLarge) }},
		{"without an end", ctx, endless{}, func(err error) bool { return errs.Is(err, errs.TooLarge) }},
		{"reader fails", ctx, io.MultiReader(strings.NewReader("1234"), iotest.ErrReader(broken)), func(err error) bool { return errors.Is(err, broken) }},
		{"caller gave up", ended, strings.NewReader("1"), func(err error) bool { return errors.Is(err, context.Canceled) }},
	}
	f := newFolder(t)
	for _, c := range cases {
		if _, err := f.Put(c.ctx, c.r, 10); !c.is(err) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	n := 0
	if err := f.Walk(ctx, func(Ref) error { n++; return nil }); err != nil || n != 0 || len(unfinished(t, f)) != 0 {
		t.Errorf("%d kept, %v left, %v", n, unfinished(t, f), err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestNamesThatAreNoHashes(t *testing.T) {
	f := newFolder(t)
	ref := put(t, f, "abc")
	for _, name := range []string{"", "..", "../../etc/passwd", ref.Hash[:63], ref.Hash + "0", strings.ToUpper(ref.Hash), strings.Repeat("0", 64), "ba/../" + ref.Hash[6:]} {
		if _, _, err := f.Open(name); !errs.Is(err, errs.NotFound) {
			t.Errorf("open %q: %v", name, err)
		}
		if has, err := f.Has(name); has || err != nil {
			t.Errorf("has %q: %v, %v", name, has, err)
		}
	}
	if has, err := f.Has(ref.Hash); !has || err != nil {
		t.Errorf("%v, %v", has, err)
	}
	if err := f.Remove(ref.Hash); err != nil {
		t.Error(err)
	}
	if err := f.Remove(ref.Hash); err != nil {
		t.Errorf("a second time: %v", err)
	}
	if err := f.Remove("../x"); !errs.Is(err, errs.NotFound) {
		t.Errorf("%v", err)
	}
	if has, _ := f.Has(ref.Hash); has {
		t.Error("still there")
	}
}

func TestManyAtOnce(t *testing.T) {
	f := newFolder(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 10 {
				if _, err := f.Put(ctx, strings.NewReader(strings.Repeat("x", i*1000)), 1<<20); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if r, err := Verify(ctx, f, nil); err != nil || r.Files != 10 || len(r.Broken) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestVerifyNamesTheBroken(t *testing.T) {
	f := newFolder(t)
	good, changed, cut := put(t, f, "good"), put(t, f, "to be changed"), put(t, f, "to be cut")
	spoil(t, f, changed, "to be Changed")
	spoil(t, f, cut, "to")
	calls := 0
	r, err := Verify(ctx, f, func(Report) { calls++ })
	want := []string{changed.Hash, cut.Hash}
	slices.Sort(want)
	if err != nil || r.Files != 3 || calls != 3 || !slices.Equal(r.Broken, want) {
		t.Errorf("%+v, %v", r, err)
	}
	if put(t, f, "to be cut") != cut {
		t.Error("put again")
	}
	if r, _ := Verify(ctx, f, nil); !slices.Equal(r.Broken, []string{changed.Hash}) {
		t.Errorf("a cut file was not replaced: %+v", r)
	}
	if _, _, err := f.Open(good.Hash); err != nil {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Verify(ended, f, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func spoil(t *testing.T, f *Folder, ref Ref, content string) {
	t.Helper()
	if err := errors.Join(os.Chmod(f.path(ref.Hash), 0o600), os.WriteFile(f.path(ref.Hash), []byte(content), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestSweepAtOpen(t *testing.T) {
	f := newFolder(t)
	now := time.Now()
	for name, age := range map[string]time.Duration{"put-old": 25 * time.Hour, "put-young": 23 * time.Hour} {
		path := filepath.Join(f.root, incoming, name)
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, now.Add(-age), now.Add(-age))); err != nil {
			t.Fatal(err)
		}
	}
	kept := put(t, f, "abc")
	f, err := OpenFolder(f.root, now)
	if err != nil {
		t.Fatal(err)
	}
	if left := unfinished(t, f); len(left) != 1 || left[0].Name() != "put-young" {
		t.Errorf("%v", left)
	}
	if has, _ := f.Has(kept.Hash); !has {
		t.Error("a kept file was swept")
	}
}

func TestOpenFolderRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFolder(path, time.Now()); !errs.Is(err, errs.Unavailable) {
		t.Errorf("%v", err)
	}
}

func TestWalkPassesOverStrangers(t *testing.T) {
	f := newFolder(t)
	ref := put(t, f, "abc")
	for _, name := range []string{"readme.txt", ref.Hash[:2] + "/note", "zz/" + ref.Hash} {
		path := filepath.Join(f.root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	var seen []Ref
	if err := f.Walk(ctx, func(r Ref) error { seen = append(seen, r); return nil }); err != nil || !slices.Equal(seen, []Ref{ref}) {
		t.Errorf("%v, %v", seen, err)
	}
	stop := errors.New("stop")
	if err := f.Walk(ctx, func(Ref) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}
