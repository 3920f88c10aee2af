package read

// rejected says that the surroundings of a figure make it no promise: it is
// quoted, past, a condition, a subsidy or an input.
func (s *scanner) rejected(m *mention, lo int, useAfter bool) bool {
	x := s.x
	if m.quoted || m.when != nil && m.when.past || m.unit.a == m.unit.b && m.unit.a > 0 && !m.f.percent && (m.paren || !m.word) || m.paren && m.unit.a == m.unit.b {
		return true
	}
	left := x[m.clause:m.f.a]
	if m.paren && !contains(x[max(lo, m.f.a-12):m.f.a], "其中") && !contains(x[max(lo, m.f.a-12):m.f.a], "新") {
		return true
	}
	if pastWords.in(left) || hasAlready(left) {
		return true
	}
	if m.f.a > 0 {
		switch x[m.f.a-1] {
		case '每', '+', '×', ':', '/', '*', '第', '前':
			return true
		}
	}
	if startsWith(x[m.left:m.f.a], "涉及") {
		return true
	}
	if headBlocked(left) && useAfter {
		return true
	}
	unit := x[m.unit.a:m.unit.b]
	rest := x[m.end:min(len(x), m.end+60)]
	switch {
	case moneyUnits.is(unit):
		return s.moneyRejected(m, left, rest)
	case rateUnits.is(unit) || m.f.percent:
		return subsidyWords.in(left) && !harmless(left) || subsidyNear(rest)
	case durationUnits.is(unit):
		return !m.word || !closesClause(rest) && !startsWith(rest, "办结") || contains(left, "不超过") && !contains(left, "时间") && !contains(left, "时限")
	}
	return conditional(left, rest)
}

// hasAlready says that 已 governs the figure; in 对已有…再新增 it does not.
func hasAlready(left []rune) bool {
	k := lastIndex(left, '已')
	return k >= 0 && !has(left[k:], '再')
}

// headBlocked says that a clause begins with a verb that counts what exists.
func headBlocked(left []rune) bool {
	for len(left) > 0 {
		if blockVerbs.at(left) > 0 {
			return true
		}
		n := modalWords.at(left)
		if n < 2 {
			return false
		}
		left = left[n:]
	}
	return false
}

// harmless says that a word of subsidies is only part of a noun here.
func harmless(left []rune) bool {
	return contains(left, "补贴性") || contains(left, "达标") || contains(left, "标准化") || contains(left, "消费券")
}

func subsidyNear(rest []rune) bool {
	for i, c := range rest {
		if c == ',' || c == '。' || c == ';' || c == '、' {
			rest = rest[:i]
			break
		}
	}
	return subsidyWords.in(rest) && !harmless(rest)
}

func closesClause(rest []rune) bool {
	return len(rest) == 0 || rest[0] == ',' || rest[0] == '。' || rest[0] == ';' || rest[0] == '、' || rest[0] == ')' || rest[0] == '\t'
}

// moneyRejected: money put in, granted or capped is no target; money brought
// about is.
func (s *scanner) moneyRejected(m *mention, left, rest []rune) bool {
	if subsidyWords.in(left) || subsidyNear(rest) || standardWords.in(left) {
		return true
	}
	if m.atLeast && !closesClause(rest) {
		return true // 亿元以上项目
	}
	if inputWords.in(left) && !outputWords.in(left) {
		return true
	}
	if contains(left, "投资需求") || contains(left, "估算投资") || contains(left, "概算") || contains(left, "总投资") && !contains(left, "完成总投资") {
		return true
	}
	if contains(left, "安排") || contains(left, "投入资金") || contains(left, "用于") {
		return true
	}
	return conditional(left, rest)
}

// conditional says that a figure sets who is meant: 对年销售额5000万元以上的企业.
func conditional(left, rest []rune) bool {
	if len(left) > 0 && left[0] == '对' && len(rest) > 0 && rest[0] == '的' {
		return true
	}
	if len(left) > 0 && (left[0] == '对' || left[0] == '凡' || left[0] == '如' || left[0] == '若') {
		for i, c := range rest {
			if c == ',' || c == '。' || c == ';' {
				if i > 0 && rest[i-1] == '的' {
					return true
				}
				break
			}
		}
	}
	return len(rest) > 0 && rest[0] == '的' && (len(rest) == 1 || rest[1] == ',' || rest[1] == '、')
}

// rejectedNoun says that the counted noun or the unit makes the figure part of
// a name or a mere grouping: 500平方米以上门店, 三个方面.
func (s *scanner) rejectedNoun(m *mention, subject piece, useAfter bool, lo int) bool {
	x := s.x
	noun := x[subject.a:subject.b]
	unit := x[m.unit.a:m.unit.b]
	if useAfter {
		rest := x[m.end:min(len(x), m.end+8)]
		if attributeLeads.before(x[lo:m.pre]) > 0 {
			return true
		}
		if moneyUnits.is(unit) && !outputWords.in(noun) || durationUnits.is(unit) {
			return true
		}
		if sizeUnits.is(unit) && m.word && m.comparator != Above && (m.atLeast || m.comparator == AtMost) && !lengthUnit(unit) && m.comparator != About {
			if !startsWith(rest, "的") || !rateUnits.is(unit) {
				return true
			}
		}
		if notCounted.at(noun) > 0 && notCounted.at(noun) == len(noun) {
			return !m.word || m.comparator == Equal
		}
		if notCounted.before(noun) > 0 && (!m.word || m.comparator == Equal) && !verbBefore(x[lo:m.pre]) {
			return true
		}
		if notCounted.before(noun) > 0 && grouping.before(noun) > 0 {
			return true
		}
	}
	if useAfter && publicDeeds.before(noun) > 0 && actionWords.in(x[m.clause:m.f.a]) {
		return false // 实施…等十件民生实事
	}
	if !m.f.arabic && !m.f.percent && !m.f.compound() {
		return s.wordRejected(m, noun, unit, useAfter, lo)
	}
	return false
}

