package api

import (
	"time"

	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/supervise"
)

// TaskHead is what lists and the full view of a task have in common.
type TaskHead struct {
	ID           string     `json:"id" doc:"任务编号（26 个字符）"`
	No           string     `json:"no" doc:"年份-清单-序号，永不重复使用"`
	PlanID       string     `json:"plan_id" doc:"所属清单"`
	Path         []string   `json:"path" doc:"文件中的各级标题"`
	Number       string     `json:"number,omitempty" doc:"文件中的序号原文"`
	Title        string     `json:"title" doc:"标题"`
	Category     string     `json:"category" doc:"任务类别"`
	State        string     `json:"state" doc:"状态代码"`
	StateLabel   string     `json:"state_label" doc:"状态名称"`
	StartOn      string     `json:"start_on,omitempty" doc:"开始日期"`
	DueOn        string     `json:"due_on,omitempty" doc:"完成期限"`
	OriginalDue  string     `json:"original_due,omitempty" doc:"最初的期限，延期后不变"`
	LeadUnit     string     `json:"lead_unit,omitempty" doc:"牵头单位的代码"`
	Territory    string     `json:"territory,omitempty" doc:"县区清单所属地区；市级任务没有"`
	ParentTaskID string     `json:"parent_task_id,omitempty" doc:"所承接的市级任务"`
	GoneIn       int        `json:"gone_in,omitempty" doc:"移出清单的版本；仍在清单中则没有"`
	Revision     int        `json:"revision" doc:"修改次数"`
	UpdatedAt    *time.Time `json:"updated_at,omitempty" doc:"最近变化时间"`
	Units        []taskUnit `json:"units" doc:"责任单位"`
	Light        *taskLight `json:"light,omitempty" doc:"灯色；已移出清单的任务没有"`
}

// taskItem is a task as lists show it.
type taskItem struct {
	TaskHead
	Targets []TargetItem `json:"targets" doc:"目标"`
}

type taskUnit struct {
	Name      string   `json:"name" doc:"文件中的写法"`
	Role      string   `json:"role" doc:"lead 牵头，support 配合，responsible 责任"`
	RoleLabel string   `json:"role_label" doc:"角色名称"`
	Units     []string `json:"units" doc:"所指单位的代码；不在单位名录中则为空"`
}

// taskLight is the light of a task. The computed one always stays beside the one set by hand.
type taskLight struct {
	Shown         string        `json:"shown" doc:"显示的灯色：red 严重滞后，yellow 滞后，blue 提醒，green 正常，grey 无数据"`
	ShownLabel    string        `json:"shown_label" doc:"显示的灯色名称"`
	Computed      string        `json:"computed" doc:"计算出的灯色"`
	Reason        string        `json:"reason" doc:"计算的理由"`
	Override      *overrideView `json:"override,omitempty" doc:"人工改判，到期自动失效"`
	NextUnit      string        `json:"next_unit,omitempty" doc:"下一步由哪个单位办理"`
	NextStep      string        `json:"next_step,omitempty" doc:"下一步办什么"`
	MilestoneNote string        `json:"milestone_note,omitempty" doc:"时间节点的情况"`
}

type overrideView struct {
	Level  string     `json:"level" doc:"改判的灯色"`
	Reason string     `json:"reason" doc:"理由"`
	ByName string     `json:"by_name" doc:"批准人"`
	At     *time.Time `json:"at,omitempty" doc:"批准时间"`
	Until  string     `json:"until" doc:"有效至（含当日）"`
}

// TargetItem is a target as lists show it.
type TargetItem struct {
	ID           string             `json:"id" doc:"目标编号"`
	Subject      string             `json:"subject" doc:"指标名称"`
	Kind         string             `json:"kind" doc:"flow 当年新增量，stock 期末总量，rate 比率，comparison 比较指标，qualitative 待量化"`
	KindLabel    string             `json:"kind_label" doc:"类型名称"`
	Comparator   string             `json:"comparator,omitempty" doc:"比较方式代码"`
	Value        *quantity.Quantity `json:"value,omitempty" doc:"目标值"`
	ValueMax     *quantity.Quantity `json:"value_max,omitempty" doc:"区间目标的上限"`
	Unit         string             `json:"unit,omitempty" doc:"计量单位"`
	Change       string             `json:"change,omitempty" doc:"增减方向"`
	Aspirational bool               `json:"aspirational" doc:"是否力争目标"`
	Pledge       string             `json:"pledge" doc:"一句话：目标是多少"`
	Deadline     string             `json:"deadline,omitempty" doc:"期限"`
	QuantifyBy   string             `json:"quantify_by,omitempty" doc:"应在何日前补充量化"`
	Judged       *judged            `json:"judged,omitempty" doc:"现值与灯色"`
}

