package plan

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// eachItem walks all items of a draft with their values now and as they were read.
func eachItem(d *Draft, f func(id string, now, read Values)) {
	f("", d.Values(), nil)
	for i := range d.Tasks {
		t := &d.Tasks[i]
		f(t.ID, t.Values(), t.AsRead())
		for j := range t.Units {
			f(t.Units[j].ID, t.Units[j].Values(), t.Units[j].AsRead())
		}
		for j := range t.Targets {
			f(t.Targets[j].ID, t.Targets[j].Values(), t.Targets[j].AsRead())
		}
	}
}

// snapshot are the values of all items.
func snapshot(d *Draft) map[string]Values {
	all := map[string]Values{}
	eachItem(d, func(id string, now, _ Values) { all[id] = now })
	return all
}

// TestValuesAreTheInverseOfSet: a form that is sent as it was drawn changes
// nothing, whatever was corrected before.
func TestValuesAreTheInverseOfSet(t *testing.T) {
	p := sample(t)
	rapid.Check(t, func(rt *rapid.T) {
		d := fold(t, p, nil)
		for n := range rapid.IntRange(0, 8).Draw(rt, "corrections") {
			c := drawCorrection(rt, &d, n+1)
			trial := fold(t, p, nil)
			if c.Op == OpUndo || trial.apply(c) != nil {
				continue
			}
			if d.apply(c) != nil {
				return // a refused correction may have left the draft half changed
			}
		}
		before := snapshot(&d)
		eachItem(&d, func(id string, now, _ Values) {
			if left := now.Differing(now); len(left) > 0 {
				rt.Fatalf("%s differs from itself: %v", id, left)
			}
			if id == "" && (d.Title == "" || d.Year == 0) {
				return // the particulars cannot be set to nothing
			}
			_ = d.set(Correction{Op: OpSet, Item: id, Fields: now})
		})
		if after := snapshot(&d); !reflect.DeepEqual(after, before) {
			rt.Fatalf("setting items to their own values changed the draft:\n%v\n%v", before, after)
		}
	})
}

func TestAsReadStaysWhatWasRead(t *testing.T) {
	p := sample(t)
	was := map[string]Values{}
	d := fold(t, p, nil)
	eachItem(&d, func(id string, now, read Values) {
		if id != "" && len(now.Differing(read)) > 0 {
			t.Errorf("%s: uncorrected, yet %v is not %v", id, now, read)
		}
		was[id] = read
	})
	d = fold(t, p, []Correction{{Seq: 1, Op: OpSet, Item: "t2", Fields: map[string]string{"title": "改过"}}, {Seq: 2, Op: OpAddTask, Fields: map[string]string{"title": "补充"}}})
	eachItem(&d, func(id string, now, read Values) {
		if id == "a2" && read != nil {
			t.Error("an added task was read")
		}
		if len(read.Differing(was[id])) > 0 {
			t.Errorf("%s: what was read changed with a correction", id)
		}
		if id == "t2" && (now["title"] != "改过" || len(read.Differing(now)) != 1) {
			t.Errorf("%v beside %v", now, read)
		}
	})
}

func TestDiffering(t *testing.T) {
	now := Values{"title": "甲", "path": "一\n二", "due": ""}
	for _, c := range []struct {
		name string
		form Values
		want int
	}{
		{"the same", Values{"title": "甲", "path": "一\n二", "due": ""}, 0},
		{"line ends of a browser", Values{"path": "一\r\n二\r\n"}, 0},
		{"white space around", Values{"title": " 甲 "}, 0},
		{"fields left out", Values{}, 0},
		{"one changed", Values{"title": "乙", "due": ""}, 1},
		{"one emptied", Values{"title": ""}, 1},
	} {
		if got := now.Differing(c.form); len(got) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
