package ui

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"bihuan/kit/errs"
)

// render draws a piece and parses it as a browser would.
func render(t *testing.T, c templ.Component) (string, *html.Node) {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatalf("render: %v", err)
	}
	doc, err := html.Parse(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	return b.String(), doc
}

func walk(n *html.Node, see func(*html.Node)) {
	if n.Type == html.ElementNode {
		see(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, see)
	}
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
	}
	return b.String()
}

func find(n *html.Node, match func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	walk(n, func(e *html.Node) {
		if match(e) {
			out = append(out, e)
		}
	})
	return out
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		v, _ := attr(n, "class")
		for _, c := range strings.Fields(v) {
			if c == name {
				return true
			}
		}
		return false
	}
}

func tag(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

// pages are the documents on which every piece is drawn.
func pages() map[string]templ.Component {
	return map[string]templ.Component{
		"style guide":            StyleGuide(false),
		"style guide, large":     StyleGuide(true),
		"sign-in":                StyleGuideBare(),
		"nobody, nothing":        Page(Base{}),
		"hostile in every place": hostilePage(),
	}
}

// hostilePage puts a hostile text wherever a page can put a text.
func hostilePage() templ.Component {
	h := sampleHostile
	js := "javascript:alert(1)"
	return Page(Base{
		Title: h, Lede: h, Eyebrow: h, City: h, Plan: h, Person: &Who{Name: h, Unit: h, Role: h, URL: js},
		Nav:    []NavItem{{Label: h, URL: js, Icon: h, Group: h, Key: h, Count: 1 << 20}},
		Crumbs: []Crumb{{h, js}}, Flash: []Flash{{Kind: Kind(h), Text: h, URL: js, Label: h}},
		Query: h, Here: h, AsOf: h, Idle: 9,
		Paths: Paths{Home: js, Search: js, Large: js, SignIn: js, SignOut: js, Help: js},
		Actions: Buttons{{Label: h, URL: js, Confirm: h, Dialog: true}, {Label: h, Action: js, Confirm: h, Why: h, Disabled: true},
			{Label: h, Name: h, Value: h, FormID: h, Opens: h, Icon: h}},
	})
}

// What holds for every piece, whatever is in it.
func TestEveryPageIsSafeAndAccessible(t *testing.T) {
	for name, page := range pages() {
		t.Run(name, func(t *testing.T) {
			raw, doc := render(t, page)
			if !strings.HasPrefix(raw, "<!doctype html><html lang=\"zh-CN\"") {
				t.Errorf("the document begins with %.60q", raw)
			}
			checkAttributes(t, doc)
			checkIDs(t, doc)
			checkLabels(t, doc)
			checkNames(t, doc)
			if n := len(find(doc, tag("h1"))); n > 1 {
				t.Errorf("%d h1", n)
			}
			if n := len(find(doc, tag("main"))); n != 1 {
				t.Errorf("%d main", n)
			}
		})
	}
}

// checkAttributes finds what the CSP forbids and what would run.
func checkAttributes(t *testing.T, doc *html.Node) {
	t.Helper()
	walk(doc, func(n *html.Node) {
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") {
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			}
			if strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") && a.Key != "value" {
				t.Errorf("<%s> %s leads to a script", n.Data, a.Key)
			}
		}
		switch n.Data {
		case "style", "iframe", "object", "embed", "base":
			t.Errorf("<%s> on a page", n.Data)
		case "script":
			if src, _ := attr(n, "src"); !strings.HasPrefix(src, "/assets/") || text(n) != "" {
				t.Errorf("a script that is not ours: %q %q", src, text(n))
			}
		case "img":
			t.Errorf("an image came out of a text")
		}
	})
}

