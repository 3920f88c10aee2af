package register

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"bihuan/city"
	"bihuan/kit/audit"
	"bihuan/kit/blob"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/kit/seal"
	"bihuan/org"
)

// Blobs is the part of the blob store that this room uses.
type Blobs interface {
	Put(ctx context.Context, r io.Reader, limit int64) (blob.Ref, error)
	Open(hash string) (io.ReadSeekCloser, blob.Ref, error)
}

// Secrets seals personal fields and the seeds of draws, and makes keys that can be compared without opening them.
type Secrets interface {
	seal.Box
	BlindIndex(purpose, value string) string
}

// Parts are what a Service is made of. Guards may be nil. So may Task, which gives the
// id of a task by that or by its number and refuses what is not there or not for the
// person to see, and Shares, which tells what territories are to reach: what they serve
// is then not checked.
type Parts struct {
	DB      *db.DB
	Log     *audit.Log
	Box     Secrets
	Pack    *city.Pack
	Catalog *Catalog
	Blobs   Blobs
	Guards  map[string]Guard
	Task    func(ctx context.Context, p org.Principal, name string) (id string, err error)
	Shares  func(ctx context.Context) (Shares, error)
}

// Service holds what the use cases of this room need. Each is a method that takes
// who acts, checks the permission, and changes state in one transaction with its
// audit entry.
type Service struct{ parts Parts }

// New makes the room's service.
func New(p Parts) *Service { return &Service{p} }

// Catalog gives the registers of the pack.
func (s *Service) Catalog() *Catalog { return s.parts.Catalog }

func (s *Service) definition(id ID) (*Definition, error) {
	if d, ok := s.parts.Catalog.Get(id); ok {
		return d, nil
	}
	return nil, errs.New(errs.NotFound, "没有这个台账")
}

// scope is what a record concerns: the unit that entered it, and its territory.
func (s *Service) scope(r Record) org.Scope {
	return org.Scope{Units: []string{string(r.Unit)}, Territory: string(r.Territory)}
}

// is reports whether a person is an actor towards a record.
func (s *Service) is(p org.Principal, d *Definition, r Record, a Actor) bool {
	leads := org.Scope{Units: unitIDs(append([]city.UnitID{d.Lead}, d.Partners...))}
	switch a {
	case ByReporter:
		return p.May(org.RegisterEdit, s.scope(r)) == nil
	case ByCounty:
		return r.Territory != "" && p.May(org.RegisterVerify, org.Scope{Territory: string(r.Territory)}) == nil
	case ByLead:
		return p.May(org.RegisterVerify, leads) == nil
	case ByAssignee:
		u, ok := s.parts.Pack.Unit(r.Assignee)
		if !ok {
			return false
		}
		scope := org.Scope{Units: []string{string(u.ID)}}
		if u.Kind.IsGovernment() {
			scope.Territory = string(u.Territory)
		}
		return p.May(org.MatterAnswer, scope) == nil
	case ByDispatch:
		return p.May(org.MatterIssue, org.Scope{}) == nil
	case ByApprover:
		return p.May(org.MatterApprove, org.Scope{}) == nil
	}
	return false
}

func unitIDs(units []city.UnitID) (ids []string) {
	for _, u := range units {
		ids = append(ids, string(u))
	}
	return ids
}

const recordColumns = `r.id, r.register, r.no, r.title, r.territory_id, r.stage, r.stage_at, r.body, r.unit_id, r.assignee, r.parent_id, r.spans, r.flags, r.due_on,
	r.falsified, r.demo, r.revision, r.reported_by, r.reporter, r.reported_at, r.updated_at`

func scanRecord(r *Record) func(db.Scanner) error {
	return func(row db.Scanner) error {
		var body, spans, flags, due string
		var stageAt, reported, updated int64
		if err := row.Scan(&r.ID, &r.Register, &r.No, &r.Title, &r.Territory, &r.Stage, &stageAt, &body, &r.Unit, &r.Assignee, &r.Parent, &spans, &flags, &due,
			&r.Falsified, &r.Demo, &r.Revision, &r.ReportedBy, &r.Reporter, &reported, &updated); err != nil {
			return err
		}
		r.StageAt, r.ReportedAt, r.UpdatedAt = time.UnixMilli(stageAt).UTC(), time.UnixMilli(reported).UTC(), time.UnixMilli(updated).UTC()
		r.Due, _ = calendar.ParseDate(due)
		r.Values = map[string]string{}
		if err := json.Unmarshal([]byte(body), &r.Values); err != nil {
			return fmt.Errorf("stored values of %s: %w", r.ID, err)
		}
		var err error
		if r.Flags, err = decodeFlags(flags); err != nil {
			return fmt.Errorf("stored flags of %s: %w", r.ID, err)
		}
		r.Spans, err = decodeSpans(spans)
		return err
	}
}

