package admin

import (
	"slices"
	"strings"

	"bihuan/kit/audit"
	"bihuan/web/ui"
)

// word is a code of the log and what it is called.
type word struct{ code, label string }

// actionWords name the acts that the log knows, family by family.
func actionWords() []word {
	return []word{
		{"org.", "账号与登录"}, {"org.sign_in", "登录"}, {"org.sign_in_failed", "登录失败"}, {"org.sign_out", "退出登录"}, {"org.confirm", "再次确认身份"},
		{"org.person_create", "新建账号"}, {"org.person_edit", "修改账号资料"}, {"org.person_disable", "停用账号"}, {"org.person_unlock", "解除锁定"},
		{"org.person_reinvite", "重新邀请"}, {"org.invitation_accept", "启用账号"}, {"org.idle_lock", "锁定长期未用账号"}, {"org.phone_reveal", "查看完整号码"},
		{"org.password_change", "修改密码"}, {"org.totp_enrol", "绑定动态口令"}, {"org.totp_remove", "解除动态口令"}, {"org.recovery_renew", "重新生成恢复码"},
		{"org.role_grant", "授予角色"}, {"org.role_revoke", "收回角色"}, {"org.session_revoke", "结束登录"},
		{"org.token_create", "创建接口令牌"}, {"org.token_revoke", "停用接口令牌"}, {"org.token_failed", "接口令牌无效"},
		{"org.reseal", "更换密钥重新加密"}, {"org.login_link_issue", "签发一次性登录链接"}, {"org.setup", "首次设置"}, {"org.setup_failed", "首次设置口令无效"},
		{"plan.", "计划导入与发布"}, {"plan.import", "上传文件"}, {"plan.read", "识别文件"}, {"plan.read_failed", "识别失败"}, {"plan.correct", "更正识别结果"},
		{"plan.decide", "批量确认"}, {"plan.submit", "提交发布"}, {"plan.return", "退回修改"}, {"plan.discard", "作废导入"}, {"plan.publish", "发布计划"},
		{"task.", "任务"}, {"task.register", "登记任务"}, {"task.edit", "维护任务"}, {"task.change", "按新版修改任务"}, {"task.drop", "移出任务"}, {"task.add_source", "补充来源"}, {"task.statutory", "标明法定时限"},
		{"task.assign", "交办"}, {"task.sign", "签收"}, {"task.object", "退回申请"}, {"task.reassign", "重新交办"}, {"task.start", "报办理方案"}, {"task.extend", "申请延期"}, {"task.answer", "答复延期"},
		{"task.submit", "申请办结"}, {"task.review", "开始审核"}, {"task.return", "退回重办"}, {"task.close", "同意办结"}, {"task.cross_off", "销号"}, {"task.archive", "归档"},
		{"task.suspend", "中止"}, {"task.resume", "恢复办理"}, {"task.cancel", "撤销"}, {"task.merge", "并案"},
		{"target.", "目标"}, {"target.quantify", "量化目标"}, {"target.share", "分解指标"}, {"target.bind", "更换数据来源"},
		{"milestone.", "节点"}, {"milestone.add", "增加节点"}, {"milestone.reach", "报告节点完成"}, {"milestone.verify", "核验节点"}, {"milestone.return", "退回节点"},
		{"progress.", "进展"}, {"progress.report", "填报进展"}, {"progress.verified", "核验进展"}, {"progress.returned", "退回进展"}, {"progress.withdrawn", "撤回进展"},
		{"light.", "灯色"}, {"light.override", "人工改判"}, {"light.lift", "撤销改判"},
		{"alias.", "单位别名"}, {"alias.learn", "认定单位别名"},
		{"audit.", "审计"}, {"audit.export", "导出审计日志"},
		{"job.", "后台作业"}, {"job.retry", "重试后台作业"},
		{"list.", "清单"}, {"list.export", "导出清单"},
		{"record.", "台账记录"}, {"record.create", "登记记录"}, {"record.edit", "更正记录"}, {"record.move", "办理记录"}, {"record.proof", "上传佐证"}, {"record.falsify", "认定不实"}, {"record.falsify_proof", "认定佐证不实"}, {"record.reveal", "查看个人信息"},
		{"draw.", "抽查"}, {"draw.open", "公布抽查承诺"}, {"draw.close", "封存抽查清单"}, {"draw.draw", "公开种子抽取"}, {"draw.result", "登记抽查结果"}, {"draw.whole", "整批全查"}, {"draw.finish", "办结抽查"},
		{"register.", "台账"}, {"register.import", "上传台账表格"}, {"register.import_checked", "检查台账表格"}, {"register.import_start", "开始导入"}, {"register.import_done", "导入完成"}, {"register.import_failed", "导入失败"},
		{"register.import_cancel", "取消导入"}, {"register.import_mend", "下载待改行"}, {"register.export", "导出台账"}, {"register.review", "核查成批记录"}, {"register.rebuild", "重算台账合计"},
		{"indicator.", "统计数据"}, {"indicator.enter", "录入统计数据"}, {"indicator.revise", "修订统计数据"}, {"indicator.withdraw", "撤回统计数据"}, {"indicator.bring", "载入已公布数据"},
		{"paper.", "督导文书"}, {"paper.draft", "起草文书"}, {"paper.edit", "修改文书"}, {"paper.submit", "文书送审"}, {"paper.return", "退回文书"}, {"paper.discard", "作废文书"}, {"paper.issue", "印发文书"},
		{"notice.", "消息"}, {"notice.digest", "汇总消息"}, {"notice.address", "修改邮件地址"}, {"notice.hook_add", "添加推送地址"}, {"notice.hook_disable", "停用推送地址"}, {"notice.test", "试发消息"}, {"notice.reseal", "更换密钥重新加密"},
	}
}

