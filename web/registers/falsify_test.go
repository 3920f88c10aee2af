package registers_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/register"
	"bihuan/web/webtest"
)

// proof is the first standing evidence file of a kind.
func (w *world) proof(id, kind string) register.Proof {
	w.t.Helper()
	v, err := w.reg.Get(context.Background(), w.leader.P, id)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range v.Proofs {
		if p.Kind == kind && !p.Falsified {
			return p
		}
	}
	w.t.Fatalf("no proof %q", kind)
	return register.Proof{}
}

// One file is found false: it stays, struck through with the reason, and the record
// that it alone proved goes back.
func TestFalsifyProof(t *testing.T) {
	w := newWorld(t)
	id := w.counted()
	record, receipt := "/records/"+id, w.proof(id, "receipt")
	to := record + "/proofs/" + receipt.ID + "/falsify"
	wants(t, "offered", w.lead.Get(record), 200, `href="`+to+`"`)
	if w.Nobody().Get(to).Status != 303 || w.Nobody().Post(to, "reason", "x").Status != 401 {
		t.Error("nobody may look or act")
	}
	for name, c := range map[string]*webtest.Client{"clerk": w.clerk, "leader": w.leader, "another county": w.other} {
		if c.Get(to).Status != 403 || c.Post(to, "reason", "x").Status != 403 || c.Get(record).Has(to) {
			t.Errorf("%s may mark a file, or is offered to", name)
		}
	}
	wants(t, "no such file", w.lead.Get(record+"/proofs/nothing/falsify"), 404)
	wants(t, "form", w.lead.Get(to), 200, receipt.Name, "认定的依据", "不能撤销")
	wants(t, "no reason", w.lead.Post(to, "revision", w.revision(w.lead, id), "reason", " "), 422, "依据")
	wants(t, "stale", w.lead.Post(to, "revision", "0", "reason", "邮政局查无此备案号"), 409, "邮政局查无此备案号")
	if a := w.lead.Post(to, "revision", w.revision(w.lead, id), "reason", "邮政局查无此备案号"); a.Status != 303 || a.Location != record+"#proofs" {
		t.Fatalf("falsify: %d %s", a.Status, text(a.Body))
	}
	page := w.clerk.Get(record)
	wants(t, "record", page, 200, "<s><a href=\""+record+"/proofs/"+receipt.ID, "邮政局查无此备案号。没有其他", "（测试lead，2026年", "未上传，必备", "认定佐证不实", "今日不计入")
	wants(t, "the file is still there", w.leader.Get(record+"/proofs/"+receipt.ID), 200)
	wants(t, "again", w.lead.Get(to), 403)
	if strings.Contains(page.Body, ">proof<") || strings.Contains(page.Body, "falsify-proof") {
		t.Error("a word of the machine stands on the page")
	}
	wants(t, "in the queue", w.lead.Get("/registers/verify"), 200, "（经查不实）", "缺 末端网点备案回执")
}
