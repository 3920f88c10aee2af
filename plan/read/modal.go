package read

// promisedVerb is the length of 要新增覆盖, 将建成 at the end of a phrase.
func (s *scanner) promisedVerb(p piece) int {
	y := s.x[p.a:p.b]
	for k := max(2, len(y)-10); k < len(y); k++ {
		n := futureWords.at(y[k:])
		if n == 0 || protectsFuture(y[k-1], y[k]) {
			continue
		}
		rest := y[k+n:]
		for len(rest) > 0 {
			v := max(actionWords.at(rest), tailWords.at(rest))
			if v == 0 {
				break
			}
			rest = rest[v:]
		}
		if len(rest) == 0 && k+n < len(y) {
			return len(y) - k
		}
	}
	return 0
}

// futureWords stand between a noun and the verb that counts it.
var futureWords = listOf(`要 将 应 须 需 拟 力争 计划 预计 确保 争取 力求 要求`)

// protectsFuture says that c before w makes a noun: 需要, 主要, 供需, 反应.
func protectsFuture(c, w rune) bool {
	switch w {
	case '要':
		return c == '主' || c == '重' || c == '需' || c == '纪' || c == '概'
	case '应':
		return c == '供' || c == '反' || c == '响' || c == '相' || c == '对' || c == '效'
	case '需':
		return c == '供' || c == '内' || c == '急' || c == '刚' || c == '必'
	}
	return false
}
