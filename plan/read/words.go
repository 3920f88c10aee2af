package read

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// words is a fixed list of words that can be looked for at a position of the
// text, forwards and backwards, the longest first.
type words struct {
	byFirst, byLast map[rune][][]rune
	first, last     runeFilter
}

// runeFilter says quickly that a rune is not in a set; it is small, so that the
// filters of all lists stay in the cache, and may say yes for a rune that is not.
type runeFilter [64]uint64

func (b *runeFilter) add(c rune)      { b[(c>>6)&63] |= 1 << (c & 63) }
func (b *runeFilter) has(c rune) bool { return b[(c>>6)&63]&(1<<(c&63)) != 0 }

// runeSet is a set of runes below U+10000 for a quick no.
type runeSet [1024]uint64

func (b *runeSet) add(c rune)      { b[(c>>6)&1023] |= 1 << (c & 63) }
func (b *runeSet) has(c rune) bool { return b[(c>>6)&1023]&(1<<(c&63)) != 0 }

// listOf makes a list from words separated by white space.
func listOf(s string) *words {
	w := &words{byFirst: map[rune][][]rune{}, byLast: map[rune][][]rune{}}
	for _, f := range strings.Fields(s) {
		r := []rune(f)
		w.byFirst[r[0]] = append(w.byFirst[r[0]], r)
		w.byLast[r[len(r)-1]] = append(w.byLast[r[len(r)-1]], r)
		w.first.add(r[0])
		w.last.add(r[len(r)-1])
	}
	for _, m := range []map[rune][][]rune{w.byFirst, w.byLast} {
		for _, l := range m {
			sort.SliceStable(l, func(i, j int) bool { return len(l[i]) > len(l[j]) })
		}
	}
	return w
}

// at returns the length of the longest word at the head of x, or 0.
func (w *words) at(x []rune) int {
	if len(x) == 0 || !w.first.has(x[0]) {
		return 0
	}
	for _, c := range w.byFirst[x[0]] {
		if hasPrefix(x, c) {
			return len(c)
		}
	}
	return 0
}

// before returns the length of the longest word at the end of x, or 0.
func (w *words) before(x []rune) int {
	if len(x) == 0 || !w.last.has(x[len(x)-1]) {
		return 0
	}
	for _, c := range w.byLast[x[len(x)-1]] {
		if len(c) <= len(x) && hasPrefix(x[len(x)-len(c):], c) {
			return len(c)
		}
	}
	return 0
}

// find returns the first place in x where a word stands, or -1.
func (w *words) find(x []rune) int {
	for i := range x {
		if n := w.at(x[i:]); n > 0 {
			return i
		}
	}
	return -1
}

// in says whether a word of the list stands anywhere in x.
func (w *words) in(x []rune) bool {
	return w.find(x) >= 0
}

// is says whether x is a word of the list.
func (w *words) is(x []rune) bool { return len(x) > 0 && w.at(x) == len(x) }

func hasPrefix(x, p []rune) bool {
	if len(x) < len(p) {
		return false
	}
	for i, c := range p {
		if x[i] != c {
			return false
		}
	}
	return true
}

func startsWith(x []rune, s string) bool {
	i := 0
	for _, c := range s {
		if i >= len(x) || x[i] != c {
			return false
		}
		i++
	}
	return true
}

func endsWith(x []rune, s string) bool {
	n := utf8.RuneCountInString(s)
	return len(x) >= n && startsWith(x[len(x)-n:], s)
}

func contains(x []rune, s string) bool { return index(x, s) >= 0 }

func index(x []rune, s string) int {
	first, _ := utf8.DecodeRuneInString(s)
	for i, c := range x {
		if c == first && startsWith(x[i:], s) {
			return i
		}
	}
	return -1
}

func setOf(s string) map[string]bool {
	m := map[string]bool{}
	for _, f := range strings.Fields(s) {
		m[f] = true
	}
	return m
}
