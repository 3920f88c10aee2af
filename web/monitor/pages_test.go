package monitor_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/app"
	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/web/frame"
	"bihuan/web/monitor"
	"bihuan/web/webtest"
)

// world is a site with the statistics room and the people who use it.
type world struct {
	*webtest.Site
	t      *testing.T
	ind    *indicator.Service
	clerk  *webtest.Client // enters figures
	reader *webtest.Client // reads and exports
}

// more are further routes of a test, such as those that a browser needs.
func newWorld(t *testing.T, more ...func(f *frame.App, a *app.App)) *world {
	t.Helper()
	w := &world{t: t}
	w.Site = webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		var err error
		if w.ind, err = indicator.New(a.DB, a.Log, a.Pack); err != nil {
			t.Fatal(err)
		}
		monitor.Routes(f, w.ind)
		for _, m := range more {
			m(f, a)
		}
	})
	w.clerk, w.reader = w.Dispatcher(), w.As("leader", "commerce", org.Leader)
	return w
}

// enter stores "indicator territory period value released [caliber]" lines.
func (w *world) enter(lines ...string) {
	w.t.Helper()
	for _, l := range lines {
		f := append(strings.Fields(l), "")
		e := indicator.Entry{Indicator: indicator.ID(f[0]), Territory: f[1], Period: f[2], Value: f[3], Released: f[4], Caliber: f[5], Source: "统计月报"}
		if _, err := w.ind.Enter(context.Background(), w.clerk.P, e); err != nil {
			w.t.Fatalf("%s: %v", l, err)
		}
	}
}

// text is a page without its tags, for messages of failing tests.
func text(body string) string {
	var b strings.Builder
	for i, part := range strings.Split(body, "<") {
		if _, rest, ok := strings.Cut(part, ">"); ok && i > 0 {
			b.WriteString(" " + strings.TrimSpace(rest))
		}
	}
	s := strings.Join(strings.Fields(b.String()), " ")
	return s[:min(len(s), 3000)]
}

// wants checks status and texts of an answer.
func wants(t *testing.T, name string, a webtest.Answer, status int, texts ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: status %d, want %d: %s", name, a.Status, status, text(a.Body))
		return
	}
	for _, s := range texts {
		if !a.Has(s) {
			t.Errorf("%s: %q is missing in: %s", name, s, text(a.Body))
		}
	}
}

const figure = "?territory=city&period=2026-01~03&caliber="

var (
	reads = []string{"/monitor", "/monitor?year=2025", "/monitor/sectors", "/monitor/sectors?caliber=功能区单列口径", "/monitor/series/retail", "/monitor/series/retail-rate?span=single", "/monitor/series/retail-rate?territory=dongchangfu&caliber=功能区单列口径",
		"/monitor/series/retail-rate/export.xlsx", "/monitor/series/retail-rate/figure" + figure}
	edits = []string{"/monitor/entry", "/monitor/import", "/monitor/import/template.xlsx", "/monitor/series/retail-rate/revise" + figure, "/monitor/series/retail-rate/withdraw" + figure}
	posts = []string{"/monitor/entry", "/monitor/import", "/monitor/series/retail-rate/revise" + figure, "/monitor/series/retail-rate/withdraw" + figure}
)

func TestWhoMaySeeWhat(t *testing.T) {
	w := newWorld(t)
	w.enter("retail-rate city 2026-01~03 5.3 2026-04-20")
	nobody, admin := w.Nobody(), w.As("sysadmin", "", org.SysAdmin)
	for _, path := range append(append([]string{}, reads...), edits...) {
		if a := nobody.Get(path); a.Status != 303 || !strings.HasPrefix(a.Location, "/signin") {
			t.Errorf("%s without a session: %d %s", path, a.Status, a.Location)
		}
		if a := admin.Get(path); a.Status != 403 {
			t.Errorf("%s by an administrator: %d", path, a.Status)
		}
		wants(t, path, w.clerk.Get(path), 200)
	}
	for _, path := range reads {
		wants(t, path, w.reader.Get(path), 200)
	}
	for _, path := range edits {
		wants(t, path+" by a reader", w.reader.Get(path), 403)
	}
	for _, path := range posts {
		if a := nobody.Post(path); a.Status != 401 {
			t.Errorf("POST %s without a session: %d", path, a.Status)
		}
		wants(t, "POST "+path+" by a reader", w.reader.Post(path), 403)
	}
	// A reader is offered nothing that would be refused.
	for _, path := range reads {
		if a := w.reader.Get(path); a.Has("/monitor/entry") || a.Has("/monitor/import") || a.Has("/revise") || a.Has("/withdraw") {
			t.Errorf("%s offers a reader to edit", path)
		}
	}
}

