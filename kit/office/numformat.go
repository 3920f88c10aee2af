package office

import (
	"strconv"
	"strings"
)

// formatNumber writes n in a numbering format of Word (ECMA-376 part 1,
// §17.18.59 ST_NumberFormat). Formats that have no sign for n, and formats
// unknown here, are written as ordinary digits, as Word does.
func formatNumber(format string, n int) string {
	switch format {
	case "none":
		return ""
	case "decimalZero":
		if n < 10 && n >= 0 {
			return "0" + strconv.Itoa(n)
		}
	case "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
		"taiwaneseCountingThousand", "japaneseDigitalTenThousand2", "koreanDigital2":
		return hanNumber(n, "零一二三四五六七八九", "十百千")
	case "chineseLegalSimplified":
		return hanNumber(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟")
	case "ideographLegalTraditional", "japaneseLegal":
		return hanNumber(n, "零壹貳參肆伍陸柒捌玖", "拾佰仟")
	case "ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital":
		return eachDigit(n, []rune("〇一二三四五六七八九"))
	case "decimalFullWidth", "decimalFullWidth2":
		return eachDigit(n, []rune("０１２３４５６７８９"))
	case "ideographTraditional":
		return oneOf(n, "甲乙丙丁戊己庚辛壬癸")
	case "ideographZodiac":
		return oneOf(n, "子丑寅卯辰巳午未申酉戌亥")
	case "ideographEnclosedCircle":
		return oneOf(n, "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉")
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		return circled(n)
	case "decimalEnclosedParen":
		return oneOf(n, "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇")
	case "decimalEnclosedFullstop":
		return oneOf(n, "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛")
	case "upperLetter":
		return letters(n, 'A')
	case "lowerLetter":
		return letters(n, 'a')
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	}
	return strconv.Itoa(n)
}

// hanNumber writes 1 to 9,999 with Chinese digits and places: 12 is 十二, 105
// is 一百零五. Other numbers are written with ordinary digits.
func hanNumber(n int, digits, places string) string {
	if n <= 0 || n > 9999 {
		return strconv.Itoa(n)
	}
	d, p := []rune(digits), []rune(places)
	var b strings.Builder
	started, gap := false, false
	for place, unit := 3, 1000; place >= 0; place, unit = place-1, unit/10 {
		digit := n / unit % 10
		if digit == 0 {
			gap = started
			continue
		}
		if gap {
			b.WriteRune(d[0])
			gap = false
		}
		if !(place == 1 && digit == 1 && !started) { // 十二, not 一十二
			b.WriteRune(d[digit])
		}
		if place > 0 {
			b.WriteRune(p[place-1])
		}
		started = true
	}
	return b.String()
}

// eachDigit writes the decimal digits of n with other signs.
func eachDigit(n int, signs []rune) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return signs[r-'0']
		}
		return r
	}, strconv.Itoa(n))
}

// oneOf takes the nth sign, or ordinary digits beyond the last.
func oneOf(n int, signs string) string {
	if s := []rune(signs); n >= 1 && n <= len(s) {
		return string(s[n-1])
	}
	return strconv.Itoa(n)
}

// circled writes ① to ㊿, or ordinary digits beyond.
func circled(n int) string {
	switch {
	case n >= 1 && n <= 20:
		return string(rune('①' + n - 1))
	case n >= 21 && n <= 35:
		return string(rune('㉑' + n - 21))
	case n >= 36 && n <= 50:
		return string(rune('㊱' + n - 36))
	}
	return strconv.Itoa(n)
}

// letters writes A to Z, then AA to ZZ, then AAA: the letter repeated.
func letters(n int, first rune) string {
	if n < 1 || n > 26*20 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(first+rune((n-1)%26)), (n-1)/26+1)
}

// roman writes 1 to 3,999 in Roman numerals, or ordinary digits beyond.
func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	steps := []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}}
	var b strings.Builder
	for _, s := range steps {
		for ; n >= s.value; n -= s.value {
			b.WriteString(s.sign)
		}
	}
	return b.String()
}
