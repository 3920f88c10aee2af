package seal

import (
	"crypto/cipher"
	"crypto/hmac"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"bihuan/kit/errs"
)

// algorithm is the first part of a sealed text.
const algorithm = "sm4gcm"

// errOpen is one answer for all failures, so that nothing is learnt from it.
func errOpen() error {
	return errs.New(errs.Internal, "加密数据无法解密：密钥不符或数据已损坏")
}

// Seal implements Box. The text is "sm4gcm.", the key's identifier, "." and in
// base64url the nonce (12 bytes), the cipher text and the tag (16 bytes). The
// authenticated additional data is everything before the last full stop, the
// stop, and the context. Nonces are random: change the key well before 2^32 values.
func (k *Keyring) Seal(plain []byte, context string) (_ string, err error) {
	defer errs.Wrap(&err, "seal.Seal")
	s := k.current()
	aead, err := newAEAD(s.ready[s.active].enc)
	if err != nil {
		return "", err
	}
	nonce, err := randomBytes(k.entropy, aead.NonceSize())
	if err != nil {
		return "", err
	}
	head := algorithm + "." + s.active + "."
	return head + encode(aead.Seal(nonce, nonce, plain, []byte(head+context))), nil
}

// Open implements Box. The error is Internal whatever was wrong.
func (k *Keyring) Open(sealed, context string) (_ []byte, err error) {
	defer errs.Wrap(&err, "seal.Open")
	id, body, ok := split(sealed)
	if !ok {
		return nil, errOpen()
	}
	keys, ok := k.current().ready[id]
	if !ok {
		return nil, errs.New(errs.Unavailable, "密钥环中没有密钥 %s，请恢复密钥文件", id)
	}
	data, err := decode(body)
	if err != nil {
		return nil, errOpen()
	}
	aead, err := newAEAD(keys.enc)
	if err != nil {
		return nil, err
	}
	if len(data) < aead.NonceSize()+aead.Overhead() {
		return nil, errOpen()
	}
	nonce, box := data[:aead.NonceSize()], data[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, box, []byte(sealed[:len(sealed)-len(body)]+context))
	if err != nil {
		return nil, errOpen()
	}
	return plain, nil
}

// NeedsReseal implements Box. A text that was never sealed needs it too.
func (k *Keyring) NeedsReseal(sealed string) bool {
	id, _, ok := split(sealed)
	return !ok || id != k.current().active
}

// split takes a sealed text apart without judging its body.
func split(sealed string) (keyID, body string, ok bool) {
	name, rest, ok := strings.Cut(sealed, ".")
	if !ok || name != algorithm {
		return "", "", false
	}
	keyID, body, ok = strings.Cut(rest, ".")
	return keyID, body, ok && validKeyID(keyID)
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("SM4: %w", err)
	}
	return cipher.NewGCM(block)
}

// BlindIndex gives a fixed token by which a sealed value can be looked up
// without opening it: the same purpose and value always give the same 64
// hexadecimal digits. The caller normalises the value first (digits only, upper
// case…). Purposes keep columns apart, so that equal values in two of them do
// not show. Equal values in one column do show: use it for look-up columns only.
func (k *Keyring) BlindIndex(purpose, value string) string {
	return hex.EncodeToString(hmacSM3(hmacSM3(k.current().index, []byte("bihuan-index-1 "+purpose)), []byte(value)))
}

// Signer makes message authentication codes for one purpose, under the active
// key, and checks those of older keys. It has the methods that the audit's chain
// asks for.
type Signer struct {
	ring    *Keyring
	purpose string
}

// Signer gives the signer of a purpose, "audit".
func (k *Keyring) Signer(purpose string) Signer { return Signer{k, purpose} }

// Sum returns "hmacsm3.", the key's identifier, "." and the code in hexadecimal.
func (s Signer) Sum(message []byte) string {
	st := s.ring.current()
	return s.sum(st, st.active, message)
}

func (s Signer) sum(st state, keyID string, message []byte) string {
	key := hmacSM3(st.ready[keyID].mac, []byte("bihuan-sign-1 "+s.purpose))
	return "hmacsm3." + keyID + "." + hex.EncodeToString(hmacSM3(key, message))
}

// Check reports whether code was made of message under a key of the ring.
func (s Signer) Check(message []byte, code string) bool {
	st := s.ring.current()
	_, rest, _ := strings.Cut(code, ".")
	id, _, _ := strings.Cut(rest, ".")
	if _, ok := st.ready[id]; !ok {
		return false
	}
	return hmac.Equal([]byte(s.sum(st, id, message)), []byte(code))
}

func hmacSM3(key, message []byte) []byte {
	h := hmac.New(sm3.New, key)
	h.Write(message)
	return h.Sum(nil)
}
