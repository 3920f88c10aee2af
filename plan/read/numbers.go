package read

import (
	"math/bits"

	"bihuan/kit/quantity"
)

// figure is a number in the text, runes a..b of the slice it was read from,
// with its magnitude (万, 亿) but without its unit.
type figure struct {
	a, b    int
	lo, hi  quantity.Quantity
	isRange bool
	arabic  bool // written with digits
	bare    bool // only a magnitude: 百家, 千款
	more    bool // 余, 多: a little more than
	percent bool // 百分之…
}

// compound says that the figure is written with several Chinese numerals
// (二十三, 一千三百), which count as surely as digits do.
func (f figure) compound() bool {
	return !f.arabic && !f.bare && f.lo > quantity.Of(10) && f.b-f.a >= 2
}

// decimal is an exact number n / 10^dec.
type decimal struct {
	n   uint64
	dec int
	ok  bool
}

func (v decimal) times(m uint64) decimal {
	hi, lo := bits.Mul64(v.n, m)
	if hi != 0 {
		return decimal{}
	}
	return decimal{lo, v.dec, v.ok}
}

// quantity converts without rounding; ok is false if four decimals do not do.
func (v decimal) quantity() (quantity.Quantity, bool) {
	for v.dec > 0 && v.n%10 == 0 {
		v.n, v.dec = v.n/10, v.dec-1
	}
	if !v.ok || v.dec > 4 {
		return 0, false
	}
	for ; v.dec < 4; v.dec++ {
		hi, lo := bits.Mul64(v.n, 10)
		if hi != 0 {
			return 0, false
		}
		v.n = lo
	}
	if v.n > 1<<62 {
		return 0, false
	}
	return quantity.Quantity(v.n), true
}

// magnitude is the factor of 十 百 千 万 亿, or 0.
func magnitude(c rune) uint64 {
	switch c {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	case '万':
		return 10_000
	case '亿':
		return 100_000_000
	}
	return 0
}

// numberAt reads a figure at rune i of x. The caller has made sure that the
// rune before is not part of a Latin word.
func numberAt(x []rune, i int) (figure, bool) {
	f := figure{a: i}
	if startsWith(x[i:], "百分之") {
		v, n := plainNumber(x, i+3)
		if i+3 < len(x) && x[i+3] == '百' {
			v, n = decimal{100, 0, true}, i+4
		}
		if !v.ok {
			return f, false
		}
		f.percent, f.b, f.arabic = true, n, true
		q, ok := v.quantity()
		f.lo, f.hi = q, q
		return f, ok
	}
	f.arabic = isDigit(x[i])
	v, n := plainNumber(x, i)
	if !v.ok {
		if f.arabic || magnitude(x[i]) < 100 {
			return f, false
		}
		f.bare, v, n = true, decimal{1, 0, true}, i
	}
	// a range: 2-3家, 2至3家, 5%-8%
	if w, m, ok := rangeEnd(x, n, f.arabic); ok {
		f.isRange = true
		mult, more, e := multiplier(x, m)
		lo, ok1 := v.times(mult).quantity()
		hi, ok2 := w.times(mult).quantity()
		if first, _, k := multiplier(x, n); k > n {
			lo, ok1 = v.times(first).quantity() // 1万-2万
		}
		f.lo, f.hi, f.b, f.more = lo, hi, e, more
		return f, ok1 && ok2 && hi > lo
	}
	mult, more, e := multiplier(x, n)
	if f.bare && e == n {
		return f, false
	}
	q, ok := v.times(mult).quantity()
	f.lo, f.hi, f.b, f.more = q, q, e, more
	return f, ok
}

// rangeEnd reads the second number of a range, from the mark at n on.
func rangeEnd(x []rune, n int, arabic bool) (decimal, int, bool) {
	k := n
	if _, _, e := multiplier(x, k); e > k {
		k = e
	} else if k < len(x) && x[k] == '%' {
		k++
	}
	if k+1 >= len(x) {
		return decimal{}, 0, false
	}
	switch c := x[k]; {
	case c == '-' || c == '~' || c == '—':
		k++
		if x[k] == c {
			k++
		}
	case (c == '至' || c == '到') && arabic:
		k++
	default:
		return decimal{}, 0, false
	}
	if k >= len(x) || isDigit(x[k]) != arabic {
		return decimal{}, 0, false
	}
	w, m := plainNumber(x, k)
	return w, m, w.ok && m > k
}

