package register_test

import (
	"slices"
	"strings"
	"testing"

	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/register"
)

// proofOf is the record's first file of a kind that is not marked.
func (r room) proofOf(id, kind string) register.Proof {
	r.Helper()
	proofs := r.view(r.Dispatcher(), id).Proofs
	i := slices.IndexFunc(proofs, func(x register.Proof) bool { return x.Kind == kind && !x.Falsified })
	if i < 0 {
		r.Fatal("no " + kind)
	}
	return proofs[i]
}

func (r room) falsifyProof(p org.Principal, id, proof string) error {
	return r.s.FalsifyProof(ctx, p, id, proof, r.view(r.Dispatcher(), id).Revision, "文号查无此件")
}

// TestFalsifyProof: the last required file of a kind that is false ends the count
// today and puts the record back; with another file of the kind, or of a kind that
// nobody asked for, the record counts on. The file stays.
func TestFalsifyProof(t *testing.T) {
	both(t, func(r room) {
		lead, clerk := r.Head("post"), r.County(county, org.CountyClerk)
		id := r.counted(1, "2026-03-01")
		r.ok(r.s.Attach(ctx, clerk, id, file("receipt", 77)))
		r.refused(r.falsifyProof(r.County(county, org.CountyHead), id, r.proofOf(id, "receipt").ID), errs.Forbidden, "核验单位")
		r.refused(r.s.FalsifyProof(ctx, lead, id, r.proofOf(id, "receipt").ID, r.view(lead, id).Revision, " "), errs.Invalid, "依据")
		r.refused(r.s.FalsifyProof(ctx, lead, id, r.proofOf(id, "receipt").ID, 0, "x"), errs.Conflict, "他人改过")
		r.refused(r.falsifyProof(lead, id, "no-such"), errs.NotFound, "没有这个佐证")
		first := r.proofOf(id, "receipt")
		r.ok(r.falsifyProof(lead, id, first.ID))
		r.refused(r.falsifyProof(lead, id, first.ID), errs.Conflict, "已经认定不实")
		if v := r.view(lead, id); v.Stage != "verified" || len(v.Proofs) != 3 || r.at("parcel-point/standing", "2026-07-01") != quantity.Of(1) {
			r.Errorf("another receipt proves it: %s, %d files", v.Stage, len(v.Proofs))
		}
		told := r.told()
		r.ok(r.falsifyProof(lead, id, r.proofOf(id, "receipt").ID))
		if r.told() != told+1 {
			r.Error("who entered it is not told")
		}
		v := r.view(lead, id)
		if v.Due.IsZero() {
			r.Error("it stands there without a limit")
		}
		last := v.Events[len(v.Events)-1]
		if v.Stage != "prelim-checked" || last.To != "prelim-checked" || !strings.Contains(last.Reason, "不再计数") || !strings.Contains(last.Reason, "文号查无此件") || len(v.Proofs) != 3 {
			r.Errorf("%s, %+v", v.Stage, last)
		}
		for day, want := range map[string]int64{"2026-06-30": 1, "2026-07-01": 0, "2026-12-31": 0} {
			if got := r.at("parcel-point/standing", day); got != quantity.Of(want) {
				r.Errorf("standing at %s: %s", day, got)
			}
		}
		// Other evidence, verified anew, counts from then on.
		r.refused(r.step(lead, id, "verify"), errs.Invalid, "佐证")
		r.ok(r.s.Attach(ctx, clerk, id, file("receipt", 78)))
		r.ok(r.step(lead, id, "verify"))
		if r.at("parcel-point/standing", "2026-07-01") != quantity.Of(1) {
			r.Error("it does not count again")
		}
	})
}

// TestFalsifyProofNotByItsSource: neither who entered the record nor who handed in
// the file marks it; each other file they may. The audit entry stands in the log.
func TestFalsifyProofNotByItsSource(t *testing.T) {
	both(t, func(r room) {
		boss := r.Dispatcher()
		id := r.counted(1, "2026-03-01")
		r.ok(r.s.Attach(ctx, boss, id, file("photo", 500)))
		photos := r.view(boss, id).Proofs
		own := photos[slices.IndexFunc(photos, func(x register.Proof) bool { return x.Name == "photo-500.png" })]
		r.refused(r.falsifyProof(boss, id, own.ID), errs.Forbidden, "自己提供")
		if v := r.view(boss, id); v.MayFalsifyProof[own.ID] || !v.MayFalsifyProof[r.proofOf(id, "receipt").ID] || !v.MayFalsify {
			r.Errorf("%v %v", v.MayFalsify, v.MayFalsifyProof)
		}
		reporter := r.County(county, org.CountyClerk)
		reporter.UnitID, reporter.Roles = "post", []org.Role{org.UnitHead}
		r.refused(r.falsifyProof(reporter, id, own.ID), errs.Forbidden, "自己登记")
		if v := r.view(reporter, id); v.MayFalsify || v.MayFalsifyProof[own.ID] {
			r.Error("the reporter may")
		}
		before := r.audited("record.falsify_proof")
		r.ok(r.falsifyProof(r.Head("post"), id, own.ID))
		if r.audited("record.falsify_proof") != before+1 {
			r.Error("not in the log")
		}
		r.ok(r.s.MarkFalsified(ctx, boss, id, r.view(boss, id).Revision, "现场无此店"))
		r.refused(r.falsifyProof(boss, id, r.proofOf(id, "receipt").ID), errs.Conflict, "已经认定不实")
	})
}

