package org

import (
	"bytes"
	"context"
	"crypto/rand"
	"image/png"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/kit/errs"
)

var start = time.Date(2026, 7, 1, 1, 0, 0, 0, time.UTC)

// TestTOTPVectors: RFC 6238 appendix B, the SHA-1 column, its last six digits.
func TestTOTPVectors(t *testing.T) {
	secret := []byte("12345678901234567890")
	for seconds, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := totpCode(secret, totpAt(time.Unix(seconds, 0))); got != want {
			t.Errorf("at %d: %s, want %s", seconds, got, want)
		}
	}
}

func TestCheckTOTP(t *testing.T) {
	secret := []byte("12345678901234567890")
	now := totpAt(start)
	cases := []struct {
		name  string
		delta int64
		used  int64
		ok    bool
	}{
		{"present", 0, 0, true},
		{"one before", -1, 0, true},
		{"one after", 1, 0, true},
		{"two before", -2, 0, false},
		{"two after", 2, 0, false},
		{"used", 0, now, false},
		{"older than the used one", -1, now, false},
		{"later than the used one", 1, now, true},
	}
	for _, c := range cases {
		step, ok := checkTOTP(secret, totpCode(secret, now+c.delta), start, c.used)
		if ok != c.ok || (ok && step != now+c.delta) {
			t.Errorf("%s: step %d, %v", c.name, step-now, ok)
		}
	}
	if _, ok := checkTOTP(secret, "", start, 0); ok {
		t.Error("an empty code passes")
	}
	spaced := totpCode(secret, now)
	if _, ok := checkTOTP(secret, spaced[:3]+" "+spaced[3:], start, 0); !ok {
		t.Error("a space in the code is refused")
	}
}

func TestTOTPURIAndPictures(t *testing.T) {
	text := totpURI("闭环 系统", "zhang.san", []byte("12345678901234567890"))
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/闭环 系统:zhang.san" {
		t.Fatalf("%s: %v", text, err)
	}
	if q := u.Query(); q.Get("secret") != "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" || q.Get("issuer") != "闭环 系统" || strings.Contains(text, "+") {
		t.Errorf("%s", text)
	}
	picture, err := QRPNG(text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
		t.Error(err)
	}
	svg, err := QRSVG(text)
	if err != nil || !strings.HasPrefix(svg, "<svg ") || strings.Contains(svg, "style") || strings.Count(svg, "h1v1h-1z") < 100 {
		t.Errorf("%v: %.80s", err, svg)
	}
	if _, err := QRSVG(strings.Repeat("x", 9000)); err == nil {
		t.Error("a text too long for a QR picture is drawn")
	}
}

func TestLockout(t *testing.T) {
	p := DefaultPolicy()
	l, now := lockout{}, start
	var lengths []time.Duration
	for range 12 {
		for i := 1; i <= p.LockAfter; i++ {
			if l.locked(now) {
				t.Fatalf("locked before failure %d", i)
			}
			l = l.fail(now, p)
		}
		if !l.locked(now) || l.locked(l.Until) {
			t.Fatalf("after %d failures: %+v", p.LockAfter, l)
		}
		lengths = append(lengths, l.Until.Sub(now))
		now = l.Until
	}
	minutes := []time.Duration{5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440}
	for i, want := range minutes {
		if lengths[i] != want*time.Minute {
			t.Errorf("lock %d: %v, want %v", i+1, lengths[i], want*time.Minute)
		}
	}
	l = lockout{Failures: 4, Locks: 3, Last: start}
	if got := l.fail(start.Add(p.LockMax), p); got.Failures != 1 || got.Locks != 0 {
		t.Errorf("old failures still count: %+v", got)
	}
	l.Until = start.Add(time.Hour)
	if got := l.fail(start.Add(p.LockMax), p); got.Locks != 4 {
		t.Errorf("forgotten too early after a lock: %+v", got)
	}
}

func TestLimiter(t *testing.T) {
	p := DefaultPolicy()
	p.AddressBurst, p.AddressEvery, p.AddressTracked = 3, time.Second, 2
	l := newLimiter(p)
	allowed := func(key string, n int, at time.Time) (ok int) {
		for range n {
			if l.allow(key, at) {
				ok++
			}
		}
		return ok
	}
	if got := allowed("a", 5, start); got != 3 {
		t.Errorf("burst: %d", got)
	}
	if got := allowed("a", 5, start.Add(2*time.Second)); got != 2 {
		t.Errorf("after two seconds: %d", got)
	}
	if got := allowed("b", 5, start); got != 3 {
		t.Errorf("another address: %d", got)
	}
	allowed("c", 1, start) // "a" is the one used longest ago
	if len(l.at) != 2 || l.order.Len() != 2 {
		t.Errorf("%d addresses remembered", len(l.at))
	}
	if _, kept := l.at["a"]; kept {
		t.Error("the wrong address was forgotten")
	}
}

