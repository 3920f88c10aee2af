package admin_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/web/admin"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/webtest"
)

func site(t *testing.T) *webtest.Site {
	t.Helper()
	return webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		entry.Routes(f, a.Org)
		admin.Routes(f, a)
	})
}

// office is a site with the three administrators and a clerk.
type office struct {
	*webtest.Site
	sys, sec, aud, clerk *webtest.Client
}

func newOffice(t *testing.T) office {
	t.Helper()
	s := site(t)
	return office{s, s.As("sysadmin", "", org.SysAdmin), s.As("secadmin", "", org.SecAdmin), s.As("auditadmin", "", org.AuditAdmin),
		s.As("clerk", s.App.Pack.LeadUnit().ID, org.UnitClerk)}
}

// text is the page's words.
func text(a webtest.Answer) string {
	s := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(a.Body, " ")
	return strings.Join(strings.Fields(html.UnescapeString(s)), " ")
}

// want checks status and texts of an answer.
func want(t *testing.T, a webtest.Answer, status int, texts ...string) {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %s", a.Status, status, text(a))
	}
	for _, x := range texts {
		if !strings.Contains(text(a), x) {
			t.Errorf("the page does not say %q: %s", x, text(a))
		}
	}
}

// without checks that a page does not hold something.
func without(t *testing.T, a webtest.Answer, parts ...string) {
	t.Helper()
	for _, x := range parts {
		if a.Has(x) {
			t.Errorf("the page should not hold %q", x)
		}
	}
}

// to checks that an answer leads on.
func to(t *testing.T, a webtest.Answer, location string) {
	t.Helper()
	if a.Status != http.StatusSeeOther || a.Location != location {
		t.Fatalf("%d %q, want %q: %s", a.Status, a.Location, location, text(a))
	}
}

