package ui

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Plain is a table as words, for a workbook: one line of texts for each row. A cell's
// second line stands in brackets; buttons and pictures are left out, and so is a
// column that holds nothing else.
func (t Table) Plain(ctx context.Context) (head []string, lines [][]string, err error) {
	for _, r := range t.Rows {
		line := make([]string, len(t.Columns))
		for i, c := range r.Cells {
			if i < len(line) {
				if line[i], err = c.plain(ctx); err != nil {
					return nil, nil, err
				}
			}
		}
		lines = append(lines, line)
	}
	for _, c := range t.Columns {
		if c.Unit != "" {
			c.Label += "（" + c.Unit + "）"
		}
		head = append(head, c.Label)
	}
	for i := len(head) - 1; i >= 0 && len(lines) > 0; i-- {
		if slices.ContainsFunc(lines, func(l []string) bool { return l[i] != "" }) {
			continue
		}
		head = slices.Delete(head, i, i+1)
		for k := range lines {
			lines[k] = slices.Delete(lines[k], i, i+1)
		}
	}
	return head, lines, nil
}

func (c Cell) plain(ctx context.Context) (string, error) {
	text := c.Text
	if c.Node != nil {
		var b bytes.Buffer
		if err := c.Node.Render(ctx, &b); err != nil {
			return "", err
		}
		text = words(b.String())
	}
	if c.Sub != "" && text != "" {
		return text + "（" + c.Sub + "）", nil
	}
	return text + c.Sub, nil
}

// words is what a drawn piece says: its text without that of buttons.
func words(drawn string) string {
	root, err := html.Parse(strings.NewReader(drawn))
	if err != nil {
		return "" // a reader of a string does not fail
	}
	var said []string
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (slices.Contains([]atom.Atom{atom.Button, atom.Form, atom.Svg, atom.Script, atom.Input}, n.DataAtom) || isButton(n)) {
			return
		}
		if s := strings.Join(strings.Fields(n.Data), " "); n.Type == html.TextNode && s != "" {
			said = append(said, s)
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			walk(child)
		}
	}
	walk(root)
	return strings.Join(said, " ")
}

func isButton(n *html.Node) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "class" && slices.Contains(strings.Fields(a.Val), "btn")
	})
}
