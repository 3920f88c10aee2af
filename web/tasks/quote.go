package tasks

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/web/ui"
)

// mark is a run of a task's text that was read as something.
type mark struct {
	from, to int
	item     string
	kind     string
	note     string
}

// quoted is the task's own words with its targets and units marked. Words are
// found by their place; where a newer document moved them, by their text.
func quoted(d plan.Detail) ui.SourceText {
	body := d.Body
	var marks []mark
	for _, t := range d.Targets {
		if t.VersionGone > 0 {
			continue
		}
		if from, to, ok := place(body, d.Span, t.Span, t.Quote); ok {
			marks = append(marks, mark{from, to, t.ID, "target", t.Pledge()})
		}
	}
	for i, u := range d.Units {
		if from, to, ok := place(body, d.Span, u.Span, u.Name); ok {
			marks = append(marks, mark{from, to, unitItem(i), "unit", plan.RoleLabel(u.Role) + "单位"})
		}
	}
	return ui.SourceText{Label: "原文", Blocks: blocksOf(body, apart(marks))}
}

func unitItem(i int) string { return "u" + itoa(i+1) }

// place finds words in a task's text: at their span in the document when that
// really holds them, else at their first appearance.
func place(body string, task, span read.Span, words string) (from, to int, ok bool) {
	from, to = span.Start-task.Start, span.End-task.Start
	if from >= 0 && from < to && to <= len(body) && holds(body[from:to], words) {
		return from, to, true
	}
	if words == "" {
		return 0, 0, false
	}
	i := strings.Index(body, words)
	return i, i + len(words), i >= 0
}

// holds compares without what extraction adds: white space and bold marks.
func holds(text, words string) bool {
	return words == "" || strings.Contains(bare(text), bare(words)) || strings.Contains(bare(words), bare(text))
}

func bare(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "*", "")), "")
}

// apart drops marks that overlap an earlier one; of two at one place the longer stays.
func apart(marks []mark) []mark {
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	var kept []mark
	for _, m := range marks {
		if n := len(kept); n == 0 || kept[n-1].to <= m.from {
			kept = append(kept, m)
		}
	}
	return kept
}

// blocksOf cuts a text into its paragraphs, and each into marked and plain runs. A
// line that stops in the middle of a sentence was broken by extraction: it and the
// next are one paragraph.
func blocksOf(body string, marks []mark) []ui.SourceBlock {
	var blocks []ui.SourceBlock
	lead := map[string]bool{}
	start, whole := 0, true
	for line := range strings.SplitAfterSeq(body, "\n") {
		b := blockOf(body, start, start+len(line), marks, lead)
		start += len(line)
		if len(b.Segments) == 0 {
			continue
		}
		if n := len(blocks); n > 0 && !whole {
			blocks[n-1].Segments = append(blocks[n-1].Segments, b.Segments...)
		} else {
			blocks = append(blocks, b)
		}
		whole = ends(line)
	}
	return blocks
}

// ends reports whether a line ends where a paragraph may end.
func ends(line string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, " \t\r\n　*"))
	return strings.ContainsRune("。；！？：.;!?:）)〕”", r)
}

func blockOf(body string, from, to int, marks []mark, lead map[string]bool) ui.SourceBlock {
	var b ui.SourceBlock
	add := func(text string, m *mark) {
		text = strings.ReplaceAll(strings.TrimRight(text, "\r\n"), "**", "")
		if text == "" || m == nil && len(b.Segments) == 0 && strings.TrimSpace(text) == "" {
			return
		}
		s := ui.Segment{Text: text}
		if m != nil {
			s.Item, s.Kind, s.Note, s.Lead = m.item, m.kind, m.note, !lead[m.item]
			lead[m.item] = true
		}
		b.Segments = append(b.Segments, s)
	}
	at := from
	for i := range marks {
		m := &marks[i]
		if m.to <= at || m.from >= to {
			continue
		}
		add(body[at:max(at, m.from)], nil)
		end := min(m.to, to)
		add(body[max(at, m.from):end], m)
		at = end
	}
	add(body[at:to], nil)
	return b
}
