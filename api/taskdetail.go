package api

import (
	"context"

	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
)

// taskDetail is everything about one task but its history, which the audit log has.
type taskDetail struct {
	TaskHead
	Plan       PlanView        `json:"plan" doc:"所属清单"`
	Text       string          `json:"text" doc:"文件原文"`
	Section    string          `json:"section" doc:"所在部分"`
	Span       *span           `json:"span,omitempty" doc:"原文在文件中的位置"`
	DocumentID string          `json:"document_id" doc:"依据的文件"`
	Leader     string          `json:"leader,omitempty" doc:"分管领导"`
	Owner      string          `json:"owner,omitempty" doc:"责任人"`
	Handler    string          `json:"handler,omitempty" doc:"经办人"`
	Evidence   string          `json:"evidence_spec,omitempty" doc:"佐证要求"`
	Cycle      string          `json:"report_cycle,omitempty" doc:"报送周期：event 节点，month 月，quarter 季"`
	Openness   string          `json:"openness,omitempty" doc:"公开属性"`
	Targets    []targetDetail  `json:"targets" doc:"目标及其份额；后来的版本移出的也在内"`
	Milestones []milestoneView `json:"milestones" doc:"时间节点"`
	Sources    []sourceView    `json:"sources" doc:"来源：同一事项只办一次、报一次"`
	Children   []string        `json:"children" doc:"承接这项任务的县区任务"`
}

type targetDetail struct {
	TargetItem
	Quote      string             `json:"quote,omitempty" doc:"文件原文"`
	Span       *span              `json:"span,omitempty" doc:"原文在文件中的位置"`
	Baseline   *quantity.Quantity `json:"baseline,omitempty" doc:"基期数"`
	BaselineOn string             `json:"baseline_on,omitempty" doc:"基期"`
	Curve      curveView          `json:"curve" doc:"序时进度，发布时冻结"`
	Measure    string             `json:"measure" doc:"数从哪里来：reported 单位填报、另一人核验"`
	GoneIn     int                `json:"gone_in,omitempty" doc:"移出清单的版本"`
	ShareNote  string             `json:"share_note,omitempty" doc:"分解的说明"`
	Shares     []shareView        `json:"shares" doc:"分解到县区的份额及其现值"`
}

// curveView says which share of a target is expected when.
type curveView struct {
	Kind   string              `json:"kind" doc:"linear 均衡推进，stepped 分段到点，monthly 逐月百分比，flat 全程达标"`
	Label  string              `json:"label" doc:"形状名称"`
	Start  string              `json:"start,omitempty" doc:"起始日期"`
	End    string              `json:"end,omitempty" doc:"截止日期"`
	Steps  []stepView          `json:"steps" doc:"分段到点：到某日累计应达的百分数"`
	Points []quantity.Quantity `json:"points_percent" doc:"逐月：各月末累计应达的百分数"`
}

type stepView struct {
	On    string            `json:"on" doc:"日期"`
	Share quantity.Quantity `json:"share_percent" doc:"累计应达的百分数"`
}

func curveOf(c plan.Curve) curveView {
	return curveView{
		Kind: string(c.Kind), Label: c.Kind.Label(), Start: c.Start.String(), End: c.End.String(),
		Steps:  each(c.Steps, func(p plan.Step) stepView { return stepView{p.On.String(), percent(p.Share)} }),
		Points: each(c.Points, percent),
	}
}

type shareView struct {
	Territory string            `json:"territory" doc:"地区代码"`
	Value     quantity.Quantity `json:"value" doc:"份额"`
	Note      string            `json:"note,omitempty" doc:"说明"`
	Judged    *judged           `json:"judged,omitempty" doc:"现值与灯色"`
}

type milestoneView struct {
	ID          string `json:"id" doc:"编号"`
	Name        string `json:"name" doc:"名称"`
	PlannedOn   string `json:"planned_on" doc:"计划日期"`
	Deliverable string `json:"deliverable,omitempty" doc:"交付物"`
	Acceptance  string `json:"acceptance,omitempty" doc:"验收标准"`
	ActualOn    string `json:"actual_on,omitempty" doc:"实际完成日期"`
	Met         bool   `json:"met" doc:"是否已完成并核验"`
	SlipReason  string `json:"slip_reason,omitempty" doc:"逾期原因"`
}

type sourceView struct {
	Kind  string `json:"kind" doc:"来源类型代码"`
	Label string `json:"label" doc:"来源类型"`
	Title string `json:"title" doc:"标题"`
	Quote string `json:"quote,omitempty" doc:"原文"`
}

func (s *server) getTask(ctx context.Context, who org.Principal, in *ByID) (*body[taskDetail], error) {
	if err := existing(in.ID); err != nil {
		return nil, err
	}
	d, err := s.Plan.Task(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	board, err := s.Supervise.Board(ctx, who)
	if err != nil {
		return nil, err
	}
	return &body[taskDetail]{detailOfTask(&d, board.Task(in.ID))}, nil
}

func detailOfTask(d *plan.Detail, t *supervise.TaskLight) taskDetail {
	head := headOf(d.Task, d.Units)
	lights := map[string]*supervise.TargetLight{}
	if t != nil {
		head.Light = lightOf(t)
		for i := range t.Targets {
			lights[t.Targets[i].ID] = &t.Targets[i]
		}
	}
	return taskDetail{
		TaskHead: head, Plan: planOf(d.Plan), Text: d.Body, Section: plan.SectionLabel(d.Section), Span: spanOf(d.Span), DocumentID: d.DocumentID,
		Leader: d.Leader, Owner: d.Owner, Handler: d.Handler, Evidence: d.EvidenceSpec, Cycle: string(d.ReportCycle), Openness: string(d.Openness),
		Targets:    each(d.Targets, func(g plan.TargetDetail) targetDetail { return figureOf(g, lights[g.ID]) }),
		Milestones: each(d.Milestones, milestoneOf),
		Sources: each(d.Sources, func(o plan.Source) sourceView {
			return sourceView{string(o.Kind), o.Kind.Label(), o.Title, o.Quote}
		}),
		Children: each(d.Children, func(c plan.TaskView) string { return c.ID }),
	}
}

// figureOf draws a target with its shares; light is nil when it is not on the board.
func figureOf(g plan.TargetDetail, light *supervise.TargetLight) targetDetail {
	d := targetDetail{
		TargetItem: targetOf(g.Target), Quote: g.Quote, Span: spanOf(g.Span), Baseline: g.Baseline, BaselineOn: g.BaselineOn, Curve: curveOf(g.Curve),
		Measure: string(g.Measure.Kind), GoneIn: g.VersionGone, ShareNote: g.ShareNote, Shares: []shareView{},
	}
	parts := map[string]*judged{}
	if light != nil {
		d.Judged = judgedOf(light.Actual, light.Outcome)
		for _, p := range light.ByPart {
			parts[string(p.Territory)] = judgedOf(p.Actual, p.Outcome)
		}
	}
	for _, sh := range g.Shares {
		d.Shares = append(d.Shares, shareView{string(sh.Territory), sh.Value, sh.Note, parts[string(sh.Territory)]})
	}
	return d
}

func milestoneOf(m plan.Milestone) milestoneView {
	return milestoneView{m.ID, m.Name, m.PlannedOn, m.Deliverable, m.Acceptance, m.ActualOn, m.Met(), m.SlipReason}
}
