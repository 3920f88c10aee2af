package plan

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/plan/read"
)

// sample is a reading with what corrections meet: a unit list, several targets, a
// promise, a comparison, a task without anything.
const sampleText = `XX市2026年提振消费行动计划

一、重点任务
（一）扩大服务消费
1.增加托育服务供给。新增25个社区托育驿站，新建便民生活圈服务站15个以上。（责任单位：市卫生健康委、市商务局）
2.培育电商企业。全市电商零售企业突破1万家，打造一批直播基地。（牵头单位：市商务局；配合单位：市市场监管局）
（二）优化消费环境
3.推进放心消费。参与制定标准10项以上。（责任单位：市市场监管局）
4.加强宣传引导。开展主题宣传。（责任单位：市委宣传部）
5.稳定消费增长。社会消费品零售总额增速高于全省平均水平。（责任单位：市商务局）
`

func sample(tb testing.TB) read.Plan {
	tb.Helper()
	p := read.Parse(sampleText, read.Options{Name: "sample.txt"})
	if len(p.Tasks) < 4 {
		tb.Fatalf("the sample was read as %d tasks", len(p.Tasks))
	}
	return p
}

func fold(tb testing.TB, p read.Plan, cs []Correction) Draft {
	tb.Helper()
	d, err := Fold(p, cs)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// ids lists every id of a draft.
func (d *Draft) ids() (tasks, parts []string) {
	for _, t := range d.Tasks {
		tasks = append(tasks, t.ID)
		for _, u := range t.Units {
			parts = append(parts, u.ID)
		}
		for _, g := range t.Targets {
			parts = append(parts, g.ID)
		}
	}
	return tasks, parts
}

func drawFields(t *rapid.T) map[string]string {
	values := map[string][]string{
		"title": {"新标题", "", strings.Repeat("长", 201), "a\x00b"}, "number": {"9", ""}, "date": {"2026-03-25", "3月", ""}, "year": {"2026", "26"},
		"year_end": {"2027", "x"}, "issuers": {"甲、乙", ""}, "path": {"一\n二", ""}, "category": {"project", "expected", "?"}, "section": {"tasks", "?"},
		"due": {"2026-09-30", "九月"}, "parent": {"", NoParent, "nowhere"}, "name": {"市商务局", ""}, "role": {"lead", "support", "boss"}, "as": {"", "nobody"},
		"subject": {"新主体", ""}, "kind": {"flow", "rate", "qualitative", "comparison", "?"}, "comparator": {">=", "range", "?"}, "value": {"5", "4万", "", "-1", "x"},
		"value_max": {"9", "", "1"}, "baseline": {"3", ""}, "unit": {"家", ""}, "deadline": {"2026-06-30", "?"}, "deadline_text": {"6月底"}, "aspirational": {"1", ""},
		"cumulative": {"1"}, "words": {"一批"}, "quote": {"原文"}, "curve": {"", "linear", "stepped 2026-06-30=100", "monthly 1"}, "choice": {"take", "keep", "?"}, "nonsense": {"1"},
	}
	names := make([]string, 0, len(values))
	for n := range values {
		names = append(names, n)
	}
	fields := map[string]string{}
	for range rapid.IntRange(0, 4).Draw(t, "fields") {
		slices.Sort(names)
		n := rapid.SampledFrom(names).Draw(t, "name")
		fields[n] = rapid.SampledFrom(values[n]).Draw(t, "value")
	}
	return fields
}

func drawCorrection(t *rapid.T, d *Draft, seq int) Correction {
	tasks, parts := d.ids()
	op := rapid.SampledFrom([]Op{OpSet, OpSet, OpSet, OpAddTask, OpAddUnit, OpAddTarget, OpDelete, OpRestore, OpSplit, OpMerge, OpDecide, OpUndo, "nonsense"}).Draw(t, "op")
	pool := append([]string{"", "t99", "t1.g1|x"}, tasks...)
	if op == OpSet || op == OpDelete || op == OpRestore {
		pool = append(pool, parts...)
	}
	c := Correction{Seq: seq, Op: op, Item: rapid.SampledFrom(pool).Draw(t, "item"), Fields: drawFields(t)}
	if op == OpSplit || op == OpAddTask || op == OpAddUnit || op == OpAddTarget {
		if rapid.Bool().Draw(t, "sound") { // the sparse random fields would hardly ever be complete
			c.Fields = map[string]string{"title": "拆出", "name": "市民政局"}
			switch op {
			case OpAddTask, OpSplit:
				delete(c.Fields, "name")
			case OpAddUnit:
				delete(c.Fields, "title")
			case OpAddTarget:
				c.Fields = map[string]string{"subject": "补充", "value": "3", "unit": "家"}
			default:
			}
		}
		c.At = rapid.IntRange(-1, len(sampleText)+1).Draw(t, "at")
		if i, err := d.task(c.Item); err == nil && rapid.Bool().Draw(t, "inside") && d.Tasks[i].Span.End > d.Tasks[i].Span.Start {
			c.At = rapid.IntRange(d.Tasks[i].Span.Start, d.Tasks[i].Span.End).Draw(t, "at inside")
		}
	}
	return c
}

// TestRandomCorrections applies corrections as Correct does and checks after each
// what must hold whatever people do.
func TestRandomCorrections(t *testing.T) {
	p := sample(t)
	before := mustJSON(t, p)
	rapid.Check(t, func(rt *rapid.T) {
		var kept []Correction
		for range rapid.IntRange(1, 25).Draw(rt, "corrections") {
			d := fold(t, p, kept)
			c := drawCorrection(rt, &d, len(kept)+1)
			if c.Op == OpUndo {
				if len(effective(kept)) == 0 {
					continue
				}
			} else if err := d.apply(c); err != nil {
				if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
					rt.Fatalf("%+v: %v", c, err)
				}
				continue
			}
			kept = append(kept, c)
			checkDraft(rt, p, kept)
		}
		checkUndo(rt, p, kept)
	})
	if after := mustJSON(t, p); after != before {
		t.Error("corrections changed the reading itself")
	}
}

