package notice

import (
	"bytes"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"bihuan/kit/errs"
)

// SettingsFile is the name of the settings' file in the data folder.
const SettingsFile = "notice.yaml"

// Settings is what the operator sets in notice.yaml:
//
//	base: https://bihuan.example.gov.cn    # address of the product, for links in letters
//	digest: "08:30"                        # when digests go out, China time
//	ca_file: /etc/ssl/city-ca.pem          # further roots of trust, for servers with the city's own certificates
//	mail:
//	  host: smtp.example.gov.cn
//	  port: 465                            # 465 for tls, 587 for starttls, 25 for none unless given
//	  tls: tls                             # tls, starttls, or none for a relay in the same machine room
//	  user: bihuan@example.gov.cn
//	  password_file: /etc/bihuan/smtp      # or password_env: BIHUAN_SMTP_PASSWORD
//	  from: 闭环系统 <bihuan@example.gov.cn>
//	webhook:
//	  allow: [10.20.0.0/16]                # private networks that webhooks may reach
type Settings struct {
	Base    string      `yaml:"base"`
	Digest  string      `yaml:"digest"`
	CAFile  string      `yaml:"ca_file"`
	Mail    Mail        `yaml:"mail"`
	Webhook HookSetting `yaml:"webhook"`
}

// Mail is how letters leave. Without a host there is no e-mail.
type Mail struct {
	Host         string  `yaml:"host"`
	Port         int     `yaml:"port"`
	TLS          TLSMode `yaml:"tls"`
	User         string  `yaml:"user"`
	PasswordFile string  `yaml:"password_file"`
	PasswordEnv  string  `yaml:"password_env"`
	From         string  `yaml:"from"`

	password string
}

// TLSMode is how the connection to the mail server is protected.
type TLSMode string

// The modes. There is none that falls back to an open connection.
const (
	TLSDirect TLSMode = "tls"
	STARTTLS  TLSMode = "starttls"
	NoTLS     TLSMode = "none"
)

// Label is the mode in the words of a page.
func (m TLSMode) Label() string {
	return map[TLSMode]string{TLSDirect: "TLS 加密", STARTTLS: "STARTTLS 加密", NoTLS: "未加密"}[m]
}

// HookSetting limits where webhooks may go.
type HookSetting struct {
	Allow []netip.Prefix `yaml:"-"`
	Nets  []string       `yaml:"allow"`
}

// On reports whether letters can be sent.
func (m Mail) On() bool { return m.Host != "" }

// LoadSettings reads notice.yaml in the data folder; without the file it gives the zero
// Settings. A file with a mistake is refused whole, so that a slip of the pen does not
// silently turn e-mail off.
func LoadSettings(folder string) (s Settings, err error) {
	path := filepath.Join(folder, SettingsFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, nil
	}
	if err != nil {
		return Settings{}, errs.New(errs.Unavailable, "无法读取 %s：请检查权限", path).Because(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&s); err != nil && !errors.Is(err, io.EOF) {
		return Settings{}, errs.New(errs.Invalid, "%s 有误：%s", path, err.Error()).Because(err)
	}
	if err := s.complete(); err != nil {
		return Settings{}, errs.New(errs.Invalid, "%s 有误：%s", path, err.Error()).Because(err)
	}
	return s, nil
}

// complete fills in what may be left out, reads the password, and finds mistakes.
func (s *Settings) complete() error {
	if s.Base != "" {
		u, err := url.Parse(s.Base)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			return errors.New("base 应是本系统的网址，如 https://bihuan.example.gov.cn")
		}
		s.Base = strings.TrimRight(s.Base, "/")
	}
	if _, err := parseClock(s.Digest); err != nil {
		return err
	}
	for _, text := range s.Webhook.Nets {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return errors.New("webhook.allow 应是网段，如 10.20.0.0/16，不是 " + text)
		}
		s.Webhook.Allow = append(s.Webhook.Allow, p)
	}
	return s.Mail.complete()
}

func (m *Mail) complete() error {
	if !m.On() {
		if *m != (Mail{}) {
			return errors.New("mail 缺少 host")
		}
		return nil
	}
	ports := map[TLSMode]int{TLSDirect: 465, STARTTLS: 587, NoTLS: 25}
	if ports[m.TLS] == 0 {
		return errors.New("mail.tls 应是 tls、starttls 或 none")
	}
	if m.Port == 0 {
		m.Port = ports[m.TLS]
	}
	if m.Port < 1 || m.Port > 65535 {
		return errors.New("mail.port 应在 1 至 65535 之间")
	}
	if from, err := mail.ParseAddress(m.From); err != nil || !plainAddress(from.Address) {
		return errors.New("mail.from 应是邮件地址，如 闭环系统 <bihuan@example.gov.cn>")
	}
	if m.TLS == NoTLS && m.User != "" {
		return errors.New("mail.tls 为 none 时不能带 user：密码会以明文传送")
	}
	return m.readPassword()
}

func (m *Mail) readPassword() error {
	switch {
	case m.User == "" && m.PasswordFile == "" && m.PasswordEnv == "":
		return nil
	case m.User == "" || (m.PasswordFile == "") == (m.PasswordEnv == ""):
		return errors.New("mail.user 应与 password_file、password_env 中的一个同时填写")
	case m.PasswordEnv != "":
		m.password = os.Getenv(m.PasswordEnv)
	default:
		b, err := os.ReadFile(m.PasswordFile)
		if err != nil {
			return errors.New("无法读取 mail.password_file：" + m.PasswordFile)
		}
		m.password = strings.TrimRight(string(b), "\r\n")
	}
	if m.password == "" {
		return errors.New("邮件密码是空的")
	}
	return nil
}

// plainAddress reports whether an address can stand in an SMTP command as it is.
func plainAddress(a string) bool {
	return a != "" && len(a) <= 254 && !strings.ContainsFunc(a, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' || r == ',' || r == '"' })
}

// clock is a time of day.
type clock struct{ hour, minute int }

// usualClock is when digests go out unless the operator says otherwise.
var usualClock = clock{8, 30}

func parseClock(s string) (clock, error) {
	if s == "" {
		return usualClock, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return clock{}, errors.New("digest 应是时刻，如 08:30")
	}
	return clock{t.Hour(), t.Minute()}, nil
}

// digestAt is when digests go out.
func (s Settings) digestAt() clock {
	at, err := parseClock(s.Digest)
	if err != nil {
		return usualClock // LoadSettings has refused it
	}
	return at
}

// roots are the authorities that servers are trusted by; nil is the system's own.
func (s Settings) roots() (*x509.CertPool, error) {
	if s.CAFile == "" {
		return nil, nil //nolint:nilnil // nil is the pool of the system, as crypto/tls reads it
	}
	b, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "无法读取 ca_file %s", s.CAFile).Because(err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(b) {
		return nil, errs.New(errs.Invalid, "ca_file %s 中没有证书", s.CAFile)
	}
	return pool, nil
}
