package register

import (
	"testing"

	"bihuan/city"
	"bihuan/kit/calendar"
)

// TestRushed: more than the share in the last five days, and at least one a day.
func TestRushed(t *testing.T) {
	end := calendar.MustParseDate("2026-07-01")
	for name, c := range map[string]struct {
		early, late, dropped int // dropped: of the early ones' number, given up again
		want                 bool
	}{
		"half":                         {5, 5, 0, true},
		"42 %":                         {7, 5, 0, true},
		"38 %":                         {8, 5, 0, false},
		"exactly 40 %":                 {9, 6, 0, false},
		"all, but only four":           {0, 4, 0, false},
		"all, one each day":            {0, 5, 0, true},
		"half of what was not dropped": {5, 5, 5, true},
	} {
		var claims []claim
		add := func(n int, territory city.TerritoryID, day string, standing bool) {
			for range n {
				claims = append(claims, claim{territory: territory, day: calendar.MustParseDate(day), standing: standing})
			}
		}
		add(c.early, "a", "2026-06-25", true)
		add(c.dropped, "a", "2026-06-25", false)
		add(c.late, "a", "2026-06-26", true)
		add(20, "b", "2026-06-01", true)
		add(5, "b", "2026-06-30", true)
		add(1, "a", "2026-06-30", false)
		hit := rushed(claims, 40, end)
		for _, x := range claims {
			if want := c.want && x.territory == "a" && x.day.String() > "2026-06-25" && x.standing; hit(x) != want {
				t.Errorf("%s: %s %s %v", name, x.territory, x.day, !want)
			}
		}
	}
}
