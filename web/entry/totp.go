package entry

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// totpView is the state of the second factor.
type totpView struct {
	Enrolled bool
	Left     int  // unused recovery codes
	Demanded bool // a role demands it: it cannot be given up
}

// enrolView is an enrolment under way. Pending comes back with the first code.
type enrolView struct {
	Secret   string // in groups of four, for typing
	Picture  string // data: address of the QR picture
	Pending  string
	Problems []ui.Problem
}

// codesView shows recovery codes, once.
type codesView struct {
	Codes []string
	Next  string
}

func (p pages) totp(c *frame.Ctx) error {
	if c.P.Owes != org.DutyNone {
		c.Redirect("/account/duty", ui.Flash{})
		return nil
	}
	person, err := p.org.Person(c.R.Context(), c.P, c.P.ID)
	if err != nil {
		return err
	}
	v := totpView{Enrolled: person.SecondFactor}
	if v.Left, err = p.org.RecoveryCodesLeft(c.R.Context(), c.P); err != nil {
		return err
	}
	for _, r := range p.org.Policy().TOTPRoles {
		v.Demanded = v.Demanded || c.P.Has(r)
	}
	return c.Render(http.StatusOK, totpPage(p.accountBase(c, "动态口令"), v))
}

func (p pages) startTOTP(c *frame.Ctx) error {
	e, err := p.org.BeginTOTP(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	v, err := newEnrolView(e.Secret, e.URI, e.Pending)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, enrolPage(p.accountBase(c, "绑定动态口令"), v))
}

func newEnrolView(secret, uri, pending string) (enrolView, error) {
	svg, err := org.QRSVG(uri)
	if err != nil {
		return enrolView{}, err
	}
	return enrolView{Secret: inFours(secret), Picture: "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(svg)), Pending: pending}, nil
}

// inFours cuts a secret for reading: "ABCD EFGH".
func inFours(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// finishTOTP enrols with the first code. After a wrong one the form comes back
// without the picture: the authenticator has the secret already.
func (p pages) finishTOTP(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	codes, err := p.org.FinishTOTP(c.R.Context(), c.P, c.Form("pending"), c.Form("code"))
	if errs.Is(err, errs.Invalid) {
		v := enrolView{Pending: c.Form("pending"), Problems: ui.Problems(err)}
		return c.Render(http.StatusUnprocessableEntity, enrolPage(p.accountBase(c, "绑定动态口令"), v))
	}
	if errs.Is(err, errs.Conflict) {
		c.Redirect("/account/totp", ui.Flash{Kind: ui.Warning, Text: "绑定超时，请重新开始"})
		return nil
	}
	if err != nil {
		return err
	}
	return p.showCodes(c, codes)
}

func (p pages) renewRecovery(c *frame.Ctx) error {
	codes, err := p.org.RenewRecoveryCodes(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	return p.showCodes(c, codes)
}

func (p pages) showCodes(c *frame.Ctx, codes []string) error {
	next := "/account"
	if c.P.Owes != org.DutyNone {
		next = "/account/duty"
	}
	return c.Render(http.StatusOK, codesPage(p.accountBase(c, "恢复码"), codesView{codes, next}))
}

func (p pages) removeTOTP(c *frame.Ctx) error {
	if err := p.org.RemoveTOTP(c.R.Context(), c.P); err != nil {
		return err
	}
	return c.Done("/account/totp", "已解除动态口令，今后只用密码登录")
}

// factor is the line about the second factor on the account's page.
func (v accountView) factor() ui.Fact {
	f := ui.Fact{Term: "动态口令", Text: "未绑定，去绑定", URL: "/account/totp"}
	if v.Person.SecondFactor {
		f.Text, f.Sub = "已绑定", fmt.Sprintf("还有 %d 个恢复码没有使用", v.Left)
	}
	return f
}

func (v enrolView) code() ui.Field {
	return ui.Field{Name: "code", Label: "验证器上的 6 位数字", Required: true, Autocomplete: "one-time-code", InputMode: "numeric", MaxLength: 10, Size: ui.Short,
		Error: ui.ProblemOf(v.Problems, "code")}
}

// enrolStep is the heading over the field for the first code.
func enrolStep(v enrolView) string {
	if v.Picture == "" {
		return "输入动态口令"
	}
	return "二、输入动态口令"
}
