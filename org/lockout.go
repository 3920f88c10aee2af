package org

import "time"

// lockout counts the failed sign-ins of one login name. The zero value has none.
type lockout struct {
	Failures int       // since the last lock or success
	Locks    int       // locks so far, each twice as long as the one before
	Until    time.Time // locked before this moment
	Last     time.Time // the last failure
}

// locked reports whether attempts are refused at the moment.
func (l lockout) locked(now time.Time) bool { return now.Before(l.Until) }

// fail counts one more failure and locks when there are enough. Failures and
// locks are forgotten after LockMax without another failure or lock.
func (l lockout) fail(now time.Time, p Policy) lockout {
	if !l.Last.IsZero() && now.Sub(latest(l.Last, l.Until)) >= p.LockMax {
		l = lockout{}
	}
	l.Failures++
	l.Last = now
	if l.Failures >= p.LockAfter {
		l.Until = now.Add(lockTime(l.Locks, p))
		l.Locks++
		l.Failures = 0
	}
	return l
}

// lockTime is LockFirst doubled for each earlier lock, at most LockMax.
func lockTime(earlier int, p Policy) time.Duration {
	d := p.LockFirst
	for range earlier {
		if d >= p.LockMax/2 {
			return p.LockMax
		}
		d *= 2
	}
	return min(d, p.LockMax)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
