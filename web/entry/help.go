package entry

import (
	"net/http"

	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// helpView is the help page for one person, or for nobody in particular.
type helpView struct {
	Lead  string // the unit that answers questions about the business
	Guide []guide
	Keys  []keyLine
}

// guide is what one role does, in steps.
type guide struct {
	Roles string
	Steps []string
	URL   string
	Label string
}

type keyLine struct{ Keys, Does string }

func (p pages) help(c *frame.Ctx) error {
	v := helpView{Lead: c.App.Pack.LeadUnit().Short, Keys: keyLines(), Guide: guidesFor(c.P)}
	return c.Render(http.StatusOK, helpPage(base(c, "使用帮助"), v))
}

// guidesFor puts what the person's roles do first; strangers read all of it.
func guidesFor(p org.Principal) []guide {
	var mine, others []guide
	for _, g := range guides() {
		if p.MayAnywhere(g.needs) {
			mine = append(mine, g.guide)
		} else {
			others = append(others, g.guide)
		}
	}
	if len(mine) == 0 {
		for i := range others {
			others[i].URL = ""
		}
		return others
	}
	return mine
}

type guideOf struct {
	needs org.Action
	guide guide
}

func guides() []guideOf {
	return []guideOf{
		{org.ProgressReport, guide{"填报进展（经办）", []string{
			"打开“填报”，先办标出期限最近的。",
			"填写数值和所属时期，写明依据或上传文件，再提交。数值由责任单位填报，上级只能退回，不能代改。",
			"被退回的会回到“填报”并写明理由，改好后重新提交。"}, "/report", "去填报"}},
		{org.ProgressVerify, guide{"核验进展（审核）", []string{
			"打开“核验”，逐条查看数值、依据和与上期的变化。",
			"属实的通过；有疑问的退回，写清要补什么。填报人不能核验自己的数据。"}, "/verify", "去核验"}},
		{org.PlanImport, guide{"导入计划（调度）", []string{
			"打开“导入”，上传正式印发的文件（docx、pdf、txt 等）。",
			"对照原文逐处核对识别出的任务、责任单位、目标和期限；拿不准的地方会单独标出。",
			"核对完提交，由审批人发布。发布后即按计划计算序时进度和红黄蓝绿灯。"}, "/imports", "去导入"}},
		{org.PlanPublish, guide{"发布与改判（审批）", []string{
			"打开“待发布”，查看与上一版的差异后发布或退回。",
			"人工改判灯色须写明理由和失效日期，到期自动恢复系统计算的结果。"}, "/imports?state=submitted", "查看待发布"}},
		{org.PlanRead, guide{"查看进度", []string{
			"“总览”给出全市情况，每个数字都能点开看到下面的任务。",
			"灯色同时用形状和文字表示：正常、提醒、滞后、严重滞后、无数据。点开灯可以看到判定依据。",
			"“县区”“部门”按责任主体查看，“目标”按指标查看。"}, "/", "打开总览"}},
		{org.PeopleManage, guide{"管理账号（系统管理员）", []string{
			"在“人员”新建账号，把邀请链接交给本人，由本人设置密码。",
			"忘记密码、更换手机用“重新邀请”；调离的及时停用。角色由安全管理员授予。"}, "/admin/people", "打开人员"}},
		{org.RoleGrant, guide{"授予角色（安全管理员）", []string{
			"在“人员”打开某人，授予或收回角色；发现异常时结束其登录和接口令牌。"}, "/admin/people", "打开人员"}},
		{org.AuditRead, guide{"查看审计日志", []string{
			"在“审计日志”按人员、对象、时间查找，打开一条可以看到变更前后的内容。",
			"定期“核验链条”并导出存档，把末条编号和摘要另行抄存，以便发现删改。"}, "/admin/audit", "打开审计日志"}},
	}
}

func keyLines() []keyLine {
	return []keyLine{
		{"?", "打开快捷键窗口"}, {"/", "跳到搜索框"}, {"j / k", "列表中下一行 / 上一行"}, {"Enter", "打开选中的行"},
		{"g 再按字母", "跳到导航中的页面，字母见快捷键窗口"}, {"Esc", "关闭窗口"}, {"Tab", "依次移到下一个链接、按钮或输入框"},
	}
}

func (v helpView) keys() ui.Facts {
	var f ui.Facts
	for _, k := range v.Keys {
		f.Items = append(f.Items, ui.Fact{Term: k.Keys, Text: k.Does})
	}
	return f
}

func (v helpView) contacts() ui.Facts {
	return ui.Facts{Items: []ui.Fact{
		{Term: "计划、任务、口径", Text: v.Lead + "（牵头单位）的调度员"},
		{Term: "账号、密码、手机更换", Text: "系统管理员"},
		{Term: "角色、权限", Text: "安全管理员"},
		{Term: "系统故障", Text: "运维人员；请告知页面上的错误编号和发生时间"},
	}}
}
