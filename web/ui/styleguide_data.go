package ui

import "fmt"

// Sample data of the style guide: ordinary, empty, long and hostile.

const (
	sampleHostile = `<script>alert("1")</script><img src=x onerror=alert(1)> & "引号" 'a'`
	sampleLong    = "统筹推进城市一刻钟便民生活圈建设，优化社区商业网点布局，完善便利店、菜市场、早餐店、家政、养老、托育等业态，" +
		"推动品牌连锁企业进社区，鼓励有条件的县（市、区）探索“一店多能”“一点多用”，年底前全市新建改造完成并通过验收"
)

func guideBase(large bool) Base {
	return Base{
		Title: "设计样例", Eyebrow: "聊商督〔2026〕12号", City: "云河市", Plan: "2026年提振消费行动计划",
		Lede:   "全部页面部件各画一次，含空白、超长和含有特殊字符的内容。",
		Person: &Who{Name: "王晓明", Unit: "市商务局", Role: "调度员", URL: "/me"},
		Demo:   true, Large: large, AsOf: "数据截至 2026年7月31日", Here: "/styleguide", Idle: 1800,
		Paths:  Paths{Help: "/help"},
		Crumbs: []Crumb{{textHome, "/"}, {"帮助", "/help"}},
		Actions: Buttons{
			{Label: "签发督办单", Kind: Primary, Icon: "flag", Opens: "dialog"},
			{Label: textPrint, Icon: "print", Do: "print"},
			{Label: textCopy, Icon: "link", Do: "copy"},
		},
		Nav: []NavItem{
			{Label: "总览", URL: "/", Icon: "home", Key: "h", Primary: true},
			{Label: "任务清单", URL: "/tasks", Icon: "list", Key: "t", Count: 46, Primary: true, Group: "督导"},
			{Label: "量化目标", URL: "/targets", Icon: "target", Key: "m", Group: "督导"},
			{Label: "督办单", URL: "/sheets", Icon: "flag", Key: "s", Count: 3, Urgent: true, Primary: true, Group: "督导"},
			{Label: "通报与公文", URL: "/documents", Icon: "doc", Group: "督导"},
			{Label: "台账", URL: "/registers", Icon: "sheet", Key: "r", Primary: true, Group: "数据"},
			{Label: "统计指标", URL: "/indicators", Icon: "chart", Group: "数据"},
			{Label: "空间布局", URL: "/map", Icon: "map", Group: "数据"},
			{Label: "补贴与消费券", URL: "/programmes", Icon: "voucher", Group: "资金"},
			{Label: "资金账", URL: "/ledger", Icon: "money", Group: "资金"},
			{Label: "设计样例", URL: "/styleguide", Icon: "help", Current: true, Group: "系统"},
		},
		Flash: []Flash{{Kind: Success, Text: "督办单已送签。", URL: "/sheets/12", Label: "查看"}},
	}
}

func guideStats() Stats {
	return Stats{
		{Label: "任务总数", Value: "46", Unit: "项", Sub: "16个单位，11个县（市、区）和开发区", URL: "/tasks"},
		{Label: "严重滞后", Value: "3", Unit: "项", Sub: "较上月 +1", URL: "/tasks?light=red", Level: Red},
		{Label: "社会消费品零售总额", Value: "1,234.5", Unit: "亿元", Sub: "同比 +5.6%，序时 +6.0%", URL: "/indicators/retail",
			Spark: Sparkline{Label: "近七个月走势", Values: guideSpark()}},
		{Label: "补贴资金拨付", Value: "38,214,600.00", Unit: "元", Sub: "预算执行 63.7%", URL: "/ledger"},
		{Label: "托育服务站", Sub: "部门尚未上报", Level: Grey},
	}
}

func guideSpark() []Value {
	var out []Value
	for i, v := range []float64{3.1, 4.2, 4.0, 0, 5.2, 5.0, 5.6} {
		if i == 3 {
			out = append(out, Value{})
			continue
		}
		out = append(out, Val(v, fmt.Sprintf("%.1f", v)))
	}
	return out
}

