package register

import (
	"context"
	"fmt"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// DrawView reads a spot check with the records that are checked.
func (s *Service) DrawView(ctx context.Context, p org.Principal, id string) (v DrawView, err error) {
	defer errs.Wrap(&err, "register.DrawView(%s)", id)
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return v, err
	}
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if v.Draw, err = drawByID(tx, id); err != nil {
			return err
		}
		if v.Definition, err = s.definition(v.Register); err != nil {
			return err
		}
		v.MayDraw = s.mayDraw(p, v.Definition) == nil
		v.Items, err = s.itemsFor(tx, p, v.Draw, v.Definition, itemQuery+" AND i.why <> '' ORDER BY i.seq", id)
		return err
	})
	return v, err
}

// ItemQuery asks for a page of the records of a spot check.
type ItemQuery struct {
	All    bool // the whole frozen list, not only what is checked
	Open   bool // only what is checked and has no verdict
	Mine   bool // of these: where the person's result is missing, and nothing stands against it
	Untrue bool // only what was found false, or not found
	Offset int
	Limit  int // 50 when 0, at most 500
}

// DrawItems reads a page of the records of a spot check, in the order of its list, and
// tells how many there are.
func (s *Service) DrawItems(ctx context.Context, p org.Principal, id string, q ItemQuery) (items []DrawItem, total int, err error) {
	defer errs.Wrap(&err, "register.DrawItems(%s)", id)
	if err := p.May(org.RegisterRead, org.Scope{}); err != nil {
		return nil, 0, err
	}
	err = s.parts.DB.Read(ctx, func(tx *db.Tx) error {
		x, err := drawByID(tx, id)
		if err != nil {
			return err
		}
		d, err := s.definition(x.Register)
		if err != nil {
			return err
		}
		w := q.where(p, id, q.Mine && (x.State != DrawDrawn || s.mayDraw(p, d) != nil))
		if err := tx.One(nil, func(r db.Scanner) error { return r.Scan(&total) }, "SELECT COUNT(*) FROM draw_item i JOIN record r ON r.id = i.record_id WHERE "+w.String(), w.args...); err != nil {
			return err
		}
		n := len(w.args)
		items, err = s.itemsFor(tx, p, x, d, fmt.Sprintf("%s%s ORDER BY i.seq LIMIT $%d OFFSET $%d", itemSelect, w, n+1, n+2), append(w.args, q.limit(), q.Offset)...)
		return err
	})
	return items, total, err
}

func (q ItemQuery) limit() int {
	if q.Limit <= 0 {
		return 50
	}
	return min(q.Limit, 500)
}

// where are the conditions of a query; barred is who may enter no result at all.
func (q ItemQuery) where(p org.Principal, draw string, barred bool) *where {
	w := &where{}
	w.add("i.draw_id = ?", draw)
	if !q.All || q.Open || q.Mine || q.Untrue {
		w.add("i.why <> ''")
	}
	if q.Open || q.Mine {
		w.add("i.verdict = ''")
	}
	if q.Mine {
		w.add(`i.results NOT LIKE ? ESCAPE '\'`, holding("by", p.ID))
		w.add("NOT ("+ownRecord+")", p.ID, p.ID)
	}
	if barred {
		w.add("1 = 0")
	}
	if q.Untrue {
		w.add("i.verdict IN ('false', 'missing')")
	}
	return w
}

// itemsFor reads items with what hinders the person at each.
func (s *Service) itemsFor(tx *db.Tx, p org.Principal, x Draw, d *Definition, query string, args ...any) (items []DrawItem, err error) {
	if err := tx.Each(func(r db.Scanner) error {
		item, _, err := scanItem(r)
		items = append(items, item)
		return err
	}, query, args...); err != nil {
		return nil, err
	}
	own, err := ownRecords(tx, p, x.ID)
	if err != nil {
		return nil, err
	}
	refusal := s.mayDraw(p, d)
	for i := range items {
		if err := mayJudge(x, items[i], refusal, own[items[i].RecordID]); err != nil {
			items[i].Hindrance = message(err)
		}
	}
	return items, nil
}