// checkIDs finds ids used twice and references to ids that do not exist.
func checkIDs(t *testing.T, doc *html.Node) {
	t.Helper()
	seen := map[string]bool{}
	walk(doc, func(n *html.Node) {
		if id, ok := attr(n, "id"); ok {
			if id == "" || seen[id] {
				t.Errorf("<%s> id %q is empty or used twice", n.Data, id)
			}
			seen[id] = true
		}
	})
	walk(doc, func(n *html.Node) {
		for _, key := range []string{"for", "aria-labelledby", "aria-describedby"} {
			v, _ := attr(n, key)
			for _, id := range strings.Fields(v) {
				if !seen[id] {
					t.Errorf("<%s> %s refers to %q, which is not there", n.Data, key, id)
				}
			}
		}
		if href, _ := attr(n, "href"); n.Data == "a" && strings.HasPrefix(href, "#f-") && !seen[href[1:]] {
			t.Errorf("a problem leads to %s, which is not there", href)
		}
	})
}

// checkLabels requires a label for everything that takes input.
func checkLabels(t *testing.T, doc *html.Node) {
	t.Helper()
	labelled := map[string]bool{}
	for _, l := range find(doc, tag("label")) {
		id, _ := attr(l, "for")
		labelled[id] = strings.TrimSpace(text(l)) != ""
	}
	walk(doc, func(n *html.Node) {
		kind, _ := attr(n, "type")
		if (n.Data != "input" || kind == "hidden") && n.Data != "select" && n.Data != "textarea" {
			return
		}
		if id, _ := attr(n, "id"); !labelled[id] {
			t.Errorf("<%s type=%q id=%q> has no label", n.Data, kind, id)
		}
	})
	for _, f := range find(doc, tag("fieldset")) {
		if len(find(f, tag("legend"))) == 0 {
			t.Error("a fieldset has no legend")
		}
	}
}

// checkNames requires words on everything that can be pressed and on every picture.
func checkNames(t *testing.T, doc *html.Node) {
	t.Helper()
	walk(doc, func(n *html.Node) {
		label, _ := attr(n, "aria-label")
		_, by := attr(n, "aria-labelledby")
		named := label != "" || by
		switch n.Data {
		case "a", "button", "summary", "th", "caption", "h2", "legend":
			if strings.TrimSpace(text(n)) == "" && !named {
				t.Errorf("<%s> has no words", n.Data)
			}
		case "svg":
			hidden, _ := attr(n, "aria-hidden")
			if role, _ := attr(n, "role"); hidden != "true" && (role != "img" || label == "") {
				t.Error("a drawing has neither a name nor is it hidden from screen readers")
			}
		case "nav", "dialog":
			if !named {
				t.Errorf("<%s> has no name", n.Data)
			}
		}
	})
}

func TestHostileTextIsShownAsText(t *testing.T) {
	raw, doc := render(t, StyleGuide(false))
	if strings.Contains(raw, "<script>alert") || strings.Contains(raw, "<img") {
		t.Fatal("a text became markup")
	}
	if !strings.Contains(text(doc), sampleHostile) {
		t.Error("the text is not shown as it was given")
	}
}

func TestLightsSayTheirWords(t *testing.T) {
	for level, word := range map[Level]string{
		Green: "正常", Blue: "提醒", Yellow: "滞后", Red: "严重滞后", Grey: "无数据", "": "无数据", "purple": "无数据",
	} {
		for _, small := range []bool{false, true} {
			_, doc := render(t, Light{Level: level, Small: small})
			if !strings.Contains(text(doc), word) {
				t.Errorf("%q, small %v: says %q, want %q", level, small, text(doc), word)
			}
			if len(find(doc, class("sign-"+string(level.known())))) != 1 {
				t.Errorf("%q has no shape of its own", level)
			}
		}
	}
	shapes := map[string]Level{}
	for _, l := range Levels() {
		raw, _ := render(t, lightShape(l))
		_, body, _ := strings.Cut(raw, ">")
		if other, twice := shapes[body]; twice {
			t.Errorf("%s and %s have the same shape", l, other)
		}
		shapes[body] = l
	}
}

