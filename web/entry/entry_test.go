package entry_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/webtest"
)

const (
	goodPassword  = "荷花Pond-7412"
	otherPassword = "石桥Lane-9630"
)

func site(t *testing.T) *webtest.Site {
	t.Helper()
	return webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		entry.Routes(f, a.Org)
		f.Handle("GET /{$}", func(c *frame.Ctx) error { return c.Render(http.StatusOK, nothing{}) })
	})
}

// nothing is an empty page behind the sign-in.
type nothing struct{}

func (nothing) Render(context.Context, io.Writer) error { return nil }

// invited makes an account with roles that waits for its password.
func invited(t *testing.T, s *webtest.Site, login string, roles ...org.Role) string {
	t.Helper()
	operator := org.CommandLine("test")
	inv, err := s.App.Org.CreatePerson(t.Context(), operator, org.PersonInput{Login: login, Name: "测试" + login, UnitID: string(s.App.Pack.LeadUnit().ID), Phone: "13800135678"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range roles {
		if err := s.App.Org.GrantRole(t.Context(), operator, inv.PersonID, r); err != nil {
			t.Fatal(err)
		}
	}
	return inv.Token
}

// member is somebody with a password who is signed in.
func member(t *testing.T, s *webtest.Site, login string, roles ...org.Role) *webtest.Client {
	t.Helper()
	c := s.Nobody()
	a := c.Post("/invitation/"+invited(t, s, login, roles...), "password", goodPassword, "again", goodPassword)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("accept the invitation: %d %s", a.Status, text(a))
	}
	return c
}

// text is the page's words, for messages.
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

// hidden reads a hidden field of the page.
func hidden(t *testing.T, a webtest.Answer, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatalf("no hidden field %q: %s", name, text(a))
	}
	return html.UnescapeString(m[1])
}

// code is what an authenticator shows for a secret at a moment (RFC 6238).
func code(t *testing.T, secret string, now time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	var msg [8]byte
	binary.BigEndian.PutUint64(msg[:], uint64(now.Unix()/30))
	mac := hmac.New(sha1.New, key)
	mac.Write(msg[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff%1_000_000)
}

// enrol binds an authenticator and returns its secret and the recovery codes.
func enrol(t *testing.T, s *webtest.Site, c *webtest.Client) (secret string, recovery []string) {
	t.Helper()
	a := c.Post("/account/totp/start")
	want(t, a, http.StatusOK, "一、用验证器扫码")
	if !a.Has(`src="data:image/svg+xml;base64,`) {
		t.Error("no QR picture")
	}
	m := regexp.MustCompile(`手工输入密钥：<code class="mono">([A-Z2-7 ]+)</code>`).FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatalf("no secret: %s", text(a))
	}
	pending := hidden(t, a, "pending")
	want(t, c.Post("/account/totp", "pending", pending, "code", "000000"), http.StatusUnprocessableEntity, "动态口令不正确")
	done := c.Post("/account/totp", "pending", pending, "code", code(t, m[1], s.Clock.Now()))
	want(t, done, http.StatusOK, "恢复码只显示这一次")
	for _, x := range regexp.MustCompile(`<li><code class="mono">([^<]+)</code>`).FindAllStringSubmatch(done.Body, -1) {
		recovery = append(recovery, x[1])
	}
	return m[1], recovery
}

func TestStrangersAreSentToSignIn(t *testing.T) {
	s := site(t)
	for _, path := range []string{"/account", "/account/password", "/account/totp", "/account/tokens", "/account/duty"} {
		a := s.Nobody().Get(path)
		if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/signin?next=%2Faccount") {
			t.Errorf("%s: %d %s", path, a.Status, a.Location)
		}
	}
	for _, path := range []string{"/account/password", "/account/totp/start", "/account/tokens", "/account/sessions/end", "/account/recovery"} {
		want(t, s.Nobody().Post(path), http.StatusUnauthorized, "请先登录")
	}
}

