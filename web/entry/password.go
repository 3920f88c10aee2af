package entry

import (
	"fmt"
	"net/http"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// passwordRules states the rules as the policy in force has them.
func passwordRules(p org.Policy) string {
	return fmt.Sprintf("至少 %d 个字符；大写字母、小写字母、数字、符号、汉字中至少 %d 类；不含登录名；不用常见密码；不与最近 %d 次用过的相同；每 %d 天更换一次。",
		p.PasswordMin, p.PasswordClasses, p.PasswordHistory, int(p.PasswordMaxAge.Hours()/24))
}

// newPassword reads a new password that was typed twice. White space belongs to it.
func newPassword(c *frame.Ctx) (string, error) {
	password := c.R.PostFormValue("password")
	var check errs.Check
	check.Require(password == c.R.PostFormValue("again"), "again", "两次输入的密码不一致")
	return password, check.Err()
}

// passwordFields are the fields for a new password, as wide as the form wants them.
func passwordFields(rules string, size ui.Size, problems []ui.Problem) []ui.Field {
	return []ui.Field{
		{Kind: ui.Password, Name: "password", Label: "新密码", Hint: rules, Required: true, Autocomplete: "new-password", Error: ui.ProblemOf(problems, "password"), Size: size},
		{Kind: ui.Password, Name: "again", Label: "再输入一次", Required: true, Autocomplete: "new-password", Error: ui.ProblemOf(problems, "again"), Size: size},
	}
}

// passwordView is the page on which people change their password.
type passwordView struct {
	Login    string
	Owed     bool
	Rules    string
	Problems []ui.Problem
}

func (p pages) passwordForm(c *frame.Ctx) error {
	return c.Render(http.StatusOK, passwordPage(p.accountBase(c, "修改密码"), p.passwordView(c, nil)))
}

func (p pages) passwordView(c *frame.Ctx, err error) passwordView {
	return passwordView{c.P.Login, c.P.Owes == org.DutyPassword, passwordRules(p.org.Policy()), ui.Problems(err)}
}

func (p pages) changePassword(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	password, err := newPassword(c)
	if err == nil {
		err = p.org.ChangePassword(c.R.Context(), c.P, c.R.PostFormValue("old"), password)
		err = oldPasswordField(err)
	}
	if code := errs.CodeOf(err); code == errs.Invalid || code == errs.TooMany || code == errs.Conflict {
		return c.Render(frame.StatusOf(code), passwordPage(p.accountBase(c, "修改密码"), p.passwordView(c, err)))
	}
	if err != nil {
		return err
	}
	return c.Done("/account/duty", "密码已修改，其他设备上的登录已退出")
}

// wrongPresent is how the use case names a wrong present password, under the
// field name that it gives to the new one as well.
const wrongPresent = "当前密码不正确"

// oldPasswordField moves a message about the present password to its own field.
func oldPasswordField(err error) error {
	if errs.FieldMessages(err)["password"] != wrongPresent {
		return err
	}
	var check errs.Check
	check.Require(false, "old", wrongPresent)
	return check.Err()
}

func (v passwordView) old() ui.Field {
	return ui.Field{Kind: ui.Password, Name: "old", Label: "当前密码", Required: true, Focus: true, Autocomplete: "current-password", Error: ui.ProblemOf(v.Problems, "old")}
}
