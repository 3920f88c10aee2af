package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"bihuan/kit/errs"
)

const problemType = "application/problem+json"

// Problem is every refusal of the API (RFC 9457).
type Problem struct {
	Type      string       `json:"type" doc:"固定为 about:blank：由 status 与 code 区分"`
	Title     string       `json:"title" doc:"这一类问题的名称"`
	Status    int          `json:"status" doc:"HTTP 状态码"`
	Detail    string       `json:"detail,omitempty" doc:"这一次的原因，可直接显示给用户"`
	Code      errs.Code    `json:"code" enum:"invalid,unauthenticated,forbidden,not_found,conflict,too_large,too_many,unavailable,internal" doc:"问题类别，供程序判断"`
	Reference string       `json:"reference,omitempty" doc:"系统内部错误的编号：告诉运维人员，可在日志中查到"`
	Errors    []FieldError `json:"errors,omitempty" doc:"需要更正的各处"`
	wait      int          // seconds, for Retry-After; 0 for none
}

// FieldError is what is wrong with one part of a request.
type FieldError struct {
	Location string `json:"location" doc:"位置，如 query.limit、body.value、header.Idempotency-Key"`
	Message  string `json:"message" doc:"怎么更正"`
}

// Error implements error, so that a handler can return a problem.
func (p *Problem) Error() string { return strconv.Itoa(p.Status) + " " + p.Title + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.wait > 0 {
		h.Set("Retry-After", strconv.Itoa(p.wait))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="bihuan"`)
	}
	return h
}

func newProblem(status int, code errs.Code, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: titleOf(status), Status: status, Code: code, Detail: detail}
}

// refuse is a problem with a code of ours.
func refuse(code errs.Code, detail string) *Problem {
	p := newProblem(statusOf(code), code, detail)
	switch code {
	case errs.TooMany, errs.Unavailable:
		p.wait = 10
	default:
	}
	return p
}

// wrong is a refusal that names one place of the request.
func wrong(location, message string) *Problem {
	p := refuse(errs.Invalid, message)
	p.Errors = []FieldError{{location, message}}
	return p
}

// problem translates an error of a use case. What is not ours to show is logged
// whole and answered with a reference only.
func (s *server) problem(ctx context.Context, what string, err error) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	var e *errs.Error
	if !errors.As(err, &e) || e.Code == errs.Internal {
		p := refuse(errs.Internal, "系统内部错误，已记录。如重试仍不行，请把编号告诉运维人员")
		p.Reference = s.reference()
		s.Logger.ErrorContext(ctx, "internal error", "ref", p.Reference, "operation", what, "person", whoIs(ctx).ID, "error", err)
		return p
	}
	p := refuse(e.Code, e.Message)
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, FieldError{"body." + f.Name, f.Message})
	}
	return p
}

// reference names a fault in the log.
func (s *server) reference() string {
	var b [4]byte
	if _, err := io.ReadFull(s.DB.Entropy(), b[:]); err != nil {
		return "unnamed"
	}
	return hex.EncodeToString(b[:])
}

// translate turns the framework's own refusals into problems of ours. It is a
// transformer of this API only: the framework's global hooks stay untouched.
func (s *server) translate(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	code := codeOf(m.Status)
	p := newProblem(m.Status, code, detailOf(m.Status, len(m.Errors)))
	for _, e := range m.Errors {
		p.Errors = append(p.Errors, fieldError(m.Status, e))
	}
	return p, nil
}

// writeProblem answers outside of the framework.
func writeProblem(w http.ResponseWriter, p *Problem) {
	h := w.Header()
	for k, v := range p.GetHeaders() {
		h[k] = v
	}
	h.Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(p) // an error here is the caller leaving; there is nobody to tell
}

func statusOf(code errs.Code) int {
	switch code {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict:
		return http.StatusConflict
	case errs.TooLarge:
		return http.StatusRequestEntityTooLarge
	case errs.TooMany:
		return http.StatusTooManyRequests
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	case errs.Internal:
	}
	return http.StatusInternalServerError
}

func codeOf(status int) errs.Code {
	switch {
	case status == http.StatusUnauthorized:
		return errs.Unauthenticated
	case status == http.StatusForbidden:
		return errs.Forbidden
	case status == http.StatusNotFound:
		return errs.NotFound
	case status == http.StatusConflict:
		return errs.Conflict
	case status == http.StatusRequestEntityTooLarge:
		return errs.TooLarge
	case status == http.StatusTooManyRequests:
		return errs.TooMany
	case status == http.StatusServiceUnavailable:
		return errs.Unavailable
	case status >= http.StatusInternalServerError:
		return errs.Internal
	}
	return errs.Invalid
}
