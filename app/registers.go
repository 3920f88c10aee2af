package app

import (
	"context"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/register"
)

// taskNamed gives the id of the task that a record names by that or by its number.
func (a *App) taskNamed(ctx context.Context, p org.Principal, name string) (id string, err error) {
	const most = 100 // a number is in the text of few other tasks
	ids, err := a.Plan.TaskIDs(ctx, p, plan.Filter{Text: name, Gone: true})
	if err != nil {
		return "", err
	}
	views, err := a.Plan.Views(ctx, p, append([]string{name}, ids[:min(len(ids), most)]...))
	if err != nil {
		return "", err
	}
	for _, v := range views {
		if v.ID == name || v.No == name {
			return v.ID, nil
		}
	}
	return "", errs.New(errs.NotFound, "没有这项任务")
}

// shares are the parts of this year's targets that registers count.
func (a *App) shares(ctx context.Context) (register.Shares, error) {
	p := org.Job("台账核查")
	year := calendar.Today(a.DB.Now()).Year()
	ids, err := a.Plan.TaskIDs(ctx, p, plan.Filter{Kind: plan.KindCity})
	if err != nil {
		return nil, err
	}
	views, err := a.Plan.Views(ctx, p, ids)
	if err != nil {
		return nil, err
	}
	all := register.Shares{}
	for _, v := range views {
		if !counted(v) {
			continue
		}
		d, err := a.Plan.Task(ctx, p, v.ID)
		if err != nil {
			return nil, err
		}
		if d.Plan.Year <= year && year <= d.Plan.YearEnd {
			addShares(all, d.Targets)
		}
	}
	return all, nil
}

// counted reports whether a register counts a target of the task.
func counted(v plan.TaskView) bool {
	for _, t := range v.Targets {
		if t.Measure.Kind == plan.Register {
			return true
		}
	}
	return false
}

func addShares(all register.Shares, targets []plan.TargetDetail) {
	for _, t := range targets {
		id, count, ok := strings.Cut(t.Measure.Ref, "/")
		if t.Measure.Kind != plan.Register || t.VersionGone > 0 || !ok {
			continue
		}
		ref := register.CountRef{Register: register.ID(id), Count: count}
		if all[ref] == nil {
			all[ref] = map[city.TerritoryID]quantity.Quantity{}
		}
		for _, sh := range t.Shares {
			all[ref][sh.Territory] = sh.Value
		}
	}
}
