package gongwen

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"

	"bihuan/kit/quantity"
)

// The picture of one bar, in pixels; names and values stand beside it as text,
// in the fonts of the document.
const (
	barWide = 600
	barHigh = 44
	barPad  = 8 // above and below the bar
)

// Heights of a row of a chart in twips.
const barRow = 440

// Colours that stay apart on a black-and-white printer.
var (
	barColor    = color.Gray{Y: 0x70}
	targetColor = color.Gray{Y: 0x00}
	paperColor  = color.Gray{Y: 0xFF}
)

// span is the range of values that a chart shows; it always holds zero.
type span struct{ low, high quantity.Quantity }

// spanOf finds the range of the bars and their targets.
func spanOf(bars []Bar) span {
	var s span
	for _, b := range bars {
		s.low, s.high = min(s.low, b.Value), max(s.high, b.Value)
		if b.HasTarget {
			s.low, s.high = min(s.low, b.Target), max(s.high, b.Target)
		}
	}
	return s
}

// at is the pixel of a value, with room for a mark at both ends.
func (s span) at(v quantity.Quantity) int {
	if s.high == s.low {
		return 0
	}
	return int((v.Float() - s.low.Float()) / (s.high.Float() - s.low.Float()) * (barWide - 6))
}

// barPicture draws one bar from the zero line, and its target as a mark across it.
func barPicture(b Bar, s span) []byte {
	m := image.NewGray(image.Rect(0, 0, barWide, barHigh))
	fill := func(c color.Gray, x0, y0, x1, y1 int) {
		draw.Draw(m, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(paperColor, 0, 0, barWide, barHigh)
	zero, end := s.at(0), s.at(b.Value)
	fill(barColor, min(zero, end), barPad, max(zero, end), barHigh-barPad)
	fill(targetColor, zero, 0, zero+2, barHigh)
	if b.HasTarget {
		at := s.at(b.Target)
		fill(targetColor, at, 2, at+4, barHigh-2)
	}
	var out bytes.Buffer
	_ = png.Encode(&out, m) // a buffer takes everything
	return out.Bytes()
}

// chart writes a chart: one row for each bar with name, picture and value.
func (w *writer) chart(c *Chart) {
	if c == nil || len(c.Bars) == 0 {
		return
	}
	w.caption(c.Caption, "")
	s := spanOf(c.Bars)
	widths := chartWidths(c.Bars)
	var b strings.Builder
	b.WriteString(tableStart(widths, "", 0))
	for i, bar := range c.Bars {
		name := cellLayout(AlignRight, i < len(c.Bars)-1 || c.Note != "")
		name.right = cellSide
		value := cellLayout(AlignLeft, false)
		value.left = cellSide
		fmt.Fprintf(&b, `<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="%d" w:hRule="exact"/></w:trPr>`, barRow)
		b.WriteString(cell(widths[0], "", paragraph(name, run(bar.Label, labelLook(bar.Label, widths[0])))))
		picture := w.picture(barPicture(bar, s), bar.Label+"："+bar.Shown, widths[1], barRow)
		b.WriteString(cell(widths[1], "", paragraph(layout{freeLine: true, align: "left"}, picture)))
		b.WriteString(cell(widths[2], "", paragraph(value, w.runs([]Run{bar.run()}, tableText))))
		b.WriteString("</w:tr>")
	}
	w.add(b.String() + "</w:tbl>")
	if c.Note != "" {
		w.add(paragraph(cellLayout(AlignCenter, false), run(c.Note, tableText)))
	}
	w.add(gap(inset).xml)
}

// chartWidths gives names and values the room that they need, up to two fifths
// and a quarter of the width, and the rest to the bars. Signs like
// % are wider than a figure, hence one character more for values.
func chartWidths(bars []Bar) []int {
	names, values := 0, 0
	for _, b := range bars {
		names, values = max(names, labelWidth(b.Label)), max(values, labelWidth(b.Shown+"　"))
	}
	names, values = min(names, typeWidth*2/5), min(values, typeWidth/4)
	return []int{names, typeWidth - names - values, values}
}

// labelWidth is the width of a text of a chart with the space about it.
func labelWidth(s string) int { return halfWidths(s)*sizeTable*5*11/10 + 2*cellSide }

// labelLook narrows a name that is too long for its column.
func labelLook(s string, width int) look {
	l := tableText
	if need := labelWidth(s); need > width {
		l.scale = max(33, width*100/need)
	}
	return l
}

// picture puts a PNG in the line and keeps it as a part of the file.
func (w *writer) picture(data []byte, says string, wide, high int) string {
	w.pictures = append(w.pictures, data)
	return fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[2]d"/><wp:docPr id="%[3]d" name="图形 %[3]d" descr="%[4]s"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%[3]d" name="bar%[5]d.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdBar%[5]d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		emu(wide), emu(high), w.nextDrawing(), escape(says), len(w.pictures))
}
