package gongwen

import (
	"fmt"
	"strings"
)

// sealPitch is the height that a row of seals needs: a seal of 42 mm and a gap,
// as seals may not touch.
var sealPitch = mm(45)

// maxSeals is how many seals stand in a row.
const maxSeals = 3

// signs tells whether the document ends with issuers and date. Minutes do not.
func (w *writer) signs() bool { return w.doc.Form != Minutes && len(w.doc.Issuers) > 0 }

// tied tells whether the imprint follows what is above it to the next page: that of
// a letter has no lines and does not stand on a page alone.
func (w *writer) tied() bool { return w.doc.Form == Letter && len(w.doc.Attachments) == 0 }

// signature writes issuers and date. Every line is tied to the one before, so
// that no seal stands on a page without text.
func (w *writer) signature() {
	switch {
	case !w.signs():
	case w.doc.Sealed && len(w.doc.Issuers) > 1:
		w.jointSeals()
	case w.doc.Sealed:
		w.seal()
	default:
		w.unsealed()
	}
}

// note writes 附注 in its brackets.
func (w *writer) note() {
	if w.doc.Note != "" {
		w.add(paragraph(layout{align: "left", left: bodyIndent, keepNext: w.tied()}, run(bracketed(w.doc.Note), look{})))
	}
}

// halfPitch is half a character of the grid.
const halfPitch = charPitch / 2

// seal leaves two lines for the upper half of the seal, then the name, centred
// above the date, which ends four characters from the right. A seal of 42 mm whose
// middle lies between name and date begins 9.6 mm below the text: three lines of
// 10.2 mm less its radius, and so within one line of it.
func (w *writer) seal() {
	name, date := w.doc.Issuers[0], w.doc.Date.Chinese()
	nameRight, dateRight := sealIndents(halfWidths(name), halfWidths(date))
	w.add(paragraph(layout{keepNext: true}, ""))
	w.add(paragraph(layout{keepNext: true}, ""))
	w.add(paragraph(layout{keepNext: true, align: "right", right: nameRight}, run(name, look{})))
	w.add(paragraph(layout{align: "right", right: dateRight, keepNext: w.doc.Note != "" || w.tied()}, run(date, look{})))
}

// sealIndents centres the name over a date that ends four characters from the
// right; a long name moves the date so that both stay in the type area. Widths
// are in half characters.
func sealIndents(name, date int) (nameRight, dateRight int) {
	nameRight, dateRight = 8*halfPitch-(name-date)*halfPitch/2, 8*halfPitch
	if nameRight < 0 {
		nameRight, dateRight = 0, dateRight-nameRight
	}
	return nameRight, dateRight
}

// unsealed puts the name two characters from the right and the date in the next
// line, beginning two characters further right.
func (w *writer) unsealed() {
	date := w.doc.Date.Chinese()
	w.add(paragraph(layout{keepNext: true}, ""))
	for i, name := range w.doc.Issuers {
		nameRight, dateRight := plainIndents(halfWidths(name), halfWidths(date))
		w.add(paragraph(layout{keepNext: true, align: "right", right: nameRight}, run(name, look{})))
		if i == len(w.doc.Issuers)-1 {
			w.add(paragraph(layout{align: "right", right: dateRight, keepNext: w.doc.Note != "" || w.tied()}, run(date, look{})))
		}
	}
}

// plainIndents are the distances from the right without a seal. When the date
// is longer than the name, the date is two characters from the right.
func plainIndents(name, date int) (nameRight, dateRight int) {
	if date > name {
		return (8 + date - name) * halfPitch, 4 * halfPitch
	}
	return 4 * halfPitch, (name - date) * halfPitch
}

// jointSeals gives every issuer the space of a seal, three in a row, the last
// one on the right above the date.
func (w *writer) jointSeals() {
	names := w.doc.Issuers
	columns := min(maxSeals, len(names))
	widths := make([]int, columns)
	for i := range widths {
		widths[i] = typeWidth / columns
	}
	var b strings.Builder
	b.WriteString(tableStart(widths, "", 0))
	for at := 0; at < len(names); at += columns {
		row := names[at:min(at+columns, len(names))]
		last := at+columns >= len(names)
		fmt.Fprintf(&b, `<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="%d" w:hRule="exact"/></w:trPr>`, sealPitch)
		for i := range columns {
			lines := paragraph(layout{keepNext: true}, "")
			if n := i - (columns - len(row)); n >= 0 {
				lines = paragraph(layout{align: "center", keepNext: true}, run(row[n], narrowFor(row[n], widths[i])))
				if last && n == len(row)-1 {
					lines += paragraph(layout{align: "center", keepNext: true}, run(w.doc.Date.Chinese(), look{}))
				}
			}
			b.WriteString(cell(widths[i], "", lines))
		}
		b.WriteString("</w:tr>")
	}
	w.add(b.String() + "</w:tbl>")
	if w.doc.Note == "" {
		w.add(gap(20).xml)
	}
}

// narrowFor narrows a name that is too long for its column.
func narrowFor(name string, width int) look {
	need := halfWidths(name)*halfPitch + cellSide
	if need <= width {
		return look{}
	}
	return look{scale: max(50, width*100/need)}
}

// bracketed puts round brackets about a note, and not twice.
func bracketed(note string) string { return "（" + strings.Trim(note, "（）()") + "）" }
