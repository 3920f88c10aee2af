package source

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"

	"bihuan/kit/errs"
	"bihuan/kit/office"
)

// detected is the format of a file and, for text formats, its decoded text.
type detected struct {
	format Format
	decoded
}

// detect decides the format by content first, name second.
func detect(name string, data []byte) (detected, error) {
	if len(data) == 0 {
		return detected{}, errs.New(errs.Invalid, "文件是空的（0 字节），请重新上传")
	}
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	if err := refuseKnown(data, ext); err != nil {
		return detected{}, err
	}
	var d detected
	switch {
	case office.IsZip(data), office.IsOLE(data):
		d.format = Word // a foreign archive is refused by the reader, with its name
	case office.IsPDF(data):
		d.format = PDF
	case ext == "pdf" && !looksHTML(data):
		return detected{}, errs.New(errs.Invalid, "文件名是 .pdf，内容却不是 PDF，可能没有下载完整，请重新下载后上传")
	case ext == "docx" && !looksHTML(data):
		return detected{}, errs.New(errs.Invalid, "文件名是 .docx，内容却不是 Word 文档，可能没有下载完整，请重新下载后上传")
	default:
		return detectText(data, ext)
	}
	d.warnings = mismatch(d.format, ext)
	return d, nil
}

// detectText decodes a text and tells web page, Markdown and plain text apart.
func detectText(data []byte, ext string) (detected, error) {
	text, err := decode(data, declaredCharset(data))
	if err != nil {
		return detected{}, err
	}
	d := detected{format: Plain, decoded: text}
	switch {
	case looksHTML([]byte(text.text[:min(len(text.text), htmlHead)])):
		d.format = HTML
	case (ext == "html" || ext == "htm" || ext == "shtml" || ext == "xhtml") && tagged.MatchString(text.text):
		d.format = HTML
	case ext == "md" || ext == "markdown":
		d.format = Markdown
	}
	d.warnings = append(d.warnings, mismatch(d.format, ext)...)
	return d, nil
}

// extensions are the endings that name each format.
var extensions = map[string]Format{
	"txt": Plain, "text": Plain, "": Plain, "md": Markdown, "markdown": Markdown,
	"html": HTML, "htm": HTML, "shtml": HTML, "xhtml": HTML, "docx": Word, "pdf": PDF,
}

// mismatch warns when the name promises another format than the content has.
func mismatch(f Format, ext string) []string {
	if named, known := extensions[ext]; (known && named == f) || ext == "" {
		return nil
	}
	return []string{"文件名的后缀是 ." + ext + "，内容是" + f.title() + "，已按内容读取"}
}

// htmlHead is how far into a text the first tags of a web page are looked for.
const htmlHead = 4096

var (
	pageTag = regexp.MustCompile(`(?i)<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>]|meta\s)`)
	tagged  = regexp.MustCompile(`(?i)<(?:p|div|br|table|span|h[1-6]|td|li|a)[\s/>]`)
	charsIn = regexp.MustCompile(`(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.:-]{2,40})`)
)

// looksHTML reports whether the head of data holds a tag that only a web page has.
func looksHTML(data []byte) bool { return pageTag.Match(data[:min(len(data), htmlHead)]) }

// declaredCharset returns the encoding that a web page declares, or "".
func declaredCharset(data []byte) string {
	m := charsIn.FindSubmatch(data[:min(len(data), htmlHead)])
	if m == nil {
		return ""
	}
	return string(bytes.Join(m[1:], nil))
}

// known is a format that is recognised in order to say what to do with it.
type known struct {
	magic   string
	message string
}

// refused are formats that carry documents and cannot be read here.
var refused = []known{
	{"{\\rtf", "这是 RTF 文档，请用 Word 或 WPS 另存为 .docx 或 PDF 后上传"},
	{"Rar!\x1a\x07", "这是 RAR 压缩包，请解压后上传其中的文件"},
	{"7z\xbc\xaf\x27\x1c", "这是 7z 压缩包，请解压后上传其中的文件"},
	{"\x1f\x8b", "这是 GZIP 压缩包，请解压后上传其中的文件"},
	{"\x89PNG\r\n", "这是图片，里面没有文字，请上传 Word、PDF、网页或文本文件"},
	{"\xff\xd8\xff", "这是图片，里面没有文字，请上传 Word、PDF、网页或文本文件"},
	{"GIF8", "这是图片，里面没有文字，请上传 Word、PDF、网页或文本文件"},
	{"II*\x00", "这是图片，里面没有文字，请上传 Word、PDF、网页或文本文件"},
	{"MM\x00*", "这是图片，里面没有文字，请上传 Word、PDF、网页或文本文件"},
	{"AT&TFORM", "这是 DjVu 扫描件，请另存为带文字的 PDF 后上传"},
	{"HN\x01\x00", "这是 CAJ 文件，请用 CAJ 阅读器另存为 PDF 后上传"},
	{"CAJ\x00", "这是 CAJ 文件，请用 CAJ 阅读器另存为 PDF 后上传"},
	{"MIME-Version:", "这是网页归档（.mht），请用浏览器打开后另存为网页（.html）或 PDF 再上传"},
	{"From: <Saved by", "这是网页归档（.mht），请用浏览器打开后另存为网页（.html）或 PDF 再上传"},
}

// refuseKnown refuses the formats that are known and not read.
func refuseKnown(data []byte, ext string) error {
	head := bytes.TrimPrefix(data[:min(len(data), 64)], []byte("\xef\xbb\xbf"))
	for _, k := range refused {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return errs.New(errs.Invalid, "%s", k.message)
		}
	}
	if ext == "mht" || ext == "mhtml" {
		return errs.New(errs.Invalid, "这是网页归档（.mht），请用浏览器打开后另存为网页（.html）或 PDF 再上传")
	}
	return nil
}
