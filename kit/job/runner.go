package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"bihuan/kit/db"
	"bihuan/kit/errs"
)

// Config of a Runner; zero fields take the values named here.
type Config struct {
	Workers int           // jobs at the same time: 2
	Lease   time.Duration // a job is taken again this long after its worker's last sign of life: 1 min. A third of it is the beat of renewal
	Poll    time.Duration // how often an idle worker looks: 1 s
	Logger  *slog.Logger  // slog.Default()
}

func (c Config) withDefaults() Config {
	if c.Workers <= 0 {
		c.Workers = 2
	}
	if c.Lease <= 0 {
		c.Lease = time.Minute
	}
	if c.Poll <= 0 {
		c.Poll = time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// Runner works through the table. It takes only kinds that its registry handles,
// so programs with different handlers share one table.
type Runner struct {
	db       *db.DB
	registry *Registry
	config   Config
	kinds    []string
	wake     chan struct{}

	mu   sync.Mutex
	stop context.CancelFunc // nil while stopped
	kill context.CancelFunc
	work sync.WaitGroup
}

// NewRunner makes a runner that stands still.
func NewRunner(d *db.DB, r *Registry, c Config) *Runner {
	return &Runner{db: d, registry: r, config: c.withDefaults(), kinds: slices.Sorted(maps.Keys(r.handlers)), wake: make(chan struct{}, 1)}
}

// Start sets the workers going and returns. Starting a running runner does nothing.
// The workers live until Stop, not until the caller's context ends.
func (r *Runner) Start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop != nil {
		return
	}
	var looking, working context.Context
	looking, r.stop = context.WithCancel(context.Background())
	working, r.kill = context.WithCancel(context.Background())
	for range r.config.Workers {
		r.work.Go(func() { r.loop(looking, working) })
	}
	r.work.Go(func() { r.keepPeriodic(looking) })
}

// Stop lets no worker take another job and waits for all to finish. When ctx ends
// first, the contexts of the running handlers end as well; their jobs go back
// without losing an attempt, and Stop still waits for the handlers to return.
// Stopping a stopped runner does nothing.
func (r *Runner) Stop(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop == nil {
		return
	}
	r.stop()
	done := make(chan struct{})
	go func() { r.work.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		r.kill()
		<-done
	}
	r.kill()
	r.stop, r.kill = nil, nil
}

// Wake makes an idle worker look at once. Call it after the commit of an Enqueue;
// without it the job is found at the next look.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// loop is one worker.
func (r *Runner) loop(looking, working context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-looking.Done():
			return
		case <-timer.C:
		case <-r.wake:
		}
		for looking.Err() == nil {
			ran, err := r.one(working)
			if err != nil {
				r.config.Logger.Error("background work", "error", err)
			}
			if !ran || err != nil {
				break
			}
			r.Wake() // there may be more: another worker should look too
		}
		timer.Reset(r.config.Poll)
	}
}

// keepPeriodic sees to the repeated jobs.
func (r *Runner) keepPeriodic(looking context.Context) {
	known := make([]time.Time, len(r.registry.periodic))
	ticker := time.NewTicker(r.config.Poll)
	defer ticker.Stop()
	for {
		if err := r.ensurePeriodic(looking, known); err != nil && looking.Err() == nil {
			r.config.Logger.Error("repeated background work", "error", err)
		}
		select {
		case <-looking.Done():
			return
		case <-ticker.C:
		}
	}
}

// RunDue runs everything that is due, one job after the other, and returns their
// number. A failing job is recorded and is no error here; only the database's
// failure is. Tests and the command line use it instead of Start.
func (r *Runner) RunDue(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "job.RunDue")
	if err := r.ensurePeriodic(ctx, make([]time.Time, len(r.registry.periodic))); err != nil {
		return 0, err
	}
	for ctx.Err() == nil {
		ran, err := r.one(ctx)
		if err != nil || !ran {
			return n, err
		}
		n++
	}
	return n, ctx.Err()
}

// one claims and runs one job; ran is false when none is due.
func (r *Runner) one(ctx context.Context) (ran bool, err error) {
	j, err := r.claim(ctx)
	if err != nil || j == nil {
		return false, err
	}
	result, stopped := r.run(ctx, *j)
	if errors.Is(result, errLost) {
		r.config.Logger.Warn("background work lost its lease", "kind", j.Kind, "id", j.ID, "attempt", j.Attempts)
		return true, nil
	}
	// The record is written even when the program is ending: otherwise the job would run again.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var o outcome
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		o = decide(*j, result, stopped, tx.Now())
		return settle(tx, *j, o)
	})
	if errors.Is(err, errLost) {
		r.config.Logger.Warn("background work ended after its lease", "kind", j.Kind, "id", j.ID, "attempt", j.Attempts)
		return true, nil
	}
	if o.lastError != "" {
		r.config.Logger.Warn("background work failed", "kind", j.Kind, "id", j.ID, "attempt", j.Attempts, "state", o.state, "error", o.lastError)
	}
	return true, err
}

// claim takes the next due job, nil for none. It looks before it asks for the writer's lock.
func (r *Runner) claim(ctx context.Context) (*Job, error) {
	found := false
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) { found, err = anyDue(tx, r.kinds); return err })
	if err != nil || !found {
		return nil, err
	}
	var jobs []Job
	err = r.db.Write(ctx, func(tx *db.Tx) (err error) { jobs, err = claim(tx, r.kinds, 1, r.config.Lease); return err })
	if err != nil || len(jobs) == 0 {
		return nil, err
	}
	return &jobs[0], nil
}

// run calls the handler while the lease is renewed beside it. The result is
// errLost when the lease could not be kept; stopped tells that ctx ended.
func (r *Runner) run(ctx context.Context, j Job) (result error, stopped bool) {
	handling, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var beat sync.WaitGroup
	beat.Go(func() { r.heartbeat(handling, cancel, j) })
	result = call(handling, r.registry.handlers[j.Kind], j)
	lost := errors.Is(context.Cause(handling), errLost)
	cancel(nil)
	beat.Wait()
	if lost {
		return errLost, false
	}
	return result, result != nil && ctx.Err() != nil
}

// heartbeat renews the lease until the handler has returned. One failed renewal
// is borne; a lost lease, or no renewal for a whole lease, ends the handler.
func (r *Runner) heartbeat(ctx context.Context, cancel context.CancelCauseFunc, j Job) {
	ticker := time.NewTicker(r.config.Lease / 3)
	defer ticker.Stop()
	for failures := 0; failures < 3; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := r.db.Write(ctx, func(tx *db.Tx) error { return renew(tx, j, r.config.Lease) })
		switch {
		case err == nil:
			failures = 0
		case errors.Is(err, errLost):
			cancel(errLost)
			return
		default:
			failures++
		}
	}
	cancel(errLost)
}

// call runs a handler and turns a panic into an error with the place where it happened.
func call(ctx context.Context, handler func(context.Context, Job) error, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return handler(ctx, j)
}
