package notice

import (
	"context"
	"crypto/rand"
	"net/netip"
	"os"
	"testing"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/kit/seal"
	"bihuan/org"
)

// world is the room on a fresh database, with the calendar of the State Council.
type world struct {
	t     testing.TB
	ctx   context.Context
	db    *db.DB
	clock *dbtest.Clock
	keys  *seal.Keyring
	log   *audit.Log
	s     *Service
	jobs  *job.Runner
}

const (
	trade = city.UnitID("trade")
	east  = city.UnitID("dongan-gov")
)

var (
	sysadmin = org.Principal{ID: "sys", Name: "系统管理员", Roles: []org.Role{org.SysAdmin}, Via: org.ViaPage}
	clerk    = org.Principal{ID: "clerk", Name: "经办", UnitID: string(trade), Roles: []org.Role{org.UnitClerk}, Via: org.ViaPage}
	mate     = org.Principal{ID: "mate", Name: "同事", UnitID: string(trade), Roles: []org.Role{org.UnitHead}, Via: org.ViaPage}
	outsider = org.Principal{ID: "out", Name: "外单位", UnitID: string(east), Roles: []org.Role{org.CountyClerk}, Via: org.ViaPage}
	nowhere  = org.Principal{ID: "lead", Name: "领导", Roles: []org.Role{org.Leader}, Via: org.ViaPage}
)

func newWorld(t testing.TB, d *db.DB, clock *dbtest.Clock) *world {
	t.Helper()
	keys, err := seal.New(clock.Now(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, ctx: context.Background(), db: d, clock: clock, keys: keys, log: audit.New(keys.Signer("audit"))}
	w.with(Settings{})
	return w
}

// with starts the room anew with settings, as a restart of the program does.
func (w *world) with(set Settings) {
	w.t.Helper()
	pack, err := city.Load(os.DirFS("../city/testdata/yunhe"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.s, err = New(Parts{DB: w.db, Log: w.log, Box: w.keys, Pack: pack, Calendar: calendar.Default(), Settings: set})
	if err != nil {
		w.t.Fatal(err)
	}
	r := job.NewRegistry()
	Jobs(r, w.s)
	w.jobs = job.NewRunner(w.db, r, job.Config{Lease: time.Minute})
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { f(t, newWorld(t, d, clock)) })
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) refused(err error, code errs.Code) {
	w.t.Helper()
	if errs.CodeOf(err) != code {
		w.t.Fatalf("want %s, got %v", code, err)
	}
}

func (w *world) put(to To, key string) {
	w.t.Helper()
	w.ok(w.db.Write(w.ctx, func(tx *db.Tx) error {
		return Put(tx, Notice{To: to, Kind: Urge, Title: "事项 " + key, Body: "请尽快填报", URL: "/tasks/1", Key: key, ObjectKind: "task", ObjectID: "1"})
	}))
}

// run does all the background work that is due.
func (w *world) run() {
	w.t.Helper()
	_, err := w.jobs.RunDue(w.ctx)
	w.ok(err)
}

// at moves the clock to a time in China and does what is due.
func (w *world) at(when string) {
	w.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", when, calendar.Zone())
	w.ok(err)
	w.clock.Set(t)
	w.run()
}

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	w.ok(w.db.Read(w.ctx, func(tx *db.Tx) error {
		return tx.One(nil, func(r db.Scanner) error { return r.Scan(&n) }, query, args...)
	}))
	return n
}

func (w *world) unread(p org.Principal) int {
	w.t.Helper()
	n, err := w.s.Count(w.ctx, p)
	w.ok(err)
	return n
}

func (w *world) deliveries() []Delivery {
	w.t.Helper()
	list, err := w.s.Deliveries(w.ctx, sysadmin, "", 100)
	w.ok(err)
	return list
}

// local lets webhooks reach the servers of the test.
var local = HookSetting{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
