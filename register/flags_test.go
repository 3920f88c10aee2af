package register_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/city"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/quantity"
	"bihuan/org"
	"bihuan/register"
)

// with is a point with other values.
func with(values map[string]string, pairs ...string) map[string]string {
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return values
}

// entered makes a parcel point; its photo is its own unless told.
func (r room) entered(n, photo int, pairs ...string) string {
	r.Helper()
	id, err := r.s.Create(ctx, r.County(county, org.CountyClerk), register.Draft{Register: "parcel-point", Territory: county, Values: with(point(n, "2026-03-01"), append([]string{"inbound", "100"}, pairs...)...),
		Proofs: []register.File{file("receipt", n), file("photo", photo)}})
	r.ok(err)
	return id
}

func (r room) flagged(id, kind string) bool {
	r.Helper()
	return slices.ContainsFunc(r.view(r.Dispatcher(), id).Flags, func(f register.Flag) bool { return f.Kind == kind })
}

func (r room) flags(what string, kind string, want map[string]bool) {
	r.Helper()
	for id, w := range want {
		if r.flagged(id, kind) != w {
			r.Errorf("%s: %s of %s is %v", what, kind, r.view(r.Dispatcher(), id).Title, !w)
		}
	}
}

func (r room) drop(id string) {
	r.Helper()
	r.ok(r.step(r.County(county, org.CountyClerk), id, "drop", because("填错")))
}

// TestNothingIsFlaggedWithoutReason: a good record carries no flag.
func TestNothingIsFlaggedWithoutReason(t *testing.T) {
	both(t, func(r room) {
		if v := r.view(r.Dispatcher(), r.entered(1, 101, "longitude", "115.67012", "latitude", "36.24001", "phone", "13800001111")); len(v.Flags) > 0 {
			r.Errorf("%v", v.Flags)
		}
	})
}

// TestNearDuplicate measures metres: a degree of longitude at 36.24° is 89.8 km, one
// of latitude 111.2 km. 0.0005° of longitude are 45 m, 0.0006° are 54 m.
func TestNearDuplicate(t *testing.T) {
	cases := map[string]struct {
		lon, lat string // of the second; the first is at 115.6699, 36.2400
		want     bool
	}{
		"across the border of a cell":  {"115.6704", "36.2400", true},
		"in one cell, farther":         {"115.6693", "36.2400", false},
		"45 m east":                    {"115.6704", "36.24", true},
		"54 m east":                    {"115.6705", "36.24", false},
		"44 m north":                   {"115.6699", "36.2404", true},
		"56 m north":                   {"115.6699", "36.2405", false},
		"same place, written shorter":  {"115.66990", "36.24", true},
		"41 m to the south-west":       {"115.6696", "36.23972", true},
		"the same cell of another row": {"115.6699", "36.2410", false},
	}
	both(t, func(r room) {
		n := 0
		for name, c := range cases { // each some degrees from the others
			n += 2
			there := func(lon string) string { return fmt.Sprint(75+n) + strings.TrimPrefix(lon, "115") }
			a := r.entered(n, n+100, "longitude", there("115.6699"), "latitude", "36.2400")
			b := r.entered(n+1, n+101, "longitude", there(c.lon), "latitude", c.lat)
			r.flags(name, "near-duplicate", map[string]bool{a: c.want, b: c.want})
		}
	})
}

// TestNearDuplicateGoes: who moves away or is given up takes the doubt along.
func TestNearDuplicateGoes(t *testing.T) {
	both(t, func(r room) {
		clerk := r.County(county, org.CountyClerk)
		a, b := r.entered(1, 101, "longitude", "115.67", "latitude", "36.24"), r.entered(2, 102, "longitude", "115.6701", "latitude", "36.24")
		revision := r.view(clerk, a).Revision
		r.ok(r.s.Edit(ctx, clerk, b, r.view(clerk, b).Revision, map[string]string{"longitude": "115.68"}, ""))
		r.flags("moved away", "near-duplicate", map[string]bool{a: false, b: false})
		r.ok(r.s.Edit(ctx, clerk, b, r.view(clerk, b).Revision, map[string]string{"longitude": "115.6701"}, ""))
		r.flags("moved back", "near-duplicate", map[string]bool{a: true, b: true})
		if r.view(clerk, a).Revision != revision {
			r.Error("a flag is no change of a record")
		}
		r.drop(b)
		r.flags("given up", "near-duplicate", map[string]bool{a: false})
	})
}

