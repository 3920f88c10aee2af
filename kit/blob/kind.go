package blob

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Kind is what a file is by its content.
type Kind struct {
	Name   string // for people: "PDF 文档"
	MIME   string // with the charset where it is text
	Ext    string // ".pdf", the one extension under which it is handed out
	Inline bool   // a browser may show it; otherwise it is a download
}

// The kinds that are taken.
var (
	PDF  = Kind{"PDF 文档", "application/pdf", ".pdf", true}
	JPEG = Kind{"JPEG 图片", "image/jpeg", ".jpg", true}
	PNG  = Kind{"PNG 图片", "image/png", ".png", true}
	WebP = Kind{"WebP 图片", "image/webp", ".webp", true}
	DOCX = Kind{"Word 文档", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", false}
	XLSX = Kind{"Excel 表格", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", false}
	DOC  = Kind{"Word 97-2003 文档", "application/msword", ".doc", false}
	XLS  = Kind{"Excel 97-2003 表格", "application/vnd.ms-excel", ".xls", false}
	HTML = Kind{"网页", "text/html; charset=utf-8", ".html", false}
)

// text and csv are kinds that need their charset.
func text(charset string) Kind { return Kind{"文本", "text/plain; charset=" + charset, ".txt", true} }

func csvKind(charset string) Kind {
	return Kind{"CSV 表格", "text/csv; charset=" + charset, ".csv", false}
}

// ServeHeaders gives the headers with which a file is handed out: its own type,
// no guessing of another, the user's file name with the extension of its kind,
// and a policy that lets nothing in it run. Bytes shown by the browser's PDF
// viewer do without the sandbox, in which Chrome does not start the viewer.
func ServeHeaders(k Kind, filename string) http.Header {
	h := http.Header{}
	h.Set("Content-Type", k.MIME)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", disposition(k, filename))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	if k == PDF {
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'")
	}
	h.Set("Cache-Control", "private, no-store")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	return h
}

// disposition names the file twice (RFC 6266): in ASCII for old programs and in
// the form of RFC 5987 (now 8187) for all others.
func disposition(k Kind, filename string) string {
	way := "attachment"
	if k.Inline {
		way = "inline"
	}
	name := SafeName(filename, k.Ext)
	ascii := strings.Map(func(r rune) rune {
		if r >= 0x20 && r < 0x7f && r != '"' && r != '\\' && r != '%' {
			return r
		}
		return '_'
	}, name)
	return fmt.Sprintf(`%s; filename="%s"; filename*=UTF-8''%s`, way, ascii, escape(name))
}

// escape writes all but letters, figures, full stop, minus and underscore as percent codes.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// SafeName makes a file name that a user gave harmless: no path, no control or
// direction characters (which can make "gpj.exe" of a name's end), at most 100
// characters, and the extension ext whatever stood there.
func SafeName(name, ext string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r < 0x20, r == 0x7f, r == utf8.RuneError, strings.ContainsRune(`<>:"|?*`, r),
			r >= 0x80 && r <= 0x9f, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, name)
	if old := filepath.Ext(name); isExtension(old) {
		name = strings.TrimSuffix(name, old)
	}
	name = strings.Trim(name, " .")
	if r := []rune(name); len(r) > 100 {
		name = strings.TrimRight(string(r[:100]), " .")
	}
	if name == "" {
		name = "附件"
	}
	return name + ext
}

// isExtension reports whether the end of a name is a type of file: a full stop
// and up to five ASCII letters or figures with at least one letter. "1.5" and "第3.2节" keep theirs.
func isExtension(s string) bool {
	const letters, figures = "abcdefghijklmnopqrstuvwxyz", "0123456789"
	s = strings.ToLower(strings.TrimPrefix(s, "."))
	return s != "" && len(s) <= 5 && strings.Trim(s, letters+figures) == "" && strings.ContainsAny(s, letters)
}
