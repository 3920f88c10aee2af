package tasks_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/tasks"
	"bihuan/web/webtest"
)

// world is a site with the pack's plan and the people of one task.
type world struct {
	*webtest.Site
	t       *testing.T
	planID  string
	task    *supervise.TaskLight
	target  *supervise.TargetLight
	promise *supervise.TargetLight // in another task or the same
	clerk   *webtest.Client        // of the task's lead unit
	head    *webtest.Client
	other   *webtest.Client // clerk of a unit that has no part in the task
	county  *webtest.Client
	chief   *webtest.Client // head of the same county
	boss    *webtest.Client // approver
	place   city.TerritoryID
}

// newEmpty is a site without any plan.
func newEmpty(t *testing.T) *world {
	t.Helper()
	return &world{t: t, Site: webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		measuredBy(f, a)
		tasks.Routes(f)
	})}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOn(t, newEmpty(t).Site)
}

// newWorldOn fills a site with the plan and the people.
func newWorldOn(t *testing.T, site *webtest.Site) *world {
	t.Helper()
	w := &world{t: t, Site: site}
	w.planID = w.PackPlan()
	w.boss = w.Approver()
	for _, x := range w.board().Tasks {
		for i := range x.Targets {
			g := &x.Targets[i]
			if w.target == nil && g.Summable() && g.Value != nil && g.Comparator == read.Equal && x.LeadUnit != "" && w.stranger(x) != "" {
				w.task, w.target = x, g
			}
			if w.promise == nil && g.Kind == plan.Qualitative && x.LeadUnit != "" {
				w.promise = g
			}
		}
	}
	if w.target == nil || w.promise == nil {
		t.Fatal("the plan has no target with a number and no promise")
	}
	w.clerk = w.As("clerk", w.task.LeadUnit, org.UnitClerk)
	w.head = w.As("head", w.task.LeadUnit, org.UnitHead)
	w.other = w.As("other", w.stranger(w.task), org.UnitClerk)
	w.place = w.App.Pack.TerritoriesFor(city.CaliberZonesApart)[0].ID
	gov, _ := w.App.Pack.Government(w.place)
	w.county, w.chief = w.As("county", gov.ID, org.CountyClerk), w.As("chief", gov.ID, org.CountyHead)
	return w
}

// stranger is a unit that has no part in a task.
func (w *world) stranger(x *supervise.TaskLight) city.UnitID {
	for _, u := range w.App.Pack.Units {
		if !x.Concerns(u.ID) && !u.Kind.IsGovernment() {
			return u.ID
		}
	}
	return ""
}

