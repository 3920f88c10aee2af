package gongwen

import (
	"fmt"
	"slices"
	"strings"
)

// Ordinal is the number that a heading of the level begins with: 一、 （一） 1. （1）.
// It is "" for other levels and for n outside 1 to 99.
func Ordinal(level, n int) string {
	if n < 1 || n > 99 {
		return ""
	}
	switch level {
	case 1:
		return chinese(n) + "、"
	case 2:
		return "（" + chinese(n) + "）"
	case 3:
		return fmt.Sprintf("%d.", n)
	case 4:
		return fmt.Sprintf("（%d）", n)
	}
	return ""
}

// chinese writes 1 to 99 in Chinese numerals.
func chinese(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	tens := ""
	switch {
	case n >= 20:
		tens = digits[n/10] + "十"
	case n >= 10:
		tens = "十"
	}
	return tens + digits[n%10]
}

// headingFonts by level: 黑体, 楷体, then the font of the body.
var headingFonts = [5]string{"", fontHei, fontKai, fontBody, fontBody}

// bodyIndent moves the first line two characters in.
const bodyIndent = 2 * charPitch

// blocks writes parts of the body; keep ties the last paragraph to what follows.
func (w *writer) blocks(blocks []Block, keep bool) {
	for i, b := range blocks {
		last := keep && i == len(blocks)-1 && i > 0 // the first one begins on the first page in any case
		switch b.Kind {
		case KindHeading:
			w.heading(b, last)
		case KindTable:
			w.table(b.Table)
		case KindChart:
			w.chart(b.Chart)
		default:
			w.add(paragraph(layout{keepNext: last, first: bodyIndent, firstChars: 200}, w.runs(b.Runs, look{})))
		}
	}
}

// heading writes a heading. One with text behind it is a paragraph of the body
// that begins in the heading's font, so that no outline lists the whole text.
func (w *writer) heading(b Block, keep bool) {
	level := min(4, max(1, b.Level))
	l := layout{keepNext: keep, first: bodyIndent, firstChars: 200}
	if len(b.Then) == 0 {
		l.style, l.keepNext = fmt.Sprintf("Heading%d", level), true
	}
	w.add(paragraph(l, w.runs(b.Runs, look{font: headingFonts[level]})+w.runs(b.Then, look{})))
}

// runs writes runs; one with a reference stands in a bookmark.
func (w *writer) runs(runs []Run, l look) string {
	var b strings.Builder
	for _, r := range runs {
		if r.Ref == "" {
			b.WriteString(run(r.Text, l))
			continue
		}
		w.bookmarks++
		fmt.Fprintf(&b, `<w:bookmarkStart w:id="%[1]d" w:name="ref%04[1]d"/>%[2]s<w:bookmarkEnd w:id="%[1]d"/>`, w.bookmarks, run(r.Text, l))
	}
	return b.String()
}

// attachmentNote lists the attachments one line below the body.
func (w *writer) attachmentNote() {
	names := w.doc.AttachmentNote
	if len(names) == 0 {
		return
	}
	w.add(paragraph(layout{keepNext: true}, ""))
	number := charPitch
	if len(names) > 9 {
		number = charPitch * 3 / 2
	}
	label := 3 * charPitch
	for i, n := range names {
		text, hanged := fmt.Sprintf("%d.\t%s", i+1, n), number
		left := bodyIndent + label + number
		if len(names) == 1 {
			text, left, hanged = n, bodyIndent+label, 0
		}
		if i == 0 {
			text, hanged = "附件："+text, hanged+label
		}
		w.add(paragraph(layout{align: "left", left: left, hanged: hanged, tabs: []tab{{"left", left}}, keepNext: w.signs() && i == len(names)-1}, run(text, look{})))
	}
}

// attachments writes each on a new page.
func (w *writer) attachments() {
	for i, a := range w.doc.Attachments {
		label := attachmentLabel(i, len(w.doc.Attachments))
		w.add(paragraph(layout{pageBreak: true, align: "left"}, run(label, look{font: fontHei})))
		w.add(blank().xml)
		w.add(paragraph(layout{style: "GwTitle"}, run(strings.Join(titleLines(a.Name), "\n"), look{})))
		w.add(blank().xml)
		w.blocks(a.Body, false)
	}
}

// attachmentLabel is the line above an attachment; a single one has no number.
func attachmentLabel(i, of int) string {
	if of == 1 {
		return "附件"
	}
	return fmt.Sprintf("附件%d", i+1)
}

// attendees are the people of one line of minutes.
type attendees struct {
	label string
	names []string
}

// text is the names as they are printed.
func (a attendees) text() string { return strings.Join(a.names, "，") + "。" }

// groups are the lines that have names.
func (a Attendance) groups() []attendees {
	all := []attendees{{"出席：", a.Present}, {"请假：", a.Absent}, {"列席：", a.Auditors}}
	return slices.DeleteFunc(all, func(g attendees) bool { return len(g.names) == 0 })
}

// attendance lists who took part, one line below what stands above.
func (w *writer) attendance() {
	l := layout{align: "left", left: bodyIndent + 3*charPitch, hanged: 3 * charPitch}
	for i, g := range w.doc.Attendance.groups() {
		if i == 0 {
			w.add(blank().xml)
		}
		w.add(paragraph(l, run(g.label, look{font: fontHei})+run(g.text(), look{})))
	}
}
