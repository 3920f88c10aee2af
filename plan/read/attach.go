package read

// dropAttachmentList leaves out the list of attachments that stands before the
// signature: 附件：1.…  2.…. The attachments themselves come later.
func dropAttachmentList(d *doc, bs []block) []block {
	out := bs[:0]
	for i := 0; i < len(bs); i++ {
		if !attachmentList(d, bs[i]) {
			out = append(out, bs[i])
			continue
		}
		first := i
		for i+1 < len(bs) && bs[i+1].mark.style == styleDec1 && bs[i+1].mark.value == i+2-first && short(d, bs[i+1]) {
			i++
		}
	}
	return out
}

// attachmentList knows 附件：1.某某分工表.
func attachmentList(d *doc, b block) bool {
	x := d.r[b.a:b.b]
	return len(x) > 3 && startsWith(x, "附件:") && short(d, b)
}

// short says that a block is a title without a sentence.
func short(d *doc, b block) bool {
	return b.b-b.a <= 80 && !has(d.r[b.a:b.b], '。') && !has(d.r[b.a:b.b], ';')
}
