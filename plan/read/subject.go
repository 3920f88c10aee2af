package read

// nouns divides the noun phrase a..b into n parts at 、 和 与 及.
func (s *scanner) nouns(a, b, n int, rate bool) []piece {
	x := s.x
	p := s.cutLead(piece{a, b}, rate)
	p = s.cutTail(p)
	var out []piece
	start, depth := p.a, 0
	for i := p.a; i < p.b && len(out) < n-1; i++ {
		switch c := x[i]; {
		case c == '(' || c == '“':
			depth++
		case c == ')' || c == '”':
			depth = max(depth-1, 0)
		case depth > 0:
		case c == '、' || c == '和' || c == '与' || c == '及':
			if i-start >= 2 {
				out = append(out, piece{start, i})
			}
			start = i + 1
		}
	}
	rest := piece{start, p.b}
	for i := start + 1; i < p.b; i++ {
		if x[i] == '在' || x[i] == '的' && i-start > 2 {
			rest.b = i
			break
		}
	}
	return append(out, s.cutTail(rest))
}

// nounAfter is the noun phrase that follows figure m up to end.
func (s *scanner) nounAfter(m *mention, end int) piece {
	x := s.x
	a := m.end
	if a < end && x[a] == '的' {
		a++
	}
	if a < end && (x[a] == '、' || x[a] == '和' && a+1 < end && isNumeral(x[a+1])) {
		return piece{a, a}
	}
	b := end
	depth, least := 0, 2
	if a < end && stateHeads.at(x[a:end]) > 0 {
		least = 6
	}
scan:
	for k := a; k < end; k++ {
		switch c := x[k]; {
		case c == '“' || c == '(' || c == '《':
			depth++
		case c == '”' || c == ')' || c == '》':
			depth--
		case depth > 0:
		case c == '、':
			if actionWords.at(x[k+1:end]) > 1 && k-a >= 2 {
				b = k
				break scan
			}
		case (c == '和' || c == '与' || c == '及') && k+1 < end && isNumeral(x[k+1]):
			b = k
			break scan
		case k-a >= least && nounStops.at(x[k:end]) > 0 && !keepsNoun(x, k, end):
			b = k
			break scan
		}
	}
	for {
		n := nounTails.before(x[a:b])
		if n == 0 || b-a-n < 2 {
			break
		}
		b -= n
	}
	for b-a > 2 && (x[b-1] == '和' || x[b-1] == '与' || x[b-1] == '及' || x[b-1] == '、') {
		b--
	}
	p := piece{a, b}
	if k := index(x[a:b], "的"); k > 0 && k+2 < b-a && adjectiveHead.at(x[a:b]) > 0 {
		p.a = a + k + 1
	}
	return p
}

// stateHeads begin a noun with a verb inside: 拟竣工投产项目, 已建成自然村.
var stateHeads = listOf(`已 拟 续 待 在建 未 新`)

// adjectiveHead begin a phrase that only describes the noun after 的.
var adjectiveHead = listOf(`具有 有 带 符合 能够 可 以 由 富有 特色鲜明 主题鲜明 设施 功能 环境 管理 高质量 高水平 叫得响`)

// keepsNoun protects words that begin like a stop word: 以旧换新, 对外, 为民.
func keepsNoun(x []rune, k, end int) bool {
	if k+1 >= end {
		return false
	}
	switch x[k] {
	case '以':
		return x[k+1] == '旧' || x[k+1] == '上' || x[k+1] == '下' || x[k+1] == '内'
	case '对':
		return x[k+1] == '外' || x[k+1] == '口' || x[k+1] == '接' || k > 0 && x[k-1] == '结'
	case '为':
		return x[k+1] == '民' || x[k+1] == '老' || k > 0 && x[k-1] == '行'
	case '在':
		return x[k+1] == '线' || x[k+1] == '建' || x[k+1] == '校' || x[k+1] == '园'
	case '与':
		return k > 0 && x[k-1] == '参'
	case '到':
		return x[k+1] == '店'
	case '再':
		return x[k+1] == '生' || x[k+1] == '就' || x[k+1] == '制' || x[k+1] == '贷'
	case '需':
		return x[k+1] == '求'
	case '要':
		return x[k+1] == '素'
	case '均':
		return x[k+1] == '等'
	case '和':
		return x[k+1] == '美' || x[k+1] == '谐'
	case '并':
		return x[k+1] == '网' || x[k+1] == '购'
	case '使':
		return x[k+1] == '用' || x[k+1] == '馆'
	case '给':
		return x[k+1] == '水' || x[k+1] == '排'
	case '应':
		return x[k+1] == '急' || x[k+1] == '用' || x[k+1] == '届' || x[k+1] == '收'
	case '由':
		return k > 0 && (x[k-1] == '自' || x[k-1] == '理')
	}
	return false
}

