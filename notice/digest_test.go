package notice

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/org"
)

func TestDigestDays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		digests := func() int { return w.count(`SELECT count(*) FROM notice_digest`) }
		w.at("2026-09-24 07:00") // Thursday; the Mid-Autumn days follow, Saturday and Sunday among them
		w.put(Unit(trade), "a")
		w.put(Person("clerk"), "p") // people have no digest
		w.at("2026-09-24 08:29")
		if digests() != 0 {
			t.Fatal("before the hour")
		}
		w.at("2026-09-24 08:30")
		if digests() != 1 {
			t.Fatal("not at the hour")
		}
		w.put(Unit(trade), "b")
		w.at("2026-09-24 18:00")
		for _, day := range []string{"25", "26", "27"} {
			w.put(Unit(trade), "holiday "+day)
			w.at("2026-09-" + day + " 08:30")
			w.at("2026-09-" + day + " 20:00")
		}
		if digests() != 1 {
			t.Fatal("on a holiday, or twice a day")
		}
		w.at("2026-09-28 08:30")
		if digests() != 2 || w.count(`SELECT notices FROM notice_digest WHERE day = '2026-09-28'`) != 4 {
			t.Fatalf("%d digests", digests())
		}
		w.at("2026-10-09 08:30")
		w.put(Unit(trade), "c")
		w.at("2026-10-10 08:30") // a Saturday that is worked
		if w.count(`SELECT count(*) FROM notice_digest WHERE day = '2026-10-10'`) != 1 || w.count(`SELECT count(*) FROM notice WHERE digest_id = '' AND unit_id <> ''`) != 0 {
			t.Error("a Saturday that is worked has no digest")
		}
		if n := w.count(`SELECT count(*) FROM audit_entry WHERE action = 'notice.digest'`); n != 3 {
			t.Errorf("%d audit entries", n)
		}
	})
}

// A moment that passed while the program stood still is made up for once, not at night.
func TestDigestLate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.at("2026-07-01 08:00")
		w.put(Unit(trade), "a")
		w.at("2026-07-02 03:00") // the job of the first is due, but it is night
		if w.count(`SELECT count(*) FROM notice_digest`) != 0 {
			t.Fatal("at night")
		}
		w.at("2026-07-02 11:00")
		if w.count(`SELECT count(*) FROM notice_digest WHERE day = '2026-07-02'`) != 1 {
			t.Fatal("not made up for")
		}
		w.put(Unit(trade), "b")
		w.run()
		w.at("2026-07-02 23:59")
		w.at("2026-07-03 08:30")
		if n := w.count(`SELECT count(*) FROM notice_digest`); n != 2 {
			t.Errorf("%d digests", n)
		}
	})
}

func TestCollectIsTheProgramsOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, p := range []org.Principal{clerk, sysadmin, {}} {
			_, err := w.s.Collect(w.ctx, p)
			w.refused(err, errs.Forbidden)
		}
	})
}

// receiver is another system that notes what it is sent and fails when told to.
type receiver struct {
	mu     sync.Mutex
	fails  int
	events map[string]event // by id
	moved  error            // an event that came again with other content
	at     map[string][]calendar.Date
	now    func() time.Time
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var e event
	if err := json.NewDecoder(req.Body).Decode(&e); err != nil {
		r.moved = err
	}
	if old, ok := r.events[e.ID]; ok && !reflect.DeepEqual(old, e) {
		r.moved = fmt.Errorf("%v came again as %v", old, e)
	}
	r.events[e.ID] = e
	r.at[e.ID] = append(r.at[e.ID], calendar.Today(r.now()))
	if r.fails > 0 { // after the event was taken: the answer is lost
		r.fails--
		w.WriteHeader(http.StatusBadGateway)
	}
}