func decodeFlags(text string) (flags []Flag, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &flags)
	}
	return flags, err
}

func encodeSpans(spans []Span) string {
	parts := make([]string, len(spans))
	for i, s := range spans {
		parts[i] = s.From.String() + "/"
		if !s.To.IsZero() {
			parts[i] += s.To.String()
		}
	}
	return strings.Join(parts, " ")
}

func decodeSpans(text string) (spans []Span, err error) {
	for _, part := range strings.Fields(text) {
		from, to, _ := strings.Cut(part, "/")
		var s Span
		if s.From, err = calendar.ParseDate(from); err != nil {
			return nil, fmt.Errorf("stored span: %w", err)
		}
		if to != "" {
			if s.To, err = calendar.ParseDate(to); err != nil {
				return nil, fmt.Errorf("stored span: %w", err)
			}
		}
		spans = append(spans, s)
	}
	return spans, nil
}

func recordByID(tx *db.Tx, id string) (r Record, err error) {
	err = tx.One(errs.New(errs.NotFound, "没有这条记录"), scanRecord(&r), "SELECT "+recordColumns+" FROM record r WHERE r.id = $1", id)
	return r, err
}

// sealContext binds a sealed value to its record and field.
func sealContext(id, field string) string { return "record " + id + " " + field }

// sealed seals the personal values of a record for storage.
func (s *Service) sealed(d *Definition, r Record) (map[string]string, error) {
	values := make(map[string]string, len(r.Values))
	for name, v := range r.Values {
		if f, ok := d.Field(name); ok && f.Personal {
			text, err := s.parts.Box.Seal([]byte(v), sealContext(r.ID, name))
			if err != nil {
				return nil, err
			}
			v = text
		}
		values[name] = v
	}
	return values, nil
}

// unseal opens the personal values of a record that was read.
func (s *Service) unseal(d *Definition, r *Record) error {
	for _, f := range d.Fields {
		v, ok := r.Values[f.Name]
		if !f.Personal || !ok {
			continue
		}
		plain, err := s.parts.Box.Open(v, sealContext(r.ID, f.Name))
		if err != nil {
			return err
		}
		r.Values[f.Name] = string(plain)
	}
	return nil
}

// Masked is a personal value as pages show it.
func (field Field) Masked(v string) string {
	if !field.Personal || v == "" {
		return v
	}
	switch field.Type {
	case Phone:
		return seal.MaskPhone(v)
	case IDNumber:
		return seal.MaskID(v)
	case Text, LongText, Number, Date, Choice, Many, Truth, USCC, Longitude, Latitude, Link, UnitRef, TaskRef, RecordRef:
	}
	return seal.MaskName(v)
}

func (d *Definition) mask(r *Record) {
	for _, f := range d.Fields {
		if v, ok := r.Values[f.Name]; ok {
			r.Values[f.Name] = f.Masked(v)
		}
	}
}

// derived are the columns that follow from a record; its flags come after it (reflag).
type derived struct{ body, spans, due, search, place string }

func (s *Service) derive(d *Definition, r Record) (x derived, err error) {
	values, err := s.sealed(d, r)
	if err != nil {
		return x, err
	}
	body, err := json.Marshal(values)
	if err != nil {
		return x, fmt.Errorf("store values: %w", err)
	}
	x.body, x.spans = string(body), encodeSpans(r.Spans)
	if !r.Due.IsZero() {
		x.due = r.Due.String()
	}
	words := []string{r.No, r.Title}
	for _, f := range d.Fields {
		if v := r.Values[f.Name]; v != "" && !f.Personal && (f.Type == Text || f.Type == USCC) {
			words = append(words, v)
		}
	}
	x.place = d.placeOf(r)
	x.search = strings.ToLower(strings.Join(words, " "))
	return x, nil
}

