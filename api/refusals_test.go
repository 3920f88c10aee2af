package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"bihuan/api"
	"bihuan/kit/db"
	"bihuan/plan"
)

const unknown = "00000000000000000000000000"

// call is one request of the route table.
type call struct {
	name, method, path string
	body               any    // JSON
	form               *sheet // multipart
	token              string // who may
	missing            bool   // the path names a thing that may be unknown
	created            bool   // answers 201
	file               bool   // answers a file
}

// calls has every route of the API, with a proper input and somebody who may.
func (x *house) calls() []call {
	entry := x.report("3", "2026-06-01")
	doc := x.Import(x.t, x.Dispatcher(), plan.Upload{}, x.Pack.Documents[0].Text)
	f, imp := figure("5", "2026-06-02"), planSheet(x)
	return append(x.roomCalls(), []call{
		{name: "me", method: "GET", path: "/me", token: "leader"},
		{name: "city", method: "GET", path: "/city", token: "leader"},
		{name: "plans", method: "GET", path: "/plans", token: "leader"},
		{name: "plan", method: "GET", path: "/plans/" + x.plan, token: "leader", missing: true},
		{name: "tasks", method: "GET", path: "/tasks", token: "leader"},
		{name: "task", method: "GET", path: "/tasks/" + x.task.ID, token: "leader", missing: true},
		{name: "cockpit", method: "GET", path: "/cockpit", token: "leader"},
		{name: "progress", method: "GET", path: "/targets/" + x.target.ID + "/progress", token: "leader", missing: true},
		{name: "report", method: "POST", path: "/targets/" + x.target.ID + "/progress", form: &f, token: "clerk", missing: true, created: true},
		{name: "verify", method: "POST", path: "/progress/" + entry + "/verify", token: "head", missing: true},
		{name: "return", method: "POST", path: "/progress/" + entry + "/return", body: reason("不符"), token: "head", missing: true},
		{name: "withdraw", method: "POST", path: "/progress/" + entry + "/withdraw", body: reason("重填"), token: "clerk", missing: true},
		{name: "imports", method: "GET", path: "/imports", token: "dispatcher"},
		{name: "import", method: "POST", path: "/imports", form: &imp, token: "dispatcher", created: true},
		{name: "draft", method: "GET", path: "/imports/" + doc, token: "dispatcher", missing: true},
		{name: "audit", method: "GET", path: "/audit", token: "auditor"},
	}...)
}

