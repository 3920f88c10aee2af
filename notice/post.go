package notice

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// post sends letters by SMTP.
type post struct {
	settings Mail
	roots    *x509.CertPool
	limit    time.Duration // for one letter, from the connection to the last answer
}

const mailTime = 60 * time.Second

func newPost(m Mail, roots *x509.CertPool) *post { return &post{m, roots, mailTime} }

// send hands one letter to the mail server. A refusal of the letter itself (5xx after
// the envelope began) is final; all else may mend by itself or by the operator.
func (p *post) send(ctx context.Context, l letter) (answer string, err error) {
	from, err := mail.ParseAddress(p.settings.From)
	if err != nil {
		return "", fmt.Errorf("the sender's address: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	if err := p.talk(ctx, *from, l); err != nil {
		if ctx.Err() != nil {
			return "", fmt.Errorf("邮件服务器 %s 没有及时应答：%w", p.settings.Host, ctx.Err())
		}
		return "", err
	}
	return "邮件服务器已接收", nil
}

// talk is the whole conversation about one letter.
func (p *post) talk(ctx context.Context, from mail.Address, l letter) error {
	c, err := p.connect(ctx, from.Address)
	if err != nil {
		return fmt.Errorf("邮件服务器 %s：%w", p.settings.Host, err)
	}
	defer func() { _ = c.Close() }()
	if err := p.prove(c); err != nil {
		return fmt.Errorf("邮件服务器不接受账号：%w", err)
	}
	if err := handOver(c, from.Address, l.to, l.message(from)); err != nil {
		return finalIf5xx(err)
	}
	_ = c.Quit() // the letter is accepted, however the server says good-bye
	return nil
}

// connect opens the conversation up to where the account is proved. The connection ends
// with ctx.
func (p *post) connect(ctx context.Context, from string) (*smtp.Client, error) {
	m := p.settings
	secure := &tls.Config{ServerName: m.Host, RootCAs: p.roots, MinVersion: tls.VersionTLS12}
	open, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(m.Host, strconv.Itoa(m.Port)))
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = open.Close() }) // whatever the server does; send ends ctx
	conn := open
	if m.TLS == TLSDirect {
		conn = tls.Client(open, secure)
	}
	c, err := smtp.NewClient(conn, m.Host)
	if err != nil {
		return nil, err
	}
	if err := c.Hello(from[strings.LastIndexByte(from, '@')+1:]); err != nil {
		return nil, err
	}
	if m.TLS != STARTTLS {
		return c, nil
	}
	if ok, _ := c.Extension("STARTTLS"); !ok {
		return nil, errors.New("服务器不支持 STARTTLS，没有发送")
	}
	return c, c.StartTLS(secure)
}

// prove signs in where the operator set an account.
func (p *post) prove(c *smtp.Client) error {
	if p.settings.User == "" {
		return nil
	}
	return c.Auth(smtp.PlainAuth("", p.settings.User, p.settings.password, p.settings.Host))
}

// handOver goes through the envelope and the data.
func handOver(c *smtp.Client, from, to string, message []byte) error {
	if err := c.Mail(from); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(message); err != nil {
		return err
	}
	return w.Close()
}

// finalIf5xx tells a refusal for good from one for now (RFC 5321, 4.2.1).
func finalIf5xx(err error) error {
	var answer *textproto.Error
	if errors.As(err, &answer) && answer.Code >= 500 {
		return refuse("邮件服务器拒收：%d %s", answer.Code, answer.Msg)
	}
	return err
}