func TestUnknown(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/monitor/series/nothing", "/monitor/series/nothing/export.xlsx", "/monitor/series/nothing/figure" + figure, "/monitor/series/retail?territory=atlantis", "/monitor/series/retail?caliber=辖区",
		"/monitor/series/gdp?territory=jingkai", "/monitor/series/gdp?caliber=功能区单列口径", "/monitor/series/above-limit-units?territory=province",
		"/monitor/series/retail/figure", "/monitor/series/retail/figure?territory=city&period=昨天", "/monitor/series/retail/figure" + figure, "/monitor/series/retail/revise" + figure, "/monitor/series/retail/withdraw" + figure} {
		wants(t, path, w.clerk.Get(path), 404)
	}
	for _, path := range []string{"/monitor/series/retail/revise", "/monitor/series/retail/withdraw", "/monitor/series/nothing/revise" + figure} {
		wants(t, "POST "+path, w.clerk.Post(path, "reason", "x"), 404)
	}
}

func TestNothingIsPublishedYet(t *testing.T) {
	w := newWorld(t)
	wants(t, "overview", w.reader.Get("/monitor"), 200, "社零增速", "数据未发布", "发布日历", "2026年1—2月", "未发布或未录入", "2026年7月15日至31日", "未到")
	wants(t, "series", w.reader.Get("/monitor/series/retail-rate"), 200, "数据未发布", "按可比口径公布")
	wants(t, "sectors", w.reader.Get("/monitor/sectors"), 200, "批发业", "零售业", "住宿业", "餐饮业", "数据未发布", "2,000", "1,400", "500", "350", "入库由国家统计局批准")
	for _, path := range reads[:7] {
		if a := w.reader.Get(path); a.Has("level-red") || a.Has("light-red") || a.Has("light-green") {
			t.Errorf("%s judges what is not published", path)
		}
	}
}

func TestGapAndSeries(t *testing.T) {
	w := newWorld(t)
	w.enter("retail-rate city 2026-01~02 5.1 2026-03-20", "retail-rate province 2026-01~02 5.3 2026-03-18",
		"retail-rate city 2026-01~03 5.8 2026-04-20", "retail-rate province 2026-01~03 5.5 2026-04-18", "retail-rate province 2026-01~04 5.6 2026-05-18",
		"retail-rate donge 2026-01~03 4.9 2026-04-22", "retail-rate dongchangfu 2026-01~03 6.5 2026-04-22 行政区划口径", "retail-rate dongchangfu 2026-01~03 3.5 2026-04-22 功能区单列口径", "retail-rate jingkai 2026-01~03 12.5 2026-04-22 功能区单列口径",
		"retail-rate city 2026-03 7.7 2026-04-20", "retail city 2026-01~03 262.5 2026-04-20", "retail city 2025-01~03 250 2025-04-20")
	page := w.reader.Get("/monitor")
	wants(t, "overview", page, 200, "+0.3", "高于全省 0.3 个百分点", "2026年1—4月尚缺全市或全省", "/monitor/series/retail-rate/figure?")
	series := w.reader.Get("/monitor/series/retail-rate")
	wants(t, "series", series, 200, "<svg", "2026年1—4月", "+0.3", "-0.2", "东阿县", "6.5", "统计月报", "第1版")
	if series.Has("12.5") || series.Has(">3.5<") || series.Has("7.7") {
		t.Error("calibers or spans are mixed")
	}
	apart := w.reader.Get("/monitor/series/retail-rate?caliber=功能区单列口径")
	wants(t, "zones apart", apart, 200, "12.5", "3.5")
	if apart.Has("6.5") {
		t.Error("calibers are mixed")
	}
	single := w.reader.Get("/monitor/series/retail-rate?span=single")
	wants(t, "single months", single, 200, "7.7", "2026年1—2月", "2026年3月")
	if single.Has("2026年1—3月") {
		t.Error("cumulative figures among the single ones")
	}
	wants(t, "levels", w.reader.Get("/monitor/series/retail"), 200, "同比（测算）", "262.5", "5</", "测算")
	if a := w.reader.Get("/monitor/series/retail-rate"); a.Has("同比（测算）") {
		t.Error("a growth rate is computed beside a published one")
	}
	wants(t, "single county", w.reader.Get("/monitor/series/retail-rate?territory=donge"), 200, "4.9", "-0.6")
	wants(t, "what should be there by now", page, 200, "其后各期未录入") // 社零总额 has nothing after March
	w.enter("catering-rate city 2026年一季度 6.1 2026-04-20", "catering-rate province 2026年一季度 6.0 2026-04-18", "catering city 2026年一季度 12.34 2026-04-20", "catering-rate donge 2026年一季度 7.25 2026-04-20")
	wants(t, "sectors", w.reader.Get("/monitor/sectors"), 200, "高于全省 0.1 个百分点", "12.34 亿元", "2026年一季度", "7.25")
}

