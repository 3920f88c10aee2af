package api_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
)

type paperJSON struct {
	ID, Kind, State, Title, Number, SHA256, Text string
}

type paperPage struct {
	Total int
	Items []paperJSON
}

func TestPapers(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		id := x.issued("2026-06")
		draft, err := x.parts.Matter.DraftBulletin(context.Background(), x.people["dispatcher"], "2026-Q2", false)
		x.must(err)
		for query, want := range map[string]int{
			"": 2, "kind=bulletin": 2, "kind=sheet": 0, "state=issued": 1, "state=draft": 1, "limit=1": 2, "record=" + unknown: 0, "q=" + url.QueryEscape("〔2026〕"): 1,
		} {
			var p paperPage
			if x.get("dispatcher", "/papers?"+query).into(200, &p); p.Total != want {
				t.Errorf("%q: %+v", query, p)
			}
		}
		var in paperJSON
		x.get("leader", "/papers/"+id).into(200, &in)
		if in.State != "issued" || in.Kind != "bulletin" || in.Number == "" || !strings.Contains(in.Text, "24") {
			t.Errorf("%+v", in)
		}
		a := x.get("leader", "/papers/"+id+"/file").status(200)
		sum := sha256.Sum256(a.Body.Bytes())
		if hex.EncodeToString(sum[:]) != in.SHA256 || !strings.HasPrefix(a.Header().Get("Content-Disposition"), "attachment") || !strings.Contains(a.Header().Get("Content-Type"), "wordprocessingml") {
			t.Errorf("%v", a.Header())
		}
		if p := x.get("dispatcher", "/papers/"+draft+"/file").problem(404); !strings.Contains(p.Detail, "尚未印发") {
			t.Errorf("%+v", p)
		}
		x.get("leader", "/papers/"+draft).problem(404) // a draft is for those who work on it
		for _, query := range []string{"kind=novel", "state=lost", "record=1", "moon=1"} {
			x.get("leader", "/papers?"+query).problem(422)
		}
	})
}
