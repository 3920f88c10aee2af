package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"bihuan/kit/db"
)

type figureJSON struct {
	Territory, Period string
	Value             json.Number
	Revision          int
	Versions          []struct {
		Revision int
		Value    json.Number
		Reason   string
	}
}

type figurePage struct {
	Total int
	Items []figureJSON
}

type gapJSON struct {
	Period, Missing, Waiting string
	Points                   json.Number
	City, Province           *struct{ Value json.Number }
}

func TestObservationsAndTheirRevisions(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		const at = "/indicators/retail-rate/"
		first := published("province", "2026年1—3月", "5.5", "2026-04-18")
		once := x.post("dispatcher", at+"observations", "1", first).status(http.StatusCreated)
		again := x.post("dispatcher", at+"observations", "1", first).status(http.StatusCreated)
		if again.Body.String() != once.Body.String() || again.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("%s", again.Body)
		}
		x.post("dispatcher", at+"observations", "2", first).problem(409)
		fixed := revised(first, 1, "5.6", "公布机构修订")
		fixed["released"] = "2026-05-20"
		x.post("dispatcher", at+"revisions", "3", fixed).status(http.StatusCreated)
		fixed["value"] = "5.7"
		x.post("dispatcher", at+"revisions", "4", fixed).problem(409)
		for query, want := range map[string]json.Number{"": "5.6", "territory=province": "5.6", "at=2026-05-19": "5.5", "period=2026-01~03&at=2026-05-20": "5.6"} {
			var p figurePage
			x.get("leader", at+"observations?"+query).into(200, &p)
			if p.Total != 1 || p.Items[0].Value != want || p.Items[0].Period != "2026-01~03" || len(p.Items[0].Versions) != p.Items[0].Revision {
				t.Errorf("%q: %+v", query, p)
			}
		}
		for _, query := range []string{"at=2026-04-17", "territory=city", "period=2026-01~04"} {
			var p figurePage
			if x.get("leader", at+"observations?"+query).into(200, &p); p.Total != 0 {
				t.Errorf("%q: %+v", query, p)
			}
		}
		var p figurePage
		x.get("leader", at+"observations").into(200, &p)
		if v := p.Items[0].Versions; v[0].Value != "5.5" || v[1].Reason != "公布机构修订" {
			t.Errorf("%+v", v)
		}

		var g gapJSON
		if x.get("leader", at+"gap").into(200, &g); g.Points != "" || g.Missing == "" || g.City != nil || g.Province == nil {
			t.Errorf("%+v", g)
		}
		x.post("dispatcher", at+"observations", "5", published("city", "2026年1—3月", "5.25", "2026-04-20")).status(http.StatusCreated)
		for day, want := range map[string]json.Number{"2026-04-19": "", "2026-04-20": "-0.25", "2026-06-30": "-0.35"} {
			g = gapJSON{}
			if x.get("leader", at+"gap?at="+day).into(200, &g); g.Points != want {
				t.Errorf("on %s: %+v", day, g)
			}
		}
	})
}

func TestWrongObservations(t *testing.T) {
	x := open(t, db.SQLite)
	const at = "/indicators/retail-rate/"
	first := published("province", "2026年1—3月", "5.5", "2026-04-18")
	for i, who := range []string{"clerk", "head", "county", "leader", "auditor", "approver"} {
		k := string(rune('a' + i))
		x.post(who, at+"observations", "e"+k, first).problem(403)
		x.post(who, at+"revisions", "r"+k, revised(first, 1, "5.6", "修订")).problem(403)
	}
	x.post("dispatcher", at+"revisions", "early", revised(first, 1, "5.6", "修订")).problem(404)
	p := x.post("dispatcher", at+"observations", "wrong", published("mars", "2026-04-18", "很多", "2026-12-31")).problem(422)
	places := map[string]bool{}
	for _, e := range p.Errors {
		places[e.Location] = true
	}
	for _, want := range []string{"body.territory", "body.period", "body.value", "body.released"} {
		if !places[want] {
			t.Errorf("%s is not named: %+v", want, p)
		}
	}
	x.post("dispatcher", at+"observations", "early-release", published("province", "2026年1—6月", "5.5", "2026-06-30")).problem(422)
	x.post("dispatcher", at+"observations", "ok", first).status(201)
	x.post("dispatcher", at+"revisions", "no-reason", revised(first, 1, "5.6", "")).problem(422)
	x.post("dispatcher", at+"revisions", "no-difference", revised(first, 1, "5.5", "修订")).problem(422)
	for _, query := range []string{"observations?territory=mars", "observations?period=soon", "observations?at=soon", "gap?at=soon", "gap?territory=city"} {
		x.get("leader", at+query).problem(422)
	}
	x.get("leader", "/indicators/retail/gap").problem(422) // an amount is no growth rate
}

func TestListOfIndicators(t *testing.T) {
	x := empty(t, db.SQLite)
	var list struct {
		Total int
		Items []struct {
			ID, Kind    string
			Territories []string
		}
	}
	x.get("leader", "/indicators?limit=200").into(200, &list)
	if list.Total != len(x.parts.Indicator.Catalogue().Indicators) || len(list.Items) != list.Total {
		t.Errorf("%d indicators", list.Total)
	}
	for _, i := range list.Items {
		if len(i.Territories) == 0 || i.Kind != "level" && i.Kind != "rate" {
			t.Errorf("%+v", i)
		}
	}
}
