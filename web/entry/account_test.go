package entry_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bihuan/org"
	"bihuan/web/webtest"
)

func TestOwedSecondFactor(t *testing.T) {
	s := site(t)
	c := s.Nobody()
	a := c.Post("/invitation/"+invited(t, s, "approver", org.Approver), "password", goodPassword, "again", goodPassword)
	if a.Location != "/account/duty" {
		t.Fatalf("%d %s", a.Status, a.Location)
	}
	if a = c.Get("/"); a.Location != "/account/duty" {
		t.Errorf("nothing else before the duty: %d %s", a.Status, a.Location)
	}
	want(t, c.Get("/account/duty"), http.StatusOK, "请先绑定动态口令")
	secret, recovery := enrol(t, s, c)
	if len(recovery) != 8 {
		t.Errorf("%d recovery codes", len(recovery))
	}
	if a = c.Get("/account/duty"); a.Location != "/" {
		t.Errorf("done: %d %s", a.Status, a.Location)
	}
	want(t, c.Get("/account/totp"), http.StatusOK, "还有 8 个恢复码", "不能解除")
	want(t, c.Post("/account/totp/remove"), http.StatusForbidden, "不能解除动态口令")

	s.Clock.Add(time.Minute)
	second := s.Nobody()
	step := second.Post("/signin", "login", "approver", "password", goodPassword, "next", "/tasks")
	want(t, step, http.StatusOK, "第二步：动态口令")
	challenge := hidden(t, step, "challenge")
	a = second.Post("/signin/code", "challenge", challenge, "code", "123456", "next", "/tasks")
	want(t, a, http.StatusUnauthorized, "动态口令不正确")
	if hidden(t, a, "challenge") != challenge {
		t.Error("the challenge stays good after a wrong code")
	}
	a = second.Post("/signin/code", "challenge", challenge, "code", code(t, secret, s.Clock.Now()), "next", "/tasks")
	if a.Location != "/tasks" {
		t.Fatalf("%d %s %s", a.Status, a.Location, text(a))
	}
	want(t, second.Post("/signin/code", "challenge", "gone", "code", "1"), http.StatusUnauthorized, "请重新登录")

	third := s.Nobody()
	step = third.Post("/signin", "login", "approver", "password", goodPassword)
	a = third.Post("/signin/code", "challenge", hidden(t, step, "challenge"), "code", recovery[0])
	if a.Status != http.StatusSeeOther {
		t.Fatalf("a recovery code: %d %s", a.Status, text(a))
	}
	want(t, third.Get("/account"), http.StatusOK, "还有 7 个恢复码")
}

func TestAccountPages(t *testing.T) {
	s := site(t)
	c := member(t, s, "wang", org.Dispatcher)
	want(t, c.Get("/account"), http.StatusOK, "测试wang", "138****5678", "调度员", "当前设备", "未绑定，去绑定")
	other := s.Nobody()
	other.Post("/signin", "login", "wang", "password", goodPassword)
	if a := c.Post("/account/sessions/end"); a.Location != "/account#sessions" {
		t.Errorf("%d %s", a.Status, a.Location)
	}
	if a := other.Get("/account"); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/signin") {
		t.Errorf("the other session should be over: %d %s", a.Status, a.Location)
	}
	want(t, c.Post("/account/sessions/none/end"), http.StatusNotFound)
	stranger := member(t, s, "zhao", org.Leader)
	ids := regexp.MustCompile(`/account/sessions/([0-9A-Za-z]+)/end`).FindStringSubmatch(c.Get("/account").Body)
	want(t, stranger.Post("/account/sessions/"+ids[1]+"/end"), http.StatusForbidden)
	want(t, c.Get("/account"), http.StatusOK)
	if a := c.Post("/account/sessions/" + ids[1] + "/end"); a.Location != "/signin" {
		t.Errorf("ending the own session signs out: %d %s", a.Status, a.Location)
	}
}

func TestChangePassword(t *testing.T) {
	s := site(t)
	c := member(t, s, "wang", org.Leader)
	for _, x := range []struct{ name, old, password, again, says, field string }{
		{"the present one is wrong", "x", otherPassword, otherPassword, "当前密码不正确", "old"},
		{"they differ", goodPassword, otherPassword, "x", "两次输入的密码不一致", "again"},
		{"too short", goodPassword, "Ab1-", "Ab1-", "密码至少", "password"},
		{"the same again", goodPassword, goodPassword, goodPassword, "不能与最近 5 次用过的密码相同", "password"},
	} {
		t.Run(x.name, func(t *testing.T) {
			a := c.Post("/account/password", "old", x.old, "password", x.password, "again", x.again)
			want(t, a, http.StatusUnprocessableEntity, x.says)
			if !a.Has(`href="#f-` + x.field + `"`) {
				t.Errorf("the message should lead to the field %q", x.field)
			}
		})
	}
	if a := c.Post("/account/password", "old", goodPassword, "password", otherPassword, "again", otherPassword); a.Location != "/account/duty" {
		t.Fatalf("%d %s", a.Status, text(a))
	}
	want(t, s.Nobody().Post("/signin", "login", "wang", "password", goodPassword), http.StatusUnauthorized)
	if a := s.Nobody().Post("/signin", "login", "wang", "password", otherPassword); a.Location != "/" {
		t.Errorf("%d %s", a.Status, a.Location)
	}
}

