package tasks_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"bihuan/city"
	"bihuan/org"
	"bihuan/supervise"
)

// titles are the tasks that a list page shows, in order.
func titles(body string) []string {
	var got []string
	for _, m := range regexp.MustCompile(`<tr id="task-[^"]*" data-href="[^"]*" class="has-link"><td[^>]*><a href="[^"]*">([^<]*)</a>`).FindAllStringSubmatch(body, -1) {
		got = append(got, m[1])
	}
	return got
}

func TestListFilters(t *testing.T) {
	w := newWorld(t)
	b := w.board()
	count := func(let func(x *supervise.TaskLight) bool) int {
		n := 0
		for _, x := range b.Tasks {
			if let(x) {
				n++
			}
		}
		return n
	}
	lead := w.task.LeadUnit
	for _, c := range []struct {
		path string
		want int
	}{
		{"/tasks", len(b.Tasks)},
		{"/tasks?view=flat", len(b.Tasks)},
		{"/tasks?print=1", len(b.Tasks)},
		{"/tasks?plan=" + w.planID, len(b.Tasks)},
		{"/tasks?plan=unknown", 0},
		{"/tasks?unit=" + string(lead), count(func(x *supervise.TaskLight) bool { return x.Concerns(lead) })},
		{"/tasks?unit=" + string(lead) + "&lead=1", count(func(x *supervise.TaskLight) bool { return x.LeadUnit == lead })},
		{"/tasks?light=grey", count(func(x *supervise.TaskLight) bool { return x.Shown() == supervise.Grey })},
		{"/tasks?light=purple", len(b.Tasks)},
		{"/tasks?state=registered", len(b.Tasks)},
		{"/tasks?state=closed", 0},
		{"/tasks?scope=county", 0},
		{"/tasks?scope=all", len(b.Tasks)},
		{"/tasks?county=" + string(w.place), 0},
		{"/tasks?q=" + w.task.No, 1},
		{"/tasks?q=没有这样的词", 0},
		{"/tasks?page=99", len(b.Tasks)},
		{"/tasks?page=-3&sort=nonsense", len(b.Tasks)},
		{"/tasks?category=" + string(city.CategoryRectification), 0},
	} {
		a := w.boss.Get(c.path)
		if got := len(titles(a.Body)); a.Status != 200 || got != c.want {
			t.Errorf("%s: %d tasks, want %d (status %d)", c.path, got, c.want, a.Status)
		}
		if c.want == 0 && !a.Has("没有符合条件的任务") {
			t.Errorf("%s: does not say why it is empty", c.path)
		}
	}
	tree := w.boss.Get("/tasks")
	if !tree.Has(`scope="colgroup"`) || w.boss.Get("/tasks?view=flat").Has(`scope="colgroup"`) {
		t.Error("headings stand over the tree and not over the flat list")
	}
	chips := w.boss.Get("/tasks?unit=" + string(lead) + "&lead=1&light=grey&q=" + w.task.No)
	if !chips.Has("去掉条件 单位：") || !chips.Has("（牵头）") || !chips.Has("去掉条件 灯色：无数据") {
		t.Error("the conditions in force are not shown")
	}
	if a := w.boss.Get("/tasks?q=" + strings.Repeat("很长", 200)); a.Status != 200 {
		t.Errorf("long text: %d", a.Status)
	}
	hostile := w.boss.Get(`/tasks?q=%3Cscript%3Ealert(1)%3C/script%3E`)
	if hostile.Status != 200 || hostile.Has("<script>alert") {
		t.Errorf("hostile text: %d", hostile.Status)
	}
}

func TestListOrders(t *testing.T) {
	w := newWorld(t)
	id := w.reported("1", "2026-06-30")
	if a := w.head.Post("/entries/" + id + "/verify"); a.Status != 303 {
		t.Fatal(a.Status)
	}
	if w.now().Shown() != supervise.Red {
		t.Fatalf("1 of %s at midyear is %s", w.target.Pledge(), w.now().Shown())
	}
	for _, sort := range []string{"light", "deviation"} {
		got := titles(w.boss.Get("/tasks?sort=" + sort).Body)
		if len(got) == 0 || got[0] != w.task.Title {
			t.Errorf("sort=%s begins with %v", sort, got[:min(2, len(got))])
		}
	}
	if got := w.boss.Get("/tasks?sort=due"); len(titles(got.Body)) != len(w.board().Tasks) {
		t.Error("sorting by due day loses tasks")
	}
	wants(t, "owed: behind", w.clerk.Get("/report?show=behind"), 200, w.target.Subject, "严重滞后")
}

func TestEmptySite(t *testing.T) {
	w := newEmpty(t)
	disp := w.Dispatcher()
	wants(t, "list", disp.Get("/tasks"), 200, "还没有任务", "/imports/new")
	wants(t, "plans", disp.Get("/plans"), 200, "还没有清单")
	wants(t, "verify", disp.Get("/verify"), 200, "没有等您核验的数")
	wants(t, "report", disp.Get("/report"), 200, "没有需要填报的目标")
	wants(t, "search", disp.Get("/search"), 200, "请输入要找的字")
	wants(t, "nothing found", disp.Get("/search?q=xyz"), 200, "没有找到“xyz”")
	wants(t, "export", disp.Get("/tasks.xlsx"), 404, "没有可以导出的任务")
}

