package imports

import (
	"net/http"
	"strconv"

	"bihuan/kit/errs"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// comparePage sets a new version of a document against the list it renews.
type comparePage struct {
	ui.Base
	ID       string
	Revision string
	Editable bool
	Stats    ui.Stats
	Groups   []diffGroup
	Open     int // differences that nobody has decided
	Bulk     []ui.Option
}

// diffGroup are the differences of one kind.
type diffGroup struct {
	Kind  plan.DiffKind
	Title string
	Hint  string
	Items []diffItem
	Open  int
}

// diffItem is one difference.
type diffItem struct {
	Key     string
	ID      string // anchor
	Title   string
	OldURL  string // the task on the list
	NewURL  string // its words in the new document
	Changes ui.Diff
	Facts   []string // for what stands on one side only: units and targets
	Choice  string   // what was decided, in words; "" while open
	Take    ui.Button
	Keep    ui.Button
	Decided bool
}

// compareForm is the id of the form that all decisions send.
const compareForm = "decide"

// compare shows the differences.
func (a area) compare(c *frame.Ctx) error {
	l, err := a.load(c)
	if err != nil {
		return err
	}
	return a.drawCompare(c, http.StatusOK, &l, nil)
}

func (a area) drawCompare(c *frame.Ctx, status int, l *loaded, problem error) error {
	if l.Old == nil {
		return errs.New(errs.NotFound, "这份文件不是某份清单的新版本，没有可比较的内容")
	}
	v := comparePage{Base: c.Base("与原清单比较", importCrumbs(l.Import)...), ID: l.ID, Revision: strconv.Itoa(l.Revision), Editable: l.editable(), Open: plan.Undecided(l.Differences)}
	v.AsOf = ""
	v.Lede = "原清单“" + l.Old.Title + "”第 " + strconv.Itoa(l.Old.Version) + " 版，与新文件逐项比较。采用新文件的，进度和编号保留；移出清单的，记录保留。"
	for _, p := range ui.Problems(problem) {
		v.Flash = append(v.Flash, ui.Flash{Kind: ui.Danger, Text: p.Text})
	}
	v.Groups = l.diffGroups()
	for _, g := range v.Groups {
		v.Stats = append(v.Stats, ui.Stat{Label: g.Title, Value: ui.Int(int64(len(g.Items))), Unit: "项", URL: "#" + string(g.Kind)})
		if g.Open > 0 {
			v.Stats[len(v.Stats)-1].Sub = "未决定 " + strconv.Itoa(g.Open) + " 项"
		}
	}
	return c.Render(status, compareView(v))
}

// diffGroups sorts the differences by kind, with the buttons that decide each.
func (l *loaded) diffGroups() []diffGroup {
	groups := []diffGroup{
		{Kind: plan.DiffChanged, Hint: "两边都有，内容不同。"},
		{Kind: plan.DiffNew, Hint: "新文件中有，原清单没有。"},
		{Kind: plan.DiffGone, Hint: "原清单有，新文件中没有。"},
		{Kind: plan.DiffKept, Hint: "内容相同，不需要决定。"},
	}
	for i := range groups {
		g := &groups[i]
		g.Title = g.Kind.Label()
		for j := range l.Differences {
			if d := &l.Differences[j]; d.Kind == g.Kind {
				item := l.newDiffItem(d, "d"+strconv.Itoa(j+1))
				if d.Kind != plan.DiffKept && !item.Decided {
					g.Open++
				}
				g.Items = append(g.Items, item)
			}
		}
	}
	return groups
}

func (l *loaded) newDiffItem(d *plan.Difference, anchor string) diffItem {
	item := diffItem{Key: d.Key, ID: anchor, Changes: ui.Diff{Caption: "原清单与新文件的差别"}, Decided: d.Choice != ""}
	if d.Old != nil {
		item.Title, item.OldURL = d.Old.Title, "/tasks/"+d.Old.ID
		for _, u := range d.Old.Units {
			item.Facts = append(item.Facts, plan.RoleLabel(u.Role)+"："+u.Name)
		}
		for _, t := range d.Old.Targets {
			item.Facts = append(item.Facts, t.Pledge())
		}
	}
	if d.New != nil {
		item.Title, item.NewURL, item.Facts = d.New.Title, reviewURL(l.ID, "", d.New.ID), nil
		for _, u := range d.New.LiveUnits() {
			item.Facts = append(item.Facts, plan.RoleLabel(u.Role)+"："+u.Name)
		}
		for _, t := range d.New.LiveTargets() {
			item.Facts = append(item.Facts, t.Pledge())
		}
	}
	for _, p := range d.Parts {
		item.Changes.Changes = append(item.Changes.Changes, ui.Change{Name: p.Name, Before: p.Before, After: p.After})
	}
	if item.Decided {
		item.Choice = plan.ChoiceLabel(d.Kind, d.Choice)
	}
	button := func(c plan.Choice, name string) ui.Button {
		return ui.Button{Label: plan.ChoiceLabel(d.Kind, c), Small: true, FormID: compareForm, Name: name, Value: d.Key + "#" + anchor, Disabled: d.Choice == c, Why: decidedWhy(d.Choice == c)}
	}
	item.Take, item.Keep = button(plan.TakeNew, "take"), button(plan.KeepOld, "keep")
	return item
}

func decidedWhy(yes bool) string {
	if yes {
		return "已这样决定"
	}
	return ""
}

// decide decides one difference.
func (a area) decide(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	choice, value := plan.TakeNew, c.Form("take")
	if value == "" {
		choice, value = plan.KeepOld, c.Form("keep")
	}
	for i := range l.Differences {
		if key := l.Differences[i].Key; key+"#d"+strconv.Itoa(i+1) == value || key == value {
			err := a.app.Plan.Correct(c.R.Context(), c.P, l.ID, c.Int("revision", -1), plan.Correction{Op: plan.OpDecide, Item: key, Fields: map[string]string{"choice": string(choice)}})
			if err != nil {
				return a.refusedCompare(c, err)
			}
			return c.Done(importURL(l.ID, "compare")+nextOpen(&l, i), "已记下决定")
		}
	}
	return a.refusedCompare(c, errs.New(errs.Conflict, "这处差别已不存在：可能刚有别的更正，请核对后再决定"))
}

// nextOpen is the anchor of the difference that waits next after one, so that a
// person can decide one after another.
func nextOpen(l *loaded, after int) string {
	for i := after + 1; i < len(l.Differences); i++ {
		if d := l.Differences[i]; d.Kind != plan.DiffKept && d.Choice == "" {
			return "#d" + strconv.Itoa(i+1)
		}
	}
	return "#d" + strconv.Itoa(after+1)
}

// decideRest decides what is left in one way.
func (a area) decideRest(c *frame.Ctx) error {
	l, err := a.loadDraft(c)
	if err != nil {
		return err
	}
	n, err := a.app.Plan.DecideRest(c.R.Context(), c.P, l.ID, c.Int("revision", -1), plan.DiffKind(c.Form("kind")), plan.Choice(c.Form("choice")))
	if err != nil {
		return a.refusedCompare(c, err)
	}
	return c.Done(importURL(l.ID, "compare"), "已决定 "+strconv.Itoa(n)+" 处差别，仍可逐项更改")
}

func (a area) refusedCompare(c *frame.Ctx, cause error) error {
	if !mendable(cause) {
		return cause
	}
	l, err := a.load(c)
	if err != nil {
		return cause
	}
	return a.drawCompare(c, frame.StatusOf(errs.CodeOf(cause)), &l, cause)
}
