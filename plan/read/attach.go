package read

// dropAttachmentList leaves out the list of attachments that stands before the
// signature: 附件：1.…  2.…. The attachments themselves come later.
func dropAttachmentList(d *doc, bs []block) []block {
	for i, b := range bs {
		if !attachmentList(d, b) {
			continue
		}
		j := i + 1
		for j < len(bs) && bs[j].mark.style == styleDec1 && bs[j].mark.value == j-i+1 && short(d, bs[j]) {
			j++
		}
		if j == i+1 && b.b-b.a > 80 {
			continue
		}
		return append(bs[:i:i], dropAttachmentList(d, bs[j:])...)
	}
	return bs
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
