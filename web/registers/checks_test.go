package registers_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"bihuan/kit/calendar"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/webtest"
)

// opened begins a spot check of the county's records and gives its address.
func (w *world) opened() string {
	w.t.Helper()
	a := w.lead.Post("/registers/"+string(point)+"/checks", "owner", "t:"+string(w.place), "from", "2026-01-01", "to", "2026-06-30")
	if a.Status != 303 {
		w.t.Fatalf("open: %d %s", a.Status, text(a.Body))
	}
	return a.Location
}

// step takes a step of a spot check.
func (w *world) step(check, name string) {
	w.t.Helper()
	if a := w.lead.Post(check + "/" + name); a.Status != 303 || a.Location != check {
		w.t.Fatalf("%s: %d %s", name, a.Status, text(a.Body))
	}
}

// chosen are the records of a spot check that are checked.
func (w *world) chosen(check string) register.DrawView {
	w.t.Helper()
	v, err := w.reg.DrawView(context.Background(), w.lead.P, check[strings.LastIndex(check, "/")+1:])
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func TestSpotCheck(t *testing.T) {
	w := newWorld(t)
	first, second := w.As("first", w.def.Lead, org.UnitHead), w.As("second", w.def.Lead, org.UnitHead)
	for n := range 12 {
		w.counted("v-phone", fmt.Sprintf("138000022%02d", n)) // no number in many records: that would be a doubt
	}
	to := "/registers/" + string(point) + "/checks"
	wants(t, "list", w.lead.Get(to), 200, "还没有抽查过", "组织抽查", "为什么谁也不能挑")
	if a := w.leader.Get(to); a.Status != 200 || a.Has(`name="owner"`) {
		t.Errorf("somebody who only reads: %d, or is offered to begin", a.Status)
	}
	bad := w.lead.Post(to, "from", "明天", "to", "2026-06-30")
	wants(t, "bad batch", bad, 422, "请选择一个登记单位或一个地区", "请填写开始日期", `href="#f-unit"`)
	wants(t, "who may not", w.clerk.Post(to, "owner", "t:"+string(w.place), "from", "2026-01-01", "to", "2026-06-30"), 403)

	check := w.opened()
	page := w.leader.Get(check)
	wants(t, "the commitment is public, the seed is not", page, 200, w.chosen(check).Commitment, "抽取时公布")
	if page.Has("/close\"") {
		t.Error("somebody who only reads is offered a step")
	}
	for _, name := range []string{"close", "draw", "finish"} {
		wants(t, name+" by who may not", w.clerk.Post(check+"/"+name), 403)
		wants(t, name+" by nobody", w.Nobody().Post(check+"/"+name), 401)
	}
	wants(t, "out of order", w.lead.Post(check+"/draw"), 409)
	wants(t, "no file before the draw", w.lead.Get(check+"/draw.json"), 409, "还没有抽取")
	w.step(check, "close")
	wants(t, "closed", w.lead.Get(check), 200, "将抽取", "12 条", w.chosen(check).ListHash, "公布种子并抽取")
	w.step(check, "draw")
	v := w.chosen(check)
	wants(t, "drawn", w.lead.Get(check), 200, v.Seed, "随机抽中", "下载抽查文件", "须由他人检查")
	file := w.leader.Get(check + "/draw.json")
	wants(t, "file", file, 200)
	if problems, err := register.VerifyDraw(strings.NewReader(file.Body)); err != nil || len(problems) > 0 {
		t.Errorf("the file does not draw the same: %v %v", problems, err)
	}
	if !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the file opens in the browser: %v", file.Header)
	}

	item := fmt.Sprintf("%s/items/%d", check, v.Items[0].Seq)
	wants(t, "who verified it", w.lead.Get(item), 403, "不能检查它")
	wants(t, "who may not", w.clerk.Post(item, "finding", "true"), 403)
	wants(t, "form", first.Get(item), 200, "属实", "未找到")
	wants(t, "nothing chosen", first.Post(item, "note", "去过现场"), 422, "请选择", "去过现场")
	wants(t, "false without words", first.Post(item, "finding", "false"), 422, "请写明所见", `value="false" checked`)
	for _, i := range v.Items {
		for _, c := range []*webtest.Client{first, second} {
			if a := c.Post(fmt.Sprintf("%s/items/%d", check, i.Seq), "finding", "true"); a.Status != 303 {
				t.Fatalf("result: %d %s", a.Status, text(a.Body))
			}
		}
	}
	wants(t, "estimate", w.lead.Get(check), 200, "属实", "95% 精确区间", "办结抽查")
	w.step(check, "finish")
	wants(t, "done", w.leader.Get(check), 200, "已办结", "测试first：属实")
	wants(t, "no more results", first.Get(item), 403)
	wants(t, "list", w.leader.Get(to), 200, "已办结")
	for _, path := range []string{to + "/nothing", check + "/items/99999", check + "/items/x", strings.Replace(check, string(point), "green-food", 1)} {
		wants(t, path, w.lead.Get(path), 404)
	}
}

