package plan

import (
	"errors"
	"slices"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/plan/read"
)

// Op is a way of correcting a reading.
type Op string

// The ways.
const (
	OpSet       Op = "set"        // Fields of Item (or of the plan, when Item is "") get new values
	OpAddTask   Op = "add_task"   // a new task after Item ("" = at the end)
	OpAddUnit   Op = "add_unit"   // a new unit in the task Item
	OpAddTarget Op = "add_target" // a new target in the task Item
	OpDelete    Op = "delete"     // Item is not published
	OpRestore   Op = "restore"    // Item is published after all
	OpSplit     Op = "split"      // the task Item ends at byte At; what follows becomes a task of its own
	OpMerge     Op = "merge"      // the task Item becomes part of the live task before it
	OpDecide    Op = "decide"     // what becomes of the difference Item between this document and the list: Fields["choice"]
	OpUndo      Op = "undo"       // takes back the last correction that still holds
)

// Correction is one change that a person made to a reading. Fields carries the
// new values as a form sends them.
type Correction struct {
	Seq    int               `json:"-"`
	Op     Op                `json:"op"`
	Item   string            `json:"item,omitempty"`
	Fields map[string]string `json:"fields,omitempty"`
	At     int               `json:"at,omitempty"`
	By     string            `json:"-"`
	ByName string            `json:"-"`
	When   time.Time         `json:"-"`
}

// effective drops the corrections that a later undo took back, and the undos.
func effective(all []Correction) []Correction {
	kept := make([]Correction, 0, len(all))
	for _, c := range all {
		if c.Op != OpUndo {
			kept = append(kept, c)
		} else if len(kept) > 0 {
			kept = kept[:len(kept)-1]
		}
	}
	return kept
}

// apply changes the draft by one correction or says in the user's words why not.
func (d *Draft) apply(c Correction) error {
	switch c.Op {
	case OpSet:
		return d.set(c)
	case OpAddTask:
		return d.addTask(c)
	case OpAddUnit, OpAddTarget:
		return d.addPart(c)
	case OpDelete, OpRestore:
		item, err := d.item(c.Item)
		if err != nil {
			return err
		}
		item.Deleted = c.Op == OpDelete
		return nil
	case OpSplit:
		return d.split(c)
	case OpMerge:
		return d.merge(c)
	case OpDecide:
		return d.decide(c)
	case OpUndo:
	}
	return errs.New(errs.Invalid, "不认识的更正方式“%s”", c.Op)
}

// task finds a task by its id and gives its place.
func (d *Draft) task(id string) (int, error) {
	for i := range d.Tasks {
		if d.Tasks[i].ID == id {
			return i, nil
		}
	}
	return 0, gone(id)
}

func gone(id string) error {
	return errs.New(errs.Conflict, "条目 %s 已不存在：可能刚被别人合并，请刷新页面", id)
}

// item finds a task, unit or target by its id.
func (d *Draft) item(id string) (*Item, error) {
	for i := range d.Tasks {
		t := &d.Tasks[i]
		if t.ID == id {
			return &t.Item, nil
		}
		for j := range t.Units {
			if t.Units[j].ID == id {
				return &t.Units[j].Item, nil
			}
		}
		for j := range t.Targets {
			if t.Targets[j].ID == id {
				return &t.Targets[j].Item, nil
			}
		}
	}
	return nil, gone(id)
}

func (d *Draft) set(c Correction) error {
	if c.Item == "" {
		return d.setPlan(c.Fields)
	}
	for i := range d.Tasks {
		t := &d.Tasks[i]
		if t.ID == c.Item {
			return t.set(c.Fields)
		}
		for j := range t.Units {
			if t.Units[j].ID == c.Item {
				return t.Units[j].set(c.Fields)
			}
		}
		for j := range t.Targets {
			if t.Targets[j].ID == c.Item {
				return t.Targets[j].set(c.Fields)
			}
		}
	}
	return gone(c.Item)
}

// eachField calls set for every field in name order and collects what is refused.
func eachField(fields map[string]string, set func(name, value string) error) error {
	var check errs.Check
	names := make([]string, 0, len(fields))
	for n := range fields {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		check.Add(n, set(n, strings.TrimSpace(fields[n])))
	}
	return check.Err()
}

func unknownField(name string) error { return errs.New(errs.Invalid, "没有“%s”这一项", name) }

func (d *Draft) setPlan(fields map[string]string) error {
	return eachField(fields, func(name, v string) (err error) {
		switch name {
		case "title":
			d.Title, err = filled(v, 200)
		case "number":
			d.Number, err = short(v, 60)
		case "date":
			d.Date, err = dateOrEmpty(v)
		case "year":
			d.Year, err = year(v)
		case "year_end":
			d.YearEnd, err = year(v)
		case "issuers":
			d.Issuers = strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune("、，,；;\r\n", r) })
			_, err = short(v, 1000)
		default:
			err = unknownField(name)
		}
		return err
	})
}

func (t *DraftTask) set(fields map[string]string) error {
	err := eachField(fields, func(name, v string) (err error) {
		switch name {
		case "title":
			t.Title, err = filled(v, 200)
			if err == nil && len(t.Path) > 0 {
				t.Path = append(slices.Clone(t.Path[:len(t.Path)-1]), v)
			}
		case "number":
			t.Number, err = short(v, 20)
		case "path":
			t.Path, err = headings(v)
			t.Path = append(t.Path, t.Title)
		case "category":
			t.Category, err = category(v)
		case "section":
			t.Section, err = section(v)
		case "due":
			t.Due, err = dateOrEmpty(v)
		case "parent": // whether there is such a task, the review asks the lists
			t.Parent, err = short(v, 40)
		default:
			err = unknownField(name)
		}
		return err
	})
	t.noteChanges()
	return err
}

