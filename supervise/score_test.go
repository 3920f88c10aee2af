package supervise_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

// reached are results that reached so many percent of their targets.
func reached(percents ...int64) (all []supervise.Result) {
	for _, p := range percents {
		all = append(all, supervise.Result{Value: quantity.Of(p), Target: quantity.Of(100)})
	}
	return all
}

func TestScore(t *testing.T) {
	rule := packOf(t).Defaults.Scoring
	falsified := reached(100, 100)
	falsified[1].Falsified = true
	for _, c := range []struct {
		name string
		p    supervise.Performance
		want string
	}{
		{"everything exactly", supervise.Performance{Results: reached(100), Milestones: supervise.Ontime{Met: 4, Due: 4}, Rectifications: supervise.Ontime{Met: 2, Due: 2}, Service: supervise.Rating{Points: 10_000, Asked: 30}}, "100"},
		{"beyond the cap", supervise.Performance{Results: reached(500), Milestones: supervise.Ontime{Met: 4, Due: 4}, Rectifications: supervise.Ontime{Met: 2, Due: 2}, Service: supervise.Rating{Points: 10_000, Asked: 30}}, "106"},
		{"one cannot make up for another", supervise.Performance{Results: reached(500, 0), Milestones: supervise.Ontime{Met: 4, Due: 4}, Rectifications: supervise.Ontime{Met: 2, Due: 2}, Service: supervise.Rating{Points: 10_000, Asked: 30}}, "73"},
		{"half of the steps", supervise.Performance{Results: reached(100), Milestones: supervise.Ontime{Met: 2, Due: 4}, Rectifications: supervise.Ontime{Met: 2, Due: 2}, Service: supervise.Rating{Points: 10_000, Asked: 30}}, "90"},
		{"results alone are weighed up", supervise.Performance{Results: reached(80)}, "80"},
		{"results and steps", supervise.Performance{Results: reached(100), Milestones: supervise.Ontime{Met: 0, Due: 4}}, "75"},
		{"too few were asked", supervise.Performance{Results: reached(80), Service: supervise.Rating{Points: 0, Asked: 2}}, "80"},
		{"deductions", supervise.Performance{Results: reached(80), YellowTwice: 1, Red: 2}, "75"},
		{"never below nothing", supervise.Performance{Results: reached(1), Red: 9}, "0"},
		{"a false figure counts as nothing", supervise.Performance{Results: falsified}, "50"},
		{"nothing", supervise.Performance{}, "0"},
	} {
		if s := supervise.ScoreOf(c.p, rule, 3); s.Total.String() != c.want {
			t.Errorf("%s: %s, want %s", c.name, s.Total, c.want)
		}
	}
}

func TestRanksAreSharedAndStayWithinGroups(t *testing.T) {
	pack := packOf(t)
	all := []supervise.Performance{
		{Territory: "linqing", Results: reached(90, 90, 90)}, {Territory: "guanxian", Results: reached(80, 80, 80)},
		{Territory: "shenxian", Results: reached(90, 90, 90)}, {Territory: "yanggu", Results: reached(100, 100)},
		{Territory: "donge", Results: reached(10, 10, 10)}, {Territory: "jingkai", Results: reached(5, 5, 5)},
	}
	groups := supervise.RankAll(pack, all, 3)
	if len(groups) != len(pack.Groups) {
		t.Fatalf("%d groups", len(groups))
	}
	ranks := map[city.TerritoryID]int{}
	why := map[city.TerritoryID]string{}
	for _, g := range groups {
		for _, s := range g.Scores {
			ranks[s.Territory], why[s.Territory] = s.Rank, s.Why
		}
	}
	want := map[city.TerritoryID]int{"linqing": 1, "shenxian": 1, "guanxian": 3, "donge": 4, "yanggu": 0, "gaotang": 0, "jingkai": 1, "gaoxin": 0, "dujia": 0, "dongchangfu": 0, "chiping": 0}
	if !reflect.DeepEqual(ranks, want) {
		t.Errorf("%v", ranks)
	}
	if !strings.Contains(why["yanggu"], "样本不足") || !strings.Contains(why["gaotang"], "没有已核验") {
		t.Errorf("%v", why)
	}
}

