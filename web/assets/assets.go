// Package assets serves the files that pages load: the style sheet, the script,
// the mark in the browser's tab, and the third-party files of third_party/web.
//
// The style sheet and the script are written in parts (css/, js/) and joined
// once, in the order given here. Every file is served under a name that holds
// its content hash, so a browser may keep it for a year and a new release is
// seen at once. Nothing is fetched from another host.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"sort"
	"strconv"
	"strings"
	"sync"

	thirdparty "bihuan/third_party/web"
)

//go:embed css js favicon.svg
var own embed.FS

// Prefix is where Handler must be mounted.
const Prefix = "/assets/"

// CSP is the Content-Security-Policy under which every page works: only our own
// host, no script or style written into the markup.
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

const cssType = "text/css; charset=utf-8"

// source says which parts make up one served file.
type source struct {
	name  string
	kind  string // Content-Type
	parts []string
	third bool // the parts are paths in third_party/web
}

// sources lists every served file; the order of the parts matters to the cascade.
func sources() []source {
	const css, js = cssType, "text/javascript; charset=utf-8"
	return []source{
		{name: "app.css", kind: css, parts: []string{
			"css/tokens.css", "css/base.css", "css/layout.css", "css/table.css", "css/form.css",
			"css/light.css", "css/parts.css", "css/utilities.css", "css/print.css",
		}},
		{name: "review.css", kind: css, parts: []string{"css/review.css"}}, // only for the pages with a source text
		{name: "paper.css", kind: css, parts: []string{"css/paper.css"}},   // only for the pages with an official document
		{name: "app.js", kind: js, parts: []string{
			"js/core.js", "js/form.js", "js/dialog.js", "js/keys.js", "js/source.js", "js/review.js",
		}},
		{name: "favicon.svg", kind: "image/svg+xml", parts: []string{"favicon.svg"}},
		{name: "htmx.js", kind: js, parts: []string{"htmx/2.0.11/htmx.min.js"}, third: true},
	}
}

// file is one served file, ready to send. It never changes after loading.
type file struct {
	url   string
	kind  string
	etag  string
	plain []byte
	gzip  []byte
}

// set is everything served, found by plain name and by served path.
type set struct {
	byName map[string]*file
	byURL  map[string]*file
}

// load reads, joins, hashes and compresses all files once.
var load = sync.OnceValues(func() (*set, error) {
	s := &set{byName: map[string]*file{}, byURL: map[string]*file{}}
	for _, src := range sources() {
		f, err := build(src)
		if err != nil {
			return nil, fmt.Errorf("prepare asset %s: %w", src.name, err)
		}
		s.byName[src.name], s.byURL[f.url] = f, f
	}
	return s, nil
})

// build joins the parts of one file and compresses it.
func build(src source) (*file, error) {
	var body bytes.Buffer
	for _, p := range src.parts {
		read := own.ReadFile
		if src.third {
			read = thirdparty.Read
		}
		raw, err := read(p)
		if err != nil {
			return nil, err
		}
		body.Write(raw)
	}
	if src.kind == cssType {
		squeezed := squeeze(body.String())
		body.Reset()
		body.WriteString(squeezed)
	}
	packed, err := compress(body.Bytes())
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body.Bytes())
	hash := hex.EncodeToString(sum[:8])
	ext := path.Ext(src.name)
	return &file{
		url:   Prefix + strings.TrimSuffix(src.name, ext) + "." + hash + ext,
		kind:  src.kind,
		etag:  `"` + hash + `"`,
		plain: body.Bytes(),
		gzip:  packed,
	}, nil
}

// compress returns raw as gzip at the best level.
func compress(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Check reports whether all files can be prepared; call it at start so that a
// broken build refuses to serve instead of failing on a page.
func Check() error {
	_, err := load()
	return err
}

// URL gives the address under which the named file ("app.css", "app.js",
// "htmx.js", "favicon.svg") is served. It panics on a name that is not served:
// that is a slip in a page, and rendering the page once finds it.
func URL(name string) string {
	s, err := load()
	if err != nil {
		panic(err)
	}
	f, ok := s.byName[name]
	if !ok {
		panic("assets: no file named " + strconv.Quote(name))
	}
	return f.url
}

// Names lists the served files by plain name, sorted.
func Names() []string {
	var names []string
	for _, s := range sources() {
		names = append(names, s.name)
	}
	sort.Strings(names)
	return names
}

// Content returns the bytes of the named file, for a document that must carry
// its style with it. It panics as URL does.
func Content(name string) []byte {
	URL(name)
	s, err := load()
	if err != nil {
		panic(err)
	}
	return bytes.Clone(s.byName[name].plain)
}

// Handler serves the files under Prefix. An address without the present hash is
// not found: pages always ask for the file they were made with.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		s, err := load()
		if err != nil {
			http.Error(w, "assets are not available", http.StatusInternalServerError)
			return
		}
		f, ok := s.byURL[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		f.serve(w, r)
	})
}

// serve sends one file, compressed when the browser takes it.
func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", f.etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Header.Get("If-None-Match") == f.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = f.gzip
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // an error here is the browser leaving; there is nobody to tell
	}
}

// takesGzip reads an Accept-Encoding header: gzip named, and not with q=0.
func takesGzip(header string) bool {
	for item := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		q := strings.ReplaceAll(params, " ", "")
		return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
	}
	return false
}
