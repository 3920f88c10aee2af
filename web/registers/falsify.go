package registers

import (
	"net/http"
	"slices"
	"strings"

	"bihuan/kit/errs"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

func falsifyView(c *frame.Ctx, r register.View, problem error) formPage {
	v := reasonForm(c, r, "认定不实", recordURL(r.ID)+"/falsify", "认定的依据", "写明查证经过。认定后记录和佐证保留备查，从前、以后都不计入；这一步不能撤销。", problem)
	v.Submit[0].Kind = ui.Destroy
	return v
}

// doubted reads the record that is to be marked as found false.
func (a area) doubted(c *frame.Ctx) (register.View, error) {
	r, err := a.reg.Get(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return r, err
	}
	if !r.MayFalsify {
		return r, errs.New(errs.Forbidden, "认定不实由核验单位或调度员办理，不能是登记的人；已经认定的不再认定")
	}
	return r, nil
}

func (a area) falsifyForm(c *frame.Ctx) error {
	r, err := a.doubted(c)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, formTempl(falsifyView(c, r, nil)))
}

func (a area) falsify(c *frame.Ctx) error {
	r, err := a.doubted(c)
	if err != nil {
		return err
	}
	err = a.reg.MarkFalsified(c.R.Context(), c.P, r.ID, revision(c), c.Form("reason"))
	if err == nil {
		return c.Done(recordURL(r.ID), r.No+" 已认定不实，不再计入。")
	}
	if !mendable(err) {
		return err
	}
	return redraw(c, falsifyView(c, r, err), err)
}

// doubtedProof reads the record and the evidence file that is to be marked.
func (a area) doubtedProof(c *frame.Ctx) (r register.View, x register.Proof, err error) {
	if r, err = a.reg.Get(c.R.Context(), c.P, c.R.PathValue("id")); err != nil {
		return r, x, err
	}
	i := slices.IndexFunc(r.Proofs, func(x register.Proof) bool { return x.ID == c.R.PathValue("proof") })
	if i < 0 {
		return r, x, errs.New(errs.NotFound, "没有这个佐证文件")
	}
	if x = r.Proofs[i]; !r.MayFalsifyProof[x.ID] {
		return r, x, errs.New(errs.Forbidden, "认定佐证不实由核验单位或调度员办理，不能是提供它的人；已经认定的不再认定")
	}
	return r, x, nil
}

func falsifyProofView(c *frame.Ctx, r register.View, x register.Proof, problem error) formPage {
	v := reasonForm(c, r, "认定佐证不实", proofURL(r.ID, x.ID)+"/falsify", "认定的依据", "写明怎样查证、哪里不实。文件保留备查；它是这一类唯一的佐证时，记录自今天起不再计数，退回重新核验。这一步不能撤销。", problem)
	v.Facts = ui.Facts{Items: []ui.Fact{{Term: proofLabel(r.Definition, x.Kind), Text: x.Name, URL: proofURL(r.ID, x.ID), Sub: x.AddedBy + "，" + ui.Moment(x.AddedAt)}}}
	v.Submit[0].Kind = ui.Destroy
	return v
}

func (a area) falsifyProofForm(c *frame.Ctx) error {
	r, x, err := a.doubtedProof(c)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, formTempl(falsifyProofView(c, r, x, nil)))
}

func (a area) falsifyProof(c *frame.Ctx) error {
	r, x, err := a.doubtedProof(c)
	if err != nil {
		return err
	}
	err = a.reg.FalsifyProof(c.R.Context(), c.P, r.ID, x.ID, revision(c), c.Form("reason"))
	if err == nil {
		return c.Done(recordURL(r.ID)+"#proofs", "佐证“"+x.Name+"”已认定不实，文件保留备查。")
	}
	if !mendable(err) {
		return err
	}
	return redraw(c, falsifyProofView(c, r, x, err), err)
}

// proofTable lists the evidence of a record by kind, and the kinds that are missing.
func proofTable(r register.View) ui.Table {
	table := ui.NewTable("佐证材料", ui.Column{Label: "材料"}, ui.Column{Label: "文件"}, ui.Column{Label: "大小", Num: true}, ui.Column{Label: "上传", Narrow: true})
	have := proofCounts(r)
	for _, k := range r.Definition.Proof {
		for _, p := range r.Proofs {
			if p.Kind == k.ID {
				table.Rows = append(table.Rows, proofRow(r, k.Label, p))
			}
		}
		if have[k.ID] == 0 {
			text := "未上传，选填"
			if k.Required {
				text = "未上传，必备"
			}
			if slices.ContainsFunc(r.Proofs, func(p register.Proof) bool { return p.Kind == k.ID }) {
				text = strings.Replace(text, "未上传", "另需提供", 1)
			}
			table.Rows = append(table.Rows, ui.Row{Muted: true, Cells: []ui.Cell{ui.Text(k.Label), ui.Text(text), ui.Text(noWord), ui.Text(noWord)}})
		}
	}
	return table
}

// proofRow is one evidence file; one that was found false is struck through, with the
// reason, and can still be opened.
func proofRow(r register.View, label string, p register.Proof) ui.Row {
	to := proofURL(r.ID, p.ID)
	name := ui.Link(p.Name, to)
	switch {
	case p.Falsified:
		name = ui.Node(struckProof(p.Name, to)).With(whyFalse(r.Events, p))
	case r.MayFalsifyProof[p.ID]:
		name = ui.Node(doubtableProof(p.Name, to))
	}
	return ui.Row{ID: "proof-" + p.ID, URL: to, Muted: p.Falsified, Cells: []ui.Cell{ui.Text(label), name, ui.Text(ui.Bytes(p.Size)), ui.Text(ui.Moment(p.AddedAt)).With(p.AddedBy)}}
}

// whyFalse is the reason for which a file was found false, as the history keeps it.
func whyFalse(events []register.Event, p register.Proof) string {
	begin := "佐证“" + p.Name + "”不实："
	for _, e := range slices.Backward(events) {
		if reason, ok := strings.CutPrefix(e.Reason, begin); ok && e.Move == moveFalsifyProof {
			return reason + byWhom(e)
		}
	}
	return ""
}

// moveFalsifyProof is the event of a file that was found false.
const moveFalsifyProof = "falsify-proof"
