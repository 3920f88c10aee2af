package register

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bihuan/kit/calendar"
	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

const drawColumns = `d.id, d.register, d.unit_id, d.territory_id, d.from_on, d.to_on, d.commitment, d.seed, d.list_hash, d.population, d.size, d.size_rule,
	d.state, d.whole, d.created_by, d.creator, d.created_at, d.closed_at, d.drawn_at, d.done_at`

// drawTally sums up what the items of a draw show; its columns are those of Outcome.
const drawTally = `(SELECT COUNT(*) FROM draw_item i WHERE i.draw_id = d.id AND i.why <> ''),
	(SELECT COUNT(*) FROM draw_item i WHERE i.draw_id = d.id AND i.verdict <> ''),
	(SELECT COUNT(*) FROM draw_item i WHERE i.draw_id = d.id AND i.verdict = 'true'),
	(SELECT COUNT(*) FROM draw_item i WHERE i.draw_id = d.id AND i.verdict IN ('false', 'missing')),
	(SELECT COUNT(*) FROM draw_item i WHERE i.draw_id = d.id AND i.verdict = 'missing'),
	(SELECT COUNT(*) FROM draw_item i WHERE i.draw_id = d.id AND i.verdict <> '' AND i.why = 'drawn'),
	(SELECT COUNT(*) FROM draw_item i WHERE i.draw_id = d.id AND i.verdict = 'true' AND i.why = 'drawn')`

func scanDraw(x *Draw) func(db.Scanner) error {
	return func(row db.Scanner) error {
		var from, to string
		var created, closed, drawn, done int64
		o := &x.Outcome
		if err := row.Scan(&x.ID, &x.Register, &x.Unit, &x.Territory, &from, &to, &x.Commitment, &x.Seed, &x.ListHash, &x.Population, &x.Size, &x.SizeRule,
			&x.State, &x.Whole, &x.CreatedBy, &x.Creator, &created, &closed, &drawn, &done,
			&o.Chosen, &o.Settled, &o.True, &o.False, &o.Missing, &o.Drawn, &o.DrawnTrue); err != nil {
			return err
		}
		x.CreatedAt, x.ClosedAt, x.DrawnAt, x.DoneAt = moment(created), reached(closed), reached(drawn), reached(done)
		var err error
		if x.From, err = calendar.ParseDate(from); err != nil {
			return fmt.Errorf("stored draw %s: %w", x.ID, err)
		}
		x.To, err = calendar.ParseDate(to)
		return err
	}
}

// reached is a moment that may lie ahead: zero then.
func reached(milli int64) time.Time {
	if milli == 0 {
		return time.Time{}
	}
	return moment(milli)
}

func drawByID(tx *db.Tx, id string) (x Draw, err error) {
	err = tx.One(errNoDraw(), scanDraw(&x), "SELECT "+drawColumns+", "+drawTally+" FROM draw d WHERE d.id = $1", id)
	return x, err
}

func insertDraw(tx *db.Tx, x Draw, sealed string) error {
	_, err := tx.Exec(`INSERT INTO draw (id, register, unit_id, territory_id, from_on, to_on, commitment, seed_sealed, seed, list_hash, population, size, size_rule,
		state, whole, created_by, creator, created_at, closed_at, drawn_at, done_at) VALUES `+db.In(1, 21),
		x.ID, string(x.Register), string(x.Unit), string(x.Territory), x.From.String(), x.To.String(), x.Commitment, sealed, "", "", 0, 0, "",
		string(x.State), 0, x.CreatedBy, x.Creator, x.CreatedAt.UnixMilli(), 0, 0, 0)
	return err
}

// batchItems lists the records of a batch that count on a day, by number: one whose
// proof has ended stands in a stage that counts, and counts no more.
func batchItems(tx *db.Tx, d *Definition, b Batch, day string) (items []DrawItem, err error) {
	w := &where{}
	w.add("r.register = ? AND r.falsified = 0", string(d.ID))
	if b.Unit != "" {
		w.add("r.unit_id = ?", string(b.Unit))
	} else {
		w.add("r.territory_id = ?", string(b.Territory))
	}
	w.add("EXISTS (SELECT 1 FROM record_span x WHERE x.record_id = r.id AND x.seq = 0 AND x.from_on >= ? AND x.from_on <= ?)", b.From.String(), b.To.String())
	w.add(countsOn, day, day)
	err = tx.Each(func(r db.Scanner) error {
		item := DrawItem{Seq: int64(len(items) + 1)}
		err := r.Scan(&item.RecordID, &item.No, &item.Flagged)
		items = append(items, item)
		return err
	}, "SELECT r.id, r.no, CASE WHEN r.flags = '' THEN 0 ELSE 1 END FROM record r WHERE "+w.String()+" ORDER BY r.no", w.args...)
	return items, err
}

