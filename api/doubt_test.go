package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"bihuan/kit/db"
	"bihuan/register"
)

// answers are what the keys of tokens have kept.
func (x *house) answers() (all []string) {
	x.t.Helper()
	x.must(x.DB.Read(context.Background(), func(tx *db.Tx) error {
		return tx.Each(func(r db.Scanner) error {
			var s string
			err := r.Scan(&s)
			all = append(all, s)
			return err
		}, "SELECT answer FROM idempotency ORDER BY key")
	}))
	return all
}

// revealed is a look at a personal value.
func (x *house) reveal(token, id, key, field, reason string) answer {
	x.t.Helper()
	return x.post(token, "/records/"+id+"/reveal", key, map[string]string{"field": field, "reason": reason})
}

// A personal value is opened for who may, with a reason that the log keeps; the
// answer itself lies nowhere, and its key has no second effect.
func TestRevealOfRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		id := x.record(1)
		for i, who := range []string{"county", "neighbour", "leader", "dispatcher"} {
			x.reveal(who, id, "no"+string(rune('a'+i)), "phone", "看看").problem(403)
		}
		var got struct{ ID, Field, Value string }
		if x.reveal("county-head", id, "k", "phone", "核查前联系").into(200, &got); got.ID != id || got.Field != "phone" || got.Value != "13812345678" {
			t.Errorf("%+v", got)
		}
		again := x.reveal("county-head", id, "k", "phone", "核查前联系")
		if p := again.problem(409); !strings.Contains(p.Detail, "换一个键") || again.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("%+v", p)
		}
		for _, kept := range x.answers() {
			if strings.Contains(kept, "13812345678") {
				t.Errorf("the value lies open in the database: %s", kept)
			}
		}
		var log struct {
			Items []struct{ Action, Reason string }
		}
		x.get("auditor", "/audit?limit=200").into(200, &log)
		n := 0
		for _, e := range log.Items {
			if e.Action == "record.reveal" && e.Reason == "核查前联系" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d looks stand in the log", n)
		}
		for i, c := range []struct {
			field, reason, at string
			status            int
		}{{"name", "x", "body.field", 422}, {"moon", "x", "body.field", 422}, {"phone", "", "body.reason", 422}, {"phone", " ", "", 422}, {"phone", strings.Repeat("长", 501), "body.reason", 422}} {
			p := x.reveal("county-head", id, "wrong"+string(rune('a'+i)), c.field, c.reason).problem(c.status)
			if c.at != "" && (len(p.Errors) != 1 || p.Errors[0].Location != c.at) {
				t.Errorf("%s %q: %+v", c.field, c.reason, p)
			}
		}
		if e := x.record(2); true { // a value that is not there is not looked at
			x.post("county", "/records/"+e+"/edit", "clear", map[string]any{"revision": 0, "values": map[string]string{"contact": ""}}).status(200)
			x.reveal("county-head", e, "empty", "contact", "核查").problem(404)
		}
	})
}

func TestFalsifyRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		id := x.record(1)
		x.counted(id)
		falsify := func(token, key string, revision int, reason string) answer {
			return x.post(token, "/records/"+id+"/falsify", key, seen(revision, reason))
		}
		for i, who := range []string{"county", "county-head", "neighbour", "leader", "clerk"} {
			falsify(who, "no"+string(rune('a'+i)), 3, "不实").problem(403)
		}
		falsify("post", "empty", 3, "").problem(422)
		falsify("post", "blank", 3, " ").problem(422)
		falsify("post", "stale", 1, "现场没有这个站点").problem(409)
		if !x.read("leader", id).Counts {
			t.Error("a refusal changed the record")
		}
		var mark recordMark
		if falsify("post", "ok", 3, "现场没有这个站点").into(200, &mark); mark.Revision != 4 {
			t.Errorf("%+v", mark)
		}
		falsify("post", "ok", 3, "现场没有这个站点").status(200) // repeated: nothing new
		r := x.read("leader", id)
		last := r.Events[len(r.Events)-1]
		if !r.Falsified || r.Counts || r.Revision != 4 || last.Move != "falsify" || last.Reason != "现场没有这个站点" {
			t.Errorf("%+v", r)
		}
		if n, _ := x.total("2026-06-30"); n != "0" {
			t.Errorf("what is false counts: %s", n)
		}
		falsify("post", "again", 4, "再来").problem(409)
	})
}

