package plan_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bihuan/city"
	"bihuan/kit/db/dbtest"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/plan"
	"bihuan/plan/plantest"
)

// courseRoom is a published plan with one counted target and the people of its lead unit.
type courseRoom struct {
	*plantest.Room
	t      *testing.T
	task   plan.Detail
	target plan.TargetDetail
}

func newCourseRoom(t *testing.T, r *plantest.Room, subject string) *courseRoom {
	t.Helper()
	ctx := context.Background()
	ids, err := r.Plan.TaskIDs(ctx, r.Dispatcher(), plan.Filter{PlanID: r.PackPlan(t)})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		d, err := r.Plan.Task(ctx, r.Dispatcher(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range d.Targets {
			if g.Subject == subject {
				return &courseRoom{r, t, d, g}
			}
		}
	}
	t.Fatalf("no target %s", subject)
	return nil
}

// verified reports a value and has it verified, a minute after the one before.
func (h *courseRoom) verified(territory city.TerritoryID, asOf, value string) {
	h.t.Helper()
	reporter, verifier := h.Clerk(h.task.LeadUnit), h.Head(h.task.LeadUnit)
	if territory != "" {
		reporter, verifier = h.County(territory, org.CountyClerk), h.County(territory, org.CountyHead)
	}
	ctx := context.Background()
	id, err := h.Plan.Report(ctx, reporter, plan.Report{TargetID: h.target.ID, Territory: territory, AsOf: asOf, Value: value, Note: "补报", Proof: plantest.Proof(asOf + value)})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Clock.Add(time.Minute)
	if err := h.Plan.Verify(ctx, verifier, id); err != nil {
		h.t.Fatal(err)
	}
}

func (h *courseRoom) course(days ...string) string {
	h.t.Helper()
	got, err := h.Plan.Courses(context.Background(), h.Dispatcher(), []string{h.target.ID}, days)
	if err != nil {
		h.t.Fatal(err)
	}
	words := []string{}
	for _, v := range got[h.target.ID] {
		if v == nil {
			words = append(words, "-")
		} else {
			words = append(words, v.String())
		}
	}
	return strings.Join(words, " ")
}

// courseDays are four month ends of the plan's year.
var courseDays = []string{"2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"}

func TestCoursesOfTheWhole(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			h := newCourseRoom(t, plantest.New(t, engine), "社区托育驿站")
			if got := h.course(courseDays...); got != "" {
				t.Errorf("without data: %q", got)
			}
			h.verified("", "2026-05-31", "9")
			h.verified("", "2026-04-15", "4")
			h.verified("", "2026-05-31", "10")
			if got := h.course(courseDays...); got != "- 4 10 10" {
				t.Errorf("courses %q", got)
			}
			if _, err := h.Plan.Courses(context.Background(), org.Principal{}, nil, courseDays); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("nobody asks: %v", err)
			}
		})
	}
}

func TestCoursesOfParts(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			ctx := context.Background()
			h := newCourseRoom(t, plantest.New(t, engine), "社区托育驿站")
			parts := h.Pack.TerritoriesFor(city.CaliberZonesApart)
			typed := map[city.TerritoryID]string{parts[0].ID: "15", parts[1].ID: "10"}
			if err := h.Plan.ShareOut(ctx, h.Clerk(h.task.LeadUnit), h.target.ID, h.task.Revision, typed, ""); err != nil {
				t.Fatal(err)
			}
			h.verified(parts[0].ID, "2026-05-20", "6")
			h.verified(parts[1].ID, "2026-06-20", "3")
			if got := h.course(courseDays...); got != "- - 6 9" {
				t.Errorf("courses %q", got)
			}
			d, err := h.Plan.Task(ctx, h.Dispatcher(), h.task.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range d.Targets {
				if g.ID == h.target.ID && (g.Actual.Value == nil || *g.Actual.Value != quantity.Of(9)) {
					t.Errorf("Combine says %v on the last day", g.Actual.Value)
				}
			}
		})
	}
}
