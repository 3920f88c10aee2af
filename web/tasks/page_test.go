package tasks

import (
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/quantity"
	"bihuan/org"
)

// Walking through the pages shows every row once, in order.
func TestPagesShowEveryRowOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(0, 5*perPage).Draw(t, "total")
		next, seen := 1, 0
		for next > 0 {
			page := next
			next = 0
			from, to, p := pageOf(total, page, func(n int) string {
				if n > page {
					next = n
				}
				return "x"
			})
			if from != seen || to < from || to-from > perPage || p.Total != int64(total) || (page > 1) != (p.Prev != "") {
				t.Fatalf("page %d of %d rows is %d–%d, %+v", page, total, from, to, p)
			}
			seen = to
		}
		if seen != total {
			t.Fatalf("%d of %d rows shown", seen, total)
		}
		if from, to, _ := pageOf(total, 1_000, func(int) string { return "" }); to != total || to-from > perPage {
			t.Fatalf("beyond the end: %d–%d of %d", from, to, total)
		}
	})
}

// within agrees with what May decides one by one.
func TestWithinAgreesWithMay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"", "a", "b"})
		p := org.Principal{ID: "x", UnitID: name.Draw(t, "unit"), TerritoryID: name.Draw(t, "territory")}
		for _, r := range org.Roles() {
			if rapid.IntRange(0, 4).Draw(t, "has") == 0 {
				p.Roles = append(p.Roles, r.Role)
			}
		}
		s := org.Scope{Units: rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 2).Draw(t, "units"), Territory: name.Draw(t, "place")}
		for _, a := range []org.Action{org.ProgressReport, org.ProgressVerify} {
			if got, want := within(p.Extent(a), s), p.May(a, s) == nil; got != want {
				t.Fatalf("%v on %+v by %+v: %v, May says %v", a, s, p, got, want)
			}
		}
	})
}

func TestShownRounds(t *testing.T) {
	for in, want := range map[string]string{"12.4658": "12.5", "12.44": "12.4", "0.04": "0", "99.96": "100", "100.4": "100", "8328.77": "8329", "-0.36": "-0.4", "-250.5": "-251", "0": "0"} {
		q, err := quantity.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(q).String(); got != want {
			t.Errorf("%s is shown as %s, want %s", in, got, want)
		}
	}
}
