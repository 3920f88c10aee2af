package tasks

import (
	"net/http"
	"strings"

	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/supervise"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// mostWaiting is how many values one page of the queue shows, the oldest first.
const mostWaiting = 100

// verifyView is the queue of what waits for this person's verification.
type verifyView struct {
	ui.Base
	Waiting []waitingValue
	More    int // further values beyond the page
	Steps   ui.Table
	Empty   ui.Empty
}

// waitingValue is one reported value with what it has to be held against.
type waitingValue struct {
	Title    string // the task
	URL      string
	Facts    ui.Facts
	Proof    string
	ProofURL string
	Verify   string
	Return   string
	Value    string
	Jump     ui.Badge // against the last verified value; empty text for none
	Demo     bool
}

func verifyPage(c *frame.Ctx) error {
	ctx := c.R.Context()
	if !c.P.MayAnywhere(org.ProgressVerify) {
		return c.P.May(org.ProgressVerify, org.Scope{})
	}
	waiting, total, err := c.App.Plan.ToDecide(ctx, c.P, mostWaiting)
	if err != nil {
		return err
	}
	board, err := c.App.Supervise.Board(ctx, c.P)
	if err != nil {
		return err
	}
	v := verifyView{Base: c.Base("待核验"), More: total - len(waiting)}
	v.Lede = "核验的人不是填报的人；核验后才计入进度。"
	for _, w := range waiting {
		v.Waiting = append(v.Waiting, waitingOf(c, board, w))
	}
	v.Steps = waitingSteps(c, board)
	v.Empty = ui.Empty{Title: "没有等您核验的数", Text: "单位填报以后会出现在这里。", Label: "查看任务清单", URL: "/tasks", Icon: "check"}
	return c.Render(http.StatusOK, verifyTempl(v))
}

func waitingOf(c *frame.Ctx, b *supervise.Board, w plan.Waiting) waitingValue {
	to := "/entries/" + w.Entry.ID
	v := waitingValue{Title: w.Task.Title, URL: targetAnchor(w.Task.ID, w.Target.ID), Verify: to + "/verify", Return: to + "/return",
		Value: figure(w.Target, &w.Value), Demo: w.Demo}
	if w.ProofHash != "" {
		v.Proof, v.ProofURL = orDash(w.ProofName), "/proofs/"+w.Entry.ID
	}
	facts := []ui.Fact{
		{Term: "目标", Text: w.Target.Pledge(), URL: v.URL, Sub: w.Target.Meaning()},
		{Term: "填报", Text: v.Value, Sub: nameOfTerritory(c.App.Pack, w.Territory) + "，截至 " + w.AsOf},
	}
	last := ui.Fact{Term: "上次已核验", Text: "还没有"}
	if s := standing(b, w); s != nil && s.Value != nil {
		last.Text, last.Sub = figure(w.Target, s.Value), "截至 "+s.AsOf
		v.Jump = jump(w.Target, *s.Value, w.Value)
	}
	facts = append(facts, last, ui.Fact{Term: "填报人", Text: strings.TrimSpace(w.ReporterUnit + " " + w.ReporterName), Sub: ui.Moment(w.ReportedAt)})
	if w.Note != "" {
		facts = append(facts, ui.Fact{Term: "说明", Text: w.Note})
	}
	v.Facts = ui.Facts{Items: facts, Columns: true}
	return v
}

// standing is what is known already of the part that a value was reported for.
func standing(b *supervise.Board, w plan.Waiting) *plan.Standing {
	t := b.Task(w.Task.ID)
	if t == nil {
		return nil
	}
	for i := range t.Targets {
		if t.Targets[i].ID != w.Target.ID {
			continue
		}
		for j := range t.Targets[i].Parts {
			if s := &t.Targets[i].Parts[j]; s.Territory == w.Territory {
				return s
			}
		}
	}
	return nil
}

// bigJump is from which change on, in percent, a figure deserves a second look.
const bigJump = 50

// jump says how far a value lies from the last verified one.
func jump(t plan.Target, last, now quantity.Quantity) ui.Badge {
	diff := now - last
	switch {
	case t.Kind == plan.Comparison || t.Kind == plan.Rate || last <= 0:
		if diff >= 0 {
			return ui.Badge{Text: "较上次 +" + diff.String(), Kind: ui.Plain}
		}
		return ui.Badge{Text: "较上次 " + diff.String(), Kind: ui.Warning}
	case diff == 0:
		return ui.Badge{Text: "与上次相同", Kind: ui.Plain}
	}
	percent, err := diff.MulDiv(100, int64(last))
	if err != nil {
		return ui.Badge{Text: "比上次大得多", Kind: ui.Warning}
	}
	// MulDiv gives a plain number of percent: diff and last are both scaled.
	n := int64(percent)
	b := ui.Badge{Text: "较上次 +" + ui.Int(n) + "%", Kind: ui.Plain}
	if n < 0 {
		b.Text = "较上次 " + ui.Int(n) + "%"
	}
	if n < 0 || n >= bigJump {
		b.Kind = ui.Warning
	}
	return b
}

// waitingSteps lists reached milestones that this person may verify.
func waitingSteps(c *frame.Ctx, b *supervise.Board) ui.Table {
	table := ui.NewTable("待核验的时间节点", ui.Column{Label: "节点"}, ui.Column{Label: "计划", Narrow: true}, ui.Column{Label: "实际", Narrow: true}, ui.Column{Label: "佐证"}, ui.Column{Label: "办理", Narrow: true})
	may := c.P.Extent(org.ProgressVerify)
	for _, t := range b.Tasks {
		for _, m := range t.Steps {
			if m.ActualOn == "" || m.VerifiedBy != "" || m.ReportedBy == c.P.ID || !within(may, scopeOf(t.Units, t.Territory)) {
				continue
			}
			proof := ui.Text(noWord)
			if m.ProofHash != "" {
				proof = ui.Link(m.ProofName, "/milestones/"+m.ID+"/proof")
			}
			table.Rows = append(table.Rows, ui.Row{URL: stepsURL(t.ID), Cells: []ui.Cell{ui.Text(m.Name).With(t.Title), ui.Text(m.PlannedOn), ui.Text(m.ActualOn).With(m.SlipReason), proof,
				ui.Node(ui.Button{Label: "核验", Small: true, URL: stepURL(t.ID, m.ID, "verify") + "?return=/verify", Dialog: true})}})
		}
	}
	return table
}
