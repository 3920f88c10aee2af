package read

// Parse reads the text of one document. It never fails: a text in which
// nothing is found gives a plan without tasks.
func Parse(text string, opt Options) Plan {
	d := normalise(text)
	p := Plan{Issuers: []Text{}, Goals: []Text{}, Tasks: []Task{}}
	if len(d.lines) == 0 {
		return p
	}
	bs := blocks(d)
	o := buildOutline(d, bs)
	frontMatter(d, o, bs, opt, &p)
	r := &reader{d: d, cal: calendar{p.Year}, plan: &p}
	r.document(o)
	return p
}
