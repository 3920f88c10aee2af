package ui

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Base is what the frame of every page needs. A page embeds it. The zero value
// draws a page for somebody who is not signed in.
type Base struct {
	Title   string          // the page's own name, without the system's
	Lede    string          // one sentence under the title; may be empty
	Eyebrow string          // a small line over the title, such as a number or a kind
	City    string          // "云河市"
	Plan    string          // the plan in hand, "2026年提振消费行动计划"; may be empty
	Person  *Who            // nil when nobody is signed in
	Nav     []NavItem       // in order; items of one Group stand together
	Crumbs  []Crumb         // from the home page down, without this page
	Flash   []Flash         // what the last action did
	Demo    bool            // shows that all data is invented
	Large   bool            // the large-type mode is on
	Query   string          // what the global search holds
	Here    string          // this page's path and query, to come back to
	AsOf    string          // "数据截至 2026年7月31日"; shown beside the title and in print
	Actions templ.Component // buttons beside the title; may be nil
	Idle    int             // seconds without input after which the session ends; 0 for no warning
	Paths   Paths           // where the frame's own links go; zero for the usual places
	Wide    bool            // use the whole width, for wide tables and side-by-side reading
}

// Who is the person signed in, as the top bar names them.
type Who struct {
	Name string
	Unit string
	Role string
	URL  string // their own page; may be empty
}

// NavItem is one entry of the navigation. On a phone the first four Primary
// items stand in the bottom bar and all of them in its menu.
type NavItem struct {
	Label   string
	URL     string
	Icon    string // a name from Icons
	Group   string // heading over a run of items; may be empty
	Key     string // one letter; pressing g and then it goes there
	Count   int    // how many things wait there; 0 shows nothing
	Urgent  bool   // the count is of late things
	Current bool
	Primary bool
}

// Crumb is one step of the path to a page.
type Crumb struct{ Label, URL string }

// Kind is the tone of a message or a chip.
type Kind string

// The tones.
const (
	Plain   Kind = "plain"
	Info    Kind = "info"
	Success Kind = "success"
	Warning Kind = "warning"
	Danger  Kind = "danger"
)

// Flash is a message about the last action, drawn at the top of the page and
// read out by screen readers.
type Flash struct {
	Kind  Kind
	Text  string
	URL   string // where to see the thing; may be empty
	Label string // the link's words
}

// Paths are the addresses that the frame itself links to.
type Paths struct {
	Home    string // GET
	Search  string // GET with q
	Large   string // POST with on=1|0 and return=path
	SignIn  string // GET
	SignOut string // POST
	Help    string // GET; empty hides it
}

// orDefault fills what is empty with the usual places.
func (p Paths) orDefault() Paths {
	fill := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	fill(&p.Home, "/")
	fill(&p.Search, "/search")
	fill(&p.Large, "/preferences/large")
	fill(&p.SignIn, "/signin")
	fill(&p.SignOut, "/signout")
	return p
}

// navGroup is a run of items under one heading.
type navGroup struct {
	Name  string
	Items []NavItem
}

// groups cuts the items into runs of the same group, keeping their order.
func groups(items []NavItem) []navGroup {
	var out []navGroup
	for _, it := range items {
		if len(out) == 0 || out[len(out)-1].Name != it.Group {
			out = append(out, navGroup{Name: it.Group})
		}
		g := &out[len(out)-1]
		g.Items = append(g.Items, it)
	}
	return out
}

// primary returns up to four items for the bottom bar of a phone: the Primary
// ones, or the first ones when none is marked.
func primary(items []NavItem) []NavItem {
	var out []NavItem
	for _, it := range items {
		if it.Primary && len(out) < 4 {
			out = append(out, it)
		}
	}
	if len(out) == 0 {
		out = items[:min(4, len(items))]
	}
	return out
}

// count shows a number of waiting things in little room.
func count(n int) string {
	if n > 999 {
		return "999+"
	}
	return strconv.Itoa(n)
}

// fullTitle is the text of the browser's tab.
func (b Base) fullTitle() string {
	parts := []string{}
	for _, s := range []string{b.Title, b.City, textSystem} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

// htmlClass carries the modes that change the whole page.
func (b Base) htmlClass() string {
	if b.Large {
		return "no-js large"
	}
	return "no-js"
}

// Section is a part of a page with a heading. It takes children.
type Section struct {
	Title   string
	ID      string // anchor; may be empty
	Note    string // beside the heading: caliber, date, count
	Panel   bool   // draw a sheet of paper around it
	Flush   bool   // with Panel: no inner margin, for tables
	Actions templ.Component
}
