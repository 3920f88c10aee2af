package matters_test

import (
	"net/http"
	"strings"
	"testing"

	"bihuan/app"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/matters"
	"bihuan/web/webtest"
)

func site(t *testing.T) *webtest.Site {
	t.Helper()
	s := webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) { matters.Routes(f, a.Matter, a.Register) })
	s.PackPlan()
	return s
}

func TestWhoMayCome(t *testing.T) {
	s := site(t)
	nobody, admin := s.Nobody(), s.As("sysadmin", "", org.SysAdmin)
	for _, path := range []string{"/matters", "/matters/rules", "/matters/proposals", "/matters/registers", "/matters/burden", "/matters/draft/x", "/matters/papers/x", "/matters/papers/x/edit", "/matters/papers/x/file", "/matters/archive?month=2026-06"} {
		if a := nobody.Get(path); a.Status != http.StatusSeeOther && a.Status != http.StatusUnauthorized {
			t.Errorf("nobody at %s: %d", path, a.Status)
		}
		if a := admin.Get(path); a.Status != http.StatusForbidden {
			t.Errorf("an administrator at %s: %d", path, a.Status)
		}
	}
	clerk := s.As("clerk", "civil", org.UnitClerk)
	if a := clerk.Get("/matters"); a.Status != http.StatusOK || a.Has(`id="bulletin"`) {
		t.Errorf("a clerk: %d", a.Status)
	}
	for _, part := range []string{"submit", "return", "discard", "approve", "edit"} {
		if a := clerk.Post("/matters/papers/x/"+part, "revision", "0"); a.Status != http.StatusForbidden {
			t.Errorf("a clerk at %s: %d", part, a.Status)
		}
	}
	if a := clerk.Post("/matters/bulletins", "period", "2026-06"); a.Status != http.StatusForbidden {
		t.Errorf("a clerk drafts: %d", a.Status)
	}
	dispatcher := s.Dispatcher()
	for _, path := range []string{"/matters/papers/x", "/matters/papers/x/edit", "/matters/papers/x/file"} {
		if a := dispatcher.Get(path); a.Status != http.StatusNotFound {
			t.Errorf("unknown %s: %d", path, a.Status)
		}
	}
	if a := dispatcher.Get("/matters/archive?month=june"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a month that is none: %d", a.Status)
	}
}

func TestFromDraftToIssue(t *testing.T) {
	s := site(t)
	dispatcher, approver := s.Dispatcher(), s.Approver()
	if a := dispatcher.Post("/matters/bulletins", "period", "2026-13"); a.Status != http.StatusUnprocessableEntity || !a.Has("2026-Q2") {
		t.Errorf("a bad period: %d", a.Status)
	}
	made := dispatcher.Post("/matters/bulletins", "period", "2026-06")
	if made.Status != http.StatusSeeOther || !strings.HasPrefix(made.Location, "/matters/papers/") {
		t.Fatalf("%d %s", made.Status, made.Location)
	}
	paper := made.Location
	if a := dispatcher.Get(paper); !a.Has("检查通过") || !a.Has(`href="/tasks?light=grey"`) || !a.Has("送审") {
		t.Errorf("the draft: %d", a.Status)
	}
	if a := dispatcher.Post("/matters/bulletins", "period", "2026-06"); a.Status != http.StatusConflict || !a.Has("已经起草") {
		t.Errorf("a second one: %d", a.Status)
	}
	// What was typed stays on the page that refuses it.
	if a := dispatcher.Post(paper+"/edit", "revision", "0", "title", "", "text", "共[9](/tasks)项"); a.Status != http.StatusUnprocessableEntity || !a.Has("请填写标题") || !a.Has("不能改写") || !a.Has("共[9](/tasks)项") {
		t.Errorf("a bad edit: %d", a.Status)
	}
	if a := dispatcher.Post(paper+"/submit", "revision", "7"); a.Status != http.StatusConflict || !a.Has("他人改过") {
		t.Errorf("an old revision: %d", a.Status)
	}
	if a := dispatcher.Post(paper+"/submit", "revision", "0"); a.Location != paper {
		t.Errorf("submit: %d", a.Status)
	}
	if a := approver.Get(paper); !a.Has("聊商务字〔2026〕8号") || !a.Has("退回修改") {
		t.Errorf("the approver's page: %d", a.Status)
	}
	if a := approver.Post(paper+"/return", "revision", "1", "reason", ""); a.Status != http.StatusUnprocessableEntity || !a.Has("写明退回的理由") {
		t.Errorf("return without reason: %d", a.Status)
	}
	if a := approver.Post(paper+"/approve", "revision", "1", "number", "聊商务字〔2026〕8号"); a.Location != paper {
		t.Errorf("approve: %d %s", a.Status, a.Body)
	}
	file := dispatcher.Get(paper + "/file")
	if file.Status != http.StatusOK || !strings.HasPrefix(file.Body, "PK") || file.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the file: %d %v", file.Status, file.Header)
	}
	if a := dispatcher.Get("/matters/archive?month=2026-07"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "PK") {
		t.Errorf("the archive: %d", a.Status)
	}
	if a := dispatcher.Get("/matters?state=issued&q=8号"); !a.Has("聊商务字〔2026〕8号") {
		t.Error("the list")
	}
	if a := dispatcher.Get("/matters?q=none"); !a.Has("没有符合条件的文书") {
		t.Error("an empty list")
	}
}

