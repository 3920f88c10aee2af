package imports

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/web/ui"
)

// linesOf cuts a text into its lines without blanks at their ends; empty lines are left out.
func linesOf(text string) []read.Span {
	const blank = " \t\r\u3000\u00a0\ufeff"
	var lines []read.Span
	for start := 0; start < len(text); {
		end := start + len(text[start:])
		if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
			end = start + n
		}
		line := text[start:end]
		from := start + len(line) - len(strings.TrimLeft(line, blank))
		to := start + len(strings.TrimRight(line, blank))
		if from < to {
			lines = append(lines, read.Span{Start: from, End: to})
		}
		start = end + 1
	}
	return lines
}

var (
	chapter = regexp.MustCompile(`^(#{1,2} |[一二三四五六七八九十]+、)`)
	article = regexp.MustCompile(`^(#{3,6} |（[一二三四五六七八九十]+）)`)
)

// headingOf guesses from its look whether a line is a heading, only for how it is drawn.
func headingOf(line string) int {
	if utf8.RuneCountInString(line) > 40 || strings.Contains(line, "。") {
		return 0
	}
	switch {
	case chapter.MatchString(line):
		return 2
	case article.MatchString(line):
		return 3
	}
	return 0
}

var begins = regexp.MustCompile(`^([一二三四五六七八九十]+[、是]|（[一二三四五六七八九十\d]+）|\d+[.．、）]|[①-⑳]|[-*•·|#])`)

// named ends like the title of a document.
var named = regexp.MustCompile(`(通知|方案|计划|意见|报告|办法)[》”]?$`)

// continues guesses whether a line goes on with the sentence of the line before,
// as when a page was broken into lines. Only the drawing depends on it.
func continues(text string, before, line read.Span, heading int) bool {
	const enough = 20 // a full line of a page has more characters than a name or a heading
	was, now := text[before.Start:before.End], text[line.Start:line.End]
	last, _ := utf8.DecodeLastRuneInString(was)
	return heading == 0 && headingOf(was) == 0 && utf8.RuneCountInString(was) >= enough && !strings.ContainsRune("。；;：:！!？?|", last) && !named.MatchString(was) && !begins.MatchString(now)
}

// sentence is a place at which a task can be split.
type sentence struct {
	At   int
	Text string
}

// sentencesOf lists the sentences of a task's words after the first, up to its unit list.
func sentencesOf(text string, t *plan.DraftTask) []sentence {
	end := t.Span.End
	for _, u := range t.Units {
		if u.Span.End > u.Span.Start && u.Span.Start > t.Span.Start {
			end = min(end, u.Span.Start)
		}
	}
	if t.Span.Start < 0 || end > len(text) || t.Span.Start >= end {
		return nil
	}
	var out []sentence
	for at := t.Span.Start; at < end; {
		next := end
		if n := strings.IndexAny(text[at:end], "。；\n"); n >= 0 {
			_, size := utf8.DecodeRuneInString(text[at+n:])
			next = at + n + size
		}
		words := strings.Trim(text[at:next], " \t\r\n\u3000")
		if at > t.Span.Start && utf8.RuneCountInString(words) > 3 && next < end+1 && !strings.HasPrefix(words, "（") {
			out = append(out, sentence{at, words})
		}
		at = next
	}
	return out
}

// options are the sentences as choices of a form.
func options(list []sentence) []ui.Option {
	out := make([]ui.Option, len(list))
	for i, s := range list {
		out[i] = ui.Option{Value: strconv.Itoa(s.At), Label: s.Text}
	}
	return out
}
