package api

import "bihuan/register"

// RegisterHead is a register as lists show it.
type RegisterHead struct {
	ID     string `json:"id" doc:"台账代码"`
	Name   string `json:"name" doc:"名称"`
	Short  string `json:"short" doc:"记录编号前的词"`
	Group  string `json:"group" doc:"分组"`
	About  string `json:"about" doc:"一条记录是什么"`
	Clause string `json:"clause,omitempty" doc:"对应计划的条款"`
	Unit   string `json:"unit,omitempty" doc:"计量单位"`
	Lead   string `json:"lead,omitempty" doc:"核验的牵头单位"`
	Under  string `json:"under,omitempty" doc:"记录属于哪个台账的记录"`
}

// registerDetail is a register with everything that its records follow.
type registerDetail struct {
	RegisterHead
	Partners  []string    `json:"partners" doc:"可以一同登记和核验的单位"`
	Entry     []string    `json:"entry" doc:"谁登记：lead 牵头单位及配合单位，unit 各单位，county 县区"`
	Method    string      `json:"method,omitempty" doc:"核验方法"`
	Title     string      `json:"title_field,omitempty" doc:"作为标题的字段"`
	Effective string      `json:"effective_field,omitempty" doc:"从哪个日期字段起计数"`
	Baseline  string      `json:"baseline,omitempty" doc:"存量截止日：到这一天为止的不算新增"`
	Anonymous bool        `json:"anonymous" doc:"是否不保存登记人"`
	Pending   []string    `json:"pending" doc:"尚待牵头单位明确的口径"`
	Fields    []fieldView `json:"fields" doc:"字段，按填写次序"`
	Proofs    []proofKind `json:"proofs" doc:"佐证种类"`
	Stages    []stageView `json:"stages" doc:"阶段；新记录处于第一个"`
	Counts    []countRule `json:"counts" doc:"计数规则"`
}

type fieldView struct {
	Name     string   `json:"name" doc:"字段名，提交时使用"`
	Label    string   `json:"label" doc:"名称"`
	Type     string   `json:"type" doc:"text、long、number、date、choice、many（用顿号连接）、truth（是或否）、uscc、phone、id-number、longitude、latitude、link、unit（单位代码）、task、record（编号）"`
	Required bool     `json:"required" doc:"是否必填"`
	Unit     string   `json:"unit,omitempty" doc:"计量单位"`
	Options  []string `json:"options" doc:"可选的值"`
	Format   string   `json:"format,omitempty" doc:"格式要求"`
	Personal bool     `json:"personal" doc:"是否个人信息：加密保存，答复中遮蔽"`
	Help     string   `json:"help,omitempty" doc:"填写说明"`
	Of       string   `json:"of,omitempty" doc:"record 类型：哪个台账的记录"`
}

type proofKind struct {
	ID       string `json:"id" doc:"佐证种类，提交时使用"`
	Label    string `json:"label" doc:"名称"`
	Required bool   `json:"required" doc:"是否必备"`
	Photo    bool   `json:"photo" doc:"是否须为照片"`
	Most     int    `json:"most,omitempty" doc:"最多几个文件"`
}

type stageView struct {
	ID     string     `json:"id" doc:"阶段"`
	Label  string     `json:"label" doc:"名称"`
	Counts bool       `json:"counts" doc:"是否计数"`
	Ends   bool       `json:"ends" doc:"是否办结"`
	Owner  string     `json:"owner,omitempty" doc:"由谁办理：reporter 登记单位，county 属地负责人，lead 牵头单位核验人员，assignee 承办单位，dispatch 调度员，approver 审批人"`
	Moves  []moveView `json:"moves" doc:"从这里可以怎样办理"`
}

type moveView struct {
	ID       string   `json:"id" doc:"办理，提交时使用"`
	Label    string   `json:"label" doc:"名称"`
	To       string   `json:"to" doc:"到哪个阶段"`
	By       []string `json:"by" doc:"由谁办理"`
	Needs    []string `json:"needs" doc:"须填写的字段"`
	Proofs   []string `json:"proofs" doc:"须先附上的佐证"`
	Reason   bool     `json:"reason" doc:"是否须写理由"`
	Ends     bool     `json:"ends" doc:"是否退出计数：可给出从哪天起"`
	Assigns  string   `json:"assigns,omitempty" doc:"指定承办单位的字段"`
	Document string   `json:"document,omitempty" doc:"形成的文书种类"`
}

type countRule struct {
	ID   string `json:"id" doc:"计数规则"`
	Name string `json:"name" doc:"名称"`
	Unit string `json:"unit,omitempty" doc:"单位"`
	Mode string `json:"mode" doc:"flow 当年发生，stock 当日在册"`
	Sum  string `json:"sum_field,omitempty" doc:"累加的字段；没有则计条数"`
	New  bool   `json:"new" doc:"是否只计存量以外的"`
}

func registerHead(d *register.Definition) RegisterHead {
	return RegisterHead{string(d.ID), d.Name, d.Short, d.Group, d.About, d.Clause, d.Unit, string(d.Lead), string(d.Under)}
}

func registerOf(d *register.Definition) registerDetail {
	return registerDetail{
		RegisterHead: registerHead(d), Partners: unitIDs(d.Partners), Entry: each(d.Entry, func(e register.Entrant) string { return string(e) }),
		Method: d.Method, Title: d.Title, Effective: d.Effective, Baseline: d.Baseline.String(), Anonymous: d.Anonymous, Pending: full(d.Pending),
		Fields: each(d.Fields, fieldShape), Proofs: each(d.Proof, func(k register.ProofKind) proofKind { return proofKind{k.ID, k.Label, k.Required, k.Photo, k.Most} }),
		Stages: each(d.Stages, stageOf), Counts: each(d.Counts, func(c register.Count) countRule { return countRule{c.ID, c.Name, c.Unit, string(c.Mode), c.Sum, c.New} }),
	}
}

func fieldShape(f register.Field) fieldView {
	return fieldView{f.Name, f.Label, string(f.Type), f.Required, f.Unit, full(f.Options), f.Format, f.Personal, f.Help, string(f.Of)}
}

func stageOf(s register.Stage) stageView {
	return stageView{s.ID, s.Label, s.Counts, s.Ends, string(s.Owner), each(s.Moves, moveOf)}
}

func moveOf(m register.Move) moveView {
	return moveView{m.ID, m.Label, m.To, each(m.By, func(a register.Actor) string { return string(a) }), full(m.Needs), full(m.Proof), m.Reason, m.Ends, m.Assigns, m.Document}
}
