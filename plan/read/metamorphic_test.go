package read_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"bihuan/plan/read"
)

var plans = flag.String("plans", "", "a folder of further plans (*.txt) for TestOtherHabits")

// TestOtherHabits: the same document typed with other habits has the same
// tasks, units and targets.
func TestOtherHabits(t *testing.T) {
	files, _ := filepath.Glob("testdata/cases/*.txt")
	files = append(files, "testdata/liaocheng-2026.txt")
	if *plans != "" {
		files, _ = filepath.Glob(*plans + "/*.txt")
	}
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			for _, f := range files {
				name := strings.TrimSuffix(filepath.Base(f), ".txt")
				if slices.Contains(exempt[m.name], name) {
					continue
				}
				b, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				for seed := range uint64(2) {
					text := string(b)
					other := m.do(text, rand.New(rand.NewPCG(seed, 7)))
					opt := read.Options{Year: read.Parse(text, read.Options{Name: name}).Year}
					if diff := cmp.Diff(gist(read.Parse(text, opt), m), gist(read.Parse(other, opt), m)); diff != "" {
						t.Errorf("%s (-before +after):\n%s", name, diff)
						break
					}
				}
			}
		})
	}
}

// exempt are documents that a mutation turns into one that says less: a table
// without its rows, a heading known only by its line.
var exempt = map[string][]string{
	"decimal headings": {"units_as_heading", "topic_eldercare"}, // two levels of 1、; a unit's name is no title of a numbered paragraph
	"one line": {"duties_table", "flat_table", "flat_table_no_serial", "facts_and_promises", "hard_wrapped", "inherited_units", "inline_roles",
		"paragraphs_only", "pieces_of_documents", "plain_headings", "units_as_heading", "topic_safety", "topic_health", "topic_jobs"}, // lists and headings that only their lines bound
	"full-width digits and brackets": {"hard_wrapped"},        // wider digits change the width of the lines
	"chapters and sections":          {"pieces_of_documents"}, // articles of a regulation follow sections
	"unit list without label":        {"action_words"},        // a label says that a list is for all items
	"unit list on its own line":      {"action_words"},        // the item becomes one clause and so its title
}

// gist is what two typings of one document have in common.
func gist(p read.Plan, m mutation) []string {
	var out []string
	for _, k := range p.Tasks {
		number := plainly(k.Number)
		if m.renumbered {
			number = ""
		}
		out = append(out, fmt.Sprintf("%s %s", number, clip(k.Title)))
		for _, u := range k.Units {
			role := u.Role
			if m.reassigned {
				role = ""
			}
			out = append(out, fmt.Sprintf("    %s %s", role, plainly(u.Name)))
		}
		for _, x := range k.Targets {
			most := ""
			if x.ValueMax != nil {
				most = "-" + x.ValueMax.String()
			}
			out = append(out, fmt.Sprintf("    %s %s %s%s %s %s", wordsOf(x.Subject), x.Comparator, x.Value, most, plainly(x.Unit), x.Deadline))
		}
	}
	return out
}

// wordsOf drops the figures inside a name: 500个以上泊位的停车楼.
func wordsOf(s string) string { return numerals.ReplaceAllString(plainly(s), "") }

var numerals = regexp.MustCompile(`[\d一二三四五六七八九十百千万]+|^(?:全年|年内|今年|年底前|到年底|新增|新建|培育|打造)`)

// clip keeps the head of a title without figures, which may be typed otherwise.
func clip(title string) string {
	x := []rune(numerals.ReplaceAllStringFunc(plainly(title), func(m string) string {
		if unicode.Is(unicode.Han, []rune(m)[0]) && len([]rune(m)) > 1 && strings.Contains("全年年内今年年底前到年底新增新建培育打造", m) {
			return ""
		}
		return m
	}))
	if i := slices.IndexFunc(x, func(c rune) bool {
		return unicode.IsDigit(c) || strings.ContainsRune("一二三四五六七八九十百千万", c)
	}); i >= 0 {
		x = x[:i]
	}
	return string(x)
}

// plainly drops blanks, marks and brackets.
func plainly(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || unicode.IsPunct(c) || c == '〔' || c == '〕' {
			return -1
		}
		return c
	}, norm.NFKC.String(s))
}
