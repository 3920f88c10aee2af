package plan

import (
	"strconv"
	"strings"

	"bihuan/kit/quantity"
)

// Values are the fields of an item of a draft as a form sends them: the names
// and the writing that a correction with OpSet takes. Setting an item to its own
// values changes nothing.
type Values map[string]string

// FieldNames lists the names of all fields in the order in which forms and logs show them.
func FieldNames() []string {
	return []string{
		"title", "number", "date", "year", "year_end", "issuers",
		"path", "section", "category", "due", "parent",
		"name", "role", "as",
		"subject", "kind", "comparator", "value", "value_max", "unit", "deadline", "deadline_text",
		"aspirational", "cumulative", "baseline", "words", "curve", "quote", "choice",
	}
}

// Values gives the particulars of the plan as a form sends them.
func (d *Draft) Values() Values {
	return Values{
		"title": d.Title, "number": d.Number, "date": d.Date,
		"year": yearText(d.Year), "year_end": yearText(d.YearEnd), "issuers": strings.Join(d.Issuers, "\n"),
	}
}

// Values gives the fields of a task as a form sends them.
func (t *DraftTask) Values() Values {
	return Values{
		"title": t.Title, "number": t.Number, "path": strings.Join(above(t.Path), "\n"),
		"section": string(t.Section), "category": string(t.Category), "due": t.Due, "parent": t.Parent,
	}
}

// AsRead gives the fields of a task as the document was read; nil for one added by hand.
func (t *DraftTask) AsRead() Values {
	if t.Read == nil {
		return nil
	}
	was := newDraftTask(t.ID, t.Read)
	return was.Values()
}

// Values gives the fields of a unit as a form sends them.
func (u *DraftUnit) Values() Values {
	return Values{"name": u.Name, "role": string(u.Role), "as": string(u.As)}
}

// AsRead gives the fields of a unit as the document was read; nil for one added by hand.
func (u *DraftUnit) AsRead() Values {
	if u.Read == nil {
		return nil
	}
	was := DraftUnit{Name: u.Read.Name, Role: u.Read.Role}
	return was.Values()
}

// Values gives the fields of a target as a form sends them; amounts as
// documents print them, 4万.
func (g *DraftTarget) Values() Values {
	return Values{
		"subject": g.Subject, "kind": string(g.Kind), "comparator": string(g.Comparator),
		"value": amountText(g.Value), "value_max": amountText(g.ValueMax), "unit": g.Unit,
		"deadline": g.Deadline, "deadline_text": g.DeadlineText,
		"aspirational": tick(g.Aspirational), "cumulative": tick(g.Cumulative),
		"baseline": amountText(g.Baseline), "words": g.Words, "curve": g.Curve, "quote": g.Quote,
	}
}

// AsRead gives the fields of a target as the document was read; nil for one added by hand.
func (g *DraftTarget) AsRead() Values {
	switch {
	case g.Read != nil:
		was := newDraftTarget(g.ID, g.Read)
		return was.Values()
	case g.Promise != nil:
		was := newPromise(g.ID, g.Promise)
		return was.Values()
	}
	return nil
}

// Differing gives the fields of a form whose values are not those of the item:
// what a correction should carry. White space at the ends and the line ends of a
// browser do not count.
func (v Values) Differing(form Values) map[string]string {
	changed := map[string]string{}
	for name, text := range form {
		text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
		if text != strings.TrimSpace(v[name]) {
			changed[name] = text
		}
	}
	return changed
}

func yearText(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}

func amountText(q *quantity.Quantity) string {
	if q == nil {
		return ""
	}
	return Amount(*q, "")
}

func tick(on bool) string {
	if on {
		return "1"
	}
	return ""
}
