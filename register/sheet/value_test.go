package sheet

import (
	"strings"
	"testing"
	"time"

	"bihuan/kit/office"
)

func text(s string) office.Value { return office.Value{Kind: office.ValueText, Text: s} }
func num(s string) office.Value  { return office.Value{Kind: office.ValueNumber, Text: s} }

// TestReadValue is the table of what people type. A want that begins with ! is the
// beginning of a reason.
func TestReadValue(t *testing.T) {
	_, catalog := testPack(t)
	d, _ := catalog.Get(shopReg)
	columns := map[string]column{}
	for _, c := range (&Service{Parts: Parts{Catalog: catalog}}).columnsOf(d) {
		columns[c.Name] = c
	}
	day := office.Value{Kind: office.ValueDate, Date: time.Date(2026, 6, 30, 8, 30, 0, 0, time.UTC), Text: "2026-06-30 08:30:00"}
	for _, c := range []struct {
		field string
		value office.Value
		want  string
	}{
		{"name", text("  红星　店 \u200b"), "红星 店"},
		{"name", text("红星\n店"), "红星 店"},
		{"name", text("/"), "/"},
		{"name", text("　 "), "!必填"},
		{"name", office.Value{}, "!必填"},
		{"name", text(strings.Repeat("长", 501)), "!最多 200 字，现有 501 字"},
		{"name", office.Value{Kind: office.ValueError, Text: "#N/A"}, "!单元格是错误值"},
		{"name", office.Value{Kind: office.ValueError}, "!公式没有计算结果"},
		{"note", text("一\n二"), "一\n二"},
		{"filing", text("１２３４５６７８９０１２"), "123456789012"},
		{"filing", num("123456789012"), "123456789012"},
		{"filing", text("12345678901"), "!应为12位数字"},
		{"filing", num("123456789012345680"), "!长号码存成了数字"},
		{"no", text("鲁字（2）号"), "鲁字（2）号"},
		{"kind", text("餐 饮"), "餐饮"},
		{"kind", text("服务，其他"), "服务,其他"},
		{"kind", text("娱乐"), "!没有这个选项，可填：零售、餐饮、服务,其他"},
		{"kind", text("—"), "!必填"},
		{"brands", text("丙，甲；甲"), "甲、丙"},
		{"brands", text("甲\n乙"), "甲、乙"},
		{"brands", text("甲、丁"), "!没有“丁”这个选项"},
		{"brands", text("无"), ""},
		{"chain", text("√"), "是"},
		{"chain", text("无"), "否"},
		{"chain", office.Value{Kind: office.ValueBool, Text: "TRUE"}, "是"},
		{"chain", text("也许"), "!请填“是”或“否”"},
		{"area", num("120.5"), "120.5"},
		{"area", text("１，２００．５"), "1200.5"},
		{"area", text(" 1,200 平方米"), "1200"},
		{"area", text("约120"), "!不是数"},
		{"area", text("一百"), "!不是数"},
		{"area", text("120.12345"), "!数值过大，或小数超过四位"},
		{"area", num("9"), "!不能小于 10平方米"},
		{"area", num("100001"), "!不能大于 100000平方米"},
		{"area", day, "!应填写数"},
		{"opened", day, "2026-06-30"},
		{"opened", text("2026-6-30"), "2026-06-30"},
		{"opened", text("2026/06/30 00:00:00"), "2026-06-30"},
		{"opened", text("2026.6.30"), "2026-06-30"},
		{"opened", text("２０２６年６月３０日"), "2026-06-30"},
		{"opened", text("2026 年 6 月 30 日"), "2026-06-30"},
		{"opened", num("20260630"), "2026-06-30"},
		{"opened", num("46203"), "2026-06-30"},
		{"opened", text("46203"), "!不是日期"},
		{"opened", text("2026-02-30"), "!没有这一天"},
		{"opened", text("2026年6月"), "!不是日期"},
		{"opened", text("去年"), "!不是日期"},
		{"code", text("91371500mA3c4d5e6f"), "!不是有效的统一社会信用代码"},
		{"code", text("9137 1500 0000 0000 00"), "!不是有效的统一社会信用代码"},
		{"code", text("91110000600037341l"), "91110000600037341L"},
		{"code", text("911100006000"), "!应为 18 位，现有 12 位"},
		{"code", num("911100006000373000"), "!长号码存成了数字"},
		{"phone", text("138 0000 1234"), "13800001234"},
		{"phone", num("13800001234"), "13800001234"},
		{"phone", text("+86-138-0000-1234"), "13800001234"},
		{"phone", text("（0635）8234567"), "06358234567"},
		{"phone", text("0635-8234567-801"), "!应为手机号码"},
		{"phone", text("8234567"), "!应为手机号码"},
		{"phone", text("1380000123"), "!应为手机号码"},
		{"id-no", text("11010519491231002x"), "11010519491231002X"},
		{"id-no", text("110105194912310021"), "!不是有效的居民身份证号"},
		{"id-no", text("110105194913310024"), "!不是有效的居民身份证号"},
		{"id-no", num("110105194912310000"), "!长号码存成了数字"},
		{"longitude", text("115.98537200"), "115.985372"},
		{"longitude", num("120"), "120"},
		{"longitude", num("36.45"), "!应为 73 到 136 之间"},
		{"latitude", text("北纬36"), "!应为 3 到 54 之间"},
		{"link", text("https://www.example.cn/a?b=1"), "https://www.example.cn/a?b=1"},
		{"link", text("www.example.cn"), "!应为 https:// 开头"},
	} {
		col := columns[c.field]
		got, reason := readValue(col.Field, c.value)
		if begins, bad := strings.CutPrefix(c.want, "!"); bad {
			if !strings.HasPrefix(reason, begins) {
				t.Errorf("%s %q: reason %q; want %q", c.field, c.value.Text, reason, begins)
			}
		} else if got != c.want || reason != "" {
			t.Errorf("%s %q: got %q, %q; want %q", c.field, c.value.Text, got, reason, c.want)
		}
	}
}
