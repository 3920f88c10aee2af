package admin

import (
	"net/http"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// personView is one account as the person who looks may see and touch it.
type personView struct {
	Person   org.Person
	Manage   bool // may keep the account, and it is not his own
	Grant    bool // may give and take roles, and it is not his own
	Watch    bool // may see and end sessions and tokens
	Self     bool
	Sessions []org.Session
	Tokens   []org.Token
	Phone    string // the whole number, just revealed
	Reason   string // as typed, when it was refused
	Role     string // as chosen, when it was refused
	Problems []ui.Problem
	Problem  string // name of the form whose problem it is
}

// path is the account's page.
func (v personView) path() string { return "/admin/people/" + v.Person.ID }

func (p pages) person(c *frame.Ctx) error { return p.drawPerson(c, http.StatusOK, personView{}) }

func (p pages) drawPerson(c *frame.Ctx, status int, v personView) (err error) {
	ctx, id := c.R.Context(), c.R.PathValue("id")
	if err := c.P.May(org.PeopleRead, org.Scope{}); err != nil {
		return err
	}
	if v.Person, err = p.org.Person(ctx, c.P, id); err != nil {
		return err
	}
	v.Self = id == c.P.ID
	v.Manage = !v.Self && c.P.May(org.PeopleManage, org.Scope{}) == nil
	v.Grant = !v.Self && c.P.May(org.RoleGrant, org.Scope{}) == nil
	v.Watch = c.P.May(org.SessionRevoke, org.Scope{}) == nil
	if v.Watch {
		if v.Sessions, err = p.org.Sessions(ctx, c.P, id); err != nil {
			return err
		}
		if v.Tokens, err = p.org.Tokens(ctx, c.P, id); err != nil {
			return err
		}
	}
	b := formBase(c, v.Person.Name, peopleCrumb())
	if c.P.May(org.PeopleManage, org.Scope{}) == nil {
		b.Actions = ui.Button{Label: "修改资料", Icon: "edit", URL: v.path() + "/edit"}
	}
	return c.Render(status, personPage(b, v))
}

// refused draws the page again with what was wrong at one of its forms.
func (p pages) refused(c *frame.Ctx, form string, err error) error {
	if errs.FieldMessages(err) == nil && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
		return err
	}
	return p.drawPerson(c, frame.StatusOf(errs.CodeOf(err)), personView{Problem: form, Problems: ui.Problems(err), Reason: c.Form("reason"), Role: c.Form("role")})
}

// problem is the message at a form, "" when it is another one's.
func (v personView) problem(form string) []ui.Problem {
	if v.Problem == form {
		return v.Problems
	}
	return nil
}

func (v personView) facts() ui.Facts {
	factor := "未绑定"
	if v.Person.SecondFactor {
		factor = "已绑定"
	}
	return ui.Facts{Columns: true, Items: []ui.Fact{
		{Term: "登录名", Text: v.Person.Login}, {Term: "状态", Node: stateBadge(v.Person.State)}, {Term: "单位", Text: v.Person.UnitName},
		{Term: "手机号码", Text: v.Person.Phone}, {Term: "动态口令", Text: factor}, {Term: "建立时间", Text: ui.Moment(v.Person.Created)},
	}}
}

func (p pages) editForm(c *frame.Ctx) error {
	if err := c.P.May(org.PeopleManage, org.Scope{}); err != nil {
		return err
	}
	person, err := p.org.Person(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	return p.drawEdit(c, http.StatusOK, person, org.PersonInput{Name: person.Name, UnitID: person.UnitID}, nil)
}

func (p pages) drawEdit(c *frame.Ctx, status int, person org.Person, in org.PersonInput, err error) error {
	page := "/admin/people/" + person.ID
	f := personForm{Action: page + "/edit", Submit: "保存", Cancel: page, Input: in, Phone: person.Phone, Units: unitOptions(p.app.Pack), Problems: ui.Problems(err)}
	return c.Render(status, personFormPage(formBase(c, "修改资料", peopleCrumb(), ui.Crumb{Label: person.Name, URL: page}), f))
}

func (p pages) editPerson(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	id, in := c.R.PathValue("id"), typedPerson(c)
	err := p.org.EditPerson(c.R.Context(), c.P, id, in, c.Form("clear_phone") != "1")
	if errs.Is(err, errs.Invalid) {
		person, readErr := p.org.Person(c.R.Context(), c.P, id)
		if readErr != nil {
			return readErr
		}
		return p.drawEdit(c, http.StatusUnprocessableEntity, person, in, err)
	}
	if err != nil {
		return err
	}
	return c.Done("/admin/people/"+id, "资料已保存")
}

func (p pages) disable(c *frame.Ctx) error {
	id := c.R.PathValue("id")
	if err := p.org.DisablePerson(c.R.Context(), c.P, id); err != nil {
		return p.refused(c, "state", err)
	}
	return c.Done("/admin/people/"+id, "账号已停用，所有登录和接口令牌随即失效")
}

func (p pages) unlock(c *frame.Ctx) error {
	id := c.R.PathValue("id")
	if err := p.org.UnlockPerson(c.R.Context(), c.P, id); err != nil {
		return p.refused(c, "state", err)
	}
	return c.Done("/admin/people/"+id, "已解除锁定，可以登录")
}

func (p pages) reinvite(c *frame.Ctx) error {
	id := c.R.PathValue("id")
	inv, err := p.org.Reinvite(c.R.Context(), c.P, id)
	if err != nil {
		return p.refused(c, "state", err)
	}
	return entry.HandOver(c, "已重新邀请", inv, "/admin/people/"+id, peopleCrumb())
}

// revealPhone shows the whole number in this answer only.
func (p pages) revealPhone(c *frame.Ctx) error {
	phone, err := p.org.RevealPhone(c.R.Context(), c.P, c.R.PathValue("id"), c.Form("reason"))
	if err != nil {
		return p.refused(c, "phone", err)
	}
	return p.drawPerson(c, http.StatusOK, personView{Phone: phone})
}

func (v personView) reason() ui.Field {
	f := ui.Field{Name: "reason", Label: "查看理由", Hint: "理由记入审计日志。", Value: v.Reason, Required: true, MaxLength: 200}
	for _, x := range v.problem("phone") {
		f.Error = x.Text
	}
	return f
}

// stateNote tells what the account's state means and what can be done.
func (v personView) stateNote() string {
	switch v.Person.State {
	case org.Invited:
		return "邀请已发出，等待本人打开链接设置密码。链接过期或遗失时，可以重新邀请，原链接随即作废。"
	case org.Disabled:
		return "账号已停用，不能登录。需要恢复时，重新邀请本人设置密码。"
	case org.Locked:
		return "账号长期未用，已自动锁定。确认本人仍需使用后解除锁定。"
	default:
		return "忘记密码或更换手机的，重新邀请；登录失败次数过多被锁定的，解除锁定；调离或不再使用的，及时停用。"
	}
}
