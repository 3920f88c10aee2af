package audit

import (
	"crypto/hmac"
	"encoding/hex"
	"errors"

	"github.com/emmansun/gmsm/sm3"
)

// Via tells through which door an act came in.
type Via string

// The doors.
const (
	Page    Via = "page"    // a person on a page
	API     Via = "api"     // another system with a token
	Command Via = "command" // an operator on the server's command line
	System  Via = "system"  // the program itself: background jobs, start-up
)

// Valid reports whether v is one of the doors.
func (v Via) Valid() bool { return v == Page || v == API || v == Command || v == System }

// Actor is who acts, with the names of the moment. All but Unit are required.
type Actor struct {
	ID   string // account, token or job identifier
	Name string // as shown to people
	Unit string // name of the unit for which the person acts; empty for the program itself
	Via  Via
}

// Program is the actor of work that no person started; part names the job or command.
func Program(part string) Actor {
	return Actor{ID: "system:" + part, Name: "系统", Via: System}
}

// Entry is what an act did. Action is required: "room.verb" as in "plan.publish".
type Entry struct {
	Action     string
	ObjectKind string // kind of the thing, "task"
	ObjectID   string
	ObjectName string // its name at this moment
	Reason     string // what the person gave as the reason; empty where none is asked
	Before     any    // state before, marshalled to JSON; nil for none. Never put secrets or unmasked personal data here
	After      any    // state after, likewise
}

// Record is an entry as it is kept. The JSON names are those of the export.
type Record struct {
	Seq        int64  `json:"seq"` // 1, 2, 3 … without a gap
	At         int64  `json:"at"`  // UTC milliseconds
	ActorID    string `json:"actor_id"`
	ActorName  string `json:"actor_name"`
	ActorUnit  string `json:"actor_unit"`
	Via        Via    `json:"via"`
	Action     string `json:"action"`
	ObjectKind string `json:"object_kind"`
	ObjectID   string `json:"object_id"`
	ObjectName string `json:"object_name"`
	Before     string `json:"before"` // JSON text, or empty
	After      string `json:"after"`  // JSON text, or empty
	Reason     string `json:"reason"`
	PrevHash   string `json:"prev_hash"`
	Hash       string `json:"hash"`
	MAC        string `json:"mac"`
}

// Head identifies a state of the chain: its last entry and that entry's hash.
// The head of an empty chain has Seq 0 and a hash of 64 zeros.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// ErrIncomplete is returned for an entry without an actor or an action: a fault
// of the calling code, which rolls the change back.
var ErrIncomplete = errors.New("audit: an entry needs an actor (id, name, via) and an action")

// MAC signs and checks messages with a key from outside the database; seal's
// keyring gives one that knows its older keys too.
type MAC interface {
	// Sum returns the code of message under the current key.
	Sum(message []byte) string
	// Check reports whether code belongs to message under the current or an older key.
	Check(message []byte, code string) bool
}

// Key is the plainest MAC: one secret, HMAC-SM3 in hexadecimal, no rotation.
type Key []byte

// Sum implements MAC.
func (k Key) Sum(message []byte) string {
	h := hmac.New(sm3.New, k)
	h.Write(message)
	return hex.EncodeToString(h.Sum(nil))
}

// Check implements MAC.
func (k Key) Check(message []byte, code string) bool {
	return hmac.Equal([]byte(k.Sum(message)), []byte(code))
}
