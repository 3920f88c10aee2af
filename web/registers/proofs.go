package registers

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"bihuan/kit/blob"
	"bihuan/kit/errs"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/ui"
)

func proofURL(record, proof string) string {
	return recordURL(record) + "/proofs/" + url.PathEscape(proof)
}

// proof hands a stored proof out as what its bytes say it is.
func (a area) proof(c *frame.Ctx) error {
	f, x, err := a.reg.Proof(c.R.Context(), c.P, c.R.PathValue("id"), c.R.PathValue("proof"))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	data, err := io.ReadAll(io.LimitReader(f, register.MaxProof+1))
	if err != nil {
		return fmt.Errorf("read proof %q: %w", x.ID, err)
	}
	kind, err := blob.Sniff(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	h := c.W.Header()
	for k, v := range blob.ServeHeaders(kind, x.Name) {
		h[k] = v
	}
	c.Wrote()
	http.ServeContent(c.W, c.R, "", time.Time{}, bytes.NewReader(data))
	return nil
}

// proofView is the form that adds evidence to a record.
func proofView(c *frame.Ctx, r register.View, problem error) (formPage, error) {
	if !mayAttach(c.P, r) {
		return formPage{}, errs.New(errs.Forbidden, "这条记录的佐证由登记它的单位或承办单位补充")
	}
	v := aboutRecord(c, r, "补充佐证", recordURL(r.ID))
	v.Form = ui.Form{Action: recordURL(r.ID) + "/proofs", Upload: true, NoValid: true}
	kinds := make([]register.ProofKind, len(r.Definition.Proof))
	for i, k := range r.Definition.Proof {
		k.Required = false
		kinds[i] = k
	}
	v.Proofs = proofInputs(kinds, proofCounts(r), errs.FieldMessages(problem))
	v.Submit = ui.Buttons{{Label: "上传", Kind: ui.Primary}}
	return v, nil
}

func (a area) proofForm(c *frame.Ctx) error {
	r, err := a.reg.Get(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := proofView(c, r, nil)
	if err != nil {
		return err
	}
	return c.Render(http.StatusOK, formTempl(v))
}

func (a area) proofSave(c *frame.Ctx) error {
	r, err := a.reg.Get(c.R.Context(), c.P, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	if err := c.Parse(); err != nil {
		return err
	}
	got, err := files(c, r.Definition.Proof)
	if err != nil {
		return err
	}
	defer got.close()
	if err = a.attach(c, r.ID, got); err == nil {
		return c.Done(recordURL(r.ID)+"#proofs", "已补充佐证。")
	}
	if !mendable(err) {
		return err
	}
	now, rereadErr := a.reg.Get(c.R.Context(), c.P, r.ID) // files before the refused one are attached
	if rereadErr != nil {
		return rereadErr
	}
	v, viewErr := proofView(c, now, err)
	if viewErr != nil {
		return viewErr
	}
	v.Note = chooseAgain(got)
	return redraw(c, v, err)
}

func (a area) attach(c *frame.Ctx, id string, got *received) error {
	if len(got.files) == 0 {
		return errs.New(errs.Invalid, "请选择要上传的文件")
	}
	for _, f := range got.files {
		if err := a.reg.Attach(c.R.Context(), c.P, id, f); err != nil {
			return err
		}
	}
	return nil
}
