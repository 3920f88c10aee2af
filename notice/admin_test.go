package notice

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/kit/errs"
	"bihuan/org"
)

func TestAddresses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, bad := range []string{"office", "a@b@c", "张三 <a@b.cn>", "a@b.cn, c@d.cn", "办公@b.cn", "a@b.cn\r\nRCPT TO:<x@y>", strings.Repeat("a", 250) + "@b.cn"} {
			w.refused(w.s.SetAddress(w.ctx, sysadmin, trade, bad), errs.Invalid)
		}
		w.refused(w.s.SetAddress(w.ctx, sysadmin, "none", office), errs.Invalid)
		w.ok(w.s.SetAddress(w.ctx, sysadmin, trade, " "+office+" "))
		w.ok(w.s.SetAddress(w.ctx, sysadmin, trade, office))
		list, err := w.s.Addresses(w.ctx, sysadmin)
		w.ok(err)
		if len(list) != len(w.s.Pack.Units) || list[0].Email != "o***@trade.example.gov.cn" || list[1].Email != "" {
			t.Errorf("%v", list)
		}
		if w.count(`SELECT count(*) FROM notice_address WHERE email_sealed LIKE '%example%'`)+w.count(`SELECT count(*) FROM audit_entry WHERE after_json LIKE '%office%'`) != 0 {
			t.Error("the address lies open")
		}
		w.ok(w.s.SetAddress(w.ctx, sysadmin, trade, ""))
		if w.count(`SELECT count(*) FROM notice_address`) != 0 || w.count(`SELECT count(*) FROM audit_entry WHERE action = 'notice.address'`) != 3 {
			t.Error("not deleted, or not audited")
		}
	})
}

func TestReseal(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ok(w.s.SetAddress(w.ctx, sysadmin, trade, office))
		w.addHook(HookInput{Name: "对方", URL: "https://oa.example.cn/"})
		_, err := w.s.Reseal(w.ctx, sysadmin)
		w.refused(err, errs.Forbidden)
		for _, want := range []int{0, 3, 0} {
			if want == 3 {
				_, err := w.keys.Rotate(w.clock.Now())
				w.ok(err)
			}
			n, err := w.s.Reseal(w.ctx, org.CommandLine("test"))
			w.ok(err)
			if n != want {
				t.Errorf("renewed %d, want %d", n, want)
			}
		}
		if list, err := w.s.Addresses(w.ctx, sysadmin); err != nil || list[0].Email == "" {
			t.Errorf("%v %v", list, err)
		}
	})
}

func TestStatus(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.with(Settings{Digest: "07:45", Mail: Mail{Host: "smtp", password: "secret"}})
		w.put(Unit(trade), "a")
		w.put(Person("clerk"), "b")
		for when, next := range map[string]string{"2026-09-24 07:00": "2026-09-24", "2026-09-24 07:45": "2026-09-28", "2026-09-26 12:00": "2026-09-28"} {
			w.at(when)
			st, err := w.s.Status(w.ctx, sysadmin)
			w.ok(err)
			if st.Next.String() != next || st.Hour != "07:45" || st.Mail.password != "" {
				t.Errorf("%s: %+v", when, st)
			}
		}
	})
}

func TestSettings(t *testing.T) {
	folder := t.TempDir()
	if s, err := LoadSettings(folder); err != nil || s.Mail.On() || s.digestAt() != usualClock {
		t.Fatalf("without a file: %+v, %v", s, err)
	}
	secret := filepath.Join(folder, "secret")
	if err := os.WriteFile(secret, []byte("pass word\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BIHUAN_TEST_SMTP", "from env")
	write := func(text string) (Settings, error) {
		if err := os.WriteFile(filepath.Join(folder, SettingsFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return LoadSettings(folder)
	}
	const from = ", from: 闭环 <b@example.cn>}\n"
	s, err := write("base: https://x.cn/\ndigest: \"09:05\"\nwebhook: {allow: [10.0.0.0/8, \"fd00::/8\"]}\nmail: {host: h, tls: tls, user: u, password_file: " + secret + from)
	if err != nil || s.Base != "https://x.cn" || s.digestAt() != (clock{9, 5}) || len(s.Webhook.Allow) != 2 || s.Mail.Port != 465 || s.Mail.password != "pass word" {
		t.Errorf("%+v, %v", s, err)
	}
	s, err = write("mail: {host: h, tls: starttls, user: u, password_env: BIHUAN_TEST_SMTP" + from)
	if err != nil || s.Mail.Port != 587 || s.Mail.password != "from env" {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = write("mail: {host: h, tls: none" + from); err != nil || s.Mail.Port != 25 {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err = write(""); err != nil || s.Mail.On() {
		t.Errorf("an empty file: %+v, %v", s, err)
	}
	for _, bad := range []string{
		"mial: {host: h}", "mail: [", "base: x.cn", "digest: noon", "digest: 25:00", "webhook: {allow: [10.0.0.1]}", "mail: {port: 25}",
		"mail: {host: h" + from, "mail: {host: h, tls: ssl" + from, "mail: {host: h, tls: tls}", "mail: {host: h, tls: tls, from: \"办公@x.cn\"}", "mail: {host: h, tls: tls, port: 70000" + from,
		"mail: {host: h, tls: tls, user: u" + from, "mail: {host: h, tls: tls, password_env: BIHUAN_TEST_SMTP" + from, "mail: {host: h, tls: tls, user: u, password_env: BIHUAN_TEST_NOT_SET" + from,
		"mail: {host: h, tls: tls, user: u, password_file: /nowhere/x" + from, "mail: {host: h, tls: none, user: u, password_env: BIHUAN_TEST_SMTP" + from,
	} {
		if _, err := write(bad); !errs.Is(err, errs.Invalid) || strings.Contains(err.Error(), "from env") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, ca := range []string{"/nowhere/ca.pem", secret} {
		if _, err := New(Parts{Settings: Settings{CAFile: ca}}); err == nil {
			t.Errorf("%s was taken", ca)
		}
	}
}
