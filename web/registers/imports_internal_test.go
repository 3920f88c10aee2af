package registers

import (
	"strings"
	"testing"

	"bihuan/register/sheet"
	"bihuan/web/ui"
)

// Each state of an import says what has happened and what is to be done now.
func TestRunAlert(t *testing.T) {
	for _, c := range []struct {
		i    sheet.Import
		kind ui.Kind
		text string
	}{
		{sheet.Import{State: sheet.Checking}, "", ""},
		{sheet.Import{State: sheet.Checked, Good: 3}, ui.Success, "全部合格，还没有导入"},
		{sheet.Import{State: sheet.Checked, Good: 3, Bad: 1}, ui.Warning, "可以先导入合格的行"},
		{sheet.Import{State: sheet.Checked, Bad: 1}, ui.Danger, "没有一行合格"},
		{sheet.Import{State: sheet.Done, Entered: 3}, ui.Success, "3 行已成为记录"},
		{sheet.Import{State: sheet.Done, Entered: 3, Bad: 1, Refused: 1}, ui.Warning, "另有 2 行没有导入"},
		{sheet.Import{State: sheet.Cancelled, Entered: 1}, ui.Warning, "已成为记录的有 1 行"},
		{sheet.Import{State: sheet.Failed, Problem: "不是模板"}, ui.Danger, "不是模板"},
	} {
		got := runAlert(c.i)
		if got.Kind != c.kind || !strings.Contains(got.Text, c.text) {
			t.Errorf("%+v: %+v", c.i, got)
		}
	}
}

// The course of an import has one present step, and those before it are done.
func TestRunSteps(t *testing.T) {
	for s, want := range map[sheet.State]string{sheet.Uploaded: "上传* 检查 确认 导入 完成 ", sheet.Checking: "上传+ 检查* 确认 导入 完成 ", sheet.Failed: "上传+ 检查* 确认 导入 完成 ",
		sheet.Checked: "上传+ 检查+ 确认* 导入 完成 ", sheet.Importing: "上传+ 检查+ 确认+ 导入* 完成 ", sheet.Done: "上传+ 检查+ 确认+ 导入+ 完成* "} {
		if got := labels(runSteps(s)); got != want {
			t.Errorf("%s: %q", s, got)
		}
	}
}
