package read

import "strings"

// frontMatter reads title, number, issuing units, date and year.
func frontMatter(d *doc, o *outline, bs []block, opt Options, p *Plan) {
	p.Year = opt.Year
	if p.Year == 0 {
		p.Year = yearIn([]rune(p.Title))
	}
	if p.Year == 0 {
		p.Year = anyYear(d, bs)
	}
	if p.Year == 0 {
		p.Year = yearIn([]rune(opt.Name))
	}
	p.YearEnd = p.Year
	_ = strings.TrimSpace
}

func yearIn(x []rune) int {
	for i := range x {
		if y, n := yearAt(x, i); n > 0 {
			return y
		}
	}
	return 0
}

func anyYear(d *doc, bs []block) int {
	for _, b := range bs {
		if b.mark.style != styleNone || b.plain {
			if y := yearIn(d.r[b.a:b.b]); y > 0 && b.b-b.a < 60 {
				return y
			}
		}
	}
	return 0
}
