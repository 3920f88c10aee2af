package gongwen

import (
	"strings"

	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
)

// figure is a run with a reference.
func figure(s, ref string) Run { return Run{Text: s, Ref: ref} }

// sampleBulletin is a 通报 in the file form with all levels, a table, a chart and an attachment.
func sampleBulletin() Document {
	counties := []string{"东河区", "西山区", "北湖县", "南平县", "云台县", "清源县", "河口县", "高新技术产业开发区"}
	var rows [][]Cell
	var bars []Bar
	for i, name := range counties {
		done := quantity.Of(int64(96 - 7*i))
		rows = append(rows, []Cell{{Text(Ordinal(3, i+1)[:1])}, {Text(name)}, {figure("40", "target/"+name)}, {figure(quantity.Of(int64(38-3*i)).String(), "done/"+name)}, {figure(done.String()+"%", "rate/"+name)}})
		bars = append(bars, Bar{Label: name, Value: done, Shown: done.String() + "%", Target: quantity.Of(75), HasTarget: true, Ref: "rate/" + name})
	}
	return Document{
		Form: File, Issuers: []string{"云河市商务局"}, Number: "云商务字〔2026〕17号", Title: "关于2026年第三季度提振消费行动计划任务进展情况的通报",
		Addressee: "各县（区）商务局，高新技术产业开发区经济发展局，市直有关单位：",
		Body: []Block{
			Paragraph(Text("按照《云河市2026年提振消费行动计划》部署，市商务局对各项任务第三季度进展情况进行了调度核验。本通报数据为行政区划口径，截至2026年9月30日。现将有关情况通报如下。")),
			Heading(1, "一、总体情况"),
			Paragraph(Text("全市列入清单任务"), figure("86", "tasks/all"), Text("项，达到序时进度"), figure("71", "tasks/green"), Text("项，占"), figure("82.6%", "tasks/share"), Text("。社会消费品零售总额同比增长"), figure("5.8%", "retail/growth"), Text("，高于年度目标0.3个百分点。")),
			Heading(2, "（一）重点任务推进有力"),
			Paragraph(Text("一刻钟便民生活圈新增"), figure("32", "circle/done"), Text("个，村级快递服务站点覆盖率稳步提高，便民商业设施短板逐步补齐。各地坚持项目化推进，将任务分解到月、责任落实到人，重点消费活动实效明显增强。")),
			{Kind: KindTable, Table: &Table{Caption: "各县（区）便民生活圈建设进展", Unit: "单位：个", Columns: []Column{{Header: "序号", Width: 2}, {Header: "单位", Width: 5, Align: AlignLeft}, {Header: "年度目标", Width: 3}, {Header: "已核验完成", Width: 3}, {Header: "完成率", Width: 3}}, Rows: rows}},
			Heading(2, "（二）部分任务进度偏慢"),
			{Kind: KindHeading, Level: 3, Runs: []Run{Text("1.项目开工滞后。")}, Then: []Run{Text("河口县2个步行街改造项目尚未完成招标，较计划节点滞后"), figure("41", "delay/hekou"), Text("天。")}},
			{Kind: KindHeading, Level: 3, Runs: []Run{Text("2.佐证材料不规范。")}, Then: []Run{Text("个别单位上传的现场照片无地点和日期，经核验不予认定。")}},
			{Kind: KindChart, Chart: &Chart{Caption: "各县（区）完成率", Bars: bars, Note: "注：竖线为第三季度序时进度75%；数据为行政区划口径，截至2026年9月30日"}},
			Heading(1, "二、评价"),
			Paragraph(Text("东河区、西山区任务完成质量高、群众反响好，予以通报表扬。清源县、河口县、高新技术产业开发区完成率低于序时进度，请相关单位查找原因，制定补欠措施。")),
			Heading(1, "三、下一步工作"),
			Heading(2, "（一）紧盯滞后任务"),
			Paragraph(Text(strings.Repeat("对进度滞后的任务逐项明确堵点、责任单位和完成时限，市直牵头部门加强指导帮扶，能现场解决的现场解决，不能现场解决的列入问题清单跟踪办理。", 2))),
			Heading(3, "1.逐项销号"),
			Heading(4, "（1）问题清单"),
			Paragraph(Text("问题整改完成后由牵头单位现场复核，复核通过方可销号，销号资料由系统自动归集，各单位无须另行填报。")),
			Heading(2, "（二）做好数据核验"),
			Paragraph(Text(strings.Repeat("各单位依托业务台账自动生成进度数据，只对偏差作出说明，不重复填报。", 4))),
		},
		AttachmentNote: []string{"2026年第三季度滞后任务清单", "便民生活圈建设典型做法和可复制推广经验汇编目录（第一批）"},
		Attachments: []Attachment{
			{Name: "2026年第三季度滞后任务清单", Body: []Block{{Kind: KindTable, Table: &Table{Columns: []Column{{Header: "任务", Width: 5, Align: AlignLeft}, {Header: "牵头单位", Width: 3}, {Header: "滞后原因", Width: 6, Align: AlignLeft}}, Rows: lagging()}}}},
			{Name: "便民生活圈建设典型做法和可复制推广经验汇编目录（第一批）", Body: []Block{Paragraph(Text("东河区“一圈一策”机制、西山区社区食堂公建民营做法。"))}},
		},
		Sealed: true, Date: calendar.Of(2026, 10, 12), Note: "此件主动公开", Copies: []string{"市委办公室", "市人大常委会办公室", "市政府办公室", "市政协办公室", "各县（区）人民政府", "高新技术产业开发区管委会"},
		Printed: Printed{Organ: "云河市商务局办公室", Date: calendar.Of(2026, 10, 12)},
	}
}

