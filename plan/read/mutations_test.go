package read_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// mutation writes a document the way another office would: same content,
// other habits of typing, numbering and layout.
type mutation struct {
	name string
	do   func(text string, r *rand.Rand) string
	// reassigned says that the units get other roles.
	reassigned bool
	// renumbered says that the numbers of the headings change.
	renumbered bool
}

var mutations = []mutation{
	{name: "wrapped lines", do: wrapLines},
	{name: "page breaks inside sentences", do: breakPages},
	{name: "full-width digits and brackets", do: fullWidth},
	{name: "half-width punctuation", do: func(s string, _ *rand.Rand) string {
		return strings.NewReplacer("，", ",", "；", ";", "：", ":", "（", "(", "）", ")", "％", "%").Replace(s)
	}},
	{name: "square brackets", do: func(s string, _ *rand.Rand) string {
		return nestedBrackets.ReplaceAllString(strings.NewReplacer("〔", "（", "〕", "）").Replace(s), "〔$1〕")
	}},
	{name: "chapters and sections", renumbered: true, do: renumber("第%s章 ", "第%s节 ", "（%s）")},
	{name: "decimal headings", renumbered: true, do: decimalHeadings},
	{name: "full-stop after Chinese numeral", do: renumber("%s．", "（%s）", "%s、")},
	{name: "circled items", renumbered: true, do: renumber("%s、", "（%s）", "①")},
	{name: "blanks between characters", do: scatterBlanks},
	{name: "markdown headings", do: markdown},
	{name: "bold figures", do: func(s string, _ *rand.Rand) string { return figures.ReplaceAllString(s, "${1}**${2}**") }},
	{name: "indented paragraphs", do: func(s string, _ *rand.Rand) string { return lineHeads.ReplaceAllString(s, "　　$1") }},
	{name: "blank lines between paragraphs", do: func(s string, _ *rand.Rand) string { return strings.ReplaceAll(s, "\n", "\n\n") }},
	{name: "CRLF", do: func(s string, _ *rand.Rand) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
	{name: "one line", do: oneLine},
	{name: "unit list on its own line", do: func(s string, _ *rand.Rand) string {
		return labelledList.ReplaceAllString(s, "\n$1：$2")
	}},
	{name: "unit list in square brackets", do: func(s string, _ *rand.Rand) string {
		return labelledList.ReplaceAllString(s, "〔$1：$2〕")
	}},
	{name: "unit list without label", do: func(s string, _ *rand.Rand) string {
		return ownList.ReplaceAllString(s, "（$2）")
	}},
	{name: "lead and support labels", reassigned: true, do: roles("（牵头单位：%s；配合单位：%s）")},
	{name: "lead and support words", reassigned: true, do: roles("（%s牵头，%s配合）")},
	{name: "duty by a sentence", reassigned: true, do: roles("由%s牵头负责，%s配合。")},
	{name: "other verbs", do: otherVerbs},
	{name: "other words for the year", do: otherYears},
	{name: "grouped digits", do: eachFigure(func(v int64) string { return grouped(v) })},
	{name: "a decimal of nought", do: eachFigure(func(v int64) string { return fmt.Sprintf("%d.0", v) })},
	{name: "Chinese numerals", do: eachFigure(chineseNumber)},
	{name: "ten thousands", do: eachFigure(func(v int64) string {
		if v >= 10000 && v%1000 == 0 {
			return strings.TrimSuffix(fmt.Sprintf("%d.%d", v/10000, v%10000/1000), ".0") + "万"
		}
		return strconv.FormatInt(v, 10)
	})},
	{name: "ten thousands written out", do: func(s string, _ *rand.Rand) string {
		return wan.ReplaceAllStringFunc(s, func(m string) string {
			p := wan.FindStringSubmatch(m)
			v, _ := strconv.ParseFloat(p[2], 64)
			return p[1] + strconv.FormatInt(int64(v*10000+0.5), 10) + p[3]
		})
	}},
	{name: "blank before and after figures", do: func(s string, _ *rand.Rand) string { return figures.ReplaceAllString(s, "$1 $2 ") }},
}

var (
	nestedBrackets = regexp.MustCompile(`（([^（）\n]*)）`)
	lineHeads      = regexp.MustCompile(`(?m)^([^\s|#<>\-])`)
	figures        = regexp.MustCompile(`([\p{Han}，。；：、（])(\d+(?:\.\d+)?)`)
	labelledList   = regexp.MustCompile(`(?m)[（〔]((?:责任|牵头|落实|实施)(?:单位|部门))：([^：\n]*)[）〕]$`)
	ownList        = regexp.MustCompile(`[（〔]((?:责任|落实|实施)(?:单位|部门))：([^：\n]*)[）〕]`)
	wan            = regexp.MustCompile(`([\p{Han}，；、])(\d+(?:\.\d)?)万([家个人张辆台户件亩吨元])`)
	countFigure    = regexp.MustCompile(`([\p{Han}，；])(\d{2,7})(家|个|场|处|张|辆|台|户|件|亩|座|名|人次|项|款|公里|套|条)`)
	headLine       = regexp.MustCompile(`(?m)^([一二三四五六七八九十]{1,3})、|^[（(]([一二三四五六七八九十]{1,3})[）)]|^(\d{1,2})[.．]([^\d])`)
)

func wrapLines(s string, r *rand.Rand) string {
	n := 20 + r.IntN(21)
	s = strings.ReplaceAll(s, "**", "")
	var out strings.Builder
	for _, l := range strings.SplitAfter(s, "\n") {
		x := []rune(l)
		for !strings.Contains(l, "\t") && len(x) > n+1 {
			out.WriteString(string(x[:n]) + "\n")
			x = x[n:]
		}
		out.WriteString(string(x))
	}
	return out.String()
}

// breakPages puts page numbers into some long lines.
func breakPages(s string, r *rand.Rand) string {
	var out strings.Builder
	for i, l := range strings.SplitAfter(s, "\n") {
		x := []rune(l)
		if at := 70 + r.IntN(10); len(x) > 90 && !strings.Contains(l, "\t") && unicode.Is(unicode.Han, x[at-1]) && unicode.Is(unicode.Han, x[at]) {
			furniture := []string{fmt.Sprintf("\n\n- %d -\n\n", i), fmt.Sprintf("\n— %d —\n\f", i), "\n\f\n", fmt.Sprintf("\n第%d页\n", i), "\n\n"}[r.IntN(5)]
			l = string(x[:at]) + furniture + string(x[at:])
		}
		out.WriteString(l)
	}
	return out.String()
}

func fullWidth(s string, _ *rand.Rand) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || strings.ContainsRune("%().", c) {
			return c + 0xfee0
		}
		return c
	}, s)
}

