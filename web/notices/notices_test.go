package notices_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/job"
	"bihuan/notice"
	"bihuan/org"
	"bihuan/web/assets"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/notices"
	"bihuan/web/ui"
	"bihuan/web/webtest"
)

// desk is a site with the administrator, two clerks of one unit and one of another.
type desk struct {
	*webtest.Site
	t                         *testing.T
	n                         *notice.Service
	unit                      city.UnitID
	sys, clerk, mate, another *webtest.Client
}

func newDesk(t *testing.T, set notice.Settings) *desk {
	t.Helper()
	d := &desk{t: t}
	d.Site = webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		var err error
		if d.n, err = notice.New(notice.Parts{DB: a.DB, Log: a.Log, Box: a.Keys, Pack: a.Pack, Calendar: a.Pack.Calendar, Settings: set}); err != nil {
			t.Fatal(err)
		}
		f.Mux.Handle("GET "+assets.Prefix, assets.Handler())
		for _, home := range []string{"GET /{$}", "GET /admin/people"} {
			f.Handle(home, func(c *frame.Ctx) error { c.Redirect("/notices", ui.Flash{}); return nil })
		}
		entry.Routes(f, a.Org)
		notices.Routes(f, d.n)
	})
	d.unit = d.App.Pack.LeadUnit().ID
	d.sys, d.clerk, d.mate = d.As("sysadmin", "", org.SysAdmin), d.As("clerk", d.unit, org.UnitClerk), d.As("mate", d.unit, org.UnitHead)
	d.another = d.As("another", d.App.Pack.Units[2].ID, org.UnitClerk)
	return d
}

func (d *desk) put(to notice.To, k notice.Kind, title string) {
	d.t.Helper()
	if err := d.App.DB.Write(d.t.Context(), func(tx *db.Tx) error {
		return notice.Put(tx, notice.Notice{To: to, Kind: k, Title: title, Body: "请尽快<b>办理</b>", URL: "/account", Key: title})
	}); err != nil {
		d.t.Fatal(err)
	}
}

func text(a webtest.Answer) string {
	s := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(a.Body, " ")
	return strings.Join(strings.Fields(html.UnescapeString(s)), " ")
}

func (d *desk) want(a webtest.Answer, status int, texts ...string) {
	d.t.Helper()
	if a.Status != status {
		d.t.Fatalf("status %d, want %d: %s", a.Status, status, text(a))
	}
	for _, x := range texts {
		if !strings.Contains(text(a), x) {
			d.t.Errorf("the page does not say %q: %s", x, text(a))
		}
	}
}

func (d *desk) without(a webtest.Answer, parts ...string) {
	d.t.Helper()
	for _, x := range parts {
		if a.Has(x) {
			d.t.Errorf("the page should not hold %q", x)
		}
	}
}

func (d *desk) to(a webtest.Answer, location string) {
	d.t.Helper()
	if a.Status != http.StatusSeeOther || a.Location != location {
		d.t.Fatalf("%d %q, want %q: %s", a.Status, a.Location, location, text(a))
	}
}

func TestInbox(t *testing.T) {
	d := newDesk(t, notice.Settings{})
	d.want(d.clerk.Get("/notices"), 200, "没有未读消息")
	d.put(notice.Unit(d.unit), notice.Urge, "快递进村逾期")
	d.put(notice.Person(d.clerk.P.ID), notice.Result, "进展已退回")
	page := d.clerk.Get("/notices")
	d.want(page, 200, "快递进村逾期", "进展已退回", "催办", "办理结果", "请尽快<b>办理</b>", "未读")
	d.without(page, "<b>办理")
	d.without(d.mate.Get("/notices"), "进展已退回")
	d.without(d.another.Get("/notices"), "快递进村逾期")
	d.want(d.clerk.Get("/notices?kind=result"), 200, "进展已退回", "类别：办理结果")
	d.without(d.clerk.Get("/notices?kind=result"), "快递进村逾期")

	open := regexp.MustCompile(`/notices/\d+/open`).FindAllString(page.Body, -1)
	if len(open) != 2 {
		t.Fatalf("%v", open)
	}
	d.to(d.clerk.Post(open[1]), "/account")
	d.without(d.clerk.Get("/notices"), "快递进村逾期")
	d.want(d.clerk.Get("/notices?show=all"), 200, "快递进村逾期", "已读")
	d.want(d.mate.Get("/notices"), 200, "快递进村逾期", "未读")
	d.want(d.another.Post(open[1]), 404)
	d.want(d.clerk.Post("/notices/x/open"), 404)

	upTo := regexp.MustCompile(`name="up_to" value="(\d+)"`).FindStringSubmatch(page.Body)[1]
	d.want(d.clerk.Post("/notices/read"), 422)
	d.to(d.clerk.Post("/notices/read", "up_to", upTo), "/notices")
	d.want(d.clerk.Get("/notices"), 200, "已全部标为已读", "没有未读消息")
	for _, a := range []webtest.Answer{d.Nobody().Get("/notices"), d.Nobody().Get("/admin/notices")} {
		if !strings.HasPrefix(a.Location, "/signin") {
			t.Errorf("nobody: %d %s", a.Status, a.Location)
		}
	}
	d.want(d.Nobody().Post("/notices/read", "up_to", "1"), 401)
}

