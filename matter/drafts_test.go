package matter_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/indicator"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/kit/gongwen"
	"bihuan/kit/seal"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/plan/plantest"
	"bihuan/register"
	"bihuan/supervise"
)

// hall is the supervision room with its registers and guards.
type hall struct {
	bench
	reg        *register.Service
	statistics *indicator.Service
}

var ctx = context.Background()

func halls(t *testing.T, f func(h hall)) {
	t.Helper()
	for _, e := range dbtest.Engines(t) {
		t.Run(string(e), func(t *testing.T) { f(openHall(t, e)) })
	}
}

func openHall(t *testing.T, e db.Engine) hall {
	t.Helper()
	r := plantest.New(t, e)
	keys, err := seal.Create(t.TempDir()+"/keys.json", r.Clock.Now(), strings.NewReader(strings.Repeat("entropy of a test ", 100)))
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := register.LoadCatalog(r.Pack, matter.Known)
	if err != nil {
		t.Fatal(err)
	}
	guards := &matter.Guards{Catalog: catalog, Pack: r.Pack, Today: func() calendar.Date { return calendar.Today(r.DB.Now()) }}
	reg := register.New(register.Parts{DB: r.DB, Log: r.Log, Box: keys, Pack: r.Pack, Catalog: catalog, Blobs: r.Blobs, Guards: guards.Map()})
	guards.Records = reg
	statistics, err := indicator.New(r.DB, r.Log, r.Pack)
	if err != nil {
		t.Fatal(err)
	}
	sources := []supervise.Source{supervise.FromRegisters(reg, catalog.Get), supervise.FromIndicators(statistics)}
	r.Measured(supervise.NewSources(sources...))
	s := matter.New(matter.Parts{DB: r.DB, Log: r.Log, Pack: r.Pack, Blobs: r.Blobs, Supervise: supervise.New(r.DB, r.Log, r.Plan, sources...), Records: reg})
	return hall{bench{t, r, s}, reg, statistics}
}

