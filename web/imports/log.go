package imports

import (
	"net/http"
	"strconv"

	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// logPage lists all corrections of an import, and what was done with it.
type logPage struct {
	ui.Base
	Corrections ui.Timeline
	Course      ui.Timeline
}

// log shows who corrected what, and when.
func (a area) log(c *frame.Ctx) error {
	l, err := a.load(c)
	if err != nil {
		return err
	}
	v := logPage{Base: c.Base("更正记录", importCrumbs(l.Import)...), Corrections: corrections(&l), Course: course(&l)}
	v.AsOf = ""
	v.Lede = "识别结果与人工更正分开保存：每一处更正都记下何人、何时、由什么改为什么。"
	return c.Render(http.StatusOK, logView(v))
}

// corrections tells the corrections, newest first.
func corrections(l *loaded) ui.Timeline {
	t := ui.Timeline{Label: "更正记录", Empty: ui.Empty{Title: "还没有更正", Text: "识别结果未经改动。", Label: "返回核对", URL: importURL(l.ID)}}
	titles := map[string]string{}
	for _, d := range l.Differences {
		switch {
		case d.New != nil:
			titles[d.Key] = d.New.Title
		case d.Old != nil:
			titles[d.Key] = d.Old.Title
		}
	}
	for i := len(l.back.Log) - 1; i >= 0; i-- {
		e := l.back.Log[i]
		ev := ui.Event{When: moment(e.When), Title: strconv.Itoa(e.Seq) + ". " + opLabel(e.Op), Who: e.ByName, Text: e.Subject, Kind: ui.Info, Item: "c" + strconv.Itoa(e.Seq)}
		if e.Op == plan.OpDecide && titles[e.Item] != "" {
			ev.Text = titles[e.Item]
		}
		if e.Op == plan.OpSet && e.Item == "" {
			ev.Title += "计划信息"
		}
		if e.Task != "" {
			if _, ok := find(&l.Draft, e.Task); ok {
				ev.URL = reviewURL(l.ID, "", e.Task)
			}
		}
		switch {
		case e.Undid > 0:
			ev.Kind, ev.Text = ui.Plain, "撤销第 "+strconv.Itoa(e.Undid)+" 处更正："+e.Subject
		case e.Undone > 0:
			ev.Kind, ev.Title = ui.Plain, ev.Title+"（已撤销）"
		}
		if len(e.Changes) > 0 {
			ev.Node = ui.Diff{Caption: "改动", Changes: l.logged(e.Changes)}
		}
		t.Events = append(t.Events, ev)
	}
	return t
}

// logged says the fields of a logged correction in words.
func (l *loaded) logged(parts []plan.Part) []ui.Change {
	out := make([]ui.Change, len(parts))
	for i, p := range parts {
		out[i] = ui.Change{Name: fieldLabel(p.Name), Before: l.words.value(p.Name, p.Before), After: l.words.value(p.Name, p.After)}
	}
	return out
}

// course tells what was done with the import, without the single corrections.
func course(l *loaded) ui.Timeline {
	t := ui.Timeline{Label: "办理过程", Empty: ui.Empty{Title: "没有记录"}}
	for _, r := range l.back.Audit {
		if r.Action == "plan.correct" {
			continue
		}
		kind := ui.Info
		switch r.Action {
		case "plan.publish":
			kind = ui.Success
		case "plan.return":
			kind = ui.Warning
		case "plan.read_failed":
			kind = ui.Danger
		case "plan.discard":
			kind = ui.Plain
		}
		t.Events = append(t.Events, ui.Event{When: auditMoment(r.At), Title: actionLabel(r.Action), Who: r.ActorName, Text: r.Reason, Kind: kind})
	}
	return t
}
