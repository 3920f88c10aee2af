package read_test

import (
	"fmt"
	"strings"
	"testing"

	"bihuan/plan/read"
)

// targetsOf reads one sentence as the body of a task of 2026 and writes its
// targets as "subject|comparator value unit|deadline".
func targetsOf(sentence string) []string {
	p := read.Parse("一、重点任务\n（一）推进工作落实。"+sentence+"\n", read.Options{Year: 2026})
	var out []string
	for _, k := range p.Tasks {
		for _, x := range k.Targets {
			v := x.Value.String()
			if x.ValueMax != nil {
				v += "~" + x.ValueMax.String()
			}
			out = append(out, fmt.Sprintf("%s|%s %s %s|%s", x.Subject, x.Comparator, v, x.Unit, x.Deadline))
		}
	}
	return out
}

func TestTargets(t *testing.T) {
	cases := []struct{ name, sentence, want string }{
		{"number after the noun", "新建社区食堂25个。", "社区食堂|= 25 个|"},
		{"number before the noun", "新建25个社区食堂。", "社区食堂|= 25 个|"},
		{"at least, word before", "举办赛事不少于300场次。", "赛事|>= 300 场次|"},
		{"at least, word after", "建成快递站点1300个以上。", "快递站点|>= 1300 个|"},
		{"above", "推动电商企业突破1万家。", "电商企业|> 10000 家|"},
		{"above with 余", "吸纳就业500余人。", "就业|> 500 人|"},
		{"about", "完成营造林3.5万亩左右。", "营造林|~ 35000 亩|"},
		{"at most", "城镇调查失业率控制在5.5%以内。", "城镇调查失业率|<= 5.5 %|"},
		{"range", "新增老字号2—3家。", "老字号|range 2~3 家|"},
		{"sign", "合格率≥95%。", "合格率|>= 95 %|"},
		{"per mille of a unit in brackets", "推广农机8000台（套）以上。", "农机|>= 8000 台（套）|"},
		{"unit per time", "处理能力达到300吨/日。", "处理能力|= 300 吨/日|"},
		{"chinese numerals", "打造智能工厂二十五个。", "智能工厂|= 25 个|"},
		{"two", "新建两所中学。", "中学|= 2 所|"},
		{"bare magnitude", "推出百款特色产品。", "特色产品|= 100 款|"},
		{"percent in words", "禁烟率达到百分之九十。", "禁烟率|= 90 %|"},
		{"grouping comma", "培训人员1,300人次。", "培训人员|= 1300 人次|"},
		{"figure broken by blanks", "建成站点1 3 00个。", "站点|= 1300 个|"},
		{"two in one clause", "产业项目新开工43个以上、竣工38个以上。", "产业项目|>= 43 个|;产业项目|>= 38 个|"},
		{"respectively", "教育、医疗投资额分别达24亿元、45亿元。", "教育|= 2400000000 元|;医疗投资额|= 4500000000 元|"},
		{"respectively with one word for both", "覆盖率和使用率分别达到80%、50%以上。", "覆盖率|>= 80 %|;使用率|>= 50 %|"},
		{"two rates, one figure", "访视率、管理率达到90%以上。", "访视率|>= 90 %|;管理率|>= 90 %|"},
		{"a class in the noun", "建设10万吨级码头2座。", "10万吨级码头|= 2 座|"},
		{"broken by a page", "全面加强基层服务体系建设，持续优化设施布局，新建社区食堂\n\n- 3 -\n\n和养老驿站25个。", "社区食堂和养老驿站|= 25 个|"},
		{"from one figure to another", "推动托管帮扶从15个县扩大到57个县。", "托管帮扶|= 57 个|"},
		{"by another word", "覆盖率由82%提高到90%。", "覆盖率|= 90 %|"},
		{"enumeration", "新增篮球场100个、足球场10座。", "篮球场|= 100 个|;足球场|= 10 座|"},
		{"doubled", "力争技术交易额翻一番。", "技术交易额|= 2 倍|"},
		{"effect in money", "带动消费超1亿元。", "消费|> 100000000 元|"},
		{"duration", "将办理时间压缩至3个工作日以内。", "办理时间|<= 3 个工作日|"},
		{"share of a thing", "80%以上的行政村建成服务站。", "行政村|>= 80 %|"},
		{"growth after a level", "零售总额突破700亿元，同比增长8%。", "零售总额|> 70000000000 元|;零售总额|= 8 %|"},
		{"alone after its object", "开展专项检查，每月不少于2次。", "专项检查|>= 2 次|"},

		{"year", "2027年底前建成公园3座。", "公园|= 3 座|2027-12-31"},
		{"this year", "年内建成公园3座。", "公园|= 3 座|2026-12-31"},
		{"month", "6月底前建成公园3座。", "公园|= 3 座|2026-06-30"},
		{"day", "9月15日前建成公园3座。", "公园|= 3 座|2026-09-15"},
		{"quarter", "三季度建成公园3座。", "公园|= 3 座|2026-09-30"},
		{"five-year plan", "“十五五”末，公园达到30座。", "公园|= 30 座|2030-12-31"},
		{"period of years", "2026—2028年，建成公园30座。", "公园|= 30 座|2028-12-31"},
		{"within years", "三年内建成公园30座。", "公园|= 30 座|2028-12-31"},
		{"goes on over clauses", "到2028年底，建成公园30座；新增绿道20公里。", "公园|= 30 座|2028-12-31;绿道|= 20 公里|2028-12-31"},
		{"ends with the sentence", "到2028年底，建成公园30座。新增绿道20公里。", "公园|= 30 座|2028-12-31;绿道|= 20 公里|"},
		{"every year", "每年举办赛事10场。", "赛事|= 10 场|"},
		{"a year in a name", "落实2025年以旧换新实施细则，新增网点10个。", "网点|= 10 个|"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(targetsOf(c.sentence), ";"); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.sentence, got, c.want)
			}
		})
	}
}