func TestSpotCheckFindsSomethingFalse(t *testing.T) {
	w := newWorld(t)
	first, second := w.As("first", w.def.Lead, org.UnitHead), w.As("second", w.def.Lead, org.UnitHead)
	for range 12 {
		w.counted()
	}
	check := w.opened()
	w.step(check, "close")
	w.step(check, "draw")
	v := w.chosen(check)
	item := fmt.Sprintf("%s/items/%d", check, v.Items[0].Seq)
	if a := first.Post(item, "finding", "true"); a.Status != 303 {
		t.Fatal(text(a.Body))
	}
	if a := second.Get(check); a.Has("测试first：属实") || !a.Has("已有 1 人登记") {
		t.Errorf("the second sees what the first found before looking: %s", text(a.Body))
	}
	if a := second.Post(item, "finding", "false", "note", "门牌是另一家店"); a.Status != 303 {
		t.Fatal(text(a.Body))
	}
	wants(t, "they differ", w.leader.Get(check), 200, "两人结果不一致", "门牌是另一家店", "待两人一致")
	wants(t, "own result again", first.Get(check), 200, "更改我的结果")
	if a := first.Post(item, "finding", "false", "note", "再看确实不是"); a.Status != 303 {
		t.Fatal(text(a.Body))
	}
	wants(t, "whole batch", w.leader.Get(check), 200, "本批全部加查", "全部加查", "不实")
	wants(t, "record", w.leader.Get("/records/"+v.Items[0].RecordID), 200, "经查不实", "抽查两人一致认定不实")
	if n := len(w.chosen(check).Items); n != 12 {
		t.Errorf("%d of 12 are checked", n)
	}
	wants(t, "not ready", w.lead.Post(check+"/finish"), 409, "还有")
}

// What somebody typed stays on the page, also when the others have settled the record meanwhile.
func TestRefusedResultKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	first, second, third := w.As("first", w.def.Lead, org.UnitHead), w.As("second", w.def.Lead, org.UnitHead), w.As("third", w.def.Lead, org.UnitHead)
	for range 11 {
		w.counted()
	}
	check := w.opened()
	w.step(check, "close")
	w.step(check, "draw")
	item := fmt.Sprintf("%s/items/%d", check, w.chosen(check).Items[0].Seq)
	here := check + "?show=mine"
	wants(t, "form", first.Get(item+"?return="+here), 200, `name="return" value="`+here+`"`)
	wants(t, "nothing chosen", first.Post(item, "note", "去过现场", "return", here), 422, "去过现场", `name="return" value="`+here+`"`)
	if a := first.Post(item, "finding", "true", "return", here); a.Status != 303 || a.Location != here+"#items" {
		t.Errorf("after a result: %d %s", a.Status, a.Location)
	}
	if a := second.Post(item, "finding", "true"); a.Status != 303 || a.Location != check+"#items" {
		t.Errorf("after a result: %d %s", a.Status, a.Location)
	}
	late := third.Post(item, "finding", "false", "note", "门口挂的是另一家的牌子")
	wants(t, "settled meanwhile", late, 409, "已有结论", "门口挂的是另一家的牌子", `value="false" checked`, "不再登记结果")
	if late.Has(">登记结果<") {
		t.Error("a result is asked for that is settled")
	}
}

