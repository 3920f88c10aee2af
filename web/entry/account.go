package entry

import (
	"net/http"
	"strings"

	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// accountView is the overview of one's own account.
type accountView struct {
	Person   org.Person
	Roles    []roleLine
	Sessions []org.Session
	Left     int // unused recovery codes; meaningful with a second factor
	Tokens   int // API tokens in force
	MayToken bool
	Idle     int // minutes without use after which a session ends
}

// roleLine is one role with what it is for.
type roleLine struct{ Label, About string }

// accountBase is the frame of a page under the account.
func (p pages) accountBase(c *frame.Ctx, title string) ui.Base {
	if c.P.Owes != org.DutyNone {
		return base(c, title)
	}
	return base(c, title, ui.Crumb{Label: "我的账号", URL: "/account"})
}

func (p pages) account(c *frame.Ctx) error {
	if c.P.Owes != org.DutyNone {
		c.Redirect("/account/duty", ui.Flash{})
		return nil
	}
	v, err := p.accountView(c)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, accountPage(base(c, "我的账号"), v))
}

func (p pages) accountView(c *frame.Ctx) (v accountView, err error) {
	ctx := c.R.Context()
	if v.Person, err = p.org.Person(ctx, c.P, c.P.ID); err != nil {
		return v, err
	}
	if v.Sessions, err = p.org.Sessions(ctx, c.P, c.P.ID); err != nil {
		return v, err
	}
	if v.Left, err = p.org.RecoveryCodesLeft(ctx, c.P); err != nil {
		return v, err
	}
	v.MayToken = c.P.MayAnywhere(org.TokenCreate)
	tokens, err := p.org.Tokens(ctx, c.P, c.P.ID)
	for _, t := range tokens {
		if t.Revoked.IsZero() && c.App.DB.Now().Before(t.Expires) {
			v.Tokens++
		}
	}
	v.Roles, v.Idle = roleLines(c.P.Roles), int(p.org.Policy().SessionIdle.Minutes())
	return v, err
}

func roleLines(roles []org.Role) []roleLine {
	var lines []roleLine
	for _, info := range org.Roles() {
		for _, r := range roles {
			if r == info.Role {
				lines = append(lines, roleLine{info.Label, info.About})
			}
		}
	}
	return lines
}

// duty leads to what must be done before anything else, or on when it is done.
func (p pages) duty(c *frame.Ctx) error {
	switch c.P.Owes {
	case org.DutyPassword:
		c.Redirect("/account/password", ui.Flash{})
		return nil
	case org.DutyTOTP:
		return c.Render(http.StatusOK, owedTOTPPage(base(c, "绑定动态口令")))
	default:
		c.Redirect(landing(c.P, "/"), ui.Flash{})
		return nil
	}
}

func (p pages) endSession(c *frame.Ctx) error {
	id := c.R.PathValue("id")
	if id == c.P.SessionID {
		return p.signOut(c)
	}
	if err := p.org.RevokeSession(c.R.Context(), c.P, id); err != nil {
		return err
	}
	return c.Done("/account#sessions", "已退出该设备上的登录")
}

func (p pages) endOtherSessions(c *frame.Ctx) error {
	if err := p.org.RevokeSessions(c.R.Context(), c.P, c.P.ID, false); err != nil {
		return err
	}
	return c.Done("/account#sessions", "其他设备上的登录已全部退出")
}

// facts are the person's own data, which an administrator keeps.
func (v accountView) facts() ui.Facts {
	return ui.Facts{Columns: true, Items: []ui.Fact{
		{Term: "姓名", Text: v.Person.Name}, {Term: "登录名", Text: v.Person.Login},
		{Term: "单位", Text: v.Person.UnitName}, {Term: "手机号码", Text: v.Person.Phone},
	}}
}

// sessions lists where the person is signed in.
func (v accountView) sessions() ui.Table {
	t := ui.NewTable("登录中的设备", ui.Column{Label: "设备"}, ui.Column{Label: "登录时间"}, ui.Column{Label: "地址"}, ui.Column{Label: "最迟退出"}, ui.Column{Label: "操作", Narrow: true})
	for _, s := range v.Sessions {
		device := ui.Text(Device(s.Agent))
		if s.Current {
			device = device.With("当前设备")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{device, ui.Text(ui.Moment(s.Created)), ui.Text(s.Address), ui.Text(ui.Moment(s.Expires)), ui.Node(endSessionButton(s))}})
	}
	return t
}

// Device names browser and system of a browser's own description, for people to
// recognise their devices; what is not known is cut short.
func Device(agent string) string {
	pick := func(names ...string) string {
		for i := 0; i+1 < len(names); i += 2 {
			if strings.Contains(agent, names[i]) {
				return names[i+1]
			}
		}
		return ""
	}
	browser := pick("MicroMessenger", "微信", "DingTalk", "钉钉", "QQBrowser", "QQ 浏览器", "Edg", "Edge", "Firefox", "Firefox", "Chrome", "Chrome 内核", "Safari", "Safari")
	system := pick("HarmonyOS", "鸿蒙", "Android", "安卓", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS", "Mac", "Linux", "Linux")
	if name := strings.TrimSpace(browser + " " + system); name != "" {
		return name
	}
	if r := []rune(agent); len(r) > 24 {
		return string(r[:24]) + "…"
	}
	if agent == "" {
		return "未说明的设备"
	}
	return agent
}
