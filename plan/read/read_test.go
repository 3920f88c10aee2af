package read_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"bihuan/plan/read"
)

var update = flag.Bool("update", false, "write the expected files anew")

// gold is the hand-made reading of a plan: what a person found in it.
type gold struct {
	Tasks []goldTask `json:"tasks"`
}

type goldTask struct {
	Path    []string     `json:"path"`
	Number  string       `json:"number"`
	Title   string       `json:"title"`
	Units   []goldUnit   `json:"units"`
	Targets []goldTarget `json:"targets"`
}

type goldUnit struct {
	Name string `json:"name"`
	Role string `json:"role"`
}

type goldTarget struct {
	Subject      string      `json:"subject"`
	Comparator   string      `json:"comparator"`
	Value        json.Number `json:"value"`
	ValueMax     json.Number `json:"value_max"`
	Unit         string      `json:"unit"`
	Deadline     string      `json:"deadline"`
	DeadlineText string      `json:"deadline_text"`
	Quote        string      `json:"quote"`
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '*' {
			return -1
		}
		return r
	}, s)
}

// TestLiaochengIsReadExactly holds the reader to the hand-made reading of a
// whole plan: every task, unit and target, and nothing else.
func TestLiaochengIsReadExactly(t *testing.T) {
	text := load(t, "liaocheng-2026.txt")
	var want gold
	if err := json.Unmarshal([]byte(load(t, "liaocheng-2026.gold.json")), &want); err != nil {
		t.Fatal(err)
	}
	p := read.Parse(text, read.Options{})
	checkSpans(t, text, p, strings.Contains)
	for _, k := range want.Tasks {
		for i := range k.Targets {
			k.Targets[i].Quote = bare(k.Targets[i].Quote)
		}
	}
	if diff := cmp.Diff(want.Tasks, asGold(p)); diff != "" {
		t.Errorf("tasks (-hand +read):\n%s", diff)
	}
	if p.Title != "聊城市2026年提振消费行动计划" || p.Number != "聊商务字〔2026〕7号" || p.Date != "2026-03-25" || p.Year != 2026 {
		t.Errorf("front matter: %q %q %q %d", p.Title, p.Number, p.Date, p.Year)
	}
	if len(p.Issuers) != 16 {
		t.Errorf("%d issuing units, want 16", len(p.Issuers))
	}
	if !slices.ContainsFunc(p.Open, func(c read.Commitment) bool {
		return c.Kind == read.CommitComparison && c.Subject == "全市社会消费品零售总额" && c.Words == "高于全省平均水平"
	}) {
		t.Errorf("the comparison with the province is missing: %+v", p.Open)
	}
	if len(p.Goals) != 1 {
		t.Errorf("%d goal paragraphs, want 1", len(p.Goals))
	}
}

// asGold writes a plan the way the hand-made reading is written.
func asGold(p read.Plan) []goldTask {
	var out []goldTask
	for _, k := range p.Tasks {
		g := goldTask{Path: k.Path, Number: k.Number, Title: k.Title, Units: []goldUnit{}, Targets: []goldTarget{}}
		for _, u := range k.Units {
			g.Units = append(g.Units, goldUnit{u.Name, string(u.Role)})
		}
		for _, x := range k.Targets {
			t := goldTarget{
				Subject: x.Subject, Comparator: string(x.Comparator), Value: json.Number(x.Value.String()),
				Unit: x.Unit, Deadline: x.Deadline, DeadlineText: x.DeadlineText, Quote: bare(x.Quote),
			}
			if x.ValueMax != nil {
				t.ValueMax = json.Number(x.ValueMax.String())
			}
			g.Targets = append(g.Targets, t)
		}
		out = append(out, g)
	}
	return out
}

// TestCases reads invented documents of the layouts of the genre and compares
// with the expected reading beside them.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.*")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		if strings.HasSuffix(f, ".want") {
			continue
		}
		n++
		t.Run(filepath.Base(f), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			p := read.Parse(string(b), read.Options{})
			var s strings.Builder
			if err := read.WriteText(&s, p); err != nil {
				t.Fatal(err)
			}
			want := f + ".want"
			if *update {
				if err := os.WriteFile(want, []byte(s.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			w, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(w), s.String()); diff != "" {
				t.Errorf("(-expected +read):\n%s", diff)
			}
			checkSpans(t, string(b), p, strings.Contains)
		})
	}
	if n < 10 {
		t.Errorf("only %d documents", n)
	}
}

func load(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

type fataler interface {
	Helper()
	Errorf(string, ...any)
}

// inOrder says that the characters of item stand in text in their order; tags,
// page numbers and marks may stand between them.
func inOrder(text, item string) bool {
	want := []rune(item)
	for _, c := range text {
		if len(want) > 0 && c == want[0] {
			want = want[1:]
		}
	}
	return len(want) == 0
}

// checkSpans holds every item to the text it says it came from; in says
// whether an item is in a piece of text, white space and bold marks aside.
func checkSpans(t fataler, text string, p read.Plan, in func(text, item string) bool) {
	t.Helper()
	at := func(what, item string, s read.Span) {
		t.Helper()
		if s.Start < 0 || s.End < s.Start || s.End > len(text) {
			t.Errorf("%s %q: span %d..%d in %d bytes", what, item, s.Start, s.End, len(text))
			return
		}
		if !in(bare(text[s.Start:s.End]), bare(item)) {
			t.Errorf("%s %q is not in %q", what, item, text[s.Start:s.End])
		}
	}
	for _, x := range p.Issuers {
		at("issuer", x.Text, x.Span)
	}
	for _, x := range p.Goals {
		at("goal", x.Text, x.Span)
	}
	for _, x := range p.Front {
		at("front", "", x.Span)
	}
	for _, k := range p.Tasks {
		if k.Title != "总体目标" {
			at("title", k.Title, k.TitleSpan)
			at("task", k.Title, k.Span)
		}
		at("task", "", k.Span)
		for _, u := range k.Units {
			at("unit", u.Name, u.Span)
		}
		for _, x := range k.Targets {
			at("subject", x.Subject, x.SubjectSpan)
			at("quote", x.Quote, x.Span)
			at("number", "", x.NumberSpan)
			if x.Quote != text[x.Span.Start:x.Span.End] {
				t.Errorf("quote %q differs from its span", x.Quote)
			}
			if x.NumberSpan.Start < x.Span.Start || x.NumberSpan.End > x.Span.End {
				t.Errorf("the figure of %q lies outside its quote %q", x.Subject, x.Quote)
			}
			if (x.Comparator == read.Range) != (x.ValueMax != nil) {
				t.Errorf("%q: comparator %s, value_max %v", x.Subject, x.Comparator, x.ValueMax)
			}
			if x.Comparator == "" {
				t.Errorf("%q has no comparator", x.Subject)
			}
		}
		for _, c := range k.Commitments {
			at("commitment", c.Quote, c.Span)
			at("commitment", c.Words, c.Span)
		}
	}
}