// roomCalls are the routes of registers, statistics and documents.
func (x *house) roomCalls() []call {
	read, edit, move, attach := x.record(1), x.record(2), x.record(3), x.record(4)
	create, more := newPoint(5), sheet{map[string]string{"kind": "photo"}, "file", "门头.png", photo(77)}
	doubt, doubtProof, reveal, many := x.record(6), x.record(7), x.record(8), x.record(9)
	paper := x.issued("2026-06")
	first := published("province", "2026年1—3月", "5.5", "2026-04-18")
	x.post("dispatcher", "/indicators/retail-rate/observations", "first", first).status(201)
	return []call{
		{name: "registers", method: "GET", path: "/registers", token: "leader"},
		{name: "register", method: "GET", path: "/registers/parcel-point", token: "leader", missing: true},
		{name: "counts", method: "GET", path: "/registers/parcel-point/counts", token: "leader", missing: true},
		{name: "waiting", method: "GET", path: "/waiting", token: "county"},
		{name: "records", method: "GET", path: "/records", token: "leader"},
		{name: "record", method: "GET", path: "/records/" + read, token: "county", missing: true},
		{name: "proof", method: "GET", path: "/records/" + read + "/proofs/" + x.proofOf(read), token: "leader", missing: true, file: true},
		{name: "create-record", method: "POST", path: "/registers/parcel-point/records", form: &create, token: "county", missing: true, created: true},
		{name: "edit-record", method: "POST", path: "/records/" + edit + "/edit", body: map[string]any{"revision": 0, "values": map[string]string{"host": "便民超市"}}, token: "county", missing: true},
		{name: "move-record", method: "POST", path: "/records/" + move + "/move", body: map[string]any{"revision": 0, "move": "claim"}, token: "county", missing: true},
		{name: "move-records", method: "POST", path: "/records/moves", body: map[string]any{"moves": []map[string]any{{"id": many, "revision": 0, "move": "claim"}}}, token: "county"},
		{name: "falsify-record", method: "POST", path: "/records/" + doubt + "/falsify", body: seen(0, "现场没有"), token: "post", missing: true},
		{name: "falsify-proof", method: "POST", path: "/records/" + doubtProof + "/proofs/" + x.proofOf(doubtProof) + "/falsify", body: seen(0, "查无此号"), token: "post", missing: true},
		{name: "reveal", method: "POST", path: "/records/" + reveal + "/reveal", body: map[string]any{"field": "phone", "reason": "核查前联系"}, token: "county-head", missing: true},
		{name: "attach-proof", method: "POST", path: "/records/" + attach + "/proofs", form: &more, token: "county", missing: true, created: true},
		{name: "indicators", method: "GET", path: "/indicators", token: "leader"},
		{name: "observations", method: "GET", path: "/indicators/retail-rate/observations", token: "leader", missing: true},
		{name: "gap", method: "GET", path: "/indicators/retail-rate/gap", token: "leader", missing: true},
		{name: "enter-observation", method: "POST", path: "/indicators/retail-rate/observations", body: published("city", "2026年1—3月", "5.3", "2026-04-20"), token: "dispatcher", missing: true, created: true},
		{name: "revise-observation", method: "POST", path: "/indicators/retail-rate/revisions", body: revised(first, 1, "5.6", "公布机构修订"), token: "dispatcher", missing: true, created: true},
		{name: "withdraw-observation", method: "POST", path: "/indicators/retail-rate/withdrawals", body: withdrawn("province", "2026年1—3月", 2), token: "dispatcher", missing: true},
		{name: "draft-paper", method: "POST", path: "/papers", body: map[string]any{"period": "2026-Q2"}, token: "dispatcher", created: true},
		{name: "edit-paper", method: "POST", path: "/papers/" + x.paper("e", false) + "/edit", body: paperWords(0, "请核对六月份的进展。"), token: "dispatcher", missing: true},
		{name: "submit-paper", method: "POST", path: "/papers/" + x.paper("a", false) + "/submit", body: seen(0, ""), token: "dispatcher", missing: true},
		{name: "return-paper", method: "POST", path: "/papers/" + x.paper("b", true) + "/return", body: seen(1, "日期不对"), token: "approver", missing: true},
		{name: "approve-paper", method: "POST", path: "/papers/" + x.paper("c", true) + "/approve", body: seen(1, ""), token: "approver", missing: true},
		{name: "discard-paper", method: "POST", path: "/papers/" + x.paper("d", false) + "/discard", body: seen(0, "不再需要"), token: "dispatcher", missing: true},
		{name: "papers", method: "GET", path: "/papers", token: "leader"},
		{name: "paper", method: "GET", path: "/papers/" + paper, token: "leader", missing: true},
		{name: "paper-file", method: "GET", path: "/papers/" + paper + "/file", token: "leader", missing: true, file: true},
	}
}

// seen is a body with the revision and, where there is one, the reason.
func seen(revision int, reason string) map[string]any {
	out := map[string]any{"revision": revision}
	if reason != "" {
		out["reason"] = reason
	}
	return out
}

func reason(text string) map[string]string { return map[string]string{"reason": text} }

func planSheet(x *house) sheet {
	return sheet{map[string]string{"kind": "city"}, "file", "计划.txt", x.Pack.Documents[0].Text}
}

// send makes the call as somebody.
func (x *house) send(c call, token, path, key string) answer {
	x.t.Helper()
	switch {
	case c.method == "GET":
		return x.get(token, path)
	case c.form != nil:
		return x.form(token, path, key, *c.form)
	}
	return x.post(token, path, key, c.body)
}

// Every route refuses alike: no token, a bad token, nobody's token, a read-only
// token on a writing route, an unknown thing, and rubbish for its identifier.
func TestSharedRefusals(t *testing.T) {
	x := open(t, db.SQLite)
	calls := x.calls()
	covered := map[string]bool{}
	for _, c := range calls {
		covered[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			x.t = t
			if a := x.send(c, "", c.path, "k"); a.problem(401).Code != "unauthenticated" || !strings.HasPrefix(a.Header().Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("no token: %s %v", a.Body, a.Header())
			}
			x.send(c, "wrong", c.path, "k").problem(401)
			if c.name != "me" {
				x.send(c, "nobody", c.path, "nobody-"+c.name).problem(403)
			}
			if c.method == "POST" {
				if p := x.send(c, "reader", c.path, "k").problem(403); !strings.Contains(p.Detail, "只读") {
					t.Errorf("read-only token: %+v", p)
				}
				p := x.send(c, c.token, c.path, "").problem(422)
				if len(p.Errors) != 1 || p.Errors[0].Location != "header.Idempotency-Key" {
					t.Errorf("no key: %+v", p)
				}
				x.send(c, c.token, c.path, strings.Repeat("k", 129)).problem(422)
				x.send(c, c.token, c.path, "two words").problem(422)
			}
			if c.missing {
				parts := strings.Split(c.path, "/") // "", resource, id, act
				for i, id := range []string{unknown, "rubbish", "%E5%B8%82", "%00", "%ff"} {
					parts[2] = id
					x.send(c, c.token, strings.Join(parts, "/"), "missing-"+c.name+string(rune('a'+i))).problem(404)
				}
			}
		})
	}
	x.t = t
	if len(covered) != routeCount(t, x) {
		t.Errorf("%d calls for %d routes", len(covered), routeCount(t, x))
	}
}

