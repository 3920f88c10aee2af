package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bihuan/api"
	"bihuan/kit/blob"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/plan"
	"bihuan/plan/source"
	"bihuan/supervise"
)

// onBoth runs f over the API on each engine.
func onBoth(t *testing.T, f func(t *testing.T, x *house)) {
	t.Helper()
	for _, e := range dbtest.Engines(t) {
		t.Run(string(e), func(t *testing.T) { f(t, open(t, e)) })
	}
}

// entries counts what was reported for the target, by the database.
func (x *house) entries() (n int) {
	x.t.Helper()
	if err := x.DB.Read(context.Background(), func(tx *db.Tx) error {
		return tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, "SELECT COUNT(*) FROM progress")
	}); err != nil {
		x.t.Fatal(err)
	}
	return n
}

// audited counts the audit entries of an action.
func (x *house) audited(action string) (n int) {
	x.t.Helper()
	if err := x.DB.Read(context.Background(), func(tx *db.Tx) error {
		return tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, "SELECT COUNT(*) FROM audit_entry WHERE action = $1", action)
	}); err != nil {
		x.t.Fatal(err)
	}
	return n
}

func (x *house) reports() string { return "/targets/" + x.target.ID + "/progress" }

func TestSameKeySameAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		first := x.form("clerk", x.reports(), "key-1", figure("12.5", "2026-06-30")).status(http.StatusCreated)
		if first.Header().Get("Idempotency-Replayed") != "" {
			t.Error("the first answer says it is a repetition")
		}
		for range 3 {
			again := x.form("clerk", x.reports(), "key-1", figure("12.5", "2026-06-30")).status(http.StatusCreated)
			if again.Body.String() != first.Body.String() || again.Header().Get("Idempotency-Replayed") != "true" ||
				again.Header().Get("Location") != first.Header().Get("Location") || again.Header().Get("Content-Type") != first.Header().Get("Content-Type") {
				t.Errorf("%v %s", again.Header(), again.Body)
			}
		}
		if n := x.entries(); n != 1 || x.audited("progress.report") != 1 {
			t.Errorf("%d entries", n)
		}
		// Another value, another address, another method of the same key: refused.
		for _, a := range []answer{
			x.form("clerk", x.reports(), "key-1", figure("13", "2026-06-30")),
			x.form("clerk", x.reports()+"?x=1", "key-1", figure("12.5", "2026-06-30")),
			x.post("clerk", "/progress/"+unknown+"/verify", "key-1", nil),
		} {
			if p := a.problem(422); p.Errors[0].Location != "header.Idempotency-Key" {
				t.Errorf("%+v", p)
			}
		}
		// The key of another token is another key.
		x.form("stranger", x.reports(), "key-1", figure("12.5", "2026-06-30")).problem(403)
	})
}

// A refusal is an answer too: it is kept, so that a repetition is not a second try.
func TestRefusalIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		entry := x.report("3", "2026-06-01")
		first := x.post("clerk", "/progress/"+entry+"/verify", "own", nil)
		first.problem(403)
		again := x.post("clerk", "/progress/"+entry+"/verify", "own", nil)
		if again.problem(403); again.Header().Get("Idempotency-Replayed") != "true" || again.Body.String() != first.Body.String() {
			t.Errorf("%v %s", again.Header(), again.Body)
		}
	})
}

// Twenty at once with one key: one effect; the others hear that it is being done
// or get the same answer.
func TestSameKeyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		const n = 20
		answers := make([]answer, n)
		var start, done sync.WaitGroup
		start.Add(1)
		for i := range n {
			done.Add(1)
			go func() {
				defer done.Done()
				start.Wait()
				answers[i] = x.form("clerk", x.reports(), "together", figure("9", "2026-06-30"))
			}()
		}
		start.Done()
		done.Wait()
		made, same := 0, ""
		for _, a := range answers {
			switch {
			case a.Code == http.StatusCreated:
				if a.Header().Get("Idempotency-Replayed") == "" {
					made++
				}
				if same == "" {
					same = a.Body.String()
				}
				if a.Body.String() != same {
					t.Errorf("another answer: %s", a.Body)
				}
			case a.Code == http.StatusConflict && a.Header().Get("Retry-After") == "1":
			default:
				t.Errorf("status %d: %s", a.Code, a.Body)
			}
		}
		if made != 1 || x.entries() != 1 || x.audited("progress.report") != 1 {
			t.Errorf("%d made, %d entries", made, x.entries())
		}
		if x.form("clerk", x.reports(), "together", figure("9", "2026-06-30")).status(201).Body.String() != same {
			t.Error("a later repetition has another answer")
		}
	})
}

