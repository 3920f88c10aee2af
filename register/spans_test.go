package register_test

import (
	"testing"

	"bihuan/kit/calendar"
	"bihuan/kit/quantity"
	"bihuan/register"
)

func day(s string) calendar.Date {
	if s == "" {
		return calendar.Date{}
	}
	return calendar.MustParseDate(s)
}

// spans reads pairs of a first day and a first day not any more.
func spans(days ...string) (all []register.Span) {
	for i := 0; i < len(days); i += 2 {
		all = append(all, register.Span{From: day(days[i]), To: day(days[i+1])})
	}
	return all
}

// valueAt is the value of a count at a day, as totals have it: a flow adds up the deltas
// of the year, a stock those of all time.
func valueAt(d *register.Definition, r register.Record, count, at string) (sum quantity.Quantity) {
	c, _ := d.Count(count)
	for _, x := range d.Deltas(r) {
		if x.Count == count && !x.Day.After(day(at)) && (c.Mode == register.Stock || x.Day.Year() == day(at).Year()) {
			sum += x.Value
		}
	}
	return sum
}

func counting() *register.Definition {
	return &register.Definition{
		Fields:    []register.Field{{Name: "from", Type: register.Date}, {Name: "seats", Type: register.Number}, {Name: "kind", Type: register.Choice, Options: []string{"住宿", "餐饮"}}},
		Effective: "from", Baseline: day("2025-12-31"),
		Counts: []register.Count{
			{ID: "flow", Mode: register.Flow}, {ID: "stock", Mode: register.Stock}, {ID: "new", Mode: register.Flow, New: true},
			{ID: "seats", Mode: register.Stock, Sum: "seats"}, {ID: "food", Mode: register.Stock, Where: []register.Condition{{Field: "kind", In: []string{"餐饮"}}}},
		},
	}
}

// TestFlowAndStock: a flow counts a record once, in the year in which it first counts.
func TestFlowAndStock(t *testing.T) {
	type at map[string][2]int64 // flow and stock by day
	for name, c := range map[string]struct {
		spans []register.Span
		want  at
	}{
		"never":    {nil, at{"2026-07-01": {0, 0}}},
		"for good": {spans("2026-03-01", ""), at{"2026-02-28": {0, 0}, "2026-03-01": {1, 1}, "2026-12-31": {1, 1}, "2027-01-01": {0, 1}}},
		"interrupted in its year": {spans("2026-03-01", "2026-06-01", "2026-09-01", ""),
			at{"2026-05-31": {1, 1}, "2026-06-01": {0, 0}, "2026-08-31": {0, 0}, "2026-09-01": {1, 1}, "2026-12-31": {1, 1}, "2027-01-01": {0, 1}}},
		"twice interrupted": {spans("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"),
			at{"2026-03-15": {1, 1}, "2026-04-15": {0, 0}, "2026-05-15": {1, 1}, "2026-12-31": {0, 0}}},
		"back in a later year":  {spans("2026-03-01", "2026-06-01", "2027-02-01", ""), at{"2026-12-31": {0, 0}, "2027-02-01": {0, 1}, "2027-12-31": {0, 1}}},
		"ended in a later year": {spans("2026-03-01", "2027-02-01"), at{"2026-12-31": {1, 1}, "2027-01-31": {0, 1}, "2027-02-01": {0, 0}}},
		"ended with the year":   {spans("2026-03-01", "2027-01-01"), at{"2026-12-31": {1, 1}, "2027-01-01": {0, 0}}},
		"interrupted over the new year": {spans("2026-03-01", "2026-12-20", "2027-01-10", "2027-03-01", "2027-04-01", ""),
			at{"2026-12-19": {1, 1}, "2026-12-31": {0, 0}, "2027-01-10": {0, 1}, "2027-03-15": {0, 0}, "2027-04-01": {0, 1}}},
	} {
		r := register.Record{Spans: c.spans}
		for when, want := range c.want {
			flow, stock := valueAt(counting(), r, "flow", when), valueAt(counting(), r, "stock", when)
			if flow != quantity.Of(want[0]) || stock != quantity.Of(want[1]) {
				t.Errorf("%s at %s: flow %s, stock %s, want %v", name, when, flow, stock, want)
			}
			if r.Falsified = true; valueAt(counting(), r, "flow", when) != 0 || valueAt(counting(), r, "stock", when) != 0 {
				t.Errorf("%s at %s: what was found false counts", name, when)
			}
			r.Falsified = false
		}
	}
}

