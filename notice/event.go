package notice

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"
)

// ReplayWindow is how far an event's timestamp may lie from a receiver's clock: older
// ones are to be refused, because somebody may have kept and repeated them.
const ReplayWindow = 5 * time.Minute

// event is the JSON of a webhook.
type event struct {
	ID      string        `json:"id"`
	Type    string        `json:"type"` // digest, test
	Unit    *eventUnit    `json:"unit,omitempty"`
	Day     string        `json:"day,omitempty"`
	Count   int           `json:"count"`
	Notices []eventNotice `json:"notices"`
}

type eventUnit struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type eventNotice struct {
	ID         int64  `json:"id"`
	Kind       Kind   `json:"kind"`
	Title      string `json:"title"`
	Body       string `json:"body,omitempty"`
	URL        string `json:"url"` // whole when the operator has set the product's address, else the path
	ObjectKind string `json:"object_kind,omitempty"`
	ObjectID   string `json:"object_id,omitempty"`
	At         string `json:"at"`
}

// eventOf is what a delivery tells the other system; repetitions tell the same.
func (s *Service) eventOf(p parcel) event {
	e := event{ID: p.ID, Type: "test", Notices: []eventNotice{}}
	if p.digest.id == "" {
		return e
	}
	e.Type, e.Day, e.Count = "digest", p.digest.day.String(), len(p.notices)
	e.Unit = &eventUnit{string(p.unit), s.unitName(p.unit)}
	for _, n := range p.notices {
		e.Notices = append(e.Notices, eventNotice{n.ID, n.Kind, n.Title, n.Body, cmp.Or(s.link(n), n.URL), n.ObjectKind, n.ObjectID, n.At.Format(time.RFC3339)})
	}
	return e
}

// sendEvent posts a digest, or a trial, to a webhook.
func (s *Service) sendEvent(ctx context.Context, p parcel) (answer string, err error) {
	if p.to == "" {
		return "", refuse("推送地址已停用")
	}
	to, err := s.Box.Open(p.to, urlContext(p.hook))
	if err != nil {
		return "", err
	}
	secret, err := s.Box.Open(p.secret, secretContext(p.hook))
	if err != nil {
		return "", err
	}
	e := s.eventOf(p)
	body, err := json.Marshal(e)
	if err != nil {
		return "", err
	}
	return s.hook.call(ctx, string(to), headers(e, secret, s.DB.Now(), body), body)
}

// headers sign a body for one attempt.
func headers(e event, secret []byte, now time.Time, body []byte) http.Header {
	at := strconv.FormatInt(now.Unix(), 10)
	h := http.Header{}
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("User-Agent", "Bihuan")
	h.Set("Bihuan-Event", e.Type)
	h.Set("Bihuan-Event-Id", e.ID)
	h.Set("Bihuan-Timestamp", at)
	h.Set("Bihuan-Signature", "v1="+sign(secret, at, body))
	return h
}

// sign is the HMAC over timestamp and body.
func sign(secret []byte, timestamp string, body []byte) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(timestamp + "."))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

// caller posts to addresses that strangers may have chosen.
type caller struct {
	secure *http.Client  // for https
	plain  *http.Client  // for http: only where the operator allows
	limit  time.Duration // for one call
}

const hookTime = 10 * time.Second

func newCaller(allow []netip.Prefix, roots *x509.CertPool) *caller {
	return &caller{
		secure: newClient(roots, func(a netip.Addr) bool { return public(a) || within(allow, a) }),
		plain:  newClient(roots, func(a netip.Addr) bool { return within(allow, a) }),
		limit:  hookTime,
	}
}

// call posts once. 2xx is success; a redirect or a refusal of the event is final; what a
// server may mend by itself (408, 425, 429, 5xx) and a broken connection are not.
func (c *caller) call(ctx context.Context, to string, h http.Header, body []byte) (answer string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return "", refuse("推送地址不是网址")
	}
	r.Header = h
	client := c.secure
	if r.URL.Scheme == "http" {
		client = c.plain
	}
	resp, err := client.Do(r)
	if err != nil {
		return "", callFault(err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // only so that the connection ends in order
	answer = fmt.Sprintf("对方应答 %d", resp.StatusCode)
	switch code := resp.StatusCode; {
	case code >= 200 && code < 300:
		return answer, nil
	case code >= 500, code == http.StatusRequestTimeout, code == http.StatusTooEarly, code == http.StatusTooManyRequests:
		return "", errors.New(answer)
	case code >= 300 && code < 400:
		return "", refuse("对方应答 %d：不跟随跳转，请改用最终的网址", code)
	}
	return "", refuse("%s", answer)
}

// callFault leaves the address out of the text: it may hold the other system's key.
func callFault(err error) error {
	var forbidden *forbiddenAddress
	if errors.As(err, &forbidden) {
		return refuse("不允许推送到 %s：内网地址须由运维人员在 %s 的 webhook.allow 中允许", forbidden.addr, SettingsFile)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("对方 10 秒内没有应答")
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return fmt.Errorf("连接失败：%w", err)
}
