package source

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// contentNames are names (id or class, lower case) that publishing systems of
// government sites give to the element with the text. They are hints: a name is
// believed only when the element holds most of the page's text.
var contentNames = map[string]bool{
	"zoom": true, "zoomcon": true, "ucap-content": true, "trs_editor": true, "trs_ueditor": true,
	"article": true, "article-content": true, "article_content": true, "articlecontent": true, "article-body": true,
	"art_con": true, "artcontent": true, "arti_content": true, "wp_articlecontent": true, "v_news_content": true,
	"pages_content": true, "xxgk_content": true, "content": true, "con_text": true, "conttext": true, "detail-content": true,
	"detailcontent": true, "news_content": true, "newscontent": true, "main-content": true, "maincontent": true,
	"bt_content": true, "ewb-article-content": true, "info-content": true, "gknbxq_detail": true, "j_content": true,
}

// furnitureTags hold no text of the document.
var furnitureTags = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Iframe: true, atom.Object: true,
	atom.Svg: true, atom.Canvas: true, atom.Audio: true, atom.Video: true, atom.Select: true, atom.Button: true,
	atom.Textarea: true, atom.Input: true, atom.Rt: true, atom.Rp: true, atom.Map: true, atom.Nav: true, atom.Footer: true,
}

var hiddenStyle = regexp.MustCompile(`(?i)(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)`)

// strip removes from the tree what is not shown and what is never content.
func strip(root *html.Node) {
	walk(root, func(n *html.Node) bool {
		if n.Type == html.CommentNode || n.Type == html.ElementNode && (furnitureTags[n.DataAtom] || isHidden(n)) {
			n.Parent.RemoveChild(n)
			return false
		}
		return true
	})
}

// isHidden reports whether an element says of itself that it is not shown.
func isHidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch {
		case a.Key == "hidden":
			return true
		case a.Key == "style" && hiddenStyle.MatchString(a.Val):
			return true
		}
	}
	return false
}

// weights holds for each element how much text of the document is under it:
// visible characters outside links, without the lines that every page has.
type weights map[*html.Node]int

// weigh computes the weights of all elements under root.
func weigh(root *html.Node) weights {
	w := weights{}
	var block []*html.Node // text nodes of the line being read
	closeBlock := func() {
		var b strings.Builder
		for _, t := range block {
			b.WriteString(t.Data)
		}
		line := squeeze(tidy(b.String()))
		if !isFurniture(line) && !isFooting(line) {
			for _, t := range block {
				w.add(t)
			}
		}
		block = block[:0]
	}
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode {
				block = append(block, c)
				continue
			}
			ends := blocks[c.DataAtom] || c.DataAtom == atom.Br
			if ends {
				closeBlock()
			}
			visit(c)
			if ends {
				closeBlock()
			}
		}
	}
	visit(root)
	closeBlock()
	return w
}

// add counts a text node for all its ancestors, unless it is the text of a link.
func (w weights) add(t *html.Node) {
	n := 0
	for _, r := range t.Data {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	for p := t.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.A {
			return
		}
	}
	for p := t.Parent; p != nil; p = p.Parent {
		w[p] += n
	}
}

// Shares of the text. A named element must hold most of it; on the way down
// without names nothing but scraps may be left behind, because losing a
// paragraph of a plan is worse than keeping a line of a menu.
const (
	namedShare = 0.8
	downShare  = 0.97
)

// mainContent chooses the element with the text of the document.
func mainContent(root *html.Node) *html.Node {
	w := weigh(root)
	chosen := root
	if body := find(root, func(n *html.Node) bool { return n.DataAtom == atom.Body }); body != nil {
		chosen = body
	}
	total := w[chosen]
	if total == 0 {
		return chosen
	}
	named := find(chosen, func(n *html.Node) bool { return isNamedContent(n) && float64(w[n]) >= namedShare*float64(total) })
	for named != nil { // the innermost that still holds nearly all of the outer one
		chosen = named
		named = find(chosen, func(n *html.Node) bool { return isNamedContent(n) && float64(w[n]) >= downShare*float64(w[chosen]) })
	}
	if isNamedContent(chosen) {
		return chosen
	}
	for next := w.heaviest(chosen); next != nil && float64(w[next]) >= downShare*float64(w[chosen]); next = w.heaviest(chosen) {
		chosen = next
	}
	return chosen
}