// TestPhotoReused fires when the photo comes, on both records; one of another register
// too. What was found false keeps the doubt alive, what was given up does not.
func TestPhotoReused(t *testing.T) {
	both(t, func(r room) {
		clerk := r.County(county, org.CountyClerk)
		a, b := r.entered(1, 101), r.entered(2, 102)
		r.flags("own photos", "photo-reused", map[string]bool{a: false, b: false})
		r.ok(r.s.Attach(ctx, clerk, b, file("photo", 101)))
		r.flags("attached", "photo-reused", map[string]bool{a: true, b: true})
		c := r.entered(3, 102)
		r.flags("entered with it", "photo-reused", map[string]bool{a: true, b: true, c: true})
		r.drop(a)
		r.drop(c)
		r.flags("given up", "photo-reused", map[string]bool{b: false})
		d := r.entered(4, 102)
		r.ok(r.s.MarkFalsified(ctx, r.Head("post"), b, r.view(clerk, b).Revision, "现场无此店"))
		r.flags("found false", "photo-reused", map[string]bool{b: true, d: true})
	})
}

// TestPhoneMany: the sixth record with one number marks all six, and the number stands
// nowhere in the open.
func TestPhoneMany(t *testing.T) {
	both(t, func(r room) {
		const phone = "13800001111"
		want := map[string]bool{}
		for n := range 5 {
			want[r.entered(n+1, 101+n, "phone", phone)] = false
		}
		other := r.entered(50, 150, "phone", "13800002222")
		r.flags("five", "phone-many", want)
		sixth := r.entered(6, 106, "phone", " 138-0000-1111")
		want[sixth] = true
		for id := range want {
			want[id] = true
		}
		want[other] = false
		r.flags("six", "phone-many", want)
		seventh := r.entered(7, 107, "phone", phone)
		r.flags("seven", "phone-many", map[string]bool{seventh: true, sixth: true})
		r.drop(seventh)
		r.flags("six again", "phone-many", want)
		r.flags("given up", "phone-many", map[string]bool{seventh: false})
		r.drop(sixth)
		delete(want, sixth)
		for id := range want {
			want[id] = false
		}
		r.flags("five again", "phone-many", want)
		r.entered(51, 151) // has no number
		var kept, open int
		r.ok(r.DB.Read(ctx, func(tx *db.Tx) error {
			return tx.One(nil, func(row db.Scanner) error { return row.Scan(&kept, &open) }, "SELECT COUNT(*), COUNT(CASE WHEN value LIKE '%13800001111%' THEN 1 END) FROM record_phone")
		}))
		if kept != 6 || open > 0 { // five and another
			r.Errorf("%d numbers are kept, %d of them open", kept, open)
		}
		// What the numbers are compared by is made anew from the records.
		r.ok(r.DB.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec("DELETE FROM record_phone"); return err }))
		r.ok(r.s.Rebuild(ctx, org.Job("重建")))
		r.flags("rebuilt", "phone-many", map[string]bool{r.entered(8, 108, "phone", phone): true})
	})
}

// claims enters so many points at a day of June.
func (r room) claims(n *int, many int, day string, territory city.TerritoryID) (ids []string) {
	r.Helper()
	now, err := time.Parse(time.RFC3339, day+"T10:00:00+08:00")
	r.ok(err)
	r.Clock.Set(now)
	for range many {
		*n++
		id, err := r.s.Create(ctx, r.County(territory, org.CountyClerk), register.Draft{Register: "parcel-point", Territory: territory, Values: with(point(*n, "2026-03-01"), "inbound", "100")})
		r.ok(err)
		ids = append(ids, id)
	}
	return ids
}

func (r room) review(day string) int {
	r.Helper()
	now, err := time.Parse(time.RFC3339, day+"T02:30:00+08:00")
	r.ok(err)
	r.Clock.Set(now)
	changed, err := r.s.Review(ctx, org.Job("核查"))
	r.ok(err)
	return changed
}