func TestTable(t *testing.T) {
	table := NewTable("单位", Column{Label: "名称", SortURL: "?sort=name", Sort: Ascending}, Column{Label: "件数", Num: true})
	table.Rows = []Row{{URL: "/u/1", Cells: []Cell{Text("甲"), Num("3", "/x")}}, {Cells: []Cell{Text("乙"), Text(""), Text("多出的一格")}}}
	_, doc := render(t, table)
	links := find(doc, tag("a"))
	var hrefs []string
	for _, a := range links {
		h, _ := attr(a, "href")
		hrefs = append(hrefs, h)
	}
	if got := strings.Join(hrefs, " "); got != "?sort=name /u/1 /x" {
		t.Errorf("links %q", got)
	}
	if v, _ := attr(find(doc, tag("th"))[0], "aria-sort"); v != "ascending" {
		t.Errorf("aria-sort %q", v)
	}
	if v, _ := attr(find(doc, tag("td"))[1], "data-label"); v != "件数" {
		t.Errorf("a card's label is %q", v)
	}
	table.Rows = nil
	table.Empty = Empty{Title: "没有单位", URL: "/new", Label: "添加"}
	_, doc = render(t, table)
	if len(find(doc, tag("table"))) != 0 || !strings.Contains(text(doc), "没有单位") {
		t.Error("an empty table shows its empty state and no table")
	}
}

func TestFieldStates(t *testing.T) {
	for _, c := range []struct {
		name  string
		field Field
		want  []string // parts of the markup
		not   []string
	}{
		{"required", Field{Name: "a", Label: "甲", Required: true}, []string{"required", "必填"}, nil},
		{"error is tied to the field", Field{Name: "a", Label: "甲", Error: "不对"}, []string{`aria-invalid="true"`, `aria-describedby="f-a-error"`, `id="f-a-error"`}, nil},
		{"hint and error", Field{Name: "a", Label: "甲", Hint: "提示", Error: "不对"}, []string{`aria-describedby="f-a-hint f-a-error"`}, nil},
		{"a password is never echoed", Field{Kind: Password, Name: "p", Label: "口令", Value: "secret"}, []string{`type="password"`}, []string{"secret"}},
		{"a number is typed as text", Field{Kind: Number, Name: "n", Label: "数", Value: "1.50"}, []string{`type="text"`, `inputmode="decimal"`, `value="1.50"`}, nil},
		{"a chosen option", Field{Kind: Select, Name: "s", Label: "选", Value: "b", Options: []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}}, []string{`value="b" selected`}, []string{`value="a" selected`}},
		{"several ticks", Field{Kind: Checks, Name: "c", Label: "多选", Values: []string{"a", "c"}, Options: []Option{{Value: "a"}, {Value: "b"}, {Value: "c"}}}, []string{`value="a" checked`, `value="c" checked`}, []string{`value="b" checked`}},
		{"a line break at the start survives", Field{Kind: TextArea, Name: "t", Label: "文", Value: "\nx"}, []string{">\n\nx</textarea>"}, nil},
		{"a file says its limit", Field{Kind: File, Name: "f", Label: "附件", MaxBytes: 20 << 20}, []string{"20 MB", `data-max="20971520"`}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw, _ := render(t, c.field)
			for _, w := range c.want {
				if !strings.Contains(raw, w) {
					t.Errorf("missing %q in\n%s", w, raw)
				}
			}
			for _, w := range c.not {
				if strings.Contains(raw, w) {
					t.Errorf("has %q in\n%s", w, raw)
				}
			}
		})
	}
}

