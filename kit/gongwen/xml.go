package gongwen

import (
	"fmt"
	"strings"
)

// look is how a run is printed.
type look struct {
	font  string // "" is the font of the style
	size  int    // half points; 0 is the size of the style
	color string
	scale int // percent of the width; 0 is 100
	loose int // extra space behind each character in twips; with size 0 that of the style
}

// run writes a run; "\n" breaks the line and "\t" goes to the next stop.
func run(text string, l look) string {
	var b strings.Builder
	b.WriteString("<w:r>" + l.xml())
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString("<w:br/>")
		}
		for j, piece := range strings.Split(line, "\t") {
			if j > 0 {
				b.WriteString("<w:tab/>")
			}
			if piece != "" {
				b.WriteString(`<w:t xml:space="preserve">` + escape(piece) + "</w:t>")
			}
		}
	}
	b.WriteString("</w:r>")
	return b.String()
}

// xml is the run properties in the order of the schema.
func (l look) xml() string {
	var b strings.Builder
	b.WriteString(`<w:rPr><w:rFonts w:hint="eastAsia"`)
	if l.font != "" {
		fmt.Fprintf(&b, ` w:ascii="%[1]s" w:hAnsi="%[1]s" w:eastAsia="%[1]s" w:cs="%[1]s"`, l.font)
	}
	b.WriteString("/>")
	if l.color != "" {
		fmt.Fprintf(&b, `<w:color w:val="%s"/>`, l.color)
	}
	if l.loose != 0 || l.size != 0 {
		fmt.Fprintf(&b, `<w:spacing w:val="%d"/>`, l.loose)
	}
	if l.scale != 0 {
		fmt.Fprintf(&b, `<w:w w:val="%d"/>`, l.scale)
	}
	if l.size != 0 {
		fmt.Fprintf(&b, `<w:sz w:val="%[1]d"/><w:szCs w:val="%[1]d"/>`, l.size)
	}
	b.WriteString("</w:rPr>")
	return b.String()
}

// escape writes text for XML and drops what XML cannot hold.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFE || r == 0xFFFF || r == 0xFFFD {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

// layout is how a paragraph stands. The zero value is a line of the grid.
type layout struct {
	style                      string
	keepNext, pageBreak        bool
	border                     string // inside of pBdr
	tabs                       []tab
	before, after              int
	line                       int    // exact height of a line; 0 is the grid's
	freeLine                   bool   // as high as what stands in it
	left, right, first, hanged int    // first and hanged exclude each other
	firstChars                 int    // the same in hundredths of a character
	align                      string // "" is the style's
}

// tab is a stop; kind is "left" or "right".
type tab struct {
	kind string
	at   int
}

// height is what a paragraph of so many lines takes.
func (l layout) height(lines int) int {
	line := l.line
	if line == 0 {
		line = linePitch
	}
	return l.before + l.after + lines*line
}

// paragraph writes a paragraph with its properties in the order of the schema.
func paragraph(l layout, content string) string {
	var b strings.Builder
	b.WriteString("<w:p><w:pPr>")
	if l.style != "" {
		fmt.Fprintf(&b, `<w:pStyle w:val="%s"/>`, l.style)
	}
	if l.keepNext {
		b.WriteString("<w:keepNext/>")
	}
	if l.pageBreak {
		b.WriteString("<w:pageBreakBefore/>")
	}
	if l.border != "" {
		b.WriteString("<w:pBdr>" + l.border + "</w:pBdr>")
	}
	if len(l.tabs) > 0 {
		b.WriteString("<w:tabs>")
		for _, t := range l.tabs {
			fmt.Fprintf(&b, `<w:tab w:val="%s" w:pos="%d"/>`, t.kind, t.at)
		}
		b.WriteString("</w:tabs>")
	}
	b.WriteString(l.spacing())
	b.WriteString(l.indent())
	if l.align != "" {
		fmt.Fprintf(&b, `<w:jc w:val="%s"/>`, l.align)
	}
	b.WriteString("</w:pPr>" + content + "</w:p>")
	return b.String()
}

// spacing is the element for heights; empty for a line of the grid.
func (l layout) spacing() string {
	if l.before == 0 && l.after == 0 && l.line == 0 && !l.freeLine {
		return ""
	}
	s := fmt.Sprintf(`<w:spacing w:before="%d" w:after="%d"`, l.before, l.after)
	switch {
	case l.freeLine:
		s += ` w:line="240" w:lineRule="auto"`
	case l.line != 0:
		s += fmt.Sprintf(` w:line="%d" w:lineRule="exact"`, l.line)
	}
	return s + "/>"
}

// indent is the element for indents; empty when there are none.
func (l layout) indent() string {
	if l.left == 0 && l.right == 0 && l.first == 0 && l.hanged == 0 {
		return ""
	}
	s := fmt.Sprintf(`<w:ind w:left="%d" w:right="%d"`, l.left, l.right)
	switch {
	case l.hanged != 0:
		s += fmt.Sprintf(` w:hanging="%d"`, l.hanged)
	case l.firstChars != 0:
		s += fmt.Sprintf(` w:firstLineChars="%d" w:firstLine="%d"`, l.firstChars, l.first)
	case l.first != 0:
		s += fmt.Sprintf(` w:firstLine="%d"`, l.first)
	}
	return s + "/>"
}

// blank is an empty line of the grid.
func blank() item { return item{xml: paragraph(layout{}, ""), height: linePitch} }

// item is a piece of the document whose height is known.
type item struct {
	xml    string
	height int
}

// line makes an item of one paragraph.
func line(l layout, lines int, content string) item {
	return item{xml: paragraph(l, content), height: l.height(lines)}
}
