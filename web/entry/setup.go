package entry

import (
	"net/http"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// founder is one of the three people of the set-up form, as typed.
type founder struct {
	Role  org.Role
	Login string
	Name  string
	Phone string
}

// setupView is the set-up form. Passwords are never drawn again.
type setupView struct {
	Token    string
	Founders []founder // system, security, audit
	Rules    string
	Problems []ui.Problem
}

// setupDoneView hands the two links out, once.
type setupDoneView struct {
	Links []inviteLink
	Next  string
}

// inviteLink is an invitation as it is handed to its person.
type inviteLink struct {
	Role    string
	Name    string
	Login   string
	URL     string
	Expires string
}

func founderRoles() []org.Role { return []org.Role{org.SysAdmin, org.SecAdmin, org.AuditAdmin} }

func (p pages) setupForm(c *frame.Ctx) error {
	token := c.R.PathValue("token")
	if err := p.org.CheckSetup(c.R.Context(), token, from(c)); err != nil {
		return p.setupRefused(c, err)
	}
	return c.Render(http.StatusOK, setupPage(base(c, "首次设置"), p.typedSetup(c, nil)))
}

// setupRefused tells somebody with a link that is not good what to do.
func (p pages) setupRefused(c *frame.Ctx, err error) error {
	switch errs.CodeOf(err) {
	case errs.Conflict:
		return c.Render(http.StatusConflict, stalePage(base(c, "已完成首次设置"), "系统已完成首次设置，这个链接不再有效。请用管理员账号登录。"))
	case errs.Forbidden:
		return c.Render(http.StatusForbidden, stalePage(base(c, "链接已失效"), "首次设置链接无效或已过期。请在服务器上重新启动程序，使用控制台上新显示的链接。"))
	default:
		return err
	}
}

// typedSetup reads the form back as it was typed.
func (p pages) typedSetup(c *frame.Ctx, err error) setupView {
	v := setupView{Token: c.R.PathValue("token"), Rules: passwordRules(p.org.Policy()), Problems: ui.Problems(err)}
	for _, r := range founderRoles() {
		v.Founders = append(v.Founders, founder{r, c.Form(string(r) + ".login"), c.Form(string(r) + ".name"), c.Form(string(r) + ".phone")})
	}
	return v
}

func (f founder) input() org.PersonInput {
	return org.PersonInput{Login: f.Login, Name: f.Name, Phone: f.Phone}
}

func (p pages) setup(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	typed := p.typedSetup(c, nil)
	password, err := newPassword(c)
	var done org.SetupDone
	if err == nil {
		done, err = p.org.CompleteSetup(c.R.Context(), typed.Token, org.SetupInput{
			SysAdmin: typed.Founders[0].input(), SecAdmin: typed.Founders[1].input(), AuditAdmin: typed.Founders[2].input(), Password: password}, from(c))
	}
	if errs.Is(err, errs.Invalid) {
		return c.Render(http.StatusUnprocessableEntity, setupPage(base(c, "首次设置"), p.typedSetup(c, err)))
	}
	if err != nil {
		return p.setupRefused(c, err)
	}
	c.StartSession(done.SignedIn.Token)
	c.P = done.SignedIn.Principal
	v := setupDoneView{Next: landing(c.P, "/"), Links: []inviteLink{invitationLink(c, org.SecAdmin, done.SecAdmin), invitationLink(c, org.AuditAdmin, done.AuditAdmin)}}
	return c.Render(http.StatusOK, setupDonePage(base(c, "首次设置已完成"), v))
}

func invitationLink(c *frame.Ctx, role org.Role, inv org.Invitation) inviteLink {
	return inviteLink{Role: role.Label(), Name: inv.Name, Login: inv.Login, URL: origin(c) + "/invitation/" + inv.Token, Expires: ui.Moment(inv.Expires)}
}

// about says in one line what one of the three is for.
func (f founder) about() string {
	switch f.Role {
	case org.SysAdmin:
		return "管理账号与系统运行。就是正在填写本页的人，密码在下面设置。"
	case org.SecAdmin:
		return "授予角色、终止会话。完成后会得到一个邀请链接，由本人打开并设置密码。"
	default:
		return "查看和导出审计日志。完成后会得到一个邀请链接，由本人打开并设置密码。"
	}
}

// fields are the fields of one person.
func (v setupView) fields(f founder) []ui.Field {
	name := func(part string) string { return string(f.Role) + "." + part }
	list := []ui.Field{
		{Name: name("name"), Label: "姓名", Value: f.Name, Required: true, MaxLength: 30},
		{Name: name("login"), Label: "登录名", Hint: "3 至 32 个小写字母、数字、点、横线或下划线，以字母开头。", Value: f.Login, Required: true, MaxLength: 32},
		{Kind: ui.Tel, Name: name("phone"), Label: "手机号码", Value: f.Phone, Optional: true, MaxLength: 20},
	}
	for i := range list {
		list[i].Error, list[i].Autocomplete = ui.ProblemOf(v.Problems, list[i].Name), "off"
	}
	return list
}
