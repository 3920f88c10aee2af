package strictyaml

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"bihuan/kit/calendar"
)

// Value is one place in a YAML file. The zero node is a place that is absent:
// every question to it has the zero answer and makes no further problem.
type Value struct {
	folder *Folder
	file   string
	path   string
	node   *yaml.Node
}

// Fields is a mapping whose keys were checked.
type Fields struct {
	Value
	at map[string]Value
}

// Present reports whether the file has the value.
func (v Value) Present() bool { return v.node != nil }

// Line is where the value stands, from 1; 0 if it is absent.
func (v Value) Line() int {
	if v.node == nil {
		return 0
	}
	return v.node.Line
}

// Where tells the place apart from others: file, line and path.
func (v Value) Where() string { return fmt.Sprintf("%s:%d %s", v.file, v.Line(), v.path) }

// Problem notes that something else than was expected stands at the value.
func (v Value) Problem(found, expected string, args ...any) {
	p := Problem{File: v.file, Path: v.path, Found: found, Expected: fmt.Sprintf(expected, args...)}
	if v.node != nil {
		p.Line, p.Column = v.node.Line, v.node.Column
	}
	v.folder.Problems = append(v.folder.Problems, p)
}

// Mapping reads a mapping that may have the given keys and no others.
func (v Value) Mapping(known ...string) Fields {
	f := Fields{Value: v, at: map[string]Value{}}
	if !v.Present() {
		return f
	}
	if v.node.Kind != yaml.MappingNode {
		v.Problem(v.Describe(), "若干“键: 值”，可用的键：%s", strings.Join(known, "、"))
		return Fields{Value: Value{folder: v.folder}}
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		k, content := v.node.Content[i], v.node.Content[i+1]
		at := Value{folder: v.folder, file: v.file, path: v.path, node: k}
		if line, twice := lines[k.Value]; twice {
			at.Problem("重复的键"+Quote(k.Value), "只写一次（第 %d 行已有）", line)
			continue
		}
		lines[k.Value] = k.Line
		if !slices.Contains(known, k.Value) {
			at.unknownKey(k.Value, known)
			continue
		}
		at.node, at.path = content, join(v.path, k.Value)
		f.at[k.Value] = at
	}
	return f
}

func (v Value) unknownKey(k string, known []string) {
	found := "未知的键" + Quote(k)
	if near := Nearest(k, known); near != "" {
		v.Problem(found, "“%s”", near)
		return
	}
	v.Problem(found, "下列之一：%s", strings.Join(known, "、"))
}

// May returns the value of the key, absent if the file has none.
func (f Fields) May(k string) Value {
	if v, ok := f.at[k]; ok {
		return v
	}
	return Value{folder: f.folder, file: f.file, path: join(f.path, k)}
}

// Must returns the value of the key and notes it when it is absent; expected
// says what should be written, such as "单位全称".
func (f Fields) Must(k, expected string) Value {
	v := f.May(k)
	if !v.Present() && f.Present() {
		f.Problem(fmt.Sprintf("缺少“%s”", k), "%s: %s", k, expected)
	}
	return v
}

// Items reads a list; a list that must not be empty is noted when it is.
func (v Value) Items() []Value {
	if !v.Present() {
		return nil
	}
	if v.node.Kind != yaml.SequenceNode || len(v.node.Content) == 0 {
		v.Problem(v.Describe(), "一个列表，至少一项")
		return nil
	}
	items := make([]Value, len(v.node.Content))
	for i, n := range v.node.Content {
		items[i] = Value{folder: v.folder, file: v.file, path: fmt.Sprintf("%s[%d]", v.path, i+1), node: n}
	}
	return items
}

// Child returns the value of the key of a mapping without any check, absent if
// there is none: for questions after everything was read.
func (v Value) Child(k string) Value {
	if v.Present() && v.node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(v.node.Content); i += 2 {
			if v.node.Content[i].Value == k {
				return Value{folder: v.folder, file: v.file, path: join(v.path, k), node: v.node.Content[i+1]}
			}
		}
	}
	return Value{folder: v.folder, file: v.file, path: join(v.path, k)}
}

// Content returns the items of a list without any check.
func (v Value) Content() []Value {
	if !v.Present() || v.node.Kind != yaml.SequenceNode || len(v.node.Content) == 0 {
		return nil
	}
	return v.Items()
}

// Text reads one line of text that is not empty and has no space at its ends.
func (v Value) Text() string {
	if !v.Present() {
		return ""
	}
	n := v.node
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
		v.Problem(v.Describe(), "一行文字")
		return ""
	}
	if strings.TrimSpace(n.Value) != n.Value || strings.ContainsAny(n.Value, "\n\r\t\uFFFD") {
		v.Problem(v.Describe(), "一行文字，首尾无空格，无换行和制表符")
		return ""
	}
	return n.Value
}

