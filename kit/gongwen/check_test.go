package gongwen

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/calendar"
)

// today is the day of all checks here.
var today = calendar.Of(2026, 10, 12)

// toCounty are the rules for a letter of a department to a government.
var toCounty = Rules{Today: today, Reader: ToGovernment}

// TestGood wants nothing to say against the three samples.
func TestGood(t *testing.T) {
	for name, d := range map[string]Document{"bulletin": sampleBulletin(), "letter": sampleLetter(), "minutes": sampleMinutes()} {
		for _, r := range []Rules{{Today: today, Reader: ToDepartment}, toCounty} {
			for _, f := range Check(d, r) {
				t.Errorf("%s to %s: %+v", name, r.Reader, f)
			}
		}
	}
}

// brokenCase is a document that breaks one rule and no other.
type brokenCase struct {
	rule  string
	place string // element, and quote after a slash
	doc   Document
	rules Rules
}

// with changes a document.
func with(d Document, change func(*Document)) Document {
	change(&d)
	return d
}

// paragraphs adds paragraphs at the end of the body.
func paragraphs(d Document, texts ...string) Document {
	d.Body = slices.Clone(d.Body)
	for _, s := range texts {
		d.Body = append(d.Body, Paragraph(Text(s)))
	}
	return d
}

func brokenCases() []brokenCase {
	plain := Rules{Today: today, Reader: ToDepartment}
	file, letter, minutes := sampleBulletin(), sampleLetter(), sampleMinutes()
	many := strings.Split("甲局 乙局 丙局 丁局 戊局 己局 庚局 辛局 壬局 癸局 子局 丑局 寅局 卯局 辰局 巳局", " ")
	caliber := func(s string) Document {
		return with(letter, func(d *Document) { d.Body = []Block{Paragraph(Text(s), figure("12", "x"))} })
	}
	headings := func(pairs ...any) Document {
		return with(letter, func(d *Document) {
			d.Body = slices.Clone(d.Body)
			for i := 0; i < len(pairs); i += 2 {
				d.Body = append(d.Body, Heading(pairs[i].(int), pairs[i+1].(string)))
			}
		})
	}
	return []brokenCase{
		{"form", "格式/便笺", with(letter, func(d *Document) { d.Form = "便笺" }), plain},
		{"copy-no", "份号/", with(file, func(d *Document) { d.Secrecy = "秘密" }), plain},
		{"copy-no", "份号/12", with(file, func(d *Document) { d.CopyNo = "12" }), plain},
		{"copy-no", "份号/00012a", with(file, func(d *Document) { d.CopyNo = "00012a" }), plain},
		{"secrecy", "密级和保密期限/内部", with(file, func(d *Document) { d.Secrecy, d.CopyNo = "内部", "000001" }), plain},
		{"secrecy", "紧急程度/急", with(file, func(d *Document) { d.Urgency = "急" }), plain},
		{"mark", "发文机关标志/云河市商务局文件", with(file, func(d *Document) { d.Mark = []string{"云河市商务局文件"} }), plain},
		{"mark", "发文机关标志/云河市商务局文件", with(letter, func(d *Document) { d.Mark = []string{"云河市商务局文件"} }), plain},
		{"mark", "发文机关标志/云河市商务局", with(minutes, func(d *Document) { d.Mark = nil }), plain},
		{"number", "发文字号/", with(file, func(d *Document) { d.Number = "" }), plain},
		{"number", "发文字号/云商务字〔2026〕07号", with(file, func(d *Document) { d.Number = "云商务字〔2026〕07号" }), plain},
		{"number", "发文字号/云商务字[2026]7号", with(file, func(d *Document) { d.Number = "云商务字[2026]7号" }), plain},
		{"number", "发文字号/云商务字〔26〕7号", with(file, func(d *Document) { d.Number = "云商务字〔26〕7号" }), plain},
		{"number", "发文字号/云商务字〔2026〕第7号", with(file, func(d *Document) { d.Number = "云商务字〔2026〕第7号" }), plain},
		{"number", "发文字号/第9期", with(letter, func(d *Document) { d.Number = "第9期" }), plain},
		{"number", "发文字号/9", with(minutes, func(d *Document) { d.Number = "9" }), plain},
		{"signer", "签发人/", with(file, func(d *Document) { d.Title = "关于任务进展情况的报告" }), plain},
		{"signer", "签发人/", file, Rules{Today: today, Reader: ToUpper}},
		{"signer", "签发人/王宁", with(file, func(d *Document) { d.Signers = []string{"王宁"} }), plain},
		{"title", "标题/", with(letter, func(d *Document) { d.Title = "" }), plain},
		{"title", "标题/督办单", with(letter, func(d *Document) { d.Title = "督办单" }), plain},
		{"title-lines", "标题/", with(file, func(d *Document) { d.Title = strings.Repeat("关于事项进展", 11) + "的通报" }), plain},
		{"title-lines", "标题/", with(file, func(d *Document) { d.Title = "关于\n任务\n进展情况\n的通报" }), plain},
		{"addressee", "主送机关/", with(file, func(d *Document) { d.Addressee = "" }), plain},
		{"addressee", "主送机关/各县商务局:", with(file, func(d *Document) { d.Addressee = "各县商务局:" }), plain},
		{"first-page", "正文/", with(file, func(d *Document) { d.Issuers = many }), plain},
		{"first-page", "正文/", with(letter, func(d *Document) { d.Body = nil }), plain},
		{"first-page", "正文/", with(letter, func(d *Document) { d.Addressee = strings.Repeat("某某县商务局，", 60) + "：" }), plain},
		{"levels", "正文/（一）先", headings(2, "（一）先"), plain},
		{"levels", "正文/二、先", headings(1, "二、先"), plain},
		{"levels", "正文/三、后", headings(1, "一、先", 1, "三、后"), plain},
		{"levels", "正文/1、先", headings(1, "一、甲", 2, "（一）乙", 3, "1、先"), plain},
		{"levels", "正文/（2）先", headings(1, "一、甲", 2, "（一）乙", 3, "1.丙", 4, "（1）丁", 3, "2.戊", 4, "（2）先"), plain},
		{"levels", "正文/①先", headings(5, "①先"), plain},
		{"levels", "附件1/二、甲", with(file, func(d *Document) {
			d.Attachments = []Attachment{{file.AttachmentNote[0], []Block{Heading(1, "二、甲")}}, file.Attachments[1]}
		}), plain},
		{"attachments", "附件1/任务清单", with(letter, func(d *Document) { d.AttachmentNote = []string{"任务清单"} }), plain},
		{"attachments", "附件2/", with(file, func(d *Document) { d.AttachmentNote = d.AttachmentNote[:1] }), plain},
		{"attachments", "附件1/任务清单", with(letter, func(d *Document) {
			d.AttachmentNote, d.Attachments = []string{"任务清单"}, []Attachment{{Name: "清单"}}
		}), plain},
		{"attachments", "附件1/任务清单。", with(letter, func(d *Document) {
			d.AttachmentNote, d.Attachments = []string{"任务清单。"}, []Attachment{{Name: "任务清单。"}}
		}), plain},
		{"issuer", "署名/", with(letter, func(d *Document) { d.Issuers, d.Mark = nil, []string{"云河市商务局"} }), plain},
		{"issuer", "署名/", with(letter, func(d *Document) { d.Issuers = []string{"云河市商务局", " "} }), plain},
		{"issuer", "署名/", with(minutes, func(d *Document) { d.Sealed = true }), plain},
		{"date", "成文日期/", with(letter, func(d *Document) { d.Date = calendar.Date{} }), plain},
		{"date", "成文日期/2026年10月13日", with(letter, func(d *Document) { d.Date = today.AddDays(1) }), plain},
		{"openness", "附注/", with(letter, func(d *Document) { d.Note = "" }), plain},
		{"openness", "附注/联系人：李明", with(letter, func(d *Document) { d.Note = "联系人：李明" }), plain},
		{"attendance", "出席/", with(minutes, func(d *Document) { d.Attendance.Present = nil }), plain},
		{"printed", "版记/", with(file, func(d *Document) { d.Printed = Printed{} }), plain},
		{"printed", "版记/2026年10月11日", with(file, func(d *Document) { d.Printed.Date = today.AddDays(-1) }), plain},
		{"printed", "版记/云河市商务局", with(letter, func(d *Document) { d.Printed = Printed{"云河市商务局", today} }), plain},
		{"caliber", "正文/", caliber("截至2026年9月30日，完成"), plain},
		{"caliber", "正文/", caliber("按行政区划口径，完成"), plain},
		{"caliber", "正文/", with(letter, func(d *Document) { d.Body = []Block{Paragraph(Text("增长5%（行政区划口径）。"))} }), plain},
		{"doubt", "正文/12", with(letter, func(d *Document) {
			d.Body = append(slices.Clone(d.Body), Paragraph(Text("完成"), Run{Text: "12", Doubt: Unverified}))
		}), plain},
		{"doubt", "附件1/3", with(file, func(d *Document) {
			d.Attachments = []Attachment{{file.AttachmentNote[0], []Block{{Kind: KindTable, Table: &Table{Columns: []Column{{}}, Rows: [][]Cell{{{Run{Text: "3", Doubt: ConfidenceC}}}}}}}}, file.Attachments[1]}
		}), plain},
		{"doubt", "正文/7", with(letter, func(d *Document) {
			d.Body = append(slices.Clone(d.Body), Block{Kind: KindChart, Chart: &Chart{Bars: []Bar{{Shown: "7", Doubt: ConfidenceD}}}})
		}), plain},
		{"length", "正文/", paragraphs(letter, strings.Repeat("字", DefaultLength)), plain},
		{"length", "正文/", paragraphs(letter, strings.Repeat("字", 600)), Rules{Today: today, LengthLimit: 500}},
		{"directive", "正文/对步行街项目责令整改。", paragraphs(letter, "对步行街项目责令整改。"), toCounty},
		{"directive", "标题/关于限期整改的函", with(letter, func(d *Document) { d.Title = "关于限期整改的函" }), toCounty},
		{"directive", "正文/请速办理。", paragraphs(letter, "请速办理。"), Rules{Today: today, Reader: ToGovernment, Directive: []string{"速办"}}},
		{"kind", "标题/", with(file, func(d *Document) { d.Title = "关于做好任务的通知" }), toCounty},
		{"kind", "标题/", with(file, func(d *Document) { d.Title, d.Addressee = "关于任务的决定", "某县人民政府：" }), Rules{Today: today, Reader: ToGovernment, Agreed: true}},
		{"report", "正文/", paragraphs(letter, "请于月底前报送落实情况。"), plain},
		{"report", "正文/", paragraphs(letter, "整改情况请于月底前书面报至我局。"), plain},
		{"report", "正文/", paragraphs(letter, "各地要抓紧制定配套措施。"), plain},
	}
}

