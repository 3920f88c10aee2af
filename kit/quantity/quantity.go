// Package quantity holds exact numbers of things: shops, kilometres, percent,
// yuan of an effect. (Money that moves is not a quantity; it is whole fen.)
//
// A Quantity is an integer number of ten-thousandths. Four decimals are more
// than any published target uses, sums stay exact, and both database engines
// add and compare it as BIGINT. Range: ±922 万亿 (9.2e14).
package quantity

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// Scale is the number of Quantity units in 1.
const Scale = 10_000

// Quantity is an exact decimal number with four decimals. The zero value is 0.
type Quantity int64

// ErrRange says that a result does not fit.
var ErrRange = errors.New("quantity out of range")

// Of returns n as a quantity; it panics beyond the range, so it is for constants and counts.
func Of(n int64) Quantity {
	if n > math.MaxInt64/Scale || n < math.MinInt64/Scale {
		panic(ErrRange)
	}
	return Quantity(n * Scale)
}

// Parse reads a plain decimal such as "1300", "-0.5" or "12.25". It accepts
// grouping commas ("1,300") and refuses more than four decimals, exponents and
// anything else, so that no typed figure is rounded silently.
func Parse(s string) (Quantity, error) {
	t := strings.ReplaceAll(strings.TrimSpace(s), ",", "")
	neg := strings.HasPrefix(t, "-")
	t = strings.TrimPrefix(strings.TrimPrefix(t, "-"), "+")
	whole, frac, point := strings.Cut(t, ".")
	if whole == "" || (point && frac == "") || len(frac) > 4 {
		return 0, fmt.Errorf("not a number with at most four decimals: %q", s)
	}
	var n uint64
	for _, c := range whole + (frac + "0000")[:4] {
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("not a number: %q", s)
		}
		hi, lo := bits.Mul64(n, 10)
		n = lo + uint64(c-'0')
		if hi != 0 || n > math.MaxInt64 {
			return 0, ErrRange
		}
	}
	if neg {
		return -Quantity(n), nil
	}
	return Quantity(n), nil
}

// MulInt returns q×n, or ErrRange.
func (q Quantity) MulInt(n int64) (Quantity, error) {
	if q == 0 || n == 0 {
		return 0, nil
	}
	p := int64(q) * n
	if p/n != int64(q) || (n == -1 && int64(q) == math.MinInt64) {
		return 0, ErrRange
	}
	return Quantity(p), nil
}

// Add returns q+r, or ErrRange.
func (q Quantity) Add(r Quantity) (Quantity, error) {
	s := q + r
	if (s > q) != (r > 0) && r != 0 {
		return 0, ErrRange
	}
	return s, nil
}

// MulDiv returns q×num÷den rounded half away from zero, exact in between, or
// ErrRange. den must be positive.
func (q Quantity) MulDiv(num, den int64) (Quantity, error) {
	if den <= 0 {
		return 0, ErrRange
	}
	neg := (q < 0) != (num < 0)
	hi, lo := bits.Mul64(magnitude(int64(q)), magnitude(num))
	lo, carry := bits.Add64(lo, uint64(den)/2, 0)
	hi += carry
	if hi >= uint64(den) {
		return 0, ErrRange
	}
	n, _ := bits.Div64(hi, lo, uint64(den))
	if n > math.MaxInt64 {
		return 0, ErrRange
	}
	if neg {
		return -Quantity(n), nil
	}
	return Quantity(n), nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// Float returns the nearest float, for ratios and charts only.
func (q Quantity) Float() float64 { return float64(q) / Scale }

// String gives the shortest plain decimal: "1300", "5.5".
func (q Quantity) String() string {
	sign, n := "", uint64(q)
	if q < 0 {
		sign, n = "-", -n
	}
	s := fmt.Sprintf("%s%d.%04d", sign, n/Scale, n%Scale)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// MarshalJSON writes a JSON number.
func (q Quantity) MarshalJSON() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalJSON reads a JSON number or a string holding one.
func (q *Quantity) UnmarshalJSON(b []byte) error {
	v, err := Parse(strings.Trim(string(b), `"`))
	if err != nil {
		return err
	}
	*q = v
	return nil
}
