package notices

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/notice"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

const adminPath = "/admin/notices"

// recent is how many deliveries the administrator's page shows.
const recent = 10

// adminView is the administrator's page. Typed and problems belong to the form that was
// refused: "address" or "hook".
type adminView struct {
	Status    notice.Status
	Addresses []notice.Address
	Hooks     []notice.Hook
	Log       []notice.Delivery
	Units     []ui.Option
	Form      string
	Hook      notice.HookInput
	Unit      string
	Email     string
	Problems  []ui.Problem
}

func (p pages) admin(c *frame.Ctx) error { return p.drawAdmin(c, http.StatusOK, adminView{}) }

func (p pages) drawAdmin(c *frame.Ctx, status int, v adminView) (err error) {
	ctx := c.R.Context()
	if v.Status, err = p.notice.Status(ctx, c.P); err != nil {
		return err
	}
	if v.Addresses, err = p.notice.Addresses(ctx, c.P); err != nil {
		return err
	}
	if v.Hooks, err = p.notice.Hooks(ctx, c.P); err != nil {
		return err
	}
	if v.Log, err = p.notice.Deliveries(ctx, c.P, "", recent); err != nil {
		return err
	}
	for _, u := range c.App.Pack.Units {
		v.Units = append(v.Units, ui.Option{Value: string(u.ID), Label: u.Short, Group: u.Kind.Label()})
	}
	return c.Render(status, adminPage(adminBase(c, "消息发送"), v))
}

func adminBase(c *frame.Ctx, title string, crumbs ...ui.Crumb) ui.Base {
	b := c.Base(title, crumbs...)
	b.AsOf = ""
	return b
}

