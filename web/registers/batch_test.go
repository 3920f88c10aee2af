package registers_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

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
	wants(t, "nothing ticked", batch(w.chief, checkAct), 422, "请先勾选")
	wants(t, "mixed", batch(w.chief, checkAct, picks[0], candidate+"@"+w.revision(w.clerk, candidate)), 422, "去掉其他记录的勾选")
	wants(t, "another register", batch(w.chief, "commerce/claimed/check", picks[0]), 422)
	var many []string
	for i := range 201 {
		many = append(many, fmt.Sprintf("x%d@1", i))
	}
	wants(t, "too many", batch(w.chief, checkAct, many...), 422, "200")
	wants(t, "one is stale", batch(w.chief, checkAct, picks[0], picks[1], ids[2]+"@0"), 200, "2 条已", "1 条没有办成", "/records/"+ids[2])
	wants(t, "still waiting", w.chief.Get("/records/"+ids[2]), 200, "/moves/check")
	wants(t, "again", batch(w.chief, checkAct, picks[0]), 200, "0 条已")
}
