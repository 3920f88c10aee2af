package demo_test

import (
	"context"
	"testing"

	"bihuan/app"
	"bihuan/city"
	"bihuan/demo"
	"bihuan/kit/db"
	"bihuan/kit/db/dbtest"
	"bihuan/org"
	"bihuan/supervise"
)

// TestFill shows a demonstration at every time of the year: lights of every
// colour in mid-year, nothing that the checks object to, and a link that works once.
func TestFill(t *testing.T) {
	for _, now := range []string{"2026-01-05T09:00:00+08:00", "2026-07-20T09:00:00+08:00", "2027-03-01T09:00:00+08:00"} {
		t.Run(now[:10], func(t *testing.T) {
			ctx := context.Background()
			clock := dbtest.NewClock(now)
			a, err := app.Open(ctx, app.Config{Data: t.TempDir(), City: city.Names()[0], Now: clock.Now})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = a.Close() }()
			link, err := demo.Fill(ctx, a)
			if err != nil {
				t.Fatal(err)
			}
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
			if now[5:7] == "07" {
				for _, l := range supervise.Levels {
					if view.Tally[l] == 0 {
						t.Errorf("no task shows %s", l)
					}
				}
			}
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
		})
	}
}
