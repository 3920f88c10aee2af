package sheet

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/kit/quantity"
	"bihuan/register"
)

// readValue turns a cell into the canonical text of a field whose value needs
// nothing but the cell: it understands the ways in which people and programs write
// a value, and leaves the judgement to the field. reason says what is wrong, in a
// person's words; it is empty for a good cell.
func readValue(f register.Field, v office.Value) (canonical, reason string) {
	if v.Kind == office.ValueError {
		if v.Text == "" {
			return "", "公式没有计算结果，请用 Excel 或 WPS 打开、保存后再上传，或直接填写值"
		}
		return "", "单元格是错误值，请直接填写值"
	}
	text := tidy(v.Text, f.Type == register.LongText || f.Type == register.Many)
	words := f.Type == register.Text && f.Pattern == "" || f.Type == register.LongText
	if plain := fold(text); !words && !asAsked(f, text) {
		text = plain
	}
	if text == "" || !words && isNothing(text) && f.Type != register.Truth && !slices.Contains(f.Options, text) {
		if f.Required {
			return "", "必填，不能空缺"
		}
		return "", ""
	}
	if n := len(text); v.Kind == office.ValueNumber && n > keptDigits && f.Type != register.Number && !strings.Contains(text, ".") {
		return "", lostDigits
	}
	if understand := forms[f.Type]; understand != nil {
		if text, reason = understand(f, v, text); reason != "" {
			return "", reason
		}
	}
	canonical, err := f.Canonical(text)
	if err != nil {
		var e *errs.Error
		if errors.As(err, &e) {
			return "", strings.TrimPrefix(e.Message, "“"+f.Label+"”")
		}
		return "", err.Error()
	}
	return canonical, ""
}

// asAsked reports whether a text has the form that its field asks for as it is: the
// form may itself have full-width signs.
func asAsked(f register.Field, text string) bool {
	_, err := f.Canonical(text)
	return f.Pattern != "" && err == nil
}

// forms understand the ways of writing a type; those that are not here are written
// in one way.
var forms = map[register.FieldType]func(f register.Field, v office.Value, text string) (plain, reason string){
	register.Number: readNumber,
	register.Date:   func(_ register.Field, v office.Value, text string) (string, string) { return readDate(v, text) },
	register.Choice: func(f register.Field, _ office.Value, text string) (string, string) {
		return readChoice(f.Options, text)
	},
	register.Many:      func(f register.Field, _ office.Value, text string) (string, string) { return readMany(f.Options, text) },
	register.Truth:     func(_ register.Field, _ office.Value, text string) (string, string) { return readTruth(text) },
	register.USCC:      func(_ register.Field, _ office.Value, text string) (string, string) { return readCode(text) },
	register.IDNumber:  func(_ register.Field, _ office.Value, text string) (string, string) { return readCode(text) },
	register.Phone:     func(_ register.Field, _ office.Value, text string) (string, string) { return readPhone(text), "" },
	register.Longitude: func(_ register.Field, _ office.Value, text string) (string, string) { return readDegrees(text), "" },
	register.Latitude:  func(_ register.Field, _ office.Value, text string) (string, string) { return readDegrees(text), "" },
}

// tidy removes what is not seen: spaces around, marks of no width, and, in one
// line, breaks.
func tidy(s string, lines bool) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == '\u3000' || r == '\t':
			return ' '
		case r == '\n' && lines:
			return r
		case r == '\n' || r == '\r':
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// fold writes full-width signs in their plain form: １２０．５ is 120.5.
func fold(s string) string { return strings.TrimSpace(norm.NFKC.String(s)) }

// bare is fold without any space.
func bare(s string) string { return strings.Join(strings.Fields(fold(s)), "") }

// isNothing knows the signs that people type to say that there is nothing.
func isNothing(s string) bool {
	return slices.Contains([]string{"/", "-", "—", "——", "--", "无", "暂无", "N/A"}, s)
}

func readNumber(f register.Field, v office.Value, text string) (string, string) {
	if v.Kind == office.ValueDate || v.Kind == office.ValueBool {
		return "", "应填写数，请检查单元格格式"
	}
	plain := strings.NewReplacer(" ", "", ",", "").Replace(text)
	if f.Unit != "" {
		plain = strings.TrimSuffix(plain, fold(f.Unit))
	}
	if _, err := quantity.Parse(plain); err != nil {
		if _, float := strconv.ParseFloat(plain, 64); float == nil {
			return "", "数值过大，或小数超过四位"
		}
		return "", "不是数，请只写数字，不写单位和“约”等字"
	}
	return plain, ""
}

