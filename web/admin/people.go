package admin

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// perPage is how many people a page lists.
const perPage = 50

// peopleView is the list of accounts.
type peopleView struct {
	Filter org.PeopleFilter
	List   []org.Person
	More   bool // there are people after these
	Units  []ui.Option
}

func (p pages) people(c *frame.Ctx) error {
	f := org.PeopleFilter{Text: c.Form("q"), UnitID: c.Form("unit"), Role: org.Role(c.Form("role")), State: org.State(c.Form("state")), After: c.Form("after"), Limit: perPage + 1}
	list, err := p.org.People(c.R.Context(), c.P, f)
	if err != nil {
		return err
	}
	v := peopleView{Filter: f, List: list, Units: unitOptions(p.app.Pack)}
	if len(list) > perPage {
		v.List, v.More = list[:perPage], true
	}
	b := c.Base("人员")
	b.Lede = "账号由系统管理员新建和停用，角色由安全管理员授予。"
	if c.P.May(org.PeopleManage, org.Scope{}) == nil {
		b.Actions = ui.Button{Label: "新建账号", Kind: ui.Primary, Icon: "plus", URL: "/admin/people/new"}
	}
	return c.Render(http.StatusOK, peoplePage(b, v))
}

// unitOptions lists the units of the pack under their kinds.
func unitOptions(pack *city.Pack) []ui.Option {
	var list []ui.Option
	for _, u := range pack.Units {
		list = append(list, ui.Option{Value: string(u.ID), Label: u.Short, Group: u.Kind.Label()})
	}
	return list
}

// roleOptions lists the roles that people can be given.
func roleOptions() []ui.Option {
	var list []ui.Option
	for _, r := range org.Roles() {
		if !r.Assignable {
			continue
		}
		group := "业务角色"
		if r.Admin {
			group = "管理角色"
		}
		list = append(list, ui.Option{Value: string(r.Role), Label: r.Label, Hint: r.About, Group: group})
	}
	return list
}

func stateOptions() []ui.Option {
	var list []ui.Option
	for _, s := range []org.State{org.Invited, org.Active, org.Locked, org.Disabled} {
		list = append(list, ui.Option{Value: string(s), Label: s.Label()})
	}
	return list
}

// state draws an account's state.
func stateBadge(s org.State) ui.Badge {
	kinds := map[org.State]ui.Kind{org.Invited: ui.Info, org.Active: ui.Success, org.Locked: ui.Warning, org.Disabled: ui.Plain}
	return ui.Badge{Text: s.Label(), Kind: kinds[s]}
}

func roleNames(roles []org.Role) string {
	labels := make([]string, len(roles))
	for i, r := range roles {
		labels[i] = r.Label()
	}
	return strings.Join(labels, "、")
}

func (v peopleView) table() ui.Table {
	t := ui.NewTable("人员", ui.Column{Label: "姓名"}, ui.Column{Label: "单位"}, ui.Column{Label: "角色"}, ui.Column{Label: "手机号码"}, ui.Column{Label: "动态口令"}, ui.Column{Label: "状态", Narrow: true})
	t.Empty = ui.Empty{Title: "没有符合条件的人员", Text: "请放宽条件；手机号码须填完整才能查到。", Label: "查看全部人员", URL: "/admin/people"}
	for _, x := range v.List {
		factor := "未绑定"
		if x.SecondFactor {
			factor = "已绑定"
		}
		roles := ui.Text(roleNames(x.Roles))
		if len(x.Roles) == 0 {
			roles = ui.Text("没有角色")
		}
		t.Rows = append(t.Rows, ui.Row{URL: "/admin/people/" + x.ID, Muted: x.State == org.Disabled, Cells: []ui.Cell{
			ui.Text(x.Name).With(x.Login), ui.Text(cmp.Or(x.UnitName, "—")), roles, ui.Text(cmp.Or(x.Phone, "—")), ui.Text(factor), ui.Node(stateBadge(x.State))}})
	}
	return t
}

func (v peopleView) filter() ui.FilterBar {
	f := v.Filter
	bar := ui.FilterBar{Action: "/admin/people", Target: "#people", Search: &ui.Field{Kind: ui.SearchInput, Name: "q", Label: "姓名、登录名或完整手机号码", Value: f.Text},
		Fields: []ui.Field{
			{Kind: ui.Select, Name: "unit", Label: "单位", Value: f.UnitID, Options: v.Units, Blank: "全部"},
			{Kind: ui.Select, Name: "role", Label: "角色", Value: string(f.Role), Options: roleOptions(), Blank: "全部"},
			{Kind: ui.Select, Name: "state", Label: "状态", Value: string(f.State), Options: stateOptions(), Blank: "全部"},
		}}
	for _, field := range append([]ui.Field{*bar.Search}, bar.Fields...) {
		if field.Value != "" {
			bar.Chips = append(bar.Chips, ui.FilterChip{Label: field.Label + "：" + optionLabel(field), Remove: v.address(field.Name, "")})
			bar.Reset = "/admin/people"
		}
	}
	return bar
}

