package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bihuan/api"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// people stands in for the room org: tokens are names.
type people map[string]org.Principal

func (p people) AuthenticateToken(_ context.Context, token string, _ org.From) (org.Principal, error) {
	who, ok := p[token]
	if !ok {
		return org.Principal{}, errs.New(errs.Unauthenticated, "接口令牌无效、已停用或已过期")
	}
	return who, nil
}

// house is the API over a room with a published plan.
type house struct {
	*plantest.Room
	t      testing.TB
	parts  api.Parts
	h      http.Handler
	people people
	log    *bytes.Buffer
	plan   string                // the published list
	task   *supervise.TaskLight  // a task with a target to report on
	target supervise.TargetLight // that target
}

// empty opens the API over a room without any list.
func empty(t testing.TB, engine db.Engine) *house {
	t.Helper()
	x := &house{Room: plantest.New(t, engine), t: t, people: people{}, log: &bytes.Buffer{}}
	x.parts = api.Parts{
		DB: x.DB, Org: x.people, Plan: x.Plan, Supervise: supervise.New(x.DB, x.Log, x.Plan), Pack: x.Pack, Log: x.Log,
		Logger: slog.New(slog.NewTextHandler(x.log, nil)), AssetURL: func(n string) string { return "/assets/" + n }, Version: "test",
		Rate: api.Rate{PerSecond: 1000, Burst: 100_000, Tracked: 100},
	}
	x.furnish()
	x.h = api.New(x.parts)
	x.let("dispatcher", x.Dispatcher())
	x.let("approver", x.Approver())
	x.let("leader", x.Person("leader", "", org.Leader))
	x.let("auditor", x.Person("auditor", "", org.Auditor))
	x.let("nobody", x.Person("nobody", ""))
	return x
}

// open is empty with the pack's plan published.
func open(t testing.TB, engine db.Engine) *house {
	t.Helper()
	x := empty(t, engine)
	x.plan = x.PackPlan(t)
	board, err := x.parts.Supervise.Board(context.Background(), x.Dispatcher())
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range board.Tasks {
		for _, g := range task.Targets {
			if g.Subject == "社区托育驿站" {
				x.task, x.target = task, g
			}
		}
	}
	if x.task == nil {
		t.Fatal("the pack's plan has lost its target")
	}
	x.let("clerk", x.Clerk(x.task.LeadUnit))
	x.let("head", x.Head(x.task.LeadUnit))
	reader := x.Clerk(x.task.LeadUnit)
	reader.ReadOnly = true
	x.let("reader", reader)
	x.let("stranger", x.Clerk(x.strangeUnit()))
	return x
}

// strangeUnit is a unit that the task does not concern.
func (x *house) strangeUnit() city.UnitID {
	for _, u := range x.Pack.Units {
		if !u.Kind.IsGovernment() && !x.task.Concerns(u.ID) {
			return u.ID
		}
	}
	x.t.Fatal("every unit is concerned")
	return ""
}

// let gives a person a token with the name.
func (x *house) let(token string, p org.Principal) {
	p.Via, p.TokenID = org.ViaAPI, token
	x.people[token] = p
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t testing.TB
}

// do sends a request as the holder of a token ("" for none).
func (x *house) do(token, method, path string, header http.Header, body io.Reader) answer {
	x.t.Helper()
	r := httptest.NewRequest(method, api.Prefix+path, body)
	for k, v := range header {
		r.Header[k] = v
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return x.serve(r)
}

func (x *house) serve(r *http.Request) answer {
	w := httptest.NewRecorder()
	x.h.ServeHTTP(w, r)
	return answer{w, x.t}
}

func (x *house) get(token, path string) answer {
	x.t.Helper()
	return x.do(token, http.MethodGet, path, nil, nil)
}

// post sends JSON with a key; a nil body is none.
func (x *house) post(token, path, key string, body any) answer {
	x.t.Helper()
	h := http.Header{"Idempotency-Key": {key}}
	var b []byte
	if body != nil {
		b, _ = json.Marshal(body)
		h.Set("Content-Type", "application/json")
	}
	return x.do(token, http.MethodPost, path, h, bytes.NewReader(b))
}

// sheet is a multipart form with one file.
type sheet struct {
	fields         map[string]string
	file, name, in string // form field, file name, content; no file when file is ""
}

func (f sheet) encode() (kind string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range f.fields {
		_ = w.WriteField(k, v)
	}
	if f.file != "" {
		p, _ := w.CreateFormFile(f.file, f.name)
		_, _ = p.Write([]byte(f.in))
	}
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

func (x *house) form(token, path, key string, f sheet) answer {
	x.t.Helper()
	kind, body := f.encode()
	h := http.Header{"Content-Type": {kind}}
	if key != "" {
		h.Set("Idempotency-Key", key)
	}
	return x.do(token, http.MethodPost, path, h, bytes.NewReader(body))
}

// figure is a report of a value.
func figure(value, asOf string) sheet {
	return sheet{map[string]string{"value": value, "as_of": asOf}, "proof", "台账.txt", "佐证材料 " + value + "\n"}
}

// report reports a value as the clerk and gives the entry's id.
func (x *house) report(value, asOf string) string {
	x.t.Helper()
	var made struct{ ID string }
	x.form("clerk", "/targets/"+x.target.ID+"/progress", "report-"+value+"-"+asOf, figure(value, asOf)).into(http.StatusCreated, &made)
	return made.ID
}

// status fails the test when the answer has another status.
func (a answer) status(want int) answer {
	a.t.Helper()
	if a.Code != want {
		a.t.Fatalf("status %d, want %d: %s", a.Code, want, a.Body)
	}
	return a
}

// into reads a JSON answer with the status.
func (a answer) into(want int, v any) {
	a.t.Helper()
	a.status(want)
	d := json.NewDecoder(bytes.NewReader(a.Body.Bytes()))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		a.t.Fatalf("%v: %s", err, a.Body)
	}
}

// problem checks that the answer is a proper refusal and returns it.
func (a answer) problem(want int) api.Problem {
	a.t.Helper()
	var p api.Problem
	a.into(want, &p)
	if ct := a.Header().Get("Content-Type"); ct != "application/problem+json" {
		a.t.Errorf("a refusal of type %q", ct)
	}
	if p.Status != want || p.Type != "about:blank" || p.Title == "" || p.Code == "" {
		a.t.Errorf("incomplete problem: %s", a.Body)
	}
	for _, text := range []string{p.Title, p.Detail} {
		if strings.ContainsAny(text, "abcdefghijklmnopqrstuvwxyz") && !chinese(text) {
			a.t.Errorf("not in Chinese: %q", text)
		}
	}
	for _, e := range p.Errors {
		if e.Location == "" || !chinese(e.Message) {
			a.t.Errorf("field error %+v", e)
		}
	}
	return p
}

func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
}

// golden compares with a file of testdata, or rewrites it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (run with -update and look at the change):\n%s", name, d)
	}
}
