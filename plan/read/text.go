package read

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// roleNames, comparatorNames and kindNames are the words shown to readers.
var (
	roleNames       = map[Role]string{RoleLead: "牵头", RoleSupport: "配合", RoleResponsible: "责任"}
	comparatorNames = map[Comparator]string{Equal: "＝", AtLeast: "≥", Above: "＞", About: "≈", AtMost: "≤", Below: "＜", Range: "区间"}
	kindNames       = map[Kind]string{KindFlow: "新增类", KindStock: "总量类", KindRate: "比率类"}
	sectionNames    = map[Section]string{SectionGoals: "总体目标", SectionTasks: "重点任务", SectionSafeguards: "保障措施", SectionDuties: "职责分工"}
	commitNames     = map[CommitmentKind]string{CommitBatch: "待定数量", CommitTrend: "待定指标", CommitDynamic: "动态", CommitComparison: "对比", CommitComplete: "全覆盖"}
)

// WriteText writes a plan as a readable list in Chinese: front matter, then
// each task with its units, targets and commitments.
func WriteText(w io.Writer, p Plan) error {
	b := bufio.NewWriter(w)
	put := func(format string, a ...any) { fmt.Fprintf(b, format+"\n", a...) }
	put("标题：%s", p.Title)
	if p.Number != "" {
		put("文号：%s", p.Number)
	}
	if p.Date != "" {
		put("日期：%s", p.Date)
	}
	if p.Year > 0 {
		put("年度：%s", years(p))
	}
	if len(p.Issuers) > 0 {
		names := make([]string, len(p.Issuers))
		for i, t := range p.Issuers {
			names[i] = t.Text
		}
		put("发文单位：%s", strings.Join(names, "、"))
	}
	for _, t := range p.Tasks {
		writeTask(put, t)
	}
	if len(p.Open) > 0 {
		put("\n【总体目标】尚未量化")
		for _, c := range p.Open {
			put("  承诺：%s（%s：%s）", c.Subject, commitNames[c.Kind], c.Words)
		}
	}
	put("\n共 %d 项任务", len(p.Tasks))
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing the list of tasks: %w", err)
	}
	return nil
}

func years(p Plan) string {
	if p.YearEnd > p.Year {
		return fmt.Sprintf("%d—%d", p.Year, p.YearEnd)
	}
	return fmt.Sprint(p.Year)
}

func writeTask(put func(string, ...any), t Task) {
	put("\n【%s】%s", sectionNames[t.Section], strings.Join(t.Path, " › "))
	if t.Number != "" {
		put("  序号：%s", t.Number)
	}
	if len(t.Units) > 0 {
		names := make([]string, len(t.Units))
		for i, u := range t.Units {
			names[i] = u.Name + "（" + roleNames[u.Role] + "）"
		}
		put("  单位：%s", strings.Join(names, "、"))
	}
	if t.DueText != "" {
		put("  时限：%s%s", t.DueText, inBrackets(t.Due))
	}
	for _, x := range t.Targets {
		put("  指标：%s %s", x.Subject, measure(x))
	}
	for _, c := range t.Commitments {
		put("  承诺：%s（%s：%s）", c.Subject, commitNames[c.Kind], c.Words)
	}
}

// measure writes ≥1300个，时限2026-12-31（全年），新增类.
func measure(x Target) string {
	var s strings.Builder
	s.WriteString(comparatorNames[x.Comparator] + x.Value.String())
	if x.ValueMax != nil {
		s.WriteString("～" + x.ValueMax.String())
	}
	s.WriteString(x.Unit)
	if x.DeadlineText != "" {
		s.WriteString("，时限" + x.DeadlineText + inBrackets(x.Deadline))
	}
	s.WriteString("，" + kindNames[x.Kind])
	switch x.Change {
	case ChangeUp:
		s.WriteString("，增幅")
	case ChangeDown:
		s.WriteString("，降幅")
	}
	if x.Cumulative {
		s.WriteString("，累计")
	}
	if x.Aspirational {
		s.WriteString("，力争")
	}
	return s.String()
}

func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return "（" + s + "）"
}
