package ui

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"bihuan/kit/errs"
)

func TestTable(t *testing.T) {
	table := NewTable("单位", Column{Label: "名称", SortURL: "?sort=name", Sort: Ascending}, Column{Label: "件数", Num: true})
	table.Rows = []Row{{URL: "/u/1", Cells: []Cell{Text("甲"), Num("3", "/x")}}, {Cells: []Cell{Text("乙"), Text(""), Text("多出的一格")}}}
	_, doc := render(t, table)
	links := find(doc, tag("a"))
	var hrefs []string
	for _, a := range links {
		h, _ := attr(a, "href")
		hrefs = append(hrefs, h)
	}
	if got := strings.Join(hrefs, " "); got != "?sort=name /u/1 /x" {
		t.Errorf("links %q", got)
	}
	if v, _ := attr(find(doc, tag("th"))[0], "aria-sort"); v != "ascending" {
		t.Errorf("aria-sort %q", v)
	}
	if v, _ := attr(find(doc, tag("td"))[1], "data-label"); v != "件数" {
		t.Errorf("a card's label is %q", v)
	}
	table.Rows = nil
	table.Empty = Empty{Title: "没有单位", URL: "/new", Label: "添加"}
	_, doc = render(t, table)
	if len(find(doc, tag("table"))) != 0 || !strings.Contains(text(doc), "没有单位") {
		t.Error("an empty table shows its empty state and no table")
	}
}

func TestFieldStates(t *testing.T) {
	for _, c := range []struct {
		name  string
		field Field
		want  []string // parts of the markup
		not   []string
	}{
		{"required", Field{Name: "a", Label: "甲", Required: true}, []string{"required", "必填"}, nil},
		{"error is tied to the field", Field{Name: "a", Label: "甲", Error: "不对"}, []string{`aria-invalid="true"`, `aria-describedby="f-a-error"`, `id="f-a-error"`}, nil},
		{"hint and error", Field{Name: "a", Label: "甲", Hint: "提示", Error: "不对"}, []string{`aria-describedby="f-a-hint f-a-error"`}, nil},
		{"a password is never echoed", Field{Kind: Password, Name: "p", Label: "口令", Value: "secret"}, []string{`type="password"`}, []string{"secret"}},
		{"a number is typed as text", Field{Kind: Number, Name: "n", Label: "数", Value: "1.50"}, []string{`type="text"`, `inputmode="decimal"`, `value="1.50"`}, nil},
		{"a chosen option", Field{Kind: Select, Name: "s", Label: "选", Value: "b", Options: []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}}, []string{`value="b" selected`}, []string{`value="a" selected`}},
		{"several ticks", Field{Kind: Checks, Name: "c", Label: "多选", Values: []string{"a", "c"}, Options: []Option{{Value: "a"}, {Value: "b"}, {Value: "c"}}}, []string{`value="a" checked`, `value="c" checked`}, []string{`value="b" checked`}},
		{"a line break at the start survives", Field{Kind: TextArea, Name: "t", Label: "文", Value: "\nx"}, []string{">\n\nx</textarea>"}, nil},
		{"a file says its limit", Field{Kind: File, Name: "f", Label: "附件", MaxBytes: 20 << 20}, []string{"20 MB", `data-max="20971520"`}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw, _ := render(t, c.field)
			for _, w := range c.want {
				if !strings.Contains(raw, w) {
					t.Errorf("missing %q in\n%s", w, raw)
				}
			}
			for _, w := range c.not {
				if strings.Contains(raw, w) {
					t.Errorf("has %q in\n%s", w, raw)
				}
			}
		})
	}
}

func TestProblems(t *testing.T) {
	if got := Problems(nil); got != nil {
		t.Errorf("nil gives %v", got)
	}
	if got := Problems(os.ErrNotExist); got != nil {
		t.Errorf("a foreign error must not be shown, got %v", got)
	}
	var check errs.Check
	check.Require(false, "due", "期限不能早于今天")
	list := Problems(check.Err())
	if ProblemOf(list, "due") != "期限不能早于今天" || ProblemOf(list, "other") != "" {
		t.Errorf("got %v", list)
	}
	if got := Problems(errs.New(errs.Conflict, "已被他人修改")); len(got) != 1 || got[0] != (Problem{Text: "已被他人修改"}) {
		t.Errorf("got %v", got)
	}
}