// audited counts the entries of the log with an action.
func (r room) audited(action string) (n int) {
	r.Helper()
	r.ok(r.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.One(nil, func(row db.Scanner) error { return row.Scan(&n) }, "SELECT COUNT(*) FROM audit_entry WHERE action = $1", action)
	}))
	return n
}

// TestFalsifyProofOfWhatDoesNotCount: it stays where it is, and the next move that
// asks for the evidence is refused.
func TestFalsifyProofOfWhatDoesNotCount(t *testing.T) {
	both(t, func(r room) {
		lead := r.Head("post")
		id := r.counted(1, "2026-03-01")
		r.ok(r.step(lead, id, "suspend", because("停业"), func(s *register.Step) { s.Day = calendar.MustParseDate("2026-06-01") }))
		r.ok(r.falsifyProof(lead, id, r.proofOf(id, "photo").ID))
		if v := r.view(lead, id); v.Stage != "suspended" {
			r.Errorf("it stands in %s", v.Stage)
		}
		r.refused(r.step(lead, id, "resume", because("x")), errs.Invalid, "佐证")
	})
}

// TestFalsifyProofGoesBackToWhereItWasAskedFor: what an enterprise confirmed as solved
// goes back to the unit that answered when the answer is false, to the question when the
// confirmation is; a file that nobody asked for proves nothing that counts.
func TestFalsifyProofGoesBackToWhereItWasAskedFor(t *testing.T) {
	both(t, func(r room) {
		boss := r.Dispatcher()
		clerk := r.Person("asker", "market", org.UnitClerk)
		answers := r.Person("answers", "pboc", org.UnitHead)
		d, _ := r.s.Catalog().Get("enterprise-problem")
		confirmed := func(s *register.Step) {
			s.Values = map[string]string{"confirmed-by": "王五", "confirmed": "2026-06-30"}
		}
		solved := func(onTheSpot bool) string {
			id, err := r.s.Create(ctx, clerk, r.filled(d))
			r.ok(err)
			if onTheSpot {
				r.ok(r.step(clerk, id, "on-the-spot", func(s *register.Step) { s.Values = map[string]string{"level": "现场解决", "answer": "已办"} }))
				r.ok(r.s.Attach(ctx, clerk, id, file("answer", 1)))
			} else {
				r.ok(r.step(boss, id, "assign", func(s *register.Step) { s.Values = map[string]string{"handler": "pboc", "level": "部门解决"} }))
				r.ok(r.step(answers, id, "reply", func(s *register.Step) { s.Values = map[string]string{"answer": "已办", "ledger": "计划解决"} }))
				r.ok(r.s.Attach(ctx, answers, id, file("answer", 1)))
				r.ok(r.step(answers, id, "answer"))
			}
			r.ok(r.s.Attach(ctx, clerk, id, file("confirmation", 2)))
			r.ok(r.step(boss, id, "confirm", confirmed))
			return id
		}
		for _, c := range []struct {
			onTheSpot  bool
			kind, back string
		}{{false, "answer", "handling"}, {false, "confirmation", "answered"}, {true, "answer", "solved"}, {true, "confirmation", "answered"}} {
			id := solved(c.onTheSpot)
			r.ok(r.falsifyProof(boss, id, r.proofOf(id, c.kind).ID))
			if v := r.view(boss, id); v.Stage != c.back || (c.back == "solved") == (len(v.Spans) == 0 || !v.Spans[0].To.IsZero()) {
				r.Errorf("%+v: %s %v", c, v.Stage, v.Spans)
			}
		}
	})
}

// TestFalseFileLeavesRoom: what was found false does not fill the place of a true file.
func TestFalseFileLeavesRoom(t *testing.T) {
	both(t, func(r room) {
		clerk := r.County(county, org.CountyClerk)
		id := r.counted(1, "2026-03-01")
		n := 100
		for {
			n++
			if err := r.s.Attach(ctx, clerk, id, file("receipt", n)); err != nil {
				r.refused(err, errs.Conflict, "最多")
				break
			}
		}
		r.ok(r.falsifyProof(r.Head("post"), id, r.proofOf(id, "receipt").ID))
		r.ok(r.s.Attach(ctx, clerk, id, file("receipt", n)))
		r.refused(r.s.Attach(ctx, clerk, id, file("receipt", n+1)), errs.Conflict, "最多")
	})
}
