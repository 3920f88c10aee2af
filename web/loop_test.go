package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
	"bihuan/web"
	"bihuan/web/webtest"
)

// TestWholeLoop walks one lag through the loop of supervision in a real browser, on
// each engine, each step by the person whose turn it is: a counted record leaves a
// target far behind its pace and the light turns red by computation; a sheet is
// proposed, drawn up, approved and signed; the feedback is not passed; the matter is
// looked into, the conclusion objected to and reviewed by others; a rectification is
// planned, proven, given back once, checked again and crossed off, and looked at again
// after ninety days; the month goes into an archive whose every hash is right.
func TestWholeLoop(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) { wholeLoop(t, engine) })
	}
}

// loop is one run of the loop.
type loop struct {
	walk
	clock *dbtest.Clock
	task  plan.Task // that lags
	dir   string    // for files to hand in
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
	w := loop{walk: walk{t: t, a: a, b: webtest.NewBrowser(t, server.URL), people: map[string]string{}}, clock: clock, dir: t.TempDir()}
	w.published()
	w.counted()
	w.red()
	sheet := w.sheet()
	campaign := w.campaign(sheet)
	objection := w.objection(campaign)
	notice, problem := w.rectification(sheet, campaign)
	w.clock.Add(95 * 24 * time.Hour)
	w.lookedAtAgain(problem)
	w.told(problem, "随通知下发", "签收", "报整改方案", "开始整改", "报整改结果", "退回补正", "照片没有日期", "已复核", "通过", "销号", "回头看", "未反弹")
	w.b.Open("/tasks/" + w.task.ID)
	for _, id := range []string{sheet, campaign, notice} {
		w.b.See(w.number(id))
	}
	w.told(sheet, "批准发单", "签收", "反馈", "复核不通过", "清单不全")
	w.told(objection, "提出申请", "作出决定")
	w.told(notice, "批准印发", "全部销号，办结")
	w.archived("2026-07", 5)
	w.sound()
	if wrong, n, err := a.Register.CheckTotals(ctx); err != nil || len(wrong) > 0 || n == 0 {
		t.Errorf("totals: %v of %d, %v", wrong, n, err)
	}
}

// The people of the loop: each acts under one name throughout.
func (w *loop) dispatcher() { w.as("dispatcher", w.a.Pack.LeadUnit().ID, org.Dispatcher) }
func (w *loop) approver()   { w.as("approver", w.a.Pack.LeadUnit().ID, org.Approver) }
func (w *loop) unit()       { w.as("handler", w.task.LeadUnit, org.UnitHead) }

// published brings the pack's plan into force.
func (w *loop) published() {
	w.t.Helper()
	ctx := context.Background()
	author := org.Principal{ID: "author", Name: "author", UnitID: string(w.a.Pack.LeadUnit().ID), Roles: []org.Role{org.Dispatcher}, Via: org.ViaPage}
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
	for _, task := range board.Tasks {
		for i := range task.Targets {
			if task.Territory == "" && task.Targets[i].Measure.Ref == "childcare-station/new" {
				w.task = task.Task
			}
		}
	}
	if w.task.ID == "" {
		w.t.Fatal("no task is measured by the register of childcare stations")
	}
}

// counted enters one station of the fifty promised: the county enters and checks,
// the lead unit verifies.
func (w *loop) counted() {
	w.t.Helper()
	d, _ := w.a.Register.Catalog().Get("childcare-station")
	w.as("county-clerk", "dongchangfu-gov", org.CountyClerk)
	w.b.Open("/registers/childcare-station/new")
	for _, x := range []struct{ name, value string }{{"name", "柳园托育驿站"}, {"community", "柳园社区"}, {"operator", "柳园托育有限公司"}, {"address", "东昌西路1号"}, {"area", "120"},
		{"places", "30"}, {"basis", "托育机构备案"}, {"inclusive", "是"}, {"opened", "2026-03-01"}, {"accepted", "2026-03-10"}} {
		w.fill(x.name, x.value)
	}
	w.b.Click(`[name="v-services"][value="全日托"]`)
	for _, kind := range d.Proof {
		if kind.Required {
			w.b.Choose("p-"+kind.ID, w.proof(kind.Label, kind.Photo))
		}
	}
	w.b.Click(`main form button[type=submit].btn-primary`)
	w.b.See("已登记")
	id := w.record()
	w.move(id, "claim")
	w.as("county-head", "dongchangfu-gov", org.CountyHead)
	w.move(id, "check")
	w.as("verifier", d.Lead, org.UnitHead)
	w.move(id, "verify")
	w.b.See("认定计数")
}

