package entry

import (
	"net/http"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// invitationView is the page that takes an account into use.
type invitationView struct {
	Token    string
	Name     string
	Login    string
	Rules    string
	Problems []ui.Problem
}

func (p pages) invitationForm(c *frame.Ctx) error { return p.drawInvitation(c, nil) }

// drawInvitation greets the person; refusal is what was wrong with the last try.
func (p pages) drawInvitation(c *frame.Ctx, refusal error) error {
	token := c.R.PathValue("token")
	inv, err := p.org.LookInvitation(c.R.Context(), token, from(c))
	if errs.Is(err, errs.NotFound) {
		return c.Render(http.StatusNotFound, stalePage(base(c, "邀请已失效"), "邀请链接无效、已使用或已过期。请联系系统管理员重新邀请；已经设置过密码的，请直接登录。"))
	}
	if err != nil {
		return err
	}
	status := http.StatusOK
	if refusal != nil {
		status = frame.StatusOf(errs.CodeOf(refusal))
	}
	v := invitationView{token, inv.Name, inv.Login, passwordRules(p.org.Policy()), ui.Problems(refusal)}
	return c.Render(status, invitationPage(base(c, "启用账号"), v))
}

func (p pages) acceptInvitation(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	password, err := newPassword(c)
	if err != nil {
		return p.drawInvitation(c, err)
	}
	in, err := p.org.AcceptInvitation(c.R.Context(), c.R.PathValue("token"), password, from(c))
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.NotFound) {
		return p.drawInvitation(c, err)
	}
	if err != nil {
		return err
	}
	return enter(c, in, "/", "密码已设置，账号已启用")
}

// HandOver shows an invitation that was just made, once, for whoever invites to
// copy or print; next leads on from it.
func HandOver(c *frame.Ctx, title string, inv org.Invitation, next string, crumbs ...ui.Crumb) error {
	v := setupDoneView{Links: []inviteLink{{Role: "邀请", Name: inv.Name, Login: inv.Login, URL: origin(c) + "/invitation/" + inv.Token, Expires: ui.Moment(inv.Expires)}}, Next: next}
	return c.Render(http.StatusOK, setupDonePage(base(c, title, crumbs...), v))
}
