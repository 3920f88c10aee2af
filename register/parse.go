package register

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
)

// Longest texts in characters.
const (
	maxText = 200
	maxLong = 4000
)

// Canonical turns what a person typed into the form that is kept, or says what is
// wrong with it. Empty stays empty: whether a field must be filled is asked elsewhere.
func (field Field) Canonical(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	if s == "" {
		return "", nil
	}
	if field.Type != LongText && strings.ContainsAny(s, "\n\r\t") {
		return "", field.wrong("只能写一行")
	}
	s, err := canonical[field.Type](field, s)
	if err != nil {
		return "", err
	}
	if field.Pattern != "" && !regexp.MustCompile(field.Pattern).MatchString(s) {
		return "", field.wrong("应为%s", or(field.Format, "规定的格式"))
	}
	return s, nil
}

func (field Field) wrong(format string, args ...any) error {
	return errs.New(errs.Invalid, "“%s”"+format, append([]any{field.Label}, args...)...)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// canonical has the form of each type.
var canonical = map[FieldType]func(Field, string) (string, error){
	Text: func(f Field, s string) (string, error) { return f.short(s, maxText) },
	LongText: func(f Field, s string) (string, error) {
		return f.short(strings.ReplaceAll(s, "\r\n", "\n"), maxLong)
	},
	Number:    Field.number,
	Longitude: func(f Field, s string) (string, error) { return f.degrees(s, 73, 136) },
	Latitude:  func(f Field, s string) (string, error) { return f.degrees(s, 3, 54) },
	Date: func(f Field, s string) (string, error) {
		d, err := calendar.ParseDate(s)
		if err != nil {
			return "", f.wrong("应写成 2026-06-30")
		}
		return d.String(), nil
	},
	Choice: func(f Field, s string) (string, error) {
		if !slices.Contains(f.Options, s) {
			return "", f.wrong("应为下列之一：%s", strings.Join(f.Options, "、"))
		}
		return s, nil
	},
	Many: Field.many,
	Truth: func(f Field, s string) (string, error) {
		if s != "是" && s != "否" {
			return "", f.wrong("应为“是”或“否”")
		}
		return s, nil
	},
	USCC: func(f Field, s string) (string, error) {
		if s = strings.ToUpper(s); !ValidUSCC(s) {
			return "", f.wrong("不是有效的统一社会信用代码（18位，末位为校验码），请核对")
		}
		return s, nil
	},
	IDNumber: func(f Field, s string) (string, error) {
		if s = strings.ToUpper(s); !validID(s) {
			return "", f.wrong("不是有效的居民身份证号（18位，末位为校验码），请核对")
		}
		return s, nil
	},
	Phone: func(f Field, s string) (string, error) {
		s = strings.NewReplacer(" ", "", "-", "", "－", "").Replace(s)
		if !phone.MatchString(s) {
			return "", f.wrong("应为手机号码，或者带区号的固定电话")
		}
		return s, nil
	},
	Link: func(f Field, s string) (string, error) {
		if !link.MatchString(s) || utf8.RuneCountInString(s) > 500 {
			return "", f.wrong("应为 https:// 开头的网址")
		}
		return s, nil
	},
	UnitRef: Field.reference, TaskRef: Field.reference, RecordRef: Field.reference,
}

var (
	phone     = regexp.MustCompile(`^(1[3-9]\d{9}|0\d{9,11})$`)
	link      = regexp.MustCompile(`^https?://[^\s/]+\.[^\s]+$`)
	reference = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
)

func (field Field) short(s string, most int) (string, error) {
	if n := utf8.RuneCountInString(s); n > most {
		return "", field.wrong("最多 %d 字，现有 %d 字", most, n)
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, '\uFFFD') {
		return "", field.wrong("含有无法识别的字符")
	}
	return s, nil
}

func (field Field) number(s string) (string, error) {
	q, err := quantity.Parse(s)
	if err != nil {
		return "", field.wrong("应为数字，最多四位小数")
	}
	if field.Min != nil && q < *field.Min {
		return "", field.wrong("不能小于 %s%s", field.Min, field.Unit)
	}
	if field.Max != nil && q > *field.Max {
		return "", field.wrong("不能大于 %s%s", field.Max, field.Unit)
	}
	return q.String(), nil
}

var degree = regexp.MustCompile(`^\d{1,3}(\.\d{1,7})?$`)

// degrees keeps a coordinate as typed: four decimals of a Quantity are ten metres.
func (field Field) degrees(s string, least, most int64) (string, error) {
	whole, _, _ := strings.Cut(s, ".")
	q, err := quantity.Parse(whole)
	if err != nil || !degree.MatchString(s) || q < quantity.Of(least) || q >= quantity.Of(most) {
		return "", field.wrong("应为 %d 到 %d 之间的度数（WGS-84），最多七位小数", least, most)
	}
	return s, nil
}

func (field Field) many(s string) (string, error) {
	chosen := map[string]bool{}
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,，;； ", r) }) {
		if !slices.Contains(field.Options, part) {
			return "", field.wrong("的“%s”不在选项中，可选：%s", part, strings.Join(field.Options, "、"))
		}
		chosen[part] = true
	}
	var all []string
	for _, o := range field.Options {
		if chosen[o] {
			all = append(all, o)
		}
	}
	return strings.Join(all, "、"), nil
}

func (field Field) reference(s string) (string, error) {
	if !reference.MatchString(s) {
		return "", field.wrong("选择有误，请重新选择")
	}
	return s, nil
}

// ValidUSCC reports whether s is a unified social credit code with a right check
// character (GB 32100-2015).
func ValidUSCC(s string) bool {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	if len(s) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(alphabet, s[i])
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return s[17] == alphabet[(31-sum%31)%31]
}

// validID reports whether s is a citizen's number with a right check character
// and a possible date (GB 11643-1999).
func validID(s string) bool {
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	if len(s) != 18 {
		return false
	}
	sum := 0
	for i, w := range weights {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		sum += int(s[i]-'0') * w
	}
	_, err := calendar.ParseDate(s[6:10] + "-" + s[10:12] + "-" + s[12:14])
	return err == nil && s[17] == "10X98765432"[sum%11]
}

// Parse reads typed values of a register. Unknown names are refused; what is
// missing is noted when complete is set.
func (d *Definition) Parse(typed map[string]string, complete bool) (map[string]string, error) {
	var c errs.Check
	values := make(map[string]string, len(typed))
	for _, f := range d.Fields {
		v, err := f.Canonical(typed[f.Name])
		c.Add(f.Name, err)
		c.Require(err != nil || v != "" || !f.Required || !complete, f.Name, "请填写“%s”", f.Label)
		if v != "" {
			values[f.Name] = v
		}
	}
	for name := range typed {
		if _, ok := d.Field(name); !ok {
			c.Require(false, name, "没有“%s”这一项", name)
		}
	}
	return values, c.Err()
}
