package entry

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

const day = 24 * time.Hour

// tokensView is the page of one's own API tokens.
type tokensView struct {
	List     []org.Token
	MayMake  bool
	Max      int // days that a token lives at most
	Now      time.Time
	Name     string
	Days     string
	Writes   bool
	Problems []ui.Problem
}

func (p pages) tokens(c *frame.Ctx) error {
	if c.P.Owes != org.DutyNone {
		c.Redirect("/account/duty", ui.Flash{})
		return nil
	}
	return p.drawTokens(c, http.StatusOK, tokensView{Days: "90"})
}

func (p pages) drawTokens(c *frame.Ctx, status int, v tokensView) (err error) {
	if v.List, err = p.org.Tokens(c.R.Context(), c.P, c.P.ID); err != nil {
		return err
	}
	v.MayMake, v.Now, v.Max = c.P.MayAnywhere(org.TokenCreate), c.App.DB.Now(), int(p.org.Policy().TokenMax/day)
	return c.Render(status, tokensPage(p.accountBase(c, "接口令牌"), v))
}

func (p pages) createToken(c *frame.Ctx) error {
	v := tokensView{Name: c.Form("name"), Days: c.Form("life"), Writes: c.Form("access") == "write"}
	days, err := strconv.ParseUint(v.Days, 10, 12)
	if err != nil {
		days = 0 // refused by the use case, with the limit in its words
	}
	secret, t, err := p.org.CreateToken(c.R.Context(), c.P, org.TokenInput{Name: v.Name, ReadOnly: !v.Writes, Life: time.Duration(days) * day})
	if errs.Is(err, errs.Invalid) {
		v.Problems = ui.Problems(err)
		return p.drawTokens(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, tokenPage(p.accountBase(c, "接口令牌已创建"), secret, t))
}

func (p pages) revokeToken(c *frame.Ctx) error {
	if err := p.org.RevokeToken(c.R.Context(), c.P, c.R.PathValue("id")); err != nil {
		return err
	}
	return c.Done("/account/tokens", "令牌已停用，使用它的程序不能再访问")
}

// tokenFact is the line about tokens on the account's page; people who may have
// none and have none are not bothered with it.
func (v accountView) tokenFact() ui.Fact {
	f := ui.Fact{Term: "接口令牌", Text: fmt.Sprintf("%d 个有效", v.Tokens), URL: "/account/tokens"}
	if !v.MayToken && v.Tokens == 0 {
		f.Text, f.URL = "您的角色不使用接口令牌", ""
	}
	return f
}

func (v tokensView) table() ui.Table {
	t := ui.NewTable("接口令牌", ui.Column{Label: "用途"}, ui.Column{Label: "权限"}, ui.Column{Label: "创建"}, ui.Column{Label: "有效期至"}, ui.Column{Label: "最近使用"}, ui.Column{Label: "状态"}, ui.Column{Label: "操作", Narrow: true})
	t.Empty = ui.Empty{Title: "还没有接口令牌", Text: "本单位的其他系统要自动读取或报送数据时，在下面创建一个。"}
	for _, k := range v.List {
		state := v.state(k)
		row := ui.Row{Muted: state.Kind != ui.Success, Cells: []ui.Cell{ui.Text(k.Name), ui.Text(access(k)), ui.Text(ui.Moment(k.Created)), ui.Text(ui.Moment(k.Expires)),
			ui.Text(lastUsed(k)), ui.Node(state), ui.Text("")}}
		if k.Revoked.IsZero() {
			row.Cells[6] = ui.Node(revokeTokenButton(k))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v tokensView) state(k org.Token) ui.Badge {
	switch {
	case !k.Revoked.IsZero():
		return ui.Badge{Text: "已停用", Title: ui.Moment(k.Revoked)}
	case !v.Now.Before(k.Expires):
		return ui.Badge{Text: "已过期", Kind: ui.Warning}
	default:
		return ui.Badge{Text: "有效", Kind: ui.Success}
	}
}

func access(k org.Token) string {
	if k.ReadOnly {
		return "只读"
	}
	return "读写"
}

func lastUsed(k org.Token) string {
	if k.LastUsedDay == "" {
		return "从未"
	}
	return k.LastUsedDay
}

func (v tokensView) fields() []ui.Field {
	at := "read"
	if v.Writes {
		at = "write"
	}
	return []ui.Field{
		{Name: "name", Label: "用途", Hint: "写明由哪个系统使用，便于日后辨认。", Value: v.Name, Required: true, MaxLength: 40, Error: ui.ProblemOf(v.Problems, "name")},
		{Kind: ui.Radio, Name: "access", Label: "权限", Value: at, Options: []ui.Option{
			{Value: "read", Label: "只读", Hint: "只能读取您能看到的数据"}, {Value: "write", Label: "读写", Hint: "能办理您的角色允许的事项，如填报进展"}}},
		{Kind: ui.Number, Name: "life", Label: "有效期", Unit: "天", Hint: fmt.Sprintf("最长 %d 天。", v.Max), Value: v.Days, Required: true, InputMode: "numeric", Size: ui.Short,
			Error: ui.ProblemOf(v.Problems, "life")},
	}
}