// heaviest returns the child element with the most text among those that can
// hold a document; a paragraph or a row is never the whole.
func (w weights) heaviest(n *html.Node) *html.Node {
	var best *html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (best == nil || w[c] > w[best]) {
			best = c
		}
	}
	if best == nil {
		return nil
	}
	switch best.DataAtom {
	case atom.Div, atom.Section, atom.Article, atom.Main, atom.Center, atom.Form, atom.Td, atom.Body, atom.Font, atom.Span:
		return best
	case atom.Table, atom.Tbody, atom.Tr:
		if isLayout(enclosingTable(best)) {
			return best
		}
	}
	return nil
}

// enclosingTable returns n or the table around it.
func enclosingTable(n *html.Node) *html.Node {
	for p := n; p != nil; p = p.Parent {
		if p.DataAtom == atom.Table {
			return p
		}
	}
	return n
}

// isNamedContent reports whether the element has a name from contentNames, or
// is the article or main element.
func isNamedContent(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	if n.DataAtom == atom.Article || n.DataAtom == atom.Main || contentNames[strings.ToLower(attrOf(n, "id"))] {
		return true
	}
	for _, class := range strings.Fields(strings.ToLower(attrOf(n, "class"))) {
		if contentNames[class] {
			return true
		}
	}
	return false
}

var (
	// furnitureLine is a line that consists only of the words of buttons.
	furnitureLine = regexp.MustCompile(`^(?:打印本页面?|打印此页|打印|关闭本页|关闭窗口|关闭|分享本文|分享到|分享至|分享|收藏本页|收藏|纠错|返回顶部|返回首页|返回列表|返回|字体大小|字体|字号|超大|放大|缩小|大|中|小|默认|新浪微博|腾讯微博|微博|微信|QQ空间|QQ好友|QQ|复制链接|扫一扫在手机(?:上)?(?:打开|查看)(?:当前页面?|本页)?|扫一扫|语音播报|朗读|繁体|简体|无障碍(?:浏览)?|(?:浏览|阅读|点击|访问)(?:次数|量|数)?\d*次?|视力保护色|[【】\[\]（）()|｜/:：\-—>》«»·+])+$`)
	// placeLine is the path to the page, printed above the text.
	placeLine = regexp.MustCompile(`^(?:您?(?:现在|当前)?(?:所在)?的?位置(?:是|为)?[：:]|当前位置[：:]?|首页[>》/]|上一篇[：:]|下一篇[：:]|扫一扫)`)
	// footingLine is a line of the foot of a site.
	footingLine = regexp.MustCompile(`^(?:版权所有|主办单位|主办[：:]|承办单位|承办[：:]|网站标识码|政府网站标识码|技术支持|网站地图|联系我们|关于我们|网站声明|copyright)|ICP备|公网安备|(?i:copyright)`)
)

// maxFurniture is the longest line, in characters, that is looked at.
const maxFurniture = 80

// isFurniture reports whether a line, without white space, is part of the page's
// frame and not of the document. A single sign or digit is left alone.
func isFurniture(line string) bool {
	n := len([]rune(line))
	if n < 2 || n > maxFurniture {
		return false
	}
	return placeLine.MatchString(line) || furnitureLine.MatchString(line) && strings.IndexFunc(line, unicode.IsLetter) >= 0
}

// isFooting reports whether a line belongs to the foot of the site. Such a line
// is given no weight, and it is kept where it stands inside the text, because
// 主办单位 may begin a line of a plan too.
func isFooting(line string) bool {
	return len([]rune(line)) <= 2*maxFurniture && footingLine.MatchString(line)
}