// multiplier reads 万, 亿, 百万, 万亿 and 多 or 余 around them.
func multiplier(x []rune, i int) (mult uint64, more bool, end int) {
	mult = 1
	for i < len(x) && end < 6 {
		c := x[i]
		if c == '多' || c == '余' || c == '来' && i+1 < len(x) && magnitude(x[i+1]) > 0 {
			if more || i+1 >= len(x) {
				break
			}
			if m := magnitude(x[i+1]); m == 0 && unitWords.at(x[i+1:]) == 0 {
				break
			}
			more = true
			i++
			continue
		}
		m := magnitude(c)
		if m == 0 || m == 10 && mult == 1 && !more {
			break
		}
		if c == '千' && i+1 < len(x) && kiloUnit(x[i+1]) {
			break
		}
		hi, lo := bits.Mul64(mult, m)
		if hi != 0 || lo > 1e16 {
			break
		}
		mult = lo
		i++
	}
	return mult, more, i
}

// kiloUnit says that 千 before c belongs to the unit: 千瓦, 千米, 千克.
func kiloUnit(c rune) bool {
	return c == '瓦' || c == '米' || c == '克' || c == '伏' || c == '卡' || c == '赫'
}

// plainNumber reads digits with a point and grouping commas, or Chinese
// numerals up to 千 (and with 万, 亿 where digits follow); it returns the end.
func plainNumber(x []rune, i int) (decimal, int) {
	if i < len(x) && isDigit(x[i]) {
		return digits(x, i)
	}
	return chinese(x, i)
}

func digits(x []rune, i int) (decimal, int) {
	var v decimal
	start, point := i, -1
	for i < len(x) {
		c := x[i]
		switch {
		case isDigit(c):
			if v.n > 1e17 {
				return decimal{}, i
			}
			v.n = v.n*10 + uint64(c-'0')
			if point >= 0 {
				v.dec++
			}
		case c == '.' && point < 0 && i+1 < len(x) && isDigit(x[i+1]):
			point = i
		case c == ',' && point < 0 && group(x, i, start):
		default:
			v.ok = true
			return v, i
		}
		i++
	}
	v.ok = true
	return v, i
}

// group says whether the comma at i divides groups of three digits.
func group(x []rune, i, start int) bool {
	if i-start > 3 && !(i-start >= 4 && x[i-4] == ',') {
		return false
	}
	for k := 1; k <= 3; k++ {
		if i+k >= len(x) || !isDigit(x[i+k]) {
			return false
		}
	}
	return i+4 >= len(x) || !isDigit(x[i+4])
}

// chinese reads numerals such as 二十五, 一百二十, 三千, 两. The result is not ok
// where no digit stands before a magnitude (百家) or digits follow one another
// (二〇二六).
func chinese(x []rune, i int) (decimal, int) {
	var total, section, digit uint64
	start, seen := i, false
	for i < len(x) && i-start < 12 {
		c := x[i]
		d := uint64(cnDigit(c))
		if c == '两' {
			d = 2
		}
		switch {
		case d > 0:
			if digit > 0 {
				return decimal{}, start // 二〇二六, 一二三: not a count
			}
			digit, seen = d, true
		case c == '零' && seen:
		case c == '十' || seen && (c == '百' || c == '千'):
			if digit == 0 {
				digit = 1
			}
			section, digit, seen = section+digit*magnitude(c), 0, true
		case seen && (c == '万' || c == '亿') && i+1 < len(x) && (cnDigit(x[i+1]) > 0 || x[i+1] == '零'):
			total, section, digit = (total+section+digit)*magnitude(c), 0, 0
		default:
			if !seen || c == '〇' || c == '○' {
				return decimal{}, start
			}
			return decimal{total + section + digit, 0, true}, i
		}
		i++
	}
	if !seen {
		return decimal{}, start
	}
	return decimal{total + section + digit, 0, true}, i
}

// isNumeral says whether a figure can begin with c.
func isNumeral(c rune) bool {
	if c < 0x80 {
		return isDigit(c)
	}
	switch c {
	case '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千', '万', '亿', '两':
		return true
	}
	return false
}
