package register

import (
	"context"
	"slices"
	"strings"

	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/notice"
	"bihuan/org"
)

// MarkFalsified marks a record as found false: it stays, with its evidence, and
// counts for nothing, also in the past.
func (s *Service) MarkFalsified(ctx context.Context, p org.Principal, id string, revision int64, reason string) (err error) {
	defer errs.Wrap(&err, "register.MarkFalsified(%s)", id)
	return s.falsify(ctx, p, id, revision, reason, func(_ *db.Tx, _ *Definition, r *Record, _ []Event) (Event, error) {
		r.Falsified = true
		return Event{Move: "falsify", From: r.Stage, To: r.Stage, Reason: strings.TrimSpace(reason)}, nil
	})
}

// FalsifyProof marks one evidence file of a record as found false: it stays and
// proves nothing any more.
//
// When a record that counts has no other file of that kind, and the kind is required or
// was asked for on the way into the count, the record was counted for a reason that is
// gone: its span ends today, and it goes back to the stage in which the evidence was asked
// for last. There it moves on with other evidence, is sent back or given up. What was
// counted until today stays: that the file is false does not say that the thing is not
// there. Who knows that it is not marks the record.
func (s *Service) FalsifyProof(ctx context.Context, p org.Principal, id, proof string, revision int64, reason string) (err error) {
	defer errs.Wrap(&err, "register.FalsifyProof(%s, %s)", id, proof)
	return s.falsify(ctx, p, id, revision, reason, func(tx *db.Tx, d *Definition, r *Record, history []Event) (Event, error) {
		i := slices.IndexFunc(r.Proofs, func(x Proof) bool { return x.ID == proof })
		if i < 0 {
			return Event{}, errs.New(errs.NotFound, "没有这个佐证文件")
		}
		x := &r.Proofs[i]
		if err := x.mayFalsify(p, history); err != nil {
			return Event{}, err
		}
		x.Falsified = true
		if err := tx.Must(errChanged(), "UPDATE record_proof SET falsified = 1 WHERE id = $1 AND record_id = $2 AND falsified = 0", proof, id); err != nil {
			return Event{}, err
		}
		e := Event{Move: moveFalsifyProof, From: r.Stage, To: r.Stage, Reason: "佐证“" + x.Name + "”不实：" + strings.TrimSpace(reason)}
		if back, lost := d.unproved(*r, x.Kind, history); lost {
			e.To = back
			e.Reason += "。没有其他“" + d.proofLabel(x.Kind) + "”，不再计数"
			s.leaveCount(tx, d, r, back)
		}
		return e, tellReporter(tx, d, *r, e)
	})
}

// moveFalsifyProof names the act in histories.
const moveFalsifyProof = "falsify-proof"

// falsify is the frame of marking something as found false.
func (s *Service) falsify(ctx context.Context, p org.Principal, id string, revision int64, reason string, f func(*db.Tx, *Definition, *Record, []Event) (Event, error)) error {
	return s.change(ctx, p, id, revision, func(tx *db.Tx, d *Definition, r *Record) (Event, error) {
		if err := s.mayFalsify(p, d, *r); err != nil {
			return Event{}, err
		}
		if strings.TrimSpace(reason) == "" {
			return Event{}, errs.New(errs.Invalid, "请写明认定不实的依据")
		}
		history, err := events(tx, r.ID)
		if err != nil {
			return Event{}, err
		}
		return f(tx, d, r, history)
	})
}

// mayFalsify refuses who may not mark a record or its evidence as found false.
func (s *Service) mayFalsify(p org.Principal, d *Definition, r Record) error {
	switch {
	case !s.is(p, d, r, ByLead) && !s.is(p, d, r, ByDispatch):
		return errs.New(errs.Forbidden, "只有核验单位和调度员可以认定不实")
	case r.ReportedBy != "" && r.ReportedBy == p.ID:
		return errs.New(errs.Forbidden, "不能认定自己登记的记录")
	case r.Falsified:
		return errs.New(errs.Conflict, "已经认定不实")
	}
	return nil
}

// mayFalsify refuses who handed in a file, and a second mark. Who did stands in
// the history, at the moment of the file.
func (x Proof) mayFalsify(p org.Principal, history []Event) error {
	switch {
	case x.Falsified:
		return errs.New(errs.Conflict, "这个佐证已经认定不实")
	case slices.ContainsFunc(history, func(e Event) bool {
		return e.By == p.ID && e.At.Equal(x.AddedAt) && (e.Move == "proof" && e.Reason == x.Name || e.Move == "create")
	}):
		return errs.New(errs.Forbidden, "不能认定自己提供的佐证，请由其他人认定")
	}
	return nil
}

// falsifiable lists the evidence that the person may mark as found false.
func (s *Service) falsifiable(p org.Principal, v View) map[string]bool {
	may := map[string]bool{}
	for _, x := range v.Proofs {
		may[x.ID] = s.mayFalsify(p, v.Definition, v.Record) == nil && x.mayFalsify(p, v.Events) == nil
	}
	return may
}

// unproved reports whether a counting record lost what it counts by when its last file
// of a kind is false, and the stage it goes back to: where it stood before it counted and
// a move asked for that kind, so that it is asked for again. It walks back through the
// moves, not beyond the last return to the first stage. A record that counted from its
// entry has no stage to go back to and stays where it is.
func (d *Definition) unproved(r Record, kind string, history []Event) (back string, lost bool) {
	st, _ := d.Stage(r.Stage)
	if !st.Counts || slices.ContainsFunc(r.Proofs, func(x Proof) bool { return x.Kind == kind && !x.Falsified }) {
		return r.Stage, false
	}
	back, asked := r.Stage, false
	for i := len(history) - 1; i >= 0; i-- {
		e := history[i]
		if e.From == e.To || e.From == "" {
			continue
		}
		if e.To == d.Stages[0].ID {
			break
		}
		m, _ := moveOf(d, e.From, e.Move)
		asked = asked || slices.Contains(m.Proof, kind)
		if from, _ := d.Stage(e.From); from.Counts {
			continue
		}
		if back == r.Stage {
			back = e.From
		}
		if asked {
			return e.From, true
		}
	}
	return back, asked || slices.ContainsFunc(d.Proof, func(k ProofKind) bool { return k.ID == kind && k.Required })
}

// leaveCount ends a record's span today and puts it back to a stage.
func (s *Service) leaveCount(tx *db.Tx, d *Definition, r *Record, back string) {
	from, _ := d.Stage(r.Stage)
	to, _ := d.Stage(back)
	r.Spans = d.spansAfter(*r, from, Stage{}, calendar.Today(tx.Now()))
	if back != r.Stage {
		r.Stage, r.StageAt = back, tx.Now()
		r.Due = s.dueOf(d, *r, to, nil, calendar.Today(tx.Now()))
	}
}

// tellReporter tells the unit that entered a record what was found false in it.
func tellReporter(tx *db.Tx, d *Definition, r Record, e Event) error {
	if r.Unit == "" {
		return nil
	}
	st, _ := d.Stage(e.To)
	return putAbout(tx, d, r, r.Unit, notice.Change, e.Reason+"。现处于“"+st.Label+"”", e.Move)
}
