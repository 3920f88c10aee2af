package admin

import (
	"context"
	"io"

	"bihuan/kit/audit"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// trail is the audit log for those who may read it.
type trail struct {
	db  *db.DB
	log *audit.Log
}

// list gives one page of entries, the newest first. Needs audit.read.
func (t trail) list(ctx context.Context, p org.Principal, f audit.Filter) (list []audit.Record, err error) {
	defer errs.Wrap(&err, "list the audit log")
	if err := p.May(org.AuditRead, org.Scope{}); err != nil {
		return nil, err
	}
	err = t.db.Read(ctx, func(tx *db.Tx) (err error) { list, err = t.log.List(tx, f); return err })
	return list, err
}

// recentActors are those who act in the latest entries, the most recent first:
// the choices of the filter. Needs audit.read.
func (t trail) recentActors(ctx context.Context, p org.Principal) (actors []audit.Actor, err error) {
	const looked = 1000
	list, err := t.list(ctx, p, audit.Filter{Limit: looked})
	seen := map[string]bool{}
	for _, r := range list {
		if !seen[r.ActorID] {
			seen[r.ActorID] = true
			actors = append(actors, audit.Actor{ID: r.ActorID, Name: r.ActorName, Unit: r.ActorUnit, Via: r.Via})
		}
	}
	return actors, err
}

// get gives one entry, and the seq of the newest one. Needs audit.read.
func (t trail) get(ctx context.Context, p org.Principal, seq int64) (r audit.Record, last int64, err error) {
	defer errs.Wrap(&err, "read audit entry %d", seq)
	if err := p.May(org.AuditRead, org.Scope{}); err != nil {
		return r, 0, err
	}
	err = t.db.Read(ctx, func(tx *db.Tx) error {
		head, err := t.log.Head(tx)
		if err != nil {
			return err
		}
		last = head.Seq
		r, err = t.log.Get(tx, seq)
		return err
	})
	return r, last, err
}

// checked is the outcome of a verification.
type checked struct {
	Report audit.Report
	Kept   error // what a head kept elsewhere tells; nil when it agrees or none was given
}

// verify recomputes the whole chain, and compares it with a head that was kept
// elsewhere when one is given (seq > 0). Needs audit.read.
func (t trail) verify(ctx context.Context, p org.Principal, kept audit.Head) (out checked, err error) {
	defer errs.Wrap(&err, "verify the audit log")
	if err := p.May(org.AuditRead, org.Scope{}); err != nil {
		return out, err
	}
	err = t.db.Read(ctx, func(tx *db.Tx) (err error) {
		if out.Report, err = t.log.Verify(tx); err != nil {
			return err
		}
		out.Kept = t.log.CheckHead(tx, kept)
		if out.Kept != nil && !errs.Is(out.Kept, errs.Conflict) {
			return out.Kept
		}
		return nil
	})
	return out, err
}

// export writes the entries after a seq (0: all) to w, and notes in the log who
// took them; the note is the last entry of the export. Needs audit.export.
func (t trail) export(ctx context.Context, p org.Principal, after int64, w io.Writer) (head audit.Head, err error) {
	defer errs.Wrap(&err, "export the audit log")
	if err := p.May(org.AuditExport, org.Scope{}); err != nil {
		return head, err
	}
	err = t.db.Write(ctx, func(tx *db.Tx) error {
		if after > 0 {
			if _, err := t.log.Get(tx, after); err != nil {
				return err
			}
		}
		return t.log.Append(tx, p.Actor(), audit.Entry{Action: "audit.export", ObjectKind: "audit", After: map[string]int64{"自第几条之后": after}})
	})
	if err != nil {
		return head, err
	}
	err = t.db.Read(ctx, func(tx *db.Tx) (err error) { head, err = t.log.Export(tx, after, w); return err })
	return head, err
}
