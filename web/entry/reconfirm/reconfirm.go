// Package reconfirm asks for the password again before a sensitive act, and then
// does the act that was asked for.
//
// A handler under Guard is written as if nothing stood before it. When its use
// case answers that the password must be given again, the person gets a page that
// asks for it and carries all the values of the form; sending that page confirms
// first and then runs the same handler with the same values. Nothing of the
// unfinished act is kept on the server.
package reconfirm

import (
	"context"
	"net/http"
	"slices"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// The names of the two fields that the page adds to a form.
const (
	passwordName = "confirm_password"
	codeName     = "confirm_code"
)

// Service is what the page asks of the room org; its Service is one.
type Service interface {
	Confirm(ctx context.Context, p org.Principal, password, code string) error
	Person(ctx context.Context, p org.Principal, id string) (org.Person, error)
}

// Guard puts the page before a POST handler whose use case may ask for it.
func Guard(s Service, h frame.Handler) frame.Handler {
	return func(c *frame.Ctx) error {
		if err := c.Parse(); err != nil {
			return err
		}
		if c.R.PostForm.Has(passwordName) {
			if err := s.Confirm(c.R.Context(), c.P, c.R.PostFormValue(passwordName), c.Form(codeName)); err != nil {
				return ask(c, s, err)
			}
			c.P.ConfirmedAt = c.App.DB.Now()
		}
		err := h(c)
		if org.NeedsConfirmation(err) {
			return ask(c, s, nil)
		}
		return err
	}
}

// view is what the page shows.
type view struct {
	Action   string
	Login    string
	Factor   bool // a second factor is enrolled: its code is asked too
	Carried  []ui.HiddenPair
	Problems []ui.Problem
	Cancel   string
}

// ask draws the page; refusal is what was wrong with the last answer, nil at first.
func ask(c *frame.Ctx, s Service, refusal error) error {
	status := http.StatusForbidden
	if refusal != nil {
		switch code := errs.CodeOf(refusal); code {
		case errs.Invalid, errs.TooMany:
			status = frame.StatusOf(code)
		default:
			return refusal
		}
	}
	person, err := s.Person(c.R.Context(), c.P, c.P.ID)
	if err != nil {
		return err
	}
	v := view{Action: c.R.URL.RequestURI(), Login: person.Login, Factor: person.SecondFactor, Carried: carried(c), Problems: problems(refusal), Cancel: "/account"}
	b := c.Base("请再次确认身份")
	b.AsOf = ""
	return c.Render(status, page(b, v))
}

// carried is the form as it was sent, without what this page adds.
func carried(c *frame.Ctx) []ui.HiddenPair {
	var names []string
	for name := range c.R.PostForm {
		if name != passwordName && name != codeName {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var pairs []ui.HiddenPair
	for _, name := range names {
		for _, value := range c.R.PostForm[name] {
			pairs = append(pairs, ui.HiddenPair{Name: name, Value: value})
		}
	}
	return pairs
}

// problems puts the messages of a refusal beside this page's fields.
func problems(refusal error) []ui.Problem {
	names := map[string]string{"password": passwordName, "code": codeName}
	list := ui.Problems(refusal)
	for i := range list {
		list[i].Field = names[list[i].Field]
	}
	return list
}

func (v view) password() ui.Field {
	return ui.Field{Kind: ui.Password, Name: passwordName, Label: "当前密码", Required: true, Focus: true, Autocomplete: "current-password",
		Error: ui.ProblemOf(v.Problems, passwordName)}
}

func (v view) code() ui.Field {
	return ui.Field{Name: codeName, Label: "动态口令", Hint: "打开手机上的验证器读取 6 位数字；手机不在身边时可填一个恢复码。", Required: true,
		Autocomplete: "one-time-code", Error: ui.ProblemOf(v.Problems, codeName), Size: ui.Short}
}
