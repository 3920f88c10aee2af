package read_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/plan/read"
)

// FuzzParse holds that no text makes the reader panic and that every item
// found lies where its span says.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/cases/*")
	for _, name := range append(files, "testdata/liaocheng-2026.txt") {
		if b, err := os.ReadFile(name); err == nil && len(b) < 8000 {
			f.Add(string(b))
		}
	}
	for _, s := range fragments {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkSpans(t, text, read.Parse(text, read.Options{}), inOrder)
	})
}

// fragments are the building stones of the genre and of its worst copies.
var fragments = []string{
	"一、", "（一）", "1.", "1．", "（1）", "①", "1.1", "一是", "二是", "第一，", "行动一：", "任务2：", "附件1", "附件：1.", "第三章", "——", "● ", "- ", "## ",
	"重点任务", "工作目标", "保障措施", "总体要求", "工作回顾", "职责分工", "关于印发《某某方案》的通知", "某发〔2026〕7号", "2026年3月25日", "二〇二六年三月",
	"（责任单位：市商务局、市财政局，各县〔市、区〕人民政府）", "牵头单位：", "配合单位：", "；完成时限：2026年底", "市教育局牵头，市财政局配合", "按职责分工负责", "（市人社局）", "此项及以下任务均需各县区落实",
	"新增", "建成", "达到", "突破", "力争", "到2027年底，", "全年", "年内", "6月底前", "“十五五”末", "三年内", "每季度", "上半年", "比上年", "从15个县扩大到57个县",
	"25个", "**25**个", "2-3家", "3.5万亩", "1万亿元", "99999999999999999999个", "百项", "二十五个", "8000 台（套）", "12%", "5.5％左右", "3个百分点", "80％、50％以上", "翻一番", "第17届", "5G", "12345热线",
	"以上", "以内", "左右", "老旧小区", "社区托育驿站", "一批", "稳步提升", "高于全省平均水平", "全覆盖", "、", "，", "。", "；", "：", "（", "）", "“", "”", "《", "》", "\n", "\n\n", "\t", "　　", " ", "|", "| --- |", "<td>", "</tr>", "&nbsp;", "\\", "\x00", "\xff", "\u200b", "⼀、", "序号\t任务\t责任单位\n", "序号\n任务\n责任单位\n1\n", "---\n", "- 3 -\n",
}

// TestSpansHold is the same property on texts put together from the pieces
// that documents are made of, where random bytes seldom come.
func TestSpansHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(fragments), 0, 60).Draw(t, "parts")
		text := strings.Join(parts, "")
		checkSpans(t, text, read.Parse(text, read.Options{Name: "2026年"}), inOrder)
	})
}

// TestBlanksDoNotMatter: blanks and bold marks put between the characters of a
// sentence change no figure and no name.
func TestBlanksDoNotMatter(t *testing.T) {
	const plain = "一、重点任务\n（一）发展养老服务。全年新增养老床位1300张以上，建成社区食堂25个，培训护理员3.5万人次。（责任单位：市民政局、市卫生健康委）\n"
	want := read.Parse(plain, read.Options{Year: 2026})
	if len(want.Tasks) != 1 || len(want.Tasks[0].Targets) != 3 || len(want.Tasks[0].Units) != 2 {
		t.Fatalf("read %+v", want.Tasks)
	}
	rapid.Check(t, func(t *rapid.T) {
		var s strings.Builder
		for i, c := range plain {
			if i > 20 && c != '\n' && c > 0x7f && rapid.IntRange(0, 9).Draw(t, "blank") == 0 {
				s.WriteString(rapid.SampledFrom([]string{" ", "**", "\u00a0", "\u200b"}).Draw(t, "mark"))
			}
			s.WriteRune(c)
		}
		got := read.Parse(s.String(), read.Options{Year: 2026})
		if len(got.Tasks) != 1 {
			t.Fatalf("%d tasks in %q", len(got.Tasks), s.String())
		}
		for i, u := range want.Tasks[0].Units {
			if i >= len(got.Tasks[0].Units) || got.Tasks[0].Units[i].Name != u.Name {
				t.Fatalf("units %v in %q", got.Tasks[0].Units, s.String())
			}
		}
		for i, x := range want.Tasks[0].Targets {
			if i >= len(got.Tasks[0].Targets) {
				t.Fatalf("%d targets in %q", len(got.Tasks[0].Targets), s.String())
			}
			y := got.Tasks[0].Targets[i]
			if y.Value != x.Value || y.Unit != x.Unit || y.Subject != x.Subject || y.Comparator != x.Comparator {
				t.Fatalf("%s %s%s instead of %s %s%s in %q", y.Subject, y.Value, y.Unit, x.Subject, x.Value, x.Unit, s.String())
			}
		}
	})
}
