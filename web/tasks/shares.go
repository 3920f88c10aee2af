package tasks

import (
	"fmt"
	"net/http"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// sharesView is the grid in which a target is given out to counties.
type sharesView struct {
	ui.Base
	Target   plan.Target
	Form     ui.Form
	Rows     []shareRow
	Note     ui.Field
	Sum      shareSum
	Advice   ui.Alert // what an automatic split did; may be empty
	Check    string   // address that recomputes the sum
	Cancel   string
	Problems []ui.Problem
}

// shareRow is one territory.
type shareRow struct {
	Field    ui.Field
	Kind     string
	People   string // published number of residents with its year; "" without one
	Reported string // what is verified already
}

// shareSum holds what was typed against the target.
type shareSum struct {
	Text  string
	Exact bool
	Bad   bool
}

// shareTarget reads the target and refuses who may not give it out, and what cannot be given out.
func shareTarget(c *frame.Ctx) (plan.Detail, plan.TargetDetail, error) {
	d, t, err := targetFor(c.R.Context(), c)
	if err != nil {
		return d, t, err
	}
	if err := c.P.May(org.ShareEdit, scopeOf(d.Units, d.Territory)); err != nil {
		return d, t, err
	}
	if !t.Summable() || t.Value == nil {
		return d, t, errs.New(errs.Conflict, "“%s”是%s，不能按县区分解", t.Subject, t.Kind.Label())
	}
	return d, t, nil
}

func sharesForm(c *frame.Ctx) error {
	d, t, err := shareTarget(c)
	if err != nil {
		return err
	}
	typed := map[city.TerritoryID]string{}
	for _, sh := range t.Shares {
		typed[sh.Territory] = plan.Amount(sh.Value, "")
	}
	return c.Render(http.StatusOK, sharesTempl(sharesPage(c, d, t, typed, t.ShareNote)))
}

// typedShares are the parts as the form sends them.
func typedShares(c *frame.Ctx) map[city.TerritoryID]string {
	typed := map[city.TerritoryID]string{}
	for _, tr := range c.App.Pack.TerritoriesFor(city.CaliberZonesApart) {
		typed[tr.ID] = c.Form(string(tr.ID))
	}
	return typed
}

func sharesSave(c *frame.Ctx) error {
	d, t, err := shareTarget(c)
	if err != nil {
		return err
	}
	typed := typedShares(c)
	for id, v := range typed {
		if v == "" {
			delete(typed, id)
		}
	}
	err = c.App.Plan.ShareOut(c.R.Context(), c.P, t.ID, c.Int("revision", 0), typed, c.Form("note"))
	if err == nil {
		return c.Done(targetAnchor(d.ID, t.ID), "已分解到县区，各县区分别填报，全市数自动汇总。")
	}
	code := errs.CodeOf(err)
	if code != errs.Invalid && code != errs.Conflict {
		return err
	}
	v := sharesPage(c, d, t, typed, c.Form("note"))
	v.Problems = ui.Problems(err)
	messages := errs.FieldMessages(err)
	for i := range v.Rows {
		v.Rows[i].Field.Error = messages[v.Rows[i].Field.Name]
	}
	v.Note.Error = messages["note"]
	return c.Render(frame.StatusOf(code), sharesTempl(v))
}

// sharesCheck recomputes the sum of what was typed, or fills the grid by a rule;
// nothing is stored.
func sharesCheck(c *frame.Ctx) error {
	d, t, err := shareTarget(c)
	if err != nil {
		return err
	}
	typed := typedShares(c)
	advice := ui.Alert{}
	var shares []plan.Share
	switch c.Form("split") {
	case "even":
		shares, err = plan.SplitEven(c.App.Pack, *t.Value)
		advice = ui.Alert{Kind: ui.Info, Text: "已平均分配，余数给排在前面的地区。核对后再保存。"}
	case "population":
		var year int
		var missing []string
		shares, year, missing, err = plan.SplitByPopulation(c.App.Pack, *t.Value)
		advice = ui.Alert{Kind: ui.Info, Text: fmt.Sprintf("已按 %d 年人口（%s）分配，核对后再保存。", year, city.CaliberZonesApart)}
		if len(missing) > 0 {
			advice.Kind = ui.Warning
			advice.Text += strings.Join(missing, "、") + "没有这一年的公布数，没有分到，请人工调整。"
		}
	}
	if err != nil {
		if !errs.Is(err, errs.Invalid) {
			return err
		}
		advice = ui.Alert{Kind: ui.Warning, Text: ui.Problems(err)[0].Text}
	}
	if shares != nil {
		typed = map[city.TerritoryID]string{}
		for _, sh := range shares {
			typed[sh.Territory] = sh.Value.String()
		}
	}
	v := sharesPage(c, d, t, typed, c.Form("note"))
	v.Advice = advice
	return c.Render(http.StatusOK, sharesTempl(v))
}

func sharesPage(c *frame.Ctx, d plan.Detail, t plan.TargetDetail, typed map[city.TerritoryID]string, note string) sharesView {
	f := aboutTask(c, d, "分解到县区", targetAnchor(d.ID, t.ID))
	v := sharesView{Base: f.Base, Target: t.Target, Cancel: f.Cancel, Check: targetURL(t.ID) + "/shares/check", Sum: sumOf(t.Target, typed),
		Form: ui.Form{Action: targetURL(t.ID) + "/shares", Guard: true, NoValid: true, Hidden: []ui.HiddenPair{revisionField(d)}},
		Note: ui.Field{Kind: ui.TextArea, Name: "note", Label: "差额说明", Value: note, Rows: 2, Size: ui.Full, MaxLength: 300, Hint: "合计与目标不等时必填：差额由谁承担，或为何多分。"}}
	reported := map[city.TerritoryID]string{}
	for _, s := range t.Parts {
		if s.Value != nil {
			reported[s.Territory] = plan.Amount(*s.Value, t.Unit)
		}
	}
	for _, tr := range c.App.Pack.TerritoriesFor(city.CaliberZonesApart) {
		v.Rows = append(v.Rows, shareRow{Kind: tr.Kind.Label(), People: people(tr), Reported: reported[tr.ID],
			Field: ui.Field{Kind: ui.Number, Name: string(tr.ID), Label: tr.Short, Unit: t.Unit, Value: typed[tr.ID], Size: ui.Short}})
	}
	return v
}

// people is the newest published number of residents, counted without zones inside.
func people(tr city.Territory) string {
	var newest city.Population
	for _, p := range tr.Population {
		if q, ok := tr.PopulationIn(city.CaliberZonesApart, p.Year); ok && q.Year > newest.Year {
			newest = q
		}
	}
	if newest.Year == 0 {
		return ""
	}
	return fmt.Sprintf("%s 人（%d 年）", ui.Int(newest.Persons), newest.Year)
}

// sumOf adds up what was typed; the use case checks it again when it is saved.
func sumOf(t plan.Target, typed map[city.TerritoryID]string) shareSum {
	sum := quantity.Quantity(0)
	for _, text := range typed {
		q, err := plan.ParseAmount(text)
		if err == nil && q != nil {
			sum, err = sum.Add(*q)
		}
		if err != nil {
			return shareSum{Text: "有填写不对的数，无法合计", Bad: true}
		}
	}
	diff := *t.Value - sum
	s := shareSum{Text: fmt.Sprintf("合计 %s，目标 %s", plan.Amount(sum, t.Unit), plan.Amount(*t.Value, t.Unit)), Exact: diff == 0}
	switch {
	case diff > 0:
		s.Text += "，还差 " + plan.Amount(diff, t.Unit)
	case diff < 0:
		s.Text += "，多分 " + plan.Amount(-diff, t.Unit)
	default:
		s.Text += "，正好"
	}
	return s
}

func (s shareSum) kind() ui.Kind {
	switch {
	case s.Bad:
		return ui.Danger
	case s.Exact:
		return ui.Success
	}
	return ui.Warning
}