// The sum over all parts is labelled, and stands beside the published total.
func TestTotalIsComputed(t *testing.T) {
	w := newWorld(t)
	for _, p := range w.App.Pack.TerritoriesFor(city.CaliberAdministrative) {
		cal := ""
		if len(w.App.Pack.ZonesIn(p.ID)) > 0 {
			cal = string(city.CaliberAdministrative)
		}
		w.enter("retail " + string(p.ID) + " 2026-01~03 10 2026-04-20 " + cal)
	}
	w.enter("retail city 2026-01~03 81.5 2026-04-20")
	wants(t, "administrative", w.reader.Get("/monitor/series/retail"), 200, "各县区合计（测算）80 亿元，公布的全市数 81.5 亿元")
	if a := w.reader.Get("/monitor/series/retail?caliber=功能区单列口径"); a.Has("合计") {
		t.Error("a sum without the zones' figures")
	}
}

func TestEntryReviseWithdraw(t *testing.T) {
	w := newWorld(t)
	wants(t, "form", w.clerk.Get("/monitor/entry?indicator=retail-rate&period=2026-01~03"), 200, "只录入统计部门已经公布的数", `value="2026年1—3月"`)
	bad := w.clerk.Post("/monitor/entry", "indicator", "retail-rate", "territory", "dongchangfu", "period", "2026年2月", "value", "很多", "released", "", "source", "预计数")
	wants(t, "bad input", bad, 422, "1月和2月合并发布", "不是数", "请选择口径", "不能是“预计”的数", `value="很多"`, `value="预计数"`)
	wants(t, "nothing at all", w.clerk.Post("/monitor/entry"), 422, "没有这个指标", "请选择地区")
	good := []string{"indicator", "retail-rate", "territory", "city", "period", "2026年1—3月", "value", "5.3", "released", "2026-04-20", "source", "统计月报"}
	if a := w.clerk.Post("/monitor/entry", good...); a.Status != 303 || a.Location != "/monitor/series/retail-rate?territory=city" {
		t.Fatalf("enter: %d %s %s", a.Status, a.Location, text(a.Body))
	}
	wants(t, "entered twice", w.clerk.Post("/monitor/entry", good...), 409, "这个数已经录入", "修订", `value="统计月报"`)

	base := "/monitor/series/retail-rate/"
	wants(t, "figure", w.clerk.Get(base+"figure"+figure), 200, "5.3 %", "第1版", base+"revise?", base+"withdraw?")
	wants(t, "revise form", w.clerk.Get(base+"revise"+figure), 200, `value="5.3"`, `name="revision" value="1"`)
	revise := func(value, revision, reason string) webtest.Answer {
		return w.clerk.Post(base+"revise", "territory", "city", "period", "2026-01~03", "caliber", "", "revision", revision, "value", value, "released", "2026-05-20", "source", "统计月报", "reason", reason)
	}
	wants(t, "without a reason", revise("5.6", "1", ""), 422, "请写明修订的原因", `value="5.6"`)
	wants(t, "no number", revise("x", "1", "修订"), 422, "不是数")
	if a := revise("5.6", "1", "公布机构修订"); a.Status != 303 {
		t.Fatalf("revise: %d %s", a.Status, text(a.Body))
	}
	wants(t, "stale", revise("5.7", "1", "又修订"), 409, "别人已改过", "又修订")
	wants(t, "history", w.reader.Get(base+"figure"+figure), 200, "第2版：5.6 %", "第1版：5.3 %", "公布机构修订")

	wants(t, "withdraw form", w.clerk.Get(base+"withdraw"+figure), 200, "撤回这个数")
	withdraw := func(reason string) webtest.Answer {
		return w.clerk.Post(base+"withdraw", "territory", "city", "period", "2026-01~03", "caliber", "", "revision", "2", "reason", reason)
	}
	wants(t, "without a reason", withdraw(" "), 422, "请写明撤回的原因")
	if a := withdraw("录错了时期"); a.Status != 303 {
		t.Fatalf("withdraw: %d %s", a.Status, text(a.Body))
	}
	gone := w.clerk.Get(base + "figure" + figure)
	wants(t, "withdrawn", gone, 200, "已撤回", "第3版：撤回", "录错了时期", "第2版：5.6 %")
	if gone.Has(base + "revise?") {
		t.Error("a withdrawn figure can be revised")
	}
	wants(t, "withdrawn figures do not show", w.reader.Get("/monitor/series/retail-rate"), 200, "数据未发布")
}

