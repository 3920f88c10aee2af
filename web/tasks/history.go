package tasks

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"bihuan/kit/audit"
	"bihuan/web/ui"
)

// actionWords are the acts on a task as people call them.
var actionWords = map[string]struct {
	label string
	kind  ui.Kind
}{
	"task.register":      {"列入清单", ui.Success},
	"task.change":        {"按新版文件修改", ui.Warning},
	"task.drop":          {"移出清单", ui.Warning},
	"task.edit":          {"修改办理信息", ui.Plain},
	"task.add_source":    {"添加来源", ui.Plain},
	"task.assign":        {"交办", ui.Info},
	"task.sign":          {"签收", ui.Success},
	"task.object":        {"退回申请", ui.Warning},
	"task.reassign":      {"答复并重新交办", ui.Info},
	"task.start":         {"报办理方案", ui.Info},
	"task.extend":        {"申请延期", ui.Warning},
	"task.answer":        {"答复延期", ui.Info},
	"task.submit":        {"申请办结", ui.Info},
	"task.review":        {"开始审核", ui.Info},
	"task.return":        {"退回重办", ui.Warning},
	"task.close":         {"同意办结", ui.Success},
	"task.cross_off":     {"销号", ui.Success},
	"task.archive":       {"归档", ui.Success},
	"task.suspend":       {"中止", ui.Warning},
	"task.resume":        {"恢复办理", ui.Info},
	"task.cancel":        {"撤销", ui.Danger},
	"task.merge":         {"并案", ui.Warning},
	"task.statutory":     {"标明法定时限", ui.Plain},
	"target.bind":        {"更换数据来源", ui.Warning},
	"target.share":       {"分解到县区", ui.Info},
	"target.quantify":    {"补充量化目标", ui.Info},
	"milestone.add":      {"增加时间节点", ui.Plain},
	"milestone.reach":    {"报节点完成", ui.Info},
	"milestone.verify":   {"核验节点", ui.Success},
	"milestone.return":   {"退回节点", ui.Warning},
	"progress.report":    {"填报进展", ui.Info},
	"progress.verified":  {"核验进展", ui.Success},
	"progress.returned":  {"退回进展", ui.Warning},
	"progress.withdrawn": {"撤回进展", ui.Warning},
	"light.override":     {"人工改判灯色", ui.Danger},
	"light.lift":         {"取消改判", ui.Plain},
	"plan.publish":       {"发布", ui.Success},
}

// newestEvents is how many events are shown unfolded.
const newestEvents = 12

// history tells what happened to a thing, newest first; what is older than the
// first few comes apart.
func history(records []audit.Record) (newest, earlier ui.Timeline) {
	events := make([]ui.Event, len(records))
	for i, r := range records {
		events[i] = eventOf(r)
	}
	cut := min(len(events), newestEvents)
	newest = ui.Timeline{Label: "办理过程", Events: events[:cut], Empty: ui.Empty{Title: "还没有记录"}}
	earlier = ui.Timeline{Label: "更早的办理过程", Events: events[cut:]}
	return newest, earlier
}

func eventOf(r audit.Record) ui.Event {
	words, known := actionWords[r.Action]
	if !known {
		words.label, words.kind = r.Action, ui.Plain
	}
	e := ui.Event{When: ui.Moment(time.UnixMilli(r.At)), Title: words.label, Kind: words.kind, Who: strings.TrimSpace(r.ActorUnit + " " + r.ActorName)}
	var texts []string
	if r.Reason != "" {
		texts = append(texts, "理由："+r.Reason)
	}
	if changes := changesOf(r.Before, r.After); len(changes) > 1 {
		e.Node = ui.Diff{Caption: words.label, Changes: changes}
	} else if len(changes) == 1 {
		texts = append(texts, changes[0].Name+"："+orDash(changes[0].Before)+" → "+orDash(changes[0].After))
	}
	if facts := factsOf(r.Before, r.After); facts != "" {
		texts = append(texts, facts)
	}
	e.Text = strings.Join(texts, "。")
	return e
}

// changesOf lists the fields that stand in both states and differ, and what was
// added or taken away when the states describe the same thing.
func changesOf(before, after string) []ui.Change {
	was, is := fields(before), fields(after)
	var changes []ui.Change
	for _, k := range slices.Sorted(maps.Keys(was)) {
		if was[k] != is[k] && k != computedField && sameThing(was, is) {
			changes = append(changes, ui.Change{Name: name(k), Before: was[k], After: is[k]})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(is)) {
		if _, had := was[k]; !had && is[k] != "" && sameThing(was, is) {
			changes = append(changes, ui.Change{Name: name(k), After: is[k]})
		}
	}
	return changes
}

// sameThing reports whether two states describe the same thing: they share a field.
func sameThing(was, is map[string]string) bool {
	for k := range was {
		if _, both := is[k]; both {
			return true
		}
	}
	return false
}

// name drops the running number that keeps changes of one kind apart.
func name(key string) string {
	n, rest, cut := strings.Cut(key, " ")
	if cut && strings.Trim(n, "0123456789") == "" {
		return rest
	}
	return key
}

// computedField stands beside a light set by hand and did not change.
const computedField = "计算灯色"

// hashField is for whoever checks a file offline; readers open the file instead.
const hashField = "SHA-256"

// factsOf is one line about a state that is not compared with another.
func factsOf(before, after string) string {
	is := fields(after)
	if sameThing(fields(before), is) {
		return ""
	}
	var facts []string
	for _, k := range slices.Sorted(maps.Keys(is)) {
		if is[k] != "" && k != hashField {
			facts = append(facts, name(k)+" "+is[k])
		}
	}
	return strings.Join(facts, "，")
}

// fields reads a state as it was stored: texts by name, lists joined.
func fields(state string) map[string]string {
	var raw map[string]any
	if state == "" || json.Unmarshal([]byte(state), &raw) != nil {
		return nil
	}
	m := make(map[string]string, len(raw))
	for k, v := range raw {
		m[k] = plain(v)
	}
	return m
}

func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "是"
		}
		return "否"
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = plain(v[i])
		}
		return strings.Join(parts, "；")
	}
	return fmt.Sprint(v)
}
