package assets

import "strings"

// squeeze takes comments and idle spaces out of our own style sheets. Text in
// quotes stays as it is. It relies on how we write: a space stands before every
// brace and after every comma, colon and semicolon of a declaration, and no
// selector has a colon followed by a space.
func squeeze(css string) string {
	var b strings.Builder
	for len(css) > 0 {
		if i := strings.Index(css, "/*"); i == 0 {
			end := strings.Index(css, "*/")
			if end < 0 {
				break
			}
			css = css[end+2:]
			continue
		}
		if q := css[0]; q == '"' || q == '\'' {
			end := strings.IndexByte(css[1:], q)
			if end < 0 {
				b.WriteString(css)
				break
			}
			b.WriteString(css[:end+2])
			css = css[end+2:]
			continue
		}
		end := strings.IndexAny(css, "\"'")
		if c := strings.Index(css, "/*"); c >= 0 && (end < 0 || c < end) {
			end = c
		}
		if end < 0 {
			end = len(css)
		}
		b.WriteString(tighten(css[:end]))
		css = css[end:]
	}
	return b.String()
}

// tighten drops the spaces around punctuation in text without quotes.
func tighten(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' }), "\n")
	for strings.Contains(s, "\n ") {
		s = strings.ReplaceAll(s, "\n ", "\n")
	}
	return strings.NewReplacer(
		"\n", "", "; }", "}", ";\n}", "}", " {\n", "{", " { ", "{", " {", "{", "{ ", "{",
		"; ", ";", ": ", ":", ", ", ",", " }", "}", ": \n", ":", " > ", ">",
	).Replace(s)
}
