package tasks

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/plan"
	"bihuan/plan/read"
)

func TestQuotedMarksWords(t *testing.T) {
	body := "1.建设驿站。年内建成**25**个社区\n托育驿站。（责任单位：市卫生健康委、市民政局）"
	at := func(words string) read.Span {
		i := strings.Index(body, words)
		return read.Span{Start: 100 + i, End: 100 + i + len(words)}
	}
	d := plan.Detail{Task: plan.Task{Body: body, Span: read.Span{Start: 100, End: 100 + len(body)}},
		Units: []plan.TaskUnit{{Name: "市卫生健康委", Role: read.RoleLead, Span: at("市卫生健康委")}, {Name: "市民政局", Role: read.RoleSupport, Span: read.Span{Start: 5, End: 9}}, {Name: "市财政局"}},
		Targets: []plan.TargetDetail{{Target: plan.Target{ID: "t1", Subject: "托育驿站", Quote: "年内建成25个社区托育驿站", Span: at("年内建成**25**个社区\n托育驿站")}},
			{Target: plan.Target{ID: "gone", Quote: "建设驿站", VersionGone: 2}}}}
	marked := map[string]string{}
	for _, b := range quoted(d).Blocks {
		for _, s := range b.Segments {
			if s.Item != "" {
				marked[s.Item] += s.Text
			}
		}
	}
	for item, want := range map[string]string{"t1": "年内建成25个社区托育驿站", "u1": "市卫生健康委", "u2": "市民政局"} {
		if marked[item] != want {
			t.Errorf("%s: %q, want %q", item, marked[item], want)
		}
	}
	if len(marked) != 3 {
		t.Errorf("marked %v", marked)
	}
}

// Whatever is marked, the text itself is shown whole and in order.
func TestQuotedLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`[甲乙丙*。\n ]{0,60}`).Draw(t, "body")
		d := plan.Detail{Task: plan.Task{Body: body, Span: read.Span{Start: 10, End: 10 + len(body)}}}
		for range rapid.IntRange(0, 4).Draw(t, "units") {
			from := rapid.IntRange(-5, len(body)+5).Draw(t, "from")
			d.Units = append(d.Units, plan.TaskUnit{Name: rapid.StringMatching(`[甲乙]{0,2}`).Draw(t, "name"), Span: read.Span{Start: 10 + from, End: 10 + from + rapid.IntRange(-2, 9).Draw(t, "length")}})
		}
		var shown strings.Builder
		for _, b := range quoted(d).Blocks {
			for _, s := range b.Segments {
				shown.WriteString(s.Text)
			}
		}
		plain := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, "*", "")), "") }
		if plain(shown.String()) != plain(body) {
			t.Fatalf("%q is shown as %q", body, shown.String())
		}
	})
}
