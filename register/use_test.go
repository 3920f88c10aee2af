package register_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
)

// TestReveal: one personal value is opened to who may, with a reason, and the log has it.
func TestReveal(t *testing.T) {
	both(t, func(r room) {
		clerk, head := r.County(county, org.CountyClerk), r.County(county, org.CountyHead)
		id := r.entered(1, 101, "phone", "13800001111", "contact", "张三丰")
		if v := r.view(head, id); v.Values["phone"] != "138****1111" || v.Values["contact"] == "张三丰" {
			r.Errorf("%v", v.Values)
		}
		reveal := func(p org.Principal, field, reason string) error {
			_, err := r.s.Reveal(ctx, p, id, field, reason)
			return err
		}
		r.refused(reveal(head, "phone", " "), errs.Invalid, "理由")
		r.refused(reveal(clerk, "phone", "核对"), errs.Forbidden, "")
		r.refused(reveal(r.County("yanggu", org.CountyHead), "phone", "核对"), errs.Forbidden, "")
		r.refused(reveal(r.Head("culture-tourism"), "phone", "核对"), errs.Forbidden, "")
		r.refused(reveal(head, "name", "核对"), errs.NotFound, "没有遮盖")
		r.refused(reveal(head, "no-such", "核对"), errs.NotFound, "没有遮盖")
		if r.audited("record.reveal") != 0 {
			r.Error("a refusal is in the log as a reveal")
		}
		for n, p := range []org.Principal{head, r.Head("post"), r.Head("transport")} { // a partner verifies too
			text, err := r.s.Reveal(ctx, p, id, "phone", "核对联系人")
			if err != nil || text != "13800001111" || r.audited("record.reveal") != n+1 {
				r.Errorf("%s: %q %v", p.Name, text, err)
			}
		}
	})
}

// TestWaiting counts for each register what the person has to move on, as the list
// of what is owed has it.
func TestWaiting(t *testing.T) {
	both(t, func(r room) {
		clerk, head, lead := r.County(county, org.CountyClerk), r.County(county, org.CountyHead), r.Head("post")
		for n, moves := range [][]string{{}, {"claim"}, {"claim"}, {"claim", "check"}} {
			id := r.entered(n+1, n+101)
			for _, m := range moves {
				r.ok(r.step(map[string]org.Principal{"claim": clerk, "check": head}[m], id, m))
			}
		}
		false1 := r.entered(9, 109)
		r.ok(r.step(clerk, false1, "claim"))
		r.ok(r.s.MarkFalsified(ctx, lead, false1, r.view(lead, false1).Revision, "现场无此店"))
		for name, c := range map[string]struct {
			p    org.Principal
			want int
		}{
			"the clerk's candidates": {clerk, 1}, "the head's claims": {head, 2}, "what is to be verified": {lead, 1},
			"another county": {r.County("yanggu", org.CountyHead), 0}, "another unit": {r.Head("culture-tourism"), 0}, "who only reads": {r.Person("leader", "commerce", org.Leader), 0},
		} {
			counts, err := r.s.Waiting(ctx, c.p)
			r.ok(err)
			_, owed, err := r.s.List(ctx, c.p, register.Query{Register: "parcel-point", Owed: true})
			r.ok(err)
			if counts["parcel-point"] != c.want || owed != c.want {
				r.Errorf("%s: %d, %d listed, want %d", name, counts["parcel-point"], owed, c.want)
			}
		}
	})
}

// TestChanges: after a number of changes only the counts that changed since are named;
// a number that lies ahead means another database.
func TestChanges(t *testing.T) {
	both(t, func(r room) {
		changes := func(n int64) (int64, []string, bool) {
			r.Helper()
			now, refs, all, err := r.s.Changes(ctx, n)
			r.ok(err)
			var names []string
			for _, ref := range refs {
				names = append(names, ref.String())
			}
			slices.Sort(names)
			return now, names, all
		}
		if now, names, all := changes(0); now != 0 || names != nil || all {
			r.Errorf("empty: %d %v %v", now, names, all)
		}
		id := r.clean(1)
		first, names, all := changes(0)
		if !slices.Equal(names, []string{"parcel-point/open", "parcel-point/standing"}) || all {
			r.Errorf("%v %v", names, all)
		}
		r.ok(r.s.Edit(ctx, r.County(county, org.CountyClerk), id, r.view(r.Dispatcher(), id).Revision, map[string]string{"inbound": "200"}, "更正"))
		if now, names, all := changes(first); now != first || names != nil || all {
			r.Errorf("an edit that counts for nothing: %d %v %v", now, names, all)
		}
		r.produce("2026-03-05")
		second, names, _ := changes(first)
		if second <= first || len(names) == 0 || slices.ContainsFunc(names, func(s string) bool { return !strings.HasPrefix(s, "famous-produce/") }) {
			r.Errorf("%d after %d: %v", second, first, names)
		}
		if _, names, all := changes(second + 1); !all || names != nil {
			r.Errorf("ahead: %v %v", names, all)
		}
	})
}