func routeCount(t *testing.T, x *house) int {
	var doc struct{ Paths map[string]map[string]any }
	x.get("", "/openapi.json").into(200, &doc)
	n := 0
	for _, methods := range doc.Paths {
		n += len(methods)
	}
	return n
}

// Every route succeeds for somebody who may, and its answer has the shape that
// the OpenAPI document promises.
func TestAnswersKeepTheirPromise(t *testing.T) {
	x := open(t, db.SQLite)
	doc := loadDocument(t, x)
	calls := x.calls()
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			x.t = t
			if c.name == "return" || c.name == "withdraw" {
				entry := x.report("7", map[string]string{"return": "2026-06-10", "withdraw": "2026-06-11"}[c.name])
				c.path = "/progress/" + entry + "/" + c.name
			}
			a := x.send(c, c.token, c.path, "ok-"+c.name)
			want := http.StatusOK
			if c.created {
				if want = http.StatusCreated; !strings.HasPrefix(a.Header().Get("Location"), api.Prefix+"/") {
					t.Errorf("location %q", a.Header().Get("Location"))
				}
			}
			if c.file {
				if a.status(want); a.Body.Len() == 0 || !strings.Contains(a.Header().Get("Content-Disposition"), "filename") || a.Header().Get("Content-Type") == "application/json" {
					t.Errorf("%d bytes, %v", a.Body.Len(), a.Header())
				}
				return
			}
			var got any
			a.into(want, &got)
			doc.check(t, doc.schemaFor(t, c, want, x), got, c.name)
		})
	}
}

func TestRoutesThatAreNone(t *testing.T) {
	x := empty(t, db.SQLite)
	for _, path := range []string{"/nothing", "/tasks/", "//tasks", "/../secret", "", "/", "/docs/x"} {
		x.get("leader", path).problem(404)
	}
	a := x.do("leader", http.MethodDelete, "/tasks", nil, nil)
	if p := a.problem(405); !strings.Contains(a.Header().Get("Allow"), "GET") || p.Code != "invalid" {
		t.Errorf("%+v %v", p, a.Header())
	}
	x.do("dispatcher", http.MethodPut, "/imports", http.Header{"Idempotency-Key": {"k"}}, nil).problem(405)
}

// Who may do a thing for one unit may not do it for another.
func TestOtherUnitsData(t *testing.T) {
	x := open(t, db.SQLite)
	target := "/targets/" + x.target.ID + "/progress"
	if p := x.form("stranger", target, "s1", figure("5", "2026-06-02")).problem(403); !strings.Contains(p.Detail, "本单位") {
		t.Errorf("%+v", p)
	}
	entry := x.report("3", "2026-06-01")
	x.post("stranger", "/progress/"+entry+"/verify", "s2", nil).problem(403)
	x.post("stranger", "/progress/"+entry+"/return", "s3", reason("不符")).problem(403)
	x.post("stranger", "/progress/"+entry+"/withdraw", "s4", reason("不符")).problem(403)
	x.post("clerk", "/progress/"+entry+"/verify", "s5", nil).problem(403)
	x.form("clerk", "/imports", "s6", planSheet(x)).problem(403)
	x.get("clerk", "/imports").problem(403)
	x.get("dispatcher", "/audit").problem(403)
	x.get("leader", "/imports/"+x.Import(t, x.Dispatcher(), plan.Upload{}, x.Pack.Documents[0].Text)).problem(403)
	x.post("head", "/progress/"+entry+"/verify", "s7", nil).status(200)
	if p := x.post("head", "/progress/"+entry+"/verify", "s8", nil).problem(409); p.Code != "conflict" {
		t.Errorf("%+v", p)
	}
}

