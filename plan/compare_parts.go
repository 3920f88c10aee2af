package plan

import (
	"strings"

	"bihuan/plan/read"
)

// parts lists what differs between a task of the list and its new version.
func parts(old *TaskView, fresh *DraftTask, d *Draft, text string) []Part {
	var ps []Part
	add := func(name, before, after string) {
		if squeeze(before) != squeeze(after) {
			ps = append(ps, Part{name, before, after})
		}
	}
	add("名称", old.Title, fresh.Title)
	add("上级标题", strings.Join(above(old.Path), " / "), strings.Join(above(fresh.Path), " / "))
	if units := fresh.LiveUnits(); len(units) > 0 || fresh.Section != read.SectionGoals { // goals name no unit: publishing gives them the lead of the whole
		add("责任单位", printedUnits(old.Units), draftUnits(units))
	}
	_, due := fresh.term(d.Year, d.YearEnd)
	add("完成期限", old.DueOn, due.String())
	if body := bodyOf(text, fresh.Span); body != "" {
		before, after := unnumbered(old.Body, old.Number), unnumbered(body, fresh.Number)
		if squeeze(before) != squeeze(after) {
			before, after = around(before, after)
			ps = append(ps, Part{"正文", before, after})
		}
	}
	return append(ps, targetParts(old.Targets, fresh.LiveTargets())...)
}

func targetParts(old []Target, fresh []DraftTarget) []Part {
	var ps []Part
	pairs := matchTargets(old, fresh)
	used := map[int]bool{}
	for i := range old {
		j, ok := pairs[i]
		if !ok {
			ps = append(ps, Part{"目标", old[i].Pledge(), ""})
			continue
		}
		used[j] = true
		if stillPromised(old[i], fresh[j]) {
			continue
		}
		before := terms(old[i].Pledge(), old[i].Aspirational, old[i].Deadline)
		if after := terms(fresh[j].Pledge(), fresh[j].Aspirational, fresh[j].Deadline); before != after {
			ps = append(ps, Part{"目标", before, after})
		}
	}
	for j := range fresh {
		if !used[j] {
			ps = append(ps, Part{"目标", "", fresh[j].Pledge()})
		}
	}
	return ps
}

// terms is a pledge with what else changes its weight.
func terms(pledge string, aspirational bool, deadline string) string {
	if aspirational {
		pledge = "力争 " + pledge
	}
	if deadline != "" {
		pledge += "（" + deadline + " 前）"
	}
	return pledge
}

// stillPromised reports whether the new document repeats a promise without a
// number that the lead unit has put a number to since: the number stays.
func stillPromised(old Target, fresh DraftTarget) bool {
	return fresh.Kind == Qualitative && old.Words != "" && old.Words == fresh.Words && old.Kind != Comparison
}

// printedUnits and draftUnits write a unit list with roles. A list that names no
// lead is led by its first responsible unit, before and after publication alike.
func printedUnits(units []TaskUnit) string {
	draft := make([]DraftUnit, len(units))
	for i, u := range units {
		draft[i] = DraftUnit{Name: u.Name, Role: u.Role}
	}
	return draftUnits(draft)
}

func draftUnits(units []DraftUnit) string {
	t := DraftTask{Units: units}
	lead := t.Lead()
	words := make([]string, len(units))
	for i := range units {
		role := units[i].Role
		if lead == &units[i] {
			role = read.RoleLead
		}
		words[i] = units[i].Name + "（" + RoleLabel(role) + "）"
	}
	return strings.Join(words, "、")
}

// NoParent is the value of a draft task's parent when a person says that it
// carries out none of the city's tasks; "" means that nobody has said anything.
const NoParent = "-"

func parentID(parent string) string {
	if parent == NoParent {
		return ""
	}
	return parent
}

// unnumbered drops the number before a task's text: a renumbered task is the same task.
func unnumbered(body, number string) string {
	body = strings.TrimLeft(body, " \t\r\n　#*-")
	if rest, ok := strings.CutPrefix(body, number); ok && number != "" {
		return rest
	}
	return body
}

// around keeps of two texts what differs, with a few words on either side.
func around(a, b string) (string, string) {
	const margin = 12
	x, y := []rune(strings.Join(strings.Fields(a), " ")), []rune(strings.Join(strings.Fields(b), " "))
	same := 0
	for same < len(x) && same < len(y) && x[same] == y[same] {
		same++
	}
	tail := 0
	for tail < len(x)-same && tail < len(y)-same && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	cut := func(r []rune) string {
		from, to := max(0, same-margin), min(len(r), len(r)-tail+margin)
		s := string(r[from:to])
		if from > 0 {
			s = "…" + s
		}
		if to < len(r) {
			s += "…"
		}
		return s
	}
	return cut(x), cut(y)
}

func above(path []string) []string {
	if len(path) == 0 {
		return nil
	}
	return path[:len(path)-1]
}

// matchTargets pairs targets whose subjects are the same, then those alike; a
// quantified one may follow a promise about the same subject.
func matchTargets(old []Target, fresh []DraftTarget) map[int]int {
	pairs, taken := map[int]int{}, map[int]bool{}
	same := func(a, b string) bool { return squeeze(a) == squeeze(b) }
	for _, fits := range []func(o Target, n DraftTarget) bool{
		func(o Target, n DraftTarget) bool {
			return same(o.Subject+o.Words, n.Subject+n.Words) && o.Deadline == n.Deadline
		},
		func(o Target, n DraftTarget) bool { return same(o.Subject+o.Words, n.Subject+n.Words) },
		func(o Target, n DraftTarget) bool { return dice(bigrams(o.Subject), bigrams(n.Subject)) >= 0.6 },
	} {
		for i := range old {
			if _, done := pairs[i]; done {
				continue
			}
			for j := range fresh {
				if !taken[j] && fits(old[i], fresh[j]) {
					pairs[i], taken[j] = j, true
					break
				}
			}
		}
	}
	return pairs
}
