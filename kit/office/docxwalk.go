package office

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// docxWalk passes through the body of a Word document once and collects lines.
type docxWalk struct {
	x       *xmlReader
	numbers *numbering
	lines   []string
	joined  bool     // the last line's paragraph mark was deleted: the next one continues it
	joins   int      // how often that happened
	fields  []bool   // open fields, innermost last: true while in the field's code
	boxes   []string // lines of text boxes met in the paragraph being read
	images  int
	revised bool
	hidden  bool
}

// Bounds on paragraphs joined because a mark was deleted: each joining copies
// the line, and a hostile document could ask for a million of them.
const (
	maxJoined = 32 << 10 // bytes of a line that is still continued
	maxJoins  = 100_000
)

// paragraphProps is what matters of w:pPr.
type paragraphProps struct {
	style   string
	num     numRef
	deleted bool // the paragraph mark is a tracked deletion
}

// document enters the part and reads the body.
func (w *docxWalk) document() error {
	root, err := w.x.root()
	if err != nil {
		return err
	}
	if root.Name.Local != "document" {
		return fmt.Errorf("root element %q", root.Name.Local)
	}
	return w.x.children(func(e xml.StartElement) error {
		if e.Name.Local == "body" {
			return w.blocks()
		}
		return w.x.skip()
	})
}

// blocks reads paragraphs and tables until the enclosing element ends, passing
// through the elements that only wrap them.
func (w *docxWalk) blocks() error {
	return w.x.children(w.block)
}

// block reads one element of a body, a cell or a text box.
func (w *docxWalk) block(e xml.StartElement) error {
	switch e.Name.Local {
	case "p":
		return w.paragraph()
	case "tbl":
		return w.table()
	case "ins", "moveTo":
		w.revised = true
		return w.blocks()
	case "sdt", "sdtContent", "customXml", "smartTag":
		return w.blocks()
	case "del", "moveFrom":
		w.revised = true
	case "AlternateContent":
		return w.alternative(w.blocks)
	}
	return w.x.skip()
}

// alternative reads the first choice; the fallback repeats it for old programs.
func (w *docxWalk) alternative(read func() error) error {
	taken := false
	return w.x.children(func(e xml.StartElement) error {
		if taken || (e.Name.Local != "Choice" && e.Name.Local != "Fallback") {
			return w.x.skip()
		}
		taken = true
		return read()
	})
}

// paragraph reads w:p and adds its line, then those of its text boxes.
func (w *docxWalk) paragraph() error {
	outer := w.boxes
	w.boxes = nil
	var props paragraphProps
	var text strings.Builder
	props.num.level = -1
	err := w.inline(&text, &props)
	boxes := w.boxes
	w.boxes = outer
	if err != nil {
		return err
	}
	w.add(w.numbered(text.String(), props), props.deleted)
	w.lines = append(w.lines, boxes...)
	return nil
}

// numbered puts the paragraph's number before its text. An empty paragraph
// counts, as it does in Word, but its number is not written; a paragraph that
// continues another or that was deleted has none.
func (w *docxWalk) numbered(text string, props paragraphProps) string {
	empty := strings.TrimSpace(text) == ""
	continues := w.joined && len(w.lines) > 0 && w.lines[len(w.lines)-1] != ""
	if continues || (empty && props.deleted) {
		return text
	}
	label := w.numbers.label(props.style, props.num)
	if empty {
		return text
	}
	return label + text
}

// add appends the lines of one paragraph, to the last line when that one's
// paragraph mark was deleted.
func (w *docxWalk) add(text string, markDeleted bool) {
	lines := strings.Split(text, "\n")
	if w.joined && len(w.lines) > 0 && len(w.lines[len(w.lines)-1]) < maxJoined && w.joins < maxJoins {
		w.joins++
		w.lines[len(w.lines)-1] += lines[0]
		lines = lines[1:]
	}
	w.lines = append(w.lines, lines...)
	if w.joined = markDeleted; markDeleted {
		w.revised = true
	}
}

// inline reads the runs of a paragraph, through links, insertions and wrappers.
func (w *docxWalk) inline(b *strings.Builder, props *paragraphProps) error {
	return w.x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "pPr":
			read, err := readParagraphProps(w.x)
			*props = read
			return err
		case "r":
			return w.run(b)
		case "ins", "moveTo":
			w.revised = true
			return w.inline(b, props)
		case "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo":
			return w.inline(b, props)
		case "del", "moveFrom":
			w.revised = true
			return w.x.skip()
		case "AlternateContent":
			return w.alternative(func() error { return w.inline(b, props) })
		case "oMath", "oMathPara":
			return w.math(b)
		}
		return w.x.skip()
	})
}

