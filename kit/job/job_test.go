package job

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
)

type ctx = context.Context

type payload struct{ N int }

const note Kind[payload] = "note"

// bench is one test's table, clock and handler.
type bench struct {
	*testing.T
	db     *db.DB
	clock  *dbtest.Clock
	runner *Runner
}

// both runs a test on each engine with a runner whose one handler is given.
func both(t *testing.T, handler func(ctx, Job, payload) error, f func(b bench)) {
	t.Helper()
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		f(bench{t, d, clock, newRunner(d, handler, Config{})})
	})
}

func newRunner(d *db.DB, handler func(ctx, Job, payload) error, c Config) *Runner {
	r := NewRegistry()
	Handle(r, note, handler)
	c.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	return NewRunner(d, r, c)
}

func (b bench) write(f func(tx *db.Tx) error) {
	b.Helper()
	if err := b.db.Write(context.Background(), f); err != nil {
		b.Fatal(err)
	}
}

func (b bench) enqueue(n int, opt Options) (id string) {
	b.Helper()
	b.write(func(tx *db.Tx) (err error) { id, err = Enqueue(tx, note, payload{n}, opt); return err })
	return id
}

func (b bench) get(id string) (j Job) {
	b.Helper()
	if err := b.db.Read(context.Background(), func(tx *db.Tx) (err error) { j, err = Get(tx, id); return err }); err != nil {
		b.Fatal(err)
	}
	return j
}

func (b bench) runDue(want int) {
	b.Helper()
	if n, err := b.runner.RunDue(context.Background()); n != want || err != nil {
		b.Fatalf("ran %d, %v; want %d", n, err, want)
	}
}

func TestRunsInOrderAndOnce(t *testing.T) {
	var got []int
	handler := func(_ ctx, _ Job, p payload) error { got = append(got, p.N); return nil }
	both(t, handler, func(b bench) {
		got = nil
		now := b.clock.Now()
		b.enqueue(3, Options{RunAt: now.Add(-time.Minute)})
		id := b.enqueue(1, Options{RunAt: now.Add(-time.Hour)})
		later := b.enqueue(4, Options{RunAt: now.Add(time.Hour)})
		b.runDue(2)
		if len(got) != 2 || got[0] != 1 || got[1] != 3 {
			b.Errorf("%v", got)
		}
		if j := b.get(id); j.State != Done || j.Attempts != 1 || j.FinishedAt.IsZero() || !j.LeaseUntil.IsZero() || j.LastError != "" {
			b.Errorf("%+v", j)
		}
		b.runDue(0)
		b.clock.Add(time.Hour)
		b.runDue(1)
		if b.get(later).State != Done {
			b.Error("the later job")
		}
	})
}

func TestEnqueueBelongsToItsTransaction(t *testing.T) {
	both(t, func(ctx, Job, payload) error { return nil }, func(b bench) {
		_ = b.db.Write(context.Background(), func(tx *db.Tx) error {
			if _, err := Enqueue(tx, note, payload{}, Options{}); err != nil {
				return err
			}
			return errors.New("the change fails")
		})
		b.runDue(0)
	})
}

func TestRetriesWithGrowingPausesThenFails(t *testing.T) {
	fail := true
	handler := func(ctx, Job, payload) error {
		if fail {
			return errors.New("no connection")
		}
		return nil
	}
	both(t, handler, func(b bench) {
		fail = true
		id := b.enqueue(1, Options{MaxAttempts: 3})
		b.runDue(1)
		if j := b.get(id); j.State != Waiting || j.LastError != "no connection" || !j.RunAt.Equal(b.clock.Now().Add(30*time.Second)) {
			b.Fatalf("%+v", j)
		}
		b.clock.Add(29 * time.Second)
		b.runDue(0)
		b.clock.Add(time.Second)
		b.runDue(1)
		b.clock.Add(time.Minute)
		b.runDue(0)
		b.clock.Add(time.Minute)
		b.runDue(1)
		if j := b.get(id); j.State != Failed || j.Attempts != 3 {
			b.Fatalf("%+v", j)
		}
		b.clock.Add(24 * time.Hour)
		b.runDue(0)
		fail = false
		b.write(func(tx *db.Tx) error { return Retry(tx, id) })
		b.runDue(1)
		if j := b.get(id); j.State != Done || j.Attempts != 1 {
			b.Errorf("%+v", j)
		}
		if err := b.db.Write(context.Background(), func(tx *db.Tx) error { return Retry(tx, id) }); !errs.Is(err, errs.Conflict) {
			b.Errorf("retry of a done job: %v", err)
		}
	})
}

