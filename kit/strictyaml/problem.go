package strictyaml

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is one thing in a file that is wrong, in the words of its author.
type Problem struct {
	File     string `json:"file"`             // path inside the folder
	Line     int    `json:"line,omitempty"`   // from 1; 0 if the file as a whole is meant
	Column   int    `json:"column,omitempty"` // from 1; 0 if not known
	Path     string `json:"path,omitempty"`   // where in the file: units[3].kind
	Found    string `json:"found"`            // what stands there
	Expected string `json:"expected"`         // what should stand there
}

// String gives one line: where, what was found, what was expected.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Line > 0 && p.Column > 0 {
		fmt.Fprintf(&b, ":%d", p.Column)
	}
	if p.Path != "" {
		b.WriteString(" " + p.Path)
	}
	space := ""
	if p.Expected != "" && p.Expected[0] < utf8.RuneSelf {
		space = " "
	}
	fmt.Fprintf(&b, "：%s，应为%s%s", p.Found, space, p.Expected)
	return b.String()
}

// Errors are all problems of a folder.
type Errors []Problem

// Error gives one problem a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, p := range e {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Sorted orders the problems by file, line and column.
func (e Errors) Sorted() Errors {
	slices.SortStableFunc(e, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return e
}
