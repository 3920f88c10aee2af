package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/kit/errs"
	"bihuan/org"
)

// ServeHTTP answers one request. The whole answer is made before the first byte
// leaves, so a fault half way becomes a problem document and not half an answer.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := s.guarded(w, r)
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	answer.send(w, r)
}

// guarded is answer with faults of ours turned into a problem.
func (s *server) guarded(w http.ResponseWriter, r *http.Request) (a *capture) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler { //nolint:errorlint // the documented way to compare a recovered value
			panic(v)
		}
		a = s.crashed(r, v)
	}()
	return s.answer(w, r)
}

// crashed answers a panic.
func (s *server) crashed(r *http.Request, v any) *capture {
	ref := s.reference()
	s.Logger.ErrorContext(r.Context(), "panic", "ref", ref, "method", r.Method, "path", r.URL.Path, "value", v, "stack", string(debug.Stack()))
	p := refuse(errs.Internal, "系统内部错误，已记录。如重试仍不行，请把编号告诉运维人员")
	p.Reference = ref
	return refused(p)
}

// answer lets the request pass the stations that the package comment names.
func (s *server) answer(w http.ResponseWriter, r *http.Request) *capture {
	handler, pattern := s.mux.Handler(r)
	if pattern == "" || r.URL.Path != path.Clean(r.URL.Path) {
		return noRoute(handler, pattern, r)
	}
	if p := plainText(r.URL); p != nil {
		return refused(p)
	}
	if s.open[pattern] {
		return s.run(r)
	}
	who, err := s.authenticate(r)
	if err != nil {
		return refused(s.problem(r.Context(), "authenticate", err))
	}
	r = r.WithContext(context.WithValue(r.Context(), whoKey{}, who))
	if wait := s.limit.wait(who.TokenID, s.DB.Now()); wait > 0 {
		p := refuse(errs.TooMany, "请求太频繁，请稍后再试")
		p.wait = int(math.Ceil(wait.Seconds()))
		return refused(p)
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return s.run(r)
	}
	if who.ReadOnly {
		return refused(refuse(errs.Forbidden, "只读接口令牌不能提交内容：请换用可写的令牌"))
	}
	return s.once(w, r, who, s.takes[pattern])
}

// run hands the request to its route and keeps the answer.
func (s *server) run(r *http.Request) *capture {
	a := newCapture()
	s.mux.ServeHTTP(a, r)
	return a
}

// authenticate finds out whose token the request carries.
func (s *server) authenticate(r *http.Request) (org.Principal, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return org.Principal{}, refuse(errs.Unauthenticated, "请在 Authorization 头中给出接口令牌：Bearer bihuan_…")
	}
	return s.Org.AuthenticateToken(r.Context(), token, org.From{Address: s.Address(r), Agent: r.UserAgent()})
}

// peer is the address of the connection's other end.
func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

type whoKey struct{}

// whoIs gives who asks; the zero value on routes that need no token.
func whoIs(ctx context.Context) org.Principal {
	p, _ := ctx.Value(whoKey{}).(org.Principal)
	return p
}

// plainText refuses addresses that a database could not take as text, and query
// parameters that are given twice, since it would not be clear which one counts.
func plainText(u *url.URL) *Problem {
	if !storable(u.Path) {
		return refuse(errs.NotFound, "没有这个地址")
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return wrong("query", "查询参数的写法不对：特殊字符请按 URL 编码")
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch {
		case !storable(name):
			return wrong("query", "参数名有无法保存的字符")
		case len(values[name]) > 1:
			return wrong("query."+name, "只能给出一次")
		case !storable(values[name][0]):
			return wrong("query."+name, "有无法保存的字符：请用 UTF-8 编码的文字")
		}
	}
	return nil
}

// storable reports whether both database engines take the text.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// noRoute answers what no route takes; the mux knows whether another method would do.
func noRoute(h http.Handler, pattern string, r *http.Request) *capture {
	p := refuse(errs.NotFound, "没有这个地址：接口清单见 "+Prefix+"/docs")
	if pattern != "" {
		return refused(p)
	}
	a := newCapture()
	h.ServeHTTP(a, r)
	if a.status != http.StatusMethodNotAllowed {
		return refused(p)
	}
	refusal := refused(newProblem(http.StatusMethodNotAllowed, errs.Invalid, "这个地址只支持 "+a.header.Get("Allow")))
	refusal.header.Set("Allow", a.header.Get("Allow"))
	return refusal
}

// capture is an answer that has not left yet.
type capture struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newCapture() *capture { return &capture{header: http.Header{}} }

func refused(p *Problem) *capture {
	a := newCapture()
	writeProblem(a, p)
	return a
}

// Header implements http.ResponseWriter.
func (a *capture) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *capture) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write implements http.ResponseWriter.
func (a *capture) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// send lets the answer go. A successful reading answer carries an ETag, so that
// a program that asks again is told in a line that nothing changed.
func (a *capture) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for k, v := range a.header {
		h[k] = v
	}
	status := a.status
	if status == 0 {
		status = http.StatusOK
	}
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	if reads && status == http.StatusOK {
		sum := sha256.Sum256(a.body.Bytes())
		tag := `"` + hex.EncodeToString(sum[:16]) + `"`
		h.Set("ETag", tag)
		h.Set("Cache-Control", "private, no-cache")
		if sameTag(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.body.Bytes()) // an error here is the caller leaving; there is nobody to tell
	}
}

func sameTag(header, tag string) bool {
	for item := range strings.SplitSeq(header, ",") {
		if item = strings.TrimPrefix(strings.TrimSpace(item), "W/"); item == tag || item == "*" {
			return true
		}
	}
	return false
}
