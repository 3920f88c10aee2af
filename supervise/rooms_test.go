package supervise_test

import (
	"context"
	"strings"
	"testing"

	"bihuan/indicator"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/seal"
	"bihuan/org"
	"bihuan/plan/plantest"
	"bihuan/register"
	"bihuan/supervise"
)

// From a record that two people verified and from published figures to lights:
// with the rooms themselves behind the board.
func TestRecordsAndFiguresBecomeLights(t *testing.T) {
	for _, e := range dbtest.Engines(t) {
		t.Run(string(e), func(t *testing.T) {
			ctx := context.Background()
			r := plantest.New(t, e)
			keys, err := seal.Create(t.TempDir()+"/keys.json", r.Clock.Now(), strings.NewReader(strings.Repeat("entropy of a test ", 100)))
			must(t, err)
			catalog, err := register.LoadCatalog(r.Pack)
			must(t, err)
			records := register.New(register.Parts{DB: r.DB, Log: r.Log, Box: keys, Pack: r.Pack, Catalog: catalog, Blobs: r.Blobs})
			statistics, err := indicator.New(r.DB, r.Log, r.Pack)
			must(t, err)
			sources := []supervise.Source{supervise.FromRegisters(records, catalog.Get), supervise.FromIndicators(statistics)}
			r.Measured(supervise.NewSources(sources...))
			r.PackPlan(t)
			s := supervise.New(r.DB, r.Log, r.Plan, sources...)

			const events, sales = "中医药文化进社区、进商圈体验活动", "全市社会消费品零售总额"
			board := lights(t, r, s)
			if _, g := targetOf(t, board, events); g.Measure.Ref != "tcm-event/held" || g.Level != supervise.Grey {
				t.Fatalf("%v %s", g.Measure, g.Reason)
			}
			if _, g := targetOf(t, board, sales); g.Reason != "数据未发布" {
				t.Fatalf("%v %s", g.Measure, g.Reason)
			}
			if lights(t, r, s) != board {
				t.Error("nothing changed, and the board was drawn anew")
			}

			heads := []org.Principal{r.County("guanxian", org.CountyHead), r.Head("health")}
			const notice = "关于举办体验活动的通知"
			id, err := records.Create(ctx, r.County("guanxian", org.CountyClerk), register.Draft{Register: "tcm-event", Territory: "guanxian",
				Values: map[string]string{"name": "进社区", "setting": "社区", "address": "冠县某社区", "organiser": "县卫健局", "held": "2026-06-20", "doctors": "5", "visitors": "80"},
				Proofs: []register.File{{Kind: "notice", Name: "通知.txt", Data: strings.NewReader(notice), Size: int64(len(notice))}}})
			must(t, err)
			if _, g := targetOf(t, lights(t, r, s), events); g.Actual.Value != nil {
				t.Error("an unverified record counts")
			}
			for i, move := range []string{"check", "verify"} {
				v, err := records.Get(ctx, heads[i], id)
				must(t, err)
				must(t, records.Move(ctx, heads[i], register.Step{ID: id, Move: move, Revision: v.Revision}))
			}
			_, g := targetOf(t, lights(t, r, s), events)
			if g.Actual.Value == nil || g.Actual.Value.String() != "1" || g.Actual.AsOf != "2026-07-01" || g.Level != supervise.Red {
				t.Errorf("one of ten at midyear: %v, %s %s", g.Actual.Value, g.Level, g.Reason)
			}

			desk := r.Dispatcher()
			for territory, value := range map[string]string{string(r.Pack.Root().ID): "6.1", string(indicator.Province): "5.8"} {
				_, err := statistics.Enter(ctx, desk, indicator.Entry{Indicator: "retail-rate", Territory: territory, Period: "2026年1—5月", Value: value, Released: "2026-06-18", Source: "统计局网站《1—5月运行情况》"})
				must(t, err)
			}
			if _, g := targetOf(t, lights(t, r, s), sales); g.Level != supervise.Green || g.Actual.Value.String() != "0.3" || g.Actual.AsOf != "2026-05-31" {
				t.Errorf("0.3 points above: %s %s as of %s", g.Level, g.Reason, g.Actual.AsOf)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
