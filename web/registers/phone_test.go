package registers_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/org"
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
	first, second := w.As("first", w.def.Lead, org.UnitHead), w.As("second", w.def.Lead, org.UnitHead)
	check := w.opened()
	w.step(check, "close")
	w.step(check, "draw")
	for i, item := range w.chosen(check).Items {
		path := fmt.Sprintf("%s/items/%d", check, item.Seq)
		finding := []string{"true", "false"}[min(i/2, 1)]
		first.Post(path, "finding", finding, "note", "现场看过，门牌、柜台、监控齐全")
		second.Post(path, "finding", "true")
	}
	ids["check"], ids["item"] = check, fmt.Sprintf("%s/items/%d", check, w.chosen(check).Items[3].Seq)
	w.judge = first
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
		{"lead", w.lead, []string{to + "?count=open&print=1", to + "/about", "/registers/verify", "/records/" + ids["prelim-checked"], "/records/" + ids["prelim-checked"] + "/moves/send-back", "/records/" + ids["verified"], "/records/" + ids["verified"] + "/moves/withdraw", "/records/" + ids["verified"] + "/falsify", "/records/" + ids["verified"] + "/proofs/" + w.proof(ids["verified"], "receipt").ID + "/falsify",
			"/records/" + ids["verified"] + "/reveal?field=phone"}},
		{"chief", w.chief, []string{to + "?stage=claimed&all=parcel-point%2Fclaimed", "/registers/verify"}},
		{"judge", w.judge, []string{to + "/checks", ids["check"], ids["check"] + "?show=mine", ids["check"] + "?print=1", ids["item"]}},
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
