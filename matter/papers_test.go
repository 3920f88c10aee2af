package matter_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"bihuan/kit/calendar"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/kit/gongwen"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

type bench struct {
	*testing.T
	*plantest.Room
	s *matter.Service
}

func both(t *testing.T, f func(b bench)) {
	t.Helper()
	for _, e := range dbtest.Engines(t) {
		t.Run(string(e), func(t *testing.T) {
			r := plantest.New(t, e)
			f(bench{t, r, matter.New(matter.Parts{DB: r.DB, Log: r.Log, Pack: r.Pack, Blobs: r.Blobs, Supervise: supervise.New(r.DB, r.Log, r.Plan)})})
		})
	}
}

func (b bench) want(err error, code errs.Code, words string) {
	b.Helper()
	if !errs.Is(err, code) || !strings.Contains(err.Error(), words) {
		b.Errorf("%v, want %s %s", err, code, words)
	}
}

func (b bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func TestBulletinFromDraftToArchive(t *testing.T) {
	both(t, func(b bench) {
		ctx := context.Background()
		b.PackPlan(b.T)
		dispatcher, approver := b.Dispatcher(), b.Approver()
		_, err := b.s.DraftBulletin(ctx, approver, "2026-06", false)
		b.want(err, errs.Forbidden, "发起督导")
		for _, period := range []string{"", "2026-13", "2026-Q5", "2026-6", "六月"} {
			_, err := b.s.DraftBulletin(ctx, dispatcher, period, false)
			b.want(err, errs.Invalid, "2026-Q2")
		}
		_, err = b.s.DraftBulletin(ctx, dispatcher, "2026-08", false)
		b.want(err, errs.Invalid, "还没有开始")

		id, err := b.s.DraftBulletin(ctx, dispatcher, "2026-06", false)
		b.ok(err)
		_, err = b.s.DraftBulletin(ctx, dispatcher, "2026-06", false)
		b.want(err, errs.Conflict, "已经起草")
		in, err := b.s.Get(ctx, dispatcher, id)
		b.ok(err)
		if in.Title != "关于2026年6月《聊城市2026年提振消费行动计划》实施情况的通报" || !strings.Contains(matter.Text(in.Document.Body), "[24](/tasks)项") {
			b.Errorf("%s\n%s", in.Title, matter.Text(in.Document.Body))
		}
		if findings := b.s.Findings(in); gongwen.Blocked(findings) {
			b.Errorf("a fresh draft is blocked: %+v", findings)
		}

		// A draft is not for the units; what was issued is.
		clerk := b.Clerk("civil")
		_, err = b.s.Get(ctx, clerk, id)
		b.want(err, errs.NotFound, "没有这份文书")
		if all, total, err := b.s.List(ctx, clerk, matter.Query{}); err != nil || total != 0 || len(all) != 0 {
			b.Errorf("a clerk sees drafts: %d %v", total, err)
		}

		// Words change, figures do not.
		edit := matter.Edit{ID: id, Revision: in.Revision, Title: in.Title, Addressee: in.Document.Addressee, Note: in.Document.Note, Text: strings.Replace(matter.Text(in.Document.Body), "[24](/tasks)", "[25](/tasks)", 1)}
		b.want(b.s.Edit(ctx, dispatcher, edit), errs.Invalid, "不能改写")
		edit.Text = matter.Text(in.Document.Body) + "望各单位再接再厉。\n"
		b.ok(b.s.Edit(ctx, dispatcher, edit))
		b.want(b.s.Edit(ctx, dispatcher, edit), errs.Conflict, "他人改过")
		edit.Revision, edit.Note = 1, ""
		b.ok(b.s.Edit(ctx, dispatcher, edit))
		b.want(b.s.Submit(ctx, dispatcher, id, 2), errs.Invalid, "公开属性")
		edit.Revision, edit.Note = 2, "此件主动公开"
		b.ok(b.s.Edit(ctx, dispatcher, edit))
		b.ok(b.s.Submit(ctx, dispatcher, id, 3))

		b.want(b.s.Approve(ctx, dispatcher, id, 4, ""), errs.Forbidden, "审批督导")
		b.want(b.s.Return(ctx, approver, id, 4, " "), errs.Invalid, "理由")
		b.ok(b.s.Return(ctx, approver, id, 4, "补充县区情况"))
		b.ok(b.s.Submit(ctx, dispatcher, id, 5))
		// Whoever drafted may hold both roles, and still not approve the own draft.
		self := dispatcher
		self.Roles = []org.Role{org.Dispatcher, org.Approver}
		b.want(b.s.Approve(ctx, self, id, 6, ""), errs.Forbidden, "自己起草")
		b.ok(b.s.Approve(ctx, approver, id, 6, ""))
		b.want(b.s.Discard(ctx, dispatcher, id, 7, "误"), errs.Conflict, "已印发")
		in, err = b.s.Get(ctx, dispatcher, id)
		b.ok(err)
		if in.Number != "聊商务字〔2026〕8号" || in.State != matter.Issued || in.Hash == "" {
			b.Errorf("%+v", in)
		}
		f, err := b.s.File(in)
		b.ok(err)
		head := make([]byte, 2)
		_, err = io.ReadFull(f, head)
		if _ = f.Close(); err != nil || string(head) != "PK" {
			b.Errorf("%q %v", head, err)
		}

		if all, _, err := b.s.List(ctx, clerk, matter.Query{}); err != nil || len(all) != 1 {
			b.Errorf("a clerk does not see what was issued: %v", err)
		}

		// Two documents cannot have one number.
		second, err := b.s.DraftBulletin(ctx, dispatcher, "2026-Q2", false)
		b.ok(err)
		b.ok(b.s.Submit(ctx, dispatcher, second, 0))
		b.want(b.s.Approve(ctx, approver, second, 1, in.Number), errs.Conflict, "已有相同")
		b.ok(b.s.Discard(ctx, dispatcher, second, 1, "改为下月"))
		if all, total, err := b.s.List(ctx, approver, matter.Query{Text: "〔2026〕8"}); err != nil || total != 1 || all[0].ID != id {
			b.Errorf("%+v %d %v", all, total, err)
		}
		archiveIsWhole(b, ctx, "2026-07", 2)
		archiveIsWhole(b, ctx, "2026-06", 1)
	})
}

func archiveIsWhole(b bench, ctx context.Context, month string, files int) {
	b.Helper()
	var out bytes.Buffer
	b.ok(b.s.Archive(ctx, b.Dispatcher(), month, &out))
	wrong, m, err := matter.CheckArchive(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || len(wrong) > 0 || len(m.Files) != files {
		b.Errorf("%s: %v %+v %v", month, wrong, m, err)
	}
	if wrong, _, err := matter.CheckArchive(bytes.NewReader(tampered(b, out.Bytes())), int64(len(tampered(b, out.Bytes())))); err != nil || len(wrong) != 1 {
		b.Errorf("%s tampered: %v %v", month, wrong, err)
	}
}

// tampered is the archive with another content under the name of its list.
func tampered(b bench, data []byte) []byte {
	b.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	b.ok(err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		in, err := f.Open()
		b.ok(err)
		content, err := io.ReadAll(in)
		b.ok(err)
		if f.Name == "任务和目标.xlsx" {
			content = append(content, 'x')
		}
		to, err := w.Create(f.Name)
		b.ok(err)
		_, err = to.Write(content)
		b.ok(err)
	}
	b.ok(w.Close())
	return out.Bytes()
}

// TestTextAndBack: what a person may edit reads back as it was.
func TestTextAndBack(t *testing.T) {
	body := []gongwen.Block{gongwen.Heading(1, "一、总体情况"), gongwen.Paragraph(gongwen.Text("共"), gongwen.Run{Text: "24", Ref: "/tasks"}, gongwen.Text("项")),
		{Kind: gongwen.KindTable, Table: &gongwen.Table{Caption: "表"}}, {Kind: gongwen.KindHeading, Level: 2, Runs: []gongwen.Run{gongwen.Text("（一）零售。")}, Then: []gongwen.Run{gongwen.Text("平稳。")}}}
	text := matter.Text(body)
	again, err := matter.Parse(text, body)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := json.Marshal(body)
	after, _ := json.Marshal(again)
	if string(before) != string(after) {
		t.Errorf("%s\n%s\n%s", text, before, after)
	}
	for bad, want := range map[string]string{" \n": "不能为空", "【表】\n【表】": "比原来的多", "[24](/other)": "不能改写", "[23](/tasks)": "不能改写"} {
		if _, err := matter.Parse(bad, body); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestPapersPassTheirOwnCheck: what the program writes needs no mending before it can be finished.
func TestPapersPassTheirOwnCheck(t *testing.T) {
	day := calendar.MustParseDate("2026-07-01")
	head := matter.Paper{Issuer: "聊城市商务局", Addressee: "市民政局", Date: day, Contact: "张三"}
	for name, d := range map[string]gongwen.Document{
		"sheet": matter.SheetPaper{Paper: head, No: "督办〔2026〕3号", Colour: "黄色", Matter: "养老服务消费券", Clause: "二（二）4", Units: "市民政局", Requirement: "加快发放",
			State: []gongwen.Run{gongwen.Text("数据截至2026年6月30日，口径为已核验台账，已发放"), {Text: "1.2万张", Ref: "/registers"}}, Gap: "落后40%", Due: "2026年7月20日", Feedback: "在系统中反馈", Approver: "李四", Otherwise: "升为红色"}.Document(),
		"letter":  matter.LetterPaper{Paper: head, Matter: "社区托育驿站建设进度", Facts: []gongwen.Run{gongwen.Text("数据截至2026年6月30日，按已核验台账口径，建成3个。")}, Standard: "计划要求年内建成25个。", Request: "请结合实际加快建设。", ReplyBy: "2026年7月10日"}.Document(),
		"rectify": matter.RectifyPaper{Paper: head, Matter: "驿站台账", Basis: "督导结论", Recheck: "现场核查", Problems: []matter.Problem{{"1", "门头照片与地址不符", "照片2张", "更正地址", "2026年7月15日", "王五"}}}.Document(),
		"minutes": matter.MinutesPaper{Issuer: "聊城市商务局", Meeting: "提振消费工作调度会", Time: "2026年7月1日上午", Place: "市商务局三楼会议室", Chair: "张三", Present: []string{"李四（市民政局）"}, Date: day,
			Decisions: []matter.Decision{{"加快发放消费券", "市民政局", "2026年7月20日", "发放清单"}}}.Document(),
		"review": matter.ReviewPaper{Paper: head, Matter: "黄色督办单", Asked: "2026年6月20日收到市民政局的复核申请。", Method: "调阅台账", Evidence: []string{"发放清单"}, Checkers: []string{"赵六", "钱七"}, Result: "维持原结论。"}.Document(),
	} {
		if d.Form == gongwen.Letter {
			d.Number = "聊商务函〔2026〕1号"
		}
		for _, f := range gongwen.Check(d, gongwen.Rules{Today: day, Reader: gongwen.ToDepartment}) {
			if f.Severity == gongwen.Blocks {
				t.Errorf("%s: %+v", name, f)
			}
		}
		var out bytes.Buffer
		if err := gongwen.Write(&out, d); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d.Form == gongwen.Letter { // the same towards a government must not order
			for _, f := range gongwen.Check(d, gongwen.Rules{Today: day, Reader: gongwen.ToGovernment}) {
				if name == "letter" && f.Severity == gongwen.Blocks {
					t.Errorf("%s to a government: %+v", name, f)
				}
			}
		}
	}
}

// TestDemonstrationPapersSaySo: a document of a demonstration is marked in itself,
// whatever is typed into its note, and still passes its check.
func TestDemonstrationPapersSaySo(t *testing.T) {
	both(t, func(b bench) {
		ctx := context.Background()
		b.PackPlan(b.T)
		d := b.Dispatcher()
		id, err := b.s.DraftBulletin(ctx, d, "2026-06", true)
		b.ok(err)
		const want = "此件主动公开；由演示数据生成，不是正式公文"
		for revision := range int64(2) {
			in, err := b.s.Get(ctx, d, id)
			b.ok(err)
			if in.Document.Note != want || gongwen.Blocked(b.s.Findings(in)) {
				b.Errorf("%q %+v", in.Document.Note, b.s.Findings(in))
			}
			b.ok(b.s.Edit(ctx, d, matter.Edit{ID: id, Revision: revision, Title: in.Title, Addressee: in.Document.Addressee, Note: "此件主动公开", Text: matter.Text(in.Document.Body) + "请抓好落实。\n"}))
		}
	})
}
