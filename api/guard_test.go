package api_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"bihuan/api"
	"bihuan/kit/db"
	"bihuan/kit/seal"
	"bihuan/org"
)

func TestRateLimit(t *testing.T) {
	x := open(t, db.SQLite)
	x.parts.Rate = api.Rate{PerSecond: 0.5, Burst: 2, Tracked: 10}
	x.h = api.New(x.parts)
	x.get("leader", "/me").status(200)
	x.get("leader", "/me").status(200)
	a := x.get("leader", "/me")
	if p := a.problem(429); a.Header().Get("Retry-After") != "2" || p.Code != "too_many" {
		t.Errorf("%v %+v", a.Header(), p)
	}
	x.get("clerk", "/me").status(200)
	x.Clock.Add(2 * time.Second)
	x.get("leader", "/me").status(200)
	// A request that was not let through has used no key up.
	x.get("clerk", "/me").status(200)
	x.get("clerk", "/me").status(200)
	x.form("clerk", x.reports(), "k", figure("3", "2026-06-01")).problem(429)
	x.Clock.Add(2 * time.Second)
	x.form("clerk", x.reports(), "k", figure("3", "2026-06-01")).status(201)
}

// Real tokens of the room org: made, used, read-only, ended.
func TestRealTokens(t *testing.T) {
	x := open(t, db.SQLite)
	ctx, operator := context.Background(), org.CommandLine("root")
	keys, err := seal.New(x.Clock.Now(), x.DB.Entropy())
	if err != nil {
		t.Fatal(err)
	}
	people, err := org.New(x.DB, x.Log, keys, x.Pack, org.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	x.parts.Org = people
	x.h = api.New(x.parts)
	inv, err := people.CreatePerson(ctx, operator, org.PersonInput{Login: "clerk", Name: "王小明", UnitID: string(x.task.LeadUnit)})
	if err != nil {
		t.Fatal(err)
	}
	if err := people.GrantRole(ctx, operator, inv.PersonID, org.UnitClerk); err != nil {
		t.Fatal(err)
	}
	link, err := people.IssueLoginLink(ctx, operator, inv.PersonID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	in, err := people.RedeemLoginLink(ctx, link, org.From{Address: "10.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	writing, token, err := people.CreateToken(ctx, in.Principal, org.TokenInput{Name: "台账系统", Life: 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	reading, _, err := people.CreateToken(ctx, in.Principal, org.TokenInput{Name: "大屏", ReadOnly: true, Life: 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	x.form(writing, x.reports(), "k", figure("3", "2026-06-01")).status(201)
	x.get(reading, "/tasks").status(200)
	x.form(reading, x.reports(), "k2", figure("4", "2026-06-02")).problem(403)
	x.get(writing+"x", "/me").problem(401)
	if err := people.RevokeToken(ctx, in.Principal, token.ID); err != nil {
		t.Fatal(err)
	}
	x.get(writing, "/me").problem(401)
	x.Clock.Add(24 * time.Hour)
	x.get(reading, "/me").problem(401)
	for range 200 { // an address that keeps failing is told to wait
		if a := x.get("bihuan_guess", "/me"); a.Code == 429 {
			a.problem(429)
			return
		}
	}
	t.Error("guessing goes on for ever")
}

// Whatever the query, the answer is a list or a proper refusal, on a real database.
func FuzzTaskQuery(f *testing.F) {
	for _, q := range []string{
		"", "light=red&limit=20", "limit=0", "page=99999999999999999999", "q=%E6%89%98%E8%82%B2", "q=%25_%5C", "gone=true&state=closed", "unit=commerce&lead_only=true",
		"q=%00", "%", "a=1;b=2", "limit=1&limit=2", "plan=" + unknown, "q='%20OR%201=1--", "kind=county&territory=x", "page=-1", "=", "&&", "q[]=1", "limit=+5", "limit=5%20",
	} {
		f.Add(q)
	}
	x := open(f, db.SQLite)
	f.Fuzz(func(t *testing.T, query string) {
		u := &url.URL{RawQuery: query}
		if _, err := url.ParseRequestURI("/tasks?" + query); err != nil || strings.ContainsAny(query, " \t\r\n#") || u.RequestURI() == "" {
			return // no HTTP request can carry it
		}
		x.t = t
		a := x.get("leader", "/tasks?"+query)
		if a.Code == 200 {
			var p taskPage
			a.into(200, &p)
			if len(p.Items) > p.Limit || p.Limit > 200 || len(p.Items) > p.Total {
				t.Errorf("%+v", p)
			}
			return
		}
		a.problem(422)
	})
}
