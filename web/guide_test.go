package web_test

import (
	"context"
	"flag"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/city"
	"bihuan/demo"
	"bihuan/kit/db/dbtest"
	"bihuan/org"
	"bihuan/web"
	"bihuan/web/webtest"
)

var update = flag.Bool("update", false, "draw the pictures of the clerks' guide anew")

// demonstration is the program with its demonstration data, as make run shows it.
type demonstration struct {
	app  *app.App
	base string
}

func demonstrate(t *testing.T) *demonstration {
	t.Helper()
	ctx := context.Background()
	clock := dbtest.NewClock("2026-07-20T09:00:00+08:00")
	policy := org.DefaultPolicy()
	policy.Hash = org.HashParams{MemoryKiB: 64, Passes: 1, Lanes: 1}
	a, err := app.Open(ctx, app.Config{Data: t.TempDir(), City: city.Names()[0], Now: clock.Now, Policy: &policy})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if _, err := demo.Fill(ctx, a); err != nil {
		t.Fatal(err)
	}
	h, err := web.New(a, web.Options{Demo: true, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	a.Jobs.Start()
	t.Cleanup(func() { a.Jobs.Stop(ctx) })
	return &demonstration{a, server.URL}
}

// signIn brings a browser in as one of the demonstration's people.
func (d *demonstration) signIn(t *testing.T, b *webtest.Browser, login string) {
	t.Helper()
	ctx, operator := context.Background(), org.CommandLine("test")
	people, err := d.app.Org.People(ctx, operator, org.PeopleFilter{Text: login, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		if p.Login == login {
			link, err := d.app.Org.IssueLoginLink(ctx, operator, p.ID, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			b.Redeem(link)
			return
		}
	}
	t.Fatalf("nobody is called %s", login)
}

// inGuide are the pages whose picture the guide shows, with the window's width.
var inGuide = map[string]int64{"overview": 1280, "tasks": 1280, "report": 1280, "verify": 1280, "upload": 1280, "territories": 390, "registers": 1280, "todo": 390}

// pages are those without anything particular in their address.
var pages = []struct{ name, login, path string }{
	{"overview", "leader", "/"},
	{"tasks", "dispatcher", "/tasks"},
	{"targets", "dispatcher", "/targets"},
	{"territories", "dispatcher", "/territories"},
	{"units", "dispatcher", "/units"},
	{"plans", "dispatcher", "/plans"},
	{"imports", "dispatcher", "/imports"},
	{"upload", "dispatcher", "/imports/new"},
	{"verify", "dispatcher", "/verify"},
	{"registers", "dispatcher", "/registers"},
	{"register", "dispatcher", "/registers/childcare-station"},
	{"queue", "dispatcher", "/registers/verify"},
	{"todo", "dispatcher", "/todo"},
	{"monitor", "dispatcher", "/monitor"},
	{"sectors", "dispatcher", "/monitor/sectors"},
	{"ranking", "dispatcher", "/ranking"},
	{"proposals", "dispatcher", "/matters/proposals"},
	{"papers", "dispatcher", "/matters"},
	{"articles", "dispatcher", "/matters/rules"},
	{"notices", "dispatcher", "/notices"},
	{"channels", "sysadmin", "/admin/notices"},
	{"report", "commerce-clerk", "/report"},
	{"account", "dispatcher", "/account"},
	{"search", "dispatcher", "/search?q=消费"},
	{"people", "sysadmin", "/admin/people"},
	{"permissions", "secadmin", "/admin/permissions"},
	{"audit", "auditadmin", "/admin/audit"},
	{"system", "sysadmin", "/admin/system"},
	{"directory", "dispatcher", "/directory"},
	{"apidocs", "dispatcher", "/api/v1/docs"},
	{"help", "dispatcher", "/help"},
}

// TestEveryPageFits opens every page on a desk and on a phone: nothing scrolls
// sideways, no script fails, no policy is broken. With -update the pictures are kept.
func TestEveryPageFits(t *testing.T) {
	d := demonstrate(t)
	b := webtest.NewBrowser(t, d.base)
	who := ""
	for _, p := range pages {
		if p.login != who {
			d.signIn(t, b, p.login)
			who = p.login
		}
		for _, width := range []int64{1440, 390} {
			b.Size(width, 900)
			b.Open(p.path)
			if over := b.Overflow(); over > 0 {
				t.Errorf("%s is %d px too wide at %d px", p.path, over, width)
			}
		}
		if width := inGuide[p.name]; *update && width > 0 {
			b.Size(width, 800)
			b.Open(p.path)
			b.Shot(filepath.Join("../docs/guide/img", p.name+".png"))
		}
	}
}