// TestWorth: what a record is worth to counts with a sum, a condition and a baseline.
func TestWorth(t *testing.T) {
	for name, c := range map[string]struct {
		from   string
		values map[string]string
		count  string
		want   string
	}{
		"on the frozen list":        {"2026-03-31", nil, "new", "0"},
		"the day after":             {"2026-04-01", nil, "new", "1"},
		"on the list, for the flow": {"2026-03-31", nil, "flow", "1"},
		"seats":                     {"2026-01-01", map[string]string{"seats": "2.5"}, "seats", "2.5"},
		"no seats":                  {"2026-01-01", map[string]string{"seats": "0"}, "seats", "0"},
		"seats not told":            {"2026-01-01", nil, "seats", "0"},
		"food":                      {"2026-01-01", map[string]string{"kind": "餐饮"}, "food", "1"},
		"lodging":                   {"2026-01-01", map[string]string{"kind": "住宿"}, "food", "0"},
		"neither":                   {"2026-01-01", nil, "food", "0"},
	} {
		d, r := counting(), register.Record{Values: c.values, Spans: spans(c.from, "")}
		d.Baseline = day("2026-03-31")
		if got := valueAt(d, r, c.count, "2026-07-01"); got.String() != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestEndsOn: the first day on which a proof does not hold, by each rule.
func TestEndsOn(t *testing.T) {
	until, years, confirm := register.Expiry{Field: "until"}, register.Expiry{Years: 3}, register.Expiry{Confirm: "confirmed"}
	for name, c := range map[string]struct {
		expiry register.Expiry
		values map[string]string
		want   string
	}{
		"never":                     {register.Expiry{}, map[string]string{"from": "2026-03-01"}, ""},
		"the last day holds":        {until, map[string]string{"from": "2026-03-01", "until": "2026-12-31"}, "2027-01-01"},
		"no last day":               {until, map[string]string{"from": "2026-03-01"}, ""},
		"three years":               {years, map[string]string{"from": "2026-03-01"}, "2029-03-01"},
		"from a leap day":           {years, map[string]string{"from": "2024-02-29"}, "2027-02-28"},
		"no effective day":          {years, map[string]string{}, ""},
		"not confirmed":             {confirm, map[string]string{"from": "2026-03-01"}, "2027-03-01"},
		"confirmed":                 {confirm, map[string]string{"from": "2026-03-01", "confirmed": "2027-02-10"}, "2028-02-10"},
		"confirmed before it began": {confirm, map[string]string{"from": "2026-03-01", "confirmed": "2025-02-10"}, "2027-03-01"},
	} {
		d := counting()
		d.Expiry = c.expiry
		if got := d.EndsOn(c.values); got != day(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestLapsed: since when a record does not count any more, and in which words.
func TestLapsed(t *testing.T) {
	until := map[string]string{"from": "2026-03-01", "until": "2026-05-31"}
	for name, c := range map[string]struct {
		expiry register.Expiry
		r      register.Record
		since  string
		why    string
	}{
		"counts":           {register.Expiry{}, register.Record{Stage: "verified", Spans: spans("2026-03-01", "")}, "", ""},
		"never counted":    {register.Expiry{}, register.Record{Stage: "claimed"}, "", ""},
		"ends tomorrow":    {register.Expiry{Field: "until"}, register.Record{Stage: "verified", Values: until, Spans: spans("2026-03-01", "2026-07-02")}, "", ""},
		"valid until":      {register.Expiry{Field: "until"}, register.Record{Stage: "verified", Values: until, Spans: spans("2026-03-01", "2026-06-01")}, "2026-06-01", "“有效期至”已过"},
		"years":            {register.Expiry{Years: 3}, register.Record{Stage: "verified", Values: map[string]string{"from": "2023-07-01"}, Spans: spans("2023-07-01", "2026-07-01")}, "2026-07-01", "自“生效”起满 3 年"},
		"not confirmed":    {register.Expiry{Confirm: "confirmed"}, register.Record{Stage: "verified", Values: map[string]string{"from": "2025-03-01"}, Spans: spans("2025-03-01", "2026-03-01")}, "2026-03-01", "“年度确认”满一年没有再次确认"},
		"suspended":        {register.Expiry{}, register.Record{Stage: "suspended", Spans: spans("2026-03-01", "2026-06-01")}, "2026-06-01", "现处于“暂停”"},
		"its proof false":  {register.Expiry{}, register.Record{Stage: "verified", Values: until, Spans: spans("2026-03-01", "2026-06-01")}, "2026-06-01", "佐证不实"},
		"itself false":     {register.Expiry{}, register.Record{Stage: "verified", Falsified: true, Spans: spans("2026-03-01", "2026-06-01")}, "", ""},
		"it counted again": {register.Expiry{}, register.Record{Stage: "verified", Spans: spans("2026-03-01", "2026-04-01", "2026-05-01", "")}, "", ""},
	} {
		d := counting()
		d.Expiry = c.expiry
		d.Fields = append(d.Fields, register.Field{Name: "until", Label: "有效期至", Type: register.Date}, register.Field{Name: "confirmed", Label: "年度确认", Type: register.Date})
		d.Fields[0].Label = "生效"
		d.Stages = []register.Stage{{ID: "claimed"}, {ID: "verified", Counts: true}, {ID: "suspended", Label: "暂停"}}
		if since, why := d.Lapsed(c.r, day("2026-07-01")); since != day(c.since) || why != c.why {
			t.Errorf("%s: %s %q, want %s %q", name, since, why, c.since, c.why)
		}
	}
}
