package todo_test

import (
	"context"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/web/assets"
	"bihuan/web/entry"
	"bihuan/web/frame"
	"bihuan/web/todo"
	"bihuan/web/ui"
	"bihuan/web/webtest"
)

// The list is walked by the keys of every list, and fits a phone.
func TestTheListInTheBrowser(t *testing.T) {
	s := webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		todo.Routes(f, todo.Rooms{Register: a.Register, Matter: a.Matter})
		f.Mux.Handle("GET "+assets.Prefix, assets.Handler())
		f.Handle("GET /{$}", func(c *frame.Ctx) error { c.Redirect("/todo", ui.Flash{}); return nil })
		entry.Routes(f, a.Org)
	})
	s.PackPlan()
	clerk := s.As("commerce", s.App.Pack.LeadUnit().ID, org.UnitClerk)
	link, err := s.App.Org.IssueLoginLink(context.Background(), org.CommandLine("test"), clerk.P.ID, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.NewBrowser(t, s.Server.URL)
	b.Redeem(link)
	for _, width := range []int64{1440, 390} {
		b.Size(width, 844)
		b.Open("/todo")
		if n := b.Overflow(); n > 0 {
			t.Errorf("%d pixels wider than %d", n, width)
		}
	}
	b.Size(1440, 900)
	b.Open("/todo")
	for i, step := range []struct{ key, want string }{{"j", "0 true"}, {"j", "1 true"}, {"k", "0 true"}} {
		got := b.Eval(`document.dispatchEvent(new KeyboardEvent("keydown", {key: "` + step.key + `", bubbles: true}));
			[...document.querySelectorAll("tr[data-href]")].indexOf(document.querySelector("tr.row-now")) + " " + document.activeElement.href.endsWith(document.querySelector("tr.row-now").dataset.href)`)
		if got != step.want {
			t.Errorf("step %d by %q comes to %s, want %s", i, step.key, got, step.want)
		}
	}
}