func TestPanicAndPermanent(t *testing.T) {
	handler := func(_ ctx, _ Job, p payload) error {
		if p.N == 0 {
			panic("no such page")
		}
		return Permanent(errors.New("the file is gone"))
	}
	both(t, handler, func(b bench) {
		panics, final := b.enqueue(0, Options{}), b.enqueue(1, Options{})
		b.runDue(2)
		if j := b.get(panics); j.State != Waiting || !strings.Contains(j.LastError, "no such page") || !strings.Contains(j.LastError, "job_test.go") {
			b.Errorf("%+v", j)
		}
		if j := b.get(final); j.State != Failed || j.LastError != "the file is gone" {
			b.Errorf("%+v", j)
		}
	})
}

func TestPayloadOfAnotherForm(t *testing.T) {
	both(t, func(ctx, Job, payload) error { return nil }, func(b bench) {
		var id string
		b.write(func(tx *db.Tx) (err error) {
			id, err = Enqueue(tx, Kind[[]string](note), []string{"x"}, Options{})
			return err
		})
		b.runDue(1)
		if j := b.get(id); j.State != Failed || !strings.Contains(j.LastError, "payload") {
			b.Errorf("%+v", j)
		}
	})
}

func TestUnknownKindsAreLeft(t *testing.T) {
	both(t, func(ctx, Job, payload) error { return nil }, func(b bench) {
		var id string
		b.write(func(tx *db.Tx) (err error) {
			id, err = Enqueue(tx, Kind[payload]("other"), payload{}, Options{})
			return err
		})
		b.runDue(0)
		if b.get(id).State != Waiting {
			b.Error("touched")
		}
	})
}

func TestUniqueKey(t *testing.T) {
	both(t, func(ctx, Job, payload) error { return nil }, func(b bench) {
		a := b.enqueue(1, Options{UniqueKey: "k"})
		if again := b.enqueue(2, Options{UniqueKey: "k"}); again != a {
			b.Error("a second one beside a waiting job")
		}
		if other := b.enqueue(3, Options{UniqueKey: "l"}); other == a {
			b.Error("another key")
		}
		if b.enqueue(4, Options{}) == b.enqueue(5, Options{}) {
			b.Error("no key")
		}
		b.runDue(4)
		if next := b.enqueue(6, Options{UniqueKey: "k"}); next == a {
			b.Error("a finished job stands in the way")
		}
	})
}

// TestKilledWorker: a worker claims and dies. Its job is taken again after the
// lease, not before, and what the dead one would still write does not count.
func TestKilledWorker(t *testing.T) {
	ran := 0
	both(t, func(ctx, Job, payload) error { ran++; return nil }, func(b bench) {
		ran = 0
		id := b.enqueue(1, Options{MaxAttempts: 2})
		dead, err := b.runner.claim(context.Background())
		if err != nil || dead == nil || dead.ID != id {
			b.Fatalf("%+v, %v", dead, err)
		}
		b.runDue(0)
		b.clock.Add(time.Minute)
		b.runDue(0)
		b.clock.Add(time.Millisecond)
		b.runDue(1)
		if j := b.get(id); ran != 1 || j.State != Done || j.Attempts != 2 {
			b.Errorf("ran %d: %+v", ran, j)
		}
		err = b.db.Write(context.Background(), func(tx *db.Tx) error { return settle(tx, *dead, outcome{state: Failed, attempts: 1}) })
		if !errors.Is(err, errLost) || b.get(id).State != Done {
			b.Errorf("the dead worker wrote: %v", err)
		}
	})
}

