package org

import (
	"slices"
	"time"
)

// Role is a set of grants with a name that officials use. A person may hold several.
type Role string

// The roles that people hold.
const (
	Dispatcher  Role = "dispatcher"   // 调度员, in the lead bureau
	Approver    Role = "approver"     // 审批人
	UnitClerk   Role = "unit_clerk"   // 部门经办
	UnitHead    Role = "unit_head"    // 部门审核
	CountyClerk Role = "county_clerk" // 县区经办
	CountyHead  Role = "county_head"  // 县区审核
	Leader      Role = "leader"       // 领导
	Auditor     Role = "auditor"      // 财政审计
	SysAdmin    Role = "sysadmin"     // 系统管理员
	SecAdmin    Role = "secadmin"     // 安全管理员
	AuditAdmin  Role = "auditadmin"   // 审计管理员
)

// The roles that no person can be given: the program itself acts under them.
const (
	Operator Role = "operator" // the command line on the server
	System   Role = "system"   // background jobs
)

// Action is one thing that a permission allows, "area.verb".
type Action string

// The actions. The catalogue (ActionInfo) has their Chinese labels and descriptions.
const (
	PlanRead         Action = "plan.read"
	PlanImport       Action = "plan.import"
	PlanCorrect      Action = "plan.correct"
	PlanPublish      Action = "plan.publish"
	TaskEdit         Action = "task.edit"
	ShareEdit        Action = "share.edit"
	ProgressReport   Action = "progress.report"
	ProgressVerify   Action = "progress.verify"
	LightOverride    Action = "light.override"
	CountyListImport Action = "county_list.import"
	ListExport       Action = "list.export"
	AliasLearn       Action = "alias.learn"
	TokenCreate      Action = "token.create"
	PeopleRead       Action = "people.read"
	PeopleManage     Action = "people.manage"
	RoleGrant        Action = "role.grant"
	SessionRevoke    Action = "session.revoke"
	AuditRead        Action = "audit.read"
	AuditExport      Action = "audit.export"
	SystemRead       Action = "system.read"
	RegisterRead     Action = "register.read"
	RegisterEdit     Action = "register.edit"
	RegisterVerify   Action = "register.verify"
	RegisterReveal   Action = "register.reveal"
	RegisterDraw     Action = "register.draw"
	IndicatorEdit    Action = "indicator.edit"
	MatterIssue      Action = "matter.issue"
	MatterApprove    Action = "matter.approve"
	MatterAnswer     Action = "matter.answer"
	NoticeManage     Action = "notice.manage"
)

// Reach says how far a grant goes.
type Reach string

// The reaches, from none to everything.
const (
	ReachNone      Reach = ""          // not granted
	ReachUnit      Reach = "unit"      // only what concerns the person's own unit
	ReachTerritory Reach = "territory" // only what concerns the person's own territory
	ReachAll       Reach = "all"       // everything
)

// Scope is what an action touches: the units concerned (ids of the city pack;
// one of them being the person's own is enough) and the territory, when there is
// one. The zero Scope concerns nobody in particular: only ReachAll covers it.
type Scope struct {
	Units     []string
	Territory string
}

// Via tells through which face a principal acts; the audit log keeps it.
const (
	ViaPage    = "page"
	ViaAPI     = "api"
	ViaCommand = "command"
	ViaSystem  = "system"
)

// Duty is something a signed-in person must do before anything else.
type Duty string

// The duties.
const (
	DutyNone     Duty = ""         // nothing is owed
	DutyPassword Duty = "password" // the password must be changed: too old, or reset
	DutyTOTP     Duty = "totp"     // a second factor must be enrolled: a role demands it
)

// Principal is who acts, as read from the database for this one request. The
// zero value is nobody and may do nothing. Service.Authenticate and
// Service.AuthenticateToken make it for people, CommandLine and Job for the program.
type Principal struct {
	ID          string    // person id; "command" or "system" for the program itself
	Name        string    // as shown and as written to the audit log
	Login       string    // login name; empty for the program itself
	UnitID      string    // unit in the city pack; may be empty
	UnitName    string    // short name of the unit, for display
	TerritoryID string    // territory of the unit; may be empty
	Roles       []Role    // in the order of the role catalogue
	Via         string    // ViaPage, ViaAPI, ViaCommand or ViaSystem
	SessionID   string    // the session, when there is one
	TokenID     string    // the API token, when there is one
	ReadOnly    bool      // a read-only API token: only actions that read
	Owes        Duty      // when set, May refuses everything
	ConfirmedAt time.Time // when the password was last given in the sign-in; zero for tokens
}

// CommandLine is the principal of someone with a shell on the server; name is
// the login there, for the audit log ("root").
func CommandLine(name string) Principal {
	return Principal{ID: "command", Name: "命令行（" + name + "）", Roles: []Role{Operator}, Via: ViaCommand}
}

// Job is the principal of the program's own background work; name is the kind of job.
func Job(name string) Principal {
	return Principal{ID: "system", Name: "系统作业（" + name + "）", Roles: []Role{System}, Via: ViaSystem}
}

// Has reports whether the principal holds the role.
func (p Principal) Has(r Role) bool { return slices.Contains(p.Roles, r) }

// IsPerson reports whether a person acts, not the program.
func (p Principal) IsPerson() bool { return p.ID != "" && (p.Via == ViaPage || p.Via == ViaAPI) }

// Self is the scope of the principal's own unit and territory.
func (p Principal) Self() Scope {
	s := Scope{Territory: p.TerritoryID}
	if p.UnitID != "" {
		s.Units = []string{p.UnitID}
	}
	return s
}
