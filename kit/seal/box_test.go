package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
	"pgregory.net/rapid"

	"bihuan/kit/errs"
)

var start = time.Date(2026, 7, 1, 1, 0, 0, 0, time.UTC)

func newRing(t testing.TB) *Keyring {
	t.Helper()
	k, err := New(start, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestKnownAnswers holds the library to the published examples.
func TestKnownAnswers(t *testing.T) {
	t.Run("SM3 of abc, GB/T 32905-2016 A.1", func(t *testing.T) {
		sum := sm3.Sum([]byte("abc"))
		if got := hex.EncodeToString(sum[:]); got != "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" {
			t.Error(got)
		}
	})
	key := unhex(t, "0123456789abcdeffedcba9876543210")
	block, err := sm4.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("SM4, GB/T 32907-2016 A.1", func(t *testing.T) {
		out := make([]byte, 16)
		block.Encrypt(out, key)
		if got := hex.EncodeToString(out); got != "681edf34d206965e86b3e94f536e4246" {
			t.Error(got)
		}
	})
	t.Run("SM4 a million times, GB/T 32907-2016 A.2", func(t *testing.T) {
		out := bytes.Clone(key)
		for range 1_000_000 {
			block.Encrypt(out, out)
		}
		if got := hex.EncodeToString(out); got != "595298c7c6fd271f0402f804c33d3f66" {
			t.Error(got)
		}
	})
	t.Run("SM4-GCM, RFC 8998 A.1", func(t *testing.T) {
		aead, err := newAEAD(key)
		if err != nil {
			t.Fatal(err)
		}
		plain := unhex(t, "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa")
		got := aead.Seal(nil, unhex(t, "00001234567800000000abcd"), plain, unhex(t, "feedfacedeadbeeffeedfacedeadbeefabaddad2"))
		want := "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d" + "83de3541e4c2b58177e065a9bf7b62ec"
		if hex.EncodeToString(got) != want {
			t.Errorf("%x", got)
		}
	})
}

func TestSealAndOpen(t *testing.T) {
	k := newRing(t)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "plain")
		context := rapid.String().Draw(t, "context")
		sealed, err := k.Seal(plain, context)
		if err != nil {
			t.Fatal(err)
		}
		got, err := k.Open(sealed, context)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%q, %v", got, err)
		}
		if _, err := k.Open(sealed, context+"x"); err == nil {
			t.Fatal("opens in another context")
		}
		i := rapid.IntRange(0, len(sealed)-1).Draw(t, "place")
		b := []byte(sealed)
		b[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		if _, err := k.Open(string(b), context); err == nil {
			t.Fatalf("opens after a change at %d: %q", i, b)
		}
	})
}

func TestSealIsNotRepeatable(t *testing.T) {
	k := newRing(t)
	a, _ := k.Seal([]byte("13812345678"), "c")
	b, _ := k.Seal([]byte("13812345678"), "c")
	if a == b {
		t.Error("equal values show as equal")
	}
	if strings.Contains(a, "1381234") || !strings.HasPrefix(a, "sm4gcm.k1.") {
		t.Error(a)
	}
}

func TestOpenRefuses(t *testing.T) {
	k := newRing(t)
	sealed, _ := k.Seal([]byte("x"), "c")
	foreign, _ := newRing(t).Seal([]byte("x"), "c")
	cases := []struct {
		name, sealed string
		code         errs.Code
	}{
		{"empty", "", errs.Internal},
		{"plain text", "13812345678", errs.Internal},
		{"no body", "sm4gcm.k1.", errs.Internal},
		{"short body", "sm4gcm.k1.AAAA", errs.Internal},
		{"other algorithm", strings.Replace(sealed, "sm4gcm", "aesgcm", 1), errs.Internal},
		{"of another ring", foreign, errs.Internal},
		{"key not in the ring", strings.Replace(sealed, ".k1.", ".k9.", 1), errs.Unavailable},
		{"padding added", sealed + "=", errs.Internal},
		{"line break added", sealed + "\n", errs.Internal},
	}
	for _, c := range cases {
		if _, err := k.Open(c.sealed, "c"); !errs.Is(err, c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestBlindIndex(t *testing.T) {
	k := newRing(t)
	a := k.BlindIndex("person.phone", "13812345678")
	if len(a) != 64 || a != k.BlindIndex("person.phone", "13812345678") {
		t.Error("not fixed")
	}
	if a == k.BlindIndex("person.id", "13812345678") || a == k.BlindIndex("person.phone", "13812345679") || a == newRing(t).BlindIndex("person.phone", "13812345678") {
		t.Error("purpose, value or key makes no difference")
	}
	if _, err := k.Rotate(start); err != nil {
		t.Fatal(err)
	}
	if a != k.BlindIndex("person.phone", "13812345678") {
		t.Error("look-ups are lost when the key is changed")
	}
}

func TestSigner(t *testing.T) {
	k := newRing(t)
	s := k.Signer("audit")
	old := s.Sum([]byte("m"))
	if _, err := k.Rotate(start); err != nil {
		t.Fatal(err)
	}
	now := s.Sum([]byte("m"))
	cases := []struct {
		name, message, code string
		want                bool
	}{
		{"of the older key", "m", old, true},
		{"of the active key", "m", now, true},
		{"other message", "n", now, false},
		{"other key's name", "m", strings.Replace(now, "k2", "k1", 1), false},
		{"key unknown", "m", strings.Replace(now, "k2", "k7", 1), false},
		{"other purpose", "m", k.Signer("token").Sum([]byte("m")), false},
		{"other ring", "m", newRing(t).Signer("audit").Sum([]byte("m")), false},
		{"empty", "m", "", false},
	}
	for _, c := range cases {
		if s.Check([]byte(c.message), c.code) != c.want {
			t.Errorf("%s: %s", c.name, c.code)
		}
	}
}

func FuzzOpen(f *testing.F) {
	k := newRing(f)
	sealed, _ := k.Seal([]byte("x"), "c")
	for _, s := range []string{sealed, "", "sm4gcm.k1.", "sm4gcm..", "..", sealed[:len(sealed)-1]} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := k.Open(s, "c"); err == nil && s != sealed {
			t.Errorf("opens %q", s)
		}
		k.NeedsReseal(s)
	})
}