// TestNothingLostNothingTwice takes any order of puts, hours, holidays, failures, restarts
// and crashes: at most one digest for a unit and a day, none sent on a day off, and every
// notice of a unit in exactly one.
func TestNothingLostNothingTwice(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		rec := &receiver{now: clock.Now}
		server := httptest.NewServer(rec)
		defer server.Close()
		rapid.Check(t, func(rt *rapid.T) {
			rec.events, rec.at, rec.fails = map[string]event{}, map[string][]calendar.Date{}, 0
			w := emptied(t, d, clock)
			w.with(Settings{Webhook: local})
			_, _, err := w.s.AddHook(w.ctx, sysadmin, HookInput{Name: "对方", URL: server.URL})
			w.ok(err)
			told := map[string]bool{}
			units := []city.UnitID{trade, east}
			for range rapid.IntRange(1, 25).Draw(rt, "steps") {
				switch rapid.SampledFrom([]string{"put", "put", "hours", "hours", "restart", "crash", "fail", "lost"}).Draw(rt, "step") {
				case "put":
					u, k := rapid.SampledFrom(units).Draw(rt, "unit"), rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}).Draw(rt, "key")
					w.put(Unit(u), k)
					told[string(u)+k] = true
				case "hours":
					clock.Add(time.Duration(rapid.IntRange(1, 40).Draw(rt, "hours")) * time.Hour)
					w.run()
				case "restart":
					w.with(Settings{Webhook: local})
					w.run()
				case "crash":
					w.crash(rapid.SampledFrom(units).Draw(rt, "unit"))
				case "fail":
					rec.fails = rapid.IntRange(1, 4).Draw(rt, "fails")
				case "lost":
					w.forget()
				}
			}
			rec.fails = 0
			for range 40 { // until a working day has come whatever holidays there are, and all retries are over
				clock.Add(7 * time.Hour)
				w.run()
			}
			w.judge(rt, rec, told)
		})
	})
}

// emptied is a world without anything from the run before.
func emptied(t testing.TB, d *db.DB, clock *dbtest.Clock) *world {
	w := newWorld(t, d, clock)
	w.ok(d.Write(w.ctx, func(tx *db.Tx) error {
		for _, table := range []string{"notice_delivery", "notice_hook", "notice_digest", "notice_read", "notice", "job", "audit_entry"} {
			if _, err := tx.Exec(`DELETE FROM ` + table); err != nil {
				return err
			}
		}
		return nil
	}))
	clock.Set(calendar.MustParseDate("2026-09-22").At(8, 0)) // before two long holidays
	return w
}

var errCrash = errors.New("crash")

// crash ends the program in the middle of a collection.
func (w *world) crash(unit city.UnitID) {
	w.t.Helper()
	err := w.db.Write(w.ctx, func(tx *db.Tx) error {
		if _, _, err := w.s.collect(tx, unit); err != nil {
			return err
		}
		return errCrash
	})
	if !errors.Is(err, errCrash) {
		w.t.Fatal(err)
	}
}

// forget loses the record of the newest sending, as a crash right after it does.
func (w *world) forget() {
	w.t.Helper()
	w.ok(w.db.Write(w.ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(`UPDATE job SET state = 'waiting', finished_at = 0, attempts = 0 WHERE id = (SELECT MAX(id) FROM job WHERE kind = 'notice.deliver' AND state = 'done')`); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE notice_delivery SET state = 'waiting' WHERE id = (SELECT MAX(id) FROM notice_delivery WHERE state = 'sent')`)
		return err
	}))
}

func (w *world) judge(rt *rapid.T, rec *receiver, told map[string]bool) {
	days, got := map[string]string{}, map[string]int{}
	for id, e := range rec.events {
		day := e.Unit.ID + e.Day
		if days[day] != "" {
			rt.Fatalf("two digests for %s: %s and %s", day, days[day], id)
		}
		days[day] = id
		if e.Count != len(e.Notices) || e.Count == 0 {
			rt.Fatalf("an empty digest: %+v", e)
		}
		for _, n := range e.Notices {
			got[e.Unit.ID+n.Title[len("事项 "):]]++
		}
		for _, on := range rec.at[id] {
			if !calendar.Default().IsWorkday(on) {
				rt.Fatalf("sent on %s", on)
			}
		}
	}
	if rec.moved != nil {
		rt.Fatal(rec.moved)
	}
	for k := range told {
		if got[k] != 1 {
			rt.Fatalf("%s is in %d digests", k, got[k])
		}
	}
	if len(got) != len(told) {
		rt.Fatalf("told %v, got %v", told, got)
	}
}
