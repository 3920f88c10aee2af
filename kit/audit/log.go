package audit

import (
	"errors"
	"fmt"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// Log appends to the chain and reads it. Build one with New and share it; it
// holds nothing but the key and is safe for concurrent use.
type Log struct{ mac MAC }

// New makes a log that signs with mac.
func New(mac MAC) *Log { return &Log{mac: mac} }

// Append adds one entry in the transaction of the change that it describes. It
// returns ErrIncomplete without an actor or an action. The transaction must be
// a writing one: writers are serialised by db.Write, so the chain has one order.
func (l *Log) Append(tx *db.Tx, a Actor, e Entry) error {
	b, err := l.Batch(tx)
	if err != nil {
		return err
	}
	return b.Append(a, e)
}

// Batch appends many entries in one transaction and reads the chain's end only
// once. Nothing else may append in the transaction while the batch is used: the
// second writer of a seq would fail on the primary key.
type Batch struct {
	log  *Log
	tx   *db.Tx
	head Head
}

// Batch begins a batch at the present end of the chain.
func (l *Log) Batch(tx *db.Tx) (*Batch, error) {
	head, err := l.Head(tx)
	if err != nil {
		return nil, err
	}
	return &Batch{log: l, tx: tx, head: head}, nil
}

// Append adds one entry; see Log.Append.
func (b *Batch) Append(a Actor, e Entry) (err error) {
	defer errs.Wrap(&err, "audit.Append(%s)", e.Action)
	r, err := b.log.compose(b.head, b.tx.NowMilli(), a, e)
	if err != nil {
		return err
	}
	if err := insert(b.tx, r); err != nil {
		return err
	}
	b.head = Head{r.Seq, r.Hash}
	return nil
}

// compose makes the record that follows head. It is pure.
func (l *Log) compose(head Head, at int64, a Actor, e Entry) (*Record, error) {
	if a.ID == "" || a.Name == "" || !a.Via.Valid() || e.Action == "" {
		return nil, fmt.Errorf("%w: %+v %s", ErrIncomplete, a, e.Action)
	}
	before, err := jsonText(e.Before)
	if err != nil {
		return nil, err
	}
	after, err := jsonText(e.After)
	if err != nil {
		return nil, err
	}
	r := &Record{
		Seq: head.Seq + 1, At: at,
		ActorID: clean(a.ID), ActorName: clean(a.Name), ActorUnit: clean(a.Unit), Via: a.Via,
		Action: clean(e.Action), ObjectKind: clean(e.ObjectKind), ObjectID: clean(e.ObjectID), ObjectName: clean(e.ObjectName),
		Before: before, After: after, Reason: clean(e.Reason),
		PrevHash: head.Hash,
	}
	r.Hash = hashOf(r)
	r.MAC = l.mac.Sum([]byte(r.Hash))
	return r, nil
}

// errStop ends a walk over the rows early.
var errStop = errors.New("stop")

// Verify recomputes the whole chain, row by row in constant memory, and names
// the first broken entry in the report. The error is for a failing database only.
func (l *Log) Verify(tx *db.Tx) (_ Report, err error) {
	defer errs.Wrap(&err, "audit.Verify")
	c := newChecker(l.mac, Head{Hash: Genesis})
	err = walk(tx, 0, func(r *Record) error {
		if !c.next(r) {
			return errStop
		}
		return nil
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	return c.report, err
}

// CheckHead compares the chain with a head that was kept elsewhere. A Conflict
// means that entries were cut off at the end or that history was written anew.
func (l *Log) CheckHead(tx *db.Tx, kept Head) (err error) {
	defer errs.Wrap(&err, "audit.CheckHead(%d)", kept.Seq)
	if kept.Seq == 0 {
		return nil
	}
	r, err := l.Get(tx, kept.Seq)
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.Conflict, "审计记录到不了第 %d 条：末尾的记录已丢失", kept.Seq)
	}
	if err != nil {
		return err
	}
	if r.Hash != kept.Hash {
		return errs.New(errs.Conflict, "第 %d 条审计记录与留存的摘要不一致：历史被改写", kept.Seq)
	}
	return nil
}
