package seal

import (
	"crypto/hkdf"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"bihuan/kit/errs"
)

// secretLen is the length of a root key in bytes.
const secretLen = 32

// Key describes one key of a ring, without its secret.
type Key struct {
	ID      string
	Created time.Time
	Active  bool
}

// Keyring holds the root keys: several of them, one active. It is safe for concurrent use.
type Keyring struct {
	mu      sync.RWMutex
	path    string // "" for a ring in memory
	entropy io.Reader
	state   state
}

// state is one consistent set of keys with what is derived from them.
type state struct {
	active string
	index  []byte // root of the blind indexes; Rotate leaves it alone
	keys   []rootKey
	ready  map[string]derived // by key id
}

type rootKey struct {
	id      string
	created time.Time
	secret  []byte
}

// derived are the working keys of one root key.
type derived struct {
	enc []byte // SM4, 16 bytes
	mac []byte // HMAC-SM3, 32 bytes
}

// New makes a ring with one fresh key in memory only: for tests and trials.
func New(now time.Time, entropy io.Reader) (*Keyring, error) {
	s, err := fresh(now, entropy)
	if err != nil {
		return nil, err
	}
	return &Keyring{entropy: entropy, state: s}, nil
}

func fresh(now time.Time, entropy io.Reader) (state, error) {
	index, err := randomBytes(entropy, secretLen)
	if err != nil {
		return state{}, err
	}
	return state{index: index}.with(now, entropy)
}

// with returns the state with one more key, which is active.
func (s state) with(now time.Time, entropy io.Reader) (state, error) {
	secret, err := randomBytes(entropy, secretLen)
	if err != nil {
		return state{}, err
	}
	id := fmt.Sprintf("k%d", len(s.keys)+1)
	next := state{active: id, index: s.index}
	next.keys = append(slices.Clone(s.keys), rootKey{id, now.UTC().Truncate(time.Second), secret})
	return next.prepare()
}

// prepare checks a state and derives its working keys.
func (s state) prepare() (state, error) {
	s.ready = make(map[string]derived, len(s.keys))
	if len(s.index) != secretLen {
		return state{}, errors.New("the index key has a wrong length")
	}
	for _, k := range s.keys {
		if !validKeyID(k.id) || len(k.secret) != secretLen {
			return state{}, fmt.Errorf("key %q has a wrong form", k.id)
		}
		if _, double := s.ready[k.id]; double {
			return state{}, fmt.Errorf("key %q stands twice", k.id)
		}
		enc, err := derive(k.secret, "enc sm4gcm", 16)
		if err != nil {
			return state{}, err
		}
		mac, err := derive(k.secret, "mac hmac-sm3", 32)
		if err != nil {
			return state{}, err
		}
		s.ready[k.id] = derived{enc, mac}
	}
	if _, ok := s.ready[s.active]; !ok {
		return state{}, fmt.Errorf("the active key %q is not in the ring", s.active)
	}
	return s, nil
}

func derive(secret []byte, purpose string, length int) ([]byte, error) {
	return hkdf.Key(sm3.New, secret, nil, "bihuan-keyring-1 "+purpose, length)
}

func randomBytes(entropy io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(entropy, b); err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	return b, nil
}

// validKeyID allows a key identifier that cannot disturb the form of a sealed text.
func validKeyID(id string) bool {
	return id != "" && len(id) <= 32 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Keys lists the keys, the oldest first.
func (k *Keyring) Keys() []Key {
	s := k.current()
	out := make([]Key, 0, len(s.keys))
	for _, key := range s.keys {
		out = append(out, Key{key.id, key.created, key.id == s.active})
	}
	return out
}

func (k *Keyring) current() state {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.state
}

// Rotate adds a new active key and writes the file before it is used. Older keys
// stay, so that everything sealed stays readable; NeedsReseal finds what to seal
// anew. The key of the blind indexes does not change: that would need every
// index to be made anew. Other running instances must Reload before they can
// open what is sealed from now on.
func (k *Keyring) Rotate(now time.Time) (_ Key, err error) {
	defer errs.Wrap(&err, "seal.Rotate")
	k.mu.Lock()
	defer k.mu.Unlock()
	next, err := k.state.with(now, k.entropy)
	if err != nil {
		return Key{}, err
	}
	if k.path != "" {
		if err := save(k.path, next, replace); err != nil {
			return Key{}, err
		}
	}
	k.state = next
	newest := next.keys[len(next.keys)-1]
	return Key{newest.id, newest.created, true}, nil
}

// Reload reads the file again, after another instance has rotated. On an error the keys in use stay.
func (k *Keyring) Reload() (err error) {
	defer errs.Wrap(&err, "seal.Reload")
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.path == "" {
		return nil
	}
	next, err := load(k.path)
	if err != nil {
		return err
	}
	k.state = next
	return nil
}

// encode and decode are the base64 form of binary parts, in files and sealed
// texts alike. One value has one text: the library would pass over line breaks.
func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func decode(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, errors.New("line break inside base64")
	}
	return base64.RawURLEncoding.Strict().DecodeString(s)
}
