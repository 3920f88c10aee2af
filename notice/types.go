package notice

import (
	"strings"
	"time"
	"unicode"

	"bihuan/city"
	"bihuan/kit/errs"
)

// Kind says what a notice is about, so that people can pick out what matters now.
type Kind string

// The kinds.
const (
	Reminder Kind = "reminder" // a date comes near
	Urge     Kind = "urge"     // a date has passed
	Todo     Kind = "todo"     // something waits for a decision
	Result   Kind = "result"   // what became of something that was handed in
	Change   Kind = "change"   // a task, a target or a plan changed
)

// Kinds lists the kinds in the order in which pages show them.
func Kinds() []Kind { return []Kind{Urge, Reminder, Todo, Result, Change} }

// Label is the kind's Chinese name, "" for an unknown one.
func (k Kind) Label() string {
	return map[Kind]string{Reminder: "到期提醒", Urge: "催办", Todo: "待办", Result: "办理结果", Change: "变动"}[k]
}

// To is who is told: a unit of the city pack or one person. Make it with Unit or Person.
type To struct {
	unit   city.UnitID
	person string
}

// Unit tells everybody of a unit, and the unit's digest.
func Unit(id city.UnitID) To { return To{unit: id} }

// Person tells one person, in the inbox only.
func Person(id string) To { return To{person: id} }

// Notice is one thing that somebody is told.
type Notice struct {
	ID         int64 // given by Put: the later, the larger
	To         To
	Kind       Kind
	Title      string // one line
	Body       string // what to do, in a sentence or two; may be empty
	URL        string // the path in the product where it can be done, "/tasks/…"
	ObjectKind string // kind of the thing it is about, "task"; may be empty
	ObjectID   string
	Key        string    // names the matter: the same key is told to a recipient only once, "task.due/ID/2026-07-01"
	At         time.Time // when it was put; given by Put
}

// The lengths to which texts are cut, in characters. A text that is too long does not
// make the change fail that tells of it.
const (
	maxTitle = 120
	maxBody  = 1000
	maxKey   = 200
)

// checked gives the notice as it is kept, or the fault of the calling code.
func (n Notice) checked() (Notice, error) {
	n.Title, n.Body = line(n.Title, maxTitle), text(n.Body, maxBody)
	var fault string
	switch {
	case (n.To.unit == "") == (n.To.person == ""):
		fault = "needs a unit or a person"
	case n.Kind.Label() == "":
		fault = "has an unknown kind"
	case n.Title == "":
		fault = "has no title"
	case n.Key == "" || len([]rune(n.Key)) > maxKey:
		fault = "has no key or a long one"
	case !localPath(n.URL):
		fault = "leads out of the product"
	}
	if fault != "" {
		return n, errs.New(errs.Internal, "a notice %s: %q %q %q", fault, n.Kind, n.Key, n.URL)
	}
	return n, nil
}

// localPath reports whether p is a path of the product.
func localPath(p string) bool {
	return strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") && !strings.ContainsFunc(p, func(r rune) bool { return r == '\\' || unicode.IsControl(r) || unicode.IsSpace(r) })
}

// line makes one line of at most n characters.
func line(s string, n int) string { return cut(strings.Join(strings.Fields(printable(s)), " "), n) }

// text keeps line breaks and cuts to n characters.
func text(s string, n int) string { return cut(strings.TrimSpace(printable(s)), n) }

// printable takes out what neither a page, a letter nor PostgreSQL can hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r // a broken byte has become U+FFFD
	}, s)
}

func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
