package registers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// mostBatched is how many records one decision may move.
const mostBatched = 200

// batchAct is a move that many listed records may make at once.
type batchAct struct{ Value, Label string }

// batchView says what a batch did.
type batchView struct {
	ui.Base
	Said    ui.Alert
	Refused ui.Table
	Back    ui.Button
}

// batchable reports whether a move asks nothing that has to be written or decided for each record.
func batchable(m register.Move) bool {
	return !m.Reason && !m.Ends && m.Assigns == "" && m.Guard == "" && len(m.Needs) == 0
}

// batchActs are the moves that some of the records may make at once: one button
// for each move of a register's stage.
func (a area) batchActs(c *frame.Ctx, records []register.Record) ([]batchAct, error) {
	var out []batchAct
	seen := map[string]bool{}
	for _, r := range records {
		group := string(r.Register) + "/" + r.Stage
		if seen[group] {
			continue
		}
		v, err := a.reg.Get(c.R.Context(), c.P, r.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range v.Moves {
			if batchable(m) && direct(v, m) {
				seen[group] = true
				out = append(out, batchAct{Value: group + "/" + m.ID, Label: v.Definition.Name + "：" + m.Label})
			}
		}
	}
	return out, nil
}

// pickOf carries a record and the revision that the person saw.
func pickOf(r register.Record) string { return r.ID + "@" + strconv.FormatInt(r.Revision, 10) }

// batchMove finds the move of a batch in its definition.
func (a area) batchMove(c *frame.Ctx) (*register.Definition, string, register.Move, error) {
	id, rest, _ := strings.Cut(c.Form("act"), "/")
	stage, move, _ := strings.Cut(rest, "/")
	if d, ok := a.catalog().Get(register.ID(id)); ok {
		s, _ := d.Stage(stage)
		if i := slices.IndexFunc(s.Moves, func(m register.Move) bool { return m.ID == move && batchable(m) }); i >= 0 {
			return d, stage, s.Moves[i], nil
		}
	}
	return nil, "", register.Move{}, errs.New(errs.Invalid, "这种办理不能成批进行，请打开记录逐条办理")
}

// picked reads the ticked records, each once.
func picked(sent []string, move string) ([]register.Step, error) {
	slices.Sort(sent)
	sent = slices.Compact(sent)
	if len(sent) == 0 || len(sent) > mostBatched {
		return nil, errs.New(errs.Invalid, "请先勾选要办理的记录，一次最多%d条", mostBatched)
	}
	steps := make([]register.Step, len(sent))
	for i, s := range sent {
		id, seen, _ := strings.Cut(s, "@")
		n, err := strconv.ParseInt(seen, 10, 64)
		if err != nil {
			return nil, errs.New(errs.Invalid, "勾选的记录有误，请刷新后重新勾选")
		}
		steps[i] = register.Step{ID: id, Move: move, Revision: n}
	}
	return steps, nil
}

func (a area) batch(c *frame.Ctx) error {
	if err := c.P.May(org.RegisterRead, org.Scope{}); err != nil {
		return err
	}
	if err := c.Parse(); err != nil {
		return err
	}
	d, stage, m, err := a.batchMove(c)
	if err != nil {
		return err
	}
	steps, err := picked(c.R.PostForm["pick"], m.ID)
	if err != nil {
		return err
	}
	records := make([]register.View, len(steps))
	for i, s := range steps {
		if records[i], err = a.reg.Get(c.R.Context(), c.P, s.ID); err != nil {
			return err
		}
		if r := records[i]; r.Register != d.ID || r.Stage != stage && r.Revision == s.Revision {
			return errs.New(errs.Invalid, "一次只办理“%s”中“%s”的记录，请去掉其他记录的勾选", d.Name, stageLabel(d, stage))
		}
	}
	refused, err := a.reg.MoveAll(c.R.Context(), c.P, steps)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, batchTempl(batchAnswer(c, m, records, refused)))
}

func batchAnswer(c *frame.Ctx, m register.Move, records []register.View, refused []error) batchView {
	v := batchView{Base: c.Base("成批"+m.Label, indexCrumb(), ui.Crumb{Label: "待我办理", URL: queueURL("", "")})}
	v.Back = ui.Button{Label: "继续办理", URL: queueURL(records[0].Register, ""), Kind: ui.Primary}
	v.Refused = ui.NewTable("没有办成的记录", ui.Column{Label: "记录"}, ui.Column{Label: "原因"})
	for i, err := range refused {
		if err != nil {
			v.Refused.Rows = append(v.Refused.Rows, ui.Row{URL: recordURL(records[i].ID), Cells: []ui.Cell{ui.Text(orDash(records[i].Title)).With(records[i].No), ui.Text(refusalOf(err))}})
		}
	}
	n := len(v.Refused.Rows)
	v.Said = ui.Alert{Kind: ui.Success, Text: itoa(len(records)-n) + " 条已" + m.Label + "。"}
	if n > 0 {
		v.Said.Kind, v.Said.Text = ui.Warning, v.Said.Text+itoa(n)+" 条没有办成，原因如下。"
	}
	return v
}

// refusalOf is why a record was refused, in a line.
func refusalOf(err error) string {
	var words []string
	for _, p := range ui.Problems(err) {
		words = append(words, p.Text)
	}
	return strings.Join(words, "；")
}
