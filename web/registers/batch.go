package registers

import (
	"net/http"
	"net/url"
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
type batchAct struct {
	Group string // register and stage of the records that it is for
	Whose string // what the records are called
	Value string
	Label string
}

// batchForm is a list with the moves that its ticked records may make at once.
type batchForm struct {
	Table ui.Table
	Acts  []batchAct
	Here  string // the page to which the answer leads back
	All   []ui.Button
}

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

// mostAsked is how many records of one stage are looked at for what they may do at
// once: the first one may be the person's own entry, which somebody else has to check.
const mostAsked = 5

func groupOf(r register.Record) string { return string(r.Register) + "/" + r.Stage }

// batchActs are the moves that some of the records may make at once: one button
// for each move of a register's stage. What the button says before the move comes
// from of.
func (a area) batchActs(c *frame.Ctx, records []register.Record, of func(register.View) string) ([]batchAct, error) {
	var out []batchAct
	asked, found := map[string]int{}, map[string]bool{}
	for _, r := range records {
		group := groupOf(r)
		if found[group] || asked[group] == mostAsked || r.Falsified {
			continue
		}
		asked[group]++
		v, err := a.reg.Get(c.R.Context(), c.P, r.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range v.Moves {
			if batchable(m) && direct(v, m) {
				found[group] = true
				out = append(out, batchAct{Group: group, Whose: of(v), Value: group + "/" + m.ID, Label: "勾选的" + of(v) + "：" + m.Label})
			}
		}
	}
	return out, nil
}

func queueWords(v register.View) string { return v.Definition.Name + stageWords(v) }

func stageWords(v register.View) string { return "“" + stageLabel(v.Definition, v.Stage) + "”" }

// batchOf is a list of records with the moves that the ticked ones may make at once.
// The rows of the table are those of the records, in their order; here is the page's
// address, and the group that it names has all boxes ticked.
func (a area) batchOf(c *frame.Ctx, t ui.Table, records []register.Record, of func(register.View) string, here string) (b batchForm, err error) {
	b = batchForm{Table: t, Here: here}
	if b.Acts, err = a.batchActs(c, records, of); err != nil {
		return b, err
	}
	for _, x := range b.Acts {
		all := ui.Button{Label: "全选" + x.Whose, URL: with(here, "all", x.Group), Small: true}
		if !slices.ContainsFunc(b.All, func(o ui.Button) bool { return o.URL == all.URL }) {
			b.All = append(b.All, all)
		}
	}
	if len(b.All) == 1 {
		b.All[0].Label = "全选本页"
	}
	for i, r := range records {
		if r.Falsified || !slices.ContainsFunc(b.Acts, func(x batchAct) bool { return x.Group == groupOf(r) }) {
			continue
		}
		row := &b.Table.Rows[i]
		row.Cells[0].Node = pickCell(pickOf(r), orDash(r.Title), row.URL, c.Form("all") == groupOf(r))
	}
	return b, nil
}

// with is an address with one more value.
func with(address, name, value string) string {
	sep := "?"
	if strings.Contains(address, "?") {
		sep = "&"
	}
	return address + sep + url.Values{name: {value}}.Encode()
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
	if c.Form("act") == "" { // Enter at a box
		c.Redirect(back(c, queueURL("", "")), ui.Flash{Kind: ui.Info, Text: "没有办理：请勾选后按列表下面的按钮。"})
		return nil
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
	refused := make([]error, len(steps))
	var fit []register.Step
	var at []int // where each of them stands among the ticked
	for i, s := range steps {
		if records[i], err = a.reg.Get(c.R.Context(), c.P, s.ID); err != nil {
			return err
		}
		if r := records[i]; r.Register != d.ID || r.Stage != stage && r.Revision == s.Revision {
			refused[i] = errs.New(errs.Conflict, "这条是%s的“%s”，“%s”只办理%s的“%s”", r.Definition.Name, stageLabel(r.Definition, r.Stage), m.Label, d.Name, stageLabel(d, stage))
			continue
		}
		fit, at = append(fit, s), append(at, i)
	}
	answers, err := a.reg.MoveAll(c.R.Context(), c.P, fit)
	if err != nil {
		return err
	}
	for i, err := range answers {
		refused[at[i]] = err
	}
	return c.Render(http.StatusOK, batchTempl(batchAnswer(c, m, records, refused)))
}

func batchAnswer(c *frame.Ctx, m register.Move, records []register.View, refused []error) batchView {
	v := batchView{Base: c.Base("成批"+m.Label, indexCrumb(), ui.Crumb{Label: "待我办理", URL: queueURL("", "")})}
	v.Back = ui.Button{Label: "继续办理", URL: back(c, queueURL(records[0].Register, "")), Kind: ui.Primary}
	v.Refused = ui.NewTable("没有办成的记录", ui.Column{Label: "记录"}, ui.Column{Label: "地区", Narrow: true}, ui.Column{Label: "原因"})
	for i, err := range refused {
		if err != nil {
			r := records[i]
			v.Refused.Rows = append(v.Refused.Rows, ui.Row{URL: recordURL(r.ID), Cells: []ui.Cell{ui.Text(orDash(r.Title)).With(r.No), ui.Text(placeName(c.App.Pack, r.Territory)), ui.Text(refusalOf(err))}})
		}
	}
	n := len(v.Refused.Rows)
	v.Said = ui.Alert{Kind: ui.Success, Text: itoa(len(records)-n) + " 条已" + m.Label + "。"}
	if n > 0 {
		v.Said.Kind, v.Said.Text = ui.Warning, v.Said.Text+itoa(n)+" 条没有办成，记录没有变动，原因如下。"
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
