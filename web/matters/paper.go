package matters

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"bihuan/kit/blob"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/gongwen"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

func codeOf(err error) errs.Code { return errs.CodeOf(err) }

// expected reports whether the person can mend what went wrong on the same page.
func expected(err error) bool { return errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) }

// paperPage is one document: as it will look, what stands in its way, and what may be done with it.
type paperPage struct {
	ui.Base
	Preview  []gongwen.Element
	Findings ui.Table
	Blocked  string // why it cannot be submitted yet
	Facts    ui.Facts
	Alert    *ui.Alert
	Submit   *ui.Form
	Approve  *ui.Form
	Number   ui.Field
	Return   *ui.Form
	Reason   ui.Field
	Discard  *ui.Form
	Why      ui.Field
}

func (a area) paper(c *frame.Ctx) error { return a.drawPaper(c, http.StatusOK, nil) }

func (a area) drawPaper(c *frame.Ctx, status int, cause error) error {
	in, err := a.room.Get(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	v := paperPage{Base: c.Base(in.Title, ui.Crumb{Label: group, URL: home}), Preview: gongwen.Preview(in.Document)}
	v.Eyebrow, v.AsOf = in.Kind.Label(), ""
	findings := a.room.Findings(in)
	v.Findings, v.Blocked = findingsTable(findings)
	v.Facts = factsOf(in)
	if cause != nil {
		v.Alert = &ui.Alert{Kind: ui.Danger, Title: "没有办成", Text: message(cause)}
	}
	may := func(x org.Action) bool { return c.P.MayAnywhere(x) }
	hidden := []ui.HiddenPair{{Name: "revision", Value: strconv.FormatInt(in.Revision, 10)}}
	form := func(part, label, confirm string) *ui.Form {
		return &ui.Form{Action: paperURL(in.ID) + "/" + part, Label: label, Hidden: hidden, Confirm: confirm}
	}
	var buttons ui.Buttons
	switch in.State {
	case matter.Drafting:
		if may(org.MatterIssue) {
			v.Submit, v.Discard = form("submit", "送审", ""), form("discard", "作废", "作废后不能恢复，期间可以重新起草。确定作废吗？")
			buttons = append(buttons, ui.Button{Label: "修改文字", Icon: "edit", URL: paperURL(in.ID) + "/edit"})
		}
	case matter.Submitted:
		if may(org.MatterApprove) {
			v.Approve, v.Return = form("approve", "审批印发", "印发后不能再改。确定印发吗？"), form("return", "退回修改", "")
			number, err := a.room.NextNumber(c.R.Context())
			if err != nil {
				return err
			}
			v.Number = ui.Field{Name: "number", Label: "文号", Required: true, Value: or(c.R.PostFormValue("number"), number), Hint: "已按顺序给出，可改为文书登记簿上的文号"}
		}
	case matter.Issued:
		buttons = append(buttons, ui.Button{Label: "下载正式文件", Kind: ui.Primary, Icon: "download", URL: paperURL(in.ID) + "/file", Download: true})
	case matter.Discarded:
	}
	v.Reason = ui.Field{Kind: ui.TextArea, Name: "reason", Label: "退回理由", Required: true, Rows: 2, MaxLength: 500, Size: ui.Full, Value: c.R.PostFormValue("reason")}
	v.Why = ui.Field{Kind: ui.TextArea, Name: "why", Label: "作废理由", Required: true, Rows: 2, MaxLength: 500, Size: ui.Full, Value: c.R.PostFormValue("why")}
	buttons = append(buttons, ui.Button{Label: "打印预览", Do: "print"})
	v.Actions = buttons
	return c.Render(status, paperView(v))
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// message is all that a refusal says, in one line.
func message(err error) string {
	var all []string
	for _, p := range ui.Problems(err) {
		all = append(all, p.Text)
	}
	return strings.Join(all, "；")
}

func factsOf(in matter.Issue) ui.Facts {
	f := ui.Facts{Columns: true, Items: []ui.Fact{{Term: "状态", Node: ui.Badge{Text: in.State.Label(), Kind: stateKind(in.State)}}, {Term: "文号", Text: in.Number},
		{Term: "起草", Text: in.Drafter, Sub: day(in.DraftedAt)}, {Term: "审批", Text: in.Decider, Sub: day(in.DecidedAt)}}}
	if in.Period != "" {
		f.Items = append(f.Items, ui.Fact{Term: "期间", Text: matter.PeriodWords(in.Period)})
	}
	if in.RecordID != "" {
		f.Items = append(f.Items, ui.Fact{Term: "来自", Text: "台账记录", URL: "/records/" + in.RecordID})
	}
	if in.Reason != "" {
		f.Items = append(f.Items, ui.Fact{Term: "理由", Text: in.Reason})
	}
	if in.Hash != "" {
		f.Items = append(f.Items, ui.Fact{Term: "文件散列 SHA-256", Text: in.Hash})
	}
	return f
}

func findingsTable(all []gongwen.Finding) (t ui.Table, blocked string) {
	t = ui.NewTable("成文检查", ui.Column{Label: "级别", Narrow: true}, ui.Column{Label: "问题与规则"}, ui.Column{Label: "位置"})
	t.Empty = ui.Empty{Title: "检查通过", Text: "版式、文号、日期、层次、数据口径和对象用语都符合要求。", Icon: "check"}
	n := 0
	for _, f := range all {
		kind := ui.Warning
		if f.Severity == gongwen.Blocks {
			kind = ui.Danger
			n++
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Node(ui.Badge{Text: string(f.Severity), Kind: kind}), ui.Text(f.Advice).With(f.Text), ui.Text(where(f.Place)).With(f.Quote)}})
	}
	if n > 0 {
		blocked = "还有 " + strconv.Itoa(n) + " 处不符合成文要求，请先修改"
	}
	return t, blocked
}

