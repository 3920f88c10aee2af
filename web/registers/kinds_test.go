package registers_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/register"
	"bihuan/register/sheet"
	"bihuan/web/frame"
	"bihuan/web/registers"
	"bihuan/web/webtest"
)

// visitFile and problemFile are registers with every type of field, records that
// belong to others, and a move that hands a record on.
const visitFile = `
id: visit
name: 走访
short: 走访
group: 测试
about: 一次走访
unit: 次
lead: LEAD
entry: lead
fields:
  - {name: name, label: 名称, required: true}
  - {name: told, label: 情况, type: long}
  - {name: size, label: 人数, type: number, unit: 人}
  - {name: day, label: 日期, type: date, required: true}
  - {name: way, label: 方式, type: choice, options: [上门, 电话]}
  - {name: topics, label: 话题, type: many, options: [用工, 融资, 用地]}
  - {name: again, label: 再访, type: truth}
  - {name: code, label: 代码, type: uscc}
  - {name: phone, label: 电话, type: phone}
  - {name: card, label: 身份证号, type: id-number}
  - {name: page, label: 网页, type: link}
  - {name: with, label: 同访单位, type: unit}
  - {name: task, label: 任务, type: task}
  - {name: before, label: 上次走访, type: record, of: visit}
columns: [day, size, topics]
effective: day
method: 系统比对
stages:
  - id: done
    label: 已走访
    counts: true
    ends: true
    moves:
      - {id: void, label: 作废, to: void, by: lead, reason: true, ends: true}
  - {id: void, label: 作废, ends: true}
counts:
  - {id: visits, name: 走访次数, mode: flow}
  - {id: people, name: 走访人数, mode: flow, sum: size, unit: 人}
confidence: D
source: 测试
`

const problemFile = `
id: problem
name: 问题
short: 问题
group: 测试
about: 一个问题
unit: 个
lead: LEAD
entry: lead
under: visit
anonymous: true
fields:
  - {name: name, label: 问题, required: true}
  - {name: owner, label: 承办, type: unit}
  - {name: answer, label: 答复, type: long}
stages:
  - id: open
    label: 待交办
    owner: lead
    moves:
      - {id: assign, label: 交办, to: given, by: lead, assigns: owner}
  - id: given
    label: 办理中
    owner: assignee
    moves:
      - {id: answer, label: 办结, to: closed, by: assignee, needs: [answer]}
  - {id: closed, label: 已办结, ends: true}
confidence: D
source: 测试
`