// detail is what only the whole of a record shows.
type detailJSON struct {
	recordJSON
	MayFalsify bool `json:"may_falsify"`
	Lapsed     *struct{ Since, Why string }
	Proofs     []struct {
		ID, Kind  string
		Falsified bool
	}
}

func TestFalsifyProofOfRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		id := x.record(1)
		x.counted(id)
		whole := func(token string) (d detailJSON) { x.get(token, "/records/"+id).into(200, &d); return d }
		d := whole("post")
		if !d.MayFalsify || whole("county").MayFalsify || d.Lapsed != nil {
			t.Errorf("%+v", d)
		}
		receipt := d.Proofs[slices.IndexFunc(d.Proofs, func(p struct {
			ID, Kind  string
			Falsified bool
		}) bool {
			return p.Kind == "receipt"
		})].ID
		falsify := func(token, key, proof string, revision int, reason string) answer {
			return x.post(token, "/records/"+id+"/proofs/"+proof+"/falsify", key, seen(revision, reason))
		}
		for i, who := range []string{"county", "county-head", "neighbour", "leader"} {
			falsify(who, "no"+string(rune('a'+i)), receipt, 3, "不实").problem(403)
		}
		falsify("post", "empty", receipt, 3, "").problem(422)
		falsify("post", "stale", receipt, 1, "查无此号").problem(409)
		falsify("post", "missing", unknown, 3, "查无此号").problem(404)
		falsify("post", "rubbish", "rubbish", 3, "查无此号").problem(404)
		falsify("post", "ok", receipt, 3, "查无此号").status(200)
		d = whole("leader")
		n := 0
		for _, p := range d.Proofs {
			if p.Falsified {
				n++
			}
		}
		if n != 1 || len(d.Proofs) != 2 || d.Counts || d.Stage != "prelim-checked" || d.Lapsed == nil || !strings.Contains(d.Events[len(d.Events)-1].Reason, "查无此号") {
			t.Errorf("%+v", d)
		}
		x.get("leader", "/records/"+id+"/proofs/"+receipt).status(200) // it stays
		falsify("post", "again", receipt, 4, "查无此号").problem(409)
	})
}

type manyJSON struct {
	Done, Refused int
	Items         []struct {
		ID, Code, Detail string
		Done             bool
		Revision         int64
		Errors           []struct{ Location, Message string }
	}
}

func TestManyMoves(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		type one = map[string]any
		many := func(token, key string, moves ...one) answer {
			return x.post(token, "/records/moves", key, one{"moves": moves})
		}
		a, b, c, other := x.record(1), x.record(2), x.record(3), x.record(4)
		x.moved("county", a, "claim").status(200)
		x.moved("county", b, "claim").status(200)
		check := func(id string, revision int) one { return one{"id": id, "move": "check", "revision": revision} }
		var got manyJSON
		many("leader", "reader", check(a, 1), check(b, 1)).into(200, &got)
		if got.Done != 0 || got.Refused != 2 || got.Items[0].Code != "forbidden" || !chinese(got.Items[0].Detail) {
			t.Errorf("somebody who only reads: %+v", got)
		}
		got = manyJSON{}
		many("county-head", "k", check(a, 1), check(b, 0), check(c, 0), check(unknown, 0), one{"id": other, "move": "check", "revision": 0, "values": one{"phone": x.read("leader", other).Values["phone"]}}).into(200, &got)
		codes := []string{}
		for _, i := range got.Items {
			codes = append(codes, i.Code)
		}
		if got.Done != 1 || got.Refused != 4 || !got.Items[0].Done || got.Items[0].Revision != 2 || got.Items[0].ID != a || !slices.Equal(codes, []string{"", "conflict", "conflict", "not_found", "invalid"}) || len(got.Items[4].Errors) != 1 {
			t.Errorf("%+v", got)
		}
		if x.read("leader", a).Stage != "prelim-checked" || x.read("leader", b).Stage != "claimed" {
			t.Error("the wrong ones moved")
		}
		if again := many("county-head", "k", check(a, 1), check(b, 0), check(c, 0), check(unknown, 0), one{"id": other, "move": "check", "revision": 0, "values": one{"phone": x.read("leader", other).Values["phone"]}}); again.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("done again: %s", again.Body)
		}
		got = manyJSON{}
		many("county-head", "reasons", one{"id": b, "move": "return", "revision": 1, "reason": "缺照片"}, one{"id": unknown, "move": "x", "revision": 0}).into(200, &got)
		if !got.Items[0].Done || got.Items[1].Done {
			t.Errorf("%+v", got)
		}
		for key, moves := range map[string][]one{
			"twice": {check(a, 2), check(a, 2)}, "rubbish": {check("x", 0)}, "day": {{"id": a, "move": "withdraw", "revision": 2, "day": "soon"}}, "unknown-field": {{"id": a, "move": "x", "revision": 0, "force": true}},
		} {
			if p := many("county-head", key, moves...).problem(422); len(p.Errors) != 1 || !strings.HasPrefix(p.Errors[0].Location, "body.moves[") {
				t.Errorf("%s: %+v", key, p)
			}
		}
		many("county-head", "none").problem(422)
		x.post("county-head", "/records/moves", "too-many", one{"moves": slices.Repeat([]one{check(a, 2)}, 201)}).problem(422)
		x.post("county-head", "/records/moves", "no-json", nil).problem(400)
	})
}

