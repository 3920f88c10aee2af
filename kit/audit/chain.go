package audit

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/emmansun/gmsm/sm3"
)

// Format names the canonical form that is hashed; a changed form needs a new name.
const Format = "bihuan-audit-1"

// Genesis is the prev_hash of the first entry.
const Genesis = "0000000000000000000000000000000000000000000000000000000000000000"

// canonical gives the bytes of r that its hash covers: all but Hash and MAC.
func canonical(r *Record) []byte {
	b := make([]byte, 0, 512+len(r.Before)+len(r.After))
	b = append(b, Format...)
	for _, field := range []string{
		r.PrevHash, strconv.FormatInt(r.Seq, 10), strconv.FormatInt(r.At, 10),
		r.ActorID, r.ActorName, r.ActorUnit, string(r.Via),
		r.Action, r.ObjectKind, r.ObjectID, r.ObjectName,
		r.Before, r.After, r.Reason,
	} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(field)))
		b = append(b, field...)
	}
	return b
}

// hashOf computes the hash that r ought to have.
func hashOf(r *Record) string {
	sum := sm3.Sum(canonical(r))
	return hex.EncodeToString(sum[:])
}

// jsonText marshals a state once; the text is stored exactly as it is hashed.
// nil gives "". A JSON text that is already there passes as json.RawMessage.
func jsonText(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", fmt.Errorf("marshal a state for the audit: %w", err)
	}
	return clean(strings.TrimSuffix(b.String(), "\n")), nil
}

// clean makes a text that both engines return byte for byte: PostgreSQL takes
// neither NUL nor broken UTF-8. Marks stand where something was replaced.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// FaultKind says in which way an entry is broken.
type FaultKind string

// The kinds of faults, in the order in which an entry is checked.
const (
	FaultForm FaultKind = "form" // a line of an export is not as Export writes it
	FaultGap  FaultKind = "gap"  // an entry is missing before this one, or the order is wrong
	FaultLink FaultKind = "link" // prev_hash is not the hash of the entry before
	FaultHash FaultKind = "hash" // a field was changed: the content does not give the hash
	FaultMAC  FaultKind = "mac"  // the hash was made by somebody without the key
	FaultHead FaultKind = "head" // the end is not the one that was promised
)

// Fault is the first broken place of a chain. Seq is the entry's number as it stands there.
type Fault struct {
	Seq    int64
	Kind   FaultKind
	Detail string // for people, in Chinese
}

// Report is the outcome of a verification. The chain is sound when Fault is nil.
type Report struct {
	After Head  // the head on which the checked part builds: seq 0 for a whole chain
	Count int64 // sound entries seen
	Head  Head  // the last sound entry
	Fault *Fault
}

// Sound reports whether nothing was found.
func (r Report) Sound() bool { return r.Fault == nil }

// checker walks a chain entry by entry.
type checker struct {
	mac    MAC // nil: hashes only
	report Report
}

func newChecker(mac MAC, after Head) *checker {
	return &checker{mac: mac, report: Report{After: after, Head: after}}
}

// next checks one entry against the one before and reports whether to go on.
func (c *checker) next(r *Record) bool {
	switch {
	case r.Seq != c.report.Head.Seq+1:
		return c.fail(r.Seq, FaultGap, "应为第 %d 条，实为第 %d 条：缺少记录或次序有误", c.report.Head.Seq+1, r.Seq)
	case r.PrevHash != c.report.Head.Hash:
		return c.fail(r.Seq, FaultLink, "第 %d 条与上一条衔接不上", r.Seq)
	case r.Hash != hashOf(r):
		return c.fail(r.Seq, FaultHash, "第 %d 条内容被改动", r.Seq)
	case c.mac != nil && !c.mac.Check([]byte(r.Hash), r.MAC):
		return c.fail(r.Seq, FaultMAC, "第 %d 条校验码不符：不是本系统写入", r.Seq)
	}
	c.report.Count++
	c.report.Head = Head{r.Seq, r.Hash}
	return true
}

func (c *checker) fail(seq int64, kind FaultKind, format string, args ...any) bool {
	c.report.Fault = &Fault{Seq: seq, Kind: kind, Detail: fmt.Sprintf(format, args...)}
	return false
}