func TestTabs(t *testing.T) {
	s := site(t)
	dispatcher, clerk := s.Dispatcher(), s.As("clerk", "civil", org.UnitClerk)
	for path, want := range map[string]string{"/matters": "建议发单", "/matters/proposals": "是否发单由人决定", "/matters/registers": "没有记录", "/matters/burden": "系统从不统计"} {
		if a := dispatcher.Get(path); a.Status != http.StatusOK || !a.Has(want) {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := clerk.Get("/matters/proposals"); a.Status != http.StatusForbidden {
		t.Errorf("a clerk at the proposals: %d", a.Status)
	}
	if a := clerk.Get("/matters"); a.Has("/matters/proposals") {
		t.Error("a clerk is led to the proposals")
	}
	if a := s.As("auditor", "", org.Auditor).Get("/matters/burden"); a.Status != http.StatusOK {
		t.Errorf("an auditor: %d", a.Status)
	}
}

func TestDraftOfARecord(t *testing.T) {
	s := site(t)
	d, r := s.Dispatcher(), s.App.Register
	ctx := t.Context()
	id, err := r.Create(ctx, d.P, register.Draft{Register: "reminder-letter", Values: map[string]string{"name": "消费券发放", "addressee": "civil", "facts": "发放滞后", "standard": "计划要求按期发放", "request": "请加快", "due": "2026-07-20", "contact": "张三"}})
	if err != nil {
		t.Fatal(err)
	}
	if a := d.Get("/matters/draft/" + id); a.Status != http.StatusOK || !a.Has("还没有文书") || a.Has("起草提醒函") {
		t.Errorf("before: %d", a.Status)
	}
	if err := r.Move(ctx, d.P, register.Step{ID: id, Move: "submit"}); err != nil {
		t.Fatal(err)
	}
	if a := d.Get("/matters/draft/" + id); !a.Has("起草提醒函") {
		t.Error("the next document is not offered")
	}
	made := d.Post("/matters/draft/" + id)
	if made.Status != http.StatusSeeOther || !strings.HasPrefix(made.Location, "/matters/papers/") {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	if a := d.Post("/matters/draft/" + id); a.Location != made.Location {
		t.Errorf("a second time: %d %s", a.Status, a.Location)
	}
	if a := d.Get("/matters/draft/" + id); !a.Has("提醒函") || a.Has("起草提醒函") {
		t.Error("after")
	}
}

// A name that comes masked in a table is typed in the form; sent back as it came, it stays.
func TestNamesInTablesAreTyped(t *testing.T) {
	s := site(t)
	d, r, ctx := s.Dispatcher(), s.App.Register, t.Context()
	notice, err := r.Create(ctx, d.P, register.Draft{Register: "rectification", Values: map[string]string{"name": "台账", "addressee": "civil", "basis": "督导结论", "check-method": "现场核查", "rights": "可以说明情况", "due": "2026-08-01"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := r.Create(ctx, d.P, register.Draft{Register: "rectification-problem", Parent: notice, Values: map[string]string{"problem": "重复登记", "evidence": "台账", "requirement": "更正", "handler": "civil", "responsible": "王小明", "level": "蓝色", "due": "2026-07-20"}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Move(ctx, d.P, register.Step{ID: notice, Move: "submit"}); err != nil {
		t.Fatal(err)
	}
	paper := d.Post("/matters/draft/" + notice).Location
	if a := d.Get(paper + "/edit"); !a.Has(`name="person-0" value="王*"`) && !a.Has(`value="王*"`) || !a.Has(`name="person-1"`) || a.Has(`name="person-2"`) {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := d.Post(paper+"/edit", "revision", "0", "title", "关于台账整改的通知", "addressee", "聊城市民政局：", "note", "此件不予公开", "text", "存在2个问题。\n【表】\n请整改。", "person-0", "王小明", "person-1", "王*"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := d.Get(paper); !a.Has("王小明") || !a.Has("王*") || !a.Has("填写全名") {
		t.Errorf("%d", a.Status)
	}
}
