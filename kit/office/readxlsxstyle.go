package office

import "strconv"

// readStyles notes for each style whether its numbers are dates.
func (b *xlsxBook) readStyles() error {
	formats := map[int]string{}
	return b.walk(b.sibling("styles.xml"), b.limits.Unpacked, func(x *xmlReader) error {
		return x.children(func(e element) error {
			switch e.Name.Local {
			case "numFmts":
				return x.children(func(f element) error {
					if id, err := strconv.Atoi(attr(f, "numFmtId")); err == nil {
						formats[id] = attr(f, "formatCode")
					}
					return x.skip()
				})
			case "cellXfs":
				return x.children(func(xf element) error {
					id, _ := strconv.Atoi(attr(xf, "numFmtId"))
					code, custom := formats[id]
					b.dates = append(b.dates, custom && dateFormat(code) || !custom && builtinDate(id))
					return x.skip()
				})
			}
			return x.skip()
		})
	})
}

// builtinDate knows the numbers of the date formats that no file spells out
// (ECMA-376 part 1, §18.8.30), those of Chinese programs among them.
func builtinDate(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 31 || id == 36 || id >= 50 && id <= 54 || id == 57 || id == 58
}

// dateFormat reports whether a format shows years or days of its number: it has
// y or d outside quoted words, escaped signs and brackets.
func dateFormat(code string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case c == 'y' || c == 'Y' || c == 'd' || c == 'D':
			return true
		}
	}
	return false
}