var dateForms = []*regexp.Regexp{
	regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$`),
	regexp.MustCompile(`^(\d{4})年(\d{1,2})月(\d{1,2})[日号]?$`),
	regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`),
}

// Days that a workbook counts for the years 2000 to 2099: a date pasted as a number.
const (
	firstSerial = 36526
	lastSerial  = 73050
)

func readDate(v office.Value, text string) (string, string) {
	if v.Kind == office.ValueDate {
		text = v.Date.Format(time.DateOnly)
	}
	if n, err := strconv.Atoi(text); err == nil && v.Kind == office.ValueNumber && n >= firstSerial && n <= lastSerial {
		return calendar.Of(1899, time.December, 30).AddDays(n).String(), ""
	}
	for _, form := range dateForms {
		m := form.FindStringSubmatch(bareDate(text))
		if m == nil {
			continue
		}
		year, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		day, _ := strconv.Atoi(m[3])
		d := calendar.Of(year, time.Month(month), day)
		if d.IsZero() || int(d.Month()) != month || d.Day() != day || year < 1900 || year > 2100 {
			return "", "没有这一天"
		}
		return d.String(), ""
	}
	return "", "不是日期，请写作 2026-06-30 的样子，年月日都要有"
}

// bareDate removes spaces around the signs of a date, not the one before a time.
func bareDate(s string) string {
	if strings.ContainsAny(s, "年月") {
		return strings.Join(strings.Fields(s), "")
	}
	return s
}

func readChoice(options []string, text string) (string, string) {
	if o, ok := option(options, text); ok {
		return o, ""
	}
	return "", "没有这个选项，可填：" + offered(options)
}

// option finds what was meant, whatever its spaces, widths and letters.
func option(options []string, text string) (string, bool) {
	if slices.Contains(options, text) {
		return text, true
	}
	for _, o := range options {
		if strings.EqualFold(bare(o), bare(text)) {
			return o, true
		}
	}
	return "", false
}

func offered(options []string) string {
	const most = 12
	if len(options) > most {
		return strings.Join(options[:most], "、") + " 等，见模板的下拉列表"
	}
	return strings.Join(options, "、")
}

func readMany(options []string, text string) (string, string) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,;；|\n", r) })
	if _, whole := option(options, text); whole {
		parts = []string{text}
	}
	chosen := map[string]bool{}
	for _, part := range parts {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		o, ok := option(options, part)
		if !ok {
			return "", "没有“" + clip(part) + "”这个选项，可填：" + offered(options) + "；几项之间用顿号"
		}
		chosen[o] = true
	}
	var in []string
	for _, o := range options {
		if chosen[o] {
			in = append(in, o)
		}
	}
	return strings.Join(in, "、"), ""
}

func readTruth(text string) (string, string) {
	switch strings.ToLower(text) {
	case "是", "有", "对", "√", "✓", "y", "yes", "true", "1":
		return "是", ""
	case "否", "无", "没有", "不是", "×", "n", "no", "false", "0":
		return "否", ""
	}
	return "", "请填“是”或“否”"
}

// keptDigits is how many digits of a number a workbook keeps; it makes the others zero.
const keptDigits = 15

// lostDigits is the reason for a long code in a number cell.
const lostDigits = "长号码存成了数字，末尾几位已经丢失：请把单元格设为文本格式再填写"

// readCode reads a code of 18 signs.
func readCode(text string) (string, string) {
	code := strings.ToUpper(bare(text))
	if n := len([]rune(code)); n != 18 {
		return "", fmt.Sprintf("应为 18 位，现有 %d 位", n)
	}
	return code, ""
}

// readPhone takes the country's number and the signs between groups of digits away.
func readPhone(text string) string {
	digits := strings.NewReplacer("—", "", "–", "", "-", "", "(", "", ")", "").Replace(bare(text))
	return strings.TrimPrefix(digits, "+86")
}

// readDegrees cuts what is finer than a centimetre.
func readDegrees(text string) string {
	plain := strings.TrimSuffix(bare(text), "°")
	f, err := strconv.ParseFloat(plain, 64)
	if err != nil {
		return plain
	}
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(f, 'f', 7, 64), "0"), ".")
}

// clip shortens a text that is quoted.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