func (w *world) board() *supervise.Board {
	w.t.Helper()
	b, err := w.App.Supervise.Board(context.Background(), w.boss.P)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// now reads the task anew.
func (w *world) now() *supervise.TaskLight { return w.board().Task(w.task.ID) }

func (w *world) revision() string { return fmt.Sprint(w.now().Revision) }

// reported stores a value by the clerk and returns its entry.
func (w *world) reported(value, asOf string) string {
	w.t.Helper()
	a := w.clerk.Upload("/targets/"+w.target.ID+"/report", "proof", "佐证.txt", []byte("佐证 "+value), "value", value, "as_of", asOf, "note", "说明")
	if a.Status != 303 {
		w.t.Fatalf("report: %d %s", a.Status, text(a.Body))
	}
	d, err := w.App.Plan.Task(context.Background(), w.boss.P, w.task.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, g := range d.Targets {
		if g.ID == w.target.ID {
			for _, e := range g.Entries {
				if e.AsOf == asOf && e.State == plan.EntryReported {
					return e.ID
				}
			}
		}
	}
	w.t.Fatal("the reported value is not there")
	return ""
}

// text is a page without its tags, for messages of failing tests.
func text(body string) string {
	var b strings.Builder
	for i, part := range strings.Split(body, "<") {
		if _, rest, ok := strings.Cut(part, ">"); ok && i > 0 {
			b.WriteString(" " + strings.TrimSpace(rest))
		}
	}
	s := strings.Join(strings.Fields(b.String()), " ")
	return s[:min(len(s), 1500)]
}

// wants checks status and texts of an answer.
func wants(t *testing.T, name string, a webtest.Answer, status int, texts ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: status %d, want %d: %s", name, a.Status, status, text(a.Body))
		return
	}
	for _, s := range texts {
		if !a.Has(s) {
			t.Errorf("%s: %q is missing in: %s", name, s, text(a.Body))
		}
	}
}

// gets are the addresses of all pages and forms.
func (w *world) gets() []string {
	task, target := "/tasks/"+w.task.ID, "/targets/"+w.target.ID
	return []string{"/tasks", "/tasks.xlsx", task, target, target + "/report", target + "/shares", "/targets/" + w.promise.ID + "/quantify",
		task + "/edit", task + "/sources/new", task + "/milestones/new", task + "/light", "/verify", "/report", "/search?q=x", "/plans", "/plans/" + w.planID}
}

func TestWhoMaySeeWhat(t *testing.T) {
	w := newWorld(t)
	nobody, admin := w.Nobody(), w.As("sysadmin", "", org.SysAdmin)
	third := w.As("third", w.stranger(w.board().Task(w.promise.TaskID)), org.UnitClerk)
	for _, a := range []webtest.Answer{third.Get("/targets/" + w.promise.ID + "/quantify"), third.Post("/targets/" + w.promise.ID + "/quantify")} {
		wants(t, "a promise of another unit", a, 403)
	}
	posts := []string{"/targets/" + w.target.ID + "/report", "/targets/" + w.target.ID + "/shares",
		"/tasks/" + w.task.ID + "/edit", "/tasks/" + w.task.ID + "/sources", "/tasks/" + w.task.ID + "/milestones", "/tasks/" + w.task.ID + "/light", "/tasks/" + w.task.ID + "/light/lift"}
	for _, path := range w.gets() {
		if a := nobody.Get(path); a.Status != 303 || !strings.HasPrefix(a.Location, "/signin") {
			t.Errorf("%s without a session: %d %s", path, a.Status, a.Location)
		}
		if a := admin.Get(path); a.Status != 403 {
			t.Errorf("%s by an administrator: %d", path, a.Status)
		}
	}
	for _, path := range posts {
		if a := nobody.Post(path); a.Status != 401 {
			t.Errorf("POST %s without a session: %d", path, a.Status)
		}
		if a := w.other.Post(path); a.Status != 403 {
			t.Errorf("POST %s by a clerk of another unit: %d %s", path, a.Status, text(a.Body))
		}
	}
	for _, path := range []string{"/targets/" + w.target.ID + "/report", "/targets/" + w.target.ID + "/shares", "/tasks/" + w.task.ID + "/edit", "/tasks/" + w.task.ID + "/milestones/new",
		"/tasks/" + w.task.ID + "/light", "/tasks/" + w.task.ID + "/sources/new", "/verify"} {
		if a := w.other.Get(path); a.Status != 403 {
			t.Errorf("GET %s by a clerk of another unit: %d", path, a.Status)
		}
	}
	// Everyone at work reads the list; only who may act sees the buttons.
	wants(t, "other's task page", w.other.Get("/tasks/"+w.task.ID), 200, w.task.Title)
	if a := w.other.Get("/tasks/" + w.task.ID); a.Has("/targets/"+w.target.ID+"/report") || a.Has("/milestones/new") || a.Has("/light\"") {
		t.Error("a clerk of another unit is offered what he may not do")
	}
	wants(t, "clerk's task page", w.clerk.Get("/tasks/"+w.task.ID), 200, "/targets/"+w.target.ID+"/report", "/milestones/new", "/targets/"+w.target.ID+"/shares")
	wants(t, "approver's task page", w.boss.Get("/tasks/"+w.task.ID), 200, "/tasks/"+w.task.ID+"/light")
}

func TestUnknownIDs(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/tasks/nothing", "/targets/nothing", "/targets/nothing/report", "/targets/nothing/shares", "/targets/nothing/quantify", "/plans/nothing",
		"/proofs/nothing", "/milestones/nothing/proof", "/tasks/nothing/edit", "/entries/nothing/return", "/tasks/" + w.task.ID + "/milestones/nothing/reach", "/tasks/%00"} {
		if a := w.clerk.Get(path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for _, path := range []string{"/entries/nothing/verify", "/entries/nothing/return", "/targets/nothing/report", "/tasks/nothing/light"} {
		if a := w.boss.Post(path); a.Status != 404 {
			t.Errorf("POST %s: %d", path, a.Status)
		}
	}
	if a := w.clerk.Get("/targets/" + w.target.ID); a.Status != 303 || a.Location != "/tasks/"+w.task.ID+"#item-"+w.target.ID {
		t.Errorf("target: %d %s", a.Status, a.Location)
	}
}

func TestReportVerifyReturnWithdraw(t *testing.T) {
	w := newWorld(t)
	report := "/targets/" + w.target.ID + "/report"
	wants(t, "form", w.clerk.Get(report), 200, w.target.Pledge(), "上次已核验", "还没有")
	bad := w.clerk.Upload(report, "other", "x.txt", []byte("x"), "value", "很多", "as_of", "2027-01-01", "note", "保留这句话")
	wants(t, "bad input", bad, 422, "不是数字", "截至日期不能晚于今天", "请附佐证材料", "保留这句话", `value="很多"`)
	wants(t, "bad kind of file", w.clerk.Upload(report, "proof", "a.exe", []byte("MZ\x90\x00\x03\x00\x00\x00"), "value", "3", "as_of", "2026-06-30"), 422, "重新选择佐证材料")

	id := w.reported("1", "2026-05-31")
	wants(t, "task page", w.clerk.Get("/tasks/"+w.task.ID), 200, "待核验", "/proofs/"+id, "/entries/"+id+"/withdraw")
	proof := w.head.Get("/proofs/" + id)
	wants(t, "proof", proof, 200, "佐证 1")
	if kind := proof.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || !strings.Contains(proof.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("proof is served as %q %q", kind, proof.Header.Get("Content-Security-Policy"))
	}
	wants(t, "own value", w.clerk.Post("/entries/"+id+"/verify"), 403)
	if a := w.head.Get("/verify"); !a.Has("/entries/"+id+"/verify") || !a.Has("/proofs/"+id) {
		t.Errorf("queue: %s", text(a.Body))
	}
	if a := w.chief.Get("/verify"); a.Status != 200 || a.Has(id) || !a.Has("没有等您核验的数") {
		t.Errorf("another's queue: %d %s", a.Status, text(a.Body))
	}
	wants(t, "return without a reason", w.head.Post("/entries/"+id+"/return", "reason", " "), 422, "请写明退回的理由")
	wants(t, "other returns", w.other.Get("/entries/"+id+"/return"), 403)
	if a := w.head.Post("/entries/"+id+"/return", "reason", "缺验收单", "return", "/verify"); a.Status != 303 || a.Location != "/verify" {
		t.Errorf("return: %d %s", a.Status, a.Location)
	}
	wants(t, "returned", w.clerk.Get("/tasks/"+w.task.ID), 200, "退回核实", "缺验收单", "退回进展")

	id = w.reported("1", "2026-05-31")
	if a := w.head.Post("/entries/"+id+"/verify", "return", "https://elsewhere.example/"); a.Status != 303 || !strings.HasPrefix(a.Location, "/tasks/") {
		t.Errorf("verify: %d %s", a.Status, a.Location)
	}
	wants(t, "again", w.head.Post("/entries/"+id+"/verify"), 409)
	second := w.reported("4", "2026-06-30")
	wants(t, "queue shows the jump", w.head.Get("/verify"), 200, "较上次 +300%", "截至 2026-05-31")
	if a := w.clerk.Post("/entries/"+second+"/withdraw", "reason", "写错了"); a.Status != 303 {
		t.Errorf("withdraw: %d %s", a.Status, text(a.Body))
	}
	wants(t, "withdrawn stays on record", w.head.Get("/tasks/"+w.task.ID), 200, "已撤回", "写错了")
}

// Who both reports and verifies is not offered to verify the own figure.
func TestNobodyIsOfferedTheOwnFigure(t *testing.T) {
	w := newWorld(t)
	w.clerk = w.As("both", w.task.LeadUnit, org.UnitClerk, org.UnitHead)
	id := w.reported("2", "2026-06-30")
	page := w.clerk.Get("/tasks/" + w.task.ID)
	if page.Has("/entries/"+id+"/verify") || !page.Has("/entries/"+id+"/withdraw") {
		t.Error("the reporter is offered to verify")
	}
	wants(t, "queue of the reporter", w.clerk.Get("/verify"), 200, "没有等您核验的数")
	wants(t, "another's page", w.head.Get("/tasks/"+w.task.ID), 200, "/entries/"+id+"/verify")
}

func TestSharesReportAndSilentCounties(t *testing.T) {
	w := newWorld(t)
	path := "/targets/" + w.target.ID + "/shares"
	wants(t, "form", w.clerk.Get(path), 200, "平均分", "按人口分", "合计 0")
	a := w.clerk.Post(path+"/check", "split", "even", "revision", w.revision())
	wants(t, "even", a, 200, "已平均分配", "正好")
	wants(t, "population", w.clerk.Post(path+"/check", "split", "population"), 200, "年人口", "正好")
	wants(t, "sum", w.clerk.Post(path+"/check", "split", "sum", string(w.place), "1"), 200, "合计 1", "还差")
	wants(t, "junk in the sum", w.clerk.Post(path+"/check", string(w.place), "几个"), 200, "无法合计")
	wants(t, "remainder needs words", w.clerk.Post(path, "revision", w.revision(), string(w.place), "1"), 422, "请说明差额")
	wants(t, "junk", w.clerk.Post(path, "revision", w.revision(), string(w.place), "几个"), 422, "不是数字")
	stale := w.clerk.Post(path, "revision", "0", string(w.place), "1", "note", "其余由市级承担")
	wants(t, "stale", stale, 409, "别人已改过", "其余由市级承担")
	if a := w.clerk.Post(path, "revision", w.revision(), string(w.place), "1", "note", "其余由市级承担"); a.Status != 303 {
		t.Fatalf("share out: %d %s", a.Status, text(a.Body))
	}
	page := w.county.Get("/tasks/" + w.task.ID)
	wants(t, "task page", page, 200, "县区分解", "差额说明", "/report?territory="+string(w.place))
	wants(t, "the lead no longer reports", w.clerk.Get("/targets/"+w.target.ID+"/report"), 403, "由承担的县")
	wants(t, "owed by the county", w.county.Get("/report"), 200, "territory="+string(w.place), "未报")
	if a := w.county.Upload("/targets/"+w.target.ID+"/report?territory="+string(w.place), "proof", "a.txt", []byte("佐证"), "value", "1", "as_of", "2026-06-30", "territory", string(w.place)); a.Status != 303 {
		t.Fatalf("county reports: %d %s", a.Status, text(a.Body))
	}
	wants(t, "county head's queue", w.chief.Get("/verify"), 200, w.task.Title)
	wants(t, "list by county", w.boss.Get("/tasks?county="+string(w.place)), 200, w.task.Title)
	wants(t, "pending", w.county.Get("/report?show=pending"), 200, w.target.Subject)
	wants(t, "nothing behind", w.county.Get("/report?show=behind"), 200, "这一类现在没有")
}

func TestMilestones(t *testing.T) {
	w := newWorld(t)
	base := "/tasks/" + w.task.ID
	wants(t, "bad milestone", w.clerk.Post(base+"/milestones", "revision", w.revision(), "name", "", "planned_on", "明天"), 422, "不能为空", "请填写计划日期")
	if a := w.clerk.Post(base+"/milestones", "revision", w.revision(), "name", "方案印发", "planned_on", "2026-06-01", "evidence", "印发文件"); a.Status != 303 {
		t.Fatalf("add: %d %s", a.Status, text(a.Body))
	}
	wants(t, "stale", w.clerk.Post(base+"/milestones", "revision", "1", "name", "又一个", "planned_on", "2026-06-01"), 409, "又一个")
	step := w.now().Steps[0].ID
	reach := base + "/milestones/" + step + "/reach"
	wants(t, "task page", w.clerk.Get(base), 200, "方案印发", reach, "逾期")
	wants(t, "owed", w.clerk.Get("/report"), 200, "方案印发")
	wants(t, "late without a reason", w.clerk.Upload(reach, "proof", "a.txt", []byte("文件"), "revision", w.revision(), "actual_on", "2026-06-20"), 422, "晚于计划日期")
	wants(t, "without proof", w.clerk.Post(reach, "revision", w.revision(), "actual_on", "2026-06-01"), 422, "要求佐证")
	if a := w.clerk.Upload(reach, "proof", "印发.txt", []byte("印发文件"), "revision", w.revision(), "actual_on", "2026-06-20", "slip_reason", "会签延后"); a.Status != 303 {
		t.Fatalf("reach: %d %s", a.Status, text(a.Body))
	}
	wants(t, "proof of a step", w.head.Get("/milestones/"+step+"/proof"), 200, "印发文件")
	verify := base + "/milestones/" + step + "/verify"
	wants(t, "queue", w.head.Get("/verify"), 200, "方案印发", "会签延后")
	wants(t, "return needs a reason", w.head.Post(verify, "revision", w.revision(), "decision", "return"), 422, "请写明退回的理由")
	if a := w.head.Post(verify, "revision", w.revision(), "decision", "accept"); a.Status != 303 {
		t.Fatalf("verify: %d %s", a.Status, text(a.Body))
	}
	wants(t, "done", w.clerk.Get(base), 200, "核验节点")
}

func TestEditSourceQuantifyLight(t *testing.T) {
	w := newWorld(t)
	base := "/tasks/" + w.task.ID
	long := strings.Repeat("长", 40)
	wants(t, "bad edit", w.clerk.Post(base+"/edit", "revision", w.revision(), "leader", long, "start_on", "2027-05-01"), 422, "最多 30 个字", "请从列表中选择", long)
	form := []string{"revision", w.revision(), "leader", "张三", "verification", "site", "report_cycle", "month", "openness", "open", "category", string(city.CategoryProject), "start_on", "2026-01-01"}
	if a := w.clerk.Post(base+"/edit", form...); a.Status != 303 {
		t.Fatalf("edit: %d %s", a.Status, text(a.Body))
	}
	wants(t, "stale edit keeps the input", w.clerk.Post(base+"/edit", form...), 409, "张三", "别人已改过")
	wants(t, "history in words", w.clerk.Get(base), 200, "修改办理信息", "现场核查", "张三")
	wants(t, "bad source", w.clerk.Post(base+"/sources", "revision", w.revision(), "kind", "x"), 422, "请从列表中选择", "不能为空")
	if a := w.clerk.Post(base+"/sources", "revision", w.revision(), "kind", "minutes", "title", "市政府第3次会议纪要"); a.Status != 303 {
		t.Fatalf("source: %d %s", a.Status, text(a.Body))
	}
	wants(t, "source", w.clerk.Get(base), 200, "市政府第3次会议纪要")

	owner := w.board().Task(w.promise.TaskID)
	lead := w.clerk
	if owner.LeadUnit != w.task.LeadUnit {
		lead = w.As("owner", owner.LeadUnit, org.UnitClerk)
	}
	q, rev := "/targets/"+w.promise.ID+"/quantify", fmt.Sprint(owner.Revision)
	wants(t, "quantify form", lead.Get(q), 200, "补充量化目标", w.promise.Subject)
	wants(t, "quantify badly", lead.Post(q, "revision", rev, "subject", "品牌", "kind", "flow", "comparator", "range", "value", "3", "value_max", "2", "unit", ""), 422, "上限应大于下限", "请填写计量单位")
	if a := lead.Post(q, "revision", rev, "subject", "品牌", "kind", "flow", "comparator", ">=", "value", "3", "unit", "个", "deadline", "2026-12-31"); a.Status != 303 {
		t.Fatalf("quantify: %d %s", a.Status, text(a.Body))
	}
	wants(t, "quantified", lead.Get("/tasks/"+owner.ID), 200, "品牌 ≥ 3个")

	wants(t, "clerk may not set lights", w.clerk.Get(base+"/light"), 403)
	wants(t, "light badly", w.boss.Post(base+"/light", "level", "grey", "reason", "", "until", "2027-12-31"), 422, "请选择灯色", "请写明理由", "失效日期")
	if a := w.boss.Post(base+"/light", "level", "blue", "reason", "验收材料已到", "until", "2026-07-31"); a.Status != 303 {
		t.Fatalf("light: %d %s", a.Status, text(a.Body))
	}
	wants(t, "both lights", w.clerk.Get(base), 200, "人工调整", "系统计算", "验收材料已到", "2026年7月31日")
	wants(t, "list shows it", w.clerk.Get("/tasks?light=blue"), 200, w.task.Title, "人工改判至")
	if a := w.boss.Post(base + "/light/lift"); a.Status != 303 {
		t.Fatalf("lift: %d", a.Status)
	}
	if a := w.clerk.Get(base); a.Has("人工调整") || !a.Has("取消改判") {
		t.Error("the light set by hand still shows")
	}
}
