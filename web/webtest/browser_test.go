package webtest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"bihuan/web/webtest"
)

// TestBrowser shows that the harness drives a real browser.
func TestBrowser(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<main><p>` + r.FormValue("x") + `</p><form><input name="x"><button>发送</button></form></main>`))
	}))
	defer site.Close()
	b := webtest.NewBrowser(t, site.URL)
	b.Open("/")
	b.Fill("x", "你好")
	b.ClickText("发送")
	b.See("你好")
	if b.Overflow() != 0 {
		t.Error("a short page overflows")
	}
}
