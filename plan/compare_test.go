package plan

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

// published is a draft as publishing would store it: what Compare finds on the old side.
func published(d *Draft, text string) []TaskView {
	var views []TaskView
	for i, t := range d.LiveTasks() {
		_, due := t.term(d.Year, d.YearEnd)
		v := TaskView{Task: Task{ID: fmt.Sprintf("task%d", i), Title: t.Title, Path: t.Path, Number: t.Number, Body: bodyOf(text, t.Span), DueOn: due.String()}}
		lead := t.Lead()
		for _, u := range t.LiveUnits() {
			role := u.Role
			if lead != nil && lead.ID == u.ID {
				role = read.RoleLead // publishing names the lead
			}
			v.Units = append(v.Units, TaskUnit{Name: u.Name, Role: role})
		}
		for j, g := range t.LiveTargets() {
			v.Targets = append(v.Targets, Target{ID: fmt.Sprintf("task%d.%d", i, j), Subject: g.Subject, Kind: g.Kind, Comparator: g.Comparator, Value: g.Value,
				ValueMax: g.ValueMax, Unit: g.Unit, Change: g.Change, Words: g.Words, Aspirational: g.Aspirational, Deadline: g.Deadline})
		}
		views = append(views, v)
	}
	return views
}

func parsed(tb testing.TB, text string) Draft {
	tb.Helper()
	return fold(tb, read.Parse(text, read.Options{Name: "2026.txt"}), nil)
}

// against compares the sample with a changed text and gives the differences that are no "kept".
func against(t *testing.T, text string) []Difference {
	t.Helper()
	old, d := parsed(t, sampleText), parsed(t, text)
	all := Compare(published(&old, sampleText), &d, text)
	var differing []Difference
	for _, x := range all {
		if x.Kind != DiffKept {
			differing = append(differing, x)
		}
	}
	return differing
}

