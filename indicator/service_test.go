package indicator_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"bihuan/city"
	"bihuan/indicator"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/org"
)

// room is the statistics room under test.
type room struct {
	t     *testing.T
	db    *db.DB
	clock *dbtest.Clock
	log   *audit.Log
	*indicator.Service
}

var (
	ctx    = context.Background()
	clerk  = org.Principal{ID: "clerk", Name: "录入人", UnitID: "commerce", UnitName: "市商务局", Roles: []org.Role{org.Dispatcher}, Via: org.ViaPage}
	reader = org.Principal{ID: "reader", Name: "读者", Roles: []org.Role{org.Leader}, Via: org.ViaPage}
	admin  = org.Principal{ID: "admin", Name: "管理员", Roles: []org.Role{org.SysAdmin}, Via: org.ViaPage}
)

// both runs a test on each engine; at its end the audit chain must be whole.
func both(t *testing.T, f func(r *room)) {
	t.Helper()
	dbtest.Both(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		pack, err := city.LoadBuiltin("liaocheng")
		if err != nil {
			t.Fatal(err)
		}
		r := &room{t: t, db: d, clock: clock, log: audit.New(audit.Key("the key of a test"))}
		if r.Service, err = indicator.New(d, r.log, pack); err != nil {
			t.Fatal(err)
		}
		f(r)
		r.read(func(tx *db.Tx) error {
			report, err := r.log.Verify(tx)
			if err == nil && !report.Sound() {
				t.Errorf("audit log: %+v", report.Fault)
			}
			return err
		})
	})
}

func (r *room) read(f func(tx *db.Tx) error) {
	r.t.Helper()
	if err := r.db.Read(ctx, f); err != nil {
		r.t.Fatal(err)
	}
}

// entries counts the audit entries.
func (r *room) entries() (n int64) {
	r.t.Helper()
	r.read(func(tx *db.Tx) error {
		head, err := r.log.Head(tx)
		n = head.Seq
		return err
	})
	return n
}

func (r *room) series(id indicator.ID) indicator.Series {
	r.t.Helper()
	s, err := r.SeriesOf(ctx, reader, id)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// rate is a published growth rate of retail sales.
func rate(territory, period, value, released string) indicator.Entry {
	return indicator.Entry{Indicator: "retail-rate", Territory: territory, Period: period, Value: value, Released: released, Source: "统计月报"}
}

func (r *room) enter(e indicator.Entry) {
	r.t.Helper()
	if _, err := r.Enter(ctx, clerk, e); err != nil {
		r.t.Fatal(err)
	}
}

func key(territory city.TerritoryID, period string) indicator.Key {
	p, err := indicator.ParsePeriod(period)
	if err != nil {
		panic(err)
	}
	return indicator.Key{Territory: territory, Period: p}
}

func TestRevisionsAreAppended(t *testing.T) {
	both(t, func(r *room) {
		r.enter(rate("全省", "2026年1—3月", "5.5", "2026-04-18"))
		first := rate("聊城市", "2026年1—3月", "5.3%", "2026-04-20")
		r.enter(first)
		if _, err := r.Enter(ctx, clerk, first); !errs.Is(err, errs.Conflict) {
			t.Errorf("entered twice: %v", err)
		}
		revised := rate("city", "2026-01~03", "5.6", "2026-05-20")
		revised.Revision = 1
		if _, err := r.Revise(ctx, clerk, revised); errs.FieldMessages(err)["reason"] == "" {
			t.Errorf("revised without a reason: %v", err)
		}
		revised.Reason = "公布机构修订"
		if _, err := r.Revise(ctx, clerk, revised); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Revise(ctx, clerk, revised); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale revision: %v", err)
		}
		same := revised
		same.Revision = 2
		if _, err := r.Revise(ctx, clerk, same); errs.FieldMessages(err)["value"] == "" {
			t.Errorf("a revision without a difference: %v", err)
		}
		same.Value, same.Released = "5.7", "2026-04-30"
		if _, err := r.Revise(ctx, clerk, same); errs.FieldMessages(err)["released"] == "" {
			t.Errorf("published before the version it revises: %v", err)
		}
		k := key("city", "2026-01~03")
		list := r.series("retail-rate").Versions(k)
		if len(list) != 2 || list[0].Value.String() != "5.3" || list[1].Value.String() != "5.6" || list[1].Reason != "公布机构修订" || list[1].ByName != "录入人" {
			t.Fatalf("%+v", list)
		}
		for day, want := range map[string]city.BasisPoints{"2026-04-20": -20, "2026-05-19": -20, "2026-05-20": 10} {
			g, err := r.GapAt(ctx, "retail-rate", calendar.MustParseDate(day))
			if err != nil || !g.Known || g.Points != want {
				t.Errorf("on %s: %+v %v", day, g, err)
			}
		}
		if g, err := r.GapAt(ctx, "retail-rate", calendar.MustParseDate("2026-04-19")); err != nil || g.Known {
			t.Errorf("before the city published: %+v %v", g, err)
		}
	})
}

