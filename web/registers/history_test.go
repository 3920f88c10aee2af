package registers_test

import (
	"strings"
	"testing"
)

// The history tells changes as the record shows them: units by name, dates in words.
func TestHistoryIsInWords(t *testing.T) {
	w := newWorld(t)
	plan := w.PackPlan()
	if plan == "" {
		t.Fatal("no plan")
	}
	d := w.Dispatcher()
	values := map[string]string{"v-name": "消费券发放", "v-addressee": "civil", "v-facts": "发放滞后", "v-standard": "计划要求按期发放", "v-request": "请加快", "v-due": "2026-07-20", "v-contact": "张三"}
	a := send(t, d, "/registers/reminder-letter/new", values, nil)
	if a.Status != 303 {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	id := strings.TrimPrefix(a.Location, "/records/")
	values = with(with(with(values, "v-addressee", "culture"), "v-due", "2026-07-25"), "revision", w.revision(d, id))
	if a := send(t, d, a.Location+"/edit", with(values, "reason", "改发"), nil); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	page := d.Get(a.Location)
	wants(t, "history", page, 200, "市民政局", "市文化和旅游局", "2026年7月20日", "2026年7月25日")
	if page.Has(">civil<") || page.Has(">2026-07-20<") {
		t.Errorf("stored words show: %s", text(page.Body))
	}
}