func describe(diffs []Difference) string {
	var b strings.Builder
	for _, d := range diffs {
		title := ""
		if d.New != nil {
			title = d.New.Title
		} else {
			title = d.Old.Title
		}
		fmt.Fprintf(&b, "%s %s", d.Kind, title)
		for _, p := range d.Parts {
			fmt.Fprintf(&b, " [%s: %s → %s]", p.Name, p.Before, p.After)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestCompareDocuments(t *testing.T) {
	edit := func(pairs ...string) string {
		text := sampleText
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(text, pairs[i]) {
				t.Fatalf("the sample has no %q", pairs[i])
			}
			text = strings.Replace(text, pairs[i], pairs[i+1], 1)
		}
		return text
	}
	for _, c := range []struct {
		name, text string
		want       []string // each: kind and what its line has
	}{
		{"identical", sampleText, nil},
		{"other spaces and punctuation", edit("新增25个", "新增 25 个", "。（责任单位：市委宣传部）", "（责任单位: 市委宣传部）"), nil},
		{"renumbered", edit("3.推进", "4.推进", "4.加强", "5.加强", "5.稳定", "6.稳定"), nil},
		{"another value", edit("新增25个", "新增30个"), []string{"changed|目标|25个|30个"}},
		{"a decimal point", edit("10项以上", "1.0项以上"), []string{"changed|目标|≥ 10项|≥ 1项"}},
		{"aspirational now", edit("参与制定标准10项以上", "力争参与制定标准10项以上"), []string{"changed|目标|力争"}},
		{"another lead", edit("牵头单位：市商务局；配合单位：市市场监管局", "牵头单位：市市场监管局；配合单位：市商务局"), []string{"changed|责任单位|市市场监管局（牵头）"}},
		{"order of two responsible units", edit("市卫生健康委、市商务局", "市商务局、市卫生健康委"), []string{"changed|责任单位|市商务局（牵头）"}},
		{"a sentence more", edit("开展主题宣传。", "开展主题宣传，办好专栏。"), []string{"changed|正文|办好专栏"}},
		{"renamed", edit("4.加强宣传引导。", "4.强化宣传引导。"), []string{"changed|名称|强化宣传引导"}},
		{"moved under another heading", edit("（二）优化消费环境\n", "", "4.加强宣传", "（二）优化消费环境\n4.加强宣传"), []string{"changed|上级标题|扩大服务消费"}},
		{"a task more", sampleText + "6.发展银发经济。建设老年助餐点30个。（责任单位：市民政局）\n", []string{"new|发展银发经济"}},
		{"a task less", edit("4.加强宣传引导。开展主题宣传。（责任单位：市委宣传部）\n", ""), []string{"gone|加强宣传引导"}},
		{"another matter under the same number", edit("4.加强宣传引导。开展主题宣传。（责任单位：市委宣传部）", "4.完善寄递网络。建成村级站点1300处。（责任单位：市交通运输局）"), []string{"new|完善寄递网络", "gone|加强宣传引导"}},
		{"a target moved to a task of its own", edit("，新建便民生活圈服务站15个以上", "", "（二）优化", "7.建设便民生活圈。新建便民生活圈服务站15个以上。（责任单位：市商务局）\n（二）优化"),
			[]string{"changed|目标|便民生活圈", "new|建设便民生活圈"}},
	} {
		got := against(t, c.text)
		if len(got) != len(c.want) {
			t.Errorf("%s: %d differences\n%s", c.name, len(got), describe(got))
			continue
		}
		for i, want := range c.want {
			words := strings.Split(want, "|")
			line := describe(got[i : i+1])
			for _, w := range words {
				if !strings.Contains(line, w) {
					t.Errorf("%s: %q is not in %s", c.name, w, line)
				}
			}
		}
	}
}

func TestAnsweredPromiseStaysAnswered(t *testing.T) {
	d := parsed(t, sampleText)
	old := published(&d, sampleText)
	found := false
	for i := range old {
		for j := range old[i].Targets {
			if g := &old[i].Targets[j]; g.Kind == Qualitative {
				found = true
				g.Kind, g.Value, g.Unit = Flow, num("5"), "个"
			}
		}
	}
	if !found {
		t.Fatal("the sample has no promise")
	}
	for _, diff := range Compare(old, &d, sampleText) {
		if diff.Kind != DiffKept {
			t.Errorf("the number put to a promise was taken for a change: %s", describe([]Difference{diff}))
		}
	}
}

// Whatever two lists look like, each old task and each live new one is in exactly one difference.
func TestCompareLosesNothing(t *testing.T) {
	words := []string{"推进", "放心", "消费", "托育", "服务", "电商", "企业", "宣传", "引导"}
	draw := func(t *rapid.T, label string) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 4).Draw(t, label), "")
	}
	rapid.Check(t, func(t *rapid.T) {
		var old []TaskView
		for i := range rapid.IntRange(0, 6).Draw(t, "old") {
			v := TaskView{Task: Task{ID: fmt.Sprint("o", i), Title: draw(t, "title"), Body: draw(t, "body")}}
			for range rapid.IntRange(0, 3).Draw(t, "targets") {
				v.Targets = append(v.Targets, Target{Subject: draw(t, "subject"), Kind: Flow, Value: num("5"), Unit: "个"})
			}
			old = append(old, v)
		}
		d := Draft{Year: 2026, YearEnd: 2026}
		for i := range rapid.IntRange(0, 6).Draw(t, "new") {
			task := DraftTask{Item: Item{ID: fmt.Sprint("n", i), Deleted: rapid.Bool().Draw(t, "deleted")}, Title: draw(t, "title")}
			for range rapid.IntRange(0, 3).Draw(t, "targets") {
				task.Targets = append(task.Targets, DraftTarget{Subject: draw(t, "subject"), Kind: Flow, Value: num("5"), Unit: "个"})
			}
			d.Tasks = append(d.Tasks, task)
		}
		seen := map[string]int{}
		keys := map[string]bool{}
		for _, diff := range Compare(old, &d, "") {
			if keys[diff.Key] {
				t.Fatalf("two differences have the key %s", diff.Key)
			}
			keys[diff.Key] = true
			if diff.Old != nil {
				seen[diff.Old.ID]++
			}
			if diff.New != nil {
				seen[diff.New.ID]++
			}
			if (diff.Kind == DiffNew) != (diff.Old == nil) || (diff.Kind == DiffGone) != (diff.New == nil) || (diff.Kind == DiffKept) != (diff.Old != nil && diff.New != nil && len(diff.Parts) == 0) {
				t.Fatalf("%+v", diff)
			}
		}
		for _, v := range old {
			if seen[v.ID] != 1 {
				t.Fatalf("%s is in %d differences", v.ID, seen[v.ID])
			}
		}
		for _, n := range d.Tasks {
			if want := map[bool]int{false: 1, true: 0}[n.Deleted]; seen[n.ID] != want {
				t.Fatalf("%s (deleted %v) is in %d differences", n.ID, n.Deleted, seen[n.ID])
			}
		}
	})
}

