package notice

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// call is a request as another system got it.
type call struct {
	header http.Header
	body   []byte
}

// remote is another system; answer decides what it says.
type remote struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []call
	answer func(w http.ResponseWriter, n int)
}

func newRemote(t testing.TB, secure bool, answer func(w http.ResponseWriter, n int)) *remote {
	r := &remote{answer: answer}
	h := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		b, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.calls = append(r.calls, call{req.Header, b})
		n := len(r.calls)
		r.mu.Unlock()
		if r.answer != nil {
			r.answer(w, n)
		}
	})
	if secure {
		r.Server = httptest.NewTLSServer(h)
	} else {
		r.Server = httptest.NewServer(h)
	}
	t.Cleanup(r.Close)
	return r
}

func (r *remote) got() []call { r.mu.Lock(); defer r.mu.Unlock(); return append([]call{}, r.calls...) }

func (w *world) addHook(in HookInput) (secret string, h Hook) {
	w.t.Helper()
	secret, h, err := w.s.AddHook(w.ctx, sysadmin, in)
	w.ok(err)
	return secret, h
}

func TestEvent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := newRemote(t, false, nil)
		w.with(Settings{Webhook: local, Base: "https://bihuan.example.gov.cn"})
		secret, _ := w.addHook(HookInput{Name: "协同办公", URL: r.URL + "/hook?key=k", UnitID: trade})
		w.addHook(HookInput{Name: "全市", URL: r.URL})
		w.put(Unit(trade), "a")
		w.put(Unit(trade), "b")
		w.put(Unit(east), "c")
		w.at("2026-07-02 08:00")
		w.at("2026-07-02 08:30")
		w.run()
		calls := r.got()
		if len(calls) != 3 {
			t.Fatalf("%d calls", len(calls))
		}
		signed := 0
		for _, c := range calls {
			at := c.header.Get("Bihuan-Timestamp")
			m := hmac.New(sha256.New, []byte(secret))
			m.Write([]byte(at + "." + string(c.body)))
			if "v1="+hex.EncodeToString(m.Sum(nil)) == c.header.Get("Bihuan-Signature") {
				signed++
				if !strings.Contains(string(c.body), `"unit":{"id":"trade","name":"市商务局"}`) {
					t.Errorf("the digest of another unit: %s", c.body)
				}
			}
			if at != strconv.FormatInt(w.clock.Now().Unix(), 10) || c.header.Get("Bihuan-Event") != "digest" {
				t.Errorf("%v", c.header)
			}
			var e event
			w.ok(json.Unmarshal(c.body, &e))
			if e.ID == "" || e.ID != c.header.Get("Bihuan-Event-Id") || e.Day != "2026-07-02" || e.Count != len(e.Notices) || e.Notices[0].URL != "https://bihuan.example.gov.cn/tasks/1" {
				t.Errorf("%s", c.body)
			}
		}
		if signed != 1 {
			t.Errorf("%d of the calls have the first secret's signature", signed)
		}
	})
}

func TestEventRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.with(Settings{Webhook: local})
		for _, x := range []struct {
			code  int
			final bool
		}{{500, false}, {503, false}, {429, false}, {408, false}, {425, false}, {400, true}, {401, true}, {404, true}, {410, true}, {301, true}, {307, true}} {
			r := newRemote(t, false, func(w http.ResponseWriter, n int) {
				if n == 1 {
					w.Header().Set("Location", "/elsewhere")
					w.WriteHeader(x.code)
				}
			})
			_, h := w.addHook(HookInput{Name: "对方", URL: r.URL})
			w.ok(w.s.TestHook(w.ctx, sysadmin, h.ID))
			w.run()
			d := w.deliveries()[0]
			if want := map[bool]DeliveryState{true: Failed, false: Waiting}[x.final]; d.State != want || !strings.Contains(d.Answer, strconv.Itoa(x.code)) || len(r.got()) != 1 || !d.Trial {
				t.Errorf("%d: %+v, %d calls", x.code, d, len(r.got()))
			}
			w.clock.Add(time.Minute)
			w.run()
			if calls := r.got(); !x.final && (len(calls) != 2 || calls[0].header.Get("Bihuan-Event-Id") != calls[1].header.Get("Bihuan-Event-Id") ||
				calls[0].header.Get("Bihuan-Signature") == calls[1].header.Get("Bihuan-Signature") || w.deliveries()[0].State != Sent) {
				t.Errorf("%d: %d calls, %+v", x.code, len(calls), w.deliveries()[0])
			}
			w.ok(w.s.DisableHook(w.ctx, sysadmin, h.ID))
		}
	})
}

