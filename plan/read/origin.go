package read

// dropAttributes leaves out figures that describe the thing that the next
// figure counts: 500个以上泊位的停车楼3座.
func (s *scanner) dropAttributes() {
	out := s.marks[:0]
	for i, m := range s.marks {
		if i+1 < len(s.marks) && s.marks[i+1].phrase == m.phrase &&
			(m.atLeast && s.describes(m.end, s.marks[i+1].pre) || s.shareOf(&m, &s.marks[i+1]) || s.sizeOf(&m, &s.marks[i+1])) {
			s.marks[i+1].left = m.left
			if len(out) > 0 && out[len(out)-1].phrase == m.phrase {
				out[len(out)-1].stop = m.left
			}
			continue
		}
		out = append(out, m)
	}
	s.marks = out
}

// shareOf says that the share q is one of the things that m counts:
// 74个城市平均浓度下降23.6%.
func (s *scanner) shareOf(m, q *mention) bool {
	if !rateUnits.is(s.x[q.unit.a:q.unit.b]) || rateUnits.is(s.x[m.unit.a:m.unit.b]) || q.pre-m.end < 4 {
		return false
	}
	p := s.cutTail(piece{m.end, q.pre})
	y := s.x[p.a:p.b]
	return len(y) > 3 && len(y) < 40 && !has(y, '、') && !has(y, ',') && !actionWords.in(y[1:])
}

// sizeOf says that the sum m describes what q counts: 营收超10亿元企业5家.
func (s *scanner) sizeOf(m, q *mention) bool {
	if !moneyUnits.is(s.x[m.unit.a:m.unit.b]) || q.pre-m.end < 2 || q.pre-m.end > 12 {
		return false
	}
	for _, c := range s.x[m.end:q.pre] {
		if !isHan(c) || c == '和' {
			return false
		}
	}
	return !actionWords.in(s.x[m.end:q.pre])
}

// describes says that the runes a..b are one noun phrase with 的.
func (s *scanner) describes(a, b int) bool {
	y := s.x[a:b]
	return len(y) > 2 && len(y) < 20 && has(y, '的') && y[0] != '的' && !has(y, '、') && !has(y, '和') && actionWords.before(y) == 0
}

// isStart says that figure i is where a change starts: 从15个…, 由5%….
func (s *scanner) isStart(i int) bool {
	m := &s.marks[i]
	if s.fromWord(m) < 0 {
		return false
	}
	for k := m.end; k < len(s.x) && k < m.end+40 && s.x[k] != '。' && s.x[k] != ';'; k++ {
		switch s.x[k] {
		case '到', '至', '为', '升', '降', '增', '扩':
			return true
		}
	}
	return false
}

// originOf gives the figure that figure i changes from, or -1.
func (s *scanner) originOf(i int) int {
	if i == 0 {
		return -1
	}
	p := &s.marks[i-1]
	if p.f.a == 0 || p.phrase != s.marks[i].phrase {
		return -1
	}
	if s.fromWord(p) >= 0 {
		return i - 1
	}
	return -1
}

// fromWord finds 从 or 由 shortly before figure m, as in 由上年的30%; -1 if
// there is none.
func (s *scanner) fromWord(m *mention) int {
	for k := m.f.a - 1; k >= m.clause && k >= m.f.a-10; k-- {
		switch s.x[k] {
		case '从', '由':
			if k == m.f.a-1 || originWords.at(s.x[k+1:m.f.a]) > 0 {
				return k
			}
			return -1
		case '、', '(', '”':
			return -1
		}
	}
	return -1
}

// originWords stand between 由 and the figure of the start.
var originWords = listOf(`原 历史 上年 去年 目前 现 当前 之前 此前 20 19 最初 最高`)
