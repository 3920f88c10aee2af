package matter

import (
	"slices"
	"strings"

	"bihuan/kit/gongwen"
	"bihuan/kit/seal"
)

// A person's name comes masked out of a record: 王*. In a text it is typed over like
// any word; in a table, which the program fills, only these cells can be typed in.

// Person is a cell of a table that holds a person's name.
type Person struct {
	Row   string // what the row is about
	Value string // masked until somebody types the name
}

// Persons lists the cells of a body's tables that hold persons, in their order.
func Persons(body []gongwen.Block) (all []Person) {
	editTables(body, func(header string, row []gongwen.Cell, i int) string {
		if header == personHeader {
			all = append(all, Person{Row: strings.Join([]string{textOf(row[0]), textOf(row[1])}, " "), Value: textOf(row[i])})
		}
		return ""
	})
	return all
}

// setPersons writes typed names into the cells that Persons lists. One that comes back
// as it stands there, masked, or empty leaves the cell alone.
func setPersons(body []gongwen.Block, typed []string) (changed []gongwen.Block, names []string) {
	n := 0
	changed = editTables(body, func(header string, row []gongwen.Cell, i int) string {
		if header != personHeader {
			return ""
		}
		n++
		if n > len(typed) {
			return ""
		}
		name := strings.TrimSpace(typed[n-1])
		if name == textOf(row[i]) {
			return ""
		}
		if name != "" {
			names = append(names, name)
		}
		return name
	})
	return changed, names
}

// editTables gives a body in which each cell of a table holds what f gives for it;
// "" leaves it. The body itself stays as it is.
func editTables(body []gongwen.Block, f func(header string, row []gongwen.Cell, i int) string) []gongwen.Block {
	body = slices.Clone(body)
	for b, x := range body {
		if x.Table == nil {
			continue
		}
		t := *x.Table
		t.Rows = slices.Clone(t.Rows)
		for r, row := range t.Rows {
			t.Rows[r] = slices.Clone(row)
			for i := range row {
				if text := f(headerOf(t, i), row, i); text != "" {
					t.Rows[r][i] = gongwen.Cell{gongwen.Text(text)}
				}
			}
		}
		body[b].Table = &t
	}
	return body
}

func headerOf(t gongwen.Table, i int) string {
	if i < len(t.Columns) {
		return t.Columns[i].Header
	}
	return ""
}

func textOf(c gongwen.Cell) string {
	var b strings.Builder
	for _, r := range c {
		b.WriteString(r.Text)
	}
	return b.String()
}

// stillMasked names the persons of a document whose names nobody has typed.
func stillMasked(d gongwen.Document) (all []gongwen.Finding) {
	found := func(element string, paragraph int, text string) {
		if at := strings.IndexByte(text, '*'); at >= 0 {
			before := []rune(text[:at])
			quote := string(before[max(0, len(before)-8):]) + "*"
			all = append(all, gongwen.Finding{Rule: "masked", Text: "发出的文书写全名，系统里的个人信息默认遮蔽", Severity: gongwen.Warns,
				Place: gongwen.Place{Element: element, Paragraph: paragraph, Quote: quote, Advice: "姓名还是遮蔽的，请在“修改文字”中填写全名"}})
		}
	}
	for i, x := range d.Body {
		found("正文", i+1, textOf(append(gongwen.Cell(slices.Clone(x.Runs)), x.Then...)))
		if x.Table == nil {
			continue
		}
		for _, row := range x.Table.Rows {
			for _, c := range row {
				found("正文", i+1, textOf(c))
			}
		}
	}
	found("附注", 0, d.Note)
	return all
}

// masked are names as the audit log may keep them.
func masked(names []string) string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = seal.MaskName(n)
	}
	return strings.Join(all, "、")
}
