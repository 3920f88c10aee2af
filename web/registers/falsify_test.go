package registers_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/org"
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
	wants(t, "record", page, 200, "<s><a href=\""+record+"/proofs/"+receipt.ID, "邮政局查无此备案号。没有其他", "测试lead，2026年", "另需提供，必备", "认定佐证不实", "今日不计入")
	wants(t, "the file is still there", w.leader.Get(record+"/proofs/"+receipt.ID), 200)
	wants(t, "again", w.lead.Get(to), 403)
	if strings.Contains(page.Body, ">proof<") || strings.Contains(page.Body, "falsify-proof") {
		t.Error("a word of the machine stands on the page")
	}
	wants(t, "in the queue", w.lead.Get("/registers/verify"), 200, "（经查不实）", "缺 末端网点备案回执")
}

// A record whose proof has ended says so at its head and in the list, and is found by it.
func TestLapsed(t *testing.T) {
	w := newWorld(t)
	stays := w.counted()
	id := w.counted()
	if a := w.lead.Get("/records/" + id); a.Has("已不计入") {
		t.Error("a record that counts says that it does not")
	}
	w.must(w.lead, id, "suspend", "reason", "三个月没有业务", "day", "2026-06-01")
	wants(t, "suspended", w.lead.Get("/records/"+id), 200, "已不计入", "自2026年6月1日起不再计入：现处于“暂停”")
	food := w.food("2023-05-01", "2026-05-31")
	wants(t, "ended", w.leader.Get("/records/"+food), 200, "自2026年6月1日起不再计入", "续办以后")
	list := w.leader.Get("/registers/green-food?lapsed=1")
	wants(t, "list", list, 200, "已不计入", "/records/"+food, "2026年6月1日起：")
	wants(t, "what counts is not listed", w.leader.Get("/registers/"+string(point)+"?lapsed=1"), 200, "没有符合条件的记录")
	wants(t, "what counts", w.leader.Get("/registers/"+string(point)), 200, "/records/"+stays)
}

// food enters a certificate with its days and leads it to where it counts.
func (w *world) food(issued, expires string) string {
	w.t.Helper()
	id, err := w.reg.Create(context.Background(), w.clerk.P, register.Draft{Register: "green-food", Territory: w.place, Values: map[string]string{"name": "东昌葫芦", "certificate-no": "LB-03-2601150001A", "enterprise-code": "GF371502230001", "enterprise": "葫芦合作社",
		"uscc": "91371500MA3C0YMT1D", "issued": issued, "expires": expires, "renewal": "否"}, Proofs: []register.File{{Kind: "certificate", Name: "证书.txt", Data: strings.NewReader("证书"), Size: 6}}})
	if err != nil {
		w.t.Fatal(err)
	}
	lead := w.As("agriculture", "agriculture", org.UnitHead)
	w.must(w.clerk, id, "claim")
	w.must(w.chief, id, "check")
	w.must(lead, id, "verify")
	return id
}
