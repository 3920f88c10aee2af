package web_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"bihuan/app"
	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/org"
	"bihuan/web"
	"bihuan/web/webtest"
)

// TestWholePath walks the main job in a real browser, on each engine: a document
// comes in, is corrected, is published by a second person; a unit reports,
// another person verifies; the light shows; the list goes out as a workbook; and
// the log of all of it is sound.
func TestWholePath(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) { wholePath(t, engine) })
	}
}

func wholePath(t *testing.T, engine db.Engine) {
	ctx := context.Background()
	clock := dbtest.NewClock("2026-07-20T09:00:00+08:00")
	config := app.Config{Data: t.TempDir(), City: city.Names()[0], Now: clock.Now}
	if engine == db.PostgreSQL {
		config.DB = dbtest.DSN(t)
	}
	a, err := app.Open(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	h, err := web.New(a, web.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	a.Jobs.Start()
	t.Cleanup(func() { a.Jobs.Stop(ctx) })
	b := webtest.NewBrowser(t, server.URL)
	w := walk{t: t, a: a, b: b, people: map[string]string{}}

	// The dispatcher brings the document in.
	w.as("dispatcher", a.Pack.LeadUnit().ID, org.Dispatcher)
	doc := filepath.Join(t.TempDir(), "计划.txt")
	if err := os.WriteFile(doc, []byte(a.Pack.Documents[0].Text), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Open("/imports/new")
	b.Choose("file", doc)
	b.ClickText("上传并识别")
	b.See("提交发布")
	review := b.Location()

	// One target is corrected; what was read stays beside it.
	item := b.Eval(`[...document.querySelectorAll('[id^="item-"]')].filter(e => e.id.match(/\.g\d+$/) && e.innerText.includes('养老服务消费券')).map(e => e.id.slice(5))[0] || ''`)
	if item == "" {
		t.Fatal("the target is not among the items of the review page")
	}
	b.Open(strings.SplitN(strings.SplitN(review, "?", 2)[0], "#", 2)[0] + "/items/" + item)
	b.Fill("value", "38000")
	b.ClickText("保存")
	b.See("提交发布")
	b.See("识别为")

	// It is handed to a second person; nobody publishes his own.
	b.ClickText("提交发布")
	b.Confirm()
	b.See("待发布")
	w.as("approver", a.Pack.LeadUnit().ID, org.Approver)
	b.Open(strings.SplitN(strings.SplitN(review, "?", 2)[0], "#", 2)[0] + "/publish")
	b.Click(`form[action$="/publish"] button[type=submit], form[action$="/publish"] button`)
	b.Confirm()
	b.See("版本")
	if !strings.Contains(b.Location(), "/plans/") {
		t.Fatalf("publishing ended at %s", b.Location())
	}

	// The unit reports with a proof; its head verifies.
	w.as("civil-clerk", "civil", org.UnitClerk)
	b.Open("/report")
	b.See("养老服务消费券")
	b.Open(b.Eval(`[...document.querySelectorAll('a[href$="/report"]')].filter(a => (a.closest('tr,li,article,section')||a).innerText.includes('养老服务消费券')).map(a => new URL(a.href).pathname)[0] || ''`))
	proof := filepath.Join(t.TempDir(), "发放清单.txt")
	if err := os.WriteFile(proof, []byte("养老服务消费券发放清单：共 9000 张"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Fill("value", "9000")
	b.Fill("as_of", "2026-06-30")
	b.Choose("proof", proof)
	b.ClickText("提交填报")
	b.See("待核验")
	w.as("civil-head", "civil", org.UnitHead)
	b.Open("/verify")
	b.See("养老服务消费券")
	b.ClickText("核验通过")
	b.See("已核验：养老服务消费券")

	// The light: 9,000 of 38,000 at mid-year is far behind, and the cockpit says whose turn it is.
	w.as("leader", "", org.Leader)
	b.See("严重滞后")
	b.See("养老服务消费券")
	b.Size(390, 844)
	b.Open("/")
	if over := b.Overflow(); over > 0 {
		t.Errorf("the cockpit is %d px too wide for a phone", over)
	}

	w.workbook()
	w.sound()
	w.standing()
}

// walk is one run of the path.
type walk struct {
	t      *testing.T
	a      *app.App
	b      *webtest.Browser
	people map[string]string // ids by login
}

// as signs the browser in as somebody, who is made when the name is new.
func (w *walk) as(login string, unit city.UnitID, role org.Role) {
	w.t.Helper()
	ctx, operator := context.Background(), org.CommandLine("test")
	id, known := w.people[login]
	if !known {
		inv, err := w.a.Org.CreatePerson(ctx, operator, org.PersonInput{Login: login, Name: "测试" + login, UnitID: string(unit)})
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.a.Org.GrantRole(ctx, operator, inv.PersonID, role); err != nil {
			w.t.Fatal(err)
		}
		id, w.people[login] = inv.PersonID, inv.PersonID
	}
	link, err := w.a.Org.IssueLoginLink(ctx, operator, id, time.Hour)
	if err != nil {
		w.t.Fatal(err)
	}
	w.b.Redeem(link)
}

// workbook fetches the export and opens it as a spreadsheet program would.
func (w *walk) workbook() {
	w.t.Helper()
	w.b.Fetch("/tasks.xlsx", func(encoded string) {
		data, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			w.t.Fatal(err)
		}
		book, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			w.t.Fatal(err)
		}
		defer func() { _ = book.Close() }()
		sheet := book.GetSheetList()[0]
		rows, err := book.GetRows(sheet)
		if err != nil {
			w.t.Fatal(err)
		}
		all := ""
		for _, r := range rows {
			all += strings.Join(r, "|") + "\n"
		}
		if !strings.Contains(all, "培育壮大银发经济消费市场") || !strings.Contains(all, "严重滞后") {
			w.t.Errorf("the workbook does not show the task and its light:\n%s", all)
		}
	})
}

// sound checks the audit chain.
func (w *walk) sound() {
	w.t.Helper()
	ctx := context.Background()
	if err := w.a.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := w.a.Log.Verify(tx)
		if !r.Sound() || r.Count < 10 {
			w.t.Errorf("audit %+v", r)
		}
		return err
	}); err != nil {
		w.t.Error(err)
	}
}

// standing checks the values that are derived from reports.
func (w *walk) standing() {
	w.t.Helper()
	if wrong, n, err := w.a.Plan.CheckStandings(context.Background()); err != nil || len(wrong) > 0 || n == 0 {
		w.t.Errorf("standings: %v of %d, %v", wrong, n, err)
	}
}
