package city

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// key is a name without typography: compatibility forms folded (full width,
// the radicals that extraction from PDF leaves), only letters and digits kept.
// So 各县〔市、区〕人民政府, 各县(市、区) 人民政府 and 各县市区人民政府 are one key.
func key(printed string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(printed) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// customary are shortenings that every office in the country uses, applied in
// this order to a key without 和 and 与. A city's own shortenings are aliases
// in its pack.
var customary = strings.NewReplacer(
	"管理委员会", "管委会",
	"委员会", "委",
	"人民政府", "政府",
	"监督管理", "监管",
	"人力资源社会保障", "人社",
	"住房城乡建设", "住建",
	"卫生健康", "卫健",
	"文化旅游", "文旅",
	"教育体育", "教体",
	"发展改革", "发改",
	"工业信息化", "工信",
	"科学技术局", "科技局",
	"交通运输", "交通",
	"应急管理", "应急",
	"退役军人事务", "退役军人",
	"中国人民银行", "人行",
	"人民银行", "人行",
	"妇女联合会", "妇联",
	"残疾人联合会", "残联",
	"工商业联合会", "工商联",
	"科学技术协会", "科协",
)

// loose folds the differences between a full name and its customary forms:
// 住房和城乡建设局, 住房城乡建设局 and 住建局 become one.
func loose(key string) string {
	runes := []rune(key)
	kept := make([]rune, 0, len(runes))
	for i, r := range runes {
		inner := i > 0 && i < len(runes)-1
		if inner && (r == '和' || r == '与') {
			continue
		}
		kept = append(kept, r)
	}
	return customary.Replace(string(kept))
}

// prefixes are what may stand before the name of a unit of this city.
type prefixes struct {
	add   []string // keys: 市, city, short city, province and city
	strip []string // keys, longest first
}

func prefixesOf(p *Pack) prefixes {
	city, short, word := key(p.Name), key(p.Short), key(p.Word)
	province, provinceShort := key(p.Province.Name), key(p.Province.Short)
	return prefixes{
		add:   []string{word, city, short, province + city, provinceShort + city},
		strip: []string{province + city, provinceShort + city, city, short, word},
	}
}

// variants gives the key with every way to name the city before it, the key
// itself first. A key that is left with one character is not a name.
func (p prefixes) variants(k string) []string {
	bases := []string{k}
	for _, s := range p.strip {
		rest, found := strings.CutPrefix(k, s)
		if found && s != "" && utf8.RuneCountInString(rest) > 1 {
			bases = append(bases, rest)
			break
		}
	}
	all := append([]string(nil), bases...)
	for _, base := range bases {
		for _, s := range p.add {
			all = append(all, s+base)
		}
	}
	return all
}

// likeness is the share of common pairs of neighbouring characters, 0 to 1
// (Dice 1945): high for names that differ in a word or a letter.
func likeness(a, b string) float64 {
	pairs := func(s string) map[[2]rune]int {
		m := map[[2]rune]int{}
		r := []rune(s)
		for i := 0; i+1 < len(r); i++ {
			m[[2]rune{r[i], r[i+1]}]++
		}
		return m
	}
	pa, pb := pairs(a), pairs(b)
	common, total := 0, 0
	for k, n := range pa {
		common += min(n, pb[k])
		total += n
	}
	for _, n := range pb {
		total += n
	}
	if total == 0 {
		return 0
	}
	return 2 * float64(common) / float64(total)
}
