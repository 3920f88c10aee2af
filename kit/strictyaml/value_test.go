package strictyaml

import (
	"slices"
	"testing"
	"testing/fstest"
)

func read(t *testing.T, content string) (*Folder, Value) {
	t.Helper()
	f := &Folder{FS: fstest.MapFS{"a.yaml": &fstest.MapFile{Data: []byte(content)}}, Name: "文件夹"}
	v, ok := f.YAML("a.yaml")
	if !ok {
		t.Fatal(f.Problems)
	}
	return f, v
}

func TestValues(t *testing.T) {
	folder, v := read(t, "id: a-1\nname: 名称\nlist: [一, 二]\nday: 2026-03-25\nmany: 12\nyes: true\n")
	f := v.Mapping(v.Keys()...)
	if got := v.Keys(); !slices.Equal(got, []string{"id", "name", "list", "day", "many", "yes"}) {
		t.Errorf("keys %v", got)
	}
	if f.May("id").ID() != "a-1" || f.Must("name", "名称").Text() != "名称" || f.May("day").Date().String() != "2026-03-25" || f.May("many").Whole(1, 12) != 12 || !f.May("yes").Truth() {
		t.Error("values")
	}
	if !slices.Equal(f.May("list").Texts(), []string{"一", "二"}) || len(f.May("name").Words()) != 1 || len(f.May("list").Words()) != 2 || len(f.May("none").Words()) != 0 {
		t.Error("lists")
	}
	if f.May("list").Raw() != "" || f.May("many").Raw() != "12" || !v.IsMapping() || !f.May("list").IsList() || f.May("list").Where() != "a.yaml:3 list" {
		t.Error("places")
	}
	if len(folder.Problems) > 0 {
		t.Error(folder.Problems)
	}
}

// Whatever is asked of an absent value, it makes no problem but the one of its absence.
func TestAbsent(t *testing.T) {
	folder, v := read(t, "a: 1")
	none := v.Mapping("a", "b").Must("b", "值")
	none.Text()
	none.Items()
	none.Date()
	none.Mapping("x").Must("x", "值").Texts()
	if none.Keys() != nil || none.Line() != 0 || none.Raw() != "" || none.Describe() != "空白" {
		t.Error("an absent value")
	}
	if got := folder.Problems.Error(); got != "a.yaml:1:1：缺少“b”，应为 b: 值" {
		t.Error(got)
	}
}

func TestProblems(t *testing.T) {
	for content, want := range map[string]string{
		"b: 1":            "a.yaml:1:1：未知的键“b”，应为“a”",
		"zzzzzz: 1":       "a.yaml:1:1：未知的键“zzzzzz”，应为下列之一：a",
		"a: 1\na: 2":      "a.yaml:2:1：重复的键“a”，应为只写一次（第 1 行已有）",
		"a: [1]":          "a.yaml:1:4 a：列表，应为一行文字",
		"a: \" x\"":       "a.yaml:1:4 a：“ x”，应为一行文字，首尾无空格，无换行和制表符",
		"a:":              "a.yaml:1:3 a：空白，应为一行文字",
		"- a":             "a.yaml:1:1：列表，应为若干“键: 值”，可用的键：a",
		"a: {b: {c: 1}}":  "a.yaml:1:4 a：若干“键: 值”，应为一行文字",
		"a: 好\n":          "",
		"# 注\na: \"\\t\"": "a.yaml:2:4 a：空白，应为一行文字",
	} {
		folder, v := read(t, content)
		v.Mapping("a").May("a").Text()
		if got := folder.Problems.Sorted().Error(); got != want {
			t.Errorf("%q:\n got %s\nwant %s", content, got, want)
		}
	}
}
