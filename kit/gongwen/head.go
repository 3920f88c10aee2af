package gongwen

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Places of the standard.
var (
	markTop       = mm(35)  // top edge of the mark below the top of the type area
	letterMarkTop = mm(30)  // of a letter's mark below the edge of the paper
	ruleGap       = mm(4)   // number to red line, letter's mark to double line
	letterRule    = mm(170) // width of a letter's double lines
	letterFoot    = mm(20)  // a letter's lower double line above the edge of the paper
)

// Inside a line of the grid a three-size character has this space above and below.
const inset = (linePitch - sizeThree*10) / 2

// head is everything above the body, from the top of the type area down.
func (w *writer) head() []item {
	var items []item
	switch w.doc.Form {
	case Letter:
		items = w.letterHead()
	case Minutes:
		items = w.minutesHead()
	default:
		items = w.fileHead()
	}
	items = append(items, w.title()...)
	if w.doc.Addressee != "" {
		room := 2 * lineChars
		items = append(items, blank(), line(layout{align: "left"}, linesOf(w.doc.Addressee, room), run(w.doc.Addressee, look{})))
	} else if w.doc.Title != "" {
		items = append(items, blank())
	}
	return items
}

// fileHead is 份号 to the red line.
func (w *writer) fileHead() []item {
	items := w.copyLines()
	used := 0
	for _, i := range items {
		used += i.height
	}
	items = append(items, w.mark(markTop-used)...)
	items = append(items, blank(), blank())
	items = append(items, w.numberLines()...)
	return append(items, redLine())
}

// copyLines are 份号, 密级 and 紧急程度, below each other at the top left.
func (w *writer) copyLines() []item {
	var items []item
	for _, text := range w.copyTexts() {
		items = append(items, line(layout{align: "left"}, 1, text))
	}
	return items
}

// copyTexts are the runs of 份号, 密级 and 紧急程度.
func (w *writer) copyTexts() []string {
	var texts []string
	if w.doc.CopyNo != "" {
		texts = append(texts, run(w.doc.CopyNo, look{}))
	}
	for _, s := range []string{w.doc.Secrecy, w.doc.Urgency} {
		if s != "" {
			texts = append(texts, run(s, look{font: fontHei}))
		}
	}
	return texts
}

// mark is the red head, whose top edge is below so many twips of empty space.
func (w *writer) mark(space int) []item {
	names := w.doc.markNames()
	if len(names) == 0 {
		return nil
	}
	if len(names) > 1 && w.doc.Form == File {
		return w.jointMark(names, space)
	}
	text := strings.Join(names, "　")
	if w.doc.Form == File {
		text += "文件"
	}
	size := markSize([]string{text}, 0.3)
	l := layout{align: "center", line: size * 12}
	// The space is a paragraph of its own, as space before the first paragraph of
	// a page is dropped by some programs. The characters begin a tenth of their
	// size below the top of the line.
	return []item{gap(space - size), line(l, 1, run(text, look{font: fontTitle, size: size, color: red, scale: narrow(text, size)}))}
}

// narrow is by how much the characters are narrowed when a name is too long for
// the smallest size; 0 is not at all.
func narrow(text string, size int) int {
	wide := utf8.RuneCountInString(text) * size * 10
	if wide <= typeWidth {
		return 0
	}
	return max(50, typeWidth*98/wide)
}

// gap is an empty paragraph of just that height.
func gap(height int) item {
	return line(layout{line: max(20, height)}, 1, "")
}

