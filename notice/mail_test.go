package notice

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"mime"
	"net"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/kit/errs"
)

// smtpServer is a mail server of a test: it takes letters, or answers as it is told.
type smtpServer struct {
	tb      testing.TB
	cert    tls.Certificate
	caFile  string
	direct  bool              // TLS from the first byte
	offers  string            // extensions
	answers map[string]string // by command, for the next time only
	silent  string            // a command after which nothing more is said

	listen  net.Listener
	mu      sync.Mutex
	conns   []net.Conn
	letters []string
	talk    []string // the commands, with "TLS" where it was made secure
	over    sync.WaitGroup
}

func newSMTP(tb testing.TB, change func(s *smtpServer)) *smtpServer {
	tb.Helper()
	h := httptest.NewTLSServer(nil) // for its certificate
	defer h.Close()
	s := &smtpServer{tb: tb, cert: h.TLS.Certificates[0], caFile: filepath.Join(tb.TempDir(), "ca.pem"), answers: map[string]string{}}
	if err := os.WriteFile(s.caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.Certificate().Raw}), 0o600); err != nil {
		tb.Fatal(err)
	}
	if change != nil {
		change(s)
	}
	var err error
	if s.listen, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		tb.Fatal(err)
	}
	s.over.Go(s.serve)
	tb.Cleanup(func() {
		_ = s.listen.Close()
		s.mu.Lock()
		for _, c := range s.conns {
			_ = c.Close()
		}
		s.mu.Unlock()
		s.over.Wait()
	})
	return s
}

func (s *smtpServer) settings(mode TLSMode) Settings {
	m := Mail{Host: "127.0.0.1", Port: s.listen.Addr().(*net.TCPAddr).Port, TLS: mode, From: "闭环系统 <bihuan@example.gov.cn>"}
	if mode != NoTLS {
		m.User, m.password = "bihuan", "secret"
	}
	return Settings{CAFile: s.caFile, Mail: m, Base: "https://bihuan.example.gov.cn"}
}

func (s *smtpServer) serve() {
	for {
		c, err := s.listen.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns = append(s.conns, c)
		s.mu.Unlock()
		s.over.Go(func() { s.session(c) })
	}
}

func (s *smtpServer) session(c net.Conn) {
	defer func() { _ = c.Close() }()
	if s.direct {
		c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{s.cert}})
	}
	r := bufio.NewReader(c)
	say := func(text string) { _, _ = io.WriteString(c, text+"\r\n") }
	if s.silenced("CONNECT") {
		_, _ = io.Copy(io.Discard, r)
		return
	}
	say(s.answer("CONNECT", "220 test"))
	for {
		l, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(l + " x")[0])
		s.note(strings.TrimSpace(l))
		if s.silenced(verb) {
			_, _ = io.Copy(io.Discard, r)
			return
		}
		switch verb {
		case "EHLO":
			say("250-test\r\n250-8BITMIME\r\n" + s.offers + "250 AUTH PLAIN LOGIN")
		case "STARTTLS":
			say("220 go")
			c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{s.cert}})
			r = bufio.NewReader(c)
			s.note("TLS")
		case "AUTH":
			say(s.answer(verb, "235 ok"))
		case "DATA":
			say(s.answer(verb, "354 go on"))
			s.take(r)
			say(s.answer("END", "250 taken"))
		case "QUIT":
			say("221 bye")
			return
		default:
			say(s.answer(verb, "250 ok"))
		}
	}
}

func (s *smtpServer) silenced(verb string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.silent == verb
}

func (s *smtpServer) note(l string) { s.mu.Lock(); defer s.mu.Unlock(); s.talk = append(s.talk, l) }

func (s *smtpServer) answer(verb, usual string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.answers[verb]; a != "" {
		delete(s.answers, verb)
		return a
	}
	return usual
}

func (s *smtpServer) take(r *bufio.Reader) {
	var b strings.Builder
	for {
		l, err := r.ReadString('\n')
		if err != nil || l == ".\r\n" {
			break
		}
		b.WriteString(l)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, b.String())
}

func (s *smtpServer) got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.letters...)
}

func (s *smtpServer) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.talk, "\n")
}

const office = "office@trade.example.gov.cn"

// digestOf mails one digest of the trade bureau and runs what is due.
func (w *world) digestOf(keys ...string) {
	w.t.Helper()
	w.ok(w.s.SetAddress(w.ctx, sysadmin, trade, office))
	for _, k := range keys {
		w.put(Unit(trade), k)
	}
	w.at("2026-07-02 08:00")
	w.at("2026-07-02 08:30")
}

func TestMail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, mode := range []TLSMode{TLSDirect, STARTTLS, NoTLS} {
			server := newSMTP(t, func(s *smtpServer) { s.direct, s.offers = mode == TLSDirect, "250-STARTTLS\r\n" })
			w.with(server.settings(mode))
			w.ok(w.s.SetAddress(w.ctx, sysadmin, trade, office))
			w.ok(w.s.TestMail(w.ctx, sysadmin, trade))
			w.run()
			if d := w.deliveries()[0]; d.State != Sent || len(server.got()) != 1 {
				t.Fatalf("%s: %+v", mode, d)
			}
			talk := server.said()
			if auth := strings.Index(talk, "AUTH PLAIN"); mode == NoTLS && auth >= 0 || mode == STARTTLS && auth < strings.Index(talk, "TLS\nEHLO") {
				t.Errorf("%s: %s", mode, talk)
			}
			if !strings.Contains(talk, "MAIL FROM:<bihuan@example.gov.cn>") || !strings.Contains(talk, "RCPT TO:<"+office+">") || !strings.HasPrefix(talk, "EHLO example.gov.cn") {
				t.Errorf("%s: %s", mode, talk)
			}
		}
	})
}