// A key lives 72 hours, whether or not anybody sweeps.
func TestKeysEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		ctx := context.Background()
		x.form("clerk", x.reports(), "old", figure("3", "2026-06-01")).status(201)
		x.Clock.Add(72*time.Hour - time.Second)
		x.form("clerk", x.reports(), "new", figure("4", "2026-06-02")).status(201)
		x.form("clerk", x.reports(), "old", figure("5", "2026-06-03")).problem(422)
		if n, err := api.PruneAnswers(ctx, x.DB); err != nil || n != 0 {
			t.Errorf("pruned %d %v", n, err)
		}
		x.Clock.Add(time.Second)
		x.form("clerk", x.reports(), "old", figure("5", "2026-06-03")).status(201)
		x.Clock.Add(72 * time.Hour)
		if n, err := api.PruneAnswers(ctx, x.DB); err != nil || n != 2 {
			t.Errorf("pruned %d %v", n, err)
		}
	})
}

// When the program stops between the effect and the answer, the key is never run
// again: soon after it counts as running, later as interrupted.
func TestInterrupted(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		x.form("clerk", x.reports(), "cut", figure("3", "2026-06-01")).status(201)
		if err := x.DB.Write(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE idempotency SET status = 0, answer = ''")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if p := x.form("clerk", x.reports(), "cut", figure("3", "2026-06-01")).problem(409); !strings.Contains(p.Detail, "正在办理") {
			t.Errorf("%+v", p)
		}
		x.Clock.Add(10 * time.Minute)
		if p := x.form("clerk", x.reports(), "cut", figure("3", "2026-06-01")).problem(409); !strings.Contains(p.Detail, "中途断了") {
			t.Errorf("%+v", p)
		}
		if n := x.entries(); n != 1 {
			t.Errorf("%d entries", n)
		}
	})
}

// faultyBlobs is a store of files that can be told to fail.
type faultyBlobs struct {
	plan.Blobs
	fail  func() error
	calls atomic.Int64
}

func (f *faultyBlobs) Put(ctx context.Context, r io.Reader, limit int64) (blob.Ref, error) {
	f.calls.Add(1)
	if err := f.fail(); err != nil {
		return blob.Ref{}, err
	}
	return f.Blobs.Put(ctx, r, limit)
}

// faulty puts a failing store of files under the API.
func (x *house) faulty(fail func() error) *faultyBlobs {
	f := &faultyBlobs{Blobs: x.Blobs, fail: fail}
	x.parts.Plan = plan.New(plan.Parts{DB: x.DB, Log: x.Log, Pack: x.Pack, Blobs: f, Load: func(ctx context.Context, name string, data []byte) (source.Document, error) {
		return source.Load(ctx, name, data, source.Tools{})
	}})
	x.parts.Supervise = supervise.New(x.DB, x.Log, x.parts.Plan)
	x.h = api.New(x.parts)
	return f
}

// What is not available leaves the key free; the same request succeeds later.
func TestUnavailableFreesTheKey(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		down := true
		x.faulty(func() error {
			if down {
				return errs.New(errs.Unavailable, "附件存储暂时不可用")
			}
			return nil
		})
		a := x.form("clerk", x.reports(), "later", figure("3", "2026-06-01"))
		if a.problem(503); a.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		down = false
		x.form("clerk", x.reports(), "later", figure("3", "2026-06-01")).status(201)
	})
}

// A fault of ours is logged whole, shown with a reference only, and kept: nobody
// knows how far it got.
func TestFaults(t *testing.T) {
	x := open(t, db.SQLite)
	f := x.faulty(func() error { return errors.New("the disk smells of smoke") })
	p := x.form("clerk", x.reports(), "fault", figure("3", "2026-06-01")).problem(500)
	if p.Reference == "" || strings.Contains(fmt.Sprint(p), "smoke") || !strings.Contains(x.log.String(), p.Reference) || !strings.Contains(x.log.String(), "smoke") {
		t.Errorf("%+v\n%s", p, x.log)
	}
	if again := x.form("clerk", x.reports(), "fault", figure("3", "2026-06-01")).problem(500); again.Reference != p.Reference || f.calls.Load() != 1 {
		t.Errorf("ran %d times: %+v", f.calls.Load(), again)
	}
	f.fail = func() error { panic("a broken beam") }
	p = x.form("clerk", x.reports(), "panic", figure("3", "2026-06-01")).problem(500)
	if p.Reference == "" || !strings.Contains(x.log.String(), "a broken beam") {
		t.Errorf("%+v\n%s", p, x.log)
	}
	if again := x.form("clerk", x.reports(), "panic", figure("3", "2026-06-01")).problem(500); again.Reference != p.Reference {
		t.Errorf("ran again: %+v", again)
	}
}

// Who leaves while the use case runs finds its answer later.
func TestCallerLeaves(t *testing.T) {
	x := open(t, db.SQLite)
	ctx, leave := context.WithCancel(context.Background())
	x.faulty(func() error { leave(); return nil })
	kind, body := figure("3", "2026-06-01").encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, api.Prefix+x.reports(), strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {kind}, "Idempotency-Key": {"gone"}, "Authorization": {"Bearer clerk"}}
	x.serve(r).status(201)
	if a := x.form("clerk", x.reports(), "gone", figure("3", "2026-06-01")).status(201); a.Header().Get("Idempotency-Replayed") != "true" {
		t.Error("not a repetition")
	}
	if n := x.entries(); n != 1 {
		t.Errorf("%d entries", n)
	}
}