// TestBroken breaks each rule alone: with the rule gone there is no finding.
func TestBroken(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range brokenCases() {
		seen[c.rule] = true
		found := Check(c.doc, c.rules)
		if len(found) == 0 {
			t.Errorf("%s at %s is not found", c.rule, c.place)
			continue
		}
		for _, f := range found {
			element, quote, _ := strings.Cut(c.place, "/")
			if f.Rule != c.rule || f.Element != element || f.Text == "" || f.Advice == "" || (quote != "" && f.Quote != quote) {
				t.Errorf("%s at %s: found %+v", c.rule, c.place, f)
			}
			if want := f.Rule != "length" && f.Rule != "printed"; Blocked(found) != want {
				t.Errorf("%s blocks: %v", c.rule, !want)
			}
		}
	}
	for _, r := range rules {
		if !seen[r.id] {
			t.Errorf("no case breaks the rule %s", r.id)
		}
	}
}

// TestAllowed are documents near the edge of a rule that keep it.
func TestAllowed(t *testing.T) {
	letter, file, minutes := sampleLetter(), sampleBulletin(), sampleMinutes()
	plain := Rules{Today: today, Reader: ToDepartment}
	cases := map[string]struct {
		doc   Document
		rules Rules
	}{
		"secret with a copy number needs no openness mark": {with(letter, func(d *Document) { d.Secrecy, d.CopyNo, d.Note = "秘密★1年", "000012", "" }), plain},
		"urgent":                                {with(file, func(d *Document) { d.Urgency = "特急" }), plain},
		"a signer on the way up":                {with(file, func(d *Document) { d.Title, d.Signers = "关于任务进展情况的报告", []string{"王宁"} }), Rules{Today: today, Reader: ToUpper}},
		"a letter upwards has no signer":        {letter, Rules{Today: today, Reader: ToUpper}},
		"a notice to all has no addressee":      {with(file, func(d *Document) { d.Title, d.Addressee = "关于消费券发放的通告", "" }), plain},
		"sixteen issuers under the lead's mark": {with(file, func(d *Document) { d.Issuers, d.Mark = make16(), []string{"云河市商务局"} }), plain},
		"three lines of title":                  {with(file, func(d *Document) { d.Title = "关于任务\n进展情况\n的通报" }), plain},
		"numbered minutes":                      {with(minutes, func(d *Document) { d.Number = "〔2026〕第3期" }), plain},
		"no figures, no caliber":                {with(letter, func(d *Document) { d.Body = []Block{Paragraph(Text("请于10个工作日内回复。"))} }), plain},
		"words of command to a department":      {paragraphs(letter, "对步行街项目限期整改。"), plain},
		"words of command of a government":      {paragraphs(letter, "对步行街项目限期整改。"), Rules{Today: today, Reader: ToGovernment, Governs: true}},
		"a 通知 agreed with the government":       {with(file, func(d *Document) { d.Title = "关于做好任务的通知" }), Rules{Today: today, Reader: ToGovernment, Agreed: true}},
		"a report with a reason":                {paragraphs(letter, "请于月底前报送落实情况。"), Rules{Today: today, ReportReason: "省商务厅要求逐项书面说明"}},
		"a report that is waived":               {paragraphs(letter, "进度由系统汇总，无须另行报送落实情况。"), plain},
		"just the limit of characters":          {with(letter, func(d *Document) { d.Body = []Block{Paragraph(Text(strings.Repeat("字", 500)))} }), Rules{Today: today, LengthLimit: 500}},
		"spaces are no characters":              {with(letter, func(d *Document) { d.Body = []Block{Paragraph(Text("字　 \n字"))} }), Rules{Today: today, LengthLimit: 2}},
		"levels begin anew under each higher heading": {with(letter, func(d *Document) {
			d.Body = []Block{Paragraph(Text("字")), Heading(1, "一、甲"), Heading(2, "（一）乙"), Heading(3, "1.丙"), Heading(2, "（二）丁"), Heading(3, "1.戊"), Heading(1, "二、己"), Heading(2, "（一）庚")}
		}), plain},
	}
	for name, c := range cases {
		for _, f := range Check(c.doc, c.rules) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func make16() []string {
	names := make([]string, 16)
	for i := range names {
		names[i] = "云河市第" + chinese(i+1) + "局"
	}
	return names
}

// TestFindingsArePlaced follows a finding to the block that it quotes.
func TestFindingsArePlaced(t *testing.T) {
	d := paragraphs(sampleLetter(), "前面是八个字以上的说明文字，必须于月底前完成，后面也有很多字。")
	found := Check(d, toCounty)
	if len(found) != 1 || found[0].Paragraph != len(d.Body) || found[0].Quote != "…的说明文字，必须于月底前完成…" {
		t.Errorf("found %+v", found)
	}
}

func TestOrdinal(t *testing.T) {
	for _, c := range []struct {
		level, n int
		want     string
	}{{1, 1, "一、"}, {1, 10, "十、"}, {1, 11, "十一、"}, {2, 20, "（二十）"}, {2, 99, "（九十九）"}, {3, 12, "12."}, {4, 3, "（3）"}, {0, 1, ""}, {5, 1, ""}, {1, 0, ""}, {1, 100, ""}} {
		if got := Ordinal(c.level, c.n); got != c.want {
			t.Errorf("Ordinal(%d, %d) is %q", c.level, c.n, got)
		}
	}
}

func TestTitleLines(t *testing.T) {
	for title, want := range map[string]string{
		"":          "",
		"关于任务的通报":   "关于任务的通报",
		"关于\n任务的通报": "关于|任务的通报",
		"关于2026年第三季度提振消费行动计划任务进展情况的通报":                 "关于2026年第三季度提振消费|行动计划任务进展情况的通报",
		"云河市商务局关于印发《云河市2026年提振消费行动计划》任务清单的通知":          "云河市商务局关于印发|《云河市2026年提振消费行动计划》|任务清单的通知",
		"云河市商务局云河市财政局关于开展县域商业体系建设专项资金使用情况检查并做好问题整改的通知": "云河市商务局云河市财政局|关于开展县域商业体系建设专项资金|使用情况检查并做好问题整改的通知",
	} {
		if got := strings.Join(titleLines(title), "|"); got != want {
			t.Errorf("%s: %s", title, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.StringOfN(rapid.RuneFrom([]rune("关于的通报进展情况《》（）2026年第，和")), 1, 90, -1).Draw(t, "title")
		lines := titleLines(title)
		if joined := strings.Join(lines, ""); joined != title {
			t.Fatalf("%q became %q", title, joined)
		}
		for _, l := range lines {
			if titleWidth(l) > 2*titleChars {
				t.Fatalf("the line %q is too long", l)
			}
		}
	})
}