// where says in words which part of a document a finding means.
func where(p gongwen.Place) string {
	if p.Paragraph == 0 {
		return p.Element
	}
	return p.Element + "第 " + strconv.Itoa(p.Paragraph) + " 段"
}

// day is the civil date of a moment, "" for none.
func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return calendar.Today(at).String()
}

// editPage is the form of a draft's words.
type editPage struct {
	ui.Base
	Form                         ui.Form
	Title, Addressee, Text, Note ui.Field
	Persons                      []ui.Field // names in tables, which come masked
	Cancel                       string
}

func (a area) editForm(c *frame.Ctx) error { return a.drawEdit(c, http.StatusOK, nil) }

func (a area) drawEdit(c *frame.Ctx, status int, cause error) error {
	if err := c.P.May(org.MatterIssue, org.Scope{}); err != nil {
		return err
	}
	in, err := a.room.Get(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	if in.State != matter.Drafting {
		return errs.New(errs.Conflict, "文书处于“%s”，不能修改文字", in.State.Label())
	}
	value := func(name, stored string) string {
		if cause == nil {
			return stored
		}
		return c.R.PostFormValue(name)
	}
	m := errs.FieldMessages(cause)
	v := editPage{Base: c.Base("修改文字", ui.Crumb{Label: group, URL: home}, ui.Crumb{Label: in.Title, URL: paperURL(in.ID)}), Cancel: paperURL(in.ID)}
	v.AsOf = ""
	v.Form = ui.Form{Action: paperURL(in.ID) + "/edit", Guard: true, NoValid: true, Problems: ui.Problems(cause), Autofocus: cause != nil,
		Hidden: []ui.HiddenPair{{Name: "revision", Value: value("revision", strconv.FormatInt(in.Revision, 10))}}}
	v.Title = ui.Field{Kind: ui.TextArea, Name: "title", Label: "标题", Hint: "在词意完整处换行", Required: true, Rows: 2, Size: ui.Full, MaxLength: 200, Value: value("title", in.Document.Title), Error: m["title"]}
	v.Addressee = ui.Field{Name: "addressee", Label: "主送机关", Hint: "以全角冒号结尾", Size: ui.Full, MaxLength: 300, Value: value("addressee", in.Document.Addressee), Error: m["addressee"]}
	v.Note = ui.Field{Name: "note", Label: "附注", Hint: "公开属性，例如：此件主动公开", Size: ui.Long, MaxLength: 100, Value: value("note", in.Document.Note), Error: m["note"]}
	text := value("text", matter.Text(in.Document.Body))
	v.Text = ui.Field{Kind: ui.TextArea, Name: "text", Label: "正文", Required: true, Rows: rowsFor(text), Size: ui.Full, Value: text, Error: m["text"],
		Hint: "一行一段。一、（一）开头的行是标题。[数](出处) 是程序填写的数，可以移动或删去，不能改写；【表】【图】同理。"}
	for i, p := range matter.Persons(in.Document.Body) {
		name := personField(i)
		v.Persons = append(v.Persons, ui.Field{Name: name, Label: "责任人：" + p.Row, Hint: "个人信息默认遮蔽，不改就保持原样", Size: ui.Long, MaxLength: 50, Value: value(name, p.Value), Error: m[name]})
	}
	return c.Render(status, editView(v))
}

// rowsFor is the height of a text's field: room for what it has and a little more.
func rowsFor(text string) int {
	const line, least, most = 40, 10, 28
	n := 3
	for l := range strings.Lines(text) {
		n += 1 + len([]rune(l))/line
	}
	return min(max(n, least), most)
}

func personField(i int) string { return "person-" + strconv.Itoa(i) }

// typedPersons are the names of a form in the order of its fields.
func typedPersons(c *frame.Ctx) (names []string) {
	for i := 0; c.R.PostForm.Has(personField(i)); i++ {
		names = append(names, c.Form(personField(i)))
	}
	return names
}

func revision(c *frame.Ctx) int64 { return int64(c.Int("revision", -1)) }

func (a area) editSave(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	id := c.R.PathValue("id")
	err := a.room.Edit(c.R.Context(), c.P, matter.Edit{ID: id, Revision: revision(c), Title: strings.ReplaceAll(c.Form("title"), "\r", ""), Addressee: c.Form("addressee"), Text: c.Form("text"), Note: c.Form("note"), Persons: typedPersons(c)})
	if err != nil {
		if expected(err) {
			return a.drawEdit(c, frame.StatusOf(codeOf(err)), err)
		}
		return err
	}
	return c.Done(paperURL(id), "已保存")
}

// move does one move of a paper and shows the paper again when it was refused.
func (a area) move(c *frame.Ctx, done string, f func(id string) error) error {
	if err := c.Parse(); err != nil {
		return err
	}
	id := c.R.PathValue("id")
	if err := f(id); err != nil {
		if expected(err) {
			return a.drawPaper(c, frame.StatusOf(codeOf(err)), err)
		}
		return err
	}
	return c.Done(paperURL(id), done)
}

func (a area) submit(c *frame.Ctx) error {
	return a.move(c, "已送审", func(id string) error { return a.room.Submit(c.R.Context(), c.P, id, revision(c)) })
}

func (a area) giveBack(c *frame.Ctx) error {
	return a.move(c, "已退回起草人", func(id string) error { return a.room.Return(c.R.Context(), c.P, id, revision(c), c.Form("reason")) })
}

func (a area) discard(c *frame.Ctx) error {
	return a.move(c, "已作废", func(id string) error { return a.room.Discard(c.R.Context(), c.P, id, revision(c), c.Form("why")) })
}

func (a area) approve(c *frame.Ctx) error {
	return a.move(c, "已印发", func(id string) error { return a.room.Approve(c.R.Context(), c.P, id, revision(c), c.Form("number")) })
}

// file hands out the issued file.
func (a area) file(c *frame.Ctx) error {
	in, err := a.room.Get(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := a.room.File(in)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	for k, v := range blob.ServeHeaders(blob.DOCX, matter.FileName(in)) {
		c.W.Header()[k] = v
	}
	c.Wrote()
	http.ServeContent(c.W, c.R, "", in.DecidedAt, f)
	return nil
}

// archive sends the zip of a month.
func (a area) archive(c *frame.Ctx) error {
	month := c.Form("month")
	var out bytes.Buffer
	if err := a.room.Archive(c.R.Context(), c.P, month, &out); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="archive-`+month+`.zip"`)
	h.Set("X-Content-Type-Options", "nosniff")
	c.Wrote()
	_, err := c.W.Write(out.Bytes())
	if err != nil {
		c.App.Logger.Debug("client went away", "path", c.R.URL.Path, "error", err)
	}
	return nil
}

// rulesPage shows what limits supervision.
func (a area) rules(c *frame.Ctx) error {
	if err := c.P.May(org.PlanRead, org.Scope{}); err != nil {
		return err
	}
	t := ui.NewTable("督导的依据与限制", ui.Column{Label: "编号", Narrow: true}, ui.Column{Label: "要求"}, ui.Column{Label: "依据"})
	for _, x := range matter.Articles() {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(x.No), ui.Text(x.Says), ui.Text(x.Law).With("可信度 " + string(x.Confidence))}})
	}
	v := tablePage{Base: c.Base(group), Tabs: tabs(c, "/rules")}
	v.AsOf, v.Lede = "", "程序在起草、审批的地方按这些条款把关；被拦下时会写明是哪一条。"
	v.Tables = []titled{{Title: "依据与限制", Table: t}}
	return lists(c, v)
}
