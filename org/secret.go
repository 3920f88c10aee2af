package org

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/emmansun/gmsm/sm3"
)

const secretSize = 32 // bytes: 256 bits

// newSecret makes an unguessable text for links, cookies and tokens.
func newSecret(entropy io.Reader) (string, error) {
	b := make([]byte, secretSize)
	if _, err := io.ReadFull(entropy, b); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// hashSecret is what the database keeps of a secret. One round of SM3 is
// enough: 256 random bits cannot be searched.
func hashSecret(secret string) string {
	sum := sm3.Sum([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// recoveryLetters are not mistaken for each other on paper.
const recoveryLetters = "23456789abcdefghjkmnpqrstuvwxyz"

// recoverySize is the length of a recovery code without its dash: 49 bits.
const recoverySize = 10

// newRecoveryCode makes a code as it is shown: "k7m2p-9qx4c".
func newRecoveryCode(entropy io.Reader) (string, error) {
	var b strings.Builder
	var one [1]byte
	for b.Len() < recoverySize {
		if _, err := io.ReadFull(entropy, one[:]); err != nil {
			return "", fmt.Errorf("make a recovery code: %w", err)
		}
		if n := int(one[0]); n < 256-256%len(recoveryLetters) { // no letter is likelier than another
			b.WriteByte(recoveryLetters[n%len(recoveryLetters)])
		}
	}
	code := b.String()
	return code[:recoverySize/2] + "-" + code[recoverySize/2:], nil
}

// normalRecovery brings a typed code to the form that is hashed; ok is false
// when it cannot be a recovery code.
func normalRecovery(typed string) (code string, ok bool) {
	code = strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(typed))
	return code, len(code) == recoverySize
}
