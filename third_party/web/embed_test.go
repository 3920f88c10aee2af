package thirdparty

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"strings"
	"testing"
)

func TestManifestMatchesFiles(t *testing.T) {
	list, err := Manifest()
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{"manifest.json": true}
	for _, p := range list {
		if p.Name == "" || p.Version == "" || p.Licence == "" || !strings.HasPrefix(p.Source, "https://") {
			t.Errorf("%s %s: name, version, licence and source must all be given", p.Name, p.Version)
		}
		licence := false
		for _, f := range p.Files {
			listed[f.Path] = true
			licence = licence || strings.HasSuffix(f.Path, "/LICENSE")
			raw, err := Read(f.Path)
			if err != nil {
				t.Errorf("%s: %v", f.Path, err)
				continue
			}
			sum := sha256.Sum256(raw)
			if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
				t.Errorf("%s: hash %s, manifest says %s", f.Path, got, f.SHA256)
			}
		}
		if !licence {
			t.Errorf("%s %s: its LICENSE is not carried", p.Name, p.Version)
		}
	}
	err = fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !listed[path] {
			t.Errorf("%s is carried but not in the manifest", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadUnknown(t *testing.T) {
	if _, err := Read("htmx/9/none.js"); err == nil {
		t.Fatal("a file that is not carried must be an error")
	}
}
