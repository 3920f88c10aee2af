package seal

import (
	"strings"
	"unicode/utf8"
)

// The masks below show only what a clerk needs to tell records apart. Whoever
// may see more opens the sealed value, with a reason, in the audit. A value too
// short for its mask is hidden whole; an empty one stays empty.

// compound are the surnames of two characters that are common enough to meet.
const compound = "欧阳 上官 司马 诸葛 夏侯 司徒 令狐 皇甫 尉迟 公孙 慕容 宇文 长孙 轩辕 端木 独孤 南宫 东方 百里 呼延 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 司空 司寇 子车 颛孙 巫马 公西 漆雕 乐正 公良 拓跋 夹谷 宰父 谷梁 段干 东郭 南门 羊舌 微生 梁丘 左丘 西门 第五 万俟 赫连 "

// MaskName shows the surname: 张* for any given name, 欧阳* for a compound
// surname. The number of stars says nothing about the length. A name of one
// character becomes a star.
func MaskName(name string) string {
	name = strings.TrimSpace(name)
	r := []rune(name)
	switch {
	case len(r) < 2:
		return hidden(name, "*")
	case len(r) > 2 && strings.Contains(compound, string(r[:2])+" "):
		return string(r[:2]) + "*"
	}
	return string(r[:1]) + "*"
}

// MaskPhone shows the first three and the last four digits: 138****5678.
func MaskPhone(phone string) string { return middle(phone, 3, 4, 4) }

// MaskID shows the first three and the last four characters of an identity
// number, which are the province with the first digit of the city, and the end:
// 371***********1234.
func MaskID(id string) string { return middle(id, 3, 4, 8) }

// MaskCard shows the last four digits of a bank card or account: ****1234.
func MaskCard(card string) string {
	r := []rune(strings.TrimSpace(card))
	if len(r) < 8 {
		return hidden(string(r), "****")
	}
	return "****" + string(r[len(r)-4:])
}

// MaskEmail shows the first character and the domain: z***@example.cn.
func MaskEmail(email string) string {
	email = strings.TrimSpace(email)
	at := strings.LastIndexByte(email, '@')
	if at < 2 {
		return hidden(email, "***")
	}
	_, size := utf8.DecodeRuneInString(email)
	if size >= at {
		return "***" + email[at:]
	}
	return email[:size] + "***" + email[at:]
}

// middle hides all between head and tail characters, a star for each. A value
// with fewer than least characters between them is hidden whole.
func middle(s string, head, tail, least int) string {
	r := []rune(strings.TrimSpace(s))
	gap := len(r) - head - tail
	if gap < least {
		return hidden(string(r), "****")
	}
	return string(r[:head]) + strings.Repeat("*", gap) + string(r[len(r)-tail:])
}

// hidden is the mask of a value of which nothing may show; nothing stays nothing.
func hidden(s, stars string) string {
	if s == "" {
		return ""
	}
	return stars
}

// MaskAddress shows an address down to the district or county:
// 山东省云河市东昌府区****. Where no district is found it stops at the city, then at
// the province; an address that begins with none of them is hidden whole.
func MaskAddress(address string) string {
	r := []rune(strings.TrimSpace(address))
	shown := 0
	if n := ends(r, 8, "省", "自治区", "特别行政区"); n > 0 {
		shown = n
	}
	if n := city(r[shown:]); n > 0 {
		shown += n
	}
	if n := district(r[shown:]); shown > 0 && n > 0 {
		shown += n
	}
	if shown == len(r) {
		return string(r) // nothing below the district is there to hide
	}
	return string(r[:shown]) + "****"
}

// city finds the end of a prefecture's name, unless a district ends before it.
func city(r []rune) int {
	n := ends(r, 12, "市", "自治州", "盟", "地区")
	if ends(r, n-1, "区", "县", "旗") > 0 {
		return 0
	}
	return n
}

// district finds the end of a district's or county's name. Estates, campuses and
// the like end in 区 too and are not districts.
func district(r []rune) int {
	n := ends(r, 12, "区", "县", "旗", "市")
	if n == 0 {
		return 0
	}
	for _, estate := range []string{"小区", "社区", "校区", "院区", "厂区", "片区", "园区"} {
		if strings.HasSuffix(string(r[:n]), estate) {
			return 0
		}
	}
	// 道里区, 路桥区 and 新乡县 have such a character at the front; a street's or town's stands further back.
	if n > 2 && strings.ContainsAny(string(r[2:n]), "路街道号镇乡村") {
		return 0
	}
	return n
}

// ends gives the length of the shortest name of at least two and at most most
// characters at the start of r that ends in one of the words; 0 for none.
func ends(r []rune, most int, words ...string) int {
	for n := 2; n <= most && n <= len(r); n++ {
		for _, w := range words {
			if strings.HasSuffix(string(r[:n]), w) && n > utf8.RuneCountInString(w) {
				return n
			}
		}
	}
	return 0
}
