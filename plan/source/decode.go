package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"bihuan/kit/errs"
)

// decoded is a text and how it was written.
type decoded struct {
	text     string
	encoding string
	warnings []string
}

// Names of the encodings that are recognised without a declaration.
const (
	utf8Name    = "UTF-8"
	utf16LEName = "UTF-16LE"
	utf16BEName = "UTF-16BE"
	gbName      = "GB18030"
)

// shortText is the number of bytes outside ASCII under which a declared
// encoding is believed although the bytes also happen to be UTF-8.
const shortText = 12

// decode finds the encoding of data: a byte order mark decides; else valid
// UTF-8; else GB18030 (with GBK and GB2312 in it) when what comes out looks
// like Chinese; else the declared encoding of a web page; else UTF-8 with a few
// damaged bytes. Anything else is refused: a guess would produce a plan of
// nonsense.
func decode(data []byte, declared string) (decoded, error) {
	if d, ok, err := decodeMarked(data); ok || err != nil {
		return d, err
	}
	if isBinary(data) {
		return decoded{}, errs.New(errs.Invalid, "这不是文字文件（内容是二进制数据），请上传 Word、PDF、网页或文本文件")
	}
	gbDeclared := isGB(declared)
	if utf8.Valid(data) && !(gbDeclared && outsideASCII(data) < shortText && plausibleGB(data)) {
		return decoded{text: string(data), encoding: utf8Name}, nil
	}
	if plausibleGB(data) || gbDeclared && countGB(data).bad == 0 {
		return decodeAs(simplifiedchinese.GB18030, gbName, data)
	}
	if enc, name := charset.Lookup(declared); enc != nil && name != "utf-8" && !gbDeclared {
		d, err := decodeAs(enc, strings.ToUpper(name), data)
		if err == nil && !strings.ContainsRune(d.text, utf8.RuneError) {
			return d, nil
		}
	}
	if bad := invalidUTF8(data); bad*200 <= utf8.RuneCount(data) {
		return decoded{text: strings.ToValidUTF8(string(data), "\uFFFD"), encoding: utf8Name,
			warnings: []string{fmt.Sprintf("文件有 %d 处字节损坏，已用 \uFFFD 代替，请核对原文", bad)}}, nil
	}
	return decoded{}, errs.New(errs.Invalid, "无法识别文字编码，请另存为 UTF-8 或 GB18030（GBK）编码的文本后上传")
}

// decodeMarked decodes a text that begins with a byte order mark.
func decodeMarked(data []byte) (decoded, bool, error) {
	var enc encoding.Encoding
	var name string
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		d, err := decode(data[3:], "")
		return d, true, err
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		enc, name = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), utf16LEName
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		enc, name = unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM), utf16BEName
	default:
		return decoded{}, false, nil
	}
	d, err := decodeAs(enc, name, data)
	if err == nil && len(data)%2 != 0 {
		d.warnings = append(d.warnings, "文件末尾缺少半个字符，可能没有下载完整，请核对原文")
	}
	if err == nil && isBinary([]byte(d.text)) {
		return decoded{}, true, errs.New(errs.Invalid, "这不是文字文件（内容是二进制数据），请上传 Word、PDF、网页或文本文件")
	}
	return d, true, err
}

// decodeAs decodes all of data; bytes that mean nothing become U+FFFD.
func decodeAs(enc encoding.Encoding, name string, data []byte) (decoded, error) {
	text, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return decoded{}, errs.New(errs.Invalid, "文字编码 %s 有损坏，请重新保存后上传", name).Because(err)
	}
	d := decoded{text: string(text), encoding: name}
	if bad := strings.Count(d.text, "\uFFFD"); bad > 0 {
		d.warnings = []string{fmt.Sprintf("文件有 %d 处字节损坏，已用 \uFFFD 代替，请核对原文", bad)}
	}
	return d, nil
}

// isGB reports whether a declared encoding is one of the GB family.
func isGB(declared string) bool {
	_, name := charset.Lookup(declared)
	return name == "gbk" || name == "gb18030"
}

// isBinary reports whether data holds control bytes as no text does.
func isBinary(data []byte) bool {
	controls := 0
	for _, b := range data {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1B && b != '\v' && b != 0x1A {
			controls++
		}
	}
	return controls > 2+len(data)/500
}

// outsideASCII counts the bytes above 0x7F.
func outsideASCII(data []byte) int {
	n := 0
	for _, b := range data {
		if b >= 0x80 {
			n++
		}
	}
	return n
}

// invalidUTF8 counts the places where data is not UTF-8.
func invalidUTF8(data []byte) int {
	bad := 0
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			bad++
		}
		data = data[size:]
	}
	return bad
}

// gbCount is what bytes turn out to be when they are read as GB18030.
type gbCount struct {
	common int // characters of GB 2312 level 1: rows 16 to 55, lead bytes 0xB0 to 0xD7
	other  int // other characters
	bad    int // bytes that are none
}

// plausibleGB reports whether data reads as Chinese in GB18030. Nearly any bytes
// decode to some characters; in real Chinese four fifths of them and more are
// among the 3,755 common ones, in other encodings read as GB18030 half are or
// fewer. One damaged byte in a thousand characters is forgiven.
func plausibleGB(data []byte) bool {
	c := countGB(data)
	return c.common > 0 && c.common >= 4*c.other && c.bad*1000 <= c.common
}

// countGB reads data as GB18030 (GB 18030-2005, tables 1 and 2). Punctuation and
// full-width digits are not counted, because they say nothing.
func countGB(data []byte) gbCount {
	var c gbCount
	for i := 0; i < len(data); {
		lead, next := data[i], byte(0)
		if i+1 < len(data) {
			next = data[i+1]
		}
		switch {
		case lead < 0x80:
			i++
		case lead >= 0x81 && lead <= 0xFE && next >= 0x30 && next <= 0x39 && i+3 < len(data) &&
			data[i+2] >= 0x81 && data[i+3] >= 0x30 && data[i+3] <= 0x39:
			c.other++
			i += 4
		case lead == 0x80 || lead == 0xFF || next < 0x40 || next == 0x7F || next == 0xFF:
			c.bad++
			i++
		case lead >= 0xB0 && lead <= 0xD7 && next >= 0xA1:
			c.common++
			i += 2
		case lead >= 0xA1 && lead <= 0xA9 && next >= 0xA1:
			i += 2
		default:
			c.other++
			i += 2
		}
	}
	return c
}