// red sees the light that the count alone has turned, and the records under it.
func (w *loop) red() {
	w.t.Helper()
	w.as("leader", "", org.Leader)
	w.b.Open("/tasks/" + w.task.ID)
	w.b.See("严重滞后")
	under := w.b.Eval(`[...document.querySelectorAll('main a[href*="count=new"]')].map(a => a.getAttribute("href"))[0] || ''`)
	if under == "" {
		w.t.Fatal("no number of the task leads to its records")
	}
	w.b.Open(under)
	w.b.See("柳园托育驿站")
}

// sheet is drawn up from the system's proposal, signed, answered and not passed.
func (w *loop) sheet() (id string) {
	w.t.Helper()
	w.dispatcher()
	w.b.Open("/matters/proposals")
	w.b.Open(w.b.Eval(`[...document.querySelectorAll('main a[href*="/registers/supervision-sheet/new"]')].map(a => a.getAttribute("href")).find(h => h.includes("` + w.task.ID + `")) || "/"`))
	w.filled("task", w.task.ID)
	w.filled("reason", "落后序时进度")
	w.filled("addressee", string(w.task.LeadUnit))
	id = w.enter("supervision-sheet", "gap", "差24个", "requirement", "月底前建成24个", "due", "2026-08-10", "form", "在系统中反馈", "contact", "张三 0635-1234567", "otherwise", "升为黄色")
	w.move(id, "submit")
	w.issued(id)
	w.approver()
	w.move(id, "issue")
	w.unit()
	w.b.Open("/todo")
	w.b.See(w.task.Title)
	w.move(id, "sign")
	w.b.Open("/records/" + id + "/moves/answer")
	w.fill("reply", "已建成二十四个")
	w.b.Choose("p-result", w.proof("建成清单", false))
	w.press("answer")
	w.dispatcher()
	w.b.Open("/records/" + id + "/moves/fail")
	w.fill("method", "现场核查")
	w.fill("checkers", "赵六、钱七")
	w.b.Fill("reason", "清单不全，实地只见一个")
	w.press("fail")
	return id
}

// campaign looks into what the failed sheet speaks of, concludes and tells the unit.
func (w *loop) campaign(sheet string) (id string) {
	w.t.Helper()
	w.dispatcher()
	w.b.Open("/registers/campaign/new")
	id = w.enter("campaign", "name", "托育驿站督导", "authority", "部门调度", "basis", w.number(sheet)+" 复核不通过", "approver", "王五", "plan", "核对台账和现场", "methods", "调阅复制资料",
		"object", string(w.task.LeadUnit), "matter", "托育驿站建设", "task", w.task.ID, "start", "2026-07-20", "finish", "2026-08-01")
	w.move(id, "submit")
	w.approver()
	w.move(id, "approve")
	w.dispatcher()
	w.move(id, "conclude", "conclusion", "建成一个，报称二十四个。")
	w.issued(id)
	w.dispatcher()
	w.move(id, "feed-back", "fed-back", "2026-07-20")
	return id
}

// objection is applied for by the unit and decided by somebody who did not conclude:
// who did is refused.
func (w *loop) objection(campaign string) (id string) {
	w.t.Helper()
	w.as("objector", w.task.LeadUnit, org.UnitClerk)
	w.b.Open("/registers/objection/new")
	id = w.enter("objection", "subject", "托育驿站督导结论", "campaign", campaign, "received", "2026-07-20", "grounds", "另有二十三个待验收", "applied", "2026-07-20")
	w.move(id, "apply")
	decision := []string{"reviewer", "孙八", "decision", "维持", "reasons", "未验收的不计", "decided", "2026-07-20"}
	w.dispatcher()
	w.refused(id, "decide", "应当回避", decision...)
	w.as("reviewer", w.a.Pack.LeadUnit().ID, org.Dispatcher)
	w.move(id, "decide", decision...)
	w.issued(id)
	return id
}

