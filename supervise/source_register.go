package supervise

import (
	"context"
	"net/url"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/plan"
	"bihuan/register"
)

// Counter is the part of the register room that lights are computed from.
type Counter interface {
	At(ctx context.Context, refs []register.CountRef, day calendar.Date) (map[register.CountRef]register.Values, error)
	Changes(ctx context.Context, n int64) (now int64, refs []register.CountRef, all bool, err error)
}

// registers serves the measure that counts records.
type registers struct {
	counter    Counter
	definition func(register.ID) (*register.Definition, bool)
}

// FromRegisters makes the register room a source; definition finds a register of the pack.
func FromRegisters(c Counter, definition func(register.ID) (*register.Definition, bool)) Source {
	return registers{c, definition}
}

// Kind is plan.Register.
func (registers) Kind() plan.MeasureKind { return plan.Register }

// countRef reads "parcel-point/open".
func countRef(ref string) register.CountRef {
	id, count, _ := strings.Cut(ref, "/")
	return register.CountRef{Register: register.ID(id), Count: count}
}

// At asks for all counts at once.
func (r registers) At(ctx context.Context, refs []string, day calendar.Date) (map[string]Reading, error) {
	counts := make([]register.CountRef, len(refs))
	for i, ref := range refs {
		counts[i] = countRef(ref)
	}
	values, err := r.counter.At(ctx, counts, day)
	if err != nil {
		return nil, err
	}
	got := make(map[string]Reading, len(values))
	for ref, v := range values {
		got[ref.String()] = Reading{Values: v}
	}
	return got, nil
}

// Changes names the counts that changed.
func (r registers) Changes(ctx context.Context, n int64) (now int64, refs []string, all bool, err error) {
	now, changed, all, err := r.counter.Changes(ctx, n)
	for _, ref := range changed {
		refs = append(refs, ref.String())
	}
	return now, refs, all, err
}

// Check refuses a register or a counting rule that the pack does not have, and
// one that counts what stands for a target that asks for what is new, or the other way.
func (r registers) Check(ref string, target plan.TargetKind) error {
	c := countRef(ref)
	d, ok := r.definition(c.Register)
	if !ok {
		return errs.New(errs.Invalid, "没有台账“%s”：编号写成 台账/计数，如 parcel-point/open", c.Register)
	}
	rule, ok := d.Count(c.Count)
	if !ok {
		return errs.New(errs.Invalid, "台账“%s”没有计数规则“%s”", d.Name, c.Count)
	}
	if target == plan.Flow && rule.Mode != register.Flow || target == plan.Stock && rule.Mode != register.Stock {
		return errs.New(errs.Invalid, "目标是%s，台账“%s”的“%s”不是：请换一个计数规则", target.Label(), d.Name, rule.Name)
	}
	return nil
}

// Name is the register with its counting rule.
func (r registers) Name(ref string) string {
	c := countRef(ref)
	d, ok := r.definition(c.Register)
	if !ok {
		return "台账“" + string(c.Register) + "”"
	}
	name := "台账“" + d.Name + "”"
	if rule, ok := d.Count(c.Count); ok && rule.Name != d.Name {
		name += "（" + rule.Name + "）"
	}
	return name
}

// Link is the list of the records that a count of a day counts.
func (r registers) Link(ref string, day calendar.Date, territory city.TerritoryID) string {
	c := countRef(ref)
	q := url.Values{"count": {c.Count}, "at": {day.String()}}
	if territory != "" {
		q.Set("territory", string(territory))
	}
	return "/registers/" + url.PathEscape(string(c.Register)) + "?" + q.Encode()
}
