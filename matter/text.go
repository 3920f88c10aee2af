package matter

import (
	"regexp"
	"strings"

	"bihuan/kit/errs"
	"bihuan/kit/gongwen"
)

// A draft's text is edited as lines. A figure that the program filled in stands as
// [words](where it opens); it may be moved or left out, and never typed.

var (
	figure   = regexp.MustCompile(`\[([^\[\]]*)\]\(([^()\s]*)\)`)
	ordinals = []*regexp.Regexp{regexp.MustCompile(`^[一二三四五六七八九十]+、`), regexp.MustCompile(`^（[一二三四五六七八九十]+）`)}
)

// Text gives a body as lines for editing: a line a block. Tables and charts stand
// as a line of their own, 【表】 or 【图】, and keep what the program filled in.
func Text(body []gongwen.Block) string {
	var b strings.Builder
	for _, x := range body {
		switch x.Kind {
		case gongwen.KindTable:
			b.WriteString("【表】")
		case gongwen.KindChart:
			b.WriteString("【图】")
		case gongwen.KindHeading, gongwen.KindParagraph:
			writeRuns(&b, x.Runs)
			writeRuns(&b, x.Then)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func writeRuns(b *strings.Builder, runs []gongwen.Run) {
	for _, r := range runs {
		if r.Ref == "" {
			b.WriteString(r.Text)
			continue
		}
		b.WriteString("[" + r.Text + "](" + r.Ref + ")")
	}
}

// Parse reads edited lines back. before is the body that the text was made from:
// its figures, tables and charts are taken over, and no others.
func Parse(text string, before []gongwen.Block) (body []gongwen.Block, err error) {
	figures := map[[2]string]gongwen.Run{}
	var tables, charts []gongwen.Block
	for _, x := range before {
		switch x.Kind {
		case gongwen.KindTable:
			tables = append(tables, x)
		case gongwen.KindChart:
			charts = append(charts, x)
		case gongwen.KindHeading, gongwen.KindParagraph:
			for _, r := range append(x.Runs[:len(x.Runs):len(x.Runs)], x.Then...) {
				figures[[2]string{r.Text, r.Ref}] = r
			}
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case line == "【表】" && len(tables) > 0:
			body, tables = append(body, tables[0]), tables[1:]
		case line == "【图】" && len(charts) > 0:
			body, charts = append(body, charts[0]), charts[1:]
		case line == "【表】" || line == "【图】":
			return nil, errs.New(errs.Invalid, "正文里的%s比原来的多：表和图由程序填写，只能保留或删去", line)
		default:
			block, err := parseLine(line, figures)
			if err != nil {
				return nil, err
			}
			body = append(body, block)
		}
	}
	if len(body) == 0 {
		return nil, errs.New(errs.Invalid, "正文不能为空")
	}
	return body, nil
}

func parseLine(line string, figures map[[2]string]gongwen.Run) (gongwen.Block, error) {
	runs, err := parseRuns(line, figures)
	if err != nil {
		return gongwen.Block{}, err
	}
	for i, o := range ordinals {
		if !o.MatchString(line) {
			continue
		}
		block := gongwen.Block{Kind: gongwen.KindHeading, Level: i + 1, Runs: runs}
		// A heading ends with its sentence; what follows in the line is text.
		if head, rest, ok := strings.Cut(runs[0].Text, "。"); ok && (rest != "" || len(runs) > 1) {
			block.Runs, block.Then = []gongwen.Run{gongwen.Text(head + "。")}, runs[1:]
			if rest != "" {
				block.Then = append([]gongwen.Run{gongwen.Text(rest)}, block.Then...)
			}
		}
		return block, nil
	}
	return gongwen.Paragraph(runs...), nil
}

func parseRuns(line string, figures map[[2]string]gongwen.Run) (runs []gongwen.Run, err error) {
	at := 0
	for _, m := range figure.FindAllStringSubmatchIndex(line, -1) {
		if m[0] > at {
			runs = append(runs, gongwen.Text(line[at:m[0]]))
		}
		r, known := figures[[2]string{line[m[2]:m[3]], line[m[4]:m[5]]}]
		if !known {
			return nil, errs.New(errs.Invalid, "“%s”不是程序填写的数：引用的数只能移动或删去，不能改写", line[m[0]:m[1]])
		}
		runs, at = append(runs, r), m[1]
	}
	if at < len(line) {
		runs = append(runs, gongwen.Text(line[at:]))
	}
	return runs, nil
}
