package matters_test

import (
	"testing"
	"time"

	"bihuan/org"
)

func TestTheClerkIsToldWhatTheLightsSuggest(t *testing.T) {
	s := site(t)
	if a := s.Dispatcher().Get("/matters/proposals"); !a.Has("由人决定") || !a.Has("今天没有建议发单的任务") || !a.Has("今天没有到期前后的提醒") {
		t.Error("a day without anything to do")
	}
	s.Clock.Add(180 * 24 * time.Hour) // three working days before the end of the year
	if a := s.As("later", s.App.Pack.LeadUnit().ID, org.Dispatcher).Get("/matters/proposals"); a.Has("今天没有到期前后的提醒") || !a.Has("2026-12-31") {
		t.Error("nobody is reminded before the end of the year")
	}
	s.Clock.Add(30 * 24 * time.Hour)
	a := s.As("latest", s.App.Pack.LeadUnit().ID, org.Dispatcher).Get("/matters/proposals")
	for _, want := range []string{"任务逾期未办结", "拟蓝色督办单", "/registers/supervision-sheet/new?", "v-period=2026-12", "v-clause=", "v-addressee="} {
		if !a.Has(want) {
			t.Errorf("missing %q", want)
		}
	}
}