// renumber gives the three usual levels of headings another form.
func renumber(first, second, third string) func(string, *rand.Rand) string {
	return func(s string, _ *rand.Rand) string {
		return headLine.ReplaceAllStringFunc(s, func(m string) string {
			p := headLine.FindStringSubmatch(m)
			switch {
			case p[1] != "":
				return fmt.Sprintf(first, p[1])
			case p[2] != "":
				return fmt.Sprintf(second, p[2])
			}
			if third == "①" {
				v, _ := strconv.Atoi(p[3])
				if v > 20 {
					return m
				}
				return string(rune('①'+v-1)) + p[4]
			}
			return fmt.Sprintf(third, p[3]) + p[4]
		})
	}
}

// decimalHeadings writes 1、 1.1 1.1.1 for 一、（一）1.
func decimalHeadings(s string, _ *rand.Rand) string {
	a, b, c := 0, 0, 0
	if first := headLine.FindString(s); !strings.HasPrefix(first, "一、") {
		return s // a piece of a document that begins further down
	}
	return headLine.ReplaceAllStringFunc(s, func(m string) string {
		p := headLine.FindStringSubmatch(m)
		switch {
		case p[1] != "":
			a, b, c = a+1, 0, 0
			return fmt.Sprintf("%d、", a)
		case p[2] != "":
			b, c = b+1, 0
			return fmt.Sprintf("%d.%d ", a, b)
		}
		c++
		if b == 0 {
			return fmt.Sprintf("%d.%d ", a, c) + p[4]
		}
		return fmt.Sprintf("%d.%d.%d ", a, b, c) + p[4]
	})
}

func scatterBlanks(s string, r *rand.Rand) string {
	var out strings.Builder
	x := []rune(strings.ReplaceAll(s, "**", ""))
	for i, c := range x {
		out.WriteRune(c)
		if i+1 < len(x) && c != '\n' && x[i+1] != '\n' && c != '\t' && x[i+1] != '\t' && i > 0 && x[i-1] != '\n' && r.IntN(12) == 0 && !(c < 0x80 && unicode.IsLetter(c)) {
			out.WriteByte(' ')
		}
	}
	return out.String()
}