func values(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

func (h hall) enter(p org.Principal, id register.ID, parent string, v map[string]string) string {
	h.Helper()
	made, err := h.reg.Create(ctx, p, register.Draft{Register: id, Parent: parent, Values: v})
	h.ok(err)
	return made
}

func (h hall) move(p org.Principal, id, move string, pairs ...string) error {
	h.Helper()
	v, err := h.reg.Get(ctx, p, id)
	h.ok(err)
	fill := values(pairs...)
	reason := fill["reason!"]
	delete(fill, "reason!")
	return h.reg.Move(ctx, p, register.Step{ID: id, Move: move, Revision: v.Revision, Values: fill, Reason: reason})
}

func campaign(more ...string) map[string]string {
	v := values("name", "养老消费券督导", "authority", "部门调度", "basis", "市政府专题会议", "approver", "王五", "plan", "核对发放台账，对象为市民政局", "methods", "调阅复制资料", "object", "civil", "matter", "养老消费券发放", "start", "2026-07-01", "finish", "2026-08-01")
	for k, x := range values(more...) {
		v[k] = x
	}
	return v
}

// fedBack is a campaign whose conclusion its object has.
func (h hall) fedBack() string {
	d, a := h.Dispatcher(), h.Approver()
	id := h.enter(d, "campaign", "", campaign())
	h.ok(h.move(d, id, "submit"))
	h.ok(h.move(a, id, "approve"))
	h.ok(h.move(d, id, "conclude", "conclusion", "发放进度落后。"))
	h.ok(h.move(d, id, "feed-back", "fed-back", "2026-07-01"))
	return id
}

func sheet(task string, more ...string) map[string]string {
	v := values("matter", "养老消费券发放", "task", task, "level", "蓝色", "reason", "落后序时进度", "period", "2026-06", "addressee", "civil", "requirement", "加快发放", "present", "发放进度落后", "gap", "落后40%",
		"due", "2026-07-20", "form", "在系统中反馈", "contact", "张三丰", "otherwise", "升为黄色")
	for k, x := range values(more...) {
		v[k] = x
	}
	return v
}

func (h hall) task() string {
	h.Helper()
	h.PackPlan(h.T)
	board, err := supervise.New(h.DB, h.Log, h.Plan).Board(ctx, h.Dispatcher())
	h.ok(err)
	return board.Tasks[0].ID
}

// TestDraftForSheet: the paper of a sheet comes before its approval, once, with the
// contact masked and figures that open.
func TestDraftForSheet(t *testing.T) {
	halls(t, func(h hall) {
		d := h.Dispatcher()
		id := h.enter(d, "supervision-sheet", "", sheet(h.task()))
		_, err := h.s.DraftFor(ctx, d, id)
		h.want(err, errs.Conflict, "没有要起草的文书")
		h.ok(h.move(d, id, "submit"))
		_, err = h.s.DraftFor(ctx, h.Approver(), id)
		h.want(err, errs.Forbidden, "发起督导")
		paper, err := h.s.DraftFor(ctx, d, id)
		h.ok(err)
		again, err := h.s.DraftFor(ctx, d, id)
		h.want(err, errs.Conflict, "打开原稿")
		if again != paper {
			h.Errorf("%s, want the existing %s", again, paper)
		}
		in, err := h.s.Get(ctx, d, paper)
		h.ok(err)
		if strings.Contains(in.Document.Note, "张三丰") || !strings.Contains(in.Document.Note, "张") || in.RecordID != id {
			h.Errorf("%+v", in.Document.Note)
		}
		state := in.Document.Body[1].Table.Rows[6][1]
		if len(state) < 3 || state[2].Ref == "" && state[1].Ref == "" {
			h.Errorf("the present state: %+v", state)
		}
		if f := h.s.Findings(in); gongwen.Blocked(f) {
			h.Errorf("%+v", f)
		}
		h.ok(h.s.Submit(ctx, d, paper, in.Revision))
		h.ok(h.s.Approve(ctx, h.Approver(), paper, in.Revision+1, ""))
		_, err = h.s.DraftFor(ctx, d, id)
		h.want(err, errs.Conflict, "没有要起草的文书")
	})
}

// TestDraftForOthers: conclusion, talk, rectification and praise pass their own check.
func TestDraftForOthers(t *testing.T) {
	halls(t, func(h hall) {
		h.PackPlan(h.T)
		d, a := h.Dispatcher(), h.Approver()
		c := h.fedBack()
		talk := h.enter(d, "talk", "", values("name", "消费券发放滞后", "addressee", "civil", "called", "李四", "campaign", c, "matters", "说明原因", "date", "2026-07-10", "time", "09:00", "place", "市商务局", "attendees", "分管负责人"))
		h.ok(h.move(d, talk, "submit"))
		notice := h.enter(d, "rectification", "", values("name", "消费券台账", "addressee", "civil", "campaign", c, "basis", "督导结论", "check-method", "现场核查", "rights", "可以说明情况", "due", "2026-08-01"))
		h.enter(d, "rectification-problem", notice, values("problem", "三笔重复", "evidence", "台账", "requirement", "更正", "handler", "civil", "responsible", "王小明", "level", "蓝色", "due", "2026-07-20"))
		h.ok(h.move(d, notice, "submit"))
		blame := h.enter(d, "commendation", "", values("name", "消费券发放情况", "kind", "通报批评", "unit", "civil", "campaign", c, "facts", "进度落后", "verified", "是", "group", "市直部门", "caliber", "已核验台账", "cut-off", "2026-06-30"))
		h.ok(h.move(d, blame, "propose-criticism"))
		h.ok(h.move(a, blame, "approve"))
		for id, want := range map[string]string{c: "可在收到之日起30日内申请复核", talk: "约谈事项：说明原因", notice: "请逐项整改", blame: "通报批评"} {
			paper, err := h.s.DraftFor(ctx, d, id)
			h.ok(err)
			in, err := h.s.Get(ctx, d, paper)
			h.ok(err)
			text := matter.Text(in.Document.Body)
			if !strings.Contains(text, want) || strings.Contains(text, "通报表扬") || strings.Contains(text, "李四") {
				h.Error(text)
			}
			if f := h.s.Findings(in); gongwen.Blocked(f) {
				h.Errorf("%s: %+v", in.Title, f)
			}
		}
	})
}

// text is a small evidence file.
func text(kind string) register.File {
	const words = "发放清单：共 9 笔"
	return register.File{Kind: kind, Name: "发放清单.txt", Data: strings.NewReader(words), Size: int64(len(words))}
}

// TestPersonsInTables: a masked name is typed over where it stands in a table; sent
// back as it came, or empty, it leaves what is there.
func TestPersonsInTables(t *testing.T) {
	halls(t, func(h hall) {
		d := h.Dispatcher()
		in := h.drafted(h.rectification("civil"))
		persons := matter.Persons(in.Document.Body)
		if len(persons) != 2 || persons[0].Value != "王*" || !strings.Contains(persons[1].Row, "缺少领取人签字") {
			h.Fatalf("%+v", persons)
		}
		warned := func(in matter.Issue) (n int) {
			for _, f := range h.s.Findings(in) {
				if f.Rule == "masked" {
					n++
				}
			}
			return n
		}
		if warned(in) != 2 {
			h.Errorf("%+v", h.s.Findings(in))
		}
		edit := func(names ...string) matter.Issue {
			h.Helper()
			in, err := h.s.Get(ctx, d, in.ID)
			h.ok(err)
			h.ok(h.s.Edit(ctx, d, matter.Edit{ID: in.ID, Revision: in.Revision, Title: in.Title, Addressee: in.Document.Addressee, Note: in.Document.Note, Text: matter.Text(in.Document.Body), Persons: names}))
			in, err = h.s.Get(ctx, d, in.ID)
			h.ok(err)
			return in
		}
		for _, c := range []struct{ typed, want []string }{
			{[]string{"王*", "李大为"}, []string{"王*", "李大为"}},
			{[]string{"", " 李大为 "}, []string{"王*", "李大为"}},
			{nil, []string{"王*", "李大为"}},
			{[]string{"王小明", "李大为"}, []string{"王小明", "李大为"}},
		} {
			in := edit(c.typed...)
			for i, p := range matter.Persons(in.Document.Body) {
				if p.Value != c.want[i] {
					h.Errorf("%v: %s, want %s", c.typed, p.Value, c.want[i])
				}
			}
		}
		in, err := h.s.Get(ctx, d, in.ID)
		h.ok(err)
		if warned(in) != 0 {
			h.Errorf("%+v", h.s.Findings(in))
		}
	})
}

// TestApproverIsWrittenWhenASheetIsApproved: a sheet is drafted before anybody approved it.
func TestApproverIsWrittenWhenASheetIsApproved(t *testing.T) {
	halls(t, func(h hall) {
		d, a := h.Dispatcher(), h.Approver()
		id := h.enter(d, "supervision-sheet", "", sheet(h.task()))
		h.ok(h.move(d, id, "submit"))
		in := h.drafted(id)
		h.ok(h.s.Submit(ctx, d, in.ID, in.Revision))
		h.ok(h.s.Approve(ctx, a, in.ID, in.Revision+1, ""))
		in, err := h.s.Get(ctx, d, in.ID)
		h.ok(err)
		if text := words(in.Document); !strings.Contains(text, a.Name) || strings.Contains(text, "审批时填写") {
			h.Error(text)
		}
	})
}
