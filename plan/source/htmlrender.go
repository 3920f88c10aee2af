package source

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// blocks are the elements that begin and end a line.
var blocks = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true, atom.Center: true,
	atom.Dd: true, atom.Details: true, atom.Div: true, atom.Dl: true, atom.Dt: true, atom.Fieldset: true, atom.Figcaption: true,
	atom.Figure: true, atom.Footer: true, atom.Form: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true,
	atom.H5: true, atom.H6: true, atom.Header: true, atom.Hr: true, atom.Legend: true, atom.Li: true, atom.Main: true,
	atom.Nav: true, atom.Ol: true, atom.P: true, atom.Pre: true, atom.Section: true, atom.Summary: true, atom.Table: true,
	atom.Tbody: true, atom.Td: true, atom.Tfoot: true, atom.Th: true, atom.Thead: true, atom.Tr: true, atom.Ul: true,
	atom.Caption: true,
}

// lineWriter collects text into lines as a browser would break them.
type lineWriter struct {
	lines   []string
	cur     strings.Builder
	last    rune // last rune of cur
	space   bool // white space waits to be written
	newline bool // it held a line end
}

// text adds running text: white space becomes one space, and none at all where
// an editor broke a line between two Chinese characters.
func (w *lineWriter) text(s string) {
	for _, r := range s {
		switch r {
		case ' ', '\t', '\r', '\f':
			w.space = true
			continue
		case '\n':
			w.space, w.newline = true, true
			continue
		}
		if w.space && w.cur.Len() > 0 && !(w.newline && isHan(w.last) && isHan(r)) {
			w.cur.WriteByte(' ')
		}
		w.space, w.newline, w.last = false, false, r
		w.cur.WriteRune(r)
	}
}

// verbatim adds preformatted text.
func (w *lineWriter) verbatim(s string) {
	for i, line := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if i > 0 {
			w.flush()
		}
		w.cur.WriteString(line)
	}
}

// flush ends the line. Empty lines are not kept: editors fill pages with them.
func (w *lineWriter) flush() {
	line := strings.TrimRightFunc(w.cur.String(), unicode.IsSpace)
	if strings.TrimFunc(tidy(line), unicode.IsSpace) != "" {
		w.lines = append(w.lines, line)
	}
	w.cur.Reset()
	w.space, w.newline, w.last = false, false, 0
}

// render writes the text under n as lines, without the frame of the page.
func render(n *html.Node) []string {
	var w lineWriter
	w.children(n, false)
	w.flush()
	kept := w.lines[:0]
	for _, line := range w.lines {
		if !isFurniture(squeeze(tidy(line))) {
			kept = append(kept, line)
		}
	}
	return kept
}

// children writes the nodes under n.
func (w *lineWriter) children(n *html.Node, pre bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, pre)
	}
}

// node writes one node.
func (w *lineWriter) node(n *html.Node, pre bool) {
	if n.Type == html.TextNode {
		if pre {
			w.verbatim(n.Data)
		} else {
			w.text(n.Data)
		}
		return
	}
	if n.Type != html.ElementNode {
		return
	}
	switch n.DataAtom {
	case atom.Br:
		w.flush()
		return
	case atom.Head, atom.Title:
		return
	case atom.Table:
		w.flush()
		w.table(n)
		return
	case atom.Ol:
		w.flush()
		w.ordered(n)
		w.flush()
		return
	}
	block := blocks[n.DataAtom]
	if block {
		w.flush()
	}
	w.children(n, pre || n.DataAtom == atom.Pre)
	if block {
		w.flush()
	}
}

// ordered writes a numbered list with the numbers that the browser shows.
func (w *lineWriter) ordered(list *html.Node) {
	next := 1
	if v, err := strconv.Atoi(attrOf(list, "start")); err == nil {
		next = v
	}
	plain := strings.Contains(strings.ReplaceAll(attrOf(list, "style"), " ", ""), "list-style:none") ||
		strings.Contains(strings.ReplaceAll(attrOf(list, "style"), " ", ""), "list-style-type:none")
	for c := list.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Li || plain {
			w.node(c, false)
			continue
		}
		if v, err := strconv.Atoi(attrOf(c, "value")); err == nil {
			next = v
		}
		w.flush()
		first := len(w.lines)
		w.children(c, false)
		w.flush()
		if len(w.lines) > first {
			w.lines[first] = strconv.Itoa(next) + ". " + w.lines[first]
		}
		next++
	}
}
