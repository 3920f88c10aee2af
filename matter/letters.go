package matter

import (
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/gongwen"
)

// TalkPaper calls the head of a unit to a talk (约谈).
type TalkPaper struct {
	Paper
	Matter, Called, Matters, Time, Place, Attendees, Materials string
}

// Document writes the letter.
func (t TalkPaper) Document() gongwen.Document {
	body := []gongwen.Block{say("因%s，拟约谈你单位%s。有关事项函告如下。", t.Matter, t.Called), say("约谈事项：%s", t.Matters),
		say("时间：%s；地点：%s；参加人员：%s。", t.Time, t.Place, strings.TrimSuffix(t.Attendees, "。"))}
	if t.Materials != "" {
		body = append(body, say("请携带：%s。", strings.TrimSuffix(t.Materials, "。")))
	}
	return t.letter("关于就"+t.Matter+"进行约谈的函", body...)
}

// ConclusionPaper tells an object what a campaign found (art. 16).
type ConclusionPaper struct {
	Paper
	Matter, Basis, Methods, Conclusion string
}

// Document writes the letter.
func (c ConclusionPaper) Document() gongwen.Document {
	body := append([]gongwen.Block{say("根据%s，采用%s的方式，对%s进行了督导。结论反馈如下。", strings.TrimSuffix(c.Basis, "。"), c.Methods, c.Matter)}, lines(c.Conclusion)...)
	return c.letter("关于反馈"+c.Matter+"督导结论的函", append(body, say("对结论有异议的，可在收到之日起30日内申请复核。"))...)
}

// CommendPaper is a bulletin about one unit: praise and criticism stand apart.
type CommendPaper struct {
	Issuer, Title, Facts, Caliber string
	CutOff, Date                  calendar.Date
	Praise, Criticism             []string // paragraphs
	Measures                      string
}

// Document writes the bulletin.
func (c CommendPaper) Document() gongwen.Document {
	d := gongwen.Document{Form: gongwen.File, Issuers: []string{c.Issuer}, Sealed: true, Date: c.Date, Title: c.Title, Note: "此件不予公开",
		Addressee: everybody, Printed: gongwen.Printed{Organ: c.Issuer, Date: c.Date}}
	n := 0
	part := func(title string, blocks ...gongwen.Block) {
		d.Body = append(append(d.Body, gongwen.Heading(1, numerals[n]+"、"+title)), blocks...)
		n++
	}
	part("基本情况", append(lines(c.Facts), say("数据口径：%s；截至%s。", c.Caliber, c.CutOff.Chinese()))...)
	if len(c.Praise) > 0 {
		part("通报表扬", lines(strings.Join(c.Praise, "\n"))...)
	}
	if len(c.Criticism) > 0 {
		part("通报批评", lines(strings.Join(c.Criticism, "\n"))...)
	}
	if c.Measures != "" {
		part("工作要求", lines(c.Measures)...)
	}
	return d
}

// everybody are those to whom a bulletin goes.
const everybody = "各县（市、区）商务主管部门，市属开发区商务主管部门，市直有关单位："

// CasePaper recommends a case to others (典型案例): what it was, what it brought, what
// it takes, and who has copied it already.
type CasePaper struct {
	Issuer, Name, Unit, Problem, Done string
	Effect                            []gongwen.Run // with its figures
	Conditions, Cost, Contact         string
	Openness                          string
	Copies                            []gongwen.Block // 学习借鉴情况
	Date                              calendar.Date
}

// Document writes the bulletin.
func (c CasePaper) Document() gongwen.Document {
	d := gongwen.Document{Form: gongwen.File, Issuers: []string{c.Issuer}, Sealed: true, Date: c.Date, Title: "关于推介“" + c.Name + "”典型案例的通报", Note: "此件" + c.Openness,
		Addressee: everybody, Printed: gongwen.Printed{Organ: c.Issuer, Date: c.Date}}
	d.Body = append(d.Body, say("%s“%s”的做法成效已经核实，现予推介，供结合实际学习借鉴。", c.Unit, c.Name), gongwen.Heading(1, "一、遇到的问题"))
	d.Body = append(append(d.Body, lines(c.Problem)...), gongwen.Heading(1, "二、主要做法"))
	d.Body = append(append(d.Body, lines(c.Done)...), gongwen.Heading(1, "三、成效"), gongwen.Paragraph(c.Effect...), gongwen.Heading(1, "四、推广条件"))
	d.Body = append(d.Body, lines(c.Conditions)...)
	if c.Cost != "" {
		d.Body = append(d.Body, say("成本：%s。", c.Cost))
	}
	d.Body = append(d.Body, say("联系人：%s。", c.Contact))
	if len(c.Copies) > 0 {
		d.Body = append(append(d.Body, gongwen.Heading(1, "五、学习借鉴情况")), c.Copies...)
	}
	return d
}

// toGovernment turns a notice into the letter that a department may write to a
// government (1.10).
func toGovernment(d gongwen.Document, u city.Unit) gongwen.Document {
	if head, ok := strings.CutSuffix(d.Title, "的通知"); ok && u.Kind.IsGovernment() {
		d.Title = head + "有关事项的函"
	}
	return d
}
