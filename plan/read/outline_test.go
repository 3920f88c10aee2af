package read_test

import (
	"strings"
	"testing"

	"bihuan/plan/read"
)

// titlesOf writes the tasks of a text as "number path/title".
func titlesOf(text string) string {
	var out []string
	for _, k := range read.Parse(text, read.Options{Year: 2026}).Tasks {
		out = append(out, strings.TrimSpace(k.Number+" "+strings.Join(k.Path, "/")))
	}
	return strings.Join(out, ";")
}

func TestOutline(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"four levels", "一、重点任务\n（一）强链\n1.招商\n（1）走访企业。走访百强。\n（2）签约项目。完成签约。\n2.服务。办好服务。\n（二）补链。补齐短板。\n二、保障措施\n（一）加强领导。统筹推进。\n", "（1） 重点任务/强链/招商/走访企业;（2） 重点任务/强链/招商/签约项目;2 重点任务/强链/服务;（二） 重点任务/补链;（一） 保障措施/加强领导"},
		{"numbers that run on", "一、甲类\n（一）修路。修好道路。\n二、乙类\n（二）架桥。架好桥梁。\n", "（一） 甲类/修路;（二） 乙类/架桥"},
		{"words with numbers", "一、重点任务\n行动一：强企行动\n1.培育企业。壮大企业。\n行动二：育才行动\n2.引进人才。引育人才。\n", "1 重点任务/强企行动/培育企业;2 重点任务/育才行动/引进人才"},
		{"decimal numbers", "一、任务\n1.1 修路。修好道路。\n1.2 架桥。架好桥梁。\n", "1.1 任务/修路;1.2 任务/架桥"},
		{"circles", "一、任务\n①修好道路，畅通交通。\n②架好桥梁，方便群众。\n", "① 任务/修好道路;② 任务/架好桥梁"},
		{"inside a paragraph", "（一）强化保障。一是健全机制，明确分工；二是加大投入，保障经费。\n", "一是 强化保障/健全机制;二是 强化保障/加大投入"},
		{"brackets inside a paragraph", "一、强化保障。（1）健全机制，明确分工；（2）加大投入，保障经费。\n", "（1） 强化保障/健全机制;（2） 强化保障/加大投入"},
		{"one mark is no list", "（一）强化保障。一是健全机制，明确分工，形成合力。\n", "（一） 强化保障"},
		{"section with paragraphs", "二、2026年工作安排\n（一）扩大内需\n大力提振消费。\n办好消费季活动，丰富消费场景，完善消费设施，优化消费环境，释放消费潜力，促进消费增长。\n扩大有效投资。\n推进重点项目建设，加强要素保障，强化项目谋划储备，争取更多资金支持，形成更多实物工作量。\n（二）稳定外贸\n支持企业开拓市场。\n", "（一） 2026年工作安排/扩大内需;（二） 2026年工作安排/稳定外贸"},
		{"review holds no tasks", "一、2025年工作回顾\n（一）经济稳步增长。新增企业20家。\n二、2026年重点工作\n（一）扩大内需。促进消费。\n", "（一） 2026年重点工作/扩大内需"},
		{"principles hold no tasks", "一、总体要求\n（一）指导思想。坚持稳中求进。\n（二）基本原则。坚持系统推进。\n二、主要任务\n（一）修路。修好道路。\n", "（一） 主要任务/修路"},
		{"goals with figures", "一、工作目标\n到2027年，建成公园30座。\n二、主要任务\n（一）修路。修好道路。\n", "工作目标/总体目标;（一） 主要任务/修路"},
		{"goals without figures", "一、工作目标\n城市面貌明显改善。\n二、主要任务\n（一）修路。修好道路。\n", "（一） 主要任务/修路"},
		{"goals shared out to units", "一、主要目标\n1.新增企业20家。\n责任单位：市工信局\n2.投资增长5%。\n责任单位：市发改委\n", "1 主要目标/新增企业20家;2 主要目标/投资增长5%"},
		{"chapter without items", "一、加快建设。\n修好道路，架好桥梁。\n二、强化管护。\n落实管护责任，健全长效机制。\n", "一 加快建设;二 强化管护"},
		{"units as headings", "一、职责分工\n（一）市商务局\n负责消费促进工作。\n（二）市财政局\n负责资金保障工作。\n", "（一） 职责分工/市商务局;（二） 职责分工/市财政局"},
		{"paragraphs only", "全面推进城市更新。改造老旧小区，完善配套设施，打通断头道路。\n\n实施生态修复工程。治理城乡河道，新增城市绿地，改善人居环境。\n", "全面推进城市更新;实施生态修复工程"},
		{"markdown", "# 某市工作方案\n\n## 一、主要任务\n\n### （一）优化布局\n\n- **建设商圈**。改造商业街区。\n- **打造街区**。建成特色街区。\n", "主要任务/优化布局/建设商圈;主要任务/优化布局/打造街区"},
		{"a table of contents", "某市工作方案\n一、主要任务……1\n二、保障措施……5\n一、主要任务\n（一）修路。修好道路。\n二、保障措施\n（一）加强领导。统筹推进。\n", "（一） 主要任务/修路;（一） 保障措施/加强领导"},
		{"a paragraph broken by a page", "一、主要任务\n（一）修好道路。全面排查城乡道路隐患，分类制定整治措施，推动\n\n— 3 —\n\n交通设施提档升级。\n（二）架好桥梁。加固危桥。\n", "（一） 主要任务/修好道路;（二） 主要任务/架好桥梁"},
		{"article with a name", "第一条【信息公示】单位应当公示信息，接受监督。\n第二条【监督检查】主管部门应当定期检查。\n", "第一条 信息公示;第二条 监督检查"},
		{"web page without tags", "<h2>一、主要任务</h2><p>（一）修路。<strong>修好</strong>道路。</p><p>（二）架桥。架好&nbsp;桥梁。</p>", "（一） 主要任务/修路;（二） 主要任务/架桥"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := titlesOf(c.text); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

func TestFrontMatter(t *testing.T) {
	cases := []struct {
		name, text                string
		title, number, date, unit string
		year, end                 int
	}{
		{"notice with a name", "某市人民政府\n某政发〔2025〕6号\n关于印发《某市就业促进三年行动方案（2025—2027年）》的通知\n各县区：\n现印发给你们。\n某市人民政府\n2025年3月1日\n一、重点任务\n（一）修路。修好道路。\n",
			"某市就业促进三年行动方案（2025—2027年）", "某政发〔2025〕6号", "2025-03-01", "某市人民政府", 2025, 2027},
		{"year of the title before that of the number", "某政发〔2025〕9号\n某市2026年工作要点\n一、2024年重点任务\n（一）修路。修好道路。\n", "某市2026年工作要点", "某政发〔2025〕9号", "", "", 2026, 2026},
		{"date in Chinese", "某县2026年工作要点\n某县人民政府办公室\n二〇二六年二月十日\n一、重点任务\n（一）修路。修好道路。\n", "某县2026年工作要点", "", "2026-02-10", "某县人民政府办公室", 2026, 2026},
		{"web page", "标题：通知\n时间：2024-05-06\n某市养老服务提升方案\n一、重点任务\n（一）修路。修好道路。\n", "某市养老服务提升方案", "", "2024-05-06", "", 2024, 2024},
		{"five-year plan", "某市“十五五”综合交通规划\n一、重点任务\n（一）修路。修好道路。\n", "某市“十五五”综合交通规划", "", "", "", 2026, 2030},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := read.Parse(c.text, read.Options{})
			unit := ""
			if len(p.Issuers) > 0 {
				unit = p.Issuers[0].Text
			}
			if p.Title != c.title || p.Number != c.number || p.Date != c.date || unit != c.unit || p.Year != c.year || p.YearEnd != c.end {
				t.Errorf("title %q, number %q, date %q, unit %q, years %d to %d", p.Title, p.Number, p.Date, unit, p.Year, p.YearEnd)
			}
		})
	}
}

func TestYearFromTheName(t *testing.T) {
	text := "一、重点任务\n（一）修路。年内修路10公里。\n"
	p := read.Parse(text, read.Options{Name: "某市2027年工作要点.docx"})
	if p.Year != 2027 || p.Tasks[0].Targets[0].Deadline != "2027-12-31" {
		t.Errorf("year %d, targets %+v", p.Year, p.Tasks[0].Targets)
	}
	if p = read.Parse(text, read.Options{Year: 2030}); p.Year != 2030 {
		t.Errorf("year %d instead of the caller's", p.Year)
	}
}

func TestNothingInNothing(t *testing.T) {
	for _, s := range []string{"", "\n\n", "  \t ", "\ufeff", "无任务。"} {
		if p := read.Parse(s, read.Options{}); p.Tasks == nil || p.Goals == nil || p.Issuers == nil {
			t.Errorf("%q: lists must not be null: %+v", s, p)
		}
	}
}
