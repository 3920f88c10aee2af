package read

// furniture says whether a line belongs to the page and not to the text: page
// numbers, print buttons, notes about empty pages.
func furniture(x []rune) bool {
	if len(x) > 24 {
		return false
	}
	if pageNumber(x) {
		return true
	}
	s := trimRunes(x, "(): ")
	return furnitureLines[string(s)]
}

// furnitureLines are whole lines, without brackets and colons around them.
var furnitureLines = setOf(`此页无正文 本页无正文 此件主动公开 此件公开发布 此件依申请公开 下载 打印 全屏 收藏 打印本页 关闭窗口 关闭本页 返回顶部
 分享到 分享 大 中 小 加大 还原 减小 字号 字体 字号:大中小 字体:大中小 【字号 相关报道 相关阅读 相关链接 相关附件 相关文件 相关解读 政策解读 扫一扫在手机打开当前页 扫一扫 责任编辑 公开属性:主动公开 首页 目录 toc`)

// pageNumber knows -3-, —4—, 第3页, 第3页共10页, 3/12.
func pageNumber(x []rune) bool {
	digits, dashes, words := 0, 0, 0
	for _, c := range x {
		switch {
		case isDigit(c):
			digits++
		case c == '-' || c == '—' || c == '·' || c == '~':
			dashes++
		case c == '第' || c == '页' || c == '共' || c == '/' || c == ',':
			words++
		default:
			return false
		}
	}
	if digits == 0 {
		return words == 0 && len(x) > 0 // a ruled line
	}
	first, last := x[0], x[len(x)-1]
	if words > 0 {
		return first == '第' && last == '页' || words == 1 && isDigit(first) && isDigit(last) && len(x) <= 7 && has(x, '/')
	}
	return dashes >= 2 && !isDigit(first) && !isDigit(last) && digits <= 4
}

func has(x []rune, c rune) bool {
	for _, y := range x {
		if y == c {
			return true
		}
	}
	return false
}

func trimRunes(x []rune, set string) []rune {
	in := func(c rune) bool {
		for _, s := range set {
			if s == c {
				return true
			}
		}
		return false
	}
	for len(x) > 0 && in(x[0]) {
		x = x[1:]
	}
	for len(x) > 0 && in(x[len(x)-1]) {
		x = x[:len(x)-1]
	}
	return x
}