func (p pages) setAddress(c *frame.Ctx) error {
	v := adminView{Form: "address", Unit: c.Form("unit"), Email: c.Form("email")}
	var check errs.Check
	check.Require(v.Email != "", "email", "请填写邮件地址")
	err := check.Err()
	if err == nil {
		err = p.notice.SetAddress(c.R.Context(), c.P, city.UnitID(v.Unit), v.Email)
	}
	if errs.Is(err, errs.Invalid) {
		v.Problems = ui.Problems(err)
		return p.drawAdmin(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return c.Done(adminPath+"#addresses", "邮件地址已保存，可以试发一封")
}

func (p pages) dropAddress(c *frame.Ctx) error {
	if err := p.notice.SetAddress(c.R.Context(), c.P, city.UnitID(c.R.PathValue("unit")), ""); err != nil {
		return err
	}
	return c.Done(adminPath+"#addresses", "邮件地址已删除")
}

// sent leads to the log after a trial was handed to the background.
func sent(c *frame.Ctx, err error) error {
	if err != nil {
		return err
	}
	c.App.Jobs.Wake()
	return c.Done(adminPath+"/log", "已安排试发，稍后刷新本页查看结果")
}

func (p pages) testMail(c *frame.Ctx) error {
	return sent(c, p.notice.TestMail(c.R.Context(), c.P, city.UnitID(c.R.PathValue("unit"))))
}

func (p pages) testHook(c *frame.Ctx) error {
	return sent(c, p.notice.TestHook(c.R.Context(), c.P, c.R.PathValue("id")))
}

func (p pages) addHook(c *frame.Ctx) error {
	v := adminView{Form: "hook", Hook: notice.HookInput{Name: c.Form("name"), URL: c.Form("url"), UnitID: city.UnitID(c.Form("unit"))}}
	secret, h, err := p.notice.AddHook(c.R.Context(), c.P, v.Hook)
	if errs.Is(err, errs.Invalid) {
		v.Problems = ui.Problems(err)
		return p.drawAdmin(c, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, secretPage(adminBase(c, "推送地址已添加", ui.Crumb{Label: "消息发送", URL: adminPath}), secret, h))
}

func (p pages) disableHook(c *frame.Ctx) error {
	if err := p.notice.DisableHook(c.R.Context(), c.P, c.R.PathValue("id")); err != nil {
		return err
	}
	return c.Done(adminPath+"#hooks", "推送地址已停用")
}

// logView is the log of what went out.
type logView struct {
	List   []notice.Delivery
	Before string
	More   bool
}

func (p pages) log(c *frame.Ctx) (err error) {
	v := logView{Before: c.Form("before")}
	if v.List, err = p.notice.Deliveries(c.R.Context(), c.P, v.Before, perPage+1); err != nil {
		return err
	}
	if len(v.List) > perPage {
		v.List, v.More = v.List[:perPage], true
	}
	return c.Render(http.StatusOK, logPage(adminBase(c, "发送记录", ui.Crumb{Label: "消息发送", URL: adminPath}), v))
}

func (v logView) pager() ui.Pager {
	pg := ui.Pager{Total: -1}
	if v.More {
		pg.Next = adminPath + "/log?before=" + v.List[len(v.List)-1].ID
	}
	if v.Before != "" {
		pg.Prev = adminPath + "/log"
	}
	return pg
}

// facts tell how sending stands.
func (v adminView) facts() ui.Facts {
	s := v.Status
	mail := ui.Fact{Term: "邮件", Text: "未启用", Sub: "由运维人员在数据目录的 " + notice.SettingsFile + " 中设置邮件服务器后重启"}
	if s.Mail.On() {
		mail = ui.Fact{Term: "邮件", Text: fmt.Sprintf("%s:%d，%s", s.Mail.Host, s.Mail.Port, s.Mail.TLS.Label()), Sub: "发件人 " + s.Mail.From}
	}
	nets := make([]string, len(s.Allow))
	for i, n := range s.Allow {
		nets[i] = n.String()
	}
	return ui.Facts{Columns: true, Items: []ui.Fact{mail,
		{Term: "汇总时间", Text: "工作日 " + s.Hour, Sub: "每单位每日最多一次，节假日的并入下一工作日"},
		{Term: "下次汇总", Text: s.Next.Chinese(), Sub: fmt.Sprintf("现有 %s 条待汇总", ui.Int(s.Waiting))},
		{Term: "上次汇总", Text: cmp.Or(s.Last.Chinese(), "还没有")},
		{Term: "消息中的链接", Text: cmp.Or(s.Base, "未设置，邮件不带链接")},
		{Term: "允许推送的内网", Text: cmp.Or(strings.Join(nets, "、"), "没有，只能推送到公网地址")},
	}}
}

func (v adminView) addressTable() ui.Table {
	t := ui.NewTable("各单位的邮件地址", ui.Column{Label: "单位"}, ui.Column{Label: "邮件地址"}, ui.Column{Label: "操作"})
	t.Empty = ui.Empty{Title: "还没有单位填写邮件地址", Text: "填写后，该单位的消息汇总会发到这个地址；不填写的单位只在系统中查看。"}
	for _, a := range v.Addresses {
		if a.Email != "" {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(a.Unit), ui.Text(a.Email), ui.Node(addressButtons(a, v.Status.Mail.On()))}})
		}
	}
	return t
}

// missing says how many units read their notices in the program only.
func (v adminView) missing() string {
	n := 0
	for _, a := range v.Addresses {
		if a.Email == "" {
			n++
		}
	}
	if n == 0 {
		return "所有单位都已填写"
	}
	return fmt.Sprintf("%d 个单位没有填写", n)
}

// problemsOf are the problems of one of the forms.
func (v adminView) problemsOf(form string) []ui.Problem {
	if v.Form != form {
		return nil
	}
	return v.Problems
}