// More verified value never lowers a score, and no score passes the cap.
func TestScoreHolds(t *testing.T) {
	rule := packOf(t).Defaults.Scoring
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(0, 300), 1, 8).Draw(t, "percents")
		s := supervise.ScoreOf(supervise.Performance{Results: reached(values...)}, rule, 1)
		i := rapid.IntRange(0, len(values)-1).Draw(t, "which")
		values[i]++
		more := supervise.ScoreOf(supervise.Performance{Results: reached(values...)}, rule, 1)
		if more.Total < s.Total || more.Total > quantity.Of(110) {
			t.Fatalf("%s, then %s", s.Total, more.Total)
		}
	})
}

// What §5 forbids to count has no place in what is scored.
func TestNothingElseIsScored(t *testing.T) {
	want := []string{"Territory", "Results", "Milestones", "Rectifications", "Service", "YellowTwice", "Red", "False"}
	typ := reflect.TypeFor[supervise.Performance]()
	var got []string
	for i := range typ.NumField() {
		got = append(got, typ.Field(i).Name)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("a score is drawn from %v: log-ins, uploads, reports, meetings and clicks are never scored", got)
	}
}

func TestPerformancesComeFromTheBoard(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		b := lights(t, r, s)
		task, g := targetOf(t, b, "社区托育驿站")
		if err := r.Plan.ShareOut(context.Background(), r.Clerk(task.LeadUnit), g.ID, task.Revision, map[city.TerritoryID]string{"guanxian": "15", "jingkai": "10"}, ""); err != nil {
			t.Fatal(err)
		}
		c.add(refOf(t, b, "社区托育驿站"), "guanxian", "2026-05-01", 15)
		for _, p := range supervise.Performances(lights(t, r, s), r.Pack) {
			switch p.Territory {
			case "guanxian":
				if len(p.Results) != 1 || p.Results[0].Value.String() != "15" || p.Red != 0 {
					t.Errorf("%+v", p)
				}
			case "jingkai":
				if len(p.Results) != 1 || p.Results[0].Value != 0 || p.Red != 1 || p.Results[0].Gap().String() != "10" {
					t.Errorf("%+v", p)
				}
			default:
				if len(p.Results) != 0 {
					t.Errorf("%s: %+v", p.Territory, p)
				}
			}
		}
	})
}

func TestARankingIsInternalUntilAnApproverDecides(t *testing.T) {
	onBoth(t, func(t *testing.T, r *plantest.Room, s *supervise.Service) {
		ctx := context.Background()
		r.PackPlan(t)
		clerk, leader := r.Clerk("health"), r.Person("leader", "", org.Leader)
		if _, err := s.Ranking(ctx, clerk); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a clerk sees an internal ranking: %v", err)
		}
		got, err := s.Ranking(ctx, leader)
		if err != nil || got.Level != supervise.Internal || got.Rules.Least != 3 || len(got.Groups) != 3 {
			t.Errorf("%+v %v", got.Level, err)
		}
		if err := s.Publicise(ctx, r.Dispatcher(), supervise.Bulletin, "季度通报"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a dispatcher decides: %v", err)
		}
		if err := s.Publicise(ctx, r.Approver(), "everywhere", " "); len(errs.FieldNames(err)) != 2 {
			t.Errorf("%v", err)
		}
		if err := s.Publicise(ctx, r.Approver(), supervise.Bulletin, "季度通报"); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Ranking(ctx, clerk); err != nil || got.Level != supervise.Bulletin || got.Reason != "季度通报" {
			t.Errorf("%+v %v", got.Level, err)
		}
		if err := s.Publicise(ctx, r.Approver(), supervise.Internal, "复核中"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Ranking(ctx, clerk); !errs.Is(err, errs.Forbidden) {
			t.Errorf("taken back: %v", err)
		}
	})
}
