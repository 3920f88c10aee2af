package register

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/job"
	"bihuan/kit/quantity"
	"bihuan/org"
)

// Shares are what territories are to reach by a count of a register.
type Shares map[CountRef]map[city.TerritoryID]quantity.Quantity

// reviewJob looks at all records of a time once a day.
const reviewJob = job.Kind[string]("register.review")

// Handle sets the background work of the room.
func (s *Service) Handle(r *job.Registry) {
	job.Handle(r, reviewJob, func(ctx context.Context, _ job.Job, _ string) error {
		_, err := s.Review(ctx, org.Job("台账核查"))
		return err
	})
	job.Repeat(r, reviewJob, "", job.Daily(2, 30))
}

// reviewed reports whether a check looks at all records of a time.
func reviewed(kind string) bool { return kind == CheckRush || kind == CheckEqualTarget }

// Review raises and lifts the flags that only many records show together, and returns
// how many records changed. It reads what was entered since the year or the last month
// began, beside the writer, and then writes what differs.
func (s *Service) Review(ctx context.Context, p org.Principal) (changed int, err error) {
	defer errs.Wrap(&err, "register.Review")
	if err := p.May(org.SystemRead, org.Scope{}); err != nil {
		return 0, err
	}
	shares := Shares{}
	if s.parts.Shares != nil {
		if shares, err = s.parts.Shares(ctx); err != nil {
			return 0, err
		}
	}
	for _, d := range s.parts.Catalog.All() {
		for _, c := range d.Checks {
			if !reviewed(c.Kind) {
				continue
			}
			differ, err := s.review(ctx, d, c, shares)
			if err != nil {
				return changed, err
			}
			if err := s.renewFlags(ctx, p, d, c, differ); err != nil {
				return changed, err
			}
			changed += len(differ)
		}
	}
	return changed, nil
}

// claim is what these checks need of a record: of a large register many are held at once.
type claim struct {
	id        string
	territory city.TerritoryID
	day       calendar.Date       // on which it was entered
	standing  bool                // it was not given up: others carry a flag at most
	flagged   bool                // by the check in question
	worth     []quantity.Quantity // what it would add to each count of its register in a year
}

// review lists the records of which a flag differs from what a check finds.
func (s *Service) review(ctx context.Context, d *Definition, c Check, shares Shares) (differ []string, err error) {
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		today := calendar.Today(tx.Now())
		from, to := lastMonth(today)
		if c.Kind == CheckEqualTarget {
			from, to = calendar.Of(today.Year(), time.January, 1), today.AddDays(1)
		}
		claims, err := claimsOf(tx, d, c.Kind, from, to)
		if err != nil {
			return err
		}
		hit := rushed(claims, whole(c.Than), to)
		if c.Kind == CheckEqualTarget {
			hit = d.onTarget(claims, whole(c.Than), shares)
		}
		differ = nil
		for _, x := range claims {
			if hit(x) != x.flagged {
				differ = append(differ, x.id)
			}
		}
		return nil
	})
	return differ, err
}

// lastMonth is the month that ended last: its first day, and the first day after it.
func lastMonth(today calendar.Date) (from, to calendar.Date) {
	to = calendar.Of(today.Year(), today.Month(), 1)
	return to.AddMonths(-1), to
}

// claimsOf reads the records of a register that were entered in days, without opening
// what is sealed in them.
func claimsOf(tx *db.Tx, d *Definition, kind string, from, to calendar.Date) (all []claim, err error) {
	err = tx.Each(func(row db.Scanner) error {
		var r Record
		var body, flags string
		var at int64
		if err := row.Scan(&r.ID, &r.Territory, &r.Stage, &r.Falsified, &body, &flags, &at); err != nil {
			return err
		}
		x := claim{id: r.ID, territory: r.Territory, day: calendar.Today(moment(at)), standing: d.standing(r), flagged: marked(flags, kind)}
		if !x.standing && !x.flagged {
			return nil
		}
		if kind == CheckEqualTarget {
			if err := json.Unmarshal([]byte(body), &r.Values); err != nil {
				return fmt.Errorf("stored values of %s: %w", r.ID, err)
			}
			x.worth = d.claimed(r, from.Year())
		}
		all = append(all, x)
		return nil
	}, "SELECT id, territory_id, stage, falsified, body, flags, reported_at FROM record WHERE register = $1 AND reported_at >= $2 AND reported_at < $3 ORDER BY reported_at",
		string(d.ID), from.Start().UnixMilli(), to.Start().UnixMilli())
	return all, err
}

