package imports

import (
	"net/http"
	"strconv"

	"bihuan/kit/errs"
	"bihuan/plan"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// publishPage shows the person who decides what will be published.
type publishPage struct {
	ui.Base
	ID          string
	Refusal     string // why this person cannot decide, or why nobody can now
	Stats       ui.Stats
	Info        ui.Facts
	Problems    []finding
	Warnings    []findings
	Tasks       ui.Table
	Corrections ui.Timeline
	Course      ui.Timeline
	Publish     ui.Form
	Note        ui.Field
	Return      ui.Form
	Reason      ui.Field
}

// publishForm shows what is to be decided.
func (a area) publishForm(c *frame.Ctx) error {
	l, err := a.load(c)
	if err != nil {
		return err
	}
	return a.drawPublish(c, http.StatusOK, &l, nil)
}

func (a area) drawPublish(c *frame.Ctx, status int, l *loaded, cause error) error {
	if !l.back.Read {
		return errs.New(errs.Conflict, "“%s”现在是“%s”，还不能发布", l.Title, l.State.Label())
	}
	cards := newCards(l, "")
	v := publishPage{Base: c.Base("复核与发布", importCrumbs(l.Import)...), ID: l.ID, Corrections: corrections(l), Course: course(l), Info: ui.Facts{Items: append(infoFacts(l), a.fileFacts(l)...)}}
	v.Eyebrow, v.AsOf = orTitle(l.Draft.Title, l.Title), ""
	v.Lede = "发布后成为正式清单：编号、目标和序时进度固定，各单位可以看到并填报。"
	switch {
	case l.State != plan.ImportSubmitted:
		v.Refusal = "这份文件现在是“" + l.State.Label() + "”，只有“" + plan.ImportSubmitted.Label() + "”的才能发布或退回。"
	case l.allowed.Publish != nil:
		v.Refusal = messageOf(l.allowed.Publish) + "。"
	}
	if v.Refusal == "" {
		v.Actions = ui.Buttons{{Label: "去发布", Kind: ui.Primary, URL: "#publish"}, {Label: "去退回", URL: "#return"}}
	}
	v.Problems, v.Warnings = findingsOf(l, cards)
	v.Stats = append(stats(l, cards), l.decisions()...)
	v.Tasks = tasksTable(l, cards)
	messages := errs.FieldMessages(cause)
	hidden := []ui.HiddenPair{{Name: "revision", Value: strconv.Itoa(l.Revision)}}
	problems := ui.Problems(cause)
	v.Publish = ui.Form{Action: importURL(l.ID, "publish"), Label: "发布", Hidden: hidden, Confirm: "发布后不能撤回，只能以新版本修改。确定发布吗？"}
	v.Return = ui.Form{Action: importURL(l.ID, "return"), Label: "退回修改", Hidden: hidden, NoValid: true}
	if messages["reason"] != "" {
		v.Return.Problems = problems
	} else {
		v.Publish.Problems = problems
	}
	v.Note = ui.Field{Kind: ui.TextArea, Name: "note", Label: "发布说明", Optional: true, Value: c.R.PostFormValue("note"), Rows: 2, MaxLength: 500, Size: ui.Full, Error: messages["note"]}
	v.Reason = ui.Field{Kind: ui.TextArea, Name: "reason", Label: "退回理由", Required: true, Value: c.R.PostFormValue("reason"), Rows: 2, MaxLength: 500, Size: ui.Full, Error: messages["reason"]}
	return c.Render(status, publishView(v))
}

// decisions counts what becomes of the list that is renewed.
func (l *loaded) decisions() ui.Stats {
	if l.Old == nil {
		return nil
	}
	n := map[string]int{}
	var order []string
	for _, d := range l.Differences {
		label := "未决定"
		switch {
		case d.Kind == plan.DiffKept:
			label = d.Kind.Label()
		case d.Choice != "":
			label = plan.ChoiceLabel(d.Kind, d.Choice)
		}
		if n[label] == 0 {
			order = append(order, label)
		}
		n[label]++
	}
	var out ui.Stats
	for _, label := range order {
		out = append(out, ui.Stat{Label: label, Value: strconv.Itoa(n[label]), Unit: "项", URL: importURL(l.ID, "compare")})
	}
	return out
}

// tasksTable lists what will be published.
func tasksTable(l *loaded, cards []card) ui.Table {
	t := ui.NewTable("将要发布的任务", ui.Column{Label: "任务"}, ui.Column{Label: "责任单位"}, ui.Column{Label: "目标"})
	t.Empty = ui.Empty{Title: "没有任务"}
	for _, k := range cards {
		if k.Out {
			continue
		}
		units, targets := "", ""
		for _, u := range k.Units {
			if !u.Out {
				units = join(units, u.Name+"（"+u.Role+"）")
			}
		}
		for _, g := range k.Targets {
			if !g.Out {
				targets = join(targets, g.Pledge)
			}
		}
		title := ui.Text(k.No + "．" + orTitle(k.Title, "（没有标题）")).With(k.Path)
		t.Rows = append(t.Rows, ui.Row{URL: reviewURL(l.ID, "", k.ID), Cells: []ui.Cell{title, ui.Text(orDash(units)), ui.Text(orDash(targets))}})
	}
	return t
}

func join(all, one string) string {
	if all == "" {
		return one
	}
	return all + "；" + one
}

// decided reads an import for a decision and refuses when the page that was
// decided on is not what stands now.
func (a area) decided(c *frame.Ctx) (loaded, error) {
	if err := c.Parse(); err != nil {
		return loaded{}, err
	}
	l, err := a.load(c)
	if err != nil {
		return l, err
	}
	if l.allowed.Publish != nil {
		return l, l.allowed.Publish
	}
	if l.back.Read && c.Int("revision", -1) != l.Revision {
		return l, errs.New(errs.Conflict, "页面打开后内容已有更正：下面是现在的内容，请核对后再决定")
	}
	return l, nil
}

// publish makes the draft a list.
func (a area) publish(c *frame.Ctx) error {
	l, err := a.decided(c)
	if err == nil {
		var planID string
		if planID, err = a.app.Plan.Publish(c.R.Context(), c.P, l.ID, c.Form("note")); err == nil {
			c.Redirect("/plans/"+planID, ui.Flash{Kind: ui.Success, Text: "已发布“" + l.Draft.Title + "”", URL: importURL(l.ID), Label: "查看导入记录"})
			return nil
		}
	}
	return a.refusedDecision(c, err)
}

// giveBack returns the draft for more corrections.
func (a area) giveBack(c *frame.Ctx) error {
	l, err := a.decided(c)
	if err == nil {
		if err = a.app.Plan.Return(c.R.Context(), c.P, l.ID, c.Form("reason")); err == nil {
			return c.Done(importURL(l.ID), "已退回修改")
		}
	}
	return a.refusedDecision(c, err)
}

func (a area) refusedDecision(c *frame.Ctx, cause error) error {
	if !mendable(cause) {
		return cause
	}
	l, err := a.load(c)
	if err != nil || !l.back.Read {
		return cause
	}
	return a.drawPublish(c, frame.StatusOf(errs.CodeOf(cause)), &l, cause)
}