// In the end a delivery that never works is given up, and says so.
func TestEventGivenUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.with(Settings{Webhook: local})
		r := newRemote(t, false, func(w http.ResponseWriter, _ int) { w.WriteHeader(http.StatusBadGateway) })
		_, h := w.addHook(HookInput{Name: "对方", URL: r.URL})
		w.ok(w.s.TestHook(w.ctx, sysadmin, h.ID))
		for range 10 {
			w.run()
			w.clock.Add(3 * time.Hour)
		}
		if d := w.deliveries()[0]; d.State != Failed || d.Attempts != 6 || len(r.got()) != 6 {
			t.Errorf("%+v", d)
		}
	})
}

func TestCallLimits(t *testing.T) {
	release := make(chan struct{})
	slow := newRemote(t, false, func(http.ResponseWriter, int) { <-release })
	defer close(release)
	c := newCaller(local.Allow, nil)
	c.limit = 50 * time.Millisecond
	var final refusal
	if _, err := c.call(t.Context(), slow.URL, http.Header{}, nil); err == nil || errors.As(err, &final) || !strings.Contains(err.Error(), "没有应答") {
		t.Errorf("slow: %v", err)
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	c = newCaller(local.Allow, nil)
	_, err := c.call(t.Context(), gone.URL+"/?key=hidden", http.Header{}, nil)
	if err == nil || errors.As(err, &final) || strings.Contains(err.Error(), "hidden") {
		t.Errorf("gone: %v", err)
	}
}

// The address is judged when the connection is made: private ones only if allowed, http
// only to allowed ones, and no other certificate than a trusted one.
func TestGuard(t *testing.T) {
	plain, secure := newRemote(t, false, nil), newRemote(t, true, nil)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	roots, err := Settings{CAFile: ca}.roots()
	if err != nil {
		t.Fatal(err)
	}
	byName := strings.Replace(plain.URL, "127.0.0.1", "localhost", 1)
	for name, x := range map[string]struct {
		c    *caller
		url  string
		good bool
	}{
		"http, not allowed":        {newCaller(nil, roots), plain.URL, false},
		"http by name":             {newCaller(nil, roots), byName, false},
		"https, not allowed":       {newCaller(nil, roots), secure.URL, false},
		"another network allowed":  {newCaller([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, roots), secure.URL, false},
		"https, unknown authority": {newCaller(local.Allow, nil), secure.URL, false},
		"https, allowed":           {newCaller(local.Allow, roots), secure.URL, true},
		"http, allowed":            {newCaller(local.Allow, roots), plain.URL, true},
	} {
		before := len(plain.got()) + len(secure.got())
		_, err := x.c.call(t.Context(), x.url, http.Header{}, []byte("{}"))
		if (err == nil) != x.good || len(plain.got())+len(secure.got()) != before+map[bool]int{true: 1}[x.good] {
			t.Errorf("%s: %v", name, err)
		}
		var final refusal
		if strings.Contains(name, "not allowed") && !errors.As(err, &final) {
			t.Errorf("%s: not final: %v", name, err)
		}
	}
}

func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "114.114.114.114": true, "2400:3200::1": true, "172.32.0.1": true, "100.128.0.1": true,
		"127.0.0.1": false, "127.9.9.9": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false,
		"0.0.0.0": false, "0.1.2.3": false, "192.0.0.8": false, "198.18.0.1": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false, "203.0.113.9": false,
		"::1": false, "::": false, "fe80::1": false, "fc00::1": false, "fd12::1": false, "ff02::1": false, "::7f00:1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:db8::1": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	c := newCaller(nil, nil)
	for _, url := range []string{"https://[::ffff:127.0.0.1]:1/", "https://[::1]:1/", "https://2130706433:1/", "http://8.8.8.8:1/"} {
		_, err := c.call(t.Context(), url, http.Header{}, nil)
		if err == nil {
			t.Errorf("%s was called", url)
		}
		var forbidden refusal
		if !strings.Contains(url, "2130706433") && (!errors.As(err, &forbidden) || !strings.Contains(err.Error(), "不允许推送到")) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestHooks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, err := w.s.AddHook(w.ctx, sysadmin, HookInput{Name: " ", URL: "ftp://x", UnitID: "none"})
		w.refused(err, errs.Invalid)
		if got := strings.Join(errs.FieldNames(err), " "); got != "name unit url" {
			t.Errorf("fields %s", got)
		}
		for _, bad := range []string{"", "/path", "https://", "https://u:p@example.com/", "https://example.com/#x", "http://example.com/", "javascript:1"} {
			_, _, err := w.s.AddHook(w.ctx, sysadmin, HookInput{Name: "对方", URL: bad})
			w.refused(err, errs.Invalid)
		}
		secret, h := w.addHook(HookInput{Name: "对方", URL: "https://oa.example.cn/hook?key=topsecret", UnitID: trade})
		if len(secret) < 40 || h.Host != "oa.example.cn" {
			t.Errorf("%q %+v", secret, h)
		}
		for _, text := range []string{"topsecret", secret} {
			if w.count(`SELECT count(*) FROM notice_hook WHERE url_sealed LIKE $1 OR secret_sealed LIKE $1 OR host LIKE $1`, "%"+text+"%")+
				w.count(`SELECT count(*) FROM audit_entry WHERE after_json LIKE $1 OR before_json LIKE $1`, "%"+text+"%") != 0 {
				t.Errorf("%q lies open", text)
			}
		}
		w.ok(w.s.TestHook(w.ctx, sysadmin, h.ID))
		w.ok(w.s.DisableHook(w.ctx, sysadmin, h.ID))
		w.refused(w.s.DisableHook(w.ctx, sysadmin, h.ID), errs.Conflict)
		w.refused(w.s.TestHook(w.ctx, sysadmin, h.ID), errs.Conflict)
		w.refused(w.s.TestHook(w.ctx, sysadmin, "none"), errs.NotFound)
		w.run() // what waited for it is not sent
		if d := w.deliveries()[0]; d.State != Failed || d.Hook != "对方" {
			t.Errorf("%+v", d)
		}
		w.put(Unit(trade), "a")
		w.at("2026-07-02 08:00")
		w.at("2026-07-02 08:30")
		if len(w.deliveries()) != 1 {
			t.Error("a webhook out of use has a delivery")
		}
		list, err := w.s.Hooks(w.ctx, sysadmin)
		w.ok(err)
		if len(list) != 1 || list[0].Disabled.IsZero() || list[0].Unit != "市商务局" || list[0].Creator != sysadmin.Name {
			t.Errorf("%+v", list)
		}
	})
}

