package gongwen

import (
	"fmt"
	"strings"
)

// Parts that are the same for every document.
const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

	namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
		`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ` +
		`xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" ` +
		`xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`

	mainNamespace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`

	relsOpen = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	relBase  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

	packageRels = relsOpen + `<Relationship Id="rId1" Type="` + relBase + `officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

	settings = `<w:settings ` + mainNamespace + `><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="579"/><w:characterSpacingControl w:val="doNotCompress"/>` +
		`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
		`<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`
)

// contentTypes names the kind of every part.
func contentTypes(letter bool) string {
	const word = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	kinds := [][2]string{
		{"word/document.xml", word + "document.main+xml"}, {"word/styles.xml", word + "styles+xml"}, {"word/settings.xml", word + "settings+xml"},
		{"word/fontTable.xml", word + "fontTable+xml"}, {"word/footer1.xml", word + "footer+xml"}, {"word/footer2.xml", word + "footer+xml"},
		{"docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"},
	}
	if letter {
		kinds = append(kinds, [2]string{"word/footer3.xml", word + "footer+xml"})
	}
	var b strings.Builder
	b.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>`)
	for _, k := range kinds {
		fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="%s"/>`, k[0], k[1])
	}
	return b.String() + "</Types>"
}

// rels tells the main part where the others are.
func (w *writer) rels(letter bool) string {
	var b strings.Builder
	b.WriteString(xmlHead + relsOpen)
	add := func(id, kind, target string) {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s%s" Target="%s"/>`, id, relBase, kind, target)
	}
	add("rIdStyles", "styles", "styles.xml")
	add("rIdSettings", "settings", "settings.xml")
	add("rIdFonts", "fontTable", "fontTable.xml")
	add("rIdFoot1", "footer", "footer1.xml")
	add("rIdFoot2", "footer", "footer2.xml")
	if letter {
		add("rIdFoot3", "footer", "footer3.xml")
	}
	for i := range w.pictures {
		add(fmt.Sprintf("rIdBar%d", i+1), "image", fmt.Sprintf("media/bar%d.png", i+1))
	}
	return b.String() + "</Relationships>"
}

// styles are the styles of text, title and headings. Words and figures keep the
// grid: no added space between them, nothing hangs out of the type area, and
// every page is filled to its last line.
func styles() string {
	var b strings.Builder
	b.WriteString(`<w:styles ` + mainNamespace + `><w:docDefaults><w:rPrDefault>`)
	b.WriteString(strings.Replace(look{font: fontBody, size: sizeThree}.xml(), "</w:rPr>", `<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>`, 1))
	b.WriteString(`</w:rPrDefault><w:pPrDefault/></w:docDefaults>`)
	fmt.Fprintf(&b, `<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="%d" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr>%s</w:style>`, linePitch, look{font: fontBody, size: sizeThree, loose: tight}.xml())
	fmt.Fprintf(&b, `<w:style w:type="paragraph" w:styleId="GwTitle"><w:name w:val="公文标题"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:jc w:val="center"/></w:pPr>%s</w:style>`, look{font: fontTitle, size: sizeTwo}.xml())
	for level := 1; level <= 4; level++ {
		fmt.Fprintf(&b, `<w:style w:type="paragraph" w:styleId="Heading%[1]d"><w:name w:val="heading %[1]d"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:outlineLvl w:val="%[2]d"/></w:pPr>%[3]s</w:style>`,
			level, level-1, look{font: headingFonts[level]}.xml())
	}
	return b.String() + "</w:styles>"
}

// fontTable names the fonts and what stands in for those of older systems.
func fontTable() string {
	var b strings.Builder
	b.WriteString(`<w:fonts ` + mainNamespace + `>`)
	for _, f := range []struct{ name, other, pitch string }{
		{fontTitle, "小标宋", "variable"}, {fontBody, "仿宋", "fixed"}, {fontKai, "楷体", "fixed"}, {fontHei, "SimHei", "fixed"}, {fontSong, "SimSun", "variable"},
	} {
		fmt.Fprintf(&b, `<w:font w:name="%s"><w:altName w:val="%s"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="%s"/></w:font>`, f.name, f.other, f.pitch)
	}
	return b.String() + "</w:fonts>"
}

// pageFooter is the number between dashes, one character from the outer side.
func pageFooter(side string) string {
	l := layout{align: side, line: sizeFour * 10}
	if side == "right" {
		l.right = fourChar
	} else {
		l.left = fourChar
	}
	song := look{font: fontSong, size: sizeFour}
	field := func(kind string) string {
		return `<w:r>` + song.xml() + `<w:fldChar w:fldCharType="` + kind + `"/></w:r>`
	}
	number := run("— ", song) + field("begin") + `<w:r>` + song.xml() + `<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>` + field("separate") + run("1", song) + field("end") + run(" —", song)
	return xmlHead + `<w:ftr ` + namespaces + `>` + paragraph(l, number) + `</w:ftr>`
}
