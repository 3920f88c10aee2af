package source

import (
	"strings"
	"unicode"
)

// tidy makes the characters of a text uniform: one kind of line end, no marks
// that nobody sees (byte order, zero width, direction, soft hyphen, NUL), and
// the space that does not break becomes an ordinary one. Words stay as found;
// the ideographic space stays too, because it indents and aligns.
func tidy(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\v', r == '\f', r == 0x85, r == 0x2028, r == 0x2029:
			return '\n'
		case r == 0xA0, r >= 0x2000 && r <= 0x200A, r == 0x202F, r == 0x205F:
			return ' '
		case r == '\n', r == '\t':
			return r
		case r < ' ', r >= 0x7F && r < 0xA0, r == 0xAD, r == 0xFEFF,
			r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F:
			return -1
		}
		return r
	}, s)
}

// hasText reports whether a text says anything: one letter or digit will do.
func hasText(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}

// isHan reports whether r is written without spaces around it: a Chinese
// character or a full-width sign.
func isHan(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3001 && r <= 0x303F || r >= 0xFF01 && r <= 0xFF60 || r == '“' || r == '”'
}
