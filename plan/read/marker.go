package read

import "strings"

// style is a way of numbering; items of one style are siblings.
type style int8

const (
	styleNone    style = iota
	styleBook          // 第一部分, 第一编
	styleChapter       // 第一章
	stylePart          // 第一节
	styleArticle       // 第一条
	styleCn            // 一、
	styleCnParen       // （一）
	styleWord          // 行动一, 任务1, 专栏2
	styleDec1          // 1. 1、
	styleDec2          // 1.1
	styleDec3          // 1.1.1
	styleParen         // （1）
	styleHalf          // 1）
	styleCircle        // ①
	styleOrdinal       // 第一，
	styleIs            // 一是, 一要
	styleBullet        // ●, -, ——
	stylePlain         // a heading without a number
)

// marker is the numbering at the head of a block: runes a..b of the document,
// the number itself at na..nb, the text of the item from b on.
type marker struct {
	style  style
	a, b   int
	na, nb int
	value  int // the ordinal it stands for; 0 for bullets
}

// markerAt reads the marker at rune i, before end.
func markerAt(d *doc, i, end int) marker {
	x := d.r[i:end]
	if len(x) == 0 {
		return marker{}
	}
	none := marker{}
	make := func(s style, from, to, n, value int) marker {
		return marker{style: s, a: i, na: i + from, nb: i + to, b: i + n, value: value}
	}
	switch c := x[0]; {
	case c == '第':
		return ordinalMarker(x, make)
	case c == '(' && !footnote(d, i):
		if v, n := ordinal(x[1:]); v > 0 && n+1 < len(x) && x[n+1] == ')' {
			s := styleParen
			if !isDigit(x[1]) {
				s = styleCnParen
			}
			return make(s, 0, n+2, n+2+skipMark(x[n+2:]), v)
		}
	case c >= '①' && c <= '⑳':
		return make(styleCircle, 0, 1, 1+skipMark(x[1:]), int(c-'①')+1)
	case c >= '㈠' && c <= '㈩':
		return make(styleCnParen, 0, 1, 1, int(c-'㈠')+1)
	case c >= '⑴' && c <= '⒇':
		return make(styleParen, 0, 1, 1, int(c-'⑴')+1)
	case c >= '⒈' && c <= '⒛':
		return make(styleDec1, 0, 1, 1, int(c-'⒈')+1)
	case isDigit(c):
		return digitMarker(d, i, x, make)
	case bulletRunes.has(c):
		if c == '—' && (len(x) < 2 || x[1] != '—') {
			return none
		}
		n := 1
		for n < len(x) && x[n] == c {
			n++
		}
		if n < len(x) && n <= 2 {
			return make(styleBullet, 0, 0, n, 0)
		}
	case isCnDigit(c):
		return cnMarker(d, i, x, make)
	}
	if n := numberedWords.at(x); n > 0 {
		if v, k := ordinal(x[n:]); v > 0 && n+k < len(x) {
			after := x[n+k]
			if after == ':' || after == '、' || after == '.' || after == ',' || after == ')' || d.gap(i+n+k) {
				return make(styleWord, 0, n+k, n+k+skipMark(x[n+k:]), v)
			}
		}
	}
	return none
}

// footnote says that the bracket at rune i is square: [16] refers to a note.
func footnote(d *doc, i int) bool {
	return d.src != "" && (d.src[d.off[i]] == '[' || strings.HasPrefix(d.src[d.off[i]:], "［"))
}

var bulletRunes = func() (b runeSet) {
	for _, c := range "●■◆▪•◇○□★▲►➢✓❖※—" {
		b.add(c)
	}
	return b
}()

// numberedWords stand before a number at the head of an item.
var numberedWords = listOf(`行动 任务 专栏 措施 工程 举措 专项行动 重点任务 项目 步骤 阶段 附件 附表 附`)

type makeMarker func(s style, from, to, n, value int) marker

func ordinalMarker(x []rune, mk makeMarker) marker {
	v, n := ordinal(x[1:])
	if v == 0 || n+1 >= len(x) {
		return marker{}
	}
	n++
	switch {
	case startsWith(x[n:], "部分"):
		return mk(styleBook, 0, n+2, n+2+skipMark(x[n+2:]), v)
	case x[n] == '编' || x[n] == '篇':
		return mk(styleBook, 0, n+1, n+1+skipMark(x[n+1:]), v)
	case x[n] == '章':
		return mk(styleChapter, 0, n+1, n+1+skipMark(x[n+1:]), v)
	case x[n] == '节':
		return mk(stylePart, 0, n+1, n+1+skipMark(x[n+1:]), v)
	case x[n] == '条':
		return mk(styleArticle, 0, n+1, n+1+skipMark(x[n+1:]), v)
	case x[n] == ',' || x[n] == '、':
		return mk(styleOrdinal, 0, n, n+1, v)
	}
	return marker{}
}