// optionLabel is what the field's value is called.
func optionLabel(f ui.Field) string {
	for _, o := range f.Options {
		if o.Value == f.Value {
			return o.Label
		}
	}
	return f.Value
}

// address is the list with one condition changed, from its first page.
func (v peopleView) address(name, value string) string {
	f := v.Filter
	return address("/admin/people", []pair{{"q", f.Text}, {"unit", f.UnitID}, {"role", string(f.Role)}, {"state", string(f.State)}}, name, value)
}

type pair struct{ name, value string }

// address builds a list's address from its conditions with one of them changed
// or added; empty values are left out.
func address(path string, conditions []pair, name, value string) string {
	q := url.Values{}
	for _, x := range append(conditions, pair{name, value}) {
		q.Del(x.name)
		if x.value != "" {
			q.Set(x.name, x.value)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (v peopleView) pager() ui.Pager {
	pg := ui.Pager{Total: -1}
	if v.More {
		pg.Next = v.address("after", v.List[len(v.List)-1].Login)
	}
	if v.Filter.After != "" {
		pg.Prev = v.address("", "")
	}
	return pg
}

// personForm is the form of a new or changed account.
type personForm struct {
	Action   string
	Submit   string
	Cancel   string
	New      bool
	Input    org.PersonInput
	Phone    string // the present one, masked
	Units    []ui.Option
	Problems []ui.Problem
}

// formBase is the frame of a form: it shows no figures and tells no date of data.
func formBase(c *frame.Ctx, title string, crumbs ...ui.Crumb) ui.Base {
	b := c.Base(title, crumbs...)
	b.AsOf = ""
	return b
}

func peopleCrumb() ui.Crumb { return ui.Crumb{Label: "人员", URL: "/admin/people"} }

func typedPerson(c *frame.Ctx) org.PersonInput {
	return org.PersonInput{Login: c.Form("login"), Name: c.Form("name"), UnitID: c.Form("unit"), Phone: c.Form("phone")}
}

func (p pages) newForm(in org.PersonInput, err error) personForm {
	return personForm{Action: "/admin/people", Submit: "新建并生成邀请", Cancel: "/admin/people", New: true, Input: in, Units: unitOptions(p.app.Pack), Problems: ui.Problems(err)}
}

func (p pages) newPerson(c *frame.Ctx) error {
	if err := c.P.May(org.PeopleManage, org.Scope{}); err != nil {
		return err
	}
	return c.Render(http.StatusOK, personFormPage(formBase(c, "新建账号", peopleCrumb()), p.newForm(org.PersonInput{}, nil)))
}

func (p pages) createPerson(c *frame.Ctx) error {
	if err := c.Parse(); err != nil {
		return err
	}
	in := typedPerson(c)
	inv, err := p.org.CreatePerson(c.R.Context(), c.P, in)
	if errs.Is(err, errs.Invalid) {
		return c.Render(http.StatusUnprocessableEntity, personFormPage(formBase(c, "新建账号", peopleCrumb()), p.newForm(in, err)))
	}
	if err != nil {
		return err
	}
	return entry.HandOver(c, "账号已新建", inv, "/admin/people/"+inv.PersonID, peopleCrumb())
}

func (f personForm) fields() []ui.Field {
	var list []ui.Field
	if f.New {
		list = append(list, ui.Field{Name: "login", Label: "登录名", Hint: "3 至 32 个小写字母、数字、点、横线或下划线，以字母开头；建好后不能修改。", Value: f.Input.Login, Required: true, Autocomplete: "off", MaxLength: 32})
	}
	phone := ui.Field{Kind: ui.Tel, Name: "phone", Label: "手机号码", Hint: "加密保存，页面上只显示前三位和后四位。", Value: f.Input.Phone, Optional: true, Autocomplete: "off", MaxLength: 20}
	if f.Phone != "" {
		phone.Hint = "现为 " + f.Phone + "，不修改请留空。"
	}
	list = append(list,
		ui.Field{Name: "name", Label: "姓名", Value: f.Input.Name, Required: true, Autocomplete: "off", MaxLength: 30},
		ui.Field{Kind: ui.Select, Name: "unit", Label: "单位", Hint: "不属于名录中单位的人员（如领导、审计）可不选。", Value: f.Input.UnitID, Options: f.Units, Blank: "不属于名录中的单位"}, phone)
	for i := range list {
		list[i].Error = ui.ProblemOf(f.Problems, list[i].Name)
	}
	if f.Phone != "" {
		list = append(list, ui.Field{Kind: ui.Check, Name: "clear_phone", Label: "删除现有手机号码"})
	}
	return list
}
