package matter

import (
	"fmt"
	"strings"

	"bihuan/kit/calendar"
	"bihuan/kit/gongwen"
)

// Paper is what the smaller documents have in common.
type Paper struct {
	Issuer    string
	Addressee string // without its colon
	Date      calendar.Date
	Contact   string // name and telephone of the clerk
}

// letter is the frame of everything that goes out in the form of a letter.
func (p Paper) letter(title string, body ...gongwen.Block) gongwen.Document {
	return gongwen.Document{Form: gongwen.Letter, Issuers: []string{p.Issuer}, Title: title, Addressee: p.Addressee + "：", Body: body, Sealed: true,
		Date: p.Date, Note: strings.TrimPrefix("联系人："+p.Contact+"；此件不予公开", "联系人：；")}
}

func say(format string, args ...any) gongwen.Block {
	return gongwen.Paragraph(gongwen.Text(fmt.Sprintf(format, args...)))
}

// lines makes a paragraph of each line of a typed text.
func lines(text string) (blocks []gongwen.Block) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			blocks = append(blocks, gongwen.Paragraph(gongwen.Text(line)))
		}
	}
	return blocks
}

// SheetPaper is a supervision sheet (督办单).
type SheetPaper struct {
	Paper
	No          string // number of the sheet
	Colour      string // 蓝色, 黄色, 红色
	Matter      string
	Clause      string // where the plan says so
	Units       string
	Requirement string
	State       []gongwen.Run // present state against the pace, with its figures
	Gap         string
	Due         string
	Feedback    string // form of the answer
	Approver    string
	Otherwise   string // what happens when it is not met
}

// Document writes the sheet.
func (s SheetPaper) Document() gongwen.Document {
	row := func(name, value string) []gongwen.Cell {
		return []gongwen.Cell{{gongwen.Text(name)}, {gongwen.Text(value)}}
	}
	table := gongwen.Table{Columns: []gongwen.Column{{Header: "项目", Width: 1}, {Header: "内容", Width: 4, Align: gongwen.AlignLeft}}, Rows: [][]gongwen.Cell{
		row("编号", s.No), row("等级", s.Colour), row("督办事项", s.Matter), row("任务来源", s.Clause), row("承办单位", s.Units), row("办理要求", s.Requirement),
		{{gongwen.Text("当前进展")}, s.State}, row("差距", s.Gap), row("办理时限", s.Due), row("反馈方式", s.Feedback), row("审批人", s.Approver), row("逾期处理", s.Otherwise)}}
	return s.letter("关于"+s.Matter+"的督办函", say("经核对台账，现就下列事项予以督办，请按要求办理并反馈。"), gongwen.Block{Kind: gongwen.KindTable, Table: &table})
}

// LetterPaper is a reminder (提醒函): facts, the standard that is missed, a request.
type LetterPaper struct {
	Paper
	Matter   string
	Facts    []gongwen.Run
	Standard string
	Request  string
	ReplyBy  string
}

// Document writes the letter.
func (l LetterPaper) Document() gongwen.Document {
	return l.letter("关于"+l.Matter+"的提醒函", gongwen.Paragraph(l.Facts...), say("%s", l.Standard), say("%s", l.Request), say("请于%s前函复为盼。", l.ReplyBy))
}

// Problem is one line of a rectification notice.
type Problem struct {
	No, Says, Evidence, Requirement, Due, Person string
}

// RectifyPaper is a rectification notice (整改通知).
type RectifyPaper struct {
	Paper
	Matter   string
	Problems []Problem
	Recheck  string // how it will be checked again
}