// Every version leaves its act, what was before and what is now.
func TestAuditOfVersions(t *testing.T) {
	both(t, func(r *room) {
		e := rate("东昌府区", "2026-01~03", "5.3", "2026-04-20")
		e.Caliber = string(city.CaliberAdministrative)
		r.enter(e)
		e.Value, e.Revision, e.Reason = "5.4", 1, "修订"
		if _, err := r.Revise(ctx, clerk, e); err != nil {
			t.Fatal(err)
		}
		k := key("dongchangfu", "2026-01~03")
		k.Caliber = city.CaliberAdministrative
		if err := r.Withdraw(ctx, clerk, "retail-rate", k, 2, "录错"); err != nil {
			t.Fatal(err)
		}
		for i, want := range []struct{ action, before, after, reason string }{
			{"indicator.enter", "", "5.3%", ""}, {"indicator.revise", "5.3%", "5.4%", "修订"}, {"indicator.withdraw", "5.4%", "已撤回", "录错"},
		} {
			r.read(func(tx *db.Tx) error {
				got, err := r.log.Get(tx, int64(i+1))
				if err != nil {
					return err
				}
				if got.Action != want.action || got.Reason != want.reason || got.ActorID != "clerk" || got.ObjectID != "retail-rate" ||
					!strings.Contains(got.Before, want.before) || !strings.Contains(got.After, want.after) || !strings.Contains(got.After, "行政区划口径") {
					t.Errorf("entry %d: %+v", i+1, got)
				}
				return nil
			})
		}
	})
}

func TestWithdraw(t *testing.T) {
	both(t, func(r *room) {
		r.enter(rate("city", "2026-01~03", "53", "2026-04-20"))
		k := key("city", "2026-01~03")
		if err := r.Withdraw(ctx, clerk, "retail-rate", k, 1, " "); errs.FieldMessages(err)["reason"] == "" {
			t.Errorf("without a reason: %v", err)
		}
		if err := r.Withdraw(ctx, clerk, "retail-rate", k, 2, "错"); !errs.Is(err, errs.Conflict) {
			t.Errorf("stale: %v", err)
		}
		if err := r.Withdraw(ctx, clerk, "retail-rate", k, 1, "录错了时期"); err != nil {
			t.Fatal(err)
		}
		if _, found, err := r.ValueAt(ctx, "retail-rate", "city", calendar.MustParseDate("2026-06-01")); err != nil || found {
			t.Errorf("a withdrawn figure still counts: %v", err)
		}
		if list := r.series("retail-rate").Versions(k); len(list) != 2 || list[0].Value == nil || !list[1].Withdrawn() {
			t.Errorf("%+v", list)
		}
		if err := r.Withdraw(ctx, clerk, "retail-rate", k, 2, "再撤"); !errs.Is(err, errs.NotFound) {
			t.Errorf("withdrawn twice: %v", err)
		}
		again := rate("city", "2026-01~03", "5.3", "2026-04-20")
		if _, err := r.Enter(ctx, clerk, again); errs.FieldMessages(err)["reason"] == "" {
			t.Errorf("entered again without a reason: %v", err)
		}
		again.Reason = "更正录入"
		r.enter(again)
		if o, found, err := r.ValueAt(ctx, "retail-rate", "city", calendar.MustParseDate("2026-06-01")); err != nil || !found || o.Value.String() != "5.3" || o.Revision != 3 {
			t.Errorf("%+v %v %v", o, found, err)
		}
	})
}

