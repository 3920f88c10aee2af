package admin

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"bihuan/web/ui"
)

func TestChanges(t *testing.T) {
	for _, c := range []struct {
		name, before, after string
		want                []ui.Change
	}{
		{"nothing", "", "", nil},
		{"the same", `{"name":"王芳"}`, `{"name":"王芳"}`, nil},
		{"made", "", `{"name":"王芳"}`, []ui.Change{{Name: "姓名", After: "王芳"}}},
		{"taken away", `{"name":"王芳"}`, "", []ui.Change{{Name: "姓名", Before: "王芳"}}},
		{"only what differs", `{"login":"wang","state":"active"}`, `{"login":"wang","state":"disabled"}`, []ui.Change{{Name: "状态", Before: "正常", After: "已停用"}}},
		{"roles in words", `{}`, `{"roles":["unit_clerk","leader"]}`, []ui.Change{{Name: "角色", After: "部门经办、领导"}}},
		{"yes and no", `{"second_factor":true}`, `{"second_factor":false}`, []ui.Change{{Name: "已绑定动态口令", Before: "是", After: "否"}}},
		{"a moment", "", `{"expires":"2026-06-30T22:05:00Z"}`, []ui.Change{{Name: "有效期至", After: "2026年7月1日 06:05"}}},
		{"numbers exactly", `{"值":12345678901234567890.10}`, `{"值":0}`, []ui.Change{{Name: "值", Before: "12345678901234567890.10", After: "0"}}},
		{"within", `{"fields":{"name":"甲"}}`, `{"fields":{"name":"乙"}}`, []ui.Change{{Name: "字段 · 姓名", Before: "甲", After: "乙"}}},
		{"lists of things", `[]`, `[{"分解":"东昌府区"}]`, []ui.Change{{Name: "1 · 分解", After: "东昌府区"}}},
		{"no JSON", "", "已删除", []ui.Change{{Name: "内容", After: "已删除"}}},
		{"a single value", `"旧"`, `"新"`, []ui.Change{{Name: "内容", Before: "旧", After: "新"}}},
	} {
		if diff := cmp.Diff(c.want, changes(c.before, c.after)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func FuzzChanges(f *testing.F) {
	f.Add("", `{"a":[1,{"b":null}]}`)
	f.Add("{", `[[[[]]]]`)
	f.Fuzz(func(t *testing.T, before, after string) {
		changes(before, after)
		if list := changes(after, after); len(list) != 0 {
			t.Errorf("%q differs from itself: %v", after, list)
		}
	})
}
