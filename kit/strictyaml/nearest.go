package strictyaml

import (
	"fmt"
	"unicode/utf8"
)

// Nearest returns the word among the known ones that needs the fewest changes
// to become s, or "" if none needs few enough to be what was meant.
func Nearest(s string, known []string) string {
	best, least := "", utf8.RuneCountInString(s)/3+2
	for _, k := range known {
		if d := changes([]rune(s), []rune(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// OneOf says what was expected instead of s: a thing of that kind, and which of the
// known ones was probably meant.
func OneOf(what, s string, known []string) string {
	if near := Nearest(s, known); near != "" {
		return fmt.Sprintf("%s（是不是“%s”？）", what, near)
	}
	return what
}

// changes counts the insertions, deletions and replacements between a and b
// (Levenshtein 1966).
func changes(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ra := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, rb := range b {
			cost := diagonal
			if ra != rb {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
