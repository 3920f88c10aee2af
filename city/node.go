package city

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// notes collects the problems of one pack.
type notes struct{ problems Errors }

// value is one place in a YAML file. The zero node is a place that is absent:
// every question to it has the zero answer and makes no further problem.
type value struct {
	notes *notes
	file  string
	path  string
	node  *yaml.Node
}

// fields is a mapping whose keys were checked.
type fields struct {
	value
	at map[string]value
}

func (v value) present() bool { return v.node != nil }

func (v value) line() int {
	if v.node == nil {
		return 0
	}
	return v.node.Line
}

func (v value) problem(found, expected string, args ...any) {
	p := Problem{File: v.file, Path: v.path, Found: found, Expected: fmt.Sprintf(expected, args...)}
	if v.node != nil {
		p.Line, p.Column = v.node.Line, v.node.Column
	}
	v.notes.problems = append(v.notes.problems, p)
}

// mapping reads a mapping that may have the given keys and no others.
func (v value) mapping(known ...string) fields {
	f := fields{value: v, at: map[string]value{}}
	if !v.present() {
		return f
	}
	if v.node.Kind != yaml.MappingNode {
		v.problem(describe(v.node), "若干“键: 值”，可用的键：%s", strings.Join(known, "、"))
		return fields{value: value{notes: v.notes}}
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		k, content := v.node.Content[i], v.node.Content[i+1]
		at := value{notes: v.notes, file: v.file, path: v.path, node: k}
		if line, twice := lines[k.Value]; twice {
			at.problem("重复的键"+quote(k.Value), "只写一次（第 %d 行已有）", line)
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

func (v value) unknownKey(k string, known []string) {
	found := "未知的键" + quote(k)
	if near := nearest(k, known); near != "" {
		v.problem(found, "“%s”", near)
		return
	}
	v.problem(found, "下列之一：%s", strings.Join(known, "、"))
}

// may returns the value of the key, absent if the file has none.
func (f fields) may(k string) value {
	if v, ok := f.at[k]; ok {
		return v
	}
	return value{notes: f.notes, file: f.file, path: join(f.path, k)}
}

// must returns the value of the key and notes it when it is absent; expected
// says what should be written, such as "单位全称".
func (f fields) must(k, expected string) value {
	v := f.may(k)
	if !v.present() && f.present() {
		f.problem(fmt.Sprintf("缺少“%s”", k), "%s: %s", k, expected)
	}
	return v
}

// items reads a list; a list that must not be empty is noted when it is.
func (v value) items() []value {
	if !v.present() {
		return nil
	}
	if v.node.Kind != yaml.SequenceNode || len(v.node.Content) == 0 {
		v.problem(describe(v.node), "一个列表，至少一项")
		return nil
	}
	items := make([]value, len(v.node.Content))
	for i, n := range v.node.Content {
		items[i] = value{notes: v.notes, file: v.file, path: fmt.Sprintf("%s[%d]", v.path, i+1), node: n}
	}
	return items
}

// child returns the value of the key of a mapping without any check, absent if
// there is none: for questions after everything was read.
func (v value) child(k string) value {
	if v.present() && v.node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(v.node.Content); i += 2 {
			if v.node.Content[i].Value == k {
				return value{notes: v.notes, file: v.file, path: join(v.path, k), node: v.node.Content[i+1]}
			}
		}
	}
	return value{notes: v.notes, file: v.file, path: join(v.path, k)}
}

// content returns the items of a list without any check.
func (v value) content() []value {
	if !v.present() || v.node.Kind != yaml.SequenceNode || len(v.node.Content) == 0 {
		return nil
	}
	return v.items()
}

// text reads one line of text that is not empty and has no space at its ends.
func (v value) text() string {
	if !v.present() {
		return ""
	}
	n := v.node
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
		v.problem(describe(n), "一行文字")
		return ""
	}
	if strings.TrimSpace(n.Value) != n.Value || strings.ContainsAny(n.Value, "\n\r\t\uFFFD") {
		v.problem(describe(n), "一行文字，首尾无空格，无换行和制表符")
		return ""
	}
	return n.Value
}

// texts reads a list of texts; absent is none.
func (v value) texts() []string {
	var list []string
	for _, item := range v.items() {
		if s := item.text(); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// whole reads a whole number from least to most.
func (v value) whole(least, most int64) int64 {
	if !v.present() {
		return 0
	}
	n, err := strconv.ParseInt(v.node.Value, 10, 64)
	if v.node.Kind != yaml.ScalarNode || err != nil || n < least || n > most {
		v.problem(describe(v.node), "%d 到 %d 的整数", least, most)
		return 0
	}
	return n
}

// truth reads true or false; absent is false.
func (v value) truth() bool {
	if !v.present() {
		return false
	}
	if v.node.Kind == yaml.ScalarNode && (v.node.Value == "true" || v.node.Value == "false") {
		return v.node.Value == "true"
	}
	v.problem(describe(v.node), "true 或 false")
	return false
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// id reads the name of a thing of the pack.
func (v value) id() string {
	s := v.text()
	if s != "" && (!idForm.MatchString(s) || len(s) > 40) {
		v.problem(quote(s), "以小写字母开头，由小写字母、数字和连字符组成，至多 40 个字符")
		return ""
	}
	return s
}

// choice reads one of the allowed words.
func choice[T ~string](v value, allowed ...T) T {
	s := v.text()
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
	if near := nearest(s, words); near != "" {
		expected += fmt.Sprintf("（是不是“%s”？）", near)
	}
	v.problem(quote(s), "%s", expected)
	return ""
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "若干“键: 值”"
	case yaml.SequenceNode:
		if len(n.Content) == 0 {
			return "空列表"
		}
		return "列表"
	}
	if n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
		return "空白"
	}
	return quote(n.Value)
}

func quote(s string) string {
	s = strings.NewReplacer("\n", "⏎", "\r", "", "\t", "⇥").Replace(s)
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return "“" + s + "”"
}

func join(path, k string) string {
	if path == "" {
		return k
	}
	return path + "." + k
}
