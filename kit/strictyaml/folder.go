package strictyaml

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// MaxFile is the largest file that is read, in bytes; it keeps a mistaken folder
// (a database, a film) from being read whole.
const MaxFile = 8 << 20

// Folder is a folder of files and what is wrong with them.
type Folder struct {
	FS       fs.FS
	Name     string // what messages call the folder: 城市包
	Problems Errors
}

// File gives the file as a place, to note problems of the file as a whole; it is absent.
func (f *Folder) File(name string) Value { return Value{folder: f, file: name} }

// Open reads one text file; it notes at the place why it cannot and returns false.
func (f *Folder) Open(name string, at Value) ([]byte, bool) {
	file, err := f.FS.Open(name)
	if err != nil {
		found := "无法读取的文件"
		if errors.Is(err, fs.ErrNotExist) {
			found = "文件“" + name + "”不存在"
		}
		at.Problem(found, "%s中的文件", f.Name)
		return nil, false
	}
	defer func() { _ = file.Close() }() // read only
	content, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	switch {
	case err != nil:
		at.Problem("无法读取的文件“"+name+"”", "%s中的文件", f.Name)
	case len(content) > MaxFile:
		at.Problem("过大的文件“"+name+"”", "不超过 %d MB 的文件", MaxFile>>20)
	case !utf8.Valid(content):
		at.Problem("不是 UTF-8 编码的文件“"+name+"”", "UTF-8 编码的文本")
	case len(bytes.TrimSpace(content)) == 0:
		at.Problem("空文件“"+name+"”", "有内容的文件")
	default:
		return bytes.TrimPrefix(content, []byte("\uFEFF")), true
	}
	return nil, false
}

// YAML reads a YAML file of the folder; it is absent, and false, if it cannot be read.
func (f *Folder) YAML(name string) (Value, bool) {
	content, ok := f.Open(name, f.File(name))
	if !ok {
		return f.File(name), false
	}
	return f.Parse(name, content)
}

// lineInError finds the line in the YAML package's message: its errors for
// wrong syntax carry it nowhere else.
var lineInError = regexp.MustCompile(`line (\d+)`)

// Parse reads one YAML document without anchors and aliases, which nobody needs
// here and which can blow up a small file.
func (f *Folder) Parse(name string, content []byte) (Value, bool) {
	node, problem := parse(name, content)
	if problem != nil {
		f.Problems = append(f.Problems, *problem)
		return f.File(name), false
	}
	return Value{folder: f, file: name, node: node}, true
}

func parse(name string, content []byte) (*yaml.Node, *Problem) {
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