func checkDraft(t *rapid.T, p read.Plan, kept []Correction) {
	d, err := Fold(p, kept)
	if err != nil {
		t.Fatalf("what was accepted does not fold: %v", err)
	}
	again, err := Fold(p, kept)
	if err != nil || !reflect.DeepEqual(d, again) {
		t.Fatalf("folding twice gives two drafts (%v)", err)
	}
	seen := map[string]bool{}
	tasks, parts := d.ids()
	for _, id := range append(tasks, parts...) {
		if seen[id] {
			t.Fatalf("two items have the id %s", id)
		}
		seen[id] = true
	}
	checkNothingLost(t, p, &d, kept, seen)
	for _, task := range d.Tasks {
		if task.Span.Start < 0 || task.Span.End > len(sampleText) || task.Span.Start > task.Span.End {
			t.Fatalf("%s points outside the text: %+v", task.ID, task.Span)
		}
		if n := len(task.Path); n > 0 && task.Path[n-1] != task.Title {
			t.Fatalf("%s: the path %q does not end with the title %q", task.ID, task.Path, task.Title)
		}
		for _, g := range task.LiveTargets() {
			if g.Kind != Qualitative && g.Kind != Comparison && g.Value == nil {
				t.Fatalf("%s is %s without a value", g.ID, g.Kind)
			}
		}
	}
}

// checkNothingLost: every item that was read is in the draft, live or deleted; a
// task may have been merged into another, and a unit into one of the same name.
func checkNothingLost(t *rapid.T, p read.Plan, d *Draft, kept []Correction, seen map[string]bool) {
	merged := map[string]bool{}
	for _, c := range effective(kept) {
		if c.Op == OpMerge {
			merged[c.Item] = true
		}
	}
	names := map[string]bool{}
	for _, task := range d.Tasks {
		for _, u := range task.Units {
			names[u.Name] = true
			if u.Read != nil {
				names[u.Read.Name] = true
			}
		}
	}
	fresh := newDraft(p)
	for _, task := range fresh.Tasks {
		if !seen[task.ID] && !merged[task.ID] {
			t.Fatalf("the task %s is lost", task.ID)
		}
		for _, g := range task.Targets {
			if !seen[g.ID] {
				t.Fatalf("the target %s is lost", g.ID)
			}
		}
		for _, u := range task.Units {
			if !seen[u.ID] && !names[u.Name] {
				t.Fatalf("the unit %s %s is lost", u.ID, u.Name)
			}
		}
	}
}

