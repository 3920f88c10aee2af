package register

import (
	"testing"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
)

// TestPausedLimit: time in a stage that pauses does not count, in the unit of the
// limit, however often; coming from anywhere else the limit begins anew.
func TestPausedLimit(t *testing.T) {
	pack, err := city.LoadBuiltin(city.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := LoadCatalog(pack)
	if err != nil {
		t.Fatal(err)
	}
	complaint, _ := catalog.Get("complaint-referral") // 60 natural days of mediation
	worked := *complaint
	worked.Stages = append([]Stage(nil), complaint.Stages...)
	for i := range worked.Stages {
		if worked.Stages[i].ID == "mediating" {
			worked.Stages[i].Limit = &city.Limit{Limit: calendar.Limit{N: 10, Unit: calendar.Workdays}}
		}
	}
	s := &Service{parts: Parts{Pack: pack}}
	at := func(day, from, to string) Event {
		return Event{At: calendar.MustParseDate(day).Start().Add(9 * time.Hour), From: from, To: to}
	}
	begun := []Event{at("2026-06-01", "", "received"), at("2026-06-01", "received", "deciding"), at("2026-06-02", "deciding", "mediating")}
	tested := append(append([]Event{}, begun...), at("2026-06-12", "mediating", "testing"))
	twice := append(append([]Event{}, tested...), at("2026-06-22", "testing", "mediating"), at("2026-06-23", "mediating", "mediating"), at("2026-06-24", "mediating", "testing"))
	for name, c := range map[string]struct {
		d       *Definition
		history []Event
		today   string
		want    string
	}{
		"begins":                      {complaint, begun[:2], "2026-06-02", "2026-08-01"},
		"ten days of testing":         {complaint, tested, "2026-06-22", "2026-08-11"},
		"tested twice":                {complaint, twice, "2026-06-29", "2026-08-16"},
		"back on the same day":        {complaint, tested, "2026-06-12", "2026-08-01"},
		"sent back and begun anew":    {complaint, append(append([]Event{}, tested...), at("2026-06-15", "testing", "mediating"), at("2026-06-16", "mediating", "follow-up"), at("2026-06-17", "follow-up", "received"), at("2026-06-17", "received", "deciding")), "2026-06-18", "2026-08-17"},
		"workdays: begins":            {&worked, begun[:2], "2026-06-02", "2026-06-16"},
		"workdays: a week of testing": {&worked, tested, "2026-06-22", "2026-06-24"},
	} {
		st, _ := c.d.Stage("mediating")
		if got := s.dueOf(c.d, Record{}, st, c.history, calendar.MustParseDate(c.today)); got.String() != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}
