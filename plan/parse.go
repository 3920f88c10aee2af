package plan

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

// The small parsers of form values. Each gives a value the rest of the package
// trusts, or an error in the user's words.

func filled(v string, most int) (string, error) {
	if v == "" {
		return "", errs.New(errs.Invalid, "不能为空")
	}
	return short(v, most)
}

// short refuses what is too long and what no keyboard types: a NUL, which one
// database engine refuses too, and other invisible signs.
func short(v string, most int) (string, error) {
	if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == utf8.RuneError }) {
		return "", errs.New(errs.Invalid, "含有无法识别的字符，请重新输入")
	}
	if n := utf8.RuneCountInString(v); n > most {
		return "", errs.New(errs.Invalid, "最多 %d 个字，现有 %d 个", most, n)
	}
	return v, nil
}

func dateOrEmpty(v string) (string, error) {
	if v == "" {
		return "", nil
	}
	d, err := calendar.ParseDate(v)
	if err != nil {
		return "", errs.New(errs.Invalid, "“%s”不是日期：请写成 2026-12-31", v)
	}
	return d.String(), nil
}

func year(v string) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 2000 || n > 2100 {
		return 0, errs.New(errs.Invalid, "年份请填 2000 到 2100 之间的四位数字")
	}
	return n, nil
}

// tenThousands are the words after a figure that multiply it; people type 4万 as the document prints it.
var tenThousands = []struct {
	word string
	by   int64
}{{"万亿", 1e12}, {"亿", 1e8}, {"万", 1e4}}

// amount reads "1300", "1,300", "4万", "1.2亿"; "" is no amount. Full-width digits are accepted.
func amount(v string) (*quantity.Quantity, error) {
	q, err := signedAmount(v)
	if err == nil && q != nil && *q < 0 {
		return nil, errs.New(errs.Invalid, "不能为负数")
	}
	return q, err
}

// signedAmount is amount for figures that may fall below zero: gaps and changes.
func signedAmount(v string) (*quantity.Quantity, error) {
	v = strings.Map(func(r rune) rune {
		if r == ' ' {
			return -1
		}
		return r
	}, strings.ReplaceAll(narrow(v), "，", ","))
	if v == "" {
		return nil, nil //nolint:nilnil // an empty field is a value of its own: no number
	}
	by := int64(1)
	for _, w := range tenThousands {
		if rest, ok := strings.CutSuffix(v, w.word); ok {
			v, by = rest, w.by
			break
		}
	}
	q, err := quantity.Parse(v)
	if err != nil || !grouped(v) {
		return nil, errs.New(errs.Invalid, "“%s”不是数字：最多四位小数，可写 1300、1.5、4万", v)
	}
	if q, err = q.MulInt(by); err != nil {
		return nil, errs.New(errs.Invalid, "“%s”太大", v)
	}
	return &q, nil
}

// narrow turns the full-width digits, signs and spaces that an input method leaves into plain ones.
func narrow(v string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '－' || r == '−':
			return '-'
		case r == '．':
			return '.'
		case r == '　':
			return ' '
		}
		return r
	}, v)
}

// grouped reports whether commas stand only before groups of three digits: "1,5"
// is somebody's decimal comma and must not become 15.
func grouped(v string) bool {
	groups := strings.Split(strings.TrimLeft(v, "+-"), ",")
	if len(groups) > 1 && (groups[0] == "" || len(groups[0]) > 3) {
		return false
	}
	for i, g := range groups[1:] {
		if i == len(groups)-2 {
			g, _, _ = strings.Cut(g, ".")
		}
		if len(g) != 3 {
			return false
		}
	}
	return true
}

func oneOf[T ~string](terms []Term[T], v T) (T, error) {
	if !known(terms, v) {
		return "", errs.New(errs.Invalid, "请从列表中选择")
	}
	return v, nil
}

func category(v string) (city.TaskCategory, error) {
	c := city.TaskCategory(v)
	if !slices.Contains(city.TaskCategories(), c) {
		return "", errs.New(errs.Invalid, "请从列表中选择类别")
	}
	return c, nil
}

func role(v string) (read.Role, error) {
	r := read.Role(v)
	if !slices.Contains([]read.Role{read.RoleLead, read.RoleSupport, read.RoleResponsible}, r) {
		return "", errs.New(errs.Invalid, "请选择牵头、责任或配合")
	}
	return r, nil
}

// Sections lists the kinds of section in the order in which forms offer them.
var Sections = []Term[read.Section]{
	{read.SectionGoals, "总体目标"}, {read.SectionTasks, "重点任务"}, {read.SectionSafeguards, "保障措施"}, {read.SectionDuties, "职责分工"},
}

// SectionLabel is a kind of section in the words of officials.
func SectionLabel(s read.Section) string { return labelOf(Sections, s) }

func section(v string) (read.Section, error) { return oneOf(Sections, read.Section(v)) }