// checkUndo: undoing gives back each earlier draft exactly.
func checkUndo(t *rapid.T, p read.Plan, kept []Correction) {
	held := effective(kept)
	all := kept
	for i := len(held) - 1; i >= 0; i-- {
		all = append(all[:len(all):len(all)], Correction{Seq: len(all) + 1, Op: OpUndo})
		d, err := Fold(p, all)
		want, err2 := Fold(p, held[:i])
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		d.Seq, want.Seq = 0, 0
		if !reflect.DeepEqual(d, want) {
			t.Fatalf("undoing %+v leaves a trace", held[i])
		}
	}
}

func TestDeletedItemsCanBeRestored(t *testing.T) {
	p := sample(t)
	untouched := fold(t, p, nil)
	tasks, parts := untouched.ids()
	for _, id := range append(tasks, parts...) {
		gone := fold(t, p, []Correction{{Seq: 1, Op: OpDelete, Item: id}})
		item, err := gone.item(id)
		if err != nil || !item.Deleted {
			t.Fatalf("%s: %+v %v", id, item, err)
		}
		back := fold(t, p, []Correction{{Seq: 1, Op: OpDelete, Item: id}, {Seq: 2, Op: OpRestore, Item: id}})
		back.Seq = 0
		if !reflect.DeepEqual(back, untouched) {
			t.Errorf("%s did not come back as it was", id)
		}
	}
}