func TestBadEntries(t *testing.T) {
	both(t, func(r *room) {
		good := rate("city", "2026-01~03", "5.3", "2026-04-20")
		for name, c := range map[string]struct {
			change func(e *indicator.Entry)
			field  string
		}{
			"unknown indicator":           {func(e *indicator.Entry) { e.Indicator = "wish" }, "indicator"},
			"unknown territory":           {func(e *indicator.Entry) { e.Territory = "亚特兰蒂斯" }, "territory"},
			"no territory":                {func(e *indicator.Entry) { e.Territory = "" }, "territory"},
			"January alone":               {func(e *indicator.Entry) { e.Period = "2026年1月" }, "period"},
			"a quarter of a monthly one":  {func(e *indicator.Entry) { e.Period, e.Released = "2026年二季度", "2026-07-01" }, "period"},
			"no number":                   {func(e *indicator.Entry) { e.Value = "约5" }, "value"},
			"empty number":                {func(e *indicator.Entry) { e.Value = "" }, "value"},
			"too fine a rate":             {func(e *indicator.Entry) { e.Value = "5.333" }, "value"},
			"shrinking more than all":     {func(e *indicator.Entry) { e.Value = "-101" }, "value"},
			"before the period has ended": {func(e *indicator.Entry) { e.Released = "2026-03-31" }, "released"},
			"after today":                 {func(e *indicator.Entry) { e.Released = "2026-07-02" }, "released"},
			"no date":                     {func(e *indicator.Entry) { e.Released = "四月" }, "released"},
			"no source":                   {func(e *indicator.Entry) { e.Source = " " }, "source"},
			"a computed figure":           {func(e *indicator.Entry) { e.Source = "据总量测算" }, "source"},
			"an expected figure":          {func(e *indicator.Entry) { e.Source = "预计数" }, "source"},
			"a district in no caliber":    {func(e *indicator.Entry) { e.Territory = "东昌府区" }, "caliber"},
			"a zone among divisions":      {func(e *indicator.Entry) { e.Territory, e.Caliber = "经开区", string(city.CaliberAdministrative) }, "caliber"},
			"unknown caliber":             {func(e *indicator.Entry) { e.Territory, e.Caliber = "东昌府区", "辖区" }, "caliber"},
			"a county of units":           {func(e *indicator.Entry) { e.Indicator, e.Territory = "above-limit-units", "山东省" }, "caliber"},
			"a negative level":            {func(e *indicator.Entry) { e.Indicator, e.Value = "retail", "-1" }, "value"},
			"a long reason":               {func(e *indicator.Entry) { e.Reason = strings.Repeat("长", 501) }, "reason"},
		} {
			e := good
			c.change(&e)
			if _, err := r.Enter(ctx, clerk, e); !errs.Is(err, errs.Invalid) || errs.FieldMessages(err)[c.field] == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := r.entries(); n != 0 {
			t.Errorf("%d audit entries of what was refused", n)
		}
	})
}

func TestWhoMay(t *testing.T) {
	both(t, func(r *room) {
		e := rate("city", "2026-01~03", "5.3", "2026-04-20")
		for _, p := range []org.Principal{reader, admin} {
			if _, err := r.Enter(ctx, p, e); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s enters: %v", p.ID, err)
			}
			if _, err := r.Revise(ctx, p, e); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s revises: %v", p.ID, err)
			}
			if err := r.Withdraw(ctx, p, "retail-rate", key("city", "2026-01~03"), 1, "x"); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s withdraws: %v", p.ID, err)
			}
			if _, err := r.Import(ctx, p, nil); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s imports: %v", p.ID, err)
			}
			if _, err := r.CheckImport(ctx, p, nil); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s checks an import: %v", p.ID, err)
			}
		}
		if _, err := r.SeriesOf(ctx, admin, "retail"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an administrator reads: %v", err)
		}
		if _, err := r.All(ctx, org.Principal{}); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("nobody reads: %v", err)
		}
		if _, err := r.SeriesOf(ctx, reader, "nothing"); !errs.Is(err, errs.NotFound) {
			t.Errorf("unknown: %v", err)
		}
		for _, id := range []indicator.ID{"retail", "above-limit-units"} {
			if _, err := r.GapAt(ctx, id, calendar.MustParseDate("2026-07-01")); !errs.Is(err, errs.Invalid) {
				t.Errorf("a gap of %s: %v", id, err)
			}
		}
	})
}

