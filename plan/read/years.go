package read

// years settles which years the plan covers: what the caller knows, else the
// title, a heading, the document number, the date, the file's name.
func (f *front) years(opt Options) {
	p := f.p
	if opt.Year > 0 {
		p.Year, p.YearEnd = opt.Year, opt.Year
		return
	}
	if f.fromTitle([]rune(p.Title)) {
		return
	}
	for _, b := range f.bs {
		x := f.d.r[b.a:b.b]
		if len(x) <= 70 && (titleTails.before(f.titleRunes(b)) > 0 || b.plain) && f.fromTitle(x) {
			return
		}
	}
	if y := f.headingYear(); y > 0 {
		p.Year, p.YearEnd = y, y
		return
	}
	for _, s := range []string{p.Number, p.Date, opt.Name} {
		if y, _ := firstYear([]rune(s)); y > 0 {
			p.Year, p.YearEnd = y, y+spanOf([]rune(p.Title))
			return
		}
	}
	for _, b := range f.bs {
		if y, _ := firstYear(f.d.r[b.a:b.b]); y > 0 {
			p.Year, p.YearEnd = y, y
			return
		}
	}
}

// fromTitle reads (2024—2026年), 2026年, “十五五”, 三年行动计划 in a title.
func (f *front) fromTitle(x []rune) bool {
	p := f.p
	for _, q := range planPeriods {
		if k := index(x, q.name); k >= 0 {
			p.Year, p.YearEnd = q.last-4, q.last
			return true
		}
	}
	y, i := firstYear(x)
	if y == 0 {
		return false
	}
	p.Year, p.YearEnd = y, y+spanOf(x)
	j := i + 4
	if j < len(x) && x[j] == '年' {
		if m, n := ordinal(x[j+1:]); m > 0 && j+1+n < len(x) && x[j+1+n] == '月' {
			p.Year, p.YearEnd = 0, 0 // a date, not a period
			return false
		}
		j++
	}
	for j < len(x) && (x[j] == '-' || x[j] == '—' || x[j] == '至' || x[j] == '~') {
		j++
		if y2, n := yearAt(x, j); n > 0 && y2 >= y {
			p.YearEnd = y2
			break
		}
	}
	return true
}

// spanOf is the number of years after the first that 三年行动计划 covers.
func spanOf(x []rune) int {
	for i := 0; i+1 < len(x); i++ {
		if x[i+1] == '年' {
			if v := cnDigit(x[i]); v >= 2 && v <= 5 && i+2 < len(x) && (x[i+2] == '行' || x[i+2] == '计' || x[i+2] == '攻' || x[i+2] == '提' || x[i+2] == '倍') {
				return v - 1
			}
		}
	}
	return 0
}

// headingYear is the latest year named in a heading about work to come.
func (f *front) headingYear() int {
	best := 0
	for _, b := range f.all {
		if b.mark.style == styleNone && !b.plain || b.b-b.a > 60 {
			continue
		}
		x := f.d.r[b.a:b.b]
		if y, i := firstYear(x); y > best && i+4 < len(x) && x[i+4] == '年' && !(i > 0 && (x[i-1] == '到' || x[i-1] == '至')) && !(i+5 < len(x) && (x[i+5] == '底' || x[i+5] == '末' || x[i+5] == '前' || isDigit(x[i+5]))) && sectionOf(x[b.mark.b-b.mark.a:]) != sectionReview {
			best = y
		}
	}
	return best
}

func firstYear(x []rune) (int, int) {
	for i := range x {
		if y, n := yearAt(x, i); n > 0 && (n >= len(x) || !isDigit(x[n])) {
			return y, i
		}
	}
	return 0, 0
}