func TestSplitAndMerge(t *testing.T) {
	p := sample(t)
	d := fold(t, p, nil)
	i := slices.IndexFunc(d.Tasks, func(t DraftTask) bool { return strings.Contains(t.Title, "托育") || len(t.Targets) == 2 })
	task := d.Tasks[i]
	if len(task.Targets) < 2 {
		t.Fatalf("the sample task has %d targets", len(task.Targets))
	}
	cut := task.Targets[1].Span.Start
	split := Correction{Seq: 1, Op: OpSplit, Item: task.ID, At: cut, Fields: map[string]string{"title": "便民生活圈"}}
	two := fold(t, p, []Correction{split})
	a, b := two.Tasks[i], two.Tasks[i+1]
	if len(a.Targets) != 1 || len(b.Targets) != len(task.Targets)-1 || len(a.Units) != len(b.Units) || a.Span.End != b.Span.Start || b.Title != "便民生活圈" {
		t.Errorf("first %d targets %d units, second %d targets %d units", len(a.Targets), len(a.Units), len(b.Targets), len(b.Units))
	}
	one := fold(t, p, []Correction{split, {Seq: 2, Op: OpMerge, Item: b.ID}})
	if got := one.Tasks[i]; len(one.Tasks) != len(d.Tasks) || got.Span != task.Span || len(got.Targets) != len(task.Targets) || len(got.Units) != len(task.Units) {
		t.Errorf("merged back: %+v", got.Item)
	}
	for _, c := range []struct {
		name string
		c    Correction
		code errs.Code
	}{
		{"before the text", Correction{Op: OpSplit, Item: task.ID, At: task.Span.Start, Fields: split.Fields}, errs.Invalid},
		{"behind the text", Correction{Op: OpSplit, Item: task.ID, At: task.Span.End, Fields: split.Fields}, errs.Invalid},
		{"through a target", Correction{Op: OpSplit, Item: task.ID, At: cut + 3, Fields: split.Fields}, errs.Invalid},
		{"without a title", Correction{Op: OpSplit, Item: task.ID, At: cut}, errs.Invalid},
		{"no such task", Correction{Op: OpSplit, Item: "t99", At: cut, Fields: split.Fields}, errs.Conflict},
		{"the first cannot be merged", Correction{Op: OpMerge, Item: d.Tasks[0].ID}, errs.Invalid},
	} {
		fresh := fold(t, p, nil)
		if err := fresh.apply(c.c); !errs.Is(err, c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	deleted := fold(t, p, []Correction{{Seq: 1, Op: OpDelete, Item: task.ID}})
	for _, op := range []Op{OpSplit, OpMerge} {
		if err := deleted.apply(Correction{Op: op, Item: task.ID, At: cut, Fields: split.Fields}); !errs.Is(err, errs.Conflict) {
			t.Errorf("%s of a deleted task: %v", op, err)
		}
	}
	byHand := fold(t, p, []Correction{{Seq: 1, Op: OpAddTask, Item: d.Tasks[0].ID, Fields: map[string]string{"title": "手工"}}, {Seq: 2, Op: OpMerge, Item: d.Tasks[1].ID}})
	if got := byHand.Tasks[1]; got.Title != "手工" || got.Span != d.Tasks[1].Span {
		t.Errorf("merged into a task without a place: %+v", got.Span)
	}
}

func TestCheckDraftFindings(t *testing.T) {
	p := sample(t)
	all := func(string) bool { return true }
	find := func(fs []Finding, says string) bool {
		return slices.IndexFunc(fs, func(f Finding) bool { return strings.Contains(f.Text, says) }) >= 0
	}
	d := fold(t, p, nil)
	problems, warnings := CheckDraft(&d, sampleText, all)
	if len(problems) > 0 || !find(warnings, "尚未量化") {
		t.Fatalf("problems %v, warnings %v", problems, warnings)
	}
	g := ""
	for _, task := range d.Tasks {
		for _, x := range task.Targets {
			if x.Kind == Flow {
				g = x.ID
			}
		}
	}
	for _, c := range []struct {
		name    string
		c       []Correction
		problem string
	}{
		{"no title", []Correction{{Seq: 1, Op: OpSet, Fields: map[string]string{"year": "2030"}}}, "计划年份不清楚"},
		{"pace outside the term", []Correction{{Seq: 1, Op: OpSet, Item: g, Fields: map[string]string{"curve": "stepped 2027-06-30=100"}}}, "序时进度有误"},
	} {
		d := fold(t, p, c.c)
		if problems, _ := CheckDraft(&d, sampleText, all); !find(problems, c.problem) {
			t.Errorf("%s: %v", c.name, problems)
		}
	}
	empty := Draft{}
	if problems, _ := CheckDraft(&empty, "", all); !find(problems, "没有任务") || !find(problems, "没有标题") {
		t.Errorf("empty: %v", problems)
	}
	if _, warnings := CheckDraft(&d, sampleText, func(string) bool { return false }); !find(warnings, "不在单位名录中") {
		t.Errorf("unknown units: %v", warnings)
	}
}

func TestTermOfTask(t *testing.T) {
	target := func(deadline string) DraftTarget { return DraftTarget{Kind: Flow, Deadline: deadline} }
	for _, c := range []struct {
		name       string
		task       DraftTask
		start, due string
	}{
		{"nothing said", DraftTask{}, "2026-01-01", "2026-12-31"},
		{"last deadline of its targets", DraftTask{Targets: []DraftTarget{target("2026-06-30"), target("2026-09-30"), target("")}}, "2026-01-01", "2026-09-30"},
		{"own date goes first", DraftTask{Due: "2026-05-31", Targets: []DraftTarget{target("2026-06-30")}}, "2026-01-01", "2026-05-31"},
		{"due before the year", DraftTask{Due: "2025-12-31"}, "2025-12-31", "2025-12-31"},
		{"deleted targets do not count", DraftTask{Targets: []DraftTarget{{Item: Item{Deleted: true}, Deadline: "2026-06-30"}}}, "2026-01-01", "2026-12-31"},
	} {
		if start, due := c.task.term(2026, 2026); start.String() != c.start || due.String() != c.due {
			t.Errorf("%s: %s to %s", c.name, start, due)
		}
	}
}

func TestDefaultCategories(t *testing.T) {
	d := fold(t, sample(t), nil)
	for _, task := range d.Tasks {
		if task.Category == "" || len(task.Read.Targets) > 0 && task.Category != city.CategoryExpected && task.Section != read.SectionSafeguards {
			t.Errorf("%s: %s", task.Title, task.Category)
		}
		if !utf8.ValidString(bodyOf(sampleText, task.Span)) {
			t.Errorf("%s: broken text", task.Title)
		}
	}
	if fmt.Sprint(len(d.Choices)) != "0" {
		t.Error("a fresh draft has no decisions")
	}
}

func mustJSON(tb testing.TB, v any) string {
	tb.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}