// Document writes the notice.
func (r RectifyPaper) Document() gongwen.Document {
	table := gongwen.Table{Caption: "问题清单", Columns: []gongwen.Column{{Header: "序号", Width: 1}, {Header: "问题", Width: 4, Align: gongwen.AlignLeft},
		{Header: "佐证", Width: 2}, {Header: "整改要求", Width: 3, Align: gongwen.AlignLeft}, {Header: "时限", Width: 2}, {Header: "责任人", Width: 2}}}
	for _, p := range r.Problems {
		var cells []gongwen.Cell
		for _, text := range []string{p.No, p.Says, p.Evidence, p.Requirement, p.Due, p.Person} {
			cells = append(cells, gongwen.Cell{gongwen.Text(text)})
		}
		table.Rows = append(table.Rows, cells)
	}
	return r.letter("关于"+r.Matter+"整改的通知", say("经核查，%s存在%d个问题，请逐项整改。问题、要求和时限如下。", r.Matter, len(r.Problems)), gongwen.Block{Kind: gongwen.KindTable, Table: &table},
		say("整改完成后请提交整改结果的佐证，由整改单位以外的人员复核：%s。", strings.TrimSuffix(r.Recheck, "。")),
		say("对问题认定有异议的，可以说明情况，并可在收到之日起30日内申请复核。"))
}

// Decision is one decision of a meeting.
type Decision struct{ No, Says, Lead, Due, Output string }

// MinutesPaper is the minutes of a dispatch meeting (调度会议纪要).
type MinutesPaper struct {
	Issuer, Meeting, Time, Place, Chair string
	Present, Absent, Auditors           []string
	LastTime                            string // 上次议定事项落实情况
	Summary                             string
	Decisions                           []Decision
	Date                                calendar.Date
	Copies                              []string
}

// Document writes the minutes. Every decision is numbered: each becomes a task.
func (m MinutesPaper) Document() gongwen.Document {
	d := gongwen.Document{Form: gongwen.Minutes, Issuers: []string{m.Issuer}, Mark: []string{m.Meeting + "会议纪要"}, Title: m.Meeting + "会议纪要", Date: m.Date, Note: "此件不予公开",
		Attendance: gongwen.Attendance{Present: m.Present, Absent: m.Absent, Auditors: m.Auditors}, Copies: m.Copies, Printed: gongwen.Printed{Organ: m.Issuer, Date: m.Date}}
	d.Body = append(d.Body, say("%s，%s在%s主持召开%s。现将会议议定事项纪要如下。", m.Time, m.Chair, m.Place, m.Meeting))
	d.Body = append(d.Body, gongwen.Heading(1, "一、上次议定事项落实情况"))
	d.Body = append(d.Body, lines(orNone(m.LastTime))...)
	d.Body = append(d.Body, gongwen.Heading(1, "二、会议情况"))
	d.Body = append(d.Body, lines(orNone(m.Summary))...)
	d.Body = append(d.Body, gongwen.Heading(1, "三、议定事项"))
	for i, x := range m.Decisions {
		d.Body = append(d.Body, say("%d.%s。牵头单位：%s；完成时限：%s；成果：%s。", i+1, strings.TrimSuffix(x.Says, "。"), x.Lead, x.Due, x.Output))
	}
	if len(m.Decisions) == 0 {
		d.Body = append(d.Body, lines(orNone(""))...)
	}
	return d
}

func orNone(text string) string {
	if strings.TrimSpace(text) == "" {
		return "无。"
	}
	return text
}

// ReviewPaper is the answer to an objection (复核意见).
type ReviewPaper struct {
	Paper
	Matter   string
	Asked    string // what the object asked, and when
	Method   string
	Evidence []string
	Checkers []string
	Apart    string // who stayed out of it; "" for those who made the conclusion
	Result   string
}

// Document writes the answer.
func (r ReviewPaper) Document() gongwen.Document {
	apart := r.Apart
	if apart == "" {
		apart = "原结论的作出人员已经回避"
	}
	return r.letter("关于"+r.Matter+"的复核意见", say("%s", r.Asked), say("复核采用%s方式，由%s办理，%s。", r.Method, strings.Join(r.Checkers, "、"), apart),
		say("查阅的材料有：%s。", strings.Join(r.Evidence, "；")), say("复核意见：%s", r.Result))
}
