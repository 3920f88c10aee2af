package imports_test

import (
	"context"
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/imports"
	"bihuan/web/webtest"
)

// small is a document with what the pages must show: tasks, units known and
// unknown, a range, a promise, and text that would be markup.
const small = `聊城市2026年促进消费行动计划
聊商务字〔2026〕9号
一、重点任务
（一）培育消费品牌。全年新增山东老字号2—3家。培育一批网红<b>品牌</b>。（责任单位：市商务局、市梦想局）
（二）办好消费活动。举办促消费活动100场以上。组织企业参加展会。推动夜间经济发展。（责任单位：市文化和旅游局）
（三）建设便民设施。年底前建成社区托育驿站25家。（责任单位：市卫生健康委）
`

// site serves the pages of this area on SQLite.
func site(t *testing.T) *webtest.Site {
	t.Helper()
	return webtest.New(t, db.SQLite, func(f *frame.App, _ *app.App) { imports.Routes(f) })
}

// bring hands in a text and reads it; it returns the import's address.
func bring(t *testing.T, s *webtest.Site, c *webtest.Client, text string, pairs ...string) string {
	t.Helper()
	if len(pairs) == 0 {
		pairs = []string{"kind", "city"}
	}
	a := c.Upload("/imports/new", "file", "plan.txt", []byte(text), pairs...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("upload: %d %s", a.Status, a.Body)
	}
	if err := s.App.Plan.RunRead(context.Background(), strings.TrimPrefix(a.Location, "/imports/")); err != nil {
		t.Fatal(err)
	}
	return a.Location
}

func want(t *testing.T, a webtest.Answer, status int, texts ...string) {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %s", a.Status, status, plainText(a.Body))
	}
	for _, text := range texts {
		if !a.Has(text) {
			t.Errorf("the page lacks %q: %s", text, plainText(a.Body))
		}
	}
}

var (
	tag   = regexp.MustCompile(`(?s)<[^>]*>`)
	space = regexp.MustCompile(`\s+`)
)

func plainText(body string) string {
	_, main, found := strings.Cut(body, "<main")
	if !found {
		main = body
	}
	return space.ReplaceAllString(html.UnescapeString(tag.ReplaceAllString(main, "")), "")
}

