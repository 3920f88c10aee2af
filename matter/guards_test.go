package matter_test

import (
	"testing"
	"time"

	"bihuan/kit/errs"
	"bihuan/org"
)

// Each test makes one move that exactly one guard refuses, and the same move with
// what the guard asks for.

func TestGuardsOfCampaigns(t *testing.T) {
	halls(t, func(h hall) {
		d, a := h.Dispatcher(), h.Approver()
		// authority: a designation that is not of today.
		bad := h.enter(d, "campaign", "", campaign("authority", "政府督查", "designation-no", "聊政字〔2026〕1号", "designation-matters", "x", "designation-scope", "x", "designation-start", "2026-01-01", "designation-end", "2026-02-01"))
		h.want(h.move(d, bad, "submit-inspection"), errs.Invalid, "今天不在期限内")
		// no-second-campaign
		first, second := h.enter(d, "campaign", "", campaign()), h.enter(d, "campaign", "", campaign())
		for _, id := range []string{first, second} {
			h.ok(h.move(d, id, "submit"))
		}
		h.ok(h.move(a, first, "approve"))
		h.want(h.move(a, second, "approve"), errs.Invalid, "已有正在开展的督导")
		// fed-back-first: criticism rests on a conclusion that its object has.
		h.ok(h.move(d, first, "conclude", "conclusion", "落后"))
		blame := h.enter(d, "commendation", "", values("name", "消费券", "kind", "通报批评", "unit", "civil", "campaign", first, "facts", "落后", "verified", "是", "group", "市直部门", "caliber", "台账", "cut-off", "2026-06-30"))
		h.want(h.move(d, blame, "propose-criticism"), errs.Invalid, "尚未反馈")
		h.ok(h.move(d, first, "feed-back", "fed-back", "2026-07-01"))
		h.ok(h.move(d, blame, "propose-criticism"))
	})
}

func TestGuardPraiseAllowed(t *testing.T) {
	halls(t, func(h hall) {
		d := h.Dispatcher()
		praise := func(verified string) string {
			return h.enter(d, "commendation", "", values("name", "通报表扬", "kind", "通报表扬", "unit", "civil", "facts", "好", "verified", verified, "group", "市直部门", "caliber", "台账", "cut-off", "2026-06-30"))
		}
		h.want(h.move(d, praise("否"), "propose", "result", "建成9个", "merit", "可推广"), errs.Invalid, "尚未核验")
		h.ok(h.move(d, praise("是"), "propose", "result", "建成9个", "merit", "可推广"))
	})
}

func TestGuardsOfSheets(t *testing.T) {
	halls(t, func(h hall) {
		task := h.task()
		d, a := h.Dispatcher(), h.Approver()
		// level-one-step: red after none.
		red := h.enter(d, "supervision-sheet", "", sheet(task, "level", "红色"))
		h.ok(h.move(d, red, "submit"))
		h.want(h.move(a, red, "issue"), errs.Invalid, "每次只升一级")
		// addressee-words
		gov, _ := h.Pack.Government("shenxian")
		harsh := h.enter(d, "supervision-sheet", "", sheet(task, "period", "2026-05", "addressee", string(gov.ID), "requirement", "责令加快发放"))
		h.want(h.move(d, harsh, "submit"), errs.Invalid, "责令")
		// reviewer-not-author: the re-check takes two.
		blue := h.enter(d, "supervision-sheet", "", sheet(task, "period", "2026-04"))
		h.ok(h.move(d, blue, "submit"))
		h.ok(h.move(a, blue, "issue"))
		clerk := h.Head("civil")
		h.ok(h.move(clerk, blue, "sign"))
		h.ok(h.reg.Attach(ctx, clerk, blue, text("result")))
		h.ok(h.move(clerk, blue, "answer", "reply", "已发放"))
		h.want(h.move(d, blue, "pass", "method", "资料核查", "checkers", "赵六"), errs.Invalid, "不少于两人")
		h.ok(h.move(d, blue, "pass", "method", "资料核查", "checkers", "赵六、钱七"))
	})
}

