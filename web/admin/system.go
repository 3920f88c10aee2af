package admin

import (
	"cmp"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/job"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// systemView is the page of the system.
type systemView struct {
	State  state
	Pack   *city.Pack
	Policy org.Policy
	Data   string // the data folder
	Keys   string // the key file
	Params []param
	Year   int // this year, for what the calendar must know
}

func (p pages) system(c *frame.Ctx) error {
	s, err := p.health.read(c.R.Context(), c.P)
	if err != nil {
		return err
	}
	v := systemView{State: s, Pack: p.app.Pack, Policy: p.org.Policy(), Data: p.app.Config.Data, Keys: p.app.Config.Keys, Params: params(p.app.Pack), Year: c.Today().Year()}
	v.Keys = cmp.Or(v.Keys, filepath.Join(v.Data, "keys.json"))
	b := c.Base("系统")
	b.AsOf = "截至 " + ui.Moment(s.Checked)
	return c.Render(http.StatusOK, systemPage(b, v))
}

func (p pages) retryJob(c *frame.Ctx) error {
	if err := p.health.retry(c.R.Context(), c.P, c.R.PathValue("id")); err != nil {
		return err
	}
	return c.Done("/admin/system#jobs", "已安排重试")
}

func (v systemView) program() ui.Facts {
	engine := "SQLite（内嵌）"
	if v.State.Engine == db.PostgreSQL {
		engine = "PostgreSQL"
	}
	return ui.Facts{Columns: true, Items: []ui.Fact{
		{Term: "程序版本", Text: v.State.Version}, {Term: "数据库", Text: engine}, {Term: "数据结构版本", Text: strconv.FormatInt(v.State.Schema, 10)},
		{Term: "数据库大小", Text: ui.Bytes(v.State.DataBytes)}, {Term: "附件", Text: fmt.Sprintf("%s 个，%s", ui.Int(int64(v.State.Files)), ui.Bytes(v.State.FileBytes))},
		{Term: "审计记录", Text: ui.Int(v.State.Entries) + " 条"},
		{Term: "城市包", Text: v.Pack.Name + " " + v.Pack.Version, Sub: "SHA-256 " + v.Pack.Digest[:min(16, len(v.Pack.Digest))] + "…"},
		{Term: "数据目录", Text: v.Data},
	}}
}

// stateNames are the states of jobs in the order in which pages show them.
func stateNames() []word {
	return []word{{string(job.Failed), "失败"}, {string(job.Running), "正在运行"}, {string(job.Waiting), "等待"}, {string(job.Done), "完成"}}
}

// jobLabel names a kind of job; one that is not in the list keeps its code.
func jobLabel(kind string) string {
	return labelIn([]word{{"plan.read", "识别上传的文件"}, {"supervise.warm", "计算当日灯色"}, {"matter.remind", "催办提醒"}, {"notice.collect", "汇总消息"}, {"notice.deliver", "发送消息"}, {"register.import.check", "检查上传的表格"}, {"register.import.enter", "导入表格"}, {"api.prune_answers", "清理接口应答"}, {"org.prune", "清理过期登录"}, {"org.lock_idle", "锁定长期未用账号"}}, kind)
}

// stats sums the jobs up by state; failed ones lead to their list.
func (v systemView) stats() ui.Stats {
	var list ui.Stats
	for _, s := range stateNames() {
		n := 0
		for _, c := range v.State.Jobs {
			if string(c.State) == s.code {
				n += c.Number
			}
		}
		st := ui.Stat{Label: s.label, Value: ui.Int(int64(n)), Unit: "个", URL: "#counts"}
		if s.code == string(job.Failed) {
			st.URL = "#failed"
		}
		list = append(list, st)
	}
	return list
}

func (v systemView) counts() ui.Table {
	t := ui.NewTable("后台作业", ui.Column{Label: "作业"}, ui.Column{Label: "状态"}, ui.Column{Label: "数量", Num: true}, ui.Column{Label: "最早应运行"})
	t.Empty = ui.Empty{Title: "还没有后台作业", Text: "上传文件后，识别作业会出现在这里。"}
	for _, c := range v.State.Jobs {
		oldest := ""
		if c.State == job.Waiting || c.State == job.Running {
			oldest = ui.Moment(c.Oldest)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(jobLabel(c.Kind)), ui.Text(labelIn(stateNames(), string(c.State))), ui.Text(ui.Int(int64(c.Number))), ui.Text(oldest)}})
	}
	return t
}