// rectification goes from its problem to the end of the notice.
func (w *loop) rectification(sheet, campaign string) (notice, problem string) {
	w.t.Helper()
	w.dispatcher()
	w.b.Open("/registers/rectification/new")
	notice = w.enter("rectification", "name", "托育驿站建设", "addressee", string(w.task.LeadUnit), "campaign", campaign, "task", w.task.ID, "basis", w.number(sheet)+" 复核不通过和督导结论", "check-method", "现场核查",
		"rights", "可以说明情况，收到结论之日起30日内可申请复核", "due", "2026-08-20")
	w.b.Open("/registers/rectification-problem/new?parent=" + notice)
	problem = w.enter("rectification-problem", "problem", "报称建成而未建成", "evidence", "现场核查记录", "requirement", "按实报送", "handler", string(w.task.LeadUnit), "responsible", "王小明", "level", "蓝色", "due", "2026-08-10")
	w.move(notice, "submit")
	w.issued(notice)
	w.approver()
	w.move(notice, "issue")
	w.dispatcher()
	w.move(problem, "issue")
	w.unit()
	w.move(problem, "sign")
	w.move(problem, "file-plan", "plan", "逐站核对")
	w.dispatcher()
	w.move(problem, "start")
	result := []string{"result", "已更正", "result-kind", "文件资料"}
	w.unit()
	w.move(problem, "file-evidence", result...)
	w.dispatcher()
	w.b.Open("/records/" + problem + "/moves/return")
	w.b.Fill("reason", "照片没有日期")
	w.press("return")
	w.unit()
	w.move(problem, "file-evidence", result...)
	w.as("reviewer", w.a.Pack.LeadUnit().ID, org.Dispatcher)
	w.move(problem, "recheck", "method", "现场核查", "checkers", "赵六、钱七", "checked", "2026-07-20")
	w.refused(notice, "close", "尚未销号")
	w.move(problem, "pass")
	w.issued(problem)
	w.approver()
	w.move(problem, "cross-off", "crossed", "2026-07-20")
	w.dispatcher()
	w.refused(problem, "look-back", "90 天以后")
	w.move(notice, "close")
	w.b.See("办结")
	return notice, problem
}

// lookedAtAgain finds after three months that the problem has not come back.
func (w *loop) lookedAtAgain(problem string) {
	w.t.Helper()
	w.dispatcher()
	w.move(problem, "look-back")
	w.move(problem, "holds", "looked-back", "未反弹")
	w.b.See("回头看合格")
}

// enter fills the form of a new record that is open in the browser and sends it.
func (w *loop) enter(id register.ID, fill ...string) (record string) {
	w.t.Helper()
	for i := 0; i+1 < len(fill); i += 2 {
		w.fill(fill[i], fill[i+1])
	}
	w.b.Click(`main form[action^="/registers/` + string(id) + `/new"] button.btn-primary`)
	w.b.See("已登记")
	return w.record()
}

// record is the id of the record that is open.
func (w *loop) record() string {
	return strings.TrimPrefix(w.b.Eval("location.pathname"), "/records/")
}

