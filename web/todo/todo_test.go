package todo_test

import (
	"net/http"
	"strings"
	"testing"

	"bihuan/app"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/todo"
	"bihuan/web/webtest"
)

func TestWhatWaits(t *testing.T) {
	s := webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) { todo.Routes(f, todo.Rooms{Register: a.Register, Matter: a.Matter}) })
	s.PackPlan()
	if a := s.Nobody().Get("/todo"); a.Status != http.StatusSeeOther && a.Status != http.StatusUnauthorized {
		t.Errorf("nobody: %d", a.Status)
	}
	if a := s.As("sysadmin", "", org.SysAdmin).Get("/todo"); a.Status != http.StatusForbidden {
		t.Errorf("an administrator: %d", a.Status)
	}
	clerk, head := s.As("clerk", "shenxian-gov", org.CountyClerk), s.As("head", "shenxian-gov", org.CountyHead)
	if a := head.Get("/todo"); a.Status != http.StatusOK || !a.Has("现在没有等您办理的事") {
		t.Errorf("nothing to do: %d", a.Status)
	}
	// An event stands with the county's head as soon as it is entered.
	if _, err := s.App.Register.Create(t.Context(), clerk.P, register.Draft{Register: "sports-event", Territory: "shenxian", Values: event()}); err != nil {
		t.Fatal(err)
	}
	page := head.Get("/todo")
	if !page.Has("群众性") || !page.Has("全民健身跑") || !page.Has("/records/") {
		t.Errorf("the head's list: %s", page.Body)
	}
	if a := clerk.Get("/todo"); strings.Contains(a.Body, "全民健身跑") {
		t.Error("who entered it owes nothing")
	}
	if a := head.Get("/todo?kind=没有这一类"); !a.Has("全民健身跑") {
		t.Error("a kind that is done hides what waits")
	}
	// A bulletin waits for its drafter, then for the approver.
	dispatcher, approver := s.Dispatcher(), s.Approver()
	id, err := s.App.Matter.DraftBulletin(t.Context(), dispatcher.P, "2026-06", false)
	if err != nil {
		t.Fatal(err)
	}
	if a := dispatcher.Get("/todo?kind=文书"); !a.Has("核对后送审") {
		t.Error("the drafter's list")
	}
	if err := s.App.Matter.Submit(t.Context(), dispatcher.P, id, 0); err != nil {
		t.Fatal(err)
	}
	if a := approver.Get("/todo"); !a.Has("待审批") {
		t.Error("the approver's list")
	}
	// What a unit owes for its tasks.
	if a := s.As("civil", "civil", org.UnitClerk).Get("/todo"); !a.Has("/tasks/") {
		t.Error("the unit's tasks")
	}
}

func event() map[string]string {
	return map[string]string{"event": "全民健身跑", "level": "县级", "organiser": "莘县教体局", "venue": "莘县体育场", "address": "莘县体育场", "aggregate": "否", "held": "2026-05-01", "sport": "跑步", "sessions": "2", "participants": "300"}
}
