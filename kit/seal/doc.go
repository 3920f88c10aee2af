// Package seal protects personal data and secrets at rest with the Chinese
// commercial algorithms: SM4 in GCM mode for confidentiality, HMAC-SM3 for
// integrity and for blind indexes, and masks for what is shown on pages.
//
// The keys live in a keyring file beside the database and never inside it. Each
// key is 32 random bytes with an identifier; a separate working key for every
// purpose is derived from it with HKDF over SM3, so that no key serves two ends.
// Algorithm and key identifier stand in every sealed text, as GB/T 39786 work
// needs for changing keys, and a certified module can take the software's place
// behind the interface Box.
//
// What it does not promise: whoever reads both the database and the keyring
// reads everything. Keep their backups apart.
package seal

// Box seals and opens small values. The context says where a value belongs
// ("person.phone:" and the row's identifier): a sealed text that is copied to another place
// does not open there.
type Box interface {
	// Seal encrypts plain under the active key.
	Seal(plain []byte, context string) (string, error)
	// Open gives back what Seal received, or an error when the text, the context
	// or the key is not the right one.
	Open(sealed, context string) ([]byte, error)
	// NeedsReseal reports whether a sealed text was made under an older key.
	NeedsReseal(sealed string) bool
}

var _ Box = (*Keyring)(nil)
