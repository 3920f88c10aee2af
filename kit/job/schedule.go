package job

import (
	"context"
	"time"

	"bihuan/kit/calendar"
	"bihuan/kit/db"
)

// Next gives the first moment after another at which something is to happen.
type Next func(after time.Time) time.Time

// Every happens at the multiples of d since 1970: Every(time.Hour) on the hour.
// d is at least a second.
func Every(d time.Duration) Next {
	d = max(d.Truncate(time.Second), time.Second)
	return func(after time.Time) time.Time {
		step := d.Milliseconds()
		return time.UnixMilli((after.UnixMilli()/step + 1) * step).UTC()
	}
}

// Daily happens once a day at a time of the clock in China.
func Daily(hour, minute int) Next {
	return func(after time.Time) time.Time {
		day := calendar.Today(after)
		if at := day.At(hour, minute); at.After(after) {
			return at.UTC()
		}
		return day.AddDays(1).At(hour, minute).UTC()
	}
}

type periodic struct {
	kind    string
	payload any
	next    Next
}

// Repeat makes the runner keep one job of the kind waiting for the next moment.
// A moment that passes while no runner works is made up for once, late; moments
// that passed while nothing was waiting are not. The kind needs a handler too.
func Repeat[T any](r *Registry, kind Kind[T], payload T, next Next) {
	r.periodic = append(r.periodic, periodic{string(kind), payload, next})
}

// ensurePeriodic adds the jobs of the coming moments. known remembers, between
// calls, the moments that have theirs, so that the database is asked only when a
// moment has passed.
func (r *Runner) ensurePeriodic(ctx context.Context, known []time.Time) error {
	now := r.db.Now()
	for i, p := range r.registry.periodic {
		at := p.next(now)
		if at.Equal(known[i]) {
			continue
		}
		if err := r.db.Write(ctx, func(tx *db.Tx) error { return ensureAt(tx, p.kind, p.payload, at) }); err != nil {
			return err
		}
		known[i] = at
	}
	return nil
}