func TestInboxPages(t *testing.T) {
	d := newDesk(t, notice.Settings{})
	for i := range 31 {
		d.put(notice.Unit(d.unit), notice.Todo, fmt.Sprintf("第%d件", i))
	}
	page := d.clerk.Get("/notices?show=all")
	d.want(page, 200, "第30件", "第1件", "下一页", "未读 31")
	d.without(page, "第0件")
	next := html.UnescapeString(regexp.MustCompile(`href="([^"]*before=[^"]*)"`).FindStringSubmatch(page.Body)[1])
	second := d.clerk.Get(next)
	d.want(second, 200, "第0件", "上一页")
	d.without(second, "第1件", "下一页", "up_to")
}

func TestOnlyTheAdministrator(t *testing.T) {
	d := newDesk(t, notice.Settings{})
	for _, path := range []string{"/admin/notices", "/admin/notices/log"} {
		d.want(d.clerk.Get(path), 403)
		d.want(d.sys.Get(path), 200)
	}
	unit := "/admin/notices/addresses/" + string(d.unit)
	for _, path := range []string{"/admin/notices/hooks", "/admin/notices/hooks/x/disable", "/admin/notices/hooks/x/test", unit + "/delete", unit + "/test"} {
		d.want(d.clerk.Post(path), 403)
		d.want(d.Nobody().Post(path), 401)
	}
	d.want(d.clerk.Post("/admin/notices/addresses", "unit", string(d.unit), "email", "a@b.cn"), 403)
	d.want(d.sys.Post("/admin/notices/hooks/x/disable"), 404)
	d.want(d.sys.Post("/admin/notices/hooks/x/test"), 404)
}

func TestAddressesPage(t *testing.T) {
	d := newDesk(t, notice.Settings{})
	d.want(d.sys.Get("/admin/notices"), 200, "未启用", "工作日 08:30", "还没有单位填写邮件地址", "还没有推送地址", "还没有发送过")
	bad := d.sys.Post("/admin/notices/addresses", "unit", string(d.unit), "email", "office")
	d.want(bad, 422, "请填写一个邮件地址")
	if !bad.Has(`value="office"`) {
		t.Error("what was typed is lost")
	}
	d.want(d.sys.Post("/admin/notices/addresses", "unit", "none", "email", ""), 422, "请填写邮件地址")
	d.to(d.sys.Post("/admin/notices/addresses", "unit", string(d.unit), "email", "office@sw.example.gov.cn"), "/admin/notices#addresses")
	page := d.sys.Get("/admin/notices")
	d.want(page, 200, "o***@sw.example.gov.cn", "邮件地址已保存")
	d.without(page, "office@sw")
	d.want(d.sys.Post("/admin/notices/addresses/"+string(d.unit)+"/test"), 409, "没有设置邮件服务器")
	d.to(d.sys.Post("/admin/notices/addresses/"+string(d.unit)+"/delete"), "/admin/notices#addresses")
	d.without(d.sys.Get("/admin/notices"), "o***@")
}

func TestHooksPage(t *testing.T) {
	remote := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	defer remote.Close()
	d := newDesk(t, notice.Settings{Webhook: notice.HookSetting{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}})
	bad := d.sys.Post("/admin/notices/hooks", "name", "协同办公", "url", "oa.example.cn", "unit", "")
	d.want(bad, 422, "请填写完整网址")
	if !bad.Has(`value="oa.example.cn"`) || !bad.Has(`value="协同办公"`) {
		t.Error("what was typed is lost")
	}
	made := d.sys.Post("/admin/notices/hooks", "name", "协同办公", "url", remote.URL+"/?key=abc", "unit", string(d.unit))
	d.want(made, 200, "只显示这一次", "协同办公", "5 分钟", "Bihuan-Signature")
	page := d.sys.Get("/admin/notices")
	d.want(page, 200, "协同办公", "使用中", "127.0.0.1/32")
	d.without(page, "key=abc")
	hook := regexp.MustCompile(`/admin/notices/hooks/[0-9a-z]{26}`).FindString(page.Body)
	d.to(d.sys.Post(hook+"/test"), "/admin/notices/log")
	d.want(d.sys.Get("/admin/notices/log"), 200, "试发", "推送：协同办公", "等待")
	r := job.NewRegistry()
	notice.Jobs(r, d.n)
	if _, err := job.NewRunner(d.App.DB, r, job.Config{}).RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.want(d.sys.Get("/admin/notices/log"), 200, "已发出", "对方应答 202")
	d.to(d.sys.Post(hook+"/disable"), "/admin/notices#hooks")
	d.want(d.sys.Get("/admin/notices"), 200, "已停用")
	d.want(d.sys.Post(hook+"/disable"), 409)
}
