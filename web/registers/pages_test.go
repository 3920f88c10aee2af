package registers_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"slices"
	"strings"
	"testing"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/org"
	"bihuan/register"
	"bihuan/web/frame"
	"bihuan/web/registers"
	"bihuan/web/webtest"
)

// point is the register of the tests: counties enter it, its lead unit verifies,
// a sample of it is checked.
const point register.ID = "parcel-point"

// world is a site with the registers of the pack and the people around one of them.
type world struct {
	*webtest.Site
	t       *testing.T
	reg     *register.Service
	def     *register.Definition
	place   city.TerritoryID
	clerk   *webtest.Client // of a county
	chief   *webtest.Client // head of the same county
	other   *webtest.Client // clerk of another county
	lead    *webtest.Client // verifier of the register's lead unit
	judge   *webtest.Client // checks drawn records
	leader  *webtest.Client // reads everything, does nothing
	entered int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, func(*frame.App, *app.App) {})
}

// newWorldWith mounts further routes beside those of the registers.
func newWorldWith(t *testing.T, more func(*frame.App, *app.App)) *world {
	t.Helper()
	w := &world{t: t}
	w.Site = webtest.New(t, db.SQLite, func(f *frame.App, a *app.App) {
		w.reg = a.Register
		registers.Routes(f, a.Register, a.Sheets)
		more(f, a)
	})
	def, ok := w.reg.Catalog().Get(point)
	if !ok {
		t.Fatalf("the pack has no register %q", point)
	}
	w.def = def
	places := w.App.Pack.TerritoriesFor(city.CaliberZonesApart)
	w.place = places[0].ID
	gov, _ := w.App.Pack.Government(w.place)
	away, _ := w.App.Pack.Government(places[1].ID)
	w.clerk, w.chief = w.As("clerk", gov.ID, org.CountyClerk), w.As("chief", gov.ID, org.CountyHead)
	w.other = w.As("other", away.ID, org.CountyClerk)
	w.lead = w.As("lead", def.Lead, org.UnitHead)
	w.leader = w.As("leader", w.App.Pack.LeadUnit().ID, org.Leader)
	return w
}

// form is a filled form of the register; pairs replace fields.
func (w *world) form(pairs ...string) map[string]string {
	w.entered++
	v := map[string]string{"territory": string(w.place)}
	for name, value := range map[string]string{"name": fmt.Sprintf("第%d站", w.entered), "village": "东村", "village-code": w.villageCode(), "host": fmt.Sprintf("惠民超市%d号", w.entered), "operator": "通达物流",
		"phone": "13800001234", "address": "东村中街1号", "brands": "邮政", "opened": "2026-03-02", "filing-no": fmt.Sprintf("备%04d", w.entered), "filed": "2026-03-10", "inbound": "120"} {
		v["v-"+name] = value
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v[pairs[i]] = pairs[i+1]
	}
	return v
}

func (w *world) villageCode() string {
	t, _ := w.App.Pack.Territory(w.place)
	return t.Code + "102201"
}

