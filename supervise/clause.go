package supervise

import "strings"

var ordinals = []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六", "十七", "十八", "十九", "二十"}

// Clause is where a task stands in its plan's outline, as people cite it: 二（四）3.
// The outline's own numbers are taken where the task has one, else the places of its
// headings; "" when the plan has no such outline.
func (b *Board) Clause(t *TaskLight) string {
	if len(t.Path) < 2 {
		return ""
	}
	var parts, sections []string
	for _, x := range b.Tasks {
		if x.PlanID != t.PlanID || len(x.Path) == 0 {
			continue
		}
		parts = place(parts, x.Path[0])
		if x.Path[0] == t.Path[0] && len(x.Path) > 2 {
			sections = place(sections, x.Path[1])
		}
	}
	head := ordinal(parts, t.Path[0])
	number := strings.TrimRight(t.Number, ".．、 ")
	if len(t.Path) == 2 {
		return head + number
	}
	return head + "（" + ordinal(sections, t.Path[1]) + "）" + number
}

// place adds a heading the first time that it is met.
func place(all []string, heading string) []string {
	if ordinal(all, heading) != "" {
		return all
	}
	return append(all, heading)
}

func ordinal(all []string, heading string) string {
	for i, x := range all {
		if x == heading && i+1 < len(ordinals) {
			return ordinals[i+1]
		}
	}
	return ""
}
