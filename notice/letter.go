package notice

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
)

// letter is an e-mail before it has its form.
type letter struct {
	id      string // stable over repetitions
	to      string
	subject string
	body    string
	at      time.Time
}

// sendMail sends a digest, or a trial, to the unit's address.
func (s *Service) sendMail(ctx context.Context, p parcel) (answer string, err error) {
	if !s.Settings.Mail.On() {
		return "", refuse("没有设置邮件服务器")
	}
	if p.to == "" {
		return "", refuse("该单位的邮件地址已删除")
	}
	to, err := s.Box.Open(p.to, addressContext(p.unit))
	if err != nil {
		return "", err
	}
	l := letter{id: p.ID, to: string(to), at: p.created}
	if p.digest.id == "" {
		l.subject, l.body = s.Pack.Short+"闭环系统：邮件试发", s.trialBody(p.unit)
	} else {
		l.subject = fmt.Sprintf("%s：%s有 %d 条消息", s.unitName(p.unit), p.digest.day.Chinese(), p.digest.notices)
		l.body = s.digestBody(p)
	}
	return s.post.send(ctx, l)
}

func (s *Service) trialBody(unit city.UnitID) string {
	return s.unitName(unit) + "：\n\n这是系统管理员发出的试发邮件，收到即说明邮件地址可用，无需处理。\n"
}

// digestBody is the text of a digest: what is to be done first.
func (s *Service) digestBody(p parcel) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s：\n\n贵单位有 %d 条消息：\n", s.unitName(p.unit), len(p.notices))
	n := 0
	for _, k := range Kinds() {
		for _, x := range p.notices {
			if x.Kind != k {
				continue
			}
			n++
			fmt.Fprintf(&b, "\n%d. 【%s】%s\n", n, k.Label(), x.Title)
			for _, part := range []string{x.Body, s.link(x)} {
				if part != "" {
					fmt.Fprintf(&b, "   %s\n", strings.ReplaceAll(part, "\n", "\n   "))
				}
			}
		}
	}
	b.WriteString("\n本邮件由系统汇总，每个工作日最多一封，节假日不发，请勿回复。\n")
	return b.String()
}

// link is the whole address of a notice's page, "" when the operator has set none.
func (s *Service) link(n Notice) string {
	if s.Settings.Base == "" {
		return ""
	}
	return s.Settings.Base + n.URL
}

// message is the letter as it goes over the wire (RFC 5322, MIME), with CRLF line ends.
func (l letter) message(from mail.Address) []byte {
	var b bytes.Buffer
	domain := from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	for _, h := range [][2]string{
		{"From", from.String()}, {"To", "<" + l.to + ">"}, {"Subject", encodeHeader(l.subject)},
		{"Date", l.at.In(calendar.Zone()).Format(time.RFC1123Z)}, {"Message-ID", "<" + l.id + "@" + domain + ">"},
		{"Auto-Submitted", "auto-generated"}, {"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "base64"},
	} {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	b.WriteString("\r\n")
	const width = 76
	text := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(l.body, "\n", "\r\n")))
	for len(text) > width {
		b.WriteString(text[:width] + "\r\n")
		text = text[width:]
	}
	b.WriteString(text + "\r\n")
	return b.Bytes()
}

// encodeHeader writes a text as encoded words (RFC 2047) of a dozen characters each, one
// to a line, so that no line is longer than a mail server must take.
func encodeHeader(s string) string {
	var words []string
	for part := range slices.Chunk([]rune(line(s, maxTitle)), 12) {
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(string(part)))+"?=")
	}
	return strings.Join(words, "\r\n ")
}
