package api

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter bounds the requests of each token, remembering the tokens used most
// recently. It forgets on restart and is not shared between instances: it
// protects the server from a program that runs wild, nothing else. Safe for
// concurrent use.
type limiter struct {
	mu    sync.Mutex
	rate  Rate
	order *list.List // of *bucket, the most recent first
	at    map[string]*list.Element
}

type bucket struct {
	key   string
	limit *rate.Limiter
}

func newLimiter(r Rate) *limiter {
	return &limiter{rate: r, order: list.New(), at: map[string]*list.Element{}}
}

// wait takes one request from the key's allowance. It returns 0, or how long the
// caller should wait when none was left; a refused request costs nothing.
func (l *limiter) wait(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.at[key]
	if ok {
		l.order.MoveToFront(e)
	} else {
		e = l.order.PushFront(&bucket{key, rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)})
		l.at[key] = e
		l.forget()
	}
	b, _ := e.Value.(*bucket)
	r := b.limit.ReserveN(now, 1)
	if !r.OK() {
		return time.Second
	}
	delay := r.DelayFrom(now)
	if delay > 0 {
		r.CancelAt(now)
	}
	return delay
}

func (l *limiter) forget() {
	for l.order.Len() > l.rate.Tracked {
		last := l.order.Back()
		if b, ok := last.Value.(*bucket); ok {
			delete(l.at, b.key)
		}
		l.order.Remove(last)
	}
}
