package api_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"bihuan/kit/db"
)

// texts is a form of a new record without evidence.
func texts(parent string, values map[string]string) sheet {
	b, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	fields := map[string]string{"values": string(b)}
	if parent != "" {
		fields["parent"] = parent
	}
	return sheet{fields: fields}
}

// A decision belongs to a meeting and is handed to a unit, whose turn it then is.
func TestRecordsOfRecords(t *testing.T) {
	onBoth(t, func(t *testing.T, x *house) {
		var meeting, decision recordMark
		x.form("dispatcher", "/registers/meeting/records", "1", texts("", map[string]string{"name": "七月调度会", "date": "2026-07-10", "time": "09:00", "place": "三楼会议室", "chair": "分管副市长",
			"level": "经办人员", "units": "各牵头单位", "agenda": "上次议定事项落实情况"})).into(201, &meeting)
		decide := map[string]string{"matter": "补建托育驿站", "handler": string(x.task.LeadUnit), "output": "建成报告", "due": "2026-09-30"}
		x.form("dispatcher", "/registers/decision/records", "2", texts("", decide)).problem(422)
		x.form("dispatcher", "/registers/decision/records", "3", texts(x.record(1), decide)).problem(422)
		x.form("dispatcher", "/registers/decision/records", "4", texts(meeting.ID, decide)).into(201, &decision)
		var whole struct {
			Children []struct{ ID, Parent string }
		}
		if x.get("leader", "/records/"+meeting.ID).into(200, &whole); len(whole.Children) != 1 || whole.Children[0].ID != decision.ID || whole.Children[0].Parent != meeting.ID {
			t.Errorf("%+v", whole)
		}
		var list recordPage
		if x.get("leader", "/records?parent="+meeting.ID).into(200, &list); list.Total != 1 {
			t.Errorf("%+v", list)
		}

		at := "/records/" + decision.ID + "/move"
		x.moved("dispatcher", decision.ID, "assign").status(200)
		if x.get("clerk", "/records?owed=true&register=decision").into(200, &list); list.Total != 1 {
			t.Errorf("%+v", list)
		}
		x.post("clerk", at, "5", map[string]any{"move": "first-report", "revision": 1}).problem(422)
		report := map[string]any{"move": "first-report", "revision": 1, "values": map[string]string{"first": "已选址三处"}}
		x.post("stranger", at, "6", report).problem(403)
		x.post("clerk", at, "7", report).status(200)
		if r := x.read("leader", decision.ID); r.Stage != "handling" || r.Values["first"] != "已选址三处" || r.Due != "2026-09-30" {
			t.Errorf("%+v", r)
		}
	})
}

// What was found false is kept, and counts for nothing.
func TestFalsifiedRecord(t *testing.T) {
	x := open(t, db.SQLite)
	id := x.record(1)
	x.counted(id)
	x.must(x.parts.Register.MarkFalsified(context.Background(), x.people["post"], id, 3, "现场没有站点"))
	if r := x.read("leader", id); !r.Falsified || r.Counts || r.Stage != "verified" || len(r.Moves) != 0 {
		t.Errorf("%+v", r)
	}
	var list recordPage
	if x.get("leader", "/records?falsified=true").into(200, &list); list.Total != 1 {
		t.Errorf("%+v", list)
	}
	if n, _ := x.total("2026-06-30"); n != "0" {
		t.Errorf("it counts %s", n)
	}
}

// The kept answer of a key would tie what is said in confidence to a token.
func TestNoAnonymousEntryByToken(t *testing.T) {
	x := open(t, db.SQLite)
	if d, ok := x.parts.Register.Catalog().Get("asked-twice"); !ok || !d.Anonymous {
		t.Fatal("the pack has lost its anonymous register")
	}
	if p := x.form("county", "/registers/asked-twice/records", "1", texts("", map[string]string{"name": "同一张表"})).problem(403); !strings.Contains(p.Detail, "页面") {
		t.Errorf("%+v", p)
	}
}
