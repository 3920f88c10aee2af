package register

import "testing"

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
		"asked for two moves ago":          {"c", "paper", nil, []Event{create, claim, verify}, "a", true},
		"asked for through a chain":        {"d", "paper", nil, []Event{create, claim, verify, report}, "a", true},
		"asked for where it counted":       {"d", "extra", nil, []Event{create, claim, verify, report}, "b", true},
		"required, asked for by no move":   {"c", "must", nil, []Event{create, claim, verify}, "b", true},
		"nobody asked":                     {"c", "extra", nil, []Event{create, claim, verify}, "b", false},
		"asked for on a way that was left": {"c", "paper", nil, []Event{create, claim, event("b", "return", "a"), event("a", "jump", "c")}, "a", false},
		"it does not count":                {"b", "paper", nil, []Event{create, claim}, "b", false},
		"another is there":                 {"c", "paper", []Proof{{Kind: "paper"}}, []Event{create, claim, verify}, "c", false},
		"another that is false":            {"c", "paper", []Proof{{Kind: "paper", Falsified: true}}, []Event{create, claim, verify}, "a", true},
		"counts from its entry":            {"c", "must", nil, []Event{event("", "create", "c")}, "c", true},
	} {
		back, lost := d.unproved(Record{Stage: c.stage, Proofs: c.proofs}, c.kind, c.history)
		if lost != c.lost || lost && back != c.back {
			t.Errorf("%s: %s %v, want %s %v", name, back, lost, c.back, c.lost)
		}
	}
}