func TestProblems(t *testing.T) {
	if got := Problems(nil); got != nil {
		t.Errorf("nil gives %v", got)
	}
	if got := Problems(os.ErrNotExist); got != nil {
		t.Errorf("a foreign error must not be shown, got %v", got)
	}
	var check errs.Check
	check.Require(false, "due", "期限不能早于今天")
	list := Problems(check.Err())
	if ProblemOf(list, "due") != "期限不能早于今天" || ProblemOf(list, "other") != "" {
		t.Errorf("got %v", list)
	}
	if got := Problems(errs.New(errs.Conflict, "已被他人修改")); len(got) != 1 || got[0] != (Problem{Text: "已被他人修改"}) {
		t.Errorf("got %v", got)
	}
}

func TestFormsAreGuarded(t *testing.T) {
	post, _ := render(t, FormBox(Form{Action: "/x"}))
	if !strings.Contains(post, "data-once") || !strings.Contains(post, `method="post"`) {
		t.Errorf("a form is sent once, by post: %s", post)
	}
	get, _ := render(t, FormBox(Form{Action: "/x", Method: "GET"}))
	if strings.Contains(get, "data-once") || !strings.Contains(get, `method="get"`) {
		t.Errorf("a search may be sent again: %s", get)
	}
}

func TestDisabledButtonIsNoLink(t *testing.T) {
	raw, _ := render(t, Button{Label: "办结", URL: "/close", Disabled: true, Why: "尚未复核"})
	if strings.Contains(raw, "href") || !strings.Contains(raw, "disabled") || !strings.Contains(raw, "尚未复核") {
		t.Error(raw)
	}
}

func TestNavigation(t *testing.T) {
	items := []NavItem{{Label: "a", Group: "x"}, {Label: "b", Group: "x", Primary: true}, {Label: "c", Group: "y"}, {Label: "d", Group: "x"}}
	if g := groups(items); len(g) != 3 || len(g[0].Items) != 2 || g[1].Name != "y" {
		t.Errorf("groups %v", g)
	}
	if p := primary(items); len(p) != 1 || p[0].Label != "b" {
		t.Errorf("primary %v", p)
	}
	if p := primary(items[:1]); len(p) != 1 {
		t.Errorf("without a mark the first ones serve, got %v", p)
	}
}

// Text of a source document is kept to the letter, between marks too.
func TestSourceTextIsExact(t *testing.T) {
	segs := []Segment{{Text: " 年底前"}, {Text: "新增", Item: "1", Lead: true}, {Text: "180个", Item: "1"}, {Text: "。 \n"}}
	_, doc := render(t, SourceText{Label: "原文", Blocks: []SourceBlock{{Segments: segs}}})
	if got := text(find(doc, tag("p"))[0]); got != " 年底前新增180个。 \n" {
		t.Errorf("got %q", got)
	}
	if n := len(find(doc, func(n *html.Node) bool { id, _ := attr(n, "id"); return id == "span-1" })); n != 1 {
		t.Errorf("%d anchors", n)
	}
}

func TestIcons(t *testing.T) {
	for _, name := range Icons() {
		if raw, _ := render(t, Icon(name)); !strings.Contains(raw, "<path") {
			t.Errorf("%s draws nothing", name)
		}
	}
	if raw, _ := render(t, Icon("no such icon")); raw != "" {
		t.Errorf("an unknown icon draws %q", raw)
	}
}

// The checked-in Go files are what the templates generate.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	templates, err := filepath.Glob("*.templ")
	if err != nil || len(templates) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, f := range templates {
		out := strings.TrimSuffix(f, ".templ") + "_templ.go"
		if _, err := os.Stat(out); err != nil {
			t.Errorf("%s is not generated", out)
		}
	}
	bin, err := exec.LookPath("templ")
	if err != nil {
		t.Log("the generator is not installed; make check compares the files")
		return
	}
	for _, f := range templates {
		fresh, err := exec.Command(bin, "generate", "-stdout", "-f", f).Output()
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		have, err := os.ReadFile(strings.TrimSuffix(f, ".templ") + "_templ.go")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(bytes.TrimSpace(fresh), bytes.TrimSpace(have)) {
			t.Errorf("%s changed; run go generate ./web/ui", f)
		}
	}
}
