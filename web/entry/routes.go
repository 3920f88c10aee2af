// Package entry holds the pages by which people come in and look after their own
// account: sign-in, sign-out, one-time links, the first-run set-up, invitations,
// password, second factor, sessions and API tokens, the large-type switch, and the
// help page.
//
// It decides nothing: package org does. What is here is how it is asked and shown.
// Secrets that are shown once are drawn in the answer to the form itself and never
// pass through an address, a cookie or a log.
package entry

import (
	"bihuan/org"
	"bihuan/web/entry/reconfirm"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// pages draws and serves this area.
type pages struct{ org *org.Service }

// Routes registers the area's pages.
func Routes(f *frame.App, s *org.Service) {
	p := pages{s}
	f.Open("GET /signin", p.signInForm)
	f.Open("POST /signin", p.signIn)
	f.Open("POST /signin/code", p.signInCode)
	f.Open("POST /signout", p.signOut)
	f.Open("GET /login/{token}", p.linkForm)
	f.Open("POST /login/{token}", p.redeemLink)
	f.Open("GET /setup/{token}", p.setupForm)
	f.Open("POST /setup/{token}", p.setup)
	f.Open("GET /invitation/{token}", p.invitationForm)
	f.Open("POST /invitation/{token}", p.acceptInvitation)
	f.Open("POST /preferences/large", p.large)
	f.Open("GET /help", p.help)
	p.accountRoutes(f)
}

func (p pages) accountRoutes(f *frame.App) {
	sensitive := func(h frame.Handler) frame.Handler { return reconfirm.Guard(p.org, h) }
	f.Handle("GET /account", p.account)
	f.Handle("GET /account/duty", p.duty)
	f.Handle("GET /account/password", p.passwordForm)
	f.Handle("POST /account/password", p.changePassword)
	f.Handle("GET /account/totp", p.totp)
	f.Handle("POST /account/totp/start", sensitive(p.startTOTP))
	f.Handle("POST /account/totp", p.finishTOTP)
	f.Handle("POST /account/totp/remove", sensitive(p.removeTOTP))
	f.Handle("POST /account/recovery", sensitive(p.renewRecovery))
	f.Handle("POST /account/sessions/{id}/end", p.endSession)
	f.Handle("POST /account/sessions/end", p.endOtherSessions)
	f.Handle("GET /account/tokens", p.tokens)
	f.Handle("POST /account/tokens", sensitive(p.createToken))
	f.Handle("POST /account/tokens/{id}/revoke", p.revokeToken)
}

// from tells the use cases where the request came from.
func from(c *frame.Ctx) org.From {
	return org.From{Address: c.App.Trusted(c.R), Agent: c.R.UserAgent()}
}

// origin is the address of this server as the browser used it, for links that
// people hand on.
func origin(c *frame.Ctx) string {
	if c.App.Secure {
		return "https://" + c.R.Host
	}
	return "http://" + c.R.Host
}

// base is the frame of a page that shows no figures: it tells no date of data.
func base(c *frame.Ctx, title string, crumbs ...ui.Crumb) ui.Base {
	b := c.Base(title, crumbs...)
	b.AsOf = ""
	return b
}

// landing is the first page for somebody who has just come in: what is owed, then
// the page that was wanted, then the first one that the person's roles open.
func landing(p org.Principal, next string) string {
	if p.Owes != org.DutyNone {
		return "/account/duty"
	}
	if next = frame.LocalPath(next, "/"); next != "/" {
		return next
	}
	for _, first := range []struct {
		needs org.Action
		page  string
	}{{org.PlanRead, "/"}, {org.PeopleRead, "/admin/people"}, {org.AuditRead, "/admin/audit"}} {
		if p.MayAnywhere(first.needs) {
			return first.page
		}
	}
	return "/account"
}

// enter gives the browser the new session and leads it on.
func enter(c *frame.Ctx, in org.SignedIn, next, text string) error {
	c.StartSession(in.Token)
	to := landing(in.Principal, next)
	if text == "" {
		c.Redirect(to, ui.Flash{})
		return nil
	}
	return c.Done(to, text)
}

// large switches the large type and goes back.
func (p pages) large(c *frame.Ctx) error {
	c.SetLarge(c.Form("on") == "1")
	c.Redirect(frame.LocalPath(c.Form("return"), "/"), ui.Flash{})
	return nil
}
