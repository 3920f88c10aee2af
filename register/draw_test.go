package register_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
)

func shenxianBatch() register.Batch {
	return register.Batch{Register: "parcel-point", Territory: county, From: calendar.MustParseDate("2026-01-01"), To: calendar.MustParseDate("2026-06-30")}
}

// drawn brings a spot check of so many points to where results are entered.
func (r room) drawn(points int) (id string, a, b org.Principal) {
	r.Helper()
	for n := range points {
		r.counted(n+1, "2026-03-01")
	}
	a, b = r.Dispatcher(), r.Person("second", "post", org.UnitHead)
	id, err := r.s.OpenDraw(ctx, a, shenxianBatch())
	r.ok(err)
	r.ok(r.s.CloseList(ctx, a, id))
	r.ok(r.s.Draw(ctx, b, id))
	return id, a, b
}

func (r room) drawView(p org.Principal, id string) register.DrawView {
	r.Helper()
	v, err := r.s.DrawView(ctx, p, id)
	r.ok(err)
	return v
}

func (r room) judge(p org.Principal, draw string, seq int64, f register.Finding) error {
	return r.s.Judge(ctx, p, register.Judgement{Draw: draw, Seq: seq, Finding: f, Note: "到现场看过"})
}

func TestDrawCourse(t *testing.T) {
	both(t, func(r room) {
		boss, lead := r.Dispatcher(), r.Head("post")
		for n := range 12 {
			r.counted(n+1, "2026-03-01")
		}
		_, err := r.s.OpenDraw(ctx, r.County(county, org.CountyHead), shenxianBatch())
		r.refused(err, errs.Forbidden, "抽查台账")
		bad := shenxianBatch()
		bad.Unit, bad.To = city.UnitID("post"), calendar.MustParseDate("2099-01-01")
		_, err = r.s.OpenDraw(ctx, boss, bad)
		if m := errs.FieldMessages(err); len(m) != 2 {
			r.Errorf("%v", m)
		}
		id, err := r.s.OpenDraw(ctx, boss, shenxianBatch())
		r.ok(err)
		if v := r.drawView(boss, id); v.Seed != "" || len(v.Commitment) != 64 {
			r.Errorf("open: %+v", v.Draw)
		}
		r.refused(r.s.Draw(ctx, boss, id), errs.Conflict, "下一步")
		r.ok(r.s.CloseList(ctx, boss, id))
		r.refused(r.s.CloseList(ctx, boss, id), errs.Conflict, "下一步")
		_, err = r.s.DrawFile(ctx, boss, id)
		r.refused(err, errs.Conflict, "还没有抽取")
		r.counted(99, "2026-03-01") // after the list was frozen
		r.ok(r.s.Draw(ctx, boss, id))
		v := r.drawView(boss, id)
		if v.Population != 12 || v.Size != 10 || register.Commitment(v.Seed) != v.Commitment || len(v.Items) < 10 {
			r.Fatal(v.Draw)
		}
		r.refused(r.judge(lead, id, v.Items[0].Seq, register.FoundTrue), errs.Forbidden, "其他人检查")
		r.refused(r.judge(boss, id, v.Items[0].Seq, "maybe"), errs.Invalid, "")
		r.refused(r.judge(boss, id, 1000, register.FoundTrue), errs.NotFound, "")
		second := r.Person("second", "post", org.UnitHead)
		for i, item := range v.Items {
			r.ok(r.judge(boss, id, item.Seq, register.FoundTrue))
			r.ok(r.judge(boss, id, item.Seq, register.FoundTrue)) // the same person twice is one person
			if i == 0 {
				r.refused(r.s.FinishDraw(ctx, boss, id), errs.Conflict, "两人一致")
			}
			r.ok(r.judge(second, id, item.Seq, register.FoundTrue))
			r.refused(r.judge(second, id, item.Seq, register.FoundFalse), errs.Conflict, "已有结论")
		}
		r.ok(r.s.FinishDraw(ctx, boss, id))
		v = r.drawView(boss, id)
		if low, high := v.TrueCount(); v.State != register.DrawDone || v.Whole || low < 8 || high != 12 {
			r.Errorf("%+v: %d to %d", v.Draw, low, high)
		}
	})
}

// TestDrawFoundFalse: people who differ leave it open; a false one is marked, and the
// whole batch goes on the list.
func TestDrawFoundFalse(t *testing.T) {
	both(t, func(r room) {
		id, a, b := r.drawn(12)
		item := r.drawView(a, id).Items[0]
		r.ok(r.judge(a, id, item.Seq, register.FoundTrue))
		r.ok(r.judge(b, id, item.Seq, register.FoundFalse))
		if v := r.drawView(a, id); v.Items[0].Verdict != "" || len(v.Items[0].Results) != 2 || v.Whole {
			r.Errorf("%+v", v.Items[0])
		}
		r.ok(r.judge(a, id, item.Seq, register.FoundFalse))
		v := r.drawView(a, id)
		if !v.Whole || len(v.Items) != 12 || !v.Items[0].Falsified || v.Outcome.False != 1 {
			r.Errorf("%+v", v.Draw)
		}
		if !r.view(a, item.RecordID).Falsified {
			r.Error("the record is not marked")
		}
		for _, x := range v.Items {
			if x.Verdict == "" {
				r.ok(r.judge(a, id, x.Seq, register.FoundTrue))
				r.ok(r.judge(b, id, x.Seq, register.FoundTrue))
			}
		}
		r.ok(r.s.FinishDraw(ctx, a, id))
		if low, high := r.drawView(a, id).TrueCount(); low != 11 || high != 11 {
			r.Errorf("all are known: %d to %d", low, high)
		}
	})
}

// TestDrawAgain: the program and a second one that shares nothing with it find the
// same, and both find what was changed.
func TestDrawAgain(t *testing.T) {
	both(t, func(r room) {
		id, a, _ := r.drawn(12)
		f, err := r.s.DrawFile(ctx, a, id)
		r.ok(err)
		for name, change := range map[string]func(*register.DrawFile){
			"":          func(*register.DrawFile) {},
			"seed":      func(f *register.DrawFile) { f.Seed = strings.Repeat("0", 64) },
			"list":      func(f *register.DrawFile) { f.List = f.List[1:] },
			"size":      func(f *register.DrawFile) { f.Size-- },
			"selection": func(f *register.DrawFile) { f.Selection = f.Selection[1:] },
			"whole":     func(f *register.DrawFile) { f.Whole = true },
		} {
			g := f
			g.List, g.Selection = slices.Clone(f.List), slices.Clone(f.Selection)
			change(&g)
			data, err := json.Marshal(g)
			r.ok(err)
			problems, err := register.VerifyDraw(bytes.NewReader(data))
			r.ok(err)
			if (len(problems) == 0) != (name == "") {
				r.Errorf("%q: %v", name, problems)
			}
			again := exec.CommandContext(ctx, "go", "run", "../scripts/drawcheck")
			again.Stdin = bytes.NewReader(data)
			out, err := again.CombinedOutput()
			if (err == nil) != (name == "") {
				r.Errorf("drawcheck %q: %v %s", name, err, out)
			}
		}
		if _, err := register.VerifyDraw(strings.NewReader("{}")); !errs.Is(err, errs.Invalid) {
			r.Error(err)
		}
	})
}
