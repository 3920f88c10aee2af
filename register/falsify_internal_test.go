package register

import (
	"testing"

	"bihuan/kit/calendar"
)

// TestUnproved: a chain of stages that count is walked back through to where the record
// did not count; what was asked for before a return to the first stage is forgotten.
func TestUnproved(t *testing.T) {
	d := &Definition{
		Proof: []ProofKind{{ID: "paper"}, {ID: "must", Required: true}, {ID: "extra"}},
		Stages: []Stage{
			{ID: "a", Moves: []Move{{ID: "claim", To: "b", Proof: []string{"paper"}}, {ID: "jump", To: "c"}}},
			{ID: "b", Moves: []Move{{ID: "verify", To: "c"}, {ID: "return", To: "a"}}},
			{ID: "c", Counts: true, Moves: []Move{{ID: "report", To: "d", Proof: []string{"extra"}}}},
			{ID: "d", Counts: true},
		},
	}
	event := func(from, move, to string) Event { return Event{From: from, Move: move, To: to} }
	create, claim, verify, report := event("", "create", "a"), event("a", "claim", "b"), event("b", "verify", "c"), event("c", "report", "d")
	for name, c := range map[string]struct {
		stage, kind string
		proofs      []Proof
		history     []Event
		back        string
		lost        bool
	}{
		"asked for two moves ago":           {"c", "paper", nil, []Event{create, claim, verify}, "a", true},
		"asked for through a chain":         {"d", "paper", nil, []Event{create, claim, verify, report}, "a", true},
		"asked for where it counted":        {"d", "extra", nil, []Event{create, claim, verify, report}, "b", true},
		"required, asked for by no move":    {"c", "must", nil, []Event{create, claim, verify}, "b", true},
		"nobody asked":                      {"c", "extra", nil, []Event{create, claim, verify}, "b", false},
		"asked for on a way that was left":  {"c", "paper", nil, []Event{create, claim, event("b", "return", "a"), event("a", "jump", "c")}, "a", false},
		"it does not count":                 {"b", "paper", nil, []Event{create, claim}, "b", false},
		"another is there":                  {"c", "paper", []Proof{{Kind: "paper"}}, []Event{create, claim, verify}, "c", false},
		"another that is false":             {"c", "paper", []Proof{{Kind: "paper", Falsified: true}}, []Event{create, claim, verify}, "a", true},
		"asked for, never out of the count": {"d", "extra", nil, []Event{event("", "create", "c"), report}, "d", true},
		"counts from its entry":             {"c", "must", nil, []Event{event("", "create", "c")}, "c", true},
	} {
		back, lost := d.unproved(Record{Stage: c.stage, Proofs: c.proofs}, c.kind, c.history)
		if lost != c.lost || lost && back != c.back {
			t.Errorf("%s: %s %v, want %s %v", name, back, lost, c.back, c.lost)
		}
	}
}

// TestRuns: what ended before its proof did does not begin again by an edit.
func TestRuns(t *testing.T) {
	day := calendar.MustParseDate
	d := &Definition{Effective: "from", Expiry: Expiry{Field: "until"}, Stages: []Stage{{ID: "out"}, {ID: "in", Counts: true}}}
	values := map[string]string{"from": "2026-03-01", "until": "2026-12-31"}
	for name, c := range map[string]struct {
		stage string
		to    calendar.Date
		want  bool
	}{
		"with its proof":       {"in", day("2027-01-01"), true},
		"ended before":         {"in", day("2026-06-01"), false},
		"where nothing counts": {"out", day("2027-01-01"), false},
	} {
		r := Record{Stage: c.stage, Values: values, Spans: []Span{{From: day("2026-03-01"), To: c.to}}}
		if got := d.runs(r); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if kept := d.respan(r.Spans, values, d.runs(r)); len(kept) != 1 || kept[0].To != c.to {
			t.Errorf("%s: %v", name, kept)
		}
	}
}