func TestBringKeepsWhatPeopleDid(t *testing.T) {
	both(t, func(r *room) {
		if err := r.Bring(ctx); err != nil {
			t.Fatal(err)
		}
		n := r.entries()
		if n != int64(len(r.Catalogue().Known)) {
			t.Errorf("%d audit entries", n)
		}
		o, ok := r.series("retail").Now(key("city", "2024"))
		if !ok || o.Value.String() != "1085.28" || o.Confidence != city.ConfidenceReported || o.Source == "" {
			t.Errorf("%+v", o)
		}
		if err := r.Withdraw(ctx, clerk, "retail", key("city", "2024"), 1, "以统计年鉴为准"); err != nil {
			t.Fatal(err)
		}
		if err := r.Bring(ctx); err != nil || r.entries() != n+1 {
			t.Errorf("brought again: %v, %d entries", err, r.entries())
		}
		if _, ok := r.series("retail").Now(key("city", "2024")); ok {
			t.Error("what was withdrawn is back")
		}
	})
}

func TestChangesNameIndicators(t *testing.T) {
	both(t, func(r *room) {
		all, n, err := r.Changes(ctx, 0)
		if err != nil || len(all) != len(r.Catalogue().Indicators) {
			t.Fatalf("%v %v", all, err)
		}
		if ids, _, err := r.Changes(ctx, n); err != nil || len(ids) != 0 {
			t.Errorf("nothing changed, but %v %v", ids, err)
		}
		r.enter(rate("city", "2026-01~03", "5.3", "2026-04-20"))
		r.enter(rate("city", "2026-01~04", "5.3", "2026-05-20"))
		ids, now, err := r.Changes(ctx, n)
		if err != nil || !slices.Equal(ids, []indicator.ID{"retail-rate"}) || now != n+2 {
			t.Errorf("%v %d %v", ids, now, err)
		}
		if ids, _, err := r.Changes(ctx, now+5); err != nil || len(ids) != len(all) {
			t.Errorf("a number that never was: %v %v", ids, err)
		}
	})
}

func TestValueAtPrefersTheNewestPeriod(t *testing.T) {
	both(t, func(r *room) {
		for _, e := range []indicator.Entry{
			{Indicator: "retail", Territory: "东昌府区", Caliber: string(city.CaliberZonesApart), Period: "2026-01~03", Value: "6", Released: "2026-04-20", Source: "月报"},
			{Indicator: "retail", Territory: "东昌府区", Caliber: string(city.CaliberAdministrative), Period: "2026-01~03", Value: "10", Released: "2026-04-20", Source: "月报"},
			{Indicator: "retail", Territory: "东昌府区", Caliber: string(city.CaliberAdministrative), Period: "2026-04", Value: "3", Released: "2026-05-20", Source: "月报"},
		} {
			r.enter(e)
		}
		o, found, err := r.ValueAt(ctx, "retail", "dongchangfu", calendar.MustParseDate("2026-06-01"))
		if err != nil || !found || o.Value.String() != "10" || o.Caliber != city.CaliberAdministrative {
			t.Errorf("%+v %v %v", o, found, err)
		}
		if _, found, err := r.ValueAt(ctx, "retail", "dongchangfu", calendar.MustParseDate("2026-04-19")); err != nil || found {
			t.Errorf("known before it was published: %v", err)
		}
	})
}
