package tasks

import (
	"strings"
	"testing"

	"bihuan/kit/audit"
	"bihuan/web/ui"
)

func TestEventsAreReadable(t *testing.T) {
	for _, c := range []struct {
		name    string
		r       audit.Record
		title   string
		text    string
		changes []ui.Change
	}{
		{"a report", audit.Record{Action: "progress.report", After: `{"数值":"12个","截至":"2026-06-30","SHA-256":"ab"}`}, "填报进展", "截至 2026-06-30，数值 12个", nil},
		{"verified: two states of different things", audit.Record{Action: "progress.verified", Before: `{"状态":"待核验"}`, After: `{"数值":"12个"}`}, "核验进展", "数值 12个", nil},
		{"one change stands in a line", audit.Record{Action: "task.edit", Before: `{"责任人":"","经办人":"甲"}`, After: `{"责任人":"乙","经办人":"甲"}`}, "修改办理信息", "责任人：— → 乙", nil},
		{"several changes stand side by side", audit.Record{Action: "task.change", Reason: "新版", Before: `{"1 标题":"甲","2 期限":"5月"}`, After: `{"1 标题":"乙","2 期限":"6月"}`}, "按新版文件修改", "理由：新版",
			[]ui.Change{{Name: "标题", Before: "甲", After: "乙"}, {Name: "期限", Before: "5月", After: "6月"}}},
		{"a light set by hand", audit.Record{Action: "light.override", Before: `{"计算灯色":"滞后","显示灯色":"滞后"}`, After: `{"显示灯色":"正常","有效至":"2026-08-01"}`}, "人工改判灯色", "",
			[]ui.Change{{Name: "显示灯色", Before: "滞后", After: "正常"}, {Name: "有效至", After: "2026-08-01"}}},
		{"lists and truths", audit.Record{Action: "task.register", After: `{"目标":["甲 1个","乙 2个"],"演示数据":true}`}, "列入清单", "演示数据 是，目标 甲 1个；乙 2个", nil},
		{"an act nobody named", audit.Record{Action: "new.act", After: `not json`}, "new.act", "", nil},
	} {
		e := eventOf(c.r)
		if e.Title != c.title || e.Text != c.text {
			t.Errorf("%s: %q %q, want %q %q", c.name, e.Title, e.Text, c.title, c.text)
		}
		got := []ui.Change(nil)
		if d, ok := e.Node.(ui.Diff); ok {
			got = d.Changes
		}
		if len(got) != len(c.changes) {
			t.Errorf("%s: %v, want %v", c.name, got, c.changes)
			continue
		}
		for i := range got {
			if got[i] != c.changes[i] {
				t.Errorf("%s: %v, want %v", c.name, got[i], c.changes[i])
			}
		}
	}
	newest, earlier := history(make([]audit.Record, newestEvents+3))
	if len(newest.Events) != newestEvents || len(earlier.Events) != 3 {
		t.Errorf("%d and %d events", len(newest.Events), len(earlier.Events))
	}
	if strings.Contains(eventOf(audit.Record{Action: "progress.report", After: `{"SHA-256":"ab"}`}).Text, "ab") {
		t.Error("a hash is shown to readers")
	}
}
