package read

// Sections that hold no tasks.
const (
	sectionReview Section = "review" // past work, problems: nothing in it is promised
	sectionFrame  Section = "frame"  // guiding thought, principles: only figures of goals count
)

// sectionWords gives the kind of section by words in the heading. The first
// row whose word fits decides.
var sectionWords = []struct {
	kind Section
	tail *words // the heading ends with it
	any  *words // or holds it
}{
	{sectionReview, listOf(`完成情况 主要成绩 工作总结 存在问题 存在的问题 主要问题 困难和问题 问题和困难 工作成效 主要成效 发展基础 工作基础 现实基础 面临形势 发展形势 发展现状 基本情况 工作背景 起草背景 出台背景 编制背景 总体情况 发展成就 主要成就 现状 形势 背景 取得的成绩`),
		listOf(`回顾 过去一年 过去五年 这一年 过去的一年 问题与挑战 困难与挑战 名词解释 名词注释 术语解释 政策解读`)},
	{SectionTasks, listOf(`目标任务 任务目标 主要任务 重点任务 工作任务 目标和任务 目标与任务 工作重点 重点工作 主要工作`), listOf(`目标任务和 主要目标任务`)},
	{SectionGoals, listOf(`目标 目标要求 主要指标 发展指标 量化指标`), listOf(`总体目标 工作目标 主要目标 发展目标 预期目标 行动目标 具体目标 阶段目标 年度目标 奋斗目标 总目标 目标愿景`)},
	{sectionFrame, listOf(`总体要求 指导思想 基本原则 工作原则 总体思路 基本思路 工作思路 重要意义 重大意义 实施原则 主要原则 工作方针 适用范围 实施范围 编制依据 工作依据 术语 附则 总则 有关说明 实施期限 创建范围 实施时间 总体考虑 战略定位 功能定位 发展定位 组织机构 领导小组 组织架构 适用对象 支持对象`),
		listOf(`指导思想 基本原则 重要意义 领导小组成员 领导小组组成 解释权 有效期`)},
	{SectionSafeguards, listOf(`保障措施 组织保障 保障机制 组织实施 工作要求 有关要求 相关要求 实施保障 工作保障 政策保障 监督检查 督导考核 监督考核 组织领导 工作机制 推进机制 保障 要求 实施机制 落实机制 推进措施`), listOf(`保障措施 组织实施 实施保障 工作保障`)},
	{SectionDuties, listOf(`职责分工 责任分工 部门职责 工作职责 部门分工 职责任务 单位职责 责任部门 职责`), listOf(`职责分工 部门职责`)},
}

// shortHeading bounds what may stand before a closing word such as 保障 or
// 要求, which also end the titles of ordinary tasks.
const shortHeading = 10

// sectionOf classifies a heading; "" means that it says nothing and the
// section above holds.
func sectionOf(title []rune) Section {
	if len(title) == 0 || len(title) > 40 {
		return ""
	}
	if goalTasks.is(title) {
		return SectionGoals
	}
	if contains(title, "目标") && workWords.in(title) {
		return SectionTasks
	}
	for _, s := range sectionWords {
		tail := s.tail.before(title)
		if tail == 0 && !s.any.in(title) {
			continue
		}
		if tail > 0 && len(title) > tail+shortHeading {
			continue
		}
		if s.kind == SectionSafeguards && (tail == 2 || tail == 4 && startsWith(title, "加强")) && len(title) > 4 {
			continue
		}
		if (s.kind == SectionGoals || s.kind == sectionFrame || s.kind == sectionReview) && verbHead.at(title) > 0 {
			continue
		}
		return s.kind
	}
	return ""
}

// goalTasks are headings over goals though they end like one over tasks.
var goalTasks = listOf(`目标任务 工作目标任务 总体目标任务 目标与任务 目标和任务`)

// workWords in a heading that also names goals make it one over tasks.
var workWords = listOf(`任务 重点工作 主要工作 工作安排 工作部署 工作重点 主要举措 重点举措 工作举措 主要措施`)

// verbHead begin the title of a task, not of a section: 强化目标考核.
var verbHead = listOf(`强化 严格 落实 明确 细化 压实 完善 健全 建立 实现 加强 分解 紧扣 锚定 聚焦 对标 制定 优化 推进 推动 提升 打造 夯实 筑牢 巩固 改善 建设 深化 实施 开展 做好 抓好 扩大 促进 构建 增强 培育 围绕 坚持 着力 全力 加快 积极 大力 统筹 努力 持续 确保 奋力 完成`)

// knownHeading says whether x is the usual name of a section, which needs no
// number to be seen as a heading.
func knownHeading(x []rune) bool {
	if len(x) > 14 {
		return false
	}
	s := sectionOf(x)
	if s == "" {
		return false
	}
	for _, c := range x {
		if c == ',' || c == '(' || c == '\t' || c == '“' {
			return false
		}
	}
	return true
}
