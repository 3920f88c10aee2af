package demo

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"

	"bihuan/city"
	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
	"bihuan/register"
)

// made is one record of a demonstration: what it shall be, and what it is.
type made struct {
	d         *register.Definition
	by        org.Principal
	territory city.TerritoryID
	day       calendar.Date
	fixed     map[string]string
	note      string // after its title
	parent    string
	goal      string // the stage at which it rests; "" where it counts or has ended
	steps     int    // moves that it makes at most
	then      string // what happens to it after that: back, suspend, falsify; "" for nothing

	maker *maker
	now   register.Record
	did   map[string]string // who made which move
}

// mostMoves are more than any record makes.
const mostMoves = 99

// makeRecords makes records and brings each as far as it shall go.
func (f *filler) makeRecords(records []*made) error {
	entered, err := f.enter(records)
	if err != nil {
		return err
	}
	if err := f.advance(entered); err != nil {
		return err
	}
	return f.afterwards(entered)
}

// enter enters records, those of one person in one transaction, and gives those
// that were entered. One that is there already is left out.
func (f *filler) enter(records []*made) (entered []*made, err error) {
	slices.SortStableFunc(records, func(a, b *made) int { return strings.Compare(a.by.Login, b.by.Login) })
	for len(records) > 0 {
		n := 1
		for n < len(records) && n < 500 && records[n].by.ID == records[0].by.ID {
			n++
		}
		drafts := make([]register.Draft, n)
		for i, r := range records[:n] {
			if drafts[i], err = f.draft(r); err != nil {
				return nil, err
			}
		}
		if err := f.a.Register.Enter(f.ctx, records[0].by, drafts, func(_ *db.Tx, refused []error) error {
			for i, r := range records[:n] {
				switch {
				case refused[i] == nil:
					entered = append(entered, r)
				case !errs.Is(refused[i], errs.Conflict):
					return refused[i]
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
		records = records[n:]
	}
	return entered, f.find(entered)
}

// find reads records as they were entered: the newest of their registers, in order.
func (f *filler) find(entered []*made) error {
	of := map[register.ID][]*made{}
	for _, r := range entered {
		of[r.d.ID] = append(of[r.d.ID], r)
	}
	for id, records := range of {
		list, _, err := f.a.Register.List(f.ctx, f.people["dispatcher"], register.Query{Register: id, Limit: len(records)})
		if err != nil {
			return err
		}
		for i, r := range records {
			r.now, r.did = list[len(list)-1-i], map[string]string{"create": r.by.ID}
			f.refs[id] = append(f.refs[id], r.now.ID)
		}
	}
	return nil
}

func (f *filler) draft(r *made) (register.Draft, error) {
	f.n++
	r.maker = &maker{rng: f.rng, pack: f.a.Pack, d: r.d, n: f.n, territory: r.territory, day: r.day, today: f.today, fixed: r.fixed, task: f.task, refs: f.refs, words: f.words, note: r.note}
	r.maker.nth = f.made[r.d.ID]
	f.made[r.d.ID]++
	proofs, err := proofsOf(r.d, f.n)
	return register.Draft{Register: r.d.ID, Territory: r.territory, Values: f.fresh(r.maker), Parent: r.parent, Proofs: proofs, Demo: true}, err
}

// Tries for a title and keys that no record of the register has yet: after some the
// title may be an old one, after more the words are left aside.
const (
	newTitles = 8
	newKeys   = 20
	allTries  = 24
)

// fresh are the values of a new record.
func (f *filler) fresh(m *maker) (values map[string]string) {
	for try := range allTries {
		m.begin(try)
		m.plain = try >= newKeys
		values = m.values()
		keys := m.keys(values)
		old := func(k string) bool { return f.keys[k] }
		if !slices.ContainsFunc(keys, old) && (try >= newTitles || !f.keys[m.titleKey(values)]) {
			for _, k := range append(keys, m.titleKey(values)) {
				f.keys[k] = true
			}
			break
		}
	}
	return values
}

// proofsOf are the evidence files that moves of a register ask for. Photos differ, so
// that none is another's; texts are one file.
func proofsOf(d *register.Definition, n int) (files []register.File, err error) {
	asked := map[string]bool{}
	for _, s := range d.Stages {
		for _, m := range s.Moves {
			for _, kind := range m.Proof {
				asked[kind] = true
			}
		}
	}
	for _, k := range d.Proof {
		if !k.Required && !asked[k.ID] {
			continue
		}
		file := register.File{Kind: k.ID, Name: "演示" + k.Label + ".txt", Data: strings.NewReader(notReal), Size: int64(len(notReal))}
		if k.Photo {
			data, err := picture(n)
			if err != nil {
				return nil, err
			}
			file.Name, file.Data, file.Size = "演示"+k.Label+".png", bytes.NewReader(data), int64(len(data))
		}
		files = append(files, file)
	}
	return files, nil
}

const notReal = "演示佐证，不是真实材料。\n"

// picture is a small picture with a pattern of its own.
func picture(n int) ([]byte, error) {
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range m.Pix {
		m.Pix[i] = byte(n >> (i % 16) * 40)
	}
	var b bytes.Buffer
	err := png.Encode(&b, m)
	return b.Bytes(), err
}

// advance makes the records' moves, at each round one of each; those of one person
// are made together.
func (f *filler) advance(records []*made) error {
	for {
		var order []string
		who := map[string]org.Principal{}
		steps, moved := map[string][]register.Step{}, map[string][]*made{}
		moves := map[*made]register.Move{}
		for _, r := range records {
			m, p, ok, err := f.next(r)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if _, known := who[p.ID]; !known {
				order, who[p.ID] = append(order, p.ID), p
			}
			steps[p.ID], moved[p.ID], moves[r] = append(steps[p.ID], r.step(m)), append(moved[p.ID], r), m
		}
		if len(order) == 0 {
			return nil
		}
		for _, id := range order {
			refused, err := f.a.Register.MoveAll(f.ctx, who[id], steps[id])
			if err != nil {
				return err
			}
			for i, r := range moved[id] {
				if err := r.moved(moves[r], steps[id][i], id, refused[i]); err != nil {
					return err
				}
			}
		}
	}
}

// next is the move that a record makes now, and who makes it.
func (f *filler) next(r *made) (m register.Move, p org.Principal, ok bool, err error) {
	if r.steps == 0 {
		return m, p, false, nil
	}
	way, ok := r.way(r.now.Stage, nil)
	if !ok || len(way) == 0 {
		return m, p, false, nil
	}
	p, ok, err = f.actor(r, way[0])
	return way[0], p, ok, err
}

// way is how a record gets from a stage to its goal; giving up is no way.
func (r *made) way(stage string, seen []string) ([]register.Move, bool) {
	st, _ := r.d.Stage(stage)
	if r.goal == stage || r.goal == "" && (st.Counts || st.Ends) {
		return nil, true
	}
	for _, m := range st.Moves {
		to, _ := r.d.Stage(m.To)
		if slices.Contains(seen, m.To) || m.To == stage || !r.fits(m) || to.Ends && m.Reason && r.goal != to.ID {
			continue
		}
		if rest, ok := r.way(m.To, append(seen, stage)); ok {
			return append([]register.Move{m}, rest...), true
		}
	}
	return nil, false
}

func (r *made) fits(m register.Move) bool {
	return !slices.ContainsFunc(m.Where, func(c register.Condition) bool { return !slices.Contains(c.In, r.now.Values[c.Field]) })
}

// step is a move with what it asks for.
func (r *made) step(m register.Move) register.Step {
	s := register.Step{ID: r.now.ID, Move: m.ID, Revision: r.now.Revision, Values: map[string]string{}}
	if m.Reason {
		s.Reason = r.maker.reason(m)
	}
	for _, name := range m.Needs {
		if field, ok := r.d.Field(name); ok && r.now.Values[name] == "" {
			s.Values[name] = r.maker.value(field)
		}
	}
	return s
}

// moved keeps what a move made of a record. A rule that stands against a move leaves
// the record where it is.
func (r *made) moved(m register.Move, s register.Step, by string, refused error) error {
	if refused != nil {
		if m.Guard == "" {
			return refused
		}
		r.steps = 0
		return nil
	}
	r.steps--
	r.now.Stage, r.did[m.ID] = m.To, by
	r.now.Revision++
	for name, v := range s.Values {
		r.now.Values[name] = v
	}
	if m.Assigns != "" {
		r.now.Assignee = city.UnitID(r.now.Values[m.Assigns])
	}
	return nil
}

// actor is the first person who may make a move and made none that stands against it.
func (f *filler) actor(r *made, m register.Move) (org.Principal, bool, error) {
	for _, a := range m.By {
		p, ok, err := f.able(r, a)
		free := func() bool {
			return ok && !slices.ContainsFunc(m.NotBy, func(move string) bool { return r.did[move] == p.ID })
		}
		if err == nil && !free() && a == register.ByLead {
			p, ok, err = f.deputy(r.d.Lead)
		}
		if err != nil || free() {
			return p, err == nil, err
		}
	}
	return org.Principal{}, false, nil
}

// able is somebody who is an actor towards a record, if there is anybody.
func (f *filler) able(r *made, a register.Actor) (p org.Principal, ok bool, err error) {
	var u city.Unit
	switch a {
	case register.ByReporter:
		return r.by, true, nil
	case register.ByDispatch:
		return f.people["dispatcher"], true, nil
	case register.ByApprover:
		return f.people["approver"], true, nil
	case register.ByCounty:
		if u, ok = f.a.Pack.Government(r.now.Territory); ok {
			p, err = f.head(u)
		}
	case register.ByLead:
		if u, ok = f.a.Pack.Unit(r.d.Lead); ok {
			p, err = f.head(u)
		}
	case register.ByAssignee:
		if u, ok = f.a.Pack.Unit(r.now.Assignee); ok {
			p, err = f.clerk(u)
		}
	}
	return p, ok, err
}

// afterwards has some records returned or suspended, and some found false.
func (f *filler) afterwards(records []*made) error {
	for _, r := range records {
		if r.then == "" {
			continue
		}
		if r.then == falsified {
			u, _ := f.a.Pack.Unit(r.d.Lead)
			head, err := f.head(u)
			if err != nil {
				return err
			}
			if err := f.a.Register.MarkFalsified(f.ctx, head, r.now.ID, r.now.Revision, "演示：现场核查没有这一处"); err != nil {
				return err
			}
			continue
		}
		st, _ := r.d.Stage(r.now.Stage)
		for _, m := range st.Moves {
			to, _ := r.d.Stage(m.To)
			if !m.Reason || to.Ends || to.Counts || !r.fits(m) {
				continue
			}
			p, ok, err := f.actor(r, m)
			if err != nil {
				return err
			}
			if ok {
				if err := f.a.Register.Move(f.ctx, p, r.step(m)); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// What happens to single records at the end.
const (
	aside     = "aside" // returned where it waits, suspended where it counts
	falsified = "falsified"
)
