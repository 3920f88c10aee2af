package city

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"bihuan/kit/errs"
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

// maxFile is the largest file of a pack in bytes; it keeps a mistaken folder
// (a database, a film) from being read whole.
const maxFile = 8 << 20

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
	r := &reader{fsys: fsys, notes: &notes{}, pack: &Pack{Files: fsys},
		territoryAt: map[TerritoryID]value{}, unitAt: map[UnitID]value{}}
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
	if len(r.notes.problems) > 0 {
		return nil, r.notes.problems.sorted()
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
	fsys         fs.FS
	notes        *notes
	pack         *Pack
	territoryAt  map[TerritoryID]value
	unitAt       map[UnitID]value
	collectiveAt []value
	yearAt       []value // the year of each document
	incomplete   bool    // a file could not be read: questions across files make no sense
}

func (r *reader) whole(file string) value { return value{notes: r.notes, file: file} }

// strangers notes files beside the known ones: a misspelt name would
// otherwise be ignored silently.
func (r *reader) strangers() {
	entries, err := fs.ReadDir(r.fsys, ".")
	if err != nil {
		r.whole(".").problem("无法读取的文件夹", "一个城市包文件夹")
		return
	}
	for _, e := range entries {
		name := e.Name()
		yamlFile := strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
		if e.IsDir() || !yamlFile || slices.Contains(packFiles, name) {
			continue
		}
		expected := "下列文件之一：" + strings.Join(packFiles, "、")
		if near := nearest(name, packFiles); near != "" {
			expected = "“" + near + "”"
		}
		r.whole(name).problem("未知的文件", "%s；其他数据请放入子文件夹", expected)
	}
}

// open reads one file of the pack; it notes why it cannot and returns false.
func (r *reader) open(name string, at value) ([]byte, bool) {
	f, err := r.fsys.Open(name)
	if err != nil {
		found := "无法读取的文件"
		if errors.Is(err, fs.ErrNotExist) {
			found = "文件“" + name + "”不存在"
		}
		at.problem(found, "城市包中的文件")
		return nil, false
	}
	defer func() { _ = f.Close() }() // read only
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		at.problem("无法读取的文件“"+name+"”", "城市包中的文件")
	case len(content) > maxFile:
		at.problem("过大的文件“"+name+"”", "不超过 %d MB 的文件", maxFile>>20)
	case !utf8.Valid(content):
		at.problem("不是 UTF-8 编码的文件“"+name+"”", "UTF-8 编码的文本")
	case len(bytes.TrimSpace(content)) == 0:
		at.problem("空文件“"+name+"”", "有内容的文件")
	default:
		return bytes.TrimPrefix(content, []byte("\uFEFF")), true
	}
	return nil, false
}

// file reads a YAML file of the pack; the value is absent if it cannot be read.
func (r *reader) file(name string) value {
	at := r.whole(name)
	content, ok := r.open(name, at)
	if !ok {
		r.incomplete = true
		return at
	}
	node, problem := parseYAML(name, content)
	if problem != nil {
		r.incomplete = true
		r.notes.problems = append(r.notes.problems, *problem)
		return at
	}
	at.node = node
	return at
}

// lineInError finds the line in the YAML package's message: its errors for
// wrong syntax carry it nowhere else.
var lineInError = regexp.MustCompile(`line (\d+)`)

// parseYAML reads one YAML document without anchors and aliases, which no pack
// needs and which can blow up a small file.
func parseYAML(name string, content []byte) (*yaml.Node, *Problem) {
	var doc yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(content))
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) || (err == nil && len(doc.Content) != 1) {
		return nil, &Problem{File: name, Found: "没有内容的文件", Expected: "若干“键: 值”"}
	}
	if err != nil {
		p := Problem{File: name, Found: "无法解析的内容", Expected: "YAML（检查缩进、冒号后的空格和引号）"}
		if m := lineInError.FindStringSubmatch(err.Error()); m != nil {
			p.Line, _ = strconv.Atoi(m[1])
		}
		return nil, &p
	}
	if n := reference(&doc); n != nil {
		return nil, &Problem{File: name, Line: n.Line, Column: n.Column, Found: "引用（& 或 *）", Expected: "直接写出的内容"}
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, &Problem{File: name, Found: "由“---”分开的多个文档", Expected: "一个文档"}
	}
	return doc.Content[0], nil
}

// reference returns the first node that is or has an anchor, nil if there is none.
func reference(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return n
	}
	for _, c := range n.Content {
		if found := reference(c); found != nil {
			return found
		}
	}
	return nil
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