// actionLabel names an act; one that is not in the list keeps its code.
func actionLabel(code string) string { return labelIn(actionWords(), code) }

func labelIn(words []word, code string) string {
	i := slices.IndexFunc(words, func(w word) bool { return w.code == code })
	if i < 0 {
		return code
	}
	return words[i].label
}

// actionOptions are the choices of the filter: each family whole, and its acts.
func actionOptions(chosen string) []ui.Option {
	var list []ui.Option
	family := ""
	for _, w := range actionWords() {
		if strings.HasSuffix(w.code, ".") {
			family = w.label
			list = append(list, ui.Option{Value: w.code, Label: w.label + "（全部）", Group: family})
			continue
		}
		list = append(list, ui.Option{Value: w.code, Label: w.label, Group: family})
	}
	if chosen != "" && actionLabel(chosen) == chosen {
		list = append(list, ui.Option{Value: chosen, Label: chosen})
	}
	return list
}

func objectWords() []word {
	return []word{{"person", "人员"}, {"token", "接口令牌"}, {"import", "导入"}, {"plan", "计划"}, {"task", "任务"}, {"unit", "单位"}, {"job", "后台作业"}, {"audit", "审计日志"}, {"setup", "首次设置"}, {"paper", "督导文书"}, {"record", "台账记录"}, {"register", "台账"}, {"target", "目标"}, {"indicator", "统计指标"}, {"draw", "抽查"}}
}

func objectLabel(kind string) string { return labelIn(objectWords(), kind) }

func objectOptions() []ui.Option {
	var list []ui.Option
	for _, w := range objectWords() {
		list = append(list, ui.Option{Value: w.code, Label: w.label})
	}
	return list
}

func viaLabel(v audit.Via) string {
	return labelIn([]word{{string(audit.Page), "网页"}, {string(audit.API), "接口"}, {string(audit.Command), "命令行"}, {string(audit.System), "系统"}}, string(v))
}

// fieldWords name the parts of a state; rooms that write Chinese names need none.
func fieldWords() []word {
	return []word{
		{"", "内容"}, {"login", "登录名"}, {"name", "姓名"}, {"unit", "单位"}, {"phone", "手机号码"}, {"state", "状态"}, {"roles", "角色"}, {"second_factor", "已绑定动态口令"},
		{"address", "地址"}, {"factor", "验证方式"}, {"sessions_ended", "挤下的登录数"}, {"sessions", "结束的登录数"}, {"tokens", "停用的令牌数"}, {"expires", "有效期至"},
		{"person", "人员编号"}, {"read_only", "只读"}, {"failures", "连续失败次数"}, {"locked_until", "锁定至"}, {"reason", "原因"},
		{"op", "操作"}, {"item", "条目"}, {"kind", "类型"}, {"fields", "字段"}, {"at", "位置"}, {"task", "任务"}, {"error", "错误"}, {"attempts", "尝试次数"},
	}
}

// fieldLabel names a part of a state; of an inner part each step is named.
func fieldLabel(name string) string {
	steps := strings.Split(name, "/")
	for i, s := range steps {
		steps[i] = labelIn(fieldWords(), s)
	}
	return strings.Join(steps, " · ")
}

func factorWords() map[string]string {
	return map[string]string{"password": "密码", "totp": "密码和动态口令", "recovery": "密码和恢复码", "link": "一次性链接", "code": "动态口令不正确", "locked": "已锁定",
		"confirm": "确认身份时不正确", "disabled": "账号已停用", "invited": "账号未启用", "secret": "令牌不符", "revoked": "令牌已停用", "expired": "令牌已过期", "administrator": "管理员不能用令牌"}
}
