package register_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/kit/seal"
	"bihuan/org"
	"bihuan/plan/plantest"
	"bihuan/register"
)

var ctx = context.Background()

// tester is what tests and properties have in common.
type tester interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// room is a register room under test, with people.
type room struct {
	tester
	*plantest.Room
	s    *register.Service
	keys *seal.Keyring
	file string // of the keys
}

func openRoom(t testing.TB, e db.Engine) room {
	t.Helper()
	r := plantest.New(t, e)
	path := t.TempDir() + "/keys.json"
	keys, err := seal.Create(path, r.Clock.Now(), strings.NewReader(strings.Repeat("entropy of a test ", 100)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := register.LoadCatalog(r.Pack)
	if err != nil {
		t.Fatal(err)
	}
	return room{t, r, register.New(register.Parts{DB: r.DB, Log: r.Log, Box: keys, Pack: r.Pack, Catalog: c, Blobs: r.Blobs}), keys, path}
}

// made is the room's service with other parts.
func (r room) made(change func(*register.Parts)) *register.Service {
	p := register.Parts{DB: r.DB, Log: r.Log, Box: r.keys, Pack: r.Pack, Catalog: r.s.Catalog(), Blobs: r.Blobs}
	change(&p)
	return register.New(p)
}

func both(t *testing.T, f func(r room)) {
	t.Helper()
	for _, e := range dbtest.Engines(t) {
		t.Run(string(e), func(t *testing.T) {
			r := openRoom(t, e)
			f(r)
			if wrong, _, err := r.s.CheckTotals(ctx); err != nil || len(wrong) > 0 {
				t.Errorf("totals: %v %v", wrong, err)
			}
		})
	}
}

func (r room) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r room) refused(err error, code errs.Code, words string) {
	r.Helper()
	if !errs.Is(err, code) || !strings.Contains(err.Error(), words) {
		r.Errorf("%v, want %s %q", err, code, words)
	}
}

// picture is a small photo with its own content.
func picture(n int) *bytes.Reader {
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range m.Pix {
		m.Pix[i] = byte(n >> (i % 8))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return bytes.NewReader(b.Bytes())
}

func file(kind string, n int) register.File {
	p := picture(n)
	return register.File{Kind: kind, Name: fmt.Sprintf("%s-%d.png", kind, n), Data: p, Size: p.Size()}
}

// point is a parcel point of a county.
func point(n int, opened string) map[string]string {
	return map[string]string{"name": fmt.Sprintf("第%d站", n), "village": "李庄村", "village-code": fmt.Sprintf("371522%06d", n), "host": fmt.Sprintf("小店%d", n),
		"operator": "李四", "brands": "邮政、中通", "opened": opened, "filing-no": fmt.Sprintf("BA%05d", n), "filed": opened, "address": "莘县李庄村"}
}

func (r room) view(p org.Principal, id string) register.View {
	r.Helper()
	v, err := r.s.Get(ctx, p, id)
	r.ok(err)
	return v
}

func (r room) step(p org.Principal, id, move string, more ...func(*register.Step)) error {
	r.Helper()
	s := register.Step{ID: id, Move: move, Revision: r.view(p, id).Revision}
	for _, f := range more {
		f(&s)
	}
	return r.s.Move(ctx, p, s)
}

func because(reason string) func(*register.Step) {
	return func(s *register.Step) { s.Reason = reason }
}

const county = city.TerritoryID("shenxian")

// counted brings a parcel point to where it counts.
func (r room) counted(n int, opened string) string {
	r.Helper()
	clerk, head, lead := r.County(county, org.CountyClerk), r.County(county, org.CountyHead), r.Head("post")
	id, err := r.s.Create(ctx, clerk, register.Draft{Register: "parcel-point", Territory: county, Values: point(n, opened), Proofs: []register.File{file("receipt", n), file("photo", n+1000)}})
	r.ok(err)
	r.ok(r.step(clerk, id, "claim"))
	r.ok(r.step(head, id, "check"))
	r.ok(r.step(lead, id, "verify"))
	return id
}

func (r room) at(ref, day string) quantity.Quantity {
	r.Helper()
	id, count, _ := strings.Cut(ref, "/")
	c := register.CountRef{Register: register.ID(id), Count: count}
	all, err := r.s.At(ctx, []register.CountRef{c}, calendar.MustParseDate(day))
	r.ok(err)
	sum := quantity.Quantity(0)
	for _, v := range all[c] {
		sum += v
	}
	listed, total, err := r.s.List(ctx, r.Dispatcher(), register.Query{Under: c, At: calendar.MustParseDate(day), Limit: 500})
	r.ok(err)
	if d, _ := r.s.Catalog().Get(c.Register); d != nil {
		if rule, _ := d.Count(count); rule.Sum == "" && (quantity.Of(int64(total)) != sum || len(listed) != total) {
			r.Errorf("%s at %s: %s counted, %d listed", ref, day, sum, total)
		}
	}
	return sum
}

func TestFromEntryToCount(t *testing.T) {
	both(t, func(r room) {
		clerk, head, lead := r.County(county, org.CountyClerk), r.County(county, org.CountyHead), r.Head("post")
		other := r.County("yanggu", org.CountyClerk)
		_, err := r.s.Create(ctx, other, register.Draft{Register: "parcel-point", Territory: county, Values: point(1, "2026-03-01")})
		r.refused(err, errs.Forbidden, "本地区")
		_, err = r.s.Create(ctx, clerk, register.Draft{Register: "no-such", Territory: county})
		r.refused(err, errs.NotFound, "没有这个台账")
		bad := point(1, "2026-03-01")
		bad["village-code"], bad["filing-no"], bad["brands"], bad["stranger"] = "12", "", "邮政、飞鸽", "x"
		_, err = r.s.Create(ctx, clerk, register.Draft{Register: "parcel-point", Territory: county, Values: bad})
		if m := errs.FieldMessages(err); len(m) != 4 || !strings.Contains(m["village-code"], "12位") || !strings.Contains(m["brands"], "飞鸽") {
			r.Errorf("%v", m)
		}
		id, err := r.s.Create(ctx, clerk, register.Draft{Register: "parcel-point", Territory: county, Values: point(1, "2026-03-01")})
		r.ok(err)
		// The same filing again, from another county too, is told which record has it.
		_, err = r.s.Create(ctx, clerk, register.Draft{Register: "parcel-point", Territory: county, Values: point(1, "2026-03-01")})
		r.refused(err, errs.Conflict, "站点-2026-000001")
		r.refused(r.step(clerk, id, "claim"), errs.Invalid, "佐证")
		r.ok(r.s.Attach(ctx, clerk, id, file("receipt", 1)))
		r.ok(r.s.Attach(ctx, clerk, id, file("photo", 2)))
		r.refused(r.s.Attach(ctx, other, id, file("photo", 3)), errs.Forbidden, "本地区")
		r.refused(r.s.Attach(ctx, clerk, id, register.File{Kind: "photo", Name: "a.exe", Data: strings.NewReader("MZ\x90\x00\x03 program"), Size: 14}), errs.Invalid, "")
		r.ok(r.step(clerk, id, "claim"))
		r.refused(r.step(clerk, id, "check"), errs.Forbidden, "属地审核人员")
		r.refused(r.step(lead, id, "verify"), errs.Conflict, "处于“已报”")
		r.refused(r.step(head, id, "return"), errs.Invalid, "理由")
		r.ok(r.step(head, id, "return", because("照片不清")))
		r.ok(r.s.Edit(ctx, clerk, id, r.view(clerk, id).Revision, map[string]string{"inbound": "300"}, ""))
		r.refused(r.s.Edit(ctx, head, id, r.view(clerk, id).Revision, map[string]string{"inbound": "900"}, "x"), errs.Forbidden, "")
		r.refused(r.s.Edit(ctx, clerk, id, 0, map[string]string{"inbound": "301"}, ""), errs.Conflict, "他人改过")
		r.ok(r.step(clerk, id, "claim"))
		r.ok(r.step(head, id, "check"))
		if r.at("parcel-point/open", "2026-07-01") != 0 {
			r.Error("counts before it is verified")
		}
		// Whoever entered or checked it does not verify it, whatever roles they hold.
		both := head
		both.UnitID, both.Roles = "post", []org.Role{org.UnitHead}
		r.refused(r.step(both, id, "verify"), errs.Forbidden, "另一人")
		owed, n, err := r.s.List(ctx, lead, register.Query{Owed: true})
		if err != nil || n != 1 || owed[0].ID != id {
			r.Errorf("owed: %d %v", n, err)
		}
		r.ok(r.step(lead, id, "verify"))
		for day, want := range map[string]int64{"2026-02-28": 0, "2026-03-01": 1, "2026-07-01": 1, "2025-12-31": 0} {
			if got := r.at("parcel-point/open", day); got != quantity.Of(want) {
				r.Errorf("at %s: %s", day, got)
			}
		}
		if v := r.view(lead, id); len(v.Events) < 9 || v.Title != "第1站" || len(v.Proofs) != 2 {
			r.Errorf("%d events, %+v", len(v.Events), v.Record)
		}
	})
}

func TestLeavingTheCount(t *testing.T) {
	both(t, func(r room) {
		lead := r.Head("post")
		a, b := r.counted(1, "2026-02-10"), r.counted(2, "2026-05-20")
		r.refused(r.step(lead, a, "suspend", because("停业"), func(s *register.Step) { s.Day = calendar.MustParseDate("2026-12-01") }), errs.Invalid, "不能晚于今天")
		r.ok(r.step(lead, a, "suspend", because("停业"), func(s *register.Step) { s.Day = calendar.MustParseDate("2026-06-01") }))
		for day, want := range map[string]int64{"2026-05-31": 2, "2026-06-01": 1, "2026-07-01": 1} {
			if got := r.at("parcel-point/standing", day); got != quantity.Of(want) {
				r.Errorf("standing at %s: %s", day, got)
			}
		}
		if r.at("parcel-point/open", "2026-07-01") != quantity.Of(1) {
			r.Error("what ended this year is new this year")
		}
		// Found false: it stays, and counts for nothing, then and now.
		r.refused(r.s.MarkFalsified(ctx, r.County(county, org.CountyClerk), b, r.view(lead, b).Revision, "x"), errs.Forbidden, "核验单位")
		r.refused(r.s.MarkFalsified(ctx, lead, b, r.view(lead, b).Revision, " "), errs.Invalid, "依据")
		r.ok(r.s.MarkFalsified(ctx, lead, b, r.view(lead, b).Revision, "现场无此店"))
		if r.at("parcel-point/standing", "2026-05-31") != quantity.Of(1) {
			r.Error("a false record counts")
		}
		r.refused(r.step(lead, b, "withdraw", because("x")), errs.Conflict, "不实")
	})
}

// TestUniqueUnderRace: of many who enter the same thing at once, one succeeds.
func TestUniqueUnderRace(t *testing.T) {
	both(t, func(r room) {
		clerk := r.County(county, org.CountyClerk)
		var wg sync.WaitGroup
		errors := make([]error, 8)
		for i := range errors {
			wg.Go(func() {
				_, errors[i] = r.s.Create(ctx, clerk, register.Draft{Register: "parcel-point", Territory: county, Values: point(7, "2026-03-01")})
			})
		}
		wg.Wait()
		entered := 0
		for _, err := range errors {
			if err == nil {
				entered++
			} else if !errs.Is(err, errs.Conflict) {
				r.Error(err)
			}
		}
		if entered != 1 {
			r.Errorf("%d entered", entered)
		}
	})
}

// TestTwoVerifiersAtOnce: one of them is told that the record has moved on.
func TestTwoVerifiersAtOnce(t *testing.T) {
	both(t, func(r room) {
		id := r.counted(3, "2026-03-01")
		revision := r.view(r.Dispatcher(), id).Revision
		var wg sync.WaitGroup
		errors := make([]error, 2)
		for i := range errors {
			wg.Go(func() {
				errors[i] = r.s.Move(ctx, r.Person(fmt.Sprint("lead", i), "post", org.UnitHead), register.Step{ID: id, Move: "suspend", Revision: revision, Reason: "停业"})
			})
		}
		wg.Wait()
		if (errors[0] == nil) == (errors[1] == nil) {
			r.Errorf("%v %v", errors[0], errors[1])
		}
	})
}

// TestTotalsAnyCourse: whatever is entered, edited, interrupted, resumed, disproved and
// found false in any order and over years, the totals are what the records give, what
// the rules say in other words (flowOf, stockOf), and so is every list under them.
func TestTotalsAnyCourse(t *testing.T) {
	for _, e := range dbtest.Engines(t) {
		t.Run(string(e), func(t *testing.T) {
			r := openRoom(t, e)
			n := 0
			rapid.Check(t, func(t *rapid.T) {
				r := r
				r.tester = t
				var ids []string
				today := day("2026-01-01").AddDays(rapid.IntRange(0, 400).Draw(t, "today"))
				at := day("2025-06-01").AddDays(rapid.IntRange(0, 1000).Draw(t, "at"))
				open, standing := r.at("parcel-point/open", at.String()), r.at("parcel-point/standing", at.String())
				for range rapid.IntRange(2, 8).Draw(t, "steps") {
					today = today.AddDays(rapid.IntRange(0, 150).Draw(t, "later"))
					r.Clock.Set(today.At(9, 0))
					ids = r.anyStep(t, &n, ids, today)
				}
				for _, id := range ids {
					v := r.view(r.Dispatcher(), id)
					open, standing = open+flowOf(v.Record, at), standing+stockOf(v.Record, at)
				}
				if wrong, _, err := r.s.CheckTotals(ctx); err != nil || len(wrong) > 0 {
					t.Fatalf("%v %v", wrong, err)
				}
				if got := r.at("parcel-point/open", at.String()); got != open {
					t.Fatalf("new at %s: %s, want %s", at, got, open)
				}
				if got := r.at("parcel-point/standing", at.String()); got != standing {
					t.Fatalf("standing at %s: %s, want %s", at, got, standing)
				}
			})
			before, logged := r.at("parcel-point/open", "2026-07-01"), r.audited("register.rebuild")
			r.ok(r.s.Rebuild(ctx, org.Job("重建")))
			if r.at("parcel-point/open", "2026-07-01") != before {
				t.Error("the rebuilt totals differ")
			}
			if r.audited("register.rebuild") != logged+len(r.s.Catalog().All()) {
				t.Error("the log does not say that totals were rebuilt")
			}
		})
	}
}

// flowOf says it once more: a record is new in the year of its first day, on the days on
// which it counts and after them while nothing ended it.
func flowOf(r register.Record, at calendar.Date) quantity.Quantity {
	if len(r.Spans) == 0 || r.Spans[0].From.Year() != at.Year() {
		return 0
	}
	return stockOf(r, at)
}

func stockOf(r register.Record, at calendar.Date) quantity.Quantity {
	for _, s := range r.Spans {
		if !r.Falsified && !at.Before(s.From) && (s.To.IsZero() || at.Before(s.To)) {
			return quantity.Of(1)
		}
	}
	return 0
}

// anyStep takes some step with some record; what is refused changes nothing.
func (r room) anyStep(t *rapid.T, n *int, ids []string, today calendar.Date) []string {
	lead, clerk := r.Head("post"), r.County(county, org.CountyClerk)
	past := today.AddDays(-rapid.IntRange(0, 400).Draw(t, "ago"))
	kind := rapid.IntRange(0, 6).Draw(t, "kind")
	if kind == 0 || len(ids) == 0 {
		*n++
		return append(ids, r.counted(*n, past.String()))
	}
	id := rapid.SampledFrom(ids).Draw(t, "id")
	v := r.view(lead, id)
	switch kind {
	case 1, 2:
		_ = r.step(lead, id, "suspend", because("x"), func(s *register.Step) { s.Day = past })
	case 3, 4:
		_ = r.step(lead, id, "resume", because("x"))
	case 5:
		if i := slices.IndexFunc(v.Proofs, func(x register.Proof) bool { return x.Kind == "receipt" && !x.Falsified }); i >= 0 && !v.Falsified {
			r.ok(r.falsifyProof(lead, id, v.Proofs[i].ID))
		}
		_ = r.s.Attach(ctx, clerk, id, file("receipt", *n+5000+len(v.Proofs)))
		_ = r.step(lead, id, "verify")
	case 6:
		if rapid.Bool().Draw(t, "all of it") {
			_ = r.s.MarkFalsified(ctx, lead, id, v.Revision, "x")
		} else {
			_ = r.s.Edit(ctx, clerk, id, v.Revision, map[string]string{"opened": past.String()}, "更正")
		}
	}
	return ids
}

// produce is a product that counts while it is confirmed each year.
func (r room) produce(confirmed string) string {
	r.Helper()
	clerk, head := r.County(county, org.CountyClerk), r.County(county, org.CountyHead)
	id, err := r.s.Create(ctx, clerk, register.Draft{Register: "famous-produce", Territory: county, Values: map[string]string{"name": "莘县香瓜", "batch": "第一批", "applicant": "莘县农业农村局",
		"certificate-no": "CAQS-MTYX-20250001", "listed": "2025-03-01", "issued": "2025-03-05", "confirmed": confirmed, "area": "莘县"}, Proofs: []register.File{file("certificate", 1), file("confirmation", 2)}})
	r.ok(err)
	r.ok(r.step(clerk, id, "claim"))
	r.ok(r.step(head, id, "check"))
	r.ok(r.step(r.Head("agriculture"), id, "verify"))
	return id
}

// TestLateConfirmationLeavesAGap: what was not confirmed did not count, and a late
// confirmation does not make it so.
func TestLateConfirmationLeavesAGap(t *testing.T) {
	both(t, func(r room) {
		id := r.produce("2025-03-05")
		clerk := r.County(county, org.CountyClerk)
		r.ok(r.s.Edit(ctx, clerk, id, r.view(clerk, id).Revision, map[string]string{"confirmed": "2026-05-01"}, "年度确认"))
		for day, want := range map[string]int64{"2025-12-31": 1, "2026-03-05": 0, "2026-04-30": 0, "2026-05-01": 1, "2027-04-30": 1, "2027-05-01": 0} {
			if got := r.at("famous-produce/standing", day); got != quantity.Of(want) {
				r.Errorf("at %s: %s", day, got)
			}
		}
	})
}

// TestNothingCountsUnproved: what would end before it begins is refused, so that no
// total runs below what is there.
func TestNothingCountsUnproved(t *testing.T) {
	both(t, func(r room) {
		id := r.produce("2025-03-05")
		lead := r.Head("agriculture")
		r.ok(r.step(lead, id, "suspend", because("未确认"), func(s *register.Step) { s.Day = calendar.MustParseDate("2025-10-01") }))
		r.refused(r.step(lead, id, "resume", because("x")), errs.Conflict, "有效期")
		if r.at("famous-produce/standing", "2026-07-01") != 0 {
			r.Error("an ended proof counts")
		}
	})
}

// TestWhoWroteDoesNotVerify: the verifier changes no value of the reporter, and an
// editor does not verify the own text.
func TestWhoWroteDoesNotVerify(t *testing.T) {
	both(t, func(r room) {
		clerk, head, lead := r.County(county, org.CountyClerk), r.County(county, org.CountyHead), r.Head("post")
		id, err := r.s.Create(ctx, clerk, register.Draft{Register: "parcel-point", Territory: county, Values: point(1, "2025-11-01"), Proofs: []register.File{file("receipt", 1), file("photo", 2)}})
		r.ok(err)
		r.ok(r.step(clerk, id, "claim"))
		second := head
		second.Roles = []org.Role{org.CountyHead, org.CountyClerk}
		r.ok(r.s.Edit(ctx, second, id, r.view(clerk, id).Revision, map[string]string{"inbound": "90"}, ""))
		r.refused(r.step(second, id, "check"), errs.Forbidden, "更正")
		r.ok(r.step(r.Person("another", city.UnitID(head.UnitID), org.CountyHead), id, "check"))
		r.refused(r.step(lead, id, "verify", func(s *register.Step) { s.Values = map[string]string{"opened": "2026-03-01"} }), errs.Invalid, "不能代改")
		r.ok(r.step(lead, id, "verify"))
		r.refused(r.s.Edit(ctx, clerk, id, r.view(clerk, id).Revision, map[string]string{"opened": "2026-03-01"}, "更正"), errs.Conflict, "重新认定")
		if r.at("parcel-point/open", "2026-07-01") != 0 {
			r.Error("a date that nobody verified counts")
		}
		r.ok(r.s.Edit(ctx, clerk, id, r.view(clerk, id).Revision, map[string]string{"inbound": "95"}, "更正"))
	})
}