// headings reads the headings above a task, one a line, the outermost first.
func headings(v string) (all []string, err error) {
	for _, h := range strings.FieldsFunc(v, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if h = strings.TrimSpace(h); h != "" {
			all = append(all, h)
		}
	}
	_, err = short(v, 1000)
	return all, err
}

func (t *DraftTask) noteChanges() {
	if t.Read == nil {
		return
	}
	t.Changed = changed(map[string]bool{
		"title": t.Title != t.Read.Title, "number": t.Number != t.Read.Number, "due": t.Due != t.Read.Due,
		"section": t.Section != t.Read.Section, "category": t.Category != defaultCategory(t.Read),
		"path": !slices.Equal(above(t.Path), above(t.Read.Path)),
		"span": t.Span != t.Read.Span,
	})
}

func changed(differs map[string]bool) []string {
	var names []string
	for n, yes := range differs {
		if yes {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names
}

func (u *DraftUnit) set(fields map[string]string) error {
	err := eachField(fields, func(name, v string) (err error) {
		switch name {
		case "name":
			u.Name, err = filled(v, 60)
		case "role":
			u.Role, err = role(v)
		case "as": // whether there is such a unit, Correct asks the directory
			u.As = city.UnitID(v)
		default:
			err = unknownField(name)
		}
		return err
	})
	if u.Read != nil {
		u.Changed = changed(map[string]bool{"name": u.Name != u.Read.Name, "role": u.Role != u.Read.Role, "as": u.As != ""})
	}
	return err
}

// set changes the target as a whole: the values are checked one by one, then together.
func (g *DraftTarget) set(fields map[string]string) error {
	next := *g
	err := eachField(fields, next.setField)
	if err == nil {
		err = next.check()
	}
	if err != nil {
		return err
	}
	next.noteChanges()
	*g = next
	return nil
}

func (g *DraftTarget) setField(name, v string) (err error) {
	switch name {
	case "subject":
		g.Subject, err = filled(v, 100)
	case "kind":
		if !slices.Contains(TargetKinds, TargetKind(v)) {
			return errs.New(errs.Invalid, "请选择目标类型")
		}
		g.Kind = TargetKind(v)
	case "comparator":
		if !slices.Contains(Comparators, read.Comparator(v)) {
			return errs.New(errs.Invalid, "请选择比较方式")
		}
		g.Comparator = read.Comparator(v)
	case "value":
		g.Value, err = amount(v)
	case "value_max":
		g.ValueMax, err = amount(v)
	case "baseline":
		g.Baseline, err = amount(v)
	case "unit":
		g.Unit, err = short(v, 20)
	case "deadline":
		g.Deadline, err = dateOrEmpty(v)
	case "deadline_text":
		g.DeadlineText, err = short(v, 40)
	case "aspirational":
		g.Aspirational = v == "1"
	case "cumulative":
		g.Cumulative = v == "1"
	case "words":
		g.Words, err = short(v, 100)
	case "quote":
		g.Quote, err = short(v, 500)
	case "curve":
		g.Curve = v
	default:
		err = unknownField(name)
	}
	return err
}

// check holds the parts of a target against each other.
func (g *DraftTarget) check() error {
	var c errs.Check
	needs := g.Kind != Qualitative && g.Kind != Comparison
	c.Require(!needs || g.Value != nil, "value", "请填写目标值；没有数值的，类型选“待量化”")
	if g.Comparator == read.Range && needs {
		c.Require(g.ValueMax != nil, "value_max", "区间目标请填写上限")
		c.Require(g.ValueMax == nil || g.Value == nil || *g.ValueMax > *g.Value, "value_max", "上限应大于下限")
	}
	c.Require(!needs || g.Unit != "", "unit", "请填写计量单位")
	c.Require(g.Subject != "", "subject", "请填写目标对象")
	if g.Curve != "" {
		// Whether its days lie within the task's is checked with the whole draft: here the term is not known.
		_, err := ParseCurve(g.Curve, calendar.Of(1000, 1, 1), calendar.Of(9999, 12, 31))
		c.Add("curve", err)
	}
	return c.Err()
}

func (g *DraftTarget) noteChanges() {
	var was DraftTarget
	switch {
	case g.Read != nil:
		was = newDraftTarget(g.ID, g.Read)
	case g.Promise != nil:
		was = newPromise(g.ID, g.Promise)
	default:
		return
	}
	g.Changed = changed(map[string]bool{
		"subject": g.Subject != was.Subject, "kind": g.Kind != was.Kind, "comparator": g.Comparator != was.Comparator,
		"value": !sameAmount(g.Value, was.Value), "value_max": !sameAmount(g.ValueMax, was.ValueMax), "unit": g.Unit != was.Unit,
		"deadline": g.Deadline != was.Deadline, "aspirational": g.Aspirational != was.Aspirational,
		"cumulative": g.Cumulative != was.Cumulative, "baseline": g.Baseline != nil, "curve": g.Curve != "", "words": g.Words != was.Words,
	})
}

func sameAmount(a, b *quantity.Quantity) bool {
	return (a == nil) == (b == nil) && (a == nil || *a == *b)
}

// messageOf is what a refusal says to the user.
func messageOf(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// fieldError is a refusal that belongs beside one field.
func fieldError(name, message string) error {
	var c errs.Check
	c.Require(false, name, "%s", message)
	return c.Err()
}
