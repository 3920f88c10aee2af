package frame

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/ui"
)

// Ctx is one request on its way through a page.
type Ctx struct {
	W   http.ResponseWriter
	R   *http.Request
	App *App
	P   org.Principal // who asks; the zero value on open pages without a session

	bookOf *org.Scope // see BookOf
	wrote  bool
	files  []multipart.File
}

const (
	sessionCookie = "bihuan_session"
	flashCookie   = "bihuan_flash"
	largeCookie   = "bihuan_large"
)

// authenticate finds out who asks. On open pages nobody is fine.
func (c *Ctx) authenticate(needed bool) error {
	cookie, err := c.R.Cookie(c.cookieName(sessionCookie))
	if err != nil {
		if needed {
			return errs.New(errs.Unauthenticated, "请先登录")
		}
		return nil
	}
	p, err := c.App.People.Authenticate(c.R.Context(), cookie.Value, c.R.Header.Get("X-Passive") != "")
	if err != nil {
		if !needed && errs.Is(err, errs.Unauthenticated) {
			return nil
		}
		return err
	}
	c.P = p
	if needed && p.Owes != org.DutyNone && !strings.HasPrefix(c.R.URL.Path, "/account") && c.R.URL.Path != "/signout" {
		c.Redirect("/account/duty", ui.Flash{})
		return errAnswered
	}
	return nil
}

// errAnswered ends a request that has been answered already.
var errAnswered = errs.New(errs.Conflict, "answered")

// cookieName binds cookies to this host and to TLS where there is TLS.
func (c *Ctx) cookieName(name string) string {
	if c.App.Secure {
		return "__Host-" + name
	}
	return name
}

func (c *Ctx) setCookie(name, value string, maxAge int) {
	http.SetCookie(c.W, &http.Cookie{Name: c.cookieName(name), Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: c.App.Secure, SameSite: http.SameSiteLaxMode})
}

// StartSession gives the browser a session token.
func (c *Ctx) StartSession(token string) { c.setCookie(sessionCookie, token, 0) }

func (c *Ctx) dropSession() { c.setCookie(sessionCookie, "", -1) }

// EndSession takes the session token away; the caller has ended the session itself.
func (c *Ctx) EndSession() { c.dropSession() }

// SetLarge switches the large-type mode for this browser.
func (c *Ctx) SetLarge(on bool) {
	if on {
		c.setCookie(largeCookie, "1", 365*24*3600)
	} else {
		c.setCookie(largeCookie, "", -1)
	}
}