// Wrong input, with the whole problem document kept as a golden file.
func TestWrongInput(t *testing.T) {
	x := open(t, db.SQLite)
	entry := x.report("3", "2026-06-01")
	target, decide := "/targets/"+x.target.ID+"/progress", "/progress/"+entry
	long := map[string]string{"reason": strings.Repeat("长", 501)}
	raw := func(token, path, key, kind, text string) answer {
		return x.do(token, "POST", path, http.Header{"Idempotency-Key": {key}, "Content-Type": {kind}}, strings.NewReader(text))
	}
	cases := []struct {
		name   string
		status int
		a      answer
	}{
		{"query-limits", 422, x.get("leader", "/tasks?limit=500&page=0")},
		{"query-not-a-number", 422, x.get("leader", "/tasks?limit=many")},
		{"query-not-a-code", 422, x.get("leader", "/tasks?light=purple&state=done&category=x&kind=y")},
		{"query-not-in-city", 422, x.get("leader", "/tasks?unit=moon&territory=mars")},
		{"query-lead-alone", 422, x.get("leader", "/tasks?lead_only=true&plan=1")},
		{"query-not-a-boolean", 422, x.get("leader", "/tasks?gone=maybe")},
		{"query-unknown", 422, x.get("leader", "/tasks?ligth=red")},
		{"query-twice", 422, x.get("leader", "/tasks?light=red&light=green")},
		{"query-too-long", 422, x.get("leader", "/tasks?q="+strings.Repeat("a", 101))},
		{"query-not-text", 422, x.get("leader", "/tasks?q=%ff")},
		{"query-nul", 422, x.get("leader", "/tasks?q=%00")},
		{"query-escape", 422, x.get("leader", "/tasks?q=%zz")},
		{"audit-dates", 422, x.get("auditor", "/audit?from=2026-13-01&to=soon")},
		{"report-empty", 422, x.form("clerk", target, "w1", sheet{})},
		{"report-wrong", 422, x.form("clerk", target, "w2", sheet{map[string]string{"value": "很多", "as_of": "去年"}, "proof", "a.txt", "x"})},
		{"report-future", 422, x.form("clerk", target, "w3", figure("5", "2026-12-31"))},
		{"report-territory", 422, x.form("clerk", target, "w4", sheet{map[string]string{"value": "5", "as_of": "2026-06-02", "territory": "mars"}, "proof", "a.txt", "证明"})},
		{"report-unknown-field", 422, x.form("clerk", target, "w5", sheet{map[string]string{"value": "5", "as_of": "2026-06-02", "valeu": "5"}, "proof", "a.txt", "证明"})},
		{"report-not-a-form", 415, raw("clerk", target, "w6", "application/json", `{"value":5}`)},
		{"report-broken-form", 422, raw("clerk", target, "w7", "multipart/form-data; boundary=x", "--x\r\nrubbish")},
		{"report-nul", 422, x.form("clerk", target, "w8", sheet{map[string]string{"value": "5", "as_of": "2026-06-02", "note": "a\x00b"}, "proof", "a.txt", "证明"})},
		{"reason-missing", 422, x.post("head", decide+"/return", "w9", map[string]string{})},
		{"reason-empty", 422, x.post("head", decide+"/return", "w10", map[string]string{"reason": ""})},
		{"reason-long", 422, x.post("head", decide+"/return", "w11", long)},
		{"reason-not-text", 422, x.post("head", decide+"/return", "w12", map[string]any{"reason": 5})},
		{"reason-unknown-field", 422, x.post("head", decide+"/return", "w13", map[string]any{"reason": "不符", "force": true})},
		{"reason-nul", 422, x.post("head", decide+"/return", "w14", map[string]any{"reason": "a\x00b"})},
		{"body-not-json", 400, raw("head", decide+"/return", "w15", "application/json", `{"reason":`)},
		{"body-missing", 400, x.post("head", decide+"/return", "w16", nil)},
		{"body-other-type", 415, raw("head", decide+"/return", "w17", "text/csv", `a,b`)},
		{"import-empty", 422, x.form("dispatcher", "/imports", "w18", sheet{})},
		{"import-kind", 422, x.form("dispatcher", "/imports", "w19", sheet{map[string]string{"kind": "galaxy"}, "file", "a.txt", "x"})},
		{"import-plan", 422, x.form("dispatcher", "/imports", "w20", sheet{map[string]string{"kind": "city", "plan": "7"}, "file", "a.txt", "x"})},
		{"report-too-large", 413, x.form("clerk", target, "w21", sheet{map[string]string{"value": "5", "as_of": "2026-06-02"}, "proof", "a.txt", strings.Repeat("大", 8<<20)})},
		{"body-too-large", 413, x.post("head", decide+"/return", "w22", map[string]string{"reason": strings.Repeat("长", 40<<10)})},
	}
	var all bytes.Buffer
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.a.t = t
			p := c.a.problem(c.status)
			b, err := json.MarshalIndent(p, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			all.WriteString("# " + c.name + "\n" + string(b) + "\n")
		})
	}
	golden(t, "problems.txt", all.Bytes())
}