func TestExport(t *testing.T) {
	w := newWorld(t)
	id := w.reported("12", "2026-06-30")
	if a := w.head.Post("/entries/" + id + "/verify"); a.Status != 303 {
		t.Fatal(a.Status)
	}
	a := w.boss.Get("/tasks.xlsx?plan=" + w.planID)
	if a.Status != 200 || !strings.Contains(a.Header.Get("Content-Type"), "spreadsheetml") || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	f, err := excelize.OpenReader(bytes.NewReader([]byte(a.Body)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if got := fmt.Sprint(f.GetSheetList()); got != "[任务清单 目标]" {
		t.Errorf("sheets %s", got)
	}
	list, err := f.GetRows("任务清单")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 3+len(w.board().Tasks) || !strings.Contains(list[1][0], "数据截至 2026年7月1日") || !strings.Contains(list[1][0], "测试approver") {
		t.Errorf("%d rows, note %q", len(list), list[1])
	}
	targets, err := f.GetRows("目标", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for i, row := range targets {
		if len(row) < 16 || row[0] != w.task.No || row[3] != w.target.Subject {
			continue
		}
		found = true
		if row[6] != w.target.Value.String() || row[9] != "12" {
			t.Errorf("row %v", row)
		}
		for col, want := range map[string]excelize.CellType{"G": excelize.CellTypeUnset, "J": excelize.CellTypeUnset, "K": excelize.CellTypeUnset} {
			if kind, err := f.GetCellType("目标", fmt.Sprintf("%s%d", col, i+1)); err != nil || kind != want {
				t.Errorf("%s%d is not a number: %v %v", col, i+1, kind, err)
			}
		}
	}
	if !found {
		t.Error("the target is not in the workbook")
	}
}

// Whoever may export only what concerns the own unit gets that part of the list.
func TestExportWithinReach(t *testing.T) {
	w := newWorld(t)
	a := w.clerk.Get("/tasks.xlsx")
	f, err := excelize.OpenReader(bytes.NewReader([]byte(a.Body)))
	if err != nil {
		t.Fatalf("%d %v", a.Status, err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows("任务清单")
	if err != nil {
		t.Fatal(err)
	}
	mine := 0
	for _, x := range w.board().Tasks {
		if x.Concerns(w.task.LeadUnit) {
			mine++
		}
	}
	if len(rows)-3 != mine || !strings.Contains(rows[1][0], "范围：本单位") {
		t.Errorf("%d rows, %d tasks concern the unit; note %q", len(rows)-3, mine, rows[1][0])
	}
	wants(t, "nothing is green", w.boss.Get("/tasks.xlsx?light=green"), 404)
	wants(t, "an administrator", w.As("sys", "", org.SysAdmin).Get("/tasks.xlsx"), 403)
}

func TestSearch(t *testing.T) {
	w := newWorld(t)
	unit, _ := w.App.Pack.Unit(w.task.LeadUnit)
	place, _ := w.App.Pack.Territory(w.place)
	disp := w.Dispatcher()
	for q, want := range map[string]string{
		w.task.No: w.task.Title, w.target.Subject: "/tasks/" + w.task.ID + "#item-" + w.target.ID, unit.Short: "/units/" + string(unit.ID), place.Name: "/territories/" + string(place.ID),
		w.App.Pack.Documents[0].Title: "/plans/" + w.planID,
	} {
		wants(t, "search "+q, disp.Get("/search?q="+q), 200, want)
	}
	wants(t, "imports for who may see them", disp.Get("/search?q="+w.App.Pack.Documents[0].Title), 200, "/imports/")
	if a := w.clerk.Get("/search?q=" + w.App.Pack.Documents[0].Title); a.Status != 200 || a.Has("/imports/") {
		t.Error("a unit's clerk finds imports")
	}
	if a := disp.Get("/search?q=%3Cb%3E"); a.Has("“<b>”") || !a.Has("“&lt;b&gt;”") {
		t.Error("the query is not escaped")
	}
}

func TestPlans(t *testing.T) {
	w := newWorld(t)
	wants(t, "plans", w.clerk.Get("/plans"), 200, "市级总清单", "/plans/"+w.planID, "/tasks?plan="+w.planID)
	page := w.boss.Get("/plans/" + w.planID)
	wants(t, "plan", page, 200, "第 1 版", "新增 "+fmt.Sprint(len(w.board().Tasks))+" 项", "未报清单", "已报 0 个", "second")
	if page.Has("/imports/new?plan=") {
		t.Error("the approver is offered a new version")
	}
	wants(t, "dispatcher", w.Dispatcher().Get("/plans/"+w.planID), 200, "/imports/new?plan="+w.planID)
	wants(t, "county clerk may hand in its own list", w.county.Get("/plans/"+w.planID), 200, "territory="+string(w.place))
	if a := w.county.Get("/plans/" + w.planID); strings.Count(a.Body, "/imports/new?kind=county") != 1 {
		t.Error("a county clerk is offered the lists of others")
	}
}