func TestFieldsChildrenAndHandingOn(t *testing.T) {
	var reg *register.Service
	site := webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		pack := *a.Pack
		pack.Files = fstest.MapFS{}
		for name, text := range map[string]string{"visit": visitFile, "problem": problemFile} {
			pack.Files.(fstest.MapFS)["registers/"+name+".yaml"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, "LEAD", string(a.Pack.LeadUnit().ID)))}
		}
		catalog, err := register.LoadCatalog(&pack)
		if err != nil {
			t.Fatal(err)
		}
		reg = register.New(register.Parts{DB: a.DB, Log: a.Log, Box: a.Keys, Pack: &pack, Catalog: catalog, Blobs: a.Blobs})
		registers.Routes(f, reg, sheet.New(sheet.Parts{}))
	})
	pack := site.App.Pack
	lead := site.As("lead", pack.LeadUnit().ID, org.UnitClerk, org.UnitHead)
	var other city.UnitID
	for _, u := range pack.Units {
		if !u.Lead && !u.Kind.IsGovernment() {
			other = u.ID
		}
	}
	handler := site.As("handler", other, org.UnitClerk)
	visit := func(pairs ...string) string {
		t.Helper()
		a := lead.Post("/registers/visit/new", append([]string{"v-name", "甲厂", "v-day", "2026-06-01", "v-size", "1200", "v-way", "上门", "v-topics", "用地", "v-topics", "用工", "v-again", "否", "v-phone", "13800001234", "v-page", "https://a.example/x", "v-with", string(other)}, pairs...)...)
		if a.Status != 303 {
			t.Fatalf("enter: %d %s", a.Status, text(a.Body))
		}
		return strings.TrimPrefix(a.Location, "/records/")
	}
	first := visit("v-told", "第一行\n第二行")
	page := lead.Get("/records/" + first)
	wants(t, "record", page, 200, "1,200 人", "用工、用地", "2026年6月1日", `href="https://a.example/x"`, "上门", "否", "全市", "138****1234", "计入")
	wants(t, "sum", lead.Get("/registers"), 200, "1,200 人", "1 次")
	wants(t, "list under the sum", lead.Get("/registers/visit?count=people"), 200, "1,200", "甲厂")
	edit := lead.Get("/records/" + first + "/edit")
	wants(t, "what is chosen stays chosen", edit, 200, `value="用工" checked`, `value="上门" checked`, `value="否" checked`, "第二行", `value="2026-06-01"`)
	if strings.Contains(edit.Body, `value="融资" checked`) {
		t.Error("what was not chosen is ticked")
	}
	bad := lead.Post("/registers/visit/new", "v-name", "乙厂", "v-day", "2026-06-01", "v-topics", "用地", "v-code", "错", "v-phone", "错", "v-card", "错", "v-page", "javascript:alert(1)", "v-way", "飞", "v-before", "错", "v-with", "错")
	wants(t, "every bad value has its message", bad, 422, `href="#f-v-code"`, `href="#f-v-phone"`, `href="#f-v-card"`, `href="#f-v-page"`, `href="#f-v-way"`, `value="用地" checked`)
	v, err := reg.Get(context.Background(), lead.P, first)
	if err != nil {
		t.Fatal(err)
	}
	second := visit("v-before", v.No)
	wants(t, "a record named by its number", lead.Get("/records/"+second), 200, `href="/records/`+first+`"`, "上次走访")

	wants(t, "children", page, 200, "还没有问题", "/registers/problem/new?parent="+first)
	wants(t, "form of a child", lead.Get("/registers/problem/new?parent="+first), 200, `name="parent"`, v.No)
	a := lead.Post("/registers/problem/new", "parent", first, "v-name", "缺工")
	if a.Status != 303 {
		t.Fatalf("child: %d %s", a.Status, text(a.Body))
	}
	problem := a.Location
	wants(t, "parent", lead.Get("/records/"+first), 200, "缺工", "待交办")
	wants(t, "child", lead.Get(problem), 200, "匿名登记", "甲厂", problem+"/moves/assign")
	wants(t, "hand on", lead.Get(problem+"/moves/assign"), 200, "承办", `<option value="`+string(other)+`"`)
	id := strings.TrimPrefix(problem, "/records/")
	revision := func() string {
		v, err := reg.Get(context.Background(), lead.P, id)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(rune('0' + v.Revision)))
	}
	wants(t, "to nobody", lead.Post(problem+"/moves/assign", "revision", revision(), "v-owner", ""), 422, "承办")
	if a := lead.Post(problem+"/moves/assign", "revision", revision(), "v-owner", string(other)); a.Status != 303 {
		t.Fatalf("hand on: %d %s", a.Status, text(a.Body))
	}
	wants(t, "handler's queue", handler.Get("/registers/verify"), 200, "缺工", problem+"/moves/answer")
	wants(t, "not the lead's any more", lead.Post(problem+"/moves/answer", "revision", revision(), "v-answer", "x"), 403, "承办单位")
	wants(t, "an empty answer", handler.Post(problem+"/moves/answer", "revision", revision()), 422, "答复")
	if a := handler.Post(problem+"/moves/answer", "revision", revision(), "v-answer", "已招到20人"); a.Status != 303 {
		t.Fatalf("answer: %d %s", a.Status, text(a.Body))
	}
	wants(t, "closed", handler.Get(problem), 200, "已办结，没有需要办理的事项", "已招到20人")
}
