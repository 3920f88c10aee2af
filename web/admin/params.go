package admin

import (
	"fmt"
	"strings"

	"bihuan/city"
	"bihuan/web/ui"
)

// param is one number of the business as the city pack sets it, and what it rests on.
type param struct {
	Group string
	Name  string
	Value string
	city.Basis
}

// params lists the pack's thresholds and limits.
func params(pack *city.Pack) []param {
	var list []param
	th, d := pack.Thresholds, pack.Defaults
	list = append(list, param{"灯色", "各类任务", lightText(th.Light), th.Light.Basis})
	for _, c := range th.Categories {
		list = append(list, param{"灯色", string(c.Category), lightText(c.Light), c.Light.Basis})
	}
	g := th.Growth
	list = append(list, param{"灯色", "增速比较", fmt.Sprintf("相差 绿 ≥ %s，蓝 ≥ %s，黄 ≥ %s，低于为红（百分点）", points(g.Green), points(g.Blue), points(g.Yellow)), g.Basis})
	list = append(list, timerParams(d.Timers)...)
	for _, r := range d.Reminders {
		list = append(list, param{"提醒", reminderName(r.Action), reminderText(r.Workdays), r.Basis})
	}
	s := d.Sampling
	return append(list,
		param{"延期", "延期", fmt.Sprintf("每项最多 %d 次，合计不超过原期限的 %s", d.Extension.Max, d.Extension.Share), d.Extension.Basis},
		param{"抽查", "抽查数量", fmt.Sprintf("不超过 %d 条的全查，其余查 %s 且不少于 %d 条；回头看 %s", s.AllUpTo, s.Share, s.Min, s.LookBackShare), s.Basis},
		param{"评价", "权重", fmt.Sprintf("结果 %d、过程 %d、整改 %d、服务 %d；单项最多计到 %s", d.Scoring.Result, d.Scoring.Process, d.Scoring.Rectification, d.Scoring.Service, d.Scoring.Cap), d.Scoring.Basis},
		param{"文件", "篇幅", fmt.Sprintf("专项 %d 字、综合 %d 字以上提示过长", d.Documents.Task, d.Documents.General), d.Documents.Basis},
		param{"文件", "报表", fmt.Sprintf("已有现成数据的字段超过 %s 的不发", d.Forms.KnownShare), d.Forms.Basis},
		param{"统计", "最小人数", fmt.Sprintf("少于 %d 人的分组不显示", d.Privacy.MinCell), d.Privacy.Basis})
}

func timerParams(t city.Timers) []param {
	var list []param
	for _, x := range []struct {
		name string
		city.Limit
	}{
		{"拟办到立项", t.Register}, {"签收", t.Sign}, {"退回申请的答复", t.Objection}, {"报送办理方案", t.Plan}, {"延期审批", t.Extension}, {"反馈到开始审核", t.Accept}, {"审核", t.Review}, {"没有数值的目标完成量化", t.Quantify},
		{"未写期限的文件事项", t.DueDocument}, {"未写期限的议定事项", t.DueMinutes}, {"一般批示", t.DueInstruction}, {"议定事项首次报告", t.MeetingReport},
		{"申请复核", t.Dispute}, {"复核决定", t.DisputeDecision}, {"销号后回头看", t.LookBack}, {"临时要求的最短提前", t.Notice},
	} {
		value := fmt.Sprintf("%d 个%s", x.N, x.Unit)
		if x.MoveOn {
			value += "，末日为休息日的顺延"
		}
		list = append(list, param{"期限", x.name, value, x.Basis})
	}
	return list
}

func lightText(r city.LightRule) string {
	parts := []string{
		fmt.Sprintf("偏差 绿 ≥ %s，蓝 ≥ %s，黄 ≥ %s，低于为红", r.Green, r.Blue, r.Yellow),
		fmt.Sprintf("逾期 1 至 %d 个工作日为黄，更久为红", r.LateWorkdays),
		fmt.Sprintf("节点前 %d 个工作日无佐证为蓝", r.NearWorkdays),
	}
	if r.YellowsToRed > 0 {
		parts = append(parts, fmt.Sprintf("连续 %d 期黄灯转红", r.YellowsToRed))
	}
	if !r.AspirationalRed {
		parts = append(parts, "“力争”目标不因数量转红")
	}
	return strings.Join(parts, "；")
}

// points writes a difference of percentages without the sign of percent.
func points(b city.BasisPoints) string { return strings.TrimSuffix(b.String(), "%") }

func reminderName(a city.ReminderAction) string {
	return labelIn([]word{{string(city.ActionRemind), "提醒"}, {string(city.ActionUrge), "催办"}, {string(city.ActionPropose), "建议发单"}}, string(a))
}

func reminderText(workdays int) string {
	switch {
	case workdays < 0:
		return fmt.Sprintf("到期前 %d 个工作日", -workdays)
	case workdays == 0:
		return "到期当日"
	default:
		return fmt.Sprintf("逾期第 %d 个工作日", workdays)
	}
}

// confidence draws how well a number is founded.
func confidence(c city.Confidence) ui.Badge {
	switch c {
	case city.ConfidenceText:
		return ui.Badge{Text: "有明文", Kind: ui.Success, Title: "已核对法规、标准或通知原文"}
	case city.ConfidenceReported:
		return ui.Badge{Text: "有报道", Kind: ui.Info, Title: "官方网站或媒体公开报道"}
	case city.ConfidenceCommon:
		return ui.Badge{Text: "通行做法", Kind: ui.Warning, Title: "按专业常识或推算，未核对原文"}
	default:
		return ui.Badge{Text: "自定", Title: "本市或本项目自行设定，没有规定"}
	}
}

func paramTable(list []param) ui.Table {
	t := ui.NewTable("参数", ui.Column{Label: "类别", Narrow: true}, ui.Column{Label: "参数"}, ui.Column{Label: "取值"}, ui.Column{Label: "依据程度", Narrow: true}, ui.Column{Label: "依据"})
	for _, p := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(p.Group), ui.Text(p.Name), ui.Text(p.Value), ui.Node(confidence(p.Confidence)), ui.Text(p.Source)}})
	}
	return t
}
