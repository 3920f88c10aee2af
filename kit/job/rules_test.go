package job

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestPauseGrows(t *testing.T) {
	want := []time.Duration{30 * time.Second, 30 * time.Second, 2 * time.Minute, 8 * time.Minute, 32 * time.Minute, 128 * time.Minute, 128 * time.Minute}
	for n, w := range want {
		if got := Pause(n); got != w {
			t.Errorf("%d: %v", n, got)
		}
	}
	if Pause(1<<40) != 128*time.Minute || Pause(-1) != 30*time.Second {
		t.Error("the ends")
	}
}

func TestDecide(t *testing.T) {
	now := time.Date(2026, 7, 1, 1, 0, 0, 0, time.UTC)
	bad := errors.New("bad")
	cases := []struct {
		name    string
		attempt int
		result  error
		stopped bool
		want    outcome
	}{
		{"success", 1, nil, false, outcome{state: Done, attempts: 1}},
		{"success although the program ends", 1, nil, true, outcome{state: Done, attempts: 1}},
		{"first failure", 1, bad, false, outcome{Waiting, now.Add(30 * time.Second), "bad", 1}},
		{"second failure", 2, bad, false, outcome{Waiting, now.Add(2 * time.Minute), "bad", 2}},
		{"last failure", 3, bad, false, outcome{state: Failed, lastError: "bad", attempts: 3}},
		{"final error", 1, Permanent(bad), false, outcome{state: Failed, lastError: "bad", attempts: 1}},
		{"the program ends: not counted", 3, bad, true, outcome{Waiting, now, "bad", 2}},
	}
	for _, c := range cases {
		if got := decide(Job{Attempts: c.attempt, MaxAttempts: 3}, c.result, c.stopped, now); got != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if Permanent(nil) != nil || !errors.Is(Permanent(bad), bad) {
		t.Error("Permanent")
	}
}

func TestClip(t *testing.T) {
	if got := clip(errors.New("a\x00b\xff")); got != "a\uFFFDb\uFFFD" {
		t.Errorf("%q", got)
	}
	if got := clip(errors.New(strings.Repeat("长", 5000))); len([]rune(got)) != 2001 {
		t.Error(len([]rune(got)))
	}
}

func TestNext(t *testing.T) {
	at := func(s string) time.Time {
		m, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	cases := []struct {
		name        string
		next        Next
		after, want string
	}{
		{"hourly", Every(time.Hour), "2026-07-01T01:20:00Z", "2026-07-01T02:00:00Z"},
		{"hourly on the hour", Every(time.Hour), "2026-07-01T02:00:00Z", "2026-07-01T03:00:00Z"},
		{"never faster than a second", Every(0), "2026-07-01T02:00:00Z", "2026-07-01T02:00:01Z"},
		{"daily, still today", Daily(8, 30), "2026-07-01T00:00:00Z", "2026-07-01T00:30:00Z"},
		{"daily, at the moment", Daily(8, 30), "2026-07-01T00:30:00Z", "2026-07-02T00:30:00Z"},
		{"daily, already tomorrow in China", Daily(0, 5), "2026-06-30T16:00:00Z", "2026-06-30T16:05:00Z"},
		{"daily over the month's end", Daily(1, 0), "2026-06-30T04:00:00Z", "2026-06-30T17:00:00Z"},
	}
	for _, c := range cases {
		if got := c.next(at(c.after)); !got.Equal(at(c.want)) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestTwoHandlersAreAFault(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a second handler was taken")
		}
	}()
	r := NewRegistry()
	Handle(r, note, func(ctx ctx, j Job, p payload) error { return nil })
	Handle(r, note, func(ctx ctx, j Job, p payload) error { return nil })
}
