package org

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter bounds attempts by address, remembering the addresses used most
// recently. It forgets on restart and is not shared between instances: the
// durable protection is the lock on the login name. An attacker with more
// addresses than are remembered is not slowed by it. Safe for concurrent use.
type limiter struct {
	mu    sync.Mutex
	every rate.Limit
	burst int
	size  int
	order *list.List // of *bucket, the most recent first
	at    map[string]*list.Element
}

type bucket struct {
	key   string
	limit *rate.Limiter
}

func newLimiter(p Policy) *limiter {
	return &limiter{every: rate.Every(p.AddressEvery), burst: p.AddressBurst, size: p.AddressTracked, order: list.New(), at: map[string]*list.Element{}}
}

// allow takes one attempt from the address's allowance; false means none was left.
func (l *limiter) allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.at[key]
	if ok {
		l.order.MoveToFront(e)
	} else {
		e = l.order.PushFront(&bucket{key, rate.NewLimiter(l.every, l.burst)})
		l.at[key] = e
		l.evict()
	}
	return e.Value.(*bucket).limit.AllowN(now, 1) //nolint:errcheck // the list holds nothing else
}

func (l *limiter) evict() {
	for l.order.Len() > l.size {
		last := l.order.Back()
		delete(l.at, last.Value.(*bucket).key) //nolint:errcheck // the list holds nothing else
		l.order.Remove(last)
	}
}
