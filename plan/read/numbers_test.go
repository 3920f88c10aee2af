package read

import (
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/quantity"
)

func TestNumberAt(t *testing.T) {
	cases := []struct {
		text, lo, hi string // hi is empty where the figure is no range
		rest         string // what follows the figure
	}{
		{"25个", "25", "", "个"}, {"3.5万亩", "35000", "", "亩"}, {"1,300人", "1300", "", "人"}, {"1万亿元", "1000000000000", "", "元"},
		{"2-3家", "2", "3", "家"}, {"2—3家", "2", "3", "家"}, {"3至5个", "3", "5", "个"}, {"5%-8%", "5", "8", "%"}, {"1万-2万人", "10000", "20000", "人"},
		{"3500多个", "3500", "", "个"}, {"200余万人", "2000000", "", "人"}, {"20多万亩", "200000", "", "亩"}, {"30万千瓦", "300000", "", "千瓦"}, {"5千米", "5", "", "千米"},
		{"二十五个", "25", "", "个"}, {"十个", "10", "", "个"}, {"一百二十家", "120", "", "家"}, {"三千五百亩", "3500", "", "亩"}, {"一万家", "10000", "", "家"}, {"两个", "2", "", "个"},
		{"百项", "100", "", "项"}, {"千万吨", "10000000", "", "吨"}, {"百分之九十", "90", "", ""}, {"百分之百", "100", "", ""},
		{"0.0001万", "1", "", ""}, {"12.34567万", "123456.7", "", ""},
		{"二〇二六年", "", "", ""}, {"十", "10", "", ""}, {"922337203685477.5808", "", "", ""}, {"99999999999999999999个", "", "", ""}, {"1.23456", "", "", ""},
	}
	for _, c := range cases {
		x := []rune(c.text)
		f, ok := numberAt(x, 0)
		if !ok {
			if c.lo != "" {
				t.Errorf("%s was not read", c.text)
			}
			continue
		}
		hi := ""
		if f.isRange {
			hi = f.hi.String()
		}
		if f.lo.String() != c.lo || hi != c.hi || c.rest != "" && string(x[f.b:]) != c.rest {
			t.Errorf("%s: %s to %q, rest %q", c.text, f.lo, hi, string(x[f.b:]))
		}
	}
}

// Every quantity that was written plainly is read back exactly.
func TestNumbersAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := quantity.Quantity(rapid.Int64Range(0, 1<<58).Draw(t, "q"))
		f, ok := numberAt([]rune(q.String()+"个"), 0)
		if !ok || f.lo != q {
			t.Fatalf("%s was read as %s, %v", q, f.lo, ok)
		}
	})
}

func TestTimes(t *testing.T) {
	cases := []struct {
		text, date string
		taken      string
		past       bool
	}{
		{"2027年底前建成", "2027-12-31", "2027年底前", false}, {"到2028年，", "2028-12-31", "到2028年", false}, {"2026年6月底前", "2026-06-30", "2026年6月底前", false},
		{"2028年2月", "2028-02-29", "2028年2月", false}, {"9月15日前", "2026-09-15", "9月15日前", false}, {"3月底", "2026-03-31", "3月底", false},
		{"全年", "2026-12-31", "全年", false}, {"年内", "2026-12-31", "年内", false}, {"今年底", "2026-12-31", "今年底", false}, {"上半年", "2026-06-30", "上半年", false},
		{"前三季度", "2026-09-30", "前三季度", false}, {"第二季度", "2026-06-30", "第二季度", false}, {"2027年一季度", "2027-03-31", "2027年一季度", false},
		{"2026—2028年，", "2028-12-31", "2026—2028年", false}, {"2026年至2028年", "2028-12-31", "2026年至2028年", false},
		{"“十五五”末", "2030-12-31", "“十五五”末", false}, {"十五五期间", "2030-12-31", "十五五期间", false}, {"5年内", "2030-12-31", "5年内", false},
		{"未来三年", "2028-12-31", "未来三年", false}, {"用两年时间", "2027-12-31", "用两年时间", false}, {"两年内", "2027-12-31", "两年内", false}, {"明年", "2027-12-31", "明年", false}, {"每年", "", "每年", false},
		{"二〇二七年底", "2027-12-31", "二〇二七年底", false},
		{"2025年", "", "2025年", true}, {"去年", "", "去年", true}, {"目前", "", "目前", true}, {"截至2025年底", "", "截至2025年底", true}, {"十四五期间", "", "十四五期间", true},
		{"三年行动", "", "", false}, {"2026个", "", "", false}, {"第十七届", "", "", false}, {"年初", "", "", false},
	}
	for _, c := range cases {
		x := []rune(c.text)
		m, ok := calendar{2026}.at(x, 0, true)
		if !ok {
			if c.taken != "" {
				t.Errorf("%s was not read", c.text)
			}
			continue
		}
		if got := string(x[:m.b]); got != c.taken || m.date != c.date || m.past != c.past {
			t.Errorf("%s: %q is %q, past %v", c.text, got, m.date, m.past)
		}
	}
}

