package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"bihuan/kit/errs"
)

// State is a job's state.
type State string

// The states.
const (
	Waiting State = "waiting" // to run at RunAt or later
	Running State = "running" // claimed until LeaseUntil
	Done    State = "done"
	Failed  State = "failed" // given up; an operator may Retry it
)

// Kind names a sort of job and ties it to the type of its payload, so that
// enqueuing and handling cannot disagree. The payload is kept as JSON: put
// identifiers in it, not states, and no secrets or personal data.
type Kind[T any] string

// Job is a job as it stands in the table.
type Job struct {
	ID          string
	Kind        string
	Payload     json.RawMessage
	State       State
	RunAt       time.Time
	LeaseUntil  time.Time // zero unless running
	Attempts    int       // claims so far, the present one included
	MaxAttempts int
	UniqueKey   string
	LastError   string // for operators; empty while nothing went wrong
	CreatedAt   time.Time
	FinishedAt  time.Time // zero until done or failed
}

// Options of a new job; the zero value runs it once as soon as possible, with
// DefaultAttempts.
type Options struct {
	RunAt       time.Time // zero: now
	MaxAttempts int       // 0: DefaultAttempts
	UniqueKey   string    // while a job of the kind with this key waits or runs, no second one is made
}

// DefaultAttempts is how often a job is tried: with the pauses of Pause over about six hours.
const DefaultAttempts = 6

// Pause is the wait after the n-th failed attempt: 30 s, 2 min, 8 min, 32 min,
// then a little over 2 h each time.
func Pause(n int) time.Duration {
	return 30 * time.Second << (2 * min(max(n-1, 0), 4))
}

// permanent marks an error that no repetition mends.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent makes a handler's error final: the job fails at once.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

// Registry holds the handlers of one program. Fill it before the Runner starts;
// it is not changed afterwards.
type Registry struct {
	handlers map[string]func(ctx context.Context, j Job) error
	periodic []periodic
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry {
	return &Registry{handlers: map[string]func(context.Context, Job) error{}}
}

// Handle sets the handler of a kind; a kind has one, and a second is a fault of
// the program that panics. The context ends when the lease is lost or the runner
// has no more patience: a handler then returns soon. It opens its own transactions.
func Handle[T any](r *Registry, kind Kind[T], handler func(ctx context.Context, j Job, payload T) error) {
	name := string(kind)
	if r.handlers[name] != nil {
		panic("job: two handlers for " + name)
	}
	r.handlers[name] = func(ctx context.Context, j Job) error {
		var payload T
		if err := json.Unmarshal(j.Payload, &payload); err != nil {
			return Permanent(fmt.Errorf("read the payload: %w", err))
		}
		return handler(ctx, j, payload)
	}
}

// outcome is what becomes of a claimed job.
type outcome struct {
	state     State
	runAt     time.Time // when waiting
	lastError string
	attempts  int // as it is written back
}

// decide turns a handler's result into the outcome. It is pure. stopped means
// that the program ended the work: the attempt does not count.
func decide(j Job, result error, stopped bool, now time.Time) outcome {
	var final permanent
	switch {
	case result == nil:
		return outcome{state: Done, attempts: j.Attempts}
	case errors.As(result, &final):
		return outcome{state: Failed, lastError: clip(result), attempts: j.Attempts}
	case stopped:
		return outcome{state: Waiting, runAt: now, lastError: clip(result), attempts: j.Attempts - 1}
	case j.Attempts >= j.MaxAttempts:
		return outcome{state: Failed, lastError: clip(result), attempts: j.Attempts}
	}
	return outcome{state: Waiting, runAt: now.Add(Pause(j.Attempts)), lastError: clip(result), attempts: j.Attempts}
}

// clip bounds an error's text and takes out what PostgreSQL would refuse.
func clip(err error) string {
	const most = 2000
	r := []rune(err.Error()) // broken UTF-8 becomes U+FFFD here
	if len(r) > most {
		r = append(r[:most], '…')
	}
	for i, c := range r {
		if c == 0 {
			r[i] = '\uFFFD'
		}
	}
	return string(r)
}

// errLost is returned when the row is no longer this worker's.
var errLost = errs.New(errs.Conflict, "任务的租约已失效")
