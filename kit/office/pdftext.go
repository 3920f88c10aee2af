package office

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// cleanPDFText turns the engine's characters into plain text: line ends become
// \n, the mark for a hyphen at a line's end becomes the hyphen it was, control
// characters go, and radicals become the characters they were drawn as.
func cleanPDFText(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '\r', r == 0xFEFF, r == 0xFFFF:
		case r == 0x02, r == 0xFFFE: // pdfium: a hyphen that it thinks breaks a word
			b.WriteByte('-')
		case r == '\n', r == '\t':
			b.WriteRune(r)
		case r == '\f', r == '\v', r == 0x2028, r == 0x2029:
			b.WriteByte('\n')
		case r < ' ', r == 0x7F:
		case symbols[r] != 0:
			b.WriteRune(symbols[r])
		default:
			b.WriteRune(plainHan(r))
		}
	}
	return b.String()
}

// radicals holds the simplified radicals of the block U+2E80 that have no
// decomposition in Unicode and stand for whole characters in text.
var radicals = map[rune]rune{
	'⺁': '厂', '⺃': '乚', '⺅': '亻', '⺈': '刀', '⺉': '刂', '⺋': '卩', '⺎': '兀', '⺒': '巳', '⺓': '幺',
	'⺗': '心', '⺝': '月', '⺟': '母', '⺠': '民', '⺢': '水', '⺮': '竹', '⺵': '网', '⺷': '羊', '⺺': '聿',
	'⻁': '虎', '⻄': '西', '⻅': '见', '⻆': '角', '⻉': '贝', '⻋': '车', '⻌': '辶', '⻓': '长', '⻔': '门',
	'⻘': '青', '⻙': '韦', '⻚': '页', '⻛': '风', '⻜': '飞', '⻝': '食', '⻢': '马', '⻣': '骨', '⻤': '鬼',
	'⻥': '鱼', '⻦': '鸟', '⻧': '卤', '⻨': '麦', '⻩': '黄', '⻪': '黾', '⻬': '齐', '⻮': '齿', '⻰': '龙', '⻳': '龟',
}

// symbols holds the signs of symbol fonts (Symbol, Wingdings) that plans use as
// bullets and tick boxes; such fonts place them in the private area.
var symbols = map[rune]rune{
	0xF0B7: '•', 0xF06C: '●', 0xF06E: '■', 0xF075: '◆', 0xF0D8: '➢', 0xF0FC: '✓', 0xF0A7: '▪',
	0xF0FE: '☑', 0xF052: '☑', 0xF053: '☒', 0xF078: '☒', 0xF0FD: '☒', 0xF0A8: '□', 0xF06F: '□', 0xF0A3: '□', 0xF071: '❑',
}

// plainHan returns the ordinary character for a radical. Printers to PDF often
// map a glyph back to the radical that shares it (⼈ for 人, ⻓ for 长), which
// looks the same and compares as different.
func plainHan(r rune) rune {
	switch {
	case r >= 0x2F00 && r <= 0x2FDF, r >= 0xF900 && r <= 0xFAFF: // Kangxi radicals, compatibility ideographs
		plain := []rune(norm.NFKC.String(string(r)))
		if len(plain) == 1 {
			return plain[0]
		}
	case r >= 0x2E80 && r <= 0x2EFF:
		if plain, ok := radicals[r]; ok {
			return plain
		}
	}
	return r
}

// countVisible counts the characters of s that are seen, and among them those
// that no reader can read: private use, replacement, unassigned.
func countVisible(s string) (visible, odd int) {
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
		case r == 0xFFFD, unicode.Is(unicode.Co, r), !unicode.IsPrint(r) && !unicode.Is(unicode.Cf, r):
			visible++
			odd++
		default:
			visible++
		}
	}
	return visible, odd
}
