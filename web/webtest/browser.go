package webtest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Browser is a real one, headless. A script error or a refusal by the content
// policy fails the test.
type Browser struct {
	tb   testing.TB
	ctx  context.Context // lives as long as the test
	base string
}

// NewBrowser starts Chromium with an empty profile for pages under base. Without
// Chromium the test is left out, unless BIHUAN_TEST_COMPLETE asks for all of them.
func NewBrowser(tb testing.TB, base string) *Browser {
	tb.Helper()
	path := chromium()
	if path == "" {
		if os.Getenv("BIHUAN_TEST_COMPLETE") != "" {
			tb.Fatal("Chromium is not installed: the browser tests cannot run")
		}
		tb.Skip("Chromium is not installed; make check runs this test")
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(tb.TempDir()), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("disable-dev-shm-usage", true))
	ctx, stop := chromedp.NewContext(alloc, chromedp.WithListener(func(ev any) {
		if e, ok := ev.(*runtime.EventExceptionThrown); ok {
			tb.Errorf("script error: %s", e.ExceptionDetails.Text)
		}
	}))
	tb.Cleanup(func() { stop(); stopAlloc() })
	// The browser lives as long as the context of its first action.
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatal(err)
	}
	b := &Browser{tb: tb, ctx: ctx, base: base}
	b.Size(1440, 900)
	return b
}

func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}

// patience is how long a page may take on a busy machine before the test gives up.
const patience = 30 * time.Second

// Do runs browser actions and fails the test with what was being done.
func (b *Browser) Do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.shotOnFailure(what)
		b.tb.Fatalf("%s: %v (at %s)", what, err, b.Location())
	}
}

// shotOnFailure keeps a picture of the page that disappointed.
func (b *Browser) shotOnFailure(what string) {
	dir := os.Getenv("BIHUAN_TEST_SHOTS")
	if dir == "" {
		return
	}
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, r) {
			return '-'
		}
		return r
	}, what)
	if png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100)); err == nil {
		_ = os.WriteFile(filepath.Join(dir, "failed-"+name+".png"), png, 0o600) // a picture is a help, not a result
	}
}

// Size sets the window: 390 wide is a phone.
func (b *Browser) Size(width, height int64) {
	b.tb.Helper()
	b.Do("resize", chromedp.EmulateViewport(width, height))
}

// Open goes to a path of the site or to a whole address.
func (b *Browser) Open(path string) {
	b.tb.Helper()
	if strings.HasPrefix(path, "/") {
		path = b.base + path
	}
	b.Do("open "+path, chromedp.Navigate(path))
}

// Click clicks the first element of a selector and waits for what follows to be drawn.
func (b *Browser) Click(sel string) {
	b.tb.Helper()
	b.Do("click "+sel, chromedp.Click(sel))
}

// ClickText clicks the first button or link that shows the text.
func (b *Browser) ClickText(text string) {
	b.tb.Helper()
	b.Do("click “"+text+"”", chromedp.Click(`//*[self::a or self::button or self::summary][contains(normalize-space(.), "`+text+`")]`))
}

// Fill types into a field by its name.
func (b *Browser) Fill(name, value string) {
	b.tb.Helper()
	sel := `[name="` + name + `"]`
	b.Do("fill "+name, chromedp.WaitVisible(sel), chromedp.SetValue(sel, value))
}

// Choose puts a file into a file field.
func (b *Browser) Choose(name, path string) {
	b.tb.Helper()
	b.Do("choose "+path, chromedp.SetUploadFiles(`input[type=file][name="`+name+`"]`, []string{path}))
}

// See waits until the page shows the text: innerText holds only what is drawn.
func (b *Browser) See(text string) {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	shown := `(document.querySelector("main")?.innerText || "").includes(` + strconv.Quote(text) + `)`
	for {
		// A page that moves on meanwhile ends the poll with an error: the next page is asked again.
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](shown, chromedp.WithPollingTimeout(patience)))
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			b.shotOnFailure("see " + text)
			b.tb.Fatalf("the page does not show “%s”: %v (at %s)", text, err, b.Location())
		}
	}
}

// Text is what the page says.
func (b *Browser) Text() string {
	b.tb.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		b.tb.Fatal(err)
	}
	return s
}

// Eval runs a script in the page and returns the text it gives.
func (b *Browser) Eval(script string) string {
	b.tb.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script))
	if err != nil {
		b.tb.Fatalf("%s: %v", script, err)
	}
	return s
}

// Location is the address of the page.
func (b *Browser) Location() string {
	s, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil && !errors.Is(err, context.Canceled) {
		return err.Error()
	}
	return s
}

// Shot writes a picture of what the window shows.
func (b *Browser) Shot(path string) {
	b.tb.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.tb.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		b.tb.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o600); err != nil {
		b.tb.Fatal(err)
	}
}

// Overflow is by how many pixels the page is wider than the window: sideways scrolling on a phone.
func (b *Browser) Overflow() int {
	b.tb.Helper()
	n, err := chromedp.Run(b.ctx, chromedp.Evaluate[int]("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
	if err != nil {
		b.tb.Fatal(err)
	}
	return n
}

// Confirm answers the page's own question with yes, when it asks one.
func (b *Browser) Confirm() {
	b.tb.Helper()
	b.Do("confirm", chromedp.WaitVisible(`dialog[open] [data-confirm-yes], dialog[open] button[value="yes"], dialog[open] button[value="ok"]`),
		chromedp.Click(`dialog[open] [data-confirm-yes], dialog[open] button[value="yes"], dialog[open] button[value="ok"]`))
}

// Redeem signs in by a one-time link.
func (b *Browser) Redeem(token string) {
	b.tb.Helper()
	b.Open("/login/" + token)
	b.Click("main form button")
	b.Do("signed in", chromedp.WaitNotPresent(`form[action^="/login/"]`), chromedp.WaitReady("main h1"))
}

// Fetch gets a file with the browser's session and hands it over in base64.
func (b *Browser) Fetch(path string, f func(base64 string)) {
	b.tb.Helper()
	script := `(async () => { const r = await fetch("` + path + `"); if (!r.ok) return "status " + r.status; const a = new Uint8Array(await r.arrayBuffer()); let s = ""; for (const x of a) s += String.fromCharCode(x); return btoa(s) })()`
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.tb.Fatalf("fetch %s: %v", path, err)
	}
	f(s)
}