// judged is what a target has reached and what follows from it.
type judged struct {
	Actual      *quantity.Quantity `json:"actual,omitempty" doc:"已核验的累计数"`
	AsOf        string             `json:"as_of,omitempty" doc:"已核验的数截至哪天"`
	Pending     *quantity.Quantity `json:"pending,omitempty" doc:"已填报未核验的数；不影响灯色"`
	PendingAsOf string             `json:"pending_as_of,omitempty" doc:"未核验的数截至哪天"`
	Silent      []string           `json:"silent" doc:"承担了份额而没有已核验数的地区"`
	Expected    *quantity.Quantity `json:"expected,omitempty" doc:"按序时进度今天应达到的数"`
	Deviation   *quantity.Quantity `json:"deviation_percent,omitempty" doc:"与序时进度的偏差，百分数（增速类为百分点），负数为落后；灰灯没有"`
	Level       string             `json:"level" doc:"灯色"`
	LevelLabel  string             `json:"level_label" doc:"灯色名称"`
	Reason      string             `json:"reason" doc:"理由"`
	Met         bool               `json:"met" doc:"是否已达到目标"`
	Stretch     bool               `json:"stretch" doc:"是否已达到区间上限"`
}

func headOf(t plan.Task, units []plan.TaskUnit) TaskHead {
	return TaskHead{
		ID: t.ID, No: t.No, PlanID: t.PlanID, Path: full(t.Path), Number: t.Number, Title: t.Title, Category: string(t.Category), State: string(t.State), StateLabel: t.State.Label(),
		StartOn: t.StartOn, DueOn: t.DueOn, OriginalDue: t.OriginalDue, LeadUnit: string(t.LeadUnit), Territory: string(t.Territory), ParentTaskID: t.ParentTaskID,
		GoneIn: t.VersionGone, Revision: t.Revision, UpdatedAt: instant(t.UpdatedAt), Units: each(units, unitOf),
	}
}

// lit draws a task that stands on the board.
func lit(t *supervise.TaskLight) taskItem {
	item := taskItem{headOf(t.Task, t.Units), each(t.Targets, judgedTarget)}
	item.Light = lightOf(t)
	return item
}

// unlit draws a task that a later version dropped.
func unlit(v plan.TaskView) taskItem {
	return taskItem{headOf(v.Task, v.Units), each(v.Targets, targetOf)}
}

func unitOf(u plan.TaskUnit) taskUnit {
	return taskUnit{u.Name, string(u.Role), plan.RoleLabel(u.Role), unitIDs(u.Units)}
}

func lightOf(t *supervise.TaskLight) *taskLight {
	l := &taskLight{
		Shown: string(t.Shown()), ShownLabel: t.Shown().Label(), Computed: string(t.Computed.Level), Reason: t.Computed.Reason,
		NextUnit: string(t.Turn.Unit), NextStep: t.Turn.What,
	}
	if len(t.Steps) > 0 {
		l.MilestoneNote = t.StepLight.Reason
	}
	if o := t.Override; o != nil {
		l.Override = &overrideView{string(o.Level), o.Reason, o.ByName, instant(o.At), o.Until.String()}
	}
	return l
}

func targetOf(t plan.Target) TargetItem {
	return TargetItem{
		ID: t.ID, Subject: t.Subject, Kind: string(t.Kind), KindLabel: t.Kind.Label(), Comparator: string(t.Comparator), Value: t.Value, ValueMax: t.ValueMax, Unit: t.Unit,
		Change: string(t.Change), Aspirational: t.Aspirational, Pledge: t.Pledge(), Deadline: t.Deadline, QuantifyBy: t.QuantifyBy,
	}
}

func judgedTarget(g supervise.TargetLight) TargetItem {
	item := targetOf(g.Target)
	item.Judged = judgedOf(g.Actual, g.Outcome)
	return item
}

func judgedOf(a plan.Actual, o supervise.Outcome) *judged {
	j := &judged{
		Actual: a.Value, AsOf: a.AsOf, Pending: a.Pending, PendingAsOf: a.PendingAsOf, Silent: []string{}, Expected: o.Expected,
		Level: string(o.Level), LevelLabel: o.Level.Label(), Reason: o.Reason, Met: o.Verdict.Met, Stretch: o.Verdict.Stretch,
	}
	for _, id := range a.Silent {
		j.Silent = append(j.Silent, string(id))
	}
	if o.Level != supervise.Grey {
		d := percent(int(o.Deviation))
		j.Deviation = &d
	}
	return j
}
