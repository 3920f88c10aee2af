package gongwen

import (
	"strings"
	"unicode/utf8"
)

// halfWidths is the width of a text in half characters: letters and figures of
// the ASCII set take one, all others two.
func halfWidths(s string) int {
	n := 0
	for _, r := range s {
		if n++; r >= 0x80 {
			n++
		}
	}
	return n
}

// linesOf is how many lines a text takes when a line has room for so many half characters.
func linesOf(s string, room int) int { return linesOfWidth(halfWidths(s), room) }

// linesOfWidth is linesOf for a text of a known width.
func linesOfWidth(width, room int) int { return max(1, (width+room-1)/max(1, room)) }

// titleChars is how many characters of the title's size stand in a line.
const titleChars = typeWidth / (sizeTwo * 10)

// titleWidth is halfWidths for the title's font, whose figures are a little
// wider than half a character.
func titleWidth(s string) int { return titleWidthOf(utf8.RuneCountInString(s), halfWidths(s)) }

// titleWidthOf is titleWidth of a text of so many runes and half characters.
func titleWidthOf(runes, halves int) int { return halves + (2*runes-halves+3)/4 }

// titleLines are the lines of a title: as the author broke it, else in as
// few lines as end well, of about equal length.
func titleLines(title string) []string {
	title = strings.TrimSpace(title)
	if title == "" {
		return nil
	}
	if strings.Contains(title, "\n") {
		return breakLong(strings.Split(title, "\n"))
	}
	least := linesOfWidth(titleWidth(title), 2*titleChars)
	if least > maxTitleLines+1 {
		return cutEvery([]rune(title), titleChars)
	}
	var lines []string
	cost := 1 << 30
	for n := least; n <= least+1; n++ {
		if l, c := breakInto([]rune(title), n); c+n*lineCost < cost {
			lines, cost = l, c+n*lineCost
		}
	}
	return lines
}

// cutEvery cuts a title that is far too long where its lines are full.
func cutEvery(title []rune, n int) []string {
	var lines []string
	for ; len(title) > n; title = title[n:] {
		lines = append(lines, string(title[:n]))
	}
	return append(lines, string(title))
}

// lineCost is what one line more may cost to end lines better.
const lineCost = 30

// breakLong breaks those of the author's lines that do not fit.
func breakLong(lines []string) []string {
	var all []string
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, titleLines(l)...)
		}
	}
	return all
}

// breakInto cuts a title into n lines with the least cost of ends and of unequal
// lengths. A line that is too long costs more than everything else.
func breakInto(title []rune, n int) (lines []string, cost int) {
	halves := make([]int, len(title)+1) // up to each rune
	for i, r := range title {
		halves[i+1] = halves[i] + halfWidths(string(r))
	}
	share := titleWidthOf(len(title), halves[len(title)]) / n
	type cut struct{ cost, from int }
	ends := make([][]cut, n+1) // by number of lines, then by where the last of them ends
	for k := range ends {
		ends[k] = make([]cut, len(title)+1)
		for i := range ends[k] {
			ends[k][i] = cut{cost: 1 << 30}
		}
	}
	ends[0][0].cost = 0
	for k := 1; k <= n; k++ {
		for i := 1; i <= len(title); i++ {
			for j := range i {
				c := ends[k-1][j].cost + lengthCost(titleWidthOf(i-j, halves[i]-halves[j]), share)
				if i < len(title) {
					c += breakCost(title, i)
				}
				if c < ends[k][i].cost {
					ends[k][i] = cut{c, j}
				}
			}
		}
	}
	lines = make([]string, n)
	at := len(title)
	for k := n; k > 0; k-- {
		from := ends[k][at].from
		lines[k-1] = string(title[from:at])
		at = from
	}
	return lines, ends[n][len(title)].cost
}

// lengthCost is how ill a line is that is so wide where an equal share is another width.
func lengthCost(width, share int) int {
	c := abs(width-share) / 2
	if width > 2*titleChars {
		c += 10_000
	}
	return c
}

// breakCost is how ill a line would end before the rune at the place.
func breakCost(text []rune, at int) int {
	before, after := text[at-1], text[at]
	switch {
	case before < 0x80 && after < 0x80, strings.ContainsRune("》〉）”、，", after), strings.ContainsRune("《〈（“", before), after < 0x80 && before == '第':
		return 100
	case before >= '0' && before <= '9', openQuotes(text[:at]) > 0, cutsWord(before, after): // 2026|年; inside a name or a word
		return 50
	case strings.ContainsRune("的》”）和及与、", before), strings.HasPrefix(string(text[at:]), "关于"):
		return 0
	}
	return 6
}

// words are those common in titles that a line end should not cut.
const words = " 消费 行动 计划 方案 任务 进展 进度 情况 通报 通知 通告 意见 报告 请示 批复 会议 纪要 工作 项目 建设 管理 推进 提振 专项 整改 落实 实施 提升 改造 商业 商务 " +
	"经济 社会 发展 服务 设施 体系 便民 生活 活动 市场 监督 检查 调度 督导 季度 年度 重点 开展 加强 做好 印发 转发 提醒 关于 政府 人民 全市 部门 单位 滞后 清单 典型 做法 经验 推广 汇编 目录 补贴 资金 企业 居民 街区 步行 快递 站点 "

// cutsWord tells whether the two runes are a word of the list.
func cutsWord(before, after rune) bool {
	return strings.Contains(words, " "+string(before)+string(after)+" ")
}

// openQuotes counts the book-title marks that are still open.
func openQuotes(text []rune) int {
	return strings.Count(string(text), "《") - strings.Count(string(text), "》")
}

func abs(n int) int { return max(n, -n) }

// markSize is the size of the red head in half points: large, and never wider
// than the type area. extra is how many characters stand beside the names.
func markSize(names []string, extra float64) int {
	longest := 1
	for _, n := range names {
		longest = max(longest, utf8.RuneCountInString(n))
	}
	fit := int(float64(typeWidth) / 10 / (float64(longest) + extra))
	return max(sizeTwo, min(100, fit))
}