func digitMarker(d *doc, i int, x []rune, mk makeMarker) marker {
	v, n := ordinal(x)
	if v == 0 || n >= len(x) || n > 3 {
		return marker{}
	}
	levels, e := 1, n
	if y, k := yearAt(x, n+1); (x[n] == '.' || x[n] == '、') && y > 0 && k < len(x) && x[k] == '年' {
		return mk(styleDec1, 0, n, n+1, v) // 3.2026年底前…
	}
	for e+1 < len(x) && x[e] == '.' && isDigit(x[e+1]) && levels < 4 {
		_, k := ordinal(x[e+1:])
		if k == 0 {
			return marker{}
		}
		levels, e = levels+1, e+1+k
	}
	if e >= len(x) {
		return marker{}
	}
	c := x[e]
	if levels > 1 {
		s := min(styleDec1+style(levels-1), styleDec3)
		if c == '.' || c == '、' || isHan(c) && (d.gap(i+e) || unitWords.at(x[e:]) == 0 && magnitude(c) == 0) {
			_, v = lastOrdinal(x[:e])
			return mk(s, 0, e, e+skipMark(x[e:]), v)
		}
		return marker{}
	}
	switch {
	case c == ')':
		return mk(styleHalf, 0, e, e+1, v)
	case c == '.' || c == '、' || c == ',' && e+1 < len(x) && !isDigit(x[e+1]):
		if e+1 < len(x) && !isDigit(x[e+1]) {
			return mk(styleDec1, 0, e, e+1, v)
		}
	case isHan(c) && d.gap(i+e) && unitWords.at(x[e:]) == 0 && !dateRune(c) && magnitude(c) == 0:
		return mk(styleDec1, 0, e, e, v)
	}
	return marker{}
}

func lastOrdinal(x []rune) (int, int) {
	i := len(x)
	for i > 0 && isDigit(x[i-1]) {
		i--
	}
	v, n := ordinal(x[i:])
	return n, v
}

func cnMarker(d *doc, i int, x []rune, mk makeMarker) marker {
	v, n := ordinal(x)
	if v == 0 || n >= len(x) {
		return marker{}
	}
	switch c := x[n]; {
	case c == '、' || c == '.' || c == ',' || c == ':':
		return mk(styleCn, 0, n, n+1, v)
	case (c == '是' || c == '要') && n+1 < len(x):
		return mk(styleIs, 0, n+1, n+1+skipMark(x[n+1:]), v)
	case d.gap(i+n) && isHan(c) && unitWords.at(x[n:]) == 0 && !dateRune(c) && v < 30:
		return mk(styleCn, 0, n, n, v)
	}
	return marker{}
}

func dateRune(c rune) bool { return c == '年' || c == '月' || c == '日' || c == '时' || c == '点' }

// skipMark counts the marks between a number and its text.
func skipMark(x []rune) int {
	if len(x) > 0 && (x[0] == '、' || x[0] == '.' || x[0] == ':' || x[0] == ',') {
		return 1
	}
	return 0
}

// ordinal reads a small whole number at the head of x, in digits or in Chinese
// (一 to 九十九), and how many runes it takes; 0 if there is none.
func ordinal(x []rune) (value, n int) {
	if len(x) == 0 {
		return 0, 0
	}
	if isDigit(x[0]) {
		for n < len(x) && isDigit(x[n]) && n < 4 {
			value = value*10 + int(x[n]-'0')
			n++
		}
		if n == 4 || n < len(x) && isDigit(x[n]) {
			return 0, 0
		}
		return value, n
	}
	tens := false
	for n < len(x) && n < 4 {
		c := x[n]
		if c == '十' {
			if tens {
				return 0, 0
			}
			tens = true
			if n == 0 {
				value = 1
			}
			value *= 10
		} else if v := cnDigit(c); v > 0 {
			if n > 0 && x[n-1] != '十' {
				return 0, 0
			}
			value += v
		} else {
			break
		}
		n++
	}
	return value, n
}

func isCnDigit(c rune) bool { return c == '十' || cnDigit(c) > 0 }

// cnDigit is the value of 一 to 九, 0 for any other rune.
func cnDigit(c rune) int {
	switch c {
	case '一':
		return 1
	case '二':
		return 2
	case '三':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	}
	return 0
}
