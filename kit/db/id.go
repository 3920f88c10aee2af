package db

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"time"
)

// crockford has no I, L, O, U: an identifier read aloud is not misheard.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID makes a 128-bit identifier as 26 characters: 48 bits of milliseconds,
// so that text order is time order, and 80 bits of chance.
func NewID(now time.Time, entropy io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(entropy, b[6:]); err != nil {
		return "", fmt.Errorf("db.NewID: %w", err)
	}
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli()))
	copy(b[:6], ms[2:])
	return crockford.EncodeToString(b[:]), nil
}

// ValidID reports whether s has the form of an identifier, so that a face can
// answer "not found" to rubbish without asking the database.
func ValidID(s string) bool {
	return len(s) == 26 && strings.Trim(s, "0123456789abcdefghjkmnpqrstvwxyz") == ""
}