func TestMarkers(t *testing.T) {
	cases := []struct {
		text  string
		style style
		value int
		num   string
		rest  string
	}{
		{"一、重点任务", styleCn, 1, "一", "重点任务"}, {"（十二）强化", styleCnParen, 12, "（十二）", "强化"}, {"1.修路", styleDec1, 1, "1", "修路"}, {"12、修路", styleDec1, 12, "12", "修路"},
		{"1．修路", styleDec1, 1, "1", "修路"}, {"（3）修路", styleParen, 3, "（3）", "修路"}, {"3）修路", styleHalf, 3, "3", "修路"}, {"①修路", styleCircle, 1, "①", "修路"},
		{"1.2修路", styleDec2, 2, "1.2", "修路"}, {"1.2.3 修路", styleDec3, 3, "1.2.3", "修路"}, {"一是修路", styleIs, 1, "一是", "修路"}, {"二要修路", styleIs, 2, "二要", "修路"},
		{"第三章 修路", styleChapter, 3, "第三章", "修路"}, {"第一部分 修路", styleBook, 1, "第一部分", "修路"}, {"第五条 修路", styleArticle, 5, "第五条", "修路"}, {"第一，修路", styleOrdinal, 1, "第一", "修路"},
		{"行动一：修路", styleWord, 1, "行动一", "修路"}, {"任务2 修路", styleWord, 2, "任务2", "修路"}, {"●修路", styleBullet, 0, "", "修路"}, {"——修路", styleBullet, 0, "", "修路"},
		{"3.2026年底前修路", styleDec1, 3, "3", "2026年底前修路"}, {"㈡修路", styleCnParen, 2, "㈡", "修路"},
		{"2026年修路", styleNone, 0, "", ""}, {"3.5万亩", styleNone, 0, "", ""}, {"12个项目", styleNone, 0, "", ""}, {"二〇二六年", styleNone, 0, "", ""}, {"一体推进", styleNone, 0, "", ""}, {"（含农村）", styleNone, 0, "", ""}, {"第二产业", styleNone, 0, "", ""}, {"5%", styleNone, 0, "", ""},
	}
	for _, c := range cases {
		d := normalise(c.text)
		m := markerAt(d, 0, len(d.r))
		if m.style != c.style || m.style != styleNone && (m.value != c.value || d.text(m.na, m.nb) != c.num || d.text(m.b, len(d.r)) != c.rest) {
			t.Errorf("%s: style %d, value %d, number %q, rest %q", c.text, m.style, m.value, d.text(m.na, m.nb), d.text(m.b, len(d.r)))
		}
	}
}

func TestOffsets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := rapid.StringOf(rapid.RuneFrom([]rune("一二（）()＋12 ３\u3000\t\n*_|#-<>&“\"《》，。％⼀é\u200b\ufffd"))).Draw(t, "src")
		d := normalise(src)
		if len(d.r) != len(d.off) {
			t.Fatalf("%d runes, %d offsets", len(d.r), len(d.off))
		}
		last := -1
		for i, o := range d.off {
			if int(o) <= last || int(o) >= len(src) {
				t.Fatalf("rune %d of %q is said to stand at %d after %d", i, src, o, last)
			}
			last = int(o)
		}
		end := 0
		for _, l := range d.lines {
			if l.a < end || l.b <= l.a || l.b > len(d.r) {
				t.Fatalf("line %d..%d after %d of %q", l.a, l.b, end, src)
			}
			end = l.b
		}
	})
}
