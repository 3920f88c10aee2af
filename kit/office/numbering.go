package office

import (
	"encoding/xml"
	"strconv"
	"strings"
	"unicode"
)

// levels is how many levels a list of Word can have.
const levels = 9

// level is one level of a list definition.
type level struct {
	start   int
	format  string
	text    string // "%1、", "（%2）", or the bullet
	suffix  string // "tab", "space" or "nothing"
	restart int    // -1: after any higher level; 0: never; k: after level k, counted from 1
	legal   bool   // write all numbers with ordinary digits
	style   string // paragraph style that this level numbers
	set     bool
}

// list is one use of a definition (w:num): an abstract list, whose counters are
// shared by all its uses, and what this use changes.
type list struct {
	abstract  string
	overrides [levels]level
	starts    [levels]int // startOverride; -1 for none
}

// numbering knows the lists of a document and counts as paragraphs pass.
type numbering struct {
	abstracts map[string]*[levels]level
	links     map[string]string // abstract list -> style whose list it stands for
	lists     map[string]*list
	styles    map[string]paragraphStyle
	fallback  string // the default paragraph style
	counts    map[string]*[levels]int
	begun     map[string]bool // numId/level whose startOverride was used
}

// paragraphStyle is what a style says about numbers.
type paragraphStyle struct {
	basedOn string
	num     numRef
}

// numRef is a paragraph's or a style's reference to a list.
type numRef struct {
	id    string // "" when nothing is said; "0" means no number
	level int    // -1 when not said
}

// newNumbering makes a numbering without lists.
func newNumbering() *numbering {
	return &numbering{abstracts: map[string]*[levels]level{}, links: map[string]string{}, lists: map[string]*list{},
		styles: map[string]paragraphStyle{}, counts: map[string]*[levels]int{}, begun: map[string]bool{}}
}

// readLists reads word/numbering.xml.
func (n *numbering) readLists(data []byte) error {
	x, err := newXMLReader(data)
	if err != nil {
		return err
	}
	if _, err := x.root(); err != nil {
		return err
	}
	return x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "abstractNum":
			return n.readAbstract(x, attr(e, "abstractNumId"))
		case "num":
			return n.readList(x, attr(e, "numId"))
		}
		return x.skip()
	})
}

// readAbstract reads one w:abstractNum.
func (n *numbering) readAbstract(x *xmlReader, id string) error {
	var all [levels]level
	err := x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "lvl":
			return readLevel(x, e, &all)
		case "numStyleLink":
			n.links[id] = attr(e, "val")
		}
		return x.skip()
	})
	n.abstracts[id] = &all
	return err
}

// readLevel reads one w:lvl into its place; a level out of range is ignored.
func readLevel(x *xmlReader, e xml.StartElement, into *[levels]level) error {
	l := level{start: 1, format: "decimal", suffix: "tab", restart: -1, set: true}
	err := l.read(x)
	if i, convErr := strconv.Atoi(attr(e, "ilvl")); convErr == nil && i >= 0 && i < levels {
		into[i] = l
	}
	return err
}

// read fills the level from its properties, also those inside alternatives.
func (l *level) read(x *xmlReader) error {
	return x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "AlternateContent", "Choice", "Fallback":
			return l.read(x)
		case "start":
			l.start = number(attr(e, "val"), 1)
		case "numFmt":
			l.format = attr(e, "val")
		case "lvlText":
			l.text = attr(e, "val")
		case "suff":
			l.suffix = attr(e, "val")
		case "lvlRestart":
			l.restart = number(attr(e, "val"), -1)
		case "isLgl":
			l.legal = on(e)
		case "pStyle":
			l.style = attr(e, "val")
		}
		return x.skip()
	})
}

// readList reads one w:num.
func (n *numbering) readList(x *xmlReader, id string) error {
	use := &list{}
	for i := range use.starts {
		use.starts[i] = -1
	}
	err := x.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "abstractNumId":
			use.abstract = attr(e, "val")
		case "lvlOverride":
			i := number(attr(e, "ilvl"), -1)
			return x.children(func(o xml.StartElement) error {
				switch {
				case o.Name.Local == "lvl":
					return readLevel(x, o, &use.overrides)
				case o.Name.Local == "startOverride" && i >= 0 && i < levels:
					use.starts[i] = number(attr(o, "val"), 1)
				}
				return x.skip()
			})
		}
		return x.skip()
	})
	n.lists[id] = use
	return err
}

// number reads a small integer; anything else is the fallback.
func number(s string, fallback int) int {
	if v, err := strconv.Atoi(s); err == nil && v >= 0 && v < 1<<20 {
		return v
	}
	return fallback
}

