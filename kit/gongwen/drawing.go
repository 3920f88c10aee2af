package gongwen

import "fmt"

// area is a rectangle on the paper, in twips from its upper left corner.
type area struct{ x, y, wide, high int }

// Parts of a drawing that stands at its place and moves no text.
const (
	anchorHead = `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="%d" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>%s<wp:extent cx="%d" cy="%d"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/><wp:docPr id="%[1]d" name="图形 %[1]d"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>`
	anchorTail = `</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>`
	shapeRect  = `<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>%s<a:ln><a:noFill/></a:ln></wps:spPr>`
	// boxInside ends a box: no space within, text from the top or the bottom.
	boxInside = `<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="%s"><a:noAutofit/></wps:bodyPr>`
)

// nextDrawing numbers the drawings of the file.
func (w *writer) nextDrawing() int {
	w.drawings++
	return w.drawings
}

// onPaper places a drawing by its distance from the paper's edges.
func onPaper(a area) string {
	return fmt.Sprintf(`<wp:positionH relativeFrom="page"><wp:posOffset>%d</wp:posOffset></wp:positionH><wp:positionV relativeFrom="page"><wp:posOffset>%d</wp:posOffset></wp:positionV>`, emu(a.x), emu(a.y))
}

// box is a frame with paragraphs in it at a place on the paper.
func (w *writer) box(a area, content string) string {
	return w.anchored(onPaper(a), a.wide, a.high, "t", content)
}

// anchored is a frame with paragraphs in it.
func (w *writer) anchored(position string, wide, high int, from, content string) string {
	return fmt.Sprintf(anchorHead, w.nextDrawing(), position, emu(wide), emu(high)) +
		`<wps:cNvSpPr txBox="1"/>` + fmt.Sprintf(shapeRect, emu(wide), emu(high), "<a:noFill/>") +
		"<wps:txbx><w:txbxContent>" + content + "</w:txbxContent></wps:txbx>" + fmt.Sprintf(boxInside, from) + anchorTail
}

// bar is a red rectangle at a place on the paper.
func (w *writer) bar(a area) string {
	fill := `<a:solidFill><a:srgbClr val="` + red + `"/></a:solidFill>`
	return fmt.Sprintf(anchorHead, w.nextDrawing(), onPaper(a), emu(a.wide), emu(a.high)) +
		"<wps:cNvSpPr/>" + fmt.Sprintf(shapeRect, emu(a.wide), emu(a.high), fill) + "<wps:bodyPr/>" + anchorTail
}

// doubleRule is a letter's double line of one millimetre, centred on the paper:
// the thick line above the thin one, or below it.
func (w *writer) doubleRule(y int, thickAbove bool) string {
	const thick, thin, high = 30, 10, 57
	x := (pageWidth - letterRule) / 2
	if thickAbove {
		return w.bar(area{x, y, letterRule, thick}) + w.bar(area{x, y + high - thin, letterRule, thin})
	}
	return w.bar(area{x, y, letterRule, thin}) + w.bar(area{x, y + high - thick, letterRule, thick})
}
