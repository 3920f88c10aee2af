package source

import (
	"regexp"
	"strings"
)

var (
	mdHeading   = regexp.MustCompile(`^ {0,3}#{1,6}[ \t\x{3000}]+(.*?)[ \t]*#*[ \t]*$`)
	mdQuote     = regexp.MustCompile(`^ {0,3}(?:> ?)+`)
	mdRule      = regexp.MustCompile(`^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+)$`)
	mdFence     = regexp.MustCompile("^ {0,3}(?:```|~~~)")
	mdTableLine = regexp.MustCompile(`^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$`)
	mdImage     = regexp.MustCompile(`!\[([^\]\n]*)\]\([^)\n]*\)`)
	mdLink      = regexp.MustCompile(`\[([^\]\n]+)\]\((?:[^()\n]|\([^()\n]*\))*\)`)
	mdStrong    = regexp.MustCompile(`\*\*(\S(?:[^\n]*?\S)?)\*\*|__(\S(?:[^\n]*?\S)?)__`)
	mdBreak     = regexp.MustCompile(`(?i)<br\s*/?>`)
	mdTag       = regexp.MustCompile(`(?i)</?(?:p|div|span|center|font|b|strong|i|em|u|sub|sup|a|details|summary)(?:\s[^>\n]*)?>`)
	mdComment   = regexp.MustCompile(`(?s)<!--.*?-->`)
	mdEscape    = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+\\-.!|<>~])")
	mdMetaLine  = regexp.MustCompile(`^([\p{L}\p{N}_-]{1,40})\s*:\s*(.*)$`)
)

// fromMarkdown fills the document from a Markdown text: the words as a reader
// sees them, without the marks for headings, strong text, quotes, links and
// tables. Numbers and bullets of lists stay, because plans are numbered.
func (d *Document) fromMarkdown(text string) {
	lines := strings.Split(mdComment.ReplaceAllString(tidy(text), ""), "\n")
	lines = d.frontMatter(lines)
	fenced := false
	var out []string
	for i, line := range lines {
		switch {
		case mdFence.MatchString(line):
			fenced = !fenced
			continue
		case fenced:
			out = append(out, line)
			continue
		case mdTableLine.MatchString(line) && strings.Contains(line, "-") && i > 0 && strings.Contains(lines[i-1], "|"):
			continue
		case mdRule.MatchString(line):
			continue
		}
		out = append(out, strings.Split(mdPlain(line), "\n")...)
	}
	d.Text = strings.Join(out, "\n")
}

// frontMatter takes the head between two lines of --- into Meta.
func (d *Document) frontMatter(lines []string) []string {
	if len(lines) == 0 || strings.TrimSpace(lines[0]) != "---" {
		return lines
	}
	meta := map[string]string{}
	for i, line := range lines[1:min(len(lines), 60)] {
		if strings.TrimSpace(line) == "---" {
			d.Meta = meta
			return lines[i+2:]
		}
		if m := mdMetaLine.FindStringSubmatch(line); m != nil {
			meta[m[1]] = strings.Trim(strings.TrimSpace(m[2]), `"'`)
		}
	}
	return lines
}

// mdPlain removes the marks of one line; the line may become several.
func mdPlain(line string) string {
	line = mdQuote.ReplaceAllString(line, "")
	if m := mdHeading.FindStringSubmatch(line); m != nil {
		line = m[1]
	}
	line = mdImage.ReplaceAllString(line, "$1")
	line = mdLink.ReplaceAllString(line, "$1")
	line = mdStrong.ReplaceAllString(line, "$1$2")
	line = mdBreak.ReplaceAllString(line, "\n")
	line = mdTag.ReplaceAllString(line, "")
	if row := strings.TrimSpace(line); strings.HasPrefix(row, "|") && strings.HasSuffix(row, "|") && len(row) > 1 {
		cells := strings.Split(row[1:len(row)-1], "|")
		for i := range cells {
			cells[i] = strings.Join(strings.Fields(cells[i]), " ")
		}
		line = strings.Join(cells, "\t")
	}
	return mdEscape.ReplaceAllString(line, "$1")
}
