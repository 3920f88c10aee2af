package plan

import (
	"fmt"
	"strconv"

	"bihuan/plan/read"
)

// Logged is a correction with what it changed, for the log of corrections.
type Logged struct {
	Correction
	Task    string // id of the task it concerns; "" for the plan as a whole
	Subject string // what it concerns: the title, name or subject at that time
	Changes []Part // by field name, with the values as a form sends them
	Undone  int    // the correction that took it back; 0 while it holds
	Undid   int    // the correction that it took back, for OpUndo
}

// History tells for each correction what it changed, in the order in which the
// corrections were made. It applies them one by one, as Fold does.
func History(p read.Plan, all []Correction) ([]Logged, error) {
	d := newDraft(p)
	var standing []int // places in all of the corrections that hold
	out := make([]Logged, len(all))
	for i, c := range all {
		out[i] = Logged{Correction: c}
		if c.Op != OpUndo {
			out[i].describe(&d)
			if err := d.apply(c); err != nil {
				return nil, fmt.Errorf("correction %d: %w", c.Seq, err)
			}
			standing = append(standing, i)
			continue
		}
		if len(standing) == 0 {
			continue
		}
		last := standing[len(standing)-1]
		standing = standing[:len(standing)-1]
		out[i].Undid, out[last].Undone = all[last].Seq, c.Seq
		out[i].Task, out[i].Subject = out[last].Task, out[last].Subject
		kept := make([]Correction, len(standing))
		for n, at := range standing {
			kept[n] = all[at]
		}
		var err error
		if d, err = Fold(p, kept); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// describe notes what the correction is about to change in the draft.
func (l *Logged) describe(d *Draft) {
	before := l.find(d)
	switch l.Op {
	case OpSet, OpAddUnit, OpAddTarget, OpAddTask:
		if l.Op != OpSet {
			before = nil
		}
		for _, name := range FieldNames() {
			if after, ok := l.Fields[name]; ok {
				l.Changes = append(l.Changes, Part{name, before[name], after})
			}
		}
	case OpSplit:
		l.Changes = []Part{{"title", l.Subject, l.Subject + "；" + l.Fields["title"]}}
	case OpMerge:
		if i, err := d.task(l.Item); err == nil {
			if into := d.liveBefore(i); into >= 0 {
				l.Changes = []Part{{"title", l.Subject, d.Tasks[into].Title}}
			}
		}
	case OpDecide:
		l.Changes = []Part{{"choice", string(d.Choices[l.Item]), l.Fields["choice"]}}
	case OpDelete, OpRestore, OpUndo:
	}
}

// find fills in what the correction concerns and gives the values of that item.
func (l *Logged) find(d *Draft) Values {
	if l.Op == OpAddTask { // Item is only the task it comes after
		l.Task, l.Subject = "a"+strconv.Itoa(l.Seq), l.Fields["title"]
		return nil
	}
	for i := range d.Tasks {
		t := &d.Tasks[i]
		if t.ID == l.Item {
			l.Task, l.Subject = t.ID, t.Title
			return t.Values()
		}
		for j := range t.Units {
			if u := &t.Units[j]; u.ID == l.Item {
				l.Task, l.Subject = t.ID, u.Name
				return u.Values()
			}
		}
		for j := range t.Targets {
			if g := &t.Targets[j]; g.ID == l.Item {
				l.Task, l.Subject = t.ID, g.Pledge()
				return g.Values()
			}
		}
	}
	if l.Op == OpSet && l.Item == "" {
		l.Subject = d.Title
		return d.Values()
	}
	return nil
}

// liveBefore is the place of the live task before place i, -1 when there is none.
func (d *Draft) liveBefore(i int) int {
	for i--; i >= 0 && d.Tasks[i].Deleted; i-- {
	}
	return i
}
