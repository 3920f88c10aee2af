package read

import "strings"

// tag drops an HTML tag; tags that end a block end the line, those that end a
// cell set a cell border.
func (n *folder) tag(i int) int {
	src := n.d.src
	limit := min(len(src), i+300)
	if i+1 < limit && (src[i+1] == '/' || src[i+1] == '!' || src[i+1]|0x20 >= 'a' && src[i+1]|0x20 <= 'z') {
		if e := strings.IndexByte(src[i:limit], '>'); e > 0 {
			name := strings.ToLower(strings.Trim(src[i+1:i+e], "/ "))
			name, _, _ = strings.Cut(name, " ")
			if n.cell && (name == "br" || name == "p" || name == "div") {
				return i + e + 1
			}
			switch name {
			case "br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol":
				n.endLine()
				return n.startLine(i + e + 1)
			case "td", "th":
				n.cell = src[i+1] != '/'
				if src[i+1] == '/' && n.inside {
					n.put('\t', i)
					n.cur.row = true
				}
			}
			return i + e + 1
		}
	}
	n.put('<', i)
	return i + 1
}

// entity reads the few character references that extraction leaves behind.
func (n *folder) entity(i int) int {
	rest := n.d.src[i:min(len(n.d.src), i+8)]
	for _, e := range [...]struct {
		name string
		r    rune
	}{{"&nbsp;", ' '}, {"&ensp;", ' '}, {"&emsp;", ' '}, {"&quot;", '”'}, {"&ldquo;", '“'}, {"&rdquo;", '”'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}} {
		if strings.HasPrefix(rest, e.name) {
			if e.r != ' ' {
				n.put(e.r, i)
			}
			return i + len(e.name)
		}
	}
	n.put('&', i)
	return i + 1
}
