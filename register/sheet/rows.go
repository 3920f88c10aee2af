package sheet

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/errs"
	"bihuan/kit/office"
	"bihuan/org"
	"bihuan/register"
)

// reading turns the rows of one file into drafts.
type reading struct {
	*Service
	p       org.Principal
	d       *register.Definition
	columns []column
	layout
	places map[string]place // names of territories met so far
	refs   map[string]found // references met so far
	seen   map[[16]byte]int // row in which a unique key stood first
}

// place is what the name of a territory led to.
type place struct {
	id     city.TerritoryID
	reason string
}

// found is what a reference to a record led to.
type found struct{ id, reason string }

func (s *Service) newReading(p org.Principal, d *register.Definition) *reading {
	return &reading{Service: s, p: p, d: d, columns: s.columnsOf(d), places: map[string]place{}, refs: map[string]found{}, seen: map[[16]byte]int{}}
}

// draft reads a row. Bad cells are in the order of the file's columns.
func (r *reading) draft(ctx context.Context, row office.Row) (register.Draft, []BadCell, error) {
	draft := register.Draft{Register: r.d.ID, Values: make(map[string]string, len(r.columns))}
	var bad []BadCell
	for i, c := range r.columns {
		v := r.cell(row, i)
		var text, reason string
		var err error
		switch {
		case c.Name == territoryColumn:
			p := r.territory(v)
			draft.Territory, reason = p.id, p.reason
		case c.Type == register.UnitRef || c.Type == register.RecordRef:
			text, reason, err = r.reference(ctx, c, v)
		default:
			text, reason = readValue(c.Field, v)
		}
		switch {
		case err != nil:
			return draft, nil, err
		case reason != "":
			bad = append(bad, r.badCell(row, i, reason))
		case c.Name == parentColumn:
			draft.Parent = text
		case text != "":
			draft.Values[c.Name] = text
		}
	}
	r.sort(bad)
	return draft, bad, nil
}

func (r *reading) sort(bad []BadCell) {
	slices.SortStableFunc(bad, func(a, b BadCell) int {
		if n := len(a.Column) - len(b.Column); n != 0 {
			return n
		}
		return strings.Compare(a.Column, b.Column)
	})
}

func (r *reading) badCell(row office.Row, i int, reason string) BadCell {
	b := BadCell{Row: row.Number, Column: r.letter(i), Field: r.columns[i].Name, Label: r.columns[i].Label, Reason: reason}
	if !r.columns[i].Personal {
		b.Found = clip(tidy(r.cell(row, i).Text, false))
	}
	return b
}

// territory finds whose record a row is, and whether the person may enter it.
func (r *reading) territory(v office.Value) place {
	name := tidy(v.Text, false)
	if p, known := r.places[name]; known {
		return p
	}
	p := place{}
	t := city.TerritoryID(r.p.TerritoryID) // an empty cell means one's own
	if name != "" {
		var ok bool
		if t, ok = r.Pack.Directory().ResolveTerritory(name); !ok {
			p.reason = "不认识的地区，请从下拉列表中选择"
		}
	}
	if t != r.Pack.Root().ID { // a record of the whole city has no territory
		p.id = t
	}
	if p.reason == "" && !mayEnter(r.p, r.d, p.id) {
		p.reason = r.notYours(name)
	}
	if len(r.places) < 10_000 {
		r.places[name] = p
	}
	return p
}

func (r *reading) notYours(name string) string {
	own, ok := r.Pack.Territory(city.TerritoryID(r.p.TerritoryID))
	switch {
	case ok && own.Kind != city.TerritoryPrefecture:
		return "您只能导入" + own.Name + "的记录"
	case name == "":
		return "必填，不能空缺"
	}
	return "您不能登记这个地区的记录"
}

// mayEnter tells whether the person may enter records of a register for a
// territory. The register room asks the same again when rows are entered.
func mayEnter(p org.Principal, d *register.Definition, t city.TerritoryID) bool {
	for _, e := range d.Entry {
		var scope org.Scope
		switch e {
		case register.EntrantCounty:
			scope.Territory = string(t)
		case register.EntrantLead:
			for _, u := range append([]city.UnitID{d.Lead}, d.Partners...) {
				scope.Units = append(scope.Units, string(u))
			}
		case register.EntrantUnit:
			scope.Units = p.Self().Units
		}
		if p.May(org.RegisterEdit, scope) == nil {
			return true
		}
	}
	return p.UnitID == string(d.Lead) && p.May(org.MatterIssue, org.Scope{}) == nil
}

