package entry

import (
	"net/http"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// signInView is the sign-in page. The password is never drawn again.
type signInView struct {
	Login    string
	Next     string
	Problems []ui.Problem
}

func (p pages) signInForm(c *frame.Ctx) error {
	next := c.Form("next")
	if c.P.ID != "" {
		c.Redirect(landing(c.P, next), ui.Flash{})
		return nil
	}
	needed, err := p.org.SetupNeeded(c.R.Context())
	if err != nil {
		return err
	}
	if needed {
		return c.Render(http.StatusOK, notSetUpPage(base(c, "系统尚未设置")))
	}
	return c.Render(http.StatusOK, signInPage(base(c, "登录"), signInView{Next: next}))
}

func (p pages) signIn(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	v := signInView{Login: c.Form("login"), Next: c.Form("next")}
	in, err := p.org.SignIn(c.R.Context(), org.Credentials{Login: v.Login, Password: c.R.PostFormValue("password")}, from(c))
	switch {
	case err != nil && !shown(err):
		return err
	case err != nil:
		v.Problems = ui.Problems(err)
		return c.Render(frame.StatusOf(errs.CodeOf(err)), signInPage(base(c, "登录"), v))
	case in.Challenge != "":
		return c.Render(http.StatusOK, codePage(base(c, "第二步：动态口令"), codeView{Challenge: in.Challenge, Next: v.Next}))
	}
	return enter(c, in, v.Next, "")
}

// shown tells which refusals belong on the form; faults go to the error page.
func shown(err error) bool {
	switch errs.CodeOf(err) {
	case errs.Internal:
		return false
	default:
		return true
	}
}

// codeView is the second step. Challenge stands for the right password.
type codeView struct {
	Challenge string
	Next      string
	Problems  []ui.Problem
}

func (p pages) signInCode(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	v := codeView{Challenge: c.Form("challenge"), Next: c.Form("next")}
	in, err := p.org.SignInCode(c.R.Context(), v.Challenge, c.Form("code"), from(c))
	switch {
	case err != nil && !shown(err):
		return err
	case err != nil:
		v.Problems = ui.Problems(err)
		return c.Render(frame.StatusOf(errs.CodeOf(err)), codePage(base(c, "第二步：动态口令"), v))
	}
	return enter(c, in, v.Next, "")
}

// signOut ends the session; without one it only clears the browser's cookie.
func (p pages) signOut(c *frame.Ctx) error {
	if err := p.org.SignOut(c.R.Context(), c.P); err != nil {
		return err
	}
	c.EndSession()
	return c.Done("/signin", "已退出登录")
}

// linkForm shows a button only: programs that preview links must not use them up.
func (p pages) linkForm(c *frame.Ctx) error {
	return c.Render(http.StatusOK, linkPage(base(c, "一次性登录"), c.R.PathValue("token")))
}

func (p pages) redeemLink(c *frame.Ctx) error {
	in, err := p.org.RedeemLoginLink(c.R.Context(), c.R.PathValue("token"), from(c))
	if errs.Is(err, errs.NotFound) {
		return c.Render(http.StatusNotFound, stalePage(base(c, "链接已失效"), "登录链接只能使用一次，并且有期限。请在服务器上重新签发，或用登录名和密码登录。"))
	}
	if err != nil {
		return err
	}
	return enter(c, in, "/", "")
}

func (v signInView) login() ui.Field {
	return ui.Field{Name: "login", Label: "登录名", Value: v.Login, Required: true, Autocomplete: "username", Focus: v.Login == "", Size: ui.Full, MaxLength: 64}
}

func (v signInView) password() ui.Field {
	return ui.Field{Kind: ui.Password, Name: "password", Label: "密码", Required: true, Autocomplete: "current-password", Focus: v.Login != "", Size: ui.Full}
}

func (v codeView) code() ui.Field {
	return ui.Field{Name: "code", Label: "动态口令", Hint: "打开手机上的验证器读取 6 位数字；手机不在身边时可填一个恢复码。", Required: true,
		Autocomplete: "one-time-code", Focus: true, Size: ui.Full, MaxLength: 40}
}