// TestRush takes a month through its end: five of twelve claims in the last five days.
func TestRush(t *testing.T) {
	both(t, func(r room) {
		n := 0
		r.claims(&n, 8, "2026-05-31", county) // of another month
		early := r.claims(&n, 7, "2026-06-25", county)
		late := append(r.claims(&n, 4, "2026-06-26", county), r.claims(&n, 1, "2026-06-30", county)...)
		elsewhere := r.claims(&n, 4, "2026-06-29", "yanggu")
		if changed := r.review("2026-06-30"); changed != 8 || r.flagged(late[0], "rush") {
			r.Errorf("May has 8, and June is not over: %d", changed)
		}
		logged := r.audited("register.review")
		if changed := r.review("2026-07-01"); changed != 5 {
			r.Errorf("%d changed", changed)
		}
		want := map[string]bool{late[0]: true, late[4]: true, elsewhere[0]: false, early[0]: false}
		r.flags("July", "rush", want)
		if changed := r.review("2026-07-02"); changed != 0 {
			r.Errorf("%d changed again", changed)
		}
		if r.audited("register.review") != logged+1 {
			r.Error("not in the log once")
		}
		// An edit keeps what the night found; fewer claims lift it.
		clerk := r.County(county, org.CountyClerk)
		r.ok(r.s.Edit(ctx, clerk, late[0], r.view(clerk, late[0]).Revision, map[string]string{"inbound": "200"}, ""))
		r.flags("edited", "rush", want)
		r.drop(late[1])
		r.review("2026-07-03")
		r.flags("one was given up", "rush", map[string]bool{late[0]: false, late[4]: false})
	})
}

// sharing is a room in which territories are to reach something by a count.
func (r room) sharing(ref register.CountRef, shares map[city.TerritoryID]quantity.Quantity) room {
	r.s = r.made(func(p *register.Parts) {
		p.Shares = func(context.Context) (register.Shares, error) { return register.Shares{ref: shares}, nil }
	})
	return r
}

func TestEqualTarget(t *testing.T) {
	both(t, func(r room) {
		two := quantity.Of(2)
		shares := map[city.TerritoryID]quantity.Quantity{county: two, "yanggu": two, "guanxian": two, "chiping": quantity.Of(9), "donge": 0}
		r = r.sharing(register.CountRef{Register: "parcel-point", Count: "open"}, shares)
		n := 0
		a, b := r.claims(&n, 2, "2026-04-10", county), r.claims(&n, 2, "2026-04-10", "yanggu")
		far := r.claims(&n, 3, "2026-04-10", "chiping")
		third := r.claims(&n, 1, "2026-04-10", "guanxian")
		if changed := r.review("2026-05-01"); changed != 0 {
			r.Errorf("two territories are enough: %d", changed)
		}
		third = append(third, r.claims(&n, 1, "2026-05-10", "guanxian")...)
		r.review("2026-05-11")
		r.flags("three", "equal-target", map[string]bool{a[0]: true, a[1]: true, b[0]: true, third[0]: true, third[1]: true, far[0]: false})
		more := r.claims(&n, 1, "2026-05-12", "guanxian")
		r.review("2026-05-13")
		r.flags("one more than the share", "equal-target", map[string]bool{a[0]: false, third[0]: false, more[0]: false})
		// Only what takes effect in the year is claimed for it.
		_, err := r.s.Create(ctx, r.County("gaotang", org.CountyClerk), register.Draft{Register: "parcel-point", Territory: "gaotang", Values: with(point(900, "2025-03-01"), "inbound", "1")})
		r.ok(err)
		shares["gaotang"] = quantity.Of(1)
		if changed := r.review("2026-05-14"); changed != 0 {
			r.Errorf("last year's: %d", changed)
		}
	})
}

// TestReviewIsForTheSystem: nobody who enters or verifies starts it.
func TestReviewIsForTheSystem(t *testing.T) {
	both(t, func(r room) {
		_, err := r.s.Review(ctx, r.County(county, org.CountyClerk))
		r.refused(err, errs.Forbidden, "")
		_, err = r.made(func(p *register.Parts) {
			p.Shares = func(context.Context) (register.Shares, error) {
				return nil, errs.New(errs.Unavailable, "清单读不出")
			}
		}).Review(ctx, org.Job("核查"))
		r.refused(err, errs.Unavailable, "清单")
	})
}

// TestChecksAlone: each check that needs the record alone, on both sides of its limit.
func TestChecksAlone(t *testing.T) {
	both(t, func(r room) {
		n := 0
		for name, c := range map[string]struct {
			kind string
			with []string
			want bool
		}{
			"filed in time":     {"late-filing", []string{"opened", "2026-03-01", "filed", "2026-03-21"}, false},
			"filed a day late":  {"late-filing", []string{"opened", "2026-03-01", "filed", "2026-03-22"}, true},
			"the county's code": {"area-code", []string{"village-code", "371522000001"}, false},
			"another's code":    {"area-code", []string{"village-code", "371521000001"}, true},
			"one parcel":        {"minimum", []string{"inbound", "1"}, false},
			"half a parcel":     {"minimum", []string{"inbound", "0.5"}, true},
		} {
			n++
			if id := r.entered(n, 1000+n, c.with...); r.flagged(id, c.kind) != c.want {
				r.Errorf("%s: %v", name, !c.want)
			}
		}
	})
}
