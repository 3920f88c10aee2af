package org

import (
	"slices"
	"strings"

	"bihuan/kit/errs"
)

// RoleInfo describes a role for pages and documents.
type RoleInfo struct {
	Role       Role
	Label      string // 调度员
	About      string // one line: who holds it
	Admin      bool   // one of the three administrators
	Assignable bool   // a person can be given it
}

// ActionInfo describes an action for pages and documents.
type ActionInfo struct {
	Action Action
	Label  string // 发布计划
	About  string // one line: what it allows
	Reads  bool   // changes nothing but the audit log; a read-only token may do it
}

// Grant is one line of the permission table: the role may do the action as far as the reach.
type Grant struct {
	Role   Role
	Action Action
	Reach  Reach
}

// Roles lists all roles in the order in which pages show them.
func Roles() []RoleInfo {
	return []RoleInfo{
		{Dispatcher, "调度员", "牵头部门，导入计划、核对识别结果、调度各单位", false, true},
		{Approver, "审批人", "发布计划、批准人工改判", false, true},
		{UnitClerk, "部门经办", "填报本单位任务进展", false, true},
		{UnitHead, "部门审核", "审核本单位填报的进展", false, true},
		{CountyClerk, "县区经办", "导入本县区清单、填报本县区进展", false, true},
		{CountyHead, "县区审核", "审核本县区填报的进展", false, true},
		{Leader, "领导", "查看全部计划与进展", false, true},
		{Auditor, "财政审计", "查看全部数据并导出审计资料", false, true},
		{SysAdmin, "系统管理员", "管理账号与系统运行，不办理业务", true, true},
		{SecAdmin, "安全管理员", "授予角色、终止会话，不办理业务", true, true},
		{AuditAdmin, "审计管理员", "查看和导出审计日志，不办理业务", true, true},
		{Operator, "命令行", "在服务器上运行命令的运维人员", false, false},
		{System, "系统作业", "系统自动运行的后台作业", false, false},
	}
}

// Actions lists all actions in the order in which pages show them.
func Actions() []ActionInfo {
	return []ActionInfo{
		{PlanRead, "查看计划", "查看计划、任务、责任单位、目标和进展", true},
		{PlanImport, "导入计划", "上传计划文件并识别", false},
		{PlanCorrect, "更正识别结果", "更正识别出的任务、单位和目标", false},
		{PlanPublish, "发布计划", "批准识别结果并正式发布", false},
		{TaskEdit, "维护任务", "细化任务内容、时间节点和联系人", false},
		{ShareEdit, "分解指标", "把目标分解到县区或单位", false},
		{ProgressReport, "填报进展", "填报指标数值并上传依据", false},
		{ProgressVerify, "核实进展", "核实或退回填报的进展", false},
		{LightOverride, "人工改判灯色", "批准人工改判，写明理由和失效日期", false},
		{CountyListImport, "导入县区清单", "上传县区任务清单", false},
		{ListExport, "导出清单", "导出任务清单和进展表", true},
		{AliasLearn, "认定单位别名", "把文件中的写法认定为某单位的别名", false},
		{TokenCreate, "创建接口令牌", "为本人创建和停用接口令牌", false},
		{PeopleRead, "查看人员", "查看账号、角色和会话", true},
		{PeopleManage, "管理人员", "新建、修改、停用账号，重发邀请", false},
		{RoleGrant, "授予角色", "授予和收回角色", false},
		{SessionRevoke, "终止会话", "终止他人的会话和接口令牌", false},
		{AuditRead, "查看审计日志", "查看审计日志", true},
		{AuditExport, "导出审计日志", "导出可离线核验的审计日志", true},
		{SystemRead, "查看系统状态", "查看版本、存储和后台作业", true},
		{RegisterRead, "查看台账", "查看台账记录、佐证和办理过程，个人信息脱敏", true},
		{RegisterEdit, "登记台账", "登记、更正台账记录并上传佐证", false},
		{RegisterVerify, "核验台账", "核验、退回台账记录", false},
		{RegisterReveal, "查看个人信息", "写明理由后查看一项个人信息原文，另行留痕", false},
		{RegisterDraw, "抽查台账", "组织抽查、登记抽查结果", false},
		{IndicatorEdit, "录入统计数据", "录入、修订和导入已发布的统计数据", false},
		{MatterIssue, "发起督导", "拟制督办单、整改通知、通报、会议纪要等", false},
		{MatterApprove, "审批督导", "批准督导文书、延期和复核意见", false},
		{MatterAnswer, "办理督导", "签收、反馈、申请延期、提出异议", false},
		{NoticeManage, "管理通知渠道", "维护邮件地址和推送地址", false},
	}
}

