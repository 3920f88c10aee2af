package registers_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"bihuan/org"
	"bihuan/web/webtest"
)

const checkAct = string(point) + "/claimed/check"

// batch presses a button of the queue for ticked records.
func batch(c *webtest.Client, act string, picks ...string) webtest.Answer {
	body := url.Values{"act": {act}, "pick": picks}.Encode()
	return c.PostBody("/registers/verify", "application/x-www-form-urlencoded", strings.NewReader(body))
}

func TestBatch(t *testing.T) {
	w := newWorld(t)
	var picks, ids []string
	for range 4 {
		id := w.enter(w.clerk)
		w.must(w.clerk, id, "claim")
		ids = append(ids, id)
		picks = append(picks, id+"@"+w.revision(w.clerk, id))
	}
	candidate := w.enter(w.clerk)
	page := w.chief.Get("/registers/verify")
	wants(t, "queue", page, 200, `name="pick"`, `value="`+checkAct+`"`)
	if page.Has("/claimed/return\"") {
		t.Error("a return is offered for many records at once")
	}
	wants(t, "who only reads", batch(w.leader, checkAct, picks[0]), 200, "0 条已", "/records/"+ids[0])
	wants(t, "another county", batch(w.other, checkAct, picks[0]), 200, "0 条已")
	wants(t, "a return", batch(w.chief, string(point)+"/claimed/return", picks[0]), 422, "逐条办理")
	if a := batch(w.chief, "", picks[0]); a.Status != 303 || a.Location != "/registers/verify" {
		t.Errorf("no act: %d %s", a.Status, a.Location)
	}
	wants(t, "nothing ticked", batch(w.chief, checkAct), 422, "请先勾选")
	wants(t, "another register", batch(w.chief, "commerce/claimed/check", picks[0]), 422)
	var many []string
	for i := range 201 {
		many = append(many, fmt.Sprintf("x%d@1", i))
	}
	wants(t, "too many", batch(w.chief, checkAct, many...), 422, "200")
	wants(t, "one is stale", batch(w.chief, checkAct, picks[0], picks[1], ids[2]+"@0"), 200, "2 条已", "1 条没有办成", "/records/"+ids[2])
	wants(t, "still waiting", w.chief.Get("/records/"+ids[2]), 200, "/moves/check")
	wants(t, "again", batch(w.chief, checkAct, picks[0]), 200, "0 条已")
	wants(t, "one is in another stage", batch(w.chief, checkAct, picks[3], candidate+"@"+w.revision(w.clerk, candidate)), 200, "1 条已", "1 条没有办成", "/records/"+candidate, "只办理"+w.def.Name)
	wants(t, "it stays where it was", w.clerk.Get("/records/"+candidate), 200, "/moves/claim")
}

// A list offers what its records may do at once, like the queue, and leads back to itself.
func TestBatchOfAList(t *testing.T) {
	w := newWorld(t)
	var picks []string
	for range 3 {
		id := w.enter(w.clerk)
		w.must(w.clerk, id, "claim")
		picks = append(picks, id+"@"+w.revision(w.clerk, id))
	}
	candidate := w.enter(w.clerk)
	to := "/registers/" + string(point)
	page := w.chief.Get(to + "?stage=claimed")
	wants(t, "list", page, 200, `value="`+picks[0]+`"`, `value="`+checkAct+`"`, "勾选的“"+stageOfPoint(w, "claimed")+"”", "全选本页", `name="return" value="`+to+`?stage=claimed"`)
	if page.Has(" checked") {
		t.Error("boxes are ticked before anybody asked")
	}
	if page = w.chief.Get(to + "?stage=claimed&all=parcel-point%2Fclaimed"); strings.Count(page.Body, " checked") != 3 {
		t.Errorf("%d boxes of 3 are ticked", strings.Count(page.Body, " checked"))
	}
	if page = w.chief.Get(to + "?all=parcel-point%2Fcandidate"); strings.Count(page.Body, " checked") != 0 {
		t.Error("records of another stage are ticked")
	}
	if page = w.chief.Get(to); page.Has(candidate + "@") {
		t.Error("a record is offered that its clerk has to move on")
	}
	for name, c := range map[string]*webtest.Client{"who only reads": w.leader, "another county": w.other} {
		if page := c.Get(to); page.Has(`name="pick"`) || page.Has(`name="act"`) {
			t.Errorf("%s is offered moves", name)
		}
	}
	if page = w.chief.Get(to + "?print=1"); page.Has(`name="pick"`) {
		t.Error("there are boxes on paper")
	}
	body := url.Values{"act": {checkAct}, "pick": {picks[0], picks[1], picks[2] + "9"}, "return": {to + "?stage=claimed"}}.Encode()
	a := w.chief.PostBody("/registers/verify", "application/x-www-form-urlencoded", strings.NewReader(body))
	wants(t, "moved", a, 200, "2 条已", "1 条没有办成", `href="`+to+`?stage=claimed"`)
	body = url.Values{"act": {checkAct}, "pick": picks, "return": {"https://elsewhere.example/"}}.Encode()
	if a := w.chief.PostBody("/registers/verify", "application/x-www-form-urlencoded", strings.NewReader(body)); a.Has("elsewhere") {
		t.Error("the answer leads to another site")
	}
}

// The first record of a stage may be the person's own entry: the move of the others is still offered.
func TestBatchLooksBeyondOwnEntries(t *testing.T) {
	w := newWorld(t)
	id := w.enter(w.clerk)
	w.must(w.clerk, id, "claim")
	gov, _ := w.App.Pack.Government(w.place)
	both := w.As("both", gov.ID, org.CountyClerk, org.CountyHead)
	own := w.enter(both)
	w.must(both, own, "claim")
	wants(t, "list", both.Get("/registers/"+string(point)), 200, `value="`+checkAct+`"`)
}

func stageOfPoint(w *world, id string) string {
	s, _ := w.def.Stage(id)
	return s.Label
}