// cutLead takes 力争, 推动 and the verb off the head of a phrase.
// Before a share only some verbs are taken off.
func (s *scanner) cutLead(p piece, rate bool) piece {
	x := s.x
	light := true
	for p.a < p.b {
		y := x[p.a:p.b]
		if y[0] == '、' {
			light = true
		}
		if (y[0] == '和' || y[0] == '与' || y[0] == '及') && actionWords.at(y[1:]) > 1 {
			p.a, light = p.a+1, true
			continue
		}
		if y[0] == ',' || y[0] == '、' || y[0] == ')' || y[0] == ':' || y[0] == ';' || y[0] == '的' {
			p.a++
			continue
		}
		if k := mannerWords.at(y); k > 0 && beforeVerb(y[k:]) {
			p.a += k
			continue
		}
		n, a := modalWords.at(y), actionWords.at(y)
		if a >= n && a > 0 {
			if rate && !rateLeads.is(y[:a]) {
				break
			}
			if len(y)-a < 2 || wordEnds(y[a]) || !light && !joinVerbs.is(y[:a]) || nounVerbs.is(y[:a]) && isNominal(y[a:]) || actionWords.is(y[a:]) && !lightVerbs.is(y[:a]) {
				break
			}
			p.a += a
			light = lightVerbs.is(y[:a])
			continue
		}
		if n == 0 || len(y)-n < 2 || nounAdverbs.is(y[:n]) && !beforeVerb(y[n:]) || n == 1 && (!light || keepsNoun(x, p.a, p.b)) {
			break
		}
		p.a += n
	}
	return s.afterJoinVerb(p)
}

// wordEnds says that c after a verb makes a noun of it: 保障性住房, 自动化.
func wordEnds(c rune) bool { return c == '性' || c == '型' || c == '化' || c == '式' }

// mannerWords are taken off only before a verb: 高标准建设, but 高标准农田.
var mannerWords = listOf(`重点 优先 集中 试点 基本 高质量 高标准 高水平 高效 全市 全区 全县 全省 全州 全旗 全盟 全镇 全域 累计 共 合计 总计 年均 全部 各地 各区 各县 我市 我省 我区 我县 本市 本区 同比`)

// nounAdverbs are as often the first half of a noun: 分类示范小区, 科学实验室.
var nounAdverbs = listOf(`平均 分类 分级 科学 有效 一体 联合 协同 规划 计划 组织`)

// lightVerbs may be followed by the verb that counts: 推动建成, 支持开展.
var lightVerbs = listOf(`推动 推进 支持 引导 组织 完成 实施 带动 实现 开展 争取 加快 动员 确保 发动 谋划 策划 提供 抓好 新增`)

// beforeVerb says that x begins with a verb and its object, so that a word
// before it (高标准, 全市) belongs to the verb and not to a noun.
func beforeVerb(x []rune) bool {
	if modalWords.at(x) > 1 || mannerWords.at(x) > 1 {
		return true
	}
	v := actionWords.at(x)
	return v > 1 && len(x)-v >= 2 && !(nounVerbs.is(x[:v]) && isNominal(x[v:]))
}

// nounVerbs are as often the first half of a noun: 服务站点, 培训人数.
var nounVerbs = listOf(`办理 办结 审查 受理 培训 服务 生产 加工 销售 开发 审批 备案 登记 投资 出口 进口 招聘 养殖 种植 检查 监测 认证 评估 应用 使用 采购 购买 保障 供应 供给 治理 绿化 帮扶 救助 托管 覆盖 部署 分配 流转 转化 接待 接种 筛查 签约 安置 收储 处置 对接 走访 表彰 演出 创作 出版 宣传 注册 更新 安装 新开工 开工 竣工 投产 上市`)

// nominal words after a verb make it part of a noun: 培训人数, 服务站.
var nominal = listOf(`时长 时效 数量 人数 规模 总数 总量 率 额 面积 比例 占比 网点 机构 设施 平台 中心 站 点 量 体系 能力 水平 强度 指数 对象 基地 总额 企业 人才 人员 收入 业 者 券 品 费用 成本 周期 时间 时限 总值 价格 指标 次数 覆盖率 合格率 项目 活动 资金 主体 用地 房 园 区 岗位 公司`)

// isNominal says that x, or its part before 和, is little more than such a word.
func isNominal(x []rune) bool {
	n := nominal.at(x)
	e := n
	for n > 0 && e < len(x) && x[e] != '、' && x[e] != '和' && x[e] != '与' && x[e] != '及' {
		e++
	}
	return n > 0 && (n == 1 || e-n <= 2)
}

// afterJoinVerb moves to what follows the last 开展 inside a long phrase.
func (s *scanner) afterJoinVerb(p piece) piece {
	x := s.x
	depth := 0
	for i := p.b - 3; i > p.a; i-- {
		switch x[i] {
		case '”', ')':
			depth++
		case '“', '(':
			depth--
		}
		if depth == 0 {
			if n := joinVerbs.at(x[i:p.b]); n > 0 && p.b-i-n >= 2 && x[i+n] != '的' && !isNominal(x[i+n:p.b]) {
				return piece{i + n, p.b}
			}
		}
	}
	return p
}

