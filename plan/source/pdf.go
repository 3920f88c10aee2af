package source

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"bihuan/kit/errs"
)

// fromPDF fills the document from a PDF: its pages one after the other, without
// the page numbers, which would stand in the middle of sentences.
func (d *Document) fromPDF(ctx context.Context, data []byte, reader PDFReader) error {
	if reader == nil {
		return errs.New(errs.Unavailable, "本机没有配置 PDF 读取功能，请上传 Word、网页或文本文件")
	}
	text, err := reader.Extract(ctx, data)
	if err != nil {
		return err
	}
	pages := make([]string, len(text.Pages))
	for i, p := range text.Pages {
		pages[i] = strings.Trim(tidy(p.Text), "\n")
	}
	var b strings.Builder
	for _, p := range dropPageNumbers(pages) {
		d.PageStart = append(d.PageStart, b.Len())
		if p != "" {
			b.WriteString(p)
			b.WriteByte('\n')
		}
	}
	d.Text, d.Pages = b.String(), len(pages)
	if scanned := text.ImagePages(); len(scanned) > 0 {
		d.Warnings = append(d.Warnings, fmt.Sprintf("第 %s 页是图片，没有文字，没有读取", pageList(scanned)))
	}
	return nil
}

// pageList writes page numbers as 3、4、7, the first ten of them.
func pageList(pages []int) string {
	var words []string
	for _, p := range pages[:min(len(pages), 10)] {
		words = append(words, strconv.Itoa(p))
	}
	s := strings.Join(words, "、")
	if len(pages) > 10 {
		s += fmt.Sprintf(" 等 %d", len(pages))
	}
	return s
}

var (
	// dashedNumber is a page number as GB/T 9704 prints it (— 2 —), or as 第 2 页.
	dashedNumber = regexp.MustCompile(`^\s*(?:[-—–―－─]\s*(\d{1,4})\s*[-—–―－─]|第\s*(\d{1,4})\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?)\s*$`)
	// bareNumber may be a page number, or the end of a table.
	bareNumber = regexp.MustCompile(`^\s*(\d{1,4})(?:\s*/\s*\d{1,4})?\s*$`)
)

// dropPageNumbers removes the line with the page number at the head or the foot
// of each page. A dashed number is one by its form; a bare number only when it
// rises by one from page to page on at least three pages and most of them.
func dropPageNumbers(pages []string) []string {
	out := make([]string, len(pages))
	for i, p := range pages {
		out[i] = dropLine(dropLine(p, true, dashedNumber.MatchString), false, dashedNumber.MatchString)
	}
	for _, foot := range []bool{true, false} {
		if shift, sure := numberShift(out, foot); sure {
			for i, p := range out {
				want := strconv.Itoa(i + shift)
				out[i] = dropLine(p, foot, func(line string) bool {
					m := bareNumber.FindStringSubmatch(line)
					return m != nil && m[1] == want
				})
			}
		}
	}
	return out
}

// numberShift finds the difference between a page's printed number and its
// index, when the bare numbers at that end of the pages agree on one.
func numberShift(pages []string, foot bool) (shift int, sure bool) {
	votes, full := map[int]int{}, 0
	for i, p := range pages {
		if p == "" {
			continue
		}
		full++
		if m := bareNumber.FindStringSubmatch(edgeLine(p, foot)); m != nil {
			if n, err := strconv.Atoi(m[1]); err == nil {
				votes[n-i]++
			}
		}
	}
	for s, n := range votes {
		if n >= 3 && n*3 >= full*2 {
			return s, true
		}
	}
	return 0, false
}

// edgeLine returns the first or the last line of a page.
func edgeLine(page string, foot bool) string {
	if foot {
		return page[strings.LastIndexByte(page, '\n')+1:]
	}
	line, _, _ := strings.Cut(page, "\n")
	return line
}

// dropLine removes the first or last line of a page when it is unwanted.
func dropLine(page string, foot bool, unwanted func(string) bool) string {
	page = strings.TrimRight(page, "\n ")
	line := edgeLine(page, foot)
	if !unwanted(line) {
		return page
	}
	if foot {
		return strings.TrimRight(strings.TrimSuffix(page, line), "\n ")
	}
	return strings.TrimLeft(strings.TrimPrefix(page, line), "\n ")
}