func TestWhoMayOpenWhat(t *testing.T) {
	o := newOffice(t)
	clerk := "/admin/people/" + o.clerk.P.ID
	for _, x := range []struct {
		path                   string
		nobody                 bool
		sys, sec, audit, clerk int
	}{
		{path: "/admin/people", sys: 200, sec: 200, audit: 403, clerk: 403},
		{path: "/admin/people/new", sys: 200, sec: 403, audit: 403, clerk: 403},
		{path: clerk, sys: 200, sec: 200, audit: 403, clerk: 403},
		{path: clerk + "/edit", sys: 200, sec: 403, audit: 403, clerk: 403},
		{path: "/admin/permissions", sys: 200, sec: 200, audit: 200, clerk: 403},
		{path: "/admin/audit", sys: 403, sec: 403, audit: 200, clerk: 403},
		{path: "/admin/audit/1", sys: 403, sec: 403, audit: 200, clerk: 403},
		{path: "/admin/audit/verify", sys: 403, sec: 403, audit: 200, clerk: 403},
		{path: "/admin/audit/export", sys: 403, sec: 403, audit: 200, clerk: 403},
		{path: "/admin/system", sys: 200, sec: 403, audit: 403, clerk: 403},
		{path: "/admin/units", sys: 200, sec: 200, audit: 403, clerk: 403},
		{path: "/directory", sys: 200, sec: 200, audit: 200, clerk: 200},
	} {
		for name, c := range map[string]struct {
			client *webtest.Client
			status int
		}{"sysadmin": {o.sys, x.sys}, "secadmin": {o.sec, x.sec}, "auditadmin": {o.aud, x.audit}, "clerk": {o.clerk, x.clerk}} {
			if a := c.client.Get(x.path); a.Status != c.status {
				t.Errorf("%s for %s: %d, want %d: %s", x.path, name, a.Status, c.status, text(a))
			}
		}
		if a := o.Nobody().Get(x.path); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/signin") {
			t.Errorf("%s for nobody: %d %s", x.path, a.Status, a.Location)
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	o := newOffice(t)
	page := "/admin/people/" + o.As("target", "", org.Leader).P.ID
	for path, allowed := range map[string]*webtest.Client{
		"/admin/people": o.sys, page + "/edit": o.sys, page + "/disable": o.sys, page + "/unlock": o.sys, page + "/reinvite": o.sys, page + "/phone": o.sys,
		page + "/roles": o.sec, page + "/roles/revoke": o.sec, page + "/sessions/end": o.sec,
		"/admin/audit/verify": o.aud, "/admin/system/jobs/none/retry": o.sys,
	} {
		for name, c := range map[string]*webtest.Client{"sysadmin": o.sys, "secadmin": o.sec, "auditadmin": o.aud, "clerk": o.clerk} {
			if c != allowed {
				if a := c.Post(path); a.Status != http.StatusForbidden {
					t.Errorf("%s by %s: %d, want 403: %s", path, name, a.Status, text(a))
				}
			}
		}
		want(t, o.Nobody().Post(path), http.StatusUnauthorized)
	}
	want(t, o.clerk.Get("/account"), http.StatusOK)
}

func TestUnknown(t *testing.T) {
	o := newOffice(t)
	for path, c := range map[string]*webtest.Client{"/admin/people/none": o.sys, "/admin/people/none/edit": o.sys, "/admin/audit/999999": o.aud, "/admin/audit/x": o.aud, "/admin/audit/-1": o.aud, "/admin/audit/0": o.aud} {
		want(t, c.Get(path), http.StatusNotFound)
	}
	for path, c := range map[string]*webtest.Client{
		"/admin/people/none/edit": o.sys, "/admin/people/none/disable": o.sys, "/admin/people/none/reinvite": o.sys, "/admin/people/none/roles": o.sec,
		"/admin/people/none/sessions/end": o.sec, "/admin/people/none/sessions/none/end": o.sec, "/admin/people/none/tokens/none/revoke": o.sec, "/admin/system/jobs/none/retry": o.sys,
	} {
		want(t, c.Post(path, "name", "某人", "role", "leader"), http.StatusNotFound)
	}
}

func TestPeopleList(t *testing.T) {
	o := newOffice(t)
	lead := string(o.App.Pack.LeadUnit().ID)
	want(t, o.sys.Get("/admin/people"), http.StatusOK, "测试clerk", "测试secadmin", "新建账号")
	without(t, o.sec.Get("/admin/people"), "/admin/people/new")
	for _, x := range []struct{ query, has, hasNot string }{
		{"q=clerk", "测试clerk", "测试secadmin"},
		{"role=secadmin", "测试secadmin", "测试clerk"},
		{"unit=" + lead, "测试clerk", "测试secadmin"},
		{"state=disabled", "没有符合条件的人员", "测试clerk"},
		{"state=nonsense&role=nonsense", "没有符合条件的人员", "测试clerk"},
	} {
		a := o.sys.Get("/admin/people?" + x.query)
		want(t, a, http.StatusOK, x.has)
		without(t, a, x.hasNot)
	}
}

func TestPeoplePages(t *testing.T) {
	o := newOffice(t)
	operator := org.CommandLine("test")
	for i := range 50 {
		login := "many." + string(rune('a'+i/26)) + string(rune('a'+i%26))
		if _, err := o.App.Org.CreatePerson(t.Context(), operator, org.PersonInput{Login: login, Name: "多人" + login}); err != nil {
			t.Fatal(err)
		}
	}
	first := o.sys.Get("/admin/people?state=invited")
	if first.Has("下一页") {
		t.Error("fifty people fit on one page")
	}
	a := o.sys.Get("/admin/people")
	want(t, a, http.StatusOK, "下一页", "测试auditadmin")
	next := html.UnescapeString(regexp.MustCompile(`href="([^"]*after=[^"]*)"`).FindStringSubmatch(a.Body)[1])
	second := o.sys.Get(next)
	want(t, second, http.StatusOK, "上一页", "测试sysadmin")
	without(t, second, "测试auditadmin", "下一页")
}

func TestCreateAndEdit(t *testing.T) {
	o := newOffice(t)
	unit := string(o.App.Pack.LeadUnit().ID)
	bad := o.sys.Post("/admin/people", "login", "九", "name", "王", "unit", "none", "phone", "12")
	want(t, bad, http.StatusUnprocessableEntity, "登录名为 3 至 32 个", "姓名为 2 至 30 个字", "没有这个单位", "请填写 11 位手机号码")
	if !bad.Has(`value="九"`) {
		t.Error("what was typed is lost")
	}
	made := o.sys.Post("/admin/people", "login", "wang.fang", "name", "王芳", "unit", unit, "phone", "138 0013 5678")
	want(t, made, http.StatusOK, "下面的链接只显示这一次", "王芳")
	link := regexp.MustCompile(`http://[^/<"]+(/invitation/[^<"]+)`).FindStringSubmatch(made.Body)[1]
	want(t, o.Nobody().Get(link), http.StatusOK, "王芳，您好")
	page := regexp.MustCompile(`href="(/admin/people/[0-9A-Za-z]+)"`).FindStringSubmatch(made.Body)[1]
	seen := o.sys.Get(page)
	want(t, seen, http.StatusOK, "王芳", "138****5678", "待激活")
	without(t, seen, "13800135678", link)
	want(t, o.sys.Post("/admin/people", "login", "wang.fang", "name", "王芳"), http.StatusUnprocessableEntity, "登录名已被使用")

	want(t, o.sys.Get(page+"/edit"), http.StatusOK, "现为 138****5678，不修改请留空")
	want(t, o.sys.Post(page+"/edit", "name", "", "unit", unit), http.StatusUnprocessableEntity, "姓名为 2 至 30 个字", "现为 138****5678")
	to(t, o.sys.Post(page+"/edit", "name", "王小芳", "unit", ""), page)
	want(t, o.sys.Get(page), http.StatusOK, "王小芳", "138****5678")
	to(t, o.sys.Post(page+"/edit", "name", "王小芳", "clear_phone", "1"), page)
	without(t, o.sys.Get(page), "138****5678", "/phone")
	want(t, o.sys.Get("/admin/people?q=13800135678"), http.StatusOK, "没有符合条件的人员")
}

func TestRevealPhone(t *testing.T) {
	o := newOffice(t)
	inv, err := o.App.Org.CreatePerson(t.Context(), org.CommandLine("test"), org.PersonInput{Login: "wang", Name: "王芳", Phone: "13800135678"})
	if err != nil {
		t.Fatal(err)
	}
	page := "/admin/people/" + inv.PersonID
	want(t, o.sys.Post(page+"/phone", "reason", " "), http.StatusUnprocessableEntity, "请填写查看完整号码的理由")
	want(t, o.sys.Post(page+"/phone", "reason", "防汛值班通知"), http.StatusOK, "完整号码 13800135678")
	without(t, o.sys.Get(page), "13800135678")
	without(t, o.sec.Get(page), "13800135678", page+"/phone")
	want(t, o.aud.Get("/admin/audit?action=org.phone_reveal"), http.StatusOK, "查看完整号码", "防汛值班通知", "王芳")
}

func TestStates(t *testing.T) {
	o := newOffice(t)
	page := "/admin/people/" + o.clerk.P.ID
	to(t, o.sys.Post(page+"/disable"), page)
	want(t, o.sys.Get(page), http.StatusOK, "已停用", "重新邀请")
	if a := o.clerk.Get("/account"); a.Status != http.StatusSeeOther {
		t.Errorf("a disabled account still works: %d", a.Status)
	}
	want(t, o.sys.Post(page+"/disable"), http.StatusConflict, "账号已停用")
	want(t, o.sys.Post(page+"/unlock"), http.StatusConflict, "请重新邀请")
	want(t, o.sec.Post(page+"/roles", "role", "leader"), http.StatusConflict, "账号已停用")
	want(t, o.sys.Post(page+"/reinvite"), http.StatusOK, "已重新邀请", "/invitation/")
	want(t, o.sys.Get(page), http.StatusOK, "待激活")

	self := o.sys.Get("/admin/people/" + o.sys.P.ID)
	without(t, self, "/disable", "/reinvite")
	want(t, o.sys.Post("/admin/people/"+o.sys.P.ID+"/disable"), http.StatusForbidden, "不能对自己的账号办理此项")
	want(t, o.sys.Post("/admin/people/"+o.sec.P.ID+"/disable"), http.StatusConflict, "这是最后一位安全管理员")
}

func TestRoles(t *testing.T) {
	o := newOffice(t)
	page := "/admin/people/" + o.clerk.P.ID
	without(t, o.sys.Get(page), page+"/roles", page+"/sessions")
	to(t, o.sec.Post(page+"/roles", "role", "unit_head"), page+"#roles")
	want(t, o.sec.Get(page), http.StatusOK, "部门审核", "部门经办")
	refused := o.sec.Post(page+"/roles", "role", "sysadmin")
	want(t, refused, http.StatusConflict, "三员分立")
	if !refused.Has(`value="sysadmin" selected`) {
		t.Error("the chosen role is lost")
	}
	want(t, o.sec.Post(page+"/roles", "role", "operator"), http.StatusUnprocessableEntity, "没有可授予的角色")
	to(t, o.sec.Post(page+"/roles/revoke", "role", "unit_head"), page+"#roles")
	without(t, o.sec.Get(page), `value="unit_clerk" selected`)
	own := "/admin/people/" + o.sec.P.ID
	want(t, o.sec.Get(own), http.StatusOK, "不能给自己授予或收回角色")
	want(t, o.sec.Post(own+"/roles", "role", "leader"), http.StatusForbidden)
}

func TestSessionsOfOthers(t *testing.T) {
	o := newOffice(t)
	page := "/admin/people/" + o.clerk.P.ID
	a := o.sec.Get(page)
	end := regexp.MustCompile(page + `/sessions/[0-9A-Za-z]+/end`).FindString(a.Body)
	to(t, o.sec.Post(end), page+"#sessions")
	if a := o.clerk.Get("/account"); a.Status != http.StatusSeeOther {
		t.Errorf("the session still works: %d", a.Status)
	}
	want(t, o.sec.Get(page), http.StatusOK, "现在没有登录")
	to(t, o.sec.Post(page+"/sessions/end"), page+"#sessions")
}

func TestConfirmationIsAsked(t *testing.T) {
	o := newOffice(t)
	page := "/admin/people/" + o.clerk.P.ID
	for range 2 {
		o.Clock.Add(8 * time.Minute)
		o.sys.Get("/account")
		o.sec.Get("/account")
	}
	want(t, o.sys.Post(page+"/disable"), http.StatusForbidden, "请再次确认身份")
	ask := o.sec.Post(page+"/roles", "role", "unit_head")
	want(t, ask, http.StatusForbidden, "请再次确认身份")
	if !ask.Has(`name="role" value="unit_head"`) || !ask.Has(`action="`+page+`/roles"`) {
		t.Error("the act is not carried")
	}
	without(t, o.sec.Get(page), "部门审核</td>", "部门审核</a>")
}

func TestPermissionTable(t *testing.T) {
	o := newOffice(t)
	a := o.sec.Get("/admin/permissions")
	for _, r := range org.Roles() {
		want(t, a, http.StatusOK, r.Label)
	}
	for _, x := range org.Actions() {
		want(t, a, http.StatusOK, x.Label)
	}
}
