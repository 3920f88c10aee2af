package read

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// doc is the normalised text: one folded rune after another without white
// space, bold marks and tags, each with the byte offset it came from. Line
// ends are kept in lines, cell borders as the rune '\t'.
type doc struct {
	src   string
	r     []rune
	off   []int32
	lines []line
}

// line is one line of the input that holds at least one rune.
type line struct {
	a, b   int  // range in doc.r
	blank  bool // an empty line stands before it
	indent bool // begins with two or more blanks
	md     int8 // depth of a markdown heading, 0 if none
	bullet bool // begins with a markdown bullet
	row    bool // holds cell borders
	width  int  // columns as printed: Han and full-width runes take two
}

// span gives the bytes that the runes a..b came from.
func (d *doc) span(a, b int) Span {
	if a >= b {
		if a < len(d.off) {
			return Span{int(d.off[a]), int(d.off[a])}
		}
		return Span{len(d.src), len(d.src)}
	}
	return Span{int(d.off[a]), int(d.off[b-1]) + d.width(b-1)}
}

// text gives the runes a..b as printed, without white space and bold marks.
func (d *doc) text(a, b int) string { return d.words(a, b, false) }

// words is text with one blank kept between two Latin words when spaced is set.
func (d *doc) words(a, b int, spaced bool) string {
	if a >= b {
		return ""
	}
	var s strings.Builder
	s.Grow((b - a) * 3)
	for i := a; i < b; i++ {
		o := int(d.off[i])
		if c := d.src[o]; c == '\t' || c == '|' && d.r[i] == '\t' || c == '<' && d.r[i] != '<' || c == '&' && d.r[i] != '&' {
			continue
		}
		w := d.width(i)
		if spaced && i > a && isLatin(d.r[i]) && isLatin(d.r[i-1]) && d.gap(i) {
			s.WriteByte(' ')
		}
		if w == 1 && d.r[i] == utf8.RuneError {
			s.WriteRune(utf8.RuneError) // a stray byte must not join its neighbour
			continue
		}
		s.WriteString(d.src[o : o+w])
	}
	return s.String()
}

// gap says whether something was left out right before rune i.
func (d *doc) gap(i int) bool {
	if i <= 0 || i >= len(d.off) {
		return false
	}
	for _, c := range []byte(d.src[int(d.off[i-1])+d.width(i-1) : d.off[i]]) {
		if c != '*' && c != '_' && c != '`' && c != '\\' {
			return true
		}
	}
	return false
}

// blankBefore says whether something other than a line end was left out right
// before rune i.
func (d *doc) blankBefore(i int) bool {
	return d.gap(i) && !strings.ContainsAny(d.src[int(d.off[i-1])+d.width(i-1):d.off[i]], "\r\n")
}

// width is the number of bytes that rune i was written with.
func (d *doc) width(i int) int {
	switch c := d.src[d.off[i]]; {
	case c < 0x80:
		return 1
	case d.r[i] == utf8.RuneError:
		_, w := utf8.DecodeRuneInString(d.src[d.off[i]:])
		return w
	case c < 0xe0:
		return 2
	case c < 0xf0:
		return 3
	}
	return 4
}

// normalise folds the text. Invalid UTF-8 bytes become U+FFFD, one rune each.
func normalise(src string) *doc {
	d := &doc{src: src, r: make([]rune, 0, len(src)/3+16), off: make([]int32, 0, len(src)/3+16)}
	d.lines = make([]line, 0, len(src)/120+8)
	n := folder{d: d}
	i := n.skipFrontMatter()
	i = n.startLine(i)
	for i < len(src) {
		i = n.step(i)
	}
	n.endLine()
	return d
}

// folder holds the state of one pass over the text.
type folder struct {
	d      *doc
	start  int  // first rune of the current line
	blank  bool // an empty line was seen since the last line
	quote  bool // inside "…"
	cur    line
	inside bool // a rune of the line was already written
	table  bool // the line is a markdown table row
	cell   bool // inside <td>
}

func (n *folder) put(c rune, at int) {
	n.d.r = append(n.d.r, c)
	n.d.off = append(n.d.off, int32(at))
	n.inside = true
}

// step consumes the rune or mark at byte i and returns the next position.
func (n *folder) step(i int) int {
	src := n.d.src
	c := src[i]
	if c >= 0xe4 && c <= 0xe9 && i+2 < len(src) && src[i+1]&0xc0 == 0x80 && src[i+2]&0xc0 == 0x80 { // common Han
		n.cur.width += 2
		r := rune(c&0x0f)<<12 | rune(src[i+1]&0x3f)<<6 | rune(src[i+2]&0x3f)
		n.put(r, i)
		return i + 3
	}
	if c >= utf8.RuneSelf {
		r, w := utf8.DecodeRuneInString(src[i:])
		n.cur.width += 2
		if f := fold(r); f == '\n' {
			n.endLine()
			n.startLine(i + w)
		} else if f != ' ' {
			n.put(f, i)
		}
		return i + w
	}
	n.cur.width++
	switch c {
	case '\n', '\r', '\f', '\v':
		if c == '\r' && i+1 < len(src) && src[i+1] == '\n' {
			i++
		}
		n.endLine()
		return n.startLine(i + 1)
	case ' ', '`', '\\', 0:
		return i + 1
	case '\t':
		if n.inside {
			n.put('\t', i)
			n.cur.row = true
		}
		return i + 1
	case '*', '_':
		if i+1 < len(src) && src[i+1] == c {
			return i + 2
		}
		if c == '*' && !(i > 0 && isDigit(rune(src[i-1])) && i+1 < len(src) && isDigit(rune(src[i+1]))) {
			return i + 1 // emphasis
		}
	case '|':
		if n.table {
			n.put('\t', i)
			n.cur.row = true
			return i + 1
		}
	case '"':
		n.quote = !n.quote
		if n.quote {
			n.put('“', i)
		} else {
			n.put('”', i)
		}
		return i + 1
	case '[', '{':
		c = '('
	case ']', '}':
		c = ')'
	case '<':
		return n.tag(i)
	case '&':
		return n.entity(i)
	}
	n.put(rune(c), i)
	return i + 1
}

