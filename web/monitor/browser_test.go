package monitor_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/kit/calendar"
	"bihuan/org"
	"bihuan/web/assets"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/ui"
	"bihuan/web/webtest"
)

// fillUp enters a year and a half of figures, invented for the test.
func (w *world) fillUp() {
	w.t.Helper()
	day := func(year, month int) string {
		return calendar.Of(year, time.Month(month), 1).AddMonths(1).AddDays(17).String()
	}
	for i, year := range []int{2025, 2026} {
		for month := 2; month <= 12 && (year == 2025 || month <= 4); month++ {
			period := strconv.Itoa(year) + "年1—" + strconv.Itoa(month) + "月"
			own, other := strconv.Itoa(4+i)+"."+strconv.Itoa(month%7), strconv.Itoa(4+i)+"."+strconv.Itoa(5-month%4)
			w.enter("retail-rate city "+period+" "+own+" "+day(year, month), "retail-rate province "+period+" "+other+" "+day(year, month),
				"retail city "+period+" "+strconv.Itoa(90*month+i*month*5)+".5 "+day(year, month))
		}
	}
	for n, p := range w.App.Pack.TerritoriesFor("行政区划口径") {
		cal := ""
		if len(w.App.Pack.ZonesIn(p.ID)) > 0 {
			cal = " 行政区划口径"
		}
		v := strconv.Itoa(3+n%4) + "." + strconv.Itoa(n)
		w.enter("retail-rate "+string(p.ID)+" 2026年1—4月 "+v+" 2026-05-20"+cal, "retail "+string(p.ID)+" 2026年1—4月 4"+v+" 2026-05-20"+cal)
		for i, s := range []string{"wholesale", "retailing", "accommodation", "catering"} {
			w.enter(s + "-rate " + string(p.ID) + " 2026年一季度 " + strconv.Itoa(i) + v + " 2026-04-20" + cal)
		}
	}
	for i, s := range []string{"wholesale", "retailing", "accommodation"} {
		for q, period := range []string{"2025年一季度", "2025年上半年", "2025年前三季度", "2025年", "2026年一季度"} {
			v := strconv.Itoa(5+i-q%3) + "." + strconv.Itoa(q)
			released := []string{"2025-04-20", "2025-07-20", "2025-10-20", "2026-01-20", "2026-04-20"}[q]
			w.enter(s+"-rate city "+period+" "+v+" "+released, s+"-rate province "+period+" 5."+strconv.Itoa(q)+" "+released)
		}
	}
}

// Every page fits a phone, and the two steps of an import work in a browser.
func TestInTheBrowser(t *testing.T) {
	w := newWorld(t, func(f *frame.App, a *app.App) {
		f.Mux.Handle("GET "+assets.Prefix, assets.Handler())
		f.Handle("GET /{$}", func(c *frame.Ctx) error { c.Redirect("/monitor", ui.Flash{}); return nil })
		entry.Routes(f, a.Org)
	})
	w.fillUp()
	link, err := w.App.Org.IssueLoginLink(context.Background(), org.CommandLine("test"), w.clerk.P.ID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t, w.Server.URL)
	b.Redeem(link)
	pages := map[string]string{"overview": "/monitor", "series": "/monitor/series/retail-rate", "level": "/monitor/series/retail", "empty": "/monitor/series/gdp", "sectors": "/monitor/sectors",
		"figure": "/monitor/series/retail-rate/figure" + figure, "revise": "/monitor/series/retail-rate/revise" + figure, "entry": "/monitor/entry", "import": "/monitor/import"}
	for _, width := range []int64{390, 1440} {
		b.Size(width, 900)
		for name, path := range pages {
			b.Open(path)
			if by := b.Overflow(); by > 0 {
				t.Errorf("%s is %d px too wide at %d", path, by, width)
			}
			shot(b, name+"-"+strconv.FormatInt(width, 10))
		}
	}
	b.Open("/monitor/import")
	b.Fill("table", strings.NewReplacer("2026年1—3月", "2026年1—5月", "2026-04-20", "2026-06-20").Replace(table))
	b.ClickText("检查")
	b.See("1 行有问题")
	b.Size(390, 900)
	if by := b.Overflow(); by > 0 {
		t.Errorf("the check is %d px too wide", by)
	}
	shot(b, "check-390")
	b.ClickText("导入 1 行")
	b.See("有问题的 1 行没有导入")
}

// shot keeps a picture where the environment names a folder for them.
func shot(b *webtest.Browser, name string) {
	if dir := os.Getenv("BIHUAN_TEST_SHOTS"); dir != "" {
		b.Shot(filepath.Join(dir, "monitor-"+name+".png"))
	}
}
