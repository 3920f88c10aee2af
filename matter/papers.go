package matter

import (
	"fmt"
	"strings"
	"unicode/utf8"

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
		Date: p.Date, Note: strings.TrimPrefix("联系人："+p.Contact+"。此件不予公开", "联系人：。")}
}

func say(format string, args ...any) gongwen.Block {
	return gongwen.Paragraph(gongwen.Text(fmt.Sprintf(format, args...)))
}

// lines makes a paragraph of each line of a typed text. A line that begins with the
// number of a heading would read as one: it is numbered anew in Arabic digits.
func lines(text string) (blocks []gongwen.Block) {
	n := 0
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		for _, o := range ordinals {
			if at := o.FindString(line); at != "" {
				n++
				line = fmt.Sprintf("%d.%s", n, strings.TrimPrefix(line, at))
			}
		}
		blocks = append(blocks, gongwen.Paragraph(gongwen.Text(ended(line))))
	}
	return blocks
}

// ended closes a line that was typed without a mark at its end.
func ended(line string) string {
	if last, _ := utf8.DecodeLastRuneInString(line); strings.ContainsRune("。！？：…", last) {
		return line
	}
	return strings.TrimRight(line, "；，、;,.") + "。"
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
		{{gongwen.Text("当前进展")}, s.State}, row("差距", s.Gap), row("办理时限", s.Due), row("反馈方式", s.Feedback), row(approverRow, s.Approver), row("逾期处理", s.Otherwise)}}
	return s.letter("关于"+s.Matter+"的督办函", say("经核对台账，现就下列事项予以督办。"), gongwen.Block{Kind: gongwen.KindTable, Table: &table},
		say("请于%s前办理完毕，并按上述方式反馈。", s.Due), say("办理中有困难或者需要协调的，请及时说明；对事实认定有异议的，请附佐证反馈。"))
}

// The row of a sheet with who approved it. A sheet is drafted before that, and the
// name is written when it is approved.
const (
	approverRow  = "审批人"
	approverLate = "审批时填写"
)

// signApprover writes the approver's name into a sheet.
func signApprover(body []gongwen.Block, name string) []gongwen.Block {
	return editTables(body, func(_ string, row []gongwen.Cell, i int) string {
		if i == 1 && textOf(row[0]) == approverRow && textOf(row[1]) == approverLate {
			return name
		}
		return ""
	})
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
	Matter       string
	Basis        string // what the demand rests on
	Problems     []Problem
	Recheck      string // how it will be checked again
	ToGovernment bool   // the words of a request (1.10)
}

// personHeader is the column of a table that holds a person's name. It comes masked
// and is typed by who drafts.
const personHeader = "责任人"

// Document writes the notice.
func (r RectifyPaper) Document() gongwen.Document {
	table := gongwen.Table{Caption: "问题清单", Columns: []gongwen.Column{{Header: "编号", Width: 3}, {Header: "问题", Width: 5, Align: gongwen.AlignLeft},
		{Header: "佐证", Width: 3, Align: gongwen.AlignLeft}, {Header: "整改要求", Width: 5, Align: gongwen.AlignLeft}, {Header: "时限", Width: 4}, {Header: personHeader, Width: 3}}}
	for _, p := range r.Problems {
		var cells []gongwen.Cell
		for _, text := range []string{p.No, p.Says, p.Evidence, p.Requirement, p.Due, p.Person} {
			cells = append(cells, gongwen.Cell{gongwen.Text(text)})
		}
		table.Rows = append(table.Rows, cells)
	}
	ask, hand := "请逐项整改，问题、要求和时限如下。", "整改完成后，请报送整改结果的佐证，由整改单位以外的人员复核，复核办法：%s。"
	if r.ToGovernment {
		ask, hand = "商请逐项研究整改，问题、建议和时间安排如下。", "整改完成后，请函告整改结果并附佐证，由整改单位以外的人员复核，复核办法：%s。"
	}
	return r.letter("关于"+r.Matter+"整改的通知", say("根据%s，%s存在%d个问题。%s", strings.TrimSuffix(r.Basis, "。"), r.Matter, len(r.Problems), ask), gongwen.Block{Kind: gongwen.KindTable, Table: &table},
		say(hand, strings.TrimSuffix(r.Recheck, "。")),
		say("对问题认定有异议的，可以说明情况，并可在收到之日起30日内申请复核。"))
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
	return r.letter("关于"+r.Matter+"的复核意见", say("%s", r.Asked), say("复核采用%s的方式，由%s办理，%s。", r.Method, strings.Join(r.Checkers, "、"), apart),
		say("查阅的材料：%s。", strings.Join(r.Evidence, "、")), say("复核意见：%s", r.Result))
}
