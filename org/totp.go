package org

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 as every authenticator speaks it; HMAC-SHA-1 is not broken
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"

	"rsc.io/qr"
)

const (
	totpStep   = 30 * time.Second
	totpDigits = 6
	totpSecret = 20 // bytes, RFC 4226 §4 R6
)

// totpCode is the code of one time step (RFC 6238, HMAC-SHA-1, six digits).
func totpCode(secret []byte, step int64) string {
	var msg [8]byte
	binary.BigEndian.PutUint64(msg[:], uint64(step))
	mac := hmac.New(sha1.New, secret)
	mac.Write(msg[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[at:at+4]) & 0x7fffffff
	return fmt.Sprintf("%0*d", totpDigits, n%1_000_000)
}

// totpAt is the number of the time step of a moment.
func totpAt(now time.Time) int64 { return now.Unix() / int64(totpStep/time.Second) }

// checkTOTP looks for the code in the present step and its two neighbours, only
// among steps later than the last one used: a code works once. It returns the
// step that matched.
func checkTOTP(secret []byte, code string, now time.Time, used int64) (int64, bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	present := totpAt(now)
	for step := present - 1; step <= present+1; step++ {
		if step > used && subtle.ConstantTimeCompare([]byte(totpCode(secret, step)), []byte(code)) == 1 {
			return step, true
		}
	}
	return 0, false
}

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// totpURI is the key URI that authenticators read from a QR picture.
func totpURI(issuer, login string, secret []byte) string {
	q := url.Values{"secret": {base32Text.EncodeToString(secret)}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	// Spaces must be %20: several authenticators show a plus sign as it stands.
	return "otpauth://totp/" + url.PathEscape(issuer+":"+login) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// QRPNG draws text as a QR picture.
func QRPNG(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("draw a QR picture: %w", err)
	}
	return code.PNG(), nil
}

// QRSVG draws text as a QR picture for inlining in a page: no style and no
// script, four modules of margin, black on white whatever the page's colours.
func QRSVG(text string) (string, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("draw a QR picture: %w", err)
	}
	const margin = 4
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+margin, y+margin)
			}
		}
	}
	size := code.Size + 2*margin
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="二维码" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`, size, size, size, size, path.String()), nil
}
