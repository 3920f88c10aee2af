package register

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// List reads a page of records, those that are due first when they are owed, else
// the newest first, and tells how many there are.
func (s *Service) List(ctx context.Context, p org.Principal, q Query) (all []Record, total int, err error) {
	defer errs.Wrap(&err, "register.List")
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, 0, err
	}
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) (err error) { all, err = s.list(tx, p, q, &total); return err })
	if q.Uncounted {
		total = len(all)
	}
	return all, total, err
}

// where collects the conditions of a query.
type where struct {
	parts []string
	args  []any
}

// add appends a condition in which each "?" stands for the next argument.
func (w *where) add(cond string, args ...any) {
	var b strings.Builder
	for _, r := range cond {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		w.args = append(w.args, args[0])
		args = args[1:]
		fmt.Fprintf(&b, "$%d", len(w.args))
	}
	w.parts = append(w.parts, b.String())
}

func (w *where) String() string {
	if len(w.parts) == 0 {
		return "1 = 1"
	}
	return strings.Join(w.parts, " AND ")
}

func (s *Service) list(tx *db.Tx, p org.Principal, q Query, total *int) (all []Record, err error) {
	w := &where{}
	if err := s.conditions(w, tx, p, q); err != nil {
		return nil, err
	}
	if total != nil && !q.Uncounted {
		if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(total) }, "SELECT COUNT(*) FROM record r WHERE "+w.String(), w.args...); err != nil {
			return nil, err
		}
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	order := "r.no DESC"
	if q.Register == "" {
		order = "r.id DESC" // numbers of different registers do not compare; identifiers grow with time
	}
	if q.Owed || q.Late {
		order = "CASE WHEN r.due_on = '' THEN 1 ELSE 0 END, r.due_on, r.no"
	}
	n := len(w.args)
	err = tx.Each(func(row db.Scanner) error {
		var r Record
		if err := scanRecord(&r)(row); err != nil {
			return err
		}
		if d, ok := s.parts.Catalog.Get(r.Register); ok {
			if err := s.unseal(d, &r); err != nil {
				return err
			}
			d.mask(&r)
		}
		all = append(all, r)
		return nil
	}, fmt.Sprintf("SELECT %s FROM record r WHERE %s ORDER BY %s LIMIT $%d OFFSET $%d", recordColumns, w, order, n+1, n+2), append(w.args, limit, q.Offset)...)
	return all, err
}

func (s *Service) conditions(w *where, tx *db.Tx, p org.Principal, q Query) error {
	if q.Under.Count != "" {
		if q.Register == "" {
			q.Register = q.Under.Register
		}
		if err := s.under(w, q); err != nil {
			return err
		}
	}
	for _, x := range []struct{ column, value string }{{"register", string(q.Register)}, {"territory_id", string(q.Territory)}, {"stage", q.Stage}, {"unit_id", string(q.Unit)}} {
		if x.value != "" {
			w.add("r."+x.column+" = ?", x.value)
		}
	}
	// The indexes of these two hold only what is not empty, and serve a query that says so.
	for _, x := range []struct{ column, value string }{{"parent_id", q.Parent}, {"assignee", string(q.Assignee)}} {
		if x.value != "" {
			w.add("r."+x.column+" <> '' AND r."+x.column+" = ?", x.value)
		}
	}
	for field, v := range q.Having {
		w.add(`r.body LIKE ? ESCAPE '\'`, holding(field, v))
	}
	for _, word := range strings.Fields(strings.ToLower(q.Text)) {
		w.add(`r.search LIKE ? ESCAPE '\'`, db.Like(word))
	}
	if q.Flagged {
		w.add("r.flags <> ''")
	}
	if q.Lapsed {
		s.lapsed(w, calendar.Today(tx.Now()).String())
	}
	if !q.DueBy.IsZero() {
		w.add("r.due_on <> '' AND r.due_on <= ?", q.DueBy.String())
	}
	if q.Falsified {
		w.add("r.falsified = 1")
	}
	if q.Late {
		w.add("r.due_on <> '' AND r.due_on < ?", calendar.Today(tx.Now()).String())
	}
	if q.Owed {
		s.owed(w, p)
	}
	return nil
}

// holding is the pattern that finds a value in the stored text of a record. No text
// of another field can look like it: JSON writes the quotes inside of a text as \".
func holding(field, v string) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "" // no string fails to be written
	}
	return db.Like(`"` + field + `":` + string(text))
}

// lapsed keeps the records that stand where they count, counted, and do not any more.
func (s *Service) lapsed(w *where, day string) {
	var parts []string
	var args []any
	for _, d := range s.parts.Catalog.All() {
		for _, st := range d.Stages {
			if st.Counts {
				parts, args = append(parts, "r.register = ? AND r.stage = ?"), append(args, string(d.ID), st.ID)
			}
		}
	}
	if len(parts) == 0 {
		w.add("1 = 0")
		return
	}
	w.add("("+strings.Join(parts, " OR ")+")", args...)
	w.add(`r.falsified = 0 AND EXISTS (SELECT 1 FROM record_span x WHERE x.record_id = r.id)
		AND NOT EXISTS (SELECT 1 FROM record_span x WHERE x.record_id = r.id AND (x.to_on = '' OR x.to_on > ?))`, day)
}

