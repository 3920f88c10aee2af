package gongwen

import (
	"fmt"
)

// Role is which element of the standard a piece of the preview is.
type Role string

// The roles, in the order of a document.
const (
	RoleCopyNo     Role = "份号"
	RoleSecrecy    Role = "密级和保密期限"
	RoleUrgency    Role = "紧急程度"
	RoleMark       Role = "发文机关标志"
	RoleNumber     Role = "发文字号"
	RoleSigner     Role = "签发人"
	RoleTitle      Role = "标题"
	RoleAddressee  Role = "主送机关"
	RoleHeading    Role = "层次"
	RoleParagraph  Role = "正文"
	RoleTable      Role = "表"
	RoleChart      Role = "图"
	RoleListed     Role = "附件说明"
	RoleIssuer     Role = "署名"
	RoleDate       Role = "成文日期"
	RoleAttendance Role = "参会人员"
	RoleNote       Role = "附注"
	RoleAttachment Role = "附件"
	RoleCopies     Role = "抄送"
	RolePrinted    Role = "印发"
)

// Element is one piece of the preview. A figure is a run with its reference.
type Element struct {
	Role      Role
	In        string // "正文" or "附件1" of a block, as findings name it; "" of all others
	Paragraph int    // of a block, as findings count it
	Level     int    // of a heading
	Runs      []Run
	Then      []Run // text behind a heading
	Table     *Table
	Chart     *Chart
}

// Preview gives the elements of the document in their order, as they are
// printed, for a page to draw. Lines of a title, and names, are runs of their own.
func Preview(d Document) []Element {
	var p preview
	p.text(RoleCopyNo, d.CopyNo)
	p.text(RoleSecrecy, d.Secrecy)
	p.text(RoleUrgency, d.Urgency)
	p.mark(d)
	p.text(RoleNumber, d.Number)
	if len(d.Signers) > 0 && d.Form == File {
		p.lines(RoleSigner, append([]string{"签发人："}, d.Signers...))
	}
	p.lines(RoleTitle, titleLines(d.Title))
	p.text(RoleAddressee, d.Addressee)
	p.blocks("正文", d.Body)
	p.listed(d.AttachmentNote)
	if d.Form != Minutes && len(d.Issuers) > 0 {
		p.lines(RoleIssuer, d.Issuers)
		p.text(RoleDate, d.Date.Chinese())
	}
	p.attendance(d.Attendance)
	if d.Note != "" {
		p.text(RoleNote, bracketed(d.Note))
	}
	for i, a := range d.Attachments {
		in := fmt.Sprintf("附件%d", i+1)
		p.all = append(p.all, Element{Role: RoleAttachment, In: in, Runs: []Run{Text(attachmentLabel(i, len(d.Attachments))), Text(a.Name)}})
		p.blocks(in, a.Body)
	}
	if len(d.Copies) > 0 {
		p.text(RoleCopies, copiesText(d.Copies))
	}
	if d.Printed.Organ != "" && d.Form != Letter {
		p.lines(RolePrinted, []string{d.Printed.Organ, d.Printed.Date.Chinese() + "印发"})
	}
	return p.all
}

// preview collects elements.
type preview struct{ all []Element }

// text adds an element of one text; an empty one is left out.
func (p *preview) text(role Role, s string) {
	if s != "" {
		p.lines(role, []string{s})
	}
}

// lines adds an element of several texts.
func (p *preview) lines(role Role, texts []string) {
	if len(texts) == 0 {
		return
	}
	e := Element{Role: role}
	for _, s := range texts {
		e.Runs = append(e.Runs, Text(s))
	}
	p.all = append(p.all, e)
}

// mark adds the red head as it is printed.
func (p *preview) mark(d Document) {
	names := append([]string{}, d.markNames()...)
	if d.Form == File && len(names) > 0 {
		if len(names) == 1 {
			names[0] += "文件"
		} else {
			names = append(names, "文件")
		}
	}
	p.lines(RoleMark, names)
}

// blocks adds the parts of a text.
func (p *preview) blocks(in string, blocks []Block) {
	roles := map[Kind]Role{KindHeading: RoleHeading, KindTable: RoleTable, KindChart: RoleChart}
	for i, b := range blocks {
		role, known := roles[b.Kind]
		if !known {
			role = RoleParagraph
		}
		p.all = append(p.all, Element{Role: role, In: in, Paragraph: i + 1, Level: b.Level, Runs: b.Runs, Then: b.Then, Table: b.Table, Chart: b.Chart})
	}
}

// listed adds the list of attachments.
func (p *preview) listed(names []string) {
	if len(names) == 1 {
		p.text(RoleListed, "附件："+names[0])
		return
	}
	var lines []string
	for i, n := range names {
		s := fmt.Sprintf("%d.%s", i+1, n)
		if i == 0 {
			s = "附件：" + s
		}
		lines = append(lines, s)
	}
	p.lines(RoleListed, lines)
}

// attendance adds a line for each group.
func (p *preview) attendance(a Attendance) {
	var lines []string
	for _, g := range a.groups() {
		lines = append(lines, g.label+g.text())
	}
	p.lines(RoleAttendance, lines)
}
