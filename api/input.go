package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"

	"bihuan/kit/errs"
)

// input is the body of a writing request, read whole before anything happens.
type input struct {
	hash string // of method, address and content
	form *multipart.Form
}

// accepted is what a writing route takes.
type accepted struct {
	form bool  // a multipart form and nothing else
	most int64 // bytes

	secret bool // the answer is not kept
}

const (
	formKind    = "multipart/form-data"
	defaultBody = 64 << 10
)

// inMemory is how much of a form is kept in memory; the rest goes to temporary files.
const inMemory = 1 << 20

// readInput reads the body, makes it readable again for the route, and hashes
// its meaning: what a client may write differently when it tries again (the
// boundary of a form, the order of JSON members) does not count.
func readInput(w http.ResponseWriter, r *http.Request, takes accepted) (in input, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, takes.most)
	h := sha256.New()
	part(h, r.Method, r.URL.Path, r.URL.Query().Encode())
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if takes.form && kind != formKind {
		return in, newProblem(http.StatusUnsupportedMediaType, errs.Invalid, "请以 "+formKind+" 提交")
	}
	if kind == formKind {
		if err := r.ParseMultipartForm(inMemory); err != nil {
			return in, unread(err)
		}
		in.form = r.MultipartForm
		if err := hashForm(h, in.form); err != nil {
			in.close()
			return in, err
		}
	} else {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return in, unread(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		text, ok := canonical(body)
		if !ok {
			return in, wrong("body", "文字中有不能保存的字符（U+0000）")
		}
		part(h, kind, string(text))
	}
	in.hash = hex.EncodeToString(h.Sum(nil))
	return in, nil
}

// close removes the temporary files of a form.
func (in input) close() {
	if in.form != nil {
		_ = in.form.RemoveAll() // they lie in the system's temporary folder and harm nobody
	}
}

// unread says why a body could not be read.
func unread(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errs.New(errs.TooLarge, "请求内容超过 %d KB 的上限", tooLarge.Limit>>10).Because(err)
	}
	return errs.New(errs.Invalid, "请求内容没有传完整，或不是有效的表单").Because(err)
}

// part adds texts to a hash, each with its length, so that no two lists of texts
// have the same bytes.
func part(h hash.Hash, texts ...string) {
	for _, t := range texts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(t)))
		h.Write(n[:])
		h.Write([]byte(t))
	}
}

// hashForm adds the fields and files of a form by name. Text that a database
// could not take is refused here, before anything is done.
func hashForm(h hash.Hash, form *multipart.Form) error {
	for _, name := range slices.Sorted(maps.Keys(form.Value)) {
		for _, v := range form.Value[name] {
			if !storable(name) || !storable(v) {
				return wrong("body", "表单中有不是 UTF-8 的文字")
			}
			part(h, "value", name, v)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(form.File)) {
		for _, f := range form.File[name] {
			if !storable(name) || !storable(f.Filename) {
				return wrong("body", "文件名不是有效的 UTF-8 文字")
			}
			part(h, "file", name, f.Filename)
			if err := hashFile(h, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func hashFile(h hash.Hash, head *multipart.FileHeader) error {
	f, err := head.Open()
	if err != nil {
		return fmt.Errorf("open an uploaded file: %w", err)
	}
	defer func() { _ = f.Close() }() // read only
	inner := sha256.New()
	if _, err := io.Copy(inner, f); err != nil {
		return fmt.Errorf("read an uploaded file: %w", err)
	}
	part(h, string(inner.Sum(nil)))
	return nil
}

// canonical is JSON with sorted members and numbers as written; what is not JSON
// comes back as it is. ok is false when a text in it is one that a database
// could not take.
func canonical(body []byte) (text []byte, ok bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if !json.Valid(body) || d.Decode(&v) != nil {
		return body, true
	}
	b, err := json.Marshal(v)
	if err != nil {
		return body, true
	}
	return b, allStorable(v)
}

// allStorable looks at every text of a JSON value, names of members included.
func allStorable(v any) bool {
	switch v := v.(type) {
	case string:
		return storable(v)
	case []any:
		return !slices.ContainsFunc(v, func(e any) bool { return !allStorable(e) })
	case map[string]any:
		for name, e := range v {
			if !storable(name) || !allStorable(e) {
				return false
			}
		}
	}
	return true
}