func TestGuardFormBurden(t *testing.T) {
	halls(t, func(h hall) {
		u := h.Clerk("civil")
		form := func(due string) string {
			return h.enter(u, "form", "", values("name", "摸底表", "purpose", "摸底", "addressees", "县区", "items", "没有登记过的项", "survey", "否", "valid-until", "2026-12-31", "issued", "2026-07-01", "due", due, "cycle", "一次", "photos", "否", "written", "否"))
		}
		h.want(h.move(u, form("2026-07-02"), "submit"), errs.Invalid, "工作日")
		h.ok(h.move(u, form("2026-07-20"), "submit"))
	})
}

func TestGuardObjectionInTime(t *testing.T) {
	halls(t, func(h hall) {
		c := h.fedBack()
		u := h.Clerk("civil")
		objection := func(received, applied string) string {
			return h.enter(u, "objection", "", values("subject", "督导结论", "campaign", c, "received", received, "grounds", "数字有误", "applied", applied))
		}
		// The day counts on which the conclusion was fed back, whatever the applicant writes.
		in := objection("2026-05-01", "2026-06-30")
		h.Clock.Add(31 * 24 * time.Hour)
		h.want(h.move(u, in, "apply"), errs.Invalid, "已过")
		h.Clock.Add(-31 * 24 * time.Hour)
		h.ok(h.move(u, in, "apply"))
		// Whoever concluded does not decide; another does.
		decision := []string{"reviewer", "赵六", "decision", "维持", "reasons", "核对无误", "decided", "2026-07-01"}
		h.want(h.move(h.Dispatcher(), in, "decide", decision...), errs.Invalid, "应当回避")
		h.ok(h.move(h.Person("other", h.Pack.LeadUnit().ID, org.Dispatcher), in, "decide", decision...))
	})
}

func TestGuardsOfRectification(t *testing.T) {
	halls(t, func(h hall) {
		d, a, u := h.Dispatcher(), h.Approver(), h.Head("civil")
		notice := h.enter(d, "rectification", "", values("name", "台账", "addressee", "civil", "basis", "督导结论", "check-method", "现场核查", "rights", "可以说明情况", "due", "2026-08-01"))
		h.want(h.move(d, notice, "submit"), errs.Conflict, "逐条列出") // problems-listed
		p := h.enter(d, "rectification-problem", notice, values("problem", "重复", "evidence", "台账", "requirement", "更正", "handler", "civil", "responsible", "王小明", "level", "蓝色", "due", "2026-07-20"))
		h.want(h.move(d, p, "issue"), errs.Conflict, "尚未印发") // parent-issued
		h.ok(h.move(d, notice, "submit"))
		h.ok(h.move(a, notice, "issue"))
		h.ok(h.move(d, p, "issue"))
		h.want(h.move(d, notice, "close"), errs.Conflict, "尚未销号") // all-crossed-off
		h.ok(h.move(u, p, "sign"))
		h.ok(h.move(u, p, "file-plan", "plan", "逐笔核对"))
		h.ok(h.move(d, p, "start"))
		h.ok(h.move(u, p, "file-evidence", "result", "已更正", "result-kind", "文件资料"))
		h.ok(h.move(d, p, "recheck", "method", "资料核查", "checkers", "赵六、钱七", "checked", "2026-07-01"))
		h.ok(h.move(d, p, "pass"))
		paper, err := h.s.DraftFor(ctx, d, p)
		h.ok(err)
		if in, err := h.s.Get(ctx, d, paper); err != nil || in.Kind != "review" {
			h.Errorf("%+v %v", in, err)
		}
		h.ok(h.move(a, p, "cross-off", "crossed", "2026-07-01"))
		h.ok(h.move(d, notice, "close"))
		h.want(h.move(d, p, "look-back"), errs.Conflict, "最早") // look-back-due
	})
}