const table = "指标\t地区\t时期\t数值\t发布日期\t来源文件\n社零增速\t聊城市\t2026年1—3月\t5.3\t2026-04-20\t统计月报\n社零增速\t东昌府区\t2026年1月\t<b>多</b>\t2026-04-20\t统计月报\n"

func TestImport(t *testing.T) {
	w := newWorld(t)
	wants(t, "form", w.clerk.Get("/monitor/import"), 200, "粘贴表格", "修订原因")
	wants(t, "nothing", w.clerk.Post("/monitor/import", "table", ""), 422, "没有内容")
	wants(t, "no heading", w.clerk.Post("/monitor/import", "table", "a\tb\n1\t2"), 422, "表头缺少")
	check := w.clerk.Post("/monitor/import", "do", "check", "table", table)
	wants(t, "check", check, 200, "1 个新数可以导入；1 行有问题", "导入 1 行", "C 时期", "D 数值", "1月和2月合并发布", "请选择口径", "&lt;b&gt;多", "2026年1—3月")
	if a := w.reader.Get("/monitor/series/retail-rate"); a.Has("5.3") {
		t.Error("a dry run stored a figure")
	}
	up := w.clerk.Upload("/monitor/import", "file", "月报.csv", []byte(strings.ReplaceAll(table, "\t", ",")), "do", "check")
	wants(t, "uploaded", up, 200, "1 个新数可以导入", "社零增速\t聊城市\t2026年1—3月\t5.3")
	wants(t, "not a table", w.clerk.Upload("/monitor/import", "file", "a.xlsx", []byte("PK\x03\x04 rubbish"), "do", "check"), 422)
	if a := w.clerk.Post("/monitor/import", "do", "import", "table", table); a.Status != 303 || a.Location != "/monitor" {
		t.Fatalf("import: %d %s", a.Status, text(a.Body))
	}
	wants(t, "message", w.clerk.Get("/monitor"), 200, "已导入 1 个新数；有问题的 1 行没有导入")
	wants(t, "imported", w.reader.Get("/monitor/series/retail-rate"), 200, "5.3")
	wants(t, "again", w.clerk.Post("/monitor/import", "do", "import", "table", table), 422, "没有可以导入的行")
	wants(t, "known already", w.clerk.Post("/monitor/import", "do", "check", "table", table), 200, "已有、略过")
}

// What is exported can be imported again: nothing of it is new.
func TestExportAndBack(t *testing.T) {
	w := newWorld(t)
	w.enter("retail-rate city 2026-01~03 5.35 2026-04-20", "retail-rate dongchangfu 2026-01~03 6.5 2026-04-22 行政区划口径", "gdp-rate city 2026年一季度 5.5 2026-04-20")
	for _, id := range []string{"retail-rate", "gdp-rate"} {
		file := w.reader.Get("/monitor/series/" + id + "/export.xlsx")
		if file.Status != 200 || !strings.HasPrefix(file.Body, "PK") || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("export: %d %s", file.Status, file.Header)
		}
		back := w.clerk.Upload("/monitor/import", "file", "back.xlsx", []byte(file.Body), "do", "check")
		wants(t, "exported "+id, back, 200, "0 个新数，", "行已有、略过")
		if back.Has("有问题的单元格") {
			t.Errorf("what was exported cannot be imported: %s", text(back.Body))
		}
	}
	wants(t, "template", w.clerk.Get("/monitor/import/template.xlsx"), 200)
}
