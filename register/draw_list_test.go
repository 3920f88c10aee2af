package register_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
)

// clean brings a parcel point to where it counts, with nothing that a check would hit.
func (r room) clean(n int) string {
	r.Helper()
	id := r.entered(n, n+1000)
	r.ok(r.step(r.County(county, org.CountyClerk), id, "claim"))
	r.ok(r.step(r.County(county, org.CountyHead), id, "check"))
	r.ok(r.step(r.Head("post"), id, "verify"))
	return id
}

// drawnClean brings a spot check of clean points, and a doubtful one at the end, to
// where results are entered.
func (r room) drawnClean(points, doubtful int) (id string, a, b org.Principal) {
	r.Helper()
	for n := range points {
		r.clean(n + 1)
	}
	for n := range doubtful {
		r.counted(points+n+1, "2026-03-01") // tells no parcels
	}
	a, b = r.Dispatcher(), r.Person("second", "post", org.UnitHead)
	id, err := r.s.OpenDraw(ctx, a, shenxianBatch())
	r.ok(err)
	r.ok(r.s.CloseList(ctx, a, id))
	r.ok(r.s.Draw(ctx, b, id))
	return id, a, b
}

// TestDrawTakesAPart: of 13 clean records and 7 doubtful ones ten are drawn, and each
// doubtful one is checked whether it was drawn or not.
func TestDrawTakesAPart(t *testing.T) {
	both(t, func(r room) {
		id, a, _ := r.drawnClean(13, 7)
		v := r.drawView(a, id)
		why, doubtful := map[register.Why]int{}, 0
		for _, x := range v.Items {
			why[x.Why]++
			if x.Flagged {
				doubtful++
			}
		}
		if v.Population != 20 || v.Size != 10 || why[register.WhyDrawn] != 10 || why[register.WhyWhole] != 0 || doubtful != 7 || len(v.Items) == 20 {
			r.Errorf("%+v: %v, %d doubtful", v.Draw, why, doubtful)
		}
	})
}

// TestDrawListOfTheDay: a record whose proof has ended stands where it counts, and is
// on no list; nor is what was found false. A list with nothing on it is refused.
func TestDrawListOfTheDay(t *testing.T) {
	both(t, func(r room) {
		boss, clerk := r.Dispatcher(), r.County(county, org.CountyClerk)
		produce := r.produce("2025-03-05")
		if v := r.view(boss, produce); v.Stage != "verified" {
			r.Fatal(v.Stage)
		}
		if since, why := r.lapsed(produce); since != "2026-03-05" || why == "" {
			r.Errorf("lapsed %s %q", since, why)
		}
		lapsed, n, err := r.s.List(ctx, boss, register.Query{Register: "famous-produce", Lapsed: true})
		if err != nil || n != 1 || lapsed[0].ID != produce {
			r.Errorf("lapsed: %d %v", n, err)
		}
		batch := register.Batch{Register: "famous-produce", Territory: county, From: day("2025-01-01"), To: day("2025-12-31")}
		id, err := r.s.OpenDraw(ctx, boss, batch)
		r.ok(err)
		r.refused(r.s.CloseList(ctx, boss, id), errs.Conflict, "没有已核验计数的记录")
		if v := r.drawView(boss, id); v.State != register.DrawOpen || v.Population != 0 {
			r.Errorf("%+v", v.Draw)
		}
		r.ok(r.s.Edit(ctx, clerk, produce, r.view(clerk, produce).Revision, map[string]string{"confirmed": "2026-05-01"}, "年度确认"))
		if _, n, err := r.s.List(ctx, boss, register.Query{Register: "famous-produce", Lapsed: true}); err != nil || n != 0 {
			r.Errorf("confirmed: %d lapsed, %v", n, err)
		}
		r.ok(r.s.CloseList(ctx, boss, id))
		if v := r.drawView(boss, id); v.Population != 1 {
			r.Errorf("%+v", v.Draw)
		}
		a := r.clean(1)
		r.clean(2)
		suspended := r.clean(3)
		r.ok(r.s.MarkFalsified(ctx, boss, a, r.view(boss, a).Revision, "现场无此店"))
		r.ok(r.step(r.Head("post"), suspended, "suspend", because("停业"), func(s *register.Step) { s.Day = day("2026-06-01") }))
		id, err = r.s.OpenDraw(ctx, boss, shenxianBatch())
		r.ok(err)
		r.ok(r.s.CloseList(ctx, boss, id))
		if v := r.drawView(boss, id); v.Population != 1 {
			r.Errorf("%+v", v.Draw)
		}
	})
}

func (r room) lapsed(id string) (since, why string) {
	r.Helper()
	v := r.view(r.Dispatcher(), id)
	at, why := v.Definition.Lapsed(v.Record, day("2026-07-01"))
	return at.String(), why
}

// TestDrawMissing: what two people did not find sets the whole batch under check, and
// the record stays: it may have moved.
func TestDrawMissing(t *testing.T) {
	both(t, func(r room) {
		id, a, b := r.drawnClean(12, 0)
		item := r.drawView(a, id).Items[0]
		r.refused(r.s.Judge(ctx, a, register.Judgement{Draw: id, Seq: item.Seq, Finding: register.FoundMissing, Note: " "}), errs.Invalid, "写明所见")
		r.ok(r.judge(a, id, item.Seq, register.FoundMissing))
		r.ok(r.judge(b, id, item.Seq, register.FoundMissing))
		v := r.drawView(a, id)
		if !v.Whole || len(v.Items) != 12 || v.Outcome.Missing != 1 || v.Outcome.False != 1 {
			r.Errorf("%+v", v.Draw)
		}
		if r.view(a, item.RecordID).Falsified {
			r.Error("what was not found is not false by that")
		}
	})
}

