package register_test

import (
	"context"
	"testing"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
)

// naming is a room with one task, which has a number; the county's people may not see it.
func (r room) naming() room {
	r.s = r.made(func(p *register.Parts) {
		p.Task = func(_ context.Context, p org.Principal, name string) (string, error) {
			switch {
			case name == "broken":
				return "", errs.New(errs.Internal, "no answer")
			case name != "task1" && name != "2026-01-003":
				return "", errs.New(errs.NotFound, "没有这项任务")
			case p.UnitID != "commerce":
				return "", errs.New(errs.Forbidden, "看不到")
			}
			return "task1", nil
		}
	})
	return r
}

// TestTaskMustExist: a value names a task by its id or number; what is not there and
// what the person may not see are refused in the same words.
func TestTaskMustExist(t *testing.T) {
	both(t, func(r room) {
		r = r.naming()
		boss := r.Dispatcher()
		d, _ := r.s.Catalog().Get("reminder-letter")
		draft := r.filled(d, "task", "2026-01-003")
		id, err := r.s.Create(ctx, boss, draft)
		r.ok(err)
		if got := r.view(boss, id).Values["task"]; got != "task1" {
			r.Errorf("the task stands as %q", got)
		}
		for _, name := range []string{"2026-01-004", "no-such"} {
			_, err := r.s.Create(ctx, boss, r.filled(d, "task", name))
			if m := errs.FieldMessages(err); len(m) != 1 || m["task"] != "“任务”：没有这项任务，请填写任务编号或重新选择" {
				r.Errorf("%s: %v", name, err)
			}
			err = r.s.Edit(ctx, boss, id, r.view(boss, id).Revision, map[string]string{"task": name}, "")
			r.refused(err, errs.Invalid, "没有这项任务")
		}
		if _, err := r.s.Create(ctx, boss, r.filled(d, "task", "broken")); errs.CodeOf(err) != errs.Internal {
			r.Errorf("a fault is told as a refusal: %v", err)
		}
		// In a batch each one is refused for itself.
		var refused []error
		r.ok(r.s.Enter(ctx, boss, []register.Draft{r.filled(d, "task", "no-such"), r.filled(d, "task", "task1"), r.filled(d, "task", "")}, func(_ *db.Tx, all []error) error { refused = all; return nil }))
		if refused[1] != nil || refused[2] != nil || errs.FieldMessages(refused[0])["task"] == "" {
			r.Errorf("%v", refused)
		}
		stranger := r.Person("stranger", "post", org.UnitHead)
		err = r.s.Edit(ctx, stranger, id, r.view(boss, id).Revision, map[string]string{"task": "task1"}, "")
		r.refused(err, errs.Invalid, "没有这项任务")
	})
}

// filled is a draft with every required value, and others.
func (r room) filled(d *register.Definition, pairs ...string) register.Draft {
	values := map[string]string{}
	for _, f := range d.Fields {
		if !f.Required {
			continue
		}
		values[f.Name] = map[register.FieldType]string{register.Date: "2026-06-01", register.UnitRef: "post", register.Number: "1", register.Truth: "是", register.USCC: goodUSCC}[f.Type]
		switch {
		case values[f.Name] != "":
		case len(f.Options) > 0:
			values[f.Name] = f.Options[0]
		default:
			values[f.Name] = "文字"
		}
	}
	return register.Draft{Register: d.ID, Values: with(values, pairs...)}
}

// TestRecordMustExist: a value names a record of the right register.
func TestRecordMustExist(t *testing.T) {
	both(t, func(r room) {
		clerk := r.Head("commerce")
		clerk.Roles = []org.Role{org.UnitClerk}
		visits, _ := r.s.Catalog().Get("enterprise-visit")
		problems, _ := r.s.Catalog().Get("enterprise-problem")
		visit, err := r.s.Create(ctx, clerk, r.filled(visits))
		r.ok(err)
		point := r.entered(1, 101)
		for _, name := range []string{"no-such", point} {
			_, err = r.s.Create(ctx, clerk, r.filled(problems, "visit", name))
			if m := errs.FieldMessages(err); len(m) != 1 || m["visit"] != "“来自走访”：台账“"+visits.Name+"”里没有这条记录，请重新选择" {
				r.Errorf("%s: %v", name, err)
			}
		}
		id, err := r.s.Create(ctx, clerk, r.filled(problems, "visit", visit))
		r.ok(err)
		r.refused(r.s.Edit(ctx, clerk, id, r.view(clerk, id).Revision, map[string]string{"visit": point}, ""), errs.Invalid, "来自走访")
		var refused []error
		r.ok(r.s.Enter(ctx, clerk, []register.Draft{r.filled(problems, "visit", point), r.filled(problems, "visit", visit)}, func(_ *db.Tx, all []error) error { refused = all; return nil }))
		if errs.FieldMessages(refused[0])["visit"] == "" || refused[1] != nil {
			r.Errorf("%v", refused)
		}
		_, err = r.s.Create(ctx, clerk, r.filled(problems, "handler", "nobody"))
		if m := errs.FieldMessages(err); m["handler"] == "" {
			r.Errorf("%v", err)
		}
	})
}