// photo is a picture unlike the others.
func photo(n int) []byte {
	img := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range img.Pix {
		img.SetGray(i%64, i/64, color.Gray{uint8(i * (n + 3) / 7)})
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

// proofs are the files of a filled form.
func (w *world) proofs() map[string][]byte {
	return map[string][]byte{"p-receipt": fmt.Appendf(nil, "备案回执 %d", w.entered), "p-photo": photo(w.entered)}
}

// send posts a form with files.
func send(t *testing.T, c *webtest.Client, path string, values map[string]string, files map[string][]byte) webtest.Answer {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, value := range values {
		if err := m.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		file := "附件.txt"
		if strings.Contains(name, "photo") {
			file = "照片.png"
		}
		part, err := m.CreateFormFile(name, file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return c.PostBody(path, m.FormDataContentType(), &b)
}

// enter enters a record with all its proofs and gives its id.
func (w *world) enter(c *webtest.Client, pairs ...string) string {
	w.t.Helper()
	a := send(w.t, c, "/registers/"+string(point)+"/new", w.form(pairs...), w.proofs())
	if a.Status != 303 || !strings.HasPrefix(a.Location, "/records/") {
		w.t.Fatalf("enter: %d %s", a.Status, text(a.Body))
	}
	return strings.TrimPrefix(a.Location, "/records/")
}

// revision is a record's revision now.
func (w *world) revision(c *webtest.Client, id string) string {
	w.t.Helper()
	v, err := w.reg.Get(context.Background(), c.P, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return fmt.Sprint(v.Revision)
}

// move makes a move by its form.
func (w *world) move(c *webtest.Client, id, move string, pairs ...string) webtest.Answer {
	w.t.Helper()
	return c.Post("/records/"+id+"/moves/"+move, append([]string{"revision", w.revision(c, id)}, pairs...)...)
}

// must makes a move that has to succeed.
func (w *world) must(c *webtest.Client, id, move string, pairs ...string) {
	w.t.Helper()
	if a := w.move(c, id, move, pairs...); a.Status != 303 {
		w.t.Fatalf("%s: %d %s", move, a.Status, text(a.Body))
	}
}

// counted enters a record and leads it to where it counts.
func (w *world) counted(pairs ...string) string {
	w.t.Helper()
	id := w.enter(w.clerk, pairs...)
	w.must(w.clerk, id, "claim")
	w.must(w.chief, id, "check")
	w.must(w.lead, id, "verify")
	return id
}

// text is a page without its tags, for messages of failing tests.
func text(body string) string {
	if _, main, ok := strings.Cut(body, "<main"); ok {
		body = "<main" + main
	}
	var b strings.Builder
	for i, part := range strings.Split(body, "<") {
		if _, rest, ok := strings.Cut(part, ">"); ok && i > 0 {
			b.WriteString(" " + strings.TrimSpace(rest))
		}
	}
	s := strings.Join(strings.Fields(b.String()), " ")
	return s[:min(len(s), 2000)]
}

// wants checks status and texts of an answer.
func wants(t *testing.T, name string, a webtest.Answer, status int, texts ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: status %d, want %d: %s", name, a.Status, status, text(a.Body))
		return
	}
	for _, s := range texts {
		if !a.Has(s) {
			t.Errorf("%s: %q is missing in: %s", name, s, text(a.Body))
		}
	}
}

func TestWhoMaySeeWhat(t *testing.T) {
	w := newWorld(t)
	id := w.enter(w.clerk)
	to, record := "/registers/"+string(point), "/records/"+id
	nobody, admin := w.Nobody(), w.As("sysadmin", "", org.SysAdmin)
	for _, path := range []string{"/registers", "/registers/verify", to, to + "/records.xlsx", to + "/about", to + "/new", record, record + "/edit", record + "/moves/claim", record + "/proofs", record + "/reveal?field=phone"} {
		if a := nobody.Get(path); a.Status != 303 || !strings.HasPrefix(a.Location, "/signin") {
			t.Errorf("%s without a session: %d %s", path, a.Status, a.Location)
		}
		if a := admin.Get(path); a.Status != 403 {
			t.Errorf("%s by an administrator: %d", path, a.Status)
		}
	}
	for _, path := range []string{to + "/new", record + "/edit", record + "/moves/claim", record + "/proofs", record + "/reveal?field=phone"} {
		if a := nobody.Post(path); a.Status != 401 {
			t.Errorf("POST %s without a session: %d", path, a.Status)
		}
		if a := w.leader.Post(path, "reason", "看看"); a.Status != 403 {
			t.Errorf("POST %s by somebody who only reads: %d %s", path, a.Status, text(a.Body))
		}
	}
	for _, path := range []string{record + "/edit", record + "/moves/claim", record + "/proofs", record + "/reveal?field=phone"} {
		if a := w.other.Get(path); a.Status != 403 {
			t.Errorf("GET %s by another county: %d %s", path, a.Status, text(a.Body))
		}
	}
	// Everyone at work reads; only who may act sees the buttons, and personal values stay masked.
	for name, c := range map[string]*webtest.Client{"leader": w.leader, "another county": w.other} {
		page := c.Get(record)
		wants(t, name, page, 200, "第1站", "等登记单位办理")
		if page.Has("13800001234") || page.Has("/edit\"") || page.Has("/reveal") || page.Has("/moves/") {
			t.Errorf("%s is shown what is not theirs: %s", name, text(page.Body))
		}
	}
	if a := w.leader.Get(to); a.Has(to + "/new\"") {
		t.Error("somebody who only reads is offered to enter")
	}
	wants(t, "another's place", send(t, w.clerk, to+"/new", w.form("territory", string(w.App.Pack.TerritoriesFor(city.CaliberZonesApart)[1].ID)), w.proofs()), 403)
}

func TestUnknownIDs(t *testing.T) {
	w := newWorld(t)
	id := w.enter(w.clerk)
	for _, path := range []string{"/registers/nothing", "/registers/nothing/new", "/registers/nothing/about", "/registers/nothing/records.xlsx", "/records/nothing", "/records/nothing/edit", "/records/nothing/moves/claim",
		"/records/" + id + "/moves/nothing", "/records/" + id + "/proofs/nothing", "/records/" + id + "/reveal?field=nothing", "/records/" + id + "/reveal?field=name", "/records/%00"} {
		if a := w.clerk.Get(path); a.Status != 404 {
			t.Errorf("%s: %d %s", path, a.Status, text(a.Body))
		}
	}
	for _, path := range []string{"/registers/nothing/new", "/records/nothing/edit", "/records/nothing/moves/claim", "/records/" + id + "/moves/nothing"} {
		if a := w.clerk.Post(path); a.Status != 404 {
			t.Errorf("POST %s: %d", path, a.Status)
		}
	}
	// What a list's address asks for and nobody knows is not asked for.
	wants(t, "list", w.clerk.Get("/registers/"+string(point)+"?stage=x&count=x&territory=x&at=x&page=x"), 200, "第1站")
}

func TestBadForm(t *testing.T) {
	w := newWorld(t)
	to := "/registers/" + string(point) + "/new"
	wants(t, "form", w.clerk.Get(to), 200, w.def.About, "末端网点备案号", "带站点标识的照片", "件", "WGS-84")
	bad := send(t, w.clerk, to, w.form("v-opened", "明天", "v-inbound", "很多", "v-village-code", "12", "v-host", "保留这句话", "v-name", ""), w.proofs())
	wants(t, "bad input", bad, 422, "保留这句话", `value="很多"`, "12位", "重新选择佐证材料", `href="#f-v-opened"`, `href="#f-v-village-code"`, `href="#f-v-name"`)
	if list := w.clerk.Get("/registers/" + string(point)); list.Has("保留这句话") || !list.Has("还没有记录") {
		t.Error("a refused form left a record")
	}
	first := w.form()
	if a := send(t, w.clerk, to, first, w.proofs()); a.Status != 303 {
		t.Fatalf("enter: %d %s", a.Status, text(a.Body))
	}
	first["v-name"] = "又一站"
	wants(t, "the same again", send(t, w.clerk, to, first, w.proofs()), 409, "同一备案号已登记", "又一站")
}

func TestEnterReturnMendVerify(t *testing.T) {
	w := newWorld(t)
	id := w.enter(w.clerk)
	record := "/records/" + id
	page := w.clerk.Get(record)
	wants(t, "record", page, 200, "第1站", "候选", "申报", "2026年3月2日", "登记", record+"/edit")
	if page.Has("13800001234") {
		t.Error("a telephone number stands open on the page")
	}
	wants(t, "own claim is not checked by the same", w.move(w.clerk, id, "check"), 409, "现在是“候选”")
	w.must(w.clerk, id, "claim")
	wants(t, "by the clerk", w.move(w.clerk, id, "check"), 403, "县（市、区）审核人")
	wants(t, "county queue", w.chief.Get("/registers/verify"), 200, "第1站", record+"/moves/check", record+"/moves/return")
	wants(t, "lead's queue", w.lead.Get("/registers/verify"), 200, "没有等您办理的记录")
	wants(t, "no reason", w.move(w.chief, id, "return", "reason", " "), 422, "理由")
	if a := w.move(w.chief, id, "return", "reason", "照片看不清", "return", "/registers/verify"); a.Status != 303 || a.Location != "/registers/verify" {
		t.Fatalf("return: %d %s", a.Status, text(a.Body))
	}
	wants(t, "returned", w.clerk.Get(record), 200, "退回补正", "照片看不清（")
	wants(t, "returned to the clerk's queue", w.clerk.Get("/registers/verify"), 200, "照片看不清（")
	edit := w.clerk.Get(record + "/edit")
	wants(t, "edit form", edit, 200, "不改请留空", "更正的原因")
	if edit.Has("13800001234") {
		t.Error("a telephone number stands open in the form")
	}
	mended := w.form("v-phone", "", "v-inbound", "240", "reason", "补录件数", "revision", w.revision(w.clerk, id), "v-filing-no", "备0001", "v-host", "惠民超市1号", "v-name", "第1站")
	mended["revision"] = w.revision(w.clerk, id)
	wants(t, "stale", send(t, w.clerk, record+"/edit", with(mended, "revision", "0"), nil), 409, "240")
	if a := send(t, w.clerk, record+"/edit", mended, nil); a.Status != 303 {
		t.Fatalf("edit: %d %s", a.Status, text(a.Body))
	}
	wants(t, "history", w.clerk.Get(record), 200, "更正", "补录件数", "240")
	w.must(w.clerk, id, "claim")
	w.must(w.chief, id, "check")
	wants(t, "not yet counted", w.leader.Get("/registers"), 200, "当年建成站点")
	w.must(w.lead, id, "verify")
	wants(t, "counted", w.lead.Get(record), 200, "自2026年3月2日起计入", "认定计数")
	list := w.leader.Get("/registers/" + string(point) + "?count=open&at=2026-07-01")
	wants(t, "list under the count", list, 200, "第1站", "计入“当年建成站点”")
	wants(t, "before it was open", w.leader.Get("/registers/"+string(point)+"?count=open&at=2026-03-01"), 200, "没有符合条件的记录")
	wants(t, "what counts is not changed without a reason", send(t, w.clerk, record+"/edit", with(with(with(mended, "reason", ""), "v-inbound", "360"), "revision", w.revision(w.clerk, id)), nil), 422, "写明理由", "360")
	wants(t, "without a day", w.move(w.lead, id, "withdraw", "reason", "关门", "day", "明天"), 422, "请填写日期")
	w.must(w.lead, id, "withdraw", "reason", "关门", "day", "2026-06-01")
	wants(t, "left the count", w.lead.Get(record), 200, "自2026年3月2日起计入，至2026年5月31日止", "今日不计入", "关门")
}

func with(values map[string]string, name, value string) map[string]string {
	out := map[string]string{}
	for k, v := range values {
		out[k] = v
	}
	out[name] = value
	return out
}

func TestProofsAndPersonalValues(t *testing.T) {
	w := newWorld(t)
	id := w.enter(w.clerk)
	record := "/records/" + id
	page := w.clerk.Get(record)
	_, rest, _ := strings.Cut(page.Body, `href="`+record+`/proofs/`)
	proof, _, _ := strings.Cut(rest, `"`)
	a := w.leader.Get(record + "/proofs/" + proof)
	wants(t, "proof", a, 200)
	if !strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src 'none'") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("a proof is served with %v", a.Header)
	}
	wants(t, "nothing chosen", w.clerk.Post(record+"/proofs"), 422, "请选择要上传的文件")
	wants(t, "a program", send(t, w.clerk, record+"/proofs", nil, map[string][]byte{"p-receipt": []byte("MZ\x90\x00\x03\x00\x00\x00")}), 422)
	if a := send(t, w.clerk, record+"/proofs", nil, map[string][]byte{"p-photo": photo(99)}); a.Status != 303 {
		t.Fatalf("attach: %d %s", a.Status, text(a.Body))
	}
	wants(t, "history", w.clerk.Get(record), 200, "补充佐证")

	reveal := record + "/reveal"
	wants(t, "form", w.chief.Get(reveal+"?field=phone"), 200, "查看的理由", "138")
	wants(t, "no reason", w.chief.Post(reveal, "field", "phone", "reason", ""), 422, "理由")
	open := w.chief.Post(reveal, "field", "phone", "reason", "现场核查前联系")
	wants(t, "open", open, 200, "13800001234", "已记入审计日志")
	if open.Header.Get("Cache-Control") != "no-store" {
		t.Error("an open value may be kept by a browser")
	}
	wants(t, "the clerk has no such right", w.clerk.Post(reveal, "field", "phone", "reason", "x"), 403)
}

func TestListFiltersAndExport(t *testing.T) {
	w := newWorld(t)
	to := "/registers/" + string(point)
	w.counted()
	waits := w.enter(w.clerk)
	w.must(w.clerk, waits, "claim")
	w.enter(w.clerk, "v-name", "角落里的站")
	for _, c := range []struct {
		query     string
		has, lack string
	}{
		{"", "角落里的站", ""}, {"?q=角落", "角落里的站", "第1站"}, {"?stage=verified", "第1站", "第2站"}, {"?territory=" + string(w.place), "第2站", ""},
		{"?territory=" + string(w.App.Pack.TerritoriesFor(city.CaliberZonesApart)[1].ID), "没有符合条件的记录", "第1站"}, {"?count=open", "第1站", "第2站"}, {"?print=1", "第2站", "筛选"},
		{"?owed=1", "第2站", "第1站"},
	} {
		a := w.chief.Get(to + c.query)
		wants(t, c.query, a, 200, c.has)
		if c.lack != "" && strings.Contains(text(a.Body), c.lack) {
			t.Errorf("%q shows %q: %s", c.query, c.lack, text(a.Body))
		}
	}
	x := w.leader.Get(to + "/records.xlsx")
	wants(t, "export", x, 200)
	if !strings.HasPrefix(x.Body, "PK") || !strings.Contains(x.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("export: %q", x.Header.Get("Content-Disposition"))
	}
	wants(t, "overview", w.chief.Get("/registers?q=第2"), 200, "待我办理 1 条", "第2站")
	wants(t, "about", w.leader.Get(to+"/about"), 200, "怎样计数", "怎样不重复", "办理阶段", "A（依据原文）")
}

// A move asks for what is not there yet, and for nothing else.
func TestMoveAsksForWhatIsMissing(t *testing.T) {
	w := newWorld(t)
	a := send(t, w.clerk, "/registers/"+string(point)+"/new", w.form(), nil)
	if a.Status != 303 {
		t.Fatalf("enter: %d %s", a.Status, text(a.Body))
	}
	record := a.Location
	id := strings.TrimPrefix(record, "/records/")
	wants(t, "record", w.clerk.Get(record), 200, "未上传，必备")
	wants(t, "queue", w.clerk.Get("/registers/verify"), 200, "缺 末端网点备案回执、带站点标识的照片", record+"/moves/claim?return=")
	form := w.clerk.Get(record + "/moves/claim")
	wants(t, "form", form, 200, `name="p-receipt"`, `name="p-photo"`)
	if form.Has(`name="v-`) {
		t.Error("the move asks again for what is there")
	}
	wants(t, "without the files", w.move(w.clerk, id, "claim"), 422, "请先附上佐证", `href="#f-p-photo"`)
	wants(t, "one of them is no photo", send(t, w.clerk, record+"/moves/claim", map[string]string{"revision": w.revision(w.clerk, id)}, map[string][]byte{"p-receipt": []byte("回执"), "p-photo": []byte("不是照片")}), 422, "要求照片", "重新选择佐证材料")
	if a := send(t, w.clerk, record+"/moves/claim", map[string]string{"revision": w.revision(w.clerk, id), "return": "/registers/verify"}, w.proofs()); a.Status != 303 || a.Location != "/registers/verify" {
		t.Fatalf("claim: %d %s", a.Status, text(a.Body))
	}
	if n := strings.Count(w.clerk.Get(record).Body, ">附件.txt</a>"); n != 1 {
		t.Errorf("the receipt is attached %d times", n)
	}
	wants(t, "claimed", w.clerk.Get(record), 200, "附件.txt", "照片.png", "等县（市、区）审核人办理")
}

func TestPages(t *testing.T) {
	w := newWorld(t)
	to := "/registers/" + string(point)
	for range 51 {
		w.enter(w.clerk)
	}
	wants(t, "first page", w.clerk.Get(to+"?stage=candidate"), 200, "共 51 条", "第51站", to+"?page=2&amp;stage=candidate")
	last := w.clerk.Get(to + "?page=2")
	wants(t, "last page", last, 200, "第 51–51 条", "第1站")
	for _, page := range []string{"3", "9223372036854775807", "99999999999999999999"} {
		a := w.clerk.Get(to + "?page=" + page)
		if page == "99999999999999999999" { // no number is the first page
			wants(t, page, a, 200, "第51站")
		} else if a.Status != 303 || a.Location != to+"?page=2" {
			t.Errorf("page %s: %d %s", page, a.Status, a.Location)
		}
	}
	wants(t, "printed", w.clerk.Get(to+"?print=1"), 200, "第1站", "第51站", "共 51 条。")
}

func TestQueueLeadsOn(t *testing.T) {
	w := newWorld(t)
	var ids []string
	for range 3 {
		id := w.enter(w.clerk)
		w.must(w.clerk, id, "claim")
		ids = append(ids, id)
	}
	q := w.chief.Get("/registers/verify")
	wants(t, "queue", q, 200, "后面的记录", "先看下一条", `data-press="a"`, `data-press="r"`, "2 条")
	next := "/registers/verify?record=" + ids[1]
	if !strings.Contains(q.Body, next) {
		t.Errorf("the queue does not lead to the next: %s", text(q.Body))
	}
	if a := w.move(w.chief, ids[0], "check", "return", next); a.Status != 303 || a.Location != next {
		t.Fatalf("approve: %d %s", a.Status, a.Location)
	}
	wants(t, "next", w.chief.Get(next), 200, "/records/"+ids[1]+"/moves/check", "已初审通过")
	wants(t, "elsewhere", w.chief.Post("/records/"+ids[1]+"/moves/check", "revision", "0", "return", "https://elsewhere.example/"), 409)
	wants(t, "one register", w.chief.Get("/registers/verify?register="+string(point)+"&record="+ids[2]), 200, "/records/"+ids[2]+"/moves/check")
}

func TestFalsify(t *testing.T) {
	w := newWorld(t)
	id := w.counted()
	to := "/records/" + id + "/falsify"
	for name, c := range map[string]*webtest.Client{"reporter": w.clerk, "county head": w.chief, "leader": w.leader, "another county": w.other} {
		wants(t, name, c.Get(to), 403)
		wants(t, name, c.Post(to, "reason", "x", "revision", w.revision(w.lead, id)), 403)
		if c.Get("/records/" + id).Has(to) {
			t.Errorf("%s is offered to mark as false", name)
		}
	}
	wants(t, "form", w.lead.Get(to), 200, "不能撤销")
	wants(t, "no reason", w.lead.Post(to, "revision", w.revision(w.lead, id)), 422, "依据")
	wants(t, "stale", w.lead.Post(to, "revision", "0", "reason", "现场没有这个站点"), 409, "现场没有这个站点")
	if a := w.lead.Post(to, "revision", w.revision(w.lead, id), "reason", "现场没有这个站点"); a.Status != 303 {
		t.Fatalf("falsify: %d %s", a.Status, text(a.Body))
	}
	wants(t, "record", w.leader.Get("/records/"+id), 200, "经查不实", "现在不计入", "现场没有这个站点")
	wants(t, "not counted in the past either", w.leader.Get("/registers/"+string(point)+"?count=open"), 200, "没有符合条件的记录")
	wants(t, "again", w.lead.Post(to, "revision", w.revision(w.lead, id), "reason", "x"), 403)
}

// Every register of the pack has its pages, whatever its fields and stages.
func TestEveryRegister(t *testing.T) {
	w := newWorld(t)
	w.PackPlan()
	clerks := map[city.UnitID]*webtest.Client{}
	for _, d := range w.reg.Catalog().All() {
		to := "/registers/" + string(d.ID)
		c := w.clerk
		if !slices.Contains(d.Entry, register.EntrantCounty) {
			if clerks[d.Lead] == nil {
				clerks[d.Lead] = w.As("of-"+string(d.Lead), d.Lead, org.UnitClerk, org.UnitHead)
			}
			c = clerks[d.Lead]
		}
		wants(t, "list of "+string(d.ID), c.Get(to), 200, d.Name, "还没有记录")
		wants(t, "about "+string(d.ID), c.Get(to+"/about"), 200, d.About, d.Stages[0].Label)
		form := c.Get(to + "/new")
		wants(t, "form of "+string(d.ID), form, 200)
		for _, f := range d.Fields {
			if !form.Has(`"v-` + f.Name + `"`) {
				t.Errorf("%s: the form does not ask for %q", d.ID, f.Name)
			}
		}
		if d.Under != "" && !form.Has(`name="parent"`) {
			t.Errorf("%s: the form does not ask to what the record belongs", d.ID)
		}
		if a := send(t, c, to+"/new", map[string]string{"v-x": "y"}, nil); a.Status != 422 {
			t.Errorf("an empty form of %s: %d %s", d.ID, a.Status, text(a.Body))
		}
	}
}
