package gongwen

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

func findMark(d Document, _ Rules) []Place {
	names := d.markNames()
	text := strings.Join(names, "、")
	switch {
	case strings.TrimSpace(text) == "":
		return at("发文机关标志", "", "请填写发文机关")
	case d.Form == File && strings.HasSuffix(text, "文件"):
		return at("发文机关标志", text, "“文件”二字自动加上，请去掉")
	case d.Form == Letter && strings.HasSuffix(text, "文件"):
		return at("发文机关标志", text, "信函不加“文件”二字，请去掉")
	case d.Form == Minutes && (len(names) != 1 || !strings.HasSuffix(text, "纪要")):
		return at("发文机关标志", text, "请写作“××会议纪要”")
	}
	return nil
}

// documentKind is the statutory kind (文种) that ends a title; "" is none.
func documentKind(title string) string {
	title = strings.TrimRight(strings.ReplaceAll(title, "\n", ""), " 　）)》")
	for _, k := range []string{"决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函", "纪要"} {
		if strings.HasSuffix(title, k) {
			return k
		}
	}
	return ""
}

func findSigner(d Document, r Rules) []Place {
	kind := documentKind(d.Title)
	upward := d.Form == File && (r.Reader == ToUpper || kind == "请示" || kind == "报告")
	switch {
	case upward && len(d.Signers) == 0:
		return at("签发人", "", "请填写签发人")
	case !upward && len(d.Signers) > 0:
		return at("签发人", strings.Join(d.Signers, "、"), "不是上行文，请去掉签发人")
	}
	return nil
}

func findTitle(d Document, _ Rules) []Place {
	switch {
	case strings.TrimSpace(d.Title) == "" && d.Form != Minutes:
		return at("标题", "", "请填写标题")
	case d.Title != "" && documentKind(d.Title) == "":
		return at("标题", d.Title, "标题应以通知、通报、函、纪要等法定文种结尾")
	}
	return nil
}

// maxTitleLines is how many lines a title may have.
const maxTitleLines = 3

func findTitleLines(d Document, _ Rules) []Place {
	if n := len(titleLines(d.Title)); n > maxTitleLines {
		return at("标题", d.Title, "标题排成%d行，请压缩", n)
	}
	return nil
}

func findAddressee(d Document, _ Rules) []Place {
	switch {
	case d.Form == Minutes:
		return nil
	case d.Addressee == "":
		if kind := documentKind(d.Title); kind == "公告" || kind == "通告" || kind == "公报" {
			return nil
		}
		return at("主送机关", "", "请填写主送机关")
	case !strings.HasSuffix(d.Addressee, "："):
		return at("主送机关", d.Addressee, "请以全角冒号“：”结尾")
	}
	return nil
}

// findFirstPage adds up the heights of what stands above the body.
func findFirstPage(d Document, _ Rules) []Place {
	if len(d.Body) == 0 || strings.TrimSpace(joined(d.Body[0].Runs)+joined(d.Body[0].Then)) == "" {
		return at("正文", "", "正文为空或不以文字开头，请填写")
	}
	w := &writer{doc: d}
	used := 0
	for _, i := range w.head() {
		used += i.height
	}
	if used+linePitch > typeHeight {
		return at("正文", "", "版头、标题和主送机关占满首页，请减少红头上的联署机关（可只标主办机关）或压缩标题、主送机关")
	}
	return nil
}

func findLevels(d Document, _ Rules) []Place {
	all := levelsOf("正文", d.Body)
	for i, a := range d.Attachments {
		all = append(all, levelsOf(fmt.Sprintf("附件%d", i+1), a.Body)...)
	}
	return all
}

// levelsOf follows the headings of one text and expects each number.
func levelsOf(element string, blocks []Block) []Place {
	var all []Place
	var count [5]int
	for i, b := range blocks {
		if b.Kind != KindHeading {
			continue
		}
		text := joined(b.Runs)
		wrong := func(advice string) {
			all = append(all, Place{Element: element, Paragraph: i + 1, Quote: clip(text), Advice: advice})
		}
		if b.Level < 1 || b.Level > 4 {
			wrong("层次只有四级")
			continue
		}
		if b.Level > 1 && count[b.Level-1] == 0 {
			wrong("上面没有“" + Ordinal(b.Level-1, 1) + "”一级的标题，不能越级")
		}
		count[b.Level]++
		for below := b.Level + 1; below <= 4; below++ {
			count[below] = 0
		}
		if want := Ordinal(b.Level, count[b.Level]); !strings.HasPrefix(text, want) {
			wrong("此处序号应为“" + want + "”")
		}
	}
	return all
}

func findAttachments(d Document, _ Rules) []Place {
	var all []Place
	for i := range max(len(d.AttachmentNote), len(d.Attachments)) {
		element := fmt.Sprintf("附件%d", i+1)
		switch {
		case i >= len(d.Attachments):
			all = append(all, at(element, d.AttachmentNote[i], "附件说明列出了这个附件，但没有附上")...)
		case i >= len(d.AttachmentNote):
			all = append(all, at(element, d.Attachments[i].Name, "附上了这个附件，但附件说明没有列出")...)
		case d.AttachmentNote[i] != d.Attachments[i].Name:
			all = append(all, at(element, d.AttachmentNote[i], "与所附附件名称“%s”不一致", d.Attachments[i].Name)...)
		case endsInStop(d.AttachmentNote[i]):
			all = append(all, at(element, d.AttachmentNote[i], "附件名称后不加标点，请去掉")...)
		}
	}
	return all
}

// endsInStop tells whether a text ends in a mark that closes a clause.
func endsInStop(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	return s != "" && strings.ContainsRune("。；，、：.;,", last)
}

func findIssuer(d Document, _ Rules) []Place {
	switch {
	case d.Form == Minutes && d.Sealed:
		return at("署名", "", "纪要不加盖印章，请取消")
	case d.Form != Minutes && len(d.Issuers) == 0:
		return at("署名", "", "请填写发文机关")
	}
	for _, name := range d.Issuers {
		if d.Form != Minutes && strings.TrimSpace(name) == "" {
			return at("署名", "", "发文机关名称为空，请填写或删除")
		}
	}
	return nil
}

func findAttendance(d Document, _ Rules) []Place {
	if d.Form == Minutes && len(d.Attendance.Present) == 0 {
		return at("出席", "", "请填写出席人员名单")
	}
	return nil
}

var openness = regexp.MustCompile(`主动公开|依申请公开|不予公开|不公开`)

func findOpenness(d Document, _ Rules) []Place {
	if d.Secrecy != "" || openness.MatchString(d.Note) {
		return nil
	}
	return at("附注", d.Note, "请标明公开属性，如“此件主动公开”")
}