func (v systemView) failed() ui.Table {
	t := ui.NewTable("失败的作业", ui.Column{Label: "作业"}, ui.Column{Label: "失败时间"}, ui.Column{Label: "次数", Num: true}, ui.Column{Label: "最后的错误"}, ui.Column{Label: "操作", Narrow: true})
	t.Empty = ui.Empty{Title: "没有失败的作业", Text: "作业失败会自动重试，多次不成功才列在这里。", Icon: "check"}
	for _, j := range v.State.Failed {
		retry := postButton("/admin/system/jobs/"+j.ID+"/retry", ui.Button{Label: "重试", Small: true})
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(jobLabel(j.Kind)).With(j.ID), ui.Text(ui.Moment(j.FinishedAt)), ui.Text(strconv.Itoa(j.Attempts)), ui.Text(firstLine(j.LastError)), ui.Node(retry)}})
	}
	return t
}

// firstLine keeps a long error readable; the whole stands in the server's log.
func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}

// missing are the years whose holidays are needed now and not known.
func (v systemView) missing() []int {
	var years []int
	for _, y := range []int{v.Year, v.Year + 1} {
		if !v.Pack.Calendar.Known(y) {
			years = append(years, y)
		}
	}
	return years
}

// calendarNote says what the missing notices mean.
func (v systemView) calendarNote() ui.Alert {
	missing := v.missing()
	switch {
	case len(missing) == 0:
		return ui.Alert{Kind: ui.Success, Text: "今明两年的放假安排都已收录，工作日期限可以确定。"}
	case missing[0] == v.Year:
		return ui.Alert{Kind: ui.Danger, Title: "缺少今年的放假安排", Text: fmt.Sprintf("%d 年的工作日只按周末推算，期限可能有误。请更新城市包中的日历。", v.Year)}
	default:
		return ui.Alert{Kind: ui.Info, Text: fmt.Sprintf("%d 年的放假安排尚未收录，落在该年的工作日期限是暂定的。国务院办公厅通常在上年十月至十二月发布，发布后请更新城市包。", missing[0])}
	}
}

func (v systemView) years() ui.Table {
	t := ui.NewTable("已收录的放假安排", ui.Column{Label: "年份"}, ui.Column{Label: "依据"}, ui.Column{Label: "放假"}, ui.Column{Label: "调休上班", Num: true})
	for _, y := range v.Pack.Calendar.Years() {
		names := make([]string, len(y.Holidays))
		for i, h := range y.Holidays {
			names[i] = h.Name
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(strconv.Itoa(y.Year)), ui.Text(y.Source), ui.Text(strings.Join(names, "、")), ui.Text(strconv.Itoa(len(y.Workdays)) + " 天")}})
	}
	return t
}

// policy states the protections in force, for assessors.
func (v systemView) policy() ui.Facts {
	p := v.Policy
	return ui.Facts{Columns: true, Items: []ui.Fact{
		{Term: "密码", Text: fmt.Sprintf("至少 %d 位、%d 类字符", p.PasswordMin, p.PasswordClasses), Sub: fmt.Sprintf("%s更换一次，不与最近 %d 次相同", span(p.PasswordMaxAge), p.PasswordHistory)},
		{Term: "登录失败", Text: fmt.Sprintf("连续 %d 次锁定 %s", p.LockAfter, span(p.LockFirst)), Sub: "再次失败加倍，最长 " + span(p.LockMax)},
		{Term: "自动退出", Text: span(p.SessionIdle) + "没有操作", Sub: "登录最长 " + span(p.SessionMax)},
		{Term: "同时登录", Text: fmt.Sprintf("每人最多 %d 处", p.SessionsPerPerson)},
		{Term: "必须用动态口令的角色", Text: roleNames(p.TOTPRoles)},
		{Term: "重要操作再次确认", Text: "距上次输入密码超过 " + span(p.ConfirmAge)},
		{Term: "长期未用账号", Text: idleText(p.IdleAccount)},
		{Term: "接口令牌", Text: "最长 " + span(p.TokenMax)},
	}}
}

func idleText(d time.Duration) string {
	if d == 0 {
		return "不自动锁定"
	}
	return span(d) + "未登录自动锁定"
}

// span writes a length of time in whole units, the largest that fits.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= day && d%day == 0:
		return fmt.Sprintf("%d 天", d/day)
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d 小时", d/time.Hour)
	default:
		return fmt.Sprintf("%d 分钟", d/time.Minute)
	}
}

// commands are what an operator types to save and check the data.
func (v systemView) commands() ui.Facts {
	return ui.Facts{Items: []ui.Fact{
		{Term: "备份", Node: code("bihuan backup --data " + v.Data), Sub: "运行中也可以备份；文件放到另一台机器上"},
		{Term: "密钥", Node: code(v.Keys), Sub: "不在备份里：另外保存，与备份分开放。没有它，加密的内容无法恢复"},
		{Term: "核验", Node: code("bihuan verify --data " + v.Data), Sub: "核验审计链条和全部附件"},
		{Term: "恢复演练", Node: code("bihuan restore --data 新目录 备份文件"), Sub: "每季度至少在空目录演练一次"},
	}}
}
