package office

import (
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Book is a workbook to be written: one or more lists, each on its sheet.
type Book struct {
	Title   string    // of the file's properties
	Author  string    // of the file's properties: the institution, not the program
	Created time.Time // of the file's properties; the zero time is left out
	Sheets  []Sheet
}

// Sheet is one list.
type Sheet struct {
	Name    string // on the tab; cut and mended to what a workbook allows
	Title   string // above the table, centred; empty for none
	Note    string // a line under the title (unit of measure, date of the figures); empty for none
	Columns []Column
	Rows    iter.Seq2[[]Cell, error] // taken once; an error ends the writing
	Form    bool                     // to be filled in: see Column's Key, Choices and Hint
	Plain   bool                     // no filter: text to be read
}

// Column says how the cells of a column look. A cell may be of another kind
// than its column, for example a text among numbers; it is written as it is.
type Column struct {
	Header   string
	Width    float64 // in characters of the body font, two for a Chinese one; 0 for a width by kind
	Kind     Kind
	Decimals int // of KindNumber and KindPercent

	// Of a form:
	Key      string   // stands in a hidden row above the header, so that a column is known wherever it is moved
	Required bool     // the header is marked
	Choices  []string // offered in a drop-down
	Free     bool     // something else than the choices may be typed
	Hint     string   // a note on the header
}

// Kind is what a column holds.
type Kind int

// The kinds of columns.
const (
	KindText    Kind = iota // left, wrapped
	KindInteger             // 1,234
	KindNumber              // 1,234.50
	KindPercent             // 12.5%, from a cell that holds 0.125
	KindDate                // 2026-03-01
	KindAny                 // right, as the program shows what is typed
)

// Cell is one value. The zero Cell is an empty one.
type Cell struct {
	value any
	wrong bool   // to be mended: coloured
	note  string // why
}

// Wrong marks the cell as one to be mended, with the reason as a note on it.
func (c Cell) Wrong(reason string) Cell {
	c.wrong, c.note = true, reason
	return c
}

// maxCellText is how many UTF-16 units a cell can hold.
const maxCellText = 32767

// exactUnits is the bound up to which a workbook keeps every digit of a number:
// it stores 15 significant digits.
const exactUnits = 1_000_000_000_000_000

// TextCell holds a text. It stays a text whatever it begins with, so that
// "=1+1" typed by a stranger never becomes a formula.
func TextCell(s string) Cell {
	if s = sheetText(s); s == "" {
		return Cell{}
	}
	return Cell{value: s}
}

// IntegerCell holds a whole number.
func IntegerCell(n int64) Cell { return NumberCell(n, 0) }

// NumberCell holds units × 10^-decimals: NumberCell(12345, 2) is 123.45, and
// NumberCell(125, 3) in a percent column is 12.5%. A number with more digits
// than a workbook keeps is written as text, exactly.
func NumberCell(units int64, decimals int) Cell {
	if units <= -exactUnits || units >= exactUnits || decimals < 0 || decimals > 15 {
		return Cell{value: decimalText(units, decimals)}
	}
	if decimals == 0 {
		return Cell{value: units}
	}
	v, err := strconv.ParseFloat(decimalText(units, decimals), 64)
	if err != nil {
		return Cell{value: decimalText(units, decimals)}
	}
	return Cell{value: v}
}

// decimalText writes units × 10^-decimals without losing a digit.
func decimalText(units int64, decimals int) string {
	digits := strconv.FormatInt(units, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	if decimals <= 0 {
		return sign + digits + strings.Repeat("0", min(-decimals, 30))
	}
	if len(digits) <= decimals {
		digits = strings.Repeat("0", decimals-len(digits)+1) + digits
	}
	return sign + digits[:len(digits)-decimals] + "." + digits[len(digits)-decimals:]
}

// date is a day as a workbook counts it.
type date int

// DateCell holds a civil date, as a real date that sorts and filters. Dates
// before March 1900, which workbooks count wrongly, are written as text.
func DateCell(year int, month time.Month, day int) Cell {
	d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if d.Before(time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)) || year > 9999 {
		return Cell{value: d.Format("2006-01-02")}
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	return Cell{value: date(math.Round(d.Sub(first).Hours() / 24))}
}

// SliceRows makes rows of a slice.
func SliceRows(rows [][]Cell) iter.Seq2[[]Cell, error] {
	return func(yield func([]Cell, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// sheetText removes what a workbook cannot hold and cuts what is too long,
// saying so.
func sheetText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if r == '\r' || unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	const mark = "…（过长，已截断）"
	units, cut := 0, 0
	for i, r := range s {
		width := 1
		if r > 0xFFFF {
			width = 2
		}
		if units+width <= maxCellText-len([]rune(mark)) {
			cut = i + len(string(r))
		}
		if units += width; units > maxCellText {
			return s[:cut] + mark
		}
	}
	return s
}

// sheetNames makes the names on the tabs: at most 31 characters, without the
// signs that references use, each once.
func sheetNames(sheets []Sheet) []string {
	names := make([]string, len(sheets))
	used := map[string]bool{}
	for i, s := range sheets {
		base := strings.Trim(strings.Map(func(r rune) rune {
			if strings.ContainsRune(`[]:*?/\`, r) || unicode.IsControl(r) {
				return '_'
			}
			return r
		}, strings.ToValidUTF8(s.Name, "_")), "' ")
		if base == "" {
			base = "Sheet" + strconv.Itoa(i+1)
		}
		name := cutUnits(base, 31)
		for n := 2; used[strings.ToLower(name)]; n++ {
			tail := "(" + strconv.Itoa(n) + ")"
			name = cutUnits(base, 31-len(tail)) + tail
		}
		used[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

// cutUnits returns the longest head of s with at most limit UTF-16 units.
func cutUnits(s string, limit int) string {
	for i, r := range s {
		if limit--; r > 0xFFFF {
			limit--
		}
		if limit < 0 {
			return s[:i]
		}
	}
	return s
}
