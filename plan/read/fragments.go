package read

// Texts are often pieces of a longer document, or of several. dropFragments
// leaves out what cannot be a task of this one: an item whose beginning or end
// was cut away with the page, and articles of a regulation in a plan.
func dropFragments(d *doc, bs []block) []block {
	if len(bs) > 1 && cutItem(d, bs) {
		bs = bs[1:]
	}
	return dropArticles(d, bs)
}

// cutItem says that the first block is an item from the middle of a list that
// breaks off before the numbering starts again.
func cutItem(d *doc, bs []block) bool {
	b, next := bs[0], bs[1]
	if b.mark.value < 2 || b.row || !b.stop || next.mark.style == styleNone || next.mark.style == b.mark.style && next.mark.value == b.mark.value+1 {
		return false
	}
	x := d.r[b.a:b.b]
	return isHan(x[len(x)-1]) && afterStop(x) > 0
}

// afterStop counts the runes after the last full stop of x.
func afterStop(x []rune) int {
	for i := len(x) - 1; i >= 0; i-- {
		if x[i] == '。' {
			return len(x) - 1 - i
		}
	}
	return len(x)
}

// dropArticles leaves out 第七条 and what follows it where articles are the
// exception: the document is a plan with pieces of a regulation in it.
func dropArticles(d *doc, bs []block) []block {
	articles, items := 0, 0
	for _, b := range bs {
		switch b.mark.style {
		case styleArticle:
			articles++
		case styleCn, styleCnParen, styleDec1:
			items++
		}
	}
	if articles == 0 || articles*3 > items {
		return bs
	}
	out := make([]block, 0, len(bs))
	inside := false
	for _, b := range bs {
		switch {
		case b.mark.style == styleArticle:
			inside = !namesUnits(d, b)
		case b.mark.style != styleNone:
			inside = false
		}
		if !inside {
			out = append(out, b)
		}
	}
	return out
}

// namesUnits says that a block holds a list of responsible units.
func namesUnits(d *doc, b block) bool {
	var us unitSet
	us.read(d, piece{b.a, b.b})
	return len(us.units) > 0
}