// number is what people call a record by.
func (w *loop) number(id string) string {
	w.t.Helper()
	v, err := w.a.Register.Get(context.Background(), org.Job("test"), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return v.No
}

// move makes one move on its page, with what the page asks for.
func (w *loop) move(id, move string, fill ...string) {
	w.t.Helper()
	w.try(id, move, fill...)
	w.b.See("办理过程")
}

// refused makes a move that a rule forbids, and reads why.
func (w *loop) refused(id, move, why string, fill ...string) {
	w.t.Helper()
	w.try(id, move, fill...)
	w.b.See(why)
	if strings.Contains(w.b.Text(), "办理过程") {
		w.t.Errorf("the move %s was not refused", move)
	}
}

func (w *loop) try(id, move string, fill ...string) {
	w.t.Helper()
	w.b.Open("/records/" + id + "/moves/" + move)
	for i := 0; i+1 < len(fill); i += 2 {
		w.fill(fill[i], fill[i+1])
	}
	w.b.Click(`main form[action$="/moves/` + move + `"] button[type=submit], main form[action$="/moves/` + move + `"] button`)
}

// press sends the form of a move.
func (w *loop) press(move string) {
	w.t.Helper()
	w.b.Click(`main form[action$="/moves/` + move + `"] button`)
	w.b.See("办理过程")
}

// fill types into a field of a record, or chooses among its options.
func (w *loop) fill(name, value string) {
	w.t.Helper()
	if w.b.Eval(`String(!!document.querySelector('[name="v-`+name+`"]:is([type=radio],[type=checkbox])[value="`+value+`"]'))`) == "true" {
		w.b.Click(`[name="v-` + name + `"][value="` + value + `"]`)
		return
	}
	w.b.Fill("v-"+name, value)
	w.filled(name, value)
}

// filled looks at what a field holds.
func (w *loop) filled(name, want string) {
	w.t.Helper()
	if got := w.b.Eval(`document.querySelector('[name="v-` + name + `"]:checked, select[name="v-` + name + `"], [name="v-` + name + `"]')?.value || ""`); got != want {
		w.t.Errorf("field %s holds %q, not %q", name, got, want)
	}
}

// proof makes a file to hand in.
func (w *loop) proof(name string, photo bool) string {
	w.t.Helper()
	path, data := filepath.Join(w.dir, name+".txt"), []byte(name+"：共 1 份")
	if photo {
		picture := image.NewGray(image.Rect(0, 0, 64, 48))
		picture.Set(len(name)%64, 7, color.White)
		var b bytes.Buffer
		if err := png.Encode(&b, picture); err != nil {
			w.t.Fatal(err)
		}
		path, data = filepath.Join(w.dir, name+".png"), b.Bytes()
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

// issued drafts the document of a record and brings it to its number.
func (w *loop) issued(id string) {
	w.t.Helper()
	w.dispatcher()
	w.b.Open("/matters/draft/" + id)
	w.b.Click(`form[action="/matters/draft/` + id + `"] button`)
	w.b.See("成文检查")
	paper := w.b.Eval("location.pathname")
	w.b.Click(`form[action$="/submit"] button`)
	w.b.Do("submitted", chromedp.WaitNotPresent(`form[action$="/submit"]`), chromedp.WaitReady("main h1"))
	w.b.See("待审批")
	w.approver()
	w.b.Open(paper)
	w.b.Click(`form[action$="/approve"] button`)
	w.b.Confirm()
	w.b.See("已印发")
}

// told reads the history of a record for its steps.
func (w *loop) told(id string, steps ...string) {
	w.t.Helper()
	w.b.Open("/records/" + id)
	history := w.b.Text()
	for _, step := range steps {
		if !strings.Contains(history, step) {
			w.t.Errorf("the history of %s does not tell “%s”", w.number(id), step)
		}
	}
}

// archived fetches the archive of a month and checks each file against its manifest.
func (w *loop) archived(month string, papers int) {
	w.t.Helper()
	w.b.Open("/matters")
	link := w.b.Eval(`[...document.querySelectorAll('main a[href^="/matters/archive"], main form[action="/matters/archive"]')].map(e => e.getAttribute("href") || e.getAttribute("action"))[0] || ""`)
	if link == "" {
		w.t.Fatal("the page of supervision leads to no archive")
	}
	w.b.Fetch("/matters/archive?month="+month, func(encoded string) {
		data, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			w.t.Fatalf("%v: %s", err, encoded)
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			w.t.Fatal(err)
		}
		read := func(name string) []byte {
			f, err := z.Open(name)
			if err != nil {
				w.t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			b, err := io.ReadAll(f)
			if err != nil {
				w.t.Fatal(err)
			}
			return b
		}
		var m matter.Manifest
		if err := json.Unmarshal(read(matter.ManifestName), &m); err != nil {
			w.t.Fatal(err)
		}
		numbered := 0
		for _, f := range m.Files {
			if sum := sha256.Sum256(read(f.Name)); hex.EncodeToString(sum[:]) != f.SHA256 {
				w.t.Errorf("the hash of %s is wrong", f.Name)
			}
			if f.Number != "" {
				numbered++
			}
		}
		if numbered != papers {
			w.t.Errorf("%d documents in the archive, not %d: %+v", numbered, papers, m.Files)
		}
	})
}