func (s *Service) insert(tx *db.Tx, d *Definition, r Record) error {
	x, err := s.derive(d, r)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO record (id, register, no, title, territory_id, stage, stage_at, body, unit_id, assignee, parent_id, spans, flags, due_on,
		falsified, demo, revision, reported_by, reporter, reported_at, updated_at, search, place) VALUES `+db.In(1, 23),
		r.ID, string(r.Register), r.No, r.Title, string(r.Territory), r.Stage, r.StageAt.UnixMilli(), x.body, string(r.Unit), string(r.Assignee), r.Parent, x.spans, "", x.due,
		bit(r.Falsified), bit(r.Demo), 0, r.ReportedBy, r.Reporter, r.ReportedAt.UnixMilli(), r.ReportedAt.UnixMilli(), x.search, x.place); err != nil {
		return err
	}
	if err := s.claimKeys(tx, d, r); err != nil {
		return err
	}
	if err := s.keepPhones(tx, d, r); err != nil {
		return err
	}
	if err := storeSpans(tx, Record{}, r); err != nil {
		return err
	}
	return addTotals(tx, d, nil, d.Deltas(r))
}

// storeSpans keeps the rows by which records are found under a number.
func storeSpans(tx *db.Tx, before, r Record) error {
	if slices.Equal(before.Spans, r.Spans) {
		return nil
	}
	if len(before.Spans) > 0 {
		if _, err := tx.Exec("DELETE FROM record_span WHERE record_id = $1", r.ID); err != nil {
			return err
		}
	}
	for i, x := range r.Spans {
		to := ""
		if !x.To.IsZero() {
			to = x.To.String()
		}
		if _, err := tx.Exec("INSERT INTO record_span (record_id, seq, from_on, to_on) VALUES ($1, $2, $3, $4)", r.ID, i, x.From.String(), to); err != nil {
			return err
		}
	}
	return nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// update stores a changed record, with its keys and its part of the totals; flags follow.
func (s *Service) update(tx *db.Tx, d *Definition, before, r Record) error {
	x, err := s.derive(d, r)
	if err != nil {
		return err
	}
	if err := tx.Must(errChanged(), `UPDATE record SET title = $1, territory_id = $2, stage = $3, stage_at = $4, body = $5, assignee = $6, spans = $7,
		due_on = $8, falsified = $9, revision = revision + 1, updated_at = $10, search = $11, place = $12 WHERE id = $13 AND revision = $14`,
		r.Title, string(r.Territory), r.Stage, r.StageAt.UnixMilli(), x.body, string(r.Assignee), x.spans, x.due, bit(r.Falsified), tx.NowMilli(), x.search, x.place, r.ID, r.Revision); err != nil {
		return err
	}
	for _, table := range []string{"record_key", "record_phone"} {
		if _, err := tx.Exec("DELETE FROM "+table+" WHERE record_id = $1", r.ID); err != nil {
			return err
		}
	}
	if d.standing(r) {
		if err := s.claimKeys(tx, d, r); err != nil {
			return err
		}
		if err := s.keepPhones(tx, d, r); err != nil {
			return err
		}
	}
	if err := storeSpans(tx, before, r); err != nil {
		return err
	}
	return addTotals(tx, d, d.Deltas(before), d.Deltas(r))
}

func errChanged() error {
	return errs.New(errs.Conflict, "记录刚被他人改过，请看过新的内容再办理")
}

// standing reports whether a record still holds its keys: one that was given up
// or withdrawn makes room for another.
func (d *Definition) standing(r Record) bool {
	st, ok := d.Stage(r.Stage)
	return !r.Falsified && (!ok || !st.Ends || st.Counts)
}

// claimKeys takes the record's keys, or says which other record has one.
func (s *Service) claimKeys(tx *db.Tx, d *Definition, r Record) error {
	for _, u := range d.Unique {
		key, personal := u.key(d, r)
		if key == "" {
			continue
		}
		if personal {
			key = s.parts.Box.BlindIndex("register "+string(d.ID)+" "+u.Name, key)
		}
		var id, no string
		err := tx.One(errNone, func(row db.Scanner) error { return row.Scan(&id, &no) },
			"SELECT r.id, r.no FROM record_key k JOIN record r ON r.id = k.record_id WHERE k.register = $1 AND k.name = $2 AND k.value = $3", string(d.ID), u.Name, key)
		switch {
		case err == nil:
			return errs.New(errs.Conflict, "%s（%s）", or(u.Says, "已有相同的记录"), no)
		case !errors.Is(err, errNone):
			return err
		}
		if _, err := tx.Exec("INSERT INTO record_key (register, name, value, record_id) VALUES ($1, $2, $3, $4)", string(d.ID), u.Name, key, r.ID); err != nil {
			return err
		}
	}
	return nil
}

var errNone = errs.New(errs.NotFound, "none")

// key is the text that must be unique, "" when one of its fields is empty.
func (u Unique) key(d *Definition, r Record) (key string, personal bool) {
	parts := make([]string, 0, len(u.Fields)+2)
	for _, name := range u.Fields {
		v := r.Values[name]
		if v == "" {
			return "", false
		}
		if f, ok := d.Field(name); ok && f.Personal {
			personal = true
		}
		parts = append(parts, strings.ToLower(strings.Join(strings.Fields(v), " ")))
	}
	if u.Yearly {
		parts = append(parts, fmt.Sprint(d.EffectiveOn(r.Values).Year()))
	}
	if u.Local {
		parts = append(parts, string(r.Territory))
	}
	return strings.Join(parts, "\x1f"), personal
}

// nextNo gives the number of a new record: 站点-2026-000123.
func nextNo(tx *db.Tx, d *Definition, year int) (string, error) {
	n := int64(1)
	err := tx.One(errNone, func(r db.Scanner) error { return r.Scan(&n) }, "SELECT next FROM record_number WHERE register = $1 AND year = $2", string(d.ID), year)
	switch {
	case errors.Is(err, errNone):
		_, err = tx.Exec("INSERT INTO record_number (register, year, next) VALUES ($1, $2, 2)", string(d.ID), year)
	case err == nil:
		_, err = tx.Exec("UPDATE record_number SET next = $1 WHERE register = $2 AND year = $3", n+1, string(d.ID), year)
	}
	return fmt.Sprintf("%s-%d-%06d", or(d.Short, string(d.ID)), year, n), err
}

// event appends a line to a record's history and to the audit log.
func (s *Service) event(tx *db.Tx, p org.Principal, d *Definition, r Record, e Event) error {
	if d.Anonymous && e.Move == "create" {
		p = org.Job("匿名登记")
	}
	changes := ""
	if len(e.Changes) > 0 {
		b, err := json.Marshal(e.Changes)
		if err != nil {
			return fmt.Errorf("store changes: %w", err)
		}
		changes = string(b)
	}
	if _, err := tx.Exec(`INSERT INTO record_event (record_id, seq, at, by_id, by_name, by_unit, move, from_stage, to_stage, reason, changes)
		SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM record_event WHERE record_id = $1`,
		r.ID, tx.NowMilli(), p.ID, p.Name, p.UnitName, e.Move, e.From, e.To, e.Reason, changes); err != nil {
		return err
	}
	after := map[string]any{"台账": d.Name}
	if e.To != "" {
		st, _ := d.Stage(e.To)
		after["阶段"] = st.Label
	}
	before := map[string]any{}
	for name, c := range e.Changes {
		f, _ := d.Field(name)
		before[f.Label], after[f.Label] = c[0], c[1]
	}
	return s.parts.Log.Append(tx, p.Actor(), audit.Entry{Action: "record." + actionOf(e.Move), ObjectKind: "record", ObjectID: r.ID, ObjectName: r.No + " " + r.Title, Before: before, After: after, Reason: e.Reason})
}

// actionOf keeps the acts of the log few: what a move is called stands in the register.
func actionOf(move string) string {
	if slices.Contains([]string{"create", "edit", "proof", "falsify", moveFalsifyProof}, move) {
		return strings.ReplaceAll(move, "-", "_")
	}
	return "move"
}

func events(tx *db.Tx, id string) ([]Event, error) {
	all, err := histories(tx, []string{id})
	return all[id], err
}

// histories reads what records did, the oldest first.
func histories(tx *db.Tx, ids []string) (all map[string][]Event, err error) {
	all = make(map[string][]Event, len(ids))
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	err = tx.Each(func(r db.Scanner) error {
		var e Event
		var id string
		var at int64
		var changes string
		if err := r.Scan(&id, &e.Seq, &at, &e.By, &e.Name, &e.Unit, &e.Move, &e.From, &e.To, &e.Reason, &changes); err != nil {
			return err
		}
		e.At = time.UnixMilli(at).UTC()
		if changes != "" {
			if err := json.Unmarshal([]byte(changes), &e.Changes); err != nil {
				return fmt.Errorf("stored changes: %w", err)
			}
		}
		all[id] = append(all[id], e)
		return nil
	}, "SELECT record_id, seq, at, by_id, by_name, by_unit, move, from_stage, to_stage, reason, changes FROM record_event WHERE record_id IN "+db.In(1, len(ids))+" ORDER BY record_id, seq", args...)
	return all, err
}