func TestSignIn(t *testing.T) {
	s := site(t)
	want(t, s.Nobody().Get("/signin"), http.StatusOK, "系统还没有管理员")
	s.As("boss", "", org.SysAdmin)
	want(t, s.Nobody().Get("/signin"), http.StatusOK, "登录名", "密码", "请联系系统管理员")
	member(t, s, "wang", org.Leader)

	c := s.Nobody()
	a := c.Post("/signin", "login", "wang", "password", "错误的密码")
	want(t, a, http.StatusUnauthorized, "登录名、密码或动态口令不正确")
	if !a.Has(`value="wang"`) || a.Has("错误的密码") {
		t.Error("the login should stay and the password should not")
	}
	for _, x := range []struct{ name, next, to string }{
		{"a page of ours", "/tasks?late=1", "/tasks?late=1"},
		{"another site", "https://evil.example/", "/"},
		{"another site without scheme", "//evil.example/", "/"},
		{"a backslash", `/\evil.example/`, "/"},
		{"none", "", "/"},
	} {
		t.Run(x.name, func(t *testing.T) {
			a := s.Nobody().Post("/signin", "login", "wang", "password", goodPassword, "next", x.next)
			if a.Status != http.StatusSeeOther || a.Location != x.to {
				t.Errorf("%d %s, want %s", a.Status, a.Location, x.to)
			}
		})
	}
	if a = c.Post("/signin", "login", "wang", "password", goodPassword); a.Location != "/" {
		t.Fatalf("%d %s", a.Status, a.Location)
	}
	if a = c.Get("/signin?next=/account"); a.Location != "/account" {
		t.Errorf("already signed in: %d %s", a.Status, a.Location)
	}
	if a = c.Post("/signout"); a.Location != "/signin" {
		t.Errorf("sign out: %d %s", a.Status, a.Location)
	}
	if a = c.Get("/account"); a.Status != http.StatusSeeOther {
		t.Errorf("after signing out: %d", a.Status)
	}
	if a = c.Post("/signout"); a.Location != "/signin" {
		t.Errorf("sign out twice: %d %s", a.Status, a.Location)
	}
}

func TestLockedSignIn(t *testing.T) {
	s := site(t)
	member(t, s, "wang", org.Leader)
	c := s.Nobody()
	for range s.App.Org.Policy().LockAfter {
		c.Post("/signin", "login", "wang", "password", "x")
	}
	want(t, c.Post("/signin", "login", "wang", "password", goodPassword), http.StatusTooManyRequests, "已锁定", "分钟后再试")
	for range s.App.Org.Policy().AddressBurst {
		c.Post("/signin", "login", "zhao", "password", "x")
	}
	want(t, c.Post("/signin", "login", "zhao", "password", "x"), http.StatusTooManyRequests, "尝试过于频繁")
}

