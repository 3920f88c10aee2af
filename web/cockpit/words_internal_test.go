package cockpit

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/plan"
	"bihuan/plan/read"
	"bihuan/supervise"
	"bihuan/web/frame"
)

func q(t *testing.T, s string) *quantity.Quantity {
	t.Helper()
	v, err := quantity.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

func TestFigures(t *testing.T) {
	count := plan.Target{Kind: plan.Flow, Unit: "张"}
	gap := plan.Target{Kind: plan.Comparison}
	growth := plan.Target{Kind: plan.Rate, Unit: "%", Change: read.ChangeUp, Value: q(t, "5.5")}
	level := plan.Target{Kind: plan.Rate, Unit: "%", Value: q(t, "80")}
	value := plan.Actual{Value: q(t, "1")}
	for _, x := range []struct{ name, got, want string }{
		{"a count", figure(count, q(t, "40000")), "4万张"},
		{"missing", figure(count, nil), ""},
		{"a gap above", figure(gap, q(t, "0.3")), "+0.3个百分点"},
		{"a gap below", figure(gap, q(t, "-0.3")), "-0.3个百分点"},
		{"expected without needless decimals", expectedOf(count, q(t, "12.465")), "12.5张"},
		{"a large expected value is whole", expectedOf(count, q(t, "648.18")), "648张"},
		{"behind", deviation(count, value, supervise.Outcome{Expected: q(t, "2"), Deviation: -5000}), "-50%"},
		{"ahead", deviation(count, value, supervise.Outcome{Expected: q(t, "2"), Deviation: 1250}), "+12.5%"},
		{"growth is held against growth in points", deviation(growth, value, supervise.Outcome{Expected: q(t, "5.5"), Deviation: -30}), "-0.3个百分点"},
		{"a level is held against its pace", deviation(level, value, supervise.Outcome{Expected: q(t, "80"), Deviation: -30}), "-0.3%"},
		{"nothing verified, nothing compared", deviation(count, plan.Actual{Pending: q(t, "1")}, supervise.Outcome{Expected: q(t, "2")}), ""},
		{"a share", share(9996), "100%"},
		{"no share", share(-1), nothing},
		{"an action", shortAction("实施商品消费提质升级行动，释放核心消费潜力"), "商品消费提质升级"},
		{"another heading", shortAction("保障措施"), "保障措施"},
		{"no heading", shortAction(""), "其他任务"},
		{"an address", address("/x", "a", "", "b", "甲&乙"), "/x?b=%E7%94%B2%26%E4%B9%99"},
		{"an address without query", address("/x", "a", ""), "/x"},
	} {
		if x.got != x.want {
			t.Errorf("%s: %q, want %q", x.name, x.got, x.want)
		}
	}
}

func TestRoundedStaysNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := quantity.Quantity(rapid.Int64Range(-1e15, 1e15).Draw(t, "value"))
		r := rounded(v)
		step := quantity.Quantity(quantity.Scale / 10)
		if v >= quantity.Of(100) || v <= -quantity.Of(100) {
			step = quantity.Scale
		}
		if d := r - v; d > step/2 || d < -step/2 || r%step != 0 {
			t.Fatalf("%s became %s", v, r)
		}
	})
}

func TestLightChoices(t *testing.T) {
	for choice, want := range map[string]string{"": "red yellow blue green grey", "behind": "red yellow blue", "grey": "grey", "pink": "red yellow blue green grey"} {
		var got []string
		for _, l := range supervise.Levels {
			if wantedLight(choice).has(l) {
				got = append(got, string(l))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q shows %v", choice, got)
		}
	}
}

// sceneAt is a scene on a day, for what needs no data.
func sceneAt(day, query string, year int) *scene {
	s := &scene{c: &frame.Ctx{R: httptest.NewRequest(http.MethodGet, "/targets?"+query, nil)}, plan: &plan.Plan{Year: year}}
	s.view.Board = &supervise.Board{Today: calendar.MustParseDate(day)}
	return s
}

func TestMonthEnds(t *testing.T) {
	for _, x := range []struct {
		day  string
		year int
		want string
	}{
		{"2026-01-15", 2026, "2026-01-15"},
		{"2026-03-31", 2026, "2026-01-31 2026-02-28 2026-03-31"},
		{"2027-02-01", 2026, "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 2026-07-31 2026-08-31 2026-09-30 2026-10-31 2026-11-30 2026-12-31"},
		{"2025-12-20", 2026, "2025-01-31 2025-02-28 2025-03-31 2025-04-30 2025-05-31 2025-06-30 2025-07-31 2025-08-31 2025-09-30 2025-10-31 2025-11-30 2025-12-20"},
	} {
		if got := strings.Join(sceneAt(x.day, "", x.year).monthEnds(), " "); got != x.want {
			t.Errorf("%s: %s", x.day, got)
		}
	}
}

func TestPages(t *testing.T) {
	for _, x := range []struct {
		query            string
		total, from, len int
		prev, next       bool
	}{
		{"", 0, 1, 0, false, false}, {"", 50, 1, 50, false, false}, {"", 51, 1, 50, false, true},
		{"page=2", 51, 51, 1, true, false}, {"page=9", 51, 51, 1, true, false}, {"page=-3", 120, 1, 50, false, true}, {"page=2", 120, 51, 50, true, true},
	} {
		rows, pager := sceneAt("2026-07-01", x.query, 2026).cut(make([]supervise.TargetRow, x.total), targetFilter{Text: "甲"}, tabOpen)
		if len(rows) != x.len || pager.From != int64(x.from) || (pager.Prev != "") != x.prev || (pager.Next != "") != x.next {
			t.Errorf("%q of %d: %d rows, %+v", x.query, x.total, len(rows), pager)
		}
		if pager.Next != "" && (!strings.Contains(pager.Next, "q=%E7%94%B2") || !strings.Contains(pager.Next, "tab=open")) {
			t.Errorf("the next page forgets the filter: %s", pager.Next)
		}
	}
}
