package gongwen

import (
	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
)

// Form is one of the layouts that the standard knows.
type Form string

// The forms.
const (
	File    Form = "文件格式"
	Letter  Form = "信函格式"
	Minutes Form = "纪要格式"
)

// Document is one official document. What stays empty is left out; Check says
// what may not be left out.
type Document struct {
	Form Form
	// Issuers sign the document, the lead first.
	Issuers []string
	// Mark are the names on the red head when they differ from the issuers: a joint
	// document may show the lead alone, minutes show "××会议纪要". In the file form
	// "文件" is added.
	Mark           []string
	CopyNo         string   // 份号, six digits
	Secrecy        string   // 密级和保密期限
	Urgency        string   // 特急 or 加急
	Number         string   // 发文字号
	Signers        []string // 签发人, of a document to a higher organ only
	Title          string   // "\n" where a line shall end
	Addressee      string   // 主送机关, ending with "："
	Body           []Block
	AttachmentNote []string // names as listed under the body
	Attachments    []Attachment
	Attendance     Attendance // of minutes
	Sealed         bool       // leaves the space of a seal
	Date           calendar.Date
	Note           string // 附注, without its brackets: 此件主动公开
	Copies         []string
	Printed        Printed
}

// Attachment stands on a new page after the document, before the imprint.
type Attachment struct {
	Name string // as in the list under the body
	Body []Block
}

// Attendance is who took part in a meeting.
type Attendance struct {
	Present  []string // 出席
	Absent   []string // 请假
	Auditors []string // 列席
}

// Printed is the last line of the imprint (印发机关和印发日期). Minutes show it below the number too.
type Printed struct {
	Organ string
	Date  calendar.Date
}

// Kind is what a block is.
type Kind string

// The kinds of blocks.
const (
	KindHeading   Kind = "heading"
	KindParagraph Kind = "paragraph"
	KindTable     Kind = "table"
	KindChart     Kind = "chart"
)

// Block is one part of the body.
type Block struct {
	Kind  Kind
	Level int    // of a heading: 1 一、 2 （一） 3 1. 4 （1）
	Runs  []Run  // the text; of a heading with its number, see Ordinal
	Then  []Run  // text that follows a heading in the same paragraph
	Table *Table // of a table
	Chart *Chart // of a chart
}

// Heading makes a heading whose text begins with its number.
func Heading(level int, text string) Block {
	return Block{Kind: KindHeading, Level: level, Runs: []Run{{Text: text}}}
}

// Paragraph makes a paragraph of the body.
func Paragraph(runs ...Run) Block { return Block{Kind: KindParagraph, Runs: runs} }

// Text makes a run that is only words.
func Text(s string) Run { return Run{Text: s} }

// Run is a piece of text. A figure is a run of its own.
type Run struct {
	Text  string
	Ref   string // opaque: what opens when the figure is touched in the preview
	Doubt Doubt  // why the figure may not be printed yet
}

// Doubt is why a value may not stand in an official document; "" is none.
type Doubt string

// The doubts.
const (
	Unverified  Doubt = "未核实"
	ConfidenceC Doubt = "可信度C，来自经验或推算"
	ConfidenceD Doubt = "可信度D，项目自定"
)

// Align is how the text of a column stands.
type Align string

// The alignments. The zero value centres, as official tables do.
const (
	AlignCenter Align = ""
	AlignLeft   Align = "left"
	AlignRight  Align = "right"
)

// Table has a header row that is repeated on every page.
type Table struct {
	Caption string
	Unit    string // "单位：亿元", above the table on the right
	Columns []Column
	Rows    [][]Cell
}

// Column is one column of a table.
type Column struct {
	Header string
	Width  int // relative to the other columns; 0 counts as 1
	Align  Align
}

// Cell is the text of one cell.
type Cell []Run

// Chart is a chart of horizontal bars from one zero line.
type Chart struct {
	Caption string
	Bars    []Bar
	Note    string // below the chart: what the values and the marks are
}

// Bar is one bar. Its value is printed as Shown.
type Bar struct {
	Label  string
	Value  quantity.Quantity
	Shown  string
	Target quantity.Quantity // drawn as a mark across the bar when HasTarget
	// HasTarget tells a target of zero from none.
	HasTarget bool
	Ref       string
	Doubt     Doubt
}

// run is the bar's value as text.
func (b Bar) run() Run { return Run{Text: b.Shown, Ref: b.Ref, Doubt: b.Doubt} }

// markNames are the names on the red head. A joint letter shows the lead alone.
func (d Document) markNames() []string {
	names := d.Issuers
	if len(d.Mark) > 0 {
		names = d.Mark
	}
	if d.Form == Letter {
		return names[:min(1, len(names))]
	}
	return names
}

// joined is the text of the runs.
func joined(runs []Run) string {
	s := ""
	for _, r := range runs {
		s += r.Text
	}
	return s
}