func TestOwedPassword(t *testing.T) {
	s := site(t)
	member(t, s, "wang", org.Leader)
	s.Clock.Add(s.App.Org.Policy().PasswordMaxAge)
	c := s.Nobody()
	if a := c.Post("/signin", "login", "wang", "password", goodPassword, "next", "/tasks"); a.Location != "/account/duty" {
		t.Fatalf("%d %s", a.Status, a.Location)
	}
	if a := c.Get("/account/duty"); a.Location != "/account/password" {
		t.Errorf("%d %s", a.Status, a.Location)
	}
	want(t, c.Get("/account/password"), http.StatusOK, "密码已到更换期限")
	c.Post("/account/password", "old", goodPassword, "password", otherPassword, "again", otherPassword)
	if a := c.Get("/account/duty"); a.Location != "/" {
		t.Errorf("%d %s", a.Status, a.Location)
	}
}

// later lets the confirmation grow old while the session stays alive.
func later(s *webtest.Site, c *webtest.Client) {
	for range 2 {
		s.Clock.Add(s.App.Org.Policy().ConfirmAge - 2*time.Minute)
		c.Get("/account")
	}
}

func TestTokensAndConfirmation(t *testing.T) {
	s := site(t)
	c := member(t, s, "wang", org.Dispatcher)
	want(t, c.Get("/account/tokens"), http.StatusOK, "还没有接口令牌")
	want(t, c.Post("/account/tokens", "name", "", "life", "90"), http.StatusUnprocessableEntity, "请写明用途")
	for _, life := range []string{"9999", "-1", "abc", "0", ""} {
		want(t, c.Post("/account/tokens", "name", "统计平台", "life", life), http.StatusUnprocessableEntity, "有效期最长 365 天")
	}
	later(s, c)
	ask := c.Post("/account/tokens", "name", "统计平台", "life", "90", "access", "write")
	want(t, ask, http.StatusForbidden, "请再次确认身份")
	if hidden(t, ask, "name") != "统计平台" || hidden(t, ask, "access") != "write" {
		t.Error("the unfinished act is not carried")
	}
	want(t, c.Post("/account/tokens", "name", "统计平台", "life", "90", "confirm_password", "x"), http.StatusUnprocessableEntity, "当前密码不正确")
	made := c.Post("/account/tokens", "name", "统计平台", "life", "90", "access", "write", "confirm_password", goodPassword)
	want(t, made, http.StatusOK, "令牌只显示这一次", "统计平台", "读写")
	secret := regexp.MustCompile(`bihuan_[0-9A-Za-z]+_[^"<]+`).FindString(made.Body)
	if p, err := s.App.Org.AuthenticateToken(t.Context(), secret, org.From{Address: "test"}); err != nil || p.ReadOnly {
		t.Errorf("%+v %v", p, err)
	}
	list := c.Get("/account/tokens")
	want(t, list, http.StatusOK, "统计平台", "有效")
	if list.Has(secret) {
		t.Error("the secret is shown again")
	}
	id := regexp.MustCompile(`/account/tokens/([0-9A-Za-z]+)/revoke`).FindStringSubmatch(list.Body)[1]
	want(t, member(t, s, "zhao", org.Leader).Post("/account/tokens/"+id+"/revoke"), http.StatusForbidden)
	if a := c.Post("/account/tokens/" + id + "/revoke"); a.Location != "/account/tokens" {
		t.Errorf("%d %s", a.Status, a.Location)
	}
	want(t, c.Post("/account/tokens/none/revoke"), http.StatusNotFound)
	want(t, c.Get("/account/tokens"), http.StatusOK, "已停用")
}

func TestConfirmationWithSecondFactor(t *testing.T) {
	s := site(t)
	c := member(t, s, "wang", org.Dispatcher)
	secret, _ := enrol(t, s, c)
	later(s, c)
	want(t, c.Post("/account/recovery"), http.StatusForbidden, "请再次确认身份", "动态口令")
	want(t, c.Post("/account/recovery", "confirm_password", goodPassword, "confirm_code", "000000"), http.StatusUnprocessableEntity, "动态口令不正确")
	want(t, c.Post("/account/recovery", "confirm_password", goodPassword, "confirm_code", code(t, secret, s.Clock.Now())), http.StatusOK, "恢复码只显示这一次")
	if a := c.Post("/account/totp/remove"); a.Location != "/account/totp" {
		t.Errorf("confirmed a moment ago: %d %s", a.Status, text(a))
	}
	want(t, c.Get("/account/totp"), http.StatusOK, "尚未绑定")
}

func TestRolesWithoutTokens(t *testing.T) {
	s := site(t)
	c := member(t, s, "leader", org.Leader)
	a := c.Get("/account/tokens")
	want(t, a, http.StatusOK, "您的角色不能创建接口令牌")
	if a.Has(`name="life"`) {
		t.Error("a form for what the person may not do")
	}
	want(t, c.Post("/account/tokens", "name", "x", "life", "1"), http.StatusForbidden)
}