func TestFormsAreGuarded(t *testing.T) {
	post, _ := render(t, FormBox(Form{Action: "/x"}))
	if !strings.Contains(post, "data-once") || !strings.Contains(post, `method="post"`) {
		t.Errorf("a form is sent once, by post: %s", post)
	}
	get, _ := render(t, FormBox(Form{Action: "/x", Method: "GET"}))
	if strings.Contains(get, "data-once") || !strings.Contains(get, `method="get"`) {
		t.Errorf("a search may be sent again: %s", get)
	}
}

func TestDisabledButtonIsNoLink(t *testing.T) {
	raw, _ := render(t, Button{Label: "办结", URL: "/close", Disabled: true, Why: "尚未复核"})
	if strings.Contains(raw, "href") || !strings.Contains(raw, "disabled") || !strings.Contains(raw, "尚未复核") {
		t.Error(raw)
	}
}

func TestNavigation(t *testing.T) {
	items := []NavItem{{Label: "a", Group: "x"}, {Label: "b", Group: "x", Primary: true}, {Label: "c", Group: "y"}, {Label: "d", Group: "x"}}
	if g := groups(items); len(g) != 3 || len(g[0].Items) != 2 || g[1].Name != "y" {
		t.Errorf("groups %v", g)
	}
	if p := primary(items); len(p) != 1 || p[0].Label != "b" {
		t.Errorf("primary %v", p)
	}
	if p := primary(items[:1]); len(p) != 1 {
		t.Errorf("without a mark the first ones serve, got %v", p)
	}
}

// Text of a source document is kept to the letter, between marks too.
func TestSourceTextIsExact(t *testing.T) {
	segs := []Segment{{Text: " 年底前"}, {Text: "新增", Item: "1", Lead: true}, {Text: "180个", Item: "1"}, {Text: "。 \n"}}
	_, doc := render(t, SourceText{Label: "原文", Blocks: []SourceBlock{{Segments: segs}}})
	if got := text(find(doc, tag("p"))[0]); got != " 年底前新增180个。 \n" {
		t.Errorf("got %q", got)
	}
	if n := len(find(doc, func(n *html.Node) bool { id, _ := attr(n, "id"); return id == "span-1" })); n != 1 {
		t.Errorf("%d anchors", n)
	}
}

func TestIcons(t *testing.T) {
	for _, name := range Icons() {
		if raw, _ := render(t, Icon(name)); !strings.Contains(raw, "<path") {
			t.Errorf("%s draws nothing", name)
		}
	}
	if raw, _ := render(t, Icon("no such icon")); raw != "" {
		t.Errorf("an unknown icon draws %q", raw)
	}
}

func TestLightRowsAndCounts(t *testing.T) {
	raw, doc := render(t, LightRows{Label: "任务", Rows: []MatrixRow{{Label: "甲", Cells: []MatrixCell{
		{Level: Red, Text: "1", Label: "丙：严重滞后", URL: "/t/1"}, {Blank: true}, {Level: Grey, Text: "2"}}}}})
	if items := find(doc, tag("li")); len(items) != 2 {
		t.Errorf("%d cells drawn, a blank one is none", len(items))
	}
	for _, want := range []string{`<span class="sr">丙：严重滞后</span>`, `href="/t/1"`, `title="无数据 2"`, "sign-red", "sign-grey"} {
		if !strings.Contains(raw, want) {
			t.Errorf("missing %q in\n%s", want, raw)
		}
	}
	raw, _ = render(t, LightCounts{Label: "灯色", Counts: []LightCount{{Level: Yellow, Count: 3, URL: "/x"}, {Level: Green, Count: 1}}})
	for _, want := range []string{`href="/x"`, "滞后", "sign-yellow", "正常"} {
		if !strings.Contains(raw, want) {
			t.Errorf("missing %q in\n%s", want, raw)
		}
	}
}
