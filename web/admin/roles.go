package admin

import (
	"net/http"
	"slices"

	"bihuan/org"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

func (p pages) grantRole(c *frame.Ctx) error {
	id, role := c.R.PathValue("id"), org.Role(c.Form("role"))
	if err := p.org.GrantRole(c.R.Context(), c.P, id, role); err != nil {
		return p.refused(c, "roles", err)
	}
	return c.Done("/admin/people/"+id+"#roles", "已授予“"+role.Label()+"”，下一次操作起生效")
}

func (p pages) revokeRole(c *frame.Ctx) error {
	id, role := c.R.PathValue("id"), org.Role(c.Form("role"))
	if err := p.org.RevokeRole(c.R.Context(), c.P, id, role); err != nil {
		return p.refused(c, "roles", err)
	}
	return c.Done("/admin/people/"+id+"#roles", "已收回“"+role.Label()+"”")
}

func (p pages) endSessions(c *frame.Ctx) error {
	id := c.R.PathValue("id")
	if err := p.org.RevokeSessions(c.R.Context(), c.P, id, true); err != nil {
		return err
	}
	return c.Done("/admin/people/"+id+"#sessions", "已全部退出，接口令牌已停用")
}

func (p pages) endSession(c *frame.Ctx) error {
	if err := p.org.RevokeSession(c.R.Context(), c.P, c.R.PathValue("session")); err != nil {
		return err
	}
	return c.Done("/admin/people/"+c.R.PathValue("id")+"#sessions", "已退出该设备上的登录")
}

func (p pages) revokeToken(c *frame.Ctx) error {
	if err := p.org.RevokeToken(c.R.Context(), c.P, c.R.PathValue("token")); err != nil {
		return err
	}
	return c.Done("/admin/people/"+c.R.PathValue("id")+"#tokens", "令牌已停用")
}

// roles lists the roles that the person holds.
func (v personView) roles() ui.Table {
	t := ui.NewTable("角色", ui.Column{Label: "角色"}, ui.Column{Label: "说明"})
	if v.Grant {
		t.Columns = append(t.Columns, ui.Column{Label: "操作", Narrow: true})
	}
	for _, info := range org.Roles() {
		if !slices.Contains(v.Person.Roles, info.Role) {
			continue
		}
		row := ui.Row{Cells: []ui.Cell{ui.Link(info.Label, "/admin/permissions"), ui.Text(info.About)}}
		if v.Grant {
			row.Cells = append(row.Cells, ui.Node(revokeRoleButton(v, info.Role)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// roleField offers the roles that the person does not hold yet.
func (v personView) roleField() ui.Field {
	f := ui.Field{Kind: ui.Select, Name: "role", Label: "授予角色", Value: v.Role, Required: true}
	for _, o := range roleOptions() {
		if !slices.Contains(v.Person.Roles, org.Role(o.Value)) {
			f.Options = append(f.Options, o)
		}
	}
	return f
}

// sessions lists where the person is signed in, with a button to end each.
func (v personView) sessions() ui.Table {
	t := ui.NewTable("登录中的设备", ui.Column{Label: "设备"}, ui.Column{Label: "登录时间"}, ui.Column{Label: "地址"}, ui.Column{Label: "最迟退出"}, ui.Column{Label: "操作", Narrow: true})
	t.Empty = ui.Empty{Title: "现在没有登录", Text: "本人登录后，这里会列出设备和地址。"}
	for _, s := range v.Sessions {
		end := postButton(v.path()+"/sessions/"+s.ID+"/end", ui.Button{Label: "退出", Small: true})
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(entry.Device(s.Agent)), ui.Text(ui.Moment(s.Created)), ui.Text(s.Address), ui.Text(ui.Moment(s.Expires)), ui.Node(end)}})
	}
	return t
}

// tokens lists the person's API tokens.
func (v personView) tokens() ui.Table {
	t := ui.NewTable("接口令牌", ui.Column{Label: "用途"}, ui.Column{Label: "权限"}, ui.Column{Label: "创建"}, ui.Column{Label: "有效期至"}, ui.Column{Label: "状态", Narrow: true})
	t.Empty = ui.Empty{Title: "没有接口令牌", Text: "本人可在“我的账号”中创建，供其他系统自动读取或报送。"}
	for _, k := range v.Tokens {
		access := "读写"
		if k.ReadOnly {
			access = "只读"
		}
		state := ui.Node(ui.Badge{Text: "已停用", Title: ui.Moment(k.Revoked)})
		if k.Revoked.IsZero() {
			state = ui.Node(postButton(v.path()+"/tokens/"+k.ID+"/revoke", ui.Button{Label: "停用", Small: true, Confirm: "停用后不能恢复。"}))
		}
		t.Rows = append(t.Rows, ui.Row{Muted: !k.Revoked.IsZero(), Cells: []ui.Cell{ui.Text(k.Name), ui.Text(access), ui.Text(ui.Moment(k.Created)), ui.Text(ui.Moment(k.Expires)), state}})
	}
	return t
}

func (p pages) permissions(c *frame.Ctx) error {
	if people, audit := c.P.May(org.PeopleRead, org.Scope{}), c.P.May(org.AuditRead, org.Scope{}); people != nil && audit != nil {
		return people
	}
	b := c.Base("权限表")
	b.Lede = "程序只按这张表判断：表中没有的，一律不允许。"
	b.Wide, b.Actions = true, ui.Button{Label: "打印", Icon: "print", Do: "print"}
	return c.Render(http.StatusOK, permissionsPage(b, org.Table()))
}

// matrix draws the permission table: a line for each action, a column for each role.
func matrix(m org.Matrix) ui.Table {
	t := ui.Table{Caption: "权限表", Wide: true, Columns: []ui.Column{{Label: "权限"}}}
	for _, r := range m.Roles {
		t.Columns = append(t.Columns, ui.Column{Label: r.Label, Hint: r.About, Narrow: true})
	}
	for _, row := range m.Rows {
		cells := []ui.Cell{ui.Text(row.Action.Label).With(row.Action.About)}
		for _, reach := range row.Reaches {
			cells = append(cells, ui.Text(reach.Label()))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

// roleTable says who each role is for; with the number of holders it would be a
// list of people, which belongs to the page of people.
func roleTable(m org.Matrix) ui.Table {
	t := ui.NewTable("角色说明", ui.Column{Label: "角色"}, ui.Column{Label: "说明"}, ui.Column{Label: "类别", Narrow: true})
	for _, r := range m.Roles {
		kind := "业务"
		switch {
		case r.Admin:
			kind = "三员"
		case !r.Assignable:
			kind = "程序"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(r.Label), ui.Text(r.About), ui.Text(kind)}})
	}
	return t
}
