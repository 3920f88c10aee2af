package registers_test

import (
	"net/url"
	"strings"
	"testing"

	"bihuan/city"
)

func TestLinkFillsNewRecord(t *testing.T) {
	w := newWorld(t)
	to := "/registers/" + string(point) + "/new"
	q := url.Values{"v-name": {"  链接带来的站 "}, "v-inbound": {"很多"}, "v-phone": {"13900001234"}, "v-nothing": {"没有这一项"}, "v-address": {strings.Repeat("长", 1001)}, "territory": {string(w.place)}}
	page := w.clerk.Get(to + "?" + q.Encode())
	wants(t, "prefilled", page, 200, `value="链接带来的站"`, `value="很多"`, strings.Repeat("长", 1000))
	for _, s := range []string{`value="13900001234"`, `value="没有这一项"`, ">" + strings.Repeat("长", 1001)} {
		if page.Has(s) {
			t.Errorf("%.20q is taken from the address", s)
		}
	}
	if list := w.clerk.Get("/registers/" + string(point)); list.Has("链接带来的站") {
		t.Error("opening a link entered a record")
	}
	away := w.App.Pack.TerritoriesFor(city.CaliberZonesApart)[1].ID
	if a := w.clerk.Get(to + "?territory=" + string(away)); a.Status != 200 || a.Has(`value="`+string(away)+`"`) {
		t.Error("a link names a place that the person does not enter for")
	}
	wants(t, "who only reads", w.leader.Get(to+"?"+q.Encode()), 403)
}
