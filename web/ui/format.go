package ui

import (
	"math"
	"strconv"
	"strings"
)

// percent writes a share of 0 to 100 for an SVG attribute, with a full stop
// whatever the locale and no more digits than a screen can show.
func percent(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) + "%"
}

// px writes a length in SVG units.
func px(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// clamp keeps v between lo and hi; a value that is not a number becomes lo.
func clamp(v, lo, hi float64) float64 {
	if math.IsNaN(v) || v < lo {
		return lo
	}
	return math.Min(v, hi)
}

// GroupDigits puts a comma after every third digit of the whole part of a
// decimal text, such as "1234567.80" → "1,234,567.80". Anything that is not a
// plain decimal number comes back unchanged.
func GroupDigits(s string) string {
	body, sign := s, ""
	if strings.HasPrefix(body, "-") {
		sign, body = "-", body[1:]
	}
	whole, frac, dotted := strings.Cut(body, ".")
	if whole == "" || strings.Trim(whole+frac, "0123456789") != "" || dotted && frac == "" {
		return s
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if dotted {
		b.WriteByte('.')
		b.WriteString(frac)
	}
	return b.String()
}

// Int writes a whole number with commas.
func Int(n int64) string { return GroupDigits(strconv.FormatInt(n, 10)) }

// Fen writes an amount of money given in fen as yuan: 123456 → "1,234.56".
func Fen(fen int64) string {
	sign, n := "", uint64(fen)
	if fen < 0 {
		sign, n = "-", -n
	}
	cents := strconv.FormatUint(n%100, 10)
	if len(cents) == 1 {
		cents = "0" + cents
	}
	return sign + GroupDigits(strconv.FormatUint(n/100, 10)) + "." + cents
}

// Bytes writes a size for people: "820 B", "1.5 MB".
func Bytes(n int64) string {
	units := []string{"B", "KB", "MB", "GB", "TB"}
	v, i := float64(n), 0
	for v >= 1024 && i < len(units)-1 {
		v, i = v/1024, i+1
	}
	if i == 0 {
		return strconv.FormatInt(n, 10) + " B"
	}
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) + " " + units[i]
}