// SessionToken is the browser's session token, "" without one.
func (c *Ctx) SessionToken() string {
	cookie, err := c.R.Cookie(c.cookieName(sessionCookie))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Base is the frame of a page for the person who asks.
func (c *Ctx) Base(title string, crumbs ...ui.Crumb) ui.Base {
	b := c.base(title)
	b.Crumbs = crumbs
	b.Flash = c.takeFlash()
	return b
}

func (c *Ctx) base(title string) ui.Base {
	b := ui.Base{Title: title, City: c.App.Pack.Name, Demo: c.App.Demo, Here: c.R.URL.RequestURI(), AsOf: "数据截至 " + c.Today().Chinese(), Paths: ui.Paths{Help: "/help"}}
	_, err := c.R.Cookie(c.cookieName(largeCookie))
	b.Large = err == nil
	if c.P.ID == "" {
		return b
	}
	b.Person = &ui.Who{Name: c.P.Name, Unit: c.P.UnitName, Role: c.roleText(), URL: "/account"}
	b.Idle = int(c.App.People.Policy().SessionIdle.Seconds())
	if c.App.Nav != nil && c.P.Owes == org.DutyNone {
		b.Nav = c.App.Nav(c)
	}
	return b
}

func (c *Ctx) roleText() string {
	labels := make([]string, len(c.P.Roles))
	for i, r := range c.P.Roles {
		labels[i] = r.Label()
	}
	return strings.Join(labels, "、")
}

// Today is the civil date at this moment.
func (c *Ctx) Today() calendar.Date { return calendar.Today(c.App.DB.Now()) }

// Render draws a page. It is drawn whole before the first byte leaves, so that a
// fault in a page becomes an error page and not half a page.
func (c *Ctx) Render(status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(c.R.Context(), &b); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	c.wrote = true
	c.W.WriteHeader(status)
	_, err := c.W.Write(b.Bytes())
	if err != nil {
		c.App.Logger.Debug("client went away", "path", c.R.URL.Path, "error", err)
	}
	return nil
}

// Redirect sends the browser on, with a message for the next page when it has a text.
func (c *Ctx) Redirect(to string, f ui.Flash) {
	if f.Text != "" {
		b, err := json.Marshal(f)
		if err == nil && len(b) < 3000 {
			c.setCookie(flashCookie, base64.RawURLEncoding.EncodeToString(b), 60)
		}
	}
	c.wrote = true
	http.Redirect(c.W, c.R, to, http.StatusSeeOther)
}

// Done is Redirect with a message of success.
func (c *Ctx) Done(to, text string) error {
	c.Redirect(to, ui.Flash{Kind: ui.Success, Text: text})
	return nil
}

// takeFlash gives the message for this page and forgets it. An upload by script
// follows the redirect once by itself before the browser opens the page: that
// request sees no message, so that the person does.
func (c *Ctx) takeFlash() []ui.Flash {
	if c.R.Header.Get("X-Upload") != "" {
		return nil
	}
	cookie, err := c.R.Cookie(c.cookieName(flashCookie))
	if err != nil {
		return nil
	}
	c.setCookie(flashCookie, "", -1)
	b, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	var f ui.Flash
	if err != nil || json.Unmarshal(b, &f) != nil || f.Text == "" {
		return nil
	}
	if !localPath(f.URL) {
		f.URL = ""
	}
	return []ui.Flash{f}
}

// Wrote marks the answer as begun: for handlers that stream a file themselves.
func (c *Ctx) Wrote() { c.wrote = true }

func (c *Ctx) here() string { return url.QueryEscape(c.R.URL.RequestURI()) }

// backLink is the page of ours from which the person came, else the home page.
func (c *Ctx) backLink() string {
	u, err := url.Parse(c.R.Referer())
	if err == nil && u.Host == c.R.Host && localPath(u.Path) {
		return u.RequestURI()
	}
	return "/"
}

// LocalPath returns p when it is an address of this server, else the other one.
func LocalPath(p, otherwise string) string {
	if localPath(p) {
		return p
	}
	return otherwise
}

func localPath(p string) bool {
	u, err := url.Parse(p)
	return err == nil && u.Host == "" && u.Scheme == "" && strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") && !strings.Contains(p, `\`)
}

// Form reads a value of the query or the form, without white space around it.
func (c *Ctx) Form(name string) string { return strings.TrimSpace(c.R.FormValue(name)) }

// Int reads a whole number of the query or the form; what is no number gives otherwise.
func (c *Ctx) Int(name string, otherwise int) int {
	n, err := strconv.Atoi(c.Form(name))
	if err != nil {
		return otherwise
	}
	return n
}

// Parse reads the form, uploads included. A body over the limit is refused in words.
func (c *Ctx) Parse() error {
	const inMemory = 4 << 20
	var err error
	if strings.HasPrefix(c.R.Header.Get("Content-Type"), "multipart/form-data") {
		err = c.R.ParseMultipartForm(inMemory)
	} else {
		err = c.R.ParseForm()
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errs.New(errs.TooLarge, "上传的内容超过 %d MB 的上限：请压缩或拆分后再传", tooLarge.Limit>>20).Because(err)
	}
	if err != nil {
		return errs.New(errs.Invalid, "表单没有传完整：请重试").Because(err)
	}
	return nil
}

// File reads an uploaded file after Parse; the zero File when none was chosen.
// It is valid until the request ends.
func (c *Ctx) File(name string) (plan.File, error) {
	if c.R.MultipartForm == nil || len(c.R.MultipartForm.File[name]) == 0 {
		return plan.File{}, nil
	}
	head := c.R.MultipartForm.File[name][0]
	if head.Size == 0 && head.Filename == "" {
		return plan.File{}, nil
	}
	f, err := head.Open()
	if err != nil {
		return plan.File{}, errs.New(errs.Invalid, "文件没有传完整：请重试").Because(err)
	}
	c.files = append(c.files, f)
	return plan.File{Name: head.Filename, Data: f, Size: head.Size}, nil
}

func (c *Ctx) closeFiles() {
	for _, f := range c.files {
		_ = f.Close() // read only
	}
}

func publicMessage(err error) string {
	var e *errs.Error
	if errors.As(err, &e) && e.Code != errs.Internal {
		if len(e.Fields) > 0 {
			parts := make([]string, len(e.Fields))
			for i, f := range e.Fields {
				parts[i] = f.Message
			}
			return strings.Join(parts, "；")
		}
		return e.Message
	}
	return "系统内部错误，已记录。请稍后再试；如仍不行，请把下面的编号告诉运维人员。"
}

// Problem is what an error page shows.
type Problem struct {
	Code    errs.Code
	Message string
	Ref     string
	Back    string
}

// Title is the problem in a few words.
func (p Problem) Title() string {
	switch p.Code {
	case errs.Invalid:
		return "填写有误"
	case errs.Unauthenticated:
		return "请先登录"
	case errs.Forbidden:
		return "没有权限"
	case errs.NotFound:
		return "没有找到"
	case errs.Conflict:
		return "情况已有变化"
	case errs.TooLarge:
		return "内容太大"
	case errs.TooMany:
		return "操作太频繁"
	case errs.Unavailable:
		return "暂时无法使用"
	case errs.Internal:
	}
	return "系统内部错误"
}