// Grants is the permission table: whatever does not stand here is refused.
func Grants() []Grant {
	var g []Grant
	add := func(role Role, reach Reach, actions ...Action) {
		for _, a := range actions {
			g = append(g, Grant{role, a, reach})
		}
	}
	add(Dispatcher, ReachAll, PlanRead, PlanImport, PlanCorrect, TaskEdit, ShareEdit, ProgressVerify, CountyListImport, ListExport, AliasLearn)
	// A number is reported by the unit that owns it: an upper level sends it back, and never writes over it (统计法 art. 40).
	add(Dispatcher, ReachUnit, ProgressReport, TokenCreate)
	add(Approver, ReachAll, PlanRead, PlanPublish, LightOverride, ListExport)
	add(UnitClerk, ReachAll, PlanRead)
	add(UnitClerk, ReachUnit, TaskEdit, ShareEdit, ProgressReport, ListExport, TokenCreate)
	add(UnitHead, ReachAll, PlanRead)
	add(UnitHead, ReachUnit, TaskEdit, ShareEdit, ProgressVerify, ListExport)
	add(CountyClerk, ReachAll, PlanRead)
	add(CountyClerk, ReachTerritory, ProgressReport, CountyListImport, ListExport, TokenCreate)
	add(CountyHead, ReachAll, PlanRead)
	add(CountyHead, ReachTerritory, ProgressVerify, CountyListImport, ListExport)
	add(Leader, ReachAll, PlanRead, ListExport)
	add(Auditor, ReachAll, PlanRead, ListExport, AuditRead, AuditExport)
	add(SysAdmin, ReachAll, PeopleRead, PeopleManage, SystemRead)
	add(SecAdmin, ReachAll, PeopleRead, RoleGrant, SessionRevoke)
	add(AuditAdmin, ReachAll, AuditRead, AuditExport)
	for _, r := range []Role{Dispatcher, Approver, UnitClerk, UnitHead, CountyClerk, CountyHead, Leader, Auditor} {
		add(r, ReachAll, RegisterRead)
	}
	add(Dispatcher, ReachAll, RegisterDraw, IndicatorEdit, MatterIssue)
	add(Dispatcher, ReachUnit, RegisterEdit, RegisterVerify, MatterAnswer)
	add(Approver, ReachAll, MatterApprove)
	add(UnitClerk, ReachUnit, RegisterEdit, MatterAnswer)
	add(UnitHead, ReachUnit, RegisterVerify, RegisterReveal, RegisterDraw, MatterAnswer)
	add(CountyClerk, ReachTerritory, RegisterEdit, MatterAnswer)
	add(CountyHead, ReachTerritory, RegisterVerify, RegisterReveal, MatterAnswer)
	add(Auditor, ReachAll, RegisterReveal)
	add(SysAdmin, ReachAll, NoticeManage)
	add(System, ReachAll, RegisterRead)
	add(Operator, ReachAll, RegisterRead)
	add(Operator, ReachAll, PlanRead, PlanImport, CountyListImport, ListExport, AliasLearn, PeopleRead, PeopleManage, RoleGrant, SessionRevoke, AuditRead, AuditExport, SystemRead)
	add(System, ReachAll, PlanRead, ListExport, SystemRead)
	return g
}

// May returns nil when a grant of one of the principal's roles covers the action
// on the scope. Otherwise it refuses: Unauthenticated for nobody, Forbidden with
// the missing permission and who holds it for everybody else.
func (p Principal) May(a Action, s Scope) error {
	if p.ID == "" {
		return errs.New(errs.Unauthenticated, "请先登录")
	}
	if err := p.dutyErr(); err != nil {
		return err
	}
	info, known := actionInfo(a)
	if !known {
		return errs.New(errs.Forbidden, "没有名为“%s”的权限", a)
	}
	if p.ReadOnly && !info.Reads {
		return errs.New(errs.Forbidden, "只读接口令牌不能%s", info.Label)
	}
	if slices.ContainsFunc(grants, func(g Grant) bool { return g.Action == a && p.Has(g.Role) && p.covers(g.Reach, s) }) {
		return nil
	}
	return p.refusal(info)
}