// publicDeeds are counted also where the number closes their list.
var publicDeeds = listOf(`民生实事 惠民实事 为民实事 实事`)

// attributeLeads before a figure and its noun make it a property of the noun:
// 时速120公里以上线路.
var attributeLeads = listOf(`时速 面积 长度 宽度 高度 半径 周边 距离 单价 额定 产能 装机 年龄 年满 工龄 户籍 注册资金 容积 库容 跨径 口径`)

// grouping nouns are never counted, whatever the verb.
var grouping = listOf(`方面 环节 层面 维度 阶段 原则 统一 坚持 要求 抓手 步骤 关键 任务 方面工作 措施 举措 方向 行动 机制 目标 内容 转变 不变 优势 短板 问题 方面重点工作 专项行动`)

// lengthUnit are sizes that are often counted before their noun.
func lengthUnit(unit []rune) bool {
	switch string(unit) {
	case "公里", "亩", "公顷", "平方公里", "万亩", "户", "张", "床":
		return true
	}
	return false
}

func verbBefore(left []rune) bool {
	return flowWords.before(left) > 0 || actionWords.before(left) > 0
}

// wordRejected holds figures in Chinese numerals to more: 两家 after a verb is
// a count, 一家 and 三项制度 are not.
func (s *scanner) wordRejected(m *mention, noun, unit []rune, useAfter bool, lo int) bool {
	if m.f.lo < 20_000 || durationUnits.is(unit) {
		return true
	}
	left := s.x[lo:m.pre]
	if m.f.bare && !m.word {
		if len(unit) == 1 && m.end < len(s.x) && isNumeral(s.x[m.end]) {
			return true // 千家万户
		}
		return !bareUnits.is(unit) || !verbBefore(left) || useAfter && wordGroups.before(noun) > 0
	}
	if useAfter && (wordGroups.before(noun) > 0 || !m.word && !verbBefore(left) && !verbBefore(s.x[lo:m.f.a])) {
		return true
	}
	return false
}

// bareUnits may follow 百, 千, 万 without a digit: 百款产品.
var bareUnits = listOf(`家 个 款 项 场 种 所 名 件 处 条 人次 亩 套 辆 家次 场次 人 户 台 支`)

// wordGroups follow Chinese numerals in names of programmes.
var wordGroups = listOf(`行动 工程 任务 制度 机制 改革 措施 举措 体系 计划 目标 战略 能力 责任 清单 关系 建设 作用 优势 统筹 革命 精神 意识 体制 格局 防线 底线 红线 攻坚战 保卫战 文章 课 关 牌 资源 市场 群体 重点 领域 产业链 行业 产业 类别 片区 板块`)

// promised says that somebody commits to the figure: it stands in a goals
// section, a word holds it, a time governs it, a verb brings it about, it
// follows a target; without any of these, that nothing says it is a fact.
func (s *scanner) promised(i, lo int, useAfter bool) bool {
	m := &s.marks[i]
	if s.stated(m, lo) {
		return false
	}
	if s.goals || m.word || m.f.percent || rateUnits.is(s.x[m.unit.a:m.unit.b]) || m.when != nil && m.when.date != "" {
		return true
	}
	left := s.x[m.clause:m.f.a]
	if s.capacity(m, useAfter) && !flowWords.in(left) {
		return false
	}
	if actionWords.in(left) || s.afterTarget(i) {
		return true
	}
	return !factWords.in(left)
}

// capacity says that a bare figure states what something can do or holds:
// 处置能力300吨/日.
func (s *scanner) capacity(m *mention, useAfter bool) bool {
	return !useAfter && (has(s.x[m.unit.a:m.unit.b], '/') || capacityWords.before(s.x[m.clause:m.pre]) > 0)
}

// capacityWords end the name of what exists, unless a verb or a word such as
// 达到 stands with the figure.
var capacityWords = listOf(`能力 产能 存量 保有量 库容 面积 人口`)

// stated says that 有 or 是 stands right before the figure.
func (s *scanner) stated(m *mention, lo int) bool {
	y := s.x[lo:m.pre]
	n := len(y)
	if n == 0 || actionWords.in(y) {
		return false
	}
	switch y[n-1] {
	case '有':
		return n < 2 || !holding.is(y[n-2:])
	case '是', '共':
		return true
	}
	return false
}

var holding = listOf(`拥有 保有 持有 享有`)

// factWords state what is: they count only where no verb of action stands.
var factWords = listOf(`有 是 共 总计 位于 占地 地处 属于 系 辖 现 达到了 实有 含 计 另 约占 覆盖了 相当于 折合 合`)

// afterTarget says that the figure before in this sentence became a target.
func (s *scanner) afterTarget(i int) bool {
	if i == 0 || len(s.targets) == 0 {
		return false
	}
	last := s.targets[len(s.targets)-1]
	p := s.marks[i-1]
	return last.NumberSpan.Start == int(s.d.off[p.f.a])
}