// lagging are rows enough for a second page.
func lagging() [][]Cell {
	var rows [][]Cell
	for range 14 {
		rows = append(rows,
			[]Cell{{Text("步行街改造提升项目")}, {Text("河口县商务局")}, {Text("招标文件备案周期长，施工许可尚未取得")}},
			[]Cell{{Text("县域商业体系建设项目")}, {Text("清源县商务局")}, {Text("建设用地手续正在办理")}})
	}
	return rows
}

// sampleLetter is a 提醒函.
func sampleLetter() Document {
	return Document{
		Form: Letter, Issuers: []string{"云河市商务局"}, Number: "云商务函〔2026〕31号", Title: "关于步行街改造提升项目进度滞后的提醒函", Addressee: "河口县商务局：",
		Body: []Block{
			Paragraph(Text("《云河市2026年提振消费行动计划》明确，你单位牵头的步行街改造提升项目应于2026年8月31日前开工。经核验，截至2026年10月10日（行政区划口径），2个项目均未取得施工许可，较计划节点滞后"), figure("40", "delay/1"), Text("天。")),
			Paragraph(Text("为确保年度任务如期完成，现提醒如下：一是请尽快梳理招标、用地、施工许可等环节的堵点，明确责任人和时限；二是请在系统内更新项目节点计划，需市级协调解决的事项一并提出。")),
			Paragraph(Text("请于2026年10月23日前在系统内回复。")),
		},
		Sealed: true, Date: calendar.Of(2026, 10, 12), Note: "此件不予公开", Copies: []string{"河口县人民政府办公室"},
	}
}

// sampleMinutes is a 会议纪要.
func sampleMinutes() Document {
	return Document{
		Form: Minutes, Issuers: []string{"云河市商务局"}, Mark: []string{"云河市商务局调度会议纪要"}, Number: "第9期", Title: "2026年第三季度提振消费工作调度会议纪要",
		Body: []Block{
			Paragraph(Text("2026年10月9日上午，市商务局召开提振消费工作第三季度调度会议，市商务局副局长王宁主持会议，听取各牵头部门任务进展情况，研究需要协调解决的问题。现将会议议定事项纪要如下。")),
			Heading(1, "一、上次议定事项落实情况"),
			Paragraph(Text("上次会议议定"), figure("6", "decisions/prev"), Text("项，已办结"), figure("5", "decisions/done"), Text("项。会议数据为行政区划口径，截至2026年9月30日。")),
			Heading(1, "二、本次议定事项"),
			{Kind: KindHeading, Level: 2, Runs: []Run{Text("（一）步行街改造提升项目。")}, Then: []Run{Text("由河口县商务局牵头，市住房城乡建设局配合，10月31日前取得施工许可并开工。")}},
			{Kind: KindHeading, Level: 2, Runs: []Run{Text("（二）县域商业体系建设项目。")}, Then: []Run{Text("由清源县商务局牵头，市自然资源局配合，11月15日前办结用地手续。")}},
			{Kind: KindHeading, Level: 2, Runs: []Run{Text("（三）冬季消费活动。")}, Then: []Run{Text("由市文化和旅游局牵头，各县（区）参与，11月20日前公布活动安排。")}},
		},
		Attendance: Attendance{Present: []string{"王宁（市商务局）", "张华（市财政局）", "赵敏（市住房城乡建设局）", "陈亮（市文化和旅游局）", "孙立（东河区商务局）"}, Absent: []string{"周强（市自然资源局）"}, Auditors: []string{"吴静（市统计局）"}},
		Date:       calendar.Of(2026, 10, 12), Note: "此件依申请公开", Copies: []string{"市政府办公室", "参会各单位"}, Printed: Printed{Organ: "云河市商务局办公室", Date: calendar.Of(2026, 10, 12)},
	}
}

// sampleGrid is nothing but Chinese characters, for measuring the grid.
func sampleGrid() Document {
	return Document{Form: File, Issuers: []string{"云河市商务局"}, Number: "云商务字〔2026〕1号", Title: "关于量度的通知", Body: []Block{Paragraph(Text(strings.Repeat("量度版心每行二十八字每面二十二行的文字", 120)))}}
}

// sampleJoint is a joint report to a higher organ with everything that a head can have.
func sampleJoint() Document {
	d := sampleBulletin()
	d.Issuers = []string{"云河市商务局", "云河市市场监督管理局", "中共云河市委宣传部", "中国人民银行云河市分行"}
	d.CopyNo, d.Secrecy, d.Urgency, d.Signers = "000012", "秘密★1年", "特急", []string{"张三", "李四德", "王五", "赵六"}
	d.Title, d.Addressee = "关于2026年第三季度提振消费工作情况的报告", "市人民政府："
	d.Body, d.AttachmentNote, d.Attachments = d.Body[:4:4], nil, nil
	return d
}
