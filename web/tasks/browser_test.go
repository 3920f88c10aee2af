package tasks_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bihuan/app"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/web/assets"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/tasks"
	"bihuan/web/ui"
	"bihuan/web/webtest"
)

// With scripts the small forms open over the task, sums and filters follow what is
// typed, and no page is wider than a phone.
func TestInTheBrowser(t *testing.T) {
	w := newWorldOn(t, webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		measuredBy(f, a)
		f.Mux.Handle("GET "+assets.Prefix, assets.Handler())
		f.Handle("GET /{$}", func(c *frame.Ctx) error { c.Redirect("/tasks", ui.Flash{}); return nil })
		entry.Routes(f, a.Org)
		tasks.Routes(f)
	}))
	link, err := w.App.Org.IssueLoginLink(context.Background(), org.CommandLine("test"), w.clerk.P.ID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t, w.Server.URL)
	b.Redeem(link)
	task, target := "/tasks/"+w.task.ID, "/targets/"+w.target.ID

	b.Open(task)
	b.Click(`a[href="` + target + `/report"]`)
	b.Do("the form opens over the page", chromedp.WaitVisible(`dialog[open] input[name="value"]`))
	if !strings.HasSuffix(b.Location(), task) {
		t.Errorf("the form left the page: %s", b.Location())
	}
	b.Fill("value", "很多")
	b.Click(`dialog[open] button[type="submit"]`)
	b.See("请附佐证材料")
	b.See("不是数字")
	proof := filepath.Join(t.TempDir(), "佐证.txt")
	if err := os.WriteFile(proof, []byte("佐证材料"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Fill("value", "2")
	b.Fill("as_of", "2026-06-30")
	b.Choose("proof", proof)
	b.ClickText("提交填报")
	b.See("已填报，等另一位同事核验后计入")
	if w.now().Turn.What == "" {
		t.Error("nobody is told to verify")
	}

	b.Open(target + "/shares")
	b.Fill(string(w.place), "3")
	b.Eval(`document.querySelector('[name="` + string(w.place) + `"]').dispatchEvent(new Event("change", {bubbles: true})); "sent"`)
	b.See("合计 3")
	b.Eval(`window.bihuan.leaving = true; "the question about unsaved input is not asked"`)

	b.Open("/tasks")
	b.Fill("light", "grey")
	b.Eval(`document.querySelector('[name="light"]').dispatchEvent(new Event("change", {bubbles: true})); "sent"`)
	b.See("灯色：无数据")
	if !strings.Contains(b.Location(), "light=grey") {
		t.Errorf("the filter is not in the address: %s", b.Location())
	}

	b.Size(390, 844)
	for _, path := range append(w.gets(), "/tasks?view=flat", "/tasks?print=1") {
		if strings.HasSuffix(path, "/light") || path == "/verify" || strings.Contains(path, ".xlsx") || strings.Contains(path, "quantify") {
			continue // not this person's, or no page
		}
		b.Open(path)
		if n := b.Overflow(); n > 0 {
			t.Errorf("%s is %d pixels wider than a phone", path, n)
		}
	}
}