// TestJudgeAtOnce: of two people who enter their results at the same moment neither
// overwrites the other, and what both found is the verdict.
func TestJudgeAtOnce(t *testing.T) {
	both(t, func(r room) {
		id, a, b := r.drawnClean(4, 0)
		for _, item := range r.drawView(a, id).Items {
			var wg sync.WaitGroup
			failed := make([]error, 2)
			for i, p := range []org.Principal{a, b} {
				wg.Go(func() { failed[i] = r.judge(p, id, item.Seq, register.FoundTrue) })
			}
			wg.Wait()
			for i, p := range []org.Principal{a, b} {
				if errs.Is(failed[i], errs.Conflict) { // told to look again, and does
					failed[i] = r.judge(p, id, item.Seq, register.FoundTrue)
				}
				r.ok(failed[i])
			}
		}
		for _, item := range r.drawView(a, id).Items {
			if len(item.Results) != 2 || item.Verdict != register.FoundTrue {
				r.Errorf("%+v", item)
			}
		}
	})
}

// TestDrawItems: pages of what is checked, of the whole list, and of what somebody has
// to do.
func TestDrawItems(t *testing.T) {
	both(t, func(r room) {
		id, a, b := r.drawnClean(13, 0)
		checked := r.drawView(a, id).Items
		items := func(p org.Principal, q register.ItemQuery, want int) []register.DrawItem {
			r.Helper()
			all, total, err := r.s.DrawItems(ctx, p, id, q)
			r.ok(err)
			if total != want {
				r.Errorf("%+v: %d, want %d", q, total, want)
			}
			return all
		}
		var paged []int64
		for offset := 0; offset < 12; offset += 4 {
			for _, x := range items(a, register.ItemQuery{Limit: 4, Offset: offset}, 10) {
				paged = append(paged, x.Seq)
			}
		}
		var whole []int64
		for _, x := range checked {
			whole = append(whole, x.Seq)
		}
		if !slices.Equal(paged, whole) {
			r.Errorf("%v, want %v", paged, whole)
		}
		if all := items(a, register.ItemQuery{All: true, Limit: 1000}, 13); len(all) != 13 || all[0].Seq != 1 {
			r.Error("the whole list")
		}
		lead := r.Head("post") // verified them all
		if got := items(lead, register.ItemQuery{Limit: 1}, 10); got[0].Hindrance == "" {
			r.Error("who verified a record is not hindered")
		}
		items(lead, register.ItemQuery{Mine: true}, 0)
		items(r.Head("culture-tourism"), register.ItemQuery{Mine: true}, 0) // may hold none here
		items(a, register.ItemQuery{Mine: true}, 10)
		r.ok(r.judge(a, id, checked[0].Seq, register.FoundTrue))
		items(a, register.ItemQuery{Mine: true}, 9)
		items(b, register.ItemQuery{Mine: true}, 10)
		items(b, register.ItemQuery{Open: true}, 10)
		r.ok(r.judge(b, id, checked[0].Seq, register.FoundTrue))
		items(b, register.ItemQuery{Open: true}, 9)
		items(b, register.ItemQuery{Untrue: true}, 0)
		r.ok(r.judge(a, id, checked[1].Seq, register.FoundMissing))
		r.ok(r.judge(b, id, checked[1].Seq, register.FoundMissing))
		items(b, register.ItemQuery{Untrue: true}, 1)
		items(b, register.ItemQuery{}, 13)
		if _, _, err := r.s.DrawItems(ctx, a, "no-such", register.ItemQuery{}); !errs.Is(err, errs.NotFound) {
			r.Error(err)
		}
	})
}

// TestDrawOfAUnit: a batch may be what one unit entered.
func TestDrawOfAUnit(t *testing.T) {
	both(t, func(r room) {
		r.clean(1)
		unit := city.UnitID(r.County(county, org.CountyClerk).UnitID)
		b := shenxianBatch()
		b.Territory, b.Unit = "", unit
		id, err := r.s.OpenDraw(ctx, r.Dispatcher(), b)
		r.ok(err)
		r.ok(r.s.CloseList(ctx, r.Dispatcher(), id))
		if v := r.drawView(r.Dispatcher(), id); v.Population != 1 || v.Size != 1 {
			r.Errorf("%+v", v.Draw)
		}
		all, total, err := r.s.Draws(ctx, r.Dispatcher(), b.Register, 10, 0)
		if err != nil || total != 1 || fmt.Sprint(all[0].Batch.Unit) != string(unit) {
			r.Errorf("%v %d %v", all, total, err)
		}
		if _, others, err := r.s.Draws(ctx, r.Dispatcher(), "night-area", 10, 0); err != nil || others != 0 {
			r.Errorf("%d of another register, %v", others, err)
		}
		if _, every, err := r.s.Draws(ctx, r.Dispatcher(), "", 10, 0); err != nil || every != 1 {
			r.Errorf("%d of all, %v", every, err)
		}
	})
}