func TestWithdrawalOfObservation(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		at := "/indicators/retail-rate/"
		x.post("dispatcher", at+"observations", "first", published("province", "2026年1—3月", "5.5", "2026-04-18")).status(201)
		take := func(token, key string, body map[string]any) answer { return x.post(token, at+"withdrawals", key, body) }
		right := withdrawn("province", "2026年1—3月", 1)
		for i, who := range []string{"leader", "county", "auditor", "approver"} {
			take(who, "no"+string(rune('a'+i)), right).problem(403)
		}
		for place, body := range map[string]map[string]any{"body.territory": withdrawn("mars", "2026年1—3月", 1), "body.period": withdrawn("province", "soon", 1), "body.revision": withdrawn("province", "2026年1—3月", 0)} {
			if p := take("dispatcher", "wrong"+place, body).problem(422); len(p.Errors) != 1 || p.Errors[0].Location != place {
				t.Errorf("%s: %+v", place, p)
			}
		}
		no := withdrawn("province", "2026年1—3月", 1)
		no["reason"] = " "
		if p := take("dispatcher", "no-reason", no).problem(422); len(p.Errors) != 1 || p.Errors[0].Location != "body.reason" {
			t.Errorf("%+v", p)
		}
		take("dispatcher", "stale", withdrawn("province", "2026年1—3月", 2)).problem(409)
		if code := take("dispatcher", "none", withdrawn("city", "2026年1—3月", 1)).Code; code != 404 {
			t.Errorf("a figure that is not there: %d", code)
		}
		take("dispatcher", "ok", right).status(200)
		var list struct {
			Items []struct {
				Value    *json.Number
				Versions []struct {
					Revision int
					Reason   string
					Value    *json.Number
				}
			}
		}
		x.get("leader", at+"observations?territory=province").into(200, &list)
		f := list.Items[0]
		if f.Value != nil || len(f.Versions) != 2 || f.Versions[1].Value != nil || f.Versions[1].Reason != "录错时期" || f.Versions[0].Value == nil {
			t.Errorf("%+v", list)
		}
		take("dispatcher", "again", withdrawn("province", "2026年1—3月", 2)).problem(404)
	})
}

// A letter is written for the record that asks for it, once; its words change, its figures do not.
func TestPaperOfARecord(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		p := x.people["dispatcher"]
		record, err := x.parts.Register.Create(context.Background(), p, register.Draft{Register: "reminder-letter", Values: map[string]string{
			"name": "消费券发放", "addressee": "civil", "facts": "发放滞后", "standard": "计划要求按期发放", "request": "请加快", "due": "2026-07-20", "contact": "张三"}})
		x.must(err)
		x.post("dispatcher", "/records/"+record+"/move", "submit", map[string]any{"move": "submit", "revision": 0}).status(200)
		var mark recordMark
		x.post("dispatcher", "/papers", "draft", map[string]any{"record": record}).into(201, &mark)
		x.post("dispatcher", "/papers", "draft again", map[string]any{"record": record}).problem(422) // no such key
		x.post("dispatcher", "/papers", "draft-again", map[string]any{"record": record}).problem(409)
		var list paperPage
		if x.get("dispatcher", "/papers?record="+record).into(200, &list); list.Total != 1 || list.Items[0].ID != mark.ID || list.Items[0].Kind != "letter" {
			t.Errorf("%+v", list)
		}
		x.post("dispatcher", "/papers/"+mark.ID+"/edit", "edit", paperWords(0, "请核对七月份的进展。")).into(200, &mark)
		var in paperJSON
		if x.get("dispatcher", "/papers/"+mark.ID).into(200, &in); mark.Revision != 1 || strings.TrimSpace(in.Text) != "请核对七月份的进展。" || in.Title != "关于核对进展的提醒函" {
			t.Errorf("%+v %+v", mark, in)
		}
	})
}

