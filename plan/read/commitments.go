package read

// Words that promise something without a figure.
var (
	batchWords   = listOf(`一批 一系列 若干 一批次 新一批`)
	trendWords   = listOf(`稳步提升 稳步提高 稳步增长 稳步增加 稳步扩大 稳步下降 持续提升 持续提高 持续增长 持续扩大 持续增强 持续改善 持续优化 持续下降 不断提升 不断提高 不断扩大 不断增强 不断壮大 不断完善 不断丰富 不断优化 不断改善 显著提升 显著提高 显著增强 显著改善 显著下降 显著扩大 明显提升 明显提高 明显增强 明显改善 明显下降 明显增加 大幅提升 大幅提高 大幅增长 大幅下降 大幅增加 进一步提升 进一步提高 进一步增强 进一步扩大 进一步改善 进一步优化 进一步下降 全面提升 全面增强 有效提升 有效改善 逐步提高 逐步扩大 逐年提高 逐年增长 只增不减 保持稳定 稳中有升 稳中有进 稳定增长 平稳增长 较快增长 大幅提升`)
	dynamicWords = listOf(`动态培育发展 动态培育 动态发展 动态新增 滚动培育 滚动实施`)
	allWords     = listOf(`全覆盖 应保尽保 应享尽享 应装尽装 应改尽改 应换尽换 应收尽收 应治尽治 应纳尽纳 应兑尽兑 应评尽评 应检尽检 应救尽救 动态清零 全部清零`)
	// comparedWith ends a comparison that begins with one of comparisonWords.
	comparisonWords = listOf(`高于 快于 优于 不低于 低于 超过 好于 领先 与 和 达到 同 保持在 不高于`)
	comparedWith    = listOf(`平均水平 全省平均水平 全国平均水平 全市平均水平 全区平均水平 全省平均增速 全国平均增速 全省平均 全国平均 全市平均 全省水平 全国水平 平均增速 经济增长 经济增速 经济增长同步 经济发展同步 GDP增速 地区生产总值增速 平均值`)
)

// growthNames need the noun of the clause before.
var growthNames = listOf(`增速 增幅 涨幅 降幅 增长率`)

// promises finds the commitments without a figure in the sentence a..b.
func (s *scanner) promises(a, b int) {
	x := s.x
	clause, depth := a, 0
	compared := false
	for i := a; i < b; i++ {
		switch x[i] {
		case '“', '《':
			depth++
		case '”', '》':
			depth = max(depth-1, 0)
		case ',', ';', ':':
			clause, compared = i+1, false
		}
		if depth > 0 || !promiseStart.has(x[i]) {
			continue
		}
		y := x[i:b]
		switch {
		case batchWords.at(y) > 0:
			s.promise(CommitBatch, clause, i, batchWords.at(y), b, true)
		case trendWords.at(y) > 0:
			s.promise(CommitTrend, clause, i, trendWords.at(y), b, false)
		case dynamicWords.at(y) > 0:
			s.promise(CommitDynamic, clause, i, dynamicWords.at(y), b, true)
		case allWords.at(y) > 0:
			s.promise(CommitComplete, clause, i, allWords.at(y), b, false)
		case !compared && comparisonWords.at(y) > 0:
			if n := s.comparison(i, b); n > 0 {
				compared = true
				s.promise(CommitComparison, clause, i, n, b, false)
			}
		}
	}
}

var promiseStart = func() (b runeSet) {
	for _, l := range []*words{batchWords, trendWords, dynamicWords, allWords, comparisonWords} {
		for c := range l.byFirst {
			b.add(c)
		}
	}
	return b
}()

// comparison gives the length of 高于全省平均水平 at rune i, 0 if there is none.
func (s *scanner) comparison(i, b int) int {
	x := s.x
	w := comparisonWords.at(x[i:b])
	for k := i + w; k < b && k < i+24; k++ {
		switch x[k] {
		case ',', ';', '。', '、':
			return 0
		}
		if isDigit(x[k]) {
			return 0
		}
		n := comparedWith.at(x[k:b])
		if n == 0 {
			continue
		}
		e := k + n
		for _, t := range []string{"基本同步", "保持同步", "同步", "保持基本同步"} {
			if startsWith(x[e:b], t) {
				e += len([]rune(t))
				break
			}
		}
		if w == 1 && x[e-1] != '步' {
			return 0
		}
		return e - i
	}
	return 0
}

// promise records a commitment; the thing promised stands after the words
// (一批标志性公园) or before them.
func (s *scanner) promise(kind CommitmentKind, clause, i, n, b int, after bool) {
	x := s.x
	end := s.clauseEnd(i+n, b)
	clause = max(clause, i-longClause)
	var subject piece
	if after {
		m := mention{end: i + n}
		subject = s.nounAfter(&m, end)
	} else {
		subject = s.cutTail(s.cutLead(piece{clause, i}, false))
		if subject.b-subject.a < 2 || onlyModal(x[clause:i]) && kind == CommitTrend {
			subject = s.nounAfter(&mention{end: i + n}, end)
		}
	}
	if growthNames.is(x[subject.a:subject.b]) && clause > 0 && x[clause-1] == ',' { // 总额增长，增速高于全省
		if p, ok := s.clauseBefore(&mention{clause: clause, word: true}); ok {
			subject, clause = p, p.a
		}
	}
	subject.a = max(subject.a, subject.b-40)
	for clause < i && (x[clause] == ',' || x[clause] == '、') {
		clause++
	}
	sp := s.d.span(min(clause, subject.a), end)
	s.commitments = append(s.commitments, Commitment{
		Kind: kind, Words: s.d.text(i, i+n), Subject: s.d.words(subject.a, subject.b, true),
		Quote: s.d.src[sp.Start:sp.End], Span: sp,
	})
}
