package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/plan/read"
)

// The corrections that change which items there are: add, split, merge.

func (d *Draft) addTask(c Correction) error {
	t := DraftTask{Item: Item{ID: "a" + strconv.Itoa(c.Seq), Origin: ByHand}, Section: read.SectionTasks, Category: city.CategoryProject}
	at := len(d.Tasks)
	if c.Item != "" {
		i, err := d.task(c.Item)
		if err != nil {
			return err
		}
		at = i + 1
		t.Section = d.Tasks[i].Section
		if n := len(d.Tasks[i].Path); n > 0 {
			t.Path = slices.Clone(d.Tasks[i].Path[:n-1])
		}
	}
	t.Path = append(t.Path, "")
	if c.Fields["title"] == "" {
		return fieldError("title", "请填写任务名称")
	}
	if err := t.set(c.Fields); err != nil {
		return err
	}
	d.Tasks = slices.Insert(d.Tasks, at, t)
	return nil
}

func (d *Draft) addPart(c Correction) error {
	i, err := d.task(c.Item)
	if err != nil {
		return err
	}
	t := &d.Tasks[i]
	item := Item{ID: "a" + strconv.Itoa(c.Seq), Origin: ByHand}
	if c.Op == OpAddUnit {
		u := DraftUnit{Item: item, Role: read.RoleResponsible}
		if c.Fields["name"] == "" {
			return fieldError("name", "请填写单位名称")
		}
		if err := u.set(c.Fields); err != nil {
			return err
		}
		t.Units = append(t.Units, u)
		return nil
	}
	g := DraftTarget{Item: item, Kind: Flow, Comparator: read.AtLeast}
	if err := g.set(c.Fields); err != nil {
		return err
	}
	t.Targets = append(t.Targets, g)
	return nil
}

// split cuts a task in two at a byte of the text. What lies after the cut goes
// with the second part; what was added by hand stays with the first.
func (d *Draft) split(c Correction) error {
	i, err := d.liveTask(c.Item)
	if err != nil {
		return err
	}
	first := d.Tasks[i]
	if err := first.maySplit(c.At); err != nil {
		return err
	}
	title, err := filled(strings.TrimSpace(c.Fields["title"]), 200)
	if err != nil {
		return fieldError("title", "请填写拆出任务的名称")
	}
	second := DraftTask{
		Item:    Item{ID: "a" + strconv.Itoa(c.Seq), Origin: ByHand, Span: read.Span{Start: c.At, End: first.Span.End}},
		Section: first.Section, Category: first.Category, Due: first.Due, Title: title,
	}
	if n := len(first.Path); n > 0 {
		second.Path = append(slices.Clone(first.Path[:n-1]), title)
	}
	first.Span.End = c.At
	first.Targets, second.Targets = divide(first.Targets, c.At, func(g DraftTarget) Item { return g.Item })
	// Both parts answer to the same units: the list at the end was written for all of it.
	for n, u := range first.Units {
		u.ID = fmt.Sprintf("%s.u%d", second.ID, n+1)
		second.Units = append(second.Units, u)
	}
	first.noteChanges()
	d.Tasks[i] = first
	d.Tasks = slices.Insert(d.Tasks, i+1, second)
	return nil
}

// maySplit refuses a cut outside the task's text and one through the words of a target.
func (t *DraftTask) maySplit(at int) error {
	if at <= t.Span.Start || at >= t.Span.End {
		return errs.New(errs.Invalid, "拆分的位置应在任务正文之内")
	}
	for _, g := range t.Targets {
		if g.Span.Start < at && at < g.Span.End {
			return errs.New(errs.Invalid, "拆分的位置在目标“%s”的文字中间：请选在句子之间", g.Pledge())
		}
	}
	return nil
}

// liveTask finds a task that is not deleted.
func (d *Draft) liveTask(id string) (int, error) {
	i, err := d.task(id)
	if err == nil && d.Tasks[i].Deleted {
		return 0, errs.New(errs.Conflict, "任务“%s”已删除：请先恢复", d.Tasks[i].Title)
	}
	return i, err
}

func divide[T any](all []T, at int, item func(T) Item) (before, after []T) {
	for _, x := range all {
		if s := item(x).Span; s.End > s.Start && s.Start >= at {
			after = append(after, x)
		} else {
			before = append(before, x)
		}
	}
	return before, after
}

// merge puts a task's units and targets into the live task before it and takes the task away.
func (d *Draft) merge(c Correction) error {
	i, err := d.liveTask(c.Item)
	if err != nil {
		return err
	}
	into := i - 1
	for into >= 0 && d.Tasks[into].Deleted {
		into--
	}
	if into < 0 {
		return errs.New(errs.Invalid, "这是第一项任务，前面没有可以并入的任务")
	}
	a, b := &d.Tasks[into], d.Tasks[i]
	for _, u := range b.Units {
		if !slices.ContainsFunc(a.Units, func(x DraftUnit) bool { return x.Name == u.Name && !x.Deleted }) {
			a.Units = append(a.Units, u)
		}
	}
	a.Targets = append(a.Targets, b.Targets...)
	switch {
	case b.Span.End <= b.Span.Start: // added by hand: it has no place in the text
	case a.Span.End <= a.Span.Start:
		a.Span = b.Span
	default:
		a.Span = read.Span{Start: min(a.Span.Start, b.Span.Start), End: max(a.Span.End, b.Span.End)}
	}
	a.noteChanges()
	d.Tasks = slices.Delete(d.Tasks, i, i+1)
	return nil
}