func markdown(s string, _ *rand.Rand) string {
	return regexp.MustCompile(`(?m)^([一二三四五六七八九十]{1,3}、[^。\n]{2,30})$|^(（[一二三四五六七八九十]{1,3}）[^。\n]{2,30})$`).ReplaceAllStringFunc(s, func(m string) string {
		if strings.HasPrefix(m, "（") {
			return "### " + m
		}
		return "## " + m
	})
}

// oneLine drops the line ends; a heading that had only its line gets a stop.
func oneLine(s string, _ *rand.Rand) string {
	var out strings.Builder
	for _, l := range strings.Split(strings.ReplaceAll(s, "**", ""), "\n") {
		l = strings.TrimSpace(l)
		if strings.Count(l, "\t") > 1 {
			l += "\n"
		}
		out.WriteString(l)
		if headLine.MatchString(l) && !lineEnds.MatchString(l) && len([]rune(l)) < 45 {
			out.WriteString("。")
		} else if lineEnds.MatchString(l) {
			out.WriteString(" ")
		}
	}
	return out.String()
}

var lineEnds = regexp.MustCompile(`[。；）：]$`)

// roles writes a list of responsible units as one that leads and others that support.
func roles(form string) func(string, *rand.Rand) string {
	return func(s string, _ *rand.Rand) string {
		return ownList.ReplaceAllStringFunc(s, func(m string) string {
			first, rest, ok := strings.Cut(strings.NewReplacer("，", "、", "；", "、").Replace(ownList.FindStringSubmatch(m)[2]), "、")
			if !ok || strings.ContainsAny(first, "（〔(") {
				return m
			}
			return fmt.Sprintf(form, first, rest)
		})
	}
}

func otherVerbs(s string, r *rand.Rand) string {
	verbs := []string{"新增", "新建", "培育", "打造"}
	clause := regexp.MustCompile(`([，。；、])(新增|新建|培育|打造)([\p{Han}]{0,8}\d+[家个所座处条])`)
	return clause.ReplaceAllStringFunc(s, func(m string) string {
		x := []rune(m)
		return string(x[0]) + verbs[r.IntN(len(verbs))] + string(x[3:])
	})
}

func otherYears(s string, r *rand.Rand) string {
	times := []string{"全年", "年内", "今年", "年底前", "到年底，", "2026年底前", "12月底前", "2026年，"}
	return regexp.MustCompile(`(^|[，。；\n])(全年|年内|今年)([\p{Han}]{2,8}\d)`).ReplaceAllStringFunc(s, func(m string) string {
		p := regexp.MustCompile(`(^|[，。；\n])(全年|年内|今年)`)
		return p.ReplaceAllString(m, "${1}"+times[r.IntN(len(times))])
	})
}

// eachFigure writes whole counts another way.
func eachFigure(form func(int64) string) func(string, *rand.Rand) string {
	return func(s string, _ *rand.Rand) string {
		return countFigure.ReplaceAllStringFunc(s, func(m string) string {
			p := countFigure.FindStringSubmatch(m)
			v, _ := strconv.ParseInt(p[2], 10, 64)
			if v == 0 {
				return m
			}
			return p[1] + form(v) + p[3]
		})
	}
}

func grouped(v int64) string {
	if v < 1000 {
		return strconv.FormatInt(v, 10)
	}
	return fmt.Sprintf("%s,%03d", grouped(v/1000), v%1000)
}

// chineseNumber writes 一千三百; numbers above a thousand with odd ends stay.
func chineseNumber(v int64) string {
	if v >= 10000 {
		if v%10000 == 0 && v < 1e8 {
			return chineseNumber(v/10000) + "万"
		}
		return strconv.FormatInt(v, 10)
	}
	var out strings.Builder
	zero := false
	for _, u := range []struct {
		n int64
		s string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := v / u.n
		v %= u.n
		if d == 0 {
			zero = out.Len() > 0
			continue
		}
		if zero {
			out.WriteString("零")
			zero = false
		}
		if !(u.n == 10 && d == 1 && out.Len() == 0) {
			out.WriteRune([]rune("零一二三四五六七八九")[d])
		}
		out.WriteString(u.s)
	}
	return out.String()
}
