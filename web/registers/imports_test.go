package registers_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"bihuan/kit/office"
)

// workbook is a filled template: a header with the labels, then rows by label.
func (w *world) workbook(rows ...map[string]string) []byte {
	w.t.Helper()
	place, _ := w.App.Pack.Territory(w.place)
	s := office.Sheet{Name: w.def.Name, Columns: []office.Column{{Header: "属地"}}}
	for _, f := range w.def.Fields {
		s.Columns = append(s.Columns, office.Column{Header: f.Label})
	}
	var cells [][]office.Cell
	for _, values := range rows {
		row := []office.Cell{office.TextCell(place.Name)}
		for _, f := range w.def.Fields {
			row = append(row, office.TextCell(values["v-"+f.Name]))
		}
		cells = append(cells, row)
	}
	s.Rows = office.SliceRows(cells)
	var b bytes.Buffer
	if err := office.WriteXlsx(&b, office.Book{Sheets: []office.Sheet{s}}); err != nil {
		w.t.Fatal(err)
	}
	return b.Bytes()
}

// work runs what the background has to do.
func (w *world) work() {
	w.t.Helper()
	if _, err := w.App.Jobs.RunDue(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

func TestImport(t *testing.T) {
	w := newWorld(t)
	to := "/registers/" + string(point) + "/import"
	wants(t, "form", w.clerk.Get(to), 200, "下载模板", "上传并检查")
	wants(t, "who does not enter", w.leader.Get(to), 403, "由各县（市、区）、开发区")
	wants(t, "who does not enter uploads", w.leader.Upload(to, "file", "a.xlsx", []byte("x")), 403)
	tpl := w.clerk.Get(to + "/template.xlsx")
	wants(t, "template", tpl, 200)
	if !strings.HasPrefix(tpl.Body, "PK") || !strings.Contains(tpl.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("template: %v", tpl.Header)
	}
	wants(t, "nothing chosen", w.clerk.Post(to), 422, "请选择填好的表格")

	bad := w.form("v-village-code", "12")
	a := w.clerk.Upload(to, "file", "站点.xlsx", w.workbook(w.form(), bad, w.form()))
	if a.Status != 303 || !strings.HasPrefix(a.Location, to+"/") {
		t.Fatalf("upload: %d %s", a.Status, text(a.Body))
	}
	run := a.Location
	waiting := w.clerk.Get(run)
	wants(t, "waiting", waiting, 200, `hx-trigger="every 2s"`, "排队等待检查", "刷新进度", "站点.xlsx")
	w.work()
	checked := w.clerk.Get(run)
	wants(t, "checked", checked, 200, "导入合格的 2 行", "不合格的格子", "第 3 行", "村代码", "12位", run+"/mend.xlsx")
	if strings.Contains(checked.Body, "hx-trigger") {
		t.Error("a page with nothing to wait for asks again")
	}
	wants(t, "nothing is entered yet", w.clerk.Get("/registers/"+string(point)), 200, "还没有记录")
	for name, path := range map[string]string{"page": run, "file to mend": run + "/mend.xlsx"} {
		if a := w.other.Get(path); a.Status != 404 && a.Status != 403 {
			t.Errorf("%s of another's import: %d", name, a.Status)
		}
	}
	for _, path := range []string{run + "/start", run + "/cancel"} {
		if a := w.other.Post(path); a.Status != 404 && a.Status != 403 {
			t.Errorf("%s of another's import: %d", path, a.Status)
		}
	}
	wants(t, "under another register", w.clerk.Get(strings.Replace(run, string(point), "green-food", 1)), 404)
	mend := w.clerk.Get(run + "/mend.xlsx")
	if mend.Status != 200 || !strings.HasPrefix(mend.Body, "PK") {
		t.Errorf("file to mend: %d", mend.Status)
	}
	if a := w.clerk.Post(run + "/start"); a.Status != 303 || a.Location != run {
		t.Fatalf("start: %d %s", a.Status, text(a.Body))
	}
	wants(t, "importing", w.clerk.Get(run), 200, "正在导入", "停止导入")
	w.work()
	wants(t, "done", w.clerk.Get(run), 200, "2 行已成为记录", "另有 1 行没有导入")
	wants(t, "again", w.clerk.Post(run+"/start"), 409)
	wants(t, "list", w.clerk.Get("/registers/"+string(point)), 200, "第2站", "共 2 条")
	wants(t, "earlier", w.clerk.Get(to), 200, "以前的导入", "导入完成")
}

func TestImportCancelled(t *testing.T) {
	w := newWorld(t)
	to := "/registers/" + string(point) + "/import"
	a := w.clerk.Upload(to, "file", "站点.xlsx", w.workbook(w.form()))
	if a.Status != 303 {
		t.Fatalf("upload: %d %s", a.Status, text(a.Body))
	}
	w.work()
	wants(t, "checked", w.clerk.Get(a.Location), 200, "全部合格")
	if x := w.clerk.Post(a.Location + "/cancel"); x.Status != 303 {
		t.Fatalf("cancel: %d %s", x.Status, text(x.Body))
	}
	wants(t, "cancelled", w.clerk.Get(a.Location), 200, "已取消")
	wants(t, "nothing is entered", w.clerk.Get("/registers/"+string(point)), 200, "还没有记录")
	for _, path := range []string{"/nothing", "/nothing/mend.xlsx"} {
		wants(t, path, w.clerk.Get(to+path), 404)
	}
	for _, path := range []string{"/nothing/start", "/nothing/cancel"} {
		wants(t, path, w.clerk.Post(to+path), 404)
	}
	broken := w.clerk.Upload(to, "file", "a.xlsx", slices.Concat([]byte("PK\x03\x04"), bytes.Repeat([]byte("x"), 200)))
	if broken.Status == 303 {
		w.work()
		broken = w.clerk.Get(broken.Location)
		wants(t, "no workbook", broken, 200, "没有导入")
		return
	}
	wants(t, "no workbook", broken, 422)
}
