package read_test

import (
	"strings"
	"testing"

	"bihuan/plan/read"
)

// unitsOf reads a task with the given end and writes its units as
// name(l), name(s) or name(r).
func unitsOf(end string) string {
	p := read.Parse("一、重点任务\n（一）优化服务供给。健全便民服务网络，丰富服务内容。"+end+"\n（二）其他事项。继续做好有关工作。\n", read.Options{})
	var out []string
	if len(p.Tasks) > 0 {
		for _, u := range p.Tasks[0].Units {
			out = append(out, u.Name+"("+string(u.Role[0])+")")
		}
	}
	return strings.Join(out, " ")
}

func TestUnits(t *testing.T) {
	cases := []struct{ name, end, want string }{
		{"labelled in brackets", "（责任单位：市商务局、市财政局）", "市商务局(r) 市财政局(r)"},
		{"in square brackets", "【责任单位：市商务局、市财政局】", "市商务局(r) 市财政局(r)"},
		{"on its own line", "\n责任单位：市商务局，市财政局", "市商务局(r) 市财政局(r)"},
		{"without a label", "（市人社局）", "市人社局(r)"},
		{"tortoise brackets", "〔市商务局、市财政局〕", "市商务局(r) 市财政局(r)"},
		{"brackets inside", "（责任单位：市商务局，各县〔市、区〕人民政府）", "市商务局(r) 各县〔市、区〕人民政府(r)"},
		{"two labels", "（牵头单位：市商务局；配合单位：市财政局、市税务局）", "市商务局(l) 市财政局(s) 市税务局(s)"},
		{"two labels on lines", "\n牵头单位：市商务局\n配合单位：市财政局、市税务局", "市商务局(l) 市财政局(s) 市税务局(s)"},
		{"words of duty", "（市商务局牵头，市财政局、市税务局配合）", "市商务局(l) 市财政局(s) 市税务局(s)"},
		{"two leaders", "（市商务局、市财政局牵头，各县区政府按职责分工负责）", "市商务局(l) 市财政局(l) 各县区政府(r)"},
		{"each leads", "（责任单位：市商务局、市财政局分别牵头）", "市商务局(l) 市财政局(l)"},
		{"by duty", "（市商务局、市财政局等单位按职责分工负责）", "市商务局(r) 市财政局(r)"},
		{"by duty, supporting", "（责任单位：市商务局，各区政府按职责配合）", "市商务局(r) 各区政府(s)"},
		{"label and word", "（责任单位：市商务局牵头，各部门参与，市属开发区管委会）", "市商务局(l) 各部门(s) 市属开发区管委会(r)"},
		{"a bare sentence", "市商务局牵头，市财政局、市税务局按职责分工负责。", "市商务局(l) 市财政局(r) 市税务局(r)"},
		{"a bare line", "\n省商务厅、财政厅按职责分工负责", "省商务厅(r) 财政厅(r)"},
		{"inside a sentence", "由市科委牵头，市财政局配合，建立工作机制。", "市科委(l) 市财政局(s)"},
		{"support and carrying out", "\n支撑单位：市邮政管理局；组织落实：各乡镇政府", "市邮政管理局(s) 各乡镇政府(s)"},
		{"divided by blanks", "\n责任单位：市商务局 市财政局 各区政府", "市商务局(r) 市财政局(r) 各区政府(r)"},
		{"joined by 和", "（市商务局和市财政局负责）", "市商务局(r) 市财政局(r)"},
		{"和 inside a name", "（责任单位：市住房和城乡建设局、市文化和旅游局）", "市住房和城乡建设局(r) 市文化和旅游局(r)"},
		{"with a deadline", "（责任单位：市商务局；完成时限：2025年6月）", "市商务局(r)"},
		{"with a leader", "（责任单位：市商务局 责任领导：张三）", "市商务局(r)"},
		{"with 等", "（责任部门：市商务局、市财政局等）", "市商务局(r) 市财政局(r)"},
		{"with a remark", "（责任单位：市商务局、市财政局，列第一位者为牵头单位，下同）", "市商务局(r) 市财政局(r)"},
		{"named twice", "由市商务局牵头落实。（责任单位：市商务局、市财政局）", "市商务局(l) 市财政局(r)"},
		{"broken by a line end", "（责任单位：市商务局、市住\n\n房和城乡建设局）", "市商务局(r) 市住房和城乡建设局(r)"},
		{"no list in brackets", "（以下简称方案）", ""},
		{"a department at work", "由市商务部门结合实际制定细则。", ""},
		{"a sentence that ends like a unit", "支持企业建设研发中心、实验室和公共服务平台。", ""},
		{"things in brackets", "（含社区食堂、养老驿站）", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := unitsOf(c.end); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.end, got, c.want)
			}
		})
	}
}

func TestDueOfTask(t *testing.T) {
	p := read.Parse("一、重点任务\n（一）优化服务。丰富内容。（责任单位：市商务局；完成时限：2026年6月底前）\n", read.Options{Year: 2026})
	if len(p.Tasks) != 1 || p.Tasks[0].Due != "2026-06-30" || p.Tasks[0].DueText != "2026年6月底前" {
		t.Errorf("read %+v", p.Tasks)
	}
}

func TestUnitsOfAllFollowingTasks(t *testing.T) {
	p := read.Parse(`一、重点任务
（一）优化服务。丰富内容。（市商务局牵头。此项及以下任务均需各县区政府落实，不再列出）
（二）扩大供给。增加网点。（市财政局）
`, read.Options{})
	want := []string{"市商务局 各县区政府", "市财政局 各县区政府"}
	for i, k := range p.Tasks {
		var names []string
		for _, u := range k.Units {
			names = append(names, u.Name)
		}
		if i >= len(want) || strings.Join(names, " ") != want[i] {
			t.Errorf("task %d: %v", i+1, names)
		}
	}
	if len(p.Tasks) != 2 {
		t.Errorf("%d tasks", len(p.Tasks))
	}
}
