package supervise_test

import (
	"context"
	"testing"

	"bihuan/city"
	"bihuan/plan"
	"bihuan/plan/plantest"
	"bihuan/supervise"
)

func TestACaliberHoldsEachPartOnce(t *testing.T) {
	counted(t, plan.Register, func(t *testing.T, r *plantest.Room, s *supervise.Service, c *counter) {
		b := lights(t, r, s)
		task, g := targetOf(t, b, "社区托育驿站")
		if err := r.Plan.ShareOut(context.Background(), r.Clerk(task.LeadUnit), g.ID, task.Revision, map[city.TerritoryID]string{"dongchangfu": "10", "jingkai": "5", "gaoxin": "5", "guanxian": "5"}, ""); err != nil {
			t.Fatal(err)
		}
		ref := refOf(t, b, "社区托育驿站")
		c.add(ref, "dongchangfu", "2026-05-01", 10)
		c.add(ref, "jingkai", "2026-05-01", 1)
		view := lights(t, r, s).View(r.Pack, "")
		for caliber, want := range map[city.Caliber]map[string]string{
			city.CaliberZonesApart:     {"dongchangfu": "10/10", "jingkai": "1/5", "gaoxin": "0/5", "guanxian": "0/5"},
			city.CaliberAdministrative: {"dongchangfu": "11/20", "guanxian": "0/5"},
		} {
			got, sum := map[string]string{}, int64(0)
			groups := s.InCaliber(view, caliber)
			for _, group := range groups {
				for _, p := range group.Parts {
					got[group.ID] = p.Part.Actual.Value.String() + "/" + p.Part.Share.String()
					sum += int64(p.Part.Share.Float())
				}
				if len(group.Parts) != group.Tally.Total() {
					t.Errorf("%s %s: %d parts, %v", caliber, group.ID, len(group.Parts), group.Tally)
				}
			}
			if len(got) != len(want) || sum != 25 || len(groups) != len(r.Pack.TerritoriesFor(caliber)) {
				t.Errorf("%s: %v, %d given out, %d territories", caliber, got, sum, len(groups))
			}
			for id, v := range want {
				if got[id] != v {
					t.Errorf("%s %s: %s, want %s", caliber, id, got[id], v)
				}
			}
			for _, group := range groups {
				if group.ID == "dongchangfu" && (caliber == city.CaliberAdministrative) != (group.Worst == supervise.Green && group.Parts[0].Part.Deviation > 0 && group.Parts[0].Part.Deviation < 2_000) {
					t.Errorf("%s: %s %+v", caliber, group.Worst, group.Parts[0].Part.Outcome)
				}
			}
		}
	})
}