// The spot checks of one register are all there, however many other registers have.
func TestSpotChecksOfOneRegister(t *testing.T) {
	w := newWorld(t)
	w.opened()
	def, ok := w.reg.Catalog().Get("green-food")
	if !ok {
		t.Fatal("the pack has no green-food")
	}
	lead := w.As("other-lead", def.Lead, org.UnitHead)
	b := register.Batch{Register: def.ID, Territory: w.place, From: calendar.Of(2026, 1, 1), To: calendar.Of(2026, 6, 30)}
	for range 501 {
		if _, err := w.reg.OpenDraw(context.Background(), lead.P, b); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, "the one", w.leader.Get("/registers/"+string(point)+"/checks"), 200, "待封存名单", "2026年1月1日至2026年6月30日")
	many := w.leader.Get("/registers/green-food/checks")
	wants(t, "the many", many, 200, "共 501 条", "/registers/green-food/checks?page=2")
	beyond := w.leader.Get("/registers/green-food/checks?page=99")
	wants(t, "the last", w.leader.Get(beyond.Location), 200, "第 501–501 条")
	if n := strings.Count(many.Body, "待封存名单"); n != 50 {
		t.Errorf("%d on a page", n)
	}
}

// Who is not to begin one is told who is.
func TestNoSpotCheckYet(t *testing.T) {
	w := newWorld(t)
	to := "/registers/" + string(point) + "/checks"
	wants(t, "reader", w.leader.Get(to), 200, "还没有抽查过", "由主管部门组织")
	wants(t, "lead", w.lead.Get(to), 200, "还没有抽查过", `href="#new"`)
}

// A long spot check comes in pages, and each person finds what waits for them.
func TestSpotCheckInPages(t *testing.T) {
	w := newWorld(t)
	first := w.As("first", w.def.Lead, org.UnitHead)
	second := w.As("second", w.def.Lead, org.UnitHead)
	for range 52 {
		w.counted()
	}
	check := w.opened()
	w.step(check, "close")
	wants(t, "nothing drawn", w.lead.Get(check+"?show=mine&page=3"), 200, "公布种子并抽取")
	w.step(check, "draw")
	v := w.chosen(check)
	item := fmt.Sprintf("%s/items/%d", check, v.Items[0].Seq)
	for _, c := range []*webtest.Client{first, second} {
		if a := c.Post(item, "finding", "missing", "note", "没有这家店"); a.Status != 303 {
			t.Fatalf("result: %d %s", a.Status, text(a.Body))
		}
	}
	page := first.Get(check) // one is missing: all 52 are checked
	wants(t, "first page", page, 200, "共 52 条", check+"?page=2")
	if n := strings.Count(page.Body, `id="item-`); n != 50 {
		t.Errorf("%d on the first page", n)
	}
	wants(t, "last page", first.Get(check+"?page=99"), 200, "第 51–52 条")
	wants(t, "wrong", first.Get(check+"?show=wrong"), 200, "共 1 条", "没有这家店")
	wants(t, "mine", first.Get(check+"?show=mine"), 200, "共 51 条", "items/", "%3Fshow%3Dmine")
	wants(t, "not the verifier's", w.lead.Get(check+"?show=mine"), 200, "没有这样的记录")
	paper := first.Get(check + "?print=1")
	if n := strings.Count(paper.Body, `id="item-`); n != 52 || paper.Has("登记结果") {
		t.Errorf("%d on paper, or a button", n)
	}
}