func (v adminView) addressFields() []ui.Field {
	problems := v.problemsOf("address")
	return []ui.Field{
		{Kind: ui.Select, Name: "unit", ID: "f-address-unit", Label: "单位", Value: v.Unit, Options: v.Units, Required: true, Error: ui.ProblemOf(problems, "unit")},
		{Kind: ui.Email, Name: "email", Label: "邮件地址", Hint: "加密保存，页面上只显示首字和域名。请用单位邮箱，不用个人邮箱。", Value: v.Email, Required: true, Autocomplete: "off", MaxLength: 254, Size: ui.Long, Error: ui.ProblemOf(problems, "email")},
	}
}

func (v adminView) hookFields() []ui.Field {
	problems := v.problemsOf("hook")
	return []ui.Field{
		{Name: "name", Label: "系统名称", Hint: "写明推送给哪个系统，便于日后辨认。", Value: v.Hook.Name, Required: true, MaxLength: 40, Error: ui.ProblemOf(problems, "name")},
		{Name: "url", Label: "网址", Hint: "以 https:// 开头。加密保存，页面上只显示主机名。", Value: v.Hook.URL, Required: true, Autocomplete: "off", InputMode: "url", MaxLength: 1000, Size: ui.Full, Error: ui.ProblemOf(problems, "url")},
		{Kind: ui.Select, Name: "unit", Label: "推送哪个单位的汇总", Value: string(v.Hook.UnitID), Options: v.Units, Blank: "全部单位", Error: ui.ProblemOf(problems, "unit")},
	}
}

func (v adminView) hookTable() ui.Table {
	t := ui.NewTable("推送地址", ui.Column{Label: "系统"}, ui.Column{Label: "单位"}, ui.Column{Label: "添加"}, ui.Column{Label: "状态", Narrow: true}, ui.Column{Label: "操作"})
	t.Empty = ui.Empty{Title: "还没有推送地址", Text: "要让协同办公等其他系统收到消息汇总，在下面添加它的网址。"}
	for _, h := range v.Hooks {
		state := ui.Badge{Text: "使用中", Kind: ui.Success}
		if !h.Disabled.IsZero() {
			state = ui.Badge{Text: "已停用", Title: ui.Moment(h.Disabled)}
		}
		row := ui.Row{Muted: !h.Disabled.IsZero(), Cells: []ui.Cell{ui.Text(h.Name).With(h.Host), ui.Text(cmp.Or(h.Unit, "全部")), ui.Text(ui.Moment(h.Created)).With(h.Creator), ui.Node(state), ui.Text("—")}}
		if h.Disabled.IsZero() {
			row.Cells[4] = ui.Node(hookButtons(h))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func deliveryTable(list []notice.Delivery) ui.Table {
	t := ui.NewTable("发送记录", ui.Column{Label: "内容"}, ui.Column{Label: "发往"}, ui.Column{Label: "安排时间"}, ui.Column{Label: "状态", Narrow: true}, ui.Column{Label: "次数", Num: true}, ui.Column{Label: "结果"})
	t.Empty = ui.Empty{Title: "还没有发送过", Text: "每个工作日汇总后，发出的邮件和推送会列在这里。"}
	for _, d := range list {
		what := ui.Text("试发")
		if !d.Trial {
			what = ui.Text(fmt.Sprintf("%s %d 条", d.Unit, d.Notices)).With(d.Day)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{what, ui.Text(target(d)), ui.Text(ui.Moment(d.Created)), ui.Node(stateBadge(d.State)), ui.Text(ui.Int(int64(d.Attempts))), ui.Text(cmp.Or(d.Answer, "—"))}})
	}
	return t
}

// target is where a delivery went.
func target(d notice.Delivery) string {
	if d.Channel == notice.ByMail {
		return "邮件：" + d.Unit
	}
	return "推送：" + d.Hook
}

func stateBadge(s notice.DeliveryState) ui.Badge {
	switch s {
	case notice.Sent:
		return ui.Badge{Text: "已发出", Kind: ui.Success}
	case notice.Failed:
		return ui.Badge{Text: "未发出", Kind: ui.Danger}
	case notice.Waiting:
	}
	return ui.Badge{Text: "等待", Kind: ui.Info}
}
