package demo_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"bihuan/app"
	"bihuan/city"
	"bihuan/demo"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/matter"
	"bihuan/org"
	"bihuan/register"
	"bihuan/supervise"
)

// yunhe is a tiny pack with other registers and other units.
const yunhe = "../city/testdata/yunhe"

// TestFill shows a demonstration of each pack at every time of the year on both
// engines: lights of every colour in mid-year, records in every register, nothing
// that the checks object to, and a link that works once.
func TestFill(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		for _, pack := range []string{city.Names()[0], yunhe} {
			for _, now := range []string{"2026-01-05T09:00:00+08:00", "2026-07-20T09:00:00+08:00", "2027-03-01T09:00:00+08:00"} {
				t.Run(string(engine)+"/"+pack[max(0, len(pack)-5):]+"/"+now[:10], func(t *testing.T) {
					c := app.Config{Data: t.TempDir(), City: pack, Now: dbtest.NewClock(now).Now}
					if engine == db.PostgreSQL {
						c.DB = dbtest.DSN(t)
					}
					fill(t, c, pack != yunhe && now[5:7] == "07")
				})
			}
		}
	}
}

func fill(t *testing.T, c app.Config, all bool) {
	ctx := context.Background()
	a, err := app.Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	start := time.Now()
	link, err := demo.Fill(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("filled in %s", time.Since(start).Round(time.Millisecond))
	in, err := a.Org.RedeemLoginLink(ctx, link, org.From{Address: "test"})
	if err != nil || in.Principal.Login != "dispatcher" {
		t.Fatalf("%+v %v", in.Principal, err)
	}
	if _, err := a.Org.RedeemLoginLink(ctx, link, org.From{Address: "test"}); err == nil {
		t.Error("the link worked twice")
	}
	b, err := a.Supervise.Board(ctx, in.Principal)
	if err != nil {
		t.Fatal(err)
	}
	view := b.View(a.Pack, "")
	t.Log(view.Tally)
	if all {
		checkVariety(ctx, t, a, in.Principal)
		for _, l := range supervise.Levels {
			if view.Tally[l] == 0 {
				t.Errorf("no task shows %s", l)
			}
		}
	}
	checkRecords(ctx, t, a, in.Principal)
	if wrong, n, err := a.Plan.CheckStandings(ctx); err != nil || len(wrong) > 0 || n == 0 {
		t.Errorf("standings %v of %d, %v", wrong, n, err)
	}
	if err := a.DB.Read(ctx, func(tx *db.Tx) error {
		r, err := a.Log.Verify(tx)
		if !r.Sound() {
			t.Errorf("audit %+v", r)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

// checkVariety asks for what single records show, for supervision under way and for
// papers of both states.
func checkVariety(ctx context.Context, t *testing.T, a *app.App, p org.Principal) {
	t.Helper()
	for name, q := range map[string]register.Query{"found false": {Falsified: true}, "flagged": {Flagged: true}, "suspended": {Stage: "suspended"},
		"returned": {Stage: "returned"}, "campaign": {Register: "campaign", Stage: "running"}, "sheet": {Register: "supervision-sheet", Stage: "handling"},
		"problem": {Register: "rectification-problem", Stage: "looking-back"}, "decision": {Register: "decision", Stage: "handling"},
		"commendation": {Register: "commendation", Stage: "published"}, "form": {Register: "form", Stage: "published"}, "case": {Register: "good-case", Stage: "published"}} {
		if _, n, err := a.Register.List(ctx, p, q); err != nil || n == 0 {
			t.Errorf("%s: %d records, %v", name, n, err)
		}
	}
	for _, state := range []matter.State{matter.Issued, matter.Drafting} {
		papers, _, err := a.Matter.List(ctx, p, matter.Query{State: state})
		if err != nil || len(papers) == 0 || !papers[0].Demo {
			t.Errorf("%s papers: %+v, %v", state, papers, err)
		}
	}
}

// general is how a title looks that no words were found for.
var general = regexp.MustCompile(`^演示[^·]*\d+$`)

// checkRecords asks for records in every register, all of them marked as a demonstration's.
func checkRecords(ctx context.Context, t *testing.T, a *app.App, p org.Principal) {
	t.Helper()
	n := 0
	for _, d := range a.Register.Catalog().All() {
		records, _, err := a.Register.List(ctx, p, register.Query{Register: d.ID, Limit: 5000})
		if err != nil || len(records) == 0 {
			t.Errorf("%s: %d records, %v", d.ID, len(records), err)
		}
		for _, r := range records {
			if title, _ := d.Field(d.Title); !r.Demo || title.Pattern == "" && !strings.HasPrefix(r.Title, "演示") {
				t.Errorf("%s %s is not marked", r.No, r.Title)
			}
			if a.Pack.ID == city.Names()[0] && general.MatchString(r.Title) {
				t.Errorf("%s is only called %s", r.No, r.Title)
			}
		}
		n += len(records)
	}
	t.Logf("%d records", n)
	if wrong, _, err := a.Register.CheckTotals(ctx); err != nil || len(wrong) > 0 {
		t.Errorf("totals %v, %v", wrong, err)
	}
	if missing, _, err := a.Register.MissingFiles(ctx); err != nil || len(missing) > 0 {
		t.Errorf("files %v, %v", missing, err)
	}
}