// jointMark has the names below each other, spread to one width, and "文件" beside them.
func (w *writer) jointMark(names []string, space int) []item {
	size := markSize(names, 2.6)
	row, beside := size*12, size*23
	var b strings.Builder
	fmt.Fprintf(&b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>`, typeWidth)
	b.WriteString(cellMargins(0) + "</w:tblPr>")
	fmt.Fprintf(&b, `<w:tblGrid><w:gridCol w:w="%d"/><w:gridCol w:w="%d"/></w:tblGrid>`, typeWidth-beside, beside)
	longest := 0
	for _, n := range names {
		longest = max(longest, utf8.RuneCountInString(n))
	}
	for i, n := range names {
		merge := `<w:vMerge/>`
		file := paragraph(layout{line: row}, "")
		if i == 0 {
			merge = `<w:vMerge w:val="restart"/>`
			file = paragraph(layout{line: row, align: "center"}, run("文件", look{font: fontTitle, size: size, color: red}))
		}
		fmt.Fprintf(&b, `<w:tr><w:trPr><w:trHeight w:val="%d" w:hRule="exact"/></w:trPr>`, row)
		fmt.Fprintf(&b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>%s</w:tc>`, typeWidth-beside,
			paragraph(layout{line: row, align: "center"}, spread(n, longest, size)))
		fmt.Fprintf(&b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s<w:vAlign w:val="center"/></w:tcPr>%s</w:tc></w:tr>`, beside, merge, file)
	}
	b.WriteString("</w:tbl>")
	return []item{gap(space - size), {xml: b.String(), height: row * len(names)}}
}

// spread writes a name over the width of the longest one, by space behind every
// character but the last.
func spread(name string, longest, size int) string {
	look := look{font: fontTitle, size: size, color: red}
	r := []rune(name)
	if len(r) < 2 || len(r) >= longest {
		return run(name, look)
	}
	last := look
	look.loose = (longest - len(r)) * size * 10 / (len(r) - 1)
	return run(string(r[:len(r)-1]), look) + run(string(r[len(r)-1:]), last)
}

// numberLines are 发文字号 and 签发人; the number stands beside the last of them.
func (w *writer) numberLines() []item {
	if len(w.doc.Signers) == 0 {
		return []item{line(layout{align: "center"}, 1, run(w.doc.Number, look{}))}
	}
	const each = 2 // names in a line
	name := 4 * charPitch
	names := min(each, len(w.doc.Signers))
	at := typeWidth - charPitch - names*name - 4*charPitch
	l := layout{align: "left", left: charPitch, tabs: []tab{{"left", at}, {"left", at + 4*charPitch}, {"left", at + 4*charPitch + name}}}
	var items []item
	for i := 0; i < len(w.doc.Signers); i += each {
		group := w.doc.Signers[i:min(i+each, len(w.doc.Signers))]
		content := "\t\t"
		if last := i+each >= len(w.doc.Signers); last && i > 0 {
			content = w.doc.Number + content
		} else if last {
			content = w.doc.Number + "\t签发人："
		} else if i == 0 {
			content = "\t签发人："
		}
		text := run(content, look{}) + run(strings.Join(group, "\t"), look{font: fontKai})
		items = append(items, line(l, 1, text))
	}
	return items
}

// redLine is the red line under the number, as wide as the type area.
func redLine() item {
	l := layout{line: ruleGap - inset, border: fmt.Sprintf(`<w:bottom w:val="single" w:sz="10" w:space="0" w:color="%s"/>`, red)}
	return line(l, 1, "")
}

// title is the title with the two blank lines above it.
func (w *writer) title() []item {
	lines := titleLines(w.doc.Title)
	if len(lines) == 0 {
		return nil
	}
	items := []item{blank(), blank()}
	text := run(strings.Join(lines, "\n"), look{})
	return append(items, line(layout{style: "GwTitle"}, len(lines), text))
}

// minutesHead is the mark, the number, and who made the minutes when.
func (w *writer) minutesHead() []item {
	items := w.mark(markTop)
	if w.doc.Number != "" {
		items = append(items, blank(), line(layout{align: "center"}, 1, run(w.doc.Number, look{})))
	}
	if p := w.doc.Printed; p.Organ != "" {
		l := layout{align: "left", left: charPitch, tabs: []tab{{"right", typeWidth - charPitch}}}
		items = append(items, blank(), line(l, 1, run(p.Organ+"\t"+p.Date.Chinese(), look{})))
	}
	return append(items, redLine())
}

// letterHead is a letter's mark and double line at their places on the paper,
// then 份号 to 紧急程度 on the left and the number on the right.
func (w *writer) letterHead() []item {
	text := strings.Join(w.doc.markNames(), "　")
	size := min(84, markSize([]string{text}, 0.3))
	box := size * 12
	mark := paragraph(layout{align: "center", line: box}, run(text, look{font: fontTitle, size: size, color: red, scale: narrow(text, size)}))
	bottom := letterMarkTop + size*10
	rule := bottom + ruleGap
	drawn := w.box(area{marginLeft, letterMarkTop - size, typeWidth, box}, mark) + w.doubleRule(rule, true)
	// The number stands 7/8 of a character below the line.
	head := rule + mm(1) + sizeThree*10*7/8 - inset - marginTop
	items := []item{line(layout{line: head}, 1, drawn)}
	left := append(w.copyTexts(), "")
	l := layout{align: "left", tabs: []tab{{"right", typeWidth}}}
	items = append(items, line(l, 1, left[0]+run("\t"+w.doc.Number, look{})))
	for _, text := range left[1:max(1, len(left)-1)] {
		items = append(items, line(layout{align: "left"}, 1, text))
	}
	return items
}