func guideBar() LightBar {
	return LightBar{Label: "全部任务", Counts: []LightCount{
		{Green, 27, "/tasks?light=green"}, {Blue, 8, "/tasks?light=blue"}, {Yellow, 5, "/tasks?light=yellow"},
		{Red, 3, "/tasks?light=red"}, {Grey, 3, "/tasks?light=grey"},
	}}
}

func guideProgress(slim bool) Progress {
	return Progress{Actual: 66, Unverified: 18, Expected: 105, Target: 180, ActualText: "66", PendingText: "18",
		ExpectedText: "105", TargetText: "180", Unit: "个", Level: Red, Slim: slim, URL: "/records?status=verified"}
}

func guideTable() Table {
	t := NewTable("任务清单", Column{Label: "任务", SortURL: "?sort=name"}, Column{Label: "牵头单位", Narrow: true, SortURL: "?sort=unit"},
		Column{Label: "状态", Narrow: true, SortURL: "?sort=-light", Sort: Descending}, Column{Label: "进度", Hint: "实心为已核实，斜线为已上报待核实，竖线为序时应达"},
		Column{Label: "已核实", Num: true, Unit: "个"}, Column{Label: "完成时限", Narrow: true, Hidden: true})
	t.Rows = []Row{
		{ID: "item-1", Item: "1", URL: "/tasks/1", Over: []string{"二、消费能力保障支持行动"}, Cells: []Cell{Text("新增便民生活圈 180 个").With("第二部分 第（三）项"), Text("市商务局"),
			Node(Light{Level: Red, Reason: "较序时低 37.1%"}), Node(guideProgress(true)), Num("66", "/records?task=1"), Text("2026-12-31")}},
		{ID: "item-2", Item: "2", URL: "/tasks/2", Cells: []Cell{Text("建设村级寄递物流综合服务站").With("第三部分 第（七）项"), Text("市邮政管理局"),
			Node(Light{Level: Yellow, Reason: "较序时低 8.0%"}), Node(Progress{Actual: 460, Expected: 500, Target: 900, Level: Yellow, Slim: true, ActualText: "460", ExpectedText: "500", TargetText: "900"}), Num("460", "/records?task=2"), Text("2026-11-30")}},
		{URL: "/tasks/3", Cells: []Cell{Text("家电以旧换新补贴发放"), Text("市商务局"), Node(Light{Level: Green}),
			Node(Progress{Actual: 82, Expected: 60, Target: 100, Level: Green, Slim: true, ActualText: "82", ExpectedText: "60", TargetText: "100"}), Num("12,480", "/records?task=3"), Text("2026-12-31")}},
		{URL: "/tasks/4", Cells: []Cell{Text(sampleLong), Text("市住房和城乡建设局"), Node(Light{Level: Blue, Reason: "10个工作日内到期"}),
			Node(Progress{Actual: 48, Expected: 50, Target: 100, Level: Blue, Slim: true, ActualText: "48", ExpectedText: "50", TargetText: "100"}), Num("48", "/records?task=4"), Text("2026-08-14")}},
		{URL: "/tasks/5", Muted: true, Cells: []Cell{Text(sampleHostile), Text("市民政局"), Node(Light{Level: Grey, Reason: "本月数据未公布"}),
			Node(Progress{Target: 0, NoPace: true, Level: Grey, Slim: true}), Text(textNoValue), Text("2026-12-31")}},
	}
	t.Foot = []Cell{Text(textTotalOf), Text(""), Text(""), Text(""), Num("13,054", "/records"), Text("")}
	return t
}

