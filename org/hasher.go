package org

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"bihuan/kit/errs"
)

// HashParams are the costs of Argon2id (RFC 9106).
type HashParams struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

// Bounds of what is accepted from a stored hash: a forged row must not be able
// to take all the memory or an hour of work.
const (
	maxHashMemory = 1 << 20 // KiB
	maxHashPasses = 64
	saltSize      = 16
	keySize       = 32
)

func (p HashParams) check() error {
	if p.Lanes == 0 || p.Passes == 0 || p.Passes > maxHashPasses || p.MemoryKiB < 8*uint32(p.Lanes) || p.MemoryKiB > maxHashMemory {
		return errors.New("org: parameters of the password hash out of bounds")
	}
	return nil
}

// phc is a parsed hash in the PHC string format,
// $argon2id$v=19$m=65536,t=3,p=2$salt$key, base64 without padding.
type phc struct {
	params HashParams
	salt   []byte
	key    []byte
}

var errPHC = errors.New("org: a stored password hash is malformed")

func parsePHC(s string) (phc, error) {
	var h phc
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, errPHC
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &h.params.MemoryKiB, &h.params.Passes, &h.params.Lanes); err != nil {
		return h, errPHC
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.Strict().DecodeString(part[4]); err != nil {
		return h, errPHC
	}
	if h.key, err = base64.RawStdEncoding.Strict().DecodeString(part[5]); err != nil {
		return h, errPHC
	}
	if h.params.check() != nil || len(h.salt) < 8 || len(h.salt) > 64 || len(h.key) < 16 || len(h.key) > 64 || h.String() != s {
		return h, errPHC
	}
	return h, nil
}

// String is the text that is stored.
func (h phc) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.params.MemoryKiB, h.params.Passes, h.params.Lanes, b64(h.salt), b64(h.key))
}

// hasher hashes passwords, a bounded number at a time. It is safe for concurrent use.
type hasher struct {
	params  HashParams
	turns   chan struct{}
	waiting atomic.Int64
	limit   int64
	entropy io.Reader
	dummy   string // verified when there is no account, so that the work is the same
}

func newHasher(p Policy, entropy io.Reader) (*hasher, error) {
	h := &hasher{params: p.Hash, turns: make(chan struct{}, p.HashParallel), limit: int64(p.HashWaiting), entropy: entropy}
	dummy, err := h.hash(context.Background(), "nobody has this password")
	h.dummy = dummy
	return h, err
}

// hash makes the text to store for a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(h.entropy, salt); err != nil {
		return "", fmt.Errorf("read a salt: %w", err)
	}
	p := phc{params: h.params, salt: salt}
	var err error
	p.key, err = h.derive(ctx, password, p, keySize)
	if err != nil {
		return "", err
	}
	return p.String(), nil
}

// verify reports whether the password gives the stored hash. An empty stored
// hash (no account, no password yet) costs the same work and is always false.
func (h *hasher) verify(ctx context.Context, stored, password string) (bool, error) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	p, err := parsePHC(stored)
	if err != nil {
		return false, err
	}
	key, err := h.derive(ctx, password, p, uint32(len(p.key)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, p.key) == 1 && known, nil
}

// stale reports whether a stored hash was made with other costs than today's.
func (h *hasher) stale(stored string) bool {
	p, err := parsePHC(stored)
	return err == nil && (p.params != h.params || len(p.key) != keySize)
}

func (h *hasher) derive(ctx context.Context, password string, p phc, size uint32) ([]byte, error) {
	if h.waiting.Add(1) > h.limit {
		h.waiting.Add(-1)
		return nil, errs.New(errs.Unavailable, "登录人数较多，请稍后再试")
	}
	defer h.waiting.Add(-1)
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a turn to hash: %w", ctx.Err())
	}
	defer func() { <-h.turns }()
	// NFKC: full-width letters from an input method are the same password.
	return argon2.IDKey(norm.NFKC.Bytes([]byte(password)), p.salt, p.params.Passes, p.params.MemoryKiB, p.params.Lanes, size), nil
}
