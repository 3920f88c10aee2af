package matter_test

import (
	"testing"
	"time"

	"bihuan/kit/errs"
)

// TestLookBack: one in ten of the problems crossed off is looked at again after 90 days.
func TestLookBack(t *testing.T) {
	halls(t, func(h hall) {
		d, a, u := h.Dispatcher(), h.Approver(), h.Head("civil")
		notice := h.rectification("civil")
		h.ok(h.move(a, notice, "issue"))
		v, err := h.reg.Get(ctx, d, notice)
		h.ok(err)
		for _, c := range v.Children {
			h.ok(h.move(d, c.ID, "issue"))
			h.ok(h.move(u, c.ID, "sign"))
			h.ok(h.move(u, c.ID, "file-plan", "plan", "逐笔核对"))
			h.ok(h.move(d, c.ID, "start"))
			h.ok(h.move(u, c.ID, "file-evidence", "result", "已更正", "result-kind", "文件资料"))
			h.ok(h.move(d, c.ID, "recheck", "method", "资料核查", "checkers", "赵六、钱七", "checked", "2026-07-01"))
			h.ok(h.move(d, c.ID, "pass"))
			h.ok(h.move(a, c.ID, "cross-off", "crossed", "2026-07-01"))
		}
		look := func(due, looked, wanted int) {
			h.Helper()
			l, err := h.s.LookBack(ctx, d)
			if err != nil || len(l.Due) != due || l.Looked != looked || l.Wanted != wanted || l.Days != 90 {
				h.Errorf("%+v %v, want %d due, %d looked at, %d wanted", l, err, due, looked, wanted)
			}
		}
		look(0, 0, 0)
		h.Clock.Add(89 * 24 * time.Hour)
		look(0, 0, 0)
		h.want(h.move(d, v.Children[0].ID, "look-back"), errs.Conflict, "最早")
		h.Clock.Add(24 * time.Hour)
		look(2, 0, 1)
		h.ok(h.move(d, v.Children[0].ID, "look-back"))
		look(1, 1, 0)
		h.ok(h.move(d, v.Children[0].ID, "holds", "looked-back", "没有再发生"))
		look(1, 1, 0)
	})
}