func TestNoTargets(t *testing.T) {
	cases := []struct{ name, sentence string }{
		{"subsidy", "每人补贴300元。"},
		{"cap of a subsidy", "给予最高不超过50万元奖励。"},
		{"share of a subsidy", "按投资额的20%给予补助，单户不超过30万元。"},
		{"money put in", "三年安排450亿元支持产业发展。"},
		{"raised standard", "低保标准从每月600元提高到650元。"},
		{"condition", "对年销售额超过5000万元的企业，优先支持。"},
		{"quoted name", "推进“四个一批”工程，打造“15分钟生活圈”。"},
		{"name with a size", "支持限额以上企业和3A级以上景区发展。"},
		{"amount in a name", "加快亿元以上项目建设。"},
		{"time in a name", "完善15分钟便民生活圈。"},
		{"code", "畅通12345热线，推广5G应用，建设G105公路。"},
		{"formula", "构建1+3+N体系，实行7×24小时服务。"},
		{"ordinal", "办好第十七届园博会和第3届运动会。"},
		{"article", "落实条例第二十三条规定。"},
		{"past", "目前全市已建成公园300座。"},
		{"done", "完成了12个项目建设，原有床位500张。"},
		{"class", "提升50万吨级港口功能。"},
		{"past year", "2024年新增绿地50公顷。"},
		{"fact", "现有企业1200家，共有从业人员3万人。"},
		{"since", "2023年以来新建学校12所。"},
		{"grouping", "重点抓好三个方面工作，落实5项重点任务。"},
		{"existing things used", "发挥3个试点的示范作用，依托5个基地开展培训。"},
		{"one", "培育一批企业，打造一个平台，建立一套机制。"},
		{"thousands as an idiom", "服务千家万户，实施百千万工程。"},
		{"age", "关爱65岁及以上老年人和3岁以下婴幼儿。"},
		{"document number", "落实某政发〔2025〕12号文件要求。"},
		{"ranking", "满意度进入全省前三名。"},
		{"footnote", "持续实施“两新”［15］政策。"},
		{"no figure", "推动服务覆盖率稳步提升，增速高于全省平均水平。"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := targetsOf(c.sentence); len(got) > 0 {
				t.Errorf("%s was read as %v", c.sentence, got)
			}
		})
	}
}

func TestKindsOfTargets(t *testing.T) {
	cases := []struct {
		sentence             string
		kind                 read.Kind
		change               read.Change
		aspiration, together bool
	}{
		{"新增网点10个。", read.KindFlow, "", false, false},
		{"网点总数达到10个。", read.KindStock, "", false, false},
		{"电商企业突破1万家。", read.KindStock, "", false, false},
		{"零售总额增长5%。", read.KindRate, read.ChangeUp, false, false},
		{"能耗下降3%。", read.KindRate, read.ChangeDown, false, false},
		{"覆盖率提高到90%。", read.KindRate, "", false, false},
		{"力争打造样板15个。", read.KindFlow, "", true, false},
		{"累计建成网点10个。", read.KindFlow, "", false, true},
	}
	for _, c := range cases {
		p := read.Parse("一、重点任务\n（一）推进工作落实。"+c.sentence+"\n", read.Options{Year: 2026})
		if len(p.Tasks) != 1 || len(p.Tasks[0].Targets) != 1 {
			t.Errorf("%s: read %+v", c.sentence, p.Tasks)
			continue
		}
		x := p.Tasks[0].Targets[0]
		if x.Kind != c.kind || x.Change != c.change || x.Aspirational != c.aspiration || x.Cumulative != c.together {
			t.Errorf("%s: kind %s, change %q, aspirational %v, cumulative %v", c.sentence, x.Kind, x.Change, x.Aspirational, x.Cumulative)
		}
	}
}

func TestCommitments(t *testing.T) {
	cases := []struct {
		sentence string
		kind     read.CommitmentKind
		subject  string
	}{
		{"培育一批特色商业街区。", read.CommitBatch, "特色商业街区"},
		{"推动服务覆盖率稳步提升。", read.CommitTrend, "服务覆盖率"},
		{"全面提升服务能力。", read.CommitTrend, "服务能力"},
		{"动态培育放心消费单位。", read.CommitDynamic, "放心消费单位"},
		{"投资增速高于全省平均水平。", read.CommitComparison, "投资"},
		{"居民收入增长与经济增长同步。", read.CommitComparison, "居民收入"},
		{"实现重点区域监控全覆盖。", read.CommitComplete, "重点区域监控"},
	}
	for _, c := range cases {
		p := read.Parse("一、重点任务\n（一）推进工作落实。"+c.sentence+"\n", read.Options{Year: 2026})
		if len(p.Tasks) != 1 || len(p.Tasks[0].Commitments) != 1 {
			t.Errorf("%s: read %+v", c.sentence, p.Tasks)
			continue
		}
		if x := p.Tasks[0].Commitments[0]; x.Kind != c.kind || x.Subject != c.subject {
			t.Errorf("%s: %s of %q, want %s of %q", c.sentence, x.Kind, x.Subject, c.kind, c.subject)
		}
	}
}