// TestMoveAll: each of a batch is moved or keeps its reason; a refused one is as it was,
// and nobody is told of it.
func TestMoveAll(t *testing.T) {
	both(t, func(r room) {
		clerk, head := r.County(county, org.CountyClerk), r.County(county, org.CountyHead)
		var steps []register.Step
		for n := range 4 {
			id := r.entered(n+1, n+101)
			if n != 1 {
				r.ok(r.step(clerk, id, "claim"))
			}
			steps = append(steps, register.Step{ID: id, Move: "return", Revision: r.view(head, id).Revision, Reason: "照片不清"})
		}
		steps[2].Revision--
		steps[3].Reason = ""
		steps = append(steps, register.Step{ID: "no-such", Move: "return", Reason: "x"})
		told := r.told()
		refused, err := r.s.MoveAll(ctx, head, steps)
		r.ok(err)
		if refused[0] != nil || r.view(head, steps[0].ID).Stage != "candidate" {
			r.Errorf("%v", refused[0])
		}
		r.refused(refused[1], errs.Conflict, "不能这样办理")
		r.refused(refused[2], errs.Conflict, "他人改过")
		r.refused(refused[3], errs.Invalid, "理由")
		r.refused(refused[4], errs.NotFound, "")
		for _, i := range []int{2, 3} {
			if v := r.view(head, steps[i].ID); v.Stage != "claimed" {
				r.Errorf("%d is at %s", i, v.Stage)
			}
		}
		if n := r.told() - told; n != 1 {
			r.Errorf("%d notices of one move", n)
		}
	})
}

// told counts the notices.
func (r room) told() (n int) {
	r.Helper()
	r.ok(r.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.One(nil, func(row db.Scanner) error { return row.Scan(&n) }, "SELECT COUNT(*) FROM notice")
	}))
	return n
}

// TestEnter: a refused draft leaves nothing behind, and what runs after the drafts takes
// all of them back when it fails.
func TestEnter(t *testing.T) {
	both(t, func(r room) {
		clerk := r.County(county, org.CountyClerk)
		draft := func(n int, pairs ...string) register.Draft {
			return register.Draft{Register: "parcel-point", Territory: county, Values: with(point(n, "2026-03-01"), pairs...)}
		}
		elsewhere := draft(3)
		elsewhere.Territory = "yanggu"
		drafts := []register.Draft{draft(1), draft(2, "opened", "昨天"), elsewhere, draft(1), {Register: "no-such"}, draft(4)}
		var refused []error
		r.ok(r.s.Enter(ctx, clerk, drafts, func(_ *db.Tx, all []error) error { refused = all; return nil }))
		for i, want := range []errs.Code{"", errs.Invalid, errs.Forbidden, errs.Conflict, errs.NotFound, ""} {
			if (refused[i] == nil) != (want == "") || want != "" && !errs.Is(refused[i], want) {
				r.Errorf("%d: %v, want %s", i, refused[i], want)
			}
		}
		list := func() []string {
			all, _, err := r.s.List(ctx, clerk, register.Query{Register: "parcel-point"})
			r.ok(err)
			var numbers []string
			for _, x := range all {
				numbers = append(numbers, x.No)
			}
			return numbers
		}
		want := []string{"快递站点-2026-000002", "快递站点-2026-000001"} // no number is lost to a refusal
		if got := list(); !slices.Equal(got, want) {
			r.Errorf("%v", got)
		}
		stop := errors.New("stop")
		if err := r.s.Enter(ctx, clerk, []register.Draft{draft(5)}, func(*db.Tx, []error) error { return stop }); !errors.Is(err, stop) {
			r.Error(err)
		}
		if got := list(); !slices.Equal(got, want) || r.audited("record.create") != 2 {
			r.Errorf("%v, %d in the log", got, r.audited("record.create"))
		}
	})
}