func insertItems(tx *db.Tx, draw string, items []DrawItem) (err error) {
	st, err := tx.Prepare("INSERT INTO draw_item (draw_id, seq, record_id, no, flagged, why, results, verdict) VALUES ($1, $2, $3, $4, $5, '', '', '')")
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	for _, item := range items {
		if err := st.Exec(draw, item.Seq, item.RecordID, item.No, bit(item.Flagged)); err != nil {
			return err
		}
	}
	return nil
}

// drawItems lists the whole frozen list in its order.
func drawItems(tx *db.Tx, draw string) (items []DrawItem, err error) {
	err = tx.Each(func(r db.Scanner) error {
		item, _, err := scanItem(r)
		items = append(items, item)
		return err
	}, itemQuery+" ORDER BY i.seq", draw)
	return items, err
}

const itemSelect = `SELECT i.seq, i.record_id, i.no, i.flagged, i.why, i.results, i.verdict, r.title, r.territory_id, r.falsified
	FROM draw_item i JOIN record r ON r.id = i.record_id WHERE `

const itemQuery = itemSelect + "i.draw_id = $1"

// scanItem also gives the results as they are stored.
func scanItem(r db.Scanner) (item DrawItem, results string, err error) {
	if err := r.Scan(&item.Seq, &item.RecordID, &item.No, &item.Flagged, &item.Why, &results, &item.Verdict, &item.Title, &item.Territory, &item.Falsified); err != nil {
		return item, "", err
	}
	if results != "" {
		if err := json.Unmarshal([]byte(results), &item.Results); err != nil {
			return item, "", fmt.Errorf("stored results of %s: %w", item.No, err)
		}
	}
	return item, results, nil
}

// Draws lists the spot checks of a register, of all with "", the newest first.
func (s *Service) Draws(ctx context.Context, p org.Principal, id ID, limit, offset int) (all []Draw, total int, err error) {
	defer errs.Wrap(&err, "register.Draws")
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, 0, err
	}
	w := &where{}
	if id != "" {
		w.add("d.register = ?", string(id))
	}
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&total) }, "SELECT COUNT(*) FROM draw d WHERE "+w.String(), w.args...); err != nil {
			return err
		}
		return tx.Each(func(row db.Scanner) error {
			var x Draw
			err := scanDraw(&x)(row)
			all = append(all, x)
			return err
		}, fmt.Sprintf("SELECT %s, %s FROM draw d WHERE %s ORDER BY d.created_at DESC, d.id DESC LIMIT $%d OFFSET $%d", drawColumns, drawTally, w, len(w.args)+1, len(w.args)+2), append(w.args, limit, offset)...)
	})
	return all, total, err
}

// DrawFile gives everything by which a stranger draws again.
func (s *Service) DrawFile(ctx context.Context, p org.Principal, id string) (f DrawFile, err error) {
	defer errs.Wrap(&err, "register.DrawFile(%s)", id)
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return f, err
	}
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		x, err := drawByID(tx, id)
		if err != nil {
			return err
		}
		if x.Seed == "" {
			return errs.New(errs.Conflict, "还没有抽取，抽取后才有抽查文件")
		}
		items, err := drawItems(tx, id)
		f = fileOf(x, s.batchWords(x.Batch), items)
		return err
	})
	return f, err
}

func fileOf(x Draw, batch string, items []DrawItem) DrawFile {
	const stamp = "2006-01-02T15:04:05.000Z"
	f := DrawFile{Format: DrawFormat, Rule: drawWords + "抽取数量：" + x.SizeRule + "。", ID: x.ID, Register: x.Register, Batch: batch, Commitment: x.Commitment, Seed: x.Seed,
		OpenedAt: x.CreatedAt.Format(stamp), ClosedAt: x.ClosedAt.Format(stamp), DrawnAt: x.DrawnAt.Format(stamp),
		ListHash: x.ListHash, Size: x.Size, Whole: x.Whole, List: []string{}, Flagged: []string{}, Selection: []Chosen{}}
	for _, item := range items {
		f.List = append(f.List, item.No)
		if item.Flagged {
			f.Flagged = append(f.Flagged, item.No)
		}
		if item.Why != "" {
			f.Selection = append(f.Selection, Chosen{item.No, item.Why, item.Verdict})
		}
	}
	return f
}
