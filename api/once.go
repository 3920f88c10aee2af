package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"bihuan/kit/errs"
	"bihuan/org"
)

// keyHeader is where a writing request carries its key.
const keyHeader = "Idempotency-Key"

// replayedHeader marks an answer that was given before.
const replayedHeader = "Idempotency-Replayed"

const maxKey = 128

// once runs a writing request so that its key has at most one effect.
func (s *server) once(w http.ResponseWriter, r *http.Request, who org.Principal, takes accepted) *capture {
	key := r.Header.Get(keyHeader)
	if message := keyFault(key); message != "" {
		return refused(wrong("header."+keyHeader, message))
	}
	in, err := readInput(w, r, takes)
	if err != nil {
		return refused(s.problem(r.Context(), "read input", err))
	}
	defer in.close()
	found, err := s.replies.claim(r.Context(), who.TokenID, key, in.hash)
	if err != nil {
		return refused(s.problem(r.Context(), "claim key", err))
	}
	switch found.state {
	case keyFree:
		return s.effect(r, who.TokenID, key, takes.secret)
	case keyAnswered:
		return found.replay()
	case keyOther:
		return refused(wrong("header."+keyHeader, "这个键已用于内容不同的请求：新的请求请换一个键"))
	case keyRunning:
		p := refuse(errs.Conflict, "用这个键提交的请求正在办理，请稍后用同一个键再试")
		p.wait = 1
		return refused(p)
	}
	return refused(refuse(errs.Conflict, "用这个键提交的请求中途断了，是否已办理不能确定：请先查询结果，确未办理再换一个键提交"))
}

// keyFault says what is wrong with a key, "" when nothing is.
func keyFault(key string) string {
	switch {
	case key == "":
		return "每个提交请求都要带 " + keyHeader + " 头：随机生成，重试时保持不变"
	case len(key) > maxKey:
		return "最长 128 个字符"
	case strings.ContainsFunc(key, func(c rune) bool { return c < '!' || c > '~' }):
		return "只能用英文字母、数字和符号，不含空格"
	}
	return ""
}

// effect runs the use case of a claimed key and keeps its answer. The caller's
// leaving does not stop it: the next try of the same key finds the answer, or that it
// was a secret one.
func (s *server) effect(r *http.Request, token, key string, secret bool) *capture {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), effectTime)
	defer cancel()
	a := s.protected(r.WithContext(ctx))
	settle := context.WithoutCancel(r.Context())
	var err error
	if nothingDone(a.status) {
		err = s.replies.release(settle, token, key)
	} else {
		err = s.replies.keep(settle, token, key, keepable(a, secret))
	}
	if err != nil {
		// The effect stands and so does the claim: a repetition is refused, not done again.
		s.Logger.ErrorContext(settle, "keep the answer of a key", "path", r.URL.Path, "error", err)
	}
	return a
}

// keepable is an answer as it may be kept: in the place of a secret one stands that it
// was given, so that the key has no second effect and the secret lies nowhere.
func keepable(a *capture, secret bool) *capture {
	if !secret || a.status >= http.StatusMultipleChoices {
		return a
	}
	return refused(refuse(errs.Conflict, "用这个键已查看过，答复没有保存：请换一个键，重新写明理由查看"))
}

// protected is run with a panic turned into an answer, so that the key is settled.
func (s *server) protected(r *http.Request) (a *capture) {
	defer func() {
		if v := recover(); v != nil {
			a = s.crashed(r, v)
		}
	}()
	return s.run(r)
}

// nothingDone reports whether a status promises that there was no effect and
// that the same request may succeed later.
func nothingDone(status int) bool {
	return status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests
}

// stored is an answer as it is kept.
type stored struct {
	Type     string `json:"type"`
	Location string `json:"location,omitempty"`
	Body     string `json:"body"`
}

func (a *capture) encode() (string, error) {
	b, err := json.Marshal(stored{Type: a.header.Get("Content-Type"), Location: a.header.Get("Location"), Body: a.body.String()})
	return string(b), err
}

// replay gives the answer of the first request again.
func (f found) replay() *capture {
	a := newCapture()
	a.header.Set("Content-Type", f.answer.Type)
	if f.answer.Location != "" {
		a.header.Set("Location", f.answer.Location)
	}
	a.header.Set(replayedHeader, "true")
	a.status = f.status
	a.body.WriteString(f.answer.Body)
	return a
}