// label counts the paragraph and returns its number as it is printed, with the
// space that keeps it apart from the text, or "" for a paragraph without one.
func (n *numbering) label(style string, own numRef) string {
	ref := n.resolve(style, own)
	use := n.lists[ref.id]
	if use == nil || ref.id == "0" {
		return ""
	}
	abstract := n.follow(use.abstract)
	l := n.levelOf(use, abstract, ref.level)
	if !l.set {
		return ""
	}
	n.count(use, abstract, ref)
	return n.render(use, abstract, ref.level, l)
}

// follow passes from a list that only names a style to the style's list.
func (n *numbering) follow(abstract string) string {
	for range 4 {
		style, linked := n.links[abstract]
		if !linked {
			break
		}
		use := n.lists[n.styles[style].num.id]
		if use == nil {
			break
		}
		abstract = use.abstract
	}
	return abstract
}

// resolve finds the paragraph's list: its own, else the nearest style's.
func (n *numbering) resolve(style string, own numRef) numRef {
	if style == "" {
		style = n.fallback
	}
	found := own
	for s, hops := style, 0; s != "" && hops < 20; s, hops = n.styles[s].basedOn, hops+1 {
		of := n.styles[s].num
		if found.id == "" && of.id != "" {
			found.id = of.id
			if found.level < 0 {
				found.level = n.levelNumbering(of.id, s)
			}
		}
		if found.level < 0 && of.level >= 0 && found.id == of.id {
			found.level = of.level
		}
	}
	if found.level < 0 || found.level >= levels {
		found.level = 0
	}
	return found
}

// levelNumbering finds the level of a list that belongs to a style, or -1.
func (n *numbering) levelNumbering(id, style string) int {
	use := n.lists[id]
	if use == nil {
		return -1
	}
	if abstract := n.abstracts[n.follow(use.abstract)]; abstract != nil {
		for i, l := range abstract {
			if l.set && l.style == style {
				return i
			}
		}
	}
	return -1
}

// levelOf returns the level's definition for this use of the list.
func (n *numbering) levelOf(use *list, abstract string, i int) level {
	if use.overrides[i].set {
		return use.overrides[i]
	}
	if all := n.abstracts[abstract]; all != nil {
		return all[i]
	}
	return level{}
}

// count moves the level's counter on and resets the levels below it. A counter
// of 0 means that the level has not been used since its last reset; counters
// hold one more than the number, so that a list may start at 0.
func (n *numbering) count(use *list, abstract string, ref numRef) {
	c := n.counts[abstract]
	if c == nil {
		c = &[levels]int{}
		n.counts[abstract] = c
	}
	key := ref.id + "/" + strconv.Itoa(ref.level)
	switch {
	case use.starts[ref.level] >= 0 && !n.begun[key]:
		c[ref.level] = use.starts[ref.level] + 1
	case c[ref.level] == 0:
		c[ref.level] = n.levelOf(use, abstract, ref.level).start + 1
	default:
		c[ref.level]++
	}
	n.begun[key] = true
	for i := ref.level + 1; i < levels; i++ {
		restart := n.levelOf(use, abstract, i).restart
		if restart < 0 || restart > ref.level {
			c[i] = 0
		}
	}
}

// render writes the number of a level from its pattern: %1 is the number of the
// first level, and so on.
func (n *numbering) render(use *list, abstract string, at int, l level) string {
	if l.format == "bullet" {
		return bullet(l.text) + " "
	}
	counts := n.counts[abstract]
	var b strings.Builder
	for rest := []rune(l.text); len(rest) > 0; rest = rest[1:] {
		if rest[0] != '%' || len(rest) < 2 || rest[1] < '1' || rest[1] > '9' {
			b.WriteRune(rest[0])
			continue
		}
		i := int(rest[1] - '1')
		of := n.levelOf(use, abstract, i)
		value := counts[i] - 1
		if value < 0 {
			value = of.start
		}
		format := of.format
		if l.legal && i < at {
			format = "decimal"
		}
		b.WriteString(formatNumber(format, value))
		rest = rest[1:]
	}
	return apart(b.String(), l.suffix)
}

// bullet returns the sign of an unnumbered list. Signs of symbol fonts lie in
// the private area and mean nothing in text.
func bullet(text string) string {
	for _, r := range text {
		if sign, known := symbols[r]; known {
			return string(sign)
		}
		if !unicode.Is(unicode.Co, r) && !unicode.IsSpace(r) {
			return string(r)
		}
	}
	return "•"
}

// apart adds the space between a number and its text, except after a Chinese
// sign, where no writer puts one: "一、加强" but "1. 5万家".
func apart(label, suffix string) string {
	if label == "" || suffix == "nothing" {
		return label
	}
	last := []rune(label)[len([]rune(label))-1]
	if last > 0x2000 {
		return label
	}
	return label + " "
}