func TestLoginLinkIsNotBurntByLooking(t *testing.T) {
	s := site(t)
	p := s.As("guest", "", org.Leader)
	token, err := s.App.Org.IssueLoginLink(t.Context(), org.CommandLine("test"), p.P.ID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	c := s.Nobody()
	for range 3 {
		want(t, c.Get("/login/"+token), http.StatusOK, "这个链接只能使用一次")
	}
	if a := c.Post("/login/" + token); a.Status != http.StatusSeeOther || a.Location != "/" {
		t.Fatalf("%d %s", a.Status, a.Location)
	}
	want(t, c.Get("/account"), http.StatusOK, "测试guest")
	want(t, s.Nobody().Post("/login/"+token), http.StatusNotFound, "链接已失效")
}

func setupForm(change ...string) []string {
	form := map[string]string{
		"sysadmin.login": "sys.zhang", "sysadmin.name": "张三", "secadmin.login": "sec.li", "secadmin.name": "李四",
		"auditadmin.login": "aud.wang", "auditadmin.name": "王五", "password": goodPassword, "again": goodPassword,
	}
	for i := 0; i+1 < len(change); i += 2 {
		form[change[i]] = change[i+1]
	}
	var pairs []string
	for k, v := range form {
		pairs = append(pairs, k, v)
	}
	return pairs
}

func TestSetup(t *testing.T) {
	s := site(t)
	var token string
	if err := s.App.DB.Write(t.Context(), func(tx *db.Tx) (err error) { token, err = s.App.Org.StartSetup(tx); return err }); err != nil {
		t.Fatal(err)
	}
	c := s.Nobody()
	want(t, c.Get("/setup/wrong"), http.StatusForbidden, "首次设置链接无效或已过期")
	want(t, c.Get("/setup/"+token), http.StatusOK, "系统管理员", "安全管理员", "审计管理员", "至少 10 个字符")
	for _, x := range []struct {
		name   string
		change []string
		says   string
	}{
		{"the passwords differ", []string{"again", otherPassword}, "两次输入的密码不一致"},
		{"a weak password", []string{"password", "abc", "again", "abc"}, "密码至少"},
		{"a bad login", []string{"secadmin.login", "李"}, "登录名为 3 至 32 个"},
		{"one name twice", []string{"secadmin.login", "sys.zhang"}, "登录名已被使用"},
		{"no name", []string{"auditadmin.name", ""}, "姓名为 2 至 30 个字"},
	} {
		t.Run(x.name, func(t *testing.T) {
			a := c.Post("/setup/"+token, setupForm(x.change...)...)
			want(t, a, http.StatusUnprocessableEntity, x.says)
			if !a.Has(`value="张三"`) || a.Has(goodPassword) {
				t.Error("what was typed should stay, passwords should not")
			}
		})
	}
	done := c.Post("/setup/"+token, setupForm()...)
	want(t, done, http.StatusOK, "下面的链接只显示这一次", "李四", "王五")
	links := regexp.MustCompile(`<code class="mono">http://[^/]+(/invitation/[^<]+)</code>`).FindAllStringSubmatch(done.Body, -1)
	if len(links) != 2 {
		t.Fatalf("%d links: %s", len(links), text(done))
	}
	if a := c.Get("/account"); a.Location != "/account/duty" {
		t.Errorf("the system administrator owes a second factor: %d %s", a.Status, a.Location)
	}
	want(t, s.Nobody().Get(links[0][1]), http.StatusOK, "李四，您好", "sec.li")
	want(t, s.Nobody().Get("/setup/"+token), http.StatusConflict, "系统已完成首次设置")
	want(t, s.Nobody().Post("/setup/"+token, setupForm()...), http.StatusConflict, "系统已完成首次设置")
}

func TestInvitation(t *testing.T) {
	s := site(t)
	token := invited(t, s, "chen", org.UnitClerk)
	c := s.Nobody()
	want(t, c.Get("/invitation/none"), http.StatusNotFound, "邀请链接无效、已使用或已过期")
	want(t, c.Get("/invitation/"+token), http.StatusOK, "测试chen，您好", "至少 10 个字符")
	want(t, c.Post("/invitation/"+token, "password", goodPassword, "again", "x"), http.StatusUnprocessableEntity, "两次输入的密码不一致")
	want(t, c.Post("/invitation/"+token, "password", "chen-Abc-1234", "again", "chen-Abc-1234"), http.StatusUnprocessableEntity, "密码不能包含登录名")
	if a := c.Post("/invitation/"+token, "password", goodPassword, "again", goodPassword); a.Location != "/" {
		t.Fatalf("%d %s", a.Status, a.Location)
	}
	want(t, s.Nobody().Get("/invitation/"+token), http.StatusNotFound, "请联系系统管理员重新邀请")
}

func TestLargeType(t *testing.T) {
	s := site(t)
	c := s.Nobody()
	if a := c.Post("/preferences/large", "on", "1", "return", "/help"); a.Location != "/help" {
		t.Errorf("%d %s", a.Status, a.Location)
	}
	if a := c.Get("/help"); !a.Has(`class="no-js large"`) {
		t.Error("the large type is not on")
	}
	if a := c.Post("/preferences/large", "on", "0", "return", "https://evil.example"); a.Location != "/" {
		t.Errorf("%d %s", a.Status, a.Location)
	}
	if a := c.Get("/help"); a.Has(`class="no-js large"`) {
		t.Error("the large type is still on")
	}
}

func TestHelp(t *testing.T) {
	s := site(t)
	want(t, s.Nobody().Get("/help"), http.StatusOK, "填报进展", "管理账号", "键盘快捷键", s.App.Pack.LeadUnit().Short)
	a := member(t, s, "wang", org.UnitClerk).Get("/help")
	want(t, a, http.StatusOK, "填报进展")
	if strings.Contains(text(a), "管理账号（系统管理员）") {
		t.Error("the guide of another role")
	}
}

func TestDevice(t *testing.T) {
	for _, x := range []struct{ agent, want string }{
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120 Safari/537.36 Edg/120", "Edge Windows"},
		{"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8", "微信 安卓"},
		{"curl/8.0", "curl/8.0"},
		{"", "未说明的设备"},
		{strings.Repeat("长", 40), strings.Repeat("长", 24) + "…"},
	} {
		if got := entry.Device(x.agent); got != x.want {
			t.Errorf("%q: %q, want %q", x.agent, got, x.want)
		}
	}
}