// A document goes from draft to issue over the API, by two people.
func TestPaperFromDraftToIssue(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		draft := func(token, key string, body map[string]any) answer { return x.post(token, "/papers", key, body) }
		for i, who := range []string{"leader", "approver", "county", "clerk"} {
			draft(who, "no"+string(rune('a'+i)), map[string]any{"period": "2026-06"}).problem(403)
		}
		for key, body := range map[string]map[string]any{"both": {"period": "2026-06", "record": unknown}, "neither": {}, "period": {"period": "Juni"}, "future": {"period": "2026-12"}, "record": {"record": "x"}} {
			draft("dispatcher", key, body).problem(422)
		}
		draft("dispatcher", "unknown-record", map[string]any{"record": unknown}).problem(404)
		if p := draft("dispatcher", "no-paper", map[string]any{"record": x.record(1)}).problem(409); !strings.Contains(p.Detail, "没有要起草的文书") {
			t.Errorf("%+v", p)
		}
		var mark recordMark
		first := draft("dispatcher", "ok", map[string]any{"period": "2026-06"})
		first.into(201, &mark)
		if again := draft("dispatcher", "ok", map[string]any{"period": "2026-06"}); !bytes.Equal(again.Body.Bytes(), first.Body.Bytes()) || first.Header().Get("Location") != "/api/v1/papers/"+mark.ID {
			t.Errorf("%s %v", again.Body, first.Header())
		}
		draft("dispatcher", "once-more", map[string]any{"period": "2026-06"}).problem(409)
		step := func(token, act, key string, body map[string]any) answer {
			return x.post(token, "/papers/"+mark.ID+"/"+act, key, body)
		}
		step("dispatcher", "approve", "too-early", seen(0, "")).problem(403)
		step("approver", "approve", "not-submitted", seen(0, "")).problem(409)
		step("approver", "submit", "not-theirs", seen(0, "")).problem(403)
		step("dispatcher", "submit", "stale", seen(7, "")).problem(409)
		step("dispatcher", "submit", "1", seen(0, "")).into(200, &mark)
		step("approver", "return", "no-reason", seen(1, "")).problem(422)
		step("dispatcher", "return", "own", seen(1, "不行")).problem(403)
		step("approver", "return", "2", seen(1, "数据截止日期不对")).into(200, &mark)
		step("approver", "edit", "edit-not-theirs", paperWords(2, "请核对。")).problem(403)
		step("dispatcher", "edit", "no-title", map[string]any{"revision": 2, "title": " ", "addressee": "", "text": "一", "note": ""}).problem(422)
		step("dispatcher", "edit", "no-figures", paperWords(2, "[99](/tasks)")).problem(422)
		step("dispatcher", "submit", "3", seen(2, "")).status(200)
		step("dispatcher", "edit", "submitted", paperWords(3, "请核对。")).problem(409)
		step("approver", "approve", "4", map[string]any{"revision": 3, "number": "聊商务字〔2026〕88号"}).into(200, &mark)
		if mark.Revision != 4 {
			t.Errorf("%+v", mark)
		}
		var in paperJSON
		if x.get("leader", "/papers/"+mark.ID).into(200, &in); in.State != "issued" || in.Number != "聊商务字〔2026〕88号" {
			t.Errorf("%+v", in)
		}
		if a := x.get("leader", "/papers/"+mark.ID+"/file").status(200); !strings.HasPrefix(a.Body.String(), "PK") || !strings.Contains(a.Header().Get("Content-Disposition"), ".docx") {
			t.Errorf("%v", a.Header())
		}
		step("dispatcher", "discard", "too-late", seen(4, "不再需要")).problem(409)
		other := x.paper("x", true)
		x.post("dispatcher", "/papers/"+other+"/discard", "5", seen(1, "不再需要")).status(200)
		if x.get("dispatcher", "/papers/"+other).into(200, &in); in.State != "discarded" {
			t.Errorf("%+v", in)
		}
	})
}
