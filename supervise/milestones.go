package supervise

import (
	"fmt"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/plan"
)

// JudgeMilestones computes the light that a task's dated steps give: late ones by
// working days, near ones without evidence. Without milestones it is grey.
func JudgeMilestones(ms []plan.Milestone, today calendar.Date, cal *calendar.Calendar, rule city.LightRule) Light {
	worst := Light{Grey, "没有时间节点"}
	for _, m := range ms {
		if l := judgeMilestone(m, today, cal, rule); l.Level.rank() > worst.Level.rank() || worst.Level == Grey {
			worst = l
		}
	}
	return worst
}

func judgeMilestone(m plan.Milestone, today calendar.Date, cal *calendar.Calendar, rule city.LightRule) Light {
	planned, err := calendar.ParseDate(m.PlannedOn)
	if err != nil || m.Met() {
		return Light{Green, "“" + m.Name + "”已完成"}
	}
	waits := ""
	if m.ActualOn != "" {
		waits = "（已填报，待核验）"
	}
	if !today.After(planned) {
		if near := cal.WorkdaysBetween(today, planned); near < rule.NearWorkdays && m.ActualOn == "" {
			return Light{Blue, fmt.Sprintf("“%s”还有 %d 个工作日到期，尚无佐证", m.Name, near)}
		}
		return Light{Green, "“" + m.Name + "”未到期" + waits}
	}
	late := cal.WorkdaysBetween(planned, today)
	reason := fmt.Sprintf("“%s”逾期 %d 个工作日%s", m.Name, late, waits)
	switch {
	case late > rule.LateWorkdays:
		return Light{Red, reason}
	case late >= 1:
		return Light{Yellow, reason}
	}
	return Light{Blue, "“" + m.Name + "”已到期" + waits}
}