// TestReseal: after a rotation of keys what was sealed is sealed anew, once, and is what
// it was; keys and numbers that are compared go on to compare.
func TestReseal(t *testing.T) {
	both(t, func(r room) {
		for n := range 5 {
			r.entered(n+1, n+101, "phone", "13800001111")
		}
		id := r.entered(6, 106)
		draw, err := r.s.OpenDraw(ctx, r.Dispatcher(), shenxianBatch())
		r.ok(err)
		reseal := func() int {
			n, err := r.s.Reseal(ctx, org.Job("换密钥"))
			r.ok(err)
			return n
		}
		if n := reseal(); n != 0 {
			r.Errorf("%d renewed without a new key", n)
		}
		_, err = r.keys.Rotate(r.Clock.Now())
		r.ok(err)
		if n := reseal(); n != 6 { // five phones and a seed
			r.Errorf("%d renewed", n)
		}
		if n := reseal(); n != 0 {
			r.Errorf("%d renewed twice", n)
		}
		_, err = r.s.Reseal(ctx, r.Dispatcher())
		r.refused(err, errs.Forbidden, "")
		all, _, err := r.s.List(ctx, r.Dispatcher(), register.Query{Register: "parcel-point"})
		r.ok(err)
		text, err := r.s.Reveal(ctx, r.Head("post"), all[len(all)-1].ID, "phone", "核对")
		if err != nil || text != "13800001111" {
			r.Errorf("%q %v", text, err)
		}
		clerk := r.County(county, org.CountyClerk)
		r.ok(r.s.Edit(ctx, clerk, id, r.view(clerk, id).Revision, map[string]string{"phone": "13800001111"}, ""))
		r.flags("six after the rotation", "phone-many", map[string]bool{id: true, all[len(all)-1].ID: true})
		r.clean(20)
		r.ok(r.s.CloseList(ctx, r.Dispatcher(), draw))
		r.ok(r.s.Draw(ctx, r.Dispatcher(), draw))
		if v := r.drawView(r.Dispatcher(), draw); register.Commitment(v.Seed) != v.Commitment {
			r.Error("the seed is another one")
		}
	})
}

// meanwhile is a file during whose upload something happens.
type meanwhile struct {
	io.Reader
	happens func()
}

func (m *meanwhile) Read(b []byte) (int, error) {
	if m.happens != nil {
		m.happens()
		m.happens = nil
	}
	return m.Reader.Read(b)
}

// TestAttachAsksAgain: who was allowed to when the upload began may not be any more when
// it ends.
func TestAttachAsksAgain(t *testing.T) {
	both(t, func(r room) {
		clerk, lead := r.County(county, org.CountyClerk), r.Head("post")
		id := r.entered(1, 101)
		f := file("photo", 102)
		f.Data = &meanwhile{f.Data, func() { r.ok(r.s.MarkFalsified(ctx, lead, id, r.view(lead, id).Revision, "现场无此店")) }}
		r.refused(r.s.Attach(ctx, clerk, id, f), errs.Conflict, "")
		if v := r.view(lead, id); len(v.Proofs) != 2 || !v.Falsified {
			r.Errorf("%d files", len(v.Proofs))
		}
	})
}

// TestDueOfALimit: a record is late from the day after its limit, and lists by it.
func TestDueOfALimit(t *testing.T) {
	both(t, func(r room) {
		clerk := r.County(county, org.CountyClerk)
		id := r.entered(1, 101)
		if v := r.view(clerk, id); !v.Due.IsZero() {
			r.Errorf("a candidate is due %s", v.Due)
		}
		r.ok(r.step(clerk, id, "claim"))
		due := r.view(clerk, id).Due
		if !due.After(calendar.Today(r.Clock.Now())) {
			r.Fatal(due)
		}
		for _, c := range []struct {
			day  calendar.Date
			late int
		}{{due, 0}, {due.AddDays(1), 1}} {
			r.Clock.Set(c.day.At(12, 0))
			if _, n, err := r.s.List(ctx, clerk, register.Query{Late: true}); err != nil || n != c.late {
				r.Errorf("%s: %d late, %v", c.day, n, err)
			}
		}
	})
}
