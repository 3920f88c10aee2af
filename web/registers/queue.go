package registers

import (
	"net/http"
	"net/url"
	"slices"

	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

// mostQueued is how many records one page of the queue lists, the oldest first.
const mostQueued = 50

// queueView is everything that a person has to move on, with one record opened.
type queueView struct {
	ui.Base
	Tabs  ui.Tabs
	Now   *queued
	Rest  batchForm
	More  int
	Empty ui.Empty
}

// queued is the record that is opened in the queue.
type queued struct {
	Title  string
	URL    string
	Badges []ui.Badge
	Flags  []ui.Alert // why it came back, and what the checks hit
	Facts  ui.Facts
	Proofs []proofLink
	Lacks  string // kinds of evidence that are missing
	Moves  []queuedMove
	Next   string // the one after it; empty at the end
}

type proofLink struct {
	Label, Name, URL string
	Falsified        bool
}

// queuedMove is one decision about the opened record.
type queuedMove struct {
	moveOption
	Key    string // the letter that chooses it; empty for none
	Reason bool   // nothing but a reason is asked for: it is typed here
}

// queueURL is the queue of a register ("" for all) with a record opened ("" for the first).
func queueURL(id register.ID, record string) string {
	v := url.Values{}
	if id != "" {
		v.Set("register", string(id))
	}
	if record != "" {
		v.Set("record", record)
	}
	return "/registers/verify" + suffix(v)
}

// waiting counts what a person has to move on in each register.
func (a area) waiting(c *frame.Ctx) (map[register.ID]int, error) {
	return a.reg.Waiting(c.R.Context(), c.P)
}

func (a area) queue(c *frame.Ctx) error {
	if err := c.P.May(org.RegisterRead, org.Scope{}); err != nil {
		return err
	}
	waiting, err := a.waiting(c)
	if err != nil {
		return err
	}
	only := register.ID(c.Form("register"))
	if _, ok := a.catalog().Get(only); !ok {
		only = ""
	}
	records, total, err := a.reg.List(c.R.Context(), c.P, register.Query{Register: only, Owed: true, Limit: mostQueued})
	if err != nil {
		return err
	}
	v := queueView{Base: c.Base("待我办理", indexCrumb()), Tabs: a.queueTabs(waiting, only)}
	v.Wide = true
	v.Lede = "各台账里轮到我办的记录，先到期的在前。核验的人不是登记的人；核验后才计入。"
	v.Empty = ui.Empty{Title: "没有等您办理的记录", Text: "单位登记、补正以后会出现在这里。", Label: "查看台账", URL: "/registers", Icon: "check"}
	at := max(0, slices.IndexFunc(records, func(r register.Record) bool { return r.ID == c.Form("record") }))
	if at < len(records) {
		if v.Now, err = a.opened(c, records, at, only); err != nil {
			return err
		}
		records = slices.Delete(records, at, at+1)
	}
	v.More = total - len(records) - 1
	table, records := a.queueTable(c, records, only)
	if v.Rest, err = a.batchOf(c, table, records, queueWords, queueURL(only, c.Form("record"))); err != nil {
		return err
	}
	return c.Render(http.StatusOK, queueTempl(v))
}

func (a area) queueTabs(waiting map[register.ID]int, only register.ID) ui.Tabs {
	var tabs []ui.Tab
	for _, d := range a.catalog().All() {
		if n := waiting[d.ID]; n > 0 {
			tabs = append(tabs, ui.Tab{Label: d.Name, URL: queueURL(d.ID, ""), Count: itoa(n), Current: d.ID == only})
		}
	}
	if len(tabs) < 2 && only == "" {
		return ui.Tabs{}
	}
	all := ui.Tab{Label: "全部", URL: queueURL("", ""), Count: itoa(total(waiting)), Current: only == ""}
	return ui.Tabs{Label: "台账", Items: append([]ui.Tab{all}, tabs...)}
}

// queueTable lists the records whose registers the pack still has, and gives these.
func (a area) queueTable(c *frame.Ctx, records []register.Record, only register.ID) (ui.Table, []register.Record) {
	table := ui.NewTable("后面的记录", ui.Column{Label: "记录"}, ui.Column{Label: "台账", Narrow: true}, ui.Column{Label: "地区", Narrow: true}, ui.Column{Label: "登记单位", Narrow: true, Hidden: true}, ui.Column{Label: "状态"})
	var listed []register.Record
	for _, r := range records {
		if d, ok := a.catalog().Get(r.Register); ok {
			listed = append(listed, r)
			table.Rows = append(table.Rows, ui.Row{URL: queueURL(only, r.ID), Cells: []ui.Cell{ui.Text(orDash(r.Title)).With(r.No), ui.Text(d.Name),
				ui.Text(placeName(a.app.Pack, r.Territory)), ui.Text(unitName(a.app.Pack, r.Unit)), a.stageCell(d, r, c.Today())}})
		}
	}
	return table, listed
}

// opened is one record of the queue with all that a decision needs.
func (a area) opened(c *frame.Ctx, records []register.Record, at int, only register.ID) (*queued, error) {
	r, err := a.reg.Get(c.R.Context(), c.P, records[at].ID)
	if err != nil {
		return nil, err
	}
	q := &queued{Title: orDash(r.Title), URL: recordURL(r.ID), Facts: a.values(c, r)}
	q.Badges = []ui.Badge{{Text: r.Definition.Name}, {Text: r.No}, {Text: placeName(a.app.Pack, r.Territory)}, {Text: stageLabel(r.Definition, r.Stage), Kind: stageKindOf(r.Definition, r.Stage)}}
	if words, late := dueWords(r.Due, c.Today()); late {
		q.Badges = append(q.Badges, ui.Badge{Text: words, Kind: ui.Danger})
	}
	if back, ok := sentBack(r); ok {
		q.Flags = append(q.Flags, back)
	}
	for _, f := range r.Flags {
		q.Flags = append(q.Flags, ui.Alert{Kind: ui.Warning, Text: "疑点：" + f.Says})
	}
	q.Facts.Items = append([]ui.Fact{a.entryFact(r)}, q.Facts.Items...)
	for _, p := range r.Proofs {
		q.Proofs = append(q.Proofs, proofLink{proofLabel(r.Definition, p.Kind), p.Name, proofURL(r.ID, p.ID), p.Falsified})
	}
	q.Lacks = lacks(r)
	next := ""
	if len(records) > 1 {
		next = queueURL(only, records[(at+1)%len(records)].ID)
		q.Next = next
	}
	if next == "" {
		next = queueURL(only, "")
	}
	q.Moves = queuedMoves(r, next)
	return q, nil
}

// lacks names the required kinds of evidence that a record has not.
func lacks(r register.View) string {
	have := proofCounts(r)
	return lacking(slices.DeleteFunc(slices.Clone(r.Definition.Proof), func(k register.ProofKind) bool { return !k.Required || have[k.ID] > 0 }))
}

// queuedMoves are the decisions about the opened record; each leads to the next.
func queuedMoves(r register.View, next string) []queuedMove {
	out := make([]queuedMove, len(r.Moves))
	approve, refuse := false, false
	for i, o := range moveOptions(r) {
		m := r.Moves[i]
		out[i] = queuedMove{moveOption: o, Reason: m.Reason && !m.Ends && m.Assigns == "" && len(askedFields(r, m)) == 0 && len(missingProofs(r, m)) == 0}
		out[i].Hidden = append(out[i].Hidden, ui.HiddenPair{Name: "return", Value: next})
		switch {
		case !approve && i == 0:
			out[i].Key, approve = "a", true
		case !refuse && out[i].Reason:
			out[i].Key, refuse = "r", true
		}
		if !out[i].Direct && !out[i].Reason {
			out[i].URL += "?return=" + url.QueryEscape(next)
		}
	}
	return out
}
