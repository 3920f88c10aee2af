package web_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/supervise"
	"bihuan/web"
	"bihuan/web/webtest"
)

// TestWholeLoop walks the loop of supervision in a real browser, on each engine: a
// sheet is signed, answered and not passed; a rectification is planned, proven,
// checked again by others and crossed off; an objection is decided by somebody who
// did not make the conclusion; and every step stands in the history.
func TestWholeLoop(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) { wholeLoop(t, engine) })
	}
}

// loop is one run of the loop.
type loop struct {
	walk
	lead city.UnitID
}

func wholeLoop(t *testing.T, engine db.Engine) {
	ctx := context.Background()
	clock := dbtest.NewClock("2026-07-20T09:00:00+08:00")
	config := app.Config{Data: t.TempDir(), City: city.Names()[0], Now: clock.Now}
	if engine == db.PostgreSQL {
		config.DB = dbtest.DSN(t)
	}
	a, err := app.Open(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	h, err := web.New(a, web.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	w := loop{walk{t: t, a: a, b: webtest.NewBrowser(t, server.URL), links: map[string]string{}}, a.Pack.LeadUnit().ID}
	w.sheet(w.behind())
	w.campaign()
	w.rectification()
}

// behind publishes the pack's list and gives a task whose light is red.
func (w *loop) behind() string {
	w.t.Helper()
	ctx := context.Background()
	author := org.Principal{ID: "author", Name: "author", UnitID: string(w.lead), Roles: []org.Role{org.Dispatcher}, Via: org.ViaPage}
	second := author
	second.ID, second.Name, second.Roles = "second", "second", []org.Role{org.Approver}
	ok := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	doc := w.a.Pack.Documents[0]
	id, err := w.a.Plan.Import(ctx, author, plan.Upload{Name: doc.Title + ".txt", Kind: plan.KindCity, Data: strings.NewReader(doc.Text)})
	ok(err)
	ok(w.a.Plan.RunRead(ctx, id))
	r, err := w.a.Plan.Review(ctx, author, id)
	ok(err)
	ok(w.a.Plan.Submit(ctx, author, id, r.Revision))
	_, err = w.a.Plan.Publish(ctx, second, id, "")
	ok(err)
	board, err := w.a.Supervise.Board(ctx, author)
	ok(err)
	task := board.Tasks[0].ID
	ok(w.a.Supervise.SetLight(ctx, second, task, supervise.Red, "现场核查发现明显滞后", "2026-08-10"))
	return task
}

// enter makes a record as the person who is signed in, by the use case of the form.
func (w *loop) enter(id register.ID, parent string, values map[string]string) string {
	w.t.Helper()
	p := org.Principal{ID: "entrant", Name: "登记人", UnitID: string(w.lead), Roles: []org.Role{org.Dispatcher}, Via: org.ViaPage}
	if id == "objection" {
		p.UnitID, p.Roles = "civil", []org.Role{org.UnitClerk}
	}
	made, err := w.a.Register.Create(context.Background(), p, register.Draft{Register: id, Parent: parent, Values: values})
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// move makes one move on its page, with what the page asks for.
func (w *loop) move(id, move string, fill ...string) {
	w.t.Helper()
	w.b.Open("/records/" + id + "/moves/" + move)
	for i := 0; i+1 < len(fill); i += 2 {
		w.fill(fill[i], fill[i+1])
	}
	w.b.Click(`main form[action$="/moves/` + move + `"] button[type=submit], main form[action$="/moves/` + move + `"] button`)
	w.b.See("办理过程")
}

// fill types into a field of a record, or chooses one of its options.
func (w *loop) fill(name, value string) {
	w.t.Helper()
	if w.b.Eval(`String(!!document.querySelector('[name="v-`+name+`"][type=radio]'))`) == "true" {
		w.b.Click(`[name="v-` + name + `"][value="` + value + `"]`)
		return
	}
	w.b.Fill("v-"+name, value)
}

// issued drafts the document of a record and brings it to its number.
func (w *loop) issued(id, drafter, approver string) {
	w.t.Helper()
	w.as(drafter, w.lead, org.Dispatcher)
	w.b.Open("/matters/draft/" + id)
	w.b.Click(`form[action="/matters/draft/` + id + `"] button`)
	w.b.See("成文检查")
	paper := w.b.Eval("location.pathname")
	w.b.Click(`form[action$="/submit"] button`)
	w.b.Do("submitted", chromedp.WaitNotPresent(`form[action$="/submit"]`), chromedp.WaitReady("main h1"))
	w.b.See("待审批")
	w.as(approver, w.lead, org.Approver)
	w.b.Open(paper)
	w.b.Click(`form[action$="/approve"] button`)
	w.b.Confirm()
	w.b.See("已印发")
}

// campaign concludes, is objected to, and is reviewed by somebody else.
func (w *loop) campaign() {
	c := w.enter("campaign", "", map[string]string{"name": "消费券督导", "authority": "部门调度", "basis": "专题会议", "approver": "王五", "plan": "核对台账", "methods": "调阅复制资料", "object": "civil", "matter": "消费券发放", "start": "2026-07-01", "finish": "2026-08-01"})
	w.as("maker", w.lead, org.Dispatcher)
	w.move(c, "submit")
	w.as("decider", w.lead, org.Approver)
	w.move(c, "approve")
	w.as("concluder", w.lead, org.Dispatcher)
	w.move(c, "conclude", "conclusion", "发放落后。")
	w.move(c, "feed-back", "fed-back", "2026-07-20")
	o := w.enter("objection", "", map[string]string{"subject": "消费券督导结论", "campaign": c, "received": "2026-07-20", "grounds": "数字有误", "applied": "2026-07-20"})
	w.as("objector", "civil", org.UnitClerk)
	w.move(o, "apply")
	w.as("reviewer", w.lead, org.Dispatcher)
	w.move(o, "decide", "reviewer", "赵六", "decision", "维持", "reasons", "核对无误", "decided", "2026-07-20")
	w.issued(o, "review-drafter", "review-approver")
}

// rectification goes from its problem to the end of the notice.
func (w *loop) rectification() {
	n := w.enter("rectification", "", map[string]string{"name": "消费券台账", "addressee": "civil", "basis": "督导结论", "check-method": "现场核查", "rights": "可以说明情况", "due": "2026-08-20"})
	p := w.enter("rectification-problem", n, map[string]string{"problem": "三笔重复", "evidence": "台账", "requirement": "更正", "handler": "civil", "responsible": "王小明", "level": "蓝色", "due": "2026-08-10"})
	w.as("notice-maker", w.lead, org.Dispatcher)
	w.move(n, "submit")
	w.issued(n, "notice-drafter", "notice-approver")
	w.move(n, "issue")
	w.as("problem-maker", w.lead, org.Dispatcher)
	w.move(p, "issue")
	w.as("fixer", "civil", org.UnitHead)
	w.move(p, "sign")
	w.move(p, "file-plan", "plan", "逐笔核对")
	w.as("starter", w.lead, org.Dispatcher)
	w.move(p, "start")
	w.as("prover", "civil", org.UnitHead)
	w.move(p, "file-evidence", "result", "已更正", "result-kind", "文件资料")
	w.as("checker", w.lead, org.Dispatcher)
	w.move(p, "recheck", "method", "资料核查", "checkers", "赵六、钱七", "checked", "2026-07-20")
	w.move(p, "pass")
	w.issued(p, "end-drafter", "end-approver")
	w.move(p, "cross-off", "crossed", "2026-07-20")
	history := w.b.Text()
	for _, step := range []string{"签收", "报整改方案", "报整改结果", "已复核", "销号"} {
		if !strings.Contains(history, step) {
			w.t.Errorf("the history does not tell “%s”", step)
		}
	}
	w.as("closer", w.lead, org.Dispatcher)
	w.move(n, "close")
	w.b.See("办结")
}

// sheet is signed, answered with proof and not passed.
func (w *loop) sheet(task string) {
	id := w.enter("supervision-sheet", "", map[string]string{"matter": "消费券发放", "task": task, "level": "蓝色", "reason": "落后序时进度", "period": "2026-06", "addressee": "civil", "requirement": "加快发放", "present": "落后", "gap": "落后40%",
		"due": "2026-08-10", "form": "在系统中反馈", "contact": "张三", "otherwise": "升为黄色"})
	w.as("sheet-maker", w.lead, org.Dispatcher)
	w.move(id, "submit")
	w.issued(id, "sheet-drafter", "sheet-approver")
	w.move(id, "issue")
	w.as("signer", "civil", org.UnitHead)
	w.move(id, "sign")
	proof := filepath.Join(w.t.TempDir(), "发放清单.txt")
	if err := os.WriteFile(proof, []byte("发放清单：共 9 笔"), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.b.Open("/records/" + id + "/moves/answer")
	w.fill("reply", "已发放")
	w.b.Choose("p-result", proof)
	w.b.Click(`main form[action$="/moves/answer"] button`)
	w.b.See("办理过程")
	w.as("refuser", w.lead, org.Dispatcher)
	w.b.Open("/records/" + id + "/moves/fail")
	w.fill("method", "资料核查")
	w.fill("checkers", "赵六、钱七")
	w.b.Fill("reason", "清单不全")
	w.b.Click(`main form[action$="/moves/fail"] button`)
	w.b.See("办理过程")
	w.b.See("清单不全")
}