// countsOn keeps the records that have a span on a day, which it asks for twice.
const countsOn = "EXISTS (SELECT 1 FROM record_span x WHERE x.record_id = r.id AND x.from_on <= ? AND (x.to_on = '' OR x.to_on > ?))"

// under keeps exactly the records that a count counts at a day. What a condition
// of the count asks of the values is asked of the stored text.
func (s *Service) under(w *where, q Query) error {
	d, err := s.definition(q.Register)
	if err != nil {
		return err
	}
	c, ok := d.Count(q.Under.Count)
	if !ok {
		return errs.New(errs.NotFound, "台账“%s”没有计数规则“%s”", d.Name, q.Under.Count)
	}
	day := q.At.String()
	w.add("r.falsified = 0 AND "+countsOn, day, day)
	if c.Mode == Flow {
		w.add("EXISTS (SELECT 1 FROM record_span x WHERE x.record_id = r.id AND x.seq = 0 AND x.from_on >= ?)", since(Flow, q.At))
	}
	if c.New && !d.Baseline.IsZero() {
		w.add("EXISTS (SELECT 1 FROM record_span x WHERE x.record_id = r.id AND x.seq = 0 AND x.from_on > ?)", d.Baseline.String())
	}
	for _, x := range c.Where {
		var one []string
		var args []any
		for _, v := range x.In {
			one = append(one, `r.body LIKE ? ESCAPE '\'`)
			args = append(args, holding(x.Field, v))
		}
		w.add("("+strings.Join(one, " OR ")+")", args...)
	}
	return nil
}

// owed keeps what the person has to move on: records in a stage whose owner the
// person is.
func (s *Service) owed(w *where, p org.Principal) {
	var parts []string
	var args []any
	for _, d := range s.parts.Catalog.All() {
		for _, st := range d.Stages {
			if len(st.Moves) == 0 || st.Owner == "" || st.Counts && st.Limit == nil {
				continue
			}
			cond, more := s.ownedBy(p, d, st.Owner)
			if cond == "" {
				continue
			}
			parts = append(parts, "(r.register = ? AND r.stage = ? AND r.falsified = 0"+cond+")")
			args = append(args, append([]any{string(d.ID), st.ID}, more...)...)
		}
	}
	if len(parts) == 0 {
		w.add("1 = 0")
		return
	}
	w.add("("+strings.Join(parts, " OR ")+")", args...)
}

// ownedBy is the condition under which a record's stage is the person's to move
// on; "" when it never is.
func (s *Service) ownedBy(p org.Principal, d *Definition, owner Actor) (cond string, args []any) {
	extent := func(v org.Visible) (string, []any) {
		switch {
		case v.All:
			return " AND 1 = 1", nil
		case v.Territory != "":
			return " AND r.territory_id = ?", []any{v.Territory}
		case len(v.Units) > 0:
			return " AND r.unit_id = ?", []any{v.Units[0]}
		}
		return "", nil
	}
	switch owner {
	case ByReporter:
		return extent(p.Extent(org.RegisterEdit))
	case ByCounty:
		if v := p.Extent(org.RegisterVerify); v.Territory != "" {
			return " AND r.territory_id = ?", []any{v.Territory}
		}
	case ByLead:
		if slices.Contains(append([]city.UnitID{d.Lead}, d.Partners...), city.UnitID(p.UnitID)) && s.is(p, d, Record{}, ByLead) {
			return " AND r.reported_by <> ?", []any{p.ID}
		}
	case ByAssignee:
		if p.UnitID != "" && p.MayAnywhere(org.MatterAnswer) {
			return " AND r.assignee <> '' AND r.assignee = ?", []any{p.UnitID}
		}
	case ByDispatch:
		if s.is(p, d, Record{}, ByDispatch) {
			return " AND 1 = 1", nil
		}
	case ByApprover:
		if s.is(p, d, Record{}, ByApprover) {
			return " AND 1 = 1", nil
		}
	}
	return "", nil
}

// Waiting counts, for each register, what the person has to move on.
func (s *Service) Waiting(ctx context.Context, p org.Principal) (counts map[ID]int, err error) {
	defer errs.Wrap(&err, "register.Waiting")
	counts = map[ID]int{}
	if p.May(org.RegisterRead, org.Scope{}) != nil {
		return counts, nil
	}
	w := &where{}
	s.owed(w, p)
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.Each(func(r db.Scanner) error {
			var id ID
			var n int
			err := r.Scan(&id, &n)
			counts[id] = n
			return err
		}, "SELECT r.register, COUNT(*) FROM record r WHERE "+w.String()+" GROUP BY r.register", w.args...)
	})
	return counts, err
}
