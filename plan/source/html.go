package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"bihuan/kit/errs"
)

// Limits on a web page. A page with the longest plan has some 20,000 tags; a
// page saved with its pictures inside has single attributes of megabytes.
const (
	maxPageBytes = 24 << 20
	maxTags      = 400_000
	maxAttrs     = 1_000_000
	maxTagBytes  = 8 << 20
)

// fromHTML fills the document from a web page: its main content as lines.
func (d *Document) fromHTML(text string) error {
	if err := boundedPage(text); err != nil {
		return err
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		// The parser refuses elements nested 512 deep, which some editors reach
		// with tags that never close. The words are still there, in order.
		d.Text = flatText(text)
		d.Warnings = append(d.Warnings, "网页的标签嵌套过深，已按全部文字读取，可能带有导航等无关内容")
		return nil //nolint:nilerr // the words were read another way, and the warning says so
	}
	strip(root)
	d.Meta = pageMeta(root)
	content := mainContent(root)
	lines := render(content)
	if title := missingTitle(d.Meta, root, content, lines); title != "" {
		lines = append([]string{title}, lines...)
	}
	d.Text = tidy(strings.Join(lines, "\n"))
	if hasText(d.Text) {
		return nil
	}
	if find(root, func(n *html.Node) bool { return n.DataAtom == atom.Img }) != nil {
		return errs.New(errs.Invalid, "网页正文只有图片，没有文字，请上传 Word 或带文字的 PDF")
	}
	return errs.New(errs.Invalid, "网页里没有正文文字（正文可能由脚本载入），请用浏览器打开后另存为 PDF，或复制文字保存为 .txt 后上传")
}

// boundedPage refuses a page that would need unbounded memory as a tree.
func boundedPage(text string) error {
	refusal := func(format string, args ...any) error {
		return errs.New(errs.TooLarge, "网页过大或结构异常，请用浏览器打开后另存为 PDF，或复制文字保存为 .txt 后上传").Because(fmt.Errorf(format, args...))
	}
	if len(text) > maxPageBytes {
		return refusal("%d bytes", len(text))
	}
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(maxTagBytes)
	for tags, attrs := 0, 0; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return refusal("tokens: %w", err)
			}
			return nil
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		if tags++; tags > maxTags {
			return refusal("more than %d tags", maxTags)
		}
		for _, more := z.TagName(); more; {
			_, _, more = z.TagAttr()
			if attrs++; attrs > maxAttrs {
				return refusal("more than %d attributes", maxAttrs)
			}
		}
	}
}

// flatText returns the words of a page without building a tree.
func flatText(text string) string {
	z := html.NewTokenizer(strings.NewReader(text))
	var w lineWriter
	for skip := atom.Atom(0); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			w.flush()
			return tidy(strings.Join(w.lines, "\n"))
		case html.TextToken:
			if skip == 0 {
				w.text(string(z.Text()))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(bytes.ToLower(name))
			switch {
			case kind == html.StartTagToken && skip == 0 && (a == atom.Script || a == atom.Style || a == atom.Title):
				skip = a
			case kind == html.EndTagToken && a == skip:
				skip = 0
			}
			if blocks[a] || a == atom.Br {
				w.flush()
			}
		}
	}
}

// pageMeta collects the title and the named descriptions of a page.
func pageMeta(root *html.Node) map[string]string {
	meta := map[string]string{}
	walk(root, func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.Title:
			if meta["title"] == "" {
				meta["title"] = flatten(allText(n))
			}
		case atom.Meta:
			name, content := attrOf(n, "name"), flatten(attrOf(n, "content"))
			if name != "" && content != "" && len(name) <= 60 && len(content) <= 2000 && len(meta) < 60 {
				meta[name] = content
			}
		}
		return true
	})
	return meta
}

// missingTitle returns the page's own heading when the main content does not
// hold it: sites print the title of a notice above the text, and without it the
// year of the plan may be lost. The window title is not used, because it ends
// with the site's name in a hundred ways.
func missingTitle(meta map[string]string, root, content *html.Node, lines []string) string {
	title := meta["ArticleTitle"]
	if title == "" {
		// A heading of a site's name or logo stands in the header as h1 as well;
		// the article's is the longest.
		walk(root, func(n *html.Node) bool {
			if n == content {
				return false
			}
			if n.DataAtom == atom.H1 {
				if t := flatten(allText(n)); len(t) > len(title) {
					title = t
				}
			}
			return true
		})
	}
	if title == "" || strings.Contains(squeeze(strings.Join(lines, "")), squeeze(title)) {
		return ""
	}
	return title
}

// walk visits the nodes under n in order; visit says whether to go deeper.
func walk(n *html.Node, visit func(*html.Node) bool) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling // visit may remove c
		if visit(c) {
			walk(c, visit)
		}
		c = next
	}
}

// find returns the first node under n that is wanted, or nil.
func find(n *html.Node, wanted func(*html.Node) bool) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if wanted(c) {
			return c
		}
		if f := find(c, wanted); f != nil {
			return f
		}
	}
	return nil
}

// allText joins the text under n as it stands.
func allText(n *html.Node) string {
	var b strings.Builder
	walk(n, func(c *html.Node) bool {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
		return true
	})
	return b.String()
}

// attrOf returns an attribute of n, or "".
func attrOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// flatten makes one line of a text.
func flatten(s string) string { return strings.Join(strings.Fields(tidy(s)), " ") }

// squeeze removes all white space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
