package registers

import (
	"net/url"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/register"
	"bihuan/web/frame"
)

// perPage is how many records one page of a list shows.
const perPage = 50

// lastPage bounds what an address may ask for.
const lastPage = 1_000_000

// query is what the address of a register's list asks for. What it does not know
// falls back to the defaults.
type query struct {
	Register  register.ID
	Territory city.TerritoryID
	Stage     string
	Text      string
	Flagged   bool
	Lapsed    bool // counted, and does not any more
	Late      bool
	Owed      bool
	Count     string        // only what this count counts …
	At        calendar.Date // … at this day; zero for today
	Print     bool
	Page      int
}

func parseQuery(c *frame.Ctx, d *register.Definition) query {
	q := query{Register: d.ID, Territory: city.TerritoryID(c.Form("territory")), Stage: c.Form("stage"), Text: strings.Join(strings.Fields(c.Form("q")), " "),
		Flagged: c.Form("flagged") == "1", Lapsed: c.Form("lapsed") == "1", Late: c.Form("late") == "1", Owed: c.Form("owed") == "1", Count: c.Form("count"), Print: c.Form("print") == "1", Page: min(max(1, c.Int("page", 1)), lastPage)}
	if _, ok := d.Stage(q.Stage); !ok {
		q.Stage = ""
	}
	if _, ok := d.Count(q.Count); !ok {
		q.Count = ""
	}
	if _, ok := c.App.Pack.Territory(q.Territory); !ok {
		q.Territory = ""
	}
	if at, err := calendar.ParseDate(c.Form("at")); err == nil {
		q.At = at
	}
	if r := []rune(q.Text); len(r) > 100 {
		q.Text = string(r[:100])
	}
	return q
}

// day is the day of which the counts speak.
func (q query) day(today calendar.Date) calendar.Date {
	if q.At.IsZero() {
		return today
	}
	return q.At
}

// asked is the query as the use case takes it.
func (q query) asked(today calendar.Date) register.Query {
	out := register.Query{Register: q.Register, Territory: q.Territory, Stage: q.Stage, Text: q.Text, Flagged: q.Flagged, Lapsed: q.Lapsed, Late: q.Late, Owed: q.Owed}
	if q.Count != "" {
		out.Under, out.At = register.CountRef{Register: q.Register, Count: q.Count}, q.day(today)
	}
	return out
}

// values are the query as an address carries it, without the page.
func (q query) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("territory", string(q.Territory))
	set("stage", q.Stage)
	set("q", q.Text)
	set("flagged", flag(q.Flagged))
	set("lapsed", flag(q.Lapsed))
	set("late", flag(q.Late))
	set("owed", flag(q.Owed))
	set("count", q.Count)
	set("at", q.At.String())
	return v
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// address is the list under the query.
func (q query) address() string { return registerURL(q.Register) + suffix(q.values()) }

// export is the same list as a workbook.
func (q query) export() string { return registerURL(q.Register) + "/records.xlsx" + suffix(q.values()) }

// printed is the same list in one piece.
func (q query) printed() string {
	v := q.values()
	v.Set("print", "1")
	return registerURL(q.Register) + suffix(v)
}

// page is the address of another page of the same list.
func (q query) page(n int) string {
	v := q.values()
	if n > 1 {
		v.Set("page", itoa(n))
	}
	return registerURL(q.Register) + suffix(v)
}

// narrowed reports whether any condition is in force.
func (q query) narrowed() bool {
	return q.Territory != "" || q.Stage != "" || q.Text != "" || q.Flagged || q.Lapsed || q.Late || q.Owed || q.Count != ""
}
