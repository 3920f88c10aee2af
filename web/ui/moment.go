package ui

import (
	"time"

	"bihuan/kit/calendar"
)

// Moment writes a point in time as officials read it, in China's zone:
// "2026年7月1日 09:05". The zero time is "".
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Zone()).Format("2006年1月2日 15:04")
}
