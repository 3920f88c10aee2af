package plan

import (
	"slices"
	"sort"
	"strings"

	"bihuan/kit/errs"
	"bihuan/plan/read"
)

// Difference is one line of the comparison of a published list with a new
// version of its document.
type Difference struct {
	Key    string // names the difference in OpDecide: "<task id>|<draft id>", either part may be empty
	Kind   DiffKind
	Old    *TaskView  // nil for New
	New    *DraftTask // nil for Gone
	Parts  []Part     // what differs, for Changed
	Choice Choice     // "" while nobody has decided; Kept needs no decision
}

// DiffKind says how a task of the list and one of the new document relate.
type DiffKind string

// The kinds, in the order in which a page shows them.
const (
	DiffChanged DiffKind = "changed"
	DiffNew     DiffKind = "new"
	DiffGone    DiffKind = "gone"
	DiffKept    DiffKind = "kept"
)

// Label is the kind in words.
func (k DiffKind) Label() string {
	switch k {
	case DiffChanged:
		return "有变化"
	case DiffNew:
		return "新增"
	case DiffGone:
		return "原有、新文件中没有"
	case DiffKept:
		return "未变"
	}
	return string(k)
}

// Choice is what a person decides about a difference.
type Choice string

// The choices.
const (
	TakeNew Choice = "take" // as the new document says: change, add or drop
	KeepOld Choice = "keep" // as the list stands: leave unchanged, do not add, do not drop
)

// ChoiceLabel is the choice in words that fit the kind of difference.
func ChoiceLabel(k DiffKind, c Choice) string {
	take := c == TakeNew
	switch {
	case k == DiffChanged && take:
		return "按新文件修改"
	case k == DiffNew && take:
		return "列入清单"
	case k == DiffNew:
		return "不列入"
	case k == DiffGone && take:
		return "移出清单（保留记录）"
	}
	return "保持原清单"
}

// Part is one thing that differs between a task and its new version.
type Part struct{ Name, Before, After string }

// TaskView is a task with its units and targets.
type TaskView struct {
	Task
	Units   []TaskUnit
	Targets []Target
}

func (d *Draft) decide(c Correction) error {
	choice := Choice(c.Fields["choice"])
	if choice != TakeNew && choice != KeepOld {
		return errs.New(errs.Invalid, "请选择按新文件或保持原清单")
	}
	if d.Choices == nil {
		d.Choices = map[string]Choice{}
	}
	d.Choices[c.Item] = choice
	return nil
}

// Compare pairs the tasks of a list with those of a draft: first by title, then
// by likeness of title and text. Every old task and every live new one is in
// exactly one difference, so nothing is lost.
func Compare(old []TaskView, d *Draft, text string) []Difference {
	fresh := d.LiveTasks()
	pairs := match(old, fresh, text)
	var out []Difference
	used := make(map[int]bool)
	for i := range old {
		j, ok := pairs[i]
		if !ok {
			out = append(out, Difference{Key: old[i].ID + "|", Kind: DiffGone, Old: &old[i]})
			continue
		}
		used[j] = true
		diff := Difference{Key: old[i].ID + "|" + fresh[j].ID, Kind: DiffKept, Old: &old[i], New: &fresh[j]}
		if diff.Parts = parts(&old[i], &fresh[j], d, text); len(diff.Parts) > 0 {
			diff.Kind = DiffChanged
		}
		out = append(out, diff)
	}
	for j := range fresh {
		if !used[j] {
			out = append(out, Difference{Key: "|" + fresh[j].ID, Kind: DiffNew, New: &fresh[j]})
		}
	}
	for i := range out {
		out[i].Choice = d.Choices[out[i].Key]
	}
	order := []DiffKind{DiffChanged, DiffNew, DiffGone, DiffKept}
	sort.SliceStable(out, func(a, b int) bool { return slices.Index(order, out[a].Kind) < slices.Index(order, out[b].Kind) })
	return out
}

// Undecided counts the differences that still wait for a decision.
func Undecided(diffs []Difference) int {
	n := 0
	for _, d := range diffs {
		if d.Kind != DiffKept && d.Choice == "" {
			n++
		}
	}
	return n
}

// alike is the least likeness at which two differently titled tasks are taken
// for the same; below it they are shown as one gone and one new.
const alike = 0.5

func match(old []TaskView, fresh []DraftTask, text string) map[int]int {
	pairs, taken := map[int]int{}, map[int]bool{}
	byTitle := map[string][]int{}
	for j := range fresh {
		k := squeeze(fresh[j].Title)
		byTitle[k] = append(byTitle[k], j)
	}
	for i := range old {
		for _, j := range byTitle[squeeze(old[i].Title)] {
			if !taken[j] {
				pairs[i], taken[j] = j, true
				break
			}
		}
	}
	type candidate struct {
		i, j  int
		score float64
	}
	var candidates []candidate
	grams := make([]map[string]int, len(fresh))
	for j := range fresh {
		if !taken[j] {
			grams[j] = bigrams(fresh[j].Title + bodyOf(text, fresh[j].Span))
		}
	}
	for i := range old {
		if _, done := pairs[i]; done {
			continue
		}
		g := bigrams(old[i].Title + old[i].Body)
		for j := range fresh {
			if grams[j] == nil {
				continue
			}
			if s := dice(g, grams[j]); s >= alike {
				candidates = append(candidates, candidate{i, j, s})
			}
		}
	}
	sort.SliceStable(candidates, func(a, b int) bool { return candidates[a].score > candidates[b].score })
	for _, c := range candidates {
		if _, done := pairs[c.i]; !done && !taken[c.j] {
			pairs[c.i], taken[c.j] = c.j, true
		}
	}
	return pairs
}

func bodyOf(text string, s read.Span) string {
	if s.Start < 0 || s.End > len(text) || s.Start >= s.End {
		return ""
	}
	return text[s.Start:s.End]
}

// squeeze drops what documents vary freely: white space, bold marks, punctuation,
// letter case, the width of digits. The point of a decimal number stays.
func squeeze(s string) string {
	var b strings.Builder
	rs := []rune(strings.ToLower(narrow(s)))
	digit := func(i int) bool { return i >= 0 && i < len(rs) && rs[i] >= '0' && rs[i] <= '9' }
	for i, r := range rs {
		switch {
		case r == '.' && digit(i-1) && digit(i+1):
			b.WriteRune(r)
		case r <= ' ' || strings.ContainsRune("*，。、；：,.;:（）()〔〕“”\"《》", r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func bigrams(s string) map[string]int {
	rs := []rune(squeeze(s))
	m := make(map[string]int, len(rs))
	for i := 0; i+1 < len(rs); i++ {
		m[string(rs[i:i+2])]++
	}
	return m
}

func dice(a, b map[string]int) float64 {
	common, total := 0, 0
	for k, n := range a {
		common += min(n, b[k])
		total += n
	}
	for _, n := range b {
		total += n
	}
	if total == 0 {
		return 0
	}
	return 2 * float64(common) / float64(total)
}

// SuggestParent picks the city's task that a county's task most likely carries
// out, or "" when none is alike enough.
func SuggestParent(title, body string, city []TaskView) string {
	best, id := 0.35, ""
	g := bigrams(title + body)
	for i := range city {
		s := dice(g, bigrams(city[i].Title+city[i].Body))
		if t := dice(bigrams(title), bigrams(city[i].Title)); t > s {
			s = t
		}
		if s > best {
			best, id = s, city[i].ID
		}
	}
	return id
}