func guideFilter() FilterBar {
	return FilterBar{
		Action: "/tasks", Reset: "/tasks",
		Search: &Field{Kind: SearchInput, Name: "q", Label: "关键词", Value: "便民"},
		Fields: []Field{
			{Kind: Select, Name: "unit", Label: "牵头单位", Blank: "全部单位", Value: "swj", Options: []Option{{Value: "swj", Label: "市商务局"}, {Value: "mzj", Label: "市民政局"}}},
			{Kind: Select, Name: "light", Label: "状态", Blank: "全部状态", Options: []Option{{Value: "red", Label: "严重滞后"}, {Value: "grey", Label: "无数据"}}},
			{Kind: Month, Name: "month", Label: "月份", Value: "2026-07"},
		},
		More:   []Field{{Kind: Select, Name: "kind", Label: "类别", Blank: "全部", Options: []Option{{Value: "project", Label: "项目"}}}},
		Hidden: []HiddenPair{{"sort", "-light"}},
		Chips:  []FilterChip{{"关键词：便民", "/tasks?unit=swj"}, {"牵头单位：市商务局", "/tasks?q=x"}},
	}
}

func guideChart() PaceChart {
	c := PaceChart{Title: "新增便民生活圈", Unit: "个", Target: Val(180, "180"), Now: 6, Level: Red}
	verified := []float64{0, 6, 14, 22, 40, 58, 66}
	for i := range 12 {
		e := float64(15 * (i + 1))
		p := PacePoint{Label: fmt.Sprintf("%d月", i+1), Expected: Val(e, fmt.Sprint(e))}
		if i < len(verified) {
			p.Verified = Val(verified[i], fmt.Sprint(verified[i]))
		}
		if i == 5 {
			p.Reported = Val(58, "58")
		}
		if i == 6 {
			p.Reported = Val(84, "84")
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func guideTiles() TileGrid {
	tile := func(row, col int, name, text string, l Level) Tile {
		return Tile{Row: row, Col: col, Name: name, Text: text, Level: l, URL: "/territories/" + name}
	}
	return TileGrid{Label: "各县（市、区）和开发区任务完成情况", Tiles: []Tile{
		tile(1, 2, "临清市", "61%", Green), tile(1, 3, "高唐县", "58%", Blue), tile(2, 1, "冠县", "33%", Red),
		tile(2, 2, "东昌府区", "66%", Green), tile(2, 3, "茌平区", "52%", Yellow), tile(3, 1, "莘县", "57%", Blue),
		tile(3, 2, "阳谷县", "60%", Green), tile(3, 3, "东阿县", "—", Grey), tile(1, 4, "经开区", "64%", Green),
		tile(2, 4, "高新区", "59%", Blue), tile(3, 4, "度假区", "62%", Green),
	}}
}

func guideMatrix() Matrix {
	cell := func(l Level, text string) MatrixCell {
		return MatrixCell{Level: l, Text: text, URL: "/cell", Label: l.Word() + "，完成 " + text}
	}
	return Matrix{Caption: "县（市、区）与任务对照", Corner: "地区", Columns: []string{"便民生活圈", "寄递服务站", "养老服务券", "达限入统"},
		Rows: []MatrixRow{
			{"东昌府区", "/t/1", []MatrixCell{cell(Green, "72%"), cell(Blue, "57%"), cell(Green, "66%"), cell(Yellow, "48%")}},
			{"冠县", "/t/2", []MatrixCell{cell(Red, "12%"), cell(Yellow, "44%"), {Level: Grey, Text: "未报"}, cell(Red, "20%")}},
			{"经开区", "/t/3", []MatrixCell{cell(Green, "80%"), {Blank: true}, cell(Green, "71%"), cell(Green, "65%")}},
		}}
}

func guideTree() Tree {
	return Tree{Label: "行动计划", Branches: []Branch{
		{Label: "一、城乡居民增收促进行动", URL: "/s/1", Note: "6项任务", Children: []Branch{{Label: "（一）促进工资性收入合理增长", URL: "/s/1/1"}}},
		{Label: "二、消费能力保障支持行动", URL: "/s/2", Note: "8项任务", Open: true, Children: []Branch{
			{Label: "（三）便民生活圈", URL: "/s/2/3", Current: true, Open: true, Node: Light{Level: Red, Small: true}, Children: []Branch{
				{Label: "新增便民生活圈 180 个", URL: "/tasks/1", Note: "市商务局", Item: "t1"}, {Label: sampleHostile, Note: "市民政局"}}},
			{Label: "（四）养老服务", URL: "/s/2/4", Node: Light{Level: Green, Small: true}}}},
	}}
}

func guideTimeline() Timeline {
	return Timeline{Label: "办理过程", Events: []Event{
		{When: "预计 8月14日", Title: "整改期满，组织复核", Next: true},
		{When: "7月31日 09:12", Title: "签发限期整改单", Who: "市商务局 · 李建国", Text: "要求8月14日前补齐验收材料，逐点核对。", Kind: Danger, URL: "/sheets/12"},
		{When: "7月10日 16:40", Title: "反馈进展", Who: "冠县商务局 · 赵敏", Text: sampleLong, Kind: Info},
		{When: "6月30日", Title: "系统计算为“严重滞后”", Who: "系统", Kind: Warning},
		{When: "3月2日", Title: "计划印发", Who: "聊商务字〔2026〕7号", Kind: Success},
	}}
}

func guideSource() SourceText {
	return SourceText{Label: "原文", Legend: true, Blocks: []SourceBlock{
		{Number: "31", Heading: 2, Segments: []Segment{{Text: "（三）完善便民消费设施"}}},
		{Number: "32", Segments: []Segment{
			{Text: "推进城市一刻钟便民生活圈建设，"}, {Text: "年底前", Item: "d1", Kind: "date", Lead: true, Note: "2026-12-31"},
			{Text: "新增便民生活圈", Item: "t1", Kind: "task", Lead: true}, {Text: "180个", Item: "q1", Kind: "quantity", Lead: true, Note: "180 个"},
			{Text: "，覆盖居民"}, {Text: "120万人左右", Item: "x1", Kind: "doubt", Lead: true, Note: "“左右”未给出上下限"}, {Text: "。（"},
			{Text: "市商务局", Item: "u1", Kind: "unit", Lead: true, Note: "牵头单位"}, {Text: "、"}, {Text: "市住房和城乡建设局", Item: "u2", Kind: "unit", Lead: true},
			{Text: "）"}, {Text: sampleHostile}}},
	}}
}

func guideFields() []Field {
	units := []Option{{Value: "swj", Label: "市商务局", Group: "市直部门"}, {Value: "mzj", Label: "市民政局", Group: "市直部门"}, {Value: "gx", Label: "冠县", Group: "县（市、区）"}}
	return []Field{
		{Name: "title", Label: "督办事项", Required: true, Size: Full, Value: "新增便民生活圈进度滞后", MaxLength: 100},
		{Kind: Select, Name: "lead", Label: "责任单位", Required: true, Options: units, Error: "请选择责任单位"},
		{Kind: Date, Name: "due", Label: "整改期限", Value: "2026-07-01", Required: true, Error: "期限不能早于今天", Size: Short},
		{Kind: Number, Name: "gap", Label: "差额", Value: "39", Unit: "个", Size: Short, ReadOnly: true, Hint: "由系统计算，不需填写"},
		{Kind: Radio, Name: "colour", Label: "督办等级", Required: true, Value: "yellow", Options: []Option{
			{Value: "blue", Label: "蓝色督办", Hint: "提醒"}, {Value: "yellow", Label: "黄色督办", Hint: "限期反馈"}, {Value: "red", Label: "红色督办", Hint: "报分管领导", Disabled: true}}},
		{Kind: Checks, Name: "co", Label: "配合单位", Optional: true, Values: []string{"mzj"}, Options: units},
		{Kind: TextArea, Name: "text", Label: "整改要求", Size: Full, Rows: 3, Value: sampleHostile, Hint: "逐条写明问题、依据和要求。"},
		{Kind: File, Name: "proof", Label: "附件", Size: Full, Accept: ".pdf,.docx", MaxBytes: 20 << 20, Multiple: true, Hint: "PDF 或 Word"},
		{Kind: Check, Name: "notify", Label: "同时短信提醒联系人", Value: "1"},
		{Kind: Password, Name: "pw", Label: "口令", Autocomplete: "current-password", Size: Short},
	}
}
