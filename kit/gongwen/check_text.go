package gongwen

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// passage is the text of one block, or of one cell or bar, with its place.
type passage struct {
	place Place
	runs  []Run
}

// passages are all texts of body and attachments in their order.
func (d Document) passages() []passage {
	all := passagesOf("正文", d.Body)
	for i, a := range d.Attachments {
		all = append(all, passagesOf(fmt.Sprintf("附件%d", i+1), a.Body)...)
	}
	return all
}

func passagesOf(element string, blocks []Block) []passage {
	var all []passage
	for i, b := range blocks {
		add := func(runs ...Run) {
			all = append(all, passage{Place{Element: element, Paragraph: i + 1}, runs})
		}
		add(slices.Concat(b.Runs, b.Then)...)
		if t := b.Table; t != nil {
			add(Text(t.Caption), Text(t.Unit))
			for _, row := range t.Rows {
				for _, c := range row {
					add(c...)
				}
			}
		}
		if c := b.Chart; c != nil {
			add(Text(c.Caption), Text(c.Note))
			for _, bar := range c.Bars {
				add(bar.run())
			}
		}
	}
	return all
}

// match finds the words of a pattern in the passages; each place is quoted with what stands around it.
func match(passages []passage, pattern *regexp.Regexp, advice string) []Place {
	var all []Place
	for _, p := range passages {
		text := joined(p.runs)
		for _, at := range pattern.FindAllStringIndex(text, -1) {
			place := p.place
			place.Quote, place.Advice = around(text, at[0], at[1]), advice
			all = append(all, place)
		}
	}
	return all
}

// around quotes a part of the text with six characters on both sides.
func around(text string, from, to int) string {
	const beside = 6
	before, after := []rune(text[:from]), []rune(text[to:])
	quote := string(before[max(0, len(before)-beside):]) + text[from:to] + string(after[:min(len(after), beside)])
	if len(before) > beside {
		quote = "…" + quote
	}
	if len(after) > beside {
		quote += "…"
	}
	return quote
}

// clip shortens a text that is quoted.
func clip(s string) string {
	if r := []rune(s); len(r) > 24 {
		return string(r[:24]) + "…"
	}
	return s
}

// value is a figure with a unit that only statistics use.
var value = regexp.MustCompile(`\d(%|个百分点|[万亿](元|人|户|家|吨|平方米)?)`)

// hasFigures tells whether the document prints data.
func hasFigures(d Document) bool {
	for _, p := range d.passages() {
		for _, r := range p.runs {
			if r.Ref != "" && strings.ContainsFunc(r.Text, unicode.IsDigit) {
				return true
			}
		}
		if value.MatchString(joined(p.runs)) {
			return true
		}
	}
	return false
}

// cutOff is how a text says until when its data reach.
var cutOff = regexp.MustCompile(`截至\d{4}年\d{1,2}月(\d{1,2}日|底|末)|数据截止(日期|时间)`)

func findCaliber(d Document, _ Rules) []Place {
	if !hasFigures(d) {
		return nil
	}
	var all []Place
	text := ""
	for _, p := range d.passages() {
		text += joined(p.runs) + "\n"
	}
	if !strings.Contains(text, "口径") {
		all = append(all, at("正文", "", "公文中有数据，请写明数据口径，如“数据为行政区划口径”")...)
	}
	if !cutOff.MatchString(text) {
		all = append(all, at("正文", "", "公文中有数据，请写明截止日期，如“截至2026年9月30日”")...)
	}
	return all
}

func findDoubt(d Document, _ Rules) []Place {
	var all []Place
	for _, p := range d.passages() {
		for _, r := range p.runs {
			if r.Doubt != "" {
				place := p.place
				place.Quote, place.Advice = r.Text, string(r.Doubt)+"，请核实后再写入，或者删去"
				all = append(all, place)
			}
		}
	}
	return all
}

// bodyLength counts the characters of the body, spaces left out.
func bodyLength(d Document) int {
	n := 0
	for _, p := range passagesOf("正文", d.Body) {
		for _, r := range joined(p.runs) {
			if !unicode.IsSpace(r) {
				n++
			}
		}
	}
	return n
}

func findLength(d Document, r Rules) []Place {
	if n := bodyLength(d); n > r.LengthLimit {
		return at("正文", "", "正文%d字，超过%d字，请压缩", n, r.LengthLimit)
	}
	return nil
}

// restrained tells whether the limits on what is sent to a government apply.
func restrained(r Rules) bool { return r.Reader == ToGovernment && !r.Governs }

func findDirective(d Document, r Rules) []Place {
	if !restrained(r) || len(r.Directive) == 0 {
		return nil
	}
	words := make([]string, len(r.Directive))
	for i, w := range r.Directive {
		words[i] = regexp.QuoteMeta(w)
	}
	title := passage{Place{Element: "标题"}, []Run{Text(d.Title)}}
	return match(append([]passage{title}, d.passages()...), regexp.MustCompile(strings.Join(words, "|")),
		"主送机关是政府，请改为商请、建议，或者由本级政府（办公室）发文，或者改送其商务等部门")
}

func findKind(d Document, r Rules) []Place {
	kind := documentKind(d.Title)
	switch {
	case !restrained(r) || d.Form == Minutes, kind == "函", kind == "通报", kind == "通知" && r.Agreed:
		return nil
	case kind == "通知":
		return at("标题", d.Title, "对政府用通知，须是与其商定的事项；请补充商定依据，或者改用函")
	}
	return at("标题", d.Title, "对政府请改用函或者通报")
}

// report is a demand for reports or further documents.
var report = regexp.MustCompile(`(报送|上报|报告|提交|书面反馈)[^。；，]{0,14}(落实情况|贯彻情况|办理情况|整改情况|进展情况|书面材料|书面报告|工作总结)|` +
	`(落实情况|贯彻情况|办理情况|整改情况|进展情况|书面材料|书面报告|工作总结)[^。；，]{0,10}(报送|上报|报至|报我|报市|报县|提交)|` +
	`(制定|出台|印发)[^。；，]{0,10}(配套文件|配套措施|实施细则|贯彻意见)`)

// waived says that no report is wanted.
var waived = regexp.MustCompile(`(无须|无需|不需|不再|不必|不要求|不得要求)[^。；，]*$`)

func findReport(d Document, r Rules) []Place {
	if strings.TrimSpace(r.ReportReason) != "" {
		return nil
	}
	var all []Place
	for _, p := range d.passages() {
		text := joined(p.runs)
		for _, at := range report.FindAllStringIndex(text, -1) {
			if waived.MatchString(text[:at[0]]) {
				continue
			}
			place := p.place
			place.Quote, place.Advice = around(text, at[0], at[1]), "请删去；确需要求的，请填写理由"
			all = append(all, place)
		}
	}
	return all
}