func TestOnlyTheAdministrator(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for p, code := range map[*org.Principal]errs.Code{{}: errs.Unauthenticated, &clerk: errs.Forbidden, &nowhere: errs.Forbidden} {
			p := *p
			var all []error
			add := func(err error) { all = append(all, err) }
			_, err := w.s.Status(w.ctx, p)
			add(err)
			_, err = w.s.Addresses(w.ctx, p)
			add(err)
			_, err = w.s.Hooks(w.ctx, p)
			add(err)
			_, err = w.s.Deliveries(w.ctx, p, "", 1)
			add(err)
			_, _, err = w.s.AddHook(w.ctx, p, HookInput{})
			add(err)
			add(w.s.SetAddress(w.ctx, p, trade, office))
			add(w.s.DisableHook(w.ctx, p, "x"))
			add(w.s.TestHook(w.ctx, p, "x"))
			add(w.s.TestMail(w.ctx, p, trade))
			for i, err := range all {
				if !errs.Is(err, code) {
					t.Errorf("%q %d: %v", p.Name, i, err)
				}
			}
		}
	})
}

// A trial goes out on any day.
func TestTrialOnHoliday(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.with(Settings{Webhook: local})
		r := newRemote(t, false, nil)
		_, h := w.addHook(HookInput{Name: "对方", URL: r.URL})
		w.at("2026-10-01 12:00")
		w.ok(w.s.TestHook(w.ctx, sysadmin, h.ID))
		w.run()
		if calls := r.got(); len(calls) != 1 || calls[0].header.Get("Bihuan-Event") != "test" {
			t.Errorf("%d calls", len(calls))
		}
	})
}

// What is recorded as sent is not sent again when its job runs once more.
func TestSentOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.with(Settings{Webhook: local})
		r := newRemote(t, false, nil)
		_, h := w.addHook(HookInput{Name: "对方", URL: r.URL})
		w.ok(w.s.TestHook(w.ctx, sysadmin, h.ID))
		w.run()
		w.ok(w.db.Write(w.ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE job SET state = 'waiting', attempts = 0, finished_at = 0 WHERE kind = 'notice.deliver'`)
			return err
		}))
		w.run()
		if n := len(r.got()); n != 1 || w.deliveries()[0].Attempts != 1 {
			t.Errorf("%d calls", n)
		}
	})
}
