package registers_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/web/webtest"
)

// filled makes thirty records in all stages and gives one of each.
func (w *world) filled() map[string]string {
	ids := map[string]string{}
	for i := range 30 {
		id := w.enter(w.clerk, "v-name", fmt.Sprintf("张炉集镇第%d村邮快合作便民寄递综合服务站", i+1), "v-inbound", fmt.Sprint(i*37), "v-contact", "王秀英", "v-village", fmt.Sprintf("张炉集镇第%d村", i+1))
		steps := i % 4
		ids[[]string{"candidate", "claimed", "prelim-checked", "verified"}[steps]] = id
		if steps > 0 {
			w.must(w.clerk, id, "claim")
		}
		if steps > 1 {
			w.must(w.chief, id, "check")
		}
		if steps > 2 {
			w.must(w.lead, id, "verify")
		}
	}
	w.must(w.chief, ids["claimed"], "return", "reason", "照片看不清门牌，请补拍带标识的正面照片")
	ids["returned"] = ids["claimed"]
	return ids
}

// No page is wider than a phone or a desk's screen.
func TestEveryPageFits(t *testing.T) {
	w := newBrowserWorld(t)
	ids := w.filled()
	to := "/registers/" + string(point)
	shots := os.Getenv("BIHUAN_TEST_SHOTS")
	for _, person := range []struct {
		name  string
		c     *webtest.Client
		paths []string
	}{
		{"clerk", w.clerk, []string{"/registers", to, to + "/new", to + "/import", "/records/" + ids["returned"], "/records/" + ids["returned"] + "/edit", "/records/" + ids["returned"] + "/proofs", "/registers/verify"}},
		{"lead", w.lead, []string{to + "?count=open&print=1", to + "/about", "/registers/verify", "/records/" + ids["prelim-checked"], "/records/" + ids["prelim-checked"] + "/moves/send-back", "/records/" + ids["verified"], "/records/" + ids["verified"] + "/moves/withdraw", "/records/" + ids["verified"] + "/falsify",
			"/records/" + ids["verified"] + "/reveal?field=phone"}},
	} {
		b := webtest.NewBrowser(t, w.Server.URL)
		b.Redeem(w.link(person.c))
		for i, path := range person.paths {
			for _, width := range []int64{1440, 390} {
				b.Size(width, 844)
				b.Open(path)
				if n := b.Overflow(); n > 0 {
					t.Errorf("%s is %d pixels wider than %d", path, n, width)
				}
				if shots != "" {
					var height int64
					_, _ = fmt.Sscan(b.Eval(`String(Math.min(2400, document.documentElement.scrollHeight))`), &height)
					b.Size(width, height)
					b.Shot(filepath.Join(shots, fmt.Sprintf("%s-%02d-%s-%d.png", person.name, i, strings.Trim(filepath.Base(path), "?"), width)))
				}
			}
		}
	}
}
