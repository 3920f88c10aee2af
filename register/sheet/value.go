package sheet

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"bihuan/kit/calendar"
	"bihuan/kit/office"
	"bihuan/kit/quantity"
	"bihuan/register"
)

// Lengths of texts, in characters.
const (
	mostText     = 500
	mostLongText = 5000
)

// readValue turns a cell into the canonical text of a field whose value needs
// nothing but the cell. reason says what is wrong, in a person's words; it is
// empty for a good cell.
func readValue(f register.Field, pattern *regexp.Regexp, v office.Value) (canonical, reason string) {
	if v.Kind == office.ValueError {
		if v.Text == "" {
			return "", "公式没有计算结果，请用 Excel 或 WPS 打开、保存后再上传，或直接填写值"
		}
		return "", "单元格是错误值，请直接填写值"
	}
	text := tidy(v.Text, f.Type == register.LongText)
	if f.Type != register.Text && f.Type != register.LongText {
		text = fold(text)
	}
	if text == "" || f.Type != register.Text && f.Type != register.LongText && isNothing(text) && !slices.Contains(f.Options, text) && f.Type != register.Truth {
		if f.Required {
			return "", "必填，不能空缺"
		}
		return "", ""
	}
	switch f.Type {
	case register.Number:
		return readNumber(f, v, text)
	case register.Date:
		return readDate(v, text)
	case register.Choice:
		return readChoice(f.Options, text)
	case register.Many:
		return readMany(f.Options, text)
	case register.Truth:
		return readTruth(text)
	case register.USCC:
		return readUSCC(v, text)
	case register.Phone:
		return readPhone(text)
	case register.IDNumber:
		return readIDNumber(v, text)
	case register.Longitude:
		return readDegrees(text, 73, 136, "经度")
	case register.Latitude:
		return readDegrees(text, 3, 54, "纬度")
	case register.Link:
		return readLink(text)
	case register.LongText:
		return readText(text, nil, "", mostLongText)
	default:
		if pattern != nil {
			text = fold(text)
		}
		return readText(text, pattern, f.Format, mostText)
	}
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

func readText(text string, pattern *regexp.Regexp, format string, most int) (string, string) {
	if n := len([]rune(text)); n > most {
		return "", "文字有 " + strconv.Itoa(n) + " 个字，最多 " + strconv.Itoa(most) + " 个字"
	}
	if pattern != nil && !pattern.MatchString(text) {
		return "", "格式不对，应为" + format
	}
	return text, ""
}

func readNumber(f register.Field, v office.Value, text string) (string, string) {
	if v.Kind == office.ValueDate || v.Kind == office.ValueBool {
		return "", "应填写数，请检查单元格格式"
	}
	plain := strings.NewReplacer(" ", "", ",", "").Replace(text)
	if f.Unit != "" {
		plain = strings.TrimSuffix(plain, fold(f.Unit))
	}
	q, err := quantity.Parse(plain)
	if err != nil {
		if _, float := strconv.ParseFloat(plain, 64); float == nil {
			return "", "数值过大，或小数超过四位"
		}
		return "", "不是数，请只写数字，不写单位和“约”等字"
	}
	if f.Min != nil && q < *f.Min {
		return "", "不能小于 " + f.Min.String()
	}
	if f.Max != nil && q > *f.Max {
		return "", "不能大于 " + f.Max.String()
	}
	return q.String(), ""
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

// lostDigits is the reason for a long code in a number cell: a workbook keeps 15
// digits and makes the others zero.
const lostDigits = "长号码存成了数字，末尾几位已经丢失：请把单元格设为文本格式再填写"

func readUSCC(v office.Value, text string) (string, string) {
	code := strings.ToUpper(bare(text))
	switch {
	case v.Kind == office.ValueNumber && len(code) > 15:
		return "", lostDigits
	case len(code) != 18:
		return "", "统一社会信用代码应为 18 位，现有 " + strconv.Itoa(len([]rune(code))) + " 位"
	case !validUSCC(code):
		return "", "统一社会信用代码的校验位不符，请逐位核对"
	}
	return code, ""
}

// validUSCC checks the last sign of a code by GB 32100-2015: signs without I, O, S,
// V, Z; weights are powers of 3 modulo 31.
func validUSCC(code string) bool {
	const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	sum, weight := 0, 1
	for _, c := range code[:17] {
		i := strings.IndexRune(signs, c)
		if i < 0 {
			return false
		}
		sum += i * weight
		weight = weight * 3 % 31
	}
	return strings.IndexByte(signs, code[17]) == (31-sum%31)%31
}

var phoneForm = regexp.MustCompile(`^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|400-?\d{3}-?\d{4})$`)

func readPhone(text string) (string, string) {
	phone := strings.NewReplacer("—", "-", "–", "-", "(", "", ")", "-").Replace(bare(text))
	if mobile := strings.TrimPrefix(strings.ReplaceAll(phone, "-", ""), "+86"); len(mobile) == 11 && mobile[0] == '1' {
		phone = mobile
	}
	if !phoneForm.MatchString(phone) {
		return "", "电话号码不对：手机为 11 位，座机要带区号"
	}
	return phone, ""
}

func readIDNumber(v office.Value, text string) (string, string) {
	id := strings.ToUpper(bare(text))
	switch {
	case v.Kind == office.ValueNumber && len(id) > 15:
		return "", lostDigits
	case len(id) != 18:
		return "", "身份证号码应为 18 位，现有 " + strconv.Itoa(len([]rune(id))) + " 位"
	case !validIDNumber(id):
		return "", "身份证号码的校验位或出生日期不符，请逐位核对"
	}
	return id, ""
}

// validIDNumber checks a number by GB 11643-1999.
func validIDNumber(id string) bool {
	sum := 0
	for i, c := range id[:17] {
		if c < '0' || c > '9' {
			return false
		}
		sum += int(c-'0') * (1 << (17 - i) % 11)
	}
	_, err := time.Parse("20060102", id[6:14])
	return err == nil && "10X98765432"[sum%11] == id[17]
}

func readDegrees(text string, least, most float64, what string) (string, string) {
	plain := strings.TrimSuffix(bare(text), "°")
	f, err := strconv.ParseFloat(plain, 64)
	if err != nil {
		return "", what + "应为十进制的度，如 115.985372"
	}
	if !(f >= least && f <= most) {
		return "", what + "不在我国范围内，请检查经度和纬度是否写反"
	}
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(f, 'f', 7, 64), "0"), "."), ""
}

func readLink(text string) (string, string) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || strings.ContainsAny(text, " ") {
		return "", "网址应以 https:// 开头，从浏览器地址栏完整复制"
	}
	return text, ""
}

// clip shortens a text that is quoted.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