func TestLeaseTakenByAnotherIsFenced(t *testing.T) {
	both(t, nil, func(b bench) {
		b.enqueue(1, Options{})
		first, _ := b.runner.claim(context.Background())
		b.clock.Add(2 * time.Minute)
		second, err := b.runner.claim(context.Background())
		if err != nil || second == nil {
			b.Fatal(err)
		}
		try := func(j *Job) error {
			return b.db.Write(context.Background(), func(tx *db.Tx) error { return renew(tx, *j, time.Minute) })
		}
		if err := try(first); !errors.Is(err, errLost) {
			b.Errorf("the first renews: %v", err)
		}
		if err := try(second); err != nil {
			b.Errorf("the second: %v", err)
		}
	})
}

func TestWorkerThatAlwaysDiesGivesUp(t *testing.T) {
	both(t, func(ctx, Job, payload) error { return nil }, func(b bench) {
		id := b.enqueue(1, Options{MaxAttempts: 2})
		for range 2 {
			if j, err := b.runner.claim(context.Background()); err != nil || j == nil {
				b.Fatal(err)
			}
			b.clock.Add(2 * time.Minute)
		}
		b.runDue(0)
		if j := b.get(id); j.State != Failed || j.LastError == "" || j.FinishedAt.IsZero() {
			b.Errorf("%+v", j)
		}
	})
}

// TestFourWorkersTakeEachJobOnce starts two runners of two workers on one table.
func TestFourWorkersTakeEachJobOnce(t *testing.T) {
	const jobs = 60
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		var mu sync.Mutex
		seen := map[int]int{}
		all := make(chan struct{})
		handler := func(_ ctx, _ Job, p payload) error {
			mu.Lock()
			defer mu.Unlock()
			seen[p.N]++
			if len(seen) == jobs {
				close(all)
			}
			return nil
		}
		b := bench{T: t, db: d, clock: clock}
		b.write(func(tx *db.Tx) error {
			for i := range jobs {
				if _, err := Enqueue(tx, note, payload{i}, Options{}); err != nil {
					return err
				}
			}
			return nil
		})
		config := Config{Workers: 2, Poll: 5 * time.Millisecond}
		runners := []*Runner{newRunner(d, handler, config), newRunner(d, handler, config)}
		for _, r := range runners {
			r.Start()
			r.Start() // a second start does nothing
		}
		<-all
		for _, r := range runners {
			r.Stop(context.Background())
			r.Stop(context.Background())
		}
		for n, times := range seen {
			if times != 1 {
				t.Errorf("job %d ran %d times", n, times)
			}
		}
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			counts, err := Counts(tx)
			if len(counts) != 1 || counts[0].State != Done || counts[0].Number != jobs {
				t.Errorf("%+v", counts)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestStopWaitsAndThenCancels(t *testing.T) {
	started := make(chan struct{}, 1)
	handler := func(c ctx, _ Job, p payload) error {
		started <- struct{}{}
		<-c.Done() // works until it is told to end
		return c.Err()
	}
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		b := bench{T: t, db: d, clock: clock}
		r := newRunner(d, handler, Config{Workers: 1, Poll: 5 * time.Millisecond})
		id := b.enqueue(1, Options{})
		r.Start()
		<-started
		impatient, cancel := context.WithCancel(context.Background())
		cancel()
		r.Stop(impatient)
		if j := b.get(id); j.State != Waiting || j.Attempts != 0 || !j.RunAt.Equal(clock.Now()) {
			t.Errorf("%+v", j)
		}
		r.Start() // a stopped runner starts again
		<-started
		r.Stop(impatient)
	})
}

