package ui_test

import (
	"testing"
	"time"

	"bihuan/web/ui"
)

func TestMoment(t *testing.T) {
	for _, c := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"none", time.Time{}, ""},
		{"late evening in UTC is the next morning in China", time.Date(2026, 6, 30, 22, 5, 0, 0, time.UTC), "2026年7月1日 06:05"},
	} {
		if got := ui.Moment(c.at); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
