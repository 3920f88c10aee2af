package registers_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bihuan/app"
	"bihuan/org"
	"bihuan/web/assets"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/ui"
	"bihuan/web/webtest"
)

// newBrowserWorld also serves what a browser needs: assets and signing in.
func newBrowserWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, func(f *frame.App, a *app.App) {
		f.Mux.Handle("GET "+assets.Prefix, assets.Handler())
		f.Handle("GET /{$}", func(c *frame.Ctx) error { c.Redirect("/registers", ui.Flash{}); return nil })
		entry.Routes(f, a.Org)
	})
}

// link is a one-time link of somebody.
func (w *world) link(c *webtest.Client) string {
	w.t.Helper()
	s, err := w.App.Org.IssueLoginLink(context.Background(), org.CommandLine("test"), c.P.ID, time.Hour)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// A county enters a record, its head sends it back, the county mends it, the head
// and the lead unit approve it by the keyboard, and it counts.
func TestInTheBrowser(t *testing.T) {
	w := newBrowserWorld(t)
	dir := t.TempDir()
	receipt, picture := filepath.Join(dir, "备案回执.txt"), filepath.Join(dir, "门头.png")
	for path, data := range map[string][]byte{receipt: []byte("备案回执"), picture: photo(1)} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := webtest.NewBrowser(t, w.Server.URL)
	b.Redeem(w.link(w.clerk))
	b.Open("/registers/" + string(point))
	b.ClickText("登记")
	for name, value := range w.form("v-inbound", "很多") {
		if name != "territory" && name != "v-brands" {
			b.Fill(name, value)
		}
	}
	b.Click(`input[name="v-brands"][value="邮政"]`)
	b.Choose("p-receipt", receipt)
	b.Choose("p-photo", picture)
	b.Click(`main form button[type="submit"].btn-primary`)
	b.See("处需要修改")
	b.See("请重新选择佐证材料")
	if got := b.Eval(`document.querySelector('[name="v-host"]').value`); got != "惠民超市1号" {
		t.Errorf("what was typed is lost: %q", got)
	}
	b.Fill("v-inbound", "120")
	b.Choose("p-receipt", receipt)
	b.Choose("p-photo", picture)
	b.Click(`main form button[type="submit"].btn-primary`)
	b.See("已登记，等另一位同事核验后计入")
	record := b.Eval("location.pathname")
	b.ClickText("申报")
	b.See("等县（市、区）审核人办理")

	head := webtest.NewBrowser(t, w.Server.URL)
	head.Redeem(w.link(w.chief))
	head.Open("/registers/verify")
	press(head, "r")
	head.Do("the reason is typed", chromedp.WaitVisible(`details[open] textarea[name="reason"]`))
	head.Eval(`document.activeElement.value = "照片看不清门牌"; document.activeElement.name`)
	head.Click(`details[open] button`)
	head.See("没有等您办理的记录")

	b.Open(record)
	b.See("照片看不清门牌")
	b.Open(record + "/edit")
	b.Fill("v-address", "东村中街2号")
	b.Eval(`window.bihuan.leaving = true; "the question about unsaved input is not asked"`)
	b.ClickText("保存更正")
	b.See("已更正")
	b.ClickText("申报")
	b.See("等县（市、区）审核人办理")

	head.Open("/registers/verify")
	approve(head)
	head.See("已初审通过")
	lead := webtest.NewBrowser(t, w.Server.URL)
	lead.Redeem(w.link(w.lead))
	lead.Open("/registers/verify")
	approve(lead)
	lead.See("已认定")
	lead.Open("/registers/" + string(point) + "?count=open")
	lead.See("第1站")
	lead.Open(record)
	lead.See("自2026年3月2日起计入")
}

// press sends a letter to the page.
func press(b *webtest.Browser, key string) {
	b.Eval(`document.body.focus(); document.dispatchEvent(new KeyboardEvent("keydown", {key: "` + key + `", bubbles: true})); document.activeElement.tagName`)
}

// approve chooses the first decision by its letter and presses it.
func approve(b *webtest.Browser) {
	press(b, "a")
	b.Eval(`document.activeElement.click(); document.activeElement.tagName`)
}

// waitPath waits until the page is at a path.
func waitPath(path string) chromedp.Action[chromedp.Void] {
	return until(`location.pathname === "` + path + `"`)
}

// waitChecked waits until so many records are ticked.
func waitChecked(n int) chromedp.Action[chromedp.Void] {
	return until(`document.querySelectorAll('input[name="pick"]:checked').length === ` + strconv.Itoa(n))
}

// until waits until a condition holds; a page that moves on meanwhile is asked again.
func until(condition string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for {
			_, err := chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(20*time.Second))(ctx, t)
			if err == nil || ctx.Err() != nil {
				return err
			}
		}
	})
}