func TestLetter(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server := newSMTP(t, func(s *smtpServer) { s.direct = true })
		w.with(server.settings(TLSDirect))
		w.digestOf("甲", ".乙")
		if n := len(server.got()); n != 1 {
			t.Fatalf("%d letters", n)
		}
		raw := server.got()[0]
		for i, l := range strings.SplitAfter(raw, "\r\n") {
			if len(l) > 80 || strings.ContainsFunc(l, func(r rune) bool { return r > '~' }) {
				t.Errorf("line %d: %q", i, l)
			}
		}
		m, err := mail.ReadMessage(strings.NewReader(raw))
		w.ok(err)
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		w.ok(err)
		if subject != "市商务局：2026年7月2日有 2 条消息" {
			t.Errorf("subject %q", subject)
		}
		from, err := m.Header.AddressList("From")
		w.ok(err)
		date, err := m.Header.Date()
		w.ok(err)
		if from[0].Name != "闭环系统" || !date.Equal(w.clock.Now()) || m.Header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("%v %v", from, date)
		}
		body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
		w.ok(err)
		for _, part := range []string{"市商务局：\r\n", "1. 【催办】事项 甲\r\n   请尽快填报\r\n   https://bihuan.example.gov.cn/tasks/1\r\n", "2. 【催办】事项 .乙", "每个工作日最多一封"} {
			if !strings.Contains(string(body), part) {
				t.Errorf("the letter lacks %q: %s", part, body)
			}
		}
	})
}

// A refusal for now is tried again under the same Message-ID, one for good is not.
func TestMailRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, x := range []struct {
			verb, answer string
			final        bool
		}{
			{"CONNECT", "421 busy", false}, {"AUTH", "535 who are you", false}, {"MAIL", "451 later", false}, {"RCPT", "450 greylisted", false}, {"RCPT", "452 full", false},
			{"END", "451 later", false}, {"RCPT", "550 no such user", true}, {"DATA", "554 no", true}, {"END", "552 too large", true}, {"MAIL", "553 not yours", true},
		} {
			server := newSMTP(t, func(s *smtpServer) { s.direct = true; s.answers[x.verb] = x.answer })
			w.with(server.settings(TLSDirect))
			w.ok(w.s.SetAddress(w.ctx, sysadmin, trade, office))
			w.ok(w.s.TestMail(w.ctx, sysadmin, trade))
			w.run()
			d := w.deliveries()[0]
			if want := map[bool]DeliveryState{true: Failed, false: Waiting}[x.final]; d.State != want || !strings.Contains(d.Answer, x.answer[:3]) || d.Attempts != 1 {
				t.Errorf("%s %s: %+v", x.verb, x.answer, d)
			}
			w.clock.Add(time.Hour)
			w.run()
			d = w.deliveries()[0]
			if want := map[bool]DeliveryState{true: Failed, false: Sent}[x.final]; d.State != want {
				t.Errorf("then %s %s: %+v", x.verb, x.answer, d)
			}
			if got := server.got(); x.verb == "END" && !x.final && (len(got) != 2 || messageID(t, got[0]) != messageID(t, got[1])) {
				t.Errorf("%d letters, or another id", len(got))
			}
		}
	})
}

func messageID(t *testing.T, raw string) string {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	id := m.Header.Get("Message-ID")
	if id == "" {
		t.Error("no Message-ID")
	}
	return id
}

func TestMailTimeout(t *testing.T) {
	for _, verb := range []string{"CONNECT", "EHLO", "RCPT", "DATA"} {
		server := newSMTP(t, func(s *smtpServer) { s.silent = verb })
		p := newPost(server.settings(NoTLS).Mail, nil)
		p.limit = 50 * time.Millisecond
		_, err := p.send(t.Context(), letter{id: "x", to: office, subject: "s", body: "b"})
		var final refusal
		if err == nil || errors.As(err, &final) || !strings.Contains(err.Error(), "没有及时应答") {
			t.Errorf("%s: %v", verb, err)
		}
	}
}

// Nothing goes over an open line when a protected one was asked for, or to a stranger.
func TestMailNeverOpen(t *testing.T) {
	plain := newSMTP(t, nil) // offers no STARTTLS
	set := plain.settings(STARTTLS)
	if _, err := newPost(set.Mail, nil).send(t.Context(), letter{to: office}); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("no STARTTLS: %v", err)
	}
	stranger := newSMTP(t, func(s *smtpServer) { s.direct = true })
	if _, err := newPost(stranger.settings(TLSDirect).Mail, nil).send(t.Context(), letter{to: office}); err == nil {
		t.Error("an unknown certificate was trusted")
	}
	if strings.Contains(plain.said()+stranger.said(), "AUTH") || len(plain.got())+len(stranger.got()) > 0 {
		t.Error("something went out")
	}
}

func TestMailOff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.digestOf("a")
		if len(w.deliveries()) != 0 || w.count(`SELECT count(*) FROM notice_digest`) != 1 {
			t.Error("a letter without a mail server, or no digest")
		}
		w.refused(w.s.TestMail(w.ctx, sysadmin, trade), errs.Conflict)

		server := newSMTP(t, func(s *smtpServer) { s.direct = true })
		w.with(server.settings(TLSDirect))
		w.refused(w.s.TestMail(w.ctx, sysadmin, east), errs.NotFound)
		w.ok(w.s.TestMail(w.ctx, sysadmin, trade))
		w.ok(w.s.SetAddress(w.ctx, sysadmin, trade, ""))
		w.run()
		if d := w.deliveries()[0]; d.State != Failed || !strings.Contains(d.Answer, "已删除") || len(server.got()) != 0 {
			t.Errorf("%+v", d)
		}
	})
}