// reference reads a cell that names a unit or a record.
func (r *reading) reference(ctx context.Context, c column, v office.Value) (string, string, error) {
	text, reason := readValue(register.Field{Type: register.Text, Required: c.Required}, v)
	if text == "" {
		return "", reason, nil
	}
	at := string(c.Type) + "\x00" + string(c.Of) + "\x00" + text
	f, known := r.refs[at]
	if !known {
		var err error
		if f, err = r.lookUp(ctx, c, text); err != nil {
			return "", "", err
		}
		if len(r.refs) < 100_000 {
			r.refs[at] = f
		}
	}
	return f.id, f.reason, nil
}

func (r *reading) lookUp(ctx context.Context, c column, text string) (found, error) {
	if c.Type == register.UnitRef {
		return r.unit(text), nil
	}
	records, _, err := r.Records.List(ctx, r.p, register.Query{Register: c.Of, Text: text, Limit: 20})
	if err != nil {
		return found{}, fmt.Errorf("look up %s in %s: %w", text, c.Of, err)
	}
	var ids []string
	for _, rec := range records {
		if rec.No == text || rec.ID == text {
			return found{id: rec.ID}, nil
		}
		if rec.Title == text {
			ids = append(ids, rec.ID)
		}
	}
	switch len(ids) {
	case 0:
		return found{reason: "没有找到这条记录，请填写它的编号"}, nil
	case 1:
		return found{id: ids[0]}, nil
	}
	return found{reason: "有几条同名的记录，请填写编号"}, nil
}

// unit understands the names that documents use for a unit.
func (r *reading) unit(text string) found {
	if u, ok := r.Pack.Unit(city.UnitID(text)); ok {
		return found{id: string(u.ID)}
	}
	res := r.Pack.Directory().Resolve(text)
	switch {
	case len(res.Units) == 1 && !res.Collective:
		return found{id: string(res.Units[0])}
	case res.Collective:
		return found{reason: "这是几个单位的合称，请只填一个单位"}
	case len(res.Candidates) > 0:
		names := make([]string, len(res.Candidates))
		for i, id := range res.Candidates {
			u, _ := r.Pack.Unit(id)
			names[i] = u.Short
		}
		return found{reason: "不能确定是哪个单位，是否指：" + strings.Join(names, "、")}
	}
	return found{reason: "不认识的单位，请填写单位全称或通行的简称"}
}

// twice names the fields whose unique key an earlier row of the file has already,
// and remembers the keys of this row.
func (r *reading) twice(row office.Row, draft register.Draft) []BadCell {
	var bad []BadCell
	for _, u := range r.d.Unique {
		k, whole := uniqueKey(r.d, u, draft)
		if !whole {
			continue
		}
		first, taken := r.seen[k]
		if !taken {
			r.seen[k] = row.Number
			continue
		}
		bad = append(bad, r.badCell(row, r.column(u.Fields[0]), fmt.Sprintf("%s：与本文件第 %d 行重复", u.Says, first)))
	}
	return bad
}

// column finds a column of the template by the name of its field.
func (r *reading) column(name string) int {
	return slices.IndexFunc(r.columns, func(c column) bool { return c.Name == name })
}

// uniqueKey is the key of a draft; a key with an empty field binds nobody.
func uniqueKey(d *register.Definition, u register.Unique, draft register.Draft) (k [16]byte, whole bool) {
	parts := []string{u.Name}
	for _, f := range u.Fields {
		v := strings.ToLower(bare(draft.Values[f]))
		if v == "" {
			return k, false
		}
		parts = append(parts, v)
	}
	if u.Yearly {
		year, _, _ := strings.Cut(draft.Values[d.Effective], "-")
		parts = append(parts, year)
	}
	if u.Local {
		parts = append(parts, string(draft.Territory))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return [16]byte(sum[:16]), true
}

// refusal turns the store's refusal of a draft into bad cells; an error that is no
// refusal comes back.
func (r *reading) refusal(row office.Row, err error) ([]BadCell, error) {
	var e *errs.Error
	if !errors.As(err, &e) || e.Code == errs.Internal || e.Code == errs.Unavailable {
		return nil, err
	}
	var bad []BadCell
	for _, f := range e.Fields {
		if i := r.column(f.Name); i >= 0 {
			bad = append(bad, r.badCell(row, i, f.Message))
		}
	}
	for _, u := range r.d.Unique {
		if i := r.column(u.Fields[0]); len(bad) == 0 && u.Says != "" && strings.HasPrefix(e.Message, u.Says) {
			bad = append(bad, r.badCell(row, i, e.Message))
		}
	}
	if len(bad) == 0 {
		bad = append(bad, BadCell{Row: row.Number, Label: "整行", Reason: e.Message})
	}
	return bad, nil
}
