package seal

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMasks(t *testing.T) {
	cases := []struct {
		name     string
		mask     func(string) string
		in, want string
	}{
		{"name of two", MaskName, "张三", "张*"},
		{"name of three", MaskName, "张三丰", "张*"},
		{"compound surname", MaskName, "欧阳修", "欧阳*"},
		{"compound surname alone", MaskName, "欧阳", "欧*"},
		{"long name of a minority", MaskName, "买买提·艾力", "买*"},
		{"Latin name", MaskName, "John Smith", "J*"},
		{"one character", MaskName, "张", "*"},
		{"no name", MaskName, "", ""},
		{"mobile", MaskPhone, "13812345678", "138****5678"},
		{"land line", MaskPhone, "0635-8211234", "063*****1234"},
		{"short number", MaskPhone, "8211234", "****"},
		{"identity number", MaskID, "371500199001011234", "371***********1234"},
		{"identity number with X", MaskID, "37150019900101123X", "371***********123X"},
		{"old identity number", MaskID, "371500900101123", "371********1123"},
		{"passport", MaskID, "E12345678", "****"},
		{"card", MaskCard, "6222020200012345678", "****5678"},
		{"short card", MaskCard, "1234567", "****"},
		{"mail", MaskEmail, "zhang@example.cn", "z***@example.cn"},
		{"mail of one letter", MaskEmail, "z@example.cn", "***"},
		{"mail of one character", MaskEmail, "张@example.cn", "***@example.cn"},
		{"no mail", MaskEmail, "zhang", "***"},
		{"address", MaskAddress, "山东省聊城市东昌府区柳园街道1号", "山东省聊城市东昌府区****"},
		{"address without province", MaskAddress, "聊城市阳谷县侨润街道", "聊城市阳谷县****"},
		{"county-level city", MaskAddress, "山东省聊城市临清市新华路", "山东省聊城市临清市****"},
		{"county of one character", MaskAddress, "聊城市莘县莘亭街道", "聊城市莘县****"},
		{"municipality", MaskAddress, "北京市朝阳区建国路1号", "北京市朝阳区****"},
		{"district that begins with 市", MaskAddress, "济宁市市中区太白路", "济宁市市中区****"},
		{"district that begins with 道", MaskAddress, "黑龙江省哈尔滨市道里区中央大街", "黑龙江省哈尔滨市道里区****"},
		{"autonomous prefecture", MaskAddress, "吉林省延边朝鲜族自治州延吉市人民路", "吉林省延边朝鲜族自治州延吉市****"},
		{"autonomous region", MaskAddress, "新疆维吾尔自治区阿克苏地区库车市友谊路", "新疆维吾尔自治区阿克苏地区库车市****"},
		{"estate is no district", MaskAddress, "聊城市阳光小区3号楼", "聊城市****"},
		{"street before an estate", MaskAddress, "聊城市柳园路新区大厦", "聊城市****"},
		{"no city", MaskAddress, "柳园路1号", "****"},
		{"nothing below the district", MaskAddress, "聊城市东昌府区", "聊城市东昌府区"},
		{"no address", MaskAddress, "", ""},
	}
	for _, c := range cases {
		if got := c.mask(c.in); got != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

// TestMasksHide: of a number no mask shows more than seven characters, and
// everything shown stood at the same end of the value.
func TestMasksHide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.StringMatching(`[0-9]{1,24}`).Draw(t, "number")
		for name, mask := range map[string]func(string) string{"phone": MaskPhone, "id": MaskID, "card": MaskCard} {
			got := mask(in)
			shown := strings.ReplaceAll(got, "*", "")
			first, last := strings.Index(got, "*"), strings.LastIndex(got, "*")
			if first < 0 || len(shown) > 7 || len(shown)+4 > len(in) && shown != "" ||
				!strings.HasPrefix(in, got[:first]) || !strings.HasSuffix(in, got[last+1:]) {
				t.Fatalf("%s: %q gives %q", name, in, got)
			}
		}
	})
}

func TestMaskAddressIsABeginning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"山东", "省", "聊城", "市", "东昌府", "区", "县", "路", "小区", "1号", "旗"}), 0, 12).Draw(t, "parts"), "")
		got := MaskAddress(in)
		if head, cut := strings.CutSuffix(got, "****"); !strings.HasPrefix(in, head) || !cut && got != in {
			t.Fatalf("%q gives %q", in, got)
		}
	})
}