// TestHeartbeat: a handler that works longer than its lease keeps its job; one
// whose job was taken away is told to end.
func TestHeartbeat(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		b := bench{T: t, db: d, clock: clock}
		const lease = 60 * time.Millisecond
		renewed := make(chan struct{})
		var r *Runner
		handler := func(c ctx, j Job, p payload) error {
			if p.N == 1 { // wait for a beat after the clock has moved beyond the first lease
				clock.Add(10 * lease)
				for b.get(j.ID).LeaseUntil.Before(clock.Now()) {
					select {
					case <-c.Done():
						return c.Err()
					case <-time.After(time.Millisecond):
					}
				}
				if other, err := r.claim(c); err != nil || other != nil {
					t.Errorf("taken: %+v, %v", other, err)
				}
				close(renewed)
				return nil
			}
			b.write(func(tx *db.Tx) error { // another one has taken it
				_, err := tx.Exec(`UPDATE job SET attempts = attempts + 1 WHERE id = $1`, j.ID)
				return err
			})
			<-c.Done()
			return c.Err()
		}
		r = newRunner(d, handler, Config{Lease: lease})
		b.runner = r
		keeps := b.enqueue(1, Options{})
		b.runDue(1)
		<-renewed
		if b.get(keeps).State != Done {
			t.Error("the long job")
		}
		lost := b.enqueue(2, Options{})
		b.runDue(1)
		if j := b.get(lost); j.State != Running || j.LastError != "" {
			t.Errorf("the lost job was written: %+v", j)
		}
	})
}

func TestRepeat(t *testing.T) {
	ran := 0
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		ran = 0
		registry := NewRegistry()
		Handle(registry, note, func(ctx, Job, payload) error { ran++; return nil })
		Repeat(registry, note, payload{7}, Daily(18, 0)) // the clock starts at 09:00 in China
		b := bench{t, d, clock, NewRunner(d, registry, Config{})}
		b.runDue(0)
		b.runDue(0)
		clock.Add(8 * time.Hour)
		b.runDue(0)
		clock.Add(time.Hour)
		b.runDue(1)
		b.runDue(0)
		clock.Add(24 * time.Hour)
		b.runDue(1)
		clock.Add(72 * time.Hour) // nobody worked: made up for once
		b.runDue(1)
		if ran != 3 {
			t.Error(ran)
		}
	})
}

func TestEnsureAtHappensOnce(t *testing.T) {
	both(t, func(ctx, Job, payload) error { return nil }, func(b bench) {
		at := b.clock.Now()
		ensure := func() { b.write(func(tx *db.Tx) error { return EnsureAt(tx, note, payload{}, at) }) }
		ensure()
		ensure()
		b.runDue(1)
		ensure()
		b.runDue(0)
	})
}

func TestListAndPrune(t *testing.T) {
	both(t, func(_ ctx, _ Job, p payload) error {
		if p.N == 0 {
			return Permanent(errors.New("x"))
		}
		return nil
	}, func(b bench) {
		for i := range 4 {
			b.enqueue(i, Options{})
			b.clock.Add(time.Millisecond)
		}
		b.runDue(4)
		list := func(state State, before string) (jobs []Job) {
			err := b.db.Read(context.Background(), func(tx *db.Tx) (err error) { jobs, err = List(tx, state, before, 2); return err })
			if err != nil {
				b.Fatal(err)
			}
			return jobs
		}
		page := list(Done, "")
		if len(page) != 2 || string(page[0].Payload) != `{"N":3}` || len(list(Done, page[1].ID)) != 1 || len(list(Failed, "")) != 1 {
			b.Errorf("%+v", page)
		}
		b.clock.Add(time.Hour)
		b.write(func(tx *db.Tx) error {
			n, err := Prune(tx, tx.Now())
			if n != 3 {
				b.Errorf("pruned %d", n)
			}
			return err
		})
		if len(list(Failed, "")) != 1 {
			b.Error("the failed job is gone")
		}
		err := b.db.Read(context.Background(), func(tx *db.Tx) error { _, err := Get(tx, page[0].ID); return err })
		if !errs.Is(err, errs.NotFound) {
			b.Errorf("%v", err)
		}
	})
}

// TestBrokenDatabase: the database's error comes back and no job is run.
func TestBrokenDatabase(t *testing.T) {
	both(t, func(ctx, Job, payload) error { t.Error("ran"); return nil }, func(b bench) {
		b.enqueue(1, Options{})
		if err := b.db.Close(); err != nil {
			b.Fatal(err)
		}
		if n, err := b.runner.RunDue(context.Background()); err == nil || n != 0 {
			b.Errorf("%d, %v", n, err)
		}
	})
}
