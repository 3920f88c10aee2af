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