// claimed is what a record would add to each count in a year, if it were verified as it is.
func (d *Definition) claimed(r Record, year int) []quantity.Quantity {
	worth := make([]quantity.Quantity, len(d.Counts))
	from := d.EffectiveOn(r.Values)
	if from.Year() != year || !d.standing(r) {
		return worth
	}
	r.Spans = []Span{{From: from}}
	for i, c := range d.Counts {
		worth[i], _ = c.worth(d, r)
	}
	return worth
}

// lastDays are those of a month in which claims crowd.
const lastDays = 5

// rushed finds the territories of whose claims of a month more than a share, in percent,
// came in its last five days, and marks those. Fewer than one a day are no crowd.
func rushed(claims []claim, percent int64, end calendar.Date) func(claim) bool {
	total, late := map[city.TerritoryID]int64{}, map[city.TerritoryID]int64{}
	isLate := func(x claim) bool { return x.standing && !x.day.Before(end.AddDays(-lastDays)) }
	for _, x := range claims {
		if x.standing {
			total[x.territory]++
		}
		if isLate(x) {
			late[x.territory]++
		}
	}
	return func(x claim) bool {
		n := late[x.territory]
		return isLate(x) && n >= lastDays && n*100 > percent*total[x.territory]
	}
}

// onTarget finds the counts by which at least so many territories claim exactly what
// they are to reach, and marks their claims.
func (d *Definition) onTarget(claims []claim, least int64, shares Shares) func(claim) bool {
	var hits []func(claim) bool
	for i, c := range d.Counts {
		sums := map[city.TerritoryID]quantity.Quantity{}
		for _, x := range claims {
			sums[x.territory] += x.worth[i]
		}
		exact := map[city.TerritoryID]bool{}
		for territory, want := range shares[CountRef{d.ID, c.ID}] {
			if want > 0 && sums[territory] == want {
				exact[territory] = true
			}
		}
		if int64(len(exact)) >= least {
			hits = append(hits, func(x claim) bool { return exact[x.territory] && x.worth[i] != 0 })
		}
	}
	return func(x claim) bool {
		return slices.ContainsFunc(hits, func(hit func(claim) bool) bool { return hit(x) })
	}
}

// renewFlags turns a flag of records, some at a time so that nobody waits long.
func (s *Service) renewFlags(ctx context.Context, p org.Principal, d *Definition, c Check, ids []string) error {
	for some := range slices.Chunk(ids, 500) {
		if err := s.parts.DB.Write(ctx, func(tx *db.Tx) error {
			raised := 0
			for _, id := range some {
				r, err := recordByID(tx, id)
				if err != nil {
					return err
				}
				found := slices.DeleteFunc(slices.Clone(r.Flags), func(f Flag) bool { return f.Kind == c.Kind })
				if len(found) == len(r.Flags) {
					found = append(found, Flag{c.Kind, c.Says})
					raised++
				}
				if err := storeFlags(tx, r, found); err != nil {
					return err
				}
			}
			return s.parts.Log.Append(tx, p.Actor(), audit.Entry{Action: "register.review", ObjectKind: "register", ObjectID: string(d.ID), ObjectName: d.Name,
				After: map[string]any{"核查": c.Says, "标记": raised, "取消": len(some) - raised}})
		}); err != nil {
			return err
		}
	}
	return nil
}
