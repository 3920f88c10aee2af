package matter_test

import (
	"testing"
	"time"

	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/supervise"
)

// TestProposals: what the lights suggest rises one step at a time with the sheets of
// a task, and is not suggested again once somebody has drawn it up.
func TestProposals(t *testing.T) {
	halls(t, func(h hall) {
		d, a := h.Dispatcher(), h.Approver()
		h.task()
		sup := supervise.New(h.DB, h.Log, h.Plan)
		h.Clock.Set(time.Date(2027, 1, 20, 2, 0, 0, 0, time.UTC)) // every task is late
		board, err := sup.Board(ctx, d)
		h.ok(err)
		if _, err := h.s.Proposals(ctx, h.Clerk("civil"), board); errs.CodeOf(err) != errs.Forbidden {
			t.Errorf("a clerk of a unit: %v", err)
		}
		suggested := supervise.Proposals(board, h.Pack)
		if len(suggested) == 0 {
			t.Fatal("the lights suggest nothing")
		}
		alone := suggested[0]
		find := func() (found supervise.Proposal) {
			h.Helper()
			all, err := h.s.Proposals(ctx, d, board)
			h.ok(err)
			for _, x := range all {
				if x.Key() == alone.Key() {
					found = x
				}
			}
			return found
		}
		if x := find(); x.Level != supervise.Blue || x.Light != alone.Light {
			t.Errorf("the first sheet is suggested as %s under %s", x.Level, x.Light)
		}
		draw := func(period, level string) string {
			return h.enter(d, "supervision-sheet", "", sheet(alone.Task.ID, "reason", alone.Reason.Label(), "period", period, "level", level))
		}
		send := func(id string) { h.ok(h.move(d, id, "submit")); h.ok(h.move(a, id, "issue")) }
		drop := draw(alone.Period, "蓝色")
		if x := find(); x.Task != nil {
			t.Error("a sheet that is drawn up is suggested again")
		}
		h.ok(h.move(d, drop, "drop", "reason!", "情况已改善"))
		send(draw("2026-01", "蓝色"))
		if x := find(); x.Level != alone.Light {
			t.Errorf("after a sheet of another period: %s", x.Level)
		}
	})
}

// TestReissue: a sheet that failed goes out again one step up, and no more.
func TestReissue(t *testing.T) {
	halls(t, func(h hall) {
		d, a, u := h.Dispatcher(), h.Approver(), h.Head("civil")
		id := h.enter(d, "supervision-sheet", "", sheet(h.task()))
		h.ok(h.move(d, id, "submit"))
		h.ok(h.move(a, id, "issue"))
		answer := func(p org.Principal) {
			h.ok(h.move(p, id, "sign"))
			h.ok(h.reg.Attach(ctx, p, id, text("result")))
			h.ok(h.move(p, id, "answer", "reply", "已发放"))
			h.ok(h.move(d, id, "fail", "method", "现场核查", "checkers", "赵六、钱七", "reason!", "清单不全"))
		}
		answer(u)
		again := func(level string) error {
			return h.move(d, id, "reissue", "level", level, "period", "2026-07", "due", "2026-08-20", "reason!", "复核不通过")
		}
		h.ok(again("红色"))
		h.want(h.move(a, id, "issue"), errs.Invalid, "每次只升一级：上次为蓝色")
		h.ok(h.move(a, id, "return", "reason!", "逐级"))
		v, err := h.reg.Get(ctx, d, id)
		h.ok(err)
		h.ok(h.reg.Edit(ctx, d, id, v.Revision, values("level", "黄色"), "逐级"))
		h.ok(h.move(d, id, "submit"))
		h.ok(h.move(a, id, "issue"))
	})
}
