package gongwen

import (
	"fmt"
	"strings"
)

// imprintLine is the height of a line of the imprint.
const imprintLine = 460

// fourChar is a character of the imprint.
const fourChar = sizeFour * 10

// imprint writes 抄送 and 印发 at the foot of the last page. A paragraph of the
// same height holds the place, so that the imprint never covers text: when it
// does not fit below the text it goes to the foot of the next page.
func (w *writer) imprint() {
	rows, lines := w.imprintRows()
	if lines == 0 {
		w.add(gap(20).xml)
		return
	}
	high := lines*imprintLine + 40
	held := (high + linePitch - 1) / linePitch * linePitch
	position := fmt.Sprintf(`<wp:positionH relativeFrom="page"><wp:posOffset>%d</wp:posOffset></wp:positionH><wp:positionV relativeFrom="page"><wp:posOffset>%d</wp:posOffset></wp:positionV>`,
		emu(marginLeft), emu(pageHeight-marginBottom-high))
	w.add(paragraph(layout{line: held}, w.anchored(position, typeWidth, high, "b", rows)))
}

// imprintRows are the table of the imprint and how many lines it has. A letter's
// imprint has neither lines nor 印发.
func (w *writer) imprintRows() (xml string, lines int) {
	letter := w.doc.Form == Letter
	var rows []string
	if len(w.doc.Copies) > 0 {
		text := copiesText(w.doc.Copies)
		lines += copiesLines(text)
		l := layout{align: "left", left: 3 * fourChar, hanged: 3 * fourChar, line: imprintLine}
		rows = append(rows, paragraph(l, run(text, look{size: sizeFour})))
	}
	if p := w.doc.Printed; p.Organ != "" && !letter {
		lines++
		l := layout{align: "left", tabs: []tab{{"right", typeWidth - 2*fourChar}}, line: imprintLine}
		rows = append(rows, paragraph(l, run(p.Organ+"\t"+p.Date.Chinese()+"印发", look{size: sizeFour})))
	}
	if lines == 0 {
		return "", 0
	}
	var b strings.Builder
	b.WriteString(tableStart([]int{typeWidth}, "", fourChar))
	for i, row := range rows {
		borders := ""
		if !letter {
			borders = border("top", borderThin)
			if i == 0 {
				borders = border("top", borderThick)
			}
			if i == len(rows)-1 {
				borders += border("bottom", borderThick)
			}
		}
		b.WriteString("<w:tr>" + cell(typeWidth, borders, row) + "</w:tr>")
	}
	return b.String() + "</w:tbl>" + paragraph(layout{line: 20}, ""), lines
}

// copiesLines is how many lines 抄送 takes: those after the first begin three
// characters further in, and one character is lost to a stop that may not begin
// a line.
func copiesLines(text string) int {
	const room = (typeWidth - 2*fourChar) / (fourChar / 2)
	if halfWidths(text) <= room {
		return 1
	}
	return 1 + linesOfWidth(halfWidths(text)-room+2, room-6-2)
}

// copiesText is the line 抄送.
func copiesText(names []string) string { return "抄送：" + strings.Join(names, "，") + "。" }