// cutTail takes 增长, 达到, 比上年 and the like off the end of a phrase.
func (s *scanner) cutTail(p piece) piece {
	x := s.x
	for p.b > p.a {
		n := tailWords.before(x[p.a:p.b])
		if n == 0 || p.b-p.a-n < 2 || keepTail.before(x[p.a:p.b]) > 0 {
			break
		}
		p.b -= n
	}
	for i := p.a + 2; i < p.b; i++ { // …由20个月
		if (x[i] == '由' || x[i] == '从') && i+1 < p.b && (isDigit(x[i+1]) || originWords.at(x[i+1:p.b]) > 0) {
			p.b = i
			return s.cutTail(p)
		}
	}
	for i := p.a + 2; i < p.b; i++ { // …比上年提高
		if (x[i] == '比' && i+1 < p.b && x[i+1] != '例' && x[i+1] != '重' && x[i+1] != '率' && x[i+1] != '赛' && x[i-1] != '占' && x[i-1] != '之' && x[i-1] != '对') || x[i] == '较' && i+1 < p.b && x[i+1] != '大' && x[i+1] != '高' && x[i+1] != '长' && x[i-1] != '比' {
			p.b = i
			return s.cutTail(p)
		}
	}
	p.b -= s.promisedVerb(p)
	if p.b-p.a >= 3 && x[p.a] == '“' && x[p.b-1] == '”' && index(x[p.a+1:p.b-1], "”") < 0 {
		p.a, p.b = p.a+1, p.b-1
	}
	return p
}

// onlyVerb says that a phrase is a verb without a noun: 竣工.
func (s *scanner) onlyVerb(p piece) bool {
	y := s.x[p.a:p.b]
	if outputWords.is(y) {
		return false
	}
	n := actionWords.at(y)
	return n == len(y) || mannerWords.is(y) || tailWords.is(y)
}

// inherited gives the noun of the target right before in the sentence:
// 项目新开工43个、竣工38个; 总额突破700亿元，同比增长8%.
func (s *scanner) inherited(i int) (piece, bool) {
	if i == 0 {
		return piece{}, false
	}
	if !s.afterTarget(i) {
		p := piece{s.reach(i - 1), s.marks[i-1].pre}
		if k := lastIndex(s.x[p.a:max(p.a, p.b)], '已'); k >= 0 {
			p.a += k + 1
		}
		p = s.cutTail(s.cutLead(p, false))
		return p, p.b-p.a >= 2 && !s.onlyVerb(p) && s.marks[i].clause-s.marks[i-1].end <= 12
	}
	from := max(s.marks[0].clause, s.marks[i-1].clause-longClause)
	return s.runesOf(s.targets[len(s.targets)-1].SubjectSpan, from, s.marks[i].f.a)
}

// clauseBefore gives the noun of the clause before a figure that stands alone:
// 组织专项检查，每月不少于2次.
func (s *scanner) clauseBefore(m *mention) (piece, bool) {
	x := s.x
	b := m.clause - 1
	if b < 1 || x[b] != ',' || !m.word && m.when == nil {
		return piece{}, false
	}
	a := b
	for a > 0 && b-a < 40 && x[a-1] != ',' && x[a-1] != '。' && x[a-1] != ';' && x[a-1] != '\t' && !isDigit(x[a-1]) {
		a--
	}
	p := s.cutTail(s.cutLead(piece{a, b}, false))
	return p, p.b-p.a >= 2 && p.b-p.a < 30 && (a == 0 || !isDigit(x[a-1]))
}

// cellBefore gives the table cell before a cell that holds only a figure.
func (s *scanner) cellBefore(m *mention) (piece, bool) {
	x := s.x
	b := m.pre - 1
	if b < 1 || x[b] != '\t' {
		return piece{}, false
	}
	a := b
	for a > 0 && b-a < 40 && x[a-1] != '\t' {
		a--
	}
	p := s.cutTail(piece{a, b})
	return p, p.b-p.a >= 2 && p.b-p.a < 40
}

// runesOf finds the runes of a span between two runes.
func (s *scanner) runesOf(sp Span, from, to int) (piece, bool) {
	for a := from; a < to && int(s.d.off[a]) < sp.End; a++ {
		if int(s.d.off[a]) == sp.Start {
			b := a
			for b < len(s.d.off) && int(s.d.off[b]) < sp.End {
				b++
			}
			return piece{a, b}, true
		}
	}
	return piece{}, false
}

// rateParts divides A率、B率 before one percentage.
func (s *scanner) rateParts(p piece) []piece {
	x := s.x
	var out []piece
	start, depth := p.a, 0
	for i := p.a; i < p.b; i++ {
		switch c := x[i]; {
		case c == '(' || c == '“':
			depth++
		case c == ')' || c == '”':
			depth--
		case depth == 0 && (c == '、' || c == '和' || c == '及'):
			if rateTails.before(x[start:i]) > 0 {
				out = append(out, piece{start, i})
				start = i + 1
			}
		}
	}
	if rateTails.before(x[start:p.b]) == 0 {
		return nil
	}
	return append(out, piece{start, p.b})
}

// rateTails end the names of shares.
var rateTails = listOf(`率 占比 比例 比重 增速 满意度`)