func TestSqueeze(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"推进 放心消费，（一）", "推进放心消费一"}, {"１．５亿", "1.5亿"}, {"1.5亿", "1.5亿"}, {"1. 推进", "1推进"}, {"APP", "app"}, {"**重点**", "重点"}, {"3.", "3"}, {"a.b", "ab"},
	} {
		if got := squeeze(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSuggestParent(t *testing.T) {
	city := []TaskView{
		{Task: Task{ID: "a", Title: "增加托育服务供给", Body: "新增社区托育驿站"}},
		{Task: Task{ID: "b", Title: "完善农村寄递网络", Body: "建成村级快递服务站点"}},
	}
	for _, c := range []struct{ title, body, want string }{
		{"增加托育服务供给", "本县新增2个社区托育驿站", "a"}, {"完善寄递物流网络", "建成村级快递服务站点120处", "b"}, {"整治市容环境", "拆除违建", ""}, {"", "", ""},
	} {
		if got := SuggestParent(c.title, c.body, city); got != c.want {
			t.Errorf("%s: %q, want %q", c.title, got, c.want)
		}
	}
}

func TestCombine(t *testing.T) {
	q := func(s string) *quantity.Quantity { return num(s) }
	shares := []Share{{Territory: "a", Value: *q("10")}, {Territory: "b", Value: *q("15")}}
	for _, c := range []struct {
		name   string
		shares []Share
		parts  []Standing
		want   string
	}{
		{"nothing", nil, nil, "value - pending - covered - silent 0"},
		{"the whole", nil, []Standing{{Value: q("5"), AsOf: "2026-06-30"}}, "value 5 pending - covered - silent 0"},
		{"a county's part does not count for an unshared whole", nil, []Standing{{Territory: "a", Value: q("5")}}, "value - pending - covered - silent 0"},
		{"nobody reported", shares, nil, "value - pending - covered - silent 2"},
		{"one reported", shares, []Standing{{Territory: "a", Value: q("4"), AsOf: "2026-06-30"}}, "value 4 pending - covered 10 silent 1"},
		{"both", shares, []Standing{{Territory: "a", Value: q("4"), AsOf: "2026-06-30"}, {Territory: "b", Value: q("6"), AsOf: "2026-05-31"}}, "value 10 pending - covered - silent 0"},
		{"one waits", shares, []Standing{{Territory: "a", Value: q("4"), AsOf: "2026-06-30", Pending: q("7"), PendingAsOf: "2026-07-31"}, {Territory: "b", Value: q("6")}}, "value 10 pending 13 covered - silent 0"},
		{"only unverified", shares, []Standing{{Territory: "a", Pending: q("7"), PendingAsOf: "2026-07-31"}}, "value - pending 7 covered - silent 2"},
		{"the whole of before does not count beside shares", shares, []Standing{{Value: q("5"), AsOf: "2026-06-30"}}, "value - pending - covered - silent 2"},
	} {
		a := Combine(Target{Kind: Flow, Value: q("25")}, c.shares, c.parts)
		show := func(v *quantity.Quantity) string {
			if v == nil {
				return "-"
			}
			return v.String()
		}
		if got := fmt.Sprintf("value %s pending %s covered %s silent %d", show(a.Value), show(a.Pending), show(a.Covered), len(a.Silent)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
