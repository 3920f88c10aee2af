package blob

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"bihuan/kit/errs"
)

// headLen is how much of a file is read to tell a text's kind.
const headLen = 64 << 10

// Sniff tells what a file is by its bytes. It takes the whole file, not only its
// beginning, because Office documents say what they are at their end. Kinds that
// are not taken (programs, scripts, SVG, archives, documents with macros in the
// new formats…) give Invalid with a message that says what is taken.
func Sniff(r io.ReaderAt, size int64) (_ Kind, err error) {
	defer errs.Wrap(&err, "blob.Sniff")
	head := make([]byte, min(size, headLen))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return Kind{}, errs.New(errs.Invalid, "文件没有传完整，请重新上传").Because(err)
	}
	switch {
	case size == 0:
		return Kind{}, errs.New(errs.Invalid, "文件是空的")
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return PDF, nil
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG, nil
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, nil
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return sniffZip(r, size)
	case bytes.HasPrefix(head, []byte(oleMagic)):
		return sniffOLE(r, size)
	}
	return sniffText(head, size > headLen)
}

// refuse is the answer for everything that is not taken.
func refuse(why string) error {
	return errs.New(errs.Invalid, "不能接收这种文件：%s。可以上传 PDF、图片（JPG、PNG、WebP）、Word、Excel、文本和 CSV", why)
}

// sniffText tells texts apart. cut says that head is not the whole file.
func sniffText(head []byte, cut bool) (Kind, error) {
	content, charset, err := decodeText(head, cut)
	if err != nil {
		return Kind{}, err
	}
	start := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(content, "\ufeff"), " \t\r\n"))
	if strings.HasPrefix(start, "<") {
		return markup(start)
	}
	for _, script := range []string{"#!", "@echo", "%!ps"} {
		if strings.HasPrefix(start, script) {
			return Kind{}, refuse("这是脚本")
		}
	}
	if strings.Contains(start, "<svg") || strings.Contains(start, "<script") || strings.Contains(start, "<?php") {
		return Kind{}, refuse("文本里含有脚本或图形代码")
	}
	if tabular(content, cut) {
		return csvKind(charset), nil
	}
	return text(charset), nil
}

// decodeText reads a text as UTF-8 or else as GB 18030, the two that occur here.
// Control characters and NUL mean that it is no text.
func decodeText(head []byte, cut bool) (content, charset string, err error) {
	if whole := trimCut(head, cut); utf8.Valid(whole) {
		content, charset = string(whole), "utf-8"
	} else {
		b, err := simplifiedchinese.GB18030.NewDecoder().Bytes(head)
		content, charset = string(b), "gb18030"
		if cut {
			content = strings.TrimRight(content, "\uFFFD") // half a character at the end
		}
		if err != nil || strings.ContainsRune(content, utf8.RuneError) {
			return "", "", refuse("认不出它的格式")
		}
	}
	for _, r := range content {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7f {
			return "", "", refuse("认不出它的格式")
		}
	}
	return content, charset, nil
}

// trimCut drops a character of UTF-8 whose rest was cut off.
func trimCut(b []byte, cut bool) []byte {
	if !cut {
		return b
	}
	for i := 1; i <= utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// markup judges a text that begins with an angle bracket. Only plain web pages
// are taken, and those as downloads; drawings, XML and program pages are not.
func markup(start string) (Kind, error) {
	for {
		rest, comment := strings.CutPrefix(start, "<!--")
		if !comment {
			break
		}
		_, after, closed := strings.Cut(rest, "-->")
		if !closed {
			return Kind{}, refuse("认不出它的格式")
		}
		start = strings.TrimLeft(after, " \t\r\n")
	}
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<meta", "<title", "<table", "<div", "<p>", "<h1"} {
		if strings.HasPrefix(start, tag) {
			return HTML, nil
		}
	}
	return Kind{}, refuse("这是 XML、SVG 或脚本")
}

// tabular reports whether a text reads as CSV: at least two lines, all with the
// same number of two fields or more.
func tabular(content string, cut bool) bool {
	const lines = 20
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(content, "\ufeff")))
	for n := 0; n < lines; n++ {
		record, err := r.Read() // a line with another number of fields is an error
		if errors.Is(err, io.EOF) {
			return n >= 2
		}
		if err != nil {
			return cut && n >= 2 && r.InputOffset() >= int64(len(content))-1
		}
		if len(record) < 2 {
			return false
		}
	}
	return true
}
