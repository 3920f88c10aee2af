package plan

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// TestHistoryAgreesWithFold: whatever people do, the log has every correction,
// and those that it says hold are the ones the draft is made of.
func TestHistoryAgreesWithFold(t *testing.T) {
	p := sample(t)
	rapid.Check(t, func(rt *rapid.T) {
		var kept []Correction
		for range rapid.IntRange(1, 15).Draw(rt, "corrections") {
			d := fold(t, p, kept)
			c := drawCorrection(rt, &d, len(kept)+1)
			if c.Op == OpUndo && len(effective(kept)) == 0 || c.Op != OpUndo && d.apply(c) != nil {
				continue
			}
			kept = append(kept, c)
		}
		log, err := History(p, kept)
		if err != nil || len(log) != len(kept) {
			rt.Fatalf("%d of %d: %v", len(log), len(kept), err)
		}
		var holds []Correction
		for i, e := range log {
			if e.Undone > 0 && (log[e.Undone-1].Undid != e.Seq || e.Undone <= e.Seq) {
				rt.Fatalf("correction %d was undone by %d, which undid %d", i+1, e.Undone, log[e.Undone-1].Undid)
			}
			if e.Op != OpUndo && e.Undone == 0 {
				holds = append(holds, e.Correction)
			}
		}
		if want := effective(kept); len(holds) != len(want) || len(want) > 0 && !reflect.DeepEqual(holds, want) {
			rt.Fatalf("holds %v, want %v", holds, want)
		}
	})
}

func TestHistoryTellsBeforeAndAfter(t *testing.T) {
	p := sample(t)
	title := fold(t, p, nil).Tasks[1].Title
	id := "t2"
	all := []Correction{
		{Seq: 1, Op: OpSet, Item: id, Fields: map[string]string{"title": "甲"}},
		{Seq: 2, Op: OpSet, Item: id, Fields: map[string]string{"title": "乙", "due": "2026-09-30"}},
		{Seq: 3, Op: OpUndo},
		{Seq: 4, Op: OpSet, Item: id, Fields: map[string]string{"title": "丙"}},
		{Seq: 5, Op: OpAddTask, Item: id, Fields: map[string]string{"title": "丁"}},
		{Seq: 6, Op: OpMerge, Item: "a5"},
		{Seq: 7, Op: OpSet, Fields: map[string]string{"number": "新文号"}},
	}
	log, err := History(p, all)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		subject string
		changes []Part
		undone  int
	}{
		{title, []Part{{"title", title, "甲"}}, 0},
		{"甲", []Part{{"title", "甲", "乙"}, {"due", "", "2026-09-30"}}, 3},
		{"甲", nil, 0},
		{"甲", []Part{{"title", "甲", "丙"}}, 0},
		{"丁", []Part{{"title", "", "丁"}}, 0},
		{"丁", []Part{{"title", "丁", "丙"}}, 0},
		{fold(t, p, nil).Title, []Part{{"number", p.Number, "新文号"}}, 0},
	}
	for i, w := range want {
		if e := log[i]; e.Subject != w.subject || !reflect.DeepEqual(e.Changes, w.changes) || e.Undone != w.undone {
			t.Errorf("correction %d: %q %v undone %d; want %q %v %d", i+1, e.Subject, e.Changes, e.Undone, w.subject, w.changes, w.undone)
		}
	}
	if log[2].Undid != 2 || log[4].Task != "a5" || log[1].Task != id {
		t.Errorf("undid %d, tasks %q %q", log[2].Undid, log[4].Task, log[1].Task)
	}
}