// startLine reads the marks at the head of a line and returns where the text begins.
func (n *folder) startLine(i int) int {
	src := n.d.src
	n.cur, n.start, n.inside, n.table, n.quote = line{a: len(n.d.r)}, len(n.d.r), false, false, false
	blanks := 0
	for i < len(src) {
		switch {
		case src[i] == ' ' || src[i] == '\t':
			i, blanks = i+1, blanks+1
		case strings.HasPrefix(src[i:], "\u3000"):
			i, blanks = i+3, blanks+2
		case strings.HasPrefix(src[i:], "\u00a0"):
			i, blanks = i+2, blanks+1
		case src[i] == '>' && blanks < 4:
			i++
		default:
			n.cur.indent, n.cur.width = blanks >= 2, blanks
			return n.headMarks(i)
		}
	}
	return i
}

func (n *folder) headMarks(i int) int {
	src := n.d.src
	switch src[i] {
	case '#':
		j := i
		for j < len(src) && src[j] == '#' && j-i < 7 {
			j++
		}
		if j-i <= 6 && j < len(src) && (src[j] == ' ' || src[j] >= utf8.RuneSelf) {
			n.cur.md = int8(j - i)
			return j
		}
	case '-', '*', '+':
		if i+1 < len(src) && src[i+1] == ' ' {
			if j := i + 2; j < len(src) && (src[j] == '-' || src[j] >= '0' && src[j] <= '9') && strings.TrimRight(restOfLine(src, j, 12), "- 0123456789\r") == "" {
				return i // a page number: - 3 -
			}
			n.cur.bullet = true
			return i + 2
		}
	case '|':
		n.table = true
		return i + 1
	}
	return i
}

func restOfLine(s string, i, most int) string {
	s = s[i:min(len(s), i+most)]
	if e := strings.IndexByte(s, '\n'); e >= 0 {
		s = s[:e]
	}
	return s
}

// endLine closes the current line; lines that hold nothing or only furniture
// of the page are taken back.
func (n *folder) endLine() {
	d := n.d
	for len(d.r) > n.start && d.r[len(d.r)-1] == '\t' {
		d.r, d.off = d.r[:len(d.r)-1], d.off[:len(d.off)-1]
	}
	x := d.r[n.start:]
	if len(x) == 0 {
		n.blank = true
		return
	}
	if furniture(x) || n.table && onlyRunes(x, "-:\t") {
		d.r, d.off = d.r[:n.start], d.off[:n.start]
		n.blank = n.blank || !n.table
		return
	}
	n.cur.b, n.cur.blank = len(d.r), n.blank
	n.cur.row = n.cur.row && cells(x) > 1
	n.blank = false
	d.lines = append(d.lines, n.cur)
}

func cells(x []rune) int {
	k := 1
	for _, c := range x {
		if c == '\t' {
			k++
		}
	}
	return k
}

func onlyRunes(x []rune, set string) bool {
	for _, c := range x {
		if !strings.ContainsRune(set, c) {
			return false
		}
	}
	return true
}

// skipFrontMatter passes over the marks of a YAML block at the head of a file;
// its lines stay, since they may hold the title.
func (n *folder) skipFrontMatter() int {
	src := strings.TrimPrefix(n.d.src, "\ufeff")
	lead := len(n.d.src) - len(src)
	if !strings.HasPrefix(src, "---\n") {
		return lead
	}
	if e := strings.Index(src[4:], "\n---"); e >= 0 && e < 4000 {
		return lead + 4
	}
	return lead
}

// fold maps a rune outside the common Han block to the form the rules know:
// ' ' for white space, '\n' for a line end, one form of each bracket, quotation
// mark, digit and letter.
func fold(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		switch c := r - 0xfee0; c {
		case '[', '{':
			return '('
		case ']', '}':
			return ')'
		default:
			return c
		}
	case r >= 0x2f00 && r < 0x2fe0 || r >= 0xf900 && r < 0xfb00:
		if f := []rune(norm.NFKC.String(string(r))); len(f) == 1 {
			return f[0]
		}
		return r
	case r >= 0x2000 && r <= 0x200f || r == 0xa0 || r == 0xad || r == 0x3000 || r == 0xfeff || r == 0x202f || r == 0x2060 || r == 0x85:
		return ' '
	}
	switch r {
	case '\u2028', '\u2029':
		return '\n'
	case '〔', '【', '﹙', '〖', '⟨', '⦗', '❲':
		return '('
	case '〕', '】', '﹚', '〗', '⟩', '⦘', '❳':
		return ')'
	case '「', '『', '‘', '＂', '〝':
		return '“'
	case '」', '』', '’', '〞':
		return '”'
	case '﹪':
		return '%'
	case '〜', '∼', '˜':
		return '~'
	case '―', '─', '━', '⸺', '﹣':
		return '—'
	case '–', '‐', '‑', '−', '‒':
		return '-'
	case '〈':
		return '《'
	case '〉':
		return '》'
	case '﹐', '︐':
		return ','
	case '﹔', '︔':
		return ';'
	case '﹕', '︓', '∶':
		return ':'
	case '㎡':
		return '㎡'
	}
	return r
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }
func isLatin(c rune) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || isDigit(c) }
func isHan(c rune) bool   { return c >= 0x3400 && c < 0xa000 || c == '〇' }
