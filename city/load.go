package city

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"bihuan/kit/errs"
	"bihuan/kit/strictyaml"
)

// The files every pack has. Other data stands in sub-folders.
const (
	filePack        = "pack.yaml"
	fileTerritories = "territories.yaml"
	fileUnits       = "units.yaml"
	fileCalendar    = "calendar.yaml"
	fileThresholds  = "thresholds.yaml"
	fileDefaults    = "defaults.yaml"
)

var packFiles = []string{filePack, fileTerritories, fileUnits, fileCalendar, fileThresholds, fileDefaults}

// Problem is one thing in a pack that is wrong, in the words of its author.
type Problem = strictyaml.Problem

// Errors are all problems of a pack, by file and line.
type Errors = strictyaml.Errors

// Load reads the pack in the folder. When anything in it is wrong, it returns
// no pack and an error with code Invalid whose cause is Errors with all
// problems found.
func Load(fsys fs.FS) (*Pack, error) {
	p, problems := read(fsys)
	if len(problems) > 0 {
		return nil, errs.New(errs.Invalid, "城市包有 %d 处错误", len(problems)).Because(problems)
	}
	return p, nil
}

// Check returns everything that is wrong with the pack in the folder, by file
// and line; nothing if it can be loaded.
func Check(fsys fs.FS) []Problem {
	_, problems := read(fsys)
	return problems
}

func read(fsys fs.FS) (*Pack, Errors) {
	r := &reader{folder: &strictyaml.Folder{FS: fsys, Name: "城市包"}, pack: &Pack{Files: fsys},
		territoryAt: map[TerritoryID]strictyaml.Value{}, unitAt: map[UnitID]strictyaml.Value{}}
	r.strangers()
	r.readPack(r.file(filePack))
	r.readTerritories(r.file(fileTerritories))
	r.readUnits(r.file(fileUnits))
	r.readThresholds(r.file(fileThresholds))
	r.readDefaults(r.file(fileDefaults))
	r.pack.Calendar = r.readCalendar(r.file(fileCalendar))
	r.checkTerritories()
	r.checkUnits()
	r.checkNames()
	if len(r.folder.Problems) > 0 {
		return nil, r.folder.Problems.Sorted()
	}
	digest, err := digestOf(fsys)
	if err != nil {
		return nil, Errors{{File: ".", Found: err.Error(), Expected: "可以读取的文件"}}
	}
	r.pack.Digest = digest
	r.pack.directory = NewDirectory(r.pack)
	return r.pack, nil
}

// reader fills one pack and remembers where each thing was written.
type reader struct {
	folder       *strictyaml.Folder
	pack         *Pack
	territoryAt  map[TerritoryID]strictyaml.Value
	unitAt       map[UnitID]strictyaml.Value
	collectiveAt []strictyaml.Value
	yearAt       []strictyaml.Value // the year of each document
	incomplete   bool               // a file could not be read: questions across files make no sense
}

// strangers notes files beside the known ones: a misspelt name would
// otherwise be ignored silently.
func (r *reader) strangers() {
	entries, err := fs.ReadDir(r.folder.FS, ".")
	if err != nil {
		r.folder.File(".").Problem("无法读取的文件夹", "一个城市包文件夹")
		return
	}
	for _, e := range entries {
		name := e.Name()
		yamlFile := strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
		if e.IsDir() || !yamlFile || slices.Contains(packFiles, name) {
			continue
		}
		expected := "下列文件之一：" + strings.Join(packFiles, "、")
		if near := strictyaml.Nearest(name, packFiles); near != "" {
			expected = "“" + near + "”"
		}
		r.folder.File(name).Problem("未知的文件", "%s；其他数据请放入子文件夹", expected)
	}
}

// file reads a YAML file of the pack; the value is absent if it cannot be read.
func (r *reader) file(name string) strictyaml.Value {
	v, ok := r.folder.YAML(name)
	r.incomplete = r.incomplete || !ok
	return v
}

// digestOf hashes the names, lengths and contents of all files in name order,
// but not of those whose names begin with a point.
func digestOf(fsys fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(fsys, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if strings.HasPrefix(e.Name(), ".") {
			return nil // left by editors and file managers
		}
		content, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%d:%s%d:", len(path), path, len(content))
		h.Write(content)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("hash the pack: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