func testHasher(t *testing.T) *hasher {
	t.Helper()
	h, err := newHasher(testPolicy(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// testPolicy is the default with hashing so cheap that tests are quick.
func testPolicy() Policy {
	p := DefaultPolicy()
	p.Hash = HashParams{MemoryKiB: 16, Passes: 1, Lanes: 1}
	p.AddressBurst = 10_000
	p.HashWaiting = 1000
	return p
}

func TestHasher(t *testing.T) {
	ctx, h := context.Background(), testHasher(t)
	stored, err := h.hash(ctx, "Ｘk7-麦浪")
	if err != nil {
		t.Fatal(err)
	}
	other, err := h.hash(ctx, "Ｘk7-麦浪")
	if err != nil || other == stored {
		t.Errorf("two hashes share their salt: %v", err)
	}
	cases := []struct {
		name, stored, password string
		want, fault            bool
	}{
		{"right", stored, "Ｘk7-麦浪", true, false},
		{"right in half width", stored, "Xk7-麦浪", true, false},
		{"wrong", stored, "xk7-麦浪", false, false},
		{"no account", "", "nobody has this password", false, false},
		{"malformed", "$argon2id$v=19$m=16,t=1,p=1$x$y", "", false, true},
	}
	for _, c := range cases {
		got, err := h.verify(ctx, c.stored, c.password)
		if got != c.want || (err != nil) != c.fault {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
	if h.stale(stored) {
		t.Error("a fresh hash is stale")
	}
	p := testPolicy()
	p.Hash.Passes++
	dearer, err := newHasher(p, rand.Reader)
	if err != nil || !dearer.stale(stored) {
		t.Errorf("a cheaper hash is not stale: %v", err)
	}
}

// TestHasherIsBounded: no more than HashWaiting requests hold on, and a request
// whose client left does not wait.
func TestHasherIsBounded(t *testing.T) {
	h := testHasher(t)
	for range cap(h.turns) {
		h.turns <- struct{}{}
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := h.hash(gone, "x"); err == nil {
		t.Error("hashed without a turn")
	}
	h.limit = 0
	if _, err := h.hash(context.Background(), "x"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a full queue: %v", err)
	}
	if n := h.waiting.Load(); n != 0 {
		t.Errorf("%d still counted as waiting", n)
	}
}

func TestHasherInParallel(t *testing.T) {
	h := testHasher(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := h.hash(context.Background(), "Xk7-mvQ2pd"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=65536,t=3,p=2$c29tZXNhbHQ$MTIzNDU2Nzg5MDEyMzQ1Ng")
	f.Add("$argon2id$v=19$m=99999999999,t=3,p=2$c29tZXNhbHQ$MTIzNDU2Nzg5MDEyMzQ1Ng")
	f.Add("$$$$$")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := parsePHC(s)
		if err != nil {
			return
		}
		if h.String() != s || h.params.check() != nil || len(h.key) > 64 {
			t.Fatalf("%q is read as %+v", s, h)
		}
	})
}

func TestRecoveryCodes(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		code, err := newRecoveryCode(rand.Reader)
		if err != nil || len(code) != 11 || code[5] != '-' || seen[code] {
			t.Fatalf("%q, %v", code, err)
		}
		seen[code] = true
		plain, ok := normalRecovery(" " + strings.ToUpper(code) + " ")
		if !ok || plain != strings.ReplaceAll(code, "-", "") || strings.Trim(plain, recoveryLetters) != "" {
			t.Fatalf("%q reads as %q", code, plain)
		}
	}
	if _, ok := normalRecovery("123456"); ok {
		t.Error("six digits pass for a recovery code")
	}
}

func TestPolicyWithHolesIsRefused(t *testing.T) {
	holes := map[string]func(p *Policy){
		"no lock":          func(p *Policy) { p.LockAfter = 0 },
		"no idle limit":    func(p *Policy) { p.SessionIdle = 0 },
		"touch too seldom": func(p *Policy) { p.SessionTouch = p.SessionIdle },
		"hash too cheap":   func(p *Policy) { p.Hash.MemoryKiB = 1 },
		"no passes":        func(p *Policy) { p.Hash.Passes = 0 },
	}
	for name, f := range holes {
		p := DefaultPolicy()
		if f(&p); p.check() == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if err := DefaultPolicy().check(); err != nil {
		t.Error(err)
	}
}
