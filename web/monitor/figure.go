package monitor

import (
	"net/http"
	"slices"
	"strconv"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/errs"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// figureView is the page of one figure with all its versions.
type figureView struct {
	Base    ui.Base
	Facts   ui.Facts
	History ui.Timeline
}

// found is the figure that a request names, with its versions.
type found struct {
	Indicator indicator.Indicator
	Key       indicator.Key
	Versions  []indicator.Observation
}

// last is the newest version.
func (f found) last() indicator.Observation { return f.Versions[len(f.Versions)-1] }

// figureFor reads the figure that the request names; without a version it is NotFound.
func (a area) figureFor(c *frame.Ctx) (f found, err error) {
	s, err := a.ind.SeriesOf(c.R.Context(), c.P, indicator.ID(c.R.PathValue("id")))
	if err != nil {
		return f, err
	}
	period, err := indicator.ParsePeriod(c.Form("period"))
	f = found{Indicator: s.Indicator, Key: indicator.Key{Territory: city.TerritoryID(c.Form("territory")), Period: period, Caliber: city.Caliber(c.Form("caliber"))}}
	if err == nil {
		f.Versions = s.Versions(f.Key)
	}
	if len(f.Versions) == 0 {
		return f, errs.New(errs.NotFound, "没有这个数：可能地址有误，或还没有录入")
	}
	return f, nil
}

func (a area) crumbs(f found) []ui.Crumb {
	return []ui.Crumb{home(), {Label: f.Indicator.Short, URL: seriesURL(f.Indicator.ID)}}
}

func (a area) figurePage(c *frame.Ctx) error {
	f, err := a.figureFor(c)
	if err != nil {
		return err
	}
	page := figureView{Base: c.Base(a.name(f.Key.Territory)+" "+f.Indicator.Label(f.Key.Period), a.crumbs(f)...), Facts: a.figureFacts(f)}
	page.Base.Eyebrow = f.Indicator.Name
	if mayEdit(c) && !f.last().Withdrawn() {
		page.Base.Actions = ui.Buttons{{Label: "修订", Icon: "edit", URL: figureURL(f.Indicator.ID, f.Key, "revise")}, {Label: "撤回", Icon: "trash", URL: figureURL(f.Indicator.ID, f.Key, "withdraw")}}
	}
	page.History = history(f)
	return c.Render(http.StatusOK, figureTempl(page))
}

// figureFacts tells what stands now.
func (a area) figureFacts(f found) ui.Facts {
	o := f.last()
	now := ui.Fact{Term: "现行数", Text: "已撤回", Sub: o.Reason}
	if !o.Withdrawn() {
		now = ui.Fact{Term: "现行数", Text: figure(f.Indicator, *o.Value) + " " + f.Indicator.Unit, Sub: "第" + strconv.Itoa(o.Revision) + "版"}
	}
	facts := ui.Facts{Items: []ui.Fact{now, {Term: "发布日期", Text: o.Released.Chinese()}, {Term: "来源", Text: o.Source, Sub: confidence(o.Confidence)}}}
	if o.Caliber != "" {
		facts.Items = append(facts.Items, ui.Fact{Term: "口径", Text: string(o.Caliber)})
	}
	return facts
}

// history lists the versions, newest first.
func history(f found) ui.Timeline {
	t := ui.Timeline{Label: "修订记录"}
	for _, o := range slices.Backward(f.Versions) {
		e := ui.Event{When: ui.Moment(o.At), Title: "第" + strconv.Itoa(o.Revision) + "版：", Who: o.ByUnit + " " + o.ByName, Kind: ui.Info,
			Text: o.Released.String() + " 发布，来源：" + o.Source}
		if o.Reason != "" {
			e.Text += "；原因：" + o.Reason
		}
		if o.Withdrawn() {
			e.Title, e.Kind = e.Title+"撤回", ui.Warning
		} else {
			e.Title += figure(f.Indicator, *o.Value) + " " + f.Indicator.Unit
		}
		t.Events = append(t.Events, e)
	}
	return t
}