func review(t *testing.T, s *webtest.Site, at string) plan.Review {
	t.Helper()
	lead := s.App.Pack.LeadUnit()
	p := org.Principal{ID: "looks", Name: "looks", UnitID: string(lead.ID), Roles: []org.Role{org.Approver}, Via: org.ViaPage}
	r, err := s.App.Plan.Review(context.Background(), p, strings.TrimPrefix(at, "/imports/"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhoMaySeeWhat(t *testing.T) {
	s := site(t)
	dispatcher := s.Dispatcher()
	parts := s.App.Pack.TerritoriesFor(city.CaliberZonesApart)
	at := bring(t, s, dispatcher, small)
	first, _ := s.App.Pack.Government(parts[0].ID)
	second, _ := s.App.Pack.Government(parts[1].ID)
	clerk := s.As("clerk", s.App.Pack.LeadUnit().ID, org.UnitClerk)
	county := s.As("county", first.ID, org.CountyClerk)
	neighbour := s.As("neighbour", second.ID, org.CountyClerk)
	leader := s.As("leader", "", org.Leader)

	paths := []string{"", "/info", "/items/t1", "/items/t1/split", "/add/task", "/log", "/compare", "/publish"}
	for _, p := range paths {
		if a := s.Nobody().Get(at + p); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/signin") {
			t.Errorf("nobody %q: %d %s", p, a.Status, a.Location)
		}
		for name, c := range map[string]*webtest.Client{"clerk": clerk, "county": county, "leader": leader} {
			if a := c.Get(at + p); a.Status != http.StatusForbidden {
				t.Errorf("%s %q: %d", name, p, a.Status)
			}
		}
		if a := dispatcher.Get("/imports/none" + p); a.Status != http.StatusNotFound {
			t.Errorf("unknown id %q: %d", p, a.Status)
		}
	}
	for _, p := range []string{"/info", "/items/t1", "/items/t1/split", "/items/t1/delete", "/add/task", "/undo", "/submit", "/discard", "/compare", "/compare/rest", "/publish", "/return"} {
		if a := clerk.Post(at+p, "revision", "0"); a.Status != http.StatusForbidden {
			t.Errorf("clerk posts %q: %d", p, a.Status)
		}
		if a := dispatcher.Post("/imports/none"+p, "revision", "0"); a.Status != http.StatusNotFound {
			t.Errorf("unknown id, post %q: %d", p, a.Status)
		}
	}
	for _, p := range []string{"/items/t99", "/items/t1.u9", "/items/t99/split", "/add/thing"} {
		if a := dispatcher.Get(at + p); a.Status != http.StatusNotFound {
			t.Errorf("%q: %d", p, a.Status)
		}
	}
	want(t, dispatcher.Post(at+"/items/t99/delete", "revision", "0"), http.StatusNotFound)
	want(t, dispatcher.Post(at+"/items/t1/burn", "revision", "0"), http.StatusNotFound)
	want(t, dispatcher.Get("/documents/none"), http.StatusNotFound)
	for _, c := range []*webtest.Client{clerk, leader} {
		want(t, c.Get("/imports"), http.StatusForbidden, "没有“导入计划”的权限")
		want(t, c.Get("/imports/new"), http.StatusForbidden)
		want(t, c.Upload("/imports/new", "file", "a.txt", []byte(small), "kind", "city"), http.StatusForbidden)
	}

	city := s.PackPlan()
	list := bring(t, s, county, small, "kind", "county", "territory", string(parts[0].ID), "parent", city)
	want(t, county.Get(list), http.StatusOK, "培育消费品牌", "对应市级任务")
	want(t, neighbour.Get(list), http.StatusForbidden)
	want(t, neighbour.Upload("/imports/new", "file", "a.txt", []byte(small), "kind", "county", "territory", string(parts[0].ID), "parent", city), http.StatusForbidden)
	if a := neighbour.Get("/imports"); a.Status != http.StatusOK || a.Has("促进消费行动计划") {
		t.Errorf("the neighbour sees the other county's list: %d", a.Status)
	}
}

func TestUploadIsCheckedAndKeepsTheInput(t *testing.T) {
	s := site(t)
	c := s.Dispatcher()
	territory := string(s.App.Pack.TerritoriesFor(city.CaliberZonesApart)[0].ID)
	want(t, c.Get("/imports"), http.StatusOK, "还没有导入文件", "/imports/new")
	want(t, c.Post("/imports/new", "kind", "city"), http.StatusUnprocessableEntity, "请选择文件")
	a := c.Upload("/imports/new", "file", "a.txt", []byte(small), "kind", "county", "territory", territory)
	want(t, a, http.StatusUnprocessableEntity, "请选择所属的市级总清单", "重新选择文件", `value="`+territory+`" selected`)
	want(t, c.Upload("/imports/new", "file", "a.txt", []byte(small), "kind", "county"), http.StatusUnprocessableEntity, "请选择县（市、区）或开发区")
	want(t, c.Upload("/imports/new", "file", "a.txt", []byte(small), "kind", "special"), http.StatusUnprocessableEntity, "请选择牵头部门")
	want(t, c.Upload("/imports/new", "file", "a.txt", nil, "kind", "city"), http.StatusUnprocessableEntity, "文件是空的")

	a = c.Upload("/imports/new", "file", "scan.pdf", []byte("%PDF-1.4 nothing in it"), "kind", "city")
	want(t, a, http.StatusSeeOther)
	at := a.Location
	waiting := c.Get(at)
	want(t, waiting, http.StatusOK, "正在识别")
	if waiting.Header.Get("Refresh") == "" {
		t.Error("the waiting page does not refresh itself")
	}
	if err := s.App.Plan.RunRead(context.Background(), strings.TrimPrefix(at, "/imports/")); err != nil {
		t.Fatal(err)
	}
	want(t, c.Get(at), http.StatusOK, "这份文件无法识别", "重新上传", "放弃这次导入")
	want(t, c.Post(at+"/discard"), http.StatusSeeOther)
	want(t, c.Get(at), http.StatusOK, "已放弃")
	want(t, c.Get(at+"/publish"), http.StatusConflict)
	want(t, c.Get("/imports?state=discarded"), http.StatusOK, "scan.pdf", "已放弃")
	want(t, c.Get("/imports?state=published"), http.StatusOK, "没有“已发布”的文件")
}

// The text is on the page to the last character, each mark leads to an item that
// is there, and each item to words that are there.
func TestReviewPairsTextAndItems(t *testing.T) {
	s := site(t)
	c := s.Dispatcher()
	for name, text := range map[string]string{"small": small, "pack": s.App.Pack.Documents[0].Text} {
		at := bring(t, s, c, text)
		a := c.Get(at)
		want(t, a, http.StatusOK)
		_, source, _ := strings.Cut(a.Body, "data-source")
		source, _, _ = strings.Cut(source, "</section>")
		source = regexp.MustCompile(`(?s)<a class="src-number".*?</a>`).ReplaceAllString(source, "")
		_, source, _ = strings.Cut(source, ">")
		got := space.ReplaceAllString(html.UnescapeString(tag.ReplaceAllString(source, "")), "")
		if whole := space.ReplaceAllString(text, ""); got != whole {
			t.Errorf("%s: the text is not the document's:\n%.300s\n%.300s", name, got, whole)
		}
		ids := map[string]bool{}
		for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(a.Body, -1) {
			if ids[m[1]] {
				t.Errorf("%s: id %s stands twice", name, m[1])
			}
			ids[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(a.Body, -1) {
			if !ids[m[1]] {
				t.Errorf("%s: nothing has the id %s", name, m[1])
			}
		}
		r := review(t, s, at)
		for _, task := range r.Draft.Tasks {
			if !ids["item-"+task.ID] || !ids["span-"+task.ID] {
				t.Errorf("%s: task %s is not on both sides", name, task.Title)
			}
			for _, g := range task.Targets {
				if !ids["item-"+g.ID] {
					t.Errorf("%s: target %s is missing", name, g.Pledge())
				}
			}
		}
		for _, bad := range []string{"<b>品牌", " style=", " onclick="} {
			if strings.Contains(a.Body, bad) {
				t.Errorf("%s: the page contains %q", name, bad)
			}
		}
	}
}

func TestReviewTellsWhatDeservesALook(t *testing.T) {
	s := site(t)
	c := s.Dispatcher()
	at := bring(t, s, c, small)
	want(t, c.Get(at), http.StatusOK, "市梦想局", "未识别", "尚未量化", "单位不在名录中", "?show=units")
	a := c.Get(at + "?show=units")
	want(t, a, http.StatusOK, `id="item-t1"`)
	if a.Has(`id="item-t2"`) {
		t.Error("a task without doubtful units is shown")
	}
	want(t, c.Get(at+"?show=out"), http.StatusOK, "没有符合条件的任务")
}

func TestCorrections(t *testing.T) {
	s := site(t)
	c := s.Dispatcher()
	at := bring(t, s, c, small)
	r := review(t, s, at)
	goal := r.Draft.Tasks[1].Targets[0]
	path := at + "/items/" + goal.ID
	want(t, c.Get(path), http.StatusOK, "编辑目标", "序时进度预览", "mark-focus")
	fields := func(revision, value string) []string {
		v := goal.Values()
		v["value"] = value
		pairs := []string{"revision", revision, "curve_kind", "stepped", "curve", "2026-06-30=40 2026-12-31=100"}
		for name, text := range v {
			if name != "curve" && name != "quote" {
				pairs = append(pairs, name, text)
			}
		}
		return pairs
	}
	want(t, c.Post(path, fields("0", "很多")...), http.StatusUnprocessableEntity, "不是数字", `value="很多"`)
	want(t, c.Post(path, append(fields("0", "4万"), "preview", "1")...), http.StatusOK, "目标 4万", "序时进度预览")
	if n := len(review(t, s, at).Corrections); n != 0 {
		t.Fatalf("a preview made %d corrections", n)
	}
	want(t, c.Post(path, fields("0", "4万")...), http.StatusSeeOther)
	want(t, c.Get(at), http.StatusOK, "4万", "分段到点", "识别为")
	want(t, c.Post(path, fields("0", "5万")...), http.StatusConflict, "已有别的更正", "保留在下面", `value="5万"`, `name="revision" value="1"`)
	want(t, c.Post(path, fields("1", "4万")...), http.StatusSeeOther) // nothing changed: no correction
	if n := len(review(t, s, at).Corrections); n != 1 {
		t.Fatalf("%d corrections", n)
	}
	want(t, c.Get(at+"/log"), http.StatusOK, "4万", "序时进度", "测试dispatcher")

	want(t, c.Post(at+"/items/t1.u2", "revision", "1", "name", "市梦想局", "role", "responsible", "as", "nobody", "learn", "1"), http.StatusUnprocessableEntity, "请选择单位名录中的单位")
	unit := string(s.App.Pack.LeadUnit().ID)
	a := c.Post(at+"/items/t1.u2", "revision", "1", "name", "市梦想局", "role", "support", "as", unit, "learn", "1")
	want(t, a, http.StatusSeeOther)
	r = review(t, s, at)
	if got := r.Resolved["市梦想局"]; len(got) != 1 || string(got[0]) != unit {
		t.Errorf("the spelling was not learned: %v", got)
	}
	want(t, c.Post(at+"/info", "revision", "2", "title", "", "year", "2026", "year_end", "2026"), http.StatusUnprocessableEntity, "不能为空")
	want(t, c.Post(at+"/info", "revision", "2", "title", "新的标题", "year", "2026", "year_end", "2026"), http.StatusSeeOther)
	want(t, c.Get(at), http.StatusOK, "新的标题")
}

func TestAddSplitMergeDeleteUndo(t *testing.T) {
	s := site(t)
	c := s.Dispatcher()
	at := bring(t, s, c, small)
	do := func(path string, pairs ...string) webtest.Answer {
		t.Helper()
		revision := strconv.Itoa(review(t, s, at).Revision)
		return c.Post(at+path, append([]string{"revision", revision}, pairs...)...)
	}
	count := func() int { r := review(t, s, at); return len(r.Draft.LiveTasks()) }
	was := count()

	want(t, c.Get(at+"/add/target?item=t2&text=促消费"), http.StatusOK, `value="促消费"`, "推动夜间经济发展")
	want(t, do("/add/unit", "item", "t2", "name", "", "role", "lead"), http.StatusUnprocessableEntity, "请填写单位名称")
	want(t, do("/add/unit", "item", "t2", "name", "市商务局", "role", "lead"), http.StatusSeeOther)
	want(t, do("/add/target", "item", "t2", "subject", "展会", "kind", "flow", "comparator", ">="), http.StatusUnprocessableEntity, "请填写目标值", `value="展会"`)
	want(t, do("/add/target", "item", "t2", "subject", "展会", "kind", "flow", "comparator", ">=", "value", "3", "unit", "场"), http.StatusSeeOther)
	want(t, do("/add/task", "item", "t1", "title", "补充的任务", "category", "项目", "section", "tasks"), http.StatusSeeOther)
	if n := count(); n != was+1 {
		t.Fatalf("%d tasks after adding one to %d", n, was)
	}
	want(t, c.Get(at), http.StatusOK, "补充的任务", "人工补充", "展会 ≥ 3场")
	want(t, c.Get(at+"/items/t2/split"), http.StatusOK, "组织企业参加展会", "推动夜间经济发展")
	want(t, do("/items/t2/split", "title", "发展夜间经济"), http.StatusUnprocessableEntity, "从哪一句开始", `value="发展夜间经济"`)
	cut := strconv.Itoa(strings.Index(review(t, s, at).Text, "推动夜间经济"))
	want(t, do("/items/t2/split", "at", cut, "title", ""), http.StatusUnprocessableEntity, "请填写拆出任务的名称")
	want(t, do("/items/t2/split", "at", cut, "title", "发展夜间经济"), http.StatusSeeOther)
	if n := count(); n != was+2 {
		t.Fatalf("%d tasks after the split", n)
	}
	want(t, do("/items/t3/merge"), http.StatusSeeOther)
	want(t, do("/items/t1/merge"), http.StatusUnprocessableEntity, "前面没有可以并入的任务")
	want(t, do("/items/t1/delete"), http.StatusSeeOther)
	want(t, c.Get(at+"?show=out"), http.StatusOK, "不列入清单", "恢复列入")
	if n := count(); n != was {
		t.Fatalf("%d tasks after merging and deleting", n)
	}
	want(t, do("/undo"), http.StatusSeeOther)
	want(t, do("/undo"), http.StatusSeeOther)
	if n := count(); n != was+2 {
		t.Fatalf("%d tasks after undoing two", n)
	}
	want(t, c.Post(at+"/undo", "revision", "0"), http.StatusConflict, "已有别的更正")
	want(t, c.Get(at+"/log"), http.StatusOK, "已撤销", "撤销第", "拆分", "并入上一项")
}

func TestSubmitReturnPublish(t *testing.T) {
	s := site(t)
	c := s.As("both", s.App.Pack.LeadUnit().ID, org.Dispatcher, org.Approver)
	approver := s.Approver()
	at := bring(t, s, c, small)
	want(t, approver.Get(at), http.StatusOK, "正在由经办人核对")
	want(t, approver.Get(at+"/items/t1"), http.StatusForbidden)
	want(t, c.Post(at+"/submit", "revision", "7"), http.StatusConflict, "已有别的更正")
	want(t, c.Post(at+"/submit", "revision", "0"), http.StatusSeeOther)
	want(t, c.Get(at+"/items/t1"), http.StatusConflict, "不能更正")
	want(t, c.Get(at+"/publish"), http.StatusOK, "提交人不能自己发布")
	want(t, c.Post(at+"/publish", "revision", "0"), http.StatusForbidden, "提交人不能自己发布")
	want(t, approver.Get(at+"/publish"), http.StatusOK, "退回理由", "培育消费品牌", "提交发布")
	want(t, approver.Post(at+"/return", "revision", "0", "reason", ""), http.StatusUnprocessableEntity, "请写明退回的理由")
	want(t, approver.Post(at+"/return", "revision", "0", "reason", "请核对单位"), http.StatusSeeOther)
	want(t, c.Get(at), http.StatusOK, "已退回修改", "请核对单位")
	want(t, approver.Post(at+"/publish", "revision", "0"), http.StatusConflict)

	// What was corrected after the approver looked is not published unseen.
	want(t, c.Post(at+"/items/t1/delete", "revision", "0"), http.StatusSeeOther)
	want(t, c.Post(at+"/submit", "revision", "1"), http.StatusSeeOther)
	want(t, approver.Post(at+"/publish", "revision", "0", "note", "同意"), http.StatusConflict, "已有更正", "同意")
	a := approver.Post(at+"/publish", "revision", "1", "note", "同意")
	want(t, a, http.StatusSeeOther)
	if !strings.HasPrefix(a.Location, "/plans/") {
		t.Errorf("led to %s", a.Location)
	}
	want(t, c.Get(at), http.StatusOK, "已发布", a.Location)
	want(t, approver.Post(at+"/publish", "revision", "1"), http.StatusConflict)
}

func TestNewVersionIsCompared(t *testing.T) {
	s := site(t)
	c := s.Dispatcher()
	city := s.PackPlan()
	text := strings.NewReplacer("25", "30", "1300", "1500").Replace(s.App.Pack.Documents[0].Text) + "\n"
	want(t, c.Get("/imports/new?plan="+city), http.StatusOK, `value="`+city+`" selected`)
	at := bring(t, s, c, text, "kind", "county", "plan", city) // the kind is the old list's
	r := review(t, s, at)
	open := plan.Undecided(r.Differences)
	if open < 2 {
		t.Fatalf("%d differences", open)
	}
	want(t, c.Get(at), http.StatusOK, "没有决定", "与原清单比较")
	want(t, c.Get(at+"/compare"), http.StatusOK, "按新文件修改", "保持原清单", "1500", "未变", "未决定")
	want(t, c.Post(at+"/compare", "revision", "9", "take", r.Differences[0].Key), http.StatusConflict, "已有别的更正")
	want(t, c.Post(at+"/compare", "revision", "0", "take", "gone|away"), http.StatusConflict, "已不存在")
	want(t, c.Post(at+"/compare", "revision", "0", "keep", r.Differences[0].Key+"#d1"), http.StatusSeeOther)
	want(t, c.Get(at+"/compare"), http.StatusOK, "已决定：保持原清单")
	want(t, c.Post(at+"/compare/rest", "revision", "1", "choice", "maybe"), http.StatusUnprocessableEntity, "请选择按新文件或保持原清单")
	want(t, c.Post(at+"/compare/rest", "revision", "1", "choice", "take"), http.StatusSeeOther)
	r = review(t, s, at)
	if plan.Undecided(r.Differences) != 0 || r.Revision != open {
		t.Errorf("%d open, revision %d", plan.Undecided(r.Differences), r.Revision)
	}
	want(t, c.Get(at+"/compare"), http.StatusOK, "所有差别都已决定")
	want(t, c.Get(at+"/log"), http.StatusOK, "新旧差别的决定", r.Differences[0].New.Title)
	want(t, c.Post(at+"/submit", "revision", strconv.Itoa(r.Revision)), http.StatusSeeOther)
	want(t, s.Approver().Get(at+"/publish"), http.StatusOK, "按新文件修改", "保持原清单")
}

func TestDocumentIsHandedOutSafely(t *testing.T) {
	s := site(t)
	c := s.Dispatcher()
	page := "<html><body><h1>计划</h1><script>alert(1)</script></body></html>"
	for _, f := range []struct{ name, data, kind, way string }{
		{"plan.txt", small, "text/plain", "inline"}, {"plan.html", page, "text/html", "attachment"}, {"x.txt", "\x00\x01\x02", "application/octet-stream", "attachment"},
	} {
		a := c.Upload("/imports/new", "file", f.name, []byte(f.data), "kind", "city")
		want(t, a, http.StatusSeeOther)
		page := c.Get(a.Location)
		m := regexp.MustCompile(`/documents/[^"]+`).FindString(page.Body)
		d := c.Get(m)
		want(t, d, http.StatusOK)
		h := d.Header
		if !strings.HasPrefix(h.Get("Content-Type"), f.kind) || !strings.HasPrefix(h.Get("Content-Disposition"), f.way) || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %v", f.name, h)
		}
		if d.Body != f.data {
			t.Errorf("%s: other bytes", f.name)
		}
	}
}