// readParagraphProps reads w:pPr.
func readParagraphProps(x *xmlReader) (paragraphProps, error) {
	p := paragraphProps{num: numRef{level: -1}}
	err := x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "pStyle":
			p.style = attr(e, "val")
		case "numPr":
			return x.children(func(c xml.StartElement) error {
				switch c.Name.Local {
				case "ilvl":
					p.num.level = number(attr(c, "val"), -1)
				case "numId":
					p.num.id = attr(c, "val")
				}
				return x.skip()
			})
		case "rPr":
			return x.children(func(c xml.StartElement) error {
				if c.Name.Local == "del" || c.Name.Local == "moveFrom" {
					p.deleted = true
				}
				return x.skip()
			})
		}
		return x.skip()
	})
	return p, err
}

// run reads w:r.
func (w *docxWalk) run(b *strings.Builder) error {
	vanish := false
	var text strings.Builder
	err := w.runContent(&text, &vanish)
	if vanish {
		w.hidden = w.hidden || strings.TrimSpace(text.String()) != ""
		return err
	}
	b.WriteString(text.String())
	return err
}

// runContent collects the text of a run, without field codes.
func (w *docxWalk) runContent(b *strings.Builder, vanish *bool) error {
	return w.x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "rPr":
			return w.x.children(func(c xml.StartElement) error {
				if c.Name.Local == "vanish" && on(c) {
					*vanish = true
				}
				return w.x.skip()
			})
		case "t":
			s, err := w.x.text()
			w.put(b, strings.NewReplacer("\n", " ", "\r", " ").Replace(s))
			return err
		case "ruby":
			return w.ruby(b)
		case "drawing", "pict", "object":
			return w.drawing()
		case "AlternateContent":
			return w.alternative(func() error { return w.runContent(b, vanish) })
		case "fldChar":
			w.field(attr(e, "fldCharType"))
		default:
			w.put(b, signOf(e))
		}
		return w.x.skip()
	})
}

// put adds text unless it belongs to a field's code.
func (w *docxWalk) put(b *strings.Builder, s string) {
	for _, inCode := range w.fields {
		if inCode {
			return
		}
	}
	b.WriteString(s)
}

// field follows the marks of a field: its code, then its result.
func (w *docxWalk) field(kind string) {
	switch kind {
	case "begin":
		if len(w.fields) < maxDepth {
			w.fields = append(w.fields, true)
		}
	case "separate":
		if len(w.fields) > 0 {
			w.fields[len(w.fields)-1] = false
		}
	case "end":
		if len(w.fields) > 0 {
			w.fields = w.fields[:len(w.fields)-1]
		}
	}
}

// signOf returns the text for the elements of a run that stand for a sign.
func signOf(e xml.StartElement) string {
	switch e.Name.Local {
	case "tab", "ptab":
		return "\t"
	case "br", "cr":
		return "\n"
	case "noBreakHyphen":
		return "-"
	case "sym":
		if code, err := strconv.ParseUint(attr(e, "char"), 16, 32); err == nil {
			if sign, known := symbols[rune(code|0xF000)]; known {
				return string(sign)
			}
		}
	}
	return ""
}

// ruby reads the base of annotated text and leaves the annotation out.
func (w *docxWalk) ruby(b *strings.Builder) error {
	return w.x.children(func(e xml.StartElement) error {
		if e.Name.Local != "rubyBase" {
			return w.x.skip()
		}
		return w.inline(b, &paragraphProps{})
	})
}

// math collects the characters of a formula in their order.
func (w *docxWalk) math(b *strings.Builder) error {
	return w.x.children(func(e xml.StartElement) error {
		if e.Name.Local == "t" {
			s, err := w.x.text()
			w.put(b, s)
			return err
		}
		return w.math(b)
	})
}

// drawing looks for text boxes and pictures at any depth.
func (w *docxWalk) drawing() error {
	return w.x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "txbxContent":
			return w.textBox()
		case "AlternateContent":
			return w.alternative(w.drawing)
		case "blip", "imagedata":
			w.images++
		}
		return w.drawing()
	})
}

// textBox reads a box as a document of its own; its lines wait for the end of
// the paragraph that holds it.
func (w *docxWalk) textBox() error {
	lines, joined, fields := w.lines, w.joined, w.fields
	w.lines, w.joined, w.fields = nil, false, nil
	err := w.blocks()
	w.boxes = append(w.boxes, w.lines...)
	w.lines, w.joined, w.fields = lines, joined, fields
	return err
}
