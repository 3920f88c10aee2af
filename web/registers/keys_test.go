package registers_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bihuan/web/webtest"
)

// walks checks that a list is walked by j and k, and that Enter opens the row.
func walks(t *testing.T, b *webtest.Browser, path string) {
	t.Helper()
	b.Open(path)
	const row = `[...document.querySelectorAll("tr[data-href]")].indexOf(document.querySelector("tr.row-now")) + " " + (document.activeElement.closest("tr") === document.querySelector("tr.row-now")) + " " + (new URL(document.activeElement.href).pathname === new URL(document.querySelector("tr.row-now").dataset.href, location).pathname)`
	for i, step := range []struct{ key, want string }{{"j", "0 true true"}, {"j", "1 true true"}, {"k", "0 true true"}, {"k", "0 true true"}} {
		press(b, step.key)
		if got := b.Eval(row); got != step.want {
			t.Errorf("%s: step %d by %q comes to %s, want %s", path, i, step.key, got, step.want)
		}
	}
	to := b.Eval(`new URL(document.activeElement.href).pathname`)
	b.Eval(`document.activeElement.click(); ""`)
	b.Do("the row opens", waitPath(to))
}

// Every list of this area is walked by the same keys, with and without boxes to tick.
func TestListsByTheKeyboard(t *testing.T) {
	w := newBrowserWorld(t)
	for range 12 {
		w.counted()
	}
	for range 3 {
		w.must(w.clerk, w.enter(w.clerk), "claim")
	}
	w.opened()
	check := w.opened()
	w.step(check, "close")
	w.step(check, "draw")
	to := "/registers/" + string(point)
	head := webtest.NewBrowser(t, w.Server.URL)
	head.Redeem(w.link(w.chief))
	for _, path := range []string{"/registers", to, to + "?stage=claimed", "/registers/verify", to + "/checks", check} {
		walks(t, head, path)
	}
	head.Open(to + "?stage=claimed")
	press(head, "x")
	head.Do("all are ticked", waitChecked(3))
	head.Do("Enter at a box", chromedp.SendKeys(`input[name="pick"]`, kb.Enter), waitChecked(0))
	if n := head.Eval(`location.pathname + location.search + " " + document.querySelectorAll('input[name="pick"]').length`); n != to+"?stage=claimed 3" {
		t.Errorf("Enter at a box moves records: %s", n)
	}
	head.Open(to + "?stage=claimed&all=parcel-point%2Fclaimed")
	head.Click(`main button.btn[name="act"]`)
	head.See("3 条已初审通过")
	head.ClickText("继续办理")
	head.See("没有符合条件的记录")
}