// Visible is the part of a list that the principal may see or touch with one
// action, for queries: when All is set everything, else rows of the units or the
// territory given; both empty means nothing.
type Visible struct {
	All       bool
	Units     []string
	Territory string
}

// None reports whether nothing is visible.
func (v Visible) None() bool { return !v.All && len(v.Units) == 0 && v.Territory == "" }

// Extent tells how far the principal's permission for the action goes; it agrees with May.
func (p Principal) Extent(a Action) Visible {
	var v Visible
	if p.May(a, Scope{}) == nil {
		return Visible{All: true}
	}
	self := p.Self()
	if p.May(a, Scope{Units: self.Units}) == nil {
		v.Units = self.Units
	}
	if p.May(a, Scope{Territory: self.Territory}) == nil {
		v.Territory = self.Territory
	}
	return v
}

// MayAnywhere reports whether the principal may do the action on anything at
// all: whether a menu shows it.
func (p Principal) MayAnywhere(a Action) bool { return !p.Extent(a).None() }

func (p Principal) covers(r Reach, s Scope) bool {
	switch r {
	case ReachAll:
		return true
	case ReachUnit:
		return p.UnitID != "" && slices.Contains(s.Units, p.UnitID)
	case ReachTerritory:
		return p.TerritoryID != "" && s.Territory == p.TerritoryID
	default:
		return false
	}
}

func (p Principal) dutyErr() error {
	switch p.Owes {
	case DutyNone:
		return nil
	case DutyTOTP:
		return errs.New(errs.Forbidden, "请先绑定动态口令：您的角色要求两种方式登录")
	default:
		return errs.New(errs.Forbidden, "请先修改密码")
	}
}

// refusal names what is missing and who has it. Someone whose grant does not
// reach far enough is told so, since asking for the role again would not help.
func (p Principal) refusal(info ActionInfo) error {
	var holders []string
	near := false
	for _, g := range grants {
		if g.Action != info.Action {
			continue
		}
		near = near || p.Has(g.Role)
		if r := roleInfo(g.Role); r.Assignable && !slices.Contains(holders, r.Label) {
			holders = append(holders, r.Label)
		}
	}
	if near {
		return errs.New(errs.Forbidden, "您的“%s”权限只限本单位或本地区，不包括此项", info.Label)
	}
	return errs.New(errs.Forbidden, "您没有“%s”的权限，可由%s办理", info.Label, strings.Join(holders, "、"))
}

// The tables read once; nothing changes them.
var (
	grants     = Grants()
	roleList   = Roles()
	actionList = Actions()
)

// Label is the role's Chinese name, or the role itself when it is not known.
func (r Role) Label() string { return roleInfo(r).Label }

// Label is the action's Chinese name, or the action itself when it is not known.
func (a Action) Label() string {
	if info, ok := actionInfo(a); ok {
		return info.Label
	}
	return string(a)
}

// Label is the reach's Chinese name for the permission matrix.
func (r Reach) Label() string {
	switch r {
	case ReachAll:
		return "全部"
	case ReachUnit:
		return "本单位"
	case ReachTerritory:
		return "本地区"
	default:
		return "—"
	}
}

func roleInfo(r Role) RoleInfo {
	for _, info := range roleList {
		if info.Role == r {
			return info
		}
	}
	return RoleInfo{Role: r, Label: string(r)}
}

func actionInfo(a Action) (ActionInfo, bool) {
	for _, info := range actionList {
		if info.Action == a {
			return info, true
		}
	}
	return ActionInfo{}, false
}

// Matrix is the permission table as a page shows it: a row for each action, a
// column for each role.
type Matrix struct {
	Roles []RoleInfo
	Rows  []MatrixRow
}

// MatrixRow is one action with the reach of each role, in the order of Matrix.Roles.
type MatrixRow struct {
	Action  ActionInfo
	Reaches []Reach
}

// Table gives the permission table for display. When a role holds an action
// twice, the wider reach is shown.
func Table() Matrix {
	m := Matrix{Roles: Roles()}
	for _, a := range Actions() {
		row := MatrixRow{Action: a, Reaches: make([]Reach, len(m.Roles))}
		for i, r := range m.Roles {
			for _, g := range grants {
				if g.Action == a.Action && g.Role == r.Role && row.Reaches[i] != ReachAll {
					row.Reaches[i] = g.Reach
				}
			}
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}