// Texts reads a list of texts; absent is none.
func (v Value) Texts() []string {
	var list []string
	for _, item := range v.Items() {
		if s := item.Text(); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// Whole reads a whole number from least to most.
func (v Value) Whole(least, most int64) int64 {
	if !v.Present() {
		return 0
	}
	n, err := strconv.ParseInt(v.node.Value, 10, 64)
	if v.node.Kind != yaml.ScalarNode || err != nil || n < least || n > most {
		v.Problem(v.Describe(), "%d 到 %d 的整数", least, most)
		return 0
	}
	return n
}

// Truth reads true or false; absent is false.
func (v Value) Truth() bool {
	if !v.Present() {
		return false
	}
	if v.node.Kind == yaml.ScalarNode && (v.node.Value == "true" || v.node.Value == "false") {
		return v.node.Value == "true"
	}
	v.Problem(v.Describe(), "true 或 false")
	return false
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ID reads the name that an author gives a thing: lower-case letters, digits and hyphens.
func (v Value) ID() string {
	s := v.Text()
	if s != "" && (!idForm.MatchString(s) || len(s) > 40) {
		v.Problem(Quote(s), "以小写字母开头，由小写字母、数字和连字符组成，至多 40 个字符")
		return ""
	}
	return s
}

// Choice reads one of the allowed words.
func Choice[T ~string](v Value, allowed ...T) T {
	s := v.Text()
	if s == "" {
		return ""
	}
	words := make([]string, len(allowed))
	for i, a := range allowed {
		if s == string(a) {
			return a
		}
		words[i] = string(a)
	}
	expected := "下列之一：" + strings.Join(words, "、")
	if near := Nearest(s, words); near != "" {
		expected += fmt.Sprintf("（是不是“%s”？）", near)
	}
	v.Problem(Quote(s), "%s", expected)
	return ""
}

// Keys gives the keys of a mapping whose keys are its author's own names, in the
// order of the file; none for anything else, which Mapping then notes.
func (v Value) Keys() []string {
	if !v.IsMapping() {
		return nil
	}
	var keys []string
	for i := 0; i < len(v.node.Content); i += 2 {
		keys = append(keys, v.node.Content[i].Value)
	}
	return keys
}

// Words reads one text or a list of texts; absent is none.
func (v Value) Words() []Value {
	if v.Present() && !v.IsList() {
		return []Value{v}
	}
	return v.Items()
}

// Raw is the text of a single value as it stands in the file, "" for lists and mappings.
func (v Value) Raw() string {
	if v.node == nil || v.node.Kind != yaml.ScalarNode {
		return ""
	}
	return v.node.Value
}

// IsMapping reports whether the value is made of keys and values.
func (v Value) IsMapping() bool { return v.Present() && v.node.Kind == yaml.MappingNode }

// IsList reports whether the value is a list.
func (v Value) IsList() bool { return v.Present() && v.node.Kind == yaml.SequenceNode }

// Describe says what stands at the value, for problems.
func (v Value) Describe() string {
	switch {
	case v.IsMapping():
		return "若干“键: 值”"
	case v.IsList() && len(v.node.Content) == 0:
		return "空列表"
	case v.IsList():
		return "列表"
	case v.node == nil || v.node.Tag == "!!null" || strings.TrimSpace(v.node.Value) == "":
		return "空白"
	}
	return Quote(v.node.Value)
}

// Quote puts a text into quotation marks, shortened to fit on a line.
func Quote(s string) string {
	s = strings.NewReplacer("\n", "⏎", "\r", "", "\t", "⇥").Replace(s)
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return "“" + s + "”"
}

// Date reads a civil date, YYYY-MM-DD.
func (v Value) Date() calendar.Date {
	s := v.Text()
	if s == "" {
		return calendar.Date{}
	}
	d, err := calendar.ParseDate(s)
	if err != nil {
		v.Problem(Quote(s), "日期，如 2026-03-25")
	}
	return d
}

// Matching reads a text of the form.
func (v Value) Matching(form *regexp.Regexp, expected string) string {
	s := v.Text()
	if s != "" && !form.MatchString(s) {
		v.Problem(Quote(s), "%s", expected)
		return ""
	}
	return s
}

// Once notes an id that was used before; seen holds the line of each id.
func Once[T ~string](v Value, id T, seen map[T]int) bool {
	if id == "" {
		return false
	}
	if line, twice := seen[id]; twice {
		v.Problem("重复的编号“"+string(id)+"”", "另一个编号（第 %d 行已用）", line)
		return false
	}
	seen[id] = v.Line()
	return true
}

func join(path, k string) string {
	if path == "" {
		return k
	}
	return path + "." + k
}
